"""What holds for every text there can be, new ones each time."""

from __future__ import annotations

import os

from accounts import check_account, check_sentences
from documents import anything, nasty
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.corpus.cleaning import STEPS, clean
from helpers.corpus.sentences import split_sentences

_NAMES = [step.name for step in STEPS]


EXAMPLES = int(os.environ.get("UNION_EXAMPLES", "300"))  # 2,000 show more, and take longer


@settings(max_examples=EXAMPLES)
@given(anything | nasty)
def test_the_account_balances_and_sentences_lead_back(raw):
    cleaning = clean(raw)
    assert cleaning.raw == raw
    check_account(cleaning)
    check_sentences(cleaning, split_sentences(cleaning.text, "One. Two."))


@settings(max_examples=EXAMPLES)
@given(nasty)
def test_of_a_text_with_structure_nothing_is_inferred(raw):
    cleaning = clean(raw, blocks=True, body=(1, 1 + raw.count("\n")))
    check_account(cleaning)
    for step in ("page-furniture", "title-page", "hyphenation", "torn-paragraphs", "markup"):
        assert cleaning.edits(step).empty


@settings(max_examples=100)
@given(nasty | anything, st.sets(st.sampled_from(_NAMES)))
def test_any_steps_off(raw, off):
    cleaning = clean(raw, off=off)
    check_account(cleaning)
    assert not {record.step.name for record in cleaning.records} & off
    spans = split_sentences(cleaning.text, "One. Two.")
    assert all(cleaning.text[start:end].strip() for start, end in spans)


@settings(max_examples=100)
@given(nasty)
def test_all_steps_off_leaves_the_text_alone(raw):
    cleaning = clean(raw, off=_NAMES)
    assert cleaning.text == raw
    assert cleaning.records == []


@settings(max_examples=100)
@given(
    st.binary(max_size=300)
    | nasty.map(lambda text: text.encode("utf-16", "surrogatepass"))
    | nasty.map(lambda text: text.encode("cp1252", "ignore"))
)
def test_any_bytes_are_read_or_refused_in_a_sentence(data):
    from sentence import assert_one_sentence

    from helpers.corpus.errors import UnionError

    try:
        cleaning = clean(data, name="found.txt")
    except UnionError as refused:
        assert_one_sentence(str(refused))
    else:
        check_account(cleaning)


@settings(max_examples=100)
@given(nasty)
def test_a_clean_text_shows_no_trace_of_the_machine(raw):
    text = clean(raw).text
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert not any(line != line.strip() for line in text.split("\n"))
    assert not set(text) & set("\r\f\v\t\x00\x85\u2028\u2029\u00a0\u200b\ufeff\u202e“”’‘ﬁ―")
    assert all(line == "" for line in text.split("\n")[1::2]), "a paragraph is one line"
