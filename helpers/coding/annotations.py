"""Codings as web annotations, which any program that reads linked data can take: the W3C's Web Annotation Data Model.

The standard (23 February 2017): https://www.w3.org/TR/annotation-model/
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.codebook_files import DOER
from helpers.coding.refi_xml import ORIGIN, guid
from helpers.coding.spans import Source, extras, moment, placed, sources
from helpers.corpus.documents import Corpus, Document, load_corpus
from helpers.corpus.files import atomic_write

if TYPE_CHECKING:
    import pandas as pd

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_AROUND = (
    32  # characters before and after a quotation, by which it is found where positions have moved
)


def write_annotations(
    table: pd.DataFrame,
    path: str | Path,
    corpus: Document | Corpus | Sequence[Document] | None = None,
    codebook: Codebook | None = None,
) -> Path:
    """Write codings as a collection of web annotations (JSON-LD), whole or not at all, and give its path.

    One annotation for each coding. Its bodies: the main code (to classify), the
    others and the doer (tags), the memo (a comment), and a description with what
    is left, such as the codebook's version. Its target is the sentence, by its
    place in the clean text and by its words with those around it. A coding has
    one time, which stands as both ``created`` and ``modified``.
    Raises :class:`UnionError` for a sentence, a code or a doer that is not known.

    >>> import tempfile
    >>> from helpers.coding.tagging import load_codings
    >>> path = write_annotations(load_codings("reference"), Path(tempfile.mkdtemp(), "reference.jsonld"))
    >>> first = json.loads(path.read_text(encoding="utf-8"))["first"]["items"][0]
    >>> first["body"][0]["value"], first["target"]["selector"][0]["start"]
    ('voice', 0)
    """
    path, codebook = Path(path), codebook or load_codebook()
    groups = placed(table, sources(load_corpus() if corpus is None else corpus), codebook)
    items = [_annotation(source, row) for source, rows in groups for row in rows]
    collection = {
        "@context": _CONTEXT,
        "id": _urn("collection", *(item["id"] for item in items)),
        "type": "AnnotationCollection",
        "label": path.stem,
        "generator": {"id": _urn("generator"), "type": "Software", "name": ORIGIN},
        "total": len(items),
    }
    if items:  # a page of nothing would be against the standard
        page = {
            "id": _urn("page", collection["id"]),
            "type": "AnnotationPage",
            "partOf": collection["id"],
            "startIndex": 0,
            "items": items,
        }
        collection |= {"first": page, "last": page["id"]}
    atomic_write(
        path, json.dumps(collection, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    )
    return path


def _annotation(source: Source, row: dict[str, Any]) -> dict[str, Any]:
    """One coding as an annotation."""
    main, *others = row["codes"]
    said = [("classifying", main), *(("tagging", code) for code in others)]
    said += [("tagging", DOER + row["doer"])] if row["doer"] else []
    said += [
        (purpose, words)
        for purpose, words in (("commenting", row["memo"]), ("describing", extras(row)))
        if words
    ]
    start, end = source.spans[row["sentence"]]
    place = {"type": "TextPositionSelector", "start": start, "end": end}
    around = {
        "prefix": source.text[max(0, start - _AROUND) : start],
        "suffix": source.text[end : end + _AROUND],
    }
    quote = {"type": "TextQuoteSelector", "exact": source.text[start:end]} | {
        name: words for name, words in around.items() if words
    }
    about = {
        "id": f"urn:uuid:{source.guid}",
        "type": "Text",
        "format": "text/plain",
        "label": source.document.title,
    }
    when = moment(row["time"])
    return {
        "id": _urn("annotation", source.guid, row["sentence"], row["coder"]),
        "type": "Annotation",
        "motivation": "classifying",
        "creator": {
            "id": _urn("coder", row["coder"]),
            "name": row["coder"],
        },  # no type: a coder may be a machine
        **({"created": when, "modified": when} if when else {}),
        "body": [
            {"type": "TextualBody", "purpose": purpose, "format": "text/plain", "value": words}
            for purpose, words in said
        ],
        "target": {"type": "SpecificResource", "source": about, "selector": [place, quote]},
    }


def _urn(*parts: str) -> str:
    return f"urn:uuid:{guid(*parts)}"
