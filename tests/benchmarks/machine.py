"""The machine coder beside simpler ways and beside the coders, in figures: ``python tests/benchmarks/machine.py``.

It also prints what the lesson does not: how far the figures hang on how the paragraphs were dealt out, and what is left of
them when whole stretches of a document are hidden, so that a sentence's neighbours are hidden with it.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from helpers.coding.trials import (
    MACHINE,
    PARTS,
    across_documents,
    learning_curve,
    shuffle_codes,
    try_machine,
)

from helpers import load_codebook, load_codings, load_corpus
from helpers.coding import trials
from helpers.coding.classifier import Lot, looks, teach


def timed(what: str, does: Callable[[], object]) -> object:
    began, used = time.perf_counter(), time.process_time()
    found = does()
    print(
        f"{what}: {time.perf_counter() - began:.2f} s ({time.process_time() - used:.2f} s of processor time)"
    )
    return found


def stretches(lot: Lot, many: int, seed: int = 1) -> list[tuple[np.ndarray, np.ndarray]]:
    """Parts that are stretches of the text, one after the other."""
    order = {place: number for number, place in enumerate(dict.fromkeys(lot.places))}
    part = np.array([order[place] * many // len(order) for place in lot.places])
    return [(np.flatnonzero(part != each), np.flatnonzero(part == each)) for each in range(many)]


def table(title: str, rows: pd.DataFrame, *names: str) -> None:
    """Some columns as a table in Markdown."""
    shown = rows[list(names)]
    print(
        f"\n{title}\n\n| {' · '.join(str(name) for name in rows.index.names if name) or ' '} | {' | '.join(names)} |"
    )
    print("|---|" + "---:|" * len(names))
    for index, row in zip(shown.index, shown.itertuples(index=False), strict=True):
        cells = [
            "–" if cell != cell else f"{cell:.3f}" if isinstance(cell, float) else str(cell)
            for cell in row
        ]
        print(
            f"| {' · '.join(index) if isinstance(index, tuple) else index} | {' | '.join(cells)} |"
        )


def main() -> None:
    corpus, reference, codebook = load_corpus(), load_codings("reference"), load_codebook()
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n"
    )
    timed(
        "what it looks at, both documents",
        lambda: [looks(document) for document in corpus.documents],
    )
    trial = timed(
        "teaching and testing, ten parts, with four simpler ways",
        lambda: try_machine(corpus, reference),
    )
    machine = timed(
        "teaching once",
        lambda: teach(corpus, reference, without=corpus["gftuk"].sentences.index[:20]),
    )
    times = []
    for sentence in corpus["gftuk"].sentences.index[:60]:
        began = time.perf_counter()
        machine.suggest(sentence)
        times.append(1000 * (time.perf_counter() - began))
    print(
        f"a suggestion: median {statistics.median(times):.1f} ms, slowest of 60 {max(times):.1f} ms"
    )
    curve = timed("the learning curve", lambda: learning_curve(corpus, reference))
    across = timed("across documents", lambda: across_documents(corpus, reference))

    figures = (
        "micro",
        "micro_low",
        "micro_high",
        "macro",
        "macro_low",
        "macro_high",
        "behind",
        "behind_low",
        "behind_high",
    )
    table("Scores, the codebook read first", trial.scores, *figures)
    table(
        "Each code",
        trial.codes,
        "f1",
        "low",
        "high",
        "precision",
        "recall",
        "coded",
        "given",
        "both",
    )
    table(
        "Scores, the codebook shut",
        try_machine(corpus, reference, read_codebook=False).scores,
        *figures,
    )
    table(
        "Scores of codes dealt out at random",
        try_machine(corpus, shuffle_codes(reference)).scores,
        *figures[:6],
    )
    table("How much is enough", curve, *figures[:6])
    table("Across documents", across, *figures[:3], "known", "sentences")

    print(
        f"\nMicro F1 when the paragraphs are dealt out to {PARTS} parts in another way, with the ends of its interval\n"
    )
    for seed in range(1, 7):
        scores = try_machine(corpus, reference, codebook, seed=seed).scores
        best = scores["micro_high"].drop([MACHINE, trials.CODERS]).idxmax()
        own = ", ".join(f"{scores.at[MACHINE, name]:.3f}" for name in figures[:3])
        print(
            f"deal {seed}: the machine {own}; the interval of the best simpler way ({best}) ends at {scores.at[best, 'micro_high']:.3f}"
        )
    trials.folds = stretches
    table(
        "Scores when stretches of the text are hidden",
        try_machine(corpus, reference).scores,
        *figures[:6],
    )


if __name__ == "__main__":
    main()
