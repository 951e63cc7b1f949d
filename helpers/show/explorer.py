"""The explorer: a chart in which a bar, cell or stripe can be chosen, and the sentences behind it read."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import traitlets

from helpers.show.charts import DARK, LIGHT, Chart
from helpers.show.opened import opened
from helpers.show.surface import Surface, view
from helpers.text.corpus import Corpus, Document
from helpers.text.errors import UnionError

_MOST_KEPT = 64


class Explorer(Surface):
    """A chart with controls, and the sentences behind each of its marks. Made by :func:`explore`."""

    _esm = view("explorer", "opened")
    controls = traitlets.List().tag(sync=True)

    def __init__(self, make: Callable[..., Chart], documents: Sequence[Document], choices: Mapping[str, Sequence[str]]) -> None:
        self._make, self._choices = make, {name: list(values) for name, values in choices.items()}
        self._documents = {document.id: document for document in documents}
        self._chosen = {name: values[0] for name, values in self._choices.items()}
        self._drawn: dict[tuple[Any, ...], dict[str, Any]] = {}
        self.controls = [{"name": name, "choices": values} for name, values in self._choices.items()]
        self._chart = make(**self._chosen)
        super().__init__(trouble="", told="", dark=False, mark=-1, sentences=[], opened=None, **self._look(False))

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        value, name = message.get("value"), str(message.get("name"))
        if do == "choose" and value in self._choices.get(name, []):
            chosen = self._chosen | {name: value}
            self._chart = self._make(**chosen)
            self._chosen = chosen
            return {**self._look(self.shown["dark"]), "mark": -1, "sentences": [], "opened": None, "told": f"Drawn anew: {value}."}
        if do == "theme":
            return {**self._look(value is True), "dark": value is True}
        if do == "mark" and type(value) is int and value in range(len(self._chart.marks)):
            mark = self._chart.marks[value]
            found = [{"id": id, "text": self._text(id)} for id in mark.sentences]
            return {"mark": value, "sentences": found, "opened": None, "told": f"{mark.label}. Sentences listed below: {len(found)}."}
        if do == "open" and value in [each["id"] for each in self.shown["sentences"]]:
            return {"opened": opened(self._document(value), value), "told": ""}
        if do == "close":
            return {"opened": None, "told": ""}
        raise UnionError("There is no such thing in this chart: run the cell again.")

    def _document(self, id: str) -> Document:
        return self._documents[id.rpartition("-")[0]]

    def _text(self, id: str) -> str:
        return str(self._document(id).sentences.at[id, "text"])

    def _look(self, dark: bool) -> dict[str, Any]:
        """The drawing in one theme, drawn once for each choice, and all that is said of it."""
        key = (*self._chosen.values(), dark)
        if key not in self._drawn:
            png, boxes = self._chart.image(DARK if dark else LIGHT)
            marks = [{"label": mark.label, "box": boxes.get(number, [])} for number, mark in enumerate(self._chart.marks)]
            self._drawn[key] = {"image": "data:image/png;base64," + base64.b64encode(png).decode(), "marks": marks}
        if len(self._drawn) > _MOST_KEPT:
            self._drawn.pop(next(iter(self._drawn)))
        table = self._chart.table.reset_index()
        cells = [[_said(cell) for cell in row] for row in table.astype(object).itertuples(index=False)]
        about = {"title": self._chart.title, "description": self._chart.description}
        return {**self._drawn[key], **about, "head": [str(name) for name in table.columns], "rows": cells, "chosen": dict(self._chosen)}


def _said(cell: Any) -> str:
    """A cell of a table as text."""
    if isinstance(cell, tuple | list):
        return ", ".join(map(str, cell))
    return f"{cell:,.1f}" if isinstance(cell, float) else f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell)


def explore(make: Callable[..., Chart] | Chart, documents: Corpus | Sequence[Document], **choices: Sequence[str]) -> Explorer:
    """Show a chart in which each bar, cell or stripe leads to its sentences, and each sentence to its paragraph.

    ``make`` is a chart, or a function that draws one from the ``choices``: each
    is a name and the values that it can have, the first of which is drawn first.

    >>> from helpers import load_corpus
    >>> from helpers.show.charts import account_chart
    >>> corpus = load_corpus()
    >>> explore(lambda text: account_chart(corpus[text]), corpus, text=["kctu", "gftuk"]).shown["title"]
    'Account of KCTU, Our Aims'
    """
    chart = make
    return Explorer(
        (lambda: chart) if isinstance(chart, Chart) else chart,
        documents.documents if isinstance(documents, Corpus) else documents,
        choices,
    )
