"""Which words set two documents apart: difference beside doubt, by four measures."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from helpers.corpus.documents import Document
from helpers.corpus.errors import UnionError
from helpers.words.counts import word_items
from helpers.words.dispersion import deviation

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_Z = 1.959963984540054  # of the 95 % interval of a normal distribution
MEASURES = ("log_likelihood", "log_likelihood_2", "log_ratio", "log_odds")


def compare_words(
    first: Document,
    second: Document,
    *,
    lemma: bool = True,
    case: bool = False,
    stop: bool = False,
    drop: Collection[str] = (),
    minimum: int = 5,
    measure: str = "log_likelihood",
    alpha0: float = 100,
) -> pd.DataFrame:
    """Words that stand at least ``minimum`` times in two documents together, those that differ most by ``measure`` first.

    The switches are those of :mod:`helpers.words.counts`. Gives a row an item, with the columns ``count_1``, ``count_2``,
    those of :func:`score_counts` and ``dp_1``, ``dp_2``: Gries' deviation of proportions over the paragraphs of each
    document, from 0 (spread as its words are) towards 1 (all in one place), NaN where there is no hit or one paragraph.
    Two documents, not two populations: an interval says how far counts as small as these could go by chance, no more.
    Raises :class:`UnionError` for what is no document, another measure, or a minimum or ``alpha0`` below 0.

    >>> from helpers.corpus.documents import load_corpus
    >>> corpus = load_corpus()
    >>> compare_words(corpus["kctu"], corpus["gftuk"], drop=["KCTU"])["log_ratio"].round(1).head(2).to_dict()
    {'will': 4.4, 'worker': 4.2}
    """
    import numpy as np
    import pandas as pd

    if not isinstance(first, Document) or not isinstance(second, Document):
        raise UnionError(
            "Give two documents to compare, such as corpus['kctu'] and corpus['gftuk']."
        )
    if measure not in MEASURES:
        raise UnionError(
            f"Words cannot be compared by {measure!r}: choose from {', '.join(MEASURES)}."
        )
    if type(minimum) is not int or minimum < 0:
        raise UnionError(f"The smallest count cannot be {minimum!r}: give a whole number from 0.")
    if not isinstance(alpha0, int | float) or not 0 < alpha0 < float("inf"):
        raise UnionError(
            f"The size of the prior cannot be {alpha0!r}: give a number of words above 0."
        )
    words = [
        word_items(each, lemma=lemma, case=case, stop=stop, drop=drop) for each in (first, second)
    ]
    table = pd.DataFrame(
        {f"count_{place}": each["item"].value_counts() for place, each in enumerate(words, 1)}
    )
    table = table.drop("", errors="ignore").fillna(0).astype(int).rename_axis("item").sort_index()
    table = table[table.sum(axis=1) >= minimum]
    table = table.join(score_counts(table["count_1"], table["count_2"], *map(len, words), alpha0))
    for place, each in enumerate(words, 1):
        sizes = np.bincount(each["paragraph"])
        found = each[each["item"].isin(table.index)].groupby("item")["paragraph"]
        table[f"dp_{place}"] = found.agg(
            lambda places, sizes=sizes: deviation(np.bincount(places, minlength=len(sizes)), sizes)[
                0
            ]
        )
    return table.sort_values(measure, key=abs, ascending=False, kind="stable")


def score_counts(
    count_1: pd.Series, count_2: pd.Series, size_1: int, size_2: int, alpha0: float = 100
) -> pd.DataFrame:
    """How far two counts (a row each) in documents of so many words differ; above 0 where the first has relatively more.

    Columns: ``per_1000_1``, ``per_1000_2``; ``log_likelihood``, G² of all four cells, the word and the other words
    (Dunning 1993; AntConc's four-term), and ``log_likelihood_2``, of the word's two cells (Rayson & Garside 2000;
    Rayson's calculator): 3.84 is p = .05, and neither says which has more; ``log_ratio``, log2 of the ratio of rates,
    with 0.5 for a count of 0 (Hardie 2014), and 0 where that would turn the sign, as it can in a text much the shorter,
    with ``_low`` and ``_high``, the normal approximation by the standard error of the log relative risk (Katz et al. 1978): a count of 0
    has none, so there one end is infinite and the other from Wilson's intervals (Donner & Zou 2012); ``log_odds``,
    natural logarithm, weighted by an informative Dirichlet prior, here as if ``alpha0`` words (100 is our choice) at the
    two documents' pooled rates had been seen in each (Monroe, Colaresi & Quinn 2008), with ``_low``, ``_high`` and ``z``.
    Intervals are 95 %. NaN where a document has no words, or the word stands in neither.
    """
    import numpy as np
    import pandas as pd
    from scipy.special import rel_entr

    a, b, n, m = (np.asarray(each, dtype=float) for each in (count_1, count_2, size_1, size_2))
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = {"per_1000_1": 1000 * a / n, "per_1000_2": 1000 * b / m}
        share = (a + b) / (n + m)
        near = 2 * (rel_entr(a, n * share) + rel_entr(b, m * share))
        rest = 2 * (rel_entr(n - a, n * (1 - share)) + rel_entr(m - b, m * (1 - share)))
        ratio = np.log2(np.where(a, a, 0.5) / n / (np.where(b, b, 0.5) / m))
        ratio = np.where(ratio * (a / n - b / m) < 0, 0, ratio)
        error = (
            _Z * np.sqrt(1 / a - 1 / n + 1 / b - 1 / m) / np.log(2)
        )  # endless where a count is 0
        low, high = (
            np.where(b, ratio - error, -_most(m, a, n)),
            np.where(a, ratio + error, _most(n, b, m)),
        )
        one, two, all_1, all_2 = a + alpha0 * share, b + alpha0 * share, n + alpha0, m + alpha0
        odds, spread = (
            np.log(one / (all_1 - one)) - np.log(two / (all_2 - two)),
            np.sqrt(1 / one + 1 / two),
        )
        found = {
            "log_likelihood": near + rest,
            "log_likelihood_2": near,
            "log_ratio": ratio,
            "log_ratio_low": low,
            "log_ratio_high": high,
        }
        found |= {
            "log_odds": odds,
            "log_odds_low": odds - _Z * spread,
            "log_odds_high": odds + _Z * spread,
            "z": odds / spread,
        }
    fair = (a + b > 0) & (n > 0) & (m > 0) & (a <= n) & (b <= m)
    found = {name: np.where(fair, value, np.nan) for name, value in found.items()}
    return pd.DataFrame(
        rates | found, index=count_1.index if isinstance(count_1, pd.Series) else None
    )


def _most(size: np.ndarray, count: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The upper end of log2 of the ratio of a rate of 0 hits to another rate, by the variances of their Wilson intervals."""
    import numpy as np

    rate, z = count / other, _Z**2 / other
    least = (rate + z / 2 - np.sqrt(rate * (1 - rate) * z + z**2 / 4)) / (1 + z)
    return np.log2(_Z**2 / (size + _Z**2) / np.sqrt(least * (2 * rate - least)))
