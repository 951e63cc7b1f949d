"""The text of a PDF, page by page and line by line, as it stands on the page.

Line ends, divided words, page numbers and running heads are left for the
cleaning, which keeps account of them. From the places of the lines come blank
lines between paragraphs and spaces before a line that is set in.
"""

from __future__ import annotations

import math
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from helpers.corpus.errors import UnionError
from helpers.corpus.page import begins_small, finished

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_SECONDS = 6.0
_LOCKED = "The file {name} is locked with a password: save a copy without one, or print it to a new PDF and choose that."
_SCAN = "The file {name} holds pictures of pages and no text: use a program for text recognition (OCR) first, or give the text that you typed."
_XFA = "The file {name} is a form that only Adobe's programs can show: use one of them to print it to a new PDF, and choose that."
_FONTS = "The letters of {name} cannot be read, as its fonts do not say which is which: give the text instead, copied by hand or by OCR."
_LONG = "The file {name} has {pages} pages, and reading took too long after page {page}: split it into parts."
_NAMELESS = re.compile(r"/(?:g|gid|glyph|cid|c|a|uni)\d{1,5}", re.IGNORECASE)


class _Line(NamedTuple):
    """A line of a page: its text, where it begins (from the lower left, in points), and the size of its letters."""

    text: str
    x: float
    y: float
    size: float


def read_pdf(data: bytes) -> tuple[str, list[str], dict[str, str]]:
    """The text of a PDF, a blank line between pages; notes on what was found; and what the file says about itself."""
    from pypdf import PdfReader

    reader, began = PdfReader(BytesIO(data)), time.monotonic()
    notes = _unlocked(reader)
    pages, empty, sides, broken = [], [], [], []
    for number, page in enumerate(reader.pages, 1):
        try:
            text, columns = _page(page)
        except MemoryError:
            raise
        except Exception:  # whatever one bad page can do to a library
            text, columns, _ = "", False, broken.append(number)
        pages.append(text)
        sides += [number] if columns else []
        empty += [] if text.strip() or number in broken else [number]
        if time.monotonic() - began > _SECONDS and number < len(reader.pages):
            raise UnionError(_LONG.format(name="{name}", pages=len(reader.pages), page=number))
    if len(broken) == len(pages):
        raise ValueError("no page can be read")
    form = _form(reader)
    text = "\n\n".join(pages) + "".join(f"\n\n{line}" for line in form)
    _check(text, reader, len(pages))
    notes.append(f"{len(pages)} page{'s' if len(pages) > 1 else ''}.")
    notes += [f"Read in two columns, the left one first: {_some(sides)}."] if sides else []
    notes += [f"Without text, such as pictures: {_some(empty)}."] if empty else []
    notes += (
        [f"Could not be read, as the file is damaged there: {_some(broken)}."] if broken else []
    )
    notes += (
        [
            f"It is a form: what was typed into it ({len(form)}) stands at the end, each after the name of its field."
        ]
        if form
        else []
    )
    return text, notes, _about(reader)


def _some(pages: list[int]) -> str:
    many = len(pages) > 1
    return f"page{'s' if many else ''} {', '.join(map(str, pages[:8]))}{' and others' if len(pages) > 8 else ''}"


def _unlocked(reader: PdfReader) -> list[str]:
    """Open a file whose password is empty; many are locked only against copying."""
    from pypdf.errors import DependencyError

    if not reader.is_encrypted:
        return []
    try:
        opened = reader.decrypt("")
    except (DependencyError, NotImplementedError):
        opened = 0
    if not opened:
        raise UnionError(_LOCKED)
    return [
        "Whoever made this file restricted what may be done with it: ask whether you may use its text."
    ]


def _check(text: str, reader: PdfReader, pages: int) -> None:
    """Refuse a file that has no text, or none that can be read."""
    letters = sum(letter.isalpha() for letter in text)
    form = reader.trailer["/Root"].get("/AcroForm")
    if form is not None and "/XFA" in form.get_object() and letters < 1_000:
        raise UnionError(_XFA)
    if letters < 10 * min(pages, 3):
        raise UnionError(_SCAN)
    strange = sum(
        letter == "\ufffd" or "\ue000" <= letter <= "\uf8ff" or letter < "\t" for letter in text
    )
    if strange > 0.2 * letters or len(_NAMELESS.findall(text)) > 0.2 * len(text.split()):
        raise UnionError(_FONTS)


def _form(reader: PdfReader) -> list[str]:
    """What was typed into the fields of a form, each after the name of its field."""
    fields: dict[str, Any] = {}
    with suppress(Exception):  # a form that is made badly does not make the text unreadable
        fields = reader.get_form_text_fields() or {}
    return [
        f"{name}: {value}"
        for name, value in fields.items()
        if isinstance(value, str) and value.strip()
    ]


def _about(reader: PdfReader) -> dict[str, str]:
    """Title and author, as far as the file says them in a way that can be read."""
    with suppress(Exception):
        said = reader.metadata or {}
        return {
            name: str(said.get(key) or "")
            for name, key in (("title", "/Title"), ("author", "/Author"))
        }
    return {}


def _page(page: PageObject) -> tuple[str, bool]:
    """The text of one page, and whether it was put together from two columns that the file holds row by row."""
    pieces: list[_Line] = []
    starts: list[tuple[float, float]] = []

    def text(said: str, outer: Any, inner: Any, font: Any, size: float) -> None:
        place, scale = _place(outer, inner)
        pieces.append(_Line(said, *place, abs(size) * scale))

    def shown(operator: bytes, operands: Any, outer: Any, inner: Any) -> None:
        if operator in (b"Tj", b"TJ"):
            starts.append(_place(outer, inner)[0])

    plain = page.extract_text(visitor_text=text, visitor_operand_before=shown)
    if _in_rows(starts):
        beside = _apart(page.extract_text(extraction_mode="layout").splitlines())
        if beside:
            return "\n".join(beside), True
    lines = list(_lines(pieces))
    said = "".join("".join(line.text for line in lines).split())
    return (_spaced(lines) if said == "".join(plain.split()) else plain), False


def _place(outer: Any, inner: Any) -> tuple[tuple[float, float], float]:
    """Where a piece of text begins on the page, and how much it is enlarged."""
    a, b, c, d, e, f = outer
    up, over, x, y = inner[2:]
    return (x * a + y * c + e, x * b + y * d + f), math.hypot(up * a + over * c, up * b + over * d)


def _lines(pieces: list[_Line]) -> Iterator[_Line]:
    """The pieces put together to lines; a line begins where its first letters do."""
    held: _Line | None = None
    for piece in pieces:
        for text in re.findall(r"[^\n]+|\n", piece.text):
            if text == "\n":
                yield held or piece._replace(text="")
                held = None
            elif held is None or not held.text.strip():
                held = piece._replace(text=(held.text if held else "") + text)
            else:
                held = held._replace(text=held.text + text, size=max(held.size, piece.size))
    if held:
        yield held


def _spaced(lines: list[_Line]) -> str:
    """Lines one below the other: a blank line where the page has a gap or another size of letters, spaces where a line is set in."""
    lines = [line for line in lines if line.text.strip()]
    steps = [
        (above.y - below.y) / max(above.size, 1)
        for above, below in pairwise(lines)
        if 0 < above.y - below.y < 3 * max(above.size, 1)
    ]
    usual = median(steps) if steps else 0  # from line to line, for the size of the letters
    edges = Counter(round(line.x) for line in lines)
    said = []
    for number, line in enumerate(lines):
        above = lines[number - 1] if number else None
        step = above.y - line.y if above else 0
        if above and (
            step > 1.3 * usual * max(line.size, above.size, 1)
            or abs(line.size - above.size) > 0.15 * max(line.size, above.size)
        ):
            said.append("")
        left = max(
            (edge for edge in edges if edge <= line.x + 1),
            key=lambda edge: (edges[edge], -edge),
            default=line.x,
        )
        indent = (line.x - left) / max(line.size, 1)
        said.append(("   " if 0.7 < indent < 4 and edges[left] > 2 else "") + line.text.strip())
    return "\n".join(said)


def _in_rows(starts: list[tuple[float, float]]) -> bool:
    """Whether most rows of a page that hold several pieces have one that begins at the same place in the middle."""
    rows: list[tuple[float, set[int]]] = []
    for x, y in starts:
        if not rows or abs(rows[-1][0] - y) >= 2:
            rows.append((y, set()))
        rows[-1][1].add(round(x))
    several = [row for _, row in rows if len(row) > 1]
    low, high = min((x for x, _ in starts), default=0), max((x for x, _ in starts), default=0)
    inside = [
        {x + by for x in row if x > max(min(row), low + 0.3 * (high - low)) for by in (-1, 0, 1)}
        for row in several
    ]
    return max(Counter(x for row in inside for x in row).values(), default=0) >= max(
        4, 0.6 * len(several)
    )


def _apart(lines: list[str]) -> list[str] | None:
    """The left column and then the right one of a page whose lines run across both; None where it looks like a table."""
    width = max((len(line.rstrip()) for line in lines), default=0)
    gaps = [
        max(
            re.finditer(r"(?<=\S) {4,}(?=\S)", line),
            key=lambda gap: gap.end() - gap.start(),
            default=None,
        )
        for line in lines
    ]
    aligned = sum(gap is not None for gap in gaps) > 0.5 * sum(bool(line.strip()) for line in lines)
    found: list[str] = []
    sides: tuple[list[str], list[str]] = ([], [])  # since the last line across the page
    every: tuple[list[str], list[str]] = ([], [])
    for line, gap in zip(lines, gaps, strict=True):
        said = line.strip()
        if (
            not gap
            and len(line.rstrip()) >= 0.6 * width
            and len(line) - len(line.lstrip()) < 0.4 * width
        ):  # such as a heading
            found += [*sides[0], "", *sides[1], "", said]
            sides = ([], [])
            continue
        left = (
            line[: gap.start()].strip()
            if gap
            else said
            if len(line) - len(line.lstrip()) < 0.4 * width
            else ""
        )
        for side, each, text in zip(
            sides,
            every,
            (left, line[gap.end() :].strip() if gap else said.removeprefix(left)),
            strict=True,
        ):
            if text or (
                aligned and side and side[-1]
            ):  # where the other column goes on, this one has a gap
                side.append(text)
                each.append(text)
    found += [*sides[0], "", *sides[1]]
    return (
        found
        if all(
            sum(map(bool, side)) > 3 and _flows([line for line in side if line]) for side in every
        )
        else None
    )


def _flows(lines: list[str]) -> bool:
    """Whether lines read on from one to the next, as prose does and the cells of a table do not."""
    on = sum(begins_small(below) and not finished(above) for above, below in pairwise(lines))
    return on >= 0.3 * (len(lines) - 1) and median(map(len, lines)) > 15
