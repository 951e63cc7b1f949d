"""A learner's code, run apart: in a process of its own, in an empty folder, behind a fence, and only for so long.

The process is given the code of the learner's cells and the names of the answers, and nothing else: no test, no key, no
environment. It gives back what each cell printed, and the answers as plain values (numbers, texts, lists and dictionaries of
these), which are looked at elsewhere. So nothing that a learner's code does can change how it is marked.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.classroom.fence import fence_in
from helpers.classroom.work import resume_work
from helpers.coding.journal import Journal
from helpers.text.errors import UnionError

ROOT = Path(__file__).resolve().parents[2]
_CELL, _WHOLE = 20, 90  # seconds for a cell and for all
_MEMORY, _FILE, _DISK = 4_000, 20, 100  # megabytes
_LONGEST, _MOST_ITEMS, _DEEPEST = 20_000, 2_000, 4
_START = "import sys; sys.path.insert(0, {root!r}); from helpers.classroom.apart import learner; learner()"


@dataclass
class Run:
    """What came of a learner's code: ``answers`` by name, what each cell ``printed``, the ``errors`` by cell, and a ``trouble``."""

    answers: dict[str, Any] = field(default_factory=dict)
    printed: dict[int, str] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    trouble: str = ""


def names_in(sources: Iterable[str]) -> list[str]:
    """The names that some cells give a value to.

    >>> names_in(["rate, hits = 1, 2", "import os", "def f(): x = 1", "not Python"])
    ['hits', 'rate']
    """
    found = set()
    for source in sources:
        with contextlib.suppress(SyntaxError):
            for line in ast.parse(source).body:
                if isinstance(line, ast.Assign | ast.AnnAssign):
                    found |= {node.id for node in ast.walk(line) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return sorted(found)


def run_apart(cells: Sequence[str], names: Sequence[str], work: Sequence[bytes] = (), seconds: float = _CELL) -> Run:
    """Run the cells of a learner with the work files that were handed in; each cell has some ``seconds``.

    >>> run_apart(["rate = 4 / 390", "hits = [1, 2"], ["rate", "hits"]).answers
    {'rate': 0.010256410256410256}
    """
    found = Run()
    with tempfile.TemporaryDirectory(prefix="apart-", ignore_cleanup_errors=True) as folder:
        place, told = Path(folder, "place"), Path(folder, "told.jsonl")
        place.mkdir()
        for file in work:
            try:
                resume_work(file, Journal(place / "my-work"))
            except UnionError as problem:
                found.trouble = str(problem)
        order = {"cells": list(cells), "names": list(names), "place": str(place), "told": str(told), "seconds": seconds}
        found.trouble = _watched(order, Path(folder), min(_WHOLE, 4 * seconds + 20)) or found.trouble
        for line in told.read_bytes().splitlines() if told.exists() else []:
            with contextlib.suppress(ValueError, TypeError, KeyError, RecursionError):
                _take(json.loads(line), found)
    return found


def _take(step: dict[str, Any], found: Run) -> None:
    cell, printed, error, answers = int(step["cell"]), str(step["printed"]), str(step["error"]), dict(step["answers"])
    found.printed[cell], found.answers = printed[:_LONGEST], answers
    if error:
        found.errors[cell] = error[:1_000]


def _watched(order: dict[str, Any], folder: Path, seconds: float) -> str:
    """Start the process and wait for its end, or make one; gives what went wrong, if anything."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    place = order["place"]
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    quiet = {"HOME": place, "TMPDIR": place, "TEMP": place, "UNION_WORK_FOLDER": str(Path(place, "my-work")), "MPLBACKEND": "Agg"}
    process = subprocess.Popen(
        [sys.executable, "-I", "-B", "-c", _START.format(root=str(ROOT))],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        cwd=place, env=kept | one | quiet | {"PYTHONUTF8": "1"}, start_new_session=True,
    )  # fmt: skip
    until, trouble = time.monotonic() + seconds, ""
    try:
        with contextlib.suppress(OSError):
            process.stdin.write(json.dumps(order).encode())
            process.stdin.close()
        while process.poll() is None and not trouble:
            time.sleep(0.05)
            if time.monotonic() > until:
                trouble = "The code did not come to an end, so it was stopped."
            elif _size(folder) > _DISK << 20:
                trouble = "The code wrote too much, so it was stopped."
    finally:
        with contextlib.suppress(OSError):  # whatever it has started too
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
        process.wait()
    return trouble or ("The code broke off before its end." if process.returncode else "")


def _size(folder: Path) -> int:
    with contextlib.suppress(OSError):
        return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return 0


def learner() -> None:
    """In the process apart: run the cells that stand in the order, and write down what came of each."""
    order = json.loads(sys.stdin.buffer.read())
    import pandas  # noqa: F401 - before the fence, as loading it looks round in the machine
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    import helpers.text.corpus

    helpers.text.corpus.load_corpus()
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "NoColor"}}))
    shell.showtraceback = shell.showsyntaxerror = lambda *given, **named: None
    with open(order["told"], "a", encoding="utf-8") as told:
        fence_in([str(ROOT / "helpers"), str(ROOT / "corpus")], order["place"], seconds=_WHOLE, megabytes=_MEMORY, file_megabytes=_FILE)
        for number, source in enumerate(order["cells"]):
            printed = _Short()
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), _alarm(order["seconds"]):
                done = shell.run_cell(source, store_history=False)
            answers = {name: plain(shell.user_ns[name]) for name in order["names"] if name in shell.user_ns}
            answers = {name: value for name, value in answers.items() if value is not None}
            step = {"cell": number, "printed": printed.getvalue(), "error": _error(done.error_before_exec or done.error_in_exec)}
            print(json.dumps(step | {"answers": answers}), file=told, flush=True)


class _Short(io.StringIO):
    """A stream that keeps the beginning of what is written to it."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, _LONGEST - self.tell())])
        return len(text)


@contextlib.contextmanager
def _alarm(seconds: float) -> Any:
    """Break off what takes too long, again each second, where the system has alarms."""

    def ring(*given: object) -> None:
        raise TimeoutError(f"This cell did not come to an end in {seconds:g} seconds.")

    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _error(problem: BaseException | None) -> str:
    """An error in one line."""
    try:
        said = str(problem).strip().splitlines() if problem is not None else []
    except BaseException:
        said = []
    name = type(problem).__name__
    return "" if problem is None else ": ".join([name, *said[:1]]) if name != "UnionError" else said[0]


def plain(value: Any, depth: int = 0) -> Any:
    """A value as plain data, or None for one that is no number, text, list or dictionary of these.

    >>> plain({"codes": ("voice", "rights"), "rate": 10.3}), plain(...), plain(math.inf)
    ({'codes': ['voice', 'rights'], 'rate': 10.3}, None, None)
    """
    if type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0:
        value = value.item()
    kind = type(value)
    if kind is bool or (kind in (int, float) and math.isfinite(value) and abs(value) < 1e15):
        return value
    if kind is str:
        return value[:_LONGEST].encode("utf-8", "replace").decode()
    if kind not in (list, tuple, set, dict) or depth == _DEEPEST or len(value) > _MOST_ITEMS:
        return None
    if kind is dict:
        return {key: plain(item, depth + 1) for key, item in value.items() if type(key) is str}
    return [plain(item, depth + 1) for item in value]
