"""Adding a text of one's own: choose a file or paste, look at the cleaning and its account, say what is known, add."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from helpers.corpus.cleaning import STEPS, Cleaning, clean
from helpers.corpus.documents import FIELDS, Document
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
)
from helpers.show.noise import removed_lines
from helpers.show.widget import Widget, on_binder, view
from helpers.words.tokens import words

_AT_ONCE, _MOST_LINES = 12, 300
_MADE_UP = re.compile(
    r"about:blank|(?:untitled|document|word document|user|admin|python-docx)\w*\W*\d*|microsoft \w+ - .*|.*\.(?:docx?|pdf|indd|tmp|qxd)",
    re.IGNORECASE,
)
_BLANK: dict[str, Any] = {
    "stage": "choose",
    "notes": [],
    "steps": [],
    "removed": [],
    "paragraphs": [],
    "more": 0,
    "account": "",
    "said": {},
}


class Adding(Widget):
    """A form to add documents with. Made by :func:`add_my_document`; ``document`` is the one that was added last, if any."""

    _esm = view("adding")

    def __init__(self, folder: Path | None) -> None:
        self._folder, self.document = folder, None
        self._reading, self._original, self._name = Reading("", "txt"), b"", ""
        self._off: set[str] = set()
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
            return self._read(read_file(data, name), data, name) | {
                "said": practice_document().about
            }
        if do == "anew":
            return {**_BLANK, "told": "Nothing was added."}
        if do == "remove":
            told = remove_document(str(message.get("id")), folder=self._folder)
            return {"own": self._own(), "told": told}
        if (
            self.shown["stage"] == "check"
            and do == "switch"
            and message.get("step") in [step.name for step in STEPS]
        ):
            self._off ^= {message["step"]}
            return self._look()
        if self.shown["stage"] == "check" and do == "more":
            self._showing += 5 * _AT_ONCE
            return self._look()
        if self.shown["stage"] == "check" and do == "add":
            return self._added(message.get("about"))
        raise UnionError("Nothing was done: choose a file or paste a text first.")

    def _read(self, reading: Reading, original: bytes, name: str) -> dict[str, Any]:
        """What was read, to be looked at."""
        self._reading, self._original, self._name = reading, original, name
        self._off, self._showing = set(), _AT_ONCE
        return {
            **self._look(),
            "stage": "check",
            "notes": list(reading.notes),
            "told": "Read. Nothing is added yet: look through it first.",
        }

    def _look(self) -> dict[str, Any]:
        """The cleaning with its account, and the text that comes of it."""
        cleaning = clean(self._reading.text, off=self._off)
        document = Document("text", dict.fromkeys(FIELDS, ""), cleaning)
        counts = cleaning.steps()["edits"]
        steps = [
            {
                "name": each.name,
                "label": each.label,
                "why": each.why,
                "edits": int(counts[each.name]),
                "on": each.name not in self._off,
            }
            for each in STEPS
            if each.name != "corrections"
        ]
        texts, raw = document.paragraphs["text"].to_list(), cleaning.raw.split("\n")
        gone = removed_lines(document)
        removed = [
            {"line": line, "why": why, "text": raw[line - 1][:300].strip()}
            for line, why in list(gone.items())[:_MOST_LINES]
        ]
        size = f"{len(texts)} paragraphs, {len(document.sentences)} sentences and {len(words(document.text)):,} words"
        return {
            "steps": steps,
            "removed": removed,
            "paragraphs": texts[: self._showing],
            "more": max(0, len(texts) - self._showing),
            "account": f"{_balance(cleaning)} That leaves {size}. Lines removed whole: {len(gone)}.",
            "said": _guesses(cleaning, self._reading),
            "told": f"Cleaned: {size}.",
        }

    def _added(self, about: Any) -> dict[str, Any]:
        if not isinstance(about, dict) or not all(isinstance(said, str) for said in about.values()):
            raise UnionError("The form came incomplete: run the cell again.")
        off = [step.name for step in STEPS if step.name in self._off]
        self.document = keep_document(
            self._reading, self._original, self._name, about, off, folder=self._folder
        )
        told = f"Added, with {len(self.document.sentences)} sentences, under the id {self.document.id}. Now run the cells below."
        return {**_BLANK, "own": self._own(), "told": told}

    def _own(self) -> list[dict[str, Any]]:
        own = my_corpus(folder=self._folder).documents[2:]
        return [
            {"id": each.id, "title": each.title, "sentences": len(each.sentences)} for each in own
        ]


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


def _guesses(cleaning: Cleaning, reading: Reading) -> dict[str, str]:
    """What the title page offers for the form, and what the file says about itself."""
    rows = reversed(list(cleaning.found().itertuples()))
    page = {row.kind: row.text for row in rows if row.kind in ("title", "author", "date")}
    about = {field: said for field, said in reading.about.items() if not _MADE_UP.fullmatch(said)}
    return {**page, **about} if reading.kind == "html" else {**about, **page}


def add_my_document(folder: str | Path | None = None) -> Adding:
    """Add a text of one's own: from a file (.txt, .md, .html, .pdf, .docx) or pasted.

    The text is read and cleaned, and nothing is kept before *Add* is pressed.
    ``folder`` is the work folder.

    >>> import tempfile
    >>> add_my_document(tempfile.mkdtemp()).shown["stage"]
    'choose'
    """
    return Adding(Path(folder) if folder else None)
