"""Annotations of the sentences of a document: codings, notes, stars.

A record in the journal holds the whole state of one sentence, and its anchor: the sentence's id,
its words, and where they stand. The last action on a sentence counts; all others stay in the
journal. An annotation whose words stand elsewhere now moves with them; one whose words are gone is
kept, and told of.
"""

import copy
import uuid
from collections.abc import Callable, Collection
from typing import Any

from helpers.coding.journal import Journal, Record, my_journal, new_record
from helpers.corpus.documents import Document
from helpers.corpus.errors import UnionError

State = dict[str, Any]


class Annotations:
    """The annotations of one ``kind`` that a learner made on one document.

    ``blank`` is the state of a sentence of which nothing is said, ``fits`` says whether a state can
    be believed, ``stamp`` goes into each record, ``where`` tells this work from other work of the
    kind (such as ``look="second"``). ``strange`` counts records that could not be believed.

    >>> import tempfile
    >>> from helpers.corpus.documents import load_corpus
    >>> blank, journal = {"note": "", "star": False}, Journal(tempfile.mkdtemp())
    >>> annotations = Annotations(load_corpus()["kctu"], "reading", blank, journal)
    >>> annotations.set("kctu-007", star=True)
    {'note': '', 'star': True}
    >>> annotations.undo(), annotations.states()
    ('kctu-007', {})
    """

    def __init__(
        self,
        document: Document,
        kind: str,
        blank: State,
        journal: Journal | None = None,
        fits: Callable[[State], bool] = lambda state: True,
        stamp: dict[str, str] | None = None,
        **where: str,
    ) -> None:
        self.document, self.kind, self.blank = document, kind, blank
        self.journal, self._fits, self._stamp = journal or my_journal(), fits, stamp or {}
        self._where, self._session = {"document": document.id, **where}, uuid.uuid4().hex[:12]
        self._texts: dict[str, str] = document.sentences["text"].to_dict()
        self._by_text: dict[str, list[str]] = {}  # of sentences with the same words, all ids
        for id, text in self._texts.items():
            self._by_text.setdefault(text, []).append(id)
        self._begin()
        self.refresh()
        self._touched.clear()

    def _begin(self) -> None:
        self.strange, self._seen, self._last = 0, 0, []
        self._opened = len(self.journal.records())
        self._heads: dict[str, Record] = {}  # the record that counts, by sentence
        self._after: dict[str, Record] = {}  # each record by its id, and what counted before it
        self._before: dict[str, Record] = {}
        self._done: dict[str, None] = {}  # ids of records, in order
        self._undone: dict[str, None] = {}
        self._touched: set[str] = set()

    def refresh(self) -> None:
        """Take in what was written since, here or in another kernel."""
        records, touched = self.journal.records(), self._touched
        if records[max(0, self._seen - 1) : self._seen] != self._last:
            touched = touched | self._heads.keys()  # work came in between, or was put away
            self._begin()
        for number in range(self._seen, len(records)):
            self._take(number, records[number])
        self._seen, self._last = len(records), records[-1:]
        self._touched = (touched | self._touched) & self._texts.keys()

    def changed(self) -> set[str]:
        """The ids of the sentences touched since this was last asked, by whomever."""
        touched, self._touched = self._touched, set()
        return touched

    def _take(self, number: int, record: Record) -> None:
        """Let one record count for its sentence."""
        if record["kind"] != self.kind or not self._where.items() <= record.items():
            return
        id, anchored = record["id"], type(record.get("text")) is str
        if id in self._after or not anchored or not self._possible(self._state_in(record)):
            self.strange += 1
            return
        sentence = self._place(record)
        self._before[id] = self._heads.get(sentence, {})
        self._after[id] = self._heads[sentence] = record
        self._touched.add(sentence)
        if number >= self._opened and record.get("session") != self._session:
            return  # what another kernel does meanwhile is not undone here
        if (undone := str(record.get("undoes"))) in self._done:
            self._undone[undone] = self._done.pop(undone)
        elif (redone := str(record.get("redoes"))) in self._undone:
            self._done[redone] = self._undone.pop(redone)
        else:
            self._done[id] = None
            self._undone.clear()

    def _possible(self, state: State) -> bool:
        """Whether a state can be believed."""
        kinds = [type(state[name]) is type(value) for name, value in self.blank.items()]
        return all(kinds) and self._fits(state)

    def _state_in(self, record: Record) -> State:
        return {name: copy.copy(record.get(name, value)) for name, value in self.blank.items()}

    def _place(self, record: Record) -> str:
        """The id of the sentence with a record's words, or one that no sentence has."""
        same = self._by_text.get(record["text"], ())
        if len(same) == 1:
            return same[0]
        match record.get("nth"):
            case [int(place), int(many)] if many == len(same) > place >= 0:
                return same[place]
        was = record.get("sentence")
        if was in same or not same:
            return was if same else f"{was} is gone: {record['text']}"
        return same[0]

    def state(self, sentence: str) -> State:
        """The state of a sentence, ``blank`` where nothing was said of it."""
        return self._state_in(self.record(sentence))

    def states(self) -> dict[str, State]:
        """The states of all sentences that have one, by id, in the order of the text."""
        states = {id: self.state(id) for id in self._texts if id in self._heads}
        return {id: state for id, state in states.items() if state != self.blank}

    def record(self, sentence: str) -> Record:
        """The record of the last action on a sentence, or an empty dictionary."""
        return self._heads.get(sentence, {})

    def moved(self) -> list[dict[str, str]]:
        """The annotations whose sentence has another id ``now``, or none: ``was``, ``quote``."""
        return [
            {"was": was, "quote": head["text"], "now": id if id in self._texts else ""}
            for id, head in self._heads.items()
            if (was := str(head.get("sentence"))) != id and self._state_in(head) != self.blank
        ]

    def set(self, sentence: str, **changes: Any) -> State:
        """Change what is said of a sentence; gives its state when that is on the disk.

        Raises :class:`UnionError` for an unknown id and for a state that does not fit.
        """
        self.refresh()
        wanted = self.state(sentence) | changes
        if sentence not in self._texts:
            raise UnionError(f"There is no sentence {sentence[:40]!r} here: run the cell again.")
        if wanted.keys() != self.blank.keys() or not self._possible(wanted):
            raise UnionError("This annotation does not fit here: run the cell again.")
        if wanted != self.state(sentence):
            self._write(sentence, wanted)
        return self.state(sentence)

    def undo(self, among: Collection[str] | None = None) -> str:
        """Take back the last action, done here or before this was opened; gives its sentence.

        Nothing where there is none. With ``among``, the last action on one of these sentences.
        """
        return self._go_back("undoes", among)

    def redo(self, among: Collection[str] | None = None) -> str:
        """Do again what was last taken back; otherwise as :meth:`undo`."""
        return self._go_back("redoes", among)

    def _go_back(self, how: str, among: Collection[str] | None) -> str:
        self.refresh()
        ids, to = (self._done, self._before) if how == "undoes" else (self._undone, self._after)
        for id in reversed(ids):
            sentence = self._place(self._after[id])
            if sentence in self._texts and (among is None or sentence in among):
                self._write(sentence, self._state_in(to[id]), **{how: id})
                return sentence
        return ""

    def _write(self, sentence: str, state: State, **how: str) -> None:
        self.journal.write([self.draft(sentence, state, **how)])
        self.refresh()

    def draft(self, sentence: str, state: State, **how: str) -> Record:
        """The record of an action that is not written yet."""
        text, same = self._texts[sentence], self._by_text[self._texts[sentence]]
        start, end = map(int, self.document.sentences.loc[sentence, ["start", "end"]])
        anchor = {"sentence": sentence, "text": text, "start": start, "end": end}
        anchor |= {"nth": [same.index(sentence), len(same)]} if len(same) > 1 else {}
        about = {**self._where, **self._stamp, **anchor, "session": self._session}
        return new_record(self.kind, **about, **how, **state)
