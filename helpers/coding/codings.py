"""A table of codings: who gave which codes to which sentence; from a file and into one.

Columns: ``coder`` (name), ``sentence`` (id such as ``kctu-007``), ``codes``
(tuple, the main one first), ``doer`` (empty where nobody said), ``memo``,
``time`` (UTC, ISO 8601, empty where unknown), ``scheme`` (codebook and
version, such as ``union-roles 1.0``), ``unsure`` (``yes`` or empty) and
``suggestion`` (what came of a machine's suggestion, such as ``accepted: form``;
empty where none was shown). A coder has a sentence at most once.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.coding.codebook import Codebook, _short, load_codebook
from helpers.corpus.errors import UnionError
from helpers.corpus.files import bare_cell, read_cells, write_csv

if TYPE_CHECKING:
    import pandas as pd

    from helpers.corpus.documents import Corpus

COLUMNS = ("coder", "sentence", "codes", "doer", "memo", "time", "scheme", "unsure", "suggestion")
MUST_HAVE = ("sentence", "codes", "doer", "memo")
# A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV injection"). An apostrophe before it makes it text.


def as_codings(
    rows: Iterable[dict[str, Any]], codebook: Codebook | None = None, corpus: Corpus | None = None
) -> pd.DataFrame:
    """A table of codings from rows, checked against the codebook and, where given, the corpus.

    A row is a dictionary with the columns of the table, where ``codes`` may be
    text with spaces between codes. ``coder``, ``memo``, ``doer``, ``time``,
    ``unsure`` and ``suggestion`` may be missing; ``scheme`` is the codebook's where it is.
    Raises :class:`UnionError` for codes or a doer that the codebook does not
    have, a sentence that a coder has twice, and one that is not in the corpus.

    >>> as_codings([{"sentence": "kctu-002", "codes": ["voice"], "doer": "union"}])[["sentence", "codes", "doer"]]
       sentence     codes   doer
    0  kctu-002  (voice,)  union
    """
    import pandas as pd

    codebook = codebook or load_codebook()
    known = (
        {sentence for document in corpus.documents for sentence in document.sentences.index}
        if corpus
        else None
    )
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        row = (
            dict.fromkeys(COLUMNS, "")
            | {"scheme": codebook.edition}
            | {name: value for name, value in row.items() if value}
        )
        place = (row["coder"], row["sentence"])
        if not row["sentence"]:
            raise UnionError("A coding names no sentence: give its id, such as kctu-007.")
        if known is not None and row["sentence"] not in known:
            raise UnionError(
                f"There is no sentence {_short(row['sentence'])} in the corpus: check the id, or leave the row out."
            )
        if place in found:
            raise UnionError(
                f"The sentence {_short(row['sentence'])} is coded twice by one coder: delete one of the two."
            )
        try:
            found[place] = row | {"codes": codebook.check_codes(row["codes"], row["doer"])}
        except UnionError as problem:
            raise UnionError(
                f"Sentence {_short(row['sentence'])}: {str(problem)[0].lower()}{str(problem)[1:]}"
            ) from None
    columns = {name: [row[name] for row in found.values()] for name in COLUMNS}
    return pd.DataFrame(
        {
            name: pd.Series(cells, dtype=object if name == "codes" else "str")
            for name, cells in columns.items()
        }
    )


def read_codings(
    path: str | Path,
    coder: str | None = None,
    codebook: Codebook | None = None,
    corpus: Corpus | None = None,
) -> pd.DataFrame:
    """Read codings from a CSV file with the columns ``sentence``, ``codes`` (a space between codes), ``doer`` and ``memo``.

    The columns ``coder``, ``time``, ``scheme``, ``unsure`` and ``suggestion`` may be there too. ``coder``
    names the coder of all rows; left out, it is the file's column, or else the
    file's name. The apostrophe of :func:`write_codings` is taken off again.
    Gives the table that :func:`as_codings` describes, and raises
    :class:`UnionError` as it does and for a file that cannot be read.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "min-ji.csv")
    >>> _ = path.write_text("sentence,codes,doer,memo\\nkctu-001,voice rights,union,rule 10\\n")
    >>> read_codings(path).loc[0, ["coder", "codes"]].tolist()
    ['min-ji', ('voice', 'rights')]
    """
    path = Path(path)
    header, *lines = read_cells(path) or [[]]
    header = [name.strip() for name in header]
    for name in MUST_HAVE:
        if header.count(name) != 1:
            raise UnionError(
                f"The file {path.name} must have one column {name!r}: give its first row the names {', '.join(MUST_HAVE)}."
            )
    rows = []
    for number, line in enumerate(lines, 2):
        if not any(line):
            continue
        if len(line) != len(header):
            count = f"{len(line)} cells, and the first row has {len(header)}"
            raise UnionError(
                f"Row {number} of {path.name} has {count}: correct its commas or quotation marks."
            )
        row = {
            name: bare_cell(cell)
            for name, cell in zip(header, line, strict=True)
            if name in COLUMNS
        }
        tidy = {
            "sentence": row["sentence"].strip(),
            "doer": row["doer"].strip(),
            "coder": coder or row.get("coder") or path.stem,
        }
        rows.append(row | tidy)
    return as_codings(rows, codebook, corpus)


def write_codings(table: pd.DataFrame, path: str | Path) -> Path:
    """Write a table of codings to a CSV file (UTF-8), whole or not at all, and give its path.

    A cell that a spreadsheet would take for a formula gets an apostrophe before
    it, which :func:`read_codings` takes off. Half characters (lone surrogates),
    which no file can hold, become question marks. Raises :class:`UnionError`
    for a table that lacks a column and a folder that cannot be written to.

    >>> import tempfile
    >>> table = as_codings([{"coder": "Min-ji", "sentence": "kctu-002", "codes": ["voice"], "doer": "union", "memo": "=1+1"}])
    >>> print(write_codings(table, Path(tempfile.mkdtemp(), "codings.csv")).read_text("utf-8-sig"))
    coder,sentence,codes,doer,memo,time,scheme,unsure,suggestion
    Min-ji,kctu-002,voice,union,'=1+1,,union-roles 1.0,,
    <BLANKLINE>
    """
    path = Path(path)
    if missing := [name for name in COLUMNS if name not in table.columns]:
        raise UnionError(
            f"The table has no column {missing[0]!r}: make it with read_codings(), or add the column."
        )
    rows = table[list(COLUMNS)].astype(object).fillna("").itertuples(index=False)
    return write_csv(COLUMNS, (row._replace(codes=" ".join(row.codes)) for row in rows), path)
