"""Many coders: the same figures as of two, planted agreement found again, and reasons for all that is undefined."""

from __future__ import annotations

import math
import random
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from nltk.metrics import masi_distance
from sentence import trouble

from helpers import agreement, load_codebook, load_codings
from helpers.coding.coders import (
    MOST_PAIRS,
    all_figures,
    code_shares,
    group_agreement,
    mistaken_codes,
    pair_agreement,
    reference_agreement,
    sentence_agreement,
)
from helpers.coding.codings import as_codings
from helpers.coding.reliability import alpha

BOOK = load_codebook()
CODES = list(BOOK)
REFERENCE = load_codings("reference")
GIVEN = dict(zip(REFERENCE["sentence"], REFERENCE["codes"], strict=True))
RATE, MANY, SURE = 0.3, 30, 5  # replaced sentences; learners; standard deviations


def close(one, other):
    return one == pytest.approx(other, abs=1e-9, nan_ok=True)


def table(*coders):
    """Codings of coders, each a dictionary of codes by sentence."""
    return as_codings(
        {"coder": f"coder {number}", "sentence": id, "codes": codes}
        for number, given in enumerate(coders)
        for id, codes in given.items()
    )


def some_coders(chance, many=6, missing=(0, 0.2, 0.7), sentences=40):
    ids = chance.sample(sorted(GIVEN), sentences)
    others = [code for code in CODES if code != "none"]

    def one(left):
        kept = [id for id in ids if chance.random() > left]
        return {
            id: ["none"]
            if chance.random() < 0.2
            else chance.sample(others, chance.choice([1, 1, 2, 3]))
            for id in kept
        }

    return table(*(one(chance.choice(missing)) for _ in range(many)))


def planted(chance, rate=RATE, many=MANY):
    """Learners who copy the reference; at the rate, a sentence gets instead one code drawn from all twelve."""
    return table(
        *(
            {
                id: [chance.choice(CODES)] if chance.random() < rate else codes
                for id, codes in GIVEN.items()
            }
            for _ in range(many)
        )
    )


class Truth:
    """What :func:`planted` comes to in the long run, and how far a class of ``many`` may lie from it, both by the book."""

    def __init__(self, rate=RATE, many=MANY):
        self.labels = list(
            dict.fromkeys(
                [frozenset(codes) for codes in GIVEN.values()]
                + [frozenset([code]) for code in CODES]
            )
        )
        self.gaps = np.array(
            [[masi_distance(one, other) for other in self.labels] for one in self.labels]
        )
        single = np.array([1 / 12 if len(label) == 1 else 0 for label in self.labels])
        own = np.array(
            [[frozenset(codes) == label for label in self.labels] for codes in GIVEN.values()],
            dtype=float,
        )
        self.p, self.own, self.many = (1 - rate) * own + rate * single, own, many

    def spread(self, gaps, p):
        """Expected mean of gaps over pairs in a sentence, and its variance over samples of learners (Hoeffding 1948)."""
        mean, one = p @ gaps @ p, float(((gaps @ p) ** 2) @ p) - (p @ gaps @ p) ** 2
        two, m = float(p @ (gaps**2) @ p) - mean**2, self.many
        return mean, 4 * (m - 2) / (m * (m - 1)) * one + 2 / (m * (m - 1)) * two

    def alpha(self, gaps=None, p=None):
        """Alpha, and its largest error that is believed: from that of the observed and that of the expected disagreement."""
        gaps, p = self.gaps if gaps is None else gaps, self.p if p is None else p
        spread = [self.spread(gaps, each) for each in p]
        observed, mean = np.mean([each for each, _ in spread]), p.mean(axis=0)
        sd = math.sqrt(sum(variance for _, variance in spread)) / len(p)
        expected = mean @ gaps @ mean
        inside = sum(float(((gaps @ mean) ** 2) @ each) - (each @ gaps @ mean) ** 2 for each in p)
        sd_expected = 2 * math.sqrt(self.many * inside) / (self.many * len(p))
        return 1 - observed / expected, SURE * (sd + observed / expected * sd_expected) / expected


# The same figures as those of two coders


def test_pairs_have_the_figures_and_intervals_that_agreement_gives(corpus):
    for seed in range(6):
        chance = random.Random(f"pairs {seed}")
        codings = some_coders(chance)
        found = pair_agreement(codings, corpus)
        assert len(found) == 15
        for one, other in chance.sample(list(found.index), 5):
            right = agreement(
                codings[codings["coder"] == one], codings[codings["coder"] == other], corpus
            )
            percent, right = (
                right.overall.loc[("code sets", measure)] for measure in ("percent", "alpha")
            )
            row = found.loc[(one, other)]
            assert close(row["percent"], percent["value"])
            assert all(close(row[name], right[name]) for name in ("value", "low", "high", "n"))
            assert (row["note"] == "") == (right["note"] == "")


def test_the_reference_is_one_more_partner(corpus):
    codings = some_coders(random.Random("reference"))
    found = reference_agreement(codings, REFERENCE, corpus)
    assert found.index.tolist() == codings["coder"].drop_duplicates().tolist(), (
        "the order of the coders, not of the figures"
    )
    for coder, row in found.iterrows():
        right = agreement(REFERENCE, codings[codings["coder"] == coder], corpus).overall.loc[
            ("code sets", "alpha")
        ]
        assert all(close(row[name], right[name]) for name in ("value", "low", "high", "n"))


def test_all_together_is_what_alpha_gives(corpus):
    for seed in range(4):
        codings = some_coders(random.Random(f"group {seed}"))
        found = group_agreement(codings, corpus)
        sets = codings.assign(label=codings["codes"].map(lambda codes: tuple(sorted(codes)))).pivot(
            index="coder", columns="sentence", values="label"
        )
        right = {"code sets": alpha(sets, "masi", corpus)}
        right["main code"] = alpha(
            codings.assign(label=codings["codes"].str[0]).pivot(
                index="coder", columns="sentence", values="label"
            ),
            "nominal",
            corpus,
        )
        for code in ("voice", "form", "none"):
            there = codings.assign(
                label=codings["codes"].map(lambda codes, code=code: str(code in codes))
            )
            right[code] = alpha(
                there.pivot(index="coder", columns="sentence", values="label"), "nominal", corpus
            )
        for name, figure in right.items():
            assert all(
                close(found.at[name, each], getattr(figure, each))
                for each in ("value", "low", "high", "n")
            ), name
        assert (
            "no sentence was coded by two coders" in found.at["the doer", "note"]
            or found.at["the doer", "n"] == 0
        )


def test_sentences_and_the_whole_fit_together():
    """Alpha's observed disagreement is the mean of that of the sentences, each with the weight of its coders."""
    codings = some_coders(random.Random("sentences"), many=7)
    figures = sentence_agreement(codings)
    sets = {
        id: [frozenset(codes) for codes in group]
        for id, group in codings.groupby("sentence")["codes"]
    }
    for id, given in sets.items():
        gaps = [masi_distance(one, other) for one, other in combinations(given, 2)]
        assert close(figures.at[id, "value"], 1 - np.mean(gaps) if gaps else math.nan)
        assert figures.at[id, "n"] == len(given)
    several = [id for id, given in sets.items() if len(given) > 1]
    pooled = [label for id in several for label in sets[id]]
    expected = np.mean([masi_distance(one, other) for one, other in combinations(pooled, 2)])
    observed = np.average(
        [1 - figures.at[id, "value"] for id in several], weights=[len(sets[id]) for id in several]
    )
    assert close(group_agreement(codings).at["code sets", "value"], 1 - observed / expected)


def test_mistaken_codes_are_counted_as_one_would_by_hand():
    codings = some_coders(random.Random("mistaken"), many=5, sentences=12)
    found = mistaken_codes(codings)
    sets = {
        id: [set(codes) for codes in group] for id, group in codings.groupby("sentence")["codes"]
    }
    for (a, b), row in found.iterrows():
        crossed = chances = 0.0
        for given in sets.values():
            pairs = list(combinations(given, 2))
            for one, other in pairs:
                cross = ({a, b} - one == {b} and {a, b} - other == {a}) or (
                    {a, b} - one == {a} and {a, b} - other == {b}
                )
                crossed += cross / len(pairs)
                chances += bool(one & {a, b} and other & {a, b}) / len(pairs)
        assert close(row["crossed"], crossed) and close(row["percent"], 100 * crossed / chances)
    assert found["crossed"].is_monotonic_decreasing


# What was planted is found again


@pytest.fixture(scope="module")
def learners():
    return planted(random.Random("thirty learners"))


def test_planted_agreement_of_each_learner_with_the_reference(learners, corpus):
    found, truth = reference_agreement(learners, REFERENCE, corpus, resamples=0), Truth()
    same = (truth.p * truth.own).sum(axis=1)
    sd = math.sqrt((same * (1 - same)).sum()) / len(same)
    assert len(found) == MANY
    assert (found["percent"] / 100 - same.mean()).abs().max() < SURE * sd
    assert abs(found["percent"].mean() / 100 - same.mean()) < SURE * sd / math.sqrt(MANY)


def test_planted_agreement_of_each_pair(learners, corpus):
    found, truth = pair_agreement(learners, corpus, resamples=0), Truth()
    same = (truth.p**2).sum(axis=1)
    sd = math.sqrt((same * (1 - same)).sum()) / len(same)
    assert len(found) == MANY * (MANY - 1) / 2
    assert (found["percent"] / 100 - same.mean()).abs().max() < SURE * sd


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.6])
def test_planted_agreement_of_the_whole_class_and_of_each_code(corpus, rate):
    found, truth = (
        group_agreement(planted(random.Random(f"rate {rate}"), rate), corpus),
        Truth(rate),
    )
    right, error = truth.alpha()
    assert error < 0.06, "the tolerance would let anything pass"
    assert abs(found.at["code sets", "value"] - right) < error
    for code in CODES:
        there = np.array([code in label for label in truth.labels])
        p = np.column_stack([truth.p @ ~there, truth.p @ there])
        right, error = truth.alpha(1 - np.eye(2), p)
        assert abs(found.at[code, "value"] - right) < error, code
    assert (
        found.at["code sets", "low"]
        < found.at["code sets", "value"]
        < found.at["code sets", "high"]
    )


def test_intervals_hold_the_planted_figure_about_as_often_as_they_say(corpus):
    """Over 40 planted classes: of 95 % intervals over paragraphs, at least 32 hold it (fewer has a chance of 1 in 1,000 at 0.95)."""
    right, _ = Truth(many=6).alpha()
    held = 0
    for seed in range(40):
        row = group_agreement(
            planted(random.Random(f"interval {seed}"), many=6), corpus, resamples=300
        ).loc["code sets"]
        held += row["low"] <= right <= row["high"]
    assert held >= 32


def test_two_planted_camps_are_told_apart(corpus):
    """One camp reads “form” as “party” throughout; both slip in one sentence of twenty."""
    chance, slip = random.Random("camps"), 0.05

    def learner(camp):
        swap = {
            id: tuple(dict.fromkeys("party" if code == "form" and camp else code for code in codes))
            for id, codes in GIVEN.items()
        }
        return {
            id: [chance.choice(CODES)] if chance.random() < slip else codes
            for id, codes in swap.items()
        }

    found = (
        pair_agreement(
            table(*(learner(number % 2) for number in range(MANY))), corpus, resamples=0
        )["percent"]
        / 100
    )
    camps = [tuple(int(coder.split()[1]) % 2 for coder in pair) for pair in found.index]
    same = (
        (1 - slip) ** 2
        + 2 * slip * (1 - slip) / 12 * np.mean([len(codes) == 1 for codes in GIVEN.values()])
        + slip**2 / 12
    )
    apart = same * np.mean(["form" not in codes for codes in GIVEN.values()])
    sd = math.sqrt(0.25 / len(GIVEN))  # of a share, at most
    for (one, other), value in zip(camps, found, strict=True):
        assert abs(value - (same if one == other else apart)) < SURE * sd
    inside, between = (
        [value for (one, other), value in zip(camps, found, strict=True) if (one == other) is alike]
        for alike in (True, False)
    )
    assert min(inside) > max(between)


def test_a_planted_confusion_is_the_first_of_the_mistaken(corpus):
    """Where the reference has “organise” alone, four learners in ten give “care”; all else is copied."""
    chance, share = random.Random("confusion"), 0.4
    learners = [
        {
            id: ("care",) if codes == ("organise",) and chance.random() < share else codes
            for id, codes in GIVEN.items()
        }
        for _ in range(MANY)
    ]
    found = mistaken_codes(table(*learners), corpus)
    places = sum(codes == ("organise",) for codes in GIVEN.values())
    mean, variance = Truth().spread(1 - np.eye(2), np.array([1 - share, share]))
    assert found.index[0] == ("organise", "care")
    assert abs(found["crossed"].iloc[0] - places * mean) < SURE * math.sqrt(places * variance)
    assert set(found["ids"].iloc[0]) <= {
        id for id, codes in GIVEN.items() if codes == ("organise",)
    }
    assert len(found) == 1, "nothing else was mistaken"
    alphas = group_agreement(table(*learners), corpus)["value"].drop(["code sets", "main code"])
    assert set(alphas.dropna().sort_values().index[:2]) == {"organise", "care"}


def test_half_empty_and_missing_learners_count_where_they_coded(learners, corpus):
    chance = random.Random("half")
    ids = sorted(GIVEN)
    keep = {
        f"coder {number}": set(ids if number < 26 else ids[: len(ids) // 2] if number < 29 else [])
        for number in range(MANY)
    }
    gone = {(coder, id) for coder in keep for id in ids if chance.random() < 0.1}
    part = learners[
        [
            row.sentence in keep[row.coder] and (row.coder, row.sentence) not in gone
            for row in learners.itertuples()
        ]
    ]
    right, error = Truth(many=26).alpha()
    row = group_agreement(part, corpus).loc["code sets"]
    assert abs(row["value"] - right) < error / math.sqrt(0.9) and row["n"] == len(ids)
    figures = reference_agreement(part, REFERENCE, corpus)
    assert len(figures) == 29, "who coded nothing has no figure"
    assert figures.loc["coder 27", "n"] < 90 < figures.loc["coder 3", "n"]


# At the edges


def test_what_is_undefined_is_said(corpus):
    one, other = {"kctu-002": ["voice"]}, {"kctu-003": ["voice"]}
    apart = pair_agreement(table(one, other), corpus).iloc[0]
    assert (
        math.isnan(apart["value"])
        and apart["n"] == 0
        and "no sentence was coded by two coders" in apart["note"]
    )
    alike = pair_agreement(table(one, one), corpus).iloc[0]
    assert (
        alike["percent"] == 100
        and math.isnan(alike["value"])
        and "nothing to tell apart" in alike["note"]
    )
    figures = group_agreement(table(one, one), corpus)
    assert "in each of these sentences for all coders" in figures.at["voice", "note"]
    assert "in none of these sentences for all coders" in figures.at["form", "note"]
    assert sentence_agreement(table(one, other))["note"].str.contains("one coder").all()


def test_nobody_and_one_coder_give_empty_tables(corpus):
    nobody, one = table(), table(GIVEN)
    for codings in (nobody, one):
        assert pair_agreement(codings, corpus).empty and mistaken_codes(codings, corpus).empty
        assert (
            group_agreement(codings, corpus)["value"].isna().all()
            and group_agreement(codings, corpus)["ids"].map(len).sum() == 0
        )
    assert (
        sentence_agreement(nobody).empty
        and code_shares(nobody).empty
        and reference_agreement(nobody, REFERENCE, corpus).empty
    )
    assert code_shares(one)["n"].eq(1).all()
    with trouble("no codings"):
        reference_agreement(one, nobody, corpus)


def test_tables_that_are_no_codings_are_refused(corpus):
    twice = pd.concat([table(GIVEN)] * 2)
    with trouble("coded twice"):
        pair_agreement(twice, corpus)
    with trouble("no column 'doer'"):
        group_agreement(twice.drop(columns="doer"), corpus)
    with trouble("no paragraph"):
        group_agreement(table({"mine-001": ["voice"]}, {"mine-001": ["form"]}), corpus)


def test_large_groups_get_intervals_only_where_asked_for(corpus):
    few = [f"kctu-{number:03}" for number in range(1, 9)]
    chance = random.Random("many")
    codings = table(*({id: [chance.choice(CODES)] for id in few} for _ in range(65)))
    found = pair_agreement(codings, corpus)
    assert len(found) > MOST_PAIRS and found["low"].isna().all() and found["value"].notna().any()
    some = codings[codings["coder"].isin(["coder 1", "coder 2"])]
    assert pair_agreement(some, corpus)["low"].notna().all()


def test_all_figures_are_one_table(corpus):
    codings = some_coders(random.Random("all"))
    found = all_figures(codings, REFERENCE, corpus)
    assert (
        found["what"].value_counts()["pair"] == 15
        and found["what"].value_counts()["all coders"] == len(BOOK) + 3
    )
    pair = found[found["what"] == "pair"].iloc[0]
    assert close(
        pair["value"], pair_agreement(codings, corpus).loc[(pair["first"], pair["second"]), "value"]
    )


def test_the_order_of_coders_changes_no_figure(corpus):
    codings = some_coders(random.Random("order"))
    turned = codings.sort_values("coder", ascending=False)
    one, other = group_agreement(codings, corpus), group_agreement(turned, corpus)
    pd.testing.assert_frame_equal(one, other)
    assert set(pair_agreement(codings, corpus)["value"].round(9)) == set(
        pair_agreement(turned, corpus)["value"].round(9)
    )
