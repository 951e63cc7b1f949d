"""A learner's whole work in one file: save it, carry it elsewhere, go on."""

from __future__ import annotations

import base64
import contextlib
import html
import json
import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from helpers.coding.journal import FORMAT, Journal, my_journal, read_record
from helpers.corpus import files as archives
from helpers.corpus.errors import UnionError
from helpers.corpus.files import file_bytes, safe_members
from helpers.corpus.library import MOST_BYTES, folders_of, pack_documents, place_of, unpack_documents

LARGEST_BYTES = archives.LARGEST_BYTES + MOST_BYTES
_LARGEST_LINK = 10_000_000  # bytes: a link holds the whole file, and stands in the notebook
_PARTS = ("about.json", "journal.jsonl")
_ADVICE = "choose the .zip file that save_work() made"


class SavedWork:
    """A work file that has just been written: ``path``, ``records`` and own ``documents`` (how many), and a link to download it."""

    def __init__(self, path: Path, records: int, documents: int = 0) -> None:
        self.path, self.records, self.documents = path, records, documents

    def __repr__(self) -> str:
        own = (
            f" and {self.documents} document{'s' * (self.documents > 1)} of your own"
            if self.documents
            else ""
        )
        return f"Saved {self.records} steps of your work{own} in {self.path.parent.name}/{self.path.name}."

    def _repr_html_(self) -> str:
        if self.path.stat().st_size > _LARGEST_LINK:
            return f"<p>{html.escape(repr(self))} It is too large for a link here: press “Save my work to a file” in my_work() instead.</p>"
        data = base64.b64encode(self.path.read_bytes()).decode()
        name = html.escape(self.path.name)
        link = f'<a download="{name}" href="data:application/zip;base64,{data}">Download {name}</a>'
        return f"<p>{html.escape(repr(self))}</p><p>{link} and keep it: on Binder this machine forgets everything when it stops.</p>"


def save_work(journal: Journal | None = None) -> SavedWork:
    """Put all of a learner's work, with own documents, into one file in the work folder, named by learner and day.

    Gives a :class:`SavedWork`, which in a notebook shows a link to download the
    file. Raises :class:`UnionError` where there is nothing to save yet or the
    folder cannot be written to.
    """
    journal = journal or my_journal()
    records, own = journal.records(), pack_documents(journal.folder)
    if not records and not own:
        raise UnionError("There is nothing to save yet: answer a question first.")
    path = journal.folder / f"my-work-{_plain_name(journal)}-{datetime.now(UTC):%Y-%m-%d}.zip"
    about = {
        "format": FORMAT,
        "records": len(records),
        "saved": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about.json", json.dumps(about))
        archive.writestr(
            "journal.jsonl",
            "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode(
                "utf-8", "backslashreplace"
            ),
        )
        for name, content in own.items():
            archive.writestr(name, content)
    half = path.with_suffix(".part")
    try:
        half.write_bytes(packed.getvalue())
        half.replace(path)
    except OSError as problem:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
        raise UnionError(
            f"The work file could not be written ({problem.strerror}): check the folder {journal.folder.name}."
        ) from None
    journal.note_kept()
    return SavedWork(path, len(records), len(folders_of(journal.folder)))


def _plain_name(journal: Journal) -> str:
    """The learner's name, fit for a file."""
    said = journal.latest("learner") or {}
    return re.sub(r"[^\w-]+", "-", str(said.get("name", ""))).strip("-")[:40] or "learner"


def put_away(journal: Journal | None = None) -> str:
    """Put all work here away, for the next learner on a shared machine, and start empty.

    The work is first saved to a work file, from which it can be resumed; the
    journal and own documents are kept beside it under other names. Gives a sentence that
    says where. Raises :class:`UnionError` where there is nothing to put away.
    """
    journal = journal or my_journal()
    saved = save_work(journal)
    now = f"{datetime.now(UTC):%Y-%m-%d-%H%M%S-%f}"
    try:
        kept = saved.path.rename(saved.path.with_stem(f"{saved.path.stem}-{now}"))
        for each in (journal.path, place_of(journal.folder)):
            if each.exists():
                each.rename(each.with_stem(f"{each.stem}-{now}"))
    except OSError as problem:
        raise UnionError(
            f"The work could not be put away ({problem.strerror}): check the folder {journal.folder.name}."
        ) from None
    return f"The work that was here is put away in {kept.parent.name}/{kept.name}."


def resume_work(file: str | Path | bytes, journal: Journal | None = None) -> str:
    """Bring the work of a work file into the work folder, beside what is there.

    ``file`` is the path of a work file, or its bytes. Records and documents that
    are there already are not doubled. Gives a sentence that says how many came in; raises
    :class:`UnionError`, and changes nothing, for a file that is no work file.
    """
    journal = journal or my_journal()
    incoming, own = _unpacked(
        file if isinstance(file, bytes) else file_bytes(Path(file), _ADVICE, LARGEST_BYTES)
    )
    told = unpack_documents(own, journal.folder)
    have = {record["id"] for record in journal.records()}
    new = []
    for record in incoming:
        if record["id"] not in have:
            have.add(record["id"])
            new.append(record)
    everything_kept = not journal.not_kept_since()
    journal.write(new)
    if everything_kept:
        journal.note_kept()
    known = len(incoming) - len(new)
    came = f"Welcome back: {len(new)} steps of your work came in" + (
        f", {known} were here already." if known > 0 else "."
    )
    return f"{came} {told}".strip()


def looked_through(
    data: bytes, name: str = "This file", advice: str = _ADVICE
) -> tuple[dict[str, Any], list[bytes], dict[str, bytes]]:
    """What a work file says of itself, the lines of its journal and its documents, looked through before anything is believed.

    Raises :class:`UnionError`, which calls the file by its ``name`` and says ``advice``, for one that is no work file or a newer one.
    """
    members = safe_members(data, name, advice, LARGEST_BYTES)
    own = {
        member: members.pop(member) for member in list(members) if member.startswith("documents/")
    }
    if sorted(members) != sorted(_PARTS):
        raise UnionError(f"{name} is not a work file of these lessons: {advice}.")
    try:
        about = json.loads(members["about.json"])
    except (ValueError, RecursionError):
        raise UnionError(f"{name} is broken: {advice}, or save it again.") from None
    if (
        not isinstance(about, dict)
        or not isinstance(about.get("format"), int)
        or not isinstance(about.get("records"), int)
    ):
        raise UnionError(f"{name} is not a work file of these lessons: {advice}.")
    if about["format"] > FORMAT:
        raise UnionError(
            f"{name} was made by a newer version of these lessons: get the newer version, then try again."
        )
    return about, members["journal.jsonl"].splitlines(), own


def _unpacked(data: bytes) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """The records that a work file holds, all of them good, and its documents."""
    _, lines, own = looked_through(data)
    records = []
    for number, line in enumerate(lines, 1):
        record = read_record(line)
        if record is None:
            raise UnionError(
                f"Record {number} of this work file is damaged: save the work again and resume from the new file."
            )
        records.append(record)
    return records, own
