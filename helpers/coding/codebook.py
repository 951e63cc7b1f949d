"""The codebook: its codes, what each takes in and leaves out, and what a coding may be."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from lxml import etree

from helpers.corpus.documents import CORPUS_FOLDER
from helpers.corpus.errors import UnionError
from helpers.corpus.files import file_bytes, read_cells, read_toml

DOER = "doer: "  # before a doer's name in files of other programs, as “party” is a code too
_NAME = re.compile(r"[^\W_][\w-]{0,29}")  # no space, as codes stand side by side in a cell
_FORMS = {  # of a field; hatches are those of matplotlib
    "code": (_NAME, "use up to 30 letters, digits and hyphens"),
    "doer": (_NAME, "use up to 30 letters, digits and hyphens"),
    "key": (re.compile(r"[^\W_]"), "use one letter or digit"),
    "colour": (re.compile(r"#[0-9a-fA-F]{6}"), "write it as in '#0072b2'"),
    "hatch": (re.compile(r"[/\\|\-+xoO.*]*"), "use only / - + x o . * in it"),
    "text": (re.compile(r"(?s).*\S.*"), "write a text in quotation marks"),
}
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
    """One answer to the second question, who acts."""

    doer: str
    key: str
    label: str
    meaning: str


@dataclass(frozen=True, repr=False)
class Codebook:
    """A codebook as :func:`load_codebook` gives it.

    ``codes`` and ``doers`` are dictionaries by name, in the order of the file; ``maps`` says how
    the codes map onto the literature: map, corner, tuple of codes.
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
        try:
            return len(self.codes.keys() & codes) == len(codes)
        except TypeError:  # something else in place of a name
            return False

    def check_codes(self, codes: str | Iterable[str], doer: str = "") -> tuple[str, ...]:
        """The codes of one sentence as a tuple, the main one first, if they keep to the codebook.

        ``codes`` may be text with spaces between codes; ``doer`` is empty where nobody has said.
        Raises :class:`UnionError` for no code, an unknown one, one given twice, too many, ``none``
        beside others, and a doer that is unknown or does not fit: ``na`` goes with ``none`` alone.

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


def short_label(text: Any) -> str:
    """A text as a message may show it: quoted, on one line, not too long."""
    return repr(text if len(str(text)) <= 40 else str(text)[:39] + "…")


def load_codebook(path: str | Path | None = None) -> Codebook:
    """Read a codebook; left out, ``path`` is the project's own ``corpus/codebook.toml``.

    It can also be a REFI-QDA codebook (`.qdc`) or a list of tags from Taguette (`.csv`); what these
    do not say is made up for. Raises :class:`UnionError` for a file that is missing or broken.

    >>> codebook = load_codebook()
    >>> codebook.edition, len(codebook), codebook["bargain"].label
    ('union-roles 1.0', 12, 'Pay and conditions')
    """
    path = Path(path) if path else CORPUS_FOLDER / "codebook.toml"
    if path.suffix.lower() in (".qdc", ".csv"):
        return _imported(path, (_refi if path.suffix.lower() == ".qdc" else _tags)(path))
    data = read_toml(path)
    try:
        texts = {each.name: data[each.name] for each in fields(Codebook)[:7]}
        codes = {each["code"]: _entry(Code, each) for each in data["codes"]}
        doers = {each["doer"]: _entry(Doer, each) for each in data["doers"]}
        maps = {
            name: {corner: tuple(given) for corner, given in corners.items()}
            for name, corners in data.get("maps", {}).items()
        }
        book = Codebook(**texts, rules=tuple(data["rules"]), codes=codes, doers=doers, maps=maps)
        given = len(data["codes"]) + len(data["doers"])
    except (KeyError, TypeError, AttributeError, ValueError) as lacks:
        raise UnionError(f"{path.name} lacks or misplaces {lacks}: correct it there.") from None
    if trouble := _trouble(book, given):
        raise UnionError(f"{path.name} has {trouble}.")
    return book


def _entry(kind: type, table: dict[str, str]) -> Any:
    return kind(*[table.get(each.name) for each in fields(kind)])


def _trouble(book: Codebook, given: int) -> str:
    """What is wrong with a codebook, in words that follow the name of its file."""
    entries, keys = [*book.codes.items(), *book.doers.items()], {}
    if len(entries) < given:
        return "a code or a doer twice: give one another name"
    if "none" not in book.codes or "na" not in book.doers:
        return "no code 'none' or no doer 'na': add it"
    if type(book.most_codes) is not int or book.most_codes < 1:
        return "no good 'most_codes': give a whole number from 1 up"
    for name, entry in entries:
        for field, value in asdict(entry).items():
            form, advice = _FORMS.get(field, _FORMS["text"])
            if not isinstance(value, str) or not form.fullmatch(value):
                return f"the {field} {short_label(value)} for {short_label(name)}: {advice}"
        if other := keys.get(entry.key.casefold()):
            return f"one key for {other!r} and {name!r}: give one of them another key"
        keys[entry.key.casefold()] = name
    named = [each.near_miss_code for each in book.codes.values()]
    named += [code for corners in book.maps.values() for some in corners.values() for code in some]
    unknown = [short_label(code) for code in named if code not in book]
    return f"no code {unknown[0]}, which it names: correct the name" if unknown else ""


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
    doers, looks = {each.key for each in ours.doers.values()}, list(ours.codes.values())
    keys = [key for key in "1234567890abcdefghijklmnopqrstuvwxyz" if key not in doers]
    entries = [entry for entry in entries if entry["name"].lower() not in ("", "none")]
    if not 0 < len(entries) < len(keys):
        raise UnionError(f"{path.name} has no codes, or more than there are keys: {_ADVICE}.")
    entries.append({"name": "none", "label": "None", "definition": "No code here fits."})
    for place, entry in enumerate(entries):
        code = _slug(entry["name"])
        code = f"{code[:26]}-{place}" if code in codes else code
        blank = dict.fromkeys(asdict(ours["none"]), "not said")
        blank["hatch"] = looks[(place + place // len(looks)) % len(looks)].hatch
        blank["colour"] = looks[place % len(looks)].colour
        own = {"code": code, "key": keys[place], "near_miss_code": "none"}
        said = {name: value for name, value in entry.items() if value}
        codes[code] = _entry(Code, blank | said | own)
    asked = "Which codes fit this sentence?"
    about = {"scheme": _slug(path.stem), "version": "1", "question": asked, "rules": (), "maps": {}}
    return replace(ours, **about, codes=codes)


def _slug(name: str) -> str:
    """A name as a code can have it."""
    return re.sub(r"[^\w-]+", "-", name.lower()).strip("-_")[:30] or "code"
