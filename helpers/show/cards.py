"""Still views of documents: what is known about one, its raw lines, its account as a table."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from helpers.corpus.documents import Document
from helpers.corpus.errors import UnionError
from helpers.corpus.library import fields as described
from helpers.show.charts import table_html
from helpers.show.widget import page

if TYPE_CHECKING:
    import pandas as pd


class Card:
    """A still view: HTML in a notebook, plain text elsewhere."""

    def __init__(self, content: str, plain: str) -> None:
        self.content, self._plain = content, plain

    def _repr_html_(self) -> str:
        return page(self.content)

    def __repr__(self) -> str:
        return self._plain


def source_card(document: Document, *fields: str) -> Card:
    """Show what is known about a document, or only the named fields of ``document.about``.

    >>> from helpers import load_corpus
    >>> print(source_card(load_corpus()["gftuk"], "author", "date"))
    Kim Jong Un, letter of 2021
    Author: Kim Jong Un
    Date: 25 May 2021
    """
    import pandas as pd

    cards = {
        field["name"]: field["card"]
        for field in described()
        if "card" in field and (not fields or field["name"] in fields)
    }
    rows = [(label, document.about[name]) for name, label in cards.items()]
    title = document.about["short_title"]
    table = pd.DataFrame(rows, columns=["", "what is known"]).set_index("")
    return Card(
        f"<h3>{html.escape(title)}</h3>{table_html(table, title)}",
        "\n".join([title, *(f"{label}: {value}" for label, value in rows)]),
    )


def show_raw(document: Document, first: int = 1, last: int = 30) -> Card:
    """Show lines of the raw file as they are, with their numbers (from 1, both ends in).

    >>> from helpers import load_corpus
    >>> print(show_raw(load_corpus()["kctu"], 30, 30))
     30  XE Login
    """
    numbered = [
        f"{number:>3}  {line}"
        for number, line in enumerate(document.raw.split("\n"), 1)
        if first <= number <= last
    ]
    plain = "\n".join(numbered)
    label = html.escape(f"Raw lines {first} to {last} of {document.about['short_title']}")
    return Card(
        f'<h3>{label}</h3><div class="u-wide" tabindex="0" role="group" aria-label="{label}"><pre>{html.escape(plain)}</pre></div>',
        plain,
    )


def show_account(document: Document) -> Card:
    """Show the account of characters of a document: kept, changed and removed by each step, adding up to all."""
    account = document.cleaning.account()
    busy = account[(account["raw"] > 0) | (account.index == "total")]
    title = f"Account of {document.about['short_title']}, in characters of the raw file"
    return Card(f"<h3>{html.escape(title)}</h3>{table_html(busy, title)}", busy.to_string())


def show_paragraphs(document: Document, first: int = 1, last: int | None = None) -> Card:
    """Show paragraphs of the clean text (from 1, both ends in), each sentence with its id.

    Without ``last``, one paragraph. Raises :class:`UnionError` for paragraphs that are not there.

    >>> from helpers import load_corpus
    >>> print(show_paragraphs(load_corpus()["kctu"], 3, 3))
    kctu-007  The KCTU will consolidate organisational power of workers, with special focus on raising union density by \
organising the unorganised sectors of workers, building industrial unionism, and realising national industry-wide \
collective bargaining, based on industry-wide coordinated struggle.
    kctu-008  The KCTU will also work toward the unity of the trade union movement.
    """
    last, most = first if last is None else last, len(document.paragraphs)
    if not 1 <= first <= last <= most:
        raise UnionError(
            f"{document.about['short_title']} has paragraphs 1 to {most}: choose a first and a last one of these."
        )
    title = f"{document.about['short_title']}, " + (
        f"paragraphs {first} to {last}" if last > first else f"paragraph {first}"
    )
    chosen = document.sentences[document.sentences["paragraph"].between(first, last)]
    parts = []
    for _, sentences in chosen.groupby("paragraph"):
        said = "".join(
            f'<span class="u-soft">[{html.escape(str(id))}]</span> {html.escape(text)} '
            for id, text in sentences["text"].items()
        )
        parts.append(f'<p class="u-text">{said}</p>')
    plain = "\n".join(f"{id}  {text}" for id, text in chosen["text"].items())
    return Card(f"<h3>{html.escape(title)}</h3>{''.join(parts)}", plain)


def show_text(*paragraphs: str) -> Card:
    """Show texts as paragraphs, broken between words: what a cell prints, JupyterLab breaks anywhere.

    >>> print(show_text("Code what the sentence asks for.", "“None” stands alone."))
    Code what the sentence asks for.
    “None” stands alone.
    """
    text = "\n".join(paragraphs)
    return Card(
        "".join(f"<p>{html.escape(each)}</p>" for each in text.splitlines() if each.strip()), text
    )


def show_table(table: pd.DataFrame, title: str) -> Card:
    """Show a table in the look of the project, whole and with every text in full."""
    content = table_html(table, title) if len(table) else "<p>Nothing stands here yet.</p>"
    return Card(f"<h3>{html.escape(title)}</h3>{content}", table.to_string())
