"""From opening a lesson in JupyterLab to its first usable widget, and all lessons executed on
all cores.

The first time is from the address in the browser, with the server running, to the moment when
a button or a field of the
lesson can be used; all cells are run as soon as the kernel is ready. A person who runs cell
by cell adds their own reading.
"""

import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from laboratory import ROOT, laboratory

LESSONS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
WIDGET = ".jp-OutputArea-output .u-base :is(button, textarea, input):not(:disabled)"


def first_widgets():
    """Seconds until the notebook is shown and until the first widget can be used, by lesson; a
    first opening warms the machine.
    """
    found = {}
    with tempfile.TemporaryDirectory() as folder, laboratory(Path(folder)) as lab:
        for path in [LESSONS[0], *LESSONS]:
            page, began = lab.new_page(), time.perf_counter()
            page.goto(f"http://127.0.0.1:{lab.port}/lab/tree/{path.name}?token={lab.token}&reset")
            page.locator(".jp-Notebook").wait_for()
            shown = time.perf_counter() - began
            widget = page.locator(WIDGET).first
            while not widget.count():
                if "Idle" in page.locator("#jp-main-statusbar").inner_text():
                    page.locator("#jp-MainMenu >> text=Run").first.click()
                    page.locator('.lm-Menu [data-command="runmenu:run-all"]').click()
                    break
                page.wait_for_timeout(50)
            widget.wait_for(timeout=60_000)
            found[path.stem] = shown, time.perf_counter() - began
            lab.idle()
    return found


def execute(path):
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["UNION_WORK_FOLDER"] = f"{folder}/my-work"
        notebook = nbformat.read(path, as_version=4)
        NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}}
        ).execute()
    return time.perf_counter() - began


def main():
    alone, began = {path.stem: execute(path) for path in LESSONS}, time.perf_counter()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(execute, LESSONS))
    together = time.perf_counter() - began
    print(
        "| lesson | notebook shown, s | first widget, s | executed alone, s |\n|---|---:|---:|---:|"
    )
    for name, (shown, usable) in first_widgets().items():
        print(f"| {name} | {shown:.1f} | {usable:.1f} | {alone[name]:.1f} |")
    print(
        f"\nAll {len(LESSONS)} lessons on {os.cpu_count()} cores: {together:.0f} s; one "
        f"after the other: {sum(alone.values()):.0f} s"
    )


if __name__ == "__main__":
    main()
