"""The packet on paper: whole on A4 and Letter, nothing over the edge; no barrier on the screen."""

import re
import unicodedata

import pytest
from barriers import violations

from helpers.classroom.packet import write_packet
from helpers.corpus.cleaning import clean
from helpers.corpus.documents import FIELDS, Corpus, Document, load_corpus

PAPERS = {"A4": (210, 297), "Letter": (215.9, 279.4)}  # millimetres
MARGIN = 15  # at the sides, as packet.html has it
LONG = "The union will " + " and ".join(["act for all of its members in every port"] * 120) + "."
WORD = "solidarity" * 40


@pytest.fixture(scope="module")
def corpus():
    """The two documents, and one with a sentence over a page and a word over a line long."""
    own = Document(
        "own",
        dict.fromkeys(FIELDS, WORD) | {"short_title": "One's own"},
        clean(f"{LONG}\n\nWe want {WORD} now.\n", name="own.txt"),
    )
    return Corpus({document.id: document for document in [*load_corpus().documents, own]})


@pytest.fixture(scope="module")
def page(browser, corpus, tmp_path_factory):
    page, asked = browser.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(write_packet(corpus, tmp_path_factory.mktemp("packet") / "packet.html").as_uri())
    yield page
    assert len(asked) == 1, asked


def bare(text):
    """A text without spaces, the letters of its ligatures apart, as PDF may write “ff” as one."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("paper", PAPERS)
def test_every_sentence_is_printed_and_nothing_lies_over_the_edge(page, corpus, tmp_path, paper):
    from pypdf import PdfReader

    page.pdf(path=tmp_path / "packet.pdf", format=paper)
    sheets = PdfReader(tmp_path / "packet.pdf").pages
    text, begun = "", []

    def note(said, around, place, *more):
        x, y = (
            place[4] * around[each] + place[5] * around[each + 2] + around[each + 4]
            for each in (0, 1)
        )
        begun.append((said.strip(), x, y))

    for sheet in sheets:
        width, height = float(sheet.mediabox.width), float(sheet.mediabox.height)
        assert (round(width * 25.4 / 72), round(height * 25.4 / 72)) == tuple(
            map(round, PAPERS[paper])
        )
        text += sheet.extract_text(visitor_text=note)
        side = MARGIN * 72 / 25.4 - 1
        assert [
            said
            for said, x, y in begun
            if said and not (side < x < width - side and 0 < y < height)
        ] == []
        begun.clear()
    assert len(sheets) < 36
    printed = bare(text)
    for document in corpus.documents:
        for id, said in document.sentences["text"].items():
            assert id in printed
            # A sentence longer than a page is met by the head of the table, said again.
            assert bare(said[:400] if said == LONG else said) in printed, id


@pytest.mark.parametrize("paper", PAPERS)
def test_nothing_is_wider_than_the_paper_and_no_row_is_cut(page, paper):
    width, height = ((millimetres * 96 / 25.4) for millimetres in PAPERS[paper])
    page.emulate_media(media="print")
    page.set_viewport_size({"width": int(width - 2 * MARGIN * 96 / 25.4), "height": int(height)})
    wide = page.evaluate("""() => [...document.querySelectorAll('main *')].filter(node =>
        node.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map(node => node.outerHTML.slice(0, 90))""")
    assert wide == []
    # Rows are kept whole, and none but the made-up giant is so high that it cannot be.
    high = page.evaluate(
        "limit => [...document.querySelectorAll('tr')]"
        ".filter(row => row.offsetHeight > limit).length",
        height * 0.8,
    )
    assert high == 1
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.text tr')).breakInside") == "avoid"
    )
    assert page.evaluate(
        "[...document.querySelectorAll('section + section')]"
        ".every(each => getComputedStyle(each).breakBefore === 'page')"
    )
    page.emulate_media(media="screen")


def test_every_sheet_is_listed_in_its_order(page):
    sheets = page.evaluate(
        "[...document.querySelectorAll('main > section')].map(sheet => '#' + sheet.id)"
    )
    listed = page.locator("#teacher table a").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    assert listed == sheets and len(sheets) == 9 + 3


@pytest.mark.parametrize("width", [1280, 320])
def test_no_barrier_on_the_screen(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    assert violations(page, "html", "best-practice") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
