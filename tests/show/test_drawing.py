"""Series can be told apart; every chart of the lessons can be read, and leads to its sentences."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from chart_examples import ABOUT, charts
from figures import assert_leads, assert_readable, assert_stands_out, contrast, drawn, texts
from matplotlib.colors import to_rgb

from helpers.show.drawing import DARK, LIGHT, MOST, look

# Machado, Oliveira & Fernandes (2009), severity 1.0, for linear RGB.
VISION = {
    "usual": np.eye(3),
    "protan": [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]],
    "deutan": [[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
    "tritan": [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]],
}


def seen_by(vision, colour):
    """The luminance of a colour for somebody with such vision."""
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in to_rgb(colour)]
    parts = np.clip(np.asarray(VISION[vision]) @ linear, 0, 1)
    return float(np.dot((0.2126, 0.7152, 0.0722), parts))


def apart(one, other):
    low, high = sorted((one, other))
    return (high + 0.05) / (low + 0.05)


def test_series_can_be_told_apart_without_colour():
    for ink in (LIGHT, DARK):
        looks = [look(nth, ink) for nth in range(MOST)]
        assert len({hatch for _, hatch, _ in looks}) == len({mark for *_, mark in looks}) == MOST
        for vision in VISION:
            for (one, hatch, _), (other, another, _) in combinations(looks, 2):
                lightness = apart(seen_by(vision, one), seen_by(vision, other))
                assert lightness >= 1.4 or hatch != another
            for tone, *_ in looks:
                assert apart(seen_by(vision, tone), seen_by(vision, ink.paper)) >= 3


def test_the_contrast_of_the_themes():
    for ink in (LIGHT, DARK):
        assert contrast(to_rgb(ink.ink), to_rgb(ink.paper)) >= 7
        assert all(
            contrast(to_rgb(each), to_rgb(ink.paper)) >= 3 for each in (*ink.tones, ink.line)
        )


@pytest.fixture(scope="module")
def made(corpus):
    return charts(corpus)


def test_no_text_of_a_chart_is_cut_or_covered(made):
    for chart in made.values():
        for ink, width in ((LIGHT, 5.5), (DARK, 8.0), (LIGHT, 11.0)):
            assert_readable(chart, ink, width)


def test_every_text_stands_out_of_what_is_behind_it(made):
    for chart in made.values():
        assert_stands_out(chart, LIGHT)
        assert_stands_out(chart, DARK)


def test_marks_have_places_and_sentences(made, corpus):
    for name, chart in made.items():
        assert chart.marks, name
        assert_leads(chart, corpus)


def test_descriptions_speak_of_these_documents_only(made):
    banned = "better worse good bad true real significant proves shows unions koreans".split()
    for name, chart in made.items():
        assert chart.description.endswith("."), name
        assert not set(chart.description.lower().split()) & set(banned), name
        assert chart.description in repr(chart) and "nan" not in chart.description


def test_other_peoples_titles_are_drawn_as_they_are(corpus):
    """Long titles with dollars, line breaks, underscores and quotes; and long labels of codes."""
    for name, chart in charts(corpus, strange=True).items():
        for width in (5.5, 11.0):
            assert_readable(chart, LIGHT, width)
        seen = " ".join(text.get_text() for text in texts(drawn(chart)))
        if name not in ABOUT["codes alone"]:
            assert "_$\\frac$" in seen, name
        assert "<script" not in chart.html()
