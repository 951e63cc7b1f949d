"""The explorer: a chart in which what is drawn can be chosen, and the sentences behind it read."""

import base64
import contextlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
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

MOST_KEPT = 64  # charts and drawings
SIDE_BY_SIDE = "side by side"


class Explorer(Widget):
    """A chart with controls, and the sentences behind each of its marks. Made by :func:`explore`.

    Each choice is drawn once. As soon as the learner comes to the chart, the screen asks for what
    is one choice away, one at a time, by ``warm``; ``warmed`` counts them.
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
        self._choices = {name: list(values) for name, values in choices.items()}
        self._documents = {document.id: document for document in documents}
        self._chosen = tuple(values[0] for values in self._choices.values())
        names, self._seen = list(choices), set()
        self._chart = lru_cache(MOST_KEPT)(
            lambda *chosen: make(**dict(zip(names, chosen, strict=True)))
        )
        self._drawn = lru_cache(MOST_KEPT)(self._draw)
        self.controls = [{"name": name, "choices": each} for name, each in self._choices.items()]
        start = {"trouble": "", "told": "", "dark": False, "mark": -1, "sentences": []}
        super().__init__(**start, opened=None, **self._look(self._chosen, False))

    @property
    def chart(self) -> Chart:
        """The chart as it is chosen now."""
        return self._chart(*self._chosen)

    def _hear(self, _: Any, message: dict[str, Any], buffers: list[Any]) -> None:
        if isinstance(message, dict) and message.get("do") == "warm":
            self._warm()
        else:
            super()._hear(_, message, buffers)

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        value, name = message.get("value"), str(message.get("name"))
        if do == "choose" and value in self._choices.get(name, []):
            chosen = self._with(name, value)
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

    def _with(self, name: str, value: str) -> tuple[str, ...]:
        """What is chosen, with another choice."""
        return tuple((dict(zip(self._choices, self._chosen, strict=True)) | {name: value}).values())

    def _warm(self) -> None:
        """Draw one of the charts that are one choice away, if one is left."""
        dark = self.shown["dark"]
        near = [self._with(name, each) for name, some in self._choices.items() for each in some]
        for chosen in near if len(near) < MOST_KEPT else ():
            if (chosen, dark) not in self._seen:
                with contextlib.suppress(UnionError):  # it is told when it is asked for
                    self._look(chosen, dark)
                    self.warmed += 1
                    return

    def _draw(self, chosen: tuple[str, ...], dark: bool) -> dict[str, Any]:
        chart = self._chart(*chosen)
        png, boxes = chart.image(DARK if dark else LIGHT)
        image = "data:image/png;base64," + base64.b64encode(png).decode()
        marks = enumerate(mark.label for mark in chart.marks)
        marks = [{"label": label, "box": boxes.get(number, [])} for number, label in marks]
        return {"image": image, "marks": marks}

    def _look(self, chosen: tuple[str, ...], dark: bool) -> dict[str, Any]:
        """The drawing of a choice in one theme, and all that is said of it."""
        drawn, chart = self._drawn(chosen, dark), self._chart(*chosen)
        self._seen.add((chosen, dark))
        table = chart.table.reset_index().astype(object)
        return {
            **drawn,
            "title": chart.title,
            "description": chart.description,
            "head": [str(name) for name in table.columns],
            "rows": [list(map(cell_text, row)) for row in table.itertuples(index=False)],
            "chosen": dict(zip(self._choices, chosen, strict=True)),
        }


def explore(
    make: Callable[..., Chart] | Chart,
    documents: Corpus | Sequence[Document],
    **choices: Sequence[str],
) -> Explorer:
    """Show a chart in which what is drawn leads to its sentences, and these to their paragraphs.

    ``make`` is a chart, or a function that draws one from the ``choices``: each
    is a name and the values that it can have, the first of which is drawn first.

    >>> from helpers import account_chart, load_corpus
    >>> corpus = load_corpus()
    >>> shown = explore(lambda id: account_chart(corpus[id]), corpus, id=["kctu", "gftuk"])
    >>> shown.chart.title
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
    """Show a chart of one of several codings, or of all of them side by side.

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
