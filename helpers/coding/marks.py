"""Marks on the sentences of a document: codings, notes, stars. Kept in the journal, and never silently moved.

Each record holds the whole state of one sentence's marks, what that state
``was`` before, and its anchor: sentence id, quoted text, place, and a hash of
the clean text. So marks survive a restart, a changed cleaning, two kernels that
write at once, and work that comes in from another machine.
"""

from __future__ import annotations

import copy
import difflib
import hashlib
import uuid
from collections.abc import Callable, Collection
from typing import Any

from helpers.coding.journal import Journal, my_journal, new_record
from helpers.corpus.documents import Document
from helpers.corpus.errors import UnionError

_ALIKE = 0.85  # how alike two wordings must be to count as one sentence, from 0 to 1
_LONGEST_QUOTE = 20_000
_NEIGHBOURS = 40  # so many sentences on either side are looked at before all others
State = dict[str, Any]


class Marks:
    """The marks of one kind that a learner made on one document.

    ``kind`` names the kind of record, ``blank`` a sentence's state when nothing
    is marked, ``fits`` says whether a state can be believed, ``stamp`` is
    written into each record, and ``where`` tells this work from other work of
    the kind (such as ``look="second"``).

    ``strange`` counts records that could not be believed; they stay in the
    journal.

    >>> import tempfile
    >>> from helpers import load_corpus
    >>> from helpers.coding.journal import Journal
    >>> marks = Marks(load_corpus()["kctu"], "reading", {"note": "", "star": False}, Journal(tempfile.mkdtemp()))
    >>> marks.set("kctu-007", star=True)
    {'note': '', 'star': True}
    >>> marks.undo(), marks.states()
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
        self.document, self.kind, self.blank, self.journal = (
            document,
            kind,
            copy.deepcopy(blank),
            journal or my_journal(),
        )
        self._fits, self._stamp, self._where = fits, stamp or {}, {"document": document.id, **where}
        self._session = uuid.uuid4().hex[:12]
        table = document.sentences
        self._rows = {
            str(id): row
            for id, *row in zip(
                table.index, table["text"], table["start"], table["end"], strict=True
            )
        }
        self._by_text: dict[str, list[str]] = {}
        for id, (text, *_) in self._rows.items():
            self._by_text.setdefault(text, []).append(id)
        self._order = {id: number for number, id in enumerate(self._rows)}
        self._hash = hashlib.sha256(document.text.encode("utf-8", "backslashreplace")).hexdigest()[
            :16
        ]
        self._opened = len(self.journal.records(kind))
        self._touched: set[str] = set()
        self._begin()
        self.refresh()
        self._touched.clear()

    def _begin(self) -> None:
        self.strange = 0
        self._seen, self._last = 0, ""
        self._heads: dict[str, dict[str, Any]] = {}  # the record that counts, by sentence
        self._before: dict[
            str, State
        ] = {}  # a sentence's state before and after a record, by the record's id
        self._after: dict[str, State] = {}
        self._place: dict[str, str] = {}  # a record's sentence in this text, by the record's id
        self._done: list[str] = []
        self._undone: list[str] = []
        self._anchors: dict[tuple[str, str], str] = {}
        self._times: dict[
            str, dict[str, str]
        ] = {}  # when each part of a sentence's state was last changed
        self._origins: dict[
            str, set[tuple[str, str]]
        ] = {}  # the ids and words that a sentence's marks were made on

    def refresh(self) -> set[str]:
        """Take in what was written since, here or in another kernel; gives the ids of the sentences it touches."""
        records = self.journal.records(self.kind)
        if self._seen and (
            len(records) < self._seen or records[self._seen - 1]["id"] != self._last
        ):
            touched = set(self._heads)  # the journal was put away and begun anew
            self._opened = 0
            self._begin()
            self._touched |= touched & self._rows.keys()
            return (touched & self._rows.keys()) | self.refresh()
        touched = {
            self._take(number, record)
            for number, record in enumerate(records[self._seen :], self._seen)
        }
        if records:
            self._seen, self._last = len(records), records[-1]["id"]
        touched &= self._rows.keys()
        self._touched |= touched
        return touched

    def changed(self) -> set[str]:
        """The ids of the sentences that were touched since this was last asked, by whomever."""
        touched, self._touched = self._touched, set()
        return touched

    def _take(self, number: int, record: dict[str, Any]) -> str:
        """Fold one record into the state of its sentence."""
        if any(record.get(name) != value for name, value in self._where.items()):
            return ""
        state = {name: record.get(name, value) for name, value in self.blank.items()}
        id = record["id"]
        if not self._believed(record, state):
            self.strange += 1
            return ""
        sentence = self._place[id] = self._anchor(record)
        head = self._heads.get(sentence)
        now, was = self._after[head["id"]] if head else self.blank, record.get("was")
        was = self.blank | was if isinstance(was, dict) else now
        was = was if was == now or self._possible(was) else now
        times = self._times.setdefault(sentence, dict.fromkeys(self.blank, ""))
        newer = {name for name, time in times.items() if record["time"] >= time}
        times |= {name: record["time"] for name in newer if state[name] != was[name]}
        origin = (record["sentence"], record["text"])
        self._origins[sentence] = (
            {origin} if was == now else self._origins.get(sentence, set()) | {origin}
        )
        self._before[id], self._after[id], self._heads[sentence] = (
            now,
            _merged(was, now, state, newer),
            record,
        )
        if number < self._opened or record.get("session") == self._session:
            self._stack(id, record)
        return sentence

    def _believed(self, record: dict[str, Any], state: State) -> bool:
        if record["id"] in self._after or not all(
            isinstance(record.get(name), str) for name in ("sentence", "text")
        ):
            return False
        return self._possible(state)

    def _possible(self, state: State) -> bool:
        alike = all(type(state.get(name)) is type(value) for name, value in self.blank.items())
        return alike and state.keys() == self.blank.keys() and self._fits(state)

    def _stack(self, id: str, record: dict[str, Any]) -> None:
        """Keep account of what can be undone and done again."""
        undone, redone = record.get("undoes"), record.get("redoes")
        if undone is not None and undone in self._done:
            self._done.remove(undone)
            self._undone.append(undone)
        elif redone is not None and redone in self._undone:
            self._undone.remove(redone)
            self._done.append(redone)
        else:
            self._done.append(id)
            self._undone.clear()

    def _anchor(self, record: dict[str, Any]) -> str:
        """The id that a record's sentence has in this text; where its words are gone, an id that no sentence has."""
        was, quote, same = record["sentence"], record["text"], self._by_text.get(record["text"], [])
        match record.get("nth"):
            case [int(nth), int(many)] if many == len(same) > nth >= 0:
                return same[nth]
        if was in self._rows and self._rows[was][0] == quote:
            return was
        if (was, quote) not in self._anchors:
            self._anchors[was, quote] = self._found(was, quote) or f"{was} is gone: {quote}"
        return self._anchors[was, quote]

    def _found(self, was: str, quote: str) -> str:
        """The sentence with these words, or nearly these; of several, the one nearest to where it was."""
        number, ids = was.rpartition("-")[2], self._by_text.get(quote, [])
        old = int(number) - 1 if number.isdecimal() and len(number) < 10 else 0
        if not ids and len(quote) <= _LONGEST_QUOTE:
            texts = [text for text, *_ in self._rows.values()]
            ids = self._like(
                quote, texts[max(0, old - _NEIGHBOURS) : old + _NEIGHBOURS]
            ) or self._like(quote, texts)
        return min(ids, key=lambda id: abs(self._order[id] - old), default="")

    def _like(self, quote: str, texts: list[str]) -> list[str]:
        """The ids of the sentences with the words that are most like these, if any are like enough."""
        matcher, best, ids = difflib.SequenceMatcher(None, "", quote, autojunk=False), _ALIKE, []
        for text in texts:
            matcher.set_seq1(text)
            if (
                matcher.real_quick_ratio() >= best
                and matcher.quick_ratio() >= best
                and (ratio := matcher.ratio()) >= best
            ):
                best, ids = ratio, self._by_text[text]
        return ids

    def state(self, sentence: str) -> State:
        """The state of a sentence's marks, ``blank`` where it has none."""
        head = self._heads.get(sentence)
        return copy.deepcopy(self._after[head["id"]] if head else self.blank)

    def states(self) -> dict[str, State]:
        """The states of all sentences that have marks, by id, in the order of the text."""
        return {
            id: state
            for id in self._rows
            if id in self._heads and (state := self.state(id)) != self.blank
        }

    def record(self, sentence: str) -> dict[str, Any]:
        """The record of a sentence's last action, or an empty dictionary."""
        return self._heads.get(sentence, {})

    def moved(self) -> list[dict[str, Any]]:
        """The marks whose sentence has another id or wording now.

        Gives a dictionary each: ``was`` (id), ``quote``, ``now`` (id, or empty
        where the words are gone), and ``wording`` (whether it changed).
        """
        found = []
        for place, head in self._heads.items():
            now = place if place in self._rows else ""
            for was, quote in (
                sorted(self._origins[place]) if self._after[head["id"]] != self.blank else ()
            ):
                if now != was or self._rows[now][0] != quote:
                    found.append(
                        {
                            "was": was,
                            "quote": quote,
                            "now": now,
                            "wording": bool(now) and self._rows[now][0] != quote,
                        }
                    )
        return found

    def set(self, sentence: str, **changes: Any) -> State:
        """Change a sentence's marks; gives its state when that is on the disk.

        The change is one of the state as this last saw it: where it was worked
        out from :meth:`state`, call :meth:`refresh` before that. Raises
        :class:`UnionError` for an unknown id and for a state that does not fit.
        """
        if sentence not in self._rows:
            raise UnionError(
                f"There is no sentence {sentence[:40]!r} in {self.document.id}: run the cell again."
            )
        if not self._possible(wanted := self.state(sentence) | changes):
            raise UnionError("These marks do not fit here: run the cell again.")
        if wanted != self.state(sentence):
            self._write(sentence, wanted)
        return self.state(sentence)

    def undo(self, among: Collection[str] | None = None) -> str:
        """Take back the last action, done here or before this was opened; gives its sentence, or nothing.

        With ``among``, the last action on one of these sentences.
        """
        self.refresh()
        return self._reverse("undoes", self._done, self._after, self._before, among)

    def redo(self, among: Collection[str] | None = None) -> str:
        """Do again what was last taken back; gives its sentence, or nothing. ``among`` is as in :meth:`undo`."""
        self.refresh()
        return self._reverse("redoes", self._undone, self._before, self._after, among)

    def _reverse(
        self,
        how: str,
        stack: list[str],
        base: dict[str, State],
        wanted: dict[str, State],
        among: Collection[str] | None,
    ) -> str:
        possible = self._rows if among is None else among
        last = next(
            (
                id
                for id in reversed(stack)
                if self._place[id] in possible and self._place[id] in self._rows
            ),
            None,
        )
        if last is None:
            return ""
        sentence = self._place[last]
        self._write(
            sentence,
            _merged(base[last], self.state(sentence), wanted[last], set(self.blank)),
            **{how: last},
        )
        return sentence

    def _write(self, sentence: str, state: State, **how: str) -> None:
        self.journal.write([self.draft(sentence, state, **how)])
        self.refresh()

    def draft(self, sentence: str, state: State, **how: str) -> dict[str, Any]:
        """The record of a change that is not written yet."""
        text, start, end = self._rows[sentence]
        same = self._by_text[text]  # of several sentences with the same words, which one this is
        anchor = {
            "sentence": sentence,
            "text": text,
            "start": int(start),
            "end": int(end),
            "nth": [same.index(sentence), len(same)],
        }
        about = {
            **self._where,
            **self._stamp,
            **anchor,
            "hash": self._hash,
            "session": self._session,
            "was": self.state(sentence),
        }
        return new_record(self.kind, **about, **how, **state)


def _merged(base: State, ours: State, theirs: State, newer: Collection[str]) -> State:
    """What two changes of one state come to: what either added is there, what either took away is not.

    Where both changed what is no list, theirs counts if it is among the ``newer``.

    >>> _merged({"codes": [], "doer": ""}, {"codes": ["voice"], "doer": ""}, {"codes": ["form"], "doer": "union"}, {"doer"})
    {'codes': ['voice', 'form'], 'doer': 'union'}
    """
    if ours == base:
        return theirs
    both = {}
    for name, was in base.items():
        here, there = ours[name], theirs[name]
        if isinstance(was, list) and here != was and there != was:
            kept = [each for each in here if each in there or each not in was]
            both[name] = kept + [each for each in there if each not in was and each not in here]
        else:
            both[name] = there if here == was or (there != was and name in newer) else here
    return both
