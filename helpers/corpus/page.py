"""The cleaning step for page furniture: menus, log-ins, page numbers, running heads."""

from __future__ import annotations

import re
import tomllib
from array import array
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from helpers.corpus.account import Edit, apart
from helpers.corpus.lines import (
    Lines,
    bare,
    begins_item,
    begins_small,
    block_key,
    capitals,
    finished,
    mostly_capitals,
    setting,
    whole_line,
)

_INLINE = re.compile(r"\[(?:Pg|Page|p\.)\s?\d{1,4}\]\s?|\[(?:edit|hide|show)\]", re.IGNORECASE)
_ETEXT_START = re.compile(
    r"(?s:\A.{0,8000}?)^\*{2,}\s*START OF [^\n]{0,160}\*{2,}[ \t]*$\n?", re.MULTILINE
)
_ETEXT_END = re.compile(r"^\*{2,}\s*END OF [^\n]{0,160}\*{2,}[ \t]*$", re.MULTILINE)
_ANYWHERE = ("page number", "rule", "e-text marker")
_BARE_NUMBER = re.compile(r"(\d{1,4}|[ivxlc]{1,6})\.?")
_HEAD_NUMBER = re.compile(
    r"(?:(\d{1,4})(\s{2,}|\s*[|—–-]\s*|\s)(?=\D))?(.+?)(?:(\s{2,}|\s*[|—–-]\s*|\s(?:page\s)?)(\d{1,4})(?:\s*/\s*\d{1,4})?)?",
    re.IGNORECASE,
)
_MENU_BREAK = re.compile(r"\s*[|»›>·•/]\s*|\s{3,}|\t+")
_BULLET = re.compile(r"^[-*•+]\s+")
_SIGNATURE = re.compile(r"^-- ?\n(?:[^\n]+\n){0,7}[^\n]+$", re.MULTILINE)
_LONGEST_FURNITURE = 500
_LONGEST_TEAR = 60  # lines of furniture that a page end may put into a sentence


@cache
def _patterns() -> tuple[dict[str, re.Pattern[str]], dict[str, re.Pattern[str]], re.Pattern[str]]:
    """What stands in page.toml: lines that are furniture always, those that lead others, words of menus."""
    data = tomllib.loads(Path(__file__).with_name("page.toml").read_text(encoding="utf-8"))
    always, leads = (
        {reason: _any(each) for reason, each in data[part].items()} for part in ("always", "leads")
    )
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
    found = [whole_line(text, every[index], reason) for index, reason in why.items()]
    found += [Edit(*match.span(), "", "mark of the page") for match in _INLINE.finditer(text)]
    found += [Edit(*match.span(), "", "signature") for match in _SIGNATURE.finditer(text)]
    start, end = _ETEXT_START.search(text), _ETEXT_END.search(text)
    if start:
        found.append(Edit(*start.span(), "", "e-text header"))
    if end:
        found.append(Edit(end.start(), len(text), "", "e-text footer"))
    yield from apart(found)


def _in_paragraph(text: str, every: Lines, index: int) -> bool:
    """Whether the line stands inside wrapped prose, where it only looks like furniture."""
    if begins_small(every[index].text) and not every[index].text.strip().startswith(
        ("www.", "http", "p.", "page", "e-mail")
    ):
        return True
    above = every[index - 1].text.rstrip() if index and _adjoins(text, every, index) else ""
    return (
        len(above) > 45
        and not finished(above)
        and index + 1 < len(every)
        and _adjoins(text, every, index + 1)
    )


def _alone(line: str) -> str | None:
    """Why a line is furniture wherever it stands, or None."""
    if len(line) > _LONGEST_FURNITURE:
        return None
    always, leads, word = _patterns()
    for reason, pattern in (always | leads).items():
        if pattern.fullmatch(line):
            return reason
    parts = [part for part in _MENU_BREAK.split(line) if part]
    if (
        len(parts) >= 3
        and sum(bool(word.fullmatch(part)) for part in parts) >= 2
        and all(len(part.split()) <= 4 for part in parts)
    ):
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
    torn = {index for index in skip if _tears(every, index, edges) and not _is_prose(every, index)}
    pages = _page_numbers(numbers, torn, repeated, why)
    found = dict.fromkeys(pages, "page number")
    found |= dict.fromkeys(_numbered_heads(every, wide, torn), "running head")
    found |= {index: "running head" for index in plain if _lone_head(every, index, edges)}
    ends = pages | {index for index, reason in why.items() if reason == "page number"}
    for _ in range(
        2
    ):  # the second line of a head is known by the first, and a number by its neighbour
        known = {value for index, value in numbers if index in found} | {
            wide[index] for index in found if index in wide
        }
        found |= {
            index: "page number" for index, value in numbers if {value - 1, value + 1} & known
        }
        found |= {
            index: "running head"
            for index, value in wide.items()
            if {value - 1, value + 1} & known and mostly_capitals(every[index].text)
        }
        for each in heads.values():
            beside = {index for index in each if {index - 1, index + 1} & ends}
            counted = {index for index in each if index in wide}
            shown = beside | counted | (torn & set(each))
            if len(shown) >= 2 and len(shown) * 2 >= len(each):
                found |= {index: "running head" for index in each if index in shown or index > 8}
        ends |= set(found)
    return found


def _is_prose(every: Lines, index: int) -> bool:
    """Whether a line reads as part of the wrapped prose around it: authors repeat themselves, too."""
    line = every[index]
    touches = (
        index > 0
        and every[index - 1].end + 1 == line.start
        and index + 1 < len(every)
        and line.end + 1 == every[index + 1].start
    )
    return not _BARE_NUMBER.fullmatch(line.text.strip()) and (
        begins_small(line.text) or (touches and setting(bare(line.text)) == "sentence")
    )


def _head(line: str) -> tuple[str, int | None]:
    """What a line says apart from a page number beside it, if it may be a running head, and that number if set apart."""
    first, gap, title, last_gap, last = _HEAD_NUMBER.fullmatch(line).groups()
    number, gap = first or last, gap or last_gap or ""
    if begins_item(line):  # a heading may be numbered itself: only the very same line counts
        title, number = line, None
    set_apart = number and (gap.strip() != "" or len(gap) > 1 or mostly_capitals(title))
    key = block_key(bare(title)) if number or not finished(title) or capitals(title) else ""
    return key, int(number) if set_apart else None


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


def _numbered_heads(every: Lines, wide: dict[int, int], torn: set[int]) -> Iterator[int]:
    """Lines in capitals with a number that tear a sentence, or whose numbers go on from one to the next."""
    numbered = {
        index: number
        for index, number in wide.items()
        if number and mostly_capitals(every[index].text)
    }
    last = {number: index for index, number in numbered.items()}
    first = {number: index for index, number in reversed(numbered.items())}
    edges = _edges(torn)
    for index, number in numbered.items():
        goes_on = last.get(number + 1, -1) > index or first.get(number - 1, index) < index
        if goes_on or _tears(every, index, edges):
            yield index


def _lone_head(every: Lines, index: int, edges: dict[int, tuple[int, int]]) -> bool:
    """Whether a short title, seen once, stands by itself in the middle of a sentence or a word."""
    if not (
        every[index - 1].end + 1 < every[index].start
        and index + 1 < len(every)
        and every[index].end + 1 < every[index + 1].start
    ):
        return False
    title = bare(every[index].text)
    short = (
        len(title.split()) <= 6
        and not finished(title)
        and not begins_item(title)
        and title[:1].isupper()
        and setting(title) != "sentence"
    )
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
    return sum(
        -one if one < after else one for one, after in zip(worth, [*worth[1:], 0], strict=True)
    )


def _tears(every: Lines, index: int, edges: dict[int, tuple[int, int]]) -> bool:
    """Whether the line stands in the middle of a sentence."""
    above, below = index - 1, index + 1
    above, below = edges.get(above, (above, 0))[0], edges.get(below, (0, below))[1]
    if above < 0 or below >= len(every) or below - above > 2 * _LONGEST_TEAR:
        return False
    before, after = every[above].text.rstrip(), every[below].text
    return (
        not finished(before)
        and len(before.strip()) > 25
        and begins_small(after)
        and not begins_item(after)
    )


def _page_numbers(
    numbers: list[tuple[int, int]], torn: set[int], repeated: set[int], why: dict[int, str]
) -> set[int]:
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
