"""The journal: nothing that was confirmed is ever lost."""

from __future__ import annotations

import builtins
import errno
import json
import multiprocessing
import os
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence import assert_one_sentence, trouble

from helpers.coding.journal import FORMAT, Journal
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
    assert len(later.problems) == 1
    assert later.problems[0].startswith("Line 2 of journal.jsonl")
    assert b'"torn"' in journal.path.read_bytes()


ALIEN = [
    b"not json",
    b"5",
    b"[]",
    b"null",
    b'"id"',
    b'{"id": 1, "time": "x", "kind": "y"}',
    b'{"id": "x"}',
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"a":' * 100_000,
]


@pytest.mark.parametrize("line", ALIEN, ids=range(len(ALIEN)))
def test_an_alien_line_is_passed_over_and_told_of(journal, line):
    first = journal.append("answer", answer="1")
    with open(journal.path, "ab") as file:
        file.write(line + b"\n\n")
    second = journal.append("answer", answer="2")
    later = Journal(journal.folder)
    assert later.records() == [first, second]
    assert len(later.problems) == 1
    assert "Line 2" in later.problems[0] and "still in the file" in later.problems[0]
    assert line in journal.path.read_bytes()


def test_two_journals_see_what_the_other_writes(journal):
    other = Journal(journal.folder)
    one = journal.append("answer", answer="1")
    assert other.records() == [one]
    two = other.append("answer", answer="2")
    assert journal.records() == [one, two]


def test_a_journal_that_was_deleted_begins_anew(journal):
    journal.append("answer", answer="old, and rather long " * 20)
    journal.records()
    shutil.rmtree(journal.folder)
    new = journal.append("answer", answer="new")
    assert journal.records() == [new]


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
    assert journal.problems == []


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_a_folder_that_cannot_be_written_to(journal, monkeypatch, number):
    def refuse(*_, **__):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
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


def test_problems_are_sentences(journal):
    journal.folder.mkdir()
    journal.path.write_text("alien\n")
    journal.records()
    assert journal.problems[0].endswith(".") and "\n" not in journal.problems[0]
    with pytest.raises(AssertionError):
        assert_one_sentence("This went wrong")


def test_the_newest_answer_wins_whatever_its_place_in_the_file(journal):
    journal.append("answer", question="q", answer="new")
    journal.write(
        [
            {
                "id": "a" * 32,
                "time": "2020-01-01T00:00:00.000+00:00",
                "kind": "answer",
                "format": 1,
                "question": "q",
                "answer": "old",
            }
        ]
    )
    assert journal.latest("answer", question="q")["answer"] == "new"
    for number in range(5):  # within one millisecond the order of writing decides
        journal.append("answer", question="q", answer=str(number))
    assert journal.latest("answer", question="q")["answer"] == "4"
