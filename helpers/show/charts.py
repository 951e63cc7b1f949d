"""Charts that say in words what they draw and keep their numbers beside it."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from helpers.corpus.documents import CORPUS_FOLDER, Document
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml
from helpers.show.widget import page

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from PIL import Image


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
HATCHES = ("", "///", "...", "xx")
Draw = Callable[["Axes", Ink], None]


class Mark(NamedTuple):
    """A bar, cell or stripe of a chart: what it is, in words with its number, and the sentences behind it (ids)."""

    label: str
    sentences: tuple[str, ...]


def _few_colours(image: Image.Image) -> Image.Image:
    """A drawing in 64 colours, which is all that a chart has: it looks the same, is a third as large and is shown sooner."""
    from PIL.Image import Dither, Quantize

    return image.convert("RGB").quantize(64, Quantize.FASTOCTREE, dither=Dither.NONE)


class Chart:
    """A drawing, the sentence that describes it, and its numbers.

    ``figure`` is the matplotlib figure, ``description`` a sentence computed from
    the data, ``table`` the data drawn. In a notebook the chart is shown in the
    theme's colours, with the description as text for those who do not see it
    and the table beneath. ``marks`` are what can be chosen in it: ``draw`` gives
    the artist of the mark with number n the gid ``mark-n``.
    """

    def __init__(
        self,
        draw: Draw,
        size: tuple[float, float],
        description: str,
        table: pd.DataFrame,
        title: str,
        marks: Sequence[Mark] = (),
    ) -> None:
        self._draw, self._size, self.description, self.table, self.title = (
            draw,
            size,
            description,
            table,
            title,
        )
        self.marks = list(marks)

    @property
    def figure(self) -> Figure:
        return self._drawn(LIGHT)

    def _drawn(self, ink: Ink) -> Figure:
        import matplotlib as mpl
        from matplotlib.figure import Figure

        with mpl.rc_context(_style(ink)):
            figure = Figure(figsize=self._size, layout="constrained")
            self._draw(figure.add_subplot(), ink)
        return figure

    def image(self, ink: Ink, dpi: int = 100) -> tuple[bytes, dict[int, list[float]]]:
        """The drawing as PNG, without its title, and where its marks are: left, top, width and height of each, from 0 to 1."""
        import matplotlib as mpl
        import numpy as np
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from PIL import Image

        figure, drawn, boxes = self._drawn(ink), BytesIO(), {}
        for head in figure.legends:
            head.set_title(None)  # it stands in words above or below
        with mpl.rc_context(_style(ink)):
            canvas = FigureCanvasAgg(figure)
            figure.set_dpi(dpi)
            canvas.draw()
            width, height = canvas.get_width_height()
            for artist in figure.findobj(lambda artist: str(artist.get_gid()).startswith("mark-")):
                box = artist.get_window_extent()
                at = [box.x0 / width, 1 - box.y1 / height, box.width / width, box.height / height]
                boxes[int(str(artist.get_gid())[5:])] = [round(float(each), 4) for each in at]
            _few_colours(Image.fromarray(np.asarray(canvas.buffer_rgba()))).save(
                drawn, "PNG", compress_level=1
            )  # print_png draws again
        return drawn.getvalue(), boxes

    def _write(self, ink: Ink, target: Path | BytesIO, **how: Any) -> None:
        """Save the drawing; some of the style counts only now, not when it is drawn."""
        import matplotlib as mpl

        figure = self._drawn(ink)
        with mpl.rc_context(_style(ink)):
            figure.savefig(target, **how)

    def save(self, path: str | Path) -> Path:
        """Write the chart to a .svg, .png or .pdf file and give its path.

        Raises :class:`UnionError` for another ending, and where the file cannot be written.
        """
        path = Path(path)
        if path.suffix not in (".svg", ".png", ".pdf"):
            raise UnionError(
                f"A chart cannot be saved as {path.suffix or 'a file without an ending'}: end the name in .svg, .png or .pdf."
            )
        about = {"Title": self.title} | ({"Date": None} if path.suffix == ".svg" else {})
        try:
            self._write(LIGHT, path, dpi=200, metadata=about)
        except OSError as problem:
            raise UnionError(
                f"{path.name} could not be written in {path.parent.name} ({problem.strerror}): check the folder."
            ) from None
        return path

    def _image(self, ink: Ink, kind: str) -> str:
        from PIL import Image

        drawn, small = BytesIO(), BytesIO()
        self._write(ink, drawn, format="png", dpi=144)
        _few_colours(Image.open(drawn)).save(small, "PNG")
        data = base64.b64encode(small.getvalue()).decode()
        return f'<img class="{kind}" alt="{html.escape(self.description)}" src="data:image/png;base64,{data}">'

    def _repr_html_(self) -> str:
        return page(self.html())

    def html(self) -> str:
        """The drawing in both themes, what it shows in words, and its numbers, as HTML."""
        return (
            '<p class="u-cue u-soft">Wider than your screen: scroll it sideways, or open the table beneath.</p>'
            f'<figure><div class="u-wide" tabindex="0" role="group" aria-label="{html.escape(self.title)}">'
            f"{self._image(LIGHT, 'u-light')}{self._image(DARK, 'u-dark')}</div>"
            f"<figcaption>{html.escape(self.description)}</figcaption></figure>"
            f"<details><summary>The numbers as a table</summary>{table_html(self.table, f'The numbers: {self.title}')}</details>"
        )

    def __repr__(self) -> str:
        return f"<Chart: {self.description}>"


def _style(ink: Ink) -> dict[str, Any]:
    """The look of the project, for matplotlib."""
    return {
        "font.family": "DejaVu Sans",
        "font.size": 11,
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


def table_html(table: pd.DataFrame, caption: str) -> str:
    """A table as accessible HTML: with a caption, with headers, everything escaped."""

    def cell(tag: str, value: object, more: str = "") -> str:
        number = isinstance(value, int | float) or hasattr(value, "dtype")
        text = f"{value:,}" if number and not isinstance(value, bool) else str(value)
        kind = (
            " class=u-figure"
            if number
            else " class=u-name"
            if tag == "th" and " " not in text
            else ""
        )
        return f"<{tag}{kind}{more}>{html.escape(text)}</{tag}>"

    figures = {str(name) for name in table.columns if table[name].dtype.kind in "iuf"}
    head = "".join(
        f'<th scope="col"{" class=u-figure" if str(name) in figures else ""}>{html.escape(str(name))}</th>'
        for name in [*filter(None, [table.index.name]), *table.columns]
    )
    corner = "" if table.index.name else "<td></td>"  # it heads nothing
    rows = "".join(
        "<tr>"
        + cell("th", key, ' scope="row"')
        + "".join(cell("td", value) for value in row)
        + "</tr>"
        for key, row in zip(table.index, table.itertuples(index=False), strict=True)
    )
    name = html.escape(caption)
    full, cue = (
        (" u-full", '<p class="u-cue u-soft">Wider than your screen: scroll it sideways.</p>')
        if _fullness(table) > 50
        else ("", "")
    )
    return (
        f'{cue}<div class="u-wide{full}" tabindex="0" role="group" aria-label="{name}"><table><caption class="u-hidden">{name}</caption>'
        f"<thead><tr>{corner}{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _fullness(table: pd.DataFrame) -> int:
    """How many letters a row of a table wants with its headers, where a column of prose makes do with two dozen."""
    columns = [
        (table.index.name or "", *table.index),
        *((name, *column) for name, column in table.items()),
    ]
    return sum(min(24, max(map(len, map(str, column)))) for column in columns)


def account_chart(document: Document) -> Chart:
    """Draw what each cleaning step changed and removed, in characters of the raw file."""
    account = document.cleaning.account()
    total, kept = int(account.at["total", "raw"]), int(account.at["kept", "kept"])
    labels = document.cleaning.steps()["label"]
    busy = account.drop(index=["kept", "total"])
    busy = busy[busy["raw"] > 0]
    title = f"Account of {document.about['short_title']}"
    if busy.empty:
        description = f"Of the {total:,} characters of the raw file, all were kept."
    else:
        most = busy["raw"].idxmax()
        changed, removed, largest = (
            int(busy["changed"].sum()),
            int(busy["removed"].sum()),
            int(busy.at[most, "raw"]),
        )
        description = (
            f"Of the {total:,} characters of the raw file, {kept:,} ({kept / total:.1%}) were kept, "
            f"{changed:,} changed and {removed:,} removed. Most fell to the step “{labels[most]}”: {largest:,}."
        )

    def draw(axes: Axes, ink: Ink) -> None:
        names = [labels[name] for name in busy.index]
        axes.barh(names, busy["removed"], color=ink.tones[0], label="removed")
        axes.barh(
            names,
            busy["changed"],
            left=busy["removed"],
            color=ink.tones[1],
            hatch=HATCHES[1],
            label="changed",
        )
        for row, value in enumerate(busy["raw"]):
            axes.annotate(
                f"{value:,}", (value, row), xytext=(4, 0), textcoords="offset points", va="center"
            )
        axes.invert_yaxis()
        axes.margins(x=0.12)
        axes.set_xlabel("characters of the raw file")
        axes.set_title(
            f"{kept:,} of {total:,} characters kept. The others:", loc="left", fontsize=11
        )
        if len(busy):
            axes.legend(frameon=False, loc="lower right")

    return Chart(draw, (7.5, 1.3 + 0.42 * max(len(busy), 2)), description, account, title)


def context_timeline() -> Chart:
    """Draw what happened around the two documents, from ``corpus/timeline.toml``: one row an event, in order."""
    import pandas as pd

    events = sorted(
        read_toml(CORPUS_FOLDER / "timeline.toml")["events"], key=lambda event: event["sort"]
    )
    rows = [(event["date"], event["side"], event["what"], event["source"]) for event in events]
    table = pd.DataFrame(rows, columns=["date", "where", "what happened", "source"]).set_index(
        "date"
    )
    documents = [event for event in events if "in_bold" in event]
    south = sum(event["side"] == "South" for event in events)
    bold = " and ".join(event["in_bold"] for event in documents)
    description = (
        f"{len(events)} events in order of time, {events[0]['date']} to {events[-1]['date']}: "
        f"{south} in the South on the left, {len(events) - south} in the North on the right. In bold: {bold}."
    )

    def draw(axes: Axes, ink: Ink) -> None:
        for row, event in enumerate(events):
            left = event["side"] == "South"
            weight = "bold" if "in_bold" in event else "normal"
            axes.plot(
                [0.5, 0.415 if left else 0.585], [row, row], color=ink.line, linewidth=0.8, zorder=0
            )
            axes.text(
                0.5,
                row,
                event["date"],
                ha="center",
                va="center",
                fontsize=9.5,
                color=ink.ink,
                weight=weight,
                bbox={"facecolor": ink.paper, "edgecolor": ink.line, "boxstyle": "round,pad=0.25"},
            )
            axes.text(
                0.4 if left else 0.6,
                row,
                event["short"],
                ha="right" if left else "left",
                va="center",
                fontsize=10.5,
                weight=weight,
            )
        axes.text(0.4, -1.1, "South", ha="right", weight="bold", color=ink.tones[0])
        axes.text(0.6, -1.1, "North", ha="left", weight="bold", color=ink.tones[1])
        axes.set(xlim=(-0.12, 1.12), ylim=(len(events) - 0.4, -1.7))
        axes.axis("off")

    return Chart(
        draw, (10, 0.46 * len(events) + 0.8), description, table, "Context of the two documents"
    )
