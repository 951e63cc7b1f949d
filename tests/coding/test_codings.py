"""Codings: what may be pressed, and tables and files of them, in which no cell is a formula."""

import csv
import errno
import itertools
import os
import shutil

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence import trouble

from helpers import (
    join_codings,
    load_codebook,
    load_codings,
    load_decisions,
    read_codings,
    write_codings,
)
from helpers.coding.codings import (
    BLANK,
    COLUMNS,
    SUGGESTED,
    as_codings,
    came_of,
    coding_annotations,
    second_sample,
    settled,
    suggestion_annotations,
    with_code,
    with_doer,
)
from helpers.coding.journal import Journal
from helpers.corpus.documents import Corpus, load_corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.files import LARGEST_BYTES

BOOK, CORPUS = load_codebook(), load_corpus()
KCTU = CORPUS["kctu"]
ONE, TWO, THREE, *_ = IDS = KCTU.sentences.index.tolist()


def kernel(journal: Journal, look: str = "first"):
    """Codings as a kernel that starts now has them."""
    return coding_annotations(KCTU, BOOK, Journal(journal.folder), look)


def coded(journal: Journal, *sentences: str) -> Journal:
    codings = kernel(journal)
    for sentence in sentences:
        codings.set(sentence, codes=["voice"])
    return journal


# --- presses --------------------------------------------------------------------------------------

PRESSES = st.lists(
    st.tuples(st.just(with_code), st.sampled_from([*BOOK]))
    | st.tuples(st.just(with_doer), st.sampled_from([*BOOK.doers]))
)


def pressed(state: dict, how, which: str) -> dict:
    try:
        return {**state, **how(state, which, BOOK)}
    except UnionError:
        return state


def after(presses) -> dict:
    state = dict(BLANK)
    for press in presses:
        state = pressed(state, *press)
    return state


@settings(max_examples=150)
@given(PRESSES)
def test_any_presses_keep_to_the_codebook(presses):
    state = after(presses)
    if state["codes"]:
        assert BOOK.check_codes(state["codes"], state["doer"]) == tuple(state["codes"])
    else:
        assert state["doer"] in {"", *BOOK.doers} - {"na"}
    assert BLANK == {"codes": [], "doer": "", "memo": "", "unsure": False, "skipped": False}


@given(PRESSES, st.sampled_from([*BOOK]))
def test_a_code_pressed_twice_is_no_change(presses, code):
    before = after(presses)
    twice = pressed(pressed(before, with_code, code), with_code, code)
    if code in before["codes"]:  # it comes back as the last
        assert twice["codes"] == [*(each for each in before["codes"] if each != code), code]
    elif code == "none" or before["codes"] == ["none"]:  # what it drove out does not come back
        assert twice["codes"] == []
    else:
        assert (twice["codes"], twice["doer"]) == (before["codes"], before["doer"])


@given(PRESSES, st.sampled_from([*BOOK.doers]))
def test_a_doer_pressed_twice_is_no_change(presses, doer):
    before = after(presses)
    if before["codes"] or before["doer"] != doer:
        once = pressed(before, with_doer, doer)
        assert before["codes"] == once["codes"] and once["doer"] in (doer, before["doer"], "")
    if before["codes"] and before["doer"] in ("", doer):
        assert pressed(pressed(before, with_doer, doer), with_doer, doer)["doer"] == before["doer"]


def test_a_doer_without_a_code_can_be_taken_away():
    assert with_doer({**BLANK, "doer": "union"}, "union", BOOK) == {"doer": ""}


def test_presses_that_are_refused():
    three = {**BLANK, "codes": ["voice", "form", "care"], "doer": "union"}
    for how, which, word in (
        (with_code, "pay", "'pay'"),
        (with_code, "rights", "at most 3"),
        (with_doer, "na", "na"),
        (with_doer, "x", "'x'"),
    ):
        with trouble(word):
            how(three, which, BOOK)
    with pytest.raises(UnionError, match=r"^Choose a code first: "):
        with_doer(BLANK, "na", BOOK)
    assert with_code({**three, "skipped": True}, "none", BOOK) == {
        "codes": ["none"],
        "doer": "na",
        "skipped": False,
    }


# --- tables ---------------------------------------------------------------------------------------


def test_my_codings_as_a_table(journal):
    first, second = kernel(journal), kernel(journal, "second")
    first.set(TWO, codes=["form", "care"], doer="union", memo="=1+1, “why”\n노조")
    coding_annotations(CORPUS["gftuk"], BOOK, journal).set("gftuk-001", codes=["none"], doer="na")
    first.set(ONE, codes=["voice"])
    first.set(THREE, memo="no code yet", doer="party", unsure=True, skipped=True)
    second.set(TWO, codes=["care"])
    table = load_codings("me", journal=journal)
    assert tuple(table.columns) == COLUMNS and table["sentence"].tolist() == [ONE, TWO, "gftuk-001"]
    assert table["codes"].tolist() == [("voice",), ("form", "care"), ("none",)] and table[
        "doer"
    ].tolist() == ["", "union", "na"]
    assert (
        table["memo"].tolist()[1] == "=1+1, “why”\n노조"
        and set(table["scheme"]) == {"union-roles 1.0"}
        and set(table["coder"]) == {"me"}
    )
    assert table["time"].tolist() == [
        coding_annotations(CORPUS[id[:-4]], BOOK, journal).record(id)["time"]
        for id in table["sentence"]
    ]
    assert load_codings("me", [KCTU], journal=journal)["sentence"].tolist() == [ONE, TWO]
    again = load_codings("me again", journal=journal)
    assert (again["coder"].tolist(), again["codes"].tolist()) == (["me again"], [("care",)])
    first.set(TWO, codes=[])
    assert load_codings("me", Corpus({"kctu": KCTU}), journal=journal)["sentence"].tolist() == [ONE]


def test_nothing_coded_is_an_empty_table(journal):
    for who in ("me", "me again"):
        table = load_codings(who, journal=journal)
        assert table.empty and tuple(table.columns) == COLUMNS and not journal.folder.exists()


def test_codings_of_the_corpus_and_of_a_path(journal, tmp_path):
    for who in ("reference", "coder-1", "coder-2"):
        table = load_codings(who)
        assert set(table["coder"]) == {who} and len(table) == sum(
            len(document.sentences) for document in CORPUS.documents
        )
    path = write_codings(
        load_codings("me", journal=coded(journal, ONE, TWO)), tmp_path / "min-ji.csv"
    )
    assert load_codings(path).equals(load_codings(str(path))) and load_codings(path)[
        "sentence"
    ].tolist() == [ONE, TWO]


NOBODY = ["nobody", "Me", "gone.csv", "../coding", "decisions", "/", "<b>", "", "x" * 5_000]


def test_codings_of_nobody(journal):
    for who in [*NOBODY, None, 5, ["me"]]:
        with trouble():
            load_codings(who, journal=journal)


def test_a_coding_keeps_the_version_it_was_made_with(journal):
    coded(journal, ONE)
    (record,) = journal.records("coding")
    anchor = {"sentence": TWO, "text": KCTU.sentences.at[TWO, "text"], "nth": None}
    Journal(journal.folder).write([{**record, **anchor, "id": "x", "version": "0.9"}])
    assert load_codings("me", journal=journal)["scheme"].tolist() == [
        "union-roles 1.0",
        "union-roles 0.9",
    ]


def test_decisions_agree_with_both_coders_and_the_reference():
    table = load_decisions()
    assert len(table) == 11 and list(table.columns) == [
        "coder_1",
        "coder_2",
        "doer_1",
        "doer_2",
        "codes",
        "doer",
        "reason",
    ]
    ones, twos, last = (
        load_codings(who).set_index("sentence") for who in ("coder-1", "coder-2", "reference")
    )
    for sentence, row in table.iterrows():
        assert (row["coder_1"], row["doer_1"]) == (
            " ".join(ones.at[sentence, "codes"]),
            ones.at[sentence, "doer"],
        )
        assert (row["coder_2"], row["doer_2"]) == (
            " ".join(twos.at[sentence, "codes"]),
            twos.at[sentence, "doer"],
        )
        assert (row["codes"], row["doer"]) == (
            " ".join(last.at[sentence, "codes"]),
            last.at[sentence, "doer"],
        )
        assert row["coder_1"] != row["coder_2"] or row["doer_1"] != row["doer_2"]
        assert len(row["reason"]) > 20


# --- the sample of a second look ------------------------------------------------------------------


def test_the_sample_is_drawn_once_grows_and_leaves_out_what_is_coded_no_more(journal):
    with pytest.raises(UnionError, match=r"Nothing is coded in kctu yet: .+ first"):
        second_sample(kernel(journal), 5)
    coded(journal, *IDS[:8])
    sample = second_sample(kernel(journal), 5)
    assert len(set(sample)) == 5 and sample == sorted(sample) and set(sample) <= set(IDS[:8])
    assert [second_sample(kernel(journal), many) for many in (5, 5)] == [sample, sample] and set(
        second_sample(kernel(journal), 3)
    ) < set(sample)
    assert (
        set(second_sample(kernel(journal), 7)) > set(sample) and len(journal.records("sample")) == 2
    )
    kernel(journal).set(sample[0], codes=[])
    assert set(sample[1:]) < set(second_sample(kernel(journal), 7)) and sample[
        0
    ] not in second_sample(kernel(journal), 7)
    assert second_sample(kernel(journal), 10**6) == sorted(set(IDS[:8]) - {sample[0]})


def test_a_damaged_sample_does_no_harm(journal):
    coded(journal, *IDS[:6])
    for kept in (None, "kctu-001", [], [None, 5, ["kctu-001"], {}], ["kctu-099", "\ud800", THREE]):
        journal.append("sample", document="kctu", sentences=kept)
        sample = second_sample(kernel(journal), 4)
        assert len(set(sample)) == 4 and set(sample) <= set(IDS[:6])
        assert second_sample(kernel(journal), 4) == sample


def test_codings_of_different_documents_are_joined_under_the_names_of_all(corpus, journal):
    coding_annotations(corpus["gftuk"], journal=journal).set(
        "gftuk-001", codes=["voice"], doer="union"
    )
    reference = load_codings("reference")
    aims, mine = (
        reference[reference["sentence"].str.startswith("kctu")],
        load_codings("me", corpus, journal=journal),
    )
    joined = join_codings(aims, mine)
    assert set(joined["coder"]) == {"reference and me"} and len(joined) == 18
    assert joined.loc[17, ["sentence", "codes"]].tolist() == ["gftuk-001", ("voice",)]
    with trouble("gftuk-001", "each document once"):
        join_codings(reference, mine)


def test_what_came_of_differences_is_the_last_word_on_each(journal):
    for outcome in ("mine", "ambiguous", "", "unheard of", 5):
        journal.append("settled", sentence=ONE, other="reference", outcome=outcome)
    journal.append("settled", sentence=TWO, other="partner", outcome="mine")
    assert {id: each["outcome"] for id, each in settled(journal, "reference").items()} == {ONE: ""}


# --- suggestions ----------------------------------------------------------------------------------


@given(
    st.lists(st.sampled_from([*BOOK]), max_size=3, unique=True),
    st.lists(st.sampled_from([*BOOK]), max_size=3, unique=True),
    st.lists(st.sampled_from([*BOOK]), max_size=3, unique=True),
)
def test_what_came_of_a_suggestion_is_one_of_three_words(suggested, before, codes):
    said = came_of({"suggested": suggested, "before": before, "answer": ""}, codes)
    if not suggested or not codes:
        assert said == ""
        return
    word, _, named = said.partition(": ")
    assert named.split() == suggested
    assert word == (
        "suggested"
        if codes == before
        else "accepted"
        if set(codes) == set(suggested)
        else "overridden"
    )


def test_suggestions_are_kept_apart_from_codings(journal):
    shown, codings = suggestion_annotations(KCTU, BOOK, journal), kernel(journal)
    shown.set(ONE, suggested=["voice"])
    assert (
        codings.states() == {}
        and load_codings("me", journal=journal).empty
        and codings.undo() == ""
    )
    codings.set(ONE, codes=["voice"])
    assert load_codings("me", journal=journal)["suggestion"].tolist() == ["accepted: voice"]
    assert load_codings("reference")["suggestion"].unique().tolist() == [""]
    for wrong in ({"suggested": ["pay"]}, {"before": ["voice", "voice"]}, {"answer": "perhaps"}):
        with trouble():
            shown.set(TWO, **wrong)
    assert suggestion_annotations(KCTU, BOOK, Journal(journal.folder)).states() == {
        ONE: {**SUGGESTED, "suggested": ["voice"]}
    }


# --- files ----------------------------------------------------------------------------------------

HEADER = "sentence,codes,doer,memo\n"
HOSTILE = "<img src=x onerror=alert(1)>,\"'\n\r\t\u202e👩‍🏭 노조 a\u0301\x00\u2028" + "x" * 10_000


def row(sentence="kctu-001", codes="voice", **more):
    return {"sentence": sentence, "codes": codes, **more}


@pytest.fixture
def written(tmp_path):
    def write(text, name="coder-1.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_a_file_becomes_a_table(written, corpus):
    table = read_codings(
        written(HEADER + "kctu-001,voice rights,union,“both”\n\nkctu-002, none ,na,\n"),
        corpus=corpus,
    )
    assert tuple(table.columns) == COLUMNS
    assert table["codes"].tolist() == [("voice", "rights"), ("none",)]
    assert table["coder"].tolist() == ["coder-1"] * 2 and set(table["scheme"]) == {
        "union-roles 1.0"
    }
    assert table["memo"].tolist() == ["“both”", ""] and table["time"].tolist() == ["", ""]


def test_who_the_coder_is(written):
    path = written("coder," + HEADER + "Min-ji,kctu-001,voice,union,\n,kctu-001,voice,union,\n")
    assert read_codings(path)["coder"].tolist() == ["Min-ji", "coder-1"]
    with trouble("kctu-001", "twice"):
        read_codings(path, coder="Ann")


def test_files_as_spreadsheets_save_them(written):
    text = f"\ufeff{HEADER}kctu-001,voice rights,union,so\n"
    for between, end in itertools.product([";", "\t"], ["\n", "\r\n", "\r"]):
        saved = written(text.replace(",", between).replace("\n", end))
        assert read_codings(saved).loc[0, "codes"] == ("voice", "rights")


ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
FORMULAS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "'", "''"]),
    st.sampled_from([*"=+-@\t\r\n＝＋－＠'"]),
    ANY,
)
ROWS = st.lists(
    st.builds(
        row,
        sentence=st.sampled_from([f"kctu-{number:03d}" for number in range(1, 18)]),
        codes=st.lists(st.sampled_from([*BOOK][:-1]), min_size=1, max_size=3, unique=True)
        | st.just(["none"]),
        coder=(ANY | FORMULAS).filter(bool),
        memo=ANY | FORMULAS,
        time=ANY | FORMULAS,
        scheme=(ANY | FORMULAS).filter(bool),
    ),
    max_size=6,
    unique_by=lambda each: (each["coder"], each["sentence"]),
)


@settings(max_examples=200)
@given(ROWS)
def test_any_table_comes_back_as_it_was_and_no_cell_is_a_formula(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("any")
    table = as_codings(rows, BOOK)
    path = write_codings(table, folder / "codings.csv")
    pd.testing.assert_frame_equal(read_codings(path, codebook=BOOK), table)
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for line in csv.reader(file) for cell in line]
    assert len(cells) == (len(rows) + 1) * len(COLUMNS)
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n"))]
    shutil.rmtree(folder)


def test_hostile_text_is_only_text(tmp_path):
    table = as_codings([row(memo=HOSTILE, coder=HOSTILE), row(memo="x" * 1_000_000)])
    pd.testing.assert_frame_equal(
        read_codings(write_codings(table, tmp_path / "c.csv"), codebook=BOOK),
        table.assign(coder=[HOSTILE, "c"]),
    )
    assert (
        read_codings(write_codings(as_codings([row(memo="a\ud800b")]), tmp_path / "c.csv")).loc[
            0, "memo"
        ]
        == "a?b"
    )


def test_other_tools_read_the_file(tmp_path):
    path = write_codings(
        as_codings([row(codes="voice rights", coder="Ann", memo='He said "no", twice\nand again')]),
        tmp_path / "new" / "c.csv",
    )
    assert pd.read_csv(path).loc[0, ["codes", "memo"]].tolist() == [
        "voice rights",
        'He said "no", twice\nand again',
    ]


def test_cells_without_a_value_are_written_as_empty(tmp_path):
    table = as_codings([row(coder="Ann")]).assign(memo=None, time=float("nan"))
    assert read_codings(write_codings(table, tmp_path / "c.csv")).loc[
        0, ["memo", "time"]
    ].tolist() == ["", ""]


def test_an_empty_table(tmp_path):
    table = read_codings(write_codings(as_codings([]), tmp_path / "c.csv"))
    assert table.empty and tuple(table.columns) == COLUMNS


BROKEN = [
    ("", ["sentence"]),
    ("sentence,codes,memo\nkctu-001,voice,\n", ["doer"]),
    ("sentence,codes,codes,doer,memo\nkctu-001,voice,form,union,\n", ["codes"]),
    (HEADER + "kctu-001,pay,union,\n", ["kctu-001", "'pay'"]),
    (HEADER + "kctu-001,,union,\n", ["kctu-001", "no code"]),
    (HEADER + "kctu-001,voice none,union,\n", ["kctu-001", "alone"]),
    (HEADER + "kctu-001,voice,boss,\n", ["kctu-001", "'boss'"]),
    (HEADER + "kctu-001,voice,na,\n", ["kctu-001", "na"]),
    (HEADER + "kctu-001,voice,union,\nkctu-001,form,union,\n", ["kctu-001", "twice"]),
    (HEADER + "kctu-018,voice,union,\n", ["kctu-018", "corpus"]),
    (HEADER + "<script>\u202e,voice,union,\n", ["<script>"]),
    (HEADER + ",voice,union,\n", ["no sentence"]),
    (HEADER + "kctu-001,voice,union\n", ["Row 2", "cells"]),
    (HEADER + "kctu-001,voice,union,a,b\n", ["Row 2", "cells"]),
    (HEADER + 'kctu-001,voice,union,"a', ["broken"]),
    (HEADER.encode() + b"kctu-001,voice,union,\xff\n", ["UTF-8"]),
    (HEADER.encode("utf-16"), ["UTF-8"]),
]


def test_what_is_wrong_with_a_file_is_said_in_one_sentence(written, corpus):
    for text, words in BROKEN:
        with trouble(*words) as said:
            read_codings(written(text), corpus=corpus)
        assert len(said()) < 300


def test_files_that_are_none(tmp_path):
    for path in (tmp_path, tmp_path / "nothing.csv"):
        with trouble(path.name):
            read_codings(path)
    huge = tmp_path / "huge.csv"
    with open(huge, "wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with trouble("larger than"):
        read_codings(huge)


def test_a_table_without_a_column(tmp_path):
    with trouble("'memo'"):
        write_codings(as_codings([row()]).drop(columns="memo"), tmp_path / "c.csv")
    assert not (tmp_path / "c.csv").exists()


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = write_codings(as_codings([row(memo="old")]), tmp_path / "c.csv")

    def fail(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    with trouble("c.csv"):
        write_codings(as_codings([row(memo="new")]), path)
    assert [file.name for file in tmp_path.iterdir()] == ["c.csv"]
    assert read_codings(path).loc[0, "memo"] == "old"


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with trouble("c.csv"):
        write_codings(as_codings([row()]), tmp_path / "file" / "c.csv")
