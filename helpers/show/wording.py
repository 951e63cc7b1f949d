"""What charts say: their texts, which are data, and names, lists and figures said in one way."""

import math
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from helpers.coding.codebook import Codebook
from helpers.corpus.documents import Document
from helpers.corpus.files import read_toml

TEXTS = read_toml(Path(__file__).with_name("charts.toml"))
NUMBERS = ("no", "this one", "two", "three", "four", "five", "six")


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
    twice = [text for text in short.values() if list(short.values()).count(text) > 1]
    return {
        key: f"{text[:18]}… ({key[:9]})" if text in twice else text for key, text in short.items()
    }


def titles(documents: Iterable[Document]) -> dict[str, str]:
    """The short titles of documents by id."""
    return distinct({document.id: document.about["short_title"] for document in documents})


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
    """How a description begins that speaks of so many documents and no others."""
    number = NUMBERS[many] if many < len(NUMBERS) else many
    return "In this one document" if many == 1 else f"In these {number} documents"


def two_digits(value: float, sign: str = "") -> str:
    """A figure with two digits, never as “-0.00”; with "+", its sign too.

    >>> two_digits(-0.001), two_digits(0.5, "+")
    ('0.00', '+0.50')
    """
    return f"{round(value, 2) + 0:{sign}.2f}"


def alpha_text(row: pd.Series) -> str:
    """A figure of agreement with its interval, from columns ``value``, ``low`` and ``high``."""
    if math.isnan(row["value"]):
        return "undefined"
    value, low, high = (two_digits(row[name]) for name in ("value", "low", "high"))
    return value if math.isnan(row["low"]) else f"{value} ({low} to {high})"


def dashes(table: pd.DataFrame, digits: int = 3) -> pd.DataFrame:
    """A table rounded, with a dash where a figure is undefined."""
    table = table.round(digits)
    return table.astype(object).where(table.notna(), "–")
