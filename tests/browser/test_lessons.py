"""Lessons in real JupyterLab: by keyboard, after a reload, in both themes, without the network."""

from pathlib import Path

import pytest
from barriers import DISORDER, TOO_WIDE, quiet, show_all, violations

from helpers import Journal, load_corpus

ROOT = Path(__file__).resolve().parents[2]


def records(plain, kind):
    return Journal(plain.folder / "my-work").records(kind)


def test_answers_are_saved_and_found_after_a_restart_of_kernel_and_page(plain):
    page = plain.open("00-start-here.ipynb")
    name = page.get_by_role("textbox", name="Your name, or any name")
    name.scroll_into_view_if_needed()
    name.fill("Rosa")
    page.keyboard.press("Enter")
    page.get_by_text("Good to have you here, Rosa.").wait_for()
    thought = page.get_by_role("textbox", name="what is a union for?")
    thought.fill("To stand together. M A B X Z dd")
    page.keyboard.press("Tab")
    page.locator(".u-base", has=thought).get_by_text("Saved at").wait_for()
    assert records(plain, "answer")[-1]["answer"] == "To stand together. M A B X Z dd"
    assert records(plain, "learner")[-1]["name"] == "Rosa"
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    quiet(plain)

    page = plain.open("00-start-here.ipynb")
    assert (
        page.get_by_role("textbox", name="what is a union for?").input_value()
        == "To stand together. M A B X Z dd"
    )
    assert page.get_by_role("textbox", name="Your name, or any name").input_value() == "Rosa"
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells, (
        "keys typed into a widget reached the notebook"
    )
    quiet(plain)


def test_work_is_saved_to_a_file_and_resumed(plain, tmp_path):
    Journal(plain.folder / "my-work").append(
        "answer", question="00-first-thought", asked="…", answer="To stand together."
    )
    page = plain.open("00-start-here.ipynb")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my work to a file").click()
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    before = len(Journal(plain.folder / "my-work").records())
    assert before > 0
    page.get_by_label("Go on with earlier work:").set_input_files(saved)
    page.get_by_text("Welcome back: 0 steps").wait_for()
    assert len(Journal(plain.folder / "my-work").records()) == before
    wrong = tmp_path / "wrong.zip"
    wrong.write_bytes(b"no zip at all")
    page.get_by_label("Go on with earlier work:").set_input_files(wrong)
    page.get_by_text("This file is damaged or of another kind").wait_for()
    quiet(plain)


def test_cleaning_is_walked_by_keyboard_alone(plain):
    page = plain.open("02-clean-the-text.ipynb")
    walk = page.get_by_role("group", name="step by step")
    walk.scroll_into_view_if_needed()
    walk.get_by_role("heading", name="Step 6 of 15: Marks of markup").wait_for()
    walk.get_by_role("region", name="Edits of this step").focus()
    for number, label in (
        (7, "Page furniture"),
        (8, "Title page and imprint"),
        (9, "Divided words"),
        (10, "Wrapped lines"),
        (11, "Torn paragraphs"),
    ):
        page.keyboard.press("ArrowRight")
        walk.get_by_role("heading", name=f"Step {number} of 15: {label}").wait_for()
    first = load_corpus()["gftuk"].cleaning.edits("torn-paragraphs")["line"].iloc[0]
    assert walk.get_by_text(f"Line {first}: torn paragraph joined").count() == 1
    assert "121 paragraphs" in walk.inner_text()
    box = walk.get_by_role("checkbox")
    box.focus()
    page.keyboard.press("Space")
    walk.get_by_text("This step is switched off.").wait_for()
    assert "Now there are 121 paragraphs" in walk.inner_text()
    page.keyboard.press("Space")
    walk.get_by_text(f"Line {first}: torn paragraph joined").wait_for()
    walk.get_by_role("button", name="11. Torn paragraphs").focus()
    page.keyboard.press("ArrowUp")
    walk.get_by_role("heading", name="Step 10 of 15").wait_for()
    assert page.evaluate("document.activeElement.innerText").startswith("10. Wrapped lines"), (
        "focus follows the arrow keys"
    )
    quiet(plain)


def test_noise_is_marked_by_keyboard_and_mouse_and_kept(plain):
    page = plain.open("02-clean-the-text.ipynb")
    hunt = page.get_by_role("group", name="Raw lines of KCTU")
    hunt.scroll_into_view_if_needed()
    first = hunt.get_by_role("button", name="1 Our Aims")
    first.focus()
    page.keyboard.press("Space")
    hunt.get_by_text("Line 1 marked. Saved.").wait_for()
    last = hunt.get_by_role("button", name="30 XE Login")
    last.click()
    hunt.get_by_text("Line 30 marked. Saved.").wait_for()
    hunt.get_by_role("button", name="Compare with the program").click()
    hunt.get_by_text("Lines marked by you: 2. Removed by the program: 2").wait_for()
    assert records(plain, "noise")[-1]["lines"] == [1, 30]
    quiet(plain)

    page = plain.open("02-clean-the-text.ipynb")
    again = page.get_by_role("group", name="Raw lines of KCTU")
    assert again.get_by_role("button", name="1 Our Aims").get_attribute("aria-pressed") == "true"
    assert again.get_by_role("button", name="30 XE Login").get_attribute("aria-pressed") == "true"


def test_a_dead_kernel_is_told_and_no_answer_is_claimed_saved(plain):
    page = plain.open("00-start-here.ipynb")
    before = len(records(plain, "answer"))
    plain.restart(run=False)
    thought = page.get_by_role("textbox", name="what is a union for?")
    thought.fill("Words that the machine cannot keep now.")
    page.keyboard.press("Tab")
    plain.later()
    page.get_by_text("Not saved: the machine has restarted.").wait_for()
    house = page.locator(".u-base", has=thought)
    house.get_by_role("button", name="Save").click()
    plain.later()
    assert "Saved" not in house.get_by_role("status").inner_text(), "what was lost is called saved"
    house.get_by_text("Not saved: the machine has restarted.").wait_for()
    assert len(records(plain, "answer")) == before
    assert thought.input_value() == "Words that the machine cannot keep now."


def test_a_check_says_why(plain):
    page = plain.open("02-clean-the-text.ipynb")
    field = page.get_by_role("textbox", name="how many paragraphs?")
    for given, told in (
        ("95", "Not quite. That is with the step on."),
        ("many", "This asks for a number"),
        ("121 paragraphs", "Yes. A paragraph more"),
    ):
        field.fill(given)
        page.keyboard.press("Enter")
        page.get_by_text(told).wait_for()
    quiet(plain)


@pytest.mark.parametrize(
    "lesson", sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
)
def test_no_barrier_in_what_we_draw(lab, lesson):
    page = lab.open(f"{lesson}.ipynb")
    show_all(page)
    assert violations(page) == []
    lab.theme("JupyterLab Dark")  # there only colours differ
    assert violations(page, rules=["color-contrast"]) == []
    assert page.evaluate(DISORDER) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Control+b")  # the list of files makes way
    for width in (640, 480, 320):  # 640: a screen of 1280 at twice the size
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(500)
        assert page.evaluate(TOO_WIDE) == [], width
    quiet(lab)


def test_the_look_for_barriers_finds_one(plain):
    plain.write("barriers", "from helpers import ask\nask('00-barrier', 'What is a union for?')")
    page = plain.open("barriers")
    page.evaluate(
        "document.querySelector('.u-base').append(document.createElement('img'), "
        "document.createElement('button'))"
    )
    page.evaluate("document.querySelector('.u-base button').tabIndex = 3")
    page.evaluate("document.querySelector('.u-base').append(document.createElement('h5'))")
    page.evaluate("document.querySelector('.u-base').style.transition = 'color 1s'")
    assert [each.split(":")[0] for each in page.evaluate(DISORDER)] == [
        "a level is left out before h5",
        "out of order",
        "moves",
    ]
    found = " ".join(violations(page))
    assert "image-alt" in found
    assert "button-name" in found
    page.evaluate("""() => {
        const wide = document.createElement('p');
        wide.style.width = '3000px';
        document.querySelector('.u-base').append(wide);
    }""")
    assert len(page.evaluate(TOO_WIDE)) == 1
