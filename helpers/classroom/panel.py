"""Three buttons for a lesson: save all work to a file, go on from one, start as someone else."""

from typing import Any

from helpers.classroom.work import LARGEST_BYTES, put_away, resume_work, save_work
from helpers.coding.journal import Journal, my_journal
from helpers.corpus.errors import UnionError
from helpers.show.widget import Widget, on_binder, view

_HERE = (
    "What you do is saved on this computer as you do it. "
    "A file lets you go on elsewhere, or hand your work in."
)
_BINDER = (
    "This is Binder: the machine forgets everything when it stops, "
    "after some minutes without use. Save to a file before you go."
)


class WorkPanel(Widget):
    """Save, resume, and start anew, a button each. Made by :func:`my_work`."""

    _esm = view("work")

    def __init__(self, journal: Journal) -> None:
        self._journal, self._refused = journal, b""
        warning = _BINDER if on_binder() else _HERE
        super().__init__(warning=warning, largest=LARGEST_BYTES, told="", trouble="")

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        if do == "save":
            saved = save_work(self._journal)
            data = saved.path.read_bytes()
            self.send({"do": "download", "name": saved.path.name}, buffers=[data])
            return {"told": f"{saved!r} Your browser keeps a copy among its downloads."}
        if do == "anew":
            told = put_away(self._journal)
            return {"told": f"{told} Choose Run, then Run All Cells, to start empty."}
        if do == "resume" and files:
            # Another learner's file is taken only when it is chosen a second time.
            again, self._refused = files[0] == self._refused, files[0]
            told = resume_work(files[0], self._journal, another=again)
            return {"told": f"{told} Run the cells again to see your earlier answers."}
        raise UnionError("Nothing was done: choose a work file, or press Save.")


def my_work(journal: Journal | None = None) -> WorkPanel:
    """Show buttons to save all work to a file, to go on from such a file, and to start anew."""
    return WorkPanel(journal or my_journal())
