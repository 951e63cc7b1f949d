"""Charts in their explorer, in JupyterLab: from a mark to a paragraph by keyboard and mouse."""

import re

import pytest
from barriers import TOO_WIDE, quiet, violations

# How each chart is made to be explored, in a cell each, with a choice of two.
CHARTS = {
    "rates": "explore(lambda words: rates_chart(corpus, words), corpus, words=['worker*', 'wage'])",
    "dispersion": "explore(lambda words: dispersion_chart(corpus, words), corpus, "
    "words=['worker*', 'people'])",
    "keyness": "explore(lambda measure: keyness_chart(*corpus.documents, measure=measure), corpus, "
    "measure=['log_ratio', 'log_likelihood'])",
    "fragility": "fragility_panel(corpus, ['wage', 'worker*'])",
    "doers": "explore(lambda passives: doer_chart(corpus, passives=passives == 'in'), corpus, "
    "passives=['out', 'in'])",
    "profile": "explore(lambda coder: frame_profile(corpus, load_codings(coder)), corpus, "
    "coder=CODERS)",
    "codeline": "explore(lambda coder: codeline(corpus, load_codings(coder)), corpus, "
    "coder=CODERS)",
    "together": "explore(lambda coder: co_occurrence_chart(load_codings(coder)), corpus, "
    "coder=CODERS)",
    "triangle": "explore(lambda coder: triangle(corpus, load_codings(coder)), corpus, "
    "coder=CODERS)",
    "range": "explore(lambda other: coding_range(corpus, one, load_codings(other)), corpus, "
    "other=CODERS)",
}
PRIMITIVES = ("rates", "dispersion", "doers", "fragility", "triangle")  # dots, stripes, cells, bars
START = """from helpers import NAMES
corpus, one, CODERS = load_corpus(), load_codings('coder-1'), ['coder-2', 'reference']"""


NAMES = sorted(set(re.findall(r"\b([a-z_]+)\(", str(CHARTS) + START)))


@pytest.fixture(scope="module")
def page(lab):
    lab.write("explorers.ipynb", START.replace("NAMES", ", ".join(NAMES)), *CHARTS.values())
    return lab.open("explorers.ipynb")


def explorer(page, name):
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(1 + list(CHARTS).index(name))
    cell.scroll_into_view_if_needed()
    chart = cell.get_by_role("group", name="Chart to explore")
    chart.get_by_role("img").wait_for()
    return chart


def announced(chart, start):
    """What the explorer says once it begins in this way."""
    status = chart.get_by_role("status")
    status.filter(has_text=re.compile(start)).wait_for()
    return status.inner_text()


@pytest.mark.parametrize("name", PRIMITIVES)
def test_by_keyboard_from_a_mark_to_its_paragraph_and_through_a_choice(lab, page, name):
    chart = explorer(page, name)
    marks = chart.locator(".u-mark")
    assert marks.count() > 1
    assert chart.locator('.u-mark[tabindex="0"]').count() == 1, "one tab stop for all marks"
    chart.locator('.u-mark[tabindex="0"]').focus()
    start = page.evaluate("document.activeElement.title")
    for key in ("ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.title") != start:
            break
    reached = page.evaluate("document.activeElement.title")
    assert reached != start, "no arrow key leads to another mark"
    page.keyboard.press("Enter")
    said = announced(chart, r"Sentences listed below: \d+")
    assert said.startswith(reached)
    listed = chart.locator(".u-evidence li")
    assert listed.count() == int(re.search(r"listed below: (\d+)", said)[1]) > 0
    assert chart.locator('.u-mark[aria-pressed="true"]').get_attribute("title") == reached
    first = listed.first.get_by_role("button")
    id = first.inner_text()
    first.focus()
    page.keyboard.press("Enter")
    chart.get_by_role("heading", name=re.compile(f"^{id}")).wait_for()
    page.keyboard.press("Escape")
    page.wait_for_function("id => document.activeElement.textContent === id", arg=id)

    before = chart.get_by_role("img").get_attribute("src"), chart.locator("table").inner_text()
    select = chart.get_by_role("combobox").nth(
        1 if name == "fragility" else 0
    )  # capitals change nothing there
    select.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    announced(chart, "^Drawn anew")
    assert page.evaluate("document.activeElement.tagName") == "SELECT", (
        "focus stays where one chooses"
    )
    assert chart.get_by_role("img").get_attribute("src") != before[0]
    assert listed.count() == 0, "sentences of a mark that is gone are gone"
    assert len(chart.get_by_role("img").get_attribute("alt")) > 40
    quiet(lab)


def test_focus_on_a_mark_outlasts_a_new_drawing(lab, page):
    chart = explorer(page, "profile")
    image = chart.get_by_role("img").get_attribute("src")
    chart.evaluate("""chart => {
        const select = chart.querySelector("select");
        select.selectedIndex = 1 - select.selectedIndex;
        select.dispatchEvent(new Event("change", { bubbles: true }));
        chart.querySelector('.u-mark[tabindex="0"]').focus();
    }""")
    page.wait_for_function(
        "([node, was]) => node.querySelector('img').src !== was",
        arg=[chart.element_handle(), image],
    )
    assert page.evaluate("document.activeElement.className") == "u-mark"


def test_by_mouse_a_bar_lists_its_sentences(lab, page):
    for name in ("rates", "profile", "codeline"):
        chart = explorer(page, name)
        mark = chart.locator(".u-mark").last
        mark.click()
        assert announced(chart, "Sentences listed below").startswith(mark.get_attribute("title"))
        chart.locator(".u-evidence button").first.click()
        chart.locator(".u-feedback mark, .u-feedback strong").first.wait_for()
    quiet(lab)


def test_no_barrier_in_any_chart_in_either_theme_and_at_320_pixels(lab, page):
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        lab.theme(theme)
        for name in CHARTS:
            explorer(page, name)
        page.wait_for_timeout(1500)
        assert violations(page) == [], theme
    page.set_viewport_size({"width": 640, "height": 900})
    page.keyboard.press("Control+b")
    page.wait_for_timeout(800)
    for name in CHARTS:
        explorer(page, name)
    assert page.evaluate(TOO_WIDE) == []


def test_in_a_narrow_pane_the_mark_that_is_reached_is_in_sight(lab, page):
    """The drawing stays large enough to be read, and is scrolled sideways to the mark."""
    page.set_viewport_size({"width": 480, "height": 900})
    chart = explorer(page, "codeline")
    assert chart.get_by_role("img").bounding_box()["width"] > 42 * 16 - 1
    chart.locator('.u-mark[tabindex="0"]').focus()
    for _ in range(14):
        page.keyboard.press("ArrowRight")
    left, right, least, most = page.evaluate("""() => {
        const mark = document.activeElement, sight = mark.closest(".u-wide");
        const boxes = [mark, sight].map((node) => node.getBoundingClientRect());
        return boxes.flatMap((box) => [box.left, box.right]);
    }""")
    assert least - 1 <= left and right <= most + 1
