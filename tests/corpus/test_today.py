"""The account and the places of the three shipped texts, held against those of before the list of
origins."""

from pathlib import Path

import pandas as pd
import pytest

from helpers.corpus.documents import load_corpus
from helpers.corpus.library import practice_document

DATA = Path(__file__).resolve().parents[1] / "data"


@pytest.fixture(scope="module")
def documents():
    found = [*load_corpus().documents, practice_document()]
    return {document.id: document for document in found}


def test_the_account_is_that_of_before(documents):
    wanted = pd.read_csv(DATA / "accounts.csv").set_index(["document", "step"])
    for id, document in documents.items():
        assert document.cleaning.account().astype(int).equals(wanted.loc[id]), id


def test_each_sentence_stands_where_it_stood(documents):
    wanted = pd.read_csv(DATA / "places.csv")
    rows = []
    for document in documents.values():
        for id, row in document.sentences.iterrows():
            place = document.sentence_in_raw(id)
            rows.append((id, row["paragraph"], row["start"], row["end"], *place[:4], row["text"]))
    assert rows == list(wanted.itertuples(index=False, name=None))
