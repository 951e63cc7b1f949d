"""A class is graded in one command: whatever was handed in, nobody's points are lost, and nobody's code does harm."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from handing_in import (
    FULL,
    GIVEN_OUT,
    NAMES,
    added,
    bare,
    by_id,
    forged,
    hand_in,
    handed_in_at,
    hostile,
    once,
    solved,
    truncated,
    twice,
    untouched,
    with_answers,
    without,
    work_file,
)

from helpers.classroom.apart import ROOT, Apart, plain
from helpers.classroom.course import CODE_STUB, KEY, TEXT_STUB
from helpers.classroom.grading import grade_class, main
from helpers.classroom.marks import read_marks, write_table
from helpers.classroom.submissions import _beside
from helpers.corpus.errors import UnionError

ONE, TWO, THREE, FOUR = NAMES
DUE = datetime(2026, 11, 1, tzinfo=UTC)
ON_TIME, LATE = DUE.timestamp() - 3_600, DUE.timestamp() + 2 * 86_400
LOOP = "while True:\n    try:\n        while True:\n            pass\n    except Exception:\n        pass"


@pytest.fixture(scope="module")
def class_of_all_kinds(tmp_path_factory):
    """What a class handed in, what came of grading it, and a folder of the teacher's."""
    place = once(tmp_path_factory, "class", graded_class)
    return place / "handed in", place / "handed in-graded", place / "teacher"


def graded_class(place):
    folder, victim = place / "handed in", place / "teacher"
    victim.mkdir()
    (victim / "precious.txt").write_text("still here")
    for name in NAMES:
        hand_in(solved(name), folder / "right" / f"{name}.ipynb")
        hand_in(untouched(name), folder / "blank" / f"{name}.ipynb")
    work_file(folder / "right" / "my-work-right-2026-11-22.zip", solved(THREE), victim / "my-work")
    swapped = (
        "raw_in_letter, clean_in_letter, raw_in_aims, clean_in_aims = 33, 35, 1, 1\nstep = 'quotes'"
    )
    hand_in(with_answers(ONE, "a1-cleaning", swapped), folder / "wrong" / f"{ONE}.ipynb")
    hand_in(solved(ONE), folder / "renamed" / "homework final (2).ipynb")
    hand_in(solved(ONE), folder / f"{ONE} Seo-yeon Kim.ipynb")
    hand_in(solved(ONE), folder / '=HYPERLINK("x")' / f"{ONE}.ipynb")
    truncated(solved(ONE), folder / "broken" / f"{ONE}.ipynb")
    hand_in(nbformat.v4.new_notebook(), folder / "other" / "holiday.ipynb")
    (folder / "empty").mkdir()
    (folder / "empty" / f"{ONE}.ipynb").write_text("")
    hand_in(added(solved(ONE), LOOP), folder / "endless" / f"{ONE}.ipynb")
    hand_in(
        added(solved(ONE), hostile(victim, KEY / ONE / f"{ONE}.ipynb")),
        folder / "hostile" / f"{ONE}.ipynb",
    )
    hand_in(added(solved(ONE), "import os\nos._exit(0)", at=-1), folder / "gone" / f"{ONE}.ipynb")
    sabotage = "import builtins\nbuiltins.isinstance = lambda *given: True"
    hand_in(added(solved(ONE), sabotage), folder / "saboteur" / f"{ONE}.ipynb")
    hand_in(
        added(solved(ONE), "for i in range(10**4): print('x' * 1000)"),
        folder / "loud" / f"{ONE}.ipynb",
    )
    hand_in(forged(ONE), folder / "forged" / f"{ONE}.ipynb")
    hand_in(
        without(solved(ONE), "a1-given", "a1-date", "a1-date-points"),
        folder / "deleted" / f"{ONE}.ipynb",
    )
    hand_in(
        twice(twice(solved(ONE), "a1-date"), "a1-date-points"), folder / "doubled" / f"{ONE}.ipynb"
    )
    hand_in(bare(solved(ONE)), folder / "bare" / f"{ONE}.ipynb")
    hand_in(
        with_answers(ONE, "a1-date", "line_for_the_date = = 3"),
        folder / "misspelt" / f"{ONE}.ipynb",
    )
    hand_in(
        with_answers(ONE, "a1-date", "line_for_the_date = corpus"), folder / "odd" / f"{ONE}.ipynb"
    )
    hand_in(
        with_answers(ONE, "a1-kept-apart", "<script>alert('x')</script> =1+1"),
        folder / "script" / f"{ONE}.ipynb",
    )
    hand_in(solved(THREE), folder / "no work" / f"{THREE}.ipynb")
    hand_in(solved(THREE), folder / "bad work" / f"{THREE}.ipynb")
    (folder / "bad work" / "my-work.zip").write_bytes(b"PK no zip at all")
    older = hand_in(untouched(ONE), folder / "again" / f"{ONE} (1).ipynb")
    hand_in(solved(ONE), folder / "again" / f"{ONE} (2).ipynb")
    foreign = solved(ONE)
    foreign.metadata["union"]["edition"] = "00000000"
    hand_in(foreign, folder / "foreign" / f"{ONE}.ipynb")
    collected = hand_in(solved(ONE), folder / "collected" / ONE / f"{ONE}.ipynb")
    for path in folder.rglob("*"):
        handed_in_at(path, LATE if path.parent.name == "renamed" else ON_TIME)
    handed_in_at(older, ON_TIME - 60)
    collected.with_name("timestamp.txt").write_text("2026-11-04 12:00:00.000000 UTC")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECRET_OF_THE_TEACHER", "the secret")
        grade_class(folder, KEY, due=DUE, seconds=10)


def table(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(keepends=True)))


@pytest.fixture
def scores(class_of_all_kinds):
    return {
        (row["learner"], row["assignment"]): row
        for row in table(class_of_all_kinds[1] / "scores.csv")
    }


EXPECTED = {  # learner: automatic points for the first assignment, a remark
    "right": (9, ""),
    "blank": (0, "nothing is filled in"),
    "wrong": (6, ""),
    "renamed": (9, "came under the name homework final (2).ipynb"),
    "Seo-yeon Kim": (9, ""),
    '\'=HYPERLINK("x")': (9, ""),
    "endless": (9, "did not come to an end"),
    "hostile": (9, "may not use the network"),
    "gone": (9, "broke off before its end"),
    "saboteur": (0, "broke off before its end"),
    "loud": (9, ""),
    "forged": (7, "was changed; it was put back"),
    "deleted": (7, "were deleted; they were put back"),
    "doubled": (9, "stands there twice"),
    "bare": (9, "were deleted; they were put back"),
    "misspelt": (7, ""),
    "odd": (7, ""),
    "script": (9, ""),
    "again": (9, "2 notebooks were handed in"),
    "foreign": (9, "another edition"),
    "collected": (9, "late"),
}


@pytest.mark.parametrize("learner", EXPECTED)
def test_each_kind_gets_its_points_and_its_remark(scores, learner):
    points, remark = EXPECTED[learner]
    row = scores[learner, ONE]
    assert (float(row["automatic"]), float(row["automatic: out of"])) == (points, FULL[ONE]), row[
        "remarks"
    ]
    assert remark in row["remarks"]
    assert remark or not row["remarks"], row["remarks"]


@pytest.mark.parametrize("learner", ["broken", "empty"])
def test_a_file_that_is_no_notebook_is_told_of_and_gets_no_points(scores, learner):
    row = scores[learner, ONE]
    assert row["automatic"] == ""
    assert "broken, or is no notebook" in row["remarks"]


def test_a_notebook_of_something_else_is_told_of(scores):
    assert "Nothing in it says" in scores["other", ""]["remarks"]


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_gets_all_automatic_points_and_the_untouched_notebook_none(scores, name):
    assert (
        float(scores["right", name]["automatic"]),
        float(scores["right", name]["automatic: out of"]),
    ) == (FULL[name], FULL[name])
    assert (float(scores["blank", name]["automatic"]), float(scores["blank", name]["by hand"])) == (
        0,
        0,
    )
    assert scores["blank", name]["still to read"] == "0"
    assert (
        float(scores["right", name]["automatic: out of"])
        + float(scores["right", name]["by hand: out of"])
        == 20
    )


@pytest.mark.parametrize(
    ("learner", "remark"), [("no work", "No work file was handed in"), ("bad work", "is damaged")]
)
def test_without_a_work_file_only_what_needs_none_gets_points(scores, learner, remark):
    row = scores[learner, THREE]
    assert 0 < float(row["automatic"]) < FULL[THREE]
    assert remark in row["remarks"]


def test_late_is_said(scores):
    assert "Handed in late, by 2.0 days." in scores["renamed", ONE]["remarks"]
    assert "Handed in late, by 3.5 days." in scores["collected", ONE]["remarks"], (
        "nbgrader's own note of the time counts"
    )
    assert sum("late" in row["remarks"] for row in scores.values()) == 2


def test_nothing_that_was_handed_in_is_lost(class_of_all_kinds, scores):
    folder, out, _ = class_of_all_kinds
    assert len(scores) == len(list(folder.rglob("*.ipynb"))) - 1  # two of one learner are one
    assert len(list((out / "feedback").rglob("*.html"))) == sum(
        row["automatic"] != "" for row in scores.values()
    )


def test_hostile_code_did_no_harm(class_of_all_kinds):
    _, out, victim = class_of_all_kinds
    assert sorted(path.name for path in victim.iterdir()) == ["my-work", "precious.txt"]
    assert (victim / "precious.txt").read_text() == "still here"
    grown = (out / "course" / "autograded" / "hostile" / ONE / f"{ONE}.ipynb").read_text(
        encoding="utf-8"
    )
    said = [
        output.text
        for cell in nbformat.reads(grown, 4).cells
        for output in cell.get("outputs", [])
        if "came through" in output.get("text", "")
    ]
    assert said[0].count("Error") == 11
    assert "came through: 1" in said[0], (
        "it could change its own copy of the checks, which no test looks at"
    )
    assert "the secret" not in grown


def test_nothing_that_learners_ran_could_read_the_key(class_of_all_kinds):
    pages = [
        path.read_text(encoding="utf-8")
        for path in (class_of_all_kinds[1] / "feedback").rglob("*.html")
    ]
    assert len(pages) > 20
    for page in pages:
        assert "HIDDEN TESTS" not in page
        assert "the secret" not in page


def test_feedback_says_why_and_hints_and_is_fit_for_everyone(class_of_all_kinds):
    out = class_of_all_kinds[1]
    page = (out / "feedback" / "wrong" / f"{ONE}.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert "Not quite. That is the clean text: “raw” is the file as it came." in page
    assert "Points: 0 of 2" in page
    assert "The Korean programme is of 1995" in page, "why a right answer is right"
    assert "to be read by a person" in page
    script = (out / "feedback" / "script" / f"{ONE}.html").read_text(encoding="utf-8")
    assert "<script" not in script
    assert "&lt;script&gt;alert" in script


def test_what_a_person_is_to_read_is_listed_and_safe_from_formulas(class_of_all_kinds):
    text = (class_of_all_kinds[1] / "to-read.csv").read_text(encoding="utf-8-sig")
    rows = table(class_of_all_kinds[1] / "to-read.csv")
    assert "blank" not in {row["learner"] for row in rows if row["question"]}, (
        "there is nothing to read"
    )
    assert {row["learner"] for row in rows if row["question"]} >= {
        "right",
        "wrong",
        '\'=HYPERLINK("x")',
    }
    assert ("right", THREE, "a3-settled", "6") in {
        (row["learner"], row["assignment"], row["question"], row["out of"]) for row in rows
    }
    cells = [cell for row in csv.reader(text.splitlines(keepends=True)) for cell in row]
    assert not [cell for cell in cells if re.match(r"[=+@\t\r-]", cell)]


@pytest.fixture(scope="module")
def key_of_one(tmp_path_factory):
    key = tmp_path_factory.mktemp("key")
    hand_in(nbformat.read(KEY / ONE / f"{ONE}.ipynb", 4), key / ONE / f"{ONE}.ipynb")
    return key


def test_points_that_a_person_gives_count_in_the_next_run_and_nothing_doubles(tmp_path, key_of_one):
    folder = tmp_path / "class"
    for learner in ("Ada", "Bo"):
        hand_in(solved(ONE), folder / learner / f"{ONE}.ipynb")
    out = grade_class(folder, key_of_one)
    first = (out / "scores.csv").read_text(encoding="utf-8").splitlines()
    rows = table(out / "to-read.csv")
    assert [row["points"] for row in rows] == ["", "", "", ""]
    rows[0] |= {"points": "4,5", "comment": "=Well read"}
    rows[1] |= {"points": "0"}
    write_table(out / "to-read.csv", list(rows[0]), [list(row.values()) for row in rows])
    hand_in(with_answers(ONE, "a1-kept-apart", "Another answer."), folder / "Ada" / f"{ONE}.ipynb")
    assert grade_class(folder, key_of_one) == out
    assert (out / "scores.csv").read_text(encoding="utf-8").splitlines()[2] == first[2], (
        "Bo's row is as it was"
    )
    row, _ = table(out / "scores.csv")
    assert [row[name] for name in ("automatic", "by hand", "together", "still to read")] == [
        "9",
        "4.5",
        "13.5",
        "0",
    ]
    assert "“6 · Three things to keep apart” has changed since it was marked" in row["remarks"]
    page = (out / "feedback" / "Ada" / f"{ONE}.html").read_text(encoding="utf-8")
    assert "Points: 4.5 of 6" in page
    assert "=Well read" in page
    rows[0] |= {"points": "7"}
    write_table(out / "to-read.csv", list(rows[0]), [list(row.values()) for row in rows])
    with pytest.raises(UnionError, match=r"Row 2 of to-read\.csv gives 7 of 6 points"):
        read_marks(out / "to-read.csv")


@pytest.mark.parametrize(
    ("folder", "told"),
    [
        ("nowhere", "There is no folder “nowhere” in here"),
        (".", "no notebook in the folder “here”"),
    ],
)
def test_where_there_is_nothing_to_grade_it_says_so(tmp_path, monkeypatch, folder, told):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(UnionError, match=told):
        grade_class(folder, KEY)


def test_the_solutions_are_not_graded(tmp_path, monkeypatch):
    own = tmp_path / "my-class"
    (own / "key").mkdir(parents=True)
    monkeypatch.setattr("helpers.classroom.grading.OWN_CLASS", own)
    for folder in (KEY, KEY.parents[2], own):
        with pytest.raises(UnionError, match="holds the solutions"):
            grade_class(folder, KEY, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_notebook_that_is_none_of_the_assignments_keeps_its_name():
    assert _beside("Bo essay", "") == "Bo essay"
    assert _beside("1-who-is-speaking Bo", "1-who-is-speaking") == "Bo"


def test_the_command_says_what_to_mend(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["grade", str(tmp_path), "--due", "tomorrow"])
    with pytest.raises(SystemExit, match="'tomorrow' is no date: write it as in 2027-01-31"):
        main()
    monkeypatch.setattr(sys, "argv", ["grade", str(tmp_path)])
    with pytest.raises(SystemExit, match="There is no notebook in"):
        main()


# --- nbgrader itself, whole --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def by_nbgrader(tmp_path_factory):
    place = once(tmp_path_factory, "nbgrader", through_nbgrader)
    return (
        place / "course",
        untouched(ONE, place),
        {row["student_id"]: row for row in table(place / "grades.csv")},
    )


def through_nbgrader(root):
    """One assignment on nbgrader's own way, from the instructor's notebook to the table of grades, with its own kernels."""
    import logging

    from nbgrader.api import Gradebook
    from nbgrader.auth import Authenticator
    from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange.default import (
        ExchangeCollect,
        ExchangeFetchAssignment,
        ExchangeReleaseAssignment,
        ExchangeSubmit,
    )
    from nbgrader.plugins.export import CsvExportPlugin
    from traitlets.config import Config

    course, exchange, home = root / "course", root / "exchange", root / "home"
    for folder in (course, exchange, home):
        folder.mkdir()
    exchange.chmod(0o777)
    quiet = logging.getLogger("quiet")
    quiet.setLevel(logging.CRITICAL)
    hand_in(nbformat.read(KEY / ONE / f"{ONE}.ipynb", 4), course / "source" / ONE / f"{ONE}.ipynb")
    config = Config(
        CourseDirectory={"root": str(course), "assignment_id": ONE, "course_id": "union"},
        Exchange={"root": str(exchange), "assignment_dir": str(home), "cache": str(root / "cache")},
        ClearSolutions={"code_stub": {"python": CODE_STUB}, "text_stub": TEXT_STUB},
        Execute={"timeout": 120},
    )

    def step(kind, **more):
        settings = {
            "coursedir": CourseDirectory(config=config, log=quiet),
            "config": config,
            "log": quiet,
        }
        kind(**settings, **more).start()

    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings(action="ignore"):
        patch.setenv("PATH", f"{Path(sys.executable).parent}:/usr/bin:/bin")
        patch.setenv("UNION_WORK_FOLDER", str(root / "my-work"))
        patch.setenv("JUPYTER_DATA_DIR", str(root / "jupyter"))
        step(GenerateAssignment)
        for kind in (ExchangeReleaseAssignment, ExchangeFetchAssignment):
            step(kind, authenticator=Authenticator(config=config))
        fetched = untouched(ONE, home / ONE)
        for learner, notebook in {
            "right": solved(ONE, home / ONE),
            "blank": fetched,
            "forged": forged(ONE),
        }.items():
            config.CourseDirectory.student_id = learner
            hand_in(notebook, home / ONE / f"{ONE}.ipynb")
            step(ExchangeSubmit, authenticator=Authenticator(config=config))
        config.CourseDirectory.student_id = "*"
        step(ExchangeCollect, authenticator=Authenticator(config=config), check_owner=False)
        step(Autograde)
        step(GenerateFeedback)
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "union") as book:
            CsvExportPlugin(to=str(root / "grades.csv")).export(book)
    hand_in(fetched, root / f"{ONE}.ipynb")


def test_nbgrader_makes_submits_collects_grades_and_exports_the_same(by_nbgrader, scores):
    course, fetched, grades = by_nbgrader
    ours = untouched(ONE)
    assert [cell.source for cell in fetched.cells] == [cell.source for cell in ours.cells]
    for learner in ("right", "blank", "forged"):
        assert float(grades[learner]["raw_score"]) == float(scores[learner, ONE]["automatic"])
        assert float(grades[learner]["max_score"]) == 20
        assert (course / "feedback" / learner / ONE / f"{ONE}.html").is_file()


def test_the_gradebook_of_a_graded_class_is_one_of_nbgraders(class_of_all_kinds):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{class_of_all_kinds[1] / 'course' / 'gradebook.db'}") as book:
        assert book.find_submission(THREE, "right").score == FULL[THREE]
        assert {each.name for each in book.assignments} == set(NAMES)


# --- code that runs apart ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def apart():
    with Apart() as one:
        yield one


def test_a_learner_can_leave_nothing_for_the_next(apart):
    apart.run(
        [
            "import builtins, helpers\nbuiltins.left = helpers.left = 1",
            "open('left.txt', 'w').write('x')",
        ],
        [],
    )
    look = "import builtins, helpers, os\nfound = [hasattr(builtins, 'left'), hasattr(helpers, 'left'), os.path.exists('left.txt')]"
    assert apart.run([look], ["found"]).answers == {"found": [False, False, False]}


def test_what_takes_too_long_too_much_room_or_too_much_memory_is_stopped(apart):
    run = apart.run(["import time\ntime.sleep(100)", "rate = 1"], ["rate"], seconds=1)
    assert run.errors == {0: "TimeUp: This cell did not come to an end in 1 seconds."}
    assert run.answers == {"rate": 1}
    run = apart.run(
        ["for n in range(10**4): open(f'{n}', 'wb').write(b'x' * 10**7)"], [], seconds=60
    )
    assert run.trouble == "The code wrote too much, so it was stopped."
    run = apart.run(["much = bytearray(10**10)", "rate = 2"], ["rate"])
    assert run.errors.get(0) == "MemoryError" or sys.platform != "linux"
    assert run.answers == {"rate": 2}


def test_python_alone_keeps_the_fence_too_where_the_system_has_none(tmp_path):
    victim, place = tmp_path / "teacher", tmp_path / "place"
    victim.mkdir()
    place.mkdir()
    (victim / "precious.txt").write_text("still here")
    program = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import helpers.classroom.check
from helpers.classroom import fence
fence._landlock = lambda *given: None
fence.fence_in([{str(ROOT / "helpers")!r}], {str(place)!r}, seconds=60, megabytes=2_000, file_megabytes=5)
{hostile(victim, KEY / ONE / f"{ONE}.ipynb")}"""
    said = subprocess.run(
        [sys.executable, "-I", "-c", program], cwd=place, capture_output=True, text=True, timeout=60
    ).stdout
    assert "came through: 1" in said, "it could change its own copy of the checks"
    assert [path.name for path in victim.iterdir()] == ["precious.txt"]
    assert (victim / "precious.txt").read_text() == "still here"
    assert [path.name for path in place.iterdir()] == ["of-my-own.txt"]


@pytest.mark.parametrize(
    "value",
    [
        "...",
        "None",
        "object()",
        "float('nan')",
        "10**400",
        "[[[[[1]]]]]",
        "list(range(10**4))",
        "corpus",
    ],
)
def test_what_is_no_plain_answer_is_none(apart, value):
    assert apart.run(["corpus = type('C', (), {})()", f"rate = {value}"], ["rate"]).answers in (
        {},
        {"rate": [[[[None]]]]},
    )


def test_numbers_of_numpy_and_tuples_are_plain():
    import numpy as np

    assert plain({"a": np.float64(2.5), "b": (np.int64(3), True, "x")}) == {
        "a": 2.5,
        "b": [3, True, "x"],
    }
    assert json.dumps(plain("half \ud83d")) == '"half ?"'


def test_the_notebooks_that_are_given_out_are_those_of_the_key():
    assert sorted(path.stem for path in GIVEN_OUT.glob("*.ipynb")) == NAMES
    for name in NAMES:
        points = [
            cell.metadata["nbgrader"].get("points", 0) for cell in by_id(untouched(name)).values()
        ]
        assert sum(points) == 20
