"""Profiles: counts as a plain reading of the file gives them, intervals, the way to sentences."""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import replace
from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence import trouble
from statsmodels.stats.proportion import proportion_confint

from helpers import load_codebook, load_codings
from helpers.coding.codings import as_codings
from helpers.coding.frames import (
    NO_CORNER,
    NOT_CODED,
    code_pairs,
    corner_draws,
    corner_table,
    corners,
    frame_table,
    what_if,
)
from helpers.corpus.cleaning import clean
from helpers.corpus.documents import FIELDS, Corpus, Document

BOOK = load_codebook()
HYMAN, DUALISM = "Hyman's triangle (2001)", "Classic dualism (Pravda and Ruble 1986)"
RATES = ["rate", "low", "high", "block_low", "block_high"]


def some_codings(chance, corpus, coder="Ann", share=None, codes=tuple(BOOK)):
    """A table of random codings of a corpus, some of its sentences left out, in a random order."""
    share = chance.choice([0, 0.05, 0.5, 1]) if share is None else share
    ids = [
        id
        for document in corpus.documents
        for id in document.sentences.index
        if chance.random() < share
    ]
    chance.shuffle(ids)
    others = [code for code in codes if code != "none"]
    given = {
        id: ["none"]
        if chance.random() < 0.2
        else chance.sample(others, chance.choice([1, 1, 2, 3]))
        for id in ids
    }
    return as_codings([{"coder": coder, "sentence": id, "codes": its} for id, its in given.items()])


def small_document(id, text):
    return Document(
        id, dict.fromkeys(FIELDS, "own") | {"short_title": f"Document {id}"}, clean(text)
    )


# The reference, counted by hand


def test_frames_are_those_of_the_file(corpus, reference, rows):
    table = frame_table(corpus, reference)
    assert table.index.to_list() == [
        (document, code) for document in ("kctu", "gftuk") for code in BOOK
    ]
    for (document, code), row in table.iterrows():
        own = [(id, codes) for id, codes in rows if id.startswith(document + "-")]
        ids = tuple(id for id, codes in own if code in codes)
        assert row["ids"] == ids and row["sentences"] == len(ids) and row["coded"] == len(own)
        assert row["rate"] == pytest.approx(100 * len(ids) / len(own))


def test_corners_are_those_of_the_file(corpus, reference, rows):
    for name, drawn in BOOK.maps.items():
        table = corner_table(corpus, reference, name)
        where = {code: corner for corner, codes in drawn.items() for code in codes}
        where = {code: where.get(code, "none" if code == "none" else NO_CORNER) for code in BOOK}
        for document in corpus:
            own = [(id, codes) for id, codes in rows if id.startswith(document + "-")]
            main = Counter(where[codes[0]] for _, codes in own)
            inside = sum(many for corner, many in main.items() if corner not in (NO_CORNER, "none"))
            found = table.loc[document]
            assert list(found.index) == [*dict.fromkeys([*drawn, NO_CORNER, "none", NOT_CODED])]
            for corner, row in found.drop(NOT_CODED).iterrows():
                assert (row["sentences"], row["coded"]) == (main[corner], len(own))
                assert row["ids"] == tuple(id for id, codes in own if where[codes[0]] == corner)
                assert row["rate"] == pytest.approx(100 * main[corner] / len(own))
                expected = (
                    100 * main[corner] / inside
                    if inside and corner not in (NO_CORNER, "none")
                    else math.nan
                )
                assert row["within"] == pytest.approx(expected, nan_ok=True)
            assert found.at[NOT_CODED, "sentences"] == 0 and math.isnan(found.at[NOT_CODED, "rate"])


def test_what_the_triangle_cannot_hold(corpus, reference):
    """The finding of lesson 07, as numbers: change it only with the reference."""
    table = corner_table(corpus, reference, HYMAN)["sentences"]
    assert table["kctu"].to_dict() == {
        "market": 1,
        "class": 8,
        "society": 6,
        NO_CORNER: 2,
        "none": 0,
        NOT_CODED: 0,
    }
    assert table["gftuk"].to_dict() == {
        "market": 0,
        "class": 36,
        "society": 0,
        NO_CORNER: 101,
        "none": 18,
        NOT_CODED: 0,
    }


def test_pairs_are_those_of_the_file(reference, rows):
    pairs = code_pairs(reference)
    by_hand = Counter(frozenset(pair) for _, codes in rows for pair in combinations(codes, 2))
    alone = Counter(code for _, codes in rows for code in codes)
    for one in BOOK:
        for other in BOOK:
            wanted = alone[one] if one == other else by_hand[frozenset((one, other))]
            assert pairs.at[(one, other), "count"] == wanted
            assert pairs.at[(one, other), "ids"] == tuple(
                id for id, codes in rows if one in codes and other in codes
            )


def test_what_chance_would_give_is_reckoned_within_each_document():
    """A code that is only here and one that is only there are not expected together."""
    rows = [
        ("a-001", "voice"),
        ("a-002", "voice rights"),
        ("a-003", "rights"),
        ("a-004", "none"),
        ("b-001", "form"),
        ("b-002", "form"),
    ]
    pairs = code_pairs(as_codings([{"sentence": id, "codes": codes} for id, codes in rows]))
    assert pairs.at[("voice", "rights"), "expected"] == pytest.approx(2 * 2 / 4)
    assert pairs.at[("voice", "form"), "expected"] == 0
    assert math.isnan(pairs.at[("voice", "voice"), "expected"])


def test_what_if_is_the_three_frame_tables(corpus):
    table = what_if(corpus)
    frames = {
        who: frame_table(corpus, load_codings(who)) for who in ("reference", "coder-1", "coder-2")
    }
    for row in table.index:
        rates = [frames[who].at[row, "rate"] for who in frames]
        assert table.loc[row, ["rate reference", "rate coder-1", "rate coder-2"]].to_list() == rates
        assert (table.at[row, "lowest"], table.at[row, "highest"]) == (min(rates), max(rates))
        ids = [set(frames[who].at[row, "ids"]) for who in frames]
        assert list(table.at[row, "ids"]) == sorted(set.union(*ids))
        assert list(table.at[row, "differ"]) == sorted(set.union(*ids) - set.intersection(*ids))
    pd.testing.assert_frame_equal(table, what_if(corpus, *(load_codings(who) for who in frames)))


def test_what_if_compares_only_what_all_coded(corpus):
    one = as_codings(
        [{"coder": "Ann", "sentence": f"kctu-{n:03d}", "codes": "voice"} for n in range(1, 11)]
    )
    two = as_codings(
        [
            {"coder": "Ann", "sentence": f"kctu-{n:03d}", "codes": "voice" if n < 9 else "form"}
            for n in range(6, 16)
        ]
    )
    table = what_if(corpus, one, two)
    row = table.loc[("kctu", "voice")]
    assert (row["coded"], row["rate Ann"], row["rate Ann (2)"], row["lowest"], row["highest"]) == (
        5,
        100,
        60,
        60,
        100,
    )
    assert row["ids"] == tuple(f"kctu-{n:03d}" for n in range(6, 11)) and row["differ"] == (
        "kctu-009",
        "kctu-010",
    )
    assert table.loc[("gftuk", "voice"), "coded"] == 0 and math.isnan(
        table.loc[("gftuk", "voice"), "lowest"]
    )
    nothing = what_if(corpus, one, as_codings([]))
    assert not nothing["coded"].any() and "rate nobody" in nothing


# Intervals


def test_wilson_is_that_of_statsmodels(corpus, reference):
    for table in (
        frame_table(corpus, reference),
        corner_table(corpus, reference, HYMAN).drop(NOT_CODED, level="corner"),
    ):
        low, high = proportion_confint(
            table["sentences"].to_numpy(int), table["coded"].to_numpy(int), method="wilson"
        )
        assert table["low"].to_list() == pytest.approx(list(100 * low), abs=1e-9)
        assert table["high"].to_list() == pytest.approx(list(100 * high), abs=1e-9)


def test_block_intervals_are_those_of_slow_resampling(corpus, reference):
    """Paragraphs drawn and counted one by one, with other random numbers and more of them."""
    table, chance = frame_table(corpus, reference), random.Random(7)
    for document, code in (
        ("kctu", "voice"),
        ("kctu", "organise"),
        ("gftuk", "form"),
        ("gftuk", "party"),
        ("gftuk", "care"),
    ):
        place = corpus[document].sentences["paragraph"].to_dict()
        blocks = [
            [id for id in place if place[id] == number] for number in sorted(set(place.values()))
        ]
        row, rates = table.loc[(document, code)], []
        for _ in range(4_000):
            drawn = [id for _ in blocks for id in chance.choice(blocks)]
            rates.append(100 * sum(id in row["ids"] for id in drawn) / len(drawn))
        rates.sort()
        assert rates[40] <= row["block_low"] + 1e-9 and row["block_low"] <= rates[180] + 1e-9, (
            code
        )  # 1 to 4.5 %, for 2.5
        assert (
            rates[3_820] <= row["block_high"] + 1e-9 and row["block_high"] <= rates[3_960] + 1e-9
        ), code
    pd.testing.assert_frame_equal(table, frame_table(corpus, reference))


def test_whole_paragraphs_are_drawn():
    """Codes that come in clumps are less sure than spread ones, whatever single sentences say."""
    text = "\n\n".join(
        "The union will act. Its members will vote. The workers will meet. The branch will pay."
        for _ in range(10)
    )
    corpus = Corpus({"own": small_document("own", text)})
    ids = list(corpus["own"].sentences.index)
    widths = []
    for clumps in (True, False):
        codes = ["voice" if (n // 4 < 5 if clumps else n % 2) else "form" for n in range(len(ids))]
        given = as_codings(
            [{"sentence": id, "codes": code} for id, code in zip(ids, codes, strict=True)]
        )
        row = frame_table(corpus, given).loc[("own", "voice")]
        assert row["rate"] == 50
        widths.append(row["block_high"] - row["block_low"])
    assert widths[0] > 40 and widths[1] == 0


def test_where_drawing_anew_shows_nothing(corpus):
    for codes in (
        {"kctu-001": "voice", "kctu-002": "voice"},
        {"kctu-005": "voice", "kctu-006": "form", "kctu-007": "form"},
    ):
        given = as_codings([{"sentence": id, "codes": code} for id, code in codes.items()])
        place = corpus["kctu"].sentences["paragraph"]
        alone = len({place[id] for id in codes}) == 1
        row = frame_table(corpus, given).loc[("kctu", "voice")]
        assert (
            math.isnan(row["block_low"])
            == math.isnan(row["block_high"])
            == (alone or row["sentences"] == row["coded"])
        )
        assert row["low"] < row["rate"] <= row["high"]


def test_the_draws_of_the_corners(corpus, reference):
    table = corner_table(corpus, reference, HYMAN)
    names = ["market", "class", "society"]
    draws = corner_draws(corpus, table, names)
    assert draws["kctu"].shape == (1_000, 3) and (draws["gftuk"] == [0, 1, 0]).all()
    assert draws["kctu"].sum(axis=1) == pytest.approx(1)
    assert draws["kctu"].mean(axis=0) == pytest.approx(
        table.loc["kctu"].loc[names, "within"].to_numpy(float) / 100, abs=0.03
    )
    bare = corner_draws(corpus, corner_table(corpus, as_codings([]), HYMAN), names)
    assert [bare[id].shape for id in corpus] == [(0, 3), (0, 3)]


# What must be true of any codings


@settings(max_examples=6)
@given(st.integers(0, 10**9))
def test_what_must_be_true_of_any_codings(corpus, number):
    chance = random.Random(number)
    given_codings = some_codings(chance, corpus)
    codes = dict(zip(given_codings["sentence"], given_codings["codes"], strict=True))
    frames = frame_table(corpus, given_codings)
    maps = {name: corner_table(corpus, given_codings, name) for name in BOOK.maps}
    for document in corpus:
        own = [id for id in corpus[document].sentences.index if id in codes]
        assert (frames.loc[document, "coded"] == len(own)).all()
        assert frames.loc[document, "sentences"].sum() == sum(len(codes[id]) for id in own)
        for table in maps.values():
            found = table.loc[document]
            assert sorted(id for ids in found["ids"] for id in ids) == sorted(
                corpus[document].sentences.index
            )
            assert found["rate"].sum() == pytest.approx(100 if own else 0)
            assert found["within"].sum() == pytest.approx(
                100 if found["within"].notna().any() else 0
            )
    for table in (frames, *maps.values()):
        assert (table["sentences"] == table["ids"].map(len)).all()
        for _, row in table[table["rate"].notna()].iterrows():
            assert (
                -1e-9 <= row["low"] <= row["rate"] + 1e-9
                and row["rate"] <= row["high"] + 1e-9
                and row["high"] <= 100 + 1e-9
            )
            assert math.isnan(row["block_low"]) == math.isnan(row["block_high"])
            if not math.isnan(row["block_low"]):
                assert (
                    0 <= row["block_low"] <= row["block_high"] <= 100
                    and 0 < row["sentences"] < row["coded"]
                )
        assert table.loc[table["coded"] == 0, RATES].isna().all(axis=None)
    for (document, code), row in frames.iterrows():
        assert all(code in codes[id] and id.startswith(document) for id in row["ids"])
        assert list(row["ids"]) == sorted(row["ids"])
    again = given_codings.sample(frac=1, random_state=number % 1000)
    pd.testing.assert_frame_equal(frame_table(corpus, again), frames)


@settings(max_examples=6)
@given(st.integers(0, 10**9))
def test_what_must_be_true_of_any_pairs_and_any_coders(corpus, number):
    chance = random.Random(number)
    first, second = some_codings(chance, corpus), some_codings(chance, corpus, "Bo", 0.6)
    pairs = code_pairs(first)
    table = pairs["count"].unstack().loc[list(BOOK), list(BOOK)]
    assert (table.to_numpy() == table.to_numpy().T).all()
    assert (pairs["count"] == pairs["ids"].map(len)).all()
    assert all(
        table.at[one, other] <= min(table.at[one, one], table.at[other, other])
        for one in BOOK
        for other in BOOK
    )
    assert table.loc["none"].drop("none").sum() == 0
    compared, turned = what_if(corpus, first, second), what_if(corpus, second, first)
    columns = ["coded", "lowest", "highest", "ids", "differ"]
    pd.testing.assert_frame_equal(compared[columns], turned[columns])
    same = what_if(corpus, first, first)
    assert same["differ"].map(len).sum() == 0 and same["lowest"].equals(same["highest"])
    for _, row in compared[compared["coded"] > 0].iterrows():
        assert row["highest"] - row["lowest"] <= 100 * len(row["differ"]) / row["coded"] + 1e-9
        assert row["highest"] <= 100 * len(row["ids"]) / row["coded"] + 1e-9


# Maps


def test_a_map_may_leave_out_codes_and_name_one_twice(corpus, reference):
    book = replace(
        BOOK, maps={"odd": {"first": ("voice", "none"), "second": ("voice", "rights")}, "bare": {}}
    )
    found = corners("odd", book)
    assert (
        found["first"] == ["voice", "none"]
        and found["second"] == ["rights"]
        and found["none"] == []
    )
    assert sorted(code for codes in found.values() for code in codes) == sorted(BOOK)
    table = corner_table(corpus, reference, "odd", book)
    assert table.loc["kctu", "sentences"].to_dict() == {
        "first": 4,
        "second": 4,
        NO_CORNER: 9,
        "none": 0,
        NOT_CODED: 0,
    }
    bare = corner_table(corpus, reference, "bare", book)
    assert (
        bare.loc["gftuk", "sentences"].to_dict() == {NO_CORNER: 137, "none": 18, NOT_CODED: 0}
        and bare["within"].isna().all()
    )


# Nothing, and what is wrong


def test_nothing_coded(corpus):
    none = as_codings([])
    frames, found = frame_table(corpus, none), corner_table(corpus, none, DUALISM)
    assert (
        not frames["coded"].any()
        and frames[RATES].isna().all(axis=None)
        and set(frames["ids"]) == {()}
    )
    assert found.xs(NOT_CODED, level="corner")["sentences"].to_list() == [17, 155]
    assert found.drop(NOT_CODED, level="corner")["sentences"].sum() == 0
    assert code_pairs(none)["count"].sum() == 0


def test_a_document_without_sentences():
    corpus = Corpus({"own": small_document("own", " \n ")})
    assert frame_table(corpus, as_codings([])).loc[("own", "voice"), "ids"] == ()
    assert corner_table(corpus, as_codings([]), HYMAN).loc[("own", NOT_CODED), "sentences"] == 0


def test_what_is_wrong_is_told_in_one_sentence(corpus, reference):
    stray = as_codings([{"sentence": "kctu-018", "codes": "voice"}])
    for make in (frame_table, lambda *given: corner_table(*given, HYMAN), what_if):
        with trouble("'kctu-018'", "corpus"):
            make(corpus, stray)
    with trouble("'gftuk-001'"):
        frame_table(Corpus({"kctu": corpus["kctu"]}), reference)
    both = pd.concat([reference, load_codings("coder-1")])
    for make in (lambda table: frame_table(corpus, table), code_pairs):
        with trouble("2 coders"):
            make(both)
    with trouble("'form'"):
        frame_table(
            corpus,
            reference,
            replace(BOOK, codes={code: BOOK[code] for code in BOOK if code != "form"}),
        )
    with trouble("'Hyman'", "Lenin 1920"):
        corner_table(corpus, reference, "Hyman")
    with trouble("<script>") as said:
        frame_table(corpus, as_codings([{"sentence": "<script>" + "x" * 10_000, "codes": "voice"}]))
    assert len(said()) < 200
