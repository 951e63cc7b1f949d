"""The self-check finds each problem and says what mends it."""

import importlib.metadata
from collections import namedtuple
from pathlib import Path

import pytest

from helpers import UnionError, check_setup
from helpers.classroom import self_check
from helpers.coding.journal import Journal


@pytest.fixture
def place(monkeypatch, tmp_path):
    monkeypatch.setattr(self_check, "WORK_FOLDER", tmp_path / "my-work")
    return tmp_path


def test_all_is_well_here(place):
    Journal(place / "my-work").append("learner", name="Rosa")
    said = repr(check_setup())
    assert said.startswith("All is well") and said.count("✓ fine") == 3
    assert "KCTU, Our Aims (17 sentences)" in said and "with 1 steps" in said
    assert [path.name for path in (place / "my-work").iterdir()] == ["journal.jsonl"]


def test_a_wrong_and_a_missing_package_are_named(place, monkeypatch):
    real = importlib.metadata.version

    def version(name):
        if name == "nltk":
            raise importlib.metadata.PackageNotFoundError(name)
        return "0.0.1" if name == "pandas" else real(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    said = repr(check_setup())
    assert said.startswith("1 of 3 checks") and "make lab" in said
    assert "nltk (missing, wanted" in said and "pandas (0.0.1, wanted" in said


def test_a_broken_corpus_is_told_escaped_and_the_other_checks_go_on(place, monkeypatch):
    def broken():
        raise UnionError("The raw file of <script> is missing: get a fresh copy of the project.")

    monkeypatch.setattr(self_check, "load_corpus", broken)
    said = check_setup()
    assert "✗ to mend: The raw file" in repr(said) and repr(said).count("✓ fine") == 2
    assert "<script>" not in said._repr_html_() and "&lt;script&gt;" in said._repr_html_()


def test_a_folder_that_cannot_be_written_to_and_a_full_disk(place, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(self_check.shutil, "disk_usage", lambda path: usage(1, 1, 7_000_000))
    assert "Only 7 MB are free" in repr(check_setup())

    def refuse(self, *rest, **more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_text", refuse)
    assert "copy the project to a folder of your own" in repr(check_setup())
