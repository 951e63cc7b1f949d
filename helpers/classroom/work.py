"""A learner's whole work in one file: save it, carry it elsewhere, go on."""

import json
import re
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path, PurePath
from types import SimpleNamespace
from typing import Any

import pandas as pd

from helpers.coding.codings import load_codings
from helpers.coding.journal import FORMAT, Journal, my_journal, read_records
from helpers.corpus import files, library
from helpers.corpus.documents import Corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.files import atomic_write, file_bytes, safe_members
from helpers.show.widget import Widget, on_binder, view

LARGEST_BYTES = files.LARGEST_BYTES + library.MOST_BYTES
_ADVICE = "choose the .zip file that “Save my work to a file” made"
_HERE = """What you do is saved on this computer as you do it.
A file lets you go on elsewhere, or hand your work in."""
_BINDER = """This is Binder: the machine forgets everything when it stops,
after some minutes without use. Save to a file before you go."""


@dataclass(frozen=True, repr=False)
class SavedWork:
    """A work file that was read back: its ``path``, and what is to be said of it."""

    path: Path
    told: str

    def __repr__(self) -> str:
        return self.told


def save_work(journal: Journal | None = None) -> SavedWork:
    """Put a learner's work and own documents into one file, named by learner and day.

    It stands in the work folder, and counts as saved when :func:`resume_work` would take it. Raises
    :class:`UnionError` where there is nothing to save yet, and where it cannot be saved.

    >>> journal = Journal(tempfile.mkdtemp())
    >>> _ = journal.append("learner", name="Min-ji")
    >>> save_work(journal)  # doctest: +ELLIPSIS
    Saved 1 steps of your work in ...zip.
    """
    journal = journal or my_journal()
    records, own = journal.records(), library.pack_documents(journal.folder)
    if not records and not own:
        raise UnionError("There is nothing to save yet: answer a question first.")
    data = _packed(records, own)
    try:
        with tempfile.TemporaryDirectory() as folder:
            resume_work(data, Journal(folder))
    except UnionError as problem:
        said = f"This is not saved, as it would not open again ({str(problem).partition(':')[0]})"
        raise UnionError(f"{said}: mend or delete that first.") from None
    name = re.sub(r"[^\w-]+", "-", name_in(records)).strip("-")[:40] or "learner"
    path = journal.folder / f"my-work-{name}-{datetime.now(UTC):%Y-%m-%d}.zip"
    atomic_write(path, data)
    if file_bytes(path, _ADVICE, LARGEST_BYTES) != data:
        raise UnionError(f"The disk changed {path.name}: check the disk, then save again.")
    journal.note_kept()
    many = len(library.folders_of(journal.folder))
    and_own = f" and {many} of your own documents" if many else ""
    told = f"Saved {len(records)} steps of your work{and_own} in {path.parent.name}/{path.name}."
    return SavedWork(path, told)


def _packed(records: list[dict[str, Any]], own: dict[str, bytes]) -> bytes:
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about.json", json.dumps({"format": FORMAT}))
        archive.writestr("journal.jsonl", lines.encode("utf-8", "backslashreplace"))
        for name, content in own.items():
            archive.writestr(name, content)
    return packed.getvalue()


def put_away(journal: Journal | None = None) -> str:
    """Save all work here and put it aside, so that the next learner on this machine starts empty.

    Journal and own documents stay beside the work file under other names. Gives a sentence that
    says where. Raises :class:`UnionError` where there is nothing to put away.
    """
    journal = journal or my_journal()
    path, now = save_work(journal).path, f"-{datetime.now(UTC):%Y-%m-%d-%H%M%S-%f}"
    kept, folder = path.with_stem(path.stem + now), journal.folder.name
    try:
        for each in (path, journal.path, library.place_of(journal.folder)):
            if each.exists():
                each.rename(each.with_stem(each.stem + now))
    except OSError as problem:
        said = f"The work could not be put away ({problem.strerror})"
        raise UnionError(f"{said}: check the folder {folder}.") from None
    return f"The work that was here is put away in {folder}/{kept.name}."


def resume_work(
    file: str | Path | bytes, journal: Journal | None = None, *, another: bool = False
) -> str:
    """Bring the work of a work file (a path, or bytes) into the work folder, beside what is there.

    What is there already is not doubled. Gives a sentence that says how much came in. Raises
    :class:`UnionError`, and changes nothing, for what is no work file, and for the work of another
    learner unless ``another`` says that this is meant.
    """
    journal = journal or my_journal()
    data = file if isinstance(file, bytes) else file_bytes(Path(file), _ADVICE, LARGEST_BYTES)
    incoming, damaged, own = read_work(data)
    if damaged:
        raise UnionError(f"Record {damaged[0]} of this work file is damaged: save the work again.")
    here = journal.records()
    known = {record["id"] for record in here}
    mine, theirs = name_in(here), name_in(incoming)
    strangers = mine and theirs and mine.casefold() != theirs.casefold()
    if strangers and known.isdisjoint(each["id"] for each in incoming) and not another:
        said = f"This is the work of {theirs}, and here works {mine}: choose your own file"
        raise UnionError(f"{said}, or this one again to have both together (another=True).")
    told = library.unpack_documents(own, journal.folder)
    all_kept, new = not journal.not_kept_since(), journal.take(incoming)
    if all_kept:
        journal.note_kept()
    already = f"{len(incoming) - new} were here already."
    return f"Welcome back: {new} steps of your work came in, {already} {told}".strip()


def read_work(
    data: bytes, name: str = "This file", advice: str = _ADVICE
) -> tuple[list[dict[str, Any]], list[int], dict[str, bytes]]:
    """The records of a work file, the numbers of its damaged records, and its documents.

    Raises :class:`UnionError` with the file's ``name`` and ``advice`` for what is no work file, or
    a newer one. A folder around the parts does no harm, nor do the files that a Mac adds.
    """
    found = safe_members(data, name, advice, LARGEST_BYTES)
    found = {each: found[each] for each in found if not PurePath(each).name.startswith(".")}
    above = min((each for each in found if each.endswith("/about.json")), key=len, default="")
    parts = {each.removeprefix(above.removesuffix("about.json")): found[each] for each in found}
    own = {each: parts.pop(each) for each in list(parts) if each.startswith("documents/")}
    try:
        made_with = int(json.loads(parts.pop("about.json"))["format"])
        lines = parts.pop("journal.jsonl").splitlines()
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
        raise UnionError(f"{name} is not a whole work file of these lessons: {advice}.") from None
    if parts:
        raise UnionError(f"{name} has parts that no lesson wrote: {advice}.")
    if made_with > FORMAT:
        raise UnionError(f"{name} is of a newer version of these lessons: get that one first.")
    records = read_records(lines)
    damaged = [number for number, record in enumerate(records, 1) if record is None]
    return [record for record in records if record is not None], damaged, own


def name_in(records: list[dict[str, Any]]) -> str:
    """The name that a learner said last, or nothing."""
    said = [str(each.get("name") or "") for each in records if each["kind"] == "learner"]
    return " ".join(said[-1].split())[:60] if said else ""


def codings_in(records: list[dict[str, Any]], corpus: Corpus) -> pd.DataFrame:
    """The codings that some records hold, as :func:`load_codings` gives them for ``me``."""
    held = SimpleNamespace(records=lambda: records)  # read as a journal is, and never on the disk
    return load_codings("me", corpus, journal=held)


class WorkPanel(Widget):
    """Save, resume, and start anew, a button each. Made by :func:`my_work`."""

    _esm = view("work")

    def __init__(self, journal: Journal) -> None:
        self._journal, self._refused = journal, b""
        warning = _BINDER if on_binder() else _HERE
        super().__init__(warning=warning, largest=LARGEST_BYTES, told="", trouble="")

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        if do == "save":
            saved = save_work(self._journal)
            data = saved.path.read_bytes()
            self.send({"do": "download", "name": saved.path.name}, buffers=[data])
            return {"told": f"{saved.told} Your browser keeps a copy among its downloads."}
        if do == "anew":
            told = put_away(self._journal)
            return {"told": f"{told} Choose Run, then Run All Cells, to start empty."}
        if do == "resume" and files:
            # Another learner's file is taken only when it is chosen a second time.
            again, self._refused = files[0] == self._refused, files[0]
            told = resume_work(files[0], self._journal, another=again)
            return {"told": f"{told} Run the cells again to see your earlier answers."}
        raise UnionError("Nothing was done: choose a work file, or press Save.")


def my_work(journal: Journal | None = None) -> WorkPanel:
    """Show buttons to save all work to a file, to go on from such a file, and to start anew."""
    return WorkPanel(journal or my_journal())
