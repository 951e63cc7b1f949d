"""Documents of one's own: kept in the work folder with what is known about them, each whole or not at all.

A document is a folder: ``documents.toml`` with the fields of the corpus, ``raw.txt``, whose cleaning
accounts for every character, and the file that was given, byte for byte. A folder is written under
another name and then renamed.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from helpers.corpus.cleaning import Cleaning, Correction, clean
from helpers.corpus.documents import (
    CORPUS_FOLDER,
    FIELDS,
    WORK_FOLDER,
    Corpus,
    Document,
    load_corpus,
)
from helpers.corpus.errors import UnionError
from helpers.corpus.files import atomic_write, disk_trouble, file_bytes, read_toml
from helpers.corpus.importing import LARGEST_FILE, LONGEST_TEXT, Reading, read_file, shown_name
from helpers.corpus.page import propose_body

PRACTICE = CORPUS_FOLDER / "practice-documents"
LONGEST_SAID = 1_000
MOST_BYTES = 100_000_000  # of all own documents together: a work file has room for as many
LONG_AGO = 600  # seconds
# Ids that mean something else to the lessons, or to Windows.
TAKEN = re.compile(r"kctu|gftuk|practice|con|nul|prn|aux|(com|lpt)\d")
PART = re.compile(
    r"documents/([a-z][a-z0-9_]{0,19})/(documents\.toml|raw\.txt|original\.(?:txt|md|html|pdf|docx))"
)
SMALL_WORDS = frozenset("a an and at by for from in of on or our the their to with".split())


@cache
def fields() -> list[dict[str, Any]]:
    """The fields of a document, as ``fields.toml`` describes them for learners."""
    return read_toml(Path(__file__).with_name("fields.toml"))["fields"]


def my_corpus(*ids: str, folder: str | Path | None = None) -> Corpus:
    """The two documents of the corpus, and then one's own in the order in which they were added.

    With ``ids``, only those, in that order. ``folder`` is the work folder. Raises
    :class:`UnionError` for an id that is not there, and for an own document that was changed or
    damaged on the disk.

    >>> my_corpus("gftuk", folder=tempfile.mkdtemp())
    <Corpus: gftuk>
    """
    own = [_opened(path, (path / "documents.toml").read_bytes()) for path in folders_of(folder)]
    corpus = Corpus({document.id: document for document in [*_two().documents, *own]})
    return Corpus({id: corpus[id] for id in ids}) if ids else corpus


def my_document(folder: str | Path | None = None) -> Document:
    """The own document that was added last; where there is none yet, the text made up for practice.

    >>> my_document(tempfile.mkdtemp()).about["author"]
    'Invented by this project'
    """
    return [practice_document(), *my_corpus(folder=folder).documents[2:]][-1]


def practice_document() -> Document:
    """The text that the project made up, for learners without one. It is evidence about no union."""
    return load_corpus(PRACTICE, training=_training()).documents[0]


def add_document(
    file_or_text: str | Path | bytes,
    *,
    name: str = "",
    folder: str | Path | None = None,
    body: tuple[int, int] | None = None,
    take: Collection[int] = (),
    off: Collection[str] = (),
    corrections: Sequence[Correction] = (),
    **about: str,
) -> Document:
    """Add a document of one's own, from a file or as a text, with what is known about it.

    Give the path of a file, its bytes and its ``name``, or a text of more than one line. ``body`` is
    the first and last line of the raw text that belong to the body (from 1); left out, the program
    proposes them, and the document's ``notes`` say so. ``take`` are lines that are furniture,
    ``off`` cleaning steps to leave out, ``corrections`` misprints. The rest are the fields of the
    corpus, of which title, author, date, source and rights must be said. Raises
    :class:`UnionError`, and saves nothing, for a file that cannot be read or cleaned, a field that
    is missing, and a text that is there.

    >>> known = {"author": "Ann Smith", "date": "1912", "source": "Her notebook", "rights": "Hers"}
    >>> text = "We will stand together.\\nWe will not wait."
    >>> added = add_document(text, title="Our Rules", folder=tempfile.mkdtemp(), **known)
    >>> added.id, len(added.sentences)
    ('rules', 2)
    """
    said = str(file_or_text)
    if isinstance(file_or_text, bytes):
        data, reading = file_or_text, read_file(file_or_text, name)
    elif isinstance(file_or_text, str) and ("\n" in said.strip() or len(said) > 250):
        data, reading, name = said.encode("utf-8", "replace"), pasted(said), ""
    else:
        advice = "check its name and size, or give a text of more than one line"
        data, name = file_bytes(Path(said), advice, LARGEST_FILE), Path(said).name
        reading = read_file(data, name)
    cleaning = {"body": body, "take": take, "off": off, "corrections": corrections}
    return keep_document(reading, data, name, about, folder, **cleaning)


def pasted(text: str) -> Reading:
    """A text that was pasted, as :func:`helpers.corpus.importing.read_file` would give it."""
    return read_file(text.replace("\x00", "").encode("utf-8", "replace"), "what was pasted.txt")


def try_cleaning(reading: Reading, **how: Any) -> Document:
    """What was read, cleaned and split into sentences, before anything is kept.

    ``how`` is what :func:`helpers.corpus.cleaning.clean` takes; without a ``body`` it is proposed.
    Raises :class:`UnionError` for a text of which nothing is left, or that takes too long.
    """
    how["body"] = how.get("body") or propose_body(reading.text, reading.blocks)
    try:
        cleaning = clean(reading.text, blocks=reading.blocks, name="the text", **how)
        document = Document("text", dict.fromkeys(FIELDS, ""), cleaning, _training())
        if document.sentences.empty:
            raise trouble("nothing_left")
    except (TimeoutError, RecursionError, MemoryError):
        raise trouble("slow") from None
    return document


def keep_document(
    reading: Reading,
    original: bytes,
    name: str,
    about: dict[str, str],
    folder: str | Path | None = None,
    **how: Any,
) -> Document:
    """Keep what was read, with the file that it was read from; see :func:`add_document`."""
    known, place, notes = _known(about), place_of(folder), list(reading.notes)
    first, last = try_cleaning(reading, **how).cleaning.body
    if not how.get("body"):
        notes.append(f"Lines {first} to {last} were taken for the body, as the program proposed.")
    raw, source = reading.text.encode(), f"from the file {shown_name(name)}" if name else "as a paste"
    obtained = " ".join([f"Added on {datetime.now(UTC):%Y-%m-%d}, {source}.", *notes])
    entry = {
        "id": "",
        "file": "raw.txt",
        "sha256": sha256(raw).hexdigest(),
        "encoding": "utf-8",
        "added": datetime.now(UTC).isoformat(),
        "original": f"original.{reading.kind}",
        "original_sha256": sha256(original).hexdigest(),
        **dict.fromkeys(FIELDS, "not known"),
        "how_obtained": obtained[:LONGEST_SAID],
        "short_title": re.sub(r"(?<=.{29})..+", "…", known["title"]),
        **known,
        "blocks": reading.blocks,
        "body": [first, last],
        "take": list(how.get("take", [])),
        "off": list(how.get("off", [])),
        "notes": notes,
        "offers": list(reading.offers.items()),
        "corrections": [each._asdict() for each in how.get("corrections", [])],
    }
    _check_room(folder, entry["sha256"], len(raw) + len(original))
    stem = _stem(known["title"])
    for number in count(1):
        id = entry["id"] = stem if number == 1 else f"{stem[: 19 - len(str(number))]}_{number}"
        files = {"documents.toml": manifest(entry), "raw.txt": raw, entry["original"]: original}
        if not TAKEN.fullmatch(id) and _moved_in(_half_written(place, files), place / id):
            return my_corpus(id, folder=folder)[id]
    raise AssertionError("numbers have no end")


def change_document(
    id: str,
    *,
    off: Collection[str] | None = None,
    corrections: Sequence[Correction] | None = None,
    body: tuple[int, int] | None = None,
    take: Collection[int] | None = None,
    folder: str | Path | None = None,
    **about: str,
) -> Document:
    """Say anew what is known about an own document, where its body is, and how it is cleaned.

    The text as it was read stays, and so does the id. Raises :class:`UnionError` as
    :func:`add_document` does, and for a document that is not one's own. The practice text becomes
    one's own by this.
    """
    path = _mine(id, folder)
    entry = read_toml(path / "documents.toml")["documents"][0]
    entry |= _known({field: entry[field] for field in FIELDS} | about)
    how = {"off": off, "corrections": corrections, "body": body, "take": take}
    given = [each._asdict() for each in corrections or []]
    changed = how | {"corrections": None if corrections is None else given}
    entry |= {name: list(value) for name, value in changed.items() if value is not None}
    data = manifest(entry)
    _from_entry(path, entry)  # refuses before anything is changed
    atomic_write(path / "documents.toml", data)
    return my_corpus(id, folder=folder)[id]


def correct_document(
    id: str, line: int, wrong: str, right: str, reason: str, *, folder: str | Path | None = None
) -> Document:
    """Correct a misprint of an own document: its line in the raw text and a reason stay with it."""
    entry = read_toml(_mine(id, folder) / "documents.toml")["documents"][0]
    given = [Correction(**each) for each in entry.get("corrections", [])]
    new = Correction(line, wrong, right, reason)
    return change_document(id, corrections=[*given, new], folder=folder)


def remove_document(id: str, *, folder: str | Path | None = None) -> str:
    """Remove an own document from this machine, its original file too; gives a sentence that says so.

    What was tagged in it stays in the journal. Raises :class:`UnionError` for a document that is
    not one's own.
    """
    path = _own_folder(id, folder)
    gone = path.with_name(f".gone-{os.urandom(6).hex()}")
    try:
        path.rename(gone)
    except OSError as problem:
        raise disk_trouble(problem, place_of(folder).parent) from None
    shutil.rmtree(gone, ignore_errors=True)
    return (
        f"The document {id} is removed. What you tagged in it is kept: add the same text under the"
        " same title, and it is there again."
    )
