"""From the bytes of a file to characters, without losing one."""

import codecs
import re

from charset_normalizer import from_bytes

from helpers.corpus.errors import UnionError

# A byte-order mark stays in the text, as U+FEFF, for the cleaning step that removes it in view.
MARKS = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
GUESSES = ["cp1252", "cp949", "shift_jis", "big5", "cp1251", "cp1250", "iso8859_15", "mac_roman"]
# Quotation marks, dashes and the ellipsis: the bytes that betray an old Macintosh, or Windows.
MACINTOSH, WINDOWS = rb"[\xc9\xd0-\xd5]", rb"[\x85\x91-\x94\x96\x97]"
SAMPLE = 200_000
LARGEST_BYTES = 100_000_000


def decode(data: bytes, encoding: str | None = None, name: str = "the file") -> tuple[str, str]:
    """The text of a file and the encoding it was read in.

    Tries the declared ``encoding``, or else a byte-order mark, UTF-16 without one, UTF-8, and what
    charset-normalizer takes for the likeliest of some older ones. Raises :class:`UnionError` for a
    file that is empty, larger than 100 MB, no text, or not in the declared encoding.

    >>> decode("Café".encode("cp1252"))[0], decode(b"\\xef\\xbb\\xbfOur Aims")
    ('Café', ('\\ufeffOur Aims', 'utf-8'))
    """
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise UnionError(f"There is no text in {name}: choose a file that has some.")
    if len(data) > LARGEST_BYTES:
        most = LARGEST_BYTES // 1_000_000
        raise UnionError(f"{name} has more than {most} MB: split it into parts.")
    for guess in [encoding] if encoding else _likely(data[:SAMPLE]):
        try:
            text = data.decode(guess)
        except (UnicodeDecodeError, LookupError, TypeError, ValueError):
            continue
        controls = re.findall("[\0-\x08\x0e-\x1a\x1c-\x1f]", text[:SAMPLE])
        if len(controls) <= len(text[:SAMPLE]) // 50:
            return text, guess
    if encoding:
        advice = "correct the encoding in documents.toml, or leave it out"
        raise UnionError(f"{name} is not written in {encoding!r}: {advice}.")
    raise UnionError(f"{name} is not a text file: save it as plain text (UTF-8) first.")


def _likely(sample: bytes) -> list[str]:
    """The encodings to try, the likeliest first."""
    for mark, encoding in MARKS.items():
        if sample.startswith(mark):
            return [encoding]
    if b"\x00" in sample:  # every other byte, in UTF-16 without a mark
        little = sample[1::2].count(0) > sample[::2].count(0)
        return ["utf-16-le" if little else "utf-16-be"]
    runs = re.findall(rb"[\x80-\xff]+", sample)
    if 2 * sum(len(run) == 1 for run in runs) >= len(runs):  # letters of the West, one at a time
        old = len(re.findall(MACINTOSH, sample)) > len(re.findall(WINDOWS, sample))
        return ["utf-8", "mac_roman" if old else "cp1252", "latin-1"]
    best = from_bytes(sample, cp_isolation=GUESSES).best()
    return ["utf-8", *([best.encoding] if best else []), "cp1252", "latin-1"]
