"""Own documents in real JupyterLab: added from files, approved, tagged, drawn; by keyboard too."""

import random
import zipfile
from pathlib import Path

import pytest
from barriers import TOO_WIDE, quiet, show_all, violations

from helpers.coding.codings import load_codings
from helpers.coding.journal import Journal
from helpers.corpus.library import my_corpus

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "own"
LESSON = "09-bring-your-own.ipynb"
FORM = "from helpers import add_my_document\nadd_my_document({folder!r})"


def form(page):
    return page.get_by_role("group", name="Add a text of your own")


def said(page, text):
    form(page).locator(".u-status").get_by_text(text).wait_for(timeout=60_000)


def fill(page, title):
    for label, text in (
        ("Title", title),
        ("Author", "Nobody"),
        ("Date", "not known"),
        ("Where is it from?", "A test"),
        ("May you copy it?", "Ours"),
    ):
        form(page).get_by_label(f"{label} (required)").fill(text)


@pytest.mark.parametrize(
    ("name", "title", "id"),
    [
        ("printed.pdf", "The Harbour Print", "harbour_print"),
        ("word.docx", "Our Harbour", "harbour"),
    ],
)
def test_a_file_is_added_approved_tagged_and_drawn_beside_the_two(lab, name, title, id):
    page = lab.open(LESSON)
    form(page).scroll_into_view_if_needed()
    form(page).get_by_label("A file:").set_input_files(FIXTURES / name)
    said(page, "Read. Nothing is added yet")
    text = form(page).get_by_role("region", name="The text after the cleaning")
    assert text.get_by_text("a flat above the fish market").is_visible()
    assert form(page).get_by_text("nothing is unaccounted for").is_visible()
    # The learner leaves the heading outside the text.
    assert "Our harbour" in text.inner_text()
    first = text.locator("p").all_inner_texts().index("Our harbour")
    begins = 3 if name == "word.docx" else 5
    assert first == (begins - 3) // 2
    form(page).get_by_label("First line:").fill(str(begins))
    form(page).get_by_role("button", name="Use these lines").click()
    outside = form(page).get_by_role("region", name="Where the text begins and ends")
    outside.locator("del", has_text="Our harbour").wait_for()
    assert "Our harbour" not in text.inner_text()
    form(page).get_by_label("Title (required)").fill("")
    form(page).get_by_role("button", name="Add this document").click()
    said(page, "Something is missing under “Title”")
    fill(page, title)
    form(page).get_by_role("button", name="Add this document").click()
    said(page, "You have not said where the text begins and ends")
    form(page).get_by_label("I have looked").check()
    form(page).get_by_role("button", name="Add this document").click()
    said(page, f"under the id {id}")
    own = my_corpus(folder=lab.folder / "my-work")[id]
    assert (
        own.title == title
        and (lab.folder / f"my-work/documents/{id}/original{Path(name).suffix}").read_bytes()
        == (FIXTURES / name).read_bytes()
    )
    lab.run_all()
    show_all(page)
    tagger = page.get_by_role("group", name="Tagger: ").first
    tagger.scroll_into_view_if_needed()
    tagger.locator(".u-at button.u-id").focus()
    for sentence in own.sentences.index[:5]:
        assert tagger.locator(".u-at button.u-id").inner_text() == sentence
        page.keyboard.press("2")
        page.keyboard.press("u")
        tagger.locator(".u-status").get_by_text(f"Saved. {sentence}: ").wait_for()
        page.keyboard.press("ArrowDown")
    codings = load_codings("me", [own], journal=Journal(lab.folder / "my-work"))
    assert codings["sentence"].to_list() == list(own.sentences.index[:5])
    lab.run_all()
    show_all(page)
    profile = page.locator(".u-base", has_text="How often each code is given").first
    page.wait_for_function(
        "node => node.querySelectorAll('button.u-mark').length > 10", arg=profile.element_handle()
    )
    assert "In these three documents" in profile.text_content()
    marks = profile.locator("button.u-mark").evaluate_all(
        "nodes => nodes.map(node => node.getAttribute('aria-label'))"
    )
    assert any("5 of 5 sentences, 100.0 %" in mark for mark in marks), marks
    assert page.locator(".u-base", has_text="Where each code stands").count() >= 1
    quiet(lab)
    form(page).get_by_role("button", name=f"Remove {title}").click()
    form(page).get_by_role("button", name=f"Remove {title}").click()
    said(page, f"The document {id} is removed")
    assert id not in my_corpus(folder=lab.folder / "my-work")


def test_a_text_is_added_by_keyboard_alone(lab):
    lab.write("keys.ipynb", FORM.format(folder="by-keys"))
    page = lab.open("keys.ipynb")
    page.keyboard.press("Escape")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.u-base textarea')"):
            break
    page.keyboard.insert_text(
        "OUR RULES\n\nWe will stand together, and nobody goes alone.\n\nLog in\n\n"
        "Mabxzdd: every key is text here."
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    said(page, "Read. Nothing is added yet")
    assert page.evaluate("document.activeElement.innerText") == "1. What was read"
    focused = "document.activeElement.closest('label')?.innerText ?? ''"
    for box in ("I have looked", "Page furniture"):
        while box not in page.evaluate(focused):
            page.keyboard.press("Tab")
        page.keyboard.press("Space")
    text = form(page).get_by_role("region", name="The text after the cleaning")
    text.get_by_text("Log in").wait_for()
    assert page.evaluate("document.activeElement.matches('input[type=checkbox]')"), (
        "the focus stays where it was"
    )
    while not page.evaluate("document.activeElement.required === true"):
        page.keyboard.press("Tab")
    for text in ("Our Rules", "Ann", "1912", "Her notebook", "She allows it"):
        while not page.evaluate("document.activeElement.required === true"):
            page.keyboard.press("Tab")
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.innerText") != "Add this document":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    said(page, "under the id rules")
    kept = my_corpus(folder=lab.folder / "by-keys")["rules"]
    assert (
        kept.cleaning.off == ("page-furniture",)
        and "Log in" in kept.text
        and "every key is text" in kept.text
    )
    assert (kept.about["author"], kept.about["rights"]) == ("Ann", "She allows it")
    quiet(lab)


def test_no_barrier_in_both_themes_and_nothing_too_wide(lab):
    lab.write("barriers.ipynb", FORM.format(folder="barriers"))
    page = lab.open("barriers.ipynb")
    for stage in ("choose", "check"):
        if stage == "check":
            form(page).get_by_role("button", name="I have none at hand").click()
            said(page, "Read. Nothing is added yet")
        for theme in ("JupyterLab Light", "JupyterLab Dark"):
            lab.theme(theme)
            assert violations(page) == [], (stage, theme)
    page.keyboard.press("Control+b")
    for width, height in ((320, 900), (640, 450)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(400)
        assert page.evaluate(TOO_WIDE) == [], width
    quiet(lab)


def test_a_large_file_comes_whole_and_a_larger_one_is_refused_before_it_is_sent(lab, tmp_path):
    lab.write("large.ipynb", FORM.format(folder="large"))
    page = lab.open("large.ipynb")
    assert form(page).get_by_text("A file of up to 20 MB").is_visible(), "the limit is told before"
    noise = random.Random(1)
    with (
        zipfile.ZipFile(FIXTURES / "word.docx") as old,
        zipfile.ZipFile(tmp_path / "large.docx", "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr(
            "word/media/picture.bin", noise.randbytes(17_000_000)
        )  # more than one message can hold
    form(page).get_by_label("A file:").set_input_files(tmp_path / "large.docx")
    said(page, "Read. Nothing is added yet")
    fill(page, "Large")
    form(page).get_by_label("I have looked").check()
    form(page).get_by_role("button", name="Add this document").click()
    said(page, "under the id large")
    assert (lab.folder / "large/documents/large/original.docx").read_bytes() == (
        tmp_path / "large.docx"
    ).read_bytes()
    (tmp_path / "larger.txt").write_bytes(b"We will stand together. " * 1_000_000)
    form(page).get_by_label("A file:").set_input_files(tmp_path / "larger.txt")
    said(page, "24.0 MB, and the largest that can be read has 20")
    form(page).get_by_label("A file:").set_input_files(FIXTURES / "scan.pdf")
    said(page, "pictures of pages and no text")
    quiet(lab)


def test_hostile_text_is_shown_as_text(lab, tmp_path):
    lab.write("hostile.ipynb", FORM.format(folder="hostile"))
    page = lab.open("hostile.ipynb")
    evil = "<img src=x onerror='window.stolen = 1'><script>window.stolen = 1</script>"
    (tmp_path / "evil.md").write_text(
        f"# {evil}\n\nWe will \\<b>stand\\</b> together: {evil}\n", encoding="utf-8"
    )
    form(page).get_by_label("A file:").set_input_files(tmp_path / "evil.md")
    said(page, "Read. Nothing is added yet")
    fill(page, evil)
    form(page).get_by_label("I have looked").check()
    form(page).get_by_role("button", name="Add this document").click()
    said(page, "Added, with")
    form(page).locator("li", has_text="<img src=x").wait_for()
    assert page.evaluate("window.stolen") is None
    assert form(page).locator("img, script").count() == 0
    quiet(lab)
