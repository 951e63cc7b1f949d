"""The self-check of lesson 00: is everything there, and what to do where it is not."""

from __future__ import annotations

import html
import importlib.metadata
import re
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers.coding.journal import WORK_FOLDER, Journal
from helpers.corpus.documents import load_corpus
from helpers.corpus.errors import UnionError
from helpers.show.cards import Card

PROJECT = Path(__file__).resolve().parents[2]
_LEAST_SPACE = 50_000_000


def check_setup() -> Card:
    """Check that the lessons can run here, and say for each problem what mends it."""
    results = [(name, *_outcome(test)) for name, test in _tests()]
    bad = sum(not fine for _, fine, _ in results)
    head = (
        "All is well: you can begin."
        if not bad
        else f"{bad} of {len(results)} checks need your help."
    )
    rows = "".join(
        f"<li><strong>{'✓ fine' if fine else '✗ to mend'}</strong>: {html.escape(name)}. {html.escape(said)}</li>"
        for name, fine, said in results
    )
    plain = "\n".join(
        [
            head,
            *(f"{'fine' if fine else 'TO MEND'}: {name}. {said}" for name, fine, said in results),
        ]
    )
    return Card(f"<h3>{html.escape(head)}</h3><ul>{rows}</ul>", plain)


def _outcome(test: Callable[[], str]) -> tuple[bool, str]:
    try:
        return True, test()
    except UnionError as problem:
        return False, str(problem)


def _tests() -> Iterator[tuple[str, Callable[[], str]]]:
    yield "Python", _python
    yield "Packages", _packages
    yield "The two documents", _documents
    yield "A place for your work", _work_folder
    yield "Room on the disk", _space


def _python() -> str:
    if sys.version_info < (3, 11):
        raise UnionError(
            f"Python is {sys.version.split()[0]}, and the lessons want 3.11 or later: install a newer one, then run “make lab” again."
        )
    return f"Version {sys.version.split()[0]}."


def _packages() -> str:
    wanted = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "dependencies"
    ]
    wrong = []
    for line in wanted:
        name, version = re.fullmatch(r"([\w.-]+)==([\w.]+)", line).groups()
        try:
            have = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            have = "missing"
        if have != version:
            wrong.append(f"{name} ({have}, wanted {version})")
    if wrong:
        raise UnionError(
            f"Not as they should be: {', '.join(wrong)}. Close JupyterLab and run “make lab” again."
        )
    return f"All {len(wanted)} in the right version."


def _documents() -> str:
    corpus = load_corpus()
    return (
        " and ".join(
            f"{document.about['short_title']} ({len(document.sentences)} sentences)"
            for document in corpus.documents
        )
        + "."
    )


def _work_folder() -> str:
    folder = WORK_FOLDER if WORK_FOLDER.exists() else WORK_FOLDER.parent
    probe = folder / ".can-write"
    try:
        probe.write_text("yes", encoding="utf-8")
        probe.unlink()
    except OSError as problem:
        raise UnionError(
            f"The folder {folder.name} cannot be written to ({problem.strerror}): copy the project to a folder of your own."
        ) from None
    steps = len(Journal().records())
    return f"Folder {WORK_FOLDER.name}, " + (
        f"with {steps} steps of earlier work." if steps else "still empty."
    )


def _space() -> str:
    free = shutil.disk_usage(WORK_FOLDER.parent).free
    if free < _LEAST_SPACE:
        raise UnionError(f"Only {free // 1_000_000} MB are free: delete something you do not need.")
    return f"{free // 1_000_000:,} MB free."
