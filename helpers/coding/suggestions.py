"""A machine's suggestions while one codes, and how they bend the coder.

Each suggestion that is shown becomes a record of kind ``suggestion`` first: what was suggested, which codes stood there
before, and later what was pressed. So one can tell afterwards which codings were made with a suggestion in sight.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from helpers.coding.classifier import Machine
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.codings import coding_annotations, load_codings, suggestion_annotations
from helpers.coding.frames import Texts
from helpers.coding.journal import Journal
from helpers.coding.reliability import masi
from helpers.corpus.documents import Document, listed
from helpers.corpus.errors import UnionError
from helpers.words.counting import small_words
from helpers.words.counts import wilson

if TYPE_CHECKING:
    import pandas as pd

_CLOSE = 0.1  # a code this near to those suggested is named too
WITHOUT, BEFORE, AFTER, WITH = (
    "no suggestion seen",
    "coded, before the suggestion",
    "the same, after it",
    "suggestion seen first",
)


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

    def __init__(
        self,
        machine: Machine,
        document: Document,
        codebook: Codebook,
        journal: Journal | None = None,
    ) -> None:
        if not isinstance(machine, Machine) or machine.codebook.edition != codebook.edition:
            raise UnionError(
                "Suggestions want a machine that was taught with this codebook: make one with teach()."
            )
        if document.id not in {each.id for each in listed(machine.corpus)}:
            raise UnionError(
                f"This machine does not know {document.id}: make one with teach() from a corpus that has this document."
            )
        self.machine, self.marks = machine, suggestion_annotations(document, codebook, journal)

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
        words = [
            what
            for (look, what), value in why.items()
            if look == "word" and value > 0 and what not in small_words()
        ]
        return {"sentence": sentence, "codes": wanted, "close": close, "words": words[:3]}

    def answered(self, sentence: str, answer: str) -> dict[str, Any]:
        """The record of what was pressed, which is not written yet."""
        self.marks.refresh()
        return self.marks.draft(sentence, self.marks.state(sentence) | {"answer": answer})


class _Coding(NamedTuple):
    """A learner's coding, the codes suggested for its sentence, and those that stood before."""

    id: str
    codes: Sequence[str]
    suggested: Sequence[str]
    before: Sequence[str]


def suggestion_effect(
    corpus: Texts,
    machine: Machine,
    reference: pd.DataFrame | None = None,
    codebook: Codebook | None = None,
    journal: Journal | None = None,
) -> pd.DataFrame:
    """How a machine's suggestions bend a coder: the learner's codings with and without them, beside the suggestions and a reference.

    A row each for sentences coded with no suggestion seen (measured by what ``machine`` would have suggested, and without those
    that it was taught), for sentences coded before it was seen and then again after, and for sentences whose suggestion was
    seen first. Columns: ``sentences``; ``as suggested``, the percentage with just the codes suggested, with ``low`` and ``high``
    (Wilson 1927); ``as reference``, the same for the reference; ``changed``, and of these ``towards`` the suggestion (nearer
    to it by MASI distance); and ``ids``.

    >>> import tempfile
    >>> from helpers import load_corpus, teach
    >>> corpus = load_corpus()
    >>> suggestion_effect(corpus, teach(corpus, load_codings("coder-1")), journal=Journal(tempfile.mkdtemp()))["sentences"].to_list()
    [0, 0, 0, 0]
    """
    import pandas as pd

    codebook = codebook or load_codebook()
    reference = load_codings("reference", codebook=codebook) if reference is None else reference
    known = {row.sentence: set(row.codes) for row in reference.itertuples()}
    groups: dict[str, list[_Coding]] = {name: [] for name in (WITHOUT, BEFORE, AFTER, WITH)}
    for document in listed(corpus):
        _sort_in(groups, document, machine, codebook, journal)
    rows = []
    for name, found in groups.items():
        same = sum(set(each.codes) == set(each.suggested) for each in found)
        right = [set(each.codes) == known[each.id] for each in found if each.id in known]
        nearer = [
            _far(each.codes, each) < _far(each.before, each)
            for each in found
            if set(each.codes) != set(each.before)
        ]
        moved = (len(nearer), sum(nearer)) if name == AFTER else (math.nan, math.nan)
        shares = [
            _percent(same, len(found)),
            *(100 * end for end in wilson(same, len(found))),
            _percent(sum(right), len(right)),
        ]
        rows.append((len(found), *shares, *moved, tuple(each.id for each in found)))
    columns = [
        "sentences",
        "as suggested",
        "low",
        "high",
        "as reference",
        "changed",
        "towards",
        "ids",
    ]
    return pd.DataFrame(rows, pd.Index(list(groups), name="codings"), columns)


def _sort_in(
    groups: dict[str, list[_Coding]],
    document: Document,
    machine: Machine,
    codebook: Codebook,
    journal: Journal | None,
) -> None:
    """Put each coding of a document where it belongs."""
    given = {
        id: state["codes"]
        for id, state in coding_annotations(document, codebook, journal).states().items()
        if state["codes"]
    }
    shown = suggestion_annotations(document, codebook, journal).states()
    fresh = [id for id in given if id not in shown and id not in machine.taught]
    would = machine.suggest(fresh)["codes"] if fresh else {}
    for id, codes in given.items():
        if id in fresh:
            groups[WITHOUT].append(_Coding(id, codes, would[id], []))
        elif id in shown:
            suggested, before = shown[id]["suggested"], shown[id]["before"]
            groups[AFTER if before else WITH].append(_Coding(id, codes, suggested, before))
            groups[BEFORE] += [_Coding(id, before, suggested, before)] if before else []


def _far(codes: Sequence[str], coding: _Coding) -> float:
    return masi(frozenset(codes), frozenset(coding.suggested))


def _percent(some: int, all: int) -> float:
    return 100 * some / all if all else math.nan
