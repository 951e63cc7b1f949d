"""The codebook: as it is specified, replaceable, and clear about what is wrong with another one."""

from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentence import assert_one_sentence, trouble

from helpers import load_codebook
from helpers.coding.codebook import Code
from helpers.corpus.documents import CORPUS_FOLDER
from helpers.corpus.errors import UnionError

TEXT = (CORPUS_FOLDER / "codebook.toml").read_text(encoding="utf-8")
BOOK = load_codebook()
HOSTILE = "<script>alert(1)</script> \u202eevil\u202c 노조 👩‍🏭 a\u0301"


@pytest.fixture
def written(tmp_path):
    """A codebook file with a change in it."""

    def write(old="", new="", text=TEXT):
        assert old in text
        path = tmp_path / "codebook.toml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return write


def test_the_codebook_is_the_specified_one():
    assert "".join(code.key for code in BOOK.codes.values()) == "1234567890cn"
    assert (
        " ".join(BOOK)
        == "bargain rights voice organise solidarity reform nation party mobilise form care none"
    )
    assert " ".join(BOOK.doers) == "union members party state other na"
    assert (len(BOOK.rules), BOOK.most_codes, BOOK.edition) == (10, 3, "union-roles 1.0")
    assert BOOK.maps["Hyman's triangle (2001)"]["class"] == ["rights", "organise", "solidarity"]
    assert (
        BOOK["care"].near_miss_code == "bargain"
        and BOOK["voice"].colour == "#00875f"
        and BOOK["voice"].hatch == "\\\\"
    )


def test_examples_are_words_of_our_own(corpus):
    words = " ".join(
        " ".join(re.findall(r"\w+", document.text.casefold())) for document in corpus.documents
    )
    for code in BOOK.codes.values():
        for text in (code.example, code.near_miss):
            said = re.findall(r"\w+", text.casefold())
            assert not any(
                " ".join(said[place : place + 5]) in words for place in range(len(said) - 4)
            ), text


def test_every_code_is_told_apart_by_colour_and_hatch_together():
    for name in ("colour", "hatch"):
        assert len({getattr(code, name) for code in BOOK.codes.values()}) == len(BOOK)


def test_a_code_cannot_be_changed_by_accident():
    with pytest.raises(dataclasses.FrozenInstanceError):
        BOOK["voice"].label = "x"


def test_another_codebook_needs_no_python(written):
    text = TEXT.replace('"bargain"', '"임금-1"')
    book = load_codebook(written('label = "Pay and conditions"', f'label = "{HOSTILE}"', text))
    assert book["임금-1"].label == HOSTILE and book.check_codes(["임금-1"], "union") == ("임금-1",)
    assert load_codebook(written(text=re.sub(r"(?s)\[maps\..*", "", TEXT))).maps == {}


def test_a_missing_field(written):
    names = [field.name for field in dataclasses.fields(Code)]
    names += ["scheme", "version", "question", "doer_question", "most_codes", "rules"]
    for name in names:
        with trouble("codebook.toml", name):
            load_codebook(written(f"\n{name} = ", f"\nx_{name} = "))


WRONG = [
    ('code = "rights"', 'code = "bargain"', "twice"),
    ('doer = "state"', 'doer = "union"', "twice"),
    ('key = "2"', 'key = "C"', "one key twice"),
    ('key = "u"', 'key = "C"', "one key twice"),
    ('key = "2"', 'key = "12"', "several letters"),
    ('near_miss_code = "voice"', 'near_miss_code = "pay"', "names a code"),
    ('market = ["bargain"]', 'market = ["pay"]', "names a code"),
    ('code = "none"', 'code = "nothing"', "no code 'none'"),
    ('doer = "na"', 'doer = "n"', "no doer 'na'"),
    ('code = "care"', 'code = "care of members"', "1 to 30 letters"),
    ('code = "care"', f'code = "{"x" * 10_000}"', "1 to 30 letters"),
    ('scheme = "union-roles"', "scheme = union-roles", "line 4"),
]


def test_what_is_wrong_with_a_codebook_is_said_in_one_sentence(written):
    for old, new, words in WRONG:
        with trouble("codebook.toml", words) as said:
            load_codebook(written(old, new))
        assert len(said()) < 300
    head = TEXT.split("[[codes]]")[0]
    for text in ("", 'codes = "x"', "maps = 3", head, head + "codes = [1]"):
        with trouble("codebook.toml"):
            load_codebook(written(text=text))
    with trouble("missing.toml"):
        load_codebook(written().with_name("missing.toml"))


def test_codes_that_keep_to_the_codebook():
    assert BOOK.check_codes(("form", "party", "care"), "members") == ("form", "party", "care")
    assert BOOK.check_codes("none", "na") == BOOK.check_codes(["none"]) == ("none",)


REFUSED = [
    ([], "union", ["no code"]),
    (["pay"], "union", ["'pay'", "bargain, rights"]),
    (["Voice"], "union", ["'Voice'"]),
    (["voice", "voice"], "union", ["twice"]),
    (["voice", "form", "party", "care"], "union", ["at most 3", "4"]),
    (["voice", "none"], "union", ["none", "alone"]),
    (["voice"], "boss", ["'boss'", "union, members"]),
    (["voice"], "na", ["na"]),
    (["none"], "union", ["na"]),
    ([HOSTILE * 100], "union", ["<script>"]),
]


def test_codes_that_do_not():
    for codes, doer, words in REFUSED:
        with trouble(*words) as said:
            BOOK.check_codes(codes, doer)
        assert len(said()) < 300


@given(
    st.lists(st.sampled_from([*BOOK, "pay"]) | st.text(max_size=8), max_size=5),
    st.sampled_from([*BOOK.doers, "", "boss"]),
)
def test_any_codes_are_taken_whole_or_refused_in_one_sentence(codes, doer):
    good = (
        bool(codes)
        and set(codes) <= set(BOOK)
        and len(set(codes)) == len(codes) <= 3
        and ("none" not in codes or codes == ["none"])
    )
    good = good and (doer == "" or (doer in BOOK.doers and (doer == "na") == (codes == ["none"])))
    try:
        assert BOOK.check_codes(codes, doer) == tuple(codes) and good
    except UnionError as problem:
        assert not good
        assert_one_sentence(str(problem))


def test_an_unknown_code_is_asked_for():
    with trouble("'pay'", "bargain"):
        BOOK["pay"]


def contrast(one, other):
    """Contrast of two colours (WCAG 2.2, relative luminance)."""

    def luminance(colour):
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_every_code_colour_stands_out_from_the_paper_in_both_themes():
    for code in BOOK.codes.values():
        for paper in ("#ffffff", "#f1f3f2", "#16191c"):
            assert contrast(code.colour, paper) >= 3, (code.code, paper)
