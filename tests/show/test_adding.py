"""Adding a text: nothing is kept before it is approved, and what is shown is what is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sentence import assert_one_sentence

from helpers.corpus.documents import FIELDS
from helpers.corpus.importing import LARGEST_FILE
from helpers.corpus.library import add_document, my_corpus
from helpers.show.adding import Adding, add_my_document
from helpers.show.cards import source_card
from helpers.show.widget import Widget

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "own"
SAID = {
    "title": "Our Harbour",
    "author": "Nobody",
    "date": "not known",
    "source": "Invented",
    "rights": "Ours",
    "genre": "",
    "place": " ",
}


def tell(widget: Adding, do: object = None, file: bytes | None = None, **message: object) -> dict:
    """What the browser does: send a message, perhaps with a file; gives what the screen then shows."""
    widget._hear(widget, {"do": do, **message}, [] if file is None else [memoryview(file)])
    json.dumps(widget.shown)  # it can be sent
    return dict(widget.shown)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def widget(tmp_path) -> Adding:
    return add_my_document(tmp_path)


def test_the_form_has_the_fields_of_the_corpus_and_tells_the_limit_first(widget):
    shown = widget.shown
    assert [field["name"] for field in shown["fields"]] == list(FIELDS)
    assert [field["name"] for field in shown["fields"] if field["needed"]] == [
        "title",
        "author",
        "date",
        "source",
        "rights",
    ]
    assert (shown["largest"], shown["stage"], shown["own"]) == (LARGEST_FILE, "choose", [])


def test_a_file_is_looked_at_before_it_is_added(widget, tmp_path):
    shown = tell(widget, "file", (FIXTURES / "word.docx").read_bytes(), name="word.docx")
    assert shown["stage"] == "check" and shown["trouble"] == ""
    assert any("Comments left out" in note for note in shown["notes"])
    assert shown["said"]["title"] == "Our harbour" and shown["said"]["author"] == "Nobody"
    assert (
        shown["paragraphs"][0].startswith("The first office")
        and len(shown["paragraphs"]) == 5
        and shown["more"] == 0
    )
    assert shown["removed"] == [{"line": 1, "why": "Title page and imprint", "text": "Our harbour"}]
    assert "nothing is unaccounted for" in shown["account"] and "5 paragraphs" in shown["account"]
    assert files(tmp_path) == [] and widget.document is None
    shown = tell(widget, "add", about=SAID)
    assert (shown["stage"], shown["trouble"]) == ("choose", "")
    assert "under the id harbour" in shown["told"]
    assert shown["own"] == [
        {"id": "harbour", "title": "Our Harbour", "sentences": len(widget.document.sentences)}
    ]
    assert files(tmp_path) == [
        f"documents/harbour/{name}" for name in ("documents.toml", "original.docx", "raw.txt")
    ]
    kept = my_corpus(folder=tmp_path)["harbour"]
    assert (
        kept.text == widget.document.text
        and kept.about["genre"] == "not known" == kept.about["place"]
    )
    assert "word.docx" in repr(source_card(kept, "how_obtained"))


def test_steps_are_switched_and_the_preview_is_drawn_anew(widget, tmp_path):
    tell(widget, "text", text="OUR RULES\n\nWe will stand together.\n\n- 2 -\n\nNobody goes alone.")
    shown = tell(widget, "switch", step="title-page")
    assert shown["paragraphs"][0] == "OUR RULES" and shown["stage"] == "check"
    assert next(step for step in shown["steps"] if step["name"] == "title-page")["on"] is False
    assert [line["line"] for line in shown["removed"]] == [5]
    assert "- 2 -" in tell(widget, "switch", step="page-furniture")["paragraphs"]
    assert "- 2 -" not in tell(widget, "switch", step="page-furniture")["paragraphs"]
    tell(widget, "add", about=SAID)
    assert widget.document.text.startswith("OUR RULES") and widget.document.cleaning.off == (
        "title-page",
    )
    assert my_corpus(folder=tmp_path)["harbour"].text == widget.document.text
    shown = tell(widget, "text", text="Another\ntext, which begins with all steps on.")
    assert all(step["on"] for step in shown["steps"])


def test_what_is_shown_of_the_account_is_the_account(widget):
    shown = tell(widget, "file", (FIXTURES / "book.pdf").read_bytes(), name="book.pdf")
    tell(widget, "add", about=SAID)
    cleaning = widget.document.cleaning
    counts = cleaning.steps()["edits"]
    assert {step["name"]: step["edits"] for step in shown["steps"]} == counts.drop(
        "corrections"
    ).to_dict()
    total = cleaning.account().loc["total"]
    assert (
        f"Of {total['raw']:,} characters, {total['kept']:,} are kept, {total['changed']:,} changed and {total['removed']:,} removed"
        in shown["account"]
    )
    raw = cleaning.raw.split("\n")
    for line in shown["removed"]:
        assert raw[line["line"] - 1].strip() == line["text"] and line["why"] == "Page furniture"
    assert len(shown["removed"]) == 2
    assert shown["paragraphs"] == widget.document.paragraphs["text"].to_list()


def test_a_long_text_is_shown_bit_by_bit(widget):
    paragraphs = [f"This is paragraph number {number} of a long text." for number in range(100)]
    shown = tell(widget, "text", text="\n\n".join(paragraphs))
    assert shown["paragraphs"] == paragraphs[:12] and shown["more"] == 88
    shown = tell(widget, "more")
    assert shown["paragraphs"] == paragraphs[:72] and shown["more"] == 28


def test_the_practice_text_fills_the_form(widget):
    shown = tell(widget, "practice")
    assert "Invented" in shown["said"]["author"] and len(shown["removed"]) == 6
    tell(
        widget, "add", about={name: said for name, said in shown["said"].items() if name in FIELDS}
    )
    assert widget.document.id == "lamplighters_aims"


def test_guesses_leave_out_what_programs_write_in_place_of_a_title(widget):
    assert "title" not in tell(
        widget, "file", (FIXTURES / "columns.pdf").read_bytes(), name="x.pdf"
    )["said"] or (widget.shown["said"]["title"] == "Our harbour")
    assert (
        tell(widget, "file", (FIXTURES / "article.html").read_bytes(), name="x.html")["said"][
            "title"
        ]
        == "Our harbour"
    )


def test_a_large_file_comes_in_pieces(widget):
    data = (FIXTURES / "printed.pdf").read_bytes()
    for at in range(0, len(data) - 5_000, 5_000):
        tell(widget, "piece", data[at : at + 5_000], joins=at > 0)
    last = (len(data) - 5_000 + 4_999) // 5_000 * 5_000
    assert widget.shown["stage"] == "choose"
    shown = tell(widget, "file", data[last:], name="printed.pdf", joins=True)
    assert shown["stage"] == "check" and widget._original == data


def test_pieces_of_a_file_that_never_came_whole_are_forgotten(widget):
    tell(widget, "piece", b"half of", joins=False)
    tell(widget, "piece", b" a file", joins=True)
    tell(widget, "file", b"Another text, whole.", name="x.txt")
    assert widget._original == b"Another text, whole."


@pytest.mark.parametrize(
    "name", ["scan.pdf", "letter.rtf", "locked.pdf", "sheet.docx", "empty.txt"]
)
def test_a_file_that_cannot_be_read_is_told_and_leaves_what_was_shown(widget, name):
    before = tell(widget, "text", text="We will\nstand together.")
    shown = tell(widget, "file", (FIXTURES / name).read_bytes(), name=name)
    assert_one_sentence(shown["trouble"])
    assert name in shown["trouble"] and shown["paragraphs"] == before["paragraphs"]


def test_other_trouble_is_told_and_nothing_is_kept(widget, tmp_path, monkeypatch):
    for message in (
        {"do": "add", "about": SAID},
        {"do": "switch", "step": "quotes"},
        {"do": "burn"},
        {"do": "file"},
        {"do": None},
        {"do": "more"},
    ):
        assert_one_sentence(tell(widget, **message)["trouble"])
    assert_one_sentence(tell(widget, "text", text="  \n ")["trouble"])
    tell(widget, "text", text="We will\nstand together.")
    for about in (
        None,
        [],
        {"title": 5},
        {**SAID, "title": ""},
        {**SAID, "colour": "red"},
        {**SAID, "genre": "x" * 2_000},
    ):
        shown = tell(widget, "add", about=about)
        assert_one_sentence(shown["trouble"])
        assert shown["stage"] == "check", "what was read is still there"

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("helpers.corpus.shelf.os.fsync", full)
    assert "disk is full" in tell(widget, "add", about=SAID)["trouble"]
    monkeypatch.undo()
    assert files(tmp_path) == []
    assert tell(widget, "add", about=SAID)["trouble"] == ""


def test_own_documents_are_listed_and_removed(tmp_path):
    add_document(
        "We will\nstand together.",
        folder=tmp_path,
        **{name: said for name, said in SAID.items() if said.strip()},
    )
    widget = add_my_document(tmp_path)
    assert [each["id"] for each in widget.shown["own"]] == ["harbour"]
    assert_one_sentence(tell(widget, "remove", id="kctu")["trouble"])
    shown = tell(widget, "remove", id="harbour")
    assert shown["own"] == [] and "removed" in shown["told"] and files(tmp_path) == []


def test_starting_again_keeps_nothing(widget, tmp_path):
    tell(widget, "text", text="We will\nstand together.")
    shown = tell(widget, "anew")
    assert shown["stage"] == "choose" and shown["paragraphs"] == [] and files(tmp_path) == []
    assert isinstance(widget, Widget)
