"""Agreement: the same figures as three other programs give, honest intervals, and a reason for all that is undefined."""

from __future__ import annotations

import math
import random
import re
import warnings
from dataclasses import replace

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics import masi_distance
from nltk.metrics.agreement import AnnotationTask
from sentence import assert_one_sentence, trouble
from sklearn.metrics import cohen_kappa_score

from helpers import agreement, load_codebook
from helpers.coding.codings import as_codings
from helpers.coding.reliability import _Draws, alpha, masi

BOOK = load_codebook()
FEW = replace(BOOK, codes={code: BOOK.codes[code] for code in ("voice", "form", "none")})
DOERS = ("union", "party", "")
# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011): four observers, twelve units, "." where one is missing.
PUBLISHED = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]


def close(one, other):
    return one == pytest.approx(other, abs=1e-9, nan_ok=True)


def a_table(chance, labels, coders=None):
    """A table of coders and sentences with random labels, some of them missing."""
    coders, sentences, missing = (
        coders or chance.randint(2, 5),
        chance.randint(1, 25),
        chance.choice([0, 0.2, 0.6]),
    )
    rows = [
        [None if chance.random() < missing else chance.choice(labels) for _ in range(sentences)]
        for _ in range(coders)
    ]
    return pd.DataFrame(
        rows, columns=[f"s-{number:03d}" for number in range(sentences)], dtype=object
    )


def by_nltk(table, distance):
    """Alpha by NLTK, which wants missing cells left out; an error where it raises one."""
    triples = [
        (coder, place, label)
        for coder, row in enumerate(table.to_numpy())
        for place, label in enumerate(row)
        if label is not None
    ]
    try:
        return AnnotationTask(triples, distance).alpha()
    except (ValueError, ZeroDivisionError) as problem:
        return problem


def by_krippendorff(table, distance):
    """Alpha by the krippendorff package, from how often each sentence has each label."""
    labels = list(dict.fromkeys(label for label in table.to_numpy().ravel() if label is not None))
    gaps = np.array([[distance(one, other) for other in labels] for one in labels])
    counts = np.array(
        [[sum(cell == label for cell in table[name]) for label in labels] for name in table.columns]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            return krippendorff.alpha(
                value_counts=counts,
                level_of_measurement=lambda v1, v2, i1, i2, n_v, dtype: gaps[i1, i2],
            )
        except (ValueError, IndexError) as problem:
            return problem


def pairable(table):
    """The labels in sentences that at least two coders coded: only these count for alpha."""
    return {
        label
        for name in table.columns
        if table[name].notna().sum() > 1
        for label in table[name].dropna()
    }


@pytest.mark.parametrize("kind", ["nominal", "masi"])
def test_alpha_is_that_of_nltk_and_krippendorff_on_1000_tables(kind):
    chance, undefined = random.Random(f"alpha {kind}"), 0
    sets = [frozenset(some) for some in ("v", "p", "vp", "vf", "vpf", "n")]
    distance = masi_distance if kind == "masi" else lambda one, other: float(one != other)
    for number in range(1000):
        table = a_table(chance, (sets if kind == "masi" else list("vpfn"))[: number % 6 + 1])
        figure, nltk, other = (
            alpha(table, kind),
            by_nltk(table, distance),
            by_krippendorff(table, distance),
        )
        assert figure.n == sum(table.notna().sum() > 1)
        if math.isnan(figure.value):
            # The one difference: where all labels that count are the same, or none counts, NLTK says 1 or fails, and
            # krippendorff says NaN or refuses. We say "undefined": nothing was there that the coders could have told apart.
            undefined += 1
            assert len(pairable(table)) < 2
            assert isinstance(nltk, Exception) or nltk == 1
            assert isinstance(other, Exception) or math.isnan(other)
            assert "undefined" in figure.note
        else:
            assert len(pairable(table)) > 1
            assert close(figure.value, nltk) and close(figure.value, other), table
    assert 50 < undefined < 500


def numbered(one, other):
    """Two lists of labels as lists of numbers."""
    labels = list({*one, *other})
    return [labels.index(label) for label in one], [labels.index(label) for label in other]


def codings(rows, coder="Ann", book=FEW):
    return as_codings(
        [
            {"coder": coder, "sentence": sentence, "codes": codes, "doer": doer}
            for sentence, codes, doer in rows
        ],
        book,
    )


def some_codings(chance):
    """Two coders' random codings, where each leaves out some sentences and some doers."""
    sentences, missing = (
        [f"s-{number:03d}" for number in range(chance.randint(1, 25))],
        chance.choice([0, 0.2, 0.6]),
    )
    choices = chance.sample(
        [("none",), ("voice",), ("voice", "form"), ("form",), ("form", "voice")],
        chance.randint(1, 5),
    )
    tables = []
    for coder in ("Ann", "Bo"):
        coded = [
            (sentence, chance.choice(choices))
            for sentence in sentences
            if chance.random() >= missing
        ]
        tables.append(
            codings(
                [
                    (sentence, codes, "na" if codes == ("none",) else chance.choice(DOERS))
                    for sentence, codes in coded
                ],
                coder,
            )
        )
    return *tables, {sentence: int(sentence[2:]) // 3 for sentence in sentences}


def figures(result):
    """All figures by what they compare, code or not, and measure."""
    return {
        (name, *index): row
        for name in ("overall", "codes")
        for index, row in getattr(result, name).iterrows()
    }


def pairs_by_hand(first, second):
    """What two coders said of the same sentences, for each row of figures, taken from the tables by other means."""
    both = first.merge(second, on="sentence", suffixes=("_1", "_2"))
    one, other = both["codes_1"].tolist(), both["codes_2"].tolist()
    doers = [pair for pair in zip(both["doer_1"], both["doer_2"], strict=True) if all(pair)]
    said = {
        ("overall", "code sets"): (list(map(frozenset, one)), list(map(frozenset, other))),
        ("overall", "main code"): ([codes[0] for codes in one], [codes[0] for codes in other]),
        ("overall", "doer"): ([one for one, _ in doers], [other for _, other in doers]),
    }
    return said | {
        ("codes", code): ([code in codes for codes in one], [code in codes for codes in other])
        for code in FEW
    }


@pytest.mark.parametrize("batch", range(4))
def test_all_figures_are_those_of_the_others_on_1000_tables(batch):
    chance, compared = random.Random(f"agreement {batch}"), 0
    for _ in range(250):
        first, second, paragraphs = some_codings(chance)
        found = figures(agreement(first, second, paragraphs, FEW, resamples=0))
        for place, (one, other) in pairs_by_hand(first, second).items():
            assert {row["n"] for index, row in found.items() if index[:2] == place} == {len(one)}
            value = {index[2]: row["value"] for index, row in found.items() if index[:2] == place}
            assert close(
                value["percent"],
                100 * sum(map(lambda a, b: a == b, one, other)) / len(one) if one else math.nan,
            )
            if len({*one, *other}) < 2:
                assert math.isnan(value["alpha"]) and math.isnan(value.get("kappa", math.nan))
                continue
            compared += 1
            table = pd.DataFrame([one, other], dtype=object)
            distance = masi_distance if place[1] == "code sets" else lambda a, b: float(a != b)
            assert close(value["alpha"], by_nltk(table, distance)) and close(
                value["alpha"], by_krippendorff(table, distance)
            )
            if "kappa" in value:
                task = AnnotationTask(
                    [
                        (coder, n, label)
                        for coder in (0, 1)
                        for n, label in enumerate((one, other)[coder])
                    ]
                )
                assert close(value["kappa"], cohen_kappa_score(*numbered(one, other)))
                assert close(value["kappa"], task.kappa())
    assert compared > 700


def test_the_published_example():
    table = pd.DataFrame([[None if label == "." else label for label in row] for row in PUBLISHED])
    figure = alpha(table)
    assert (round(figure.value, 3), figure.n) == (0.743, 11)
    three = [
        ".....34121133.3",
        "1.213343.......",
        "..21344.21133.4",
    ]  # three observers, in the documentation of krippendorff
    figure = alpha(
        pd.DataFrame([[None if label == "." else label for label in row] for row in three])
    )
    assert (round(figure.value, 3), figure.n) == (0.691, 12)


def test_missing_cells_may_be_none_nan_or_na():
    tables = [
        [["v", "p", blank, "f"], ["v", "p", "p", blank], [blank, "f", "p", "f"]]
        for blank in (None, math.nan, pd.NA, pd.NaT)
    ]
    assert len({alpha(pd.DataFrame(table, dtype=object)).value for table in tables}) == 1


def test_masi_takes_text_tuples_and_sets():
    rows = [["voice", ("voice", "form"), None], [("voice",), "form", ("party",)]]
    sets = [
        [frozenset({"voice"}), frozenset({"voice", "form"}), None],
        [frozenset({"voice"}), frozenset({"form"}), frozenset({"party"})],
    ]
    # As text, for an interval that was not asked for is not a number, and that equals nothing.
    assert repr(alpha(pd.DataFrame(rows), "masi")) == repr(alpha(pd.DataFrame(sets), "masi"))
    assert masi(frozenset(), frozenset()) == 0 and masi(frozenset(), frozenset({"voice"})) == 1
    with trouble("'interval'"):
        alpha(pd.DataFrame(rows), "interval")


# Intervals


def test_intervals_are_those_of_slow_resampling():
    """Every resample is written out, sentence by sentence, and reckoned by the other programs."""
    first, second, paragraphs = some_codings(random.Random(6))
    found = figures(agreement(first, second, paragraphs, FEW, resamples=60, seed=7))
    both = sorted({*first["sentence"]} & {*second["sentence"]})
    order = list(dict.fromkeys(paragraphs[sentence] for sentence in both))
    assert len(both) > 15 and len(order) > 5
    times = _Draws([paragraphs[sentence] for sentence in both], 60, 7).times
    assert set(times.sum(axis=1)) == {len(order)}
    checked = 0
    for place, (one, other) in pairs_by_hand(
        first.set_index("sentence").loc[both].reset_index(), second
    ).items():
        if place[1] == "doer":
            continue
        slow = {"percent": [], "alpha": [], "kappa": []}
        for drawn in times.astype(int):
            again = [
                n
                for n, sentence in enumerate(both)
                for _ in range(drawn[order.index(paragraphs[sentence])])
            ]
            a, b = [one[n] for n in again], [other[n] for n in again]
            slow["percent"].append(100 * sum(x == y for x, y in zip(a, b, strict=True)) / len(a))
            if len({*a, *b}) > 1:
                distance = masi_distance if place[1] == "code sets" else lambda x, y: float(x != y)
                slow["alpha"].append(by_krippendorff(pd.DataFrame([a, b], dtype=object), distance))
                slow["kappa"].append(cohen_kappa_score(*numbered(a, b)))
        for measure in ("percent", "alpha", "kappa"):
            row = found.get((*place, measure))
            if row is not None and not math.isnan(row["value"]):
                checked += 1
                assert close(
                    [row["low"], row["high"]], list(np.percentile(slow[measure], [2.5, 97.5]))
                ), (place, measure)
                assert (len(slow[measure]) < 60) <= bool(row["note"])
    assert checked > 10


@settings(max_examples=60)
@given(st.integers(0, 10**9), st.randoms(use_true_random=False))
def test_what_must_be_true_of_any_two_codings(number, shuffler):
    first, second, paragraphs = some_codings(random.Random(number))
    result = agreement(first, second, paragraphs, FEW, resamples=50)
    places = shuffler.sample(range(len(first)), len(first))
    lonely = codings([("zz-001", ["voice"], "union")])
    same = agreement(
        second,
        pd.concat([first.iloc[places], lonely]),
        {**paragraphs, "zz-001": 1},
        FEW,
        resamples=50,
    )
    assert same.n == result.n and (
        same.coders == result.coders[::-1] or not len(first) or not len(second)
    )
    figure_columns = ["value", "low", "high", "n"]
    pd.testing.assert_frame_equal(result.overall[figure_columns], same.overall[figure_columns])
    assert result.overall["note"].tolist() == same.overall["note"].tolist() or result.n == 0
    assert (
        result.codes[["first", "second", "both"]].to_numpy().tolist()
        == same.codes[["second", "first", "both"]].to_numpy().tolist()
    )
    for (_, of, measure), row in figures(result).items():
        assert (row["low"] <= row["high"]) or "undefined" in row["note"]
        assert math.isnan(row["value"]) <= ("undefined" in row["note"]), (of, measure)
        most = 100 if measure == "percent" else 1
        assert math.isnan(row["value"]) or row["value"] <= most + 1e-12
        if row["note"]:
            assert re.fullmatch(r"[A-Z][^.]*\.", row["note"])


def test_the_same_seed_gives_the_same_intervals_and_another_does_not():
    first, second, paragraphs = some_codings(random.Random(6))
    one, again, other = (
        agreement(first, second, paragraphs, FEW, resamples=100, seed=seed).overall
        for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(one, again)
    assert not one.equals(other) and one["value"].equals(other["value"])


def test_whole_paragraphs_are_drawn():
    """Where coders differ in all of one paragraph, an interval from paragraphs is wider than one from sentences."""
    rows = [(f"s-{n:03d}", ["voice" if n % 2 else "form"], "union") for n in range(60)]
    other = [
        (sentence, ["form", "voice"] if n < 10 else codes, doer)
        for n, (sentence, codes, doer) in enumerate(rows)
    ]
    widths = []
    for size in (1, 10):
        row = agreement(
            codings(rows), codings(other), {f"s-{n:03d}": n // size for n in range(60)}, FEW
        ).overall.loc[("code sets", "alpha")]
        widths.append(row["high"] - row["low"])
    assert widths[1] > 1.5 * widths[0]


def test_many_coders_have_an_interval_too():
    table = a_table(random.Random(1), list("vpf"), coders=5)
    figure = alpha(
        table, paragraphs={name: int(name[2:]) // 2 for name in table.columns}, resamples=200
    )
    assert figure.low < figure.value < figure.high and close(figure.value, alpha(table).value)
    assert math.isnan(alpha(table).low) and "not asked for" in alpha(table).note


def test_the_project_s_own_corpus_gives_the_paragraphs(corpus):
    ids = corpus["kctu"].sentences.index
    first = as_codings(
        [
            {"coder": "Ann", "sentence": id, "codes": "voice" if n % 3 else "rights"}
            for n, id in enumerate(ids)
        ]
    )
    second = as_codings(
        [
            {"coder": "Bo", "sentence": id, "codes": "voice" if n % 4 else "rights"}
            for n, id in enumerate(ids)
        ]
    )
    mapping = {id: ("kctu", number) for id, number in corpus["kctu"].sentences["paragraph"].items()}
    tables = [
        agreement(first, second, source, resamples=100).overall
        for source in (None, corpus, mapping)
    ]
    pd.testing.assert_frame_equal(tables[0], tables[1])
    pd.testing.assert_frame_equal(tables[0], tables[2])


# What is undefined


def note(result, table, of, measure):
    row = getattr(result, table).loc[(of, measure)]
    assert math.isnan(row["value"]) and math.isnan(row["low"]) and math.isnan(row["high"])
    assert "undefined" in row["note"] and row["note"].endswith(".") and row["note"].count(".") == 1
    return row["note"]


def test_nothing_coded():
    result = agreement(codings([]), codings([]), {}, FEW)
    assert (
        result.n == 0
        and "nothing was coded" in repr(result)
        and result.coders == ("nobody", "nobody")
    )
    for (table, of, measure), row in figures(result).items():
        assert row["n"] == 0
        assert ("has a doer" if of == "doer" else "nothing was coded") in note(
            result, table, of, measure
        )
    assert (
        alpha(pd.DataFrame()).note
        == alpha(pd.DataFrame([[None, None]] * 2)).note
        == "Alpha is undefined: nothing was coded."
    )


@pytest.mark.parametrize("other", [[], [("s-002", ["form"], "union")]])
def test_no_sentence_that_both_coded(other):
    result = agreement(
        codings([("s-001", ["voice"], "union")]),
        codings(other, "Bo"),
        {"s-001": 1, "s-002": 1},
        FEW,
    )
    assert "no sentence was coded by both" in note(result, "overall", "code sets", "alpha")
    assert "no sentence was coded by both" in note(result, "overall", "main code", "kappa")
    assert "no sentence was coded by both" in note(result, "codes", "voice", "percent")
    assert (
        alpha(pd.DataFrame([["v", None], [None, "v"]])).note
        == "Alpha is undefined: no sentence was coded by two coders."
    )


def test_one_label_only():
    rows = [(f"s-{n:03d}", ["voice"], "union") for n in range(6)]
    result = agreement(
        codings(rows), codings(rows, "Bo"), {f"s-{n:03d}": n // 2 for n in range(6)}, FEW
    )
    for of, label in (("code sets", "voice"), ("main code", "voice"), ("doer", "union")):
        assert f"one and the same label, '{label}'" in note(result, "overall", of, "alpha")
        row = result.overall.loc[(of, "percent")]
        assert (
            row[["value", "low", "high"]].tolist() == [100, 100, 100]
            and "never differ" in row["note"]
        )
    assert "one and the same label" in note(result, "overall", "doer", "kappa")
    assert "“voice” is in each of these" in note(result, "codes", "voice", "kappa")
    assert "“form” is in none of these" in note(result, "codes", "form", "alpha")
    assert result.codes.loc[("form", "percent"), "value"] == 100


def test_a_label_each_is_not_undefined():
    """Always different labels: NLTK, scikit-learn and krippendorff agree that kappa is 0 and alpha below it."""
    ids = [f"s-{n:03d}" for n in range(4)]
    result = agreement(
        codings([(id, ["voice"], "") for id in ids]),
        codings([(id, ["form"], "") for id in ids]),
        dict(zip(ids, ids, strict=True)),
        FEW,
    )
    assert result.overall.loc[("main code", "kappa"), "value"] == 0
    assert close(result.overall.loc[("main code", "alpha"), "value"], -0.75)
    assert "no sentence has a doer" in note(result, "overall", "doer", "alpha")
    assert result.overall.loc[("doer", "alpha"), "n"] == 0


def test_one_paragraph_has_no_interval_but_a_value():
    rows = [(f"s-{n:03d}", ["voice" if n % 2 else "form"], "union") for n in range(6)]
    other = [("s-000", ["voice"], "union"), *rows[1:]]
    row = agreement(
        codings(rows), codings(other), dict.fromkeys([sentence for sentence, *_ in rows], 1), FEW
    ).overall.loc[("main code", "alpha")]
    assert 0 < row["value"] < 1 and math.isnan(row["low"]) and "one paragraph" in row["note"]


def test_a_rare_code_says_how_many_resamples_were_left_out():
    rows = [(f"s-{n:03d}", ["voice" if n < 2 else "form"], "union") for n in range(20)]
    other = [
        (sentence, ["voice" if n < 1 else "form"], doer)
        for n, (sentence, _, doer) in enumerate(rows)
    ]
    row = agreement(
        codings(rows), codings(other), {f"s-{n:03d}": n for n in range(20)}, FEW
    ).codes.loc[("voice", "alpha")]
    assert re.fullmatch(
        r"The interval leaves out 1?\d\d of 1,000 resamples, in which the figure is undefined\.",
        row["note"],
    )
    assert row["first"] == 2 and row["second"] == row["both"] == 1


# What is wrong


def test_wrong_tables_are_told_of_in_one_sentence():
    good, where = codings([("s-001", ["voice"], "union")]), {"s-001": 1}
    with trouble("first", "2 coders"):
        agreement(pd.concat([good, good.assign(coder="Bo")]), good, where, FEW)
    with trouble("second", "'s-001'", "twice"):
        agreement(good, pd.concat([good, good]), where, FEW)
    with trouble("first", "'codes'"):
        agreement(good.drop(columns="codes"), good, where, FEW)
    with trouble("'s-001'", "paragraph"):
        agreement(good, good, None, FEW)
    with trouble("'bargain'"):
        agreement(good, codings([("s-001", ["bargain"], "")], book=BOOK), where, FEW)
    for resamples in (-1, 10**6):
        with trouble("resamples"):
            agreement(good, good, where, FEW, resamples=resamples)


def test_hostile_text_is_only_text():
    label = "<script>\u202e{}%s\n" + "x" * 10_000
    figure = alpha(pd.DataFrame([[label, label], [label, label]]))
    assert "<script>" in figure.note and len(figure.note) < 200 and "\n" not in figure.note
    with trouble("<script>") as said:
        agreement(codings([(label, ["voice"], "")]), codings([(label, ["voice"], "")]), {}, FEW)
    assert len(said()) < 200
    assert_one_sentence(said())
    assert alpha(pd.DataFrame([[label, "👩‍🏭"], [label, "노조"]])).n == 2
