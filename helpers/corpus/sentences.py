"""Sentences: Punkt, trained on the texts themselves, with a list of abbreviations and a few rules
beside it.

Punkt is the unsupervised method of Kiss and Strunk (2006, Computational
Linguistics 32(4)), as NLTK has it. A corpus of two documents is small to learn
from, so known abbreviations are given to it, and its boundaries are looked at
once more: none before a small letter, none after "No." before a number, none
inside a quotation that the sentence goes on after.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from nltk.tokenize.punkt import PunktSentenceTokenizer, PunktTrainer

from helpers.corpus.patterns import read_patterns

look, _DATA = read_patterns("abbreviations.toml")
_WORDS = {name: frozenset(words) for name, words in _DATA.items()}
_ABBREVIATIONS = ("before_number", "before_name", "either", "closing")
_KNOWN = frozenset().union(*(_WORDS[name] for name in _ABBREVIATIONS))
_MOST_TRAINING = 60_000
_NEAR = 400  # characters on either side that a boundary is judged by
_DIVISIONS = frozenset(["art", "arts", "sec", "ch", "chap", "vol", "bk", "pt"])


@lru_cache(maxsize=8)
def trained(text: str) -> PunktSentenceTokenizer:
    """A Punkt tokenizer that has learned from a text (its beginning, if it is long)."""
    sample = text[:_MOST_TRAINING]
    trainer = PunktTrainer()
    trainer.INCLUDE_ALL_COLLOCS = True
    trainer.train(sample)
    parameters = trainer.get_params()
    plain = {word.casefold() for word in look.without_stop.findall(sample)}
    inside = {word.casefold() for word in look.stop_inside.findall(sample)}
    parameters.abbrev_types = parameters.abbrev_types & (inside - plain) | _KNOWN
    return PunktSentenceTokenizer(parameters)


def split_sentences(text: str, training: str = "") -> list[tuple[int, int]]:
    """The places of the sentences of a clean text.

    Takes a text whose paragraphs are one line each, and more text to learn
    abbreviations from. Gives ``(start, end)`` pairs in order of place, in
    characters from 0, without the space between sentences; no sentence crosses
    a paragraph.

    >>> text = 'See Lathe No. 26. They asked, "Why us?" and went on. It is 5 p.m. The day ends.'
    >>> [text[start:end] for start, end in split_sentences(text)]
    ['See Lathe No. 26.', 'They asked, "Why us?" and went on.', 'It is 5 p.m.', 'The day ends.']
    """
    punkt = trained(training or text[:_MOST_TRAINING])
    found = []
    for paragraph in look.paragraph.finditer(text):
        offset = paragraph.start()
        found += [
            (offset + start, offset + end) for start, end in _in_paragraph(paragraph.group(), punkt)
        ]
    return found


def _in_paragraph(text: str, punkt: PunktSentenceTokenizer) -> Iterator[tuple[int, int]]:
    """The places of the sentences of one paragraph."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    breaks = {end for _, end in punkt.span_tokenize(text)}
    gaps = {
        match.end("gap") if match["gap"] is not None else match.end(): match
        for match in look.stop.finditer(text)
    }
    for stop in breaks:
        gap = len(text[stop : stop + 8]) - len(text[stop : stop + 8].lstrip())
        if gap:
            gaps.setdefault(stop + gap, None)
    quoted = [match.span() for match in look.short_quote.finditer(text)]
    opened = [low for low, _ in quoted]
    for place in sorted(gaps):
        before = bisect_left(opened, place)
        if before and place < quoted[before - 1][1]:
            continue
        left = text[max(start, place - _NEAR) : place].rstrip()
        if (
            left
            and place < end
            and _ends(left, text[place : place + _NEAR], bool(gaps[place]), punkt)
        ):
            yield start, start + len(text[start:place].rstrip())
            start = place
    if start < end:
        yield start, end


def _ends(left: str, right: str, seen: bool, punkt: PunktSentenceTokenizer) -> bool:
    """Whether a sentence ends between ``left`` and ``right``; ``seen`` if a stop and a capital show
    it."""
    after = look.next.match(right)
    word = after["word"] if after else ""
    label = re.match(r"[b-z][.)]\s+[A-Z]", right)
    if (word[:1].islower() and not label) or right[:1] == "." or look.postscript.fullmatch(left):
        return False
    if look.enumerator.fullmatch(left) or (left[-1] in "\"'”’" and look.source.match(right)):
        return False
    if spaced := look.spaced.search(left[-12:]):
        return spaced.group().count(".") > 3
    if left[-1] in "\"'”’」" and (
        look.quoted_on.match(word) or (left[-2:-1] in "!?" and look.reported.match(right))
    ):
        return False
    number = word[:1].isdigit() or bool(look.roman.match(word) and word != "I")
    last = look.last_word.search(left) or (number and look.last_word.search(left.rstrip(")]")))
    if not last:
        return True
    return _ends_after(last[1], left, after, number, punkt)


def _ends_after(
    last: str, left: str, after: re.Match[str] | None, number: bool, punkt: PunktSentenceTokenizer
) -> bool:
    """Whether a sentence ends after a last word with a stop, which may be an abbreviation."""
    word, stop = (after["word"], after["stop"]) if after else ("", "")
    if last == "I" and left[:-3].rpartition(" ")[2].islower():
        return True  # "Ned and I."
    if len(last) == 1 and last.isupper():
        return word.casefold() in _WORDS["starters"] and not stop and word != "A"
    token, follows = last.casefold(), word.casefold()
    starter = follows in _WORDS["starters"] and not (len(word) == 1 and stop)
    if token in _WORDS["before_number"] and (
        number
        or (word == "I" and token in _DIVISIONS)
        or (len(word) == 1 and word not in "AI" and not stop)
    ):
        return False
    if (
        token in _WORDS["before_name"]
        or token in _WORDS["either"]
        or (look.initials.fullmatch(last) and token not in _WORDS["closing"])
    ):
        return starter or (number and token in _WORDS["either"])
    if token in _WORDS["closing"]:
        begun = token[-1] != "m" or left.count(" ") > 2  # "At 4 a.m." is no sentence
        return begun and not word[:1].isdigit() and follows not in _WORDS["days"]
    if re.fullmatch(r"[£$]?\d+[a-z]", token) and word[:1].isdigit():
        return False
    learned = token in punkt._params.abbrev_types and len(token) <= 4 and token not in _KNOWN
    return starter or not learned
