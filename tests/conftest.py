"""What the tests share: how thorough hypothesis is, and a journal of one's own."""

from __future__ import annotations

import csv
import os
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from executing import Executed
from hypothesis import HealthCheck, settings

# Before the helpers are imported: no test writes into the work of whoever runs it.
os.environ["UNION_WORK_FOLDER"] = str(Path(tempfile.mkdtemp(prefix="union-"), "my-work"))

from helpers.coding.codings import load_codings
from helpers.coding.journal import Journal
from helpers.corpus.documents import CORPUS_FOLDER, Corpus, load_corpus

_QUIET = [
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,
    HealthCheck.data_too_large,
    HealthCheck.large_base_example,
]
settings.register_profile("varied", deadline=None, suppress_health_check=_QUIET, print_blob=True)
settings.register_profile("ci", settings.get_profile("varied"), derandomize=True)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "varied")
)


def pytest_collection_modifyitems(items):
    """Fast ones first: then what starts kernels, and then what starts browsers."""
    slow = {"notebooks": 1, "browser": 2}
    items.sort(key=lambda item: slow.get(item.path.parent.name, 0))


@pytest.fixture
def journal(tmp_path) -> Journal:
    """An empty journal in a folder of its own."""
    return Journal(tmp_path / "my-work")


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return load_corpus()


@pytest.fixture(scope="session")
def reference() -> pd.DataFrame:
    return load_codings("reference")


@pytest.fixture(scope="session")
def rows() -> list[tuple[str, list[str]]]:
    """The reference as plain Python reads it: sentence and list of codes."""
    with open(CORPUS_FOLDER / "coding" / "reference.csv", encoding="utf-8", newline="") as file:
        return [(row["sentence"], row["codes"].split()) for row in csv.DictReader(file)]


@pytest.fixture(scope="session")
def executed(tmp_path_factory, worker_id):
    """The lessons after they ran, once for all processes of this session."""
    base = tmp_path_factory.getbasetemp()
    return Executed((base if worker_id == "master" else base.parent) / "executed")
