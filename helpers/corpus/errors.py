"""The one kind of error that learners see: a sentence that says what to do."""

import textwrap


class UnionError(ValueError):
    """Something a learner or teacher can mend, said in one sentence.

    In a notebook only the sentence is shown, without a traceback; in a
    program it is an ordinary ``ValueError``.

    >>> print(*UnionError("Nothing is coded yet: code some sentences first.")._render_traceback_())
    Please note: Nothing is coded yet: code some sentences first.
    """

    def _render_traceback_(self) -> list[str]:
        """What IPython prints in place of the traceback; JupyterLab would break a long line within
        words."""
        said = f"Please note: {self}"
        return [textwrap.fill(said, 90, break_long_words=False, break_on_hyphens=False)]
