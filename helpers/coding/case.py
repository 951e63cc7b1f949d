"""A learner's case: a claim, evidence, reasoning, a limit, and the fairest reading against it.

Each action is a record of kind ``case`` in the journal. Quotations are checked and numbers computed
anew whenever a case is looked at, so that neither can grow stale.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.codings import load_codings
from helpers.coding.frames import frame_table
from helpers.coding.journal import Journal, Record, my_journal
from helpers.corpus.documents import Corpus, Document
from helpers.corpus.errors import UnionError
from helpers.corpus.quotations import Quotation, check_quotation
from helpers.words.clauses import DOERS, MODALS, modal_clauses
from helpers.words.counts import block_interval, wilson, word_rates

FIELDS = ("claim", "reasoning", "limit", "opposite")
LONGEST = 20_000
ANY, CODERS = "any", {"me": "me", "reference": "the reference"}
_ASKED = {"word": ["word"], "code": ["code", "coder"], "doer": ["doer", "modal"]}
_NOT_COUNTED = "This cannot be counted: choose a word, a code, or who acts."
_SAID = {
    "word": "{hits:,} {times} in {size:,} words, {rate:.1f} for each 1,000 words",
    "code": "{hits:,} of {size:,} coded sentences, {rate:.1f} %",
    "doer": "{hits:,} of {size:,} active clauses with a modal verb, {rate:.1f} %",
}


@dataclass(frozen=True)
class Number:
    """A number in some documents: ``table`` has a row each, ``said`` the row in words, by id.

    Columns: ``hits``, ``size`` (out of how many), ``rate`` (for each 1,000 words, else percent),
    ``low`` and ``high`` (the wider ends of two 95 % intervals: units or whole paragraphs drawn),
    ``sentences`` (ids, each once).
    """

    title: str
    table: pd.DataFrame
    said: dict[str, str]


@dataclass(frozen=True)
class Evidence:
    """A quotation as ``given`` with its ``document``, or a number ``wanted``, with its ``chart``?

    ``found`` is the checked quotation or the computed number; else ``trouble`` says why.
    """

    id: str
    given: str = ""
    document: str = ""
    wanted: Mapping[str, Any] | None = None
    chart: bool = False
    found: Quotation | Number | None = None
    trouble: str = ""

    @property
    def sentences(self) -> dict[str, tuple[str, ...]]:
        """The ids of the sentences cited, by document; it may be cited for having none."""
        if isinstance(self.found, Quotation):
            return {self.document: self.found.sentences}
        return dict(self.found.table["sentences"]) if self.found else {}


class Case:
    """The case in a journal, about the documents of a corpus.

    What changes it raises :class:`UnionError` for what is unknown, too long or there already.

    >>> import tempfile
    >>> from helpers.corpus.documents import load_corpus
    >>> case = Case(load_corpus(), Journal(tempfile.mkdtemp()))
    >>> case.write("claim", "The two name different tasks.")
    >>> case.add_quotation("kctu", "political empowerment of workers").told
    'Word for word in kctu-002.'
    >>> case.missing()
    ['Evidence from both documents', 'Reasoning', 'A limit']
    """

    def __init__(
        self, corpus: Corpus, journal: Journal | None = None, codebook: Codebook | None = None
    ) -> None:
        self.corpus, self.journal = corpus, journal or my_journal()
        self.codebook = codebook or load_codebook()
        self._known: dict[tuple[str, int], Evidence] = {}

    def written(self) -> dict[str, tuple[str, str]]:
        """The text of each field, and when it was saved."""
        found = dict.fromkeys(FIELDS, ("", ""))
        for record in self.journal.records("case"):
            match record:
                case {"do": "write", "field": field, "text": str(text)} if field in FIELDS:
                    found[field] = text, record["time"]
        return found

    def texts(self) -> dict[str, str]:
        """The text of each field."""
        return {field: text for field, (text, _) in self.written().items()}

    def evidence(self, dropped: bool = False) -> list[Evidence]:
        """The pieces of evidence as they were added, or those taken out, the last one last."""
        there: dict[str, Record] = {}
        out: dict[str, Record] = {}
        for record in self.journal.records("case"):
            match record:
                case {"do": "add", "number": dict()} | {"do": "add", "quotation": str()}:
                    there[record["id"]] = record
                case {"do": "drop", "piece": str(piece)} if piece in there:
                    out[piece] = there[piece]
                case {"do": "keep", "piece": str(piece)}:
                    out.pop(piece, None)
        kept = out if dropped else {id: each for id, each in there.items() if id not in out}
        return [self._piece(record) for record in kept.values()]

    def _piece(self, record: Record) -> Evidence:
        """A piece with its quotation checked or its number computed, until codings change."""
        given, document = str(record.get("quotation", "")), str(record.get("document", ""))
        wanted, chart = record.get("number"), record.get("chart") is True
        key = record["id"], len(self.journal.records("coding")) if wanted else 0
        if key not in self._known:
            found, trouble = None, ""
            try:
                if wanted is None:
                    found = check_quotation(self.corpus, given, document)
                    trouble = "" if found.stands else found.told
                else:
                    found = self.number(wanted)
            except UnionError as problem:
                trouble = str(problem)
            piece = Evidence(record["id"], given, document, wanted, chart, found, trouble)
            self._known[key] = piece
        return self._known[key]

    def write(self, field: str, text: str) -> None:
        """Keep what the learner wrote in a field."""
        if field not in FIELDS or type(text) is not str:
            raise UnionError("There is no such part of a case: run the cell again.")
        if len(text) > LONGEST:
            raise UnionError(f"This has {len(text):,} characters: shorten it to {LONGEST:,}.")
        if text != self.texts()[field]:
            self.journal.append("case", do="write", field=field, text=text)

    def add_quotation(self, document: str, given: str) -> Quotation:
        """Check a quotation, and keep it if it stands word for word."""
        found = check_quotation(self.corpus, given, document)
        if found.stands:
            self._add(quotation=given.strip(), document=document)
        return found

    def add_number(self, wanted: Mapping[str, Any], chart: bool = False) -> Number:
        """Compute a number as :meth:`number` does, and keep it."""
        found = self.number(wanted)
        self._add(number=dict(wanted), chart=chart)
        return found

    def _add(self, **piece: Any) -> None:
        same = piece.get("quotation", ""), piece.get("document", ""), piece.get("number")
        if same in [(each.given, each.document, each.wanted) for each in self.evidence()]:
            raise UnionError("This piece of evidence is there already: choose another one.")
        self.journal.append("case", do="add", **piece)

    def move(self, do: str, piece: str) -> None:
        """``drop`` a piece of evidence, or ``keep`` one that was dropped after all."""
        if piece not in [each.id for each in self.evidence(dropped=do == "keep")]:
            raise UnionError("There is no such piece of evidence here: run the cell again.")
        self.journal.append("case", do=do, piece=piece)

    def cited(self) -> list[str]:
        """The ids of the documents that some sound piece of evidence cites."""
        found = {id for piece in self.evidence() if not piece.trouble for id in piece.sentences}
        return [id for id in self.corpus if id in found]

    def checklist(self) -> list[tuple[str, bool, bool]]:
        """What a case needs: what it is, whether it is there, and whether it must be."""
        there = {field: bool(text.strip()) for field, text in self.texts().items()}
        pieces, many = self.evidence(), len(self.corpus)
        whole = {1: "the document", 2: "both documents"}.get(many, "at least two documents")
        sound = bool(pieces) and not any(each.trouble for each in pieces)
        return [
            ("A claim", there["claim"], True),
            (f"Evidence from {whole}", len(self.cited()) >= min(2, many), True),
            ("Every quotation word for word, every number computed", sound, True),
            ("Reasoning", there["reasoning"], True),
            ("A limit", there["limit"], True),
            ("The fairest reading against it", there["opposite"], False),
        ]

    def missing(self) -> list[str]:
        """What the case must have and has not."""
        return [what for what, there, must in self.checklist() if must and not there]

    def codings(self, documents: list[Document], coder: str) -> pd.DataFrame:
        """The codings of ``me`` or ``reference``, as far as they are of these documents."""
        codings = load_codings(coder, documents, self.codebook, self.journal)
        ids = {id for document in documents for id in document.sentences.index}
        return codings[codings["sentence"].isin(ids)]

    def number(self, wanted: Mapping[str, Any]) -> Number:
        """How often a word, a code or a doer stands in documents, with its interval and sentences.

        ``wanted``: ``of`` is ``word``, ``code`` or ``doer``; ``documents`` a list of ids; and
        ``word`` (a query), ``code`` and ``coder`` (``me`` or ``reference``), or ``doer`` and
        ``modal`` (either may be ``any``). Raises :class:`UnionError` for what cannot be counted.
        """
        kinds = {"word": self._words, "code": self._codes, "doer": self._doers}
        try:
            kind, ids = wanted["of"], dict.fromkeys(wanted["documents"])
            count, asked = kinds[kind], [wanted[name] for name in _ASKED[kind]]
        except (KeyError, TypeError):
            raise UnionError(_NOT_COUNTED) from None
        if not ids or not all(isinstance(each, str) for each in (*ids, *asked)):
            raise UnionError("A number needs a document: choose one or more.")
        documents = [self.corpus[id] for id in ids]
        title, table = count(documents, *asked)
        ends = table[["low", "high", "block_low", "block_high"]]
        table = table.assign(low=ends.min(axis=1), high=ends.max(axis=1))
        said = {}
        for document in documents:
            row, name = table.loc[document.id], document.about["short_title"]
            interval = f" (95 % interval {row['low']:.1f} to {row['high']:.1f})"
            times = "hit" if row["hits"] == 1 else "hits"
            found = _SAID[kind].format(**row, times=times) + interval
            said[document.id] = f"{name}: {found if row['size'] else 'there is nothing to count'}"
        return Number(title, table[["hits", "size", "rate", "low", "high", "sentences"]], said)

    def _words(self, documents: list[Document], word: str) -> tuple[str, pd.DataFrame]:
        table = word_rates(documents, word).droplevel("word")
        table = table.rename(columns={"words": "size", "per_1000": "rate"})
        ids = [tuple(dict.fromkeys(each)) for each in table["sentences"]]
        return f"“{word.strip()}”", table.assign(sentences=ids)

    def _codes(self, documents: list[Document], code: str, coder: str) -> tuple[str, pd.DataFrame]:
        title = f"“{self.codebook[code].label}”, coded by {CODERS.get(coder, coder)}"
        if coder not in CODERS or (codings := self.codings(documents, coder)).empty:
            raise UnionError("Nothing is coded here: code some sentences, or choose another coder.")
        table = frame_table(documents, codings, self.codebook).xs(code, level="code")
        names = {"sentences": "hits", "coded": "size", "ids": "sentences"}
        return title, table.rename(columns=names)

    def _doers(self, documents: list[Document], doer: str, modal: str) -> tuple[str, pd.DataFrame]:
        if doer not in (*DOERS, ANY) or modal not in (*MODALS, ANY) or doer == modal:
            raise UnionError("There is no such number: choose a doer, a modal verb or both.")
        who = {ANY: "anybody", "other": "other", "members": "members"}.get(doer, f"the {doer}")
        title = f"{who} with {'any modal verb' if modal == ANY else f'“{modal}”'}"
        rows = {document.id: _doer_row(document, doer, modal) for document in documents}
        return title, pd.DataFrame.from_dict(rows, orient="index")


def _doer_row(document: Document, doer: str, modal: str) -> dict[str, Any]:
    """The clauses in which a doer acts in a mood, out of all active clauses with a modal verb."""
    table = modal_clauses(document)
    table = table[~table["passive"].astype(bool)]
    found = table if doer == ANY else table[table["doer"] == doer]
    found = found if modal == ANY else found[found["modal"] == modal]
    hits, size, most = len(found), len(table), len(document.paragraphs) + 1
    counts = [np.bincount(each["paragraph"].astype(int), minlength=most) for each in (found, table)]
    block = block_interval(*counts) if hits < size else (math.nan, math.nan)
    ends = [100 * end for end in (*wilson(hits, size), *block)]
    row = {"hits": hits, "size": size, "rate": 100 * hits / size if size else math.nan}
    row |= dict(zip(["low", "high", "block_low", "block_high"], ends, strict=True))
    return row | {"sentences": tuple(dict.fromkeys(found["sentence"]))}
