"""What the documentation says is so: README, versions, locks, Binder, licence, glossary,
timeline, teaching guide.
"""

import ast
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
    for name, wanted in (
        ("requirements.lock", lessons),
        ("requirements-test.lock", lessons + tests),
    ):
        locked = pins(read(name))
        for line in wanted:
            package, version = line.split("==")
            assert locked[re.sub(r"[._]", "-", package.lower())] == version, f"{package} in {name}"


def test_locks_agree_carry_hashes_and_name_no_address():
    lessons, tests = read("requirements.lock"), read("requirements-test.lock")
    assert set(re.findall(r"^\S+==\S+.*", lessons, re.MULTILINE)) <= set(
        re.findall(r"^\S+==\S+.*", tests, re.MULTILINE)
    )
    for text in (lessons, tests):
        assert "://" not in text
        entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
        assert len(entries) > 100
        assert all("--hash=sha256:" in entry for entry in entries)


def test_environment_for_binder_is_the_lock():
    assert read("environment.yml") == lock.environment(read("requirements.lock")), "run: make lock"
    described = yaml.safe_load(read("environment.yml"))
    packages = next(each["pip"] for each in described["dependencies"] if isinstance(each, dict))
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", package) for package in packages), (
        "a local reference would rebuild the image at each edit"
    )
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
    allowed = {
        "pyproject.toml",
        "requirements.lock",
        "requirements-test.lock",
        "environment.yml",
        "tests/binder-image.txt",
    }
    for name in tracked():
        if name in allowed or "fixtures" in name or not (ROOT / name).is_file():
            continue
        for package, _ in re.findall(
            r"\b([\w-]+)(?:==|~=|>=)(\d+\.\d[\w.]*)",
            (ROOT / name).read_text(encoding="utf-8", errors="ignore"),
        ):
            assert package.lower() not in known, f"{name} names a version of {package}"


def tracked():
    return subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()


def test_readme_table_is_generated_from_the_lessons():
    rows = ["| lesson | minutes | the question |", "|---|---|---|"]
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        about = nbformat.read(path, as_version=4).metadata["union"]
        rows.append(
            f"| [{about['title']}](notebooks/{path.name}) | {about['minutes']} | "
            f"{about['question']} |"
        )
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


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "CONTRIBUTING.md",
        "notebooks/instructor/GUIDE.md",
        "notebooks/instructor/GRADING.md",
    ],
)
def test_every_make_command_is_one(name):
    found = {
        command.split()[1].strip("`")
        for command in re.findall(r"`make [a-z][^`]*`|^make [a-z].*$", read(name), re.MULTILINE)
    }
    targets = set(re.search(r"^\.PHONY: (.*)$", read("Makefile"), re.MULTILINE)[1].split())
    assert found and found <= targets


def test_windows_commands_name_files_that_are_there():
    block = re.search(r"```\npy -3.*?```", README, re.DOTALL)[0]
    for option in re.findall(r"--LabApp\S+", read("Makefile")):
        assert option in block, "they do the same as make lab"
    for name in re.findall(r"\S+\.(?:lock|ipynb)", block):
        assert (ROOT / name.rpartition("/lab/tree/")[2]).exists()


def test_glossary_terms_are_whole_and_stand_in_the_texts():
    terms = tomllib.loads(read("corpus/glossary.toml"))["terms"]
    everything = " ".join(
        " ".join(document.raw.split()) for document in load_corpus().documents
    ).casefold()
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
        assert max(map(len, event["short"].split("\n"))) <= 34, (
            "longer lines would run off the chart"
        )
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
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (ROOT / "corpus" / "raw").iterdir()
    }


def test_binder_adds_the_helpers_without_the_network():
    script = read("postBuild")
    assert "--no-deps --no-build-isolation" in script
    assert (ROOT / "postBuild").stat().st_mode & 0o111


GUIDE = "notebooks/instructor/GUIDE.md"
LESSONS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
# All that the fact base names, and no others.
STANDARDS = {f"RH.9-10.{number}" for number in (1, 4, 5, 6, 8, 9)} | {
    f"RH.11-12.{number}" for number in (1, 2, 3, 4, 5, 6, 8, 9)
}
STANDARDS |= {"D2.His.6.9-12", "D2.His.11.9-12"}
# What the fact base has as common knowledge that was not checked again: a word by which to find it.
NOT_CHECKED = [
    "Juche 110",
    "emulation",
    "remote learning space",
    "industrial unionism",
    "monopoly capital",
    "Flanders",
    "Pravda",
    "Krippendorff",
    "arbitrary",
    "Hirschman",
    "Goffman",
    "Snow & Benford",
    "Monroe",
    "Webbs",
    "self-name",
    "National Security Act",
]


def part(heading):
    """A part of the guide, from its heading to the next of the same rank."""
    rank = heading.split()[0]
    return re.search(
        rf"^{re.escape(heading)}\n(.*?)(?=^{rank} |\Z)", read(GUIDE), re.DOTALL | re.MULTILINE
    )[1]


def questions_of(lesson):
    """The ids of a lesson's questions, and whether each is closed: its answer stands in the
    keys, or can be reckoned.
    """
    checks, found = {}, {}
    for cell in nbformat.read(lesson, as_version=4).cells:
        for line in ast.parse(cell.source).body if cell.cell_type == "code" else []:
            if isinstance(line, ast.Assign) and isinstance(line.value, ast.Call):
                checks[ast.unparse(line.targets[0])] = ast.unparse(line.value.func)
            if (
                isinstance(line, ast.Expr)
                and isinstance(line.value, ast.Call)
                and ast.unparse(line.value.func) == "ask"
            ):
                feedback = "".join(
                    ast.unparse(each.value)
                    for each in line.value.keywords
                    if each.arg == "feedback"
                )
                found[line.value.args[0].value] = checks.get(feedback) in (
                    "check.of",
                    "check.paragraphs_without",
                    "check.number",
                )
    return found


def lesson_part(lesson):
    title = nbformat.read(lesson, as_version=4).metadata["union"]["title"]
    return part(f"### Lesson {lesson.stem[:2]}: {title}")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_guide_has_every_lesson_with_its_open_questions_and_no_key(lesson):
    said = lesson_part(lesson)
    for wanted in (
        f"](../{lesson.name})",
        "**Common misreadings",
        "| question | a good answer contains | can cite |",
        "**Talk about it.**",
    ):
        assert wanted in said
    questions = questions_of(lesson)
    answered = [
        id
        for row in re.findall(r"^\| (`.*?) \|", said, re.MULTILINE)
        for id in re.findall(r"`(\d\d-[\w-]+)`", row)
    ]
    assert sorted(answered) == sorted(id for id, closed in questions.items() if not closed)
    assert not {id for id, closed in questions.items() if closed} & set(
        re.findall(r"`([\w-]+)`", read(GUIDE))
    )


def test_guide_names_only_what_is_there():
    text, corpus = read(GUIDE), load_corpus()
    ids = {id for lesson in LESSONS for id in questions_of(lesson)}
    assert set(re.findall(r"`(\d\d-[a-z][\w-]*)`", text)) <= ids
    sentences = {id for document in corpus.documents for id in document.sentences.index}
    assert set(re.findall(r"`((?:kctu|gftuk)-\d+)`", text)) <= sentences
    assert set(re.findall(r"\b(?:RH|D2)\.[\w.-]*\w", text)) == STANDARDS
    assert not re.search(
        (
            "largest cent|rather than defending workers|80-day|renamed in 2021|the 1995 "
            "text|current policy"
        ),
        text,
    )
    for command in re.findall(r"(?:`|^)make (\w+)", text, re.MULTILINE):
        assert re.search(rf"^{command}:", read("Makefile"), re.MULTILINE), f"make {command}"
    prose = "\n".join(
        cell.source
        for lesson in LESSONS
        for cell in nbformat.read(lesson, as_version=4).cells
        if cell.cell_type == "markdown"
    )
    for name in re.findall(r"(?<![*\w])\*([A-Z][^*]+)\*(?!\*)", part("## Plans")):
        assert f"# {name}\n" in f"{prose}\n" or f"**{name}**" in prose or f"*{name}*" in prose, (
            f"no lesson has {name}"
        )


def test_links_of_the_guide_lead_somewhere():
    text = read(GUIDE)
    heads = {
        re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-")
        for head in re.findall(r"^#+ (.*)", text, re.MULTILINE)
    }
    for target, place in re.findall(r"\]\(([^)#\s]*)#?([^)\s]*)\)", text):
        assert ":" not in target
        assert (ROOT / GUIDE).parent.joinpath(target or ".").exists(), target
        assert not place or place in heads, place


def test_minutes_of_the_plans_add_up():
    plans = re.findall(
        r"^#+ ([^\n]*?(\d+) minutes[^\n]*)\n(.*?)(?=^#|\Z)",
        part("## Plans"),
        re.DOTALL | re.MULTILINE,
    )
    assert [int(minutes) for _, minutes, _ in plans] == [45, 90, *[45] * 5]
    for head, minutes, text in plans:
        assert sum(map(int, re.findall(r"^\| (\d+) \|", text, re.MULTILINE))) == int(minutes), head


def test_the_path_for_self_study_is_the_lessons():
    rows, total = [], 0
    for lesson in LESSONS:
        about = nbformat.read(lesson, as_version=4).metadata["union"]
        rows.append((f"[{about['title']}](../{lesson.name})", str(about["minutes"])))
        total += about["minutes"]
    table = re.findall(r"^\| (\S.*?) \| (\d+) \|", part("### On one's own"), re.MULTILINE)
    assert table == [*rows, ("*all of them*", str(total))]


def test_the_rubric_has_four_levels_and_marks_no_opinion():
    head, *rows = re.findall(r"^\|(.*)\|$", part("## A rubric"), re.MULTILINE)
    assert re.findall(r"\d", head) == ["4", "3", "2", "1"]
    assert [re.search(r"\*\*(.*?)\*\*", row)[1] for row in rows[1:]] == [
        "Claim",
        "Evidence",
        "Reasoning",
        "Limit, and the other side",
    ]
    assert all(row.count("|") == 4 and "opinion" not in row for row in rows[1:])


def used_somewhere():
    """All that learners and teachers read, and the descriptions of the helpers, but for the list
    itself.
    """
    papers = [
        path
        for folder in ("corpus", "helpers")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".toml", ".md", ".py", ".html")
    ]
    papers += [*LESSONS, *(ROOT / "notebooks" / "instructor").glob("*.*")]
    return "\n".join(path.read_text(encoding="utf-8") for path in papers if path.is_file()).replace(
        part("## Verify before class"), ""
    )


def test_what_was_not_checked_again_is_in_verify_before_class():
    listed, used = part("## Verify before class"), used_somewhere()
    for word in NOT_CHECKED:
        said = {
            "self-name": "democratic trade union movement",
            "Snow & Benford": "Snow and Benford",
        }.get(word, word)
        assert (said in listed) == (said in used), word
    for term in tomllib.loads(read("corpus/glossary.toml"))["terms"]:
        assert term["verified"] or term["term"] in listed, term["term"]


def test_the_list_of_what_was_not_checked_is_that_of_the_fact_base():
    facts = ROOT.parent / "shared" / "design" / "facts.md"
    if not facts.is_file():
        pytest.skip("the fact base is not at hand")
    text = facts.read_text(encoding="utf-8")
    marked = [before.rpartition("]")[2] for before in re.split(r"\[(?:V[^\]]*, )?M\b", text)[:-1]]
    assert len(marked) >= 16
    for before in marked[1:]:  # the first is the key to the marks
        assert any(word in before for word in NOT_CHECKED), before


def test_every_benchmark_is_in_the_report_of_figures():
    folder = ROOT / "tests" / "benchmarks"
    named = set(
        re.findall(
            r'^    "(\w+)": ', (folder / "report.py").read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    tools = {
        "peers",
        "peers_open",
        "prose",
        "report",
    }  # what others use, and what needs other people's programs
    assert named == {path.stem for path in folder.glob("*.py")} - tools
    assert set(re.findall(r"^<!-- (\w+) -->$", read("docs/BENCHMARKS.md"), re.MULTILINE)) <= named
