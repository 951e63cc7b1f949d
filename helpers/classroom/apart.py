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
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.classroom.fence import fence_in
from helpers.classroom.work import resume_work
from helpers.coding.journal import Journal
from helpers.corpus.errors import UnionError

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 20.0  # for a cell; all together may take four times as long
_MEMORY, _FILE, _DISK = 1_500, 20, 100  # megabytes
_LONGEST, _MOST_ITEMS, _DEEPEST = 20_000, 2_000, 4
_START = "import sys; sys.path.insert(0, {root!r}); from helpers.classroom.apart import wait_for_orders; wait_for_orders()"
_QUIET = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PYTHONUTF8")


@dataclass
class Run:
    """What came of a learner's code: ``answers`` by name; by cell, what was ``printed`` and ``errors``; ``refused``; a ``trouble``."""

    answers: dict[str, Any] = field(default_factory=dict)
    printed: dict[int, str] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    trouble: str = ""


class Apart:
    """A process that has all libraries loaded, and starts another one for the code of each learner.

    >>> with Apart() as apart:
    ...     run = apart.run(["rate = 4 / 390", "hits = [1, 2", "print(rate > 0)"], ["rate", "hits"])
    >>> run.answers, run.printed[2].strip(), list(run.errors)
    ({'rate': 0.010256410256410256}, 'True', [1])
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, *problem: object) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()

    def run(
        self,
        cells: Sequence[str],
        names: Sequence[str],
        work: Sequence[bytes] = (),
        seconds: float = SECONDS,
    ) -> Run:
        """Run the cells of a learner, with the work files that were handed in; each cell has some ``seconds``."""
        found = Run()
        with tempfile.TemporaryDirectory(prefix="apart-", ignore_cleanup_errors=True) as folder:
            order = {
                "cells": list(cells),
                "names": list(names),
                "folder": folder,
                "seconds": seconds,
            }
            place = Path(folder, "place")
            place.mkdir()
            for file in work:
                try:
                    resume_work(file, Journal(place / "my-work"))
                except UnionError as problem:
                    found.trouble = str(problem)
            found.trouble = self._ordered(order) or found.trouble
            for line in _lines(Path(folder, "told.jsonl")):
                with contextlib.suppress(ValueError, TypeError, KeyError, RecursionError):
                    _take(json.loads(line), found)
        if len(found.printed) < len(cells):
            found.trouble = found.trouble or "The code broke off before its end."
        return found

    def _ordered(self, order: dict[str, Any]) -> str:
        """Have an order carried out; gives what went wrong, if anything."""
        if not self._process or self._process.poll() is not None:
            env = (
                dict.fromkeys(_QUIET, "1")
                | {"UNION_WORK_FOLDER": "my-work"}
                | {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
            )
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-B", "-c", _START.format(root=str(ROOT))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                env=env,
            )
        try:
            print(json.dumps(order), file=self._process.stdin, flush=True)
            return json.loads(self._process.stdout.readline())
        except (OSError, ValueError):
            self._process.kill()
            return "The code could not be run."


def names_in(sources: Iterable[str]) -> list[str]:
    """The names that some cells give a value to.

    >>> names_in(["rate, hits = 1, 2", "import os", "def f(): x = 1", "not Python"])
    ['hits', 'rate']
    """
    found = set()
    for source in sources:
        with contextlib.suppress(SyntaxError):
            for line in ast.parse(source).body:
                if isinstance(line, ast.Assign):
                    found |= {
                        node.id
                        for node in ast.walk(line)
                        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
                    }
    return sorted(found)


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines() if path.is_file() else []


def _take(step: dict[str, Any], found: Run) -> None:
    cell, printed, error, answers = (
        int(step["cell"]),
        str(step["printed"]),
        str(step["error"]),
        dict(step["answers"]),
    )
    found.printed[cell], found.answers = printed[:_LONGEST], answers
    found.refused |= {str(told)[:200] for told in step["refused"]}
    if error:
        found.errors[cell] = error[:1_000]


def wait_for_orders() -> None:
    """In the process with the libraries: carry out each order that comes, and say what went wrong with it."""
    _load_libraries()
    way = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    for line in sys.stdin:
        order = json.loads(line)
        process = multiprocessing.get_context(way).Process(target=_learner, args=(order,))
        process.start()
        print(
            json.dumps(_watched(process, Path(order["folder"]), 4 * order["seconds"])), flush=True
        )


def _load_libraries() -> None:
    """All that a lesson uses, before there is a fence, as loading looks round in the machine."""
    import anywidget  # noqa: F401
    import ipywidgets  # noqa: F401
    import matplotlib.pyplot
    import scipy.stats  # noqa: F401
    import sklearn.linear_model  # noqa: F401

    import helpers

    matplotlib.use("Agg")
    for name in helpers.__all__:
        getattr(helpers, name)
    helpers.modal_clauses(helpers.load_corpus()["kctu"])


def _watched(process: multiprocessing.Process, folder: Path, seconds: float) -> str:
    """Wait for the end of a process, or make one; gives why."""
    until, trouble = time.monotonic() + seconds, ""
    while process.is_alive() and not trouble:
        process.join(0.05)
        if time.monotonic() > until:
            trouble = "The code did not come to an end, so it was stopped."
        elif _size(folder) > _DISK << 20:
            trouble = "The code wrote too much, so it was stopped."
    with contextlib.suppress(OSError, AttributeError):  # whatever it has started too
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()
    return trouble


def _size(folder: Path) -> int:
    with contextlib.suppress(OSError):
        return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return 0


def _learner(order: dict[str, Any]) -> None:
    """In the process apart: run the cells of the order, and write down what came of each."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    place = _moved_in(order["folder"])
    shell = InteractiveShell.instance(
        config=Config(
            {"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "NoColor"}}
        )
    )
    shell.showtraceback = shell.showsyntaxerror = lambda *given, **named: None
    with open(Path(order["folder"], "told.jsonl"), "a", encoding="utf-8") as told:
        refused = fence_in(
            [str(ROOT / "helpers"), str(ROOT / "corpus")],
            place,
            seconds=120,
            megabytes=_MEMORY,
            file_megabytes=_FILE,
        )
        for number, source in enumerate(order["cells"]):
            printed = _Short()
            with (
                contextlib.redirect_stdout(printed),
                contextlib.redirect_stderr(printed),
                _alarm(order["seconds"]),
            ):
                done = shell.run_cell(source, store_history=False)
            answers = {
                name: plain(shell.user_ns[name]) for name in order["names"] if name in shell.user_ns
            }
            answers = {name: value for name, value in answers.items() if value is not None}
            step = {
                "cell": number,
                "printed": printed.getvalue(),
                "error": _error(done.error_before_exec or done.error_in_exec),
            }
            print(
                json.dumps(step | {"answers": answers, "refused": sorted(set(refused))}),
                file=told,
                flush=True,
            )
            refused.clear()


def _moved_in(folder: str) -> str:
    """Make the learner's folder the home and the work folder of this process, and let go of all else; gives the folder."""
    place = str(Path(folder, "place"))
    os.chdir(place)
    if hasattr(os, "setsid"):
        os.setsid()
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_RDWR), stream)
    os.environ.update(dict.fromkeys(("HOME", "TMPDIR", "TEMP", "MPLCONFIGDIR"), place))
    return place


class TimeUp(BaseException):
    """A cell has run for too long; no ordinary ``except`` catches it."""


class _Short(io.StringIO):
    """A stream that keeps the beginning of what is written to it."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, _LONGEST - self.tell())])
        return len(text)


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Break off what takes too long, again each second, where the system has alarms."""

    def ring(*given: object) -> None:
        raise TimeUp(f"This cell did not come to an end in {seconds:g} seconds.")

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
    """An error in one line, or nothing where there is none."""
    if problem is None or isinstance(problem, UnionError):
        return str(problem or "")
    said = ""
    with contextlib.suppress(BaseException):
        said = (
            str(problem.msg if isinstance(problem, SyntaxError) else problem)
            .strip()
            .partition("\n")[0]
        )
    return f"{type(problem).__name__}: {said}" if said else type(problem).__name__


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
