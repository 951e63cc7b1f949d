"""Fragility: every row is what one gets by counting that way by hand, and the claims of the lessons do or do not flip."""

from __future__ import annotations

import math
import random
import re
import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency
from scipy.stats.contingency import relative_risk
from sentence import trouble

from helpers.corpus.cleaning import clean
from helpers.corpus.documents import FIELDS, Document, load_corpus
from helpers.words.comparison import score_counts
from helpers.words.concordance import concordance_lines
from helpers.words.counting import small_words, words
from helpers.words.counts import word_rates
from helpers.words.comparison import SWITCHES, fragility

CORPUS = load_corpus()
PAIR = CORPUS.documents


def document(text: str, id: str) -> Document:
    return Document(id, dict.fromkeys(FIELDS, "x"), clean(text))


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
    table = fragility(CORPUS, "union")
    assert list(table.columns) == [
        *SWITCHES,
        "count_1",
        "count_2",
        "per_1000_1",
        "per_1000_2",
        "value",
        "verdict",
        "default",
        "flips",
    ]
    assert [tuple(row) for row in table[list(SWITCHES)].itertuples(index=False)] == list(
        product(*SWITCHES.values())
    )
    assert table["default"].sum() == 1 and not table.loc[table["default"], "flips"].any()
    rates = word_rates(CORPUS, "union")
    usual = table[table["default"]].iloc[0]
    assert [usual["count_1"], usual["count_2"]] == rates["hits"].to_list()
    assert [usual["per_1000_1"], usual["per_1000_2"]] == rates["per_1000"].to_list()


@pytest.mark.parametrize(
    "query", ["union", "trade union", "through", "working class", "the", "should"]
)
def test_every_row_without_lemmas_by_hand(query):
    """Cleaned, searched and counted anew for each row, by another way than the function's."""
    table = fragility(CORPUS, query)
    for row in table[~table["lemma"]].sample(30, random_state=1).itertuples():
        counts, sizes = [], []
        for each in PAIR:
            off = ["title-page"] * row.titles + ["corrections"] * (not row.corrections)
            text = each.cleaned_without(*off).text
            kept = [
                word for word in words(text) if not (row.stop and word.casefold() in small_words())
            ]
            pattern = r"(?<!\w)" + r"\s+".join(query.split()) + r"(?!\w)"
            hits = re.findall(pattern, text, 0 if row.case else re.IGNORECASE)
            counts.append(0 if row.stop and set(query.split()) <= small_words() else len(hits))
            sizes.append(len(kept))
        assert [row.count_1, row.count_2] == counts
        assert [row.per_1000_1, row.per_1000_2] == pytest.approx(
            [1000 * count / size for count, size in zip(counts, sizes, strict=True)]
        )
        assert row.verdict == verdict_by_hand(row, *counts, *sizes)


def verdict_by_hand(row: object, a: int, b: int, n: int, m: int) -> str:
    """The verdict of one row, by SciPy where it has the figure."""
    if a + b < row.minimum or a + b == 0:
        return "cannot tell"
    more = "first" if a / n > b / m else "second" if a / n < b / m else "cannot tell"
    if row.measure == "rate":
        return more
    if row.measure == "log_likelihood":
        return (
            more
            if chi2_contingency(
                [[a, n - a], [b, m - b]], correction=False, lambda_="log-likelihood"
            )[1]
            < 0.05
            else "cannot tell"
        )
    if a and b:
        near = relative_risk(a, n, b, m).confidence_interval()
        return "first" if near.low > 1 else "second" if near.high < 1 else "cannot tell"
    score = score_counts([a], [b], n, m).iloc[0]
    return (
        "first"
        if score["log_ratio_low"] > 0
        else "second"
        if score["log_ratio_high"] < 0
        else "cannot tell"
    )


def test_lemmas_count_as_in_word_rates():
    table = fragility(CORPUS, "wage, build")
    rows = table[
        table["lemma"] & ~table["case"] & ~table["titles"] & table["corrections"] & ~table["stop"]
    ]
    for place, hits in enumerate(word_rates(CORPUS, "wage, build", lemma=True)["hits"], 1):
        assert set(rows[f"count_{place}"]) == {hits}


# --- claims for the lessons ------------------------------------------------------------------------------------------


def test_claims_that_flip_from_one_document_to_the_other():
    assert (
        verdicts("wage") | {"lemma=True": "first"} == verdicts("wage")
        and verdicts("wage")["default"] == "second"
    )
    assert verdicts("union")["default"] == "first" and verdicts("union")["lemma=True"] == "second"
    assert (
        verdicts("trade union")["default"] == "second"
        and verdicts("trade union")["case=True"] == "first"
    )
    assert (
        verdicts("through")["default"] == "first"
        and verdicts("through")["corrections=False"] == "second"
    )
    assert verdicts("union*")["default"] == "first" and verdicts("union*")["stop=True"] == "second"


@pytest.mark.parametrize(
    ("query", "verdict"),
    [
        ("worker*", "first"),
        ("democra*", "first"),
        ("movement*", "first"),
        ("national", "first"),
        ("member*", "second"),
    ],
)
def test_claims_that_no_switch_can_shake(query, verdict):
    table = fragility(CORPUS, query)
    assert set(table["verdict"]) == {verdict} and not table["flips"].any()


def test_claims_that_only_the_stop_list_or_the_smallest_count_can_shake():
    for query, verdict, switch in [
        ("should", "second", "stop"),
        ("will", "first", "stop"),
        ("rights", "first", "minimum"),
    ]:
        table = fragility(CORPUS, query)
        usual = table[table[switch] == SWITCHES[switch][0]]
        assert set(usual["verdict"]) == {verdict} and set(table["verdict"]) == {
            verdict,
            "cannot tell",
        }


def test_the_hits_of_wage_are_not_all_pay():
    """The count that misleads: in the letter, "wage" is a verb each time."""
    right = concordance_lines(CORPUS["gftuk"], "wage*")["right"].to_list()
    assert len(right) == 3 and all(
        re.match(r" (?:an?|the) [\w -]*(?:struggle|campaign|fight)", each) for each in right
    ), right


# --- the rules -------------------------------------------------------------------------------------------------------


def test_another_default_changes_what_flips_not_what_is_counted():
    one, other = (
        fragility(CORPUS, "struggle*"),
        fragility(PAIR, "struggle*", measure="log_likelihood", minimum=5),
    )
    assert one.drop(columns=["default", "flips"]).equals(other.drop(columns=["default", "flips"]))
    usual = other[other["default"]].iloc[0]
    assert (usual["measure"], usual["minimum"], usual["case"]) == ("log_likelihood", 5, False)
    assert (one["flips"] == (one["verdict"] != "first")).all() and (
        other["flips"] == (other["verdict"] != "cannot tell")
    ).all()


words_of = st.lists(
    st.sampled_from(["Union", "union", "unions", "the", "will", "act.", "Wages", "rise."]),
    max_size=12,
).map(" ".join)


@settings(max_examples=25)
@given(words_of, words_of, st.sampled_from(["union", "will", "wage", "the union", "the *"]))
def test_the_other_way_round_the_verdicts_are_turned_round(one, two, query):
    there, back = (
        fragility([document(text, id) for id, text in pair], query)
        for pair in ([("a", one), ("b", two)], [("b", two), ("a", one)])
    )
    turned = {"first": "second", "second": "first", "cannot tell": "cannot tell"}
    assert there["verdict"].map(turned).equals(back["verdict"]) and there["flips"].equals(
        back["flips"]
    )
    assert there["count_1"].equals(back["count_2"])
    signs = there["value"] + back["value"]
    assert ((signs.abs() < 1e-9) | signs.isna()).all()


def test_nothing_to_tell():
    for texts in (("", ""), ("The union acts.", ""), ("No word.", "None here.")):
        table = fragility(
            [document(text, f"d{place}") for place, text in enumerate(texts)], "union"
        )
        assert set(table["verdict"]) == {"cannot tell"} and not table["flips"].any()
    table = fragility(CORPUS, "strike")
    assert table.loc[table["measure"] == "log_ratio", "value"].isna().all() and set(
        table["verdict"]
    ) == {"cannot tell"}


def test_documents_cleaned_in_another_way_stay_so():
    first = PAIR[0].cleaned_without("page-furniture")
    table = fragility([first, PAIR[1]], "XE Login")
    assert set(table["count_1"]) == {1} and set(fragility(CORPUS, "XE Login")["count_1"]) == {0}


def test_a_panel_is_quick_enough_to_play_with():
    fragility(CORPUS, "union")
    chance = random.Random("quick")
    start = time.perf_counter()
    for query in chance.sample(["party", "rights", "loyal*", "working class", "struggle*"], 3):
        fragility(CORPUS, query)
    assert (time.perf_counter() - start) / 3 < 1


def test_what_cannot_be_judged():
    for documents in (
        PAIR[0],
        [],
        PAIR[:1],
        [*PAIR, document("x", "third")],
        None,
        [PAIR[0], PAIR[0]],
    ):
        with trouble():
            fragility(documents, "union")
    with trouble("'tiles'", "titles"):
        fragility(CORPUS, "union", tiles=True)
    for wrong in (
        {"minimum": 3},
        {"measure": "count"},
        {"case": "fold"},
        {"lemma": None},
        {"minimum": math.nan},
    ):
        with trouble("choose from"):
            fragility(CORPUS, "union", **wrong)
    for query in ("", "…", 3, None):
        with trouble():
            fragility(CORPUS, query)
