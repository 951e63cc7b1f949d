"""Key words in context: each place of a word or phrase, with the words around it."""

import re
import unicodedata
from collections.abc import Sequence

import pandas as pd

from helpers.corpus.documents import Corpus, Document, listed
from helpers.corpus.errors import UnionError
from helpers.words.tokens import WORD, words

Texts = Document | Corpus | Sequence[Document]
Query = str | Sequence[str]
ORDERS = ("text", "left", "right", "node")
_LONGEST, _MOST, _WIDEST = 200, 50, 1_000
_COLUMNS = ["document", "sentence", "start", "end", "left", "node", "right"]
_GAP = r"(?:[^\S\n]++\n?+|\n)[^\S\n]*+"  # white space without a blank line
_LETTERS = {"?": r"\w", **dict.fromkeys("'’ʼ", "['’ʼ]")}


def concordance_lines(
    documents: Texts, query: Query, *, width: int = 60, case: bool = False
) -> pd.DataFrame:
    """Each hit of a query, with what stands before and after it.

    ``query`` is a word, a phrase, or several with commas between them (or a list of texts, whose
    commas are looked for). ``*`` stands for any letters within a word, also none, ``?`` for one
    letter, ``*`` alone for a whole word. Only whole words count, whatever their capitals unless
    ``case``; a phrase may run over a line end, not over a blank line. Of hits that overlap, the
    first and longest counts. Gives one row a hit, in order of place: ``document``, ``sentence``
    (the id of the one it begins in), ``start`` and ``end`` (in the clean text), ``left``, ``node``
    (the hit) and ``right``: up to ``width`` characters of the same paragraph, in whole words.
    Raises :class:`UnionError` for a query without a letter, over 200 characters or of more than 50
    words or phrases.

    >>> from helpers.corpus.documents import load_corpus
    >>> concordance_lines(load_corpus()["kctu"], "human*, union density")[["sentence", "node"]]
       sentence           node
    0  kctu-001          human
    1  kctu-007  union density
    2  kctu-017          human
    """
    if type(width) is not int or not 0 <= width <= _WIDEST:
        raise UnionError(
            f"The width of a context cannot be {width!r}: give a number from 0 to {_WIDEST:,}."
        )
    patterns, rows = query_patterns(query, case), []
    for document in listed(documents):
        text = document.text
        spans = find_hits(text, patterns)
        ids = sentences_of(document, [start for start, _ in spans])
        for (start, end), id in zip(spans, ids, strict=True):
            left = _near(text[max(0, start - width - 1) : start][::-1], width)[::-1]
            right = _near(text[end : end + width + 1], width)
            rows.append((document.id, id, start, end, left, text[start:end], right))
    return pd.DataFrame(rows, columns=_COLUMNS).astype({"start": int, "end": int})


def concordance_rates(documents: Texts, query: Query, *, case: bool = False) -> pd.DataFrame:
    """How often a query, as in :func:`concordance_lines`, is found in each document.

    One row a document, by id: ``hits``, ``words`` (of the document), ``per_1000`` (hits for each
    1,000 words).

    >>> from helpers.corpus.documents import load_corpus
    >>> concordance_rates(load_corpus(), "wage, wages, pay")["per_1000"].round(1).to_dict()
    {'kctu': 2.6, 'gftuk': 0.7}
    """
    patterns, texts = query_patterns(query, case), listed(documents)
    table = pd.DataFrame(index=pd.Index([each.id for each in texts], name="document"))
    table["hits"] = [len(find_hits(each.text, patterns)) for each in texts]
    table["words"] = [len(words(each.text)) for each in texts]
    return table.assign(per_1000=1000 * table["hits"] / table["words"].clip(lower=1))


def sort_lines(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Put the lines of :func:`concordance_lines` in another order.

    ``"left"`` sorts by the words before the hit, the nearest first, ``"right"`` by those after it,
    ``"node"`` by the hit, whatever the capitals and the punctuation; ``"text"`` is the order of
    place. Raises :class:`UnionError` for another order.

    >>> from helpers.corpus.documents import load_corpus
    >>> lines = concordance_lines(load_corpus()["kctu"], "rights", width=14)
    >>> sort_lines(lines, "left")["left"].to_list()
    ['democratic ', 'and equal ', 'defend human ', 'trade union ']
    """
    if by not in ORDERS:
        raise UnionError(f"Lines cannot be sorted by {by!r}: choose from {', '.join(ORDERS)}.")
    step = -1 if by == "left" else 1

    def plain(text: str) -> str:
        return " ".join(re.sub(r"\W", "", word).casefold() for word in words(text)[::step])

    key = None if by == "text" else lambda column: column.map(plain)
    placed = table.sort_index()
    return placed if key is None else placed.sort_values(by, key=key, kind="stable")


def query_patterns(query: Query, case: bool) -> list[re.Pattern[str]]:
    """What to look for, one pattern a word or phrase: see :func:`concordance_lines`."""
    given = query.split(",") if isinstance(query, str) else query
    if not isinstance(given, list | tuple) or not all(isinstance(each, str) for each in given):
        raise UnionError("Give a word, a phrase or a list of them to look for.")
    wanted = [unicodedata.normalize("NFC", " ".join(each.split())) for each in given]
    wanted = [each for each in wanted if each]
    if not wanted:
        raise UnionError("Give a word or a phrase to look for.")
    longest = max(map(len, [*wanted, query if isinstance(query, str) else ""]))
    for many, limit, what in ((longest, _LONGEST, "characters"), (len(wanted), _MOST, "words")):
        if many > limit:
            raise UnionError(f"The query has {many:,} {what}: shorten it to {limit}.")
    if without := [each for each in wanted if not words(each)]:
        raise UnionError(
            f"{without[0]!r} has no letter: give a word with at least one, such as 'union*'."
        )
    phrases = (_GAP.join(map(_glob, each.split())) for each in wanted)
    flags = 0 if case else re.IGNORECASE
    return [re.compile(rf"(?<!\w){phrase}(?!\w)", flags) for phrase in phrases]


def _glob(word: str) -> str:
    """One word of a query as a pattern. After a ``*`` the first fit of the next part serves."""
    if not word.strip("*"):
        return rf"(?<!\w['’-])(?>{WORD.pattern})"
    parts = [
        "".join(_LETTERS.get(each) or re.escape(each) for each in part)
        for part in re.split(r"\*+", word)
    ]
    middle = "".join(rf"(?>\w*?{part})" for part in parts[1:-1])
    return parts[0] + middle + (rf"\w*{parts[-1]}" if len(parts) > 1 else "")


def find_hits(text: str, patterns: list[re.Pattern[str]]) -> list[tuple[int, int]]:
    """The places of all hits in order; of those that overlap, the first and longest."""
    found: list[tuple[int, int]] = []
    spans = {match.span() for pattern in patterns for match in pattern.finditer(text)}
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def sentences_of(document: Document, places: Sequence[int]) -> tuple[str, ...]:
    """The id of the sentence that each place of the clean text stands in."""
    found = document.sentences["start"].searchsorted(places, side="right") - 1
    return tuple(document.sentences.index[found])


def _near(text: str, width: int) -> str:
    """The whole words that a text begins with, up to a paragraph's end; line ends become spaces."""
    whole = re.match(rf"(?s:.{{0,{width}}})(?!\S)", re.split(r"\n[^\S\n]*\n", text)[0])
    return re.sub(r"\s", " ", whole.group().rstrip()) if whole else ""
