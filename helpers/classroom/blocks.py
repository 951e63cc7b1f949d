"""What a report is made of, before it is a web page or a Word document: headings, paragraphs, tables and figures."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from helpers.corpus.files import whole_characters
from helpers.show.cards import cell_text
from helpers.show.charts import Chart
from helpers.show.drawing import LIGHT

if TYPE_CHECKING:
    import pandas as pd

# Control characters, which XML cannot hold, and those that turn the direction of the text around them.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


class Link(NamedTuple):
    """Words that lead to an anchor in the same report."""

    text: str
    target: str


class Heading(NamedTuple):
    """A heading of level 1, 2 or 3."""

    level: int
    text: str
    anchor: str = ""


class Paragraph(NamedTuple):
    """A paragraph of words and links; ``look`` is empty, ``quote``, ``soft`` or ``draft``."""

    parts: Sequence[str | Link]
    look: str = ""
    anchor: str = ""


class Table(NamedTuple):
    """A table: a caption, the head, and rows whose first cell heads the row."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


class Figure(NamedTuple):
    """A picture (PNG), what it shows in words, and its title."""

    image: bytes
    alt: str
    title: str


Block = Heading | Paragraph | Table | Figure


def fit(text: str) -> str:
    """A text as any file can hold it: what no file, page or XML can is replaced by a mark that is seen.

    >>> fit("half \\ud83d, \\x00 and \\u202e")
    'half �, � and �'
    """
    return _UNFIT.sub("\ufffd", whole_characters(text.replace("\r\n", "\n").replace("\r", "\n")))


def paragraphs(text: str, look: str = "") -> list[Block]:
    """A learner's text in its paragraphs."""
    return [
        Paragraph([part.strip()], look) for part in re.split(r"\n\s*\n", fit(text)) if part.strip()
    ]


def figure(chart: Chart) -> list[Block]:
    """A chart as a picture with its description, and its numbers as a table."""
    table = chart.table.reset_index()
    return [
        Figure(chart.image(LIGHT, dpi=150)[0], chart.description, chart.title),
        as_table(table, f"The numbers: {chart.title}"),
    ]


def as_table(table: pd.DataFrame, caption: str) -> Table:
    """A data frame as a table of texts, without its index."""
    rows = [
        ["–" if isinstance(cell, float) and math.isnan(cell) else cell_text(cell) for cell in row]
        for row in table.astype(object).itertuples(index=False)
    ]
    return Table(caption, [str(name) for name in table.columns], rows)
