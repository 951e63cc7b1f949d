"""The cleaning step for title pages, e-mail headers and imprints: what stands above and below the body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from helpers.corpus.account import Edit
from helpers.corpus.lines import (
    SMALL_WORDS,
    Block,
    Blocks,
    bare,
    begins_item,
    begins_small,
    block_key,
    blocks,
    capitals,
    finished,
    mostly_capitals,
    setting,
    whole_line,
)

_MAIL = re.compile(
    r"(from|to|cc|bcc|date|sent|subject|reply-to|message-id|mime-version|content-[\w-]+|received|x-[\w-]+|return-path|"
    r"title|author|language|layout|release date|publisher|permalink|tags|list-[\w-]+|delivered-to|organi[sz]ation|importance|attachments?|"
    r"in-reply-to|references|user-agent)\s*:(?:\s|$)",
    re.IGNORECASE,
)
_MAIL_KINDS = {
    "title": "title",
    "author": "author",
    "publisher": "imprint",
    "from": "author",
    "date": "date",
    "sent": "date",
    "subject": "title",
}
_IMPRINT = re.compile(
    r"(?:re)?(?:published|printed|issued|distributed|translated|typeset|set up) (?:and \w+ )?(?:by|in|at|from|on|for)\b|"
    r"\bpublish(?:ing|ers)\b|\bprint(?:ing|ers)\b(?! )|\bregistered at\b|\bsubscriptions?\b.{0,30}\b(?:year|annum|free)\b|"
    r"\bprinters?,|\bpress,|\bpress\Z|\bISBN\b|\bISSN\b|©|^copyright\b|^registered (?:no|under|office)\b|^price\b.{0,40}|"
    r"^(?:(?:first|second|third|fourth|fifth|revised|new) )+(?:edition|printing|published)|"
    r"^(?:vol(?:ume|\.)|no\.|number|issue|pamphlet|leaflet|circular)\s+(?:no\.?\s*)?[\dIVXLC]+\b",
    re.IGNORECASE,
)
_PRODUCED = re.compile(
    r"(?:this )?(?:e-?text|e-?book|edition|transcription)?\s*(?:was )?(?:produced|prepared|transcribed|digiti[sz]ed) by\b",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?|sept?(?:ember|\.)?|"
    r"oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"(?:(?:\w+,\s+)?(?:{_MONTH}\s+{_DAY},?|{_DAY}(?:\s+of)?\s+{_MONTH},?|{_MONTH},?)?\s*(?:juche\s+\d+\s+)?\(?(?:1[5-9]|20)\d\d\)?)|"
    rf"(?:\w+,?\s+)?{_MONTH}\s+{_DAY}|\d{{4}}[-./]\s?\d{{1,2}}[-./]\s?\d{{1,2}}\.?|\d{{4}}년.{{0,12}}|juche\s+\d+(?:\s+\(\d{{4}}\))?",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:by\s+)?[A-Z][\w.'’-]*(?:\s+(?:[A-Z][\w.'’-]*|de|von|van|der|la)){1,4}")
_RECORD = re.compile(
    r"(?:draft |approved |verbatim )?(?:minutes|proceedings|transcript|report|record|notes) of\b",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"by\s|(?:text|words|story|report|written|compiled|edited|translated|collected|transcribed)\s+(?:and\s\w+\s+)?by\b|.*\||.*\b(?:1[5-9]|20)\d\d\Z",
    re.IGNORECASE,
)
_SALUTE = re.compile(
    r"(?:dear|comrades?|brothers?|sisters?|friends?|fellow|ladies|gentlemen|mr|mrs|madam|sirs?|colleagues|workers)\b.*[,:!—–-]\s*\Z|dear\b",
    re.IGNORECASE,
)
_LAST = re.compile(r"\W*(?:the end|end|fin|finis|ends)\W*", re.IGNORECASE)
_MOST_BLOCKS, _MOST_WORDS = 14, 45
_AROUND = " .*_()"


def title_page(text: str) -> Iterator[Edit]:
    """What stands above and below the body: title, author, date, publisher. It is offered as metadata."""
    headers = [block for block in blocks(text) if _is_mail_header(block)]
    above = {block.start for block in headers}
    every = Blocks(text, (block for block in blocks(text) if block.start not in above))
    front = _front(every)
    back = _back(
        every,
        len(front),
        {block_key(block.text) for block in front}
        | {block_key(line.text) for block in front for line in block.lines},
    )
    if len(every) == len(front) + len(back):
        return
    kinds = _kinds(front)
    found = list(_mail_edits(text, headers))
    for block in [*front, *back]:
        kind = kinds.get(block_key(block.text)) or _kind(block) or "title"
        for line in block.lines:
            own = (
                "date"
                if kind not in ("date", "imprint") and _DATE.fullmatch(line.text.strip(_AROUND))
                else kind
            )
            found.append(whole_line(text, line, own))
    yield from sorted(found)


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
            kind = (
                _MAIL_KINDS.get(field.group(1).lower(), "mail header") if field else "mail header"
            )
            yield whole_line(text, line, kind)


def _front(every: Blocks) -> list[Block]:
    """The blocks above the body. A heading like those inside the body belongs to the body."""
    front: list[Block] = []
    for block in islice(every, _MOST_BLOCKS + 1):
        if _opens_body(block, front):
            break
        front.append(block)
    else:
        return []
    heading_next = len(front) < len(every) and begins_item(every[len(front)].lines[0].text)
    if (
        front
        and not heading_next
        and _headlike(front[-1])
        and not _kind(front[-1])
        and not _BYLINE.match(front[-1].text)
    ):
        style = setting(front[-1].text)
        if any(
            _headlike(block) and (style == "word" or setting(block.text) in (style, "word"))
            for block in islice(every, len(front), None)
        ):
            front.pop()
    return front


def _opens_body(block: Block, front: list[Block]) -> bool:
    """Whether prose, a salutation, a list or a numbered heading begins here."""
    words = block.text.split()
    if _kind(block):
        return False
    if (
        not front
        and ":" in block.text
        and 2 < len(words) <= 15
        and _titled([*words[:-1], words[-1] + "!"])
        and not finished(block.text)
    ):
        return False  # "Candles: The Children's Strike" is no speaker
    if (
        len(words) > _MOST_WORDS
        or begins_item(block.lines[0].text)
        or _SALUTE.match(block.text)
        or not re.search(r"[^\W\d_]", block.text)
    ):
        return True
    if _set_apart(block) or (len(words) <= 30 and _RECORD.match(block.text)):
        return False
    if front and begins_small(block.text) and len(words) <= 12 and not finished(block.text):
        return False
    if not finished(block.text) and not block.text.rstrip().endswith((":", ";", ",")):
        return begins_small(block.text) and not block.text.startswith("by ")
    return not (mostly_capitals(block.text) or (not front and _titled(words)))


def _set_apart(block: Block) -> bool:
    """Whether the lines of a block stand each for itself, as on a title page or in the head of a transcript."""
    texts = [line.text.strip() for line in block.lines]
    short = (
        len(texts) > 1
        and max(map(len, texts)) < 66
        and not any(begins_small(text) for text in texts[1:])
        and not finished(texts[-1])
    )
    return (
        short
        and sum(finished(text) for text in texts) * 2 <= len(texts)
        and not _SALUTE.match(texts[0])
    )


def _titled(words: list[str]) -> bool:
    """Whether the words are set as in a title: 'What Is a Union For?'"""
    heavy = [word for word in words if word.casefold().strip(".,!?\"'") not in SMALL_WORDS]
    return (
        len(words) >= 3
        and words[-1].endswith(("?", "!"))
        and len(heavy) >= 2
        and all(word[:1].isupper() for word in heavy)
    )


def _headlike(block: Block) -> bool:
    """Whether a block looks like a heading inside a body."""
    text = block.text
    return (
        len(block.lines) == 1
        and len(text.split()) <= 10
        and not finished(text)
        and not any(mark in text for mark in ",;:|")
        and text[:1].isupper()
    )


def _kind(block: Block) -> str | None:
    """Date or imprint, where a block says so itself."""
    if len(block.text.split()) > 25:
        return None
    if _DATE.fullmatch(block.text.strip(_AROUND)):
        return "date"
    if _PRODUCED.match(block.text):
        return "imprint"
    if any(_IMPRINT.search(bare(line.text)) for line in block.lines) and (
        not finished(block.text) or len(block.text.split()) <= 14
    ):
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
        elif (
            kind is None
            and _NAME.fullmatch(block.text)
            and not SMALL_WORDS & set(block.text.casefold().split())
        ):
            kind = "author"
        kinds[block_key(block.text)] = kind or "title"
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
        keys = [re.sub(r"^by ", "", block_key(line.text)) for line in block.lines]
        again = (block_key(block.text) in front or all(key in front for key in keys)) and (
            not finished(block.text) or capitals(block.text)
        )
        colophon = len(_IMPRINT.findall(block.text)) >= 2 and len(block.text.split()) <= 60
        if not (again or colophon or _kind(block) or _LAST.fullmatch(block.text)):
            break
        back.append(block)
    if back and all(_kind(block) == "date" for block in back):
        return []
    return back[::-1]
