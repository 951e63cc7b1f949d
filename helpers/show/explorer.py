"""The explorer: a chart in which a bar, dot, cell or stripe can be chosen, and the sentences behind it read."""

import base64
import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import traitlets

from helpers.corpus.documents import Corpus, Document
from helpers.corpus.errors import UnionError
from helpers.show.cards import cell_text
from helpers.show.charts import Chart
from helpers.show.drawing import DARK, LIGHT
from helpers.show.paragraph import in_paragraph
from helpers.show.widget import Widget, view

MOST_KEPT = 64
SIDE_BY_SIDE = "side by side"


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
        look = self._look(self._chosen, False)
        start = {"trouble": "", "told": "", "dark": False, "mark": -1, "sentences": []}
        super().__init__(**start, opened=None, **look)

    @property
    def chart(self) -> Chart:
        """The chart as it is chosen now."""
        return self._chart(self._chosen)

    def _hear(self, _: Any, message: dict[str, Any], buffers: list[Any]) -> None:
        if isinstance(message, dict) and message.get("do") == "warm":
            self._warm()
        else:
            super()._hear(_, message, buffers)

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        value, name = message.get("value"), str(message.get("name"))
        if do == "choose" and value in self._choices.get(name, []):
            chosen = self._chosen | {name: value}
            look = self._look(chosen, self.shown["dark"])
            self._chosen = chosen
            told = f"Drawn anew: {value}."
            return {**look, "mark": -1, "sentences": [], "opened": None, "told": told}
        if do == "theme":
            return {**self._look(self._chosen, value is True), "dark": value is True}
        if do == "mark" and type(value) is int and value in range(len(self.chart.marks)):
            mark = self.chart.marks[value]
            found = [{"id": id, "text": self._text(id)} for id in mark.sentences]
            told = f"{mark.label}. Sentences listed below: {len(found)}."
            return {"mark": value, "sentences": found, "opened": None, "told": told}
        if do == "open" and value in [each["id"] for each in self.shown["sentences"]]:
            return {"opened": in_paragraph(self._document(value), value), "told": ""}
        if do == "close":
            return {"opened": None, "told": ""}
        raise UnionError("There is no such thing in this chart: run the cell again.")

    def _document(self, id: str) -> Document:
        return self._documents[id.rpartition("-")[0]]

    def _text(self, id: str) -> str:
        return str(self._document(id).sentences.at[id, "text"])

    def _warm(self) -> None:
        """Draw one of the charts that are one choice away, if one is left."""
        choices = [(name, value) for name, values in self._choices.items() for value in values]
        for name, value in choices if len(choices) < MOST_KEPT else ():
            chosen = self._chosen | {name: value}
            if (*chosen.values(), self.shown["dark"]) not in self._drawn:
                with contextlib.suppress(UnionError):  # it is told when it is asked for
                    self._look(chosen, self.shown["dark"])
                    self.warmed += 1
                    return

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
            image = "data:image/png;base64," + base64.b64encode(png).decode()
            self._drawn[key] = {"image": image, "marks": marks}
        for kept in (self._charts, self._drawn):
            if len(kept) > MOST_KEPT:
                kept.pop(next(each for each in kept if each not in (key, key[:-1])))
        table = chart.table.reset_index().astype(object)
        return {
            **self._drawn[key],
            "title": chart.title,
            "description": chart.description,
            "head": [str(name) for name in table.columns],
            "rows": [list(map(cell_text, row)) for row in table.itertuples(index=False)],
            "chosen": dict(chosen),
        }


def explore(
    make: Callable[..., Chart] | Chart,
    documents: Corpus | Sequence[Document],
    **choices: Sequence[str],
) -> Explorer:
    """Show a chart in which each bar, dot, cell or stripe leads to its sentences, and each sentence to its paragraph.

    ``make`` is a chart, or a function that draws one from the ``choices``: each
    is a name and the values that it can have, the first of which is drawn first.

    >>> from helpers import account_chart, load_corpus
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


def explore_codings(
    make: Callable[..., Chart], corpus: Corpus, codings: Mapping[str, pd.DataFrame]
) -> Explorer:
    """Show a chart of one of several codings, or of all of them side by side, with the way back to sentences.

    ``make`` draws a chart of a corpus and of codings, such as ``frame_profile`` or ``triangle``;
    ``codings`` are tables of one coder each, by the names to choose from.

    >>> from helpers import frame_profile, load_codings, load_corpus
    >>> codings = {"reference": load_codings("reference"), "coder 1": load_codings("coder-1")}
    >>> explore_codings(frame_profile, load_corpus(), codings).controls
    [{'name': 'coding', 'choices': ['reference', 'coder 1', 'side by side']}]
    """

    def chart(coding: str) -> Chart:
        return make(corpus, codings if coding == SIDE_BY_SIDE else codings[coding])

    return explore(chart, corpus, coding=[*codings, SIDE_BY_SIDE])
