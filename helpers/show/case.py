"""The desk at which a case is made: claim, evidence, reasoning, limit, the fairest reading
against it, and a report of it all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import traitlets

from helpers.coding.case import ANY, CODERS, LONGEST, Case, Evidence, Number
from helpers.corpus.documents import Corpus, Document
from helpers.corpus.errors import UnionError
from helpers.corpus.files import atomic_write
from helpers.corpus.quotations import Quotation, check_quotation
from helpers.show.cards import Card, show_table
from helpers.show.reader import my_evidence
from helpers.show.widget import Widget, view
from helpers.words.clauses import DOERS, MODALS

_FIELDS = {
    "claim": ("Your claim", "One or two sentences that somebody could disagree with."),
    "reasoning": (
        "Your reasoning",
        "How does each piece of evidence bear on the claim? What would somebody miss without you?",
    ),
    "limit": (
        "A limit",
        "What can these documents, or this way of reading and counting them, not show?",
    ),
    "opposite": (
        "The fairest reading against it",
        "How would a fair reader answer you from the same documents? You are invited to say so.",
    ),
}
_NAMES = {
    "claim": "The claim",
    "reasoning": "The reasoning",
    "limit": "The limit",
    "opposite": "The reading against it",
}
Writer = Callable[[Case], bytes]


def show_quotations(documents: Document | Corpus | Sequence[Document], *quotations: str) -> Card:
    """Show what :func:`helpers.corpus.quotations.check_quotation` says of each of some quotations.

    >>> from helpers.corpus.documents import load_corpus
    >>> "Word for word in kctu-007." in repr(show_quotations(load_corpus(), "union density"))
    True
    """
    said = {"what the check says": [check_quotation(documents, each).told for each in quotations]}
    return show_table(
        pd.DataFrame(said, index=pd.Index(quotations, name="quotation")),
        "Quotations, checked word for word",
    )


class CaseDesk(Widget):
    """A case at work. Made by :func:`helpers.make_case`.

    ``writers`` make a report of a case, by the name of its file.
    """

    _esm = view("case", "compared")
    _passing: ClassVar[dict[str, Any]] = {"compared": None}
    choices = traitlets.Dict().tag(sync=True)

    def __init__(self, case: Case, writers: Mapping[str, Writer]) -> None:
        self._case, self._writers = case, dict(writers)
        self.choices = {
            "fields": {field: list(words) for field, words in _FIELDS.items()},
            "longest": LONGEST,
            "any": ANY,
            "documents": [[each.id, each.about["short_title"]] for each in case.corpus.documents],
            "codes": [[code.code, code.label] for code in case.codebook.codes.values()],
            "coders": [list(pair) for pair in CODERS.items()],
            "doers": [ANY, *DOERS],
            "modals": [ANY, *MODALS],
            "files": list(self._writers),
        }
        super().__init__(told="", trouble="", compared=None, part="", did="", **self._now())

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        case, value = self._case, str(message.get("value", ""))
        part = str(message.get("part", ""))
        told, compared = "", None
        if do == "write":
            case.write(part, message.get("value"))
            told = (
                f"Saved. {_NAMES[part]} is kept."
                if value.strip()
                else f"Saved. {_NAMES[part]} is empty now."
            )
        elif do == "quote":
            found = case.add_quotation(str(message.get("document", "")), value)
            told = f"{'Added. ' if found.stands else ''}{found.told}"
            compared = None if found.stands else self._compared(found)
        elif do == "number":
            asked = message.get("number")
            found = case.add_number(
                asked if isinstance(asked, dict) else {}, message.get("chart") is True
            )
            told = f"Added. {found.title}: {'; '.join(found.said.values())}."
        elif do in ("drop", "keep"):
            case.move(do, value)
            told = "Taken out. You can put it back." if do == "drop" else "Put back."
        elif do == "report" and value in self._writers:
            told = self._report(value)
        elif do == "look":
            told = "Your stars are up to date."
        else:
            raise UnionError("The screen asked for something that is not here: run the cell again.")
        return {**self._now(), "told": told, "compared": compared, "part": part, "did": do}

    def _now(self) -> dict[str, Any]:
        """The whole case as the screen shows it."""
        case, pieces = self._case, self._case.evidence()
        quoted = {piece.given for piece in pieces}
        stars = my_evidence(*case.corpus.documents, journal=case.journal).reset_index()
        return {
            "fields": {field: list(pair) for field, pair in case.written().items()},
            "pieces": [self._piece(piece) for piece in pieces],
            "dropped": [self._piece(piece) for piece in case.evidence(dropped=True)[-1:]],
            "stars": [
                {"id": row.sentence, "text": row.text, "note": row.note, "used": row.text in quoted}
                for row in stars.itertuples()
            ],
            "checklist": [list(each) for each in case.checklist()],
        }

    def _piece(self, piece: Evidence) -> dict[str, Any]:
        """A piece of evidence in words: what it is, and what is behind it."""
        names = dict(self.choices["documents"])
        if piece.wanted is None:
            ids = (
                ", ".join(piece.found.sentences)
                if piece.found and not piece.trouble
                else "not found"
            )
            source = f"{names.get(piece.document, piece.document)}, {ids}"
            return {
                "id": piece.id,
                "quote": piece.given,
                "title": "",
                "lines": [source],
                "behind": [],
                "trouble": piece.trouble,
            }
        if not isinstance(piece.found, Number):
            return {
                "id": piece.id,
                "quote": "",
                "title": "A number",
                "lines": [],
                "behind": [],
                "trouble": piece.trouble,
            }
        lines = [
            *(f"{said}." for said in piece.found.said.values()),
            *["With its chart."] * piece.chart,
        ]
        behind = [[names[id], list(ids)] for id, ids in piece.sentences.items() if ids]
        return {
            "id": piece.id,
            "quote": "",
            "title": piece.found.title,
            "lines": lines,
            "behind": behind,
            "trouble": "",
        }

    def _compared(self, found: Quotation) -> dict[str, Any]:
        """A quotation that does not stand, beside the nearest passage."""
        words = (
            self._case.corpus[found.document].text[found.spans[0][0] : found.spans[-1][1]]
            if found.spans
            else ""
        )
        return {
            "told": found.told,
            "pieces": [list(piece) for piece in found.pieces],
            "words": words,
            "document": found.document,
        }

    def _report(self, name: str) -> str:
        """Write a report into the work folder, and hand it to the browser."""
        data, folder = self._writers[name](self._case), self._case.journal.folder
        atomic_write(Path(folder, name), data)
        self.send({"do": "download", "name": name}, buffers=[data])
        missing = self._case.missing()
        draft = (
            f" It says that it is a draft, and what is missing: {', '.join(missing)}."
            if missing
            else ""
        )
        return (
            f"Saved in {folder.name}/{name}. Your browser keeps a copy among its downloads.{draft}"
        )
