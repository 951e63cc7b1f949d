"""Time of ``import helpers`` in fresh interpreters, and what heavy it loads: ``python
tests/benchmarks/imports.py``.
"""

from __future__ import annotations

import statistics
import subprocess
import sys

import prose

_HEAVY = [
    "IPython",
    "anywidget",
    "charset_normalizer",
    "ftfy",
    "ipywidgets",
    "matplotlib",
    "nltk",
    "numpy",
    "pandas",
    "scipy",
    "sklearn",
]
_TIMED = "import time; start = time.perf_counter(); {}; print(time.perf_counter() - start)"


def fresh(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=prose.ROOT
    ).stdout


def main() -> None:
    print("| statement | median of 10, ms | heavy modules loaded |\n|---|---:|---|")
    for statement in (
        "import helpers",
        "from helpers import load_corpus",
        "from helpers import clean",
        "from helpers import Journal",
        "from helpers import check",
        "import pandas",
    ):
        times = [float(fresh(_TIMED.format(statement))) for _ in range(10)]
        loaded = fresh(
            f"{statement}; import sys; print(*(name for name in {_HEAVY} if name in sys.modules))"
        ).strip()
        print(f"| `{statement}` | {1000 * statistics.median(times):.1f} | {loaded or 'none'} |")


if __name__ == "__main__":
    main()
