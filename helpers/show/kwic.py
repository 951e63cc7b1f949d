"""Key words in context on the screen: search, sort, and open the paragraph of a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from helpers.corpus.documents import Corpus, Document, listed
from helpers.corpus.errors import UnionError
from helpers.show.paragraph import in_paragraph
from helpers.show.widget import Widget, view
from helpers.words.concordance import concordance_lines, concordance_rates, sort_lines

_AT_ONCE, _WIDTH = 200, 40
_SORTS = {
    "text": "in the order of the text",
    "left": "by the word before",
    "right": "by the word after",
    "node": "by the hit itself",
}
_HINT = (
    "Silence is not absence. Look at the spelling, leave out quotation marks, or put * "
    "where a word may go on, as in union*."
)


class Concordance(Widget):
    """The lines in which a word is found, and from each the way to its place in the text. Made
    by :func:`concordance`.
    """

    _esm = view("kwic", "opened")

    def __init__(
        self, documents: Sequence[Document], query: str | Sequence[str], sort: str
    ) -> None:
        self._documents = {document.id: document for document in documents}
        super().__init__(
            **self._searched(query, sort), sorts=[list(pair) for pair in _SORTS.items()], trouble=""
        )

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        sort, lines, line = self.shown["sort"], self.shown["lines"], message.get("line")
        if do == "search":
            return self._searched(message.get("query"), sort)
        if do == "sort":
            return {**self._lines(message.get("sort"), _AT_ONCE), "opened": None}
        if do == "more":
            return self._lines(sort, len(lines) + _AT_ONCE)
        if do == "close":
            return {"opened": None}
        if do != "open" or type(line) is not int or not 0 <= line < len(lines):
            raise UnionError("There is no such line here: run the cell again.")
        return {"opened": self._opened(line)}

    def _searched(self, query: Any, sort: Any) -> dict[str, Any]:
        """What changes after a search; a query that cannot be searched for changes nothing."""
        documents = list(self._documents.values())
        self._found, self._rates = (
            concordance_lines(documents, query, width=_WIDTH),
            concordance_rates(documents, query),
        )
        self._query = query.strip() if isinstance(query, str) else ", ".join(query)
        return {"query": self._query, **self._lines(sort, _AT_ONCE), "opened": None}

    def _lines(self, sort: Any, most: int) -> dict[str, Any]:
        """The first lines in an order, how many come next, and the counts in a sentence."""
        place = {id: number for number, id in enumerate(self._documents)}
        self._sorted = sort_lines(self._found, sort).sort_values(
            "document", kind="stable", key=lambda ids: ids.map(place)
        )
        lines = self._sorted[["sentence", "left", "node", "right"]].head(most).to_dict("records")
        counts = (
            (
                f"{self._documents[id].about['short_title']}: {hits:,} "
                f"{'hit' if hits == 1 else 'hits'}, {rate:.1f} per 1,000 words"
            )
            for id, hits, rate in self._rates[["hits", "per_1000"]].itertuples()
        )
        many = (
            f"Lines shown: {len(lines):,} of {len(self._found):,}, {_SORTS[sort]}."
            if lines
            else f"No hit for “{self._query}”."
        )
        return {
            "sort": sort,
            "lines": lines,
            "next": min(_AT_ONCE, len(self._found) - len(lines)),
            "told": f"{'; '.join(counts)}. {many}",
            "hint": "" if lines else _HINT,
        }

    def _opened(self, line: int) -> dict[str, Any]:
        """The paragraph of a line in pieces, and where its sentence is in the raw file."""
        row = self._sorted.iloc[line]
        document, span = self._documents[row["document"]], (int(row["start"]), int(row["end"]))
        return {"line": line, **in_paragraph(document, row["sentence"], span)}


def concordance(
    corpus: Corpus | Document | Sequence[Document],
    query: str | Sequence[str],
    *,
    sort: str = "text",
) -> Concordance:
    """Show each place of a word or phrase with the words around it, and how often each document
    has it.

    ``query`` is written as for :func:`concordance_lines`: ``*`` for any letters,
    ``?`` for one, commas between several words. ``sort`` is the first order of
    the lines: ``"text"``, ``"left"``, ``"right"`` or ``"node"``. Raises
    :class:`UnionError` for a query or an order that cannot be used.

    >>> from helpers.corpus.documents import load_corpus
    >>> concordance(load_corpus(), "wage, wages, pay").shown["told"].split("; ")[0]
    'KCTU, Our Aims: 1 hit, 2.6 per 1,000 words'
    """
    return Concordance(listed(corpus), query, sort)
