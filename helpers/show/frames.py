"""Charts of codings: which roles each document gives to a union, where in it, which together, and what hangs on the coder.

Each function gives a :class:`~helpers.show.charts.Chart`, ``width`` inches wide (from 5.5). Up to six documents are told
apart by tone and hatch or marker. Codings are a table of one coder, as :mod:`helpers.coding.codings` describes it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.frames import (
    NO_CORNER,
    NOT_CODED,
    code_pairs,
    corner_draws,
    corner_table,
    corners,
    frame_table,
    what_if,
)
from helpers.coding.reliability import Agreement, Texts
from helpers.corpus.documents import listed
from helpers.corpus.errors import UnionError
from helpers.show.charts import HATCHES, Chart, Ink, Mark

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

TRIANGLE, DUALISM = "Hyman's triangle (2001)", "Classic dualism (Pravda and Ruble 1986)"
_NOTHING, _MAIN = "No sentence is coded yet, so there is nothing to draw.", "by the main code"
_MARKERS = ("o", "s", "D", "^", "v", "P")  # as many documents can be told apart
_FEWEST, _WRAP = 5, 31  # coded sentences for an interval; characters in a line of a label
_COLUMNS = {
    "sentences": "sentences",
    "coded": "coded",
    "rate": "percent",
    "within": "percent of those with a corner",
    "block_low": "low, paragraphs drawn",
    "block_high": "high, paragraphs drawn",
    "low": "low, sentences drawn",
    "high": "high, sentences drawn",
    "lowest": "lowest",
    "highest": "highest",
    "by_any": "sentences by any coder",
    "not_by_all": "not by all",
}


class _Rows(NamedTuple):
    """What a bar chart draws: a row for each of ``labels`` (by key), and in it a bar for each document of ``names`` (by id)."""

    table: pd.DataFrame
    labels: dict[str, str]
    names: dict[str, str]

    def marks(self) -> dict[tuple[str, str], Mark]:
        """The bars that lead to sentences, by document and key, in the order of their numbers."""
        rows = {(id, key): self.table.loc[(id, key)] for key in self.labels for id in self.names}
        who = " by any coder" if "lowest" in self.table else ""
        said = {
            (
                id,
                key,
            ): f"{self.labels[key]} in {self.names[id]}: {len(row['ids'])} of {row['coded']} sentences{who}, {_text(row)}"
            for (id, key), row in rows.items()
            if row["ids"]
        }
        return {cell: Mark(label, rows[cell]["ids"]) for cell, label in said.items()}

    def coded(self) -> dict[str, int]:
        return {id: int(self.table.loc[id, "coded"].iloc[0]) for id in self.names}

    def shown(self, what: str) -> pd.DataFrame:
        """The numbers as a table for readers."""
        order = [(id, key) for key in self.labels for id in self.names]
        names = [
            name for name in self.table.columns if name in _COLUMNS or name.startswith("rate ")
        ]
        table = self.table.loc[order, names].rename(columns=_COLUMNS).round(1)
        table.insert(0, "document", [self.names[id] for id, _ in order])
        return _dashes(table.set_axis([self.labels[key] for _, key in order]).rename_axis(what))

    def tops(self) -> str:
        """The most frequent rows of each document, in words."""
        said = []
        for id, name in self.names.items():
            rows = (
                self.table.loc[id]
                .loc[list(self.labels)]
                .sort_values("sentences", ascending=False, kind="stable")
            )
            top = [
                f"“{self.labels[key]}”"
                for key in rows.index[rows["sentences"] == rows["sentences"].iloc[0]]
            ]
            said.append(
                f"in {name} {_listed(top)} with {_share(rows.iloc[0])}"
                if rows["sentences"].iloc[0]
                else f"none in {name}"
            )
        return "; ".join(said)

    def chart(self, corpus: Texts, what: str, said: str, title: str, width: float) -> Chart:
        """The rows as a chart of bars."""
        if not any(self.coded().values()):
            return _chart(None, (width, 2.4), _NOTHING, self.shown(what), title)
        lines = max(len(textwrap.wrap(label, _WRAP)) for label in self.labels.values())
        size = (
            width,
            1.9
            + 0.2 * len(self.names)
            + len(self.labels) * max(0.2 * len(self.names) + 0.1, 0.18 * lines),
        )
        paint, legend = partial(_bars, rows=self), partial(_legend, corpus, self, ())
        return _chart(paint, size, said, self.shown(what), title, self.marks().values(), legend)


def frame_profile(
    corpus: Texts, codings: pd.DataFrame, *, codebook: Codebook | None = None, width: float = 8.0
) -> Chart:
    """How often each document has each code, with intervals.

    >>> from helpers import load_codings, load_corpus
    >>> frame_profile(load_corpus(), load_codings("reference")).marks[0].label
    'Pay and conditions in KCTU, Our Aims: 2 of 17 sentences, 11.8 %'
    """
    codebook, names = codebook or load_codebook(), _names(corpus)
    rows = _Rows(frame_table(corpus, codings, codebook), _labels(codebook), names)
    has = rows.table["sentences"].unstack("document") > 0
    shared = [
        label for code, label in rows.labels.items() if has.loc[code].all() and code != "none"
    ]
    said = f"{_here(rows.names)}, the most frequent codes are: {rows.tops()}."
    said += (
        f" Codes that each of them has: {_listed(shared) or 'none'}." if len(rows.names) > 1 else ""
    )
    return rows.chart(
        corpus,
        "code",
        said,
        "How often each code is given, in percent of the coded sentences",
        width,
    )


def protection_production(
    corpus: Texts, codings: pd.DataFrame, *, codebook: Codebook | None = None, width: float = 8.0
) -> Chart:
    """The classic dualism, to protect workers and to raise production: each sentence counts once, by its main code."""
    codebook, names = codebook or load_codebook(), _names(corpus)
    found, heads = (
        corners(DUALISM, codebook),
        {NO_CORNER: "neither of them", "none": "no union role"},
    )
    heads = {corner: heads.get(corner, corner) for corner in found}
    labels = {
        corner: f"{head} ({_codes(codebook, found[corner])})" for corner, head in heads.items()
    } | {"none": heads["none"]}
    rows = _Rows(corner_table(corpus, codings, DUALISM, codebook), labels, names)
    each = [
        f"in {name} {_listed(f'{head} {_share(rows.table.loc[(id, corner)])}' for corner, head in heads.items())}"
        if rows.coded()[id]
        else f"nothing is coded in {name}"
        for id, name in rows.names.items()
    ]
    said = f"{_here(rows.names)}, by the main code of each sentence: {'; '.join(each)}."
    title = "Protection and production, in percent of the coded sentences; each counts once, by its main code"
    return rows.chart(corpus, _MAIN, said, title, width)


def coding_range(
    corpus: Texts, *codings: pd.DataFrame, codebook: Codebook | None = None, width: float = 8.0
) -> Chart:
    """How far the rate of each code hangs on who coded; left out, ``codings`` are the reference and its two coders."""
    codebook, names = codebook or load_codebook(), _names(corpus)
    table = what_if(corpus, *codings, codebook=codebook)
    coders = [
        _cut(name.removeprefix("rate ")) for name in table.columns if name.startswith("rate ")
    ]
    rows = _Rows(
        table.assign(by_any=table["ids"].map(len), not_by_all=table["differ"].map(len)),
        _labels(codebook),
        names,
    )
    gaps = (table["highest"] - table["lowest"]).fillna(0).round(9)
    (id, code), same = gaps.idxmax(), int((gaps == 0).sum())
    said = f"{_here(rows.names)}, the codings of {_listed(coders)} give one and the same rate in {same} of {len(table)} cases"
    widest = f"; the widest range is that of “{rows.labels[code]}” in {rows.names[id]}, {_text(table.loc[(id, code)])}"
    title = f"How far rates hang on who coded ({_listed(coders)}), in percent of the sentences that all coded"
    return rows.chart(corpus, "code", f"{said}{widest if gaps.any() else ''}.", title, width)


def _bars(axes: Axes, ink: Ink, rows: _Rows) -> None:
    """Bars with whiskers, and at the right their numbers."""
    numbers, step = (
        {cell: number for number, cell in enumerate(rows.marks())},
        0.86 / len(rows.names),
    )
    for nth, id in enumerate(rows.names):
        tone, hatch = _look(nth, ink)
        for place, key in enumerate(rows.labels if rows.coded()[id] else ()):
            row, y = rows.table.loc[(id, key)], place + step * (nth - (len(rows.names) - 1) / 2)
            (bar,) = axes.barh(
                y, row.get("lowest", row.get("rate")), 0.86 * step, color=tone, hatch=hatch
            )
            text = _text(row) if "lowest" in row else f"{_text(row)} ({row['sentences']})"
            axes.text(
                1.02, y, text, transform=axes.get_yaxis_transform(), va="center", fontsize=9.5
            )
            low, high, line = _span(row)
            if low < high:
                axes.plot(
                    [low, high], [y, y], color=ink.paper, linewidth=3, solid_capstyle="butt"
                )  # so that it stands out of the bar
                whisker = axes.plot(
                    [low, high],
                    [y, y],
                    color=ink.ink,
                    linewidth=1.3,
                    linestyle=line,
                    marker="|",
                    markersize=6,
                )
            if (id, key) in numbers:
                (bar if bar.get_width() else whisker[0]).set_gid(f"mark-{numbers[id, key]}")
    _lanes(axes, ink, range(len(rows.labels)), rows.labels.values())
    axes.set_xlim(0)
    axes.set_xlabel("percent of coded sentences", fontsize=10)


def _span(row: pd.Series) -> tuple[float, float, str]:
    """From where to where a whisker goes, and its line: dotted where drawing paragraphs shows nothing."""
    if "lowest" in row or row["coded"] < _FEWEST:
        return row.get("lowest", 0), row.get("highest", 0), "-"
    whole = row["block_low"] == row["block_low"]
    return (row["block_low"], row["block_high"], "-") if whole else (row["low"], row["high"], ":")


def codeline(
    corpus: Texts, codings: pd.DataFrame, *, codebook: Codebook | None = None, width: float = 8.0
) -> Chart:
    """Each document from beginning to end: a lane for each code, a stripe for each sentence that has it."""
    import pandas as pd

    codebook, names = codebook or load_codebook(), _names(corpus)
    rows = _Rows(frame_table(corpus, codings, codebook), _labels(codebook), names)
    first, found = {row.sentence: row.codes[0] for row in codings.itertuples()}, []
    for document in listed(corpus):
        lanes = {code: rows.table.at[(document.id, code), "ids"] for code in codebook}
        lanes[NOT_CODED] = tuple(id for id in document.sentences.index if id not in first)
        places = 100 * document.sentences[["start", "end"]] / max(len(document.text), 1)
        found += [
            (
                id,
                document.id,
                code,
                *places.loc[id],
                "main" if code == first.get(id, NOT_CODED) else "further",
            )
            for code, ids in lanes.items()
            for id in ids
        ]
    stripes = pd.DataFrame(
        found, columns=["sentence", "document", "code", "begins", "ends", "rank"]
    )
    labels = rows.labels | ({NOT_CODED: NOT_CODED} if NOT_CODED in set(stripes["code"]) else {})
    shown = (
        stripes.assign(
            code=stripes["code"].map(labels), document=stripes["document"].map(rows.names)
        )
        .round(1)
        .set_index("sentence")
    )
    title = "Where each code stands. Full height: the main code; half: a further one"
    if not first:
        return _chart(None, (width, 2.4), _NOTHING, shown, title)
    marks = [
        Mark(
            f"{row.code}: {row.Index}, {row.begins} to {row.ends} % of {row.document}", (row.Index,)
        )
        for row in shown.itertuples()
    ]
    said = f"{_here(rows.names)}, each coded sentence has a stripe for each of its codes; the most stripes are: {rows.tops()}."
    paint = partial(_stripes, stripes=stripes, labels=labels, names=rows.names, codebook=codebook)
    return _chart(
        paint,
        (width, 1.1 + len(rows.names) * (0.21 * len(labels) + 0.42)),
        said,
        shown,
        title,
        marks,
    )


def _stripes(
    axes: Axes,
    ink: Ink,
    stripes: pd.DataFrame,
    labels: dict[str, str],
    names: dict[str, str],
    codebook: Codebook,
) -> None:
    """A panel for each document: its name, then its lanes."""
    from matplotlib.patches import Rectangle

    lanes = {
        (id, code): nth * (len(labels) + 2) + lane
        for nth, id in enumerate(names)
        for lane, code in enumerate(labels)
    }
    for number, row in enumerate(stripes.itertuples()):
        height, colour = (
            (0.84 if row.rank == "main" else 0.42),
            ink.line if row.code == NOT_CODED else codebook[row.code].colour,
        )
        at, span = (row.begins, lanes[row.document, row.code] - height / 2), row.ends - row.begins
        edge = (
            ink.paper if span > 2 else colour
        )  # wide ones are told apart, narrow ones can be seen
        axes.add_patch(
            Rectangle(
                at,
                span,
                height,
                facecolor=colour,
                edgecolor=edge,
                linewidth=0.4,
                gid=f"mark-{number}",
            )
        )
    for nth, name in enumerate(names.values()):
        axes.text(
            0, nth * (len(labels) + 2) - 0.7, _plain(name), weight="bold", fontsize=10, va="bottom"
        )
    _lanes(axes, ink, lanes.values(), [labels[code] for _, code in lanes], top=-1.9)
    axes.set_xlim(0, 100)
    axes.set_xlabel("percent of the document, by characters", fontsize=10)


def co_occurrence_chart(
    codings: pd.DataFrame, *, codebook: Codebook | None = None, width: float = 8.0
) -> Chart:
    """How many sentences have two codes together; along the edge, how many have each code."""
    codebook = codebook or load_codebook()
    table, labels = (
        code_pairs(codings, codebook),
        [label for code, label in _labels(codebook).items() if code != "none"],
    )
    codes = [code for code in codebook if code != "none"]
    shown = (
        table["count"]
        .unstack()
        .loc[codes, codes]
        .set_axis(labels)
        .set_axis(labels, axis=1)
        .rename_axis("code")
    )
    title = "How many sentences have both codes; in a frame, how many have the code at all"
    if codings.empty:
        return _chart(None, (width, 2.4), _NOTHING, shown, title)
    cells = {
        (y, x): table.loc[(codes[y], codes[x])] for y in range(len(codes)) for x in range(y + 1)
    }
    pairs = {(y, x): f"{labels[x]} with {labels[y]}" if x < y else labels[y] for y, x in cells}
    chance = {
        at: f" ({row['expected']:.1f} by chance)" if at[0] != at[1] else ""
        for at, row in cells.items()
    }
    marks = [
        Mark(f"{pairs[at]}: {row['count']} of {len(codings)} sentences{chance[at]}", row["ids"])
        for at, row in cells.items()
        if row["count"]
    ]
    several, (y, x) = (
        sum(len(each) > 1 for each in codings["codes"]),
        max(cells, key=lambda at: cells[at]["count"] * (at[0] != at[1])),
    )
    texts = {id.rpartition("-")[0] for id in codings["sentence"]}
    said = f"{_here(texts)}, {several} of {len(codings)} coded sentences {'has' if several == 1 else 'have'} more than one code."
    if several:
        said += (
            f" Most often together are “{labels[x]}” and “{labels[y]}”: {cells[y, x]['count']}; it would be"
            f" {cells[y, x]['expected']:.1f} were the codes of each document spread over its sentences by chance."
        )
    paint = partial(
        _cells, counts={at: int(row["count"]) for at, row in cells.items()}, labels=labels
    )
    return _chart(paint, (width, 3.2 + 0.3 * len(codes)), said, shown, title, marks)


def _cells(axes: Axes, ink: Ink, counts: dict[tuple[int, int], int], labels: list[str]) -> None:
    """The lower triangle, with a number in each cell."""
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Rectangle

    most, number = max([1, *(count for (y, x), count in counts.items() if y != x)]), 0
    for (y, x), count in counts.items():
        depth = (
            0.08 + 0.34 * count / most if count and y != x else 0
        )  # never so deep that the number cannot be read
        colour = [
            (1 - depth) * one + depth * other
            for one, other in zip(to_rgb(ink.paper), to_rgb(ink.tones[0]), strict=True)
        ]
        look = {
            "facecolor": colour,
            "edgecolor": ink.ink,
            "linewidth": 1.2 * (y == x),
            "gid": f"mark-{number}" if count else None,
        }
        axes.add_patch(Rectangle((x - 0.46, y - 0.46), 0.92, 0.92, **look))
        axes.text(x, y, str(count), ha="center", va="center", fontsize=9.5)
        number += count > 0
    _lanes(axes, ink, range(len(labels)), labels)
    axes.set_xticks(
        range(len(labels)), [_plain(label) for label in labels], rotation=90, fontsize=9.5
    )
    axes.set_xlim(-0.5, len(labels) - 0.5)


def triangle(
    corpus: Texts, codings: pd.DataFrame, *, codebook: Codebook | None = None, width: float = 8.0
) -> Chart:
    """Hyman's triangle with a point for each document, and beside it what has no corner; each sentence counts by its main code."""
    import pandas as pd

    codebook, names = codebook or load_codebook(), _names(corpus)
    found, table = corners(TRIANGLE, codebook), corner_table(corpus, codings, TRIANGLE, codebook)
    inside = {
        corner: _codes(codebook, codes)
        for corner, codes in found.items()
        if corner not in (NO_CORNER, "none")
    }
    if len(inside) != 3:
        raise UnionError(
            f"The map “{TRIANGLE}” has {len(inside)} corners in this codebook: give it three."
        )
    out = {f"– {_labels(codebook)[code]}": (code,) for code in found[NO_CORNER]}
    each = corner_table(corpus, codings, TRIANGLE, replace(codebook, maps={TRIANGLE: out}))
    labels = {corner: corner for corner in [*inside, NO_CORNER, *out]} | {
        NO_CORNER: "no corner, all codes",
        "none": "no union role",
    }
    rows = _Rows(
        pd.concat([table, each[each.index.isin(list(out), level="corner")]]), labels, names
    )
    said, marks, points, draws = (
        [],
        list(rows.marks().values()),
        {},
        corner_draws(corpus, table, list(inside)),
    )
    coded = {id: name for id, name in rows.names.items() if rows.coded()[id]}
    for id, name in coded.items():
        has, no, none = (
            table.loc[id].loc[list(inside)],
            table.loc[(id, NO_CORNER)],
            table.loc[(id, "none")],
        )
        ids = tuple(sorted(sum(has["ids"], ()), key=lambda id: (len(id), id)))
        where = (
            _listed(f"{corner} {share:.1f} %" for corner, share in has["within"].items())
            if ids
            else "so that it has no point"
        )
        if ids:
            points[id] = (
                has["within"].to_numpy(float) / 100,
                draws[id][: len(draws[id]) * (no["coded"] >= _FEWEST)],
                len(marks),
            )
            marks.append(Mark(f"{name}: {where} of {len(ids)} sentences that have a corner", ids))
        said.append(
            f"in {name} {_share(no)} have no corner, {_share(none)} no union role, and {len(ids)} a corner ({where})"
        )
    said += [f"nothing is coded in {name}" for id, name in rows.names.items() if id not in coded]
    shares = _listed(f"{_text(table.loc[(id, NO_CORNER)])} of {name}" for id, name in coded.items())
    title = f"Without a corner in Hyman's triangle, by the main code: {shares}"
    if not coded:
        return _chart(None, (width, 2.4), _NOTHING, rows.shown(_MAIN), "Hyman's triangle")
    tall, beside = 0.6 + len(labels) * (0.2 * len(rows.names) + 0.1), width >= 10

    def paint(axes: Axes, ink: Ink) -> None:
        figure, spec = axes.figure, axes.get_subplotspec()
        grid = (
            spec.subgridspec(1, 2) if beside else spec.subgridspec(2, 1, height_ratios=(4.2, tall))
        )
        axes.remove()
        _ternary(figure.add_subplot(grid[0]), ink, inside, [points.get(id) for id in rows.names])
        _bars(figure.add_subplot(grid[1]), ink, rows)

    size = (width, 1.6 + 0.2 * len(rows.names) + (max(tall, 4.6) if beside else tall + 4.2))
    legend, words = (
        partial(_legend, corpus, rows, points),
        f"{_here(rows.names)}, {'; '.join(said)}.",
    )
    return _chart(paint, size, words, rows.shown(_MAIN), title, marks, legend)


def _ternary(
    axes: Axes, ink: Ink, inside: dict[str, str], points: list[tuple[Any, Any, int] | None]
) -> None:
    """The triangle, its first corner at the top; a cloud shows where a point goes with paragraphs drawn anew."""
    import numpy as np

    at = np.array([[0.5, 0.75**0.5], [0, 0], [1, 0]])
    for share in (0, 0.25, 0.5, 0.75):
        for one, *others in (np.roll(at, turn, axis=0) for turn in range(3)):
            line = share * one + (1 - share) * np.array(others)
            axes.plot(
                *line.T,
                color=ink.line,
                linewidth=0.6 if share else 1.4,
                linestyle=":" if share else "-",
                zorder=0,
            )
    for nth, point in enumerate(points):
        if point is not None:
            axes.plot(
                *(point[1] @ at).T,
                _MARKERS[nth],
                color=_look(nth, ink)[0],
                markersize=3.5,
                alpha=0.12,
                markeredgewidth=0,
            )
            how = {
                "color": _look(nth, ink)[0],
                "markersize": 12 - nth,
                "markeredgecolor": ink.ink,
                "gid": f"mark-{point[2]}",
            }
            axes.plot(*(point[0] @ at), _MARKERS[nth], **how, clip_on=False)
    for (x, y), (corner, codes) in zip(at, inside.items(), strict=True):
        text = _plain(f"{corner}\n{textwrap.fill(codes, 24)}")
        axes.text(
            x,
            y + (0.06 if y else -0.06),
            text,
            ha="center",
            va="bottom" if y else "top",
            fontsize=9.5,
        )
    axes.set(xlim=(-0.06, 1.06), ylim=(-0.04, 0.9), aspect="equal")
    axes.axis("off")


def agreement_chart(
    result: Agreement,
    first: pd.DataFrame | None = None,
    second: pd.DataFrame | None = None,
    *,
    codebook: Codebook | None = None,
    width: float = 8.0,
) -> Chart:
    """Krippendorff's alpha of each code, with intervals; with both tables of codings, marks lead to where the coders differ."""
    import pandas as pd

    labels = {"code sets": "All codes together"} | _labels(codebook or load_codebook())
    table = pd.concat([result.overall, result.codes]).xs("alpha", level="measure")
    table = table.loc[[of for of in labels if of in table.index]]
    shown = _dashes(table.round(3).rename(index=labels).rename_axis("code"))
    title = f"Agreement of {_listed(map(_cut, result.coders))} on each code: Krippendorff's alpha"
    known = table["value"].dropna().sort_values()
    if known.empty:
        return _chart(
            None,
            (width, 2.4),
            f"Alpha is undefined for every code; sentences that both coded: {result.n}.",
            shown,
            title,
        )
    lowest, highest, same = known.iloc[0], known.iloc[-1], (known == 1).sum()
    said = f"On {result.n} sentences that both coded, alpha runs from {lowest:.2f} (“{labels[known.index[0]]}”) to {highest:.2f}"
    said += f"; it is undefined for {_listed(labels[of] for of in table.index if of not in known) or 'no code'}."
    said += (
        f" On {same} of these {len(table)} the coders never differ: there the interval says too little."
        if same
        else ""
    )
    marks = {}
    for of in table.index if first is not None and second is not None else ():
        one, other = (
            dict(zip(each["sentence"], map(set, each["codes"]), strict=True))
            for each in (first, second)
        )
        ids = tuple(
            id
            for id in one
            if id in other and one[id] != other[id] and of in ("code sets", *(one[id] ^ other[id]))
        )
        marks |= (
            {
                of: Mark(
                    f"{labels[of]}: the coders differ in {len(ids)} of {result.n} sentences", ids
                )
            }
            if ids
            else {}
        )
    paint = partial(_alphas, table=table.rename(index=labels), marked=[labels[of] for of in marks])
    return _chart(paint, (width, 1.7 + 0.3 * len(table)), said, shown, title, marks.values())


def _alphas(
    axes: Axes, ink: Ink, table: pd.DataFrame, marked: list[str], lines: bool = True
) -> None:
    """A point with its interval for each alpha; an open one at the right where it is undefined. ``lines``: the conventions."""
    right = axes.get_yaxis_transform()
    for y, (of, row) in enumerate(table.iterrows()):
        known = row["value"] == row["value"]
        axes.plot([row["low"], row["high"]], [y, y], color=ink.tones[0], linewidth=2)
        how = {
            "color": ink.tones[0],
            "markersize": 8,
            "gid": f"mark-{marked.index(of)}" if of in marked else None,
        }
        how |= {} if known else {"transform": right, "clip_on": False, "fillstyle": "none"}
        axes.plot([row["value"] if known else 1.05], [y], "o", **how)
        axes.text(
            1.09,
            y,
            f"{round(row['value'], 2) + 0:.2f}" if known else "undefined",
            transform=right,
            va="center",
            fontsize=9.5,
        )
    for place, side, text in (
        ((0.667, "right", "convention: .667 "), (0.8, "left", " .800")) if lines else ()
    ):
        axes.axvline(place, color=ink.line, linewidth=1, linestyle="--", zorder=0)
        axes.text(place, -0.7, text, ha=side, va="bottom", fontsize=9.5)
    axes.set_xlim(min(0, table["low"].min(), table["value"].min()) - 0.03, 1.03)
    _lanes(axes, ink, range(len(table)), table.index, top=-1.5 if lines else -0.5)
    axes.set_xlabel("alpha (0: as by chance; 1: never apart)", fontsize=10)


def _chart(
    paint: Callable[[Axes, Ink], None] | None,
    size: tuple[float, float],
    said: str,
    shown: pd.DataFrame,
    title: str,
    marks: Iterable[Mark] = (),
    legend: Callable[[Ink], list[tuple[Any, str]]] = lambda ink: [],
) -> Chart:
    """A chart with its title and legend above the drawing; or, with nothing to paint, with words in its place."""
    from matplotlib.legend_handler import HandlerTuple

    def draw(axes: Axes, ink: Ink) -> None:
        figure, entries, most = axes.figure, legend(ink), int(10.5 * size[0])
        artists, texts = (
            [artist for artist, _ in entries],
            [textwrap.fill(_plain(text), most) for _, text in entries],
        )
        if paint:
            paint(axes, ink)
        else:
            axes.set(xticks=[], yticks=[])
            axes.text(
                0.5,
                0.5,
                textwrap.fill(said, 40),
                ha="center",
                va="center",
                transform=axes.transAxes,
            )
        head = figure.legend(
            artists,
            texts,
            loc="outside upper left",
            title=textwrap.fill(_plain(title), most),
            alignment="left",
            fontsize=9.5,
            frameon=False,
            handler_map={tuple: HandlerTuple(None)},
        )
        head.get_title().set_fontsize(11)

    return Chart(draw, size, said, shown, title, list(marks))


def _legend(corpus: Texts, rows: _Rows, points: Collection[str], ink: Ink) -> list[tuple[Any, str]]:
    """A look for each document, with how much of it is coded, and what the whiskers are."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    entries, coded, ranges = [], rows.coded(), "lowest" in rows.table
    for nth, document in enumerate(listed(corpus)):
        tone, hatch = _look(nth, ink)
        bar, many = Patch(facecolor=tone, hatch=hatch), coded[document.id]
        point = Line2D(
            [],
            [],
            color=tone,
            marker=_MARKERS[nth],
            linestyle="",
            markersize=8,
            markeredgecolor=ink.ink,
        )
        few = f"; fewer than {_FEWEST}, so no interval" if 0 < many < _FEWEST and not ranges else ""
        text = (
            f"{rows.names[document.id]}: {many} of {len(document.sentences)} sentences coded{few}"
        )
        entries.append(((bar, point) if document.id in points else bar, text))
    lines = {
        "-": "95 % interval, whole paragraphs drawn anew",
        ":": "95 % interval, sentences drawn anew, where paragraphs show nothing",
    }
    lines = (
        {"-": "from the lowest rate to the highest"}
        if ranges
        else lines
        if max(coded.values()) >= _FEWEST
        else {}
    )
    entries += [
        (Line2D([], [], color=ink.ink, linewidth=1.3, linestyle=line), text)
        for line, text in lines.items()
    ]
    cloud = Line2D([], [], color=ink.soft, marker="o", linestyle="", markersize=3.5)
    return (
        [*entries, (cloud, "small points: where a point goes with whole paragraphs drawn anew")]
        if points
        else entries
    )


def _lanes(
    axes: Axes, ink: Ink, places: Collection[float], labels: Iterable[str], top: float = -0.5
) -> None:
    """Labels at the left, the first at the top, with a thin line under each."""
    axes.set_yticks(
        list(places), [_plain(textwrap.fill(label, _WRAP)) for label in labels], fontsize=9.5
    )
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(max(places) + 0.5, top)
    for place in places:
        axes.axhline(place + 0.5, color=ink.line, linewidth=0.4, zorder=0)


def _look(nth: int, ink: Ink) -> tuple[str, str]:
    """Tone and hatch of a document."""
    return ink.tones[nth % len(ink.tones)], (*HATCHES, "---", "\\\\\\")[nth]


def _names(corpus: Texts) -> dict[str, str]:
    """The short titles of the documents by id, no two the same."""
    return _distinct(
        {document.id: document.about["short_title"] for document in listed(corpus, len(_MARKERS))}
    )


def _labels(codebook: Codebook) -> dict[str, str]:
    return _distinct({code: codebook[code].label for code in codebook})


def _distinct(texts: dict[str, str]) -> dict[str, str]:
    """Texts short enough for a chart, no two the same."""
    short = {key: _cut(text) for key, text in texts.items()}
    return {
        key: text if list(short.values()).count(text) == 1 else f"{text[:18]}… ({key[:9]})"
        for key, text in short.items()
    }


def _codes(codebook: Codebook, codes: Iterable[str]) -> str:
    return ", ".join(_labels(codebook)[code] for code in codes) or "no code"


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 30 else text[:29].rstrip() + "…"


def _plain(text: str) -> str:
    """A text in which matplotlib finds no formula."""
    return text.replace("$", r"\$")


def _here(names: Collection[str]) -> str:
    number = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}.get(len(names), len(names))
    return f"In these {number} documents" if len(names) > 1 else "In this one document"


def _text(row: pd.Series) -> str:
    """The number of a row: its rate, or from which to which it goes."""
    low, high = (f"{row.get(name, row.get('rate')):.1f}" for name in ("lowest", "highest"))
    return f"{low} %" if low == high else f"{low} to {high} %"


def _share(row: pd.Series) -> str:
    return f"{row['rate']:.1f} % ({row['sentences']} of {row['coded']})"


def _listed(each: Iterable[str]) -> str:
    """Some words as a list: a, b and c."""
    *others, last = list(each) or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _dashes(table: pd.DataFrame) -> pd.DataFrame:
    """A table with a dash where a figure is undefined."""
    return table.astype(object).where(table.notna(), "–")
