"""The corpus: documents with what is known about them, cleaned, in paragraphs and sentences."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.corpus.cleaning import Cleaning, Correction, RawPlace, clean
from helpers.corpus.decoding import LARGEST_BYTES
from helpers.corpus.errors import UnionError
from helpers.corpus.files import file_bytes, read_toml
from helpers.corpus.sentences import split_sentences

CORPUS_FOLDER = Path(__file__).resolve().parents[2] / "corpus"
WORK_FOLDER = Path(os.environ.get("UNION_WORK_FOLDER") or CORPUS_FOLDER.with_name("my-work"))
FIELDS = tuple(
    field["name"] for field in read_toml(Path(__file__).with_name("fields.toml"))["fields"]
)
_ID = re.compile(r"[a-z][a-z0-9_]{0,19}")


class Document:
    """One document: what is known about it, its cleaning, and its text in paragraphs and sentences.

    Documents come from :func:`load_corpus`. ``id`` is the short name that its
    sentence ids begin with, ``about`` a dictionary of what is known about it
    (the fields of ``documents.toml``, and the file's ``sha256``), ``cleaning``
    the account of the way from ``raw`` to ``text``.

    >>> document = load_corpus()["kctu"]
    >>> document.title, len(document.paragraphs), len(document.sentences)
    ('Our Aims', 7, 17)
    """

    def __init__(
        self, id: str, about: dict[str, str], cleaning: Cleaning, training: str = ""
    ) -> None:
        self.id, self.about, self.cleaning = id, about, cleaning
        self._training = training
        self.notes: list[str] = []  # what a reader of files told, and what it offered
        self.found: dict[str, str] = {}

    @property
    def title(self) -> str:
        return self.about["title"]

    @property
    def raw(self) -> str:
        """The text of the raw file, before any cleaning."""
        return self.cleaning.raw

    @property
    def text(self) -> str:
        """The clean text: a paragraph a line, a blank line between paragraphs."""
        return self.cleaning.text

    @cached_property
    def paragraphs(self) -> pd.DataFrame:
        """One row a paragraph, by number from 1: ``start`` and ``end`` in the clean text, and
        ``text``."""
        spans = [match.span() for match in re.finditer(r"[^\n]+", self.text)]
        index = pd.RangeIndex(1, len(spans) + 1, name="paragraph")
        table = pd.DataFrame(spans, columns=["start", "end"], index=index)
        return table.assign(text=[self.text[start:end] for start, end in spans])

    @cached_property
    def sentences(self) -> pd.DataFrame:
        """One row a sentence, by id such as ``kctu-007``.

        Columns: ``paragraph`` (number from 1), ``start`` and ``end`` in the
        clean text (characters from 0, end exclusive), and ``text``. The ids
        stay the same as long as the clean text does.
        """
        spans = split_sentences(self.text, self._training)
        ids = [f"{self.id}-{number:03d}" for number in range(1, len(spans) + 1)]
        table = pd.DataFrame(spans, columns=["start", "end"], index=pd.Index(ids, name="sentence"))
        above = self.paragraphs["start"].searchsorted(table["start"], side="right") if ids else []
        table.insert(0, "paragraph", above)
        return table.assign(text=[self.text[start:end] for start, end in spans])

    def to_raw(self, start: int, end: int) -> RawPlace:
        """Where ``text[start:end]`` stands in the raw file: see :meth:`Cleaning.to_raw`."""
        return self.cleaning.to_raw(start, end)

    def sentence_in_raw(self, sentence: str) -> RawPlace:
        """Where a sentence stands in the raw file. Raises :class:`UnionError` for an id that is not
        there.

        >>> load_corpus()["kctu"].sentence_in_raw("kctu-002").text
        'The KCTU will work towards political empowerment of workers.'
        """
        if sentence not in self.sentences.index:
            last = self.sentences.index[-1] if len(self.sentences) else "none"
            said = f"There is no sentence {str(sentence)[:40]!r} in {self.id}"
            raise UnionError(f"{said}: choose one up to {last}.")
        return self.to_raw(*map(int, self.sentences.loc[sentence, ["start", "end"]]))

    def cleaned_without(self, *steps: str) -> Document:
        """The same document with some cleaning steps switched off.

        >>> load_corpus()["kctu"].cleaned_without("page-furniture", "title-page").text[-8:]
        'XE Login'
        """
        return Document(self.id, self.about, self.cleaning.without(steps), self._training)

    def __repr__(self) -> str:
        return f"<Document {self.id}: {self.about['short_title']}>"


class Corpus:
    """Documents by their ids, in the order of ``documents.toml``.

    >>> corpus = load_corpus()
    >>> list(corpus), corpus["gftuk"].about["date"]
    (['kctu', 'gftuk'], '25 May 2021')
    """

    def __init__(self, documents: dict[str, Document]) -> None:
        self._documents = documents

    def __getitem__(self, id: str) -> Document:
        if id not in self._documents:
            known = ", ".join(self._documents)
            raise UnionError(f"There is no document {id!r} in the corpus: choose from {known}.")
        return self._documents[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)

    @property
    def documents(self) -> list[Document]:
        return list(self._documents.values())

    def __repr__(self) -> str:
        return f"<Corpus: {', '.join(self._documents)}>"


def listed(
    documents: Document | Corpus | Sequence[Document], most: int = 1_000_000
) -> list[Document]:
    """One document, a corpus or a list, as a list. Raises :class:`UnionError` for anything else,
    none, two with one id, or too many."""
    one = [documents] if isinstance(documents, Document) else documents
    found = list(one.documents if isinstance(one, Corpus) else one) if _many(one) else []
    if not found or not all(isinstance(each, Document) for each in found):
        raise UnionError("Give a document, a corpus or a list of documents to search.")
    if len({each.id for each in found}) < len(found):
        raise UnionError("Two of these documents have the same id: give each document once.")
    if len(found) > most:
        some = f"choose some, such as corpus.documents[:{most}]"
        raise UnionError(f"This can show {most} documents, and here are {len(found)}: {some}.")
    return found


def _many(documents: object) -> bool:
    return isinstance(documents, Corpus | list | tuple)


def load_corpus(
    folder: str | Path | None = None,
    *,
    off: Collection[str] = (),
    verify: bool = True,
    training: str = "",
) -> Corpus:
    """Read and clean the documents that ``documents.toml`` describes.

    ``folder`` is the corpus folder; left out, it is the project's own. ``off``
    names cleaning steps to leave out, beside those that the manifest leaves
    out for a document. With ``verify=False`` a raw file is taken even where
    its SHA-256 is not the one in the manifest. ``training`` is text to learn
    abbreviations from, left out the documents' own. Raises :class:`UnionError`
    for a corpus that is missing, broken or changed, with one sentence on what
    to do. One's own documents: :func:`helpers.my_corpus`.

    >>> load_corpus()["kctu"].text[:45]
    'The KCTU, building upon the history and tradi'
    """
    folder = Path(folder) if folder else CORPUS_FOLDER
    found: dict[str, tuple[dict[str, str], Cleaning]] = {}
    try:
        for entry in read_toml(folder / "documents.toml")["documents"]:
            _check(entry, found)
            about = {field: entry[field] for field in FIELDS} | {"sha256": entry["sha256"]}
            found[entry["id"]] = about, _cleaned(folder, entry, off, verify)
    except (AttributeError, KeyError, TypeError) as problem:
        needed = "give each [[documents]] table the lines that those of the project have"
        raise UnionError(f"documents.toml cannot be used ({problem}): {needed}.") from None
    if not found:
        raise UnionError("documents.toml describes no document: add a [[documents]] table.")
    training = training or "\n\n".join(cleaning.text for _, cleaning in found.values())
    return Corpus({id: Document(id, *each, training) for id, each in found.items()})


def _check(entry: dict[str, Any], known: Collection[str]) -> None:
    """Refuse an entry of the manifest without a good id of its own, or without a field."""
    id = entry.get("id", "")
    if not isinstance(id, str) or not _ID.fullmatch(id):
        said = f"documents.toml has a document with the id {id!r}"
        raise UnionError(f"{said}: use small letters and digits, a letter first.")
    if id in known:
        said = f"documents.toml has two documents with the id {id!r}"
        raise UnionError(f"{said}: give one of them another id.")
    for field in ("file", "sha256", *FIELDS):
        if not isinstance(entry.get(field), str) or not entry[field].strip():
            missing = f"documents.toml says no {field!r} for {id}"
            raise UnionError(f"{missing}: add the line, with “not known” if nobody knows.")


def _cleaned(folder: Path, entry: dict[str, Any], off: Collection[str], verify: bool) -> Cleaning:
    """The raw file of an entry, if it is the one that the manifest describes, cleaned as it
    says."""
    path = (folder / entry["file"]).resolve()
    if not path.is_relative_to(folder.resolve()):
        where = f"documents.toml names a file outside the corpus folder for {entry['id']}"
        raise UnionError(f"{where}: move the file into it.")
    data = file_bytes(path, "get a fresh copy of the project", LARGEST_BYTES)
    if verify and hashlib.sha256(data).hexdigest() != entry["sha256"]:
        said = f"{path.name} is not the file that documents.toml describes (its SHA-256 differs)"
        changed = "or use load_corpus(verify=False) if you changed it on purpose"
        raise UnionError(f"{said}: get a fresh copy, {changed}.")
    body = entry.get("body")
    return clean(
        data,
        blocks=entry.get("blocks", False),
        body=tuple(body) if body else None,
        take=entry.get("take", ()),
        off=[*off, *entry.get("off", ())],
        corrections=[Correction(**each) for each in entry.get("corrections", ())],
        encoding=entry.get("encoding"),
        name=path.name,
    )
