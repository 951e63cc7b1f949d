"""The tagger as a plain Python model: an action comes in, the disk has it, then the screen may
change.
"""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentence import assert_one_sentence, trouble

from helpers import load_codebook, practise, tag, tag_again, train_classifier
from helpers.classroom.work import resume_work, save_work
from helpers.coding.codings import (
    BLANK,
    load_codings,
    read_codings,
    with_code,
    with_doer,
    write_codings,
)
from helpers.coding.journal import Journal
from helpers.coding.practice import load_practice
from helpers.corpus.cleaning import clean
from helpers.corpus.documents import CORPUS_FOLDER, FIELDS, Document, load_corpus
from helpers.corpus.errors import UnionError
from helpers.show.widget import Widget

KCTU, BOOK, PRACTICE = load_corpus()["kctu"], load_codebook(), load_practice()
ONE, TWO, THREE = "kctu-001", "kctu-002", "kctu-003"
HOSTILE = (
    "<script>alert(1)</script> \u202eevil\u202c 노조 👩‍🏭 a\u0301 \x00\u2028 =1+1 \"'}\n{\\ud800"
)


def tell(widget: Widget, do: object = None, sentence: object = ONE, **message: object) -> dict:
    """What the browser does: send a message; gives what the screen then shows, which JSON can
    carry.
    """
    widget._hear(widget, {"do": do, "sentence": sentence, **message}, [])
    return json.loads(json.dumps(widget.shown))


def opened(journal: Journal, make=tag, *given: object, **more: object) -> Widget:
    """A tagger as a kernel that starts now has it."""
    return make(*(given or (KCTU,)), journal=Journal(journal.folder), **more)


def full(**state: object) -> dict:
    return {**BLANK, **state}


def code(widget: Widget, sentence: str, *codes: str) -> dict:
    for each in codes:
        shown = tell(widget, "code", sentence, value=each)
        assert shown["trouble"] == ""
    return shown


def shown_as_open(widget: Widget) -> list[str]:
    return [each["id"] for each in widget.texts["sentences"] if each["open"]]


# --- actions
# --------------------------------------------------------------------------------------------------------

ACTS = [
    ("code", "voice", {"codes": ["voice"]}),
    ("code", "rights", {"codes": ["voice", "rights"]}),
    ("main", "rights", {"codes": ["rights", "voice"]}),
    ("doer", "union", {"doer": "union"}),
    ("memo", HOSTILE, {"memo": HOSTILE}),
    ("unsure", None, {"unsure": True}),
    ("skipped", None, {"skipped": True}),
    ("unsure", None, {"unsure": False}),
    ("code", "form", {"codes": ["rights", "voice", "form"], "skipped": False}),
    ("code", "rights", {"codes": ["voice", "form"]}),
    ("doer", "union", {"doer": ""}),
    ("memo", "", {"memo": ""}),
]


def test_each_action_is_on_the_disk_before_the_screen_says_so_and_can_be_undone(journal):
    widget, on_disk, states = tag(KCTU, journal=journal), [], [full()]
    widget.observe(lambda _: on_disk.append(Journal(journal.folder).records("coding")[-1]), "shown")
    for do, value, change in ACTS:
        states.append({**states[-1], **change})
        shown = tell(widget, do, value=value)
        assert (
            shown["changed"] == {ONE: states[-1]}
            and shown["told"].startswith(f"Saved. {ONE}: ")
            and not shown["trouble"]
        )
        assert (
            {name: on_disk[-1][name] for name in BLANK}
            == states[-1]
            == opened(journal).coded[ONE]
            == widget.coded[ONE]
        )
    assert "Workers' voice, Shaping members" in shown["told"]
    again = opened(journal)
    for state in states[-2::-1]:
        shown = tell(again, "undo", "")
        assert (shown["changed"], shown["go"]) == ({ONE: state}, ONE) and shown["told"].startswith(
            f"Undone: {ONE}"
        )
    assert (
        tell(again, "undo")["told"] == "There is nothing to undo."
        and tell(again, "undo")["changed"] == {}
    )
    for state in states[1:]:
        assert tell(again, "redo")["changed"] == {ONE: state}
    assert (
        tell(again, "redo")["told"] == "There is nothing to redo."
        and tell(again, "unsure", TWO)["go"] == ""
    )
    assert {name: on_disk[0][name] for name in ("scheme", "version", "look", "document")} == {
        "scheme": "union-roles",
        "version": "1.0",
        "look": "first",
        "document": "kctu",
    }


def test_none_stands_alone_and_brings_its_doer(journal):
    widget = tag(KCTU, journal=journal)
    code(widget, ONE, "voice", "rights")
    tell(widget, "doer", value="union")
    assert code(widget, ONE, "none")["changed"][ONE] == full(codes=["none"], doer="na")
    assert code(widget, ONE, "form")["changed"][ONE] == full(codes=["form"])
    assert code(widget, ONE, "none", "none")["changed"][ONE] == full()


def test_a_fourth_code_is_refused(journal):
    widget = tag(KCTU, journal=journal)
    code(widget, ONE, "voice", "rights", "form")
    shown = tell(widget, "code", value="care")
    assert (
        "at most 3" in shown["trouble"]
        and widget.coded[ONE]["codes"] == ["voice", "rights", "form"]
        and len(journal.records()) == 3
    )
    assert_one_sentence(shown["trouble"])


@pytest.mark.parametrize(
    ("codes", "before", "pressed", "doer"),
    [
        (["voice"], "", "party", "party"),
        (["voice"], "party", "state", "state"),
        (["voice"], "party", "party", ""),
        (["voice"], "party", "na", None),
        (["none"], "na", "union", None),
        (["none"], "na", "na", ""),
        ([], "", "union", "union"),
        ([], "", "na", None),
        ([], "", "<nobody>", None),
        (["voice"], "", "<nobody>", None),
        pytest.param([], "union", "union", ""),
    ],
)
def test_which_doers_can_be_pressed(journal, codes, before, pressed, doer):
    widget = tag(KCTU, journal=journal)
    for each in codes:
        code(widget, ONE, each)
    if before and before != "na":
        tell(widget, "doer", value=before)
    records, shown = len(journal.records()), tell(widget, "doer", value=pressed)
    if doer is None:
        assert (
            re.search("choose|Choose a code first: ", shown["trouble"])
            and len(journal.records()) == records
        )
    else:
        assert shown["trouble"] == "" and widget.coded[ONE] == full(codes=codes, doer=doer)


def test_a_memo_that_is_too_long(journal):
    widget = tag(KCTU, journal=journal)
    shown = tell(widget, "memo", value="x" * 5_001)
    assert_one_sentence(shown["trouble"])
    assert "5,001" in shown["trouble"] and journal.records() == [] and widget.coded == {}
    assert tell(widget, "memo", value="x" * 5_000)["changed"][ONE]["memo"] == "x" * 5_000


@pytest.mark.parametrize(
    ("do", "sentence", "value"),
    [
        *[
            ("code", ONE, value)
            for value in (
                None,
                5,
                [],
                ["voice"],
                {"codes": ["voice"]},
                "",
                "VOICE",
                "voice rights",
                "x" * 100_000,
            )
        ],
        *[
            ("code", sentence, "voice")
            for sentence in (
                None,
                5,
                [ONE],
                {},
                "",
                "kctu-018",
                "gftuk-001",
                "KCTU-001",
                "x" * 100_000,
                "\ud800",
            )
        ],
        *[("main", ONE, value) for value in ("rights", "", None, ["voice"])],
        *[
            (do, ONE, "voice")
            for do in ("eat", "check", "Code", "", None, 5, ["code"], {}, "x" * 100_000)
        ],
        *[pytest.param("memo", ONE, value) for value in (None, 5, ["voice"], {})],
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_bad_messages(journal, do, sentence, value):
    widget = tag(KCTU, journal=journal)
    code(widget, TWO, "voice")
    before = widget.coded[TWO]
    shown = tell(widget, do, sentence, value=value)
    assert_one_sentence(shown["trouble"])
    assert (
        len(shown["trouble"]) < 300
        and len(journal.records()) == 1
        and widget.coded == {TWO: before}
    )


@pytest.mark.parametrize("message", [None, "code", 5, ["do"], {}])
def test_a_message_that_is_no_message(journal, message):
    widget = tag(KCTU, journal=journal)
    widget._hear(widget, message, [b"x"])
    assert_one_sentence(widget.shown["trouble"])
    assert journal.records() == []


def test_a_full_disk_confirms_nothing(journal, monkeypatch):
    widget = tag(KCTU, journal=journal)
    code(widget, ONE, "voice")
    before = dict(widget.coded)

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("helpers.coding.journal.os.write", refuse)
    for do, value in (
        ("code", "form"),
        ("memo", "x"),
        ("doer", "union"),
        ("unsure", None),
        ("undo", None),
    ):
        shown = tell(widget, do, value=value)
        assert_one_sentence(shown["trouble"])
        assert "disk is full" in shown["trouble"] and widget.coded == before == {
            ONE: full(codes=["voice"])
        }
    monkeypatch.undo()
    assert tell(widget, "undo")["trouble"] == "" and widget.coded == {ONE: full()}


def test_a_memo_with_half_a_character_can_be_sent_to_the_page(journal):
    tell(tag(KCTU, journal=journal), "memo", value="half \ud83d of it")
    json.dumps(opened(journal).get_state(["coded", "shown"]), ensure_ascii=False).encode(
        "utf-8"
    )  # as jupyter_client packs it


# --- what a page finds
# ----------------------------------------------------------------------------------------------


def test_only_what_changed_is_sent_and_a_later_page_finds_all(journal):
    widget = tag(KCTU, journal=journal)
    for sentence in (ONE, TWO, THREE):
        shown = code(widget, sentence, "voice")
        assert list(shown["changed"]) == [sentence]
    assert (
        widget.get_state("coded")["coded"]
        == dict.fromkeys((ONE, TWO, THREE), full(codes=["voice"]))
        == opened(journal).coded
    )


def test_two_kernels_both_see_the_union_after_their_next_action(journal):
    one, other = opened(journal), opened(journal)
    code(one, ONE, "voice")
    code(other, ONE, "rights")
    code(other, TWO, "form")
    shown = tell(one, "unsure", THREE)
    wanted = {
        ONE: full(codes=["voice", "rights"]),
        TWO: full(codes=["form"]),
        THREE: full(unsure=True),
    }
    assert shown["changed"] == wanted == one.coded == opened(journal).coded
    assert tell(other, "undo")["changed"] == {
        TWO: full(),
        THREE: wanted[THREE],
    }  # its own last action


def test_what_another_kernel_did_is_seen_even_after_a_refused_action(journal):
    one, other = opened(journal), opened(journal)
    code(other, TWO, "form")
    assert tell(one, "code", ONE, value="no such code")["trouble"]
    code(one, ONE, "voice")
    assert one.coded == opened(journal).coded


def test_a_stretch_of_a_document_with_the_paragraph_before(journal):
    widget, table = tag(KCTU, "kctu-008", "kctu-010", journal=journal), KCTU.sentences
    assert shown_as_open(widget) == ["kctu-008", "kctu-009", "kctu-010"]
    numbers = range(table.at["kctu-008", "paragraph"] - 1, table.at["kctu-010", "paragraph"] + 1)
    assert [each["id"] for each in widget.texts["sentences"]] == table.index[
        table["paragraph"].isin(numbers)
    ].tolist()
    assert tell(widget, "code", "kctu-007", value="voice")["trouble"] and code(
        widget, "kctu-009", "voice"
    )
    assert shown_as_open(tag(KCTU, journal=journal)) == KCTU.sentences.index.tolist()
    assert shown_as_open(tag(KCTU, last=TWO, journal=journal)) == [ONE, TWO]


def test_undo_stays_within_the_stretch(journal):
    code(tag(KCTU, journal=journal), ONE, "voice")
    shown = tell(tag(KCTU, "kctu-010", "kctu-012", journal=journal), "undo")
    assert shown["go"] == "" and opened(journal).coded == {ONE: full(codes=["voice"])}


@pytest.mark.parametrize(
    "ends",
    [
        ("kctu-018",),
        ("", "kctu-018"),
        (TWO, ONE),
        ("1", "2"),
        ("gftuk-001", "gftuk-002"),
        (5,),
        ([ONE],),
    ],
)
def test_ends_that_are_not_there(journal, ends):
    with pytest.raises(
        UnionError, match=r"^There is no such stretch in kctu: .* up to kctu-017\.$"
    ):
        tag(KCTU, *ends, journal=journal)


def test_the_message_about_ends_is_a_sentence(journal):
    with trouble("kctu-017"):
        tag(KCTU, "kctu-018", journal=journal)


def test_a_document_without_a_sentence(journal):
    empty = Document("empty", dict.fromkeys(FIELDS, "x"), clean(""))
    for make, said in ((tag, "no such stretch"), (tag_again, "Nothing is coded")):
        with pytest.raises(UnionError, match=said):
            make(empty, journal=journal)
    assert journal.records() == []


# --- a blind second look
# --------------------------------------------------------------------------------------------


def test_a_second_look_is_blind_stable_and_kept_apart(journal):
    first = tag(KCTU, journal=journal)
    ids = KCTU.sentences.index[:8].tolist()
    for sentence in ids:
        code(first, sentence, "nation")
    tell(first, "skipped", "kctu-012")
    again = opened(journal, tag_again, KCTU, 3)
    sample = shown_as_open(again)
    assert (
        len(set(sample)) == 3
        and set(sample) <= set(ids)
        and again.coded == {} == again.shown["changed"]
    )
    assert "nation" not in json.dumps([again.coded, again.shown]) and "blind" in again.texts["note"]
    code(again, sample[0], "voice")
    assert shown_as_open(opened(journal, tag_again, KCTU, 3)) == sample
    assert opened(journal, tag_again, KCTU, 3).coded == {sample[0]: full(codes=["voice"])}
    assert opened(journal).coded[sample[0]] == full(codes=["nation"])
    assert load_codings("me again", journal=journal)["sentence"].tolist() == sample[:1]
    assert set(sample) < set(shown_as_open(opened(journal, tag_again, KCTU, 6)))
    assert shown_as_open(opened(journal, tag_again, KCTU, 100)) == ids
    assert tell(again, "undo")["changed"] == {sample[0]: full()} and tell(again, "undo")["go"] == ""
    assert opened(journal).coded[sample[0]] == full(codes=["nation"])


@pytest.mark.parametrize("many", [0, -1, *(pytest.param(wrong) for wrong in (None, "3", 2.5))])
def test_a_second_look_at_no_number_of_sentences(journal, many):
    code(tag(KCTU, journal=journal), ONE, "voice")
    with pytest.raises(UnionError):
        tag_again(KCTU, many, journal=journal)


@pytest.mark.parametrize("wrong", ["kctu", load_corpus(), None])
def test_what_is_no_document(journal, wrong):
    with trouble():
        tag(wrong, journal=journal)


# --- another codebook
# -----------------------------------------------------------------------------------------------


@pytest.fixture
def rebound(tmp_path):
    """The codebook with changes in it."""

    def write(*changes: tuple[str, str]):
        text = (CORPUS_FOLDER / "codebook.toml").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "codebook.toml").write_text(text, encoding="utf-8")
        return load_codebook(tmp_path / "codebook.toml")

    return write


def test_another_codebook_with_other_keys_and_codes(journal, rebound):
    code(tag(KCTU, journal=journal), ONE, "voice")
    other = rebound(
        ('"union-roles"', '"other"'),
        ('"voice"', '"임금-1"'),
        ('key = "3"', 'key = "v"'),
        ("most_codes = 3", "most_codes = 1"),
    )
    widget = opened(journal, codebook=other)
    assert (widget.coded, widget.shown["strange"]) == ({}, 0) and [*other][
        2
    ] == "임금-1" == widget.texts["codes"][2]["code"]
    assert widget.texts["codes"][2]["key"] == "v"
    assert code(widget, ONE, "임금-1")["changed"] == {ONE: full(codes=["임금-1"])}
    assert (
        "at most 1" in tell(widget, "code", value="form")["trouble"]
        and tell(widget, "code", value="voice")["trouble"]
    )
    assert (
        opened(journal).coded == {ONE: full(codes=["voice"])}
        and opened(journal).shown["strange"] == 0
    )
    assert load_codings("me", journal=journal, codebook=other)["scheme"].tolist() == ["other 1.0"]


def test_codes_that_this_codebook_does_not_know_are_counted_and_kept(journal, rebound):
    first = tag(KCTU, journal=journal)
    code(first, ONE, "form", "voice")
    tell(first, "doer", TWO, value="party")
    smaller = rebound(('"voice"', '"say"'), ('doer = "party"', 'doer = "parties"'))
    widget = opened(journal, codebook=smaller)
    assert widget.coded == {ONE: full(codes=["form"])} and widget.shown["strange"] == 2
    assert code(widget, THREE, "say") and opened(journal).shown["strange"] == 1
    assert opened(journal).coded == {ONE: full(codes=["form", "voice"]), TWO: full(doer="party")}


# --- suggestions
# ----------------------------------------------------------------------------------------------------

HELD = KCTU.sentences.index[5:12].tolist()


@pytest.fixture(scope="module")
def machine():
    return train_classifier(load_corpus(), load_codings("reference"), without=HELD)


def helped(journal: Journal, machine) -> Widget:
    return opened(journal, tag, KCTU, classifier=machine)


def test_suggestions_are_off_until_asked_for_and_then_on_the_disk_before_they_are_shown(
    journal, machine
):
    widget, on_disk = helped(journal, machine), []
    assert widget.texts["suggests"] and not tag(KCTU, journal=journal).texts["suggests"]
    tell(widget, "look", HELD[0])
    code(widget, HELD[1], "voice")
    assert (
        widget.shown["suggestion"] == {}
        and widget.shown["order"] == []
        and journal.records("suggestion") == []
    )
    widget.observe(
        lambda _: on_disk.append(len(Journal(journal.folder).records("suggestion"))), "shown"
    )
    shown = tell(widget, "suggest", HELD[0])
    assert shown["order"] == list(machine.suggest(HELD).index) and on_disk == [1]
    assert shown["suggestion"]["codes"] == list(machine.suggest(HELD[:1]).at[HELD[0], "codes"])
    assert BOOK[shown["suggestion"]["codes"][0]].label in shown["told"]
    record = Journal(journal.folder).records("suggestion")[-1]
    assert {name: record[name] for name in ("sentence", "suggested", "before", "answer")} == {
        "sentence": HELD[0],
        "suggested": shown["suggestion"]["codes"],
        "before": [],
        "answer": "",
    }
    assert tell(widget, "look", ONE)["suggestion"] == {}, "the machine was taught this one"
    assert tell(widget, "look", HELD[0])["suggestion"] and len(journal.records("suggestion")) == 1
    off = tell(widget, "suggest", HELD[0])
    assert (off["suggestion"], off["order"], off["told"]) == ({}, [], "Suggestions are off.")
    assert (
        tell(widget, "look", HELD[2])["suggestion"] == {}
        and len(journal.records("suggestion")) == 1
    )
    assert helped(journal, machine).shown["order"] == [], "off again after a restart"


def test_a_suggestion_is_taken_undone_overridden_or_dismissed_and_the_codings_say_which(
    journal, machine
):
    widget = helped(journal, machine)
    code(widget, HELD[0], "nation")  # coded before
    tell(widget, "suggest", HELD[0])
    wanted = {id: tell(widget, "look", id)["suggestion"]["codes"] for id in HELD[:5]}
    shown = tell(widget, "take", HELD[4])
    assert shown["changed"] == {HELD[4]: full(codes=wanted[HELD[4]])} and shown["told"].startswith(
        "Saved as suggested. "
    )
    assert (
        journal.records("coding")[-1]["by"] == "suggestion"
        and journal.records("suggestion")[-1]["answer"] == "accepted"
    )
    assert (
        tell(widget, "undo", "")["changed"] == {HELD[4]: full()}
        and tell(widget, "redo", "")["changed"] == shown["changed"]
    )
    other = next(each for each in BOOK if each != "none" and each not in wanted[HELD[1]])
    tell(widget, "look", HELD[1])
    code(widget, HELD[1], other)
    tell(widget, "look", HELD[2])
    dismissed = tell(widget, "dismiss", HELD[2])
    assert (
        dismissed["suggestion"] == {} and journal.records("suggestion")[-1]["answer"] == "dismissed"
    )
    assert (
        tell(widget, "look", HELD[2])["suggestion"]
        == {}
        == tell(helped(journal, machine), "suggest", HELD[2])["suggestion"]
    )
    code(widget, HELD[2], *wanted[HELD[2]])
    code(widget, ONE, "voice")
    mine = load_codings("me", journal=Journal(journal.folder)).set_index("sentence")["suggestion"]
    assert mine.to_dict() == {
        ONE: "",
        HELD[0]: f"suggested: {' '.join(wanted[HELD[0]])}",
        HELD[1]: f"overridden: {' '.join(wanted[HELD[1]])}",
        HELD[2]: f"accepted: {' '.join(wanted[HELD[2]])}",
        HELD[4]: f"accepted: {' '.join(wanted[HELD[4]])}",
    }


def test_what_came_of_suggestions_survives_a_work_file_and_a_table(journal, machine, tmp_path):
    widget = helped(journal, machine)
    tell(widget, "suggest", HELD[0])
    tell(widget, "take", HELD[0])
    other = Journal(tmp_path / "elsewhere")
    resume_work(save_work(journal).path, other)
    mine = load_codings("me", journal=other)
    assert mine["suggestion"].str.startswith("accepted: ").tolist() == [True]
    assert read_codings(write_codings(mine, tmp_path / "mine.csv"))["suggestion"].equals(
        mine["suggestion"]
    )


def test_none_as_a_suggestion_brings_its_doer_and_another_takes_it_away(
    journal, machine, monkeypatch
):
    widget = helped(journal, machine)
    code(widget, HELD[0], "voice")
    tell(widget, "doer", HELD[0], value="union")
    tell(widget, "suggest", HELD[0])
    for codes, doer in ((["none"], "na"), (["form"], "")):
        widget.shown = {**widget.shown, "suggestion": {"sentence": HELD[0], "codes": codes}}
        assert tell(widget, "take", HELD[0])["changed"][HELD[0]] == full(codes=codes, doer=doer)
        BOOK.check_codes(codes, doer)


def test_a_full_disk_shows_no_suggestion(journal, machine, monkeypatch):
    widget = helped(journal, machine)
    code(widget, ONE, "voice")

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("helpers.coding.journal.os.write", refuse)
    shown = tell(widget, "suggest", HELD[0])
    assert_one_sentence(shown["trouble"])
    assert (
        "disk is full" in shown["trouble"]
        and shown["suggestion"] == {} == widget._suggestions.annotations.states()
    )


@pytest.mark.parametrize("do", ["take", "dismiss", "look", "suggest"])
def test_messages_that_no_screen_would_send(journal, machine, do):
    plain, widget = tag(KCTU, journal=journal), helped(journal, machine)
    assert tell(plain, do, HELD[0])["trouble"]
    assert tell(widget, do, "gftuk-001")["trouble"]
    if do in ("take", "dismiss"):
        assert_one_sentence(tell(widget, do, HELD[0])["trouble"])
        tell(widget, "suggest", HELD[0])
        assert_one_sentence(tell(widget, do, HELD[1])["trouble"])
    assert load_codings("me", journal=journal).empty


def test_a_machine_that_knows_the_answers_or_not_the_document_or_not_the_codebook(
    journal, machine, rebound
):
    shown = tell(tag(KCTU, ONE, THREE, classifier=machine, journal=journal), "suggest", ONE)
    assert_one_sentence(shown["trouble"])
    assert "does without them" in shown["trouble"] and journal.records() == []
    with trouble("practice"):
        tag(PRACTICE.document, classifier=machine, journal=journal)
    with trouble("another codebook"):
        tag(
            KCTU,
            classifier=machine,
            codebook=rebound(('"union-roles"', '"other"')),
            journal=journal,
        )
    with trouble("train_classifier()"):
        tag(KCTU, classifier="gpt", journal=journal)


# --- practice
# -------------------------------------------------------------------------------------------------------


def test_practice_is_kept_apart_and_its_check_writes_nothing(journal):
    widget = practise(journal=journal)
    assert (
        len(shown_as_open(widget)) == 10
        and widget.texts["checks"]
        and not tag(KCTU, journal=journal).texts["checks"]
    )
    code(widget, "practice-001", "bargain")
    shown = tell(widget, "check", "practice-001")
    assert (
        shown["feedback"].startswith("Yes.")
        and len(journal.records()) == 1
        and shown["changed"] == {}
    )
    assert (
        tell(widget, "check", "practice-011")["trouble"]
        and load_codings("me", journal=journal).empty
    )


@pytest.mark.parametrize("sentence", PRACTICE.key)
def test_each_practice_sentence_answered_by_its_key(journal, sentence):
    widget, key = practise(journal=journal), PRACTICE.key[sentence]
    code(widget, sentence, *key["codes"])
    asked = "And who is the doer? Choose one." in tell(widget, "check", sentence)["feedback"]
    assert asked == (key["doer"] != "na")
    if asked:
        tell(widget, "doer", sentence, value=key["doer"])
    said = tell(widget, "check", sentence)["feedback"]
    assert said == f"Yes. {key['why']}" + (f"\nDoer: yes. {key['doer_why']}" if asked else "")


def test_every_hint_of_the_practice_can_be_reached_but_these():
    unreachable = set()
    for sentence, key in PRACTICE.key.items():
        right = full()
        for each in key["codes"]:
            right = {**right, **with_code(right, each, BOOK)}
        for hint, words in key["hints"].items():
            kind, _, doer = hint.rpartition(":")
            try:
                state = (
                    {**right, **with_doer(right, doer, BOOK)}
                    if kind
                    else {**full(), **with_code(full(), hint, BOOK)}
                )
            except UnionError:
                unreachable.add((sentence, hint))
                continue
            assert words in PRACTICE.judge(sentence, state), (sentence, hint)
    # With “none” as the right code, the tagger takes no doer but “na”.
    assert unreachable == {("practice-002", "doer:members"), ("practice-002", "doer:other")}


@pytest.mark.parametrize(
    ("codes", "doer", "lines"),
    [
        ([], "union", ["Choose a code first"]),
        (
            ["bargain"],
            "",
            [
                "“Pay and conditions”: Medicine and rivers",
                "One role is still missing",
                "One role is still missing",
            ],
        ),
        (
            ["voice", "reform"],
            "",
            [f"“{BOOK['voice'].label}”: Read its entry once more", BOOK["solidarity"].definition],
        ),
        (["reform"], "union", [BOOK["solidarity"].definition]),
        (
            ["solidarity", "reform"],
            "union",
            [f"The main one comes first, and here that is “{BOOK['reform'].label}”"],
        ),
        (["reform", "solidarity"], "", ["Yes. ", "And who is the doer"]),
        (["reform", "solidarity"], "union", ["Yes. ", "Doer: yes. "]),
        (["reform", "solidarity"], "state", ["Yes. ", "Doer: Look for the agent"]),
    ],
)
def test_what_is_said_of_a_coding(codes, doer, lines):
    said = PRACTICE.judge("practice-003", full(codes=codes, doer=doer)).split("\n")
    assert len(said) == len(lines) and all(
        line in given for line, given in zip(lines, said, strict=True)
    ), said


@given(
    st.sampled_from([*PRACTICE.key]),
    st.lists(st.sampled_from([*BOOK]), max_size=3, unique=True),
    st.sampled_from(["", *BOOK.doers]),
)
def test_right_is_what_the_key_says_and_nothing_else(sentence, codes, doer):
    said = PRACTICE.judge(sentence, full(codes=codes, doer=doer))
    assert said.startswith("Yes. ") == (codes == PRACTICE.key[sentence]["codes"])
    assert ("Doer: yes" in said) == (
        codes == PRACTICE.key[sentence]["codes"] and doer == PRACTICE.key[sentence]["doer"] != "na"
    )


def test_a_check_after_an_undo_stays_where_it_is(journal):
    widget = practise(journal=journal)
    code(widget, "practice-001", "bargain", "voice")
    tell(widget, "undo")
    assert tell(widget, "check", "practice-002")["go"] == ""


def test_feedback_does_not_come_back_with_trouble(journal):
    widget = practise(journal=journal)
    tell(widget, "check", "practice-001")
    shown = tell(widget, "doer", "practice-002", value="na")
    assert shown["trouble"] and shown["feedback"] == ""
