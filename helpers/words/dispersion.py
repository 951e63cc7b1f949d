"""Where in a document a word stands, how evenly it is spread, and which words stand near it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.corpus.documents import Corpus, Document, listed
from helpers.corpus.errors import UnionError
from helpers.words.counting import small_words
from helpers.words.counts import hit_spans, per_paragraph, sentences_of, word_items

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_SLICES = 10


def dispersion(
    documents: Document | Corpus | Sequence[Document],
    query: str | Sequence[str],
    *,
    lemma: bool = False,
    case: bool = False,
) -> pd.DataFrame:
    """How evenly the hits of a query are spread over each document: one row a document, by id.

    ``query``, ``lemma`` and ``case`` are as in :func:`helpers.words.counts.word_rates`. Columns: ``hits``; ``parts``, the
    paragraphs with words; ``dp``, over these, and ``dp_norm`` (:func:`deviation`: 0 even, 1 all in one place);
    ``juilland_d``, over 10 slices of as many words each (:func:`juilland`: 1 even, 0 all in one slice); ``note``, on
    what is undefined (NaN), and why. Raises :class:`UnionError` for what cannot be looked for.

    >>> from helpers.corpus.documents import load_corpus
    >>> dispersion(load_corpus(), "should").round(2).loc["gftuk", ["dp", "juilland_d"]].to_list()
    [0.35, 0.81]
    """
    import numpy as np
    import pandas as pd

    rows = {}
    for document in listed(documents):
        places = hit_positions(document, query, lemma=lemma, case=case)
        sizes = per_paragraph(document, word_items(document)["start"].to_list())
        total, parts = int(sizes.sum()), int((sizes > 0).sum())
        near, even = deviation(per_paragraph(document, places["start"].to_list()), sizes)
        slices = np.arange(total) * _SLICES // max(total, 1)
        found = np.bincount(
            slices[(places["position"] * total).round().astype(int)], minlength=_SLICES
        )
        spread = juilland(found, np.bincount(slices, minlength=_SLICES))
        if not len(places):
            note = "All are undefined: there is no hit."
        elif parts < 2:
            note = (
                "DP is undefined: there is only one paragraph."
                if total > 1
                else "All are undefined: there is only one word."
            )
        else:
            note = (
                "Fewer hits than paragraphs: they could not be spread evenly."
                if len(places) < parts
                else ""
            )
        rows[document.id] = (len(places), parts, near, even, spread, note)
    columns = ["hits", "parts", "dp", "dp_norm", "juilland_d", "note"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("document")


def hit_positions(
    document: Document, query: str | Sequence[str], *, lemma: bool = False, case: bool = False
) -> pd.DataFrame:
    """Each hit of a query: ``sentence``, ``start``, ``end`` (in the clean text), and ``position``, the share of words before it.

    >>> from helpers.corpus.documents import load_corpus
    >>> hit_positions(load_corpus()["kctu"], "rights").round(2)["position"].to_list()
    [0.2, 0.44, 0.67, 0.97]
    """
    import numpy as np
    import pandas as pd

    starts = word_items(document)["start"].to_numpy()
    spans = hit_spans(document, query, lemma=lemma, case=case)
    table = pd.DataFrame(spans, columns=["start", "end"], dtype=int)
    table.insert(0, "sentence", list(sentences_of(document, table["start"].to_list())))
    return table.assign(
        position=(np.searchsorted(starts, table["start"], side="right") - 1).clip(0)
        / max(len(starts), 1)
    )


def deviation(counts: np.ndarray, sizes: np.ndarray) -> tuple[float, float]:
    """Gries' deviation of proportions, and its normalised form; NaN without hits or with less than two parts that have words.

    DP is half the sum of the differences between each part's share of the hits and of the words (Gries, *International
    Journal of Corpus Linguistics* 13(4), 2008); its normalised form is DP over 1 less the smallest part's share
    (Lijffijt & Gries 2012). The example is Gries' own.

    >>> [round(each, 2) for each in deviation([1, 2, 3, 4, 5], [9, 10, 10, 10, 11])]
    [0.18, 0.22]
    """
    import numpy as np

    counts, sizes = (np.asarray(each, dtype=float) for each in (counts, sizes))
    if (sizes > 0).sum() < 2 or not counts.sum():
        return math.nan, math.nan
    shares = sizes / sizes.sum()
    value = float(np.abs(counts / counts.sum() - shares).sum() / 2)
    return value, float(value / (1 - shares[shares > 0].min()))


def juilland(counts: np.ndarray, sizes: np.ndarray) -> float:
    """Juilland's D: 1 less the coefficient of variation of the rates of n parts over √(n - 1) (as in Gries 2008, whose example it is).

    >>> round(juilland([1, 2, 3, 4, 5], [9, 10, 10, 10, 11]), 3)
    0.785
    """
    import numpy as np

    counts, sizes = (np.asarray(each, dtype=float) for each in (counts, sizes))
    rates = counts[sizes > 0] / sizes[sizes > 0]
    return (
        float(1 - rates.std() / rates.mean() / math.sqrt(len(rates) - 1))
        if len(rates) > 1 and rates.any()
        else math.nan
    )


def collocations(
    document: Document,
    word: str | Sequence[str],
    *,
    window: int = 5,
    minimum: int = 3,
    stop: bool = True,
) -> pd.DataFrame:
    """Words that stand near a word or phrase more often than they would by chance, the surest first.

    Near is within ``window`` words of a hit, in its sentence; a word near two hits counts once, and the hits' own words
    do not count. Capitals do not matter; ``stop`` leaves the usual small words out of the table, not out of the window.
    Gives a row an item that is near at least ``minimum`` times: ``count``; ``expected``, were it spread by chance (Evert
    2008); by NLTK ``log_likelihood``, four-term G² of near and not near (Dunning 1993), and ``log_dice``, 14 where neither
    stands without the other (Rychlý 2008); ``sentences``, an id for each time. Raises :class:`UnionError` for a window or
    a minimum that is no number from 1.

    >>> from helpers.corpus.documents import load_corpus
    >>> collocations(load_corpus()["gftuk"], "education")["log_dice"].round(1).head(2).to_dict()
    {'public': 12.5, 'health': 12.2}
    """
    import numpy as np
    import pandas as pd
    from nltk.metrics import BigramAssocMeasures

    if any(type(number) is not int or number < 1 for number in (window, minimum)):
        raise UnionError(
            "The window and the minimum are numbers of words: give whole numbers from 1."
        )
    words, hits = word_items(document), hit_spans(document, word)
    starts, within = (
        words["start"].to_numpy(),
        document.sentences["start"].searchsorted(words["start"], side="right"),
    )
    own, near = np.zeros((2, len(words)), dtype=bool)
    for start, end in hits:
        first, after = (
            max(np.searchsorted(starts, start, side="right") - 1, 0),
            np.searchsorted(starts, end),
        )
        own[first:after] = True
        around = slice(max(first - window, 0), after + window)
        near[around] |= within[around] == within[first]
    rows, around_all, outside = {}, int((near & ~own).sum()), int((~own).sum())
    for item, places in words[~own].groupby("item")["start"]:
        found, expected = places[near[places.index]], len(places) * around_all / outside
        if (
            item
            and len(found) >= minimum
            and len(found) > expected
            and not (stop and item in small_words())
        ):
            score = BigramAssocMeasures.likelihood_ratio(
                len(found), (around_all, len(places)), outside
            )
            dice = 14 + math.log2(
                BigramAssocMeasures.dice(len(found), (len(hits), len(places)), outside)
            )
            rows[item] = (
                len(found),
                expected,
                score,
                dice,
                sentences_of(document, found.to_list()),
            )
    columns = ["count", "expected", "log_likelihood", "log_dice", "sentences"]
    table = pd.DataFrame(
        list(rows.values()), pd.Index(list(rows), name="item", dtype=object), columns
    )
    return table.sort_values("log_likelihood", ascending=False, kind="stable")
