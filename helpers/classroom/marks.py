"""Points on paper: the table of scores, the list of what a person is to read, and a page of feedback for each learner."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from helpers.classroom.blocks import Block, Heading, Paragraph, fit
from helpers.classroom.report_page import as_page
from helpers.corpus.errors import UnionError
from helpers.corpus.files import FORMULA, atomic_write, bare_cell, read_cells

SCORES = (
    "learner",
    "assignment",
    "automatic",
    "automatic: out of",
    "by hand",
    "by hand: out of",
    "together",
    "still to read",
    "handed in",
    "remarks",
)
TO_READ = ("learner", "assignment", "question", "what", "answer", "out of", "points", "comment")
_LONGEST_CELL = 20_000


@dataclass
class Item:
    """An answer (``text``), or points: so many of ``most`` or None where a person has yet to read, what was ``told``, a comment."""

    title: str
    name: str
    text: str = ""
    told: str = ""
    points: float | None = None
    most: float = 0
    by_hand: bool = False
    comment: str = ""
    marked: str = ""


class Mark(NamedTuple):
    """What a person gave: the points, None where there are none yet, a comment, and the answer that was read."""

    points: float | None
    comment: str
    answer: str


@dataclass
class Result:
    """What one learner gets for one assignment; no ``items`` where there was nothing that could be graded."""

    learner: str
    id: str
    assignment: str
    when: str
    remarks: list[str]
    items: list[Item] = field(default_factory=list)

    def points(self, by_hand: bool) -> tuple[float, float]:
        """The points so far, and how many there are to get."""
        some = [item for item in self.items if item.most and item.by_hand is by_hand]
        return sum(item.points or 0 for item in some), sum(item.most for item in some)

    @property
    def waiting(self) -> list[Item]:
        return [item for item in self.items if item.most and item.points is None]


def write_table(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write a CSV file that a spreadsheet opens as it is: in UTF-8, and with an apostrophe before what looks like a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in [head, *rows]:
        cells = [
            f"{cell:g}" if isinstance(cell, float) else fit(str(cell))[:_LONGEST_CELL]
            for cell in row
        ]
        writer.writerow([f"'{cell}" if FORMULA.match(cell) else cell for cell in cells])
    atomic_write(path, text.getvalue().encode("utf-8-sig"))
    return path


def write_scores(path: Path, results: Iterable[Result]) -> Path:
    """Write the table of scores: a row a learner and assignment. Without points where there was nothing to grade."""
    rows = []
    for each in results:
        (auto, most), (hand, most_by_hand) = each.points(False), each.points(True)
        points = [auto, most, hand, most_by_hand, auto + hand] if each.items else [""] * 5
        rows.append(
            [
                each.learner,
                each.assignment,
                *points,
                len(each.waiting),
                each.when,
                " ".join(each.remarks),
            ]
        )
    return write_table(path, SCORES, rows)


def write_to_read(path: Path, results: Iterable[Result]) -> Path:
    """Write the list of what a person is to read: remarks, and answers to mark, with the points where there are some."""
    rows: list[list[object]] = []
    for each in results:
        rows += [
            [each.learner, each.assignment, "", remark, "", "", "", ""] for remark in each.remarks
        ]
        for item in each.items:
            if item.by_hand and item.marked:
                points = "" if item.points is None else item.points
                rows.append(
                    [
                        each.learner,
                        each.assignment,
                        item.name,
                        item.title,
                        item.marked,
                        item.most,
                        points,
                        item.comment,
                    ]
                )
    return write_table(path, TO_READ, rows)


def read_marks(path: Path) -> dict[tuple[str, str, str], Mark]:
    """The points, comments and answers that stand in a list of what to read, by learner, assignment and question.

    Raises :class:`UnionError`, with the row, for points that are no number or too many.
    """
    if not path.is_file():
        return {}
    head, *rows = [[bare_cell(cell) for cell in row] for row in read_cells(path)] or [[]]
    if missing := [name for name in TO_READ if name not in head]:
        raise UnionError(
            f"{path.name} has no column “{missing[0]}”: put its first row back, or move the file away."
        )
    found = {}
    for number, row in enumerate(rows, 2):
        cell = dict(zip(head, row, strict=False))
        if not cell.get("question"):
            continue
        said = cell.get("points", "").strip().replace(",", ".")
        points = float(said) if re.fullmatch(r"\d{1,4}(\.\d{1,4})?", said) else None
        if said and (
            points is None or points > float(cell.get("out of", "").replace(",", ".") or 0)
        ):
            raise UnionError(
                f"Row {number} of {path.name} gives {said[:20]} of {cell['out of']} points: correct it, then grade again."
            )
        place = (cell["learner"], cell["assignment"], cell["question"])
        found[place] = Mark(
            points, cell.get("comment", "").strip(), " ".join(cell["answer"].split())
        )
    return found


def feedback_page(result: Result, title: str) -> bytes:
    """The page that a learner gets back. Whatever a learner wrote is shown as text, never run or drawn."""
    (auto, most), (hand, most_by_hand) = result.points(False), result.points(True)
    said = f"Looked up or counted: {auto:g} of {most:g} points. In your own words: {hand:g} of {most_by_hand:g} points"
    waiting = (
        f", and {len(result.waiting)} of your answers are still to be read by a person."
        if result.waiting
        else "."
    )
    blocks: list[Block] = [
        Heading(1, f"Feedback: {title}"),
        Paragraph([f"For {result.learner}."], "soft"),
        Paragraph([said + waiting]),
    ]
    blocks += [Paragraph([remark], "soft") for remark in result.remarks]
    last = ""
    for item in result.items:
        written = item.text or "(nothing was written here)"
        blocks += [Heading(2, item.title)] if item.title != last else []
        last = item.title
        blocks += [] if item.most else [Paragraph([written], "quote")]
        if item.most:
            points = (
                "to be read by a person"
                if item.points is None
                else f"{item.points:g} of {item.most:g}"
            )
            blocks.append(Paragraph([f"Points: {points}. {item.told} {item.comment}".strip()]))
        elif item.told:
            blocks.append(Paragraph([item.told], "soft"))
    return as_page(f"Feedback for {result.learner}: {title}", blocks)
