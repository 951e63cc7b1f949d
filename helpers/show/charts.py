"""Charts that say in words what they draw and keep their numbers beside it; and the two charts of documents."""

import base64
import html
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from PIL import Image

from helpers.corpus.documents import CORPUS_FOLDER, Document
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml
from helpers.show.cards import table_html
from helpers.show.drawing import DARK, LIGHT, LINE, Bars, Drawing, Ink, Key, Mark, Value, style
from helpers.show.widget import page


class Chart:
    """A drawing, the sentence that describes it, and its numbers.

    ``figure`` is the matplotlib figure, ``description`` a sentence computed from
    the data, ``table`` the data drawn. In a notebook the chart is shown in the
    theme's colours, with the description as text for those who do not see it
    and the table beneath. ``marks`` are what can be chosen in it.
    """

    def __init__(
        self, title: str, description: str, table: pd.DataFrame, drawing: Drawing, width: float = 8
    ) -> None:
        self.title, self.description, self.table = title, description, table
        self.drawing, self.width = drawing, width

    @property
    def marks(self) -> list[Mark]:
        return self.drawing.marks

    @property
    def figure(self) -> Figure:
        """The figure, in light colours. Draw it in these with ``figure.savefig``."""
        with mpl.rc_context(style(LIGHT)):
            figure = self.drawing.figure(LIGHT, self.width, self.title)
            figure.draw_without_rendering()  # what matplotlib makes late is made in this style
        return figure

    def image(self, ink: Ink, dpi: int = 100) -> tuple[bytes, dict[int, list[float]]]:
        """The drawing as PNG, without its title, and where its marks are: left, top, width and height of each, from 0 to 1."""
        figure = self.drawing.figure(ink, self.width)
        return _png(figure, ink, dpi), _boxes(figure)

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
            with mpl.rc_context(style(LIGHT)):
                self.figure.savefig(path, dpi=200, metadata=about)
        except OSError as problem:
            raise UnionError(
                f"{path.name} could not be written in {path.parent.name} ({problem.strerror}): check the folder."
            ) from None
        return path

    def _repr_html_(self) -> str:
        return page(self.html())

    def html(self) -> str:
        """The drawing in both themes, what it shows in words, and its numbers, as HTML."""
        said = html.escape(self.description)
        images = ""
        for kind, ink in (("u-light", LIGHT), ("u-dark", DARK)):
            drawn = _png(self.drawing.figure(ink, self.width, self.title), ink, 144)
            data = base64.b64encode(drawn).decode()
            images += f'<img class="{kind}" alt="{said}" src="data:image/png;base64,{data}">'
        numbers = table_html(self.table, f"The numbers: {self.title}")
        return (
            '<p class="u-cue u-soft">Wider than your screen: scroll it sideways, or open the table beneath.</p>'
            f'<figure><div class="u-wide" tabindex="0" role="group" aria-label="{html.escape(self.title)}">'
            f"{images}</div><figcaption>{said}</figcaption></figure>"
            f"<details><summary>The numbers as a table</summary>{numbers}</details>"
        )

    def __repr__(self) -> str:
        return f"<Chart: {self.description}>"


def _png(figure: Figure, ink: Ink, dpi: int) -> bytes:
    """A figure in 64 colours, which is all that a chart has: it is a third as large and is shown sooner."""
    with mpl.rc_context(style(ink)):
        figure.set_dpi(dpi)
        figure.canvas.draw()
    image = Image.fromarray(np.asarray(figure.canvas.buffer_rgba())).convert("RGB")
    few = image.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    written = BytesIO()
    few.save(written, "PNG", compress_level=1)
    return written.getvalue()


def _boxes(figure: Figure) -> dict[int, list[float]]:
    """Where the marks of a drawn figure are; one mark may have several artists."""
    found: dict[int, list[Bbox]] = {}
    for artist in figure.findobj(lambda artist: str(artist.get_gid()).startswith("mark-")):
        number = int(artist.get_gid().removeprefix("mark-"))
        found.setdefault(number, []).append(artist.get_window_extent())
    width, height = figure.bbox.size
    boxes = {}
    for number, each in found.items():
        box = Bbox.union(each)
        at = [box.x0 / width, 1 - box.y1 / height, box.width / width, box.height / height]
        boxes[number] = [round(float(side), 4) for side in at]
    return boxes


def account_chart(document: Document) -> Chart:
    """Draw what each cleaning step changed and removed, in characters of the raw file.

    >>> from helpers.corpus.documents import load_corpus
    >>> account_chart(load_corpus()["kctu"]).description[:58]
    'Of the 2,903 characters of the raw file, 2,415 (83.2%) wer'
    """
    account = document.cleaning.account()
    total, kept = int(account.at["total", "raw"]), int(account.at["kept", "kept"])
    labels = document.cleaning.steps()["label"]
    busy = account.drop(index=["kept", "total"])
    busy = busy[busy["raw"] > 0]
    title = f"Account of {document.about['short_title']}"
    if busy.empty:
        said = f"Of the {total:,} characters of the raw file, all were kept."
        return Chart(title, said, account, Drawing(words=said), 7.5)
    most = busy["raw"].idxmax()
    changed, removed = int(busy["changed"].sum()), int(busy["removed"].sum())
    said = (
        f"Of the {total:,} characters of the raw file, {kept:,} ({kept / total:.1%}) were kept, "
        f"{changed:,} changed and {removed:,} removed. Most fell to the step “{labels[most]}”: {busy.at[most, 'raw']:,}."
    )
    values = [
        [
            Value(row["removed"], text=f"{row['raw']:,}"),
            Value(row["raw"], start=row["removed"]),
        ]
        for _, row in busy.iterrows()
    ]
    drawing = Bars(
        {"": [labels[name] for name in busy.index]},
        [Key("removed", 0, bar=True), Key("changed", 1, bar=True)],
        f"characters of the raw file; {kept:,} of {total:,} were kept",
        row=0.4,
        values=values,
        over=True,
    )
    return Chart(title, said, account, drawing, 7.5)


@dataclass
class _Timeline(Drawing):
    """Events in order, one side at the left of their dates, the other at the right."""

    events: list[dict[str, Any]] = field(default_factory=list)

    def draw(self, axes: Axes, ink: Ink) -> None:
        axes.axis("off")
        axes.set_xlim(0, 1)
        for text, x, align, tone in (("South", 0.41, "right", 0), ("North", 0.59, "left", 1)):
            how = {"ha": align, "va": "bottom", "weight": "bold", "color": ink.tones[tone]}
            axes.text(x, -0.6, text, **how)
        box = {"facecolor": ink.paper, "edgecolor": ink.line, "boxstyle": "round,pad=0.25"}
        for row, event in enumerate(self.events):
            at, align = (0.41, "right") if event["side"] == "South" else (0.59, "left")
            how = {"va": "center", "weight": "bold" if "in_bold" in event else "normal"}
            axes.plot([0.5, at], [row, row], color=ink.line, linewidth=0.8, zorder=0)
            axes.text(0.5, row, event["date"], ha="center", bbox=box, **how)
            shift = -0.01 if align == "right" else 0.01
            axes.text(at + shift, row, event["short"], ha=align, **how)

    def above(self, width: float) -> float:
        return 0.25


def context_timeline() -> Chart:
    """Draw what happened around the two documents, from ``corpus/timeline.toml``: one row an event, in order."""
    events = sorted(
        read_toml(CORPUS_FOLDER / "timeline.toml")["events"], key=lambda event: event["sort"]
    )
    rows = [(event["date"], event["side"], event["what"], event["source"]) for event in events]
    columns = ["date", "where", "what happened", "source"]
    table = pd.DataFrame(rows, columns=columns).set_index("date")
    south = sum(event["side"] == "South" for event in events)
    bold = " and ".join(event["in_bold"] for event in events if "in_bold" in event)
    said = (
        f"{len(events)} events in order of time, {events[0]['date']} to {events[-1]['date']}: "
        f"{south} in the South on the left, {len(events) - south} in the North on the right. In bold: {bold}."
    )
    tallest = max(event["short"].count("\n") for event in events) + 1
    drawing = _Timeline({"": [""] * len(events)}, row=LINE * tallest + 0.1, events=events)
    return Chart("Context of the two documents", said, table, drawing)
