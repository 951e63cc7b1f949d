"""Charts of codings: they say and draw what the data are, lead back to the sentences, and can be read by everybody."""

from __future__ import annotations

import random
import re
import warnings
from collections import Counter
from dataclasses import replace
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from figures import drawn, marked, texts
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.text import Text
from sentence import trouble

from helpers import agreement, load_codebook, load_codings
from helpers.coding.codings import as_codings
from helpers.coding.frames import NO_CORNER, corner_draws, corner_table, frame_table, what_if
from helpers.corpus.cleaning import clean
from helpers.corpus.documents import CORPUS_FOLDER, FIELDS, Corpus, Document
from helpers.show import frames
from helpers.show.charts import DARK, HATCHES, LIGHT, _style

BOOK = load_codebook()
WIDTHS = (5.5, 8.0, 11.0)
NAMES = ("profile", "dualism", "codeline", "together", "triangle", "agreement", "range")
BARS = ("profile", "dualism", "range")
INKS = pytest.mark.parametrize("ink", [LIGHT, DARK], ids=["light", "dark"])


def made(name, corpus, codings, other=None, **how):
    """One of the seven charts; ``other`` is a second coding, where two are compared."""
    other = codings.assign(coder="Bo") if other is None else other
    if name == "agreement":
        return frames.agreement_chart(
            agreement(codings, other, corpus, resamples=50), codings, other, **how
        )
    if name == "range":
        return frames.coding_range(corpus, codings, other, **how)
    if name == "together":
        return frames.co_occurrence_chart(codings, **how)
    make = {"profile": "frame_profile", "dualism": "protection_production"}
    return getattr(frames, make.get(name, name))(corpus, codings, **how)


def some_codings(chance, corpus, coder="Ann", share=1.0):
    ids = [
        id
        for document in corpus.documents
        for id in document.sentences.index
        if chance.random() < share
    ]
    others = [code for code in BOOK if code != "none"]
    given = {
        id: ["none"]
        if chance.random() < 0.2
        else chance.sample(others, chance.choice([1, 1, 2, 3]))
        for id in ids
    }
    return as_codings(
        [{"coder": coder, "sentence": id, "codes": codes} for id, codes in given.items()]
    )


def document(id, text, title=None):
    return Document(
        id,
        dict.fromkeys(FIELDS, "own") | {"short_title": title or f"Speech to congress {id}"},
        clean(text),
    )


def many(corpus, number):
    """A corpus of so many documents: parts of the longer text."""
    paragraphs = corpus["gftuk"].text.split("\n\n")
    return Corpus(
        {
            id: document(id, "\n\n".join(paragraphs[n * 10 : n * 10 + 10]))
            for n, id in enumerate("abcdefgh"[:number])
        }
    )


@pytest.fixture(scope="module")
def coders():
    return load_codings("coder-1"), load_codings("coder-2")


# What charts say


def test_the_profile_says_what_the_file_says(corpus, reference, rows):
    chart = frames.frame_profile(corpus, reference)
    for id, name in (("kctu", "KCTU, Our Aims"), ("gftuk", "Kim Jong Un, letter of 2021")):
        own = [codes for sentence, codes in rows if sentence.startswith(id)]
        counts = Counter(code for codes in own for code in codes)
        most = max(counts.values())
        labels = " and ".join(f"“{BOOK[code].label}”" for code in BOOK if counts[code] == most)
        assert (
            f"in {name} {labels} with {100 * most / len(own):.1f} % ({most} of {len(own)})"
            in chart.description
        )
        table = chart.table[chart.table["document"] == name]
        assert table["sentences"].to_list() == [counts[code] for code in BOOK]
        assert table.index.to_list() == [BOOK[code].label for code in BOOK]
    assert chart.description.startswith("In these two documents, ") and chart.description.endswith(
        "Building the union and Nation."
    )


def test_the_dualism_says_what_the_file_says(corpus, reference, rows):
    said = frames.protection_production(corpus, reference).description
    sides = {"protection": "bargain rights voice care", "production": "mobilise form party"}
    sides |= {"neither of them": "organise solidarity reform nation", "no union role": "none"}
    for id in ("kctu", "gftuk"):
        main = [codes[0] for sentence, codes in rows if sentence.startswith(id)]
        for side, codes in sides.items():
            number = sum(code in codes.split() for code in main)
            assert f"{side} {100 * number / len(main):.1f} % ({number} of {len(main)})" in said


def test_the_triangle_says_what_it_cannot_hold(corpus, reference, rows):
    chart = frames.triangle(corpus, reference)
    corners = BOOK.maps[frames.TRIANGLE]
    for id, name in (("kctu", "KCTU, Our Aims"), ("gftuk", "Kim Jong Un, letter of 2021")):
        main = [codes[0] for sentence, codes in rows if sentence.startswith(id)]
        inside = [
            corner
            for code in main
            for corner in ("market", "class", "society")
            if code in corners[corner]
        ]
        out = sum(code in corners[NO_CORNER] for code in main)
        share = f"{100 * out / len(main):.1f} %"
        shares = [
            f"{corner} {100 * inside.count(corner) / len(inside):.1f} %"
            for corner in ("market", "class", "society")
        ]
        assert f"in {name} {share} ({out} of {len(main)}) have no corner" in chart.description
        assert (
            f"{len(inside)} a corner ({shares[0]}, {shares[1]} and {shares[2]})"
            in chart.description
        )
        assert f"{share} of {name}" in chart.title and f"{share} of {name}" in figure_text(
            drawn(chart)
        )


def figure_text(figure):
    return " ".join(" ".join(text.get_text() for text in texts(figure)).split())


def test_the_pairs_say_what_the_file_says(reference, rows):
    chart = frames.co_occurrence_chart(reference)
    pairs = Counter(frozenset(pair) for _, codes in rows for pair in combinations(codes, 2))
    (pair, most), *_ = pairs.most_common(1)
    expected = 0
    for id in ("kctu", "gftuk"):
        own = [codes for sentence, codes in rows if sentence.startswith(id)]
        one, other = (sum(code in codes for codes in own) for code in pair)
        expected += one * other / len(own)
    several = sum(len(codes) > 1 for _, codes in rows)
    assert f"{several} of {len(rows)} coded sentences have more than one code" in chart.description
    assert all(f"“{BOOK[code].label}”" in chart.description for code in pair)
    assert f": {most}; it would be {expected:.1f} were" in chart.description
    assert all(
        chart.table.at[tuple(BOOK[code].label for code in pair)] == number
        for pair, number in pairs.items()
    )


def test_the_agreement_says_what_the_figures_are(coders):
    result = agreement(*coders, resamples=100)
    chart = frames.agreement_chart(result, *coders)
    values = {
        of: row["value"]
        for (of, measure), row in [*result.overall.iterrows(), *result.codes.iterrows()]
        if measure == "alpha"
    }
    values = {of: value for of, value in values.items() if of in ("code sets", *BOOK)}
    lowest = min(values, key=values.get)
    assert (
        f"alpha runs from {values[lowest]:.2f} (“{BOOK[lowest].label}”) to {max(values.values()):.2f}"
        in chart.description
    )
    assert (
        f"On {sum(value == 1 for value in values.values())} of these 13 the coders never differ"
        in chart.description
    )
    assert chart.table["value"].to_list() == pytest.approx(
        [values[of] for of in ("code sets", *BOOK)], abs=6e-4
    )


def test_the_range_says_what_the_three_codings_are(corpus):
    table, chart = what_if(corpus), frames.coding_range(corpus)
    gaps = (table["highest"] - table["lowest"]).astype(float)
    (id, code), same = gaps.idxmax(), int((gaps < 1e-9).sum())
    assert f"one and the same rate in {same} of {len(table)} cases" in chart.description
    assert f"“{BOOK[code].label}” in {corpus[id].about['short_title']}, " in chart.description
    assert (
        f"{table.at[(id, code), 'lowest']:.1f} to {table.at[(id, code), 'highest']:.1f} %."
        in chart.description
    )
    assert "reference, coder-1 and coder-2" in chart.description


def test_words_are_only_about_these_documents(corpus, reference, coders):
    for name in NAMES:
        chart = (
            made(name, corpus, *coders)
            if name in ("agreement", "range")
            else made(name, corpus, reference)
        )
        assert chart.description.startswith(
            "On 172 sentences" if name == "agreement" else "In these two documents, "
        )
        assert chart.description.endswith(".") and chart.description.count(". ") <= 2
        words = set(re.findall(r"[a-z]+", chart.description.lower()))
        assert words.isdisjoint(
            {
                "better",
                "worse",
                "good",
                "bad",
                "true",
                "real",
                "significant",
                "proves",
                "shows",
                "unions",
                "koreans",
            }
        )


# Marks


def recount(mark):
    """The number of sentences that the label of a mark speaks of."""
    for pattern in (
        r"differ in (\d+) of",
        r" of (\d+) sentences that have a corner",
        r": (\d+) of \d+ sentences",
        r": (\d+) sentences",
    ):
        if found := re.search(pattern, mark.label):
            return int(found[1])
    assert re.search(rf": {mark.sentences[0]}, ", mark.label), mark.label
    return 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_marks_lead_to_as_many_sentences_as_they_say(corpus, coders, reference, name, seed):
    chance = random.Random(seed)
    pair = (
        coders
        if seed is None
        else (some_codings(chance, corpus, share=0.4), some_codings(chance, corpus, "Bo", 0.8))
    )
    chart = made(
        name,
        corpus,
        reference if seed is None and name not in ("agreement", "range") else pair[0],
        pair[1],
    )
    known = [id for each in corpus.documents for id in each.sentences.index]
    assert chart.marks
    for mark in chart.marks:
        assert len(mark.sentences) == len(set(mark.sentences)) == recount(mark), mark.label
        assert set(mark.sentences) <= set(known)
        if name in (*BARS, "triangle", "codeline"):
            assert list(mark.sentences) == sorted(mark.sentences, key=known.index)
    png, boxes = chart.image(LIGHT)
    assert png.startswith(b"\x89PNG") and sorted(boxes) == list(range(len(chart.marks)))
    for left, top, width, height in boxes.values():
        assert (
            left >= -0.01
            and top >= -0.01
            and left + width <= 1.01
            and top + height <= 1.01
            and width > 0
            and height > 0
        )


def test_twenty_numbers_lead_back_to_the_raw_file(corpus, reference, rows):
    """From a mark to its sentences, to their words in the raw file; and what the file of codings says of those, counted again."""
    pool = [
        (name, mark)
        for name in (*BARS[:2], "codeline", "together", "triangle")
        for mark in made(name, corpus, reference).marks
    ]
    codes, files = dict(rows), {"kctu": "kctu-our-aims", "gftuk": "gftuk-letter-2021"}
    labels = {BOOK[code].label: code for code in BOOK}
    for name, mark in random.Random(20).sample(pool, 20):
        for id in mark.sentences:
            document = corpus[id.rpartition("-")[0]]
            place = document.sentence_in_raw(id)
            raw = (CORPUS_FOLDER / "raw" / f"{files[document.id]}.txt").read_text(encoding="utf-8")[
                place.start : place.end
            ]
            assert raw == place.text
            strange = set(re.findall(r"\w+", document.sentences.at[id, "text"])) - set(
                re.findall(r"\w+", raw)
            )
            assert len(strange) <= 2, "no word but one torn or corrected"
        wanted = {
            code
            for label, code in labels.items()
            if label in re.split(r": | in | with ", mark.label)
        }
        if name in ("profile", "together"):
            start = "kctu" if "in KCTU" in mark.label else "gftuk" if "in Kim" in mark.label else ""
            counted = [id for id, own in rows if wanted <= set(own) and id.startswith(start)]
            assert (
                wanted
                and sorted(counted) == sorted(mark.sentences)
                and len(counted) == recount(mark)
            ), mark.label
        elif name == "codeline":
            assert wanted <= set(codes[mark.sentences[0]])
        else:
            assert len(mark.sentences) == recount(mark)


def test_marks_of_stripes_are_the_codings(corpus, reference, rows):
    labels = {BOOK[code].label: code for code in BOOK}
    found = Counter(
        (mark.sentences[0], labels[mark.label.partition(":")[0]])
        for mark in frames.codeline(corpus, reference).marks
    )
    assert found == Counter((id, code) for id, codes in rows for code in codes)


def test_marks_of_agreement_are_the_differences(coders):
    one, other = (
        dict(zip(table["sentence"], map(set, table["codes"]), strict=True)) for table in coders
    )
    chart = frames.agreement_chart(agreement(*coders, resamples=20), *coders)
    labels = {BOOK[code].label: code for code in BOOK}
    for mark in chart.marks:
        code = labels.get(mark.label.partition(":")[0])
        assert all(
            one[id] != other[id] and (code is None or code in one[id] ^ other[id])
            for id in mark.sentences
        )
    assert len(chart.marks[0].sentences) == sum(one[id] != other[id] for id in one)
    assert frames.agreement_chart(agreement(*coders, resamples=20)).marks == []


# What is drawn


@pytest.mark.parametrize("name", [*BARS, "triangle"])
def test_bars_are_as_long_as_the_numbers(corpus, reference, name):
    chart = made(name, corpus, *load_pair()) if name == "range" else made(name, corpus, reference)
    figure = drawn(chart)
    artists, axes = marked(figure), figure.axes[-1]
    titles = [each.about["short_title"] for each in corpus.documents]
    bars = [
        number for number, mark in enumerate(chart.marks) if "that have a corner" not in mark.label
    ]
    order = list(dict.fromkeys(chart.table.index))
    labels = [text.get_text().replace("\n", " ") for text in axes.get_yticklabels()]
    assert labels == order
    for number in bars:
        label, bar = chart.marks[number].label, artists[number]
        title = next(title for title in titles if f" in {title}: " in label)
        row = chart.table[chart.table["document"] == title].loc[
            label.partition(f" in {title}: ")[0]
        ]
        assert bar.get_x() == 0 and bar.get_width() == pytest.approx(
            row["lowest" if name == "range" else "percent"], abs=0.051
        )
        assert round(bar.get_y() + bar.get_height() / 2) == order.index(row.name)
        assert (
            to_hex(bar.get_facecolor()) == LIGHT.tones[titles.index(title)]
            and (bar.get_hatch() or "") == HATCHES[titles.index(title)]
        )
    everything = [bar for container in axes.containers for bar in container]
    assert (
        len(everything) == len(chart.table)
        and sum(bar.get_width() > 0 for bar in everything) >= len(bars) - 1
    )


def load_pair():
    return load_codings("coder-1"), load_codings("coder-2")


def test_whiskers_are_the_intervals_of_paragraphs_or_dotted_those_of_sentences(corpus, reference):
    table, figure = frame_table(corpus, reference), drawn(frames.frame_profile(corpus, reference))
    lines = [line for line in figure.axes[0].lines if line.get_marker() == "|"]
    assert len(lines) == len(table)
    for (_, row), line in zip(table.iterrows(), lines, strict=True):
        block = not np.isnan(row["block_low"])
        wanted = row[["block_low", "block_high"] if block else ["low", "high"]].to_list()
        assert line.get_xdata() == pytest.approx(wanted) and line.get_linestyle() == (
            "-" if block else ":"
        )
    right = [text.get_text() for text in figure.axes[0].texts]
    assert right == [f"{row['rate']:.1f} % ({row['sentences']})" for _, row in table.iterrows()]


def test_stripes_stand_where_the_sentences_do(corpus, reference, rows):
    chart = frames.codeline(corpus, reference)
    figure = drawn(chart)
    axes, artists, main = figure.axes[0], marked(figure), {id: codes[0] for id, codes in rows}
    ticks = dict(
        zip(axes.get_yticks(), [text.get_text() for text in axes.get_yticklabels()], strict=True)
    )
    names = {text.get_text(): text.get_position()[1] for text in axes.texts}
    labels = {BOOK[code].label: code for code in BOOK}
    assert list(ticks.values()) == [BOOK[code].label for code in BOOK] * 2
    for number, mark in enumerate(chart.marks):
        (sentence,), stripe = mark.sentences, artists[number]
        own = corpus[sentence.partition("-")[0]]
        start, end = own.sentences.loc[sentence, ["start", "end"]] * 100 / len(own.text)
        assert stripe.get_x() == pytest.approx(
            start
        ) and stripe.get_x() + stripe.get_width() == pytest.approx(end)
        middle = stripe.get_y() + stripe.get_height() / 2
        code = labels[ticks[round(middle)]]
        assert mark.label.startswith(BOOK[code].label) and middle > names[own.about["short_title"]]
        assert stripe.get_height() == pytest.approx(0.84 if main[sentence] == code else 0.42)
        assert to_hex(stripe.get_facecolor()) == BOOK[code].colour
    assert (
        names["KCTU, Our Aims"] < min(ticks)
        and max(list(ticks)[:12]) < names["Kim Jong Un, letter of 2021"] < list(ticks)[12]
    )


def test_what_is_not_coded_has_a_lane_of_its_own(corpus, reference):
    some = reference[reference["sentence"] < "gftuk-101"]
    chart = frames.codeline(corpus, some)
    uncoded = [mark.sentences[0] for mark in chart.marks if mark.label.startswith("not coded: ")]
    assert (
        sorted(uncoded + some["sentence"].to_list()) == sorted(reference["sentence"])
        and len(uncoded) == 72
    )
    assert "not coded" in figure_text(drawn(chart)) and "not coded" not in figure_text(
        drawn(frames.codeline(corpus, reference))
    )


@INKS
def test_cells_hold_their_numbers(reference, ink):
    chart = frames.co_occurrence_chart(reference)
    figure = drawn(chart, ink)
    axes, artists, labels = figure.axes[0], marked(figure), list(chart.table.index)
    found = {
        tuple(round(each) for each in text.get_position()): int(text.get_text())
        for text in axes.texts
    }
    assert found == {
        (x, y): chart.table.iat[y, x] for y in range(len(labels)) for x in range(y + 1)
    }
    assert (
        [text.get_text() for text in axes.get_yticklabels()]
        == [text.get_text() for text in axes.get_xticklabels()]
        == labels
    )
    depths = []
    for number, mark in enumerate(chart.marks):
        cell = artists[number]
        x, y = round(cell.get_x() + 0.46), round(cell.get_y() + 0.46)
        assert found[x, y] == len(mark.sentences)
        assert mark.label.startswith(
            f"{labels[x]} with {labels[y]}: " if x != y else f"{labels[y]}: "
        )
        if x != y:
            depths.append((found[x, y], contrast(to_rgb(cell.get_facecolor()), to_rgb(ink.paper))))
    assert all(one[1] < other[1] for one in depths for other in depths if one[0] < other[0]), (
        "more is deeper"
    )


def test_points_of_the_triangle_are_the_shares(corpus, reference):
    for codings in (reference, some_codings(random.Random(4), corpus)):
        chart = frames.triangle(corpus, codings)
        figure = drawn(chart)
        artists, axes, main = (
            marked(figure),
            figure.axes[0],
            dict(zip(codings["sentence"], (c[0] for c in codings["codes"]), strict=True)),
        )
        draws = corner_draws(
            corpus, corner_table(corpus, codings, frames.TRIANGLE), ["market", "class", "society"]
        )
        clouds = [line for line in axes.lines if line.get_alpha() == 0.12]
        for number, (each, cloud) in enumerate(
            zip(corpus.documents, clouds, strict=True), len(chart.marks) - 2
        ):
            where = [
                BOOK.maps[frames.TRIANGLE][corner] for corner in ("market", "class", "society")
            ]
            counts = [sum(main[id] in codes for id in each.sentences.index) for codes in where]
            top, left, right = (count / sum(counts) for count in counts)
            assert left + top + right == pytest.approx(1)
            assert artists[number].get_xdata() == pytest.approx([right + top / 2])
            assert artists[number].get_ydata() == pytest.approx([top * 0.75**0.5])
            assert chart.marks[number].label.startswith(each.about["short_title"]) and len(
                chart.marks[number].sentences
            ) == sum(counts)
            assert (
                cloud.get_xdata() == pytest.approx(draws[each.id] @ [0.5, 0, 1])
                and len(cloud.get_xdata()) > 900
            )
            assert cloud.get_marker() == artists[number].get_marker()
        places = {text.get_text().split("\n")[0]: text.get_position() for text in axes.texts}
        assert (
            places["market"][1] > 0.8
            and places["class"][0] == 0
            and places["society"][0] == 1
            and places["class"][1] < 0
        )
        assert len({artists[len(chart.marks) - n].get_marker() for n in (1, 2)}) == 2


def test_a_document_with_no_corner_has_no_point(corpus):
    ids = corpus["gftuk"].sentences.index[:20]
    codings = as_codings(
        [{"sentence": id, "codes": "party" if n % 2 else "form"} for n, id in enumerate(ids)]
    )
    chart = frames.triangle(corpus, codings)
    assert (
        "100.0 % (20 of 20) have no corner" in chart.description
        and "so that it has no point" in chart.description
    )
    figure = drawn(chart)
    assert not any("that have a corner" in mark.label for mark in chart.marks)
    assert not [line for line in figure.axes[0].lines if line.get_linestyle() == "None"]
    assert "KCTU, Our Aims: 0 of 17 sentences coded" in figure_text(
        figure
    ) and "small points" not in figure_text(figure)


def test_undefined_alphas_are_listed_with_an_open_mark(corpus):
    one = as_codings(
        [
            {"coder": "Ann", "sentence": f"gftuk-{n:03d}", "codes": "form" if n % 3 else "party"}
            for n in range(1, 31)
        ]
    )
    two = as_codings(
        [
            {"coder": "Bo", "sentence": f"gftuk-{n:03d}", "codes": "form" if n % 4 else "party"}
            for n in range(1, 31)
        ]
    )
    result = agreement(one, two, corpus, resamples=50)
    chart = frames.agreement_chart(result, one, two)
    figure = drawn(chart)
    axes = figure.axes[0]
    said = chart.description.partition("; it is undefined for ")[2]
    assert all((BOOK[code].label in said) == (code not in ("form", "party")) for code in BOOK)
    points = [line for line in axes.lines if line.get_marker() == "o"]
    assert len(points) == 13
    for point, (_, row) in zip(points, chart.table.iterrows(), strict=True):
        undefined = row["value"] == "–"
        assert (point.get_fillstyle() == "none") == undefined
        assert undefined or point.get_xdata() == pytest.approx([row["value"]], abs=6e-4)
    assert figure_text(figure).count("undefined") == (chart.table["value"] == "–").sum() == 10
    assert sorted(line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == "--") == [
        0.667,
        0.8,
    ]
    assert "convention: .667" in figure_text(figure) and ".800" in figure_text(figure)


# Can it be read?


def assert_readable(chart, ink, least=9):
    """No text is cut, none lies on another, none is small."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = drawn(chart, ink)
    seen = [(text, text.get_window_extent()) for text in texts(figure)]
    assert len(seen) >= 2
    for text, box in seen:
        assert text.get_fontsize() >= least, text.get_text()
        assert (
            box.x0 >= -0.5
            and box.y0 >= -0.5
            and box.x1 <= figure.bbox.x1 + 0.5
            and box.y1 <= figure.bbox.y1 + 0.5
        ), text.get_text()
    for (one, first), (other, second) in combinations(seen, 2):
        apart = (
            first.x1 <= second.x0 + 1
            or second.x1 <= first.x0 + 1
            or first.y1 <= second.y0 + 2
            or second.y1 <= first.y0 + 2
        )
        assert apart, f"{one.get_text()!r} lies on {other.get_text()!r}"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_cut_or_covered(corpus, reference, coders, name, width):
    chance = random.Random(f"{name} {width}")
    share = chance.choice([1, 0.5, 0.03])
    pairs = [
        (reference, coders[0]),
        (some_codings(chance, corpus, share=share), some_codings(chance, corpus, "Bo")),
    ]
    for one, other in pairs:
        assert_readable(made(name, corpus, one, other, width=width), DARK if width == 8 else LIGHT)


@pytest.mark.parametrize("name", NAMES)
def test_long_labels_and_strange_titles(corpus, name):
    """Labels and titles of other people's codebooks and documents: long, with dollars, line breaks and underscores."""
    long = "$\\frac$ a role for which nobody found a short name in any language"
    book = replace(
        BOOK,
        codes={
            code: replace(entry, label=f"{entry.key} {long}") for code, entry in BOOK.codes.items()
        },
    )
    title = "Report\nof $\\frac$ to the hundred and eleventh annual congress"
    two = Corpus({id: document(id, corpus["gftuk"].text[:6_000], title) for id in ("one", "two")})
    codings = some_codings(random.Random(2), two)
    for width in WIDTHS[::2]:
        chart = made(
            name,
            two,
            codings,
            some_codings(random.Random(3), two, "Bo $\\frac$"),
            codebook=book,
            width=width,
        )
        assert_readable(chart, LIGHT)
    if name not in ("together", "agreement"):
        assert "(one)" in str(chart.table["document"].to_list()) and "(two)" in str(
            chart.table["document"].to_list()
        )


def luminance(colour):
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour
    ]
    return float(np.dot((0.2126, 0.7152, 0.0722), parts))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@INKS
@pytest.mark.parametrize("name", NAMES)
def test_every_text_stands_out_of_what_is_behind_it(corpus, reference, coders, name, ink):
    chart = (
        made(name, corpus, *coders)
        if name in ("agreement", "range")
        else made(name, corpus, reference)
    )
    figure = drawn(chart, ink)
    boxes = [
        (text.get_text(), to_rgb(text.get_color()), text.get_window_extent())
        for text in texts(figure)
    ]
    for text in figure.findobj(Text):
        text.set_alpha(0)
    with mpl.rc_context(_style(ink)):
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
    picture = np.asarray(canvas.buffer_rgba())[::-1, :, :3] / 255
    for words, colour, box in boxes:
        behind = picture[
            max(int(box.y0), 0) : int(box.y1) + 1, max(int(box.x0), 0) : int(box.x1) + 1
        ].reshape(-1, 3)
        shades, counts = np.unique(behind.round(2), axis=0, return_counts=True)
        worst = min(contrast(colour, shade) for shade in shades[counts > 0.04 * counts.sum()])
        assert worst >= 4.5, f"{words}: {worst:.2f}"


# Machado, Oliveira & Fernandes (2009), severity 1.0, for linear RGB.
VISION = {
    "usual": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def seen_by(vision, colour):
    """The luminance of a colour for somebody with such vision."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in to_rgb(colour)
    ]
    return float(
        np.dot((0.2126, 0.7152, 0.0722), np.clip(np.asarray(VISION[vision]) @ linear, 0, 1))
    )


@INKS
@pytest.mark.parametrize("vision", VISION)
def test_documents_can_be_told_apart_without_colour(ink, vision):
    looks = [frames._look(nth, ink) for nth in range(6)]
    assert len(set(looks)) == 6 and len(set(frames._MARKERS)) == 6
    for (one, hatch), (other, other_hatch) in combinations(looks, 2):
        low, high = sorted((seen_by(vision, one), seen_by(vision, other)))
        assert (high + 0.05) / (low + 0.05) >= 1.4 or hatch != other_hatch
    for tone, _ in looks:
        low, high = sorted((seen_by(vision, tone), seen_by(vision, ink.paper)))
        assert (high + 0.05) / (low + 0.05) >= 3, "a bar stands out of the paper"


@INKS
def test_the_two_documents_differ_in_lightness_too(ink):
    for vision in VISION:
        low, high = sorted(seen_by(vision, tone) for tone in ink.tones[:2])
        assert (high + 0.05) / (low + 0.05) >= 1.4 or HATCHES[0] != HATCHES[1], vision


# Nothing, little, and many


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_of_nothing_says_so(corpus, name):
    chart = made(name, corpus, as_codings([]))
    words = (
        "Alpha is undefined for every code"
        if name == "agreement"
        else "No sentence is coded yet, so there is nothing to draw."
    )
    assert (
        chart.description.startswith(words)
        and chart.marks == []
        and chart._repr_html_().count("<img") == 2
    )
    assert words.split(",")[0] in figure_text(drawn(chart))
    for width in WIDTHS:
        assert_readable(made(name, corpus, as_codings([]), width=width), DARK)
    empty = Corpus({"own": document("own", " \n ")})
    assert made(name, empty, as_codings([]))._repr_html_()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("number", [1, 3, 6])
def test_one_document_and_up_to_six(corpus, name, number):
    several = many(corpus, number)
    codings = some_codings(random.Random(number), several)
    chart = made(
        name,
        several,
        codings,
        some_codings(random.Random(9), several, "Bo"),
        width={1: 11, 3: 8, 6: 5.5}[number],
    )
    assert_readable(chart, LIGHT)
    here = {
        1: "In this one document, ",
        3: "In these three documents, ",
        6: "In these six documents, ",
    }
    assert name == "agreement" or chart.description.startswith(here[number])
    assert sorted(chart.image(DARK)[1]) == list(range(len(chart.marks)))


@pytest.mark.parametrize("name", ["profile", "dualism", "codeline", "triangle", "range"])
def test_more_than_six_documents_are_too_many(corpus, name):
    with trouble("6 documents", "7"):
        made(name, many(corpus, 7), as_codings([]))


def test_few_coded_sentences_have_no_interval(corpus):
    codings = as_codings(
        [
            {"sentence": f"kctu-{n:03d}", "codes": "voice" if n % 2 else "rights"}
            for n in range(1, 5)
        ]
    )
    codings = as_codings(
        [
            *codings.to_dict("records"),
            *({"sentence": f"gftuk-{n:03d}", "codes": "form"} for n in range(1, 6)),
        ]
    )
    for make in (frames.frame_profile, frames.protection_production, frames.triangle):
        figure = drawn(make(corpus, codings))
        assert (
            "KCTU, Our Aims: 4 of 17 sentences coded; fewer than 5, so no interval"
            in figure_text(figure)
        )
        assert "letter of 2021: 5 of 155 sentences coded; fewer" not in figure_text(figure)
        whiskers = [line for line in figure.axes[-1].lines if line.get_marker() == "|"]
        assert len(whiskers) == len(figure.axes[-1].get_yticks())
    clouds = [
        line
        for line in drawn(frames.triangle(corpus, codings)).axes[0].lines
        if line.get_alpha() == 0.12
    ]
    assert [len(line.get_xdata()) for line in clouds] == [0], "no cloud either"
    alone = drawn(frames.frame_profile(corpus, codings[:3]))
    assert not [
        line for line in alone.axes[0].lines if line.get_marker() == "|"
    ] and "95 %" not in figure_text(alone)


def test_a_document_that_nobody_coded_is_not_drawn_as_zero(corpus, reference):
    only = reference[reference["sentence"].str.startswith("gftuk")]
    chart = frames.frame_profile(corpus, only)
    assert "none in KCTU, Our Aims" in chart.description
    figure = drawn(chart)
    assert "KCTU, Our Aims: 0 of 17 sentences coded" in figure_text(figure)
    assert len(figure.axes[0].containers) == len(BOOK) == len(figure.axes[0].texts)
    assert (chart.table.loc[chart.table["document"] == "KCTU, Our Aims", "percent"] == "–").all()


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("together", "agreement")])
def test_what_is_wrong_is_told_in_one_sentence(corpus, name):
    with trouble("'kctu-099'"):
        made(name, corpus, as_codings([{"sentence": "kctu-099", "codes": "voice"}]))


def test_a_codebook_without_the_map_is_told_of(corpus, reference):
    book = replace(BOOK, maps={"Lenin 1920": BOOK.maps["Lenin 1920"]})
    with trouble("Hyman", "Lenin 1920"):
        frames.triangle(corpus, reference, codebook=book)
    with trouble("dualism"):
        frames.protection_production(corpus, reference, codebook=book)
    with trouble("Hyman", "2 corners"):
        frames.triangle(
            corpus,
            reference,
            codebook=replace(
                BOOK, maps={frames.TRIANGLE: {"market": ("voice",), "class": ("form",)}}
            ),
        )
    rest = tuple(code for code in BOOK if code not in ("voice", "form", "none"))
    full = replace(BOOK, maps={frames.TRIANGLE: {"a": ("voice",), "b": ("form",), "c": rest}})
    assert (
        "0.0 % (0 of 17) have no corner"
        in frames.triangle(corpus, reference, codebook=full).description
    )


def test_hostile_words_are_only_words(corpus, reference):
    words = "<script>alert(1)</script>"
    own = Corpus({"own": document("own", corpus["kctu"].text, words)})
    codings = some_codings(random.Random(1), own)
    for name in NAMES:
        page = made(
            name, own, codings.assign(coder=words), some_codings(random.Random(2), own, "Bo")
        )._repr_html_()
        assert "<script" not in page
