"""A sentence that a list or a chart led to: its paragraph, and its place in the raw file."""

from itertools import pairwise
from typing import Any

from helpers.corpus.documents import Document


def in_paragraph(
    document: Document, id: str, span: tuple[int, int] | None = None
) -> dict[str, Any]:
    """What the screen shows of a sentence: ``heading``, ``pieces`` of its paragraph, and ``place``.

    ``span`` are the ends in the clean text of what led there, such as a hit of
    a search. A piece has its ``text``, and says whether it belongs to the
    ``sentence`` and to the ``node`` (that span).

    >>> from helpers.corpus.documents import load_corpus
    >>> in_paragraph(load_corpus()["kctu"], "kctu-002")["place"]
    'Paragraph 2, line 9 of the raw file.'
    """
    sentence, place = document.sentences.loc[id], document.sentence_in_raw(id)
    paragraph = document.paragraphs.loc[sentence["paragraph"]]
    begins, ends = int(paragraph["start"]), int(paragraph["end"])
    own, node = (int(sentence["start"]), int(sentence["end"])), span or (0, 0)
    cuts = {begins, ends, *(place for place in (*own, *node) if begins <= place <= ends)}
    pieces = [
        {
            "text": document.text[start:end],
            "sentence": own[0] <= start < own[1],
            "node": node[0] <= start < node[1],
        }
        for start, end in pairwise(sorted(cuts))
    ]
    first, last = place.first_line, place.last_line
    lines = f"line {first}" if first == last else f"lines {first}–{last}"
    return {
        "heading": f"{id}, {document.about['short_title']}",
        "pieces": pieces,
        "place": f"Paragraph {sentence['paragraph']}, {lines} of the raw file.",
    }
