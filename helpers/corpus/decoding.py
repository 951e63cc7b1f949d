"""From the bytes of a file to characters, without losing one."""

from __future__ import annotations

import codecs
import re

from helpers.corpus.errors import UnionError

# A byte-order mark stays in the text, as U+FEFF, for the cleaning step that removes it in view.
_MARKS = [
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
_GUESSES = ["cp1252", "cp949", "shift_jis", "big5", "cp1251", "cp1250", "iso8859_15", "mac_roman"]
# Quotation marks, dashes and the ellipsis: the bytes that betray the one and the other.
_WINDOWS_MARKS = [bytes([byte]) for byte in (0x85, 0x91, 0x92, 0x93, 0x94, 0x96, 0x97)]
_MACINTOSH_MARKS = [bytes([byte]) for byte in (0xC9, 0xD0, 0xD1, 0xD2, 0xD3, 0xD4, 0xD5)]
_SAMPLE = 200_000
LARGEST_BYTES = 100_000_000


def decode(data: bytes, encoding: str | None = None, name: str = "the file") -> tuple[str, str]:
    """The text of a file and the encoding it was read in.

    Tries, in this order: the declared ``encoding``, a byte-order mark, UTF-8,
    UTF-16 without a mark, and the best of some older encodings as
    charset-normalizer judges them. Raises :class:`UnionError` for a file that
    is empty, larger than 100 MB, not text, or not in the declared encoding.

    >>> decode("Café".encode("cp1252"))[0]
    'Café'
    >>> decode(b"\\xef\\xbb\\xbfOur Aims")
    ('\\ufeffOur Aims', 'utf-8')
    """
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise UnionError(f"There is no text in {name}: choose a file that has some.")
    if len(data) > LARGEST_BYTES:
        size = len(data) // 1_000_000
        raise UnionError(
            f"{name} has {size} MB, and the largest that can be read is {LARGEST_BYTES // 1_000_000} MB: split it into parts."
        )
    if encoding:
        return _declared(data, encoding, name), encoding
    for mark, marked in _MARKS:
        if data.startswith(mark):
            return _declared(data, marked, name), marked
    if b"\x00" in data:
        return _wide(data, name)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _guessed(data, name)


def _declared(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as problem:
        place = f"byte {problem.start} does not fit"
        raise UnionError(
            f"{name} is not written in {encoding} ({place}): correct the encoding in documents.toml, or leave it out."
        ) from None
    except (LookupError, TypeError, ValueError):
        raise UnionError(
            f"{encoding!r} is not an encoding that Python knows: correct it in documents.toml, or leave it out."
        ) from None
    if text.count("\x00") > len(text) // 100:
        raise UnionError(f"{name} is not a text file: save it as plain text (UTF-8) first.")
    return text


def _wide(data: bytes, name: str) -> tuple[str, str]:
    """UTF-16 without a mark shows in zero bytes at every other place; any other file with zeros is binary."""
    even, odd = data[0:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
    half = min(len(data), _SAMPLE) // 2
    for zeros, others, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros > 0.3 * half and others < 0.05 * half:
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError:
                break
    raise UnionError(f"{name} is not a text file: save it as plain text (UTF-8) first.")


def _single_bytes(sample: bytes) -> list[str]:
    """Western Windows or old Macintosh, where most accented letters and quotes stand alone between plain ones."""
    runs = re.findall(rb"[\x80-\xff]+", sample)
    if sum(len(run) == 1 for run in runs) * 2 < len(runs):
        return []
    windows, macintosh = (
        sum(map(sample.count, marks)) for marks in (_WINDOWS_MARKS, _MACINTOSH_MARKS)
    )
    return ["mac_roman"] if macintosh > windows else ["cp1252"]


def _guessed(data: bytes, name: str) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    control = sum(
        data[:_SAMPLE].count(byte) for byte in (*range(1, 9), *range(14, 27), *range(28, 32))
    )
    if control > min(len(data), _SAMPLE) // 50:
        raise UnionError(f"{name} is not a text file: save it as plain text (UTF-8) first.")
    guesses = _single_bytes(data[:_SAMPLE])
    if not guesses:
        best = from_bytes(data[:_SAMPLE], cp_isolation=_GUESSES).best()
        guesses = [best.encoding] if best else []
    for encoding in [*guesses, "cp1252", "latin-1"]:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise UnionError(f"The letters of {name} cannot be read: save it as plain text (UTF-8) first.")
