"""Files of kinds that went wrong in the field, added, held against what a reader expects."""

import re
import tomllib
from pathlib import Path

import pytest

from helpers.corpus.library import add_document

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "field"
CASES = {
    name: want
    for path in FOLDER.glob("expected_*.toml")
    for name, want in tomllib.loads(path.read_text(encoding="utf-8")).items()
}
KNOWN = dict.fromkeys(("title", "author", "date", "source", "rights"), "-")
SHAPES = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "—": "-", "–": "-"})


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(SHAPES).replace("--", "-")).strip()


@pytest.mark.parametrize("name", CASES)
def test_what_a_careful_reader_expects(name, tmp_path):
    want = CASES[name]
    path = FOLDER / "inputs" / want["file"]
    document = add_document(path.read_bytes(), name=path.name, folder=tmp_path, **KNOWN)
    paragraphs = [plain(each) for each in document.text.split("\n\n")]
    text, sentences = " ".join(paragraphs), [plain(each) for each in document.sentences["text"]]
    cleaning = document.cleaning
    said = plain(
        f"{document.notes} {document.found} {cleaning.notes} {cleaning.found().to_string()}"
    )
    in_order = iter(paragraphs)
    for each in map(plain, want.get("paragraphs", [])):
        assert each in in_order, f"no paragraph {each!r}, in this order, in {document.text}"
    assert [each for each in want.get("holds", []) if plain(each) not in text] == [], document.text
    # What must not be there is looked for in each paragraph: over two of them it is no fault.
    found = [
        each for each in want.get("lacks", []) if any(plain(each) in part for part in paragraphs)
    ]
    assert found == [], document.text
    assert [each for each in want.get("told", []) if plain(each) not in said] == [], said
    assert [each for each in map(plain, want.get("sentences", [])) if each not in sentences] == []
    assert (cleaning.account()["difference"] == 0).all()
