"""Charts say what they draw, and their numbers are those of the data."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pandas as pd
import pytest
from sentence import trouble

from helpers.corpus.cleaning import clean
from helpers.corpus.documents import CORPUS_FOLDER, FIELDS, Document
from helpers.corpus.files import read_toml
from helpers.show.charts import DARK, LIGHT, Chart, account_chart, context_timeline, table_html


@pytest.fixture(params=["kctu", "gftuk"])
def document(request, corpus):
    return corpus[request.param]


def numbers(text: str) -> list[int]:
    return [
        int(each.replace(",", "")) for each in re.findall(r"(?<![\d.])\d[\d,]*(?![\d.]*%)", text)
    ]


def test_the_description_agrees_with_the_account(document):
    account = document.cleaning.account()
    steps = account.drop(index=["kept", "total"])
    most = steps["raw"].idxmax()
    chart = account_chart(document)
    assert numbers(chart.description) == [
        len(document.raw),
        account.at["kept", "kept"],
        steps["changed"].sum(),
        steps["removed"].sum(),
        steps.at[most, "raw"],
    ]
    assert f"{account.at['kept', 'kept'] / len(document.raw):.1%}" in chart.description
    assert document.cleaning.steps().at[most, "label"] in chart.description
    assert chart.description in repr(chart)
    pd.testing.assert_frame_equal(chart.table, account)


def test_the_bars_are_as_long_as_the_numbers(document):
    steps = document.cleaning.account().drop(index=["kept", "total"])
    steps = steps[steps["raw"] > 0]
    axes = account_chart(document).figure.axes[0]
    removed, changed = ([bar.get_width() for bar in container] for container in axes.containers)
    assert removed == steps["removed"].to_list() and changed == steps["changed"].to_list()
    assert [text.get_text() for text in axes.texts] == [f"{value:,}" for value in steps["raw"]]
    assert [label.get_text() for label in axes.get_yticklabels()] == document.cleaning.steps().loc[
        steps.index, "label"
    ].to_list()


def test_nothing_to_draw_is_said():
    about = dict.fromkeys(FIELDS, "own")
    kept = Document("own", about, clean("The union will act for all of its members."))
    chart = account_chart(kept)
    assert chart.description == "Of the 42 characters of the raw file, all were kept."
    assert chart._repr_html_().count("<img") == 2
    nothing = account_chart(Document("own", about, clean("")))
    assert nothing.description and nothing._repr_html_()
    assert account_chart(Document("own", about, clean(" \n "))).description.startswith(
        "Of the 3 characters of the raw file, 0 (0.0%)"
    )


def test_the_timeline_has_every_event_in_order():
    events = sorted(
        read_toml(CORPUS_FOLDER / "timeline.toml")["events"], key=lambda event: event["sort"]
    )
    chart = context_timeline()
    assert chart.table.index.to_list() == [event["date"] for event in events]
    assert chart.table["what happened"].to_list() == [event["what"] for event in events]
    assert chart.description.startswith(
        f"{len(events)} events in order of time, {events[0]['date']} to {events[-1]['date']}:"
    )
    drawn = [text.get_text() for text in chart.figure.axes[0].texts]
    assert all(event["short"] in drawn for event in events)
    sides = [sum(event["side"] == side for event in events) for side in ("South", "North")]
    assert (
        f"{sides[0]} in the South" in chart.description
        and f"{sides[1]} in the North" in chart.description
    )
    assert "programme that “Our Aims” matches" in chart.description, "the page itself is undated"
    assert sum(sides) == len(events)


def test_the_timeline_keeps_its_words_inside_the_picture():
    figure = context_timeline().figure
    figure.savefig("/dev/null", format="png")
    whole = figure.bbox
    for text in figure.axes[0].texts:
        box = text.get_window_extent()
        assert box.x0 >= whole.x0 - 1 and box.x1 <= whole.x1 + 1, text.get_text()


@pytest.mark.parametrize(
    ("ending", "begins"), [(".svg", b"<?xml"), (".png", b"\x89PNG\r\n"), (".pdf", b"%PDF")]
)
def test_saving(document, tmp_path, ending, begins):
    path = account_chart(document).save(tmp_path / f"chart{ending}")
    assert path.read_bytes().startswith(begins) and path.stat().st_size > 2_000
    assert account_chart(document).save(str(path)) == path


def test_the_same_data_give_the_same_picture(corpus, tmp_path):
    first, second = (
        account_chart(corpus["kctu"]).save(tmp_path / f"{name}.svg").read_bytes() for name in "ab"
    )
    assert first == second
    assert ElementTree.fromstring(first).tag.endswith("svg")


@pytest.mark.parametrize("name", ["chart.jpg", "chart", ".svg", "chart.svg.exe"])
def test_a_wrong_ending_is_refused(corpus, tmp_path, name):
    with trouble("cannot be saved", ".pdf"):
        account_chart(corpus["kctu"]).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(corpus, tmp_path):
    with trouble("could not be written", "nowhere"):
        account_chart(corpus["kctu"]).save(tmp_path / "nowhere" / "chart.svg")


HOSTILE = "<script>alert(1)</script>\"' onerror=x"


def test_hostile_words_are_escaped_in_charts_and_tables():
    table = pd.DataFrame(
        {HOSTILE: [HOSTILE, "a & b"]}, index=pd.Index([HOSTILE, "b"], name=HOSTILE)
    )
    chart = Chart(lambda axes, _: axes.plot([1]), (2, 2), HOSTILE, table, HOSTILE)
    page = chart._repr_html_()
    assert "<script" not in page and "a &amp; b" in page
    assert not re.search(r"<[^>]*\"' onerror", page)
    assert page.count("&lt;script&gt;") >= 7


def test_a_table_of_much_prose_says_that_it_is_wide():
    prose = pd.DataFrame(
        {name: ["three or four words of prose"] for name in "abc"},
        index=pd.Index(["two words"], name="word"),
    )
    assert "u-wide u-full" in table_html(prose, "Prose") and "Wider than your screen" in table_html(
        prose, "Prose"
    )
    figures = pd.DataFrame({f"column_{number}": [1] for number in range(7)}, index=["a"])
    assert "u-full" in table_html(figures, "Headers count too")
    assert "u-full" not in table_html(prose[["a"]], "Prose") and "u-name" not in table_html(
        prose, "Prose"
    )


def test_a_table_has_a_caption_headers_and_figures():
    table = pd.DataFrame(
        {"hits": [1200, 3], "rate": [0.5, 2.25], "yes": [True, False], "who": ["a", None]},
        index=pd.Index(["x", "y"], name="word"),
    )
    page = table_html(table, "Counts")
    assert "Wider than your screen" not in page and page.count("class=u-name") == 2
    assert page.count('scope="col"') == 5 and page.count('scope="row"') == 2 and "<caption" in page
    assert ">1,200<" in page and ">0.5<" in page and ">True<" in page
    assert page.count("<tr>") == 3


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_contrast_of_the_themes(theme):
    assert contrast(theme.ink, theme.paper) >= 7 and contrast(theme.soft, theme.paper) >= 4.5
    assert all(contrast(tone, theme.paper) >= 3 for tone in (*theme.tones, theme.line))
