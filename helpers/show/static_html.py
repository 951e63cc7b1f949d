"""Parts of pages on which nothing runs: the reading edition, a print-out, a phone."""

import html
from collections.abc import Iterable, Mapping
from typing import Any

_anchored: set[str] = set()  # sentences that have their place on this page already


def element(tag: str, text: object, **attributes: str) -> str:
    """An element with a text, both escaped.

    >>> element("p", "a < b", class_="u-soft")
    '<p class="u-soft">a &lt; b</p>'
    """
    said = (f' {name.rstrip("_")}="{html.escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{''.join(said)}>{html.escape(str(text))}</{tag}>"


def by_paragraph(sentences: Iterable[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Sentences as a screen has them, in lists by their ``paragraph``."""
    found: dict[int, list[Mapping[str, Any]]] = {}
    for each in sentences:
        found.setdefault(each["paragraph"], []).append(each)
    return list(found.values())


def linked_sentence(id: str, text: str) -> str:
    """A sentence after its number, which is a place to link to."""
    place = {} if id in _anchored else {"id": id}
    _anchored.add(id)
    return f"{element('a', id, **place, href=f'#{id}', class_='u-number')} {html.escape(text)}"


def wide_part(name: str) -> str:
    """The beginning of a part that can be scrolled sideways."""
    return f'<div class="u-wide" tabindex="0" role="group" aria-label="{html.escape(name)}">'
