"""Documents that nobody would write, for hypothesis: lines put together from all that makes trouble."""

from __future__ import annotations

from hypothesis import strategies as st

FURNITURE = [
    "Home", "About us", "Contact", "News", "Log in", "XE Login", "Share", "Print", "Home > About > Aims", "News | Events | Contact",
    "Skip to content", "Comments (3)", "Leave a reply", "We use cookies on this site.", "Related articles", "© 1999 The Union",
    "12", "13.", "iv", "- 8 -", "Page 3 of 9", "[Pg 3]", "continued on page 4", "OUR AIMS 12", "13 OUR AIMS", "OUR AIMS", "http://a.b/c",
    "*** START OF THE TEXT ***", "*** END OF THE TEXT ***", "***", "* * *", "-----", "로그인", "목록", "Contents ........ 4",
]  # fmt: skip
PROSE = [
    "The union will act for all of its members.", "workers and the", "It goes on", "organi-", "sation", "self-", "reliance", "half-",
    "and quarter-timers", "See No.", "26", "Mr.", "Smith said so.", '"Why us?" they asked.', "We, the", "in the construction of", "and",
    "He said, “Yes.”", "노동자는 단결한다.", "노조", "ÉCOLE", "e\u0301cole", "ﬁrst", "â€™s", "Ã©",
    "1914–18", "a—b", "so -- yes", "...", "…", "a",
    "I", "§", "THE WORKERS", "WHEREAS", "Resolved, That", "5 p.m.", "etc.",
]  # fmt: skip
HEADS = [
    "Our Aims", "OUR AIMS", "By Ann Smith", "KIM JONG UN", "May 1, 1931", "1931", "Published by the Press", "Printed in London",
    "DPR Korea",
    "From: a@b.c", "To: d@e.f", "Subject: Re: dues", "Date: Monday", "Dear comrades,", "Yours fraternally,", "-- ", "-- \n",
    "Article 1. Name",
    "Preamble", "Chapter II", "Minutes of the meeting", "THE END", "Price 2d.", "title: x", "Speaker: yes",
]  # fmt: skip
MARKS = [
    "1.", "(a)", "iv)", "•", "-", "–", "*", "**", "_", "__", "**bold**", "*it*", "_it_", "# ", "## Head", "> ", ">> ", "<p>",
    "</p>", "<br/>", "<b>",
    "</b>", "<!--", "-->", "<script>", "</script>", "&amp;", "&amp;amp;", "&lt;p&gt;", "&nbsp;", "&#8217;", "&#0;", "&#xD800;",
    "&shy;", "&bogus;", "[a](b)", "![a](b)",
    "\\*", "\\", '"', "'", "“", "”", "‘", "’", "``", "''", "«", "»", "--", "—", "―", "|", "(", ")", "[", "]", "[1]", "¬",
]  # fmt: skip
SPACES = [
    "\n", "\n\n", "\n\n\n", "\r\n", "\r", "\r\r\n", "\f", "\v", "\x85", "\u2028", "\u2029", " ", "  ", "\t", "\u00a0", "\u2009",
    "\u3000", "\u00ad",
    "\u00ad\n", "-\n", "- \n", "¬\n", "\ufeff", "\u200b", "\u200d", "\u202e", "\u0301", "\u0323\u0301", "\x00", "\x1c", "\x1f",
    "\ud800", "\udfff", "\U000e0041",
]  # fmt: skip

_pieces = st.one_of(*(st.sampled_from(each) for each in (FURNITURE, PROSE, HEADS, MARKS, SPACES)), st.text(max_size=3))
_ends = st.sampled_from(["\n", "\n", "\n\n", " ", "", "\r\n", "\f"])
nasty = st.lists(st.tuples(_pieces, _ends), max_size=18).map(lambda pairs: "".join(piece + end for piece, end in pairs))
# Every code point, surrogates and controls too.
anything = st.text(st.characters(exclude_categories=()), max_size=120) | st.text(max_size=120)
