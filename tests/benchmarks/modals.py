"""Modal clauses against the gold of tests/data: ``python tests/benchmarks/modals.py``."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import prose

sys.path.insert(0, str(Path(prose.ROOT, "tests", "words")))

from scores import compare, read_gold

from helpers.corpus.documents import load_corpus
from helpers.words.clauses import modal_clauses


def main() -> None:
    documents, gold = load_corpus().documents, read_gold()
    found = pd.concat([modal_clauses(document) for document in documents])
    scores, mistakes = compare(found, gold)
    print("| column | score |\n|---|---:|")
    for column, score in scores.items():
        print(f"| {column} | {score:.3f} |")
    print("\nMistakes: sentence, modal, column, what the gold has, what was found")
    for mistake in mistakes:
        print("  " + " | ".join(mistake))


if __name__ == "__main__":
    main()
