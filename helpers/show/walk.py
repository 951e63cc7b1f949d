"""The walk through the cleaning: each step before and after, with its edits marked."""

from __future__ import annotations

from typing import Any

from helpers.corpus.cleaning import STEPS, Cleaning
from helpers.corpus.documents import Document
from helpers.corpus.errors import UnionError
from helpers.show.widget import Widget, view
from helpers.words.tokens import words

_AT_ONCE = 12
_CONTEXT = 70


class CleaningWalk(Widget):
    """A document's cleaning, a step at a time; each step can be switched off. Made by
    :func:`walk_cleaning`."""

    _esm = view("walk")

    def __init__(self, document: Document) -> None:
        self._document, self._off, self._showing = document, set(document.cleaning.off), _AT_ONCE
        self._whole = document.cleaned_without(*self._off)
        busy = self._whole.cleaning.steps()["edits"].to_numpy().nonzero()[0]
        self._index = int(busy[0]) if len(busy) else 0  # the first step that has something to show
        super().__init__(title=document.about["short_title"], trouble="", **self._look())

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        index = message.get("index")
        if do == "step" and type(index) is int and index in range(len(STEPS)):
            self._index, self._showing = index, _AT_ONCE
        elif do == "more":
            self._showing += 5 * _AT_ONCE
        elif do == "switch":
            name = STEPS[self._index].name
            self._off = self._off - {name} if message.get("on") else self._off | {name}
            self._whole = self._document.cleaned_without(*self._off)
        elif do == "all on":
            self._off, self._whole = set(), self._document.cleaned_without()
        else:
            raise UnionError(
                "The screen asked for something that this walk does not know: run the cell again."
            )
        return self._look()

    def _look(self) -> dict[str, Any]:
        """All that the screen shows of the step it is at."""
        cleaning, step = self._whole.cleaning, STEPS[self._index]
        counts = cleaning.steps()["edits"]
        steps = [
            {
                "name": each.name,
                "label": each.label,
                "why": each.why,
                "on": each.name not in self._off,
                "edits": int(counts[each.name]),
            }
            for each in STEPS
        ]
        return {
            "steps": steps,
            "index": self._index,
            "edits": _marked(cleaning, step.name, self._showing),
            "worth": self._worth(),
        }

    def _worth(self) -> str:
        """What the step at hand is worth: the text with it and without it."""
        step = STEPS[self._index]
        if step.name in self._off:
            other, order = self._document.cleaned_without(*(self._off - {step.name})), "Switched on"
        elif not any(record.step.name == step.name for record in self._whole.cleaning.records):
            return "Without this step the text would be the same."
        else:
            other, order = (
                self._document.cleaned_without(*(self._off | {step.name})),
                "Without this step",
            )
        if _size(other) == _size(self._whole):
            counts = "the numbers of paragraphs, sentences and words would stay as they are"
            return f"{order}, {counts}: {_size(other)}."
        return f"{order} there would be {_size(other)}. Now there are {_size(self._whole)}."


def _size(document: Document) -> str:
    paragraphs, sentences = len(document.paragraphs), len(document.sentences)
    many = len(words(document.text))
    return f"{paragraphs} paragraphs, {sentences} sentences and {many:,} words"


def _marked(cleaning: Cleaning, step: str, most: int) -> list[dict[str, Any]]:
    """The first edits of a step, each with the text around it."""
    text = cleaning.before(step)
    edits = [
        edit for record in cleaning.records if record.step.name == step for edit in record.edits
    ]
    return [
        {
            "line": int(line),
            "reason": reason,
            "old": text[start:end],
            "new": new,
            "before": _cut(text[max(0, start - _CONTEXT) : start], start > _CONTEXT, -1),
            "after": _cut(text[end : end + _CONTEXT], end + _CONTEXT < len(text), 1),
        }
        for line, (start, end, new, reason) in zip(
            cleaning.edits(step)["line"][:most], edits, strict=False
        )
    ]


def _cut(context: str, more: bool, side: int) -> str:
    """Context that ends at a whole word, with dots where the text goes on."""
    if not more:
        return context
    if side < 0:
        return "… " + context[context.find(" ") + 1 :]
    return context[: context.rfind(" ") + 1 or None].rstrip() + " …"


def walk_cleaning(document: Document) -> CleaningWalk:
    """Walk through the cleaning of a document, a step at a time.

    Left and right arrow go from step to step; a tick box switches a step off,
    and the text is cleaned again without it.
    """
    return CleaningWalk(document)
