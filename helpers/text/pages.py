"""Cleaning steps that look at pages: marks, menus, page numbers, running heads, title pages and imprints."""

from __future__ import annotations

import html
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from helpers.text.alignment import Edit
from helpers.text.lines import Block, Line, bare, begins_item, begins_small, blocks, capitals, finished, lines

# --- marks of markup ---------------------------------------------------------------------------------------------

_BLOCK_TAGS = "p|div|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|tr|table|tbody|thead|blockquote|section|article|header|footer|main|pre|form|body|html|head|title"
_INLINE_TAGS = (
    "a|b|i|u|s|em|strong|span|font|small|big|sup|sub|cite|code|abbr|mark|q|img|meta|link|td|th|center|label|input|"
    "button|nav|aside|figure|figcaption|time|del|ins|tt|kbd|wbr|svg|path|iframe|option|select"
)
_MARKUP = [
    ("hidden code", re.compile(r"<!--.*?-->|<(script|style)\b[^>]*>.*?</\1\s*>|<!doctype[^>]*>|<\?xml[^>]*\?>", re.DOTALL | re.IGNORECASE)),
    ("paragraph tag", re.compile(rf"\s*</?(?:{_BLOCK_TAGS})(?:\s[^<>]*)?/?>\s*", re.IGNORECASE)),
    ("tag", re.compile(rf"</?(?:{_INLINE_TAGS})(?:\s[^<>]*)?/?>", re.IGNORECASE)),
    ("heading mark", re.compile(r"^[ \t]*#{1,6}[ \t]+(?=\S)", re.MULTILINE)),
    ("quotation mark of a reply", re.compile(r"^[ \t]*>(?:[ \t]?>)*(?:[ \t]|$)", re.MULTILINE)),
]
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_LINK = re.compile(r"(!?\[)([^\[\]\n]+)(\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"\n]*\")?\))")
_EMPHASIS = [
    re.compile(r"(?<![*\w])(\*{1,3})(?=[^\s*])((?:[^*\n]|\n(?!\s*\n))+)(?<=[^\s*])(\1)(?![*\w])"),
    re.compile(r"(?<![_\w])(_{1,3})(?=[^\s_])((?:[^\n_]|(?<=\w)_(?=\w))+)(?<=[^\s_])(\1)(?![_\w])"),
]


def markup(text: str) -> Iterator[Edit]:
    """Marks that were meant for a machine: asterisks for bold, tags, entities. What they mark is kept."""
    found: list[Edit] = []
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
    yield from _apart(found)


def _apart(found: list[Edit]) -> Iterator[Edit]:
    """The edits in order of place, the earlier and longer of two that overlap."""
    place = 0
    for edit in sorted(found, key=lambda edit: (edit.start, -edit.end)):
        if edit.start >= place:
            place = edit.end
            yield edit


# --- page furniture ----------------------------------------------------------------------------------------------

_BARE_NUMBER = re.compile(r"(\d{1,4}|[ivxlc]{1,6})\.?")
_HEAD_NUMBER = re.compile(r"(?:(\d{1,4})(\s{2,}|\s*[|—–-]\s*|\s)(?=\D))?(.+?)(?:(\s{2,}|\s*[|—–-]\s*|\s)(\d{1,4}))?")
_MENU_BREAK = re.compile(r"\s*[|»›>·•/]\s*|\s{3,}|\t+")
_SIGNATURE = re.compile(r"^-- ?\n(?:[^\n]*\n?){1,15}\Z", re.MULTILINE)
_LONGEST_FURNITURE = 500


@cache
def _patterns() -> tuple[list[tuple[str, re.Pattern[str]]], re.Pattern[str]]:
    data = tomllib.loads(Path(__file__).with_name("furniture.toml").read_text(encoding="utf-8"))
    always = [(reason, re.compile("|".join(f"(?:{one})" for one in each), re.IGNORECASE)) for reason, each in data["always"].items()]
    return always, re.compile("|".join(data["together"]["words"]), re.IGNORECASE)


def page_furniture(text: str) -> Iterator[Edit]:
    """Menus, log-in, share and cookie lines, page numbers and running heads: what the page says, not the author."""
    signature = _SIGNATURE.search(text)
    stop = signature.start() if signature else len(text)
    every = [line for line in lines(text) if line.end <= stop and line.text.strip()]
    why: dict[int, str] = {}
    for index, line in enumerate(every):
        reason = _alone(line.text.strip())
        if reason:
            why[index] = reason
    why |= {index: "menu" for index in _menus(text, every, why)}
    why |= _running_heads(every, why)
    yield from (_whole_line(text, every[index], reason) for index, reason in sorted(why.items()))
    if signature and signature.end() > signature.start():
        yield Edit(*signature.span(), "", "signature")


def _whole_line(text: str, line: Line, reason: str) -> Edit:
    """The removal of a line with its line end."""
    return Edit(line.start, min(line.end + 1, len(text)), "", reason)


def _alone(line: str) -> str | None:
    """Why a line is furniture wherever it stands, or None."""
    if len(line) > _LONGEST_FURNITURE:
        return None
    always, word = _patterns()
    for reason, pattern in always:
        if pattern.fullmatch(line):
            return reason
    parts = [part for part in _MENU_BREAK.split(line) if part]
    if len(parts) >= 3 and sum(bool(word.fullmatch(part)) for part in parts) >= 2 and all(len(part.split()) <= 4 for part in parts):
        return "menu"
    return None


def _menus(text: str, every: list[Line], why: dict[int, str]) -> Iterator[int]:
    """Short lines that stand together, most of which a menu is made of."""
    _, word = _patterns()
    run: list[int] = []
    for index in range(len(every) + 1):
        line = every[index] if index < len(every) else None
        joined = run and line and "\n" not in text[every[run[-1]].end + 1 : line.start].strip(" \t")
        label = re.sub(r"^[-*•+]\s+", "", line.text.strip()) if line else ""
        short = bool(label) and len(label.split()) <= 4 and not finished(label)
        if short and (joined or not run):
            run.append(index)
            continue
        yield from _if_menu(every, run, word, why)
        run = [index] if short else []


def _if_menu(every: list[Line], run: list[int], word: re.Pattern[str], why: dict[int, str]) -> list[int]:
    labels = [re.sub(r"^[-*•+]\s+", "", every[index].text.strip()) for index in run]
    known = sum(bool(word.fullmatch(label)) for label in labels)
    known += sum(index in why for index in run)
    return run if known >= 2 and known * 2 >= len(run) else []


def _running_heads(every: list[Line], why: dict[int, str]) -> dict[int, str]:
    """Page numbers that stand alone and titles repeated from page to page, where something shows that they are."""
    heads: defaultdict[str, list[int]] = defaultdict(list)
    numbers: list[tuple[int, int]] = []
    split: dict[int, tuple[bool, int | None]] = {}
    for index, line in enumerate(every):
        stripped = line.text.strip()
        if index in why or len(stripped) > 90:
            continue
        if _BARE_NUMBER.fullmatch(stripped):
            numbers.append((index, _value(stripped.rstrip("."))))
            continue
        first, gap, title, last_gap, last = _HEAD_NUMBER.fullmatch(stripped).groups()
        number = first or last
        wide = bool(number) and ((gap or last_gap or "").strip() != "" or len(gap or last_gap or "") > 1 or (bool(first) and capitals(title)))
        split[index] = (wide, int(number) if number else None)
        key = re.sub(r"\W+", " ", bare(title)).casefold().strip()
        if key and not (finished(title) and not number) and not begins_item(title):
            heads[key].append(index)
    repeated = {index for each in heads.values() if len(each) >= 2 for index in each}
    skip = repeated | {index for index, _ in numbers} | set(why)
    torn = {index for index in skip if _tears(every, index, skip)}
    pages = _page_numbers(numbers, torn, repeated, why)
    found = {index: "page number" for index in pages}
    for each in heads.values():
        if len(each) < 2:
            continue
        beside = {index for index in each if {index - 1, index + 1} & (pages | {i for i, r in why.items() if r == "page number"})}
        counted = {index for index in each if split[index][0]}
        shown = beside | counted | (torn & set(each))
        if len(shown) >= 2 and len(shown) * 2 >= len(each):
            found |= {index: "running head" for index in each if index in shown or index > 8}
    return found


def _value(number: str) -> int:
    """What a page number in digits or small Roman numerals is worth."""
    if number.isdigit():
        return int(number)
    worth = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[letter] for letter in number]
    return sum(-one if one < after else one for one, after in zip(worth, [*worth[1:], 0], strict=True))


def _tears(every: list[Line], index: int, skip: set[int]) -> bool:
    """Whether the line stands in the middle of a sentence."""
    above, below = index - 1, index + 1
    while above in skip:
        above -= 1
    while below in skip:
        below += 1
    if above < 0 or below >= len(every):
        return False
    before, after = every[above].text.rstrip(), every[below].text
    return not finished(before) and len(before.strip()) > 25 and begins_small(after) and not begins_item(after)


def _page_numbers(numbers: list[tuple[int, int]], torn: set[int], repeated: set[int], why: dict[int, str]) -> set[int]:
    """Lone numbers that rise one by one and of which some tear a sentence, stand by a running head or far apart."""
    found: set[int] = set()
    run: list[tuple[int, int]] = []
    for index, value in [*numbers, (-1, -1)]:
        if run and value == run[-1][1] + 1:
            run.append((index, value))
            continue
        places = [place for place, _ in run]
        shown = [place for place in places if place in torn or {place - 1, place + 1} & repeated]
        far = len(places) > 2 and (places[-1] - places[0]) / (len(places) - 1) >= 15
        if shown or far:
            found |= set(places)
        run = [(index, value)]
    return found


# --- title pages and imprints --------------------------------------------------------------------------------------

_MAIL = re.compile(
    r"(from|to|cc|bcc|date|sent|subject|reply-to|message-id|mime-version|content-[\w-]+|received|x-[\w-]+|return-path|"
    r"list-[\w-]+|delivered-to|organi[sz]ation|importance|attachments?|in-reply-to|references|user-agent)\s*:(?:\s|$)",
    re.IGNORECASE,
)
_MAIL_KINDS = {"from": "author", "date": "date", "sent": "date", "subject": "title"}
_IMPRINT = re.compile(
    r"(?:re)?(?:published|printed|issued|distributed|translated|typeset|set up) (?:and \w+ )?(?:by|in|at|from|on|for)\b|\bpublish(?:ing|ers)\b|"
    r"\bprint(?:ing|ers)\b(?! )|\bprinters?,|\bpress,|\bpress\Z|\bISBN\b|\bISSN\b|^(?:(?:first|second|third|fourth|fifth|revised|new) )+(?:edition|printing|published)|©|^copyright\b|"
    r"^price\b.{0,40}|^(?:vol(?:ume|\.)|no\.|number|issue|pamphlet|leaflet|circular)\s+(?:no\.?\s*)?[\dIVXLC]+\b",
    re.IGNORECASE,
)
_MONTH = r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
_DATE = re.compile(
    rf"(?:(?:\w+,\s+)?(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?|\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH},?|{_MONTH},?)?\s*(?:juche\s+\d+\s+)?\(?(?:1[5-9]|20)\d\d\)?)"
    rf"|(?:\w+,?\s+)?{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{4}}[-./]\s?\d{{1,2}}[-./]\s?\d{{1,2}}\.?|\d{{4}}년.{{0,12}}|juche\s+\d+(?:\s+\(\d{{4}}\))?",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:by\s+)?[A-Z][\w.'’-]*(?:\s+(?:[A-Z][\w.'’-]*|de|von|van|der|la)){1,4}")
_SMALL_WORDS = frozenset("the of and in to for a an on at by with from our your their is as what why how who we".split())
_SALUTE = re.compile(r"(?:dear|comrades?|brothers?|sisters?|friends?|fellow|ladies|gentlemen|mr|mrs|madam|sirs?|colleagues|workers)\b.*[,:!—–-]\s*\Z|dear\b", re.IGNORECASE)
_LAST = re.compile(r"\W*(?:the end|end|fin|finis|ends)\W*", re.IGNORECASE)
_MOST_BLOCKS, _MOST_WORDS = 14, 45
_AROUND = " .*_()"


def title_page(text: str) -> Iterator[Edit]:
    """What stands above and below the body: title, author, date, publisher. It is offered as metadata."""
    every = list(blocks(text))
    headers = _mail_headers(every)
    front = _front(every[len(headers) :])
    body = every[len(headers) + len(front) :]
    back = _back(body, {_key(block.text) for block in front} | {_key(line.text) for block in front for line in block.lines})
    if len(body) == len(back):
        return
    yield from _mail_edits(text, headers)
    kinds = _kinds(front)
    for block in [*front, *back]:
        kind = kinds.get(_key(block.text)) or _kind(block) or "title"
        for line in block.lines:
            own = "date" if kind not in ("date", "imprint") and _DATE.fullmatch(line.text.strip(_AROUND)) else kind
            yield _whole_line(text, line, own)


def _key(block: str) -> str:
    return re.sub(r"\W+", " ", block).casefold().strip()


def _mail_headers(every: list[Block]) -> list[Block]:
    """The first block, if it is the header of an e-mail."""
    first = every[:1]
    count = sum(bool(_MAIL.match(line.text)) for block in first for line in block.lines)
    known = first and _MAIL.match(first[0].lines[0].text)
    return first if known and count >= 2 and all(_MAIL.match(line.text) or line.text[:1].isspace() for line in first[0].lines) else []


def _mail_edits(text: str, headers: list[Block]) -> Iterator[Edit]:
    for block in headers:
        for line in block.lines:
            field = _MAIL.match(line.text)
            kind = _MAIL_KINDS.get(field.group(1).lower(), "mail header") if field else "mail header"
            yield _whole_line(text, line, kind)


def _front(every: list[Block]) -> list[Block]:
    """The blocks above the body. A heading like those inside the body belongs to the body."""
    front: list[Block] = []
    for block in every[: _MOST_BLOCKS + 1]:
        if _opens_body(block, front):
            break
        front.append(block)
    else:
        return []
    rest = every[len(front) :]
    if front and len(front[-1].lines) == 1 and not _kind(front[-1]):
        style = _style(front[-1].text)
        alike = sum(_style(block.text) == style and _headlike(block) for block in rest)
        if alike >= 2 or (alike and len(front) > 1):
            front.pop()
    return front


def _opens_body(block: Block, front: list[Block]) -> bool:
    """Whether prose, a salutation, a list or a numbered heading begins here."""
    words = block.text.split()
    if _kind(block):
        return False
    if len(words) > _MOST_WORDS or begins_item(block.lines[0].text) or _SALUTE.match(block.text) or not re.search(r"[^\W\d_]", block.text):
        return True
    if not finished(block.text) and not block.text.rstrip().endswith((":", ";", ",")):
        return begins_small(block.text) and not block.text.startswith("by ")
    return not (capitals(block.text) or (not front and _titled(words)))


def _titled(words: list[str]) -> bool:
    """Whether the words are set as in a title: 'What Is a Union For?'"""
    heavy = [word for word in words if word.casefold().strip(".,!?\"'") not in _SMALL_WORDS]
    return len(words) >= 3 and words[-1].endswith(("?", "!")) and len(heavy) >= 2 and all(word[:1].isupper() for word in heavy)


def _style(heading: str) -> str:
    return "capitals" if capitals(heading) else "words"


def _headlike(block: Block) -> bool:
    """Whether a block looks like a heading inside a body."""
    text = block.text
    return len(block.lines) == 1 and len(text.split()) <= 10 and not finished(text) and not text.endswith((",", ";", ":")) and text[:1].isupper()


def _kind(block: Block) -> str | None:
    """Date or imprint, where a block says so itself."""
    if len(block.text.split()) > 25:
        return None
    if _DATE.fullmatch(block.text.strip(_AROUND)):
        return "date"
    if any(_IMPRINT.search(bare(line.text)) for line in block.lines) and (not finished(block.text) or len(block.text.split()) <= 14):
        return "imprint"
    return None


def _kinds(front: list[Block]) -> dict[str, str]:
    """What each block of a title page is, by its key: the title is the longest that is nothing else."""
    kinds: dict[str, str] = {}
    for block in front:
        kind = _kind(block)
        if kind is None and re.match(r"by\s", block.text, re.IGNORECASE):
            kind = "author"
        elif kind is None and finished(block.text) and block.text.endswith("!"):
            kind = "motto"
        elif kind is None and _NAME.fullmatch(block.text) and not _SMALL_WORDS & set(block.text.casefold().split()):
            kind = "author"
        kinds[_key(block.text)] = kind or "title"
    if "title" not in kinds.values():
        for key, kind in kinds.items():
            if kind in ("author", "motto"):
                return kinds | {key: "title"}
    titles = [key for key, kind in kinds.items() if kind == "title"]
    return kinds | dict.fromkeys(titles[1:], "subtitle")


def _back(body: list[Block], front: set[str]) -> list[Block]:
    """The blocks below the body: what the title page said already, an imprint, a date beside one."""
    back: list[Block] = []
    for block in reversed(body):
        again = _key(block.text) in front and not finished(block.text)
        if not (again or _kind(block) or _LAST.fullmatch(block.text)):
            break
        back.append(block)
    if back and all(_kind(block) == "date" for block in back):
        return []
    return back[::-1]
