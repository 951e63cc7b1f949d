"""A class of a hundred, graded twice: how long it takes, how much memory, and that nothing ran.

``python tests/benchmarks/grading.py``: 100 notebooks of the four assignments, 76 in order with
words and some values of their own, and 24 of bad kinds, hostile code among them.
"""

import contextlib
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fuzzing import damaged
from handing_in import (
    NAMES,
    ONE,
    THREE,
    TWO,
    added,
    bare,
    by_id,
    hand_in,
    hostile,
    right_values,
    solved,
    twice,
    untouched,
    with_answers,
    without,
    work_file,
)

SECONDS = 10  # of a processor; what it takes by the clock depends on what else runs


def hand_all_in(folder, victim):
    for number in range(76):
        name, learner = NAMES[number % 4], f"learner {number:02d}"
        notebook = solved(name, words=f"In my words, {number}.")
        if name == TWO:  # answers that differ from learner to learner
            about = by_id(notebook)["a2-five"]
            about.source += f"\nright_of_five = {number % 6}"
            by_id(notebook)[
                "a2-more"
            ].source = f"one_more_in_aims = {number}\none_more_in_letter = 1"
        notebook = untouched(name) if number % 19 == 0 else notebook
        hand_in(notebook, folder / learner / f"{name}.ipynb")
        if name == THREE:
            work_file(folder / learner / f"my-work-{number}.zip", different=3)
    for number in range(2):
        bad = {
            "hostile": with_answers(ONE, {"a1-date": hostile(victim)}, f"h{number}"),
            "hostile cell": added(solved(ONE, words=f"c{number}"), hostile(victim)),
            "computed": with_answers(
                ONE, {"a1-date": "line_for_the_date = len('abc')"}, f"l{number}"
            ),
            "misspelt": with_answers(ONE, {"a1-date": "line = = 1"}, f"m{number}"),
            "deep": added(solved(ONE, words=f"d{number}"), "[" * 5_000 + "-" * 5_000),
            "deleted": without(solved(ONE, words=f"w{number}"), "a1-date", "a1-given"),
            "doubled": twice(solved(ONE, words=f"t{number}"), "a1-date"),
            "bare": bare(solved(ONE, words=f"b{number}"), ids=False),
            "without work": solved(THREE, words=f"n{number}"),
            "copied": solved(ONE, words="The same words."),
        }
        for kind, notebook in bad.items():
            name = THREE if kind == "without work" else ONE
            hand_in(notebook, folder / f"{kind} {number}" / f"{name}.ipynb")
        for kind, data in {"broken": b"{", "damaged": damaged(solved(ONE), number + 7)}.items():
            path = folder / f"{kind} {number}" / f"{ONE}.ipynb"
            path.parent.mkdir()
            path.write_bytes(data)


def main():
    for name in NAMES:  # the tests' own work, which is no part of grading
        right_values(name)
    with tempfile.TemporaryDirectory() as place:
        folder, victim = Path(place, "class"), Path(place, "it-ran")
        hand_all_in(folder, victim)
        program = (
            "import sys; from helpers.classroom.grading import KEY, grade_class; "
            "grade_class(sys.argv[1], KEY)"
        )
        took, tables = [], []
        for _ in range(2):
            began = time.perf_counter()
            status = os.spawnv(
                os.P_WAIT, sys.executable, [sys.executable, "-c", program, str(folder)]
            )
            took.append(time.perf_counter() - began)
            out = folder.with_name("class-graded")
            tables.append([(out / name).read_bytes() for name in ("scores.csv", "to-read.csv")])
            assert status == 0
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        rows = pd.read_csv(out / "scores.csv").fillna({"remarks": ""})
        load = ""
        with contextlib.suppress(OSError):
            load = f"; load {os.getloadavg()[0]:.1f}"
        print(
            f"{len(rows)} handed in; {took[0]:.1f} s and {took[1]:.1f} s, from start to end{load}"
        )
        print(
            f"processor time: {used.ru_utime / 2:.1f} s a run; memory: {used.ru_maxrss // 1024} MB"
        )
        print(f"a file that hostile code would write is there: {victim.exists()}")
        print(f"twice the same: {tables[0] == tables[1]}")
        order = rows[rows["learner"].str.startswith("learner")]
        for (name, points), some in order.groupby(["assignment", "automatic"]):
            print(f"  {name}: {float(points):g} points, {len(some)} learners in order")
        for row in rows[rows["learner"].str.endswith(" 0")].itertuples():
            points = f"{row.automatic:g} points, {row[7]:g} answers to read"
            print(f"  {row.learner[:-2]}: {points.replace('nan', 'no')}. {row.remarks}")
        assert len(rows) == 100 and not victim.exists() and tables[0] == tables[1]
        assert used.ru_utime / 2 < SECONDS


if __name__ == "__main__":
    main()
