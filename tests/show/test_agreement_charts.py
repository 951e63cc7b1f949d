"""Charts of coders lead to what differs, rank nobody, and can be read."""

from __future__ import annotations

import random
import re

import pandas as pd
import pytest
from coder_tables import BOOK, GIVEN, REFERENCE, learners, table
from figures import assert_leads, assert_readable, drawn, marked, words

from helpers import (
    agreement,
    agreement_chart,
    explore,
    group_chart,
    group_codeline,
    load_codings,
    pair_chart,
    reference_chart,
)
from helpers.coding.codings import as_codings
from helpers.coding.reliability import pair_agreement
from helpers.show import agreement_charts
from helpers.show.drawing import DARK

MAKE = {
    "codeline": lambda corpus, codings: group_codeline(corpus, codings),
    "codes": lambda corpus, codings: group_chart(codings, corpus),
    "reference": lambda corpus, codings: reference_chart(codings, REFERENCE, corpus),
    "pairs": lambda corpus, codings: pair_chart(codings, corpus),
}


def test_two_coders_marks_are_their_differences():
    coders = load_codings("coder-1"), load_codings("coder-2")
    one, two = (
        dict(zip(each["sentence"], map(set, each["codes"]), strict=True)) for each in coders
    )
    chart = agreement_chart(agreement(*coders), *coders)
    labels = {BOOK[code].label: code for code in BOOK}
    for mark in chart.marks:
        code = labels.get(mark.label.partition(":")[0])
        wanted = {
            id for id in one if one[id] != two[id] and (code or "") in {"", *(one[id] ^ two[id])}
        }
        assert set(mark.sentences) == wanted
    assert "conventional limits" in words(drawn(chart))


def test_undefined_alphas_are_listed_with_an_open_dot(corpus):
    ids = [f"gftuk-{n:03d}" for n in range(1, 31)]
    one, two = (
        as_codings(
            {"coder": coder, "sentence": id, "codes": "form" if n % step else "party"}
            for n, id in enumerate(ids, 1)
        )
        for coder, step in (("Ann", 3), ("Bo", 4))
    )
    chart = agreement_chart(agreement(one, two, corpus), one, two)
    said = chart.description.partition("; it is undefined for ")[2]
    assert all((BOOK[code].label in said) == (code not in ("form", "party")) for code in BOOK)
    dots = [line for line in drawn(chart).axes[0].lines if line.get_marker() == "o"]
    open_dots = [dot.get_fillstyle() == "none" for dot in dots]
    assert open_dots == (chart.table["value"] == "–").to_list() and sum(open_dots) == 10


def test_bars_are_as_high_as_the_share_that_gave_the_code(corpus):
    codings = learners(30, start=("kctu", "gftuk-14"))
    gone = codings["coder"].isin(["Learner 1", "Learner 2"]) & (codings["sentence"] > "kctu")
    part = codings[~gone]
    chart = group_codeline(corpus, part)
    bars, labels = marked(drawn(chart)), {BOOK[code].label: code for code in BOOK}
    for number, mark in enumerate(chart.marks):
        label, id, count, of = re.fullmatch(
            r"(.+): (\S+), (\d+) of (\d+) coders", mark.label
        ).groups()
        own = part[part["sentence"] == id]["codes"]
        given = sum(labels[label] in codes for codes in own) if label in labels else 30 - len(own)
        assert (int(count), int(of)) == (given, len(own) if label in labels else 30)
        assert bars[number][0].get_height() == pytest.approx(0.88 * int(count) / int(of))
    each = part.groupby("sentence")["codes"].agg(
        lambda some: len({c for codes in some for c in codes})
    )
    left = 17 + len(corpus["gftuk"].sentences) - 10
    assert len(chart.marks) == each.sum() + left


def test_the_codeline_counts_what_all_share_and_what_nobody_does(corpus):
    codings = table(
        {"kctu-001": ["voice"], "kctu-002": ["voice"]},
        {"kctu-001": ["voice"], "kctu-002": ["form"]},
        {"kctu-002": ["care"]},
    )
    chart = group_codeline(corpus, codings)
    said = "3 coders gave codes to 2 sentences. In 1 of them there is a code that all gave"
    assert said in chart.description and "in 1 no code was given by half" in chart.description
    codes = chart.table.loc["kctu-002", "codes, and how many gave them"]
    assert codes == "Workers' voice 1, Shaping members 1, Care for members 1"


def test_marks_lead_to_the_sentences_that_differ(corpus):
    codings = learners(5)
    sets = {(row.coder, row.sentence): set(row.codes) for row in codings.itertuples()}
    coders = codings["coder"].unique()
    for name, many in {"codes": 13, "reference": 5, "pairs": 10}.items():
        chart = MAKE[name](corpus, codings)
        assert len(chart.marks) == len(marked(drawn(chart))) == many
        for mark in chart.marks:
            who, label = re.findall(r"Learner \d", mark.label), mark.label.partition(":")[0]
            code = next((code for code in BOOK if BOOK[code].label == label), "")
            for id in GIVEN:
                own = [sets[coder, id] for coder in (who or coders)]
                own += [set(GIVEN[id])] if name == "reference" else []
                own = [{code} & each if code else each for each in own]
                assert (id in mark.sentences) == (len(set(map(frozenset, own))) > 1), mark.label


def test_nobody_is_ranked(corpus):
    """Learners stand in the order of the table; the alike stand together."""
    rates = [0.1, 0.9, 0.3, 0.7, 0.2]
    names = [f"Learner {number}" for number in range(1, 6)]
    each = [learners(1, n, rate).assign(coder=names[n]) for n, rate in enumerate(rates)]
    codings = pd.concat(each)
    assert reference_chart(codings, REFERENCE, corpus).table.index.tolist() == names
    for chart in (reference_chart(codings, REFERENCE, corpus), pair_chart(codings, corpus)):
        said = chart.description.replace("no ranking", "")
        assert "order" in said
        assert not re.search(r"\b(best|worst|top|rank(ed)?|highest|lowest|right|correct)\b", said)


def test_two_camps_stand_as_two_blocks(corpus):
    other = {id: ["party" if code == "form" else code for code in of] for id, of in GIVEN.items()}
    other = {id: list(dict.fromkeys(codes)) for id, codes in other.items()}
    chance, camps = random.Random(5), [0, 1, 1, 0, 1, 0, 0, 1, 0, 1]
    coders = [
        {id: ["care"] if chance.random() < 0.1 else (other if camp else GIVEN)[id] for id in GIVEN}
        for camp in camps
    ]
    names = [f"Learner {n}" for n in range(1, 11)]
    values = pair_agreement(table(*coders), corpus)["value"]
    order = agreement_charts.neighbours(agreement_charts.square(values, names))
    assert [camps[at] for at in order] in ([0] * 5 + [1] * 5, [1] * 5 + [0] * 5)


def test_a_large_class_is_counted_in_bands(corpus):
    chart = pair_chart(learners(70, start="kctu"), corpus)
    assert chart.marks == [] and chart.table["pairs"].sum() == 70 * 69 / 2


def test_charts_of_many_coders_can_be_read_and_lead_to_sentences(corpus):
    strange = "$\\frac$ <b>Learner {} with a name that does not end at the edge"
    for many, width, names in ((2, 5.5, strange), (14, 8, "Learner {}"), (41, 11, "Learner {}")):
        codings = learners(many, start="kctu", names=names)
        for make in MAKE.values():
            chart = make(corpus, codings)
            assert_readable(chart, DARK, width)
            assert_leads(chart, corpus)


def test_nobody_and_one_coder(corpus):
    apart = table({"kctu-001": ["voice"]}, {"kctu-002": ["voice"]})
    for codings in (learners(0), learners(1, start="kctu"), apart):
        for make in MAKE.values():
            chart = make(corpus, codings)
            drawn(chart)
            assert chart.description and explore(chart, corpus).shown["title"]
