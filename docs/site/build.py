"""The reading edition: every lesson executed and made into static pages in ``build/site``. Run
by ``make site``.

Lessons run with the network closed and an empty work folder, or are taken from a folder in
which they have run: it is named on the command line. Each widget gives its static form
(``helpers/show/templates/static.html``). Besides there is a page for each document, on which every
sentence has an address.
"""

import html
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from executing import Executed  # noqa: E402

SOURCE, SITE = ROOT / "build" / "site-source", ROOT / "build" / "site"
LESSONS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
PAGES = sorted(
    (ROOT / "notebooks" / "instructor").glob("*.md")
)  # what instructors read, where there is any
WELCOME = """# What Is a Union For?

Two documents from Korea give very different answers. This is the reading edition of the lessons
about them: every page as it looks after it was run, to be read on a phone, shown by a projector,
or printed. To answer, tag and save your work, run the lessons themselves; the project's README
says how.

| lesson | minutes | the question |
|---|---|---|
{rows}

## The documents

{documents}

```{{toctree}}
:hidden:
{lessons}
```

```{{toctree}}
:hidden:
{texts}
```
{more}"""


def document_pages(folder: Path) -> dict[str, str]:
    """A page for each document, with every sentence under its id; gives the titles by page."""
    from helpers import load_corpus

    titles = {}
    for document in load_corpus().documents:
        about, table = document.about, document.sentences
        lines = [
            f"# {about['short_title']}",
            "",
            f"{about['title']}. {about['rights'] if isinstance(about.get('rights'), str) else ''}",
            "",
        ]
        for _, rows in table.groupby("paragraph", sort=False):
            said = " ".join(
                f'<a class="u-number" id="{id}" href="#{id}">{id}</a> {_plain(text)}'
                for id, text in rows["text"].items()
            )
            lines += [said, ""]
        page = f"text-{document.id}"
        (SOURCE / f"{page}.md").write_text("\n".join(lines), encoding="utf-8")
        titles[page] = about["short_title"]
    return titles


def _plain(text: str) -> str:
    """A text in which Markdown finds no mark-up."""
    return re.sub(r"([\\`*_{}\[\]()#+!|$~^:@-])", r"\\\1", html.escape(text, quote=False))


def _led(text: str) -> str:
    """A page of the repository as a page of the site: links lead to its pages, and of a link to
    anything else the words stay.
    """
    known = {path.name for path in (*LESSONS, *PAGES)}

    def led(link: re.Match[str]) -> str:
        words, target, place = link.groups()
        return f"[{words}]({Path(target).name}{place})" if Path(target).name in known else words

    return re.sub(r"\[([^\]]+)\]\(([^)#:\s]+)(#[^)\s]*|)\)", led, text)


def welcome(titles: dict[str, str]) -> None:
    """The first page: what this is, the lessons, the documents."""
    rows, names = [], []
    for path in LESSONS:
        about = nbformat.read(path, as_version=4).metadata["union"]
        rows.append(
            f"| [{about['title']}]({path.name}) | {about['minutes']} | {about['question']} |"
        )
        names.append(path.stem)
    documents = "\n".join(
        f"- [{title}]({page}.md), with an address for each sentence"
        for page, title in titles.items()
    )
    more = ""
    if PAGES:
        for path in PAGES:
            (SOURCE / path.name).write_text(
                _led(path.read_text(encoding="utf-8")), encoding="utf-8"
            )
        more = "\n```{toctree}\n:hidden:\n" + "\n".join(path.stem for path in PAGES) + "\n```\n"
    text = WELCOME.format(
        rows="\n".join(rows),
        documents=documents,
        lessons="\n".join(names),
        texts="\n".join(titles),
        more=more,
    )
    (SOURCE / "index.md").write_text(text, encoding="utf-8")


def name_parts() -> None:
    """Give names to the parts of a page that the theme leaves without."""
    names = {
        '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="All pages">',
        '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
        '<div id="search-results">': '<h1>Search</h1>\n<div id="search-results">',
    }
    for path in SITE.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        for old, new in names.items():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")


def build(executed: Path) -> None:
    """Build the whole site anew from lessons that have been executed."""
    for folder in (SOURCE, SITE):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "docs" / "site" / "static", SOURCE / "static")
    shutil.copy(ROOT / "helpers" / "show" / "views" / "base.css", SOURCE / "static")
    shutil.copy(ROOT / "docs" / "site" / "conf.py", SOURCE)
    for path in LESSONS:
        shutil.copy(executed / path.name, SOURCE)
    welcome(document_pages(SOURCE))
    subprocess.run(
        [
            sys.executable,
            "-m",
            "sphinx",
            "--quiet",
            "--fail-on-warning",
            "--keep-going",
            str(SOURCE),
            str(SITE),
        ],
        check=True,
    )
    for left in (".doctrees", ".buildinfo", "objects.inv"):
        path = SITE / left
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    name_parts()
    print(f"The reading edition is in {SITE.relative_to(ROOT)}: open index.html.")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        build(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as name:
            build(Executed(Path(name)).all())
