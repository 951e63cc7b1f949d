"""A work file carries everything, doubles nothing, and believes nothing."""

from __future__ import annotations

import json
import random
import struct
import tracemalloc
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from sentence import trouble

from helpers.classroom.work import LARGEST_BYTES, resume_work, save_work
from helpers.coding.journal import FORMAT, Journal
from helpers.corpus.errors import UnionError


def filled(journal: Journal, *answers: str) -> Journal:
    for answer in answers:
        journal.append("answer", question="q", answer=answer)
    return journal


def packed(parts: dict[str, bytes | str], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", kind) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def line(id: str = "x", **more: object) -> str:
    return (
        json.dumps({"id": id, "time": "2026-01-01T00:00:00+00:00", "kind": "answer", **more}) + "\n"
    )


def about(records: int = 1, **more: object) -> str:
    return json.dumps({"format": FORMAT, "records": records, **more})


@pytest.fixture
def elsewhere(tmp_path) -> Journal:
    """Another machine."""
    return Journal(tmp_path / "elsewhere")


def test_save_and_resume_elsewhere(journal, elsewhere):
    filled(journal, "one", "노조 \ud800 \u2028", "three")
    saved = save_work(journal)
    assert saved.records == 3 and saved.path.parent == journal.folder
    assert "3 steps" in repr(saved)
    assert "3 steps" in resume_work(saved.path, elsewhere)
    assert elsewhere.records() == journal.records()


def test_the_bytes_of_a_file_do_as_well_as_its_path(journal, elsewhere):
    saved = save_work(filled(journal, "one"))
    resume_work(saved.path.read_bytes(), elsewhere)
    assert elsewhere.records() == journal.records()
    assert resume_work(str(saved.path), elsewhere).count("0 steps") == 1


def test_resume_twice_doubles_nothing(journal, elsewhere):
    saved = save_work(filled(journal, "one", "two"))
    resume_work(saved.path, elsewhere)
    before = elsewhere.path.read_bytes()
    told = resume_work(saved.path, elsewhere)
    assert elsewhere.path.read_bytes() == before
    assert "0 steps" in told and "2 were here already" in told


def test_two_machines_come_together(journal, elsewhere, tmp_path):
    common = save_work(filled(journal, "common")).path.read_bytes()
    resume_work(common, elsewhere)
    filled(journal, "here")
    filled(elsewhere, "there")
    told = resume_work(save_work(elsewhere).path, journal)
    assert "1 steps" in told and "1 were here already" in told
    assert [record["answer"] for record in journal.records()] == ["common", "here", "there"]
    resume_work(save_work(journal).path, elsewhere)
    assert {record["id"] for record in elsewhere.records()} == {
        record["id"] for record in journal.records()
    }
    assert len(elsewhere.records()) == 3


def test_the_file_is_named_by_learner_and_day(journal):
    filled(journal, "one").append("learner", name="../../Ann O'Neil 노조 <b>")
    path = save_work(journal).path
    assert path.parent == journal.folder
    assert path.name.startswith("my-work-Ann-O-Neil-노조-b-20") and path.suffix == ".zip"
    assert "<b>" not in save_work(journal)._repr_html_()


def test_nothing_to_save(journal):
    with trouble("nothing to save"):
        save_work(journal)
    assert not journal.folder.exists()


@pytest.mark.parametrize("method", ["write_bytes", "replace"])
def test_a_work_file_that_cannot_be_written_leaves_the_old_one(journal, monkeypatch, method):
    path = save_work(filled(journal, "one")).path
    before = path.read_bytes()
    filled(journal, "two")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, method, full)
    with trouble("could not be written"):
        save_work(journal)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert sorted(each.name for each in journal.folder.iterdir()) == sorted(
        ["journal.jsonl", "kept.txt", path.name]
    )


def test_a_folder_where_nothing_may_even_be_deleted(journal, monkeypatch):
    filled(journal, "one")

    def refuse(*_, **__):
        raise OSError(30, "Read-only file system")

    for method in ("write_bytes", "replace", "unlink"):
        monkeypatch.setattr(Path, method, refuse)
    with trouble("could not be written", "Read-only"):
        save_work(journal)


def lying(content: bytes, claimed: int) -> bytes:
    """A work file whose journal says it is small."""
    data = bytearray(packed({"about.json": about(), "journal.jsonl": content}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.rfind(mark)
        struct.pack_into("<L", data, at + offset, claimed)
    return bytes(data)


GOOD = {"about.json": about(), "journal.jsonl": line()}
BAD = {
    "empty": b"",
    "no zip": b"not a zip at all",
    "text that begins like a zip": b"PK\x03\x04" + b"x" * 100,
    "truncated": packed(GOOD)[:-30],
    "truncated to half": packed(GOOD)[: len(packed(GOOD)) // 2],
    "no parts": packed({}),
    "one part only": packed({"about.json": about()}),
    "alien name": packed({**GOOD, "notes.txt": "hello"}),
    "way out": packed({"about.json": about(), "../journal.jsonl": line()}),
    "way out beside": packed({**GOOD, "../../etc/passwd": "x"}),
    "absolute": packed({"/about.json": about(), "journal.jsonl": line()}),
    "about is no JSON": packed({**GOOD, "about.json": "{"}),
    "about is a list": packed({**GOOD, "about.json": "[]"}),
    "about has no format": packed({**GOOD, "about.json": '{"records": 1}'}),
    "about has no number": packed({**GOOD, "about.json": '{"format": 1, "records": "many"}'}),
    "about is deep": packed({**GOOD, "about.json": "[" * 100_000}),
    "about is not UTF-8": packed({**GOOD, "about.json": b"\xff\xff"}),
    "newer format": packed({**GOOD, "about.json": about(format=FORMAT + 1)}),
    "damaged record": packed({**GOOD, "journal.jsonl": line() + "{damaged\n" + line("y")}),
    "record without kind": packed({**GOOD, "journal.jsonl": '{"id": "x", "time": "y"}\n'}),
    "record with a number for an id": packed(
        {**GOOD, "journal.jsonl": '{"id": 5, "time": "y", "kind": "answer"}\n'}
    ),
    "record is a list": packed({**GOOD, "journal.jsonl": "[1]\n"}),
    "record is deep": packed({**GOOD, "journal.jsonl": "[" * 100_000 + "\n"}),
    "journal is not UTF-8": packed(
        {**GOOD, "journal.jsonl": b'{"id": "\xff", "time": "y", "kind": "z"}\n'}
    ),
    "zip bomb": packed({**GOOD, "journal.jsonl": bytes(LARGEST_BYTES + 1)}),
    "zip bomb that lies": lying(bytes(LARGEST_BYTES * 3), 10),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_and_changes_nothing(journal, tmp_path, name):
    filled(journal, "mine")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with trouble():
        resume_work(BAD[name], journal)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_messages_name_what_is_wrong(journal):
    with trouble("newer version"):
        resume_work(BAD["newer format"], journal)
    with trouble("Record 2"):
        resume_work(BAD["damaged record"], journal)
    with trouble("unpacks to more"):
        resume_work(BAD["zip bomb"], journal)


def test_a_zip_bomb_is_not_unpacked(journal):
    tracemalloc.start()
    try:
        for name in ("zip bomb", "zip bomb that lies"):
            with pytest.raises(UnionError):
                resume_work(BAD[name], journal)
        assert tracemalloc.get_traced_memory()[1] < 1.5 * LARGEST_BYTES
    finally:
        tracemalloc.stop()


def test_a_file_that_is_missing_or_too_large(journal, tmp_path):
    with trouble("no file", "gone.zip"):
        resume_work(tmp_path / "gone.zip", journal)
    with trouble("no file"):
        resume_work(tmp_path, journal)
    with open(tmp_path / "huge.zip", "wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with trouble("larger than", "huge.zip"):
        resume_work(tmp_path / "huge.zip", journal)
    with trouble("larger than"):
        resume_work(bytes(LARGEST_BYTES + 1), journal)


@pytest.mark.parametrize(
    "kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_any_damaged_byte_is_refused_in_a_sentence_or_does_no_harm(elsewhere, kind):
    """Each byte of a work file in turn, changed at random: never a traceback, never half a record."""
    chance = random.Random(1995)
    data = packed(
        {
            "about.json": about(2),
            "journal.jsonl": line("x", answer="one") + line("y", answer="two"),
        },
        kind,
    )
    for place in range(len(data)):
        hurt = bytearray(data)
        hurt[place] ^= chance.randrange(1, 256)
        try:
            resume_work(bytes(hurt), elsewhere)
        except UnionError as refused:
            assert "\n" not in str(refused)
    assert {record["id"] for record in elsewhere.records()} <= {"x", "y"}
    assert {record["answer"] for record in elsewhere.records()} <= {"one", "two"}
    assert zlib.crc32(data)


def test_the_count_of_what_was_here_is_counted_not_believed(journal):
    told = resume_work(packed({"about.json": about(1_000_000), "journal.jsonl": line()}), journal)
    assert "1 steps" in told and "1000000" not in told.replace(",", "") and "999" not in told


def test_a_record_that_is_in_the_file_twice_comes_in_once(journal):
    resume_work(packed({"about.json": about(2), "journal.jsonl": line() * 2}), journal)
    assert len(journal.records()) == 1


def test_work_is_put_away_for_the_next_learner_and_nothing_is_lost(journal):
    from helpers.classroom.work import put_away, resume_work

    journal.append("answer", question="q", answer="mine")
    told = put_away(journal)
    assert journal.records() == []
    (packed,) = journal.folder.glob("*.zip")
    assert packed.name in told
    assert len(list(journal.folder.glob("journal-*.jsonl"))) == 1
    journal.append("answer", question="q", answer="another learner's")
    resume_work(packed, journal)
    assert sorted(record["answer"] for record in journal.records("answer")) == [
        "another learner's",
        "mine",
    ]
