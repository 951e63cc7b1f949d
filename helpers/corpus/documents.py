"""The corpus: documents with what is known about them, cleaned, in paragraphs and sentences."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.corpus.cleaning import Cleaning, Correction, RawPlace, clean
from helpers.corpus.decoding import LARGEST_BYTES
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml
from helpers.corpus.sentences import split_sentences

if TYPE_CHECKING:
    import pandas as pd

CORPUS_FOLDER = Path(__file__).resolve().parents[2] / "corpus"
WORK_FOLDER = Path(os.environ.get("UNION_WORK_FOLDER") or CORPUS_FOLDER.with_name("my-work"))
FIELDS = (
    "title",
    "short_title",
    "author",
    "speaker",
    "audience",
    "date",
    "date_certainty",
    "place",
    "publisher",
    "language",
    "translation",
    "genre",
    "source",
    "how_obtained",
    "rights",
    "used_because",
    "content_note",
)
_ID = re.compile(r"[a-z][a-z0-9_]{0,19}")


class Document:
    """One document: what is known about it, its cleaning, and its text in paragraphs and sentences.

    Documents come from :func:`load_corpus`. ``id`` is the short name that its
    sentence ids begin with, ``about`` a dictionary of what is known about it
    (the fields of ``documents.toml``, and the file's ``sha256``), ``cleaning`` the account of the way from
    ``raw`` to ``text``.

    >>> document = load_corpus()["kctu"]
    >>> document.title, len(document.paragraphs), len(document.sentences)
    ('Our Aims', 7, 17)
    """

    def __init__(
        self, id: str, about: dict[str, str], cleaning: Cleaning, training: str = ""
    ) -> None:
        self.id, self.about, self.cleaning = id, about, cleaning
        self.notes: list[str] = []  # of an own document: how it was read
        self.found: dict[str, str] = {}  # and what its file says of itself
        self._training = training

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
        """One row a paragraph, by number from 1: ``start`` and ``end`` in the clean text, and ``text``."""
        import pandas as pd

        spans = [match.span() for match in re.finditer(r"[^\n]+", self.text)]
        table = pd.DataFrame(
            spans, columns=["start", "end"], index=range(1, len(spans) + 1)
        ).rename_axis("paragraph")
        return table.assign(text=[self.text[start:end] for start, end in spans])

    @cached_property
    def sentences(self) -> pd.DataFrame:
        """One row a sentence, by id such as ``kctu-007``.

        Columns: ``paragraph`` (number from 1), ``start`` and ``end`` in the
        clean text (characters from 0, end exclusive), and ``text``. The ids
        stay the same as long as the clean text does.
        """
        import pandas as pd

        spans = split_sentences(self.text, self._training)
        ids = [f"{self.id}-{number:03d}" for number in range(1, len(spans) + 1)]
        table = pd.DataFrame(spans, columns=["start", "end"], index=pd.Index(ids, name="sentence"))
        numbers = (
            self.paragraphs["start"].searchsorted(table["start"], side="right") if spans else []
        )
        table.insert(0, "paragraph", numbers)
        return table.assign(text=[self.text[start:end] for start, end in spans])

    def to_raw(self, start: int, end: int) -> RawPlace:
        """Where ``text[start:end]`` stands in the raw file: see :meth:`Cleaning.to_raw`."""
        return self.cleaning.to_raw(start, end)

    def sentence_in_raw(self, sentence: str) -> RawPlace:
        """Where a sentence stands in the raw file. Raises :class:`UnionError` for an id that is not there.

        >>> load_corpus()["kctu"].sentence_in_raw("kctu-006").text
        'Tthe KCTU will work towards the peaceful reunification of Korea suffering from the devastating and \
distorting impact of the division.'
        """
        if sentence not in self.sentences.index:
            last = self.sentences.index[-1] if len(self.sentences) else "none"
            raise UnionError(
                f"There is no sentence {str(sentence)[:40]!r} in {self.id}: choose one up to {last}."
            )
        row = self.sentences.loc[sentence]
        return self.to_raw(int(row["start"]), int(row["end"]))

    def cleaned_without(self, *steps: str) -> Document:
        """The same document with some cleaning steps switched off.

        >>> load_corpus()["kctu"].cleaned_without("page-furniture").text[-8:]
        'XE Login'
        """
        cleaning = clean(self.raw, off=steps, corrections=self.cleaning.corrections, name=self.id)
        return Document(self.id, self.about, cleaning, self._training)

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
            raise UnionError(
                f"There is no document {id!r} in the corpus: choose from {', '.join(self._documents)}."
            )
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
    """One document, a corpus or a list, as a list. Raises :class:`UnionError` for anything else, none, two with one id, or too many."""
    found = (
        documents.documents
        if isinstance(documents, Corpus)
        else [documents]
        if isinstance(documents, Document)
        else documents
    )
    if (
        not isinstance(found, list | tuple)
        or not found
        or not all(isinstance(each, Document) for each in found)
    ):
        raise UnionError("Give a document, a corpus or a list of documents to search.")
    if len({each.id for each in found}) < len(found):
        raise UnionError("Two of these documents have the same id: give each document once.")
    if len(found) > most:
        raise UnionError(
            f"This can show {most} documents, and here are {len(found)}: choose some, such as corpus.documents[:{most}]."
        )
    return list(found)


def load_corpus(
    folder: str | Path | None = None,
    *,
    off: Collection[str] = (),
    verify: bool = True,
    training: str = "",
) -> Corpus:
    """Read and clean the documents that ``documents.toml`` describes.

    ``folder`` is the corpus folder; left out, it is the project's own, wherever
    the notebook stands. ``off`` names cleaning steps to leave out, beside those
    that the manifest leaves out for a document. With ``verify=False`` a raw file
    is taken even where its SHA-256 is not the one in the manifest. ``training``
    is text to learn abbreviations from, left out the documents' own. Raises
    :class:`UnionError` for a corpus that is missing, broken or changed, with one
    sentence on what to do. One's own documents: :func:`helpers.my_corpus`.

    >>> load_corpus()["kctu"].text[:45]
    'The KCTU, building upon the history and tradi'
    """
    folder = Path(folder) if folder else CORPUS_FOLDER
    entries = read_toml(folder / "documents.toml").get("documents", [])
    if not (
        isinstance(entries, list) and entries and all(isinstance(entry, dict) for entry in entries)
    ):
        raise UnionError(
            f"{folder.name}/documents.toml describes no document: add a [[documents]] table."
        )
    found: dict[str, tuple[dict[str, str], Cleaning]] = {}
    for entry in entries:
        id = _checked(entry, found)
        data = _raw_bytes(folder, entry, verify)
        corrections = _corrections(id, entry.get("corrections", []))
        left_out = [*off, *map(str, entry.get("off", []))]
        cleaning = clean(
            data,
            blocks=entry.get("blocks", False),
            body=entry.get("body"),
            take=entry.get("take", ()),
            off=left_out,
            corrections=corrections,
            encoding=entry.get("encoding"),
            name=Path(entry["file"]).name,
        )
        found[id] = (
            {field: entry[field] for field in FIELDS}
            | {"sha256": hashlib.sha256(data).hexdigest()},
            cleaning,
        )
    training = training or "\n\n".join(cleaning.text for _, cleaning in found.values())
    return Corpus(
        {id: Document(id, about, cleaning, training) for id, (about, cleaning) in found.items()}
    )


def _checked(entry: dict[str, Any], found: Collection[str]) -> str:
    """The id of a manifest entry that has all it must have."""
    id = entry.get("id", "")
    if not isinstance(id, str) or not _ID.fullmatch(id):
        raise UnionError(
            f"documents.toml has a document with the id {id!r}: use small letters and digits, a letter first."
        )
    if id in found:
        raise UnionError(
            f"documents.toml has two documents with the id {id!r}: give one of them another id."
        )
    for field in ("file", "sha256", *FIELDS):
        if not isinstance(entry.get(field), str) or not entry[field].strip():
            raise UnionError(
                f"documents.toml says no {field!r} for {id}: add the line, with “not known” if nobody knows."
            )
    return id


def _raw_bytes(folder: Path, entry: dict[str, Any], verify: bool) -> bytes:
    """The bytes of a raw file, if they are the ones that the manifest describes."""
    path = (folder / entry["file"]).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise UnionError(
            f"documents.toml names a file outside the corpus folder for {entry['id']}: move the file into it."
        )
    if not path.is_file():
        raise UnionError(
            f"The raw file of {entry['id']}, {entry['file']}, is missing: get a fresh copy of the project."
        )
    if path.stat().st_size > LARGEST_BYTES:
        size, most = path.stat().st_size // 1_000_000, LARGEST_BYTES // 1_000_000
        raise UnionError(
            f"{path.name} has {size} MB, and the largest that can be read is {most} MB: split it into parts."
        )
    data = path.read_bytes()
    if verify and hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise UnionError(
            f"{path.name} is not the file that documents.toml describes (its SHA-256 differs): get a fresh copy, "
            "or use load_corpus(verify=False) if you changed it on purpose."
        )
    return data


def _corrections(id: str, entries: list[dict[str, Any]]) -> list[Correction]:
    try:
        return [
            Correction(
                int(each["line"]), str(each["wrong"]), str(each["right"]), str(each["reason"])
            )
            for each in entries
        ]
    except (KeyError, TypeError, ValueError):
        raise UnionError(
            f"A correction of {id} in documents.toml wants line, wrong, right and reason: add what is missing."
        ) from None
