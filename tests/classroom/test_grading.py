"""A class is graded in one command: whatever was handed in, no points are lost, no code runs."""

import csv
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from fuzzing import CODE, STAMPS, damaged
from handing_in import (
    FULL,
    NAMES,
    ONE,
    THREE,
    TWO,
    added,
    bare,
    by_id,
    hand_in,
    hostile,
    solved,
    twice,
    untouched,
    with_answers,
    without,
    work_file,
)

from helpers.classroom.grading import KEY, grade_class
from helpers.classroom.submissions import UNREAD, Cell, find, typed_values, written_answer
from helpers.corpus.errors import UnionError
from helpers.corpus.files import write_csv

ROOT = Path(__file__).resolve().parents[2]
MANY = int(os.environ.get("UNION_FUZZ", "60"))  # submissions; 1,000 take half a minute
DUE = datetime(2026, 11, 1, tzinfo=UTC)
ON_TIME, LATE = DUE.timestamp() - 3_600, DUE.timestamp() + 2 * 86_400
COMPUTED = """raw_in_letter = count_word(letter.raw, WORD)
clean_in_letter, raw_in_aims, clean_in_aims = 33, 1, 1
step = "title-page"
"""


def kinds(victim):
    """Notebooks of the first assignment by learner, with the points of the program and a remark."""

    def one(points, remark="", answers=None, change=lambda notebook: notebook):
        words = f"Words of my own, number {len(found)}."
        return change(with_answers(ONE, answers or {}, words)), points, remark

    found = {}
    found["right"] = one(9)
    found["blank"] = (untouched(ONE), 0, "nothing is filled in")
    found["wrong"] = one(
        6, answers={"a1-cleaning": COMPUTED.replace("count_word(letter.raw, WORD)", "33")}
    )
    found["wrong"][0].cells[
        by_place(found["wrong"][0], "a1-cleaning")
    ].source = (
        "raw_in_letter, clean_in_letter, raw_in_aims, clean_in_aims = 33, 35, 1, 1\nstep = 'quotes'"
    )
    found["hostile"] = one(7, answers={"a1-date": hostile(victim)})
    found["hostile too"] = one(9, change=lambda notebook: added(notebook, hostile(victim)))
    found["computed"] = one(7, answers={"a1-cleaning": COMPUTED})
    found["misspelt"] = one(7, answers={"a1-date": "line_for_the_date = = 3"})
    found["odd"] = one(7, answers={"a1-date": "line_for_the_date = ['three']"})
    found["forged"] = one(9, change=forged)
    found["deleted"] = one(
        7, change=lambda each: without(each, "a1-given", "a1-date", "a1-date-points")
    )
    found["doubled"] = one(9, change=lambda each: twice(twice(each, "a1-date"), "a1-kept-apart"))
    found["bare"] = one(9, change=bare)
    found["pasted"] = one(9, change=lambda each: bare(each, ids=False))
    found["out of order"] = one(9, change=turned_round)
    found["broken notes"] = one(9, change=broken_notes)
    found["other kinds"] = one(9, change=other_kinds)
    found["half an emoji"] = one(9, answers={"a1-kept-apart": "Half an emoji \ud83d is here."})
    found["script"] = one(9, answers={"a1-kept-apart": "<script>alert('x')</script> =1+1"})
    found['=HYPERLINK("x")'] = one(9)
    found["another edition"] = one(
        9, "Another edition", {"a1-given": 'PARAGRAPH = 11\nPRONOUN = "our"'}
    )
    return found


def by_place(notebook, id):
    return notebook.cells.index(by_id(notebook)[id])


def forged(notebook):
    for cell in by_id(notebook).values():
        if cell.metadata["nbgrader"]["grade"] and cell.cell_type == "code":
            cell.source = "print('all points')"
            cell.metadata["nbgrader"]["points"] = 1_000
    return notebook


def turned_round(notebook):
    notebook.cells.reverse()
    return notebook


def broken_notes(notebook):
    for number, cell in enumerate(notebook.cells):
        cell.metadata["nbgrader"] = ["grade_id", {"grade_id": {}}, None, 3][number % 4]
    return notebook


def other_kinds(notebook):
    for cell in by_id(notebook).values():
        if cell.metadata["nbgrader"]["solution"]:
            kind = "raw" if cell.cell_type == "code" else "code"
            cell.update(nbformat.from_dict({"cell_type": kind}))
    return notebook


def write(notebook, path):
    """Write a notebook that nbformat would refuse."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """What a class handed in, and what came of grading it."""
    place = tmp_path_factory.mktemp("class")
    folder, ran = place / "handed in", place / "ran"
    for learner, (notebook, _, _) in kinds(ran).items():
        write(notebook, folder / learner / f"{ONE}.ipynb")
    for name in NAMES[1:]:
        hand_in(solved(name, words=f"Mine on {name}."), folder / "right" / f"{name}.ipynb")
        hand_in(untouched(name), folder / "blank" / f"{name}.ipynb")
    work_file(folder / "right" / "my-work-somebody-2026-11-22.zip")
    hand_in(solved(THREE, words="No work."), folder / "no work" / f"{THREE}.ipynb")
    hand_in(solved(THREE, words="Bad work."), folder / "bad work" / f"{THREE}.ipynb")
    (folder / "bad work" / "my-work.zip").write_bytes(b"PK no zip at all")
    (folder / "broken").mkdir()
    (folder / "broken" / f"{ONE}.ipynb").write_text(json.dumps(solved(ONE))[:5_000])
    hand_in(nbformat.v4.new_notebook(), folder / "other" / "holiday.ipynb")
    for path in folder.rglob("*.ipynb"):
        late = path.parent.name == "right" and path.stem == TWO
        os.utime(path, (LATE if late else ON_TIME,) * 2)
    os.mkfifo(folder / "right" / "timestamp.txt")
    (folder / "script" / "timestamp.txt").write_text("0001-01-01 00:00:00 +05:00")
    (folder / "forged" / "timestamp.txt").write_text("2026-11-04 12:00:00.000000 UTC")
    out = grade_class(folder, KEY, due=DUE)
    assert not ran.exists(), "code of a learner's ran"
    return out


def table(path):
    """The rows of a table, without the apostrophe that keeps a spreadsheet from reckoning."""
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(keepends=True)))


@pytest.fixture(scope="module")
def scores(graded):
    rows = table(graded / "scores.csv")
    return {(row["learner"].lstrip("'"), row["assignment"]): row for row in rows}


@pytest.fixture(scope="module")
def to_read(graded):
    return table(graded / "to-read.csv")


# --- a class of all kinds ------------------------------------------------------------------------


def test_each_kind_gets_its_points_and_its_remark(scores, tmp_path):
    for learner, (_, points, remark) in kinds(tmp_path).items():
        row = scores[learner, ONE]
        assert float(row["automatic"]) == points, (learner, row)
        assert remark in row["remarks"], (learner, row)
        assert remark or not row["remarks"] or learner == "forged", (learner, row)


def test_answers_in_words_are_found_whatever_became_of_the_notebook(to_read):
    answers = {(row["learner"].lstrip("'"), row["question"]): row["answer"] for row in to_read}
    for learner in (each for each in kinds(Path("x")) if each != "blank"):
        for question in ("a1-four-questions", "a1-kept-apart"):
            said = answers[learner, question]
            assert len(said) > 20 and "not found" not in said, (learner, said)
    assert answers["half an emoji", "a1-kept-apart"] == "Half an emoji \ufffd is here."


def test_what_the_program_cannot_read_is_for_a_person_and_no_zero(scores, to_read):
    asked = {
        (row["learner"], row["question"]): row for row in to_read if "-points" in row["question"]
    }
    wanted = {
        ("hostile", "a1-date-points"),
        ("computed", "a1-counts-points"),
        ("misspelt", "a1-date-points"),
        ("odd", "a1-date-points"),
        ("deleted", "a1-date-points"),
    }
    assert {*asked} == wanted
    assert "count_word(letter.raw, WORD)" in asked["computed", "a1-counts-points"]["answer"]
    assert "LINES" in asked["misspelt", "a1-date-points"]["what to look for"], "what is right"
    assert scores["misspelt", ONE]["still to read"] == "3"
    assert scores["right", ONE]["still to read"] == "2"


def test_the_solution_gets_all_automatic_points_and_the_untouched_notebook_none(scores):
    for name, most in FULL.items():
        row, blank = scores["right", name], scores["blank", name]
        assert [float(row[each]) for each in ("automatic", "out of")] == [most, 20]
        assert [blank[each] for each in ("automatic", "by hand", "still to read")] == ["0"] * 3


def test_files_that_are_no_notebook_of_an_assignment_are_told_of(scores):
    for place in (("broken", ONE), ("other", "")):
        assert "broken, or no notebook" in scores[place]["remarks"]
        assert scores[place]["automatic"] == ""


def test_without_a_work_file_only_what_needs_none_gets_points(scores):
    for learner, remark in (("no work", "No work file"), ("bad work", "my-work.zip is damaged")):
        assert 0 < float(scores[learner, THREE]["automatic"]) < FULL[THREE]
        assert remark in scores[learner, THREE]["remarks"]


def test_late_is_said_by_the_time_of_the_file_or_by_nbgraders_note(scores):
    late = {place: row["remarks"] for place, row in scores.items() if "late" in row["remarks"]}
    assert late == {
        ("right", TWO): "Handed in late, by 2.0 days.",
        ("forged", ONE): "Handed in late, by 3.5 days.",
    }


def test_what_a_person_is_to_read_comes_with_its_table_of_points(to_read):
    (row,) = (row for row in to_read if (row["learner"], row["question"]) == ("right", "a4-case"))
    assert (row["out of"], row["what"]) == ("10", "4 · The case")
    assert "| 2 | a claim that somebody could deny" in row["what to look for"]
    assert "*What to look for.* The claim names" in row["what to look for"]
    assert "blank" not in {row["learner"] for row in to_read if row["question"]}


def test_no_cell_is_reckoned_by_a_spreadsheet(graded):
    for name in ("to-read.csv", "scores.csv"):
        text = (graded / name).read_text(encoding="utf-8-sig")
        cells = [cell for row in csv.reader(text.splitlines(keepends=True)) for cell in row]
        assert not [cell for cell in cells if re.match(r"[=+@\t\r-]", cell)]


def page_of(out, learner):
    (path,) = (out / "feedback").glob(f"{learner}-*.html")
    return path.read_text(encoding="utf-8")


def test_feedback_says_why_and_hints_and_has_nothing_that_runs(graded):
    page = page_of(graded, "wrong")
    assert '<html lang="en-GB">' in page
    assert "Not quite. That is the clean text: “raw” is the file as it came." in page
    assert "Points: 0 of 2" in page
    assert "The Korean programme is of 1995" in page, "why a right answer is right"
    assert "to be given by a person" in page
    script = page_of(graded, "script")
    assert "<script" not in script and "&lt;script&gt;alert" in script


def test_feedback_has_no_word_that_is_meant_for_the_teacher(graded, scores):
    pages = [path.read_text(encoding="utf-8") for path in (graded / "feedback").glob("*.html")]
    assert len(pages) == len({learner for (learner, _), row in scores.items() if row["together"]})
    for said in ("HIDDEN TESTS", "What to look for", "ask for it again", "by hand", "late"):
        assert not [page for page in pages if said in page], said


def test_advice_for_learners_is_not_given_to_the_teacher(scores):
    remarks = " ".join(row["remarks"] for row in scores.values())
    assert not re.search(r"save_work|resume|choose|save it again|your", remarks), remarks


# --- whose is what -------------------------------------------------------------------------------


def names_of(folder):
    return sorted(
        (one.learner, one.assignment, " ".join(one.remarks)) for one in find(folder, given())
    )


def given():
    return {
        name: [
            Cell(cell.source, cell.cell_type == "code", cell.id, cell.metadata.get("nbgrader", {}))
            for cell in untouched(name).cells
        ]
        for name in NAMES
    }


def test_a_second_download_is_the_same_learners(tmp_path):
    for name, when in (("Kim", 100), ("Kim (1)", 200)):
        os.utime(hand_in(untouched(ONE), tmp_path / name / "x.ipynb"), (when, when))
    hand_in(untouched(ONE), tmp_path / f"{ONE} Bo.ipynb")
    hand_in(untouched(ONE), tmp_path / f"{ONE} Bo (2).ipynb")
    hand_in(untouched(ONE), tmp_path / f"{ONE} Seo-yeon-Copy1.ipynb")
    (first, second, third) = names_of(tmp_path)
    assert [each[0] for each in (first, second, third)] == ["Bo", "Kim", "Seo-yeon"]
    assert "Kim (1)/x.ipynb is the newest of several" in second[2]
    assert "of one learner?" in first[2] and third[2] == ""


def test_loose_files_without_a_name_are_not_one_learners(tmp_path):
    for name in (ONE, f"{ONE} (1)", f"{ONE} (2)"):
        hand_in(untouched(ONE), tmp_path / f"{name}.ipynb")
    found = names_of(tmp_path)
    assert len(found) == 3
    assert all("Nothing says whose this is" in remark for _, _, remark in found)


def test_the_newest_notebook_that_is_one_is_graded(tmp_path):
    os.utime(hand_in(solved(ONE), tmp_path / "Kim" / "old.ipynb"), (100, 100))
    (tmp_path / "Kim" / f"{ONE}.ipynb").write_text("{")
    (one,) = find(tmp_path, given())
    assert one.cells and "A newer file is broken" in one.remarks[0]


def test_a_work_file_is_of_its_folder_or_of_exactly_the_name_it_has(tmp_path):
    for learner in ("Min", "Min-ji", "Ann Lee", "work"):
        hand_in(untouched(THREE), tmp_path / learner / f"{THREE}.ipynb")
    (tmp_path / "Min" / "work.zip").write_bytes(b"1")
    for name in ("my-work-Min-ji-2026-11-22", "my-work-Ann-Lee-2026-11-22 (1)", "my-work-x"):
        (tmp_path / f"{name}.zip").write_bytes(b"2")
    found = {one.learner: [path.stem for path in one.work] for one in find(tmp_path, given())}
    assert found == {
        "Min": ["work"],
        "Min-ji": ["my-work-Min-ji-2026-11-22"],
        "Ann Lee": ["my-work-Ann-Lee-2026-11-22 (1)"],
        "work": [],
    }


def test_a_copy_is_remarked_and_pages_do_not_overwrite_each_other(tmp_path):
    for learner in ("Ann!", "Ann-3", "Ann?", "ann"):
        words = learner if learner != "Ann?" else "Ann!"
        hand_in(solved(ONE, words=words), tmp_path / "in" / learner / f"{ONE}.ipynb")
    out = grade_class(tmp_path / "in", KEY)
    pages = [path.read_text(encoding="utf-8") for path in (out / "feedback").iterdir()]
    headings = sorted(re.search("<h1>Feedback for (.*)</h1>", page)[1] for page in pages)
    assert headings == ["Ann!", "Ann-3", "Ann?", "ann"]
    remarks = {row["learner"]: row["remarks"] for row in table(out / "scores.csv")}
    assert remarks == {
        "Ann!": "An exact copy: the same answers came from Ann?.",
        "Ann-3": "",
        "Ann?": "An exact copy: the same answers came from Ann!.",
        "ann": "",
    }


# --- points that a person gives ------------------------------------------------------------------


def test_points_that_a_person_gives_count_in_the_next_run_and_nothing_doubles(tmp_path):
    folder = tmp_path / "class"
    for learner in ("Ada", "Bo"):
        hand_in(solved(ONE, words=learner), folder / learner / f"{ONE}.ipynb")
    out = grade_class(folder, KEY)
    first = (out / "scores.csv").read_text(encoding="utf-8").splitlines()
    rows = table(out / "to-read.csv")
    assert [row["points"] for row in rows] == [""] * 4
    rows[0] |= {"points": "4,5", "comment": "=Well read"}
    rows[1] |= {"points": "0"}
    rows.append(rows[0] | {"learner": "Cho", "points": "6"})
    save(rows, out)
    hand_in(
        with_answers(ONE, {"a1-kept-apart": "Another answer."}, "Ada"),
        folder / "Ada" / f"{ONE}.ipynb",
    )
    assert grade_class(folder, KEY) == out
    assert (out / "scores.csv").read_text(encoding="utf-8").splitlines()[2] == first[2]
    row, _ = table(out / "scores.csv")
    names = ("automatic", "by hand", "together", "still to read")
    assert [row[name] for name in names] == ["9", "4.5", "13.5", "0"]
    assert "“6 · Three things to keep apart” has changed since it was marked" in row["remarks"]
    page = page_of(out, "Ada")
    assert "Points: 4.5 of 6" in page and "=Well read" in page
    rows = table(out / "to-read.csv")
    assert rows[-1]["learner"] == "Cho", "points of nobody here are kept"
    save([rows[1] | {"points": "7"}], out)
    with pytest.raises(UnionError, match=r"to-read\.csv gives 7 of 6 points to Ada"):
        grade_class(folder, KEY)
    (out / "to-read.csv").write_text("learner;points\nAda;7")
    with pytest.raises(UnionError, match="lacks columns"):
        grade_class(folder, KEY)


def save(rows, out):
    write_csv(rows[0], [list(row.values()) for row in rows], out / "to-read.csv")


# --- where there is nothing to grade -------------------------------------------------------------


def test_where_there_is_nothing_to_grade_it_says_so(tmp_path, monkeypatch):
    own = tmp_path / "my-class"
    (own / "key").mkdir(parents=True)
    monkeypatch.setattr("helpers.classroom.grading.OWN_CLASS", own)
    for folder in (tmp_path / "nowhere", tmp_path / "nowhere" / "else"):
        with pytest.raises(UnionError, match="holds no notebook"):
            grade_class(folder, KEY)
    for folder in (KEY, KEY.parents[2], own):
        with pytest.raises(UnionError, match="holds the solutions"):
            grade_class(folder, KEY)
    with pytest.raises(UnionError, match="no assignments"):
        hand_in(untouched(ONE), tmp_path / "in" / "Bo" / "x.ipynb")
        grade_class(tmp_path / "in", tmp_path)
    assert not list(tmp_path.glob("*-graded"))


def test_the_command_says_what_to_mend_and_where_to_look(tmp_path):
    folder = tmp_path / "in"
    hand_in(solved(ONE), folder / "Bo" / f"{ONE}.ipynb")

    def command(*given):
        program = [sys.executable, KEY.with_name("grade.py"), *given]
        done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=120)
        return done.stdout + done.stderr

    assert "“tomorrow” is no date: write it as in 2027" in command(folder, "--due", "tomorrow")
    assert "holds no notebook" in command(tmp_path / "nowhere")
    assert "Done: look into in-graded." in command(folder, "--due", "2020-01-31")
    assert "Handed in late" in (tmp_path / "in-graded" / "scores.csv").read_text()


# --- values, read and not run --------------------------------------------------------------------


def values(*sources):
    return typed_values([Cell(source) for source in sources])


def test_literals_and_arithmetic_are_values():
    for source, value in {
        "(4 + 1) / 400 * 1000": 12.5,
        "-(2 ** 10) // 3 % 100": 58,
        "'a' 'b'": "ab",
        "[1, ('x',), {'k': {2}}]": [1, ("x",), {"k": {2}}],
        "True": True,
        "None": None,
        "-3": -3,
    }.items():
        assert values(f"rate = {source}") == {"rate": value}
    assert values("a, b = 1, 2\nc = d = 3") == {"a": 1, "b": 2, "c": 3, "d": 3}


def test_all_else_is_unread():
    fine = ("(" * 190, "{'codes'", "1e999")
    for source in (*CODE, "count_word(text, 'a')", "rate", "f'{1}'", "[x for x in 'ab']", "=3"):
        if not source.startswith(fine):
            assert values(f"rate = {source}").get("rate", UNREAD) is UNREAD, source[:40]
    assert values("for rate in (1, 2):\n    pass") == {"rate": UNREAD}
    assert values("rate += 1") == {"rate": UNREAD}


def test_a_later_value_counts_and_dots_replace_none():
    assert values("a = ...", "a = 1", "a = 2", "a = ...") == {"a": 2}
    assert values("a = ...") == {"a": ...}
    assert values("a = ...\nb = = 2") == {}, "a broken cell, which a person reads"


def test_an_answer_in_words_is_found_by_its_place():
    given = [
        Cell("# One", False, "q1"),
        Cell("Write here.", False, "a1", {"solution": True}),
        Cell("# Two", False, "q2"),
        Cell("Write here.", False, "a2", {"solution": True}),
    ]

    def found(*sources):
        cells = [Cell(source, False) for source in sources]
        return [written_answer(cells, given, place) for place in (1, 3)]

    assert found("# One", "Mine.", "# Two", "Yours.") == ["Mine.", "Yours."]
    assert found("# Two", "Yours.", "# One", "Mine.", "More.") == ["Mine.\n\nMore.", "Yours."]
    assert found("# One", "Write here.", "Below.", "# Two", "Write here.") == ["Below.", ""]
    assert found("Mine.", "Yours.") == ["Mine.", "Yours."], "by the order"
    assert found("Only one.") == [None, None]
    assert found("# One", "# Two") == [None, None]


# --- to whom the letter speaks -------------------------------------------------------------------


def test_only_words_that_show_to_whom_the_letter_speaks_get_points(tmp_path):
    right = [
        "the working class and other trade union members",
        "I also extend militant greetings to the working class",
        "I extend warm congratulations to this congress",
        "congratulations to this congress, convinced",
        "greetings to the working class … who are performing feats of labour",
        "other trade union members who are performing",
    ]
    wrong = [
        "in response to the unanimous desire",
        "In the name of the Party Central Committee, I extend",
        "in hearty response to the fighting line and policies",
        "of socialist construction in hearty response",
        "unanimous desire of the working class and other trade union members to advance",
        "bring home to the working class and their other members",
        "this congress",
        "to the working people of the world",
    ]
    for number, said in enumerate(right + wrong):
        answer = f'letter_speaks_to = "{said}"\naims_says_to_whom = "No"'
        notebook = with_answers(ONE, {"a1-addressed": answer}, f"Number {number}.")
        hand_in(notebook, tmp_path / "in" / f"{number:02}" / f"{ONE}.ipynb")
    got = [
        float(row["automatic"]) for row in table(grade_class(tmp_path / "in", KEY) / "scores.csv")
    ]
    assert got == [9.0] * len(right) + [7.0] * len(wrong)


# --- whatever is in it ---------------------------------------------------------------------------


def test_no_damaged_submission_stops_a_class_or_changes_anothers_result(tmp_path):
    """``UNION_FUZZ=1000`` has a thousand of them."""
    for name in NAMES:
        hand_in(solved(name, words="Sound."), tmp_path / "in" / "0 sound" / f"{name}.ipynb")
    work_file(tmp_path / "in" / "0 sound" / "my-work.zip")
    work = (tmp_path / "in" / "0 sound" / "my-work.zip").read_bytes()
    before = sound(grade_class(tmp_path / "in", KEY, due=DUE))
    shutil.rmtree(tmp_path / "in-graded")
    for seed in range(MANY):
        place = tmp_path / "in" / f"fuzzed {seed}"
        place.mkdir()
        name = NAMES[seed % 4]
        (place / f"{name}.ipynb").write_bytes(damaged(solved(name), seed))
        (place / "timestamp.txt").write_bytes(STAMPS[seed % len(STAMPS)])
        if seed % 3 == 0:
            (place / "my-work.zip").write_bytes(work[: seed * 7] + b"?" + work[seed * 7 + 1 :])
    out = grade_class(tmp_path / "in", KEY, due=DUE)
    assert sound(out) == before
    learners = {row["learner"] for row in table(out / "scores.csv")}
    assert len(learners) == MANY + 1, "each is told of"


def sound(out):
    rows = [
        {name: cell for name, cell in row.items() if name != "handed in"}
        for each in ("scores.csv", "to-read.csv")
        for row in table(out / each)
        if row["learner"] == "0 sound"
    ]
    return rows, page_of(out, "0-sound")


# --- nbgrader itself -----------------------------------------------------------------------------


def test_nbgraders_own_commands_make_and_grade_the_same(tmp_path, monkeypatch, scores):
    """From the instructor's notebook to its gradebook, with a kernel."""
    from nbgrader.api import Gradebook
    from nbgrader.converters import Autograde, GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    quiet = logging.getLogger("quiet")
    quiet.setLevel(logging.CRITICAL)
    source = nbformat.read(KEY / ONE / f"{ONE}.ipynb", 4)
    hand_in(source, tmp_path / "source" / ONE / f"{ONE}.ipynb")
    for learner, notebook in {"right": solved(ONE), "blank": untouched(ONE)}.items():
        hand_in(notebook, tmp_path / "submitted" / learner / ONE / f"{ONE}.ipynb")
    config = Config(CourseDirectory={"root": str(tmp_path), "assignment_id": ONE})
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:/usr/bin:/bin")
    monkeypatch.setenv("UNION_WORK_FOLDER", str(tmp_path / "my-work"))
    with warnings.catch_warnings(action="ignore"):
        for step in (GenerateAssignment, Autograde):
            course = CourseDirectory(config=config, log=quiet)
            step(coursedir=course, config=config, log=quiet).start()
        with Gradebook(course.db_url) as book:
            for learner in ("right", "blank"):
                graded = book.find_submission(ONE, learner)
                assert graded.score == float(scores[learner, ONE]["automatic"])
                assert graded.max_score == 20
    assert (tmp_path / "release" / ONE / f"{ONE}.ipynb").is_file()
