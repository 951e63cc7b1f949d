"""The reading edition: every page stands alone, leads somewhere, is small, and has no barrier."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from barriers import violations

from helpers import load_corpus

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 1_500_000  # bytes of a page


class Page(HTMLParser):
    """What a page links to, takes from elsewhere, and can be linked to."""

    def __init__(self, path):
        super().__init__()
        self.links, self.taken, self.ids, self.bare = [], [], [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" and "href" in given else []
        self.taken += [
            given[name]
            for name in ("src", "href")
            if name in given and tag in ("script", "img", "link", "iframe", "source")
        ]
        self.bare += [given.get("src", "?")[:60]] if tag == "img" and not given.get("alt") else []


@pytest.fixture(scope="module")
def site(executed):
    """The site as `make site` builds it from executed lessons, in a place of its own."""
    return executed.site()


@pytest.fixture(scope="module")
def pages(site):
    return {path.name: Page(path) for path in sorted(site.glob("*.html"))}


def test_every_lesson_has_a_page_that_is_small(site, pages):
    assert {
        f"{path.stem}.html" for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")
    } <= pages.keys()
    assert {
        path.name: size for path in site.glob("*.html") if (size := path.stat().st_size) > LARGEST
    } == {}


def test_nothing_comes_from_elsewhere_and_no_link_is_broken(site, pages):
    for name, page in pages.items():
        for taken in page.taken:
            assert (
                taken.startswith(("data:", "#")) or (site / unquote(taken.split("?")[0])).exists()
            ), f"{name} takes {taken[:80]}"
        for link in page.links:
            target, _, place = link.partition("#")
            if re.match(r"https?:|mailto:", link):
                continue
            assert not target or (site / unquote(target)).exists(), f"{name} links to {link}"
            there = pages.get(target or name)
            assert not place or there is None or unquote(place) in there.ids, (
                f"{name} links to {link}"
            )
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//", sheet.read_text(encoding="utf-8")), (
            sheet.name
        )


def test_every_picture_has_words_and_every_place_is_one(pages):
    for name, page in pages.items():
        assert page.bare == [], name
        assert len(page.ids) == len(set(page.ids)), (
            f"{name}: {[each for each in page.ids if page.ids.count(each) > 1][:3]}"
        )


def test_every_sentence_has_an_address(pages):
    for document in load_corpus().documents:
        assert set(document.sentences.index) <= set(pages[f"text-{document.id}.html"].ids)


def test_no_lesson_shows_an_error_or_waits_for_a_widget(site):
    for path in site.glob("[0-9]*.html"):
        text = path.read_text(encoding="utf-8")
        assert "widget-view" not in text and "Traceback" not in text
        assert (
            path.stem.startswith("00")
            or "In the running lesson this part answers to you." in text
            or "u-base" in text
        )


@pytest.mark.parametrize(("scheme", "rules"), [("light", None), ("dark", ["color-contrast"])])
def test_no_page_has_a_barrier_or_asks_the_network(site, pages, browser, scheme, rules):
    """In the dark only colours differ, so only contrast is looked at again."""
    page, asked = browser.new_page(color_scheme=scheme), []
    page.on(
        "request",
        lambda request: (
            asked.append(request.url) if not request.url.startswith(("file:", "data:")) else None
        ),
    )
    found = []
    for name in pages:
        page.goto((site / name).as_uri())
        found += [
            f"{name}: {each}" for each in violations(page, "html", "best-practice", rules=rules)
        ]
    page.close()
    assert sorted(set(found)) == [] == asked


def test_an_address_leads_to_its_sentence_without_gliding(site, browser):
    page = browser.new_page()
    page.goto((site / "text-gftuk.html").as_uri() + "#gftuk-143")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert page.evaluate(
        "document.getElementById('gftuk-143').getBoundingClientRect().top < innerHeight"
    )
    page.close()


def test_a_word_is_found_and_leads_to_the_page(site, browser):
    page, troubles = browser.new_page(), []
    page.on(
        "console",
        lambda message: troubles.append(message.text) if message.type == "error" else None,
    )
    page.goto((site / "search.html").as_uri() + "?q=bargaining")
    page.locator("#search-results li a").first.wait_for()
    assert troubles == []
    assert "text-kctu.html" in " ".join(
        link.get_attribute("href") for link in page.locator("#search-results li a").all()
    )
    page.close()


def test_a_phone_shows_the_text_without_scrolling_sideways(site, pages, browser):
    page = browser.new_page(viewport={"width": 320, "height": 640})
    wide = []
    for name in pages:
        page.goto((site / name).as_uri())
        wide += [name] if page.evaluate("document.scrollingElement.scrollWidth > 322") else []
    page.close()
    assert wide == []
