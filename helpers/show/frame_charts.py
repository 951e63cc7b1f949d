"""Charts of codings: which roles each document gives to a union, where in it, which together, and what hangs on the coder.

Each function gives a :class:`~helpers.show.charts.Chart`. ``codings`` is a table of one coder, as
:mod:`helpers.coding.codings` describes it, or several of them by name: then each document stands
once for each. What stands side by side is told apart by tone and hatch or marker, up to six.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.coding import frames
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.frames import NO_CORNER, NOT_CODED, Texts
from helpers.corpus.documents import Document, listed
from helpers.corpus.errors import UnionError
from helpers.show import drawing
from helpers.show.charts import Chart
from helpers.show.drawing import MARKERS, Bars, Ink, Key, Mark, Stripe, Value, wrapped
from helpers.show.wording import (
    TEXTS,
    and_list,
    code_labels,
    cut,
    dashes,
    distinct,
    in_these,
    titles,
)

SAY = TEXTS["frames"]
FEWEST = 5  # coded sentences for an interval
OUTSIDE = {"no": NO_CORNER, "none": "none"}  # as the triangle's description calls them
INTERVAL = Key(TEXTS["interval"], line="-")
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
        names = titles(listed(corpus, len(MARKERS)))
        return [Series(names[each.id], each, codings) for each in listed(corpus)]
    found = [(coder, each) for coder in codings for each in listed(corpus)]
    if len(found) > len(MARKERS):
        raise UnionError(SAY["room"].format(most=len(MARKERS), many=len(found)))
    names = {}
    for coder, each in found:
        author = each.about["short_title"].partition(",")[0]
        names[f"{each.id} {coder}"] = f"{author} ({coder})"
    names = distinct(names)
    return [Series(names[f"{each.id} {coder}"], each, codings[coder]) for coder, each in found]


@dataclass
class Rates:
    """Rates of several series: a row for each of ``labels`` (by key); ``table`` has their names and the keys as index."""

    series: list[Series]
    labels: dict[str, str]
    table: pd.DataFrame

    @property
    def start(self) -> str:
        """How the description begins."""
        once = len({each.document.id for each in self.series}) == len(self.series)
        return in_these(len(self.series)) if once else "Side by side"

    @property
    def names(self) -> list[str]:
        return [each.name for each in self.series]

    def coded(self, name: str) -> int:
        return int(self.table.loc[name, "coded"].iloc[0])

    def nothing(self) -> bool:
        return not any(map(self.coded, self.names))

    def value(self, name: str, key: str) -> Value | None:
        """A bar with its interval, dotted where drawing paragraphs shows nothing."""
        row = self.table.loc[(name, key)]
        if not row["coded"]:
            return None
        said, ranges = rate_text(row), "lowest" in row
        who = " by any coder" if ranges else ""
        label = f"{self.labels[key]} in {name}: {len(row['ids'])} of {row['coded']} sentences{who}, {said}"
        mark = Mark(label, row["ids"]) if row["ids"] else None
        if ranges:
            return Value(row["lowest"], row["lowest"], row["highest"], said, mark)
        dotted = math.isnan(row["block_low"])
        ends = [row[end if dotted else f"block_{end}"] for end in ("low", "high")]
        ends = ends if row["coded"] >= FEWEST else [math.nan, math.nan]
        return Value(row["rate"], *ends, f"{said} ({row['sentences']})", mark, dotted=dotted)

    def shown(self, what: str) -> pd.DataFrame:
        """The numbers as a table for readers."""
        order = [(name, key) for key in self.labels for name in self.names]
        heads = SAY["columns"]
        wanted = [each for each in self.table if each in heads or each.startswith("rate ")]
        table = self.table.loc[order, wanted].rename(columns=heads)
        table.insert(0, "document", [name for name, _ in order])
        labels = [self.labels[key] for _, key in order]
        return dashes(table.set_axis(labels).rename_axis(what), 1)

    def most_frequent(self) -> str:
        """The most frequent rows of each series, in words."""
        said = []
        for name in self.names:
            rows = self.table.loc[name].loc[list(self.labels)]
            most = rows[rows["sentences"] == rows["sentences"].max()]
            top = and_list(f"“{self.labels[key]}”" for key in most.index)
            some = f"in {name} {top} with {share_text(most.iloc[0])}"
            said.append(some if rows["sentences"].any() else f"none in {name}")
        return "; ".join(said)

    def legend(self, points: bool = False) -> list[Key]:
        """A look for each series, with how much of it is coded, and what the lines are."""
        keys, ranges = [], "lowest" in self.table
        for nth, (name, document, _) in enumerate(self.series):
            coded = self.coded(name)
            text = SAY["few" if 0 < coded < FEWEST and not ranges else "coded"]
            every = {"name": name, "coded": coded, "all": len(document.sentences)}
            keys.append(Key(text.format(fewest=FEWEST, **every), nth, bar=True, marker=points))
        if ranges:
            keys.append(Key(SAY["ranges"], line="-"))
        elif max(map(self.coded, self.names)) >= FEWEST:
            keys += [INTERVAL, Key(SAY["dotted"], line=":")]
        return [*keys, Key(SAY["cloud"], marker=True)] if points else keys

    def bars(self, points: bool = False) -> dict[str, Any]:
        """What a drawing of bars wants to know."""
        values = [[self.value(name, key) for name in self.names] for key in self.labels]
        lines = max(wrapped(label).count("\n") for label in self.labels.values()) + 1
        row = max(0.2 * len(self.names) + 0.1, 0.18 * lines)
        how = {"legend": self.legend(points), "axis": SAY["axis"], "row": row, "values": values}
        return {"panels": {"": list(self.labels.values())}, **how}

    def chart(self, what: str, said: str, title: str) -> Chart:
        """The rates as bars."""
        if self.nothing():
            return Chart(title, TEXTS["nothing"], self.shown(what))
        return Chart(title, said, self.shown(what), Bars(**self.bars()))


def _rates(series: list[Series], labels: dict[str, str], tables: Iterable[pd.DataFrame]) -> Rates:
    """Rates from the table of each series, whose first index is the document."""
    own = [table.loc[each.document.id] for each, table in zip(series, tables, strict=True)]
    return Rates(series, labels, pd.concat(own, keys=[each.name for each in series]))


def rate_text(row: pd.Series) -> str:
    """The number of a row: its rate, or from which to which it goes."""
    low, high = (f"{row.get(name, row.get('rate')):.1f}" for name in ("lowest", "highest"))
    return f"{low} %" if low == high else f"{low} to {high} %"


def share_text(row: pd.Series) -> str:
    """A rate and the counts it comes from."""
    return f"{row['rate']:.1f} % ({row['sentences']} of {row['coded']})"


def frame_profile(corpus: Texts, codings: Codings, codebook: Codebook | None = None) -> Chart:
    """How often each document has each code, with intervals.

    >>> from helpers import load_codings, load_corpus
    >>> frame_profile(load_corpus(), load_codings("reference")).marks[0].label
    'Pay and conditions in KCTU, Our Aims: 2 of 17 sentences, 11.8 %'
    """
    say, rates = TEXTS["profile"], _profile(corpus, codings, codebook or load_codebook())
    has = rates.table["sentences"].unstack(0) > 0
    shared = [rates.labels[code] for code in rates.labels if code != "none" and all(has.loc[code])]
    said = say["said"].format(start=rates.start, top=rates.most_frequent())
    if len(rates.series) > 1:
        said += say["shared"].format(codes=and_list(shared) or "none")
    return rates.chart("code", said, say["title"])


def _profile(corpus: Texts, codings: Codings, codebook: Codebook) -> Rates:
    series = coded_series(corpus, codings)
    tables = [frames.frame_table(corpus, each.codings, codebook) for each in series]
    return _rates(series, code_labels(codebook), tables)


def protection_production(
    corpus: Texts, codings: Codings, codebook: Codebook | None = None
) -> Chart:
    """The classic dualism, to protect workers and to raise production: each sentence counts once, by its main code."""
    say, codebook = TEXTS["dualism"], codebook or load_codebook()
    found, series = frames.corners(say["map"], codebook), coded_series(corpus, codings)
    heads = {corner: say["corners"].get(corner, corner) for corner in found}
    labels = {corner: f"{heads[corner]} ({_codes(codebook, found[corner])})" for corner in found}
    labels["none"] = heads["none"]
    tables = [frames.corner_table(corpus, each.codings, say["map"], codebook) for each in series]
    rates, each = _rates(series, labels, tables), []
    for name in rates.names:
        rows = rates.table.loc[name]
        shares = and_list(f"{heads[key]} {share_text(rows.loc[key])}" for key in labels)
        some = f"in {name} {shares}"
        each.append(some if rates.coded(name) else SAY["uncoded"].format(name=name))
    said = say["said"].format(start=rates.start, each="; ".join(each))
    return rates.chart(SAY["main"], said, say["title"])


def _codes(codebook: Codebook, codes: Iterable[str]) -> str:
    return ", ".join(code_labels(codebook)[code] for code in codes) or "no code"


def coding_range(corpus: Texts, *codings: pd.DataFrame, codebook: Codebook | None = None) -> Chart:
    """How far the rate of each code hangs on who coded; left out, ``codings`` are the reference and its two coders."""
    say, codebook = TEXTS["range"], codebook or load_codebook()
    series = coded_series(corpus, pd.DataFrame())
    table = frames.what_if(corpus, *codings, codebook=codebook)
    names = and_list(cut(name[5:]) for name in table if name.startswith("rate "))
    table = table.assign(by_any=table["ids"].map(len), not_by_all=table["differ"].map(len))
    rates = _rates(series, code_labels(codebook), [table] * len(series))
    gaps = (rates.table["highest"] - rates.table["lowest"]).fillna(0).round(9)
    same, (name, code) = int((gaps == 0).sum()), gaps.idxmax()
    said = say["said"].format(start=rates.start, coders=names, same=same, cases=len(table))
    if gaps.any():
        widest = rate_text(rates.table.loc[(name, code)])
        said += say["widest"].format(code=rates.labels[code], name=name, rate=widest)
    return rates.chart("code", f"{said}.", say["title"].format(coders=names))


def codeline(corpus: Texts, codings: Codings, codebook: Codebook | None = None) -> Chart:
    """Each document from beginning to end: a lane for each code, a stripe for each sentence that has it."""
    say, codebook = TEXTS["codeline"], codebook or load_codebook()
    rates = _profile(corpus, codings, codebook)
    found = [row for each in rates.series for row in _stripes_of(each, rates, codebook)]
    columns = ["sentence", "document", "code", "begins", "ends", "rank"]
    shown = pd.DataFrame(found, columns=columns)
    labels, lanes = lanes_of(rates.names, set(shown["code"]), codebook)
    shown["code"] = shown["code"].map(labels)
    if rates.nothing():
        return Chart(say["title"], TEXTS["nothing"], shown.round(1).set_index("sentence"))
    stripes = []
    for (id, name, code, begins, ends, rank), label in zip(found, shown["code"], strict=True):
        where = f"{round(begins, 1)} to {round(ends, 1)} % of {name}"
        half, mark = (0.42 if rank == "main" else 0.21), Mark(f"{label}: {id}, {where}", (id,))
        colour = colour_of(code, codebook)
        stripes.append(Stripe(lanes[name, code], begins, ends, -half, half, colour, mark))
    said = say["said"].format(start=rates.start, top=rates.most_frequent())
    panels = dict.fromkeys(rates.names, list(labels.values()))
    lines = drawing.Lanes(panels, axis=SAY["along"], row=0.21, stripes=stripes)
    return Chart(say["title"], said, shown.round(1).set_index("sentence"), lines)


def _stripes_of(each: Series, rates: Rates, codebook: Codebook) -> Iterator[tuple]:
    """The stripes of one series: sentence, name, code, from where to where in percent, and its rank."""
    main = {row.sentence: row.codes[0] for row in each.codings.itertuples()}
    left = tuple(id for id in each.document.sentences.index if id not in main)
    lanes = {code: rates.table.at[(each.name, code), "ids"] for code in codebook}
    places = percent_places(each.document)
    for code, ids in (lanes | {NOT_CODED: left}).items():
        for id in ids:
            rank = "main" if code == main.get(id, NOT_CODED) else "further"
            yield id, each.name, code, *places.loc[id], rank


def percent_places(document: Document) -> pd.DataFrame:
    """Where each sentence begins and ends, in percent of the document."""
    return 100 * document.sentences[["start", "end"]] / max(len(document.text), 1)


def lanes_of(
    names: Iterable[str], used: Collection[str], codebook: Codebook
) -> tuple[dict[str, str], dict[tuple[str, str], int]]:
    """The labels of the lanes by code, and which row each is by series and code."""
    labels = code_labels(codebook) | ({NOT_CODED: NOT_CODED} if NOT_CODED in used else {})
    lanes = [(name, code) for name in names for code in labels]
    return labels, {lane: row for row, lane in enumerate(lanes)}


def colour_of(code: str, codebook: Codebook) -> str | int:
    """The colour of a code; what is not coded is grey."""
    return drawing.GREY if code == NOT_CODED else codebook[code].colour


def co_occurrence_chart(codings: pd.DataFrame, codebook: Codebook | None = None) -> Chart:
    """How many sentences have two codes together; along the edge, how many have each code."""
    say, codebook = TEXTS["pairs_of_codes"], codebook or load_codebook()
    labels = {code: label for code, label in code_labels(codebook).items() if code != "none"}
    table, codes, names = frames.code_pairs(codings, codebook), list(labels), list(labels.values())
    shown = table["count"].unstack().loc[codes, codes].set_axis(names).set_axis(names, axis=1)
    shown = shown.rename_axis("code")
    if codings.empty:
        return Chart(say["title"], TEXTS["nothing"], shown)
    pairs = [(one, other) for y, one in enumerate(codes) for other in codes[: y + 1]]
    apart = table.loc[[pair for pair in pairs if pair[0] != pair[1]]]
    most, cells = max(1, apart["count"].max()), []
    for one, other in pairs:
        row, same = table.loc[(one, other)], one == other
        name = labels[one] if same else f"{labels[other]} with {labels[one]}"
        chance = "" if same else f" ({row['expected']:.1f} by chance)"
        label = f"{name}: {row['count']} of {len(codings)} sentences{chance}"
        shade = 0 if same or not row["count"] else 0.08 + 0.34 * row["count"] / most
        mark = Mark(label, row["ids"]) if row["ids"] else None
        at = (codes.index(one), codes.index(other))
        cells.append(drawing.Cell(*at, str(row["count"]), shade, mark, framed=same))
    several = sum(len(each) > 1 for each in codings["codes"])
    start = in_these(len({id.rpartition("-")[0] for id in codings["sentence"]}))
    have = {"several": several, "all": len(codings), "have": "has" if several == 1 else "have"}
    said = say["said"].format(start=start, **have)
    if several:
        (one, other), top = apart["count"].idxmax(), apart.loc[apart["count"].idxmax()]
        both = {"one": labels[other], "other": labels[one], "count": top["count"]}
        said += say["most"].format(expected=top["expected"], **both)
    grid = drawing.Cells({"": names}, columns=names, cells=cells, turned=True)
    return Chart(say["title"], said, shown, grid)


@dataclass
class _Triangle(Bars):
    """Bars, and above them a triangle with a point for each series and a cloud of where it goes with paragraphs drawn anew."""

    corners: dict[str, str] = field(default_factory=dict)  # with the codes that stand there
    points: dict[int, tuple[np.ndarray, np.ndarray, Mark]] = field(default_factory=dict)

    def all_marks(self) -> Iterator[Mark | None]:
        yield from super().all_marks()
        yield from (mark for _, _, mark in self.points.values())

    def above(self) -> float:
        return 4.6

    def draw_above(self, figure: Figure, ink: Ink, box: list[float]) -> None:
        axes, at = figure.add_axes(box), np.array([[0.5, 0.75**0.5], [0, 0], [1, 0]])
        axes.set(xlim=(-0.06, 1.06), ylim=(-0.32, 1.08), aspect="equal")
        axes.axis("off")
        _grid(axes, ink, at)
        for nth, (shares, draws, mark) in self.points.items():
            tone, _, marker = drawing.look(nth, ink)
            axes.plot(*(draws @ at).T, marker, color=tone, markersize=3.5, alpha=0.12, mew=0)
            how = {"color": tone, "markersize": 12 - nth, "markeredgecolor": ink.ink}
            (point,) = axes.plot(*(shares @ at), marker, clip_on=False, **how)
            self.choose(point, mark)
        for (x, y), (corner, codes) in zip(at, self.corners.items(), strict=True):
            up, side = (0.06, "bottom") if y else (-0.06, "top")
            axes.text(x, y + up, f"{corner}\n{wrapped(codes, 24)}", va=side, ha="center")


def _grid(axes: Axes, ink: Ink, at: np.ndarray) -> None:
    for share in (0, 0.25, 0.5, 0.75):
        how = {"linewidth": 0.6, "linestyle": ":"} if share else {"linewidth": 1.4}
        for turn in range(3):
            one, *others = np.roll(at, turn, axis=0)
            line = share * one + (1 - share) * np.array(others)
            axes.plot(*line.T, color=ink.line, zorder=0, **how)


def triangle(corpus: Texts, codings: Codings, codebook: Codebook | None = None) -> Chart:
    """Hyman's triangle with a point for each document, and below it what has no corner; each sentence counts by its main code."""
    say, codebook = TEXTS["triangle"], codebook or load_codebook()
    found, series = frames.corners(say["map"], codebook), coded_series(corpus, codings)
    inside = [corner for corner in found if corner not in (NO_CORNER, "none")]
    if len(inside) != 3:
        raise UnionError(say["three"].format(map=say["map"], many=len(inside)))
    rates, tables = _corner_rates(corpus, series, found, codebook)
    if rates.nothing():
        return Chart(say["nothing"], TEXTS["nothing"], rates.shown(SAY["main"]))
    points, said, shares = {}, [], []
    for nth, (one, table) in enumerate(zip(series, tables, strict=True)):
        rows, name = rates.table.loc[one.name], one.name
        if not rates.coded(name):
            said.append(SAY["uncoded"].format(name=name))
            continue
        shares.append(f"{rate_text(rows.loc[NO_CORNER])} of {name}")
        where, ids = _where(rows.loc[inside], one)
        each = {key: share_text(rows.loc[corner]) for key, corner in OUTSIDE.items()}
        said.append(say["said"].format(name=name, many=len(ids), where=where, **each))
        if ids:
            draws = frames.corner_draws([one.document], table.loc[[one.document.id]], inside)
            draws = draws[one.document.id][: None if rates.coded(name) >= FEWEST else 0]
            mark = Mark(say["mark"].format(name=name, where=where, many=len(ids)), ids)
            points[nth] = rows.loc[inside, "within"].to_numpy(float) / 100, draws, mark
    codes = {corner: _codes(codebook, found[corner]) for corner in inside}
    both = _Triangle(**rates.bars(bool(points)), corners=codes, points=points)
    title = say["title"].format(shares=and_list(shares))
    return Chart(title, f"{rates.start}, {'; '.join(said)}.", rates.shown(SAY["main"]), both)


def _corner_rates(
    corpus: Texts, series: list[Series], found: dict[str, list[str]], codebook: Codebook
) -> tuple[Rates, list[pd.DataFrame]]:
    """The rates of the corners, and of each code that has none; and the table of the corners of each series."""
    say, labels = TEXTS["triangle"], {corner: corner for corner in found if corner != "none"}
    out = {f"– {code_labels(codebook)[code]}": (code,) for code in found[NO_CORNER]}
    labels |= {corner: corner for corner in out} | say["corners"]
    apart, whole, both = replace(codebook, maps={say["map"]: out}), [], []
    for each in series:
        whole.append(frames.corner_table(corpus, each.codings, say["map"], codebook))
        split = frames.corner_table(corpus, each.codings, say["map"], apart)
        both.append(pd.concat([whole[-1], split[split.index.isin(list(out), level="corner")]]))
    return _rates(series, labels, both), whole


def _where(rows: pd.DataFrame, one: Series) -> tuple[str, tuple[str, ...]]:
    """Where the point of a series stands, in words, and the sentences that have a corner."""
    ids = {id for some in rows["ids"] for id in some}
    shares = and_list(f"{corner} {share:.1f} %" for corner, share in rows["within"].items())
    order = tuple(id for id in one.document.sentences.index if id in ids)
    return (shares if ids else "so that it has no point"), order
