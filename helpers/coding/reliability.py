"""How far coders agree, two or many: percent, Cohen's kappa, Krippendorff's alpha.

A figure has five columns: ``value``; ``low`` and ``high``, its 95 % interval; ``n``, the sentences
that at least two coders coded; ``note``, what is undefined, and why. Intervals are percentiles of
one bootstrap: whole paragraphs are drawn anew, 1,000 times, as neighbours share a topic. Codings
are tables as :mod:`helpers.coding.codings` describes them; coders keep their order, unranked.
"""

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from nltk.metrics import masi_distance

from helpers.coding.codebook import Codebook, load_codebook
from helpers.corpus.documents import Corpus, Document, listed, load_corpus
from helpers.corpus.errors import UnionError

FIGURE = ["value", "low", "high", "n", "note"]
RESAMPLES, MOST_PAIRS = 1_000, 2_000  # for more pairs of coders there are no intervals
WHOLE = ["code sets", "main code", "doer"]
REFERENCE = "\0reference"  # no coder can be called so
Texts = Corpus | Document | list[Document]


class Agreement(NamedTuple):
    """How far two coders agree on the ``n`` sentences that both coded.

    ``overall`` has a row for ``code sets``, ``main code`` and ``doer``, ``codes`` for each code,
    there or not there, and each measure: ``percent`` (to 100), ``kappa``, ``alpha``. Columns: those
    of a figure; in ``codes`` also how often the ``first`` used the code, the ``second``, and ``both``.
    """

    coders: tuple[str, str]
    n: int
    overall: pd.DataFrame
    codes: pd.DataFrame


def percent_agreement(given: np.ndarray, distances: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Percent of the sentences with the same label; arguments as in :func:`krippendorff_alpha`."""
    return 100 * divided(weights @ (given[:, 0] == given[:, 1]), weights.sum(axis=1))


def cohen_kappa(given: np.ndarray, distances: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Cohen's kappa (1960) of two coders; arguments as in :func:`krippendorff_alpha`.

    >>> cohen_kappa(np.array([[0, 0], [1, 1], [1, 0]]), 1 - np.eye(2), np.ones((1, 3))).round(2)
    array([0.4])
    """
    first, second = np.eye(len(distances))[given.T]
    total, same = weights.sum(axis=1), weights @ (first * second).sum(axis=1)
    chance = ((weights @ first) * (weights @ second)).sum(axis=1)
    return divided(total * same - chance, total**2 - chance)


def krippendorff_alpha(given: np.ndarray, distances: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Krippendorff's alpha (2011), NaN where undefined: one for each row of ``weights``.

    ``given`` has a row a sentence and a column a coder: the number of a label, or -1 where it is
    missing; each row has two labels or more. ``distances`` are those of each two labels, ``weights``
    says how often each sentence counts.

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


def divided(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """One array by another, NaN where the second is not above 0."""
    return np.divide(top, bottom, out=np.full(np.shape(top), math.nan), where=bottom > 0)


def paragraph_of(corpus: Texts | None = None) -> dict[str, str]:
    """The paragraph that each sentence stands in, by id; ``corpus`` left out is the project's own.

    >>> paragraph_of()["kctu-003"]
    'kctu 2'
    """
    documents = listed(load_corpus() if corpus is None else corpus)
    rows = [(each.id, *row) for each in documents for row in each.sentences["paragraph"].items()]
    return {id: f"{document} {number}" for document, id, number in rows}


def draw_paragraphs(sentences: Iterable[str], places: Mapping) -> np.ndarray:
    """How often each sentence counts when paragraphs are drawn anew: 1,001 rows, the first of ones.

    ``places`` is as :func:`paragraph_of` gives it. Raises :class:`UnionError` for an unknown id.

    >>> draw_paragraphs(["a-1", "a-2", "a-3"], {"a-1": "1", "a-2": "1", "a-3": "2"})[:3].tolist()
    [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [2.0, 2.0, 0.0]]
    """
    ids = list(sentences)
    if unknown := [id for id in ids if id not in places]:
        raise UnionError(
            f"There is no sentence {unknown[0][:40]!r} in the corpus: check the id, "
            "or give the corpus that it comes from."
        )
    numbers, found = pd.factorize(np.array([places[id] for id in ids], dtype=object))
    return _draws(len(found))[:, numbers]


@lru_cache(maxsize=256)
def _draws(many: int) -> np.ndarray:
    shares = np.full(many, 1 / max(many, 1))
    times = np.random.default_rng(1).multinomial(many, shares, RESAMPLES) if many else []
    return np.vstack([np.ones(many), *times])


def interval(values: np.ndarray) -> tuple[float, float]:
    """The ends of the 95 % interval: percentiles of all values but the first, undefined ones left out."""
    known = values[1:][~np.isnan(values[1:])]
    return tuple(np.percentile(known, [2.5, 97.5]).tolist()) if len(known) else (math.nan, math.nan)


def check_codings(codings: pd.DataFrame, codebook: Codebook, coders: int | None = None) -> None:
    """Raise :class:`UnionError` for a table of codings that cannot be used, or has too many coders."""
    missing = [name for name in ("coder", "sentence", "codes", "doer") if name not in codings]
    if missing:
        raise UnionError(f"The table has no column {missing[0]!r}: make it with read_codings().")
    if coders and (many := codings["coder"].nunique()) > coders:
        raise UnionError(f"The table has codings of {many} coders: choose the rows of one.")
    if (twice := codings.duplicated(["coder", "sentence"])).any():
        id = codings["sentence"][twice].iloc[0]
        raise UnionError(f"The sentence {id} is coded twice by one coder: delete one of the two.")
    for codes in set(codings["codes"]):
        codebook.check_codes(codes)


def one_coder(codings: pd.DataFrame, codebook: Codebook) -> dict[str, tuple[str, ...]]:
    """The codes of each sentence, by id, in a table of one coder; raises as :func:`check_codings`."""
    check_codings(codings, codebook, coders=1)
    return dict(zip(codings["sentence"], codings["codes"], strict=True))


def _labellings(codebook: Codebook) -> dict[str, Callable[[tuple, str], Hashable]]:
    """What is compared: how the codes and the doer of a coding become one label."""
    makes = [lambda codes, doer: frozenset(codes), lambda codes, doer: codes[0]]
    makes += [lambda codes, doer: doer or None]
    each = {code: lambda codes, doer, code=code: code in codes for code in codebook}
    return dict(zip(WHOLE, makes, strict=True)) | each


def _given(codings: pd.DataFrame, label: Callable) -> tuple[pd.DataFrame, list[Hashable]]:
    """Labels as numbers, sentences by coders, of sentences with two labels or more; and the labels.

    -1 stands where a coder left a sentence out.
    """
    found = [label(*pair) for pair in zip(codings["codes"], codings["doer"], strict=True)]
    labels = [each for each in dict.fromkeys(found) if each is not None]
    number = {each: place for place, each in enumerate(labels)}
    rows = codings.assign(number=[number.get(each, -1) for each in found])
    given = rows.pivot(index="sentence", columns="coder", values="number").fillna(-1).astype(int)
    return _several(given[codings["coder"].unique()]), labels


def _several(given: pd.DataFrame) -> pd.DataFrame:
    return given[(given >= 0).sum(axis=1) > 1]


def _differ(given: pd.DataFrame) -> tuple[str, ...]:
    known = given.where(given >= 0)
    return tuple(given.index[known.min(axis=1) < known.max(axis=1)])


def _distances(labels: list[Hashable]) -> np.ndarray:
    """MASI for sets of codes (Passonneau 2006); else 1 where labels differ."""
    if not labels or not isinstance(labels[0], frozenset):
        return 1 - np.eye(len(labels))
    return np.array([[masi_distance(one, other) for other in labels] for one in labels])


def _figure(
    of: str, measure: str, given: pd.DataFrame, labels: list, weights: np.ndarray, gaps: np.ndarray
) -> tuple[float, float, float, int, str]:
    """One figure as a row, on the sentences of ``given``."""
    used = [labels[place] for place in np.unique(given) if place >= 0]
    if not used or (len(used) == 1 and measure != "percent"):
        note = f"{measure.capitalize()} is undefined: {_why(of, used)}."
        return (math.nan, math.nan, math.nan, len(given), note)
    values, note = MEASURES[measure](given.to_numpy(), gaps, weights), ""
    low, high = interval(values) if (weights != 1).any() else (math.nan, math.nan)
    lost = int(np.isnan(values).sum())
    if len(values) > 1 and math.isnan(low):
        note = "The interval is undefined: all these sentences stand in one paragraph."
    elif values[0] == (100 if measure == "percent" else 1):
        note = "The coders never differ here: the interval says too little, as it cannot show how often they would."
    elif lost:
        note = f"The interval leaves out {lost:,} of {RESAMPLES:,} resamples, in which the figure is undefined."
    return (float(values[0]), low, high, len(given), note)


def _why(of: str, used: list[Hashable]) -> str:
    """Why a figure is undefined."""
    if not used:
        return f"no sentence {'has a doer from' if of == 'doer' else 'was coded by'} two coders"
    if of in WHOLE:
        only = used[0] if isinstance(used[0], str) else " ".join(sorted(used[0]))
        said = f"all sentences have one and the same label, {only!r}"
    else:
        said = f"the code “{of}” is in {'each' if used[0] else 'none'} of these sentences for all coders"
    return f"{said}, so there is nothing to tell apart"


def agreement(
    first: pd.DataFrame,
    second: pd.DataFrame,
    corpus: Texts | None = None,
    codebook: Codebook | None = None,
) -> Agreement:
    """How far two coders agree, each with a table; code sets by MASI distance, doers where both named one.

    Raises :class:`UnionError` for a table of two coders, and a sentence that is not in the corpus.

    >>> from helpers.coding.tagging import load_codings
    >>> result = agreement(load_codings("coder-1"), load_codings("coder-2"))
    >>> result.overall.loc[("code sets", "alpha"), ["value", "low", "high", "n"]].tolist()
    [0.9607090121976584, 0.9316927444110967, 0.9843344983449009, 172]
    """
    codebook, rows, used = codebook or load_codebook(), {}, {}
    for side in (first, second):
        check_codings(side, codebook, coders=1)
    both = pd.concat([first.assign(coder="first"), second.assign(coder="second")])
    both, places = both[both.duplicated("sentence", keep=False)], paragraph_of(corpus)
    for of, label in _labellings(codebook).items():
        given, labels = _given(both, label)
        weights, gaps = draw_paragraphs(given.index, places), _distances(labels)
        for measure in MEASURES if of != "code sets" else ("percent", "alpha"):
            rows[of, measure] = _figure(of, measure, given, labels, weights, gaps)
            used[of, measure] = _using(given, labels)
    index = pd.MultiIndex.from_tuples(rows, names=["of", "measure"])
    table = pd.DataFrame(list(rows.values()), index, FIGURE)
    table[["first", "second", "both"]] = list(used.values())
    overall = table.loc[WHOLE, FIGURE]
    names = [str(next(iter(side["coder"]), "nobody")) for side in (first, second)]
    return Agreement(tuple(names), len(both) // 2, overall, table.loc[list(codebook)])


def _using(given: pd.DataFrame, labels: list) -> list[int]:
    """How many sentences each of two coders gave a code, and both."""
    has = given == (labels.index(True) if True in labels else None)
    return [*has.sum(), has.all(axis=1).sum()] if has.shape[1] == 2 else [0, 0, 0]


def pair_agreement(
    codings: pd.DataFrame, corpus: Texts | None = None, codebook: Codebook | None = None
) -> pd.DataFrame:
    """How far each two coders agree on code sets: a row a pair. Over 2,000 pairs have no intervals.

    Columns: ``percent``; those of a figure, of alpha; ``ids``, the sentences on which they differ.

    >>> from helpers.coding.tagging import load_codings
    >>> table = pair_agreement(pd.concat([load_codings("coder-1"), load_codings("coder-2")]))
    >>> table.round(2).reset_index().iloc[0, :7].tolist()
    ['coder-1', 'coder-2', 95.35, 0.96, 0.93, 0.98, 172]
    """
    check_codings(codings, codebook or load_codebook())
    return _pairs(codings, list(combinations(codings["coder"].unique(), 2)), paragraph_of(corpus))


def reference_agreement(
    codings: pd.DataFrame,
    reference: pd.DataFrame,
    corpus: Texts | None = None,
    codebook: Codebook | None = None,
) -> pd.DataFrame:
    """How far each coder agrees with a reference, one more coding and no key: as :func:`pair_agreement`."""
    if reference.empty:
        raise UnionError("The reference has no codings: choose a table that has some.")
    both = pd.concat([reference.assign(coder=REFERENCE), codings])
    check_codings(both, codebook or load_codebook())
    pairs = [(REFERENCE, coder) for coder in codings["coder"].unique()]
    return _pairs(both, pairs, paragraph_of(corpus)).droplevel("first").rename_axis("coder")


def _pairs(codings: pd.DataFrame, pairs: list[tuple], places: dict[str, str]) -> pd.DataFrame:
    """Percent, alpha and the sentences that differ, for each pair."""
    whole, labels = _given(codings, lambda codes, doer: frozenset(codes))
    gaps, rows = _distances(labels), []
    for pair in pairs:
        given = _several(whole[list(pair)])
        weights = draw_paragraphs(given.index, places)[: None if len(pairs) <= MOST_PAIRS else 1]
        percent = percent_agreement(given.to_numpy(), gaps, weights[:1])[0]
        alpha = _figure("code sets", "alpha", given, labels, weights, gaps)
        rows.append((percent, *alpha, _differ(given)))
    index = pd.MultiIndex.from_tuples(pairs, names=["first", "second"])
    return pd.DataFrame(rows, index, ["percent", *FIGURE, "ids"])


def group_agreement(
    codings: pd.DataFrame, corpus: Texts | None = None, codebook: Codebook | None = None
) -> pd.DataFrame:
    """How far all coders together agree, by alpha: on code sets, main code, doer, and each code.

    Columns: those of a figure; ``coders``, how many used a code; ``ids``, where not all are alike.

    >>> from helpers.coding.tagging import load_codings
    >>> both = pd.concat([load_codings("coder-1"), load_codings("coder-2")])
    >>> group_agreement(both).loc["nation", ["n", "coders", "ids"]].to_dict()
    {'n': 172, 'coders': 2, 'ids': ('gftuk-045',)}
    """
    codebook, rows, places = codebook or load_codebook(), {}, paragraph_of(corpus)
    check_codings(codings, codebook)
    used = codings.explode("codes").groupby("codes")["coder"].nunique()
    for of, label in _labellings(codebook).items():
        given, labels = _given(codings, label)
        weights = draw_paragraphs(given.index, places)
        figure = _figure(of, "alpha", given, labels, weights, _distances(labels))
        coders = given.shape[1] if of in WHOLE else int(used.get(of, 0))
        rows[of] = (*figure, coders, _differ(given))
    index = pd.Index(list(rows), name="of")
    return pd.DataFrame(list(rows.values()), index, [*FIGURE, "coders", "ids"])


def code_shares(codings: pd.DataFrame, codebook: Codebook | None = None) -> pd.DataFrame:
    """How many coders gave each code (column) to each sentence (row), and ``n``, how many coded it.

    >>> from helpers.coding.tagging import load_codings
    >>> code_shares(load_codings("coder-1")).loc["kctu-001", ["voice", "form", "n"]].tolist()
    [1, 0, 1]
    """
    check_codings(codings, codebook := codebook or load_codebook())
    each = codings.explode("codes")
    table = pd.crosstab(each["sentence"], each["codes"]).reindex(columns=list(codebook))
    return table.fillna(0).astype(int).assign(n=codings.groupby("sentence").size())


def sentence_agreement(codings: pd.DataFrame, codebook: Codebook | None = None) -> pd.DataFrame:
    """How alike two coders of a sentence are on average (``value``), from 0 (nothing in common) to 1.

    By MASI distance, without a correction for chance; ``n`` is the number of coders, two or more.

    >>> from helpers.coding.tagging import load_codings
    >>> both = pd.concat([load_codings("coder-1"), load_codings("coder-2")])
    >>> sentence_agreement(both).loc["kctu-001"].tolist()
    [1.0, 2.0]
    """
    check_codings(codings, codebook or load_codebook())
    rows = {}
    for sentence, sets in codings.groupby("sentence")["codes"]:
        gaps = [masi_distance(set(one), set(other)) for one, other in combinations(sets, 2)]
        if gaps:
            rows[sentence] = (1 - sum(gaps) / len(gaps), len(sets))
    return pd.DataFrame.from_dict(rows, orient="index", columns=["value", "n"])


def mistaken_codes(codings: pd.DataFrame, codebook: Codebook | None = None) -> pd.DataFrame:
    """Which two codes are taken for one another: one coder gave only the first, another only the second.

    A row a pair, the most mistaken first: ``crossed``, in how many sentences two of its coders, drawn
    at random, stand so; ``ids``, the sentences.

    >>> from helpers.coding.tagging import load_codings
    >>> mistaken_codes(pd.concat([load_codings("coder-1"), load_codings("coder-2")]))["ids"].iloc[0]
    ('gftuk-118',)
    """
    check_codings(codings, codebook := codebook or load_codebook())
    sentence, n, rows = codings["sentence"], codings.groupby("sentence").size(), {}
    has = {code: codings["codes"].map(lambda codes, code=code: code in codes) for code in codebook}
    for one, other in combinations(codebook, 2):
        first = (has[one] & ~has[other]).groupby(sentence).sum()
        second = (has[other] & ~has[one]).groupby(sentence).sum()
        crossed = first * second / (n * (n - 1) / 2).where(n > 1, 1)
        if crossed.any():
            rows[one, other] = (float(crossed.sum()), tuple(crossed.index[crossed > 0]))
    index = pd.MultiIndex.from_tuples(rows, names=["first", "second"])
    table = pd.DataFrame(list(rows.values()), index, ["crossed", "ids"])
    return table.sort_values("crossed", ascending=False, kind="stable")
