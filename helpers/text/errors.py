"""The one kind of error that learners see: a sentence that says what to do."""

from __future__ import annotations

import errno
import textwrap
from pathlib import Path


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
        """What IPython prints in place of the traceback, in lines: JupyterLab would break a long one within words.

        >>> print(*UnionError("Nothing is coded in KCTU, Our Aims yet: code some sentences first, then look again.")._render_traceback_())
        Please note: Nothing is coded in KCTU, Our Aims yet: code some sentences first, then look
        again.
        """
        return [textwrap.fill(f"Please note: {self}", 90, break_long_words=False, break_on_hyphens=False)]


def disk_trouble(problem: OSError, folder: Path) -> UnionError:
    """What to say where something could not be saved in the work folder.

    >>> print(disk_trouble(OSError(28, "No space left on device"), Path("my-work")))
    The disk is full, so this was not saved in the work folder (my-work): delete something you do not need, then do it again.
    """
    where = f"the work folder ({folder.name})"
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return UnionError(f"The disk is full, so this was not saved in {where}: delete something you do not need, then do it again.")
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return UnionError(f"Nothing may be written to {where}, so this was not saved: ask for the right to write there, then do it again.")
    return UnionError(f"This was not saved in {where} ({problem.strerror}): check the folder, then do it again.")
