"""Codings: who gave which codes to which sentence, as annotations in the journal and as a table.

A table has a row a coder and sentence, with the columns ``coder``, ``sentence`` (id), ``codes``
(tuple, the main one first), ``doer``, ``memo``, ``time`` (UTC, ISO 8601), ``scheme`` (codebook and
version), ``unsure`` (``yes``) and ``suggestion`` (what came of a classifier's, such as ``accepted:
form``). All but sentence and codes may be empty.
"""

import random
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.coding.annotations import Annotations, State
from helpers.coding.codebook import Book, Codebook, load_codebook, short_label
from helpers.coding.journal import Journal, Record
from helpers.corpus.documents import CORPUS_FOLDER, Corpus, Document, listed, load_corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.files import bare_cell, read_cells, write_csv

COLUMNS = ("coder", "sentence", "codes", "doer", "memo", "time", "scheme", "unsure", "suggestion")
MUST_HAVE = ("sentence", "codes", "doer", "memo")
Texts = Corpus | Document | list[Document] | None  # None: the project's own
BLANK: State = {"codes": [], "doer": "", "memo": "", "unsure": False, "skipped": False}
SUGGESTED: State = {"suggested": [], "before": [], "answer": ""}  # codes; codes before; a button
OUTCOMES = {
    "mine": "I change mine",
    "definition": "The definition is unclear",
    "ambiguous": "Truly ambiguous",
}
_CAME_WITH_IT = ("reference", "coder-1", "coder-2")
_ROUNDS = {"me": "first", "me again": "second"}


def coding_annotations(
    document: Document, codebook: Book = None, journal: Journal | None = None, look: str = "first"
) -> Annotations:
    """The learner's codings of a document; ``look`` is ``second`` for the blind ones."""
    book = codebook or load_codebook()
    stamp, where = {"version": book.version}, {"scheme": book.scheme, "look": look}

    def fits(state: State) -> bool:
        return state["doer"] in {"", *book.doers} and book.knows(state["codes"])

    return Annotations(document, "coding", BLANK, journal, fits, stamp, **where)


def suggestion_annotations(
    document: Document, codebook: Book = None, journal: Journal | None = None
) -> Annotations:
    """The suggestions that the learner was shown, each with the codes that stood there before."""
    book = codebook or load_codebook()

    def fits(state: State) -> bool:
        known = book.knows(state["suggested"]) and book.knows(state["before"])
        return known and state["answer"] in ("", "accepted", "dismissed")

    stamp = {"version": book.version}
    return Annotations(document, "suggestion", SUGGESTED, journal, fits, stamp, scheme=book.scheme)


def came_of(shown: State, codes: Collection[str]) -> str:
    """What came of a suggestion; it is only ``suggested`` where the codes stood before."""
    if not shown["suggested"] or not codes:
        return ""
    word = "accepted" if set(codes) == set(shown["suggested"]) else "overridden"
    word = "suggested" if list(codes) == shown["before"] else word
    return f"{word}: {' '.join(shown['suggested'])}"


def with_code(state: State, code: str, codebook: Codebook) -> State:
    """What changes when a code is pressed: it is added, or taken away; ``none`` stands alone.

    >>> with_code({**BLANK, "codes": ["none"], "doer": "na"}, "voice", load_codebook())
    {'codes': ['voice'], 'doer': '', 'skipped': False}
    """
    codes = [each for each in state["codes"] if each != codebook[code].code]
    if code not in state["codes"]:
        codes = [code] if code == "none" else [each for each in codes if each != "none"] + [code]
        codebook.check_codes(codes)
    return with_codes(state, codes)


def with_codes(state: State, codes: Iterable[str]) -> State:
    """What changes when some codes are given at once; the doer stays one that is possible."""
    codes = list(codes)
    doer = "na" if codes == ["none"] else "" if state["doer"] == "na" else state["doer"]
    return {"codes": codes, "doer": doer, "skipped": False}


def with_doer(state: State, doer: str, codebook: Codebook) -> State:
    """What changes when a doer is pressed."""
    wanted = "" if state["doer"] == doer else doer
    if state["codes"]:
        codebook.check_codes(state["codes"], wanted)
    elif wanted and (wanted not in codebook.doers or wanted == "na"):
        raise UnionError("Choose a code first: the doer “na” goes with “none” alone.")
    return {"doer": wanted}


def second_sample(codings: Annotations, many: int) -> list[str]:
    """The ids of ``many`` coded sentences, drawn at random once and then kept, to code again."""
    document, journal = codings.document, codings.journal
    if type(many) is not int or many < 1:
        raise UnionError("A second look needs a number of sentences: give a whole number from 1.")
    coded = [id for id, state in codings.states().items() if state["codes"]]
    kept = (journal.latest("sample", document=document.id) or {}).get("sentences")
    drawn = [id for id in kept if id in coded] if isinstance(kept, list) else []
    if missing := min(many, len(coded)) - len(drawn[:many]):
        left = [id for id in coded if id not in drawn]
        drawn += random.SystemRandom().sample(left, missing)
        journal.append("sample", document=document.id, sentences=drawn)
    if not drawn:
        raise UnionError(f"Nothing is coded in {document.id} yet: code some sentences first.")
    return [id for id in coded if id in drawn[:many]]


def as_codings(
    rows: Iterable[dict[str, Any]], codebook: Book = None, corpus: Corpus | None = None
) -> pd.DataFrame:
    """A table of codings from dictionaries, which need ``sentence`` and ``codes``.

    Raises :class:`UnionError` for what is in no codebook or corpus, and for a sentence twice.

    >>> table = as_codings([{"sentence": "kctu-002", "codes": "voice rights", "doer": "union"}])
    >>> table.loc[0, ["sentence", "codes", "doer"]].tolist()
    ['kctu-002', ('voice', 'rights'), 'union']
    """
    codebook, found = codebook or load_codebook(), {}
    known = {id for each in corpus.documents for id in each.sentences.index} if corpus else None
    for given in rows:
        given = {name: value for name, value in given.items() if value and name in COLUMNS}
        row = dict.fromkeys(COLUMNS, "") | {"scheme": codebook.edition} | given
        place, said = (row["coder"], row["sentence"]), short_label(row["sentence"])
        if not row["sentence"]:
            raise UnionError("A coding names no sentence: give its id, such as kctu-007.")
        if known is not None and row["sentence"] not in known:
            raise UnionError(f"There is no sentence {said} in the corpus: check the id.")
        if place in found:
            raise UnionError(f"Sentence {said} is coded twice by one coder: delete one of the two.")
        try:
            row["codes"] = codebook.check_codes(row["codes"], row["doer"])
        except UnionError as trouble:
            why = str(trouble)
            raise UnionError(f"Sentence {said}: {why[0].lower()}{why[1:]}") from None
        found[place] = row
    table = pd.DataFrame(found.values(), columns=COLUMNS)
    return table.astype({name: object if name == "codes" else "str" for name in COLUMNS})


def read_codings(
    path: str | Path, coder: str = "", codebook: Book = None, corpus: Corpus | None = None
) -> pd.DataFrame:
    """Read a table of codings from a CSV file with the columns ``MUST_HAVE`` at least.

    ``coder`` names the coder of all rows; left out, it is the file's column, or else its name.
    Raises :class:`UnionError` as :func:`as_codings` does, and for a file that is broken.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "min-ji.csv")
    >>> _ = path.write_text("sentence,codes,doer,memo\\nkctu-001,voice rights,union,rule 10")
    >>> read_codings(path).loc[0, ["coder", "codes"]].tolist()
    ['min-ji', ('voice', 'rights')]
    """
    path = Path(path)
    head, *lines = read_cells(path) or [[]]
    rows: list[dict[str, Any]] = []
    if any(head.count(name) != 1 for name in MUST_HAVE):
        raise UnionError(f"{path.name} must have the columns {', '.join(MUST_HAVE)}: add them.")
    for number, line in enumerate(lines, 2):
        if not any(line):
            continue
        if len(line) != len(head):
            raise UnionError(f"Row {number} of {path.name} has cells too many or few: correct it.")
        row = dict(zip(head, map(bare_cell, line), strict=True))
        row |= {name: row[name].strip() for name in ("sentence", "doer")}
        rows.append(row | {"coder": coder or row.get("coder") or path.stem})
    return as_codings(rows, codebook, corpus)


def write_codings(table: pd.DataFrame, path: str | Path) -> Path:
    """Write a table of codings to a CSV file, whole or not at all, and give its path."""
    if missing := [name for name in COLUMNS if name not in table]:
        raise UnionError(f"The table has no column {missing[0]!r}: add the column.")
    rows = table[list(COLUMNS)].astype(object).fillna("").itertuples(index=False)
    return write_csv(COLUMNS, (row._replace(codes=" ".join(row.codes)) for row in rows), path)


def load_codings(
    who: str | Path, corpus: Texts = None, codebook: Book = None, journal: Journal | None = None
) -> pd.DataFrame:
    """Codings as a table with the columns that this module describes.

    ``who`` is ``"me"``, ``"me again"`` for the learner's blind second look, ``"reference"``,
    ``"coder-1"``, ``"coder-2"``, or the path of a CSV file. ``corpus`` (or some documents) says of
    what ``me`` is wanted. Raises :class:`UnionError` for codings that cannot be read.

    >>> load_codings("reference").loc[0, ["coder", "sentence", "codes", "doer"]].tolist()
    ['reference', 'kctu-001', ('voice', 'rights'), 'union']
    """
    codebook, rows = codebook or load_codebook(), []
    if not isinstance(who, str | Path) or not 0 < len(str(who)) < 1_000:
        raise UnionError("Nobody has that name: give “me”, “reference” or the name of a file.")
    if who not in _ROUNDS:
        path = CORPUS_FOLDER / "coding" / f"{who}.csv" if who in _CAME_WITH_IT else who
        return read_codings(path, None, codebook)
    for document in listed(load_corpus() if corpus is None else corpus):
        codings = coding_annotations(document, codebook, journal, _ROUNDS[who])
        shown = suggestion_annotations(document, codebook, journal).states() if who == "me" else {}
        for id, state in codings.states().items():
            if state["codes"]:
                record = codings.record(id)
                edition = f"{codebook.scheme} {record.get('version', codebook.version)}"
                row = {"coder": who, "sentence": id, "time": record["time"], "scheme": edition}
                row |= {name: state[name] for name in ("codes", "doer", "memo")}
                row["unsure"] = "yes" if state["unsure"] else ""
                row["suggestion"] = came_of(shown.get(id, SUGGESTED), state["codes"])
                rows.append(row)
    return as_codings(rows, codebook)


def join_codings(*codings: pd.DataFrame) -> pd.DataFrame:
    """Codings of different documents as one table; its coder is named after all of them.

    Raises :class:`UnionError` for a sentence that is coded in two of them.

    >>> join_codings(load_codings("reference"))["coder"].unique().tolist()
    ['reference']
    """
    whole = pd.concat(codings, ignore_index=True)
    if twice := sorted(whole["sentence"][whole["sentence"].duplicated()]):
        raise UnionError(f"Sentence {twice[0]} is coded in two tables: give each document once.")
    return whole.assign(coder=" and ".join(dict.fromkeys(map(str, whole["coder"]))))


def load_decisions() -> pd.DataFrame:
    """How the reference's two coders settled their differences, by sentence.

    Columns: ``coder_1``, ``coder_2`` (their codes), ``doer_1``, ``doer_2``, and what was decided:
    ``codes``, ``doer``, ``reason``.

    >>> load_decisions().loc["gftuk-026", "codes"]
    'form'
    """
    path = CORPUS_FOLDER / "coding" / "decisions.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False).set_index("sentence")


def differences(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """The sentences that two coders, a table each, did not code alike, by id.

    Columns: ``codes_1``, ``doer_1``, ``memo_1`` and the same of the second. The order of codes
    counts; a doer counts where both named one.

    >>> differences(load_codings("coder-1"), load_codings("coder-2")).index.tolist()[:2]
    ['gftuk-026', 'gftuk-042']
    """
    kept = ["sentence", "codes", "doer", "memo"]
    both = first[kept].merge(second[kept], on="sentence", suffixes=("_1", "_2"))
    doers = (both["doer_1"] != both["doer_2"]) & (both["doer_1"] != "") & (both["doer_2"] != "")
    return both[(both["codes_1"] != both["codes_2"]) | doers].set_index("sentence")


def settled(journal: Journal, other: str) -> dict[str, Record]:
    """The last record of what came of each difference with another coder, by sentence."""
    return {
        str(record.get("sentence")): record
        for record in journal.records("settled")
        if record.get("other") == other and record.get("outcome") in ("", *OUTCOMES)
    }
