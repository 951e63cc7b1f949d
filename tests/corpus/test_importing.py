"""Files of every kind: read, or refused in one sentence; hostile ones soon and in little memory."""

from __future__ import annotations

import json
import os
import resource
import struct
import time
import tomllib
import zipfile
import zlib
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence import assert_one_sentence, trouble

from helpers.corpus import formats, importing
from helpers.corpus.cleaning import clean
from helpers.corpus.errors import UnionError
from helpers.corpus.formats import convert
from helpers.corpus.importing import LARGEST_FILE, LONGEST_TEXT, read_file, shown_name

OWN = Path(__file__).resolve().parents[1] / "fixtures" / "own"
EXPECTED = tomllib.loads((OWN / "expected.toml").read_text(encoding="utf-8"))
FILES = EXPECTED["files"]
READ = [name for name, wanted in FILES.items() if "refused" not in wanted]


def plain(text: str) -> str:
    """A text without what the cleaning makes straight: kinds of quotation marks and dashes."""
    return text.translate({0x2019: "'", 0x2013: "—"})


@pytest.fixture
def at_once(monkeypatch):
    """Conversion without a process of its own, which would take most of the time of a test."""

    def run(command, input, **_):
        return SimpleNamespace(stdout=json.dumps(convert(command[-1], input)).encode())

    monkeypatch.setattr(importing.subprocess, "run", run)


def test_every_file_has_an_expectation():
    assert {path.name for path in OWN.iterdir() if path.is_file()} == {
        *FILES,
        "expected.toml",
        "make.py",
    }
    assert len(FILES) >= 40


@pytest.mark.parametrize("name", READ)
def test_what_a_file_says_is_read_and_accounted_for(name, at_once):
    wanted = FILES[name]
    reading = read_file((OWN / name).read_bytes(), name)
    cleaning = clean(reading.text, blocks=reading.blocks)
    paragraphs = [line for line in cleaning.text.split("\n") if line]
    if "holds" in wanted:
        assert all(line in paragraphs for line in wanted["holds"]), cleaning.text
    else:
        given = wanted.get("paragraphs") or EXPECTED["texts"][wanted["text"]]
        body = paragraphs[1:] if paragraphs[0] == "Our harbour" else paragraphs
        assert [plain(each) for each in body] == [plain(paragraph) for paragraph in given]
    assert reading.kind == wanted["kind"]
    for field, said in wanted.get("about", {}).items():
        assert reading.offers[field].startswith(said)
    for note in wanted.get("notes", []):
        assert any(note in said for said in reading.notes), reading.notes
    for note in reading.notes:
        assert note.endswith((".", "”).")) and "\n" not in note
    strange = ("script", "alert", "Is this so", "Skip to", "gone")
    assert not any(word in reading.text for word in strange)
    assert (cleaning.account()["difference"] == 0).all()


@pytest.mark.parametrize("name", [name for name in FILES if name not in READ])
def test_what_cannot_be_read_is_refused_in_one_sentence_that_says_what_to_do(name, at_once):
    with trouble(*FILES[name]["refused"]):
        read_file((OWN / name).read_bytes(), name)


@pytest.mark.parametrize("name", ["word.docx", "printed.pdf", "article.html", "korean.txt"])
def test_what_a_file_is_decides_and_not_its_name(name, at_once):
    data = (OWN / name).read_bytes()
    for other in ("x.pdf", "x.docx", "x.txt", "x", ""):
        assert read_file(data, other).text == read_file(data, name).text


def test_nothing_is_written_or_fetched(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[1] / "closed_network"))
    before = {path: path.stat().st_mtime_ns for path in OWN.iterdir()}
    for name in ("article.html", "word.docx", "printed.pdf"):
        assert "union" in read_file((OWN / name).read_bytes(), name).text
    assert {path: path.stat().st_mtime_ns for path in OWN.iterdir()} == before


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.pdf",
        "C:\\x\\y.docx",
        "a\nb\x00.pdf",
        "“”.pdf",
        "x" * 300 + ".pdf",
        "<b>.pdf",
        "{name}.pdf",
    ],
)
def test_a_name_is_shown_as_a_name(name, at_once):
    shown = shown_name(name)
    assert "/" not in shown and "\\" not in shown and "\n" not in shown and len(shown) < 70
    with pytest.raises(UnionError) as caught:
        read_file(b"%PDF-1.7 broken", name)
    assert_one_sentence(str(caught.value))


# --- hostile files


def packed(parts: dict[str, bytes | str]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def word_with(part: str, content: bytes | str) -> bytes:
    """A Word file with one part put in the place of another, or added."""
    with zipfile.ZipFile(OWN / "renamed.txt") as archive:
        return packed({name: archive.read(name) for name in archive.namelist()} | {part: content})


def pdf_with(*objects: bytes) -> bytes:
    """A PDF whose objects from number 4 on are these; the first is the content of its one page."""
    first = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>",
    ]
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, content in enumerate([*first, *objects], 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + b"".join(
        b"%010d 00000 n \n" % place for place in places
    )
    return bytes(
        out
        + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(places) + 1, table)
    )


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), more, content)


def inflating(megabytes: int, filters: int = 1) -> bytes:
    """A stream that inflates to so many megabytes: one is packed, and repeated as it is."""
    packer = zlib.compressobj(9)
    first, block = (
        packer.compress(b"(x) Tj " * 150_000) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)
    )
    content = first + block * (megabytes - 1)
    for _ in range(filters - 1):
        content = zlib.compress(content, 9)
    return stream(content, b"/Filter [" + b"/FlateDecode " * filters + b"]")


def laughs() -> str:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    declared = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{lines}]>'
    return f'{declared}<w:document xmlns:w="w"><w:t>&a11;</w:t></w:document>'


NEST = "<w:tbl><w:tr><w:tc>"
HOSTILE = {
    "a zip bomb": lambda: word_with("word/document.xml", b"<x>" + bytes(190_000_000)),
    "a zip bomb in a picture": lambda: word_with("word/media/image1.png", bytes(195_000_000)),
    "a zip of many": lambda: packed({f"word/{number}.xml": "<x/>" for number in range(60_000)}),
    "an XML bomb": lambda: word_with("word/document.xml", laughs()),
    "an XML bomb in UTF-16": lambda: word_with(
        "word/document.xml", laughs().replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16")
    ),
    "an XML bomb beside": lambda: word_with("docProps/core.xml", laughs()),
    "an entity from a file": lambda: word_with(
        "word/document.xml",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        '<w:document xmlns:w="w"><w:t>&e;</w:t></w:document>',
    ),
    "tables in tables": lambda: word_with(
        "word/document.xml", f'<w:document xmlns:w="w">{NEST * 100_000}</w:document>'
    ),
    "a broken archive": lambda: word_with("word/document.xml", "<x/>")[:-30] + bytes(10),
    "an archive that lies": lambda: lying(word_with("word/media/a.xml", bytes(30_000_000))),
    "300 MB": lambda: bytes(300_000_000),
    "300 MB of PDF": lambda: b"%PDF-1.7" + bytes(300_000_000),
    "a PDF with a million objects": lambda: pdf_with(*[b"1"] * 350_000),
    "a PDF with a million objects in a stream": lambda: million(),
    "a stream that inflates to gigabytes": lambda: pdf_with(inflating(3_000)),
    "a stream packed three times": lambda: pdf_with(inflating(2_000, 3)),
    "a stream just below the limit": lambda: pdf_with(inflating(60)),
    "pages that are their own parents": lambda: pdf_with(stream(b"")).replace(
        b"/Kids [3 0 R]", b"/Kids [2 0 R]"
    ),
    "a form that draws itself": lambda: pdf_with(
        stream(b"/F Do"),
        stream(b"/F Do /F Do", b"/Subtype /Form /Resources << /XObject << /F 5 0 R >> >>"),
    ).replace(b"/Resources << >>", b"/Resources << /XObject << /F 5 0 R >> >>"),
    "lists in lists": lambda: pdf_with(stream(b"[" * 200_000 + b"] TJ")),
    "dictionaries in dictionaries": lambda: pdf_with(b"<< /A " * 50_000 + b">> " * 50_000),
    "a hundred thousand pages": lambda: pdf_with(stream(b"(x) Tj")).replace(
        b"[3 0 R]", b"[" + b"3 0 R " * 100_000 + b"]"
    ),
    "a table of places that goes in circles": lambda: (
        b"%PDF-1.5\nxref\n0 1\n0000000000 65535 f \n"
        b"trailer << /Size 1 /Root 1 0 R /Prev 9 >>\nstartxref\n9\n%%EOF"
    ),
    "HTML a million deep": lambda: b"<div>" * 1_000_000 + b"!",
    "HTML with a million menus": lambda: b"<nav><article>" * 400_000 + b"!",
    "a script and nothing else": lambda: (
        b"<html><script>" + b"while (true) {} " * 500_000 + b"</script></html>"
    ),
    "Markdown that nests": lambda: b"> " * 200_000 + b"- " * 200_000 + b"!",
    "a page of no text": lambda: b"<html>" + b"<td>" * 4_000_000,
}


def lying(data: bytes) -> bytes:
    """An archive one part of which says that it is small."""
    data, size = bytearray(data), struct.pack("<L", 30_000_000)
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = struct.pack("<L", 10)
    return bytes(data)


def million() -> bytes:
    """An object stream that says it holds a million objects."""
    content = (
        b"".join(b"%d %d " % (number + 10, 2 * number) for number in range(400_000))
        + b"1 " * 400_000
    )
    return pdf_with(
        stream(zlib.compress(content), b"/Type /ObjStm /N 1000000 /First 10 /Filter /FlateDecode")
    )


@pytest.fixture(scope="module")
def elsewhere():
    """A process that has started no other yet, so that its children are those that read."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        yield pool


def refusal(name: str, folder: Path) -> tuple[str, float, float, float]:
    """What is said of a hostile file; seconds; MB that this process grew by; most MB of a child."""
    os.chdir(folder)
    data, before = HOSTILE[name](), memory(resource.RUSAGE_SELF)
    began = time.monotonic()
    with pytest.raises(UnionError) as caught:
        read_file(data, "hostile.html" if data.startswith(b"<") else "hostile file")
    seconds, grown = time.monotonic() - began, memory(resource.RUSAGE_SELF) - before
    return str(caught.value), seconds, grown, memory(resource.RUSAGE_CHILDREN)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_within_ten_seconds_and_a_gigabyte(
    name, tmp_path, elsewhere, record_property
):
    told, seconds, grown, child = elsewhere.submit(refusal, name, tmp_path).result()
    said = f"{seconds:.1f} s, {grown:.0f} MB more here, no child with more than {child:.0f} MB"
    record_property("measured", said)
    print(f"{said}: {told}")
    assert_one_sentence(told)
    assert seconds < 10
    assert grown < 200 and child < 1024
    assert list(tmp_path.iterdir()) == [], "something was left behind"


def memory(whose: int) -> float:
    """The most memory that this process or any child of it ever had, in MB."""
    return resource.getrusage(whose).ru_maxrss / 1024


RELATIONS = "http://schemas.openxmlformats.org/%s/2006/relationships"
AFAR = "".join(
    f'<Relationship Id="r{kind}" Type="{RELATIONS % "officeDocument"}/{kind}"'
    f' Target="http://192.0.2.1/{kind}" TargetMode="External"/>'
    for kind in ("image", "attachedTemplate", "footnotes", "header")
)
AFAR = f'<Relationships xmlns="{RELATIONS % "package"}">{AFAR}</Relationships>'
HARMLESS = {
    "a loop of bookmarks": lambda: (
        pdf_with(stream(b"BT /F1 11 Tf 72 700 Td (We will stand together, all of us.) Tj ET"))
        .replace(
            b"/Resources << >>",
            b"/Resources << /Font << /F1"
            b" << /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >> >> >>",
        )
        .replace(
            b"/Pages 2 0 R",
            b"/Pages 2 0 R /Outlines 1 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>",
        )
    ),
    "a picture from afar": lambda: word_with("word/_rels/document.xml.rels", AFAR),
    "a script in the text": lambda: (
        b"<html><p onclick='alert(1)'>We will stand together.<script>alert(2)</script>"
        b"<a href='javascript:alert(3)'> All.</a>"
    ),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_hostile_is_read_and_not_obeyed(name, at_once):
    text = read_file(HARMLESS[name](), "file").text
    assert "alert" not in text and ("We will" in text or "office" in text)


def test_an_entity_is_never_filled_in(at_once):
    for part in ("word/document.xml", "word/footnotes.xml"):
        with pytest.raises(UnionError) as caught:
            read_file(word_with(part, '<!DOCTYPE x [<!ENTITY e "filled in">]><x>&e;</x>'), "x.docx")
        assert "filled in" not in str(caught.value)


def test_a_process_that_hangs_is_given_up(monkeypatch):
    monkeypatch.setattr(importing, "SECONDS", 0.01)
    began = time.monotonic()
    with trouble("more time or memory", "printed.pdf"):
        read_file((OWN / "printed.pdf").read_bytes(), "printed.pdf")
    assert time.monotonic() - began < 5


def test_where_no_process_can_be_started(monkeypatch):
    monkeypatch.setattr(importing.sys, "executable", "/no/such/python")
    with trouble("could not be converted"):
        read_file((OWN / "printed.pdf").read_bytes(), "printed.pdf")


def test_where_the_system_knows_no_limits(monkeypatch):
    """As on Windows: the process sets none, and reads all the same."""
    monkeypatch.setattr(formats, "resource", None)
    formats.limit()
    assert "harbour" in convert("html", b"<p>Our harbour")["text"]


def test_comments_at_the_head_of_a_text_take_no_time():
    """Twenty-four of them hung the kernel for a minute, and two more took four times as long."""
    text = "<!-- x -->\n" * 5_000
    assert read_file(f"{text}We will stand.".encode(), "x.txt").kind == "txt"
    assert read_file(f"{text}<html><p>We will stand.".encode(), "x.txt").text == "We will stand."
    assert read_file(f"{text}<!-- We will stand.".encode(), "x.txt").kind == "txt"


def test_no_repetition_in_markdown_hangs_a_reader(at_once):
    """Each is read, or refused in one sentence; the process of its own has eight seconds."""
    for unit in ("*a ", "[a](", "[^a] ", "a. x\n", "#a\n", "{#a ", "|a", " ", "[a](/b c "):
        text = unit * (20_000 // len(unit)) + "\n\nEnd."
        assert "End" in read_file(text.encode(), "x.md").text, unit
    with trouble("no text"):
        read_file(b">" * 20_000, "x.md")


def test_sizes_are_said():
    with trouble("20 MB", "big.txt"):
        read_file(bytes(LARGEST_FILE + 1), "big.txt")
    with trouble("1,000,001 characters", "split it"):
        read_file(b"a" * (LONGEST_TEXT + 1), "long.txt")
    with trouble("no text"):
        read_file(b"12 34 -- 56", "numbers.txt")


@settings(max_examples=40)
@given(st.binary(max_size=300), st.sampled_from(["x.txt", "x", "x.csv"]))
def test_any_bytes_are_read_or_refused_in_a_sentence(data, name):
    try:
        assert read_file(data, name).text
    except UnionError as problem:
        assert "\n" not in str(problem)


def test_damaged_files_are_read_or_refused_in_a_sentence():
    """Forty bytes of a PDF and of a Word file changed in turn."""
    for name, kind in (("restricted.pdf", "pdf"), ("rows.pdf", "pdf"), ("footnotes.docx", "docx")):
        data = (OWN / name).read_bytes()
        for place in range(0, len(data), max(1, len(data) // 40)):
            hurt = data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]
            found = convert(kind, hurt)
            assert found.keys() in ({"problem"}, {"text", "blocks", "notes", "offers"})
            if "problem" in found:
                assert_one_sentence(found["problem"].replace("{name}", "“x.pdf”"))
