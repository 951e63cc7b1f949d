"""The two documents as they must come out, checked against the raw files by other means; and a
corpus that is not well."""

from __future__ import annotations

import hashlib
import re
import shutil
import tomllib
import zlib
from collections import Counter

import pytest
from accounts import check_account, check_sentences, check_sums
from sentence import trouble

from helpers.corpus import documents as corpus_module
from helpers.corpus.cleaning import STEPS, Correction, clean
from helpers.corpus.documents import CORPUS_FOLDER, FIELDS, load_corpus

BODY = {
    "kctu": (5, 28),
    "gftuk": (39, 279),
}  # first and last raw line of the body, found by reading the files
PRINTED = re.compile(r"[^\W_]+")


@pytest.fixture(params=["kctu", "gftuk"])
def document(request, corpus):
    return corpus[request.param]


@pytest.mark.parametrize(
    ("id", "paragraphs", "sentences", "words"), [("kctu", 7, 17, 392), ("gftuk", 95, 155, 5998)]
)
def test_size_of_the_documents(corpus, id, paragraphs, sentences, words):
    document = corpus[id]
    assert (len(document.paragraphs), len(document.sentences), len(document.text.split())) == (
        paragraphs,
        sentences,
        words,
    )
    assert document.text == "\n\n".join(document.paragraphs["text"])


def test_how_the_documents_begin_and_end(corpus):
    assert corpus["kctu"].text.startswith("The KCTU, building upon the history")
    assert corpus["gftuk"].text.startswith("It is amid the daily soaring")
    assert corpus["gftuk"].text.endswith("socialist construction.")


@pytest.mark.parametrize(
    "furniture",
    [
        "XE Login",
        "Foreign Languages",
        "WORKING PEOPLE",
        "KIM JONG UN",
        "Issued in July",
        "**",
        "Our Aims",
        "Juche 110 (2021)",
    ],
)
def test_no_furniture_is_left(document, furniture):
    assert furniture not in document.text


def test_every_word_of_the_body_is_kept_and_none_is_added(document):
    """From the raw lines, without the chain: only the documented corrections may differ."""
    first, last = BODY[document.id]
    body = "\n".join(document.raw.split("\n")[first - 1 : last])
    for correction in document.cleaning.corrections:
        assert body.count(correction.wrong) == 1
        body = body.replace(correction.wrong, correction.right)
    assert Counter(PRINTED.findall(document.text)) == Counter(PRINTED.findall(body))
    assert PRINTED.findall(document.text) == PRINTED.findall(body)


@pytest.mark.parametrize(
    ("id", "kind", "text", "line"),
    [
        ("kctu", "title", "Our Aims", 1),
        ("gftuk", "author", "KIM JONG UN", 5),
        (
            "gftuk",
            "title",
            "LET TRADE UNIONS BECOME VANGUARD ORGANIZATIONS IN OPENING UP AN ERA OF FRESH UPSURGE "
            "IN SOCIALIST CONSTRUCTION",
            7,
        ),
        ("gftuk", "date", "May 25, Juche 110 (2021)", 15),
        ("gftuk", "imprint", "Foreign Languages Publishing House DPR Korea Juche 110 (2021)", 17),
        ("gftuk", "imprint", "Published by Foreign Languages Publishing House DPR Korea", 288),
        ("gftuk", "imprint", "Issued in July Juche 110 (2021)", 291),
    ],
)
def test_metadata_is_found_with_its_raw_line(corpus, id, kind, text, line):
    found = corpus[id].cleaning.found()
    assert (kind, text, line) in set(found.itertuples(index=False, name=None))
    assert text.split()[0] in corpus[id].raw.split("\n")[line - 1]


def test_corrections_are_made_and_lead_back_to_the_misprint(corpus):
    edits = corpus["kctu"].cleaning.edits("corrections")
    assert edits[["line", "old", "new"]].to_numpy().tolist() == [
        [9, "Tthe", "The"],
        [17, "thorugh", "through"],
    ]
    for line, wrong in [(9, "Tthe"), (17, "thorugh")]:
        assert wrong in corpus["kctu"].raw.split("\n")[line - 1]
    assert "Tthe" not in corpus["kctu"].text
    assert "comradesly" not in corpus["gftuk"].text


def test_the_account_of_the_documents(document):
    check_account(document.cleaning)
    assert document.cleaning.body == BODY[document.id]
    assert clean(document.text).text == document.text


def test_the_account_without_each_step(document):
    for step in STEPS:
        without = document.cleaned_without(step.name)
        check_sums(without.cleaning)
        assert not (without.cleaning.edits()["step"] == step.name).any()


def test_sentences_lead_to_the_raw_lines_that_hold_them(document):
    spans = list(zip(document.sentences["start"], document.sentences["end"], strict=True))
    check_sentences(document.cleaning, [(int(start), int(end)) for start, end in spans])
    raw_lines = document.raw.split("\n")
    fixed = {each.right: each.wrong for each in document.cleaning.corrections}
    for id, text in document.sentences["text"].items():
        place = document.sentence_in_raw(id)
        words = PRINTED.findall(text)
        for word, line in [(words[0], place.first_line), (words[-1], place.last_line)]:
            assert word in raw_lines[line - 1] or fixed.get(word, word) in raw_lines[line - 1], id


def test_sentence_ids_paragraphs_and_places(document):
    table = document.sentences
    assert list(table.index) == [
        f"{document.id}-{number:03d}" for number in range(1, len(table) + 1)
    ]
    assert table["paragraph"].is_monotonic_increasing
    assert set(table["paragraph"]) == set(document.paragraphs.index)
    for _, row in table.iterrows():
        paragraph = document.paragraphs.loc[row["paragraph"]]
        assert paragraph["start"] <= row["start"] < row["end"] <= paragraph["end"]
        assert row["text"] == document.text[row["start"] : row["end"]]


def test_places_outside_the_text_are_refused(document):
    with trouble("lies outside"):
        document.to_raw(0, len(document.text) + 1)
    with trouble("no sentence", document.sentences.index[-1]):
        document.sentence_in_raw("kctu-999")


# --- a corpus of one's own, well and not well
# ----------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    """A corpus folder with one small document; ``write`` changes its manifest and raw file."""
    (tmp_path / "corpus" / "raw").mkdir(parents=True)
    write(tmp_path / "corpus")
    return tmp_path / "corpus"


def write(folder, data=b"The union will act. It must.", more="", **changes):
    (folder / "raw" / "own.txt").write_bytes(data)
    entry = {
        "id": "own",
        "file": "raw/own.txt",
        "sha256": hashlib.sha256(data).hexdigest(),
        **dict.fromkeys(FIELDS, "not known"),
        **changes,
    }
    lines = [f'{key} = "{value}"' for key, value in entry.items() if value is not None]
    (folder / "documents.toml").write_text(
        "[[documents]]\n" + "\n".join(lines) + "\n" + more, encoding="utf-8"
    )


def test_a_corpus_of_ones_own(folder):
    corpus = load_corpus(folder)
    assert list(corpus) == ["own"] and len(corpus) == 1
    assert list(corpus["own"].sentences["text"]) == ["The union will act.", "It must."]
    assert list(load_corpus(str(folder))) == ["own"]


def test_a_manifest_from_windows_notepad_is_read(folder):
    path = folder / "documents.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert list(load_corpus(folder)) == ["own"]


def test_a_document_that_is_not_there(corpus):
    with trouble("'dprk'", "kctu, gftuk"):
        corpus["dprk"]


def test_a_folder_that_is_not_there(tmp_path):
    with trouble("documents.toml"):
        load_corpus(tmp_path / "nowhere")


def test_a_file_in_place_of_the_folder(folder):
    with trouble("documents.toml"):
        load_corpus(folder / "documents.toml")


def test_a_folder_in_place_of_the_manifest(folder):
    (folder / "documents.toml").unlink()
    (folder / "documents.toml").mkdir()
    with trouble("documents.toml"):
        load_corpus(folder)


@pytest.mark.parametrize("content", [b"", b"other = 1\n", b"documents = []\n"])
def test_a_manifest_without_documents(folder, content):
    (folder / "documents.toml").write_bytes(content)
    with trouble("documents.toml"):
        load_corpus(folder)


@pytest.mark.parametrize(
    "content",
    [
        b"documents = 5\n",
        b"documents = [1]\n",
        b"[documents]\nid = 'own'\n",
        b'documents = "own"\n',
    ],
)
def test_a_manifest_of_another_shape(folder, content):
    (folder / "documents.toml").write_bytes(content)
    with trouble("[[documents]]"):
        load_corpus(folder)


@pytest.mark.parametrize(
    "corrections",
    [
        "corrections = 5",
        'corrections = ["Tthe"]',
        "corrections = [{line = 1}]",
        'corrections = [{line = "x", wrong = "a", right = "b", reason = "c"}]',
    ],
)
def test_corrections_of_another_shape(folder, corrections):
    write(folder, more=corrections)
    with trouble("documents.toml"):
        load_corpus(folder)


def test_broken_toml_names_the_line(folder):
    path = folder / "documents.toml"
    path.write_text(path.read_text() + "title : x\n")
    with trouble("documents.toml", f"line {len(path.read_text().splitlines())}"):
        load_corpus(folder)
    path.write_text('[[documents]]\nid = "own')
    with trouble("documents.toml"):
        load_corpus(folder)


def test_a_manifest_that_is_not_utf8(folder):
    (folder / "documents.toml").write_bytes("[[documents]]\ntitle = 'Café'".encode("cp1252"))
    with trouble("UTF-8"):
        load_corpus(folder)


@pytest.mark.parametrize("id", ["", "Own", "1own", "own-1", "o" * 21, "../own"])
def test_an_id_that_cannot_be_one(folder, id):
    write(folder, id=id)
    with trouble(repr(id)):
        load_corpus(folder)


def test_two_documents_with_one_id(folder):
    path = folder / "documents.toml"
    path.write_text(path.read_text() * 2)
    with trouble("two documents", "'own'"):
        load_corpus(folder)


@pytest.mark.parametrize("field", ["file", "sha256", *FIELDS])
def test_a_missing_field_is_named(folder, field):
    write(folder, **{field: None})
    with trouble(repr(field), "own"):
        load_corpus(folder)
    write(folder, **{field: "  "})
    with trouble(repr(field)):
        load_corpus(folder)


@pytest.mark.parametrize(
    "file", ["../own.txt", "/etc/hostname", "raw/../../own.txt", "raw/link.txt"]
)
def test_a_file_outside_the_corpus(folder, file):
    (folder.parent / "own.txt").write_text("The union.")
    (folder / "raw" / "link.txt").symlink_to(folder.parent / "own.txt")
    write(folder, file=file)
    with trouble("outside", "own"):
        load_corpus(folder, verify=False)


def test_a_raw_file_that_is_missing(folder):
    (folder / "raw" / "own.txt").unlink()
    with trouble("own.txt", "no file"):
        load_corpus(folder)


def test_a_raw_file_that_was_changed(folder):
    (folder / "raw" / "own.txt").write_bytes(b"Another text.")
    with trouble("SHA-256", "verify=False"):
        load_corpus(folder)
    assert load_corpus(folder, verify=False)["own"].text == "Another text."


@pytest.mark.parametrize("data", [b"", b"\n \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_a_raw_file_without_text(folder, data):
    write(folder, data)
    with trouble("no text", "own.txt"):
        load_corpus(folder)


PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06"
    + zlib.compress(bytes(range(256)) * 20)
)


@pytest.mark.parametrize(
    "data",
    [
        PNG,
        b"\x7fELF\x02\x01\x01" + bytes(200),
        b"PK\x03\x04" + bytes(range(256)) * 4,
        bytes(range(1, 32)) * 9 + b"\xff\xfe\xfd",
    ],
)
def test_a_raw_file_that_is_no_text(folder, data):
    write(folder, data)
    with trouble("not a text file", "own.txt"):
        load_corpus(folder)


def test_a_raw_file_that_is_too_large(folder):
    with open(folder / "raw" / "own.txt", "wb") as file:
        file.truncate(100_000_001)  # takes no room on the disk
    with trouble("100 MB", "own.txt"):
        load_corpus(folder)


def test_bytes_that_are_too_many(monkeypatch):
    monkeypatch.setattr("helpers.corpus.decoding.LARGEST_BYTES", 20)
    with trouble("split it"):
        clean(b"The union will act for all.", name="own.txt")
    assert clean(b"The union will act.").text == "The union will act."


def test_an_encoding_that_does_not_fit(folder):
    write(folder, "Café, naïve".encode("cp1252"), encoding="utf-8")
    with trouble("own.txt", "utf-8"):
        load_corpus(folder)
    write(folder, "Café, naïve".encode("cp1252"), encoding="cp1252")
    assert load_corpus(folder)["own"].text == "Café, naïve"


@pytest.mark.parametrize("encoding", ["latin-99", "base64", "hex", "undefined", "idna", "x" * 30])
def test_an_encoding_that_nobody_knows(folder, encoding):
    write(folder, b"The union.\xff" + b"a" * 80, encoding=encoding)
    with trouble("encoding"):
        load_corpus(folder)


def test_an_encoding_that_is_a_number(folder):
    write(folder, more="encoding = 8\n")
    with trouble("encoding"):
        load_corpus(folder)


@pytest.mark.parametrize("step", ["quotation", "", "Quotes"])
def test_an_unknown_step(folder, corpus, step):
    for asked in (
        lambda: load_corpus(folder, off=[step]),
        lambda: corpus["kctu"].cleaned_without(step),
        lambda: corpus["kctu"].cleaning.edits(step),
        lambda: corpus["kctu"].cleaning.before(step),
    ):
        with trouble(repr(step), "white-space"):
            asked()


@pytest.mark.parametrize(
    "misfit",
    [
        Correction(1, "Tthe", "The", "misprint"),
        Correction(9, "union", "Union", "x"),
        Correction(0, "union", "Union", "x"),
        Correction(-1, "union", "Union", "x"),
        Correction(1, "", "x", "x"),
        Correction(1, "e", "E", "stands there often"),
    ],
)
def test_a_correction_that_does_not_fit(misfit):
    with trouble("correction", f"line {misfit.line}", "own.txt"):
        clean("The union will act for the members.", corrections=[misfit], name="own.txt")


def test_two_corrections_of_one_place():
    both = [
        Correction(1, "unoin wlil", "union will", "misprint"),
        Correction(1, "wlil", "will", "misprint"),
    ]
    with trouble("Two corrections", "own.txt"):
        clean("The unoin wlil act.", corrections=both, name="own.txt")


def test_nothing_is_written_into_the_corpus(tmp_path):
    copy = shutil.copytree(CORPUS_FOLDER, tmp_path / "corpus")
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    load_corpus(copy)
    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == before


def test_the_manifest_has_every_hash_right():
    entries = tomllib.loads((CORPUS_FOLDER / "documents.toml").read_text(encoding="utf-8"))[
        "documents"
    ]
    assert corpus_module.CORPUS_FOLDER == CORPUS_FOLDER and len(entries) >= 2
    for entry in entries:
        assert (
            hashlib.sha256((CORPUS_FOLDER / entry["file"]).read_bytes()).hexdigest()
            == entry["sha256"]
        )
