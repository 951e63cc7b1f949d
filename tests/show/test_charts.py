"""Charts say what they draw and escape it; those of accounts are right."""

from __future__ import annotations

import re
from io import BytesIO

import pandas as pd
from figures import assert_readable, assert_stands_out, drawn, marked, words

from helpers.corpus.cleaning import clean
from helpers.corpus.documents import FIELDS, Document
from helpers.show.charts import Chart, account_chart
from helpers.show.drawing import DARK, LIGHT, Bar, Drawing, Key, Mark

HOSTILE = "_$\\frac$ <script>alert(1)</script>\"' onerror=x"


def test_the_account_says_and_draws_its_numbers(corpus):
    for document in corpus.documents:
        account, chart = document.cleaning.account(), account_chart(document)
        steps = account.drop(index=["kept", "total"])
        numbers = re.findall(r"(?<![\d.])\d[\d,]*(?![\d.]*%)", chart.description)
        most = steps["raw"].idxmax()
        wanted = [len(document.raw), account.at["kept", "kept"], steps["changed"].sum()]
        wanted += [steps["removed"].sum(), steps.at[most, "raw"]]
        assert [int(each.replace(",", "")) for each in numbers] == wanted
        assert document.cleaning.steps().at[most, "label"] in chart.description
        pd.testing.assert_frame_equal(chart.table, account)
        busy = steps[steps["raw"] > 0]
        bars = [item.value - item.start for item in chart.drawing.items]
        assert bars[::2] == busy["removed"].to_list() and bars[1::2] == busy["changed"].to_list()
        assert all(f"{value:,}" in words(drawn(chart)) for value in busy["raw"])
        for width in (5.5, 11):
            assert_readable(chart, DARK, width)
        assert_stands_out(chart, LIGHT)


def test_nothing_to_draw_is_said():
    about = dict.fromkeys(FIELDS, "own")
    for text, said in (
        ("The union will act for all of its members.", "Of the 42 characters of the raw file, all"),
        ("", "Of the 0 characters"),
        (" \n ", "Of the 3 characters of the raw file, 0 (0.0%)"),
    ):
        chart = account_chart(Document("own", about, clean(text)))
        assert chart.description.startswith(said) and chart.html().count("<img") == 2


def hostile():
    """A chart whose every text is hostile: a formula, a label to hide, HTML."""
    bars = [Bar(0, nth, 2 + nth, 1, 3, HOSTILE, Mark(HOSTILE + str(nth), ("a",))) for nth in (0, 1)]
    table = pd.DataFrame(
        {HOSTILE: [HOSTILE, "a & b"]}, index=pd.Index([HOSTILE, "b"], name=HOSTILE)
    )
    keys = [Key(HOSTILE, nth, bar=True) for nth in (0, 1)]
    drawing = Drawing({HOSTILE: [HOSTILE]}, bars, keys, HOSTILE, series=2)
    return Chart(HOSTILE, HOSTILE, table, drawing)


def test_hostile_words_are_only_words():
    chart = hostile()
    page = chart._repr_html_()
    assert "<script" not in page and "a &amp; b" in page and page.count("&lt;script&gt;") >= 7
    assert not re.search(r"<[^>]*\"' onerror", page)
    said = words(drawn(chart))
    assert said.count("_$\\frac$") == 8, "title, two keys, heading, label, two values, axis"
    assert len(marked(drawn(chart))) == 2


def test_the_figure_of_matplotlib_can_be_saved_with_any_words():
    for kind, begins in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")):
        written = BytesIO()
        hostile().figure.savefig(written, format=kind)
        assert written.getvalue().startswith(begins)


def test_the_same_data_give_the_same_picture(corpus):
    one, two = (account_chart(corpus["kctu"]).image(LIGHT)[0] for _ in range(2))
    assert one == two != account_chart(corpus["kctu"]).image(DARK)[0]
