"""Cleaning steps that look at pages: marks, menus, page numbers, running heads, title pages and imprints."""

from __future__ import annotations

import html
import re
import tomllib
from array import array
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from helpers.text.alignment import Edit
from helpers.text.lines import Block, Blocks, Line, Lines, bare, begins_item, begins_small, blocks, capitals, finished

# --- marks of markup ---------------------------------------------------------------------------------------------

_BLOCK_TAGS = "p|div|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|tr|table|tbody|thead|blockquote|section|article|header|footer|main|pre|form|body|html|head|title"
_INLINE_TAGS = (
    "a|b|i|u|s|em|strong|span|font|small|big|sup|sub|cite|code|abbr|mark|q|img|meta|link|td|th|center|label|input|"
    "button|nav|aside|figure|figcaption|time|del|ins|tt|kbd|wbr|svg|path|iframe|option|select"
)
_MARKUP = [
    ("paragraph tag", re.compile(rf"(?:(?<!\s)\s++)?</?(?:{_BLOCK_TAGS})(?:\s[^<>]*)?/?>\s*", re.IGNORECASE)),
    ("tag", re.compile(rf"</?(?:{_INLINE_TAGS})(?:\s[^<>]*)?/?>", re.IGNORECASE)),
    ("heading mark", re.compile(r"^[ \t]*#{1,6}[ \t]+(?=\S)", re.MULTILINE)),
    ("escape", re.compile(r"\\(?=[$*_#\[\]()~`>+.!-])")),
    ("quotation mark of a reply", re.compile(r"^[ \t]*>(?:[ \t]?>)*(?:[ \t]|$)", re.MULTILINE)),
]
_HIDDEN = re.compile(r"<(!--)|<(?=(script|style)\b)[^<>]*>|<!doctype[^<>]*>|<\?xml[^<>]*\?>", re.IGNORECASE)
_HIDDEN_ENDS = {
    "!--": re.compile("-->"),
    "script": re.compile(r"</script\s*>", re.IGNORECASE),
    "style": re.compile(r"</style\s*>", re.IGNORECASE),
}
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_LINK = re.compile(r"(!?\[)([^\[\]\n]+)(\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"\n]*\")?\))")
_EMPHASIS = [
    re.compile(r"(?<![*A-Za-z])(\*{1,3})(?=[^\s*])((?:[^*\n]|\n(?!\s*\n))+)(?<=[^\s*])(\1)(?![*\w])"),
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
    yield from _apart(found)


def _apart(found: list[Edit]) -> Iterator[Edit]:
    """The edits in order of place, the earlier and longer of two that overlap."""
    place = 0
    for edit in sorted(found, key=lambda edit: (edit.start, -edit.end)):
        if edit.start >= place:
            place = edit.end
            yield edit


# --- page furniture ----------------------------------------------------------------------------------------------

_INLINE = re.compile(r"\[(?:Pg|Page|p\.)\s?\d{1,4}\]\s?|\[(?:edit|hide|show)\]", re.IGNORECASE)
_ETEXT_START = re.compile(r"(?s:\A.{0,8000}?)^\*{2,}\s*START OF [^\n]{0,160}\*{2,}[ \t]*$\n?", re.MULTILINE)
_ETEXT_END = re.compile(r"^\*{2,}\s*END OF [^\n]{0,160}\*{2,}[ \t]*$", re.MULTILINE)
_ANYWHERE = ("page number", "rule", "e-text marker")
_BARE_NUMBER = re.compile(r"(\d{1,4}|[ivxlc]{1,6})\.?")
_HEAD_NUMBER = re.compile(r"(?:(\d{1,4})(\s{2,}|\s*[|—–-]\s*|\s)(?=\D))?(.+?)(?:(\s{2,}|\s*[|—–-]\s*|\s(?:page\s)?)(\d{1,4})(?:\s*/\s*\d{1,4})?)?", re.IGNORECASE)
_MENU_BREAK = re.compile(r"\s*[|»›>·•/]\s*|\s{3,}|\t+")
_BULLET = re.compile(r"^[-*•+]\s+")
_SIGNATURE = re.compile(r"^-- ?\n(?:[^\n]+\n){0,7}[^\n]+$", re.MULTILINE)
_LONGEST_FURNITURE = 500
_LONGEST_TEAR = 60  # lines of furniture that a page end may put into a sentence


@cache
def _patterns() -> tuple[dict[str, re.Pattern[str]], dict[str, re.Pattern[str]], re.Pattern[str]]:
    """What stands in furniture.toml: lines that are furniture always, those that lead others, words of menus."""
    data = tomllib.loads(Path(__file__).with_name("furniture.toml").read_text(encoding="utf-8"))
    always, leads = ({reason: _any(each) for reason, each in data[part].items()} for part in ("always", "leads"))
    return always, leads, _any(data["together"]["words"])


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE)


def page_furniture(text: str) -> Iterator[Edit]:
    """Menus, log-in, share and cookie lines, page numbers and running heads: what the page says, not the author."""
    every = Lines(text)
    why: dict[int, str] = {}
    for index, line in enumerate(every):
        reason = _alone(line.text.strip())
        if reason and (reason in _ANYWHERE or not _in_paragraph(text, every, index)):
            why[index] = reason
    why |= dict.fromkeys(_menus(text, every, why), "menu")
    why |= _running_heads(every, why)
    found = [_whole_line(text, every[index], reason) for index, reason in why.items()]
    found += [Edit(*match.span(), "", "mark of the page") for match in _INLINE.finditer(text)]
    found += [Edit(*match.span(), "", "signature") for match in _SIGNATURE.finditer(text)]
    start, end = _ETEXT_START.search(text), _ETEXT_END.search(text)
    if start:
        found.append(Edit(*start.span(), "", "e-text header"))
    if end:
        found.append(Edit(end.start(), len(text), "", "e-text footer"))
    yield from _apart(found)


def _in_paragraph(text: str, every: Lines, index: int) -> bool:
    """Whether the line stands inside wrapped prose, where it only looks like furniture."""
    if begins_small(every[index].text) and not every[index].text.strip().startswith(("www.", "http", "p.", "page", "e-mail")):
        return True
    above = every[index - 1].text.rstrip() if index and _adjoins(text, every, index) else ""
    return len(above) > 45 and not finished(above) and index + 1 < len(every) and _adjoins(text, every, index + 1)


def _whole_line(text: str, line: Line, reason: str) -> Edit:
    """The removal of a line with its line end."""
    return Edit(line.start, min(line.end + 1, len(text)), "", reason)


def _alone(line: str) -> str | None:
    """Why a line is furniture wherever it stands, or None."""
    if len(line) > _LONGEST_FURNITURE:
        return None
    always, leads, word = _patterns()
    for reason, pattern in (always | leads).items():
        if pattern.fullmatch(line):
            return reason
    parts = [part for part in _MENU_BREAK.split(line) if part]
    if len(parts) >= 3 and sum(bool(word.fullmatch(part)) for part in parts) >= 2 and all(len(part.split()) <= 4 for part in parts):
        return "menu"
    return None


def _menus(text: str, every: Lines, why: dict[int, str]) -> Iterator[int]:
    """Short lines that stand together, most of which a menu is made of."""
    _, leads, word = _patterns()
    run: list[int] = []
    led = False
    for index in range(len(every) + 1):
        line = every[index] if index < len(every) else None
        joined = run and line and run[-1] == index - 1 and _adjoins(text, every, index)
        label = _BULLET.sub("", line.text.strip()) if line else ""
        led = bool(line) and (why.get(index) in leads or (led and _adjoins(text, every, index)))
        if led and not finished(label) and len(label.split()) <= 12:
            yield index
            continue
        short = bool(label) and len(label.split()) <= 4 and not finished(label)
        if short and (joined or not run):
            run.append(index)
            continue
        yield from _if_menu(every, run, word, why)
        run = [index] if short else []


def _adjoins(text: str, every: Lines, index: int) -> bool:
    """Whether no blank line stands above this one."""
    return index > 0 and "\n" not in text[every[index - 1].end + 1 : every[index].start]


def _if_menu(every: Lines, run: list[int], word: re.Pattern[str], why: dict[int, str]) -> list[int]:
    labels = [_BULLET.sub("", every[index].text.strip()) for index in run]
    known = sum(bool(word.fullmatch(label)) for label in labels)
    known += sum(index in why for index in run)
    return run if known >= 2 and known * 2 >= len(run) else []


def _running_heads(every: Lines, why: dict[int, str]) -> dict[int, str]:
    """Page numbers that stand alone and titles repeated from page to page, where something shows that they are."""
    numbers: list[tuple[int, int]] = []
    wide: dict[int, int] = {}
    plain, keyed, keys = array("q"), array("q"), array("q")
    for index, line in enumerate(every):
        stripped = line.text.strip()
        if index in why or len(stripped) > 90:
            continue
        if _BARE_NUMBER.fullmatch(stripped):
            numbers.append((index, _value(stripped.rstrip("."))))
            continue
        plain.append(index)
        key, number = _head(stripped)
        if number is not None:
            wide[index] = number
        if key:
            keyed.append(index)
            keys.append(hash(key))
    heads = _same_heads(every, keyed, keys)
    repeated = {index for each in heads.values() if len(each) >= 2 for index in each}
    skip = repeated | {index for index, _ in numbers} | set(why)
    edges = _edges(skip)
    torn = {index for index in skip if _tears(every, index, edges)}
    pages = _page_numbers(numbers, torn, repeated, why)
    found = dict.fromkeys(pages, "page number")
    found |= dict.fromkeys(_numbered_heads(every, wide, torn), "running head")
    found |= {index: "running head" for index in plain if _lone_head(every, index, edges)}
    ends = pages | {index for index, reason in why.items() if reason == "page number"}
    for _ in range(2):  # the second line of a head is known by the first
        for each in heads.values():
            beside = {index for index in each if {index - 1, index + 1} & ends}
            counted = {index for index in each if index in wide}
            shown = beside | counted | (torn & set(each))
            if len(shown) >= 2 and len(shown) * 2 >= len(each):
                found |= {index: "running head" for index in each if index in shown or index > 8}
        ends |= set(found)
    return found


def _head(line: str) -> tuple[str, int | None]:
    """What a line says apart from a page number beside it, if it may be a running head, and that number if set apart."""
    first, gap, title, last_gap, last = _HEAD_NUMBER.fullmatch(line).groups()
    number, gap = first or last, gap or last_gap or ""
    if begins_item(line):  # a heading may be numbered itself: only the very same line counts
        title, number = line, None
    apart = number and (gap.strip() != "" or len(gap) > 1 or _mostly_capitals(title))
    key = _key(bare(title)) if number or not finished(title) or capitals(title) else ""
    return key, int(number) if apart else None


def _same_heads(every: Lines, keyed: array[int], keys: array[int]) -> dict[str, list[int]]:
    """The lines that say the same, by what they say. ``keys`` are hashes: most lines of a large text stand there once."""
    once: set[int] = set()
    again: set[int] = set()
    for key in keys:
        (again if key in once else once).add(key)
    heads: defaultdict[str, list[int]] = defaultdict(list)
    for index, key in zip(keyed, keys, strict=True):
        if key in again:
            heads[_head(every[index].text.strip())[0]].append(index)
    return heads


def _mostly_capitals(title: str) -> bool:
    letters = [letter for letter in title if letter.isalpha()]
    return len(letters) > 4 and sum(letter.isupper() for letter in letters) > 0.75 * len(letters)


def _numbered_heads(every: Lines, wide: dict[int, int], torn: set[int]) -> Iterator[int]:
    """Lines in capitals with a number that tear a sentence, or whose numbers go on from one to the next."""
    numbered = {index: number for index, number in wide.items() if number and _mostly_capitals(every[index].text)}
    last = {number: index for index, number in numbered.items()}
    first = {number: index for index, number in reversed(numbered.items())}
    edges = _edges(torn)
    for index, number in numbered.items():
        goes_on = last.get(number + 1, -1) > index or first.get(number - 1, index) < index
        if goes_on or _tears(every, index, edges):
            yield index


def _lone_head(every: Lines, index: int, edges: dict[int, tuple[int, int]]) -> bool:
    """Whether a short title, seen once, stands by itself in the middle of a sentence or a word."""
    if not (every[index - 1].end + 1 < every[index].start and index + 1 < len(every) and every[index].end + 1 < every[index + 1].start):
        return False
    title = bare(every[index].text)
    short = len(title.split()) <= 6 and not finished(title) and not begins_item(title) and title[:1].isupper() and _style(title) != "sentence"
    return short and _tears(every, index, edges)


def _edges(skip: set[int]) -> dict[int, tuple[int, int]]:
    """For each line of a run to look past, the lines above and below the run."""
    edges: dict[int, tuple[int, int]] = {}
    for index in skip:
        if index - 1 not in skip:
            below = index + 1
            while below in skip:
                below += 1
            edges |= dict.fromkeys(range(index, below), (index - 1, below))
    return edges


def _value(number: str) -> int:
    """What a page number in digits or small Roman numerals is worth."""
    if number.isdigit():
        return int(number)
    worth = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[letter] for letter in number]
    return sum(-one if one < after else one for one, after in zip(worth, [*worth[1:], 0], strict=True))


def _tears(every: Lines, index: int, edges: dict[int, tuple[int, int]]) -> bool:
    """Whether the line stands in the middle of a sentence."""
    above, below = index - 1, index + 1
    above, below = edges.get(above, (above, 0))[0], edges.get(below, (0, below))[1]
    if above < 0 or below >= len(every) or below - above > 2 * _LONGEST_TEAR:
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
        if shown or far or (len(places) > 1 and run[0][1] >= 10):
            found |= set(places)
        run = [(index, value)]
    return found


# --- title pages and imprints --------------------------------------------------------------------------------------

_MAIL = re.compile(
    r"(from|to|cc|bcc|date|sent|subject|reply-to|message-id|mime-version|content-[\w-]+|received|x-[\w-]+|return-path|"
    r"title|author|language|layout|release date|publisher|permalink|tags|list-[\w-]+|delivered-to|organi[sz]ation|importance|attachments?|in-reply-to|references|user-agent)\s*:(?:\s|$)",
    re.IGNORECASE,
)
_MAIL_KINDS = {"title": "title", "author": "author", "publisher": "imprint", "from": "author", "date": "date", "sent": "date", "subject": "title"}
_IMPRINT = re.compile(
    r"(?:re)?(?:published|printed|issued|distributed|translated|typeset|set up) (?:and \w+ )?(?:by|in|at|from|on|for)\b|\bpublish(?:ing|ers)\b|"
    r"\bprint(?:ing|ers)\b(?! )|\bregistered at\b|\bsubscriptions?\b.{0,30}\b(?:year|annum|free)\b|\bprinters?,|\bpress,|\bpress\Z|\bISBN\b|\bISSN\b|^(?:(?:first|second|third|fourth|fifth|revised|new) )+(?:edition|printing|published)|©|^copyright\b|"
    r"^registered (?:no|under|office)\b|^price\b.{0,40}|^(?:vol(?:ume|\.)|no\.|number|issue|pamphlet|leaflet|circular)\s+(?:no\.?\s*)?[\dIVXLC]+\b",
    re.IGNORECASE,
)
_PRODUCED = re.compile(r"(?:this )?(?:e-?text|e-?book|edition|transcription)?\s*(?:was )?(?:produced|prepared|transcribed|digiti[sz]ed) by\b", re.IGNORECASE)
_MONTH = r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
_DATE = re.compile(
    rf"(?:(?:\w+,\s+)?(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?|\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH},?|{_MONTH},?)?\s*(?:juche\s+\d+\s+)?\(?(?:1[5-9]|20)\d\d\)?)"
    rf"|(?:\w+,?\s+)?{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{4}}[-./]\s?\d{{1,2}}[-./]\s?\d{{1,2}}\.?|\d{{4}}년.{{0,12}}|juche\s+\d+(?:\s+\(\d{{4}}\))?",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:by\s+)?[A-Z][\w.'’-]*(?:\s+(?:[A-Z][\w.'’-]*|de|von|van|der|la)){1,4}")
_SMALL_WORDS = frozenset(["the", "of", "and", "in", "to", "for", "a", "an", "on", "at", "by", "with", "from", "our", "your", "their", "is", "as", "what", "why", "how", "who", "we"])
_RECORD = re.compile(r"(?:draft |approved |verbatim )?(?:minutes|proceedings|transcript|report|record|notes) of\b", re.IGNORECASE)
_BYLINE = re.compile(r"by\s|(?:text|words|story|report|written|compiled|edited|translated|collected|transcribed)\s+(?:and\s\w+\s+)?by\b|.*\||.*\b(?:1[5-9]|20)\d\d\Z", re.IGNORECASE)
_SALUTE = re.compile(r"(?:dear|comrades?|brothers?|sisters?|friends?|fellow|ladies|gentlemen|mr|mrs|madam|sirs?|colleagues|workers)\b.*[,:!—–-]\s*\Z|dear\b", re.IGNORECASE)
_LAST = re.compile(r"\W*(?:the end|end|fin|finis|ends)\W*", re.IGNORECASE)
_MOST_BLOCKS, _MOST_WORDS = 14, 45
_AROUND = " .*_()"


def title_page(text: str) -> Iterator[Edit]:
    """What stands above and below the body: title, author, date, publisher. It is offered as metadata."""
    headers = [block for block in blocks(text) if _is_mail_header(block)]
    above = {block.start for block in headers}
    every = Blocks(text, (block for block in blocks(text) if block.start not in above))
    front = _front(every)
    back = _back(every, len(front), {_key(block.text) for block in front} | {_key(line.text) for block in front for line in block.lines})
    if len(every) == len(front) + len(back):
        return
    kinds = _kinds(front)
    found = list(_mail_edits(text, headers))
    for block in [*front, *back]:
        kind = kinds.get(_key(block.text)) or _kind(block) or "title"
        for line in block.lines:
            own = "date" if kind not in ("date", "imprint") and _DATE.fullmatch(line.text.strip(_AROUND)) else kind
            found.append(_whole_line(text, line, own))
    yield from sorted(found)


def _key(block: str) -> str:
    return re.sub(r"\W+", " ", block).casefold().strip()


def _is_mail_header(block: Block) -> bool:
    """Whether a block is the header of an e-mail, at the top or in what is forwarded."""
    if not _MAIL.match(block.lines[0].text):
        return False
    fields = {field.group(1).lower() for line in block.lines if (field := _MAIL.match(line.text))}
    whole = all(_MAIL.match(line.text) or line.text[:1].isspace() for line in block.lines)
    return whole and len(fields) >= 2 and bool(fields & {"from", "subject", "title"})


def _mail_edits(text: str, headers: list[Block]) -> Iterator[Edit]:
    """The lines of mail headers; author, date and title are those of the first."""
    for block in headers:
        for line in block.lines:
            field = _MAIL.match(line.text) if block is headers[0] else None
            kind = _MAIL_KINDS.get(field.group(1).lower(), "mail header") if field else "mail header"
            yield _whole_line(text, line, kind)


def _front(every: Blocks) -> list[Block]:
    """The blocks above the body. A heading like those inside the body belongs to the body."""
    front: list[Block] = []
    for block in islice(every, _MOST_BLOCKS + 1):
        if _opens_body(block, front):
            break
        front.append(block)
    else:
        return []
    if front and _headlike(front[-1]) and not _kind(front[-1]) and not _BYLINE.match(front[-1].text):
        style = _style(front[-1].text)
        if any(_headlike(block) and (style == "word" or _style(block.text) in (style, "word")) for block in islice(every, len(front), None)):
            front.pop()
    return front


def _opens_body(block: Block, front: list[Block]) -> bool:
    """Whether prose, a salutation, a list or a numbered heading begins here."""
    words = block.text.split()
    if _kind(block):
        return False
    if not front and ":" in block.text and 2 < len(words) <= 15 and _titled([*words[:-1], words[-1] + "!"]) and not finished(block.text):
        return False  # "Candles: The Children's Strike" is no speaker
    if len(words) > _MOST_WORDS or begins_item(block.lines[0].text) or _SALUTE.match(block.text) or not re.search(r"[^\W\d_]", block.text):
        return True
    if _set_apart(block) or (len(words) <= 30 and _RECORD.match(block.text)):
        return False
    if front and begins_small(block.text) and len(words) <= 12 and not finished(block.text):
        return False
    if not finished(block.text) and not block.text.rstrip().endswith((":", ";", ",")):
        return begins_small(block.text) and not block.text.startswith("by ")
    return not (_mostly_capitals(block.text) or (not front and _titled(words)))


def _set_apart(block: Block) -> bool:
    """Whether the lines of a block stand each for itself, as on a title page or in the head of a transcript."""
    texts = [line.text.strip() for line in block.lines]
    short = len(texts) > 1 and max(map(len, texts)) < 66 and not any(begins_small(text) for text in texts[1:]) and not finished(texts[-1])
    return short and sum(finished(text) for text in texts) * 2 <= len(texts) and not _SALUTE.match(texts[0])


def _titled(words: list[str]) -> bool:
    """Whether the words are set as in a title: 'What Is a Union For?'"""
    heavy = [word for word in words if word.casefold().strip(".,!?\"'") not in _SMALL_WORDS]
    return len(words) >= 3 and words[-1].endswith(("?", "!")) and len(heavy) >= 2 and all(word[:1].isupper() for word in heavy)


def _style(heading: str) -> str:
    """How a heading is set: in capitals, in Title Case, as a sentence, or too short to tell."""
    heavy = [word for word in heading.split() if word.casefold() not in _SMALL_WORDS and word[:1].isalpha()]
    if capitals(heading):
        return "capitals"
    if len(heavy) < 2:
        return "word"
    return "title" if all(word[:1].isupper() for word in heavy) else "sentence"


def _headlike(block: Block) -> bool:
    """Whether a block looks like a heading inside a body."""
    text = block.text
    return len(block.lines) == 1 and len(text.split()) <= 10 and not finished(text) and not any(mark in text for mark in ",;:|") and text[:1].isupper()


def _kind(block: Block) -> str | None:
    """Date or imprint, where a block says so itself."""
    if len(block.text.split()) > 25:
        return None
    if _DATE.fullmatch(block.text.strip(_AROUND)):
        return "date"
    if _PRODUCED.match(block.text):
        return "imprint"
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


def _back(every: Blocks, first: int, front: set[str]) -> list[Block]:
    """The blocks below the body: what the title page said already, an imprint, a date beside one."""
    back: list[Block] = []
    for block in islice(reversed(every), len(every) - first):
        keys = [re.sub(r"^by ", "", _key(line.text)) for line in block.lines]
        again = (_key(block.text) in front or all(key in front for key in keys)) and (not finished(block.text) or capitals(block.text))
        colophon = len(_IMPRINT.findall(block.text)) >= 2 and len(block.text.split()) <= 60
        if not (again or colophon or _kind(block) or _LAST.fullmatch(block.text)):
            break
        back.append(block)
    if back and all(_kind(block) == "date" for block in back):
        return []
    return back[::-1]
