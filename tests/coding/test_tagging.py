"""Codings of the learner and of the corpus: what may be pressed, what two kernels come to, and which sentences are seen again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence import trouble

from helpers import load_codebook, load_codings, load_decisions
from helpers.coding.classifier import suggestion_effect, train_classifier
from helpers.coding.codings import COLUMNS, write_codings
from helpers.coding.journal import Journal
from helpers.coding.tagging import (
    BLANK,
    SHOWN,
    came_of,
    coding_marks,
    second_sample,
    suggestion_marks,
    with_code,
    with_doer,
)
from helpers.corpus.documents import Corpus, load_corpus
from helpers.corpus.errors import UnionError

BOOK, CORPUS = load_codebook(), load_corpus()
KCTU = CORPUS["kctu"]
ONE, TWO, THREE, *_ = IDS = KCTU.sentences.index.tolist()
HELD = IDS[5:12]  # sentences that the machine is not taught


@pytest.fixture(scope="module")
def machine():
    return train_classifier(CORPUS, load_codings("reference"), without=HELD)


def kernel(journal: Journal, look: str = "first"):
    """Codings as a kernel that starts now has them."""
    return coding_marks(KCTU, BOOK, Journal(journal.folder), look)


def coded(journal: Journal, *sentences: str) -> Journal:
    marks = kernel(journal)
    for sentence in sentences:
        marks.set(sentence, codes=["voice"])
    return journal


# --- presses --------------------------------------------------------------------------------------------------------

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


# --- tables ---------------------------------------------------------------------------------------------------------


def test_my_codings_as_a_table(journal):
    first, second = kernel(journal), kernel(journal, "second")
    first.set(TWO, codes=["form", "care"], doer="union", memo="=1+1, “why”\n노조")
    coding_marks(CORPUS["gftuk"], BOOK, journal).set("gftuk-001", codes=["none"], doer="na")
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
        coding_marks(CORPUS[id[:-4]], BOOK, journal).record(id)["time"] for id in table["sentence"]
    ]
    assert load_codings("me", [KCTU], journal=journal)["sentence"].tolist() == [ONE, TWO]
    again = load_codings("me again", journal=journal)
    assert (again["coder"].tolist(), again["codes"].tolist()) == (["me again"], [("care",)])
    first.set(TWO, codes=[])
    assert load_codings("me", Corpus({"kctu": KCTU}), journal=journal)["sentence"].tolist() == [ONE]


@pytest.mark.parametrize("who", ["me", "me again"])
def test_nothing_coded_is_an_empty_table(journal, who):
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


@pytest.mark.parametrize(
    "who",
    [
        "nobody",
        "Me",
        "partner",
        "gone.csv",
        "../coding",
        "decisions",
        "/",
        "<b>",
        *[pytest.param(who) for who in (None, 5, ["me"], "x" * 5_000, "a\x00b")],
    ],
    ids=lambda who: ascii(who)[:20],
)
def test_codings_of_nobody(journal, who):
    with trouble():
        load_codings(who, journal=journal)


def test_codings_of_no_document(journal):
    assert load_codings("me", [], journal=coded(journal, ONE)).empty


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


# --- two kernels at once --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "there", "says", "mending"),
    [
        (
            {"codes": ["none"], "doer": "na"},
            {"codes": ["voice"]},
            "stands alone",
            (with_code, "none"),
        ),
        (
            {"codes": ["voice", "form"]},
            {"codes": ["care", "rights"]},
            "at most 3 codes, and here are 4",
            (with_code, "care"),
        ),
        (
            {"codes": ["none"], "doer": "na"},
            {"doer": "party"},
            "“na” goes with the code “none”",
            (with_doer, "na"),
        ),
    ],
)
def test_two_kernels_that_break_the_codebook_together_are_told_where_and_it_can_be_mended(
    journal, here, there, says, mending
):
    one, other = kernel(journal), kernel(journal)  # neither has seen what the other wrote
    one.set(TWO, **here)
    other.set(TWO, **there)
    with trouble(TWO, says):
        load_codings("me", journal=journal)
    marks = kernel(journal)
    how, which = mending
    marks.set(TWO, **how(marks.state(TWO), which, BOOK))
    assert load_codings("me", journal=journal)["sentence"].tolist() == [TWO]


# --- the sample of a second look ------------------------------------------------------------------------------------


def test_the_sample_is_drawn_once_grows_and_leaves_out_what_is_coded_no_more(journal):
    with pytest.raises(UnionError, match=r"Nothing is coded in KCTU, Our Aims yet: .+ first"):
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


@pytest.mark.parametrize(
    "kept",
    [
        None,
        5,
        {},
        "kctu-001",
        [],
        [None, 5, ["kctu-001"], {}],
        ["kctu-099", "gftuk-001"],
        [THREE, "\ud800", "<b>"],
    ],
)
def test_a_damaged_sample_does_no_harm(journal, kept):
    coded(journal, *IDS[:6]).append("sample", document="kctu", sentences=kept)
    for wrong in ({}, {"document": "kctu"}, {"document": ["kctu"], "sentences": IDS}):
        journal.append("sample", **{"sentences": kept, **wrong})
    sample = second_sample(kernel(journal), 4)
    assert (
        len(set(sample)) == 4
        and set(sample) <= set(IDS[:6])
        and second_sample(kernel(journal), 4) == sample
    )


def test_a_sample_with_a_sentence_twice(journal):
    coded(journal, *IDS[:6]).append("sample", document="kctu", sentences=[ONE, ONE, ONE])
    assert len(set(second_sample(kernel(journal), 3))) == 3


@pytest.mark.parametrize("kept", [None, [ONE]])
def test_a_sample_from_a_clock_that_runs_ahead(journal, kept):
    coded(journal, *IDS).write(
        [{"id": "x", "time": "2999", "kind": "sample", "document": "kctu", "sentences": kept}]
    )
    assert len({tuple(second_sample(kernel(journal), 5)) for _ in range(6)}) == 1


def test_a_sample_of_a_long_document_is_in_the_order_of_the_text(journal):
    ids = ["doc-999", "doc-1000"]
    marks = type(
        "Coded",
        (),
        {
            "document": KCTU,
            "journal": journal,
            "states": lambda self: {id: {"codes": ["voice"]} for id in ids},
        },
    )()
    assert second_sample(marks, 2) == ids


def test_codings_of_different_documents_are_joined_under_the_names_of_all(corpus, journal):
    from helpers.coding.tagging import join_codings

    coding_marks(corpus["gftuk"], journal=journal).set("gftuk-001", codes=["voice"], doer="union")
    reference = load_codings("reference")
    aims, mine = (
        reference[reference["sentence"].str.startswith("kctu")],
        load_codings("me", corpus, journal=journal),
    )
    joined = join_codings(aims, mine)
    assert set(joined["coder"]) == {"reference and me"} and len(joined) == 18
    assert joined.loc[17, ["sentence", "codes"]].tolist() == ["gftuk-001", ("voice",)]
    assert join_codings(load_codings("me", [])).empty
    with trouble("gftuk-001", "each document once"):
        join_codings(reference, mine)


# --- suggestions ----------------------------------------------------------------------------------------------------


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
    shown, marks = suggestion_marks(KCTU, BOOK, journal), kernel(journal)
    shown.set(ONE, suggested=["voice"])
    assert marks.states() == {} and load_codings("me", journal=journal).empty and marks.undo() == ""
    marks.set(ONE, codes=["voice"])
    assert load_codings("me", journal=journal)["suggestion"].tolist() == ["accepted: voice"]
    assert load_codings("reference")["suggestion"].unique().tolist() == [""]
    for wrong in ({"suggested": ["pay"]}, {"before": ["voice", "voice"]}, {"answer": "perhaps"}):
        with trouble():
            shown.set(TWO, **wrong)
    assert suggestion_marks(KCTU, BOOK, Journal(journal.folder)).states() == {
        ONE: {**SHOWN, "suggested": ["voice"]}
    }


def test_how_suggestions_bend_a_coder(journal, machine):
    """A coder made up so that each figure can be counted by hand."""
    wanted = {id: list(codes) for id, codes in machine.suggest(HELD)["codes"].items()}
    known = dict(
        zip(
            load_codings("reference")["sentence"],
            map(list, load_codings("reference")["codes"]),
            strict=True,
        )
    )
    left = {
        id: [[code] for code in BOOK if code != "none" and code not in (*wanted[id], *known[id])]
        for id in HELD
    }
    other = {id: codes[0] for id, codes in left.items()}
    marks, shown = kernel(journal), suggestion_marks(KCTU, BOOK, journal)
    plain, moved, away, kept, seen, against = HELD[:6]
    marks.set(plain, codes=wanted[plain])
    for id, codes in ((moved, wanted[moved]), (away, left[away][1]), (kept, other[kept])):
        shown.set(id, suggested=wanted[id], before=other[id])
        marks.set(id, codes=codes)
    shown.set(seen, suggested=wanted[seen])
    marks.set(seen, codes=wanted[seen])
    shown.set(against, suggested=wanted[against])
    marks.set(against, codes=known[against])
    marks.set(ONE, codes=["form"])  # which the machine was taught
    table = suggestion_effect(CORPUS, machine, journal=journal)
    assert table["ids"].to_list() == [
        (plain,),
        (moved, away, kept),
        (moved, away, kept),
        (seen, against),
    ]
    assert table["sentences"].to_list() == [1, 3, 3, 2]
    assert table["as suggested"].to_list()[:3] == pytest.approx([100, 0, 100 / 3])
    assert (
        table["as reference"].to_list()[1] == 0
        and table.loc["suggestion seen first", "as reference"] >= 50
    )
    assert table.loc["the same, after it", ["changed", "towards"]].to_list() == [2, 1]
    assert table["changed"].to_list() == [0, 0, 2, 0]
    assert (table["low"] <= table["as suggested"]).all() and (
        table["as suggested"] <= table["high"]
    ).all()
    nothing = suggestion_effect(CORPUS, machine, journal=Journal(journal.folder / "none"))
    assert nothing["sentences"].to_list() == [0] * 4 and nothing["as suggested"].isna().all()
