"""What Binder would build: repo2docker accepts the repository and does what is expected, in the
order that is expected.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import lock
import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def dockerfile(tmp_path_factory):
    """The steps of the image for the files that are or would be in the repository."""
    folder = tmp_path_factory.mktemp("checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    command = [
        str(Path(sys.executable).with_name("jupyter-repo2docker")),
        "--no-build",
        "--debug",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout + done.stderr


def at(dockerfile, pattern):
    """Where one step stands, of which there must be exactly one."""
    found = list(re.finditer(pattern, dockerfile, re.MULTILINE))
    assert len(found) == 1, f"{pattern}: {len(found)}"
    return found[0].start()


def test_binder_takes_the_python_that_is_asked_for(dockerfile):
    assert f"Building conda environment for python={lock.BINDER_PYTHON}" in dockerfile


def test_the_environment_stands_before_the_repository_so_that_a_lesson_edit_leaves_it_alone(
    dockerfile,
):
    description = at(dockerfile, r"^COPY --chown=\S+ src/environment\.yml ")
    update = at(dockerfile, r"env update -p \S+ --file \"environment\.yml\"")
    everything = at(dockerfile, r"^COPY --chown=\S+ src/ ")
    last = at(dockerfile, r"^RUN \./postBuild")
    assert description < update < everything < last
    assert not re.search(
        r"^COPY \S+ src/(?!environment\.yml)\S", dockerfile[:update], re.MULTILINE
    ), "a lesson is in an early layer"


def test_what_is_run_last_fetches_nothing():
    script = (ROOT / "postBuild").read_text(encoding="utf-8")
    assert "--no-deps" in script and "--no-build-isolation" in script
    assert not re.search(r"https?://|curl|wget|apt|conda install", script)
    assert (ROOT / "postBuild").stat().st_mode & 0o111, "it can be run"
