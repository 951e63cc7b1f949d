"""The text of a Word file: its paragraphs, tables, text boxes and notes, with all tracked changes accepted.

The archive and each of its parts are looked through before anything is read:
how many there are, how large, where they say they belong, and whether their XML
declares anything. Macros, pictures and links are left where they are.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.corpus.errors import UnionError
from helpers.corpus.files import safe_members

if TYPE_CHECKING:
    from docx.opc.package import OpcPackage
    from lxml.etree import _Element

_LARGEST, _LARGEST_PART = 200_000_000, 40_000_000
_ADVICE = "open it and save it anew as .docx, or as .txt"
_DECLARES = "The file {name} declares things in its XML that a text does not need, so it was not read: save it anew as .docx, or as .txt."
_BROKEN = "The file {name} is damaged or too large within: save it anew as .docx, or as .txt."
_EMPTY = "The file {name} holds pictures and no text: use a program for text recognition (OCR) first, or give the text that you typed."
_SIGNS = {
    "tab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "\u2011",
    "softHyphen": "\u00ad",
    "ptab": "\t",
}
_SKIPPED = {
    "del",
    "moveFrom",
    "instrText",
    "delText",
    "rt",
    "Fallback",
    "pPr",
    "tblPr",
    "trPr",
    "tcPr",
    "sectPr",
    "sdtPr",
    "object",
}
_LONG_CELL = 60  # characters: a longer one is a paragraph, not a cell


def read_docx(data: bytes) -> tuple[str, list[str], dict[str, str]]:
    """The text of a Word file, a blank line between paragraphs; notes on what was done; and what the file says about itself."""
    from docx.opc.package import OpcPackage

    _check(safe_members(data, "The file {name}", _ADVICE, _LARGEST))
    package = OpcPackage.open(BytesIO(data))
    body = _Body(package)
    text = "\n\n".join(each for each in body.paragraphs() if each.strip())
    if not text.strip():
        raise UnionError(_EMPTY)
    properties = package.core_properties
    return text, body.notes(), {"title": properties.title or "", "author": properties.author or ""}


def _check(parts: dict[str, bytes]) -> None:
    """Refuse an archive that is not a Word file, or whose XML is made to do harm."""
    if "[Content_Types].xml" not in parts or not any(name.startswith("word/") for name in parts):
        kinds = tomllib.loads(Path(__file__).with_name("files.toml").read_text(encoding="utf-8"))[
            "packed"
        ]
        mimetype = parts.get("mimetype", b"")[:200].decode("latin-1")
        kind = next(
            each
            for each in kinds
            if any(name.startswith(each["part"]) for name in [*parts, ""])
            and each.get("holds", "") in mimetype
        )
        raise UnionError(f"The file {{name}} {kind['what']}: {kind['instead']}.")
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")):
            if len(content) > _LARGEST_PART:
                raise UnionError(_BROKEN)
            _parse(content)


def _parse(content: bytes) -> _Element:
    """The root of an XML part. Nothing is fetched or filled in, and a part that declares anything is refused."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as problem:
        raise UnionError(_DECLARES if b"<!ENTITY" in content else _BROKEN) from problem
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnionError(_DECLARES)
    return root


def _name(node: _Element) -> str:
    """The name of an element without its namespace, which Word has two of."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _value(node: _Element | None, name: str) -> str:
    """An attribute, whatever its namespace."""
    return (
        next((value for key, value in node.attrib.items() if key.rpartition("}")[2] == name), "")
        if node is not None
        else ""
    )


class _Body:
    """The body of a Word file on its way to text, and what was met there."""

    def __init__(self, package: OpcPackage) -> None:
        main = next(
            each.target_part
            for each in package.rels.values()
            if each.reltype.endswith("/officeDocument")
        )
        self._root, self._met = _parse(main.blob), Counter()
        self._parts: dict[str, list[Any]] = {}
        for each in main.rels.values():
            if not each.is_external:
                self._parts.setdefault(each.reltype.rpartition("/")[2], []).append(each.target_part)
        self._called: list[
            tuple[str, str]
        ] = []  # footnotes and endnotes, in the order in which the text calls them
        self._macros = "macroEnabled" in main.content_type

    def paragraphs(self) -> Iterator[str]:
        """The paragraphs in order, then the notes that they call."""
        yield from self._blocks(self._root)
        for number, (kind, id) in enumerate(self._called, 1):
            for part in self._parts.get(kind, []):
                for note in _parse(part.blob):
                    if _value(note, "id") == id:
                        yield f"[{number}] " + " ".join(" ".join(self._blocks(note)).split())

    def _blocks(self, root: _Element) -> Iterator[str]:
        """The paragraphs and rows below a node."""
        held = ""
        for node in root:
            name = _name(node)
            if name == "p":
                boxes: list[_Element] = []
                held += self._inline(node, boxes)
                if self._marked(
                    node, "del"
                ):  # the end of the paragraph is deleted: the next one goes on with it
                    continue
                yield held
                held = ""
                for box in boxes:
                    yield from self._blocks(box)
            elif name == "tr":
                yield from self._row(node)
            elif name not in _SKIPPED:
                yield from self._blocks(node)
        if held:
            yield held

    def _marked(self, paragraph: _Element, change: str) -> bool:
        return any(_name(each) == change for each in paragraph.iterfind("{*}pPr/{*}rPr/*"))

    def _row(self, row: _Element) -> Iterator[str]:
        """A row of a table: its cells with tabs between them, or one below the other where they hold paragraphs."""
        if any(_name(each) == "del" for each in row.iterfind("{*}trPr/*")):
            self._met["deletions"] += 1
            return
        cells = [
            [text for text in self._blocks(cell) if text.strip()]
            for cell in row
            if _name(cell) in ("tc", "sdt")
        ]
        self._met["rows"] += 1
        if any(len(cell) > 1 or any(len(text) > _LONG_CELL for text in cell) for cell in cells):
            yield from (text for cell in cells for text in cell)
        else:
            yield "\t".join(" ".join(cell) for cell in cells)

    def _inline(self, node: _Element, boxes: list[_Element]) -> str:
        """The text of a paragraph or of a part of one. Text boxes are put by."""
        found = []
        for each in node:
            name = _name(each)
            if name in ("ins", "moveTo"):
                self._met["insertions"] += 1
            if name in ("del", "moveFrom"):
                self._met["deletions"] += 1
            if name == "t":
                found.append(each.text or "")
            elif name in _SIGNS:
                found.append(_SIGNS[name])
            elif name in ("footnoteReference", "endnoteReference"):
                self._called.append((name.removesuffix("Reference") + "s", _value(each, "id")))
                found.append(f"[{len(self._called)}]")
            elif name == "txbxContent":
                self._met["boxes"] += 1
                boxes.append(each)
            elif name == "r" and each.find("{*}rPr/{*}vanish") is not None:
                self._met["hidden"] += 1
            elif name == "numPr":
                self._met["listed"] += 1
            elif name not in _SKIPPED:
                found.append(self._inline(each, boxes))
        self._met["listed"] += _name(node) == "p" and node.find("{*}pPr/{*}numPr") is not None
        return "".join(found)

    def notes(self) -> list[str]:
        """What was met on the way, in sentences."""
        met = self._met
        comments = sum(len(_parse(part.blob)) for part in self._parts.get("comments", []))
        said = {
            f"Tracked changes are accepted: insertions taken in: {met['insertions']}, deletions left out: {met['deletions']}.": (
                met["insertions"] + met["deletions"]
            ),
            f"Comments left out: {comments}.": comments,
            f"Notes, put at the end with their numbers: {len(self._called)}.": len(self._called),
            f"Rows of tables, a line each: {met['rows']}.": met["rows"],
            f"Text boxes, put after the paragraph where they hang: {met['boxes']}.": met["boxes"],
            f"Items of lists, whose numbers Word makes and the text does not hold: {met['listed']}.": met[
                "listed"
            ],
            f"Pieces of hidden text left out: {met['hidden']}.": met["hidden"],
            "The heads and feet of pages are left out.": "header" in self._parts
            or "footer" in self._parts,
            "The file has macros. They were not run.": self._macros,
        }
        return [sentence for sentence, shown in said.items() if shown]
