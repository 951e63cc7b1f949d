"""Do other people's programs open what we write, and we what they write? Run with the Pythons in
which they are installed.

python tests/benchmarks/peers_open.py OTHER/bin/python …

Tried are Taguette (`taguette`; it knows REFI-QDA and CSV codebooks, no projects) and qc
(`qualitative-coding`, which
imports projects). QualCoder is in no package registry: what its import looks up is a test in
tests/coding/test_exchange.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from helpers import export_codings, load_codebook, load_codings, load_corpus

TAGS = {
    "interesting": "Further review required",
    "people.남": 'says "no",\nand more',
    "=1+1 & <b>": "",
}
TAGUETTE = """
import json, sys
from types import SimpleNamespace
from importlib.metadata import version
from taguette import export, import_codebook
tags = [SimpleNamespace(path=p, description=d, highlights_count=2, documents_count=1) for p, d in json.loads(sys.argv[1]).items()]
export.codebook_xml(tags, "tags.qdc")
export.codebook_csv(tags, "tags.csv")
print(json.dumps(version("taguette")))
"""
QC = """
import json, sqlite3, sys
from importlib.metadata import version
from pathlib import Path
from qualitative_coding.refi_qda.reader import REFIQDAReader
REFIQDAReader(sys.argv[1]).unpack_project(Path.cwd())
found = sqlite3.connect("qualitative_coding.sqlite3")
pairs = found.execute("select distinct coder_id, code_id, line from coded_line").fetchall()
texts = [path.read_text(encoding="utf-8") for path in Path("corpus").iterdir()]
print(json.dumps([version("qualitative-coding"), pairs, texts]))
"""


def told(python: str, program: str, given: str, folder: str):
    """What a program says that another Python runs, or None where what it wants is not installed
    there.
    """
    # qc 1.7.8 has a forgotten breakpoint in its import
    settings = os.environ | {"PYTHONBREAKPOINT": "0", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [python, "-c", program, given],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        env=settings,
    )
    if "ModuleNotFoundError" in done.stderr:
        return None
    if done.returncode:
        print(done.stderr[-2_000:])
    return (
        json.loads(done.stdout.splitlines()[-1])
        if done.returncode == 0
        else f"it broke off with {done.returncode}"
    )


def taguette(python: str) -> str | None:
    """Whether we read the codebooks that Taguette writes."""
    with tempfile.TemporaryDirectory() as folder:
        if not (said := told(python, TAGUETTE, json.dumps(TAGS), folder)):
            return None
        table, refi = (load_codebook(Path(folder, f"tags.{ending}")) for ending in ("csv", "qdc"))
        same = {code.label: code.definition for code in list(table.codes.values())[:3]} == {
            k: v or "not said" for k, v in TAGS.items()
        }
        return (
            f"Taguette {said}: its .csv read {'whole' if same else 'WRONG'}, its .qdc "
            f"with {len(refi) - 1} of {len(TAGS)} tags"
        )


def qc(python: str) -> str | None:
    """What qc makes of our project."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as elsewhere:
        path = Path(elsewhere, "three.qdpx")
        export_codings(["reference", "coder-1", "coder-2"], path)
        if not (said := told(python, QC, str(path), folder)):
            return None
        if isinstance(said, str):
            return f"qc: {said}"
        version, pairs, texts = said
        rows = [
            row
            for who in ("reference", "coder-1", "coder-2")
            for row in load_codings(who).itertuples()
        ]
        ours = {
            (row.coder, code)
            for row in rows
            for code in [*row.codes, *([f"doer: {row.doer}"] if row.doer else [])]
        }
        theirs = {(coder, code) for coder, code, _ in pairs}
        whole = sorted(texts) == sorted(document.text for document in load_corpus().documents)
        lines = len({line for *_, line in pairs})
        return (
            f"qc {version}: opened; texts {'the same' if whole else 'NOT the same'}; "
            f"{len(ours & theirs)} of {len(ours)} "
            f"pairs of coder and code, {len(theirs - ours)} others; on {lines} line(s) of "
            "its own count"
        )


def main() -> None:
    """Try each peer with each Python given."""
    for peer in (taguette, qc):
        found = [said for python in sys.argv[1:] if (said := peer(python))]
        print(
            "\n".join(found)
            or f"{peer.__name__} is not installed in any of the Pythons given: not tried."
        )


if __name__ == "__main__":
    main()
