"""Leaving with the data: what is written keeps to the standard, and others find all of it."""

import csv
import dataclasses
import errno
import os
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from sentence import trouble

from helpers import export_codings, load_codebook, load_codings
from helpers.coding.codings import as_codings, coding_annotations
from helpers.coding.export import write_codebook, write_project
from helpers.coding.journal import Journal
from helpers.corpus.cleaning import STEPS, clean
from helpers.corpus.documents import FIELDS, Document

BOOK = load_codebook()
SCHEMAS = Path(__file__).resolve().parents[3] / "shared" / "refi"
needs_schemas = pytest.mark.skipif(
    not SCHEMAS.is_dir(), reason="the schemas of REFI-QDA are not beside this repository"
)
P = "{urn:QDA-XML:project:1.0}"
NASTY = "\ufeffWe will act.\r\n\r\nThe 노조 👩‍🏭 cafe\u0301; half \ud83d of it.\rNo! “Yes.” We act."
MEMO = "=1+1 <b>&amp;]]></b>\n\t“노조” 👩‍🏭 a\u0301 \u2028\x85 \x07"


def own(text: str) -> Document:
    """A document whose text nothing was done to."""
    about = dict.fromkeys(FIELDS, "own") | {"title": "Text / own <&>\x00"}
    return Document("own", about, clean(text, off=[step.name for step in STEPS]))


def row(sentence="kctu-001", codes="voice", **more):
    return {"coder": "Ann", "sentence": sentence, "codes": codes, **more}


def inside(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def found_in(path: Path) -> list[tuple[str, str, str]]:
    """Coder, words and code of each coding, by QualCoder's way of reading as it stood in 2026."""
    members = inside(path)
    root = etree.fromstring(members["project.qde"])
    assert "ATLAS" not in root.get("origin")  # it asks, and breaks off where nothing is said
    users = {user.get("guid"): user.get("name") for user in root.find(f"{P}Users")}
    codes, found = {}, []
    for group in root.find(f"{P}CodeBook")[0]:  # the first child must be Codes
        assert group.get("isCodable") == "false"  # a category
        for code in group.findall(f"{P}Code"):
            assert code.get("name") not in codes.values()  # else all its codings would be lost
            codes[code.get("guid")] = code.get("name")
    for source in root.find(f"{P}Sources"):
        name = "sources" + source.get("plainTextPath").split("internal:/")[1]
        text = members[name].decode("utf-8")
        for selection in source.findall(f"{P}PlainTextSelection"):
            words = text[int(selection.get("startPosition")) : int(selection.get("endPosition"))]
            for coding in selection.findall(f"{P}Coding"):
                who = users[selection.get("creatingUser")]
                found.append((who, words, codes[coding[0].get("targetGUID")]))
    assert all(note.get("creationDateTime") for note in root.iterfind(f"{P}Notes/{P}Note"))
    return found


@pytest.fixture
def full(tmp_path, corpus) -> Path:
    """A project with two coders, memos, an unsure coding and one of an older codebook."""
    time = "2026-11-22T07:00:00.123+00:00"
    rows = [
        row(codes="voice rights", doer="union", memo=MEMO, time=time, unsure="yes"),
        row("gftuk-003", "none", doer="na", time="last week", scheme="union-roles 0.9"),
        row("kctu-002", "organise party", memo="x" * 9_999, time="2026-11-22T07:00:00Z"),
        row(codes="rights voice", coder="Min-ji 노조 <&>", doer="party", memo="rule 10"),
    ]
    return write_project(as_codings(rows), tmp_path / "full.qdpx", corpus.documents, BOOK)


@needs_schemas
def test_files_keep_to_the_schemas(full, tmp_path, corpus):
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "Project.xsd"))
    schema.assertValid(etree.fromstring(inside(full)["project.qde"]))
    export_codings(["reference", "coder-1", "coder-2"], tmp_path / "three.qdpx")
    schema.assertValid(etree.fromstring(inside(tmp_path / "three.qdpx")["project.qde"]))
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "Codebook.xsd"))
    schema.assertValid(etree.parse(write_codebook(BOOK, tmp_path / "roles.qdc")))
    bare = dataclasses.replace(BOOK, rules=(), maps={})
    schema.assertValid(etree.parse(write_codebook(bare, tmp_path / "roles.qdc")))


def test_another_program_finds_all_of_it(full, corpus):
    first, second = corpus["kctu"].sentences["text"][:2]
    third = corpus["gftuk"].sentences.at["gftuk-003", "text"]
    assert found_in(full) == [
        *[("Ann", first, code) for code in ("voice", "rights", "doer: union")],
        *[("Ann", second, code) for code in ("organise", "party")],
        *[("Min-ji 노조 <&>", first, code) for code in ("rights", "voice", "doer: party")],
        *[("Ann", third, code) for code in ("none", "doer: na")],
    ]
    root = etree.fromstring(inside(full)["project.qde"])
    memos = [note.text for note in root.iterfind(f"{P}Notes/{P}Note/{P}PlainTextContent")]
    assert sorted(memos) == sorted([MEMO.replace("\x07", "\ufffd"), "x" * 9_999, "rule 10"])
    described = root.find(f".//{P}PlainTextSelection/{P}Description").text
    assert described.startswith("=1+1 <b>") and described.endswith("union-roles 1.0\nunsure")
    guids = [each.get("guid") for each in root.iter() if each.get("guid")]
    assert len(set(guids)) == len(guids)
    assert {each.get("targetGUID") for each in root.iter() if each.get("targetGUID")} <= {*guids}


def test_the_reference_is_whole_and_the_same_codings_make_the_same_file(tmp_path, corpus):
    one, two = (tmp_path / "a" / "three.qdpx", tmp_path / "b" / "three.qdpx")
    for path in (one, two):
        export_codings(["reference", "coder-1"], path)
    assert one.read_bytes() == two.read_bytes()
    tables = pd.concat([load_codings("reference"), load_codings("coder-1")])
    texts = pd.concat([document.sentences["text"] for document in corpus.documents])
    wanted = [
        (each.coder, texts[each.sentence], code)
        for each in tables.itertuples()
        for code in [*each.codes, *[f"doer: {each.doer}"] * bool(each.doer)]
    ]
    assert sorted(found_in(one)) == sorted(wanted)


@settings(max_examples=30)
@given(st.text(st.characters(exclude_categories=()), max_size=40), st.text(max_size=9))
def test_positions_hold_in_any_text_and_nothing_breaks_the_file(tmp_path_factory, text, memo):
    document = own(f"{NASTY} {text}")
    rows = [row(id, memo=memo, coder=memo or "x") for id in document.sentences.index]
    path = tmp_path_factory.mktemp("any") / "any.qdpx"
    write_project(as_codings(rows), path, [document], BOOK)
    words = [words for _, words, _ in found_in(path)]
    odd = str.maketrans({"\r": "\n", "\ufeff": "\ufffd", "\ud83d": "\ufffd"})
    for said, wanted in zip(words, document.sentences["text"], strict=True):
        assert len(said) == len(wanted)
        assert text or said == wanted.translate(odd)


def test_codings_that_do_not_fit_are_not_written(tmp_path, corpus):
    for wrong, words in (
        (row("kctu-999"), ["kctu-999"]),
        (row("own-001"), ["own-001"]),
        (row(codes=("pay",)), ["'pay'"]),
        (row(codes=("voice",), doer="boss"), ["'boss'"]),
    ):
        table = load_codings("reference").iloc[:1].assign(**{"doer": "", **wrong, "codes": None})
        table["codes"] = [("voice",) if wrong["codes"] == "voice" else wrong["codes"]]
        with trouble(*words):
            export_codings(table, tmp_path / "c.qdpx", corpus)
        assert not (tmp_path / "c.qdpx").exists()


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    def fail(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    for ending in ("csv", "qdpx", "qdc"):
        path = tmp_path / f"c.{ending}"
        path.write_text("old")
        with trouble(path.name):
            export_codings("reference", path)
        assert path.read_text() == "old"
    assert len([*tmp_path.iterdir()]) == 3


# --- codebooks of other programs ------------------------------------------------------------------


def test_our_codebook_comes_back_but_for_what_the_standard_has_no_place_for(tmp_path):
    book = load_codebook(write_codebook(BOOK, tmp_path / "union-roles.qdc"))
    again = {code: dataclasses.replace(book[code], key="", near_miss_code="") for code in book}
    ours = {code: dataclasses.replace(BOOK[code], key="", near_miss_code="") for code in BOOK}
    del again["none"], ours["none"]
    assert again == ours and book.doers == BOOK.doers and book.edition == "union-roles 1"


TAGUETTE = (
    "tag,description,number of highlights,number of documents\r\n"
    'interesting,Further review,3,1\r\npeople.남,"says ""no"",\r\nand more",0,0\r\n'
    "=1+1 & <b>,,0,0\r\nPeople.남,again,0,0\r\n"
)
TAGUETTE_QDC = (
    '<?xml version="1.0" encoding="utf-8"?>\n<CodeBook xmlns="urn:QDA-XML:codebook:1.0" '
    'origin="Taguette 1.5.2"><Codes>'
    '<Code guid="0D62985D-B147-5D01-A9B5-CAE5DCD98342" name="interesting" isCodable="true"/>'
    '<Code guid="46596197-6A8A-550C-89D0-AC2DA000F03A" name="people.남" isCodable="true"/>'
    "</Codes><Sets/></CodeBook>"
)


def test_the_tags_of_taguette_become_a_codebook(tmp_path, corpus):
    (tmp_path / "My tags.csv").write_bytes(TAGUETTE.encode())
    book = load_codebook(tmp_path / "My tags.csv")
    assert list(book) == ["interesting", "people-남", "1-1-b", "people-남-3", "none"]
    assert book.edition == "my-tags 1" and list(book.doers) == list(BOOK.doers)
    assert book["people-남"].definition == 'says "no",\r\nand more'
    assert (book["1-1-b"].label, book["1-1-b"].definition) == ("=1+1 & <b>", "not said")
    keys = [entry.key for entry in [*book.codes.values(), *book.doers.values()]]
    assert len(set(keys)) == len(keys)
    assert book.check_codes("interesting people-남", "union")
    table = as_codings([row(codes="people-남 interesting", doer="members")], book)
    export_codings(table, tmp_path / "c.qdpx", corpus, book)
    assert [code for *_, code in found_in(tmp_path / "c.qdpx")][:2] == ["people-남", "interesting"]
    (tmp_path / "tags.qdc").write_text(TAGUETTE_QDC, encoding="utf-8")
    assert list(load_codebook(tmp_path / "tags.qdc")) == ["interesting", "people-남", "none"]


def test_codes_in_groups_of_groups(tmp_path):
    inner = (
        '<Code guid="c" name="Pay, hours" isCodable="true" color="#abcdef">'
        '<Description>about pay</Description></Code><Code guid="d" name="None" isCodable="true"/>'
    )
    groups = (
        '<Code guid="a" name="Group" isCodable="false">'
        f'<Code guid="b" name="Sub" isCodable="true">{inner}</Code></Code>'
    )
    head = '<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="MAXQDA">'
    (tmp_path / "theirs.qdc").write_text(f"{head}<Codes>{groups}</Codes></CodeBook>")
    book = load_codebook(tmp_path / "theirs.qdc")
    assert list(book) == ["sub", "pay-hours", "none"]
    pay = book["pay-hours"]
    assert (pay.colour, pay.definition, pay.label) == ("#abcdef", "about pay", "Pay, hours")


ENTITIES = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 30))
BOMB = f'<!DOCTYPE x [<!ENTITY a0 "a">{ENTITIES}]><CodeBook><Codes>&a29;</Codes></CodeBook>'


def test_what_is_no_codebook_is_refused_in_one_sentence(tmp_path):
    many = "tag\n" + "\n".join(f"tag {number}" for number in range(60))
    tags = ["", "description\na\n", "tag,description\n", "tag,description\n ,a\n", 'tag\n"a', many]
    for text in [*tags, b"tag\n\xff\n"]:
        path = tmp_path / "tags.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with trouble("tags.csv"):
            load_codebook(path)
    for text in ("", "x", "<a>", "<CodeBook/>", "\x00", BOMB):
        path = tmp_path / "codes.qdc"
        path.write_text(text)
        with trouble("codes.qdc"):
            load_codebook(path)


# --- one's own codings ----------------------------------------------------------------------------


@pytest.fixture
def mine(journal, monkeypatch, corpus) -> Journal:
    journal.append("learner", name="Min-ji")
    coding_annotations(corpus["kctu"], BOOK, journal).set("kctu-002", codes=["care"], memo="=1+1")
    monkeypatch.setattr("helpers.coding.journal.WORK_FOLDER", journal.folder)
    return journal


def test_my_codings_leave_under_my_name_and_no_cell_is_a_formula(mine, tmp_path):
    for name in ("c.csv", "c.CSV", "c.qdpx", "c.QDPX"):
        said = export_codings("me", tmp_path / name)
        assert said.startswith(f"Saved 1 codings in {name}, ") and "download it" in said
    assert [who for who, *_ in found_in(tmp_path / "c.qdpx")] == ["Min-ji"]
    content = (tmp_path / "c.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfcoder,sentence")
    (line,) = csv.DictReader(content.decode("utf-8-sig").splitlines())
    assert (line["coder"], line["memo"]) == ("Min-ji", "'=1+1")
    back = load_codings(tmp_path / "c.csv")
    assert back[["coder", "sentence", "memo"]].values.tolist() == [["Min-ji", "kctu-002", "=1+1"]]


def test_what_cannot_be_exported(tmp_path, monkeypatch):
    monkeypatch.setattr("helpers.coding.journal.WORK_FOLDER", tmp_path / "my-work")
    for name in ("codings", "codings.xlsx", "codings.jsonld"):
        with trouble(".qdpx"):
            export_codings("reference", tmp_path / name)
    with trouble("nothing to export"):
        export_codings("me", tmp_path / "c.csv")
    assert not any(tmp_path.iterdir())
