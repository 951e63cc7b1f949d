"""Prose for the benchmarks: the words of the letter in ever new order, hard-wrapped, on numbered
pages.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from itertools import cycle, pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
LETTER = ROOT / "corpus" / "raw" / "gftuk-letter-2021.txt"
_WIDTH, _LINES_A_PAGE, _PAGES_A_VOLUME = 72, 40, 400
_SYLLABLES = [
    "ba",
    "der",
    "lo",
    "min",
    "kar",
    "tes",
    "ri",
    "von",
    "hal",
    "ster",
    "u",
    "pen",
    "gor",
    "wick",
    "sa",
    "lund",
]


def _follows() -> dict[str, list[str]]:
    """Which words follow which in the letter; "." stands for the end of a sentence."""
    words = re.findall(
        r"[\w'’-]+|[.!?,;:—]", LETTER.read_text(encoding="utf-8").split("\n\n", 12)[-1]
    )
    found: dict[str, list[str]] = {".": []}
    for one, after in pairwise(words):
        found.setdefault("." if one in "!?" else one, []).append("." if after in "!?" else after)
    return found


def _sentence(dice: random.Random, follows: dict[str, list[str]]) -> str:
    """Words that follow each other in the letter, one in twelve invented, sometimes a name, a
    year or a quotation.
    """
    words: list[str] = []
    now = dice.choice(follows["."])
    while now != "." and len(words) < 40:
        if now in ",;:—" and words:
            words[-1] += now
        elif dice.random() < 0.08:
            words.append("".join(dice.choices(_SYLLABLES, k=dice.randint(2, 4))))
        elif now not in ",;:—":
            words.append(now)
        now = dice.choice(follows.get(now, ["."]))
    if dice.random() < 0.1:
        name = "".join(dice.choices(_SYLLABLES, k=3)).capitalize()
        words = [
            (
                f"In {dice.randint(1850, 1999)} Mr. {name} paid £{dice.randint(1, 900)} to the "
                f"“{name} Lodge” --"
            ),
            *words,
            "there",
        ]
    text = " ".join(words or ["Nothing", "was", "said"]).rstrip(",;:—")
    return text[:1].upper() + text[1:] + "."


def paragraphs(size: int, seed: int = 1) -> Iterator[str]:
    """Paragraphs of about ``size`` characters together."""
    dice, follows, made = random.Random(seed), _follows(), 0
    while made < size:
        paragraph = " ".join(_sentence(dice, follows) for _ in range(dice.randint(2, 7)))
        made += len(paragraph) + 2
        yield paragraph


def wrapped(size: int, *, paged: bool, seed: int = 1) -> str:
    """About ``size`` bytes of UTF-8, wrapped at 72 columns; ``paged`` with running heads and
    page numbers.
    """
    out: list[str] = []
    page, row = 1, 0
    heads = cycle(["REPORT OF THE GENERAL COUNCIL", "PROCEEDINGS OF CONGRESS"])
    for paragraph in paragraphs(size, seed):
        line = ""
        for word in paragraph.split(" "):
            if line and len(line) + 1 + len(word) > _WIDTH:
                out.append(line)
                line, row = word, row + 1
                if paged and row >= _LINES_A_PAGE:
                    out += ["", str(page), "", next(heads), ""]
                    page, row = page % _PAGES_A_VOLUME + 1, 0
            else:
                line = f"{line} {word}" if line else word
        out += [line, ""]
        row += 2
    return "\n".join(out)
