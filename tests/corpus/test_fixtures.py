"""Found text of many kinds, with gold made by reading: how well it is cleaned, and whether the
account holds."""

from __future__ import annotations

import re
import textwrap
from functools import cache
from pathlib import Path

import pytest
from accounts import check_account, check_sentences
from scoring import boundary_hits, error_count, joined, lost_and_left, read_gold

from helpers.corpus.cleaning import clean
from helpers.corpus.sentences import split_sentences

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "cleaning"
RAW = sorted(FOLDER.glob("*/*.raw"))
SETS = ("first", "second", "third", "fourth", "fifth")
ONCE_IS_ENOUGH = 90
NAMES = [f"{path.parent.name}/{path.stem}" for path in RAW]


@cache
def score(path: Path) -> tuple[int, int, int, int, int]:
    """Wrong characters, characters in the gold, and our, shared and wanted sentence ends."""
    gold = read_gold(path.with_suffix(".gold.txt"))
    text = clean(path.read_bytes()).text
    places = split_sentences(text)
    ours = [
        [text[start:end] for start, end in places if paragraph.start() <= start < paragraph.end()]
        for paragraph in re.finditer(r"[^\n]+", text)
    ]
    wanted = joined(gold)
    return error_count(text, wanted), len(wanted), *boundary_hits(ours, gold)


def rates(paths: list[Path]) -> tuple[float, float]:
    """Character error rate and F1 of sentence ends, over all characters and ends together."""
    wrong, length, hits, ours, gold = map(sum, zip(*map(score, paths), strict=True))
    return wrong / length, 2 * hits / (ours + gold)


def test_the_fixtures_are_all_there():
    assert len(RAW) >= 70 and {path.parent.name for path in RAW} >= set(SETS)
    assert all(path.with_suffix(".gold.txt").is_file() for path in RAW)


def test_all_sets_together_and_each():
    error_rate, f1 = rates(RAW)
    assert error_rate < 0.010 and f1 > 0.98
    for folder in SETS:  # a set that got much worse may not hide behind the others
        error_rate, f1 = rates([path for path in RAW if path.parent.name == folder])
        assert error_rate < 0.015 and f1 > 0.97, folder


@pytest.mark.parametrize("path", RAW, ids=NAMES)
def test_no_word_of_a_body_is_lost(path):
    gold = joined(read_gold(path.with_suffix(".gold.txt")))
    lost, _ = lost_and_left(clean(path.read_bytes()).text, gold)
    assert lost == []


@pytest.mark.parametrize("folder", SETS)
def test_a_body_alone_loses_no_word(folder):
    """The gold has no title page and no furniture: whatever is taken from it is a word of a
    body."""
    for path in sorted((FOLDER / folder).glob("*.gold.txt")):
        paragraphs = joined(read_gold(path)).split("\n\n")
        wrapped = [textwrap.fill(each, 58, break_on_hyphens=False) for each in paragraphs]
        for text in ("\n\n".join(paragraphs), "\n".join(paragraphs), "\n\n".join(wrapped)):
            lost, _ = lost_and_left(clean(text).text, " ".join(paragraphs))
            assert lost == [], path.name


@pytest.mark.parametrize("path", RAW, ids=NAMES)
def test_the_account_of_each(path):
    cleaning = clean(path.read_bytes())
    check_account(cleaning)
    check_sentences(cleaning, split_sentences(cleaning.text))


def test_cleaning_a_clean_text_changes_nearly_nothing():
    """One pass, no rounds: what a first cleaning left is seldom taken by a second."""
    once = [clean(path.read_bytes()).text for path in RAW]
    assert sum(clean(text).text == text for text in once) >= ONCE_IS_ENOUGH
