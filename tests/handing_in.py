"""Assignments as learners hand them in: solved, untouched, and each thing that can be wrong."""

import ast
import copy
import re
import tempfile
from functools import cache
from pathlib import Path

import nbformat

from helpers.classroom.grading import KEY
from helpers.classroom.work import save_work
from helpers.coding.codings import coding_annotations, load_codings
from helpers.coding.journal import Journal
from helpers.corpus.documents import load_corpus

GIVEN_OUT = Path(__file__).resolve().parents[1] / "notebooks" / "assignments"
FULL = {
    "1-who-is-speaking": 9,
    "2-count-and-doubt": 11,
    "3-code-and-compare": 10,
    "4-argue-a-case": 10,
}
NAMES = ONE, TWO, THREE, FOUR = list(FULL)
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION\n?", re.DOTALL)
TESTS = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS\n?", re.DOTALL)


def untouched(name, folder=GIVEN_OUT):
    return nbformat.read(folder / f"{name}.ipynb", as_version=4)


def by_id(notebook):
    """The cells that nbgrader knows, by its names for them."""
    return {grade_id(cell): cell for cell in notebook.cells if cell.metadata.get("nbgrader")}


def grade_id(cell):
    return cell.metadata["nbgrader"]["grade_id"]


@cache
def right_values(name, key=KEY):
    """The right answers of an assignment by name: what the instructor's own code gives."""
    notebook = nbformat.read(key / name / f"{name}.ipynb", as_version=4)
    known = {"journal": coded_as_asked(notebook)} if name == THREE else {}
    answers = set()
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or about.get("grade"):
            continue
        if about.get("solution"):
            answers |= {*typed_of(SOLUTION.sub("", cell.source))}
        source = cell.source.replace('load_codings("me")', 'load_codings("me", journal=journal)')
        body = ast.parse(source).body
        kept = [line for line in body if isinstance(line, ast.Assign | ast.ImportFrom)]
        exec(compile(ast.Module(kept, []), name, "exec"), known)
    return {each: plain(known[each]) for each in answers}


def typed_of(source):
    return re.findall(r"^(\w+) = \.\.\.$", source, re.MULTILINE)


def plain(value):
    return value.item() if hasattr(value, "item") else value


def solved(name, folder=GIVEN_OUT, key=KEY, words="Each sentence says so: kctu-002, gftuk-033."):
    """The learner's notebook with the right values typed in, and some words."""
    notebook, values = untouched(name, folder), right_values(name, key)
    for id, cell in by_id(notebook).items():
        if cell.metadata["nbgrader"]["solution"]:
            lines = [f"{each} = {values[each]!r}" for each in typed_of(cell.source)]
            cell.source = "\n".join(lines) or f"{words} ({id})"
    return notebook


def with_answers(name, answers, words="Some words of my own on this."):
    """A solved notebook in which some cells are answered in another way."""
    notebook = solved(name, words=words)
    for id, source in answers.items():
        by_id(notebook)[id].source = source
    return notebook


def hand_in(notebook, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def coded_as_asked(notebook, folder=None, different=3):
    """A journal with the sentences of an assignment coded as in the reference, but for some."""
    given = values_in(by_id(notebook)["a3-given"].source)
    journal = Journal(folder or tempfile.mkdtemp())
    reference = load_codings("reference").set_index("sentence")
    for document, part in zip(load_corpus().documents, ("AIMS", "LETTER"), strict=True):
        marks = coding_annotations(document, journal=journal)
        ids = reference.index
        for id in ids[(ids >= given[f"{part}_FROM"]) & (ids <= given[f"{part}_TO"])]:
            codes, doer = list(reference.at[id, "codes"]), reference.at[id, "doer"]
            if different > 0 and codes == ["form"]:
                different, codes = different - 1, ["mobilise"]
            marks.set(id, codes=codes, doer=doer)
    return journal


def values_in(source):
    return dict(re.findall(r'^(\w+) = "([^"]+)"$', source, re.MULTILINE))


def work_file(path, notebook=None, different=3):
    """A work file with the codings that an assignment asks for."""
    with tempfile.TemporaryDirectory() as folder:
        journal = coded_as_asked(notebook or untouched(THREE), folder, different)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(save_work(journal).path.read_bytes())
    return path


def added(notebook, source, at=3):
    """A notebook with a cell of the learner's own."""
    notebook = copy.deepcopy(notebook)
    own = nbformat.v4.new_code_cell(source, id=f"own{len(notebook.cells)}")
    notebook.cells.insert(at, own)
    return notebook


def hostile(victim):
    """Code that writes a file as soon as any of it runs, in each way that a cell has."""
    made = f"open({str(victim)!r}, 'w').write('it ran')"
    return f"line_for_the_date = {made}\n{made}\n!touch {victim}\n__import__('os')._exit(1)"


def bare(notebook, ids=True):
    """A notebook as some programs leave it: without all that nbgrader wrote, or without ids too."""
    notebook = copy.deepcopy(notebook)
    for number, cell in enumerate(notebook.cells):
        cell.metadata = nbformat.from_dict({})
        cell.id = cell.id if ids else f"pasted-{number}"
    notebook.metadata = nbformat.from_dict({})
    return notebook


def without(notebook, *ids):
    notebook = copy.deepcopy(notebook)
    known = by_id(notebook)
    notebook.cells = [cell for cell in notebook.cells if cell not in [known[id] for id in ids]]
    return notebook


def twice(notebook, id):
    notebook = copy.deepcopy(notebook)
    place = notebook.cells.index(by_id(notebook)[id])
    again = copy.deepcopy(notebook.cells[place])
    again.id = "again"
    notebook.cells.insert(place + 1, again)
    return notebook
