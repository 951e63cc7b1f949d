"""What the page-level and line-level cleaning steps share: lines with their places, and how a line looks."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from helpers.corpus.account import Edit

# How a sentence or clause ends, and what closes after it.
_CLOSERS = "\"'”’»)\\]*_"
_FINISHED = re.compile(
    rf"[.!?…。][{_CLOSERS}]*\Z|[^\W\d_][.!?…][{_CLOSERS}]*(?:\d{{1,2}}|[¹²³⁰-⁹]{{1,3}}|\s?\[\d{{1,3}}\])\Z"
)
_LAST_MARKS = ".!?…。\"'”’»)]*_"
_ABBREVIATED = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Messrs|Dr|St|Nos?|Secs?|Arts?|Rev|Prof|Hon|Gen|Capt|Lt|Col|pp|p|vols?|figs?|Geo|Wm|Chas|Jas|"
    r"Thos|i\.e|e\.g|cf|viz|incl|vs|Pub))\.\Z"
)
_LIST_MARK = re.compile(
    r"(?:[-*•‣▪◦·–—○●※]\s+|[(\[]?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxlc]{1,6}|[IVXLC]{1,6})[.)\]]\s+|\[\d{1,3}\]|§|"
    r"\d{1,2}\.\d{1,2}(?:\.\d{1,2})?\s(?=[^a-z])|[①-⑳]|제\s?\d+\s?[조장절항]|[가-하][.)]\s)"
)
_HEADING = re.compile(
    r"(?=[A-Z])(?:article|section|sec\.|art\.|chapter|part|rule|clause|schedule|appendix|annex|title|book|by-?law|resolution|"
    r"motion|item|agenda item|amendment|standing order|lecture|letter|act|scene|question|demand|point|table|figure)\s+"
    r"(?:no\.?\s*|number\s+)?(?:\d+[.:\w]*|(?-i:[IVXLC]+)\b|one|two|three|four|five|six|seven|eight|nine|ten)\b|"
    r"(?:preamble|introduction|foreword|preface|summary|background|conclusion|appendix|notes|definitions|postscript)\b\W*\Z",
    re.IGNORECASE,
)
_SPEAKER = re.compile(
    r"(?:[A-Z][A-Z.'’ -]{0,30}|[A-Z][\w.'’-]{0,20}(?: [A-Z][\w.'’-]{0,20}){0,3})\s?:\s+\S"
)
_WHEREAS = re.compile(
    r"(?=[A-Z])(?:whereas|resolved|be it|therefore|now,? therefore|and be it|moved|seconded|carried)\b",
    re.IGNORECASE,
)
_WIDE = re.compile("[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]")
_MARKS = re.compile(r"\*{1,3}|_{2,3}|^#{1,6}\s+|</?[a-zA-Z][^<>]*>")
# Words that a title does not write with a capital.
SMALL_WORDS = frozenset(
    "the of and in to for a an on at by with from our your their is as what why how who we".split()
)


class Line(NamedTuple):
    """A line without its line end, and its place in the text."""

    start: int
    end: int
    text: str


class Block(NamedTuple):
    """Lines that stand together, between blank lines."""

    start: int
    end: int
    lines: list[Line]

    @property
    def text(self) -> str:
        return " ".join(bare(line.text) for line in self.lines)


def lines(text: str, start: int = 0, stop: int | None = None) -> Iterator[Line]:
    """The lines of a text, or of a part of it, blank ones too.

    >>> [line.text for line in lines("one\\n\\ntwo")]
    ['one', '', 'two']
    """
    stop = len(text) if stop is None else stop
    while True:
        end = text.find("\n", start, stop)
        if end < 0:
            yield Line(start, stop, text[start:stop])
            return
        yield Line(start, end, text[start:end])
        start = end + 1


def blocks(text: str) -> Iterator[Block]:
    """The runs of lines that are not blank.

    >>> [block.text for block in blocks("one\\ntwo\\n\\n**three**")]
    ['one two', 'three']
    """
    held: list[Line] = []
    for line in lines(text):
        if line.text and not line.text.isspace():
            held.append(line)
        elif held:
            yield Block(held[0].start, held[-1].end, held)
            held = []
    if held:
        yield Block(held[0].start, held[-1].end, held)


class Lines(Sequence[Line]):
    """Lines of a text that are not blank, kept as places only: a large text has a million of them.

    >>> Lines("one\\n\\ntwo")[1]
    Line(start=5, end=8, text='two')
    """

    def __init__(self, text: str) -> None:
        self._text, self._starts, self._ends = text, array("q"), array("q")
        for start, end, line in lines(text):
            if line and not line.isspace():
                self._starts.append(start)
                self._ends.append(end)

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, index: int) -> Line:
        start, end = self._starts[index], self._ends[index]
        return Line(start, end, self._text[start:end])


class Blocks(Sequence[Block]):
    """Blocks of a text, kept as places only."""

    def __init__(self, text: str, found: Iterable[Block]) -> None:
        self._text, self._starts, self._ends = text, array("q"), array("q")
        for block in found:
            self._starts.append(block.start)
            self._ends.append(block.end)

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, index: int) -> Block:
        start, end = self._starts[index], self._ends[index]
        return Block(start, end, list(lines(self._text, start, end)))


def bare(line: str) -> str:
    """A line without marks of emphasis and outer space, for comparing."""
    return _MARKS.sub("", line.strip()).strip()


def finished(line: str) -> bool:
    """Whether a line ends as a sentence does.

    >>> finished('"One for all!"'), finished("in the construction")
    (True, False)
    """
    line = line.rstrip()
    if not line[-1:].isdigit() and line[-1:] not in _LAST_MARKS:
        return False
    return bool(_FINISHED.search(line)) and not _ABBREVIATED.search(line)


def begins_item(line: str) -> bool:
    """Whether a line opens a list item, a numbered clause or heading, a speaker's turn or a resolution."""
    line = line.lstrip()
    return any(look.match(line) for look in (_LIST_MARK, _HEADING, _SPEAKER, _WHEREAS))


def begins_small(line: str) -> bool:
    """Whether the first letter, after quotation marks and brackets, is a small one."""
    line = line.lstrip(" \t\"'“‘«(")
    return line[:1].islower()


def unicameral(line: str) -> bool:
    """Whether the first letter is of a script without capitals, as Hangul is."""
    line = line.lstrip(" \t\"'“‘«(")
    return line[:1].isalpha() and line[:1].upper() == line[:1].lower()


def columns(line: str) -> int:
    """How wide a line is on a page: letters of Chinese, Japanese and Korean take two columns.

    >>> columns("노조 a")
    6
    """
    return len(line) + len(_WIDE.findall(line))


def capitals(line: str) -> bool:
    """Whether a line is set in capitals."""
    return line.upper() == line and line.lower() != line


def mostly_capitals(title: str) -> bool:
    """Whether more than three quarters of the letters are capitals."""
    letters = [letter for letter in title if letter.isalpha()]
    return len(letters) > 4 and sum(letter.isupper() for letter in letters) > 0.75 * len(letters)


def setting(heading: str) -> str:
    """How a heading is set: in capitals, in Title Case, as a sentence, or too short to tell."""
    heavy = [
        word
        for word in heading.split()
        if word.casefold() not in SMALL_WORDS and word[:1].isalpha()
    ]
    if capitals(heading):
        return "capitals"
    if len(heavy) < 2:
        return "word"
    return "title" if all(word[:1].isupper() for word in heavy) else "sentence"


def block_key(block: str) -> str:
    """What two blocks share that say the same: their words, in small letters."""
    return re.sub(r"\W+", " ", block).casefold().strip()


def whole_line(text: str, line: Line, reason: str) -> Edit:
    """The removal of a line with its line end."""
    return Edit(line.start, min(line.end + 1, len(text)), "", reason)
