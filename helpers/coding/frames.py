"""What codings come to: the codes and corners of each document, codes that stand together, and what hangs on the coder.

Rates are percent of the coded sentences of a document. ``low`` and ``high`` are the 95 % interval as if each sentence
were drawn by itself (Wilson 1927), ``block_low`` and ``block_high`` with whole paragraphs drawn, as neighbours share a
topic (percentile bootstrap, 1,000 draws). The second is NaN where no sentence has the code, or all have it, or only one
paragraph is coded: drawing anew shows nothing then. ``ids`` are the sentences counted, in the order of the text.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from helpers.coding.codebook import Codebook, load_codebook, short_label
from helpers.coding.codings import load_codings
from helpers.coding.reliability import _by_sentence
from helpers.corpus.documents import Corpus, Document, listed
from helpers.corpus.errors import UnionError
from helpers.words.counts import block_interval, wilson

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NO_CORNER, NOT_CODED = "no corner", "not coded"
_RATES = ("rate", "low", "high", "block_low", "block_high")
Texts = Corpus | Document | Sequence[Document]


def frame_table(
    corpus: Texts, codings: pd.DataFrame, codebook: Codebook | None = None
) -> pd.DataFrame:
    """How often each document has each code: a row a document and code.

    ``codings`` is a table of one coder. Columns: ``sentences`` that have the code, ``main`` (how many of them as the main
    one), ``coded`` (of the document), the five rates of this module, and ``ids``. Raises :class:`UnionError` for a
    sentence that is not in the corpus, for two coders, and for a code that the codebook does not have.

    >>> from helpers import load_corpus
    >>> frame_table(load_corpus(), load_codings("reference")).loc[("kctu", "voice"), ["sentences", "main", "coded"]].to_list()
    [5, 4, 17]
    """
    codebook, rows = codebook or load_codebook(), {}
    for document, given in _by_document(corpus, codings, codebook):
        for code in codebook:
            ids = tuple(id for id, codes in given.items() if code in codes)
            main = sum(given[id][0] == code for id in ids)
            rows[document.id, code] = (
                len(ids),
                main,
                len(given),
                *_shares(document, ids, given),
                ids,
            )
    return _table(rows, ["document", "code"], ["sentences", "main", "coded", *_RATES, "ids"])


def corners(map_name: str, codebook: Codebook) -> dict[str, list[str]]:
    """The corners of a map, each with its codes, and ``no corner`` and ``none`` with the others. A code named twice stands in the first."""
    if map_name not in codebook.maps:
        raise UnionError(
            f"There is no map {short_label(map_name)} in this codebook: choose from {', '.join(codebook.maps) or 'none'}."
        )
    where = {
        code: corner
        for corner, codes in reversed(codebook.maps[map_name].items())
        for code in codes
    }
    found: dict[str, list[str]] = {
        corner: [] for corner in [*codebook.maps[map_name], NO_CORNER, "none"]
    }
    for code in codebook:
        found[where.get(code, "none" if code == "none" else NO_CORNER)].append(code)
    return found


def corner_table(
    corpus: Texts, codings: pd.DataFrame, map_name: str, codebook: Codebook | None = None
) -> pd.DataFrame:
    """How many sentences of each document stand in each corner of a map of the codebook, by their *main* code alone.

    So each sentence counts once, and rates add up to 100. Rows: document and corner, with ``no corner``, ``none`` (no
    union role) and ``not coded`` (which has no rate). Columns: ``sentences``, ``coded`` (of the document), the five rates
    of this module, ``within`` (percent of the sentences that have a corner), ``any_code`` (sentences with any code, main
    or not, that stands there: these may add up to more), ``ids``. Raises :class:`UnionError` as :func:`frame_table` does.

    >>> from helpers import load_corpus
    >>> table = corner_table(load_corpus(), load_codings("reference"), "Classic dualism (Pravda and Ruble 1986)")
    >>> table.loc["gftuk", "sentences"].to_dict()
    {'protection': 3, 'production': 95, 'no corner': 39, 'none': 18, 'not coded': 0}
    """
    codebook, rows = codebook or load_codebook(), {}
    found = corners(map_name, codebook)
    for document, given in _by_document(corpus, codings, codebook):
        inside = sum(codes[0] not in found[NO_CORNER] + found["none"] for codes in given.values())
        for corner, its in found.items():
            ids = tuple(id for id, codes in given.items() if codes[0] in its)
            within = (
                100 * len(ids) / inside
                if inside and corner not in (NO_CORNER, "none")
                else math.nan
            )
            any_code = sum(not set(its).isdisjoint(codes) for codes in given.values())
            rows[document.id, corner] = (
                len(ids),
                len(given),
                *_shares(document, ids, given),
                within,
                any_code,
                ids,
            )
        left = tuple(id for id in document.sentences.index if id not in given)
        rows[document.id, NOT_CODED] = (len(left), len(given), *[math.nan] * 6, len(left), left)
    return _table(
        rows, ["document", "corner"], ["sentences", "coded", *_RATES, "within", "any_code", "ids"]
    )


def corner_draws(
    corpus: Texts, table: pd.DataFrame, names: Sequence[str], draws: int = 1_000, seed: int = 1
) -> dict[str, np.ndarray]:
    """Shares within corners with whole paragraphs drawn: for each document a row a draw, a column a corner.

    ``table`` is that of :func:`corner_table`; draws in which no sentence has a corner are left out.
    """
    import numpy as np

    found = {}
    for document in listed(corpus):
        rows, place = table.loc[document.id, "ids"].drop(NOT_CODED), document.sentences["paragraph"]
        coded = sorted({place[id] for ids in rows for id in ids})
        counts = np.array(
            [[sum(place[id] == each for id in rows[corner]) for corner in names] for each in coded]
        ).reshape(-1, len(names))
        many = len(coded)
        times = (
            np.random.default_rng(seed).multinomial(many, [1 / many] * many, draws)
            if many > 1
            else np.zeros((0, many))
        )
        sums = (times @ counts)[(times @ counts).any(axis=1)]
        found[document.id] = sums / sums.sum(axis=1, keepdims=True)
    return found


def code_pairs(codings: pd.DataFrame, codebook: Codebook | None = None) -> pd.DataFrame:
    """How many sentences have two codes together: a row a pair, and one a code with itself.

    Columns: ``count``; ``expected``, were the codes of each document spread over its coded sentences by chance; ``lift``,
    count by expected (both NaN for a code with itself, ``lift`` also where nothing is expected); ``ids``.
    """
    codebook, rows = codebook or load_codebook(), {}
    given = {id: row.codes for id, row in _by_sentence(codings, "given", codebook).items()}
    texts: dict[str, list[str]] = {}
    for id in given:
        texts.setdefault(id.rpartition("-")[0], []).append(id)
    has = {
        code: [[id for id in ids if code in given[id]] for ids in texts.values()]
        for code in codebook
    }
    for first in codebook:
        for second in codebook:
            ids = tuple(id for some in has[first] for id in some if second in given[id])
            both = zip(has[first], has[second], texts.values(), strict=True)
            expected = (
                sum(len(one) * len(other) / len(all) for one, other, all in both)
                if first != second
                else math.nan
            )
            rows[first, second] = (
                len(ids),
                expected,
                len(ids) / expected if expected else math.nan,
                ids,
            )
    return _table(rows, ["first", "second"], ["count", "expected", "lift", "ids"])


def co_occurrence(codings: pd.DataFrame, codebook: Codebook | None = None) -> pd.DataFrame:
    """Codes by codes: how many sentences have both; on the diagonal, how many have the code. The ids: :func:`code_pairs`.

    >>> co_occurrence(load_codings("reference")).loc["form", ["mobilise", "form"]].to_list()
    [8, 57]
    """
    codebook = codebook or load_codebook()
    return code_pairs(codings, codebook)["count"].unstack().loc[list(codebook), list(codebook)]


def what_if(
    corpus: Texts, *codings: pd.DataFrame, codebook: Codebook | None = None
) -> pd.DataFrame:
    """How far the rate of a code hangs on who coded: a row a document and code.

    ``codings`` are tables of one coder each; left out, the reference and its two coders. Only sentences that all coded
    count. Columns: ``rate`` and the coder's name for each, ``lowest``, ``highest``, ``coded`` (of the document); ``ids``,
    the sentences to which any coder gave the code, and ``differ``, those of them to which not all did.

    >>> from helpers import load_corpus
    >>> what_if(load_corpus()).loc[("gftuk", "mobilise"), ["lowest", "highest"]].astype(float).round(1).to_list()
    [21.9, 23.2]
    """
    codebook = codebook or load_codebook()
    tables = codings or [
        load_codings(who, corpus, codebook) for who in ("reference", "coder-1", "coder-2")
    ]
    shared = set.intersection(*(set(table["sentence"]) for table in tables))
    frames = [
        frame_table(corpus, table[table["sentence"].isin(shared)], codebook) for table in tables
    ]
    result, names = (
        frames[0][["coded"]].copy(),
        [str(next(iter(table["coder"]), "nobody")) for table in tables],
    )
    names = [
        f"rate {name}" + (f" ({place + 1})" if name in names[:place] else "")
        for place, name in enumerate(names)
    ]
    for name, frame in zip(names, frames, strict=True):
        result[name] = frame["rate"]
    result["lowest"], result["highest"] = result[names].min(axis=1), result[names].max(axis=1)
    order = {
        id: place
        for document in listed(corpus)
        for place, id in enumerate(document.sentences.index)
    }
    given = [[set(frame.at[row, "ids"]) for frame in frames] for row in result.index]
    result["ids"] = [tuple(sorted(set.union(*each), key=order.get)) for each in given]
    result["differ"] = [
        tuple(sorted(set.union(*each) - set.intersection(*each), key=order.get)) for each in given
    ]
    return result


def _by_document(
    corpus: Texts, codings: pd.DataFrame, codebook: Codebook
) -> list[tuple[Document, dict[str, tuple[str, ...]]]]:
    """Each document with the codes of its coded sentences, in the order of the text."""
    documents, rows = listed(corpus), _by_sentence(codings, "given", codebook)
    if unknown := rows.keys() - {id for document in documents for id in document.sentences.index}:
        raise UnionError(
            f"There is no sentence {short_label(min(unknown))} in the corpus: check the id, or leave its coding out."
        )
    return [
        (document, {id: rows[id].codes for id in document.sentences.index if id in rows})
        for document in documents
    ]


def _shares(document: Document, ids: Collection[str], coded: Collection[str]) -> list[float]:
    """The five rates, in percent."""
    import numpy as np

    place, size = document.sentences["paragraph"], len(document.paragraphs) + 1
    hits, sizes = (
        np.bincount(place[list(some)].to_numpy(int), minlength=size) for some in (ids, coded)
    )
    block = block_interval(hits, sizes) if len(ids) < len(coded) else (math.nan, math.nan)
    return [
        100 * each
        for each in (
            len(ids) / len(coded) if coded else math.nan,
            *wilson(len(ids), len(coded)),
            *block,
        )
    ]


def _table(
    rows: dict[tuple[str, str], tuple], names: list[str], columns: list[str]
) -> pd.DataFrame:
    """Rows under their two names."""
    import pandas as pd

    return pd.DataFrame(list(rows.values()), pd.MultiIndex.from_tuples(rows, names=names), columns)
