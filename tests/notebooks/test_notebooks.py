"""Every lesson runs from top to bottom with the network closed, and keeps to the rules of the
house.
"""

import json
import re
import statistics
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from executing import LESSONS, NOTEBOOKS, run
from readable import grades

ROOT = Path(__file__).resolve().parents[2]
FIELDS = {"title", "question", "objectives", "minutes", "prerequisites", "tested"}
NAMES = [path.stem for path in NOTEBOOKS]

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)


def cells(path, kind):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def lines(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


@pytest.mark.parametrize("path", LESSONS, ids=[path.stem for path in LESSONS])
def test_the_prose_is_plain_enough_for_grade_ten(path):
    assert max(grades(path)[:2]) <= 10


def test_there_are_lessons():
    assert [path.stem for path in LESSONS] == [
        "00-start-here",
        "01-meet-the-documents",
        "02-clean-the-text",
        "03-read-closely",
        "04-count-with-care",
        "05-who-acts",
        "06-tag-the-frames",
        "07-see-the-frames",
        "08-teach-a-machine",
        "09-bring-your-own",
        "10-make-your-case",
    ]


@each_notebook
def test_runs_from_top_to_bottom(path, executed):
    for cell in executed.notebook(path).cells:
        if cell.cell_type != "code":
            continue
        assert cell.outputs, f"this cell shows nothing: {cell.source}"
        failed = [output for output in cell.outputs if output.output_type == "error"]
        assert bool(failed) == ("raises-exception" in cell.metadata.get("tags", []))
        assert not [output for output in cell.outputs if output.get("name") == "stderr"]
        for output in failed:
            assert output.ename == "UnionError"
            assert len(output.traceback) == 1, "a learner would see a traceback"


def test_the_network_is_closed_in_the_kernels(tmp_path):
    probe = """import socket
try:
    socket.create_connection(("192.0.2.1", 80), timeout=2)
except OSError as problem:
    print(problem)"""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(probe)])
    assert "closed for tests" in run(notebook, tmp_path).cells[0].outputs[0].text


def test_no_outputs_are_committed():
    for path in NOTEBOOKS:
        for cell in cells(path, "code"):
            assert cell.outputs == []
            assert cell.execution_count is None
        assert "widgets" not in nbformat.read(path, as_version=4).metadata


def test_metadata_says_what_the_first_cell_says():
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        about = notebook.metadata["union"]
        assert set(about) == FIELDS
        assert notebook.metadata.kernelspec.name == "python3"
        head = notebook.cells[0].source
        assert head.startswith(f"# {about['title']}\n")
        for said in [
            about["question"],
            f"**Time** {about['minutes']} minutes",
            about["prerequisites"],
            about["tested"],
            *about["objectives"],
        ]:
            assert said in head


def test_cells_are_short_and_prose_is_ample():
    for path in NOTEBOOKS:
        sizes = sorted(len(lines(cell)) for cell in cells(path, "code"))
        words = sum(len(re.findall(r"\w+", cell.source)) for cell in cells(path, "markdown"))
        assert statistics.mean(sizes) <= 3
        assert sizes[int(0.95 * (len(sizes) - 1))] <= 8
        assert sizes[-1] <= 12
        assert words / sum(sizes) >= 15


def test_lesson_ends_as_every_lesson_does():
    for path in NOTEBOOKS:
        prose = "\n".join(cell.source for cell in cells(path, "markdown"))
        for part in ("## Talk about it", "## What we cannot tell", "**The way on:**"):
            assert part in prose
        assert cells(path, "code")[-1].source.endswith("my_work()") or path not in LESSONS[1:]


def test_headings_go_down_one_level_at_a_time():
    for path in NOTEBOOKS:
        levels = [
            len(mark)
            for cell in cells(path, "markdown")
            for mark in re.findall(r"^(#+) ", cell.source, re.MULTILINE)
        ]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(below - above <= 1 for above, below in pairwise(levels))


def test_question_ids_are_the_lessons_own_and_used_once():
    for path in NOTEBOOKS:
        ids = [
            found
            for cell in cells(path, "code")
            for found in re.findall(r'\bask\(\s*"([^"]+)"', cell.source)
        ]
        assert len(ids) == len(set(ids))
        assert all(found.startswith(path.stem[:2] + "-") for found in ids)


def test_links_and_lesson_names_lead_somewhere():
    for path in NOTEBOOKS:
        for cell in cells(path, "markdown"):
            for target in re.findall(r"\]\(([^)#]+)", cell.source):
                assert not target.startswith("http"), "lessons link to nothing outside"
                assert (path.parent / target).exists(), target
            for name in re.findall(r"`([\w-]+\.ipynb)`", cell.source):
                assert (path.parent / name).exists(), name


def test_notebook_is_valid_and_its_cell_ids_are_stable():
    for path in NOTEBOOKS:
        nbformat.validate(json.loads(path.read_text(encoding="utf-8")))
        ids = [cell.id for cell in nbformat.read(path, as_version=4).cells]
        assert all(id.startswith(path.stem[:2] + "-") for id in ids)


def test_nothing_on_the_do_not_claim_list_is_said():
    for path in NOTEBOOKS:
        prose = " ".join(cell.source for cell in cells(path, "markdown"))
        for claim in (
            "largest cent",
            "rather than defending workers against management",
            "80-day",
            "renamed in 2021",
            "the 1995 text",
            "current policy",
        ):
            assert claim not in prose


def test_code_lines_fit_the_screen():
    for path in NOTEBOOKS:
        assert (
            max(len(line) for cell in cells(path, "code") for line in cell.source.splitlines())
            <= 95
        )
