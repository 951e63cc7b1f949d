"""The explorer: a chart in which a bar, cell or stripe can be chosen, and the sentences behind it read."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import traitlets

from helpers.corpus.documents import Corpus, Document
from helpers.corpus.errors import UnionError
from helpers.show.charts import DARK, LIGHT, Chart
from helpers.show.opened import opened
from helpers.show.widget import Widget, view

_MOST_KEPT = 64


class Explorer(Widget):
    """A chart with controls, and the sentences behind each of its marks. Made by :func:`explore`.

    Each choice is drawn once. Before it is asked for, where there is time: as soon as
    the learner comes to the chart, the screen asks for what is one choice away, one at
    a time, by ``warm``; ``warmed`` counts them.
    """

    _esm = view("explorer", "opened")
    controls = traitlets.List().tag(sync=True)
    warmed = traitlets.Int(0).tag(sync=True)

    def __init__(
        self,
        make: Callable[..., Chart],
        documents: Sequence[Document],
        choices: Mapping[str, Sequence[str]],
    ) -> None:
        self._make, self._choices = make, {name: list(values) for name, values in choices.items()}
        self._documents = {document.id: document for document in documents}
        self._chosen = {name: values[0] for name, values in self._choices.items()}
        self._charts: dict[tuple[str, ...], Chart] = {}
        self._drawn: dict[tuple[Any, ...], dict[str, Any]] = {}
        self.controls = [
            {"name": name, "choices": values} for name, values in self._choices.items()
        ]
        super().__init__(
            trouble="",
            told="",
            dark=False,
            mark=-1,
            sentences=[],
            opened=None,
            **self._look(self._chosen, False),
        )

    def _hear(self, _: Any, message: dict[str, Any], buffers: list[Any]) -> None:
        if isinstance(message, dict) and message.get("do") == "warm":
            self._warm()
        else:
            super()._hear(_, message, buffers)

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        value, name = message.get("value"), str(message.get("name"))
        marks = self.chart.marks
        if do == "choose" and value in self._choices.get(name, []):
            chosen = self._chosen | {name: value}
            look = self._look(chosen, self.shown["dark"])
            self._chosen = chosen
            return {
                **look,
                "mark": -1,
                "sentences": [],
                "opened": None,
                "told": f"Drawn anew: {value}.",
            }
        if do == "theme":
            return {**self._look(self._chosen, value is True), "dark": value is True}
        if do == "mark" and type(value) is int and value in range(len(marks)):
            mark = marks[value]
            found = [{"id": id, "text": self._text(id)} for id in mark.sentences]
            return {
                "mark": value,
                "sentences": found,
                "opened": None,
                "told": f"{mark.label}. Sentences listed below: {len(found)}.",
            }
        if do == "open" and value in [each["id"] for each in self.shown["sentences"]]:
            return {"opened": opened(self._document(value), value), "told": ""}
        if do == "close":
            return {"opened": None, "told": ""}
        raise UnionError("There is no such thing in this chart: run the cell again.")

    def _document(self, id: str) -> Document:
        return self._documents[id.rpartition("-")[0]]

    def _text(self, id: str) -> str:
        return str(self._document(id).sentences.at[id, "text"])

    def _warm(self) -> None:
        """Draw one of the charts that are one choice away, if one is left."""
        near = [
            self._chosen | {name: value}
            for name, values in self._choices.items()
            for value in values
        ]
        for chosen in near if len(near) < _MOST_KEPT else ():
            if (*chosen.values(), self.shown["dark"]) not in self._drawn:
                with contextlib.suppress(UnionError):  # it is told when it is asked for
                    self._look(chosen, self.shown["dark"])
                    self.warmed += 1
                    return

    @property
    def chart(self) -> Chart:
        """The chart as it is chosen now."""
        return self._chart(self._chosen)

    def _chart(self, chosen: Mapping[str, str]) -> Chart:
        key = tuple(chosen.values())
        if key not in self._charts:
            self._charts[key] = self._make(**chosen)
        return self._charts[key]

    def _look(self, chosen: dict[str, str], dark: bool) -> dict[str, Any]:
        """The drawing of a choice in one theme, and all that is said of it."""
        chart, key = self._chart(chosen), (*chosen.values(), dark)
        if key not in self._drawn:
            png, boxes = chart.image(DARK if dark else LIGHT)
            marks = [
                {"label": mark.label, "box": boxes.get(number, [])}
                for number, mark in enumerate(chart.marks)
            ]
            self._drawn[key] = {
                "image": "data:image/png;base64," + base64.b64encode(png).decode(),
                "marks": marks,
            }
        for kept in (self._charts, self._drawn):
            if len(kept) > _MOST_KEPT:
                kept.pop(next(each for each in kept if each not in (key, key[:-1])))
        table = chart.table.reset_index()
        cells = [
            [_said(cell) for cell in row] for row in table.astype(object).itertuples(index=False)
        ]
        about = {"title": chart.title, "description": chart.description}
        return {
            **self._drawn[key],
            **about,
            "head": [str(name) for name in table.columns],
            "rows": cells,
            "chosen": dict(chosen),
        }


def _said(cell: Any) -> str:
    """A cell of a table as text."""
    if isinstance(cell, tuple | list):
        return ", ".join(map(str, cell))
    return (
        f"{cell:,.1f}"
        if isinstance(cell, float)
        else f"{cell:,}"
        if isinstance(cell, int) and not isinstance(cell, bool)
        else str(cell)
    )


def explore(
    make: Callable[..., Chart] | Chart,
    documents: Corpus | Sequence[Document],
    **choices: Sequence[str],
) -> Explorer:
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
