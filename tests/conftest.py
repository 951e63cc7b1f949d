"""What the tests share: how thorough hypothesis is, and a journal of one's own."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from helpers.coding.journal import Journal
from helpers.text.corpus import Corpus, load_corpus

_QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.large_base_example]
settings.register_profile("varied", deadline=None, suppress_health_check=_QUIET, print_blob=True)
settings.register_profile("ci", settings.get_profile("varied"), derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "varied"))


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
