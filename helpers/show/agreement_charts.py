"""Charts of coders: how far two or many agree on each code, in pairs and with a reference, and what all gave to each sentence.

Each function gives a :class:`~helpers.show.charts.Chart`. Codings are tables as :mod:`helpers.coding.codings` describes
them. Agreement is not correctness, and coders stand in an order that is no ranking.
"""

import math
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pandas as pd

from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.coders import (
    code_shares,
    grid,
    group_agreement,
    pair_agreement,
    reference_agreement,
)
from helpers.coding.frames import NOT_CODED, Texts
from helpers.coding.reliability import Agreement
from helpers.corpus.documents import Corpus
from helpers.corpus.errors import UnionError
from helpers.show.charts import Chart
from helpers.show.drawing import Cell, Cells, Dots, Key, Lanes, Mark, Stripe, Value, inches
from helpers.show.frame_charts import (
    Series,
    coded_series,
    colour_of,
    lanes_of,
    percent_places,
)
from helpers.show.wording import (
    TEXTS,
    alpha_text,
    and_list,
    code_labels,
    cut,
    dashes,
    distinct,
    in_these,
    two_digits,
)

MOST_NAMES, MOST_NUMBERS = 40, 14  # coders whose pairs can be named and chosen, and have numbers


def _alphas(
    texts: Mapping[str, Any],
    title: str,
    said: str,
    table: pd.DataFrame,
    labels: Mapping[str, str],
    lines: bool = True,
) -> Chart:
    """A dot with its interval for each alpha, from columns of figures and ``ids``, the sentences behind a row."""
    say = TEXTS["agreement"]
    heads = texts.get("columns", say["columns"])
    shown = table[list(heads)].rename(columns=heads).rename(index=labels)
    if table["value"].isna().all():
        return Chart(title, said, dashes(shown))
    values = []
    for of, row in table.iterrows():
        label = texts["mark"].format(label=labels[of], many=len(row["ids"]), n=row["n"])
        text = alpha_text(row).partition(" ")[0]
        mark = Mark(label, row["ids"]) if row["ids"] else None
        values.append([Value(row["value"], row["low"], row["high"], text, mark)])
    limits = (min(0, table["low"].min(), table["value"].min()) - 0.03, 1.03)
    lines = {float(at): text for at, text in say["conventions"].items()} if lines else {}
    rows, how = {"": list(shown.index)}, {"limits": limits, "values": values, "lines": lines}
    return Chart(title, said, dashes(shown), Dots(rows, axis=say["axis"], **how))


def _ends(known: pd.Series, labels: Mapping[str, str]) -> dict[str, str]:
    """The lowest and the highest figure, with what they are of, and what has none."""
    order = known.dropna().sort_values()
    ends = [f"{two_digits(value)} (“{labels[of]}”)" for of, value in order.iloc[[0, -1]].items()]
    unknown = and_list(labels[of] for of in known.index[known.isna()]) or "no code"
    return {"lowest": ends[0], "highest": ends[1], "unknown": unknown}


def agreement_chart(
    result: Agreement,
    first: pd.DataFrame,
    second: pd.DataFrame,
    codebook: Codebook | None = None,
) -> Chart:
    """Krippendorff's alpha of each code, with intervals; ``first`` and ``second`` are the codings compared.

    >>> from helpers import agreement, load_codings
    >>> one, two = load_codings("coder-1"), load_codings("coder-2")
    >>> agreement_chart(agreement(one, two), one, two).marks[0].label
    'All codes together: the coders differ in 8 of 172 sentences'
    """
    say = TEXTS["agreement"]
    labels = {"code sets": say["all"]} | code_labels(codebook or load_codebook())
    table = pd.concat([result.overall, result.codes]).xs("alpha", level="measure")
    table = table.loc[[of for of in labels if of in table.index]].rename_axis("code")
    other = dict(zip(second["sentence"], map(set, second["codes"]), strict=True))
    both = {
        row.sentence: set(row.codes) ^ other.get(row.sentence, set(row.codes))
        for row in first.itertuples()
    }
    table["ids"] = [
        tuple(id for id, codes in both.items() if codes and of in ("code sets", *codes))
        for of in table.index
    ]
    title = say["title"].format(coders=and_list(map(cut, result.coders)))
    said, same = say["nothing"].format(n=result.n), int((table["value"] == 1).sum())
    if table["value"].notna().any():
        said = say["said"].format(n=result.n, **_ends(table["value"], labels))
    if same:
        said += say["same"].format(same=same, all=len(table))
    heads = {name: name for name in table if name != "ids"}
    return _alphas(say | {"columns": heads}, title, said, table, labels)


def group_chart(
    codings: pd.DataFrame, corpus: Corpus | None = None, codebook: Codebook | None = None
) -> Chart:
    """Krippendorff's alpha of all coders together on each code, with intervals; marks lead to the sentences they differ on.

    >>> from helpers import load_codings
    >>> import pandas as pd
    >>> group_chart(pd.concat([load_codings("coder-1"), load_codings("coder-2")])).marks[0].label
    'All codes together: not all coders alike in 8 of 172 sentences'
    """
    say, codes = TEXTS["group"], code_labels(codebook or load_codebook())
    labels, many = {"code sets": TEXTS["agreement"]["all"]} | codes, codings["coder"].nunique()
    table = group_agreement(codings, corpus, codebook).loc[list(labels)].rename_axis("code")
    said, known = say["nothing"], table["value"].drop("code sets")
    if known.notna().any():
        said = say["said"].format(n=table["n"].max(), many=many, **_ends(known, labels))
    return _alphas(say, say["title"].format(many=many), said, table, labels)


def reference_chart(
    codings: pd.DataFrame,
    reference: pd.DataFrame,
    corpus: Corpus | None = None,
    codebook: Codebook | None = None,
) -> Chart:
    """Krippendorff's alpha of each coder with a reference, which is one more coding and no key; marks lead to where they differ.

    >>> from helpers import load_codings
    >>> reference_chart(load_codings("coder-1"), load_codings("reference")).marks[0].label
    'coder-1: otherwise than the reference in 4 of 172 sentences'
    """
    say, codebook, name = TEXTS["reference"], codebook or load_codebook(), "\0reference"
    table = reference_agreement(codings, reference, corpus, codebook)
    both = grid(pd.concat([reference.assign(coder=name), codings]), codebook)
    table["ids"] = [both.apart(name, coder) for coder in table.index]
    labels, said = distinct({coder: coder for coder in table.index}), say["nothing"]
    if known := table["value"].notna().sum():
        said = say["said"].format(known=known, all=len(table), **_half(table["value"]))
    return _alphas(say, say["title"], said, table, labels, lines=False)


def _half(known: pd.Series) -> dict[str, str]:
    """Between what half of the figures lie."""
    return {"low": two_digits(known.quantile(0.25)), "high": two_digits(known.quantile(0.75))}


def pair_chart(
    codings: pd.DataFrame, corpus: Corpus | None = None, codebook: Codebook | None = None
) -> Chart:
    """Krippendorff's alpha of each two coders as a matrix, in which those who coded alike stand near each other.

    Up to 40 coders a cell can be chosen, and leads to the sentences on which the two differ; for more, the table counts pairs.

    >>> from helpers import load_codings
    >>> import pandas as pd
    >>> pair_chart(pd.concat([load_codings("coder-1"), load_codings("coder-2")])).marks[0].label
    'coder-1 and coder-2: alpha 0.96 (0.93 to 0.98) on 172 sentences'
    """
    say, codebook = TEXTS["pairs_of_coders"], codebook or load_codebook()
    table, both = pair_agreement(codings, corpus, codebook), grid(codings, codebook)
    coders, known = both.coders, table["value"].dropna()
    title, few = say["title"].format(many=len(coders)), len(coders) <= MOST_NAMES
    shown = _pairs_shown(table) if few else _bands(table["value"])
    if known.empty:
        return Chart(title, say["nothing"], shown)
    order, cells = neighbours(square(table["value"], coders)), []
    numbers = len(coders) <= MOST_NUMBERS
    deep = 0.38 if numbers else 0.84  # so that a number can be read
    for column, row in combinations(range(len(order)), 2):
        one, other = (coders[at] for at in sorted((order[column], order[row])))
        figure, ids = table.loc[(one, other)], both.apart(one, other) if few else ()
        label = (
            f"{cut(one)} and {cut(other)}: alpha {alpha_text(figure)} on {figure['n']} sentences"
        )
        text = two_digits(figure["value"]) if numbers and figure["value"] == figure["value"] else ""
        mark = Mark(label, ids) if ids else None
        cells.append(Cell(row, column, text, _shade(figure["value"], deep), mark))
    said = say["said"].format(pairs=len(known), **_half(known))
    labels = distinct({coder: coder for coder in coders})
    names = [labels[coders[at]] if few else "" for at in order]
    keys = [Key(text, shade=_shade(float(of), deep)) for of, text in say["shades"].items()]
    row = min(0.5, (Chart.width - 0.4 - inches(names)) / len(names))
    how = {"row": row, "columns": names, "cells": cells, "turned": True}
    return Chart(title, said, shown, Cells({"": names}, keys, **how))


def _pairs_shown(table: pd.DataFrame) -> pd.DataFrame:
    heads = TEXTS["agreement"]["columns"]
    shown = dashes(table[list(heads)].rename(columns=heads))
    return shown.reset_index("second").rename_axis("first")


def _bands(values: pd.Series) -> pd.DataFrame:
    """How many pairs have an alpha in each band."""
    counts, edges = np.histogram(values.dropna(), [-1, *np.arange(0, 1.05, 0.1)])
    bands = [f"{low:.1f} to {high:.1f}" if low >= 0 else "below 0" for low, high in pairwise(edges)]
    pairs = [*counts, values.isna().sum()]
    return pd.DataFrame({"alpha": [*bands, "undefined"], "pairs": pairs}).set_index("alpha")


def _shade(value: float, deep: float) -> float:
    """The shade of an alpha: the higher, the further from the paper."""
    return 0.0 if math.isnan(value) else 0.06 + deep * min(max(value, 0), 1)


def square(values: pd.Series, coders: list[str]) -> np.ndarray:
    """Pairs as a matrix, the same on both sides of its diagonal, which is NaN."""
    half = values.unstack().reindex(index=coders, columns=coders).to_numpy(float)
    return np.where(np.isnan(half), half.T, half)


def neighbours(cells: np.ndarray) -> list[int]:
    """An order in which the alike stand near each other: that of the first principal axis of the matrix."""
    filled = np.where(np.isnan(cells), np.nanmean(cells), cells)
    np.fill_diagonal(filled, 1)
    centred = filled - filled.mean(axis=0) - filled.mean(axis=1)[:, None] + filled.mean()
    return np.argsort(np.linalg.eigh(centred)[1][:, -1], kind="stable").tolist()


def group_codeline(corpus: Texts, codings: pd.DataFrame, codebook: Codebook | None = None) -> Chart:
    """Each document from beginning to end: a lane for each code, and in it bars as high as the share who gave the sentence that code.

    >>> from helpers import load_codings, load_corpus
    >>> import pandas as pd
    >>> both = pd.concat([load_codings("coder-1"), load_codings("coder-2")])
    >>> group_codeline(load_corpus(), both).marks[0].label
    'Pay and conditions: kctu-007, 2 of 2 coders'
    """
    say, codebook = TEXTS["group_codeline"], codebook or load_codebook()
    series, many = coded_series(corpus, codings), codings["coder"].nunique()
    shares, rows = code_shares(codings, codebook), []
    known = {id for each in series for id in each.document.sentences.index}
    if unknown := set(shares.index) - known:
        raise UnionError(
            f"There is no sentence {min(unknown)!r} in the corpus: check the id, or leave its codings out."
        )
    names, found = (
        [each.name for each in series],
        [row for each in series for row in _shares_of(each, shares, many, codebook)],
    )
    labels, lanes = lanes_of(names, {row[2] for row in found}, codebook)
    for each in series:
        for id, row in shares.reindex(each.document.sentences.index, fill_value=0).iterrows():
            given = row.drop("n").astype(int).sort_values(ascending=False, kind="stable")
            said = ", ".join(f"{labels[code]} {count}" for code, count in given.items() if count)
            rows.append((id, each.name, int(row["n"]), said or "–"))
    shown = pd.DataFrame(rows, columns=say["columns"]).set_index("sentence")
    title = say["title"].format(many=many)
    if not many:
        return Chart(title, TEXTS["nothing"], shown)
    stripes = []
    for id, name, code, begins, ends, count, of in found:
        mark = Mark(f"{labels[code]}: {id}, {count} of {of} coders", (id,))
        at, top = lanes[name, code], 0.88 * count / of - 0.44
        stripes.append(Stripe(at, begins, ends, -0.44, top, colour_of(code, codebook), mark))
    most, coders = shares.drop(columns="n").max(axis=1), shares["n"]
    counts = {"whole": int((most == coders).sum()), "half": int((2 * most < coders).sum())}
    counts |= {"many": many, "sentences": len(shares), "start": in_these(len(series))}
    panels = dict.fromkeys(names, list(labels.values()))
    lines = Lanes(panels, axis=TEXTS["frames"]["along"], row=0.27, stripes=stripes)
    return Chart(title, say["said"].format(**counts), shown, lines)


def _shares_of(
    each: Series, shares: pd.DataFrame, many: int, codebook: Codebook
) -> Iterator[tuple]:
    """The bars of one document: sentence, name, code, from where to where, given by how many, of how many."""
    own = shares.reindex(each.document.sentences.index, fill_value=0)
    places = percent_places(each.document)
    for code in [*codebook, NOT_CODED]:
        counts = many - own["n"] if code == NOT_CODED else own[code]
        for id, count in counts[counts > 0].items():
            of = many if code == NOT_CODED else own.at[id, "n"]
            yield id, each.name, code, *places.loc[id], count, of
