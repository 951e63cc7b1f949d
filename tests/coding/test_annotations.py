"""Annotations of sentences: what was confirmed stays, wherever the text or another kernel goes."""

import copy
import json
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence import trouble

from helpers.classroom.work import resume_work, save_work
from helpers.coding.annotations import Annotations
from helpers.coding.journal import Journal
from helpers.corpus.cleaning import STEPS
from helpers.corpus.documents import load_corpus

BLANK = {"codes": [], "doer": "", "memo": "", "star": False}
DUES, SAFE, HALL = (
    "The workers pay their dues.",
    "The union keeps all of them safe.",
    "Doors open at noon.",
)
KCTU = load_corpus()["kctu"]
IDS = [*KCTU.sentences.index]


def opened(where, document=KCTU, **more) -> Annotations:
    """Annotations as a kernel that starts now has them: its own journal object on a folder."""
    journal = where.journal if isinstance(where, Annotations) else where
    own = Journal(getattr(journal, "folder", journal))
    return Annotations(document, "test", copy.deepcopy(BLANK), own, **more)


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


def record(id: str, **more) -> dict:
    """A record as an earlier version or another machine may have written it."""
    anchor = {"sentence": IDS[0], "text": KCTU.sentences.loc[IDS[0], "text"]}
    about = {"id": id, "time": "2026-01-01T12:00:00.000+00:00", "kind": "test", "format": 1}
    return {**about, "document": "kctu", **anchor, "session": "elsewhere", **full(**more)}


def on_the_disk(marks: Annotations) -> list[dict]:
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


# --- one kernel: a plain model --------------------------------------------------------------------


class Plain:
    """What annotations should be: a dictionary and two stacks."""

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


@settings(max_examples=40)
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
    annotations = opened(journal)
    for number in range(300):
        annotations.set(IDS[number % 17], memo=str(number))
    for half in (150, 150):
        annotations = opened(journal)
        assert all(annotations.undo() for _ in range(half))
    assert annotations.undo() == "" and opened(journal).states() == {}
    annotations = opened(journal)
    done = [annotations.redo() for _ in range(301)]
    assert done == [*(IDS[number % 17] for number in range(300)), ""]
    memos = sorted(int(state["memo"]) for state in annotations.states().values())
    assert memos == [*range(283, 300)]


def test_undo_among_some_sentences_passes_over_the_others(journal):
    annotations = opened(journal)
    annotations.set(IDS[0], star=True)
    annotations.set(IDS[1], star=True)
    assert annotations.undo([IDS[0], "nowhere"]) == IDS[0] and annotations.undo([IDS[5]]) == ""
    assert annotations.redo([IDS[1]]) == "" and annotations.undo() == IDS[1]


def test_a_record_says_all_that_is_needed(journal):
    annotations = opened(journal, look="second", stamp={"version": "1.0"})
    first, second = (
        annotations.set(IDS[1], star=True),
        annotations.set(IDS[1], codes=["voice"]),
    )
    assert (first, second) == (full(star=True), full(star=True, codes=["voice"]))
    one, two = on_the_disk(annotations)
    anchor = KCTU.sentences.loc[IDS[1], ["text", "start", "end"]].tolist()
    assert [one[name] for name in ("text", "start", "end")] == anchor
    assert [one[name] for name in ("sentence", "document", "look", "version")] == [
        IDS[1],
        "kctu",
        "second",
        "1.0",
    ]
    assert {name: two[name] for name in BLANK} == second


def test_what_changes_nothing_is_not_written(journal):
    annotations = opened(journal)
    assert annotations.set(IDS[0], codes=[], memo="") == BLANK
    assert annotations.undo() == annotations.redo() == "" and not journal.path.exists()
    annotations.set(IDS[0], codes=["voice"])
    annotations.set(IDS[0], codes=["voice"])
    assert len(on_the_disk(annotations)) == 1


def test_works_of_other_kinds_and_documents_do_not_mix(journal, corpus):
    first, second, other = (
        opened(journal, look="first"),
        opened(journal, look="second"),
        opened(journal, corpus["gftuk"], look="first"),
    )
    kind = Annotations(KCTU, "reading", {"note": ""}, Journal(journal.folder), look="first")
    first.set(IDS[0], codes=["voice"])
    second.set(IDS[0], codes=["form"])
    other.set("gftuk-001", codes=["rights"])
    kind.set(IDS[0], note="so")
    for annotations in (first, second, other, kind):
        annotations.refresh()
        assert annotations.strange == 0 and len(annotations.states()) == 1
    assert first.undo() == IDS[0] and first.undo() == ""
    assert opened(second, look="second").state(IDS[0])["codes"] == ["form"]
    assert opened(journal, look="first").states() == {}


def test_a_state_that_is_changed_by_its_reader_changes_nothing_here(journal):
    annotations = opened(journal)
    codes = annotations.state(IDS[0])["codes"]
    codes.append("voice")
    assert annotations.state(IDS[1]) == BLANK
    assert annotations.set(IDS[0], codes=codes) == full(codes=["voice"])
    annotations.state(IDS[0])["codes"].append("form")
    assert opened(journal).state(IDS[0]) == full(codes=["voice"])


# --- two kernels, two machines --------------------------------------------------------------------


def test_two_kernels_see_each_other_and_the_later_action_counts(journal):
    one, two = opened(journal), opened(journal)
    one.set(IDS[0], codes=["voice"], memo="one")
    two.set(IDS[0], memo="two")  # on top of what the other did
    two.set(IDS[1], star=True)
    one.refresh()
    assert one.changed() == {IDS[0], IDS[1]} and one.changed() == set()
    expected = {IDS[0]: full(codes=["voice"], memo="two"), IDS[1]: full(star=True)}
    assert one.states() == two.states() == opened(journal).states() == expected
    assert len(on_the_disk(one)) == 3


def test_a_kernel_undoes_only_what_was_done_here_or_before(journal):
    opened(journal).set(IDS[0], memo="before")
    one, two = opened(journal), opened(journal)
    one.set(IDS[1], memo="one")
    two.set(IDS[2], memo="two")
    assert [one.undo(), one.undo(), one.undo()] == [IDS[1], IDS[0], ""]
    assert one.states() == opened(journal).states() == {IDS[2]: full(memo="two")}
    assert [two.redo(), two.undo(), two.redo(), one.redo(), one.redo()] == [
        "",
        IDS[2],
        IDS[2],
        IDS[0],
        IDS[1],
    ]
    assert len(opened(journal).states()) == 3


def test_work_of_another_machine_joins_by_sentence_and_the_later_action_counts(tmp_path):
    here, there = opened(tmp_path / "here"), opened(tmp_path / "there")
    there.set(IDS[0], codes=["there"])
    there.set(IDS[1], memo="there")
    here.set(IDS[0], codes=["here"])
    here.set(IDS[2], star=True)
    there.set(IDS[2], star=True, memo="later")
    file = save_work(there.journal).path
    for _ in range(2):  # twice is once
        resume_work(file, Journal(here.journal.folder))
    here.refresh()
    expected = {
        IDS[0]: full(codes=["here"]),
        IDS[1]: full(memo="there"),
        IDS[2]: full(star=True, memo="later"),
    }
    assert here.states() == opened(here).states() == expected
    assert here.strange == 0 and len(on_the_disk(here)) == 5
    here.set(IDS[0], codes=["here", "again"])
    resume_work(save_work(here.journal).path, there.journal)
    there.refresh()
    assert there.states() == here.states()


def test_work_that_was_put_away_while_it_was_open(journal):
    annotations = opened(journal)
    annotations.set(IDS[0], star=True)
    journal.path.rename(journal.path.with_stem("journal-2026"))
    annotations.refresh()
    assert annotations.states() == {} and annotations.changed() == {IDS[0]}
    for number in range(3):
        opened(journal).set(IDS[number], memo="new")
    annotations.refresh()
    assert len(annotations.states()) == 3 and annotations.undo() == ""  # it was done elsewhere


# --- another text ---------------------------------------------------------------------------------


def annotate_all(annotations: Annotations) -> dict:
    """Every sentence gets an annotation that says on which words it was made."""
    for id, text in annotations.document.sentences["text"].items():
        annotations.set(id, memo=text, star=True)
    return annotations.states()


def check_anchors(before: dict, annotations: Annotations) -> None:
    """Each annotation stands at its own words, or is told of."""
    texts = dict(annotations.document.sentences["text"])
    states = annotations.states()
    assert all(state["memo"] == texts[id] for id, state in states.items())
    told = {(each["was"], each["quote"]): each["now"] for each in annotations.moved()}
    for was, state in before.items():
        now = told.get((was, state["memo"]), was)
        assert states[now] == state if now else state["memo"] not in texts.values()


def test_no_step_of_the_cleaning_loses_an_annotation_or_moves_one_in_silence(journal):
    before = annotate_all(opened(journal))
    again = opened(journal, KCTU.cleaned_without())
    assert again.states() == before and again.moved() == []
    for step in STEPS:
        check_anchors(before, opened(journal, KCTU.cleaned_without(step.name)))


WORDS = st.lists(st.sampled_from([DUES, SAFE, HALL, "노조"]), min_size=1, max_size=8)


@settings(max_examples=60)
@given(WORDS, WORDS)
def test_any_two_texts(first, second):
    with folder() as path:
        annotations = opened(path, made(*first))
        annotate_all(annotations)
        other = opened(path, made(*second))
        texts = dict(other.document.sentences["text"])
        assert all(state["memo"] == texts[id] for id, state in other.states().items())
        kept = {state["memo"] for state in other.states().values()}
        assert kept == {*first} & {*second}
        gone = [each["quote"] for each in other.moved() if not each["now"]]
        assert {*gone} == {*first} - {*second}
        assert opened(path, made(*first)).states() == annotations.states()


def test_words_that_are_gone_are_kept_and_come_back(journal):
    annotations = opened(journal, made(DUES, SAFE))
    annotations.set("doc-002", codes=["care"])
    other = opened(journal, made(DUES, HALL))
    assert other.states() == {}
    assert other.moved() == [{"was": "doc-002", "quote": SAFE, "now": ""}]
    assert other.undo() == ""  # nothing of it can be seen here
    third = opened(journal, made(SAFE, DUES))
    assert third.moved() == [{"was": "doc-002", "quote": SAFE, "now": "doc-001"}]
    assert third.set("doc-001", memo="here")["codes"] == ["care"] and third.moved() == []


def test_sentences_with_the_same_words_stay_two(journal):
    annotations = opened(journal, made(HALL, DUES, DUES))
    annotations.set("doc-002", memo="first")
    annotations.set("doc-003", memo="second")
    assert "nth" not in annotations.draft("doc-001", BLANK)
    other = opened(journal, made(DUES, DUES, HALL))
    assert [state["memo"] for state in other.states().values()] == ["first", "second"]
    assert [each["now"] for each in other.moved()] == ["doc-001", "doc-002"]
    assert opened(journal, made(HALL, DUES)).state("doc-002")["memo"] in ("first", "second")


def test_texts_without_a_sentence(journal):
    empty = opened(journal, made())
    assert (empty.states(), empty.moved(), empty.undo(), empty.redo()) == ({}, [], "", "")


# --- what cannot be believed, and disks that fail -------------------------------------------------

STRANGE = [
    {"codes": "voice"},
    {"codes": None},
    {"star": 1},
    {"memo": 5},
    {"text": None},
    {"text": ["x"]},
    {"codes": ["nobody knows"]},
]
ODD = [
    {"sentence": 5},
    {"sentence": "x-" + "9" * 5_000},
    {"nth": [5, "x"]},
    {"nth": {}},
    {"session": []},
    {"undoes": ["x"]},
    {"redoes": {}},
    {"undoes": "nobody", "start": "x"},
    {"time": "last week"},
    {"was": "x", "hash": 5},
]


def known(state: dict) -> bool:
    return {*state["codes"]} <= {"voice", "form"}


def test_records_that_cannot_be_believed_are_passed_over_and_kept(journal):
    journal.write([record("good", codes=["voice"])])
    journal.write([record(f"bad {place}") | each for place, each in enumerate(STRANGE)])
    annotations = opened(journal, fits=known)
    assert annotations.strange == len(STRANGE)
    assert annotations.states() == {IDS[0]: full(codes=["voice"])}
    assert len(on_the_disk(annotations)) == 1 + len(STRANGE)
    assert annotations.undo() == IDS[0] and annotations.undo() == ""


def test_what_a_record_says_of_others_need_not_be_true(tmp_path):
    for place, odd in enumerate(ODD):
        journal = Journal(tmp_path / str(place))
        journal.write([record("odd", codes=["voice"]) | odd, record("odd", codes=["form"])])
        annotations = opened(journal)
        assert annotations.strange == 1, odd  # the second has the first one's id
        assert annotations.state(IDS[0])["codes"] == ["voice"], odd
        assert annotations.undo() == IDS[0] and annotations.redo() == IDS[0], odd
        json.dumps(annotations.moved())


def test_a_record_from_before_there_was_a_memo(journal):
    old = record("old", codes=["voice"])
    del old["memo"]
    journal.write([old])
    assert opened(journal).states() == {IDS[0]: full(codes=["voice"])}


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_memo_comes_back(text):
    with folder() as path:
        assert opened(path).set(IDS[0], memo=text)["memo"] == text
        assert opened(path).state(IDS[0])["memo"] == text


def test_a_sentence_or_a_state_that_is_not_there(journal):
    annotations = opened(journal, fits=known)
    for id in ("", "kctu-999", "gftuk-001", "x" * 9_999):
        with trouble("There is no sentence"):
            annotations.set(id, star=True)
    for changes in ({"codes": ["nobody knows"]}, {"star": 5}, {"other": 5}):
        with trouble("does not fit"):
            annotations.set(IDS[0], **changes)
    assert not journal.path.exists()


def test_a_full_disk_changes_nothing(journal, monkeypatch):
    annotations = opened(journal)
    annotations.set(IDS[0], star=True)

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("helpers.coding.journal.os.write", refuse)
    for act in (lambda: annotations.set(IDS[1], star=True), annotations.undo):
        with trouble("disk is full"):
            act()
        assert annotations.states() == {IDS[0]: full(star=True)}
    monkeypatch.undo()
    assert annotations.undo() == IDS[0] and opened(journal).states() == {}


def test_one_more_action_takes_in_only_what_is_new(journal, monkeypatch):
    taken = []
    original = Annotations._take
    monkeypatch.setattr(
        Annotations, "_take", lambda self, *given: (taken.append(1), original(self, *given))
    )
    annotations = opened(journal)
    for number in range(50):
        annotations.set(IDS[number % 17], memo=str(number))
    assert len(taken) == 50
    for act in (annotations.undo, annotations.redo, annotations.refresh, annotations.states):
        act()
    assert len(taken) == 52
