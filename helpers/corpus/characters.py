"""Cleaning steps that look at characters: what a computer, not the author, put there. Each gives its edits in order."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import ftfy

from helpers.corpus.account import Edit, in_order

# Controls, format characters and halves of characters. Joiners (U+200C, U+200D) go from Latin words only, and
# variation selectors stay: other scripts and emoji need them. A soft hyphen at a line end belongs to `hyphenation`.
_LATIN = "[A-Za-z\u00c0-\u024f]"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    f"\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]+|(?<={_LATIN})[\u200c\u200d]+(?={_LATIN})"
    "|(?<!\u00ad)\u00ad++(?![\u00ad \t]*+(?:\n|\\Z))"
)
_SUSPECT = re.compile(
    r"[^\n\r\t\x0b\x0c\x20-\x7e\u00a0-\u00ac\u00ae-\u058f\u2010-\u2027\u3000-\ud7ff]"
)
_LINE_END = re.compile("\r\n|[\r\x85\u2028\v]|\u2029")
_FORMS = dict(zip("ﬀﬁﬂﬃﬄﬅﬆ‐‑－﹣", "ff fi fl ffi ffl st st - - - -".split(), strict=True))
_FORM = re.compile(f"[{''.join(_FORMS)}]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+(?:[ \xa0][^\x00-\x7f]+)*")
_CLUSTER = re.compile(r"[^\x00-\u02ff][^\x00-\u02ff]*|.[\u0300-\U0010ffff]+", re.DOTALL)
# No letter has a hundred accents, and Unicode needs the square of their time.
_PILE = re.compile(r"[^\w\x00-\u02ff]{100,}")
_QUOTE = re.compile("(?P<double>[“”„‟«»〝〞＂″]|``|''|[‘’‚‛´`′ʼ＇]{2})|[‘’‚‛´`′ʼ＇]")
_DASH = re.compile(r"-{2,}|[—―⸺⸻]+|(?<=\s)–+(?=\s)|(?<=\s)–+\Z|\A–+(?=\s)")
_SPACE = "[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_ODD = _SPACE.replace("[ ", "[\f")  # a space other than the plain one
_SPACES = re.compile(f"(?:{_SPACE}|[\n\f]){{2,}}|{_ODD}|\\A[ \n]|[ \n]\\Z")
_TAGS = (
    "p|div|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|tr|table|tbody|thead|blockquote|section|article|header|footer|main|pre|form|"
    "body|html|head|title"
)
_INLINE_TAGS = (
    "a|b|i|u|s|em|strong|span|font|small|big|sup|sub|cite|code|abbr|mark|q|img|meta|link|td|th|center|label|input|button|"
    "nav|aside|figure|figcaption|time|del|ins|tt|kbd|wbr|svg|path|iframe|option|select"
)
# What is removed, or has "\n\n" in its place. No pattern takes more than its share of time on any text.
_MARKS = [
    ("paragraph tag", rf"(?:(?<!\s)\s++)?</?(?:{_TAGS})(?:\s[^<>]*)?/?>\s*"),
    ("tag", rf"</?(?:{_INLINE_TAGS})(?:\s[^<>]*)?/?>|<!doctype[^<>]*>|<\?xml[^<>]*\?>"),
    ("heading mark", r"^[ \t]*#{1,6}[ \t]+(?=\S)"),
    ("escape", r"\\(?=[$*_#\[\]()~`>+.!-])"),
    ("quotation mark of a reply", r"^[ \t]*>(?:[ \t]?>)*(?:[ \t]|$)"),
]
_MARKS = [(reason, re.compile(mark, re.IGNORECASE | re.MULTILINE)) for reason, mark in _MARKS]
_HIDDEN = [("<!--", "-->"), (r"<script\b", r"</script\s*>"), (r"<style\b", r"</style\s*>")]
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_PAIRS = [
    (
        "link",
        r"(!?\[)((?:[^\[\]\n]|\n(?!\s*\n))+)(\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"\n]*\")?\))",
    ),
    (
        "emphasis",
        r"(?<![*A-Za-z])(\*{1,3})(?=[^\s*])((?:[^*\n]|\n(?!\s*\n))+)(?<=[^\s*])(\1)(?![*\w])",
    ),
    (
        "emphasis",
        r"(?<![_\w])(_{1,3})(?=[^\s_])((?:[^\n_]|(?<=\w)_(?=\w))+)(?<=[^\s_])(\1)(?![_\w])",
    ),
]
_PAIRS = [(reason, re.compile(pair)) for reason, pair in _PAIRS]


def byte_order_mark(text: str) -> Iterator[Edit]:
    """The mark at the start of a file."""
    if text.startswith("\ufeff"):
        yield Edit(0, 1, "", "byte-order mark")


def mojibake(text: str) -> Iterator[Edit]:
    """Characters read in the wrong encoding."""
    for run in [] if text.isascii() else _NOT_ASCII.finditer(text):
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
    for found in _LINE_END.finditer(text):
        yield Edit(*found.span(), "\n\n" if found.group() == "\u2029" else "\n", "line end")


def invisible(text: str) -> Iterator[Edit]:
    """What nobody can see."""
    for match in _INVISIBLE.finditer(text) if _SUSPECT.search(text) else ():
        soft = match.group().startswith("\u00ad")
        yield Edit(*match.span(), "", "soft hyphen" if soft else "invisible character")


def letter_forms(text: str) -> list[Edit]:
    """Ligatures, rare hyphens, accents apart from their letters."""
    if text.isascii():
        return []
    found = [
        Edit(*form.span(), _FORMS[form.group()], "letter form") for form in _FORM.finditer(text)
    ]
    if not _PILE.search(text) and unicodedata.is_normalized("NFC", text):
        return found
    for match in _CLUSTER.finditer(text):
        old = match.group()
        if not _PILE.search(old) and not unicodedata.is_normalized("NFC", old):
            new, why = unicodedata.normalize("NFC", old), "accent put together with its letter"
            found.append(_smallest(match.start(), old, new, why))
    return in_order(found)


def markup(text: str) -> list[Edit]:
    """Tags, marks of emphasis, entities; what they mark is kept."""
    found = list(_hidden(text))
    for reason, pattern in _MARKS if re.search(r"[<>#\\]", text) else ():
        new = "\n\n" if reason == "paragraph tag" else ""
        found += [Edit(*match.span(), new, reason) for match in pattern.finditer(text)]
    for match in _ENTITY.finditer(text):
        letter = html.unescape(match.group())
        letter = " " if letter.isspace() else letter if letter.isprintable() else ""
        if letter != match.group():
            found.append(Edit(*match.span(), letter, "entity"))
    for reason, pattern in _PAIRS:
        for match in pattern.finditer(text):
            found += [Edit(*match.span(1), "", reason), Edit(*match.span(3), "", reason)]
    return in_order(found)


def _hidden(text: str) -> Iterator[Edit]:
    """Comments, scripts and styles with all they hold. What is opened and never closed stays."""
    for opening, closing in _HIDDEN:
        place, begin, end = 0, re.compile(opening, re.I), re.compile(closing, re.I)
        while (first := begin.search(text, place)) and (last := end.search(text, first.end())):
            place = last.end()
            yield Edit(first.start(), place, "", "hidden code")


def quotes(text: str) -> Iterator[Edit]:
    """Quotation marks made straight."""
    for found in _QUOTE.finditer(text):
        double = found["double"] is not None
        new, reason = ('"', "double quotation mark") if double else ("'", "apostrophe")
        if found.group() != new:
            yield Edit(*found.span(), new, reason)


def dashes(text: str) -> Iterator[Edit]:
    """Dashes between words made one and long."""
    for found in _DASH.finditer(text):
        if found.group() != "—":
            yield Edit(*found.span(), "—", "dash")


def white_space(text: str) -> Iterator[Edit]:
    """Runs of white space; a form feed counts as a blank line."""
    for found in _SPACES.finditer(text):
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
