"""Learners' assignments are made from the instructor's, give no answer away, and are as lessons."""

import importlib.util
import json
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from handing_in import (
    FOUR,
    FULL,
    GIVEN_OUT,
    NAMES,
    ONE,
    SOLUTION,
    TESTS,
    THREE,
    TWO,
    by_id,
    hand_in,
    right_values,
    solved,
    typed_of,
    untouched,
    work_file,
)
from nbclient import NotebookClient

from helpers import count_word, load_codings, load_corpus, modal_clauses, word_rates
from helpers.classroom.grading import KEY, grade_class

ROOT = Path(__file__).resolve().parents[2]
MAKER = KEY.with_name("make.py")
POOLS = tomllib.loads(KEY.with_name("draws.toml").read_text(encoding="utf-8"))
MISSING = "Something is still missing above"
PUBLIC = {"title-page", "yes", "no"}  # answers that are among those offered to choose from

OURS = (GIVEN_OUT, KEY)

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
    folder = tmp_path_factory.mktemp("my-class")
    maker.make("a blue heron", folder / "key", folder / "assignments")
    return folder / "assignments", folder / "key"


def source(name, key=KEY):
    return nbformat.read(key / name / f"{name}.ipynb", as_version=4)


def prose(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


# --- made, and without answers --------------------------------------------------------------------


def test_the_learners_notebooks_are_what_the_instructors_make(maker, tmp_path):
    made = maker.make(out=tmp_path)
    assert [path.name for path in made] == sorted(path.name for path in GIVEN_OUT.iterdir())
    for path in made:
        assert path.read_text(encoding="utf-8") == (GIVEN_OUT / path.name).read_text(
            encoding="utf-8"
        ), "run `make assignments`"


def secrets(name, folder, key):
    """What must not stand in a learner's notebook: lines of solutions and of hidden tests, what to
    look for, and the answers.
    """
    found, whole = set(), source(name, key)
    for cell in whole.cells:
        about = cell.metadata.get("nbgrader", {})
        for region in (SOLUTION, TESTS):
            parts = region.findall(cell.source)
            found |= {line.strip() for part in parts for line in part.splitlines()}
        if cell.cell_type == "markdown" and about.get("solution"):
            found |= {line.strip() for line in cell.source.splitlines()}
    given = "\n".join(
        cell.source
        for cell in untouched(name, folder).cells
        if cell.metadata.get("nbgrader", {}).get("locked")
    )
    texts = {
        str(value)
        for value in right_values(name, key).values()
        if (isinstance(value, str) and len(value) > 5) or isinstance(value, float)
    }
    return {
        each
        for each in found | texts
        if len(each) > 2 and each not in given and not each.startswith("from ")
    } - PUBLIC


def test_a_learners_notebook_holds_no_solution_no_hidden_test_and_no_answer(of_a_class):
    for name, (folder, key) in [(name, where) for name in NAMES for where in (of_a_class, OURS)]:
        hidden = secrets(name, folder, key)
        assert len(hidden) > 25
        text = (folder / f"{name}.ipynb").read_text(encoding="utf-8")
        read = "\n".join(map(str, _texts_in(json.loads(text))))
        for secret in hidden:
            if secret in read:
                assert not re.search(rf"(?<![\w.]){re.escape(secret)}(?![\w.])", read), secret
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


def test_a_seed_draws_another_edition_and_keeps_the_points(of_a_class, maker):
    for name in NAMES:
        ours, theirs = by_id(untouched(name)), by_id(untouched(name, of_a_class[0]))
        assert [cell.source for cell in ours.values()] != [cell.source for cell in theirs.values()]
        points = [
            {id: cell.metadata["nbgrader"].get("points") for id, cell in each.items()}
            for each in (ours, theirs)
        ]
        assert points[0] == points[1]
        draw = maker.drawn(name, "a blue heron")
        assert draw == maker.drawn(name, "a blue heron") != maker.drawn(name, "")


def test_the_solutions_of_a_class_get_all_automatic_points_by_its_own_key(of_a_class, tmp_path):
    folder, key = of_a_class
    for name in NAMES:
        hand_in(solved(name, folder, key), tmp_path / "in" / "Ada" / f"{name}.ipynb")
        hand_in(solved(name, words="As online."), tmp_path / "in" / "Bo" / f"{name}.ipynb")
    work_file(tmp_path / "in" / "Ada" / "my-work-Ada.zip", untouched(THREE, folder))
    rows = pd.read_csv(grade_class(tmp_path / "in", key) / "scores.csv")
    rows = rows.set_index(["learner", "assignment"])
    assert rows.loc["Ada", "automatic"].to_dict() == FULL
    assert rows.loc[("Bo", ONE), "automatic"] < FULL[ONE], "answers that stand in the repository"
    assert rows.loc["Bo", "remarks"].str.contains("Another edition").all()


def test_each_name_that_is_drawn_stands_in_given_cells_and_in_tests_alike(maker):
    for name in NAMES:
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


# --- every draw makes sense -----------------------------------------------------------------------


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


# --- as lessons are -------------------------------------------------------------------------------


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


def test_nothing_but_sources_is_committed():
    for name in NAMES:
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


def test_an_assignment_begins_and_ends_as_every_one_does():
    for name in NAMES:
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


def test_points_are_said_where_they_are_given():
    for name in NAMES:
        total, said = 0, 0
        for cell in untouched(name).cells:
            about = cell.metadata.get("nbgrader", {})
            total += about.get("points", 0)
            if cell.cell_type == "markdown":
                said += sum(map(int, re.findall(r"\*(\d+) points?[.,]", cell.source)))
                said += sum(map(int, re.findall(r"\*\d+ points?, and (\d+) more", cell.source)))
        assert total == said == 20


def test_cells_are_short_and_lines_fit_the_screen():
    for name in NAMES:
        code = [
            [line for line in cell.source.splitlines() if line.strip()]
            for cell in untouched(name).cells
            if cell.cell_type == "code"
        ]
        assert max(map(len, code)) <= 12
        assert sum(map(len, code)) / len(code) <= 4
        assert max(len(line) for lines in code for line in lines) <= 95


def test_headings_go_down_one_level_at_a_time_and_links_lead_somewhere():
    for name in NAMES:
        text = prose(untouched(name))
        levels = [len(mark) for mark in re.findall(r"^(#+) ", text, re.MULTILINE)]
        assert levels[0] == levels.count(1) == 1
        assert all(below - above <= 1 for above, below in pairwise(levels))
        for target in re.findall(r"\]\(([^)#]+)", text):
            assert (GIVEN_OUT / target).exists(), target


def test_both_documents_get_the_same_questions():
    for name in NAMES:
        answers = [each for cell in untouched(name).cells for each in typed_of(cell.source)]
        pairs = [
            (each, each.replace("_aims", "_letter")) for each in answers if each.endswith("_aims")
        ]
        assert pairs or name == THREE, "in the third, one figure is of both"
        assert all(other in answers for _, other in pairs)


def test_nothing_on_the_do_not_claim_list_is_said():
    for name in NAMES:
        text = prose(source(name))
        for claim in (
            "largest cent",
            "rather than defending workers against management",
            "80-day",
            "renamed in 2021",
            "the 1995 text",
        ):
            assert claim not in text
