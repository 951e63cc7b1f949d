"""The reader as a plain Python model: notes and stars on the disk first, the raw place, and
terms where they stand.
"""

from __future__ import annotations

import json

import pytest
from sentence import assert_one_sentence, trouble

from helpers import my_evidence, read
from helpers.coding.journal import Journal
from helpers.corpus.cleaning import clean
from helpers.corpus.documents import FIELDS, Document, load_corpus
from helpers.corpus.glossary import load_glossary
from helpers.show.reader import Reader

CORPUS = load_corpus()
KCTU, GFTUK = CORPUS.documents
ONE, TWO, FAR = "kctu-001", "kctu-002", "gftuk-001"
HOSTILE = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> & \u202eevil\u202c 노조 "
    "👩‍🏭 a\u0301 \x00 =1+1 \\ud800"
)


def tell(widget: Reader, do: object = None, sentence: object = ONE, **message: object) -> dict:
    """What the browser does: send a message; gives what the screen then shows, which JSON can
    carry.
    """
    widget._hear(widget, {"do": do, "sentence": sentence, **message}, [])
    return json.loads(json.dumps(widget.shown))


def opened(journal: Journal, *documents: Document) -> Reader:
    """A reader as a kernel that starts now has it."""
    return read(*(documents or (KCTU,)), journal=Journal(journal.folder))


def mark(note: str = "", star: bool = False) -> dict:
    return {"note": note, "star": star}


def test_stars_and_notes_are_on_the_disk_before_the_screen_says_so(journal):
    widget, on_disk = read(KCTU, GFTUK, journal=journal), []
    widget.observe(
        lambda _: on_disk.append(len(Journal(journal.folder).records("reading"))), "shown"
    )
    steps = [
        ("star", ONE, None, mark(star=True), "is kept as evidence"),
        ("note", FAR, HOSTILE, mark(HOSTILE), f"is kept with {FAR}"),
        ("note", ONE, "why?\nso", mark("why?\nso", True), "is kept with"),
        ("star", ONE, None, mark("why?\nso"), "no longer kept"),
        ("note", ONE, "", mark(), "has no note now"),
    ]
    for do, sentence, value, state, told in steps:
        shown = tell(widget, do, sentence, value=value)
        assert (
            shown["changed"] == {sentence: state}
            and told in shown["told"]
            and shown["told"].startswith("Saved. ")
        )
        again = opened(journal, KCTU, GFTUK)
        assert {**mark(), **again.marked.get(sentence, {})} == state == widget.marked[sentence]
    assert on_disk == [1, 2, 3, 4, 5] and again.get_state("marked")["marked"] == {
        FAR: mark(HOSTILE)
    }
    assert opened(journal).marked == {} and opened(journal, GFTUK).marked == {FAR: mark(HOSTILE)}


def test_two_kernels_both_see_the_union_after_their_next_action(journal):
    one, other = opened(journal), opened(journal)
    tell(other, "note", ONE, value="there")
    tell(other, "star", TWO)
    assert tell(one, "star", ONE)["changed"] == {ONE: mark("there", True), TWO: mark(star=True)}
    assert one.marked == opened(journal).marked


def test_what_another_kernel_did_is_seen_even_after_a_refused_action(journal):
    one, other = opened(journal), opened(journal)
    tell(other, "star", TWO)
    assert tell(one, "note", ONE, value="x" * 5_001)["trouble"]
    tell(one, "star", ONE)
    assert one.marked == opened(journal).marked


@pytest.mark.parametrize(
    ("do", "sentence", "value"),
    [
        *[("note", ONE, value) for value in (None, 5, ["x"], {}, True, "x" * 5_001)],
        *[
            (do, sentence, "x")
            for do in ("note", "star", "raw")
            for sentence in (
                None,
                5,
                [ONE],
                {},
                "",
                "-",
                "kctu",
                "kctu-",
                "kctu-018",
                "kctu-1",
                "gftuk-001",
                "kctu-001 is gone: x",
                "kctu-\ud800",
            )
        ],
        *[("star", sentence, "x") for sentence in ("x" * 100_000, "kctu-" + "9" * 100_000)],
        pytest.param("raw", "kctu-" + "9" * 10_000, None),
        *[(do, ONE, "x") for do in ("eat", "undo", "", None, 5, ["star"], {}, "x" * 100_000)],
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_bad_messages(journal, do, sentence, value):
    widget = read(KCTU, journal=journal)
    shown = tell(widget, do, sentence, value=value)
    assert_one_sentence(shown["trouble"])
    assert len(shown["trouble"]) < 300 and journal.records() == [] and widget.marked == {}


def test_a_note_of_the_longest_kind_and_a_full_disk(journal, monkeypatch):
    widget = read(KCTU, journal=journal)
    assert tell(widget, "note", value="x" * 5_000)["trouble"] == ""

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("helpers.coding.journal.os.write", refuse)
    for do in ("star", "note"):
        shown = tell(widget, do, value="y")
        assert "disk is full" in shown["trouble"] and widget.marked == {ONE: mark("x" * 5_000)}


def test_a_note_with_half_a_character_can_be_sent_to_the_page(journal):
    tell(read(KCTU, journal=journal), "note", value="half \ud83d of it")
    json.dumps(opened(journal).get_state(["marked", "shown"]), ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize(
    "documents",
    [(), (KCTU, KCTU), (KCTU, GFTUK, KCTU), (KCTU, KCTU.cleaned_without("corrections"))],
)
def test_documents_that_cannot_stand_side_by_side(journal, documents):
    with trouble("two different ones"):
        read(*documents, journal=journal)


@pytest.mark.parametrize("wrong", ["kctu", CORPUS, None])
def test_what_is_no_document(journal, wrong):
    with trouble():
        read(wrong, journal=journal)


@pytest.mark.parametrize("document", [KCTU, GFTUK], ids=lambda document: document.id)
def test_the_raw_place_of_each_sentence(journal, document):
    widget, raw_lines = read(document, journal=journal), document.raw.split("\n")
    for sentence in document.sentences.index:
        shown, place = tell(widget, "raw", sentence)["raw"], document.sentence_in_raw(sentence)
        assert (shown["sentence"], shown["first"], shown["last"]) == (
            sentence,
            place.first_line,
            place.last_line,
        )
        assert [line["number"] for line in shown["lines"]] == [
            *range(place.first_line, place.last_line + 1)
        ]
        assert [line["text"] for line in shown["lines"]] == raw_lines[
            place.first_line - 1 : place.last_line
        ]
        assert place.text in "\n".join(line["text"] for line in shown["lines"])
    assert journal.records() == []


def test_evidence_is_what_has_a_star(journal):
    empty = my_evidence(*CORPUS.documents, journal=journal)
    assert (len(empty), list(empty.columns), empty.index.name) == (
        0,
        ["document", "text", "note"],
        "sentence",
    )
    assert my_evidence(journal=journal).empty
    widget = read(GFTUK, KCTU, journal=journal)
    for do, sentence, value in (
        ("star", FAR, None),
        ("star", TWO, None),
        ("note", TWO, HOSTILE),
        ("note", ONE, "no star"),
    ):
        tell(widget, do, sentence, value=value)
    table = my_evidence(*CORPUS.documents, journal=Journal(journal.folder))
    assert table.index.tolist() == [TWO, FAR] and table["note"].tolist() == [HOSTILE, ""]
    assert table["text"].tolist() == [
        KCTU.sentences.at[TWO, "text"],
        GFTUK.sentences.at[FAR, "text"],
    ]
    assert table["document"].tolist() == [each.about["short_title"] for each in (KCTU, GFTUK)]
    assert my_evidence(KCTU, journal=journal).index.tolist() == [TWO]
    tell(widget, "star", TWO)
    assert my_evidence(KCTU, journal=journal).empty


def test_annotations_whose_words_are_gone_are_told(journal):
    widget = read(KCTU, journal=journal)
    tell(widget, "star", "kctu-006")
    tell(widget, "note", ONE, value="stays")
    assert widget.shown["moved"] == []
    misprinted = KCTU.cleaned_without("corrections")
    other = opened(journal, GFTUK, misprinted)
    gone = {"was": "kctu-006", "quote": KCTU.sentences.at["kctu-006", "text"], "now": ""}
    assert other.shown["moved"] == [gone] and "kctu-006" not in other.marked
    assert my_evidence(misprinted, journal=journal).empty
    assert opened(journal).marked["kctu-006"] == mark(star=True)


def test_hostile_text_stays_text(journal):
    own = Document(
        "own",
        dict.fromkeys(FIELDS, HOSTILE),
        clean(f"The union {HOSTILE} acts.\n\n{HOSTILE}\n", off=["markup"]),
    )
    widget = read(own, KCTU, journal=journal)
    (part, _) = json.loads(json.dumps(widget.texts))["documents"]
    assert (
        part["title"] == HOSTILE
        and "<script>alert(1)</script>" in part["sentences"][0]["pieces"][0][0]
    )
    assert [
        "".join(piece for piece, _ in each["pieces"]) for each in part["sentences"]
    ] == own.sentences["text"].tolist()
    assert tell(widget, "note", "own-001", value=HOSTILE)["changed"] == {"own-001": mark(HOSTILE)}
    assert (
        my_evidence(own, journal=journal).empty
        and tell(widget, "raw", "own-001")["raw"]["first"] == 1
    )
    empty = Document("empty", own.about, clean(""))
    assert read(empty, journal=journal).texts["documents"][0]["sentences"] == []


def test_terms_come_with_their_meaning_and_where_it_is_from(journal):
    texts, glossary = read(KCTU, GFTUK, journal=journal).texts, load_glossary()
    assert [(each["term"], each["meaning"]) for each in texts["terms"]] == [
        (term.term, term.meaning) for term in glossary
    ]
    for each, term in zip(texts["terms"], glossary, strict=True):
        if term.question:
            assert "open question" in each["source"]
        elif term.verified:
            assert each["source"] == term.source
        else:
            assert "did not check" in each["source"]
    for document, part in zip(CORPUS.documents, texts["documents"], strict=True):
        for (id, row), each in zip(document.sentences.iterrows(), part["sentences"], strict=True):
            assert (each["id"], each["paragraph"]) == (id, row["paragraph"])
            assert "".join(words for words, _ in each["pieces"]) == row["text"]
            assert all(
                number is None or words in glossary[number].forms
                for words, number in each["pieces"]
            )
