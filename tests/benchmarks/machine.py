"""The classifier beside simpler ways and beside the coders: ``python tests/benchmarks/machine.py``.

It also prints what the lesson does not: how far the figures hang on how the paragraphs were dealt
out, and what is left of them when whole stretches of a document are hidden, so that a sentence's
neighbours are hidden with it.
"""

import os
import platform
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers import load_codings, load_corpus
from helpers.coding import classifier as module
from helpers.coding.classifier import (
    CLASSIFIER,
    CODERS,
    across_documents,
    cross_validate,
    learning_curve,
    shuffle_codes,
    train_classifier,
)

FIGURES = ["micro", "micro_low", "micro_high", "macro", "macro_low", "macro_high"]
BEHIND = ["behind", "behind_low", "behind_high"]


def timed(what: str, does: Callable[[], object]) -> object:
    began, used = time.perf_counter(), time.process_time()
    found = does()
    took, used = time.perf_counter() - began, time.process_time() - used
    print(f"{what}: {took:.2f} s ({used:.2f} s of processor time)")
    return found


def stretches(rows: pd.DataFrame, many: int, seed: int = 1) -> list[tuple[np.ndarray, np.ndarray]]:
    """Parts that are stretches of the text, one after the other."""
    order = rows["paragraph"].map({place: n for n, place in enumerate(rows["paragraph"].unique())})
    part = (order * many // (order.max() + 1)).to_numpy()
    return [(np.flatnonzero(part != each), np.flatnonzero(part == each)) for each in range(many)]


def table(title: str, rows: pd.DataFrame, *names: str) -> None:
    """Some columns as a table in Markdown."""
    print(f"\n{title}\n\n| {' · '.join(rows.index.names)} | {' | '.join(names)} |")
    print("|---|" + "---:|" * len(names))
    for index, row in rows[list(names)].iterrows():
        cells = ["–" if cell != cell else f"{cell:.3f}".removesuffix(".000") for cell in row]
        name = " · ".join(index) if isinstance(index, tuple) else index
        print(f"| {name} | {' | '.join(cells)} |")


def main() -> None:
    corpus, reference = load_corpus(), load_codings("reference")
    load = f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
    print(f"Python {platform.python_version()}, {load}\n")
    trial = timed("ten parts, three simpler ways", lambda: cross_validate(corpus, reference))
    held = corpus["gftuk"].sentences.index[:60]
    machine = timed("teaching once", lambda: train_classifier(corpus, reference, without=held))
    times = []
    for sentence in held:
        began = time.perf_counter()
        machine.suggest([sentence])
        times.append(1000 * (time.perf_counter() - began))
    median, slowest = statistics.median(times), max(times)
    print(f"a suggestion: median {median:.1f} ms, slowest of 60 {slowest:.1f} ms")
    curve = timed("the learning curve", lambda: learning_curve(corpus, reference))
    across = timed("across documents", lambda: across_documents(corpus, reference))
    codes = ("f1", "low", "high", "precision", "recall", "coded", "given")
    table("Scores", trial.scores, *FIGURES, *BEHIND)
    table("Each code", trial.codes, *codes)
    mixed = cross_validate(corpus, shuffle_codes(reference)).scores
    table("Scores of codes dealt out at random", mixed, *FIGURES)
    table("How much is enough", curve, *FIGURES)
    table("Across documents", across, *FIGURES[:3], "known", "sentences")
    print("\nMicro F1 when the paragraphs are dealt out to ten parts in another way\n")
    for seed in range(1, 7):
        scores = cross_validate(corpus, reference, seed=seed).scores
        best = scores["micro_high"].drop([CLASSIFIER, CODERS]).idxmax()
        own = ", ".join(f"{scores.at[CLASSIFIER, name]:.3f}" for name in FIGURES[:3])
        ends = f"the interval of {best} ends at {scores.at[best, 'micro_high']:.3f}"
        print(f"deal {seed}: the machine {own}; {ends}")
    module.folds = stretches
    hidden = cross_validate(corpus, reference).scores
    table("Scores when stretches of the text are hidden", hidden, *FIGURES)


if __name__ == "__main__":
    main()
