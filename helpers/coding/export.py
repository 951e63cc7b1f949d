"""Leaving with the data: codings in files that other programs read.

REFI-QDA (version 1.0, 18 March 2019, https://www.qdasoftware.org) is the standard of programs for
qualitative analysis: a `.qdc` holds a codebook; a `.qdpx` is a zip of the texts and of an XML file
with codebook, coders and codings. What these hold stands in ``templates/``.
"""

import json
import re
import uuid
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from helpers.coding.codebook import DOER, Book, Codebook, load_codebook
from helpers.coding.codings import Texts, as_codings, load_codings, write_codings
from helpers.coding.journal import learner_name, moment, my_journal
from helpers.corpus.documents import Document, listed, load_corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.files import atomic_write

KINDS = {
    ".csv": "a table for spreadsheets",
    ".qdpx": "a project for programs such as QualCoder or MAXQDA",
    ".qdc": "a codebook for the same programs",
}
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:what-is-a-union-for")
_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_NOBODY_KNOWS = "1970-01-01T00:00:00Z"  # QualCoder breaks off at a note without a time


def export_codings(who: Any, file: str | Path, corpus: Texts = None, codebook: Book = None) -> str:
    """Write codings to a file that other programs read; gives a sentence that says what was saved.

    ``who`` is as in :func:`load_codings`, or a table of codings, or a list of these; your own
    codings go under your name. The file's ending says what it becomes: ``.csv`` a table, ``.qdpx``
    a REFI-QDA project with texts, codebook and codings, ``.qdc`` the codebook alone. Raises
    :class:`UnionError` for another ending, no codings, and where the file cannot be written.

    >>> import tempfile
    >>> export_codings("reference", Path(tempfile.mkdtemp(), "reference.csv"))[:63]
    'Saved 172 codings in reference.csv, a table for spreadsheets: t'
    """
    file, codebook = Path(file), codebook or load_codebook()
    if (kind := file.suffix.lower()) not in KINDS:
        raise UnionError(f"End the name of the file in what it becomes: use {', '.join(KINDS)}.")
    said = f"in {file.name}, {KINDS[kind]}: to keep it, download it from the list of files."
    if kind == ".qdc":
        write_codebook(codebook, file)
        return f"Saved {len(codebook)} codes {said}"
    texts, name = listed(load_corpus() if corpus is None else corpus), learner_name(my_journal())
    tables = [
        one if isinstance(one, pd.DataFrame) else load_codings(one, texts, codebook)
        for one in (who if isinstance(who, list | tuple) else [who])
    ]
    if not any(map(len, tables)):
        raise UnionError("There is nothing to export yet: code some sentences first.")
    table = pd.concat(tables, ignore_index=True)
    table = table.replace({"coder": {"me": name, "me again": f"{name}, again"}})
    if kind == ".csv":
        write_codings(table, file)
    else:
        write_project(table, file, texts, codebook)
    return f"Saved {len(table)} codings {said}"


def write_codebook(codebook: Codebook, path: str | Path) -> Path:
    """Write a codebook as a `.qdc`, and give its path; :func:`load_codebook` reads it again."""
    atomic_write(Path(path), _filled("codebook.xml", book=codebook))
    return Path(path)


def write_project(
    table: pd.DataFrame, path: str | Path, texts: Sequence[Document], codebook: Codebook
) -> Path:
    """Write codings, codebook and texts as a `.qdpx`, whole or not at all, and give its path.

    A doer is a code too, such as ``doer: union``, as programs show codes and little else. A memo is
    a note. Raises :class:`UnionError` for what is in no document or codebook.
    """
    rows = as_codings(table.astype(object).where(table.notna(), "").to_dict("records"), codebook)
    rows["time"] = [moment(time).replace("+00:00", "Z") or _NOBODY_KNOWS for time in rows["time"]]
    rows["named"] = [[*row.codes, *[DOER + row.doer] * bool(row.doer)] for row in rows.itertuples()]
    places = pd.concat([text.sentences[["start", "end"]] for text in texts])
    if unknown := set(rows["sentence"]) - set(places.index):
        raise UnionError(f"No document has the sentence {min(unknown)!r}: check the id.")
    rows, sources, members = rows.join(places, on="sentence"), [], {}
    for text in texts:
        about = {"guid": guid("source", text.id, text.text), "title": text.title}
        own = rows[rows["sentence"].isin(text.sentences.index)].to_dict("records")
        sources.append((about, own))
        members[f"sources/{about['guid']}.txt"] = _held(text.text).encode()
    known = {"name": Path(path).stem, "coders": rows["coder"].unique(), "book": codebook}
    known["noted"] = rows[rows["memo"] != ""].to_dict("records")
    xml = _filled("project.xml", **known, sources=sources)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in ({"project.qde": xml} | members).items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    atomic_write(Path(path), packed.getvalue())
    return Path(path)


def guid(*parts: str) -> str:
    """The id of a thing, which is the same whenever it is made from the same words."""
    return str(uuid.uuid5(_NAMESPACE, json.dumps(parts)))


def _told(entry: Any) -> str:
    """What a codebook says of a code or a doer, a line each."""
    return "\n".join(f"{name}: {value}" for name, value in list(vars(entry).items())[1:])


def _held(text: Any) -> Any:
    """A text with a line feed for each return, and without what no XML file can hold."""
    return _NOT_IN_XML.sub("\ufffd", text.replace("\r", "\n")) if type(text) is str else text


def _filled(template: str, **known: Any) -> bytes:
    folder = jinja2.FileSystemLoader(Path(__file__).with_name("templates"))
    pages = jinja2.Environment(loader=folder, autoescape=True, finalize=_held)
    return pages.get_template(template).render(guid=guid, told=_told, DOER=DOER, **known).encode()
