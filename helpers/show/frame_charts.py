"""Charts of codings: which roles each document gives to a union, where in it, which together, and what hangs on the coder.

Each function gives a :class:`~helpers.show.charts.Chart`, ``width`` inches wide (from 5.5). ``codings`` is a table of one
coder, as :mod:`helpers.coding.codings` describes it, or several of them by name: then each document stands once for each.
What stands side by side is told apart by tone and hatch or marker; there is room for six.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.frames import (
    NO_CORNER,
    NOT_CODED,
    Texts,
    code_pairs,
    corner_draws,
    corner_table,
    corners,
    frame_table,
    what_if,
)
from helpers.corpus.documents import Document, listed
from helpers.corpus.errors import UnionError
from helpers.show.charts import Chart
from helpers.show.drawing import (
    MARKERS,
    WRAP,
    Bars,
    Cell,
    Cells,
    Drawing,
    Ink,
    Key,
    Lanes,
    Mark,
    Stripe,
    Value,
    lines_of,
    look,
    wrapped,
)
from helpers.show.wording import and_list, code_labels, cut, dashes, distinct, in_these

TRIANGLE, DUALISM = "Hyman's triangle (2001)", "Classic dualism (Pravda and Ruble 1986)"
NOTHING, MAIN = "No sentence is coded yet, so there is nothing to draw.", "by the main code"
PERCENT, ALONG = "percent of coded sentences", "percent of the document, by characters"
FEWEST = 5  # coded sentences for an interval
INTERVAL = Key("95 % interval, whole paragraphs drawn anew", line="-")
DOTTED = Key("95 % interval, sentences drawn anew, where paragraphs show nothing", line=":")
CLOUD = Key("small points: where a point goes with whole paragraphs drawn anew", marker=True)
COLUMNS = {
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
Codings = pd.DataFrame | Mapping[str, pd.DataFrame]


class Series(NamedTuple):
    """What stands beside others in a chart: a document as one coder coded it, and how the chart calls it."""

    name: str
    document: Document
    codings: pd.DataFrame


def coded_series(corpus: Texts, codings: Codings) -> list[Series]:
    """A series for each document, or with several codings for each coding and document.

    Raises :class:`UnionError` for more than six.
    """
    if isinstance(codings, pd.DataFrame):
        documents = listed(corpus, len(MARKERS))
        names = distinct({each.id: each.about["short_title"] for each in documents})
        return [Series(names[each.id], each, codings) for each in documents]
    found = [(name, document) for name in codings for document in listed(corpus)]
    if len(found) > len(MARKERS):
        raise UnionError(
            f"Side by side there is room for {len(MARKERS)}, and here are {len(found)} (documents by codings): choose fewer."
        )
    names = {}
    for name, document in found:
        author = document.about["short_title"].partition(",")[0]
        names[f"{document.id} {name}"] = f"{author} ({name})"
    names = distinct(names)
    return [Series(names[f"{doc.id} {name}"], doc, codings[name]) for name, doc in found]


class _Rates(NamedTuple):
    """Rates to draw: a row for each of ``labels`` (by key), in it a bar for each of ``names``; ``table`` has both as index."""

    table: pd.DataFrame
    labels: dict[str, str]
    names: list[str]
    start: str

    def row(self, name: str, key: str) -> pd.Series:
        return self.table.loc[(name, key)]

    def coded(self, name: str) -> int:
        return int(self.table.loc[name, "coded"].iloc[0])

    def value(self, name: str, key: str) -> Value | None:
        """A bar with its interval, dotted where drawing paragraphs shows nothing."""
        row = self.row(name, key)
        if not row["coded"]:
            return None
        ranges = "lowest" in row
        low, high, dotted = row.get("lowest", math.nan), row.get("highest", math.nan), False
        if not ranges and row["coded"] >= FEWEST:
            dotted = bool(math.isnan(row["block_low"]))
            low, high = (row[end if dotted else f"block_{end}"] for end in ("low", "high"))
        rate = row["lowest"] if ranges else row["rate"]
        text = _rate_text(row) if ranges else f"{_rate_text(row)} ({row['sentences']})"
        return Value(rate, low, high, text, self._mark(name, key, row), dotted=dotted)

    def _mark(self, name: str, key: str, row: pd.Series) -> Mark | None:
        who = " by any coder" if "lowest" in row else ""
        many = f"{len(row['ids'])} of {row['coded']} sentences{who}, {_rate_text(row)}"
        label = f"{self.labels[key]} in {name}: {many}"
        return Mark(label, row["ids"]) if row["ids"] else None

    def shown(self, what: str) -> pd.DataFrame:
        """The numbers as a table for readers."""
        order = [(name, key) for key in self.labels for name in self.names]
        wanted = [each for each in self.table if each in COLUMNS or each.startswith("rate ")]
        table = self.table.loc[order, wanted].rename(columns=COLUMNS).round(1)
        table.insert(0, "document", [name for name, _ in order])
        return dashes(table.set_axis([self.labels[key] for _, key in order]).rename_axis(what))

    def most_frequent(self) -> str:
        """The most frequent rows of each document, in words."""
        said = []
        for name in self.names:
            rows = self.table.loc[name].loc[list(self.labels)]
            most = rows[rows["sentences"] == rows["sentences"].max()]
            top = and_list(f"“{self.labels[key]}”" for key in most.index)
            many = most["sentences"].iloc[0]
            said.append(
                f"in {name} {top} with {_share(most.iloc[0])}" if many else f"none in {name}"
            )
        return "; ".join(said)

    def legend(self, series: list[Series], points: bool = False) -> list[Key]:
        """A look for each document, with how much of it is coded, and what the lines are."""
        keys, ranges = [], "lowest" in self.table
        for nth, each in enumerate(series):
            coded = self.coded(each.name)
            text = f"{each.name}: {coded} of {len(each.document.sentences)} sentences coded"
            if 0 < coded < FEWEST and not ranges:
                text += f"; fewer than {FEWEST}, so no interval"
            keys.append(Key(text, nth, bar=True, marker=points))
        if ranges:
            return [*keys, Key("from the lowest rate to the highest", line="-")]
        if max(map(self.coded, self.names)) >= FEWEST:
            keys += [INTERVAL, DOTTED]
        return [*keys, CLOUD] if points else keys

    def bars(self, legend: list[Key]) -> dict:
        """What a drawing of bars wants to know."""
        values = [[self.value(name, key) for name in self.names] for key in self.labels]
        lines = max(lines_of(wrapped(label, WRAP)) for label in self.labels.values())
        row = max(0.2 * len(self.names) + 0.1, 0.18 * lines)
        panels = {"": list(self.labels.values())}
        return {"panels": panels, "legend": legend, "axis": PERCENT, "row": row, "values": values}

    def chart(self, series: list[Series], what: str, said: str, title: str, width: float) -> Chart:
        """The rates as bars."""
        shown = self.shown(what)
        if not any(map(self.coded, self.names)):
            return Chart(title, NOTHING, shown, Drawing(words=NOTHING), width)
        return Chart(title, said, shown, Bars(**self.bars(self.legend(series))), width)


def _rates(series: list[Series], labels: dict[str, str], tables: Iterable[pd.DataFrame]) -> _Rates:
    """Rates from the table of each series, whose first index is the document."""
    names = [each.name for each in series]
    own = [table.loc[each.document.id] for each, table in zip(series, tables, strict=True)]
    several = len({each.document.id for each in series}) < len(series)
    start = "Side by side" if several else in_these(len(series))
    return _Rates(pd.concat(own, keys=names), labels, names, start)


def _rate_text(row: pd.Series) -> str:
    """The number of a row: its rate, or from which to which it goes."""
    low, high = (f"{row.get(name, row.get('rate')):.1f}" for name in ("lowest", "highest"))
    return f"{low} %" if low == high else f"{low} to {high} %"


def _share(row: pd.Series) -> str:
    return f"{row['rate']:.1f} % ({row['sentences']} of {row['coded']})"


def frame_profile(
    corpus: Texts, codings: Codings, *, codebook: Codebook | None = None, width: float = 8.0
) -> Chart:
    """How often each document has each code, with intervals.

    >>> from helpers import load_codings, load_corpus
    >>> frame_profile(load_corpus(), load_codings("reference")).marks[0].label
    'Pay and conditions in KCTU, Our Aims: 2 of 17 sentences, 11.8 %'
    """
    codebook, series = codebook or load_codebook(), coded_series(corpus, codings)
    tables = [frame_table(corpus, each.codings, codebook) for each in series]
    rates = _rates(series, code_labels(codebook), tables)
    has = rates.table["sentences"].unstack(0) > 0
    shared = [
        label for code, label in rates.labels.items() if code != "none" and all(has.loc[code])
    ]
    said = f"{rates.start}, the most frequent codes are: {rates.most_frequent()}."
    if len(series) > 1:
        said += f" Codes that each of them has: {and_list(shared) or 'none'}."
    title = "How often each code is given, in percent of the coded sentences"
    return rates.chart(series, "code", said, title, width)


def protection_production(
    corpus: Texts, codings: Codings, *, codebook: Codebook | None = None, width: float = 8.0
) -> Chart:
    """The classic dualism, to protect workers and to raise production: each sentence counts once, by its main code."""
    codebook, series = codebook or load_codebook(), coded_series(corpus, codings)
    found = corners(DUALISM, codebook)
    heads = {corner: corner for corner in found}
    heads |= {NO_CORNER: "neither of them", "none": "no union role"}
    labels = {corner: f"{heads[corner]} ({_codes(codebook, found[corner])})" for corner in found}
    labels["none"] = heads["none"]
    tables = [corner_table(corpus, each.codings, DUALISM, codebook) for each in series]
    rates, each = _rates(series, labels, tables), []
    for name in rates.names:
        shares = and_list(f"{heads[key]} {_share(rates.row(name, key))}" for key in labels)
        coded = rates.coded(name)
        each.append(f"in {name} {shares}" if coded else f"nothing is coded in {name}")
    said = f"{rates.start}, by the main code of each sentence: {'; '.join(each)}."
    title = "Protection and production, in percent of the coded sentences; each counts once, by its main code"
    return rates.chart(series, MAIN, said, title, width)


def _codes(codebook: Codebook, codes: Iterable[str]) -> str:
    return ", ".join(code_labels(codebook)[code] for code in codes) or "no code"


def coding_range(
    corpus: Texts, *codings: pd.DataFrame, codebook: Codebook | None = None, width: float = 8.0
) -> Chart:
    """How far the rate of each code hangs on who coded; left out, ``codings`` are the reference and its two coders."""
    codebook = codebook or load_codebook()
    series = coded_series(corpus, pd.DataFrame())
    table = what_if(corpus, *codings, codebook=codebook)
    coders = [cut(name.removeprefix("rate ")) for name in table if name.startswith("rate ")]
    table = table.assign(by_any=table["ids"].map(len), not_by_all=table["differ"].map(len))
    rates = _rates(series, code_labels(codebook), [table] * len(series))
    gaps = (rates.table["highest"] - rates.table["lowest"]).fillna(0).round(9)
    (name, code), same = gaps.idxmax(), int((gaps == 0).sum())
    said = f"{rates.start}, the codings of {and_list(coders)} give one and the same rate in {same} of {len(table)} cases"
    if gaps.any():
        said += f"; the widest range is that of “{rates.labels[code]}” in {name}, {_rate_text(rates.row(name, code))}"
    title = f"How far rates hang on who coded ({and_list(coders)}), in percent of the sentences that all coded"
    return rates.chart(series, "code", f"{said}.", title, width)


def codeline(
    corpus: Texts, codings: Codings, *, codebook: Codebook | None = None, width: float = 8.0
) -> Chart:
    """Each document from beginning to end: a lane for each code, a stripe for each sentence that has it."""
    codebook, series = codebook or load_codebook(), coded_series(corpus, codings)
    tables = [frame_table(corpus, each.codings, codebook) for each in series]
    rates, found = _rates(series, code_labels(codebook), tables), []
    for each in series:
        found += _stripes_of(each, rates, codebook)
    columns = ["sentence", "document", "code", "begins", "ends", "rank"]
    shown = pd.DataFrame(found, columns=columns).round(1)
    labels = rates.labels | ({NOT_CODED: NOT_CODED} if NOT_CODED in set(shown["code"]) else {})
    colours = {labels[code]: codebook[code].colour for code in codebook}
    rows = [(name, label) for name in rates.names for label in labels.values()]
    row_of, stripes = {row: number for number, row in enumerate(rows)}, []
    shown["code"] = shown["code"].map(labels)
    for row in shown.itertuples():
        along = f"{row.begins} to {row.ends} % of {row.document}"
        mark = Mark(f"{row.code}: {row.sentence}, {along}", (row.sentence,))
        half = 0.42 if row.rank == "main" else 0.21
        place = (row_of[row.document, row.code], *found[row.Index][3:5], -half, half)
        stripes.append(Stripe(*place, colours.get(row.code, ""), mark))
    title = "Where each code stands. Full height: the main code; half: a further one"
    shown = shown.set_index("sentence")
    if not any(map(rates.coded, rates.names)):
        return Chart(title, NOTHING, shown, Drawing(words=NOTHING), width)
    said = f"{rates.start}, each coded sentence has a stripe for each of its codes; the most stripes are: {rates.most_frequent()}."
    panels = {name: list(labels.values()) for name in rates.names}
    drawing = Lanes(panels, axis=ALONG, row=0.21, stripes=stripes)
    return Chart(title, said, shown, drawing, width)


def _stripes_of(each: Series, rates: _Rates, codebook: Codebook) -> list[tuple]:
    """The stripes of one series: sentence, name, code, from where to where in percent, and its rank."""
    main = {row.sentence: row.codes[0] for row in each.codings.itertuples()}
    lanes = {code: rates.row(each.name, code)["ids"] for code in codebook}
    lanes[NOT_CODED] = tuple(id for id in each.document.sentences.index if id not in main)
    ends = each.document.sentences[["start", "end"]]
    places = 100 * ends / max(len(each.document.text), 1)
    return [
        (
            id,
            each.name,
            code,
            *places.loc[id],
            "main" if code == main.get(id, NOT_CODED) else "further",
        )
        for code, ids in lanes.items()
        for id in ids
    ]


def co_occurrence_chart(
    codings: pd.DataFrame, *, codebook: Codebook | None = None, width: float = 8.0
) -> Chart:
    """How many sentences have two codes together; along the edge, how many have each code."""
    codebook = codebook or load_codebook()
    table, codes = code_pairs(codings, codebook), [code for code in codebook if code != "none"]
    labels = {code: label for code, label in code_labels(codebook).items() if code != "none"}
    names = list(labels.values())
    shown = table["count"].unstack().loc[codes, codes].set_axis(names).set_axis(names, axis=1)
    shown = shown.rename_axis("code")
    title = "How many sentences have both codes; in a frame, how many have the code at all"
    if codings.empty:
        return Chart(title, NOTHING, shown, Drawing(words=NOTHING), width)
    pairs = [(one, other) for y, one in enumerate(codes) for other in codes[: y + 1]]
    apart = table.loc[[pair for pair in pairs if pair[0] != pair[1]]]
    most, cells = max([1, *apart["count"]]), []
    for one, other in pairs:
        count, expected, ids = table.loc[(one, other), ["count", "expected", "ids"]]
        same = one == other
        name = labels[one] if same else f"{labels[other]} with {labels[one]}"
        chance = "" if same else f" ({expected:.1f} by chance)"
        mark = Mark(f"{name}: {count} of {len(codings)} sentences{chance}", ids) if count else None
        shade = 0.08 + 0.34 * count / most if count and not same else 0
        place = (codes.index(one), codes.index(other))
        cells.append(Cell(*place, str(count), shade, mark, framed=same))
    several = sum(len(each) > 1 for each in codings["codes"])
    documents = len({id.rpartition("-")[0] for id in codings["sentence"]})
    has = "has" if several == 1 else "have"
    said = f"{in_these(documents)}, {several} of {len(codings)} coded sentences {has} more than one code."
    if several:
        (one, other), top = apart["count"].idxmax(), apart.loc[apart["count"].idxmax()]
        said += f" Most often together are “{labels[other]}” and “{labels[one]}”: {top['count']}; it would be"
        said += f" {top['expected']:.1f} were the codes of each document spread over its sentences by chance."
    drawing = Cells({"": names}, row=0.3, columns=names, cells=cells, turned=True)
    return Chart(title, said, shown, drawing, width)


@dataclass
class _Triangle(Bars):
    """Bars, and above them a triangle with a point for each series and a cloud of where it goes with paragraphs drawn anew."""

    corners: dict[str, str] = field(default_factory=dict)  # with the codes that stand there
    points: dict[int, tuple[np.ndarray, np.ndarray, Mark]] = field(default_factory=dict)

    def _marks(self) -> Iterable[Mark | None]:
        yield from super()._marks()
        yield from (mark for _, _, mark in self.points.values())

    def above(self, width: float) -> float:
        return 4.6

    def draw_above(self, figure: Figure, ink: Ink, box: list[float]) -> None:
        axes = figure.add_axes(box)
        at = np.array([[0.5, 0.75**0.5], [0, 0], [1, 0]])
        self._grid(axes, ink, at)
        for nth, (shares, draws, mark) in self.points.items():
            tone, _, marker = look(nth, ink)
            axes.plot(*(draws @ at).T, marker, color=tone, markersize=3.5, alpha=0.12, mew=0)
            how = {"color": tone, "markersize": 12 - nth, "markeredgecolor": ink.ink}
            (point,) = axes.plot(*(shares @ at), marker, clip_on=False, **how)
            self._numbered(point, mark)
        for (x, y), (corner, codes) in zip(at, self.corners.items(), strict=True):
            side = {"va": "bottom" if y else "top", "ha": "center"}
            axes.text(x, y + (0.06 if y else -0.06), f"{corner}\n{wrapped(codes, 24)}", **side)
        axes.set(xlim=(-0.06, 1.06), ylim=(-0.32, 1.08), aspect="equal")
        axes.axis("off")

    def _grid(self, axes: Axes, ink: Ink, at: np.ndarray) -> None:
        for share in (0, 0.25, 0.5, 0.75):
            how = {"linewidth": 0.6, "linestyle": ":"} if share else {"linewidth": 1.4}
            for turn in range(3):
                one, *others = np.roll(at, turn, axis=0)
                line = share * one + (1 - share) * np.array(others)
                axes.plot(*line.T, color=ink.line, zorder=0, **how)


def triangle(
    corpus: Texts, codings: Codings, *, codebook: Codebook | None = None, width: float = 8.0
) -> Chart:
    """Hyman's triangle with a point for each document, and below it what has no corner; each sentence counts by its main code."""
    codebook, series = codebook or load_codebook(), coded_series(corpus, codings)
    found = corners(TRIANGLE, codebook)
    inside = [corner for corner in found if corner not in (NO_CORNER, "none")]
    if len(inside) != 3:
        raise UnionError(
            f"The map “{TRIANGLE}” has {len(inside)} corners in this codebook: give it three."
        )
    out = {f"– {code_labels(codebook)[code]}": (code,) for code in found[NO_CORNER]}
    split = replace(codebook, maps={TRIANGLE: out})
    whole = [corner_table(corpus, each.codings, TRIANGLE, codebook) for each in series]
    each = [corner_table(corpus, one.codings, TRIANGLE, split) for one in series]
    each = [table[table.index.isin(list(out), level="corner")] for table in each]
    labels = {corner: corner for corner in [*inside, NO_CORNER, *out]}
    labels |= {NO_CORNER: "no corner, all codes", "none": "no union role"}
    both = [pd.concat(pair) for pair in zip(whole, each, strict=True)]
    rates, points, said, shares = _rates(series, labels, both), {}, [], []
    for nth, (one, table) in enumerate(zip(series, whole, strict=True)):
        if not rates.coded(one.name):
            said.append(f"nothing is coded in {one.name}")
            continue
        shares.append(f"{_rate_text(rates.row(one.name, NO_CORNER))} of {one.name}")
        where, ids = _where(rates, one, inside)
        no, none = (_share(rates.row(one.name, key)) for key in (NO_CORNER, "none"))
        said.append(
            f"in {one.name} {no} have no corner, {none} no union role, and {len(ids)} a corner ({where})"
        )
        if ids:
            points[nth] = _point(
                rates,
                one,
                table,
                inside,
                Mark(f"{one.name}: {where} of {len(ids)} sentences that have a corner", ids),
            )
    shown = rates.shown(MAIN)
    if not shares:
        return Chart("Hyman's triangle", NOTHING, shown, Drawing(words=NOTHING), width)
    title = f"Without a corner in Hyman's triangle, by the main code: {and_list(shares)}"
    codes = {corner: _codes(codebook, found[corner]) for corner in inside}
    bars = rates.bars(rates.legend(series, bool(points)))
    drawing = _Triangle(**bars, corners=codes, points=points)
    return Chart(title, f"{rates.start}, {'; '.join(said)}.", shown, drawing, width)


def _where(rates: _Rates, one: Series, inside: list[str]) -> tuple[str, tuple[str, ...]]:
    """Where the point of a series stands, in words, and the sentences that have a corner."""
    rows = rates.table.loc[one.name].loc[inside]
    ids = {id for some in rows["ids"] for id in some}
    shares = and_list(f"{corner} {share:.1f} %" for corner, share in rows["within"].items())
    order = tuple(id for id in one.document.sentences.index if id in ids)
    return (shares if ids else "so that it has no point"), order


def _point(
    rates: _Rates, one: Series, table: pd.DataFrame, inside: list[str], mark: Mark
) -> tuple[np.ndarray, np.ndarray, Mark]:
    """The shares of the three corners, the same with paragraphs drawn anew, and the mark."""
    rows = rates.table.loc[one.name].loc[inside]
    draws = corner_draws([one.document], table.loc[[one.document.id]], inside)[one.document.id]
    few = rates.row(one.name, NO_CORNER)["coded"] < FEWEST
    return rows["within"].to_numpy(float) / 100, draws[: 0 if few else None], mark
