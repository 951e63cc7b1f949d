"""Links that open the lessons of one's own copy of this project: on Binder, and on a JupyterHub through nbgitpuller."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from helpers.corpus.errors import UnionError

LESSONS = Path(__file__).resolve().parents[2] / "notebooks"
BINDER = "https://mybinder.org"
_PATH = re.compile(r"[\w./%~+-]*", re.ASCII)


def lesson_links(repository: str, branch: str = "main", hub: str = "") -> dict[str, dict[str, str]]:
    """Links that open each lesson from a Git repository, by the name of the lesson.

    ``repository`` is the address at which the project's copy is seen in a browser; ``hub``, where given, is the
    address of a JupyterHub that has nbgitpuller. Raises :class:`UnionError` for an address that is none, or that has a
    password in it.

    >>> links = lesson_links("https://github.com/ann/union", hub="https://hub.school.example")["00-start-here"]
    >>> print(links["Binder"])
    https://mybinder.org/v2/gh/ann/union/main?urlpath=lab%2Ftree%2Fnotebooks%2F00-start-here.ipynb
    >>> links["JupyterHub"].split("?")[0], links["JupyterHub"].split("&")[-1]
    ('https://hub.school.example/hub/user-redirect/git-pull', 'urlpath=lab%2Ftree%2Funion%2Fnotebooks%2F00-start-here.ipynb')
    """
    repository, hub = _address(repository, "the copy"), hub and _address(hub, "the hub")
    if not branch or not re.fullmatch(r"[^\s\x00-\x1f?*:~^\\[]+", branch):
        raise UnionError(
            f"There can be no branch {branch[:60]!r}: give its name as it stands in the repository, such as main."
        )
    place, name = _on_binder(repository), repository.rpartition("/")[2]
    found = {}
    for lesson in sorted(LESSONS.glob("[0-9]*.ipynb")):
        path = f"notebooks/{lesson.name}"
        found[lesson.stem] = {
            "Binder": f"{BINDER}/v2/{place}/{quote(branch)}?{_asked(urlpath=f'lab/tree/{path}')}"
        }
        if hub:
            asked = _asked(repo=repository, branch=branch, urlpath=f"lab/tree/{name}/{path}")
            found[lesson.stem]["JupyterHub"] = f"{hub}/hub/user-redirect/git-pull?{asked}"
    return found


def _address(given: str, what: str) -> str:
    """The address of a repository or a hub, without what stands behind it in the address bar."""
    example = (
        "https://hub.your-school.org" if what == "the hub" else "https://github.com/you/your-copy"
    )
    wanted = f"give the address of {what} as it stands in the browser, such as {example}"
    if not given.strip():
        raise UnionError(
            "Give the address of your copy of the project, as in REPO=https://github.com/you/your-copy."
        )
    try:
        parts = urlsplit(given.strip())
    except ValueError:
        parts = urlsplit("")
    if "@" in parts.netloc:
        raise UnionError(
            f"There is a name or password in the address of {what}, which everybody would see: leave it out."
        )
    if (
        parts.scheme not in ("http", "https")
        or not re.fullmatch(r"[\w.:\[\]-]+", parts.netloc)
        or not _PATH.fullmatch(parts.path)
    ):
        raise UnionError(f"{given[:60]!r} is no web address: {wanted}.")
    path = re.split(r"/(?:hub|user)(?:/|$)" if what == "the hub" else "/-/", parts.path)[0].rstrip(
        "/"
    )
    if what != "the hub":
        path = "/".join(
            path.split("/")[:3] if _kind(parts.netloc) == "gh" else path.split("/")
        ).removesuffix(".git")
        if path.count("/") < 2 or path.endswith("/"):
            raise UnionError(f"{given[:60]!r} names no repository: {wanted}.")
    return f"{parts.scheme}://{parts.netloc}{path}"


def _kind(host: str) -> str:
    """How Binder calls a host of repositories."""
    return {"github.com": "gh", "gitlab.com": "gl"}.get(host.casefold(), "git")


def _on_binder(repository: str) -> str:
    """How Binder names a repository: by owner and name at the two hosts that it knows, elsewhere by its whole address."""
    host, _, path = repository.partition("://")[2].partition("/")
    kind = _kind(host)
    return (
        f"gh/{path}"
        if kind == "gh"
        else f"{kind}/{quote(path if kind == 'gl' else repository, safe='')}"
    )


def _asked(**values: str) -> str:
    return urlencode(values, quote_via=quote, safe="")


def main(*given: str) -> str:
    """The links of all lessons as text, ready to be copied; ``given`` are repository, branch and hub.

    >>> main("https://github.com/ann/union").split()[:2]
    ['00-start-here', 'Binder:']
    """
    repository, branch, hub = (*given, "", "", "")[:3]
    lines = []
    for lesson, links in lesson_links(repository, branch or "main", hub).items():
        lines += [lesson, *(f"  {kind}:\n    {link}" for kind, link in links.items())]
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        print(main(*sys.argv[1:]))
    except UnionError as problem:
        sys.exit(str(problem))
