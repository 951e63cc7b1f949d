"""Counts, against counts made another way."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence import trouble

from helpers.words.counting import RULES, count_word, overclean, overcleaned_counts, small_words


@pytest.mark.parametrize(
    ("id", "word", "count"), [("kctu", "KCTU", 16), ("kctu", "kctu will", 14), ("gftuk", "KCTU", 0)]
)
def test_counts_in_the_documents(corpus, id, word, count):
    words = corpus[id].text.casefold().replace(",", " ,").replace(".", " .").split()
    wanted = word.casefold().split()
    by_hand = sum(words[at : at + len(wanted)] == wanted for at in range(len(words)))
    assert count_word(corpus[id].text, word) == by_hand == count


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            ["union", "Union", "unions", "reunion", "UNION,", "(union)", "trade union"]
        ),
        max_size=12,
    )
)
def test_whole_words_only_whatever_their_capitals(words):
    wanted = sum(word.strip("(),").casefold().split()[-1] == "union" for word in words)
    assert count_word("  ".join(words), "union") == wanted


def test_a_phrase_over_a_line_end():
    assert count_word("trade\n union, trade unions", "trade union") == 1


@pytest.mark.parametrize("word", ["", " ", "...", "—"])
def test_no_word_to_count(word):
    with trouble("letter"):
        count_word("text", word)


def test_marks_in_a_word_are_no_pattern():
    assert count_word("a.c abc", "a.c") == 1
    assert count_word("C++ (x", "(x") == 1


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("small words", "Union WILL-NOT wait 12 days: workers' law."),
        ("short paragraphs", ""),
        ("numbers", "The Union WILL-NOT wait  days: the workers' law."),
        ("capital letters", "the union will-not wait 12 days: the workers' law."),
        ("punctuation", "The Union WILLNOT wait 12 days the workers law"),
    ],
)
def test_each_rule_of_over_cleaning(rule, wanted):
    assert overclean("The Union WILL-NOT wait 12 days: the workers' law.", rule) == wanted


def test_the_stop_list_holds_the_words_the_lesson_warns_of():
    assert {"will", "should", "must", "not"} <= small_words()
    assert not {"union", "workers"} & small_words()


def test_an_unknown_rule():
    with trouble("'spelling'", *RULES):
        overclean("text", "spelling")


def test_over_cleaning_takes_away_what_the_lesson_says(corpus):
    table = overcleaned_counts(corpus, "small words", ["will", "should", "union"])
    for id in corpus:
        assert table.at["will", f"{id} before"] == sum(
            word.strip(".,;\"'()") == "will" for word in corpus[id].text.split()
        )
        assert table.at["will", f"{id} after"] == 0
        assert table.at["union", f"{id} before"] == table.at["union", f"{id} after"] > 0
    assert table.at["should", "kctu before"] == 0 < table.at["should", "gftuk before"]
