"""What other people would reach for: public libraries that clean text and find sentences."""

from __future__ import annotations

import contextlib
import io
import re
from functools import cache

import prose  # noqa: F401  (puts the repository on the path)

Paragraphs = list[list[str]]


def decoded(data: bytes) -> str:
    """UTF-16 by its mark, UTF-8, or else Windows-1252: no peer loses a point over the encoding."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _joined(text: str) -> str:
    """Single line ends to spaces, runs of blanks to one, a blank line between paragraphs."""
    text = re.sub(r"\r\n?", "\n", text)
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", text)
    text = re.sub(r"(?<!\n)\n(?!\n)", " ", text)
    return re.sub(r"\n{2,}", "\n\n", re.sub(r"[^\S\n]+", " ", text)).strip()


def chain(text: str) -> str:
    """ftfy and a few regular expressions."""
    import ftfy

    text = _joined(ftfy.fix_text(text))
    return re.sub("[“”„«»]", '"', re.sub("[‘’‚`´]", "'", text))


def clean_text(text: str) -> str:
    """The package clean-text, with letters and line breaks kept; then lines joined."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        import cleantext
    options = {
        "fix_unicode": True,
        "to_ascii": False,
        "lower": False,
        "normalize_whitespace": True,
        "keep_two_line_breaks": True,
    }
    return _joined(cleantext.clean(text, **options))


def ours(data: bytes | str) -> str:
    from helpers.corpus.cleaning import clean

    return clean(data).text


def our_sentences(text: str) -> Paragraphs:
    from helpers.corpus.sentences import split_sentences

    found: Paragraphs = []
    ended = 0
    for start, end in split_sentences(text):
        if not found or "\n" in text[ended:start]:
            found.append([])
        found[-1].append(text[start:end])
        ended = end
    return found


def punkt(text: str) -> Paragraphs:
    """Punkt as it comes, untrained, one paragraph at a time."""
    from nltk.tokenize.punkt import PunktSentenceTokenizer

    tokenizer = PunktSentenceTokenizer()
    return [tokenizer.tokenize(paragraph) for paragraph in text.split("\n\n") if paragraph.strip()]


@cache
def _segmenter():
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pysbd

        return pysbd.Segmenter(language="en", clean=False)


def pysbd(text: str) -> Paragraphs:
    """The rules of pySBD, one paragraph at a time."""
    return [
        [one.strip() for one in _segmenter().segment(paragraph)]
        for paragraph in text.split("\n\n")
        if paragraph.strip()
    ]
