"""The journal: nothing that was confirmed is ever lost."""

from __future__ import annotations

import builtins
import errno
import json
import multiprocessing
import os
import random
import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence import trouble

from helpers.coding.case import Case
from helpers.coding.codings import coding_annotations, load_codings
from helpers.coding.journal import FORMAT, Journal, learner_name, moment, read_records
from helpers.corpus.files import whole_characters


def test_a_record_is_on_the_disk_when_append_returns(journal, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_size))
    record = journal.append("answer", question="q", answer="노조 “yes”\n\u2028\x00")
    assert synced == [journal.path.stat().st_size]
    assert json.loads(journal.path.read_bytes()) == record
    assert record["format"] == FORMAT and record["time"].endswith("+00:00")


def test_a_new_journal_finds_everything_again(journal):
    written = [
        journal.append("answer", question=f"q{number}", answer="a\r\n\u2028\x85b")
        for number in range(20)
    ]
    assert journal.records() == written == Journal(journal.folder).records()
    assert len({record["id"] for record in written}) == 20


def test_kinds_and_the_latest(journal):
    journal.append("answer", question="a", answer="1")
    journal.append("noise", lines=[1])
    journal.append("answer", question="a", answer="2")
    journal.append("answer", question="b", answer="3")
    assert [record["answer"] for record in journal.records("answer")] == ["1", "2", "3"]
    assert journal.latest("answer", question="a")["answer"] == "2"
    assert journal.latest("answer", question="c") is None
    assert journal.latest("learner") is None


@settings(max_examples=200)
@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_any_text_comes_back_as_it_was(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("any")
    Journal(folder).append("answer", answer=text)
    assert Journal(folder).latest("answer")["answer"] == whole_characters(
        text
    )  # but for half characters, which no page can show
    shutil.rmtree(folder)


def test_an_empty_journal_makes_no_folder(journal):
    assert journal.records() == []
    journal.write([])
    assert not journal.folder.exists()


def test_a_torn_last_line_costs_only_itself(journal):
    whole = journal.append("answer", answer="whole")
    with open(journal.path, "ab") as file:
        file.write(b'{"id": "torn", "time": "x", "ki')
    later = Journal(journal.folder)
    assert later.records() == [whole]
    after = later.append("answer", answer="after")
    assert later.records() == [whole, after] == Journal(journal.folder).records()
    assert b'"torn"' in journal.path.read_bytes()


ALIEN = [
    b"not json",
    b"5",
    b"[]",
    b"null",
    b'"id"',
    b'{"id": 1, "time": "x", "kind": "y"}',
    b'{"id": "x"}',
    b'{"id": "x", "time": "y", "kind": "z"}, {"id": "x", "time": "y", "kind": "z"}',
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"a":' * 100_000,
]


def test_an_alien_line_is_passed_over_and_stays_in_the_file(journal):
    first = journal.append("answer", answer="1")
    for line in ALIEN:
        with open(journal.path, "ab") as file:
            file.write(line + b"\n\n")
        assert Journal(journal.folder).records() == [first], line[:60]
        assert line in journal.path.read_bytes()
    second = journal.append("answer", answer="2")
    assert Journal(journal.folder).records() == [first, second]


def test_two_journals_see_what_the_other_writes(journal):
    other = Journal(journal.folder)
    one = journal.append("answer", answer="1")
    assert other.records() == [one]
    two = other.append("answer", answer="2")
    assert journal.records() == [one, two]


def test_a_work_folder_that_vanishes_is_told_and_none_is_begun(journal):
    first = journal.append("answer", answer="1")
    away = journal.folder.rename(journal.folder.with_name("elsewhere"))
    for act in (journal.records, journal.not_kept_since, lambda: journal.append("answer")):
        with trouble("my-work", "gone"):
            act()
        assert not journal.folder.exists()
    away.rename(journal.folder)
    second = journal.append("answer", answer="2")
    assert journal.records() == [first, second]
    shutil.rmtree(journal.folder)
    journal.folder.mkdir()  # by another program
    with trouble("gone"):
        journal.append("answer")
    assert Journal(journal.folder).append("answer")  # a new kernel begins anew


def test_work_that_is_put_away_is_not_missed(journal):
    other = Journal(journal.folder)
    journal.append("answer", answer="old, and rather long " * 20)
    other.records()
    journal.path.rename(journal.path.with_stem("journal-2026-01-01"))
    assert other.records() == []
    new = other.append("answer", answer="new")
    assert journal.records() == [new]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_what_is_no_file_is_not_read(journal):
    journal.folder.mkdir()
    os.mkfifo(journal.path)
    for act in (journal.records, lambda: journal.append("answer")):
        with trouble("journal.jsonl", "no file"):
            act()


def _write_many(folder: str, name: str, count: int) -> None:
    journal = Journal(folder)
    for number in range(count):
        journal.append("answer", question=name, answer=f"{number} " + "x" * (number * 37 % 5_000))


def test_several_processes_at_once_lose_nothing(journal):
    context = multiprocessing.get_context("spawn")
    workers = [
        context.Process(target=_write_many, args=(str(journal.folder), name, 60)) for name in "abc"
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    for name in "abc":
        answers = [
            record["answer"] for record in journal.records("answer") if record["question"] == name
        ]
        assert [int(answer.split()[0]) for answer in answers] == list(range(60))


def test_a_folder_that_cannot_be_written_to(journal, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(builtins, "open", refuse)
    with trouble("not saved", "my-work"):
        journal.append("answer", answer="x")
    monkeypatch.undo()
    assert not journal.path.exists() and journal.records() == []
    assert journal.append("answer", answer="x") in journal.records()


def test_a_full_disk_before_anything_is_written(journal, monkeypatch):
    first = journal.append("answer", answer="1")
    before = journal.path.read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    with trouble("disk is full", "not saved"):
        journal.append("answer", answer="2")
    monkeypatch.undo()
    assert journal.path.read_bytes() == before
    assert journal.records() == [first]


def test_a_disk_that_fills_up_in_the_middle_of_a_record(journal, monkeypatch):
    first = journal.append("answer", answer="1")
    write = os.write

    def fills(handle, content):
        if len(content) < 60:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(handle, content[:40])

    monkeypatch.setattr(os, "write", fills)
    with trouble("disk is full"):
        journal.append("answer", answer="2")
    monkeypatch.undo()
    assert journal.records() == [first] == Journal(journal.folder).records()
    third = journal.append("answer", answer="3")
    assert journal.records() == [first, third] == Journal(journal.folder).records()


def test_a_disk_that_takes_a_few_bytes_at_a_time(journal, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, content: write(handle, content[:7]))
    record = journal.append("answer", answer="노조" * 30)
    assert Journal(journal.folder).records() == [record]


def test_a_file_in_place_of_the_folder(tmp_path):
    (tmp_path / "my-work").write_text("I am a file")
    with trouble("not saved", "my-work"):
        Journal(tmp_path / "my-work").append("answer")
    assert (tmp_path / "my-work").read_text() == "I am a file"


def test_a_journal_that_cannot_be_read(journal, monkeypatch):
    journal.append("answer", answer="1")

    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(builtins, "open", refuse)
    with trouble("cannot be read"):
        journal.records()


@pytest.fixture
def clock(monkeypatch):
    """A clock that can be set."""
    now = {"now": datetime(2026, 1, 1, 12, tzinfo=UTC)}

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return now["now"]

    monkeypatch.setattr("helpers.coding.journal.datetime", Clock)
    return lambda hours: now.update(now=now["now"] + timedelta(hours=hours))


def test_a_clock_that_is_set_back_changes_no_order(journal, clock):
    journal.append("answer", question="q", answer="old")
    journal.append("learner", name="old")
    clock(-2)
    later = Journal(journal.folder)  # a kernel that starts now
    record = later.append("answer", question="q", answer="new")
    later.append("learner", name="new")
    times = [each["time"] for each in later.records()]
    assert times == sorted(times) and record["time"] >= times[0]
    for each in (journal, later, Journal(journal.folder)):
        assert each.latest("answer", question="q")["answer"] == "new"
        assert learner_name(each) == "new"
    later.note_kept()
    assert later.not_kept_since() == ""


def line_of(id, time, **more):
    return json.dumps({"id": id, "time": time, "kind": "answer", "format": 1, **more})


def test_an_old_file_with_times_out_of_order_is_read_in_its_own_order(journal):
    journal.folder.mkdir()
    times = ["2026-01-01T12:00:00.000+00:00", "2026-01-01T10:00:00.000+00:00", "last week"]
    lines = [line_of(str(place), time) for place, time in enumerate(times)]
    journal.path.write_text("\n".join([*lines, ""]))
    assert [record["id"] for record in journal.records()] == ["0", "1", "2"]
    assert {record["time"] for record in journal.records()} == {times[0]}
    assert journal.append("answer")["time"] > times[0]


def test_work_of_another_machine_comes_in_by_time_and_once(journal, tmp_path, clock):
    there = Journal(tmp_path / "there")
    first = journal.append("answer", question="q", answer="here 1")
    clock(1)
    second = there.append("answer", question="q", answer="there 2")
    clock(1)
    third = journal.append("answer", question="q", answer="here 3")
    clock(1)
    fourth = there.append("answer", question="r", answer="there 4")
    assert journal.take(there.records()) == 2 and journal.take(there.records()) == 0
    ids = [each["id"] for each in (first, second, third, fourth)]
    for each in (journal, Journal(journal.folder)):
        assert [record["id"] for record in each.records()] == ids
        assert each.latest("answer", question="q")["answer"] == "here 3"
    assert there.take(journal.records()) == 2
    assert [record["id"] for record in there.records()] == ids
    clock(-5)  # and what is done next counts, whatever the clock says
    journal.append("answer", question="r", answer="newest")
    assert journal.latest("answer", question="r")["answer"] == "newest"


def test_what_is_no_time_is_nobodys_trouble():
    for time in ("", "x", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "2026-13-01"):
        assert moment(time) == ""
        assert read_records([line_of("x", time).encode()])[0]["time"] == ""
    assert moment("2026-01-01T09:00+09:00") == "2026-01-01T00:00:00.000+00:00"


MANY = int(os.environ.get("UNION_FUZZ", 100))  # 1,000 take half a minute


VALUES = [b"null", b"[]", b"{}", b"1e999", b'"\\ud83d"', b'"0001-01-01T00:00:00+23:59"']


def damaged(content: bytes, chance: random.Random) -> bytes:
    """A journal in which something went wrong."""
    lines = content.split(b"\n")
    for _ in range(chance.randint(1, 5)):
        place, way = chance.randrange(len(lines)), chance.randrange(6)
        line = lines[place]
        cut = chance.randint(0, len(line))
        lines[place] = [
            line[:cut],
            line[:cut] + bytes(chance.randbytes(3)) + line[cut:],
            line * 2,
            re.sub(rb'"(?:[^"\\]|\\.)*"(?=[,}])', lambda _: chance.choice(VALUES), line, count=9),
            chance.choice(ALIEN),
            line.replace(b'": ', b'": ' + chance.choice(VALUES) + b', "x": ', 1),
        ][way]
        if chance.random() < 0.3:
            chance.shuffle(lines)
    return b"\n".join(lines)


def test_no_damaged_journal_gives_a_traceback(tmp_path, corpus):
    """And what stands in whole lines of it still counts."""
    whole = Journal(tmp_path / "whole")
    codings, readings = coding_annotations(corpus["kctu"], journal=whole), corpus["kctu"]
    for id in readings.sentences.index:
        codings.set(id, codes=["voice", "rights"], doer="union", memo="노조 “yes” 👩‍🏭")
    codings.undo()
    whole.append("case", do="write", field="claim", text="A claim.")
    whole.append("learner", name="Min-ji")
    good = {record["id"]: record for record in whole.records()}
    content = whole.path.read_bytes()
    for number in range(MANY):
        chance, folder = random.Random(number), tmp_path / str(number)
        folder.mkdir()
        (folder / "journal.jsonl").write_bytes(damaged(content, chance))
        journal = Journal(folder)
        load_codings("me", corpus, journal=journal)
        case = Case(corpus, journal)
        assert case.missing() and isinstance(learner_name(journal), str)
        assert not journal.not_kept_since() or moment(journal.not_kept_since())
        annotations = coding_annotations(corpus["kctu"], journal=journal)
        annotations.undo()
        annotations.redo()
        annotations.set("kctu-001", codes=["form"])
        assert annotations.state("kctu-001")["codes"] == ["form"], number
        untouched = (folder / "journal.jsonl").read_bytes().split(b"\n")
        kept = [
            json.loads(line)["id"] for line in content.split(b"\n") if line and line in untouched
        ]
        assert {*kept} <= {record["id"] for record in journal.records()} & good.keys(), number
        shutil.rmtree(folder)
