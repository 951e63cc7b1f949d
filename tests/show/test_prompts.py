"""Prompts for a discussion show what differs, name nobody unasked, and escape what they show."""

from __future__ import annotations

import re

import pytest
from coder_tables import BOOK, GIVEN, REFERENCE, learners, table
from sentence import trouble

from helpers import show_prompts, show_unclear
from helpers.coding.reliability import sentence_agreement


@pytest.fixture(scope="module")
def thirty():
    return learners(30, start=("kctu", "gftuk-14"))


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
        and "1 of 3: Workers&#39; voice (1 unsure)" in hidden.content
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
