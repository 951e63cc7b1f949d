"""The account of a cleaning, checked by other means than its own: each character followed by
itself, through every edit."""

from __future__ import annotations

import re
from itertools import pairwise

from helpers.corpus.cleaning import STEPS, Cleaning

_NAMES = [step.name for step in STEPS]


def followed(
    raw: str, steps: list[tuple[int, list]]
) -> tuple[str, list[tuple[int, int]], list[int]]:
    """The text, the raw span behind each of its characters, and the step that took each raw one
    (-1: none)."""
    letters = [(letter, place, place + 1) for place, letter in enumerate(raw)]
    takers = [-1] * len(raw)
    for step, edits in steps:
        done, place = [], 0
        for start, end, new, _ in edits:
            behind = letters[start:end]
            low, high = behind[0][1], behind[-1][2]
            done += letters[place:start] + [(letter, low, high) for letter in new]
            place = end
            for at in range(low, high):
                takers[at] = step if takers[at] < 0 else takers[at]
        letters = done + letters[place:]
    return "".join(each[0] for each in letters), [each[1:] for each in letters], takers


def check_account(cleaning: Cleaning, *, slow: bool = True) -> None:
    """Text, origins and takers are what following each character gives; what nobody took is kept,
    and in order."""
    check_sums(cleaning)
    if not slow:
        return
    steps = [(_NAMES.index(record.step.name), record.edits) for record in cleaning.records]
    text, spans, takers = followed(cleaning.raw, steps)
    assert text == cleaning.text
    assert takers == cleaning.origins.takers.tolist()
    assert spans == [cleaning.origins.to_raw(at, at + 1) for at in range(len(text))]
    kept = [at for at, taker in enumerate(takers) if taker < 0]
    assert [cleaning.raw[at] for at in kept] == [
        cleaning.text[cleaning.origins.from_raw(at)] for at in kept
    ]
    assert all(one[0] <= two[0] and one[1] <= two[1] for one, two in pairwise(spans))


def check_sums(cleaning: Cleaning) -> None:
    """The table of the account against sums of our own, and its total against the length of the raw
    file."""
    account = cleaning.account()
    assert (account["difference"] == 0).all()
    assert account.at["total", "raw"] == len(cleaning.raw)
    assert account.drop(index="total")["raw"].sum() == len(cleaning.raw)
    assert account.at["total", "kept"] + account.at["total", "written"] == len(cleaning.text)
    for number, name in enumerate(_NAMES):
        taken = int((cleaning.origins.takers == number).sum())
        assert (account.at[name, "raw"] if name not in cleaning.off else 0) == taken


def check_sentences(cleaning: Cleaning, spans: list[tuple[int, int]]) -> None:
    """Sentences are in order, hold every letter, and lead to raw lines that hold their first and
    last words.

    A word counts where no step rewrote it or took anything out of it.
    """
    text = cleaning.text
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
            if _whole(cleaning, start + match.start(), start + match.end())
        ]
        for match in words[:1] + words[-1:]:
            assert any(match.group() in line for line in named), (text[start:end], place)
            if match.start() == 0:
                assert match.group() in named[0], (text[start:end], place)
            if match.end() == end - start:
                assert match.group() in named[-1], (text[start:end], place)


def _whole(cleaning: Cleaning, start: int, end: int) -> bool:
    """Whether a word stands in the raw file as it stands here, letter by letter and side by
    side."""
    low, high = cleaning.origins.to_raw(start, end)
    return high - low == end - start and (cleaning.origins.takers[low:high] < 0).all()
