"""Each lesson is executed once in a session, with the network closed, whoever asks for it first.

It runs as for the reading edition, so that tests of lessons, of the site and of what is
printed share one run.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
NOTEBOOKS = LESSONS + sorted((ROOT / "notebooks" / "instructor").glob("*.ipynb"))


def closed_environment(folder):
    """An environment in which a kernel reaches nothing but this machine, and works in a folder
    of its own.
    """
    paths = [str(ROOT), str(ROOT / "tests" / "closed_network")]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join([*paths, os.environ.get("PYTHONPATH", "")]).rstrip(
            os.pathsep
        ),
        "UNION_WORK_FOLDER": str(folder / "my-work"),
        "UNION_STATIC": "1",
        "IPYTHONDIR": str(folder / "ipython"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }


def run(notebook, folder):
    """Execute a notebook in a folder; gives it back with its outputs, errors among them."""
    # Over a socket file: ports are taken twice where kernels start at once.
    settings = Config({"KernelManager": {"transport": "ipc", "ip": str(folder / "kernel")}})
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        store_widget_state=False,
        allow_errors=True,
        config=settings,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env=closed_environment(folder))
    return notebook


@contextlib.contextmanager
def locked(path):
    """Only one process of this session at a time."""
    with open(path, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Executed:
    """The executed notebooks of this session, and the reading edition made from them, for all
    its processes.
    """

    def __init__(self, folder):
        self.folder = folder

    def notebook(self, path):
        """A notebook with its outputs, executed here if nobody has done it yet."""
        own = self.folder / path.stem
        own.mkdir(parents=True, exist_ok=True)
        done = self.folder / path.name
        with locked(own / "lock"):
            if not done.exists():
                nbformat.write(run(nbformat.read(path, as_version=4), own), done)
        return nbformat.read(done, as_version=4)

    def all(self):
        """The folder, once every notebook is in it."""
        with ThreadPoolExecutor(2) as workers:
            list(workers.map(self.notebook, NOTEBOOKS))
        return self.folder

    def site(self):
        """The reading edition, built once."""
        built = self.folder / "sub" / "path"
        self.all()
        with locked(self.folder / "site-lock"):
            if not built.exists():
                build = [sys.executable, str(ROOT / "docs" / "site" / "build.py"), str(self.folder)]
                subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=300)
                shutil.copytree(ROOT / "build" / "site", built)
        return built
