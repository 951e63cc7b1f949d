"""What every widget shares: one look, one way to talk between screen and Python."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets
from jinja2 import Environment, FileSystemLoader

from helpers.coding.journal import my_journal
from helpers.corpus.errors import UnionError
from helpers.corpus.files import whole_characters

REMIND_AFTER = timedelta(minutes=10)  # as long as Binder leaves a machine that nobody uses
_VIEWS = Path(__file__).with_name("views")
_LOADER = FileSystemLoader(Path(__file__).with_name("templates"))
TEMPLATES = Environment(loader=_LOADER, autoescape=True)
_placed: set[str] = set()  # sentences on this page


def view(name: str, *parts: str) -> str:
    """The JavaScript of a view, after what all views share and the named parts."""
    return "".join(
        (_VIEWS / f"{each}.js").read_text(encoding="utf-8") for each in ("base", *parts, name)
    )


def style_sheet() -> str:
    """The style sheet of every widget, chart and page."""
    return (_VIEWS / "base.css").read_text(encoding="utf-8")


def page(content: str) -> str:
    """HTML in the look of the project, which pages of the reading edition bring themselves."""
    style = "" if _static() else f"<style>{style_sheet()}</style>"
    return f'{style}<div class="u-contain"><div class="u-base u-page">{content}</div></div>'


def _static() -> bool:
    """Whether this run is for the reading edition, on whose pages nothing runs."""
    return bool(os.environ.get("UNION_STATIC"))


def _first_here(id: str) -> bool:
    """Whether a sentence has no place on this page yet; it has one now."""
    first = id not in _placed
    _placed.add(id)
    return first


def on_binder() -> bool:
    """Whether this is Binder, a public machine that forgets everything when it stops."""
    return "BINDER_SERVICE_HOST" in os.environ or "BINDER_LAUNCH_HOST" in os.environ


def _unkept() -> dict[str, str]:
    """On Binder, when to remind the learner of work that is in no file yet: a time, or nothing."""
    if not on_binder():
        return {}
    since = my_journal().not_kept_since()
    return {"remind": since and (datetime.fromisoformat(since) + REMIND_AFTER).isoformat()}


class Widget(anywidget.AnyWidget):
    """A widget whose screen shows ``shown`` and sends back what the learner does.

    A subclass sets ``_esm`` and answers :meth:`act`. The screen changes only
    when ``shown`` does, so that nothing is confirmed before it is done.
    """

    _css = style_sheet()
    _passing: ClassVar[dict[str, Any]] = {}  # what of ``shown`` does not outlast a refusal
    shown = traitlets.Dict().tag(sync=True)

    def __init__(self, **shown: Any) -> None:
        self._pieces: list[bytes] = []
        super().__init__(shown=shown)
        self.on_msg(self._hear)

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        """What changes in ``shown`` by what a learner does. Raises :class:`UnionError`."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **how: Any) -> Any:
        if _static():
            kinds = [kind.__name__ for kind in type(self).__mro__]
            form = TEMPLATES.get_template("static.html")
            form = form.render(kinds=kinds, widget=self, first_here=_first_here)
            return {"text/html": page(form), "text/plain": repr(kinds[0])}, {}
        return super()._repr_mimebundle_(**how)

    def _hear(self, _: Any, message: dict[str, Any], buffers: list[Any]) -> None:
        """One message from the screen: trouble is shown as a sentence, and nothing else changes."""
        message = message if isinstance(message, dict) else {}
        message = {
            name: whole_characters(value) if isinstance(value, str) else value
            for name, value in message.items()
        }
        pieces = [*(self._pieces if message.get("joins") else []), *map(bytes, buffers)]
        if (
            message.get("do") == "piece"
        ):  # of a file too large for one message: the rest joins it with the next ones
            self._pieces = pieces
            return
        files, self._pieces = [b"".join(pieces)] if buffers else [], []
        try:
            change = {"trouble": "", **self.act(str(message.get("do")), message, files)}
        except UnionError as trouble:
            change = {**self._passing, "trouble": str(trouble)}
        turn = int(self.shown.get("turn", 0)) + 1
        self.shown = {**self.shown, **change, **_unkept(), "turn": turn}
