"""The one kind of error that learners see: a sentence that says what to do."""

from __future__ import annotations

import textwrap


class UnionError(ValueError):
    """Something a learner or teacher can mend, said in one sentence.

    In a notebook only the sentence is shown, without a traceback; in a
    program it is an ordinary ``ValueError``.

    >>> raise UnionError("The corpus folder is missing.")
    Traceback (most recent call last):
        ...
    helpers.corpus.errors.UnionError: The corpus folder is missing.
    """

    def _render_traceback_(self) -> list[str]:
        """What IPython prints in place of the traceback, in lines: JupyterLab would break a long one within words.

        >>> print(*UnionError("Nothing is coded in KCTU, Our Aims yet: code some sentences first, then look again.")._render_traceback_())
        Please note: Nothing is coded in KCTU, Our Aims yet: code some sentences first, then look
        again.
        """
        return [
            textwrap.fill(
                f"Please note: {self}", 90, break_long_words=False, break_on_hyphens=False
            )
        ]
