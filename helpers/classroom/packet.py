"""The lessons without computers: texts, codebook and sheets to write on, as a page to print."""

import sys
from pathlib import Path

from helpers.classroom.pages import render
from helpers.coding.codebook import load_codebook
from helpers.coding.practice import load_practice
from helpers.corpus.documents import Corpus, load_corpus
from helpers.corpus.files import atomic_write


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
    )
    atomic_write(path, page)
    return path


if __name__ == "__main__":
    written = write_packet(load_corpus(), sys.argv[1])
    print(f"The packet is in {written}: open it in a browser and print it.")
