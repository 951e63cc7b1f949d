"""The packet says all of the texts and the codebook, leaves room to write, and is harmless."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from documents import nasty
from hypothesis import given, settings
from sentence import trouble

from helpers.classroom.packet import write_packet
from helpers.classroom.pages import printable
from helpers.coding.codebook import load_codebook
from helpers.coding.practice import load_practice
from helpers.corpus.cleaning import clean
from helpers.corpus.documents import FIELDS, Corpus, Document, load_corpus

CORPUS, CODEBOOK = load_corpus(), load_codebook()
HOSTILE = (
    "<script>alert(1)</script>\"'> & {{ style }} {% rules %} \u202eevil\u202c 노조 a\u0301 "
    "</td></table>"
)
VOID = {"meta"}


class Page(HTMLParser):
    """A page read strictly: each element is closed again; its tables as rows of texts."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.open, self.found, self.tables, self.text = [], [], {}, ""
        self.feed(data.decode("utf-8"))
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("caption", "th", "td"):
            self.cell = ""
        if tag == "tr":
            self.rows.append([])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag == "caption":
            assert self.cell not in self.tables, "two tables have one name"
            self.rows = self.tables[self.cell] = []
        if tag in ("th", "td"):
            self.rows[-1].append(self.cell)

    def handle_data(self, data):
        if not set(self.open) & {"style", "title"}:
            self.text += data
            self.cell = getattr(self, "cell", "") + data


def own(text: str, id: str = "own") -> Document:
    """A document such as somebody might add, with hostile words in each field."""
    return Document(
        id,
        dict.fromkeys(FIELDS, f"{id} {HOSTILE}"[:60]) | {"short_title": f"Title {id} {HOSTILE}"},
        clean(text, name="own.txt"),
    )


def packet(folder, *documents: Document) -> Page:
    return Page(
        write_packet(
            Corpus({each.id: each for each in documents}), folder / "packet.html"
        ).read_bytes()
    )


def sentences(page: Page, document: Document) -> list[tuple[str, str]]:
    """The sentences of a document as the page has them, by their ids."""
    _, *rows = page.tables[f"The sentences: {printable(document.about['short_title'])}"]
    return [(head.split("\n")[-1], text) for head, text, _ in rows]


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Page:
    return packet(tmp_path_factory.mktemp("packet"), *CORPUS.documents)


def test_every_sentence_stands_there_under_its_number_and_every_paragraph_is_marked(page):
    for document in CORPUS.documents:
        assert sentences(page, document) == list(document.sentences["text"].items())
        marks = [
            row[0]
            for row in page.tables[f"The sentences: {document.about['short_title']}"][1:]
            if "¶" in row[0]
        ]
        assert len(marks) == len(document.paragraphs)


def test_the_codebook_is_whole(page):
    for code, row in zip(CODEBOOK.codes.values(), page.tables["The codes"][1:], strict=True):
        assert row == [
            f"{code.label} ({code.code})",
            code.definition,
            code.include,
            code.exclude,
            code.example,
        ]
    for rule in CODEBOOK.rules:
        assert rule in page.text
    assert [row[0] for row in page.tables["The doers"][1:]] == [
        doer.label for doer in CODEBOOK.doers.values()
    ]


def test_the_practice_sheet_shows_no_answer_and_the_key_is_the_codebooks(page):
    keys = list(load_practice().key.values())
    sheet, key = (
        page.tables["Invented sentences"][1:],
        page.tables["The practice sentences, as the codebook has them"][1:],
    )
    assert len(sheet) == len(key) == len(keys)
    for entry, (_, text, room), (_, codes, why, doer, _) in zip(keys, sheet, key, strict=True):
        assert text.endswith(entry["text"]) and room == ""
        assert codes == " + ".join(CODEBOOK[code].label for code in entry["codes"])
        assert (why, doer) == (entry["why"], CODEBOOK.doers[entry["doer"]].label)


def test_there_is_room_to_write(page):
    for document in CORPUS.documents:
        title = document.about["short_title"]
        assert all(row[-1] == "" for row in page.tables[f"The sentences: {title}"][1:])
        assert [row[0] for row in page.tables[f"Tally: {title}"][1:-1]] == [
            code.label for code in CODEBOOK.codes.values()
        ]
        assert [row[1] for row in page.tables[f"Four questions to: {title}"][1:]] == [""] * 4
    assert all(set(row[1:]) == {""} for row in page.tables["Our sentences"][1:])


def test_the_example_of_agreement_is_reckoned_from_its_table(page):
    rows = page.tables["Ann and Ben, both invented"][1:]
    alike = [set(one.split(" + ")) == set(other.split(" + ")) for _, one, other, _ in rows]
    assert [row[3] for row in rows] == ["yes" if each else "no" for each in alike]
    assert 0 < sum(alike) < len(rows)
    assert any(
        one != other for (_, one, other, _), each in zip(rows, alike, strict=True) if each
    ), "the order should not count"
    many, whole = sum(alike), len(rows)
    reckoned = f"{many} ÷ {whole} × 100 = {100 * many / whole:.0f} %."
    assert f"The same: {many} of {whole} sentences. {reckoned}" in page.text
    rare, said = re.search(r"Look at the code “(.*?)”.*?they agree in (\d+) of", page.text).groups()
    uses = [(rare in one.split(" + "), rare in other.split(" + ")) for _, one, other, _ in rows]
    assert sum(map(sum, uses)) == 1 and int(said) == sum(one == other for one, other in uses)


def test_minutes_of_the_plan_add_up(page):
    assert sum(int(row[0]) for row in page.tables["Minute by minute"][1:]) == 45


def test_a_sentence_is_worth_what_the_table_says(page):
    for document, row in zip(CORPUS.documents, page.tables["How long they are"][1:], strict=True):
        assert row[2:] == [
            str(len(document.sentences)),
            f"{len(document.text.split()):,}",
            f"{100 / len(document.sentences):.1f}",
        ]


def test_the_page_is_made_for_everybody(page):
    names = [tag for tag, _ in page.found]
    assert ("html", {"lang": "en-GB"}) in page.found and names.count("h1") == names.count(
        "main"
    ) == 1
    levels = [int(name[1]) for name in names if re.fullmatch(r"h\d", name)]
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert names.count("table") == names.count("caption")
    assert all(attrs.get("scope") in ("row", "col") for tag, attrs in page.found if tag == "th")


def test_nothing_comes_from_elsewhere_and_nothing_runs(page):
    assert not {"script", "img", "link", "iframe", "object", "svg", "form", "input"} & {
        tag for tag, _ in page.found
    }
    for _, attrs in page.found:
        assert not any(
            name.startswith("on") or name in ("src", "action", "style") for name in attrs
        )
        assert attrs.get("href", "#").startswith("#"), "a link within the packet"


@given(text=nasty)
@settings(max_examples=25)
def test_whatever_is_added_is_shown_and_does_no_harm(text, tmp_path_factory):
    document = own(f"{text}\n\nThe union will last. {HOSTILE}\n")
    page = packet(tmp_path_factory.mktemp("own"), CORPUS["kctu"], document)
    assert sentences(page, document) == [
        (id, printable(said)) for id, said in document.sentences["text"].items()
    ]
    assert sentences(page, CORPUS["kctu"]) == list(CORPUS["kctu"].sentences["text"].items())
    assert "script" not in {tag for tag, _ in page.found}


def test_a_document_without_a_sentence_and_one_alone_make_a_packet(tmp_path):
    assert packet(tmp_path, own("")).tables["How long they are"][1][2:] == ["0", "0", "–"]
    assert (
        list(
            packet(tmp_path, *[own("The union will act.", f"own{n}") for n in range(8)]).tables
        ).count("Our sentences")
        == 1
    )


def test_where_nothing_can_be_written_nothing_is_left(tmp_path):
    (tmp_path / "taken").write_text("a file, and no folder")
    with trouble("packet.html"):
        write_packet(CORPUS, tmp_path / "taken" / "packet.html")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
