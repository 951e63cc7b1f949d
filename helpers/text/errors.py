"""The one kind of error that learners see: a sentence that says what to do."""

from __future__ import annotations


class UnionError(ValueError):
    """Something a learner or teacher can mend, said in one sentence.

    In a notebook only the sentence is shown, without a traceback; in a
    program it is an ordinary ``ValueError``.

    >>> raise UnionError("The corpus folder is missing.")
    Traceback (most recent call last):
        ...
    helpers.text.errors.UnionError: The corpus folder is missing.
    """

    def _render_traceback_(self) -> list[str]:
        """What IPython prints in place of the traceback."""
        return [f"Please note: {self}"]
