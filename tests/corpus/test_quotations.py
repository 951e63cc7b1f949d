"""A quotation is right if its words stand in the document in this order, and else wrong."""

from __future__ import annotations

import re
import time

import pytest
from documents import nasty
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from sentence import trouble

from helpers.corpus.cleaning import clean
from helpers.corpus.documents import FIELDS, Document, load_corpus
from helpers.corpus.quotations import LONGEST, Quotation, check_quotation

CORPUS = load_corpus()
KCTU, GFTUK = CORPUS.documents
CHUNKS = {document.id: list(re.finditer(r"\S+", document.text)) for document in CORPUS.documents}
VOCABULARY = sorted(
    {
        word
        for document in CORPUS.documents
        for word in re.findall(r"\w+(?:['-]\w+)*", document.text)
    }
)


def document_of(text: str, id: str = "own") -> Document:
    """A document with a text of its own."""
    return Document(
        id, dict.fromkeys(FIELDS, "Own words"), clean(text, body=(1, 1 + text.count("\n")))
    )


def quoted(text: str, document: str = "kctu") -> Quotation:
    return check_quotation(CORPUS, text, document)


def plain(text: str) -> str:
    """A text as an oracle of its own compares it: no quotation marks, no mark at the end."""
    return re.sub(r"[.,:;]$", "", " ".join(re.sub(r"[\"“”]|(?<!\w)'|'(?!\w)", "", text).split()))


@st.composite
def stretches(draw, least: int = 1, most: int = 60):
    """A document and a run of its words, as places in the clean text."""
    document = draw(st.sampled_from(CORPUS.documents))
    chunks = CHUNKS[document.id]
    many = draw(st.integers(least, most))
    first = draw(st.integers(0, len(chunks) - many))
    return document, chunks[first : first + many]


# --- what must pass


@given(stretches())
def test_every_true_quotation_passes(stretch):
    document, chunks = stretch
    start, end = chunks[0].start(), chunks[-1].end()
    assume(re.search(r"\w", document.text[start:end]))
    found = quoted(document.text[start:end], document.id)
    assert (
        found.stands
        and found.document == document.id
        and found.told.startswith("Word for word in ")
    )
    (low, high), table = found.spans[0], document.sentences
    assert plain(document.text[low:high]).casefold() == plain(document.text[start:end]).casefold()
    assert found.sentences == tuple(table.index[(table["start"] < high) & (table["end"] > low)])
    assert {kind for kind, *_ in found.pieces} == {"same"}


@given(stretches(5), st.data())
def test_every_quotation_shortened_in_the_middle_passes_and_tells_what_is_left_out(stretch, data):
    document, chunks = stretch
    first = data.draw(st.integers(1, len(chunks) - 2))
    last = data.draw(st.integers(first, len(chunks) - 2))
    dots = data.draw(st.sampled_from(["…", "...", "[…]", "[...]", ". . .", "… …"]))
    left, right = (
        document.text[part[0].start() : part[-1].end()]
        for part in (chunks[:first], chunks[last + 1 :])
    )
    assume(re.search(r"\w", left) or re.search(r"\w", right))
    found = quoted(f"{left} {dots} {right}", document.id)
    assert found.stands, found.told
    assert {kind for kind, *_ in found.pieces} <= {"same", "left out"}
    for kind, has, _ in found.pieces:
        assert has in document.text and (
            kind == "same" or " ".join(has.split())[:100] in found.told
        )


@settings(max_examples=300)
@given(
    nasty | st.text(st.sampled_from("aB [](){}.…'\"’-–—\n\u0301\u00ad\ud800é노"), max_size=40),
    st.data(),
)
@example("a…b [c [d] ...e", None)
def test_every_true_quotation_passes_of_any_text(text, data):
    document = document_of(text)
    chunks = list(re.finditer(r"\S+", document.text))
    assume(chunks)
    first = data.draw(st.integers(0, len(chunks) - 1)) if data else 0
    last = data.draw(st.integers(first, len(chunks) - 1)) if data else len(chunks) - 1
    words = document.text[chunks[first].start() : chunks[last].end()]
    assume(len(words) <= LONGEST and re.search(r"\w", words))
    assert check_quotation(document, words).stands


@pytest.mark.parametrize(
    "words",
    [
        "“The KCTU will work towards political empowerment of workers.”",
        "the KCTU will\n  work towards\tpolitical empowerment of workers",
        "‘political empowerment of workers’,",
        "political empowerment of workers...",
        "… political empowerment of workers …",
        "[T]he KCTU will work",
        "[It] will work towards political empowerment",
        "The KCTU will work towards political empowerment of [the] workers",
        "all progressive people’s forces",
        "campaign -- together with other progressive social forces -- to reform",
        "co‑determination",
        "industry-wide\u00a0coordinated struggle",
    ],
)
def test_what_does_not_count_is_passed_over(words):
    assert quoted(words).stands


def test_words_of_ones_own_are_told():
    found = quoted("They [the unions] should take care of [their] life and work", "gftuk")
    assert found.stands and found.told.endswith(
        "In square brackets, your own: [the unions] and [their] for “the”."
    )
    found = quoted("they should take care of [their] life and work of trade union members", "gftuk")
    assert found.stands and found.told.endswith("In square brackets, your own: [their] for “the”.")
    assert [piece for piece in found.pieces if piece[0] == "yours"] == [("yours", "the", "[their]")]
    assert "your own: [T]." in quoted("[T]hey should take care", "gftuk").told


def test_left_out_words_can_turn_the_sense_and_are_shown():
    found = quoted(
        "cherishing in their hearts the trust … have rendered an outstanding contribution", "gftuk"
    )
    assert (
        found.stands
        and "Left out: “shown in them by the Party Central Committee in awarding them" in found.told
    )


def test_a_document_may_have_brackets_and_ellipses_of_its_own():
    document = document_of("Chair [waving]: we … will [not stop here] at all. So ... be it [sic.")
    for words in (
        "Chair [waving]: we … will [not stop here] at all",
        "we … will",
        "[not stop here]",
        "... be it [sic",
        "So … it [sic",
    ):
        assert check_quotation(document, words).stands, words


# --- what must fail


@given(stretches(1), st.data())
def test_every_quotation_with_one_word_altered_fails(stretch, data):
    document, chunks = stretch
    words = [chunk.group() for chunk in chunks]
    at = data.draw(
        st.sampled_from(
            [number for number, word in enumerate(words) if re.search(r"\w", word)] or [0]
        )
    )
    assume(re.search(r"\w", words[at]))
    other = data.draw(st.sampled_from(VOCABULARY) | st.text("abcxyz", min_size=1, max_size=12))
    how = data.draw(st.sampled_from(["another", "added", "dropped", "doubled"]))
    changed = {
        "another": [other],
        "added": [words[at], other],
        "dropped": [],
        "doubled": [words[at]] * 2,
    }[how]
    given_words = " ".join([*words[:at], *changed, *words[at + 1 :]])
    assume(re.search(r"\w", given_words))
    everywhere = [plain(each.text) for each in CORPUS.documents]
    wanted = plain(given_words)
    forms = (wanted, re.sub(r"\w", lambda match: match.group().swapcase(), wanted, count=1))
    assume(
        not any(
            re.search(rf"(?<![\w-]){re.escape(form)}(?![\w-])", text)
            for form in forms
            for text in everywhere
        )
    )
    found = quoted(given_words, document.id)
    assert not found.stands and found.told.endswith(".")
    if len(words) > 8:
        assert found.document == document.id and found.sentences
        assert any(kind == "differs" for kind, *_ in found.pieces)
        shown = " ".join(here for _, _, here in found.pieces)
        assert re.findall(r"\w+", shown) == re.findall(r"\w+", given_words)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            "The KCTU will work for political empowerment of workers",
            "the document has “towards” where you have “for”",
        ),
        (
            "The KCTU will not work towards political empowerment",
            "the document has “will” where you have “will not”",
        ),
        (
            "The KCTU will work political empowerment of workers",
            "the document has “work towards” where you have “work”",
        ),
        (
            "The KCTU will work towards Political empowerment",
            "the document has “political” where you have “Political”",
        ),
        ("human rights democracy, and peace", "the document has “rights,” where you have “rights”"),
        ("will work towards empowerment political of workers", "Not word for word"),
        (
            "all progressive peoples forces to realise",
            "the document has “people's” where you have “peoples”",
        ),
        (
            "the strengthening … advancement of international sovereignty",
            "the document has “national” where you have “international”",
        ),
    ],
)
def test_what_differs_is_shown(words, told):
    found = quoted(words)
    assert (
        not found.stands and told in found.told and "The nearest passage is in kctu-0" in found.told
    )


def test_the_nearest_passage_is_found_among_many_like_it():
    found = quoted(
        "with a sense of fervent friendship and empathy, they should take care of the life", "gftuk"
    )
    assert found.sentences == ("gftuk-143",)
    assert [piece for piece in found.pieces if piece[0] == "differs"] == [
        ("differs", "comradeship", "friendship")
    ]


def test_a_quotation_of_the_other_document_is_told():
    found = quoted("political empowerment of workers", "gftuk")
    assert not found.stands and (found.document, found.sentences) == ("kctu", ("kctu-002",))
    assert found.told.startswith(
        "These words stand in KCTU, Our Aims (kctu-002), not in Kim Jong Un, letter of 2021"
    )
    assert check_quotation(CORPUS, "political empowerment of workers").stands
    assert not check_quotation(GFTUK, "political empowerment of workers").stands


def test_parts_too_far_apart_or_turned_round_do_not_stand():
    far = f"{KCTU.text.split('.')[0]} … {KCTU.text.split('.')[-2]}"
    for words in (far, "nuclear weapons … will construct a truly democratic society"):
        assert not quoted(words).stands
    within = "work towards political empowerment … " + CHUNKS["kctu"][28 + 60].group()
    assert quoted(within).stands


def test_what_stands_nowhere_is_told():
    assert quoted("a quick brown fox jumps over some lazy dog").told.startswith(
        "Nothing like this stands in KCTU, Our Aims"
    )
    assert "KCTU, Our Aims or Kim Jong Un" in check_quotation(CORPUS, "zebra xylophone").told


def test_words_that_stand_often_say_so():
    many = KCTU.text.count("The KCTU") + KCTU.text.count("the KCTU")
    assert many > 9 and quoted("the KCTU").told.endswith(
        f"These words stand in {many} places; this is the first."
    )


def test_what_is_no_quotation():
    for words in ("", "   ", "…", "[they]", "“”", ". . .", "\ud800", "!?"):
        with trouble("no word of a document"):
            quoted(words)
    for words in ("x" * (LONGEST + 1), None, 5, ["x"]):
        with trouble("3,000 characters"):
            quoted(words)
    with trouble("'kftu'", "kctu, gftuk"):
        quoted("workers", "kftu")


def test_a_long_document_is_searched_quickly():
    long = document_of("\n\n".join([GFTUK.text] * 20) + "\n\nThe zebra of the union ran.")
    began = time.perf_counter()
    assert check_quotation(long, "the zebra … ran").stands
    assert not check_quotation(long, " ".join(GFTUK.text.split()[:400]) + " zebra").stands
    assert not check_quotation(long, "the … the … the … the … the … zebras").stands
    assert time.perf_counter() - began < 10


@given(st.text(st.characters(exclude_categories=()), max_size=60) | nasty)
def test_no_quotation_breaks_the_check(words):
    try:
        found = quoted(words)
    except ValueError as problem:
        assert type(problem).__name__ == "UnionError"
    else:
        assert found.told and isinstance(found.stands, bool)
