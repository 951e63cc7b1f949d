"""Links that open the lessons of one's own copy of this project on Binder or a JupyterHub."""

import re
import sys
from urllib.parse import quote, urlencode, urlsplit

from helpers.corpus.documents import CORPUS_FOLDER
from helpers.corpus.errors import UnionError


def lesson_links(repository: str, branch: str = "main", hub: str = "") -> dict[str, dict[str, str]]:
    """Links that open each lesson from a Git repository, by the name of the lesson.

    ``repository`` is the address at which the copy is seen in a browser; ``hub``, where given, that of
    a JupyterHub with nbgitpuller. Raises :class:`UnionError` for what is no such address.

    >>> links = lesson_links("https://github.com/ann/union", hub="https://hub.school.example")
    >>> print(links["00-start-here"]["Binder"])
    https://mybinder.org/v2/gh/ann/union/main?urlpath=lab%2Ftree%2Fnotebooks%2F00-start-here.ipynb
    """
    repository = _address(repository, "https://github.com/you/your-copy", "/-/")
    _, _, host, *path = repository.split("/")
    if host == "github.com":  # what stands behind it in the address bar is a place in the copy
        path = path[:2]
        repository = "/".join(["https:/", host, *path]).removesuffix(".git")
    if len(path) < 2:
        raise UnionError(f"{repository!r} names no repository: give the address of the copy.")
    if not re.fullmatch(r"[^\s\x00-\x1f?*:~^\\[]+", branch):
        raise UnionError(f"There can be no branch {branch[:60]!r}: give its name, such as main.")
    name = repository.rpartition("/")[2]
    place = f"gh/{path[0]}/{name}" if host == "github.com" else f"git/{quote(repository, safe='')}"
    hub = hub and _address(hub, "https://hub.your-school.org", r"/(?:hub|user)(?:/|$)")
    found: dict[str, dict[str, str]] = {}
    for lesson in sorted(CORPUS_FOLDER.with_name("notebooks").glob("[0-9]*.ipynb")):
        inside = f"notebooks/{lesson.name}"
        asked = _query(urlpath=f"lab/tree/{inside}")
        links = {"Binder": f"https://mybinder.org/v2/{place}/{quote(branch)}?{asked}"}
        if hub:
            asked = _query(repo=repository, branch=branch, urlpath=f"lab/tree/{name}/{inside}")
            links["JupyterHub"] = f"{hub}/hub/user-redirect/git-pull?{asked}"
        found[lesson.stem] = links
    return found


def _address(given: str, example: str, behind: str) -> str:
    """A web address, without what stands ``behind`` it in the address bar."""
    try:
        parts = urlsplit(given.strip())
    except ValueError:
        parts = urlsplit("")
    if "@" in parts.netloc:
        raise UnionError("There is a password in the address, for all to see: leave it out.")
    sound = re.fullmatch(r"[\w.:\[\]-]+", parts.netloc) and re.fullmatch(
        r"[\w./~%+-]*", parts.path, re.ASCII
    )
    if parts.scheme not in ("http", "https") or not sound:
        raise UnionError(f"{given[:60]!r} is no web address: give one such as {example}.")
    path = re.split(behind, parts.path)[0].rstrip("/").removesuffix(".git")
    return f"{parts.scheme}://{parts.netloc}{path}"


def _query(**values: str) -> str:
    return urlencode(values, quote_via=quote, safe="")


def main(repository: str, branch: str = "", hub: str = "") -> str:
    """The links of all lessons as text, ready to be copied."""
    lines = []
    for lesson, links in lesson_links(repository, branch or "main", hub).items():
        lines += [lesson, *(f"  {kind}:\n    {link}" for kind, link in links.items())]
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        print(main(*sys.argv[1:]))
    except UnionError as problem:
        sys.exit(str(problem))
