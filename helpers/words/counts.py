"""Counts and rates: how often words stand in documents, and how sure one can be of a rate.

A word is what :func:`helpers.words.tokens.words` finds; rates are for each 1,000 of these. With
``lemma``, a word is the dictionary form of the token that it begins with: ``Party's`` is ``party``;
what is no whole token, as in ``and/or``, stays as it is, and so do should, would, could and might.
With ``case``, capitals count, and a lemma has those of its word. With ``stop``, the words of
``small_words.toml`` are left out, below the line as well as above.
"""

import math
import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from helpers.corpus.documents import Corpus, Document, listed
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml
from helpers.words.concordance import Query, Texts, find_hits, query_patterns, sentences_of
from helpers.words.tokens import WORD, tagged, words

SMALL_WORDS = frozenset(read_toml(Path(__file__).with_name("small_words.toml"))["words"])
RULES = ("small words", "short paragraphs", "numbers", "capital letters", "punctuation")
_DRAWS, _SEED = 1_000, 1
_STAY = ("should", "would", "could", "might")


def count_word(text: str, word: str) -> int:
    """How often a word or phrase stands in a text, whole, whatever its capitals.

    Raises :class:`UnionError` for a word without a letter.

    >>> count_word("A union. The UNION! Reunion.", "union")
    2
    """
    if not words(word):
        raise UnionError("Give a word with at least one letter to count.")
    pattern = r"\s+".join(map(re.escape, word.split()))
    return len(re.findall(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE))


def overclean(text: str, rule: str) -> str:
    """Clean a text too much, by one of five rules that are often used without a thought.

    ``"small words"`` drops the words of a usual stop list, ``"short paragraphs"`` those under 120
    characters, ``"numbers"`` all digits, ``"capital letters"`` makes all letters small,
    ``"punctuation"`` drops all that is no letter, digit or space. :class:`UnionError` for another.

    >>> overclean("The KCTU will not wait.", "small words")
    'KCTU wait.'
    """
    if rule not in RULES:
        raise UnionError(f"There is no rule {rule!r}: choose from {', '.join(RULES)}.")
    if rule == "small words":
        kept = WORD.sub(lambda match: "" if is_small(match.group()) else match.group(), text)
        return re.sub(r" {2,}", " ", kept).strip()
    if rule == "short paragraphs":
        return "\n\n".join(each for each in text.split("\n\n") if len(each) >= 120)
    if rule == "capital letters":
        return text.casefold()
    return re.sub(r"\d" if rule == "numbers" else r"[^\w\s]", "", text)


def overcleaned_counts(corpus: Corpus, rule: str, words: list[str] | str) -> pd.DataFrame:
    """What a rule of :func:`overclean` does to the counts of some words, capitals and all.

    One row a word, and for each document ``before`` and ``after`` in hits, and ``per 1,000``, the
    hits before for each 1,000 words.
    """
    rows: dict[str, dict[str, float]] = {}
    for word in [words] if isinstance(words, str) else words:
        row = rows.setdefault(word, {})
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
        for document in corpus.documents:
            before, size = len(pattern.findall(document.text)), len(WORD.findall(document.text))
            row[f"{document.id} before"] = before
            row[f"{document.id} per 1,000"] = round(1000 * before / max(size, 1), 1)
            row[f"{document.id} after"] = len(pattern.findall(overclean(document.text, rule)))
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("word")


def word_rates(
    documents: Texts, words: Query, *, lemma: bool = False, case: bool = False
) -> pd.DataFrame:
    """How often words stand in each document, with two 95 % intervals and the hits' sentences.

    ``words`` is a query as :func:`helpers.words.concordance.concordance_lines` takes it, or a list
    of them, a row each; the commas of ``"wage*, pay"`` add up. With ``lemma``, a word is found by
    its form or its lemma. Index: ``word`` and ``document``. Columns: ``hits``, ``words``; for each
    1,000 words ``per_1000``, ``low`` and ``high`` as if each word were drawn by itself (Wilson,
    *JASA* 22, 1927), ``block_low`` and ``block_high`` with whole paragraphs drawn, as hits come in
    clumps (bootstrap: Efron & Tibshirani 1993; too narrow for few paragraphs); ``sentences``, an id
    for each hit. NaN where there are no words; the second interval also wants a hit and two
    paragraphs. Raises :class:`UnionError` for what cannot be looked for.

    >>> from helpers.corpus.documents import load_corpus
    >>> rates = word_rates(load_corpus(), "wage", lemma=True)
    >>> rates[["hits", "per_1000", "low", "high"]].round(2).to_dict("list")
    {'hits': [1, 3], 'per_1000': [2.56, 0.5], 'low': [0.45, 0.17], 'high': [14.38, 1.47]}
    """
    queries = [words] if isinstance(words, str) else words
    good = isinstance(queries, list | tuple) and all(isinstance(each, str) for each in queries)
    if not good or not queries:
        raise UnionError("Give a word, a phrase or a list of them to count.")
    rows = {}
    for query in queries:
        for document in listed(documents):
            starts = [match.start() for match in WORD.finditer(document.text)]
            hits = [start for start, _ in hit_spans(document, query, lemma=lemma, case=case)]
            blocks = (per_paragraph(document, places) for places in (hits, starts))
            ends = (*wilson(len(hits), len(starts)), *block_interval(*blocks))
            rate = 1000 * len(hits) / len(starts) if starts else math.nan
            found = [rate, *(1000 * each for each in ends)]
            ids = sentences_of(document, hits)
            rows[query, document.id] = (len(hits), len(starts), *found, ids)
    columns = ["hits", "words", "per_1000", "low", "high", "block_low", "block_high", "sentences"]
    index = pd.MultiIndex.from_tuples(rows, names=["word", "document"])
    return pd.DataFrame(list(rows.values()), index, columns)


def word_items(
    document: Document, *, lemma: bool = False, stop: bool = False, drop: Collection[str] = ()
) -> pd.DataFrame:
    """Each word: ``start``, ``paragraph`` (from 1) and ``item``, empty without a letter."""
    drop = [drop] if isinstance(drop, str) else drop
    if not isinstance(drop, Collection) or not all(isinstance(each, str) for each in drop):
        raise UnionError("Give the words to leave out as a list of words.")
    unwanted, rows = {each.casefold() for each in drop}, []
    lemmas = {start: (end, base) for start, end, base in _lemmas(document)} if lemma else {}
    for match in WORD.finditer(document.text):
        word, (end, base) = match.group(), lemmas.get(match.start(), (math.inf, ""))
        item = base if end <= match.end() else word
        left_out = (stop and is_small(word)) or unwanted & {word.casefold(), item.casefold()}
        if not left_out:
            item = item if any(map(str.isalpha, item)) else ""
            rows.append((match.start(), item.casefold()))
    table = pd.DataFrame(rows, columns=["start", "item"])
    places = document.paragraphs["start"].searchsorted(table["start"], side="right")
    return table.assign(paragraph=places)


def is_small(text: str) -> bool:
    """Whether all words of a text are in the stop list."""
    return SMALL_WORDS.issuperset(word.casefold() for word in words(text))


def hit_spans(
    document: Document, query: Query, *, lemma: bool = False, case: bool = False
) -> list[tuple[int, int]]:
    """Where hits start and end: by form and, with ``lemma``, by lemma where the form is no hit."""
    patterns = query_patterns(query, case)
    found = find_hits(document.text, patterns)
    if lemma:
        text, places = _in_lemmas(document)
        taken = {place for span in found for place in range(*span)}
        for start, end in find_hits(text, patterns):
            span = (places[start][0], places[end - 1][1])
            if taken.isdisjoint(range(*span)):
                found.append(span)
                taken.update(range(*span))
    return sorted(found)


def per_paragraph(document: Document, places: Sequence[int]) -> np.ndarray:
    """How many of these places of the clean text stand in each paragraph."""
    found = document.paragraphs["start"].searchsorted(places, side="right")
    return np.bincount(found, minlength=len(document.paragraphs) + 1)[1:]


def wilson(hits: int, size: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), by SciPy; NaN without words, or with more hits.

    >>> [round(end, 4) for end in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    if not 0 < size >= hits:
        return math.nan, math.nan
    low, high = binomtest(hits, size).proportion_ci(method="wilson")
    return float(low), float(high)


def block_interval(hits: np.ndarray, sizes: np.ndarray) -> tuple[float, float]:
    """The 95 % interval of hits for each word, with whole paragraphs drawn anew.

    ``hits`` and ``sizes`` (in words) have an entry a paragraph. NaN without hits, or with less than
    two paragraphs that have words.
    """
    kept = np.column_stack([hits, sizes])[np.asarray(sizes) > 0]
    if len(kept) < 2 or not kept[:, 0].any():
        return math.nan, math.nan
    chance, shares = np.random.default_rng(_SEED), np.full(len(kept), 1 / len(kept))
    draws = [chance.multinomial(len(kept), shares, 100) @ kept for _ in range(_DRAWS // 100)]
    sums = np.concatenate(draws)
    low, high = np.percentile(sums[:, 0] / sums[:, 1], [2.5, 97.5])
    return float(low), float(high)


def _lemmas(document: Document) -> Iterator[tuple[int, int, str]]:
    """Start, end and lemma of each token that a word begins with, in the capitals of the word."""
    for at, text in zip(document.sentences["start"], document.sentences["text"], strict=True):
        for start, end, word, base, _ in tagged(text):
            if re.match(r"\w", word) and not re.match(r"\w", text[max(start - 1, 0) : start]):
                if not base or base.casefold() == word.casefold() or word.casefold() in _STAY:
                    base = word
                elif word[0].isupper():
                    base = base.upper() if word.isupper() and len(word) > 1 else base.capitalize()
                yield at + start, at + end, base if word[0].isupper() else base.lower()


@lru_cache(maxsize=16)
def _in_lemmas(document: Document) -> tuple[str, list[tuple[int, int]]]:
    """The text with lemmas for words, and where in the clean text each character comes from."""
    text, at, pieces, places = document.text, 0, [], []
    for start, end, base in [*_lemmas(document), (len(text), len(text), "")]:
        pieces += [text[at:start], base]
        places += [(place, place + 1) for place in range(at, start)] + [(start, end)] * len(base)
        at = end
    return "".join(pieces), places
