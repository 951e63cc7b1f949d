"""Cleaning and sentences beside four peers, on every set of fixtures: ``python
tests/benchmarks/accuracy.py``.

What matters most stands first: words of a body that were lost, and words of a page that were left.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import peers
import prose
from scoring import boundary_hits, error_count, lost_and_left, read_gold

FIXTURES = prose.ROOT / "tests" / "fixtures" / "cleaning"
_OURS, _PLAIN, _CLEAN_TEXT, _PYSBD, _MIXED = (
    "clean() + split_sentences()",
    "ftfy, regex chain + Punkt untrained",
    "clean-text + Punkt untrained",
    "ftfy, regex chain + pySBD",
    "our clean text + Punkt untrained",
)


def run(data: bytes) -> dict[str, tuple[str, list[list[str]]]]:
    """The text and the sentences that each contender makes of a file."""
    text = peers.decoded(data)
    own, plain, other = peers.ours(data), peers.chain(text), peers.clean_text(text)
    return {
        _OURS: (own, peers.our_sentences(own)),
        _PLAIN: (plain, peers.punkt(plain)),
        _CLEAN_TEXT: (other, peers.punkt(other)),
        _PYSBD: (plain, peers.pysbd(plain)),
        _MIXED: (own, peers.punkt(own)),
    }


def score(path: Path) -> dict[str, list[int]]:
    """Errors, characters of the gold, boundaries hit, found and wanted, for each contender."""
    gold = read_gold(path.with_name(path.stem + ".gold.txt"))
    wanted = "\n\n".join(" ".join(sentences) for sentences in gold)
    return {
        name: [error_count(text, wanted), len(wanted), *boundary_hits(found, gold)]
        for name, (text, found) in run(path.read_bytes()).items()
    }


def table(title: str, sums: dict[str, list[int]], files: int) -> str:
    """A Markdown table of one set."""
    rows = [
        f"\n### {title} ({files} files)\n",
        "| | character errors | sentence boundaries F1 |",
        "|---|---:|---:|",
    ]
    for name, (errors, length, hits, found, wanted) in sums.items():
        rate = "as ours" if name == _MIXED else f"{100 * errors / length:.2f} %"
        rows.append(f"| {name} | {rate} | {2 * hits / max(found + wanted, 1):.4f} |")
    return "\n".join(rows)


def added(scores: list[dict[str, list[int]]]) -> dict[str, list[int]]:
    return {
        name: [sum(column) for column in zip(*(one[name] for one in scores), strict=True)]
        for name in scores[0]
    }


def lost(paths: list[Path]) -> str:
    """In how many files words of a body are lost, or words of a page left, and how many."""
    lost, left = [], []
    for path in paths:
        gold = read_gold(path.with_name(path.stem + ".gold.txt"))
        wanted = "\n\n".join(" ".join(sentences) for sentences in gold)
        one, other = lost_and_left(peers.ours(path.read_bytes()), wanted)
        lost.append(len(" ".join(one).split()))
        left.append(len(" ".join(other).split()))
    counts = [(sum(map(bool, words)), sum(words)) for words in (lost, left)]
    said = "Files with words of a body lost: {} (words: {}). With words of a page left: {} ({})."
    return said.format(*counts[0], *counts[1])


def main(progress: Callable[[str], None] = print) -> None:
    every: list[dict[str, list[int]]] = []
    for folder in sorted(
        {path.parent for path in FIXTURES.rglob("*.raw")}, key=lambda folder: folder.name
    ):
        scores = [
            score(path)
            for path in sorted(folder.glob("*.raw"))
            if path.with_name(path.stem + ".gold.txt").exists()
        ]
        every += scores
        progress(table(folder.name, added(scores), len(scores)))
    progress(table("all", added(every), len(every)))
    progress("\n" + lost(sorted(FIXTURES.glob("*/*.raw"))))


if __name__ == "__main__":
    main()
