"""What a class has handed in: whose it is, of which assignment, its answers. Nothing of it runs."""

import ast
import contextlib
import json
import re
import unicodedata
import warnings
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import add, floordiv, mod, mul, sub, truediv
from pathlib import Path
from typing import Any

from helpers.corpus.files import file_bytes, whole_characters

UNREAD = object()  # what a name has whose value is not typed, but to be worked out by code
_SIGNS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
_ARITHMETIC = dict(zip(_SIGNS, (add, sub, mul, truediv, floordiv, mod, pow), strict=True))
_HIDDEN = re.compile(r"[\\/](\.|__)")  # what systems and programs keep for themselves
# What stands in a name beside the learner's: what a second download adds, and what work files have.
_BESIDE = re.compile(r"[ _-]*(\(\d+\)|- ?[Cc]opy ?\d*)(?= |$)|^my-work-|-\d{4}-\d\d-\d\d(?=$| \()")


@dataclass
class Cell:
    """A cell: its source, whether it is code, its id, and what nbgrader has noted ``about`` it."""

    source: str
    code: bool = True
    id: str = ""
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def known_by(self) -> list[str]:
        """What tells which of the given cells it is: nbgrader's name for it, its id, its text."""
        said = [str(self.about.get("grade_id") or ""), self.id, " ".join(self.source.split())]
        return [each for each in said if each]


@dataclass
class Submission:
    """One assignment of one learner; ``cells`` is None for a file that is no notebook."""

    learner: str
    assignment: str
    when: datetime
    cells: list[Cell] | None
    work: list[Path] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_notebook(path: Path) -> list[Cell] | None:
    """The cells of a notebook, however odd the rest of it is; None for a file that is none."""
    found: list[Cell] = []
    try:
        for cell in json.loads(file_bytes(path, ""))["cells"][:2_000]:
            source, about = cell.get("source", ""), {}
            text = "".join(map(str, source)) if isinstance(source, list) else str(source)
            with contextlib.suppress(Exception):  # notes that are broken are no notes
                about = dict(cell["metadata"]["nbgrader"])
            code, id = cell.get("cell_type") == "code", str(cell.get("id") or "")
            found.append(Cell(whole_characters(text), code, id, about))
    except Exception:  # whatever somebody has put into a file
        return None
    return found


def find(folder: Path, assignments: dict[str, list[Cell]]) -> list[Submission]:
    """What is in a folder: a submission for each learner and assignment, and each odd notebook.

    A learner is a folder, or what a loose file's name says beside the assignment's name;
    ``assignments`` has the cells of each as it was given out. Only regular files are read.
    """
    found: dict[tuple[str, str], Submission] = {}
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    files = [path for path in files if not _HIDDEN.search(f"/{path.relative_to(folder)}")]
    known = sorted((_when(path), path, _learner(path, folder, assignments)) for path in files)
    for when, path, learner in (each for each in known if each[1].suffix == ".ipynb"):
        inside, cells = whole_characters(str(path.relative_to(folder))), read_notebook(path)
        name = _assignment(cells or [], inside, assignments)
        one, place = Submission(learner, name, when, cells), (learner, name or inside)
        if place in found and cells is None:
            found[place].remarks.append(f"A newer file is broken, so this is older: {inside}.")
            continue
        if place in found:
            one.remarks.append(f"{inside} is the newest of several. Are they of one learner?")
        if learner == path.stem:
            one.remarks.append("Nothing says whose this is: put it into a folder with a name.")
        own = [file for _, file, owner in known if _plain(owner) == _plain(learner)]
        one.work = [file for file in reversed(own) if file.suffix == ".zip"]
        found[place] = one
    return list(found.values())


def _when(path: Path) -> datetime:
    """When it was handed in: by nbgrader's ``timestamp.txt`` beside it, or by the file's time."""
    with contextlib.suppress(Exception):  # whatever stands there
        noted = file_bytes(path.with_name("timestamp.txt"), "", 1_000).decode().strip()
        moment = datetime.fromisoformat(re.sub(" (UTC|GMT)$", "+00:00", noted)).astimezone(UTC)
        if moment.year > 2000:
            return moment
    return datetime.fromtimestamp(min(max(path.stat().st_mtime, 0), 4e9), UTC)


def _learner(path: Path, folder: Path, assignments: dict[str, Any]) -> str:
    """Whose a file is. “Kim (1)” is Kim, whose browser has saved a file twice."""
    above = [each for each in path.relative_to(folder).parts[:-1] if each not in assignments]
    beside = re.sub("|".join(map(re.escape, assignments)), " ", path.stem).strip(" _-.,")
    said = unicodedata.normalize("NFC", whole_characters(above[0] if above else beside))
    return _BESIDE.sub("", said).strip(" _-.,") or path.stem


def _plain(name: str) -> str:
    """A learner's name as the name of a work file has it."""
    return re.sub(r"[^\w-]+", "-", name).strip("-")[:40].casefold()


def _assignment(cells: list[Cell], inside: str, assignments: dict[str, list[Cell]]) -> str:
    """The assignment that most of the cells are of; else the one that stands in the path."""
    said, many = {each for cell in cells for each in cell.known_by}, {}
    for name, given in assignments.items():
        many[name] = len(said & {each for cell in given for each in cell.known_by})
    best = max(many, key=many.get)
    return best if many[best] > 1 else next((name for name in many if name in inside), "")


def typed_values(cells: list[Cell]) -> dict[str, Any]:
    """The values typed into cells, by name; ``UNREAD`` for one that code is to work out.

    A later value replaces an earlier one, and three dots replace none. A broken cell has no values.

    >>> typed_values([Cell("rate = (4 + 1) / 400 * 1000"), Cell("five, rate = ['gftuk-001'], ...")])
    {'rate': 12.5, 'five': ['gftuk-001']}
    """
    found: dict[str, Any] = {}
    for cell in cells:
        lines: list[ast.stmt] = []
        with contextlib.suppress(Exception), warnings.catch_warnings(action="ignore"):
            lines = ast.parse(cell.source if len(cell.source) < 20_000 else "").body
        for name, value in (pair for line in lines for pair in _given(line).items()):
            if value is not ... or name not in found:
                found[name] = value
    return found


def _given(line: ast.stmt) -> dict[str, Any]:
    """The names that a statement gives a value to, with these values."""
    nodes = [each for each in ast.walk(line) if isinstance(each, ast.Name)]
    found = {each.id: UNREAD for each in nodes if isinstance(each.ctx, ast.Store)}
    with contextlib.suppress(Exception):  # it is no literal, or too large for an answer
        value = ast.literal_eval(_Reckoned().visit(line.value))
        for target in line.targets if len(repr(value)) <= 4_000 else []:
            several = isinstance(target, ast.Tuple)
            pairs = zip(target.elts, value, strict=True) if several else [(target, value)]
            found |= {each.id: given for each, given in pairs}
    return found


class _Reckoned(ast.NodeTransformer):
    """Works out arithmetic with numbers, of a size that takes no time."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.Constant:
        pair = [ast.literal_eval(self.visit(each)) for each in (node.left, node.right)]
        most = 64 if isinstance(node.op, ast.Pow) else 1e15
        if {*map(type, pair)} - {int, float} or abs(pair[0]) > 1e15 or abs(pair[1]) > most:
            raise ValueError
        return ast.Constant(_ARITHMETIC[type(node.op)](*pair))


def written_answer(cells: list[Cell], given: list[Cell], at: int) -> str | None:
    """What a learner wrote in place of ``given[at]``, or None where that cannot be told.

    The cell is known by its name or id; else it is what follows the last given cell above it; else
    it is known by the order. Cells that somebody has put below an answer left empty are it, too.
    """
    many = Counter(each for cell in given for each in cell.known_by)
    places = {each: at for at, cell in enumerate(given) for each in cell.known_by if many[each] < 2}
    of = [next((places[each] for each in cell.known_by if each in places), None) for cell in cells]
    texts = [cell.source.strip() for cell in cells]
    found = [place for place, which in enumerate(of) if which == at]
    above = [of.index(which) for which in range(at) if which in of]
    stub = ("", given[at].source.strip())
    if all(texts[place] in stub for place in found) and (found or above):
        start = (found or above)[-1] + 1
        end = next((place for place in range(start, len(of)) if of[place] is not None), len(of))
        found += range(start, end)
    if not found:
        own = [place for place, cell in enumerate(cells) if of[place] is None and not cell.code]
        wanted = [place for place, cell in enumerate(given) if cell.source.strip() == stub[1]]
        found = [own[wanted.index(at)]] if len(own) == len(wanted) else []
    wrote = [texts[place] for place in found if texts[place] not in stub]
    return "\n\n".join(dict.fromkeys(wrote)) if found else None
