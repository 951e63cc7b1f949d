"""What a class has handed in: whose it is, which assignment it is of, and the notebook as it was given out with the answers in it."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.corpus.files import LARGEST_BYTES

if TYPE_CHECKING:
    from nbformat import NotebookNode


@dataclass
class HandedIn:
    """One assignment of one learner: the ``path``, what is in it, its work ``files``, and ``remarks`` for a human eye."""

    learner: str
    assignment: str
    path: Path
    notebook: Any = None
    files: list[Path] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def when(self) -> datetime:
        """When it was handed in: by a ``timestamp.txt`` of nbgrader beside it, or else by the file's own time."""
        try:
            said = self.path.with_name("timestamp.txt").read_text(encoding="utf-8").strip()
            return datetime.fromisoformat(re.sub(r" (UTC|GMT)$", "+00:00", said)).astimezone(UTC)
        except (OSError, ValueError):
            return datetime.fromtimestamp(self.path.stat().st_mtime, UTC)

    @property
    def edition(self) -> str:
        """The edition of the assignment, as it was written into the notebook; empty where that is lost."""
        about = self.notebook.get("metadata") if self.notebook else None
        about = about.get("union") if isinstance(about, dict) else None
        return str(about.get("edition", "")) if isinstance(about, dict) else ""


def find(folder: Path, given_out: Mapping[str, NotebookNode]) -> list[HandedIn]:
    """What is in a folder: one for each learner and assignment, and one for each notebook of which nobody can say what it is.

    A learner is a folder, or else what a file's name says beside the assignment. A notebook is known by what was written
    into it when it was given out, whatever it is called now, or else by its name.
    """
    found: dict[tuple[str, str], list[HandedIn]] = {}
    for path in sorted(folder.rglob("*.ipynb")):
        inside = path.relative_to(folder)
        if path.is_file() and not path.is_symlink() and ".ipynb_checkpoints" not in inside.parts:
            notebook = _read(path)
            name = _assignment(notebook, given_out) or next(
                (name for name in given_out if name in str(inside)), ""
            )
            learner = inside.parts[0] if len(inside.parts) > 1 else _beside(path.stem, name)
            one = HandedIn(learner, name, path, notebook)
            found.setdefault((learner, name or str(inside)), []).append(one)
    works = [
        path for path in sorted(folder.rglob("*.zip")) if path.is_file() and not path.is_symlink()
    ]
    return [_newest(several, folder, works) for several in found.values()]


def _newest(several: list[HandedIn], folder: Path, works: list[Path]) -> HandedIn:
    one = max(
        several,
        key=lambda each: (each.notebook is not None, each.path.stat().st_mtime, each.path.name),
    )
    if len(several) > 1:
        one.remarks.append(
            f"{len(several)} notebooks were handed in; {one.path.name}, the newest, was graded."
        )
    if one.notebook is None:
        one.remarks.append("The file is broken, or is no notebook: ask for it again.")
    elif not one.assignment:
        one.remarks.append("Nothing in it says which assignment it is.")
    elif one.assignment not in one.path.name:
        one.remarks.append(f"The notebook came under the name {one.path.name}.")
    own = re.compile(rf"(?<!\w){re.escape(one.learner)}(?!\w)", re.IGNORECASE)
    files = [
        path
        for path in works
        if path.relative_to(folder).parts[0] == one.learner or own.search(path.stem)
    ]
    one.files = [path for path in files if path.stat().st_size <= LARGEST_BYTES]
    return one


def _read(path: Path) -> Any:
    """A notebook as far as it can be one, or None."""
    import nbformat

    try:
        if path.stat().st_size > LARGEST_BYTES:
            return None
        notebook = nbformat.reads(path.read_text(encoding="utf-8-sig"), as_version=4)
        sound = [
            cell.cell_type in ("code", "markdown", "raw") and isinstance(cell.source, str)
            for cell in notebook.cells
        ]
        return notebook if all(sound) else None
    except Exception:  # whatever somebody has put into a file
        return None


def cell_id(cell: Any) -> str:
    """The name by which nbgrader knows a cell, if it has one."""
    about = cell.get("metadata", {})
    about = about.get("nbgrader") if isinstance(about, dict) else None
    return str(about.get("grade_id") or "") if isinstance(about, dict) else ""


def _assignment(notebook: Any, given_out: Mapping[str, NotebookNode]) -> str:
    """The assignment that most of a notebook's cells are of."""
    ids = {cell_id(cell) for cell in notebook.cells} - {""} if notebook else set()
    shared = {
        name: len(ids & set(map(cell_id, master.cells))) for name, master in given_out.items()
    }
    return max(shared, key=shared.get) if any(shared.values()) else ""


def _beside(stem: str, assignment: str) -> str:
    return (
        re.sub(r"^[\W_]+|[\W_]+$", "", stem.replace(assignment, " ") if assignment else stem)
        or stem
    )


def restored(given: Any, master: NotebookNode) -> tuple[NotebookNode, list[int], list[str]]:
    """A notebook with each given cell as it was given out and each answer as it was handed in.

    Gives it, the places of the cells whose code is to be run, and remarks. Cells of the learner's own stay where they are.
    What was deleted comes back: given cells at the beginning, answers and tests at the end, where they are not run.
    """
    import nbformat.v4 as v4

    official = {cell_id(cell): copy.deepcopy(cell) for cell in master.cells if cell_id(cell)}
    cells, remarks, seen = [], set(), set()
    for number, cell in enumerate(given.cells):
        name = cell_id(cell)
        if name not in official or name in seen:
            make = v4.new_code_cell if cell.cell_type == "code" else v4.new_markdown_cell
            cells.append(make(cell.source, id=f"own-{number}"))
            remarks |= {"A cell stands there twice."} if name in official else set()
            continue
        seen.add(name)
        cells.append(official[name])
        if cell.cell_type != official[name].cell_type:
            remarks.add("An answer was turned into another kind of cell.")
        if official[name].metadata.nbgrader.solution:
            official[name].source = cell.source
        elif cell.source.strip() != official[name].source.strip():
            remarks.add("A given cell or a test was changed; it was put back as it was given out.")
    missing = [cell for name, cell in official.items() if name not in seen]
    before = [
        cell
        for cell in missing
        if not cell.metadata.nbgrader.solution and not cell.metadata.nbgrader.grade
    ]
    if missing:
        remarks.add("Cells were deleted; they were put back as they were given out.")
    cells = [*before, *cells]
    runs = [
        place
        for place, cell in enumerate(cells)
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade")
    ]
    whole = v4.new_notebook(
        cells=[*cells, *(cell for cell in missing if cell not in before)], metadata=master.metadata
    )
    return whole, runs, sorted(remarks)
