"""Plain texts of the kinds that went wrong in the field, held against what a careful reader
expects."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from helpers.corpus.cleaning import clean
from helpers.corpus.sentences import split_sentences

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "field"
CASES = tomllib.loads((FOLDER / "expected_text.toml").read_text(encoding="utf-8"))


def plain(text: str) -> str:
    for old, new in (("“", '"'), ("”", '"'), ("’", "'"), ("—", "-"), ("–", "-")):
        text = text.replace(old, new)
    return " ".join(text.split())


@pytest.mark.parametrize("name", CASES)
def test_what_a_careful_reader_expects(name):
    want = CASES[name]
    cleaning = clean((FOLDER / "inputs" / want["file"]).read_bytes())
    text, told = plain(cleaning.text), plain(f"{cleaning.notes} {cleaning.found().to_string()}")
    paragraphs = iter([plain(each) for each in cleaning.text.split("\n\n")])
    for each in map(plain, want.get("paragraphs", [])):
        assert each in paragraphs, f"no paragraph {each!r}, in this order, in {cleaning.text}"
    assert [each for each in want.get("holds", []) if plain(each) not in text] == []
    assert [each for each in want.get("lacks", []) if plain(each) in text] == []
    assert [each for each in want.get("told", []) if plain(each) not in told] == []
    spans = split_sentences(cleaning.text)
    sentences = [plain(cleaning.text[start:end]) for start, end in spans]
    assert [each for each in map(plain, want.get("sentences", [])) if each not in sentences] == []


@pytest.mark.parametrize("name", CASES)
def test_no_letter_is_lost_in_silence(name):
    """What is not in the text stands in the account, and is furniture or outside the body, or a
    space or hyphen."""
    cleaning = clean((FOLDER / "inputs" / CASES[name]["file"]).read_bytes())
    gone = cleaning.edits()
    gone = gone[~gone["step"].isin(["page-furniture", "title-page"])]
    assert not [old for old in gone["old"] if re.search(r"\w", old)]
