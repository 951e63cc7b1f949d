"""What every widget shares: one look, one way to talk between screen and Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

from helpers.coding.journal import whole
from helpers.text.errors import UnionError

_VIEWS = Path(__file__).with_name("views")


def view(name: str, *parts: str) -> str:
    """The JavaScript of a view, after what all views share and the named parts. Nothing comes from the network."""
    return "".join((_VIEWS / f"{each}.js").read_text(encoding="utf-8") for each in ("house", *parts, name))


def house_style() -> str:
    """The style sheet of every widget, chart and page."""
    return (_VIEWS / "house.css").read_text(encoding="utf-8")


class Surface(anywidget.AnyWidget):
    """A widget whose screen shows ``shown`` and sends back what the learner does.

    A subclass sets ``_esm`` and answers :meth:`act`. The screen changes only
    when ``shown`` does, so that nothing is confirmed before it is done.
    """

    _css = house_style()
    _passing: ClassVar[dict[str, Any]] = {}  # what of ``shown`` does not outlast a refusal
    shown = traitlets.Dict().tag(sync=True)

    def __init__(self, **shown: Any) -> None:
        super().__init__(shown=shown)
        self.on_msg(self._hear)

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        """What changes in ``shown`` when the learner does something. Raises :class:`UnionError` for trouble."""
        raise NotImplementedError

    def _hear(self, _: Any, message: dict[str, Any], buffers: list[Any]) -> None:
        """One message from the screen: trouble is shown as a sentence, and nothing else changes."""
        message = message if isinstance(message, dict) else {}
        message = {name: whole(value) if isinstance(value, str) else value for name, value in message.items()}
        try:
            change = {"trouble": "", **self.act(str(message.get("do")), message, [bytes(each) for each in buffers])}
        except UnionError as trouble:
            change = {**self._passing, "trouble": str(trouble)}
        turn = int(self.shown.get("turn", 0)) + 1
        self.shown = {**self.shown, **change, "turn": turn}
