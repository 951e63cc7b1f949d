"""A class's work files: who coded what, and all that was noticed on the way. Names stay hidden unless one asks.

Of a work file only codings, with their memos, and the learner's name are looked at. Answers, notes and all else are passed over.
"""

from __future__ import annotations

import hashlib
import random
import statistics
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from helpers.classroom.blocks import fit
from helpers.classroom.work import LARGEST_BYTES, looked_through, save_work
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.codings import as_codings
from helpers.coding.journal import FORMAT, Journal, new_record, read_record
from helpers.coding.tagging import BLANK, coding_marks, coding_rows, load_codings
from helpers.text.archives import file_bytes, safe_members
from helpers.text.corpus import Corpus, load_corpus
from helpers.text.errors import UnionError

if TYPE_CHECKING:
    import pandas as pd

MOST_FILES, MOST_STEPS, MOST_STRANGERS = 1_000, 20_000, 500
_LONGEST_NAME, _LONGEST_MEMO = 60, 5_000
_PRACTICE = "practice"
Files = str | Path | Iterable["str | Path | tuple[str, bytes]"]


@dataclass(frozen=True)
class SchoolClass:
    """The work of a class, as :func:`read_class` gives it.

    ``codings`` is a table of all learners' codings, the coder being the learner; ``learners`` has a row a learner: ``file``,
    how many sentences of each document are coded, ``last action`` and ``version``; ``noticed`` are sentences. ``named``
    says whether learners' names are shown, ``invented`` whether there are such among them.
    """

    codings: pd.DataFrame
    learners: pd.DataFrame
    noticed: tuple[str, ...]
    named: bool
    invented: bool

    def __repr__(self) -> str:
        who = "invented " * self.invented + "learner" + "s" * (len(self.learners) != 1)
        return f"<A class of {len(self.learners)} {who}: {len(self.codings):,} codings, {len(self.noticed)} things noticed>"


class _Saved(NamedTuple):
    """One work file: what sentences call it, its name, its bytes, the ids of its steps, and what it says of its learner."""

    label: str
    file: str
    data: bytes
    ids: frozenset[str]
    steps: list[dict[str, Any]]  # those that are codings
    name: str
    first: str
    last: str
    format: int
    invented: bool


class _Held(Journal):
    """Steps of a learner, held in memory and never written."""

    def __init__(self, steps: list[dict[str, Any]]) -> None:
        super().__init__()
        self._records = steps

    def records(self, kind: str | None = None) -> list[dict[str, Any]]:
        return self._records


def read_class(files: Files, corpus: Corpus | None = None, codebook: Codebook | None = None, *, names: bool = False) -> SchoolClass:
    """Read the work files of a class: a folder, paths, or pairs of a name and bytes. An archive of work files will do as well.

    One bad file never stops the rest: it is told of in ``noticed``. Two saves of one learner's work count once, as all
    steps together; two learners with one name are kept apart. With ``names`` learners are called by their names;
    without, "Learner 1" and so on, in an order that says nothing, and files by number. The same files give the same
    numbers, in whatever order they come. Raises :class:`UnionError` for a folder that is not there and for too many files.

    >>> work = read_class(invented_class(3))
    >>> work.learners.index.tolist(), work.codings["coder"].nunique()
    (['Invented 1', 'Invented 2', 'Invented 3'], 3)
    """
    corpus, codebook = corpus or load_corpus(), codebook or load_codebook()
    saved, said = [], []
    seen: dict[bytes, str] = {}
    for label, file, read in _labelled(_given(files), names):
        try:
            data = read()
            earlier = seen.setdefault(hashlib.sha256(data).digest(), label)
            if earlier != label:
                said.append(f"{label} is the same as {_low(earlier)}: it counts once.")
            else:
                saved.append(_read(label, file, data, corpus, said))
        except UnionError as problem:
            said.append(f"{str(problem).removesuffix('.')}; it was left out.")
    groups = _learners(saved)
    called = _called([group[0] for group in groups], names)
    groups = [groups[place] for place in sorted(range(len(groups)), key=lambda place: called[place].casefold() if names else place)]
    called = sorted(called, key=str.casefold) if names else called
    said += _told_apart(saved, groups, called, names)
    return _class(groups, called, said, corpus, codebook, names)


def _given(files: Files) -> list[tuple[str, Callable[[], bytes]]]:
    """The name of each file, and what reads it, in the order of the names; archives of work files are opened."""
    if isinstance(files, str | Path):
        place = Path(files)
        if not place.exists():
            raise UnionError(f"There is no folder {place.name}: give the folder with the work files.")
        inside = (each for each in place.rglob("*") if each.is_file() and not each.name.startswith("."))
        files = [each for _, each in zip(range(MOST_FILES + 1), inside, strict=False)] if place.is_dir() else [place]
    found: list[tuple[str, Callable[[], bytes]]] = []
    for each in files:
        name, data = each if isinstance(each, tuple) else (Path(each).name, None)
        read = partial(file_bytes, Path(each), "choose a work file", LARGEST_BYTES) if data is None else partial(bytes, data)
        found += _inside(name, read) or [(name, read)]
        if len(found) > MOST_FILES:
            raise UnionError(f"These are more than {MOST_FILES:,} files: give the work files of one class only.")
    return sorted(found, key=lambda pair: (pair[0].casefold(), pair[0]))


def _inside(name: str, read: Callable[[], bytes]) -> list[tuple[str, Callable[[], bytes]]]:
    """The work files in an archive of them, as some learning platforms give it; nothing for any other file."""
    try:
        data = read()
        members = safe_members(data, name, "choose a work file", LARGEST_BYTES) if b".zip" in data else {}
    except UnionError:
        return []  # it is told when the file itself is read
    return [(member, partial(bytes, content)) for member, content in members.items() if member.lower().endswith(".zip")]


def _labelled(given: list[tuple[str, Callable[[], bytes]]], names: bool) -> Iterable[tuple[str, str, Callable[[], bytes]]]:
    """Each file with what sentences call it."""
    for number, (name, read) in enumerate(given, 1):
        file = fit(" ".join(name.split()))[-80:] if names else f"File {number}"
        yield f"The file {file}" if names else file, file, read


def _low(label: str) -> str:
    return label[0].lower() + label[1:] if label.startswith("The ") else label


def _read(label: str, file: str, data: bytes, corpus: Corpus, said: list[str]) -> _Saved:
    """What one work file holds. Raises :class:`UnionError` for what is none, or holds more than anybody does by hand."""
    about, lines, _ = looked_through(data, label)
    records = [record for line in lines if (record := read_record(line)) is not None]
    steps = [record for record in records if record["kind"] == "coding"]
    known = {text for document in corpus.documents for text in document.sentences["text"]}
    strangers = {str(step.get("text")) for step in steps if step.get("document") in corpus} - known
    if len(records) > MOST_STEPS or len(strangers) > MOST_STRANGERS:
        raise UnionError(f"{label} holds more than anybody does by hand: ask for the work to be saved again")
    if damaged := len(lines) - len(records):
        said.append(f"{label} has {damaged} damaged step{'s' * (damaged > 1)}: the others were read.")
    if about["format"] < FORMAT:
        said.append(f"{label} was made by an older version of these lessons: it was read as it is.")
    own = max((record for record in records if record["kind"] == "learner"), key=lambda record: record["time"], default={})
    name = fit(" ".join(str(own.get("name") or "").split()))[:_LONGEST_NAME]
    ids, times = frozenset(record["id"] for record in records), [record["time"] for record in records]
    first = min(((record["time"], record["id"]) for record in records), default=("", label))[1]
    return _Saved(label, file, data, ids, steps, name, first, max(times, default=""), about["format"], own.get("invented") is True)
