"""What `make lab` installs, beside Python itself: the size of each distribution, from the lists
of files that they were installed with.
"""

import importlib.metadata as metadata
import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
MOST = 12  # rows


def needed():
    """The distributions that the lessons need, and those that these need in turn."""
    todo = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "dependencies"
    ]
    found = {}
    while todo:
        wanted = Requirement(todo.pop())
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        if name in found or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        found[name] = metadata.distribution(name)
        todo += found[name].requires or []
    return found


def size(distribution):
    files = [distribution.locate_file(file) for file in distribution.files or []]
    return sum(file.stat().st_size for file in map(Path, files) if file.is_file()) / 1e6


def main():
    sizes = {name: size(each) for name, each in needed().items()}
    print(f"{len(sizes)} distributions, {sum(sizes.values()):.0f} MB installed\n")
    print("| distribution | MB | share |\n|---|---:|---:|")
    for name in sorted(sizes, key=sizes.get, reverse=True)[:MOST]:
        print(f"| {name} | {sizes[name]:.1f} | {100 * sizes[name] / sum(sizes.values()):.0f} % |")


if __name__ == "__main__":
    main()
