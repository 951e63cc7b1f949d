"""Adding a text: nothing is kept before it is approved, and what is shown is what is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sentence import assert_one_sentence

from helpers.corpus.documents import FIELDS
from helpers.corpus.importing import LARGEST_FILE
from helpers.corpus.library import add_document, my_corpus, practice_document
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
    """What the browser does: send a message, perhaps with a file; gives what is then shown."""
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
    assert shown["paragraphs"][1].startswith("The first office") and shown["more"] == 0
    assert "nothing is unaccounted for" in shown["account"] and "6 paragraphs" in shown["account"]
    assert files(tmp_path) == [] and widget.document is None
    shown = tell(widget, "add", about=SAID, sure=True)
    assert (shown["stage"], shown["trouble"]) == ("choose", "")
    assert "under the id harbour" in shown["told"]
    sentences = len(widget.document.sentences)
    assert shown["own"] == [{"id": "harbour", "title": "Our Harbour", "sentences": sentences}]
    names = ("documents.toml", "original.docx", "raw.txt")
    assert files(tmp_path) == [f"documents/harbour/{name}" for name in names]
    kept = my_corpus(folder=tmp_path)["harbour"]
    assert kept.text == widget.document.text
    assert kept.about["genre"] == "not known" == kept.about["place"]
    assert "word.docx" in repr(source_card(kept, "how_obtained"))


def test_the_learner_decides_where_the_text_begins_and_ends(widget, tmp_path):
    text = "OUR RULES\n\nBy Ann Moss\n\n4 May 1912\n\nWe will stand together, all of us.\n\n"
    text += "Nobody goes alone.\n"
    shown = tell(widget, "text", text=text)
    assert (shown["body"]["first"], shown["body"]["last"]) == (7, 9), "proposed"
    assert shown["body"]["begins"][0] == {"line": 7, "text": "We will stand together, all of us."}
    assert [each["text"] for each in shown["outside"]] == ["OUR RULES", "By Ann Moss", "4 May 1912"]
    assert "Ann Moss" in shown["said"]["author"] and "1912" in shown["said"]["date"]
    shown = tell(widget, "body", first=1, last=7)
    assert shown["paragraphs"] == [text.split("\n")[at] for at in (0, 2, 4, 6)]
    assert [each["line"] for each in shown["outside"]] == [9]
    for first, last in ((0, 3), (5, 2), (1, 99), ("1", 2), (None, None), (2, 2)):
        refused = tell(widget, "body", first=first, last=last)
        assert_one_sentence(refused["trouble"])
        assert refused["body"] == shown["body"], "what was shown stays"
    assert_one_sentence(tell(widget, "add", about=SAID)["trouble"])
    assert files(tmp_path) == [], "nothing is added before the learner has looked"
    tell(widget, "add", about=SAID, sure=True)
    kept = my_corpus(folder=tmp_path)["harbour"]
    assert kept.cleaning.body == (1, 7) and kept.text.endswith("all of us.")
    assert not any("proposed" in note for note in [*kept.notes, *kept.cleaning.notes])


def test_what_looks_like_furniture_is_left_until_the_learner_says_so(widget, tmp_path):
    pages = [f"THE HARBOUR TIMES\n\nParagraph {number} goes on about oil.\n" for number in range(5)]
    shown = tell(widget, "text", text="\n".join(pages))
    assert len(shown["resembling"]) >= 4, shown["resembling"]
    before = "".join(shown["paragraphs"]).count("HARBOUR")
    line = shown["resembling"][0]["line"]
    shown = tell(widget, "take", line=line)
    assert "".join(shown["paragraphs"]).count("HARBOUR") == before - 1
    assert shown["resembling"][0]["on"] and not shown["resembling"][1]["on"]
    assert_one_sentence(tell(widget, "take", line=2_000)["trouble"])
    tell(widget, "add", about=SAID, sure=True)
    assert my_corpus(folder=tmp_path)["harbour"].cleaning.take == (line,)


def test_steps_are_switched_and_the_preview_is_drawn_anew(widget, tmp_path):
    tell(widget, "text", text="We will stand “together”.\n\nLog in\n\nNobody goes alone.")
    assert "Log in" not in widget.shown["paragraphs"]
    shown = tell(widget, "switch", step="page-furniture")
    assert "Log in" in shown["paragraphs"] and shown["stage"] == "check"
    assert next(step for step in shown["steps"] if step["name"] == "page-furniture")["on"] is False
    assert "Log in" not in tell(widget, "switch", step="page-furniture")["paragraphs"]
    shown = tell(widget, "switch", step="quotes")
    tell(widget, "add", about=SAID, sure=True)
    assert "“together”" in widget.document.text and widget.document.cleaning.off == ("quotes",)
    assert my_corpus(folder=tmp_path)["harbour"].text == widget.document.text
    shown = tell(widget, "text", text="Another\ntext, which begins with all steps on.")
    assert all(step["on"] for step in shown["steps"])


def test_what_is_shown_of_the_account_is_the_account(widget):
    shown = tell(widget, "file", (FIXTURES / "book.pdf").read_bytes(), name="book.pdf")
    tell(widget, "add", about=SAID, sure=True)
    cleaning = widget.document.cleaning
    counts = cleaning.steps()["edits"]
    assert all(counts[step["name"]] == step["edits"] for step in shown["steps"])
    total = cleaning.account().loc["total"]
    kept, changed = f"{total['kept']:,} are kept", f"{total['changed']:,} changed"
    assert f"Of {total['raw']:,} characters, {kept}, {changed}" in shown["account"]
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
    assert "Invented" in shown["said"]["author"]
    practice = practice_document()
    assert (shown["body"]["first"], shown["body"]["last"]) == practice.cleaning.body
    about = {name: said for name, said in shown["said"].items() if name in FIELDS}
    tell(widget, "add", about=about, sure=True)
    assert widget.document.id == "lamplighters_aims"
    assert widget.document.text == practice.text


def test_a_page_offers_what_it_says_of_itself(widget):
    shown = tell(widget, "file", (FIXTURES / "article.html").read_bytes(), name="x.html")
    assert shown["said"]["title"].startswith("Our harbour") and shown["said"]["author"] == "Nobody"


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
        {"do": "body", "first": 1, "last": 2},
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
        shown = tell(widget, "add", about=about, sure=True)
        assert_one_sentence(shown["trouble"])
        assert shown["stage"] == "check", "what was read is still there"

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("helpers.corpus.library.os.fsync", full)
    assert "disk is full" in tell(widget, "add", about=SAID, sure=True)["trouble"]
    monkeypatch.undo()
    assert files(tmp_path) == []
    assert tell(widget, "add", about=SAID, sure=True)["trouble"] == ""


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
