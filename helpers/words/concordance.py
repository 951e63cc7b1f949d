"""Key words in context: each place of a word or phrase, with the words around it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.corpus.documents import Corpus, Document, listed
from helpers.corpus.errors import UnionError
from helpers.words.counting import WORD, words

if TYPE_CHECKING:
    import pandas as pd

ORDERS = ("text", "left", "right", "node")
_LONGEST, _MOST, _WIDEST = 200, 50, 1_000
_COLUMNS = ["document", "sentence", "start", "end", "left", "node", "right"]
_GAP = r"(?:[^\S\n]++\n?+|\n)[^\S\n]*+"  # white space without a blank line
_LETTERS = {"?": r"\w", **dict.fromkeys("'’ʼ", "['’ʼ]")}


def concordance_lines(
    documents: Document | Corpus | Sequence[Document],
    query: str | Sequence[str],
    *,
    width: int = 60,
    case: bool = False,
) -> pd.DataFrame:
    """Each hit of a query, with what stands before and after it.

    ``query`` is a word, a phrase, or several with commas between them (or a list
    of texts, whose commas are looked for). ``*`` stands for any letters within a
    word, also none, ``?`` for one letter, ``*`` alone for a whole word. Only
    whole words count, whatever their capitals unless ``case``; a phrase may run
    over a line end, not over a blank line. Of hits that overlap, the first and
    longest counts. Gives one row a hit, in order of place: ``document``,
    ``sentence`` (the id of the one it begins in), ``start`` and ``end`` (in the
    clean text, characters from 0, end exclusive), ``left``, ``node`` (the hit)
    and ``right``: up to ``width`` characters of the same paragraph, in whole
    words. Raises :class:`UnionError` for a query without a letter, over 200
    characters or of more than 50 words or phrases.

    >>> from helpers.corpus.documents import load_corpus
    >>> concordance_lines(load_corpus()["kctu"], "human*, union density")[["sentence", "start", "node"]]
       sentence  start           node
    0  kctu-001    205          human
    1  kctu-007    757  union density
    2  kctu-017   2620          human
    """
    import pandas as pd

    if type(width) is not int or not 0 <= width <= _WIDEST:
        raise UnionError(
            f"The width of a context cannot be {width!r}: give a number of characters from 0 to {_WIDEST:,}."
        )
    patterns, rows = _patterns(query, case), []
    for document in listed(documents):
        text, sentences = document.text, document.sentences
        spans = _hits(text, patterns)
        within = sentences["start"].searchsorted([start for start, _ in spans], side="right") - 1
        for (start, end), sentence in zip(spans, within, strict=True):
            left = _near(text[max(0, start - width - 1) : start][::-1], width)[::-1]
            right = _near(text[end : end + width + 1], width)
            rows.append(
                (document.id, sentences.index[sentence], start, end, left, text[start:end], right)
            )
    return pd.DataFrame(rows, columns=_COLUMNS).astype({"start": int, "end": int})


def concordance_rates(
    documents: Document | Corpus | Sequence[Document],
    query: str | Sequence[str],
    *,
    case: bool = False,
) -> pd.DataFrame:
    """How often a query is found in each document, and for each 1,000 words.

    Takes and raises what :func:`concordance_lines` does. Gives one row a
    document, by id: ``hits``, ``words`` (how many the document has; a dash that
    stands alone is none) and ``per_1000`` (hits for each 1,000 words).

    >>> from helpers.corpus.documents import load_corpus
    >>> concordance_rates(load_corpus(), "wage, wages, pay")["per_1000"].round(1).to_dict()
    {'kctu': 2.6, 'gftuk': 0.7}
    """
    import pandas as pd

    patterns, rows = _patterns(query, case), {}
    for document in listed(documents):
        hits, size = len(_hits(document.text, patterns)), len(words(document.text))
        rows[document.id] = (hits, size, 1000 * hits / max(size, 1))
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["hits", "words", "per_1000"]
    ).rename_axis("document")


def sort_lines(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Put the lines of :func:`concordance_lines` in another order.

    ``"left"`` sorts by the words before the hit, the nearest first, ``"right"``
    by those after it, ``"node"`` by the hit, whatever the capitals and the
    punctuation. ``"text"`` is the order of place, kept in the table's index,
    which also decides between equal lines. Raises :class:`UnionError` for
    another order.

    >>> from helpers.corpus.documents import load_corpus
    >>> sort_lines(concordance_lines(load_corpus()["kctu"], "rights", width=14), "left")["left"].to_list()
    ['democratic ', 'and equal ', 'defend human ', 'trade union ']
    """
    if by not in ORDERS:
        raise UnionError(f"Lines cannot be sorted by {by!r}: choose from {', '.join(ORDERS)}.")
    step = -1 if by == "left" else 1
    placed = table.sort_index()
    return (
        placed
        if by == "text"
        else placed.sort_values(
            by, key=lambda column: column.map(lambda text: _plain(text, step)), kind="stable"
        )
    )


def _patterns(query: str | Sequence[str], case: bool) -> list[re.Pattern[str]]:
    """What to look for: one pattern a word or phrase."""
    given = [query] if isinstance(query, str) else query
    if not isinstance(given, list | tuple) or not all(isinstance(each, str) for each in given):
        raise UnionError("Give a word, a phrase or a list of them to look for.")
    if any(len(each) > _LONGEST for each in given):
        raise UnionError(
            f"The query has {max(map(len, given)):,} characters: shorten it to {_LONGEST}."
        )
    parts = query.split(",") if isinstance(query, str) else given
    wanted = [
        unicodedata.normalize("NFC", " ".join(part.split())) for part in parts if part.strip()
    ]
    if not wanted:
        raise UnionError("Give a word or a phrase to look for.")
    if len(wanted) > _MOST:
        raise UnionError(f"The list has {len(wanted):,} words or phrases: shorten it to {_MOST}.")
    if without := [each for each in wanted if not words(each)]:
        raise UnionError(
            f"{without[0]!r} has no letter: give a word with at least one, such as 'union*'."
        )
    phrases = (_GAP.join(map(_glob, each.split())) for each in wanted)
    return [
        re.compile(rf"(?<!\w){phrase}(?!\w)", 0 if case else re.IGNORECASE) for phrase in phrases
    ]


def _glob(word: str) -> str:
    """One word of a query as a pattern. After a ``*`` the first fit of the next part serves, so it never tries another."""
    if not word.strip("*"):
        return rf"(?<!\w['’-])(?>{WORD.pattern})"
    first, *others = (
        "".join(_LETTERS.get(each) or re.escape(each) for each in part)
        for part in re.split(r"\*+", word)
    )
    return (
        first
        + "".join(rf"(?>\w*?{part})" for part in others[:-1])
        + (rf"\w*{others[-1]}" if others else "")
    )


def _hits(text: str, patterns: list[re.Pattern[str]]) -> list[tuple[int, int]]:
    """The places of all hits in order; of those that overlap, the first and longest."""
    found: list[tuple[int, int]] = []
    spans = {match.span() for pattern in patterns for match in pattern.finditer(text)}
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _near(text: str, width: int) -> str:
    """The whole words that a text begins with, up to a paragraph's end; line ends become spaces."""
    whole = re.match(rf"(?s:.{{0,{width}}})(?!\S)", re.split(r"\n[^\S\n]*\n", text)[0])
    return re.sub(r"\s", " ", whole.group().rstrip()) if whole else ""


def _plain(text: str, step: int) -> str:
    """The words of a text to sort by, without capitals and punctuation; backwards if ``step`` is -1."""
    return " ".join(re.sub(r"\W", "", word).casefold() for word in words(text)[::step])
