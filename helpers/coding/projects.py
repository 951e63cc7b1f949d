"""Projects for and from other programs for qualitative analysis: REFI-QDA (`.qdpx`), a zip of an XML file and the texts."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.coding.codebook import Codebook, _short, load_codebook
from helpers.coding.codebook_files import DOER, add_codes, code_guid
from helpers.coding.codings import as_codings
from helpers.coding.refi_xml import ORIGIN, PROJECT, add, as_xml, guid, parse_xml, root, same_guid
from helpers.coding.spans import Source, extras, moment, placed, plain, sources, taken_apart
from helpers.corpus.documents import Corpus, Document, load_corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.files import LARGEST_BYTES, atomic_write, file_bytes, safe_members

if TYPE_CHECKING:
    import pandas as pd
    from lxml.etree import _Element

MOST_SELECTIONS = 100_000
_ADVICE = "choose a REFI-QDA project (.qdpx)"
_NOBODY_KNOWS = "1970-01-01T00:00:00Z"  # QualCoder breaks off at a note without a time


def write_project(
    table: pd.DataFrame,
    path: str | Path,
    corpus: Document | Corpus | Sequence[Document] | None = None,
    codebook: Codebook | None = None,
) -> Path:
    """Write codings, codebook and texts as a REFI-QDA project (`.qdpx`), whole or not at all, and give its path.

    One selection for each coding, with its codes in their order, the main one
    first. The doer is a code too, of a second group, named as in ``doer:
    union``: the standard has variables for documents and cases but not for
    stretches of text, so that every program shows codes, and few anything else.
    The memo is a note, and stands in the selection's description as well, above
    a line with what the standard has no place for (the codebook's version, and
    the like). Ids are the same whenever the codings are.
    Raises :class:`UnionError` for a sentence, a code or a doer that is not known.

    >>> import tempfile
    >>> from helpers.coding.tagging import load_codings
    >>> path = write_project(load_codings("reference"), Path(tempfile.mkdtemp(), "reference.qdpx"))
    >>> read_project(path).loc[0, ["coder", "sentence", "codes", "doer"]].tolist()
    ['reference', 'kctu-001', ('voice', 'rights'), 'union']
    """
    path, codebook = Path(path), codebook or load_codebook()
    groups = placed(table, sources(load_corpus() if corpus is None else corpus), codebook)
    project = root(PROJECT, "Project", name=path.stem, origin=ORIGIN)
    coders = {row["coder"]: guid("coder", row["coder"]) for _, rows in groups for row in rows}
    users = add(project, "Users") if coders else None
    for name, id in coders.items():
        add(users, "User", guid=id, name=name)
    add_codes(add(project, "CodeBook"), codebook)
    texts, notes = add(project, "Sources"), []
    for source, rows in groups:
        name = {
            "guid": source.guid,
            "name": source.document.title,
            "plainTextPath": f"internal://{source.guid}.txt",
        }
        text = add(texts, "TextSource", **name)
        notes += [_selection(text, source, row, codebook) for row in rows]
    if any(note["text"] for note in notes):
        held = add(project, "Notes")
        for note in notes:
            if words := note.pop("text"):
                add(add(held, "Note", **note), "PlainTextContent", words)
    atomic_write(
        path,
        _packed(
            {"project.qde": as_xml(project)}
            | {f"sources/{each.guid}.txt": each.text.encode() for each, _ in groups}
        ),
    )
    return path


def _selection(
    text: _Element, source: Source, row: dict[str, Any], codebook: Codebook
) -> dict[str, str]:
    """Add one coding to its text; gives its memo as a note, not yet added."""
    who, where = (
        guid("coder", row["coder"]),
        ("selection", source.guid, row["sentence"], row["coder"]),
    )
    when = moment(row["time"])
    stamp = {"creatingUser": who} | ({"creationDateTime": when} if when else {})
    start, end = map(str, source.spans[row["sentence"]])
    selection = add(
        text,
        "PlainTextSelection",
        guid=guid(*where),
        name=row["sentence"],
        startPosition=start,
        endPosition=end,
        **stamp,
    )
    add(selection, "Description", "\n".join(filter(None, [row["memo"], extras(row)])))
    for name in [*row["codes"], *([DOER + row["doer"]] if row["doer"] else [])]:
        coding = add(selection, "Coding", guid=guid(*where, name), **stamp)
        add(coding, "CodeRef", targetGUID=code_guid(codebook, name))
    note = {"guid": guid("note", *where), "name": f"{row['sentence']}, {row['coder']}"}
    if row["memo"]:
        add(selection, "NoteRef", targetGUID=note["guid"])
    return note | stamp | {"creationDateTime": when or _NOBODY_KNOWS, "text": row["memo"]}


def _packed(members: dict[str, bytes]) -> bytes:
    """Files in a zip archive, the same bytes whenever it is made."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def read_project(
    path: str | Path,
    corpus: Document | Corpus | Sequence[Document] | None = None,
    codebook: Codebook | None = None,
) -> pd.DataFrame:
    """Read the codings of a REFI-QDA project (`.qdpx`), ours or another program's, as a table of codings.

    Ours come back as they were. Of another program's, those codings come in
    that mark whole sentences of documents of the corpus, with codes of the
    codebook (by name or label) and doers (``doer: union``); a sentence coded in
    several selections is put together. Codings of pictures, sounds and PDF
    pages, cases, variables, sets, links and graphs are passed over.
    Raises :class:`UnionError`, and gives nothing, for a file that is damaged,
    hostile or no project, for other codes, and for other stretches of text.
    """
    path, codebook = Path(path), codebook or load_codebook()
    members = {
        name.lower(): content
        for name, content in safe_members(file_bytes(path, _ADVICE), path.name, _ADVICE).items()
    }
    inside = [name for name in members if name.endswith(".qde") and "/" not in name]
    if len(inside) != 1:
        raise UnionError(
            f"{path.name} is no project, as it holds {len(inside)} lists of codings and not one: {_ADVICE}."
        )
    project = parse_xml(members[inside[0]], PROJECT, "Project", path.name, _ADVICE)
    reading = _Reading(project, members, path, codebook)
    known, rows, strays = _Sentences(sources(load_corpus() if corpus is None else corpus)), {}, []
    if len(project.findall("{*}Sources/{*}TextSource/{*}PlainTextSelection")) > MOST_SELECTIONS:
        raise UnionError(f"{path.name} has more than {MOST_SELECTIONS:,} codings: {_ADVICE}.")
    for text in project.iterfind("{*}Sources/{*}TextSource"):
        if selections := [
            each
            for each in text.iterfind("{*}PlainTextSelection")
            if each.find("{*}Coding") is not None
        ]:
            for selection, id, quote in known.fitting(reading.text(text), selections, path):
                strays += [quote] if not id else []
                for row in reading.codings(selection, id) if id else ():
                    _join(
                        rows.setdefault((row["coder"], id), {**row, "codes": [], "memo": []}), row
                    )
    if strays:
        raise UnionError(
            f"{path.name} has {len(strays)} codings that do not mark a whole sentence of the corpus, such as {_short(strays[0])}: "
            "mark whole sentences there, or add the text to the corpus."
        )
    return as_codings(
        ({**row, "memo": "\n".join(dict.fromkeys(row["memo"]))} for row in rows.values()), codebook
    )


def _join(row: dict[str, Any], more: dict[str, Any]) -> None:
    """Put one coding of a sentence to what the coder has given it already."""
    row["codes"] += [code for code in more["codes"] if code not in row["codes"]]
    row["memo"] += more["memo"]
    row["doer"] = more["doer"] or row["doer"]


class _Reading:
    """What a project's selections refer to: its coders, codes and notes."""

    def __init__(
        self, project: _Element, members: dict[str, bytes], path: Path, codebook: Codebook
    ) -> None:
        self.members, self.path, self.texts, self.memos = members, path, {}, 0
        self.coders = {
            same_guid(user.get("guid")): user.get("name") or ""
            for user in project.iterfind("{*}Users/{*}User")
        }
        self.notes = {
            same_guid(note.get("guid")): note for note in project.iterfind("{*}Notes/{*}Note")
        }
        self.codes = {
            same_guid(code.get("guid")): (code.get("name") or "").strip()
            for code in project.iterfind("{*}CodeBook//{*}Code")
        }
        self.known = {code.label.casefold(): name for name, code in codebook.codes.items()}
        self.known |= {name.casefold(): name for name in codebook} | {
            (DOER + name).casefold(): DOER + name for name in codebook.doers
        }

    def text(self, source: _Element) -> str:
        """The text of a source or note."""
        if (inside := source.findtext("{*}PlainTextContent")) is not None:
            return inside
        name = (source.get("plainTextPath") or "").removeprefix("internal://").strip("/").lower()
        try:
            self.texts[name] = self.texts.get(name) or self.members[f"sources/{name}"].decode(
                "utf-8-sig"
            )
            return self.texts[name]
        except (KeyError, UnicodeDecodeError):
            raise UnionError(
                f"{self.path.name} lacks the text {_short(name)}, or it is not in UTF-8: save the project again."
            ) from None

    def codings(self, selection: _Element, sentence: str) -> Iterator[dict[str, Any]]:
        """The codings of one selection, each as a row with one code or doer."""
        memo, said = taken_apart(selection.findtext("{*}Description") or "")
        notes = [
            self.notes.get(same_guid(ref.get("targetGUID")))
            for ref in selection.iterfind("{*}NoteRef")
        ]
        words = []
        for note in filter(lambda note: note is not None, notes):
            words.append(self.text(note))
            self.memos += len(words[-1])
            if self.memos > LARGEST_BYTES:
                raise UnionError(f"{self.path.name} repeats its notes without end: {_ADVICE}.")
        words = words or [memo]
        time = {"time": (selection.get("creationDateTime") or "").replace("Z", "+00:00")}
        for coding in selection.iterfind("{*}Coding"):
            user = same_guid(coding.get("creatingUser") or selection.get("creatingUser"))
            row = {
                "coder": self.coders.get(user, self.path.stem),
                "sentence": sentence,
                "codes": [],
                "doer": "",
                **time,
                **said,
            }
            name = self._name(coding)
            mine = {"doer": name.removeprefix(DOER)} if name.startswith(DOER) else {"codes": [name]}
            yield row | mine | {"memo": [each for each in words if each]}
            words = []  # once is enough

    def _name(self, coding: _Element) -> str:
        """The code that a coding gives, as the codebook names it."""
        ref = coding.find("{*}CodeRef")
        name = self.codes.get(same_guid(ref.get("targetGUID") if ref is not None else ""), "")
        if name.casefold() not in self.known:
            raise UnionError(
                f"{self.path.name} uses the code {_short(name)}, which the codebook lacks: give load_codings() its codebook too."
            )
        return self.known[name.casefold()]


class _Sentences:
    """The sentences of the corpus, to be found by a stretch of text."""

    def __init__(self, texts: list[Source]) -> None:
        self.places: dict[str, dict[tuple[int, int], list[str]]] = {}
        for each in texts:
            places = self.places.setdefault(each.text.rstrip(), {})
            for id, span in each.spans.items():
                places.setdefault(span, []).append(
                    id
                )  # more than one where two documents are the same
        self.words = {
            id: each.text[start:end] for each in texts for id, (start, end) in each.spans.items()
        }
        counted = Counter(self.words.values())
        self.only = {words: id for id, words in self.words.items() if counted[words] == 1}
        self.longest = max(map(len, counted), default=0) + 100  # and spaces around
        self.ways = cache(self._ways)

    def _ways(self, text: str) -> list[tuple[str, dict[tuple[int, int], list[str]]]]:
        """A text as it may be counted: some programs take a line's end for one character, some for two."""
        lines = plain(text)
        return [(lines, self.places.get(lines.rstrip(), {})), (text, {})][: 1 + (lines != text)]

    def fitting(
        self, text: str, selections: list[_Element], path: Path
    ) -> list[tuple[_Element, str, str]]:
        """Each selection with the sentence that it marks, or nothing, and its words; as the text fits more sentences."""
        ways = [self._found(way, places, selections, path) for way, places in self.ways(text)]
        return max(ways, key=lambda way: sum(bool(id) for _, id, _ in way))

    def _found(
        self, text: str, places: dict, selections: list[_Element], path: Path
    ) -> list[tuple[_Element, str, str]]:
        found = []
        for selection in selections:
            said = [selection.get(name) or "" for name in ("startPosition", "endPosition")]
            start, end = [
                int(each) if each.isascii() and each.isdecimal() and len(each) < 10 else -1
                for each in said
            ]
            if not -1 < start < end:
                raise UnionError(
                    f"{path.name} has a coding from {_short(said[0])} to {_short(said[1])}: correct it there."
                )
            words = text[start : min(end, start + self.longest)]
            first, named = start + len(words) - len(words.lstrip()), selection.get("name") or ""
            whole, words = start + len(words) == end, words.strip()
            ids = (
                (places.get((start, end)) or places.get((first, first + len(words)), []))
                if whole
                else []
            )
            if not ids and whole and words:
                ids = [named] if self.words.get(named) == words else [self.only.get(words, "")]
            found.append((selection, named if named in ids else "".join(ids[:1]), words))
        return found
