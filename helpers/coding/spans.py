"""Codings as stretches of text: what other programs ask for, who know documents and positions but no sentences."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from helpers.coding.codebook import Codebook, _short
from helpers.coding.codings import COLUMNS, as_codings
from helpers.coding.refi_xml import guid, held
from helpers.corpus.documents import Corpus, Document, listed
from helpers.corpus.errors import UnionError

if TYPE_CHECKING:
    import pandas as pd

_PLACED = (
    "coder",
    "sentence",
    "codes",
    "doer",
    "memo",
    "time",
)  # what the formats have a place for
_GONE = re.compile(r"\A\ufeff|\r(?=\n)")


@dataclass(frozen=True)
class Source:
    """A document as it leaves the house: its ``text`` with line feeds alone, and the ``spans`` of its sentences there, by id."""

    document: Document
    text: str
    spans: dict[str, tuple[int, int]]

    @cached_property
    def guid(self) -> str:
        """The id of this text, which another text of the document would not have."""
        return guid("source", self.document.id, self.text)


def plain(text: str) -> str:
    """A text as files of other programs hold it: line feeds alone, no byte-order mark, no half characters.

    >>> plain("\\ufeffOur\\r\\nAims\\r")
    'Our\\nAims\\n'
    """
    return re.sub("[\ud800-\udfff]", "�", _GONE.sub("", text).replace("\r", "\n"))


def sources(corpus: Document | Corpus | Sequence[Document]) -> list[Source]:
    """The documents with the places of their sentences."""
    found = []
    for document in listed(corpus):
        gone = [match.start() for match in _GONE.finditer(document.text)]
        table, spans = document.sentences, {}
        for id, start, end in zip(
            table.index, table["start"].tolist(), table["end"].tolist(), strict=True
        ):
            span = (start - bisect_left(gone, start), end - bisect_left(gone, end))
            if span[0] < span[1]:  # not where a mark of byte order is all that there is
                spans[id] = span
        found.append(Source(document, plain(document.text), spans))
    return found


def placed(
    table: pd.DataFrame, texts: Sequence[Source], codebook: Codebook
) -> list[tuple[Source, list[dict[str, Any]]]]:
    """The codings of each document, fit for a file of another program.

    Raises :class:`UnionError` for a sentence that is not in these documents,
    and as :func:`helpers.coding.codings.as_codings` does.
    """
    if missing := [
        name for name in ("coder", "sentence", "codes", "doer") if name not in table.columns
    ]:
        raise UnionError(
            f"The table has no column {missing[0]!r}: make it with load_codings(), or add the column."
        )
    whole = table.astype(object).where(table.notna(), "").to_dict("records")
    rows = [
        {name: held(value) if isinstance(value, str) else value for name, value in row.items()}
        for row in whole
    ]
    groups: dict[str, list[dict[str, Any]]] = {each.document.id: [] for each in texts}
    owner = {id: each.document.id for each in texts for id in each.spans}
    for row in as_codings(rows, codebook).to_dict("records"):
        if row["sentence"] not in owner:
            raise UnionError(
                f"There is no sentence {_short(row['sentence'])} in the corpus: check the id, or leave the row out."
            )
        groups[owner[row["sentence"]]].append(row)
    return [(each, groups[each.document.id]) for each in texts]


def moment(time: str) -> str:
    """A time as XML and JSON-LD want it, to the millisecond and in UTC; nothing for what is no time.

    >>> moment("2026-11-22T07:00:00.123+00:00"), moment("last week")
    ('2026-11-22T07:00:00.123Z', '')
    """
    try:
        said = datetime.fromisoformat(time)
        return (
            said.replace(tzinfo=said.tzinfo or UTC)
            .astimezone(UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z")
        )
    except (ValueError, OverflowError):
        return ""


def extras(row: dict[str, Any]) -> str:
    """What the formats have no place for, such as the version of the codebook, as one line of JSON.

    >>> extras({"coder": "me", "memo": "rule 10", "scheme": "union-roles 1.0", "time": "last week"})
    '{"scheme": "union-roles 1.0", "time": "last week"}'
    """
    kept = {name: row[name] for name in COLUMNS if name not in _PLACED and row.get(name)}
    if moment(row.get("time", "")).replace("Z", "+00:00") != row.get("time", ""):
        kept["time"] = row["time"]
    return json.dumps(kept, ensure_ascii=False)


def taken_apart(description: str) -> tuple[str, dict[str, str]]:
    """A memo and what :func:`extras` wrote below it.

    >>> taken_apart('rule 10\\n{"scheme": "union-roles 1.0"}')
    ('rule 10', {'scheme': 'union-roles 1.0'})
    """
    memo, _, last = description.rpartition("\n")
    try:
        said = json.loads(last)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        return description, {}
    return memo, {
        name: said[name]
        for name in COLUMNS
        if name not in _PLACED[:-1] and isinstance(said.get(name), str)
    }
