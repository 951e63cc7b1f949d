"""The reading edition: each widget as plain HTML, for a page, a print-out or a phone on which nothing runs."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from functools import singledispatch
from typing import Any

from helpers.show.answers import Answer
from helpers.show.cards import table_html
from helpers.show.case import CaseDesk
from helpers.show.explorer import Explorer
from helpers.show.kwic import Concordance
from helpers.show.noise import NoiseHunt
from helpers.show.reader import Reader
from helpers.show.settling import Settling
from helpers.show.tagger import Tagger
from helpers.show.walk import CleaningWalk
from helpers.show.widget import Widget

_anchored: set[str] = set()  # sentences that have their place on this page already
_LIVE = "In the running lesson this part answers to you."


def _of(tag: str, text: object, **attributes: str) -> str:
    """An element with a text, both escaped."""
    said = "".join(
        f' {name.rstrip("_")}="{html.escape(value)}"' for name, value in attributes.items()
    )
    return f"<{tag}{said}>{html.escape(str(text))}</{tag}>"


@singledispatch
def still(surface: Widget) -> str:
    """A widget as HTML, everything in it escaped; of one without a form of its own, its title and what it says."""
    shown = surface.shown
    said = [str(shown[name]) for name in ("warning", "description", "told") if shown.get(name)]
    return (
        (_of("h3", shown["title"]) if shown.get("title") else "")
        + "".join(_of("p", each) for each in said)
        + _of("p", _LIVE, class_="u-soft")
    )


@still.register
def _(surface: Answer) -> str:
    shown = surface.shown
    room = "".join(_of("li", f"☐ {choice}") for choice in shown["choices"])
    lines = (
        f'<ul class="u-choices">{room}</ul>'
        if room
        else '<div class="u-room"></div>' * int(shown["rows"])
    )
    return f"<p><strong>{html.escape(shown['question'])}</strong></p>{lines}"


@still.register
def _(surface: Reader) -> str:
    terms, used = surface.texts["terms"], set()
    content = ""
    for document in surface.texts["documents"]:
        content += _of("h3", document["title"])
        for paragraph in _by_paragraph(document["sentences"]):
            content += f'<p class="u-text">{" ".join(_sentence(each, "".join(text for text, _ in each["pieces"])) for each in paragraph)}</p>'
            used |= {
                number for each in paragraph for _, number in each["pieces"] if number is not None
            }
    rows = "".join(
        f"{_of('dt', terms[n]['term'])}<dd>{html.escape(terms[n]['meaning'])} <span class='u-soft'>Source: "
        f"{html.escape(terms[n]['source'])}.</span></dd>"
        for n in sorted(used)
    )
    return content + (
        f"<details><summary>Glossary</summary><dl>{rows}</dl></details>" if rows else ""
    )


def _by_paragraph(sentences: Iterable[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = {}
    for each in sentences:
        found.setdefault(each["paragraph"], []).append(each)
    return list(found.values())


def _sentence(each: Mapping[str, Any], text: str) -> str:
    """A sentence after its number, which is a place to link to."""
    id = each["id"]
    place = {} if id in _anchored else {"id": id}
    _anchored.add(id)
    return f"{_of('a', id, **place, href=f'#{id}', class_='u-number')} {html.escape(text)}"


@still.register
def _(surface: Tagger) -> str:
    texts, labels = surface.texts, {code["code"]: code["label"] for code in surface.texts["codes"]}
    doers = {doer["doer"]: doer["label"] for doer in texts["doers"]}
    head = "".join(
        _of("th", name, scope="col") for name in ("sentence", "text", "codes", "doer", "memo")
    )
    rows = ""
    for each in texts["sentences"]:
        state = surface.coded.get(each["id"], {})
        codes = ", ".join(labels.get(code, code) for code in state.get("codes", ()))
        cells = (
            each["text"],
            codes if each["open"] else "–",
            doers.get(state.get("doer", ""), ""),
            state.get("memo", ""),
        )
        rows += f"<tr>{_of('th', each['id'], scope='row')}{''.join(_of('td', cell) for cell in cells)}</tr>"
    book = "".join(
        f"{_of('dt', code['label'])}<dd>{html.escape(code['definition'])}</dd>"
        for code in texts["codes"]
    )
    return (
        f"{_of('h3', texts['title'])}{_of('p', texts['question'])}<details><summary>The codes</summary><dl>{book}</dl></details>"
        f'{_wide(texts["title"])}<table class="u-sheet"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _wide(name: str) -> str:
    return f'<div class="u-wide" tabindex="0" role="group" aria-label="{html.escape(name)}">'


@still.register
def _(surface: Settling) -> str:
    import pandas as pd

    rows = [
        (
            each["id"],
            each["text"],
            ", ".join(each["mine"].get("codes", ())),
            ", ".join(each["theirs"].get("codes", ())),
        )
        for each in surface.shown["items"]
    ]
    table = pd.DataFrame(rows, columns=["sentence", "text", "mine", "theirs"]).set_index("sentence")
    return _of("p", surface.shown["said"]) + (
        table_html(table, "Where the two codings differ") if rows else ""
    )


@still.register
def _(surface: Concordance) -> str:
    import pandas as pd

    lines = [
        (each["sentence"], each["left"], each["node"], each["right"])
        for each in surface.shown["lines"]
    ]
    table = pd.DataFrame(lines, columns=["sentence", "before", "hit", "after"]).set_index(
        "sentence"
    )
    return _of("p", surface.shown["told"]) + (
        table_html(table, f"“{surface.shown['query']}” in context") if lines else ""
    )


@still.register
def _(surface: Explorer) -> str:
    return surface.chart.html()


@still.register
def _(surface: CleaningWalk) -> str:
    import pandas as pd

    steps = [
        (f"{number}. {each['label']}", each["why"], each["edits"])
        for number, each in enumerate(surface.shown["steps"], 1)
    ]
    return _of("h3", surface.shown["title"]) + table_html(
        pd.DataFrame(steps, columns=["step", "why", "edits"]).set_index("step"), "Steps"
    )


@still.register
def _(surface: NoiseHunt) -> str:
    lines = "".join(
        f"<li>{_of('span', each['number'], class_='u-number')} ☐ {html.escape(each['text'])}</li>"
        for each in surface.shown["lines"]
    )
    return f"{_of('h3', surface.shown['title'])}<ul class='u-choices'>{lines}</ul>"


@still.register
def _(surface: CaseDesk) -> str:
    claim, *rest = (
        f'<p><strong>{html.escape(label)}</strong></p>{_of("p", help, class_="u-soft")}<div class="u-room"></div>'
        for label, help in surface.choices["fields"].values()
    )
    evidence = (
        '<p><strong>Your evidence, from each document, with its sentence ids</strong></p><div class="u-room"></div>'
        * 2
    )
    needed = "".join(_of("li", f"☐ {what}") for what, _, _ in surface.shown["checklist"])
    return f'{_of("h3", "Make your case")}{claim}{evidence}{"".join(rest)}<ul class="u-choices">{needed}</ul>'
