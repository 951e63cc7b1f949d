"""Links that open the lessons of one's own copy of this project on Binder or a JupyterHub."""

import re
import sys
from urllib.parse import quote

from helpers.corpus.documents import CORPUS_FOLDER
from helpers.corpus.errors import UnionError


def lesson_links(repository: str, branch: str = "", hub: str = "") -> dict[str, dict[str, str]]:
    """Links that open each lesson from a Git repository, by the name of the lesson.

    ``repository`` is the address of the copy in a browser; ``hub``, where given, that of a
    JupyterHub with nbgitpuller. Raises :class:`UnionError` for what is no such address.

    >>> links = lesson_links("https://github.com/ann/union", hub="https://hub.school.example")
    >>> print(links["00-start-here"]["Binder"])
    https://mybinder.org/v2/gh/ann/union/main?urlpath=lab%2Ftree%2Fnotebooks%2F00-start-here.ipynb
    """
    branch = branch or "main"
    repository = _address(repository.split("/-/")[0], 2, "https://github.com/you/your-copy")
    hub = hub and _address(re.split("/(?:hub|user)(?:/|$)", hub)[0], 0, "https://hub.school.org")
    _, _, host, *path = repository.split("/")
    if host == "github.com":  # further parts are a place within the copy
        path = path[:2]
        repository = "/".join(["https:/", host, *path])
    whole = quote(repository, safe="")
    place = "/".join(["gh", *path]) if host == "github.com" else f"git/{whole}"
    binder = f"https://mybinder.org/v2/{place}/{quote(branch)}?urlpath=lab%2Ftree"
    pull = f"{hub}/hub/user-redirect/git-pull?repo={whole}&branch={quote(branch, safe='')}"
    pull = f"{pull}&urlpath=lab%2Ftree%2F{quote(path[-1])}"
    found: dict[str, dict[str, str]] = {}
    for lesson in sorted(CORPUS_FOLDER.with_name("notebooks").glob("[0-9]*.ipynb")):
        inside = quote(f"/notebooks/{lesson.name}", safe="")
        found[lesson.stem] = {"Binder": binder + inside}
        if hub:
            found[lesson.stem]["JupyterHub"] = pull + inside
    return found


def _address(given: str, parts: int, example: str) -> str:
    """A web address with some parts at least in its path; what is wrong is not said again."""
    address = given.strip().rstrip("/").removesuffix(".git")
    wanted = rf"https?://[\w.-]+(:\d+)?(/[\w.~+-]+){{{parts},}}"
    if not re.fullmatch(wanted, address, re.ASCII):
        raise UnionError(f"This is no web address: give one as {example}, without a password.")
    return address


if __name__ == "__main__":
    try:
        for lesson, links in lesson_links(*sys.argv[1:]).items():
            print(lesson, *(f"  {kind}:\n    {link}" for kind, link in links.items()), sep="\n")
    except UnionError as problem:
        sys.exit(str(problem))
