"""Readers of formats that state their structure: Markdown and Word become HTML, and HTML becomes blocks.

A block is a heading, a paragraph, a list item, a row of a table or a line: one line of text, with
a blank line between two. Run as ``python -m helpers.corpus.formats KIND`` it reads bytes and writes
JSON, with little time and memory, so that no file can do harm to whoever started it.
"""

import contextlib
import json
import re
import sys
import tomllib
import zipfile
from io import BytesIO
from pathlib import Path

import mammoth
import yaml
from lxml import etree, html
from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from helpers.corpus.decoding import decode
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml, safe_members
from helpers.corpus.pdf import read_pdf

MEMORY, SECONDS = 768 * 2**20, 8
TOO_MUCH = (
    "The file {name} asks for more time or memory than a text should, so it was given up: save its"
    " text as .txt and choose that."
)
DAMAGED = (
    "The file {name} is damaged, or made in a way that cannot be read here: open it, save it anew,"
    " or paste its text."
)
SAYS = read_toml(Path(__file__).with_name("files.toml"))
# Marks that no text holds: a new block, the next cell, and a label that what follows belongs to.
BLOCK, CELL, LABEL = "\ufdd0", "\ufdd1", "\ufdd2"
BLOCKS = frozenset(SAYS["html"]["blocks"].split())
NOTE_MARK = re.compile(r"\W?(\d{1,3}|[a-z]|[*†‡§]{1,3})(?::\d+)?\W?")
ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"))
LONG_CELL = 60  # characters: a longer one is a paragraph, not a cell


def read_html(data):
    """The blocks of a page, as a dictionary: ``text``, ``blocks``, ``notes`` and ``offers``.

    >>> read_html(b"<nav>Home</nav><p>We, the<br>weavers</p><ol><li>One<li>Two")["text"]
    'We, the\\n\\nweavers\\n\\n1. One\\n\\n2. Two'
    """
    text, encoding = decode(data, None, "the file {name}")
    said = re.search(rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", data)
    if said and not encoding.startswith("utf"):
        name = said[1].decode("ascii").casefold()
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            text = data.decode(SAYS["html"]["wider"].get(name, name))
    return from_html(text)


def from_html(text, notes=(), offers=()):
    """The blocks of HTML that was read from a page, or made of Markdown or of a Word file."""
    text = re.sub("[\x00-\x08\x0b\x0e-\x1f\ufdd0-\ufdd2\ufffe\uffff]", "", text)
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    notes, frames = list(notes), tree.xpath("//frameset | //iframe")
    offers = {**_head(tree), **dict(offers)}
    etree.strip_elements(tree, *SAYS["html"]["code"].split(), "head", with_tail=False)
    _mark_notes(tree)
    whole = len(_plain(tree))
    for what, path in SAYS["html"]["left_out"].items():
        notes += _told(what, [_drop(node) for node in tree.xpath(path) if 2 * len(_plain(node)) < whole])
    notes += _told("Contents lists", [_drop(node) for node in tree.iter("ul", "ol") if _is_contents(node)])
    notes += _told("Parts around the main part", list(_around(tree, whole)))
    pictures = [node.get("alt", "") for node in tree.iter("img", "picture")]
    notes += _told("Pictures", pictures) if any(pictures) or len(pictures) else []
    links = {node.get("href") for node in tree.xpath("//a[@href][not(starts-with(@href, '#'))]")}
    notes += _told("Addresses of links", sorted(links))
    old = max(tree.iter("pre"), key=lambda node: len(_plain(node)), default=None)
    if old is not None and 2 * len(_plain(old)) > whole:  # a plain text in the clothes of a page
        return {"text": _plain(tree), "blocks": False, "notes": notes, "offers": offers}
    _number_items(tree)
    _join_cells(tree)
    blocks = _blocks(tree)
    if not blocks:
        raise UnionError(SAYS["html"]["frames" if frames else "script"])
    return {"text": blocks, "blocks": True, "notes": notes, "offers": offers}


def _plain(node):
    return node.text_content().strip()


def _told(what, gone):
    """A sentence about what was left out, with how it begins."""
    words = " … ".join(" ".join(each.split()) for each in gone if each.strip())
    said = f" (“{words[:300]}{'…' * (len(words) > 300)}”)" if words else ""
    return [f"{what} left out: {len(gone)}{said}."] if said or what == "Pictures" and gone else []


def _drop(node):
    """Take a node out of the page, and give its text; nothing if it is out already."""
    text = _blocks(node) if next(node.iterancestors("html"), None) is not None else ""
    node.drop_tree()
    return text


def _is_contents(items):
    """Whether a list is made of links to places on the same page."""
    links = items.xpath(".//a[starts-with(@href, '#')]")
    linked = sum(len(_plain(link)) for link in links)
    return len(links) > 2 and not items.xpath(".//@label") and linked > 0.8 * len(_plain(items))


def _around(tree, whole):
    """What stands around the main part of a page, taken out, if the page names one and it is most of the text."""
    parts = tree.xpath("//main | //*[@role='main']")
    if len(parts) == 1 and len(_plain(parts[0])) > 0.6 * whole:
        for node in [parts[0], *parts[0].iterancestors()]:
            for other in [*node.itersiblings(), *node.itersiblings(preceding=True)]:
                if not other.xpath("descendant-or-self::*[@label]"):
                    yield _drop(other)


def _head(tree):
    """Title, author and date as the head of a page gives them, or its first heading."""
    found = {}
    for name, path in SAYS["html"]["offers"].items():
        said = [" ".join(each.split()) for each in map(str, tree.xpath(path)) if each.strip()]
        found |= {name: said[0]} if said else {}
    return found


def _mark_notes(tree):
    """The mark of a note is put in brackets, in the text and before the note; the way back goes."""
    ids = {node.get("id"): node for node in tree.xpath("//*[@id]")}
    for link in tree.xpath(SAYS["html"]["note_links"]):
        mark = NOTE_MARK.fullmatch(_plain(link))
        if mark and link.getparent() is not None:
            note = ids.get(link.get("href", "").removeprefix("#"))
            if note is not None and note.get("label") is None:
                note.set("label", f"[{mark[1]}]")
            _write(link, f"[{mark[1]}]")
    for node in tree.xpath("//*[@label]//a[starts-with(@href, '#')]"):
        if not re.search(r"\w{2}", _plain(node)):
            node.drop_tree()
    for node in tree.iter("sup"):  # a number of a note without a link, not a power or a date
        before = node.getprevious().tail if node.getprevious() is not None else node.getparent().text
        if re.fullmatch(r"\d{1,3}", _plain(node)) and re.search(r"([^\W\d]{3}|[.,;:!?”\"’)])$", before or ""):
            _write(node, f"[{_plain(node)}]")


def _write(node, text):
    """Put a text in the place of all that a node holds."""
    for child in list(node):
        node.remove(child)
    node.text = text


def _number_items(tree):
    """Write the label of each item of a numbered list, as a browser would show it."""
    for items in tree.iter("ol"):
        style = re.search(r"list-style(?:-type)?:\s*([\w-]+)", items.get("style", ""))
        kind = SAYS["html"]["label_kinds"].get(style[1] if style else "", items.get("type", "1"))
        found, step = [each for each in items if each.tag == "li"], -1 if "reversed" in items.keys() else 1
        start = items.get("start", "")
        number = int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1 if step > 0 else len(found)
        for item in found:
            number = int(item.get("value")) if re.fullmatch(r"\d{1,6}", item.get("value", "")) else number
            if item.get("label") is None and kind != "none":
                item.set("label", f"{_numeral(number, kind)}{items.get('data-mark', '.')}")
            number += step


def _numeral(number, kind):
    """A number as the label of a list: 3, c, C, iii or III."""
    if kind in "aA" and 1 <= number <= 26:
        return chr(ord(kind) + number - 1)
    if kind in "iI" and 1 <= number < 400:
        said = ""
        for value, letters in (*ROMAN, (1, "i")):
            said, number = said + letters * (number // value), number % value
        return said if kind == "i" else said.upper()
    return str(number)


def _join_cells(tree):
    """A row of short cells is one line; a row that holds paragraphs is as many."""
    for row in reversed(list(tree.iter("tr"))):
        cells = [_blocks(cell) for cell in row.iter("td", "th")]
        apart = any("\n" in cell or len(cell) > LONG_CELL for cell in cells)
        _write(row, (BLOCK if apart else CELL).join(cell.replace("\n\n", BLOCK) for cell in cells))


def _blocks(root):
    """The text below a node: a blank line between blocks, and each of them one line."""
    pieces, pre = [], 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        edge = BLOCK if node.tag in BLOCKS or (node.tag == "br" and event == "start") else ""
        pre += (node.tag == "pre") * (1 if event == "start" else -1)
        if event == "start":
            label = node.get("label", "") + LABEL if node.get("label") else ""
            text = edge + label + ("“" if node.tag == "q" else "") + _folded(node.text, pre)
        else:
            text = ("”" if node.tag == "q" else "") + edge + _folded(node.tail if node is not root else "", pre)
        pieces.append(text)
    text = re.sub(f"{LABEL}[\\s{BLOCK}]*", " ", "".join(pieces)).replace(CELL, "\t")
    return "\n\n".join(filter(None, (" ".join(re.split("[ ]+", each)).strip() for each in text.split(BLOCK))))


def _folded(text, pre):
    """White space as a browser shows it: line ends count in preformatted text alone."""
    return re.sub("\n", BLOCK, text or "") if pre else re.sub(r"[ \t\r\n\f]+", " ", text or "")


def read_markdown(data):
    """The blocks of a Markdown file, see :func:`read_html`; front matter becomes notes and offers.

    >>> read_markdown(b"+++\\ntitle = 'Our Rules'\\n+++\\n###Article 1\\n2. Pay[^1]\\n\\n[^1]: Each week.")["text"]
    'Article 1\\n\\n2. Pay[1]\\n\\n[1] Each week.'
    """
    text, _ = decode(data, None, "the file {name}")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    text, known = _front_matter(text)
    notes = [f"The file says of itself: {'; '.join(f'{key}: {known[key]}' for key in known)}."] if known else []
    for each in SAYS["markdown"]:
        text = re.sub(each["find"], each["write"], text, flags=re.MULTILINE)
    used = set(re.findall(r"\[\^([^\]\s]+)\](?!:)", text))
    noted = set(re.findall(r"^ {0,3}\[\^([^\]\s]+)\]:", text, flags=re.MULTILINE))
    lone = "|".join(map(re.escape, used ^ noted))  # a mark without a note, or a note without a mark
    text = re.sub(rf"\[\^({lone})\]:?", r"[\1]", text) if lone else text
    reader = MarkdownIt("commonmark").enable("table").disable("code").use(deflist_plugin).use(footnote_plugin)
    tokens = reader.parse(text)
    for token in tokens:
        if token.type == "ordered_list_open":
            token.attrSet("data-mark", token.markup)
    offers = {name: known[name] for name in ("title", "author", "date") if known.get(name)}
    return from_html(f"<div>{reader.renderer.render(tokens, reader.options, {})}</div>", notes, offers)


def _front_matter(text):
    """A text without its front matter in YAML or TOML, and what that says, by name."""
    match = re.match(r"(---|\+\+\+)[ \t]*\n(.*?)\n(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", text, re.DOTALL)
    if not match:
        return text, {}
    try:
        known = tomllib.loads(match[2]) if match[1] == "+++" else yaml.safe_load(match[2])
    except (yaml.YAMLError, ValueError, RecursionError):
        return text, {}
    if not isinstance(known, dict):
        return text, {}
    known |= {"author": known["authors"]} if "authors" in known else {}
    return text[match.end() :], {str(key).casefold(): _flat(value) for key, value in known.items()}


def _flat(value):
    """What front matter says under one name, in words."""
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return ", ".join(map(_flat, values)) if values is not None else " ".join(str(value).split())


def read_docx(data):
    """The blocks of a Word file, see :func:`read_html`, with all tracked changes accepted."""
    advice = "open it and save it anew as .docx, or as .txt"
    parts = safe_members(data, "The file {name}", advice, 200_000_000)
    if "[Content_Types].xml" not in parts or not any(name.startswith("word/") for name in parts):
        mime = parts.get("mimetype", b"")[:200].decode("latin-1")
        kind = next(
            each
            for each in SAYS["packed"]
            if any(name.startswith(each["part"]) for name in [*parts, ""]) and each.get("holds", "") in mime
        )
        raise UnionError(f"The file {{name}} {kind['what']}: {kind['instead']}.")
    roots = {name: _root(each) for name, each in parts.items() if name.endswith((".xml", ".rels"))}
    notes, offers = [], {}
    heads = [_words(roots[name]) for name in roots if re.search(r"/(header|footer)\d*\.xml$", name)]
    notes += _told("Heads and feet of pages", list(filter(None, heads)))
    remarks = [_words(each) for name in roots if name.endswith("/comments.xml") for each in roots[name]]
    notes += _told("Comments", remarks)
    body = roots["word/document.xml"]
    changes = [sum(1 for _ in body.iter(f"{{*}}{tag}")) for tag in ("ins", "moveTo", "del", "moveFrom")]
    if any(changes):
        gone = [_words(each) for each in body.iter("{*}del", "{*}moveFrom")]
        notes.append(f"Tracked changes are accepted: insertions taken in: {sum(changes[:2])}.")
        notes += _told("Deletions", gone)
    hidden = [each for each in body.iter("{*}r") if each.find("{*}rPr/{*}vanish") is not None]
    notes += _told("Pieces of hidden text", [_words(each) for each in hidden])
    for each in hidden:
        each.getparent().remove(each)
    for field in roots.get("docProps/core.xml", ()):
        name = SAYS["word"]["properties"].get(etree.QName(field).localname)
        offers |= {name: " ".join(field.text.split())} if name and (field.text or "").strip() else {}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in (parts | {"word/document.xml": etree.tostring(body)}).items():
            archive.writestr(name, content)
    if any(name.endswith("vbaProject.bin") for name in parts):
        notes.append("The file has macros. They were not run.")
    done = mammoth.convert_to_html(packed, style_map="\n".join(SAYS["word"]["styles"]), convert_image=lambda _: [])
    if not done.value:
        raise UnionError(SAYS["word"]["empty"])
    return from_html(f"<div>{done.value}</div>", notes, offers)


def _root(content):
    """The root of an XML part. Nothing is fetched or filled in; what declares anything is refused."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnionError(SAYS["word"]["declares"])
    return root


def _words(node):
    return " ".join(" ".join(node.itertext("{*}t", "{*}delText")).split())


READERS = {"pdf": read_pdf, "docx": read_docx, "md": read_markdown, "html": read_html}


def convert(kind, data):
    """What a file of a kind says, as :func:`read_html` gives it, or a ``problem`` in one sentence.

    >>> convert("docx", b"PK and nothing more")["problem"][:28]
    'The file {name} is damaged o'
    """
    try:
        return READERS[kind](data)
    except UnionError as problem:
        return {"problem": str(problem)}
    except MemoryError:
        return {"problem": TOO_MUCH}
    except Exception:  # whatever a broken file can do to a library
        return {"problem": DAMAGED}


def limit():
    """Set limits to this process, as far as the system knows any."""
    try:
        import resource
    except ImportError:  # Windows
        return
    wanted = {"AS": MEMORY, "CPU": SECONDS, "FSIZE": 0, "CORE": 0}
    for name, most in wanted.items():
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


if __name__ == "__main__":
    limit()
    sys.stdout.write(json.dumps(convert(sys.argv[1], sys.stdin.buffer.read())))
