"""Widgets as plain Python models: a message comes in, the disk is written, then the screen may
change.
"""

from __future__ import annotations

import zipfile
from html.parser import HTMLParser

import pytest
from sentence import assert_one_sentence, trouble

from helpers.classroom.work import my_work
from helpers.coding.journal import Journal
from helpers.corpus.cleaning import STEPS, clean
from helpers.corpus.documents import FIELDS, Document
from helpers.corpus.errors import UnionError
from helpers.show.answers import ask, introduce, my_answer
from helpers.show.cards import show_account, show_raw, source_card
from helpers.show.noise import removed_lines, spot_noise
from helpers.show.walk import walk_cleaning
from helpers.show.widget import Widget


def tell(widget: Widget, do: object = None, **message: object) -> dict:
    """What the browser does: send a message; gives what the screen then shows."""
    widget._hear(widget, {"do": do, **message}, [])
    return dict(widget.shown)


@pytest.fixture
def full_disk(monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("helpers.coding.journal.os.write", refuse)


# --- questions
# ------------------------------------------------------------------------------------------------------


def test_an_answer_is_on_the_disk_before_the_screen_says_so(journal):
    widget = ask("q", "Who speaks?", journal=journal)
    on_disk = []
    widget.observe(
        lambda _: on_disk.append(
            [record["answer"] for record in Journal(journal.folder).records("answer")]
        ),
        "shown",
    )
    shown = tell(widget, "answer", answer="The confederation")
    assert on_disk == [["The confederation"]]
    assert shown["answer"] == widget.answer == "The confederation"
    assert (
        shown["saved"] == journal.records()[0]["time"]
        and shown["trouble"] == ""
        and shown["turn"] == 1
    )
    assert journal.records()[0]["asked"] == "Who speaks?"


def test_an_answer_is_found_again_by_a_new_widget(journal):
    told = {"A": "Because.", "B": "Look again."}
    widget = ask("q", "Which?", ["A", "B"], feedback=told, journal=journal)
    assert tell(widget, "answer", answer="B")["feedback"] == "Look again."
    tell(widget, "answer", answer="A")
    again = ask("q", "Which?", ["A", "B"], feedback=told, journal=Journal(journal.folder))
    assert (again.answer, again.shown["feedback"], again.shown["saved"]) == (
        "A",
        "Because.",
        journal.records()[-1]["time"],
    )
    assert my_answer("q", Journal(journal.folder)) == "A"
    assert my_answer("other", journal) == "" == ask("other", "?", journal=journal).answer
    assert len(journal.records()) == 2


def test_a_full_disk_is_told_and_nothing_is_confirmed(journal, full_disk):
    widget = ask("q", "Who?", journal=journal)
    shown = tell(widget, "answer", answer="x")
    assert "disk is full" in shown["trouble"]
    assert_one_sentence(shown["trouble"])
    assert shown["answer"] == widget.answer == "" and shown["saved"] == "" and shown["turn"] == 1


def test_trouble_goes_away_when_it_is_over(journal):
    widget = ask("q", "Which?", ["A"], journal=journal)
    assert tell(widget, "answer", answer="C")["trouble"]
    assert tell(widget, "answer", answer="A")["trouble"] == ""


@pytest.mark.parametrize(
    ("do", "message"),
    [
        ("answer", {"answer": "C"}),
        ("answer", {}),
        ("answer", {"answer": None}),
        ("answer", {"answer": ["A"]}),
        ("eat", {"answer": "A"}),
        (None, {}),
        (5, {}),
        ([], {}),
    ],
)
def test_bad_messages_to_a_question(journal, do, message):
    widget = ask("q", "Which?", ["A", "B"], journal=journal)
    shown = tell(widget, do, **message)
    assert_one_sentence(shown["trouble"])
    assert journal.records() == [] and widget.answer == ""


def test_an_answer_that_is_too_long(journal):
    widget = ask("q", "Why?", journal=journal)
    assert "20,000" in tell(widget, "answer", answer="x" * 20_001)["trouble"]
    assert tell(widget, "answer", answer="x" * 20_000)["trouble"] == ""


def test_feedback_of_a_function_and_of_none(journal):
    assert (
        tell(ask("q", "?", feedback=str.upper, journal=journal), "answer", answer="abc")["feedback"]
        == "ABC"
    )
    assert (
        tell(ask("q", "?", feedback=str.upper, journal=journal), "answer", answer="  ")["feedback"]
        == ""
    )
    assert (
        tell(ask("r", "?", feedback={"A": "x"}, journal=journal), "answer", answer="B")["feedback"]
        == ""
    )


def test_a_name_goes_on_the_work(journal):
    widget = introduce(journal)
    assert "Ann" in tell(widget, "answer", answer="  Ann ")["feedback"]
    assert journal.latest("learner")["name"] == "Ann"
    assert introduce(Journal(journal.folder)).answer.strip() == "Ann"
    for wrong in ("", "   ", "x" * 61):
        assert_one_sentence(tell(widget, "answer", answer=wrong)["trouble"])
    assert len(journal.records("learner")) == 1


@pytest.mark.parametrize("message", [None, "answer", 5, ["do"]])
def test_a_message_that_is_no_message(journal, message):
    widget = ask("q", "Which?", ["A"], journal=journal)
    widget._hear(widget, message, [])
    assert_one_sentence(widget.shown["trouble"])
    assert journal.records() == []


# --- the walk through the cleaning
# ----------------------------------------------------------------------------------


@pytest.fixture
def walk(corpus):
    return walk_cleaning(corpus["gftuk"])


def names() -> list[str]:
    return [step.name for step in STEPS]


def test_the_walk_tells_each_steps_edits(walk, corpus):
    table = corpus["gftuk"].cleaning.steps()
    for index, name in enumerate(names()):
        shown = tell(walk, "step", index=index)
        assert shown["index"] == index and shown["trouble"] == ""
        assert shown["steps"][index] == {
            "name": name,
            "label": table.at[name, "label"],
            "why": table.at[name, "purpose"],
            "on": True,
            "edits": table.at[name, "edits"],
        }
        assert len(shown["edits"]) == min(table.at[name, "edits"], 12)
        raw_lines = corpus["gftuk"].raw.split("\n")
        for edit in shown["edits"]:
            first = edit["old"].strip("\n").split("\n")[0].strip()
            assert first in raw_lines[edit["line"] - 1], (name, edit)


def test_more_edits_are_shown_when_asked_for(walk, corpus):
    index = names().index("torn-paragraphs")
    every = corpus["gftuk"].cleaning.steps().at["torn-paragraphs", "edits"]
    assert every > 12
    assert len(tell(walk, "step", index=index)["edits"]) == 12
    assert len(tell(walk, "more")["edits"]) == min(every, 72)
    assert len(tell(walk, "step", index=index)["edits"]) == 12


def test_a_step_is_switched_off_and_on(walk, corpus):
    index = names().index("torn-paragraphs")
    whole = tell(walk, "step", index=index)
    without = corpus["gftuk"].cleaned_without("torn-paragraphs")
    assert (
        f"Without this step there would be {len(without.paragraphs)} paragraphs" in whole["worth"]
    )
    off = tell(walk, "switch", on=False)
    assert not off["steps"][index]["on"] and off["edits"] == []
    assert (
        f"Now there are {len(without.paragraphs)} paragraphs" in off["worth"]
        and "Switched on there would be 95 paragraphs" in off["worth"]
    )
    assert tell(walk, "switch", on=True)["steps"] == whole["steps"]
    assert corpus["gftuk"].cleaning.off == ()


def test_a_step_that_did_nothing_says_so(walk):
    assert (
        tell(walk, "step", index=names().index("byte-order-mark"))["worth"]
        == "Without this step the text would be the same."
    )


@pytest.mark.parametrize(
    "message",
    [
        {"index": 99},
        {"index": -1},
        {"index": "3"},
        {"index": None},
        {},
        {"index": [1]},
        {"index": {}},
        {"index": 1.0},
        {"index": True},
    ],
)
def test_bad_messages_to_the_walk(walk, message):
    before = {**walk.shown}
    shown = tell(walk, "step", **message)
    assert_one_sentence(shown["trouble"])
    assert {key: shown[key] for key in before if key not in ("trouble", "turn")} == {
        key: before[key] for key in before if key not in ("trouble", "turn")
    }
    assert tell(walk, "fly")["trouble"]


# --- noise marked by eye
# --------------------------------------------------------------------------------------------


def test_marks_are_saved_and_found_again(journal, corpus):
    hunt = spot_noise(corpus["kctu"], "1-5, 28-30", journal)
    assert [each["number"] for each in hunt.shown["lines"]] == [1, 5, 28, 30]
    assert all(
        each["text"] == corpus["kctu"].raw.split("\n")[each["number"] - 1]
        for each in hunt.shown["lines"]
    )
    on_disk = []
    hunt.observe(
        lambda _: on_disk.append(Journal(journal.folder).latest("noise")["lines"]), "shown"
    )
    tell(hunt, "mark", line=30)
    tell(hunt, "mark", line=1)
    tell(hunt, "mark", line=5)
    assert tell(hunt, "mark", line=5)["marked"] == [1, 30]
    assert on_disk == [[30], [1, 30], [1, 5, 30], [1, 30]]
    again = spot_noise(corpus["kctu"], "1-30", Journal(journal.folder))
    assert again.shown["marked"] == [1, 30] and again.shown["told"].endswith("as you left them: 2.")
    assert spot_noise(corpus["gftuk"], "1-30", journal).shown["marked"] == []


def test_the_comparison_counts_and_does_not_judge(journal, corpus):
    hunt = spot_noise(corpus["kctu"], "1-30", journal)
    tell(hunt, "mark", line=5)
    tell(hunt, "mark", line=30)
    shown = tell(hunt, "compare")
    assert (
        f"by you: 2. Removed by the program: 2 of these {len(shown['lines'])}. The same: 1."
        in shown["told"]
    )
    verdicts = {each["number"]: each["verdict"] for each in shown["lines"]}
    assert (
        "Page furniture" in verdicts[30]
        and "Title page" in verdicts[1]
        and verdicts[5] == "[the program kept this]"
    )
    assert verdicts[9] == ""


def test_a_full_disk_marks_nothing(journal, corpus, full_disk):
    hunt = spot_noise(corpus["kctu"], "1-30", journal)
    shown = tell(hunt, "mark", line=30)
    assert "disk is full" in shown["trouble"] and shown["marked"] == []


@pytest.mark.parametrize(
    ("do", "line"),
    [
        ("mark", 2),
        ("mark", 999),
        ("mark", None),
        ("mark", "30"),
        ("mark", [30]),
        ("mark", {}),
        ("mark", 30.0),
        ("mark", True),
        ("erase", 30),
    ],
)
def test_bad_messages_to_the_hunt(journal, corpus, do, line):
    hunt = spot_noise(corpus["kctu"], "1-30", journal)
    assert_one_sentence(tell(hunt, do, line=line)["trouble"])
    assert journal.records() == [] and hunt.shown["marked"] == []


@pytest.mark.parametrize("lines", [5, "30", None, [None, "30", 30.5], {"30": 1}])
def test_marks_from_a_strange_work_file_do_no_harm(journal, corpus, lines):
    journal.append("noise", document="kctu", lines=lines)
    assert spot_noise(corpus["kctu"], "1-30", journal).shown["marked"] == []


@pytest.mark.parametrize("which", ["", "a", "1-", "0", "-3", "1;2", "1-2-3", "1,,2"])
def test_lines_that_are_none(journal, corpus, which):
    with trouble(repr(which)):
        spot_noise(corpus["kctu"], which, journal)


def test_removed_lines_are_those_of_which_nothing_is_left(corpus):
    for document in corpus.documents:
        gone = removed_lines(document)
        raw_lines = document.raw.split("\n")
        body = document.text.replace("\n\n", " ")
        for number, line in enumerate(raw_lines, 1):
            if number in gone:
                assert line.strip() and (document.id == "kctu" or number < 38 or number > 280)
            elif line.strip() and not any(
                each.line == number for each in document.cleaning.corrections
            ):
                assert " ".join(line.split()[:5]).replace("--", "—") in body.replace("’", "'"), (
                    document.id,
                    number,
                )


# --- save and resume with buttons
# -----------------------------------------------------------------------------------


def test_the_buttons_save_and_resume(journal, tmp_path):
    tell(ask("q", "Who?", journal=journal), "answer", answer="x")
    panel, sent = my_work(journal), []
    panel.send = lambda content, buffers=None: sent.append((content, buffers))
    assert "1 steps" in tell(panel, "save")["told"]
    ((message, buffers),) = sent
    (tmp_path / "sent.zip").write_bytes(buffers[0])
    assert zipfile.is_zipfile(tmp_path / "sent.zip") and message["name"].endswith(".zip")
    elsewhere = Journal(tmp_path / "elsewhere")
    other = my_work(elsewhere)
    other._hear(other, {"do": "resume"}, [memoryview(buffers[0])])
    assert other.shown["trouble"] == "" and my_answer("q", elsewhere) == "x"


def test_the_buttons_tell_of_trouble(journal):
    panel = my_work(journal)
    assert_one_sentence(tell(panel, "save")["trouble"])
    assert_one_sentence(tell(panel, "resume")["trouble"])
    assert_one_sentence(tell(panel, "burn")["trouble"])
    panel._hear(panel, {"do": "resume"}, [b"no zip"])
    assert_one_sentence(panel.shown["trouble"])


def test_a_surface_without_an_act_is_a_mistake_of_ours():
    with pytest.raises(NotImplementedError):
        Widget()._hear(None, {"do": "x"}, [])
    assert issubclass(UnionError, ValueError)


# --- still views
# ----------------------------------------------------------------------------------------------------

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> & </pre></table>"


class Tags(HTMLParser):
    """The tags and attributes of a page, its style sheet left out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.depth: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attributes]
        if tag not in ("img", "br"):
            self.depth.append(tag)

    def handle_endtag(self, tag):
        assert self.depth.pop() == tag


@pytest.fixture
def hostile() -> Document:
    raw = f"The union {HOSTILE} will act for all of its members.\n\n{HOSTILE}\n"
    return Document("own", dict.fromkeys(FIELDS, HOSTILE), clean(raw, off=["markup"]))


@pytest.mark.parametrize("show", [source_card, show_raw, show_account])
def test_hostile_html_is_shown_and_never_run(hostile, show):
    page = Tags(show(hostile)._repr_html_())
    assert page.depth == []
    assert not {"script", "img"} & set(page.tags)
    assert not any(name.startswith("on") for name in page.attributes)


def test_what_the_cards_say(corpus):
    card = source_card(corpus["kctu"])
    for field in ("author", "date", "rights", "used_because"):
        assert corpus["kctu"].about[field] in repr(card)
    assert repr(source_card(corpus["kctu"], "date")).count("\n") == 1
    assert repr(show_raw(corpus["kctu"], 1, 5)).splitlines()[0] == "  1  Our Aims"
    assert len(repr(show_raw(corpus["kctu"], 1, 5)).splitlines()) == 5
    assert repr(show_raw(corpus["kctu"], 500, 600)) == ""
    account = repr(show_account(corpus["kctu"]))
    assert f"{len(corpus['kctu'].raw)}" in account and "total" in account


def test_views_load_nothing_from_the_network():
    for widget in (ask, walk_cleaning, spot_noise, my_work):
        module = __import__(widget.__module__, fromlist=["x"])
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, Widget) and thing is not Widget:
                source = str(thing._esm) + str(thing._css)
                assert "export default" in source
                assert (
                    "http://" not in source.replace("http://www.w3.org", "")
                    and "https://" not in source
                    and "@import" not in source
                )
