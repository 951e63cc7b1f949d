"""How modal clauses compare with the gold of tests/data/modals.csv."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

GOLD = Path(__file__).resolve().parents[1] / "data" / "modals.csv"
COMPARED = ("negated", "passive", "subject", "head", "resolved", "doer", "agent", "verb", "verbs")


def read_gold() -> pd.DataFrame:
    """The gold in the columns of :func:`helpers.text.clauses.modal_clauses`."""
    table = pd.read_csv(GOLD, keep_default_na=False)
    yes = {column: table[column] == "yes" for column in ("negated", "passive")}
    return table.assign(**yes, verbs=table["verbs"].str.split().map(tuple)).rename(columns={"passive_agent": "agent"})


def compare(
    found: pd.DataFrame, gold: pd.DataFrame, sentences: Collection[str] | None = None
) -> tuple[dict[str, float], list[tuple[str, ...]]]:
    """Recall and precision of the modals, accuracy per column, and the mistakes: sentence, modal, column, gold, found."""
    if sentences is not None:
        gold, found = gold[gold["sentence"].isin(set(sentences))], found[found["sentence"].isin(set(sentences))]
    keyed = [table.assign(nth=table.groupby(["sentence", "modal"]).cumcount()) for table in (gold, found)]
    both = keyed[0].merge(keyed[1], on=["sentence", "modal", "nth"], suffixes=("_gold", "_found"))
    scores = {"recall": len(both) / max(1, len(gold)), "precision": len(both) / max(1, len(found))}
    mistakes: list[tuple[str, ...]] = []
    for column in COMPARED:
        wanted, got = both[f"{column}_gold"], both[f"{column}_found"]
        if column in ("subject", "resolved"):
            wanted, got = wanted.str.lower(), got.str.lower()
        right = [one == two for one, two in zip(wanted, got, strict=True)]
        scores[column] = sum(right) / max(1, len(both))
        for row, good in zip(both.to_dict("records"), right, strict=True):
            if not good:
                mistakes.append((row["sentence"], row["modal"], column, str(row[f"{column}_gold"]), str(row[f"{column}_found"])))
    return scores, mistakes
