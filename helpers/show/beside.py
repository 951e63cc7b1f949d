"""Codings side by side: a chart of the codings of one coder, of another, or of both."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import copy
from typing import TYPE_CHECKING

from helpers.corpus.documents import Corpus, Document
from helpers.show.charts import Chart, Mark
from helpers.show.explorer import Explorer, explore

if TYPE_CHECKING:
    import pandas as pd

BESIDE = "side by side"


def explore_codings(
    make: Callable[..., Chart], corpus: Corpus, codings: Mapping[str, pd.DataFrame]
) -> Explorer:
    """Show a chart of one of several codings, or of all of them side by side, with the way back to sentences.

    ``make`` draws a chart of a corpus and the codings of one coder, such as ``frame_profile`` or ``triangle``;
    ``codings`` are tables of one coder each, by the names to choose from.

    >>> from helpers import frame_profile, load_codings, load_corpus
    >>> codings = {"reference": load_codings("reference"), "coder 1": load_codings("coder-1")}
    >>> explore_codings(frame_profile, load_corpus(), codings).controls
    [{'name': 'coding', 'choices': ['reference', 'coder 1', 'side by side']}]
    """

    def chart(coding: str) -> Chart:
        return beside(make, corpus, codings) if coding == BESIDE else make(corpus, codings[coding])

    return explore(chart, corpus, coding=[*codings, BESIDE])


def beside(
    make: Callable[..., Chart], corpus: Corpus, codings: Mapping[str, pd.DataFrame]
) -> Chart:
    """One chart in which each document stands once for each coding, and whose marks lead to the sentences themselves.

    >>> from helpers import frame_profile, load_codings, load_corpus
    >>> codings = {"reference": load_codings("reference"), "coder 1": load_codings("coder-1")}
    >>> beside(frame_profile, load_corpus(), codings).marks[1]
    Mark(label='Pay and conditions in KCTU (coder 1): 2 of 17 sentences, 11.8 %', sentences=('kctu-007', 'kctu-012'))
    """
    import pandas as pd

    copies = [_copied(document, name) for name in codings for document in corpus.documents]
    tables = [
        table.assign(coder=BESIDE, sentence=[_id(id, name) for id in table["sentence"]])
        for name, table in codings.items()
    ]
    chart, added = (
        make(copies, pd.concat(tables)),
        re.compile(rf" ({'|'.join(map(re.escape, codings))})(?=-\d)"),
    )
    chart.marks = [
        Mark(added.sub("", mark.label), tuple(added.sub("", id) for id in mark.sentences))
        for mark in chart.marks
    ]
    chart.table = chart.table.rename(index=lambda name: added.sub("", name))
    chart.description = re.sub(
        r"^In th(ese \w+ documents|is one document)", "Side by side", chart.description
    )
    return chart


def _copied(document: Document, name: str) -> Document:
    """The document under the name of a coding, so that a chart has room for it twice."""
    copied, author = copy(document), document.about["short_title"].partition(",")[0]
    copied.id, copied.about = (
        f"{document.id} {name}",
        document.about | {"short_title": f"{author} ({name})"},
    )
    copied.sentences = document.sentences.rename(index=lambda id: _id(id, name))
    return copied


def _id(sentence: str, name: str) -> str:
    return re.sub(r"(?=-\d+$)", f" {name}", sentence)
