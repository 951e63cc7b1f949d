"""Which character of the clean text came from which character of the raw file.

An :class:`Alignment` lists, in order, the spans of the raw text that some
step changed or removed, each with the span of clean text that stands in its
place. Between two of them everything is kept, character for character.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")
_MOST_PIECES = 2000


class Edit(NamedTuple):
    """A step's proposal: put ``new`` where ``text[start:end]`` stands, because of ``reason``."""

    start: int
    end: int
    new: str
    reason: str


class Change(NamedTuple):
    """A span of raw text and what became of it: ``clean_start == clean_end`` means removed."""

    raw_start: int
    raw_end: int
    clean_start: int
    clean_end: int
    step: int


class Alignment:
    """The changes that lead from a raw text to a clean one, in order of place.

    Offsets count Unicode characters from 0, ends exclusive. ``step`` is the
    number of the step that is answerable for the change.

    >>> one = Alignment().after([Edit(0, 2, "", "cut")], step=0)
    >>> two = one.after([Edit(3, 4, "!!", "shout")], step=1)
    >>> list(two)                                    # "__ab_" -> "ab_" -> ...
    [Change(raw_start=0, raw_end=2, clean_start=0, clean_end=0, step=0), \
Change(raw_start=5, raw_end=6, clean_start=3, clean_end=5, step=1)]
    >>> two.to_raw(0, 3)
    (2, 5)
    """

    def __init__(self) -> None:
        self._columns = tuple(array("q") for _ in Change._fields)

    def __len__(self) -> int:
        return len(self._columns[0])

    def __iter__(self) -> Iterator[Change]:
        return map(Change._make, zip(*self._columns, strict=True))

    def _append(self, *change: int) -> None:
        for column, value in zip(self._columns, change, strict=True):
            column.append(value)

    def after(self, edits: Iterable[Edit], step: int) -> Alignment:
        """Follow the text through one more step.

        ``edits`` are sorted, do not overlap and are not empty spans; their
        places are those of the text that this alignment leads to. A change
        that a later edit touches becomes the later step's, except that
        characters already removed stay with the step that removed them.
        Returns a new alignment; raises ``ValueError`` for edits out of order.
        """
        merged, shift, lag, done = Alignment(), 0, 0, 0
        changes, queue = _Peekable(self), _Peekable(edits)
        while queue.head is not None:
            first = queue.head
            if first.start < done or first.end <= first.start:
                raise ValueError(f"edits overlap or are empty at character {first.start}")
            while changes.head and changes.head.clean_end <= first.start:
                lag = merged._shifted(changes.next(), shift)
            touched, group, done = _cluster(changes, queue)
            lag, shift = merged._write(touched, group, lag, shift, step)
        while changes.head:
            merged._shifted(changes.next(), shift)
        return merged

    def _shifted(self, change: Change, shift: int) -> int:
        """Take over a change that this step leaves alone; how far raw places run ahead after it."""
        self._append(*change[:2], change.clean_start + shift, change.clean_end + shift, change.step)
        return change.raw_end - change.clean_end

    def _write(
        self, touched: list[Change], group: list[Edit], lag: int, shift: int, step: int
    ) -> tuple[int, int]:
        """Write down what a group of edits makes of the changes it touches."""
        low, high = group[0].start, group[-1].end
        raw_low = low + lag
        if touched:
            if touched[0].clean_start < low:
                low, raw_low = touched[0].clean_start, touched[0].raw_start
            lag = touched[-1].raw_end - touched[-1].clean_end
            high = max(high, touched[-1].clean_end)
        raw_high = high + lag
        grown = sum(len(edit.new) - (edit.end - edit.start) for edit in group)
        start, end = low + shift, high + shift + grown
        if start == end and touched:
            self._removed(touched, (raw_low, raw_high), start, step)
        else:
            self._append(raw_low, raw_high, start, end, step)
        return lag, shift + grown

    def _removed(self, touched: list[Change], span: tuple[int, int], place: int, step: int) -> None:
        """A removal, less the characters that an earlier step had removed already."""
        raw = span[0]
        for change in touched:
            if change.clean_start == change.clean_end:
                if raw < change.raw_start:
                    self._append(raw, change.raw_start, place, place, step)
                self._append(change.raw_start, change.raw_end, place, place, change.step)
                raw = change.raw_end
        if raw < span[1]:
            self._append(raw, span[1], place, place, step)

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """The raw span behind ``clean[start:end]``.

        A clean span that begins or ends inside a changed one leads to the
        whole of the changed span: what was replaced together stays together.
        Characters removed at either edge are left out. An empty span leads to
        an empty one.
        """
        if end <= start:
            place = start + self._lag(bisect_right(self._columns[3], start))
            return place, place
        return self._behind(start)[0], self._behind(end - 1)[1]

    def _behind(self, place: int) -> tuple[int, int]:
        """The raw span behind one clean character."""
        raw_starts, raw_ends, starts, ends, _ = self._columns
        index = bisect_right(ends, place)
        if index < len(self) and starts[index] <= place:
            return raw_starts[index], raw_ends[index]
        raw = place + self._lag(index)
        return raw, raw + 1

    def _lag(self, index: int) -> int:
        """How far raw places run ahead of clean ones after the first ``index`` changes."""
        return self._columns[1][index - 1] - self._columns[3][index - 1] if index else 0

    def from_raw(self, place: int) -> int | None:
        """Where a raw character stands in the clean text, or None if it was changed or removed."""
        index = bisect_right(self._columns[0], place)
        if index and self._columns[1][index - 1] > place:
            return None
        return place - self._lag(index)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made.

    >>> apply_edits("one, two", [Edit(3, 4, ";", "to show")])
    'one; two'
    """
    pieces, done, place = [], [], 0
    for start, end, new, _ in edits:
        pieces.append(text[place:start])
        pieces.append(new)
        place = end
        if len(pieces) >= _MOST_PIECES:  # many short strings take far more memory than one long one
            done.append("".join(pieces))
            pieces.clear()
    return "".join([*done, *pieces, text[place:]])


def apart(found: list[Edit]) -> Iterator[Edit]:
    """The edits in order of place, the earlier and longer of two that overlap."""
    place = 0
    for edit in sorted(found, key=lambda edit: (edit.start, -edit.end)):
        if edit.start >= place:
            place = edit.end
            yield edit


def _cluster(
    changes: _Peekable[Change], queue: _Peekable[Edit]
) -> tuple[list[Change], list[Edit], int]:
    """The next edit, the changes it touches, the edits that touch those, and so on; and its end."""
    touched: list[Change] = []
    group = [queue.next()]
    high = done = group[0].end
    while True:
        if changes.head and changes.head.clean_start < high:
            touched.append(changes.next())
            high = max(high, touched[-1].clean_end)
        elif queue.head and done <= queue.head.start < high:
            group.append(queue.next())
            done = group[-1].end
            high = max(high, done)
        else:
            return touched, group, done


class _Peekable(Generic[T]):
    """An iterator whose next item can be looked at first."""

    def __init__(self, items: Iterable[T]) -> None:
        self._items = iter(items)
        self.head: T | None = next(self._items, None)

    def next(self) -> T:
        item, self.head = self.head, next(self._items, None)
        return item
