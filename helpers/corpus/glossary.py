"""The glossary: terms that a reader may stumble over, and where they stand in a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from helpers.corpus.documents import CORPUS_FOLDER, Document
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml


class Term(NamedTuple):
    """A term: its spellings (``forms``), ``meaning``, ``source``, and whether that was ``verified``
    or is an open ``question``."""

    term: str
    forms: list[str]
    meaning: str
    source: str
    verified: bool = False
    question: bool = False


def load_glossary(path: str | Path | None = None) -> list[Term]:
    """Read a glossary; left out, ``path`` is the project's own ``corpus/glossary.toml``.

    Raises :class:`UnionError` for a file that is broken or lacks a field.

    >>> load_glossary()[0].term
    'Juche'
    """
    path = Path(path or CORPUS_FOLDER / "glossary.toml")
    try:
        return [Term(**each) for each in read_toml(path)["terms"]]
    except (KeyError, TypeError):
        needed = "give each [[terms]] table term, forms, meaning and source"
        raise UnionError(f"{path.name} lacks something: {needed}.") from None


def find_terms(
    document: Document, glossary: Sequence[Term]
) -> dict[str, list[tuple[str, int | None]]]:
    """Each sentence in pieces, so that terms can be explained where they stand.

    Gives for each sentence id a list of pairs: a piece of its text, and the
    number of its term in ``glossary``, or None. The pieces of a sentence put
    together are its text. A term is told of once in a paragraph; of two terms
    at one place the longer counts; capitals count.

    >>> from helpers.corpus.documents import load_corpus
    >>> pieces = find_terms(load_corpus()["kctu"], load_glossary())["kctu-002"]
    >>> [text for text, number in pieces if number is not None]
    ['political empowerment']
    """
    numbers = {form: number for number, term in enumerate(glossary) for form in term.forms}
    longest = sorted(numbers, key=len, reverse=True)
    forms = "|".join(map(re.escape, longest)) if numbers else "(?!)"
    pattern = re.compile(rf"(?<!\w)(?:{forms})(?!\w)")
    found, told = {}, set()
    for id, row in document.sentences.iterrows():
        pieces, done, text = [], 0, row["text"]
        for match in pattern.finditer(text):
            number = numbers[match.group()]
            if (row["paragraph"], number) not in told:
                told.add((row["paragraph"], number))
                pieces += [(text[done : match.start()], None), (match.group(), number)]
                done = match.end()
        found[str(id)] = [piece for piece in [*pieces, (text[done:], None)] if piece[0]]
    return found
