"""Real JupyterLab in headless Chromium, on a copy of the notebooks, with an empty work folder."""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from importlib.metadata import version
from pathlib import Path

import nbformat
from barriers import complaint_keeper

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
BUSY = "[anywidget] Failed to initialize model"  # it gives a widget two seconds
OLD = version("jupyterlab") < "4.5"  # as in Binder's image
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def of_old_jupyterlab(text):
    """What an older JupyterLab complains of in itself: our own code comes from a blob."""
    return OLD and "/static/lab/jlab_core" in text and "blob:" not in text


class Lab:
    """A running JupyterLab and a browser page in it."""

    def __init__(self, port, token, folder, browser):
        self.port, self.token, self.folder, self.browser = port, token, folder, browser
        self.page, self.context = None, None
        self.complaints, self.strangers = [], []

    def new_page(self, width=1280, height=900):
        if self.context:
            self.context.close()
        self.complaints, self.strangers = [], []
        self.context = self.browser.new_context(
            viewport={"width": width, "height": height}, accept_downloads=True
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        complaint_keeper(self, self._own, of_old_jupyterlab)
        return self.page

    def _own(self, url):
        return url.split("?")[0].startswith(
            (f"http://127.0.0.1:{self.port}/", f"ws://127.0.0.1:{self.port}/", "data:", "blob:")
        )

    def open(self, notebook, width=1280, height=900):
        """Open a notebook and run all its cells; once more where the machine was too busy for a
        widget.
        """
        self._end_others(notebook)
        for _ in range(2):
            page = self.new_page(width, height)
            page.goto(f"http://127.0.0.1:{self.port}/lab/tree/{notebook}?token={self.token}&reset")
            page.locator(".jp-Notebook").wait_for()
            self.run_all()
            if not any(BUSY in each for each in self.complaints):
                break
        return page

    def _end_others(self, notebook):
        """End the kernels that earlier tests have left: many at once make a machine slow."""
        at, token = (
            f"http://127.0.0.1:{self.port}/api/sessions",
            {"Authorization": f"token {self.token}"},
        )
        with urllib.request.urlopen(urllib.request.Request(at, headers=token)) as answer:
            old = [session["id"] for session in json.load(answer) if session["path"] != notebook]
        for id in old:
            urllib.request.urlopen(
                urllib.request.Request(f"{at}/{id}", headers=token, method="DELETE")
            ).close()

    def write(self, name, *cells):
        """A notebook of the test's own, beside the lessons."""
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells]
        )
        notebook.metadata["kernelspec"] = {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        }
        nbformat.write(notebook, self.folder / name)

    def kill(self):
        """Kill the kernel's process, as a machine does that is short of memory, and run all
        cells in a new one.
        """
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (process / "cmdline").read_bytes().decode().split("\0")
                if "ipykernel_launcher" in command and self._mine(process):
                    os.kill(int(process.name), signal.SIGKILL)
        self.page.wait_for_timeout(3000)  # JupyterLab notices, and starts another
        accept = self.page.locator(".jp-Dialog button.jp-mod-accept")
        if accept.count():
            accept.first.click()
        self.run_all()

    def _mine(self, process):
        """Whether a kernel's process belongs to this server."""
        told = (process / "environ").read_bytes().decode()
        return f"UNION_WORK_FOLDER={self.folder / 'my-work'}" in told

    def restart(self, run=True):
        """Restart the kernel, and then run all cells or leave them as they are."""
        self.page.locator("#jp-MainMenu >> text=Kernel").first.click()
        self.page.locator('.lm-Menu [data-command="kernelmenu:restart"]').click()
        self.page.locator(".jp-Dialog button.jp-mod-accept").click()
        self.page.wait_for_timeout(2500)
        if run:
            self.run_all()

    def run_all(self):
        """Run all cells, as often as it takes until the kernel has taken notice."""
        page = self.page
        prompt = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").first
        for _ in range(40):
            page.wait_for_timeout(500)
            if "Idle" not in page.locator("#jp-main-statusbar").inner_text():
                continue
            page.locator("#jp-MainMenu >> text=Run").first.click()
            page.locator('.lm-Menu [data-command="runmenu:run-all"]').click()
            try:
                page.wait_for_function(
                    "node => !node.innerText.includes('[ ]')",
                    arg=prompt.element_handle(),
                    timeout=4000,
                )
            except Exception:
                page.keyboard.press("Escape")
                continue
            self.idle()
            return
        raise AssertionError("the notebook did not run")

    def idle(self):
        """Wait until no cell is waiting or running."""
        self.page.wait_for_function(
            (
                "() => ![...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].some(node "
                "=> node.innerText.includes('[*]'))"
            ),
            timeout=60_000,
        )
        self.page.wait_for_timeout(400)

    def theme(self, name):
        """Switch to the theme 'JupyterLab Light' or 'JupyterLab Dark'."""
        self.page.locator("#jp-MainMenu >> text=Settings").first.click()
        self.page.locator('.lm-Menu-item:has-text("Theme")').first.hover()
        self.page.locator(f'.lm-Menu-item:has-text("{name}")').first.click()
        self.page.wait_for_timeout(600)


@contextlib.contextmanager
def chromium():
    """A headless Chromium that can reach this machine only. One at a time in a process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextlib.contextmanager
def laboratory(folder, browser=None):
    """JupyterLab and Chromium, running until the block ends, on copies of the notebooks in this
    folder.
    """
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(path, folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(8)
    own = {
        name: str(folder / name.lower())
        for name in (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR",
            "JUPYTERLAB_SETTINGS_DIR",
            "JUPYTERLAB_WORKSPACES_DIR",
            "IPYTHONDIR",
        )
    }
    if (
        OLD
    ):  # it takes cells that are off the screen out of the page, where a test does not find them
        settings = (
            folder
            / "jupyterlab_settings_dir"
            / "@jupyterlab"
            / "notebook-extension"
            / "tracker.jupyterlab-settings"
        )
        settings.parent.mkdir(parents=True)
        settings.write_text('{"windowingMode": "defer"}')
    paths = [str(ROOT / "tests" / "closed_network"), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = (
        os.environ
        | own
        | {"UNION_WORK_FOLDER": str(folder / "my-work"), "PYTHONPATH": os.pathsep.join(paths)}
    )
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--ip=127.0.0.1",
        f"--port={port}",
        f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={folder}",
        "--LabApp.news_url=None",
        "--LabApp.extension_manager=readonly",
        "--allow-root",
    ]
    with open(folder / "lab.log", "w") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token={token}", timeout=1)
                break
            except OSError:
                time.sleep(0.25)
        with contextlib.nullcontext(browser) if browser else chromium() as running:
            yield Lab(port, token, folder, running)
    finally:
        server.terminate()
        server.wait(60)
