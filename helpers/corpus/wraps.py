"""Cleaning steps that look at lines: words and paragraphs that the page, not the author, cut in two."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from helpers.corpus.account import Edit
from helpers.corpus.lines import (
    Block,
    Line,
    begins_item,
    begins_small,
    blocks,
    capitals,
    columns,
    finished,
    unicameral,
)

_DIVIDED = re.compile(
    r"(?P<left>(?<![^\W\d_])[^\W\d_]+(?:-[^\W\d_]+){0,8})(?P<mark>[-\u00ad¬])(?P<gap>[ \t]*\n\s*)(?P<right>[^\W\d_]+)"
)
_SOFT = re.compile("(?<!\u00ad)\u00ad++(?=[ \t]*\n)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# First parts of compounds that keep their hyphen when nothing else in the text decides.
_KEEPS = frozenset(
    "all anti cross eight eighty fifty five first forty four full great half high ill left long low nine ninety non "
    "one quasi right second self semi seven seventy short single six sixty socio ten third thirty three twenty two "
    "ultra vice well working".split()
)
# Second parts that a hyphen goes before, and word ends that none goes before.
_KEPT_BEFORE = frozenset(
    "born based century class hour made minded old owned paid wide worker workers".split()
)
_ENDINGS = re.compile(
    r"(?:e[dnrs]|est|ing|ings|ly|ness|less|age|ages|able|ible|ant|ants|ent|ents|ary|ery|ory|ish|ern|eth|teen|some|ful|"
    r"\w{1,3}|t?ion|t?ions|ment|ments|ity|ities|ance|ence|ened|ered|owed|iful|ully|self|selves|wards?|ever|where|thing)\Z"
)
_LEAVES_OPEN = frozenset(
    "the of and in to for by with a an our their his her its your my from on at as that which who whose or nor but "
    "is are was were has have had be been this these those than into upon under between against during mr. mrs. dr. "
    "no. st. prof. rev. hon.".split()
)
_NEW_CLAUSE = re.compile(
    r"(?:whereas|resolved|be it|article|section|chapter|rule|clause)\b", re.IGNORECASE
)
_ITEM_ENDS = re.compile(r"[:;](?:\s+(?:and|or))?\Z")
_CLOSING = re.compile(r"(?:yours|sincerely|fraternally|faithfully|in solidarity)\b", re.IGNORECASE)
_SHORTEST_TORN = 25


def hyphenation(text: str) -> Iterator[Edit]:
    """Words divided at a line end are joined; the text's own spelling elsewhere decides about the hyphen."""
    found = [Edit(*match.span(), "", "soft hyphen") for match in _SOFT.finditer(text)]
    if re.search(r"[^\W\d_][-\u00ad¬][ \t]*\n", text):
        seen = Counter(match.group().casefold() for match in _WORD.finditer(text))
        for match in _DIVIDED.finditer(text):
            left, right, mark = match["left"], match["right"], match["mark"]
            if mark == "-" and right in ("and", "or", "to", "nor"):
                continue  # "half- and quarter-timers"
            if not right[:1].islower() and not (right.isupper() and left.isupper()):
                if mark == "-" and right[:1].isupper():
                    found.append(Edit(*match.span("gap"), "", "word joined at its hyphen"))
                continue
            if mark == "-" and _keeps_hyphen(left, right, seen):
                found.append(Edit(*match.span("gap"), "", "word joined at its hyphen"))
            else:
                start = match.start("mark") + (mark == "\u00ad")
                found.append(Edit(start, match.end("gap"), "", "divided word joined"))
    yield from sorted(found)


def _keeps_hyphen(left: str, right: str, seen: Counter[str]) -> bool:
    """Whether left-right is a compound: as the text spells it elsewhere, or by its first part."""
    joined, hyphened = (left + right).casefold(), f"{left}-{right}".casefold()
    if seen[joined] != seen[hyphened]:
        return seen[hyphened] > seen[joined]
    last, right = left.casefold().rpartition("-")[2], right.casefold()
    if right in _KEPT_BEFORE and len(last) > 2:
        return True
    if "-" in left and not _ENDINGS.match(right):
        return True
    if last == "co":
        return right.startswith("o")
    return last in _KEEPS and len(right) > 3 and (last == "self" or not _ENDINGS.match(right))


def hard_wraps(text: str) -> Iterator[Edit]:
    """Lines broken only because the page was full become one; a line broken on purpose becomes a paragraph."""
    if "\n" not in text:
        return
    width = _page_width(blocks(text))
    for block in blocks(text):
        if len(block.lines) == 1:
            continue
        verse = _is_verse(block, width)
        running = False  # whether the line above goes on from one before it
        for above, below in zip(block.lines, block.lines[1:], strict=False):
            running = not verse and _wrapped(above, below, width, running)
            if running:
                yield Edit(above.end, above.end + 1, " ", "wrapped line joined")
            else:
                yield Edit(above.end, above.end + 1, "\n\n", "line break kept as a paragraph")


def _page_width(every: Iterable[Block]) -> int:
    """How many characters a full line has, in the lines that are not the last of their block."""
    lengths = sorted(columns(line.text.rstrip()) for block in every for line in block.lines[:-1])
    if not lengths:
        return 0
    middle = lengths[len(lengths) // 2]
    usual = [length for length in lengths if length <= 1.6 * middle] or lengths
    return usual[int(0.97 * (len(usual) - 1))]


def _is_verse(block: Block, width: int) -> bool:
    """Whether nearly every line begins with a capital and stops well before the page is full."""
    texts = [line.text.strip() for line in block.lines]
    if len(texts) < 3 or any(begins_item(text) for text in texts):
        return False
    capital = sum(text.lstrip("\"'“‘(—")[:1].isupper() for text in texts)
    short = max(len(text) for text in texts) < max(60, 0.8 * width)
    loose = sum(len(above) + 1 + len(below.split()[0]) <= width for above, below in pairwise(texts))
    return (
        capital >= 0.8 * len(texts)
        and short
        and (len(texts) < 4 or loose >= 0.4 * len(texts) or capital == len(texts))
    )


def _wrapped(above: Line, below: Line, width: int, running: bool) -> bool:
    """Whether a line ends only because the next word had no room, or in mid-sentence."""
    first, second = above.text.rstrip(), below.text.strip()
    wide = columns(first)
    full = wide + 1 + columns(second.split()[0]) > width
    indent = (
        len(below.text) - len(below.text.lstrip()) - (len(above.text) - len(above.text.lstrip()))
    )
    done = finished(first) or bool(_ITEM_ENDS.search(first))
    if begins_item(second):
        return (
            full
            and not done
            and not _NEW_CLAUSE.match(second)
            and wide > 0.8 * width
            and not second.startswith(("-", "*", "•"))
        )
    if capitals(first.strip()) and capitals(second) and not done:
        return True
    if (
        capitals(first.strip()) != capitals(second)
        and len(second) > 3
        and len(first.strip()) > 3
        and not full
    ):
        return False
    if begins_small(second):
        return not done or full or wide > 0.7 * width
    if done:
        return full and indent < 2
    if unicameral(second):
        return full or wide > 0.5 * width
    open_end = first.split()[-1].casefold() in _LEAVES_OPEN or first.endswith(",")
    return full or running or wide > 0.72 * width or (open_end and wide > 0.4 * width)


def torn_paragraphs(text: str) -> Iterator[Edit]:
    """A paragraph that stops in mid-sentence is joined to the one that goes on with it."""
    above: tuple[int, str] | None = None
    for block in blocks(text):
        whole = text[block.start : block.end]
        if above and _goes_on(above[1], whole):
            yield Edit(above[0], block.start, " ", "torn paragraph joined")
        above = (block.end, whole)


def _goes_on(above: str, below: str) -> bool:
    """Whether the lower paragraph finishes the upper one's sentence."""
    above, below = above.rstrip(), below.lstrip()
    if (
        finished(above)
        or above.endswith((":", ";"))
        or len(above) < _SHORTEST_TORN
        or begins_item(below)
    ):
        return False
    if re.search(r";\s+(?:and|or)\Z|\bbe it(?: further)?\Z", above):
        return False
    if begins_small(below):
        return not (
            capitals(above)
            or (begins_item(above) and len(above.split()) < 8 and len(below.split()) < 8)
        )
    if (
        not (below[:1].isupper() or below[:1].isdigit())
        or capitals(above)
        or len(below.split()) < 4
    ):
        return False
    if len(above) < 60 or below.endswith(",") or _CLOSING.match(below):
        return bool(
            len(above) > 30
            and finished(below)
            and above.split()[-1].casefold() in _LEAVES_OPEN
            and len(above.split()) > 8
        )
    return above.split()[-1].casefold() in _LEAVES_OPEN or above.endswith(",")
