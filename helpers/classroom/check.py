"""Checks that say why, and what may have been misread. They look at facts, never at opinions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

from helpers.corpus.documents import Document
from helpers.corpus.errors import UnionError
from helpers.words.counts import wilson

_WITHOUT_SPACES = re.compile("[\u2e80-\u9fff]")  # Chinese and Japanese, which write without spaces

_LOOK = "Run the cell above again and look once more."


def number(
    right: float,
    why: str,
    hints: dict[float, str] | None = None,
    otherwise: str = _LOOK,
    within: float = 0,
) -> Callable[[str], str]:
    """A check of a number: says whether it is right and why, and hints at a likely misreading.

    Gives a function for ``ask(feedback=...)`` that takes the answer as text, and a number ``within`` so much of the right one.

    >>> told = number(95, "The clean text has 95.", {120: "That is the raw file."})
    >>> told("95"), told("120")
    ('Yes. The clean text has 95.', 'Not quite. That is the raw file.')
    """

    def told(answer: str) -> str:
        found = re.search(r"-?\d[\d,]*(?:\.\d+)?", answer)
        if not found:
            return "This asks for a number: write it in digits."
        given = float(found.group().replace(",", ""))
        return (
            f"Yes. {why}"
            if abs(given - right) <= within
            else f"Not quite. {(hints or {}).get(given, otherwise)}"
        )

    return told


def choice(right: str, why: str, hint: str) -> Callable[[str], str]:
    """A check of a choice that has a right answer in the text: says why, or hints where to look.

    >>> told = choice("yes", "It says so.", "Read line 2.")
    >>> told("yes"), told("no")
    ('Yes. It says so.', 'Not quite. Read line 2.')
    """
    return lambda answer: f"Yes. {why}" if answer == right else f"Not quite. {hint}"


def of(question: str) -> Callable[[str], str]:
    """The check of a question whose answer stands in ``keys.toml``, by the question's id.

    Raises :class:`UnionError` for a question without a key.

    >>> of("01-years")("about 26 years")
    'Yes. From 1995 to 2021. Only “perhaps”: the English of “Our Aims” is undated.'
    """
    keys = tomllib.loads(Path(__file__).with_name("keys.toml").read_text(encoding="utf-8"))
    if question not in keys:
        raise UnionError(
            f"There is no key for the question {question!r}: use one of {', '.join(keys)}."
        )
    key = keys[question]
    if "number" in key:
        hints = {float(given): hint for given, hint in key.get("hints", {}).items()}
        return number(key["number"], key["why"], hints, key["hint"])
    return choice(key["right"], key["why"], key["hint"])


def paragraphs_without(document: Document, step: str) -> Callable[[str], str]:
    """A check of how many paragraphs a document has with one cleaning step off and all others on."""
    off = len(document.cleaned_without(step).paragraphs)
    hints = {len(document.paragraphs): "That is with the step on."}
    return number(
        off,
        "A paragraph more for each one that was torn.",
        hints,
        "Is every other step switched on?",
    )


def enough_words(least: int, ask_for: str) -> Callable[[str], str]:
    """A check that an answer has some substance; it never judges what is said."""

    def told(answer: str) -> str:
        words = max(len(set(answer.casefold().split())), len(_WITHOUT_SPACES.findall(answer)) // 2)
        if words < least:
            return f"A start. {ask_for}"
        return "Kept. There is no right answer here: compare yours with a neighbour's."

    return told


def share(answer: str) -> str:
    """Work out a share that is given as “8 of 10”, with its interval. It judges nothing.

    >>> share("8 of 10")
    '8 of 10 is 80 %. The interval (95 %) goes from 49 to 94 %.'
    """
    found = re.search(r"(\d{1,6})\s*(?:of|out of|/)\s*(\d{1,6})", answer)
    part, whole = map(int, found.groups()) if found else (0, 0)
    if not 0 <= part <= whole or not whole:
        return "Write it as “8 of 10”: first how many were right, then how many you read."
    low, high = wilson(part, whole)
    return f"{part} of {whole} is {100 * part / whole:.0f} %. The interval (95 %) goes from {100 * low:.0f} to {100 * high:.0f} %."


def names_sentences(*documents: Document) -> Callable[[str], str]:
    """A check that an answer names a sentence of each document by its id, as evidence.

    >>> from helpers import load_corpus
    >>> names_sentences(*load_corpus().documents)("See kctu-002 and gftuk-999.")
    'There is no sentence gftuk-999. Evidence is still wanted from: Kim Jong Un, letter of 2021.'
    """

    def told(answer: str) -> str:
        ids = "|".join(document.id for document in documents)
        named = {
            f"{id}-{number:0>3}"
            for id, number in re.findall(rf"\b({ids})\s?[-–—]?\s?(\d+)\b", answer.casefold())
        }
        known = {document.id: named & set(document.sentences.index) for document in documents}
        stray = sorted(named.difference(*known.values()))
        missing = [
            document.about["short_title"] for document in documents if not known[document.id]
        ]
        said = [f"There is no sentence {', '.join(stray)}."] if stray else []
        said += (
            [f"Evidence is still wanted from: {'; '.join(missing)}."]
            if missing
            else ["Both documents are cited. Whether your reading holds is for you and your class."]
        )
        return " ".join(said)

    return told


MISSING = "Something is still missing above: put your answer in place of the three dots, and run its cell."


def filled(*answers: object) -> None:
    """Say whether all answers of an assignment are filled in: whether there are any, and no dots stand there.

    >>> filled("kctu-002", 10.3)
    Filled in. Whether it is right, your teacher's computer says later.
    >>> filled("kctu-002", ...)
    Something is still missing above: put your answer in place of the three dots, and run its cell.
    """
    missing = not answers or any(
        answer is ... or answer is None or str(answer).strip() in ("", "...") for answer in answers
    )
    print(
        MISSING
        if missing
        else "Filled in. Whether it is right, your teacher's computer says later."
    )


def must(holds: object, told: str = "") -> None:
    """Go on in a test only if something holds; ``holds`` may be what a check said. Raises :class:`UnionError` otherwise.

    >>> must(number(95, "The clean text has 95.")("95"))
    >>> must("kctu-099" in ["kctu-001"], "There is no such sentence.")
    Traceback (most recent call last):
        ...
    helpers.corpus.errors.UnionError: There is no such sentence.
    """
    if isinstance(holds, str) and not told:
        holds, told = holds.startswith("Yes"), holds
    if not holds:
        raise UnionError(told)
