"""The process that converts a file: ``python -m helpers.corpus.converting KIND`` reads bytes and writes JSON.

It has little time and memory and may write no file; where the system has no
such limits, whoever started it ends it in time. What it finds is ``text``,
``notes`` and ``about``, or a ``problem``: a sentence in which ``{name}`` stands
for the file.
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import Any

from helpers.corpus.errors import UnionError

_MEMORY, _SECONDS = 768 * 2**20, 8
_DAMAGED = "The file {name} is damaged, or made in a way that cannot be read here: open it, save it anew, or paste its text."
_TOO_MUCH = "The file {name} asks for more time or memory than a text should, so it was given up: save its text as .txt and choose that."


def limit() -> None:
    """Set limits to this process, as far as the system knows any."""
    try:
        import resource
    except ImportError:  # Windows
        return
    wanted = {"RLIMIT_AS": _MEMORY, "RLIMIT_CPU": _SECONDS, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
    for name, most in wanted.items():
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (most, most))


def convert(kind: str, data: bytes) -> dict[str, Any]:
    """What a file of a kind (``html``, ``pdf`` or ``docx``) says, or why it cannot be read.

    >>> convert("html", b"<p>We will act.")["text"]
    'We will act.'
    >>> convert("pdf", b"%PDF-1.4 and nothing more")["problem"][:28]
    'The file {name} is damaged, '
    """
    try:
        if kind == "pdf":
            from helpers.corpus.from_pdf import read_pdf as read
        elif kind == "docx":
            from helpers.corpus.from_docx import read_docx as read
        else:
            from helpers.corpus.from_html import read_html as read
        text, notes, about = read(data)
    except UnionError as problem:
        return {"problem": str(problem)}
    except MemoryError:
        return {"problem": _TOO_MUCH}
    except Exception:  # whatever a broken file can do to a library
        return {"problem": _DAMAGED}
    return {
        "text": text,
        "notes": notes,
        "about": {
            name: " ".join(said.split())[:300] for name, said in about.items() if said.strip()
        },
    }


if __name__ == "__main__":
    limit()
    sys.stdout.write(json.dumps(convert(sys.argv[1], sys.stdin.buffer.read())))
