"""Regular expressions and word lists are data: they stand in TOML files beside the code, by
name."""

import re
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from helpers.corpus.files import read_toml


def read_patterns(name: str) -> tuple[SimpleNamespace, dict[str, Any]]:
    """The expressions of the table ``look`` of a TOML file, compiled, and the rest of the file."""
    data = read_toml(Path(__file__).with_name(name))
    look = {each: re.compile(pattern) for each, pattern in data.pop("look").items()}
    return SimpleNamespace(**look), data


def any_of(patterns: Iterable[str], flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """One expression that matches where any of several does."""
    return re.compile("|".join(f"(?:{one})" for one in patterns), flags)
