"""How modal clauses compare with the gold of tests/data/modals.csv."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

GOLD = Path(__file__).resolve().parents[1] / "data" / "modals.csv"
COLUMNS = ("negated", "passive", "subject", "head", "resolved", "doer", "agent", "verb", "verbs")
Mistake = tuple[str, ...]


def read_gold() -> pd.DataFrame:
    """The gold in the columns of :func:`helpers.words.clauses.modal_clauses`."""
    table = pd.read_csv(GOLD, keep_default_na=False)
    yes = {column: table[column] == "yes" for column in ("negated", "passive")}
    return table.assign(**yes, verbs=table["verbs"].str.split().map(tuple)).rename(
        columns={"passive_agent": "agent"}
    )


def compare(found: pd.DataFrame, gold: pd.DataFrame) -> tuple[dict[str, float], list[Mistake]]:
    """Scores by name, and the mistakes: sentence, modal, column, gold, found."""
    keyed = [
        table.assign(nth=table.groupby(["sentence", "modal"]).cumcount()) for table in (gold, found)
    ]
    both = keyed[0].merge(keyed[1], on=["sentence", "modal", "nth"], suffixes=("_gold", "_found"))
    scores = {"recall": len(both) / max(1, len(gold)), "precision": len(both) / max(1, len(found))}
    mistakes: list[Mistake] = []
    for column in COLUMNS:
        wanted, got = (both[f"{column}_{which}"] for which in ("gold", "found"))
        if column in ("subject", "resolved"):  # “Trade unions”, “trade unions”
            wanted, got = wanted.str.lower(), got.str.lower()
        wrong = both[[one != two for one, two in zip(wanted, got, strict=True)]]
        scores[column] = 1 - len(wrong) / max(1, len(both))
        wrong = wrong[["sentence", "modal", f"{column}_gold", f"{column}_found"]]
        mistakes += [
            (id, modal, column, str(one), str(two))
            for id, modal, one, two in wrong.itertuples(index=False)
        ]
    return scores, mistakes
