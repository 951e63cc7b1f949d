"""Counts and rates against the text itself, intervals against statsmodels and SciPy."""

from __future__ import annotations

import importlib.util
import math
import random
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from documents import anything, nasty
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import bootstrap
from sentence import trouble
from statsmodels.stats.proportion import proportion_confint

from helpers.corpus.cleaning import clean
from helpers.corpus.documents import FIELDS, Document, load_corpus
from helpers.words.concordance import concordance_lines, concordance_rates
from helpers.words.counts import (
    RULES,
    SMALL_WORDS,
    block_interval,
    count_word,
    hit_spans,
    overclean,
    overcleaned_counts,
    wilson,
    word_items,
    word_rates,
)
from helpers.words.tokens import words

CORPUS = load_corpus()
BENCHMARK = Path(__file__).resolve().parents[1] / "benchmarks" / "coverage.py"


def document(text: str, id: str = "doc") -> Document:
    return Document(id, dict.fromkeys(FIELDS, "x"), clean(text))


def as_it_is(text: str, id: str = "doc") -> Document:
    """A document whose text no step of the cleaning has touched."""
    each = document("", id)
    each.cleaning.text = text
    return each


def counts(text: str, **how: object) -> dict[str, int]:
    items = word_items(as_it_is(text), **how)["item"].value_counts()
    return items.drop("", errors="ignore").to_dict()


# --- the table of counts --------------------------------------------------------------------------


def test_every_word_counts_once():
    for each in CORPUS.documents:
        for lemma in (False, True):
            items = word_items(each, lemma=lemma)
            assert len(items) == len(words(each.text)) == {"kctu": 390, "gftuk": 5998}[each.id]


@settings(max_examples=150)
@given(st.one_of(nasty, anything))
def test_counts_are_those_of_a_counter(text):
    wanted = Counter(word.casefold() for word in words(text) if any(map(str.isalpha, word)))
    assert counts(text) == wanted
    kept = {word: count for word, count in wanted.items() if word not in SMALL_WORDS}
    assert counts(text, stop=True) == kept


@settings(max_examples=40)
@given(st.one_of(nasty, anything))
def test_lemmas_leave_no_word_out(text):
    assert len(word_items(as_it_is(text), lemma=True)) == len(words(text))


def test_a_lemma_is_that_of_the_token_the_word_begins_with():
    text = "The Party's unions waged and/or cannot. UNIONS should be what they would be. WPK, I."
    assert (
        counts(text, lemma=True).items()
        >= {
            "party": 1,
            "union": 2,
            "wage": 1,
            "or": 1,
            "can": 1,
            "should": 1,
            "would": 1,
            "be": 2,
        }.items()
    )
    assert counts(text).items() >= {"party's": 1, "unions": 2, "cannot": 1}.items()


def test_words_are_left_out_by_form_and_by_lemma():
    text = "Unions will act, and the others WILL. In 2021."
    assert counts(text, stop=True) == {"act": 1, "others": 1, "unions": 1}
    assert counts(text, stop=True, lemma=True, drop=["Union"]) == {"act": 1, "other": 1}
    assert counts(text, drop="will") == counts(text, drop=["WILL"])
    assert "will" not in counts(text, drop="will")


# --- rates, intervals and their trace -------------------------------------------------------------


@pytest.mark.parametrize(
    ("hits", "size", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_is_as_published(hits, size, low, high):
    """Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    assert wilson(hits, size) == pytest.approx((low, high), abs=5e-5)


def test_wilson_is_that_of_statsmodels():
    chance = random.Random("wilson")
    for _ in range(500):
        size = chance.choice([1, 2, 30, 390, 5998, 10**6])
        hits = chance.choice([0, size, chance.randint(0, size), chance.randint(0, min(size, 10))])
        assert wilson(hits, size) == pytest.approx(
            proportion_confint(hits, size, method="wilson"), abs=1e-12
        )
    assert all(map(math.isnan, [*wilson(0, 0), *wilson(3, 2)]))


def test_the_bootstrap_is_that_of_scipy():
    chance = np.random.default_rng(1)
    for _ in range(12):
        sizes = chance.integers(20, 100, chance.integers(30, 80))
        hits = chance.binomial(sizes, 0.1)
        ratio = lambda hits, sizes, axis: hits.sum(axis=axis) / sizes.sum(axis=axis)  # noqa: E731
        other = bootstrap(
            (hits, sizes), ratio, paired=True, method="percentile", n_resamples=4000, rng=chance
        ).confidence_interval
        assert block_interval(hits, sizes) == pytest.approx(
            tuple(other), abs=0.1 * (other.high - other.low)
        )
        assert block_interval(hits, sizes) == block_interval(hits, sizes)


def test_the_bootstrap_says_nothing_where_it_knows_nothing():
    for hits, sizes in [([], []), ([3], [9]), ([0, 0], [5, 5]), ([3, 0], [9, 0])]:
        assert all(map(math.isnan, block_interval(np.array(hits), np.array(sizes))))
    assert block_interval(np.array([2, 4, 0]), np.array([10, 20, 0])) == (0.2, 0.2)


def test_rates_have_the_hits_of_the_concordance():
    queries = ["union*", "working class", "wage*, pay", "should", "strike", "trade union?"]
    table = word_rates(CORPUS, queries)
    assert list(table.index) == [(query, id) for query in queries for id in CORPUS]
    for query in queries:
        other, lines = concordance_rates(CORPUS, query), concordance_lines(CORPUS, query)
        for id in CORPUS:
            row = table.loc[(query, id)]
            assert (row["hits"], row["words"], row["per_1000"]) == tuple(other.loc[id])
            assert (
                list(row["sentences"]) == lines.loc[lines["document"] == id, "sentence"].to_list()
            )
            assert row["low"] <= row["per_1000"] <= row["high"]


def test_each_hit_leads_back_to_its_place_in_the_raw_file():
    chance, corrected = random.Random("raw"), {"The", "through", "comradely"}
    for each in CORPUS.documents:
        items = sorted({word.casefold() for word in words(each.text) if word.isalpha()})
        for word in ["the", "through", *chance.sample(items, 60)]:
            rows = word_rates(each, word).loc[(word, each.id)]
            places = [
                (match.start(), match.end())
                for match in re.finditer(
                    rf"(?<!\w){re.escape(word)}(?!\w)", each.text, re.IGNORECASE
                )
            ]
            assert hit_spans(each, word) == places and rows["hits"] == len(places) == len(
                rows["sentences"]
            )
            for (start, end), id in zip(places, rows["sentences"], strict=True):
                raw = each.to_raw(start, end)
                assert each.raw[raw.start : raw.end] == raw.text
                assert (
                    re.sub(r"-?\s+|[‘’]", "", raw.text) == each.text[start:end].replace("'", "")
                    or each.text[start:end] in corrected
                )
                sentence = each.sentence_in_raw(id)
                assert sentence.start <= raw.start and raw.end <= sentence.end


def test_a_lemma_is_found_by_its_form_too():
    each = as_it_is(
        "Wages rose. They wage a fight. He waged war; the unions' wages. We should, they shall."
    )
    assert [each.text[start:end] for start, end in hit_spans(each, "wage", lemma=True)] == [
        "Wages",
        "wage",
        "waged",
        "wages",
    ]
    assert [each.text[start:end] for start, end in hit_spans(each, "wages", lemma=True)] == [
        "Wages",
        "wages",
    ]
    assert [each.text[start:end] for start, end in hit_spans(each, "should", lemma=True)] == [
        "should"
    ]
    assert [each.text[start:end] for start, end in hit_spans(each, "shall", lemma=True)] == [
        "shall"
    ]
    assert [each.text[start:end] for start, end in hit_spans(each, "union wage", lemma=True)] == []
    assert [
        each.text[start:end] for start, end in hit_spans(each, "wage", lemma=True, case=True)
    ] == ["wage", "waged", "wages"]


@settings(max_examples=60)
@given(
    st.one_of(nasty, anything),
    st.sampled_from(["union", "work*", "the union", "be, is, act", "* for", "well, e*"]),
    st.booleans(),
)
def test_hits_lie_in_the_text_and_lemmas_only_add(text, query, case):
    each = as_it_is(text)
    found, more = (hit_spans(each, query, lemma=lemma, case=case) for lemma in (False, True))
    assert set(found) <= set(more)
    assert all(0 <= start < end <= len(text) for start, end in more)
    assert all(one[1] <= other[0] for one, other in pairwise(more))
    row = word_rates(each, query, lemma=True, case=case).iloc[0]
    assert row["hits"] == len(more) == len(row["sentences"])


@settings(max_examples=30)
@given(
    st.lists(
        st.sampled_from(["The union will act.", "Workers act.", "No."]), min_size=1, max_size=6
    )
)
def test_a_doubled_text_has_double_counts_and_the_same_rate(sentences):
    once, twice = as_it_is("\n\n".join(sentences)), as_it_is("\n\n".join(sentences * 2))
    one, two = (word_rates(each, ["union", "act, no"]) for each in (once, twice))
    assert (2 * one[["hits", "words"]]).equals(two[["hits", "words"]])
    assert np.allclose(one["per_1000"], two["per_1000"])
    assert (two["high"] - two["low"] < one["high"] - one["low"]).all()


def test_nothing_to_count_is_nan():
    row = word_rates(as_it_is(""), "union").iloc[0]
    assert (row["hits"], row["words"], row["sentences"]) == (0, 0, ())
    assert row[["per_1000", "low", "high", "block_low", "block_high"]].isna().all()
    row = word_rates(as_it_is("One paragraph only."), "only").iloc[0]
    assert (
        row["per_1000"] == pytest.approx(1000 / 3)
        and math.isnan(row["block_low"])
        and row["low"] < row["high"]
    )
    row = word_rates(as_it_is("co-determination"), "co, determination").iloc[0]
    assert row["per_1000"] == 2000 and math.isnan(row["low"])


@pytest.mark.parametrize(
    "wanted",
    [None, [], 3, ["union", 3], [["union"]], "", "...", ["union", "…"], {"union"}, "x" * 201],
)
def test_what_cannot_be_counted(wanted):
    with trouble():
        word_rates(CORPUS, wanted)


def test_what_cannot_be_left_out_and_where_nothing_can_be_counted():
    for drop in (3, [3], None):
        with trouble("leave out"):
            word_items(CORPUS["kctu"], drop=drop)
    for documents in ([], None, "kctu", [CORPUS["kctu"]] * 2):
        with trouble():
            word_rates(documents, "union")


# --- do the intervals hold what they say? ---------------------------------------------------------


def test_coverage_in_made_up_texts():
    """``tests/benchmarks/coverage.py`` measures this with more texts."""
    spec = importlib.util.spec_from_file_location("coverage_of_intervals", BENCHMARK)
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    sizes = benchmark.shapes()["gftuk"]
    plain, clumped = (benchmark.coverage(sizes, 0.01, clumps, 150) for clumps in (0, 0.05))
    assert plain["wilson"] > 0.89 and plain["block"] > 0.86
    assert clumped["wilson"] < 0.8 < 0.82 < clumped["block"], (
        "words come in clumps: only the bootstrap allows for it"
    )
    alarms = benchmark.false_alarms(*benchmark.shapes().values(), 0.01, 0, 2000)
    assert alarms["log_ratio"] < 0.07 and alarms["G² > 3.84"] < 0.08


# --- one word, and over-cleaning ------------------------------------------------------------------


@settings(max_examples=100)
@given(
    st.lists(
        st.sampled_from(
            ["union", "Union", "unions", "reunion", "UNION,", "(union)", "trade union"]
        ),
        max_size=12,
    )
)
def test_whole_words_only_whatever_their_capitals(found):
    wanted = sum(word.strip("(),").casefold().split()[-1] == "union" for word in found)
    assert count_word("  ".join(found), "union") == wanted


def test_one_word_in_a_text():
    assert count_word(CORPUS["kctu"].text, "KCTU") == 16
    assert count_word("trade\n union, trade unions", "trade union") == 1
    assert count_word("a.c abc", "a.c") == count_word("C++ (x", "(x") == 1
    for word in ("", " ", "...", "—"):
        with trouble("letter"):
            count_word("text", word)


def test_each_rule_of_over_cleaning():
    for rule, wanted in {
        "small words": "Union WILL-NOT wait 12 days: workers' law.",
        "short paragraphs": "",
        "numbers": "The Union WILL-NOT wait  days: the workers' law.",
        "capital letters": "the union will-not wait 12 days: the workers' law.",
        "punctuation": "The Union WILLNOT wait 12 days the workers law",
    }.items():
        assert overclean("The Union WILL-NOT wait 12 days: the workers' law.", rule) == wanted
    with trouble("'spelling'", *RULES):
        overclean("text", "spelling")


def test_over_cleaning_takes_away_what_the_lesson_says():
    assert {"will", "should", "must", "not"} <= SMALL_WORDS
    assert not {"union", "workers"} & SMALL_WORDS
    table = overcleaned_counts(CORPUS, "small words", ["will", "should", "union"])
    for id in CORPUS:
        plain = [word.strip(".,;\"'()") for word in CORPUS[id].text.split()]
        assert table.at["will", f"{id} before"] == plain.count("will")
        assert table.at["will", f"{id} after"] == 0
        assert table.at["union", f"{id} before"] == table.at["union", f"{id} after"] > 0
    assert table.at["should", "kctu before"] == 0 < table.at["should", "gftuk before"]
