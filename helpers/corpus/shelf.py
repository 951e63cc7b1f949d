"""The shelf of own documents in the work folder: a folder for each, which is there whole or not at all.

In it are ``documents.toml`` with the fields of the corpus, ``raw.txt``, whose
cleaning accounts for every character, and the file that was given, byte for
byte. A folder is written under another name, and then renamed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from helpers.corpus.documents import WORK_FOLDER, load_corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.files import disk_trouble, read_toml
from helpers.corpus.importing import LARGEST_FILE, LONGEST_TEXT

MOST_BYTES = 100_000_000  # of all own documents together: a work file has room for as many
# Ids that mean something else to the lessons, or to Windows.
TAKEN = frozenset(
    [
        "kctu",
        "gftuk",
        "practice",
        "con",
        "nul",
        "prn",
        "aux",
        *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
    ]
)
_LONG_AGO = 600  # seconds
_PARTS = re.compile(
    r"([a-z][a-z0-9_]{0,19})/(documents\.toml|raw\.txt|original\.(?:txt|md|html|pdf|docx))"
)


def place_of(folder: str | Path | None) -> Path:
    """Where own documents stand in a work folder."""
    return (Path(folder) if folder else WORK_FOLDER) / "documents"


def folders_of(folder: str | Path | None) -> list[Path]:
    """The folders of all own documents, in the order in which they were added."""
    found = [
        path
        for path in place_of(folder).glob("*")
        if not path.name.startswith(".") and path.joinpath("documents.toml").is_file()
    ]
    return sorted(
        found,
        key=lambda path: (
            re.findall(rb'(?m)^added = "([^"]*)"', path.joinpath("documents.toml").read_bytes()),
            path.name,
        ),
    )


def own_folder(id: str, folder: str | Path | None) -> Path:
    """The folder of an own document."""
    here = {path.name: path for path in folders_of(folder)}
    if id not in here:
        raise UnionError(
            f"There is no document {str(id)[:40]!r} of your own: choose from {', '.join(here) or 'none, as you have added none'}."
        )
    return here[id]


def check_room(folder: str | Path | None, sha: str, more: int) -> None:
    """Refuse a text that is here already, and one for which there is no room."""
    size = more
    for path in folders_of(folder):
        if f'\nsha256 = "{sha}"'.encode() in path.joinpath("documents.toml").read_bytes():
            raise UnionError(
                f"This text is here already, under the id {path.name}: use that, or delete it first with remove_document."
            )
        size += sum(file.stat().st_size for file in path.iterdir())
    if size > MOST_BYTES:
        most = f"{MOST_BYTES // 1_000_000} MB, which is what a work file holds"
        raise UnionError(
            f"With this one your documents would have more than {most}: delete one first with remove_document."
        )


def manifest(entry: dict[str, Any]) -> bytes:
    """A document's entry as TOML, in the form of ``corpus/documents.toml``."""

    def said(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

    plain = [f"{name} = {said(value)}" for name, value in entry.items() if name != "corrections"]
    tables = [
        [
            "",
            "[[documents.corrections]]",
            *(f"{name} = {said(value)}" for name, value in each.items()),
        ]
        for each in entry.get("corrections", [])
    ]
    return "\n".join(
        ["[[documents]]", *plain, *(line for table in tables for line in table), ""]
    ).encode("utf-8", "replace")


def sha256(data: bytes) -> str:
    """The checksum that tells whether a file is the very same."""
    return hashlib.sha256(data).hexdigest()


def half_written(place: Path, files: dict[str, bytes]) -> Path:
    """A document's folder, written and on the disk, under a name that nobody reads."""
    half = None
    try:
        place.mkdir(parents=True, exist_ok=True)
        for left in place.glob(".*-*"):  # of a kernel that was killed
            with suppress(FileNotFoundError):  # another kernel has just given it its name
                if time.time() - left.stat().st_mtime > _LONG_AGO:
                    shutil.rmtree(left, ignore_errors=True)
        half = Path(tempfile.mkdtemp(prefix=".half-", dir=place))
        for name, content in files.items():
            write_through(half / name, content)
    except OSError as problem:
        if half:
            shutil.rmtree(half, ignore_errors=True)
        raise disk_trouble(problem, place.parent) from None
    return half


def write_through(path: Path, content: bytes) -> None:
    """Write a file, and wait for the disk."""
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def moved_in(half: Path, path: Path) -> bool:
    """Give a folder its name; whether that name was free."""
    try:
        half.rename(path)
    except OSError as problem:
        shutil.rmtree(half, ignore_errors=True)
        if path.exists():
            return False
        raise disk_trouble(problem, path.parent.parent) from None
    with suppress(OSError):
        path.chmod(0o755)
    return True


def pack_documents(folder: str | Path | None = None) -> dict[str, bytes]:
    """All own documents as files by their names in a work file."""
    return {
        f"documents/{path.name}/{file.name}": file.read_bytes()
        for path in folders_of(folder)
        for file in sorted(path.iterdir())
        if _PARTS.fullmatch(f"{path.name}/{file.name}")
    }


def unpack_documents(parts: dict[str, bytes], folder: str | Path | None = None) -> str:
    """Bring the documents of a work file in, beside those that are here; gives a sentence, empty where there were none.

    Each is read and checked first. Raises :class:`UnionError`, and brings
    nothing in, where one of them is damaged.
    """
    groups: dict[str, dict[str, bytes]] = {}
    for name, content in parts.items():
        match = _PARTS.fullmatch(name.removeprefix("documents/"))
        if not match or len(content) > 4 * LARGEST_FILE:
            raise UnionError(
                "This work file has a part that no lesson wrote: choose the .zip file that save_work() made."
            )
        groups.setdefault(match[1], {})[match[2]] = content
    halves, place = {}, place_of(folder)
    try:
        for id, files in groups.items():
            halves[id] = half_written(place, files)
            _checked(halves[id], id)
        here = {path.name: path for path in folders_of(folder)}
        same = {
            id
            for id in groups
            if id in here and here[id].joinpath("raw.txt").read_bytes() == groups[id]["raw.txt"]
        }
        new = [id for id in groups if id not in here and moved_in(halves[id], place / id)]
    finally:
        for half in halves.values():
            shutil.rmtree(half, ignore_errors=True)
    others = [id for id in groups if id not in same and id not in new]
    said = (
        [f"Documents of your own that came in: {len(new)}, here already: {len(same)}."]
        if groups
        else []
    )
    said += (
        [
            f"Left out, as another text here has the same id: {', '.join(others)}. Remove that one and resume again."
        ]
        if others
        else []
    )
    return " ".join(said)


def _checked(path: Path, id: str) -> None:
    """Refuse a document that came in and is not whole."""
    try:
        corpus = load_corpus(path)
        entry = read_toml(path / "documents.toml")["documents"][0]
        whole = list(corpus) == [id] and len(corpus[id].raw) <= LONGEST_TEXT and id not in TAKEN
        (original,) = path.glob("original.*")
        if not whole or (original.name, sha256(original.read_bytes())) != (
            entry["original"],
            entry["original_sha256"],
        ):
            raise ValueError
    except (KeyError, TypeError, ValueError, OSError):
        raise UnionError(
            f"The document {id} in this work file is damaged: save the work again and resume from the new file."
        ) from None
