"""A machine's suggestions in the tagger, on a plain page: off until asked for, by keyboard, kept
with what came of them.
"""

from barriers import TOO_WIDE, quiet, violations

from helpers import Journal, load_codebook, load_codings, load_corpus
from helpers.coding.codings import coding_annotations, suggestion_annotations

BOOK, LETTER = load_codebook(), load_corpus()["gftuk"]
STRETCH = list(LETTER.sentences.index[60:68])
CELL = """from helpers import *
corpus = load_corpus()
stretch = list(corpus["gftuk"].sentences.index[60:68])
machine = train_classifier(corpus, load_codings("reference"), without=stretch)
tag(corpus["gftuk"], stretch[0], stretch[-1], classifier=machine, journal=Journal("suggesting"))"""


def tagger(page):
    return page.get_by_role("group", name="Tagger: ").first


def box(page):
    return tagger(page).get_by_role("group", name="The machine's suggestion")


def said(page, text):
    tagger(page).locator(".u-status").get_by_text(text).wait_for()


def chosen(page):
    return tagger(page).locator(".u-at button.u-id").inner_text()


def kept(plain):
    """What the disk says: codings, and suggestions that were shown."""
    journal = Journal(plain.folder / "suggesting")
    return coding_annotations(LETTER, journal=journal).states(), suggestion_annotations(
        LETTER, journal=journal
    ).states()


def test_suggestions_by_keyboard(plain):
    plain.write("suggesting.ipynb", CELL)
    page = plain.open("suggesting.ipynb")
    tagger(page).locator(".u-at button.u-id").focus()
    assert not box(page).is_visible()
    page.keyboard.press("t")  # nothing is suggested, so nothing is taken
    page.keyboard.press("d")
    page.keyboard.press("9")
    said(page, f"Saved. {STRETCH[0]}: {BOOK['mobilise'].label}")
    codings, shown = kept(plain)
    assert list(codings) == [STRETCH[0]] and shown == {}, (
        "a suggestion was shown before anybody asked"
    )

    page.keyboard.press("g")
    said(page, f"For {STRETCH[0]} the machine suggests ")
    assert kept(plain)[1][STRETCH[0]]["before"] == ["mobilise"]
    page.keyboard.press("x")
    page.wait_for_function(
        "first => document.querySelector('.u-at button.u-id').innerText !== first", arg=STRETCH[0]
    )
    first = chosen(page)
    said(page, f"For {first} the machine suggests ")
    wanted = kept(plain)[1][first]["suggested"]
    assert all(BOOK[code].label in box(page).inner_text() for code in wanted)

    page.keyboard.press("t")
    said(page, f"Saved as suggested. {first}: ")
    assert (
        kept(plain)[0][first]["codes"] == wanted and kept(plain)[1][first]["answer"] == "accepted"
    )
    page.keyboard.press("z")
    said(page, "Undone")
    assert first not in kept(plain)[0] or kept(plain)[0][first]["codes"] == []
    page.keyboard.press("y")
    said(page, "Done again")

    page.keyboard.press("x")
    page.wait_for_function(
        "first => document.querySelector('.u-at button.u-id').innerText !== first", arg=first
    )
    second = chosen(page)
    said(page, f"For {second} the machine suggests ")
    other = next(
        code for code in BOOK if code != "none" and code not in kept(plain)[1][second]["suggested"]
    )
    page.keyboard.press(BOOK[other].key)
    said(page, f"Saved. {second}: {BOOK[other].label}")

    page.keyboard.press("x")
    page.wait_for_function(
        "first => document.querySelector('.u-at button.u-id').innerText !== first", arg=second
    )
    third = chosen(page)
    said(page, f"For {third} the machine suggests ")
    box(page).get_by_role("button", name="D Dismiss it").focus()
    page.keyboard.press("Enter")
    said(page, f"The suggestion for {third} is dismissed.")
    assert not box(page).is_visible()
    assert page.evaluate("document.activeElement.innerText") == third, (
        "the keyboard stays in the text"
    )
    assert len({STRETCH[0], first, second, third}) == 4
    quiet(plain)

    mine = load_codings("me", [LETTER], journal=Journal(plain.folder / "suggesting")).set_index(
        "sentence"
    )["suggestion"]
    words = {id: word.partition(":")[0] for id, word in mine.items()}
    assert words == {STRETCH[0]: "suggested", first: "accepted", second: "overridden"}

    page = plain.open("suggesting.ipynb")
    tagger(page).locator(".u-at button.u-id").focus()
    assert (
        tagger(page).get_by_role("button", name="G Suggestions").get_attribute("aria-pressed")
        == "false"
    )
    assert not box(page).is_visible(), "off again"
    before = len(Journal(plain.folder / "suggesting").records())
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(400)
    assert len(Journal(plain.folder / "suggesting").records()) == before
    assert tagger(page).get_by_text("3 of 8 sentences coded").count() == 1
    quiet(plain)


def test_a_suggestion_can_be_seen_by_everybody(plain):
    plain.write("seen.ipynb", CELL.replace("suggesting", "seen"))
    page = plain.open("seen.ipynb")
    tagger(page).locator(".u-at button.u-id").focus()
    page.keyboard.press("g")
    box(page).wait_for()
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        plain.theme(theme)
        assert violations(page) == [], theme
    page.keyboard.press("Control+b")
    page.set_viewport_size({"width": 360, "height": 800})
    page.wait_for_timeout(400)
    assert box(page).is_visible() and page.evaluate(TOO_WIDE) == []
    quiet(plain)
