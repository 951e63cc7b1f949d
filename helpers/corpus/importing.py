"""From a file to its raw text: which kind of file it is, and what of it can be read.

Plain text is read as it is. Markdown, HTML, PDF and Word files are read by
:mod:`helpers.corpus.formats` in a process of its own, with little time and memory, so that no file
can do harm here. Nothing in a file is run, and nothing that it points to is fetched.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from helpers.corpus.decoding import decode
from helpers.corpus.errors import UnionError
from helpers.corpus.files import says, trouble, whole_characters

LARGEST_FILE = 20_000_000  # bytes
LONGEST_TEXT = 1_000_000  # characters
SECONDS = 9.0
ROOT = Path(__file__).resolve().parents[2]
HTML = re.compile(rb"<(?:!doctype html|html|head|body|frameset)\b", re.IGNORECASE)
HTML_NAMES = (".html", ".htm", ".xhtml", ".shtml", ".php", ".aspx", ".jsp")


class Reading(NamedTuple):
    """What a file says.

    ``text`` is what stands in it before any cleaning, ``kind`` the ending of the file (``txt``,
    ``md``, ``html``, ``pdf`` or ``docx``). ``notes`` are sentences on what was left out and what
    the file says of itself, ``offers`` its title, author and date as far as it says them. With
    ``blocks``, each line of the text is a paragraph, as the file states.
    """

    text: str
    kind: str
    notes: list[str]
    offers: dict[str, str]
    blocks: bool = False


def read_file(data: bytes, name: str = "text.txt") -> Reading:
    """The raw text of a file, from its bytes and its name.

    What the file *is* decides, whatever it is called. Raises :class:`UnionError`, in one sentence
    that says what to do, for a file that is too large, is of a kind that cannot be read, is locked
    or damaged, holds no text, or would take too much time or memory.

    >>> read_file("Un café à l'union".encode("cp1252"), "note.txt").text
    "Un café à l'union"
    >>> read_file(b"<p>One</p><script>alert()</script><p>Two</p>", "page.html").text
    'One\\n\\nTwo'
    """
    shown = shown_name(name)
    if len(data) > LARGEST_FILE:
        raise trouble("large", name=shown, size=len(data) / 1e6, most=LARGEST_FILE // 1_000_000)
    kind = _kind(data, name.casefold(), shown)
    if kind == "txt":
        reading = Reading(decode(data, None, f"the file {shown}")[0], kind, [], {})
    else:
        reading = _converted(kind, data, shown)
    if len(reading.text) > LONGEST_TEXT:
        raise trouble("long", name=shown, size=len(reading.text), most=LONGEST_TEXT)
    if not any(letter.isalpha() for letter in reading.text):
        raise trouble("empty", name=shown)
    return reading


def shown_name(name: str) -> str:
    """The name of a file as a sentence may show it: in quotation marks, on one line, not too long.

    >>> shown_name("../folder/my letter.pdf")
    '“my letter.pdf”'
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = " ".join("".join(each if each.isprintable() else " " for each in last).split())
    plain = re.sub("[“”]", "'", plain)
    return f"“{plain if len(plain) <= 60 else plain[:40] + '…' + plain[-15:]}”"


def _kind(data: bytes, name: str, shown: str) -> str:
    """What a file is, by how it begins, and where that leaves it open by its name."""
    head = data[:100_000].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx"
    for each in says()["refused"]:
        begins = data.startswith(tuple(begin.encode("latin-1") for begin in each["begins"]))
        if begins and all(part.encode() in head for part in each.get("holds", [])):
            raise UnionError(f"The file {shown} {each['what']}: {each['instead']}.")
    declared = head.startswith(b"<?xml")
    while head.startswith((b"<!--", b"<?")):  # comments and declarations before the page itself
        head = head.partition(b"-->" if head.startswith(b"<!--") else b">")[2].lstrip()
    if HTML.match(head) or (name.endswith(HTML_NAMES) and b"<" in data):
        return "html"
    if declared:
        raise trouble("xml", name=shown)
    return "md" if name.endswith((".md", ".markdown")) else "txt"


def _converted(kind: str, data: bytes, shown: str) -> Reading:
    """The text as a process of its own reads it, or the sentence with which it refuses."""
    command = [sys.executable, "-m", "helpers.corpus.formats", kind]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=SECONDS, cwd=ROOT, check=False
        )
        found = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError, MemoryError):
        raise trouble("too_much", name=shown) from None
    except OSError as problem:
        raise trouble("no_process", name=shown, problem=problem.strerror) from None
    if "problem" in found:
        raise UnionError(found["problem"].replace("{name}", shown))
    text = whole_characters(found["text"].replace("\x00", ""))
    return Reading(text, kind, found["notes"], found["offers"], found["blocks"])
