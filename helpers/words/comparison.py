"""Two documents compared: words that set them apart, evenness of words, fragile claims."""

import math
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import rel_entr

from helpers.corpus.documents import Document, listed
from helpers.corpus.errors import UnionError
from helpers.words.concordance import Query, Texts, sentences_of
from helpers.words.counts import hit_spans, is_small, per_paragraph, word_items

MEASURES = ("log_likelihood", "log_likelihood_2", "log_ratio")
SWITCHES: dict[str, tuple] = {
    "case": (False, True),
    "lemma": (False, True),
    "stop": (False, True),
    "titles": (False, True),
    "corrections": (True, False),
    "measure": ("rate", "log_ratio", "log_likelihood"),
    "minimum": (1, 5),
}
_Z = 1.959963984540054  # of the 95 % interval of a normal distribution
_SURE = _Z**2  # of chi-squared with one degree of freedom, at p = .05


def compare_words(
    first: Document,
    second: Document,
    *,
    lemma: bool = True,
    stop: bool = False,
    drop: Collection[str] = (),
    minimum: int = 5,
    measure: str = "log_likelihood",
) -> pd.DataFrame:
    """Words that stand at least ``minimum`` times in two documents, those that differ most first.

    ``lemma`` and ``stop`` are as in :mod:`helpers.words.counts`, ``drop`` leaves out more words.
    Gives a row an item: ``count_1``, ``count_2`` and the columns of :func:`score_counts`, by one of
    which, ``measure``, they are sorted. Two documents, not two populations: an interval says how
    far counts as small as these could go by chance. :class:`UnionError` for what is no document,
    measure or minimum.

    >>> from helpers.corpus.documents import load_corpus
    >>> words = compare_words(*load_corpus().documents, drop=["KCTU"])
    >>> words["log_ratio"].round(1).head(2).to_dict()
    {'will': 4.4, 'worker': 4.2}
    """
    if not isinstance(first, Document) or not isinstance(second, Document):
        raise UnionError("Give two documents, such as corpus['kctu'] and corpus['gftuk'].")
    if measure not in MEASURES:
        choice = ", ".join(MEASURES)
        raise UnionError(f"Words cannot be compared by {measure!r}: choose from {choice}.")
    if type(minimum) is not int or minimum < 0:
        raise UnionError(f"The smallest count cannot be {minimum!r}: give a whole number from 0.")
    words = [word_items(each, lemma=lemma, stop=stop, drop=drop) for each in (first, second)]
    counts = [each["item"].value_counts() for each in words]
    table = pd.DataFrame({"count_1": counts[0], "count_2": counts[1]}).drop("", errors="ignore")
    table = table.fillna(0).astype(int).rename_axis("item").sort_index()
    table = table[table.sum(axis=1) >= minimum]
    table = table.join(score_counts(table["count_1"], table["count_2"], *map(len, words)))
    return table.sort_values(measure, key=abs, ascending=False, kind="stable")


def score_counts(count_1: Any, count_2: Any, size_1: Any, size_2: Any) -> pd.DataFrame:
    """How far two counts, a row each, in documents of so many words differ.

    Columns: ``per_1000_1``, ``per_1000_2``; ``log_likelihood``, G² of the word and the other words
    (Dunning 1993; four terms), ``log_likelihood_2``, of the word (Rayson & Garside 2000): 3.84
    is p = .05, and neither says which has more; ``log_ratio``, log2 of the ratio of rates, with 0.5
    for a count of 0 (Hardie 2014), and 0 where that would turn the sign; its 95 % ends ``_low`` and
    ``_high`` by the standard error of the log relative risk (Katz et al. 1978): a count of 0 has
    none, so one end is infinite, the other from Wilson's intervals (Donner & Zou 2012). NaN where a
    document has no words, or the word stands in neither.
    """
    a, b, n, m = (np.asarray(each, dtype=float) for each in (count_1, count_2, size_1, size_2))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (a + b) / (n + m)
        near = 2 * (rel_entr(a, n * share) + rel_entr(b, m * share))
        rest = 2 * (rel_entr(n - a, n * (1 - share)) + rel_entr(m - b, m * (1 - share)))
        ratio = np.log2(np.where(a, a, 0.5) / n / (np.where(b, b, 0.5) / m))
        ratio = np.where(ratio * (a / n - b / m) < 0, 0, ratio)
        error = _Z * np.sqrt(1 / a - 1 / n + 1 / b - 1 / m) / np.log(2)  # endless for a count of 0
        low = np.where(b, ratio - error, -_most(m, a, n))
        high = np.where(a, ratio + error, _most(n, b, m))
        rates = {"per_1000_1": 1000 * a / n, "per_1000_2": 1000 * b / m}
    found = {"log_likelihood": near + rest, "log_likelihood_2": near}
    found |= {"log_ratio": ratio, "log_ratio_low": low, "log_ratio_high": high}
    fair = (a + b > 0) & (n > 0) & (m > 0) & (a <= n) & (b <= m)
    found = {name: np.where(fair, value, np.nan) for name, value in found.items()}
    return pd.DataFrame(
        rates | found, index=count_1.index if isinstance(count_1, pd.Series) else None
    )


def _most(size: np.ndarray, count: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The upper end of log2 of the ratio of a rate of 0 hits to another, by Wilson's intervals."""
    rate, z = count / other, _Z**2 / other
    least = (rate + z / 2 - np.sqrt(rate * (1 - rate) * z + z**2 / 4)) / (1 + z)
    return np.log2(_Z**2 / (size + _Z**2) / np.sqrt(least * (2 * rate - least)))


def deviation(counts: Sequence[int], sizes: Sequence[int]) -> float:
    """Gries' deviation of proportions (DP): 0 where hits spread as words do, 1 at most.

    Half the sum of the differences between each part's share of the hits and of the words (Gries,
    *International Journal of Corpus Linguistics* 13(4), 2008, with this example). NaN without hits,
    or with less than two parts that have words.

    >>> round(deviation([1, 2, 3, 4, 5], [9, 10, 10, 10, 11]), 2)
    0.18
    """
    hits, words = np.asarray(counts, dtype=float), np.asarray(sizes, dtype=float)
    if (words > 0).sum() < 2 or not hits.sum():
        return math.nan
    return float(np.abs(hits / hits.sum() - words / words.sum()).sum() / 2)


def dispersion(
    documents: Texts, query: Query, *, lemma: bool = False, case: bool = False
) -> pd.DataFrame:
    """How evenly the hits of a query are spread: a row a document, by id, with ``hits`` and ``dp``.

    The query is as in :func:`helpers.words.counts.word_rates`; ``dp`` is the :func:`deviation` over
    paragraphs. Raises :class:`UnionError` for what cannot be looked for.

    >>> from helpers.corpus.documents import load_corpus
    >>> row = dispersion(load_corpus(), "should").loc["gftuk"]
    >>> row["hits"], round(row["dp"], 2)
    (95, 0.35)
    """
    rows = {}
    for document in listed(documents):
        spans = hit_spans(document, query, lemma=lemma, case=case)
        hits = per_paragraph(document, [start for start, _ in spans])
        sizes = per_paragraph(document, word_items(document)["start"].to_list())
        rows[document.id] = (len(spans), deviation(hits, sizes))
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["hits", "dp"], dtype=object)
    return table.rename_axis("document")  # objects, so that hits stay whole numbers in a row


def hit_positions(document: Document, query: Query, *, lemma: bool = False) -> pd.DataFrame:
    """Each hit: ``sentence``, ``start``, ``end``, and ``position``, the share of words before it.

    >>> from helpers.corpus.documents import load_corpus
    >>> hit_positions(load_corpus()["kctu"], "rights").round(2)["position"].to_list()
    [0.2, 0.44, 0.67, 0.97]
    """
    starts = word_items(document)["start"].to_numpy()
    spans = hit_spans(document, query, lemma=lemma)
    table = pd.DataFrame(spans, columns=["start", "end"], dtype=int)
    table.insert(0, "sentence", list(sentences_of(document, table["start"].to_list())))
    before = (np.searchsorted(starts, table["start"], side="right") - 1).clip(0)
    return table.assign(position=before / max(len(starts), 1))


def fragility(documents: Texts, query: Query, **default: Any) -> pd.DataFrame:
    """The claim that a query stands relatively more often in one document, counted in all ways.

    A row for each setting of all ``SWITCHES``: ``case`` (capitals count), ``lemma``, ``stop``
    (small words left out, as hits too), ``titles`` (title pages left in), ``corrections`` (of
    misprints), ``measure``, ``minimum`` (of both counts). Other columns: ``count_1``, ``count_2``,
    ``per_1000_1``, ``per_1000_2``, ``value`` and ``verdict``: ``first``, ``second`` or ``cannot
    tell``. ``value`` is by ``rate`` the difference for 1,000 words; by ``log_ratio`` that, whose
    interval must leave out 0; by ``log_likelihood`` G², which must be over 3.84, and below 0
    where the second has more. ``default`` marks one row, the first of each switch unless set by
    name, ``flips`` the rows with another verdict. :class:`UnionError` for other than two documents,
    an unknown switch or setting, and what cannot be looked for.

    >>> from helpers.corpus.documents import load_corpus
    >>> fragility(load_corpus(), "wage")["verdict"].value_counts().to_dict()
    {'cannot tell': 160, 'second': 16, 'first': 16}
    """
    pair = listed(documents)
    if len(pair) != 2:
        raise UnionError(f"A claim compares two documents, not {len(pair)}: give a list of two.")
    usual = _usual(default)
    table = _judged(_counted(pair, query))
    table["default"] = (table[list(SWITCHES)] == pd.Series(usual)).all(axis=1)
    return table.assign(flips=table["verdict"] != table.loc[table["default"], "verdict"].item())


def _usual(default: dict[str, Any]) -> dict[str, Any]:
    """The setting of each switch that counts as the usual one: the first, unless named."""
    for name, setting in default.items():
        if name not in SWITCHES:
            raise UnionError(f"There is no switch {name!r}: choose from {', '.join(SWITCHES)}.")
        if setting not in SWITCHES[name]:
            choice = ", ".join(map(str, SWITCHES[name]))
            raise UnionError(f"{name!r} cannot be {setting!r}: choose from {choice}.")
    return {name: settings[0] for name, settings in SWITCHES.items()} | default


def _counted(pair: list[Document], query: Query) -> pd.DataFrame:
    """Hits and words in each of two documents, in all ways of counting."""
    *ways, measures, minimums = SWITCHES.values()
    rows = []
    for case, lemma, stop, *cleaning in product(*ways):
        counts = []
        for text, size in (_cleaned(each, stop, *cleaning) for each in pair):
            spans = hit_spans(text, query, lemma=lemma, case=case)
            hits = [span for span in spans if not (stop and is_small(text.text[slice(*span)]))]
            counts += [len(hits), size]
        way = (case, lemma, stop, *cleaning)
        rows += [(*way, *last, *counts) for last in product(measures, minimums)]
    return pd.DataFrame(rows, columns=[*SWITCHES, "count_1", "words_1", "count_2", "words_2"])


def _judged(table: pd.DataFrame) -> pd.DataFrame:
    """The table of :func:`_counted` with rates, values and verdicts."""
    one, two = table["count_1"], table["count_2"]
    scores = score_counts(one, two, table.pop("words_1"), table.pop("words_2"))
    table = table.join(scores[["per_1000_1", "per_1000_2"]])
    gap = table["per_1000_1"] - table["per_1000_2"]
    by = [table["measure"] == "rate", table["measure"] == "log_ratio"]
    likelihood = scores["log_likelihood"]
    table["value"] = np.select(by, [gap, scores["log_ratio"]], np.sign(gap) * likelihood)
    apart = (scores["log_ratio_low"] > 0) | (scores["log_ratio_high"] < 0)
    sure = np.select(by, [gap != 0, apart], likelihood > _SURE) & (one + two >= table["minimum"])
    first, second = sure & (table["value"] > 0), sure & (table["value"] < 0)
    table["verdict"] = np.select([first, second], ["first", "second"], "cannot tell")
    return table


@lru_cache(maxsize=64)
def _cleaned(
    document: Document, stop: bool, titles: bool, corrections: bool
) -> tuple[Document, int]:
    """The document with title pages or misprints left in, and how many words count in it."""
    off = [*["title-page"] * titles, *["corrections"] * (not corrections)]
    text = document.cleaned_without(*document.cleaning.off, *off) if off else document
    return text, len(word_items(text, stop=stop))
