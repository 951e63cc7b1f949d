"""Own documents travel in the work file, with what was tagged in them."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from sentence import trouble

from helpers.classroom import work
from helpers.classroom.work import put_away, resume_work, save_work
from helpers.coding.codings import coding_annotations, load_codings
from helpers.coding.journal import Journal
from helpers.corpus.library import add_document, my_corpus

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "own"
KNOWN = {"author": "Nobody", "date": "not known", "source": "Invented", "rights": "Ours"}


@pytest.fixture
def elsewhere(tmp_path) -> Journal:
    """Another machine."""
    return Journal(tmp_path / "elsewhere")


def added(journal: Journal, name: str = "word.docx", title: str = "Our Harbour"):
    return add_document(FIXTURES / name, title=title, folder=journal.folder, **KNOWN)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_documents_and_what_is_tagged_in_them_come_to_another_machine(journal, elsewhere):
    document = added(journal)
    coding_annotations(document, journal=journal).set(f"{document.id}-002", codes=["care"], doer="union")
    saved = save_work(journal)
    assert saved.documents == 1 and "1 document of your own" in repr(saved)
    told = resume_work(saved.path, elsewhere)
    assert "came in: 1" in told and "1 steps" in told
    assert files(elsewhere.folder / "documents") == files(journal.folder / "documents")
    corpus = my_corpus(folder=elsewhere.folder)
    codings = load_codings("me", corpus, journal=elsewhere)
    assert codings[["sentence", "codes"]].values.tolist() == [["harbour-002", ("care",)]]
    assert "here already: 1" in resume_work(saved.path, elsewhere)


def test_documents_alone_can_be_saved(journal, elsewhere):
    added(journal)
    resume_work(save_work(journal).path.read_bytes(), elsewhere)
    assert list(my_corpus(folder=elsewhere.folder)) == ["kctu", "gftuk", "harbour"]


def test_work_without_documents_is_saved_as_before(journal):
    journal.append("answer", question="q", answer="a")
    saved = save_work(journal)
    assert saved.documents == 0 and "document" not in repr(saved)
    with zipfile.ZipFile(saved.path) as archive:
        assert archive.namelist() == ["about.json", "journal.jsonl"]


def test_documents_are_put_away_for_the_next_learner(journal):
    added(journal)
    journal.append("answer", question="q", answer="mine")
    put_away(journal)
    assert list(my_corpus(folder=journal.folder)) == ["kctu", "gftuk"]
    assert len(list(journal.folder.glob("documents-*"))) == 1, "nothing is deleted"
    (kept,) = journal.folder.glob("*.zip")
    resume_work(kept, journal)
    assert list(my_corpus(folder=journal.folder)) == ["kctu", "gftuk", "harbour"]


def test_documents_alone_are_put_away_too(journal):
    added(journal)
    put_away(journal)
    assert list(my_corpus(folder=journal.folder)) == ["kctu", "gftuk"]


def changed(data: bytes, change: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name, content in ({name: old.read(name) for name in old.namelist()} | change).items():
            new.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        {"documents/harbour/raw.txt": b"changed"},
        {"documents/harbour/documents.toml": b"x ="},
        {"documents/harbour/run.py": b"import os"},
        {"documents/../evil/raw.txt": b"x"},
        {"documents/new/raw.txt": b"x"},
        {"journal.jsonl": b"{damaged\n"},
        {"about.json": b"[]"},
    ],
)
def test_a_damaged_work_file_brings_neither_documents_nor_steps(journal, elsewhere, change):
    added(journal)
    journal.append("answer", question="q", answer="a")
    data = changed(save_work(journal).path.read_bytes(), change)
    with trouble("file"):
        resume_work(data, elsewhere)
    assert not elsewhere.folder.exists() or files(elsewhere.folder) == {}
    assert elsewhere.records() == []


def test_another_text_of_the_same_id_stays_as_it_is_and_is_told(journal, elsewhere):
    added(journal)
    other = added(elsewhere, "form.pdf")
    told = resume_work(save_work(journal).path, elsewhere)
    assert "Left out, as another text here has the same id: harbour." in told
    assert my_corpus(folder=elsewhere.folder)["harbour"].text == other.text


def test_a_large_work_file_is_not_put_into_the_notebook(journal, monkeypatch):
    added(journal)
    assert "href" in save_work(journal)._repr_html_()
    monkeypatch.setattr(work, "_LARGEST_LINK", 10_000)
    assert (
        "href" not in (said := save_work(journal)._repr_html_()) and "too large for a link" in said
    )
