"""The self-check finds each problem and says what mends it; the work panel does what its buttons say."""

import importlib.metadata
import time
from collections import namedtuple
from datetime import datetime

import pytest

from helpers.classroom import panel, setup
from helpers.classroom.work import resume_work, save_work
from helpers.coding.journal import Journal


@pytest.fixture
def place(monkeypatch, tmp_path):
    monkeypatch.setattr(setup, "WORK_FOLDER", tmp_path / "my-work")
    monkeypatch.setattr(setup, "Journal", lambda: type("Empty", (), {"records": lambda self: []})())
    return tmp_path


def test_all_is_well_here(place):
    said = repr(setup.check_setup())
    assert said.startswith("All is well")
    assert "KCTU, Our Aims (17 sentences)" in said
    assert "TO MEND" not in said


def test_a_wrong_and_a_missing_package_are_named(place, monkeypatch):
    real = importlib.metadata.version

    def version(name):
        if name == "nltk":
            raise importlib.metadata.PackageNotFoundError(name)
        return "0.0.1" if name == "pandas" else real(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    said = repr(setup.check_setup())
    assert said.startswith("1 of 5 checks")
    assert "nltk (missing, wanted" in said
    assert "pandas (0.0.1, wanted" in said
    assert "make lab" in said


def test_a_broken_corpus_is_told_and_the_other_checks_go_on(place, monkeypatch):
    def broken():
        raise setup.UnionError("The raw file of kctu is missing: get a fresh copy of the project.")

    monkeypatch.setattr(setup, "load_corpus", broken)
    said = repr(setup.check_setup())
    assert "TO MEND: The two documents. The raw file of kctu is missing" in said
    assert said.count("fine:") == 4


def test_a_folder_that_cannot_be_written_to(place, monkeypatch):
    def refuse(self, *rest, **more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(setup.Path, "write_text", refuse)
    assert "copy the project to a folder of your own" in repr(setup.check_setup())


def test_a_full_disk(place, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(setup.shutil, "disk_usage", lambda path: usage(1, 1, 7_000_000))
    assert "Only 7 MB are free" in repr(setup.check_setup())


def test_what_is_told_is_escaped(place, monkeypatch):
    def hostile():
        raise setup.UnionError("<script>alert(1)</script> is no document.")

    monkeypatch.setattr(setup, "load_corpus", hostile)
    shown = setup.check_setup()._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_panel_saves_sends_the_file_and_resumes(journal, monkeypatch):
    journal.append("learner", name="Rosa <b>")
    journal.append("answer", question="00-first-thought", answer="To stand together.")
    work, sent = panel.WorkPanel(journal), []
    monkeypatch.setattr(work, "send", lambda message, buffers: sent.append((message, buffers)))
    work._hear(work, {"do": "save"}, [])
    assert work.shown["told"].startswith("Saved 2 steps")
    ((message, (packed,)),) = sent
    assert message["name"].startswith("my-work-Rosa")
    work._hear(work, {"do": "resume"}, [packed])
    assert work.shown["told"].startswith("Welcome back: 0 steps")
    assert len(journal.records()) == 2


def test_panel_tells_of_trouble_and_changes_nothing(journal):
    work = panel.WorkPanel(journal)
    work._hear(work, {"do": "save"}, [])
    assert work.shown["trouble"] == "There is nothing to save yet: answer a question first."
    work._hear(work, {"do": "resume"}, [b"no zip"])
    assert "damaged or of another kind" in work.shown["trouble"]
    work._hear(work, {"do": "dance"}, [])
    assert "Nothing was done" in work.shown["trouble"]
    assert not journal.path.exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("BINDER_SERVICE_HOST", "forgets everything"),
        ("NOTHING_OF_THE_KIND", "saved on this computer"),
    ],
)
def test_panel_warns_on_binder_only(journal, monkeypatch, name, words):
    monkeypatch.delenv("BINDER_SERVICE_HOST", raising=False)
    monkeypatch.setenv(name, "1")
    assert words in panel.WorkPanel(journal).shown["warning"]


def test_on_binder_a_reminder_is_due_some_minutes_after_the_first_step_that_is_in_no_file(
    journal, monkeypatch
):
    from helpers.show import surface

    monkeypatch.setattr(surface, "my_journal", lambda: journal)
    work = panel.WorkPanel(journal)
    journal.append("answer", question="00-first-thought", answer="To stand together.")
    work._hear(work, {"do": "dance"}, [])
    assert "remind" not in work.shown, "on one's own computer nothing is forgotten"
    monkeypatch.setenv("BINDER_SERVICE_HOST", "1")
    work._hear(work, {"do": "dance"}, [])
    (record,) = journal.records()
    assert (
        datetime.fromisoformat(work.shown["remind"]) - datetime.fromisoformat(record["time"])
        == surface.REMIND_AFTER
    )
    work._hear(work, {"do": "save"}, [])
    assert work.shown["remind"] == ""
    time.sleep(0.002)
    later = journal.append("answer", question="00-first-thought", answer="To be many.")
    work._hear(work, {"do": "dance"}, [])
    assert (
        datetime.fromisoformat(work.shown["remind"]) - datetime.fromisoformat(later["time"])
        == surface.REMIND_AFTER
    )


def test_work_that_came_from_a_file_is_in_a_file(journal, tmp_path):
    journal.append("answer", question="00-first-thought", answer="To stand together.")
    assert journal.not_kept_since()
    saved = save_work(journal)
    assert not journal.not_kept_since()
    elsewhere = Journal(tmp_path / "elsewhere")
    resume_work(saved.path, elsewhere)
    assert not elsewhere.not_kept_since()
    third = Journal(tmp_path / "third")
    time.sleep(0.002)
    own = third.append("answer", question="00-first-thought", answer="Mine.")
    resume_work(saved.path, third)
    assert third.not_kept_since() <= own["time"], "what was here before is still in no file"
