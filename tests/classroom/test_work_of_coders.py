"""Codings, notes and settlements from machine to machine: nothing lost, doubled or believed."""

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sentence import assert_one_sentence

from helpers import (
    load_codebook,
    load_codings,
    my_evidence,
    practise,
    read,
    resume_work,
    save_work,
    settle,
    tag,
    tag_again,
)
from helpers.coding.journal import Journal
from helpers.corpus.documents import Corpus, load_corpus
from helpers.corpus.errors import UnionError

KCTU, BOOK = load_corpus()["kctu"], load_codebook()
SHORT = Corpus({"kctu": KCTU})
ONE, TWO, THREE, *_ = IDS = KCTU.sentences.index.tolist()


def tell(widget, do: object, sentence: str = ONE, value: object = None) -> dict:
    widget._hear(widget, {"do": do, "sentence": sentence, "value": value}, [])
    return json.loads(json.dumps(widget.shown))


def all_there_is(journal: Journal, corpus: Corpus = SHORT) -> list:
    """All that the widgets show of a learner's work, as a kernel that starts now finds it."""
    journal, (text, *_) = Journal(journal.folder), corpus.documents
    settling = settle(corpus=corpus, journal=journal)
    shown = [
        tag(text, journal=journal).coded,
        read(text, journal=journal).marked,
        settling.shown,
        my_evidence(text, journal=journal).to_dict(),
    ]
    return [
        *shown,
        *(load_codings(who, corpus, journal=journal).to_dict() for who in ("me", "me again")),
        practise(journal=journal).coded,
    ]


@pytest.fixture
def elsewhere(tmp_path) -> Journal:
    """Another machine."""
    return Journal(tmp_path / "elsewhere")


@pytest.fixture
def full(journal) -> Journal:
    """Work of every kind."""
    widget = tag(KCTU, journal=journal)
    for do, sentence, value in (
        ("code", ONE, "nation"),
        ("memo", ONE, "why, “so”\n노조"),
        ("code", TWO, "voice"),
        ("doer", TWO, "union"),
    ):
        tell(widget, do, sentence, value)
    tell(tag_again(KCTU, 2, journal=journal), "code", ONE, "care")
    tell(practise(journal=journal), "code", "practice-001", "bargain")
    for do, value in (("star", None), ("note", "a note")):
        tell(read(KCTU, journal=journal), do, THREE, value)
    widget = settle(corpus=SHORT, journal=journal)
    assert [
        tell(widget, do, ONE, value)["trouble"]
        for do, value in (("outcome", "mine"), ("reason", "I was wrong"))
    ] == ["", ""]
    return journal


def test_all_work_goes_to_another_machine_and_comes_once(full, elsewhere):
    packed = save_work(full).path
    assert "Welcome back" in resume_work(packed, elsewhere)
    coded, marked, settled, evidence, me, again, practised = there = all_there_is(elsewhere)
    assert there == all_there_is(full)
    assert (
        coded[ONE]["codes"] == ["voice", "rights"]
        and coded[ONE]["memo"] == "why, “so”\n노조"
        and marked[THREE]["star"]
    )
    assert (settled["items"][0]["outcome"], settled["items"][0]["reason"]) == (
        "mine",
        "I was wrong",
    )
    assert (
        evidence["note"] == {THREE: "a note"}
        and [*me["sentence"].values()] == [ONE, TWO]
        and [*again["sentence"].values()] == [ONE]
    )
    assert practised["practice-001"]["codes"] == ["bargain"]
    kept = elsewhere.path.read_bytes()
    assert (
        "0 steps" in resume_work(packed, elsewhere)
        and elsewhere.path.read_bytes() == kept
        and all_there_is(elsewhere) == there
    )
    shown = tell(
        settle(corpus=SHORT, journal=elsewhere), "outcome", ONE, "mine"
    )  # changed back, on the other machine
    assert shown["items"][0]["outcome"] == "" and tag(KCTU, journal=elsewhere).coded[ONE][
        "codes"
    ] == ["nation"]


def test_records_of_a_newer_format_and_of_unknown_kinds_are_kept(full, elsewhere):
    (record, *_) = full.records("coding")
    newer = {
        "format": 99,
        "sentence": TWO,
        "text": KCTU.sentences.at[TWO, "text"],
        "nth": None,
        "certainty": {"new": [1]},
    }
    unknown = {"time": "2999", "kind": "dream", "format": "x", "about": [None, {"노조": "<b>"}]}
    strange = [
        {**record, **newer, "id": "newer"},
        {**unknown, "id": "unknown"},
        {"id": "bare", "time": "", "kind": ""},
    ]
    full.write(strange)
    before = all_there_is(full)
    resume_work(save_work(full).path, elsewhere)
    assert {each["id"] for each in elsewhere.records()} == {each["id"] for each in full.records()}
    assert newer["certainty"] in [each.get("certainty") for each in elsewhere.records()]
    assert all_there_is(elsewhere) == before


# A journal made by hand

RECORDS = []  # real ones: two codings, a note and a star
with tempfile.TemporaryDirectory() as _folder:
    _journal = Journal(_folder)
    for _act in (("code", ONE, "voice"), ("doer", ONE, "union")):
        tell(tag(KCTU, journal=_journal), *_act)
    for _act in (("note", TWO, "a note"), ("star", TWO, None)):
        tell(read(KCTU, journal=_journal), *_act)
    RECORDS += _journal.records()

WORDS = st.sampled_from(
    [
        "",
        "voice",
        "none",
        "union",
        "na",
        "hacked",
        "kctu",
        "coding",
        "reading",
        "settled",
        "first",
        "second",
        "practice",
        "kctu-001",
        "kctu-017",
        "kctu-",
        "-",
        "kctu-9999999999",
        "reference",
        "mine",
        "\ud800",
        "\x00",
        "<script>alert(1)</script>",
        "2999-01-01",
        RECORDS[0]["text"],
        RECORDS[0]["text"][:-9],
        RECORDS[0]["id"],
        "x" * 20_001,
    ]
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=5)
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(WORDS | st.sampled_from([*RECORDS[0]]), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = st.sampled_from(sorted({*RECORDS[0], *RECORDS[-1], "undoes", "redoes", "other"}))
CHANGES = st.tuples(
    st.sampled_from(RECORDS), st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)
)
LOOKS = [
    *(
        lambda journal, make=make: make(KCTU, journal=journal)
        for make in (tag, tag_again, read, my_evidence)
    ),
    *(
        lambda journal, who=who: load_codings(who, SHORT, journal=journal)
        for who in ("me", "me again")
    ),
    lambda journal: settle(corpus=SHORT, journal=journal),
    lambda journal: practise(journal=journal),
]
DEEP = json.loads("[" * 200 + "]" * 200)


@settings(max_examples=25)
@given(st.lists(CHANGES, min_size=1, max_size=8))
@example(
    [
        (RECORDS[0], {name: value})
        for name in ("codes", "was", "nth", "undoes", "start", "doer")
        for value in (DEEP, [{}], [[]], 10**400)
    ]
)
@example(
    [
        (RECORDS[0], {"doer": "hacked"}),
        (RECORDS[0], {"codes": ["hacked"]}),
        (RECORDS[-1], {"note": None}),
    ]
)
@example(
    [
        (RECORDS[0], {"id": f"r{number}", "sentence": id, "codes": [*BOOK]})
        for number, id in enumerate(IDS)
    ]
)
def test_a_journal_made_by_hand_never_stops_the_widgets(changes):
    folder = Path(tempfile.mkdtemp())
    try:
        hand_made = (
            {**record, "id": f"r{number}", **change}
            for number, (record, change) in enumerate(changes)
        )
        lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in hand_made)
        kept = lines.encode("utf-8", "backslashreplace")
        (folder / "journal.jsonl").write_bytes(kept)
        for look in LOOKS:
            try:
                look(Journal(folder))
            except UnionError as said:
                assert (
                    str(said).startswith("Nothing is coded in ")
                    or assert_one_sentence(str(said)) is None
                )
        for make, do, value in (
            (tag, "code", "form"),
            (tag, "undo", None),
            (tag, "redo", None),
            (read, "star", None),
        ):
            trouble = tell(make(KCTU, journal=Journal(folder)), do, IDS[-1], value)["trouble"]
            assert not trouble or assert_one_sentence(trouble) is None
        assert (folder / "journal.jsonl").read_bytes().startswith(kept)
    finally:
        shutil.rmtree(folder)
