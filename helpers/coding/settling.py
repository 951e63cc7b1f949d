"""Where two coders differ, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.coding.journal import Journal

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = {
    "mine": "I change mine",
    "definition": "The definition is unclear",
    "ambiguous": "Truly ambiguous",
}
_COMPARED = ("codes", "doer", "memo")


def differences(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """The sentences that both coders coded, and not alike.

    ``first`` and ``second`` are tables of codings, one coder each. Gives one row
    a sentence, by id, with ``codes_1``, ``doer_1``, ``memo_1`` and the same of
    the second. The order of codes counts; a doer counts where both named one.

    >>> from helpers.coding.codings import as_codings
    >>> one = as_codings([{"sentence": "kctu-001", "codes": ["voice"]}, {"sentence": "kctu-002", "codes": ["voice"], "doer": "union"}])
    >>> two = as_codings([{"sentence": "kctu-001", "codes": ["rights"]}, {"sentence": "kctu-002", "codes": ["voice"]}])
    >>> differences(one, two)["codes_2"].to_dict()
    {'kctu-001': ('rights',)}
    """
    columns = ["sentence", *_COMPARED]
    both = (
        first[columns]
        .merge(second[columns], on="sentence", suffixes=("_1", "_2"))
        .set_index("sentence")
    )
    rows = both.itertuples()
    apart = [
        row.codes_1 != row.codes_2
        or (row.doer_1 != row.doer_2 and "" not in (row.doer_1, row.doer_2))
        for row in rows
    ]
    return both[apart]


def settled(journal: Journal, other: str) -> dict[str, dict[str, Any]]:
    """What came of each difference with another coder, by sentence: the newest record of each."""
    records = [
        record
        for record in journal.records("settled")
        if record.get("other") == other and record.get("outcome") in ("", *OUTCOMES)
    ]
    return {
        str(record.get("sentence")): record
        for record in sorted(records, key=lambda record: record["time"])
    }
