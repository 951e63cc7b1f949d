"""Run every benchmark, one after the other, and write ``docs/BENCHMARKS.md``: ``make
benchmarks``, on a machine with nothing else to do.

``make benchmarks ONLY="imports repaint"`` runs some of them, and leaves the figures of the
others as they are.
"""

import datetime
import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAPER = ROOT / "docs" / "BENCHMARKS.md"
WHAT = {
    "imports": "How quickly the helpers can be used",
    "accuracy": "Cleaning and sentences, beside other tools",
    "speed": "Time for cleaning and sentences, beside other tools",
    "growth": "Time and memory as a document grows",
    "coverage": "How often intervals hold what they should",
    "modals": "Modal clauses, against a table made by reading",
    "clauses": "Modal clauses, from one letter to a hundred",
    "path": "The way of a sentence, from the bytes of its file to a bar",
    "environment": "What is installed, and how large it is",
    "opening": "From opening a lesson to its first widget",
    "readability": "How plain the lessons are",
    "journal": "A journal of two hundred thousand actions",
    "latency": "From a key press to saved and shown",
    "repaint": "From a choice in a chart to the new drawing",
    "machine": "The machine coder, beside simpler ways and beside the coders",
    "thirty": "Thirty documents of one's own",
    "class_size": "The codings of a class",
    "grading": "A class of a hundred, graded",
}
HEAD = """# Measured figures

Written by `make benchmarks`: nothing here is typed in. Each part names its command, its day and its machine. Where a figure
misses what we aimed at, it stands here all the same.
"""


def machine():
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python "
        f"{platform.python_version()}"
    )


def section(name):
    """A benchmark's part of the paper: what it printed, tables as tables."""
    began = time.monotonic()
    script = f"tests/benchmarks/{name}.py"
    done = subprocess.run(
        [sys.executable, script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    took, today = time.monotonic() - began, datetime.datetime.now(datetime.UTC).date()
    said = done.stdout.strip() or "It printed nothing."
    if done.returncode and (
        why := done.stderr.strip().splitlines()[-1:]
    ):  # without a word, the figures miss an aim and say so
        said += f"\n\nIt ended with {done.returncode}: {why[0]}"
    blocks = [
        each if each.lstrip().startswith("|") else f"```text\n{each}\n```"
        for each in re.split(r"\n\s*\n|\n(?=\|)(?<!\|\n)", said)
    ]
    about = f"`python {script}`, {today}, {machine()}, {took:.0f} s."
    return f"## {WHAT[name]}\n<!-- {name} -->\n\n{about}\n\n" + "\n\n".join(blocks) + "\n"


def main():
    wanted = sys.argv[1:] or list(WHAT)
    if unknown := [name for name in wanted if name not in WHAT]:
        raise SystemExit(f"There is no benchmark {unknown[0]!r}: choose from {', '.join(WHAT)}.")
    earlier = PAPER.read_text(encoding="utf-8") if PAPER.exists() else ""
    parts = {
        re.search(r"<!-- (\w+) -->", part)[1]: part
        for part in re.split(r"^(?=## )", earlier, flags=re.MULTILINE)[1:]
    }
    for name in wanted:
        print(f"{name} …", flush=True)
        parts[name] = section(name)
        kept = "\n".join(parts[each].strip() + "\n" for each in WHAT if each in parts)
        PAPER.write_text(f"{HEAD}\n{kept}", encoding="utf-8")


if __name__ == "__main__":
    main()
