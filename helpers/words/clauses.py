"""Modal clauses: who will, should or must do what.

Words come with their parts of speech from :func:`document_tokens`, noun phrases from NLTK's chunker. Each sentence is then
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

from helpers.corpus.documents import Document
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml
from helpers.words.tokens import document_tokens, tools

if TYPE_CHECKING:
    import pandas as pd

DOERS = ("union", "members", "party", "state", "other")
_COLUMNS = {
    "sentence": "str",
    "paragraph": "int64",
    "start": "int64",
    "end": "int64",
    "nth": "int64",
    "modal": "str",
    "negated": "bool",
    "passive": "bool",
    "subject": "str",
    "head": "str",
    "resolved": "str",
    "doer": "str",
    "agent": "str",
    "verb": "str",
    "verbs": "object",
}
_MOST_WORDS, _SENTENCES_BACK = (
    200,
    8,
)  # a longer sentence is read in parts; a pronoun looks so far back
_SURE = set(
    "would shall should could must ought".split()
)  # the other modals are also nouns, names and verbs
_MODALS = {"'ll": "will", "wo": "will", "'d": "would", "sha": "shall", "ca": "can"} | {
    modal: modal for modal in {*_SURE, "will", "can", "may", "might"}
}
_CONTRACTED = re.compile(r"([a-z]+)(n't|nt|'ll|'d)")
_MARKS = (
    dict.fromkeys(",—–-()[]", ",")
    | {"--": ",", ";": ":", ":": ":", ".": ".", "?": ".", "!": "."}
    | dict.fromkeys('"“”„«»', "PUQ")
)
_NOUN_PHRASES = r"""NP: {<AT0|DPS>?<AV0>?<AJ.><CJC><NN.><NN.>+}
                        {(<DPS><CJC>|<NN.><POS><CJC>)?<AT0|DT0|DPS|CRD|ORD>*(<AV0>?<AJ.>(<,|CJC><AV0>?<AJ.>)*)*<NN.|NP0>+<CRD>?(<POS><AJ.>*<NN.|NP0>+)*}
                        {<AT0|DPS><AJ.>+}
                        {<PNP|EX0>|<AT0>?<PNI>|<DT0|AT0|CRD>*<DT0|CRD>}"""
_VERBS = set("VM0 VBB VBZ VBD VHB VHZ VHD VDB VDZ VDD VVB VVZ VVD".split())
_BARE = set("VVI VVB VBI VHI VHB VDI VDB".split())
_GOVERNORS = set("PRP PRF VVG VBG VHG VDG".split())  # a noun phrase after them is no subject
_FLOATING = ("all", "both", "each")
_ADVERBS = {"AV0", "AVP", "XX0"}
_EITHER = {
    "as",
    "than",
    "like",
    "before",
    "after",
    "since",
    "until",
    "till",
}  # prepositions or conjunctions
_NOMINATIVE = {"i", "we", "he", "she", "they"}
_PLURAL = {
    "they",
    "we",
    "those",
    "these",
    "class",
    "people",
    "staff",
    "majority",
    "masses",
    "youth",
}
_PARTS = set(
    "all many most some each one both none majority thousands millions hundreds number section rest half ten".split()
)
_NEGATIVE = {"not", "n't", "nt", "never", "neither", "nor", "no", "nobody", "none", "nothing"}
_MERELY = {"only", "merely", "just", "simply", "solely", "sooner"}
_SAYING = set(
    "say think believe know hope feel fear ensure mean see show wish suppose expect tell declare insist promise".split()
)
_ENSURING = {"ensure", "see", "guarantee", "make"}  # "they ensure that they": two different they
_CAUSING = {
    "help",
    "make",
    "let",
    "see",
    "hear",
    "watch",
    "bid",
}  # a bare infinitive follows their object
_TIMES = set("time day year month week moment decade century spring summer autumn winter".split())
_MEANS = _TIMES | set(
    "strength means way force effort hand method virtue dint deadline end date law vote ballot default".split()
)
_STATES = set(  # participles that are adjectives, when the tagger says so or "to" or "that" follows
    "interested tired ashamed related limited advanced detailed experienced skilled talented learned determined convinced dedicated "
    "devoted "
    "committed prepared united armed satisfied concerned mistaken pleased".split()
)


@dataclass(eq=False, slots=True)
class _Word:
    start: int
    end: int
    text: str
    low: str
    lemma: str
    tag: str


_NO_WORD = _Word(0, 0, "", "", "", "")


@dataclass(eq=False, slots=True)
class _Noun:
    """A noun phrase of the chunker: its first word, the one after its last, and what stands before it."""

    start: int
    stop: int
    governed: str = ""
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
    negative: bool = False


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
            raise UnionError(
                f"In {name} there is no table of lists by doer: write one as in actors.toml."
            )
        phrases = {head: dict(known) for head, known in self.phrases.items()}
        for key, listed in more.items():
            if key in ("we", "you") and listed in DOERS:
                continue
            if key not in DOERS:
                raise UnionError(
                    f"In {name} {key!r} is not good: use {', '.join(DOERS)} with lists of words, “we” and “you” with one of these."
                )
            if not isinstance(listed, list | tuple) or not all(
                isinstance(each, str) and each.strip() for each in listed
            ):
                raise UnionError(
                    f"In {name} the list of {key!r} is not good: write words in quotation marks between square brackets."
                )
            for *others, head in (each.casefold().split() for each in listed):
                phrases.setdefault(head, {})[frozenset(others)] = key
        return replace(
            self, phrases=phrases, we=more.get("we", self.we), you=more.get("you", self.you)
        )

    def doer_of(self, head: str, words: Collection[str]) -> str:
        """The doer that a noun phrase names, by its head in the singular and its other words: the longest phrase that fits."""
        fitting = [
            (len(others), doer)
            for others, doer in self.phrases.get(head, {}).items()
            if others.issubset(words)
        ]
        return max(fitting, key=lambda each: each[0], default=(0, "other"))[1]

    def of_document(self, about: Mapping[str, str]) -> Actors:
        """These actors with “we” from what is known of a document's speaker or author, and “you” from its audience."""

        def voice(*fields: str) -> str:
            texts = [about.get(each, "") for each in fields]
            return next(
                (doer for text in texts for words, doer in self.voices if words.search(text)),
                "other",
            )

        return replace(
            self, we=self.we or voice("speaker", "author"), you=self.you or voice("audience")
        )


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
        isinstance(each, dict)
        and each.get("doer") in DOERS
        and isinstance(each.get("words"), list)
        and all(isinstance(word, str) and word.strip() for word in each["words"])
        for each in voices
    ):
        raise UnionError(
            f"{path.name} has no good 'voices': give each [[voices]] table a list of words and a doer."
        )
    found = [
        (
            re.compile(rf"\b(?:{'|'.join(map(re.escape, each['words']))})\b", re.IGNORECASE),
            each["doer"],
        )
        for each in voices
    ]
    return Actors({}, tuple(found)).plus(data.get("classes"), path.name)


def modal_clauses(
    document: Document, actors: Actors | Mapping[str, Any] | None = None
) -> pd.DataFrame:
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

    >>> from helpers.corpus.documents import load_corpus
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
    for id, words in _sentences(document_tokens(document)):
        found: list[dict[str, Any]] = []
        for first in range(0, len(words), _MOST_WORDS):
            found += _Sentence(words[first : first + _MOST_WORDS], document.text, actors, past).rows
        rows += [
            {"sentence": id, "paragraph": paragraphs[id], "nth": nth, **row}
            for nth, row in enumerate(found, 1)
        ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


@cache
def _chunker() -> Any:
    from nltk import RegexpParser

    return RegexpParser(_NOUN_PHRASES)


def _sentences(tokens: pd.DataFrame) -> Iterator[tuple[str, list[_Word]]]:
    """Sentence ids with their words; contractions that the tokenizer leaves whole are cut in two."""
    columns = (
        tokens[name].tolist() for name in ("sentence", "start", "end", "word", "lemma", "tag")
    )
    for id, rows in groupby(zip(*columns, strict=True), key=lambda row: row[0]):
        words: list[_Word] = []
        for _, start, end, text, lemma, tag in rows:
            low = text.lower().replace("’", "'")
            cut = _CONTRACTED.fullmatch(low)
            if cut and (cut[2][0] == "'" or cut[1] in _MODALS):
                middle, tags = (
                    start + cut.end(1),
                    ("VM0", "XX0") if cut[2][0] == "n" else ("PNP", "VM0"),
                )
                words.append(_Word(start, middle, text[: cut.end(1)], cut[1], cut[1], tags[0]))
                words.append(_Word(middle, end, text[cut.end(1) :], cut[2], cut[2], tags[1]))
            else:
                words.append(_Word(start, end, text, low, lemma.lower(), _MARKS.get(low, tag)))
        modal_seen = False
        for i, word in enumerate(words):
            on = next((each for each in words[i + 1 : i + 6] if each.tag not in _ADVERBS), _NO_WORD)
            if word.low == "'d" and words[i + 1 : i + 2] and words[i + 1].low == "better":
                word.tag = "VHD"
            _mend(word, words[i - 1] if i else _NO_WORD, on)
            modal_seen = modal_seen or word.tag == "VM0"
            if word.tag == "NN1" and modal_seen and _is_verb(words, i, on):
                word.tag = "VVI"
        yield id, words


def _mend(word: _Word, back: _Word, on: _Word) -> None:
    """Correct a tag that the tagger is known to get wrong; ``on`` is the next word that is no adverb."""
    low, tag = word.low, word.tag
    if low in _MODALS:
        if back.tag in ("AT0", "DPS", "POS", "TO0"):
            word.tag = "NN1" if tag == "VM0" else tag
            return
        after = (
            back.tag in ("NN2", "NP0", "PNP", "PNI", "PNQ")
            and word.text != "May"
            and on.tag in ("NN1", "AJ0", "XX0")
        )
        if after or low in _SURE or (low[0] != "'" and on.tag in _BARE and back.tag[:2] != "AJ"):
            word.tag = "VM0"
    elif (
        tag == "AJ0"
        and word.text[0].isupper()
        and back.text[:1].isupper()
        and back.tag in ("NN1", "NP0")
    ):
        word.tag = "NP0"  # the Party Central Committee
    elif tag == "VM0":
        word.tag = "VVB"  # need, dare
    elif low == "'" and back.low.endswith("s") and back.end == word.start:
        word.tag = "POS"
    elif tag == "PNP" and low.endswith(("self", "selves")):
        word.tag = "PNX"
    elif low == "that" and back.tag[:2] in ("NN", "NP") and on.tag in _VERBS:
        word.tag = "PNQ"
    elif low == "that" and tag == "DT0" and on.tag in ("AT0", "DPS", "PNP"):
        word.tag = "CJT"
    elif low == "trade" and on.low.startswith("union"):
        word.tag, back.tag = "NN1", "PRP" if back.tag == "TO0" else back.tag
    elif low in ("whatever", "whichever") and back.tag == "PRP":
        word.tag = "DT0"
    elif low == "do" and tag[:2] == "NN":
        word.tag = "VDI"


def _is_verb(words: list[_Word], i: int, on: _Word) -> bool:
    """Whether what is tagged a noun may be a verb coordinated under a modal: “set an example and *share* hardships”."""
    k = next((k for k in range(i - 1, -1, -1) if words[k].tag not in _ADVERBS), 0)
    tag, adverb = words[k].tag, k < i - 1
    if tag not in ("CJC", ",", "VM0", "TO0"):
        return False
    if on.tag in ("AT0", "DPS", "DT0") or on.low in ("them", "us", "him", "me"):
        return True
    if tag in ("VM0", "TO0") or on.tag not in ("NN2", ".", ",", "CJC", "PRP"):
        return False
    k -= k > 0 and words[k - 1].tag == ","
    determiner = next(
        (
            words[j].low
            for j in range(k - 1, max(-1, k - 4), -1)
            if words[j].tag[:2] not in ("NN", "AJ")
        ),
        "",
    )
    apart = (
        words[k - 1].tag[:1] == "V"
        or words[k - 1].tag in (*_ADVERBS, "PNP", "PNX")
        or determiner in ("a", "an", "every", "each")
    )
    if not (apart or (adverb and tag == "CJC")):
        return False
    likely = dict(tools()[1].tag_word(words[i].low, cutoff=9))
    return "VVI" in likely and likely["VVI"] > likely.get("NN1", -99) - 1.5


class _Sentence:
    """One sentence, read from left to right; ``rows`` are its modal clauses. Places are numbers of words."""

    def __init__(
        self, words: list[_Word], text: str, actors: Actors, past: deque[list[tuple[str, _Phrase]]]
    ) -> None:
        self.words, self.text, self.actors, self.past = words, text, actors, past
        self.rows: list[dict[str, Any]] = []
        self.clauses: list[_Clause] = []
        self.seen: list[_Noun] = []
        self.stack, self.quoted, self.left = (
            [_Clause("main")],
            0,
            None,
        )  # left: a row whose verb is still to come
        self.tags, self.lows = (
            [getattr(word, name) for word in words] + [""] * 50 for name in ("tag", "low")
        )  # no place is outside
        self.shouted = 2 * sum(word.text.isupper() for word in words) > sum(
            word.text.isalpha() for word in words
        )
        self.nouns: dict[int, _Noun] = {}
        self._chunk()
        i = 0
        while i < len(words):
            i = self._step(i)
        self._finish()

    def _back(self, i: int) -> int:
        """The last place before ``i`` that is no adverb."""
        return next(k for k in range(i - 1, -2, -1) if self.tags[k] not in _ADVERBS)

    def _on(self, i: int) -> int:
        """The first place from ``i`` on that is no adverb, nor the “all” of “they all”."""
        while self.tags[i] in _ADVERBS or (
            self.lows[i] in _FLOATING and self.tags[i - 1] in ("VM0", "PNP")
        ):
            i += 1
        return i

    def _chunk(self) -> None:
        """Find the noun phrases; tell whether “as”, “than” and their like are prepositions or conjunctions here."""
        i = 0
        for part in (
            _chunker().parse([(word.text, word.tag) for word in self.words]) if self.words else ()
        ):
            size = len(part) if hasattr(part, "label") else 1
            if hasattr(part, "label"):
                self.nouns[i] = _Noun(i, i + size)
            i += size
        for i, low in enumerate(self.lows):
            if low in _EITHER and self.tags[i] in ("CJS", "PRP", "AV0"):
                j = first = self._on(i + 1)
                while j in self.nouns:
                    j = self._on(self.nouns[j].stop)
                    j += self.tags[j] in ("PRF", "PRP", "CJC") and j + 1 in self.nouns
                clause = self.tags[j] in _VERBS | _BARE and (j > first or low == "as")
                self.tags[i] = "CJS" if clause else "PRP" if self.tags[i] == "CJS" else self.tags[i]

    def _step(self, i: int) -> int:
        """Read on from place ``i``; the place to read next."""
        tag, top, on = self.tags[i], self.stack[-1], self._on(i + 1)
        if i in self.nouns:
            return self._noun(self.nouns[i])
        if tag == "VM0":
            return self._modal(i)
        objects = top.after if top.after and top.after[-1].stop == i else []
        if tag == "TO0" and self.tags[on] in _BARE:
            self._infinitive(on, objects)
            return on + 1
        if tag in ("PNQ", "DTQ", "CJT", "CJS", "AVQ"):
            self._open(i)
        elif tag in (".", ":"):
            self.stack = self.stack[: self.quoted] or [_Clause("main", i)]
        elif tag == "PUQ":
            self.stack = self.stack[: self.quoted] or self.stack
            self.quoted = 0 if self.quoted else len(self.stack)
        elif tag in _BARE and objects and top.verb in _CAUSING:
            self._infinitive(i, objects)
        elif tag[:1] == "V" and not self._coordinated(i):
            waits = top.verb is None and bool(top.before)
            zero = (
                waits
                and top.antecedent is not None
                and top.pronoun is None
                and top.before[-1].stop == i
            )
            if (tag in _VERBS or zero or (waits and tag in _BARE)) and (clause := self._settle(i)):
                clause.verb, clause.form = (
                    self.words[i].lemma,
                    "bare" if tag in _BARE | {"VBB"} else "",
                )
                self.clauses.append(clause)
            elif (
                tag not in _VERBS
                and self.tags[self._back(i)][:2] in ("VB", "VH")
                and top.verb is not None
            ):
                top.verb = self.words[i].lemma
        return i + 1

    def _infinitive(self, i: int, objects: list[_Noun]) -> None:
        """An infinitive, with the object before it as its subject: “teach *the members* to …”."""
        clause = _Clause("to", i, self.stack[-1], verb=self.words[i].lemma, form="bare")
        self.stack.append(clause)
        if objects and not objects[-1].governed:
            k = len(objects) - 1
            while k and objects[k].joined and objects[k].start == objects[k - 1].stop + 1:
                k -= 1
            clause.subject = self._phrase(objects[k], i)
            self.clauses.append(clause)

    def _noun(self, noun: _Noun) -> int:
        """A noun phrase: a subject if it stands before a verb, an object or the next subject if after it."""
        before, low, top = self._back(noun.start), self.lows[noun.start], self.stack[-1]
        tag, last = self.tags[before], self.seen[-1] if self.seen else _Noun(-9, -9)
        touching = last.stop == noun.start
        if touching and low in _FLOATING and self.lows[noun.stop] != "of":
            return noun.stop
        noun.joined = tag == "CJC"
        noun.comma = "," in (tag, self.tags[before - 1] if noun.joined else "")
        if tag in _GOVERNORS or (tag == "VVN" and top.verb is None):
            noun.governed = tag
        elif (
            last.stop == before
            if noun.joined
            else touching and last.governed[:1] == "V" and low not in _NOMINATIVE
        ):
            noun.governed = last.governed
        elif top.verb is None and not top.before and self.words[noun.stop - 1].lemma in _TIMES:
            noun.governed = (
                "" if self.tags[self._on(noun.stop)] in _VERBS | {"PRF"} else "time"
            )  # this year the union …
        if not noun.governed or (noun.joined and top.verb is not None):
            apart = (
                self.tags[self._on(top.at)][:2] in ("AJ", "VV") and low in _NOMINATIVE
            )  # aware of the task *they* face
            if (
                touching
                and top.verb is None
                and (top.before or apart)
                and self.lows[last.start] not in ("we", "you")
            ):
                self.stack.append(
                    top := _Clause("relative", noun.start, top, antecedent=last)
                )  # the members *the firm* sacked
            (top.before if top.verb is None else top.after).append(noun)
        self.seen.append(noun)
        return noun.stop

    def _open(self, i: int) -> None:
        """A relative pronoun or a conjunction opens a clause."""
        low, tag, before = self.lows[i], self.tags[i], self.tags[self._back(i)]
        last = (
            self.seen[-1]
            if self.seen and self._back(i) - self.seen[-1].stop <= (before in (",", "CJC", "PRP"))
            else None
        )
        as_may = low == "as" and self.tags[i + 1] == "VM0"  # such funds as may be needed
        relative = last and (
            as_may or low in ("who", "whom", "which", "whose") or (low == "that" and tag == "PNQ")
        )
        kind = "relative" if relative else "that" if low == "that" else "when"
        ended = ("to", kind, "relative") if before == "CJC" else ()
        while (
            len(self.stack) > 1 and self.stack[-1].kind in ended and self.stack[-1].verb is not None
        ):
            closed = self.stack.pop()
            if closed.kind == kind:
                last = closed.antecedent or last
                break
        if kind == "that" and before == "," and len(self.stack) > 1 and self.stack[-1].verb is None:
            self.stack.pop()
        subject = (
            i if (as_may or tag in ("PNQ", "DTQ")) and low != "whom" and before != "PRP" else None
        )
        self.stack.append(
            _Clause(kind, i, self.stack[-1], subject, last if relative or low == "that" else None)
        )

    def _settle(self, i: int) -> _Clause | None:
        """The clause of the finite verb at ``i``, on top of the stack, with its subject; none where the tagger must be wrong."""
        before, top = self._back(i), self.stack[-1]
        joined, comma = self.tags[before] == "CJC", self.tags[before] == ","
        waiting = next(
            (
                each
                for each in reversed(self.stack)
                if each.verb is None and (each.before or each.pronoun is not None)
            ),
            None,
        )
        waiting = (self._interrupted(i) if comma else None) or waiting
        fresh = self._fresh(top, i) if top.verb is not None and not joined and not comma else None
        own = (
            fresh
            and not fresh.comma
            and (  # a clause of its own, whatever else waits for its verb
                top.verb in _SAYING
                or self.lows[fresh.start] in _NOMINATIVE
                or (fresh.joined and top.kind == "that")
            )
        )
        if (
            waiting is None
            and not comma
            and not joined
            and not (fresh and (fresh.comma or own))
            and self._free(before)
        ):
            return self.stack[-1]
        if top.verb is None and top.at == i - 1 and top.kind != "main" and waiting is not top:
            return top
        if waiting is not None and not own and not (joined and top.verb is not None):
            return self._take(waiting, i)
        if fresh is None and not joined:
            fresh = self._resumed(i, comma)
        if fresh is None:
            return self._share(i, joined, comma or (joined and self.tags[before - 1] == ","))
        empty = next((each for each in reversed(self.stack) if each.verb is None), None)
        if waiting is None and empty is not None and (fresh.comma or top.verb not in _SAYING):
            empty.before.append(fresh)
            return self._take(empty, i)
        return self._beside(fresh, i)

    def _interrupted(self, i: int) -> _Clause | None:
        """The clause whose parenthesis a comma before ``i`` ends: after its first noun phrase stands another comma."""
        outside = (each for each in reversed(self.stack) if each.verb is None and each.before)
        return next(
            (
                each
                for each in outside
                if self._back(i) > (k := self._span(each.before[0], i)) and self.tags[k] == ","
            ),
            None,
        )

    def _resumed(self, i: int, comma: bool) -> _Noun | None:
        """The next subject where a relative clause or a parenthesis parts it from its verb: “and *those* who join will …”."""
        empty = comma and any(each.verb is None for each in self.stack)
        for k in range(len(self.stack) - 1, -1, -1):
            inner = (
                self.stack[k + 1].at
                if k + 1 < len(self.stack) and self.stack[k + 1].kind == "relative"
                else -1
            )
            for noun in self.stack[k].after:
                end = (
                    self._span(noun, i) if (noun.comma or noun.joined) and not noun.governed else -2
                )
                if end == inner or (empty and 0 <= end < self._back(i) and self.tags[end] == ","):
                    del self.stack[k + 1 :]
                    return noun
        return None

    def _free(self, before: int) -> bool:
        """Whether the subject is a clause, up to place ``before``: “*Whoever joins* will …”, “*Doing this* will …”."""
        inner = next(
            (
                each
                for each in self.stack[1:]
                if each.kind == "when" and each.pronoun is not None and each.verb is not None
            ),
            None,
        )
        clause = inner.parent if inner and inner.parent else self.stack[-1]
        start = inner.at if inner else self._on(clause.at + (clause.at > 0))
        if (
            clause not in self.stack
            or clause.verb is not None
            or not (inner or self.tags[start] in ("VVG", "VDG", "VHG", "VBG"))
        ):
            return False
        del self.stack[self.stack.index(clause) + 1 :]
        clause.subject = _Phrase(
            self.text[self.words[start].start : self.words[before].end], self.lows[start]
        )
        return True

    def _take(self, clause: _Clause, i: int) -> _Clause:
        """A clause that was waiting for its verb, which stands at ``i``."""
        del self.stack[self.stack.index(clause) + 1 :]
        nouns, listed, k = clause.before, False, 0
        if not nouns:
            clause.subject = self._phrase(_Noun(clause.pronoun or 0, (clause.pronoun or 0) + 1), i)
            return clause
        if self.tags[self._back(i)] != ",":
            k = max(
                (k for k, noun in enumerate(nouns) if noun.comma and not noun.joined), default=0
            )
            listed = (
                k > 0
                and any(noun.joined for noun in nouns[k:])
                and self.lows[nouns[k].start] not in _NOMINATIVE
            )
        clause.subject = self._phrase(nouns[0 if listed else k], i, listed)
        return clause

    def _beside(self, noun: _Noun, i: int) -> _Clause:
        """A new clause whose subject stands after the verb of the last: beside that after “and” or a comma, else under it."""
        kind, parent = "that", self.stack[-1]
        if noun.joined or noun.comma:
            while len(self.stack) > 1 and self.stack[-1].kind == "to":
                self.stack.pop()
            closed = self.stack.pop()
            kind, parent = closed.kind, closed.parent
        self.stack.append(_Clause(kind, noun.start, parent, subject=self._phrase(noun, i)))
        return self.stack[-1]

    def _share(self, i: int, joined: bool, comma: bool) -> _Clause | None:
        """A clause that shares the subject of one before."""
        modal = _MODALS.get(self.lows[i]) if self.tags[i] == "VM0" else None
        known = [
            each for each in reversed(self.stack) if each.verb is not None and each.kind != "to"
        ] or self.clauses[-1:]
        if not modal and not (joined and known):
            return None
        if not known:
            return self._beside(self.seen[-1], i) if self.seen else self.stack[-1]
        chosen = known[0]
        if modal:  # the same modal again, or any after a relative clause
            rows = [each for each in known if each.row]
            alike = [each for each in rows if each.row["modal"] == modal]
            chosen = (alike or (rows if comma and chosen.kind == "relative" else []) or [chosen])[0]
        if chosen in self.stack:
            del self.stack[self.stack.index(chosen) :]
        self.stack.append(
            replace(chosen, at=i, shared=chosen, before=[], after=[], row=None, verb=None)
        )
        return self.stack[-1]

    def _fresh(self, clause: _Clause, i: int) -> _Noun | None:
        """Of the noun phrases after a verb, the one that may be the next subject: after the last comma, or after “and”."""
        nouns = [
            noun
            for noun in clause.after
            if not noun.governed or self._span(noun, i) > self._back(i)
        ]
        if not nouns or self.lows[nouns[-1].start] in _NOMINATIVE:
            return nouns[-1] if nouns else None
        if any(noun.comma for noun in nouns):
            return next(noun for noun in reversed(nouns) if noun.comma)
        k = next((k for k in reversed(range(len(nouns))) if nouns[k].joined), len(nouns) - 1)
        return nouns[k - 1] if k > 0 and nouns[k].joined and nouns[k - 1].joined else nouns[k]

    def _span(self, noun: _Noun, limit: int, listed: bool = False) -> int:
        """Where a noun phrase with its prepositional phrases ends: before a relative clause, a participle or a comma."""
        k, linked = noun.stop, False
        while k < limit:
            tag, back = self.tags[k], self.tags[k - 1]
            if linked and k in self.nouns:
                k, linked = self.nouns[k].stop, False
                continue
            gerund = (
                tag[:1] == "V" and tag in _GOVERNORS and back in {"PRP", "PRF", "CJC"} | _ADVERBS
            )
            infinitive = (tag == "TO0" and self.tags[k + 1] != "VBI") or (
                tag in _BARE and back == "TO0"
            )
            if not (
                gerund
                or infinitive
                or tag in {"PRF", "PRP", "CJC"} | _ADVERBS
                or (listed and tag == ",")
            ):
                break
            linked, k = linked or tag not in _ADVERBS, k + 1
        while k > noun.stop and self.tags[k - 1] in {"CJC", "PRP", "PRF", "TO0", ","} | _ADVERBS:
            k -= 1
        return k

    def _phrase(self, noun: _Noun, limit: int, listed: bool = False) -> _Phrase:
        """A noun phrase with what belongs to it, up to place ``limit``."""
        if self.tags[noun.start] == "EX0":
            return _Phrase(pronoun="there")
        stop, words = self._span(noun, limit, listed), self.words[noun.start : noun.stop]
        first, last = words[0], words[-1]
        head = next((word for word in reversed(words) if word.tag[:2] in ("NN", "NP")), last)
        pronoun = (
            first.low
            if len(words) == 1
            and self.tags[noun.start] in ("PNP", "PNQ", "DTQ", "DT0", "CJT", "CJS")
            else ""
        )
        of = next((k for k in range(noun.stop, stop) if self.tags[k] in ("CJC", "PRP", ",")), stop)
        base = next((k for k in range(noun.stop, stop) if self.tags[k] == "PRP"), stop)
        others = {form for word in self.words[noun.start : of] for form in (word.low, word.lemma)}
        doer = (
            self.actors.we
            if pronoun in ("i", "we")
            else self.actors.you
            if pronoun == "you"
            else "other"
        )
        if not pronoun:
            doer = next(
                (
                    found
                    for form in (head.lemma, head.low)
                    if (found := self.actors.doer_of(form, others)) != "other"
                ),
                "other",
            )
        if (
            doer == "other"
            and head.low in _PARTS
            and self.tags[noun.stop] == "PRF"
            and noun.stop + 1 in self.nouns
        ):
            doer = self._phrase(self.nouns[noun.stop + 1], stop).doer
        several = any(
            self.tags[k] == "CJC" and k + 1 in self.nouns for k in range(noun.stop, of + 1)
        )
        begin = self.words[noun.start - (self.lows[noun.start - 1] in ("whose", "even"))].start
        return _Phrase(
            text=self.text[begin : self.words[stop - 1].end],
            head=head.text
            if head.text.isupper() and len(head.text) > 1 and not self.shouted
            else head.low,
            plural=several or head.tag == "NN2" or head.low in _PLURAL,
            doer=doer,
            pronoun=pronoun,
            base=self.text[begin : self.words[base - 1].end],
            negative=first.low in _NEGATIVE or self.lows[noun.start - 1] in ("neither", "not"),
        )

    def _inverted(self, i: int) -> _Noun | None:
        """The subject if it stands after the modal at ``i``: “Only then can we …”, “Will the union …?”."""
        noun = self.nouns.get(i + 1 + (self.tags[i + 1] == "XX0"))
        if noun is None:
            return None
        after, low = self.tags[self._on(self._span(noun, len(self.words)))], self.lows[noun.start]
        waiting = any(each.verb is None and each.before for each in self.stack)
        pronoun = low in _NOMINATIVE or (low in ("you", "it", "there") and not waiting)
        if after in (".", ",", "PUQ", "CJC", ""):
            return noun if pronoun or self.lows[i - 1] in ("so", "nor", "neither") else None
        before = self.tags[self._back(i)]
        free = (
            not waiting
            and before not in ("CJC", ",")
            and any(each.verb is None for each in self.stack)
        )
        free = (
            free
            or pronoun
            or before in ("", "AVQ", "PUQ")
            or self.lows[i - 1] in ("nor", "neither")
        )
        return noun if free and after in _BARE else None

    def _modal(self, i: int) -> int:
        """A modal auxiliary: its clause, subject and verb; the place to read next."""
        noun, word, size = self._inverted(i), self.words[i], len(self.words)
        if noun is not None and self.stack[-1].verb is not None:
            self.stack.append(_Clause("main", i))
        clause = (self._settle(i) if noun is None else None) or self.stack[-1]
        if noun is not None:
            clause.subject = self._phrase(noun, size)
        main, passive, form, negated = self._predicate(i, self._span(noun, size) if noun else i + 1)
        if noun is not None:
            fronted = self.lows[max(0, i - 6) : i + 1 + (self.tags[i + 1] == "XX0")]
            negated = negated or (
                not _NEGATIVE.isdisjoint(fronted)
                and _MERELY.isdisjoint(fronted)
                and "until" not in fronted
            )
        there_is_no = (
            clause.subject.pronoun == "there" and main is not None and self.lows[main + 1] == "no"
        )
        negated = negated or clause.subject.negative or there_is_no
        verb = self._supplied(i) if main is None else self._lemma(main)
        row: dict[str, Any] = {
            "start": word.start,
            "end": word.end,
            "modal": _MODALS[word.low],
            "negated": negated,
            "passive": passive,
            "verb": verb,
            "verbs": [verb],
            "agent": self._agent(main + 1) if passive and main is not None else "",
        }
        if self.left and (
            self.tags[self._back(i)] in ("CJC", ",") or not self.left["verb"]
        ):  # can and will
            self.left.update({name: row[name] for name in ("verb", "verbs", "passive", "agent")})
        self.left = (
            row
            if not verb or (main is None and self.tags[self._on(i + 1)] in ("CJC", ","))
            else None
        )
        clause.verb, clause.form, clause.row = verb, form, row
        self.clauses.append(clause)
        self.rows.append(row)
        return i + 1 if main is None else main + 1

    def _predicate(self, i: int, k: int) -> tuple[int | None, bool, str, bool]:
        """From ``k``, for the modal at ``i``: where its main verb stands, whether passive, the form of its like, whether negated."""
        negated, direct = False, self._on(i + 1)
        for _ in range(30):
            low, tag, next_low = self.lows[k], self.tags[k], self.lows[k + 1]
            negated = negated or (
                low in _NEGATIVE and next_low not in _MERELY and tag in ("XX0", "AV0", "AT0", "CJC")
            )
            between = (
                tag == "CJC" and self.tags[k - 1] in _ADVERBS and self.tags[k + 1] in _ADVERBS
            )  # fully *and* freely
            ought = tag == "TO0" and self.lows[i] == "ought"
            if (
                tag in _ADVERBS
                or tag == "PNX"
                or low in _FLOATING
                or (low, next_low) == ("no", "longer")
                or between
                or ought
            ):
                k += 1
            elif tag == "," and (close := self._closing(k)):
                k = direct = close + 1
            elif ahead := self._ahead(k):
                negated, k = negated or next_low == "no", ahead
            else:
                break
        mistagged = tag in ("NN1", "AJ0", "NN0", "NP0") and k == self._on(direct)
        if not mistagged and (tag[:1] != "V" or tag == "VM0"):
            return None, False, "", negated
        on, form = self._on(k + 1), "bare"
        if self.words[k].lemma == "have" and self.tags[on] in ("VBN", "VVN", "VVD", "VHN", "VDN"):
            negated = negated or not _NEGATIVE.isdisjoint(self.lows[k + 1 : on])
            k, on, form = on, self._on(on + 1), "VVN"
        if self.words[k].lemma == "be":
            negated = negated or (
                not _NEGATIVE.isdisjoint(self.lows[k + 1 : on])
                and _MERELY.isdisjoint(self.lows[k + 1 : on])
            )
            on = self._on(on + 1) if self.tags[on] == "VBG" else on
            if self._participle(on):
                return on, True, "VVN", negated
            if self.tags[on] in ("VVG", "VDG", "VHG"):
                return on, False, "VVG", negated
        return k, False, form, negated

    def _closing(self, k: int) -> int:
        """Where the parenthesis ends that a comma at ``k`` opens between modal and verb; 0 where it does not."""
        after = {
            j: self.tags[self._on(j + 1)]
            for j in range(k + 1, min(k + 40, len(self.words)))
            if self.tags[j] == ","
        }
        verbs = [j for j, tag in after.items() if tag[:1] == "V" and tag != "VM0"]
        return (verbs or [j for j, tag in after.items() if tag == "NN1"] or [0])[0]

    def _ahead(self, k: int) -> int:
        """Where the verb stands after a few words that are no adverbs: “must *first of all* acquire”; 0 where there is none."""
        if self.tags[k] not in ("PRP", "ORD", "CRD", "AT0", "DT0"):
            return 0
        end = next(
            (
                j
                for j in range(k + 1, k + 12)
                if self.tags[j] in _VERBS | _BARE | {"PNP", ",", ".", ":", ""}
            ),
            0,
        )
        return end if self.tags[end] in _BARE else 0

    def _participle(self, k: int) -> bool:
        """Whether the word after “be” makes a passive, and is no adjective."""
        tag, low, on = self.tags[k], self.lows[k], self._on(k + 1)
        like_adjective = (
            tag == "AJ0" and low.endswith("ed") and "-" not in low and k not in self.nouns
        )
        if low.startswith(("well-", "ill-", "self-", "half-")) or not (
            like_adjective or tag in ("VVN", "VVD", "VDN", "VHN")
        ):
            return False
        return (
            low not in _STATES
            or self.lows[on] == "by"
            or (tag != "AJ0" and self.tags[on] not in ("TO0", "CJT"))
        )

    def _lemma(self, k: int) -> str:
        """The lemma of a verb, which the tagger may have taken for an adjective."""
        word = self.words[k]
        return (
            word.lemma if word.tag != "AJ0" else tools()[1].analyze(word.low, pos="VVN")[0].lower()
        )

    def _supplied(self, i: int) -> str:
        """The verb that a modal without one repeats: the nearest before it."""
        verbs = (
            k
            for k in range(i - 1, max(-1, i - 60), -1)
            if self.tags[k][:1] == "V" and self.tags[k] != "VM0"
        )
        return next((self.words[k].lemma for k in verbs), "")

    def _agent(self, start: int) -> str:
        """Who it is done by: what stands after “by”, if that is no way, means or time."""
        for k in range(start, len(self.words)):
            if self.lows[k] == "by" and (noun := self.nouns.get(k + 1)):
                phrase, first, last = (
                    self._phrase(noun, len(self.words)),
                    self.tags[noun.start],
                    self.words[noun.stop - 1],
                )
                means = (
                    first in ("NN1", "AJ0")
                    and last.tag == "NN1"
                    and phrase.doer == "other"
                    and last.text.islower()
                )
                if not means and last.lemma not in _MEANS and last.tag not in ("CRD", "PNX"):
                    return phrase.base
            elif (
                self.tags[k] in (".", ":", ",", "CJS", "CJT", "PNQ", "DTQ", "TO0")
                or self.tags[k][:1] == "V"
            ):
                break
        return ""

    def _coordinated(self, i: int) -> bool:
        """Whether the verb at ``i`` is coordinated with one before, whose clause then is the open one again."""
        before, tag = self._back(i), self.tags[i]
        alone = self.tags[before] == ","
        if self.tags[before] not in ("CJC", ",") or (
            alone and (self.stack[0].verb is None or self._interrupted(i))
        ):
            return False
        form = "bare" if tag in _BARE else {"VVD": "VVN"}.get(tag, tag)
        fitting = [
            each
            for each in reversed(self.stack)
            if each.verb is not None and (each.form == form or (form == "bare" and each.row))
        ]
        if form != "bare":
            series = any(
                self.tags[k] == "CJC" and self.tags[self._on(k + 1)] == tag
                for k in range(i + 1, min(i + 40, len(self.words)))
            )
            nearest = next((each for each in reversed(self.stack) if each.kind != "to"), None)
            fitting = [
                each for each in fitting if each is nearest and each.row and (series or not alone)
            ]
        if not fitting:
            return False
        chosen = fitting[0]
        if chosen.kind == "relative" and not chosen.row and (alone or self.tags[before - 1] == ","):
            chosen = next((each for each in fitting[1:] if each.row), chosen)
        del self.stack[self.stack.index(chosen) + 1 :]
        if chosen.row:
            main = self._predicate(i, i)[0] if tag == "VBI" else i
            chosen.row["verbs"].append(self._lemma(i if main is None else main))
        return True

    def _finish(self) -> None:
        """Fill in what the subjects stand for, and remember who was spoken of."""
        for clause in self.clauses:
            clause.resolved = clause.shared.resolved if clause.shared else self._resolved(clause)
            if clause.row:
                subject, resolved = clause.subject, clause.resolved
                clause.row |= {
                    "subject": subject.text,
                    "head": subject.head,
                    "resolved": resolved.text,
                    "doer": resolved.doer,
                }
        for row in self.rows:
            row["verbs"] = tuple(row["verbs"])
        said = [
            ("main" if clause.kind == "main" else "sub", clause.resolved) for clause in self.clauses
        ]
        first = next((k for k, (kind, _) in enumerate(said) if kind == "main"), -1)
        topic = [
            clause.resolved
            for clause in self.clauses[: first + 1]
            if clause.subject.pronoun == "they"
        ]
        said += [
            ("main", each) for each in topic[:1]
        ]  # whom “they” meant they are likely to mean again
        for noun in self.seen:
            if not noun.joined:
                limit = next(
                    (k for k in range(noun.stop, len(self.words)) if self.tags[k] == "TO0"),
                    len(self.words),
                )
                said.append(
                    ("noun" if noun.governed[:1] == "P" else "object", self._phrase(noun, limit))
                )
        self.past.append(said)

    def _resolved(self, clause: _Clause) -> _Phrase:
        """What the subject of a clause stands for."""
        subject = clause.subject
        if clause.pronoun is not None and not clause.before and clause.antecedent is not None:
            return self._phrase(clause.antecedent, clause.pronoun)
        if subject.pronoun == "they":
            return self._antecedent(clause, True) or subject
        if subject.pronoun in ("he", "she"):
            return self._antecedent(clause, False, ("members", "party", "union")) or subject
        if subject.pronoun == "it" and not self._anticipates(clause):
            return self._antecedent(clause, False) or subject
        before = [(kind, each) for said in reversed(self.past) for kind, each in said]
        if subject.plural and re.fullmatch("(?:these|those|such) [a-z]+", subject.text.lower()):
            named = (
                each
                for _, each in before
                if each.head == subject.head and " " in each.text and each.text != subject.text
            )
            return next(named, subject)
        if subject.head == "those" and subject.text.lower() != "those":  # those in the north
            known = next(
                (each for kind, each in before if kind == "main" and each.doer != "other"), None
            )
            return (
                replace(subject, text=known.base + subject.text[5:], doer=known.doer)
                if known
                else subject
            )
        return subject

    def _anticipates(self, clause: _Clause) -> bool:
        """Whether “it” only points ahead: “It should be a rule to …”."""
        if (
            clause.verb not in ("be", "consider", "seem", "take", "remember", "note")
            or not clause.row
        ):
            return False
        return any(
            self.tags[k] in ("TO0", "CJT") and self.tags[k - 1][:2] in ("NN", "AJ")
            for k in range(clause.at, len(self.words))
        )

    def _antecedent(
        self, clause: _Clause, plural: bool, doers: Collection[str] = DOERS
    ) -> _Phrase | None:
        """The nearest phrase that fits a pronoun: subjects of clauses around and before, then of the sentences before."""
        parent, before = clause.parent, list(reversed(self.clauses[: self.clauses.index(clause)]))
        disjoint = (
            plural
            and clause.kind == "that"
            and parent
            and parent.verb in _ENSURING
            and parent.subject.pronoun == "they"
        )
        other = parent.resolved if parent and disjoint else None
        around = []
        while parent is not None:
            around.append(parent)
            parent = parent.parent
        known: list[_Phrase] = []
        for each in around + [each for each in before if each not in around]:
            objects = [
                noun
                for noun in reversed(each.after)
                if noun.start < clause.at and not noun.governed
            ]
            objects = [
                noun for noun in objects if noun.stop < clause.at or self.lows[clause.at] == "that"
            ]
            known += [each.resolved, *(self._phrase(noun, clause.at) for noun in objects)]
        if not plural:
            known += [
                self._phrase(noun, clause.at)
                for noun in reversed(self.seen)
                if noun.stop <= clause.at
            ]
        elif (
            clause.row and clause.row["passive"] and self.past
        ):  # to whom something was done, something is done
            known += [
                each
                for kind, each in reversed(self.past[-1])
                if kind == "object" and ("main", each) not in self.past[-1]
            ]
        for wanted in ("main", "sub", "object noun"):
            known += [
                each
                for said in reversed(self.past)
                for kind, each in reversed(said)
                if kind in wanted
            ]
        fitting = [
            each
            for each in known
            if each.text and not each.pronoun and each.plural == plural and each.doer in doers
        ]
        fitting = [each for each in fitting if not other or each.doer != other.doer]
        actors = [each for each in fitting if each.doer != "other"] if plural else fitting
        return (actors or fitting or [other])[0]
