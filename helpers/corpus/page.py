"""Plain text states no structure: what in it is the page's and not the author's, as far as the file
itself gives evidence.

Lines that name themselves are furniture; ``page.toml`` has the patterns. Page
numbers and running heads are so only where the file has pages. What merely
resembles furniture is listed by :func:`resembling`, for the reader to decide.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from helpers.corpus.account import Edit, in_order
from helpers.corpus.patterns import any_of, read_patterns

look, _DATA = read_patterns("page.toml")


def _kinds(table: dict[str, list[str]]) -> dict[str, re.Pattern[str]]:
    day, month = _DATA["dates"]["day"], _DATA["dates"]["month"]
    whole = {kind: "|".join(each) for kind, each in table.items()}
    return {
        kind: any_of([one.replace("DAY", day).replace("MONTH", month)])
        for kind, one in whole.items()
    }


_NAMED, _SIGNS, _OUTSIDE, _MENU, _DIVIDED_PARTS = (
    _kinds(_DATA[part]) for part in ("named", "signs", "outside", "menu", "divided")
)
_ITEM, _ABBREVIATED, _FINISHED = (
    any_of(_DATA["capitals_count"][name], 0) for name in ("item", "abbreviated", "finished")
)
_ANY_NAMED = any_of(pattern.pattern for pattern in _NAMED.values())
_BELOW = ("imprint", "end", "colophon")  # what may stand below a body
_EVERYWHERE = ("page number", "rule", "e-text marker")  # furniture even within a paragraph
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()
_FIELDS = {"subject": "title", "from": "author"}
_OPENING = " \t\"'“‘«("
_MOST_BLOCKS = 12


class Line(NamedTuple):
    """A line that is not blank, with its place in the text."""

    start: int
    end: int
    text: str

    def removed(self, reason: str) -> Edit:
        """The removal of the line with its line end."""
        return Edit(self.start, self.end + 1, "", reason)


def lines(text: str) -> Iterator[Line]:
    """The lines that are not blank."""
    for line in re.finditer(r"[^\n\f]+", text):
        if not line.group().isspace():
            yield Line(*line.span(), line.group())


class Lines(Sequence[Line]):
    """The lines of a text that are not blank, kept as places only: a large text has a million."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places = array("i", (place for line in lines(text) for place in line[:2]))

    def __len__(self) -> int:
        return len(self._places) // 2

    def __getitem__(self, at: int) -> Line:
        start, end = self._places[2 * at], self._places[2 * at + 1]
        return Line(start, end, self._text[start:end])

    def __iter__(self) -> Iterator[Line]:
        return lines(self._text)

    def adjoins(self, at: int) -> bool:
        """Whether no blank line stands above a line."""
        return 0 < at < len(self) and self._places[2 * at - 1] + 1 == self._places[2 * at]


def blocks(every: Iterable[Line]) -> Iterator[list[Line]]:
    """The lines that stand together, between blank ones."""
    block: list[Line] = []
    for line in every:
        if block and line.start != block[-1].end + 1:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def bare(line: str) -> str:
    """A line without marks of emphasis and outer space."""
    return look.marks.sub("", line.strip()).strip()


def finished(line: str) -> bool:
    """Whether a line ends as a sentence does.

    >>> finished('"One for all!"'), finished("by forty to three. 1"), finished("in the quay")
    (True, True, False)
    """
    end = line.rstrip()[-24:]
    return bool(_FINISHED.search(end)) and not _ABBREVIATED.search(end)


def begins_item(line: str) -> bool:
    """Whether a line opens a list item, a numbered clause or heading, a speaker's turn or a
    resolution."""
    return bool(_ITEM.match(line.lstrip()))


def begins_small(line: str) -> bool:
    """Whether the first letter, after quotation marks and brackets, is a small one."""
    return line.lstrip(_OPENING)[:1].islower()


def is_heading(line: str) -> bool:
    """Whether a line is set as headings are: short, not finished, and its longer words with a
    capital."""
    words = [word for word in line.split() if word[:1].isalpha() and len(word) > 3]
    return len(line) < 90 and not finished(line) and all(word[:1].isupper() for word in words)


def columns(line: str) -> int:
    """How wide a line is: letters of Chinese, Japanese and Korean take two columns."""
    return len(line) if line.isascii() else len(line) + len(look.wide.findall(line))


# --- furniture


def page_furniture(text: str) -> list[Edit]:
    """What names itself, numbers in a margin, time codes; page numbers and running heads of a file
    with pages."""
    every = Lines(text)
    found = list(_margin(every))
    why: dict[int, str] = {} if found else _paged(text, every)
    for at in range(len(every)):
        if reason := _named(every, at, why):
            why[at] = reason
    found += [every[at].removed(reason) for at, reason in why.items()]
    found += [Edit(*match.span(), "", "mark of the page") for match in look.inline.finditer(text)]
    found += [Edit(*match.span(), "", "signature") for match in look.signature.finditer(text)]
    codes = list(look.time.finditer(text))
    if len(codes) > 2 and len(codes) * 4 > len(every):
        found += [Edit(*match.span(), "", "time code") for match in codes]
    for mark in look.etext.finditer(text):
        if mark[1] == "END":
            found.append(Edit(mark.start(), len(text), "", "e-text footer"))
        elif mark.end() < len(text) / 2:
            found.append(Edit(0, mark.end(), "", "e-text header"))
    return in_order(edit._replace(end=min(edit.end, len(text))) for edit in found)


def _named(every: Lines, at: int, why: dict[int, str]) -> str:
    """Why a line is furniture by what it says, unless it stands within a paragraph of prose."""
    line = every[at].text.strip() if len(every[at].text) < 500 else ""
    joined, above = every.adjoins(at), every[at - 1].text
    ends_prose = joined and len(above) > 45 and at - 1 not in why and not finished(above)
    below = every[at + 1].text.strip() if every.adjoins(at + 1) else ""
    if ends_prose and (below or look.wrapped_page.fullmatch(line)):
        kinds = (kind for kind in _EVERYWHERE if below and _NAMED[kind].fullmatch(line))
        return next(kinds, "")
    if joined and why.get(at - 1) == "related links" and not finished(line):
        return "related links"
    passed_on = joined and why.get(at - 1) in ("rule", "mail header")
    if passed_on and _OUTSIDE["mail header"].fullmatch(line):
        return "mail header"
    if _ANY_NAMED.fullmatch(line):
        return next(kind for kind, pattern in _NAMED.items() if pattern.fullmatch(line))
    if len(line) > 200 or (len(line) > 40 and not look.menu_break.search(line)):
        return ""
    labels = [label for label in look.menu_break.split(line.strip("-*•+ ")) if label]
    near = [each for each in (above.strip() if joined else "", below) if each]
    return "menu" if _is_menu(labels if len(labels) > 2 else [*labels, *near][:3]) else ""


def _is_menu(labels: list[str]) -> bool:
    """Whether labels are those of a menu: most are known, and one belongs to the web alone."""
    web = sum(bool(_MENU["web"].fullmatch(label)) for label in labels)
    known = web + sum(bool(_MENU["words"].fullmatch(label)) for label in labels)
    return len(labels) > 2 and web > 0 and known > 1 and known * 2 >= len(labels)


def _margin(every: Lines) -> Iterator[Edit]:
    """Numbers in a margin: they count the lines, all or every fifth, and prose runs on behind
    them."""
    run: list[tuple[int, int]] = []  # line and number
    for at, line in [*enumerate(every), (-9, Line(0, 0, ""))]:
        number = look.margin.match(line.text)
        here = (at, int(number[1]) if number else 0)
        ahead = (at - run[-1][0], here[1] - run[-1][1]) if run else (0, 0)
        goes_on = ahead in ((1, 1), (5, 5)) or (here[1] == 1 and len(run) > 4)  # a new page
        if run and not goes_on and (number or ahead[0] not in range(5)):
            yield from _in_margin([every[place] for place, _ in run])
            run = []
        if number:
            run.append(here)


def _in_margin(numbered: list[Line]) -> list[Edit]:
    """The numbers at the head of such lines, if there are enough, and a quarter of them go on
    small."""
    places = [(line, look.margin.match(line.text).end()) for line in numbered]
    small = sum(begins_small(line.text[end:]) for line, end in places)
    if len(places) < 3 or small * 4 < len(places):
        return []
    why = "number in the margin"
    return [Edit(line.start, line.start + end, "", why) for line, end in places]


def _paged(text: str, every: Lines) -> dict[int, str]:
    """Page numbers and running heads, where form feeds, torn sentences or rows of numbers show
    pages."""
    numbers, beside, heads = _numbers_and_heads(every)
    again = {at for each in heads.values() if len(each) > 1 for at in each}
    skip = again | numbers.keys() | beside.keys()
    torn = {at for at in skip if _at_page_end(text, every, at, skip)}
    found = dict.fromkeys(_in_a_row(numbers, torn, again), "page number")
    capitals = {at: number for at, number in beside.items() if _capital(every[at].text)}
    row = set(_in_a_row(capitals, torn, set()))  # these may differ from page to page
    found |= dict.fromkeys(row if row & torn else (), "running head")
    for each in heads.values():
        numbered = [at for at in each if at in beside]
        steps = {beside[two] - beside[one] for one, two in pairwise(numbered)}
        apart = all(look.set_apart.search(every[at].text.strip()) for at in numbered)
        if (apart or torn & set(each)) and steps and steps <= {1, 2} and beside[numbered[0]] > 1:
            found |= dict.fromkeys(numbered, "running head")
    pages = [*found, *(at for at in numbers if numbers[at] < 0)]
    near = {at + step for at in pages for step in (-1, 1)}
    either = near | torn
    for each in heads.values():  # the second line of a head is known by the first
        shown = either.intersection(each)
        if len(shown) > 1 and (shown & near or len(shown) == len(each)):
            found |= dict.fromkeys(shown, "running head")
    return found


def _numbers_and_heads(every: Lines) -> tuple[dict[int, int], dict[int, int], dict[str, list[int]]]:
    """Lines that are a number, numbers beside a title, and what may be running heads, by what they
    say."""
    numbers: dict[int, int] = {}
    beside: dict[int, int] = {}
    heads: dict[str, list[int]] = {}
    for at, line in enumerate(every):
        said = line.text.strip()
        if len(said) > 90 or (every.adjoins(at) and every.adjoins(at + 1) and not _capital(said)):
            continue
        if number := look.number.fullmatch(said):
            numbers[at] = int(number[1]) if number[1].isdigit() else _ROMAN.index(number[1]) + 1
        elif _NAMED["page number"].fullmatch(said):
            numbers[at] = -1
        elif key := _key(said):
            heads.setdefault(key, []).append(at)
            if (number := look.head_number.search(said)) and not begins_item(said):
                beside[at] = int(number[1] or number[2])
    return numbers, beside, heads


def _capital(line: str) -> bool:
    return not line[:9].islower() and sum(map(str.isupper, line)) > 3 * sum(map(str.islower, line))


def _in_a_row(numbers: dict[int, int], torn: set[int], again: set[int]) -> Iterator[int]:
    """Lines whose numbers rise by one from line to line, where one stands at a page's end or none
    is the first."""
    run: list[int] = []
    for at in [*numbers, -1]:
        if run and at >= 0 and numbers[at] == numbers[run[-1]] + 1:
            run.append(at)
            continue
        beside = any(near in again for each in run for near in (each - 1, each + 1))
        if torn & set(run) or (len(run) > 1 and (beside or numbers[run[0]] > 1)):
            yield from run
        run = [at]


def _key(line: str) -> str:
    """What a running head says, without a page number at either end, unless it opens an item."""
    if begins_small(line) or (finished(line) and not line.isupper()):
        return ""
    title = look.head.fullmatch(line)
    return line.casefold() if begins_item(line) or not title else title[1].casefold()


def _at_page_end(text: str, every: Lines, at: int, skip: set[int]) -> bool:
    """Whether a line stands beside a form feed, or, among such lines, in the middle of a
    sentence."""
    above, below = at - 1, at + 1
    while above in skip and at - above < 8:
        above -= 1
    while below in skip and below - at < 8:
        below += 1
    if above < 0 or below >= len(every):
        return False
    before, after = every[above], every[below]
    if "\f" in text[before.end : after.start]:
        return True
    first = above  # of the block above, which begins small only in a list or a glossary
    while every.adjoins(first) and above - first < 200:
        first -= 1
    open_end = len(before.text.strip()) > 25 and not finished(before.text)
    open_end = open_end and not begins_small(every[first].text)
    return open_end and begins_small(after.text) and not begins_item(after.text)


def has_columns(text: str) -> bool:
    """Whether most of the first lines have a wide gap within them, as columns side by side do."""
    first = [line.text.strip() for line in lines(text[:20_000])]
    return len(first) > 7 and 2 * sum(bool(look.gap.search(line)) for line in first) > len(first)


def resembling(text: str) -> Iterator[tuple[int, str]]:
    """Places of lines that merely resemble page furniture, and why."""
    short = [line for line in lines(text) if len(line.text) < 80]
    times = Counter(_key(line.text) for line in short)
    for line in short:
        if look.number.fullmatch(line.text):
            yield line.start, "a number alone on its line"
        elif _key(line.text) and times[_key(line.text)] > 2:
            yield line.start, f"a line that stands here {times[_key(line.text)]} times"


# --- the body


def propose_body(text: str) -> tuple[int, int]:
    """The first and last line (from 1) of what seems to be the body; in doubt all of the text is
    body.

    >>> propose_body("Our Rules\\n\\nAdopted on 4 May 1912\\n\\nEach member pays a penny a week.")
    (5, 5)
    """
    start, end = body_span(text)
    return 1 + text.count("\n", 0, start), 1 + text.count("\n", 0, max(start, end - 1))


def body_span(text: str) -> tuple[int, int]:
    """Where the body seems to stand: below the last line of a title page that names itself, above
    an imprint."""
    stream = blocks(lines(text))
    first: list[list[Line]] = []
    while len(first) < _MOST_BLOCKS and (block := next(stream, None)):
        first.append(block)
        if not _may_be_title(block):
            break
    else:
        if block is None:
            return 0, len(text)  # no prose below: nothing shows where a body begins
    last = deque(first, _MOST_BLOCKS)
    again: set[str] = set()
    for block in stream:
        if len(last[-1]) == 1 and len(last[-1][0].text) < 120 and len(last) > 2:
            again |= _signs(last[-1])
        last.append(block)
    front = 0
    for at, block in enumerate(first[:-1]):
        if _signs(block) - (again if len(block) == 1 else set()):
            front = at + 1
    said = [bare(line.text) for block in first[:front] for line in block]
    dated = {tuple(look.year.findall(line)) for line in said if _SIGNS["year"].fullmatch(line)}
    if len(dated) > 2 or (len(said) == 1 and not outside_kind(said[0])):
        front = 0  # a list of years, or one heading
    known = {_words(line) for line in [*said, *map(_joined, first[:front])]}
    start = first[front][0].start if front else 0
    while len(last) > 1 and last[-1][0].start > start and _is_back(last[-1], known):
        last.pop()
    return start, last[-1][-1].end


def outside_kind(block: str) -> str:
    """What a short block is that names itself as no part of a body, such as "date" or "imprint";
    else nothing."""
    said = bare(block) if len(block) < 1000 else ""
    return next((kind for kind, pattern in _OUTSIDE.items() if pattern.fullmatch(said)), "")


def _joined(block: list[Line]) -> str:
    return " ".join(bare(line.text) for line in block)


def _words(line: str) -> str:
    return re.sub(r"^by |[^\w ]", "", line.casefold())


def _is_back(block: list[Line], known: set[str]) -> bool:
    """Whether a block at the end is an imprint, or says again what the title page said."""
    whole = _joined(block)
    again = [_words(line.text) in known or outside_kind(line.text) in _BELOW for line in block]
    return outside_kind(whole) in _BELOW or _words(whole) in known or sum(again) * 2 > len(again)


def _signs(block: list[Line]) -> set[str]:
    """What the lines of a short block show that title pages have: a year, a date alone, or
    something other."""
    said = _joined(block)
    if len(said) > 600 and outside_kind(said) != "mail header":
        return set()
    each = [bare(line.text) for line in block]
    found = {
        kind
        for line in each
        for kind, pattern in _SIGNS.items()
        if pattern.fullmatch(line) and (kind != "year" or not begins_small(line))
    }
    return {"date"} if len(each) == 1 and outside_kind(said) == "date" else found


def _may_be_title(block: list[Line]) -> bool:
    """Whether a block at the top names itself, or its lines are short and no sentence, list item or
    salutation."""
    said, each = _joined(block), [bare(line.text) for line in block]
    if outside_kind(said):
        return True
    if len(said.split()) > 45 or max(map(len, each)) > 90:
        return False
    if begins_item(each[0]) or (begins_small(each[0]) and not _SIGNS["other"].fullmatch(each[0])):
        return False
    if said.endswith(":") or look.amount.search(said):
        return said.endswith(":") and said.isupper()
    set_apart = (
        len(each) > 1
        and len(said.split()) < 20
        and max(map(len, each)) < 66
        and not any(map(begins_small, each[1:]))
    )
    name = len(said.split()) < 8 and is_heading(said.rstrip(".") + " x")
    return not finished(said) or said.isupper() or name or (set_apart and bool(_signs(block)))


def title_blocks(text: str) -> list[Line]:
    """The first short paragraphs of a clean text, which may say what it is."""
    found = list(lines(text[:5000]))[:_MOST_BLOCKS]
    return found[: next((at for at, line in enumerate(found) if not _may_be_title([line])), 0)]


def offers(block: list[tuple[int, str]]) -> list[tuple[str, str, int]]:
    """What a block outside a body, in lines of number and text, says of the document: kind, text,
    line."""
    said = " ".join(words for _, words in block)
    kind = outside_kind(said).replace("publisher", "imprint").replace("record", "title")
    if not kind:
        kind = "author" if look.name.fullmatch(said) else "motto" if said.endswith("!") else "title"
    rows: list[tuple[str, str, int]] = []
    for line, words in block:
        field = look.field.fullmatch(words) if kind == "mail header" else None
        own = field[1].lower() if field else kind
        own = _FIELDS.get(own, own if own in ("title", "author", "date") else kind)
        if kind not in ("mail header", "imprint") and outside_kind(words) == "date":
            own = "date"
        if field or not rows or rows[-1][0] != own:
            rows.append((own, field[2] if field else words, line))
        else:
            rows[-1] = (own, f"{rows[-1][1]} {words}", rows[-1][2])
    return rows


# --- divided words, wrapped lines, torn paragraphs


def hyphenation(text: str) -> list[Edit]:
    """Words divided at a line end, joined where the text has them whole elsewhere or one part is no
    word."""
    found = [
        Edit(match.start(), match.end() - 1, "", "soft hyphen")
        for match in look.soft.finditer(text)
    ]
    divided = []
    for match in look.divided.finditer(text):
        if left := look.left.search(text[max(0, match.start() - 80) : match.start()]):
            divided.append((left.group(), match))
    wanted = {form for left, match in divided for form in _spellings(left, match[3])}
    words = (word.group().casefold() for word in look.word.finditer(text) if wanted)
    seen = Counter(word for word in words if word in wanted)
    for left, match in divided:
        mark, _, right, on = match.groups()
        if mark == "-" and right in ("and", "or", "to", "nor") and not on:
            continue  # "half- and quarter-timers"
        small = right[:1].islower() or (right.isupper() and left.isupper())
        if small and not on and _is_one_word(left, right, seen):
            found.append(Edit(match.start(1), match.end(2), "", "divided word joined"))
        elif mark == "-":
            found.append(Edit(*match.span(2), "", "word joined at its hyphen"))
        else:
            found.append(Edit(match.start(1), match.end(2), "-", "word joined at its hyphen"))
    return in_order(found)


def _spellings(left: str, right: str) -> tuple[str, str, str, str]:
    """Whole, with a hyphen, and whole as more than one or as one."""
    joined = (left + right).casefold()
    return joined, f"{left}-{right}".casefold(), joined + "s", joined.removesuffix("s")


def _is_one_word(left: str, right: str, seen: Counter[str]) -> bool:
    """Whether a word was divided, by the text's own spelling, or as one of its parts is no word."""
    joined, hyphened, *others = _spellings(left, right)
    if seen[joined] != seen[hyphened]:
        return seen[joined] > seen[hyphened]
    if any(seen[other] for other in others):
        return True
    parts = (left.rpartition("-")[2], right)
    return any(map(re.Pattern.fullmatch, _DIVIDED_PARTS.values(), parts))


def hard_wraps(text: str) -> Iterator[Edit]:
    """Full lines are joined to the next; a line broken on purpose becomes a paragraph."""
    width = _page_width(text)
    for block in blocks(lines(text)):
        verse = len(block) > 2 and _is_verse(block, width)
        for above, below in pairwise(block):
            start = above.end - len(above.text) + len(above.text.rstrip())
            end = below.start + len(below.text) - len(below.text.lstrip())
            if width and not verse and _wrapped(above.text, below.text, width):
                yield Edit(start, end, " ", "wrapped line joined")
            else:
                yield Edit(start, end, "\n\n", "line break kept as a paragraph")


def line_breaks(text: str) -> Iterator[Edit]:
    """Line breaks that a format states: each becomes a paragraph."""
    for found in re.finditer(r"(?<!\n)\n(?!\s)", text):
        yield Edit(*found.span(), "\n\n", "line break kept as a paragraph")


def _page_width(text: str) -> int:
    """How many columns a full line has, or 0 where each line is a paragraph."""
    followed, sizes = array("i"), array("i")
    for block in blocks(lines(text)):
        widths = [columns(line.text.rstrip()) for line in block]
        followed.extend(widths[:-1])
        sizes.extend(widths)
    if not followed:
        return 0
    ordered = sorted(followed)
    usual = [size for size in ordered if size <= 1.6 * ordered[len(ordered) // 2]]
    width = usual[int(0.97 * (len(usual) - 1))]
    return 0 if 2 * sum(size for size in sizes if size > 1.3 * width) > sum(sizes) else width


def _is_verse(block: list[Line], width: int) -> bool:
    """Whether nearly every line begins with a capital and stops well before the page is full."""
    each = [line.text.strip() for line in block]
    capital = sum(line.lstrip(_OPENING + "—")[:1].isupper() for line in each)
    short = max(map(len, each)) < max(60, 0.8 * width)
    return capital >= 0.8 * len(each) and short and not any(map(begins_item, each))


def _wrapped(above: str, below: str, width: int) -> bool:
    """Whether a line ends only because the next word had no room, or goes on in mid-sentence."""
    first, second = above.rstrip(), below.strip()
    full = columns(first) + 1 + columns(second.split()[0]) > width
    if begins_item(second) or (first.endswith((":", ";")) and not full):
        return False
    if begins_small(second):
        return full or not finished(first)
    indent = len(below) - len(below.lstrip()) - len(above) + len(above.lstrip())
    return full and not (finished(first) and indent > 1)


def torn_paragraphs(text: str) -> Iterator[Edit]:
    """A paragraph that stops in mid-sentence is joined to the next, if that begins with a small
    letter."""
    goes_on = False
    for first, second in pairwise(lines(text)):
        whole = goes_on or not begins_small(first.text)  # else it is a list of small lines
        goes_on = whole and _is_torn(first.text.strip()) and begins_small(second.text)
        if goes_on and not begins_item(second.text):
            yield Edit(first.end, second.start, " ", "torn paragraph joined")


def _is_torn(paragraph: str) -> bool:
    open_end = not finished(paragraph) and not paragraph.endswith((":", ";"))
    return open_end and len(paragraph) > 25 and not is_heading(paragraph)
