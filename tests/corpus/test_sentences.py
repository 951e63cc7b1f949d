"""Where sentences end, and where they only seem to."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from helpers.corpus.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "See No. 26 of the rules.",
        "Mr. Smith and Dr. Jones spoke.",
        "It was J. B. Hill who spoke.",
        "The rules, e.g. rule 4, hold.",
        'They asked, "Why us?" and went on.',
        "We pay 4.50 a week.",
        "It is the U.S. that acts.",
        "Pp. 3-4 and Sec. 5 hold.",
        '"Will you come?" she asked them.',
        "1. The union will act.",
        "(a) The union will act.",
        "and so on... until they came.",
        "Article 3. Members pay dues.",
    ],
)
def test_one_sentence_stays_one(whole):
    assert sentences(whole) == [whole]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("The union acts.", "It will not wait."),
        ("Will it act?", "It must!"),
        ("It is 5 p.m.", "The day ends."),
        ('He said, "Yes."', "They left."),
        ("So it ended…", "They left."),
        ("They left in 1931.", "We stayed."),
        ("It cost £5.", "We paid."),
        ("(Applause.)", "The chair rose."),
        ("Coal, iron, etc.", "The rest was sold."),
        ("This is how I see it.", "A union acts."),
        ("노동자는 단결한다.", "우리는 간다."),
        ("They saw it.[12]", "Then they left."),
    ],
)
def test_two_sentences_are_two(left, right):
    assert sentences(f"{left} {right}") == [left, right]


def test_no_sentence_crosses_a_paragraph():
    assert sentences("One goes on\n\nand on. Two") == ["One goes on", "and on.", "Two"]


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", " \n "])
def test_no_sentence_in_nothing(text):
    assert split_sentences(text) == []


def test_a_long_paragraph_is_divided_as_a_short_one():
    parts = [
        f"In {1900 + number} the union of Mr. Hill, No. {number}, acted for its members."
        for number in range(300)
    ]
    assert sentences(" ".join(parts)) == parts


def test_what_is_learned_does_not_leak_from_one_text_to_the_next():
    text = "The org. Committee met. It acted."
    before = sentences(text)
    split_sentences("Another text.", "xyz. abc, xyz. def, xyz. ghi, " * 50)
    assert sentences(text) == before


def test_the_traps_that_published_suites_of_rules_have():
    path = Path(__file__).resolve().parents[1] / "data" / "rules.toml"
    cases = tomllib.loads(path.read_text(encoding="utf-8"))["cases"]
    missed = [case for case in cases if sentences(" ".join(case)) != case]
    assert len(cases) == 47 and len(missed) <= 1, missed
