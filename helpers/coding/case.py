"""A learner's case: a claim, evidence from the documents, reasoning, a limit, and the fairest reading against it.

Each action is a record of kind ``case`` in the journal, on the disk before anything shows it: ``write`` (a ``field`` and
its ``text``), ``add`` (a piece of evidence), ``drop`` and ``keep`` (a ``piece`` taken out and put back). Quotations are
checked and numbers computed anew whenever a case is looked at, so that neither can grow stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.journal import Journal, my_journal
from helpers.coding.numbers import Number, number
from helpers.corpus.documents import Corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.quotations import Quotation, check_quotation

FIELDS = ("claim", "reasoning", "limit", "opposite")
LONGEST, _MOST_PIECES = 20_000, 100


@dataclass(frozen=True)
class Evidence:
    """A piece of evidence: a quotation as it was ``given`` with the ``document`` it is said to come from, or a number ``wanted``.

    ``found`` is the checked quotation or the computed number, None where that failed; then ``trouble`` says why.
    ``chart`` says whether the chart of a number is wanted too.
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
        """The ids of the sentences that this piece cites, by document; a document may be cited for having none."""
        if isinstance(self.found, Quotation):
            return {self.document: self.found.sentences}
        return dict(self.found.table["sentences"]) if self.found else {}


class Case:
    """The case in a journal, about the documents of a corpus.

    >>> import tempfile
    >>> from helpers.corpus.documents import load_corpus
    >>> case = Case(load_corpus(), Journal(tempfile.mkdtemp()))
    >>> case.write("claim", "The two name different tasks.")
    >>> case.add_quotation("kctu", "political empowerment of workers").told
    'Word for word in kctu-002.'
    >>> [what for what, there, must in case.checklist() if must and not there]
    ['Evidence from both documents', 'Reasoning', 'A limit']
    """

    def __init__(
        self, corpus: Corpus, journal: Journal | None = None, codebook: Codebook | None = None
    ) -> None:
        self.corpus, self.journal, self.codebook = (
            corpus,
            journal or my_journal(),
            codebook or load_codebook(),
        )
        self._known: dict[tuple[str, int], tuple[Quotation | Number | None, str]] = {}

    def texts(self) -> dict[str, str]:
        """What the learner wrote in each field."""
        return {field: text for field, (text, _) in self.written().items()}

    def written(self) -> dict[str, tuple[str, str]]:
        """The text of each field and when it was saved."""
        found = dict.fromkeys(FIELDS, ("", ""))
        for record in self._records():
            if (
                record.get("do") == "write"
                and record.get("field") in FIELDS
                and _fits(record.get("text"), LONGEST)
            ):
                found[record["field"]] = (record["text"], record["time"])
        return found

    def evidence(self, dropped: bool = False) -> list[Evidence]:
        """The pieces of evidence in the order in which they were added, or those that were taken out, the last one last."""
        added, out = {}, {}
        for record in self._records():
            do, piece = record.get("do"), str(record.get("piece"))
            if do == "add" and (new := _believed(record)):
                added[record["id"]] = new
            elif do == "drop":
                out[piece] = out.pop(piece, True)
            elif do == "keep":
                out.pop(piece, None)
        wanted = (
            [piece for piece in out if piece in added]
            if dropped
            else [piece for piece in added if piece not in out]
        )
        return [self._looked_up(added[piece]) for piece in wanted]

    def write(self, field: str, text: str) -> None:
        """Keep what the learner wrote in a field. Raises :class:`UnionError` for an unknown field and for too much text."""
        if field not in FIELDS or not isinstance(text, str):
            raise UnionError("There is no such part of a case: run the cell again.")
        if len(text) > LONGEST:
            raise UnionError(f"This has {len(text):,} characters: shorten it to {LONGEST:,}.")
        if text != self.texts()[field]:
            self.journal.append("case", do="write", field=field, text=text)

    def add_quotation(self, document: str, given: str) -> Quotation:
        """Check a quotation, and keep it if it stands word for word; gives what the check found."""
        found = check_quotation(self.corpus, given, document)
        if found.stands:
            self._add(quotation=given.strip(), document=document)
        return found

    def add_number(self, wanted: Mapping[str, Any], chart: bool = False) -> Number:
        """Compute a number and keep it; gives it. Raises :class:`UnionError` as :func:`helpers.coding.numbers.number` does."""
        found = number(self.corpus, wanted, self.codebook, self.journal)
        self._add(number=dict(wanted), chart=chart)
        return found

    def _add(self, **piece: Any) -> None:
        here = self.evidence()
        if len(here) >= _MOST_PIECES:
            raise UnionError(
                f"This case has {_MOST_PIECES} pieces of evidence: leave some out before you add more."
            )
        if any(_same(piece, each) for each in here):
            raise UnionError("This piece of evidence is there already: choose another one.")
        self.journal.append("case", do="add", **piece)

    def drop(self, piece: str) -> None:
        """Take a piece of evidence out. Raises :class:`UnionError` for one that is not there."""
        self._move("drop", piece, self.evidence())

    def keep(self, piece: str) -> None:
        """Put a piece back that was taken out. Raises :class:`UnionError` for one that was not."""
        self._move("keep", piece, self.evidence(dropped=True))

    def _move(self, do: str, piece: str, among: list[Evidence]) -> None:
        if piece not in [each.id for each in among]:
            raise UnionError("There is no such piece of evidence here: run the cell again.")
        self.journal.append("case", do=do, piece=piece)

    def cited(self) -> list[str]:
        """The ids of the documents that some sound piece of evidence cites, in the order of the corpus."""
        found = {id for piece in self.evidence() if not piece.trouble for id in piece.sentences}
        return [id for id in self.corpus if id in found]

    def checklist(self) -> list[tuple[str, bool, bool]]:
        """What a case needs: what it is, whether it is there, and whether it must be. No opinion is looked at."""
        texts, pieces, least = self.texts(), self.evidence(), min(2, len(self.corpus))
        whole = {1: "the document", 2: "both documents"}.get(
            len(self.corpus), "at least two documents"
        )
        return [
            ("A claim", bool(texts["claim"].strip()), True),
            (f"Evidence from {whole}", len(self.cited()) >= least, True),
            (
                "Every quotation word for word, every number computed",
                bool(pieces) and not any(each.trouble for each in pieces),
                True,
            ),
            ("Reasoning", bool(texts["reasoning"].strip()), True),
            ("A limit", bool(texts["limit"].strip()), True),
            ("The fairest reading against it", bool(texts["opposite"].strip()), False),
        ]

    def missing(self) -> list[str]:
        """What the case must have and has not."""
        return [what for what, there, must in self.checklist() if must and not there]

    def _records(self) -> list[dict[str, Any]]:
        return sorted(self.journal.records("case"), key=lambda record: record["time"])

    def _looked_up(self, piece: Evidence) -> Evidence:
        """A piece with its quotation checked or its number computed; kept until codings change."""
        key = (piece.id, len(self.journal.records("coding")) if piece.wanted else 0)
        if key not in self._known:
            self._known[key] = self._look_up(piece)
        found, trouble = self._known[key]
        return Evidence(
            piece.id, piece.given, piece.document, piece.wanted, piece.chart, found, trouble
        )

    def _look_up(self, piece: Evidence) -> tuple[Quotation | Number | None, str]:
        try:
            if piece.wanted:
                return number(self.corpus, piece.wanted, self.codebook, self.journal), ""
            found = check_quotation(self.corpus, piece.given, piece.document)
            return found, "" if found.stands else found.told
        except UnionError as trouble:
            return None, str(trouble)


def _fits(text: Any, longest: int) -> bool:
    return isinstance(text, str) and len(text) <= longest


def _believed(record: Mapping[str, Any]) -> Evidence | None:
    """The piece of evidence that a record holds, if it can be believed."""
    wanted, chart = record.get("number"), record.get("chart") is True
    if isinstance(wanted, dict) and all(
        _fits(value, 1_000) or isinstance(value, list) for value in wanted.values()
    ):
        return Evidence(record["id"], wanted=wanted, chart=chart)
    if (
        _fits(record.get("quotation"), LONGEST)
        and _fits(record.get("document"), 100)
        and record["document"]
    ):
        return Evidence(record["id"], record["quotation"], record["document"])
    return None


def _same(piece: Mapping[str, Any], other: Evidence) -> bool:
    if other.wanted is not None:
        return piece.get("number") == other.wanted
    return (piece.get("quotation"), piece.get("document")) == (other.given, other.document)
