"""The self-check of lesson 00: is everything there, and what to do where it is not."""

import html
import importlib.metadata
import shutil
import sys

from helpers.coding.journal import Journal
from helpers.corpus.documents import CORPUS_FOLDER, WORK_FOLDER, load_corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml
from helpers.show.cards import Card

_LEAST_SPACE = 50  # megabytes


def check_setup() -> Card:
    """Check that the lessons can run here, and say for each problem what mends it."""
    said = []
    for test in (_packages, _documents, _work_folder):
        try:
            said.append(f"✓ fine: {test()}")
        except UnionError as problem:
            said.append(f"✗ to mend: {problem}")
    bad = sum(each.startswith("✗") for each in said)
    head = f"{bad} of {len(said)} checks need your help." if bad else "All is well: you can begin."
    rows = "".join(f"<li>{html.escape(each)}</li>" for each in said)
    return Card(f"<h3>{head}</h3><ul>{rows}</ul>", "\n".join([head, *said]))


def _packages() -> str:
    project, wrong = read_toml(CORPUS_FOLDER.with_name("pyproject.toml"))["project"], []
    for name, wanted in (each.split("==") for each in project["dependencies"]):
        try:
            have = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            have = "missing"
        if have != wanted:
            wrong.append(f"{name} ({have}, wanted {wanted})")
    if wrong:
        raise UnionError(f"Packages are amiss, {', '.join(wrong)}: run “make lab” again.")
    many = len(project["dependencies"])
    return f"Python {sys.version.split()[0]}, and {many} packages, all in the right version."


def _documents() -> str:
    sizes = [(each.about["short_title"], len(each.sentences)) for each in load_corpus().documents]
    return f"{' and '.join(f'{title} ({many} sentences)' for title, many in sizes)}."


def _work_folder() -> str:
    folder = WORK_FOLDER if WORK_FOLDER.exists() else WORK_FOLDER.parent
    try:
        (folder / ".can-write").write_text("yes", encoding="utf-8")
        (folder / ".can-write").unlink()
    except OSError as problem:
        why = f"The folder {folder.name} cannot be written to ({problem.strerror})"
        raise UnionError(f"{why}: copy the project to a folder of your own.") from None
    free, steps = shutil.disk_usage(folder).free // 1_000_000, len(Journal(WORK_FOLDER).records())
    if free < _LEAST_SPACE:
        raise UnionError(f"Only {free} MB are free on the disk: delete something you do not need.")
    return f"A folder for your work, with {steps} steps so far and {free:,} MB free."
