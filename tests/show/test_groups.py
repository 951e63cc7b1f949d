"""Charts and prompts of many coders: they say what was given by how many, rank nobody, name nobody unasked, and can be read."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pandas as pd
import pytest
from sentence import trouble
from show.test_frames import assert_readable, drawn, marked

from helpers import (
    group_chart,
    group_codeline,
    load_codebook,
    load_codings,
    pair_chart,
    reference_chart,
    show_prompts,
    show_unclear,
)
from helpers.coding.codings import as_codings
from helpers.coding.reliability import pair_agreement, sentence_agreement
from helpers.show import groups
from helpers.show.charts import DARK, LIGHT
from helpers.show.explorer import explore

BOOK = load_codebook()
REFERENCE = load_codings("reference")
GIVEN = dict(zip(REFERENCE["sentence"], REFERENCE["codes"], strict=True))
MAKE = {
    "codeline": lambda corpus, codings, **how: group_codeline(corpus, codings, **how),
    "codes": lambda corpus, codings, **how: group_chart(codings, corpus, **how),
    "reference": lambda corpus, codings, **how: reference_chart(codings, REFERENCE, corpus, **how),
    "pairs": lambda corpus, codings, **how: pair_chart(codings, corpus, **how),
}
each_chart = pytest.mark.parametrize("name", MAKE)


def table(*coders, names="Learner {}"):
    return as_codings(
        {
            "coder": names.format(number),
            "sentence": id,
            "unsure": "",
            **(given if isinstance(given, dict) else {"codes": given}),
        }
        for number, coder in enumerate(coders, 1)
        for id, given in coder.items()
    )


def learners(many, seed=1, rate=0.3, start="", names="Learner {}"):
    chance = random.Random(f"{many} {seed}")
    ids = [id for id in GIVEN if id.startswith(start)]
    return table(
        *(
            {id: [chance.choice(list(BOOK))] if chance.random() < rate else GIVEN[id] for id in ids}
            for _ in range(many)
        ),
        names=names,
    )


@pytest.fixture(scope="module")
def thirty():
    return learners(30, start=("kctu", "gftuk-14"))


# What charts say


def test_bars_are_as_high_as_the_share_that_gave_the_code(corpus, thirty):
    part = thirty[
        ~(thirty["coder"].isin(["Learner 1", "Learner 2"]) & (thirty["sentence"] > "kctu"))
    ]
    chart = group_codeline(corpus, part)
    bars = marked(drawn(chart))
    assert len(bars) == len(chart.marks)
    for number, mark in enumerate(chart.marks):
        label, sentence, count, of = re.fullmatch(
            r"(.+): (\S+), (\d+) of (\d+) coders", mark.label
        ).groups()
        assert mark.sentences == (sentence,)
        own = part[part["sentence"] == sentence]
        if label == "not coded":
            assert (int(count), int(of)) == (30 - len(own), 30)
        else:
            (code,) = [code for code in BOOK if BOOK[code].label == label]
            assert (int(count), int(of)) == (sum(code in codes for codes in own["codes"]), len(own))
        assert bars[number].get_height() == pytest.approx(-0.88 * int(count) / int(of))
    given = sum(
        len({code for codes in own for code in codes})
        for _, own in part.groupby("sentence")["codes"]
    )
    left = 17 + len(corpus["gftuk"].sentences) - 10
    assert len(chart.marks) == given + left, (
        "a bar for each code of a sentence, and for each sentence that somebody left out"
    )


def test_the_codeline_counts_what_all_share_and_what_nobody_does(corpus):
    codings = table(
        {"kctu-001": ["voice"], "kctu-002": ["voice"]},
        {"kctu-001": ["voice"], "kctu-002": ["form"]},
        {"kctu-002": ["care"]},
    )
    chart = group_codeline(corpus, codings)
    assert (
        "3 coders gave codes to 2 sentences. In 1 of them there is a code that all gave"
        in chart.description
    )
    assert "in 1 no code was given by half of them" in chart.description
    assert (
        chart.table.loc["kctu-002", "codes, and how many gave them"]
        == "Workers' voice 1, Shaping members 1, Care for members 1"
    )


@pytest.mark.parametrize("name", ["codes", "reference", "pairs"])
def test_marks_lead_to_the_sentences_that_differ(corpus, name):
    codings = learners(5)
    sets = {
        key: set(codes)
        for key, codes in zip(
            zip(codings["coder"], codings["sentence"], strict=True), codings["codes"], strict=True
        )
    }
    coders = codings["coder"].unique()
    chart = MAKE[name](corpus, codings)
    assert (
        len(chart.marks)
        == len(marked(drawn(chart)))
        == {"codes": 13, "reference": 5, "pairs": 10}[name]
    )
    for mark in chart.marks:
        who = re.findall(r"Learner \d", mark.label)
        if name == "codes":
            label = mark.label.partition(":")[0]
            code = next((code for code in BOOK if BOOK[code].label == label), "")
            look = {
                id: {
                    frozenset(sets[coder, id]) if not code else code in sets[coder, id]
                    for coder in coders
                }
                for id in GIVEN
            }
            right = {id for id, some in look.items() if len(some) > 1}
        else:
            right = {
                id
                for id in GIVEN
                if sets[who[0], id] != (sets[who[1], id] if name == "pairs" else set(GIVEN[id]))
            }
        assert set(mark.sentences) == right, mark.label


def test_nobody_is_ranked(corpus):
    """Learners stand in the order of the table, whatever their figures; those who coded alike stand together, at either end."""
    rates = [0.1, 0.9, 0.3, 0.7, 0.2]
    codings = pd.concat(
        [
            learners(1, seed, rate).assign(coder=f"Learner {seed}")
            for seed, rate in enumerate(rates, 1)
        ]
    )
    assert reference_chart(codings, REFERENCE, corpus).table.index.tolist() == [
        f"Learner {seed}" for seed in range(1, 6)
    ]
    for chart in (reference_chart(codings, REFERENCE, corpus), pair_chart(codings, corpus)):
        assert "order" in chart.description
        assert not re.search(
            r"\b(best|worst|top|rank(ed)?|highest|lowest|right|correct)\b",
            chart.description.replace("no ranking", ""),
        )


def test_two_camps_stand_as_two_blocks(corpus):
    swapped = {
        id: ["party" if code == "form" else code for code in codes] for id, codes in GIVEN.items()
    }
    swapped = {id: list(dict.fromkeys(codes)) for id, codes in swapped.items()}
    chance, camps = random.Random(5), [0, 1, 1, 0, 1, 0, 0, 1, 0, 1]
    codings = table(
        *(
            {
                id: ["care"] if chance.random() < 0.1 else (swapped if camp else GIVEN)[id]
                for id in GIVEN
            }
            for camp in camps
        )
    )
    cells = groups._square(
        pair_agreement(codings, corpus)["value"],
        [f"Learner {n}" for n in range(1, 11)],
    )
    order = [camps[place] for place in groups._neighbours(cells)]
    assert order in ([0] * 5 + [1] * 5, [1] * 5 + [0] * 5)


def test_a_large_class_is_counted_in_bands(corpus):
    codings = learners(70, start="kctu")
    chart = pair_chart(codings, corpus)
    assert chart.marks == [] and chart.table["pairs"].sum() == 70 * 69 / 2
    assert len(marked(drawn(chart))) == 0


# Whether they can be read


@pytest.mark.parametrize(
    ("many", "width"), [(2, 5.5), (9, 8.0), (14, 8.0), (40, 8.0), (41, 5.5), (55, 11.0)]
)
@each_chart
def test_no_text_is_cut_or_covered(corpus, name, many, width):
    assert_readable(
        MAKE[name](corpus, learners(many, start="kctu"), width=width), DARK if many == 9 else LIGHT
    )


@each_chart
def test_strange_names_and_long_labels(corpus, name):
    codings = learners(
        4, start="kctu", names="$\\frac$ <b>Learner {} with a name that does not end at the edge"
    )
    book = replace(
        BOOK,
        codes={
            code: replace(entry, label=f"{entry.key} $\\frac$ a long role " * 2)
            for code, entry in BOOK.codes.items()
        },
    )
    assert_readable(MAKE[name](corpus, codings, codebook=book), LIGHT)


@each_chart
def test_nobody_and_one_coder(corpus, name):
    for codings in (
        learners(0),
        learners(1, start="kctu"),
        table({"kctu-001": ["voice"]}, {"kctu-002": ["voice"]}),
    ):
        chart = MAKE[name](corpus, codings)
        drawn(chart)
        assert chart.description and explore(chart, corpus).shown["title"]


def test_the_explorer_opens_a_sentence_behind_a_bar(corpus, thirty):
    explorer = explore(group_codeline(corpus, thirty), corpus)
    assert len(explorer.shown["marks"]) > 150 and all(
        mark["box"] for mark in explorer.shown["marks"]
    )
    explorer._hear(explorer, {"do": "mark", "value": 7}, [])
    (found,) = explorer.shown["sentences"]
    explorer._hear(explorer, {"do": "open", "value": found["id"]}, [])
    assert found["id"] in explorer.shown["opened"]["heading"]


# Prompts


def test_prompts_are_the_sentences_with_the_least_in_common(corpus, thirty):
    said = repr(show_prompts(corpus, thirty, 8))
    figures = sentence_agreement(thirty)["value"]
    chosen = re.findall(r"^(\S+-\d+), ", said, re.MULTILINE)
    assert len(chosen) == 8 and figures[chosen].max() <= figures.drop(chosen).min()
    for id in chosen:
        counts = re.search(rf"^{id}, .*\n.*\n((?:\d+ of 30: .*\n?)+)", said, re.MULTILINE)[1]
        many = [int(line.split()[0]) for line in counts.splitlines()]
        assert sum(many) == 30 and many == sorted(many, reverse=True)


def test_memos_stand_with_their_reading_and_names_only_where_asked(corpus):
    codings = table(
        {"kctu-001": {"codes": ["voice"], "memo": "<script>why</script>", "unsure": "yes"}},
        {"kctu-001": {"codes": ["form"], "memo": "rule 5"}},
        {"kctu-001": {"codes": ["form"], "memo": " "}},
    )
    hidden, named = (
        show_prompts(corpus, codings, reference=REFERENCE, names=names) for names in (False, True)
    )
    assert "Learner" not in hidden.content + repr(hidden) and "Learner 2" in named.content
    assert (
        "<li>Shaping members: “rule 5”</li>" in hidden.content and "<script>" not in hidden.content
    )
    assert (
        "2 of 3: Shaping members" in hidden.content
        and "1 of 3: Workers&#x27; voice (1 unsure)" in hidden.content
    )
    assert hidden.content.index("What the reference says, which is no key") > hidden.content.index(
        "<details>"
    )
    assert (
        "Rights and equality" in hidden.content
        and "Rights and equality" not in show_prompts(corpus, codings).content
    )


def test_no_prompt_where_nobody_differs_and_no_number_of_prompts(corpus):
    for codings in (learners(0), table(GIVEN, GIVEN), learners(1)):
        assert "no sentence to talk about" in repr(show_prompts(corpus, codings))
    for many in (0, 51, "six", True):
        with trouble("from 1 to 50"):
            show_prompts(corpus, learners(0), many)


def test_sentences_that_few_coded_are_no_prompts(corpus):
    many = [{"kctu-001": [code]} for code in ("voice", "rights", "voice", "rights", "voice")]
    few = [{"kctu-002": ["voice"]}, {"kctu-002": ["form"]}]
    said = repr(
        show_prompts(
            corpus,
            table(*(one | other for one, other in zip(many, [*few, {}, {}, {}], strict=True))),
        )
    )
    assert "kctu-001" in said and "kctu-002" not in said


def test_unclear_definitions_name_what_they_are_taken_for(corpus):
    swapped = {
        id: ["care"] if codes == ("organise",) else list(codes) for id, codes in GIVEN.items()
    }
    card = show_unclear(table(GIVEN, swapped, GIVEN, swapped), corpus, 2)
    rows = re.findall(r'<th scope="row">([^<]+)</th><td>[^<]+</td><td>([^<]+)</td>', card.content)
    crossed = sum(codes == ("organise",) for codes in GIVEN.values()) * 2 / 3
    assert {label for label, _ in rows} == {"Building the union", "Care for members"}
    assert dict(rows)["Building the union"] == f"Care for members: in {crossed:.2f} sentences"
    assert BOOK["care"].definition.split("'")[0] in card.content
    assert "stands here yet" in show_unclear(learners(0), corpus).content
