"""The reader: one document or two side by side, with glossary, notes, evidence stars, and the
way back to the raw file.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import traitlets

from helpers.coding.annotations import Annotations
from helpers.coding.journal import Journal
from helpers.corpus.documents import Document
from helpers.corpus.errors import UnionError
from helpers.corpus.glossary import find_terms, load_glossary
from helpers.show.widget import Widget, view

_BLANK = {"note": "", "star": False}
_LONGEST_NOTE = 5_000


def reading_annotations(document: Document, journal: Journal | None = None) -> Annotations:
    """A learner's notes and evidence stars on one document, as :class:`Annotations`."""
    return Annotations(document, "reading", _BLANK, journal)


class Reader(Widget):
    """One document or two, to be read closely. Made by :func:`read`."""

    _esm = view("reader", "pane")
    texts = traitlets.Dict().tag(sync=True)
    marked = traitlets.Dict().tag(sync=True)

    def __init__(self, documents: tuple[Document, ...], journal: Journal | None) -> None:
        self._readings = {
            document.id: reading_annotations(document, journal) for document in documents
        }
        glossary, parts = load_glossary(), []
        for document in documents:
            pieces = find_terms(document, glossary)
            numbers = document.sentences["paragraph"]
            sentences = [
                {"id": id, "paragraph": int(number), "pieces": pieces[id]}
                for id, number in numbers.items()
            ]
            parts.append(
                {"id": document.id, "title": document.about["short_title"], "sentences": sentences}
            )
        terms = [
            {"term": each.term, "meaning": each.meaning, "source": _source(each)}
            for each in glossary
        ]
        self.texts = {"documents": parts, "terms": terms, "longest": _LONGEST_NOTE}
        self.marked = {
            id: state
            for reading in self._readings.values()
            for id, state in reading.states().items()
        }
        super().__init__(changed={}, told="", trouble="", raw={}, moved=self._moved())

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        sentence, value = str(message.get("sentence", "")), message.get("value")
        reading = self._readings.get(sentence.rpartition("-")[0])
        if reading is None:
            raise UnionError("There is no such sentence here: run the cell again.")
        if do == "raw":
            return {"raw": _raw(reading.document, sentence), "told": ""}
        reading.refresh()
        if do == "star":
            state = reading.set(sentence, star=not reading.state(sentence)["star"])
            told = (
                f"Saved. {sentence} is "
                f"{'kept as evidence' if state['star'] else 'no longer kept as evidence'}."
            )
        elif do == "note" and isinstance(value, str):
            if len(value) > _LONGEST_NOTE:
                raise UnionError(
                    f"This note has {len(value):,} characters: shorten it to {_LONGEST_NOTE:,}."
                )
            reading.set(sentence, note=value)
            told = (
                f"Saved. The note is kept with {sentence}."
                if value
                else f"Saved. {sentence} has no note now."
            )
        else:
            raise UnionError(
                "The screen asked for something that this reader does not know: run the cell again."
            )
        changed = {
            id: reading.state(id) for reading in self._readings.values() for id in reading.changed()
        }
        self.marked.update(changed)  # in place: the whole is not sent again
        return {"changed": changed, "told": told, "moved": self._moved()}

    def _moved(self) -> list[dict[str, Any]]:
        return [each for reading in self._readings.values() for each in reading.moved()]


def _source(term: Any) -> str:
    """Where a meaning comes from, in words for a learner."""
    if term.question:
        return "none found; this is an open question"
    return term.source if term.verified else "common knowledge, which we did not check again"


def _raw(document: Document, sentence: str) -> dict[str, Any]:
    """The lines of the raw file that a sentence stands on."""
    place = document.sentence_in_raw(sentence)
    shown = [
        {"number": number, "text": line}
        for number, line in enumerate(document.raw.split("\n"), 1)
        if place.first_line <= number <= place.last_line
    ]
    return {
        "sentence": sentence,
        "first": place.first_line,
        "last": place.last_line,
        "lines": shown,
    }


def read(*documents: Document, journal: Journal | None = None) -> Reader:
    """Read one document, or two side by side.

    Terms of the glossary are explained where they stand. A sentence can be
    given a note and a star that keeps it as evidence; both are in the journal at
    once. Raises :class:`UnionError` for none or more than two documents, or the
    same one twice.

    >>> import tempfile
    >>> from helpers import Journal, load_corpus
    >>> len(read(*load_corpus().documents, journal=Journal(tempfile.mkdtemp())).texts["documents"])
    2
    """
    if not all(isinstance(document, Document) for document in documents):
        raise UnionError("Give documents to read, such as read(corpus['kctu'], corpus['gftuk']).")
    if (
        len({document.id for document in documents}) != len(documents)
        or not 1 <= len(documents) <= 2
    ):
        raise UnionError(
            "Give one document or two different ones to read, such as read(corpus['kctu'], "
            "corpus['gftuk'])."
        )
    return Reader(documents, journal)


def my_evidence(*documents: Document, journal: Journal | None = None) -> Any:
    """The sentences that the learner keeps as evidence, as a table by id: ``document``, ``text``
    and ``note``.
    """
    rows = {}
    for document in documents:
        for id, state in reading_annotations(document, journal).states().items():
            if state["star"]:
                rows[id] = {
                    "document": document.about["short_title"],
                    "text": document.sentences.loc[id, "text"],
                    "note": state["note"],
                }
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["document", "text", "note"]
    ).rename_axis("sentence")
