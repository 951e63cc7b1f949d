"""Leaving with the data: what is written keeps to the standards and comes back as it was; what is hostile does not come in."""

from __future__ import annotations

import csv
import dataclasses
import errno
import io
import json
import os
import re
import shutil
import time
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from documents import nasty
from helpers.coding.codebook_files import write_codebook
from helpers.coding.projects import read_project, write_project
from helpers.coding.refi_xml import held
from helpers.coding.spans import plain, sources
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from sentence import trouble

from helpers import export_codings, load_codebook, load_codings
from helpers.coding.annotations import write_annotations
from helpers.coding.codings import COLUMNS, as_codings, coding_annotations
from helpers.coding.journal import Journal
from helpers.corpus.cleaning import STEPS, clean
from helpers.corpus.documents import FIELDS, Document

BOOK = load_codebook()
SCHEMAS = Path(__file__).resolve().parents[3] / "shared" / "refi"
needs_schemas = pytest.mark.skipif(
    not SCHEMAS.is_dir(), reason="the schemas of REFI-QDA are not beside this repository"
)
P, C = "{urn:QDA-XML:project:1.0}", "{urn:QDA-XML:codebook:1.0}"
NASTY = "\ufeffWe will act.\r\n\r\nThe 노조 👩‍🏭 cafe\u0301 acts; half \ud83d of it.\rNo! \U0001f468\u200d\U0001f33e “Yes.” We will act.\r\n"
MEMO = "=1+1 <b>&amp;]]></b>\r\n\t“노조” 👩‍🏭 a\u0301 \u2028\x85\n\n"


def exported(who, path: Path, *more) -> Path:
    assert path.name in export_codings(who, path, *more)
    return path


def own(text: str, id: str = "own") -> Document:
    """A document whose text nothing was done to."""
    return Document(
        id,
        dict.fromkeys(FIELDS, "own") | {"title": f"Text / {id} <&>"},
        clean(text, off=[step.name for step in STEPS]),
    )


def row(sentence="kctu-001", codes="voice", **more):
    return {"coder": "Ann", "sentence": sentence, "codes": codes, **more}


def ordered(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values(["coder", "sentence"], ignore_index=True)


def inside(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def project(path: Path):
    return etree.fromstring(inside(path)["project.qde"])


def packed(path: Path, members: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def full(tmp_path, corpus) -> Path:
    """A project with two coders, memos, an unsure coding and one of an older codebook."""
    rows = [
        row(
            "kctu-001",
            "voice rights",
            doer="union",
            memo=MEMO,
            time="2026-11-22T07:00:00.123+00:00",
            unsure="yes",
        ),
        row("gftuk-003", "none", doer="na", memo="", time="last week", scheme="union-roles 0.9"),
        row(
            "kctu-002", "organise solidarity party", memo="x" * 100_000, time="2026-11-22T07:00:00Z"
        ),
        row("kctu-001", "rights voice", coder="Min-ji 노조 <&>", doer="party", memo="rule 10"),
    ]
    return write_project(as_codings(rows), tmp_path / "full.qdpx", corpus)


# --- projects: what is in them ----------------------------------------------------------------------------------------


@needs_schemas
def test_a_project_keeps_to_the_schema(full, tmp_path, corpus):
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "Project.xsd"))
    schema.assertValid(project(full))
    schema.assertValid(
        project(exported(["reference", "coder-1", "coder-2"], tmp_path / "three.qdpx"))
    )
    schema.assertValid(project(write_project(as_codings([]), tmp_path / "none.qdpx", corpus)))
    broken = project(full)
    broken.find(f"{P}Users").clear()
    assert not schema.validate(broken)


def test_positions_are_code_points_and_stand_in_the_text_of_the_project(full, corpus):
    members, found = inside(full), []
    for source in project(full).iter(f"{P}TextSource"):
        text = members[source.get("plainTextPath").replace("internal://", "sources/")].decode(
            "utf-8"
        )
        assert "\r" not in text and not text.startswith("\ufeff")
        for selection in source.iter(f"{P}PlainTextSelection"):
            start, end = int(selection.get("startPosition")), int(selection.get("endPosition"))
            assert (
                text[start:end]
                == corpus[selection.get("name")[:-4]].sentences.at[selection.get("name"), "text"]
            )
            found.append((selection.get("name"), selection.get("creatingUser")))
    assert len(found) == len(set(found)) == 4


def test_every_id_that_is_referred_to_is_there_and_none_is_there_twice(full):
    root = project(full)
    ids = [each.get("guid") for each in root.iter() if each.get("guid")]
    assert len(ids) == len(set(ids)) > 40
    said = [
        each.get(name)
        for each in root.iter()
        for name in ("targetGUID", "creatingUser")
        if each.get(name)
    ]
    assert said and set(said) <= set(ids)


def test_the_main_code_is_first_and_the_doer_a_code_of_its_own(full):
    root = project(full)
    names = {code.get("guid"): code.get("name") for code in root.iter(f"{P}Code")}
    groups = {
        group.get("name"): [code.get("name") for code in group]
        for group in root.find(f".//{P}Codes")
    }
    assert groups["union-roles"][1:] == list(BOOK) and groups["doer"][1:] == [
        f"doer: {doer}" for doer in BOOK.doers
    ]
    assert len(set(names.values())) == len(names), "other programs want each name once"
    selection = next(root.iter(f"{P}PlainTextSelection"))
    assert [names[ref.get("targetGUID")] for ref in selection.iter(f"{P}CodeRef")] == [
        "voice",
        "rights",
        "doer: union",
    ]
    (note,) = [
        note
        for note in root.iter(f"{P}Note")
        if note.get("guid") == selection.find(f"{P}NoteRef").get("targetGUID")
    ]
    assert note.findtext(f"{P}PlainTextContent") == MEMO


def test_the_same_codings_make_the_same_file(full, tmp_path, corpus):
    again = write_project(read_project(full, corpus), tmp_path / "again.qdpx", corpus)
    assert inside(again).keys() == inside(full).keys()
    assert (
        inside(again)["project.qde"].replace(b'"again"', b'"full"') == inside(full)["project.qde"]
    )


def test_a_program_that_reads_as_qualcoder_does_finds_all_of_it(full, corpus):
    """By QualCoder's import as its source stood in 2026: what it looks up, in the order in which it does."""
    members = inside(full)
    root = ElementTree.fromstring(members["project.qde"])
    assert "ATLAS" not in root.get("origin")  # it asks, and breaks off where nothing is said
    users = {user.get("guid"): user.get("name") for user in root.find(f"{P}Users")}
    codes, found = {}, []
    for group in root.find(f"{P}CodeBook")[0]:  # the first child must be Codes
        assert group.get("isCodable") == "false"  # a category
        for code in (each for each in group if each.tag == f"{P}Code"):
            assert code.get("name") not in codes.values()  # else all its codings would be lost
            codes[code.get("guid")] = code.get("name")
    for source in root.find(f"{P}Sources"):
        data = members["sources" + source.get("plainTextPath").split("internal:/")[1]]
        text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8").read()
        for selection in source.findall(f"{P}PlainTextSelection"):
            words = text[int(selection.get("startPosition")) : int(selection.get("endPosition"))]
            for coding in selection.findall(f"{P}Coding"):
                found.append(
                    (
                        users[selection.get("creatingUser")],
                        words,
                        codes[coding[0].get("targetGUID")],
                    )
                )
    assert all(
        note.get("creationDateTime") for note in root.find(f"{P}Notes")
    )  # it breaks off at a note without
    first = corpus["kctu"].sentences.at["kctu-001", "text"]
    assert found[:3] == [
        ("Ann", first, "voice"),
        ("Ann", first, "rights"),
        ("Ann", first, "doer: union"),
    ]
    assert len(found) == 2 + 1 + 1 + 1 + 3 + 2 + 1


# --- projects: there and back ----------------------------------------------------------------------------------------


def test_our_own_project_comes_back_unchanged(full, corpus):
    table = read_project(full, corpus)
    assert tuple(table.columns) == COLUMNS
    first, again, other, older = (table.iloc[place] for place in range(4))
    assert first[["coder", "codes", "doer", "memo", "unsure"]].tolist() == [
        "Ann",
        ("voice", "rights"),
        "union",
        MEMO,
        "yes",
    ]
    assert (
        first["time"] == "2026-11-22T07:00:00.123+00:00" and again["time"] == "2026-11-22T07:00:00Z"
    )
    assert again["codes"] == ("organise", "solidarity", "party") and again["memo"] == "x" * 100_000
    assert other[["coder", "codes", "doer"]].tolist() == [
        "Min-ji 노조 <&>",
        ("rights", "voice"),
        "party",
    ]
    assert older[["sentence", "codes", "time", "scheme"]].tolist() == [
        "gftuk-003",
        ("none",),
        "last week",
        "union-roles 0.9",
    ]


def test_the_reference_and_both_coders_come_back_unchanged(tmp_path, corpus):
    path = exported(["reference", "coder-1", "coder-2"], tmp_path / "three.qdpx")
    want = pd.concat(
        [load_codings(who) for who in ("reference", "coder-1", "coder-2")], ignore_index=True
    )
    pd.testing.assert_frame_equal(ordered(load_codings(path)), ordered(want))


def test_odd_texts_come_back_and_positions_hold(tmp_path):
    document = own(NASTY)
    assert "\r" in document.text and document.text.startswith("\ufeff")
    table = as_codings([row(id) for id in document.sentences.index])
    path = write_project(table, tmp_path / "odd.qdpx", document)
    (text,) = [
        content.decode("utf-8") for name, content in inside(path).items() if name.endswith(".txt")
    ]
    assert text == plain(NASTY) and len(text) == len(NASTY) - 4
    selections = list(project(path).iter(f"{P}PlainTextSelection"))
    words = [
        text[int(each.get("startPosition")) : int(each.get("endPosition"))] for each in selections
    ]
    assert words == [plain(words) for words in document.sentences["text"]]
    pd.testing.assert_frame_equal(read_project(path, document), table)


ANY = st.text(st.characters(exclude_categories=()), max_size=20) | st.sampled_from(
    [MEMO, "{}", '{"scheme": "x"}', "a\n{}", "null", "[]"]
)
CODES = st.lists(st.sampled_from([*BOOK][:-1]), min_size=1, max_size=3, unique=True) | st.just(
    ["none"]
)
STATES = st.tuples(
    CODES,
    st.sampled_from(["", "union", "party"]),
    ANY,
    ANY | st.datetimes().map(lambda time: f"{time}+00:00"),
    ANY,
    st.sampled_from(["", "yes"]),
)


@settings(max_examples=40)
@given(
    st.lists(nasty, min_size=1, max_size=2),
    st.lists(ANY, min_size=1, max_size=2, unique_by=held),
    st.data(),
)
def test_any_codings_of_any_texts_come_back(tmp_path_factory, texts, coders, data):
    documents = [own(text, f"own{number}") for number, text in enumerate(texts)]
    spans = {id: span for source in sources(documents) for id, span in source.spans.items()}
    assert all(start < end for start, end in spans.values())
    rows = []
    for coder in coders:
        for id in spans:
            codes, doer, memo, when, scheme, unsure = data.draw(STATES)
            said = {"memo": memo, "time": when, "scheme": scheme, "unsure": unsure, "coder": coder}
            rows.append(row(id, codes, doer=doer if codes != ["none"] else "") | said)
    folder = tmp_path_factory.mktemp("any")
    table = as_codings(rows)
    want = as_codings(
        [
            {name: held(value) if isinstance(value, str) else value for name, value in each.items()}
            for each in rows
        ]
    )
    path = write_project(table, folder / "any.qdpx", documents)
    pd.testing.assert_frame_equal(ordered(read_project(path, documents)), ordered(want))
    said = json.loads(
        write_annotations(table, folder / "any.jsonld", documents).read_text(encoding="utf-8")
    )
    assert said["total"] == len(table)
    shutil.rmtree(folder)


def test_what_xml_cannot_hold_is_replaced_and_never_breaks_the_file(tmp_path, corpus):
    path = write_project(
        as_codings([row(memo="bell \x07, half \ud800, nul \0, end \uffff", coder="A\x1b")]),
        tmp_path / "c.qdpx",
        corpus,
    )
    assert read_project(path, corpus).loc[0, ["memo", "coder"]].tolist() == [
        "bell �, half �, nul �, end �",
        "A�",
    ]
    with trouble("twice"):
        write_project(
            as_codings([row(coder="A\0"), row(coder="A\x01")]), tmp_path / "two.qdpx", corpus
        )
    with trouble("too long"):
        write_project(as_codings([row(memo="x" * 5_000_001)]), tmp_path / "two.qdpx", corpus)
    assert not (tmp_path / "two.qdpx").exists()


def test_columns_that_nobody_knows_do_no_harm(tmp_path, corpus):
    table = as_codings([row()]).assign(suggestion="machine", marks=None, score=0.5)
    assert read_project(write_project(table, tmp_path / "c.qdpx", corpus), corpus).loc[
        0, "codes"
    ] == ("voice",)
    with trouble("'doer'"):
        write_project(table.drop(columns="doer"), tmp_path / "d.qdpx", corpus)


@pytest.mark.parametrize(
    "wrong",
    [
        row("kctu-018"),
        row("nowhere-001"),
        row(codes="pay"),
        row(doer="boss"),
        row(codes="voice", doer="na"),
    ],
)
@pytest.mark.parametrize("ending", ["qdpx", "jsonld"])
def test_codings_that_do_not_fit_are_not_written(tmp_path, corpus, wrong, ending):
    table = as_codings([row()]).assign(
        **{
            name: [tuple(value.split()) if name == "codes" else value]
            for name, value in wrong.items()
        }
    )
    with trouble(wrong["sentence"]):
        exported(table, tmp_path / f"c.{ending}", corpus)
    assert list(tmp_path.iterdir()) == []


# --- projects of other programs ----------------------------------------------------------------------------------------


def rewritten(path: Path, way) -> Path:
    """A project that another program has made of ours."""
    members = inside(path)
    root = etree.fromstring(members.pop("project.qde"))
    way(root, members)
    return packed(path.with_name("theirs.qdpx"), {"project.qde": etree.tostring(root), **members})


def as_qualcoder_exports(root, members):
    """A selection a code, in new ids, its words for a name, notes gone, texts with a byte-order mark."""
    root.remove(root.find(f"{P}Notes"))
    for source in root.iter(f"{P}TextSource"):
        name = source.get("plainTextPath").replace("internal://", "sources/")
        members[name] = b"\xef\xbb\xbf" + members[name]
        for selection in source.findall(f"{P}PlainTextSelection"):
            source.remove(selection)
            for number, coding in enumerate(selection.findall(f"{P}Coding")):
                about = dict(selection.attrib) | {
                    "guid": f"00000000-0000-0000-0000-00000000000{number}",
                    "name": "the words",
                }
                one = etree.SubElement(source, f"{P}PlainTextSelection", about)
                etree.SubElement(one, f"{P}Description").text = selection.findtext(
                    f"{P}Description"
                )
                one.append(coding)
    for each in root.iter():
        for name in ("guid", "targetGUID", "creatingUser"):
            if each.get(name):
                each.set(name, "{" + each.get(name).upper() + "}")


def test_what_another_program_has_made_of_ours_comes_back(full, corpus):
    pd.testing.assert_frame_equal(
        read_project(rewritten(full, as_qualcoder_exports), corpus), read_project(full, corpus)
    )


@pytest.mark.parametrize("counted", [False, True])
def test_texts_with_windows_line_ends_whether_they_count_twice_or_once(full, corpus, counted):
    def way(root, members):
        for source in root.iter(f"{P}TextSource"):
            name = source.get("plainTextPath").replace("internal://", "sources/")
            text = members[name].decode()
            members[name] = text.replace("\n", "\r\n").encode()
            for selection in source.iter(f"{P}PlainTextSelection"):
                selection.set("name", "")
                for end in ("startPosition", "endPosition") if counted else ():
                    place = int(selection.get(end))
                    selection.set(end, str(place + text.count("\n", 0, place)))

    assert (
        read_project(rewritten(full, way), corpus)["codes"].tolist()
        == read_project(full, corpus)["codes"].tolist()
    )


def test_labels_spaces_around_and_codings_by_their_own_coder(full, corpus):
    def way(root, members):
        for code in root.iter(f"{P}Code"):
            code.set(
                "name",
                {"voice": "Workers' Voice", "doer: union": "Doer: Union"}.get(
                    code.get("name"), code.get("name")
                ),
            )
        first = next(root.iter(f"{P}PlainTextSelection"))
        first.set("endPosition", str(int(first.get("endPosition")) + 1))
        del first.attrib["creatingUser"]

    assert read_project(rewritten(full, way), corpus).equals(read_project(full, corpus))


def test_without_a_coder_the_file_is_the_coder(full, corpus):
    def way(root, members):
        root.remove(root.find(f"{P}Users"))
        for selection in list(root.iter(f"{P}PlainTextSelection"))[1:]:
            selection.getparent().remove(selection)

    assert read_project(rewritten(full, way), corpus)["coder"].tolist() == ["theirs"]


def test_a_text_that_was_cleaned_otherwise_is_matched_by_its_sentences(full, corpus):
    def way(root, members):
        for name, content in members.items():
            members[name] = b"A new first line.\n\n" + content
        for selection in root.iter(f"{P}PlainTextSelection"):
            for end in ("startPosition", "endPosition"):
                selection.set(end, str(int(selection.get(end)) + 19))

    pd.testing.assert_frame_equal(
        read_project(rewritten(full, way), corpus), read_project(full, corpus)
    )


def moved(start, end, every=False):
    def way(root, members):
        for selection in list(root.iter(f"{P}PlainTextSelection"))[: None if every else 1]:
            selection.set("startPosition", start)
            selection.set("endPosition", end)

    return way


def renamed(root, members):
    next(code for code in root.iter(f"{P}Code") if code.get("name") == "voice").set("name", "pay")


def without_texts(root, members):
    members.clear()


def without_codes(root, members):
    root.remove(root.find(f"{P}CodeBook"))


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (moved("1", "50"), ["1 codings", "whole sentence"]),
        (moved("0", "9999999", every=True), ["4 codings"]),
        (moved("5", "5"), ["from '5' to '5'"]),
        (moved("9", "5"), ["from '9' to '5'"]),
        (moved("-1", "5"), ["from '-1'"]),
        (moved("x", "5"), ["from 'x'"]),
        (moved("0", "9" * 5_000), ["from '0'"]),
        (renamed, ["'pay'", "codebook lacks"]),
        (without_codes, ["codebook lacks"]),
        (without_texts, ["lacks the text"]),
    ],
)
def test_what_does_not_fit_is_refused_as_a_whole(full, corpus, way, words):
    with trouble("theirs.qdpx", *words) as said:
        read_project(rewritten(full, way), corpus)
    assert len(said()) < 300


# --- hostile files ----------------------------------------------------------------------------------------------------

HEAD = '<Project xmlns="urn:QDA-XML:project:1.0" name="x">'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BAD_XML = {
    "empty": b"",
    "no XML": b"Our Aims",
    "broken": HEAD.encode(),
    "other root": b"<Project/>",
    "a codebook": b'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"/>',
    "another version": b'<Project xmlns="urn:QDA-XML:project:2.0" name="x"/>',
    "not UTF-8": HEAD.encode() + b"\xff</Project>",
    "laughs": f'<!DOCTYPE P [<!ENTITY l0 "ha">{LAUGHS}]>{HEAD}<Description>&l11;</Description></Project>'.encode(),
    "laughs in an attribute": f'<!DOCTYPE P [<!ENTITY l0 "ha">{LAUGHS}]><Project xmlns="urn:QDA-XML:project:1.0" name="&l11;"/>'.encode(),
    "laughs in UTF-16": f'<!DOCTYPE P [<!ENTITY l0 "ha">{LAUGHS}]>{HEAD}<Description>&l11;</Description></Project>'.encode(
        "utf-16"
    ),
    "a file of this machine": f'<!DOCTYPE P [<!ENTITY x SYSTEM "file:///etc/passwd">]>{HEAD}<Description>&x;</Description></Project>'.encode(),
    "another machine": f'<!DOCTYPE P SYSTEM "http://192.0.2.1/x.dtd">{HEAD}</Project>'.encode(),
    "an entity of nowhere": f"{HEAD}<Description>&x;</Description></Project>".encode(),
    "deep": HEAD.encode() + b"<Sets>" * 100_000 + b"</Sets>" * 100_000 + b"</Project>",
    "a text too long": HEAD.encode()
    + b"<Description>"
    + bytes(range(97, 123)) * 400_000
    + b"</Description></Project>",
}


@pytest.mark.parametrize("name", BAD_XML)
def test_hostile_xml_is_refused_at_once(tmp_path, corpus, name):
    path = packed(tmp_path / "bad.qdpx", {"project.qde": BAD_XML[name]})
    began = time.process_time()
    with trouble("bad.qdpx") as said:
        load_codings(path, corpus)
    assert "root:" not in said() and time.process_time() - began < 10
    (tmp_path / "bad.qdc").write_bytes(
        BAD_XML[name].replace(b"Project", b"CodeBook").replace(b":project:", b":codebook:")
    )
    if name not in ("a codebook",):
        with trouble("bad.qdc"):
            load_codebook(tmp_path / "bad.qdc")
    assert [each.name for each in tmp_path.iterdir()] == ["bad.qdpx", "bad.qdc"]


@pytest.mark.parametrize(
    ("members", "word"),
    [
        ({}, "0 lists"),
        ({"project.qde": "", "other.qde": ""}, "2 lists"),
        ({"project.qde": "", "../sources/a.txt": ""}, "leads out"),
        ({"project.qde": "", "/etc/passwd": ""}, "leads out"),
        ({"project.qde": bytes(60_000_000)}, "50 MB"),
        ({"project.qde": bytes(20_000_000)}, "200 times"),
    ],
)
def test_hostile_archives_are_refused(tmp_path, corpus, members, word):
    with trouble("bad.qdpx", word):
        load_codings(packed(tmp_path / "bad.qdpx", members), corpus)


CODES = '<CodeBook><Codes><Code guid="v" name="voice" isCodable="true"/></Codes></CodeBook>'
CODING = '<Coding guid="y"><CodeRef targetGUID="v"/></Coding>'
SELECTION = f'<PlainTextSelection guid="x" startPosition="{{}}" endPosition="{{}}">{CODING}{{}}</PlainTextSelection>'
NOTE = (
    '<Notes><Note guid="n"><PlainTextContent>'
    + "Our aims. " * 400_000
    + "</PlainTextContent></Note></Notes>"
)
TEXT = '<TextSource guid="z" plainTextPath="internal://a.txt">{}</TextSource>'
GREEDY = {
    "too many": (
        lambda: [
            "".join(SELECTION.format(number % 997, 1000 + number, "") for number in range(100_001))
        ],
        "more than 100,000",
    ),
    "many": (
        lambda: [
            "".join(SELECTION.format(number % 997, 1000 + number, "") for number in range(30_000))
        ],
        "whole sentence",
    ),
    "the whole of a large text": (
        lambda: [SELECTION.format(0, 4_900_000, "") * 20_000],
        "20000 codings",
    ),
    "a large text many times": (lambda: [SELECTION.format(1, 50, "")] * 20_000, "20000 codings"),
    "a large note many times": (
        lambda: [SELECTION.format(0, 218, '<NoteRef targetGUID="n"/>' * 100_000)],
        "without end",
    ),
}


@pytest.mark.parametrize("name", GREEDY)
def test_a_project_that_asks_for_much_is_refused_in_time(tmp_path, corpus, name):
    texts, word = GREEDY[name]
    text = corpus["kctu"].text + " ".join(
        f"Sentence {number} of many." for number in range(200_000)
    )
    inside = f"{HEAD}{CODES}<Sources>{''.join(map(TEXT.format, texts()))}</Sources>{NOTE}</Project>"
    path = packed(tmp_path / "greedy.qdpx", {"project.qde": inside, "sources/a.txt": text})
    began = time.process_time()
    with trouble("greedy.qdpx", word):
        read_project(path, corpus)
    assert time.process_time() - began < 10


def test_files_that_are_none(tmp_path, corpus):
    for path in (tmp_path / "gone.qdpx", tmp_path):
        with trouble("There is no file"):
            read_project(path, corpus)
    with trouble("gone.qdc"):
        load_codebook(tmp_path / "gone.qdc")


@pytest.mark.parametrize("ending", ["csv", "jsonld", "qdpx", "qdc"])
def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch, ending):
    path = exported("reference", tmp_path / f"c.{ending}")
    before = path.read_bytes()

    def fail(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    with trouble("could not be written"):
        exported("coder-1", path)
    assert [each.name for each in tmp_path.iterdir()] == [path.name] and path.read_bytes() == before


# --- codebooks ----------------------------------------------------------------------------------------------------------


@needs_schemas
def test_a_codebook_keeps_to_the_schema(tmp_path):
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "Codebook.xsd"))
    schema.assertValid(etree.parse(write_codebook(BOOK, tmp_path / "roles.qdc")))
    schema.assertValid(
        etree.parse(write_codebook(dataclasses.replace(BOOK, maps={}), tmp_path / "roles.qdc"))
    )


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).map(held).filter(
    str.strip
) | st.just("a\nlabel: b\n  c\r\n")


@settings(max_examples=40)
@given(WORDS, WORDS, WORDS, WORDS)
def test_our_codebook_comes_back_unchanged(tmp_path_factory, label, definition, rule, meaning):
    codes = BOOK.codes | {
        "voice": dataclasses.replace(BOOK["voice"], label=label, definition=definition)
    }
    doers = BOOK.doers | {"union": dataclasses.replace(BOOK.doers["union"], meaning=meaning)}
    book = dataclasses.replace(
        BOOK, codes=codes, doers=doers, rules=(rule, *BOOK.rules), version="2.1", context=definition
    )
    assert (
        load_codebook(write_codebook(book, tmp_path_factory.mktemp("book") / "roles.qdc")) == book
    )


TAGUETTE = (
    "tag,description,number of highlights,number of documents\r\n"
    'interesting,Further review required,3,1\r\npeople.남,"says ""no"",\r\nand more",0,0\r\n=1+1 & <b>,,0,0\r\nPeople.남,again,0,0\r\n'
)
TAGUETTE_QDC = (
    '<?xml version="1.0" encoding="utf-8"?>\n<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Taguette 1.5.2"><Codes>'
    '<Code guid="0D62985D-B147-5D01-A9B5-CAE5DCD98342" name="interesting" isCodable="true"/>'
    '<Code guid="46596197-6A8A-550C-89D0-AC2DA000F03A" name="people.남" isCodable="true"/></Codes><Sets/></CodeBook>'
)


def test_the_tags_of_taguette_become_a_codebook(tmp_path):
    (tmp_path / "My tags.csv").write_bytes(TAGUETTE.encode())
    book = load_codebook(tmp_path / "My tags.csv")
    assert (
        list(book) == ["interesting", "people-남", "1-1-b", "people-남-2", "none"]
        and book.edition == "my-tags 1"
    )
    assert (
        book["interesting"].definition == "Further review required"
        and book["people-남"].definition == 'says "no",\r\nand more'
    )
    assert book["1-1-b"].label == "=1+1 & <b>" and book["1-1-b"].definition == "not said"
    assert (
        list(book.doers) == list(BOOK.doers)
        and len({code.key for code in book.codes.values()}) == 5
    )
    assert (
        book.check_codes("interesting people-남", "union")
        and len({(code.colour, code.hatch) for code in book.codes.values()}) == 5
    )
    (tmp_path / "tags.qdc").write_text(TAGUETTE_QDC, encoding="utf-8")
    assert list(load_codebook(tmp_path / "tags.qdc")) == ["interesting", "people-남", "none"]


def test_codings_with_a_codebook_from_elsewhere_come_back(tmp_path, corpus):
    (tmp_path / "tags.csv").write_bytes(TAGUETTE.encode())
    book = load_codebook(tmp_path / "tags.csv")
    table = as_codings([row(codes="people-남 interesting", doer="members")], book)
    path = exported(table, tmp_path / "c.qdpx", corpus, book)
    pd.testing.assert_frame_equal(load_codings(path, corpus, book), table)
    with trouble("'people-남'", "codebook"):
        load_codings(path, corpus)
    assert load_codebook(exported(table, tmp_path / "c.qdc", corpus, book)) == book


def test_codes_in_groups_of_groups(tmp_path):
    inner = '<Code guid="c" name="Pay, hours" isCodable="true" color="#abcdef"><Description>about pay</Description></Code>'
    inner += '<Code guid="d" name="None" isCodable="true"/>'
    groups = f'<Code guid="a" name="Group" isCodable="false"><Code guid="b" name="Sub" isCodable="true">{inner}</Code></Code>'
    sets = '<Sets><Set guid="s" name="a / b"><MemberCode guid="c"/></Set></Sets>'
    text = f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="MAXQDA"><Codes>{groups}</Codes>{sets}</CodeBook>'
    (tmp_path / "theirs.qdc").write_text(text)
    book = load_codebook(tmp_path / "theirs.qdc")
    assert (
        list(book) == ["sub", "pay-hours", "none"]
        and book["pay-hours"].colour == "#abcdef"
        and book.maps == {}
    )
    assert book["pay-hours"].definition == "about pay" and book["pay-hours"].label == "Pay, hours"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["“tag”"]),
        ("tag,name\na,b\n", ["“tag”"]),
        ("description\na\n", ["“tag”"]),
        ("tag,description\n", ["no code"]),
        ("tag,description\n ,a\n", ["Row 2"]),
        ("tag,description\nvoice\n", ["Row 2"]),
        ("tag\n" + "\n".join(f"tag {number}" for number in range(60)) + "\n", ["more codes than"]),
        ('tag\n"a', ["broken"]),
        (b"tag\n\xff\n", ["UTF-8"]),
    ],
)
def test_what_is_wrong_with_a_list_of_tags(tmp_path, text, words):
    path = tmp_path / "tags.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with trouble("tags.csv", *words):
        load_codebook(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("key: 1\n", "key: 2\n"),
        ("near_miss_code: voice", "near_miss_code: pay"),
        ("most_codes: 3", "most_codes: many"),
        ("hatch: //", "hatch: ?"),
    ],
)
def test_our_codebook_is_checked_as_any(tmp_path, old, new):
    path = write_codebook(BOOK, tmp_path / "roles.qdc")
    assert old in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with trouble("roles.qdc"):
        load_codebook(path)


# --- web annotations ----------------------------------------------------------------------------------------------------

# Every term that we use, as the standard's context defines it: any other would be lost in linked data.
TERMS = set(
    "@context id type label generator name total first last partOf startIndex items motivation creator created modified body target "
    "purpose format value source selector start end exact prefix suffix".split()
)
KINDS = set(
    "AnnotationCollection AnnotationPage Annotation TextualBody SpecificResource TextPositionSelector TextQuoteSelector Text".split()
)


def parts(thing):
    if isinstance(thing, dict):
        yield thing
    for each in (
        thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else ()
    ):
        yield from parts(each)


def test_web_annotations_keep_to_the_standard(tmp_path, corpus):
    path = exported(["reference", "coder-1"], tmp_path / "two.jsonld")
    collection = json.loads(path.read_text(encoding="utf-8"))
    items = collection["first"]["items"]
    assert (
        collection["@context"] == "http://www.w3.org/ns/anno.jsonld"
        and collection["type"] == "AnnotationCollection"
    )
    assert (
        collection["total"]
        == len(items)
        == 2 * sum(len(document.sentences) for document in corpus.documents)
    )
    assert {name for each in parts(collection) for name in each} <= TERMS
    assert {each["type"] for each in parts(collection) if "type" in each} <= KINDS | {"Software"}
    assert all(
        re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", each["id"])
        for each in parts(collection)
        if "id" in each
    )
    assert len({item["id"] for item in items}) == len(items)
    for item in items:
        assert (
            item["type"] == "Annotation"
            and item["creator"]["name"] in ("reference", "coder-1")
            and item["body"]
        )


def test_both_selectors_lead_to_the_same_words(tmp_path):
    document = own(NASTY)
    path = exported(
        as_codings([row(id) for id in document.sentences.index]), tmp_path / "odd.jsonld", document
    )
    items, text = json.loads(path.read_text(encoding="utf-8"))["first"]["items"], plain(NASTY)
    found = []
    for item in items:
        place, quote = item["target"]["selector"]
        around = quote.get("prefix", "") + quote["exact"] + quote.get("suffix", "")
        assert (place["type"], quote["type"]) == ("TextPositionSelector", "TextQuoteSelector")
        assert text[place["start"] : place["end"]] == quote["exact"] and text.count(around) == 1
        found.append(quote["exact"])
    assert (
        found == [plain(words) for words in document.sentences["text"]]
        and found.count("We will act.") == 2
    )


def test_what_an_annotation_says(tmp_path, corpus):
    rows = [
        row(
            codes="voice rights",
            doer="union",
            memo=MEMO,
            time="2026-11-22T09:00:00.5+02:00",
            unsure="yes",
        ),
        row("kctu-002", "none"),
    ]
    items = json.loads(
        exported(as_codings(rows), tmp_path / "c.jsonld", corpus).read_text(encoding="utf-8")
    )["first"]["items"]
    said = [(body["purpose"], body["value"]) for body in items[0]["body"]]
    assert said[:4] == [
        ("classifying", "voice"),
        ("tagging", "rights"),
        ("tagging", "doer: union"),
        ("commenting", MEMO),
    ]
    left = {"scheme": "union-roles 1.0", "unsure": "yes", "time": "2026-11-22T09:00:00.5+02:00"}
    assert said[4][0] == "describing" and json.loads(said[4][1]) == left
    assert (
        items[0]["created"] == items[0]["modified"] == "2026-11-22T07:00:00.500Z"
        and "created" not in items[1]
    )


# --- the one verb --------------------------------------------------------------------------------------------------------


@pytest.fixture
def mine(tmp_path, monkeypatch, corpus) -> Journal:
    """My own work: one coding, of which I am unsure."""
    monkeypatch.setattr("helpers.coding.journal.WORK_FOLDER", tmp_path / "my-work")
    journal = Journal(tmp_path / "my-work")
    coding_annotations(corpus["kctu"], journal=journal).set(
        "kctu-007", codes=["rights"], doer="union", memo="=cmd|' /C calc'!A0", unsure=True
    )
    return journal


@pytest.mark.parametrize("ending", ["csv", "qdpx", "QDPX"])
def test_my_codings_leave_and_come_back_under_my_name(mine, tmp_path, ending):
    mine.append("learner", name="Min-ji")
    path = exported("me", tmp_path / f"my-codings.{ending}")
    pd.testing.assert_frame_equal(
        load_codings(path), load_codings("me").assign(coder=["Min-ji"]).astype({"coder": "str"})
    )
    assert load_codings(path).loc[0, ["unsure", "scheme"]].tolist() == ["yes", "union-roles 1.0"]


def test_no_cell_of_the_table_is_a_formula(mine, tmp_path):
    with exported(["me"], tmp_path / "c.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for line in csv.reader(file) for cell in line]
    assert "'=cmd|' /C calc'!A0" in cells and not [
        cell for cell in cells if cell.startswith(tuple("=+-@"))
    ]


@pytest.mark.parametrize("name", ["codings", "codings.xlsx", "codings.zip"])
def test_a_name_that_does_not_say_the_kind(tmp_path, name):
    with trouble(".csv", ".qdpx"):
        exported("reference", tmp_path / name)


def test_nothing_to_export(tmp_path, monkeypatch):
    monkeypatch.setattr("helpers.coding.journal.WORK_FOLDER", tmp_path / "my-work")
    for who in ("me", [], as_codings([])):
        with trouble("nothing to export"):
            exported(who, tmp_path / "c.qdpx")
    assert list(tmp_path.iterdir()) == []
