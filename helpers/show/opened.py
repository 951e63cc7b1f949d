"""A sentence opened where a list or a chart led to it: its paragraph, and its place in the raw file."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from helpers.corpus.documents import Document


def opened(document: Document, id: str, span: tuple[int, int] | None = None) -> dict[str, Any]:
    """What the screen shows of a sentence: ``heading``, ``pieces`` of its paragraph, and ``place``.

    ``span`` are the ends in the clean text of what led there, such as a hit of
    a search. A piece has its ``text``, and says whether it belongs to the
    ``sentence`` and to the ``node`` (that span).

    >>> from helpers.corpus.documents import load_corpus
    >>> opened(load_corpus()["kctu"], "kctu-002")["place"]
    'Paragraph 2, line 9 of the raw file.'
    """
    sentence, place = document.sentences.loc[id], document.sentence_in_raw(id)
    paragraph = document.paragraphs.loc[sentence["paragraph"]]
    ends = [(int(each["start"]), int(each["end"])) for each in (paragraph, sentence)] + [
        span or (0, 0)
    ]
    cuts = sorted({place for pair in ends for place in pair if ends[0][0] <= place <= ends[0][1]})
    pieces = [
        {
            "text": document.text[start:end],
            "sentence": ends[1][0] <= start < ends[1][1],
            "node": ends[2][0] <= start < ends[2][1],
        }
        for start, end in pairwise(cuts)
    ]
    first, last = place.first_line, place.last_line
    lines = f"line {first}" if first == last else f"lines {first}–{last}"
    heading = f"{id}, {document.about['short_title']}"
    return {
        "heading": heading,
        "pieces": pieces,
        "place": f"Paragraph {sentence['paragraph']}, {lines} of the raw file.",
    }
