"""How far coders agree: percent, Cohen's kappa and Krippendorff's alpha, each with an interval, or why it is undefined.

Intervals are percentile intervals (95 %) of a bootstrap over paragraphs:
neighbouring sentences share a topic, so whole paragraphs are drawn.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING, Any

from helpers.coding.codebook import Codebook, load_codebook, short_label
from helpers.corpus.errors import UnionError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from helpers.corpus.documents import Corpus

MOST_RESAMPLES = 100_000


@dataclass(frozen=True)
class Figure:
    """One figure: ``value``, its interval from ``low`` to ``high``, ``n`` sentences, and a ``note`` on what is undefined, and why."""

    value: float
    low: float
    high: float
    n: int
    note: str


@dataclass(frozen=True)
class Agreement:
    """How far two coders agree, as :func:`agreement` gives it.

    ``overall`` has a row for each pair of what is compared (``code sets``,
    ``main code``, ``doer``) and ``measure`` (``percent`` from 0 to 100,
    ``kappa``, ``alpha``), ``codes`` one for each code, there or not there, and
    measure. Columns: ``value``, ``low``, ``high``, ``n`` (sentences that both
    coded) and ``note``; in ``codes`` also ``first``, ``second`` and ``both``: in
    how many of them each coder, and both, used the code.
    """

    coders: tuple[str, str]
    n: int
    overall: pd.DataFrame
    codes: pd.DataFrame

    def __repr__(self) -> str:
        row = self.overall.loc[("code sets", "alpha")]
        said = f"alpha over code sets {row['value']:.3f} ({row['low']:.3f} to {row['high']:.3f})"
        said = row["note"].rstrip(".") if math.isnan(row["value"]) else said
        return f"<Agreement of {' and '.join(self.coders)} on {self.n} sentences: {said}>"


def agreement(
    first: pd.DataFrame,
    second: pd.DataFrame,
    paragraphs: Corpus | Mapping[str, Hashable] | None = None,
    codebook: Codebook | None = None,
    *,
    resamples: int = 1000,
    seed: int = 1,
) -> Agreement:
    """How far two coders agree on the sentences that both coded.

    ``first`` and ``second`` are tables of codings, one coder each;
    ``paragraphs`` is the corpus, left out the project's own, or a mapping from
    sentence to paragraph. Code sets are compared by MASI distance. A doer
    counts where both coders named one. Raises :class:`UnionError` for a table
    with two coders or an unknown code, and a sentence that is in no paragraph.

    >>> from helpers.coding.codings import as_codings
    >>> one = as_codings([{"sentence": "kctu-002", "codes": ["voice"]}, {"sentence": "kctu-003", "codes": ["solidarity", "voice"]}])
    >>> two = as_codings([{"sentence": "kctu-002", "codes": ["voice"]}, {"sentence": "kctu-003", "codes": ["solidarity"]}])
    >>> result = agreement(one, two)
    >>> float(result.overall.loc[("main code", "kappa"), "value"]), result.overall.loc[("doer", "kappa"), "note"]
    (1.0, 'Kappa is undefined: no sentence has a doer from both coders.')
    >>> result.codes.loc[("voice", "percent"), ["value", "n", "first", "second", "both"]].to_dict()
    {'value': 50.0, 'n': 2.0, 'first': 2.0, 'second': 1.0, 'both': 1.0}
    """
    codebook = codebook or load_codebook()
    ours, theirs = _by_sentence(first, "first", codebook), _by_sentence(second, "second", codebook)
    both = sorted(ours.keys() & theirs.keys())
    bare = "no sentence was coded by both coders" if ours or theirs else "nothing was coded"
    draws = _Draws(_paragraphs(paragraphs, both), resamples, seed)
    pairs = [(ours[sentence], theirs[sentence]) for sentence in both]
    overall, codes = _overall(pairs, draws, bare), _per_code(pairs, codebook, draws, bare)
    return Agreement((_coder(first), _coder(second)), len(both), overall, codes)


def alpha(
    table: pd.DataFrame,
    distance: str = "nominal",
    paragraphs: Corpus | Mapping[str, Hashable] | None = None,
    *,
    resamples: int = 1000,
    seed: int = 1,
) -> Figure:
    """Krippendorff's alpha for any number of coders, some of whom may have left out sentences.

    ``table`` has a row a coder and a column a sentence; its cells are labels,
    or None or NaN where a coder left the sentence out. ``distance`` is
    ``"nominal"``, or ``"masi"`` for labels that are tuples of codes. With
    ``paragraphs``, as in :func:`agreement`, there is an interval. ``n`` counts
    the sentences that at least two coders coded, which are all that matter.
    Raises :class:`UnionError` for another distance.

    >>> import pandas as pd
    >>> figure = alpha(pd.DataFrame([["voice", "party", "form"], ["voice", "party", None], ["voice", "form", "form"]]))
    >>> round(figure.value, 3), figure.n
    (0.667, 3)
    """
    if distance not in _DISTANCES:
        raise UnionError(
            f"There is no distance {short_label(distance)}: choose 'nominal' or 'masi'."
        )
    units = [
        [label for label in table.iloc[:, place] if not _missing(label)]
        for place in range(table.shape[1])
    ]
    if distance == "masi":
        units = [
            [frozenset([label] if isinstance(label, str) else label) for label in unit]
            for unit in units
        ]
    kept = [place for place, unit in enumerate(units) if len(unit) > 1]
    names = [table.columns[place] for place in kept]
    draws = (
        _Draws(names, 0, seed)
        if paragraphs is None
        else _Draws(_paragraphs(paragraphs, names), resamples, seed)
    )
    bare = "no sentence was coded by two coders" if any(units) else "nothing was coded"
    return _alpha([units[place] for place in kept], distance, draws, bare)


def masi(one: frozenset, other: frozenset) -> float:
    """Distance of two sets of codes, from 0 (the same) to 1 (nothing in common): NLTK's MASI, with 0 for two empty sets.

    >>> round(masi(frozenset({"voice"}), frozenset({"voice", "rights"})), 3)
    0.667
    """
    from nltk.metrics import masi_distance

    return float(masi_distance(one, other)) if one or other else 0.0


_DISTANCES = {"nominal": lambda one, other: float(one != other), "masi": masi}


class _Draws:
    """How often each paragraph stands in each resample, and the sums that follow from it."""

    def __init__(self, paragraphs: Sequence[Hashable], resamples: int, seed: int) -> None:
        import numpy as np

        if not 0 <= resamples <= MOST_RESAMPLES:
            raise UnionError(
                f"The bootstrap cannot draw {resamples} resamples: give a number from 0 to {MOST_RESAMPLES:,}."
            )
        numbers = {paragraph: number for number, paragraph in enumerate(dict.fromkeys(paragraphs))}
        self.paragraphs, self.resamples, self.seed, self.count = (
            paragraphs,
            resamples,
            seed,
            len(numbers),
        )
        self.where = np.array([numbers[paragraph] for paragraph in paragraphs], dtype=int)
        shares = np.full(self.count, 1 / max(self.count, 1))
        self.times = (
            np.random.default_rng(seed).multinomial(self.count, shares, resamples)
            if self.count
            else np.zeros((resamples, 0))
        )

    def only(self, places: list[int]) -> _Draws:
        """Draws for some of the sentences, from the paragraphs that these stand in."""
        return _Draws([self.paragraphs[place] for place in places], self.resamples, self.seed)

    def sums(self, values: np.ndarray) -> np.ndarray:
        """What the values of the sentences (rows) add up to in each resample."""
        import numpy as np

        each = np.zeros((self.count, *values.shape[1:]))
        np.add.at(each, self.where, values)
        return self.times @ each


def _overall(pairs: list[tuple], draws: _Draws, bare: str) -> pd.DataFrame:
    """The figures for code sets, main code and doer, from pairs of codings."""
    sets = [(frozenset(one.codes), frozenset(other.codes)) for one, other in pairs]
    said = [place for place, (one, other) in enumerate(pairs) if one.doer and other.doer]
    doers = [(pairs[place][0].doer, pairs[place][1].doer) for place in said]
    return _rows(
        {
            ("code sets", "percent"): _percent(sets, draws, bare),
            ("code sets", "alpha"): _alpha(sets, "masi", draws, bare),
            **_three(
                "main code", [(one.codes[0], other.codes[0]) for one, other in pairs], draws, bare
            ),
            **_three("doer", doers, draws.only(said), "no sentence has a doer from both coders"),
        }
    )


def _per_code(pairs: list[tuple], codebook: Codebook, draws: _Draws, bare: str) -> pd.DataFrame:
    """The figures for each code, there or not there, from pairs of codings."""
    figures, counts = {}, []
    for code in codebook:
        marks = [(code in one.codes, code in other.codes) for one, other in pairs]
        figures |= _three(
            code,
            marks,
            draws,
            bare,
            f"the code “{code}” is in {{}} of these sentences for both coders",
        )
        counts += [
            [sum(one for one, _ in marks), sum(other for _, other in marks), sum(map(all, marks))]
        ] * 3
    table = _rows(figures)
    table[["first", "second", "both"]] = counts
    return table


def _three(
    of: str, pairs: list[tuple], draws: _Draws, bare: str, one_label: str = ""
) -> dict[tuple[str, str], Figure]:
    """Percent, kappa and alpha of pairs of labels."""
    return {
        (of, "percent"): _percent(pairs, draws, bare),
        (of, "kappa"): _kappa(pairs, draws, bare, one_label),
        (of, "alpha"): _alpha(pairs, "nominal", draws, bare, one_label),
    }


def _percent(pairs: list[tuple], draws: _Draws, bare: str) -> Figure:
    """The share of pairs that are the same, in percent."""
    import numpy as np

    if not pairs:
        return Figure(math.nan, math.nan, math.nan, 0, f"Percent agreement is undefined: {bare}.")
    same = np.array([one == other for one, other in pairs], dtype=float)
    return _figure(
        100 * same.mean(),
        100 * _divided(draws.sums(same), draws.sums(np.ones_like(same))),
        draws,
        len(pairs),
        100,
    )


def _kappa(pairs: list[tuple], draws: _Draws, bare: str, one_label: str = "") -> Figure:
    """Cohen's kappa by scikit-learn; the resamples by the same formula, all at once."""
    import numpy as np
    from sklearn.metrics import cohen_kappa_score

    numbers, labels = _numbers(pairs)
    if why := _why_not(labels, bare, one_label):
        return Figure(math.nan, math.nan, math.nan, len(pairs), f"Kappa is undefined: {why}.")
    marks = np.eye(len(labels))[np.array(numbers)]  # sentences, coders, labels
    total, same = (
        draws.sums(np.ones(len(pairs))),
        draws.sums((marks[:, 0] * marks[:, 1]).sum(axis=1)),
    )
    chance = (draws.sums(marks[:, 0]) * draws.sums(marks[:, 1])).sum(axis=1)
    value = cohen_kappa_score([one for one, _ in numbers], [other for _, other in numbers])
    return _figure(value, _divided(total * same - chance, total**2 - chance), draws, len(pairs))


def _alpha(
    units: list[Sequence], distance: str, draws: _Draws, bare: str, one_label: str = ""
) -> Figure:
    """Krippendorff's alpha by NLTK; the resamples by the same formula from a matrix of distances, all at once."""
    import numpy as np
    from nltk.metrics.agreement import AnnotationTask

    numbers, labels = _numbers(units)
    if why := _why_not(labels, bare, one_label):
        return Figure(math.nan, math.nan, math.nan, len(units), f"Alpha is undefined: {why}.")
    gaps = np.array(
        [[_DISTANCES[distance](one, other) for other in labels] for one in labels], dtype=float
    )
    data = [
        (coder, unit, label)
        for unit, given in enumerate(numbers)
        for coder, label in enumerate(given)
    ]
    value = AnnotationTask(data, lambda one, other: gaps[one, other]).alpha()
    counts = np.array([np.bincount(given, minlength=len(labels)) for given in numbers], dtype=float)
    apart = ((counts @ gaps) * counts).sum(axis=1) / (counts.sum(axis=1) - 1)
    used = draws.sums(counts)
    expected = _divided(((used @ gaps) * used).sum(axis=1), used.sum(axis=1) - 1)
    return _figure(value, 1 - _divided(draws.sums(apart), expected), draws, len(units))


def _numbers(units: list[Sequence]) -> tuple[list[list[int]], list]:
    """The labels of each sentence as numbers, and the labels that the numbers stand for."""
    known: dict[Hashable, int] = {}
    return [[known.setdefault(label, len(known)) for label in unit] for unit in units], list(known)


def _why_not(labels: list, bare: str, one_label: str) -> str:
    """Why a figure that corrects for chance is undefined, or nothing."""
    if len(labels) > 1:
        return ""
    if not labels:
        return bare
    if one_label:
        return (
            one_label.format("each" if labels[0] else "none")
            + ", so there is nothing to tell apart"
        )
    only = " ".join(sorted(map(str, labels[0]))) if isinstance(labels[0], frozenset) else labels[0]
    return f"all sentences have one and the same label, {short_label(only)}, so there is nothing to tell apart"


def _divided(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """One array by another, NaN where the second is 0 or less."""
    import numpy as np

    return np.divide(top, bottom, out=np.full(len(bottom), math.nan), where=bottom > 0)


def _figure(value: float, values: np.ndarray, draws: _Draws, n: int, best: float = 1) -> Figure:
    """A figure with the interval of its values in the resamples, and what there is to say about it."""
    import numpy as np

    kept = values[~np.isnan(values)]
    low = high = math.nan
    if len(kept) and draws.count > 1:
        low, high = map(float, np.percentile(kept, [2.5, 97.5]))
    note = ""
    if not draws.resamples:
        note = "The interval is undefined: it was not asked for."
    elif draws.count < 2:
        note = "The interval is undefined: all these sentences stand in one paragraph."
    elif not len(kept):
        note = "The interval is undefined: so is the figure in every resample."
    elif value >= best:
        note = "The coders never differ here, so resampling cannot show how often they would: the interval says too little."
    elif len(kept) < len(values):
        note = f"The interval leaves out {len(values) - len(kept):,} of {len(values):,} resamples, in which the figure is undefined."
    return Figure(float(value), low, high, n, note)


def _rows(figures: dict[tuple[str, str], Figure]) -> pd.DataFrame:
    """Figures as a table with a row each."""
    import pandas as pd

    index = pd.MultiIndex.from_tuples(figures, names=["of", "measure"])
    return pd.DataFrame(
        [astuple(figure) for figure in figures.values()],
        index,
        [field.name for field in fields(Figure)],
    )


def _by_sentence(table: pd.DataFrame, which: str, codebook: Codebook) -> dict[str, Any]:
    """The rows of one coder's table by sentence, each kept to the codebook."""
    for name in ("coder", "sentence", "codes", "doer"):
        if name not in table.columns:
            raise UnionError(
                f"The {which} table has no column {name!r}: make it with read_codings(), or add the column."
            )
    if table["coder"].nunique() > 1:
        raise UnionError(
            f"The {which} table has codings of {table['coder'].nunique()} coders: choose the rows of one."
        )
    rows = {row.sentence: row for row in table.itertuples(index=False)}
    if len(rows) < len(table):
        twice = table["sentence"][table["sentence"].duplicated()].iloc[0]
        raise UnionError(
            f"The {which} table has the sentence {short_label(twice)} twice: choose one of its codings."
        )
    for row in rows.values():
        codebook.check_codes(row.codes)
    return rows


def _coder(table: pd.DataFrame) -> str:
    return str(table["coder"].iloc[0]) if len(table) else "nobody"


def _paragraphs(
    source: Corpus | Mapping[str, Hashable] | None, sentences: list[str]
) -> list[Hashable]:
    """The paragraph of each sentence."""
    from helpers.corpus.documents import Corpus, load_corpus

    source = load_corpus() if source is None else source
    if isinstance(source, Corpus):
        places = [
            (document.id, *place)
            for document in source.documents
            for place in document.sentences["paragraph"].items()
        ]
        source = {sentence: (document, number) for document, sentence, number in places}
    for sentence in sentences:
        if sentence not in source:
            raise UnionError(
                f"The sentence {short_label(sentence)} is in no paragraph that we know: give the corpus that it comes from."
            )
    return [source[sentence] for sentence in sentences]


def _missing(label: Any) -> bool:
    import pandas as pd

    return bool(pd.api.types.is_scalar(label) and pd.isna(label))
