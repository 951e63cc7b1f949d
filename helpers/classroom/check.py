"""Checks that say why, and what may have been misread. They look at facts, never at opinions."""

import re
from collections.abc import Callable
from pathlib import Path

from helpers.corpus.documents import Document
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml
from helpers.words.counts import wilson

_WITHOUT_SPACES = re.compile("[\u2e80-\u9fff]")  # Chinese and Japanese, which write without spaces
_LOOK = "Run the cell above again and look once more."
Check = Callable[[str], str]


def number(
    right: float, why: str, hints: dict | None = None, otherwise: str = _LOOK, within: float = 0
) -> Check:
    """A check of a number, which may be ``within`` so much of the right one: says why, or hints.

    >>> told = number(95, "The clean text has 95.", {120: "That is the raw file."})
    >>> told("95"), told("120")
    ('Yes. The clean text has 95.', 'Not quite. That is the raw file.')
    """

    def told(answer: str) -> str:
        found = re.search(r"-?\d[\d,]*(?:\.\d+)?", answer)
        if not found:
            return "This asks for a number: write it in digits."
        given = float(found.group().replace(",", ""))
        hint = (hints or {}).get(given, otherwise)
        return f"Yes. {why}" if abs(given - right) <= within else f"Not quite. {hint}"

    return told


def of(question: str) -> Check:
    """The check of a question whose answer stands in ``keys.toml``, by the question's id.

    Raises :class:`UnionError` for a question without a key.

    >>> of("01-years")("about 26 years")
    'Yes. From 1995 to 2021. Only “perhaps”: the English of “Our Aims” is undated.'
    """
    key = read_toml(Path(__file__).with_name("keys.toml")).get(question)
    if key is None:
        raise UnionError(f"There is no key for the question {question!r}: correct its id.")
    if "number" in key:
        hints = {float(given): hint for given, hint in key.get("hints", {}).items()}
        return number(key["number"], key["why"], hints, key["hint"])
    right, wrong = f"Yes. {key['why']}", f"Not quite. {key['hint']}"
    return lambda answer: right if answer == key["right"] else wrong


def paragraphs_without(document: Document, step: str) -> Check:
    """A check of how many paragraphs a document has with one cleaning step off."""
    right, on = len(document.cleaned_without(step).paragraphs), len(document.paragraphs)
    why, hints = "A paragraph more for each one that was torn.", {on: "That is with the step on."}
    return number(right, why, hints, "Is every other step switched on?")


def enough_words(least: int, ask_for: str) -> Check:
    """A check that an answer has some substance; it never judges what is said."""

    def told(answer: str) -> str:
        words = max(len(set(answer.casefold().split())), len(_WITHOUT_SPACES.findall(answer)) // 2)
        kept = "Kept. There is no right answer here: compare yours with a neighbour's."
        return kept if words >= least else f"A start. {ask_for}"

    return told


def share(answer: str) -> str:
    """Work out a share that is given as “8 of 10”, with its interval. It judges nothing.

    >>> share("8 of 10")
    '8 of 10 is 80 %. The interval (95 %) goes from 49 to 94 %.'
    """
    found = re.search(r"(\d{1,6})\s*(?:of|out of|/)\s*(\d{1,6})", answer)
    part, whole = map(int, found.groups()) if found else (0, 0)
    if not whole or part > whole:
        return "Write it as “8 of 10”: first how many were right, then how many you read."
    low, high = (100 * end for end in wilson(part, whole))
    said = f"{part} of {whole} is {100 * part / whole:.0f} %."
    return f"{said} The interval (95 %) goes from {low:.0f} to {high:.0f} %."


def names_sentences(*documents: Document) -> Check:
    """A check that an answer names a sentence of each document by its id, as evidence.

    >>> from helpers import load_corpus
    >>> names_sentences(*load_corpus().documents)("See kctu-002 and gftuk-999.")
    'There is no sentence gftuk-999. Evidence is still wanted from: Kim Jong Un, letter of 2021.'
    """
    written = re.compile(rf"\b({'|'.join(each.id for each in documents)})\s?[-–—]?\s?(\d+)\b")

    def told(answer: str) -> str:
        named = {f"{id}-{place:0>3}" for id, place in written.findall(answer.casefold())}
        known = {each.about["short_title"]: named & {*each.sentences.index} for each in documents}
        stray = ", ".join(sorted(named.difference(*known.values())))
        missing = "; ".join(title for title, sentences in known.items() if not sentences)
        cited = "Both documents are cited. Whether your reading holds is for you and your class."
        wanted = f"Evidence is still wanted from: {missing}." if missing else cited
        return f"There is no sentence {stray}. {wanted}" if stray else wanted

    return told


def is_missing(answer: object) -> bool:
    """Whether the three dots of an assignment, or nothing, stand in the place of an answer."""
    return answer is ... or answer is None or str(answer).strip() in ("", "...")


def filled(*answers: object) -> None:
    """Say whether all answers of an assignment are filled in.

    >>> filled("kctu-002", 10.3)
    Filled in. Whether it is right, your teacher's computer says later.
    """
    if not answers or any(map(is_missing, answers)):
        print("Something is still missing above: put it in place of the dots, and run its cell.")
    else:
        print("Filled in. Whether it is right, your teacher's computer says later.")


def must(holds: object, told: str = "") -> None:
    """Go on in a test only if something holds, or a check said “Yes”; else raise a UnionError.

    >>> must("kctu-099" in ["kctu-001"], "There is no such sentence.")
    Traceback (most recent call last):
        ...
    helpers.corpus.errors.UnionError: There is no such sentence.
    """
    if isinstance(holds, str) and not told:
        holds, told = holds.startswith("Yes"), holds
    if not holds:
        raise UnionError(told)
