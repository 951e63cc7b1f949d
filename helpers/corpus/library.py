"""Documents of one's own: added with what is known about them, and read beside the two of the corpus."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
import unicodedata
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from helpers.corpus.cleaning import Correction, clean
from helpers.corpus.documents import CORPUS_FOLDER, FIELDS, Corpus, Document, load_corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.files import disk_trouble, read_toml
from helpers.corpus.importing import LARGEST_FILE, Reading, read_file, shown_name
from helpers.corpus.shelf import (
    TAKEN,
    check_room,
    folders_of,
    half_written,
    manifest,
    moved_in,
    own_folder,
    place_of,
    sha256,
    write_through,
)

SMALL_WORDS = frozenset(
    "the of and in to for a an on at by with from our your their is as what why how who we".split()
)
PRACTICE = CORPUS_FOLDER / "practice-documents"
_LONGEST_SAID = 1_000


@cache
def fields() -> list[dict[str, Any]]:
    """The fields of a document as ``fields.toml`` describes them: ``name``, ``label``, ``help``, and which are ``needed``."""
    return tomllib.loads(Path(__file__).with_name("fields.toml").read_text(encoding="utf-8"))[
        "fields"
    ]


def my_corpus(*ids: str, folder: str | Path | None = None) -> Corpus:
    """The two documents of the corpus, and then one's own in the order in which they were added.

    With ``ids``, only those, in that order. ``folder`` is the work folder.
    Raises :class:`UnionError` for an id that is not there, and for an own
    document that was changed or damaged on the disk.

    >>> import tempfile
    >>> my_corpus("gftuk", folder=tempfile.mkdtemp())
    <Corpus: gftuk>
    """
    own = [
        _opened(path, path.joinpath("documents.toml").read_bytes()) for path in folders_of(folder)
    ]
    corpus = Corpus({document.id: document for document in [*_two().documents, *own]})
    return Corpus({id: corpus[id] for id in ids}) if ids else corpus


def my_document(folder: str | Path | None = None) -> Document:
    """The own document that was added last; where there is none yet, the text that the project made up for practice.

    >>> import tempfile
    >>> my_document(tempfile.mkdtemp()).about["author"]
    'Invented by this project'
    """
    own = my_corpus(folder=folder).documents[2:]
    return own[-1] if own else practice_document()


def practice_document() -> Document:
    """The text that the project made up, for learners who have no text at hand. It is evidence about no union."""
    return load_corpus(PRACTICE, training=_training()).documents[0]


def add_document(
    file_or_text: str | Path | bytes,
    *,
    name: str = "",
    off: Collection[str] = (),
    corrections: Sequence[Correction] = (),
    folder: str | Path | None = None,
    **about: str,
) -> Document:
    """Add a document of one's own, from a file or as a text, with what is known about it.

    Give the path of a file, its bytes and its ``name``, or a text of more than
    one line. ``off`` names cleaning steps to leave out, ``corrections`` are
    misprints with their lines in the raw text. The rest are the fields of the
    corpus, of which title, author, date, source and rights must be said. The id
    is made from the title. Raises :class:`UnionError`, and saves nothing, for a
    file that cannot be read, a field that is missing, and a text that is there.

    >>> import tempfile
    >>> known = {"author": "Ann Smith", "date": "1912", "source": "Her notebook", "rights": "Hers; she allows it"}
    >>> added = add_document("We will stand together.\\nWe will not wait.", title="Our Rules", folder=tempfile.mkdtemp(), **known)
    >>> added.id, len(added.sentences)
    ('rules', 2)
    """
    if isinstance(file_or_text, bytes):
        return keep_document(
            read_file(file_or_text, name), file_or_text, name, about, off, corrections, folder
        )
    text = str(file_or_text)
    if isinstance(file_or_text, str) and ("\n" in text.strip() or len(text) > 250):
        return keep_document(
            pasted(text), text.encode("utf-8", "replace"), "", about, off, corrections, folder
        )
    path = Path(file_or_text)
    if not path.is_file():
        raise UnionError(
            f"There is no file {shown_name(text)}: check its name, or give a text of more than one line."
        )
    if path.stat().st_size > LARGEST_FILE:
        raise UnionError(
            f"The file {shown_name(text)} has more than {LARGEST_FILE // 1_000_000} MB: save the part that you need."
        )
    data = path.read_bytes()
    return keep_document(
        read_file(data, path.name), data, path.name, about, off, corrections, folder
    )


def pasted(text: str) -> Reading:
    """A text that was pasted, as :func:`helpers.corpus.importing.read_file` would give it."""
    return read_file(text.replace("\x00", "").encode("utf-8", "replace"), "what was pasted.txt")


def keep_document(
    reading: Reading,
    original: bytes,
    name: str,
    about: dict[str, str],
    off: Collection[str] = (),
    corrections: Sequence[Correction] = (),
    folder: str | Path | None = None,
) -> Document:
    """Keep what was read, with the file that it was read from; see :func:`add_document`."""
    known, place = _known(about), place_of(folder)
    said = f"Added on {datetime.now(UTC):%Y-%m-%d}, {f'from the file {shown_name(name)}' if name else 'as a pasted text'}."
    raw = reading.text.encode("utf-8")
    entry = {
        "id": "",
        "file": "raw.txt",
        "sha256": sha256(raw),
        "encoding": "utf-8",
        "added": datetime.now(UTC).isoformat(),
        "original": f"original.{reading.kind}",
        "original_sha256": sha256(original),
        "original_name": shown_name(name) if name else "“”",
        **dict.fromkeys(FIELDS, "not known"),
        "how_obtained": " ".join([said, *reading.notes])[:_LONGEST_SAID],
        "short_title": _short(known["title"]),
        **known,
        "off": list(off),
        "corrections": [each._asdict() for each in corrections],
    }
    if not clean(reading.text, off=off, corrections=corrections, name="the text").text:
        raise UnionError(
            "Nothing of this text is left after the cleaning: leave some of its steps out."
        )
    check_room(folder, entry["sha256"], len(raw) + len(original))
    stem = _stem(known["title"])
    for number in count(1):
        entry["id"] = stem if number == 1 else f"{stem[: 19 - len(str(number))]}_{number}"
        files = {"documents.toml": manifest(entry), "raw.txt": raw, entry["original"]: original}
        if (
            entry["id"] not in TAKEN
            and not (place / entry["id"]).exists()
            and moved_in(half_written(place, files), place / entry["id"])
        ):
            return my_corpus(entry["id"], folder=folder)[entry["id"]]
    raise AssertionError("numbers have no end")


def change_document(
    id: str,
    *,
    off: Collection[str] | None = None,
    corrections: Sequence[Correction] | None = None,
    folder: str | Path | None = None,
    **about: str,
) -> Document:
    """Say anew what is known about an own document, which cleaning steps are left out, and which misprints are corrected.

    The text as it was read stays, and so does the id. Raises :class:`UnionError`
    as :func:`add_document` does, and for a document that is not one's own. The
    practice text becomes one's own by this.
    """
    path = _mine(id, folder)
    entry = read_toml(path / "documents.toml")["documents"][0]
    entry |= _known({field: entry[field] for field in FIELDS} | about)
    entry |= {"off": list(off)} if off is not None else {}
    entry |= (
        {"corrections": [each._asdict() for each in corrections]} if corrections is not None else {}
    )
    given = [Correction(**each) for each in entry.get("corrections", [])]
    clean(
        path.joinpath("raw.txt").read_bytes(),
        off=entry["off"],
        corrections=given,
        encoding="utf-8",
        name="the text",
    )
    new = path / ".documents.toml"
    try:
        write_through(new, manifest(entry))
        new.replace(path / "documents.toml")
    except OSError as problem:
        raise disk_trouble(problem, place_of(folder).parent) from None
    return my_corpus(id, folder=folder)[id]


def correct_document(
    id: str, line: int, wrong: str, right: str, reason: str, *, folder: str | Path | None = None
) -> Document:
    """Correct a misprint of an own document, in the open: its line in the raw text and a reason stay with it."""
    entry = read_toml(_mine(id, folder) / "documents.toml")["documents"][0]
    given = [Correction(**each) for each in entry.get("corrections", [])]
    return change_document(
        id, corrections=[*given, Correction(line, wrong, right, reason)], folder=folder
    )


def _mine(id: str, folder: str | Path | None) -> Path:
    """The folder of an own document; the practice text is added first."""
    practice = practice_document()
    if id == practice.id and id not in my_corpus(folder=folder):
        about = {field: practice.about[field] for field in FIELDS}
        add_document(PRACTICE / "lamplighters.txt", folder=folder, **about)
    return own_folder(id, folder)


def remove_document(id: str, *, folder: str | Path | None = None) -> str:
    """Remove an own document from this machine, its original file too. What was tagged in it stays in the journal.

    Gives a sentence that says so. Raises :class:`UnionError` for a document that is not one's own.
    """
    path = own_folder(id, folder)
    gone = path.with_name(f".gone-{os.urandom(6).hex()}")
    try:
        path.rename(gone)
    except OSError as problem:
        raise disk_trouble(problem, place_of(folder).parent) from None
    shutil.rmtree(gone, ignore_errors=True)
    return f"The document {id} is removed. What you tagged in it is kept: add the same text under the same title, and it is there again."


@cache
def _two() -> Corpus:
    return load_corpus()


@cache
def _training() -> str:
    """What abbreviations are learned from: the two documents alone, so that a new one moves no sentence of another."""
    return "\n\n".join(document.text for document in _two().documents)


@lru_cache(maxsize=128)
def _opened(path: Path, described: bytes) -> Document:
    """An own document, read once as long as its manifest stays the same."""
    try:
        return load_corpus(path, training=_training())[path.name]
    except UnionError:
        mend = f"delete it with remove_document({path.name!r}), or resume a work file in which it is whole"
        raise UnionError(
            f"Your document {path.name} was changed or damaged on the disk: {mend}."
        ) from None


def _known(about: dict[str, str]) -> dict[str, str]:
    """What was said about a document, in whole and single lines. Raises :class:`UnionError` for a field that is unknown or missing."""
    if strange := sorted(about.keys() - {*FIELDS}):
        raise UnionError(f"There is no field {strange[0][:40]!r}: choose from {', '.join(FIELDS)}.")
    known = {}
    for field, said in about.items():
        line = " ".join(
            "".join(letter if letter.isprintable() else " " for letter in str(said)).split()
        )
        if len(line) > _LONGEST_SAID:
            raise UnionError(
                f"What you say under {field!r} has {len(line):,} characters: shorten it to {_LONGEST_SAID:,}."
            )
        known |= {field: line} if line else {}
    for each in fields():
        if each.get("needed") and each["name"] not in known:
            raise UnionError(
                f"Something is missing under “{each['label'].rstrip('?')}” ({each['name']}): write it, or “not known”."
            )
    return known


def _stem(title: str) -> str:
    """An id made from the heavy words of a title: small letters, digits and low lines, a letter first.

    >>> _stem("The Café of the Union"), _stem("노조"), _stem("1919: A Year of Strikes")
    ('cafe_union', 'text', 'text_1919_year')
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    every = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    words = [word for word in every if word not in SMALL_WORDS] or every or ["text"]
    words = words if words[0][0].isalpha() and words[0] not in TAKEN else ["text", *words]
    stem = words[0][:20]
    for word in words[1:]:
        if len(f"{stem}_{word}") > 20:
            break
        stem += f"_{word}"
    return stem


def _short(title: str) -> str:
    return title if len(title) <= 30 else title[:29].rstrip() + "…"
