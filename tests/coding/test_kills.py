"""Kernels that are killed, and kernels that write at once: what was confirmed is there, once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

WORKER = Path(__file__).with_name("kill_worker.py")
pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="kernels are killed by forking, which this system cannot"
)


def came_out(what: str, folder: Path) -> dict:
    """What the worker found, in a process of its own: it forks, and pytest has threads."""
    quiet = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, WORKER, what, folder],
        capture_output=True,
        text=True,
        timeout=180,
        env=quiet,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    print(done.stdout)
    return json.loads(done.stdout)


def test_60_kills_lose_nothing_that_was_confirmed(tmp_path, record_property):
    found = came_out("kill", tmp_path)
    record_property("kills", found)
    assert found["kills"] == 60 and found["confirmed"] > 100
    assert (found["lost"], found["doubled"], found["wrong"]) == (0, 0, 0)
    assert found["torn"] > 0 and found["unconfirmed"] > 0, (
        "no kill came in the middle of a line, or between a line and its confirmation"
    )


def test_two_kernels_that_tag_at_once_lose_nothing_and_the_later_action_counts(tmp_path):
    found = came_out("together", tmp_path)
    assert found["confirmed"] == found["records"] == 300
    assert (found["lost"], found["doubled"], found["torn"], found["wrong"]) == (0, 0, 0, 0)
    assert found["turns"] > 10, "they did not write at once"
