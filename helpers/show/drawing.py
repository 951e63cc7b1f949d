"""How a chart is drawn: bars, dots with intervals, cells or stripes in lanes, in labelled rows.

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
import numpy as np
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
HATCHES = ("", "///", "...", "xx", "---", "\\\\\\", "...")
MARKERS = ("o", "s", "D", "^", "v", "P", "o")
MOST, GREY = 6, 6  # as many series can be told apart; the look of what is no series
FONT, LARGE, SMALL = "DejaVu Sans", 11, 9.5  # points
LINE = 1.2 * SMALL / 72  # inches from line to line
CORNERS = np.array([[0.5, 0.75**0.5], [0, 0], [1, 0]])  # of the triangle
GAP, EDGE, WRAP = 0.09, 0.12, 31  # inches beside a label and around all; characters of a label


class Mark(NamedTuple):
    """What can be chosen: what it is, in words with its number, and the sentences behind it."""

    label: str
    sentences: tuple[str, ...]


class Item:
    """Something in a row: ``draw`` gives its artists, which lead to the sentences of its mark."""

    row: int
    text = ""  # at the right edge
    mark: Mark | None

    def draw(self, axes: Axes, ink: Ink, y: float, room: float) -> list[Artist]:
        """Draw it at a height, with so much room, both in rows."""
        raise NotImplementedError


@dataclass
class Bar(Item):
    """A bar of series ``nth``, with its interval; a diamond may stand in its middle."""

    row: int
    nth: int
    value: float
    low: float = math.nan
    high: float = math.nan
    text: str = ""
    mark: Mark | None = None
    start: float = 0.0
    dotted: bool = False  # the interval
    diamond: bool = False

    def draw(self, axes: Axes, ink: Ink, y: float, room: float) -> list[Artist]:
        (tone, hatch, _), long = look(self.nth, ink), self.value - self.start
        how = {"facecolor": tone, "edgecolor": ink.paper, "hatch": hatch, "linewidth": 0}
        drawn = [_box(axes, (self.start, y - 0.42 * room, long, 0.84 * room), **how)]
        if self.low < self.high:
            ends = [self.low, self.high], [y, y]
            axes.plot(*ends, color=ink.paper, linewidth=3)  # so that it stands out of the bar
            how = {"linestyle": ":" if self.dotted else "-", "marker": "|", "markersize": 6}
            drawn += axes.plot(*ends, color=ink.ink, linewidth=1.3, **how)
        if self.diamond:
            how = {"color": ink.paper, "markeredgecolor": ink.ink, "markeredgewidth": 1.6}
            axes.plot([self.start + long / 2], [y], "D", markersize=9, **how)
        return drawn


@dataclass
class Dot(Bar):
    """A dot with its interval; without a value it is open and stands at the right edge."""

    def draw(self, axes: Axes, ink: Ink, y: float, room: float) -> list[Artist]:
        (low, high), (tone, _, marker) = axes.get_xlim(), look(self.nth, ink)
        unknown = math.isnan(self.value)
        value, *ends = (min(max(at, low), high) for at in (self.value, self.low, self.high))
        line = axes.plot(ends, [y, y], color=tone, linewidth=2) if self.low == self.low else []
        how = {"fillstyle": "none", "clip_on": False} if unknown else {}
        at = high if unknown else value
        return [*line, *axes.plot([at], [y], marker, color=tone, markersize=8, **how)]


@dataclass
class Cell(Item):
    """A cell of a grid: its place, what stands in it, its shade from 0 to 1."""

    row: int
    column: int
    words: str
    shade: float
    mark: Mark | None = None
    framed: bool = False

    def draw(self, axes: Axes, ink: Ink, y: float, room: float) -> list[Artist]:
        edge, wide = (ink.ink, 1.2) if self.framed else (ink.line, 0.5)
        how = {"facecolor": tint(self.shade, ink), "edgecolor": edge, "linewidth": wide}
        axes.text(self.column, y, self.words, ha="center", va="center")
        return [_box(axes, (self.column - 0.47, y - 0.46, 0.94, 0.92), **how)]


@dataclass
class Stripe(Item):
    """A stripe in a lane: from where to where along it, and up it from -0.5 to 0.5."""

    row: int
    begin: float
    end: float
    bottom: float
    top: float
    colour: str | int  # a number is the tone of a series
    mark: Mark | None = None

    def draw(self, axes: Axes, ink: Ink, y: float, room: float) -> list[Artist]:
        colour = look(self.colour, ink)[0] if isinstance(self.colour, int) else self.colour
        wide, tall = self.end - self.begin, self.top - self.bottom
        edge = ink.paper if wide > 2 else colour  # the wide are told apart, the narrow seen
        how = {"facecolor": colour, "edgecolor": edge, "linewidth": 0.4}
        return [_box(axes, (self.begin, y - self.top, wide, tall), **how)]


def _box(axes: Axes, at: tuple[float, float, float, float], **how: Any) -> Artist:
    """A rectangle from its left, top, width and height."""
    return axes.add_artist(Rectangle(at[:2], *at[2:], **how))


class Key(NamedTuple):
    """A line of the legend: a series (or none) as a bar, as a marker, as a line; or a shade."""

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
    items: Sequence[Item] = ()
    legend: Sequence[Key] = ()
    axis: str = ""  # what is measured
    row: float = 0.3  # inches at least
    limits: tuple[float, float] | None = None
    series: int = 1  # that stand under each other in a row
    lines: Sequence[float] = ()  # across all rows
    columns: Sequence[str] = ()  # their names, above
    words: str = ""
    above = 0.0  # inches above the rows

    @cached_property
    def labels(self) -> list[str]:
        return [wrapped(label) for labels in self.panels.values() for label in labels]

    @cached_property
    def tall(self) -> float:
        """How tall a row is, in inches."""
        return max([self.row, *(1.1 * LINE * (label.count("\n") + 1) for label in self.labels)])

    @cached_property
    def places(self) -> list[float]:
        """Where the rows are, counted downwards in rows; a heading takes room of its own."""
        places, at = [], -1.0
        for heading, labels in self.panels.items():
            at += 0.36 / self.tall if heading else 0
            places += [at := at + 1 for _ in labels]
        return places

    @cached_property
    def numbers(self) -> dict[Mark, int]:
        """What can be chosen, with its numbers."""
        marks = dict.fromkeys(item.mark for item in self.items if item.mark)
        return {mark: number for number, mark in enumerate(marks)}

    def figure(self, ink: Ink, width: float, title: str = "") -> Figure:
        """The drawing in the colours of a theme; without a title where that stands elsewhere."""
        title = wrapped(title, int(10.2 * width))
        keys = [key._replace(text=wrapped(key.text, int(10.5 * width))) for key in self.legend]
        head = EDGE + (title.count("\n") + 1.6) * 1.2 * LARGE / 72 if title else EDGE
        lines = sum(key.text.count("\n") + 1 for key in keys)
        top = head + LINE * lines + 0.07 * len(keys) + 0.1 * bool(keys) + self.above
        top += inches(self.columns) + GAP if self.columns else 0
        rows = self.tall * (self.places[-1] + 1 if self.places else 4)
        bottom = EDGE + (0.47 if self.axis else 0)
        left, right = (EDGE + GAP + inches(each) for each in (self.labels, self._at_right()))
        tall = top + rows + bottom
        with mpl.rc_context(style(ink)):
            figure = Figure((width, tall))
            FigureCanvasAgg(figure)
            figure.text(EDGE / width, 1 - EDGE / tall, title, fontsize=LARGE, va="top")
            box = [left / width, bottom / tall, 1 - (left + right) / width, rows / tall]
            axes = figure.add_axes(box, autoscale_on=False)
            if self.words:
                axes.set(xticks=[], yticks=[])
                axes.text(0.5, 0.5, wrapped(self.words, 46), ha="center", va="center")
                return figure
            _legend(figure, ink, keys, 1 - head / tall)
            self._frame(axes, ink)
            self.draw(axes, ink)
        return figure

    def draw(self, axes: Axes, ink: Ink) -> None:
        """Draw the items."""
        gap, right = GAP / (axes.bbox.width / axes.figure.dpi), axes.get_yaxis_transform()
        for item in self.items:
            nth = getattr(item, "nth", 0) if self.series > 1 else 0
            y = self.places[item.row] + 0.86 * ((nth + 0.5) / self.series - 0.5)
            self.choose(item.draw(axes, ink, y, 0.86 / self.series), item.mark)
            axes.text(1 + gap, y, item.text, transform=right, va="center") if item.text else None

    def choose(self, artists: Sequence[Artist], mark: Mark | None) -> None:
        """Let artists be chosen."""
        for artist in artists if mark else ():
            artist.set_gid(f"mark-{self.numbers[mark]}")

    def _at_right(self) -> list[str]:
        return [item.text for item in self.items]

    def _frame(self, axes: Axes, ink: Ink) -> None:
        """Labels at the left, a thin line under each row, headings, columns, the axis."""
        right, first = axes.get_yaxis_transform(), 0
        axes.set_yticks(self.places, self.labels)
        axes.tick_params(axis="y", length=0)
        limits = self.limits or self._reach()
        axes.set(ylim=(self.places[-1] + 0.5, -0.5), xlim=limits, xlabel=self.axis)
        below = [place + 0.5 for place in self.places]
        axes.hlines(below, 0, 1, transform=right, color=ink.line, linewidth=0.4, zorder=0)
        for x in (0, *self.lines) if self.axis else ():
            axes.axvline(x, color=ink.line, linewidth=1.2, linestyle=":" if x else "-", zorder=0)
        for heading, labels in self.panels.items():
            y = self.places[first] - 0.5 - 0.08 / self.tall
            axes.text(0, y, heading, transform=right, weight="bold", va="bottom")
            first += len(labels)
        if not self.axis:
            room = axes.bbox.width / axes.figure.dpi / max(len(self.columns), 1)
            turned = 90 if inches(self.columns) > room else 0
            axes.set_xticks(range(len(self.columns)), self.columns, rotation=turned)
            axes.tick_params(length=0, top=False, labeltop=True, labelbottom=False)
            axes.spines[["left", "bottom"]].set_visible(False)

    def _reach(self) -> tuple[float, float]:
        """From where to where the axis goes: over all columns, or all values."""
        if not self.axis:
            return -0.5, max(len(self.columns), 1) - 0.5
        bars = [each for each in self.items if isinstance(each, Bar)]
        ends = [end for each in bars for end in (each.value, each.low, each.high)]
        ends = [0, *(end for end in ends if math.isfinite(end))]
        low, high = min(ends), max(ends) or 1
        return (low - 0.03 * (high - low) if low < 0 else 0), high + 0.03 * (high - low)


def _legend(figure: Figure, ink: Ink, keys: list[Key], top: float) -> None:
    handles, at = [_handle(key, ink) for key in keys], (EDGE / figure.get_figwidth(), top)
    how = {"bbox_to_anchor": at, "frameon": False, "borderpad": 0, "borderaxespad": 0}
    legend = figure.legend(handles, ["-"] * len(keys), loc="upper left", fontsize=SMALL, **how)
    for text, key in zip(legend.get_texts(), keys, strict=True):
        text.set_text(key.text)  # given above, a text that begins with "_" would be left out


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
class Triangle(Drawing):
    """A drawing with a triangle above it: three ``corners``, each with words, and points."""

    corners: Mapping[str, str] = field(default_factory=dict)
    above = 4.6

    def draw(self, axes: Axes, ink: Ink) -> None:
        low, high = axes.get_position().y1, self.above / axes.figure.get_figheight()
        inset = axes.figure.add_axes([0, low, 1, high], aspect="equal", label="triangle")
        inset.set(xlim=(-0.06, 1.06), ylim=(-0.32, 1.08))
        inset.axis("off")
        for share in (0, 0.25, 0.5, 0.75):
            how = {"linewidth": 0.6, "linestyle": ":"} if share else {"linewidth": 1.4}
            for turn in range(3):
                one, *others = np.roll(CORNERS, turn, axis=0)
                line = share * one + (1 - share) * np.array(others)
                inset.plot(*line.T, color=ink.line, zorder=0, **how)
        for (x, y), (corner, words) in zip(CORNERS, self.corners.items(), strict=True):
            up, side = (0.06, "bottom") if y else (-0.06, "top")
            inset.text(x, y + up, f"{corner}\n{wrapped(words, 24)}", va=side, ha="center")
        super().draw(axes, ink)


@dataclass
class Point(Item):
    """A point in the triangle of series ``nth``, by its shares, and a cloud of others."""

    nth: int
    shares: np.ndarray
    cloud: np.ndarray
    mark: Mark
    row: int = 0

    def draw(self, axes: Axes, ink: Ink, y: float, room: float) -> list[Artist]:
        (tone, _, marker), axes = look(self.nth, ink), axes.figure.axes[1]
        how = {"color": tone, "markersize": 3.5, "alpha": 0.12, "markeredgewidth": 0}
        axes.plot(*(self.cloud @ CORNERS).T, marker, **how)
        how = {"color": tone, "markersize": 12 - self.nth, "markeredgecolor": ink.ink}
        return axes.plot(*(self.shares @ CORNERS), marker, clip_on=False, **how)
