"""What codings come to: the codes and corners of each document, and codes that stand together.

Rates are percent of the coded sentences of a document. ``low`` and ``high`` are the 95 % interval
as if each sentence were drawn by itself (Wilson 1927), ``block_low`` and ``block_high`` with whole
paragraphs drawn, as in :mod:`helpers.coding.reliability`. The second is NaN where no sentence has
the code, or all, or only one paragraph is coded: drawing anew shows nothing then. ``ids`` are the
sentences counted, in the order of the text. ``codings`` are a table of one coder.
"""

import math
from collections.abc import Callable, Collection, Sequence

import numpy as np
from pandas import DataFrame, MultiIndex, Series, concat

from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.codings import load_codings
from helpers.coding.reliability import (
    Book,
    Texts,
    divided,
    draw_paragraphs,
    interval,
    one_coder,
    paragraph_of,
)
from helpers.corpus.documents import Document, listed
from helpers.corpus.errors import UnionError
from helpers.words.counts import wilson

NO_CORNER, NOT_CODED = "no corner", "not coded"
RATES = ["sentences", "coded", "rate", "low", "high", "block_low", "block_high", "ids"]


def frame_table(corpus: Texts, codings: DataFrame, codebook: Book = None) -> DataFrame:
    """How often each document has each code: a row a document and code.

    Columns: ``sentences`` that have it; ``coded`` of the document; the five rates; ``ids``. Raises
    :class:`UnionError` for two coders, an unknown code, and a sentence that is not in the corpus.

    >>> from helpers import load_corpus
    >>> table = frame_table(load_corpus(), load_codings("reference"))
    >>> table.loc[("kctu", "voice"), ["sentences", "coded"]].to_list()
    [5, 17]
    """
    codebook, found = codebook or load_codebook(), {}
    for document, codes in _by_document(corpus, codings, codebook):
        found[document.id] = _rates(document, codes, codebook, lambda code, own: code in own)
    return concat(found, names=["document", "code"])


def corners(map_name: str, codebook: Codebook) -> dict[str, list[str]]:
    """The corners of a map with their codes; ``no corner`` and ``none`` have the others."""
    if map_name not in codebook.maps:
        known = ", ".join(codebook.maps) or "none"
        raise UnionError(
            f"There is no map {map_name[:40]!r} in this codebook: choose from {known}."
        )
    found = {corner: [] for corner in [*codebook.maps[map_name], NO_CORNER, "none"]}
    for code in codebook:
        own = [corner for corner, codes in codebook.maps[map_name].items() if code in codes]
        found[[*own, "none" if code == "none" else NO_CORNER][0]].append(code)
    return found


def corner_table(
    corpus: Texts, codings: DataFrame, map_name: str, codebook: Book = None
) -> DataFrame:
    """How many sentences of each document stand in each corner of a map, by their *main* code.

    So each sentence counts once, and rates add up to 100. Rows: document and corner, with
    ``no corner``, ``none`` (no union role) and ``not coded`` (which has no rate). Columns as in
    :func:`frame_table`, and ``within``, percent of the sentences that have a corner.

    >>> from helpers import load_corpus
    >>> dualism = "Classic dualism (Pravda and Ruble 1986)"
    >>> table = corner_table(load_corpus(), load_codings("reference"), dualism)
    >>> table.loc["gftuk", "sentences"].to_dict()
    {'protection': 3, 'production': 95, 'no corner': 39, 'none': 18, 'not coded': 0}
    """
    codebook, found = codebook or load_codebook(), {}
    drawn = corners(map_name, codebook)
    for document, codes in _by_document(corpus, codings, codebook):
        rows = _rates(document, codes, drawn, lambda corner, own: own[0] in drawn[corner])
        inside = rows["sentences"].drop([NO_CORNER, "none"])
        rows["within"] = 100 * inside / (inside.sum() or math.nan)
        left = tuple(id for id in document.sentences.index if id not in codes)
        rows.loc[NOT_CODED, ["sentences", "coded"]] = len(left), len(codes)
        rows.at[NOT_CODED, "ids"] = left
        found[document.id] = rows.astype({"sentences": int, "coded": int})
    return concat(found, names=["document", "corner"])


def corner_draws(corpus: Texts, table: DataFrame, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Shares within corners with paragraphs drawn anew, by document: a column a corner.

    ``table`` is that of :func:`corner_table`; draws without a corner are left out.
    """
    found, places = {}, paragraph_of(corpus)
    for document in table.index.unique("document"):
        ids = table.loc[document, "ids"].drop(NOT_CODED)
        corner = {id: corner for corner, its in ids.items() for id in its}
        has = np.array([[where == name for name in names] for where in corner.values()])
        weights = draw_paragraphs(corner, places)[1:]
        sums = weights @ has.reshape(-1, len(names))
        sums = sums[sums.any(axis=1)] if len(set(map(places.get, corner))) > 1 else sums[:0]
        found[document] = sums / sums.sum(axis=1, keepdims=True)
    return found


def code_pairs(codings: DataFrame, codebook: Book = None) -> DataFrame:
    """How many sentences have two codes together: a row a pair, and one a code with itself.

    Columns: ``count``; ``expected``, were the codes of each document spread over its sentences by
    chance (NaN for a code with itself); ``ids``.

    >>> code_pairs(load_codings("reference")).loc[("mobilise", "form"), "count"]
    np.int64(8)
    """
    codebook, rows = codebook or load_codebook(), {}
    codes = Series(one_coder(codings, codebook), dtype=object)
    has = DataFrame({code: [code in own for own in codes] for code in codebook}, codes.index)
    each = has.groupby([id.rpartition("-")[0] for id in codes.index])
    sums, sizes = each.sum(), each.size()
    for one in codebook:
        for other in codebook:
            ids = tuple(has.index[has[one] & has[other]])
            chance = (sums[one] * sums[other] / sizes).sum() if one != other else math.nan
            rows[one, other] = (len(ids), chance, ids)
    index = MultiIndex.from_tuples(rows, names=["first", "second"])
    return DataFrame(list(rows.values()), index, ["count", "expected", "ids"])


def what_if(corpus: Texts, *codings: DataFrame, codebook: Book = None) -> DataFrame:
    """How far the rate of a code hangs on who coded: a row a document and code.

    ``codings`` are tables of one coder each; left out, the reference and its two coders. Only
    sentences that all coded count. Columns: ``coded`` of the document; ``rate`` and the name of
    each coder; ``lowest``, ``highest``; ``ids``, the sentences to which any coder gave the code;
    ``differ``, those of them to which not all did.

    >>> from helpers import load_corpus
    >>> table = what_if(load_corpus()).astype({"lowest": float, "highest": float})
    >>> table.loc[("gftuk", "mobilise"), ["lowest", "highest"]].map("{:.1f}".format).to_list()
    ['21.9', '23.2']
    """
    codebook, names = codebook or load_codebook(), ("reference", "coder-1", "coder-2")
    tables = codings or [load_codings(who, corpus, codebook) for who in names]
    shared = set.intersection(*(set(table["sentence"]) for table in tables))
    given = [table[table["sentence"].isin(shared)] for table in tables]
    frames = [frame_table(corpus, each, codebook) for each in given]
    result, rates = frames[0][["coded"]].copy(), []
    for table, frame in zip(tables, frames, strict=True):
        name = f"rate {next(iter(table['coder']), 'nobody')}"
        rates.append(f"{name} ({len(rates) + 1})" if name in rates else name)
        result[rates[-1]] = frame["rate"]
    result["lowest"], result["highest"] = result[rates].min(axis=1), result[rates].max(axis=1)
    order = {id: place for place, id in enumerate(paragraph_of(corpus))}
    sets = [[set(frame.at[row, "ids"]) for frame in frames] for row in result.index]
    result["ids"] = [tuple(sorted(set.union(*each), key=order.get)) for each in sets]
    differ = [set.union(*each) - set.intersection(*each) for each in sets]
    result["differ"] = [tuple(sorted(each, key=order.get)) for each in differ]
    return result


def _by_document(
    corpus: Texts, codings: DataFrame, codebook: Codebook
) -> list[tuple[Document, Series]]:
    """Each document with the codes of its coded sentences, in the order of the text."""
    codes, found = one_coder(codings, codebook), []
    for document in listed(corpus):
        own = [id for id in document.sentences.index if id in codes]
        found.append((document, Series([codes.pop(id) for id in own], own, dtype=object)))
    if codes:
        raise UnionError(
            f"There is no sentence {min(codes)[:40]!r} in the corpus: check it, or leave it out."
        )
    return found


def _rates(document: Document, codes: Series, names: Collection[str], test: Callable) -> DataFrame:
    """The rates of each name; ``test`` says whether the codes of a sentence are of that name."""
    has = np.array([[test(name, own) for name in names] for own in codes], dtype=float)
    has = has.reshape(len(codes), len(names))
    weights = draw_paragraphs(codes.index, document.sentences["paragraph"])
    drawn = divided(weights @ has, weights.sum(axis=1, keepdims=True))
    rows = []
    for column, each in zip(has.T, drawn.T, strict=True):
        ids, n = tuple(codes.index[column > 0]), len(codes)
        known = 0 < len(ids) < n and (weights != 1).any()
        ends = [*wilson(len(ids), n), *(interval(each) if known else (math.nan, math.nan))]
        rows.append((len(ids), n, 100 * each[0], *(100 * end for end in ends), ids))
    return DataFrame(rows, list(names), RATES)
