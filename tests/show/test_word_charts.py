"""Charts of words and doers draw what a recount gives, back to the raw file."""

from __future__ import annotations

import itertools
import random
import re

import pytest
from figures import assert_leads, assert_readable, drawn, marked
from sentence import trouble

from helpers.corpus.cleaning import clean
from helpers.corpus.documents import FIELDS, Corpus, Document
from helpers.show.word_charts import (
    DOERS,
    dispersion_chart,
    doer_chart,
    fragility_panel,
    keyness_chart,
    rates_chart,
)
from helpers.words.clauses import modal_clauses
from helpers.words.counts import count_word
from helpers.words.tokens import words


@pytest.fixture(scope="module")
def charts(corpus):
    return {
        "rates": rates_chart(corpus, ["will", "should", "Party", "rights"]),
        "dispersion": dispersion_chart(corpus, "should"),
        "keyness": keyness_chart(*corpus.documents, lemma=False),
        "doers": doer_chart(corpus),
    }


def own(text: str, id: str = "own") -> Document:
    about = dict.fromkeys(FIELDS, "own") | {"short_title": f"Document {id}"}
    return Document(id, about, clean(text))


def test_twenty_numbers_lead_back_to_the_raw_file(charts, corpus):
    """From a mark to its sentences, to their places in the raw file, and there counted again."""
    pool = [(name, mark) for name, chart in charts.items() for mark in chart.marks[:40]]
    for chart, mark in random.Random(20).sample(pool, 20):
        raw = {
            id: " ".join(corpus[id.rpartition("-")[0]].sentence_in_raw(id).text.split())
            for id in mark.sentences
        }
        if chart == "rates":
            word, hits = re.match(r"(.+?), .*: ([\d,]+) hits?", mark.label).groups()
            assert sum(count_word(text, word) for text in raw.values()) == int(hits), mark.label
        elif chart == "keyness":
            word, *counts = re.match(r"(.+): (\d+) in .*, (\d+) in ", mark.label).groups()
            for start, count in zip(("kctu", "gftuk"), counts, strict=True):
                texts = [text.casefold() for id, text in raw.items() if id.startswith(start)]
                assert sum(words(text).count(word) for text in texts) == int(count), mark.label
        elif chart == "dispersion":
            assert count_word(raw[mark.sentences[0]], "should") >= 1
        else:
            modal, many = re.search(r", (\w+): (\d+)$", mark.label).groups()
            assert sum(count_word(text, modal) for text in raw.values()) >= int(many) >= len(raw)


def test_dots_and_stripes_stand_where_the_numbers_say(charts, corpus):
    dots = marked(drawn(charts["rates"])).values()
    at = sorted(float(each[-1].get_xdata()[0]) for each in dots)
    table = charts["rates"].table
    assert at == pytest.approx(sorted(table.loc[table["hits"] > 0, "per_1000"]), abs=0.06)
    row, text = table[table["document"] == "gftuk"].loc["should"], corpus["gftuk"].text
    assert row["hits"] == count_word(text, "should") == 95
    assert row["per_1000"] == pytest.approx(95_000 / len(words(text)), abs=0.06)
    stripes = [(each.begin + each.end) / 2 for each in charts["dispersion"].drawing.items]
    found = re.finditer(r"\bshould\b", text, re.IGNORECASE)
    wanted = [100 * len(words(text[: each.start()])) / len(words(text)) for each in found]
    assert stripes == pytest.approx(wanted, abs=0.05)


def test_cells_count_the_clauses(charts, corpus):
    for document in corpus.documents:
        clauses = modal_clauses(document)
        active = clauses[~clauses["passive"].astype(bool)]
        cells = charts["doers"].table.loc[document.about["short_title"]].set_index("doer")
        assert cells.to_numpy().sum() == len(active)
        for doer, modal in itertools.product(DOERS, cells.columns):
            own = (active["doer"] == doer) & (active["modal"] == modal)
            assert cells.at[doer, modal] == own.sum()
    every = doer_chart(corpus, passives=True).table.drop(columns="doer").to_numpy().sum()
    assert every > charts["doers"].table.drop(columns="doer").to_numpy().sum()


def test_doers_may_be_assigned_otherwise(corpus):
    party, union = (
        doer_chart(corpus["gftuk"], actors={"we": who}).table.set_index("doer").sum(axis=1)
        for who in ("party", "union")
    )
    clauses = modal_clauses(corpus["gftuk"])
    moved = ((clauses["subject"].str.lower() == "we") & ~clauses["passive"].astype(bool)).sum()
    assert union["union"] - party["union"] == party["party"] - union["party"] == moved > 0


def test_charts_of_nothing_say_so(corpus):
    bare = Corpus({"one": own("Good morning.", "one"), "two": own("Good evening.", "two")})
    made = (
        doer_chart(bare),
        dispersion_chart(bare, "union"),
        keyness_chart(*bare.documents),
        rates_chart(bare, "union"),
        doer_chart(own("")),
        dispersion_chart(own(""), "x"),
    )
    assert "Document one has no such clause." in made[0].description
    assert "0 hits" in made[1].description
    for chart in made:
        assert chart.marks == [] and chart.html().count("<img") == 2


def test_thirty_documents_have_a_row_each_and_too_many_are_refused(corpus):
    parts, about = corpus["gftuk"].text.split("\n\n"), corpus["gftuk"].about
    texts = ["\n\n".join(parts[n : n + 4]) for n in range(61)]
    many = [
        Document(f"d{n}", about | {"short_title": f"Speech {n}"}, clean(text))
        for n, text in enumerate(texts)
    ]
    thirty = Corpus({each.id: each for each in many[:30]})
    for chart in (rates_chart(many[:30], "party"), dispersion_chart(many[:30], "party")):
        assert chart.drawing.labels == [f"Speech {n}" for n in range(30)]
        assert_readable(chart)
        assert_leads(chart, thirty)
    with trouble("60 documents", "61"):
        rates_chart(many, "party")
    with trouble("6 documents", "7"):
        doer_chart(many[:7])
    with trouble("compared"):
        keyness_chart(*corpus.documents, measure="chi")


def test_a_switch_flips_a_claim(corpus):
    panel = fragility_panel(corpus, ["wage", "worker*"])
    verdicts = [row[1] for row in panel.shown["rows"]]
    assert verdicts == ["more in Kim Jong Un, letter of 2021", "more in KCTU, Our Aims"]
    for value, first in (("lemmas", verdicts[1]), ("as written", verdicts[0])):
        panel._hear(panel, {"do": "choose", "name": "endings", "value": value}, [])
        assert [row[1] for row in panel.shown["rows"]] == [first, verdicts[1]]
    bars = panel.chart.drawing.items
    assert [each.diamond for each in bars].count(True) == 2
    assert all(sum(each.value - each.start for each in bars[at : at + 3]) == 192 for at in (0, 3))
