"""The codebook: its codes, what each takes in and leaves out, and what a coding may be."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from lxml import etree

from helpers.corpus.documents import CORPUS_FOLDER
from helpers.corpus.errors import UnionError
from helpers.corpus.files import file_bytes, read_cells, read_toml

DOER = "doer: "  # before a doer's name in files of other programs, as “party” is a code too
_NAME = re.compile(r"[^\W_][\w-]{0,29}")  # no space, as codes stand side by side in a cell
_TEXTS = ("scheme", "version", "question", "doer_question", "most_codes")
_ADVICE = "choose a codebook (.toml or .qdc) or Taguette's list of tags (.csv)"


@dataclass(frozen=True)
class Code:
    """One code: its texts, its ``key`` on the keyboard, its ``colour`` and matplotlib ``hatch``."""

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
    """One answer to the second question: who acts."""

    doer: str
    key: str
    label: str
    meaning: str


@dataclass(frozen=True, repr=False)
class Codebook:
    """A codebook; ``maps`` says how its codes map onto the literature: map, corner, codes."""

    scheme: str
    version: str
    question: str
    doer_question: str
    most_codes: int
    rules: tuple[str, ...]
    codes: dict[str, Code]
    doers: dict[str, Doer]
    maps: dict[str, dict[str, list[str]]]

    @property
    def edition(self) -> str:
        """Scheme and version, as each coding carries them: ``union-roles 1.0``."""
        return f"{self.scheme} {self.version}"

    def __getitem__(self, code: str) -> Code:
        if code not in self.codes:
            known = ", ".join(self.codes)
            raise UnionError(f"There is no code {short_label(code)}: choose from {known}.")
        return self.codes[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def __repr__(self) -> str:
        return f"<Codebook {self.edition}: {', '.join(self.codes)}>"

    def knows(self, codes: list[Any]) -> bool:
        """Whether all these are codes, each once."""
        return len(self.codes.keys() & set(map(str, codes))) == len(codes)

    def check_codes(self, codes: str | Iterable[str], doer: str = "") -> tuple[str, ...]:
        """The codes of one sentence as a tuple, the main one first, if they keep to the codebook.

        ``codes`` may be text with spaces; ``doer`` is empty where nobody said. Raises
        :class:`UnionError` for codes that no sentence can have, and for a doer that does not fit.

        >>> load_codebook().check_codes("voice rights", "union")
        ('voice', 'rights')
        """
        found = tuple(self[code].code for code in (codes.split() if type(codes) is str else codes))
        if not found:
            raise UnionError("This sentence has no code: give it one, or “none” where none fits.")
        if len(set(found)) < len(found):
            raise UnionError(f"A code stands twice in {' '.join(found)}: give each code once.")
        if "none" in found and len(found) > 1:
            raise UnionError("The code “none” stands alone: choose either it or the other codes.")
        if len(found) > self.most_codes:
            raise UnionError(f"Here are {len(found)} codes: choose at most {self.most_codes}.")
        if doer and doer not in self.doers:
            known = ", ".join(self.doers)
            raise UnionError(f"There is no doer {short_label(doer)}: choose from {known}.")
        if doer and (doer == "na") != (found == ("none",)):
            raise UnionError("The doer “na” goes with “none” alone: choose another doer or code.")
        return found


Book = Codebook | None  # as an argument: left out, it is the project's own


def short_label(text: Any) -> str:
    """A text as a message may show it: quoted, on one line, not too long."""
    return repr(text if len(str(text)) <= 40 else str(text)[:39] + "…")


def load_codebook(path: str | Path | None = None) -> Codebook:
    """Read a codebook; left out, ``path`` is the project's own ``corpus/codebook.toml``.

    It can also be a REFI-QDA codebook (`.qdc`) or Taguette's list of tags (`.csv`). Raises
    :class:`UnionError` for a file that is missing or broken.

    >>> codebook = load_codebook()
    >>> codebook.edition, len(codebook), codebook["bargain"].label
    ('union-roles 1.0', 12, 'Pay and conditions')
    """
    path = Path(path) if path else CORPUS_FOLDER / "codebook.toml"
    if path.suffix.lower() in (".qdc", ".csv"):
        return _imported(path, (_refi if path.suffix.lower() == ".qdc" else _tags)(path))
    data = read_toml(path)
    try:
        book = Codebook(
            **{name: data[name] for name in _TEXTS},
            rules=tuple(data["rules"]),
            codes={each["code"]: _entry(Code, each) for each in data["codes"]},
            doers={each["doer"]: _entry(Doer, each) for each in data["doers"]},
            maps=data.get("maps", {}),
        )
        trouble = _trouble(book, len(data["codes"]) + len(data["doers"]))
    except (KeyError, TypeError, AttributeError) as lacks:
        raise UnionError(f"{path.name} lacks or misplaces {lacks}: correct it there.") from None
    if trouble:
        raise UnionError(f"{path.name} {trouble}: correct it there.")
    return book


def _entry(kind: type, table: dict[str, str]) -> Any:
    return kind(*[table[each.name] for each in fields(kind)])


def _trouble(book: Codebook, given: int) -> str:
    """What would break a lesson with a codebook of one's own, or nothing."""
    names = [*book.codes, *book.doers]
    keys = [each.key.casefold() for each in (*book.codes.values(), *book.doers.values())]
    named = {each.near_miss_code for each in book.codes.values()}
    named |= {code for corners in book.maps.values() for some in corners.values() for code in some}
    found = {
        "has a code or a doer twice": len(names) < given,
        "has no code 'none' or no doer 'na'": "none" not in book or "na" not in book.doers,
        "has a name that is not 1 to 30 letters or digits": not all(map(_NAME.fullmatch, names)),
        "has one key twice, or a key of several letters": len(set(keys)) < len("".join(keys)),
        "names a code that it has not": not named <= book.codes.keys(),
    }
    return next((said for said, wrong in found.items() if wrong), "")


def _refi(path: Path) -> list[dict[str, str]]:
    """The codes of a REFI-QDA codebook that one can code with, whatever group they stand in."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    try:
        book = etree.fromstring(file_bytes(path, _ADVICE), parser)
    except etree.XMLSyntaxError:
        raise UnionError(f"{path.name} is damaged or of another kind: {_ADVICE}.") from None
    found = []
    for code in book.iter("{*}Code"):
        name, said = code.get("name", "").strip(), code.findtext("{*}Description") or ""
        if code.get("isCodable") in ("true", "1") and not name.startswith(DOER):
            own = dict(line.split(": ", 1) for line in said.splitlines() if ": " in line)
            own = own if "definition" in own else {"label": name, "definition": said.strip()}
            found.append({**own, "name": name, "colour": code.get("color")})
    return found


def _tags(path: Path) -> list[dict[str, str]]:
    """A list of tags as Taguette exports it: ``tag,description,number of highlights,…``."""
    head, *lines = read_cells(path) or [[]]
    rows = [dict(zip(map(str.lower, head), line, strict=False)) for line in lines]
    tags = [(row.get("tag", "").strip(), row.get("description", "")) for row in rows]
    return [{"name": tag, "label": tag, "definition": said} for tag, said in tags]


def _imported(path: Path, entries: list[dict[str, str]]) -> Codebook:
    """Codes of another program as a codebook; what they do not say, and the doers, are ours."""
    ours, codes = load_codebook(), {}
    taken, drawn = {each.key for each in ours.doers.values()}, list(ours.codes.values())
    keys = [key for key in "1234567890abcdefghijklmnopqrstuvwxyz" if key not in taken]
    entries = [entry for entry in entries if entry["name"].lower() not in ("", "none")]
    if not 0 < len(entries) < len(keys):
        raise UnionError(f"{path.name} has no codes, or more than there are keys: {_ADVICE}.")
    entries.append({"name": "none", "label": "None", "definition": "No code here fits."})
    blank = dict.fromkeys([each.name for each in fields(Code)], "not said")
    for place, entry in enumerate(entries):
        code = _slug(entry["name"])
        code = f"{code[:26]}-{place}" if code in codes else code
        colour = drawn[place % len(drawn)].colour
        hatch = drawn[(place + place // len(drawn)) % len(drawn)].hatch
        said = {name: value for name, value in entry.items() if value}
        own = {"code": code, "key": keys[place], "near_miss_code": "none"}
        codes[code] = _entry(Code, {**blank, "colour": colour, "hatch": hatch, **said, **own})
    asked, scheme = "Which codes fit this sentence?", _slug(path.stem)
    return replace(ours, scheme=scheme, version="1", question=asked, rules=(), maps={}, codes=codes)


def _slug(name: str) -> str:
    """A name as a code can have it."""
    return re.sub(r"[^\w-]+", "-", name.lower()).strip("-_")[:30] or "code"
