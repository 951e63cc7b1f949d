"""Marks on sentences: what was confirmed stays, wherever the text or another kernel goes."""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sentence import trouble

from helpers.classroom.work import put_away, resume_work, save_work
from helpers.coding.annotations import Marks
from helpers.coding.journal import Journal
from helpers.corpus.cleaning import STEPS, clean
from helpers.corpus.documents import FIELDS, Document, load_corpus

BLANK = {"codes": [], "doer": "", "memo": "", "star": False}
DUES, SAFE, ONE, HALL = (
    "The workers pay their dues.",
    "The union keeps all of them safe.",
    "We stand as one in every trade.",
    "Doors open at noon.",
)
KCTU = load_corpus()["kctu"]
IDS = [*KCTU.sentences.index]


def opened(where, document=KCTU, **more) -> Marks:
    """Marks as a kernel that starts now has them: its own journal object, on the folder of another."""
    journal = where.journal if isinstance(where, Marks) else where
    return Marks(
        document, "test", copy.deepcopy(BLANK), Journal(getattr(journal, "folder", journal)), **more
    )


def made(*texts: str, id: str = "doc"):
    """A document that has these sentences, whatever stands in them."""
    text, spans = "\n\n".join(texts), []
    for each in texts:
        start = spans[-1][1] + 2 if spans else 0
        spans.append((start, start + len(each)))
    ids = pd.Index([f"{id}-{number:03d}" for number in range(1, len(texts) + 1)], name="sentence")
    table = pd.DataFrame(spans, columns=["start", "end"], index=ids).assign(
        text=pd.Series(texts, index=ids, dtype=object)
    )
    return SimpleNamespace(id=id, text=text, sentences=table)


def full(**state) -> dict:
    return {**copy.deepcopy(BLANK), **state}


def record(id: str, time: int, sentence: str = "kctu-001", document=KCTU, **state) -> dict:
    """A record as another machine may have written it, at this many seconds past noon."""
    anchor = {"sentence": sentence, "text": document.sentences.loc[sentence, "text"]}
    about = {
        "id": id,
        "time": f"2000-01-01T12:00:{time:02d}.000+00:00",
        "kind": "test",
        "format": 1,
        "document": document.id,
    }
    return {**about, **anchor, "session": f"session of {id}", "was": full(), **full(**state)}


def on_the_disk(marks: Marks) -> list[dict]:
    """The records as the file has them, without any help from the journal."""
    path = marks.journal.path
    return (
        [json.loads(line) for line in path.read_bytes().split(b"\n") if line.strip()]
        if path.exists()
        else []
    )


@contextmanager
def folder():
    path = Path(tempfile.mkdtemp())
    yield path
    shutil.rmtree(path)


# --- one kernel: a plain model --------------------------------------------------------------------------------------


class Plain:
    """What marks should be: a dictionary and two stacks."""

    def __init__(self):
        self.all, self.done, self.undone = {}, [], []

    def state(self, sentence):
        return self.all.get(sentence, BLANK)

    def states(self):
        return {id: self.all[id] for id in IDS if self.state(id) != BLANK}

    def set(self, sentence, **changes):
        before, after = self.state(sentence), {**self.state(sentence), **changes}
        if before != after:
            self.done.append((sentence, before, after))
            self.undone.clear()
            self.all[sentence] = after
        return after

    def undo(self):
        return self._go(self.done, self.undone, 1)

    def redo(self):
        return self._go(self.undone, self.done, 2)

    def _go(self, stack, other, which):
        if not stack:
            return ""
        other.append(stack.pop())
        self.all[other[-1][0]] = other[-1][which]
        return other[-1][0]


CODES = st.lists(st.sampled_from(["voice", "rights", "form", "노조"]), max_size=3, unique=True)
CHANGES = st.one_of(
    st.fixed_dictionaries({"codes": CODES}),
    st.fixed_dictionaries({"memo": st.text(max_size=5)}),
    st.fixed_dictionaries({"star": st.booleans()}),
    st.fixed_dictionaries({"codes": CODES, "doer": st.sampled_from(["", "union"])}),
)
SETS = st.tuples(st.just("set"), st.sampled_from(IDS[:4]), CHANGES)
ACTS = st.lists(
    st.one_of(
        SETS, SETS, st.just(("undo",)), st.just(("undo",)), st.just(("redo",)), st.just(("open",))
    ),
    max_size=40,
)


@settings(max_examples=80)
@given(ACTS)
def test_any_work_equals_a_plain_model_and_every_opening_finds_it(acts):
    with folder() as path:
        marks, model = opened(path), Plain()
        for act, *what in acts:
            if act == "open":
                marks = opened(path)
            elif act == "set":
                assert marks.set(what[0], **what[1]) == model.set(what[0], **what[1])
            else:
                assert getattr(marks, act)() == getattr(model, act)()
            assert marks.states() == model.states() == opened(path).states()
            assert marks.state(IDS[0]) == model.state(IDS[0])
        for act in ("redo", "undo", "redo"):  # to both ends, over and over opened again
            while sentence := getattr(model, act)():
                marks = opened(path)
                assert getattr(marks, act)() == sentence
                assert marks.states() == model.states()
            assert getattr(opened(path), act)() == ""
        written = on_the_disk(marks)
        assert len({each["id"] for each in written}) == len(written)
        assert marks.strange == 0 and marks.moved() == []


def test_undo_and_redo_have_no_end(journal):
    marks = opened(journal)
    for number in range(300):
        marks.set(IDS[number % 17], memo=str(number))
    for half in (150, 150):
        marks = opened(journal)
        assert all(marks.undo() for _ in range(half))
    assert marks.undo() == "" and opened(journal).states() == {}
    marks = opened(journal)
    assert [marks.redo() for _ in range(301)] == [*(IDS[number % 17] for number in range(300)), ""]
    assert sorted(int(state["memo"]) for state in marks.states().values()) == [*range(283, 300)]


def test_a_record_says_all_that_is_needed(journal):
    marks = opened(journal, look="second", stamp={"version": "1.0"})
    first, second = marks.set(IDS[1], star=True), marks.set(IDS[1], codes=["voice"])
    assert (first, second) == (full(star=True), full(star=True, codes=["voice"]))
    one, two = on_the_disk(marks)
    row = KCTU.sentences.loc[IDS[1]]
    assert [one[name] for name in ("sentence", "text", "start", "end")] == [
        IDS[1],
        row["text"],
        row["start"],
        row["end"],
    ]
    assert (one["document"], one["look"], one["version"], one["was"], two["was"]) == (
        "kctu",
        "second",
        "1.0",
        full(),
        first,
    )
    assert len(one["hash"]) == 16 and one["session"] == two["session"] != opened(journal)._session
    assert {name: two[name] for name in BLANK} == second


def test_what_changes_nothing_is_not_written(journal):
    marks = opened(journal)
    assert marks.set(IDS[0], codes=[], memo="") == BLANK and marks.undo() == marks.redo() == ""
    assert not journal.path.exists()
    marks.set(IDS[0], codes=["voice"])
    marks.set(IDS[0], codes=["voice"])
    assert len(on_the_disk(marks)) == 1 and marks.refresh() == set()


def test_works_of_other_kinds_looks_and_documents_are_kept_apart(journal, corpus):
    first, second, other = (
        opened(journal, look="first"),
        opened(journal, look="second"),
        opened(journal, corpus["gftuk"], look="first"),
    )
    kind = Marks(KCTU, "reading", {"note": ""}, Journal(journal.folder), look="first")
    first.set(IDS[0], codes=["voice"])
    second.set(IDS[0], codes=["form"])
    other.set("gftuk-001", codes=["rights"])
    kind.set(IDS[0], note="so")
    for marks in (first, second, other, kind):
        marks.refresh()
        assert marks.strange == 0 and len(marks.states()) == 1
    assert first.undo() == IDS[0] and first.undo() == ""
    assert (
        opened(second, look="second").state(IDS[0])["codes"]
        == ["form"]
        == second.state(IDS[0])["codes"]
    )
    assert opened(journal, look="first").states() == {} and len(on_the_disk(first)) == 5


def test_a_state_that_is_changed_by_its_reader_changes_nothing_here(journal):
    marks = opened(journal)
    codes = marks.state(IDS[0])["codes"]
    codes.append("voice")
    assert marks.state(IDS[1]) == BLANK
    assert marks.set(IDS[0], codes=codes) == full(codes=["voice"]) == opened(journal).state(IDS[0])


# --- two kernels ----------------------------------------------------------------------------------------------------

BUSY = st.lists(
    st.tuples(
        st.booleans(),
        st.booleans(),
        st.sampled_from(["set"] * 4 + ["undo", "undo", "redo"]),
        st.sampled_from(IDS[:3]),
    ),
    max_size=40,
)


def alike(*all_marks: Marks) -> dict:
    """What every kernel shows now, and one that is opened now too."""
    for marks in all_marks:
        marks.refresh()
    states = opened(all_marks[0]).states()
    assert all(marks.states() == states for marks in all_marks)
    return states


@settings(max_examples=100)
@given(BUSY)
@example([(False, False, "set", IDS[0]), (True, False, "set", IDS[0]), (False, False, "undo", "")])
def test_two_kernels_at_once_come_to_the_union_and_undo_only_their_own(acts):
    with folder() as path:
        kernels, models = (opened(path), opened(path)), (Plain(), Plain())
        for number, (which, looks, act, sentence) in enumerate(acts):
            marks, model, code = kernels[which], models[which], f"{which:d}-{number}"
            if looks:
                marks.refresh()
            if act == "set":
                marks.set(sentence, codes=[*marks.state(sentence)["codes"], code])
                model.set(sentence, codes=[code])
            else:
                assert getattr(marks, act)() == getattr(model, act)()
        expected = {
            id: {each[2]["codes"][0] for model in models for each in model.done if each[0] == id}
            for id in IDS[:3]
        }
        states = alike(*kernels)
        assert {id: {*state["codes"]} for id, state in states.items()} == {
            id: codes for id, codes in expected.items() if codes
        }
        assert all(len({*state["codes"]}) == len(state["codes"]) for state in states.values())
        written = on_the_disk(kernels[0])
        assert len({each["id"] for each in written}) == len(written)


ANY_ACTS = st.lists(
    st.tuples(
        st.booleans(),
        st.booleans(),
        st.sampled_from(["add", "add", "take", "undo", "redo", "memo"]),
        st.sampled_from(IDS[:2]),
        st.sampled_from("abcd"),
    ),
    max_size=40,
)


@settings(max_examples=100)
@given(ANY_ACTS)
def test_what_either_added_and_nobody_took_away_is_there(acts):
    with folder() as path:
        kernels = (opened(path), opened(path))
        added, taken, memos = set(), set(), {""}
        for number, (which, looks, act, sentence, code) in enumerate(acts):
            marks = kernels[which]
            if looks or act in ("undo", "redo"):  # these look by themselves
                marks.refresh()
            had = {id: {*marks.state(id)["codes"]} for id in IDS[:2]}
            if act == "memo":
                marks.set(sentence, memo=f"{which}-{number}")
                memos.add(f"{which}-{number}")
                continue
            if act in ("undo", "redo"):
                getattr(marks, act)()
                has = {id: {*marks.state(id)["codes"]} for id in IDS[:2]}
            else:  # what the learner meant, whatever else comes in with it
                codes = [each for each in marks.state(sentence)["codes"] if each != code] + [
                    code
                ] * (act == "add")
                marks.set(sentence, codes=codes)
                has = had | {sentence: {*codes}}
            added |= {(id, each) for id in had for each in has[id] - had[id]}
            taken |= {(id, each) for id in had for each in had[id] - has[id]}
        states = alike(*kernels)
        there = {(id, code) for id, state in states.items() for code in state["codes"]}
        assert added - taken <= there <= added
        assert {state["memo"] for state in states.values()} <= memos


def test_a_code_that_one_takes_away_stays_away_and_what_the_other_added_stays(journal):
    one, two = opened(journal), opened(journal)
    one.set(IDS[0], codes=["voice", "form"], doer="union")
    two.refresh()
    one.set(IDS[0], codes=["form"])
    two.set(IDS[0], codes=["voice", "form", "rights"], star=True)
    assert alike(one, two) == {IDS[0]: full(codes=["form", "rights"], doer="union", star=True)}


def test_an_undo_takes_back_what_was_done_here_and_not_in_the_other_kernel(journal):
    opened(journal).set(IDS[0], codes=["before"])
    one, two = opened(journal), opened(journal)
    one.set(IDS[0], codes=["before", "one"])
    two.set(IDS[0], codes=["before", "two"])
    two.set(IDS[1], memo="two")
    assert (one.undo(), one.state(IDS[0])["codes"]) == (IDS[0], ["before", "two"])
    assert (one.undo(), one.state(IDS[0])["codes"]) == (
        IDS[0],
        ["two"],
    )  # from before this was opened
    assert one.undo() == "" and alike(one, two) == {
        IDS[0]: full(codes=["two"]),
        IDS[1]: full(memo="two"),
    }
    assert (one.redo(), one.redo(), one.redo()) == (IDS[0], IDS[0], "")
    assert {*alike(one, two)[IDS[0]]["codes"]} == {"before", "one", "two"}
    assert (two.undo(), two.undo(), {*alike(one, two)[IDS[0]]["codes"]}) == (
        IDS[1],
        IDS[0],
        {"before", "one"},
    )
    later, codes = opened(journal), []  # all of it is history to a kernel that comes later
    while later.undo():
        codes.append(later.states())
    assert codes[-1] == {} == alike(one, two, later)


def test_an_undo_in_both_of_what_was_there_before_harms_nothing(journal):
    opened(journal).set(IDS[0], codes=["before"])
    one, two = opened(journal), opened(journal)
    two.set(IDS[0], codes=["before", "two"])
    assert one.undo() == IDS[0] and two.undo() == two.undo() == IDS[0]
    assert alike(one, two) == {}
    assert one.redo() == IDS[0] and alike(one, two) == {IDS[0]: full(codes=["before"])}


def test_refresh_tells_which_sentences_changed(journal):
    one, two = opened(journal), opened(journal)
    one.set(IDS[0], star=True)
    one.set(IDS[2], star=True)
    assert two.refresh() == {IDS[0], IDS[2]} and two.refresh() == set()
    one.undo()
    assert two.refresh() == {IDS[2]}


# --- what is newer, and another machine -----------------------------------------------------------------------------


def test_of_two_memos_the_newer_counts_and_both_are_kept(journal):
    one, two = opened(journal), opened(journal)
    one.set(IDS[0], memo="one", star=True)
    two.set(IDS[0], memo="two", codes=["voice"])
    assert alike(one, two) == {IDS[0]: full(memo="two", star=True, codes=["voice"])}
    assert [each["memo"] for each in on_the_disk(one)] == ["one", "two"]


@pytest.fixture
def at(monkeypatch):
    """Set the clock to so many seconds past noon."""
    clock = {"second": 0}
    now = {"now": lambda zone: datetime(2026, 1, 1, 12, 0, clock["second"], tzinfo=zone)}
    monkeypatch.setattr("helpers.coding.journal.datetime", SimpleNamespace(**now))
    return lambda second: clock.update(second=second)


@pytest.mark.parametrize(
    "order", [(1, 2, 3), (2, 1, 3), (3, 2, 1), (3, 1, 2), (2, 3, 1), (1, 3, 2)]
)
def test_of_concurrent_memos_the_newest_by_time_counts_wherever_it_stands(
    journal, tmp_path, at, order
):
    marks = opened(journal)
    for second in order:
        at(second)
        machine = opened(tmp_path / str(second))
        machine.set(IDS[0], memo=f"memo {second}", codes=[f"code {second}"])
        journal.write(machine.journal.records())
    assert marks.refresh() == {IDS[0]}
    assert marks.state(IDS[0])["memo"] == "memo 3" and {*marks.state(IDS[0])["codes"]} == {
        "code 1",
        "code 2",
        "code 3",
    }
    assert alike(marks) and len(on_the_disk(marks)) == 3


def test_an_older_record_from_another_machine_does_not_take_the_place_of_a_newer(journal):
    marks = opened(journal)
    marks.set(IDS[0], memo="here", codes=["voice"])
    journal.write([record("elsewhere", 1, memo="elsewhere", codes=["form"], doer="union")])
    assert alike(marks) == {IDS[0]: full(memo="here", codes=["voice", "form"], doer="union")}
    assert {each["memo"] for each in on_the_disk(marks)} == {"here", "elsewhere"}


def test_work_that_is_brought_from_another_machine_comes_beside_what_is_here(tmp_path):
    here, there = opened(tmp_path / "here"), opened(tmp_path / "there")
    there.set(IDS[0], codes=["there"])
    there.set(IDS[1], memo="there")
    here.set(IDS[0], codes=["here"])
    file = save_work(there.journal).path
    resume_work(file, Journal(here.journal.folder))
    resume_work(file, Journal(here.journal.folder))  # twice is once
    assert alike(here) == {IDS[0]: full(codes=["here", "there"]), IDS[1]: full(memo="there")}
    assert here.strange == 0 and len(on_the_disk(here)) == 3
    assert here.undo() == IDS[0] and here.undo() == ""  # what came in was not done here
    assert opened(here).undo() == IDS[1]


def test_two_actions_from_another_machine_do_not_take_away_what_is_here(tmp_path):
    here, there = opened(tmp_path / "here"), opened(tmp_path / "there")
    there.set(IDS[0], codes=["there"])
    there.set(IDS[0], codes=["there", "too"])
    here.set(IDS[0], codes=["here"])
    here.journal.write(there.journal.records())
    assert {*alike(here)[IDS[0]]["codes"]} == {"here", "there", "too"}


def test_two_older_memos_from_another_machine_do_not_take_the_place_of_a_newer(tmp_path, at):
    here, there = opened(tmp_path / "here"), opened(tmp_path / "there")
    for second, marks, memo in ((1, there, "older"), (2, there, "old"), (3, here, "new")):
        at(second)
        marks.set(IDS[0], memo=memo)
    here.journal.write(there.journal.records())
    assert alike(here) == {IDS[0]: full(memo="new")}


def test_a_newer_memo_from_another_machine_counts_though_something_else_was_done_here_later(
    tmp_path, at
):
    here, there = opened(tmp_path / "here"), opened(tmp_path / "there")
    for second, marks, changes in (
        (1, here, {"memo": "older"}),
        (2, there, {"memo": "newer"}),
        (3, here, {"codes": ["voice"]}),
    ):
        at(second)
        marks.set(IDS[0], **changes)
    here.journal.write(there.journal.records())
    assert alike(here) == {IDS[0]: full(memo="newer", codes=["voice"])}


@settings(max_examples=50)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(IDS[:2])), max_size=12))
@example([(False, IDS[0]), (True, IDS[0]), (True, IDS[0])])
def test_two_machines_come_to_the_same_codes_whichever_brings_its_work_first(acts):
    with folder() as path:
        machines = (opened(path / "a"), opened(path / "b"))
        for number, (which, sentence) in enumerate(acts):
            machines[which].set(
                sentence, codes=[*machines[which].state(sentence)["codes"], str(number)]
            )
        expected = {
            id: {str(number) for number, act in enumerate(acts) if act[1] == id} for id in IDS[:2]
        }
        own = [marks.journal.records() for marks in machines]
        for marks, brought in zip(machines, reversed(own), strict=True):
            marks.journal.write(brought)
            assert {id: {*state["codes"]} for id, state in alike(marks).items()} == {
                id: each for id, each in expected.items() if each
            }


# --- another text ---------------------------------------------------------------------------------------------------


def mark_all(marks: Marks) -> dict:
    """Every sentence gets a mark that says where and on what it was made."""
    for id, text in marks.document.sentences["text"].items():
        marks.set(id, memo=f"{id}: {text}")
    return marks.states()


def check_anchors(before: dict, marks: Marks) -> dict[str, list[str]]:
    """Each mark is on its own words, or is told of; gives how it went with them, by the ids they had."""
    rows, states, went = (
        marks.document.sentences["text"].to_dict(),
        marks.states(),
        {"same": [], "id": [], "wording": [], "gone": []},
    )
    told = {(each["was"], each["quote"]): each for each in marks.moved()}
    assert len(told) == len(marks.moved())
    for was, state in before.items():
        quote = state["memo"].removeprefix(f"{was}: ")
        move = told.pop((was, quote), {"now": was, "wording": False})
        now = move["now"]
        if not now:
            assert not any(state["memo"] == each["memo"] for each in states.values())
            assert quote not in rows.values()
            went["gone"].append(was)
            continue
        assert states[now] == state, f"{was} is at {now} without being told of"
        assert move["wording"] == (rows[now] != quote)
        went["wording" if move["wording"] else "same" if now == was else "id"].append(was)
    assert told == {}
    return went


def test_the_same_text_moves_nothing(journal):
    before = mark_all(opened(journal))
    again = opened(journal, KCTU.cleaned_without())
    assert again.states() == before and again.moved() == []


def test_wording_that_a_correction_changed(journal):
    marks = opened(journal)
    before, kept = mark_all(marks), journal.path.read_bytes()
    other = opened(journal, KCTU.cleaned_without("corrections"))
    went = check_anchors(before, other)
    assert went["wording"] == ["kctu-006", "kctu-010"] and len(went["same"]) == 15
    assert [each["now"] for each in other.moved()] == went["wording"] and other.states() == before
    assert other.moved()[0]["quote"] == KCTU.sentences.loc["kctu-006", "text"]
    assert (
        opened(journal).states() == before
        and opened(journal).moved() == []
        and journal.path.read_bytes() == kept
    )


def test_sentences_that_all_have_other_ids(journal):
    marks = opened(journal)
    before, kept = mark_all(marks), journal.path.read_bytes()
    other = opened(journal, KCTU.cleaned_without("title-page"))
    assert check_anchors(before, other)["id"] == IDS
    assert [(each["was"], each["now"]) for each in other.moved()] == [
        (id, f"kctu-{number:03d}") for number, id in enumerate(IDS, 2)
    ]
    assert "kctu-001" not in other.states() and other.state("kctu-001") == BLANK
    assert opened(journal).states() == before and journal.path.read_bytes() == kept


@pytest.mark.parametrize("id", ["kctu", "gftuk"])
@pytest.mark.parametrize("step", [step.name for step in STEPS])
def test_no_step_of_the_cleaning_loses_a_mark_or_moves_one_in_silence(tmp_path, corpus, id, step):
    document = corpus[id]
    every = document.sentences if id == "kctu" else document.sentences.iloc[::3]
    marks, kept = opened(tmp_path, document), Journal(tmp_path)
    kept.write(
        record(each, 1, each, document, memo=f"{each}: {text}")
        for each, text in every["text"].items()
    )
    marks.refresh()
    before = marks.states()
    assert len(before) == len(every)
    other = opened(marks, document.cleaned_without(step))
    check_anchors(before, other)
    assert len(on_the_disk(other)) == len(every) and other.strange == 0
    back = opened(marks, document)
    assert back.states() == before and back.moved() == []


WORDS = st.lists(
    st.sampled_from([DUES, SAFE, ONE, HALL, "Yes.", "노동자는 단결한다."]), max_size=6, unique=True
)


@settings(max_examples=100)
@given(WORDS, WORDS, st.booleans())
def test_any_two_texts(first, second, worded_otherwise):
    old, new = (
        made(*first),
        made(*(text.replace("The ", "the ") if worded_otherwise else text for text in second)),
    )
    with folder() as path:
        before = mark_all(opened(path, old))
        went = check_anchors(before, opened(path, new))
        there = {text for text in first if text in second}
        assert len(went["gone"]) == len(first) - len(there)
        assert opened(path, old).states() == before and opened(path, old).moved() == []


def test_words_that_are_gone_are_told_of_and_kept(journal):
    old, new = made(DUES, SAFE, ONE), made(DUES, ONE)
    marks = opened(journal, old)
    marks.set("doc-002", codes=["voice"])
    other = opened(journal, new)
    assert other.moved() == [{"was": "doc-002", "quote": SAFE, "now": "", "wording": False}]
    assert (
        other.states() == {}
        and other.state("doc-002") == BLANK
        and on_the_disk(other)[0]["text"] == SAFE
    )
    other.set("doc-002", codes=["form"])  # of the sentence that has this id now
    assert [each["now"] for each in other.moved()] == [""]
    back = opened(journal, old)
    assert back.states() == {"doc-002": full(codes=["voice"]), "doc-003": full(codes=["form"])}
    assert [(each["was"], each["now"]) for each in back.moved()] == [("doc-002", "doc-003")]


def test_undo_passes_over_what_is_not_in_this_text_and_does_not_forget_it(journal):
    old, new = made(DUES, SAFE), made(DUES)
    marks = opened(journal, old)
    marks.set("doc-001", star=True)
    marks.set("doc-002", star=True)
    other = opened(journal, new)
    assert (other.undo(), other.undo(), other.states()) == ("doc-001", "", {})
    assert (other.redo(), other.redo()) == ("doc-001", "")
    back = opened(journal, old)
    assert (
        len(back.states()) == 2
        and {back.undo(), back.undo()} == {"doc-001", "doc-002"}
        and back.states() == {}
    )


def test_the_same_words_elsewhere_come_before_nearly_the_same_words_here(journal):
    opened(journal, made(DUES, SAFE)).set("doc-001", star=True)
    other = opened(journal, made(DUES.replace("their", "the"), SAFE, DUES))
    assert [*other.states()] == ["doc-003"] and other.moved() == [
        {"was": "doc-001", "quote": DUES, "now": "doc-003", "wording": False}
    ]


@pytest.mark.parametrize(
    ("now", "alike"),
    [
        (DUES.replace("workers", "wrokers"), True),
        (DUES.upper(), False),
        (DUES[:-1] + "!", True),
        (DUES[:14], False),
        (DUES * 2, False),
        ("The workers pay no dues.", True),
        ("The bosses pay their fines.", False),
        ("", False),
        (".", False),
        (HALL, False),
    ],
)
def test_how_much_of_the_wording_may_change(journal, now, alike):
    opened(journal, made(DUES, SAFE)).set("doc-001", star=True)
    other = opened(journal, made(now, SAFE))
    assert other.moved() == [
        {"was": "doc-001", "quote": DUES, "now": "doc-001" if alike else "", "wording": alike}
    ]
    assert other.states() == ({"doc-001": full(star=True)} if alike else {})


def test_words_too_many_to_be_compared_are_found_where_they_are_the_same(journal):
    endless = "and so on, " * 2_500
    opened(journal, made(endless, SAFE)).set("doc-001", star=True)
    assert [*opened(journal, made(SAFE, endless)).states()] == ["doc-002"]
    assert opened(journal, made(SAFE, endless + "!")).moved()[0]["now"] == ""


def test_a_long_sentence_with_a_letter_changed_is_found(journal):
    long = (
        "The union shall act for its members, "
        + "and for each of them in turn, as it has always done, " * 5
        + "and so on."
    )
    opened(journal, made(long, SAFE)).set("doc-001", star=True)
    assert [*opened(journal, made(SAFE, long.replace("always", "alwais"))).states()] == ["doc-002"]


def test_real_sentences_with_some_letters_changed_are_found(journal, corpus):
    texts = [text for text in corpus["gftuk"].sentences["text"] if len(text) > 100]
    old, new = made(*texts), made(*(re.sub(r"(.{45}).(.{10})", r"\1q\2", text) for text in texts))
    journal.write(record(id, 1, id, old, star=True) for id in old.sentences.index)
    assert {each["was"]: each["now"] for each in opened(journal, new).moved()} == {
        id: id for id in old.sentences.index
    }


def test_of_two_sentences_with_the_same_words_the_nearest(journal):
    old = made(DUES, SAFE, ONE, HALL, DUES)
    marks = opened(journal, old)
    marks.set("doc-001", codes=["first"])
    marks.set("doc-005", codes=["second"])
    assert opened(journal, old).moved() == []
    other = opened(journal, made("Our Aims", DUES, SAFE, ONE, HALL, DUES))
    assert other.states() == {"doc-002": full(codes=["first"]), "doc-006": full(codes=["second"])}
    assert [(each["was"], each["now"]) for each in other.moved()] == [
        ("doc-001", "doc-002"),
        ("doc-005", "doc-006"),
    ]


def test_two_sentences_with_the_same_words_next_to_each_other_stay_two(journal):
    old, new = made(DUES, DUES, SAFE), made("Our Aims", DUES, DUES, SAFE)
    opened(journal, old).set("doc-001", codes=["first"])
    opened(journal, old).set("doc-002", codes=["second"])
    assert opened(journal, new).states() == {
        "doc-002": full(codes=["first"]),
        "doc-003": full(codes=["second"]),
    }


def test_a_mark_that_comes_to_a_sentence_with_other_words_and_marks_is_told_of(journal):
    near = DUES.replace("their", "the")
    marks = opened(journal, made(DUES, SAFE, near))
    marks.set("doc-001", codes=["one"])
    marks.set("doc-003", codes=["two"])
    other = opened(
        journal, made(SAFE, near)
    )  # the words of doc-001 are gone, and nearly those of doc-003
    assert {each["was"]: each["now"] for each in other.moved()}["doc-001"] in ("", "doc-002")


def test_a_new_mark_on_a_sentence_that_was_found_again_settles_it(journal):
    marks = opened(journal)
    mark_all(marks)
    other = opened(journal, KCTU.cleaned_without("corrections"))
    other.set("kctu-006", star=True)
    assert (
        [each["was"] for each in other.moved()]
        == ["kctu-010"]
        == [each["was"] for each in opened(other, other.document).moved()]
    )
    assert other.state("kctu-006")["star"] and other.state("kctu-006")["memo"].startswith(
        "kctu-006"
    )
    back = opened(journal)
    assert back.state("kctu-006") == other.state("kctu-006") and [
        each["was"] for each in back.moved()
    ] == ["kctu-006"]


def test_a_mark_that_was_taken_away_is_not_called_moved(journal):
    marks = opened(journal)
    marks.set("kctu-006", star=True)
    marks.set("kctu-006", star=False)
    assert opened(journal, KCTU.cleaned_without("title-page")).moved() == []


def test_an_undo_on_another_text_goes_to_the_right_sentence(journal):
    marks = opened(journal)
    marks.set("kctu-006", codes=["voice"])
    marks.set("kctu-006", codes=["voice", "form"])
    other = opened(journal, KCTU.cleaned_without("title-page"))
    assert (other.undo(), other.states()) == ("kctu-007", {"kctu-007": full(codes=["voice"])})
    assert alike(marks) == {"kctu-006": full(codes=["voice"])}
    assert (marks.undo(), alike(marks)) == (
        "kctu-006",
        {"kctu-006": full(codes=["voice"])},
    )  # undone there already
    assert (marks.undo(), other.refresh(), other.states(), marks.states()) == (
        "kctu-006",
        {"kctu-007"},
        {},
        {},
    )


def test_an_empty_text_and_one_from_the_real_chain(journal):
    marks = opened(journal)
    before = mark_all(marks)
    document = Document("kctu", dict.fromkeys(FIELDS, "?"), clean("- 8 -\n"))
    assert len(document.sentences) <= 1
    other = opened(journal, document)
    assert (
        other.states() == {}
        and len(other.moved()) == 17
        and {each["now"] for each in other.moved()} == {""}
    )
    assert other.undo() == "" and opened(journal).states() == before


# --- records that cannot be believed --------------------------------------------------------------------------------

GOOD = {
    "sentence": IDS[0],
    "text": KCTU.sentences.loc[IDS[0], "text"],
    "codes": ["form"],
    "memo": "m",
}
UNBELIEVABLE = [
    {"codes": "form"},
    {"codes": None},
    {"codes": {"form": 1}},
    {"codes": 5},
    {"doer": None},
    {"doer": ["union"]},
    {"memo": 5},
    {"memo": {"x": 1}},
    {"star": 1},
    {"star": "yes"},
    {"star": None},
    {"sentence": None},
    {"sentence": 5},
    {"sentence": [IDS[0]]},
    {"text": None},
    {"text": {}},
    {"codes": ["unheard"]},
    {"codes": [[]]},
    {"codes": [None]},
    {"codes": [{"form": 1}]},
]


def known(state: dict) -> bool:
    return all(code in ("voice", "form") for code in state["codes"])


@pytest.mark.parametrize("strange", UNBELIEVABLE, ids=range(len(UNBELIEVABLE)))
def test_a_record_that_cannot_be_believed_is_passed_over_and_kept(journal, strange):
    marks = opened(journal, fits=known)
    marks.set(IDS[0], codes=["voice"])
    Journal(journal.folder).append("test", **{**GOOD, "document": "kctu", **strange})
    assert (marks.refresh(), marks.strange) == (set(), 1)
    marks.set(IDS[0], star=True)
    again = opened(journal, fits=known)
    assert (
        again.states() == {IDS[0]: full(codes=["voice"], star=True)} == marks.states()
        and again.strange == 1
    )
    assert again.undo() == again.undo() == IDS[0] and again.undo() == ""
    assert all(on_the_disk(again)[1][name] == value for name, value in strange.items())


@pytest.mark.parametrize("name", ["sentence", "text"])
def test_a_record_without_an_anchor(journal, name):
    journal.append(
        "test", document="kctu", **{key: value for key, value in GOOD.items() if key != name}
    )
    marks = opened(journal)
    assert (
        marks.strange == 1
        and marks.states() == {}
        and marks.undo() == ""
        and len(on_the_disk(marks)) == 1
    )


def test_a_record_from_before_there_was_a_memo(journal):
    journal.append(
        "test", document="kctu", sentence=GOOD["sentence"], text=GOOD["text"], codes=["form"]
    )
    assert (
        opened(journal).states() == {IDS[0]: full(codes=["form"])} and opened(journal).strange == 0
    )


def test_a_record_that_is_there_twice_counts_once(journal):
    marks = opened(journal)
    marks.set(IDS[0], codes=["voice"])
    marks.set(IDS[0], codes=["voice", "form"])
    journal.write(on_the_disk(marks))
    assert (
        alike(marks) == {IDS[0]: full(codes=["voice", "form"])}
        and marks.strange == 2 == opened(journal).strange
    )
    again = opened(journal)
    assert (again.undo(), again.undo(), again.undo()) == (IDS[0], IDS[0], "") and len(
        on_the_disk(again)
    ) == 6


def test_true_is_no_number(journal):
    journal.append("count", **{**GOOD, "document": "kctu", "many": True})
    assert Marks(KCTU, "count", {"many": 0}, journal).strange == 1


def test_records_of_other_work_are_not_strange(journal):
    marks = opened(journal, look="first")
    for more in (
        {"document": "gftuk"},
        {"document": "kctu", "look": "second"},
        {"document": "kctu"},
        {"document": None},
        {},
    ):
        journal.append("test", **{**GOOD, "codes": 5, **more})
    journal.append("other", **GOOD, document="kctu", look="first")
    assert marks.refresh() == set() and marks.strange == 0 and marks.states() == {}


ODD = [None, 5, [], {}, [1], "no such record", "\ud800", "self"]


@pytest.mark.parametrize("name", ["nth", "session", "undoes", "redoes", "start", "hash"])
def test_what_a_record_says_of_others_need_not_be_true(journal, name):
    for number, odd in enumerate(ODD):
        each = record(f"r{number}", number, memo=f"memo {number}", codes=[f"code {number}"])
        journal.write([{**each, name: each["id"] if odd == "self" else odd}])
    marks = opened(journal)
    assert marks.state(IDS[0])["memo"] == f"memo {len(ODD) - 1}" and len(
        marks.state(IDS[0])["codes"]
    ) == len(ODD)
    assert (
        [marks.undo() for _ in ODD] == [IDS[0]] * len(ODD)
        and marks.undo() == ""
        and marks.states() == {}
    )


def test_a_sentence_with_an_endless_number(journal):
    journal.append("test", **{**GOOD, "document": "kctu", "sentence": "kctu-" + "9" * 5_000})
    assert [*opened(journal).states()] == [IDS[0]]


@pytest.mark.parametrize(
    "id", ["kctu--1", "kctu-", "-", "", "kctu-٣", "kctu-²", "<script>", "gftuk-001", "kctu-0001"]
)
def test_a_sentence_with_a_strange_id_is_found_by_its_words(journal, id):
    journal.append("test", **{**GOOD, "document": "kctu", "sentence": id})
    marks = opened(journal)
    assert [*marks.states()] == [IDS[0]] and marks.moved()[0]["was"] == id


# --- hostile text ---------------------------------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><!--",
    "\u202eabc\u202c\u200f",
    "👩‍🏭🇰🇷",
    "a\u0301\u0323",
    "노조 ‘yes’",
    "\x00\x1c\x85\u2028\u2029",
    "line\r\nline\rline\n",
    '"}\n{"id": "x"',
    "\\ud800 \\n",
    "=1+1",
    "x" * 10_000,
    "\ufeff",
    " ",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_comes_back_as_it_was(journal, text):
    document = made(SAFE, text, DUES)
    marks = opened(journal, document)
    state = full(memo=text, codes=[text, "voice"], doer=text)
    assert marks.set("doc-002", memo=text, codes=[text, "voice"], doer=text) == state
    assert (
        opened(journal, document).states() == {"doc-002": state}
        and opened(journal, document).moved() == []
    )
    assert [*opened(journal, made(text)).states()] == ["doc-001"]
    assert opened(journal, made(SAFE)).moved()[0]["quote"] == text
    assert marks.undo() == "doc-002" and opened(journal, document).states() == {}
    assert len(journal.path.read_bytes().splitlines()) == 2 and not Journal(journal.folder).problems


@settings(max_examples=100)
@given(st.text(st.characters(exclude_categories=()), max_size=60))
@example("\ud83d\ude00")
def test_any_memo_comes_back(text):
    with folder() as path:
        marks = opened(path)
        marks.set(IDS[0], memo=f"memo {text}")
        whole = (
            text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
            if "\ud83d\ude00" in text
            else text
        )
        assert opened(path).state(IDS[0])["memo"] in (
            f"memo {text}",
            f"memo {whole}",
        )  # two halves of an emoji may be made one
        assert marks.undo() == IDS[0] and alike(marks) == {}


# --- trouble --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "id",
    ["kctu-018", "kctu-7", "", "<script>", "x" * 10_000, "\u202e", "\ud800", "kctu-001 is gone: x"],
)
def test_a_sentence_that_is_not_there(journal, id):
    marks = opened(journal)
    with trouble("kctu") as said:
        marks.set(id, star=True)
    assert (
        len(said()) < 300
        and not journal.path.exists()
        and marks.states() == {}
        and marks.undo() == ""
    )


def test_a_full_disk_changes_nothing(journal, monkeypatch):
    marks = opened(journal)
    marks.set(IDS[0], codes=["voice"])
    marks.set(IDS[1], codes=["form"])
    marks.undo()
    before, kept = marks.states(), journal.path.read_bytes()

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("helpers.coding.journal.os.write", refuse)
    for act in (
        lambda: marks.set(IDS[0], memo="x"),
        lambda: marks.set(IDS[2], star=True),
        marks.undo,
        marks.redo,
    ):
        with trouble("disk is full", "not saved"):
            act()
        assert marks.states() == before and marks.state(IDS[2]) == BLANK
    monkeypatch.undo()
    assert journal.path.read_bytes() == kept and opened(journal).states() == before
    assert (marks.redo(), marks.undo(), marks.undo(), marks.undo()) == (IDS[1], IDS[1], IDS[0], "")


def test_a_disk_that_fills_up_in_the_middle_of_a_record(journal, monkeypatch):
    marks, write = opened(journal), os.write
    marks.set(IDS[0], codes=["voice"])

    def fills(handle, content):
        if len(content) < 300:
            raise OSError(28, "No space left on device")
        return write(handle, content[:200])

    monkeypatch.setattr(os, "write", fills)
    with trouble("disk is full"):
        marks.set(IDS[0], memo="x" * 500)
    monkeypatch.undo()
    assert marks.states() == {IDS[0]: full(codes=["voice"])} == opened(journal).states()
    marks.set(IDS[0], memo="y")
    assert alike(marks) == {IDS[0]: full(codes=["voice"], memo="y")} and marks.undo() == IDS[0]


def test_a_last_line_that_only_lacks_its_end(journal):
    first = opened(journal)
    first.set(IDS[0], codes=["voice"])
    first.set(IDS[0], codes=["voice", "form"])
    journal.path.write_bytes(
        journal.path.read_bytes()[:-1]
    )  # a kernel killed at the last byte: never confirmed
    marks = opened(journal)
    assert marks.states() == {IDS[0]: full(codes=["voice"])}
    marks.set(IDS[0], codes=["voice", "rights"])
    assert (
        alike(marks) == {IDS[0]: full(codes=["voice", "form", "rights"])}
        and len(on_the_disk(marks)) == 3
    )


def test_work_that_was_put_away_while_it_was_open(journal):
    marks = opened(journal)
    mark_all(marks)
    idle = opened(journal)
    put_away(Journal(journal.folder))
    assert marks.refresh() >= {*IDS} and marks.states() == {} and marks.undo() == marks.redo() == ""
    assert marks.strange == 0 and marks.moved() == []
    assert marks.set(IDS[1], codes=["new"]) == full(codes=["new"])
    assert (
        alike(marks, idle) == {IDS[1]: full(codes=["new"])} and idle.undo() == ""
    )  # not done there
    assert (marks.undo(), alike(marks, idle)) == (IDS[1], {})


def test_a_deleted_folder(journal):
    marks = opened(journal)
    marks.set(IDS[0], star=True)
    shutil.rmtree(journal.folder)
    assert (marks.undo(), marks.states()) == ("", {})
    assert marks.set(IDS[0], memo="new") == full(memo="new") and alike(marks) == {
        IDS[0]: full(memo="new")
    }


def test_refresh_gives_only_sentences_of_this_text(journal):
    mark_all(opened(journal))
    other = opened(journal, made(HALL, id="kctu"))
    put_away(Journal(journal.folder))
    assert other.refresh() <= {"kctu-001"}


def test_work_that_was_put_away_and_begun_anew_with_more_in_another_kernel(journal):
    marks = opened(journal)
    marks.set(IDS[0], memo="of the learner before")
    put_away(Journal(journal.folder))
    mark_all(opened(journal))
    assert alike(marks)[IDS[0]]["memo"].startswith(IDS[0])


# --- what it costs --------------------------------------------------------------------------------------------------


@pytest.fixture
def counted(monkeypatch):
    """How often records are folded, lines read and words looked for."""
    calls = {"fold": 0, "line": 0, "words": 0}

    def counting(name, original):
        def call(*given):
            calls[name] += 1
            return original(*given)

        return call

    for name, owner, method in (
        ("fold", Marks, "_take"),
        ("line", Journal, "_take"),
        ("words", Marks, "_found"),
    ):
        monkeypatch.setattr(owner, method, counting(name, vars(owner)[method]))

    def since() -> tuple[int, int, int]:
        now = tuple(calls.values())
        calls.update(dict.fromkeys(calls, 0))
        return now

    return since


def test_one_more_action_reads_only_what_is_new(journal, counted):
    document = made(
        *(
            f"Sentence {number} says what the union did in year {number * 7}."
            for number in range(5_000)
        )
    )
    ids = [*document.sentences.index]
    journal.write(
        record(f"r{number}", number % 60, ids[number], document, memo=str(number))
        for number in range(3_000)
    )
    marks = opened(journal, document)
    assert counted() == (3_000, 3_000, 0) and len(marks.states()) == 3_000
    for act, new in (
        (lambda: marks.set(ids[4_000], star=True), 1),
        (marks.undo, 1),
        (marks.redo, 1),
        (marks.refresh, 0),
        (marks.states, 0),
    ):
        act()
        assert counted() == (new, new, 0)
    opened(journal, document).set(ids[0], star=True)
    assert counted() == (3_004, 3_004, 0)
    assert marks.refresh() == {ids[0]} and counted() == (1, 1, 0)


def test_words_are_looked_for_once_however_often_they_were_marked(journal, counted):
    marks = opened(journal, made(DUES, SAFE))
    for number in range(50):
        marks.set("doc-001", memo=str(number))
        marks.set("doc-002", memo=str(number))
    counted()
    other = opened(journal, made(HALL, DUES, SAFE.replace("all", "each")))
    folded, read, looked_for = counted()
    assert (folded, read) == (100, 100) and looked_for <= 2 and len(other.states()) == 2
    other.set("doc-003", star=True)
    assert counted()[2] == 0
