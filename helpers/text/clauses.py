"""Modal clauses: who will, should or must do what.

Words come with their parts of speech from :attr:`Document.tokens`, noun phrases from NLTK's chunker. Each sentence is then
read once from left to right with a stack of open clauses, as a reader keeps them in mind. It is all rules, and so it errs.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.text.corpus import Document, read_toml
from helpers.text.errors import UnionError
from helpers.text.tokens import _tools

if TYPE_CHECKING:
    import pandas as pd

DOERS = ("union", "members", "party", "state", "other")
_COLUMNS = {
    "sentence": "str", "paragraph": "int64", "start": "int64", "end": "int64", "nth": "int64", "modal": "str", "negated": "bool",
    "passive": "bool", "subject": "str", "head": "str", "resolved": "str", "doer": "str", "agent": "str", "verb": "str", "verbs": "object",
}  # fmt: skip
_MOST_WORDS, _SENTENCES_BACK = 300, 8  # a longer sentence is read in parts; a pronoun looks so far back
_SURE = set("would shall should could must ought".split())  # the other modals are also nouns, names and verbs
_MODALS = {"'ll": "will", "wo": "will", "'d": "would", "sha": "shall", "ca": "can"} | {
    modal: modal for modal in {*_SURE, "will", "can", "may", "might"}
}
_CONTRACTED = re.compile(r"([a-z]+)(n't|nt|'ll|'d)")
_MARKS = dict.fromkeys(",—–-()[]", ",") | {"--": ",", ";": ":", ":": ":", ".": ".", "?": ".", "!": "."} | dict.fromkeys('"“”„«»', "PUQ")
_NOUN_PHRASES = r"""NP: {<AT0|DT0|DPS|CRD|ORD>*(<AV0>?<AJ.>(<,|CJC><AV0>?<AJ.>)*)*<NN.|NP0>+(<POS><AJ.>*<NN.|NP0>+)*}
                        {<AT0|DPS><AJ.>+}
                        {<PNP|PNI|EX0>|<DT0|AT0|CRD>*<DT0|CRD>}"""
_FINITE = set("VBB VBZ VBD VHB VHZ VHD VDB VDZ VDD VVB VVZ VVD".split())
_BARE = set("VVI VVB VBI VHI VHB VDI VDB".split())
_GOVERNORS = set("PRP PRF VVG VBG VHG VDG".split())  # a noun phrase after them is no subject
_ADVERBS = {"AV0", "AVP", "XX0"}
_EITHER = {"as", "than", "like", "before", "after", "since", "until", "till"}  # prepositions or conjunctions
_NOMINATIVE = {"i", "we", "he", "she", "they"}
_PLURAL = {"they", "we", "those", "these", "class", "people", "staff", "majority", "masses", "youth"}
_PARTS = set("all many most some each one both none majority thousand million hundred number section rest half ten".split())
_NEGATIVE = {"not", "n't", "nt", "never", "neither", "nor", "no", "nobody", "none", "nothing"}
_MERELY = {"only", "merely", "just", "simply", "solely"}
_SAYING = set("say think believe know hope feel fear ensure mean see show wish suppose expect tell declare insist promise".split())
_ENSURING = {"ensure", "see", "guarantee", "make"}  # "they ensure that they": two different they
_TIMES = set("time day year month week moment decade century spring summer autumn winter".split())
_MEANS = _TIMES | set("strength means way force effort hand method virtue dint deadline end date law vote ballot default".split())
_STATES = set("interested tired ashamed related limited advanced detailed experienced skilled talented learned sacred naked".split())


@dataclass(eq=False, slots=True)
class _Word:
    start: int
    end: int
    text: str
    low: str
    lemma: str
    tag: str


@dataclass(eq=False, slots=True)
class _Noun:
    """A noun phrase of the chunker: its first word, the one after its last, and what stands before it."""

    start: int
    stop: int
    governed: bool = False
    comma: bool = False
    joined: bool = False


@dataclass(frozen=True, slots=True)
class _Phrase:
    text: str = ""
    head: str = ""
    plural: bool = False
    doer: str = "other"
    pronoun: str = ""
    base: str = ""


@dataclass(eq=False, slots=True)
class _Clause:
    """A clause: ``before`` and ``after`` are the noun phrases on each side of its verb, ``form`` what may be coordinated with that."""

    kind: str  # main, that, when, relative, to
    at: int = 0
    parent: _Clause | None = None
    pronoun: int | None = None
    antecedent: _Noun | None = None
    before: list[_Noun] = field(default_factory=list)
    after: list[_Noun] = field(default_factory=list)
    subject: _Phrase = _Phrase()
    resolved: _Phrase = _Phrase()
    shared: _Clause | None = None
    verb: str | None = None
    form: str = ""
    row: dict[str, Any] | None = None


@dataclass(frozen=True)
class Actors:
    """Who acts, as :func:`load_actors` gives it: doers by head and other words of a phrase, and who “we” and “you” are."""

    phrases: dict[str, dict[frozenset[str], str]]
    voices: tuple[tuple[re.Pattern[str], str], ...] = ()
    we: str = ""
    you: str = ""

    def plus(self, more: Mapping[str, Any], name: str = "actors") -> Actors:
        """These actors and some more: lists of words or phrases by doer, and perhaps ``we`` and ``you``, each a doer.

        >>> load_actors().plus({"union": ["league"], "we": "union"}).doer_of("league", {"our"})
        'union'
        """
        if not isinstance(more, Mapping):
            raise UnionError(f"In {name} there is no table of lists by doer: write one as in actors.toml.")
        phrases = {head: dict(known) for head, known in self.phrases.items()}
        for key, listed in more.items():
            if key in ("we", "you") and listed in DOERS:
                continue
            if key not in DOERS:
                raise UnionError(f"In {name} stands {key!r}, which is no doer: use {', '.join(DOERS)}, or “we” or “you” for one of these.")
            if not isinstance(listed, list | tuple) or not all(isinstance(each, str) and each.strip() for each in listed):
                raise UnionError(f"In {name} the list of {key!r} is not good: write words in quotation marks between square brackets.")
            for *others, head in (each.casefold().split() for each in listed):
                phrases.setdefault(head, {})[frozenset(others)] = key
        return replace(self, phrases=phrases, we=more.get("we", self.we), you=more.get("you", self.you))

    def doer_of(self, head: str, words: Collection[str]) -> str:
        """The doer that a noun phrase names, by its head in the singular and its other words: the longest phrase that fits."""
        fitting = [(len(others), doer) for others, doer in self.phrases.get(head, {}).items() if others.issubset(words)]
        return max(fitting, key=lambda each: each[0], default=(0, "other"))[1]

    def of_document(self, about: Mapping[str, str]) -> Actors:
        """These actors with “we” from what is known of a document's speaker or author, and “you” from its audience."""

        def voice(*fields: str) -> str:
            texts = [about.get(each, "") for each in fields]
            return next((doer for text in texts for words, doer in self.voices if words.search(text)), "other")

        return replace(self, we=self.we or voice("speaker", "author"), you=self.you or voice("audience"))


@cache
def load_actors(path: str | Path | None = None) -> Actors:
    """Read a lexicon of actors; left out, ``path`` is the project's own ``helpers/text/actors.toml``.

    Raises :class:`UnionError`, in one sentence that says what to mend, for a
    file that is missing, broken, or names a doer that there is not.

    >>> load_actors().doer_of("committee", {"central"}), load_actors().doer_of("committee", {"union"})
    ('party', 'union')
    """
    path = Path(path) if path else Path(__file__).with_name("actors.toml")
    data = read_toml(path)
    voices = data.get("voices", [])
    if not isinstance(voices, list) or not all(
        isinstance(each, dict) and each.get("doer") in DOERS and isinstance(each.get("words"), list)
        and all(isinstance(word, str) and word.strip() for word in each["words"]) for each in voices
    ):  # fmt: skip
        raise UnionError(f"{path.name} has no good 'voices': give each [[voices]] table a list of words and a doer.")
    found = [(re.compile(rf"\b(?:{'|'.join(map(re.escape, each['words']))})\b"), each["doer"]) for each in voices]
    return Actors({}, tuple(found)).plus(data.get("classes"), path.name)


def modal_clauses(document: Document, actors: Actors | Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Who will, should or must do what: one row a modal auxiliary, in order.

    Columns: ``sentence`` (id), ``paragraph``, ``start`` and ``end`` of the modal
    in the clean text, ``nth`` modal of its sentence, ``modal`` (will, would,
    shall, should, can, could, may, might, must or ought), ``negated``,
    ``passive``, ``subject`` as it stands (empty for “there can be”), its
    ``head``, ``resolved`` (what a pronoun stands for, else the subject),
    ``doer`` (union, members, party, state or other: the class of ``resolved``,
    in a passive too), ``agent`` (who it is done by in a passive), ``verb`` and
    ``verbs`` (lemmas; all that are coordinated under the modal).

    ``actors`` are those of :func:`load_actors`, or a mapping of more of them:
    see :meth:`Actors.plus`. “Need”, “dare”, “had better” and “have to” do not count.

    >>> from helpers.text.corpus import load_corpus
    >>> table = modal_clauses(load_corpus()["kctu"])
    >>> table.loc[1, ["subject", "modal", "verb", "resolved", "doer"]].to_list()
    ['that', 'will', 'guarantee', 'a truly democratic society', 'state']
    """
    import pandas as pd

    if not isinstance(actors, Actors):
        actors = load_actors().plus({} if actors is None else actors)
    actors = actors.of_document(document.about)
    paragraphs = document.sentences["paragraph"].to_dict()
    past: deque[list[tuple[str, _Phrase]]] = deque(maxlen=_SENTENCES_BACK)
    rows: list[dict[str, Any]] = []
    for id, words in _sentences(document.tokens):
        found: list[dict[str, Any]] = []
        for first in range(0, len(words), _MOST_WORDS):
            found += _Sentence(words[first : first + _MOST_WORDS], document.text, actors, past).rows
        rows += [{"sentence": id, "paragraph": paragraphs[id], "nth": nth, **row} for nth, row in enumerate(found, 1)]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


@cache
def _chunker() -> Any:
    from nltk import RegexpParser

    return RegexpParser(_NOUN_PHRASES)


def _sentences(tokens: pd.DataFrame) -> Iterator[tuple[str, list[_Word]]]:
    """Sentence ids with their words, contractions that the tokenizer leaves whole cut in two."""
    columns = (tokens[name].tolist() for name in ("sentence", "start", "end", "word", "lemma", "tag"))
    for id, rows in groupby(zip(*columns, strict=True), key=lambda row: row[0]):
        words: list[_Word] = []
        for _, start, end, text, lemma, tag in rows:
            low = text.lower().replace("’", "'")
            cut = _CONTRACTED.fullmatch(low)
            if cut and cut[2][0] == "n" and cut[1] in _MODALS:
                words.append(_Word(start, start + cut.end(1), text[: cut.end(1)], cut[1], cut[1], "VM0"))
                words.append(_Word(start + cut.end(1), end, text[cut.end(1) :], cut[2], "not", "XX0"))
            elif cut and cut[2][0] == "'":
                words.append(_Word(start, start + cut.end(1), text[: cut.end(1)], cut[1], cut[1], "PNP"))
                words.append(_Word(start + cut.end(1), end, text[cut.end(1) :], cut[2], cut[2], "VM0"))
            else:
                words.append(_Word(start, end, text, low, lemma.lower(), _MARKS.get(low, tag)))
        _mend(words)
        yield id, words


def _mend(words: list[_Word]) -> None:
    """Correct the tags that the tagger is known to get wrong."""
    nothing, modal_seen = _Word(0, 0, "", "", "", ""), False
    for i, word in enumerate(words):
        back = words[i - 1] if i else nothing
        following = [each for each in words[i + 1 : i + 6] if each.tag not in _ADVERBS]
        on = following[0] if following else nothing
        if word.low in _MODALS:
            noun = back.tag in ("AT0", "DPS", "POS", "TO0") or (word.low == "'d" and on.low == "better")
            if noun:
                word.tag = "NN1" if word.tag == "VM0" else word.tag
            elif word.low in _SURE or (on.tag in _BARE and back.tag[:2] != "AJ" and word.low[0] not in "'"):
                word.tag = "VM0"
            elif back.tag in ("NN2", "NP0", "PNP", "PNI", "PNQ") and word.text != "May" and on.tag in ("NN1", "AJ0", "XX0"):
                word.tag = "VM0"
            modal_seen = modal_seen or word.tag == "VM0"
        elif word.tag == "AJ0" and word.text[:1].isupper() and back.text[:1].isupper() and back.tag in ("NN1", "NP0"):
            word.tag = "NP0"  # the Party Central Committee
        elif word.tag == "VM0":
            word.tag = "VVB"  # need, dare
        elif word.low == "'" and back.low.endswith("s") and back.end == word.start:
            word.tag = "POS"
        elif word.low.endswith(("self", "selves")) and word.tag == "PNP":
            word.tag = "PNX"
        elif word.low == "that" and back.tag[:2] in ("NN", "NP") and on.tag in _FINITE | {"VM0"}:
            word.tag = "PNQ"
        elif word.low == "trade" and on.low.startswith("union"):
            word.tag, back.tag = "NN1", "PRP" if back.tag == "TO0" else back.tag
        elif word.tag == "NN1" and modal_seen and (on.tag in ("AT0", "DPS") or on.low in ("them", "us", "him", "me")):
            before = [each for each in words[max(0, i - 3) : i] if each.tag not in _ADVERBS]
            if before and before[-1].tag in ("CJC", ",", "VM0", "TO0"):
                word.tag = "VVI"


class _Sentence:
    """One sentence, read from left to right; ``rows`` are its modal clauses."""

    def __init__(self, words: list[_Word], text: str, actors: Actors, past: deque[list[tuple[str, _Phrase]]]) -> None:
        self.words, self.text, self.actors, self.past = words, text, actors, past
        self.rows: list[dict[str, Any]] = []
        self.clauses: list[_Clause] = []
        self.stack, self.quoted, self.last = [_Clause("main")], 0, None
        self.nouns = self._chunks()
        self.seen: list[_Noun] = []
        i = 0
        while i < len(words):
            i = self._step(i)
        self._finish()

    def _tag(self, i: int) -> str:
        return self.words[i].tag if 0 <= i < len(self.words) else ""

    def _low(self, i: int) -> str:
        return self.words[i].low if 0 <= i < len(self.words) else ""

    def _back(self, i: int) -> int:
        """The last place before ``i`` that is no adverb."""
        i -= 1
        while self._tag(i) in _ADVERBS:
            i -= 1
        return i

    def _on(self, i: int) -> int:
        """The first place from ``i`` on that is no adverb."""
        while self._tag(i) in _ADVERBS or (self._low(i) in ("all", "both", "each") and self._tag(i - 1) in ("VM0", "PNP")):
            i += 1
        return i

    def _chunks(self) -> dict[int, _Noun]:
        """The noun phrases by their first word; “as”, “than” and their like told to be prepositions or conjunctions."""
        found, i = {}, 0
        for part in _chunker().parse([(word.text, word.tag) for word in self.words]) if self.words else ():
            size = len(part) if hasattr(part, "label") else 1
            if hasattr(part, "label"):
                found[i] = _Noun(i, i + size)
            i += size
        for i, word in enumerate(self.words):
            if word.low in _EITHER and word.tag in ("CJS", "PRP", "AV0"):
                j = self._on(i + 1)
                direct = self._tag(j) in _FINITE and word.low == "as"
                while j in found:
                    j = self._on(found[j].stop)
                    j += self._tag(j) in ("PRF", "CJC") and j + 1 in found
                clause = direct or (j > i + 1 and self._tag(j) in _FINITE | {"VM0"})
                word.tag = "CJS" if clause else "PRP" if word.tag == "CJS" else word.tag
        return found

    def _step(self, i: int) -> int:
        """Read on from place ``i``; the place to read next."""
        word, tag, top = self.words[i], self._tag(i), self.stack[-1]
        if i in self.nouns:
            return self._noun(self.nouns[i])
        if tag == "VM0":
            return self._modal(i)
        if tag == "TO0" and self._tag(self._on(i + 1)) in _BARE:
            noun = self._group(top.after) if top.after and top.after[-1].stop == i else None
            subject = self._phrase(noun, i) if noun else _Phrase()
            i = self._on(i + 1)
            self.stack.append(_Clause("to", i, top, subject=subject, verb=self.words[i].lemma, form="bare"))
            if noun:
                self.clauses.append(self.stack[-1])
        elif tag in ("PNQ", "DTQ", "CJT", "CJS", "AVQ"):
            self._open(i)
        elif tag in (".", ":"):
            del self.stack[max(1, self.quoted) :]
            if not self.quoted:
                self.stack = [_Clause("main", i)]
        elif tag == "PUQ":
            del self.stack[self.quoted or len(self.stack) :]
            self.quoted = 0 if self.quoted else len(self.stack)
        elif tag[0] == "V" and not self._coordinated(i):
            zero = top.kind == "relative" and top.verb is None and bool(top.before) and top.before[-1].stop == i and top.pronoun is None
            if tag in _FINITE or zero:
                self._finite(i)
            elif self._tag(self._back(i))[:2] in ("VB", "VH") and top.verb is not None:
                top.verb = word.lemma
        return i + 1

    def _noun(self, noun: _Noun) -> int:
        """A noun phrase: a subject if it stands before a verb, an object or the next subject if after it."""
        before = self._back(noun.start)
        tag, last, top = self._tag(before), self.last, self.stack[-1]
        touching = last is not None and last.stop == noun.start
        low = self._low(noun.start)
        if touching and low in ("all", "both", "each") and self._low(noun.stop) != "of":
            return noun.stop
        noun.joined = tag == "CJC"
        noun.comma = "," in (tag, self._tag(before - 1) if noun.joined else "")
        noun.governed = tag in _GOVERNORS or (tag == "VVN" and top.verb is None) or (
            last is not None and last.governed and (last.stop == before if noun.joined else touching and low not in _NOMINATIVE)
        )  # fmt: skip
        if top.verb is None and not top.before and not noun.governed and self.words[noun.stop - 1].lemma in _TIMES:
            noun.governed = self._tag(self._on(noun.stop)) not in _FINITE | {"VM0", "PRF"}
        if not noun.governed:
            if touching and top.verb is None and top.before and self._low(last.start) not in ("we", "you"):
                self.stack.append(top := _Clause("relative", noun.start, top))
            (top.before if top.verb is None else top.after).append(noun)
        self.last = noun
        self.seen.append(noun)
        return noun.stop

    def _open(self, i: int) -> None:
        """A relative pronoun or a conjunction opens a clause."""
        word, before = self.words[i], self._back(i)
        joined, comma = self._tag(before) == "CJC", self._tag(before) == ","
        antecedent = self.last if self.last is not None and before - self.last.stop <= 0 + (comma or joined or self._tag(before) == "PRP") else None
        relative = word.low in ("who", "whom", "which", "whose") or (word.low == "that" and word.tag == "PNQ")
        kind = "relative" if relative and antecedent else "that" if word.low == "that" else "when"
        if joined:
            while len(self.stack) > 1 and self.stack[-1].verb is not None and self.stack[-1].kind in ("to", kind, "relative"):
                closed = self.stack.pop()
                if closed.kind == kind:
                    antecedent = closed.antecedent or antecedent
                    break
        if kind == "that" and comma and len(self.stack) > 1 and self.stack[-1].verb is None:
            self.stack.pop()
        subject = i if word.tag in ("PNQ", "DTQ") and word.low != "whom" and self._tag(before) != "PRP" else None
        self.stack.append(_Clause(kind, i, self.stack[-1], subject, antecedent))

    def _finite(self, i: int) -> None:
        clause = self._settle(i)
        if clause is not None:
            clause.verb, clause.form = self.words[i].lemma, "bare" if self._tag(i) in _BARE | {"VBB"} else ""
            self.clauses.append(clause)

    def _settle(self, i: int) -> _Clause | None:
        """The clause of the finite verb at ``i``, on top of the stack, with its subject."""
        before, top = self._back(i), self.stack[-1]
        joined, comma = self._tag(before) == "CJC", self._tag(before) == ","
        waiting = next((each for each in reversed(self.stack) if each.verb is None and (each.before or each.pronoun is not None)), None)
        fresh = self._fresh(top) if top.verb is not None and not joined and not comma else None
        said = fresh is not None and not fresh.comma and (top.verb in _SAYING or self._low(fresh.start) in _NOMINATIVE or (
            fresh.joined and top.kind == "that"))  # fmt: skip
        if top.verb is None and top.at == i - 1 and top.kind != "main" and waiting is not top:
            return top
        if waiting is not None and not said and not (joined and top.verb is not None):
            return self._take(waiting, i)
        if fresh is not None:
            empty = next((each for each in reversed(self.stack) if each.verb is None and each is not waiting), None)
            if waiting is None and empty is not None and (fresh.comma or top.verb not in _SAYING):
                empty.before.append(fresh)
                return self._take(empty, i)
            return self._next(fresh, i)
        return self._share(i, joined, comma or (joined and self._tag(before - 1) == ","))

    def _take(self, clause: _Clause, i: int) -> _Clause:
        del self.stack[self.stack.index(clause) + 1 :]
        clause.subject = self._subject(clause, i)
        return clause

    def _next(self, noun: _Noun, i: int) -> _Clause:
        """A new clause whose subject is a noun phrase after the verb of the last: beside that after “and” or a comma, else under it."""
        if noun.joined or noun.comma:
            while len(self.stack) > 1 and self.stack[-1].kind == "to":
                self.stack.pop()
            closed = self.stack.pop()
            clause = _Clause(closed.kind, noun.start, closed.parent)
        else:
            clause = _Clause("that", noun.start, self.stack[-1])
        clause.subject = self._phrase(noun, i)
        self.stack.append(clause)
        return clause

    def _share(self, i: int, joined: bool, comma: bool) -> _Clause | None:
        """A clause that shares the subject of one before."""
        known = [each for each in reversed(self.stack) if each.verb is not None and each.kind != "to"] or self.clauses[-1:]
        modal = self._tag(i) == "VM0"
        if not known or not (modal or joined):
            if modal and self.last is not None:
                return self._next(self.last, i)
            return self._next_empty(i) if modal else None
        chosen = known[0]
        if modal and comma and chosen.kind == "relative" and chosen.row is None:
            chosen = next((each for each in known if each.row is not None), chosen)
        if chosen in self.stack:
            del self.stack[self.stack.index(chosen) :]
        self.stack.append(replace(chosen, at=i, shared=chosen, before=[], after=[], row=None, verb=None))
        return self.stack[-1]

    def _next_empty(self, i: int) -> _Clause:
        self.stack.append(_Clause("main", i))
        return self.stack[-1]

    def _fresh(self, clause: _Clause) -> _Noun | None:
        """Of the noun phrases after a verb, the one that may be the next subject: after the last comma, or after “and”."""
        nouns = clause.after
        if not nouns or self._low(nouns[-1].start) in _NOMINATIVE:
            return nouns[-1] if nouns else None
        if any(noun.comma for noun in nouns):
            return next(noun for noun in reversed(nouns) if noun.comma)
        k = next((k for k in reversed(range(len(nouns))) if nouns[k].joined), len(nouns) - 1)
        return nouns[k - 1] if k > 0 and nouns[k].joined and nouns[k - 1].joined else nouns[k]

    def _group(self, nouns: list[_Noun]) -> _Noun:
        """The first of the noun phrases that are coordinated with the last."""
        k = len(nouns) - 1
        while k and nouns[k].joined and nouns[k].start == nouns[k - 1].stop + 1:
            k -= 1
        return nouns[k]

    def _subject(self, clause: _Clause, i: int) -> _Phrase:
        nouns = clause.before
        if not nouns:
            return self._phrase(_Noun(clause.pronoun, clause.pronoun + 1), i)
        chosen, listed = nouns[0], False
        if self._tag(self._back(i)) != ",":
            k = max((k for k, noun in enumerate(nouns) if noun.comma and not noun.joined), default=0)
            listed = k > 0 and any(noun.joined for noun in nouns[k:]) and self._low(nouns[k].start) not in _NOMINATIVE
            chosen = nouns[0] if listed else nouns[k]
        return self._phrase(chosen, i, listed)

    def _span(self, noun: _Noun, limit: int, listed: bool = False) -> int:
        """Where a noun phrase with its prepositional phrases ends: before a relative clause, a participle or a comma."""
        k, linked = noun.stop, False
        while k < limit:
            tag, back = self._tag(k), self._tag(k - 1)
            if k in self.nouns and linked:
                k, linked = self.nouns[k].stop, False
                continue
            gerund = tag in _GOVERNORS and tag[0] == "V" and (back in ("PRP", "PRF", "CJC") or back in _ADVERBS)
            infinitive = tag == "TO0" or (tag in _BARE and back == "TO0")
            if not (tag in ("PRF", "PRP", "CJC") or tag in _ADVERBS or gerund or infinitive or (listed and tag == ",")):
                break
            linked, k = linked if tag in _ADVERBS else True, k + 1
        while k > noun.stop and (self._tag(k - 1) in _ADVERBS | {"CJC", "PRP", "PRF", "TO0", ","}):
            k -= 1
        return k

    def _phrase(self, noun: _Noun, limit: int, listed: bool = False) -> _Phrase:
        """A noun phrase with what belongs to it, up to place ``limit``."""
        stop = self._span(noun, limit, listed)
        first, words = self.words[noun.start], self.words[noun.start : noun.stop]
        head = next((word for word in reversed(words) if word.tag[:2] in ("NN", "NP")), words[-1])
        if first.tag == "EX0":
            return _Phrase(pronoun="there")
        pronoun = first.low if len(words) == 1 and (first.tag in ("PNP", "PNQ", "DTQ", "DT0", "CJT")) else ""
        of = next((k for k in range(noun.stop, stop) if self._tag(k) in ("CJC", "PRP", ",")), stop)
        others = {form for word in self.words[noun.start : of] for form in (word.low, word.lemma)}
        doer = self.actors.we if pronoun in ("i", "we") else self.actors.you if pronoun == "you" else "other"
        for k in (head.lemma, head.low) if not pronoun else ():
            doer = self.actors.doer_of(k, others) if doer == "other" else doer
        if doer == "other" and head.lemma in _PARTS and self._tag(noun.stop) == "PRF" and noun.stop + 1 in self.nouns:
            doer = self._phrase(self.nouns[noun.stop + 1], stop).doer
        many = any(self._tag(k) == "CJC" and k + 1 in self.nouns for k in range(noun.stop, of + 1))
        plural = many or head.tag == "NN2" or head.low in _PLURAL
        name = head.text if head.text.isupper() and len(head.text) > 1 and not first.text.isupper() or head.low == "kctu" else head.low
        texts = [self.text[first.start : self.words[end - 1].end] for end in (stop, of)]
        return _Phrase(texts[0], name, plural, doer, pronoun, texts[1])

    def _inverted(self, i: int) -> _Noun | None:
        """The subject if it stands after the modal at ``i``: “Only then can we …”, “Will the union …?”."""
        noun = self.nouns.get(next((k for k in range(i + 1, i + 3) if self._tag(k) != "XX0"), i))
        if noun is None:
            return None
        after = self._tag(self._on(self._span(noun, len(self.words))))
        low = self._low(noun.start)
        waiting = any(each.verb is None and each.before for each in self.stack)
        pronoun = low in _NOMINATIVE or (low in ("you", "it", "there") and not waiting)
        if pronoun and (after in _BARE or after in (".", ",", "PUQ", "CJC", "")):
            return noun
        before = self._tag(self._back(i))
        return noun if after in _BARE - {"VVB"} and (not waiting or before in ("", "CJC", "AVQ", "DTQ", "PUQ")) else None

    def _modal(self, i: int) -> int:
        """A modal auxiliary: its clause, subject and verb; the place to read next."""
        noun, word = self._inverted(i), self.words[i]
        if noun is None:
            clause: _Clause | None = self._settle(i)
            start = i + 1
        else:
            if self.stack[-1].verb is not None:
                self.stack.append(_Clause("main", i))
            clause, start = self.stack[-1], self._span(noun, len(self.words))
            clause.subject = self._phrase(noun, len(self.words))
        assert clause is not None
        main, passive, form, negated = self._predicate(i, start)
        if noun is not None:
            fronted = [each.low for each in self.words[max(0, i - 6) : i + 1 + (self._tag(i + 1) == "XX0")]]
            negated = negated or (not _NEGATIVE.isdisjoint(fronted) and _MERELY.isdisjoint(fronted) and "until" not in fronted)
        verb = self._lemma(main) if main is not None else self._supplied(i)
        existential = clause.subject.pronoun == "there" and main is not None and self._low(main + 1) == "no"
        none = clause.subject.text.lower().split()[:1]
        row = {
            "start": word.start, "end": word.end, "modal": _MODALS[word.low], "passive": passive, "verb": verb, "verbs": [verb],
            "negated": negated or existential or none in (["no"], ["nobody"], ["none"], ["nothing"], ["neither"]),
            "agent": self._agent(main + 1) if passive and main is not None else "", "clause": clause,
            "open": not verb or (main is None and self._tag(self._on(i + 1)) in ("CJC", ",")),
        }  # fmt: skip
        if self.rows and self.rows[-1]["open"] and (self._tag(self._back(i)) in ("CJC", ",") or not self.rows[-1]["verb"]):
            row["first"] = self.rows[-1]
        clause.verb, clause.form, clause.row = verb, form, row
        self.clauses.append(clause)
        self.rows.append(row)
        return main + 1 if main is not None else start

    def _predicate(self, i: int, k: int) -> tuple[int | None, bool, str, bool]:
        """Where the main verb after the modal at ``i`` stands, whether it is passive, the form of its like, whether it is negated."""
        negated = False
        for _ in range(30):
            low, tag = self._low(k), self._tag(k)
            negated = negated or (low in _NEGATIVE and self._low(k + 1) not in _MERELY and tag in ("XX0", "AV0", "AT0", "CJC"))
            if tag in _ADVERBS or tag == "PNX" or low in ("all", "both", "each") or (low == "no" and self._low(k + 1) == "longer"):
                k += 1
            elif tag == "TO0" and self._low(i) == "ought":
                k += 1
            elif tag == "," and (close := next((j for j in range(k + 1, k + 40) if self._tag(j) == "," and self._verbal(j + 1)), 0)):
                k = close + 1
            elif tag == "PRP" and k + 1 in self.nouns and self._verbal(self.nouns[k + 1].stop):
                negated, k = negated or self._low(k + 1) == "no", self.nouns[k + 1].stop
            else:
                break
        if not (tag[:1] == "V" and tag != "VM0") and not (tag in ("NN1", "AJ0", "NN0", "NP0") and k == self._on(i + 1)):
            return None, False, "", negated
        on = self._on(k + 1)
        if self.words[k].lemma == "have" and self._tag(on) in ("VBN", "VVN", "VVD", "VHN", "VDN"):
            negated = negated or any(self._low(j) in _NEGATIVE for j in range(k + 1, on))
            k, on, form = on, self._on(on + 1), "VVN"
        else:
            form = "bare"
        if self.words[k].lemma == "be":
            negated = negated or any(self._low(j) in _NEGATIVE and self._low(j + 1) not in _MERELY for j in range(k + 1, on))
            on = self._on(on + 1) if self._tag(on) == "VBG" else on
            if self._participle(on):
                return on, True, "VVN", negated
            if self._tag(on) in ("VVG", "VDG", "VHG"):
                return on, False, "VVG", negated
        return k, False, form, negated

    def _lemma(self, k: int) -> str:
        word = self.words[k]
        return word.lemma if word.tag != "AJ0" else _tools()[1].analyze(word.low, pos="VVN")[0].lower()

    def _verbal(self, k: int) -> bool:
        tag = self._tag(self._on(k))
        return tag[:1] == "V" and tag != "VM0"

    def _participle(self, k: int) -> bool:
        """Whether the word after “be” makes a passive, and is no adjective."""
        tag, low, on = self._tag(k), self._low(k), self._on(k + 1)
        if tag not in ("VVN", "VVD", "VDN", "VHN") and not (tag == "AJ0" and low.endswith("ed") and "-" not in low and k not in self.nouns):
            return False
        return low not in _STATES or self._low(on) == "by" or (tag != "AJ0" and self._tag(on) not in ("TO0", "CJT"))

    def _supplied(self, i: int) -> str:
        """The verb that a modal without one repeats: the nearest before it."""
        return next((self.words[k].lemma for k in range(i - 1, -1, -1) if self._tag(k)[:1] == "V" and self._tag(k) != "VM0"), "")

    def _agent(self, k: int) -> str:
        """Who it is done by: what stands after “by”, if that is no way, means or time."""
        while k < len(self.words) and self._low(k) != "by":
            if self._tag(k) in (".", ":", ",", "CJS", "CJT", "PNQ", "DTQ", "VM0", "TO0") or self._tag(k)[0] == "V":
                return ""
            k += 1
        noun = self.nouns.get(k + 1)
        if noun is None:
            return self._agent(k + 1) if k < len(self.words) else ""
        phrase, head = self._phrase(noun, len(self.words)), self.words[noun.stop - 1]
        bare = noun.stop - noun.start == 1 and head.tag == "NN1" and phrase.doer == "other"
        return self._agent(noun.stop) if bare or head.lemma in _MEANS or head.tag in ("CRD", "PNX") else phrase.text

    def _coordinated(self, i: int) -> bool:
        """Whether the verb at ``i`` is coordinated with one before, whose clause then is the open one again."""
        before, tag = self._back(i), self._tag(i)
        if self._tag(before) not in ("CJC", ","):
            return False
        comma = "," in (self._tag(before), self._tag(before - 1))
        if self._tag(before) == "," and any(each.verb is None and each.before for each in self.stack):
            return False
        form = "bare" if tag in _BARE else "VVN" if tag in ("VVN", "VVD") else "VVG" if tag == "VVG" else None
        fitting = [each for each in reversed(self.stack) if each.verb is not None and each.form == form]
        if form != "bare":
            nearest = next((each for each in reversed(self.stack) if each.kind != "to"), None)
            fitting = [each for each in fitting if each is nearest and each.row is not None]
        if not fitting:
            return False
        chosen = fitting[0]
        if comma and chosen.kind == "relative" and chosen.row is None:
            chosen = next((each for each in fitting[1:] if each.row is not None), chosen)
        del self.stack[self.stack.index(chosen) + 1 :]
        if chosen.row is not None:
            main = self._predicate(i, i)[0] if tag == "VBI" else i
            chosen.row["verbs"].append(self._lemma(i if main is None else main))
        return True

    def _finish(self) -> None:
        """Fill in what the subjects stand for, and remember who was spoken of."""
        for clause in self.clauses:
            clause.resolved = clause.shared.resolved if clause.shared else self._resolved(clause)
        for row in reversed(self.rows):
            clause = row.pop("clause")
            row.pop("open")
            if first := row.pop("first", None):
                first.update({name: row[name] for name in ("verb", "verbs", "passive", "agent")})
            subject, resolved = clause.subject, clause.resolved
            row["verbs"] = tuple(row["verbs"])
            row |= {"subject": subject.text, "head": subject.head, "resolved": resolved.text, "doer": resolved.doer}
        said = [("main" if clause.kind == "main" else "sub", clause.resolved) for clause in self.clauses]
        said += [("noun", self._phrase(noun, noun.stop)) for noun in self.seen]
        self.past.append(said)

    def _resolved(self, clause: _Clause) -> _Phrase:
        """What the subject of a clause stands for."""
        subject = clause.subject
        if clause.pronoun is not None and not clause.before and clause.antecedent is not None:
            return self._phrase(clause.antecedent, clause.pronoun)
        if subject.pronoun == "they":
            return self._antecedent(clause, True) or subject
        if subject.pronoun == "it" and not self._anticipates(clause):
            return self._antecedent(clause, False) or subject
        if re.match("(?:these|those|such) [a-z]+$", subject.text.lower()) and subject.plural:
            named = (each for said in reversed(self.past) for _, each in said if each.head == subject.head and each.text.lower() not in subject.text.lower())
            return next((each for each in named if " " in each.text), subject)
        if subject.head == "those" and subject.text.lower() != "those":
            known = next((each for said in reversed(self.past) for kind, each in said if kind == "main" and each.doer != "other"), None)
            if known:
                return replace(subject, text=known.base + subject.text[5:], doer=known.doer)
        return subject

    def _anticipates(self, clause: _Clause) -> bool:
        """Whether “it” only points ahead: “It should be a rule to …”."""
        return clause.verb in ("be", "consider", "seem", "take", "remember", "note") and clause.row is not None and any(
            self._tag(k) in ("TO0", "CJT") and self._tag(k - 1)[:2] in ("NN", "AJ") for k in range(clause.at, len(self.words)))  # fmt: skip

    def _antecedent(self, clause: _Clause, plural: bool) -> _Phrase | None:
        """The nearest phrase that fits a pronoun: subjects of clauses around and before, then of sentences before."""
        around, parent = [], clause.parent
        while parent is not None:
            around.append(parent.resolved)
            parent = parent.parent
        other = None
        if plural and clause.kind == "that" and clause.parent and clause.parent.verb in _ENSURING and clause.parent.subject.pronoun == "they":
            other = clause.parent.resolved
        at = self.clauses.index(clause)
        here = around + [each.resolved for each in reversed(self.clauses[:at])]
        past = [[each for kind, each in reversed(said) if kind == wanted] for wanted in ("main", "sub", "noun") for said in reversed(self.past)]
        known = here + [each for said in past for each in said]
        fitting = [each for each in known if each.text and not each.pronoun and each.plural == plural and (not other or each.doer != other.doer)]
        if plural:
            return next((each for each in fitting if each.doer != "other"), fitting[0] if fitting else other)
        return fitting[0] if fitting else None
