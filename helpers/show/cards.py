"""Cards: a document's facts, raw lines, paragraphs and account, texts and tables, as HTML."""

import html

import pandas as pd

from helpers.corpus.documents import CORPUS_FOLDER, Document
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml
from helpers.corpus.library import fields as described
from helpers.show.widget import page


class Card:
    """Something to read: HTML in a notebook, plain text elsewhere."""

    def __init__(self, content: str, plain: str) -> None:
        self.content, self._plain = content, plain

    def _repr_html_(self) -> str:
        return page(self.content)

    def __repr__(self) -> str:
        return self._plain


def table_html(table: pd.DataFrame, caption: str) -> str:
    """A table as accessible HTML: with a caption, with headers, everything escaped.

    >>> "<td class=u-figure>1,200</td>" in table_html(pd.DataFrame({"hits": [1200]}), "Hits")
    True
    """
    name, figures = html.escape(caption), {str(name) for name in table.select_dtypes("number")}
    heads = "" if table.index.name else "<td></td>"  # it heads nothing
    for head in map(str, [*filter(None, [table.index.name]), *table.columns]):
        kind = " class=u-figure" if head in figures else ""
        heads += f'<th{kind} scope="col">{html.escape(head)}</th>'
    rows = ""
    for key, row in zip(table.index, table.itertuples(index=False), strict=True):
        cells = "".join(f"<td{_kind(value)}>{_escaped(value)}</td>" for value in row)
        kind = _kind(key) or " class=u-name" * (" " not in str(key))
        rows += f'<tr><th{kind} scope="row">{_escaped(key)}</th>{cells}</tr>'
    wide = _fullness(table) > 50
    cue = '<p class="u-cue u-soft">Wider than your screen: scroll it sideways.</p>' if wide else ""
    full = " u-full" if wide else ""
    return (
        f'{cue}<div class="u-wide{full}" tabindex="0" role="group" aria-label="{name}">'
        f'<table><caption class="u-hidden">{name}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def cell_text(cell: object) -> str:
    """A cell of a table as text.

    >>> cell_text(1234), cell_text(2.25), cell_text(("a", "b"))
    ('1,234', '2.25', 'a, b')
    """
    if isinstance(cell, tuple | list):
        return ", ".join(map(str, cell))
    return f"{cell:,}" if _kind(cell) and not isinstance(cell, bool) else str(cell)


def _escaped(cell: object) -> str:
    return html.escape(cell_text(cell))


def _kind(cell: object) -> str:
    """The class of a cell that is a number."""
    return " class=u-figure" * (isinstance(cell, int | float) or hasattr(cell, "dtype"))


def _fullness(table: pd.DataFrame) -> int:
    """How many letters a row wants with its headers; a column of prose makes do with two dozen."""
    columns = [(table.index.name or "", *table.index)]
    columns += [(name, *column) for name, column in table.items()]
    return sum(min(24, max(map(len, map(str, column)))) for column in columns)


def _titled(title: str, content: str, plain: str) -> Card:
    return Card(f"<h3>{html.escape(title)}</h3>{content}", plain)


def source_card(document: Document, *fields: str) -> Card:
    """Show what is known about a document, or only the named fields of ``document.about``.

    >>> from helpers import load_corpus
    >>> print(source_card(load_corpus()["gftuk"], "author", "date"))
    Kim Jong Un, letter of 2021
    Author: Kim Jong Un
    Date: 25 May 2021
    """
    rows = [
        (field["card"], document.about[field["name"]])
        for field in described()
        if "card" in field and (not fields or field["name"] in fields)
    ]
    title = document.about["short_title"]
    table = pd.DataFrame(rows, columns=["", "what is known"]).set_index("")
    plain = "\n".join([title, *(f"{label}: {value}" for label, value in rows)])
    return _titled(title, table_html(table, title), plain)


def context_timeline() -> Card:
    """Show what happened around the two documents, by ``corpus/timeline.toml``, a row an event."""
    events = read_toml(CORPUS_FOLDER / "timeline.toml")["events"]
    events = pd.DataFrame(events).sort_values("sort").set_index("date")
    short, title = events["short"].str.replace("\n", " "), "Context of the two documents"
    sides = {side: short.where(events["side"] == side, "") for side in ("South", "North")}
    sources = events[["what", "source"]].set_axis(["what happened", "source"], axis=1)
    own = " and ".join(events["in_bold"].dropna())
    said = f"{len(events)} events in order of time. Among them are our documents: {own}."
    said = f"<p>{html.escape(said)}</p>{table_html(pd.DataFrame(sides), title)}"
    more = f"<summary>In full, with sources</summary>{table_html(sources, 'The events in full')}"
    return _titled(title, f"{said}<details>{more}</details>", sources.to_string())


def show_raw(document: Document, first: int = 1, last: int = 30) -> Card:
    """Show lines of the raw file as they are, with their numbers (from 1, both ends in).

    >>> from helpers import load_corpus
    >>> print(show_raw(load_corpus()["kctu"], 30, 30))
     30  XE Login
    """
    numbered = list(enumerate(document.raw.split("\n"), 1))[max(first - 1, 0) : max(last, 0)]
    plain = "\n".join(f"{number:>3}  {line}" for number, line in numbered)
    title = f"Raw lines {first} to {last} of {document.about['short_title']}"
    wide = f'<div class="u-wide" tabindex="0" role="group" aria-label="{html.escape(title)}">'
    return _titled(title, f"{wide}<pre>{html.escape(plain)}</pre></div>", plain)


def show_account(document: Document) -> Card:
    """Show how many characters each cleaning step changed and removed, and that they add up."""
    account = document.cleaning.account()
    busy = account[(account["raw"] > 0) | (account.index == "total")]
    title = f"Account of {document.about['short_title']}, in characters of the raw file"
    return _titled(title, table_html(busy, title), busy.to_string())


def show_paragraphs(document: Document, first: int = 1, last: int | None = None) -> Card:
    """Show paragraphs of the clean text (from 1, both ends in), each sentence with its id.

    Without ``last``, one paragraph. Raises :class:`UnionError` for paragraphs that are not there.

    >>> from helpers import load_corpus
    >>> repr(show_paragraphs(load_corpus()["kctu"], 2))[:54]
    'kctu-002  The KCTU will work towards political empower'
    """
    last, most = first if last is None else last, len(document.paragraphs)
    name = document.about["short_title"]
    if not 1 <= first <= last <= most:
        raise UnionError(
            f"{name} has paragraphs 1 to {most}: choose a first and a last one of these."
        )
    which = f"paragraphs {first} to {last}" if last > first else f"paragraph {first}"
    chosen = document.sentences[document.sentences["paragraph"].between(first, last)]
    parts = ""
    for _, texts in chosen.groupby("paragraph")["text"]:
        said = [
            f'<span class="u-soft">[{id}]</span> {html.escape(text)} ' for id, text in texts.items()
        ]
        parts += f'<p class="u-text">{"".join(said)}</p>'
    plain = "\n".join(f"{id}  {text}" for id, text in chosen["text"].items())
    return _titled(f"{name}, {which}", parts, plain)


def show_text(*paragraphs: str) -> Card:
    """Show texts as paragraphs, broken between words: JupyterLab breaks what is printed anywhere.

    >>> print(show_text("Code what the sentence asks for.", "“None” stands alone."))
    Code what the sentence asks for.
    “None” stands alone.
    """
    text = "\n".join(paragraphs)
    parts = [f"<p>{html.escape(each)}</p>" for each in text.splitlines() if each.strip()]
    return Card("".join(parts), text)


def show_table(table: pd.DataFrame, title: str) -> Card:
    """Show a table in the look of the project, whole and with every text in full."""
    content = table_html(table, title) if len(table) else "<p>Nothing stands here yet.</p>"
    return _titled(title, content, table.to_string())
