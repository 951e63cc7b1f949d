"""Checks of facts and of evidence; never of opinions."""

from __future__ import annotations

import pytest

from helpers.classroom.check import enough_words, names_sentences, number


@pytest.mark.parametrize("answer", ["95", " 95 ", "95.0", "+95"])
def test_the_right_number(answer):
    assert number(95, "It has 95.")(answer) == "Yes. It has 95."


def test_thousands_may_be_set_apart():
    assert number(5998, "So it is.")("5,998").startswith("Yes.")


@pytest.mark.parametrize("answer", ["ninety-five", "", "no idea", "--"])
def test_what_is_no_number(answer):
    assert number(95, "why")(answer) == "This asks for a number: write it in digits."


@pytest.mark.parametrize("answer", ["95 paragraphs", "about 95", " 95. ", "95.0"])
def test_a_number_among_words_is_read(answer):
    assert number(95, "why")(answer) == "Yes. why"


def test_hints_at_the_likely_misreading():
    told = number(95, "why", {120: "That is the raw file."})
    assert told("120") == "Not quite. That is the raw file."
    for other in ("94", "9 5", "1e400", "-95"):
        assert told(other).startswith("Not quite. Run the cell above")


def test_words_are_counted_and_never_judged():
    told = enough_words(5, "Say why.")
    assert told("too short") == told("again again again again again") == "A start. Say why."
    assert told("five words of any opinion") == told("rubbish, twaddle, nonsense and balderdash")
    assert told("工会是工人的组织吗我想是").startswith("Kept."), "Chinese writes without spaces"
    assert told("five words of any opinion").startswith("Kept.")


def test_evidence_from_both_documents(corpus):
    told = names_sentences(*corpus.documents)
    whole = told("As kctu-002 says, and gftuk-010 does not.")
    assert whole.startswith("Both documents are cited.") and "There is no" not in whole
    assert told("Only kctu-002, kctu-003.") == f"Evidence is still wanted from: {corpus['gftuk'].about['short_title']}."
    assert all(document.about["short_title"] in told("no id at all") for document in corpus.documents)


@pytest.mark.parametrize("written", ["Kctu-002", "KCTU 2", "kctu–002", "kctu002"])
def test_ids_may_be_written_loosely(corpus, written):
    assert names_sentences(*corpus.documents)(f"{written} and gftuk-010").startswith("Both documents are cited.")


@pytest.mark.parametrize("stray", ["kctu-018", "kctu-000", "gftuk-156"])
def test_a_sentence_that_does_not_exist_is_named(corpus, stray):
    assert f"There is no sentence {stray}." in names_sentences(*corpus.documents)(f"kctu-001 gftuk-001 {stray}")
