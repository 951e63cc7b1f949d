"""A course as nbgrader keeps it: the instructor's notebooks, and those that learners get, made from them."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from helpers.corpus.documents import CORPUS_FOLDER

if TYPE_CHECKING:
    from nbformat import NotebookNode

KEY = CORPUS_FOLDER.with_name("notebooks") / "instructor" / "assignments" / "source"
OWN_CLASS = CORPUS_FOLDER.with_name("my-class")
CODE_STUB = "# Put your answers in place of the three dots."
TEXT_STUB = "*Double-click here, and write your answer in place of this line.*"


def release(key: Path, course: Path) -> dict[str, NotebookNode]:
    """Have nbgrader make the learners' notebooks from the instructor's, in a course folder; gives them by name."""
    import nbformat
    from nbgrader.converters import GenerateAssignment

    shutil.copytree(key, course / "source", ignore=shutil.ignore_patterns("*.txt", ".*"))
    found = {}
    for path in sorted((course / "source").glob("*/*.ipynb")):
        with in_nbgrader(course, path.stem) as settings:
            GenerateAssignment(**settings).start()
        found[path.stem] = nbformat.read(course / "release" / path.stem / path.name, as_version=4)
    return found


def edition(path: Path) -> str:
    """A mark of an instructor's notebook, which is another one for other words, values or tests."""
    import nbformat

    sources = [cell.source for cell in nbformat.read(path, as_version=4).cells]
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()[:8]


@contextlib.contextmanager
def in_nbgrader(course: Path, assignment: str, learner: str = "*") -> Iterator[dict[str, Any]]:
    """What a converter of nbgrader is made with, in an environment in which it finds its own tools."""
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    quiet = logging.getLogger("nbgrader.quiet")
    quiet.setLevel(logging.CRITICAL)
    config = Config(
        CourseDirectory={"root": str(course), "assignment_id": assignment, "student_id": learner},
        ClearSolutions={"code_stub": {"python": CODE_STUB}, "text_stub": TEXT_STUB},
    )
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    with mock.patch.dict(os.environ, PATH=path), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of nbgrader about its own database
        yield {
            "coursedir": CourseDirectory(config=config, log=quiet),
            "config": config,
            "log": quiet,
        }
