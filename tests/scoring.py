"""Scores for cleaning and sentences against a gold file: one sentence a line, a blank line
between paragraphs.
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import numpy as np

Paragraphs = list[list[str]]


def read_gold(path: str | Path) -> Paragraphs:
    """The paragraphs of a gold file, each a list of sentences."""
    text = Path(path).read_text(encoding="utf-8").strip()
    return [
        [line.strip() for line in paragraph.split("\n")] for paragraph in re.split(r"\n\s*\n", text)
    ]


def joined(paragraphs: Paragraphs) -> str:
    """Paragraphs as a clean text: a space between sentences, a blank line between paragraphs."""
    return "\n\n".join(" ".join(sentences) for sentences in paragraphs)


def error_count(ours: str, gold: str) -> int:
    """How many characters have to be put in, taken out or changed: the Levenshtein distance.

    >>> error_count("kitten", "sitting")
    3
    """
    head = 0
    while head < min(len(ours), len(gold)) and ours[head] == gold[head]:
        head += 1
    ours, gold = ours[head:], gold[head:]
    tail = 0
    while tail < min(len(ours), len(gold)) and ours[-1 - tail] == gold[-1 - tail]:
        tail += 1
    ours, gold = ours[: len(ours) - tail], gold[: len(gold) - tail]
    letters = np.array([ord(letter) for letter in gold], dtype=np.int64)
    places = np.arange(len(gold) + 1)
    row = places
    for count, letter in enumerate(ours, 1):
        after = np.empty_like(row)
        after[0] = count
        after[1:] = np.minimum(row[1:] + 1, row[:-1] + (letters != ord(letter)))
        row = np.minimum.accumulate(after - places) + places  # an insertion costs one a place
    return int(row[-1])


def lost_and_left(ours: str, gold: str) -> tuple[list[str], list[str]]:
    """Words of the gold that are gone, and words of ours that should be; a word left divided is
    neither.

    >>> lost_and_left("HEAD one organi-sation", "one organisation")
    ([], ['HEAD'])
    >>> lost_and_left("HEAD one two", "one three two")
    (['three'], ['HEAD'])
    """
    want, have = re.findall(r"\w+", gold), re.findall(r"\w+", ours)
    lost, left = [], []
    matcher = difflib.SequenceMatcher(None, want, have, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        letters = iter("".join(have[c:d]))
        if kind != "equal" and not all(letter in letters for letter in "".join(want[a:b])):
            lost.append(" ".join(want[a:b]))
        elif kind == "insert":
            left.append(" ".join(have[c:d]))
    return lost, left


def boundary_hits(ours: Paragraphs, gold: Paragraphs) -> tuple[int, int, int]:
    """How many of our sentence ends are in the gold, how many we have, how many the gold has.

    Places are counted in characters that are not white space, through the
    longest matching runs where the two texts differ.

    >>> boundary_hits([["One.", "Two."]], [["One. Two."]])
    (1, 2, 1)
    """
    (left, ends), (right, wanted) = _ends(ours), _ends(gold)
    if left == right:
        return len(ends & wanted), len(ends), len(wanted)
    blocks = difflib.SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    same = {a + step + 1: b + step + 1 for a, b, size in blocks for step in range(size)}
    return len({same[end] for end in ends if end in same} & wanted), len(ends), len(wanted)


def _ends(paragraphs: Paragraphs) -> tuple[str, set[int]]:
    """The characters that are not white space, and where sentences end among them."""
    length, ends, pieces = 0, set(), []
    for paragraph in paragraphs:
        for sentence in paragraph:
            pieces.append(re.sub(r"\s", "", sentence))
            length += len(pieces[-1])
            ends.add(length)
    return "".join(pieces), ends
