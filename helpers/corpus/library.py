"""Documents of one's own: kept in the work folder, each whole or not at all.

A document is a folder: ``documents.toml`` with the fields of the corpus, ``raw.txt``, whose
cleaning accounts for every character, and the file that was given, byte for byte. A folder is
written under another name and then renamed.
"""

import json
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from helpers.corpus import documents
from helpers.corpus.cleaning import Correction, clean
from helpers.corpus.documents import FIELDS, Corpus, Document, load_corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.files import atomic_write, disk_trouble, file_bytes, read_toml, says, trouble
from helpers.corpus.importing import LARGEST_FILE, LONGEST_TEXT, Reading, read_file, shown_name

PRACTICE = documents.CORPUS_FOLDER / "practice-documents"
LONGEST_SAID = 1_000
MOST_BYTES = 100_000_000  # of all own documents together: a work file has room for as many
# Ids that mean something else to the lessons, or to Windows.
TAKEN = re.compile(r"kctu|gftuk|practice|con|nul|prn|aux|(com|lpt)\d")
NAMES = r"documents\.toml|raw\.txt|original\.(?:txt|md|html|pdf|docx)"
PART = re.compile(rf"documents/([a-z][a-z0-9_]{{0,19}})/({NAMES})")


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
    """The own document that was added last; where there is none, the text made up for practice.

    >>> my_document(tempfile.mkdtemp()).about["author"]
    'Invented by this project'
    """
    return [practice_document(), *my_corpus(folder=folder).documents[2:]][-1]


def practice_document() -> Document:
    """The text that the project made up for practice. It is evidence about no union."""
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

    Give the path of a file, its bytes and its ``name``, or a text of more than one line. ``body``
    is the first and last line of the raw text that belong to the body (from 1); left out, the
    program proposes them, and the document's ``notes`` say so. ``take`` are lines that are
    furniture, ``off`` cleaning steps to leave out, ``corrections`` misprints. The rest are the
    fields of the corpus, of which title, author, date, source and rights must be said. Raises
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
    how = {"body": body, "take": take, "off": off, "corrections": corrections}
    return keep_document(reading, data, name, about, folder, **how)


def pasted(text: str) -> Reading:
    """A text that was pasted, as :func:`helpers.corpus.importing.read_file` would give it."""
    return read_file(text.replace("\x00", "").encode("utf-8", "replace"), "what was pasted.txt")


def try_cleaning(reading: Reading, **how: Any) -> Document:
    """What was read, cleaned and split into sentences, before anything is kept.

    ``how`` is what :func:`helpers.corpus.cleaning.clean` takes; without a ``body`` it is proposed.
    Raises :class:`UnionError` for a text of which nothing is left, or that takes too long.
    """
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
    known, cleaning, notes = _known(about), try_cleaning(reading, **how).cleaning, [*reading.notes]
    if not how.get("body"):
        notes.append(says()["proposed"].format(*cleaning.body))
    raw, kept = reading.text.encode(), f"original.{reading.kind}"
    source = f"from the file {shown_name(name)}" if name else "as a paste"
    obtained = " ".join([f"Added on {datetime.now(UTC):%Y-%m-%d}, {source}.", *notes])
    entry = {
        "id": "",
        "file": "raw.txt",
        "sha256": sha256(raw).hexdigest(),
        "encoding": "utf-8",
        "added": datetime.now(UTC).isoformat(),
        "original": kept,
        "original_sha256": sha256(original).hexdigest(),
        **dict.fromkeys(FIELDS, "not known"),
        "how_obtained": obtained[:LONGEST_SAID],
        "short_title": re.sub(r"(?<=.{29})..+", "…", known["title"]),
        **known,
        "blocks": reading.blocks,
        "body": list(cleaning.body),
        "take": list(cleaning.take),
        "off": list(cleaning.off),
        "notes": notes,
        "offers": list(reading.offers.items()),
        "corrections": [each._asdict() for each in cleaning.corrections],
    }
    _check_room(folder, entry["sha256"], len(raw) + len(original))
    id = _kept(entry, {"raw.txt": raw, kept: original}, place_of(folder), _stem(known["title"]))
    return my_corpus(id, folder=folder)[id]


def _kept(entry: dict[str, Any], files: dict[str, bytes], place: Path, stem: str) -> str:
    """Put the files of a document in their place, under the first id that is free; gives the id."""
    for number in count(1):
        id = entry["id"] = stem if number == 1 else f"{stem[: 19 - len(str(number))]}_{number}"
        described = {"documents.toml": manifest(entry), **files}
        if not TAKEN.fullmatch(id) and _moved_in(_half_written(place, described), place / id):
            break
    return id


def change_document(id: str, *, folder: str | Path | None = None, **change: Any) -> Document:
    """Say anew what is known about an own document, where its body is, and how it is cleaned.

    Takes what :func:`add_document` does, but no file: the text as it was read stays, and so does
    the id. Raises :class:`UnionError` as that does, and for a document that is not one's own. The
    practice text becomes one's own by this.
    """
    path = _mine(id, folder)
    entry = read_toml(path / "documents.toml")["documents"][0]
    given = {name: change.pop(name) for name in ("body", "take", "off") if name in change}
    entry |= {name: list(value) for name, value in given.items()}
    corrections = change.pop(
        "corrections", [Correction(**each) for each in entry.get("corrections", [])]
    )
    entry |= {"corrections": [each._asdict() for each in corrections]}
    entry |= _known({field: entry[field] for field in FIELDS} | change)
    how = {name: entry[name] for name in ("body", "take", "off")}
    text = path.joinpath("raw.txt").read_bytes().decode()
    reading = Reading(text, "txt", [], {}, entry["blocks"])
    try_cleaning(reading, corrections=corrections, **how)  # refused before anything is changed
    atomic_write(path / "documents.toml", manifest(entry))
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
    """Remove an own document from this machine, its original file too; gives a sentence.

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
    return says()["removed"].format(id=id)


def place_of(folder: str | Path | None) -> Path:
    """Where own documents stand in a work folder."""
    return (Path(folder) if folder else documents.WORK_FOLDER) / "documents"


def folders_of(folder: str | Path | None) -> list[Path]:
    """The folders of all own documents, in the order in which they were added."""
    added = {}
    for path in place_of(folder).glob("[a-z]*/documents.toml"):
        said = re.search(rb'(?m)^added = "([^"]*)"', path.read_bytes())
        added[path.parent] = said[1] if said else b""
    return sorted(added, key=lambda path: (added[path], path.name))


def _own_folder(id: str, folder: str | Path | None) -> Path:
    here = {path.name: path for path in folders_of(folder)}
    if id not in here:
        ids = ", ".join(here) or "none, as you have added none"
        raise trouble("not_own", id=str(id)[:40], ids=ids)
    return here[id]


def _mine(id: str, folder: str | Path | None) -> Path:
    """The folder of an own document; the practice text is added first."""
    practice = practice_document()
    if id == practice.id and id not in my_corpus(folder=folder):
        about = {field: practice.about[field] for field in FIELDS}
        body = practice.cleaning.body
        add_document(PRACTICE / "lamplighters.txt", folder=folder, body=body, **about)
    return _own_folder(id, folder)


@cache
def _two() -> Corpus:
    return load_corpus()


@cache
def _training() -> str:
    """What abbreviations are learned from: the two alone, so that no other moves a sentence."""
    return "\n\n".join(document.text for document in _two().documents)


@lru_cache(maxsize=128)
def _opened(path: Path, described: bytes) -> Document:
    """An own document, read once as long as its manifest stays the same."""
    try:
        document = load_corpus(path, training=_training())[path.name]
        entry = read_toml(path / "documents.toml")["documents"][0]
        document.notes, document.found = entry.get("notes", []), dict(entry.get("offers", []))
    except (UnionError, TypeError, ValueError):
        raise trouble("changed", id=path.name) from None
    return document


def _known(about: dict[str, str]) -> dict[str, str]:
    """What was said about a document, in single lines, if nothing is missing or strange."""
    if strange := sorted(about.keys() - {*FIELDS}):
        raise trouble("no_field", field=strange[0][:40], fields=", ".join(FIELDS))
    known = {}
    for field, said in about.items():
        printed = "".join(letter if letter.isprintable() else " " for letter in str(said))
        known |= {field: " ".join(printed.split())} if printed.strip() else {}
        if len(printed) > LONGEST_SAID:
            raise trouble("long_field", field=field, size=len(printed), most=LONGEST_SAID)
    for each in fields():
        if each.get("needed") and each["name"] not in known:
            raise trouble("missing", label=each["label"].rstrip("?"), field=each["name"])
    return known


def _stem(title: str) -> str:
    """An id made from the heavy words of a title: small letters, digits, low lines.

    >>> _stem("The Café of the Union"), _stem("노조"), _stem("1919: A Year of Strikes")
    ('cafe_union', 'text', 'text_1919_year')
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    every = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    heavy = [word for word in every if word not in says()["light_words"]] or every or ["text"]
    heavy = heavy if heavy[0][0].isalpha() and not TAKEN.fullmatch(heavy[0]) else ["text", *heavy]
    stem = heavy[0][:20]
    for word in heavy[1:]:
        if len(f"{stem}_{word}") > 20:
            break
        stem += f"_{word}"
    return stem


def _check_room(folder: str | Path | None, sha: str, more: int) -> None:
    """Refuse a text that is here already, and one for which there is no room."""
    size = more
    for path in folders_of(folder):
        if f'\nsha256 = "{sha}"'.encode() in path.joinpath("documents.toml").read_bytes():
            raise trouble("here_already", id=path.name)
        size += sum(file.stat().st_size for file in path.iterdir())
    if size > MOST_BYTES:
        raise trouble("no_room", most=MOST_BYTES // 1_000_000)


def manifest(entry: dict[str, Any]) -> bytes:
    """A document's entry as TOML, in the form of ``corpus/documents.toml``."""
    lines = ["[[documents]]"]
    plain = {name: value for name, value in entry.items() if name != "corrections"}
    for table in (plain, *entry.get("corrections", [])):
        lines += ["", "[[documents.corrections]]"] if table is not plain else []
        lines += [
            f"{name} = {json.dumps(said, ensure_ascii=False)}" for name, said in table.items()
        ]
    return "\n".join([*lines, ""]).replace("\x7f", "\\u007f").encode("utf-8", "replace")


def _half_written(place: Path, files: dict[str, bytes]) -> Path:
    """A document's folder, written and on the disk, under a name that nobody reads."""
    half = None
    try:
        place.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(prefix=".half-", dir=place))
        half.chmod(0o755)
        for name, content in files.items():
            with open(half / name, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
    except OSError as problem:
        if half:
            shutil.rmtree(half, ignore_errors=True)
        raise disk_trouble(problem, place.parent) from None
    return half


def _moved_in(half: Path, path: Path) -> bool:
    """Give a folder its name; whether that name was free."""
    try:
        half.rename(path)
    except OSError as problem:
        shutil.rmtree(half, ignore_errors=True)
        if path.exists():
            return False
        raise disk_trouble(problem, path.parent.parent) from None
    return True


def pack_documents(folder: str | Path | None = None) -> dict[str, bytes]:
    """All own documents as files by their names in a work file."""
    files = [file for path in folders_of(folder) for file in sorted(path.iterdir())]
    named = {f"documents/{file.parent.name}/{file.name}": file for file in files}
    return {name: file.read_bytes() for name, file in named.items() if PART.fullmatch(name)}


def unpack_documents(parts: dict[str, bytes], folder: str | Path | None = None) -> str:
    """Bring the documents of a work file in, beside those that are here; gives a sentence.

    Each is read and checked first. Raises :class:`UnionError`, and brings nothing in, where one of
    them is damaged.
    """
    groups: dict[str, dict[str, bytes]] = {}
    for name, content in parts.items():
        match = PART.fullmatch(name)
        if not match or len(content) > 4 * LARGEST_FILE:
            raise trouble("alien")
        groups.setdefault(match[1], {})[match[2]] = content
    halves, place = {}, place_of(folder)
    try:
        for id, files in groups.items():
            halves[id] = _half_written(place, files)
            _check_whole(halves[id], id)
        here = {path.name: path.joinpath("raw.txt").read_bytes() for path in folders_of(folder)}
        same = [id for id in groups if here.get(id) == groups[id]["raw.txt"]]
        new = [id for id in groups if id not in here and _moved_in(halves[id], place / id)]
    finally:
        for half in halves.values():
            shutil.rmtree(half, ignore_errors=True)
    others = ", ".join(id for id in groups if id not in same and id not in new)
    told = says()["came_in"].format(new=len(new), same=len(same)) if groups else ""
    return f"{told} {says()['same_id'].format(ids=others)}" if others else told


def _check_whole(path: Path, id: str) -> None:
    """Refuse a document that came in and is not whole."""
    try:
        corpus = load_corpus(path)
        entry = read_toml(path / "documents.toml")["documents"][0]
        original = sha256(path.joinpath(entry["original"]).read_bytes()).hexdigest()
        sound = list(corpus) == [id] and len(corpus[id].raw) <= LONGEST_TEXT
        if not sound or TAKEN.fullmatch(id) or original != entry["original_sha256"]:
            raise ValueError
    except (KeyError, TypeError, ValueError, OSError):
        raise trouble("damaged_inside", id=id) from None
