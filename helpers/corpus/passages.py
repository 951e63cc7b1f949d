"""Words and marks of a text, and where a run of them stands in a document, letter for letter but for what never counts.

What never counts: quotation marks, also an apostrophe at the edge of a word (``workers'``), the shapes of apostrophes,
hyphens and dashes, spaces and line breaks, and characters that cannot be seen.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from helpers.corpus.documents import Document

MOST_LEFT_OUT = 100  # words between two parts of a quotation
_LETTER = r"\w[\u0300-\u036f]*"
_WORD = rf"(?:{_LETTER})+(?:['’ʼ‘`´\-‐‑](?:{_LETTER})+)*"
_TOKEN = re.compile(
    rf"(?P<recased>\[{_LETTER}\]{_WORD})|(?P<word>{_WORD})|…+|\.{{3,}}|[-‐-―−]+|[^\w\s\"'“”„‟‘’‚‛ʼ`´«»‹›]"
)
_DASHES = "-‐‑‒–—―−"
_SHAPES = str.maketrans({**dict.fromkeys("’ʼ‘`´", "'"), **dict.fromkeys("‐‑", "-")})


class Token(NamedTuple):
    """A word or mark: its plain form, where it starts and ends, whether it is a word, and whether it is one such as ``[T]he``."""

    form: str
    start: int
    end: int
    word: bool
    recased: bool = False


class Index(NamedTuple):
    """The tokens of a document, where each form stands among them, and how many words come before each."""

    tokens: list[Token]
    places: dict[str, list[int]]
    words: list[int]


def tokens_of(text: str) -> Iterator[Token]:
    """The words and marks of a text, in order.

    >>> [token.form for token in tokens_of("“The workers’ co-determination”—so ...")]
    ['The', 'workers', 'co-determination', '–', 'so', '…']
    """
    for match in _TOKEN.finditer(text):
        form, word = match.group(), bool(match["word"] or match["recased"])
        if word:
            form = unicodedata.normalize("NFC", form).translate(_SHAPES)
        elif unicodedata.category(form[0]) in ("Cc", "Cf", "Mn"):
            continue
        elif form[0] in _DASHES:
            form = "–"
        elif form[0] == "…" or len(form) > 2:
            form = "…"
        yield Token(form, match.start(), match.end(), word, bool(match["recased"]))


@lru_cache(maxsize=32)
def index_of(document: Document) -> Index:
    """The tokens of a document's clean text, kept for the next quotation."""
    tokens, places = list(tokens_of(document.text)), {}
    for number, token in enumerate(tokens):
        places.setdefault(token.form, []).append(number)
    return Index(tokens, places, [0, *accumulate(token.word for token in tokens)])


def cases(word: str) -> tuple[str, ...]:
    """A word with a capital and with a small letter at its beginning."""
    return tuple({word, word[:1].upper() + word[1:], word[:1].lower() + word[1:]})


def places_of(index: Index, part: list[Token], free: bool = False) -> list[int]:
    """At which tokens of a document a run of tokens begins; if ``free``, the first letter of its first word may be of either case."""
    lead = next((number for number, token in enumerate(part) if token.word), 0) if free else -1
    forms = [
        cases(token.form) if token.recased or number == lead else (token.form,)
        for number, token in enumerate(part)
    ]
    starts = sorted(place for form in forms[0] for place in index.places.get(form, ()))
    tokens, last = index.tokens, len(index.tokens) - len(part)
    return [
        at
        for at in starts
        if at <= last and all(tokens[at + number].form in form for number, form in enumerate(forms))
    ]


def chain_of(index: Index, parts: list[list[Token]]) -> list[int]:
    """At which tokens of a document the parts begin, one after the other and near enough; empty if they do not stand so."""
    reached = [dict.fromkeys(places_of(index, parts[0], free=True), -1)]
    for last, part in pairwise(parts):
        size, before = len(last), sorted(reached[-1])
        nearest = ((start, bisect_right(before, start - size)) for start in places_of(index, part))
        pairs = {start: before[at - 1] for start, at in nearest if at}
        reached.append(
            {
                start: at
                for start, at in pairs.items()
                if index.words[start] - index.words[at + size] <= MOST_LEFT_OUT
            }
        )
    starts = [min(reached[-1], default=-1)]
    for step in reversed(reached[1:] if starts[0] >= 0 else []):
        starts.insert(0, step[starts[0]])
    return starts if starts[0] >= 0 else []


def sentences_at(document: Document, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """The ids of the sentences that spans of the clean text touch.

    >>> from helpers.corpus.documents import load_corpus
    >>> sentences_at(load_corpus()["kctu"], [(200, 230)])
    ('kctu-001', 'kctu-002')
    """
    table, found = document.sentences, []
    for start, end in spans:
        first, stop = (
            table["start"].searchsorted(place, side="right") for place in (start, end - 1)
        )
        found.extend(table.index[max(first - 1, 0) : stop])
    return tuple(dict.fromkeys(found))
