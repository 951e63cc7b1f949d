"""A class graded in one command: ``make grade FOLDER=…``, or :func:`grade_class`.

nbgrader makes the learners' notebooks, keeps the gradebook, puts tests back and adds up points. The learners' code runs apart
(:mod:`helpers.classroom.apart`), and the tests run here, on the plain answers that came of it.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import io
import os
import queue
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from helpers.classroom import check
from helpers.classroom.apart import SECONDS, Apart, Run, names_in
from helpers.classroom.course import KEY, OWN_CLASS, edition, in_nbgrader, release
from helpers.classroom.marks import (
    Item,
    Mark,
    Result,
    feedback_page,
    read_marks,
    write_scores,
    write_to_read,
)
from helpers.classroom.submissions import HandedIn, cell_id, find, restored
from helpers.corpus.errors import UnionError

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from nbgrader.api import Gradebook

_UNKIND = "This could not be checked: is each answer of the kind that was asked for, a number, or words between quotation marks?"
_EMPTY = "Nothing was filled in here."
_NO_WORK = "No work file was handed in with it, so there are no codings to look at."


@dataclass
class _Course:
    """What one run of grading goes by."""

    folder: Path
    key: Path
    given_out: dict[str, NotebookNode]
    marks: dict[tuple[str, str, str], Mark]
    due: datetime | None
    seconds: float


def grade_class(
    folder: str | Path,
    key: str | Path | None = None,
    out: str | Path | None = None,
    due: datetime | None = None,
    seconds: float = SECONDS,
) -> Path:
    """Grade what is in a folder, and give the folder with ``scores.csv``, ``to-read.csv`` and ``feedback``.

    ``key`` is the folder of the instructor's notebooks; left out, that of ``my-class``, or else the project's own. ``out``
    is beside ``folder`` where it is left out. A cell may run for some ``seconds``. It can all be run again at any time:
    points that were written into ``to-read.csv`` count then. Raises :class:`UnionError` where there is nothing to grade, and
    for such points that are none.
    """
    if not str(folder).strip() or Path(folder, "pyproject.toml").is_file():
        raise UnionError(
            'Say which folder holds what the class has handed in, as in: make grade FOLDER="handed in".'
        )
    folder = Path(folder).resolve()
    if not folder.is_dir():
        raise UnionError(
            f"There is no folder “{folder.name}” in {folder.parent.name}: give the folder with what the class has handed in."
        )
    if any(own.is_relative_to(folder) for own in (KEY, OWN_CLASS / "key")):
        raise UnionError(
            f"The folder “{folder.name}” holds the solutions: give the folder with what the class has handed in."
        )
    if not any(folder.rglob("*.ipynb")):
        raise UnionError(
            f"There is no notebook in the folder “{folder.name}”: give the folder with what the class has handed in."
        )
    own = OWN_CLASS / "key"
    key, out = (
        Path(key or (own if own.is_dir() else KEY)).resolve(),
        Path(out or folder.with_name(f"{folder.name}-graded")).resolve(),
    )
    marks = read_marks(out / "to-read.csv")
    shutil.rmtree(out / "course", ignore_errors=True)
    course = _Course(
        out / "course",
        key,
        release(key, out / "course"),
        marks,
        due and due.astimezone(UTC),
        seconds,
    )
    handed_in, results = find(folder, course.given_out), []
    ids = _plain_ids(handed_in)
    with _remembering():
        for one, run, whole in _all_run(handed_in, course):
            _remark(one, run, course)
            items = []
            try:
                items = _graded(one, run, whole, ids[one.learner], course) if whole else []
            except Exception as problem:  # one learner's work never stops the others'
                one.remarks.append(
                    f"This could not be graded ({type(problem).__name__}): look at it by hand."
                )
            if items and not any(item.text for item in items):
                one.remarks.append("Handed in as it was given out: nothing is filled in.")
            results.append(
                Result(
                    one.learner,
                    ids[one.learner],
                    one.assignment,
                    f"{one.when:%Y-%m-%d %H:%M} UTC",
                    one.remarks,
                    items,
                )
            )
    results.sort(key=lambda each: (each.learner, each.assignment, each.when))
    _write(out, results, course)
    return out


@contextlib.contextmanager
def _remembering() -> Iterator[None]:
    """Have the tests find what the one before has found already: the same corpus gives the same counts."""
    import helpers

    def kept(function: Callable[..., Any]) -> Callable[..., Any]:
        remembered = functools.cache(function)

        def call(*given: Any, **named: Any) -> Any:
            try:
                found = remembered(*given, **named)
            except TypeError:  # a list, say, cannot be remembered
                found = function(*given, **named)
            return found.copy() if hasattr(found, "copy") else found

        return call

    slow = ("load_corpus", "load_codings", "load_codebook", "modal_clauses", "word_rates")
    with mock.patch.multiple(helpers, **{name: kept(getattr(helpers, name)) for name in slow}):
        yield


def _plain_ids(handed_in: list[HandedIn]) -> dict[str, str]:
    """A name for each learner that any folder can have, and no two alike."""
    found: dict[str, str] = {}
    for learner in sorted({one.learner for one in handed_in}):
        plain = re.sub(r"[^\w-]+", "-", learner).strip("-_")[:60] or "learner"
        found[learner] = (
            plain
            if plain.casefold() not in map(str.casefold, found.values())
            else f"{plain}-{len(found) + 1}"
        )
    return found


def _all_run(handed_in: list[HandedIn], course: _Course) -> Iterator[tuple[HandedIn, Run, Any]]:
    """Run everybody's code apart, on all processors; gives each with what came of it and the restored notebook, as it comes."""
    free: queue.SimpleQueue[Apart] = queue.SimpleQueue()

    def run(one: HandedIn) -> tuple[HandedIn, Run, Any]:
        apart = free.get()
        try:
            return one, *_run(one, course, apart)
        except Exception as problem:  # one learner's work never stops the others'
            one.remarks.append(
                f"This could not be run ({type(problem).__name__}): look at it by hand."
            )
            return one, Run(), None
        finally:
            free.put(apart)

    many = min(os.cpu_count() or 2, 1 + len(handed_in) // 8)  # each takes some seconds to get ready
    with contextlib.ExitStack() as stack, ThreadPoolExecutor(many) as pool:
        for _ in range(many):
            free.put(stack.enter_context(Apart()))
        for done in as_completed([pool.submit(run, one) for one in handed_in]):
            yield done.result()


def _run(one: HandedIn, course: _Course, apart: Apart) -> tuple[Run, Any]:
    """Run one learner's code; gives what came of it, by the places of the cells, and the restored notebook, if there is one."""
    if one.notebook is None or not one.assignment:
        return Run(), None
    whole, places, remarks = restored(one.notebook, course.given_out[one.assignment])
    one.remarks += remarks
    sources, names = [whole.cells[place].source for place in places], _names(course, one)
    done = apart.run(sources, names, [path.read_bytes() for path in one.files], course.seconds)
    done.printed, done.errors = (
        {places[at]: said for at, said in each.items()} for each in (done.printed, done.errors)
    )
    return done, whole


def _names(course: _Course, one: HandedIn) -> list[str]:
    return names_in(
        cell.source for cell in course.given_out[one.assignment].cells if cell.cell_type == "code"
    )


def _remark(one: HandedIn, run: Run, course: _Course) -> None:
    """Note what a person should know of."""
    cells = one.notebook.cells if one.notebook and one.assignment else []
    if cells and one.edition not in (
        "",
        edition(course.key / one.assignment / f"{one.assignment}.ipynb"),
    ):
        one.remarks.append(
            "This is another edition of the assignment than the one that is graded here."
        )
    if course.due and one.when > course.due:
        one.remarks.append(
            f"Handed in late, by {(one.when - course.due).total_seconds() / 86_400:.1f} days."
        )
    if any('load_codings("me")' in cell.source for cell in cells) and not one.files:
        one.remarks.append(_NO_WORK)
    endless = {
        error.partition(": ")[2] for error in run.errors.values() if error.startswith("TimeUp")
    }
    one.remarks += sorted(({run.trouble} | run.refused | endless) - {""})


def _graded(
    one: HandedIn, run: Run, whole: NotebookNode, learner: str, course: _Course
) -> list[Item]:
    """Have nbgrader score one learner's notebook; gives its answers and points in the order of the assignment."""
    import nbformat
    from nbgrader.api import Gradebook
    from nbgrader.converters import Autograde
    from nbgrader.preprocessors import SaveAutoGrades

    place, told = course.folder / "submitted" / learner / one.assignment, {}
    place.mkdir(parents=True, exist_ok=True)
    nbformat.write(whole, place / f"{one.assignment}.ipynb")
    (place / "timestamp.txt").write_text(f"{one.when:%Y-%m-%d %H:%M:%S} UTC", encoding="utf-8")

    def tested(notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        for at, cell in enumerate(notebook.cells):
            if cell.cell_type == "code":
                said, failed = run.printed.get(at, ""), run.errors.get(at, "")
                if cell.metadata.get("nbgrader", {}).get("grade"):
                    said, failed = _test(
                        cell.source, dict.fromkeys(_names(course, one), ...) | run.answers
                    )
                    told[cell_id(cell)] = failed or said
                cell.outputs = [nbformat.v4.new_output("stream", text=said)] if said else []
                cell.outputs += (
                    [
                        nbformat.v4.new_output(
                            "error", ename="Note", evalue=failed, traceback=[failed]
                        )
                    ]
                    if failed
                    else []
                )
        return notebook, resources

    with (
        in_nbgrader(course.folder, one.assignment, learner) as settings,
        contextlib.redirect_stdout(io.StringIO()),
    ):
        grader = Autograde(**settings, force=True)
        grader.autograde_preprocessors = [tested, SaveAutoGrades]
        grader.start()
        with Gradebook(settings["coursedir"].db_url) as book:
            if course.due:
                book.update_or_create_assignment(
                    one.assignment, duedate=course.due.replace(tzinfo=None)
                )
            return _items(one, run, whole, learner, course, book, told)


def _test(source: str, answers: dict[str, Any]) -> tuple[str, str]:
    """Run a test on the answers: what it says if it holds, or else what it says is wrong."""
    said, wrong = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
            exec(compile(source, "a test", "exec"), {"check": check} | answers)
    except UnionError as problem:
        wrong = str(problem)
    except Exception:  # a test that meets what it does not expect
        wrong = _UNKIND
    first, _, why = said.getvalue().partition("\n")
    return (
        (why.strip() or "Right.", "")
        if not wrong
        else ("", _EMPTY if first == check.MISSING else wrong)
    )


def _items(
    one: HandedIn,
    run: Run,
    whole: NotebookNode,
    learner: str,
    course: _Course,
    book: Gradebook,
    told: dict[str, str],
) -> list[Item]:
    """The answers and the points of one learner, with those that a person has given."""
    own, found, title, text = (
        {cell_id(cell): (at, cell) for at, cell in enumerate(whole.cells)},
        [],
        "",
        "",
    )
    for master in course.given_out[one.assignment].cells:
        title = (
            (re.findall(r"^## (.+)$", master.source, re.MULTILINE) or [title])[-1]
            if master.cell_type == "markdown"
            else title
        )
        name, about = cell_id(master), master.metadata.get("nbgrader", {})
        if about.get("solution"):
            at, cell = own[name]
            text = cell.source if cell.source.strip() != master.source.strip() else ""
            found.append(Item(title, name, text, run.errors.get(at, "")))
        if about.get("grade"):
            grade = book.find_grade(name, one.assignment, one.assignment, learner)
            mark = course.marks.get((one.learner, one.assignment, name))
            points = grade.auto_score
            if about.get("solution") and mark and points is None:
                points = grade.manual_score = mark.points
                grade.needs_manual_grade = points is None
                if mark.answer != " ".join(text.split()):
                    one.remarks.append(f"The answer to “{title}” has changed since it was marked.")
            said, comment = told.get(name, ""), mark.comment if mark else ""
            found.append(
                Item(
                    title,
                    name,
                    "",
                    said,
                    points,
                    grade.max_score,
                    about.get("solution", False),
                    comment,
                    text,
                )
            )
    book.db.commit()
    return found


def _write(out: Path, results: list[Result], course: _Course) -> None:
    """Write the pages of feedback, the scores, and the list of what is to be read."""
    titles = {
        name: notebook.metadata["union"]["title"] for name, notebook in course.given_out.items()
    }
    shutil.rmtree(out / "feedback", ignore_errors=True)
    for each in results:
        if each.items:
            page = out / "feedback" / each.id / f"{each.assignment}.html"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_bytes(feedback_page(each, titles[each.assignment]))
    write_scores(out / "scores.csv", results)
    write_to_read(out / "to-read.csv", results)


def moment(text: str) -> datetime:
    """The last moment of a day, or a moment of it, in the time of this computer. Raises :class:`UnionError` for no date.

    >>> moment("2027-01-31") - moment("2027-01-31T23:00")
    datetime.timedelta(seconds=3600)
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UnionError(
            f"{text[:30]!r} is no date: write it as in 2027-01-31 or 2027-01-31T17:00."
        ) from None
    return (found + timedelta(days="T" not in text)).astimezone(UTC)


def main() -> None:
    """Grade a class from the command line: see ``make grade``."""
    given = argparse.ArgumentParser(
        prog="make grade", description="Grade the notebooks that a class has handed in."
    )
    given.add_argument("folder", help="the folder with what the class has handed in")
    given.add_argument(
        "--due", help="the last moment to hand in, such as 2027-01-31 or 2027-01-31T17:00"
    )
    wanted = given.parse_args()
    try:
        out = grade_class(wanted.folder, due=moment(wanted.due) if wanted.due else None)
    except UnionError as problem:
        sys.exit(str(problem))
    print(
        f"Done: look into {out.name}. Read to-read.csv first; points that you write into it count when you grade again."
    )


if __name__ == "__main__":
    main()
