"""The journal: everything a learner does, one line of JSON a record, on the disk before the screen
says so. Lines are only ever added, so nothing is lost when a kernel dies or two write at once.
"""

import contextlib
import gc
import json
import os
import re
import uuid
from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from helpers.corpus.documents import WORK_FOLDER
from helpers.corpus.errors import UnionError
from helpers.corpus.files import disk_trouble, whole_characters

FORMAT = 1
_GONE = "The work folder ({}) is gone: move it back, or restart the kernel to begin anew."
_AS_WRITTEN = re.compile(r"[\d-]{10}T[\d:]{8}\.\d{3}\+00:00")
Record = dict[str, Any]


class Journal:
    """The records of one learner's work in ``folder``, which is made with the first record.

    A record is a dictionary with ``id``, ``time`` (UTC, ISO 8601; empty for no date), ``kind``,
    ``format`` and what its kind wants. Records stand in the order of writing, and no time is
    earlier than the one before, even where a clock was set back. Those of another machine stand
    among them by their times. :class:`UnionError` says where the disk or the folder fails.

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
        self._forget()

    def _forget(self) -> None:
        self._records: list[Record] = []
        self._read = self._file = 0  # bytes read; the number that the disk gives the file
        self._torn = False

    def append(self, kind: str, **data: Any) -> Record:
        """Write one record, and give it when it is on the disk."""
        record = new_record(kind, **data)
        self.write([record])
        return record

    def write(self, records: Iterable[Record]) -> None:
        """Write records made here, all in one go. A time that is too early is put right."""
        self._refresh()
        newest, records = self._newest(), list(records)
        for record in records:
            newest = record["time"] = max(moment(record.get("time")), newest)
        self._put(records)

    def take(self, records: Iterable[Record]) -> int:
        """Add those records of another machine that are not here yet; gives how many these are."""
        known = {record["id"] for record in self.records()}
        fresh = {each["id"]: {**each, "taken": True} for each in records if each["id"] not in known}
        self._put(list(fresh.values()))
        return len(fresh)

    def _put(self, records: list[Record]) -> None:
        lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        left = b"\n" * self._torn + lines.encode("utf-8", "backslashreplace")
        if not lines:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with open(self.path, "ab", buffering=0) as file:
                while left:
                    left = left[os.write(file.fileno(), left) :]
                os.fsync(file.fileno())
                self._file = os.fstat(file.fileno()).st_ino
        except OSError as problem:
            raise disk_trouble(problem, self.folder) from None

    def records(self, kind: str | None = None) -> list[Record]:
        """All records so far, or those of one kind. Only what is new in the file is read."""
        self._refresh()
        found = self._records
        return [each for each in found if each["kind"] == kind] if kind else list(found)

    def latest(self, kind: str, **wanted: Any) -> Record | None:
        """The last record of a kind whose fields have the wanted values, or None."""
        wanted["kind"] = kind
        for record in reversed(self.records()):
            if wanted.items() <= record.items():
                return record
        return None

    def _newest(self) -> str:
        return self._records[-1]["time"] if self._records else ""

    def _refresh(self) -> None:
        """Read what was written since, here or in another kernel."""
        gc.disable()  # else Python looks for garbage over and over where very many come in
        try:
            about = self.path.stat()
            if not self.path.is_file():  # a pipe would be waited for without end
                raise UnionError(f"{self.path.name} is no file: move it away, and run this again.")
            if about.st_size < self._read or about.st_ino != self._file:
                self._forget()  # put away, and begun anew
            self._file, large = about.st_ino, about.st_size > self._read + 1_000_000
            with open(self.path, "rb") as file:
                file.seek(self._read)
                while lines := list(islice(file, 1_000)):
                    self._torn = not lines[-1].endswith(b"\n")
                    self._add(lines[: len(lines) - self._torn])
            if large:
                gc.freeze()
        except (FileNotFoundError, NotADirectoryError):
            self._missing()
        except OSError as problem:
            said = f"The journal cannot be read ({problem.strerror})"
            raise UnionError(f"{said}: check the file {self.path.name}.") from None
        finally:
            gc.enable()

    def _missing(self) -> None:
        """No file: nothing is written yet, or the work was put away, or it vanished."""
        beside = self.folder.glob(f"{self.path.stem}-*{self.path.suffix}")
        if self._file and all(each.stat().st_ino != self._file for each in beside):
            raise UnionError(_GONE.format(self.folder.name))
        self._forget()

    def _add(self, lines: list[bytes]) -> None:
        """Take in the records of some whole lines, each in its place."""
        self._read += sum(map(len, lines))
        newest, sorts = self._newest(), False
        for record in filter(None, read_records(lines)):  # what is no record stays in the file
            taken = record.pop("taken", False) is True
            if record["time"] >= newest:
                newest = record["time"]
            elif taken:
                sorts = True
            else:
                record["time"] = newest
            self._records.append(record)
        if sorts:
            self._records.sort(key=itemgetter("time"))

    def note_kept(self) -> None:
        """Note that all work so far is in a file that the learner has."""
        with contextlib.suppress(OSError):  # a reminder too many does no harm
            (self.folder / "kept.txt").write_text(max(now(), self._newest()), encoding="utf-8")

    def not_kept_since(self) -> str:
        """The time of the earliest record that is in no work file yet, or nothing."""
        kept = ""
        with contextlib.suppress(OSError, ValueError):
            kept = (self.folder / "kept.txt").read_text(encoding="utf-8")
        records = self.records()
        place = bisect_right(records, kept, key=itemgetter("time"))
        return records[place]["time"] if place < len(records) else ""


def new_record(kind: str, **data: Any) -> Record:
    """A record that is not written yet, with its id and the time of now."""
    return {"id": uuid.uuid4().hex, "time": now(), "kind": kind, "format": FORMAT, **data}


def now() -> str:
    """The time as records have it, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def moment(time: Any) -> str:
    """A time as records have it; empty for what is no date of the years 1970 to 2999.

    >>> moment("2026-11-22T07:00:00Z"), moment("last week")
    ('2026-11-22T07:00:00.000+00:00', '')
    """
    try:
        said = datetime.fromisoformat(time)
        if not _AS_WRITTEN.fullmatch(time):
            said = said.replace(tzinfo=said.tzinfo or UTC).astimezone(UTC)
            time = said.isoformat(timespec="milliseconds")
    except (ValueError, TypeError, OverflowError):
        return ""
    return time if "1970" <= time < "3000" else ""


def read_records(lines: list[bytes]) -> list[Record | None]:
    """The record that each line of a journal holds, or None where it holds none.

    >>> read_records([b'{"id": "x"}'])
    [None]
    """
    together = b"[" + b",".join(lines) + b"]"  # many times as fast as one by one
    try:
        found = json.loads(together)
        if b"\\ud" in together or b"\\uD" in together:  # perhaps half a character
            found = json.loads(whole_characters(json.dumps(found, ensure_ascii=False)))
    except (ValueError, RecursionError):
        found = []
    if len(found) != len(lines):  # one by one, then, to find which of them is none
        return [None] if len(lines) == 1 else [read_records([line])[0] for line in lines]
    return [_checked(record) for record in found]


def _checked(record: Any) -> Record | None:
    """A record with its time put right, if it is one."""
    match record:
        case {"id": str(), "kind": str(), "time": str(time)}:
            record["time"] = moment(time)
            return record
    return None


def learner_name(journal: Journal) -> str:
    """Who works here, as said in the first lesson; “a learner” where nobody has said."""
    return str((journal.latest("learner") or {}).get("name") or "a learner")


def my_journal() -> Journal:
    """The journal of whoever uses this project folder."""
    return journal_in(WORK_FOLDER)


journal_in = cache(Journal)  # so that what was read is not read again
