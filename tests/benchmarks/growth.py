"""Time and memory of clean() and split_sentences() as a document grows: ``python
tests/benchmarks/growth.py [MB]``.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import prose

_SIZES = [10_000, 100_000, 1_000_000, 10_000_000, 50_000_000]
_MOST_MEMORY, _MOST_GROWTH = 12.0, 1.5


def measure(path: Path) -> dict[str, float]:
    """What one file costs in this process, which must be a fresh one."""
    from helpers.corpus.cleaning import clean
    from helpers.corpus.sentences import split_sentences

    split_sentences(clean("A short text -- with “quotes”.\n\n- 8 -\n\nAnd an end.").text)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    data = path.read_bytes()
    start = time.process_time()  # of this process alone, whatever else the computer does
    cleaning = clean(data)
    middle = time.process_time()
    sentences = split_sentences(cleaning.text)
    end = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "bytes": len(data),
        "clean": middle - start,
        "split": end - middle,
        "before": before * 1024,
        "peak": peak * 1024,
        "sentences": len(sentences),
        "edits": sum(len(record.edits) for record in cleaning.records),
    }


def _alone(*arguments: str) -> str:
    return subprocess.run(
        [sys.executable, __file__, *arguments], check=True, capture_output=True, text=True
    ).stdout


def main() -> int:
    """Print a Markdown table; 1 if time is not linear or memory too much."""
    most = float(sys.argv[1]) * 1_000_000 if len(sys.argv) > 1 else _SIZES[-1]
    print(
        "| text | cleaning s | sentences s | s per MB | peak MB above start | times the text "
        "| edits | sentences |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    a_megabyte, memory = {}, {}
    for size in _SIZES:
        if size > most:
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "text.txt")
            _alone(
                "--write", str(path), str(size)
            )  # not here: on Linux a child's peak memory begins at its parent's
            one = json.loads(_alone("--one", str(path)))
        million = one["bytes"] / 1e6
        above = one["peak"] - one["before"]
        a_megabyte[size], memory[size] = (
            (one["clean"] + one["split"]) / million,
            above / one["bytes"],
        )
        print(
            f"| {million:.2f} MB | {one['clean']:.2f} | {one['split']:.2f} | "
            f"{a_megabyte[size]:.2f} | {above / 1e6:.1f} | "
            f"{memory[size]:.1f} | {one['edits']:,} | {one['sentences']:,} |",
            flush=True,
        )
    large = [size for size in a_megabyte if size >= 1_000_000]
    if not large:
        return 0
    growth = max(a_megabyte[size] for size in large) / min(a_megabyte[size] for size in large)
    heaviest = max(memory[size] for size in large)
    good = growth <= _MOST_GROWTH and heaviest <= _MOST_MEMORY
    verdict = "good" if good else "NOT MET"
    print(f"\nFrom 1 MB on: time per MB varies {growth:.2f}-fold (aim {_MOST_GROWTH:g});")
    print(f"memory at most {heaviest:.1f} times the size (aim {_MOST_MEMORY:g}): {verdict}.")
    return 0 if good else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        Path(sys.argv[2]).write_text(prose.wrapped(int(sys.argv[3]), paged=True), encoding="utf-8")
    elif sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(Path(sys.argv[2]))))
    else:
        sys.exit(main())
