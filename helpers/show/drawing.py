"""How a chart is drawn: bars, dots with intervals, cells or lanes, in rows with labels.

A drawing knows how large its words are, so that it is laid out and drawn once. What can be chosen
in it carries a :class:`Mark`; the artists of mark number n have the gid ``mark-n``.
"""

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.textpath import text_to_path


class Ink(NamedTuple):
    """The colours of one theme. The tones differ in lightness as well as in hue."""

    ink: str
    paper: str
    line: str
    tones: tuple[str, ...]


LIGHT = Ink("#1c2126", "#ffffff", "#737c83", ("#0b5560", "#b5532a", "#6b7f2a", "#7a4b8c"))
DARK = Ink("#e8ebed", "#16191c", "#8b959c", ("#7fd0da", "#ffab8a", "#c8dc86", "#d9b3e8"))
HATCHES = ("", "///", "...", "xx", "---", "\\\\\\", "///")
MARKERS = ("o", "s", "D", "^", "v", "P", "o")
MOST, GREY = 6, 6  # as many series can be told apart; the look of what is no series
FONT, LARGE, SMALL = "DejaVu Sans", 11, 9.5  # points
LINE = 1.2 * SMALL / 72  # inches from line to line
GAP, EDGE, WRAP = 0.09, 0.12, 31  # inches beside a label and around all; characters of a label


class Mark(NamedTuple):
    """What can be chosen: what it is, in words with its number, and the sentences behind it."""

    label: str
    sentences: tuple[str, ...]


class Value(NamedTuple):
    """A bar or dot of series ``nth``: from ``start`` to ``value``, its interval, words beside it."""

    row: int
    nth: int
    value: float
    low: float = math.nan
    high: float = math.nan
    text: str = ""
    mark: Mark | None = None
    start: float = 0.0
    dotted: bool = False  # the interval
    diamond: bool = False  # stands in the middle of a bar


class Cell(NamedTuple):
    """A cell of a grid: its place, its words, its shade from 0 to 1."""

    row: int
    column: int
    text: str
    shade: float
    mark: Mark | None = None
    framed: bool = False


class Stripe(NamedTuple):
    """A stripe in a lane: from where to where along it, and up it from -0.5 to 0.5."""

    row: int
    begin: float
    end: float
    bottom: float
    top: float
    colour: str | int  # a number is the tone of a series
    mark: Mark | None = None


class Key(NamedTuple):
    """A line of the legend: a series (or none) as a bar, with its marker, with a line; or a shade."""

    text: str
    nth: int | None = None
    bar: bool = False
    marker: bool = False
    line: str = ""
    shade: float | None = None


def look(nth: int, ink: Ink) -> tuple[str, str, str]:
    """Tone, hatch and marker of a series."""
    tone = ink.line if nth == GREY else ink.tones[nth % len(ink.tones)]
    return tone, HATCHES[nth], MARKERS[nth]


def tint(shade: float, ink: Ink) -> list[float]:
    """A colour between the paper (0) and the first tone (1)."""
    pairs = zip(to_rgb(ink.paper), to_rgb(ink.tones[0]), strict=True)
    return [(1 - shade) * paper + shade * tone for paper, tone in pairs]


def style(ink: Ink) -> dict[str, Any]:
    """The look of the project, for matplotlib. No text is taken for a formula."""
    words = dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), ink.ink)
    papers = ("axes.facecolor", "figure.facecolor", "savefig.facecolor", "hatch.color")
    colours = words | dict.fromkeys(papers, ink.paper) | {"axes.edgecolor": ink.line}
    fonts = {"font.family": FONT, "font.size": SMALL, "text.parse_math": False}
    spines = {"axes.spines.top": False, "axes.spines.right": False, "hatch.linewidth": 1.2}
    return colours | fonts | spines | {"svg.hashsalt": "union"}


def inches(texts: Iterable[str]) -> float:
    """How wide the widest line of some texts is."""
    font = FontProperties(family=FONT, size=SMALL)
    lines = {line for text in texts for line in text.split("\n")}
    widths = [text_to_path.get_text_width_height_descent(line, font, False)[0] for line in lines]
    return 1.03 * max(widths, default=0) / 72


def wrapped(text: str, most: int = WRAP) -> str:
    """A text in lines of at most so many characters."""
    return textwrap.fill(text, most)


@dataclass
class Drawing:
    """Rows with labels, by heading (which may be empty), and items in them; or ``words`` alone."""

    panels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    items: Sequence[Any] = ()
    legend: Sequence[Key] = ()
    axis: str = ""  # what is measured
    row: float = 0.3  # inches
    limits: tuple[float, float] | None = None
    above: float = 0.0  # inches above the rows
    words: str = ""

    @cached_property
    def labels(self) -> list[str]:
        return [wrapped(label) for labels in self.panels.values() for label in labels]

    @cached_property
    def places(self) -> list[float]:
        """Where the rows are, counted downwards in rows; a heading takes room of its own."""
        places, at = [], -1.0
        for heading, labels in self.panels.items():
            at += 0.36 / self.row if heading else 0
            places += [at := at + 1 for _ in labels]
        return places

    @cached_property
    def numbers(self) -> dict[Mark, int]:
        """What can be chosen, with its numbers."""
        marks = dict.fromkeys(item.mark for item in self.all_items() if item.mark)
        return {mark: number for number, mark in enumerate(marks)}

    def all_items(self) -> Sequence[Any]:
        return self.items

    def below(self) -> float:
        return 0.47 if self.axis else 0

    def draw(self, axes: Axes, ink: Ink) -> None:
        """Draw the items."""

    def figure(self, ink: Ink, width: float, title: str = "") -> Figure:
        """The drawing in the colours of a theme; without a title where that stands elsewhere."""
        title = wrapped(title, int(10.2 * width))
        keys = [key._replace(text=wrapped(key.text, int(10.5 * width))) for key in self.legend]
        head = EDGE + (title.count("\n") + 1.6) * 1.2 * LARGE / 72 if title else EDGE
        lines = sum(key.text.count("\n") + 1 for key in keys)
        top = head + LINE * lines + 0.07 * len(keys) + 0.1 * bool(keys)
        rows = self.row * (self.places[-1] + 1 if self.places else 4)
        tall = top + self.above + rows + self.below() + EDGE
        right = inches(getattr(item, "text", "") for item in self.items) if self.beside else 0
        edges = 2 * (EDGE + GAP) + right + inches(self.labels)
        left, bottom = EDGE + GAP + inches(self.labels), self.below() + EDGE
        with mpl.rc_context(style(ink)):
            figure = Figure((width, tall))
            FigureCanvasAgg(figure)
            figure.text(EDGE / width, 1 - EDGE / tall, title, fontsize=LARGE, va="top")
            box = [left / width, bottom / tall, 1 - edges / width, rows / tall]
            axes = figure.add_axes(box, autoscale_on=False)
            if self.words:
                axes.set(xticks=[], yticks=[])
                axes.text(0.5, 0.5, wrapped(self.words, 46), ha="center", va="center")
                return figure
            self._legend(figure, ink, keys, 1 - head / tall)
            self._frame(axes, ink)
            self.draw(axes, ink)
        return figure

    beside = False  # whether the texts of items stand at the right edge

    def _frame(self, axes: Axes, ink: Ink) -> None:
        """Labels at the left, a thin line under each row, headings, the axis."""
        right, first = axes.get_yaxis_transform(), 0
        axes.set_yticks(self.places, self.labels)
        axes.tick_params(axis="y", length=0)
        axes.set(ylim=(self.places[-1] + 0.5, -0.5), xlim=self.limits, xlabel=self.axis)
        below = [place + 0.5 for place in self.places]
        axes.hlines(below, 0, 1, transform=right, color=ink.line, linewidth=0.4, zorder=0)
        for heading, labels in self.panels.items():
            y = self.places[first] - 0.5 - 0.08 / self.row
            axes.text(0, y, heading, transform=right, weight="bold", va="bottom")
            first += len(labels)

    def _legend(self, figure: Figure, ink: Ink, keys: list[Key], top: float) -> None:
        handles, at = [_handle(key, ink) for key in keys], (EDGE / figure.get_figwidth(), top)
        how = {"bbox_to_anchor": at, "frameon": False, "borderpad": 0, "borderaxespad": 0}
        legend = figure.legend(handles, ["-"] * len(keys), loc="upper left", fontsize=SMALL, **how)
        for text, key in zip(legend.get_texts(), keys, strict=True):
            text.set_text(key.text)  # given above, a text that begins with "_" would be left out

    def choose(self, artist: Artist, mark: Mark | None) -> None:
        """Let an artist be chosen."""
        if mark:
            artist.set_gid(f"mark-{self.numbers[mark]}")

    def box(self, axes: Axes, at: Sequence[float], mark: Mark | None, **how: Any) -> None:
        """Draw a rectangle that can be chosen: ``at`` has its left, top, width and height."""
        self.choose(axes.add_artist(Rectangle(at[:2], *at[2:], **how)), mark)


def _handle(key: Key, ink: Ink) -> Any:
    """What stands before the words of a legend."""
    if key.shade is not None:
        return Patch(facecolor=tint(key.shade, ink), edgecolor=ink.line)
    tone, hatch, marker = (ink.ink, "", "o") if key.nth is None else look(key.nth, ink)
    bar = Patch(facecolor=tone, hatch=hatch)
    dot = {"marker": marker if key.marker else "", "markersize": 3.5 if key.nth is None else 8}
    line = Line2D([], [], color=tone, linestyle=key.line, linewidth=1.6, **dot)
    return (bar, line) if key.bar and key.marker else bar if key.bar else line


@dataclass
class Bars(Drawing):
    """Bars with intervals. The series of a row stand under each other, or ``over``."""

    series: int = 1
    over: bool = False
    lines: Sequence[float] = ()  # across all rows
    beside = True

    def height(self, value: Value) -> float:
        """Where a value stands, in rows."""
        step = 0 if self.over else 0.86 / self.series
        return self.places[value.row] + step * (value.nth - (self.series - 1) / 2)

    def draw(self, axes: Axes, ink: Ink) -> None:
        axes.set_xlim(self.limits or self._reach())
        gap = GAP / (axes.get_position().width * axes.figure.get_figwidth())
        for value in self.items:
            y, right = self.height(value), axes.get_yaxis_transform()
            self.draw_value(axes, ink, y, value)
            axes.text(1 + gap, y, value.text, transform=right, va="center")
        axes.axvline(0, color=ink.line, linewidth=1, zorder=0)
        for x in self.lines:
            axes.axvline(x, color=ink.line, linewidth=1.6, linestyle=":", zorder=0)

    def _reach(self) -> tuple[float, float]:
        """From where to where the axis goes."""
        ends = [end for each in self.items for end in (each.value, each.low, each.high)]
        ends = [0, *(end for end in ends if math.isfinite(end))]
        low, high = min(ends), max(ends) or 1
        return (low - 0.03 * (high - low) if low < 0 else 0), high + 0.03 * (high - low)

    def draw_value(self, axes: Axes, ink: Ink, y: float, value: Value) -> None:
        tone, hatch, _ = look(value.nth, ink)
        long, tall = value.value - value.start, 0.72 / (1 if self.over else self.series)
        how = {"facecolor": tone, "edgecolor": ink.paper, "hatch": hatch, "linewidth": 0}
        self.box(axes, (value.start, y - tall / 2, long, tall), value.mark, **how)
        if value.low < value.high:
            ends = [value.low, value.high], [y, y]
            axes.plot(*ends, color=ink.paper, linewidth=3)  # so that it stands out of the bar
            how = {"linestyle": ":" if value.dotted else "-", "marker": "|", "markersize": 6}
            (line,) = axes.plot(*ends, color=ink.ink, linewidth=1.3, **how)
            self.choose(line, value.mark)
        if value.diamond:
            how = {"color": ink.paper, "markeredgecolor": ink.ink, "markeredgewidth": 1.6}
            axes.plot([value.start + long / 2], [y], "D", markersize=9, **how)


@dataclass
class Dots(Bars):
    """Dots with intervals; one without a value is open and stands at the right edge."""

    def draw_value(self, axes: Axes, ink: Ink, y: float, value: Value) -> None:
        (low, high), (tone, _, marker) = axes.get_xlim(), look(value.nth, ink)
        ends = [min(max(end, low), high) for end in (value.low, value.high)]
        if not math.isnan(value.low):
            (line,) = axes.plot(ends, [y, y], color=tone, linewidth=2)
            self.choose(line, value.mark)
        unknown = math.isnan(value.value)
        at = high if unknown else min(max(value.value, low), high)
        how = {"fillstyle": "none", "clip_on": False} if unknown else {}
        (dot,) = axes.plot([at], [y], marker, color=tone, markersize=8, **how)
        self.choose(dot, value.mark)


@dataclass
class Cells(Drawing):
    """A grid of cells, the names of its ``columns`` above it, or ``turned`` and below it."""

    columns: Sequence[str] = ()
    turned: bool = False

    def below(self) -> float:
        return inches(self.columns) + GAP if self.turned else 0

    def draw(self, axes: Axes, ink: Ink) -> None:
        axes.set_xlim(-0.5, max(len(self.columns), 1) - 0.5)
        axes.set_xticks(range(len(self.columns)), self.columns, rotation=90 * self.turned)
        axes.tick_params(length=0, top=False, labeltop=not self.turned, labelbottom=self.turned)
        axes.spines[["left", "bottom"]].set_visible(False)
        for cell in self.items:
            x, y = cell.column, self.places[cell.row]
            edge, wide = (ink.ink, 1.2) if cell.framed else (ink.line, 0.5)
            how = {"facecolor": tint(cell.shade, ink), "edgecolor": edge, "linewidth": wide}
            self.box(axes, (x - 0.47, y - 0.46, 0.94, 0.92), cell.mark, **how)
            axes.text(x, y, cell.text, ha="center", va="center")


@dataclass
class Lanes(Drawing):
    """A lane for each label, and in it stripes along the text, from 0 to 100 percent."""

    def draw(self, axes: Axes, ink: Ink) -> None:
        axes.set_xlim(0, 100)
        for one in self.items:
            colour = look(one.colour, ink)[0] if isinstance(one.colour, int) else one.colour
            wide = one.end - one.begin
            edge = ink.paper if wide > 2 else colour  # the wide are told apart, the narrow seen
            at = (one.begin, self.places[one.row] - one.top, wide, one.top - one.bottom)
            self.box(axes, at, one.mark, facecolor=colour, edgecolor=edge, linewidth=0.4)
