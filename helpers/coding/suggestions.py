"""A machine's suggestions while one codes, and how they bend the coder.

Each suggestion that is shown becomes a record of kind ``suggestion`` first: what was suggested, which codes stood there
before, and later what was pressed. So one can tell afterwards which codings were made with a suggestion in sight.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from helpers.coding.agreements import masi
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.journal import Journal
from helpers.coding.machine import Machine
from helpers.coding.marks import Marks
from helpers.coding.profiles import Texts
from helpers.coding.tagging import coding_marks, load_codings, suggestion_marks
from helpers.text.concordances import listed
from helpers.text.corpus import Document
from helpers.text.counting import small_words
from helpers.text.counts import wilson
from helpers.text.errors import UnionError

if TYPE_CHECKING:
    import pandas as pd

_CLOSE = 0.1  # a code this near to those suggested is named too
WITHOUT, BEFORE, AFTER, WITH = "no suggestion seen", "coded, before the suggestion", "the same, after it", "suggestion seen first"


class Suggestions:
    """What a machine suggests for the sentences of a document that it was not taught, and what the learner was shown of it.

    >>> import tempfile
    >>> from helpers import load_codings, load_corpus, teach
    >>> corpus = load_corpus()
    >>> machine = teach(corpus, load_codings("reference"), without=["kctu-007", "kctu-012"])
    >>> suggestions = Suggestions(machine, corpus["kctu"], machine.codebook, Journal(tempfile.mkdtemp()))
    >>> sorted(suggestions.order), suggestions.show("kctu-012", [])["codes"]
    (['kctu-007', 'kctu-012'], ['bargain'])
    """

    def __init__(self, machine: Machine, document: Document, codebook: Codebook, journal: Journal | None = None) -> None:
        if not isinstance(machine, Machine) or machine.codebook.edition != codebook.edition:
            raise UnionError("Suggestions want a machine that was taught with this codebook: make one with teach().")
        if document.id not in {each.id for each in listed(machine.corpus)}:
            raise UnionError(f"This machine does not know {document.id}: teach it with a corpus that has this document.")
        self.machine, self.marks = machine, suggestion_marks(document, codebook, journal)

    @cached_property
    def _table(self) -> pd.DataFrame:
        table = self.machine.suggest(list(self.marks.document.sentences.index))
        return table[~table["taught"]]

    @property
    def order(self) -> list[str]:
        """The sentences for which there is a suggestion, the most uncertain first."""
        return list(self._table.index)

    def show(self, sentence: str, codes: Sequence[str]) -> dict[str, Any]:
        """The suggestion for a sentence, once it is on the disk that it is shown; nothing where it was dismissed.

        ``codes`` are those that the learner has given so far.
        """
        self.marks.refresh()
        row, state = self._table.loc[sentence], self.marks.state(sentence)
        wanted = list(row["codes"])
        if state["answer"] == "dismissed" and state["suggested"] == wanted:
            return {}
        if state["suggested"] != wanted:
            self.marks.set(sentence, suggested=wanted, before=list(codes), answer="")
        scores = row[list(self.machine.codebook)].astype(float)
        close = scores.drop(wanted).idxmax() if row["gap"] < _CLOSE else ""
        why = self.machine.why(sentence, wanted[0])["added"]
        words = [what for (look, what), value in why.items() if look == "word" and value > 0 and what not in small_words()]
        return {"sentence": sentence, "codes": wanted, "close": close, "words": words[:3]}

    def answered(self, sentence: str, answer: str) -> dict[str, Any]:
        """The record of what was pressed, which is not written yet."""
        self.marks.refresh()
        return self.marks.draft(sentence, self.marks.state(sentence) | {"answer": answer})


def suggestion_effect(
    corpus: Texts, machine: Machine, reference: pd.DataFrame | None = None, codebook: Codebook | None = None, journal: Journal | None = None
) -> pd.DataFrame:
    """How a machine's suggestions bend a coder: the learner's codings with and without them, beside the suggestions and a reference.

    A row each for sentences coded with no suggestion seen, for sentences coded before it was seen and then again after, and for
    sentences whose suggestion was seen first. Columns: ``sentences``; ``as suggested``, the percentage with just the codes that the
    machine suggests, with ``low`` and ``high`` (Wilson 1927); ``as reference``, the same for the reference; ``changed``, and of these
    ``toward`` the suggestion (nearer to it by MASI distance). Sentences that the machine
    was taught are left out.

    >>> import tempfile
    >>> from helpers import load_corpus, teach
    >>> corpus = load_corpus()
    >>> suggestion_effect(corpus, teach(corpus, load_codings("coder-1")), journal=Journal(tempfile.mkdtemp()))["sentences"].to_list()
    [0, 0, 0, 0]
    """
    import pandas as pd

    codebook = codebook or load_codebook()
    reference = load_codings("reference", codebook=codebook) if reference is None else reference
    known = dict(zip(reference["sentence"], reference["codes"], strict=True))
    groups = {name: [] for name in (WITHOUT, BEFORE, AFTER, WITH)}
    for document in listed(corpus):
        shown = suggestion_marks(document, codebook, journal)
        given = {id: state["codes"] for id, state in coding_marks(document, codebook, journal).states().items() if state["codes"]}
        ids = [id for id in given if id not in machine.taught]
        fresh = machine.suggest(ids)["codes"] if ids else {}
        for id in ids:
            _sort_in(groups, id, given[id], shown, fresh[id])
    rows = []
    for name, found in groups.items():
        same = sum(set(codes) == set(wanted) for _, codes, wanted, _ in found)
        right = [set(codes) == set(known[id]) for id, codes, _, _ in found if id in known]
        moved = [masi(frozenset(codes), frozenset(wanted)) - masi(frozenset(before), frozenset(wanted))
                 for _, codes, wanted, before in found if name == AFTER and set(codes) != set(before)]  # fmt: skip
        low, high = wilson(same, len(found))
        rows.append((len(found), _percent(same, len(found)), 100 * low, 100 * high, _percent(sum(right), len(right)),
                     len(moved) if name == AFTER else math.nan, sum(each < 0 for each in moved) if name == AFTER else math.nan))  # fmt: skip
    columns = ["sentences", "as suggested", "low", "high", "as reference", "changed", "toward"]
    return pd.DataFrame(rows, pd.Index(list(groups), name="codings"), columns)


def _sort_in(groups: dict[str, list], id: str, codes: list[str], shown: Marks, fresh: Iterable[str]) -> None:
    """Put a coding where it belongs: with its sentence, its codes, the codes suggested, and those that stood before."""
    state = shown.state(id)
    if not state["suggested"]:
        groups[WITHOUT].append((id, codes, fresh, codes))
    elif state["before"]:
        groups[BEFORE].append((id, state["before"], state["suggested"], state["before"]))
        groups[AFTER].append((id, codes, state["suggested"], state["before"]))
    else:
        groups[WITH].append((id, codes, state["suggested"], []))


def _percent(some: int, all: int) -> float:
    return 100 * some / all if all else math.nan
