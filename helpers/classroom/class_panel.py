"""A place to drop the work files of a class: who is there, what was noticed, and the files to take along."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.classroom.classes import Files, SchoolClass, read_class
from helpers.classroom.invented import invented_class
from helpers.classroom.work import LARGEST_BYTES
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.codings import write_codings
from helpers.coding.reliability import (
    FIGURE,
    group_agreement,
    pair_agreement,
    reference_agreement,
    sentence_agreement,
)
from helpers.coding.tagging import load_codings
from helpers.corpus.documents import Corpus, load_corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.files import write_csv
from helpers.show.widget import Widget, on_binder, view

_INVENTED = "No work file is here, so this class is invented: 30 learners who never were."
_NEXT = "Now choose Run, then Run All Cells, and everything below is about them."
_dropped: list[tuple[str, bytes]] = []  # as long as the kernel runs, and nowhere else


def all_figures(
    codings: pd.DataFrame, reference: pd.DataFrame | None, corpus: Corpus, codebook: Codebook
) -> pd.DataFrame:
    """All figures of agreement of a class as one table: what is compared, percent, alpha, n, note."""
    parts = {"all coders": group_agreement(codings, corpus, codebook).rename_axis("first")}
    if reference is not None and len(reference):
        beside = reference_agreement(codings, reference, corpus, codebook)
        parts["with the reference"] = beside.rename_axis("first")
    parts["pair"] = pair_agreement(codings, corpus, codebook)
    parts["sentence"] = sentence_agreement(codings, codebook).rename_axis("first")
    whole = pd.concat([part.reset_index().assign(what=what) for what, part in parts.items()])
    whole = whole.reindex(columns=["what", "first", "second", "percent", *FIGURE]).astype(object)
    return whole.where(whole.notna(), "")


class ClassPanel(Widget):
    """The work files of a class. Made by :func:`my_class`; ``group`` is the :class:`SchoolClass` that they come to."""

    _esm = view("class")

    def __init__(
        self, files: Files | None, corpus: Corpus, codebook: Codebook, names: bool
    ) -> None:
        self._files, self._corpus, self._codebook, self._names = files, corpus, codebook, names
        super().__init__(
            told="", trouble="", largest=LARGEST_BYTES, public=on_binder(), **self._read()
        )

    def _read(self) -> dict[str, Any]:
        """Read what is there, or invent a class; gives what the screen shows of it."""
        given = self._files if self._files is not None else list(_dropped)
        ours = (
            self._corpus if given else None
        )  # an invented class has read the project's own documents
        self.group: SchoolClass = read_class(
            given or invented_class(), ours, self._codebook if given else None, names=self._names
        )
        table = self.group.learners.reset_index()
        rows = [[str(cell) for cell in row] for row in table.astype(object).itertuples(index=False)]
        many = len(rows)
        title = "Your class" if given else "An invented class"
        about = (
            f"{many} learner{'s' * (many != 1)}, {len(self.group.codings):,} codings."
            if given
            else _INVENTED
        )
        noticed, head = list(self.group.noticed), [str(name) for name in table.columns]
        return {
            "title": title,
            "about": about,
            "head": head,
            "rows": rows,
            "noticed": noticed,
            "here": bool(_dropped),
        }

    def _read_or_forget(self) -> dict[str, Any]:
        """What came in; where it cannot be a class, nothing of it stays, so that the cell runs again."""
        try:
            return self._read()
        except UnionError:
            _dropped.clear()
            raise

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        if do == "file" and files:
            _dropped.append((str(message.get("name", "a file")), files[0]))
            return {"told": f"Files that came in: {len(_dropped)}. Reading …"}
        if do == "read" and _dropped:
            self._files, state = None, self._read_or_forget()
            return {
                **state,
                "told": f"Files that came in: {len(_dropped)}. {state['about']} {_NEXT}",
            }
        if do == "forget":
            _dropped.clear()
            return {**self._read(), "told": "The files are put away, and nothing of them is kept."}
        if do == "codings":
            return self._sent("codings.csv", lambda path: write_codings(self.group.codings, path))
        if do == "figures":
            return self._sent("figures.csv", self._figures)
        raise UnionError("Nothing came in: choose the work files of your class.")

    def _figures(self, path: Path) -> None:
        reference = None
        with contextlib.suppress(UnionError):
            reference = load_codings("reference", self._corpus, self._codebook)
        if reference is not None:
            reference = reference[reference["sentence"].isin(set(self.group.codings["sentence"]))]
        table = all_figures(self.group.codings, reference, self._corpus, self._codebook)
        write_csv(table.columns, table.itertuples(index=False), path)

    def _sent(self, name: str, write: Callable[[Path], object]) -> dict[str, Any]:
        """Hand a file to the browser; nothing of it stays here."""
        if self.group.codings.empty:
            raise UnionError("There is no coding to save yet: choose the work files of your class.")
        name = f"{'invented' if self.group.invented else 'class'}-{name}"
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder, name))
            self.send({"do": "download", "name": name}, buffers=[Path(folder, name).read_bytes()])
        return {"told": f"Your browser keeps {name} among its downloads."}


def my_class(
    files: Files | None = None,
    corpus: Corpus | None = None,
    codebook: Codebook | None = None,
    *,
    names: bool = False,
) -> ClassPanel:
    """Show a place to drop the work files of a class; ``group`` of what comes back is the class, invented as long as no file is here.

    ``files`` can be a folder instead. Learners' names are shown with ``names`` only. What is dropped stays in the memory
    of this notebook: nothing is written to the disk. The rest is as for :func:`helpers.classroom.classes.read_class`.

    >>> my_class().group
    <A class of 30 invented learners: 792 codings, 2 things noticed>
    """
    return ClassPanel(files, corpus or load_corpus(), codebook or load_codebook(), names)
