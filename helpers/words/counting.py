"""Counting words, and what over-cleaning does to a count."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.corpus.errors import UnionError

if TYPE_CHECKING:
    import pandas as pd

    from helpers.corpus.documents import Corpus

WORD = re.compile(r"\w+(?:['’-]\w+)*")


def words(text: str) -> list[str]:
    """The words of a text, as all rates per 1,000 words here count them: letters and digits, with ' and - inside a word.

    >>> words("The workers' co-determination – in 2021")
    ['The', 'workers', 'co-determination', 'in', '2021']
    """
    return WORD.findall(text)


def count_word(text: str, word: str) -> int:
    """How often a word or phrase stands in a text, whole, whatever its capitals.

    Raises :class:`UnionError` for a word without a letter.

    >>> count_word("A union. The UNION! Reunion.", "union")
    2
    """
    if not WORD.search(word):
        raise UnionError("Give a word with at least one letter to count.")
    pattern = r"\s+".join(map(re.escape, word.split()))
    return len(re.findall(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE))


@cache
def small_words() -> frozenset[str]:
    """A usual stop list: words that many programs throw away before counting."""
    data = tomllib.loads(Path(__file__).with_name("small_words.toml").read_text(encoding="utf-8"))
    return frozenset(data["words"])


RULES = ("small words", "short paragraphs", "numbers", "capital letters", "punctuation")


def overclean(text: str, rule: str) -> str:
    """Clean a text too much, by one of five rules that are often used without a thought.

    ``"small words"`` drops the words of a usual stop list, ``"short paragraphs"``
    those under 120 characters, ``"numbers"`` all digits, ``"capital letters"``
    makes all letters small, ``"punctuation"`` drops all that is not a letter,
    digit or space. Raises :class:`UnionError` for another rule.

    >>> overclean("The KCTU will not wait.", "small words")
    'KCTU wait.'
    """
    if rule not in RULES:
        raise UnionError(f"There is no rule {rule!r}: choose from {', '.join(RULES)}.")
    if rule == "small words":
        dropped = WORD.sub(
            lambda match: "" if match.group().casefold() in small_words() else match.group(), text
        )
        return re.sub(r" {2,}", " ", dropped).strip()
    if rule == "short paragraphs":
        return "\n\n".join(each for each in text.split("\n\n") if len(each) >= 120)
    if rule == "numbers":
        return re.sub(r"\d", "", text)
    return text.casefold() if rule == "capital letters" else re.sub(r"[^\w\s]", "", text)


def overcleaned_counts(corpus: Corpus, rule: str, words: list[str] | str) -> pd.DataFrame:
    """What a rule of over-cleaning does to the counts of some words.

    Gives one row a word, and for each document three columns: ``before`` and
    ``after`` in hits, ``per 1,000`` the hits before for each 1,000 words. A word
    is looked for as it is written, capitals and all.
    """
    import pandas as pd

    rows: dict[str, dict[str, float]] = {}
    words = [words] if isinstance(words, str) else words
    for word in words:
        rows[word] = {}
        for document in corpus.documents:
            pattern = rf"(?<!\w){re.escape(word)}(?!\w)"
            before = len(re.findall(pattern, document.text))
            rows[word][f"{document.id} before"] = before
            rows[word][f"{document.id} per 1,000"] = round(
                1000 * before / max(len(WORD.findall(document.text)), 1), 1
            )
            rows[word][f"{document.id} after"] = len(
                re.findall(pattern, overclean(document.text, rule))
            )
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("word")
