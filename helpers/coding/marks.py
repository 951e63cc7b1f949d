"""Marks on the sentences of a document: codings, notes, stars. Kept in the journal, and never silently moved.

Each record holds the whole state of one sentence's marks, the id of the record
it was made ``on``, and its anchor: sentence id, quoted text, place, and a hash
of the clean text. So marks survive a restart, a changed cleaning, and two
kernels that write at once.
"""

from __future__ import annotations

import difflib
import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from helpers.coding.journal import Journal, my_journal
from helpers.text.corpus import Document
from helpers.text.errors import UnionError

_ALIKE = 0.85  # how alike two wordings must be to count as one sentence, from 0 to 1
_LONGEST_QUOTE = 20_000
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
        self, document: Document, kind: str, blank: State, journal: Journal | None = None,
        fits: Callable[[State], bool] = lambda state: True, stamp: dict[str, str] | None = None, **where: str,
    ) -> None:  # fmt: skip
        self.document, self.kind, self.blank, self.journal = document, kind, blank, journal or my_journal()
        self._fits, self._stamp, self._where = fits, stamp or {}, {"document": document.id, **where}
        self._session = uuid.uuid4().hex[:12]
        table = document.sentences
        self._rows = {str(id): row for id, *row in zip(table.index, table["text"], table["start"], table["end"], strict=True)}
        self._by_text: dict[str, list[str]] = {}
        for id, (text, *_) in self._rows.items():
            self._by_text.setdefault(text, []).append(id)
        self._hash = hashlib.sha256(document.text.encode("utf-8", "backslashreplace")).hexdigest()[:16]
        self._opened = len(self.journal.records(kind))
        self._begin()
        self.refresh()

    def _begin(self) -> None:
        self.strange = 0
        self._seen, self._last = 0, ""
        self._heads: dict[str, dict[str, Any]] = {}  # the record that counts, by sentence
        self._before: dict[str, State] = {}  # a sentence's state before and after a record, by the record's id
        self._after: dict[str, State] = {}
        self._place: dict[str, str] = {}  # a record's sentence in this text, by the record's id
        self._done: list[str] = []
        self._undone: list[str] = []
        self._anchors: dict[tuple[str, str], str] = {}

    def refresh(self) -> set[str]:
        """Take in what was written since, here or in another kernel; gives the ids of the sentences it touches."""
        records = self.journal.records(self.kind)
        if self._seen and (len(records) < self._seen or records[self._seen - 1]["id"] != self._last):
            touched = set(self._heads)  # the journal was put away and begun anew
            self._opened = 0
            self._begin()
            return touched | self.refresh()
        touched = {self._take(number, record) for number, record in enumerate(records[self._seen :], self._seen)}
        if records:
            self._seen, self._last = len(records), records[-1]["id"]
        return touched & self._rows.keys()

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
        now = self._after[head["id"]] if head else self.blank
        on = record.get("on")
        if head and on != head["id"]:  # made at the same time as another: both count
            state = _merged(self._after.get(str(on), self.blank), now, state, theirs_newer=record["time"] >= head["time"])
        self._before[id], self._after[id], self._heads[sentence] = now, state, record
        if number < self._opened or record.get("session") == self._session:
            self._stack(id, record)
        return sentence

    def _believed(self, record: dict[str, Any], state: State) -> bool:
        if not all(isinstance(record.get(name), str) for name in ("sentence", "text")):
            return False
        if record["id"] in self._after or any(type(state[name]) is not type(value) for name, value in self.blank.items()):
            return False
        return self._fits(state)

    def _stack(self, id: str, record: dict[str, Any]) -> None:
        """Keep account of what can be undone and done again."""
        if (undone := record.get("undoes")) in self._done:
            self._done.remove(undone)
            self._undone.append(undone)
        elif (redone := record.get("redoes")) in self._undone:
            self._undone.remove(redone)
            self._done.append(redone)
        else:
            self._done.append(id)
            self._undone.clear()

    def _anchor(self, record: dict[str, Any]) -> str:
        """The id that a record's sentence has in this text; where its words are gone, an id that no sentence has."""
        was, quote = record["sentence"], record["text"]
        if was in self._rows and self._rows[was][0] == quote:
            return was
        if (was, quote) not in self._anchors:
            self._anchors[was, quote] = self._found(was, quote) or f"{was} is gone: {quote}"
        return self._anchors[was, quote]

    def _found(self, was: str, quote: str) -> str:
        """The sentence with these words, or nearly these; of several, the one nearest to where it was."""
        ids = self._by_text.get(quote, [])
        if not ids and len(quote) <= _LONGEST_QUOTE:
            near = [text for text in self._by_text if 0.7 < len(text) / max(len(quote), 1) < 1.4]
            ids = [id for text in difflib.get_close_matches(quote, near, 1, _ALIKE) for id in self._by_text[text]]
        order = list(self._rows)
        old = int(number) - 1 if (number := was.rpartition("-")[2]).isdecimal() else 0
        return min(ids, key=lambda id: abs(order.index(id) - old), default="")

    def state(self, sentence: str) -> State:
        """The state of a sentence's marks, ``blank`` where it has none."""
        head = self._heads.get(sentence)
        return dict(self._after[head["id"]] if head else self.blank)

    def states(self) -> dict[str, State]:
        """The states of all sentences that have marks, by id, in the order of the text."""
        return {id: state for id in self._rows if id in self._heads and (state := self.state(id)) != self.blank}

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
            was, quote, now = head["sentence"], head["text"], place if place in self._rows else ""
            if self._after[head["id"]] != self.blank and (now != was or self._rows[now][0] != quote):
                found.append({"was": was, "quote": quote, "now": now, "wording": bool(now) and self._rows[now][0] != quote})
        return found

    def set(self, sentence: str, **changes: Any) -> State:
        """Change a sentence's marks; gives its state when that is on the disk. Raises :class:`UnionError` for an unknown id.

        The change is one of the state as this last saw it: where it was worked
        out from :meth:`state`, call :meth:`refresh` before that.
        """
        if sentence not in self._rows:
            raise UnionError(f"There is no sentence {sentence[:40]!r} in {self.document.id}: run the cell again.")
        if (wanted := self.state(sentence) | changes) != self.state(sentence):
            self._write(sentence, wanted)
        return self.state(sentence)

    def undo(self) -> str:
        """Take back the last action, done here or before this was opened; gives its sentence, or nothing."""
        self.refresh()
        return self._reverse("undoes", self._done, self._after, self._before)

    def redo(self) -> str:
        """Do again what was last taken back; gives its sentence, or nothing."""
        self.refresh()
        return self._reverse("redoes", self._undone, self._before, self._after)

    def _reverse(self, how: str, stack: list[str], base: dict[str, State], wanted: dict[str, State]) -> str:
        while stack and self._place[stack[-1]] not in self._rows:
            stack.pop()  # its sentence is not in this text
        if not stack:
            return ""
        last = stack[-1]
        sentence = self._place[last]
        self._write(sentence, _merged(base[last], self.state(sentence), wanted[last], theirs_newer=True), **{how: last})
        return sentence

    def _write(self, sentence: str, state: State, **how: str) -> None:
        text, start, end = self._rows[sentence]
        on = self._heads[sentence]["id"] if sentence in self._heads else ""
        anchor = {"sentence": sentence, "text": text, "start": int(start), "end": int(end), "hash": self._hash}
        self.journal.append(self.kind, **self._where, **self._stamp, **anchor, session=self._session, on=on, **how, **state)
        self.refresh()


def _merged(base: State, ours: State, theirs: State, *, theirs_newer: bool) -> State:
    """What two changes of one state come to: what either added is there, what either took away is not.

    >>> _merged({"codes": [], "doer": ""}, {"codes": ["voice"], "doer": ""}, {"codes": ["form"], "doer": "union"}, theirs_newer=True)
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
            both[name] = there if here == was or (there != was and theirs_newer) else here
    return both
