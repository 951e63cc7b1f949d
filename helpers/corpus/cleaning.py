"""Cleaning with an account of every character: a chain of named steps from the raw file to the clean text."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from helpers.corpus import characters, markup, titles, wraps
from helpers.corpus import page as furniture
from helpers.corpus.account import Alignment, Edit, apply_edits
from helpers.corpus.decoding import decode
from helpers.corpus.errors import UnionError
from helpers.corpus.lines import bare

if TYPE_CHECKING:
    import pandas as pd

_MOST_ROUNDS = 12
_METADATA = ("title", "subtitle", "author", "date", "imprint", "motto")


class Correction(NamedTuple):
    """A documented misprint: on this line of the raw file, ``wrong`` stands for ``right``."""

    line: int
    wrong: str
    right: str
    reason: str


class Step(NamedTuple):
    """A named step of the chain. ``propose`` takes a text and gives edits in order of place."""

    name: str
    label: str
    propose: Callable[[str], Iterable[Edit]]

    @property
    def why(self) -> str:
        """One sentence on what the step is for."""
        return (self.propose.__doc__ or "").strip()


def corrections(text: str) -> Iterator[Edit]:
    """Misprints that the manifest documents, each with its place and reason."""
    return iter(())


STEPS: tuple[Step, ...] = (
    Step("byte-order-mark", "Byte-order mark", characters.byte_order_mark),
    Step("mojibake", "Garbled characters", characters.mojibake),
    Step("line-ends", "Line ends", characters.line_ends),
    Step("invisible", "Invisible characters", characters.invisible),
    Step("letter-forms", "Letter forms", characters.letter_forms),
    Step("markup", "Marks of markup", markup.markup),
    Step("page-furniture", "Page furniture", furniture.page_furniture),
    Step("title-page", "Title page and imprint", titles.title_page),
    Step("hyphenation", "Divided words", wraps.hyphenation),
    Step("hard-wraps", "Wrapped lines", wraps.hard_wraps),
    Step("torn-paragraphs", "Torn paragraphs", wraps.torn_paragraphs),
    Step("quotes", "Quotation marks", characters.quotes),
    Step("dashes", "Dashes", characters.dashes),
    Step("white-space", "White space", characters.white_space),
    Step("corrections", "Documented corrections", corrections),
)
_NAMES = [step.name for step in STEPS]


class RawPlace(NamedTuple):
    """A span of the raw file: characters from 0, lines from 1, both ends as said."""

    start: int
    end: int
    first_line: int
    last_line: int
    text: str


class StepRecord:
    """What one step did in one round: its edits, in the places of the text before it."""

    def __init__(self, step: Step, edits: Iterable[Edit]) -> None:
        self.step = step
        self._starts, self._ends = array("q"), array("q")
        self._news: list[str] = []
        self._reasons: list[str] = []
        for start, end, new, reason in edits:
            self._starts.append(start)
            self._ends.append(end)
            self._news.append(new)
            self._reasons.append(reason)

    def __len__(self) -> int:
        return len(self._news)

    def __iter__(self) -> Iterator[Edit]:
        return map(
            Edit._make, zip(self._starts, self._ends, self._news, self._reasons, strict=True)
        )


class Cleaning:
    """A raw text, its clean text, and the account of every character between the two.

    Made by :func:`clean`. ``raw`` and ``text`` are the texts before and after,
    ``encoding`` is how the file was read, ``records`` what each step did.
    """

    def __init__(self, raw: str, encoding: str, off: Collection[str]) -> None:
        self.raw, self.text, self.encoding = raw, raw, encoding
        self.off = tuple(name for name in _NAMES if name in off)
        self.corrections: tuple[Correction, ...] = ()
        self.alignment = Alignment()
        self.records: list[StepRecord] = []

    def _take(self, step: Step, edits: Iterable[Edit]) -> bool:
        """Let a step make its edits; whether it made any."""
        record = StepRecord(step, edits)
        if not record:
            return False
        self.alignment = self.alignment.after(record, _NAMES.index(step.name))
        self.text = apply_edits(self.text, record)
        self.records.append(record)
        return True

    def __repr__(self) -> str:
        return f"<Cleaning: {len(self.raw):,} characters in, {len(self.text):,} out, {sum(map(len, self.records)):,} edits>"

    def to_raw(self, start: int, end: int) -> RawPlace:
        """Where ``text[start:end]`` stands in the raw file.

        Takes character offsets of the clean text, end exclusive; gives the raw
        offsets, the first and last line (from 1) and the raw characters.
        Raises :class:`UnionError` for a span outside the text.

        >>> clean("XE Login\\n\\nThe union  acts.").to_raw(4, 14)
        RawPlace(start=14, end=25, first_line=3, last_line=3, text='union  acts')
        """
        if not 0 <= start <= end <= len(self.text):
            raise UnionError(
                f"The place {start} to {end} lies outside the text: choose one between 0 and {len(self.text)}."
            )
        low, high = self.alignment.to_raw(start, end)
        first = 1 + self.raw.count("\n", 0, low)
        return RawPlace(
            low,
            high,
            first,
            first + self.raw.count("\n", low, max(low, high - 1)),
            self.raw[low:high],
        )

    def account(self) -> pd.DataFrame:
        """What became of each character of the raw file.

        One row for each step that is on, one for the characters kept, and a
        total. Columns, in characters: ``raw`` (how many of the raw file fell to
        this row), ``kept``, ``changed``, ``removed`` (which add up to ``raw``),
        ``written`` (clean characters put in the place of the changed ones) and
        ``difference`` (raw less kept, changed and removed: 0 if the account
        balances). Kept are only characters that were looked up in both texts and
        found to be the same. The clean text has ``kept + written`` characters.

        >>> clean("The  union\\u200b acts.").account().loc[["kept", "white-space", "total"], "raw"].to_list()
        [15, 1, 17]
        """
        import pandas as pd

        columns = ["raw", "kept", "changed", "removed", "written", "difference"]
        on = [name for name in _NAMES if name not in self.off]
        rows = {name: dict.fromkeys(columns, 0) for name in ["kept", *on, "total"]}
        kept = raw_place = clean_place = 0
        for change in self.alignment:
            kept += _alike(
                self.raw[raw_place : change.raw_start], self.text[clean_place : change.clean_start]
            )
            raw_place, clean_place = change.raw_end, change.clean_end
            row, length = rows[_NAMES[change.step]], change.raw_end - change.raw_start
            written = change.clean_end - change.clean_start
            row["raw"] += length
            row["changed" if written else "removed"] += length
            row["written"] += written
        kept += _alike(self.raw[raw_place:], self.text[clean_place:])
        rows["kept"] |= {"raw": kept, "kept": kept}
        table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("step")
        table.loc["total"] = table.sum()
        table.at["total", "raw"] = len(self.raw)
        table["difference"] = table["raw"] - table["kept"] - table["changed"] - table["removed"]
        return table

    def steps(self) -> pd.DataFrame:
        """The chain as a table: one row a step, with label, purpose, whether it is on, and its number of edits."""
        import pandas as pd

        counts = dict.fromkeys(_NAMES, 0)
        for record in self.records:
            counts[record.step.name] += len(record)
        rows = [
            (step.name, step.label, step.why, step.name not in self.off, counts[step.name])
            for step in STEPS
        ]
        return pd.DataFrame(rows, columns=["step", "label", "purpose", "on", "edits"]).set_index(
            "step"
        )

    def edits(self, step: str | None = None) -> pd.DataFrame:
        """Every edit, or those of one step, as a table.

        Columns: ``step``, ``line`` (of the raw file, from 1), ``old``, ``new``,
        ``reason``. Raises :class:`UnionError` for a step that does not exist.

        >>> clean("Tthe union", corrections=[Correction(1, "Tthe", "The", "misprint")]).edits("corrections")
                  step  line   old  new    reason
        0  corrections     1  Tthe  The  misprint
        """
        import pandas as pd

        if step is not None:
            _check_names([step])
        rows = []
        for text, after, record in self._replay():
            if step in (None, record.step.name):
                rows += _edit_rows(self.raw, text, after, record)
        return pd.DataFrame(rows, columns=["step", "line", "old", "new", "reason"])

    def around(self, step: str) -> list[tuple[str, StepRecord, Alignment]]:
        """For each round in which the step made edits: the text before it, its edits, and the way from there to the raw file."""
        _check_names([step])
        return [
            (text, record, after)
            for text, after, record in self._replay()
            if record.step.name == step
        ]

    def _replay(self) -> Iterator[tuple[str, Alignment, StepRecord]]:
        """Each record with the text before it and the way from there to the raw file."""
        text, alignment = self.raw, Alignment()
        for record in self.records:
            yield text, alignment, record
            text = apply_edits(text, record)
            alignment = alignment.after(record, _NAMES.index(record.step.name))

    def found(self) -> pd.DataFrame:
        """Title, author, date and imprint that a step took out of the body, as metadata to look through.

        Columns: ``kind``, ``text``, ``line`` (of the raw file, from 1).

        >>> clean("Our Aims\\n\\nThe union will act for all of its members.").found()
            kind      text  line
        0  title  Our Aims     1
        """
        import pandas as pd

        rows: list[tuple[str, str, int]] = []
        ended = -1  # the lines of one block follow each other and are put together
        for text, after, record in self._replay():
            for (_, line, old, _, kind), edit in zip(
                _edit_rows(self.raw, text, after, record), record, strict=True
            ):
                if kind in _METADATA:
                    words = bare(" ".join(old.split()))
                    if rows and edit.start == ended and rows[-1][0] == kind:
                        rows[-1] = (kind, f"{rows[-1][1]} {words}", rows[-1][2])
                    else:
                        rows.append((kind, words, line))
                    ended = edit.end
        return pd.DataFrame(rows, columns=["kind", "text", "line"])


def _alike(raw: str, clean: str) -> int:
    """How many characters of two spans that should be the same are so."""
    return (
        len(raw)
        if raw == clean
        else sum(one == other for one, other in zip(raw, clean, strict=False))
    )


def _edit_rows(
    raw: str, text: str, alignment: Alignment, record: StepRecord
) -> Iterator[tuple[str, int, str, str, str]]:
    line, place = 1, 0
    for start, end, new, reason in record:
        low = alignment.to_raw(start, end)[0]
        line, place = line + raw.count("\n", place, low), low
        yield record.step.name, line, text[start:end], new, reason


def clean(
    raw: bytes | str,
    *,
    off: Collection[str] = (),
    corrections: Sequence[Correction] = (),
    encoding: str | None = None,
    name: str = "the file",
) -> Cleaning:
    """Clean a raw text and keep account of every character.

    ``raw`` is the file's bytes, or its text. ``off`` names steps to leave out
    (see ``Cleaning.steps()``), ``corrections`` are documented misprints with
    their places in the raw file, ``encoding`` overrides the way the bytes are
    read. The chain is gone through until no step finds anything more to do, so
    that cleaning a clean text changes nothing. Paragraphs of the clean text are
    one line each, with a blank line between. Raises :class:`UnionError` for
    bytes that are not text, for an unknown step, and for a correction that does
    not fit its place.

    >>> clean("The union is organi-\\nsed.\\n\\n- 8 -\\n\\nIt says: “Yes.”").text
    'The union is organised.\\n\\nIt says: "Yes."'
    """
    _check_names(off)
    text, read_as = decode(raw, encoding, name) if isinstance(raw, bytes) else (raw, "str")
    cleaning = Cleaning(text, read_as, off)
    cleaning.corrections = tuple(corrections)
    for _ in range(_MOST_ROUNDS):
        changed = False
        for step in STEPS:
            if step.name in cleaning.off:
                continue
            if step.name == "corrections":
                changed |= cleaning._take(step, _corrections(cleaning, name))
            else:
                changed |= cleaning._take(step, step.propose(cleaning.text))
        if not changed:
            break
    return cleaning


def _check_names(names: Iterable[str]) -> None:
    for name in names:
        if name not in _NAMES:
            raise UnionError(
                f"There is no cleaning step {name!r}: choose from {', '.join(_NAMES)}."
            )


def _corrections(cleaning: Cleaning, name: str) -> Iterator[Edit]:
    """The declared corrections, led from their places in the raw file to the text as it stands now."""
    found, declared = [], cleaning.corrections
    line_starts = (
        [0, *(match.end() for match in re.finditer("\n", cleaning.raw))] if declared else []
    )
    for line, wrong, right, reason in declared:
        start = line_starts[line - 1] if 0 < line <= len(line_starts) else len(cleaning.raw)
        end = cleaning.raw.find("\n", start)
        content = cleaning.raw[start : end if end >= 0 else len(cleaning.raw)]
        if not wrong or content.count(wrong) != 1:
            raise UnionError(
                f"The correction of {wrong!r} does not fit line {line} of {name}: give a word that stands there once."
            )
        place = cleaning.alignment.from_raw(start + content.index(wrong))
        if place is not None and cleaning.text.startswith(wrong, place):
            found.append(Edit(place, place + len(wrong), right, reason))
    found.sort()
    for before, after in pairwise(found):
        if after.start < before.end:
            raise UnionError(
                f"Two corrections of {name} overlap, at {cleaning.text[after.start : before.end]!r}: make one correction of them."
            )
    return iter(found)
