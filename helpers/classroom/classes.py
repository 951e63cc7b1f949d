"""A class's work files: who coded what, and all that was noticed on the way.

Of a work file only the codings, with their memos, and the learner's name are looked at. Answers,
notes and all else are passed over, and nothing is written to the disk.
"""

import hashlib
import re
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, islice
from pathlib import Path, PurePath
from typing import Any

import pandas as pd

from helpers.classroom.work import LARGEST_BYTES, name_in, read_work
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.codings import read_codings
from helpers.coding.journal import Journal
from helpers.coding.tagging import load_codings
from helpers.corpus.documents import Corpus, load_corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.files import file_bytes, safe_members, whole_characters

MOST_FILES = 1_000
_ADVICE = "ask for the .zip file that the button “Save my work to a file” makes"
Files = str | Path | Iterable["str | Path | tuple[str, bytes]"]
Records = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class SchoolClass:
    """The work of a class, as :func:`read_class` gives it.

    ``codings``: a table, the coder being the learner; ``learners``: by learner, how many sentences
    of each document are coded, and with which ``version`` of the codebook; ``noticed``: sentences.
    """

    codings: pd.DataFrame
    learners: pd.DataFrame
    noticed: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<A class: {len(self.learners)} learners, {len(self.codings):,} codings>"


@dataclass
class _Learner:
    """A learner's work files: the folder, what sentences call them, the names in them, all records."""

    folder: str
    labels: list[str]
    names: list[str]
    records: Records


class _Held(Journal):
    """Records in memory, which are never written."""

    def __init__(self, records: Iterable[dict[str, Any]] = ()) -> None:
        super().__init__()
        self._held = list(records)

    def records(self, kind: str | None = None) -> list[dict[str, Any]]:
        return [record for record in self._held if kind in (None, record["kind"])]


def read_class(
    files: Files,
    corpus: Corpus | None = None,
    codebook: Codebook | None = None,
    *,
    names: bool = False,
) -> SchoolClass:
    """Read the work files of a class: a folder, or paths, pairs of name and bytes, archives of them.

    A bad file never stops the rest: ``noticed`` tells of it. With ``names`` learners are called by
    their names, else by numbers that say nothing. The same files give the same class, in whatever
    order they come. Raises :class:`UnionError` for a folder that is not there, and too many files.

    >>> read_class([("my-work.zip", b"no work file")])
    <A class: 0 learners, 0 codings>
    """
    corpus, codebook = corpus or load_corpus(), codebook or load_codebook()
    works, noticed = _read_all(files, names)
    learners = _called(_by_learner(works), names)
    noticed += _about(learners)
    texts = {document.id: set(document.sentences["text"]) for document in corpus.documents}
    tables = [load_codings("me", [], codebook, _Held())]
    for name, learner in learners.items():
        steps = [each for each in learner.records.values() if each["kind"] == "coding"]
        sound = [each for each in steps if _sound(each, texts, codebook)]
        if left := sum(each.get("document") != "practice" for each in steps) - len(sound):
            why = "of other texts, by another codebook, or against its rules"
            noticed.append(f"Steps of {name} left out, as they are {why}: {left}.")
        tables.append(load_codings("me", corpus, codebook, _Held(sound)).assign(coder=name))
    codings = pd.concat([each for each in tables if len(each)] or tables, ignore_index=True)
    return _class_of(codings, list(learners), corpus, noticed)


def invented_class() -> SchoolClass:
    """A class of thirty who never were, to try things out: drawn by chance, near the reference.

    >>> invented_class()
    <A class: 30 learners, 792 codings>
    """
    codings = read_codings(Path(__file__).with_name("invented.csv"))
    return _class_of(codings, list(codings["coder"].unique()), load_corpus(), [])


def _class_of(
    codings: pd.DataFrame, learners: list[str], corpus: Corpus, noticed: list[str]
) -> SchoolClass:
    """A class from its codings, with a row a learner, and what is to be said of the rows."""
    own = {name: codings[codings["coder"] == name] for name in learners}
    table = pd.DataFrame(index=pd.Index(learners, name="learner"))
    for document in corpus.documents:
        ids, title = document.sentences.index, document.about["short_title"]
        coded = [int(each["sentence"].isin(ids).sum()) for each in own.values()]
        table[f"{title} (of {len(ids)})"] = coded
    table["version"] = [", ".join(sorted(set(each["scheme"]))) or "–" for each in own.values()]
    if len(set(codings["scheme"])) > 1:
        noticed.append("Not all coded with one version of the codebook: see the table of learners.")
    middle = statistics.median([len(each) for each in own.values() if len(each)] or [0])
    few = [f"{name} ({len(each)})" for name, each in own.items() if len(each) < middle / 2]
    if few:
        less = f"Fewer than half the sentences of most others ({middle:g})"
        noticed.append(f"{less}, so that figures with them say little: {'; '.join(few)}.")
    return SchoolClass(codings, table, tuple(noticed))


def _read_all(files: Files, names: bool) -> tuple[list[_Learner], list[str]]:
    """The work files that can be read, each by itself, and sentences about the others."""
    given = [(name if names else _digest(name), name, data) for name, data in _given(files)]
    works, noticed, seen = [], [], {}
    for number, (_, name, data) in enumerate(sorted(given), 1):
        label = f"File {whole_characters(name)[-80:] if names else number}"
        first = seen.setdefault(data, label)
        try:
            records, damaged, _ = read_work(data, label, _ADVICE)
            found = {record["id"]: record for record in records}
            learner = _Learner(
                _bare(str(PurePath(name).parent)), [label], [name_in(records)], found
            )
        except Exception as problem:  # whatever is in one file, the others are read
            said = str(problem) if isinstance(problem, UnionError) else f"{label} is no work file."
            noticed.append(f"{said.removesuffix('.')}; it was left out.")
            continue
        if first != label:
            noticed.append(f"{label} is the same as {first}: it counts once.")
            continue
        works.append(learner)
        if damaged:
            noticed.append(f"{label} has damaged steps ({len(damaged)}): the others were read.")
    return works, noticed


def _given(files: Files) -> Iterator[tuple[str, bytes]]:
    """Each file by its name; archives of work files are opened, what a Mac adds is passed over."""
    if isinstance(files, str | Path):
        top = Path(files)
        if not top.is_dir():
            raise UnionError(f"There is no folder {top.name}: give that with the work files.")
        inside = (each for each in top.rglob("*") if each.is_file())
        files = [
            (each.relative_to(top).as_posix(), each) for each in islice(inside, MOST_FILES + 1)
        ]
    many = 0
    for each in files:
        name, data = each if isinstance(each, tuple) else (Path(each).name, Path(each))
        try:
            data = data if isinstance(data, bytes) else file_bytes(data, _ADVICE, LARGEST_BYTES)
            packed = safe_members(data, name, _ADVICE, LARGEST_BYTES) if b".zip" in data else {}
        except UnionError:
            data, packed = data if isinstance(data, bytes) else b"", {}  # told of when it is read
        works = {inner: packed[inner] for inner in packed if inner.lower().endswith(".zip")}
        for work in (works or {name: data}).items():
            if not PurePath(work[0]).name.startswith("."):
                yield work
                many += 1
        if many > MOST_FILES:
            raise UnionError(f"These are more than {MOST_FILES:,} files: give those of one class.")


def _by_learner(works: list[_Learner]) -> list[_Learner]:
    """The learners whose work files these are.

    All files in a learner's own folder are one learner's. Elsewhere, those are that have the very
    same name and share steps: a later save holds all steps of an earlier one.
    """
    folders: dict[str, set[str]] = {}
    for work in works:
        folders.setdefault(work.folder, set()).add(_bare(work.names[0]))
    own = {each for each, said in folders.items() if len(said) == 1 < len(folders) and each != "."}
    found: list[_Learner] = []
    for work in sorted(works, key=lambda each: (-len(each.records), min(each.records, default=""))):
        for learner in found:
            if work.folder in own or learner.folder in own:
                same = work.folder == learner.folder
            else:
                alike = _bare(work.names[0]) == _bare(learner.names[0])
                same = alike and not learner.records.keys().isdisjoint(work.records)
            if same:
                learner.labels += work.labels
                learner.names += work.names
                learner.records |= {
                    id: work.records[id] for id in work.records if id not in learner.records
                }
                break
        else:
            found.append(work)
    return sorted(found, key=lambda each: min(each.records, default=""))  # which says nothing


def _called(learners: list[_Learner], names: bool) -> dict[str, _Learner]:
    """The learners by what they are called, no two alike."""
    found: dict[str, _Learner] = {}
    for number, learner in enumerate(learners, 1):
        name = (learner.names[0] or "no name") if names else f"Learner {number}"
        while name.casefold() in map(str.casefold, found):
            name = f"{name}, another"
        found[name] = learner
    return dict(sorted(found.items(), key=lambda each: each[0].casefold())) if names else found


def _about(learners: dict[str, _Learner]) -> Iterator[str]:
    """What there is to say of several files of one learner, and of learners hard to tell apart."""
    for name, each in learners.items():
        if len(each.labels) > 1:
            several = " under more than one name" * (len(set(each.names)) > 1)
            labels = "; ".join(sorted(each.labels))
            yield f"{labels} are taken for one learner's work{several}: all steps of {name} count once."
    for (one, first), (two, second) in combinations(learners.items(), 2):
        if not first.records.keys().isdisjoint(second.records):
            yield f"Some of the same steps in two learners' work: ask {one} and {two} about it."
        elif first.names[0] and _bare(first.names[0]) == _bare(second.names[0]):
            yield f"The same name and no step in common: {one} and {two} are kept apart."


def _bare(name: str) -> str:
    """A name to compare: “Kim (1)” is what a browser calls the second download of “Kim”.

    >>> _bare("Kim (1)") == _bare("kim"), _bare("Min") == _bare("Min-ji")
    (True, False)
    """
    return re.sub(r" ?\(\d+\)$", "", name).casefold()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _sound(step: dict[str, Any], texts: dict[str, set[str]], codebook: Codebook) -> bool:
    """Whether a coding is of a sentence of these documents, and keeps to the codebook."""
    try:
        if step["codes"]:
            codebook.check_codes(step["codes"], step["doer"])
        known = step["text"] in texts[step["document"]] and step["sentence"]
        return bool(known) and step["scheme"] == codebook.scheme
    except (KeyError, TypeError, ValueError):
        return False
