"""Links that open the lessons of somebody's own copy: every part arrives as it was written."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentence import trouble

from helpers.classroom.links import lesson_links, main

ROOT = Path(__file__).resolve().parents[2]
LESSONS = {path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")}
HUB = "https://hub.school.example"
_names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}[A-Za-z0-9]", fullmatch=True).filter(
    lambda name: not name.endswith(".git")
)
_branches = st.lists(
    st.from_regex(r"[\w.+#&=%-]{1,12}", fullmatch=True), min_size=1, max_size=3
).map("/".join)


def asked(link):
    """What a link asks for, as the machine at its other end reads it."""
    return {
        name: values[0]
        for name, values in parse_qs(urlsplit(link).query, strict_parsing=True).items()
    }


def test_there_is_a_link_of_each_kind_for_every_lesson():
    links = lesson_links("https://github.com/ann/union", hub=HUB)
    assert set(links) == LESSONS
    assert {kind for each in links.values() for kind in each} == {"Binder", "JupyterHub"}
    assert all(
        set(each) == {"Binder"} for each in lesson_links("https://github.com/ann/union").values()
    )


@given(owner=_names, name=_names, branch=_branches)
def test_every_part_arrives_as_it_was_written(owner, name, branch):
    for lesson, links in lesson_links(
        f"https://github.com/{owner}/{name}.git", branch, HUB
    ).items():
        path = urlsplit(links["Binder"]).path.split("/", 5)
        assert path[:5] == ["", "v2", "gh", owner, name]
        assert unquote(path[5]) == branch
        assert asked(links["Binder"]) == {"urlpath": f"lab/tree/notebooks/{lesson}.ipynb"}
        assert links["JupyterHub"].startswith(f"{HUB}/hub/user-redirect/git-pull?")
        assert asked(links["JupyterHub"]) == {
            "repo": f"https://github.com/{owner}/{name}",
            "branch": branch,
            "urlpath": f"lab/tree/{name}/notebooks/{lesson}.ipynb",
        }
        assert all(link.isascii() and not set(link) & set(" <>\"'`") for link in links.values())


@pytest.mark.parametrize(
    ("address", "binder", "folder"),
    [
        ("https://github.com/ann/union/", "gh/ann/union", "union"),
        ("https://github.com/ann/union/tree/main/notebooks", "gh/ann/union", "union"),
        (
            "https://gitlab.com/school/year-10/union/-/tree/main",
            "gl/school%2Fyear-10%2Funion",
            "union",
        ),
        (
            "http://git.school.example:8080/ann/union.git",
            "git/http%3A%2F%2Fgit.school.example%3A8080%2Fann%2Funion",
            "union",
        ),
    ],
)
def test_what_stands_in_the_address_bar_will_do(address, binder, folder):
    links = lesson_links(address, hub=f"{HUB}/jupyter/hub/home")["00-start-here"]
    assert links["Binder"].startswith(f"https://mybinder.org/v2/{binder}/main?")
    assert links["JupyterHub"].startswith(f"{HUB}/jupyter/hub/user-redirect/git-pull?")
    assert f"lab/tree/{folder}/notebooks/" in asked(links["JupyterHub"])["urlpath"]


@pytest.mark.parametrize(
    "address",
    [
        "ann/union",
        "git@github.com:ann/union",
        "https://[::1",
        "https://git hub.com/a/b",
        "file:///a/b",
        "https:///a/b",
    ],
)
def test_what_is_no_address_is_refused(address):
    with trouble("is no web address"):
        lesson_links(address)


def test_without_an_address_it_says_how_to_give_one():
    with trouble("REPO=https://github.com/you/your-copy"):
        lesson_links(" ")


@pytest.mark.parametrize(
    "address", ["https://github.com/ann", "https://git.school.example/", "https://github.com//"]
)
def test_what_names_no_repository_is_refused(address):
    with trouble("names no repository"):
        lesson_links(address)


def test_a_password_is_refused_and_not_said_again():
    with trouble("which everybody would see") as said:
        lesson_links("https://ann:s3cret@github.com/ann/union")
    assert "s3cret" not in said()


@pytest.mark.parametrize("branch", ["", "two words", "a\nb", "a:b"])
def test_what_is_no_branch_is_refused(branch):
    with trouble("There can be no branch"):
        lesson_links("https://github.com/ann/union", branch)


def test_the_command_prints_every_link_and_complains_in_one_sentence():
    asked_for = {"REPO": "https://github.com/ann/union", "BRANCH": "", "HUB": HUB}
    printed = make_links(asked_for)
    assert printed.returncode == 0
    assert printed.stdout == main(*asked_for.values()) + "\n"
    assert printed.stdout.count("https://") == 2 * len(LESSONS)
    refused = make_links({"REPO": "$(touch stolen)`touch stolen`", "BRANCH": "", "HUB": ""})
    assert refused.returncode != 0
    assert "is no web address" in refused.stderr and "Traceback" not in refused.stderr
    assert not (ROOT / "stolen").exists()


def make_links(values):
    """What the recipe of `make links` does, with the values in the environment, as it puts them there."""
    recipe = next(
        line
        for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
        if "helpers.classroom.links" in line
    )
    command = recipe.strip().lstrip("@").replace("$(BIN)/", ".venv/bin/").replace("$$", "$")
    return subprocess.run(
        ["sh", "-c", command],
        cwd=ROOT,
        env=os.environ | values,
        capture_output=True,
        text=True,
        timeout=60,
    )
