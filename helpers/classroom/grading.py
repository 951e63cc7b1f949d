"""A class graded in one command: ``make grade FOLDER=…``, or :func:`grade_class`.

No code of a learner's runs: the hidden tests of the instructor's notebooks run on typed values. A
row has the columns of ``to-read.csv``; and the names that its ``test`` looks at (``typed``), the
place ``at`` which its cell stands, what is ``told`` to the learner, and whether it is ``by hand``.
"""

import ast
import contextlib
import io
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

from helpers.classroom import check, submissions
from helpers.classroom.classes import read_class
from helpers.classroom.pages import render
from helpers.classroom.submissions import UNREAD, Cell, Submission
from helpers.corpus.documents import CORPUS_FOLDER, load_corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.files import atomic_write, bare_cell, read_cells, write_csv

KEY = CORPUS_FOLDER.with_name("notebooks") / "instructor" / "assignments" / "source"
OWN_CLASS = CORPUS_FOLDER.with_name("my-class")
TEXT_STUB = "*Double-click here, and write your answer in place of this line.*"
_SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION\n?", re.DOTALL)
_TESTS = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS\n?", re.DOTALL)
_PLACE, _MARK = ["learner", "assignment", "question"], ["out of", "points", "comment"]
_TO_READ = [*_PLACE, "what", "what to look for", "answer", *_MARK]
_SUMS = ["automatic", "by hand", "together", "out of", "still to read"]
Row = dict[str, Any]
Result = tuple[Submission, list[Row]]


def grade_class(folder: str | Path, key: Path | None = None, due: datetime | None = None) -> Path:
    """Grade what is in a folder; gives one beside it with scores.csv, to-read.csv and feedback.

    ``key`` has the instructor's notebooks: those of ``my-class``, or else the project's. Points in
    ``to-read.csv`` count in the next run. Raises :class:`UnionError` where there is nothing to
    grade, and for points that are none.
    """
    folder, own = Path(folder).resolve(), OWN_CLASS / "key"
    solutions = any(place.is_relative_to(folder) for place in (KEY, own))
    if solutions or not any(folder.rglob("*.ipynb")):
        found = f"“{folder.name}” holds {'the solutions' if solutions else 'no notebook'}"
        raise UnionError(f"The folder {found}: say which one the class has handed in.")
    out = folder.with_name(f"{folder.name}-graded")
    assignments = _read_key(key or (own if own.is_dir() else KEY))
    marks, results = _read_marks(out / "to-read.csv"), []
    for one in submissions.find(folder, {name: cells for name, (cells, _) in assignments.items()}):
        rows: list[Row] = []
        try:
            rows = list(_graded(one, *assignments[one.assignment]))
        except Exception:  # one learner's work never stops the others'
            one.remarks.append("Read this by hand: it is broken, or no notebook of an assignment.")
        if due and one.when > due:
            one.remarks.append(f"Handed in late, by {(one.when - due) / timedelta(1):.1f} days.")
        if rows and not any(row["answer"] or row["points"] for row in rows):
            one.remarks.append("Handed in as it was given out: nothing is filled in.")
        _mark(one, rows, marks)
        results.append((one, rows))
    _remark_copies(results)
    _write(out, sorted(results, key=lambda each: (each[0].learner, each[0].assignment)), marks)
    return out


def _read_key(folder: Path) -> dict[str, tuple[list[Cell], list[Row]]]:
    """The assignments in a folder of instructor's notebooks: cells as given out, and questions."""
    found = {}
    for path in sorted(folder.glob("*/*.ipynb")):
        cells = submissions.read_notebook(path) or []
        found[path.stem] = [_given_out(cell) for cell in cells], list(_questions(cells))
    if not found:
        raise UnionError(f"There are no assignments in {folder.name}: say where the key is.")
    return found


def _given_out(cell: Cell) -> Cell:
    """A cell as learners get it, which nbgrader makes of the instructor's."""
    if cell.about.get("solution") and not cell.code:
        return replace(cell, source=TEXT_STUB)
    return replace(cell, source=_TESTS.sub("", _SOLUTION.sub("", cell.source)))


def _questions(cells: list[Cell]) -> Iterator[Row]:
    """What gives points, in order: a row each, without a learner's answer."""
    title = table = solution = ""
    coded = any('load_codings("me")' in cell.source for cell in cells)
    answers = ["codes", "doers"] if coded else []
    for at, cell in enumerate(cells):
        if cell.about.get("solution"):
            solution = "".join(_SOLUTION.findall(cell.source)) or f"{table}\n{cell.source}"
            answers += submissions.typed_values([_given_out(cell)]) if cell.code else []
        elif not cell.code:
            title = [title, *re.findall(r"^#+ (.+)$", cell.source, re.MULTILINE)][-1]
            table = "\n".join(re.findall(r"^\|.+$", cell.source, re.MULTILINE))
        if cell.about.get("grade"):
            test = "".join(_TESTS.findall(cell.source))
            row = dict.fromkeys(_TO_READ, "") | {"at": at, "test": test, "what": title}
            row |= {"question": cell.about["grade_id"], "what to look for": solution}
            typed = _names(ast.parse(test), answers) if cell.code else []
            yield row | {"out of": cell.about["points"], "typed": typed}


def _names(code: ast.AST, known: list[str]) -> list[str]:
    """Those of some names that stand in some code."""
    used = {node.id for node in ast.walk(code) if isinstance(node, ast.Name)}
    return [name for name in known if name in used]


def _graded(one: Submission, given: list[Cell], questions: list[Row]) -> Iterator[Row]:
    """The questions with a learner's answers and points, None where a person is to read."""
    texts = {cell.source for cell in given}
    own = [cell for cell in one.cells if cell.source not in texts]
    own.sort(key=lambda cell: cell.code)  # of two values that in code counts
    values, drawn = submissions.typed_values(own), submissions.typed_values(given)
    fixed = [name for name in drawn if name.isupper() and name in values]
    if other := [name for name in fixed if values[name] != drawn[name]]:
        one.remarks.append(f"Another edition than the key's, or changed: {', '.join(other)}.")
    if any("codes" in row["typed"] for row in questions):
        values |= _codings(one)
    for row in questions:
        told = ""
        if row["typed"]:
            points, told = _tested(row, {name: values.get(name, UNREAD) for name in row["typed"]})
            some = re.compile(rf"^\s*({'|'.join(row['typed'])})\b.*=(?!\s*\.\.\.)", re.MULTILINE)
            answer = "\n\n".join(cell.source for cell in own if some.search(cell.source))
        else:
            answer = submissions.written_answer(one.cells, given, row["at"])
            points = 0 if answer == "" else None
        answer = "(not found: look for it in the notebook)" if answer is None else answer[:20_000]
        row = row | {"learner": one.learner, "assignment": one.assignment, "told": told}
        yield row | {"answer": answer, "points": points, "by hand": points is None}


_corpus = cache(load_corpus)


def _codings(one: Submission) -> dict[str, Any]:
    """The codes and doers by sentence, from the newest of a learner's work files that has any."""
    for path in one.work:
        table = read_class([path], _corpus()).codings.set_index("sentence")
        if len(table):
            return {"codes": table["codes"].to_dict(), "doers": table["doer"].to_dict()}
        one.remarks.append(f"The work file {path.name} is damaged, or has no codings in it.")
    one.remarks.append("No work file with codings is known to be theirs.")
    return {"codes": {}, "doers": {}}


def _tested(row: Row, typed: dict[str, Any]) -> tuple[float | None, str]:
    """The points for typed values, None where a person is to look, and what is told."""
    if any(value is UNREAD for value in typed.values()):
        return None, "This is not typed as a value, so a person reads it."
    if any(map(check.is_missing, typed.values())):
        return 0, "Something is left empty here."
    known, lines = _prepared(row["test"], tuple(typed))
    try:
        with contextlib.redirect_stdout(io.StringIO()) as said:
            exec(lines, known | typed)
    except UnionError as problem:
        return 0, str(problem)
    except Exception:  # a value of a kind that the test does not know
        return None, "This is not of the kind that was asked for, so a person reads it."
    return row["out of"], said.getvalue().strip()


@cache
def _prepared(test: str, typed: tuple[str, ...]) -> tuple[dict[str, Any], CodeType]:
    """What a test finds out before it looks at an answer, once for all, and its other lines."""
    lines = ast.parse(test).body
    first = next(place for place, line in enumerate(lines) if _names(line, typed))
    before, after = (ast.Module(part, []) for part in (lines[:first], lines[first:]))
    known: dict[str, Any] = {"check": check}
    exec(compile(before, "a test", "exec"), known)
    return known, compile(after, "a test", "exec")


def _remark_copies(results: list[Result]) -> None:
    """Note where all answers of two learners are the same, those in their own words too."""
    alike = defaultdict(list)
    for one, rows in results:
        if any(row["answer"] for row in rows if not row["typed"]):
            alike[one.assignment, *(row["answer"] for row in rows)].append(one)
    for several in (each for each in alike.values() if len(each) > 1):
        for one in several:
            who = ", ".join(each.learner for each in several if each is not one)
            one.remarks.append(f"An exact copy: the same answers came from {who}.")


def _read_marks(path: Path) -> dict[tuple[str, ...], Row]:
    """The rows of a list of what to read that hold points or a comment, by what they are of."""
    head, *lines = (read_cells(path) if path.is_file() else []) or [_TO_READ]
    if not {*_TO_READ} <= {*head}:
        raise UnionError(f"{path.name} lacks columns: put its first row back, or move it away.")
    empty = dict.fromkeys(_TO_READ, "")
    rows = [empty | dict(zip(head, map(bare_cell, line), strict=False)) for line in lines]
    marked = [row for row in rows if row["question"] and (row["points"] or row["comment"])]
    return {(row["learner"], row["assignment"], row["question"]): row for row in marked}


def _mark(one: Submission, rows: list[Row], marks: dict[tuple[str, ...], Row]) -> None:
    """Give the points that a person has typed in; ``marks`` keeps those that are of no answer."""
    for row in (row for row in rows if row["by hand"]):
        mark = marks.pop((one.learner, one.assignment, row["question"]), None)
        if mark is None:
            continue
        said, most = mark["points"].strip().replace(",", "."), row["out of"]
        if said and not (re.fullmatch(r"\d{1,4}(\.\d*)?", said) and float(said) <= most):
            given = f"{said[:20]} of {most:g} points to {one.learner} for “{row['what']}”"
            raise UnionError(f"to-read.csv gives {given}: correct it, then grade again.")
        row["points"] = (float if "." in said else int)(said) if said else None
        row["comment"] = mark["comment"]
        if mark["answer"].split() != row["answer"].split():
            one.remarks.append(f"The answer to “{row['what']}” has changed since it was marked.")


def _write(out: Path, results: list[Result], left: dict[Any, Row]) -> None:
    """Write the scores, the list of what is to be read, and a page for each learner."""
    scores, to_read, table, pages = [], [], [], defaultdict(list)
    for one, rows in results:
        place = {"learner": one.learner, "assignment": one.assignment}
        to_read += [place | {"what": each} for each in one.remarks]
        to_read += [row for row in rows if row["by hand"]]
        typed = sum(row["points"] or 0 for row in rows if row["typed"])
        written = sum(row["points"] or 0 for row in rows if not row["typed"])
        most, points = sum(row["out of"] for row in rows), [row["points"] for row in rows]
        sums = [typed, written, typed + written, most, points.count(None)] if rows else [""] * 5
        when, remarks = f"{one.when:%Y-%m-%d %H:%M} UTC", " ".join(one.remarks)
        scores.append([*place.values(), *sums, when, remarks])
        if rows:
            pages[one.learner].append({"title": one.assignment, "rows": rows})
    write_csv([*_TO_READ[:2], *_SUMS, "handed in", "remarks"], scores, out / "scores.csv")
    for row in (*to_read, *left.values()):
        table.append(["" if row.get(name) is None else row[name] for name in _TO_READ])
    write_csv(_TO_READ, table, out / "to-read.csv")
    shutil.rmtree(out / "feedback", ignore_errors=True)
    for number, (learner, parts) in enumerate(pages.items(), 1):  # no two pages have one name
        name = re.sub(r"[^\w-]+", "-", f"{learner[:60]} {number}").strip("-")
        page = render("feedback.html", title=f"Feedback for {learner}", parts=parts)
        atomic_write(out / "feedback" / f"{name}.html", page)
