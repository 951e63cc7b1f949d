"""Practice sentences: written for learners, each with its codes, the reasons, and hints at likely misreadings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.marks import State
from helpers.corpus.cleaning import STEPS, clean
from helpers.corpus.documents import CORPUS_FOLDER, FIELDS, Document
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml


@dataclass(frozen=True)
class Practice:
    """Practice sentences as a document, and what is to be said about a coding of each: ``key`` by sentence id."""

    document: Document
    codebook: Codebook
    key: dict[str, dict[str, Any]]

    def judge(self, sentence: str, state: State) -> str:
        """What to say about a coding: where it keeps to the codebook, where not, and why.

        Lines are parted by a line break. Nothing is called right that differs
        from the key, and nothing wrong without a reason.
        """
        if not state["codes"]:
            return "Choose a code first. A guess is welcome: it is kept to yourself."
        key = self.key[sentence]
        given, wanted = state["codes"], list(key["codes"])
        label = {code: self.codebook[code].label for code in self.codebook}
        said = [
            f"“{label[code]}”: {key['hints'].get(code) or self._why_not(code)}"
            for code in given
            if code not in wanted
        ]
        said += [
            f"One role is still missing: “{self.codebook[code].definition}” Which code is that?"
            for code in wanted
            if code not in given
        ]
        if not said and given != wanted:
            said = [
                f"These are the codes. The main one comes first, and here that is “{label[wanted[0]]}”."
            ]
        if not said:
            said = [f"Yes. {key['why']}", *self._doer(state["doer"], key)]
        return "\n".join(said)

    def _why_not(self, code: str) -> str:
        book = self.codebook[code]
        return f"Read its entry once more. {book.definition} It leaves out: {book.exclude}."

    def _doer(self, given: str, key: dict[str, Any]) -> list[str]:
        """What to say about the doer, once the codes are right."""
        if key["doer"] == "na":
            return []
        if not given:
            return ["And who is the doer? Choose one."]
        if given == key["doer"]:
            return [f"Doer: yes. {key['doer_why']}"]
        return [
            f"Doer: {key['hints'].get(f'doer:{given}') or 'Look for the agent of the main activity, and at the sentence before.'}"
        ]


def load_practice(path: str | Path | None = None, codebook: Codebook | None = None) -> Practice:
    """Read practice sentences; left out, ``path`` is the project's own ``corpus/practice.toml``.

    Raises :class:`UnionError` for a file that is broken, lacks a field, or
    keeps not to the codebook.

    >>> practice = load_practice()
    >>> len(practice.document.sentences), practice.key["practice-001"]["codes"]
    (10, ['bargain'])
    """
    path, codebook = (
        Path(path) if path else CORPUS_FOLDER / "practice.toml",
        codebook or load_codebook(),
    )
    entries = read_toml(path).get("sentences")
    if not (
        isinstance(entries, list) and entries and all(isinstance(entry, dict) for entry in entries)
    ):
        raise UnionError(f"{path.name} has no sentences: add a [[sentences]] table for each.")
    text = ""
    for number, entry in enumerate(entries, 1):
        for field in ("text", "why", "doer", "doer_why"):
            if not isinstance(entry.get(field), str) or not entry[field].strip():
                raise UnionError(
                    f"{path.name} says no {field!r} for sentence {number}: add the line, with a text in quotation marks."
                )
        codes, hints = entry.get("codes"), entry.get("hints", {})
        if not isinstance(codes, list) or not all(isinstance(each, str) for each in codes):
            raise UnionError(
                f"{path.name} says no 'codes' for sentence {number}: add a list of codes in square brackets."
            )
        if not isinstance(hints, dict) or not all(isinstance(each, str) for each in hints.values()):
            raise UnionError(
                f"{path.name} has no good 'hints' for sentence {number}: write a table of texts."
            )
        codebook.check_codes(codes, entry["doer"])
        text += ("" if not text else " " if entry.get("with_previous") else "\n\n") + entry[
            "text"
        ].strip()
    about = dict.fromkeys(FIELDS, "practice") | {"short_title": "Practice sentences"}
    document = Document(
        "practice", about, clean(text, off=[step.name for step in STEPS], name=path.name)
    )
    if list(document.sentences["text"]) != [entry["text"].strip() for entry in entries]:
        raise UnionError(
            f"{path.name} has a text that is not one sentence: give each sentence a table of its own."
        )
    return Practice(
        document,
        codebook,
        {
            id: {"hints": {}, **entry}
            for id, entry in zip(document.sentences.index, entries, strict=True)
        },
    )
