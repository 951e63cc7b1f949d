"""Modal clauses: who will, should or must do what.

Words come with parts of speech (:func:`document_tokens`). Rules mend some of these, and NLTK's ``RegexpParser`` finds noun
phrases and verb groups: both stand in ``clauses.toml``. Then each sentence is read once from left to right, with a stack
of the clauses that are still open, as a reader keeps them in mind. It is all rules, and so it errs.
"""

import re
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pandas as pd
from nltk import RegexpParser

from helpers.corpus.documents import Document
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml
from helpers.words.tokens import document_tokens, tools

DOERS = ("union", "members", "party", "state", "other")
MODALS = ("will", "would", "shall", "should", "can", "could", "may", "might", "must", "ought")
ACTORS = read_toml(Path(__file__).with_name("actors.toml"))
GRAMMAR = read_toml(Path(__file__).with_name("clauses.toml"))

_COLUMNS = {
    "sentence": "str",
    **dict.fromkeys(["paragraph", "start", "end", "nth"], "int64"),
    "modal": "str",
    **dict.fromkeys(["negated", "passive"], "bool"),
    **dict.fromkeys(["subject", "head", "resolved", "doer", "agent", "verb"], "str"),
    "verbs": "object",
}
_MOST_WORDS = 200  # a longer sentence is read in parts
_SENTENCES_BACK = 8  # in which a pronoun is looked up
_PARSER = RegexpParser(GRAMMAR["grammar"])
_LABEL = re.compile(GRAMMAR["label"], re.IGNORECASE)
_CONTRACTED = re.compile(r"([a-z]+)(n't|nt|'ll|'d)")
_MARKS = (
    dict.fromkeys([*",—–-()[]", "--"], ",") | dict.fromkeys(":;", ":") | dict.fromkeys(".?!", ".")
)
_MODALS = {modal: modal for modal in MODALS} | GRAMMAR["modals"]
_WORDS = {name: set(words.split()) for name, words in GRAMMAR.items() if isinstance(words, str)}


@dataclass(slots=True)
class _Word:
    start: int
    end: int
    text: str
    lemma: str
    tag: str


@dataclass(eq=False, slots=True)
class _Chunk:
    """A noun phrase, a verb group or a single word, with its place in the sentence."""

    label: str = ""
    words: tuple[_Word, ...] = (_Word(0, 0, "", "", ""),)
    at: int = -1
    governed: str = ""  # of a noun phrase: the tag of the preposition or verb that it belongs to
    comma: bool = False
    joined: bool = False  # by "and" or "or"

    @property
    def low(self) -> str:
        return self.words[0].text.lower()

    @property
    def tag(self) -> str:
        return self.words[0].tag


@dataclass(frozen=True, slots=True)
class _Phrase:
    """What may be a subject, in words."""

    text: str = ""
    head: str = ""
    doer: str = "other"
    plural: bool = False
    pronoun: str = ""
    negative: bool = False


@dataclass(eq=False, slots=True)
class _Clause:
    """A clause, with the noun phrases on each side of its verb; ``subject`` is as it stands, ``who`` what it stands for."""

    kind: str  # main, that, when, relative, to
    at: int = 0
    parent: "_Clause | None" = None
    pronoun: _Chunk | None = None
    antecedent: _Chunk | None = None
    before: list[_Chunk] = field(default_factory=list)
    after: list[_Chunk] = field(default_factory=list)
    subject: _Phrase = _Phrase()
    who: _Phrase = _Phrase()
    verb: str = ""
    row: dict[str, Any] | None = None


class _Actors:
    """Who acts: doers by the head and the other words of a phrase, and who “we” and “you” are."""

    def __init__(self, about: Mapping[str, str], more: Mapping[str, Any]) -> None:
        self.phrases: dict[str, dict[frozenset[str], str]] = {}
        for doer, listed in [*ACTORS["classes"].items(), *more.items()]:
            for *others, head in (each.casefold().split() for each in listed if doer in DOERS):
                self.phrases.setdefault(head, {})[frozenset(others)] = doer
        self.we = more.get("we") or _voice(about.get("speaker", ""), about.get("author", ""))
        self.you = more.get("you") or _voice(about.get("audience", ""))

    def doer(self, heads: Collection[str], words: Collection[str]) -> str:
        """The doer by the longest entry that fits the forms of a head and the words of its phrase."""
        entries = [entry for head in heads for entry in self.phrases.get(head, {}).items()]
        fitting = [(len(others), doer) for others, doer in entries if others.issubset(words)]
        return max(fitting, key=lambda each: each[0], default=(0, "other"))[1]


def _voice(*texts: str) -> str:
    """Who speaks or is spoken to, by what is known of a document."""
    for text in texts:
        for voice in ACTORS["voices"]:
            if re.search(rf"\b(?:{'|'.join(voice['words'])})\b", text, re.IGNORECASE):
                return voice["doer"]
    return "other"


def modal_clauses(document: Document, actors: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Who will, should or must do what: one row a modal auxiliary, in order.

    Columns: ``sentence`` (id), ``paragraph``, ``start`` and ``end`` of the modal in the clean text,
    ``nth`` modal of its sentence, ``modal`` (will, would, shall, should, can, could, may, might,
    must or ought), ``negated``, ``passive``, ``subject`` as it stands (empty for “there can be”),
    its ``head``, ``resolved`` (what a pronoun stands for, else the subject), ``doer`` (one of
    ``DOERS``: the class of ``resolved``, in a passive too), ``agent`` (who it is done by in a
    passive), ``verb`` and ``verbs`` (lemmas; all that are coordinated under the modal).

    ``actors`` adds to ``actors.toml``: lists of words or phrases by doer, and a doer for “we” and
    “you”; :class:`UnionError` for anything else. “Need”, “had better” and “have to” do not count.

    >>> from helpers.corpus.documents import load_corpus
    >>> table = modal_clauses(load_corpus()["kctu"])
    >>> table.loc[1, ["subject", "modal", "verb", "resolved", "doer"]].to_list()
    ['that', 'will', 'guarantee', 'a truly democratic society', 'state']
    """
    more = {} if actors is None else actors
    if not isinstance(more, Mapping) or not all(map(_is_good, more, more.values())):
        raise UnionError(
            f"Give actors as lists of words for {', '.join(DOERS)}, and one of these for “we” and "
            "“you”, such as {'union': ['league'], 'we': 'union'}."
        )
    known, past = _Actors(document.about, more), deque(maxlen=_SENTENCES_BACK)
    rows: list[dict[str, Any]] = []
    for id, words in _sentences(document):
        found: list[dict[str, Any]] = []
        for first in range(0, len(words), _MOST_WORDS):
            reader = _Reader(words[first : first + _MOST_WORDS], document.text, known, past)
            found += reader.read()
        place = {"sentence": id, "paragraph": document.sentences.at[id, "paragraph"]}
        rows += [{**place, "nth": nth, **row} for nth, row in enumerate(found, 1)]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _is_good(key: Any, value: Any) -> bool:
    if key in ("we", "you"):
        return value in DOERS
    words = value if isinstance(value, list | tuple) else [None]
    return key in DOERS and all(isinstance(each, str) and each.strip() for each in words)


def _sentences(document: Document) -> Iterator[tuple[str, list[_Word]]]:
    """Sentence ids with words: labels left out, contractions in two, tags mended."""
    tokens = document_tokens(document)
    columns = [tokens[name] for name in ("sentence", "start", "end", "word", "lemma", "tag")]
    for id, rows in groupby(zip(*columns, strict=True), key=lambda row: row[0]):
        start, sentence = document.sentences.loc[id, ["start", "text"]]
        label = _LABEL.match(sentence)
        words: list[_Word] = []
        for row in rows:
            word = _Word(*row[1:])
            low = word.text.lower().replace("’", "'")
            cut = _CONTRACTED.fullmatch(low)
            if label and word.start < start + label.end():
                continue
            if cut and (cut[2][0] == "'" or cut[1] in _MODALS):
                middle = word.start + cut.end(1)
                tags = ("VM0", "XX0") if cut[2][0] == "n" else ("PNP", "VM0")
                words.append(_Word(word.start, middle, word.text[: cut.end(1)], cut[1], tags[0]))
                word = _Word(middle, word.end, cut[2], cut[2], tags[1])
            word.tag = _MARKS.get(word.text, word.tag)
            word.lemma = word.lemma.lower()
            words.append(word)
        yield id, _mended(words)


@cache
def _rules(word: str) -> list[tuple[re.Pattern[str], re.Pattern[str], str]]:
    """The rules for a word with its tag: what must stand before and after, and the new tag."""
    adverbs, states = r"(?: \\S+/(?:AV0|AVP|XX0))*", GRAMMAR["states"].replace(" ", "|")
    found = []
    for before, pattern, after, tag in GRAMMAR["mend"]:
        if re.fullmatch(pattern.replace("STATES", f"(?:{states})"), word):
            parts = (f"(?:{before})$", f"(?:{after})")
            found.append((*(re.compile(re.sub("ADV", adverbs, each)) for each in parts), tag))
    return found


def _mended(words: list[_Word]) -> list[_Word]:
    """Words with their tags mended by the rules of ``clauses.toml``."""
    for i, word in enumerate(words):
        if rules := _rules(f"{word.text}/{word.tag}"):
            near = words[max(0, i - 30) : i], words[i + 1 : i + 31]
            before, after = ("".join(f" {each.text}/{each.tag}" for each in part) for part in near)
            fitting = (tag for a, b, tag in rules if a.search(before) and b.match(after))
            tag = next(fitting, word.tag)
            if tag == "VVN" and word.tag == "AJ0":
                word.lemma = tools()[1].analyze(word.text, pos=tag)[0].lower()
            word.tag = tag
    return words


class _Reader:
    """One sentence, read from left to right. Places are numbers of chunks."""

    def __init__(self, words: list[_Word], text: str, actors: _Actors, past: deque) -> None:
        self.words, self.text, self.actors, self.past = words, text, actors, past
        self.chunks: list[_Chunk] = []
        self.stack = [_Clause("main")]
        self.said: list[tuple[str, _Phrase]] = []  # who was spoken of, and how
        self.nouns: list[_Chunk] = []
        self.rows: list[dict[str, Any]] = []
        self.clauses: list[_Clause] = []
        self.waiting: list[_Clause] = []  # their modal still has no verb

    def read(self) -> list[dict[str, Any]]:
        """The modal clauses of the sentence."""
        i = 0
        for part in _PARSER.parse([(word.text, word.tag) for word in self.words]) or ():
            size = len(part.leaves()) if hasattr(part, "leaves") else 1
            label = part.label() if hasattr(part, "leaves") else self.words[i].tag
            self.chunks.append(_Chunk(label, tuple(self.words[i : i + size]), len(self.chunks)))
            i += size
        k = 0
        while k < len(self.chunks):
            k = self._step(self.chunks[k]) + 1
        self._supply()
        for noun in self.nouns:
            if not noun.joined:
                kind = "noun" if noun.governed else "object"
                self.said.append((kind, self._phrase(noun)))
        self.past.append(self.said)
        return [row | {"verbs": tuple(row["verbs"])} for row in self.rows]

    def _step(self, chunk: _Chunk) -> int:
        """Read a chunk; the place of the last one read."""
        if chunk.label == "NP":
            self._noun(chunk)
        elif chunk.label in ("MOD", "VM0"):
            return self._modal(chunk)
        elif chunk.label in ("TO", "FIN", "BARE"):
            self._verb(chunk)
        elif chunk.label in ("SUB", "PNQ", "DTQ", "CJT", "CJS", "AVQ"):
            self._open(chunk)
        elif chunk.tag == ":" or (
            chunk.tag == "." and self._at(chunk.at + 1).words[0].text.istitle()
        ):
            self.stack = [_Clause("main", chunk.at + 1)]
        return chunk.at

    def _at(self, k: int) -> _Chunk:
        return self.chunks[k] if 0 <= k < len(self.chunks) else _Chunk(at=k)

    def _back(self, k: int) -> _Chunk:
        """The last chunk before a place that is no adverb."""
        return self._at(k - 2 if self._at(k - 1).label == "AD" else k - 1)

    def _on(self, k: int) -> _Chunk:
        """The first chunk from a place on that is no adverb."""
        return self._at(k + 1 if self._at(k).label == "AD" else k)

    def _noun(self, noun: _Chunk) -> None:
        """A noun phrase: a subject if it stands before a verb, an object or the next subject if after it."""
        top, back, last = (
            self.stack[-1],
            self._back(noun.at),
            self.nouns[-1] if self.nouns else None,
        )
        touching = last is not None and last.at == noun.at - 1
        nominative = noun.low in _WORDS["nominative"]
        noun.joined = back.tag == "CJC"
        noun.comma = "," in (back.tag, self._at(back.at - 1).tag if noun.joined else "")
        if back.label in ("PRP", "PRF", "CJX", "ING") or (back.tag == "VVN" and not top.verb):
            noun.governed = back.label
        elif last and (
            noun.joined
            and last.at == back.at - 1
            or touching
            and last.governed == "ING"
            and not nominative
        ):
            noun.governed = last.governed
        elif not top.verb and not top.before and noun.words[-1].lemma in _WORDS["times"]:
            noun.governed = "" if self._on(noun.at + 1).label in ("FIN", "MOD", "PRF") else "time"
        outer = [
            each
            for each in self.stack[:-1]
            if not each.verb and not each.pronoun and not each.before
        ]
        if outer and top.verb and noun.comma and not noun.joined and not noun.governed:
            del self.stack[self.stack.index(outer[-1]) + 1 :]  # when war comes, the union …
            top = outer[-1]
        task = nominative and self._on(top.at).tag[:2] in (
            "AJ",
            "VV",
        )  # mindful of the task they face
        if touching and not noun.governed and not top.verb and (top.before or task):
            top = _Clause("relative", noun.at, top, antecedent=last)  # the members the firm sacked
            self.stack.append(top)
        if not noun.governed or (noun.joined and top.verb):
            (top.after if top.verb else top.before).append(noun)
        self.nouns.append(noun)

    def _open(self, chunk: _Chunk) -> None:
        """A relative pronoun or a conjunction opens a clause."""
        back, low, last = self._back(chunk.at), chunk.low, self.nouns[-1] if self.nouns else None
        near = last is not None and back.at - last.at <= (back.tag in (",", "CJC", "PRP"))
        asked = chunk.tag in ("PNQ", "DTQ") or (low == "as" and self._at(chunk.at + 1).tag == "VM0")
        kind = "relative" if near and asked else "that" if low == "that" else "when"
        while back.tag == "CJC" and self.stack[-1].verb and self.stack[-1].kind in ("to", kind):
            closed = self.stack.pop()
            last = closed.antecedent or last
        subject = asked and low != "whom" and back.tag != "PRP"
        clause = _Clause(kind, chunk.at, self.stack[-1] if self.stack else None)
        clause.pronoun = chunk if subject else None
        clause.antecedent = last if near and (asked or kind == "that") else None
        self.stack.append(clause)

    def _verb(self, chunk: _Chunk) -> None:
        """A verb group without a modal: that of a modal before, coordinated, an infinitive or a clause."""
        top, back, lemma = self.stack[-1], self._back(chunk.at), chunk.words[-1].lemma
        bare = chunk.label == "BARE" or chunk.tag[-1] == "B"
        object_ = top.after[-1] if top.after and top.after[-1] is back else None
        if bare and self.waiting and back.tag != "CJC":
            self._complete(chunk)
        elif chunk.label == "TO" or (bare and object_ and top.verb in _WORDS["causing"]):
            clause = _Clause("to", chunk.at, top, verb=lemma)
            if object_ and not object_.governed:  # teach the members to …
                clause.subject = clause.who = self._phrase(object_, chunk.at)
                self.said.append(("sub", clause.who))
            self.stack.append(clause)
        elif bare and self._coordinated(chunk):
            return
        elif chunk.label == "FIN" or (not top.verb and top.before and back is top.before[-1]):
            if clause := self._settle(chunk):
                clause.verb = lemma

    def _settle(self, chunk: _Chunk) -> _Clause | None:
        """The clause of a finite verb, on top of the stack, with its subject."""
        top, back = self.stack[-1], self._back(chunk.at)
        empty = [each for each in self.stack if not each.verb and (each.before or each.pronoun)]
        joined, comma = back.tag == "CJC", back.tag == ","
        if comma and len(empty) > 1 and top.kind == "when" and not top.verb:
            return self._take(empty[-2], chunk)  # no government, whatever its colour, can …
        if not top.verb and top.kind == "that" and top.antecedent and not top.before:
            top.pronoun = self.chunks[top.at]  # a victory that will …
            return self._take(top, chunk)
        fresh = self._fresh(top) if top.verb and not joined and not comma else None
        nominative = fresh is not None and fresh.low in _WORDS["nominative"]
        if not joined and not comma and not nominative and (clause := self._whole(top, chunk)):
            return clause
        own = nominative or top.verb in _WORDS["saying"] or not empty
        if fresh and (own or (fresh.joined and top.kind == "that")):
            return self._beside(fresh, chunk)
        if empty and not (joined and top.verb):
            return self._take(empty[-1], chunk)
        if top.kind == "relative" and top.antecedent in top.parent.after and not joined:
            if top.antecedent.joined or top.antecedent.comma:  # and those who join will …
                return self._beside(self.stack.pop().antecedent, chunk)
        return self._share(chunk) if joined or chunk.tag == "VM0" else None

    def _fresh(self, clause: _Clause) -> _Chunk | None:
        """Of the noun phrases after a verb, the one that may be the next subject."""
        nouns = [each for each in clause.after if not each.governed or each.joined]
        if nouns and nouns[-1].low in _WORDS["nominative"]:
            return nouns[-1]
        commas, joined = (
            [each for each in nouns if each.comma],
            [each for each in nouns if each.joined],
        )
        return (commas or joined or nouns or [None])[-1]

    def _whole(self, top: _Clause, chunk: _Chunk) -> _Clause | None:
        """The clause whose subject is a clause: “*Whoever joins* will …”, “*Doing this* will …”."""
        asked = top.kind == "when" and top.pronoun is not None and top.verb
        clause, first = top.parent if asked else top, self._on(top.at)
        if not clause or clause.verb or clause.before or not (asked or first.label == "ING"):
            return None
        del self.stack[self.stack.index(clause) + 1 :]
        end = self._back(chunk.at).words[-1].end
        return self._begin(clause, _Phrase(self.text[first.words[0].start : end], first.low), chunk)

    def _take(self, clause: _Clause, chunk: _Chunk) -> _Clause:
        """A clause that was waiting for its verb."""
        del self.stack[self.stack.index(clause) + 1 :]
        nouns, first, listed = clause.before or [clause.pronoun], 0, False
        if self._back(chunk.at).tag != ",":
            commas = [k for k, noun in enumerate(nouns) if noun.comma and not noun.joined]
            first = commas[-1] if commas else 0
            listed = first > 0 and any(noun.joined for noun in nouns[first:])
            listed = listed and nouns[first].low not in _WORDS["nominative"]
        return self._begin(
            clause, self._phrase(nouns[0 if listed else first], chunk.at, listed), chunk
        )

    def _beside(self, noun: _Chunk, chunk: _Chunk) -> _Clause:
        """A new clause whose subject stands after the verb of the last: beside that after “and” or a comma, else under it."""
        kind, parent = "that", self.stack[-1]
        if noun.joined or noun.comma:
            while len(self.stack) > 1 and self.stack[-1].kind == "to":
                self.stack.pop()
            closed = self.stack.pop()
            kind, parent = closed.kind, closed.parent
        self.stack.append(_Clause(kind, noun.at, parent))
        return self._begin(self.stack[-1], self._phrase(noun, chunk.at), chunk)

    def _share(self, chunk: _Chunk) -> _Clause:
        """A clause that shares the subject of one before, best of one with the same modal."""
        known = [each for each in reversed(self.stack) if each.verb and each.kind != "to"]
        known = known or self.clauses[-1:]
        if not known:
            return self.stack[-1]
        rows = [each for each in known if each.row]
        alike = [each for each in rows if each.row["modal"] == _MODALS.get(chunk.low)]
        chosen = (alike or (rows if known[0].kind == "relative" and rows else known))[0]
        if chosen in self.stack:
            del self.stack[self.stack.index(chosen) :]
        self.stack.append(replace(chosen, at=chunk.at, before=[], after=[], row=None, verb=""))
        return self.stack[-1]

    def _begin(self, clause: _Clause, subject: _Phrase, chunk: _Chunk) -> _Clause:
        """Give a clause its subject, and find what that stands for."""
        clause.subject = clause.who = subject
        if clause.pronoun and not clause.before and clause.antecedent:
            clause.who = self._phrase(clause.antecedent, clause.pronoun.at)
        elif subject.pronoun == "they":
            clause.who = self._antecedent(clause, chunk, True)
        elif subject.pronoun == "it" and not self._points_ahead(chunk):
            clause.who = self._antecedent(clause, chunk, False)
        elif subject.plural:
            clause.who = self._named(subject)
        self.said.append(("main" if clause.kind == "main" else "sub", clause.who))
        self.clauses.append(clause)
        return clause

    def _points_ahead(self, chunk: _Chunk) -> bool:
        """Whether “it” only points ahead: “It should be a rule to …”."""
        ahead = any(
            one.words[-1].tag[:2] in ("NN", "AJ", "VV") and two.tag in ("TO0", "CJT")
            for one, two in pairwise(self.chunks[chunk.at :])
        )
        return chunk.words[-1].lemma in _WORDS["pointing"] and ahead

    def _named(self, subject: _Phrase) -> _Phrase:
        """What “these organizations” and “those in the north” stand for."""
        before = [(kind, each) for said in reversed(self.past) for kind, each in reversed(said)]
        if re.fullmatch("(?:these|those|such) [a-z]+", subject.text.lower()):
            same = (each for _, each in before if each.head == subject.head and " " in each.text)
            return next((each for each in same if each.text != subject.text), subject)
        known = [each for kind, each in before if kind == "main" and each.doer != "other"]
        if subject.head == "those" and known:
            base = re.split(r" (?:at|in|of|on) ", known[0].text)[0]
            return replace(subject, text=base + subject.text[5:], doer=known[0].doer)
        return subject

    def _antecedent(self, clause: _Clause, chunk: _Chunk, plural: bool) -> _Phrase:
        """The nearest phrase that fits: clauses around and before, then the sentences before."""
        around, parent = [], clause.parent
        while parent is not None:
            around.append(parent.who)
            parent = parent.parent
        nouns = [noun for noun in self.nouns if noun.at < clause.at]
        here = self.said + [("noun", self._phrase(noun, chunk.at)) for noun in nouns]
        objects: list[_Phrase] = []
        if _is_passive(chunk) and self.past:  # to whom something was done, something is done
            acted = {each for kind, each in self.past[-1] if kind == "main"}
            objects = [each for kind, each in reversed(self.past[-1]) if kind == "object"]
            objects = [each for each in objects if each not in acted]
        parent, other = clause.parent, ""
        if parent and parent.verb in _WORDS["ensuring"] and parent.subject.pronoun == "they":
            other = parent.who.doer  # they ensure that they …
        fitting = [
            each
            for each in [*around, *_ranked([here]), *objects, *_ranked(self.past)]
            if each.text and not each.pronoun and each.plural == plural and each.doer != other
        ]
        actors = [each for each in fitting if each.doer != "other" and plural]
        return (actors or fitting or [clause.subject])[0]

    def _stop(self, k: int, limit: int, listed: bool = False) -> int:
        """Where a noun phrase ends, with its prepositional phrases: before a comma, a relative clause or a participle."""
        stop = k + 1
        for j in range(k + 1, limit):
            chunk, back = self.chunks[j], self._back(j)
            linked = back.label in ("PRP", "PRF", "CJX", "CJC", "ING", "TO", *"," * listed)
            infinitive = chunk.label == "TO" and chunk.words[-1].lemma != "be"
            if (chunk.label in ("NP", "ING") and linked) or infinitive:
                stop = j + 1
            elif chunk.label not in ("PRP", "PRF", "CJX", "CJC", "AD", *"," * listed):
                break
        return stop

    def _phrase(self, noun: _Chunk, limit: int = 10**6, listed: bool = False) -> _Phrase:
        """A noun phrase with what belongs to it, up to a place."""
        if noun.tag == "EX0":
            return _Phrase(pronoun="there")
        stop = self._stop(noun.at, min(limit, len(self.chunks)), listed)
        ends = [k for k in range(noun.at + 1, stop) if self.chunks[k].tag in ("CJC", "PRP", ",")]
        end = ends[0] if ends else stop
        head = next((word for word in reversed(noun.words) if word.tag[0] == "N"), noun.words[-1])
        low, back = head.text.lower(), self._at(noun.at - 1).words[-1]
        pronoun = (
            noun.low
            if noun.label != "NP" or noun.tag in ("PNP", "DT0") and noun.words[1:] == ()
            else ""
        )
        doer = {"we": self.actors.we, "i": self.actors.we, "you": self.actors.you}.get(
            pronoun, "other"
        )
        if not pronoun:
            near = [word for chunk in self.chunks[noun.at : end] for word in chunk.words]
            forms = {form for word in near for form in (word.text.lower(), word.lemma)}
            doer = self.actors.doer((head.lemma, low), forms)
        of, part = self._at(noun.at + 1), self._at(noun.at + 2)
        if doer == "other" and low in _WORDS["parts"] and of.tag == "PRF" and part.label == "NP":
            doer = self._phrase(part, stop).doer
        several = end < stop and self.chunks[end].tag == "CJC"
        begin = (back if back.text.lower() in ("whose", "even") else noun.words[0]).start
        return _Phrase(
            text=self.text[begin : self.chunks[stop - 1].words[-1].end],
            head=head.text if head.text.isupper() and len(low) > 1 else low,
            doer=doer,
            plural=several or head.tag == "NN2" or low in _WORDS["plural"],
            pronoun=pronoun,
            negative=noun.low in _WORDS["negative"] or back.text.lower() in ("neither", "not"),
        )

    def _modal(self, chunk: _Chunk) -> int:
        """A modal auxiliary: its clause and subject, and its verb if that is here; the last place read."""
        noun, word = self._inverted(chunk), chunk.words[0]
        if noun:
            if self.stack[-1].verb:
                self.stack.append(_Clause("main", chunk.at))
            clause = self._begin(self.stack[-1], self._phrase(noun), chunk)
            near = self.chunks[max(0, chunk.at - 4) : chunk.at]
            fronted = {each.text.lower() for part in near for each in part.words}
        else:
            clause, fronted = self._settle(chunk), set()
            clause = clause or self._begin(self.stack[-1], _Phrase(), chunk)
        no = bool(fronted & _WORDS["negative"]) and not fronted & _WORDS["merely"]
        clause.row = {
            "start": word.start,
            "end": word.end,
            "modal": _MODALS[word.text.lower().replace("’", "'")],
            "negated": no or clause.subject.negative,
            "passive": False,
            "subject": clause.subject.text,
            "head": clause.subject.head,
            "resolved": clause.who.text,
            "doer": clause.who.doer,
            "agent": "",
        }
        self.rows.append(clause.row)
        if self._back(chunk.at).tag not in (",", "CJC"):
            self._supply()
        self.waiting.append(clause)
        clause.verb = "…"
        if chunk.label == "MOD":
            self._complete(chunk)
            return chunk.at
        follows, k = self._at(chunk.at + 1), chunk.at
        clause.row["negated"] |= any(each.tag == "XX0" for each in follows.words)
        if noun:
            k = self._stop(noun.at, len(self.chunks)) - 1
            self.nouns += [each for each in self.chunks[noun.at : k + 1] if each.label == "NP"]
            verb = self._on(k + 1)
            if verb.label == "BARE" or verb.tag[-1:] == "B":
                self._complete(verb)
                k = verb.at
        return k

    def _inverted(self, chunk: _Chunk) -> _Chunk | None:
        """The subject if it stands after the modal: “Only then can we …”, “Will the union …?”."""
        noun, back = self._on(chunk.at + 1), self._at(chunk.at - 1)
        if chunk.label == "MOD" or noun.label != "NP":
            return None
        verb = self._on(self._stop(noun.at, len(self.chunks)))
        waiting = any(each.before for each in self.stack if not each.verb)
        pronoun = noun.low in _WORDS["nominative"] or (
            noun.low in ("you", "it", "there") and not waiting
        )
        after = back.low in ("so", "nor", "neither")
        asked = back.tag not in ("CJC", ",") or self.words[-1].text == "?"
        if verb.label == "BARE" or verb.tag[-1:] == "B":
            return noun if pronoun or after or (asked and not waiting) else None
        return noun if pronoun or after else None

    def _complete(self, chunk: _Chunk) -> None:
        """Give the modals that wait for a verb this one."""
        passive, main = _is_passive(chunk), chunk.words[-1]
        for clause in self.waiting:
            none = clause.subject.pronoun == "there" and self._at(chunk.at + 1).low == "no"
            clause.row["negated"] |= none or any(each.tag == "XX0" for each in chunk.words)
            clause.row |= {"passive": passive, "verb": main.lemma, "verbs": [main.lemma]}
            clause.row["agent"] = self._agent(chunk.at + 1) if passive else ""
            clause.verb = main.lemma
        self.waiting = []

    def _supply(self) -> None:
        """Give the modals that wait for a verb the one that they repeat: the nearest before, else the first."""
        for clause in self.waiting:
            verbs = [each for each in self.words if each.tag[0] == "V" and each.tag != "VM0"]
            before = [each.lemma for each in verbs if each.start < clause.row["start"]]
            verb = (before[-1:] or [each.lemma for each in verbs[:1]] or [""])[0]
            clause.row |= {"verb": verb, "verbs": [verb]}
        self.waiting = []

    def _agent(self, k: int) -> str:
        """Who it is done by: what stands after “by”, if that is no way, means or time."""
        while self._at(k).label in ("NP", "AD", "PRP", "PRF", "CJC"):
            noun = self._at(k + 1)
            if self._at(k).low == "by" and noun.label == "NP":
                phrase, last = self._phrase(noun), noun.words[-1]
                bare = noun.tag in ("NN1", "AJ0") and last.tag == "NN1" and last.text.islower()
                means = last.lemma in _WORDS["means"] | _WORDS["times"] or last.tag in (
                    "CRD",
                    "PNX",
                )
                if not means and (not bare or phrase.doer != "other"):
                    return re.split(r" (?:at|in|on) ", phrase.text)[0]
            k += 1
        return ""

    def _coordinated(self, chunk: _Chunk) -> bool:
        """Whether a bare verb is coordinated with one before, whose clause then is the open one again."""
        back = self._back(chunk.at)
        fitting = [each for each in self.stack if each.verb and (each.row or each.kind == "to")]
        if (
            back.tag not in ("CJC", ",")
            or not fitting
            or (back.tag == "," and not self.stack[0].verb)
        ):
            return False
        del self.stack[self.stack.index(fitting[-1]) + 1 :]
        if fitting[-1].row:
            fitting[-1].row["verbs"].append(chunk.words[-1].lemma)
        return True


def _is_passive(chunk: _Chunk) -> bool:
    be = any(each.lemma == "be" for each in chunk.words[:-1])
    return be and chunk.words[-1].tag in ("VVN", "VVD", "VDN", "VHN")


def _ranked(sentences: Collection[list[tuple[str, _Phrase]]]) -> list[_Phrase]:
    """Who was spoken of: subjects of main clauses before others, and the later before the earlier."""
    found: list[_Phrase] = []
    for kinds in (["main"], ["sub"], ["object", "noun"]):
        found += [
            each for said in reversed(sentences) for kind, each in reversed(said) if kind in kinds
        ]
    return found
