"""Tables of codings: what is written comes back as it was, and nothing in a cell is run by a spreadsheet."""

from __future__ import annotations

import csv
import errno
import os
import shutil

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence import trouble

from helpers import load_codebook, read_codings, write_codings
from helpers.coding.codings import COLUMNS, as_codings

BOOK = load_codebook()
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


@pytest.mark.parametrize("between", [";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_files_as_spreadsheets_save_them(written, between, end):
    text = f"\ufeff{HEADER}kctu-001,voice rights,union,so\n".replace(",", between).replace(
        "\n", end
    )
    assert read_codings(written(text)).loc[0, "codes"] == ("voice", "rights")


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
    with path.open(encoding="utf-8", newline="") as file:
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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["'sentence'"]),
        ("sentence,codes,memo\nkctu-001,voice,\n", ["'doer'"]),
        ("sentence,codes,codes,doer,memo\nkctu-001,voice,form,union,\n", ["'codes'"]),
        (HEADER + "kctu-001,pay,union,\n", ["kctu-001", "'pay'"]),
        (HEADER + "kctu-001,,union,\n", ["kctu-001", "no code"]),
        (HEADER + "kctu-001,voice none,union,\n", ["kctu-001", "alone"]),
        (HEADER + "kctu-001,voice,boss,\n", ["kctu-001", "'boss'"]),
        (HEADER + "kctu-001,voice,na,\n", ["kctu-001", "na"]),
        (HEADER + "kctu-001,voice,union,\nkctu-001,form,union,\n", ["kctu-001", "twice"]),
        (HEADER + "kctu-018,voice,union,\n", ["kctu-018", "corpus"]),
        (HEADER + "<script>\u202e,voice,union,\n", ["<script>"]),
        (HEADER + ",voice,union,\n", ["no sentence"]),
        (HEADER + "kctu-001,voice,union\n", ["Row 2", "3 cells"]),
        (HEADER + "kctu-001,voice,union,a,b\n", ["Row 2", "5 cells"]),
        (HEADER + 'kctu-001,voice,union,"a', ["broken"]),
        (HEADER.encode() + b"kctu-001,voice,union,\xff\n", ["UTF-8"]),
        (HEADER.encode("utf-16"), ["UTF-8"]),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_one_sentence(written, corpus, text, words):
    with trouble(*words) as said:
        read_codings(written(text), corpus=corpus)
    assert len(said()) < 300


def test_files_that_are_none(tmp_path, written, monkeypatch):
    for path in (tmp_path, tmp_path / "nothing.csv"):
        with trouble(path.name):
            read_codings(path)
    monkeypatch.setattr("helpers.coding.codings.LARGEST_BYTES", 10)
    with trouble("too large"):
        read_codings(written(HEADER))


def test_a_table_without_a_column(tmp_path):
    with trouble("'memo'"):
        write_codings(as_codings([row()]).drop(columns="memo"), tmp_path / "c.csv")
    assert not (tmp_path / "c.csv").exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch, number):
    path = write_codings(as_codings([row(memo="old")]), tmp_path / "c.csv")

    def fail(handle):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with trouble("c.csv"):
        write_codings(as_codings([row(memo="new")]), path)
    assert [file.name for file in tmp_path.iterdir()] == ["c.csv"]
    assert read_codings(path).loc[0, "memo"] == "old"


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with trouble("c.csv"):
        write_codings(as_codings([row()]), tmp_path / "file" / "c.csv")
