"""The notebook for a teacher: work files dropped, names hidden, files taken along."""

import csv
import re
import shutil
from pathlib import Path

import pytest
from barriers import TOO_WIDE, quiet, show_all, violations

from helpers import load_codings
from helpers.classroom.work import save_work
from helpers.coding.codings import coding_annotations
from helpers.coding.journal import Journal
from helpers.corpus.documents import load_corpus

ROOT = Path(__file__).resolve().parents[2]
NAMES = {"Rosa Parkinson": "voice", "Tae-il Example": "rights", "Mo Specimen": "party"}
# A drop as a hand makes it: files from outside, let go over the box.
DROP = """async ([box, files]) => {
    const carried = new DataTransfer();
    for (const [name, data] of files) {
        const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
        carried.items.add(new File([bytes], name));
    }
    const how = { bubbles: true, cancelable: true, dataTransfer: carried };
    for (const kind of ["dragenter", "dragover", "drop"])
        box.dispatchEvent(new DragEvent(kind, how));
}"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Three work files: they agree on Our Aims, but for its first sentence, with a memo each."""
    document, found = load_corpus()["kctu"], []
    given = load_codings("reference").set_index("sentence")["codes"]
    for name, code in NAMES.items():
        journal = Journal(tmp_path_factory.mktemp("learner"))
        journal.append("learner", name=name)
        journal.append("answer", question="04-stop", answer="A PRIVATE WORD")
        marks = coding_annotations(document, journal=journal)
        for id in document.sentences.index[1:]:
            marks.set(id, codes=list(given[id]))
        marks.set("kctu-001", codes=[code], memo=f"I thought of {code}")
        found.append(save_work(journal).path)
    wrong = found[0].with_name("Rosa-Parkinson-essay.zip")
    wrong.write_bytes(b"no work file at all")
    return [*found, wrong]


@pytest.fixture(scope="module")
def page(lab):
    (lab.folder / "instructor").mkdir(exist_ok=True)
    shutil.copy(
        ROOT / "notebooks" / "instructor" / "class-reliability.ipynb", lab.folder / "instructor"
    )
    page = lab.open("instructor/class-reliability.ipynb")
    settled(page)
    return page


def settled(page):
    """Wait until the kernel is idle and stays so: cells out of view do not show it."""
    for _ in range(3):
        page.wait_for_function(
            "() => document.querySelector('#jp-main-statusbar').innerText.includes('Idle')",
            timeout=120_000,
        )
        page.wait_for_timeout(700)


def panel(page):
    found = page.get_by_role("group", name="The work files of your class")
    found.scroll_into_view_if_needed()
    return found


def nobody_named(page):
    seen = page.locator(".jp-Notebook").inner_text() + page.locator(".jp-Notebook").inner_html()
    return not [
        word for word in ("Parkinson", "Tae-il", "Specimen", "A PRIVATE WORD") if word in seen
    ]


def test_without_files_the_class_is_invented_and_says_so(lab, page):
    assert panel(page).get_by_role("heading", name="An invented class").is_visible()
    show_all(page)
    assert (
        page.get_by_text("Invented 11 (9)").count() and page.get_by_text("An invented memo").count()
    )
    quiet(lab)


def test_three_work_files_by_drop_and_by_keyboard(lab, page, files):
    import base64

    house = panel(page)
    carried = [[path.name, base64.b64encode(path.read_bytes()).decode()] for path in files[:2]]
    page.evaluate(DROP, [house.locator(".u-drop").element_handle(), carried])
    house.get_by_text("Files that came in: 2. 2 learners, 34 codings.").wait_for()
    pick = house.get_by_label("Drop the work files of your class here, or choose them:")
    house.get_by_role("button", name="Save all codings").focus()
    for _ in range(3):  # back over the fold to the box
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.type") == "file":
            break
    assert page.evaluate("document.activeElement.type") == "file", "the box is reached by keyboard"
    pick.set_input_files(files[2:])
    house.get_by_text("Files that came in: 4. 3 learners, 51 codings.").wait_for()
    assert house.get_by_text("left out").count() == 1
    house.get_by_text("Who is there, and what each coded").click()
    assert house.locator("tbody th").all_inner_texts() == ["Learner 1", "Learner 2", "Learner 3"]

    lab.run_all()
    settled(page)
    assert panel(page).get_by_role("heading", name="Your class").is_visible(), (
        "the files outlast the cell"
    )
    show_all(page)
    prompts = page.locator("section.u-place").filter(
        has=page.get_by_role("heading", name=re.compile("^kctu-001"))
    )
    assert prompts.get_by_text("1 of 3: Party line").is_visible()
    prompts.get_by_text("Why they read it so").click()
    assert prompts.get_by_text("Party line: “I thought of party”").is_visible()
    assert not prompts.get_by_text("Workers' voice, Rights and equality").is_visible(), (
        "the reference stands behind a fold"
    )
    assert page.locator("section.u-place").count() == 1, "they differ in one sentence only"
    assert nobody_named(page)
    quiet(lab)


def test_a_bar_of_the_whole_class_leads_to_its_sentence(lab, page):
    house = page.get_by_role("group", name="Chart to explore").first
    house.scroll_into_view_if_needed()
    house.locator('.u-mark[tabindex="0"]').focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    house.get_by_role("status").filter(has_text="of 3 coders. Sentences listed below: 1").wait_for()
    house.locator(".u-evidence button").first.click()
    house.locator(".u-feedback strong").first.wait_for()
    quiet(lab)


def test_codings_and_figures_are_taken_along_without_names(lab, page, tmp_path):
    for button, name, many in (
        ("Save all codings", "class-codings.csv", 51),
        ("Save all figures", "class-figures.csv", 38),
    ):
        with page.expect_download() as download:
            panel(page).get_by_role("button", name=button).click()
        assert download.value.suggested_filename == name
        download.value.save_as(tmp_path / name)
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert len(list(csv.DictReader(text.splitlines()))) >= many
        assert "Learner 3" in text and not [
            word for word in ("Parkinson", "Tae-il", "Specimen") if word in text
        ]
    quiet(lab)


def test_no_barrier_in_either_theme_and_at_320_pixels(lab, page):
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        lab.theme(theme)
        show_all(page)
        page.wait_for_timeout(1500)
        assert violations(page) == [], theme
    page.set_viewport_size({"width": 640, "height": 900})
    page.keyboard.press("Control+b")
    page.wait_for_timeout(800)
    show_all(page)
    assert page.evaluate(TOO_WIDE) == []


def test_files_are_put_away(lab, page):
    panel(page).get_by_role("button", name="Put these files away").click()
    panel(page).get_by_text("The files are put away, and nothing of them is kept.").wait_for()
    assert panel(page).get_by_role("heading", name="An invented class").is_visible()
    quiet(lab)
