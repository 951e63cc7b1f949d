"""What every message to a learner must be: one sentence, that says what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from helpers.corpus.errors import UnionError

# What to do comes after the colon, as an order: these are the orders that the helpers give.
_ORDERS = re.compile(
    r"(?:\A(?:Give|Choose)\b|[:,;]\s(?:or |and )?(?:choose|answer|use|give|add|get|save|correct|mend|make|move|split|write|"
    r"delete|ask|check|run|end|shorten|leave|code|tag|open|copy|paste|print|unpack|type)\b)"
)


def assert_one_sentence(message: str) -> None:
    """A message is a single line, ends with a full stop, has no other sentence in it and says
    what to do.
    """
    assert message == message.strip() and "\n" not in message, message
    assert message.endswith(".") and not message.endswith(".."), message
    assert (
        message[0].isupper()
        or message[0] in "'\""
        or re.match(r"[\w./-]+\.\w+ |\d|the file ", message)
    ), message
    assert "Traceback" not in message and "Error" not in message and "Errno" not in message, message
    inside = re.sub(r"'[^']*'|“[^”]*”|\([^)]*\)", "", message[:-1])
    assert not re.search(r"[.!?]\s+[A-Z]", inside), f"more than one sentence: {message}"
    assert _ORDERS.search(message), f"does not say what to do: {message}"


@contextmanager
def trouble(*words: str) -> Iterator[Callable[[], str]]:
    """Expect a UnionError in one good sentence that names ``words``."""
    said: list[str] = []
    with pytest.raises(UnionError) as caught:
        yield lambda: said[0]
    said.append(str(caught.value))
    assert_one_sentence(said[0])
    for word in words:
        assert word in said[0], f"{word!r} is not in: {said[0]}"
