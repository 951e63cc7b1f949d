"""How often the intervals of rates and of keyness hold what they should, in made-up texts:
``python tests/benchmarks/coverage.py``.

The texts have the paragraphs of the two real documents. Hits fall on words one by one, or in
clumps: then each
paragraph has a rate of its own, from a beta distribution with a correlation within paragraphs
of 0.01 ("some": the
variance grows by about a half, as it does for "education" in the letter of 2021) or 0.05
("strong"). Each line says how
often the true rate lies in the interval (95 % would be right; where there is no interval, it
does not), how often there
is one, and how often two documents of the same rate are said to differ (5 % would be right).
"""

from __future__ import annotations

import sys

import numpy as np

from helpers import load_corpus
from helpers.words.comparison import score_counts
from helpers.words.counts import block_interval, wilson
from helpers.words.tokens import words

CLUMPS = {"none": 0, "some": 0.01, "strong": 0.05}


def shapes() -> dict[str, np.ndarray]:
    """How many words there are in each paragraph of each document."""
    return {
        each.id: np.array([len(words(text)) for text in each.paragraphs["text"]])
        for each in load_corpus().documents
    }


def some_hits(
    chance: np.random.Generator, sizes: np.ndarray, rate: float, clumped: float
) -> np.ndarray:
    """Hits for each paragraph of a made-up text."""
    if not clumped:
        return chance.binomial(sizes, rate)
    total = 1 / clumped - 1
    return chance.binomial(sizes, chance.beta(rate * total, (1 - rate) * total, len(sizes)))


def coverage(
    sizes: np.ndarray, rate: float, clumped: float, texts: int, seed: int = 1
) -> dict[str, float]:
    """The share of made-up texts whose intervals hold the true rate, and in which the bootstrap
    has an interval at all.
    """
    chance, sums = (
        np.random.default_rng(seed),
        dict.fromkeys(("wilson", "block", "both together", "block defined"), 0),
    )
    for _ in range(texts):
        hits = some_hits(chance, sizes, rate, clumped)
        (low, high), (block_low, block_high) = (
            wilson(int(hits.sum()), int(sizes.sum())),
            block_interval(hits, sizes),
        )
        sums["wilson"] += low <= rate <= high
        sums["block"] += block_low <= rate <= block_high
        sums["both together"] += np.fmin(low, block_low) <= rate <= np.fmax(high, block_high)
        sums["block defined"] += bool(hits.any())
    return {name: float(count) / texts for name, count in sums.items()}


def false_alarms(
    first: np.ndarray, second: np.ndarray, rate: float, clumped: float, texts: int, seed: int = 1
) -> dict[str, float]:
    """How often two made-up texts of one and the same rate are said to differ."""
    chance = np.random.default_rng(seed)
    counts = np.array(
        [
            [some_hits(chance, sizes, rate, clumped).sum() for sizes in (first, second)]
            for _ in range(texts)
        ]
    )
    found = score_counts(counts[:, 0], counts[:, 1], int(first.sum()), int(second.sum()))
    apart = {"log_ratio": (found["log_ratio_low"] > 0) | (found["log_ratio_high"] < 0)}
    apart |= {"G² > 3.84": found["log_likelihood"] > 3.84}
    return {name: float(each.mean()) for name, each in apart.items()}


def main(texts: int = 1000) -> None:
    real = shapes()
    print(
        "| text | rate per 1,000 | clumps | Wilson holds | bootstrap holds | the wider of "
        "each end | bootstrap defined |"
    )
    print("|---|---:|---|---:|---:|---:|---:|")
    for name, sizes in real.items():
        for rate in (2.5, 5, 10, 20):
            for word, clumped in CLUMPS.items():
                found = coverage(sizes, rate / 1000, clumped, texts)
                cells = " | ".join(f"{100 * each:.1f} %" for each in found.values())
                print(f"| {name} | {rate} | {word} | {cells} |", flush=True)
    print(
        "\n| rate per 1,000 in both | clumps | log ratio apart | G² > 3.84 |\n|---:|---|---:|---:|"
    )
    for rate in (2.5, 5, 10, 20):
        for word, clumped in CLUMPS.items():
            found = false_alarms(*real.values(), rate / 1000, clumped, 10 * texts)
            cells = " | ".join(f"{100 * each:.1f} %" for each in found.values())
            print(f"| {rate} | {word} | {cells} |", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
