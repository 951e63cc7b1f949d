"""How much a claim hangs on the way of counting: the same two documents and the same words, counted in every reasonable way."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

from helpers.corpus.documents import Corpus, Document, listed
from helpers.corpus.errors import UnionError
from helpers.words.comparison import score_counts
from helpers.words.counts import hit_spans, is_small, word_items

if TYPE_CHECKING:
    import pandas as pd

SWITCHES: dict[str, tuple] = {
    "case": (False, True),
    "lemma": (False, True),
    "stop": (False, True),
    "titles": (False, True),
    "corrections": (True, False),
    "measure": ("rate", "log_ratio", "log_likelihood"),
    "minimum": (1, 5),
}
_SURE = 3.841458820694124  # of chi-squared with one degree of freedom, at p = .05


def fragility(
    documents: Corpus | Sequence[Document], query: str | Sequence[str], **default: Any
) -> pd.DataFrame:
    """The claim that a query stands relatively more often in one of two documents, judged in all ways of counting.

    A row for each setting of all ``SWITCHES``: ``case`` (capitals count), ``lemma`` and ``stop`` (small words left out, as
    hits too) as in :mod:`helpers.words.counts`; ``titles`` (title pages left in); ``corrections`` (misprints corrected);
    ``measure``; ``minimum`` (of both counts together). The other columns: ``count_1``, ``count_2``, ``per_1000_1``,
    ``per_1000_2``, ``value`` and ``verdict``: ``first``, ``second`` or ``cannot tell``. ``value`` is by ``rate`` the
    difference for 1,000 words, whose sign decides; by ``log_ratio`` that, whose interval must leave out 0; by
    ``log_likelihood`` the four-term G², over 3.84, and below 0 where the second has more. ``default`` marks one row, the
    first of each switch unless set otherwise by name, ``flips`` the rows with another verdict. Raises :class:`UnionError`
    for other than two documents, an unknown switch or setting, and what cannot be looked for.

    >>> from helpers.corpus.documents import load_corpus
    >>> fragility(load_corpus(), "wage")["verdict"].value_counts().to_dict()
    {'cannot tell': 160, 'second': 16, 'first': 16}
    """
    import numpy as np
    import pandas as pd

    pair, usual = (
        listed(documents),
        {name: settings[0] for name, settings in SWITCHES.items()} | default,
    )
    if len(pair) != 2:
        raise UnionError(
            f"A claim compares two documents, and here is {len(pair)}: give a list of two."
        )
    for name, setting in default.items():
        if name not in SWITCHES:
            raise UnionError(f"There is no switch {name!r}: choose from {', '.join(SWITCHES)}.")
        if setting not in SWITCHES[name]:
            raise UnionError(
                f"The switch {name!r} cannot be {setting!r}: choose from {', '.join(map(str, SWITCHES[name]))}."
            )
    *ways, measures, minimums = SWITCHES.values()
    counted = [
        (way, [number for each in pair for number in _counted(each, query, *way)])
        for way in product(*ways)
    ]
    rows = [
        (*way, *last, *numbers) for way, numbers in counted for last in product(measures, minimums)
    ]
    table = pd.DataFrame(rows, columns=[*SWITCHES, "count_1", "words_1", "count_2", "words_2"])
    scores = score_counts(
        table["count_1"], table["count_2"], table.pop("words_1"), table.pop("words_2")
    )
    table = table.join(scores[["per_1000_1", "per_1000_2"]])
    gap, by = (
        table["per_1000_1"] - table["per_1000_2"],
        [table["measure"] == "rate", table["measure"] == "log_ratio"],
    )
    table["value"] = np.select(
        by, [gap, scores["log_ratio"]], np.sign(gap) * scores["log_likelihood"]
    )
    apart = (scores["log_ratio_low"] > 0) | (scores["log_ratio_high"] < 0)
    sure = np.select(by, [gap != 0, apart], scores["log_likelihood"] > _SURE) & (
        table["count_1"] + table["count_2"] >= table["minimum"]
    )
    table["verdict"] = np.select(
        [sure & (table["value"] > 0), sure & (table["value"] < 0)],
        ["first", "second"],
        "cannot tell",
    )
    table["default"] = (table[list(SWITCHES)] == pd.Series(usual)).all(axis=1)
    return table.assign(flips=table["verdict"] != table.loc[table["default"], "verdict"].item())


def _counted(
    document: Document,
    query: str | Sequence[str],
    case: bool,
    lemma: bool,
    stop: bool,
    titles: bool,
    corrections: bool,
) -> tuple[int, int]:
    """How many hits and how many words there are, counted in one way."""
    cleaned = _cleaned(document, titles, corrections)
    spans = hit_spans(cleaned, query, lemma=lemma, case=case)
    return sum(not (stop and is_small(cleaned.text[start:end])) for start, end in spans), _size(
        cleaned, stop
    )


@lru_cache(maxsize=32)
def _cleaned(document: Document, titles: bool, corrections: bool) -> Document:
    """The document cleaned with title pages left in, or misprints left as they are."""
    off = [*["title-page"] * titles, *["corrections"] * (not corrections)]
    return document.cleaned_without(*document.cleaning.off, *off) if off else document


@lru_cache(maxsize=64)
def _size(document: Document, stop: bool) -> int:
    return len(word_items(document, stop=stop))
