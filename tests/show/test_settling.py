"""Settling differences as a plain Python model: outcomes kept, codings changed and changed back,
partners' files looked through.
"""

from __future__ import annotations

import json
import os

import pytest
from sentence import assert_one_sentence, trouble

from helpers import load_codebook, load_codings, settle, show_agreement
from helpers.coding.codings import OUTCOMES, coding_annotations, differences
from helpers.coding.journal import Journal
from helpers.coding.reliability import agreement
from helpers.corpus.documents import Corpus, load_corpus
from helpers.show.settling import Settling

CORPUS, BOOK = load_corpus(), load_codebook()
SHORT = Corpus({"kctu": CORPUS["kctu"]})
ONE, TWO, THREE, FOUR = "kctu-001", "kctu-002", "kctu-003", "kctu-004"
REFERENCE = load_codings("reference").set_index("sentence")
PAIR = next(id for id, codes in REFERENCE["codes"].items() if len(codes) > 1 and id > FOUR)
HOSTILE = "<img src=x onerror=alert(1)>, \"why\"; 'so'\nand\ton 노조 👩‍🏭 \u202eevil\u202c a\u0301"
HEADER = "sentence,codes,doer,memo\n"


def tell(widget: Settling, do: object = None, *files: bytes, **message: object) -> dict:
    """What the browser does: send a message; gives what the screen then shows, which JSON can
    carry.
    """
    widget._hear(widget, {"do": do, **message}, [memoryview(each) for each in files])
    return json.loads(json.dumps(widget.shown))


def mine(
    journal: Journal, sentence: str, codes: str, doer: str = "", memo: str = "", look: str = "first"
) -> Journal:
    coding_annotations(CORPUS["kctu"], BOOK, journal, look).set(
        sentence, codes=codes.split(), doer=doer, memo=memo
    )
    return journal


def opened(journal: Journal, other: str = "reference") -> Settling:
    """The widget as a kernel that starts now has it."""
    return settle(other, corpus=SHORT, journal=Journal(journal.folder))


def my_codes(journal: Journal, sentence: str = ONE) -> tuple:
    row = load_codings("me", SHORT, journal=journal).set_index("sentence").loc[sentence]
    return row["codes"], row["doer"]


def item(shown: dict, sentence: str = ONE) -> dict:
    return next(each for each in shown["items"] if each["id"] == sentence)


@pytest.fixture
def apart(journal):
    """A journal in which one sentence is coded otherwise than in the reference, and one alike."""
    return mine(mine(journal, ONE, "nation", "union", HOSTILE), TWO, "voice", "union")


# --- what is shown
# --------------------------------------------------------------------------------------------------


def test_the_differences_are_shown_and_nothing_else(apart):
    mine(apart, PAIR, " ".join(reversed(REFERENCE.at[PAIR, "codes"])))  # the order of codes counts
    mine(
        apart, THREE, " ".join(REFERENCE.at[THREE, "codes"])
    )  # where one said no doer, that is no difference
    widget = opened(apart)
    assert [each["id"] for each in widget.shown["items"]] == [ONE, PAIR]
    assert item(widget.shown) == {
        "id": ONE,
        "text": CORPUS["kctu"].sentences.at[ONE, "text"],
        "still": True,
        "outcome": "",
        "reason": "",
        "mine": {"codes": ["nation"], "doer": "union", "memo": HOSTILE},
        "theirs": {
            "codes": ["voice", "rights"],
            "doer": "union",
            "memo": REFERENCE.at[ONE, "memo"],
        },
    }
    assert widget.shown["said"].startswith(
        "Sentences that both coded: 4. The same codes in 75 % of them."
    )
    assert len(differences(load_codings("coder-1"), load_codings("coder-2"))) == 11


@pytest.mark.parametrize("other", ["coder-1", "coder-2", "me again", "partner"])
def test_another_coder_is_chosen_on_the_screen(apart, other):
    mine(apart, ONE, "care", look="second")
    (apart.folder / "partner.csv").write_text(f"{HEADER}{ONE},care,union,\n")
    widget = opened(apart)
    shown = tell(widget, "with", value=other)
    assert shown["other"] == other and item(shown)["theirs"]["codes"] == (
        ["voice", "rights"] if "coder" in other else ["care"]
    )
    assert shown["told"] == shown["said"], "how it came out is said aloud"
    assert {**shown, "turn": 0, "told": ""} == {**opened(apart, other).shown, "turn": 0}
    assert tell(widget, "with", value="reference")["items"] == opened(apart).shown["items"]


def test_the_figures_are_those_of_the_agreement_and_undefined_ones_say_so(apart):
    few = {row[0]: row[1:] for row in opened(apart).shown["figures"]}
    assert (
        list(few)[:3] == ["code sets", "main code", "doer"]
        and len(few) == 15
        and {len(row) for row in few.values()} == {4}
    )
    assert (
        few["doer"] == ["100 (100 to 100)", "undefined", "undefined", few["doer"][3]]
        and "all labels are the same" in few["doer"][3]
    )
    assert few["code sets"][1] == "–" and "nan" not in json.dumps(few).casefold()
    result = agreement(load_codings("me", SHORT, journal=apart), load_codings("reference"), SHORT)
    assert f"{result.overall.loc[('code sets', 'alpha'), 'value']:.2f}" in few["code sets"][2]
    shown = show_agreement(result)
    assert (
        "Agreement of me and reference; sentences that both coded: 2<" in shown.content
        and "undefined" in repr(shown)
    )


def test_what_nobody_else_coded(apart):
    shown = tell(opened(apart), "partner", f"{HEADER}{FOUR},care,union,\n".encode())
    assert (shown["items"], shown["other"], len(shown["figures"])) == ([], "partner", 15)
    assert shown["said"] == "Percent is undefined: no sentence has a label from two coders."


@pytest.mark.parametrize("other", ["reference", "me again", "partner"])
def test_nothing_coded_says_so_kindly(journal, other):
    widget = opened(journal, other)
    assert widget.shown["said"].startswith(
        "There is no file of a partner yet: "
        if other == "partner"
        else "You have coded nothing yet: "
    )
    assert (widget.shown["items"], widget.shown["figures"], widget.shown["trouble"]) == ([], [], "")
    assert (
        tell(widget, "export")["trouble"].startswith("You have coded nothing yet: ")
        and not journal.folder.exists()
    )


def test_codings_of_mine_that_break_the_codebook_are_named(journal):
    said = opened(mine(journal, TWO, "none voice")).shown["said"]
    assert_one_sentence(said)
    assert TWO in said and "alone" in said


@pytest.mark.parametrize(
    "other", ["", "Me", "x" * 9_999, *(pytest.param(each) for each in (None, 5, ["me"]))]
)
def test_nobody_to_compare_with(journal, other):
    with trouble("choose from reference") as said:
        settle(other, journal=journal)
    assert len(said()) < 200


# --- outcomes
# -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["definition", "ambiguous"])
def test_an_outcome_and_its_reason_are_on_the_disk_first_and_found_again(apart, outcome):
    widget, on_disk = opened(apart), []
    widget.observe(
        lambda _: on_disk.append(
            list(map(Journal(apart.folder).records("settled")[-1].get, ("outcome", "reason")))
        ),
        "shown",
    )
    assert OUTCOMES[outcome] in tell(widget, "outcome", sentence=ONE, value=outcome)["told"]
    shown = tell(widget, "reason", sentence=ONE, value=HOSTILE)
    assert (item(shown)["outcome"], item(shown)["reason"], my_codes(apart)) == (
        outcome,
        HOSTILE,
        (("nation",), "union"),
    )
    assert (
        opened(apart).shown["items"] == widget.shown["items"]
        and opened(apart, "coder-1").shown["items"][0]["outcome"] == ""
    )
    shown = tell(widget, "outcome", sentence=ONE, value=outcome)
    assert "no outcome yet" in shown["told"] and (
        item(shown)["outcome"],
        item(shown)["reason"],
    ) == ("", HOSTILE)
    assert (
        on_disk == [[outcome, ""], [outcome, HOSTILE], ["", HOSTILE]]
        and opened(apart).shown["items"] == widget.shown["items"]
    )


@pytest.mark.parametrize("back", ["mine", "ambiguous"])
def test_mine_is_changed_and_changed_back(apart, back):
    shown = tell(opened(apart), "outcome", sentence=ONE, value="mine")
    theirs = tuple(REFERENCE.at[ONE, "codes"]), "union"
    assert my_codes(apart) == theirs and "The same codes in 100 %" in shown["said"]
    assert (
        not item(shown)["still"]
        and item(shown)["mine"]["codes"] == ["nation"]
        and item(shown)["mine"]["memo"] == HOSTILE
    )
    assert coding_annotations(CORPUS["kctu"], BOOK, apart).state(ONE)["memo"] == HOSTILE
    widget = opened(apart)
    tell(widget, "reason", sentence=ONE, value="so")
    assert my_codes(apart) == theirs and item(widget.shown)["outcome"] == "mine"
    shown = tell(widget, "outcome", sentence=ONE, value=back)
    assert my_codes(apart) == (("nation",), "union") and item(shown)["still"]
    assert (item(shown)["outcome"], item(shown)["reason"]) == ("" if back == "mine" else back, "so")
    marks = coding_annotations(CORPUS["kctu"], BOOK, Journal(apart.folder))
    assert marks.undo() == ONE and my_codes(apart) == theirs


def test_mine_is_changed_back_to_what_it_was_last(apart):
    widget = opened(apart)
    mine(apart, ONE, "party", "members")  # in the tagger, while this stands below it
    for _ in range(2):
        tell(widget, "outcome", sentence=ONE, value="mine")
    assert my_codes(apart) == (("party",), "members")


@pytest.mark.parametrize("good", [0])
def test_a_full_disk_settles_nothing_and_no_half(apart, monkeypatch, good):
    widget, left, write = opened(apart), [True] * good, os.write
    before = dict(widget.shown)

    def fills(handle, content):
        if not left:
            raise OSError(28, "No space left on device")
        left.pop()
        return write(handle, content)

    monkeypatch.setattr("helpers.coding.journal.os.write", fills)
    shown = tell(widget, "outcome", sentence=ONE, value="mine")
    assert_one_sentence(shown["trouble"])
    assert "disk is full" in shown["trouble"] and {**shown, "trouble": "", "turn": 0} == {
        **before,
        "turn": 0,
    }
    assert my_codes(apart) == (("nation",), "union") and apart.records("settled") == []


BAD = [
    *[
        {"do": "outcome", "sentence": ONE, "value": value}
        for value in (None, 5, [], ["mine"], {}, "", "Mine", "x" * 100_000)
    ],
    *[
        {"do": do, "sentence": sentence, "value": "mine"}
        for do in ("outcome", "reason")
        for sentence in (None, 5, [ONE], "", TWO, "kctu-099", "gftuk-001", "x" * 100_000)
    ],
    *[
        {"do": "with", "value": value}
        for value in (None, 5, ["me"], "", "me", "../journal", "x" * 100_000)
    ],
    {"do": "reason", "sentence": ONE, "value": "x" * 2_001},
    {"do": "partner"},
    {"do": "partner", "value": "partner.csv"},
    {"do": "eat"},
    None,
    "outcome",
    5,
    [],
]
NO_TEXTS = [{"do": "reason", "sentence": ONE, "value": value} for value in (None, 5, ["x"], {})]


@pytest.mark.parametrize("messages", [BAD, *(pytest.param([each]) for each in NO_TEXTS)])
def test_bad_messages(apart, messages):
    widget, before = opened(apart), {**opened(apart).shown, "trouble": "", "turn": 0}
    for message in messages:
        widget._hear(widget, message, [])
        assert_one_sentence(widget.shown["trouble"])
        assert (
            len(widget.shown["trouble"]) < 300
            and {**widget.shown, "trouble": "", "turn": 0} == before
        ), message
    assert len(apart.records()) == 2 and [each.name for each in apart.folder.iterdir()] == [
        "journal.jsonl"
    ]


CODED = {"codes": ["care"], "doer": "union", "memo": ""}
FINE = {
    "other": "reference",
    "outcome": "mine",
    "reason": "so",
    "mine": CODED,
    "theirs": {**CODED, "codes": ["voice"]},
}
CODINGS = [
    None,
    5,
    [],
    "care",
    {},
    {"codes": None},
    {"codes": "care"},
    {**CODED, "codes": [None]},
    {**CODED, "codes": ["hacked"]},
    {**CODED, "codes": ["care", "care"]},
    {**CODED, "doer": "hacked"},
    {**CODED, "doer": ["union"]},
    {**CODED, "memo": [5]},
]
DAMAGED = {
    "where": [
        {"other": 5},
        {"other": ["reference"]},
        {"sentence": None},
        {"sentence": 5},
        {"sentence": [FOUR]},
        {"sentence": "\ud800"},
    ],
    "what": [
        *({"outcome": each} for each in (None, 5, ["mine"], {}, "x")),
        *({"reason": each} for each in (None, 5, ["x"], {}, HOSTILE)),
    ],
    "mine": [{"mine": each} for each in CODINGS],
    "theirs": [{"theirs": each} for each in CODINGS],
}
NOT_BELIEVED = {
    "TypeError: unhashable type: 'list'": {"mine": {**CODED, "codes": [["care"]]}},
    "TypeError: unhashable type": {"theirs": {**CODED, "codes": [{}]}},
    "KeyError: 'doer', when an outcome is pressed": {"mine": {"codes": ["care"]}},
    "KeyError: 'doer'": {"theirs": {"codes": ["care"]}, "outcome": ""},
    "a coding that breaks the codebook becomes mine, and then none of my codings can be read": {
        "mine": {**CODED, "codes": [*BOOK]}
    },
}


@pytest.mark.parametrize(
    "records", [*DAMAGED.values(), *(pytest.param([each]) for why, each in NOT_BELIEVED.items())]
)
def test_damaged_records_do_no_harm(apart, records):
    ids = CORPUS["kctu"].sentences.index[3:]
    for id, record in zip(ids, records, strict=False):
        apart.append("settled", **{"sentence": id, **FINE, **record})
        apart.append(
            "settled",
            **{
                name: value
                for name, value in {"sentence": ids[-1], **FINE}.items()
                if name not in record
            },
        )
    widget = opened(apart)
    assert item(widget.shown)["outcome"] == "" and {
        each["id"] for each in widget.shown["items"]
    } <= {ONE, *ids}
    for each in widget.shown["items"]:
        for value in ("mine", "ambiguous"):
            shown = tell(widget, "outcome", sentence=each["id"], value=value)
            assert not shown["trouble"] or assert_one_sentence(shown["trouble"]) is None
    assert item(widget.shown)["outcome"] == "ambiguous" and my_codes(apart)[0] == ("nation",)


# --- a partner's file
# -----------------------------------------------------------------------------------------------


def test_codings_go_to_a_partner_and_come_back_as_they_were(apart, tmp_path):
    for number, memo in enumerate(
        [
            "=1+1",
            "'so'",
            "a,b;c\td",
            '"',
            "one\ntwo\r\n\nthree",
            "+1 -1 @x",
            "노조 👩‍🏭 \u2028",
            " x ",
        ],
        3,
    ):
        mine(apart, f"kctu-{number:03d}", "care voice", "members", memo)
    apart.append("learner", name="=Ann, “노조”\n")
    widget, sent = opened(apart), []
    widget.send = lambda content, buffers=None: sent.append((content, buffers))
    assert "Saved 10 codings in my-work/my-codings.csv." in tell(widget, "export")["told"]
    ((message, (data,)),) = sent
    assert (
        message == {"do": "download", "name": "my-codings.csv"}
        and data == (apart.folder / "my-codings.csv").read_bytes()
    )
    partner = mine(Journal(tmp_path / "partner"), ONE, "form", "union")
    shown = tell(opened(partner), "partner", data)
    assert "10 sentences" in shown["told"] and item(shown)["theirs"] == {
        "codes": ["nation"],
        "doer": "union",
        "memo": HOSTILE,
    }
    same = ["sentence", "codes", "doer", "memo", "time", "scheme"]
    own, theirs = (
        load_codings("me", SHORT, journal=apart),
        load_codings(partner.folder / "partner.csv"),
    )
    assert theirs[same].equals(own[same]) and set(theirs["coder"]) == {"partner"}
    assert opened(partner, "partner").shown["items"] == shown["items"] and partner.records(
        "coding"
    )[-1]["codes"] == ["form"]


ROWS = {
    f"{ONE},pay,union,": "'pay'",
    f"{ONE},voice,boss,": "'boss'",
    f"{ONE},,union,": "no code",
    f"{ONE},none voice,,": "alone",
    f"{ONE},none,union,": "na",
    "kctu-099,voice,union,": "kctu-099",
    ",voice,union,": "no sentence",
    f"{ONE},=voice,union,": "=voice",
    "=cmd|'/c calc'!A0,voice,union,": "=cmd",
    f"{ONE}": "Row 2",
    f'{ONE},voice,union,"open': "quotation",
    f"{ONE},{'<b>' * 9_999},union,": "<b>",
    f"{ONE},voice,,\n{ONE},form,,": "twice",
}
REFUSED = {
    b"": "sentence",
    b"\x00" * 99: "sentence",
    b"\xff\xfe\x00x": "UTF-8",
    b"PK\x03\x04\x14\x00\x08\x99": "UTF-8",
    b"x" * 5_000_001: "too large",
    b"sentence,codes\n": "doer",
    HEADER.replace("memo", "doer").encode(): "doer",
    **{f"{HEADER}{row}\n".encode(): word for row, word in ROWS.items()},
    f"coder,{HEADER}Ann,{ONE},voice,union,\nBo,{ONE},form,union,\n".encode(): "several",
}


def test_a_partners_file_that_is_refused_changes_nothing(apart):
    widget = opened(apart)
    tell(widget, "partner", f"{HEADER}{ONE},care,union,good\n".encode())
    before, kept = (
        {**widget.shown, "trouble": "", "turn": 0},
        (apart.folder / "partner.csv").read_bytes(),
    )
    for data, word in REFUSED.items():
        shown = tell(widget, "partner", data)
        assert_one_sentence(shown["trouble"])
        assert word in shown["trouble"] and len(shown["trouble"]) < 300, data
        assert {**shown, "trouble": "", "turn": 0} == before and (
            apart.folder / "partner.csv"
        ).read_bytes() == kept


def test_what_stands_in_a_partners_file_stays_text(apart):
    rows = (
        f'{ONE};care;union;"=HYPERLINK(""http://x"")"\n{TWO};none;na;<img src=x onerror=alert(1)>\n'
    )
    shown = tell(
        opened(apart),
        "partner",
        ("\ufeff" + HEADER.replace(",", ";") + rows).replace("\n", "\r\n").encode(),
    )
    assert item(shown)["theirs"]["memo"] == '=HYPERLINK("http://x")' and item(shown, TWO)["theirs"][
        "memo"
    ].startswith("<img src=x")
    assert "'=HYPERLINK" in (apart.folder / "partner.csv").read_text(encoding="utf-8")


def test_two_coders_in_one_file(apart):
    assert tell(
        opened(apart),
        "partner",
        f"coder,{HEADER}Ann,{ONE},voice,union,\nBo,{TWO},form,union,\n".encode(),
    )["trouble"]


def test_a_file_without_a_coding(apart):
    widget = opened(apart)
    tell(widget, "partner", f"{HEADER}{ONE},care,union,good\n".encode())
    assert (
        tell(widget, "partner", HEADER.encode())["trouble"]
        and "care" in (apart.folder / "partner.csv").read_text()
    )


def test_a_partners_file_that_was_damaged_later(apart):
    for content, word in (
        (f"coder,{HEADER}Ann,{ONE},voice,,\nBo,{TWO},form,,\n", "2 coders"),
        (f"{HEADER}{ONE},pay,,\n", "'pay'"),
        ("", "must have"),
    ):
        (apart.folder / "partner.csv").write_text(content)
        shown = tell(opened(apart), "with", value="partner")
        assert word in (shown["trouble"] or shown["said"])
        assert_one_sentence(shown["trouble"] or shown["said"])
