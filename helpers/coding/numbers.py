"""Numbers as evidence: how often a word, a code or a doer stands in documents, computed here and never typed in.

A number is asked for by a dictionary: ``of`` is ``word``, ``code`` or ``doer``; ``documents`` a list of ids; and ``word``
(a query), ``code`` and ``coder`` (``me`` or ``reference``), or ``doer`` and ``modal`` (either may be ``any``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.frames import frame_table
from helpers.coding.journal import Journal
from helpers.coding.tagging import load_codings
from helpers.corpus.documents import Corpus, Document
from helpers.corpus.errors import UnionError
from helpers.words.clauses import DOERS, modal_clauses
from helpers.words.counts import block_interval, wilson, word_rates

if TYPE_CHECKING:
    import pandas as pd

ANY, CODERS = "any", {"me": "me", "reference": "the reference"}
MODALS = ("will", "would", "shall", "should", "can", "could", "may", "might", "must", "ought")
_NEEDS = {"word": {"word"}, "code": {"code", "coder"}, "doer": {"doer", "modal"}}
_SAID = {
    "word": "{hits:,} {times} in {size:,} words, {rate:.1f} for each 1,000 words",
    "code": "{hits:,} of {size:,} coded sentences, {rate:.1f} %",
    "doer": "{hits:,} of {size:,} active clauses with a modal verb, {rate:.1f} %",
}


@dataclass(frozen=True)
class Number:
    """A number in each of some documents: a ``title``, a row a document, and what each row says in words (``said``, by id).

    Columns of ``table``: ``hits``, ``size`` (out of how many words, coded sentences or clauses), ``rate`` (for each 1,000
    words, else percent), ``low`` and ``high`` (the wider ends of two 95 % intervals: units drawn by themselves, and whole
    paragraphs drawn), ``sentences`` (ids, each once).
    """

    title: str
    table: pd.DataFrame
    said: dict[str, str]


def number(
    corpus: Corpus,
    wanted: Mapping[str, Any],
    codebook: Codebook | None = None,
    journal: Journal | None = None,
) -> Number:
    """Compute a number with its interval and its sentences.

    Raises :class:`UnionError` for what cannot be counted, and where nobody has coded anything.

    >>> from helpers.corpus.documents import load_corpus
    >>> number(load_corpus(), {"of": "word", "documents": ["kctu"], "word": "rights"}).said["kctu"]
    'KCTU, Our Aims: 4 hits in 390 words, 10.3 for each 1,000 words (95 % interval 2.8 to 26.1)'
    """
    import pandas as pd

    codebook = codebook or load_codebook()
    kind, ids = _checked(corpus, wanted)
    texts = [corpus[id] for id in ids]
    if kind == "word":
        title, rows = f"“{wanted['word'].strip()}”", _words(texts, wanted["word"])
    elif kind == "code":
        title = f"“{codebook[wanted['code']].label}”, coded by {CODERS[wanted['coder']]}"
        rows = _codes(texts, wanted["code"], wanted["coder"], codebook, journal)
    else:
        title, rows = (
            _clause(wanted["doer"], wanted["modal"]),
            {each.id: _doers(each, wanted["doer"], wanted["modal"]) for each in texts},
        )
    table = pd.DataFrame.from_dict(
        rows, orient="index", columns=["hits", "size", "rate", "low", "high", "sentences"]
    )
    return Number(
        title, table, {each.id: _in_words(each, table.loc[each.id], kind) for each in texts}
    )


def _checked(corpus: Corpus, wanted: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The kind of a number and its documents, if it can be computed."""
    kind, ids = wanted.get("of"), wanted.get("documents")
    if (
        not isinstance(kind, str)
        or kind not in _NEEDS
        or not all(isinstance(wanted.get(name), str) for name in _NEEDS[kind])
    ):
        raise UnionError("This number cannot be computed: choose a word, a code, or who acts.")
    if (
        not isinstance(ids, list)
        or not ids
        or not all(isinstance(id, str) for id in ids)
        or len(set(ids)) < len(ids)
    ):
        raise UnionError("A number needs a document: choose one or more.")
    if kind == "code" and wanted["coder"] not in CODERS:
        raise UnionError(
            f"There is no coder {wanted['coder'][:40]!r}: choose from {', '.join(CODERS)}."
        )
    if kind == "doer" and (
        wanted["doer"] not in (*DOERS, ANY) or wanted["modal"] not in (*MODALS, ANY)
    ):
        raise UnionError("There is no such doer or modal verb: choose one from the list.")
    if kind == "doer" and wanted["doer"] == wanted["modal"] == ANY:
        raise UnionError(
            "All clauses of all doers say nothing: choose a doer, a modal verb or both."
        )
    return kind, ids


def _words(texts: list[Document], query: str) -> dict[str, tuple]:
    rates = word_rates(texts, query).droplevel("word")
    rows = {
        id: (row["hits"], row["words"], row["per_1000"], *_ends(row))
        for id, row in rates.iterrows()
    }
    return {id: (*row, tuple(dict.fromkeys(rates.at[id, "sentences"]))) for id, row in rows.items()}


def codings_of(
    texts: list[Document], coder: str, codebook: Codebook, journal: Journal | None
) -> pd.DataFrame:
    """The codings of a coder, as far as they are of these documents."""
    codings = load_codings(coder, texts, codebook, journal)
    return codings[
        codings["sentence"].isin([id for document in texts for id in document.sentences.index])
    ]


def _codes(
    texts: list[Document], code: str, coder: str, codebook: Codebook, journal: Journal | None
) -> dict[str, tuple]:
    codings = codings_of(texts, coder, codebook, journal)
    if codings.empty:
        who = "You have coded nothing" if coder == "me" else "The reference codes nothing"
        raise UnionError(f"{who} in these documents: code some sentences, or choose another coder.")
    rows = frame_table(texts, codings, codebook).xs(code, level="code")
    return {
        id: (row["sentences"], row["coded"], row["rate"], *_ends(row), row["ids"])
        for id, row in rows.iterrows()
    }


def _clause(doer: str, modal: str) -> str:
    who = (
        "anybody"
        if doer == ANY
        else doer
        if doer == "other"
        else f"the {doer}".replace("the members", "members")
    )
    return f"{who} with {'any modal verb' if modal == ANY else f'“{modal}”'}"


def _doers(document: Document, doer: str, modal: str) -> tuple:
    """The clauses in which a doer acts in a mood, out of all active clauses with a modal verb."""
    import numpy as np

    table = modal_clauses(document)
    table = table[~table["passive"].astype(bool)]
    found = table[
        table["doer"].isin(DOERS if doer == ANY else [doer])
        & table["modal"].isin(MODALS if modal == ANY else [modal])
    ]
    hits, sizes = (
        np.bincount(each["paragraph"].to_numpy(int), minlength=len(document.paragraphs) + 1)
        for each in (found, table)
    )
    low, high = wilson(len(found), len(table))
    block_low, block_high = block_interval(hits, sizes) if len(found) < len(table) else (low, high)
    near = {
        "low": 100 * low,
        "high": 100 * high,
        "block_low": 100 * block_low,
        "block_high": 100 * block_high,
    }
    rate = 100 * len(found) / len(table) if len(table) else float("nan")
    return len(found), len(table), rate, *_ends(near), tuple(dict.fromkeys(found["sentence"]))


def _ends(row: Mapping[str, float]) -> tuple[float, float]:
    """The wider ends of two intervals, either of which may be undefined."""
    ends = [
        each
        for each in (row[name] for name in ("low", "high", "block_low", "block_high"))
        if each == each
    ]
    return min(ends, default=float("nan")), max(ends, default=float("nan"))


def _in_words(document: Document, row: pd.Series, kind: str) -> str:
    name = document.about["short_title"]
    if not row["size"]:
        return f"{name}: there is nothing to count"
    said = _SAID[kind].format(**row, times="hit" if row["hits"] == 1 else "hits")
    return f"{name}: {said} (95 % interval {row['low']:.1f} to {row['high']:.1f})"
