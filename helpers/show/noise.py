"""Raw lines to look at, and to mark as noise by eye before any program has."""

from __future__ import annotations

import re
from typing import Any

from helpers.coding.journal import Journal, my_journal
from helpers.corpus.cleaning import STEPS
from helpers.corpus.documents import Document
from helpers.corpus.errors import UnionError
from helpers.show.widget import Widget, view


class NoiseHunt(Widget):
    """Raw lines of a document that can be marked as noise. Made by :func:`spot_noise`."""

    _esm = view("noise")

    def __init__(self, document: Document, wanted: list[int], journal: Journal) -> None:
        self._document, self._journal = document, journal
        texts = document.raw.split("\n")
        shown = [
            {"number": number, "text": texts[number - 1], "verdict": ""}
            for number in wanted
            if number <= len(texts) and texts[number - 1].strip()
        ]
        earlier = journal.latest("noise", document=document.id) or {}
        before = earlier.get("lines")
        marked = (
            [number for number in before if type(number) is int] if isinstance(before, list) else []
        )
        told = (
            f"Lines marked, as you left them: {len(marked)}." if marked else "No line marked yet."
        )
        super().__init__(
            title=document.about["short_title"], lines=shown, marked=marked, told=told, trouble=""
        )

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        if do == "compare":
            return self._compared()
        line = message.get("line")
        if (
            do != "mark"
            or type(line) is not int
            or line not in [each["number"] for each in self.shown["lines"]]
        ):
            raise UnionError("There is no such line here: run the cell again.")
        marked = sorted(set(self.shown["marked"]) ^ {line})
        self._journal.append("noise", document=self._document.id, lines=marked)
        return {
            "marked": marked,
            "told": f"Line {line} {'marked' if line in marked else 'no longer marked'}. Saved.",
        }

    def _compared(self) -> dict[str, Any]:
        """The learner's marks beside what the cleaning took away."""
        gone = removed_lines(self._document)
        marked, shown = set(self.shown["marked"]), [each["number"] for each in self.shown["lines"]]
        taken = gone.keys() & set(shown)
        verdicts = [
            {
                **each,
                "verdict": f"[the program removed this: {gone[each['number']]}]"
                if each["number"] in gone
                else "[the program kept this]"
                if each["number"] in marked
                else "",
            }
            for each in self.shown["lines"]
        ]
        told = (
            f"Lines marked by you: {len(marked & set(shown))}. Removed by the program: "
            f"{len(taken)} of these {len(shown)}. The same: {len(marked & taken)}. "
            "Where you differ, ask which of you is right. The program is not the judge."
        )
        return {"lines": verdicts, "told": told}


def removed_lines(document: Document) -> dict[int, str]:
    """The lines of the raw file of which nothing was kept, by number, each with the name of the
    step that took it.

    >>> from helpers import load_corpus
    >>> removed_lines(load_corpus()["kctu"])
    {1: 'Title page and imprint', 30: 'Page furniture'}
    """
    takers, found, start = document.cleaning.origins.takers, {}, 0
    for number, line in enumerate(document.raw.split("\n"), 1):
        took = {int(takers[start + at]) for at, letter in enumerate(line) if not letter.isspace()}
        if took and min(took) >= 0:
            found[number] = " and ".join(sorted(STEPS[step].label for step in took))
        start += len(line) + 1
    return found


def spot_noise(document: Document, which: str, journal: Journal | None = None) -> NoiseHunt:
    """Show raw lines of a document, to be marked as noise by eye.

    ``which`` names lines of the raw file from 1, such as ``"1-40, 280-291"``.
    Raises :class:`UnionError` for anything else.
    """
    numbers: list[int] = []
    for part in which.split(","):
        ends = re.fullmatch(r"\s*(\d{1,6})(?:\s*-\s*(\d{1,6}))?\s*", part)
        if not ends or int(ends[1]) < 1:
            raise UnionError(
                f"{which!r} does not name lines: write numbers such as '1-40, 280-291'."
            )
        numbers += range(int(ends[1]), int(ends[2] or ends[1]) + 1)
    return NoiseHunt(document, numbers, journal or my_journal())
