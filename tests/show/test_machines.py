"""Charts of the machine: they say and draw the figures, lead back to the sentences, and can be read by everybody."""

from __future__ import annotations

import random
import re

import matplotlib as mpl
import numpy as np
import pytest
from figures import drawn, texts
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex

from helpers import load_codebook, load_codings
from helpers.coding.classifier import (
    CLASSIFIER,
    CODERS,
    across_documents,
    cross_validate,
    learning_curve,
    train_classifier,
)
from helpers.coding.codings import as_codings
from helpers.show import machines
from helpers.show.charts import DARK, LIGHT, _style

BOOK = load_codebook()
WIDTHS = (5.5, 8.0, 11.0)
NAMES = ("scores", "codes", "curve", "across", "why")


@pytest.fixture(scope="module")
def made(corpus):
    """Of the reference, and of a few codings by somebody else: trial, curve, table across documents, machine."""
    reference, chance = load_codings("reference"), random.Random(4)
    ids = [*corpus["kctu"].sentences.index, *corpus["gftuk"].sentences.index[:12]]
    few = as_codings(
        [
            {"coder": "$a_1$ " * 8, "sentence": id, "codes": [chance.choice(list(BOOK))]}
            for id in ids
        ]
    )
    found = {}
    for name, codings in (("reference", reference), ("few", few)):
        machine = train_classifier(corpus, codings, without=["gftuk-105", "kctu-012"])
        tables = {
            "curve": learning_curve(corpus, codings),
            "across": across_documents(corpus, codings),
        }
        found[name] = {"trial": cross_validate(corpus, codings), "machine": machine, **tables}
    return found


def chart(made, corpus, name, of="reference", **how):
    each = made[of]
    if name in ("scores", "codes"):
        return {"scores": machines.scores_chart, "codes": machines.code_scores_chart}[name](
            each["trial"], **how
        )
    if name == "curve":
        return machines.learning_chart(each["curve"], **how)
    if name == "across":
        return machines.across_chart(each["across"], corpus, **how)
    return machines.why_chart(each["machine"], "gftuk-105", **how)


# What charts say


def test_scores_are_told_with_whether_intervals_overlap(made, corpus):
    for of in ("reference", "few"):
        scores, found = made[of]["trial"].scores, chart(made, corpus, "scores", of)
        simple = scores.drop(index=CLASSIFIER)[scores["behind"].drop(CLASSIFIER).notna()]
        assert (
            f"a micro F1 of {scores.at[CLASSIFIER, 'micro']:.2f} and the best" in found.description
        )
        assert f"({simple['micro'].idxmax()}) {simple['micro'].max():.2f}" in found.description
        apart = scores.at[CLASSIFIER, "micro_low"] > simple["micro_high"].max()
        assert ("intervals do not overlap" in found.description) == apart == (of == "reference")
        assert f"{CODERS} {scores.at[CODERS, 'micro']:.2f}" in found.description
        assert found.table["micro"].to_list() == pytest.approx(scores["micro"].to_list(), abs=6e-4)


def test_codes_of_which_little_can_be_said_are_named(made, corpus):
    codes, said = made["reference"]["trial"].codes, chart(made, corpus, "codes").description
    few = said.partition("little can be said of them: ")[2]
    assert all((BOOK[code].label in few) == (row["coded"] < 10) for code, row in codes.iterrows())
    lowest, highest = codes["f1"].idxmin(), codes["f1"].idxmax()
    assert (
        f"{codes['f1'].min():.2f} (“{BOOK[lowest].label}”)" in said
        and f"{codes['f1'].max():.2f} (“{BOOK[highest].label}”)" in said
    )


def test_the_curve_and_the_documents_are_told(made, corpus):
    curve, table = made["reference"]["curve"], made["reference"]["across"]
    said = chart(made, corpus, "curve").description
    assert (
        f"{curve['micro'].iloc[0]:.2f} with the codebook alone to {curve['micro'].iloc[-1]:.2f} with {curve.index[-1]}"
        in said
    )
    said = chart(made, corpus, "across").description
    for id in corpus:
        name = corpus[id].about["short_title"]
        where = f"{table.at[(id, 'other documents'), 'micro']:.2f} where only other documents were taught"
        assert (
            f"on {name} {table.at[(id, 'all documents'), 'micro']:.2f} with all documents" in said
            and where in said
        )


def test_why_says_whether_the_sentence_was_taught(made, corpus):
    machine = made["reference"]["machine"]
    assert "taught this very sentence" in machines.why_chart(machine, "gftuk-104").description
    found = machines.why_chart(machine, "gftuk-105", "party")
    assert (
        "taught" not in found.description
        and "“Party line” for gftuk-105" in found.description
        and "is not given" in found.description
    )
    assert found.table["added"].sum() == pytest.approx(
        machine.scores(["gftuk-105"]).iloc[0]["party"], abs=0.01
    )


# Marks


@pytest.mark.parametrize("of", ["reference", "few"])
@pytest.mark.parametrize("name", NAMES)
def test_marks_lead_to_the_sentences_they_speak_of(made, corpus, name, of):
    found, known = (
        chart(made, corpus, name, of),
        [id for each in corpus.documents for id in each.sentences.index],
    )
    assert found.marks and len({mark.label for mark in found.marks}) == len(found.marks)
    for mark in found.marks:
        assert (
            mark.sentences
            and set(mark.sentences) <= set(known)
            and len(set(mark.sentences)) == len(mark.sentences)
        )
        if name != "why":
            assert int(re.search(r"(?:otherwise|in) (\d+) ", mark.label)[1]) == len(
                mark.sentences
            ), mark.label
    png, boxes = found.image(LIGHT)
    assert png.startswith(b"\x89PNG") and sorted(boxes) == list(range(len(found.marks)))
    for left, top, width, height in boxes.values():
        assert (
            left >= -0.01
            and top >= -0.01
            and left + width <= 1.01
            and top + height <= 1.01
            and width > 0
            and height > 0
        )


def test_marks_of_scores_are_the_sentences_coded_otherwise(made, corpus):
    trial = made["reference"]["trial"]
    for mark, (name, row) in zip(
        chart(made, corpus, "scores").marks, trial.scores.iterrows(), strict=True
    ):
        assert mark.label.startswith(f"{name}, micro F1 ") and mark.sentences == row["wrong"]
        if name != CODERS:
            assert set(mark.sentences) == {
                id
                for id, each in trial.answers.iterrows()
                if set(each["codes"].split()) != set(each[name].split())
            }


def test_marks_of_words_lead_to_the_sentences_taught_that_have_them(made, corpus):
    machine = made["reference"]["machine"]
    why = machine.why("gftuk-105")["ids"]
    for mark in chart(made, corpus, "why").marks:
        what = re.sub(r": [+-][\d.]+$", "", mark.label)
        kind = "neighbour" if what.startswith("nearby: ") else "word"
        assert mark.sentences == why[kind, what.removeprefix("nearby: ").strip("“”")]


# What is drawn


@pytest.mark.parametrize("name", ["scores", "codes", "across"])
def test_points_stand_at_their_figures(made, corpus, name):
    found = chart(made, corpus, name)
    figure = drawn(found)
    (axes,) = figure.axes
    points = [line for line in axes.lines if line.get_marker() not in ("None", None, "")]
    columns = {
        "scores": ["micro", "macro"],
        "codes": ["f1", "precision", "recall"],
        "across": ["micro"],
    }[name]
    wanted = [value for _, row in found.table.iterrows() for value in row[columns]]
    assert [float(point.get_xdata()[0]) for point in points] == pytest.approx(
        [each for each in wanted if each != "–"], abs=6e-3
    )
    series = len(columns) if name != "across" else 2
    looks = {(point.get_marker(), to_hex(point.get_color())) for point in points}
    assert len(looks) == len({marker for marker, _ in looks}) == series, (
        "told apart by more than colour"
    )
    lines = [
        line
        for line in axes.lines
        if line.get_linewidth() == 2 and line.get_marker() in ("None", None, "")
    ]
    ends = [end for line in lines for end in line.get_xdata() if not np.isnan(end)]
    assert len(ends) >= 2 * len(found.table) and all(0 <= end <= 1 for end in ends)


def test_bars_are_as_long_as_what_they_add(made, corpus):
    found = chart(made, corpus, "why")
    bars = [bar for container in drawn(found).axes[0].containers for bar in container]
    assert [bar.get_width() for bar in bars] == pytest.approx(
        found.table["added"].to_list(), abs=6e-4
    )
    assert {bool(bar.get_hatch()) for bar in bars if bar.get_width() < 0} == {True}
    assert {bool(bar.get_hatch()) for bar in bars if bar.get_width() >= 0} == {False}


def test_the_curve_stands_at_its_figures(made, corpus):
    curve, axes = made["reference"]["curve"], drawn(chart(made, corpus, "curve")).axes[0]
    lines = [line for line in axes.lines if len(line.get_xdata()) == len(curve)]
    assert [list(line.get_ydata()) for line in lines] == [
        curve["micro"].to_list(),
        curve["macro"].to_list(),
    ]
    assert len({line.get_linestyle() for line in lines}) == 2
    assert [text.get_text() for text in axes.get_xticklabels()] == [
        "0: codebook",
        *map(str, curve.index[1:]),
    ]


# Can it be read?


def assert_readable(chart, ink, least=9):
    """No text is cut, none lies on another, none is small."""
    figure = chart._drawn(ink)
    with mpl.rc_context(_style(ink)):
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        renderer, whole = canvas.get_renderer(), figure.bbox
        boxes = [(text, text.get_window_extent(renderer)) for text in texts(figure)]
    for place, (text, box) in enumerate(boxes):
        assert text.get_fontsize() >= least, text.get_text()
        assert (
            box.x0 >= -1 and box.y0 >= -1 and box.x1 <= whole.x1 + 1 and box.y1 <= whole.y1 + 1
        ), f"cut: {text.get_text()}"
        for other, its in boxes[place + 1 :]:
            across, up = (
                min(box.x1, its.x1) - max(box.x0, its.x0),
                min(box.y1, its.y1) - max(box.y0, its.y0),
            )
            assert across <= 1 or up <= 2, f"{text.get_text()!r} lies on {other.get_text()!r}"


@pytest.mark.parametrize("ink", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("of", ["reference", "few"])
@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_read_at_every_width(made, corpus, name, of, ink):
    for width in WIDTHS if ink is LIGHT else WIDTHS[:1]:
        assert_readable(chart(made, corpus, name, of, width=width), ink)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_escaped_and_has_its_numbers_beside_it(made, corpus, name):
    found = chart(made, corpus, name, "few")
    page = found._repr_html_()
    assert (
        page.count("<img") == 2
        and 'alt=""' not in page
        and "<table>" in page
        and "The numbers as a table" in page
    )
    assert (
        found.description.endswith(".")
        and "nan" not in found.description
        and "nan" not in found.table.astype(str).to_string()
    )
