"""The glossary: terms found where they stand, once in a paragraph, and never a word of the text
lost."""

from __future__ import annotations

import re
from collections import Counter
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sentence import trouble

from helpers.corpus.documents import load_corpus
from helpers.corpus.glossary import Term, find_terms, load_glossary

CORPUS, GLOSSARY = load_corpus(), load_glossary()


def made(*paragraphs: list[str]) -> SimpleNamespace:
    """A document of paragraphs that are lists of sentences."""
    rows = [(number, text) for number, sentences in enumerate(paragraphs, 1) for text in sentences]
    ids = [f"doc-{number:03d}" for number in range(1, len(rows) + 1)]
    return SimpleNamespace(
        sentences=pd.DataFrame(rows, columns=["paragraph", "text"], index=ids).astype(
            {"text": object}
        )
    )


def terms(*forms: list[str]) -> list[Term]:
    return [
        Term(f"term {number}", list(each), "meaning", "source", True)
        for number, each in enumerate(forms)
    ]


def found(document, glossary) -> list[list[tuple[str, int]]]:
    """The terms found, sentence by sentence."""
    return [
        [piece for piece in pieces if piece[1] is not None]
        for pieces in find_terms(document, glossary).values()
    ]


def by_hand(text: str, glossary: list[Term], told: set[int]) -> list[tuple[str, int]]:
    """What should be found in a sentence, letter by letter and without a pattern."""
    hits, place, forms = (
        [],
        0,
        sorted(
            ((form, n) for n, term in enumerate(glossary) for form in term.forms),
            key=lambda each: -len(each[0]),
        ),
    )

    def inside(at: int) -> bool:
        return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")

    while place < len(text):
        fits = [
            (form, n)
            for form, n in forms
            if text.startswith(form, place)
            and not inside(place - 1)
            and not inside(place + len(form))
        ]
        if fits and fits[0][1] not in told:
            told.add(fits[0][1])
            hits.append(fits[0])
        place += len(fits[0][0]) if fits else 1
    return hits


FORM = st.text("ab .+*([\\|^$?é한-", min_size=1, max_size=4).filter(str.strip)
GLOSSARIES = st.lists(FORM, max_size=8, unique=True).flatmap(
    lambda forms: st.lists(st.integers(0, 3), min_size=len(forms), max_size=len(forms)).map(
        lambda of: terms(
            *[[form for form, place in zip(forms, of, strict=True) if place == n] for n in range(4)]
        )
    )
)
PARAGRAPHS = st.lists(
    st.lists(st.text("ab .+*([\\|^$?é한-", max_size=16), min_size=1, max_size=3), max_size=3
)


@settings(max_examples=150)
@given(PARAGRAPHS, GLOSSARIES)
@example([["a.b a+b", ""], ["a.b"]], terms(["a.b"], ["a+b", ".*", "("], []))
def test_pieces_are_the_text_and_terms_are_those_found_by_hand(paragraphs, glossary):
    document = made(*paragraphs)
    pieces = find_terms(document, glossary)
    assert list(pieces) == list(document.sentences.index)
    told = {number: set() for number in document.sentences["paragraph"]}
    for id, paragraph, text in document.sentences.itertuples():
        assert "".join(words for words, _ in pieces[id]) == text and all(
            words for words, _ in pieces[id]
        )
        assert [piece for piece in pieces[id] if piece[1] is not None] == by_hand(
            text, glossary, told[paragraph]
        )


@pytest.mark.parametrize(
    ("forms", "text", "hits"),
    [
        ([["Party"], ["the Party"]], "So the Party said.", [("the Party", 1)]),
        (
            [["a b"], ["b c d"]],
            "a b c d",
            [("a b", 0)],
        ),  # what begins first counts, not what is longer
        ([["Juche", "Juche idea"]], "The Juche idea is Juche.", [("Juche idea", 0)]),
        (
            [["Juche"], ["Juche idea"]],
            "Juche ideas, the Juche idea",
            [("Juche", 0), ("Juche idea", 1)],
        ),
        ([["union"]], "Unions and reunion; UNION, Union union.", [("union", 0)]),
        ([["C++"], [".*"], ["(x)"]], "C++ is .* and (x)", [("C++", 0), (".*", 1), ("(x)", 2)]),
        ([["노조"]], "노조는 노조 노조", [("노조", 0)]),
        ([["a"], []], "a", [("a", 0)]),
        ([], "nothing to find", []),
    ],
)
def test_which_words_are_found(forms, text, hits):
    assert found(made([text]), terms(*forms)) == [hits]


def test_a_term_is_told_once_in_a_paragraph_whatever_its_form():
    document = made(["KCTU acts.", "The Confederation acts.", "KCTU."], ["The KCTU and KCTU."])
    assert found(document, terms(["KCTU", "The Confederation"])) == [
        [("KCTU", 0)],
        [],
        [],
        [("KCTU", 0)],
    ]


# --- the real glossary on the real texts


def test_the_pieces_of_the_corpus_are_its_text_and_each_term_is_told_once_in_a_paragraph():
    for document in CORPUS.documents:
        pieces, told = (
            find_terms(document, GLOSSARY),
            {number: set() for number in document.paragraphs.index},
        )
        for id, row in document.sentences.iterrows():
            assert "".join(words for words, _ in pieces[id]) == row["text"]
            hits = [piece for piece in pieces[id] if piece[1] is not None]
            assert hits == by_hand(row["text"], GLOSSARY, told[row["paragraph"]])


def test_every_term_that_stands_in_the_texts_is_found():
    hits = Counter(
        piece[1]
        for document in CORPUS.documents
        for sentence in found(document, GLOSSARY)
        for piece in sentence
    )
    clean, raw = (
        " ".join(getattr(document, which) for document in CORPUS.documents)
        for which in ("text", "raw")
    )
    for number, term in enumerate(GLOSSARY):
        stands = [form for form in term.forms if re.search(rf"\b{re.escape(form)}\b", clean)]
        assert bool(stands) == bool(hits[number]), term
        assert not term.forms or stands or any(form in raw for form in term.forms), (
            f"no form of {term.term} is in any text"
        )
    assert {GLOSSARY[number].term for number in range(len(GLOSSARY)) if not hits[number]} == {
        "Juche 110",
        "transmission belt",
        "XE",
    }


# --- files

ONE = '[[terms]]\nterm = "t"\nforms = ["f"]\nmeaning = "m"\nsource = "s"\n'


def test_another_glossary(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        ONE
        + "verified = true\n"
        + ONE.replace('["f"]', "[]")
        + "verified = false\nquestion = true\n"
    )
    assert load_glossary(path) == [
        Term("t", ["f"], "m", "s", True),
        Term("t", [], "m", "s", False, True),
    ]
    path.write_text("terms = []")
    assert load_glossary(str(path)) == [] and found(made(["a b"]), []) == [[]]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        *[(ONE + re.sub(rf"(?m)^{field} = .*$", "", ONE), "lacks") for field in ("term", "forms")],
        ("terms = 5", "lacks"),
        ("", "lacks"),
        ("[[terms]", "line 1"),
        ("\udcff", "UTF-8"),
    ],
)
def test_bad_files(tmp_path, text, word):
    path = tmp_path / "own.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with trouble("own.toml", word):
        load_glossary(path)


def test_a_file_that_is_not_there(tmp_path):
    for path in (tmp_path / "gone.toml", tmp_path):
        with trouble(path.name):
            load_glossary(path)
