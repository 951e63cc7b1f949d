"""The self-check of lesson 00: is everything there, and what to do where it is not."""

import html
import importlib.metadata
import shutil
import sys
from collections.abc import Callable

from helpers.coding.journal import Journal
from helpers.corpus.documents import CORPUS_FOLDER, WORK_FOLDER, load_corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml
from helpers.show.cards import Card

_LEAST_SPACE = 50_000_000


def check_setup() -> Card:
    """Check that the lessons can run here, and say for each problem what mends it."""
    said = []
    for name, test in _TESTS.items():
        try:
            said.append(f"✓ fine: {name}. {test()}")
        except UnionError as problem:
            said.append(f"✗ to mend: {name}. {problem}")
    bad = sum(each.startswith("✗") for each in said)
    head = f"{bad} of {len(said)} checks need your help." if bad else "All is well: you can begin."
    rows = "".join(f"<li>{html.escape(each)}</li>" for each in said)
    return Card(f"<h3>{head}</h3><ul>{rows}</ul>", "\n".join([head, *said]))


def _packages() -> str:
    """The packages in the versions that the lessons were tested with."""
    project, wrong = read_toml(CORPUS_FOLDER.with_name("pyproject.toml"))["project"], []
    for name, wanted in (each.split("==") for each in project["dependencies"]):
        try:
            have = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            have = "missing"
        if have != wanted:
            wrong.append(f"{name} ({have}, wanted {wanted})")
    if sys.version_info < (3, 11):
        wrong.append(f"Python ({sys.version.split()[0]}, wanted 3.11 or later)")
    if wrong:
        raise UnionError(f"Not as they should be: {', '.join(wrong)}. Run “make lab” again.")
    return f"All {len(project['dependencies'])} in the right version."


def _documents() -> str:
    sizes = [(each.about["short_title"], len(each.sentences)) for each in load_corpus().documents]
    return f"{' and '.join(f'{title} ({many} sentences)' for title, many in sizes)}."


def _work_folder() -> str:
    probe = (WORK_FOLDER if WORK_FOLDER.exists() else WORK_FOLDER.parent) / ".can-write"
    try:
        probe.write_text("yes", encoding="utf-8")
        probe.unlink()
    except OSError as problem:
        raise UnionError(
            f"The folder {probe.parent.name} cannot be written to ({problem.strerror}): "
            "copy the project to a folder of your own."
        ) from None
    steps = len(Journal(WORK_FOLDER).records())
    return f"Folder {WORK_FOLDER.name}, with {steps or 'no'} steps of earlier work."


def _space() -> str:
    free = shutil.disk_usage(WORK_FOLDER.parent).free
    if free < _LEAST_SPACE:
        raise UnionError(f"Only {free // 1_000_000} MB are free: delete something you do not need.")
    return f"{free // 1_000_000:,} MB free."


_TESTS: dict[str, Callable[[], str]] = {
    "Python and its packages": _packages,
    "The two documents": _documents,
    "A place for your work": _work_folder,
    "Room on the disk": _space,
}
