"""Keyness: the figures of SciPy and of the published formulas by hand, the same from either side."""

from __future__ import annotations

import math
import random
from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, fisher_exact, power_divergence
from scipy.stats.contingency import relative_risk
from sentence import trouble

from helpers.corpus.cleaning import clean
from helpers.corpus.documents import FIELDS, Document, load_corpus
from helpers.words.comparison import MEASURES, compare_words, score_counts
from helpers.words.tokens import words
from helpers.words.counts import word_items, word_rates

CORPUS = load_corpus()
KCTU, GFTUK = CORPUS.documents
VOCABULARY = ["union", "workers", "will", "should", "the", "wage", "2021", "all-people", "Party's"]
texts = st.lists(
    st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=8).map(" ".join), max_size=6
).map("\n\n".join)


def document(text: str, id: str = "doc") -> Document:
    each = Document(id, dict.fromkeys(FIELDS, "x"), clean(""))
    each.cleaning.text = text
    return each


def some_counts(chance: random.Random) -> tuple[int, int, int, int]:
    """Two counts, not both 0, and the sizes of two documents."""
    n, m = (chance.choice([2, 30, 390, 5998, 10**5]) for _ in range(2))
    a, b = (chance.randint(0, min(size, chance.choice([1, 5, 50, size]))) for size in (n, m))
    return (a, b, n, m) if a + b else some_counts(chance)


def monroe(a: int, b: int, n: int, m: int, alpha0: float) -> tuple[float, float]:
    """The log-odds ratio of Monroe, Colaresi & Quinn (2008) for one word, with a prior of the pooled rate, and its standard error."""
    alpha = alpha0 * (a + b) / (n + m)
    if n + alpha0 == a + alpha or m + alpha0 == b + alpha:
        return math.nan, math.nan
    odds = [
        math.log((count + alpha) / (size + alpha0 - count - alpha))
        for count, size in ((a, n), (b, m))
    ]
    return odds[0] - odds[1], math.sqrt(1 / (a + alpha) + 1 / (b + alpha))


def test_all_figures_are_those_of_others_on_1000_tables():
    chance = random.Random("keyness")
    rows = [some_counts(chance) for _ in range(1000)]
    found = score_counts(*(pd.Series(column) for column in zip(*rows, strict=True)), alpha0=250)
    for (a, b, n, m), row in zip(rows, found.itertuples(), strict=True):
        share, table = (a + b) / (n + m), [[a, n - a], [b, m - b]]
        assert (row.per_1000_1, row.per_1000_2) == (1000 * a / n, 1000 * b / m)
        four = (
            chi2_contingency(table, correction=False, lambda_="log-likelihood")[0]
            if a + b < n + m
            else 0
        )
        two = power_divergence([a, b], [n * share, m * share], lambda_="log-likelihood")[0]
        assert (row.log_likelihood, row.log_likelihood_2) == pytest.approx((four, two), abs=1e-7)
        ratio = math.log2(((a or 0.5) / n) / ((b or 0.5) / m))
        turned = (a == 0 and ratio > 0) or (b == 0 and ratio < 0)
        assert row.log_ratio == (0 if turned else pytest.approx(ratio))
        if a and b:
            near = relative_risk(a, n, b, m).confidence_interval()
            assert (row.log_ratio_low, row.log_ratio_high) == pytest.approx(
                (math.log2(near.low), math.log2(near.high)), abs=1e-9
            )
        odds, error = monroe(a, b, n, m, 250)
        wanted = (
            odds,
            odds - 1.959963984540054 * error,
            odds + 1.959963984540054 * error,
            odds / error,
        )
        assert (row.log_odds, row.log_odds_low, row.log_odds_high, row.z) == pytest.approx(
            wanted, nan_ok=True, abs=1e-9
        )


def wilson_by_hand(hits: int, size: int) -> tuple[float, float]:
    z, share = 1.959963984540054, hits / size
    middle, half = (
        share + z * z / (2 * size),
        z * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size)),
    )
    return (middle - half) / (1 + z * z / size), (middle + half) / (1 + z * z / size)


def test_a_count_of_0_has_the_one_end_of_donner_and_zou():
    """The upper limit of a ratio by the method of variance estimates recovery, written out in full."""
    for b, n, m in [(1, 390, 5998), (95, 390, 5998), (3, 20, 30), (30, 5000, 30)]:
        (low_1, high_1), (low_2, _), one, two = (
            wilson_by_hand(0, n),
            wilson_by_hand(b, m),
            0.0,
            b / m,
        )
        root = (one * two) ** 2 - high_1 * low_2 * (2 * one - high_1) * (2 * two - low_2)
        high = (one * two + math.sqrt(root)) / (low_2 * (2 * two - low_2))
        row = score_counts([0], [b], n, m).iloc[0]
        assert low_1 == pytest.approx(0) and row["log_ratio_low"] == -math.inf
        assert row["log_ratio_high"] == pytest.approx(math.log2(high))
        turned = score_counts([b], [0], m, n).iloc[0]
        assert (turned["log_ratio_low"], turned["log_ratio_high"]) == (
            -row["log_ratio_high"],
            math.inf,
        )


def test_a_count_of_0_in_the_short_document_can_tell_as_an_exact_test_does():
    for b, apart in [(95, True), (62, True), (51, False), (43, False), (3, False)]:
        assert (fisher_exact([[0, 390], [b, 5998 - b]])[1] < 0.05) == apart
        assert (score_counts([0], [b], 390, 5998)["log_ratio_high"].item() < 0) == apart


def test_nothing_there_is_nan_not_a_crash():
    table = score_counts([0, 0, 5, 4], [0, 3, 5, 0], [10, 0, 3, 4], [10, 9, 10, 4])
    measured = table.drop(columns=["per_1000_1", "per_1000_2"])
    assert measured.iloc[:3].isna().all(axis=None)
    assert table["per_1000_1"].isna().to_list() == [False, True, False, False]
    assert score_counts([], [], [], []).empty


# --- of documents ----------------------------------------------------------------------------------------------------


def test_the_table_of_the_two_documents_by_hand():
    table, sizes = compare_words(KCTU, GFTUK, minimum=4), [390, 5998]
    for place, each in enumerate((KCTU, GFTUK), 1):
        items = word_items(each, lemma=True)
        counts, shares = Counter(items["item"]), items["paragraph"].value_counts(normalize=True)
        assert table[f"count_{place}"].to_dict() == {item: counts[item] for item in table.index}
        for item in ["will", "the", "struggle", "their", table.index[-1]]:
            parts = Counter(items.loc[items["item"] == item, "paragraph"])
            wanted = (
                sum(abs(parts[part] / counts[item] - share) for part, share in shares.items()) / 2
                if counts[item]
                else math.nan
            )
            assert table.loc[item, f"dp_{place}"] == pytest.approx(wanted, nan_ok=True)
    scores = score_counts(table["count_1"], table["count_2"], *sizes)
    assert table[scores.columns].equals(scores)
    assert (table["count_1"] + table["count_2"]).min() == 4


def test_what_sets_the_two_documents_apart():
    table = compare_words(KCTU, GFTUK, lemma=False)
    assert list(table.index[:2]) == ["kctu", "will"] and table.loc["should", "count_1"] == 0
    assert table.loc["should", "log_ratio_high"] < 0 < table.loc["will", "log_ratio_low"]
    rates = word_rates(CORPUS, "should")["per_1000"].to_list()
    assert table.loc["should", ["per_1000_1", "per_1000_2"]].to_list() == pytest.approx(rates)


def test_a_zero_in_a_short_text_does_not_turn_the_sign():
    """0.5 for 0 in 390 words is a higher rate than 5 in 5,998: Hardie's rule alone would say that the first has more."""
    table = compare_words(KCTU, GFTUK)
    none = table[table["count_1"] == 0]
    assert none.loc[["loyalty", "should"], "log_ratio"].to_list() == [
        0,
        pytest.approx(-3.63, abs=0.01),
    ]
    assert (
        (none["log_ratio"] <= 0).all()
        and (none["log_odds"] < 0).all()
        and (none["log_ratio_low"] == -math.inf).all()
    )
    assert (none["log_ratio"] <= none["log_ratio_high"]).all()


@settings(max_examples=80)
@given(texts, texts, st.sampled_from(MEASURES), st.booleans(), st.booleans())
def test_the_other_way_round_all_is_turned_round(one, two, measure, lemma, stop):
    how = {"measure": measure, "lemma": lemma, "stop": stop, "minimum": 1}
    there, back = (
        compare_words(document(one), document(two), **how),
        compare_words(document(two), document(one), **how),
    )
    assert set(there.index) == set(back.index)
    back = back.loc[there.index]
    for name in ("count", "per_1000", "dp"):
        for place, other in ((1, 2), (2, 1)):
            assert np.array_equal(there[f"{name}_{place}"], back[f"{name}_{other}"], equal_nan=True)
    for name, other in {
        "log_ratio": "log_ratio",
        "log_ratio_low": "log_ratio_high",
        "log_odds": "log_odds",
        "log_odds_low": "log_odds_high",
    }.items():
        assert np.allclose(there[name], -back[other], equal_nan=True)
    for name in ("log_likelihood", "log_likelihood_2"):
        assert (
            np.allclose(there[name], back[name], equal_nan=True) and not (there[name] < -1e-9).any()
        )
    sizes = there[measure].abs().to_list()
    assert all(first >= second or math.isnan(second) for first, second in pairwise(sizes))


@settings(max_examples=40)
@given(texts, texts)
def test_doubled_texts_have_double_counts_and_double_likelihood(one, two):
    assume(words(one) and words(two))
    once = compare_words(document(one), document(two), minimum=1).sort_index()
    twice = compare_words(
        *(document(f"{text}\n\n{text}") for text in (one, two)), minimum=1
    ).sort_index()
    assert (2 * once[["count_1", "count_2"]]).equals(twice[["count_1", "count_2"]])
    assert np.allclose(once[["per_1000_1", "per_1000_2"]], twice[["per_1000_1", "per_1000_2"]])
    assert np.allclose(
        2 * once[["log_likelihood", "log_likelihood_2"]],
        twice[["log_likelihood", "log_likelihood_2"]],
        atol=1e-9,
    )
    both = (once["count_1"] > 0) & (once["count_2"] > 0)
    assert np.allclose(once.loc[both, "log_ratio"], twice.loc[both, "log_ratio"])


def test_minimum_stop_and_drop():
    table = compare_words(KCTU, GFTUK, minimum=10, stop=True, drop=["KCTU"])
    assert (
        not {"kctu", "the", "will", "should"} & set(table.index)
        and (table["count_1"] + table["count_2"]).min() == 10
    )
    sizes = [len(word_items(each, stop=True, drop=["kctu"])) for each in (KCTU, GFTUK)]
    assert sizes[0] < 250 and table.loc["worker", "per_1000_1"] == pytest.approx(7000 / sizes[0])


def test_empty_documents_and_one_paragraph():
    assert compare_words(document(""), document(""), minimum=0).empty
    table = compare_words(document("Workers act."), document(""), minimum=1)
    assert table["count_1"].to_dict() == {"act": 1, "worker": 1} and table.drop(
        columns=["count_1", "count_2", "per_1000_1"]
    ).isna().all(axis=None)
    table = compare_words(document("a b"), document("a c\n\nb a"), lemma=False, minimum=1)
    assert table["dp_1"].isna().all() and table["dp_2"].notna().sum() == 3


def test_what_cannot_be_compared():
    for pair in [(KCTU, None), (CORPUS, KCTU), ("kctu", "gftuk")]:
        with trouble("two documents"):
            compare_words(*pair)
    with trouble("'keyness'", "log_odds"):
        compare_words(KCTU, GFTUK, measure="keyness")
    for minimum in (-1, 2.5, "five", True):
        with trouble("smallest count"):
            compare_words(KCTU, GFTUK, minimum=minimum)
    for alpha0 in (0, -3, "many", math.inf, math.nan):
        with trouble("prior"):
            compare_words(KCTU, GFTUK, alpha0=alpha0)
