"""From a file to its raw text: which kind of file it is, and what of it can be read.

Plain text and Markdown are read as they are. HTML, PDF and Word files are
converted by :mod:`helpers.corpus.converting` in a process of its own, with little
time and memory, so that no file can do harm here. Nothing in a file is run, and
nothing that it points to is fetched.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from helpers.corpus.decoding import decode
from helpers.corpus.errors import UnionError

LARGEST_FILE = 20_000_000  # bytes
LONGEST_TEXT = 1_000_000  # characters
SECONDS = 8.0
_HOUSE = Path(__file__).resolve().parents[2]
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|frameset)\b",
    re.I | re.S,
)
_TOO_MUCH = "The file {name} asks for more time or memory than a text should, so it was given up: save its text as .txt and choose that."


class Reading(NamedTuple):
    """What a file says: its ``text`` before any cleaning, its ``kind``, ``notes`` on the way there, and what it says ``about`` itself.

    ``kind`` is the ending of the file: ``txt``, ``md``, ``html``, ``pdf`` or ``docx``.
    """

    text: str
    kind: str
    notes: tuple[str, ...] = ()
    about: dict[str, str] = {}  # noqa: RUF012 - nobody writes into it


def read_file(data: bytes, name: str = "text.txt") -> Reading:
    """The raw text of a file, from its bytes and its name.

    What the file *is* decides, whatever it is called. Raises
    :class:`UnionError`, in one sentence that says what to do, for a file that
    is too large, is of a kind that cannot be read, is locked or damaged, holds
    no text, or would take too much time or memory.

    >>> read_file("Un café à l'union".encode("cp1252"), "note.txt").text
    "Un café à l'union"
    >>> read_file(b"<p>One</p><script>alert()</script><p>Two</p>", "page.html").text
    'One\\n\\nTwo'
    """
    shown = shown_name(name)
    if len(data) > LARGEST_FILE:
        size = f"{len(data) / 1e6:,.0f} MB, and the largest that can be read has {LARGEST_FILE // 1_000_000} MB"
        raise UnionError(
            f"The file {shown} has {size}: save the part that you need as a file of its own."
        )
    kind = _kind(data, name, shown)
    plain = kind in ("txt", "md")
    reading = (
        Reading(decode(data, None, f"the file {shown}")[0], kind)
        if plain
        else _converted(kind, data, shown)
    )
    if len(reading.text) > LONGEST_TEXT:
        length = f"{len(reading.text):,} characters, and the longest that can be read has {LONGEST_TEXT:,}"
        raise UnionError(f"The text of {shown} has {length}: split it into parts.")
    if not any(letter.isalpha() for letter in reading.text):
        raise UnionError(
            f"There is no text in the file {shown}: choose one that has some, or paste the text."
        )
    return reading


def shown_name(name: str) -> str:
    """The name of a file as a sentence may show it: in quotation marks, on one line, not too long.

    >>> shown_name("../folder/my letter.pdf")
    '“my letter.pdf”'
    """
    plain = " ".join(
        "".join(
            letter if letter.isprintable() else " " for letter in re.split(r"[/\\]", name)[-1]
        ).split()
    )
    plain = re.sub("[“”]", "'", plain)
    return f"“{plain if len(plain) <= 60 else plain[:40] + '…' + plain[-15:]}”"


def _kind(data: bytes, name: str, shown: str) -> str:
    """What a file is, by how it begins, and where that leaves it open by its name. Raises :class:`UnionError` for what cannot be read."""
    head = data[:4096].replace(b"\x00", b"")  # without the zeros of UTF-16
    ending = name.rpartition(".")[2].casefold()
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx"
    for look in _refused():
        if data.startswith(tuple(begin.encode("latin-1") for begin in look["begins"])):
            raise UnionError(f"The file {shown} {look['what']}: {look['instead']}.")
    if b"multipart/related" in head and b"MIME-Version" in head:
        raise UnionError(
            f"The file {shown} is a web page packed with its pictures (.mhtml): save it as “Web page, HTML only”."
        )
    tagged = ending in ("html", "htm", "xhtml", "shtml", "php", "aspx", "jsp") and b"<" in data
    if tagged or _HTML.match(head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe")):
        return "html"
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n").startswith(b"<?xml"):
        raise UnionError(
            f"The file {shown} is in XML, which has many dialects: save its text as .txt or .html."
        )
    return "md" if ending in ("md", "markdown") else "txt"


@cache
def _refused() -> list[dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("files.toml").read_text(encoding="utf-8"))[
        "refused"
    ]


def _converted(kind: str, data: bytes, shown: str) -> Reading:
    """The text as a process of its own reads it, or the sentence with which it refuses."""
    command = [sys.executable, "-m", "helpers.corpus.converting", kind]
    try:
        done = subprocess.run(
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            cwd=_HOUSE,
            check=False,
        )
        found = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError, MemoryError):
        raise UnionError(_TOO_MUCH.replace("{name}", shown)) from None
    except OSError as problem:
        raise UnionError(
            f"The file {shown} could not be converted ({problem.strerror}): paste its text, or save it as .txt."
        ) from None
    if "problem" in found:
        raise UnionError(found["problem"].replace("{name}", shown))
    text = (
        found["text"]
        .replace("\x00", "")
        .encode("utf-16", "surrogatepass")
        .decode("utf-16", "replace")
    )
    return Reading(text, kind, tuple(found["notes"]), found["about"])
