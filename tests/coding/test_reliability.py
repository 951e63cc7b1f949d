"""Agreement: the figures of three other programs, honest intervals, planted agreement found again,
and a reason for all that is undefined."""

import math
import random
import re
import warnings
from itertools import combinations
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics import masi_distance
from nltk.metrics.agreement import AnnotationTask
from sentence import trouble
from sklearn.metrics import cohen_kappa_score

from helpers import agreement, load_codebook, load_codings, load_corpus
from helpers.coding import reliability
from helpers.coding.codings import as_codings
from helpers.coding.reliability import (
    FIGURE,
    code_shares,
    cohen_kappa,
    draw_paragraphs,
    group_agreement,
    krippendorff_alpha,
    mistaken_codes,
    pair_agreement,
    paragraph_of,
    percent_agreement,
    reference_agreement,
    sentence_agreement,
)

BOOK = load_codebook()
CODES = list(BOOK)
REFERENCE = load_codings("reference")
GIVEN = dict(zip(REFERENCE["sentence"], REFERENCE["codes"], strict=True))
CORPUS = load_corpus()
PLACES = paragraph_of(CORPUS)
DATA = Path(__file__).resolve().parents[1] / "data"


def close(one, other):
    return one == pytest.approx(other, abs=1e-9, nan_ok=True)


def table(*coders, doers=None):
    """Codings of coders, each a dictionary of codes by sentence."""
    rows = [
        {"coder": f"coder {number}", "sentence": id, "codes": codes, "doer": (doers or {}).get(id)}
        for number, given in enumerate(coders)
        for id, codes in given.items()
    ]
    return as_codings(rows)


def some_coders(seed, many=2, sentences=40):
    """Random codings of some sentences, of which each coder leaves some out, and some doers."""
    chance = random.Random(seed)
    ids = chance.sample(sorted(GIVEN), sentences)
    sets = chance.sample(
        [("none",), ("voice",), ("voice", "form"), ("form",), ("form", "voice")], 4
    )
    rows, missing = [], chance.choice([0, 0.2, 0.6])
    for coder in range(many):
        for id in ids:
            codes = chance.choice(sets)
            doer = "na" if codes == ("none",) else chance.choice(["union", "party", ""])
            if chance.random() >= missing:
                row = {"coder": f"coder {coder}", "sentence": id, "codes": codes, "doer": doer}
                rows.append(row)
    return as_codings(rows)


def labels_of(codings):
    """For each thing that is compared: coders by sentences, with the labels, None where missing."""
    made = {
        "code sets": codings["codes"].map(frozenset),
        "main code": codings["codes"].str[0],
        "doer": codings["doer"].where(codings["doer"] != "", None),
        **{code: codings["codes"].map(lambda c, code=code: code in c) for code in CODES},
    }
    for of, labels in made.items():
        frame = codings.assign(label=labels).pivot(
            index="coder", columns="sentence", values="label"
        )
        yield of, frame.astype(object).where(frame.notna(), None)


def distance_of(of):
    return masi_distance if of == "code sets" else lambda one, other: float(one != other)


def by_nltk(frame, distance):
    cells = frame.stack().items()
    triples = [(*place, label) for place, label in cells if label is not None and label == label]
    return AnnotationTask(triples, distance).alpha()


def by_krippendorff(frame, distance):
    cells = [label for label in frame.to_numpy().ravel() if label is not None]
    labels = list(dict.fromkeys(cells))
    gaps = np.array([[distance(one, other) for other in labels] for one in labels])
    counts = [[sum(cell == label for cell in frame[id]) for label in labels] for id in frame]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return krippendorff.alpha(
            value_counts=np.array(counts),
            level_of_measurement=lambda v1, v2, i1, i2, n_v, dtype: gaps[i1, i2],
        )


def several(frame):
    """The sentences that two coders labelled, or more."""
    return frame.loc[:, frame.notna().sum() > 1]


# The same figures as others


def test_the_figures_of_the_two_coders_are_those_that_were_published():
    """As they were before one engine replaced two: to the last digit, intervals too."""
    result = agreement(load_codings("coder-1"), load_codings("coder-2"))
    old = pd.read_csv(DATA / "agreement.csv").set_index(["of", "measure"])
    new = pd.concat([result.overall, result.codes])
    assert result.n == 172 and list(new.index) == list(old.index)
    for column in old:
        assert close(new[column].astype(float).tolist(), old[column].tolist()), column
    three = pd.concat([REFERENCE, load_codings("coder-1"), load_codings("coder-2")])
    found, old = group_agreement(three), pd.read_csv(DATA / "agreement_of_three.csv")
    assert found.index.tolist() == old["of"].tolist()
    assert found["ids"].map(str).tolist() == old["ids"].tolist()
    for column in ("value", "low", "high", "n", "coders"):
        assert close(found[column].astype(float).tolist(), old[column].tolist()), column


def test_many_coders_have_the_alpha_of_nltk_and_krippendorff():
    compared = 0
    for seed in range(12):
        codings = some_coders(f"many {seed}", many=2 + seed % 4, sentences=15)
        found = group_agreement(codings, CORPUS)
        for of, frame in labels_of(codings):
            kept = several(frame)
            assert found.at[of, "n"] == kept.shape[1]
            used = {label for label in kept.to_numpy().ravel() if label is not None}
            if len(used) < 2:  # NLTK says 1 or fails there, krippendorff NaN or refuses
                assert math.isnan(found.at[of, "value"]) and "undefined" in found.at[of, "note"]
                continue
            compared += 1
            for other in (by_nltk, by_krippendorff):
                assert close(found.at[of, "value"], other(kept, distance_of(of))), of
    assert compared > 50


def test_two_coders_have_the_kappa_of_scikit_learn_and_percent():
    compared = 0
    for seed in range(15):
        codings = some_coders(f"two {seed}", sentences=20)
        one, two = (codings[codings["coder"] == f"coder {number}"] for number in (0, 1))
        result = agreement(one, two, CORPUS)
        found = pd.concat([result.overall, result.codes])
        both = codings[codings.duplicated("sentence", keep=False)]
        for of, frame in labels_of(both) if len(both) else ():
            first, second = several(frame).to_numpy()
            same = 100 * np.mean([a == b for a, b in zip(first, second, strict=True)] or [math.nan])
            assert close(found.at[(of, "percent"), "value"], same)
            if of != "code sets" and len({*first, *second}) > 1:
                compared += 1
                kappa = cohen_kappa_score(*(list(map(str, side)) for side in (first, second)))
                assert close(found.at[(of, "kappa"), "value"], kappa)
    assert compared > 50


def test_the_published_examples():
    """Krippendorff (2011), and one in the documentation of krippendorff."""
    for rows, value in (
        (["123321412...", "1233224125.3", ".3332342251.", "12332441251."], 0.743),
        ([".....34121133.3", "1.213343.......", "..21344.21133.4"], 0.691),
    ):
        given = np.array([[-1 if cell == "." else int(cell) for cell in row] for row in rows]).T
        given = given[(given >= 0).sum(axis=1) > 1]
        weights = np.ones((1, len(given)))
        assert round(krippendorff_alpha(given, 1 - np.eye(6), weights)[0], 3) == value


@pytest.mark.parametrize("measure", [percent_agreement, cohen_kappa, krippendorff_alpha])
def test_a_weight_is_as_good_as_writing_the_sentence_again(measure):
    """So a resample by weights is the resample written out."""
    chance, distances = np.random.default_rng(3), 1 - np.eye(3)
    given = chance.integers(0, 3, (20, 2))
    weights = chance.integers(0, 4, (30, 20)).astype(float)
    for row, value in zip(weights, measure(given, distances, weights), strict=True):
        again = given.repeat(row.astype(int), axis=0)
        assert close(value, measure(again, distances, np.ones((1, len(again))))[0])


def test_pairs_and_the_reference_have_the_figures_that_agreement_gives():
    codings = some_coders("pairs", many=4)
    names, found = codings["coder"].unique(), pair_agreement(codings)
    assert found.index.tolist() == list(combinations(names, 2))
    beside = reference_agreement(codings, REFERENCE)
    assert beside.index.tolist() == list(names), "the order of the coders, not of the figures"
    rows = [
        (codings[codings["coder"] == one], other, found.loc[(one, other)])
        for one, other in found.index
    ]
    rows += [(REFERENCE, coder, beside.loc[coder]) for coder in names]
    for one, other, row in rows:
        other = codings[codings["coder"] == other]
        right = agreement(one, other).overall
        assert close(row["percent"], right.at[("code sets", "percent"), "value"])
        assert close(
            row[FIGURE[:4]].tolist(), right.loc[("code sets", "alpha"), FIGURE[:4]].tolist()
        )
        sets = [
            dict(zip(each["sentence"], map(set, each["codes"]), strict=True))
            for each in (one, other)
        ]
        shared = sorted(sets[0].keys() & sets[1].keys())
        assert row["ids"] == tuple(id for id in shared if sets[0][id] != sets[1][id])


def test_sentences_and_mistaken_codes_are_counted_as_one_would_by_hand():
    codings = some_coders("by hand", many=5, sentences=12)
    sets = {id: [set(codes) for codes in each] for id, each in codings.groupby("sentence")["codes"]}
    pairs = {id: list(combinations(each, 2)) for id, each in sets.items() if len(each) > 1}
    found = sentence_agreement(codings)
    assert found.index.tolist() == sorted(pairs)
    for id, each in pairs.items():
        assert close(found.at[id, "value"], 1 - np.mean([masi_distance(*pair) for pair in each]))
        assert found.at[id, "n"] == len(sets[id])
    for (a, b), row in mistaken_codes(codings).iterrows():
        cross = {
            id: np.mean(
                [
                    {one & {a, b} == {a}, two & {a, b} == {b}} == {True}
                    or {one & {a, b} == {b}, two & {a, b} == {a}} == {True}
                    for one, two in each
                ]
            )
            for id, each in pairs.items()
        }
        assert close(row["crossed"], sum(cross.values()))
        assert row["ids"] == tuple(id for id, share in sorted(cross.items()) if share)
    assert mistaken_codes(codings)["crossed"].is_monotonic_decreasing
    shares = code_shares(codings)
    assert shares["n"].sum() == len(codings)
    assert shares[CODES].sum().sum() == codings["codes"].map(len).sum()


# Intervals


def test_whole_paragraphs_are_drawn():
    weights = draw_paragraphs(sorted(GIVEN), PLACES)
    assert weights.shape == (1_001, 172) and (weights[0] == 1).all()
    by_place = pd.DataFrame(weights.T).groupby([PLACES[id] for id in sorted(GIVEN)])
    assert (by_place.nunique() == 1).all(axis=None) and (by_place.first().sum() == 102).all()
    ids = [id for id in PLACES if id.startswith("gftuk")][:60]
    clumped = {id: ["voice" if n % 2 else "form"] for n, id in enumerate(ids)}
    first = ids[:10]
    widths = []
    for places in ({id: id for id in ids}, {id: str(n // 10) for n, id in enumerate(ids)}):
        given = np.array([[n % 2, (n + (id in first)) % 2] for n, id in enumerate(ids)])
        values = krippendorff_alpha(given, 1 - np.eye(2), draw_paragraphs(clumped, places))
        widths.append(np.ptp(np.percentile(values, [2.5, 97.5])))
    assert widths[1] > 1.5 * widths[0], "coders differ in all of one paragraph"


@settings(max_examples=8)
@given(st.integers(0, 10**9))
def test_what_must_be_true_of_any_two_codings(seed):
    codings = some_coders(seed)
    one, two = (codings[codings["coder"] == f"coder {number}"] for number in (0, 1))
    result = agreement(one, two, CORPUS)
    turned = agreement(two.sample(frac=1, random_state=seed % 999), one, CORPUS)
    pd.testing.assert_frame_equal(result.overall[FIGURE], turned.overall[FIGURE])
    assert result.codes[["first", "second"]].equals(
        turned.codes[["second", "first"]].set_axis(["first", "second"], axis=1)
    )
    for _, row in pd.concat([result.overall, result.codes]).iterrows():
        assert row["low"] <= row["high"] or "undefined" in row["note"]
        assert math.isnan(row["value"]) <= ("is undefined" in row["note"])
        assert re.fullmatch(r"([A-Z][^.]*\.)?", row["note"])


# What was planted is found again


def planted(seed, rate, many):
    """Learners who copy the reference; at the rate, a sentence gets one code of twelve instead."""
    chance = random.Random(seed)
    return table(
        *(
            {
                id: [chance.choice(CODES)] if chance.random() < rate else codes
                for id, codes in GIVEN.items()
            }
            for _ in range(many)
        )
    )


def true_alpha(rate):
    """What :func:`planted` comes to in the long run, by the book."""
    labels = list({frozenset(codes) for codes in GIVEN.values()} | {frozenset([c]) for c in CODES})
    gaps = np.array([[masi_distance(one, other) for other in labels] for one in labels])
    single = np.array([(len(label) == 1) / 12 for label in labels])
    own = np.array([[frozenset(codes) == label for label in labels] for codes in GIVEN.values()])
    p = (1 - rate) * own + rate * single
    return 1 - np.mean([each @ gaps @ each for each in p]) / (
        p.mean(axis=0) @ gaps @ p.mean(axis=0)
    )


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.6])
def test_planted_agreement_of_a_class_is_found(rate):
    found = group_agreement(planted(rate, rate, 20)).loc["code sets"]
    assert abs(found["value"] - true_alpha(rate)) < 0.05
    assert found["low"] < found["value"] < found["high"]


def test_intervals_hold_the_planted_figure_about_as_often_as_they_say():
    """Of 20 intervals of 95 %, at least 15 hold it: fewer has a chance of 1 in 1,000."""
    right = true_alpha(0.3)
    rows = [group_agreement(planted(seed, 0.3, 5), CORPUS).loc["code sets"] for seed in range(20)]
    assert sum(row["low"] <= right <= row["high"] for row in rows) >= 15


def test_a_planted_confusion_is_the_first_of_the_mistaken():
    """Where the reference has “organise” alone, four learners in ten give “care”."""
    chance = random.Random("confusion")
    learners = [
        {
            id: ("care",) if codes == ("organise",) and chance.random() < 0.4 else codes
            for id, codes in GIVEN.items()
        }
        for _ in range(20)
    ]
    found = mistaken_codes(table(*learners))
    places = {id for id, codes in GIVEN.items() if codes == ("organise",)}
    assert found.index.tolist() == [("organise", "care")] and set(found["ids"].iloc[0]) <= places
    assert abs(found["crossed"].iloc[0] / len(places) - 2 * 0.4 * 0.6) < 0.1
    alphas = group_agreement(table(*learners)).loc[CODES, "value"].dropna()
    assert set(alphas.nsmallest(2).index) == {"organise", "care"}


# At the edges


def test_what_is_undefined_is_said():
    nobody, one = table(), table(GIVEN)
    apart = agreement(table({"kctu-002": ["voice"]}), table({"kctu-003": ["voice"]}))
    empty = agreement(nobody, nobody)
    assert empty.coders == ("nobody", "nobody") and apart.n == empty.n == 0
    for result in (apart, empty):
        notes = pd.concat([result.overall, result.codes])["note"]
        assert notes.str.contains("undefined: no sentence has a label from two coders").all()
    same = agreement(table({"kctu-002": ["voice"]}), table({"kctu-002": ["voice"]}))
    assert "nothing to tell apart" in same.overall.at[("code sets", "alpha"), "note"]
    assert same.overall.at[("code sets", "percent"), "value"] == 100
    assert same.codes.at[("voice", "percent"), "both"] == 1
    lone = agreement(
        table({"gftuk-002": ["voice"], "gftuk-003": ["form"]}),
        table({"gftuk-002": ["voice"], "gftuk-003": ["voice"]}),
    ).overall.loc[("main code", "alpha")]
    if PLACES["gftuk-002"] == PLACES["gftuk-003"]:
        assert "one paragraph" in lone["note"] and math.isnan(lone["low"])
    for codings in (nobody, one):
        assert pair_agreement(codings).empty and mistaken_codes(codings).empty
        assert group_agreement(codings)["value"].isna().all()
        assert sentence_agreement(codings).empty
    assert code_shares(nobody).empty and reference_agreement(nobody, REFERENCE).empty


def test_a_rare_code_says_how_many_resamples_were_left_out():
    other = {id: ["form"] if id == "kctu-002" else codes for id, codes in GIVEN.items()}
    bargain = [id for id, codes in GIVEN.items() if "bargain" in codes]
    other[bargain[0]] = ["form"]
    row = agreement(REFERENCE, table(other)).codes.loc[("bargain", "alpha")]
    assert re.fullmatch(r"The interval leaves out 1\d\d resamples, .*undefined\.", row["note"])
    assert (row["first"], row["second"], row["both"]) == (2, 1, 1)


def test_large_groups_get_no_intervals(monkeypatch):
    codings = some_coders("large", many=4)
    assert pair_agreement(codings)["low"].notna().all()
    monkeypatch.setattr(reliability, "MOST_PAIRS", 5)
    found = pair_agreement(codings)
    assert found["low"].isna().all() and found["value"].notna().all()


def test_the_order_of_coders_changes_no_figure():
    codings = some_coders("order", many=5)
    turned = codings.sort_values("coder", ascending=False)
    pd.testing.assert_frame_equal(group_agreement(codings), group_agreement(turned))


def test_wrong_tables_are_told_of_in_one_sentence():
    good = table({"kctu-002": ["voice"]})
    with trouble("2 coders"):
        agreement(pd.concat([good, good.assign(coder="Bo")]), good)
    with trouble("kctu-002", "twice"):
        group_agreement(pd.concat([good, good]))
    with trouble("'codes'"):
        pair_agreement(good.drop(columns="codes"))
    with trouble("no codings"):
        reference_agreement(good, table())
    with trouble("'pay'"):
        mistaken_codes(good.assign(codes=[("pay",)]))
    for stray in ("mine-001", "<script>\u202e{}%s" + "x" * 10_000):
        with trouble(stray[:8]) as said:
            agreement(*[good.assign(sentence=stray)] * 2)
        assert len(said()) < 200
