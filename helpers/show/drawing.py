"""How a chart is drawn: bars, dots with intervals, cells and lanes, each a drawing of labelled rows.

A drawing knows how large what stands in it is, so that it is laid out and drawn once. What can be
chosen in it carries a :class:`Mark`; the artists of mark number n have the gid ``mark-n``.
"""

import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    soft: str
    paper: str
    line: str
    tones: tuple[str, ...]


LIGHT = Ink(
    "#1c2126", "#4b545c", "#ffffff", "#737c83", ("#0b5560", "#b5532a", "#6b7f2a", "#7a4b8c")
)
DARK = Ink("#e8ebed", "#b9c1c7", "#16191c", "#8b959c", ("#7fd0da", "#ffab8a", "#c8dc86", "#d9b3e8"))
HATCHES = ("", "///", "...", "xx", "---", "\\\\\\")
MARKERS = ("o", "s", "D", "^", "v", "P")  # as many series can be told apart
GREY = 6  # the look of what is no series
FONT, LARGE, SMALL = "DejaVu Sans", 11, 9.5  # points
LINE = 1.2 * SMALL / 72  # inches from line to line
GAP, EDGE, WRAP = 0.09, 0.12, 31  # inches beside a label and around all; characters of a label


class Mark(NamedTuple):
    """What can be chosen: what it is, in words with its number, and the sentences behind it (ids)."""

    label: str
    sentences: tuple[str, ...]


class Value(NamedTuple):
    """A bar or a dot: from ``start`` to ``value``, its interval, and the words at the right edge."""

    value: float
    low: float = math.nan
    high: float = math.nan
    text: str = ""
    mark: Mark | None = None
    start: float = 0.0
    dotted: bool = False  # the interval
    diamond: bool = False  # stands in the middle of a bar


class Cell(NamedTuple):
    """A cell of a grid: its row and column, its words, its shade from 0 to 1."""

    row: int
    column: int
    text: str
    shade: float
    mark: Mark | None = None
    framed: bool = False


class Stripe(NamedTuple):
    """A stripe: its lane, from where to where in it, up it from -0.5 to 0.5; a number is a look."""

    row: int
    begin: float
    end: float
    bottom: float
    top: float
    colour: str | int
    mark: Mark | None = None


class Key(NamedTuple):
    """A line of the legend: the look of a series, as a bar, as a marker, with a line, or a shade."""

    text: str
    look: int | None = None
    bar: bool = False
    marker: bool = False
    line: str = ""
    shade: float | None = None


def look(nth: int, ink: Ink) -> tuple[str, str, str]:
    """Tone, hatch and marker of a series."""
    if nth == GREY:
        return ink.line, "///", "o"
    return ink.tones[nth % len(ink.tones)], HATCHES[nth % 6], MARKERS[nth % 6]


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
    return colours | fonts | spines | {"svg.hashsalt": "union", "svg.fonttype": "path"}


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
    """Rows under headings: ``panels`` has their labels by heading, which may be empty. With ``words``, these alone."""

    panels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    legend: Sequence[Key] = ()
    axis: str = ""  # what is measured
    row: float = 0.3  # inches
    limits: tuple[float, float] | None = None
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
    def marks(self) -> list[Mark]:
        """What can be chosen, in the order of its numbers."""
        return list(dict.fromkeys(mark for mark in self.all_marks() if mark))

    @cached_property
    def _numbers(self) -> dict[Mark, int]:
        return {mark: number for number, mark in enumerate(self.marks)}

    def all_marks(self) -> Iterator[Mark | None]:
        yield from ()

    def at_right(self) -> list[str]:
        """The words at the right edge."""
        return []

    def above(self) -> float:
        """Inches that are wanted above the rows."""
        return 0

    def below(self) -> float:
        return 0.47 if self.axis else 0

    def draw(self, axes: Axes, ink: Ink) -> None:
        """Draw what stands in the rows."""

    def draw_above(self, figure: Figure, ink: Ink, box: list[float]) -> None:
        """Draw what stands above the rows, in a box of the figure."""

    def figure(self, ink: Ink, width: float, title: str = "") -> Figure:
        """The drawing, so many inches wide, in the colours of a theme; without a title if it stands elsewhere."""
        title = wrapped(title, int(10.2 * width))
        keys = [key._replace(text=wrapped(key.text, int(10.5 * width))) for key in self.legend]
        head = EDGE + (title.count("\n") + 1.6) * 1.2 * LARGE / 72 if title else EDGE
        lines = sum(key.text.count("\n") + 1 for key in keys)
        top = head + LINE * lines + 0.07 * len(keys) + 0.1 * bool(keys)
        rows = self.row * (self.places[-1] + 1 if self.places else 4)
        tall = top + self.above() + rows + self.below() + EDGE
        left, right = (EDGE + GAP + inches(each) for each in (self.labels, self.at_right()))
        with mpl.rc_context(style(ink)):
            figure = Figure((width, tall))
            FigureCanvasAgg(figure)
            figure.text(EDGE / width, 1 - EDGE / tall, title, fontsize=LARGE, va="top")
            bottom, across = (self.below() + EDGE) / tall, 1 - (left + right) / width
            axes = figure.add_axes([left / width, bottom, across, rows / tall])
            axes.set_autoscale_on(False)
            if self.words:
                axes.set(xticks=[], yticks=[])
                axes.text(0.5, 0.5, wrapped(self.words, 46), ha="center", va="center")
                return figure
            _legend(figure, ink, keys, 1 - head / tall)
            self._frame(axes, ink)
            self.draw(axes, ink)
            self.draw_above(figure, ink, [0, bottom + rows / tall, 1, self.above() / tall])
        return figure

    def _frame(self, axes: Axes, ink: Ink) -> None:
        """Labels at the left, a thin line under each row, headings, the axis."""
        places, right = self.places, axes.get_yaxis_transform()
        axes.set_yticks(places, self.labels, fontsize=SMALL)
        axes.tick_params(axis="y", length=0)
        axes.set(ylim=(places[-1] + 0.5, -0.5), xlim=self.limits)
        axes.set_xlabel(self.axis, fontsize=SMALL)
        below = [place + 0.5 for place in places]
        axes.hlines(below, 0, 1, transform=right, color=ink.line, linewidth=0.4, zorder=0)
        first = 0
        for heading, labels in self.panels.items():
            y = places[first] - 0.5 - 0.08 / self.row
            axes.text(0, y, heading, transform=right, weight="bold", va="bottom")
            first += len(labels)

    def choose(self, artist: Artist, mark: Mark | None) -> None:
        """Let an artist be chosen."""
        if mark:
            artist.set_gid(f"mark-{self._numbers[mark]}")

    def box(self, axes: Axes, at: tuple[float, float, float, float], mark: Mark | None, **how: Any):
        """Draw a rectangle from its left, top, width and height, which can be chosen."""
        self.choose(axes.add_artist(Rectangle(at[:2], *at[2:], **how)), mark)


def _legend(figure: Figure, ink: Ink, keys: list[Key], top: float) -> None:
    if not keys:
        return
    at = (EDGE / figure.get_figwidth(), top)
    how = {"loc": "upper left", "bbox_to_anchor": at, "fontsize": SMALL, "frameon": False}
    handles = [_handle(key, ink) for key in keys]
    legend = figure.legend(handles, ["-"] * len(keys), borderpad=0, borderaxespad=0, **how)
    for text, key in zip(legend.get_texts(), keys, strict=True):
        text.set_text(key.text)  # given above, a text that begins with "_" would be left out


def _handle(key: Key, ink: Ink) -> Any:
    """What stands before the words of a legend."""
    if key.shade is not None:
        return Patch(facecolor=tint(key.shade, ink), edgecolor=ink.line)
    tone, hatch, marker = (ink.ink, "", "o") if key.look is None else look(key.look, ink)
    bar = Patch(facecolor=tone, hatch=hatch)
    dot = {"marker": marker if key.marker else "", "markersize": 3.5 if key.look is None else 8}
    line = Line2D([], [], color=tone, linestyle=key.line, linewidth=1.6, **dot)
    return (bar, line) if key.bar and key.marker else bar if key.bar else line


@dataclass
class Bars(Drawing):
    """Bars with intervals: a list of values for each row, one a series; these under each other, or ``over``."""

    values: Sequence[Sequence[Value | None]] = ()
    over: bool = False  # all series of a row at one height
    looks: Sequence[int] = (0, 1, 2, 3, 4, 5)  # of the series
    lines: Mapping[float, str] = field(default_factory=dict)  # across all rows, with their names

    def all_marks(self) -> Iterator[Mark | None]:
        yield from (value.mark for row in self.values for value in row if value)

    def at_right(self) -> list[str]:
        return [value.text for row in self.values for value in row if value]

    def above(self) -> float:
        return 0.24 if any(self.lines.values()) else 0

    def draw(self, axes: Axes, ink: Ink) -> None:
        right, series = axes.get_yaxis_transform(), max(map(len, self.values))
        step = 0 if self.over else 0.86 / series
        gap = GAP / (axes.get_position().width * axes.figure.get_figwidth())
        axes.set_xlim(self.limits or self._reach())
        for place, row in zip(self.places, self.values, strict=True):
            for nth, value in enumerate(row):
                if value:
                    y = place + step * (nth - (series - 1) / 2)
                    self.draw_value(axes, ink, y, step or 0.86, value, look(self.looks[nth], ink))
                    axes.text(1 + gap, y, value.text, transform=right, va="center")
        for x, text in self.lines.items():
            axes.axvline(x, color=ink.line, linewidth=1, linestyle="--" if text else "-", zorder=0)
            side = "right" if x < 0.7 else "left"
            axes.annotate(text, (x, 1.01), xycoords=axes.get_xaxis_transform(), ha=side)

    def _reach(self) -> tuple[float, float]:
        """From where to where the axis goes."""
        each = [value for row in self.values for value in row if value]
        ends = [end for one in each for end in (one.start, one.value, one.low, one.high)]
        ends = [0, *(end for end in ends if math.isfinite(end))]
        low, high = min(ends), max(ends) or 1
        room = 0.03 * (high - low)
        return low - room if low < 0 else 0, high + room

    def draw_value(
        self, axes: Axes, ink: Ink, y: float, room: float, value: Value, own: tuple[str, str, str]
    ) -> None:
        long, tall = value.value - value.start, 0.84 * room
        how = {"facecolor": own[0], "edgecolor": ink.paper, "hatch": own[1], "linewidth": 0}
        self.box(axes, (value.start, y - tall / 2, long, tall), value.mark, **how)
        if value.low < value.high:
            ends, heights = [value.low, value.high], [y, y]
            around = {"color": ink.paper, "linewidth": 3, "solid_capstyle": "butt"}
            axes.plot(ends, heights, **around)  # so that it stands out of the bar
            how = {"linestyle": ":" if value.dotted else "-", "marker": "|", "markersize": 6}
            (line,) = axes.plot(ends, heights, color=ink.ink, linewidth=1.3, **how)
            self.choose(line, value.mark)
        if value.diamond:
            how = {"color": ink.paper, "markeredgecolor": ink.ink, "markeredgewidth": 1.6}
            axes.plot([value.start + long / 2], [y], "D", markersize=9, **how)


@dataclass
class Dots(Bars):
    """Dots with intervals; one without a value is open and stands at the right edge."""

    joined: bool = False  # the values of a series, from row to row

    def draw(self, axes: Axes, ink: Ink) -> None:
        super().draw(axes, ink)
        series = len(self.values[0]) if self.joined else 0
        for nth in range(series):
            heights = [place + 0.86 / series * (nth - (series - 1) / 2) for place in self.places]
            line = {"color": look(nth, ink)[0], "linestyle": "-:"[nth % 2], "linewidth": 1.2}
            axes.plot([row[nth].value for row in self.values], heights, zorder=1, **line)

    def draw_value(
        self, axes: Axes, ink: Ink, y: float, room: float, value: Value, own: tuple[str, str, str]
    ) -> None:
        low, high = axes.get_xlim()
        ends = [min(max(end, low), high) for end in (value.low, value.high)]
        if not math.isnan(value.low):
            (line,) = axes.plot(ends, [y, y], color=own[0], linewidth=2)
            self.choose(line, value.mark)
        unknown = math.isnan(value.value)
        at = high if unknown else min(max(value.value, low), high)
        how = {"fillstyle": "none", "clip_on": False} if unknown else {}
        (dot,) = axes.plot([at], [y], own[2], color=own[0], markersize=8, **how)
        self.choose(dot, value.mark)


@dataclass
class Cells(Drawing):
    """A grid of cells, with the names of ``columns`` above it, or below it where they are ``turned``."""

    columns: Sequence[str] = ()
    cells: Sequence[Cell] = ()
    turned: bool = False

    def all_marks(self) -> Iterator[Mark | None]:
        yield from (cell.mark for cell in self.cells)

    def above(self) -> float:
        return 0 if self.turned else 0.3

    def below(self) -> float:
        return inches(self.columns) + GAP if self.turned else 0

    def draw(self, axes: Axes, ink: Ink) -> None:
        axes.set_xlim(-0.5, max(len(self.columns), 1) - 0.5)
        rotation = 90 if self.turned else 0
        axes.set_xticks(range(len(self.columns)), self.columns, fontsize=SMALL, rotation=rotation)
        axes.tick_params(length=0, top=False, labeltop=not self.turned, labelbottom=self.turned)
        axes.spines[["left", "bottom"]].set_visible(False)
        for cell in self.cells:
            x, y = cell.column, self.places[cell.row]
            edge = (ink.ink, 1.2) if cell.framed else (ink.line, 0.5)
            how = {"facecolor": tint(cell.shade, ink), "edgecolor": edge[0], "linewidth": edge[1]}
            self.box(axes, (x - 0.47, y - 0.46, 0.94, 0.92), cell.mark, **how)
            axes.text(x, y, cell.text, ha="center", va="center")


@dataclass
class Lanes(Drawing):
    """A lane for each label, and in it stripes along the text, from 0 to 100 percent."""

    stripes: Sequence[Stripe] = ()

    def all_marks(self) -> Iterator[Mark | None]:
        yield from (stripe.mark for stripe in self.stripes)

    def draw(self, axes: Axes, ink: Ink) -> None:
        axes.set_xlim(0, 100)
        for one in self.stripes:
            colour = look(one.colour, ink)[0] if isinstance(one.colour, int) else one.colour
            wide = one.end - one.begin
            edge = ink.paper if wide > 2 else colour  # the wide are told apart, the narrow seen
            at = (one.begin, self.places[one.row] - one.top, wide, one.top - one.bottom)
            self.box(axes, at, one.mark, facecolor=colour, edgecolor=edge, linewidth=0.4)
