"""A class's work files: who coded what, and all that was noticed on the way. Names stay hidden unless one asks.

Of a work file only codings, with their memos, and the learner's name are looked at. Answers, notes and all else are passed over.
"""

from __future__ import annotations

import hashlib
import statistics
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.classroom.blocks import fit
from helpers.classroom.learners import Saved, joined, learners_of, names_of, scattered, told_apart
from helpers.classroom.work import LARGEST_BYTES, looked_through
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.codings import as_codings, coding_annotations, coding_rows
from helpers.coding.journal import FORMAT, Journal, read_record
from helpers.corpus.documents import Corpus, load_corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.files import file_bytes, safe_members

if TYPE_CHECKING:
    import pandas as pd

MOST_FILES, MOST_STEPS = 1_000, 20_000
_LONGEST = {"memo": 5_000, "time": 40, "scheme": 60}
_PRACTICE = "practice"
_ADVICE = "ask for the .zip file that the button “Save my work to a file” makes"
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


class _Held(Journal):
    """Steps of a learner, held in memory and never written."""

    def __init__(self, steps: list[dict[str, Any]]) -> None:
        super().__init__()
        self._records = steps

    def records(self, kind: str | None = None) -> list[dict[str, Any]]:
        return self._records


def read_class(
    files: Files,
    corpus: Corpus | None = None,
    codebook: Codebook | None = None,
    *,
    names: bool = False,
) -> SchoolClass:
    """Read the work files of a class: a folder, paths, or pairs of a name and bytes. An archive of work files will do as well.

    One bad file never stops the rest: it is told of in ``noticed``. Two saves of one learner's work count once, as all
    steps together; two learners with one name are kept apart. With ``names`` learners are called by their names;
    without, "Learner 1" and so on, in an order that says nothing, and files by number. The same files give the same
    numbers, in whatever order they come. Raises :class:`UnionError` for a folder that is not there and for too many files.

    >>> from helpers.classroom.invented import invented_class
    >>> work = read_class(invented_class(3))
    >>> work.learners.index.tolist(), work.codings["coder"].nunique()
    (['Invented 1', 'Invented 2', 'Invented 3'], 3)
    """
    corpus, codebook = corpus or load_corpus(), codebook or load_codebook()
    saved, said, seen = [], [], {}
    for label, file, read in _labelled(_given(files), names):
        try:
            data = read()
            if earlier := seen.get(digest := hashlib.sha256(data).digest()):
                said.append(f"{label} is the same as {earlier}: it counts once.")
            else:
                seen[digest] = label
                saved.append(_read(label, file, data, corpus, codebook, said))
        except UnionError as problem:
            said.append(f"{str(problem).removesuffix('.')}; it was left out.")
    groups = learners_of(saved)
    called = names_of(groups, names)
    order = (
        sorted(range(len(groups)), key=lambda place: called[place].casefold())
        if names
        else range(len(groups))
    )
    whole = {called[place]: _together(groups[place], corpus, codebook) for place in order}
    rows = [row | {"coder": name} for name, each in whole.items() for row in each.rows]
    said += [*told_apart(saved, groups, called), *_told(whole)]
    table, invented = _table(whole, corpus), any(each.invented for each in saved)
    return SchoolClass(as_codings(rows, codebook), table, tuple(said), names, invented)


def _given(files: Files) -> list[tuple[str, Callable[[], bytes]]]:
    """The name of each file, and what reads it, in the order of the names; archives of work files are opened."""
    if isinstance(files, str | Path):
        place = Path(files)
        if not place.exists():
            raise UnionError(
                f"There is no folder {place.name}: give the folder with the work files."
            )
        inside = (
            each for each in place.rglob("*") if each.is_file() and not each.name.startswith(".")
        )
        files = list(islice(inside, MOST_FILES + 1)) if place.is_dir() else [place]
    found: list[tuple[str, Callable[[], bytes]]] = []
    for each in files:
        name, data = each if isinstance(each, tuple) else (Path(each).name, None)
        read = (
            partial(file_bytes, Path(each), _ADVICE, LARGEST_BYTES)
            if data is None
            else partial(bytes, data)
        )
        found += _inside(name, read) or [(name, read)]
        if len(found) > MOST_FILES:
            raise UnionError(
                f"These are more than {MOST_FILES:,} files: give the work files of one class only."
            )
    return sorted(found, key=lambda pair: (pair[0].casefold(), pair[0]))


def _inside(name: str, read: Callable[[], bytes]) -> list[tuple[str, Callable[[], bytes]]]:
    """The work files in an archive of them, as some learning platforms give it; nothing for any other file."""
    try:
        data = read()
        members = safe_members(data, name, _ADVICE, LARGEST_BYTES) if b".zip" in data else {}
    except UnionError:
        return []  # it is told when the file itself is read
    return [
        (member, partial(bytes, content))
        for member, content in members.items()
        if member.lower().endswith(".zip")
    ]


def _labelled(
    given: list[tuple[str, Callable[[], bytes]]], names: bool
) -> Iterable[tuple[str, str, Callable[[], bytes]]]:
    """Each file with what sentences call it."""
    for number, (name, read) in enumerate(
        given if names else sorted(given, key=lambda pair: scattered(pair[0])), 1
    ):
        file = fit(" ".join(name.split()))[-80:] if names else str(number)
        yield f"File {file}", f"File {file}" if not names else file, read


def _read(
    label: str, file: str, data: bytes, corpus: Corpus, codebook: Codebook, said: list[str]
) -> Saved:
    """What one work file holds. Raises :class:`UnionError` for what is none, or holds more than anybody does by hand."""
    about, lines, _ = looked_through(data, label, _ADVICE)
    records = [record for line in lines if (record := read_record(line)) is not None]
    here = list(corpus)
    quotes = {
        str(each.get("text"))
        for each in records
        if each["kind"] == "coding" and each.get("document") in here
    }
    known = {text for document in corpus.documents for text in document.sentences["text"]}
    if len(records) > MOST_STEPS or len(quotes - known) > len(
        known
    ):  # each unknown one is looked for, which takes time
        raise UnionError(
            f"{label} holds more than anybody does by hand: ask for the work to be saved again"
        )
    if damaged := len(lines) - len(records):
        said.append(
            f"{label} has {damaged} damaged step{'s' * (damaged > 1)}: the others were read."
        )
    if about["format"] < FORMAT:
        said.append(f"{label} was made by an older version of these lessons: it was read as it is.")
    own = max(
        (each for each in reversed(records) if each["kind"] == "learner"),
        key=lambda each: each["time"],
        default={},
    )
    name = fit(" ".join(str(own.get("name") or "").split()))[:60]
    times = [(each["time"], each["id"]) for each in records] or [("", label)]
    ids, invented = frozenset(each["id"] for each in records), own.get("invented") is True
    return Saved(
        label,
        file,
        data,
        ids,
        name,
        min(times),
        max(times)[0],
        invented,
        *_codings(records, corpus, codebook),
    )


def _codings(
    records: list[dict[str, Any]], corpus: Corpus, codebook: Codebook
) -> tuple[list[dict[str, Any]], Counter[str]]:
    """The codings that some records come to, each kept to the codebook, and how many of what could not be taken as it stands."""
    steps, rows, troubles = [each for each in records if each["kind"] == "coding"], [], Counter()
    here = [*corpus, _PRACTICE]
    other = [each for each in steps if each.get("document") not in here or _foreign(each, codebook)]
    troubles["elsewhere"] = len(
        {(str(each.get("document")), str(each.get("sentence"))) for each in other}
    )
    for document in corpus.documents:
        marks = coding_annotations(
            document,
            codebook,
            _Held([each for each in steps if each.get("document") == document.id]),
        )
        moved = [bool(each["now"]) for each in marks.moved()]
        troubles += Counter(
            {"strange": marks.strange, "found": sum(moved), "lost": len(moved) - sum(moved)}
        )
        for row in coding_rows(marks, codebook, ""):
            try:
                codebook.check_codes(row["codes"], row["doer"])
                rows.append(row | {name: fit(row[name])[:most] for name, most in _LONGEST.items()})
            except UnionError:
                troubles["against"] += 1
    return rows, troubles


def _foreign(step: dict[str, Any], codebook: Codebook) -> bool:
    return step.get("scheme") != codebook.scheme and step.get("document") != _PRACTICE


def _together(group: list[Saved], corpus: Corpus, codebook: Codebook) -> Saved:
    """All saves of one learner as one: the one that holds all steps, or else all of them put together."""
    newest = max(group, key=lambda each: (len(each.ids), each.last))
    if all(each.ids <= newest.ids for each in group):
        return newest
    records = {}
    for each in sorted(group, key=lambda each: (-len(each.ids), each.first, each.last)):
        lines = looked_through(each.data)[1]
        records = {
            record["id"]: record for line in lines if (record := read_record(line)) is not None
        } | records
    rows, troubles = _codings(list(records.values()), corpus, codebook)
    return newest._replace(rows=rows, troubles=troubles, last=max(each.last for each in group))


def _told(whole: dict[str, Saved]) -> Iterable[str]:
    """What there is to say about the codings of each learner."""
    sentences = {
        "strange": "Codings that could not be believed were left out",
        "against": "Codings that the codebook does not allow, such as four codes for a sentence, were left out",
        "elsewhere": "Codings with another codebook, or of texts that are not among these documents, were left out",
        "found": "Codings made on other wording or at another place were found again by their words",
        "lost": "Codings of sentences that are not in these documents any more were left out",
    }
    for kind, said in sentences.items():
        if some := {
            name: each.troubles[kind] for name, each in whole.items() if each.troubles[kind]
        }:
            yield f"{said}: {joined(f'{name} ({many})' for name, many in some.items())}."
    editions = Counter(row["scheme"] for each in whole.values() for row in each.rows)
    if len(editions) > 1:
        for edition, _ in editions.most_common()[1:]:
            some = [
                name
                for name, each in whole.items()
                if any(row["scheme"] == edition for row in each.rows)
            ]
            yield f"Coded with {edition}, while most codings are by {editions.most_common()[0][0]}: {joined(some)}."
    many = {name: len(each.rows) for name, each in whole.items()}
    if empty := [name for name, count in many.items() if not count]:
        yield f"No coding of these documents: {joined(empty)}."
    middle = statistics.median([count for count in many.values() if count] or [0])
    if few := [f"{name} ({count})" for name, count in many.items() if 0 < 2 * count < middle]:
        yield f"Fewer than half the sentences of most others ({middle:g}), so that figures with them say little: {joined(few)}."


def _table(whole: dict[str, Saved], corpus: Corpus) -> pd.DataFrame:
    """A row a learner."""
    import pandas as pd

    rows = []
    for each in whole.values():
        owner = Counter(row["sentence"].rpartition("-")[0] for row in each.rows)
        coded = {
            f"{document.about['short_title']} (of {len(document.sentences)})": owner[document.id]
            for document in corpus.documents
        }
        editions = ", ".join(sorted({row["scheme"] for row in each.rows})) or "–"
        rows.append(
            {"file": each.file, **coded, "last action": _day(each.last), "version": editions}
        )
    return pd.DataFrame(rows, pd.Index(list(whole), name="learner"))


def _day(time: str) -> str:
    try:
        return f"{datetime.fromisoformat(time):%d\u00a0%b\u00a0%Y}".removeprefix("0")  # on one line
    except ValueError:
        return "–"
