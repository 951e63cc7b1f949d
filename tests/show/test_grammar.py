"""Words with their parts of speech, and clauses marked in their sentences: nothing of the text
is lost, and all is escaped.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence import trouble

from helpers.corpus.files import read_toml
from helpers.show import grammar
from helpers.show.charts import page
from helpers.show.grammar import show_clauses, show_words, try_sentence
from helpers.words.clauses import modal_clauses
from helpers.words.tokens import document_tokens, tools


def plain(content: str) -> str:
    """HTML without its marks."""
    return html.unescape(re.sub(r"<[^>]+>", "", content))


@pytest.mark.parametrize("id", ["kctu", "gftuk"])
def test_every_sentence_is_shown_word_by_word(corpus, id):
    document = corpus[id]
    content = show_words(document, *document.sentences.index).content
    shown = [plain(each) for each in re.findall(r"<li><span>(.*?)</span>", content)]
    assert shown == document_tokens(document)["word"].to_list()
    assert content.count("<h3>") == len(document.sentences)
    assert ">unclear<" not in content.replace("<span>UNC</span> <span>unclear<", "")


def test_every_tag_of_the_model_has_a_name():
    names = read_toml(Path(grammar.__file__).with_name("parts_of_speech.toml"))
    known = tools()[1].int2tag
    tags = {known[-number] for number in known if number < 0}
    assert {"VM0", "NN1", "PUN", "XX0", "TO0"} < tags
    assert [tag for tag in tags if not (names.get(tag) or names.get(tag[:2]))] == []


@pytest.mark.parametrize("id", ["kctu", "gftuk"])
def test_a_marked_sentence_is_the_sentence(corpus, id):
    """Each clause stands in its whole sentence, with its own modal verb marked and its subject
    and verbs where the text has them.
    """
    document, clauses = corpus[id], modal_clauses(corpus[id])
    items = show_clauses(document, clauses).content.split("<li>")[1:]
    assert len(items) == len(clauses)
    for item, clause in zip(items, clauses.to_dict("records"), strict=True):
        shown = re.search(r"<p class=u-text>(.*?)</p>", item)[1]
        assert (
            plain(shown)
            == f"[{clause['sentence']}] {document.sentences.at[clause['sentence'], 'text']}"
        )
        assert [plain(each).lower() for each in re.findall(r"<mark>(.*?)</mark>", shown)] == [
            document.text[clause["start"] : clause["end"]].lower()
        ]
        assert [plain(each) for each in re.findall(r"<u>(.*?)</u>", shown)] == [
            clause["subject"]
        ] * bool(clause["subject"])
        assert len(re.findall("<strong>", shown)) <= len(clause["verbs"])


def test_verbs_are_marked_unless_they_are_left_out(corpus):
    """In two sentences of the letter a verb is understood from the clause before; “accelerate”
    has no participle for the tagger.
    """
    document = corpus["gftuk"]
    clauses = modal_clauses(document)
    marked = show_clauses(document, clauses).content.count("<strong>") - 1  # one in the key
    left_out = {
        ("gftuk-089", "lay"),
        ("gftuk-089", "maintain"),
        ("gftuk-143", "take"),
        ("gftuk-091", "accelerate"),
    }
    assert marked == clauses["verbs"].map(len).sum() - len(left_out)


def test_a_pronoun_comes_with_the_sentences_from_which_it_was_read(corpus):
    document = corpus["gftuk"]
    every = modal_clauses(document)
    clauses = every[every["sentence"] == "gftuk-118"]
    content = show_clauses(document, clauses).content
    before = re.findall(r"\[(gftuk-\d+)\]", content.split("<details>")[1])
    assert before == ["gftuk-113", "gftuk-114", "gftuk-115", "gftuk-116", "gftuk-117"]
    assert "Trade union organizations" in content.split("<details>")[1]
    assert (
        "<details>" not in show_clauses(document, every[every["sentence"] == "gftuk-019"]).content
    ), "“we” was not looked up"


def test_passives_say_that_something_is_done_and_by_whom():
    assert "done to it: must be paid; by whom: the firm" in repr(
        try_sentence("The workers must be paid by the firm.")
    )
    assert "done to it: should be freed; by whom: not said" in repr(
        try_sentence("The prisoners should be freed.")
    )
    assert "does: should tolerate; negated: yes" in repr(
        try_sentence("Unions should never tolerate this.")
    )


def test_the_experiment_of_lesson_05_errs_as_the_lesson_says():
    assert "they = The workers" in repr(
        try_sentence("The workers told the bosses that they must pay.")
    )
    assert "they = The workers" in repr(
        try_sentence("The workers told the bosses that they must be paid.")
    )
    assert "who: We; counted as: other" in repr(try_sentence("We will march."))


def test_what_has_no_modal_clause_says_so():
    assert try_sentence("Good morning.").content.endswith(
        "<p>No clause with a modal verb was found.</p>"
    )


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_any_text_is_escaped_and_kept(text):
    written = f"The <b>union</b> & its “members” will win {text}"
    card = try_sentence(written)
    assert "<b>" not in card.content and "<script" not in card.content
    shown = "".join(plain(each) for each in re.findall(r"<li><span>(.*?)</span>", card.content))
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", " ".join(written.split()))
    assert page(card.content).count("<div") == page(card.content).count("</div")


@pytest.mark.parametrize("given", ["", "  \n", None, 5, "x" * 1_001])
def test_what_is_no_sentence_is_refused(given):
    with trouble("quotation marks"):
        try_sentence(given)


def test_a_sentence_that_is_not_there_is_refused(corpus):
    with trouble("kctu-099"):
        show_words(corpus["kctu"], "kctu-099")
