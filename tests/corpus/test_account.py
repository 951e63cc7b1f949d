"""Alignment against a slow model that follows every character."""

from __future__ import annotations

import random

import pytest
from accounts import Slow, check_alignment, merged
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.corpus.account import Alignment, Change, Edit, apply_edits


def random_edits(chance: random.Random, length: int) -> list[Edit]:
    """Some edits in order that do not overlap, many of them side by side."""
    edits, place = [], 0
    while place < length and len(edits) < 8:
        start = place + chance.choice([0, 0, 1, 2, 5, 9])
        end = start + chance.choice([1, 1, 2, 3, 7])
        if end > length:
            break
        edits.append(
            Edit(
                start,
                end,
                "".join(chance.choices("xyz", k=chance.choice([0, 0, 1, 2, 4]))),
                "chance",
            )
        )
        place = end
    return edits


@settings(max_examples=900)
@given(st.text("abcdefgh", max_size=40), st.integers(1, 9), st.randoms(use_true_random=False))
def test_rounds_of_random_edits_agree_with_the_slow_model(raw, rounds, chance):
    text, alignment, slow = raw, Alignment(), Slow(raw)
    for step in range(rounds):
        edits = random_edits(chance, len(text))
        text, alignment = apply_edits(text, edits), alignment.after(edits, step)
        slow.take(edits, step)
        assert text == slow.text
        assert merged(alignment) == slow.changes()
        check_alignment(raw, text, alignment)


@settings(max_examples=300)
@given(
    st.text("abcdefgh", min_size=1, max_size=40),
    st.integers(1, 6),
    st.randoms(use_true_random=False),
    st.data(),
)
def test_to_raw_holds_all_that_a_span_came_from(raw, rounds, chance, data):
    text, alignment, slow = raw, Alignment(), Slow(raw)
    for step in range(rounds):
        edits = random_edits(chance, len(text))
        text, alignment = apply_edits(text, edits), alignment.after(edits, step)
        slow.take(edits, step)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    low, high = alignment.to_raw(start, end)
    if start == end:
        assert low == high
        return
    behind = [piece.raw for piece in slow.pieces for _ in piece.letters][start:end]
    assert (low, high) == (behind[0].start, behind[-1].stop)


@settings(max_examples=300)
@given(
    st.text("abcdefgh", min_size=1, max_size=40),
    st.integers(1, 6),
    st.randoms(use_true_random=False),
)
def test_from_raw_finds_what_was_kept_and_nothing_else(raw, rounds, chance):
    text, alignment, slow = raw, Alignment(), Slow(raw)
    for step in range(rounds):
        edits = random_edits(chance, len(text))
        text, alignment = apply_edits(text, edits), alignment.after(edits, step)
        slow.take(edits, step)
    place, wanted = 0, {}
    for piece in slow.pieces:
        if piece.step < 0:
            wanted[piece.raw.start] = place
        place += len(piece.letters)
    assert [alignment.from_raw(at) for at in range(len(raw))] == [
        wanted.get(at) for at in range(len(raw))
    ]


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(2, 4, "", "a"), Edit(3, 5, "", "b")],
        [Edit(4, 5, "", "a"), Edit(1, 2, "", "b")],
        [Edit(3, 3, "x", "nothing stood here")],
        [Edit(4, 2, "x", "backwards")],
    ],
)
def test_edits_out_of_order_are_refused(edits):
    with pytest.raises(ValueError, match="overlap or are empty"):
        Alignment().after(edits, 0)


def test_what_an_earlier_step_removed_stays_with_it():
    once = Alignment().after([Edit(2, 4, "", "first")], step=0)  # ab[cd]ef -> abef
    twice = once.after([Edit(1, 3, "", "second")], step=1)  # a[be]f -> af
    assert list(twice) == [Change(1, 2, 1, 1, 1), Change(2, 4, 1, 1, 0), Change(4, 5, 1, 1, 1)]


def test_after_leaves_the_earlier_alignment_as_it_was():
    once = Alignment().after([Edit(0, 1, "xx", "first")], step=0)
    before = list(once)
    once.after([Edit(0, 1, "", "second")], step=1)
    assert list(once) == before


def test_removed_characters_at_the_edges_are_left_out():
    alignment = Alignment().after([Edit(0, 2, "", "cut"), Edit(5, 6, "", "cut")], step=0)  # __abc_
    assert alignment.to_raw(0, 3) == (2, 5)
    assert alignment.to_raw(0, 0) == (2, 2)
    assert Alignment().to_raw(3, 7) == (3, 7)
