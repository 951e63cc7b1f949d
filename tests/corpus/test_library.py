"""Own documents: kept whole or not at all, beside two documents whose numbers they never change."""

from __future__ import annotations

import hashlib
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence import trouble

from helpers.corpus import library as own
from helpers.corpus.cleaning import Correction
from helpers.corpus.documents import CORPUS_FOLDER, FIELDS, load_corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.library import (
    PRACTICE,
    add_document,
    change_document,
    correct_document,
    my_corpus,
    my_document,
    pack_documents,
    practice_document,
    remove_document,
    unpack_documents,
)

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "own"
KNOWN = {"author": "Ann Smith", "date": "1912", "source": "Her notebook", "rights": "She allows it"}
TEXT = (
    "OUR RULES\n\nWe will stand togehter. The committee\nshould not wait.\n\n"
    "Log in\n\nNobody goes alone.\n"
)


def add(folder, text=TEXT, title="Our Rules", **more):
    return add_document(text, title=title, folder=folder, **{**KNOWN, **more})


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_text_is_kept_with_what_is_known_and_its_account_balances(tmp_path):
    added = add(tmp_path, genre="Rules")
    assert (added.id, added.title, added.about["genre"], added.about["place"]) == (
        "rules",
        "Our Rules",
        "Rules",
        "not known",
    )
    assert added.text.endswith(
        "stand togehter. The committee should not wait.\n\nNobody goes alone."
    )
    assert list(added.sentences.index) == [f"rules-00{number}" for number in range(1, 5)]
    assert (added.cleaning.account()["difference"] == 0).all()
    assert added.raw == TEXT
    assert set(FIELDS) <= added.about.keys() and all(added.about[field] for field in FIELDS)


@pytest.mark.parametrize(
    "name", ["word.docx", "printed.pdf", "article.html", "korean.txt", "harbour.md", "wide.txt"]
)
def test_the_file_is_kept_byte_for_byte_beside_the_raw_text(tmp_path, name):
    original = (FIXTURES / name).read_bytes()
    added = add(tmp_path, FIXTURES / name, title="Harbour")
    entry = tomllib.loads(
        (tmp_path / "documents/harbour/documents.toml").read_text(encoding="utf-8")
    )["documents"][0]
    kept = (tmp_path / "documents/harbour" / entry["original"]).read_bytes()
    assert kept == original
    assert entry["original_sha256"] == hashlib.sha256(original).hexdigest()
    assert f"“{name}”" in added.about["how_obtained"]
    assert (tmp_path / "documents/harbour/raw.txt").read_bytes().decode() == added.raw
    assert (added.cleaning.account()["difference"] == 0).all()
    assert load_corpus(tmp_path / "documents/harbour")["harbour"].text == added.text, (
        "it is a corpus of its own"
    )


def test_bytes_do_as_well_as_a_path_or_a_text(tmp_path):
    assert (
        add(tmp_path, TEXT.encode(), title="Bytes", name="rules.txt").text
        == add(tmp_path / "b", TEXT).text
    )
    (tmp_path / "rules.txt").write_text(TEXT, encoding="utf-8")
    assert add(tmp_path / "c", str(tmp_path / "rules.txt")).text == add(tmp_path / "d", TEXT).text


def test_the_two_documents_stay_as_they_are_and_come_first(tmp_path):
    before = {document.id: document.sentences.to_csv() for document in load_corpus().documents}
    for number, title in enumerate(["Zebra", "Apple", "Ape"]):
        add(tmp_path, f"{TEXT}\nNo. {number} etc. Prof. X went.\n", title=title)
    assert list(load_corpus()) == ["kctu", "gftuk"]
    mine = my_corpus(folder=tmp_path)
    assert list(mine) == ["kctu", "gftuk", "zebra", "apple", "ape"], (
        "own documents in the order of adding"
    )
    assert {id: mine[id].sentences.to_csv() for id in before} == before
    assert list(my_corpus("ape", "kctu", folder=tmp_path)) == ["ape", "kctu"]
    with trouble("'bear'", "ape"):
        my_corpus("bear", folder=tmp_path)


def test_an_own_document_has_the_same_sentences_whatever_else_is_there(tmp_path):
    alone = add(
        tmp_path / "alone",
        "See the Xyz. Report of the Xyz. office. It says Xyz. clearly.\n\nThe end of it all.",
    ).sentences
    add(
        tmp_path / "with",
        "Xyz. is short for something. Xyz. is, too.\n\nXyz. and more of it.",
        title="Other",
    )
    beside = add(
        tmp_path / "with",
        "See the Xyz. Report of the Xyz. office. It says Xyz. clearly.\n\nThe end of it all.",
    ).sentences
    assert alone.equals(beside)


def test_my_document_is_the_last_one_added_or_the_practice_text(tmp_path):
    assert my_document(tmp_path).id == practice_document().id == "lamplighters_aims"
    add(tmp_path)
    assert my_document(tmp_path).id == "rules"


def test_the_practice_text_is_labelled_as_invented_and_has_the_id_that_adding_it_gives(tmp_path):
    practice = practice_document()
    assert (
        "Invented" in practice.about["author"]
        and "Invented for practice" in practice.raw
        and "Evidence about no union" in practice.about["source"]
    )
    added = add(tmp_path, PRACTICE / "lamplighters.txt", title=practice.title)
    assert (added.id, added.sentences.to_csv()) == (practice.id, practice.sentences.to_csv())


def test_steps_that_are_left_out_stay_left_out(tmp_path):
    added = add(tmp_path, off=["page-furniture"])
    assert "Log in" in added.text
    again = change_document("rules", off=[], folder=tmp_path)
    assert "Log in" not in again.text
    assert my_corpus(folder=tmp_path)["rules"].text == again.text
    with trouble("no cleaning step"):
        change_document("rules", off=["wash"], folder=tmp_path)
    with trouble("no cleaning step"):
        add(tmp_path, "Another text.\nOf two lines.", off=["wash"])


TITLED = "OUR RULES\n\nBy Ann Moss\n\n4 May 1912\n\nWe will stand together, all of us.\n"


def test_the_body_is_proposed_or_declared_and_stays(tmp_path):
    proposed = add(tmp_path, TITLED)
    assert proposed.text == "We will stand together, all of us."
    assert any("as the program proposed" in note for note in proposed.notes)
    assert "as the program proposed" in proposed.about["how_obtained"]
    declared = add(tmp_path, TITLED + " ", title="Declared", body=(3, 7))
    assert declared.text.startswith("By Ann Moss") and declared.cleaning.body == (3, 7)
    assert not any("proposed" in note for note in declared.notes)
    changed = change_document("declared", body=(1, 7), folder=tmp_path)
    assert changed.text.startswith("OUR RULES")
    taken = change_document("declared", take=[3], folder=tmp_path)
    assert "Ann Moss" not in taken.text and taken.cleaning.take == (3,)
    before = everything(tmp_path)
    for wrong in ((0, 2), (5, 3), (1, 99)):
        with trouble("body"):
            change_document("declared", body=wrong, folder=tmp_path)
    assert everything(tmp_path) == before


def test_what_a_file_says_of_itself_is_offered_and_kept(tmp_path):
    added = add(tmp_path, FIXTURES / "word.docx", title="Harbour")
    assert added.found["title"] == "Our harbour" and added.found["author"] == "Nobody"
    assert any("Comments left out: 1" in note for note in added.notes)
    own._opened.cache_clear()
    again = my_corpus(folder=tmp_path)["harbour"]
    assert (again.notes, again.found, again.text) == (added.notes, added.found, added.text)
    assert again.cleaning.blocks


def test_misprints_are_corrected_in_the_open(tmp_path):
    add(tmp_path)
    corrected = correct_document(
        "rules", 3, "togehter", "together", "two letters changed places", folder=tmp_path
    )
    assert "stand together." in corrected.text and "togehter" in corrected.raw
    assert corrected.cleaning.edits("corrections")["reason"].to_list() == [
        "two letters changed places"
    ]
    correct_document("rules", 8, "alone", "it alone", "a word is missing", folder=tmp_path)
    assert my_corpus(folder=tmp_path)["rules"].text.endswith("Nobody goes it alone.")
    before = everything(tmp_path)
    with trouble("does not fit"):
        correct_document("rules", 1, "togehter", "together", "wrong line", folder=tmp_path)
    assert everything(tmp_path) == before
    assert change_document(
        "rules", corrections=[Correction(8, "alone", "away", "why not")], folder=tmp_path
    ).text.endswith("goes away.")


def test_what_is_known_can_be_said_anew(tmp_path):
    add(tmp_path)
    changed = change_document("rules", author="A. Smith", title="Our Old Rules", folder=tmp_path)
    assert (changed.id, changed.about["author"], changed.title, changed.about["date"]) == (
        "rules",
        "A. Smith",
        "Our Old Rules",
        "1912",
    )
    for id in ("kctu", "nobody", "../x", ""):
        with trouble("of your own"):
            change_document(id, author="Me", folder=tmp_path)


def test_a_document_is_removed_with_its_original(tmp_path):
    add(tmp_path)
    assert "rules is removed" in remove_document("rules", folder=tmp_path)
    assert everything(tmp_path) == {} and list(my_corpus(folder=tmp_path)) == ["kctu", "gftuk"]
    with trouble("of your own", "none"):
        remove_document("kctu", folder=tmp_path)
    assert add(tmp_path).id == "rules", (
        "the id is free again, so that what was tagged is found again"
    )


def test_the_same_text_is_not_added_twice(tmp_path):
    add(tmp_path)
    with trouble("here already", "rules"):
        add(tmp_path, title="Another title")


@pytest.mark.parametrize("missing", ["author", "date", "source", "rights", "title"])
def test_what_must_be_said_must_be_said(tmp_path, missing):
    about = {"title": "Our Rules", **KNOWN, missing: "  \n"}
    with trouble("missing", f"({missing})", "not known"):
        add_document(TEXT, folder=tmp_path, **about)
    assert everything(tmp_path) == {}


def test_other_trouble_is_said_and_nothing_is_kept(tmp_path, monkeypatch):
    with trouble("no field", "colour"):
        add(tmp_path, colour="red")
    with trouble("1,001 characters"):
        add(tmp_path, genre="x" * 1_001)
    with trouble("no file", "letter.txt"):
        add(tmp_path, "letter.txt")
    with trouble("damaged"):
        add(tmp_path, FIXTURES / "cut.pdf")
    with trouble("Nothing of this text is left"):
        add(tmp_path, "Log in\n\nPage 4 of 9\n\nLog out\n")
    with open(tmp_path / "huge.txt", "wb") as file:
        file.truncate(300_000_000)
    with trouble("larger than 20 MB"):
        add(tmp_path, tmp_path / "huge.txt")
    (tmp_path / "huge.txt").unlink()
    monkeypatch.setattr(own, "MOST_BYTES", 100)
    with trouble("your documents would have more"):
        add(tmp_path)
    assert everything(tmp_path) == {}


# --- ids and manifests


@given(st.text(min_size=1, max_size=60))
def test_every_title_gives_an_id_that_is_safe(title):
    stem = own._stem(title)
    assert re.fullmatch(r"[a-z][a-z0-9_]{0,19}", stem)
    assert not own.TAKEN.fullmatch(stem)


def test_ids_are_unique_and_never_those_of_the_corpus(tmp_path):
    assert all(own.TAKEN.fullmatch(id) for id in load_corpus())
    ids = [
        add(tmp_path, f"{TEXT}\nNumber {number}.\n", title=title).id
        for number, title in enumerate(
            ["KCTU", "kctu!", "노조", "노조", "con", "Practice", "x" * 50, "x" * 50, "x" * 50]
        )
    ]
    assert ids == [
        "text_kctu",
        "text_kctu_2",
        "text",
        "text_2",
        "text_con",
        "text_practice",
        "x" * 20,
        "x" * 18 + "_2",
        "x" * 18 + "_3",
    ]


NASTY = [
    '"',
    '"""',
    "\\",
    "\\u0000",
    "]]\n[[documents]]\nid = 'evil'",
    "\x7f",
    "\x00",
    "\ud800",
    "\u202e",
    "노조",
    "a = 1 # b",
    "{}",
    "'",
    "é\u0301",
]


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(["genre", "place", "content_note", "speaker"]),
        st.sampled_from(NASTY) | st.text(max_size=40),
    )
)
def test_whatever_is_said_about_a_document_comes_back_as_it_was_said(about):
    known = own._known({"title": "T", **KNOWN, **about})
    entry = {
        "id": "x",
        **known,
        "off": [],
        "corrections": [
            {"line": 1, "wrong": value, "right": "", "reason": value} for value in known.values()
        ],
    }
    back = tomllib.loads(own.manifest(entry).decode("utf-8"))["documents"]
    assert len(back) == 1
    assert all(
        back[0][field] == said.encode("utf-8", "replace").decode() for field, said in known.items()
    )
    for field, said in about.items():
        assert known.get(field, "") == " ".join(
            "".join(each if each.isprintable() else " " for each in said).split()
        )


def test_the_fields_of_the_form_are_those_of_the_corpus():
    assert [field["name"] for field in own.fields()] == list(FIELDS)
    for field in own.fields():
        assert field["label"] and field["help"].endswith((".", "?"))
    assert [field["name"] for field in own.fields() if field.get("needed")] == [
        "title",
        "author",
        "date",
        "source",
        "rights",
    ]


# --- the disk


@pytest.mark.parametrize(
    ("number", "words"),
    [(28, "disk is full"), (30, "may be written"), (13, "may be written"), (5, "not saved")],
)
@pytest.mark.parametrize("where", ["os.fsync", "tempfile.mkdtemp", "Path.rename", "Path.replace"])
def test_a_disk_that_takes_nothing_is_told_and_nothing_half_written_stays(
    tmp_path, monkeypatch, number, words, where
):
    add(tmp_path)
    before = everything(tmp_path)

    def refuse(*_, **__):
        raise OSError(number, "Trouble")

    part, name = where.split(".")
    monkeypatch.setattr({"os": own.os, "tempfile": own.tempfile, "Path": Path}[part], name, refuse)
    if where != "Path.replace":
        with trouble(words, "my" if tmp_path.name == "my-work" else tmp_path.name):
            add(tmp_path, "Another text.\n\nOf two paragraphs.\n", title="Other")
    if where in ("Path.replace", "os.fsync"):
        with trouble("could not be written"):
            change_document("rules", author="Me", folder=tmp_path)
    if where == "Path.rename":
        with trouble(words):
            remove_document("rules", folder=tmp_path)
    monkeypatch.undo()
    assert {
        name: data for name, data in everything(tmp_path).items() if "/.documents.toml" not in name
    } == before
    assert list(my_corpus(folder=tmp_path)) == ["kctu", "gftuk", "rules"]


@pytest.mark.parametrize("change", ["raw", "manifest", "no raw"])
def test_a_document_that_was_damaged_on_the_disk_is_told_and_can_be_removed(tmp_path, change):
    add(tmp_path)
    place = tmp_path / "documents" / "rules"
    if change == "no raw":
        (place / "raw.txt").unlink()
    elif change == "raw":
        (place / "raw.txt").write_text("something else", encoding="utf-8")
    else:
        (place / "documents.toml").write_text("x = " + "[" * 5_000, encoding="utf-8")
    own._opened.cache_clear()
    with trouble("rules", "changed or damaged", "remove_document"):
        my_corpus(folder=tmp_path)
    remove_document("rules", folder=tmp_path)
    assert list(my_corpus(folder=tmp_path)) == ["kctu", "gftuk"]


def test_two_kernels_that_add_the_same_title_at_once_get_two_ids(tmp_path):
    found, gate = [], threading.Barrier(6)

    def worker(number: int) -> None:
        gate.wait()
        found.append(add(tmp_path, f"{TEXT}\nNumber {number}.\n").id)

    threads = [threading.Thread(target=worker, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["rules", *(f"rules_{number}" for number in range(2, 7))]
    assert len(my_corpus(folder=tmp_path)) == 8


WORKER = """
import os, sys, time
from helpers.corpus.library import add_document
real = os.fsync
# A slow disk, so that a kill comes while it writes.
os.fsync = lambda handle: (time.sleep(0.02), real(handle))
known = dict(author="A", date="1", source="s", rights="r")
for number in range(1000):
    text = f"We will stand together, number {number} of {sys.argv[2]}.\\n\\nThe union acts."
    added = add_document(text, title=f"Kill {sys.argv[2]} {number}", folder=sys.argv[1], **known)
    print(added.id, flush=True)
"""


@pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"),
    reason="kernels are killed by a signal that this system does not have",
)
def test_a_kernel_that_is_killed_leaves_documents_whole_or_not_at_all(tmp_path, record_property):
    chance, confirmed, halves = random.Random(1995), [], 0
    for number in range(8):
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, tmp_path, str(number)],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        confirmed.append(worker.stdout.readline().strip())
        time.sleep(chance.uniform(0, 0.6))
        worker.kill()
        confirmed += worker.communicate()[0].split()
        found = sorted(
            path for path in (tmp_path / "documents").glob("*") if not path.name.startswith(".")
        )
        halves = len(list((tmp_path / "documents").glob(".half-*")))
        for path in found:
            assert {each.name for each in path.iterdir()} == {
                "documents.toml",
                "raw.txt",
                "original.txt",
            }
            entry = tomllib.loads((path / "documents.toml").read_text(encoding="utf-8"))[
                "documents"
            ][0]
            assert hashlib.sha256((path / "raw.txt").read_bytes()).hexdigest() == entry["sha256"]
            assert (
                hashlib.sha256((path / "original.txt").read_bytes()).hexdigest()
                == entry["original_sha256"]
            )
        assert set(confirmed) <= {path.name for path in found}, "what was confirmed is there"
    record_property("kills", f"8 kills, {len(confirmed)} documents confirmed, {halves} halves seen")
    print(f"{len(confirmed)} documents confirmed, {halves} halves seen")
    assert len(confirmed) > 8 and halves > 0, "no kill came while something was being written"


# --- in and out of work files


def test_documents_are_packed_and_unpacked_whole(tmp_path):
    added = [
        add(tmp_path / "here"),
        add(tmp_path / "here", FIXTURES / "word.docx", title="Harbour", off=["quotes"]),
    ]
    correct_document("rules", 3, "togehter", "together", "misprint", folder=tmp_path / "here")
    parts = pack_documents(tmp_path / "here")
    assert len(parts) == 6
    assert "came in: 2" in unpack_documents(parts, tmp_path / "there")
    assert everything(tmp_path / "there") == everything(tmp_path / "here")
    assert list(my_corpus(folder=tmp_path / "there")) == [
        "kctu",
        "gftuk",
        *(document.id for document in added),
    ]
    assert "here already: 2" in unpack_documents(parts, tmp_path / "there")
    assert everything(tmp_path / "there") == everything(tmp_path / "here")
    assert unpack_documents({}, tmp_path / "there") == ""


def test_another_text_of_the_same_id_is_left_out_and_told(tmp_path):
    add(tmp_path / "here")
    add(tmp_path / "there", "Other rules.\n\nOf another union.")
    before = everything(tmp_path / "there")
    told = unpack_documents(pack_documents(tmp_path / "here"), tmp_path / "there")
    assert "came in: 0" in told and "Left out" in told and "rules" in told
    assert everything(tmp_path / "there") == before


@pytest.mark.parametrize(
    "hurt", ["raw", "original", "manifest", "id", "out", "alien", "missing", "kctu"]
)
def test_a_damaged_document_brings_nothing_in(tmp_path, hurt):
    add(tmp_path / "here", FIXTURES / "word.docx", title="A")
    add(tmp_path / "here")
    parts = pack_documents(tmp_path / "here")
    manifest = parts["documents/rules/documents.toml"]
    parts |= {
        "raw": {"documents/rules/raw.txt": b"something else"},
        "original": {"documents/rules/original.txt": b"something else"},
        "manifest": {"documents/rules/documents.toml": b"x = " + b"[" * 5_000},
        "alien": {"documents/rules/evil.py": b"x"},
        "id": {
            "documents/rules/documents.toml": manifest.replace(b'id = "rules"', b'id = "other"')
        },
        "out": {
            "documents/rules/documents.toml": manifest.replace(
                b'file = "raw.txt"', b'file = "../../../../etc/passwd"'
            )
        },
        "missing": {},
        "kctu": {},
    }[hurt]
    if hurt == "missing":
        del parts["documents/rules/raw.txt"]
    if hurt == "kctu":
        parts = {
            name.replace("rules", "kctu"): content.replace(b'"rules"', b'"kctu"')
            for name, content in parts.items()
        }
    with trouble("work file"):
        unpack_documents(parts, tmp_path / "there")
    assert everything(tmp_path / "there") == {}


@pytest.mark.parametrize(
    "name",
    [
        "../x/raw.txt",
        "documents/../../x/raw.txt",
        "documents/X/raw.txt",
        "documents/x/../raw.txt",
        "documents/x/raw.txt/y",
    ],
)
def test_a_part_that_leads_out_of_its_place_is_refused(tmp_path, name):
    with trouble("part that no lesson wrote"):
        unpack_documents({name: b"x"}, tmp_path)
    assert everything(tmp_path) == {}


def test_the_corpus_folder_is_never_written_to(tmp_path):
    before = {path: path.stat().st_mtime_ns for path in CORPUS_FOLDER.rglob("*")}
    add(tmp_path)
    remove_document("rules", folder=tmp_path)
    assert {path: path.stat().st_mtime_ns for path in CORPUS_FOLDER.rglob("*")} == before


def test_a_text_that_cannot_be_cleaned_in_time_is_refused_before_anything_is_kept(
    tmp_path, monkeypatch
):
    def slow(*_, **__):
        raise TimeoutError

    monkeypatch.setattr(own, "clean", slow)
    with trouble("reasonable time"):
        add(tmp_path)
    assert everything(tmp_path) == {}


def test_errors_are_of_one_kind(tmp_path):
    with pytest.raises(UnionError):
        add(tmp_path, tmp_path)


def test_correcting_the_practice_text_makes_it_one_s_own(tmp_path):
    practice = practice_document()
    line = next(
        number for number, text in enumerate(practice.raw.split("\n"), 1) if "comittee" in text
    )
    mine = correct_document(
        practice.id, line, "comittee", "committee", "a letter left out", folder=tmp_path
    )
    assert (
        mine.id == practice.id
        and "comittee" not in mine.text
        and mine.about["author"] == practice.about["author"]
    )
    assert my_document(tmp_path).text == mine.text
    assert (
        change_document(practice.id, place="Nowhere", folder=tmp_path).about["place"] == "Nowhere"
    )
