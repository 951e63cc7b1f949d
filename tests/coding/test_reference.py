"""The reference coding: whole, valid, each difference of its coders settled with a reason."""

import csv

import pytest

from helpers import agreement, load_codebook, read_codings
from helpers.corpus.documents import CORPUS_FOLDER

CODING = CORPUS_FOLDER / "coding"


@pytest.fixture(scope="module")
def tables():
    book = load_codebook()
    return {
        name: read_codings(CODING / f"{name}.csv", coder=name, codebook=book)
        for name in ("coder-1", "coder-2", "reference")
    }


def test_every_sentence_is_coded_once(tables, corpus):
    wanted = [sentence for document in corpus.documents for sentence in document.sentences.index]
    for table in tables.values():
        assert table["sentence"].to_list() == wanted


def test_what_both_coders_say_is_the_reference_and_the_rest_is_settled(tables):
    rows = {
        name: table.set_index("sentence")[["codes", "doer"]].apply(tuple, axis=1)
        for name, table in tables.items()
    }
    differ = [
        sentence
        for sentence in rows["reference"].index
        if rows["coder-1"][sentence] != rows["coder-2"][sentence]
    ]
    with open(CODING / "decisions.csv", encoding="utf-8", newline="") as file:
        decisions = {row["sentence"]: row for row in csv.DictReader(file)}
    assert list(decisions) == differ
    for sentence in rows["reference"].index:
        if sentence not in decisions:
            assert rows["reference"][sentence] == rows["coder-1"][sentence]
            continue
        row = decisions[sentence]
        assert rows["reference"][sentence] == (tuple(row["codes"].split()), row["doer"])
        assert rows["coder-1"][sentence] == (tuple(row["coder_1"].split()), row["doer_1"])
        assert rows["coder-2"][sentence] == (tuple(row["coder_2"].split()), row["doer_2"])
        assert len(row["reason"].split()) >= 12


def test_the_two_coders_agree_as_far_as_the_codebook_asks(tables, corpus):
    result = agreement(tables["coder-1"], tables["coder-2"], corpus, load_codebook())
    assert result.n == 172
    alpha = result.overall.loc[("code sets", "alpha")]
    assert alpha["value"] > 0.9
    assert alpha["low"] > 0.85
    assert result.overall.loc[("doer", "alpha"), "value"] > 0.85
