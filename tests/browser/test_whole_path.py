"""One learner's whole path: name, answers, notes, stars, tags, a document of their own, a case;
killed and resumed twice on the way.
"""

import csv
import shutil

import pytest
from barriers import quiet
from handing_in import FULL, NAMES, hand_in, solved, untouched

from helpers import Journal, load_codings, load_corpus
from helpers.classroom.classes import read_class
from helpers.classroom.grading import KEY, grade_class
from helpers.coding.case import Case
from helpers.corpus.library import my_corpus
from helpers.show.reader import reading_annotations

CORPUS = load_corpus()
OWN = (
    "We, the workers of the fish market, have formed a union. It will bargain for fair "
    "hours. It will help whoever is ill."
)
STARRED, QUOTED = "kctu-002", "they should take care of the life and work of trade union members"
CODES = {
    "kctu-001": "3",
    "kctu-002": "3",
    "kctu-003": "5",
    "kctu-004": "7",
    "kctu-005": "2",
}  # sentence and key


@pytest.fixture
def folder(lab):
    """The work folder, empty before this path and after it."""
    shutil.rmtree(lab.folder / "my-work", ignore_errors=True)
    yield lab.folder / "my-work"
    shutil.rmtree(lab.folder / "my-work", ignore_errors=True)


PATH = """from helpers import *
introduce()
---
ask("00-first-thought", "In one sentence: what is a union for?")
---
corpus = load_corpus()
read(corpus["kctu"])
---
tag(corpus["kctu"])
---
add_my_document()
---
make_case()
---
my_work()"""


def widget(page, name):
    found = page.get_by_role("group", name=name).first
    found.scroll_into_view_if_needed()
    return found


def write_name_and_first_thought(lab, page):
    page.get_by_role("textbox", name="Your name, or any name").fill("Rosa")
    page.keyboard.press("Enter")
    page.get_by_text("Good to have you here, Rosa.").wait_for()
    page.get_by_role("textbox", name="what is a union for?").fill("To stand together.")
    page.keyboard.press("Tab")
    page.get_by_text("Saved at").first.wait_for()
    quiet(lab)


def star_and_note(lab, page):
    reader = widget(page, "Reader")
    reader.get_by_role("button", name=STARRED, exact=False).first.click()
    reader.get_by_role("button", name="Keep as evidence").click()
    reader.get_by_text(f"Saved. {STARRED} is kept as evidence.").wait_for()
    reader.get_by_role("textbox", name="Note").fill("Whose power?")
    page.keyboard.press("Tab")
    reader.get_by_text("The note is kept").wait_for()
    quiet(lab)


def tag_five(lab, page):
    """By keyboard; no key reaches the notebook, whose own keys they are, too."""
    tagger = widget(page, "Tagger: KCTU")
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    tagger.locator("button.u-id", has_text="kctu-001").first.click()
    for sentence, key in CODES.items():
        page.keyboard.press(key)
        page.keyboard.press("u")
        tagger.locator(".u-status").get_by_text(f"Saved. {sentence}: ").wait_for()
        page.keyboard.press("ArrowDown")
    for key in "abxmdd":
        page.keyboard.press(key)
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    quiet(lab)


def add_own(lab, page):
    form = widget(page, "Add a text of your own")
    form.get_by_role("textbox").first.fill(OWN)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    form.get_by_text("Read. Nothing is added yet").wait_for()
    given = ("Fish market", "Ann", "1912", "Her notebook", "Hers, allowed")
    for label, text in zip(
        ("Title", "Author", "Date", "Where is it from?", "May you copy it?"), given, strict=True
    ):
        form.get_by_label(f"{label} (required)").fill(text)
    form.get_by_label("I have looked").check()
    form.get_by_role("button", name="Add this document").click()
    form.get_by_text("under the id ").first.wait_for()
    quiet(lab)


def save_to_a_file(page, target):
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my work to a file").click()
    download.value.save_as(target)
    return target


def resume_on_an_empty_machine(lab, page, folder, saved):
    """The machine has forgotten everything, as Binder does; the file brings it back."""
    shutil.rmtree(folder)
    lab.restart()
    assert page.get_by_role("textbox", name="what is a union for?").input_value() == ""
    page.get_by_label("Go on with earlier work:").set_input_files(saved)
    page.get_by_text("Welcome back: ").wait_for()


def make_the_case(lab, page, target):
    desk = widget(page, "Make your case")
    for label, text in (
        ("Your claim", "Both ask for care."),
        ("Your reasoning", "Care is named in one."),
        ("A limit", "Two texts only."),
    ):
        desk.get_by_role("textbox", name=label).fill(text)
        page.keyboard.press("Control+Enter")
        desk.locator("section", has=page.get_by_role("textbox", name=label)).get_by_text(
            "is kept."
        ).wait_for()
    desk.get_by_role("button", name=f"Add: {STARRED}").click()
    desk.get_by_text("In your case.").wait_for()
    desk.get_by_role("textbox", name="The exact words").fill(QUOTED)
    desk.get_by_role("combobox", name="It stands in").select_option("gftuk")
    desk.get_by_role("button", name="Check and add").click()
    desk.get_by_role("status").get_by_text("Added. Word for word").wait_for()
    lab.idle()  # what was added is drawn before the button is pressed
    with page.expect_download(timeout=120_000) as download:
        desk.get_by_role("button", name="Download as web page").press("Enter")
    download.value.save_as(target)
    quiet(lab)


def check_all(folder):
    """What is on the disk is what was done."""
    journal = Journal(folder)
    assert journal.latest("answer", question="00-first-thought")["answer"] == "To stand together."
    assert reading_annotations(CORPUS["kctu"], journal).state(STARRED) == {
        "star": True,
        "note": "Whose power?",
    }
    codings = load_codings("me", journal=journal)
    assert codings["sentence"].to_list() == list(CODES) and set(codings["doer"]) == {"union"}


def grade_a_class_of_one(folder, saved):
    """The work file with one assignment that is solved and one that is empty, which has no
    points for nothing.
    """
    one, _, three, _ = NAMES
    hand_in(solved(one), folder / "Rosa" / f"{one}.ipynb")
    hand_in(untouched(three), folder / "Rosa" / f"{three}.ipynb")
    shutil.copy(saved, folder / "Rosa")
    rows = csv.DictReader(
        (grade_class(folder, KEY) / "scores.csv").read_text(encoding="utf-8-sig").splitlines()
    )
    assert [
        (row["learner"], row["assignment"], float(row["automatic"]), row["remarks"]) for row in rows
    ] == [
        ("Rosa", one, FULL[one], ""),
        ("Rosa", three, 0, "Handed in as it was given out: nothing is filled in."),
    ]


def test_a_whole_path_killed_and_resumed_twice(lab, folder, tmp_path):
    lab.write("path.ipynb", *PATH.split("---\n"))
    page = lab.open("path.ipynb")
    write_name_and_first_thought(lab, page)
    star_and_note(lab, page)
    lab.kill()  # the kernel dies in the middle
    tag_five(lab, page)
    check_all(folder)
    resume_on_an_empty_machine(lab, page, folder, save_to_a_file(page, tmp_path / "first.zip"))
    check_all(folder)
    lab.run_all()
    add_own(lab, page)
    own = [each.title for each in my_corpus(folder=folder).documents]
    assert own[-1] == "Fish market"
    resume_on_an_empty_machine(lab, page, folder, save_to_a_file(page, tmp_path / "second.zip"))
    check_all(folder)
    assert [each.title for each in my_corpus(folder=folder).documents] == own
    lab.run_all()
    make_the_case(lab, page, tmp_path / "case.html")
    assert Case(CORPUS, Journal(folder)).missing() == []
    report = (tmp_path / "case.html").read_text(encoding="utf-8")
    assert QUOTED in report and "Both ask for care." in report and "political empowerment" in report
    final = save_to_a_file(page, tmp_path / "final.zip")
    learners = read_class([final])
    assert len(learners.learners) == 1 and len(learners.codings) == len(CODES), (
        "the work of a class of one"
    )
    grade_a_class_of_one(tmp_path / "class", final)
