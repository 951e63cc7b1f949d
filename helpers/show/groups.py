"""Charts of many coders: what each sentence was given by how many, how far they agree on each code, in pairs and with a reference.

Each function gives a :class:`~helpers.show.charts.Chart`, ``width`` inches wide. Codings are a table of any number of
coders. Agreement is not correctness, and coders stand in an order that is no ranking.
"""

from __future__ import annotations

import math
from functools import partial
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.frames import NOT_CODED
from helpers.coding.reliability import (
    Texts,
    code_shares,
    group_agreement,
    pair_agreement,
    reference_agreement,
)
from helpers.corpus.documents import Corpus, listed
from helpers.corpus.errors import UnionError
from helpers.show.charts import Chart, Ink, Mark
from helpers.show.frames import (
    _NOTHING,
    _alphas,
    _chart,
    _cut,
    _dashes,
    _distinct,
    _here,
    _labels,
    _lanes,
    _listed,
    _names,
    _plain,
)

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

_NAMES_AN_INCH, _MOST_NUMBERS = (
    5,
    14,
)  # coders for whose pairs there is room to be named and chosen, and for numbers in them
_FIGURES = {
    "value": "alpha",
    "low": "low",
    "high": "high",
    "n": "sentences",
    "percent": "percent the same",
    "note": "note",
}


def group_codeline(
    corpus: Texts, codings: pd.DataFrame, *, codebook: Codebook | None = None, width: float = 8.0
) -> Chart:
    """Each document from beginning to end: a lane for each code, and in it bars as high as the share who gave the sentence that code.

    >>> from helpers import load_codings, load_corpus
    >>> import pandas as pd
    >>> both = pd.concat([load_codings("coder-1"), load_codings("coder-2")])
    >>> group_codeline(load_corpus(), both).marks[0].label
    'Pay and conditions: kctu-007, 2 of 2 coders'
    """
    import pandas as pd

    codebook = codebook or load_codebook()
    shares, many, labels = (
        code_shares(codings, codebook),
        codings["coder"].nunique(),
        _labels(codebook),
    )
    names, found, rows = _names(corpus), [], []
    if unknown := set(shares.index) - {
        id for document in listed(corpus) for id in document.sentences.index
    }:
        raise UnionError(
            f"There is no sentence {min(unknown)!r} in the corpus: check the id, or leave its codings out."
        )
    for document in listed(corpus):
        own = shares.reindex(document.sentences.index, fill_value=0)
        places = 100 * document.sentences[["start", "end"]] / max(len(document.text), 1)
        for code in [*codebook, NOT_CODED]:
            for id, count, n in zip(
                own.index,
                many - own["n"] if code == NOT_CODED else own[code],
                own["n"],
                strict=True,
            ):
                if count:
                    found.append(
                        (
                            id,
                            document.id,
                            code,
                            *places.loc[id],
                            count,
                            many if code == NOT_CODED else n,
                        )
                    )
        for id, row in own.iterrows():
            given = row.drop("n").astype(int).sort_values(ascending=False, kind="stable")
            said = ", ".join(f"{labels[code]} {count}" for code, count in given.items() if count)
            rows.append((id, names[document.id], int(row["n"]), said or "–"))
    shown = pd.DataFrame(
        rows, columns=["sentence", "document", "coders", "codes, and how many gave them"]
    ).set_index("sentence")
    title = f"Which codes {many} coders gave to each sentence. Full height: all who coded it"
    if not many:
        return _chart(None, (width, 2.4), _NOTHING, shown, title)
    bars = pd.DataFrame(
        found, columns=["sentence", "document", "code", "begins", "ends", "count", "of"]
    )
    lanes = labels | ({NOT_CODED: NOT_CODED} if NOT_CODED in set(bars["code"]) else {})
    marks = [
        Mark(f"{lanes[bar.code]}: {bar.sentence}, {bar.count} of {bar.of} coders", (bar.sentence,))
        for bar in bars.itertuples()
    ]
    most = shares.drop(columns="n").max(axis=1)
    whole, half = int((most == shares["n"]).sum()), int((2 * most < shares["n"]).sum())
    said = f"{_here(names)}, {many} coders gave codes to {len(shares)} sentences. In {whole} of them there is a code that all gave"
    said += f" who coded the sentence; in {half} no code was given by half of them."
    paint = partial(_bars, bars=bars, labels=lanes, names=names, codebook=codebook)
    return _chart(
        paint, (width, 1.1 + len(names) * (0.27 * len(lanes) + 0.42)), said, shown, title, marks
    )


def _bars(
    axes: Axes,
    ink: Ink,
    bars: pd.DataFrame,
    labels: dict[str, str],
    names: dict[str, str],
    codebook: Codebook,
) -> None:
    """A panel for each document: its name, then its lanes, in which bars stand on the ground."""
    from matplotlib.patches import Rectangle

    lanes = {
        (id, code): nth * (len(labels) + 2) + lane
        for nth, id in enumerate(names)
        for lane, code in enumerate(labels)
    }
    for number, bar in enumerate(bars.itertuples()):
        colour, ground = (
            ink.line if bar.code == NOT_CODED else codebook[bar.code].colour,
            lanes[bar.document, bar.code] + 0.44,
        )
        look = {
            "facecolor": colour,
            "edgecolor": ink.paper if bar.ends - bar.begins > 2 else colour,
            "linewidth": 0.4,
        }
        axes.add_patch(
            Rectangle(
                (bar.begins, ground),
                bar.ends - bar.begins,
                -0.88 * bar.count / bar.of,
                gid=f"mark-{number}",
                **look,
            )
        )
    for nth, name in enumerate(names.values()):
        axes.text(
            0, nth * (len(labels) + 2) - 0.7, _plain(name), weight="bold", fontsize=10, va="bottom"
        )
    _lanes(axes, ink, lanes.values(), [labels[code] for _, code in lanes], top=-1.9)
    axes.set_xlim(0, 100)
    axes.set_xlabel("percent of the document, by characters", fontsize=10)


def group_chart(
    codings: pd.DataFrame,
    corpus: Corpus | None = None,
    *,
    codebook: Codebook | None = None,
    width: float = 8.0,
) -> Chart:
    """Krippendorff's alpha of all coders together on each code, with intervals; marks lead to the sentences they differ on.

    >>> from helpers import load_codings
    >>> import pandas as pd
    >>> group_chart(pd.concat([load_codings("coder-1"), load_codings("coder-2")])).marks[0].label
    'All codes together: not all coders alike in 8 of 172 sentences'
    """
    labels = {"code sets": "All codes together"} | _labels(codebook or load_codebook())
    table, many = (
        group_agreement(codings, corpus, codebook).loc[list(labels)],
        codings["coder"].nunique(),
    )
    shown = _dashes(
        table[["value", "low", "high", "n", "coders", "note"]]
        .round(3)
        .rename(index=labels)
        .rename_axis("code")
    )
    shown = shown.rename(
        columns={"value": "alpha", "n": "sentences", "coders": "coders who used it"}
    )
    title = f"Agreement of {many} coders on each code: Krippendorff's alpha"
    known = table["value"].drop("code sets").dropna().sort_values()
    if known.empty:
        return _chart(
            None,
            (width, 2.4),
            "Alpha is undefined for every code: too few sentences were coded by two coders.",
            shown,
            title,
        )
    lowest, highest = (
        f"{_two(known.iloc[place])} (“{labels[known.index[place]]}”)" for place in (0, -1)
    )
    said = f"On {table['n'].max()} sentences that at least two of {many} coders coded, alpha runs from {lowest} to {highest}"
    said += f"; it is undefined for {_listed(labels[of] for of in labels if of not in known and of != 'code sets') or 'no code'}."
    marks = {
        of: Mark(
            f"{labels[of]}: not all coders alike in {len(row['ids'])} of {row['n']} sentences",
            row["ids"],
        )
        for of, row in table.iterrows()
        if row["ids"]
    }
    paint = partial(_alphas, table=table.rename(index=labels), marked=[labels[of] for of in marks])
    return _chart(paint, (width, 1.7 + 0.3 * len(table)), said, shown, title, marks.values())


def reference_chart(
    codings: pd.DataFrame,
    reference: pd.DataFrame,
    corpus: Corpus | None = None,
    *,
    codebook: Codebook | None = None,
    width: float = 8.0,
) -> Chart:
    """Krippendorff's alpha of each coder with a reference, which is one more coding and no key; marks lead to where they differ.

    >>> from helpers import load_codings
    >>> reference_chart(load_codings("coder-1"), load_codings("reference")).marks[0].label
    'coder-1: otherwise than the reference in 4 of 172 sentences'
    """
    codebook = codebook or load_codebook()
    table = reference_agreement(codings, reference, corpus, codebook)
    labels = _distinct({coder: coder for coder in table.index})
    shown = _dashes(table[list(_FIGURES)].round(3).rename(columns=_FIGURES).rename(index=labels))
    title = "Each coder with the reference, which is one more coding and no key: Krippendorff's alpha over code sets"
    known = table["value"].dropna()
    if known.empty:
        return _chart(
            None, (width, 2.4), "Alpha with the reference is undefined for everybody.", shown, title
        )
    said = f"Alpha with the reference, for {len(known)} of {len(table)} coders: half of them lie between {_two(known.quantile(0.25))}"
    said += f" and {_two(known.quantile(0.75))}. The order is that of the names. Who differs from the reference is not wrong by that."
    marks = {
        labels[coder]: Mark(
            f"{labels[coder]}: otherwise than the reference in {len(ids)} of {table.at[coder, 'n']} sentences",
            ids,
        )
        for coder, ids in table["ids"].items()
        if ids
    }
    paint = partial(_alphas, table=table.rename(index=labels), marked=list(marks), lines=False)
    return _chart(paint, (width, 1.9 + 0.3 * len(table)), said, shown, title, marks.values())


def pair_chart(
    codings: pd.DataFrame,
    corpus: Corpus | None = None,
    *,
    codebook: Codebook | None = None,
    width: float = 8.0,
) -> Chart:
    """Krippendorff's alpha of each two coders as a matrix, in which those who coded alike stand near each other.

    Up to 40 coders (for a width of 8) a cell can be chosen, and leads to the sentences on which the two differ; for more, the
    table counts pairs.

    >>> from helpers import load_codings
    >>> import pandas as pd
    >>> pair_chart(pd.concat([load_codings("coder-1"), load_codings("coder-2")])).marks[0].label
    'coder-1 and coder-2: alpha 0.96 (0.93 to 0.98) on 172 sentences'
    """
    import numpy as np
    import pandas as pd

    codebook = codebook or load_codebook()
    table, coders = pair_agreement(codings, corpus, codebook), list(codings["coder"].unique())
    title = f"How far each two of {len(coders)} coders agree: Krippendorff's alpha over code sets"
    known, few = table["value"].dropna(), len(coders) <= _NAMES_AN_INCH * width
    if few:
        shown = (
            _dashes(table[list(_FIGURES)].round(3).rename(columns=_FIGURES))
            .reset_index("second")
            .rename_axis("first")
        )
    else:
        counts, edges = np.histogram(known, [-1, *np.arange(0, 1.05, 0.1)])
        bands = [
            f"{low:.1f} to {high:.1f}" if low >= 0 else "below 0" for low, high in pairwise(edges)
        ]
        shown = pd.DataFrame(
            {"alpha": [*bands, "undefined"], "pairs": [*counts, len(table) - len(known)]}
        ).set_index("alpha")
    if known.empty:
        return _chart(None, (width, 2.4), "There are no two coders with an alpha.", shown, title)
    cells = _square(table["value"], coders)
    order = _neighbours(cells)
    said = f"Alpha of {len(known)} pairs: half of them lie between {_two(known.quantile(0.25))} and {_two(known.quantile(0.75))}. Whoever"
    said += " coded alike stands side by side, so that a dark block is a group with one reading; the order is no ranking."
    marks = {}
    for x, y in combinations(range(len(order)), 2) if few else ():
        one, other = (coders[place] for place in sorted((order[x], order[y])))
        row = table.loc[(one, other)]
        if ids := row["ids"]:
            marks[y, x] = Mark(
                f"{_cut(one)} and {_cut(other)}: alpha {_alpha(row)} on {row['n']} sentences", ids
            )
    labels = _distinct({coder: coder for coder in coders})
    paint = partial(
        _matrix,
        cells=cells[np.ix_(order, order)],
        names=[labels[coders[at]] for at in order],
        marked=list(marks),
        named=few,
    )
    return _chart(
        paint,
        (width, width + 0.8),
        said,
        shown,
        title,
        marks.values(),
        partial(_shades, many=len(order)),
    )


def _two(value: float) -> str:
    """A figure with two digits, never as “-0.00”."""
    return f"{round(value, 2) + 0:.2f}"


def _alpha(row: pd.Series) -> str:
    span = "" if math.isnan(row["low"]) else f" ({_two(row['low'])} to {_two(row['high'])})"
    return "undefined" if math.isnan(row["value"]) else f"{_two(row['value'])}{span}"


def _square(values: pd.Series, coders: list[str]) -> np.ndarray:
    """Pairs as a matrix, the same on both sides of its diagonal, which is NaN."""
    import numpy as np

    cells, places = (
        np.full((len(coders), len(coders)), math.nan),
        {coder: place for place, coder in enumerate(coders)},
    )
    for (one, other), value in values.items():
        cells[places[one], places[other]] = cells[places[other], places[one]] = value
    return cells


def _neighbours(cells: np.ndarray) -> list[int]:
    """An order in which the alike stand near each other: that of the first principal axis of the matrix."""
    import numpy as np

    filled = np.where(np.isnan(cells), np.nanmean(cells), cells)
    np.fill_diagonal(filled, 1)
    centred = filled - filled.mean(axis=0) - filled.mean(axis=1)[:, None] + filled.mean()
    return np.argsort(np.linalg.eigh(centred)[1][:, -1], kind="stable").tolist()


def _shade(value: float, ink: Ink, many: int) -> list[float]:
    """The colour of an alpha: the higher, the further from the paper, though never so far that a number in it cannot be read."""
    from matplotlib.colors import to_rgb

    depth = (
        0.0
        if math.isnan(value)
        else 0.06 + (0.38 if many <= _MOST_NUMBERS else 0.84) * min(max(value, 0), 1)
    )
    return [
        (1 - depth) * one + depth * other
        for one, other in zip(to_rgb(ink.paper), to_rgb(ink.tones[0]), strict=True)
    ]


def _shades(ink: Ink, many: int) -> list[tuple[Any, str]]:
    from matplotlib.patches import Patch

    texts = {math.nan: "undefined", 0: "0 or less: as by chance", 0.5: "0.5", 1: "1: never apart"}
    return [
        (Patch(facecolor=_shade(value, ink, many), edgecolor=ink.line), text)
        for value, text in texts.items()
    ]


def _matrix(
    axes: Axes,
    ink: Ink,
    cells: np.ndarray,
    names: list[str],
    marked: list[tuple[int, int]],
    named: bool,
) -> None:
    """The lower triangle: the darker a cell, the higher alpha; the numbers too, where there is room."""
    from matplotlib.patches import Rectangle

    numbers, many = {cell: number for number, cell in enumerate(marked)}, len(names)
    for x, y in combinations(range(many), 2):
        look = {
            "facecolor": _shade(cells[y, x], ink, many),
            "edgecolor": ink.line,
            "linewidth": 0.5 * named,
        }
        gid = f"mark-{numbers[y, x]}" if (y, x) in numbers else None
        axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, gid=gid, **look))
        if many <= _MOST_NUMBERS and not math.isnan(cells[y, x]):
            axes.text(x, y, _two(cells[y, x]), ha="center", va="center", fontsize=9.5)
    if named:
        axes.set_yticks(range(many), [_plain(name) for name in names], fontsize=9.5)
        axes.set_xticks(range(many), [_plain(name) for name in names], rotation=90, fontsize=9.5)
    else:
        axes.set(xticks=[], yticks=[])
    axes.tick_params(length=0)
    axes.set(xlim=(-0.5, many - 0.5), ylim=(many - 0.5, -0.5), aspect="equal")
