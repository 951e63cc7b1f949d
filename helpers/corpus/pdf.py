"""The text of a PDF, from the places of its letters: rows, columns, paragraphs, pages.

A paragraph is one line, but for a word that is divided at the end of a row; pages are parted by
form feeds. Page numbers, running heads and divided words are left for the cleaning, which keeps
account of them.
"""

import re
from io import BytesIO
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import numpy as np
from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams, LTChar, LTTextContainer, LTTextLine
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from pdfminer.utils import decode_text

from helpers.corpus.errors import UnionError
from helpers.corpus.files import says

TROUBLE, PDF = says()["trouble"], says()["pdf"]
ITEM = re.compile(r"(?:[•‣◦▪–—*-]|\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxlc]{1,5})[.)])\s")
LEADER = re.compile(r"(?:\. ?){4}\s*\w{1,5}$")  # from an entry of a contents list to its page
RAISED, TAB = "\ufdd0", "\t"


class Piece(NamedTuple):
    """A piece of a row: where it stands (in points, from the lower left), and how large it is."""

    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    text: str


def read_pdf(data):
    """What a PDF says: ``text``, ``blocks`` (False, as lines are inferred), notes and offers."""
    try:
        document = PDFDocument(PDFParser(BytesIO(data)))
    except PDFPasswordIncorrect:
        raise UnionError(TROUBLE["locked"]) from None
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=LAParams(boxes_flow=None))
    interpreter = PDFPageInterpreter(resources, device)
    texts, margins = [], 0
    for page in PDFPage.create_pages(document):
        interpreter.process_page(page)
        pieces = [each for line in _lines(device.get_result()) for each in _pieces(line)]
        numbers = _margin(pieces)
        margins += len(numbers)
        texts.append(_page([each for each in pieces if each not in numbers]))
    _check(document, texts)
    typed = _form(document)
    empty = [str(number) for number, text in enumerate(texts, 1) if not text.strip()]
    notes = [f"{len(texts)} page{'s' * (len(texts) > 1)}."]
    notes += [f"Without text, such as pictures: page {', '.join(empty[:20])}."] if empty else []
    notes += [f"Numbers of lines in the margin left out: {margins}."] if margins else []
    notes += [PDF["form"]] if typed else []
    notes += [PDF["restricted"]] if document.encryption else []
    text = "\n\n\f".join(texts) + "".join(f"\n\n{line}" for line in typed)
    return {"text": text, "blocks": False, "notes": notes, "offers": _about(document)}


def _lines(container):
    for each in container:
        if isinstance(each, LTTextLine):
            yield each
        elif isinstance(each, LTTextContainer):
            yield from _lines(each)


def _pieces(line):
    """The pieces of a line, parted at wide gaps, with the raised marks of notes in brackets."""
    size = max(each.size for each in line if isinstance(each, LTChar))
    said, left, right = "", line.x0, line.x0
    for each in line:
        letter = each.get_text()
        if not isinstance(each, LTChar):
            said += " "
            continue
        if letter.strip() and each.x0 - right > size and said.strip():
            yield Piece(left, line.y0, right, line.y1, size, _marked(said))
            said, left = "", each.x0
        raised = each.size < 0.8 * size and each.y0 > line.y0 + 0.25 * size and letter.isdigit()
        said += RAISED * raised + letter
        right = each.x1 if letter.strip() else right
    if said.strip():
        yield Piece(left, line.y0, right, line.y1, size, _marked(said))


def _marked(said):
    said = re.sub(rf"(?<=[^\W\d_]|[.,;:”\"’)])((?:{RAISED}\d){{1,3}})", r"[\1]", said)
    return " ".join(said.replace(RAISED, "").split())


def _margin(pieces):
    """The numbers of lines in a margin: two or more, growing downwards, beside all the rest."""
    numbers = [each for each in pieces if re.fullmatch(r"\d{1,4}", each.text)]
    others = [each for each in pieces if each not in numbers]
    left, right = (
        min((each.x0 for each in others), default=0),
        max((each.x1 for each in others), default=0),
    )
    beside = sorted(
        (each for each in numbers if each.x1 < left or each.x0 > right), key=lambda each: -each.y0
    )
    grows = all(int(above.text) < int(below.text) for above, below in pairwise(beside))
    return set(beside) if len(beside) > 1 and grows else set()


def _page(pieces):
    """The text of one page: column after column, and paragraph after paragraph."""
    gutters = _gutters(pieces)
    across = [each.y0 for each in pieces if any(each.x0 < gutter < each.x1 for gutter in gutters)]
    columns = {}
    for each in sorted(pieces, key=lambda each: (-round(each.y0 + each.y1), each.x0)):
        zone = sum(y > each.y0 for y in across)
        side = -1 if each.y0 in across else sum(gutter < each.x0 for gutter in gutters)
        columns.setdefault((zone, side), []).append(each)
    return "\n\n".join(_paragraphs(_rows(columns[each])) for each in sorted(columns))


def _gutters(pieces):
    """Where columns are parted: a strip that hardly anything crosses, with prose on both sides."""
    if len(pieces) < 8:
        return []
    low, high = int(min(each.x0 for each in pieces)), int(max(each.x1 for each in pieces)) + 1
    covered = np.zeros(high - low + 1)
    for each in pieces:
        covered[int(each.x0) - low : int(each.x1) + 1 - low] += 1
    free = np.flatnonzero(covered <= len(pieces) // 10)
    strips = [run for run in np.split(free, np.flatnonzero(np.diff(free) > 1) + 1) if len(run) > 5]
    return [
        gutter for gutter in (run.mean() + low for run in strips) if _parts_prose(pieces, gutter)
    ]


def _parts_prose(pieces, gutter):
    """Whether there is prose on both sides of a place, and not the cells of a table."""
    for side in (
        [each for each in pieces if each.x1 < gutter],
        [each for each in pieces if each.x0 > gutter],
    ):
        rows = len({round(each.y0) for each in side})
        if rows < 4 or sum(len(each.text.split()) for each in side) < 3 * rows:
            return False
    return True


def _rows(pieces):
    """Pieces beside each other put together to rows."""
    rows = []
    for each in pieces:
        if rows and min(each.y1, rows[-1].y1) - max(each.y0, rows[-1].y0) > 0.5 * min(
            each.size, rows[-1].size
        ):
            above = rows[-1]
            first, last = sorted((above, each), key=lambda piece: piece.x0)
            text = f"{first.text}{TAB if last.x0 - first.x1 > 2 * each.size else ' '}{last.text}"
            rows[-1] = above._replace(
                x0=first.x0, x1=max(each.x1, above.x1), size=max(each.size, above.size), text=text
            )
        else:
            rows.append(each)
    return rows


def _paragraphs(rows):
    """Rows below each other as paragraphs, a blank line between two."""
    steps = [(above.y0 - below.y0) / above.size for above, below in pairwise(rows)]
    usual = median([step for step in steps if 0 < step < 3] or [1.2])
    left, right = min(row.x0 for row in rows), max(row.x1 for row in rows)
    longest = max(len(row.text) for row in rows)
    text = ""
    for above, row in pairwise([None, *rows]):
        if above is None:
            text = row.text
        elif _goes_on(above, row, usual, left, right, longest):
            text += ("\n" if above.text.endswith(("-", "\u00ad")) else " ") + row.text
        else:
            text += "\n\n" + row.text
    return text


def _goes_on(above, row, usual, left, right, longest):
    """Whether a row goes on with the paragraph of the row above it."""
    if (above.y0 - row.y0) / above.size > 1.3 * usual or abs(
        above.size - row.size
    ) > 0.15 * row.size:
        return False
    if TAB in above.text + row.text or LEADER.search(above.text) or ITEM.match(row.text):
        return False
    if row.text[:1].islower():
        return True
    hangs = ITEM.match(above.text) is not None
    if row.x0 > max(left, above.x0) + 0.7 * row.size and not hangs:
        return False
    first = row.text.split()[0]
    wide = above.x1 + (row.x1 - row.x0) * (len(first) + 1) / len(row.text) > right
    full = wide or len(above.text) + 1 + len(first) > longest
    return full or (
        above.x1 - left > 0.7 * (right - left) and not re.search(r"[.!?:;][”\"’)\]]*$", above.text)
    )


def _check(document, texts):
    """Refuse a file that has no text, or none that can be read."""
    text = "".join(texts)
    letters = sum(letter.isalpha() for letter in text)
    form = resolve1(document.catalog.get("AcroForm")) or {}
    if "XFA" in form and letters < 1_000:
        raise UnionError(TROUBLE["xfa"])
    if letters < 10 * min(len(texts), 3):
        raise UnionError(TROUBLE["scan"])
    strange = sum(letter == "\ufffd" or "\ue000" <= letter <= "\uf8ff" for letter in text)
    nameless = re.findall(r"\(cid:|/(?:g|gid|glyph|c|a|uni)\d", text)
    if strange + 5 * len(nameless) > 0.2 * letters:
        raise UnionError(TROUBLE["fonts"])


def _form(document):
    """What was typed into the fields of a form, each after the name of its field."""
    form = resolve1(document.catalog.get("AcroForm")) or {}
    fields = [resolve1(each) for each in resolve1(form.get("Fields")) or []]
    said = [[resolve1(each.get(key)) for key in ("T", "V")] for each in fields if each]
    return [
        ": ".join(map(decode_text, pair))
        for pair in said
        if all(isinstance(each, bytes) and each for each in pair)
    ]


def _about(document):
    """Title and author, as far as the file says them."""
    said = document.info[0] if document.info else {}
    known = {
        name: resolve1(said.get(key))
        for name, key in (("title", "Title"), ("author", "Author"), ("made", "CreationDate"))
    }
    return {
        name: " ".join(decode_text(value).split())
        for name, value in known.items()
        if isinstance(value, bytes)
    }
