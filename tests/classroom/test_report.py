"""A report says all that is in a case and nothing else, leads back to every sentence, and is
harmless whatever was written.
"""

import hashlib
import re
import shutil
import subprocess
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from sentence import trouble

from helpers.classroom.pages import printable, render
from helpers.classroom.report import report_page
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
HOSTILE = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> & {{ 7 * 7 }} \u202eevil\u202c 노조 "
    "👩‍🏭 a\u0301 \x00\x0b\x1f \ud800 ]]> =1+1"
)


class Page(HTMLParser):
    """A page read strictly: every element that is opened is closed again, in order."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.open, self.found, self.text = [], [], ""
        self.feed(data.decode("utf-8"))
        assert not self.open
        self.text = re.sub(r"\s+", " ", self.text)

    def handle_starttag(self, tag, attrs):
        assert len({name for name, _ in attrs}) == len(attrs)
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data if self.open and self.open[-1] != "style" else ""

    def all(self, tag):
        return [attrs for name, attrs in self.found if name == tag]


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Case:
    """A whole case: quotations, all kinds of numbers, charts, codings, hostile words."""
    journal = Journal(tmp_path_factory.mktemp("report") / "my-work")
    journal.append("learner", name=f"Min-ji {HOSTILE}"[:60])
    marks = coding_annotations(CORPUS["kctu"], journal=journal)
    for sentence, code in (("kctu-002", "voice"), ("kctu-003", "nation")):
        marks.set(sentence, codes=[code], doer="union")
    case = Case(CORPUS, journal)
    for field in FIELDS:
        case.write(field, f"My {field}. {HOSTILE}\n\nA second paragraph of {field}\nwith a line.")
    for id, given_words in QUOTED.items():
        for each in given_words:
            assert case.add_quotation(id, each).stands
    for wanted, chart in (
        ({"of": "word", "documents": BOTH, "word": "rights"}, True),
        ({"of": "code", "documents": BOTH, "code": "care", "coder": "reference"}, True),
        ({"of": "code", "documents": ["kctu"], "code": "voice", "coder": "me"}, False),
        ({"of": "doer", "documents": ["gftuk"], "doer": "union", "modal": "can"}, True),
    ):
        case.add_number(wanted, chart=chart)
    return case


@pytest.fixture(scope="module")
def written(case) -> bytes:
    return report_page(case)


@pytest.fixture(scope="module")
def page(written) -> Page:
    return Page(written)


def test_all_that_the_case_holds_is_in_the_report(case, page):
    lines = [
        line for text in case.texts().values() for line in printable(text).splitlines() if line
    ]
    for piece in case.evidence():
        lines += (
            [piece.given] if piece.given else [f"{each}." for each in piece.found.said.values()]
        )
    lines += ["union-roles 1.0", "word for word", "Wilson 1927", "Agreement with the reference"]
    lines += ["AI language models", "Of the 2,737 characters", "Coded by: Min-ji"]
    for document in CORPUS.documents:
        lines += [document.about[field] for field in ("author", "date", "publisher", "rights")]
        raw = next((CORPUS_FOLDER / "raw").glob(f"{document.id}*")).read_bytes()
        lines.append(hashlib.sha256(raw).hexdigest())
    for line in lines:
        assert re.sub(r"\s+", " ", line).strip() in page.text
    assert "Draft" not in page.text and "�" in page.text and "49" not in page.text.split("노조")[0]


def test_every_cited_sentence_is_in_the_appendix_and_links_lead_there_and_back(case, page):
    cited = {id for piece in case.evidence() for ids in piece.sentences.values() for id in ids}
    assert {"kctu-002", "kctu-013", "gftuk-143", "gftuk-044"} <= cited
    anchors = [attrs["id"] for _, attrs in page.found if "id" in attrs]
    targets = [attrs["href"] for attrs in page.all("a")]
    assert len(set(anchors)) == len(anchors) and {f"#{each}" for each in anchors} == set(targets)
    assert {each for each in anchors if each.startswith("s-")} == {f"s-{id}" for id in cited}
    for id in cited:
        document = CORPUS[id.rpartition("-")[0]]
        place, row = document.sentence_in_raw(id), document.sentences.loc[id]
        lines = f"line {place.first_line}"
        if place.first_line < place.last_line:
            lines = f"lines {place.first_line}–{place.last_line}"
        assert f"{id}. Paragraph {row['paragraph']}, {lines} of the raw file." in page.text
        assert row["text"] in page.text


def test_the_page_is_one_file_that_fetches_and_runs_nothing(written, page):
    data = written.decode()
    active = {"script", "link", "iframe", "object", "embed", "form", "base", "svg"}
    assert {tag for tag, _ in page.found}.isdisjoint(active)
    assert all(attrs["src"].startswith("data:image/png;base64,") for attrs in page.all("img"))
    names = [name for _, attrs in page.found for name in attrs]
    assert not [name for name in names if name.startswith("on") or name == "style"]
    assert "default-src 'none'" in page.all("meta")[1]["content"]
    assert not [word for word in ("url(", "@import", "http:", "https:") if word in data]


def test_headings_tables_and_pictures_are_accessible(page):
    levels = [int(tag[1]) for tag, _ in page.found if re.fullmatch(r"h\d", tag)]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    alts = [attrs["alt"] for attrs in page.all("img")]
    assert len(alts) == 3 and "“rights”: KCTU, Our Aims 10.3" in alts[0]
    assert len(page.all("caption")) == len(page.all("table")) == 5
    assert all(attrs.get("scope") for attrs in page.all("th"))


def test_the_colours_have_enough_contrast_on_paper(written):
    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        parts = [
            each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
        ]
        return sum(
            each * share for each, share in zip(parts, (0.2126, 0.7152, 0.0722), strict=True)
        )

    colours = set(re.findall(r"[ {]color: (#\w{6})", written.decode()))
    assert len(colours) >= 4
    assert all(1.05 / (luminance(each) + 0.05) >= 4.5 for each in colours)


anything = st.text(st.characters(exclude_categories=()), max_size=60) | st.sampled_from(
    [HOSTILE, "</style><script>", "&#0;", "-->", "{% raw %}", "{{ title }}"]
)


@settings(max_examples=25)
@given(anything)
def test_any_text_is_harmless(said):
    page = Page(render("page.html", title=said))
    tags = "html head meta meta meta title style body main h1"
    assert [tag for tag, _ in page.found] == tags.split()
    assert " ".join(printable(said).split()) in " ".join(page.text.split())


def test_a_draft_says_what_is_missing(journal):
    case = Case(CORPUS, journal)
    with trouble("nothing to report yet"):
        report_page(case)
    case.write("claim", "Both name tasks.")
    text = Page(report_page(case)).text
    assert (
        "Draft. Still missing: Evidence from both documents, Every quotation word for word" in text
    )
    assert "The fairest reading" not in text and "No codes are used" in text
    assert text.count("Nothing is written here yet.") == 3


def test_evidence_that_no_longer_holds_is_marked_and_cites_nothing(journal):
    words = "The KCTU will work towards the peaceful reunification"
    Case(CORPUS, journal).add_quotation("kctu", words)
    Case(CORPUS, journal).add_quotation("gftuk", QUOTED["gftuk"][0])
    changed = Case(Corpus({"kctu": CORPUS["kctu"].cleaned_without("corrections")}), journal)
    text = Page(report_page(changed)).text
    assert text.count("This piece of evidence does not hold") == 2 and words in text
    assert "Sentences cited" not in text and "Draft." in text


def test_the_second_look_and_the_lack_of_one_are_told(journal):
    coding_annotations(CORPUS["kctu"], journal=journal).set("kctu-002", codes=["voice"])
    case = Case(Corpus({"kctu": CORPUS["kctu"]}), journal)
    case.add_number({"of": "code", "documents": ["kctu"], "code": "voice", "coder": "me"})
    assert "blind second look" not in Page(report_page(case)).text
    coding_annotations(CORPUS["kctu"], journal=journal, look="second").set(
        "kctu-002", codes=["voice"]
    )
    said = "Agreement with the same coder's blind second look. Sentences that both coded: 1."
    assert said in Page(report_page(case)).text


def test_the_report_opens_in_an_office_program(written, tmp_path):
    """As in Word: LibreOffice Writer opens it, with its pictures, and makes pages of it."""
    if not (office := shutil.which("soffice") or shutil.which("libreoffice")):
        pytest.skip("no LibreOffice on this machine: install the package libreoffice-writer")
    path = tmp_path / "my-case.html"
    path.write_bytes(written)
    where = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, where, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, path]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    pages = PdfReader(tmp_path / "my-case.pdf").pages
    text = re.sub(r"\s+", " ", " ".join(each.extract_text() for each in pages))
    assert QUOTED["gftuk"][0] in text and "Sentences cited" in text and 3 < len(pages) < 25
    assert len({image.name for each in pages for image in each.images}) == 3
