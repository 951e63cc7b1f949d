"""A quotation, checked word for word against the document it is said to come from.

Every word and every mark of punctuation must be there, in order; what never counts is said in :mod:`helpers.corpus.passages`.
Nor does the case of a quotation's first letter, or a full stop, comma, colon or semicolon at its end. Words may be left
out where ``…``, ``...`` or ``[…]`` stands, at most 100 in one place. Square brackets hold words of whoever quotes,
``[they]`` beside or in place of words of the document, and may change the case of a letter, ``[T]he``. All this is told.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

from helpers.corpus.documents import Corpus, Document, listed
from helpers.corpus.errors import UnionError
from helpers.corpus.passages import (
    MOST_LEFT_OUT,
    Token,
    cases,
    chain_of,
    index_of,
    places_of,
    sentences_at,
    tokens_of,
)

LONGEST = 3_000  # characters of a quotation
_ALIKE = 0.4  # the share of a quotation's words that the nearest passage must have
_LONGEST_SHOWN = 300
_SPACED_DOTS = re.compile(r"\.(?:\s\.){2,}")
_OWN_WORDS = re.compile(r"\[[^\[\]]*\w[^\[\]]*\]")
_END_MARKS = (".", ",", ":", ";")
Parts = list[list[Token]]


@dataclass(frozen=True)
class Quotation:
    """A checked quotation, as :func:`check_quotation` gives it.

    ``stands`` says whether it stands word for word in the document it is said to come from, ``told`` the outcome in words.
    ``document``, ``sentences`` (ids) and ``spans`` (start and end of each part in the clean text) say where it stands, or
    else where the nearest passage is, if any. ``pieces`` puts the two side by side: each is a kind (``same``,
    ``left out``, ``yours`` for words in square brackets, ``differs``), what the document has, and what was given.
    """

    stands: bool
    told: str
    document: str = ""
    sentences: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    pieces: tuple[tuple[str, str, str], ...] = ()

    def __repr__(self) -> str:
        return self.told


def check_quotation(
    documents: Document | Corpus | Sequence[Document], quotation: str, document: str = ""
) -> Quotation:
    """Check a quotation word for word, as this module says; ``document`` is the id of the one it is said to come from.

    Raises :class:`UnionError` for a quotation without a word or over 3,000 characters, and for an unknown document.

    >>> from helpers.corpus.documents import load_corpus
    >>> check_quotation(load_corpus(), "work towards political … enhance solidarity", "kctu")
    Word for word in kctu-002 and kctu-003. Left out: “empowerment of workers. The KCTU will”.
    >>> check_quotation(load_corpus(), "unity of the labour movement", "kctu")
    Not word for word: the document has “trade union” where you have “labour”. The nearest passage is in kctu-008.
    """
    texts = {each.id: each for each in listed(documents)}
    if document and document not in texts:
        raise UnionError(
            f"There is no document {str(document)[:40]!r} here: choose from {', '.join(texts)}."
        )
    if not isinstance(quotation, str) or len(quotation) > LONGEST:
        raise UnionError(f"A quotation is a text of at most {LONGEST:,} characters: shorten it.")
    given = unicodedata.normalize("NFC", quotation)
    parts, gaps = _parted(given)
    ways = [
        ([_trimmed(list(tokens_of(given)))], ["", ""]),
        (parts, gaps),
    ]  # brackets and ellipses may be the document's own
    ways = [
        (some, between)
        for some, between in ways
        if any(token.word for part in some for token in part)
    ]
    wanted = [texts[document]] if document else list(texts.values())
    for each in [*wanted, *(text for text in texts.values() if text not in wanted)]:
        for some, between in ways:
            if starts := chain_of(index_of(each), some):
                found = _standing(each, given, some, between, starts)
                return found if each in wanted else _elsewhere(each, found, wanted[0])
    if len(ways) < 2:
        raise UnionError(
            "There is no word of a document in this quotation: give at least one outside square brackets."
        )
    return _scattered(wanted, parts) or _differing(wanted, given, parts, gaps)


def _trimmed(part: list[Token]) -> list[Token]:
    """A part without a full stop or comma at its end."""
    return part[:-1] if len(part) > 1 and part[-1].form in _END_MARKS else part


def _parted(given: str) -> tuple[Parts, list[str]]:
    """The parts of a quotation, and the ellipses and square brackets before, between and after them."""
    tokens, dots = (
        list(tokens_of(given)),
        {match.start(): match.end() for match in _SPACED_DOTS.finditer(given)},
    )
    parts, gaps, fresh, at = [], [""], True, 0
    while at < len(tokens):
        token, stop = tokens[at], at + (tokens[at].form == "…")
        if token.form == "[":
            shut = next(
                (place for place in range(at + 1, len(tokens)) if tokens[place].form in "[]"), None
            )
            stop = shut + 1 if shut is not None and tokens[shut].form == "]" else at
        elif token.start in dots:
            stop = at + sum(dots[token.start] > each.start >= token.start for each in tokens)
        if stop > at:
            gaps[-1] = f"{gaps[-1]} {given[token.start : tokens[stop - 1].end]}".strip()
            fresh, at = True, stop
            continue
        if fresh:
            parts.append([])
            gaps.append("")
            fresh = False
        parts[-1].append(
            token._replace(form=token.form[1] + token.form[3:]) if token.recased else token
        )
        at += 1
    parts[-1:] = [_trimmed(part) for part in parts[-1:]]
    return parts, gaps


def _standing(
    document: Document, given: str, parts: Parts, gaps: list[str], starts: list[int]
) -> Quotation:
    """What to say of a quotation whose parts stand in a document."""
    index, text = index_of(document), document.text
    spans = [
        (index.tokens[at].start, index.tokens[at + len(part) - 1].end)
        for at, part in zip(starts, parts, strict=True)
    ]
    pieces = [("yours", "", gaps[0])] if _OWN_WORDS.search(gaps[0]) else []
    for part, (start, end), gap, (on, _) in zip(
        parts, spans, gaps[1:], [*spans[1:], (0, 0)], strict=True
    ):
        recased = any(token.recased for token in part)
        pieces.append(
            ("yours" if recased else "same", text[start:end], given[part[0].start : part[-1].end])
        )
        left = text[end:on].strip()
        if left or _OWN_WORDS.search(gap):
            pieces.append(("yours" if _OWN_WORDS.search(gap) else "left out", left, gap))
    ids = sentences_at(document, spans)
    told = f"Word for word in {_and(ids)}."
    if left := [f"“{_short(left)}”" for kind, left, _ in pieces if kind == "left out"]:
        told += f" Left out: {_and(left)}."
    if own := [
        f"{each} for “{_short(left)}”" if left and each == gap else each
        for kind, left, gap in pieces
        if kind == "yours"
        for each in _OWN_WORDS.findall(gap)
    ]:
        told += f" In square brackets, your own: {_and(own)}."
    many = len(places_of(index, parts[0], free=True)) if len(parts) == 1 else 1
    told += f" These words stand in {many:,} places; this is the first." if many > 1 else ""
    return Quotation(True, told, document.id, ids, tuple(spans), tuple(pieces))


def _elsewhere(document: Document, found: Quotation, wanted: Document) -> Quotation:
    """What to say of a quotation that stands in another document than the one it is said to come from."""
    where = f"{document.about['short_title']} ({_and(found.sentences)}), not in {wanted.about['short_title']}"
    return Quotation(
        False,
        f"These words stand in {where}: name that document, or choose other words.",
        document.id,
        found.sentences,
    )


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _short(text: str) -> str:
    """A text on one line, and not too long to be shown."""
    line, half = " ".join(text.split()), _LONGEST_SHOWN // 2
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:half]} … {line[-half:]}"


def _scattered(documents: Sequence[Document], parts: Parts) -> Quotation | None:
    """What to say of a quotation whose parts all stand in a document, but not near enough or not in this order."""
    for each in documents:
        if len(parts) > 1 and all(
            places_of(index_of(each), part, free=not number) for number, part in enumerate(parts)
        ):
            order = f"one after the other with at most {MOST_LEFT_OUT} words left out"
            return Quotation(
                False,
                f"Each part stands in {each.about['short_title']}, but not {order}: quote them one by one.",
                each.id,
            )
    return None


def _differing(
    documents: Sequence[Document], given: str, parts: Parts, gaps: list[str]
) -> Quotation:
    """How a quotation differs from the nearest passage, or that there is none."""
    tokens = [token for part in parts for token in part]
    alike, first, stop, document = max(
        ((*_nearest(each, tokens), each) for each in documents), key=lambda found: found[0]
    )
    if alike < _ALIKE:
        names = " or ".join(each.about["short_title"] for each in documents)
        return Quotation(
            False, f"Nothing like this stands in {names}: copy the words from the text."
        )
    between = dict(zip(accumulate(map(len, parts)), gaps[1:], strict=True))
    pieces, span = _compared(document, tokens, given, (first, stop), between)
    said = [_said(pieces, number) for number, piece in enumerate(pieces) if piece[0] == "differs"]
    more = f"; and {len(said) - 3} more" if len(said) > 3 else ""
    ids = sentences_at(document, [span])
    told = f"Not word for word: {'; '.join(said[:3])}{more}. The nearest passage is in {_and(ids)}."
    return Quotation(False, told, document.id, ids, (span,), tuple(pieces))


def _said(pieces: list[tuple[str, str, str]], number: int) -> str:
    """A difference in words; where words or marks are only there or only here, with the word before them."""
    has, given = (_short(words) for words in pieces[number][1:])
    plain = not has or not given or not re.search(r"\w", has + given)
    if number and plain and (before := re.search(r"\S+$", pieces[number - 1][2])):
        has, given = (
            f"{before.group()}{' ' * (words[:1].isalnum())}{words}" for words in (has, given)
        )
    if not given:
        return f"the document also has “{has}”"
    return (
        f"the document has “{has}” where you have “{given}”"
        if has
        else f"the document does not have “{given}” there"
    )


def _nearest(document: Document, tokens: list[Token]) -> tuple[float, int, int]:
    """The stretch of a document that shares most rare words with these: how much of them is in it, and its ends."""
    index, width = index_of(document), len(tokens)
    size, known = (
        len(index.tokens),
        {form for token in tokens for form in cases(token.form) if form in index.places},
    )
    worth = [
        0.0,
        *accumulate(
            math.log(1 + size / len(index.places[each.form])) if each.form in known else 0
            for each in index.tokens
        ),
    ]
    middle = max(
        range(max(size - width, 0) + 1), key=lambda at: worth[min(at + width, size)] - worth[at]
    )
    first, stop = max(middle - width // 2 - 4, 0), min(middle + width + width // 2 + 4, size)
    blocks = _matcher(document, tokens, first, stop).get_matching_blocks()
    same = sum(token.word for block in blocks for token in tokens[block.b : block.b + block.size])
    return same / sum(token.word for token in tokens), first, stop


def _matcher(document: Document, tokens: list[Token], first: int, stop: int) -> SequenceMatcher:
    given, either = [token.form for token in tokens], cases(tokens[0].form)
    has = [
        given[0] if token.form in either else token.form
        for token in index_of(document).tokens[first:stop]
    ]
    return SequenceMatcher(None, has, given, autojunk=False)


def _compared(
    document: Document,
    tokens: list[Token],
    given: str,
    stretch: tuple[int, int],
    gaps: dict[int, str],
) -> tuple[list[tuple[str, str, str]], tuple[int, int]]:
    """The pieces of a quotation beside a stretch, and where they begin and end; ``gaps`` by the token that they stand before."""
    there, pieces, ends = index_of(document).tokens[slice(*stretch)], [], []
    for kind, low, high, own, own_stop in _steps(
        there, _matcher(document, tokens, *stretch).get_opcodes(), gaps
    ):
        has = document.text[there[low].start : there[high - 1].end] if low < high else ""
        here = given[tokens[own].start : tokens[own_stop - 1].end] if own < own_stop else ""
        ends += [there[low].start, there[high - 1].end] if has else []
        if kind == "delete" and has and gaps.get(own):
            pieces.append(("left out", has, gaps[own]))
        elif has or here:
            pieces.append(("same" if kind == "equal" else "differs", has, here))
    return pieces, (min(ends), max(ends))


def _steps(there: list[Token], steps: list[tuple], gaps: dict[int, str]) -> list[tuple]:
    """The steps from a stretch of a document to a quotation, without what is beyond its ends, and apart from what it leaves out."""
    found = []
    for number, (kind, low, high, own, own_stop) in enumerate(steps):
        more = high - low - (own_stop - own)
        if kind == "equal" or more <= 0:
            found.append((kind, low, high, own, own_stop))
            continue
        first = number == 0 or (
            own in gaps and number < len(steps) - 1
        )  # the words more are before those that differ
        last = number == len(steps) - 1 or own_stop in gaps
        if not first and not last:
            found.append((kind, low, high, own, own_stop))
            continue
        near, far = (
            ((low + more, high), (low, low + more))
            if first
            else ((low, high - more), (high - more, high))
        )
        if not any(token.word for token in there[slice(*near)]):
            near = (high, high)
        differs = (kind, *near, own, own_stop)
        left = (
            [("delete", *far, own if first else own_stop, own if first else own_stop)]
            if 0 < number < len(steps) - 1
            else []
        )
        found += [*left, differs] if first else [differs, *left]
    return found
