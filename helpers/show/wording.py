"""Words and figures as all charts say them: short names, lists, alphas, dashes where nothing is known."""

import math
from collections.abc import Iterable

import pandas as pd

from helpers.coding.codebook import Codebook

NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def cut(text: str) -> str:
    """A text short enough for a chart, on one line.

    >>> cut("a role for which nobody found a short name")
    'a role for which nobody found…'
    """
    text = " ".join(text.split())
    return text if len(text) <= 30 else text[:29].rstrip() + "…"


def distinct(texts: dict[str, str]) -> dict[str, str]:
    """Texts short enough for a chart, no two the same.

    >>> distinct({"a": "My speech", "b": "My speech", "c": "Yours"})
    {'a': 'My speech… (a)', 'b': 'My speech… (b)', 'c': 'Yours'}
    """
    short = {key: cut(text) for key, text in texts.items()}
    return {
        key: text if list(short.values()).count(text) == 1 else f"{text[:18]}… ({key[:9]})"
        for key, text in short.items()
    }


def code_labels(codebook: Codebook) -> dict[str, str]:
    """The short label of each code."""
    return distinct({code: codebook[code].label for code in codebook})


def and_list(each: Iterable[str]) -> str:
    """Some words as a list.

    >>> and_list(["a", "b", "c"])
    'a, b and c'
    """
    *others, last = list(each) or [""]
    return f"{', '.join(others)} and {last}" if others else last


def in_these(many: int) -> str:
    """How a description begins that speaks of these documents and no others."""
    return f"In these {NUMBERS.get(many, many)} documents" if many > 1 else "In this one document"


def count_of(many: int, what: str) -> str:
    """A number and its noun.

    >>> count_of(1, "hit"), count_of(1200, "hit")
    ('1 hit', '1,200 hits')
    """
    return f"{many:,} {what}" if many == 1 else f"{many:,} {what}s"


def two_digits(value: float, sign: str = "") -> str:
    """A figure with two digits, never as “-0.00”; with "+", its sign too.

    >>> two_digits(-0.001), two_digits(0.5, "+")
    ('0.00', '+0.50')
    """
    return f"{round(value, 2) + 0:{sign}.2f}"


def alpha_text(row: pd.Series) -> str:
    """A figure of agreement with its interval, from columns ``value``, ``low`` and ``high``."""
    span = f" ({two_digits(row['low'])} to {two_digits(row['high'])})"
    if math.isnan(row["value"]):
        return "undefined"
    return two_digits(row["value"]) + ("" if math.isnan(row["low"]) else span)


def dashes(table: pd.DataFrame) -> pd.DataFrame:
    """A table with a dash where a figure is undefined."""
    return table.astype(object).where(table.notna(), "–")
