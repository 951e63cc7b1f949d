"""The text of a web page: without what a browser runs or draws, and without the menus around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from helpers.corpus.decoding import decode
from helpers.corpus.errors import UnionError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CODE = (
    "script style noscript template svg iframe object embed applet canvas audio video map select datalist option button input "
    "textarea progress meter rp rt"
).split()
_AROUND = (
    "ancestor-or-self::nav or ancestor-or-self::aside or ((self::header or self::footer) and not(ancestor::article or ancestor::main))"
    " or contains(' navigation banner contentinfo complementary search dialog alertdialog menu menubar ', concat(' ', @role, ' '))"
)
_HIDDEN = "@hidden or @aria-hidden='true' or contains(translate(@style, ' ', ''), 'display:none') or (self::dialog and not(@open))"
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form frameset "
    "h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody tfoot thead tr ul".split()
)
_CELLS = ("td", "th")
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})",
    re.IGNORECASE,
)
# What browsers take for a name, where the letters are wider than it says.
_WIDER = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-9": "cp1254",
}
_EMPTY = {
    "frame": "The file {name} is only a frame around other pages: save the page that stands inside it.",
    "script": "The file {name} holds no text of its own, as a script writes the page: give the text instead, copied from the browser.",
}
_MOSTLY = 0.6  # of the words: then an article or a main part is the page


def read_html(data: bytes) -> tuple[str, list[str], dict[str, str]]:
    """The text of a page, notes on what was left out, and what the page says about itself.

    >>> read_html(b"<nav>Home</nav><p>We, the<br>weavers</p><!-- x --><td>1<td>2")[:2]
    ('We, the\\nweavers\\n\\n1\\t2', ['Left out around the text: 1 word (“Home”).'])
    """
    from lxml import etree, html

    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    tree = html.document_fromstring(
        _decoded(data).replace("\x00", "").encode("utf-8", "replace"), parser=parser
    )
    frames = bool(tree.xpath("//frameset | //iframe"))
    about = _about(tree)
    etree.strip_elements(tree, *_CODE, "head", with_tail=False)
    _drop(tree.xpath(f"//*[{_HIDDEN}]"))
    _mark_footnotes(tree)
    whole = _text(tree)
    gone = _drop(tree.xpath(f"//*[{_AROUND}]"))
    parts = tree.xpath("//article | //main | //*[@role='main']")[:200]
    text, rest = max(map(_text, parts), key=len, default=""), _text(tree)
    text = text if len(text) > _MOSTLY * len(rest) else rest
    gone += rest.partition(text or "\0")[::2]
    if len(text) < 0.3 * len(whole):  # then it was not a menu
        text, gone = whole, []
    if not text.strip():
        raise UnionError(_EMPTY["frame" if frames else "script"])
    return text, _left_out(gone), about


def _decoded(data: bytes) -> str:
    """The letters of a page: in UTF-8 or 16 where they fit, else as the page says, else as they look."""
    text, encoding = decode(data, None, "the file {name}")
    said = _CHARSET.search(data[:4096])
    if said and not encoding.startswith("utf"):
        name = said[1].decode("ascii").casefold()
        try:
            return data.decode(_WIDER.get(name, name))
        except (LookupError, UnicodeDecodeError):
            return text
    return text


def _about(tree: HtmlElement) -> dict[str, str]:
    """Title, author and date, as the page's head gives them."""
    wanted = {
        "title": "(//meta[@property='og:title']/@content | //title)[last()]",
        "author": "//meta[@name='author']/@content",
        "date": "//meta[@property='article:published_time' or @name='date' or @name='dc.date']/@content",
    }
    return {name: str(tree.xpath(f"string({path})")).strip() for name, path in wanted.items()}


def _mark_footnotes(tree: HtmlElement) -> None:
    """The raised number of a footnote is put in brackets, so that it does not stick to its word."""
    for node in tree.xpath("//sup[.//a]"):
        if number := re.fullmatch(r"\W?(\d{1,3})\W?", node.text_content().strip()):
            for child in list(node):
                node.remove(child)
            node.text = f"[{number[1]}]"


def _drop(nodes: list[HtmlElement]) -> list[str]:
    """Take nodes out of the page, and give the text of each."""
    gone = []
    for node in nodes:
        if (
            node.tag not in ("html", "body")
            and node.getroottree().getroot().tag == "html"
            and node.getparent() is not None
        ):
            gone.append(_text(node))
            node.drop_tree()
    return gone


def _text(root: HtmlElement) -> str:
    """The text below a node, with a blank line between blocks and a tab between cells."""
    from lxml import etree

    pieces, pre = [], 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        tag, block = node.tag, "\n\n" if node.tag in _BLOCKS else ""
        if event == "start":
            pre += tag == "pre"
            beside = (
                tag in _CELLS
                and node.getprevious() is not None
                and node.getprevious().tag in _CELLS
            )
            before = "\n" if tag == "br" else "\t" if beside else block
            text = node.text or ""
        else:
            pre -= tag == "pre"
            before, text = block, (node.tail or "") if node is not root else ""
        pieces += [before, text if pre else re.sub(r"[ \t\r\n\f]+", " ", text)]
    lines = re.sub(r"(?<![ \t])[ \t]+(?=\n)|(?<=\n) +", "", re.sub(" {2,}", " ", "".join(pieces)))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def _left_out(gone: list[str]) -> list[str]:
    """What stands on the page around the text, in a sentence."""
    words = " … ".join(" ".join(part.split()) for part in gone if part.strip())
    many = sum(len(part.split()) for part in gone)
    said = f"{words[:80]}{'…' if len(words) > 80 else ''}"
    return (
        [f"Left out around the text: {many} word{'s' if many > 1 else ''} (“{said}”)."]
        if many
        else []
    )
