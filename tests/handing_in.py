"""Assignments as learners hand them in: solved, untouched, and with each thing that can be wrong with them."""

import copy
import json
import os
import re
import time
from pathlib import Path

import nbformat

from helpers.classroom.apart import names_in
from helpers.classroom.course import KEY
from helpers.classroom.work import save_work
from helpers.coding.codings import coding_annotations, load_codings
from helpers.coding.journal import Journal
from helpers.corpus.documents import load_corpus

GIVEN_OUT = Path(__file__).resolve().parents[1] / "notebooks" / "assignments"
NAMES = ["1-who-is-speaking", "2-count-and-doubt", "3-code-and-compare", "4-argue-a-case"]
FULL = {
    "1-who-is-speaking": 9,
    "2-count-and-doubt": 11,
    "3-code-and-compare": 10,
    "4-argue-a-case": 10,
}
REGION = {
    what: re.compile(rf"### BEGIN {what}\n(.*?)### END {what}\n?", re.DOTALL)
    for what in ("SOLUTION", "HIDDEN TESTS")
}


def untouched(name, folder=GIVEN_OUT):
    return nbformat.read(folder / f"{name}.ipynb", as_version=4)


def by_id(notebook):
    return {grade_id(cell): cell for cell in notebook.cells if cell.metadata.get("nbgrader")}


def solved(name, folder=GIVEN_OUT, key=KEY):
    """The learner's notebook with the answers of the instructor's."""
    notebook, source = (
        untouched(name, folder),
        by_id(nbformat.read(key / name / f"{name}.ipynb", as_version=4)),
    )
    for id, cell in by_id(notebook).items():
        if cell.metadata["nbgrader"]["solution"]:
            answer = REGION["SOLUTION"].search(source[id].source)
            cell.source = (
                answer.group(1).strip()
                if answer
                else "Each sentence says so: kctu-002 and gftuk-033."
            )
    return notebook


def copied(name, apart):
    """A notebook with the right answers of the repository, typed in as they are."""
    notebook = solved(name)
    cells = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade")
    ]
    answers = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("solution")]
    values = apart.run(
        [cell.source for cell in cells], names_in(cell.source for cell in untouched(name).cells)
    ).answers
    for cell in answers:
        cell.source = "\n".join(
            f"{each} = {values[each]!r}"
            for each in names_in([by_id(untouched(name))[grade_id(cell)].source])
        )
    return notebook


def grade_id(cell):
    return cell.metadata["nbgrader"]["grade_id"]


def with_answers(name, id, source, **other):
    """A solved notebook in which some cells are answered in another way."""
    notebook = solved(name)
    for each, text in {id: source, **other}.items():
        by_id(notebook)[each].source = text
    return notebook


def hand_in(notebook, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def work_file(path, notebook, folder, different=3):
    """A work file in which the sentences of an assignment are coded as in the reference, but for some."""
    given = dict(
        re.findall(r'^(\w+) = "([^"]+)"$', by_id(notebook)["a3-given"].source, re.MULTILINE)
    )
    journal, reference = Journal(folder), load_codings("reference").set_index("sentence")
    for document, part in zip(load_corpus().documents, ("AIMS", "LETTER"), strict=True):
        marks = coding_annotations(document, journal=journal)
        for id in reference.index[
            (reference.index >= given[f"{part}_FROM"]) & (reference.index <= given[f"{part}_TO"])
        ]:
            codes, doer = list(reference.at[id, "codes"]), reference.at[id, "doer"]
            if different > 0 and codes == ["form"]:
                different, codes = different - 1, ["mobilise"]
            marks.set(id, codes=codes, doer=doer)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(save_work(journal).path.read_bytes())


def added(notebook, source, at=3):
    """A notebook with a cell of the learner's own."""
    notebook = copy.deepcopy(notebook)
    notebook.cells.insert(at, nbformat.v4.new_code_cell(source, id=f"own{len(notebook.cells)}"))
    return notebook


def hostile(victim, key):
    """Code that tries what a grading machine should not let it."""
    return f"""
import os, shutil, socket, subprocess
from helpers import check
tried = [
    lambda: shutil.rmtree({str(victim)!r}),
    lambda: os.remove({str(victim / "precious.txt")!r}),
    lambda: open({str(victim / "precious.txt")!r}, "w").write("gone"),
    lambda: print(open({str(key)!r}).read()),
    lambda: print(os.listdir({str(key.parent)!r})),
    lambda: __import__("lxml.etree").etree.ElementTree(__import__("lxml.etree").etree.Element("a")).write({str(victim / "new")!r}),
    lambda: [os.fork() for _ in range(5)],
    lambda: subprocess.run(["touch", {str(victim / "new")!r}]),
    lambda: os.system("touch " + {str(victim / "new")!r}),
    lambda: socket.create_connection(("192.0.2.1", 80), timeout=5),
    lambda: print(os.environ["SECRET_OF_THE_TEACHER"]),
    lambda: check.__dict__.update(must=lambda *given: None, filled=lambda *given: None),
]
came_through = 0
for one in tried:
    try:
        one()
        came_through += 1
    except BaseException as problem:
        print(type(problem).__name__)
print("came through:", came_through)
open("of-my-own.txt", "w").write("x")
"""


def forged(name):
    """A notebook whose tests always hold, with wrong answers."""
    notebook = with_answers(name, "a1-date", "line_for_the_date = 1")
    for cell in by_id(notebook).values():
        if cell.metadata["nbgrader"]["grade"] and cell.cell_type == "code":
            cell.source = "print('all points')"
            cell.metadata["nbgrader"]["points"] = 1_000
    return notebook


def without(notebook, *ids):
    notebook = copy.deepcopy(notebook)
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") not in ids
    ]
    return notebook


def bare(notebook):
    """A notebook as some programs leave it: without all that nbgrader wrote into it."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
    notebook.metadata = nbformat.from_dict({})
    return notebook


def twice(notebook, id):
    notebook = copy.deepcopy(notebook)
    place = notebook.cells.index(by_id(notebook)[id])
    again = copy.deepcopy(notebook.cells[place])
    again.id = "again"
    notebook.cells.insert(place + 1, again)
    return notebook


def truncated(notebook, path):
    text = json.dumps(notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text[: len(text) // 2], encoding="utf-8")


def handed_in_at(path, seconds):
    os.utime(path, (seconds, seconds))


def once(factory, name, make):
    """A folder that `make` fills once for all workers of pytest-xdist."""
    root = (
        factory.getbasetemp().parent
        if "PYTEST_XDIST_WORKER" in os.environ
        else factory.getbasetemp()
    )
    place = root / name
    try:
        place.mkdir()
    except FileExistsError:
        for _ in range(6_000):
            if (place / "is-made").exists():
                return place
            time.sleep(0.1)
        raise
    try:
        make(place)
    finally:
        (place / "is-made").touch()
    return place
