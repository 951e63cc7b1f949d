"""How far coders agree, two or many: percent, Cohen's kappa, Krippendorff's alpha.

A figure has five columns: ``value``; ``low`` and ``high``, its 95 % interval; ``n``, the sentences
that at least two coders coded; ``note``, what is undefined, and why. Intervals are percentiles of
one bootstrap: whole paragraphs are drawn anew, 1,000 times, as neighbours share a topic. Codings
are tables as :mod:`helpers.coding.codings` describes them; coders keep their order, unranked.
"""

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache, lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
from nltk.metrics import masi_distance
from numpy import ndarray
from pandas import DataFrame, Index, MultiIndex, concat, crosstab, factorize
from threadpoolctl import threadpool_limits

from helpers.coding.codebook import Book, Codebook, load_codebook
from helpers.coding.codings import Texts
from helpers.corpus.documents import Corpus, listed, load_corpus
from helpers.corpus.errors import UnionError

FIGURE = ["value", "low", "high", "n", "note"]
WHOLE = ["code sets", "main code", "doer"]
RESAMPLES, MOST_PAIRS = 1_000, 2_000  # more pairs of coders get no intervals
REFERENCE = "\0reference"  # no coder can be called so


class Agreement(NamedTuple):
    """How far two coders agree on the ``n`` sentences that both coded.

    ``overall`` has a row for ``code sets``, ``main code`` and ``doer``, ``codes`` for each code,
    there or not there, and each measure: ``percent`` (to 100), ``kappa``, ``alpha``. Columns: those
    of a figure; in ``codes`` also how often the ``first`` used it, the ``second``, and ``both``.
    """

    coders: tuple[str, str]
    n: int
    overall: DataFrame
    codes: DataFrame


def percent_agreement(given: ndarray, distances: ndarray, weights: ndarray) -> ndarray:
    """Percent of sentences with the same label; all is as in :func:`krippendorff_alpha`."""
    return 100 * divided(weights @ (given[:, 0] == given[:, 1]), weights.sum(axis=1))


def cohen_kappa(given: ndarray, distances: ndarray, weights: ndarray) -> ndarray:
    """Cohen's kappa (1960) of two coders; all is as in :func:`krippendorff_alpha`."""
    first, second = np.eye(len(distances))[given.T]
    total, same = weights.sum(axis=1), weights @ (first * second).sum(axis=1)
    chance = ((weights @ first) * (weights @ second)).sum(axis=1)
    return divided(total * same - chance, total**2 - chance)


def krippendorff_alpha(given: ndarray, distances: ndarray, weights: ndarray) -> ndarray:
    """Krippendorff's alpha (2011) for each row of ``weights``; NaN where undefined.

    ``given`` has a row a sentence and a column a coder: the number of a label, or -1 where it is
    missing; each row has two labels or more. ``distances`` are those of each two labels; a row of
    ``weights`` says how often each sentence counts.

    >>> krippendorff_alpha(np.array([[0, 0], [1, 1], [0, 1]]), 1 - np.eye(2), np.ones((1, 3)))
    array([0.44444444])
    """
    each = [(given == label).sum(axis=1) for label in range(len(distances))]
    counts = np.column_stack(each).astype(float)  # whole numbers are slow to multiply
    apart = ((counts @ distances) * counts).sum(axis=1) / (counts.sum(axis=1) - 1)
    used = weights @ counts
    chance = divided(((used @ distances) * used).sum(axis=1), used.sum(axis=1) - 1)
    return 1 - divided(weights @ apart, chance)


MEASURES = {"percent": percent_agreement, "kappa": cohen_kappa, "alpha": krippendorff_alpha}


def divided(top: ndarray, bottom: ndarray) -> ndarray:
    """One array by another, NaN where the second is not above 0."""
    return np.divide(top, bottom, out=np.full(np.shape(top), math.nan), where=bottom > 0)


def paragraph_of(corpus: Texts = None) -> dict[str, str]:
    """The paragraph that each sentence of a corpus stands in, by id.

    >>> paragraph_of()["kctu-003"]
    'kctu 2'
    """
    documents = listed(_own_corpus() if corpus is None else corpus)
    rows = [(each.id, *row) for each in documents for row in each.sentences["paragraph"].items()]
    return {id: f"{document} {number}" for document, id, number in rows}


@cache
def _own_corpus() -> Corpus:
    return load_corpus()


def draw_paragraphs(sentences: Iterable[str], places: Mapping[str, Hashable]) -> ndarray:
    """How often each sentence counts when paragraphs are drawn anew: 1,001 rows, the first of ones.

    ``places`` is as :func:`paragraph_of` gives it. Raises :class:`UnionError` for an unknown id.

    >>> draw_paragraphs(["a-1", "a-2", "a-3"], {"a-1": 1, "a-2": 1, "a-3": 2})[:3].tolist()
    [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [2.0, 2.0, 0.0]]
    """
    ids = list(sentences)
    if unknown := [str(id)[:40] for id in ids if id not in places]:
        raise UnionError(
            f"There is no sentence {unknown[0]!r} in the corpus: check the id, or leave it out."
        )
    numbers, found = factorize(np.array([places[id] for id in ids], dtype=object))
    return _draws(len(found))[:, numbers]


@lru_cache(maxsize=256)
def _draws(many: int) -> ndarray:
    shares = np.full(many, 1 / max(many, 1))
    times = np.random.default_rng(1).multinomial(many, shares, RESAMPLES) if many else []
    return np.vstack([np.ones(many), *times])


def interval(values: ndarray) -> tuple[float, float]:
    """The ends of the 95 % interval of all values but the first, undefined ones left out."""
    known = values[1:][~np.isnan(values[1:])]
    return tuple(np.percentile(known, [2.5, 97.5]).tolist()) if len(known) else (math.nan,) * 2


def check_codings(codings: DataFrame, codebook: Codebook, coders: int | None = None) -> None:
    """Raise :class:`UnionError` for a table of codings that cannot be used, or too many coders."""
    if missing := {"coder", "sentence", "codes", "doer"} - set(codings):
        raise UnionError(
            f"The table has no column {min(missing)!r}: add it, or use read_codings()."
        )
    if coders and (many := codings["coder"].nunique()) > coders:
        raise UnionError(f"The table has codings of {many} coders: choose the rows of one.")
    if twice := list(codings["sentence"][codings.duplicated(["coder", "sentence"])]):
        raise UnionError(f"Sentence {twice[0]!s:.40} is coded twice by a coder: delete one.")
    for codes in set(codings["codes"]):
        codebook.check_codes(codes)


def one_coder(codings: DataFrame, codebook: Codebook) -> dict[str, tuple[str, ...]]:
    """The codes of each sentence, by id, in a table of one coder; else as :func:`check_codings`."""
    check_codings(codings, codebook, coders=1)
    return dict(zip(codings["sentence"], codings["codes"], strict=True))


def _labellings(codebook: Codebook) -> dict[str, Callable[[tuple, str], Hashable]]:
    """What is compared: how the codes and the doer of a coding become one label."""
    whole = [_code_set, lambda codes, doer: codes[0], lambda codes, doer: doer or None]
    each = {code: lambda codes, doer, code=code: code in codes for code in codebook}
    return dict(zip(WHOLE, whole, strict=True)) | each


def _code_set(codes: tuple, doer: str) -> frozenset:
    return frozenset(codes)


class _Labels(NamedTuple):
    """``given``: sentences by coders, the number of a label in ``labels``, -1 for none."""

    of: str
    given: DataFrame
    labels: list[Hashable]
    distances: ndarray

    def of_coders(self, coders: Iterable[str]) -> "_Labels":
        """Some coders, with the sentences for which at least two of them have a label."""
        given = self.given[list(coders)]
        return self._replace(given=given[(given >= 0).sum(axis=1) > 1])

    def differ(self) -> tuple[str, ...]:
        """The sentences that got more than one label."""
        known = self.given.where(self.given >= 0)
        return tuple(known.index[known.min(axis=1) < known.max(axis=1)])

    def used(self) -> list[Hashable]:
        return [self.labels[place] for place in np.unique(self.given) if place >= 0]


def _labelled(codings: DataFrame, of: str, label: Callable) -> _Labels:
    """Codings as labels; their distances are MASI (Passonneau 2006) for sets of codes."""
    found = [label(*pair) for pair in zip(codings["codes"], codings["doer"], strict=True)]
    labels = [each for each in dict.fromkeys(found) if each is not None]
    number = {each: place for place, each in enumerate(labels)} | {None: -1}
    rows = codings.assign(number=[number[each] for each in found])
    given = rows.pivot(index="sentence", columns="coder", values="number").fillna(-1).astype(int)
    distances = 1 - np.eye(len(labels))
    if of == "code sets" and labels:
        distances = np.array([[masi_distance(a, b) for b in labels] for a in labels])
    return _Labels(of, given, labels, distances).of_coders(codings["coder"].unique())


def _figure(measure: str, labels: _Labels, weights: ndarray) -> tuple:
    """One figure as a row."""
    n, used, best = len(labels.given), labels.used(), 100 if measure == "percent" else 1
    if not used or (len(used) == 1 and measure != "percent"):
        why = "all labels are the same, so there is nothing to tell apart"
        why = why if used else "no sentence has a label from two coders"
        return (math.nan, math.nan, math.nan, n, f"{measure.capitalize()} is undefined: {why}.")
    values = MEASURES[measure](labels.given.to_numpy(), labels.distances, weights)
    low, high = interval(values) if (weights != 1).any() else (math.nan,) * 2
    note, lost = "", int(np.isnan(values).sum())
    if len(values) > 1 and math.isnan(low):
        note = "The interval is undefined: all these sentences stand in one paragraph."
    elif values[0] == best:
        note = "The coders never differ here, so the interval cannot show how often they would."
    elif lost:
        note = f"The interval leaves out {lost:,} resamples, in which the figure is undefined."
    return (float(values[0]), low, high, n, note)


def agreement(
    first: DataFrame, second: DataFrame, corpus: Texts = None, codebook: Book = None
) -> Agreement:
    """How far two coders agree; code sets by MASI distance, doers where both named one.

    Raises :class:`UnionError` for a table of two coders, and a sentence that is not in the corpus.

    >>> from helpers.coding.codings import load_codings
    >>> row = agreement(load_codings("coder-1"), load_codings("coder-2")).overall.iloc[1]
    >>> row[["value", "low", "high"]].astype(float).round(2).tolist()
    [0.96, 0.93, 0.98]
    """
    codebook, rows, places = codebook or load_codebook(), {}, paragraph_of(corpus)
    for side in (first, second):
        check_codings(side, codebook, coders=1)
    both = concat([first.assign(coder="first"), second.assign(coder="second")])
    both = both[both.duplicated("sentence", keep=False)]
    for of, label in _labellings(codebook).items():
        labels = _labelled(both, of, label)
        weights = draw_paragraphs(labels.given.index, places)
        has = labels.given.map(lambda number, known=labels.labels: known[number] is True)
        used = [*has.sum(), has.all(axis=1).sum()] if len(both) else [0, 0, 0]
        for measure in MEASURES if of != "code sets" else ("percent", "alpha"):
            rows[of, measure] = (*_figure(measure, labels, weights), *used)
    index = MultiIndex.from_tuples(rows, names=["of", "measure"])
    table = DataFrame(list(rows.values()), index, [*FIGURE, "first", "second", "both"])
    names = [str(next(iter(side["coder"]), "nobody")) for side in (first, second)]
    overall, codes = table.loc[WHOLE, FIGURE], table.loc[list(codebook)]
    return Agreement(tuple(names), len(both) // 2, overall, codes)


def pair_agreement(
    codings: DataFrame, corpus: Texts = None, codebook: Book = None, *, reference: bool = False
) -> DataFrame:
    """How far each two coders agree on code sets: a row a pair. Over 2,000 have no intervals.

    Columns: ``percent``; those of a figure, of alpha; ``ids``, the sentences on which they differ.

    >>> from helpers.coding.codings import load_codings
    >>> table = pair_agreement(concat([load_codings("coder-1"), load_codings("coder-2")]))
    >>> table[["percent", "value", "low", "high"]].round(2).values.tolist()
    [[95.35, 0.96, 0.93, 0.98]]
    """
    check_codings(codings, codebook or load_codebook())
    whole, places = _labelled(codings, "code sets", _code_set), paragraph_of(corpus)
    rows, pairs = [], list(combinations(codings["coder"].unique(), 2))
    pairs = [pair for pair in pairs if not reference or REFERENCE in pair]
    for pair in pairs:
        labels = whole.of_coders(pair)
        weights = draw_paragraphs(labels.given.index, places)
        weights = weights if len(pairs) <= MOST_PAIRS else weights[:1]
        percent = percent_agreement(labels.given.to_numpy(), labels.distances, weights[:1])[0]
        with threadpool_limits(1):  # so little is quicker than threads that wait for one another
            rows.append((percent, *_figure("alpha", labels, weights), labels.differ()))
    index = MultiIndex.from_tuples(pairs, names=["first", "second"])
    return DataFrame(rows, index, ["percent", *FIGURE, "ids"])


def reference_agreement(
    codings: DataFrame, reference: DataFrame, corpus: Texts = None, codebook: Book = None
) -> DataFrame:
    """How far each coder agrees with a reference, one more coding and no key.

    A row a coder; columns as in :func:`pair_agreement`.
    """
    if reference.empty:
        raise UnionError("The reference has no codings: choose a table that has some.")
    both = concat([reference.assign(coder=REFERENCE), codings])
    table = pair_agreement(both, corpus, codebook, reference=True)
    return table.droplevel("first").rename_axis("coder")


def group_agreement(codings: DataFrame, corpus: Texts = None, codebook: Book = None) -> DataFrame:
    """How far all coders together agree, by alpha: on code sets, main code, doer, and each code.

    Columns: those of a figure; ``coders``, how many used a code; ``ids``, where they differ.

    >>> from helpers.coding.codings import load_codings
    >>> both = concat([load_codings("coder-1"), load_codings("coder-2")])
    >>> group_agreement(both).loc["nation", ["n", "coders", "ids"]].to_dict()
    {'n': 172, 'coders': 2, 'ids': ('gftuk-045',)}
    """
    codebook, rows, places = codebook or load_codebook(), {}, paragraph_of(corpus)
    check_codings(codings, codebook)
    who = codings.explode("codes").groupby("codes")["coder"].nunique()
    for of, label in _labellings(codebook).items():
        labels = _labelled(codings, of, label)
        figure = _figure("alpha", labels, draw_paragraphs(labels.given.index, places))
        coders = labels.given.shape[1] if of in WHOLE else int(who.get(of, 0))
        rows[of] = (*figure, coders, labels.differ())
    columns = [*FIGURE, "coders", "ids"]
    return DataFrame(list(rows.values()), Index(list(rows), name="of"), columns)


def code_shares(codings: DataFrame, codebook: Book = None) -> DataFrame:
    """How many coders gave each code (column) to each sentence; ``n``, how many coded it.

    >>> from helpers.coding.codings import load_codings
    >>> code_shares(load_codings("coder-1")).loc["kctu-001", ["voice", "form", "n"]].tolist()
    [1, 0, 1]
    """
    check_codings(codings, codebook := codebook or load_codebook())
    each = codings.explode("codes")
    table = crosstab(each["sentence"], each["codes"]).reindex(columns=list(codebook))
    return table.fillna(0).astype(int).assign(n=codings.groupby("sentence").size())


def sentence_agreement(codings: DataFrame, codebook: Book = None) -> DataFrame:
    """How alike two coders of each sentence are on average, from 0 to 1 (the same codes).

    ``value`` is by MASI distance, without a correction for chance; ``n`` coders, two or more.

    >>> from helpers.coding.codings import load_codings
    >>> both = concat([load_codings("coder-1"), load_codings("coder-2")])
    >>> sentence_agreement(both).loc["kctu-001"].tolist()
    [1.0, 2.0]
    """
    check_codings(codings, codebook or load_codebook())
    rows = {}
    for sentence, sets in codings.groupby("sentence")["codes"]:
        gaps = [masi_distance(set(one), set(other)) for one, other in combinations(sets, 2)]
        if gaps:
            rows[sentence] = (1 - sum(gaps) / len(gaps), len(sets))
    return DataFrame.from_dict(rows, orient="index", columns=["value", "n"])


def mistaken_codes(codings: DataFrame, codebook: Book = None) -> DataFrame:
    """Which two codes are taken for one another: one coder gave only the first, one the second.

    A row a pair, the most mistaken first: ``crossed``, in how many sentences two of its coders,
    drawn at random, stand so; ``ids``, the sentences.

    >>> from helpers.coding.codings import load_codings
    >>> mistaken_codes(concat([load_codings("coder-1"), load_codings("coder-2")]))["ids"].iloc[0]
    ('gftuk-118',)
    """
    check_codings(codings, codebook := codebook or load_codebook())
    n, rows = codings.groupby("sentence").size(), {}
    for one, other in combinations(codebook, 2):
        side = codings["codes"].map(lambda codes, a=one, b=other: (a in codes) - (b in codes))
        first, second = ((side == sign).groupby(codings["sentence"]).sum() for sign in (1, -1))
        crossed = first * second / (n * (n - 1) / 2).where(n > 1, 1)
        if crossed.any():
            rows[one, other] = (float(crossed.sum()), tuple(crossed.index[crossed > 0]))
    index = MultiIndex.from_tuples(rows, names=["first", "second"])
    table = DataFrame(list(rows.values()), index, ["crossed", "ids"])
    return table.sort_values("crossed", ascending=False, kind="stable")
