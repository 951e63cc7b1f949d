"""The codebook: which codes there are, what each takes in and leaves out, and what a coding may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from helpers.corpus.documents import CORPUS_FOLDER
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml

_CODE = re.compile(r"[^\W_][\w-]{0,29}")  # no space, as codes stand side by side in a cell
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_HATCHES = frozenset("/\\|-+xoO.*")  # those of matplotlib


@dataclass(frozen=True)
class Code:
    """One code: its texts, its ``key`` on the keyboard, its ``colour`` (``#rrggbb``) and ``hatch`` (as in matplotlib)."""

    code: str
    key: str
    label: str
    definition: str
    include: str
    exclude: str
    example: str
    near_miss: str
    near_miss_code: str
    source: str
    colour: str
    hatch: str


@dataclass(frozen=True)
class Doer:
    """One answer to the second question: ``doer``, its ``key`` on the keyboard, its ``label`` and its ``meaning``."""

    doer: str
    key: str
    label: str
    meaning: str


@dataclass(frozen=True)
class Codebook:
    """A codebook as :func:`load_codebook` gives it.

    ``codes`` and ``doers`` are dictionaries by name, in the order of the file;
    ``rules`` a tuple of texts; ``maps`` says how the codes map onto the
    literature: map, corner, tuple of codes. ``most_codes`` is how many codes a
    sentence may have.
    """

    scheme: str
    version: str
    unit: str
    context: str
    question: str
    doer_question: str
    most_codes: int
    rules: tuple[str, ...]
    codes: dict[str, Code]
    doers: dict[str, Doer]
    maps: dict[str, dict[str, tuple[str, ...]]]

    @property
    def edition(self) -> str:
        """Scheme and version, as each coding carries them: ``union-roles 1.0``."""
        return f"{self.scheme} {self.version}"

    def __getitem__(self, code: str) -> Code:
        if code not in self.codes:
            raise UnionError(
                f"There is no code {_short(code)}: choose from {', '.join(self.codes)}."
            )
        return self.codes[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def check_codes(self, codes: str | Iterable[str], doer: str = "") -> tuple[str, ...]:
        """The codes of one sentence as a tuple, the main one first, if they keep to the codebook.

        ``codes`` is a list or tuple, or text with spaces between the codes;
        ``doer`` is a doer of the codebook, or empty where nobody has said.
        Raises :class:`UnionError` for no code, an unknown one, one given twice,
        too many, ``none`` beside others, and a doer that is unknown or does not
        fit: ``na`` goes with ``none`` and with nothing else.

        >>> load_codebook().check_codes("voice rights", "union")
        ('voice', 'rights')
        """
        found = tuple(
            self[code].code for code in (codes.split() if isinstance(codes, str) else codes)
        )
        if not found:
            raise UnionError(
                "This sentence has no code: give it one, or “none” where it has no role for a union."
            )
        if len(set(found)) < len(found):
            raise UnionError(f"A code stands twice in {' '.join(found)}: give each code once.")
        if len(found) > self.most_codes:
            raise UnionError(
                f"A sentence has at most {self.most_codes} codes, and here are {len(found)}: choose the main ones."
            )
        if "none" in found and len(found) > 1:
            raise UnionError(
                "The code “none” stands alone: choose either “none” or the other codes."
            )
        if doer and doer not in self.doers:
            raise UnionError(
                f"There is no doer {_short(doer)}: choose from {', '.join(self.doers)}."
            )
        if doer and (doer == "na") != (found == ("none",)):
            raise UnionError(
                "The doer “na” goes with the code “none” and with no other: choose another doer or another code."
            )
        return found

    def __repr__(self) -> str:
        return f"<Codebook {self.edition}: {', '.join(self.codes)}>"


def load_codebook(path: str | Path | None = None) -> Codebook:
    """Read a codebook; left out, ``path`` is the project's own ``corpus/codebook.toml``.

    It can also be a REFI-QDA codebook (`.qdc`) or a list of tags from Taguette
    (`.csv`). Raises :class:`UnionError`, in one sentence that says what to mend, for a
    file that is missing or broken, lacks a field, has a code or key twice, or
    names a code that it does not have.

    >>> codebook = load_codebook()
    >>> codebook.edition, len(codebook), codebook["bargain"].label
    ('union-roles 1.0', 12, 'Pay and conditions')
    """
    path = Path(path) if path else CORPUS_FOLDER / "codebook.toml"
    if path.suffix.lower() in (".qdc", ".csv"):
        from helpers.coding.codebook_files import codebook_tables

        data = codebook_tables(path)
    else:
        data = read_toml(path)
    texts = {
        field: _text(path, data, field, "itself")
        for field in ("scheme", "version", "unit", "context", "question", "doer_question")
    }
    most = data.get("most_codes")
    if type(most) is not int or most < 1:
        raise UnionError(f"{path.name} has no good 'most_codes': give a whole number from 1 up.")
    rules = data.get("rules")
    if not isinstance(rules, list) or not all(
        isinstance(rule, str) and rule.strip() for rule in rules
    ):
        raise UnionError(
            f"{path.name} has no good 'rules': write a list of texts in quotation marks."
        )
    codes, doers = _entries(path, data, "codes", Code), _entries(path, data, "doers", Doer)
    _check(path, codes, doers)
    return Codebook(
        **texts,
        most_codes=most,
        rules=tuple(rules),
        codes=codes,
        doers=doers,
        maps=_maps(path, data, codes),
    )


def _short(text: Any) -> str:
    """A text as an error message may show it: quoted, on one line, not too long."""
    return repr(text if len(str(text)) <= 40 else str(text)[:39] + "…")


def _text(path: Path, entry: dict[str, Any], field: str, where: str) -> str:
    """A field that must hold text; only a hatch may be empty."""
    value = entry.get(field)
    if not isinstance(value, str) or not (value.strip() or field == "hatch"):
        raise UnionError(
            f"{path.name} says no {field!r} for {where}: add the line, with a text in quotation marks."
        )
    return value


def _entries(path: Path, data: dict[str, Any], name: str, kind: type) -> dict[str, Any]:
    """The tables ``[[codes]]`` or ``[[doers]]`` as objects by their names."""
    tables, found = data.get(name), {}
    if not (
        isinstance(tables, list) and tables and all(isinstance(table, dict) for table in tables)
    ):
        raise UnionError(f"{path.name} has no {name}: add a [[{name}]] table for each.")
    own = [field.name for field in fields(kind)]
    for number, table in enumerate(tables, 1):
        id = _text(path, table, own[0], f"number {number} of its {name}")
        if not _CODE.fullmatch(id):
            raise UnionError(
                f"{path.name} has a {own[0]} {_short(id)}: use letters, digits and hyphens, at most 30."
            )
        if id in found:
            raise UnionError(
                f"{path.name} has the {own[0]} {id!r} twice: give one of them another name."
            )
        found[id] = kind(**{field: _text(path, table, field, repr(id)) for field in own})
    return found


def _check(path: Path, codes: dict[str, Code], doers: dict[str, Doer]) -> None:
    """What one field cannot show alone: keys, colours, hatches, references, and the two names that must be there."""
    for name, needed, known in (("code", "none", codes), ("doer", "na", doers)):
        if needed not in known:
            raise UnionError(
                f"{path.name} has no {name} {needed!r}: add it, as some sentences give a union no role."
            )
    keys: dict[str, str] = {}
    for name, key in [(code.code, code.key) for code in codes.values()] + [
        (doer.doer, doer.key) for doer in doers.values()
    ]:
        if len(key) != 1 or not key.isalnum():
            raise UnionError(
                f"{path.name} has the key {_short(key)} for {name!r}: use one letter or digit."
            )
        if other := keys.get(key.casefold()):
            raise UnionError(
                f"{path.name} has the key {key!r} for both {other!r} and {name!r}: give one of them another key."
            )
        keys[key.casefold()] = name
    for code in codes.values():
        if not _COLOUR.fullmatch(code.colour):
            raise UnionError(
                f"{path.name} has the colour {_short(code.colour)} for {code.code!r}: write it as in '#0072b2'."
            )
        if not _HATCHES.issuperset(code.hatch):
            raise UnionError(
                f"{path.name} has the hatch {_short(code.hatch)} for {code.code!r}: use only {''.join(sorted(_HATCHES))} in it."
            )
        if (miss := code.near_miss_code) not in codes or miss == code.code:
            raise UnionError(
                f"{path.name} has the near_miss_code {_short(miss)} for {code.code!r}: give another code that it has."
            )


def _maps(
    path: Path, data: dict[str, Any], codes: dict[str, Code]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """The maps onto the literature, none of which names a code that is not there."""
    maps = data.get("maps", {})
    if not isinstance(maps, dict) or not all(
        isinstance(corners, dict) for corners in maps.values()
    ):
        raise UnionError(
            f"{path.name} has no good 'maps': write each as a [maps.name] table of lists of codes."
        )
    for name, corner, listed in (
        (name, corner, listed)
        for name, corners in maps.items()
        for corner, listed in corners.items()
    ):
        if not isinstance(listed, list):
            raise UnionError(
                f"{path.name} has no list in {_short(corner)} of its map {_short(name)}: write codes in square brackets."
            )
        for code in listed:
            if not isinstance(code, str) or code not in codes:
                raise UnionError(
                    f"{path.name} has no code {_short(code)}, which its map {_short(name)} names: correct the map."
                )
    return {
        name: {corner: tuple(listed) for corner, listed in corners.items()}
        for name, corners in maps.items()
    }
