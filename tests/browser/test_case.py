"""A case made by keyboard, kept through restarts, and its report: no barrier, printed."""

import re

import pytest
from barriers import TOO_WIDE, quiet, violations
from pypdf import PdfReader

from helpers import Journal, load_corpus
from helpers.coding.case import Case
from helpers.show.reader import reading_annotations

CORPUS = load_corpus()
SHORTENED = (
    "with a sense of fervent comradeship … "
    "they should take care of the life and work of trade union members"
)
WRITTEN = {
    "Your claim": "Both ask for more than pay. M A B X Z dd",
    "Your reasoning": "The first names power, the second care. <script>window.stolen = 1</script>",
    "A limit": "Two texts, both translated.",
    "The fairest reading against it": "Care may be a way to power, \u202e노조\u202c 👩‍🏭.",
}
CELL = """from helpers import Journal, load_corpus, make_case
make_case(load_corpus(), Journal({folder!r}))"""


def desk_of(page):
    return page.get_by_role("group", name="Make your case")


def case_of(lab, folder):
    return Case(CORPUS, Journal(lab.folder / folder))


def press_to(page, control, key="Enter"):
    control.focus()
    page.keyboard.press(key)


def check_all(desk, pieces):
    """Everything that was written and added is on the screen."""
    for label, text in WRITTEN.items():
        assert desk.get_by_role("textbox", name=label).input_value() == text
    said = desk.locator("ol.u-evidence > li").all_inner_texts()
    assert len(said) == len(pieces)
    for line, piece in zip(said, pieces, strict=True):
        assert piece in line
    assert desk.get_by_text("missing", exact=True).count() == 0


@pytest.fixture(scope="module")
def made(lab):
    """A case made by keyboard alone; gives its pieces of evidence as they stand on the screen."""
    folder = "case-work"
    reading_annotations(CORPUS["kctu"], Journal(lab.folder / folder)).set("kctu-002", star=True)
    lab.write("case.ipynb", CELL.format(folder=folder))
    page = lab.open("case.ipynb")
    before = page.locator(".jp-Notebook .jp-Cell").count()
    desk = desk_of(page)
    for label, text in WRITTEN.items():
        desk.get_by_role("textbox", name=label).focus()
        page.keyboard.insert_text(text)
        page.keyboard.press("Control+Enter")
        desk.locator("section", has=page.get_by_role("textbox", name=label)).get_by_text(
            "is kept."
        ).wait_for()
    press_to(page, desk.get_by_role("button", name="Add: kctu-002"))
    desk.get_by_text("In your case.").wait_for()
    words = desk.get_by_role("textbox", name="The exact words")
    words.focus()
    page.keyboard.insert_text(SHORTENED.replace("comradeship", "friendship"))
    desk.get_by_role("combobox", name="It stands in").select_option("gftuk")
    press_to(page, desk.get_by_role("button", name="Check and add"))
    desk.get_by_role("status").get_by_text(
        "the document has “comradeship and empathy,” where you have “friendship …”"
    ).wait_for()
    assert (
        desk.locator("del", has_text="friendship").count()
        == desk.locator("ins", has_text="comradeship").count()
        == 1
    )
    assert desk.locator("ol.u-evidence > li").count() == 1, "a false quotation was added"
    words.fill(SHORTENED)
    press_to(page, desk.get_by_role("button", name="Check and add"), "Space")
    desk.get_by_role("status").get_by_text("Added. Word for word in gftuk-143.").wait_for()
    assert words.input_value() == ""
    press_to(page, desk.locator("summary", has_text="Add a number"))
    desk.get_by_role("textbox", name="Word or phrase").focus()
    page.keyboard.type("should")
    page.keyboard.press("Enter")
    desk.get_by_role("status").get_by_text("Added. “should”: KCTU, Our Aims: 0 hits").wait_for()
    assert page.locator(".jp-Notebook .jp-Cell").count() == before, (
        "keys typed at the desk reached the notebook"
    )
    quiet(lab)
    return folder, ["political empowerment of workers", SHORTENED, "95 hits in 5,998 words"]


def test_a_case_is_made_by_keyboard_and_kept_through_restarts(lab, made):
    folder, pieces = made
    check_all(desk_of(lab.page), pieces)
    assert case_of(lab, folder).missing() == []
    lab.restart()
    check_all(desk_of(lab.page), pieces)
    page = lab.open("case.ipynb")
    desk = desk_of(page)
    check_all(desk, pieces)
    press_to(page, desk.get_by_role("button", name="Take out").nth(1))
    back = desk.get_by_role("button", name="Put back: with a sense of fervent")
    back.wait_for()
    assert page.evaluate("document.activeElement.innerText").startswith("Put back"), "focus is lost"
    desk.get_by_text("Evidence from both documents: ").get_by_text("there").wait_for()
    page.keyboard.press("Enter")
    desk.get_by_text("Put back.", exact=True).last.wait_for()
    check_all(desk, pieces)
    quiet(lab)


def test_a_quotation_of_the_other_document_is_put_right_with_one_press(lab):
    lab.write("wrong.ipynb", CELL.format(folder="wrong-work"))
    desk = desk_of(lab.open("wrong.ipynb"))
    desk.get_by_role("textbox", name="The exact words").fill("monopoly capital")
    desk.get_by_role("combobox", name="It stands in").select_option("gftuk")
    desk.get_by_role("button", name="Check and add").click()
    desk.get_by_role("button", name="It is from KCTU, Our Aims: add it").click()
    desk.locator("ol.u-evidence > li", has_text="KCTU, Our Aims, kctu-014").wait_for()
    desk.get_by_role("button", name="Put in the document's words").wait_for(state="detached")
    desk.get_by_role("textbox", name="The exact words").fill(
        "the struggle to eliminate unfair practices"
    )
    desk.get_by_role("button", name="Check and add").click()
    desk.get_by_role("button", name="Put in the document's words").click()
    assert (
        "undemocratic practices"
        in desk.get_by_role("textbox", name="The exact words").input_value()
    )
    quiet(lab)


def test_what_a_dead_kernel_did_not_save_is_told(lab):
    lab.write("dead-case.ipynb", CELL.format(folder="dead-work"))
    page = lab.open("dead-case.ipynb")
    lab.restart(run=False)
    claim = desk_of(page).get_by_role("textbox", name="Your claim")
    claim.fill("Words that the machine cannot keep now.")
    page.keyboard.press("Tab")
    desk_of(page).locator("section p.u-trouble").get_by_text(
        "Not saved: the machine has restarted."
    ).wait_for()
    assert claim.input_value() == "Words that the machine cannot keep now."
    assert not case_of(lab, "dead-work").texts()["claim"]


@pytest.mark.parametrize("width", [1280, 320])
def test_no_barrier_and_nothing_too_wide_in_both_themes(lab, made, width):
    page = lab.open("case.ipynb")
    page.keyboard.press("Control+b")
    page.set_viewport_size({"width": width, "height": 900})
    desk_of(page).scroll_into_view_if_needed()
    for details in page.locator(".u-base details").all():
        details.evaluate("node => { node.open = true; }")
    for theme in ("JupyterLab Light", "JupyterLab Dark") if width > 400 else ("",):
        if theme:
            lab.theme(theme)
        assert violations(page) == [], theme
        assert page.evaluate(TOO_WIDE) == []
    quiet(lab)


@pytest.fixture(scope="module")
def downloaded(lab, made, tmp_path_factory):
    """The report, as the browser keeps it."""
    page, folder = lab.open("case.ipynb"), tmp_path_factory.mktemp("downloads")
    with page.expect_download() as download:
        desk_of(page).get_by_role("button", name="Download as web page").click()
    download.value.save_as(folder / download.value.suggested_filename)
    desk_of(page).get_by_role("status").get_by_text("keeps a copy among its downloads.").wait_for()
    quiet(lab)
    return folder


def test_the_report_shows_every_quotation_and_leads_to_its_sentences(lab, made, downloaded):
    page, strangers = lab.context.new_page(), []
    page.on("request", lambda request: strangers.append(request.url))
    page.goto((downloaded / "my-case.html").as_uri())
    text = page.locator("main").inner_text()
    for piece in case_of(lab, made[0]).evidence():
        for said in [piece.given] if piece.given else piece.found.said.values():
            assert said in text
    assert "Draft" not in text and "<script>window.stolen" in text
    assert page.evaluate("window.stolen") is None
    assert page.locator("blockquote", has_text=SHORTENED).is_visible()
    page.get_by_role("link", name="gftuk-143").first.press("Enter")
    assert page.evaluate("location.hash") == "#s-gftuk-143"
    assert "Paragraph 84, " in page.locator("[id=s-gftuk-143]").inner_text()
    assert all(each.startswith(("file:", "data:")) for each in strangers)


def test_the_report_has_no_barrier_fits_a_phone_and_prints(lab, downloaded):
    page = lab.context.new_page()
    page.goto((downloaded / "my-case.html").as_uri())
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page, "html", "best-practice") == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    for paper in ("A4", "Letter"):
        path = downloaded / f"{paper}.pdf"
        page.pdf(path=path, format=paper)
        printed = PdfReader(path)
        text = re.sub(r"\s+", " ", " ".join(sheet.extract_text() for sheet in printed.pages))
        assert SHORTENED in text and "Sentences cited" in text and 3 < len(printed.pages) < 25
        wide = page.evaluate("""() => [...document.querySelectorAll('main *')].filter(
            node => node.getBoundingClientRect().right > document.documentElement.clientWidth + 1
                && !node.closest('.wide')).length""")
        assert wide == 0
