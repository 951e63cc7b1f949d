"""Practice sentences: written for learners, each with its codes, reasons, and hints."""

from dataclasses import dataclass
from typing import Any

from helpers.coding.annotations import State
from helpers.coding.codebook import Codebook, load_codebook
from helpers.corpus.cleaning import STEPS, clean
from helpers.corpus.documents import CORPUS_FOLDER, FIELDS, Document
from helpers.corpus.files import read_toml


@dataclass(frozen=True)
class Practice:
    """Practice sentences as a document; ``key`` is what to say of a coding, by sentence id."""

    document: Document
    codebook: Codebook
    key: dict[str, dict[str, Any]]

    def judge(self, sentence: str, state: State) -> str:
        """What to say about a coding, in lines: where it keeps to the codebook, and why.

        Nothing is called right that differs from the key, and nothing wrong without a reason.
        """
        key, given, book = self.key[sentence], state["codes"], self.codebook.codes
        if not given:
            return "Choose a code first. A guess is welcome: it is kept to yourself."
        said = []
        for code in [code for code in given if code not in key["codes"]]:
            entry = f"{book[code].definition} It leaves out: {book[code].exclude}."
            hint = key["hints"].get(code) or f"Read its entry once more. {entry}"
            said.append(f"“{book[code].label}”: {hint}")
        for code in [code for code in key["codes"] if code not in given]:
            said.append(f"One role is still missing: “{book[code].definition}” Which code is that?")
        if said:
            return "\n".join(said)
        if given != key["codes"]:
            main = f"The main one comes first, and here that is “{book[key['codes'][0]].label}”."
            return f"These are the codes. {main}"
        return f"Yes. {key['why']}{_of_doer(state['doer'], key)}"


def _of_doer(given: str, key: dict[str, Any]) -> str:
    """What to say about the doer, once the codes are right."""
    if key["doer"] == "na":
        return ""
    if not given:
        return "\nAnd who is the doer? Choose one."
    if given == key["doer"]:
        return f"\nDoer: yes. {key['doer_why']}"
    look = "Look for the agent of the main activity, and at the sentence before."
    return f"\nDoer: {key['hints'].get(f'doer:{given}') or look}"


def load_practice(codebook: Codebook | None = None) -> Practice:
    """Read the practice sentences of the project.

    >>> practice = load_practice()
    >>> len(practice.document.sentences), practice.key["practice-001"]["codes"]
    (10, ['bargain'])
    """
    entries, text = read_toml(CORPUS_FOLDER / "practice.toml")["sentences"], ""
    for entry in entries:
        text += (" " if entry.get("with_previous") else "\n\n" * bool(text)) + entry["text"]
    about = dict.fromkeys(FIELDS, "practice") | {"short_title": "Practice sentences"}
    cleaning = clean(text, off=[step.name for step in STEPS], name="practice.toml")
    document = Document("practice", about, cleaning)
    pairs = zip(document.sentences.index, entries, strict=True)
    key = {id: {"hints": {}, **entry} for id, entry in pairs}
    return Practice(document, codebook or load_codebook(), key)
