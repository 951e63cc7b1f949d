"""What the tests that execute notebooks share."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def closed(monkeypatch, tmp_path):
    """An environment in which a kernel can reach nothing but this machine, with an empty work
    folder.
    """
    for name, value in {
        "PYTHONPATH": str(ROOT / "tests" / "closed_network"),
        "UNION_WORK_FOLDER": str(tmp_path / "my-work"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }.items():
        monkeypatch.setenv(name, value)
    return tmp_path
