"""Counts and rates: how often words stand in documents, how sure one can be of a rate, and which sentences are behind it.

A word is what :func:`helpers.words.counting.words` finds; rates are for each 1,000 of these. With ``lemma``, a word is
the dictionary form of the token that it begins with (:func:`document_tokens`): ``Party's`` is ``party``, ``unions`` is
``union``; what is no whole token, as in ``and/or``, stays as it is. The modals should, would, could and might stay too:
they are not shall, will, can and may. With ``case``, capitals count, and a lemma has those of its word. With ``stop``,
the words of :func:`helpers.words.counting.small_words` are left out, below the line as well as above.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from helpers.corpus.documents import Corpus, Document, listed
from helpers.corpus.errors import UnionError
from helpers.words.concordance import _hits, _patterns
from helpers.words.counting import WORD, small_words
from helpers.words.tokens import tag_words

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_DRAWS, _SEED = 1_000, 1
_STAY = ("should", "would", "could", "might")


def count_table(
    documents: Document | Corpus | Sequence[Document],
    *,
    lemma: bool = False,
    case: bool = False,
    stop: bool = False,
    drop: Collection[str] = (),
) -> pd.DataFrame:
    """How often each word stands in each document: a row an item that has a letter, a column a document, the most frequent first.

    ``drop`` lists more words to leave out. ``all-people`` is one item here, while a search for ``people`` finds it
    too. Raises :class:`UnionError` where there is no document, or no list of words.

    >>> from helpers.corpus.documents import load_corpus
    >>> count_table(load_corpus(), lemma=True, stop=True).loc[["worker", "union"]].to_dict("index")
    {'worker': {'kctu': 7, 'gftuk': 6}, 'union': {'kctu': 5, 'gftuk': 77}}
    """
    import pandas as pd

    counts = {
        each.id: word_items(each, lemma=lemma, case=case, stop=stop, drop=drop)[
            "item"
        ].value_counts()
        for each in listed(documents)
    }
    table = pd.DataFrame(counts).drop("", errors="ignore").fillna(0).astype(int).rename_axis("item")
    return table.loc[
        table.sum(axis=1).sort_index().sort_values(ascending=False, kind="stable").index
    ]


def word_rates(
    documents: Document | Corpus | Sequence[Document],
    words: str | Sequence[str],
    *,
    lemma: bool = False,
    case: bool = False,
) -> pd.DataFrame:
    """How often words or phrases stand in each document, with two 95 % intervals and the sentences of the hits.

    ``words`` is a query as :func:`helpers.words.concordance.concordance_lines` takes it, or a list of them, a row each;
    the commas of ``"wage*, pay"`` add up. With ``lemma``, a word is found by its form or its lemma. Index: ``word`` and
    ``document``. Columns: ``hits``, ``words``; for each 1,000 words ``per_1000``, ``low`` and ``high`` as if each word
    were drawn by itself (Wilson, *JASA* 22, 1927), ``block_low`` and ``block_high`` with whole paragraphs drawn, as hits
    come in clumps (percentile bootstrap, 1,000 draws: Efron & Tibshirani 1993; too narrow for few paragraphs);
    ``sentences``, an id for each hit. NaN where there are no words; the second interval also wants a hit and two
    paragraphs. Raises :class:`UnionError` for what cannot be looked for.

    >>> from helpers.corpus.documents import load_corpus
    >>> word_rates(load_corpus(), "wage", lemma=True)[["hits", "per_1000", "low", "high"]].round(2).to_dict("list")
    {'hits': [1, 3], 'per_1000': [2.56, 0.5], 'low': [0.45, 0.17], 'high': [14.38, 1.47]}
    """
    import pandas as pd

    queries = [words] if isinstance(words, str) else words
    if (
        not isinstance(queries, list | tuple)
        or not queries
        or not all(isinstance(each, str) for each in queries)
    ):
        raise UnionError("Give a word, a phrase or a list of them to count.")
    rows = {}
    for query in queries:
        for document in listed(documents):
            starts = [match.start() for match in WORD.finditer(document.text)]
            hits = [start for start, _ in hit_spans(document, query, lemma=lemma, case=case)]
            near = (
                *wilson(len(hits), len(starts)),
                *block_interval(*(per_paragraph(document, places) for places in (hits, starts))),
            )
            rate = 1000 * len(hits) / len(starts) if starts else math.nan
            rows[query, document.id] = (
                len(hits),
                len(starts),
                rate,
                *(1000 * each for each in near),
                sentences_of(document, hits),
            )
    columns = ["hits", "words", "per_1000", "low", "high", "block_low", "block_high", "sentences"]
    return pd.DataFrame(
        list(rows.values()), pd.MultiIndex.from_tuples(rows, names=["word", "document"]), columns
    )


def word_items(
    document: Document,
    *,
    lemma: bool = False,
    case: bool = False,
    stop: bool = False,
    drop: Collection[str] = (),
) -> pd.DataFrame:
    """Each word that counts: ``start`` in the clean text, ``paragraph`` (from 1) and ``item``, which is empty where there is no letter."""
    import pandas as pd

    drop = [drop] if isinstance(drop, str) else drop
    if not isinstance(drop, Collection) or not all(isinstance(each, str) for each in drop):
        raise UnionError("Give the words to leave out as a list of words.")
    unwanted, rows = {each.casefold() for each in drop}, []
    lemmas = {start: (end, base) for start, end, base in _lemmas(document)} if lemma else {}
    for match in WORD.finditer(document.text):
        word, (end, base) = match.group(), lemmas.get(match.start(), (math.inf, ""))
        item = base if end <= match.end() else word
        item = item if case else item.casefold()
        if not (stop and is_small(word)) and unwanted.isdisjoint(
            (word.casefold(), item.casefold())
        ):
            rows.append((match.start(), item if any(map(str.isalpha, item)) else ""))
    table = pd.DataFrame(rows, columns=["start", "item"])
    table.insert(
        1, "paragraph", document.paragraphs["start"].searchsorted(table["start"], side="right")
    )
    return table


def is_small(text: str) -> bool:
    """Whether all words of a text are in the stop list."""
    return small_words().issuperset(word.casefold() for word in WORD.findall(text))


def hit_spans(
    document: Document, query: str | Sequence[str], *, lemma: bool = False, case: bool = False
) -> list[tuple[int, int]]:
    """Where the hits of a query start and end in the clean text: by form and, with ``lemma``, by lemma where the form is no hit."""
    patterns = _patterns(query, case)
    found = _hits(document.text, patterns)
    if lemma:
        text, places = _in_lemmas(document)
        taken = {place for span in found for place in range(*span)}
        for span in [
            (places[start][0], places[end - 1][1]) for start, end in _hits(text, patterns)
        ]:
            if taken.isdisjoint(range(*span)):
                found.append(span)
                taken.update(range(*span))
    return sorted(found)


def sentences_of(document: Document, places: Sequence[int]) -> tuple[str, ...]:
    """The id of the sentence that each place of the clean text stands in."""
    return tuple(
        document.sentences.index[document.sentences["start"].searchsorted(places, side="right") - 1]
    )


def per_paragraph(document: Document, places: Sequence[int]) -> np.ndarray:
    """How many of these places of the clean text stand in each paragraph."""
    import numpy as np

    return np.bincount(
        document.paragraphs["start"].searchsorted(places, side="right"),
        minlength=len(document.paragraphs) + 1,
    )[1:]


def wilson(hits: int, size: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), by SciPy; NaN where there are no words, or more hits than words.

    >>> [round(end, 4) for end in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    from scipy.stats import binomtest

    return (
        tuple(map(float, binomtest(hits, size).proportion_ci(method="wilson")))
        if 0 < size >= hits
        else (math.nan, math.nan)
    )


def block_interval(hits: np.ndarray, sizes: np.ndarray) -> tuple[float, float]:
    """The 95 % interval of hits for each word with whole paragraphs drawn anew; NaN without hits or with less than two paragraphs."""
    import numpy as np

    kept = np.column_stack([hits, sizes])[np.asarray(sizes) > 0]
    if len(kept) < 2 or not kept[:, 0].any():
        return math.nan, math.nan
    chance, shares = np.random.default_rng(_SEED), np.full(len(kept), 1 / len(kept))
    sums = np.concatenate(
        [chance.multinomial(len(kept), shares, 100) @ kept for _ in range(_DRAWS // 100)]
    )
    return tuple(map(float, np.percentile(sums[:, 0] / sums[:, 1], [2.5, 97.5])))


def _lemmas(document: Document) -> Iterator[tuple[int, int, str]]:
    """Start, end and lemma of each token that a word begins with, in the capitals of the word."""
    for at, text in zip(document.sentences["start"], document.sentences["text"], strict=True):
        for start, end, word, base in _tagged(text):
            if re.match(r"\w", word) and not re.match(r"\w", text[max(start - 1, 0) : start]):
                if not base or base.casefold() == word.casefold() or word.casefold() in _STAY:
                    base = word
                elif word[0].isupper():
                    base = base.upper() if word.isupper() and len(word) > 1 else base.capitalize()
                yield at + start, at + end, base if word[0].isupper() else base.lower()


@lru_cache(maxsize=20_000)
def _tagged(sentence: str) -> list[tuple[int, int, str, str]]:
    """The tokens of a sentence, as :func:`document_tokens` has them; kept, as the same sentence comes again in other cleanings."""
    import pandas as pd

    table = tag_words(pd.DataFrame({"start": [0], "text": [sentence]}, index=[""]))
    return list(table[["start", "end", "word", "lemma"]].itertuples(index=False, name=None))


@lru_cache(maxsize=16)
def _in_lemmas(document: Document) -> tuple[str, list[tuple[int, int]]]:
    """The text with lemmas for words, and where in the clean text each of its characters comes from."""
    text, at, pieces, places = document.text, 0, [], []
    for start, end, base in [*_lemmas(document), (len(text), len(text), "")]:
        pieces += [text[at:start], base]
        places += [*((place, place + 1) for place in range(at, start)), *[(start, end)] * len(base)]
        at = end
    return "".join(pieces), places
