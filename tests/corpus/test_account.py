"""The list of origins against a model that follows each character by itself."""

from __future__ import annotations

import random

import pytest
from accounts import followed
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.corpus.account import Account, Edit, Edits, apply_edits, in_order


def random_edits(chance: random.Random, length: int) -> list[Edit]:
    """Some edits in order that do not overlap, many of them side by side."""
    edits, place = [], 0
    while place < length and len(edits) < 8:
        start = place + chance.choice([0, 0, 1, 2, 5, 9])
        end = start + chance.choice([1, 1, 2, 3, 7])
        if end > length:
            break
        new = "".join(chance.choices("xyz", k=chance.choice([0, 0, 1, 2, 4])))
        edits.append(Edit(start, end, new, "chance"))
        place = end
    return edits


@settings(max_examples=300)
@given(st.text("abcdefgh", max_size=40), st.integers(1, 9), st.randoms(use_true_random=False))
def test_any_edits_agree_with_the_slow_model(raw, rounds, chance):
    text, account, steps = raw, Account(len(raw)), []
    for step in range(rounds):
        steps.append((step, random_edits(chance, len(text))))
        text = apply_edits(text, steps[-1][1])
        account.take(Edits(steps[-1][1]), step)
    slow, spans, takers = followed(raw, steps)
    assert (text, takers, len(text)) == (slow, account.takers.tolist(), account.length)
    assert [account.to_raw(at, at + 1) for at in range(len(text))] == spans
    for start in range(len(text)):
        end = chance.randint(start + 1, len(text))
        assert account.to_raw(start, end) == (spans[start][0], spans[end - 1][1])
    for at, taker in enumerate(takers):
        assert taker >= 0 or spans[account.from_raw(at)] == (at, at + 1)


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(2, 4, "", "a"), Edit(3, 5, "", "b")],
        [Edit(4, 5, "", "a"), Edit(1, 2, "", "b")],
        [Edit(3, 3, "x", "nothing stood here")],
    ],
)
def test_edits_out_of_order_are_refused(edits):
    with pytest.raises(ValueError, match="overlap"):
        Account(9).take(Edits(edits), 0)


def test_what_an_earlier_step_took_stays_with_it():
    account = Account(6)
    account.take(Edits([Edit(2, 4, "", "first")]), 0)  # ab[cd]ef
    account.take(Edits([Edit(1, 3, "", "second")]), 1)  # a[be]f
    assert account.takers.tolist() == [-1, 1, 0, 0, 1, -1]
    assert account.to_raw(0, 2) == (0, 6) and account.to_raw(1, 1) == (5, 5)


def test_of_two_edits_that_overlap_the_earlier_and_longer_counts():
    edits = [Edit(1, 3, "", "b"), Edit(1, 5, "", "a"), Edit(4, 6, "", "c"), Edit(5, 6, "", "d")]
    assert [edit.reason for edit in in_order(edits)] == ["a", "d"]
