"""Web pages from templates: every text is escaped, and no page runs or fetches anything."""

import math
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from helpers.corpus.files import whole_characters

# Control characters, which no page shows, and those that turn the direction of the text around them.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def printable(text: str) -> str:
    """A text as any page can hold it: what cannot be shown is replaced by a sign that can.

    >>> printable("half \\ud83d, \\x00 and \\u202e")
    'half �, � and �'
    """
    return _UNFIT.sub("\ufffd", whole_characters(text.replace("\r\n", "\n").replace("\r", "\n")))


def render(template: str, **values: Any) -> bytes:
    """The page that a template of ``helpers/classroom/templates`` gives with some values, in UTF-8.

    >>> b"<h1>1 &lt; 2</h1>" in render("page.html", title="1 < 2")
    True
    """
    return _pages.get_template(template).render(values).encode()


def _shown(value: Any) -> Any:
    """A value as a reader wants it: numbers with their commas, lists in a row, none as a dash."""
    if isinstance(value, float):
        return "–" if math.isnan(value) else f"{value:,.1f}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, tuple):
        return printable(", ".join(map(str, value)))
    return value if isinstance(value, Markup) else printable(str(value))


def _paragraphs(text: str) -> list[list[str]]:
    """The paragraphs of a learner's text, each in its lines."""
    parts = re.split(r"\n\s*\n", printable(text).strip())
    return [part.strip().splitlines() for part in parts if part.strip()]


_pages = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    finalize=_shown,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.filters["paragraphs"] = _paragraphs
