"""Plain text states no structure: what in it is the page's and not the author's, as far as the file itself gives evidence.

Lines that name themselves are furniture (``page.toml`` has the patterns). Page
numbers and running heads are so only where the file has pages. What merely
resembles furniture is listed by :func:`resembling`, for the reader to decide.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from helpers.corpus.account import Edit, in_order
from helpers.corpus.files import read_toml

Span = tuple[int, int]
_DATA = read_toml(Path(__file__).with_name("page.toml"))


def _any(patterns: Iterable[str], flags: int = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns), flags)


_MONTH, _DAY = _DATA["outside"].pop("month"), _DATA["outside"].pop("day")
_SALUTE = _any(_DATA["outside"].pop("salute"))
for _dates in (_DATA["outside"]["date"], _DATA["signs"]["year"]):
    _dates[:] = [one.replace("MONTH", _MONTH).replace("DAY", _DAY) for one in _dates]
_NAMED = {reason: _any(each) for part in ("always", "leads") for reason, each in _DATA[part].items()}
_OUTSIDE = {kind: _any(each) for kind, each in _DATA["outside"].items()}
_SIGNS = {kind: _any(each) for kind, each in _DATA["signs"].items()}
_WEB, _MENU = _any(_DATA["together"]["web"]), _any(_DATA["together"]["words"])
_ITEM, _ABBREVIATED = _any(_DATA["shape"]["item"], 0), _any(_DATA["shape"]["abbreviated"], 0)
_FINISHED = _any(_DATA["shape"]["finished"], 0)
_BEGINNINGS, _ENDINGS = _any(_DATA["divided"]["beginnings"]), _any(_DATA["divided"]["endings"], 0)
_EVERYWHERE = ("page number", "rule", "e-text marker")  # even within a paragraph
_INLINE = re.compile(r"\[(?:Pg|Page|p\.)\s?\d{1,4}\]\s?|\[(?:edit|hide|show)\]", re.IGNORECASE)
_TIME = re.compile(r"^[ \t]*[\[(]?\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?[\])]?[ \t]+(?=\S)", re.M)
_SIGNATURE = re.compile(r"^-- ?\n(?:[^\n]+\n){0,7}[^\n]+$", re.MULTILINE)
_ETEXT = re.compile(r"^\*{2,}\s*(START|END) OF [^\n]{0,160}\*{2,}[ \t]*$\n?", re.MULTILINE)
_NUMBER = re.compile(r"(\d{1,4}|[ivxlc]{1,6})\.?")
_HEAD = re.compile(r"(?:(\d{1,4})(?=\D))?\W*(.*?)\W*(?:(?<=\D)(\d{1,4}))?")
_HEAD_NUMBER = re.compile(  # set apart, or at the head of a line in capitals
    r"^(\d{1,3})(?:\s*(?:[|—–]|--)|\s{2,}|\s(?=[^a-z]+$))|(?:[|—–]|--|\s{2,}|\s[Pp]age\s|^[^a-z]+\s)\s*(\d{1,3})(?:\s*/\s*\d{1,3})?$"
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_MARGIN = re.compile(r"[ \t]*(\d{1,4})(?:[ \t]+|\Z)")
_MARKS = re.compile(r"\*{1,3}|_{2,3}|^#{1,6}\s+|</?[a-zA-Z][^<>]*>")
_DIVIDED = re.compile(
    r"(?<![^\W\d_])([^\W\d_]+(?:-[^\W\d_]+){0,8})([-¬]\u00ad?|\u00ad)([ \t]*\n\s*)([^\W\d_]+)"
)
_SOFT = re.compile("\u00ad+(?=\u00ad[ \t]*\n)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_WIDE = re.compile("[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]")
_NAME = re.compile(r"[A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*|de|von|van|der|la)){1,4}")
_FIELD = re.compile(r"([\w-]+)\s*:\s*(.*)")
_FIELDS = {"title": "title", "subject": "title", "from": "author", "author": "author", "date": "date"}
_OPENING = " \t\"'“‘«("
_BELOW = ("imprint", "end", "colophon")  # what may stand below a body
_LONGEST, _MOST_BLOCKS = 500, 12


# --- how lines look ---------------------------------------------------------------------------------------------


def line_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The places of the lines that are not blank."""
    for line in re.compile(r"[^\n\f]+").finditer(text, start, len(text) if end is None else end):
        if not line.group().isspace():
            yield line.span()


def blocks(text: str) -> Iterator[list[Span]]:
    """The lines that stand together, between blank ones."""
    block: list[Span] = []
    for line in line_spans(text):
        if block and line[0] != block[-1][1] + 1 or block and text[block[-1][1]] == "\f":
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def bare(line: str) -> str:
    """A line without marks of emphasis and outer space."""
    return _MARKS.sub("", line.strip()).strip()


def finished(line: str) -> bool:
    """Whether a line ends as a sentence does.

    >>> finished('"One for all!"'), finished("by forty to three. 1"), finished("in the construction")
    (True, True, False)
    """
    end = line.rstrip()[-24:]
    return bool(_FINISHED.search(end)) and not _ABBREVIATED.search(end)


def begins_item(line: str) -> bool:
    """Whether a line opens a list item, a numbered clause or heading, a speaker's turn or a resolution."""
    return bool(_ITEM.match(line.lstrip()))


def begins_small(line: str) -> bool:
    """Whether the first letter, after quotation marks and brackets, is a small one."""
    return line.lstrip(_OPENING)[:1].islower()


def is_heading(line: str) -> bool:
    """Whether a short line is set as headings are: in capitals, or with most words capital, and not finished."""
    words = [word for word in line.split() if word[:1].isalpha() and len(word) > 3]
    return not finished(line) and all(word[:1].isupper() for word in words) and len(line) < 90


def columns(line: str) -> int:
    """How wide a line is: letters of Chinese, Japanese and Korean take two columns."""
    return len(line) if line.isascii() else len(line) + len(_WIDE.findall(line))


def whole_line(text: str, line: Span, reason: str) -> Edit:
    """The removal of a line with its line end."""
    return Edit(line[0], min(line[1] + 1, len(text)), "", reason)


# --- furniture ----------------------------------------------------------------------------------------------------


def page_furniture(text: str) -> list[Edit]:
    """Lines that name themselves, numbers in a margin, time codes; page numbers and running heads of a file with pages."""
    every = list(line_spans(text))
    found = list(_margin(text, every))
    why: dict[int, str] = {}
    for index in range(len(every)):
        if reason := _named(text, every, index, index - 1 in why):
            why[index] = reason
    why |= dict.fromkeys(_menus(text, every, why), "menu")
    why |= dict.fromkeys(_mail_headers(text, every), "mail header")
    why |= _paged(text, every, why)
    found += [whole_line(text, every[index], reason) for index, reason in why.items()]
    found += [Edit(*match.span(), "", "mark of the page") for match in _INLINE.finditer(text)]
    found += [Edit(*match.span(), "", "signature") for match in _SIGNATURE.finditer(text)]
    codes = list(_TIME.finditer(text))
    if len(codes) >= 3 and len(codes) * 4 >= len(every):
        found += [Edit(*match.span(), "", "time code") for match in codes]
    for mark in _ETEXT.finditer(text):
        span = (0, mark.end()) if mark[1] == "START" else (mark.start(), len(text))
        if mark[1] == "END" or mark.end() < len(text) / 2:
            found.append(Edit(*span, "", "e-text header or footer"))
    return in_order(found)


def _adjoins(every: list[Span], index: int) -> bool:
    """Whether no blank line stands above a line."""
    return 0 < index < len(every) and every[index - 1][1] + 1 == every[index][0]


def _named(text: str, every: list[Span], index: int, below: bool) -> str:
    """Why a line is furniture by what it says, unless it is a line within a paragraph of prose."""
    start, end = every[index]
    line = text[start:end].strip() if end - start <= _LONGEST else ""
    reason = next((why for why, pattern in _NAMED.items() if pattern.fullmatch(line)), "")
    parts = [part for part in re.split(r"\s*[|»›>·•/]\s*|\s{3,}|\t+", line) if part]
    if not reason and len(parts) >= 3 and _is_menu(parts) and max(map(len, parts)) < 25:
        reason = "menu"
    if not reason or reason in _EVERYWHERE:
        return reason
    above = text[slice(*every[index - 1])] if _adjoins(every, index) else ""
    within = len(above) > 45 and not finished(above) and _adjoins(every, index + 1)
    return "" if within and not below else reason


def _is_menu(labels: list[str]) -> bool:
    """Whether labels are those of a menu: most are known, and one belongs to the web alone."""
    web = sum(bool(_WEB.fullmatch(label)) for label in labels)
    known = web + sum(bool(_MENU.fullmatch(label)) for label in labels)
    return web > 0 and known >= 2 and known * 2 >= len(labels)


def _menus(text: str, every: list[Span], why: dict[int, str]) -> Iterator[int]:
    """Short lines that stand together as a menu, and those that a line such as "Related posts" leads."""
    run: list[int] = []
    led = False
    for index in range(len(every) + 1):
        joined = _adjoins(every, index)
        line = text[slice(*every[index])].strip() if index < len(every) else ""
        led = why.get(index) == "related links" or led and joined
        if led and not finished(line):
            yield index
        if line and len(line) < 40 and not finished(line) and (joined or not run):
            run.append(index)
            continue
        labels = [text[slice(*every[each])].strip(" \t-*•+") for each in run]
        if len(run) >= 3 and _is_menu(labels):
            yield from run
        run = [index] if line and len(line) < 40 and not finished(line) else []


def _mail_headers(text: str, every: list[Span]) -> Iterator[int]:
    """The lines of mail headers below the first, as a forwarded mail has them."""
    at = 0
    for block in blocks(text):
        lines = [text[slice(*line)] for line in block]
        fields = [each[1].lower() for line in lines if (each := _FIELD.match(line.strip()))]
        whole = all(_FIELD.match(line.strip()) or line[:1].isspace() for line in lines)
        if at and whole and len(fields) > 1 and {"from", "sent", "subject"} & set(fields):
            if outside_kind(_joined(text, block)) == "mail header":
                yield from range(at, at + len(block))
        at += len(block)


def _margin(text: str, every: list[Span]) -> Iterator[Edit]:
    """Numbers in a margin: they count the lines, all of them or every fifth, and prose runs on behind them."""
    run: list[tuple[int, re.Match[str]]] = []
    for index in range(len(every) + 1):
        number = _MARGIN.match(text, *every[index]) if index < len(every) else None
        if number and run:
            lines, count = index - run[-1][0], int(number[1]) - int(run[-1][1][1])
            if lines == count and count in (1, 5) or int(number[1]) == 1 and len(run) > 4:
                run.append((index, number))
                continue
        if index < len(every) and not number and run and index - run[-1][0] < 5:
            continue  # a line between two numbered ones, perhaps
        small = sum(begins_small(text[each.end() : every[at][1]]) for at, each in run)
        if len(run) >= 5 and small * 4 >= len(run):
            yield from (Edit(*each.span(), "", "number in the margin") for _, each in run)
        run = [(index, number)] if number else []


def _paged(text: str, every: list[Span], why: dict[int, str]) -> dict[int, str]:
    """Page numbers and running heads, where form feeds, torn sentences or numbers in a row show that there are pages."""
    lines = [text[slice(*each)].strip() if each[1] - each[0] < 90 else "" for each in every]
    numbers = {
        at: _value(line.strip("."))
        for at, line in enumerate(lines)
        if _NUMBER.fullmatch(line) and not (_adjoins(every, at) and _adjoins(every, at + 1))
    }
    heads: dict[str, list[int]] = {}
    beside: dict[int, int] = {}  # the numbers that heads have beside them
    for at, line in enumerate(lines):
        if line and at not in why and at not in numbers and (key := _key(line)):
            heads.setdefault(key, []).append(at)
            if number := _HEAD_NUMBER.search(line):
                beside[at] = int(number[1] or number[2])
    again = {at for each in heads.values() if len(each) > 1 for at in each}
    skip = again | set(numbers) | set(why) | set(beside)
    torn = {at for at in skip if _at_page_end(text, every, at, skip)}
    found = dict.fromkeys(_page_numbers(numbers, torn, again), "page number")
    found |= dict.fromkeys(_page_numbers(beside, torn, set()), "running head")
    for each in heads.values():
        if _counted([lines[at] for at in each]):
            found |= dict.fromkeys(each, "running head")
    for _ in range(2):  # the second line of a head is known by the first
        near = {at + step for at in found for step in (-1, 1)} | torn & again
        near |= {at + step for at, reason in why.items() for step in (-1, 1) if reason == "page number"}
        for each in heads.values():
            shown = near & set(each)
            if len(shown) > 1:
                found |= dict.fromkeys(shown, "running head")
    for at in {at + step for at, reason in found.items() for step in (-1, 1) if reason == "page number"}:
        if 0 <= at < len(lines) and at not in skip and lines[at] and is_heading(lines[at]):
            if _at_page_end(text, every, at, skip):
                found[at] = "running head"
    return found


def _page_numbers(numbers: dict[int, int], torn: set[int], again: set[int]) -> Iterator[int]:
    """Lines whose numbers rise by one from line to line, where one stands at a page's end or none is the first."""
    run: list[int] = []
    for at in [*numbers, -1]:
        if run and at >= 0 and numbers[at] == numbers[run[-1]] + 1:
            run.append(at)
            continue
        heads = [each for each in run if {each - 1, each + 1} & again]
        if torn & set(run) and (len(run) > 1 or not again) or len(run) > 1 and (
            heads or numbers[run[0]] > 1
        ):
            yield from run
        run = [at]


def _value(number: str) -> int:
    """What a page number in digits or small Roman numerals is worth."""
    if number.isdigit():
        return int(number)
    worth = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[letter] for letter in number]
    after = [*worth[1:], 0]
    return sum(-one if one < two else one for one, two in zip(worth, after, strict=True))


def _key(line: str) -> str:
    """What a running head says, without a page number at either end, unless it opens an item."""
    if begins_small(line) or finished(line) and line.upper() != line:
        return ""
    words = _HEAD.fullmatch(line)
    return line.casefold() if begins_item(line) or not words else words[2].casefold()


def _counted(lines: list[str]) -> bool:
    """Whether numbers beside a repeated title rise by one or two each time, as those of pages do and no section's."""
    found = [number for line in lines if (number := _HEAD_NUMBER.search(line))]
    values = [int(each[1] or each[2]) for each in found]
    steps = [after - before for before, after in zip(values, values[1:], strict=False)]
    return bool(steps) and values[0] > 1 and all(step in (1, 2) for step in steps)


def _at_page_end(text: str, every: list[Span], index: int, skip: set[int]) -> bool:
    """Whether a line stands beside a form feed, or among such lines in the middle of a sentence."""
    above, below = index - 1, index + 1
    while above in skip and index - above < 8:
        above -= 1
    while below in skip and below - index < 8:
        below += 1
    low = every[above][1] if above >= 0 else 0
    high = every[below][0] if below < len(every) else len(text)
    if "\f" in text[low:high]:
        return True
    if above < 0 or below >= len(every):
        return False
    before, after = text[slice(*every[above])], text[slice(*every[below])]
    return len(before.strip()) > 25 and not finished(before) and begins_small(after) and not begins_item(after)


# --- the body -------------------------------------------------------------------------------------------------------


def propose_body(text: str) -> tuple[int, int]:
    """The first and last line (from 1) of what seems to be the body; in doubt all of the text is body.

    >>> propose_body("Our Rules\\n\\nAdopted on 4 May 1912\\n\\nEach member pays a penny a week.")
    (5, 5)
    """
    start, end = body_span(text)
    return 1 + text.count("\n", 0, start), 1 + text.count("\n", 0, max(start, end - 1))


def body_span(text: str) -> Span:
    """Where the body seems to stand: below the last line of a title page that names itself, above an imprint."""
    every = list(blocks(text))
    top = 0
    while top < min(len(every), _MOST_BLOCKS) and _may_be_title(text, every[top]):
        top += 1
    if top == len(every):
        return 0, len(text)  # no prose below: nothing shows where a body begins
    signs = [_signs(text, block) for block in every[:top]]
    again = {kind for block in every[top:-3] if len(block) == 1 for kind in _signs(text, block)}
    series = [again if len(block) == 1 else set() for block in every[:top]]
    shown = [at for at, (kinds, others) in enumerate(zip(signs, series, strict=True)) if kinds - others]
    front = shown[-1] + 1 if shown else 0
    lines = [bare(text[slice(*line)]) for block in every[:front] for line in block]
    if len(lines) < 2 and not (lines and outside_kind(lines[0])):
        front = 0
    if len({tuple(_YEAR.findall(line)) for line in lines if _SIGNS["year"].fullmatch(line)}) > 2:
        front = 0  # a list of years, perhaps
    said = {_said(line) for line in lines} | {_said(_joined(text, block)) for block in every[:front]}
    back = len(every)
    while back - 1 > front and _is_back(text, every[back - 1], said):
        back -= 1
    return every[front][0][0] if front else 0, every[back - 1][-1][1]


def _said(line: str) -> str:
    return re.sub(r"^by |[^\w ]", "", line.casefold())


def _is_back(text: str, block: list[Span], said: set[str]) -> bool:
    """Whether a block at the end is an imprint, or says again what the title page said."""
    whole = _joined(text, block)
    lines = [bare(text[slice(*line)]) for line in block]
    again = [_said(line) in said or outside_kind(line) in _BELOW for line in lines]
    return outside_kind(whole) in _BELOW or _said(whole) in said or sum(again) * 2 > len(again)


def _signs(text: str, block: list[Span]) -> set[str]:
    """What the lines of a short block show that title pages have: a year, a date alone, or something other."""
    lines = [bare(text[slice(*line)]) for line in block if line[1] - line[0] < 200]
    if len(block) > 25 or sum(map(len, lines)) > 600 and not outside_kind(" ".join(lines)):
        return set()
    found = {kind for line in lines for kind, pattern in _SIGNS.items() if pattern.fullmatch(line)}
    return {"date"} if len(lines) == 1 and outside_kind(lines[0]) == "date" else found


def _may_be_title(text: str, block: list[Span]) -> bool:
    """Whether a block at the top names itself, or its lines are short and no sentence, list item or salutation."""
    said = _joined(text, block)
    if outside_kind(said):
        return True
    lines = [bare(text[slice(*line)]) for line in block]
    if len(said.split()) > 45 or max(map(len, lines)) > 90 or _SALUTE.fullmatch(said):
        return False
    if begins_item(lines[0]) or begins_small(lines[0]) and not _SIGNS["other"].fullmatch(lines[0]):
        return False
    set_apart = max(map(len, lines)) < 66 and not any(map(begins_small, lines[1:]))
    if not said.endswith(":") and (not finished(said) or len(lines) > 1 and set_apart and _signs(text, block)):
        return True
    return said.isupper() or len(said.split()) < 8 and is_heading(said.rstrip(".") + " x")


def outside_kind(block: str) -> str:
    """What a short block is that names itself as no part of a body, such as "date" or "imprint"; else nothing."""
    words = bare(block) if len(block) < 1000 else ""
    return next((kind for kind, pattern in _OUTSIDE.items() if pattern.fullmatch(words)), "")


def title_blocks(text: str) -> list[Span]:
    """The first short paragraphs of a clean text, which may say what it is."""
    spans = list(line_spans(text[:5000]))[:_MOST_BLOCKS]
    first = next((at for at, span in enumerate(spans) if not _may_be_title(text, [span])), 0)
    return spans[:first]


def offers(block: list[tuple[int, str]]) -> list[tuple[str, str, int]]:
    """What a block outside a body, in lines of number and text, says of the document: kind, text, line."""
    said = " ".join(words for _, words in block)
    kind = outside_kind(said).replace("publisher", "imprint")
    if not kind:
        kind = "author" if _NAME.fullmatch(said) else "motto" if said.endswith("!") else "title"
    rows: list[tuple[str, str, int]] = []
    for line, words in block:
        field = _FIELD.fullmatch(words) if kind == "mail header" else None
        own = _FIELDS.get(field[1].lower(), kind) if field else kind
        if kind not in ("mail header", "imprint") and outside_kind(words) == "date":
            own = "date"
        if field or not rows or rows[-1][0] != own:
            rows.append((own, field[2] if field else words, line))
        else:
            rows[-1] = (own, f"{rows[-1][1]} {words}", rows[-1][2])
    return rows


def _joined(text: str, block: list[Span]) -> str:
    return " ".join(bare(text[slice(*line)]) for line in block)


# --- divided words, wrapped lines, torn paragraphs ------------------------------------------------------------------


def hyphenation(text: str) -> list[Edit]:
    """Words divided at a line end, joined where the text has them whole elsewhere or one part is no word."""
    found = [Edit(*match.span(), "", "soft hyphen") for match in _SOFT.finditer(text)]
    divided = list(_DIVIDED.finditer(text))
    seen = Counter(word.casefold() for word in _WORD.findall(text)) if divided else Counter()
    for match in divided:
        left, mark, _, right = match.groups()
        if mark == "-" and right in ("and", "or", "to", "nor"):
            continue  # "half- and quarter-timers"
        small = right[:1].islower() or right.isupper() and left.isupper()
        if small and _is_one_word(left, right, seen):
            found.append(Edit(match.start(2), match.end(3), "", "divided word joined"))
        elif mark == "-":
            found.append(Edit(*match.span(3), "", "word joined at its hyphen"))
        else:
            found.append(Edit(match.start(2), match.end(3), "-", "word joined at its hyphen"))
    return in_order(found)


def _is_one_word(left: str, right: str, seen: Counter[str]) -> bool:
    """Whether a word was divided, by the text's own spelling, or as one of its parts is no word."""
    joined, hyphened = (left + right).casefold(), f"{left}-{right}".casefold()
    if seen[joined] != seen[hyphened]:
        return seen[joined] > seen[hyphened]
    if seen[joined + "s"] or seen[joined.removesuffix("s")]:
        return True
    last = left.rpartition("-")[2]
    return bool(_BEGINNINGS.fullmatch(last) or _ENDINGS.fullmatch(right))


def hard_wraps(text: str) -> Iterator[Edit]:
    """Full lines are joined to the next; a line broken on purpose becomes a paragraph."""
    width = _page_width(text)
    for block in blocks(text):
        lines = [text[slice(*line)] for line in block]
        verse = len(lines) > 2 and _is_verse(lines, width)
        for (_, end), (start, _), above, below in zip(block, block[1:], lines, lines[1:], strict=False):
            end -= len(above) - len(above.rstrip())
            start += len(below) - len(below.lstrip())
            if not verse and width and _wrapped(above, below, width):
                yield Edit(end, start, " ", "wrapped line joined")
            else:
                yield Edit(end, start, "\n\n", "line break kept as a paragraph")


def line_breaks(text: str) -> Iterator[Edit]:
    """Line breaks that a format states: each becomes a paragraph."""
    for found in re.finditer(r"(?<!\n)\n(?!\s)", text):
        yield Edit(*found.span(), "\n\n", "line break kept as a paragraph")


def _page_width(text: str) -> int:
    """How many columns a full line has, or 0 where each line is a paragraph."""
    followed, longer = [], []
    for block in blocks(text):
        sizes = [columns(text[slice(*line)].rstrip()) for line in block]
        followed += sizes[:-1]
        longer += sizes
    if not followed:
        return 0
    followed.sort()
    middle = followed[len(followed) // 2]
    usual = [size for size in followed if size <= 1.6 * middle] or followed
    width = usual[int(0.97 * (len(usual) - 1))]
    beyond = sum(size for size in longer if size > 1.3 * width)
    return 0 if beyond > 0.5 * sum(longer) else width


def _is_verse(lines: list[str], width: int) -> bool:
    """Whether nearly every line begins with a capital and stops well before the page is full."""
    if any(map(begins_item, lines)):
        return False
    capital = sum(line.lstrip(_OPENING + "—")[:1].isupper() for line in lines)
    return capital >= 0.8 * len(lines) and max(map(len, lines)) < max(60, 0.8 * width)


def _wrapped(above: str, below: str, width: int) -> bool:
    """Whether a line ends only because the next word had no room, or goes on in mid-sentence."""
    first, second = above.rstrip(), below.strip()
    full = columns(first) + 1 + columns(second.split()[0]) > width
    if begins_item(second) or first.endswith((":", ";")) and not full:
        return False
    if first.upper() == first and second.upper() == second:
        return not finished(first)
    if begins_small(second):
        return full or not finished(first)
    indent = len(below) - len(below.lstrip()) - len(above) + len(above.lstrip())
    return full and not (finished(first) and indent > 1)


def torn_paragraphs(text: str) -> Iterator[Edit]:
    """A paragraph that stops in mid-sentence is joined to the next, if that begins with a small letter."""
    above: Span = (0, 0)
    goes_on = False
    for block in blocks(text):
        start, end = block[0][0], block[-1][1]
        first, second = text[slice(*above)].strip(), text[start : start + 200]
        whole = goes_on or not begins_small(first)  # else it is a list of small lines
        goes_on = whole and _is_torn(first) and begins_small(second) and not begins_item(second)
        if goes_on:
            yield Edit(above[1], start, " ", "torn paragraph joined")
        above = (start, end)


def _is_torn(paragraph: str) -> bool:
    open_end = not finished(paragraph) and not paragraph.endswith((":", ";"))
    return open_end and len(paragraph) > 40 and not is_heading(paragraph)


def resembling(text: str) -> Iterator[tuple[int, str]]:
    """Places of lines that merely resemble page furniture, and why."""
    spans = [span for span in line_spans(text) if span[1] - span[0] < 80]
    lines = [text[slice(*span)].strip() for span in spans]
    times = Counter(_key(line) for line in lines)
    for (start, _), line in zip(spans, lines, strict=True):
        if _NUMBER.fullmatch(line):
            yield start, "a number alone on its line"
        elif times[_key(line)] > 2 and _key(line):
            yield start, f"a line that stands here {times[_key(line)]} times"
