"""What the papers of the house say is so: README, versions, locks, Binder, licence, glossary, timeline."""

import re
import subprocess
import tomllib
from pathlib import Path

import lock
import nbformat
import pytest
import yaml

from helpers import load_corpus

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def pins(text):
    return dict(re.findall(r"^\s*(?:- )?([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE))


def test_every_wanted_version_is_exact_and_locked():
    lessons, tests = PROJECT["project"]["dependencies"], PROJECT["dependency-groups"]["test"]
    for name, wanted in (("requirements.lock", lessons), ("requirements-test.lock", lessons + tests)):
        locked = pins(read(name))
        for line in wanted:
            package, version = line.split("==")
            assert locked[package.lower().replace("_", "-")] == version, f"{package} in {name}"


def test_locks_agree_carry_hashes_and_name_no_address():
    lessons, tests = read("requirements.lock"), read("requirements-test.lock")
    assert set(re.findall(r"^\S+==\S+.*", lessons, re.MULTILINE)) <= set(re.findall(r"^\S+==\S+.*", tests, re.MULTILINE))
    for text in (lessons, tests):
        assert "://" not in text
        entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
        assert len(entries) > 100
        assert all("--hash=sha256:" in entry for entry in entries)


def test_environment_for_binder_is_the_lock():
    assert read("environment.yml") == lock.environment(read("requirements.lock")), "run: make lock"
    described = yaml.safe_load(read("environment.yml"))
    packages = next(each["pip"] for each in described["dependencies"] if isinstance(each, dict))
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", package) for package in packages), "a local reference would rebuild the image at each edit"
    assert f"python={lock.BINDER_PYTHON}" in described["dependencies"]


def test_one_version_of_python_is_named_everywhere():
    least = re.fullmatch(r">=(3\.\d+)", PROJECT["project"]["requires-python"])[1]
    number = f"({least.replace('.', ', ')})"
    assert f"Python {least} or later" in README
    assert f"sys.version_info < {number}" in read("Makefile")
    assert f"Python {least} or later" in read("Makefile")
    assert PROJECT["tool"]["ruff"]["target-version"] == "py" + least.replace(".", "")
    assert tuple(map(int, lock.BINDER_PYTHON.split("."))) >= tuple(map(int, least.split(".")))


def test_build_backend_is_the_locked_one():
    assert PROJECT["build-system"]["requires"][0] in PROJECT["project"]["dependencies"]


def test_no_other_file_names_a_version_of_a_package():
    known = {
        line.split("==")[0].lower()
        for group in (PROJECT["project"]["dependencies"], PROJECT["dependency-groups"]["test"])
        for line in group
    }
    allowed = {"pyproject.toml", "requirements.lock", "requirements-test.lock", "environment.yml"}
    for name in tracked():
        if name in allowed or "fixtures" in name or not (ROOT / name).is_file():
            continue
        for package, _ in re.findall(r"\b([\w-]+)(?:==|~=|>=)(\d+\.\d[\w.]*)", (ROOT / name).read_text(encoding="utf-8", errors="ignore")):
            assert package.lower() not in known, f"{name} names a version of {package}"


def tracked():
    return subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def test_readme_table_is_generated_from_the_lessons():
    rows = ["| lesson | minutes | the question |", "|---|---|---|"]
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        about = nbformat.read(path, as_version=4).metadata["union"]
        rows.append(f"| [{about['title']}](notebooks/{path.name}) | {about['minutes']} | {about['question']} |")
    table = re.search(r"<!-- lessons -->\n(.*?)\n<!-- /lessons -->", README, re.DOTALL)[1]
    assert table == "\n".join(rows)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "corpus/README.md"])
def test_links_lead_somewhere(name):
    for target in re.findall(r"\]\(([^)#\s]+)", read(name)):
        assert "://" not in target
        assert ((ROOT / name).parent / target).exists(), target
    for command in re.findall(r"\bmake ([a-z]+)\b", read(name)):
        assert re.search(rf"^{command}:", read("Makefile"), re.MULTILINE), f"make {command}"


def test_the_python_in_the_readme_runs():
    for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        exec(compile(block, "README.md", "exec"), {})


def test_windows_commands_name_files_that_are_there():
    block = re.search(r"```\npy -3.*?```", README, re.DOTALL)[0]
    for name in re.findall(r"\S+\.(?:lock|ipynb)", block):
        assert (ROOT / name).exists()


def test_glossary_terms_are_whole_and_stand_in_the_texts():
    terms = tomllib.loads(read("corpus/glossary.toml"))["terms"]
    everything = " ".join(" ".join(document.raw.split()) for document in load_corpus().documents).casefold()
    assert len({term["term"] for term in terms}) == len(terms) >= 25
    for term in terms:
        assert term["meaning"].endswith((".", "?"))
        assert term["source"]
        assert isinstance(term["verified"], bool)
        for form in term["forms"]:
            assert form.casefold() in everything, form
        if not term["verified"]:
            assert term["source"] in ("not re-checked", "none found")
            assert term.get("question", False) == (term["source"] == "none found")


def test_timeline_events_are_whole_and_in_order():
    events = tomllib.loads(read("corpus/timeline.toml"))["events"]
    assert [event["sort"] for event in events] == sorted(event["sort"] for event in events)
    for event in events:
        assert event["side"] in ("North", "South")
        assert event["source"]
        assert max(map(len, event["short"].split("\n"))) <= 34, "longer lines would run off the chart"
    assert sum("in_bold" in event for event in events) == 2


def test_raw_files_are_byte_for_byte_the_ones_supplied():
    seeds = ROOT.parent / "shared" / "seeds"
    if not seeds.is_dir():
        pytest.skip("the supplied files are not at hand")
    supplied = {path.read_bytes() for path in seeds.glob("*.txt")}
    assert {path.read_bytes() for path in (ROOT / "corpus" / "raw").iterdir()} == supplied


def test_raw_files_are_the_ones_in_the_manifest():
    import hashlib

    entries = tomllib.loads(read("corpus/documents.toml"))["documents"]
    assert {entry["sha256"] for entry in entries} == {
        hashlib.sha256(path.read_bytes()).hexdigest() for path in (ROOT / "corpus" / "raw").iterdir()
    }


def test_binder_adds_the_helpers_without_the_network():
    script = read("postBuild")
    assert "--no-deps --no-build-isolation" in script
    assert (ROOT / "postBuild").stat().st_mode & 0o111
