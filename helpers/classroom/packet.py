"""The lessons without computers: texts, codebook and sheets to write on, as a page to print."""

import sys
from pathlib import Path

from helpers.classroom.pages import render
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.practice import load_practice
from helpers.corpus.documents import Corpus, load_corpus
from helpers.corpus.files import atomic_write

# An invented pair on ten invented sentences: the codes by their places in the codebook.
_ANN = ((0,), (2,), (3,), (3, 9), (5,), (8,), (9,), (10,), (11,), (1,))
_BEN = ((0,), (2,), (3,), (9, 3), (5,), (9,), (9,), (10, 9), (11,), (2,))


def write_packet(corpus: Corpus, path: str | Path) -> Path:
    """Write a packet for a room without computers, as one web page to print; gives its path.

    In it: teacher's pages, texts with numbered sentences, the codebook, sheets to write on. Raises
    :class:`UnionError` for a folder that cannot be written to.

    >>> import tempfile
    >>> write_packet(load_corpus(), Path(tempfile.mkdtemp(), "packet.html")).name
    'packet.html'
    """
    path, codebook = Path(path), load_codebook()
    page = render(
        "packet.html",
        title="What Is a Union For? The packet for a room without computers",
        documents=corpus.documents,
        codebook=codebook,
        practice=list(load_practice(codebook=codebook).key.values()),
        labels=lambda codes: " + ".join(codebook[code].label for code in codes),
        pair=_pair(list(codebook)),
        rare=codebook[list(codebook)[1]].label,
    )
    atomic_write(path, page)
    return path


def _pair(codes: list[str]) -> list[tuple[list[str], list[str], bool, bool]]:
    """Two invented codings of ten sentences: are they alike, and alike on the second code?"""
    ann, ben = ([[codes[at] for at in places] for places in coder] for coder in (_ANN, _BEN))
    return [
        (one, other, set(one) == set(other), (codes[1] in one) == (codes[1] in other))
        for one, other in zip(ann, ben, strict=True)
    ]


if __name__ == "__main__":
    written = write_packet(load_corpus(), sys.argv[1])
    print(f"The packet is in {written}: open it in a browser and print it.")
