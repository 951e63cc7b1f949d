"""Cleaning with an account of every character: named steps, each gone through once, from the raw
file to the clean text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.corpus import characters, page
from helpers.corpus.account import Account, Edit, Edits, apply_edits, in_order
from helpers.corpus.decoding import decode
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml


class Correction(NamedTuple):
    """A documented misprint: on this line of the raw file, ``wrong`` stands for ``right``."""

    line: int
    wrong: str
    right: str
    reason: str


class Step(NamedTuple):
    """A named step: its label and what it is for; an ``inferred`` one works on plain text only."""

    name: str
    label: str
    why: str
    inferred: bool = False


_DATA = read_toml(Path(__file__).with_name("cleaning.toml"))
STEPS = tuple(Step(**step) for step in _DATA["steps"])
_NAMES = [step.name for step in STEPS]
_PROPOSE = {**vars(characters), **vars(page)}  # by the names of the steps, with low lines


class RawPlace(NamedTuple):
    """A span of the raw file: characters from 0, lines from 1, both ends as said."""

    start: int
    end: int
    first_line: int
    last_line: int
    text: str


class Record(NamedTuple):
    """What a step did: its edits, in the places of the text before it, and their places in the raw
    file."""

    step: Step
    edits: Edits
    raw: np.ndarray


class Cleaning:
    """A raw text, its clean text, and the account of every character between the two. Made by
    :func:`clean`.

    ``encoding`` is how the file was read, ``records`` what each step did,
    ``body`` the first and last raw line of the body, ``notes`` sentences that
    say what was proposed.
    """

    def __init__(self, raw: str, encoding: str, options: dict) -> None:
        self.raw, self.text, self.encoding, self.options = raw, raw, encoding, options
        self.off = tuple(name for name in _NAMES if name in options["off"])
        self.blocks, self.take = options["blocks"], tuple(options["take"])
        self.corrections: tuple[Correction, ...] = tuple(options["corrections"])
        self.body = (1, 1 + raw.count("\n"))
        self.origins = Account(len(raw))
        self.records: list[Record] = []
        self.notes: list[str] = []

    def _take(self, step: Step, edits: Iterable[Edit]) -> None:
        """Let a step make its edits."""
        edits = Edits(edits)
        if edits:
            raw = self.origins.spans(edits.places()[0])[0]
            self.records.append(Record(step, edits, raw))
            self.origins.take(edits, _NAMES.index(step.name))
            self.text = apply_edits(self.text, edits)

    def __repr__(self) -> str:
        edits = sum(len(record.edits) for record in self.records)
        return (
            f"<Cleaning: {len(self.raw):,} characters in, {len(self.text):,} out, {edits:,} edits>"
        )

    def without(self, steps: Collection[str]) -> Cleaning:
        """The same text cleaned with these steps switched off, and no others."""
        return clean(self.raw, **self.options | {"off": steps})

    def to_raw(self, start: int, end: int) -> RawPlace:
        """Where ``text[start:end]`` stands in the raw file. Raises :class:`UnionError` for a span
        outside the text.

        >>> clean("XE Login\\n\\nThe union  acts.").to_raw(4, 14)
        RawPlace(start=14, end=25, first_line=3, last_line=3, text='union  acts')
        """
        if not 0 <= start <= end <= len(self.text):
            place, most = f"The place {start} to {end} lies outside the text", len(self.text)
            raise UnionError(f"{place}: choose one between 0 and {most}.")
        low, high = self.origins.to_raw(start, end)
        first = 1 + self.raw.count("\n", 0, low)
        last = first + self.raw.count("\n", low, max(low, high - 1))
        return RawPlace(low, high, first, last, self.raw[low:high])

    def account(self) -> pd.DataFrame:
        """What became of each character of the raw file, in characters.

        One row for each step that is on, one for the characters kept, and a
        total. ``raw`` is how many fell to the row; ``kept``, ``changed`` and
        ``removed`` add up to it; ``written`` stand in the place of the changed
        ones. ``difference`` is 0 if the account balances: kept are only
        characters that were looked up in both texts and found to be the same.

        >>> table = clean("The  union\\u200b acts.").account()
        >>> table.loc[["kept", "white-space", "total"], "raw"].to_list()
        [15, 1, 17]
        """
        replaced, written = np.zeros(len(self.raw), dtype=bool), dict.fromkeys(_NAMES, 0)
        kept = 0
        for start, end, low, high, writer in self.origins.runs():
            if writer < 0:
                one, other = self.text[start:end], self.raw[low : low + end - start]
                kept += end - start if one == other else sum(map(str.__eq__, one, other))
            else:
                replaced[low:high] = True
                written[_NAMES[writer]] += end - start
        rows = [("kept", kept, kept, 0, 0, 0)]
        for number, name in enumerate(_NAMES):
            taken = self.origins.takers == number
            raw, changed = int(taken.sum()), int((taken & replaced).sum())
            if name not in self.off:
                rows.append((name, raw, 0, changed, raw - changed, written[name]))
        columns = ["step", "raw", "kept", "changed", "removed", "written"]
        table = pd.DataFrame(rows, columns=columns).set_index("step")
        table.loc["total"] = table.sum()
        table.at["total", "raw"] = len(self.raw)
        return table.assign(
            difference=table["raw"] - table[["kept", "changed", "removed"]].sum(axis=1)
        )

    def steps(self) -> pd.DataFrame:
        """The chain as a table: one row a step, with label, purpose, whether it is on, and its
        number of edits."""
        counts = {record.step.name: len(record.edits) for record in self.records}
        rows = [(*step[:3], step.name not in self.off, counts.get(step.name, 0)) for step in STEPS]
        return pd.DataFrame(rows, columns=["step", "label", "purpose", "on", "edits"]).set_index(
            "step"
        )

    def before(self, step: str) -> str:
        """The text as it came to a step. Raises :class:`UnionError` for one that does not exist."""
        _check_names([step])
        text = self.raw
        for record in self.records:
            if _NAMES.index(record.step.name) < _NAMES.index(step):
                text = apply_edits(text, record.edits)
        return text

    def edits(self, step: str | None = None) -> pd.DataFrame:
        """Every edit, or those of one step: ``step``, ``line`` (of the raw file, from 1), ``old``,
        ``new``, ``reason``.

        >>> clean("The “union”").edits("quotes")[["old", "new"]].to_numpy().tolist()
        [['“', '"'], ['”', '"']]
        """
        _check_names([step] if step is not None else [])
        rows: list[tuple[str, int, str, str, str]] = []
        for record in self.records:
            if step in (None, record.step.name):
                text, lines = self.before(record.step.name), self._raw_lines(record.raw)
                rows += [
                    (record.step.name, line, text[edit.start : edit.end], edit.new, edit.reason)
                    for line, edit in zip(lines, record.edits, strict=True)
                ]
        return pd.DataFrame(rows, columns=["step", "line", "old", "new", "reason"])

    def _raw_lines(self, places: Iterable[int]) -> Iterator[int]:
        """The raw lines (from 1) of raw places that are in order."""
        line, done = 1, 0
        for place in places:
            line, done = line + self.raw.count("\n", done, place), place
            yield line

    def outside(self) -> pd.DataFrame:
        """What stands outside the body and was left out with it: ``line`` (of the raw file, from 1)
        and ``text``."""
        table = self.edits("title-page")
        return pd.DataFrame({"line": table["line"], "text": table["old"].str.strip()})

    def found(self) -> pd.DataFrame:
        """Offers read from what stands outside the body: ``kind`` (title, author, date …),
        ``text``, ``line``.

        >>> clean("Our Aims\\n\\nBy Ann Moss\\n\\nThe union will act for us all.").found()
             kind         text  line
        0   title     Our Aims     1
        1  author  By Ann Moss     3
        """
        rows = [row for block in self._about() for row in page.offers(block)]
        if rows and "title" not in [kind for kind, *_ in rows]:
            first = next((at for at, row in enumerate(rows) if row[0] in ("author", "motto")), None)
            rows = [("title", *row[1:]) if at == first else row for at, row in enumerate(rows)]
        table = pd.DataFrame(rows, columns=["kind", "text", "line"])
        again = (table["kind"] == "title") & table["kind"].duplicated()
        return table.assign(kind=table["kind"].mask(again, "subtitle"))

    def _about(self) -> list[list[tuple[int, str]]]:
        """The blocks that may say what the document is, in lines of number and text: those outside,
        or the first of it."""
        record = next((each for each in self.records if each.step.name == "title-page"), None)
        if not record:
            heads = page.title_blocks(self.text)
            return [[(self.to_raw(span.start, span.end).first_line, span.text)] for span in heads]
        text, found, last = self.before("title-page"), [], -1
        for edit, line in zip(record.edits, self._raw_lines(record.raw), strict=True):
            if edit.start != last:
                found.append([])
            found[-1].append((line, page.bare(text[edit.start : edit.end])))
            last = edit.end
        return found

    def proposals(self) -> pd.DataFrame:
        """Lines that merely resemble page furniture and were left: ``line`` (of the raw file, from
        1), ``text``, ``reason``.

        Give the lines that are furniture to :func:`clean` as ``take``.
        """
        found = [
            (self.to_raw(start, start + 1).first_line, why)
            for start, why in page.resembling(self.text)
        ]
        raw = self.raw.split("\n")
        rows = [(line, raw[line - 1].strip(), why) for line, why in found]
        return pd.DataFrame(rows, columns=["line", "text", "reason"])


def clean(
    raw: bytes | str,
    *,
    blocks: bool = False,
    body: tuple[int, int] | None = None,
    take: Collection[int] = (),
    off: Collection[str] = (),
    corrections: Sequence[Correction] = (),
    encoding: str | None = None,
    name: str = "the file",
) -> Cleaning:
    """Clean a raw text, bytes or characters, and keep account of every character.

    With ``blocks``, it comes from a reader that states its structure, a
    paragraph a line, and nothing about furniture or wrapped lines is inferred.
    ``body`` names the first and last raw line (from 1) of the body; left out,
    one is proposed, and ``notes`` says so. ``take`` names raw lines to remove
    as furniture, ``off`` steps to leave out, ``encoding`` overrides the way
    the bytes are read. In the clean text a paragraph is a line, with a blank
    line between two. Raises :class:`UnionError` for bytes that are not text, an
    unknown step, lines that are not there, and a correction that does not fit.

    >>> clean("The union is organi-\\nsed.\\n\\n\\fIt says: “Yes.”").text
    'The union is organised.\\n\\nIt says: "Yes."'
    """
    _check_names(off)
    text, read_as = decode(raw, encoding, name) if isinstance(raw, bytes) else (raw, "str")
    options = {"blocks": blocks, "body": body, "take": take, "off": off, "name": name}
    options["corrections"] = corrections
    cleaning = Cleaning(text, read_as, options)
    for step in STEPS:
        if step.name not in cleaning.off:
            cleaning._take(step, _edits(cleaning, step))
    cleaning.notes += [] if blocks else _notes(cleaning)
    return cleaning


def _edits(cleaning: Cleaning, step: Step) -> Iterable[Edit]:
    """What a step proposes for the text as it stands now."""
    if step.name in _DECLARED:
        return _DECLARED[step.name](cleaning)
    if cleaning.blocks and step.inferred:
        return ()
    if cleaning.blocks and step.name == "hard-wraps":
        return page.line_breaks(cleaning.text)
    return _PROPOSE[step.name.replace("-", "_")](cleaning.text)


def _check_names(names: Iterable[str]) -> None:
    for name in names:
        if name not in _NAMES:
            raise UnionError(
                f"There is no cleaning step {name!r}: choose from {', '.join(_NAMES)}."
            )


def _line_starts(raw: str) -> list[int]:
    """Where each raw line begins, and where one after the last would."""
    starts = [0]
    while (end := raw.find("\n", starts[-1])) >= 0:
        starts.append(end + 1)
    return [*starts, len(raw) + 1]


def _furniture(cleaning: Cleaning) -> Iterable[Edit]:
    """Page furniture by the text's own evidence, and the raw lines that the reader takes for it."""
    found = [] if cleaning.blocks else page.page_furniture(cleaning.text)
    if not cleaning.take:
        return found
    starts = _line_starts(cleaning.raw)
    for line in cleaning.take:
        if not 0 < line < len(starts):
            raise UnionError(
                f"There is no line {line} to take away: choose from 1 to {len(starts) - 1}."
            )
        start, end = (cleaning.origins.from_raw(each) for each in starts[line - 1 : line + 1])
        found += [Edit(start, end, "", "taken away by the reader")] if start < end else []
    return in_order(found)


def _outside(cleaning: Cleaning) -> Iterator[Edit]:
    """The lines above and below the body, as it was declared, or else as it is proposed."""
    text, starts = cleaning.text, _line_starts(cleaning.raw)
    if body := cleaning.options["body"]:
        if not 1 <= body[0] <= body[1] < len(starts):
            said = f"The body cannot be lines {body[0]} to {body[1]}"
            raise UnionError(f"{said}: choose a first and a last line from 1 to {len(starts) - 1}.")
        start, end = (cleaning.origins.from_raw(starts[at]) for at in (body[0] - 1, body[1]))
        cleaning.body = tuple(body)
    else:
        start, end = page.body_span(text)
        if (start, end) != (0, len(text)):
            place = cleaning.to_raw(start, end)
            cleaning.body = (place.first_line, place.last_line)
            lines = {"first": place.first_line, "last": place.last_line}
            cleaning.notes.append(_DATA["notes"]["body"].format(**lines))
    for line in page.lines(text) if (start, end) != (0, len(text)) else ():
        if line.end <= start or line.start >= end:
            edit = line.removed("outside the body")
            yield edit._replace(end=min(edit.end, len(text)))


def _corrections(cleaning: Cleaning) -> list[Edit]:
    """The declared corrections, led from their places in the raw file to the text as it stands
    now."""
    found: list[Edit] = []
    name = cleaning.options["name"]
    lines = cleaning.raw.split("\n") if cleaning.corrections else []
    starts = _line_starts(cleaning.raw) if cleaning.corrections else []
    for line, wrong, right, reason in cleaning.corrections:
        content = lines[line - 1] if 0 < line <= len(lines) else ""
        if not wrong or content.count(wrong) != 1:
            where = f"The correction of {wrong!r} does not fit line {line} of {name}"
            raise UnionError(f"{where}: give a word that stands there once.")
        raw = starts[line - 1] + content.index(wrong)
        place = cleaning.origins.from_raw(raw)
        if cleaning.origins.takers[raw] < 0 and cleaning.text.startswith(wrong, place):
            found.append(Edit(place, place + len(wrong), right, reason))
    found.sort()
    for before, after in pairwise(found):
        if after.start < before.end:
            words = cleaning.text[after.start : before.end]
            raise UnionError(f"Two corrections of {name} overlap, at {words!r}: make one of them.")
    return found


_DECLARED = {"page-furniture": _furniture, "title-page": _outside, "corrections": _corrections}


def _notes(cleaning: Cleaning) -> Iterator[str]:
    """What was mended in a plain text, and what may be wrong with it and was left, in sentences."""
    reasons = [edit.reason for record in cleaning.records for edit in record.edits]
    margin = sum(reason in ("number in the margin", "time code") for reason in reasons)
    left = sum(1 for _ in page.resembling(cleaning.text))
    if margin:
        yield _DATA["notes"]["margin"].format(count=margin)
    if page.has_columns(cleaning.raw):
        yield _DATA["notes"]["columns"]
    if left:
        yield _DATA["notes"]["resembling"].format(count=left)
