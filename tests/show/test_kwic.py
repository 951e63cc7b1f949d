"""Key words in context as a plain Python model: what the screen is told, and what it may say."""

from __future__ import annotations

import json
import re

import pandas
import pytest
from sentence import assert_one_sentence, trouble

from helpers.corpus.cleaning import clean
from helpers.corpus.documents import FIELDS, Document
from helpers.show.kwic import Concordance, concordance
from helpers.words.concordance import concordance_lines, concordance_rates, sort_lines

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> & </table> ${x} \\u0041"


def document(text: str, id: str = "doc", about: str = "x") -> Document:
    return Document(id, dict.fromkeys(FIELDS, about), clean(text, off=["markup"]))


def tell(widget: Concordance, do: object = None, **message: object) -> dict:
    """What the browser does: send a message; gives what the screen then shows, which JSON can
    carry.
    """
    widget._hear(widget, {"do": do, **message}, [])
    return json.loads(json.dumps(widget.shown))


def unchanged(before: dict, shown: dict) -> bool:
    """Whether only the trouble and the turn are other than they were."""
    return {**before, "trouble": "", "turn": 0} == {**shown, "trouble": "", "turn": 0}


@pytest.fixture
def many() -> Document:
    return document(
        "\n\n".join(
            f"Here union number {number} acts for all of its members." for number in range(450)
        )
    )


# --- what the screen says
# -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["union*", "will, should, must", "working class"])
def test_the_counts_have_their_rates_and_the_lines_are_those_of_the_text(corpus, query):
    shown = concordance(corpus, query).shown
    for id, hits, _, rate in concordance_rates(corpus, query).itertuples():
        assert (
            f"{corpus[id].about['short_title']}: {hits} hit{'s' * (hits != 1)}, {rate:.1f} "
            "per 1,000 words"
        ) in shown["told"]
    table = concordance_lines(corpus, query, width=40)
    assert (
        f"Lines shown: {min(200, len(table))} of {len(table)}, in the order of the text."
        in shown["told"]
    )
    assert shown["lines"] == table[["sentence", "left", "node", "right"]].head(200).to_dict(
        "records"
    )
    assert (shown["query"], shown["sort"], shown["opened"], shown["trouble"]) == (
        query,
        "text",
        None,
        "",
    )


def test_one_hit_and_none(corpus):
    assert (
        concordance(corpus["kctu"], "wage, wages, pay")
        .shown["told"]
        .startswith("KCTU, Our Aims: 1 hit, 2.6 per 1,000 words.")
    )
    shown = concordance(corpus, "  zebra ").shown
    assert (
        shown["told"].endswith("0 hits, 0.0 per 1,000 words. No hit for “zebra”.")
        and shown["lines"] == []
        and shown["next"] == 0
    )
    assert shown["trouble"] == "" and "spelling" in shown["hint"]
    assert concordance(corpus, "union").shown["hint"] == ""


def test_a_document_a_corpus_and_a_list(corpus):
    assert concordance(corpus, "union").shown == concordance(corpus.documents, "union").shown
    assert {
        line["sentence"][:5] for line in concordance(corpus["kctu"], "union").shown["lines"]
    } == {"kctu-"}
    assert concordance(corpus, ["wage", "pay"]).shown["query"] == "wage, pay"


def test_a_search_from_the_screen(corpus):
    widget = concordance(corpus, "zebra", sort="left")
    shown = tell(widget, "search", query=" Union ")
    wanted = concordance(corpus, "Union", sort="left").shown
    assert {**shown, "turn": 0} == {**json.loads(json.dumps(wanted)), "turn": 0}
    assert shown["query"] == "Union" and shown["sort"] == "left" and shown["hint"] == ""
    assert tell(widget, "search", query="zebra")["lines"] == []


@pytest.mark.parametrize(
    ("sort", "told"),
    [
        ("left", "by the word before"),
        ("right", "by the word after"),
        ("node", "by the hit itself"),
        ("text", "of the text"),
    ],
)
def test_the_order_of_lines(corpus, sort, told):
    widget = concordance(corpus, "union*", sort="right")
    tell(widget, "open", line=0)
    shown = tell(widget, "sort", sort=sort)
    lines = [
        sort_lines(concordance_lines(document, "union*", width=40), sort)
        for document in corpus.documents
    ]
    table = pandas.concat(lines)  # the lines of one document together, in the order asked for
    assert [line["sentence"] for line in shown["lines"]] == table["sentence"].head(200).to_list()
    assert shown["opened"] is None and told in shown["told"] and shown["sort"] == sort
    assert tell(widget, "open", line=3)["opened"]["heading"].startswith(table["sentence"].iloc[3])
    assert [sort for sort, _ in shown["sorts"]] == ["text", "left", "right", "node"]


def test_an_order_keeps_a_query_that_was_a_list():
    widget = concordance(document("Unions, parties. Parties, unions."), ["unions, parties"])
    assert len(widget.shown["lines"]) == len(tell(widget, "sort", sort="left")["lines"]) == 1


def test_lines_come_two_hundred_at_a_time(many):
    widget = concordance(many, "union")
    assert (len(widget.shown["lines"]), widget.shown["next"]) == (200, 200)
    assert "450 hits" in widget.shown["told"] and "Lines shown: 200 of 450" in widget.shown["told"]
    opened = tell(widget, "open", line=7)["opened"]
    shown = tell(widget, "more")
    assert (len(shown["lines"]), shown["next"], shown["opened"]) == (400, 50, opened)
    assert tell(widget, "open", line=401)["trouble"]
    shown = tell(widget, "more")
    assert (len(shown["lines"]), shown["next"]) == (450, 0) and "450 of 450" in shown["told"]
    assert len(tell(widget, "more")["lines"]) == 450
    assert tell(widget, "open", line=401)["opened"]["heading"].startswith("doc-402")
    assert len(tell(widget, "sort", sort="left")["lines"]) == 200


# --- a line opened
# --------------------------------------------------------------------------------------------------


def test_a_line_opens_its_paragraph(corpus):
    widget = concordance(corpus, "union*")
    for at, row in enumerate(concordance_lines(corpus, "union*").head(200).itertuples()):
        opened, text = tell(widget, "open", line=at)["opened"], corpus[row.document]
        sentence, place = text.sentences.loc[row.sentence], text.sentence_in_raw(row.sentence)
        assert opened["line"] == at
        assert opened["heading"] == f"{row.sentence}, {text.about['short_title']}"
        assert (
            "".join(each["text"] for each in opened["pieces"])
            == text.paragraphs.at[sentence["paragraph"], "text"]
        )
        assert (
            "".join(each["text"] for each in opened["pieces"] if each["sentence"])
            == sentence["text"]
        )
        assert "".join(each["text"] for each in opened["pieces"] if each["node"]) == row.node
        numbers = [int(each) for each in re.findall(r"\d+", opened["place"])]
        assert numbers == [
            sentence["paragraph"],
            *dict.fromkeys([place.first_line, place.last_line]),
        ]
    assert tell(widget, "close")["opened"] is None


def test_where_a_sentence_over_two_raw_lines_is():
    text = (
        "A first paragraph stands alone here.\n\nThe union and all of its members in this "
        "country will act,\nand it will win. All agree."
    )
    widget = concordance(document(text), "union, agree")
    assert (
        tell(widget, "open", line=0)["opened"]["place"] == "Paragraph 2, lines 3–4 of the raw file."
    )
    assert tell(widget, "open", line=1)["opened"]["place"] == "Paragraph 2, line 4 of the raw file."


def test_a_hit_over_two_sentences_is_marked_whole():
    opened = tell(
        concordance(document("Oh. We work. Unions act. Yes."), "work. unions"), "open", line=0
    )["opened"]
    assert [(each["text"], each["sentence"], each["node"]) for each in opened["pieces"]] == [
        ("Oh. ", False, False),
        ("We ", True, False),
        ("work.", True, True),
        (" Unions", False, True),
        (" act. Yes.", False, False),
    ]


# --- what goes wrong
# ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["", "*", "a" * 201, ",".join("abcdefghij" * 6), None, 5, [5], {}, ["a", None], True]
)
def test_a_query_that_cannot_be_used_leaves_the_lines(corpus, query):
    widget = concordance(corpus, "union")
    before = tell(widget, "open", line=2)
    shown = tell(widget, "search", query=query)
    assert_one_sentence(shown["trouble"])
    assert unchanged(before, shown)
    assert tell(widget, "open", line=2)["opened"] == before["opened"], (
        "the lines behind the screen are the earlier ones too"
    )
    with trouble():
        concordance(corpus, query)


@pytest.mark.parametrize(
    ("do", "message"),
    [
        ("open", {"line": 999}),
        ("open", {"line": -1}),
        ("open", {"line": "0"}),
        ("open", {"line": None}),
        ("open", {}),
        ("open", {"line": [0]}),
        ("open", {"line": 0.0}),
        ("open", {"line": True}),
        ("open", {"line": {}}),
        ("sort", {}),
        ("sort", {"sort": "length"}),
        ("sort", {"sort": 5}),
        ("sort", {"sort": ["left"]}),
        ("sort", {"sort": {}}),
        ("search", {}),
        ("burn", {}),
        (None, {}),
        (5, {}),
        ([], {}),
    ],
)
def test_bad_messages_from_the_screen(corpus, do, message):
    widget = concordance(corpus, "union")
    before = tell(widget, "open", line=1)
    shown = tell(widget, do, **message)
    assert_one_sentence(shown["trouble"])
    assert unchanged(before, shown)
    assert tell(widget, "close")["trouble"] == ""


@pytest.mark.parametrize("message", [None, "search", 5, ["do"]])
def test_a_message_that_is_no_message(corpus, message):
    widget = concordance(corpus, "union")
    widget._hear(widget, message, [])
    assert_one_sentence(widget.shown["trouble"])


@pytest.mark.parametrize(
    ("documents", "sort"), [(None, "text"), ([], "text"), (["kctu"], "text"), ("kctu", "text")]
)
def test_what_is_no_document(documents, sort):
    with trouble("document"):
        concordance(documents, "union", sort=sort)


def test_an_order_there_is_not(corpus):
    with trouble("'length'", "choose"):
        concordance(corpus, "union", sort="length")


def test_hostile_text_goes_to_the_screen_as_it_is():
    each = document(f"A union says {HOSTILE} and acts.\n\nMore.", about=HOSTILE)
    widget = concordance(each, "union")
    opened = tell(widget, "open", line=0)["opened"]
    assert "".join(piece["text"] for piece in opened["pieces"]) == each.paragraphs.at[1, "text"]
    assert (
        HOSTILE[:25] in each.paragraphs.at[1, "text"]
        and HOSTILE in opened["heading"]
        and HOSTILE in widget.shown["told"]
    )
    shown = tell(widget, "search", query=HOSTILE)
    assert (
        shown["query"] == HOSTILE
        and shown["trouble"] == ""
        and [line["node"] for line in shown["lines"]] == [HOSTILE]
    )
    assert tell(widget, "search", query=HOSTILE[:-1])["told"].endswith(
        f"No hit for “{HOSTILE[:-1]}”."
    )


def test_the_view_sets_text_only_as_text_and_loads_nothing():
    source = str(Concordance._esm)
    assert "export default" in source
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "http://",
        "https://",
        "import(",
    ):
        assert word not in source
