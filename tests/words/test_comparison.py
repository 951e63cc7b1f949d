"""Keyness, dispersion and fragility: by SciPy, by published formulas, and by hand."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from itertools import pairwise, product

import numpy as np
import pandas as pd
import pytest
from documents import anything, nasty
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, fisher_exact, power_divergence
from scipy.stats.contingency import relative_risk
from sentence import trouble

from helpers.corpus.cleaning import clean
from helpers.corpus.documents import FIELDS, Document, load_corpus
from helpers.words.comparison import (
    MEASURES,
    SWITCHES,
    compare_words,
    deviation,
    dispersion,
    fragility,
    hit_positions,
    score_counts,
)
from helpers.words.counts import SMALL_WORDS, word_items, word_rates
from helpers.words.tokens import WORD, words

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


def test_all_figures_are_those_of_others_on_1000_tables():
    chance = random.Random("keyness")
    rows = [some_counts(chance) for _ in range(1000)]
    found = score_counts(*(pd.Series(column) for column in zip(*rows, strict=True)))
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


def wilson_by_hand(hits: int, size: int) -> tuple[float, float]:
    z, share = 1.959963984540054, hits / size
    middle, half = (
        share + z * z / (2 * size),
        z * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size)),
    )
    return (middle - half) / (1 + z * z / size), (middle + half) / (1 + z * z / size)


def test_a_count_of_0_has_the_one_end_of_donner_and_zou():
    """The upper limit of a ratio by variance estimates recovery, written out in full."""
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


# --- of documents ---------------------------------------------------------------------------------


def test_the_table_of_the_two_documents_by_hand():
    table, sizes = compare_words(KCTU, GFTUK, minimum=4), [390, 5998]
    for place, each in enumerate((KCTU, GFTUK), 1):
        counts = Counter(word_items(each, lemma=True)["item"])
        assert table[f"count_{place}"].to_dict() == {item: counts[item] for item in table.index}
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
    """0.5 for 0 in 390 words is a higher rate than 5 in 5,998: Hardie's rule alone would turn."""
    table = compare_words(KCTU, GFTUK)
    none = table[table["count_1"] == 0]
    assert none.loc[["loyalty", "should"], "log_ratio"].to_list() == [
        0,
        pytest.approx(-3.63, abs=0.01),
    ]
    assert (none["log_ratio"] <= 0).all() and (none["log_ratio_low"] == -math.inf).all()
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
    for name in ("count", "per_1000"):
        for place, other in ((1, 2), (2, 1)):
            assert np.array_equal(there[f"{name}_{place}"], back[f"{name}_{other}"], equal_nan=True)
    for name, other in {
        "log_ratio": "log_ratio",
        "log_ratio_low": "log_ratio_high",
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


def test_what_cannot_be_compared():
    for pair in [(KCTU, None), (CORPUS, KCTU), ("kctu", "gftuk")]:
        with trouble("two documents"):
            compare_words(*pair)
    with trouble("'keyness'", "log_ratio"):
        compare_words(KCTU, GFTUK, measure="keyness")
    for minimum in (-1, 2.5, "five", True):
        with trouble("smallest count"):
            compare_words(KCTU, GFTUK, minimum=minimum)


# --- how evenly a word is spread ------------------------------------------------------------------


def deviation_by_hand(counts: list[int], sizes: list[int]) -> float:
    hits, total = sum(counts), sum(sizes)
    if sum(size > 0 for size in sizes) < 2 or not hits:
        return math.nan
    gaps = (abs(count / hits - size / total) for count, size in zip(counts, sizes, strict=True))
    return sum(gaps) / 2


def test_dispersion_is_that_of_the_formula_on_500_tables():
    chance = random.Random("dispersion")
    for _ in range(500):
        parts = chance.choice([0, 1, 2, 7, 95])
        sizes = [chance.choice([0, 1, 60, chance.randint(1, 300)]) for _ in range(parts)]
        counts = [chance.randint(0, min(size, chance.choice([0, 1, 30]))) for size in sizes]
        wanted = pytest.approx(deviation_by_hand(counts, sizes), nan_ok=True, abs=1e-9)
        assert deviation(counts, sizes) == wanted
    assert deviation([2, 2, 2], [9, 9, 9]) == pytest.approx(0)
    assert deviation([6, 0, 0], [9, 9, 9]) == pytest.approx(2 / 3)


def test_dispersion_in_the_documents_by_hand():
    for query in ("should", "union*", "working class", "socialist emulation", "the"):
        for each in CORPUS.documents:
            spans = [match.span() for match in WORD.finditer(each.text)]
            places, row = hit_positions(each, query), dispersion(CORPUS, query).loc[each.id]
            parts = [[], []]
            for low, high in zip(each.paragraphs["start"], each.paragraphs["end"], strict=True):
                parts[0].append(sum(low <= place < high for place in places["start"]))
                parts[1].append(sum(low <= start < high for start, _ in spans))
            assert row["hits"] == len(places)
            assert row["dp"] == pytest.approx(deviation_by_hand(*parts), nan_ok=True)


@settings(max_examples=60)
@given(st.one_of(nasty, anything), st.sampled_from(["union", "the *", "w*", "a"]))
def test_positions_lie_in_order_from_0_to_1(text, query):
    each = document(text)
    table = hit_positions(each, query)
    assert table["position"].between(0, 1, inclusive="left").all()
    assert table["position"].is_monotonic_increasing
    for row in table.itertuples():
        before = len(WORD.findall(text[: row.start]))
        assert row.position * len(WORD.findall(text)) == pytest.approx(before, abs=1)
        assert each.sentences.loc[row.sentence, "start"] <= row.start
    assert dispersion(each, query)["hits"].item() == len(table)


# --- all ways of counting -------------------------------------------------------------------------


def verdicts(query: str, **default: object) -> dict[str, str]:
    """The verdict by default, and those that a single switch brings that differ."""
    table = fragility(CORPUS, query, **default)
    usual = table[table["default"]].iloc[0]
    found = {"default": usual["verdict"]}
    for _, row in table[table["flips"]].iterrows():
        changed = [name for name in SWITCHES if row[name] != usual[name]]
        if len(changed) == 1:
            found[f"{changed[0]}={row[changed[0]]}"] = row["verdict"]
    return found


def test_one_row_for_each_way_of_counting():
    table, rates = fragility(CORPUS, "union"), word_rates(CORPUS, "union")
    ways = [tuple(row) for row in table[list(SWITCHES)].itertuples(index=False)]
    assert ways == list(product(*SWITCHES.values()))
    assert table["default"].sum() == 1 and not table.loc[table["default"], "flips"].any()
    usual = table[table["default"]].iloc[0]
    assert [usual["count_1"], usual["count_2"]] == rates["hits"].to_list()
    assert [usual["per_1000_1"], usual["per_1000_2"]] == rates["per_1000"].to_list()
    lemmas = fragility(CORPUS, "wage, build").query(
        "lemma and not case and not titles and not stop"
    )
    for place, hits in enumerate(word_rates(CORPUS, "wage, build", lemma=True)["hits"], 1):
        assert set(lemmas.query("corrections")[f"count_{place}"]) == {hits}


@pytest.mark.parametrize("query", ["trade union", "through", "should"])
def test_every_row_without_lemmas_by_hand(query):
    """Cleaned, searched and counted anew for each row, by another way than the function's."""
    table = fragility(CORPUS, query)
    for row in table[~table["lemma"]].sample(30, random_state=1).itertuples():
        counts, sizes = [], []
        for each in CORPUS.documents:
            off = ["title-page"] * row.titles + ["corrections"] * (not row.corrections)
            text = each.cleaned_without(*off).text
            small = [word for word in words(text) if row.stop and word.casefold() in SMALL_WORDS]
            pattern = r"(?<!\w)" + r"\s+".join(query.split()) + r"(?!\w)"
            hits = re.findall(pattern, text, 0 if row.case else re.IGNORECASE)
            counts.append(0 if row.stop and set(query.split()) <= SMALL_WORDS else len(hits))
            sizes.append(len(words(text)) - len(small))
        assert [row.count_1, row.count_2] == counts
        assert row.verdict == verdict_by_hand(row, *counts, *sizes)


def verdict_by_hand(row: object, a: int, b: int, n: int, m: int) -> str:
    """The verdict of one row, by SciPy where it has the figure."""
    if a + b < row.minimum or a + b == 0:
        return "cannot tell"
    more = "first" if a / n > b / m else "second" if a / n < b / m else "cannot tell"
    if row.measure == "rate":
        return more
    if row.measure == "log_likelihood":
        table = [[a, n - a], [b, m - b]]
        p = chi2_contingency(table, correction=False, lambda_="log-likelihood")[1]
        return more if p < 0.05 else "cannot tell"
    if a and b:
        near = relative_risk(a, n, b, m).confidence_interval()
        return "first" if near.low > 1 else "second" if near.high < 1 else "cannot tell"
    score = score_counts([a], [b], n, m).iloc[0]
    apart = score["log_ratio_low"] > 0 or score["log_ratio_high"] < 0
    return more if apart else "cannot tell"


def test_claims_of_lesson_04():
    for query, default, switch, verdict in [
        ("wage", "second", "lemma=True", "first"),
        ("trade union", "second", "case=True", "first"),
        ("through", "first", "corrections=False", "second"),
    ]:
        found = verdicts(query)
        assert (found["default"], found[switch]) == (default, verdict)
    for query, verdict in {"national": "first", "member*": "second"}.items():
        assert set(fragility(CORPUS, query)["verdict"]) == {verdict}
    table = fragility(CORPUS, "should")
    assert set(table[~table["stop"]]["verdict"]) == {"second"}
    assert set(table["verdict"]) == {"second", "cannot tell"}


def test_another_default_changes_what_flips_not_what_is_counted():
    one = fragility(CORPUS, "struggle*")
    other = fragility(CORPUS, "struggle*", measure="log_likelihood", minimum=5)
    assert one.drop(columns=["default", "flips"]).equals(other.drop(columns=["default", "flips"]))
    assert (one["flips"] == (one["verdict"] != "first")).all()
    assert (other["flips"] == (other["verdict"] != "cannot tell")).all()


def test_nothing_to_tell():
    for pair in (("", ""), ("The union acts.", ""), ("No word.", "None here.")):
        texts = [
            Document(str(n), dict.fromkeys(FIELDS, "x"), clean(text)) for n, text in enumerate(pair)
        ]
        table = fragility(texts, "union")
        assert set(table["verdict"]) == {"cannot tell"} and not table["flips"].any()


def test_documents_cleaned_in_another_way_stay_so():
    first = KCTU.cleaned_without("page-furniture")
    kept, usual = fragility([first, GFTUK], "XE Login"), fragility(CORPUS, "XE Login")
    assert set(kept.query("titles")["count_1"]) == {1} and set(usual["count_1"]) == {0}


def test_what_cannot_be_judged():
    for documents in (KCTU, [], [KCTU], [*CORPUS.documents, document("x", "third")], None):
        with trouble():
            fragility(documents, "union")
    with trouble("'tiles'", "titles"):
        fragility(CORPUS, "union", tiles=True)
    for wrong in ({"minimum": 3}, {"measure": "count"}, {"lemma": None}, {"minimum": math.nan}):
        with trouble("choose from"):
            fragility(CORPUS, "union", **wrong)
    for query in ("", "…", 3, None):
        with trouble():
            fragility(CORPUS, query)
