"""Charts that say in words what they draw and keep their numbers beside it; and the two charts of documents."""

import base64
import html
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from PIL import Image

from helpers.corpus.documents import CORPUS_FOLDER, Document
from helpers.corpus.files import read_toml
from helpers.show.cards import table_html
from helpers.show.drawing import DARK, LIGHT, LINE, Bars, Drawing, Ink, Key, Mark, Value, style
from helpers.show.widget import page
from helpers.show.wording import TEXTS


class Chart:
    """A drawing, the sentence that describes it, and its numbers.

    ``figure`` is the matplotlib figure, ``width`` inches wide (from 5.5), ``description``
    a sentence computed from the data, ``table`` the data drawn. In a notebook the chart
    is shown in the theme's colours, with the description as text for those who do not
    see it and the table beneath. ``marks`` are what can be chosen in it.
    """

    width = 8.0

    def __init__(
        self, title: str, description: str, table: pd.DataFrame, drawing: Drawing | None = None
    ) -> None:
        self.title, self.description, self.table = title, description, table
        self.drawing = drawing or Drawing(words=description)

    @property
    def marks(self) -> list[Mark]:
        return self.drawing.marks

    @property
    def figure(self) -> Figure:
        return self.drawn(LIGHT)

    def drawn(self, ink: Ink) -> Figure:
        """The figure in the colours of a theme, with everything in its place."""
        with mpl.rc_context(style(ink)):
            figure = self.drawing.figure(ink, self.width, self.title)
            figure.draw_without_rendering()  # what matplotlib makes late is made in this style
        return figure

    def image(self, ink: Ink, dpi: int = 100) -> tuple[bytes, dict[int, list[float]]]:
        """The drawing as PNG, without its title, and where its marks are: left, top, width and height of each, from 0 to 1."""
        figure = self.drawing.figure(ink, self.width)
        return _png(figure, ink, dpi), _boxes(figure)

    def html(self) -> str:
        """The drawing in both themes, what it shows in words, and its numbers, as HTML."""
        said, images = html.escape(self.description), ""
        for kind, ink in (("u-light", LIGHT), ("u-dark", DARK)):
            drawn = _png(self.drawing.figure(ink, self.width, self.title), ink, 144)
            data = base64.b64encode(drawn).decode()
            images += f'<img class="{kind}" alt="{said}" src="data:image/png;base64,{data}">'
        numbers = table_html(self.table, f"The numbers: {self.title}")
        return (
            '<p class="u-cue u-soft">Wider than your screen: scroll it sideways, or open the table '
            'beneath.</p><figure><div class="u-wide" tabindex="0" role="group" '
            f'aria-label="{html.escape(self.title)}">{images}</div><figcaption>{said}</figcaption>'
            f"</figure><details><summary>The numbers as a table</summary>{numbers}</details>"
        )

    def _repr_html_(self) -> str:
        return page(self.html())

    def __repr__(self) -> str:
        return f"<Chart: {self.description}>"


def _png(figure: Figure, ink: Ink, dpi: int) -> bytes:
    """A figure in 64 colours, which is all that a chart has: it is a third as large and shown sooner."""
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
    wide, tall = figure.bbox.size
    boxes = {number: Bbox.union(each) for number, each in found.items()}
    return {
        number: [
            round(float(side), 4)
            for side in (box.x0 / wide, 1 - box.y1 / tall, box.width / wide, box.height / tall)
        ]
        for number, box in boxes.items()
    }


def account_chart(document: Document) -> Chart:
    """Draw what each cleaning step changed and removed, in characters of the raw file.

    >>> from helpers.corpus.documents import load_corpus
    >>> account_chart(load_corpus()["kctu"]).title
    'Account of KCTU, Our Aims'
    """
    say, account = TEXTS["account"], document.cleaning.account()
    total, kept = int(account.at["total", "raw"]), int(account.at["kept", "kept"])
    labels = document.cleaning.steps()["label"]
    busy = account.drop(index=["kept", "total"])
    busy = busy[busy["raw"] > 0]
    title = say["title"].format(name=document.about["short_title"])
    if busy.empty:
        return Chart(title, say["whole"].format(total=f"{total:,}"), account)
    counts = {"total": total, "kept": kept, "most": busy["raw"].max()}
    counts |= {name: busy[name].sum() for name in ("changed", "removed")}
    counts = {name: f"{count:,}" for name, count in counts.items()}
    said = say["said"].format(share=kept / total, step=labels[busy["raw"].idxmax()], **counts)
    values = []
    for _, row in busy.iterrows():
        removed = Value(row["removed"], text=f"{row['raw']:,}")
        values.append([removed, Value(row["raw"], start=row["removed"])])
    keys = [Key("removed", 0, bar=True), Key("changed", 1, bar=True)]
    steps, axis = {"": [labels[name] for name in busy.index]}, say["axis"].format(**counts)
    drawing = Bars(steps, keys, axis, row=0.4, values=values, over=True)
    return Chart(title, said, account, drawing)


@dataclass
class _Timeline(Drawing):
    """Events in order, one side at the left of their dates, the other at the right."""

    events: list[dict[str, Any]] = field(default_factory=list)

    def above(self) -> float:
        return 0.25

    def draw(self, axes: Axes, ink: Ink) -> None:
        axes.axis("off")
        for text, x, side, tone in (("South", 0.41, "right", 0), ("North", 0.59, "left", 1)):
            axes.text(x, -0.6, text, ha=side, va="bottom", weight="bold", color=ink.tones[tone])
        box = {"facecolor": ink.paper, "edgecolor": ink.line, "boxstyle": "round,pad=0.25"}
        for row, event in enumerate(self.events):
            at, side = (0.4, "right") if event["side"] == "South" else (0.6, "left")
            how = {"va": "center", "weight": "bold" if "in_bold" in event else "normal"}
            axes.plot([0.41, 0.5, 0.59][: 2 if at < 0.5 else 3][-2:], [row, row], color=ink.line)
            axes.text(0.5, row, event["date"], ha="center", bbox=box, **how)
            axes.text(at, row, event["short"], ha=side, **how)


def context_timeline() -> Chart:
    """Draw what happened around the two documents, from ``corpus/timeline.toml``: one row an event, in order."""
    say, events = TEXTS["timeline"], read_toml(CORPUS_FOLDER / "timeline.toml")["events"]
    events = sorted(events, key=lambda event: event["sort"])
    south = sum(event["side"] == "South" for event in events)
    said = say["said"].format(
        many=len(events),
        first=events[0]["date"],
        last=events[-1]["date"],
        south=south,
        north=len(events) - south,
        bold=" and ".join(event["in_bold"] for event in events if "in_bold" in event),
    )
    table = pd.DataFrame(events).set_index("date")[["side", "what", "source"]]
    table.columns = ["where", "what happened", "source"]
    lines = max(event["short"].count("\n") for event in events) + 1
    drawing = _Timeline({"": [""] * len(events)}, row=LINE * lines + 0.1, events=events)
    return Chart(say["title"], said, table, drawing)
