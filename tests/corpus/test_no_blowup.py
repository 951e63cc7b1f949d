"""Hostile repetition: no step takes more than its share of time, or this would not end."""

from __future__ import annotations

from accounts import check_sums

from helpers.corpus.cleaning import clean
from helpers.corpus.sentences import split_sentences

UNITS = """*|_|-|.|a |<|&|[|](|"|'|Page |A.|1.|a-|*a |_a |[a](|<!--|<p |<script>|</p> |No. 1 """
UNITS += '|i. |"a b" c |home / |; and |가 |>|#'
LINES = [
    "a",
    "a-",
    "1",
    "THE HEAD 1",
    "from: x",
    "-- \na",
    "A\n",
    "May 1912\n",
    "1 a",
    "**",
    "Home",
    "\f",
    "\u00ad",
    "\u00ad a",
]
UNITS = [
    *UNITS.split("|"),
    *(f"{line}\n" for line in LINES),
    ". ",
    "Mr. Dr. U.S.A. ",
    "&amp;amp;",
    "\t",
    "\xa0 ",
]


def test_repetition_stops_nothing():
    for unit in UNITS:
        cleaning = clean("The union acts.\n\nAnd a " + unit * (20_000 // len(unit)))
        split_sentences(cleaning.text)
        check_sums(cleaning)
