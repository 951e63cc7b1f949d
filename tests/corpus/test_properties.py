"""What holds for every text there can be: 10,000 of them a run, new ones each time."""

from __future__ import annotations

import random

import pytest
from accounts import check_account, check_sentences, check_sums
from documents import anything, nasty
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from helpers.corpus.cleaning import STEPS, clean
from helpers.corpus.sentences import split_sentences

_NAMES = [step.name for step in STEPS]


def holds(raw: str) -> None:
    """The account balances, every character is where it says, and cleaning again changes nothing."""
    cleaning = clean(raw)
    assert cleaning.raw == raw
    check_account(cleaning)
    assert clean(cleaning.text).text == cleaning.text
    check_sentences(cleaning, split_sentences(cleaning.text, "One. Two."))


def try_many(documents, part: int, examples: int) -> None:
    """Try so many documents. Each part has a seed of its own: where runs repeat, as in CI, parts must not be the same."""
    start = part if settings.default.derandomize else random.randrange(10**9)
    check = settings(max_examples=examples, derandomize=False, database=None)(
        given(documents)(lambda raw: holds(raw))
    )
    seed(start)(check)()


@pytest.mark.parametrize("part", range(3))
def test_any_unicode_text(part):
    try_many(anything, part, 1_400)


@pytest.mark.parametrize("part", range(4))
def test_any_lines_that_make_trouble(part):
    try_many(nasty, part, 1_450)


def test_the_parts_are_not_the_same(monkeypatch):
    seen: list[set[str]] = []
    monkeypatch.setitem(globals(), "holds", lambda raw: seen[-1].add(raw))
    for part in range(3):
        seen.append(set())
        try_many(nasty, part, 60)
    assert min(map(len, seen)) > 40
    assert len(set.union(*seen)) > 0.8 * sum(map(len, seen))


@settings(max_examples=150)
@given(nasty | anything)
def test_the_table_of_the_account_adds_up(raw):
    check_sums(clean(raw))


@settings(max_examples=300)
@given(nasty | anything, st.sets(st.sampled_from(_NAMES)))
def test_any_steps_off(raw, off):
    cleaning = clean(raw, off=off)
    check_account(cleaning)
    assert not {record.step.name for record in cleaning.records} & off
    spans = split_sentences(cleaning.text, "One. Two.")
    assert all(cleaning.text[start:end].strip() for start, end in spans)


@settings(max_examples=60)
@given(nasty)
def test_each_step_off_alone(raw):
    for name in _NAMES:
        cleaning = clean(raw, off=[name])
        check_account(cleaning)
        assert name not in {record.step.name for record in cleaning.records}


@settings(max_examples=300)
@given(nasty)
def test_all_steps_off_leaves_the_text_alone(raw):
    cleaning = clean(raw, off=_NAMES)
    assert cleaning.text == raw
    assert len(cleaning.alignment) == 0


@settings(max_examples=300)
@given(
    st.binary(max_size=300)
    | nasty.map(lambda text: text.encode("utf-16", "surrogatepass"))
    | nasty.map(lambda text: text.encode("cp1252", "ignore"))
)
def test_any_bytes_are_read_or_refused_in_a_sentence(data):
    from sentence import assert_one_sentence

    from helpers.corpus.errors import UnionError

    try:
        cleaning = clean(data, name="found.txt")
    except UnionError as refused:
        assert_one_sentence(str(refused))
    else:
        check_account(cleaning)


@settings(max_examples=300)
@given(nasty)
def test_a_clean_text_shows_no_trace_of_the_machine(raw):
    text = clean(raw).text
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert not any(line != line.strip() for line in text.split("\n"))
    assert not set(text) & set("\r\f\v\t\x00\x85\u2028\u2029\u00a0\u200b\ufeff\u202e“”’‘ﬁ―")
    assert all(line == "" for line in text.split("\n")[1::2]), "a paragraph is one line"


NASTY_UNITS = [
    "a",
    ".",
    "a.",
    "1.",
    "I.",
    "a.b",
    "a\n",
    "a-\n",
    "a\u00ad\n",
    "\t",
    "\r",
    "\n ",
    "*a",
    "_a",
    "[a](",
    "<p ",
    "&a",
    '" a',
    "A. ",
    "x. ",
    "Mr. ",
    "- ",
    "|",
    "=",
    "\u0301",
]


@pytest.mark.parametrize("unit", NASTY_UNITS, ids=[ascii(unit) for unit in NASTY_UNITS])
def test_a_long_run_of_anything_ends_in_time(unit):
    """A pattern that backtracks without end would show here: twice the text may not take four times as long."""
    from time import process_time

    split_sentences("One. Two.")
    text = unit * (20_000 // len(unit))
    started = process_time()
    split_sentences(clean(text).text)
    assert process_time() - started < 3
