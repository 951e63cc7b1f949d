"""A place to drop the work files of a class: who is there, what was noticed, what to keep."""

import tempfile
from pathlib import Path
from typing import Any

from helpers.classroom.classes import Files, invented_class, read_class
from helpers.classroom.work import LARGEST_BYTES
from helpers.coding.coders import all_figures
from helpers.coding.codings import load_codings, write_codings
from helpers.corpus.documents import Corpus, load_corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.files import write_csv
from helpers.show.widget import Widget, on_binder, view

_INVENTED = "No work file is here, so this class is invented: 30 learners who never were."
_NEXT = "Now choose Run, then Run All Cells, and everything below is about them."
_dropped: list[tuple[str, bytes]] = []  # as long as the kernel runs, and nowhere else


class ClassPanel(Widget):
    """The work files of a class. Made by :func:`my_class`; ``group`` is the class they come to."""

    _esm = view("class")

    def __init__(self, files: Files | None, corpus: Corpus, names: bool) -> None:
        self._files, self._corpus, self._names = files, corpus, names
        super().__init__(
            told="", trouble="", largest=LARGEST_BYTES, public=on_binder(), **self._read()
        )

    def _read(self) -> dict[str, Any]:
        """Read what is there, or take the invented class; gives what the screen shows of it."""
        given = _dropped or self._files
        group = read_class(given, self._corpus, names=self._names) if given else invented_class()
        self.group, learners = group, group.learners.reset_index().astype(str)
        many = f"{len(learners)} learner{'s' * (len(learners) != 1)}"
        return {
            "title": "Your class" if given else "An invented class",
            "about": f"{many}, {len(group.codings):,} codings." if given else _INVENTED,
            "head": list(learners.columns),
            "rows": learners.to_numpy().tolist(),
            "noticed": list(group.noticed),
            "here": bool(_dropped),
        }

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        if do == "file" and files:
            _dropped.append((str(message.get("name", "a file")), files[0]))
            return {"told": f"Files that came in: {len(_dropped)}. Reading …"}
        if do == "read" and _dropped:
            now = self._read()
            return now | {"told": f"Files that came in: {len(_dropped)}. {now['about']} {_NEXT}"}
        if do == "forget":
            _dropped.clear()
            return self._read() | {"told": "The files are put away, and nothing of them is kept."}
        if do in ("codings", "figures"):
            return {"told": f"Your browser keeps {self._sent(do)} among its downloads."}
        raise UnionError("Nothing came in: choose the work files of your class.")

    def _sent(self, what: str) -> str:
        """Hand a table to the browser, of which nothing stays here; gives the name of the file."""
        codings = self.group.codings
        if codings.empty:
            raise UnionError("There is no coding to save yet: choose the work files of your class.")
        name = f"{'class' if _dropped or self._files else 'invented'}-{what}.csv"
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, name)
            if what == "codings":
                write_codings(codings, path)
            else:
                table = all_figures(codings, load_codings("reference"), self._corpus).astype(object)
                rows = table.where(table.notna(), "").itertuples(index=False)
                write_csv(table.columns, rows, path)
            self.send({"do": "download", "name": name}, buffers=[path.read_bytes()])
        return name


def my_class(
    files: Files | None = None, corpus: Corpus | None = None, *, names: bool = False
) -> ClassPanel:
    """Show a place to drop the work files of a class; ``group`` of it is the class.

    ``files`` can be a folder instead; the class is invented as long as there are none. The rest is
    as for :func:`read_class`.

    >>> my_class().group
    <A class: 30 learners, 792 codings>
    """
    return ClassPanel(files, corpus or load_corpus(), names)
