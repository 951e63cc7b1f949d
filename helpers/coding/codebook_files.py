"""Codebooks from and for other programs: REFI-QDA (`.qdc`), and the list of tags that Taguette exports (`.csv`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.coding.codebook import Code, Codebook, Doer, _short, load_codebook
from helpers.coding.refi_xml import CODEBOOK, ORIGIN, add, as_xml, guid, parse_xml, root, same_guid
from helpers.corpus.errors import UnionError
from helpers.corpus.files import atomic_write, file_bytes, read_cells

if TYPE_CHECKING:
    from lxml.etree import _Element

DOER = "doer: "  # before a doer's name, as “party” is a code too and other programs want each name once
NOT_SAID = "not said"
_ABOUT = ("version", "unit", "context", "question", "most_codes", "rule")
_TEXTS = tuple(
    dict.fromkeys(
        field.name
        for kind in (Code, Doer)
        for field in fields(kind)
        if field.name not in ("code", "doer", "colour")
    )
)
_NAMES = ("tag", "name", "path")  # of the column with the tags, as Taguette itself takes them
_LINE, _WITHIN = "\n", "\n  "  # so that no line of a text can be taken for a field
_KEYS = "1234567890abcdefghijklmnopqrstuvwxyz"
_ADVICE = "choose a codebook (.qdc) or Taguette's list of tags (.csv)"


def code_guid(codebook: Codebook, name: str) -> str:
    """The id of a code, a doer (with ``DOER`` before it) or a group."""
    return guid("code", codebook.edition, name)


def add_codes(parent: _Element, codebook: Codebook) -> None:
    """The codes in one group and the doers in another, with all that the codebook says of them in their descriptions."""
    about = [(name, str(getattr(codebook, name))) for name in _ABOUT[:-1]] + [
        ("rule", rule) for rule in codebook.rules
    ]
    codes, groups = add(parent, "Codes"), []
    for name, said in ((codebook.scheme, about), ("doer", [("question", codebook.doer_question)])):
        groups.append(
            add(
                codes,
                "Code",
                guid=code_guid(codebook, f"group {name}"),
                name=name,
                isCodable="false",
            )
        )
        add(groups[-1], "Description", _told(said))
    entries = [
        (groups[0], code, code.code, {"color": code.colour}) for code in codebook.codes.values()
    ]
    entries += [(groups[1], doer, DOER + doer.doer, {}) for doer in codebook.doers.values()]
    for group, entry, name, look in entries:
        one = add(
            group, "Code", guid=code_guid(codebook, name), name=name, isCodable="true", **look
        )
        add(
            one,
            "Description",
            _told([(field, getattr(entry, field)) for field in _TEXTS if hasattr(entry, field)]),
        )


def write_codebook(codebook: Codebook, path: str | Path) -> Path:
    """Write a codebook as a REFI-QDA codebook (`.qdc`), whole or not at all, and give its path.

    Codes and doers are two groups, as other programs know only codes; the maps
    onto the literature are sets. :func:`helpers.coding.codebook.load_codebook`
    reads it again, and nothing is lost.

    >>> import tempfile
    >>> path = write_codebook(load_codebook(), Path(tempfile.mkdtemp(), "roles.qdc"))
    >>> load_codebook(path) == load_codebook()
    True
    """
    book = root(CODEBOOK, "CodeBook", origin=ORIGIN)
    add_codes(book, codebook)
    corners = [
        (f"{name} / {corner}", codes)
        for name, all in codebook.maps.items()
        for corner, codes in all.items()
    ]
    sets = add(book, "Sets") if corners else None
    for name, codes in corners:
        one = add(sets, "Set", guid=guid("set", codebook.edition, name), name=name)
        for code in codes:
            add(one, "MemberCode", guid=code_guid(codebook, code))
    atomic_write(Path(path), as_xml(book))
    return Path(path)


def codebook_tables(path: Path) -> dict[str, Any]:
    """What a codebook file of another program says, in the shape of our ``codebook.toml``; what it does not say is made up for.

    From a `.qdc`, all codes that one can code with, whatever group they stand
    in; from a CSV file, its columns ``tag`` (or ``name``, or ``path``) and
    ``description``. Where the file has no doers, they are ours, and a code
    ``none`` is added. Raises :class:`UnionError` for a file that cannot be read.
    """
    entries, about, maps = _tags(path) if path.suffix.lower() == ".csv" else _refi(path)
    ours = load_codebook()
    theirs = [each for each in entries if each["name"].startswith(DOER) and "meaning" in each]
    doers = [{"doer": each["name"].removeprefix(DOER), **each} for each in theirs] or [
        asdict(doer) for doer in ours.doers.values()
    ]
    codes = _named([each for each in entries if each not in theirs])
    if not codes:
        raise UnionError(f"There is no code in {path.name}: {_ADVICE}.")
    if all(code["code"] != "none" for code in codes):
        codes.append(
            {
                "code": "none",
                "label": "None of these",
                "definition": "No code of this codebook fits.",
            }
        )
    keys = _free_keys(path, [*doers, *codes])
    looks = list(ours.codes.values())
    for place, code in enumerate(codes):
        blank = dict.fromkeys([field.name for field in fields(Code)], NOT_SAID)
        near = next((other["code"] for other in codes if other is not code), "none")
        look = {
            "colour": looks[place % len(looks)].colour,
            "hatch": looks[(place + place // len(looks)) % len(looks)].hatch,
        }
        codes[place] = blank | {"near_miss_code": near} | look | code
    for item in [*doers, *codes]:
        item["key"] = (
            item["key"] if len(item.get("key", "")) == 1 and item["key"] != NOT_SAID else next(keys)
        )
    default = {
        "scheme": _slug(path.stem) or "codebook",
        "version": "1",
        "unit": ours.unit,
        "context": ours.context,
        "rules": [],
    }
    asked = {
        "question": "Which codes fit this sentence?",
        "doer_question": ours.doer_question,
        "most_codes": ours.most_codes,
    }
    return default | asked | about | {"codes": codes, "doers": doers, "maps": maps}


def _told(said: list[tuple[str, str]]) -> str:
    """Fields as a description that people can read, and :func:`_fields` too."""
    return "".join(f"{name}: {text.replace(_LINE, _WITHIN)}\n" for name, text in said)


def _fields(description: str, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """The fields that a description says."""
    parts = re.split(rf"(?m)^({'|'.join(names)}): ", description)
    return [
        (name, text.removesuffix("\n").replace(_WITHIN, _LINE))
        for name, text in zip(parts[1::2], parts[2::2], strict=True)
    ]


def _refi(path: Path) -> tuple[list[dict[str, str]], dict[str, Any], dict[str, Any]]:
    """Codes, what is said of the codebook, and maps, from a REFI-QDA codebook."""
    book = parse_xml(file_bytes(path, _ADVICE), CODEBOOK, "CodeBook", path.name, _ADVICE)
    entries, about, names = [], {}, {}
    for code in book.iter("{*}Code"):
        name, description = (code.get("name") or "").strip(), code.findtext("{*}Description") or ""
        if code.get("isCodable") in ("false", "0"):
            about |= _about(name, _fields(description, _ABOUT))
            continue
        said = dict(_fields(description, _TEXTS))
        colour = {"colour": code.get("color")} if len(code.get("color") or "") == 7 else {}
        entries.append(
            {
                "name": name,
                "label": name,
                "definition": description.strip() or NOT_SAID,
                **colour,
                **said,
            }
        )
        names[same_guid(code.get("guid"))] = name
    maps: dict[str, dict[str, list[str]]] = {}
    for one in book.iter("{*}Set") if book.get("origin") == ORIGIN else ():
        name, _, corner = (one.get("name") or "").rpartition(" / ")
        maps.setdefault(name, {})[corner] = [
            names.get(same_guid(member.get("guid")), "") for member in one.iter("{*}MemberCode")
        ]
    return entries, about, maps


def _about(group: str, said: list[tuple[str, str]]) -> dict[str, Any]:
    """What the description of one of our two groups says of the codebook."""
    found: dict[str, Any] = {name: text for name, text in said if name != "rule"}
    if "version" not in found:
        return {"doer_question": found["question"]} if "question" in found else {}
    if found.get("most_codes", "").isdecimal():
        found["most_codes"] = int(found["most_codes"][:9])
    return found | {"scheme": group, "rules": [text for name, text in said if name == "rule"]}


def _tags(path: Path) -> tuple[list[dict[str, str]], dict[str, Any], dict[str, Any]]:
    """Codes from a list of tags as Taguette exports it: ``tag,description,number of highlights,number of documents``."""
    header, *lines = read_cells(path) or [[]]
    header = [name.strip().lower() for name in header]
    named = [header.index(name) for name in _NAMES if name in header]
    if len(named) != 1:
        raise UnionError(f"{path.name} must have one column “tag”: {_ADVICE}.")
    said = header.index("description") if "description" in header else None
    entries = []
    for number, line in enumerate((line for line in lines if any(line)), 2):
        if len(line) < len(header) or not line[named[0]].strip():
            raise UnionError(
                f"Row {number} of {path.name} has no tag or too few cells: correct it, or save the list again."
            )
        name = line[named[0]].strip()
        entries.append(
            {
                "name": name,
                "label": name,
                "definition": (line[said].strip() if said is not None else "") or NOT_SAID,
            }
        )
    return entries, {}, {}


def _slug(name: str) -> str:
    """A name as a code can have it: without spaces, at most 30 characters."""
    return re.sub(r"[^\w-]+", "-", name.strip().lower()).strip("-_")[:30]


def _named(entries: list[dict[str, str]]) -> list[dict[str, str]]:
    """Entries with a code each, no two the same."""
    found: dict[str, dict[str, str]] = {}
    for entry in entries:
        code = slug = _slug(entry["name"]) or "code"
        again = 2
        while code in found:
            code, again = f"{slug[:26]}-{again}", again + 1
        found[code] = {"code": code, **entry}
    return list(found.values())


def _free_keys(path: Path, items: list[dict[str, str]]) -> Iterator[str]:
    """The keys that no code and no doer has."""
    taken = {item.get("key", "").casefold() for item in items}
    yield from (key for key in _KEYS if key not in taken)
    raise UnionError(
        f"{path.name} has more codes than a keyboard has keys: delete some, or group them ({_short(len(items))} codes)."
    )
