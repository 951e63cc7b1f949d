"""Charts of words and doers: what is drawn, said and tabled is what a recount of the texts gives, back to the raw file."""

from __future__ import annotations

import itertools
import random
import re

import pytest
from matplotlib.text import Text
from sentence import trouble

from helpers.corpus.cleaning import clean
from helpers.corpus.documents import FIELDS, Corpus, Document
from helpers.corpus.errors import UnionError
from helpers.show.charts import DARK, LIGHT
from helpers.show.explorer import explore
from helpers.show.fragile import fragility_chart, fragility_panel
from helpers.show.wordcharts import DOERS, dispersion_chart, doer_chart, keyness_chart, rates_chart
from helpers.words.clauses import modal_clauses
from helpers.words.counts import count_word
from helpers.words.tokens import words

CLAIMS = ["wage", "through", "worker*", "national"]


@pytest.fixture(scope="module")
def charts(corpus):
    first, second = corpus.documents
    return {
        "rates": rates_chart(corpus, ["will", "should", "Party", "rights"]),
        "dispersion": dispersion_chart(corpus, "should"),
        "keyness": keyness_chart(first, second, lemma=False),
        "doers": doer_chart(corpus),
        "fragility": fragility_chart(corpus, CLAIMS),
    }


def own(text: str, id: str = "own") -> Document:
    return Document(
        id, dict.fromkeys(FIELDS, "own") | {"short_title": f"Document {id}"}, clean(text)
    )


def test_twenty_numbers_lead_back_to_the_raw_file(charts, corpus):
    """From a mark to its sentences, to their places in the raw file, and there counted again."""
    draw = random.Random(20)
    pool = [("rates", mark) for mark in charts["rates"].marks] + [
        ("keyness", mark) for mark in charts["keyness"].marks
    ]
    pool += [("dispersion", mark) for mark in charts["dispersion"].marks[:20]] + [
        ("doers", mark) for mark in charts["doers"].marks
    ]
    for chart, mark in draw.sample(pool, 20):
        raw = {
            id: " ".join(corpus[id.rpartition("-")[0]].sentence_in_raw(id).text.split())
            for id in mark.sentences
        }
        if chart == "rates":
            word, hits = re.match(r"(.+?), .*: ([\d,]+) hits?", mark.label).groups()
            assert sum(count_word(text, word) for text in raw.values()) == int(
                hits.replace(",", "")
            ), mark.label
        elif chart == "keyness":
            word, one, two = re.match(r"(.+): (\d+) in .*, (\d+) in ", mark.label).groups()
            counted = [
                sum(
                    list(map(str.casefold, words(text))).count(word)
                    for id, text in raw.items()
                    if id.startswith(start)
                )
                for start in ("kctu", "gftuk")
            ]
            assert counted == [int(one), int(two)], mark.label
        elif chart == "dispersion":
            assert count_word(raw[mark.sentences[0]], "should") >= 1
        else:
            modal, many = re.search(r", (\w+): (\d+)$", mark.label).groups()
            assert sum(count_word(text, modal) for text in raw.values()) >= int(many) >= len(raw), (
                mark.label
            )


def test_dots_stand_where_the_numbers_say(charts, corpus):
    axes = charts["rates"].figure.axes[0]
    drawn = sorted(
        float(line.get_xdata()[0]) for line in axes.lines if str(line.get_gid()).startswith("mark-")
    )
    table = charts["rates"].table
    assert drawn == pytest.approx(sorted(table.loc[table["hits"] > 0, "per_1000"]), abs=0.06)
    row = table[table["document"] == "gftuk"].loc["should"]
    assert row["hits"] == count_word(corpus["gftuk"].text, "should") == 95
    assert row["per_1000"] == pytest.approx(95_000 / len(words(corpus["gftuk"].text)), abs=0.06)


def test_stripes_stand_where_the_words_stand(charts, corpus):
    stripes = [
        line
        for line in charts["dispersion"].figure.axes[0].lines
        if str(line.get_gid()).startswith("mark-")
    ]
    text = corpus["gftuk"].text
    wanted = [
        100 * len(words(text[: match.start()])) / len(words(text))
        for match in re.finditer(r"\bshould\b", text, re.IGNORECASE)
    ]
    assert [float(stripe.get_xdata()[0]) for stripe in stripes] == pytest.approx(wanted, abs=0.05)


def test_cells_count_the_clauses(charts, corpus):
    table = charts["doers"].table
    for document in corpus.documents:
        clauses = modal_clauses(document)
        active = clauses[~clauses["passive"].astype(bool)]
        cells = table.loc[document.about["short_title"]].set_index("doer")
        assert cells.to_numpy().sum() == len(active)
        for doer, modal in itertools.product(DOERS, cells.columns):
            assert (
                cells.at[doer, modal]
                == ((active["doer"] == doer) & (active["modal"] == modal)).sum()
            )
    assert (
        doer_chart(corpus, passives=True).table.drop(columns="doer").to_numpy().sum()
        > table.drop(columns="doer").to_numpy().sum()
    )


def test_doers_may_be_assigned_otherwise(corpus):
    as_party, as_union = (
        doer_chart(corpus["gftuk"], actors={"we": who}).table.set_index("doer").sum(axis=1)
        for who in ("party", "union")
    )
    clauses = modal_clauses(corpus["gftuk"])
    moved = ((clauses["subject"].str.lower() == "we") & ~clauses["passive"]).sum()
    assert moved > 0
    assert as_union["union"] - as_party["union"] == as_party["party"] - as_union["party"] == moved


@pytest.mark.parametrize("name", ["rates", "dispersion", "keyness", "doers", "fragility"])
def test_every_mark_has_a_place_and_sentences_that_are_there(charts, corpus, name):
    chart = charts[name]
    known = {id for document in corpus.documents for id in document.sentences.index}
    for ink in (LIGHT, DARK):
        png, boxes = chart.image(ink)
        assert png.startswith(b"\x89PNG") and sorted(boxes) == list(range(len(chart.marks)))
        for left, top, width, height in boxes.values():
            assert -0.01 <= left <= left + width <= 1.01 and -0.01 <= top <= top + height <= 1.01
    assert all(mark.sentences and known.issuperset(mark.sentences) for mark in chart.marks)
    assert chart.description.endswith(".") and chart.description in chart._repr_html_().replace(
        "&#x27;", "'"
    )


@pytest.mark.parametrize("name", ["rates", "dispersion", "keyness", "doers", "fragility"])
@pytest.mark.parametrize("width", [5.5, 8, 11])
def test_no_label_is_cut_or_lies_on_another(corpus, name, width):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    make = {
        "rates": lambda: rates_chart(corpus, ["will", "should", "Party", "rights"], width=width),
        "dispersion": lambda: dispersion_chart(corpus, "should", width=width),
        "keyness": lambda: keyness_chart(*corpus.documents, width=width),
        "doers": lambda: doer_chart(corpus, width=width),
        "fragility": lambda: fragility_chart(corpus, CLAIMS, width=width),
    }[name]
    figure = make().figure
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    edge = canvas.get_width_height()
    (axes,) = figure.axes
    texts = [
        axes.title,
        axes.xaxis.label,
        axes.yaxis.label,
        *axes.texts,
        *(axes.get_legend().get_texts() if axes.get_legend() else []),
    ]
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        ticks = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
        texts += [
            label for tick in ticks for label in (tick.label1, tick.label2) if label.get_visible()
        ]
    texts = [text for text in texts if text.get_text().strip()]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    for said, box in boxes:
        assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= edge[0] + 1 and box.y1 <= edge[1] + 1, (
            f"cut: {said}"
        )
        assert box.height > 0
    for (said, one), (other, two) in itertools.combinations(boxes, 2):
        apart = (
            one.x1 <= two.x0 + 1
            or two.x1 <= one.x0 + 1
            or one.y1 <= two.y0 + 1
            or two.y1 <= one.y0 + 1
        )
        assert apart, f"{said!r} lies on {other!r}"


def test_charts_of_nothing_say_so(corpus):
    bare = Corpus({"one": own("Good morning.", "one"), "two": own("Good evening.", "two")})
    assert "Document one has no such clause." in doer_chart(bare).description
    assert "0 hits" in dispersion_chart(bare, "union").description
    assert keyness_chart(*bare.documents).marks == [] and rates_chart(bare, "union").marks == []
    for chart in (
        doer_chart(bare),
        dispersion_chart(bare, "union"),
        keyness_chart(*bare.documents),
        rates_chart(bare, "union"),
    ):
        assert chart._repr_html_().count("<img") == 2
    empty = own("", "empty")
    assert doer_chart(empty).marks == dispersion_chart(empty, "x").marks == []


def test_what_cannot_be_drawn_is_refused(corpus):
    for top in (0, 41, "ten", None):
        with trouble("words a side"):
            keyness_chart(*corpus.documents, top=top)
    with trouble("compared"):
        keyness_chart(*corpus.documents, measure="chi")


def test_thirty_documents_have_a_row_each_and_too_many_are_refused(corpus):
    paragraphs = corpus["gftuk"].text.split("\n\n")
    about = corpus["gftuk"].about
    many = [
        Document(
            f"d{n}",
            about | {"short_title": f"Speech {n}"},
            clean("\n\n".join(paragraphs[n : n + 4])),
        )
        for n in range(61)
    ]
    for chart in (rates_chart(many[:30], "party"), dispersion_chart(many[:30], "party")):
        figure = chart.figure
        figure.draw_without_rendering()
        names = {f"Speech {n}" for n in range(30)}
        rows = [
            text for text in figure.findobj(Text) if text.get_text() in names and text.get_visible()
        ]
        tops = sorted(text.get_window_extent().y0 for text in rows)
        assert (
            len(rows) == 30
            and min(above - below for below, above in itertools.pairwise(tops))
            > rows[0].get_window_extent().height
        )
        assert sorted(chart.image(LIGHT)[1]) == list(range(len(chart.marks)))
    with trouble("60 documents", "61"):
        rates_chart(many, "party")
    with trouble("6 documents", "7"):
        doer_chart(many[:7])


# --- the explorer ---------------------------------------------------------------------------------------------------


def tell(widget, do=None, **message):
    widget._hear(widget, {"do": do, **message}, [])
    return dict(widget.shown)


def test_from_a_mark_to_sentences_to_a_paragraph(charts, corpus):
    widget = explore(charts["doers"], corpus)
    shown = tell(widget, "mark", value=0)
    assert [each["id"] for each in shown["sentences"]] == list(charts["doers"].marks[0].sentences)
    id = shown["sentences"][0]["id"]
    shown = tell(widget, "open", value=id)
    assert shown["opened"]["heading"].startswith(id)
    assert (
        "".join(piece["text"] for piece in shown["opened"]["pieces"])
        in corpus[id.rpartition("-")[0]].text
    )
    assert tell(widget, "close")["opened"] is None
    dark = tell(widget, "theme", value=True)
    assert dark["dark"] is True and dark["image"] != shown["image"]


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"do": None},
        {"do": "mark", "value": 10_000},
        {"do": "mark", "value": "0"},
        {"do": "mark", "value": -1},
        {"do": "mark", "value": True},
        {"do": "open", "value": "kctu-001"},
        {"do": "open", "value": ["kctu-001"]},
        {"do": "choose", "name": "x", "value": "y"},
        {"do": "choose", "name": ["measure"], "value": "rate"},
        {"do": "choose", "name": "measure", "value": {}},
    ],
)
def test_what_the_screen_should_not_ask(corpus, message):
    widget = fragility_panel(corpus, ["wage"])
    before = {**widget.shown, "turn": 1, "trouble": ""}
    widget._hear(widget, message, [])
    assert widget.shown["trouble"] and {**widget.shown, "trouble": ""} == before


def test_what_is_one_choice_away_is_drawn_beforehand(corpus):
    made = []

    def make(**chosen):
        made.append(chosen)
        if chosen["words"] == "refused":
            raise UnionError("No such word.")
        return rates_chart(corpus, chosen["words"], lemma=chosen["lemma"] == "yes")

    widget = explore(make, corpus, words=["union*", "refused", "wage"], lemma=["no", "yes"])
    before = dict(widget.shown)
    for _ in range(5):
        tell(widget, "warm")
    assert widget.shown == before and widget.warmed == 2, "nothing on the screen changes"
    drawn = len(made)
    assert tell(widget, "choose", name="words", value="wage")["description"].count("wage")
    assert len(made) == drawn, "it was drawn already"
    assert tell(widget, "choose", name="words", value="refused")["trouble"] == "No such word."
    assert widget.shown["chosen"] == {"words": "wage", "lemma": "no"}
    tell(widget, "warm")
    assert made[-1] == {"words": "wage", "lemma": "yes"}, "now something else is near"


def test_a_switch_flips_a_claim(corpus):
    widget = fragility_panel(corpus, ["wage", "worker*"])
    verdicts = [row[1] for row in widget.shown["rows"]]
    flipped = [row[1] for row in tell(widget, "choose", name="endings", value="lemmas")["rows"]]
    assert verdicts == ["more in Kim Jong Un, letter of 2021", "more in KCTU, Our Aims"]
    assert flipped == ["more in KCTU, Our Aims"] * 2
    assert tell(widget, "choose", name="endings", value="as written")["rows"][0][1] == verdicts[0]
