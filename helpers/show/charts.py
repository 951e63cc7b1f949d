"""Charts, which say in words what they draw and keep their numbers; and the account's."""

import base64
import html
from io import BytesIO
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from PIL import Image

from helpers.corpus.documents import Document
from helpers.show.cards import table_html
from helpers.show.drawing import DARK, LIGHT, Bar, Drawing, Ink, Key, Mark, style
from helpers.show.widget import page
from helpers.show.wording import TEXTS


class Chart:
    """A drawing, the sentence that describes it, and its numbers.

    ``figure`` is the matplotlib figure, ``width`` inches wide (from 5.5), ``description`` a
    sentence computed from the data, ``table`` the data drawn, ``marks`` what can be chosen.
    In a notebook the chart is shown in the theme's colours, with description and table.
    """

    width = 8.0

    def __init__(
        self, title: str, description: str, table: pd.DataFrame, drawing: Drawing | None = None
    ) -> None:
        self.title, self.description, self.table = title, description, table
        self.drawing = drawing or Drawing(words=description)

    @property
    def marks(self) -> list[Mark]:
        return list(self.drawing.numbers)

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
        """The drawing as PNG without its title, and where its marks are.

        By number, the left, top, width and height of each, from 0 to 1.
        """
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


def make_chart(
    name: str, table: pd.DataFrame, drawing: Drawing | None, said: str = "said", /, **values: Any
) -> Chart:
    """A chart whose title and description are texts of ``charts.toml``, filled in with values."""
    texts = TEXTS[name]
    description = texts.get(said, TEXTS["nothing"]).format(**values)
    return Chart(texts["title"].format(**values), description, table, drawing)


def _png(figure: Figure, ink: Ink, dpi: int) -> bytes:
    """A figure in 64 colours, which is all that a chart has: a third as large, and shown sooner."""
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
    (wide, tall), places = figure.bbox.size, {}
    for number, each in found.items():
        box = Bbox.union(each)
        sides = box.x0 / wide, 1 - box.y1 / tall, box.width / wide, box.height / tall
        places[number] = [round(float(side), 4) for side in sides]
    return places


def account_chart(document: Document) -> Chart:
    """Draw what each cleaning step changed and removed, in characters of the raw file.

    >>> from helpers.corpus.documents import load_corpus
    >>> account_chart(load_corpus()["kctu"]).title
    'Account of KCTU, Our Aims'
    """
    account, labels = document.cleaning.account(), document.cleaning.steps()["label"]
    total, kept = int(account.at["total", "raw"]), int(account.at["kept", "kept"])
    busy = account.drop(index=["kept", "total"])
    busy = busy[busy["raw"] > 0]
    counts = {"total": total, "kept": kept, "most": busy["raw"].max() if len(busy) else 0}
    counts |= {name: busy[name].sum() for name in ("changed", "removed")}
    words = {name: f"{count:,}" for name, count in counts.items()}
    words |= {"share": kept / total if total else 1, "name": document.about["short_title"]}
    if busy.empty:
        return make_chart("account", account, None, "whole", **words)
    values = []
    for at, (_, row) in enumerate(busy.iterrows()):
        values.append(Bar(at, 0, row["removed"], text=f"{row['raw']:,}"))
        values.append(Bar(at, 1, row["raw"], start=row["removed"]))
    keys = [Key("removed", 0, bar=True), Key("changed", 1, bar=True)]
    steps, axis = [labels[name] for name in busy.index], TEXTS["account"]["axis"].format(**words)
    drawing = Drawing({"": steps}, values, keys, axis, row=0.4)
    return make_chart("account", account, drawing, step=labels[busy["raw"].idxmax()], **words)
