"""A learner's whole work in one file: save it, carry it elsewhere, go on."""

from __future__ import annotations

import base64
import contextlib
import html
import json
import re
import zipfile
import zlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from helpers.coding.journal import FORMAT, Journal, my_journal, read_record
from helpers.text.errors import UnionError

LARGEST_BYTES = 50_000_000
_PARTS = ("about.json", "journal.jsonl")
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others unpack without a limit


class SavedWork:
    """A work file that has just been written: ``path``, ``records`` (how many), and a link to download it."""

    def __init__(self, path: Path, records: int) -> None:
        self.path, self.records = path, records

    def __repr__(self) -> str:
        return f"Saved {self.records} steps of your work in {self.path.parent.name}/{self.path.name}."

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.path.read_bytes()).decode()
        name = html.escape(self.path.name)
        link = f'<a download="{name}" href="data:application/zip;base64,{data}">Download {name}</a>'
        return f"<p>{html.escape(repr(self))}</p><p>{link} and keep it: on Binder this machine forgets everything when it stops.</p>"


def save_work(journal: Journal | None = None) -> SavedWork:
    """Put all of a learner's work into one file in the work folder, named by learner and day.

    Gives a :class:`SavedWork`, which in a notebook shows a link to download the
    file. Raises :class:`UnionError` where there is nothing to save yet or the
    folder cannot be written to.
    """
    journal = journal or my_journal()
    records = journal.records()
    if not records:
        raise UnionError("There is nothing to save yet: answer a question first.")
    path = journal.folder / f"my-work-{_plain_name(journal)}-{datetime.now(UTC):%Y-%m-%d}.zip"
    about = {"format": FORMAT, "records": len(records), "saved": datetime.now(UTC).isoformat(timespec="seconds")}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about.json", json.dumps(about))
        archive.writestr(
            "journal.jsonl",
            "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode("utf-8", "backslashreplace"),
        )
    half = path.with_suffix(".part")
    try:
        half.write_bytes(packed.getvalue())
        half.replace(path)
    except OSError as problem:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
        raise UnionError(f"The work file could not be written ({problem.strerror}): check the folder {journal.folder.name}.") from None
    return SavedWork(path, len(records))


def _plain_name(journal: Journal) -> str:
    """The learner's name, fit for a file."""
    said = journal.latest("learner") or {}
    return re.sub(r"[^\w-]+", "-", str(said.get("name", ""))).strip("-")[:40] or "learner"


def put_away(journal: Journal | None = None) -> str:
    """Put all work here away, for the next learner on a shared machine, and start empty.

    The work is first saved to a work file, from which it can be resumed; the
    journal itself is kept beside it under another name. Gives a sentence that
    says where. Raises :class:`UnionError` where there is nothing to put away.
    """
    journal = journal or my_journal()
    saved = save_work(journal)
    now = f"{datetime.now(UTC):%Y-%m-%d-%H%M%S-%f}"
    try:
        kept = saved.path.rename(saved.path.with_stem(f"{saved.path.stem}-{now}"))
        journal.path.rename(journal.folder / f"journal-{now}.jsonl")
    except OSError as problem:
        raise UnionError(f"The work could not be put away ({problem.strerror}): check the folder {journal.folder.name}.") from None
    return f"The work that was here is put away in {kept.parent.name}/{kept.name}."


def resume_work(file: str | Path | bytes, journal: Journal | None = None) -> str:
    """Bring the work of a work file into the work folder, beside what is there.

    ``file`` is the path of a work file, or its bytes. Records that are there
    already are not doubled. Gives a sentence that says how many came in; raises
    :class:`UnionError`, and changes nothing, for a file that is no work file.
    """
    journal = journal or my_journal()
    incoming = _unpacked(_work_bytes(file))
    have = {record["id"] for record in journal.records()}
    new = []
    for record in incoming:
        if record["id"] not in have:
            have.add(record["id"])
            new.append(record)
    journal.write(new)
    known = len(incoming) - len(new)
    return f"Welcome back: {len(new)} steps of your work came in" + (f", {known} were here already." if known > 0 else ".")


def _work_bytes(file: str | Path | bytes) -> bytes:
    if isinstance(file, bytes):
        data = file
    else:
        path = Path(file)
        if not path.is_file():
            raise UnionError(f"There is no file {path.name}: choose the work file that you saved.")
        if path.stat().st_size > LARGEST_BYTES:
            raise UnionError(f"{path.name} is too large for a work file: choose the .zip file that save_work() made.")
        data = path.read_bytes()
    if len(data) > LARGEST_BYTES:
        raise UnionError("This file is too large for a work file: choose the .zip file that save_work() made.")
    return data


def _unpacked(data: bytes) -> list[dict[str, Any]]:
    """The records that a work file holds, looked through before anything is believed."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            sizes = {info.filename: info.file_size for info in archive.infolist()}
            if sorted(sizes) != sorted(_PARTS) or any(info.compress_type not in _PACKINGS for info in archive.infolist()):
                raise UnionError("This is not a work file of these lessons: choose the .zip file that save_work() made.")
            if sum(sizes.values()) > LARGEST_BYTES:
                raise UnionError("This work file unpacks to more than any learner's work: choose another one.")
            about, journal = (archive.open(part).read(sizes[part] + 1) for part in _PARTS)  # never more than it says
            about, lines = json.loads(about), journal.splitlines()
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, RuntimeError, OSError) as problem:
        if isinstance(problem, UnionError):
            raise
        raise UnionError("This file is broken or no work file: choose the .zip file that save_work() made, or save it again.") from None
    if not isinstance(about, dict) or not isinstance(about.get("format"), int) or not isinstance(about.get("records"), int):
        raise UnionError("This is not a work file of these lessons: choose the .zip file that save_work() made.")
    if about["format"] > FORMAT:
        raise UnionError("This work file was made by a newer version of these lessons: get the newer version, then resume.")
    records = []
    for number, line in enumerate(lines, 1):
        record = read_record(line)
        if record is None:
            raise UnionError(f"Record {number} of this work file is damaged: save the work again and resume from the new file.")
        records.append(record)
    return records
