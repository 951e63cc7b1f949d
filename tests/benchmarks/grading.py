"""A class of a hundred, graded twice: how long it takes, how much memory, and whether anything is lost or comes out otherwise.

``python tests/benchmarks/grading.py``: 100 notebooks of the four assignments, 76 in order and 24 of bad kinds.
"""

import contextlib
import csv
import os
import resource
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from handing_in import (
    NAMES,
    added,
    bare,
    forged,
    hand_in,
    hostile,
    solved,
    truncated,
    twice,
    untouched,
    with_answers,
    without,
    work_file,
)
from helpers.classroom.course import KEY

from helpers.classroom.grading import grade_class

ONE, _, THREE, _ = NAMES
SECONDS = 240  # what is promised on two cores


def hand_all_in(folder, victim):
    for number in range(76):
        name, learner = NAMES[number % 4], f"learner {number:02d}"
        hand_in(
            untouched(name) if number % 19 == 0 else solved(name),
            folder / learner / f"{name}.ipynb",
        )
        if name == THREE:
            work_file(
                folder / learner / f"my-work-{number}.zip", solved(THREE), victim / f"work-{number}"
            )
    bad = {
        "endless": added(solved(ONE), "while True: pass"),
        "hostile": added(solved(ONE), hostile(victim, KEY / ONE / f"{ONE}.ipynb")),
        "gone": added(solved(ONE), "import os\nos._exit(1)"),
        "greedy": added(solved(ONE), "much = bytearray(10**11)"),
        "loud": added(solved(ONE), "for i in range(10**4): print('x' * 1000)"),
        "forged": forged(ONE),
        "deleted": without(solved(ONE), "a1-date", "a1-date-points", "a1-given"),
        "doubled": twice(solved(ONE), "a1-date"),
        "bare": bare(solved(ONE)),
        "misspelt": with_answers(ONE, "a1-date", "line = = 1"),
        "without work": solved(THREE),
    }
    for kind, notebook in bad.items():
        for number in range(2):
            hand_in(
                notebook,
                folder / f"{kind} {number}" / f"{THREE if kind == 'without work' else ONE}.ipynb",
            )
    for number in range(2):
        truncated(solved(ONE), folder / f"broken {number}" / f"{ONE}.ipynb")


class Memory(threading.Thread):
    """The most memory that this process and those it has started used at one time, in megabytes (Linux)."""

    def __init__(self):
        super().__init__(daemon=True)
        self.most = 0

    def run(self):
        while True:
            self.most = max(self.most, sum(self.used()))
            time.sleep(1)

    def used(self):
        parents = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                parents[path.parent.name] = path.read_text().rpartition(")")[2].split()[1]
        for id in parents:
            above = id
            while above in parents and above != str(os.getpid()):
                above = parents[above]
            with contextlib.suppress(OSError):
                if above == str(os.getpid()):
                    lines = Path("/proc", id, "smaps_rollup").read_text().splitlines()
                    yield from (
                        int(line.split()[1]) // 1024 for line in lines if line.startswith("Pss:")
                    )


def main():
    with tempfile.TemporaryDirectory() as folder:
        class_folder, victim = Path(folder, "class"), Path(folder, "teacher")
        victim.mkdir()
        (victim / "precious.txt").write_text("still here")
        hand_all_in(class_folder, victim)
        memory, took, tables = Memory(), [], []
        memory.start()
        for _ in range(2):
            began = time.perf_counter()
            out = grade_class(class_folder, KEY, seconds=10)
            took.append(time.perf_counter() - began)
            tables.append([(out / name).read_bytes() for name in ("scores.csv", "to-read.csv")])
        rows = list(
            csv.DictReader((out / "scores.csv").read_text(encoding="utf-8-sig").splitlines())
        )
        points = Counter(
            (row["assignment"], row["automatic"])
            for row in rows
            if row["learner"].startswith("learner")
        )
        print(
            f"{len(rows)} handed in; {took[0]:.0f} s and {took[1]:.0f} s on {os.cpu_count()} cores; load now {os.getloadavg()[0]:.1f}"
        )
        used = sum(
            resource.getrusage(who).ru_utime
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        print(f"processor time of the grader itself: {used:.0f} s for both runs")
        print(
            f"memory: {memory.most} MB at most, with all processes; twice the same: {tables[0] == tables[1]}"
        )
        for (name, given), many in sorted(points.items()):
            print(f"  {name}: {given} points, {many} learners in order")
        for row in rows:
            if not row["learner"].startswith("learner") and row["learner"].endswith("0"):
                print(
                    f"  {row['learner'][:-2]}: {row['automatic'] or 'no points'}. {row['remarks']}"
                )
        assert len(rows) == 100
        once, again = (b"".join(each).splitlines() for each in tables)
        assert once == again, set(once) ^ set(again)
        assert (victim / "precious.txt").read_text() == "still here"
        assert max(took) < SECONDS


if __name__ == "__main__":
    main()
