"""Web pages from templates: every text is escaped, and no page runs or fetches anything."""

import math
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from helpers.corpus.files import whole_characters

# Control characters, and those that turn the direction of the text around them.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def render(template: str, **values: Any) -> bytes:
    """The page that a template of ``helpers/classroom/templates`` gives with some values, in UTF-8.

    >>> b"<h1>1 &lt; 2</h1>" in render("page.html", title="1 < 2")
    True
    """
    return _pages.get_template(template).render(values).encode()


def printable(value: Any) -> str | Markup:
    """A value as a page shows it: numbers with commas, what no page can hold as a sign for it.

    >>> printable("half \\ud83d, \\x00 and \\u202e"), printable(1234.56), printable(math.nan)
    ('half �, � and �', '1,234.6', '–')
    """
    if isinstance(value, Markup):
        return value
    if isinstance(value, float):
        return "–" if math.isnan(value) else f"{value:,.1f}"
    if isinstance(value, int):
        return f"{value:,}"
    return _UNFIT.sub("\ufffd", whole_characters(re.sub("\r\n?", "\n", str(value))))


_pages = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    finalize=printable,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.filters["printable"] = printable
