"""Dispersion and collocation: published examples, formulas by hand, and every figure traced to the text."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict

import numpy as np
import pytest
from documents import anything, nasty
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency
from sentence import trouble

from helpers.corpus.cleaning import clean
from helpers.corpus.documents import FIELDS, Document, load_corpus
from helpers.words.counting import WORD, small_words
from helpers.words.dispersion import collocations, deviation, dispersion, hit_positions, juilland

CORPUS = load_corpus()
GFTUK = CORPUS["gftuk"]


def document(text: str, id: str = "doc") -> Document:
    each = Document(id, dict.fromkeys(FIELDS, "x"), clean(""))
    each.cleaning.text = text
    return each


def by_hand(counts: list[int], sizes: list[int]) -> tuple[float, float, float]:
    """DP, its normalised form, and Juilland's D, in plain Python."""
    pairs = [(count, size) for count, size in zip(counts, sizes, strict=True) if size]
    hits, total, parts = sum(counts), sum(sizes), len(pairs)
    if parts < 2 or not hits:
        return (math.nan,) * 3
    gaps = sum(abs(count / hits - size / total) for count, size in pairs) / 2
    rates = [count / size for count, size in pairs]
    mean = sum(rates) / parts
    spread = math.sqrt(sum((rate - mean) ** 2 for rate in rates) / parts)
    return (
        gaps,
        gaps / (1 - min(size for _, size in pairs) / total),
        1 - spread / mean / math.sqrt(parts - 1),
    )


def test_dispersion_is_that_of_the_formulas_on_500_tables():
    chance = random.Random("dispersion")
    for _ in range(500):
        parts = chance.choice([0, 1, 2, 7, 95])
        sizes = [chance.choice([0, 1, 60, chance.randint(1, 300)]) for _ in range(parts)]
        counts = [chance.randint(0, min(size, chance.choice([0, 1, 30]))) for size in sizes]
        assert (*deviation(counts, sizes), juilland(counts, sizes)) == pytest.approx(
            by_hand(counts, sizes), nan_ok=True, abs=1e-9
        )


def test_even_is_0_and_1_and_one_place_is_near_1_and_0():
    assert (*deviation([2, 2, 2], [9, 9, 9]), juilland([2, 2, 2], [9, 9, 9])) == pytest.approx(
        (0, 0, 1)
    )
    assert (*deviation([6, 0, 0], [9, 9, 9]), juilland([6, 0, 0], [9, 9, 9])) == pytest.approx(
        (2 / 3, 1, 0)
    )


@pytest.mark.parametrize(
    "query", ["should", "union*", "working class", "wage", "socialist emulation", "the"]
)
def test_dispersion_in_the_documents_by_hand(query):
    for each in CORPUS.documents:
        spans = [match.span() for match in WORD.finditer(each.text)]
        places = hit_positions(each, query)
        row = dispersion(CORPUS, query).loc[each.id]
        parts = [[], []]
        for low, high in zip(each.paragraphs["start"], each.paragraphs["end"], strict=True):
            parts[0].append(sum(low <= place < high for place in places["start"]))
            parts[1].append(sum(low <= start < high for start, _ in spans))
        wanted = by_hand(*parts)
        slices = [Counter(), Counter()]
        for number, (start, end) in enumerate(spans):
            slices[0][number * 10 // len(spans)] += sum(
                start <= place < end for place in places["start"]
            )
            slices[1][number * 10 // len(spans)] += 1
        even = by_hand(
            [slices[0][part] for part in range(10)], [slices[1][part] for part in range(10)]
        )
        assert row[["dp", "dp_norm", "juilland_d"]].to_list() == pytest.approx(
            [*wanted[:2], even[2]], nan_ok=True
        )
        assert (row["hits"], row["parts"]) == (len(places), len(parts[0]))


def test_a_note_says_what_is_undefined_and_why():
    notes = {
        "": "All are undefined: there is no hit.",
        "Workers act.": "All are undefined: there is no hit.",
        "Union.": "All are undefined: there is only one word.",
        "A union, one union.": "DP is undefined: there is only one paragraph.",
        "A union.\n\nOne more.": "Fewer hits than paragraphs: they could not be spread evenly.",
        "A union.\n\nOne union.": "",
    }
    for text, note in notes.items():
        row = dispersion(document(text), "union").loc["doc"]
        assert row["note"] == note
        undefined = row[["dp", "dp_norm", "juilland_d"]].isna().to_list()
        assert undefined == (
            [True] * 3
            if note.startswith("All")
            else [True, True, False]
            if note.startswith("DP")
            else [False] * 3
        )


@settings(max_examples=80)
@given(st.one_of(nasty, anything), st.sampled_from(["union", "the *", "w*", "a"]))
def test_positions_lie_in_order_from_0_to_1(text, query):
    each = document(text)
    table = hit_positions(each, query)
    assert (
        table["position"].between(0, 1, inclusive="left").all()
        and table["position"].is_monotonic_increasing
    )
    for row in table.itertuples():
        before = len(WORD.findall(text[: row.start]))
        assert row.position * len(WORD.findall(text)) == pytest.approx(before, abs=1)
        assert each.sentences.loc[row.sentence, "start"] <= row.start
    assert dispersion(each, query)["hits"].item() == len(table)


def test_each_position_leads_back_to_the_raw_file():
    for row in hit_positions(GFTUK, "wage", lemma=True).itertuples():
        assert GFTUK.to_raw(row.start, row.end).text == GFTUK.text[row.start : row.end] == "wage"
        assert "wage" in GFTUK.sentence_in_raw(row.sentence).text


# --- collocations ----------------------------------------------------------------------------------------------------


def near_by_hand(
    each: Document, word: str, window: int
) -> tuple[dict[str, list[str]], Counter[str], int, int]:
    """Sentence by sentence, the words near a word: where, how often all words stand elsewhere, how many are near, and hits."""
    near, outside, hits = defaultdict(list), Counter(), 0
    for id, text in each.sentences["text"].items():
        found = [item.casefold() for item in WORD.findall(text)]
        places = [place for place, item in enumerate(found) if item == word]
        hits += len(places)
        for place, item in enumerate(found):
            if item != word:
                outside[item] += 1
                if any(abs(place - other) <= window for other in places):
                    near[item].append(id)
    return near, outside, sum(map(len, near.values())), hits


@pytest.mark.parametrize(
    ("word", "window"),
    [("members", 5), ("should", 2), ("era", 1), ("production", 10), ("education", 500)],
)
def test_collocations_by_hand(word, window):
    near, outside, around, hits = near_by_hand(GFTUK, word, window)
    table = collocations(GFTUK, word, window=window, minimum=2, stop=False)
    total = sum(outside.values())
    wanted = {
        item
        for item, ids in near.items()
        if len(ids) >= 2 and len(ids) > outside[item] * around / total and not item.isdigit()
    }
    assert set(table.index) == wanted and wanted
    for row in table.itertuples():
        count, other = len(near[row.Index]), outside[row.Index]
        cells = np.array([[count, other - count], [around - count, total - around - other + count]])
        assert row.expected == pytest.approx(other * around / total)
        score = chi2_contingency(cells, correction=False, lambda_="log-likelihood")[0]
        assert row.log_likelihood == pytest.approx(score, abs=1e-6)
        assert row.log_dice == pytest.approx(14 + math.log2(2 * count / (hits + other)))
    assert table["log_likelihood"].is_monotonic_decreasing
    assert {item: (row["count"], row["sentences"]) for item, row in table.iterrows()} == {
        item: (len(near[item]), tuple(near[item])) for item in wanted
    }


def test_collocations_keep_to_the_sentence_and_count_a_word_once():
    each = document("Fair pay rises. Pay rises, pay falls. Rises pay.")
    table = collocations(each, "pay", window=3, minimum=1, stop=False)
    assert table.empty, "every word stands near pay, so none does so more than by chance"
    each = document("Fair pay rises. No word here is near to it, it rises not. Pay rises and pay.")
    table = collocations(each, "pay", minimum=1, stop=False)
    assert table["count"].to_dict() == {"rises": 2, "fair": 1, "and": 1}
    assert table.loc["rises", "sentences"] == ("doc-001", "doc-003")
    assert "and" not in collocations(each, "pay", minimum=1).index


def test_collocations_of_a_phrase_and_the_stop_list():
    table = collocations(GFTUK, "working class")
    assert table.index[0] == "members" and not {"working", "class"} & set(table.index)
    assert not small_words() & set(table.index) and (table["count"] >= 3).all()


@pytest.mark.parametrize(
    "text", ["", "union", "union union", "2021 union 2021", "Workers act.\n\nNo."]
)
def test_nothing_near(text):
    assert collocations(document(text), "union", minimum=1).empty


def test_what_cannot_be_looked_for():
    for how in ({"window": 0}, {"window": 2.5}, {"minimum": 0}, {"minimum": "3"}, {"window": True}):
        with trouble("whole numbers"):
            collocations(GFTUK, "union", **how)
    for look in (collocations, hit_positions, dispersion):
        for query in ("", "…", 3, None):
            with trouble():
                look(GFTUK, query)
    with trouble():
        dispersion([], "union")
