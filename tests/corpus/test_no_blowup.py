"""No step takes more than its share of time on hostile input: four times the text, less than ten times the time."""

import time

import pytest

from helpers.corpus import page as furniture
from helpers.corpus.cleaning import STEPS
from helpers.corpus.sentences import split_sentences

_LENGTH, _MOST_GROWTH, _QUICK = 5_000, 10, 1.0
UNITS = [
    "*",
    "_",
    "-",
    ".",
    "a ",
    "<",
    "&",
    "[",
    "](",
    '"',
    "'",
    "Page ",
    "and ",
    " ",
    "\t",
    "\n",
    "A.",
    "1.",
    " \n",
    "\n \n",
    "a\n",
    "A\n",
    "a-",
    "a-\n",
    "*a ",
    "_a ",
    "[a](",
    "[a](b ",
    "<!--",
    "<p ",
    "<script ",
    "<script>",
    "</p> ",
    "\u00ad",
    "\u00ad ",
    "–",
    " –",
    "\xa0",
    "Ã©",
    "\u0301\u0316",
    '. "',
    '."',
    "No. 1 ",
    "A. ",
    "i. ",
    '"a b" c ',
    "1\n\n",
    "THE HEAD 1\n\n",
    "Page 1\n",
    "from: x\n",
    "-- \na\n",
    "***START OF ",
    "home | ",
    "share  x  ",
    "; and ",
    "가 ",
    "。",
    "$1 ",
    "\x00\x01",
    ">",
    "#",
    "\\",
]
ENDS = ["", "!\nb"]
STEPS_HERE = {step.name: step.propose for step in STEPS if step.name != "corrections"}


def _seconds(work, text):
    start = time.process_time()
    work(text)
    return time.process_time() - start


def _assert_tame(work, make, what):
    long = _seconds(work, make(4 * _LENGTH))
    if long >= _QUICK:  # a busy computer may be to blame: look again before judging
        short = min(_seconds(work, make(_LENGTH)) for _ in range(2))
        long = min(long, _seconds(work, make(4 * _LENGTH)))
        assert long < _QUICK or long < _MOST_GROWTH * short, (
            f"{what}: {short:.2f} s for {_LENGTH} characters, {long:.2f} s for four times that"
        )


@pytest.mark.parametrize("name", STEPS_HERE)
def test_a_step_is_not_stopped_by_repetition(name):
    for unit in UNITS:
        for end in ENDS:
            _assert_tame(
                lambda text: list(STEPS_HERE[name](text)),
                lambda length, unit=unit, end=end: (
                    "The union acts.\n\nAnd a " + unit * (length // len(unit)) + end
                ),
                f"{name} on {unit!r}",
            )


def test_sentences_are_not_stopped_by_repetition():
    split_sentences("The first call loads Punkt.")
    for unit in UNITS:
        line = unit.replace("\n", " ")
        _assert_tame(
            split_sentences,
            lambda length, line=line: line * (length // len(line)) + "!",
            f"sentences of {unit!r}",
        )


@pytest.mark.parametrize(
    "start",
    [
        "share",
        "facebook",
        "log in",
        "accept",
        "accept all",
        "10 likes",
        "목록",
        "로그인",
        "공유",
        "cookies",
    ],
)
def test_no_pattern_of_furniture_is_stopped_by_a_long_line(start):
    for unit in (
        "x",
        "facebook",
        "log in",
        "accept all",
        "10 likes",
        "10 likes,",
        "3 comments",
        "목록",
        "로그인",
        "공유",
        "cookies",
        ".",
    ):
        for gap in (" ", "  ", "   ", " | ", "\t", ""):
            line = (start + (gap + unit) * 300)[:497] + "!!"
            assert _seconds(furniture._alone, line) < _QUICK, line[:60]
