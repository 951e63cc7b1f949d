"""Cleaning steps that look at characters: what a computer, not the author, put there. Each gives
its edits in order."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import ftfy

from helpers.corpus.account import Edit, in_order
from helpers.corpus.patterns import read_patterns

look, _DATA = read_patterns("characters.toml")
_MARKS, _PAIRS = (
    {reason: re.compile(pattern) for reason, pattern in _DATA[table].items()}
    for table in ("marks", "pairs")
)


def byte_order_mark(text: str) -> Iterator[Edit]:
    """The mark at the start of a file."""
    if text.startswith("\ufeff"):
        yield Edit(0, 1, "", "byte-order mark")


def mojibake(text: str) -> Iterator[Edit]:
    """Characters read in the wrong encoding."""
    for run in [] if text.isascii() else look.not_ascii.finditer(text):
        mended = _mended(run.group())
        if mended != run.group():
            yield _smallest(run.start(), run.group(), mended, "garbled characters mended")


@lru_cache(maxsize=4096)
def _mended(run: str) -> str:
    """What ftfy makes of a run of characters, line breaks left to the steps that follow."""
    mended = ftfy.fix_encoding(run)
    return mended if mended and not set(mended) & set("\n\r") else run


def _smallest(start: int, old: str, new: str, reason: str) -> Edit:
    """One edit without what the old and the new share at either end, but never an empty one."""
    most = min(len(old) - 1, len(new))
    head = next((place for place in range(most) if old[place] != new[place]), most)
    most = min(len(old) - head - 1, len(new) - head)
    tail = next((place for place in range(most) if old[-1 - place] != new[-1 - place]), most)
    return Edit(start + head, start + len(old) - tail, new[head : len(new) - tail], reason)


def line_ends(text: str) -> Iterator[Edit]:
    """Every kind of line end, but for form feeds, which show pages."""
    for found in look.line_end.finditer(text):
        yield Edit(*found.span(), "\n\n" if found.group() == "\u2029" else "\n", "line end")


def invisible(text: str) -> Iterator[Edit]:
    """What nobody can see."""
    for match in look.invisible.finditer(text) if look.suspect.search(text) else ():
        soft = match.group().startswith("\u00ad")
        yield Edit(*match.span(), "", "soft hyphen" if soft else "invisible character")


def letter_forms(text: str) -> list[Edit]:
    """Ligatures, rare hyphens, accents apart from their letters."""
    if text.isascii():
        return []
    found = [
        Edit(*form.span(), _DATA["forms"][form.group()], "letter form")
        for form in look.form.finditer(text)
    ]
    if not look.pile.search(text) and unicodedata.is_normalized("NFC", text):
        return found
    for match in look.cluster.finditer(text):
        old = match.group()
        if not look.pile.search(old) and not unicodedata.is_normalized("NFC", old):
            new, why = unicodedata.normalize("NFC", old), "accent put together with its letter"
            found.append(_smallest(match.start(), old, new, why))
    return in_order(found)


def markup(text: str) -> list[Edit]:
    """Tags, marks of emphasis, entities; what they mark is kept."""
    found = list(_hidden(text))
    for reason, pattern in _MARKS.items() if re.search(r"[<>#\\]", text) else ():
        new = "\n\n" if reason == "paragraph tag" else ""
        found += [Edit(*match.span(), new, reason) for match in pattern.finditer(text)]
    for match in look.entity.finditer(text):
        letter = html.unescape(match.group())
        letter = " " if letter.isspace() else letter if letter.isprintable() else ""
        if letter != match.group():
            found.append(Edit(*match.span(), letter, "entity"))
    for reason, pattern in _PAIRS.items():
        for match in pattern.finditer(text):
            found += [Edit(*match.span(group), "", reason.strip()) for group in (1, 3)]
    return in_order(found)


def _hidden(text: str) -> Iterator[Edit]:
    """Comments, scripts and styles with all they hold. What is opened and never closed stays."""
    for opening, closing in _DATA["hidden"].values():
        place, begin, end = 0, re.compile(opening), re.compile(closing)
        while (first := begin.search(text, place)) and (last := end.search(text, first.end())):
            place = last.end()
            yield Edit(first.start(), place, "", "hidden code")


def quotes(text: str) -> Iterator[Edit]:
    """Quotation marks made straight."""
    for found in look.quote.finditer(text):
        double = found["double"] is not None
        new, reason = ('"', "double quotation mark") if double else ("'", "apostrophe")
        if found.group() != new:
            yield Edit(*found.span(), new, reason)


def dashes(text: str) -> Iterator[Edit]:
    """Dashes between words made one and long."""
    for found in look.dash.finditer(text):
        if found.group() != "—":
            yield Edit(*found.span(), "—", "dash")


def white_space(text: str) -> Iterator[Edit]:
    """Runs of white space; a form feed counts as a blank line."""
    for found in look.spaces.finditer(text):
        start, end, old = *found.span(), found.group()
        lines = 2 if "\f" in old else min(old.count("\n"), 2)
        new = "" if start == 0 or end == len(text) else "\n" * lines or " "
        if new == old:
            continue
        at = old.find(new)
        if at < 0:
            yield Edit(start, end, new, "space" if new == " " else "blank space")
        else:  # what can stay as it is stays
            spans = ((start, start + at), (start + at + len(new), end))
            yield from (Edit(*span, "", "blank space") for span in spans if span[0] < span[1])
