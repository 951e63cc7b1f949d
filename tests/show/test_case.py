"""The case at work as a plain Python model: every action on the disk first, no false quotation,
no number typed in.
"""

from __future__ import annotations

import json

import pytest
from sentence import assert_one_sentence, trouble

from helpers.classroom.report import make_case
from helpers.classroom.work import resume_work, save_work
from helpers.coding.case import FIELDS, LONGEST, Case
from helpers.coding.codings import coding_annotations, load_codings
from helpers.coding.frames import frame_table
from helpers.coding.journal import Journal
from helpers.corpus.documents import Corpus, load_corpus
from helpers.show.case import CaseDesk
from helpers.show.reader import reading_annotations
from helpers.words.clauses import modal_clauses
from helpers.words.counts import wilson, word_rates

CORPUS = load_corpus()
BOTH = ["kctu", "gftuk"]
TRUE = {
    "kctu": "political empowerment of workers",
    "gftuk": "take care of the life and work of trade union members",
}
HOSTILE = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> & \u202eevil\u202c 노조 "
    "👩‍🏭 a\u0301 \x00 =1+1 \ud800"
)
WORD = {"of": "word", "documents": BOTH, "word": "rights"}


def tell(desk: CaseDesk, do: object = None, **message: object) -> dict:
    """What the browser does: send a message; gives what the screen then shows, which JSON can
    carry.
    """
    desk._hear(desk, {"do": do, **message}, [])
    return json.loads(json.dumps(desk.shown))


def opened(journal: Journal) -> CaseDesk:
    """The desk as a kernel that starts now has it."""
    return make_case(CORPUS, Journal(journal.folder))


def content(desk: CaseDesk) -> dict:
    return {
        name: desk.shown[name] for name in ("fields", "pieces", "dropped", "stars", "checklist")
    }


def missing(shown: dict) -> list[str]:
    return [what for what, there, must in shown["checklist"] if must and not there]


# --- what the learner does is kept
# ----------------------------------------------------------------------------------


def test_every_action_is_on_the_disk_before_the_screen_says_so_and_found_again(journal):
    desk, on_disk = make_case(CORPUS, journal), []
    desk.observe(lambda _: on_disk.append(len(Journal(journal.folder).records("case"))), "shown")
    steps = [
        (
            "write",
            {"part": field, "value": f"{field} {HOSTILE}"},
            f"Saved. The {'reading' if field == 'opposite' else field}",
        )
        for field in FIELDS
    ]
    steps += [
        ("quote", {"document": id, "value": words}, "Added. Word for word in ")
        for id, words in TRUE.items()
    ]
    steps += [
        (
            "number",
            {"number": WORD, "chart": True},
            "Added. “rights”: KCTU, Our Aims: 4 hits in 390 words",
        )
    ]
    for done, (do, message, told) in enumerate(steps, 1):
        shown = tell(desk, do, **message)
        assert shown["told"].startswith(told) and shown["trouble"] == ""
        assert on_disk[-1] == done
        assert content(opened(journal)) == content(desk)
    for do, told in (("drop", "Taken out."), ("keep", "Put back.")):
        piece = (
            opened(journal).shown["pieces"][0]["id"]
            if do == "drop"
            else desk.shown["dropped"][0]["id"]
        )
        assert tell(desk, do, value=piece)["told"].startswith(told)
        assert content(opened(journal)) == content(desk)
    assert on_disk == list(range(1, len(steps) + 3))
    assert [piece["quote"] or piece["title"] for piece in desk.shown["pieces"]] == [
        *TRUE.values(),
        "“rights”",
    ]
    assert missing(desk.shown) == []


def test_a_case_goes_with_the_work_file_to_another_machine(journal, tmp_path):
    desk = make_case(CORPUS, journal)
    tell(desk, "write", part="claim", value="Both name tasks.")
    tell(desk, "quote", document="kctu", value=TRUE["kctu"])
    elsewhere = Journal(tmp_path / "elsewhere")
    resume_work(save_work(journal).path, elsewhere)
    assert content(opened(elsewhere)) == content(desk)


def test_two_kernels_both_see_the_union_after_their_next_action(journal):
    one, other = opened(journal), opened(journal)
    tell(other, "quote", document="kctu", value=TRUE["kctu"])
    tell(other, "write", part="limit", value="Two texts.")
    tell(one, "quote", document="gftuk", value=TRUE["gftuk"])
    assert content(one) == content(opened(journal))
    assert [piece["quote"] for piece in one.shown["pieces"]] == list(TRUE.values())


def test_a_full_disk_is_told_and_nothing_is_confirmed(journal, monkeypatch):
    desk = make_case(CORPUS, journal)
    before = content(desk)

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("helpers.coding.journal.os.write", refuse)
    for do, message in (
        ("write", {"part": "claim", "value": "x"}),
        ("quote", {"document": "kctu", "value": TRUE["kctu"]}),
    ):
        shown = tell(desk, do, **message)
        assert "disk is full" in shown["trouble"] and content(desk) == before
        assert_one_sentence(shown["trouble"])


# --- quotations
# -----------------------------------------------------------------------------------------------------


def test_a_quotation_that_is_altered_is_not_kept_and_the_difference_is_shown(journal):
    desk = make_case(CORPUS, journal)
    shown = tell(
        desk, "quote", part="quote", document="kctu", value="political empowerment of the workers"
    )
    assert (
        shown["told"].startswith(
            "Not word for word: the document has “of” where you have “of the”."
        )
        and not shown["pieces"]
    )
    assert ["differs", "", "the"] in shown["compared"]["pieces"]
    assert shown["compared"]["words"] == "political empowerment of workers"
    assert journal.records() == []
    assert (
        tell(desk, "quote", part="quote", document="kctu", value=shown["compared"]["words"])[
            "compared"
        ]
        is None
    )
    shown = tell(desk, "quote", document="gftuk", value="political empowerment of workers")
    assert (
        "not in Kim Jong Un" in shown["told"]
        and shown["compared"]["document"] == "kctu"
        and len(shown["pieces"]) == 1
    )


def test_stars_of_the_reader_can_be_chosen(journal):
    for id, sentence in (("kctu", "kctu-002"), ("gftuk", "gftuk-143")):
        reading_annotations(CORPUS[id], journal).set(sentence, star=True, note="why")
    desk = make_case(CORPUS, journal)
    assert [(star["id"], star["note"], star["used"]) for star in desk.shown["stars"]] == [
        ("kctu-002", "why", False),
        ("gftuk-143", "why", False),
    ]
    shown = tell(desk, "quote", part="stars", document="kctu", value=desk.shown["stars"][0]["text"])
    assert shown["stars"][0]["used"] and shown["pieces"][0]["lines"] == ["KCTU, Our Aims, kctu-002"]
    reading_annotations(CORPUS["kctu"], journal).set("kctu-003", star=True)
    assert [star["id"] for star in tell(desk, "look")["stars"]] == [
        "kctu-002",
        "kctu-003",
        "gftuk-143",
    ]


def test_every_sentence_of_the_corpus_can_be_a_star_and_then_evidence():
    from helpers.corpus.quotations import check_quotation

    for document in CORPUS.documents:
        for id, text in document.sentences["text"].items():
            assert id in check_quotation(CORPUS, text, document.id).sentences


# --- numbers
# --------------------------------------------------------------------------------------------------------


def test_numbers_are_those_of_our_functions():
    rates, found = word_rates(CORPUS, "rights"), Case(CORPUS).number(WORD)
    for id in BOTH:
        row, ours = rates.loc[("rights", id)], found.table.loc[id]
        ends = row[["low", "high", "block_low", "block_high"]].dropna()
        assert (ours["hits"], ours["size"], ours["rate"]) == (
            row["hits"],
            row["words"],
            row["per_1000"],
        )
        assert (ours["low"], ours["high"]) == (ends.min(), ends.max())
        assert ours["sentences"] == tuple(dict.fromkeys(row["sentences"]))
    table = frame_table(CORPUS, load_codings("reference"))
    found = Case(CORPUS).number(
        {"of": "code", "documents": BOTH, "code": "voice", "coder": "reference"}
    )
    for id in BOTH:
        row, ours = table.loc[(id, "voice")], found.table.loc[id]
        assert (ours["hits"], ours["size"], ours["rate"], ours["sentences"]) == (
            row["sentences"],
            row["coded"],
            row["rate"],
            row["ids"],
        )
    clauses = modal_clauses(CORPUS["gftuk"])
    clauses = clauses[~clauses["passive"].astype(bool)]
    wanted = clauses[(clauses["doer"] == "union") & (clauses["modal"] == "should")]
    found = Case(CORPUS).number(
        {"of": "doer", "documents": ["gftuk"], "doer": "union", "modal": "should"}
    )
    row = found.table.loc["gftuk"]
    assert (row["hits"], row["size"]) == (len(wanted), len(clauses)) and row["sentences"] == tuple(
        dict.fromkeys(wanted["sentence"])
    )
    low, high = wilson(len(wanted), len(clauses))
    assert row["low"] <= 100 * low < row["rate"] < 100 * high <= row["high"]
    assert f"{len(wanted)} of {len(clauses)} active clauses" in found.said["gftuk"]


def test_a_number_of_own_codings_follows_the_codings(journal):
    desk, asked = (
        make_case(CORPUS, journal),
        {"of": "code", "documents": ["kctu"], "code": "voice", "coder": "me"},
    )
    assert "Nothing is coded" in tell(desk, "number", number=asked)["trouble"]
    marks = coding_annotations(CORPUS["kctu"], journal=journal)
    marks.set("kctu-002", codes=["voice"])
    assert (
        "1 of 1 coded sentences, 100.0 %"
        in tell(desk, "number", number=asked)["pieces"][0]["lines"][0]
    )
    marks.set("kctu-003", codes=["solidarity"])
    assert "1 of 2 coded sentences, 50.0 %" in tell(desk, "look")["pieces"][0]["lines"][0]
    marks.set("kctu-002", codes=[])
    marks.set("kctu-003", codes=[])
    shown = tell(desk, "look")
    assert_one_sentence(shown["pieces"][0]["trouble"])
    assert "Every quotation word for word, every number computed" in missing(shown)


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"of": "magic"},
        {"of": ["word"]},
        {"of": "word"},
        {**WORD, "word": 5},
        {**WORD, "word": ""},
        {**WORD, "word": "x" * 201},
        {**WORD, "documents": []},
        {**WORD, "documents": "kctu"},
        {**WORD, "documents": [5]},
        {**WORD, "documents": ["nowhere"]},
        {**WORD, "documents": [["kctu"]]},
        {"of": "code", "documents": BOTH, "code": "voice", "coder": "the press"},
        {"of": "code", "documents": BOTH, "code": "nothing", "coder": "reference"},
        {"of": "doer", "documents": BOTH, "doer": "union", "modal": "dare"},
        {"of": "doer", "documents": BOTH, "doer": "nobody", "modal": "will"},
        {"of": "doer", "documents": BOTH, "doer": "any", "modal": "any"},
    ],
    ids=str,
)
def test_what_cannot_be_counted_is_refused(journal, wanted):
    with trouble():
        Case(CORPUS).number(wanted)
    desk = make_case(CORPUS, journal)
    assert_one_sentence(tell(desk, "number", number=wanted)["trouble"])
    assert journal.records() == []


# --- the checklist
# --------------------------------------------------------------------------------------------------


def test_the_checklist_says_what_is_missing_and_looks_at_no_opinion(journal):
    desk = make_case(CORPUS, journal)
    named = [
        "A claim",
        "Evidence from both documents",
        "Every quotation word for word, every number computed",
        "Reasoning",
        "A limit",
    ]
    assert missing(desk.shown) == named
    tell(desk, "quote", document="kctu", value=TRUE["kctu"])
    assert missing(tell(desk, "number", number={**WORD, "documents": ["kctu"]})) == [
        named[0],
        named[1],
        named[3],
        named[4],
    ]
    assert named[1] not in missing(tell(desk, "number", number={**WORD, "documents": ["gftuk"]}))
    for claim in ("Unions are wonderful.", "Unions are dreadful.", "x"):
        shown = tell(desk, "write", part="claim", value=claim)
        assert named[0] not in missing(shown) and claim not in shown["told"]
    assert named[0] in missing(tell(desk, "write", part="claim", value=" \n "))
    opposite = desk.shown["checklist"][-1]
    assert opposite == ["The fairest reading against it", False, False]


def test_a_corpus_of_more_documents_wants_two_and_one_of_one_wants_it(journal):
    more = Corpus({"kctu": CORPUS["kctu"], "gftuk": CORPUS["gftuk"], "third": CORPUS["kctu"]})
    assert Case(more, journal).checklist()[1][0] == "Evidence from at least two documents"
    case = Case(Corpus({"kctu": CORPUS["kctu"]}), journal)
    case.add_quotation("kctu", TRUE["kctu"])
    assert case.checklist()[1] == ("Evidence from the document", True, True)


def test_evidence_from_a_document_that_is_not_there_is_kept_and_told(journal):
    Case(CORPUS, journal).add_quotation("gftuk", TRUE["gftuk"])
    Case(CORPUS, journal).add_number({**WORD})
    case = Case(Corpus({"kctu": CORPUS["kctu"]}), journal)
    assert [bool(piece.trouble) for piece in case.evidence()] == [True, True] and case.cited() == []
    assert [bool(piece.trouble) for piece in Case(CORPUS, journal).evidence()] == [False, False]


def test_a_quotation_whose_words_are_gone_is_told(journal):
    Case(CORPUS, journal).add_quotation(
        "kctu", "The KCTU will work towards the peaceful reunification"
    )
    changed = Corpus(
        {"kctu": CORPUS["kctu"].cleaned_without("corrections"), "gftuk": CORPUS["gftuk"]}
    )
    piece = Case(changed, journal).evidence()[0]
    assert "the document has “Tthe” where you have “The”" in piece.trouble


# --- what is refused
# ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("do", "message"),
    [
        *[
            (do, {})
            for do in (
                None,
                5,
                [],
                {},
                "eat",
                "x" * 100_000,
                "write",
                "quote",
                "number",
                "drop",
                "keep",
                "report",
            )
        ],
        *[
            ("write", {"part": "claim", "value": value})
            for value in (None, 5, ["x"], {}, "x" * (LONGEST + 1))
        ],
        *[("write", {"part": part, "value": "x"}) for part in (None, 5, "title", ["claim"], {})],
        *[
            ("quote", {"document": "kctu", "value": value})
            for value in ("", " ", "…", "[x]", "x" * 5_000, None, ["x"])
        ],
        *[
            ("quote", {"document": document, "value": "workers"})
            for document in ("kftu", "x" * 10_000, 5, None, ["kctu"])
        ],
        *[
            (do, {"value": value})
            for do in ("drop", "keep")
            for value in ("nothing", None, 5, [], "x" * 10_000)
        ],
        *[
            ("report", {"value": value})
            for value in ("my-case.exe", "../my-case.html", None, 5, [])
        ],
        ("report", {"value": "my-case.html"}),
        ("number", {"number": "rights"}),
    ],
    ids=lambda value: str(value)[:60],
)
def test_strange_messages_change_nothing(journal, do, message):
    desk = make_case(CORPUS, journal)
    before = content(desk)
    shown = tell(desk, do, **message)
    if shown["trouble"]:
        assert_one_sentence(shown["trouble"])
    else:  # no word of a text, but words that stand nowhere: that is told as a finding
        assert shown["told"].startswith("Nothing like this")
    assert content(desk) == before and not [
        each for each in journal.folder.glob("*") if each.name != "journal.jsonl"
    ]
    assert journal.records() == []


def test_the_same_piece_is_not_added_twice(journal):
    desk = make_case(CORPUS, journal)
    for do, message in (
        ("quote", {"document": "kctu", "value": TRUE["kctu"]}),
        ("number", {"number": WORD}),
    ):
        assert not tell(desk, do, **message)["trouble"]
        assert "there already" in tell(desk, do, **message)["trouble"]
    assert len(desk.shown["pieces"]) == 2


def test_strange_records_in_a_journal_are_passed_over(journal):
    for record in (
        {},
        {"do": None},
        {"do": "write"},
        {"do": "write", "field": ["claim"], "text": "x"},
        {"do": "write", "field": "claim", "text": 5},
        {"do": "add"},
        {"do": "add", "quotation": 5, "document": "kctu"},
        {"do": "add", "number": []},
        {"do": "add", "number": {"of": 5}},
        {"do": ["add"]},
        {"do": "drop"},
        {"do": "drop", "piece": ["x"]},
        {"do": "keep", "piece": {}},
    ):
        journal.append("case", **record)
    for wanted in (
        {"of": "word", "documents": [{}], "word": "x"},
        {"of": "code", "documents": ["kctu"], "code": "x", "coder": "me"},
    ):
        journal.append("case", do="add", number=wanted)
    desk = make_case(CORPUS, journal)
    assert [bool(piece["trouble"]) for piece in desk.shown["pieces"]] == [True] * 3
    assert desk.shown["fields"] == {field: ["", ""] for field in FIELDS}
    for piece in desk.shown["pieces"]:
        assert_one_sentence(piece["trouble"])
        tell(desk, "drop", value=piece["id"])
    assert desk.shown["pieces"] == []


def test_a_report_is_written_into_the_work_folder_and_handed_over(journal):
    desk, sent = make_case(CORPUS, journal), []
    desk.send = lambda message, buffers=None: sent.append((message, buffers))
    tell(desk, "write", part="claim", value="Both name tasks.")
    for name in desk.choices["files"]:
        shown = tell(desk, "report", part="report", value=name)
        assert shown["told"].startswith(f"Saved in my-work/{name}.") and "A limit" in shown["told"]
        data = (journal.folder / name).read_bytes()
        assert sent[-1] == ({"do": "download", "name": name}, [data]) and data
