"""Readers of formats that state their structure: Markdown and Word become HTML, and then blocks.

A block is a heading, a paragraph, a list item, a row of a table or a line: one line of text, with a
blank line between two. ``python -m helpers.corpus.formats KIND`` reads bytes and writes JSON, with
little time and memory.
"""

import contextlib
import json
import re
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import Any

import mammoth
import yaml
from lxml import etree, html
from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from helpers.corpus.decoding import decode
from helpers.corpus.errors import UnionError
from helpers.corpus.files import safe_members, says
from helpers.corpus.pdf import read_pdf

# The limits of a process, which Windows does not have.
resource = import_module("resource") if find_spec("resource") else None

LIMITS = {"AS": 768 * 2**20, "CPU": 8, "FSIZE": 0, "CORE": 0}
PAGE, WORD, TROUBLE = says()["html"], says()["word"], says()["trouble"]
BLOCKS = frozenset(PAGE["blocks"].split())
# Marks that no text holds: a new block, the next cell, and a label that what follows belongs to.
BLOCK, CELL, LABEL = "\ufdd0", "\ufdd1", "\ufdd2"
NOTE_MARK = re.compile(r"\W?(\d{1,3}|[a-z]|[*†‡§]{1,3})(?::\d+)?\W?")
LETTERED = re.compile(r"(?:[ \t]*\(?([a-zA-Z]|[ivxlc]{2,6}|#)[.)]| {4,}\(?(\d{1,3})[.)])[ \t]+\S")
LONG_CELL = 60  # characters: a longer one is a paragraph, not a cell
Found = dict[str, Any]


def read_html(data: bytes) -> Found:
    """The blocks of a page: ``text``, ``blocks`` (True), ``notes`` and ``offers`` (see Reading).

    >>> read_html(b"<nav>Home</nav><p>We, the<br>weavers</p><ol><li>One<li>Two")["text"]
    'We, the\\n\\nweavers\\n\\n1. One\\n\\n2. Two'
    """
    text, encoding = decode(data, None, "the file {name}")
    said = re.search(PAGE["charset"].encode(), data[:4096])
    if said and not encoding.startswith("utf"):
        name = said[1].decode("ascii").casefold()
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            text = data.decode(PAGE["wider"].get(name, name))
    found = from_html(text)
    if not found["text"]:
        framed = re.search("<i?frame", text, re.IGNORECASE)
        raise UnionError(TROUBLE["frames" if framed else "script"])
    return found


def from_html(text: str, notes: Iterable[str] = (), offers: dict[str, str] | None = None) -> Found:
    """The blocks of HTML that was read from a page, or made of Markdown or of a Word file."""
    text = re.sub("[\0-\x08\x0b\x0e-\x1f\ufdd0-\ufdd2\ufffe\uffff]", "", text)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    notes, offers = list(notes), {**_head(tree), **(offers or {})}
    etree.strip_elements(tree, *PAGE["code"].split(), "head", with_tail=False)
    _mark_notes(tree)
    whole = len(_plain(tree))
    for what, path in PAGE["left_out"].items():
        gone = [node for node in tree.xpath(path) if 2 * len(_plain(node)) < whole]
        notes += told(what, map(_drop, gone))
    contents = [each for each in tree.iter("ul", "ol") if _is_contents(each)]
    notes += told("Contents lists", map(_drop, contents))
    notes += told("Parts around the main part", _around(tree, whole))
    notes += told("Pictures", (node.get("alt") or node.get("src", "") for node in tree.iter("img")))
    links = tree.xpath("//a/@href[not(starts-with(., '#'))]")
    notes += told("Addresses of links", dict.fromkeys(links))
    as_typed = max(tree.iter("pre"), key=lambda node: len(_plain(node)), default=None)
    if as_typed is not None and 2 * len(_plain(as_typed)) > whole:  # plain text, clothed as a page
        return {"text": _plain(tree), "blocks": False, "notes": notes, "offers": offers}
    _number_items(tree)
    _join_cells(tree)
    return {"text": _blocks(tree), "blocks": True, "notes": notes, "offers": offers}


def told(what: str, gone: Iterable[str]) -> list[str]:
    """A sentence about what was left out, with how it begins; none where nothing was."""
    parts = [" ".join(each.split()) for each in gone if each.strip()]
    words = " … ".join(parts)
    return [f"{what} left out: {len(parts)} (“{words[:300]}{'…' * (len(words) > 300)}”)."] * bool(
        parts
    )


def _plain(node: Any) -> str:
    return node.text_content().strip()


def _drop(node: Any) -> str:
    """Take a node out of the page, and give its text; nothing if it is out already."""
    text = _blocks(node) if next(node.iterancestors("html"), None) is not None else ""
    node.drop_tree()
    return text


def _is_contents(items: Any) -> bool:
    """Whether a list is made of links to places on the same page."""
    links = items.xpath(".//a[starts-with(@href, '#')]")
    linked = sum(len(_plain(link)) for link in links)
    return len(links) > 2 and not items.xpath(".//@label") and linked > 0.8 * len(_plain(items))


def _around(tree: Any, whole: int) -> Iterator[str]:
    """Take out what stands around the main part of a page, if it names one that has most words."""
    parts = tree.xpath("//main | //*[@role='main']")
    if len(parts) == 1 and len(_plain(parts[0])) > 0.6 * whole:
        for node in [parts[0], *parts[0].iterancestors()]:
            for other in [*node.itersiblings(), *node.itersiblings(preceding=True)]:
                if not other.xpath("descendant-or-self::*[@label]"):
                    yield _drop(other)


def _head(tree: Any) -> dict[str, str]:
    """Title, author and date, as the head of a page gives them."""
    found = {}
    for name, paths in PAGE["offers"].items():
        said = (" ".join(str(tree.xpath(f"string({path})")).split()) for path in paths)
        found[name] = next(filter(None, said), "")
    return found


def _mark_notes(tree: Any) -> None:
    """The mark of a note is put in brackets, in the text and before the note; the way back goes."""
    ids = {node.get("id"): node for node in tree.xpath("//*[@id]")}
    for link in tree.xpath(PAGE["note_links"]):
        if mark := NOTE_MARK.fullmatch(_plain(link)):
            _write(link, f"[{mark[1]}]")
            note = ids.get(link.get("href").removeprefix("#"))
            if note is not None and note.get("label") is None:
                note.set("label", f"[{mark[1]}]")
    for link in tree.xpath("//*[@label]//a[starts-with(@href, '#')]"):
        if not re.search(r"\w{2}", _plain(link)):
            link.drop_tree()
    for node in tree.xpath("//sup[not(.//a)]"):  # without a link: after a word, not a power or date
        text = node.getprevious().tail if node.getprevious() is not None else node.getparent().text
        if re.fullmatch(r"\d{1,3}", _plain(node)) and re.search(PAGE["before_note"], text or ""):
            _write(node, f"[{_plain(node)}]")


def _write(node: Any, text: str) -> None:
    """Put a text in the place of all that a node holds."""
    for child in list(node):
        node.remove(child)
    node.text = text


def _number_items(tree: Any) -> None:
    """Write the label of each item of a numbered list, as a browser would show it."""
    for items in tree.iter("ol"):
        style = re.search(r"list-style(?:-type)?:\s*([\w-]+)", items.get("style", ""))
        kind = style[1] if style else items.get("type", "1")
        found = [each for each in items if each.tag == "li"]
        step = -1 if items.get("reversed") is not None else 1
        number = _number(items.get("start"), 1 if step > 0 else len(found))
        for item in found:
            number = _number(item.get("value"), number)
            if item.get("label") is None and kind != "none":
                item.set("label", f"{_numeral(number, kind)}{items.get('data-mark', '.')}")
            number += step


def _numeral(number: int, kind: str) -> str:
    """A number as the label of a list of a kind: 3, c, C, iii or III."""
    labels = PAGE["labels"].get(PAGE["label_kinds"].get(kind, ""), "").split()
    said = labels[number - 1] if 0 < number <= len(labels) else str(number)
    return said.upper() if kind in "AI" or kind.startswith("upper") else said


def _number(said: str | None, otherwise: int) -> int:
    return int(said) if re.fullmatch(r"-?\d{1,6}", said or "") else otherwise


def _join_cells(tree: Any) -> None:
    """A row of short cells is one line; a row that holds paragraphs is as many."""
    for row in reversed(list(tree.iter("tr"))):
        cells = [_blocks(cell) for cell in row.iter("td", "th")]
        apart = any("\n" in cell or len(cell) > LONG_CELL for cell in cells)
        _write(row, (BLOCK if apart else CELL).join(cell.replace("\n\n", BLOCK) for cell in cells))


def _blocks(root: Any) -> str:
    """The text below a node: each block one line, and a blank line between two."""
    pieces, typed = [], 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        starts, tag = event == "start", node.tag
        typed += (tag == "pre") * (1 if starts else -1)
        text = (node.text if starts else node.tail if node is not root else "") or ""
        text = text.replace("\n", BLOCK) if typed else re.sub(r"[ \t\r\n\f]+", " ", text)
        label = node.get("label", "") + LABEL if starts and node.get("label") else ""
        edge = BLOCK if tag in BLOCKS or (tag == "br" and starts) else ""
        quote = "“" if starts else "”"
        pieces += [edge, label, quote if tag == "q" else "", text]
    text = re.sub(f"{LABEL}[\\s{BLOCK}]*", " ", "".join(pieces)).replace(CELL, "\t")
    lines = (re.sub(" {2,}", " ", line).strip() for line in text.split(BLOCK))
    return "\n\n".join(filter(None, lines))


def read_markdown(data: bytes) -> Found:
    """The blocks of a Markdown file, see :func:`read_html`; front matter becomes notes and offers.

    >>> text = b"+++\\ntitle = 'Our Rules'\\n+++\\n###Article 1\\n2. Pay[^1]\\n\\n[^1]: Each week."
    >>> read_markdown(text)["text"]
    'Article 1\\n\\n2. Pay[1]\\n\\n[1] Each week.'
    """
    text = decode(data, None, "the file {name}")[0].removeprefix("\ufeff").replace("\r\n", "\n")
    text, known = _front_matter(text)
    for each in says()["markdown"]:
        text = re.sub(each["find"], each["write"], text, flags=re.MULTILINE)
    text = _lettered(text)
    called = set(re.findall(r"\[\^([^\]\s]+)\](?!:)", text))
    noted = set(re.findall(r"^ {0,3}\[\^([^\]\s]+)\]:", text, flags=re.MULTILINE))
    if lone := "|".join(map(re.escape, called ^ noted)):  # a mark without a note, or the other way
        text = re.sub(rf"^ {{0,3}}\[\^({lone})\]:", r"\n[\1]", text, flags=re.MULTILINE)
        text = re.sub(rf"\[\^({lone})\]", r"[\1]", text)
    reader = MarkdownIt("commonmark").enable("table").disable("code")
    tokens = reader.use(deflist_plugin).use(footnote_plugin).parse(text)
    for token in tokens:
        if token.type == "ordered_list_open":
            token.attrSet("data-mark", token.markup)
    notes = [f"The file says of itself: {'; '.join(map(': '.join, known.items()))}."] * bool(known)
    offers = {name: known[name] for name in PAGE["offers"] if known.get(name)}
    page = reader.renderer.render(tokens, reader.options, {})
    return from_html(f"<div>{page}</div>", notes, offers)


def _front_matter(text: str) -> tuple[str, dict[str, str]]:
    """A text without its front matter in YAML or TOML, and what that says, by name."""
    match = re.match(r"(---|\+\+\+)[ \t]*\n(.*?\n)(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", text, re.DOTALL)
    known = None
    with contextlib.suppress(yaml.YAMLError, ValueError, RecursionError):
        known = match and (tomllib.loads if match[1] == "+++" else yaml.safe_load)(match[2])
    if not isinstance(known, dict):
        return text, {}
    known |= {"author": known["authors"]} if "authors" in known else {}
    return text[match.end() :], {str(key).casefold(): _flat(said) for key, said in known.items()}


def _lettered(text: str) -> str:
    """A blank line before each item of a list that the standard does not know: a., (b), iii), #."""
    lines, listed = [], False
    for line in text.split("\n"):
        label = LETTERED.match(line)
        listed = bool(line.strip()) and (
            listed or bool(label and (label[2] or label[1] in "aAiI#"))
        )
        lines += ["", line] if label and listed else [line]
    return "\n".join(lines)


def _flat(said: Any) -> str:
    """What front matter says under one name, in words."""
    if isinstance(said, dict | list):
        return ", ".join(map(_flat, said.values() if isinstance(said, dict) else said))
    return " ".join(str(said).split())


def read_docx(data: bytes) -> Found:
    """The blocks of a Word file, see :func:`read_html`, with all tracked changes accepted."""
    parts = safe_members(data, "The file {name}", WORD["advice"], 200_000_000)
    if "word/document.xml" not in parts:
        raise UnionError(_packed(parts))
    roots = {name: _root(each) for name, each in parts.items() if name.endswith((".xml", ".rels"))}
    notes = []
    for what, (part, path) in WORD["left_out"].items():
        found = (
            node for name in roots if re.fullmatch(part, name) for node in roots[name].xpath(path)
        )
        notes += told(what, (" ".join(node.itertext("{*}t", "{*}delText")) for node in found))
    if b"macroEnabled" in parts.get("[Content_Types].xml", b""):
        notes.append(WORD["macros"])
    body = roots["word/document.xml"]
    for node in body.xpath(WORD["left_out"]["Hidden text"][1]):
        node.getparent().remove(node)
    _write_labels(body, roots.get("word/numbering.xml"), roots.get("word/styles.xml"))
    fields = {etree.QName(each).localname: each.text for each in roots.get("docProps/core.xml", ())}
    offers = {name: fields[key] for key, name in WORD["fields"].items() if fields.get(key)}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        parts |= {"word/document.xml": etree.tostring(body)}
        for name, content in parts.items():
            archive.writestr(name, content)
    page = mammoth.convert_to_html(packed, style_map="\n".join(WORD["styles"])).value
    if not re.sub(r"<[^>]*>", "", page).strip():
        raise UnionError(TROUBLE["pictures"])
    return from_html(f"<div>{page}</div>", notes, offers)


def _write_labels(body: Any, numbering: Any, styles: Any) -> None:
    """Write the labels that Word reckons (1., (a), Article 2) before their paragraphs."""
    if numbering is None:
        return
    abstract = {_value(each, "abstractNumId"): each for each in numbering.iter("{*}abstractNum")}
    lists = {_value(each, "numId"): each for each in numbering.iter("{*}num")}
    known = styles.iter("{*}style") if styles is not None else ()
    styled = {_value(each, "styleId"): each for each in known}
    counts: dict[str, dict[int, int]] = {}
    for paragraph in body.iter("{*}p"):
        style = styled.get(_value(paragraph.find("{*}pPr/{*}pStyle"), "val"))
        places = (each.find("{*}pPr/{*}numPr") for each in (paragraph, style) if each is not None)
        listed = next((each for each in places if each is not None), None)
        number = _value(listed.find("{*}numId"), "val") if listed is not None else ""
        if number not in lists:
            continue
        key = _value(lists[number].find("{*}abstractNumId"), "val")
        here = counts.setdefault(key, {})
        for anew in lists[number].findall("{*}lvlOverride[{*}startOverride]"):  # at its first use
            start = _number(_value(anew.find("{*}startOverride"), "val"), 1)
            here[int(_value(anew, "ilvl"))] = start - 1
            lists[number].remove(anew)
        label = _label(abstract[key], int(_value(listed.find("{*}ilvl"), "val") or 0), here)
        if label:
            _put_label(paragraph, label)


def _put_label(paragraph: Any, label: str) -> None:
    """Write a label at the beginning of a paragraph, which is then no item that mammoth numbers."""
    tag = paragraph.tag[:-1]
    properties = paragraph.find("{*}pPr")
    if properties is None:
        properties = etree.Element(f"{tag}pPr")
        paragraph.insert(0, properties)
    for listed in properties.findall("{*}numPr"):
        properties.remove(listed)
    none = etree.SubElement(properties, f"{tag}numPr")
    for name in ("ilvl", "numId"):
        etree.SubElement(none, tag + name).set(f"{tag}val", "0")
    run = etree.Element(f"{tag}r")
    etree.SubElement(run, f"{tag}t").text = f"{label} "
    paragraph.insert(1, run)


def _label(levels: Any, depth: int, counts: dict[int, int]) -> str:
    """The next label of a list at a depth, as its level describes it; none for a bullet."""
    known = {int(_value(each, "ilvl")): each for each in levels.iter("{*}lvl")}
    kinds = {at: _value(each.find("{*}numFmt"), "val") for at, each in known.items()}
    if kinds.get(depth, "bullet") in ("bullet", "none"):
        return ""
    for at in range(depth + 1):
        start = _number(_value(known[at].find("{*}start"), "val"), 1) if at in known else 1
        counts[at] = counts[at] + (at == depth) if at in counts else start
    for at in [at for at in counts if at > depth]:
        del counts[at]  # what is below begins anew

    pattern = _value(known[depth].find("{*}lvlText"), "val")
    for at, number in counts.items():
        pattern = pattern.replace(f"%{at + 1}", _numeral(number, kinds.get(at, "")))
    return pattern


def _value(node: Any, name: str) -> str:
    """An attribute, whatever its namespace, of which Word has two."""
    values = node.attrib.items() if node is not None else ()
    return next((value for key, value in values if etree.QName(key).localname == name), "")


def _packed(parts: dict[str, bytes]) -> str:
    """What an archive is that is no Word file, in a sentence."""
    mime = parts.get("mimetype", b"")[:200].decode("latin-1")
    for each in says()["packed"]:
        if any(name.startswith(each["part"]) for name in [*parts, ""]) and each["holds"] in mime:
            break
    return f"The file {{name}} {each['what']}: {each['instead']}."


def _root(content: bytes) -> Any:
    """The root of an XML part. Nothing is fetched or filled in; a part that declares is refused."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, load_dtd=False))
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnionError(TROUBLE["declares"])
    return root


READERS = {"pdf": read_pdf, "docx": read_docx, "md": read_markdown, "html": read_html}


def convert(kind: str, data: bytes) -> Found:
    """What a file of a kind says, see :func:`read_html`, or a ``problem`` in one sentence.

    >>> convert("docx", b"PK and nothing more")["problem"][:28]
    'The file {name} is damaged o'
    """
    try:
        found = READERS[kind](data)
    except UnionError as problem:
        return {"problem": str(problem)}
    except MemoryError:
        return {"problem": TROUBLE["too_much"]}
    except Exception:  # whatever a broken file can do to a library
        return {"problem": TROUBLE["damaged"]}
    said = {name: " ".join(each.split())[:300] for name, each in found["offers"].items()}
    if made := re.search(r"\d{4}-?\d\d-?\d\d", said.pop("made", "")):
        found["notes"].append(f"The file says that it was made on {made[0]}.")
    made_up = re.compile(says()["made_up"], re.IGNORECASE)
    offers = {name: each for name, each in said.items() if each and not made_up.fullmatch(each)}
    return found | {"offers": offers}


def limit() -> None:
    """Set limits to this process, as far as the system knows any."""
    for name, most in LIMITS.items() if resource else ():
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


if __name__ == "__main__":
    limit()
    sys.stdout.write(json.dumps(convert(sys.argv[1], sys.stdin.buffer.read())))
