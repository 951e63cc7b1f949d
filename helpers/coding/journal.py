"""The journal: everything a learner does, appended to one file and on the disk before the screen says so.

One line of JSON a record. Nothing is ever rewritten, so that nothing is lost
when a kernel dies, and two kernels can write to the same work.
"""

from __future__ import annotations

import contextlib
import json
import os
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from helpers.corpus.documents import WORK_FOLDER
from helpers.corpus.errors import UnionError
from helpers.corpus.files import disk_trouble, whole_characters

FORMAT = 1
_MUST_HAVE = ("id", "time", "kind")


class Journal:
    """The records of one learner's work, in a folder.

    ``folder`` is the work folder; it is made with the first record. A record is
    a dictionary with ``id``, ``time`` (UTC, ISO 8601), ``kind`` and ``format``,
    and whatever its kind wants.

    >>> import tempfile
    >>> journal = Journal(tempfile.mkdtemp())
    >>> journal.append("answer", question="01-speaker", answer="The confederation")["kind"]
    'answer'
    >>> journal.latest("answer", question="01-speaker")["answer"]
    'The confederation'
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self.folder = Path(folder) if folder else WORK_FOLDER
        self.path = self.folder / "journal.jsonl"
        self.problems: list[str] = []
        self._records: list[dict[str, Any]] = []
        self._read = self._line = self._file = 0

    def append(self, kind: str, **data: Any) -> dict[str, Any]:
        """Write one record and return it, when it is on the disk.

        Raises :class:`UnionError`, and writes nothing more, where the folder
        cannot be written to or the disk is full.
        """
        record = new_record(kind, **data)
        self.write([record])
        return record

    def write(self, records: Iterable[dict[str, Any]]) -> None:
        """Append records as they are, all in one go. Raises :class:`UnionError` as :meth:`append` does."""
        content = "".join(
            json.dumps(record, ensure_ascii=False) + "\n" for record in records
        ).encode("utf-8", "backslashreplace")
        if not content:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(
                self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644
            )
            try:
                self._put(handle, content)
            finally:
                os.close(handle)
        except OSError as problem:
            raise disk_trouble(problem, self.folder) from None

    def _put(self, handle: int, content: bytes) -> None:
        """Add bytes to the open file, on a line of their own, and wait for the disk."""
        size = os.fstat(handle).st_size
        if size and (os.lseek(handle, size - 1, os.SEEK_SET), os.read(handle, 1))[1] != b"\n":
            content = b"\n" + content  # after a line that a crash tore
        while content:
            content = content[os.write(handle, content) :]
        os.fsync(handle)

    def records(self, kind: str | None = None) -> list[dict[str, Any]]:
        """All records so far, or those of one kind, in the order of writing.

        Only what is new in the file is read. A line that is no record is left
        in the file, passed over, and told of in ``problems``.
        """
        try:
            with open(self.path, "rb") as file:
                about = os.fstat(file.fileno())
                if (
                    about.st_size < self._read or about.st_ino != self._file
                ):  # put away, and begun anew
                    self._forget()
                self._file = about.st_ino
                file.seek(self._read)
                fresh = file.read()
        except FileNotFoundError:
            self._forget()
            return []
        except OSError as problem:
            raise UnionError(
                f"The journal cannot be read ({problem.strerror}): check the file {self.path.name}."
            ) from None
        whole = fresh.rfind(b"\n") + 1
        for line in fresh[:whole].splitlines():
            self._line += 1
            self._take(line)
        self._read += whole
        return [record for record in self._records if kind in (None, record["kind"])]

    def _forget(self) -> None:
        self._records, self.problems, self._read, self._line = [], [], 0, 0

    def _take(self, line: bytes) -> None:
        if not line.strip():
            return
        record = read_record(line)
        if record is None:
            self.problems.append(
                f"Line {self._line} of {self.path.name} is not a record and was passed over; it is still in the file."
            )
        else:
            self._records.append(record)

    def latest(self, kind: str, **wanted: Any) -> dict[str, Any] | None:
        """The newest record of a kind whose fields have the wanted values, or None.

        Newest by its time: records of a work file from another machine stand
        later in the journal than they were made.
        """
        fitting = [
            record
            for record in self.records(kind)
            if all(record.get(key) == value for key, value in wanted.items())
        ]
        return max(reversed(fitting), key=lambda record: record["time"], default=None)

    def note_kept(self) -> None:
        """Note that all work so far is in a file that the learner has."""
        with contextlib.suppress(OSError):  # a reminder too many does no harm
            (self.folder / "kept.txt").write_text(_now(), encoding="utf-8")

    def not_kept_since(self) -> str:
        """The time of the earliest record that is in no work file yet, or nothing.

        >>> import tempfile
        >>> journal = Journal(tempfile.mkdtemp())
        >>> first = journal.append("answer", answer="To stand together.")
        >>> journal.not_kept_since() == first["time"]
        True
        >>> journal.note_kept()
        >>> journal.not_kept_since()
        ''
        """
        try:
            kept = (self.folder / "kept.txt").read_text(encoding="utf-8")
        except (OSError, ValueError):
            kept = ""
        return min(
            (record["time"] for record in self.records() if record["time"] > kept), default=""
        )


def new_record(kind: str, **data: Any) -> dict[str, Any]:
    """A record that is not written yet, with its id and the time of now."""
    return {"id": uuid.uuid4().hex, "time": _now(), "kind": kind, "format": FORMAT, **data}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def learner_name(journal: Journal) -> str:
    """Who works here, as said in the first lesson; “a learner” where nobody has said."""
    return str((journal.latest("learner") or {}).get("name") or "a learner")


def read_record(line: bytes) -> dict[str, Any] | None:
    """The record that a line holds, or None where it holds none.

    >>> read_record(b'{"id": "x"}') is None
    True
    """
    try:
        record = json.loads(line)
        if b"\\ud" in line or b"\\uD" in line:  # perhaps half a character
            record = json.loads(whole_characters(json.dumps(record, ensure_ascii=False)))
        return record if all(isinstance(record[key], str) for key in _MUST_HAVE) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def my_journal() -> Journal:
    """The journal of whoever uses this project folder."""
    return _journals.setdefault(WORK_FOLDER, Journal(WORK_FOLDER))


_journals: dict[Path, Journal] = {}
