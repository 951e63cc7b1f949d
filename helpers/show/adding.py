"""Adding a text of one's own: choose or paste, look at what was read, say what is known, add."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from helpers.corpus.cleaning import STEPS, Cleaning
from helpers.corpus.documents import Document
from helpers.corpus.errors import UnionError
from helpers.corpus.importing import LARGEST_FILE, Reading, read_file
from helpers.corpus.library import (
    PRACTICE,
    fields,
    keep_document,
    my_corpus,
    pasted,
    practice_document,
    remove_document,
    try_cleaning,
)
from helpers.show.noise import removed_lines
from helpers.show.widget import Widget, on_binder, view
from helpers.words.tokens import words

_AT_ONCE, _MOST_LINES, _AT_EDGES = 12, 300, 5
_BLANK: dict[str, Any] = {
    "stage": "choose",
    "notes": [],
    "body": {"first": 1, "last": 1, "lines": 1, "begins": [], "ends": []},
    "outside": [],
    "resembling": [],
    "steps": [],
    "removed": [],
    "paragraphs": [],
    "more": 0,
    "account": "",
    "said": {},
}
_NO_SWITCH = ("corrections", "title-page")  # the second is the body, which has its own part


class Adding(Widget):
    """A form to add documents with. ``document`` is the one that was added last, if any."""

    _esm = view("adding")

    def __init__(self, folder: Path | None) -> None:
        self._folder, self.document = folder, None
        self._reading, self._original, self._name = Reading("", "txt", [], {}), b"", ""
        self._off: set[str] = set()
        self._body: tuple[int, int] | None = None
        self._take: dict[int, bool] = {}
        self._showing = _AT_ONCE
        form = [{"needed": False, **each} for each in fields()]
        super().__init__(
            fields=form,
            largest=LARGEST_FILE,
            public=on_binder(),
            own=self._own(),
            told="",
            trouble="",
            **_BLANK,
        )

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        if do == "file" and files:
            name = str(message.get("name") or "file")
            return self._read(read_file(files[0], name), files[0], name)
        if do == "text":
            text = str(message.get("text", ""))
            return self._read(pasted(text), text.encode("utf-8", "replace"), "")
        if do == "practice":
            data, name = (PRACTICE / "lamplighters.txt").read_bytes(), "lamplighters.txt"
            known = practice_document()
            looked = self._read(read_file(data, name), data, name, known.cleaning.body)
            return looked | {"said": known.about}
        if do == "anew":
            return {**_BLANK, "told": "Nothing was added."}
        if do == "remove":
            told = remove_document(str(message.get("id")), folder=self._folder)
            return {"own": self._own(), "told": told}
        if self.shown["stage"] == "check" and do in _WHILE_CHECKING:
            return _WHILE_CHECKING[do](self, message)
        raise UnionError("Nothing was done: choose a file or paste a text first.")

    def _read(
        self, reading: Reading, data: bytes, name: str, body: tuple[int, int] | None = None
    ) -> dict[str, Any]:
        """What was read, to be looked at."""
        document = try_cleaning(reading, body=body)
        self._reading, self._original, self._name = reading, data, name
        self._off, self._showing, self._body = set(), _AT_ONCE, document.cleaning.body
        found = document.cleaning.proposals()
        self._take = dict.fromkeys(map(int, found["line"]), False)
        self._reasons = dict(zip(found["line"], found["reason"], strict=True))
        return {
            **self._look(),
            "stage": "check",
            "notes": [*reading.notes, *document.cleaning.notes],
            "said": _offers(document, reading),
            "told": "Read. Nothing is added yet: look through it first.",
        }

    def _switch(self, message: dict[str, Any]) -> dict[str, Any]:
        """A cleaning step is left out, or taken in again."""
        if message.get("step") not in [step.name for step in STEPS]:
            raise UnionError("There is no such step: run the cell again.")
        return self._tried(off=self._off ^ {message["step"]})

    def _bound(self, message: dict[str, Any]) -> dict[str, Any]:
        """The learner says where the body begins and ends."""
        first, last = message.get("first"), message.get("last")
        lines = self._reading.text.count("\n") + 1
        if not (type(first) is type(last) is int and 1 <= first <= last <= lines):
            raise UnionError(f"Give a first and a last line between 1 and {lines}, in this order.")
        return self._tried(body=(first, last))

    def _toggle(self, message: dict[str, Any]) -> dict[str, Any]:
        """A line that resembles furniture goes, or stays after all."""
        line = message.get("line")
        if line not in self._take:
            raise UnionError("There is no such line here: run the cell again.")
        return self._tried(take=self._take | {line: not self._take[line]})

    def _more(self, message: dict[str, Any]) -> dict[str, Any]:
        self._showing += 5 * _AT_ONCE
        return self._look()

    def _tried(self, **change: Any) -> dict[str, Any]:
        """The text with another body, other steps or lines; as before where nothing is left."""
        before = self._off, self._body, self._take
        self._off, self._body = change.get("off", self._off), change.get("body", self._body)
        self._take = change.get("take", self._take)
        try:
            return self._look()
        except UnionError:
            self._off, self._body, self._take = before
            raise

    def _how(self) -> dict[str, Any]:
        """How the text is cleaned, as the learner has it now."""
        off = [step.name for step in STEPS if step.name in self._off]
        take = [line for line, taken in self._take.items() if taken]
        return {"body": self._body, "take": take, "off": off}

    def _look(self) -> dict[str, Any]:
        """The cleaning with its account, and the text that comes of it."""
        document = try_cleaning(self._reading, **self._how())
        cleaning, raw = document.cleaning, self._reading.text.split("\n")
        texts, gone = document.paragraphs["text"].to_list(), removed_lines(document)
        outside = set(range(1, len(raw) + 1)) - set(range(self._body[0], self._body[1] + 1))
        size = f"{len(texts)} paragraphs, {len(document.sentences)} sentences"
        size += f" and {len(words(document.text)):,} words"
        return {
            "body": _body(raw, *self._body),
            "outside": [_line(raw, line) for line in sorted(outside) if raw[line - 1].strip()][
                :_MOST_LINES
            ],
            "resembling": [
                _line(raw, line) | {"why": self._reasons[line], "on": taken}
                for line, taken in self._take.items()
            ],
            "steps": self._steps(cleaning),
            "removed": [
                _line(raw, line) | {"why": why}
                for line, why in gone.items()
                if line not in outside and not self._take.get(line)
            ][:_MOST_LINES],
            "paragraphs": texts[: self._showing],
            "more": max(0, len(texts) - self._showing),
            "account": f"{_balance(cleaning)} That leaves {size}."
            f" Lines removed whole: {len(gone)}.",
            "told": f"Cleaned: {size}.",
        }

    def _steps(self, cleaning: Cleaning) -> list[dict[str, Any]]:
        """The steps that can be left out, with what each does here."""
        counts = cleaning.steps()["edits"]
        return [
            {
                "name": each.name,
                "label": each.label,
                "why": each.why,
                "edits": int(counts[each.name]),
                "on": each.name not in self._off,
            }
            for each in STEPS
            if each.name not in _NO_SWITCH and not (each.inferred and self._reading.blocks)
        ]

    def _add(self, message: dict[str, Any]) -> dict[str, Any]:
        about = message.get("about")
        if not isinstance(about, dict) or not all(isinstance(said, str) for said in about.values()):
            raise UnionError("The form came incomplete: run the cell again.")
        if message.get("sure") is not True:
            raise UnionError(
                "You have not said where the text begins and ends: choose the lines in part 2, and"
                " tick the box."
            )
        self.document = keep_document(
            self._reading, self._original, self._name, about, self._folder, **self._how()
        )
        told = f"Added, with {len(self.document.sentences)} sentences, under the id"
        told += f" {self.document.id}. Now run the cells below."
        return {**_BLANK, "own": self._own(), "told": told}

    def _own(self) -> list[dict[str, Any]]:
        own = my_corpus(folder=self._folder).documents[2:]
        return [
            {"id": each.id, "title": each.title, "sentences": len(each.sentences)} for each in own
        ]


_WHILE_CHECKING = {
    "switch": Adding._switch,
    "body": Adding._bound,
    "take": Adding._toggle,
    "more": Adding._more,
    "add": Adding._add,
}


def _line(raw: list[str], line: int) -> dict[str, Any]:
    return {"line": line, "text": raw[line - 1][:300].strip()}


def _body(raw: list[str], first: int, last: int) -> dict[str, Any]:
    """The lines of the body, with those at which it begins and ends."""
    inside = [line for line in range(first, last + 1) if raw[line - 1].strip()]
    return {
        "first": first,
        "last": last,
        "lines": len(raw),
        "begins": [_line(raw, line) for line in inside[:_AT_EDGES]],
        "ends": [_line(raw, line) for line in inside[_AT_EDGES:][-_AT_EDGES:]],
    }


def _balance(cleaning: Cleaning) -> str:
    """The account of all characters in a sentence."""
    total = cleaning.account().loc["total"]
    parts = (
        f"{total['kept']:,} are kept, {total['changed']:,} changed and {total['removed']:,} removed"
    )
    even = (
        "nothing is unaccounted for"
        if total["difference"] == 0
        else f"{total['difference']:,} are unaccounted for"
    )
    return f"Of {total['raw']:,} characters, {parts}; {even}."


def _offers(document: Document, reading: Reading) -> dict[str, str]:
    """Title, author and date, as the file says them of itself, or else its title page."""
    rows = reversed(list(document.cleaning.found().itertuples()))
    page = {row.kind: row.text for row in rows if row.kind in ("title", "author", "date")}
    return {**page, **reading.offers}


def add_my_document(folder: str | Path | None = None) -> Adding:
    """Add a text of one's own: from a file (.txt, .md, .html, .pdf, .docx) or pasted.

    The text is read and cleaned, and nothing is kept before *Add* is pressed.
    ``folder`` is the work folder.

    >>> import tempfile
    >>> add_my_document(tempfile.mkdtemp()).shown["stage"]
    'choose'
    """
    return Adding(Path(folder) if folder else None)
