"""A report as a web page: one file, nothing from outside, no script, read by screen readers and printed on any paper."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from pathlib import Path

from helpers.classroom.blocks import Block, Figure, Heading, Link, Paragraph, Table, fit

_SAFE = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"  # whatever got in: a browser runs and fetches nothing


def as_page(title: str, blocks: Sequence[Block]) -> bytes:
    """The web page of a report, in UTF-8. Every text is escaped.

    >>> b"<h1>1 &lt; 2</h1>" in as_page("A report", [Heading(1, "1 < 2")])
    True
    """
    style = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_SAFE}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(map(_drawn, blocks))
        + "\n</main>\n</body>\n</html>\n"
    ).encode()


def _text(text: str) -> str:
    return html.escape(fit(text))


def _drawn(block: Block) -> str:
    """One block as HTML."""
    if isinstance(block, Heading):
        return f"<h{block.level}{_id(block.anchor)}>{_text(block.text)}</h{block.level}>"
    if isinstance(block, Paragraph):
        words = "".join(_part(part) for part in block.parts)
        look = f' class="{block.look}"' if block.look in ("soft", "draft") else ""
        said = f"<p{look}{_id(block.anchor)}>{words}</p>"
        return f"<blockquote>{said}</blockquote>" if block.look == "quote" else said
    if isinstance(block, Figure):
        data = base64.b64encode(block.image).decode()
        image = f'<img alt="{_text(block.alt)}" src="data:image/png;base64,{data}">'
        return f'<figure>{image}<figcaption class="soft">{_text(block.title)}</figcaption></figure>'
    return _table(block)


def _part(part: str | Link) -> str:
    return (
        f'<a href="#{_text(part.target)}">{_text(part.text)}</a>'
        if isinstance(part, Link)
        else _text(part)
    )


def _id(anchor: str) -> str:
    return f' id="{_text(anchor)}"' if anchor else ""


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{_text(name)}</th>' for name in table.head)
    rows = "".join(
        f'<tr><th scope="row">{_text(first)}</th>'
        + "".join(f"<td>{_text(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in table.rows
    )
    caption = _text(table.caption)
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{caption}"><table><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
