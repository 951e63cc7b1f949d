"""Cleaning steps that look at characters: what the computer, not the author, put there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from helpers.corpus.account import Edit

# Unicode's control, format and surrogate characters that no reader sees. Joiners (U+200C, U+200D) go from Latin
# words only, and variation selectors stay: other scripts and emoji need them. A soft hyphen at a line end belongs
# to `hyphenation`.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]+"
)
_LATIN = "[A-Za-z\u00c0-\u024f]"
_JOINER = re.compile(f"(?<={_LATIN})[\u200c\u200d]+(?={_LATIN})")
_SOFT_HYPHEN = re.compile("\u00ad+")
_SOFT_HYPHENS = re.compile("\u00ad[\u00ad \t]*+\n?")
_LINE_END = re.compile("\r\n|[\r\x85\u2028\v]|\u2029|\f")
_FORMS = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
    "\u2010": "-",
    "\u2011": "-",
    "\uff0d": "-",
    "\ufe63": "-",
}
_FORM = re.compile("[" + "".join(_FORMS) + "]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+(?:[ \xa0][^\x00-\x7f]+)*")
_CLUSTER = re.compile(r"[^\x00-\u02ff][^\x00-\u02ff]*|.[\u0300-\U0010ffff]+", re.DOTALL)
_PILE = re.compile(
    r"[^\w\x00-\u02ff]{100,}"
)  # no letter has so many accents, and Unicode needs the square of their time
_SINGLE = re.compile("``|''|[‘’‚‛´`′ʼ＇]{2}|[‘’‚‛´`′ʼ＇]")
_DOUBLE = re.compile("[“”„‟«»〝〞＂″]")
_DASH = re.compile(r"-{2,}|[—―⸺⸻]{2,}|[―⸺⸻]|(?<=\s)–+(?=\s)|(?<=\s)–+\Z|\A–+(?=\s)")
_SPACES = "[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_SPACE_RUN = re.compile(f"{_SPACES}{{2,}}|[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_BLANKS = re.compile(
    rf"(?<!{_SPACES})(?:{_SPACES}*+\n(?:{_SPACES}|\n)*+|{_SPACES}++\Z)|\A{_SPACES}+"
)


def byte_order_mark(text: str) -> Iterator[Edit]:
    """The invisible mark that some programs write at the start of a file."""
    if text.startswith("\ufeff"):
        yield Edit(0, 1, "", "byte-order mark")


def mojibake(text: str) -> Iterator[Edit]:
    """Characters garbled by being read in the wrong encoding, mended by ftfy one run at a time."""
    if text.isascii():
        return
    for run in _NOT_ASCII.finditer(text):
        mended = _mended(run.group())
        if mended != run.group():
            yield from _smallest(run.start(), run.group(), mended, "garbled characters mended")


@lru_cache(maxsize=4096)
def _mended(run: str) -> str:
    """What ftfy makes of a run of characters, line breaks left to the steps that follow."""
    import ftfy

    mended = ftfy.fix_encoding(run)
    return run if "\n" in mended or "\r" in mended else mended


def _smallest(start: int, old: str, new: str, reason: str) -> Iterator[Edit]:
    """One edit without what the old and the new share at either end."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    if head < len(old) - tail:
        yield Edit(start + head, start + len(old) - tail, new[head : len(new) - tail], reason)
    elif (
        head < len(new) - tail
    ):  # something is only added: take a neighbour in, so that no edit is empty
        head = max(head - 1, 0)
        yield Edit(
            start + head, start + head + 1, new[head : len(new) - len(old) + head + 1], reason
        )


def line_ends(text: str) -> Iterator[Edit]:
    """Every kind of line end becomes the one that this project uses; a page end becomes a blank line."""
    for found in _LINE_END.finditer(text):
        paragraph = found.group() in "\u2029\f"
        yield Edit(
            *found.span(),
            "\n\n" if paragraph else "\n",
            "page end" if found.group() == "\f" else "line end",
        )


def invisible(text: str) -> Iterator[Edit]:
    """Characters that nobody can see: controls, zero-width spaces, direction marks, soft hyphens inside a line."""
    found = [Edit(*match.span(), "", "invisible character") for match in _INVISIBLE.finditer(text)]
    found += [Edit(*match.span(), "", "joiner in a Latin word") for match in _JOINER.finditer(text)]
    for run in _SOFT_HYPHENS.finditer(text):
        if not run.group().endswith("\n"):
            found += [
                Edit(*match.span(), "", "soft hyphen")
                for match in _SOFT_HYPHEN.finditer(text, *run.span())
            ]
    yield from sorted(found)


def letter_forms(text: str) -> Iterator[Edit]:
    """Printers' ligatures spelt out, rare hyphens made plain, letter and accent put together (Unicode NFC)."""
    if text.isascii():
        return
    found = [
        Edit(*match.span(), _FORMS[match.group()], "letter form") for match in _FORM.finditer(text)
    ]
    piled = _PILE.search(text)
    if piled or not unicodedata.is_normalized("NFC", text):
        for match in _CLUSTER.finditer(text):
            if piled and _PILE.search(match.group()):
                continue
            composed = unicodedata.normalize("NFC", match.group())
            if composed != match.group():
                found += _smallest(
                    match.start(), match.group(), composed, "accent put together with its letter"
                )
    place = 0
    for edit in sorted(found):
        if edit.start >= place:
            place = edit.end
            yield edit


def quotes(text: str) -> Iterator[Edit]:
    """Curly, low, angled and doubled quotation marks become straight ones."""
    found = [Edit(*match.span(), '"', "double quotation mark") for match in _DOUBLE.finditer(text)]
    for match in _SINGLE.finditer(text):
        double = len(match.group()) == 2
        found.append(
            Edit(
                *match.span(),
                '"' if double else "'",
                "double quotation mark" if double else "apostrophe",
            )
        )
    yield from sorted(found)


def dashes(text: str) -> Iterator[Edit]:
    """A dash between words becomes one long dash; a range of numbers keeps its short one."""
    for found in _DASH.finditer(text):
        yield Edit(*found.span(), "—", "dash")


def white_space(text: str) -> Iterator[Edit]:
    """Runs of spaces become one; a line begins and ends without any; one blank line between paragraphs."""
    found = []
    for match in _BLANKS.finditer(text):
        start, end = match.span()
        wanted = "" if start == 0 or end == len(text) else "\n" * min(match.group().count("\n"), 2)
        if wanted == match.group():
            continue
        keep = match.group().find(wanted) if wanted else -1
        if keep < 0:
            found.append(Edit(start, end, wanted, "blank space"))
        else:
            found += [Edit(start, start + keep, "", "blank space")] if keep else []
            if start + keep + len(wanted) < end:
                found.append(Edit(start + keep + len(wanted), end, "", "blank space"))
    for match in _SPACE_RUN.finditer(text):
        start, end = match.span()
        if _touches_line_edge(text, start, end):
            continue
        first = text[start]
        if first != " ":
            found.append(Edit(start, start + 1, " ", "space"))
        if end > start + 1:
            found.append(Edit(start + 1, end, "", "space"))
    yield from sorted(found)


def _touches_line_edge(text: str, start: int, end: int) -> bool:
    return start == 0 or end == len(text) or text[start - 1] == "\n" or text[end] == "\n"
