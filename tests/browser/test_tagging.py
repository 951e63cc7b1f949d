"""Reader, tagger, concordance and settling on plain pages: by keyboard, by mouse, after a
restart, in both themes.
"""

import json

import pytest
from barriers import TOO_WIDE, quiet, show_all, violations

from helpers import Journal, load_codebook, load_codings, load_corpus
from helpers.coding.codings import coding_annotations

BOOK = load_codebook()
CORPUS = load_corpus()
WANTED = {
    row.sentence: (row.codes, row.doer)
    for row in load_codings("reference").itertuples()
    if row.sentence <= "gftuk-010" or "kctu" in row.sentence
}
ONE_DOCUMENT = (
    "from helpers import Journal, load_corpus, tag\ntag(load_corpus()['{id}'], "
    "journal=Journal('{folder}'))"
)


def states(plain, folder, id):
    """What the disk says, read by a process that is not the kernel."""
    return coding_annotations(CORPUS[id], journal=Journal(plain.folder / folder)).states()


def tagger(page):
    return page.get_by_role("group", name="Tagger: ").first


def saved(page, text):
    """Wait until the tagger says that it saved this."""
    tagger(page).locator(".u-status").get_by_text(text).wait_for()


def chosen(page):
    return tagger(page).locator(".u-at button.u-id").inner_text()


def cells(page):
    """Everything that a stray key could change in the notebook: cells, their kinds, what stands
    in them.
    """
    return page.evaluate("""[...document.querySelectorAll('.jp-Notebook .jp-Cell')].map(
        cell => [cell.className.match(/jp-[A-Z][a-z]+Cell/)[0], cell.querySelector('.cm-content')?.innerText])""")


def tab_into_the_tagger(page):
    """Reach the tagger by Tab alone, from the notebook."""
    page.keyboard.press("Escape")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('.u-base')"):
            return
    raise AssertionError("Tab never reaches the tagger")


def code_by_keyboard(page, id):
    codes, doer = WANTED[id]
    assert chosen(page) == id
    for code in codes:
        page.keyboard.press(BOOK[code].key)
    if doer != "na":
        page.keyboard.press(BOOK.doers[doer].key)
    words = ", ".join([BOOK[code].label for code in codes] + [f"doer: {BOOK.doers[doer].label}"])
    saved(page, f"Saved. {id}: {words}")


def check_all(plain, page, folder, id, wanted):
    assert {
        sentence: (tuple(state["codes"]), state["doer"])
        for sentence, state in states(plain, folder, id).items()
    } == wanted
    shown = tagger(page).locator(".u-soft").first.inner_text()
    assert f"{len(wanted)} of {len(CORPUS[id].sentences)} sentences coded" in shown


@pytest.mark.parametrize(("id", "many"), [("kctu", 17)])
def test_sentences_are_coded_by_keyboard_alone(plain, id, many):
    folder, ids = f"keys-{id}", list(CORPUS[id].sentences.index[:many])
    plain.write("keys.ipynb", ONE_DOCUMENT.format(id=id, folder=folder))
    page = plain.open("keys.ipynb")
    before = cells(page)
    tab_into_the_tagger(page)
    while chosen(page) != ids[0] or not page.evaluate("document.activeElement.matches('.u-id')"):
        page.keyboard.press("Tab")  # on to the text
    for sentence in ids:
        code_by_keyboard(page, sentence)
        page.keyboard.press("ArrowDown")
    one = next(
        sentence
        for sentence in ids
        if "none" not in WANTED[sentence][0] and len(WANTED[sentence][0]) < 3
    )
    page.keyboard.press("Home")
    for _ in range(ids.index(one)):
        page.keyboard.press("ArrowDown")
    # A wrong code, taken back, done again, taken back; a second code and which is the main one; a
    # memo; unsure; skipped.
    had = states(plain, folder, id)[one]["codes"]
    wrong = next(code for code in BOOK if code not in (*had, "none"))
    page.keyboard.press(BOOK[wrong].key)
    saved(page, BOOK[wrong].label)
    page.keyboard.press("z")
    saved(page, "Undone")
    assert states(plain, folder, id)[one]["codes"] == had
    page.keyboard.press("y")
    saved(page, "Done again")
    page.keyboard.press("r")
    saved(page, f"Saved. {one}: {BOOK[wrong].label}, ")
    assert states(plain, folder, id)[one]["codes"] == [wrong, *had]
    page.keyboard.press("Control+z")
    saved(page, "Undone")
    page.keyboard.press("z")
    page.wait_for_timeout(300)
    assert states(plain, folder, id)[one]["codes"] == had
    page.keyboard.press("e")
    page.keyboard.type("Mind: a, b, x, z, dd. 123 <b>?")
    page.keyboard.press("Escape")
    saved(page, "with a memo")
    page.keyboard.press("q")
    saved(page, "unsure")
    page.keyboard.press("?")
    tagger(page).get_by_text("Every key has a button").wait_for()
    for key in "mabxzdd":
        page.keyboard.press(key)
    page.wait_for_timeout(400)
    page.keyboard.press("Escape")
    assert (
        page.evaluate("document.activeElement.innerText") == "The end of this part: Tab leads on."
    )
    page.keyboard.type("xdd")
    assert cells(page) == before, (
        "keys typed in the tagger reached the notebook"
    )  # m was a doer, z took it back
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert not page.evaluate("!!document.activeElement.closest('.u-base')"), (
        "two keys lead out of the tagger"
    )
    state = states(plain, folder, id)[one]
    assert (state["memo"], state["unsure"]) == ("Mind: a, b, x, z, dd. 123 <b>?", True)
    wanted = {sentence: WANTED[sentence] for sentence in ids}
    check_all(plain, page, folder, id, wanted)
    kept = states(plain, folder, id)
    plain.restart()
    check_all(plain, page, folder, id, wanted)
    quiet(plain)
    page = plain.open("keys.ipynb")
    check_all(plain, page, folder, id, wanted)
    assert states(plain, folder, id) == kept
    assert tagger(page).locator(".u-chip", has_text="memo").count() == 1
    quiet(plain)


@pytest.mark.parametrize(("id", "many"), [("gftuk", 10)])
def test_sentences_are_coded_by_mouse_alone(plain, id, many):
    folder, ids = f"mouse-{id}", list(CORPUS[id].sentences.index[:many])
    plain.write("mouse.ipynb", ONE_DOCUMENT.format(id=id, folder=folder))
    page = plain.open("mouse.ipynb")
    for sentence in ids:
        codes, doer = WANTED[sentence]
        tagger(page).locator(f".u-sent:has(.u-id:text-is('{sentence}')) .u-text").click()
        assert chosen(page) == sentence
        for item in [
            *(BOOK[code] for code in codes),
            *([BOOK.doers[doer]] if doer != "na" else []),
        ]:
            tagger(page).get_by_role("button", name=f"{item.key.upper()} {item.label}").click()
        saved(
            page,
            f"Saved. {sentence}: "
            + ", ".join([BOOK[code].label for code in codes] + [f"doer: {BOOK.doers[doer].label}"]),
        )
    tagger(page).get_by_role("button", name="Z Undo").click()
    saved(page, "Undone")
    tagger(page).get_by_role("button", name="Y Redo").click()
    saved(page, "Done again")
    memo = tagger(page).get_by_role("textbox", name="Memo")
    memo.click()
    memo.press_sequentially("why")
    tagger(page).get_by_role("button", name="Q Unsure").click()
    saved(page, "unsure, with a memo")
    tagger(page).get_by_role("combobox", name="Show").select_option("unsure")
    saved(page, f"Shown: 1 of {len(CORPUS[id].sentences)}")
    assert tagger(page).locator(".u-sent:visible").count() == 1
    wanted = {sentence: WANTED[sentence] for sentence in ids}
    plain.restart()
    check_all(plain, page, folder, id, wanted)
    page = plain.open("mouse.ipynb")
    check_all(plain, page, folder, id, wanted)
    assert states(plain, folder, id)[ids[-1]]["memo"] == "why"
    quiet(plain)


def test_two_tabs_on_one_work_lose_nothing(plain):
    code = ONE_DOCUMENT.format(id="kctu", folder="tabs")
    plain.write("tabs.ipynb", code, code)
    page = plain.open("tabs.ipynb")
    one, two = page.get_by_role("group", name="Tagger: ").all()
    for tab, key in ((one, "1"), (two, "2"), (one, "u"), (two, "3")):
        tab.locator(".u-at button.u-id").focus()
        page.keyboard.press(key)
        tab.locator(".u-status").get_by_text("Saved. kctu-001").wait_for()
        page.wait_for_timeout(100)
    state = states(plain, "tabs", "kctu")["kctu-001"]
    assert (state["codes"], state["doer"]) == (["bargain", "rights", "voice"], "union")
    two.locator(".u-stripes .u-swatch").nth(2).wait_for()
    quiet(plain)


def test_what_a_dead_kernel_did_not_save_is_not_shown_as_coded(plain):
    plain.write("dead.ipynb", ONE_DOCUMENT.format(id="kctu", folder="dead"))
    page = plain.open("dead.ipynb")
    tagger(page).locator(".u-at button.u-id").focus()
    page.keyboard.press("2")
    saved(page, "Rights and equality")
    plain.restart(run=False)
    tagger(page).locator(".u-at button.u-id").focus()
    page.keyboard.press("3")
    plain.later()
    saved(page, "Not saved: the machine has restarted.")
    assert (
        tagger(page).get_by_role("button", name="Workers' voice").get_attribute("aria-pressed")
        == "false"
    )
    plain.run_all()
    assert states(plain, "dead", "kctu")["kctu-001"]["codes"] == ["rights"]


HOSTILE = (
    "<script>window.stolen = 1</script><img src=x onerror='window.stolen = 1'> "
    '\u202eevil\u202c 노조 👩‍🏭 a\u0301 & "quoted" '
)
HOSTILE_CELL = f"""
from helpers import Document, Journal, clean, concordance, read, settle, tag
from helpers.corpus.cleaning import STEPS
from helpers.corpus.documents import FIELDS, Corpus
hostile = {HOSTILE!r}
text = hostile + "the union.\\n\\n" + "Long union words " * 600 + ".\\n\\n" + hostile + "ends"
document = Document("evil", dict.fromkeys(FIELDS, hostile), clean(text, off=[step.name for step in STEPS]))
journal = Journal("hostile-work")
tag(document, journal=journal)"""


def test_hostile_text_is_shown_as_text(plain):
    plain.write(
        "hostile.ipynb",
        HOSTILE_CELL,
        "read(document, journal=journal)",
        "concordance(document, 'union')",
    )
    page = plain.open("hostile.ipynb")
    show_all(page)
    memo = tagger(page).get_by_role("textbox", name="Memo")
    memo.scroll_into_view_if_needed()
    memo.fill(HOSTILE)
    tagger(page).locator(".u-at button.u-id").focus()
    saved(page, "with a memo")
    reader = page.get_by_role("group", name="Reader: ")
    note = reader.get_by_role("textbox", name="Your note")
    note.fill(HOSTILE)
    reader.get_by_role("button", name="Keep as evidence").click()
    reader.locator(".u-status").get_by_text("Saved.").wait_for()
    reader.locator("summary").click()
    assert page.evaluate("window.stolen") is None
    assert page.locator(".u-base script, .u-base img").count() == 0
    assert (
        reader.locator(".u-evidence").get_by_text("<script>window.stolen", exact=False).count() >= 1
    )
    assert page.evaluate(TOO_WIDE) == []
    quiet(plain)


EVERYTHING = [
    "from helpers import Journal, concordance, load_corpus, practise, read, settle, tag, "
    "tag_again\n"
    "corpus, journal = load_corpus(), Journal('everything')\n"
    "tagger = tag(corpus['kctu'], journal=journal)\n"
    "for key, code in enumerate([] if tagger.coded else tagger.texts['codes']):\n"
    "    tagger._hear(None, dict(do='code', sentence=f'kctu-{key + 1:03d}', "
    "value=code['code']), [])\n"
    "if len(tagger.coded['kctu-001']['codes']) < 2:\n"
    "    tagger._hear(None, dict(do='code', sentence='kctu-001', value='voice'), [])\n"
    "tagger",
    "read(*corpus.documents, journal=journal)",
    "concordance(corpus, 'union*')",
    "practise(journal=journal)",
    "tag_again(corpus['kctu'], 3, journal=journal)",
    "settle('reference', journal=journal)",
]


@pytest.fixture(scope="module")
def everything(plain):
    plain.write("everything.ipynb", *EVERYTHING)
    return "everything.ipynb"


def test_no_barrier_in_any_widget_in_both_themes(plain, everything):
    page = plain.open(everything)
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        plain.theme(theme)
        show_all(page)
        for details in page.locator(".u-base details").all():
            details.evaluate("node => { node.open = true; }")
        assert violations(page) == [], theme
    quiet(plain)


@pytest.mark.parametrize(("width", "zoom"), [(320, 1), (640, 2), (1280, 2)])
def test_nothing_runs_out_of_a_narrow_screen(plain, everything, width, zoom):
    page = plain.open(everything, width=1280)
    page.keyboard.press("Control+b")
    page.set_viewport_size({"width": width // zoom, "height": 900 // zoom})
    page.wait_for_timeout(400)
    show_all(page)
    for details in page.locator(".u-base details").all():
        details.evaluate("node => { node.open = true; }")
    assert page.evaluate(TOO_WIDE) == []
    quiet(plain)


def test_codes_are_told_apart_without_colour(plain, everything):
    """In shades of grey each swatch still has a pattern of its own, and each coded sentence says
    its codes in words.
    """
    page = plain.open(everything)
    show_all(page)
    looks = (
        tagger(page)
        .locator(".u-codes .u-swatch")
        .evaluate_all(
            "nodes => nodes.map(node => getComputedStyle(node).backgroundImage + "
            "getComputedStyle(node).backgroundSize)"
        )
    )
    assert len(looks) == len(BOOK)
    assert len(set(looks)) == len(BOOK), "two codes have one hatch"
    tags = tagger(page).locator(".u-sent .u-tags").all_text_contents()
    for row, code in zip(tags[1:12], list(BOOK)[1:12], strict=True):
        assert BOOK[code].label in row


def test_reading_by_keyboard(plain):
    plain.write(
        "read.ipynb",
        (
            "from helpers import Journal, load_corpus, read\nread(*load_corpus().documents, "
            "journal=Journal('reading'))"
        ),
    )
    page = plain.open("read.ipynb")
    reader = page.get_by_role("group", name="Reader: ")
    reader.scroll_into_view_if_needed()
    before = cells(page)
    reader.locator(".u-at button.u-id").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    gloss = reader.get_by_role("tooltip")
    gloss.get_by_text("Gaining a share of political power").wait_for()
    page.keyboard.press("Escape")
    assert not gloss.is_visible()
    reader.locator(".u-term").first.hover()
    gloss.get_by_text("guided by the state").wait_for()
    gloss.hover()
    page.wait_for_timeout(600)
    assert gloss.is_visible(), "the pointer may rest on an explanation"
    reader.get_by_role("heading", name="Read").hover()
    gloss.wait_for(state="hidden")
    reader.get_by_role("button", name="Keep as evidence").press("Enter")
    reader.get_by_text("kctu-002 is kept as evidence").wait_for()
    reader.get_by_role("button", name="Where is this in the raw file?").press("Enter")
    reader.get_by_text("Line 9 of the raw file").wait_for()
    note = reader.get_by_role("textbox", name="Your note")
    note.press_sequentially("Mabxzdd: why power?")
    page.keyboard.press("Escape")
    reader.get_by_text("The note is kept with kctu-002").wait_for()
    find = reader.get_by_role("textbox", name="Find")
    find.fill("working class")
    counted = {
        each.id: sum("working class" in text for text in each.sentences["text"])
        for each in CORPUS.documents
    }
    reader.get_by_text(
        f"KCTU, Our Aims {counted['kctu']}, Kim Jong Un, letter of 2021 {counted['gftuk']}"
    ).wait_for()
    find.press("Enter")
    reader.get_by_text("1 of ").wait_for()
    assert reader.locator(".u-at .u-text").inner_text().count("working class")
    reader.get_by_role("button", name="Larger text").press("Enter")
    assert cells(page) == before
    page = plain.open("read.ipynb")
    reader = page.get_by_role("group", name="Reader: ")
    reader.locator("summary").click()
    assert "Mabxzdd: why power?" in reader.locator(".u-evidence").inner_text()
    quiet(plain)


def test_differences_are_settled_and_a_partners_file_is_taken(plain, tmp_path):
    for record in Journal(plain.folder / "everything").records():
        Journal(plain.folder / "settling").write([record])
    if not Journal(plain.folder / "settling").records():
        marks = coding_annotations(CORPUS["kctu"], journal=Journal(plain.folder / "settling"))
        for number, code in enumerate(list(BOOK)[:12], 1):
            marks.set(f"kctu-{number:03d}", codes=[code])
    plain.write(
        "settle.ipynb",
        "from helpers import Journal, settle\nsettle('reference', journal=Journal('settling'))",
    )
    page = plain.open("settle.ipynb")
    widget = page.get_by_role("group", name="Compare and settle codings")
    first = widget.get_by_role("region", name="Difference in").first
    sentence = first.get_attribute("data-id")
    first.get_by_role("button", name="I change mine").press("Enter")
    widget.get_by_text(f"Saved. {sentence}: I change mine.").wait_for()
    assert tuple(states(plain, "settling", "kctu")[sentence]["codes"]) == WANTED[sentence][0]
    second = widget.get_by_role("region", name="Difference in").nth(1)
    second.get_by_role("button", name="Truly ambiguous").click()
    widget.get_by_text("Truly ambiguous.", exact=False).last.wait_for()
    reason = second.get_by_role("textbox", name="Your reason")
    reason.fill("Both can be read")
    reason.press("Enter")
    page.wait_for_timeout(500)
    with page.expect_download() as download:
        widget.locator("summary").first.click()
        widget.get_by_role("button", name="Save my codings to a file").click()
    mine = tmp_path / "mine.csv"
    download.value.save_as(mine)
    widget.get_by_label("My partner's file:").set_input_files(mine)
    widget.get_by_text("Your partner's codings are here: 12 sentences.").wait_for()
    widget.get_by_text("No difference to settle.").wait_for()
    wrong = tmp_path / "wrong.csv"
    wrong.write_bytes(b"\x00\x01 no table")
    widget.get_by_label("My partner's file:").set_input_files(wrong)
    widget.locator(".u-trouble").wait_for()
    quiet(plain)
    settled = json.loads(
        (plain.folder / "settling" / "journal.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    )
    assert (settled["kind"], settled["outcome"], settled["reason"]) == (
        "settled",
        "ambiguous",
        "Both can be read",
    )
