"""A work file carries everything, doubles nothing, and believes nothing."""

import itertools
import json
import os
import random
import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from sentence import assert_one_sentence, trouble

from helpers import UnionError
from helpers.classroom import work
from helpers.classroom.work import LARGEST_BYTES, WorkPanel, put_away, resume_work, save_work
from helpers.coding.codings import coding_annotations, load_codings
from helpers.coding.journal import FORMAT, Journal
from helpers.corpus.library import add_document, my_corpus, remove_document

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "own"
KNOWN = {"author": "Nobody", "date": "not known", "source": "Invented", "rights": "Ours"}


@pytest.fixture
def elsewhere(tmp_path) -> Journal:
    """Another machine."""
    return Journal(tmp_path / "elsewhere")


def filled(journal: Journal, *answers: str, name: str = "") -> Journal:
    if name:
        journal.append("learner", name=name)
    for answer in answers:
        journal.append("answer", question="q", answer=answer)
    return journal


def added(journal: Journal, name: str = "word.docx"):
    return add_document(FIXTURES / name, title="Our Harbour", folder=journal.folder, **KNOWN)


def packed(parts: dict[str, bytes | str], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", kind) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def line(id: str = "x", **more: object) -> str:
    about = {"id": id, "time": "2026-01-01T00:00:00+00:00", "kind": "answer"}
    return json.dumps(about | more) + "\n"


def about(format: object = FORMAT) -> str:
    return json.dumps({"format": format})


def everything(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


# Saved, carried, resumed


def test_save_and_resume_elsewhere_by_path_and_by_bytes(journal, elsewhere):
    saved = save_work(filled(journal, "one", "노조 \ud800 \u2028", "three"))
    assert saved.path.parent == journal.folder and "3 steps" in repr(saved)
    assert "3 steps" in resume_work(str(saved.path), elsewhere)
    before = elsewhere.path.read_bytes()
    told = resume_work(saved.path.read_bytes(), elsewhere)
    assert "0 steps" in told and "3 were here already" in told
    assert elsewhere.path.read_bytes() == before
    for one, other in zip(elsewhere.records(), journal.records(), strict=True):
        assert one | other == one, "a step lost a part on the way"


def test_two_machines_come_together(journal, elsewhere):
    resume_work(save_work(filled(journal, "common")).path, elsewhere)
    filled(journal, "here")
    told = resume_work(save_work(filled(elsewhere, "there")).path, journal)
    assert "1 steps" in told and "1 were here already" in told
    assert [record["answer"] for record in journal.records()] == ["common", "here", "there"]


def test_documents_and_what_is_coded_in_them_come_too(journal, elsewhere):
    document = added(journal)
    coding_annotations(document, journal=journal).set("harbour-002", codes=["care"], doer="union")
    saved = save_work(journal)
    assert "1 of your own documents" in repr(saved)
    assert "came in: 1" in resume_work(saved.path, elsewhere)
    assert everything(elsewhere.folder / "documents") == everything(journal.folder / "documents")
    codings = load_codings("me", my_corpus(folder=elsewhere.folder), journal=elsewhere)
    assert codings[["sentence", "codes"]].values.tolist() == [["harbour-002", ("care",)]]
    assert "here already: 1" in resume_work(saved.path, elsewhere)


def test_another_text_of_the_same_id_stays_as_it_is_and_is_told(journal, elsewhere):
    added(journal)
    other = added(elsewhere, "form.pdf")
    assert "same id: harbour" in resume_work(save_work(journal).path, elsewhere)
    assert my_corpus(folder=elsewhere.folder)["harbour"].text == other.text


def test_the_file_is_named_by_learner_and_day(journal):
    path = save_work(filled(journal, name="../../Ann O'Neil 노조 <b>")).path
    assert path.parent == journal.folder
    assert path.name.startswith("my-work-Ann-O-Neil-노조-b-20") and path.suffix == ".zip"


def test_nothing_to_save_and_nothing_to_put_away(journal):
    for act in (save_work, put_away):
        with trouble("nothing to save"):
            act(journal)
    assert not journal.folder.exists()


def test_work_is_put_away_for_the_next_learner_and_nothing_is_lost(journal):
    added(journal)
    told = put_away(filled(journal, "mine"))
    assert journal.records() == [] and list(my_corpus(folder=journal.folder)) == ["kctu", "gftuk"]
    (kept,) = journal.folder.glob("*.zip")
    assert kept.name in told
    assert len([*journal.folder.glob("journal-*.jsonl"), *journal.folder.glob("documents-*")]) == 2
    resume_work(kept, filled(journal, "another learner's"))
    assert {record["answer"] for record in journal.records()} == {"another learner's", "mine"}
    assert list(my_corpus(folder=journal.folder)) == ["kctu", "gftuk", "harbour"]


def test_work_that_came_from_a_file_is_in_a_file(journal, elsewhere):
    saved = save_work(filled(journal, "one"))
    assert not journal.not_kept_since()
    resume_work(saved.path, elsewhere)
    assert not elsewhere.not_kept_since()


# Saved means that it opens again


def test_what_would_not_open_again_is_not_called_saved(journal):
    added(journal)
    filled(journal, "one")
    (journal.folder / "documents" / "harbour" / "raw.txt").write_text("changed by hand")
    with trouble("not saved", "harbour"):
        save_work(journal)
    assert not list(journal.folder.glob("*.zip"))
    remove_document("harbour", folder=journal.folder)
    assert "Saved 1 steps" in save_work(journal).told


def test_a_file_that_the_disk_changed_is_not_called_saved(journal, monkeypatch):
    torn = lambda path, data: path.write_bytes(data[:-9])  # noqa: E731
    monkeypatch.setattr(work, "atomic_write", torn)
    with trouble("The disk changed"):
        save_work(filled(journal, "one"))


def test_a_work_file_that_cannot_be_written_leaves_the_old_one(journal, monkeypatch):
    path = save_work(filled(journal, "one")).path
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with trouble("could not be written"):
        save_work(filled(journal, "two"))
    assert path.read_bytes() == before and not list(journal.folder.glob("*.part"))


# Whose work it is


def test_another_learners_work_is_taken_only_when_that_is_meant(journal, elsewhere):
    file = save_work(filled(elsewhere, "hers", name="Min-ji")).path
    before = everything(filled(journal, "his", name="Min").folder)
    with trouble("the work of Min-ji", "here works Min"):
        resume_work(file, journal)
    assert everything(journal.folder) == before
    assert "2 steps" in resume_work(file, journal, another=True)
    assert "0 steps" in resume_work(file, journal), "it is part of the work here now"


def test_a_learner_of_the_same_name_or_of_none_is_no_stranger(journal, tmp_path):
    filled(journal, "here", name="Min Ji")
    for place, name in enumerate(["min  ji", ""]):
        other = filled(Journal(tmp_path / str(place)), "x", name=name)
        assert "Welcome" in resume_work(save_work(other).path, journal), name


def test_the_panel_takes_another_learners_work_at_the_second_press(journal, elsewhere):
    panel, data = WorkPanel(filled(journal, name="Min")), None
    data = save_work(filled(elsewhere, name="Min-ji")).path.read_bytes()
    panel._hear(panel, {"do": "resume"}, [data])
    assert "the work of Min-ji" in panel.shown["trouble"] and len(journal.records()) == 1
    panel._hear(panel, {"do": "resume"}, [data])
    assert "1 steps" in panel.shown["told"] and len(journal.records()) == 2


# Files that are not as they should be


def test_work_that_a_mac_packed_again_is_accepted(journal, tmp_path):
    added(filled(journal, "one"))
    parts = unpacked(save_work(journal).path.read_bytes())
    for number, above in enumerate(["", "my-work-Ann-2026-12-01/", "a/b/"]):
        elsewhere = Journal(tmp_path / str(number))
        again = {f"{above}{name}": content for name, content in parts.items()}
        again |= {f"__MACOSX/{above}._{name}.json": b"\0\5" for name in ("about", "journal")}
        again |= {f"{above}.DS_Store": b"Bud1", f"{above}documents/.DS_Store": b"Bud1"}
        assert "1 steps" in resume_work(packed(again), elsewhere), above
        own = everything(elsewhere.folder / "documents")
        assert own == everything(journal.folder / "documents")


GOOD = {"about.json": about(), "journal.jsonl": line()}
BAD = {
    "empty": b"",
    "text that begins like a zip": b"PK\x03\x04" + b"x" * 100,
    "truncated": packed(GOOD)[:-30],
    "no parts": packed({}),
    "one part only": packed({"about.json": about()}),
    "alien name": packed({**GOOD, "notes.txt": "hello"}),
    "two works": packed({f"{each}/{name}": GOOD[name] for name in GOOD for each in "ab"}),
    "way out": packed({**GOOD, "../../etc/passwd": "x"}),
    "about is no JSON": packed({**GOOD, "about.json": "{"}),
    "about is a list": packed({**GOOD, "about.json": "[]"}),
    "about has no format": packed({**GOOD, "about.json": '{"records": 1}'}),
    "about has no number": packed({**GOOD, "about.json": about(format="many")}),
    "about has no end": packed({**GOOD, "about.json": '{"format": 1e999}'}),
    "about is deep": packed({**GOOD, "about.json": "[" * 100_000}),
    "about is not UTF-8": packed({**GOOD, "about.json": b"\xff\xff"}),
    "newer format": packed({**GOOD, "about.json": about(format=FORMAT + 1)}),
    "damaged record": packed({**GOOD, "journal.jsonl": line() + "{damaged\n" + line("y")}),
    "record with a number for an id": packed({**GOOD, "journal.jsonl": line(5)}),
    "record is deep": packed({**GOOD, "journal.jsonl": "[" * 100_000 + "\n"}),
    "journal is not UTF-8": packed({**GOOD, "journal.jsonl": line().encode("utf-16")}),
    "zip bomb": packed({**GOOD, "journal.jsonl": bytes(LARGEST_BYTES + 1)}),
    "document with a way out": packed({**GOOD, "documents/../evil/raw.txt": "x"}),
    "document that is a program": packed({**GOOD, "documents/new/run.py": "import os"}),
    "document without a list": packed({**GOOD, "documents/new/raw.txt": "x"}),
    "document that is deep": packed(
        {
            **GOOD,
            "documents/new/documents.toml": "x = " + "[" * 5_000,
            "documents/new/raw.txt": "x",
            "documents/new/original.txt": "x",
        }
    ),
}


def test_a_bad_file_is_refused_in_a_sentence_and_changes_nothing(journal):
    before = everything(filled(journal, "mine").folder)
    for name, data in BAD.items():
        with trouble():
            resume_work(data, journal)
        assert everything(journal.folder) == before, name


def test_a_damaged_document_brings_nothing_in(journal, elsewhere):
    added(filled(journal, "one"))
    parts = unpacked(save_work(journal).path.read_bytes())
    for name, content in (("raw.txt", b"changed"), ("documents.toml", b"x =")):
        with trouble("file"):
            resume_work(packed({**parts, f"documents/harbour/{name}": content}), elsewhere)
    assert not elsewhere.folder.exists() or everything(elsewhere.folder) == {}


def test_a_file_that_is_missing_too_large_or_no_file(journal, tmp_path):
    for path in (tmp_path / "gone.zip", tmp_path):
        with trouble("no file"):
            resume_work(path, journal)
    with open(tmp_path / "huge.zip", "wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with trouble("larger than", "huge.zip"):
        resume_work(tmp_path / "huge.zip", journal)


def test_a_step_whose_time_is_no_date_never_stops_the_learner(tmp_path):
    """It comes in or is refused in a sentence; and work goes on."""
    for number, time in enumerate(["", "yesterday", "0001-01-01", "9999-99-99T99:99", "2999"]):
        journal, elsewhere = (Journal(tmp_path / f"{each}{number}") for each in ("here", "there"))
        try:
            resume_work(packed({**GOOD, "journal.jsonl": line(time=time)}), journal)
        except UnionError as refused:
            assert_one_sentence(str(refused))
        filled(journal, "later")
        resume_work(save_work(journal).path, elsewhere)
        assert elsewhere.latest("answer", question="q")["answer"] == "later", time


def damaged_work_files(many: int):
    """Work files with bytes, parts or values changed at random; the same each time."""
    chance, whole = random.Random(1995), packed({**GOOD, "journal.jsonl": line("x") + line("y")})
    junk = [
        None,
        True,
        -1,
        10**400,
        1e999,
        "",
        "\ud800\0",
        [],
        [[]],
        {},
        ["voice"] * 9,
        "x" * 3_000,
    ]
    names = ["id", "time", "kind", "codes", "sentence", "document", "name", "format", "nth", "was"]
    for number in range(many):
        if number % 2:
            hurt = bytearray(whole)
            for _ in range(chance.randint(1, 4)):
                hurt[chance.randrange(len(hurt))] = chance.randrange(256)
            yield bytes(hurt[: chance.choice([len(hurt), chance.randrange(len(hurt))])])
        else:
            kind = chance.choice(["coding", "learner", "reading", "case", "answer"])
            changed = {chance.choice(names): chance.choice(junk) for _ in range(3)}
            lines = line(**{"id": "z", "kind": kind, **changed}) + line("x")
            yield packed({**GOOD, "journal.jsonl": lines.encode("utf-8", "backslashreplace")})


def test_damaged_work_files_are_refused_in_a_sentence_or_do_no_harm(tmp_path):
    """Never a traceback; and what came in can be saved again. UNION_FUZZ=1000 tries as many."""
    for number, data in enumerate(damaged_work_files(int(os.environ.get("UNION_FUZZ", 60)))):
        journal = Journal(tmp_path / str(number))
        try:
            resume_work(data, journal)
        except UnionError as refused:
            assert "\n" not in str(refused) and str(refused).endswith(".")
        if journal.records():
            filled(journal, "mine")
            save_work(journal)
        shutil.rmtree(journal.folder, ignore_errors=True)


# The panel


def test_the_panel_saves_sends_the_file_and_resumes(journal, monkeypatch):
    panel, sent = WorkPanel(filled(journal, "To stand together.", name="Rosa <b>")), []
    monkeypatch.setattr(panel, "send", lambda message, buffers: sent.append((message, buffers)))
    panel._hear(panel, {"do": "save"}, [])
    assert panel.shown["told"].startswith("Saved 2 steps")
    ((message, (data,)),) = sent
    assert message["name"].startswith("my-work-Rosa")
    panel._hear(panel, {"do": "resume"}, [data])
    assert panel.shown["told"].startswith("Welcome back: 0 steps")
    panel._hear(panel, {"do": "anew"}, [])
    assert "put away" in panel.shown["told"] and journal.records() == []


def test_the_panel_tells_of_trouble_and_changes_nothing(journal):
    panel = WorkPanel(journal)
    for do, data, said in itertools.zip_longest(
        ["save", "resume", "dance"],
        [[], [b"no zip"], []],
        ["nothing to save yet", "damaged or of another kind", "Nothing was done"],
    ):
        panel._hear(panel, {"do": do}, data)
        assert said in panel.shown["trouble"]
    assert not journal.path.exists()


def test_the_panel_warns_on_binder_only(journal, monkeypatch):
    assert "saved on this computer" in WorkPanel(journal).shown["warning"]
    monkeypatch.setenv("BINDER_SERVICE_HOST", "1")
    assert "forgets everything" in WorkPanel(journal).shown["warning"]
