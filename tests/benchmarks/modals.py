"""Modal clauses against the gold of tests/data, column by column, with every mistake: ``python tests/benchmarks/modals.py``."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import prose

sys.path.insert(0, str(Path(prose.ROOT, "tests", "words")))

from scores import compare, halves, read_gold

from helpers.corpus.documents import load_corpus
from helpers.words.clauses import modal_clauses


def main() -> None:
    documents, gold = load_corpus().documents, read_gold()
    found = pd.concat([modal_clauses(document) for document in documents])
    parts = dict(
        zip(("half developed on", "half held back"), halves(gold["sentence"]), strict=True)
    ) | {"all": None}
    scores = {name: compare(found, gold, sentences)[0] for name, sentences in parts.items()}
    print("| | " + " | ".join(scores) + " |\n|---|" + "---:|" * len(scores))
    for column in scores["all"]:
        print(
            f"| {column} | "
            + " | ".join(f"{score[column]:.3f}" for score in scores.values())
            + " |"
        )
    print("\nMistakes: sentence, modal, column, what the gold has, what was found")
    for mistake in compare(found, gold)[1]:
        print("  " + " | ".join(mistake))


if __name__ == "__main__":
    main()
