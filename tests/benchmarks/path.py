"""The way of a sentence: which functions it passes from the bytes of its file to a bar of
`frame_profile`.
"""

import itertools
import sys
from pathlib import Path

from helpers import frame_profile, load_codings, load_corpus

PACKAGE = Path(__file__).resolve().parents[2] / "helpers"


def functions_passed(work):
    """The functions of the package that run during some work, in the order in which each is
    first called.
    """
    seen = {}

    def note(frame, event, _):
        path = Path(frame.f_code.co_filename)
        name = frame.f_code.co_qualname if hasattr(frame.f_code, "co_qualname") else ""
        if event == "call" and path.is_relative_to(PACKAGE) and "<" not in name.split(".")[-1]:
            seen.setdefault((path.relative_to(PACKAGE).as_posix(), name))

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return list(seen)


def report():
    """Functions, modules and changes of package between a function and the next new one."""

    def work():
        corpus = load_corpus()
        image = frame_profile(corpus, load_codings("reference"))
        image._repr_html_()

    passed = functions_passed(work)
    packages = [path.split("/")[0] for path, _ in passed]
    changes = sum(one != other for one, other in itertools.pairwise(packages))
    lines = [
        f"{len(passed)} functions in {len({path for path, _ in passed})} modules, "
        f"with {changes} changes of package:"
    ]
    for path in dict.fromkeys(path for path, _ in passed):
        names = [name for where, name in passed if where == path]
        lines.append(f"- `{path}`: {', '.join(names)}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(report())
