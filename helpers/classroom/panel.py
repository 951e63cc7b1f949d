"""Two buttons for a lesson: save all work to a file, go on from one."""

from __future__ import annotations

from typing import Any

from helpers.classroom.work import LARGEST_BYTES, put_away, resume_work, save_work
from helpers.coding.journal import Journal, my_journal
from helpers.corpus.errors import UnionError
from helpers.show.widget import Widget, on_binder, view

_HERE = "What you do is saved on this computer as you do it. A file lets you go on elsewhere, or hand your work in."
_BINDER = "This is Binder: the machine forgets everything when it stops, after some minutes without use. Save to a file before you go."


class WorkPanel(Widget):
    """Save and resume, a button each. Made by :func:`my_work`."""

    _esm = view("work")

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        super().__init__(
            warning=_BINDER if on_binder() else _HERE, largest=LARGEST_BYTES, told="", trouble=""
        )

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        if do == "save":
            saved = save_work(self._journal)
            self.send(
                {"do": "download", "name": saved.path.name}, buffers=[saved.path.read_bytes()]
            )
            return {"told": f"{saved!r} Your browser keeps a copy among its downloads."}
        if do == "anew":
            return {
                "told": f"{put_away(self._journal)} Choose Run, then Run All Cells, to start empty."
            }
        if do == "resume" and files:
            told = resume_work(files[0], self._journal)
            return {"told": f"{told} Run the cells again to see your earlier answers."}
        raise UnionError("Nothing was done: choose a work file, or press Save.")


def my_work(journal: Journal | None = None) -> WorkPanel:
    """Show two buttons: one saves all work to a file, the other goes on from such a file."""
    return WorkPanel(journal or my_journal())
