"""Leaving with the data: codings into a file that other programs read, of the kind that its name says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.coding.annotations import write_annotations
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.codebook_files import write_codebook
from helpers.coding.codings import write_codings
from helpers.coding.journal import learner_name, my_journal
from helpers.coding.projects import write_project
from helpers.coding.tagging import load_codings
from helpers.corpus.documents import Corpus, Document, listed, load_corpus
from helpers.corpus.errors import UnionError

if TYPE_CHECKING:
    import pandas as pd

KINDS = {
    ".csv": "a table for spreadsheets",
    ".jsonld": "web annotations",
    ".qdpx": "a project for programs such as QualCoder or MAXQDA",
    ".qdc": "a codebook for the same programs",
}


def export_codings(
    who: str | Path | pd.DataFrame | Sequence[str | Path | pd.DataFrame],
    file: str | Path,
    corpus: Document | Corpus | Sequence[Document] | None = None,
    codebook: Codebook | None = None,
) -> str:
    """Write codings to a file that other programs read; gives a sentence that says what was saved, and where.

    ``who`` is as in :func:`load_codings`, or a table of codings, or a list of
    these, one a coder; your own codings go under your name. The file's ending
    says what it becomes: ``.csv`` a table for spreadsheets, ``.jsonld`` web
    annotations (W3C), ``.qdpx`` a REFI-QDA project with texts, codebook and
    codings, ``.qdc`` the codebook alone.
    :func:`load_codings` reads a ``.csv`` and a ``.qdpx`` again, and
    :func:`load_codebook` a ``.qdc``. Raises :class:`UnionError` for another
    ending, for codings that cannot be found, and where the file cannot be written.

    >>> import tempfile
    >>> export_codings("reference", Path(tempfile.mkdtemp(), "reference.csv"))
    'Saved 172 codings in reference.csv, a table for spreadsheets: to keep it, download it from the list of files.'
    """
    import pandas as pd

    kind, codebook = Path(file).suffix.lower(), codebook or load_codebook()
    if kind not in KINDS:
        endings = ", ".join(f"{ending} ({what})" for ending, what in KINDS.items())
        raise UnionError(f"The name of the file must say what it becomes: end it in {endings}.")
    said = f"in {Path(file).name}, {KINDS[kind]}: to keep it, download it from the list of files."
    if kind == ".qdc":
        write_codebook(codebook, file)
        return f"Saved {len(codebook)} codes {said}"
    each = [who] if isinstance(who, str | Path | pd.DataFrame) else list(who)
    texts, name = load_corpus() if corpus is None else listed(corpus), learner_name(my_journal())
    tables = [
        one if isinstance(one, pd.DataFrame) else load_codings(one, texts, codebook) for one in each
    ]
    if not tables or all(one.empty for one in tables):
        raise UnionError("There is nothing to export yet: code some sentences first.")
    table = pd.concat(tables, ignore_index=True).replace(
        {"coder": {"me": name, "me again": f"{name}, again"}}
    )
    if kind == ".csv":
        write_codings(table, file)
    else:
        (write_annotations if kind == ".jsonld" else write_project)(table, file, texts, codebook)
    return f"Saved {len(table)} codings {said}"
