"""The cleaning step for marks that were meant for a machine."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from helpers.corpus.account import Edit, apart

_BLOCK_TAGS = "p|div|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|tr|table|tbody|thead|blockquote|section|article|header|footer|main|pre|form|body|html|head|title"
_INLINE_TAGS = (
    "a|b|i|u|s|em|strong|span|font|small|big|sup|sub|cite|code|abbr|mark|q|img|meta|link|td|th|center|label|input|"
    "button|nav|aside|figure|figcaption|time|del|ins|tt|kbd|wbr|svg|path|iframe|option|select"
)
_MARKUP = [
    (
        "paragraph tag",
        re.compile(rf"(?:(?<!\s)\s++)?</?(?:{_BLOCK_TAGS})(?:\s[^<>]*)?/?>\s*", re.IGNORECASE),
    ),
    ("tag", re.compile(rf"</?(?:{_INLINE_TAGS})(?:\s[^<>]*)?/?>", re.IGNORECASE)),
    ("heading mark", re.compile(r"^[ \t]*#{1,6}[ \t]+(?=\S)", re.MULTILINE)),
    ("escape", re.compile(r"\\(?=[$*_#\[\]()~`>+.!-])")),
    ("quotation mark of a reply", re.compile(r"^[ \t]*>(?:[ \t]?>)*(?:[ \t]|$)", re.MULTILINE)),
]
_HIDDEN = re.compile(
    r"<(!--)|<(?=(script|style)\b)[^<>]*>|<!doctype[^<>]*>|<\?xml[^<>]*\?>", re.IGNORECASE
)
_HIDDEN_ENDS = {
    "!--": re.compile("-->"),
    "script": re.compile(r"</script\s*>", re.IGNORECASE),
    "style": re.compile(r"</style\s*>", re.IGNORECASE),
}
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_LINK = re.compile(r"(!?\[)([^\[\]\n]+)(\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"\n]*\")?\))")
_EMPHASIS = [
    re.compile(
        r"(?<![*A-Za-z])(\*{1,3})(?=[^\s*])((?:[^*\n]|\n(?!\s*\n))+)(?<=[^\s*])(\1)(?![*\w])"
    ),
    re.compile(r"(?<![_\w])(_{1,3})(?=[^\s_])((?:[^\n_]|(?<=\w)_(?=\w))+)(?<=[^\s_])(\1)(?![_\w])"),
]


def _hidden(text: str) -> Iterator[Edit]:
    """Comments, scripts and styles with all they hold. What is opened and never closed stays."""
    place, unclosed = 0, set()
    while opening := _HIDDEN.search(text, place):
        place = opening.end()
        kind = (opening.group(1) or opening.group(2) or "").lower()
        if kind in unclosed:
            place = opening.start() + 1
        elif not kind:
            yield Edit(*opening.span(), "", "hidden code")
        elif closing := _HIDDEN_ENDS[kind].search(text, place):
            place = closing.end()
            yield Edit(opening.start(), place, "", "hidden code")
        else:
            unclosed.add(kind)
            place = opening.start() + 1


def markup(text: str) -> Iterator[Edit]:
    """Marks that were meant for a machine: asterisks for bold, tags, entities. What they mark is kept."""
    found = list(_hidden(text))
    for reason, pattern in _MARKUP:
        for match in pattern.finditer(text):
            new = "\n\n" if reason == "paragraph tag" else ""
            found.append(Edit(*match.span(), new, reason))
    for match in _ENTITY.finditer(text):
        letter = html.unescape(match.group())
        if letter != match.group():
            found.append(Edit(*match.span(), letter, "entity"))
    for pattern, reason in [(_LINK, "link"), *((emphasis, "emphasis") for emphasis in _EMPHASIS)]:
        for match in pattern.finditer(text):
            found += [Edit(*match.span(1), "", reason), Edit(*match.span(3), "", reason)]
    yield from apart(found)
