"""The learners' assignments are made from the instructor's, give no answer away, and keep to the rules of lessons."""

from __future__ import annotations

import importlib.util
import json
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from handing_in import (
    FULL,
    GIVEN_OUT,
    NAMES,
    REGION,
    by_id,
    copied,
    hand_in,
    once,
    solved,
    untouched,
    work_file,
)
from helpers.classroom.apart import Apart, names_in
from helpers.classroom.course import KEY, edition
from nbclient import NotebookClient

from helpers import count_word, load_codings, load_corpus, modal_clauses, word_rates
from helpers.classroom.check import MISSING
from helpers.classroom.grading import grade_class

ROOT = Path(__file__).resolve().parents[2]
MAKER = KEY.with_name("make.py")
POOLS = tomllib.loads(KEY.with_name("draws.toml").read_text(encoding="utf-8"))
ONE, TWO, THREE, FOUR = NAMES
PUBLIC = {"title-page", "yes", "no"}  # answers that are among those offered to choose from

each_assignment = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def maker():
    about = importlib.util.spec_from_file_location("make_assignments", MAKER)
    module = importlib.util.module_from_spec(about)
    about.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def of_a_class(maker, tmp_path_factory):
    """The notebooks and the key of a class with a seed."""
    folder = once(
        tmp_path_factory,
        "my-class",
        lambda place: maker.make("a blue heron", place / "key", place / "assignments"),
    )
    return folder / "assignments", folder / "key"


def source(name, key=KEY):
    return nbformat.read(key / name / f"{name}.ipynb", as_version=4)


def prose(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


# --- made, and without answers -----------------------------------------------------------------------------------------


def test_the_learners_notebooks_are_what_the_instructors_make(maker, tmp_path):
    made = maker.make(out=tmp_path)
    assert [path.name for path in made] == sorted(path.name for path in GIVEN_OUT.iterdir())
    for path in made:
        assert path.read_text(encoding="utf-8") == (GIVEN_OUT / path.name).read_text(
            encoding="utf-8"
        ), "run `make assignments`"


@pytest.fixture(scope="module")
def apart():
    with Apart() as one:
        yield one


def secrets(name, folder, key, apart):
    """What must not stand in a learner's notebook: lines of solutions and of hidden tests, what to look for, and the answers."""
    found, whole = set(), source(name, key)
    for cell in whole.cells:
        about = cell.metadata.get("nbgrader", {})
        for region in REGION.values():
            found |= {
                line.strip() for part in region.findall(cell.source) for line in part.splitlines()
            }
        if cell.cell_type == "markdown" and about.get("solution"):
            found |= {line.strip() for line in cell.source.splitlines()}
    runs = [
        cell.source
        for cell in whole.cells
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade")
    ]
    answers = [
        cell.source
        for cell in whole.cells
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code"
    ]
    values = apart.run(runs, names_in(answers)).answers.values()
    given = "\n".join(
        cell.source
        for cell in untouched(name, folder).cells
        if cell.metadata.get("nbgrader", {}).get("locked")
    )
    texts = {
        str(value)
        for value in values
        if (isinstance(value, str) and len(value) > 5) or isinstance(value, float)
    }
    return {
        each
        for each in found | texts
        if len(each) > 2 and each not in given and not each.startswith("from helpers")
    } - PUBLIC


@pytest.mark.parametrize("seed", [False, True], ids=["as committed", "of a class"])
@each_assignment
def test_a_learners_notebook_holds_no_solution_no_hidden_test_and_no_answer(
    name, seed, of_a_class, apart
):
    folder, key = of_a_class if seed else (GIVEN_OUT, KEY)
    hidden = secrets(name, folder, key, apart)
    assert len(hidden) > 25
    text = (folder / f"{name}.ipynb").read_text(encoding="utf-8")
    read = [str(value) for value in _texts_in(json.loads(text))]
    for secret in hidden:
        assert not [
            each for each in read if re.search(rf"(?<![\w.]){re.escape(secret)}(?![\w.])", each)
        ], secret
    for mark in ("BEGIN", "HIDDEN", "SOLUTION", "What to look for", "seed", "heron"):
        assert mark not in text


def _texts_in(value):
    if isinstance(value, dict):
        yield from (text for each in value.values() for text in _texts_in(each))
    elif isinstance(value, list) and all(isinstance(each, str) for each in value):
        yield "".join(value)
    elif isinstance(value, list):
        yield from (text for each in value for text in _texts_in(each))
    else:
        yield value


def test_no_answer_stands_in_what_learners_can_import():
    ids = {id for name in NAMES for id in by_id(source(name)) if id.endswith("-points")}
    for path in (ROOT / "helpers").rglob("*.*"):
        if path.suffix in (".py", ".toml", ".js"):
            text = path.read_text(encoding="utf-8")
            assert not [id for id in [*ids, *NAMES] if id in text], path


@each_assignment
def test_a_seed_draws_another_edition_and_keeps_the_points(name, of_a_class, maker):
    folder, key = of_a_class
    assert untouched(name, folder).metadata["union"]["edition"] == edition(
        key / name / f"{name}.ipynb"
    )
    assert (
        untouched(name, folder).metadata["union"]["edition"]
        != untouched(name).metadata["union"]["edition"]
    )
    ours, theirs = (by_id(each) for each in (untouched(name), untouched(name, folder)))
    assert {id: cell.metadata["nbgrader"].get("points") for id, cell in ours.items()} == {
        id: cell.metadata["nbgrader"].get("points") for id, cell in theirs.items()
    }
    assert (
        maker.drawn(name, "a blue heron")
        == maker.drawn(name, "a blue heron")
        != maker.drawn(name, "")
    )


def test_the_solutions_of_a_class_get_all_automatic_points_by_its_own_key(
    of_a_class, apart, tmp_path
):
    folder, key = of_a_class
    for name in NAMES:
        hand_in(solved(name, folder, key), tmp_path / "in" / "Ada" / f"{name}.ipynb")
    work_file(
        tmp_path / "in" / "Ada" / "my-work-Ada.zip", untouched(THREE, folder), tmp_path / "work"
    )
    hand_in(copied(ONE, apart), tmp_path / "in" / "Bo" / f"{ONE}.ipynb")
    rows = (
        (grade_class(tmp_path / "in", key) / "scores.csv")
        .read_text(encoding="utf-8-sig")
        .splitlines()
    )
    got = {tuple(row.split(",")[:2]): float(row.split(",")[2]) for row in rows[1:]}
    assert {name: got["Ada", name] for name in NAMES} == FULL
    assert "another edition" in rows[-1]
    assert got["Bo", ONE] < FULL[ONE], "answers that stand in the repository are not this class's"


@each_assignment
def test_each_name_that_is_drawn_stands_in_given_cells_and_in_tests_alike(name, maker):
    values = maker.drawn(name, "")
    code = [cell.source for cell in source(name).cells if cell.cell_type == "code"]
    assert values
    for each in values:
        assert sum(bool(re.search(rf"^{each} = ", text, re.MULTILINE)) for text in code) >= (
            1 if "PASSAGE" in each else 2
        ), each
    with_them = "\n".join(maker.with_values(text, values) for text in code)
    assert with_them == "\n".join(code), (
        "the first entries of draws.toml are what stands in the notebooks"
    )


# --- every draw makes sense --------------------------------------------------------------------------------------------


def test_drawn_for_the_first_assignment():
    letter = load_corpus()["gftuk"]
    bare = letter.cleaned_without("title-page").text
    for draw in POOLS[ONE]["speaker"]:
        shown = letter.sentences[
            letter.sentences["paragraph"].between(draw["PARAGRAPH"], draw["PARAGRAPH"] + 2)
        ]
        assert (
            1 <= sum(count_word(text, draw["PRONOUN"]) > 0 for text in shown["text"]) < len(shown)
        ), draw
    for word in POOLS[ONE]["WORD"]:
        assert (
            count_word(letter.raw, word) == count_word(bare, word) != count_word(letter.text, word)
        ), word
    assert max(POOLS[ONE]["PASSAGE"]) < len(letter.paragraphs)


def test_drawn_for_the_second_assignment():
    corpus = load_corpus()
    clauses = modal_clauses(corpus["gftuk"])
    for word in POOLS[TWO]["WORD"]:
        assert word_rates(corpus, word)["hits"].min() > 0, word
    for draw in POOLS[TWO]["cell"]:
        cell = clauses[
            ~clauses["passive"]
            & (clauses["doer"] == draw["DOER"])
            & (clauses["modal"] == draw["MODAL"])
        ]
        assert cell["sentence"].nunique() >= 5, draw


def test_drawn_for_the_third_assignment():
    reference = load_codings("reference").set_index("sentence")
    for part, many in (("aims", 6), ("letter", 10)):
        for draw in POOLS[THREE][part]:
            first, last = draw.values()
            codes = reference.loc[first:last, "codes"]
            assert len(codes) == many
            assert len({code for each in codes for code in each}) >= 3, draw


def test_drawn_for_the_fourth_assignment():
    reference = load_codings("reference")
    for draw in POOLS[FOUR]["case"]:
        assert any(draw["CODE"] in codes for codes in reference["codes"])
        assert word_rates(load_corpus(), draw["WORD"])["hits"].sum() > 1


# --- as lessons are ----------------------------------------------------------------------------------------------------


@each_assignment
def test_runs_from_top_to_bottom_untouched_and_says_what_is_missing(name, closed):
    notebook = untouched(name)
    NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        allow_errors=True,
        resources={"metadata": {"path": str(closed)}},
    ).execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert not [
                output
                for output in cell.outputs
                if output.output_type == "error" or output.get("name") == "stderr"
            ], cell.source
            said = "".join(output.get("text", "") for output in cell.outputs)
            assert (MISSING in said) == cell.source.startswith("check.filled("), cell.source
            assert cell.outputs or cell.source.endswith("three dots."), (
                f"this cell shows nothing: {cell.source}"
            )


@each_assignment
def test_nothing_but_sources_is_committed(name):
    for notebook in (untouched(name), source(name)):
        nbformat.validate(notebook)
        assert all(
            cell.outputs == [] and cell.execution_count is None
            for cell in notebook.cells
            if cell.cell_type == "code"
        )
        assert [cell.id for cell in notebook.cells] == [
            f"a{name[0]}-{number:02d}" for number in range(len(notebook.cells))
        ]


@each_assignment
def test_an_assignment_begins_and_ends_as_every_one_does(name):
    notebook = untouched(name)
    about, head = notebook.metadata["union"], notebook.cells[0].source
    assert about["assignment"] == name
    assert head.startswith(f"# {about['title']}\n")
    for said in [
        about["question"],
        f"**Time** {about['minutes']} minutes",
        about["prerequisites"],
        about["tested"],
        *about["objectives"],
    ]:
        assert said in head
    assert "No point is given or taken for an opinion" in prose(notebook)
    assert "## Hand in" in prose(notebook)
    assert f"`{name}.ipynb`" in prose(notebook)


@each_assignment
def test_points_are_said_where_they_are_given(name):
    total, said = 0, 0
    for cell in untouched(name).cells:
        about = cell.metadata.get("nbgrader", {})
        total += about.get("points", 0)
        if cell.cell_type == "markdown":
            said += sum(map(int, re.findall(r"\*(\d+) points?[.,]", cell.source)))
            said += sum(map(int, re.findall(r"\*\d+ points?, and (\d+) more", cell.source)))
    assert total == said == 20


@each_assignment
def test_cells_are_short_and_lines_fit_the_screen(name):
    code = [
        [line for line in cell.source.splitlines() if line.strip()]
        for cell in untouched(name).cells
        if cell.cell_type == "code"
    ]
    assert max(map(len, code)) <= 12
    assert sum(map(len, code)) / len(code) <= 4
    assert max(len(line) for lines in code for line in lines) <= 95


@each_assignment
def test_headings_go_down_one_level_at_a_time_and_links_lead_somewhere(name):
    text = prose(untouched(name))
    levels = [len(mark) for mark in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert levels[0] == levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    for target in re.findall(r"\]\(([^)#]+)", text):
        assert (GIVEN_OUT / target).exists(), target


@each_assignment
def test_both_documents_get_the_same_questions(name):
    answers = names_in(
        cell.source
        for cell in untouched(name).cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    )
    pairs = [(each, each.replace("_aims", "_letter")) for each in answers if each.endswith("_aims")]
    assert pairs or name == THREE, "in the third, one figure is of both"
    assert all(other in answers for _, other in pairs)


@each_assignment
def test_nothing_on_the_do_not_claim_list_is_said(name):
    text = prose(source(name))
    for claim in (
        "largest cent",
        "rather than defending workers against management",
        "80-day",
        "renamed in 2021",
        "the 1995 text",
    ):
        assert claim not in text
