"""How a chart is drawn: bars, dots with intervals, cells and lanes, each a drawing of labelled rows.

A drawing knows what stands in it and how large that is, so that it is laid out and drawn once. What
can be chosen in it carries a :class:`Mark`; each artist of mark number n has the gid ``mark-n``.
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
FONT, LARGE, SMALL = "DejaVu Sans", 11, 9.5  # points
LINE = 1.2 * SMALL / 72  # inches from line to line
GAP, EDGE, WRAP = 0.09, 0.12, 31  # inches beside a label, around all; characters of a label


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
    """A stripe in a lane: from where to where along it, and up it from -0.5 to 0.5; a number is a tone."""

    row: int
    begin: float
    end: float
    bottom: float
    top: float
    colour: str | int = ""
    mark: Mark | None = None


class Key(NamedTuple):
    """A line of the legend: ``nth`` series (None: what all have), as bar, as marker, with a line."""

    text: str
    nth: int | None = None
    bar: bool = False
    marker: bool = False
    line: str = ""
    shade: float | None = None


def look(nth: int, ink: Ink) -> tuple[str, str, str]:
    """Tone, hatch and marker of a series."""
    return ink.tones[nth % len(ink.tones)], HATCHES[nth % 6], MARKERS[nth % 6]


def tint(shade: float, ink: Ink) -> list[float]:
    """A colour between the paper (0) and the first tone (1)."""
    pairs = zip(to_rgb(ink.paper), to_rgb(ink.tones[0]), strict=True)
    return [(1 - shade) * paper + shade * tone for paper, tone in pairs]


def style(ink: Ink) -> dict[str, Any]:
    """The look of the project, for matplotlib. No text is taken for a formula."""
    return {
        "font.family": FONT,
        "font.size": SMALL,
        "text.parse_math": False,
        "text.color": ink.ink,
        "axes.labelcolor": ink.ink,
        "xtick.color": ink.ink,
        "ytick.color": ink.ink,
        "axes.edgecolor": ink.line,
        "axes.facecolor": ink.paper,
        "figure.facecolor": ink.paper,
        "savefig.facecolor": ink.paper,
        "hatch.color": ink.paper,
        "hatch.linewidth": 1.2,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "svg.hashsalt": "union",
        "svg.fonttype": "path",
    }


def inches(texts: Iterable[str], size: float = SMALL, weight: str = "normal") -> float:
    """How wide the widest line of some texts is."""
    font = FontProperties(family=FONT, size=size, weight=weight)
    lines = {line for text in texts for line in text.split("\n")}
    widths = [text_to_path.get_text_width_height_descent(line, font, False)[0] for line in lines]
    return 1.03 * max(widths, default=0) / 72


def wrapped(text: str, most: int = WRAP) -> str:
    """A text in lines of at most so many characters."""
    return textwrap.fill(text, most)


def lines_of(text: str) -> int:
    """How many lines a text has."""
    return text.count("\n") + 1 if text else 0


@dataclass
class Drawing:
    """Rows under headings: ``panels`` has labels by heading, of which one may be empty."""

    panels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    legend: Sequence[Key] = ()
    axis: str = ""  # what is measured
    limits: tuple[float, float] | None = None
    beside: Sequence[str] = ()  # words at the right edge, one a row
    row: float = 0.3  # inches
    words: str = ""  # in place of a drawing

    @cached_property
    def labels(self) -> list[str]:
        return [wrapped(label) for labels in self.panels.values() for label in labels]

    @cached_property
    def places(self) -> list[float]:
        """Where the rows are, counted downwards in rows; a heading takes room of its own."""
        places, at = [], -1.0
        for heading, labels in self.panels.items():
            at += self.heading if heading else 0
            places += [at := at + 1 for _ in labels]
        return places

    @property
    def heading(self) -> float:
        """The room of a heading, in rows."""
        return 0.36 / self.row

    @cached_property
    def marks(self) -> list[Mark]:
        """What can be chosen, in the order of its numbers."""
        return list(dict.fromkeys(mark for mark in self._marks() if mark))

    def _marks(self) -> Iterator[Mark | None]:
        yield from ()

    def at_right(self) -> list[str]:
        return list(self.beside)

    def figure(self, ink: Ink, width: float, title: str = "") -> Figure:
        """The drawing, so many inches wide, in the colours of a theme; without a title if it stands elsewhere."""
        with mpl.rc_context(style(ink)):
            title = wrapped(title, int(10.2 * width)) if title else ""
            keys = [key._replace(text=wrapped(key.text, int(10.5 * width))) for key in self.legend]
            head = EDGE + lines_of(title) * 1.2 * LARGE / 72 + EDGE * bool(title)
            top = head + sum(LINE * lines_of(key.text) + 0.06 for key in keys) + 0.1 * bool(keys)
            above, below = self.above(width), self.below()
            rows = self.row * (self.places[-1] + 1 if self.places else 3)
            tall = top + above + rows + below + EDGE
            figure = Figure((width, tall))
            FigureCanvasAgg(figure)
            if title:
                figure.text(EDGE / width, 1 - EDGE / tall, title, fontsize=LARGE, va="top")
            self._legend(figure, ink, keys, 1 - head / tall)
            left = GAP + EDGE + inches(self.labels)
            right = GAP + EDGE + inches(self.at_right())
            box = [left / width, (below + EDGE) / tall, 1 - (left + right) / width, rows / tall]
            axes = figure.add_axes(box)
            if self.words:
                self._words(axes)
            else:
                self._frame(axes, ink)
                self.draw(axes, ink)
                self.draw_above(figure, ink, [0, box[1] + box[3], 1, above / tall])
        return figure

    def above(self, width: float) -> float:
        """Inches that are wanted above the rows."""
        return 0

    def below(self) -> float:
        """Inches that are wanted below the rows."""
        return 0.47 if self.axis else 0.0

    def draw(self, axes: Axes, ink: Ink) -> None:
        """Draw what stands in the rows."""

    def draw_above(self, figure: Figure, ink: Ink, box: list[float]) -> None:
        """Draw what stands above the rows, in a box of the figure."""

    def _words(self, axes: Axes) -> None:
        axes.set(xticks=[], yticks=[])
        said = wrapped(self.words, 46)
        axes.text(0.5, 0.5, said, ha="center", va="center", transform=axes.transAxes)

    def _frame(self, axes: Axes, ink: Ink) -> None:
        """Labels at the left, a thin line under each row, headings, words at the right, the axis."""
        places, right = self.places, axes.get_yaxis_transform()
        axes.set_yticks(places, self.labels, fontsize=SMALL)
        axes.tick_params(axis="y", length=0)
        axes.set_ylim(places[-1] + 0.5, -0.5)
        below = [place + 0.5 for place in places]
        axes.hlines(below, 0, 1, transform=right, color=ink.line, linewidth=0.4, zorder=0)
        first = 0
        for heading, labels in self.panels.items():
            if heading:
                y = places[first] - 0.5 - 0.08 / self.row
                axes.text(0, y, heading, transform=right, weight="bold", va="bottom")
            first += len(labels)
        for place, text in zip(places, self.beside, strict=False):
            axes.text(1 + self._gap(axes), place, text, transform=right, va="center")
        axes.set_xlabel(self.axis, fontsize=SMALL)
        if self.limits:
            axes.set_xlim(self.limits)

    def _gap(self, axes: Axes) -> float:
        """The gap before words at the right, as a part of the axes."""
        return GAP / (axes.get_position().width * axes.figure.get_figwidth())

    def _legend(self, figure: Figure, ink: Ink, keys: list[Key], top: float) -> None:
        if not keys:
            return
        handles = [_handle(key, ink) for key in keys]
        legend = figure.legend(
            handles,
            [str(n) for n in range(len(keys))],
            loc="upper left",
            bbox_to_anchor=(0.05 / figure.get_figwidth(), top),
            fontsize=SMALL,
            frameon=False,
            borderpad=0,
            borderaxespad=0.2,
        )
        for text, key in zip(legend.get_texts(), keys, strict=True):
            text.set_text(key.text)  # given above, a text that begins with "_" would be left out

    def _numbered(self, artist: Artist, mark: Mark | None) -> None:
        """Let an artist be chosen."""
        if mark:
            artist.set_gid(f"mark-{self._numbers[mark]}")

    @cached_property
    def _numbers(self) -> dict[Mark, int]:
        return {mark: number for number, mark in enumerate(self.marks)}


def _handle(key: Key, ink: Ink) -> Any:
    """What stands before the words of a legend."""
    tone, hatch, marker = look(key.nth, ink) if key.nth is not None else (ink.ink, "", "o")
    if key.shade is not None:
        return Patch(facecolor=tint(key.shade, ink), edgecolor=ink.line)
    bar = Patch(facecolor=tone if key.nth is not None else ink.line, hatch=hatch)
    dot = {"marker": marker if key.marker else "", "markersize": 8 if key.nth is not None else 3.5}
    line = Line2D([], [], color=tone, linestyle=key.line, linewidth=1.6, **dot)
    return (bar, line) if key.bar and key.marker else bar if key.bar else line


@dataclass
class Values(Drawing):
    """Rows of values, one a series: ``values`` has a list a row; series stand under each other, or ``over``."""

    values: Sequence[Sequence[Value | None]] = ()
    over: bool = False  # all series of a row at one height
    lines: Mapping[float, str] = field(default_factory=dict)  # across all rows, with their names
    joined: bool = False  # the values of a series, from row to row

    def _marks(self) -> Iterator[Mark | None]:
        yield from (value.mark for row in self.values for value in row if value)

    def at_right(self) -> list[str]:
        return [value.text for row in self.values for value in row if value] + list(self.beside)

    def above(self, width: float) -> float:
        return 0.24 if any(self.lines.values()) else 0

    def draw(self, axes: Axes, ink: Ink) -> None:
        series = max(map(len, self.values), default=1)
        step = 0 if self.over else 0.86 / series
        limits = self.limits or self._reach()
        axes.set_xlim(limits)
        for place, row in zip(self.places, self.values, strict=True):
            for nth, value in enumerate(row):
                if value:
                    y = place + step * (nth - (series - 1) / 2)
                    self.draw_value(axes, ink, y, nth, value, 0.86 if self.over else step)
                    at = 1 + self._gap(axes)
                    right = axes.get_yaxis_transform()
                    axes.text(at, y, value.text, transform=right, va="center")
        for x, text in self.lines.items():
            axes.axvline(x, color=ink.line, linewidth=1, linestyle="--" if text else "-", zorder=0)
            axes.annotate(
                text, (x, 1), xycoords=("data", "axes fraction"), ha="right" if x < 0.7 else "left"
            )

    def _reach(self) -> tuple[float, float]:
        """From where to where the axis goes."""
        each = [value for row in self.values for value in row if value]
        ends = [end for one in each for end in (one.start, one.value, one.low, one.high)]
        ends = [end for end in ends if math.isfinite(end)]
        low, high = min([0, *ends]), max([0, *ends]) or 1
        return low - 0.03 * (high - low) * (low < 0), high + 0.03 * (high - low)

    def draw_value(
        self, axes: Axes, ink: Ink, y: float, nth: int, value: Value, room: float
    ) -> None:
        """Draw one value, for which there is so much room."""
        raise NotImplementedError


@dataclass
class Bars(Values):
    """Bars, each with its interval."""

    def draw_value(
        self, axes: Axes, ink: Ink, y: float, nth: int, value: Value, room: float
    ) -> None:
        tone, hatch, _ = look(nth, ink)
        tall, long = 0.84 * room, value.value - value.start
        how = {"facecolor": tone, "edgecolor": ink.paper, "hatch": hatch, "linewidth": 0}
        bar = axes.add_patch(Rectangle((value.start, y - tall / 2), long, tall, **how))
        self._numbered(bar, value.mark)
        if value.low < value.high:
            ends, heights = [value.low, value.high], [y, y]
            around = {"color": ink.paper, "linewidth": 3, "solid_capstyle": "butt"}
            axes.plot(ends, heights, **around)  # so that it stands out of the bar
            how = {"linestyle": ":" if value.dotted else "-", "marker": "|", "markersize": 6}
            (line,) = axes.plot(ends, heights, color=ink.ink, linewidth=1.3, **how)
            self._numbered(line, value.mark)
        if value.diamond:
            how = {"color": ink.paper, "markeredgecolor": ink.ink, "markeredgewidth": 1.6}
            axes.plot([value.start + long / 2], [y], "D", markersize=9, **how)


@dataclass
class Dots(Values):
    """Dots, each with its interval; one without a value is open and stands at the right edge."""

    def draw(self, axes: Axes, ink: Ink) -> None:
        super().draw(axes, ink)
        for nth in range(len(self.values[0]) if self.joined else 0):
            at = [value[nth].value for value in self.values]
            step = 0.86 / len(self.values[0]) * (nth - (len(self.values[0]) - 1) / 2)
            heights = [place + step for place in self.places]
            line = "-:"[nth % 2]
            axes.plot(at, heights, line, color=look(nth, ink)[0], linewidth=1.2, zorder=1)

    def draw_value(
        self, axes: Axes, ink: Ink, y: float, nth: int, value: Value, room: float
    ) -> None:
        tone, _, marker = look(nth, ink)
        low, high = axes.get_xlim()
        ends = [min(max(end, low), high) for end in (value.low, value.high)]
        if ends[0] == ends[0]:
            (line,) = axes.plot(ends, [y, y], color=tone, linewidth=2)
            self._numbered(line, value.mark)
        known = value.value == value.value
        how = {} if known else {"fillstyle": "none", "clip_on": False}
        at = min(max(value.value, low), high) if known else high
        (dot,) = axes.plot([at], [y], marker, color=tone, markersize=8, **how)
        self._numbered(dot, value.mark)


@dataclass
class Cells(Drawing):
    """A grid of cells, with the names of ``columns`` above it, or below it where they are ``turned``."""

    columns: Sequence[str] = ()
    cells: Sequence[Cell] = ()
    turned: bool = False

    def _marks(self) -> Iterator[Mark | None]:
        yield from (cell.mark for cell in self.cells)

    def above(self, width: float) -> float:
        return 0 if self.turned else 0.3

    def below(self) -> float:
        return inches(self.columns) + GAP if self.turned else 0.0

    def draw(self, axes: Axes, ink: Ink) -> None:
        places = self.places
        axes.set_xlim(-0.5, max(len(self.columns), 1) - 0.5)
        turned = {"rotation": 90} if self.turned else {}
        axes.set_xticks(range(len(self.columns)), self.columns, fontsize=SMALL, **turned)
        axes.tick_params(length=0, top=False, labeltop=not self.turned, labelbottom=self.turned)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        for cell in self.cells:
            corner = (cell.column - 0.47, places[cell.row] - 0.46)
            how = {"edgecolor": ink.ink if cell.framed else ink.line}
            how |= {"linewidth": 1.2 if cell.framed else 0.5, "facecolor": tint(cell.shade, ink)}
            box = axes.add_patch(Rectangle(corner, 0.94, 0.92, **how))
            self._numbered(box, cell.mark)
            at = (cell.column, places[cell.row])
            axes.text(*at, cell.text, ha="center", va="center") if cell.text else None


@dataclass
class Lanes(Drawing):
    """A lane for each label, and in it stripes along the text, from 0 to 100 percent."""

    stripes: Sequence[Stripe] = ()

    def _marks(self) -> Iterator[Mark | None]:
        yield from (stripe.mark for stripe in self.stripes)

    def draw(self, axes: Axes, ink: Ink) -> None:
        places = self.places
        axes.set_xlim(0, 100)
        for stripe in self.stripes:
            colour, wide = stripe.colour, stripe.end - stripe.begin
            colour = look(colour, ink)[0] if isinstance(colour, int) else colour or ink.line
            edge = ink.paper if wide > 2 else colour  # the wide are told apart, the narrow seen
            how = {"facecolor": colour, "edgecolor": edge, "linewidth": 0.4}
            corner = (stripe.begin, places[stripe.row] - stripe.top)
            bar = Rectangle(corner, wide, stripe.top - stripe.bottom, **how)
            self._numbered(axes.add_patch(bar), stripe.mark)
