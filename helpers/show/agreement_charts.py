"""Charts of coders: how far they agree on each code, in pairs, with a reference; and what all gave.

Codings are tables as :mod:`helpers.coding.codings` describes them. Agreement is not correctness,
and coders stand in an order that is no ranking.
"""

import math
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pandas as pd

from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.frames import NOT_CODED
from helpers.coding.reliability import (
    Agreement,
    Texts,
    code_shares,
    group_agreement,
    pair_agreement,
    reference_agreement,
)
from helpers.corpus.documents import Corpus
from helpers.corpus.errors import UnionError
from helpers.show import wording
from helpers.show.charts import Chart, make_chart
from helpers.show.drawing import Cell, Dot, Drawing, Key, Mark, inches
from helpers.show.frame_charts import HALF, Series, coded_series, lanes, percent_places

SAY = wording.TEXTS["agreement"]
MOST_NAMES, MOST_NUMBERS = 40, 14  # coders whose pairs can be named and chosen, and have numbers


def _alphas(
    name: str,
    table: pd.DataFrame,
    labels: Mapping[str, str],
    heads: Mapping[str, str],
    **words: Any,
) -> Chart:
    """A dot with its interval for each alpha; ``ids`` of the table are the sentences behind it."""
    shown, values = wording.dashes(table[list(heads)].rename(columns=heads, index=labels)), []
    if table["value"].isna().all():
        return make_chart(name, shown, None, "nothing", **words)
    for at, (of, row) in enumerate(table.iterrows()):
        label = wording.TEXTS[name]["mark"].format(
            label=labels[of], many=len(row["ids"]), n=row["n"]
        )
        mark, text = Mark(label, row["ids"]), wording.alpha_text(row).partition(" ")[0]
        mark = mark if row["ids"] else None
        values.append(Dot(at, 0, row["value"], row["low"], row["high"], text, mark))
    limits = (min(0, table["low"].min(), table["value"].min()) - 0.03, 1.03)
    keys, lines = [Key(wording.TEXTS["interval"], 0, line="-")], ()
    if name != "reference":  # which is no pass mark
        keys, lines = [*keys, Key(SAY["lines"], line=":")], (0.667, 0.8)
    rows, how = {"": list(shown.index)}, {"limits": limits, "lines": lines}
    drawing = Drawing(rows, values, keys, SAY["axis"], **how)
    return make_chart(name, shown, drawing, **_ends(table["value"], labels), **words)


def _ends(values: pd.Series, labels: Mapping[str, str]) -> dict[str, Any]:
    """Of figures: the lowest and the highest, the middle half, and what has none."""
    codes = values.drop("code sets", errors="ignore")
    order = (codes if codes.notna().any() else values).dropna().sort_values()
    ends = [
        f"{wording.two_digits(value)} (“{labels[of]}”)" for of, value in order.iloc[[0, -1]].items()
    ]
    unknown = wording.and_list(labels[of] for of in codes.index[codes.isna()]) or "no code"
    words = {"lowest": ends[0], "highest": ends[1], "unknown": unknown}
    low, high = (wording.two_digits(values.quantile(at)) for at in (0.25, 0.75))
    known, most = int(values.notna().sum()), wording.two_digits(values.max())
    return words | {"low": low, "high": high, "known": known, "most": most, "all": len(values)}


def agreement_chart(
    result: Agreement, first: pd.DataFrame, second: pd.DataFrame, codebook: Codebook | None = None
) -> Chart:
    """Krippendorff's alpha of each code; ``first`` and ``second`` are the codings compared.

    >>> from helpers import agreement, load_codings
    >>> one, two = load_codings("coder-1"), load_codings("coder-2")
    >>> agreement_chart(agreement(one, two), one, two).marks[0].label
    'All codes together: the coders differ in 8 of 172 sentences'
    """
    labels = {"code sets": SAY["all"]} | wording.code_labels(codebook or load_codebook())
    table = pd.concat([result.overall, result.codes]).xs("alpha", level="measure")
    table = table.loc[[of for of in labels if of in table.index]].rename_axis("code")
    columns = {name: name for name in table}
    one, two = (each.set_index("sentence")["codes"].map(set) for each in (first, second))
    apart = {id: one[id] ^ two[id] for id in one.index if id in two.index}
    apart = {id: {"code sets", *codes} for id, codes in apart.items() if codes}
    table["ids"] = [tuple(id for id in apart if of in apart[id]) for of in table.index]
    same = int((table["value"] == 1).sum())
    same = SAY["never"].format(same=same, all=len(table)) if same else ""
    coders = wording.and_list(map(wording.cut, result.coders))
    return _alphas("agreement", table, labels, columns, coders=coders, n=result.n, same=same)


def group_chart(
    codings: pd.DataFrame, corpus: Corpus | None = None, codebook: Codebook | None = None
) -> Chart:
    """Krippendorff's alpha of all coders together on each code; marks lead to where they differ.

    >>> from helpers import load_codings
    >>> import pandas as pd
    >>> group_chart(pd.concat([load_codings("coder-1"), load_codings("coder-2")])).marks[0].label
    'All codes together: not all coders alike in 8 of 172 sentences'
    """
    labels = {"code sets": SAY["all"]} | wording.code_labels(codebook or load_codebook())
    table = group_agreement(codings, corpus, codebook).loc[list(labels)].rename_axis("code")
    words = {"many": codings["coder"].nunique(), "n": table["n"].max()}
    return _alphas("group", table, labels, wording.TEXTS["group"]["columns"], **words)


def reference_chart(
    codings: pd.DataFrame,
    reference: pd.DataFrame,
    corpus: Corpus | None = None,
    codebook: Codebook | None = None,
) -> Chart:
    """Krippendorff's alpha of each coder with a reference, which is one more coding and no key.

    >>> from helpers import load_codings
    >>> reference_chart(load_codings("coder-1"), load_codings("reference")).marks[0].label
    'coder-1: otherwise than the reference in 4 of 172 sentences'
    """
    table = reference_agreement(codings, reference, corpus, codebook or load_codebook())
    return _alphas(
        "reference", table, wording.distinct({each: each for each in table.index}), SAY["columns"]
    )


def pair_chart(
    codings: pd.DataFrame, corpus: Corpus | None = None, codebook: Codebook | None = None
) -> Chart:
    """Krippendorff's alpha of each two coders as a matrix, in which the alike are neighbours.

    Up to 40 coders, a cell leads to the sentences on which two differ; for more, the table counts.

    >>> from helpers import load_codings
    >>> import pandas as pd
    >>> pair_chart(pd.concat([load_codings("coder-1"), load_codings("coder-2")])).marks[0].label
    'coder-1 and coder-2: alpha 0.96 (0.93 to 0.98) on 172 sentences'
    """
    table = pair_agreement(codings, corpus, codebook or load_codebook())
    coders = list(codings["coder"].unique())
    few = len(coders) <= MOST_NAMES
    numbers, cells = len(coders) <= MOST_NUMBERS, []
    shown = _pairs_shown(table) if few else _bands(table["value"])
    if table["value"].isna().all():
        return make_chart("pairs_of_coders", shown, None, "nothing", many=len(coders))
    order = neighbours(square(table["value"], coders))
    for column, row in combinations(range(len(order)), 2):
        one, other = (coders[at] for at in sorted((order[column], order[row])))
        figure = table.loc[(one, other)]
        alpha, ids = wording.alpha_text(figure), figure["ids"] if few else ()
        label = (
            f"{wording.cut(one)} and {wording.cut(other)}: alpha {alpha} on {figure['n']} sentences"
        )
        mark, shade = Mark(label, ids) if ids else None, _shade(figure["value"], numbers)
        text = alpha.partition(" ")[0] if numbers and shade else ""
        cells.append(Cell(row, column, text, shade, mark))
    labels, shades = (
        wording.distinct({coder: coder for coder in coders}),
        wording.TEXTS["pairs_of_coders"]["shades"],
    )
    names = [labels[coders[at]] if few else "" for at in order]
    keys = [Key(text, shade=_shade(float(of), numbers)) for of, text in shades.items()]
    row = min(0.5, (Chart.width - 0.4 - inches(names)) / len(names))
    drawing = Drawing({"": names}, cells, keys, row=row, columns=names)
    words = {"many": len(coders), **_ends(table["value"].reset_index(drop=True), range(len(table)))}
    return make_chart("pairs_of_coders", shown, drawing, **words)


def _pairs_shown(table: pd.DataFrame) -> pd.DataFrame:
    shown = wording.dashes(table[list(SAY["columns"])].rename(columns=SAY["columns"]))
    return shown.reset_index("second").rename_axis("first")


def _bands(values: pd.Series) -> pd.DataFrame:
    """How many pairs have an alpha in each band."""
    counts, edges = np.histogram(values.dropna(), [-1, *np.arange(0, 1.05, 0.1)])
    bands = [f"{low:.1f} to {high:.1f}" if low >= 0 else "below 0" for low, high in pairwise(edges)]
    pairs = [*counts, values.isna().sum()]
    return pd.DataFrame({"alpha": [*bands, "undefined"], "pairs": pairs}).set_index("alpha")


def _shade(value: float, numbers: bool) -> float:
    """The shade of an alpha: the higher the deeper, but a number in it can be read."""
    deep = 0.38 if numbers else 0.84
    return 0.0 if math.isnan(value) else 0.06 + deep * min(max(value, 0), 1)


def square(values: pd.Series, coders: list[str]) -> np.ndarray:
    """Pairs as a matrix, the same on both sides of its diagonal, which is NaN."""
    half = values.unstack().reindex(index=coders, columns=coders).to_numpy(float)
    return np.where(np.isnan(half), half.T, half)


def neighbours(cells: np.ndarray) -> list[int]:
    """An order in which the alike stand near each other: that of the first principal axis."""
    filled = np.where(np.isnan(cells), np.nanmean(cells), cells)
    np.fill_diagonal(filled, 1)
    centred = filled - filled.mean(axis=0) - filled.mean(axis=1)[:, None] + filled.mean()
    return np.argsort(np.linalg.eigh(centred)[1][:, -1], kind="stable").tolist()


def group_codeline(corpus: Texts, codings: pd.DataFrame, codebook: Codebook | None = None) -> Chart:
    """Each document from beginning to end: bars as high as the share who gave a sentence a code.

    >>> from helpers import load_codings, load_corpus
    >>> import pandas as pd
    >>> both = pd.concat([load_codings("coder-1"), load_codings("coder-2")])
    >>> group_codeline(load_corpus(), both).marks[0].label
    'Pay and conditions: kctu-007, 2 of 2 coders'
    """
    codebook, series = codebook or load_codebook(), coded_series(corpus, codings)
    shares, many, rows = code_shares(codings, codebook), codings["coder"].nunique(), []
    known = {id: each.name for each in series for id in each.document.sentences.index}
    if unknown := set(shares.index) - set(known):
        raise UnionError(SAY["unknown"].format(id=repr(min(unknown))))
    shares = shares.reindex(list(known), fill_value=0).astype(int)
    for id, row in shares.iterrows():
        given = row.drop("n")[row.drop("n") > 0].sort_values(ascending=False, kind="stable")
        codes = ", ".join(f"{codebook[code].label} {count}" for code, count in given.items())
        rows.append((id, known[id], row["n"], codes or "–"))
    shown = pd.DataFrame(rows, columns=wording.TEXTS["group_codeline"]["columns"]).set_index(
        "sentence"
    )
    found = [row for each in series for row in _bars(each, shares, many, codebook)]
    coded = shares[shares["n"] > 0]
    most, n = coded.drop(columns="n").max(axis=1), coded["n"]
    words = {"whole": int((most == n).sum()), "half": int((2 * most < n).sum())}
    words |= {"many": many, "sentences": len(coded), "start": wording.in_these(len(series))}
    drawing = lanes([each.name for each in series], found, codebook, 0.27) if many else None
    return make_chart("group_codeline", shown, drawing, "said" if many else "nothing", **words)


def _bars(each: Series, shares: pd.DataFrame, many: int, codebook: Codebook) -> Iterator[tuple]:
    """What :func:`lanes` wants to know of the sentences of a document."""
    own, places = shares.loc[each.document.sentences.index], percent_places(each.document)
    own = own.assign(**{NOT_CODED: many - own["n"]})
    for code in [*codebook, NOT_CODED]:
        for id, count in own[code][own[code] > 0].items():
            of = many if code == NOT_CODED else own.at[id, "n"]
            said, top = f"{count} of {of} coders", 2 * HALF * count / of - HALF
            yield id, each.name, code, *places[id], -HALF, top, said
