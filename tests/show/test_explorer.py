"""The explorer: from a mark to sentences to a paragraph, each choice drawn once."""

from __future__ import annotations

import pytest

from helpers import explore, explore_codings, frame_profile, load_codings, rates_chart
from helpers.corpus.errors import UnionError
from helpers.show.explorer import SIDE_BY_SIDE


def tell(widget, do=None, **message):
    widget._hear(widget, {"do": do, **message}, [])
    return dict(widget.shown)


@pytest.fixture
def widget(corpus):
    return explore(rates_chart(corpus, ["worker*", "wage"]), corpus)


def test_from_a_mark_to_sentences_to_a_paragraph(widget, corpus):
    shown, mark = tell(widget, "mark", value=0), widget.chart.marks[0]
    assert [each["id"] for each in shown["sentences"]] == list(mark.sentences)
    assert shown["marks"][0]["label"] == mark.label in shown["told"]
    id = shown["sentences"][0]["id"]
    opened = tell(widget, "open", value=id)["opened"]
    assert opened["heading"].startswith(id)
    text = "".join(piece["text"] for piece in opened["pieces"])
    assert text in corpus[id.rpartition("-")[0]].text
    assert tell(widget, "close")["opened"] is None
    dark = tell(widget, "theme", value=True)
    assert dark["dark"] is True and dark["image"] != shown["image"]


def test_what_the_screen_should_not_ask(widget):
    before = {**widget.shown, "trouble": ""}
    messages = [{}, {"do": None}, {"do": "choose", "name": "x", "value": "y"}]
    messages += [{"do": "mark", "value": value} for value in (10_000, "0", -1, True)]
    messages += [{"do": "open", "value": value} for value in ("kctu-001", ["kctu-001"])]
    messages += [{"do": "choose", "name": name, "value": {}} for name in (["measure"], "measure")]
    for turn, message in enumerate(messages, 1):
        widget._hear(widget, message, [])
        assert widget.shown["trouble"]
        assert {**widget.shown, "trouble": ""} == {**before, "turn": turn}, message


def test_each_choice_is_drawn_once_and_the_near_ones_beforehand(corpus):
    made = []

    def make(**chosen):
        made.append(chosen)
        if chosen["words"] == "refused":
            raise UnionError("No such word.")
        return rates_chart(corpus, chosen["words"], lemma=chosen["lemma"] == "yes")

    widget = explore(make, corpus, words=["union*", "refused", "wage"], lemma=["no", "yes"])
    assert len(made) == 1
    before = dict(widget.shown)
    for _ in range(5):
        tell(widget, "warm")
    assert widget.shown == before and widget.warmed == 2, "nothing on the screen changes"
    drawn = len(made)
    assert "wage" in tell(widget, "choose", name="words", value="wage")["description"]
    assert len(made) == drawn, "it was drawn already"
    assert tell(widget, "choose", name="words", value="refused")["trouble"] == "No such word."
    assert widget.shown["chosen"] == {"words": "wage", "lemma": "no"}
    tell(widget, "warm")
    assert made[-1] == {"words": "wage", "lemma": "yes"}, "now something else is near"


def test_a_learner_chooses_whose_coding_and_finds_the_sentences(corpus, reference):
    codings = {"reference": reference, "mine": load_codings("coder-1")}
    widget = explore_codings(frame_profile, corpus, codings)
    assert widget.controls == [{"name": "coding", "choices": ["reference", "mine", SIDE_BY_SIDE]}]
    assert widget.shown["description"] == frame_profile(corpus, reference).description
    for choice in ("mine", SIDE_BY_SIDE):
        shown = tell(widget, "choose", name="coding", value=choice)
        assert shown["trouble"] == "" and shown["chosen"] == {"coding": choice}
    shown = tell(widget, "mark", value=0)
    assert {each["id"] for each in shown["sentences"]} <= set(corpus["kctu"].sentences.index)


def test_figures_of_the_table_keep_their_digits(corpus, reference):
    widget = explore(frame_profile(corpus, reference), corpus)
    assert "11.8" in widget.shown["rows"][0] and widget.shown["head"][:2] == ["code", "document"]
