"""Links that open the lessons of somebody's own copy: every part arrives as it was written."""

import os
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from hypothesis import given
from hypothesis import strategies as st
from sentence import trouble

from helpers.classroom.links import lesson_links

ROOT = Path(__file__).resolve().parents[2]
LESSONS = {path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")}
HUB = "https://hub.school.example"
_names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}[A-Za-z0-9]", fullmatch=True).filter(
    lambda name: not name.endswith(".git")
)
_branches = st.lists(
    st.from_regex(r"[\w.+#&=%-]{1,12}", fullmatch=True), min_size=1, max_size=3
).map("/".join)


def asked(link: str) -> dict[str, str]:
    """What a link asks for, as the machine at its other end reads it."""
    found = parse_qs(urlsplit(link).query, strict_parsing=True)
    return {name: values[0] for name, values in found.items()}


@given(owner=_names, name=_names, branch=_branches)
def test_every_part_arrives_as_it_was_written(owner, name, branch):
    links = lesson_links(f"https://github.com/{owner}/{name}.git", branch, HUB)
    assert set(links) == LESSONS
    for lesson, each in links.items():
        path = urlsplit(each["Binder"]).path.split("/", 5)
        assert path[:5] == ["", "v2", "gh", owner, name] and unquote(path[5]) == branch
        assert asked(each["Binder"]) == {"urlpath": f"lab/tree/notebooks/{lesson}.ipynb"}
        assert each["JupyterHub"].startswith(f"{HUB}/hub/user-redirect/git-pull?")
        assert asked(each["JupyterHub"]) == {
            "repo": f"https://github.com/{owner}/{name}",
            "branch": branch,
            "urlpath": f"lab/tree/{name}/notebooks/{lesson}.ipynb",
        }
        assert all(link.isascii() and not set(link) & set(" <>\"'`") for link in each.values())


def test_what_stands_in_the_address_bar_will_do():
    gitlab = "git/https%3A%2F%2Fgitlab.com%2Fschool%2Fyear-10%2Funion"
    own = "git/http%3A%2F%2Fgit.school.example%3A8080%2Fann%2Funion"
    for address, binder in {
        "https://github.com/ann/union/": "gh/ann/union",
        "https://github.com/ann/union/tree/main/notebooks": "gh/ann/union",
        "https://gitlab.com/school/year-10/union/-/tree/main": gitlab,
        "http://git.school.example:8080/ann/union.git": own,
    }.items():
        links = lesson_links(address, hub=f"{HUB}/jupyter/hub/home")["00-start-here"]
        assert links["Binder"].startswith(f"https://mybinder.org/v2/{binder}/main?")
        assert links["JupyterHub"].startswith(f"{HUB}/jupyter/hub/user-redirect/git-pull?")
        assert "lab/tree/union/notebooks/" in asked(links["JupyterHub"])["urlpath"]
        assert set(lesson_links(address)["00-start-here"]) == {"Binder"}


def test_what_is_no_address_of_a_copy_is_refused_and_a_password_not_said_again():
    for address in (
        "",
        "ann/union",
        "git@github.com:ann/union",
        "https://[::1",
        "https://git hub.com/a/b",
        "file:///a/b",
        "https:///a/b",
        "https://github.com//",
        "https://github.com/ann",
        "https://git.school.example/",
        "https://ann:s3cret@github.com/ann/union",
    ):
        with trouble("no web address", "https://github.com/you/your-copy") as said:
            lesson_links(address)
        assert "s3cret" not in said()


def test_the_command_prints_every_link_and_complains_in_one_sentence():
    asked_for = {"REPO": "https://github.com/ann/union", "BRANCH": "", "HUB": HUB}
    printed = make_links(asked_for)
    links = lesson_links(*asked_for.values())
    assert printed.returncode == 0 and printed.stdout.count("https://") == 2 * len(LESSONS)
    for lesson, each in links.items():
        assert all(part in printed.stdout for part in (lesson, *each, *each.values()))
    refused = make_links({"REPO": "$(touch stolen)`touch stolen`", "BRANCH": "", "HUB": ""})
    assert refused.returncode != 0
    assert "no web address" in refused.stderr and "Traceback" not in refused.stderr
    assert not (ROOT / "stolen").exists()


def make_links(values: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What the recipe of `make links` does, with the values in the environment."""
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    recipe = next(line for line in lines if "helpers.classroom.links" in line)
    command = recipe.strip().lstrip("@").replace("$(BIN)/", ".venv/bin/").replace("$$", "$")
    how = {"cwd": ROOT, "env": os.environ | values, "capture_output": True, "text": True}
    return subprocess.run(["sh", "-c", command], timeout=60, check=False, **how)
