"""The account of a cleaning, checked by other means than its own.

:class:`Slow` follows a text through its edits one character at a time, with
lists and no arithmetic on shifts, as a second opinion on ``Alignment``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from helpers.corpus.account import Alignment, Change, Edit
from helpers.corpus.cleaning import STEPS, Cleaning

_NAMES = [step.name for step in STEPS]


class Piece(NamedTuple):
    """Raw characters that belong together, what stands in their place, and which step is answerable (-1: none)."""

    raw: range
    letters: str
    step: int
    origins: tuple[
        int | None, ...
    ]  # for each clean letter the raw character that it is, or None where a step wrote it


class Slow:
    """A text as a list of pieces, in order. Edits melt the pieces they touch into one."""

    def __init__(self, raw: str) -> None:
        self.pieces = [
            Piece(range(place, place + 1), letter, -1, (place,)) for place, letter in enumerate(raw)
        ]

    @property
    def text(self) -> str:
        return "".join(piece.letters for piece in self.pieces)

    def take(self, edits: Iterable[Edit], step: int) -> None:
        """Make the edits, which do not overlap; places are those of the text as it stands."""
        edits = list(edits)
        for group in reversed(self._groups(edits)):
            self._melt(group, step)

    def _spans(self) -> list[tuple[int, int]]:
        spans, place = [], 0
        for piece in self.pieces:
            spans.append((place, place + len(piece.letters)))
            place += len(piece.letters)
        return spans

    def _groups(self, edits: list[Edit]) -> list[tuple[int, int, list[Edit], int]]:
        """Which pieces melt together: first and last piece, the edits, and where the first piece stands."""
        spans, groups = self._spans(), []
        starts, ends = [start for start, _ in spans], [end for _, end in spans]
        for edit in edits:
            low, high = bisect_right(ends, edit.start), bisect_left(starts, edit.end) - 1
            if groups and low <= groups[-1][1]:
                groups[-1][1] = max(high, groups[-1][1])
                groups[-1][2].append(edit)
            else:
                groups.append([low, high, [edit]])
        return [(low, high, each, spans[low][0]) for low, high, each in groups]

    def _melt(self, group: tuple[int, int, list[Edit], int], step: int) -> None:
        low, high, edits, offset = group
        old = self.pieces[low : high + 1]
        letters: list[tuple[str, int | None]] = [
            pair for piece in old for pair in zip(piece.letters, piece.origins, strict=True)
        ]
        for start, end, new, _ in reversed(edits):
            letters[start - offset : end - offset] = [(letter, None) for letter in new]
        if letters or all(piece.step < 0 for piece in old):
            raw = range(old[0].raw.start, old[-1].raw.stop)
            new = "".join(letter for letter, _ in letters)
            self.pieces[low : high + 1] = [
                Piece(raw, new, step, tuple(origin for _, origin in letters))
            ]
        else:  # what an earlier step removed stays with that step
            self.pieces[low : high + 1] = [
                piece
                if piece.step >= 0 and not piece.letters
                else piece._replace(letters="", origins=(), step=step)
                for piece in old
            ]

    def changes(self) -> list[Change]:
        """The changes, removals that stand beside each other and have one step put together."""
        found = [
            Change(piece.raw.start, piece.raw.stop, start, end, piece.step)
            for piece, (start, end) in zip(self.pieces, self._spans(), strict=True)
            if piece.step >= 0
        ]
        return merged(found)


def merged(changes: Iterable[Change]) -> list[Change]:
    """Changes with neighbouring removals by one step put together, so that two accounts can be compared."""
    found: list[Change] = []
    for change in changes:
        last = found[-1] if found else None
        gone = change.clean_start == change.clean_end
        if (
            last
            and gone
            and last.clean_start == last.clean_end
            and last.raw_end == change.raw_start
            and last.step == change.step
        ):
            found[-1] = last._replace(raw_end=change.raw_end)
        else:
            found.append(change)
    return found


def check_alignment(raw: str, text: str, alignment: Alignment) -> None:
    """Changes are in order, and between them everything is kept, character for character."""
    raw_place = clean_place = 0
    for change in alignment:
        assert change.raw_start < change.raw_end and change.clean_start <= change.clean_end
        assert change.raw_start >= raw_place
        assert raw[raw_place : change.raw_start] == text[clean_place : change.clean_start]
        raw_place, clean_place = change.raw_end, change.clean_end
    assert raw[raw_place:] == text[clean_place:]


def rebuilt(cleaning: Cleaning) -> str:
    """The clean text, from the raw one and what each change wrote."""
    pieces, place = [], 0
    for change in cleaning.alignment:
        pieces += [
            cleaning.raw[place : change.raw_start],
            cleaning.text[change.clean_start : change.clean_end],
        ]
        place = change.raw_end
    return "".join([*pieces, cleaning.raw[place:]])


def check_sums(cleaning: Cleaning) -> None:
    """The table of the account against sums of our own, and its total against the length of the raw file."""
    gone = [0] * len(STEPS)
    put = [0] * len(STEPS)
    for change in cleaning.alignment:
        gone[change.step] += change.raw_end - change.raw_start
        put[change.step] += change.clean_end - change.clean_start
    account = cleaning.account()
    assert (account["difference"] == 0).all()
    assert account.at["total", "raw"] == len(cleaning.raw)
    assert account.drop(index="total")["raw"].sum() == len(cleaning.raw)
    assert account.at["total", "kept"] + account.at["total", "written"] == len(cleaning.text)
    for index, name in enumerate(_NAMES):
        if name in cleaning.off:
            assert gone[index] == put[index] == 0
        else:
            assert (account.at[name, "raw"], account.at[name, "written"]) == (
                gone[index],
                put[index],
            )
            assert account.at[name, "changed"] + account.at[name, "removed"] == gone[index]


def check_to_raw(cleaning: Cleaning, origins: list[int | None]) -> None:
    """Each clean character leads to the raw one that it is, or to the whole of what was changed into it."""
    ahead = {}
    for change in cleaning.alignment:
        ahead |= dict.fromkeys(
            range(change.clean_start, change.clean_end), (change.raw_start, change.raw_end)
        )
    places = [cleaning.alignment.to_raw(place, place + 1) for place in range(len(cleaning.text))]
    for place, (origin, span) in enumerate(zip(origins, places, strict=True)):
        if place in ahead:
            assert span == ahead[place]
            assert origin is None or span[0] <= origin < span[1]
        else:
            assert span == (origin, origin + 1)
    assert all(
        before[0] <= after[0] and before[1] <= after[1] for before, after in pairwise(places)
    )


def check_account(cleaning: Cleaning, *, slow: bool = True) -> None:
    """All of the above; ``slow`` follows every edit one character at a time as well."""
    assert rebuilt(cleaning) == cleaning.text
    check_alignment(cleaning.raw, cleaning.text, cleaning.alignment)
    if slow:
        follow = Slow(cleaning.raw)
        for record in cleaning.records:
            follow.take(record, _NAMES.index(record.step.name))
        assert follow.text == cleaning.text
        assert merged(cleaning.alignment) == follow.changes()
        check_to_raw(cleaning, [origin for piece in follow.pieces for origin in piece.origins])


def check_sentences(cleaning: Cleaning, spans: list[tuple[int, int]]) -> None:
    """Sentences are in order, hold every letter, and lead to raw lines that hold their first and last words.

    A word counts where no step rewrote it or took anything out of it.
    """
    text, kept = cleaning.text, _kept(cleaning)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    between = "".join(
        text[end:start]
        for end, start in zip(
            [0, *(end for _, end in spans)],
            [*(start for start, _ in spans), len(text)],
            strict=True,
        )
    )
    assert not between.strip(), between
    raw_lines = cleaning.raw.split("\n")
    for start, end in spans:
        assert text[start:end] == text[start:end].strip() and "\n" not in text[start:end]
        place = cleaning.to_raw(start, end)
        assert place.text == cleaning.raw[place.start : place.end]
        named = raw_lines[place.first_line - 1 : place.last_line]
        words = [
            match
            for match in re.finditer(r"\w+", text[start:end])
            if _whole(cleaning, kept, start + match.start(), start + match.end())
        ]
        for match in words[:1] + words[-1:]:
            assert any(match.group() in line for line in named), (text[start:end], place)
            if match.start() == 0:
                assert match.group() in named[0], (text[start:end], place)
            if match.end() == end - start:
                assert match.group() in named[-1], (text[start:end], place)


def _whole(cleaning: Cleaning, kept: set[int], start: int, end: int) -> bool:
    """Whether a word stands in the raw file as it stands here, letter by letter and side by side."""
    low, high = cleaning.alignment.to_raw(start, end)
    return high - low == end - start and all(place in kept for place in range(start, end))


def _kept(cleaning: Cleaning) -> set[int]:
    """The places of the clean text that no step wrote."""
    places = set(range(len(cleaning.text)))
    for change in cleaning.alignment:
        places -= set(range(change.clean_start, change.clean_end))
    return places
