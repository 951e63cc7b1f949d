"""The glossary: terms that a reader may stumble over, and where they stand in a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.corpus.documents import CORPUS_FOLDER, Document
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml


@dataclass(frozen=True)
class Term:
    """A term: its spellings (``forms``), ``meaning``, ``source``, and whether that was ``verified`` or is an open ``question``."""

    term: str
    forms: tuple[str, ...]
    meaning: str
    source: str
    verified: bool
    question: bool = False


def load_glossary(path: str | Path | None = None) -> list[Term]:
    """Read a glossary; left out, ``path`` is the project's own ``corpus/glossary.toml``.

    Raises :class:`UnionError` for a file that is broken or lacks a field.

    >>> load_glossary()[0].term
    'Juche'
    """
    path = Path(path) if path else CORPUS_FOLDER / "glossary.toml"
    entries = read_toml(path).get("terms")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UnionError(f"{path.name} has no terms: add a [[terms]] table for each.")
    terms = []
    for number, entry in enumerate(entries, 1):
        forms = entry.get("forms")
        good = all(
            isinstance(entry.get(field), str) and entry[field].strip()
            for field in ("term", "meaning", "source")
        )
        if (
            not good
            or not isinstance(forms, list)
            or not all(isinstance(form, str) and form.strip() for form in forms)
        ):
            raise UnionError(
                f"{path.name} lacks something for term {number}: give it term, meaning, source and a list of forms."
            )
        if known := {form for term in terms for form in term.forms}.intersection(forms):
            raise UnionError(
                f"{path.name} has the form {min(known)!r} for two terms: delete it from one of them."
            )
        flags = (entry.get("verified") is True, entry.get("question") is True)
        terms.append(Term(entry["term"], tuple(forms), entry["meaning"], entry["source"], *flags))
    return terms


def find_terms(
    document: Document, glossary: Sequence[Term]
) -> dict[str, list[tuple[str, int | None]]]:
    """Each sentence in pieces, so that terms can be explained where they stand.

    Gives for each sentence id a list of pairs: a piece of its text, and the
    number of its term in ``glossary``, or None. The pieces of a sentence put
    together are its text. A term is told of once in a paragraph; of two terms
    at one place the longer counts; capitals count.

    >>> from helpers.corpus.documents import load_corpus
    >>> terms = load_glossary()
    >>> pieces = find_terms(load_corpus()["kctu"], terms)["kctu-002"]
    >>> [(text, terms[number].term if number is not None else "") for text, number in pieces]
    [('The KCTU will work towards ', ''), ('political empowerment', 'political empowerment'), (' of workers.', '')]
    """
    numbers = {form: number for number, term in enumerate(glossary) for form in term.forms}
    longest = sorted(numbers, key=len, reverse=True)
    pattern = (
        re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)") if numbers else None
    )
    found: dict[str, list[tuple[str, int | None]]] = {}
    told: set[tuple[int, int]] = set()
    for id, paragraph, text in zip(
        document.sentences.index,
        document.sentences["paragraph"],
        document.sentences["text"],
        strict=True,
    ):
        pieces, done = found.setdefault(str(id), []), 0
        for match in pattern.finditer(text) if pattern else ():
            number = numbers[match.group()]
            if (int(paragraph), number) in told:
                continue
            told.add((int(paragraph), number))
            pieces += [(text[done : match.start()], None)] * (match.start() > done) + [
                (match.group(), number)
            ]
            done = match.end()
        pieces += [(text[done:], None)] * (done < len(text))
    return found
