"""A quotation, checked word for word against the document it is said to come from.

Every word and every mark of punctuation must be there, in order. Quotation marks, the shapes of
apostrophes and dashes, white space and invisible characters never count; nor does the case of the
first letter, or a full stop, comma, colon or semicolon at the end. Words may be left out where
``…``, ``...`` or ``[…]`` stands, at most 100 in one place; square brackets hold words of whoever
quotes, or a letter whose case was changed (``[T]he``). All this is told.
"""

import math
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

from helpers.corpus.documents import Corpus, Document, listed
from helpers.corpus.errors import UnionError

LONGEST = 3_000  # characters of a quotation
MOST_LEFT_OUT = 100  # words between two parts of a quotation
ALIKE = 0.4  # the share of a quotation's words that the nearest passage must have
LONGEST_SHOWN = 300
TOKEN = re.compile(r"(?:\[\w\])?\w+(?:['’ʼ‘`´\-‐‑]\w+)*|…+|\.{3,}|[-‐-―−]+|[^\w\s]")
BETWEEN = r"[\s\"'“”„‟‘’‚‛ʼ`´«»‹›\x00-\x1f\x7f-\x9f\u00ad\u0300-\u036f\u200b-\u200f\u2060\ufeff]*"
GAP = re.compile(r"(?:\s*(?:\[[^\[\]]*\](?!\w)|…|\.{3,}|\.(?:\s\.){2,}))+")
OWN_WORDS = re.compile(r"\[[^\[\]]*\w[^\[\]]*\]")
ALIKE_MARKS = {"'": "['’ʼ‘`´]", "-": "[-‐‑]", "…": r"(?:…|\.{3})+", "–": "[-‐-―−]+"}
Span = tuple[int, int]


@dataclass(frozen=True)
class Quotation:
    """A checked quotation, as :func:`check_quotation` gives it.

    ``stands`` says whether it stands word for word in the document it is said to come from,
    ``told`` the outcome in words. ``document``, ``sentences`` (ids) and ``spans`` (start and end
    of each part in the clean text) say where it stands, or else where the nearest passage is.
    ``pieces`` puts the two side by side: each is a kind (``same``, ``left out``, ``yours``,
    ``differs``), what the document has, and what was given.
    """

    stands: bool
    told: str
    document: str = ""
    sentences: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    pieces: tuple[tuple[str, str, str], ...] = ()

    def __repr__(self) -> str:
        return self.told


def check_quotation(
    documents: Document | Corpus | Sequence[Document], quotation: str, document: str = ""
) -> Quotation:
    """Check a quotation word for word; ``document`` is the id of the one it is said to come from.

    Raises :class:`UnionError` for a quotation without a word or over 3,000 characters, and for an
    unknown document.

    >>> from helpers.corpus.documents import load_corpus
    >>> check_quotation(load_corpus(), "work towards political … enhance solidarity", "kctu")
    Word for word in kctu-002 and kctu-003. Left out: “empowerment of workers. The KCTU will”.
    >>> check_quotation(load_corpus(), "unity of the labour movement", "kctu").told[:73]
    'Not word for word: the document has “trade union” where you have “labour”'
    """
    texts = {each.id: each for each in listed(documents)}
    if document and document not in texts:
        known = ", ".join(texts)
        raise UnionError(f"There is no document {str(document)[:40]!r} here: choose from {known}.")
    if not isinstance(quotation, str) or len(quotation) > LONGEST:
        raise UnionError(f"A quotation is a text of at most {LONGEST:,} characters: shorten it.")
    letters = unicodedata.normalize("NFC", quotation)
    given = "".join(each for each in letters if unicodedata.category(each) != "Cf")
    gaps = [match.span() for match in GAP.finditer(given)]
    wanted = [texts[document]] if document else list(texts.values())
    for each in [*wanted, *(text for text in texts.values() if text not in wanted)]:
        for between in ([], gaps):  # dots and brackets may be the document's own
            parts = _parts(given, between)
            spans = _chain(each.text, [given[start:end] for start, end in parts])
            if spans:
                found = _standing(each, given, parts, spans)
                return found if each in wanted else _elsewhere(each, found, wanted[0])
    if not _parts(given, gaps):
        advice = "give at least one outside square brackets"
        raise UnionError(f"There is no word of a document in this quotation: {advice}.")
    return _differing(wanted, given)


def _parts(given: str, gaps: list[Span]) -> list[Span]:
    """Where the parts of a quotation stand, between its gaps."""
    edges = [0, *(edge for gap in gaps for edge in gap), len(given)]
    spans = zip(edges[::2], edges[1::2], strict=True)
    return [span for span in spans if re.search(r"\w", given[slice(*span)])]


def _places(text: str, part: str, first: bool, last: bool) -> list[Span]:
    """Where the words and marks of a part stand in a text."""
    tokens = [each for each in TOKEN.findall(part) if not re.fullmatch(BETWEEN, each)]
    if last and len(tokens) > 1 and tokens[-1] in ".,:;":
        tokens.pop()
    pattern = BETWEEN.join(_pattern(each, first and not at) for at, each in enumerate(tokens))
    return [match.span() for match in re.finditer(pattern, text)]


def _pattern(token: str, free: bool) -> str:
    """What a word or mark may look like in a document; if ``free``, in either case."""
    free, word = free or token[0] == "[", re.sub(r"^\[(\w)\]", r"\1", token)
    if not re.match(r"\w", word):
        kind = "–" if word[0] in "-‐‑‒–—―−" else "…" if word[0] == "…" or len(word) > 2 else ""
        return ALIKE_MARKS.get(kind, re.escape(word))
    shapes = re.sub("[’ʼ‘`´]", "'", re.sub("[‐‑]", "-", word))
    letters = [ALIKE_MARKS.get(each, re.escape(each)) for each in shapes]
    letters[0] = f"[{word[0]}{word[0].swapcase()}]" if free else letters[0]
    return rf"(?<!\w)(?<!\w['’\-]){''.join(letters)}(?!['’\-]?\w)"


def _chain(text: str, parts: list[str]) -> list[Span]:
    """Where the parts stand in a text, one after the other and near enough, in the least space."""
    last = len(parts) - 1
    places = [_places(text, part, at == 0, at == last) for at, part in enumerate(parts)]
    chains = []
    for first in places[0] if places else []:
        chain = [first]
        for later in places[1:]:
            at = bisect_left(later, (chain[-1][1], 0))
            left_out = text[chain[-1][1] : later[at][0]] if at < len(later) else None
            if left_out is None or len(re.findall(r"\w[\w'’-]*", left_out)) > MOST_LEFT_OUT:
                break
            chain.append(later[at])
        chains += [chain] if len(chain) == len(parts) else []
    return min(chains, key=lambda chain: chain[-1][1] - chain[0][0], default=[])


def _standing(document: Document, given: str, parts: list[Span], spans: list[Span]) -> Quotation:
    """What to say of a quotation whose parts stand in a document."""
    text, before = document.text, given[: parts[0][0]].strip()
    pieces = [("yours", "", before)] if OWN_WORDS.search(before) else []
    for at, ((start, end), (low, high)) in enumerate(zip(parts, spans, strict=True)):
        recased = re.search(r"\[\w\]\w", given[start:end])
        pieces.append(("yours" if recased else "same", text[low:high], given[start:end].strip()))
        on, low = (
            (parts[at + 1][0], spans[at + 1][0]) if at + 1 < len(parts) else (len(given), high)
        )
        left, gap = text[high:low].strip(), given[end:on].strip()
        if left or OWN_WORDS.search(gap):
            pieces.append(("yours" if OWN_WORDS.search(gap) else "left out", left, gap))
    ids = _sentences_at(document, spans)
    said = [f"Word for word in {_and(ids)}."]
    if left := [f"“{_short(has)}”" for kind, has, _ in pieces if kind == "left out"]:
        said.append(f"Left out: {_and(left)}.")
    own = [
        f"{each} for “{_short(has)}”" if has and each == gap else each
        for kind, has, gap in pieces
        if kind == "yours"
        for each in OWN_WORDS.findall(gap)
    ]
    said += [f"In square brackets, your own: {_and(own)}."] if own else []
    many = len(_places(text, given[slice(*parts[0])], True, True)) if len(parts) == 1 else 1
    said += [f"These words stand in {many:,} places; this is the first."] if many > 1 else []
    return Quotation(True, " ".join(said), document.id, ids, tuple(spans), tuple(pieces))


def _elsewhere(document: Document, found: Quotation, wanted: Document) -> Quotation:
    """What to say of a quotation that stands in another document than it is said to."""
    here, other = document.about["short_title"], wanted.about["short_title"]
    where = f"{here} ({_and(found.sentences)}), not in {other}"
    told = f"These words stand in {where}: name that document, or choose other words."
    return Quotation(False, told, document.id, found.sentences)


def _differing(documents: Sequence[Document], given: str) -> Quotation:
    """How a quotation differs from the nearest passage, or that there is none."""
    own = _words(given)
    alike, document, there, steps = max(
        (_nearest(each, own) for each in documents), key=lambda found: found[0]
    )
    if alike < ALIKE * len(own):
        names = " or ".join(each.about["short_title"] for each in documents)
        told = f"Nothing like this stands in {names}: copy the words from the text."
        return Quotation(False, told)
    text = document.text
    span = (there[steps[0][1]][1], there[steps[-1][2] - 1][2])
    if text[span[1] - 1] in ".,:;" and own[-1][0][-1:] not in ".,:;":
        span = (span[0], span[1] - 1)  # a mark at the end that was not given
    pieces = []
    for kind, low, high, first, stop in steps:
        has = text[there[low][1] : min(there[high - 1][2], span[1])] if low < high else ""
        yours = given[own[first][1] : own[stop - 1][2]] if first < stop else ""
        left_out = has and GAP.fullmatch(yours)
        kind = "same" if kind == "equal" else "left out" if left_out else "differs"
        pieces.append((kind, has, yours))
    said = [_said(pieces, at) for at, piece in enumerate(pieces) if piece[0] == "differs"]
    more = f"; and {len(said) - 3} more" if len(said) > 3 else ""
    ids = _sentences_at(document, [span])
    told = f"Not word for word: {'; '.join(said[:3])}{more}. The nearest passage is in {_and(ids)}."
    return Quotation(False, told, document.id, ids, (span,), tuple(pieces))


def _words(text: str) -> list[tuple[str, int, int]]:
    """What stands between spaces, without quotation marks and shapes, and where."""
    return [
        (re.sub("[\"“”]|^['’‘]+|['’‘]+$", "", match[0]).replace("’", "'"), *match.span())
        for match in re.finditer(r"\S+", text)
    ]


def _nearest(document: Document, own: list[tuple[str, int, int]]) -> tuple:
    """The stretch of a document that shares most rare words with a quotation.

    Gives how many words are alike, the document, its words there, and the steps between the two.
    """
    given, every = [word for word, _, _ in own], _words(document.text)
    many, shared = Counter(word for word, _, _ in every), {word.casefold() for word in given}
    worth = [
        math.log(1 + len(every) / many[word]) * (word.casefold() in shared) for word, _, _ in every
    ]
    sums, size = [0, *accumulate(worth)], min(len(given), len(every))
    best = max(range(len(sums) - size), key=lambda at: sums[at + size] - sums[at])
    margin = 2 + size // 4
    there = every[max(best - margin, 0) : best + size + margin]
    ends = {given[0].casefold(): given[0]} | {given[-1].rstrip(".,:;"): given[-1]}
    has = [ends.get(word.casefold(), ends.get(word.rstrip(".,:;"), word)) for word, _, _ in there]
    steps = [
        (kind, low, high, start, stop)
        for kind, low, high, start, stop in SequenceMatcher(None, has, given, False).get_opcodes()
        if kind != "delete" or 0 < start < len(given)
    ]
    if steps[0][0] == "replace":  # no more of the document than of the quotation, at its ends
        kind, low, high, start, stop = steps[0]
        steps[0] = kind, max(low, high - stop), high, start, stop
    if steps[-1][0] == "replace":
        kind, low, high, start, stop = steps[-1]
        steps[-1] = kind, low, min(high, low + stop - start), start, stop
    alike = sum(stop - start for kind, _, _, start, stop in steps if kind == "equal")
    return alike, document, there, steps


def _said(pieces: list[tuple[str, str, str]], at: int) -> str:
    """A difference in words; where one side has nothing, with the word before it."""
    has, given = (_short(words) for words in pieces[at][1:])
    if at and not (has and given) and (before := re.search(r"\S+$", pieces[at - 1][2])):
        has, given = (f"{before[0]} {words}".strip() for words in (has, given))
    if not given:
        return f"the document also has “{has}”"
    if not has:
        return f"the document does not have “{given}” there"
    return f"the document has “{has}” where you have “{given}”"


def _sentences_at(document: Document, spans: Sequence[Span]) -> tuple[str, ...]:
    """The ids of the sentences that spans of the clean text touch."""
    table = document.sentences
    touched = [(table["start"] < end) & (table["end"] > start) for start, end in spans]
    return tuple(dict.fromkeys(id for each in touched for id in table.index[each]))


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _short(text: str) -> str:
    """A text on one line, and not too long to be shown."""
    line, half = " ".join(text.split()), LONGEST_SHOWN // 2
    return line if len(line) <= LONGEST_SHOWN else f"{line[:half]} … {line[-half:]}"
