"""A class's work files: who coded what, and all that was noticed on the way.

Of a work file only the codings, with their memos, and the learner's name are looked at. Answers,
notes and all else are passed over, and nothing is written to the disk.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from helpers.classroom.work import LARGEST_BYTES, codings_in, name_in, read_work
from helpers.coding import reliability
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.codings import as_codings, load_codings, read_codings, write_codings
from helpers.corpus.documents import Corpus, load_corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.files import file_bytes, safe_members, whole_characters, write_csv
from helpers.show.widget import Widget, on_binder, view

_ADVICE = "ask for the .zip file that the button “Save my work to a file” makes"
_INVENTED = "No work file is here, so this class is invented: 30 learners who never were."
_NEXT = "Now choose Run, then Run All Cells, and everything below is about them."
Files = str | Path | Iterable["str | Path | tuple[str, bytes]"]
_dropped: list[tuple[str, bytes]] = []  # as long as the kernel runs, and nowhere else


@dataclass(frozen=True)
class SchoolClass:
    """The work of a class, as :func:`read_class` gives it.

    ``codings``: a table, the coder being the learner; ``learners``: by learner, how many sentences
    of each document are coded, and with which ``version`` of the codebook; ``noticed``: sentences.
    """

    codings: pd.DataFrame
    learners: pd.DataFrame
    noticed: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<A class: {len(self.learners)} learners, {len(self.codings):,} codings>"


@dataclass
class _Work:
    """A learner's work: folder and name to compare, names of its files, its records by id."""

    key: tuple[str, str]
    name: str
    labels: list[str]
    records: dict[str, dict[str, Any]]


def read_class(files: Files, corpus: Corpus | None = None, *, names: bool = False) -> SchoolClass:
    """Read the work files of a class: a folder, or paths, pairs of name and bytes, or archives.

    A bad file never stops the rest: ``noticed`` tells of it. With ``names`` learners are called by
    their names, else by numbers that say nothing, whatever the order of the files. Raises
    :class:`UnionError` for a folder that is not there.

    >>> read_class([("my-work.zip", b"no work file")])
    <A class: 0 learners, 0 codings>
    """
    corpus, codebook = corpus or load_corpus(), load_codebook()
    texts = {document.id: set(document.sentences["text"]) for document in corpus.documents}
    works, noticed = _read_all(files, names)
    learners = _by_learner(works, names)
    noticed += _about(learners)
    tables = [as_codings([], codebook)]
    for name, work in learners.items():
        steps = [each for each in work.records.values() if each["kind"] == "coding"]
        steps = [each for each in steps if each.get("document") != "practice"]
        sound = [each for each in steps if _sound(each, texts, codebook)]
        if len(sound) < len(steps):
            why = "as they are of other texts, by another codebook, or against its rules"
            noticed.append(f"Steps of {name} left out, {why}: {len(steps) - len(sound)}.")
        try:
            tables.append(codings_in(sound, corpus).assign(coder=name))
        except Exception:  # whatever one learner's steps come to, the others are read
            noticed.append(f"The codings of {name} cannot be read; they were left out.")
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
    """A class from its codings, with a row a learner, and a word on those who coded little."""
    table = pd.DataFrame(index=pd.Index(learners, name="learner"))
    for document in corpus.documents:
        ids, title = document.sentences.index, document.about["short_title"]
        here = codings[codings["sentence"].isin(ids)]["coder"].value_counts()
        table[f"{title} (of {len(ids)})"] = here.reindex(learners, fill_value=0)
    versions = codings.groupby("coder")["scheme"].unique().map(sorted).map(", ".join)
    table["version"] = versions.reindex(learners, fill_value="–")
    many = codings["coder"].value_counts().reindex(learners, fill_value=0)
    middle = many[many > 0].median()
    if few := [f"{name} ({coded})" for name, coded in many.items() if coded < middle / 2]:
        less = f"Fewer than half the sentences of most others ({middle:g})"
        noticed.append(f"{less}, so that figures with them say little: {'; '.join(few)}.")
    return SchoolClass(codings, table, tuple(noticed))


def _read_all(files: Files, names: bool) -> tuple[list[_Work], list[str]]:
    """The work files that can be read, each by itself, and sentences about the others."""
    works, noticed = [], []
    given = sorted(_given(files), key=lambda each: (sha256(each[1]).digest(), each[0]))
    for number, (name, data) in enumerate(given, 1):
        place = PurePath(whole_characters(name))
        label = f"File {'/'.join(place.parts[-2:]) if names else number}"
        try:
            records, damaged, _ = read_work(data, label, _ADVICE)
            key = (_bare(str(place.parent)), _bare(name_in(records)))
            found = {record["id"]: record for record in records}
            works.append(_Work(key, name_in(records), [label], found))
            if damaged:
                noticed.append(f"{label} has damaged steps ({len(damaged)}): others were read.")
        except Exception as problem:  # whatever is in one file, the others are read
            said = str(problem) if isinstance(problem, UnionError) else f"{label} is no work file."
            noticed.append(f"{said.removesuffix('.')}; it was left out.")
    return works, noticed


def _given(files: Files) -> Iterator[tuple[str, bytes]]:
    """The name and bytes of each file; archives of work files are opened."""
    if isinstance(files, str | Path):
        if not Path(files).is_dir():
            raise UnionError(f"There is no folder {Path(files).name}: give that of your class.")
        files = (each for each in Path(files).rglob("*") if each.is_file())
    for each in files:
        name, data = each if isinstance(each, tuple) else (str(each), None)
        works: dict[str, bytes] = {}
        with suppress(UnionError):  # what is wrong with a file is told of when it is read
            data = file_bytes(Path(name), _ADVICE, LARGEST_BYTES) if data is None else data
            packed = safe_members(data, name, _ADVICE, LARGEST_BYTES) if b".zip" in data else {}
            works = {inner: packed[inner] for inner in packed if inner.lower().endswith(".zip")}
        for inner, content in (works or {name: data or b""}).items():
            if not PurePath(inner).name.startswith("."):  # as those that a Mac adds
                yield inner, content


def _by_learner(works: list[_Work], names: bool) -> dict[str, _Work]:
    """The work of each learner, by what the learner is called, no two alike.

    Files are one learner's if they stand in one folder, have one name and share steps, as a later
    save does with an earlier one: whatever is in a learner's own folder is nobody else's.
    """
    learners: list[_Work] = []
    for work in sorted(works, key=lambda each: (-len(each.records), min(each.records, default=""))):
        same = (each for each in learners if each.key == work.key and _share(each, work))
        if learner := next(same, None):
            learner.labels += work.labels
            learner.records |= work.records
        else:
            learners.append(work)
    found: dict[str, _Work] = {}
    for work in sorted(learners, key=lambda each: min(each.records, default="")):  # says nothing
        name = (work.name or "no name") if names else f"Learner {len(found) + 1}"
        while name.casefold() in map(str.casefold, found):
            name += ", another"
        found[name] = work
    return dict(sorted(found.items(), key=lambda each: each[0].casefold())) if names else found


def _share(one: _Work, other: _Work) -> bool:
    """Whether some steps are the same."""
    return not one.records.keys().isdisjoint(other.records)


def _about(learners: dict[str, _Work]) -> Iterator[str]:
    """What there is to say of several files of one learner, and of learners hard to tell apart."""
    for name, work in learners.items():
        if len(work.labels) > 1:
            yield f"{'; '.join(work.labels)} are one learner's work, {name}: it counts once."
    for (one, work), (two, other) in combinations(learners.items(), 2):
        if _share(work, other):
            yield f"Some of the same steps in the work of two: ask {one} and {two} about it."
        elif work.key[1] == other.key[1] != "":
            yield f"The same name, and no step in common: {one} and {two} are kept apart."


def _bare(name: str) -> str:
    """A name to compare: “Kim (1)” is what a browser calls the second download of “Kim”."""
    return re.sub(r" ?\(\d+\)$", "", name).casefold()


def _sound(step: dict[str, Any], texts: dict[str, set[str]], codebook: Codebook) -> bool:
    """Whether a coding is of a sentence of these documents, and keeps to the codebook."""
    try:
        if step["codes"]:
            codebook.check_codes(step["codes"], step["doer"])
        known = step["text"] in texts[step["document"]] and step["sentence"]
        return bool(known) and step["scheme"] == codebook.scheme
    except (KeyError, TypeError, ValueError):
        return False


class ClassPanel(Widget):
    """The work files of a class. Made by :func:`my_class`; ``group`` is the class they come to."""

    _esm = view("class")

    def __init__(self, files: Files | None, corpus: Corpus, names: bool) -> None:
        self._files, self._corpus, self._names = files, corpus, names
        shown = {"told": "", "trouble": "", "largest": LARGEST_BYTES, "public": on_binder()}
        super().__init__(**shown, **self._read())

    def _read(self) -> dict[str, Any]:
        """Read what is there, or take the invented class; gives what the screen shows of it."""
        given = _dropped or self._files
        group = read_class(given, self._corpus, names=self._names) if given else invented_class()
        self.group, learners = group, group.learners.reset_index().astype(str)
        many = f"{len(learners)} learner{'s' * (len(learners) != 1)}"
        return {
            "title": "Your class" if given else "An invented class",
            "about": f"{many}, {len(group.codings):,} codings." if given else _INVENTED,
            "head": list(learners.columns),
            "rows": learners.to_numpy().tolist(),
            "noticed": list(group.noticed),
            "here": bool(_dropped),
        }

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        if do == "file" and files:
            _dropped.append((str(message.get("name", "a file")), files[0]))
            return {"told": f"Files that came in: {len(_dropped)}. Reading …"}
        if do == "read" and _dropped:
            now = self._read()
            return now | {"told": f"Files that came in: {len(_dropped)}. {now['about']} {_NEXT}"}
        if do == "forget":
            _dropped.clear()
            return self._read() | {"told": "The files are put away, and nothing of them is kept."}
        if do in ("codings", "figures"):
            return {"told": f"Your browser keeps {self._sent(do)} among its downloads."}
        raise UnionError("Nothing came in: choose the work files of your class.")

    def _sent(self, what: str) -> str:
        """Hand a table to the browser, of which nothing stays here; gives the name of the file."""
        codings = self.group.codings
        if codings.empty:
            raise UnionError("There is no coding to save yet: choose the work files of your class.")
        name = f"{'class' if _dropped or self._files else 'invented'}-{what}.csv"
        with TemporaryDirectory() as folder:
            path = Path(folder, name)
            if what == "codings":
                write_codings(codings, path)
            else:
                table = _figures(codings, self._corpus)
                write_csv(table.columns, table.itertuples(index=False), path)
            self.send({"do": "download", "name": name}, buffers=[path.read_bytes()])
        return name


def _figures(codings: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    """All figures of agreement of a class, with what (``first``, ``second``) they are of."""
    reference = load_codings("reference")
    single = {
        "all coders": reliability.group_agreement(codings, corpus),
        "with the reference": reliability.reference_agreement(codings, reference, corpus),
        "sentence": reliability.sentence_agreement(codings),
    }
    parts = [each.rename_axis("first").assign(what=what) for what, each in single.items()]
    parts.append(reliability.pair_agreement(codings, corpus).assign(what="pair"))
    whole = pd.concat([each.reset_index() for each in parts]).astype(object)
    columns = ["what", "first", "second", "percent", *reliability.FIGURE]
    return whole.where(whole.notna(), "")[columns]


def my_class(
    files: Files | None = None, corpus: Corpus | None = None, *, names: bool = False
) -> ClassPanel:
    """Show a place to drop the work files of a class; ``group`` of it is the class.

    ``files`` can be a folder instead; the class is invented as long as there are none. The rest is
    as for :func:`read_class`.

    >>> my_class().group
    <A class: 30 learners, 792 codings>
    """
    return ClassPanel(files, corpus or load_corpus(), names)
