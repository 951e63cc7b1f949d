"""Key words in context: each place of a word or phrase, with the words around it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.text.corpus import Corpus, Document
from helpers.text.counting import _WORD
from helpers.text.errors import UnionError

if TYPE_CHECKING:
    import pandas as pd

ORDERS = ("text", "left", "right", "node")
_LONGEST, _MOST, _WIDEST = 200, 50, 1_000
_GAP = r"(?:[^\S\n]++\n?+|\n)[^\S\n]*+"  # white space without a blank line
_ANY = rf"(?<!\w['’-])(?>{_WORD.pattern})"  # one whole word, whichever
_APOSTROPHES = "'’ʼ"


def concordance_lines(
    documents: Document | Corpus | Sequence[Document], query: str | Sequence[str], *, width: int = 60, case: bool = False
) -> pd.DataFrame:
    """Each hit of a query, with what stands before and after it.

    ``query`` is a word, a phrase, or several with commas between them (or a list
    of texts, whose commas are part of what is looked for). ``*`` stands for any
    letters within a word, also none, ``?`` for one letter, ``*`` alone for a
    whole word. Only whole words count, whatever their capitals unless ``case``;
    curly and straight apostrophes are the same; a phrase may run over a line
    end, not over a paragraph's. Where hits overlap, the first and longest counts.

    Gives one row a hit, in order of place: ``document``, ``sentence`` (the id of
    the one it begins in), ``start`` and ``end`` (characters of the clean text
    from 0, end exclusive), ``left``, ``node`` (the hit) and ``right``. ``left``
    and ``right`` have at most ``width`` characters, whole words of the same
    paragraph, line ends as spaces. Raises :class:`UnionError` for a query
    without a letter, over 200 characters, or of more than 50 words or phrases.

    >>> from helpers.text.corpus import load_corpus
    >>> concordance_lines(load_corpus()["kctu"], "women*, industrial union*", width=20)[["sentence", "left", "node"]]
       sentence                 left                 node
    0  kctu-007            building   industrial unionism
    1  kctu-015  discrimination and                 women
    """
    import pandas as pd

    if type(width) is not int or not 0 <= width <= _WIDEST:
        raise UnionError(f"The width of a context cannot be {width!r}: give a number of characters from 0 to {_WIDEST:,}.")
    patterns, rows = _patterns(query, case), []
    for document in listed(documents):
        text, sentences = document.text, document.sentences
        for start, end in _hits(text, patterns):
            sentence = sentences.index[max(0, sentences["start"].searchsorted(start, side="right") - 1)]
            left = _near(text[max(0, start - width - 1) : start][::-1], width)[::-1]
            right = _near(text[end : end + width + 1], width)
            rows.append((document.id, sentence, start, end, left, text[start:end], right))
    table = pd.DataFrame(rows, columns=["document", "sentence", "start", "end", "left", "node", "right"])
    return table.astype({"start": int, "end": int})


def concordance_rates(
    documents: Document | Corpus | Sequence[Document], query: str | Sequence[str], *, case: bool = False
) -> pd.DataFrame:
    """How often a query is found in each document, and for each 1,000 words.

    Takes what :func:`concordance_lines` takes and raises what it raises. Gives
    one row a document, by id: ``hits``, ``words`` (the length of the document;
    a dash alone is no word) and ``per_1000`` (hits for each 1,000 words).

    >>> from helpers.text.corpus import load_corpus
    >>> concordance_rates(load_corpus(), "wage, wages, pay").round(1)
              hits  words  per_1000
    document                       
    kctu         1    390       2.6
    gftuk        0   5998       0.0
    """
    import pandas as pd

    patterns, rows = _patterns(query, case), {}
    for document in listed(documents):
        hits, words = len(_hits(document.text, patterns)), len(_WORD.findall(document.text))
        rows[document.id] = (hits, words, 1000 * hits / max(words, 1))
    return pd.DataFrame.from_dict(rows, orient="index", columns=["hits", "words", "per_1000"]).rename_axis("document")


def sort_lines(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Put the lines of :func:`concordance_lines` in another order; their index stays with them.

    ``"left"`` sorts by the words before the hit, the nearest first, ``"right"``
    by those after it, ``"node"`` by the hit, all without regard to capitals and
    punctuation; ``"text"`` goes back to the order of the text, which also
    decides where lines are equal. Raises :class:`UnionError` for another order.

    >>> from helpers.text.corpus import load_corpus
    >>> sort_lines(concordance_lines(load_corpus()["kctu"], "rights", width=15), "left")["left"].to_list()
    """
    if by not in ORDERS:
        raise UnionError(f"Lines cannot be sorted by {by!r}: choose from {', '.join(ORDERS)}.")
    first = {id: number for number, id in enumerate(dict.fromkeys(table.sort_index()["document"]))}
    places = [(first[id], start) for id, start in zip(table["document"], table["start"], strict=True)]
    keys = [[]] * len(table) if by == "text" else [_plain(each, back=by == "left") for each in table[by]]
    return table.iloc[sorted(range(len(table)), key=lambda row: (keys[row], places[row]))]


def listed(documents: Document | Corpus | Sequence[Document]) -> list[Document]:
    """One document, a corpus or a list as a list. Raises :class:`UnionError` for anything else, none, or two with one id."""
    found = documents.documents if isinstance(documents, Corpus) else [documents] if isinstance(documents, Document) else documents
    if not isinstance(found, list | tuple) or not found or not all(isinstance(each, Document) for each in found):
        raise UnionError("Give a document, a corpus or a list of documents to search.")
    if len({each.id for each in found}) < len(found):
        raise UnionError("Two of these documents have the same id: give each document once.")
    return list(found)


def _patterns(query: str | Sequence[str], case: bool) -> list[re.Pattern[str]]:
    """What to look for, one pattern a word or phrase."""
    given = [query] if isinstance(query, str) else query
    if not isinstance(given, list | tuple) or not all(isinstance(each, str) for each in given):
        raise UnionError("Give a word, a phrase, or a list of them to look for.")
    if longest := max((len(each) for each in given if len(each) > _LONGEST), default=0):
        raise UnionError(f"The query has {longest:,} characters: shorten it to {_LONGEST}.")
    parts = query.split(",") if isinstance(query, str) else given
    wanted = list(dict.fromkeys(unicodedata.normalize("NFC", part) for part in parts if part.strip()))
    if not wanted:
        raise UnionError("Give a word or a phrase to look for.")
    if len(wanted) > _MOST:
        raise UnionError(f"The list has {len(wanted):,} words or phrases: shorten it to {_MOST}.")
    for each in wanted:
        if not _WORD.search(each):
            raise UnionError(f"{each.strip()!r} has no letter: give a word with at least one, such as 'union*'.")
    phrases = [_GAP.join(map(_glob, each.split())) for each in wanted]
    return [re.compile(rf"(?<!\w){phrase}(?!\w)", 0 if case else re.IGNORECASE) for phrase in phrases]


def _glob(word: str) -> str:
    """One word of a query as a pattern that never goes back over a ``*``: the first fit for a part is as good as any."""
    if not word.strip("*"):
        return _ANY
    letters = {"?": r"\w", **dict.fromkeys(_APOSTROPHES, f"[{_APOSTROPHES}]")}
    first, *others = ("".join(letters.get(each) or re.escape(each) for each in part) for part in re.split(r"\*+", word))
    middle = "".join(rf"(?>\w*?{part})" for part in others[:-1])
    return first + middle + (rf"\w*{others[-1]}" if others else "")


def _hits(text: str, patterns: list[re.Pattern[str]]) -> list[tuple[int, int]]:
    """The places of all hits in order; of those that overlap, the first and longest."""
    found: list[tuple[int, int]] = []
    every = {match.span() for pattern in patterns for match in pattern.finditer(text)}
    for start, end in sorted(every, key=lambda span: (span[0], -span[1])):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _near(text: str, width: int) -> str:
    """The whole words at the beginning of a text, up to a paragraph's end."""
    within = re.split(r"\n[^\S\n]*\n", text)[0]
    whole = re.match(rf"(?s:.{{0,{width}}})(?!\S)", within)
    return re.sub(r"\s", " ", whole.group().rstrip()) if whole else ""


def _plain(text: str, back: bool) -> list[str]:
    """The words of a text to sort by, from the end if ``back``."""
    words = [re.sub(r"\W", "", word).casefold() for word in _WORD.findall(text)]
    return words[::-1] if back else words
