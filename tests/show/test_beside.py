"""Codings side by side: each is what it is alone, and all lead back to the sentences themselves."""

from __future__ import annotations

import warnings

import pytest
from sentence import trouble

from helpers import load_codebook
from helpers.coding.codings import as_codings
from helpers.show import frames
from helpers.show.beside import BESIDE, beside, explore_codings
from helpers.show.charts import DARK

BOOK = load_codebook()
MAKES = [frames.frame_profile, frames.codeline, frames.triangle, frames.protection_production]
NAMES = {"kctu": "KCTU", "gftuk": "Kim Jong Un"}
FEW = [f"kctu-{number:03d}" for number in range(1, 6)] + [
    f"gftuk-{number}" for number in range(140, 145)
]

each_chart = pytest.mark.parametrize("make", MAKES, ids=lambda make: make.__name__)


@pytest.fixture(params=["all", "a few", "none"])
def codings(request, reference):
    """The reference, and somebody who coded all of it otherwise, a few sentences, or nothing."""
    ids = {"all": reference["sentence"], "a few": FEW, "none": []}[request.param]
    mine = [
        {
            "coder": "me",
            "sentence": id,
            "codes": "care form" if id < "h" and int(id[-1]) % 2 else "voice",
        }
        for id in ids
    ]
    return {"reference": reference, "mine": as_codings(mine)}


def drawn(chart):
    """The boxes of the marks, with every warning an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return chart.image(DARK)[1]


@each_chart
def test_both_codings_say_what_they_say_alone(corpus, codings, make):
    """The rows of the table, and the sentences behind the marks, are those of the two charts; the documents stay as they were."""
    chart, titles = (
        beside(make, corpus, codings),
        {document.about["short_title"]: document.id for document in corpus.documents},
    )
    alone = {name: make(corpus, table) for name, table in codings.items()}
    for name, one in alone.items():
        own = {title: f"{NAMES[id]} ({name})" for title, id in titles.items()}
        rows = one.table.assign(document=one.table["document"].map(own))
        found = chart.table[chart.table["document"].isin(own.values())]
        if (
            one.marks or make is not frames.codeline
        ):  # a codeline of nothing has no lane of what is not coded
            assert found.sort_index().to_csv() == rows.sort_index().to_csv()
        marks = [mark for mark in chart.marks if f"({name})" in mark.label]
        if one.marks:
            assert sorted(mark.sentences for mark in marks) == sorted(
                mark.sentences for mark in one.marks
            )
    assert all(set(mark.sentences) <= set(codings["reference"]["sentence"]) for mark in chart.marks)
    assert set(drawn(chart)) == set(range(len(chart.marks))), "every mark can be chosen"
    said = chart.description + chart.table.to_csv() + "".join(mark.label for mark in chart.marks)
    assert chart.description.startswith("Side by side, ")
    assert "kctu " not in said and "gftuk " not in said and "four documents" not in said, (
        "copies are told of"
    )
    assert (
        corpus["kctu"].sentences.index[0] == "kctu-001"
        and corpus["kctu"].about["short_title"] == "KCTU, Our Aims"
    )


def test_what_is_not_coded_is_said(corpus, reference):
    mine = reference[reference["sentence"].isin(FEW)].assign(coder="me")
    chart = beside(frames.frame_profile, corpus, {"reference": reference, "mine": mine})
    texts = [text.get_text() for text in chart.figure.legends[0].get_texts()]
    assert texts[:4] == [
        "KCTU (reference): 17 of 17 sentences coded",
        "Kim Jong Un (reference): 155 of 155 sentences coded",
        "KCTU (mine): 5 of 17 sentences coded",
        "Kim Jong Un (mine): 5 of 155 sentences coded",
    ]


def test_a_learner_chooses_whose_coding_and_finds_the_sentences(corpus, codings):
    widget = explore_codings(frames.frame_profile, corpus, codings)
    assert widget.controls == [{"name": "coding", "choices": ["reference", "mine", BESIDE]}]
    assert (
        widget.shown["description"]
        == frames.frame_profile(corpus, codings["reference"]).description
    )
    for choice in ("mine", BESIDE):
        widget._hear(widget, {"do": "choose", "name": "coding", "value": choice}, [])
        assert widget.shown["trouble"] == "" and widget.shown["chosen"] == {"coding": choice}
    widget._hear(widget, {"do": "mark", "value": 0}, [])
    assert {each["id"] for each in widget.shown["sentences"]} <= set(corpus["kctu"].sentences.index)
    widget._hear(widget, {"do": "open", "value": widget.shown["sentences"][0]["id"]}, [])
    assert widget.shown["opened"]["heading"].startswith("kctu-") and widget.shown["trouble"] == ""


def test_three_codings_fit_and_four_are_too_many(corpus, reference):
    three = dict.fromkeys(("reference", "mine", "a partner's (2)"), reference)
    chart = beside(frames.frame_profile, corpus, three)
    assert len(drawn(chart)) == len(chart.marks) == 3 * 14
    assert all(mark.sentences == chart.marks[0].sentences for mark in chart.marks[:3])
    with trouble("8"):
        beside(frames.frame_profile, corpus, three | {"another": reference})
