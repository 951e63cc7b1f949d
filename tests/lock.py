"""Write requirements.lock, requirements-test.lock and environment.yml from pyproject.toml, with
uv. Run by `make lock`.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BINDER_PYTHON = "3.12"
EXPORT = [
    "export",
    "--frozen",
    "--no-emit-project",
    "--no-header",
    "--no-annotate",
    "--format",
    "requirements-txt",
]
HEAD = f"""# What Binder builds. Written by `make lock` from requirements.lock: the same versions, for Python {BINDER_PYTHON}.
# It names nothing of this folder, so that editing a lesson does not build the environment anew; postBuild adds the helpers.
name: union
channels:
  - conda-forge
dependencies:
  - python={BINDER_PYTHON}
  - pip
  - pip:
"""


def pins(lock: str) -> list[str]:
    """The pinned packages of a lock file that a Linux machine with Binder's Python wants."""
    from packaging.requirements import Requirement

    linux = {
        "python_version": BINDER_PYTHON,
        "python_full_version": f"{BINDER_PYTHON}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "platform_machine": "x86_64",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    found = []
    for line in re.findall(r"^[\w.-]+==[^\\\n]+", lock, re.MULTILINE):
        requirement = Requirement(line.strip())
        if requirement.marker is None or requirement.marker.evaluate(linux):
            found.append(f"{requirement.name}{requirement.specifier}")
    return found


def environment(lock: str) -> str:
    return HEAD + "".join(f"      - {pin}\n" for pin in pins(lock))


def main() -> None:
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    with tempfile.TemporaryDirectory() as folder:
        for name in ("pyproject.toml", "README.md"):
            shutil.copy(ROOT / name, folder)
        subprocess.run([uv, "lock", "--quiet"], cwd=folder, check=True)
        for target, group in (
            ("requirements.lock", ["--no-default-groups"]),
            ("requirements-test.lock", ["--group", "test"]),
        ):
            subprocess.run(
                [uv, *EXPORT, "--quiet", *group, "-o", str(ROOT / target)], cwd=folder, check=True
            )
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    (ROOT / "environment.yml").write_text(environment(lock), encoding="utf-8")


if __name__ == "__main__":
    main()
