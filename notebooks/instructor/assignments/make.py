"""Make the learners' assignments from the instructor's, as `make assignments` does.

Without a seed, the learners' notebooks go to notebooks/assignments/, as they are in the repository.
With one (`make assignments SEED="a phrase"`), other words, paragraphs and values are drawn from
draws.toml: the notebooks to hand out go to my-class/assignments/, the key to my-class/key/, and
neither is in the repository.
"""

import logging
import os
import random
import re
import shutil
import sys
import tempfile
import tomllib
import warnings
from pathlib import Path

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from helpers.classroom.grading import KEY, OWN_CLASS, TEXT_STUB

HERE = Path(__file__).resolve().parent
OUT = HERE.parents[1] / "assignments"
CODE_STUB = "# Put your answers in place of the three dots."


def drawn(assignment: str, seed: str) -> dict[str, object]:
    """The values of an assignment by name, drawn with a seed; the first ones where it is empty."""
    pools, found = tomllib.loads((HERE / "draws.toml").read_text(encoding="utf-8"))[assignment], {}
    for name, pool in pools.items():
        chance = random.Random(f"{seed}/{assignment}/{name}")
        if isinstance(pool, str):  # lines to put in another order
            lines = pool.strip().splitlines()
            found[name] = "\n".join(
                ["", *(chance.sample(lines, len(lines)) if seed else lines), ""]
            )
        else:
            value = chance.choice(pool) if seed else pool[0]
            found |= value if isinstance(value, dict) else {name: value}
    return found


def with_values(source: str, values: dict[str, object]) -> str:
    """A cell in which each line that gives one of the names a value gives it the drawn one."""
    for name, value in values.items():
        text = (
            f'"""{value}"""'
            if "\n" in str(value)
            else f'"{value}"'
            if isinstance(value, str)
            else repr(value)
        )
        source = re.sub(
            rf'^{name} = (?:"""[^"]*"""|.*)$',
            lambda _, line=f"{name} = {text}": line,
            source,
            flags=re.MULTILINE,
        )
    return source


def nbgraders(course: Path, assignment: str) -> dict[str, object]:
    """What a converter of nbgrader is made with, in a folder for a course."""
    quiet = logging.getLogger("nbgrader.quiet")
    quiet.setLevel(logging.CRITICAL)
    config = Config(
        CourseDirectory={"root": str(course), "assignment_id": assignment},
        ClearSolutions={"code_stub": {"python": CODE_STUB}, "text_stub": TEXT_STUB},
    )
    return {"coursedir": CourseDirectory(config=config, log=quiet), "config": config, "log": quiet}


def release(source: Path, out: Path) -> list[Path]:
    """Have nbgrader make the learners' notebooks from the instructor's; gives their paths."""
    made = []
    # nbgrader starts a program that stands beside the interpreter.
    os.environ["PATH"] = os.pathsep.join(
        [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    )
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of nbgrader about its own database
        course = Path(folder)
        shutil.copytree(source, course / "source", ignore=shutil.ignore_patterns("*.txt", ".*"))
        for path in sorted((course / "source").glob("*/*.ipynb")):
            GenerateAssignment(**nbgraders(course, path.stem)).start()
            made.append(out / path.name)
            made[-1].write_bytes((course / "release" / path.stem / path.name).read_bytes())
    return made


def make(seed: str = "", key: Path = OWN_CLASS / "key", out: Path = OUT) -> list[Path]:
    """Write the learners' notebooks, and with a seed the key; gives the paths of the notebooks."""
    if not seed:
        return release(KEY, out)
    shutil.rmtree(key, ignore_errors=True)
    for path in sorted(KEY.glob("*/*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.source = with_values(cell.source, drawn(path.stem, seed))
        (key / path.stem).mkdir(parents=True)
        nbformat.write(notebook, key / path.stem / path.name)
    return release(key, out)


if __name__ == "__main__":
    phrase = " ".join(sys.argv[1:]).strip()
    made = make(phrase, out=OWN_CLASS / "assignments" if phrase else OUT)
    said = (
        f"The key is in {OWN_CLASS / 'key'}."
        if phrase
        else 'These are the public ones: for a class of your own, say SEED="a phrase".'
    )
    print(f"Made {len(made)} notebooks for learners in {made[0].parent}.", said)
