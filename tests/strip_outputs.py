"""Take outputs and run counts out of the notebooks, in place. Run by `make tidy`."""

from pathlib import Path

import nbformat


def strip() -> None:
    for path in sorted((Path(__file__).resolve().parents[1] / "notebooks").rglob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
                cell.metadata.pop("execution", None)
        notebook.metadata.pop("widgets", None)
        nbformat.write(notebook, path)


if __name__ == "__main__":
    strip()
