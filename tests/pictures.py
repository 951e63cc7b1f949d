"""The pictures of the README, taken from the running lessons: ``make pictures`` writes them into
``docs/pictures/``.
"""

import tempfile
from io import BytesIO
from pathlib import Path

from laboratory import ROOT, laboratory
from PIL import Image

FOLDER = ROOT / "docs" / "pictures"
START = """from helpers import explore, frame_profile, codeline, load_codings, load_corpus, read, tag, walk_cleaning
from helpers.coding.codings import coding_annotations
corpus = load_corpus()
aims = coding_annotations(corpus["kctu"])
for row in load_codings("reference").head(5).itertuples(): aims.set(row.sentence, codes=list(row.codes), doer=row.doer)
corpus"""
WANTED = {
    "reader": "read(*corpus.documents)",
    "cleaning": "walk_cleaning(corpus['kctu'])",
    "tagger": "tag(corpus['kctu'])",
    "codeline": "explore(codeline(corpus, load_codings('reference')), corpus)",
}


def take(page, number, name):
    """One widget as a picture, in the colours that it has."""
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(number)
    cell.scroll_into_view_if_needed()
    house = cell.locator(".u-base").first
    house.wait_for()
    page.wait_for_timeout(1500)
    if name == "tagger":
        house.get_by_role("button", name="kctu-005").first.click()
        page.wait_for_timeout(800)
    if name == "codeline":
        house.locator(".u-mark").nth(40).evaluate("node => node.click()")
        page.wait_for_timeout(800)
    picture = Image.open(BytesIO(house.screenshot())).convert("RGB")
    picture.crop((0, 0, picture.width, min(picture.height, 760))).save(
        FOLDER / f"{name}.png", optimize=True
    )


def main():
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, laboratory(Path(folder)) as lab:
        lab.write("pictures.ipynb", START, *WANTED.values())
        page = lab.open("pictures.ipynb", 1100, 1000)
        page.keyboard.press("Control+b")
        page.wait_for_timeout(800)
        for number, name in enumerate(WANTED, 1):
            take(page, number, name)
            print(f"docs/pictures/{name}.png")


if __name__ == "__main__":
    main()
