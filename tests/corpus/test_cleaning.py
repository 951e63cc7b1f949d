"""Each step of the cleaning by itself, and the tables that tell of it."""

from __future__ import annotations

import pytest
from sentence import trouble

from helpers.corpus.cleaning import STEPS, Correction, RawPlace, clean
from helpers.corpus.decoding import decode

BODY = "The union will act for all of its members, and it will not wait for anybody."


@pytest.mark.parametrize(
    ("step", "raw", "wanted"),
    [
        ("mojibake", f"{BODY} It â€™s late.", f"{BODY} It 's late."),
        (
            "line-ends",
            "One is here.\r\rTwo is here.\u2029Three is here.",
            "One is here.\n\nTwo is here.\n\nThree is here.",
        ),
        ("invisible", "The un\u200bion w\u00adill act\x07.", "The union will act."),
        ("letter-forms", "The ﬁrst e\u0301cole will act.", "The first école will act."),
        (
            "markup",
            "The **union** &amp; its _aims_ will <b>act</b>.",
            "The union & its aims will act.",
        ),
        ("page-furniture", f"{BODY}\n\nXE Login", BODY),
        ("title-page", f"Our Aims\n\nBy Ann Moss\n\n{BODY}", BODY),
        (
            "hyphenation",
            "The organi-\nsation of workers will act.",
            "The organisation of workers will act.",
        ),
        (
            "hard-wraps",
            "The union of all the\nworkers will act for them\nand for others.",
            "The union of all the workers will act for them and for others.",
        ),
        (
            "torn-paragraphs",
            f"{BODY}\n\nIt greets all those who are performing\n\nfeats of labour.",
            f"{BODY}\n\nIt greets all those who are performing feats of labour.",
        ),
        ("quotes", "It says: “Yes, we won’t.”", 'It says: "Yes, we won\'t."'),
        ("dashes", "The union -- ours -- acted 1914–18.", "The union — ours — acted 1914–18."),
        ("white-space", "The  union\u00a0will act. ", "The union will act."),
    ],
)
def test_what_each_step_does_and_only_it(step, raw, wanted):
    cleaning = clean(raw)
    assert cleaning.text == wanted
    assert step in set(cleaning.edits()["step"])
    assert clean(raw, off=[step]).text != wanted


def test_the_mark_at_the_start_goes_by_its_own_step():
    cleaning = clean(f"\ufeff{BODY}\ufeff")
    assert cleaning.text == BODY
    assert cleaning.edits()["step"].to_list() == ["byte-order-mark", "invisible"]


def test_a_correction_is_made_where_it_stands_and_nowhere_else():
    raw = "The unoin acts.\nTheir unoin waits for others."
    cleaning = clean(raw, corrections=[Correction(2, "unoin", "union", "misprint")])
    assert cleaning.text.count("unoin") == 1
    assert cleaning.text.endswith("Their union waits for others.")
    assert cleaning.edits("corrections")["line"].to_list() == [2]


def test_a_correction_switched_off_or_in_removed_text_is_not_made():
    misprint = Correction(1, "Amis", "Aims", "misprint")
    raw = f"Our Amis\n\n{BODY}"
    assert clean(raw, body=(3, 3), corrections=[misprint]).text == BODY
    assert clean(raw, corrections=[misprint]).text.startswith("Our Aims")
    assert "Amis" in clean(raw, corrections=[misprint], off=["corrections"]).text


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (
            "We want self-\nreliance in all that is done.",
            "We want self-reliance in all that is done.",
        ),
        (
            "They are half-\nand quarter-timers of the mill.",
            "They are half- and quarter-timers of the mill.",
        ),
        (
            "Its industry-\nwide work. An industry-wide strike.",
            "Its industry-wide work. An industry-wide strike.",
        ),
    ],
)
def test_divided_words(raw, wanted):
    assert clean(raw).text.replace("\n\n", " ") == wanted


@pytest.mark.parametrize(
    "line",
    [
        "We will share the work.",
        "Home is where we are.",
        "Contact between unions matters.",
        "The next page of history is ours.",
        "Members sign in blood.",
        "12 workers met.",
    ],
)
def test_prose_that_looks_like_furniture_is_kept(line):
    assert line in clean(f"{BODY}\n\n{line}\n\n{BODY}").text


def test_cleaning_of_nothing():
    assert clean("").text == ""
    assert clean("").account().at["total", "raw"] == 0
    assert clean(" \n\t").text == ""
    assert clean("").found().empty and clean("").edits().empty


def test_the_tables_tell_the_same():
    cleaning = clean(f"Our Aims\n\n{BODY}\n\n- 8 -\n\n“Yes,” they said.", off=["dashes"])
    table, edits = cleaning.steps(), cleaning.edits()
    assert list(table.index) == [step.name for step in STEPS]
    assert not table.at["dashes", "on"] and table.drop(index="dashes")["on"].all()
    assert table["purpose"].str.endswith(".").all()
    for name in table.index:
        assert table.at[name, "edits"] == (edits["step"] == name).sum() == len(cleaning.edits(name))
    quote = edits[edits["step"] == "quotes"].iloc[0]
    assert (quote["line"], quote["old"], quote["new"]) == (7, "“", '"')
    assert "- 8 -" in cleaning.before("page-furniture") and "- 8 -" not in cleaning.before("quotes")


def test_the_body_is_declared_or_proposed_and_said():
    raw = f"Our Rules\n\nAdopted on 4 May 1912\n\n{BODY}\n\nPrinted by Moss & Co."
    proposed, declared = clean(raw), clean(raw, body=(3, 5))
    assert proposed.body == (5, 5) and proposed.text == BODY and "Lines 5 to 5" in proposed.notes[0]
    assert proposed.outside()["line"].to_list() == [1, 3, 7]
    assert [tuple(row[1:]) for row in proposed.found().itertuples()][:2] == [
        ("title", "Our Rules", 1),
        ("date", "Adopted on 4 May 1912", 3),
    ]
    assert declared.text == f"Adopted on 4 May 1912\n\n{BODY}" and declared.notes == []
    assert clean(BODY).body == (1, 1) and clean(BODY).notes == []
    for body in ((0, 2), (3, 2), (1, 99)):
        with trouble("body", "choose"):
            clean(raw, body=body)


def test_what_resembles_furniture_is_left_until_the_reader_takes_it():
    heads = "\n\nTHE LAMP\n\n".join([BODY] * 4)
    cleaning = clean(f"{heads}\n\n7\n\n{BODY}")
    assert cleaning.text.count("THE LAMP") == 3
    assert cleaning.proposals()["line"].to_list() == [3, 7, 11, 15]
    taken = clean(cleaning.raw, take=cleaning.proposals()["line"].to_list())
    assert "LAMP" not in taken.text and "7" not in taken.text and taken.text.count(BODY) == 5
    with trouble("no line 99"):
        clean(BODY, take=[99])


def test_a_reader_that_states_structure_is_believed():
    raw = "Home\n\nlog in\n\nkeep the\nminutes and\n\nread a trade-\n\n12\n\nunion “paper”"
    text = 'Home\n\nlog in\n\nkeep the\n\nminutes and\n\nread a trade-\n\n12\n\nunion "paper"'
    assert clean(raw, blocks=True).text == text


def test_without_keeps_what_was_declared():
    cleaning = clean(f"Aims\n\n{BODY}\n\n“Yes.”\n\nEnd", body=(3, 5), take=[5])
    assert cleaning.text == BODY
    assert cleaning.without(["quotes"]).text == BODY
    assert cleaning.without(["title-page"]).text == f"Aims\n\n{BODY}\n\nEnd"


def test_to_raw_over_removed_lines():
    cleaning = clean(f"XE Login\n\n{BODY}\n\nThey say that “all” of\nits members will act.")
    assert cleaning.to_raw(0, 3) == RawPlace(10, 13, 3, 3, "The")
    start = cleaning.text.rindex("members")
    assert cleaning.to_raw(start, start + 7)[2:] == (6, 6, "members")
    assert cleaning.to_raw(0, len(cleaning.text))[2:4] == (3, 6)
    assert cleaning.to_raw(0, 0).text == ""


@pytest.mark.parametrize("span", [(-1, 2), (3, 2), (0, 10_000)])
def test_to_raw_outside_the_text(span):
    with trouble("lies outside"):
        clean(BODY).to_raw(*span)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"],
)
def test_encodings_are_recognised(encoding):
    text = "The café’s workers – all of them – said: “We will act.” It was a naïve résumé. " * 3
    assert decode(text.encode(encoding))[0].lstrip("\ufeff") == text


def test_a_declared_encoding_is_used_even_where_another_fits():
    assert decode("é".encode(), "cp1252") == ("Ã©", "cp1252")


def test_an_account_that_does_not_balance_shows_it(corpus):
    cleaning = clean(corpus["kctu"].raw)
    assert cleaning.account().at["total", "difference"] == 0
    cleaning.text = cleaning.text[:1000] + "#" * 50 + cleaning.text[1050:]
    assert cleaning.account().at["total", "difference"] >= 45, (
        "characters that were swapped unseen are missed"
    )


def test_the_account_adds_up_to_both_texts(corpus):
    for document in corpus.documents:
        total = document.cleaning.account().loc["total"]
        assert total["kept"] + total["written"] == len(document.text)
        assert (
            total["kept"] + total["changed"] + total["removed"] == total["raw"] == len(document.raw)
        )


@pytest.mark.parametrize(
    "line",
    [
        "the General Secretary shall be elected by the members of the whole Union",
        "General Secretary shall be elected by the members of the whole Union and",
    ],
)
def test_a_line_of_prose_that_comes_again_is_no_running_head(line):
    clauses = [
        f"Clause {word} of these rules provides that in every year of the office\n{line}\n"
        f"voting by ballot at {word} meetings held in May."
        for word in ("one", "two", "three", "four")
    ]
    raw = "It is agreed as follows by all of the branches of this Union at Hull.\n\n" + "\n\n".join(
        clauses
    )
    assert clean(raw).text.count(line) == 4


def test_what_was_mended_and_what_may_be_wrong_is_said():
    columns = "\n".join(f"The lodge met on day {day}     and the masters sat" for day in range(9))
    margin = "\n".join(f"{number}  and the lamps were lit again by" for number in range(1, 9))
    assert "columns" in " ".join(clean(columns).notes)
    assert "margin" in " ".join(clean(margin).notes) and "3" not in clean(margin).text
    assert "resemble" in " ".join(clean("\n\n".join([BODY, "THE LAMP"] * 3)).notes)
    assert clean(f"{BODY} {BODY}\n\n{BODY}").notes == []
