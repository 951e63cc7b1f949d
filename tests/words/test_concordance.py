"""Key words in context, against the text itself and against counts made another way."""

from __future__ import annotations

import fnmatch
import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence import trouble

from helpers.corpus.cleaning import clean
from helpers.corpus.documents import FIELDS, Corpus, Document, listed, load_corpus
from helpers.words.concordance import (
    ORDERS,
    concordance_lines,
    concordance_rates,
    sort_lines,
)
from helpers.words.counts import count_word

CORPUS = load_corpus()
EVERY = re.compile(r"\w+(?:['’-]\w+)*")


def document(text: str) -> Document:
    return Document("doc", dict.fromkeys(FIELDS, "x"), clean(text))


def as_it_is(text: str) -> Document:
    """A document whose text no step of the cleaning has touched."""
    each = document("")
    each.cleaning.text = text
    return each


def nodes(text: str, query: object, **how: object) -> list[str]:
    """The hits of a query in a text, in order."""
    return concordance_lines(as_it_is(text), query, **how)["node"].to_list()


def assert_true_to_the_text(table, documents, width: int = 60) -> None:
    """Every line is what stands in its text: hit, sentence and context."""
    for row in table.itertuples():
        text = documents[row.document].text
        assert text[row.start : row.end] == row.node
        low, high = row.start - len(row.left), row.end + len(row.right)
        assert (
            re.sub(r"\s", " ", text[low:high])
            == row.left + re.sub(r"\s", " ", row.node) + row.right
        )
        assert "\n\n" not in text[low : row.start] + "|" + text[row.end : high]
        assert (
            len(row.left) <= width and len(row.right) <= width and "\n" not in row.left + row.right
        )
        assert not row.left[:1].isspace() and not row.right[-1:].isspace()
        assert not row.left or low == 0 or text[low - 1].isspace(), "cut within a word"
        assert not row.right or high == len(text) or text[high].isspace(), "cut within a word"
        sentences = documents[row.document].sentences
        sentence = sentences.loc[row.sentence]
        assert sentence["start"] <= row.start < sentence["end"]


# --- whole words and phrases ----------------------------------------------------------------------


def test_a_line_has_its_place_its_sentence_and_its_context():
    text = "We are a union. The trade union acts.\n\nUnion of all."
    table = concordance_lines(document(text), "union")
    assert table.to_dict("records") == [
        {
            "document": "doc",
            "sentence": f"doc-{number}",
            "start": start,
            "end": start + 5,
            "left": left,
            "node": node,
            "right": right,
        }
        for number, start, left, node, right in [
            ("001", 9, "We are a ", "union", ". The trade union acts."),
            ("002", 26, "We are a union. The trade ", "union", " acts."),
            ("003", 39, "", "Union", " of all."),
        ]
    ]


@settings(max_examples=60)
@given(st.data())
def test_counts_are_those_of_count_word(data):
    each = data.draw(st.sampled_from(CORPUS.documents))
    words = EVERY.findall(data.draw(st.sampled_from(each.sentences["text"].to_list())))
    at = data.draw(st.integers(0, len(words) - 1))
    phrase = " ".join(words[at : at + data.draw(st.integers(1, 3))])
    if phrase in each.text:  # not where a comma stands between the words
        table, rates = concordance_lines(each, phrase), concordance_rates(each, phrase)
        assert len(table) == rates.at[each.id, "hits"] == count_word(each.text, phrase) > 0
        assert_true_to_the_text(table, CORPUS)


@settings(max_examples=60)
@given(
    st.sampled_from(
        ["union*", "the", "w*", "*ing class, class", "trade * of, of", "s????", "party's, a*"]
    ),
    st.integers(0, 200),
)
def test_lines_are_true_to_the_documents(query, width):
    table = concordance_lines(CORPUS, query, width=width)
    assert len(table) > 5
    assert_true_to_the_text(table, CORPUS, width)
    for _, lines in table.groupby("document"):
        assert (lines["start"].iloc[1:].to_numpy() >= lines["end"].iloc[:-1].to_numpy()).all(), (
            "a word is counted twice"
        )


@settings(max_examples=200)
@given(
    st.text(alphabet="ab’' \n-.é", max_size=60),
    st.sampled_from(["a", "a*", "*b", "a b", "a?, b", "a'b", "* a"]),
    st.integers(0, 12),
)
def test_lines_are_true_to_any_text(text, query, width):
    for each in (document(text), as_it_is(text)):
        assert_true_to_the_text(concordance_lines(each, query, width=width), {"doc": each}, width)


def test_whole_words_whatever_their_capitals():
    assert nodes("Union, reunion; UNION (union) unions non-union", "union") == [
        "Union",
        "UNION",
        "union",
        "union",
    ]
    assert nodes("Union, UNION union", "Union", case=True) == ["Union"]
    assert (
        concordance_rates(document("Union, UNION union"), "Union", case=True).at["doc", "hits"] == 1
    )


def test_a_phrase_runs_over_lines_and_never_over_a_paragraph():
    text = "The working\n class is working  class. It is working\n \nclass and working.\n\nClass."
    each = as_it_is(text)
    table = concordance_lines(each, "working class")
    assert table["node"].to_list() == ["working\n class", "working  class"]
    assert table["right"][0].startswith(" is working  class. It is working")
    assert_true_to_the_text(table, {"doc": each})
    (after,) = concordance_lines(
        document("A word\n\nunion here.\n\nNo more."), "union"
    ).itertuples()
    assert (after.left, after.right) == ("", " here.")


def test_a_hit_over_two_sentences_belongs_to_the_first():
    each = document("We work. Unions act.")
    assert concordance_lines(each, "work. unions")[["sentence", "node"]].to_numpy().tolist() == [
        ["doc-001", "work. Unions"]
    ]
    assert concordance_lines(each, "unions")["sentence"].to_list() == ["doc-002"]


def test_apostrophes_match_each_other():
    text = "the workers' party, a worker’s will, the worker's"
    for query in ("worker's", "worker’s"):
        assert nodes(text, query) == ["worker’s", "worker's"]


def test_an_accent_may_be_typed_apart():
    assert nodes("Un café.", unicodedata.normalize("NFD", "café")) == ["café"]


# --- wildcards and lists --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("union*", ["union", "Unions", "unionism", "union", "union"]),
        ("*union", ["union", "reunion", "union", "union"]),
        ("union?", ["Unions"]),
        ("union?m", []),
        ("union???", ["unionism"]),
        ("u*s*m", ["unionism"]),
        ("u**n?", ["Unions"]),
        ("trade union*", ["trade union"]),
        ("the * acts", ["the all-people acts"]),
        ("* acts", ["all-people acts"]),
        ("all-* acts", ["all-people acts"]),
        ("the * trade", []),
    ],
)
def test_wildcards(query, found):
    text = "A union, two Unions; unionism and reunion. A trade union. union-made, "
    text += "the all-people acts, the trade"
    assert nodes(text, query) == found


@settings(max_examples=400)
@given(
    st.text(alphabet="ab*?", min_size=1, max_size=9),
    st.lists(st.text(alphabet="abc", min_size=1, max_size=9), max_size=12),
)
def test_wildcards_fit_what_a_file_name_would(query, words):
    if not set(query) <= {"*", "?"}:
        assert nodes(" ".join(words), query) == fnmatch.filter(words, query)


@pytest.mark.parametrize(
    "query",
    [
        "wage, wages, pay",
        ["wage", "wages", "pay"],
        ("pay ", " wages", "wage", "wage"),
        "wage*,, pay,",
        "WAGE*,pay",
    ],
)
def test_lists_find_each_of_their_words(query):
    assert nodes("The wage and wages; pay, payment, repay wage.", query) == [
        "wage",
        "wages",
        "pay",
        "wage",
    ]


@pytest.mark.parametrize(
    "query", ["union, trade union, trade", "trade, trade union, union*", ["union", "trade union"]]
)
def test_what_overlaps_is_counted_once_and_at_its_longest(query):
    assert nodes("The trade union and a union.", query) == ["trade union", "union"]
    assert concordance_rates(document("The trade union and a union."), query).loc[
        "doc"
    ].to_list() == [2, 6, pytest.approx(1000 * 2 / 6)]


def test_a_comma_in_a_list_of_texts_is_looked_for():
    assert nodes("5,000 men; 5 women, 000", ["5,000"]) == ["5,000"]
    assert nodes("Unions, parties", ["unions, parties"]) == ["Unions, parties"]


@pytest.mark.parametrize(
    "query", ["a.c", "(x", "[ab]", "a|b", r"\w+x", "a{2}", "^a", "x$", "(?i)x", "+a", "a++", "{a}"]
)
def test_marks_in_a_query_are_no_pattern(query):
    assert nodes(f"abc aa b x {query.replace('?', 'z')} abbc", query) == [query.replace("?", "z")]


# --- rates ----------------------------------------------------------------------------------------


def test_rates_of_the_two_documents(corpus):
    table = concordance_rates(corpus, "will")
    assert table.index.to_list() == ["kctu", "gftuk"] and list(table) == [
        "hits",
        "words",
        "per_1000",
    ]
    # Two dashes that stand alone in the KCTU's text are words to str.split, and none here.
    assert (
        table["words"].to_list()
        == [390, 5_998]
        == [len(each.text.replace(" — ", " ").split()) for each in corpus.documents]
    )
    for id, hits, words, rate in table.itertuples():
        assert rate == 1000 * hits / words and hits == count_word(corpus[id].text, "will") > 0
    assert concordance_rates(document(""), "will").loc["doc"].to_list() == [0, 0, 0.0]


def test_a_corpus_a_list_and_one_document(corpus):
    wanted = concordance_lines(corpus, "union")
    assert wanted["document"].unique().tolist() == ["kctu", "gftuk"]
    assert concordance_lines(corpus.documents, "union").equals(wanted)
    assert concordance_lines(corpus["kctu"], "union").equals(wanted[wanted["document"] == "kctu"])
    assert [each.id for each in listed(corpus.documents[::-1])] == ["gftuk", "kctu"]


def test_no_hit_is_a_table_without_rows(corpus):
    table = concordance_lines(corpus, "zebra")
    assert table.empty and list(table) == [
        "document",
        "sentence",
        "start",
        "end",
        "left",
        "node",
        "right",
    ]
    assert [table[name].dtype.kind for name in ("start", "end")] == ["i", "i"]
    for order in ORDERS:
        assert sort_lines(table, order).empty
    assert concordance_lines(document(""), "union").empty


# --- order ----------------------------------------------------------------------------------------


def test_lines_sort_outward_from_the_hit():
    text = (
        'Old trade union b. My "Trade" union a! New; union C. Union a. The big, Trade-Union of us.'
    )
    table = concordance_lines(document(text), "union", width=12)

    def order(by):
        return sort_lines(table, by)["start"].rank().astype(int).to_list()

    assert order("text") == [1, 2, 3, 4, 5]
    lefts = [re.findall(r"\w+", left.casefold())[::-1] for left in table["left"]]
    assert (
        order("left")
        == [1 + at for at in sorted(range(5), key=lambda at: lefts[at])]
        == [4, 3, 5, 2, 1]
    )
    assert order("right") == [2, 4, 1, 3, 5]
    assert order("node") == [1, 2, 3, 4, 5]


@settings(max_examples=40)
@given(
    st.permutations(["text", "left", "right", "node"]),
    st.sampled_from(["union*", "w?ll, must, should"]),
)
def test_an_order_forgets_the_one_before(orders, query):
    found = concordance_lines(CORPUS, query)
    table = found
    for by in orders:
        table = sort_lines(table, by)
        assert table.equals(sort_lines(found, by))
    assert sort_lines(table, "text").equals(found)


def test_equal_lines_stay_in_the_order_of_the_text(corpus):
    table = sort_lines(concordance_lines(corpus, "union*, worker*"), "node")
    for _, lines in table.groupby(table["node"].str.casefold()):
        assert lines.index.is_monotonic_increasing
    assert table["node"].str.casefold().is_monotonic_increasing


@pytest.mark.parametrize("by", ["", "right ", None, 5, ["left"], "document"])
def test_an_order_there_is_not(by):
    with trouble("choose", *ORDERS):
        sort_lines(concordance_lines(document("a union"), "union"), by)


# --- what cannot be searched ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("", "Give"),
        ("  ", "Give"),
        (",, ,", "Give"),
        ([], "Give"),
        ([""], "Give"),
        (None, "Give"),
        (5, "Give"),
        ({"a": 1}, "Give"),
        (["a", None], "Give"),
        (b"union", "Give"),
        ("*", "letter"),
        ("* *", "letter"),
        ("?", "letter"),
        ("...", "letter"),
        ("union, *", "letter"),
        ("union, -", "letter"),
        ("'. “?”", "letter"),
        ("a" * 201, "201"),
        (["a", "b" * 1_000], "1,000"),
        (",".join(["a"] * 51), "51"),
        (["union"] * 60, "60"),
    ],
)
def test_queries_that_cannot_be_used(query, word):
    for work in (concordance_lines, concordance_rates):
        with trouble(word):
            work(document("a union"), query)


def test_queries_at_the_limits():
    assert nodes("a union " + "a" * 200, "a" * 200) == ["a" * 200]
    assert nodes("a union", ["union", *(f"x{number}" for number in range(49))]) == ["union"]


@pytest.mark.parametrize("wrong", [None, "union", [], ["union"], 5, {}, [None]])
def test_what_is_no_document(wrong):
    with trouble("document"):
        concordance_lines(wrong, "union")


def test_two_documents_with_one_id(corpus):
    with trouble("once"):
        concordance_rates([corpus["kctu"], corpus["kctu"].cleaned_without("quotes")], "union")
    with trouble("document"):
        concordance_lines(Corpus({}), "union")


@pytest.mark.parametrize("width", [-1, 1_001, "60", None, 5.0, True])
def test_widths_there_are_not(width):
    with trouble("width"):
        concordance_lines(document("a union"), "union", width=width)


QUERIES = [
    "a*a*a*a*a*a*b",
    "*a*a*a*a*?b",
    "a" + "?" * 30 + "*b",
    "* a* * a* b",
    "* b",
    "a * * * b",
    "a-*-*-*b",
    "a a a a b",
    "*'*'*b",
    "a*, *a, *b*",
]
UNITS = ["a", "a ", "a-", "a'", "aab", "ab ", " ", "a\n", "\n", "-", "a  \n ", "á"]


@pytest.mark.parametrize("query", QUERIES)
def test_no_query_takes_for_ever(query):
    for unit in UNITS:
        each = as_it_is("a" + unit * (100_000 // len(unit)) + "!")
        start = time.process_time()
        concordance_rates(each, query)
        assert time.process_time() - start < 2, f"{query!r} on {unit!r}"
