"""Checks that say why, and what may have been misread. They look at facts, never at opinions."""

from __future__ import annotations

from collections.abc import Callable

from helpers.text.corpus import Document


def number(right: float, why: str, hints: dict[float, str] | None = None) -> Callable[[str], str]:
    """A check of a number: says whether it is right and why, and hints at a likely misreading.

    Gives a function for ``ask(feedback=...)`` that takes the answer as text.

    >>> told = number(95, "The clean text has 95.", {120: "That is the raw file."})
    >>> told("95"), told("120")
    ('Yes. The clean text has 95.', 'Not quite. That is the raw file.')
    """

    def told(answer: str) -> str:
        try:
            given = float(answer.replace(",", "").strip())
        except ValueError:
            return "This asks for a number: write it in digits."
        if given == right:
            return f"Yes. {why}"
        return f"Not quite. {(hints or {}).get(given, 'Run the cell above again and look once more.')}"

    return told


def choice(right: str, why: str, hint: str) -> Callable[[str], str]:
    """A check of a choice that has a right answer in the text: says why, or hints where to look.

    >>> told = choice("yes", "It says so.", "Read line 2.")
    >>> told("yes"), told("no")
    ('Yes. It says so.', 'Not quite. Read line 2.')
    """
    return lambda answer: f"Yes. {why}" if answer == right else f"Not quite. {hint}"


def enough_words(least: int, ask_for: str) -> Callable[[str], str]:
    """A check that an answer has some substance; it never judges what is said."""

    def told(answer: str) -> str:
        words = len(answer.split())
        if words < least:
            return f"A start: {words} words so far. {ask_for}"
        return "Kept. There is no right answer here: compare yours with a neighbour's."

    return told


def names_sentences(*documents: Document) -> Callable[[str], str]:
    """A check that an answer names a sentence of each document by its id, as evidence.

    >>> from helpers import load_corpus
    >>> names_sentences(*load_corpus().documents)("See kctu-002 and gftuk-999.")
    'There is no sentence gftuk-999. Evidence is still wanted from: Kim Jong Un, letter of 2021.'
    """
    import re

    def told(answer: str) -> str:
        named = set(re.findall(r"\b[a-z][a-z0-9_]*-\d{3,}\b", answer))
        known = {document.id: named & set(document.sentences.index) for document in documents}
        stray = sorted(named.difference(*known.values()))
        missing = [document.about["short_title"] for document in documents if not known[document.id]]
        said = [f"There is no sentence {', '.join(stray)}."] if stray else []
        said += [f"Evidence is still wanted from: {'; '.join(missing)}."] if missing else ["Both documents are cited. Whether your reading holds is for you and your class."]
        return " ".join(said)

    return told
