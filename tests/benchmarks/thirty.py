"""Thirty own documents of the letter's size: how long it takes to add them, to load them, and to
draw them.

`.venv/bin/python tests/benchmarks/thirty.py` prints a line for each step: seconds for all
thirty, and what was made or
refused. The texts are the letter's own sentences in another order, so they are as long and as
hard to read as the letter.
"""

from __future__ import annotations

import random
import resource
import tempfile
import time
from collections.abc import Callable
from typing import Any

from helpers import (
    add_document,
    codeline,
    compare_words,
    concordance_lines,
    dispersion,
    dispersion_chart,
    doer_chart,
    explore,
    frame_profile,
    load_codebook,
    load_corpus,
    my_corpus,
    protection_production,
    rates_chart,
    read,
    tag,
    triangle,
    word_rates,
)
from helpers.coding.codings import as_codings
from helpers.coding.journal import Journal
from helpers.corpus.errors import UnionError
from helpers.show.drawing import LIGHT
from helpers.words.clauses import modal_clauses
from helpers.words.tokens import document_tokens

MANY = 30


def timed(what: str, do: Callable[[], Any]) -> Any:
    """Print how long something takes, and what came of it."""
    began = time.perf_counter()
    try:
        result = do()
        said = repr(result) if isinstance(result, int | str) else type(result).__name__
    except UnionError as problem:
        result, said = None, f"refused: {problem}"
    print(f"{time.perf_counter() - began:8.2f} s  {what}: {said[:150]}", flush=True)
    return result


def texts() -> list[str]:
    letter, chance = load_corpus()["gftuk"], random.Random(1995)
    paragraphs = [group["text"].to_list() for _, group in letter.sentences.groupby("paragraph")]
    found = []
    for number in range(MANY):
        mixed = [
            chance.sample(paragraph, len(paragraph))
            for paragraph in chance.sample(paragraphs, len(paragraphs))
        ]
        found.append(
            f"Text number {number} is a mixture.\n\n"
            + "\n\n".join(" ".join(paragraph) for paragraph in mixed)
        )
    return found


def codings(documents: list) -> Any:
    """Codes drawn by chance: what matters here is how many there are."""
    chance, book = random.Random(1), load_codebook()
    rows = [
        {
            "coder": "chance",
            "sentence": id,
            "codes": [chance.choice(list(book)[:-1])],
            "doer": "union",
        }
        for document in documents
        for id in document.sentences.index
    ]
    return as_codings(rows, book)


def main() -> None:
    folder = tempfile.mkdtemp()
    known = {
        "author": "Nobody",
        "date": "not known",
        "source": "Made for a benchmark",
        "rights": "Ours",
    }
    given = texts()
    timed(
        "add thirty",
        lambda: [
            add_document(text, title=f"Mixture {number}", folder=folder, **known)
            for number, text in enumerate(given)
        ],
    )
    corpus = timed("load them again, in the same kernel", lambda: my_corpus(folder=folder))
    from helpers.corpus import library as own

    own._opened.cache_clear()
    corpus = timed("load them in a new kernel", lambda: my_corpus(folder=folder))
    documents = corpus.documents
    timed("split into sentences", lambda: sum(len(document.sentences) for document in documents))
    timed(
        "tag the parts of speech",
        lambda: sum(len(document_tokens(document)) for document in documents),
    )
    timed(
        "word rates of three words",
        lambda: len(word_rates(documents, ["should", "will", "worker*"])),
    )
    timed("concordance of “union*”", lambda: len(concordance_lines(documents, "union*")))
    timed("dispersion of “should”", lambda: len(dispersion(documents, "should")))
    timed("keyness of two", lambda: len(compare_words(documents[2], documents[3])))
    timed("modal clauses", lambda: sum(len(modal_clauses(document)) for document in documents))
    six, coded = documents[:6], codings(documents)
    of_six = coded[coded["sentence"].str.rpartition("-")[0].isin([document.id for document in six])]
    for name, some, those in (("six", six, of_six), ("thirty-two", documents, coded)):
        timed(
            f"rates chart of {name}",
            lambda some=some: (
                rates_chart(some, ["should", "will", "worker*"]).image(LIGHT)[0].__len__()
            ),
        )
        timed(
            f"dispersion chart of {name}",
            lambda some=some: dispersion_chart(some, "should").image(LIGHT)[0].__len__(),
        )
        timed(f"doer chart of {name}", lambda some=some: doer_chart(some).image(LIGHT)[0].__len__())
        for chart in (frame_profile, protection_production, triangle, codeline):
            timed(
                f"{chart.__name__} of {name}",
                lambda chart=chart, some=some, those=those: (
                    chart(some, those).image(LIGHT)[0].__len__()
                ),
            )
    timed("explore the codeline of six", lambda: explore(codeline(six, of_six), six))
    journal = Journal(tempfile.mkdtemp())
    timed("tagger of one", lambda: tag(documents[5], journal=journal))
    timed("reader of two", lambda: read(documents[5], documents[6], journal=journal))
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at the most")


if __name__ == "__main__":
    main()
