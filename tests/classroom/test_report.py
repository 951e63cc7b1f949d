"""A report says all that is in a case and nothing else, leads back to every sentence, and is harmless whatever was written."""

from __future__ import annotations

import hashlib
import re
import zipfile
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from sentence import trouble

from helpers.classroom.blocks import Heading, Link, Paragraph, Table, fit
from helpers.classroom.report import make_case, page_of, word_of, write_report
from helpers.classroom.report_page import as_page
from helpers.classroom.report_word import as_word
from helpers.coding.case import FIELDS, Case
from helpers.coding.codings import coding_annotations
from helpers.coding.journal import Journal
from helpers.corpus.documents import CORPUS_FOLDER, Corpus, load_corpus

CORPUS = load_corpus()
BOTH = ["kctu", "gftuk"]
QUOTED = {
    "kctu": [
        "political empowerment of workers",
        "[T]he KCTU will struggle to eliminate … equal rights for migrant workers",
    ],
    "gftuk": [
        "take care of the life and work of trade union members",
        "“One for all and all for one!”",
    ],
}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> & \u202eevil\u202c 노조 👩‍🏭 a\u0301 \x00\x0b\x1f \ud800 ]]> =1+1"
VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """A page read strictly: every element that is opened is closed again, in order."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.open, self.found, self.text = [], [], ""
        self.feed(data.decode("utf-8"))
        assert not self.open

    def handle_starttag(self, tag, attrs):
        assert len({name for name, _ in attrs}) == len(attrs)
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data if self.open and self.open[-1] != "style" else ""

    def all(self, tag):
        return [attrs for name, attrs in self.found if name == tag]


def word(data: bytes):
    return docx.Document(BytesIO(data))


def words_of(file) -> str:
    return "\n".join(
        "".join(node.text or "" for node in part.iter(qn("w:t")))
        for part in file.element.body.iter(qn("w:p"))
    )


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Case:
    """A whole case: quotations, every kind of number, charts, own codings, and hostile words in each field."""
    journal = Journal(tmp_path_factory.mktemp("report") / "my-work")
    journal.append("learner", name=f"Min-ji {HOSTILE}"[:60])
    marks = coding_annotations(CORPUS["kctu"], journal=journal)
    for sentence, code in (
        ("kctu-002", "voice"),
        ("kctu-003", "solidarity"),
        ("kctu-004", "nation"),
    ):
        marks.set(sentence, codes=[code], doer="union")
    case = Case(CORPUS, journal)
    for field in FIELDS:
        case.write(field, f"My {field}. {HOSTILE}\n\nA second paragraph of {field}\nwith a line.")
    for id, given_words in QUOTED.items():
        for each in given_words:
            assert case.add_quotation(id, each).stands
    case.add_number({"of": "word", "documents": BOTH, "word": "rights"}, chart=True)
    case.add_number(
        {"of": "code", "documents": BOTH, "code": "care", "coder": "reference"}, chart=True
    )
    case.add_number({"of": "code", "documents": ["kctu"], "code": "voice", "coder": "me"})
    case.add_number(
        {"of": "doer", "documents": ["gftuk"], "doer": "union", "modal": "can"}, chart=True
    )
    return case


@pytest.fixture(scope="module")
def written(case) -> dict[str, bytes]:
    """Both reports of the whole case, made once."""
    return {"page": page_of(case), "file": word_of(case)}


@pytest.fixture(scope="module")
def page(written) -> Page:
    return Page(written["page"])


@pytest.fixture(scope="module")
def file(written):
    return word(written["file"])


@pytest.fixture
def short(journal) -> Case:
    """A case of one sentence."""
    case = Case(CORPUS, journal)
    case.write("claim", "Both name tasks.")
    return case


def texts(case: Case) -> list[str]:
    """What both kinds of report must say."""
    said = [line for text in case.texts().values() for line in fit(text).splitlines() if line]
    said += [piece.given for piece in case.evidence() if piece.given]
    said += [
        each for piece in case.evidence() if piece.wanted for each in piece.found.said.values()
    ]
    return said


@pytest.mark.parametrize("kind", ["page", "file"])
def test_all_that_the_case_holds_is_in_the_report(kind, case, page, file):
    text = page.text if kind == "page" else words_of(file)
    for said in texts(case):
        assert said in text
    for wanted in (
        "union-roles 1.0",
        "word for word",
        "Wilson 1927",
        "Agreement with the reference",
        "AI language models",
        "Of the 2,737 characters",
    ):
        assert wanted in text
    for document in CORPUS.documents:
        for field in ("author", "date", "publisher", "translation", "source", "rights"):
            assert document.about[field] in text
        raw = next((CORPUS_FOLDER / "raw").glob(f"{document.id}*")).read_bytes()
        assert text.count(hashlib.sha256(raw).hexdigest()) == 2
    assert "Draft" not in text and "�" in text


def test_every_cited_sentence_is_in_the_appendix_and_links_lead_there_and_back(case, page, file):
    cited = {id for piece in case.evidence() for ids in piece.sentences.values() for id in ids}
    assert {"kctu-002", "kctu-013", "gftuk-143", "gftuk-044"} <= cited
    anchors = [attrs["id"] for _, attrs in page.found if "id" in attrs]
    assert len(set(anchors)) == len(anchors) and {f"s-{id}" for id in cited} == {
        each for each in anchors if each.startswith("s-")
    }
    targets = [attrs["href"] for attrs in page.all("a")]
    assert all(target[0] == "#" and target[1:] in anchors for target in targets)
    assert {f"#{each}" for each in anchors} == set(targets), "an anchor that nothing leads to"
    body = file.element.body
    marks = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
    links = [link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))]
    assert len(set(marks)) == len(marks) == len(anchors) and set(links) == set(marks)
    assert all(re.fullmatch(r"[A-Za-z]\w{0,39}", mark) for mark in marks)
    for id in cited:
        document = CORPUS[id.rpartition("-")[0]]
        place = document.sentence_in_raw(id)
        lines = (
            f"line {place.first_line}"
            if place.first_line == place.last_line
            else f"lines {place.first_line}–{place.last_line}"
        )
        where = (
            f"{id}. Paragraph {document.sentences.at[id, 'paragraph']}, {lines} of the raw file."
        )
        for text in (page.text, words_of(file)):
            assert where in text and document.sentences.at[id, "text"] in text


def test_the_page_is_one_file_that_fetches_and_runs_nothing(written, page):
    data = written["page"].decode()
    assert data.startswith('<!doctype html>\n<html lang="en">') and page.all("html") == [
        {"lang": "en"}
    ]
    assert {tag for tag, _ in page.found}.isdisjoint(
        {"script", "link", "iframe", "object", "embed", "form", "base", "svg"}
    )
    assert all(attrs["src"].startswith("data:image/png;base64,") for attrs in page.all("img"))
    assert not [
        name
        for _, attrs in page.found
        for name in attrs
        if name.startswith("on") or name == "style"
    ]
    assert "default-src 'none'" in page.all("meta")[1]["content"]
    assert (
        "url(" not in data
        and "@import" not in data
        and "http" not in re.sub(r"http-equiv", "", data)
    )


def test_headings_tables_and_pictures_are_accessible(page, file):
    levels = [int(tag[1]) for tag, _ in page.found if re.fullmatch(r"h\d", tag)]
    assert (
        levels.count(1) == 1
        and levels[0] == 1
        and all(below - above <= 1 for above, below in pairwise(levels))
    )
    alts = [attrs["alt"] for attrs in page.all("img")]
    assert len(alts) == 3 and alts[0].startswith(
        "Hits for each 1,000 words. “rights”: KCTU, Our Aims 10.3"
    )
    assert len(page.all("caption")) == len(page.all("table")) == 5 and all(
        attrs.get("scope") for attrs in page.all("th")
    )
    assert [shape._inline.docPr.get("descr") for shape in file.inline_shapes] == alts
    assert [
        style
        for style in (each.style.name for each in file.paragraphs)
        if style.startswith("Heading")
    ] == [f"Heading {level}" for level in levels]
    assert all(
        table.rows[0]._tr.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
        for table in file.tables
    )
    assert file.core_properties.title and file.core_properties.language == "en-GB"
    assert (
        file.styles.element.find(f".//{qn('w:rPrDefault')}")
        .find(f".//{qn('w:lang')}")
        .get(qn("w:val"))
        == "en-GB"
    )


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_colours_have_enough_contrast(written):
    style = written["page"].decode()
    for name in ("ink", "soft", "accent", "cut"):
        colour = re.search(rf"--{name}: (#\w{{6}})", style)[1]
        assert (1.05) / (luminance(colour) + 0.05) >= 4.5, name


def test_every_part_of_the_word_file_is_xml(written):
    with zipfile.ZipFile(BytesIO(written["file"])) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
        assert not [
            name for name in archive.namelist() if "vba" in name.lower() or "activeX" in name
        ]
        assert b"TargetMode" not in archive.read("word/_rels/document.xml.rels")


anything = st.text(st.characters(exclude_categories=()), max_size=60) | st.sampled_from(
    [HOSTILE, "]]>", "</style><script>", "&#0;", "-->"]
)


@settings(max_examples=25)
@given(st.lists(anything, min_size=8, max_size=8))
def test_any_text_is_harmless_in_both(said):
    blocks = [
        Heading(1, said[0]),
        Paragraph([said[1], Link(said[2], "s-1"), said[3]], "quote", "s-1"),
        Heading(2, said[4], "h"),
        Table(said[5], [said[6], "b"], [[said[7], said[0]]]),
        Paragraph([said[1]], "draft"),
    ]
    page = Page(as_page(said[0], blocks))
    tags = "html head meta meta meta title style body main h1 blockquote p a h2 div table caption thead tr th th tbody tr th td p"
    assert [tag for tag, _ in page.found] == tags.split()
    for each in said[1:4]:
        assert fit(each) in page.text
    text = words_of(word(as_word(said[0], said[1], blocks)))
    for each in said:
        assert "".join(fit(each).split()) in "".join(text.split())


def test_a_draft_says_what_is_missing(journal):
    case = Case(CORPUS, journal)
    for kind in (page_of, word_of):
        with trouble("nothing to report yet"):
            kind(case)
    case.write("claim", "Both name tasks.")
    said = "Draft. Still missing: Evidence from both documents, Every quotation word for word, every number computed, Reasoning, A limit."
    assert said in Page(page_of(case)).text and said in words_of(word(word_of(case)))
    assert (
        "The fairest reading" not in Page(page_of(case)).text
        and "No codes are used" in Page(page_of(case)).text
    )


def test_evidence_that_no_longer_holds_is_marked_and_cites_nothing(journal):
    Case(CORPUS, journal).add_quotation(
        "kctu", "The KCTU will work towards the peaceful reunification"
    )
    Case(CORPUS, journal).add_quotation("gftuk", QUOTED["gftuk"][0])
    changed = Case(Corpus({"kctu": CORPUS["kctu"].cleaned_without("corrections")}), journal)
    text = Page(page_of(changed)).text
    assert (
        text.count("This piece of evidence does not hold") == 2
        and "the document has “Tthe” where you have “The”" in text
    )
    assert "Sentences cited" not in text and "Draft." in text
    assert words_of(word(word_of(changed))).count("does not hold") == 2


def test_the_second_look_and_the_lack_of_one_are_told(journal):
    marks = coding_annotations(CORPUS["kctu"], journal=journal)
    marks.set("kctu-002", codes=["voice"])
    case = Case(Corpus({"kctu": CORPUS["kctu"]}), journal)
    case.add_number({"of": "code", "documents": ["kctu"], "code": "voice", "coder": "me"})
    assert (
        "Agreement with the reference" in Page(page_of(case)).text
        and "blind second look" not in Page(page_of(case)).text
    )
    coding_annotations(CORPUS["kctu"], journal=journal, look="second").set("kctu-002", codes=["voice"])
    assert (
        "Agreement with the same coder's blind second look. Sentences that both coded: 1."
        in Page(page_of(case)).text
    )


def test_a_report_is_written_where_one_says(short, tmp_path):
    for name in ("my-case.html", "my-case.docx"):
        path = write_report(tmp_path / "new" / name, CORPUS, short.journal)
        assert path.read_bytes()[:2] in (b"<!", b"PK")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "my-case.docx",
        "my-case.html",
    ]


@pytest.mark.parametrize("name", ["my-case", "my-case.pdf", "my-case.html.exe", "", "."])
def test_a_report_of_another_kind_is_refused(short, tmp_path, name):
    with trouble("end its name in .html or .docx"):
        write_report(tmp_path / name, CORPUS, short.journal)
    assert [path.name for path in tmp_path.iterdir()] == ["my-work"]


def test_a_folder_that_cannot_be_written_to_is_told(short, tmp_path):
    (tmp_path / "file").write_text("x")
    with trouble("could not be written"):
        write_report(tmp_path / "file" / "my-case.html", CORPUS, short.journal)
    assert make_case(CORPUS, short.journal).shown["checklist"][0] == ["A claim", True, True]
