"""Charts of codings say and draw what the file of codings says, counted anew."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from dataclasses import replace
from io import StringIO
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
from chart_examples import charts
from figures import assert_leads, assert_readable, drawn, marked, words
from matplotlib.colors import to_hex
from sentence import trouble

from helpers import load_codebook, load_codings
from helpers.coding.codings import as_codings
from helpers.coding.frames import NO_CORNER, corner_draws, corner_table, frame_table, what_if
from helpers.corpus.cleaning import clean
from helpers.corpus.documents import CORPUS_FOLDER, FIELDS, Corpus, Document
from helpers.show import frame_charts as frames
from helpers.show.drawing import DARK, LIGHT

BOOK = load_codebook()
NAMES = {"kctu": "KCTU, Our Aims", "gftuk": "Kim Jong Un, letter of 2021"}
OF_ONE = (frames.frame_profile, frames.protection_production, frames.codeline, frames.triangle)
KEPT = Path(__file__).parents[1] / "data" / "charts.json"
INTERVALS = r"^(low|high)"  # drawn by chance


def document(id, text, title=None):
    about = dict.fromkeys(FIELDS, "own") | {"short_title": title or f"Speech to congress {id}"}
    return Document(id, about, clean(text))


def many(corpus, number):
    """A corpus of so many documents: parts of the longer text."""
    parts = corpus["gftuk"].text.split("\n\n")
    ids = "abcdefgh"[:number]
    texts = ["\n\n".join(parts[n * 10 : n * 10 + 10]) for n in range(number)]
    return Corpus({id: document(id, text) for id, text in zip(ids, texts, strict=True)})


def some_codings(seed, corpus):
    chance, codes = random.Random(seed), [code for code in BOOK if code != "none"]
    ids = [id for each in corpus.documents for id in each.sentences.index]
    given = {id: chance.sample(codes, chance.choice([1, 1, 2, 3])) for id in ids}
    return as_codings([{"coder": "Ann", "sentence": id, "codes": of} for id, of in given.items()])


def test_the_charts_are_those_of_before(corpus):
    """What those of the reference said, tabled and led to before there were primitives."""
    made = charts(corpus)
    for name, kept in json.loads(KEPT.read_text(encoding="utf-8")).items():
        chart = made[name]
        assert (chart.title, chart.description) == (kept["title"], kept["description"])
        assert [[mark.label, *mark.sentences] for mark in chart.marks] == kept["marks"], name
        now, then = (
            pd.read_csv(StringIO(chart.table.to_csv())),
            pd.read_csv(StringIO(kept["table"])),
        )
        drop = [column for column in then if re.match(INTERVALS, column)]
        pd.testing.assert_frame_equal(now.drop(columns=drop), then.drop(columns=drop))


def test_the_profile_says_what_the_file_says(corpus, reference, rows):
    chart = frames.frame_profile(corpus, reference)
    for id, name in NAMES.items():
        own = [codes for sentence, codes in rows if sentence.startswith(id)]
        counts = Counter(code for codes in own for code in codes)
        most = max(counts.values())
        labels = " and ".join(f"“{BOOK[code].label}”" for code in BOOK if counts[code] == most)
        share = f"{100 * most / len(own):.1f} % ({most} of {len(own)})"
        assert f"in {name} {labels} with {share}" in chart.description
        table = chart.table[chart.table["document"] == name]
        assert table["sentences"].to_list() == [counts[code] for code in BOOK]


def test_the_dualism_and_the_triangle_say_what_the_file_says(corpus, reference, rows):
    said = frames.protection_production(corpus, reference).description
    chart, corners = frames.triangle(corpus, reference), BOOK.maps[frames.TRIANGLE]
    sides = {"protection": "bargain rights voice care", "production": "mobilise form party"}
    sides |= {"neither of them": "organise solidarity reform nation", "no union role": "none"}
    for id, name in NAMES.items():
        main = [codes[0] for sentence, codes in rows if sentence.startswith(id)]
        for side, codes in sides.items():
            number = sum(code in codes.split() for code in main)
            assert f"{side} {100 * number / len(main):.1f} % ({number} of {len(main)})" in said
        inside = [
            [corner for code in main if code in corners[corner]]
            for corner in ("market", "class", "society")
        ]
        all_inside, out = sum(map(len, inside)), sum(code in corners[NO_CORNER] for code in main)
        share = f"{100 * out / len(main):.1f} %"
        assert f"in {name} {share} ({out} of {len(main)}) have no corner" in chart.description
        assert f"{all_inside} a corner (market {100 * len(inside[0]) / all_inside:.1f} %" in (
            chart.description
        )
        assert f"{share} of {name}" in chart.title


def test_the_pairs_and_the_range_say_what_the_file_says(corpus, reference, rows):
    chart = frames.co_occurrence_chart(reference)
    pairs = Counter(frozenset(pair) for _, codes in rows for pair in combinations(codes, 2))
    (pair, most), *_ = pairs.most_common(1)
    assert all(f"“{BOOK[code].label}”" in chart.description for code in pair)
    assert f": {most}; it would be " in chart.description
    for pair, number in pairs.items():
        assert chart.table.at[tuple(BOOK[code].label for code in pair)] == number
    table, chart = what_if(corpus), frames.coding_range(corpus)
    gaps = (table["highest"] - table["lowest"]).astype(float)
    assert f"one and the same rate in {(gaps < 1e-9).sum()} of {len(table)}" in chart.description
    low, high = table.loc[gaps.idxmax(), ["lowest", "highest"]]
    assert f"{low:.1f} to {high:.1f} %." in chart.description


def test_twenty_numbers_lead_back_to_the_raw_file(corpus, reference, rows):
    """From a mark to its sentences, to their words in the raw file; codings counted again."""
    makes = [*OF_ONE, lambda _, codings: frames.co_occurrence_chart(codings)]
    pool = [(nth, mark) for nth, make in enumerate(makes) for mark in make(corpus, reference).marks]
    codes, files = dict(rows), {"kctu": "kctu-our-aims", "gftuk": "gftuk-letter-2021"}
    labels = {BOOK[code].label: code for code in BOOK}
    for nth, mark in random.Random(20).sample(pool, 20):
        for id in mark.sentences:
            own = corpus[id.rpartition("-")[0]]
            place, file = own.sentence_in_raw(id), CORPUS_FOLDER / "raw" / f"{files[own.id]}.txt"
            assert file.read_text(encoding="utf-8")[place.start : place.end] == place.text
        wanted = {
            labels[part] for part in re.split(r": | in | with ", mark.label) if part in labels
        }
        if nth in (0, 4):
            start = "kctu" if "in KCTU" in mark.label else "gftuk" if "in Kim" in mark.label else ""
            counted = [id for id, own in rows if wanted <= set(own) and id.startswith(start)]
            assert wanted and sorted(counted) == sorted(mark.sentences), mark.label
            assert f": {len(counted)} of " in mark.label
        elif nth == 2:
            assert wanted <= set(codes[mark.sentences[0]])
        else:
            count = int(re.search(r"(\d+)(?: of \d+)? sentences", mark.label)[1])
            assert count == len(mark.sentences), mark.label


def test_bars_are_as_long_as_the_numbers_and_lines_as_the_intervals(corpus, reference):
    table, chart = frame_table(corpus, reference), frames.frame_profile(corpus, reference)
    figure, artists = drawn(chart), marked(drawn(chart))
    for number, mark in enumerate(chart.marks):
        bar, whole = artists[number][0], mark.label
        share = float(re.search(r"([\d.]+) %$", whole)[1])
        assert bar.get_x() == 0 and bar.get_width() == pytest.approx(share, abs=0.051)
        nth = list(NAMES.values()).index(re.search(r" in (.+): \d", whole)[1])
        assert to_hex(bar.get_facecolor()) == LIGHT.tones[nth]
    lines = [line for line in figure.axes[0].lines if line.get_marker() == "|"]
    rows = [
        row for code in BOOK for _, row in table.xs(code, level="code").loc[list(NAMES)].iterrows()
    ]
    for row, line in zip(rows, lines, strict=True):
        whole = row["block_low"] == row["block_low"]
        ends = row[["block_low", "block_high"] if whole else ["low", "high"]].to_list()
        assert line.get_xdata() == pytest.approx(ends)
        assert line.get_linestyle() == ("-" if whole else ":")


def test_stripes_stand_where_the_sentences_do(corpus, reference, rows):
    chart, labels = frames.codeline(corpus, reference), {BOOK[code].label: code for code in BOOK}
    artists, main = marked(drawn(chart)), {id: codes[0] for id, codes in rows}
    found = Counter()
    for number, mark in enumerate(chart.marks):
        (sentence,), (stripe,) = mark.sentences, artists[number]
        code, own = labels[mark.label.partition(":")[0]], corpus[sentence.partition("-")[0]]
        start, end = own.sentences.loc[sentence, ["start", "end"]] * 100 / len(own.text)
        assert stripe.get_x() == pytest.approx(start)
        assert stripe.get_width() == pytest.approx(end - start)
        assert stripe.get_height() == pytest.approx(0.84 if main[sentence] == code else 0.42)
        assert to_hex(stripe.get_facecolor()) == BOOK[code].colour
        found[sentence, code] += 1
    assert found == Counter((id, code) for id, codes in rows for code in codes)
    some = reference[reference["sentence"] < "gftuk-101"]
    marks = frames.codeline(corpus, some).marks
    uncoded = [mark.sentences[0] for mark in marks if mark.label.startswith("not coded: ")]
    assert sorted(uncoded + some["sentence"].to_list()) == sorted(reference["sentence"])


def test_points_stand_at_the_shares_of_their_corners(corpus, reference, rows):
    chart, inside = frames.triangle(corpus, reference), ["market", "class", "society"]
    figure, main = drawn(chart), {id: codes[0] for id, codes in rows}
    draws = corner_draws(corpus, corner_table(corpus, reference, frames.TRIANGLE), inside)
    clouds = [line for line in figure.axes[1].lines if line.get_alpha() == 0.12]
    for nth, (id, cloud) in enumerate(zip(NAMES, clouds, strict=True)):
        number = len(chart.marks) - 2 + nth
        (point,), each = marked(figure)[number], corpus[id]
        codes = [BOOK.maps[frames.TRIANGLE][corner] for corner in inside]
        counts = [sum(main[id] in some for id in each.sentences.index) for some in codes]
        top, _, right = (count / sum(counts) for count in counts)
        assert point.get_xdata() == pytest.approx([right + top / 2])
        assert point.get_ydata() == pytest.approx([top * 0.75**0.5])
        assert len(chart.marks[number].sentences) == sum(counts)
        assert cloud.get_xdata() == pytest.approx(draws[id] @ [0.5, 0, 1])


def test_a_document_with_no_corner_has_no_point(corpus):
    ids = corpus["gftuk"].sentences.index[:20]
    codes = [{"sentence": id, "codes": "party" if n % 2 else "form"} for n, id in enumerate(ids)]
    chart = frames.triangle(corpus, as_codings(codes))
    assert "100.0 % (20 of 20) have no corner" in chart.description
    assert "so that it has no point" in chart.description and "small points" not in words(
        drawn(chart)
    )
    assert not any("that have a corner" in mark.label for mark in chart.marks)


def test_a_chart_of_nothing_says_so(corpus):
    empty = Corpus({"own": document("own", " \n ")})
    for make in (*OF_ONE, lambda _, codings: frames.co_occurrence_chart(codings)):
        for texts in (corpus, empty):
            chart = make(texts, as_codings([]))
            assert chart.description == "No sentence is coded yet, so there is nothing to draw."
            assert chart.marks == [] and chart.html().count("<img") == 2
            assert_readable(chart, DARK, 5.5)


def test_one_document_and_up_to_six_and_no_more(corpus):
    starts = {1: "In this one document, ", 3: "In these three documents, ", 6: "In these six "}
    for number, start in starts.items():
        several = many(corpus, number)
        for make in OF_ONE:
            chart = make(several, some_codings(number, several))
            assert chart.description.startswith(start)
            assert_readable(chart, LIGHT, 5.5 if number == 6 else 8)
            assert_leads(chart, several)
    for make in OF_ONE:
        with trouble("6 documents", "7"):
            make(many(corpus, 7), as_codings([]))


def test_few_coded_sentences_have_no_interval(corpus):
    few = [{"sentence": f"kctu-{n:03d}", "codes": "voice"} for n in range(1, 5)]
    few += [{"sentence": f"gftuk-{n:03d}", "codes": "form"} for n in range(1, 6)]
    for make in (frames.frame_profile, frames.protection_production, frames.triangle):
        chart = make(corpus, as_codings(few))
        said = "KCTU, Our Aims: 4 of 17 sentences coded; fewer than 5, so no interval"
        assert said in words(drawn(chart))
        lines = [line for line in drawn(chart).axes[0].lines if line.get_marker() == "|"]
        assert len(lines) == len(chart.drawing.labels)
    alone = frames.frame_profile(corpus, as_codings(few[:3]))
    assert "95 %" not in words(drawn(alone)) and "none in Kim Jong Un" in alone.description
    assert all(value.row >= 0 and value.nth == 0 for value in alone.drawing.items), "no bar of 0"


def test_what_is_wrong_is_told_in_one_sentence(corpus, reference):
    for make in OF_ONE:
        with trouble("'kctu-099'"):
            make(corpus, as_codings([{"sentence": "kctu-099", "codes": "voice"}]))
    book = replace(BOOK, maps={"Lenin 1920": BOOK.maps["Lenin 1920"]})
    with trouble("Hyman", "Lenin 1920"):
        frames.triangle(corpus, reference, codebook=book)
    two = {frames.TRIANGLE: {"market": ("voice",), "class": ("form",)}}
    with trouble("Hyman", "2 corners"):
        frames.triangle(corpus, reference, codebook=replace(BOOK, maps=two))
    rest = tuple(code for code in BOOK if code not in ("voice", "form", "none"))
    full = {frames.TRIANGLE: {"a": ("voice",), "b": ("form",), "c": rest}}
    said = frames.triangle(corpus, reference, codebook=replace(BOOK, maps=full)).description
    assert "0.0 % (0 of 17) have no corner" in said


def test_side_by_side_each_coding_says_what_it_says_alone(corpus, reference):
    ids = ["kctu-001", "kctu-003", "gftuk-140", "gftuk-142", "gftuk-143", "gftuk-144"]
    mine = as_codings([{"coder": "me", "sentence": id, "codes": "care form"} for id in ids])
    codings, short = (
        {"reference": reference, "mine": mine},
        {"kctu": "KCTU", "gftuk": "Kim Jong Un"},
    )
    for make in OF_ONE:
        chart = make(corpus, codings)
        assert chart.description.startswith("Side by side, ")
        assert_leads(chart, corpus)
        for name, table in codings.items():
            alone = make(corpus, table)
            own = {NAMES[id]: f"{short[id]} ({name})" for id in NAMES}
            wanted = alone.table.assign(document=alone.table["document"].map(own))
            found = chart.table[chart.table["document"].isin(own.values())]
            assert sorted(found.to_csv().split()) == sorted(wanted.to_csv().split())
            marks = [mark.sentences for mark in chart.marks if f"({name})" in mark.label]
            assert sorted(marks) == sorted(mark.sentences for mark in alone.marks)
    with trouble("room for 6", "8"):
        frames.frame_profile(corpus, dict.fromkeys("abcd", load_codings("coder-1")))
