"""The account of characters: where each clean one comes from, and which step took each raw one."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

_MOST_PIECES = 2000
_KEPT = -1


class Edit(NamedTuple):
    """A step's proposal: put ``new`` where ``text[start:end]`` stands, because of ``reason``."""

    start: int
    end: int
    new: str
    reason: str


class Edits(Sequence[Edit]):
    """The edits of a step, kept small: there is one for each line of a large text."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self._places, self._said = array("i"), []
        for start, end, new, reason in edits:
            self._places.extend((start, end))
            self._said += [new, reason]

    def __len__(self) -> int:
        return len(self._places) // 2

    def __getitem__(self, at: int) -> Edit:
        pair = slice(2 * at, 2 * at + 2)
        return Edit(*self._places[pair], *self._said[pair])

    def __iter__(self) -> Iterator[Edit]:
        return map(self.__getitem__, range(len(self)))

    def places(self) -> tuple[np.ndarray, np.ndarray]:
        """Where each begins, and where each ends."""
        places = np.array(self._places, dtype=np.int32)
        return places[::2], places[1::2]


class Account:
    """A list of origins, which every step maps forward; characters count from 0, ends are
    exclusive.

    The clean text is seen as runs: kept, a raw character for each of its own,
    or written by an edit in place of a raw span. ``takers`` has for each raw
    character the number of the step that took it, or -1.

    >>> account = Account(6)                                       # "__ab_c"
    >>> account.take(Edits([Edit(0, 2, "", "cut")]), 0)                # "ab_c"
    >>> account.take(Edits([Edit(2, 3, "!!", "shout")]), 1)              # "ab!!c"
    >>> account.to_raw(0, 3), account.takers.tolist()
    ((2, 5), [0, 0, -1, -1, 1, -1])
    """

    def __init__(self, length: int) -> None:
        self.takers = np.full(length, _KEPT, dtype=np.int8)
        self.length = length  # of the clean text
        self.starts = np.zeros(1, dtype=np.int32)  # of each run in the clean text
        self.lows = np.zeros(1, dtype=np.int32)  # where its raw span begins
        self.highs = np.zeros(1, dtype=np.int32)  # where it ends, if an edit wrote it
        self.writers = np.full(1, _KEPT, dtype=np.int8)  # the step that wrote it

    def spans(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The raw spans behind clean characters, and the number of the run each is in."""
        run = np.searchsorted(self.starts, places, side="right") - 1
        kept = self.writers[run] == _KEPT
        low = self.lows[run] + np.where(kept, places - self.starts[run], 0)
        return low, np.where(kept, low + 1, self.highs[run]), run

    def take(self, edits: Edits, step: int) -> None:
        """Follow the text through a step's edits, which are in order, do not overlap and are not
        empty."""
        if not edits:
            return
        starts, ends = edits.places()
        sizes = np.fromiter((len(edit.new) for edit in edits), np.int32, len(edits))
        if (starts >= ends).any() or (starts[1:] < ends[:-1]).any():
            raise ValueError("these edits overlap, are empty or out of order")
        lows, highs = self.spans(starts)[0], self.spans(ends - 1)[1]
        self._mark(lows, highs, step)
        cuts = np.union1d(self.starts, np.concatenate([starts, ends]))
        cuts = cuts[cuts < self.length].astype(np.int32)
        edit = np.searchsorted(starts, cuts, side="right") - 1  # the last one that begins before
        kept = (edit < 0) | (cuts >= ends[edit])
        cuts, edit = cuts[kept], edit[kept]
        grown = np.concatenate([[0], np.cumsum(sizes - (ends - starts))]).astype(np.int32)
        low, high, run = self.spans(cuts)
        wrote = sizes > 0
        places = np.concatenate([cuts + grown[edit + 1], (starts + grown[:-1])[wrote]])
        order = np.argsort(places, kind="stable")
        self.starts = places[order]
        self.lows = np.concatenate([low, lows[wrote]])[order]
        self.highs = np.concatenate([high, highs[wrote]])[order]
        written = np.full(wrote.sum(), step, dtype=np.int8)
        self.writers = np.concatenate([self.writers[run], written])[order]
        self.length += int(grown[-1])

    def _mark(self, lows: np.ndarray, highs: np.ndarray, step: int) -> None:
        """Give the raw characters of some spans to a step, those apart that another has."""
        sizes = highs - lows
        begins = np.cumsum(sizes) - sizes
        raw = np.arange(sizes.sum(), dtype=np.int32) + np.repeat(lows - begins, sizes)
        self.takers[raw[self.takers[raw] == _KEPT]] = step

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """The raw span behind clean characters; what was replaced together stays together."""
        if start < end:
            low, high, _ = self.spans(np.array([start, end - 1]))
            return int(low[0]), int(high[1])
        if not self.length:
            return 0, 0
        low, high, _ = self.spans(np.array([min(start, self.length - 1)]))
        place = int(low[0] if start < self.length else high[0])
        return place, place

    def from_raw(self, place: int) -> int:
        """Where the clean text goes on with what stands at a raw place or after it."""
        run = int(np.searchsorted(self.lows, place, side="right")) - 1
        if run < 0 or not self.length:
            return 0
        ends = int(self.starts[run + 1]) if run + 1 < len(self.starts) else self.length
        ahead = place - int(self.lows[run])
        return (
            min(int(self.starts[run]) + ahead, ends)
            if self.writers[run] == _KEPT or not ahead
            else ends
        )

    def runs(self) -> Iterator[tuple[int, int, int, int, int]]:
        """Each run: its place in the clean text, where its raw span begins and ends, and the step
        that wrote it."""
        ends = [*self.starts[1:].tolist(), self.length]
        columns = (self.starts, self.lows, self.highs, self.writers)
        starts, *others = (column.tolist() for column in columns)
        yield from zip(starts, ends, *others, strict=False)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made.

    >>> apply_edits("one, two", [Edit(3, 4, ";", "to show")])
    'one; two'
    """
    pieces, done, place = [], [], 0
    for start, end, new, _ in edits:
        pieces += [text[place:start], new]
        place = end
        if len(pieces) >= _MOST_PIECES:  # many short strings take far more memory than a long one
            done.append("".join(pieces))
            pieces.clear()
    return "".join([*done, *pieces, text[place:]])


def in_order(found: Iterable[Edit]) -> list[Edit]:
    """The edits in order of place, the earlier and longer of two that overlap."""
    kept: list[Edit] = []
    for edit in sorted(found, key=lambda edit: (edit.start, -edit.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept
