"""A report as a Word document, with real headings, captions, links to bookmarks, and words for its pictures."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Any

from helpers.classroom.blocks import Block, Figure, Heading, Link, Paragraph, Table, fit

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_INK, _LANGUAGE = "0B5560", "en-GB"
_LOOKS = {"quote": "Quote", "": "Normal", "soft": "Normal", "draft": "Intense Quote"}


def as_word(title: str, author: str, blocks: Sequence[Block]) -> bytes:
    """The Word document of a report.

    >>> as_word("A report", "Ann", [Heading(1, "A claim")])[:2]
    b'PK'
    """
    from docx import Document
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    file, numbers = Document(), count(1)
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    about = file.core_properties
    about.title, about.author, about.language, about.comments = (
        fit(title)[:255],
        fit(author)[:255],
        _LANGUAGE,
        "",
    )
    fonts = file.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = fonts.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        fonts.append(language)
    language.set(qn("w:val"), _LANGUAGE)
    for block in blocks:
        _add(file, block, numbers)
    written = BytesIO()
    file.save(written)
    return written.getvalue()


def _add(file: WordDocument, block: Block, numbers: Any) -> None:
    """One block at the end of the file."""
    from docx.shared import Inches, Pt

    if isinstance(block, Heading):
        _mark(file.add_heading(fit(block.text), block.level), block.anchor, numbers)
    elif isinstance(block, Paragraph):
        paragraph = file.add_paragraph(style=_LOOKS[block.look])
        for part in block.parts:
            run = _link(paragraph, part) if isinstance(part, Link) else paragraph.add_run(fit(part))
            if block.look == "soft":
                run.font.size = Pt(9.5)
        _mark(paragraph, block.anchor, numbers)
    elif isinstance(block, Figure):
        paragraph = file.add_paragraph()
        picture = paragraph.add_run().add_picture(BytesIO(block.image), width=Inches(6.0))
        picture._inline.docPr.set("descr", fit(block.alt))
        file.add_paragraph(fit(block.title), style="Caption")
    else:
        _table(file, block)


def _link(paragraph: Any, link: Link) -> Any:
    """Words that lead to a bookmark of the same file."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    run, around = paragraph.add_run(fit(link.text)), OxmlElement("w:hyperlink")
    around.set(qn("w:anchor"), _name(link.target))
    run.font.underline, run.font.color.rgb = True, RGBColor.from_string(_INK)
    paragraph._p.append(around)
    around.append(run._r)
    return run


def _mark(paragraph: Any, anchor: str, numbers: Any) -> None:
    """A bookmark around a paragraph."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    if not anchor:
        return
    number, begin, end = (
        str(next(numbers)),
        OxmlElement("w:bookmarkStart"),
        OxmlElement("w:bookmarkEnd"),
    )
    for each in (begin, end):
        each.set(qn("w:id"), number)
    begin.set(qn("w:name"), _name(anchor))
    first = next((node for node in paragraph._p if node.tag != qn("w:pPr")), None)
    paragraph._p.append(begin) if first is None else first.addprevious(begin)
    paragraph._p.append(end)


def _name(anchor: str) -> str:
    """An anchor as a bookmark may be called: letters, digits and underscores, at most 40."""
    return "".join(letter if letter.isalnum() else "_" for letter in anchor)[:40]


def _table(file: WordDocument, table: Table) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    file.add_paragraph(fit(table.caption), style="Caption").paragraph_format.keep_with_next = True
    grid = file.add_table(rows=1 + len(table.rows), cols=len(table.head), style="Table Grid")
    for number, (row, texts) in enumerate(zip(grid.rows, [table.head, *table.rows], strict=True)):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = fit(text)
            for run in cell.paragraphs[0].runs:
                run.font.size, run.font.bold = Pt(8.5), number == 0
        for tag in [
            "w:cantSplit",
            *["w:tblHeader"] * (number == 0),
        ]:  # the head is said again on each page
            row._tr.get_or_add_trPr().append(OxmlElement(tag))
