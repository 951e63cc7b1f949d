"""Found text of many kinds, with gold made by reading: how well it is cleaned, and whether the account holds."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from accounts import check_account, check_sentences
from scoring import boundary_hits, error_count, joined, read_gold

from helpers.corpus.cleaning import clean
from helpers.corpus.sentences import split_sentences

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "cleaning"
RAW = sorted(FOLDER.glob("*/*.raw"))
SETS = ("first", "second", "third", "fourth", "fifth")
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


def test_the_three_sets_together():
    error_rate, f1 = rates([path for path in RAW if path.parent.name in SETS])
    assert error_rate < 0.005
    assert f1 > 0.98


@pytest.mark.parametrize("folder", SETS)
def test_each_set(folder):
    """A set that got much worse may not hide behind the others."""
    error_rate, f1 = rates([path for path in RAW if path.parent.name == folder])
    assert error_rate < 0.01
    assert f1 > 0.975


@pytest.mark.parametrize("path", RAW, ids=NAMES)
def test_the_account_of_each(path):
    cleaning = clean(path.read_bytes())
    check_account(cleaning)
    check_sentences(cleaning, split_sentences(cleaning.text))
    assert clean(cleaning.text).text == cleaning.text


@pytest.mark.parametrize("path", RAW, ids=NAMES)
def test_none_is_far_off(path):
    wrong, length, *_ = score(path)
    assert wrong / length < 0.1


@pytest.mark.parametrize(
    "path",
    [path for path in RAW if "clean_" in path.stem or "plain" in path.stem],
    ids=lambda path: path.stem,
)
def test_clean_text_loses_no_word(path):
    cleaning = clean(path.read_bytes())
    gold = joined(read_gold(path.with_suffix(".gold.txt")))
    assert re.findall(r"\w+", cleaning.text) == re.findall(r"\w+", gold)
