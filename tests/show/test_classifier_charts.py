"""Charts of the machine draw the figures, lead back to the sentences, and can be read."""

from __future__ import annotations

import random
import re

import pytest
from figures import assert_leads, assert_readable, assert_stands_out

from helpers import load_codebook, load_codings
from helpers.coding.classifier import (
    CLASSIFIER,
    across_documents,
    cross_validate,
    learning_curve,
    train_classifier,
)
from helpers.coding.codings import as_codings
from helpers.show import classifier_charts
from helpers.show.drawing import DARK, LIGHT

BOOK = load_codebook()


@pytest.fixture(scope="module")
def tables(corpus):
    """Of the reference, and of a few codings by somebody else: what the charts draw."""
    reference, chance = load_codings("reference"), random.Random(4)
    ids = [*corpus["kctu"].sentences.index, *corpus["gftuk"].sentences.index[:12]]
    few = [
        {"coder": "$a_1$ " * 8, "sentence": id, "codes": [chance.choice(list(BOOK))]} for id in ids
    ]
    found = {}
    for name, codings in (("reference", reference), ("few", as_codings(few))):
        found[name] = {
            "trial": cross_validate(corpus, codings),
            "curve": learning_curve(corpus, codings),
            "across": across_documents(corpus, codings),
            "machine": train_classifier(corpus, codings, without=["gftuk-105", "kctu-012"]),
        }
    return found


def charts(tables, corpus, of="reference"):
    each = tables[of]
    return {
        "scores": classifier_charts.scores_chart(each["trial"]),
        "codes": classifier_charts.code_scores_chart(each["trial"]),
        "curve": classifier_charts.learning_chart(each["curve"]),
        "across": classifier_charts.across_chart(each["across"], corpus),
        "why": classifier_charts.why_chart(each["machine"], "gftuk-105"),
    }


def test_they_can_be_read_and_lead_to_sentences(tables, corpus):
    for of in tables:
        for name, chart in charts(tables, corpus, of).items():
            for width, ink in ((5.5, LIGHT), (8, DARK)):
                assert_readable(chart, ink, width)
            assert_stands_out(chart, LIGHT)
            assert_leads(chart, corpus)
            assert chart.description.endswith(".") and "nan" not in chart.description
            assert "nan" not in chart.table.astype(str).to_string()
            for mark in chart.marks if name != "why" else ():
                many = int(re.search(r"(?:otherwise|in) (\d+) ", mark.label)[1])
                assert many == len(mark.sentences), mark.label


def test_scores_are_told_with_whether_intervals_overlap(tables, corpus):
    for of in tables:
        scores, said = tables[of]["trial"].scores, charts(tables, corpus, of)["scores"].description
        simple = scores[scores["behind"].notna()].drop(index=CLASSIFIER)
        assert f"a micro F1 of {scores.at[CLASSIFIER, 'micro']:.2f} and the best" in said
        assert f"({simple['micro'].idxmax()}) {simple['micro'].max():.2f}" in said
        apart = scores.at[CLASSIFIER, "micro_low"] > simple["micro_high"].max()
        assert ("intervals do not overlap" in said) == apart


def test_what_is_drawn_are_the_figures(tables, corpus):
    made = charts(tables, corpus)
    for name, columns in {"scores": ["micro", "macro"], "curve": ["micro", "macro"]}.items():
        values = [item.value for item in made[name].drawing.items]
        assert values == pytest.approx(made[name].table[columns].to_numpy().ravel(), abs=6e-4)
    codes = made["codes"].table[["f1", "precision", "recall"]].to_numpy().ravel()
    values = [item.value for item in made["codes"].drawing.items]
    assert values == pytest.approx([each for each in codes if each != "–"], abs=6e-3)
    bars = [item.value for item in made["why"].drawing.items]
    assert bars == pytest.approx(made["why"].table["added"].to_list(), abs=6e-4)
    assert {item.nth for item in made["why"].drawing.items if item.value < 0} <= {1}
