"""Modal clauses: who will, should or must do what.

Each sentence comes in chunks (:mod:`helpers.words.chunks`) and is read once from left to right,
with a stack of the clauses that are still open, as a reader keeps them in mind. It is all rules,
and so it errs.
"""

import re
from collections import deque, namedtuple
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.corpus.documents import Document
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml
from helpers.words.chunks import EDGE, GRAMMAR, SETS, Chunk, Word, parsed

DOERS = ("union", "members", "party", "state", "other")
MODALS = ("will", "would", "shall", "should", "can", "could", "may", "might", "must", "ought")
ACTORS = read_toml(Path(__file__).with_name("actors.toml"))

_TYPES = {"sentence": "str", "paragraph": "int64", "start": "int64", "end": "int64", "nth": "int64"}
_TYPES |= {"modal": "str", "negated": "bool", "passive": "bool"}
_TYPES |= dict.fromkeys(["subject", "head", "resolved", "doer", "agent", "verb"], "str")
_TYPES |= {"verbs": "object"}
_SENTENCES_BACK = 8  # in which a pronoun is looked up
_MODALS = {modal: modal for modal in MODALS} | GRAMMAR["modals"]


_Phrase = namedtuple("_Phrase", "text head doer plural pronoun negative")
_NOBODY = _Phrase("", "", "other", False, "", False)


@dataclass(eq=False)
class _Clause:
    """A clause, with the noun phrases on each side of its verb, its subject and who that is."""

    kind: str  # main, that, when, relative, to
    at: int = 0
    parent: "_Clause | None" = None
    pronoun: Chunk | None = None
    antecedent: _Phrase | None = None
    before: list[Chunk] = field(default_factory=list)
    after: list[Chunk] = field(default_factory=list)
    subject: _Phrase = _NOBODY
    who: _Phrase = _NOBODY
    verb: str = ""
    row: dict[str, Any] = field(default_factory=dict)


class _Actors:
    """Doers by the head and the other words of a phrase, and who “we” and “you” are."""

    def __init__(self, about: Mapping[str, str], more: Mapping[str, Any]) -> None:
        self.phrases: dict[str, dict[frozenset[str], str]] = {}
        for doer, phrases in [*ACTORS["classes"].items(), *more.items()]:
            for *others, head in (each.casefold().split() for each in phrases if doer in DOERS):
                self.phrases.setdefault(head, {})[frozenset(others)] = doer
        self.we = more.get("we") or _voice(about.get("speaker", ""), about.get("author", ""))
        self.you = more.get("you") or _voice(about.get("audience", ""))

    def doer(self, lemma: str, low: str, words: set[str]) -> str:
        """The doer of the longest entry that fits the head of a phrase and its words."""
        entries = [*self.phrases.get(lemma, {}).items(), *self.phrases.get(low, {}).items()]
        fitting = [(len(others), doer) for others, doer in entries if others <= words]
        return max(fitting, key=lambda each: each[0], default=(0, "other"))[1]


def _voice(*texts: str) -> str:
    voices = [(rf"\b(?:{'|'.join(each['words'])})\b", each["doer"]) for each in ACTORS["voices"]]
    found = (doer for text in texts for words, doer in voices if re.search(words, text, re.I))
    return next(found, "other")


def modal_clauses(document: Document, actors: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Who will, should or must do what: one row a modal auxiliary, in order.

    Columns: ``sentence`` (id), ``paragraph``, ``start`` and ``end`` of the modal in the clean text,
    ``nth`` modal of its sentence, ``modal`` (one of ``MODALS``), ``negated``, ``passive``,
    ``subject`` as it stands (empty for “there can be”), its ``head``, ``resolved`` (what a pronoun
    stands for, else the subject), ``doer`` (one of ``DOERS``: the class of ``resolved``, in a
    passive too), ``agent`` (who it is done by in a passive), ``verb`` and ``verbs`` (lemmas; all
    that are coordinated under the modal). “Need”, “had better” and “have to” do not count.

    ``actors`` adds to ``actors.toml``: lists of words or phrases by doer, and a doer for “we” and
    “you”. Raises :class:`UnionError` for anything else.

    >>> from helpers.corpus.documents import load_corpus
    >>> table = modal_clauses(load_corpus()["kctu"])
    >>> table.loc[1, ["subject", "modal", "verb", "resolved", "doer"]].to_list()
    ['that', 'will', 'guarantee', 'a truly democratic society', 'state']
    """
    more = {} if actors is None else actors
    good = isinstance(more, Mapping) and all(
        value in DOERS if key in ("we", "you") else key in DOERS and isinstance(value, list | tuple)
        for key, value in more.items()
    )
    if not good:
        raise UnionError(
            f"Give actors as lists of words for {', '.join(DOERS)}, and one of these for “we” and "
            "“you”, such as {'union': ['league'], 'we': 'union'}."
        )
    known, past = _Actors(document.about, more), deque(maxlen=_SENTENCES_BACK)
    rows: list[dict[str, Any]] = []
    for id, words, chunks in parsed(document):
        reader = _Reader(words, chunks, document.text, known, past)
        rows += [{"sentence": id, **row} for row in reader.rows]
    table = pd.DataFrame(rows, columns=list(_TYPES))
    table["nth"] = table.groupby("sentence").cumcount() + 1
    table["paragraph"] = table["sentence"].map(document.sentences["paragraph"])
    return table.astype(_TYPES)


class _Reader:
    """One sentence, read from left to right: ``rows`` are its modal clauses. Places are chunks."""

    def __init__(
        self, words: list[Word], chunks: list[Chunk], text: str, actors: _Actors, past: deque
    ) -> None:
        self.words, self.chunks, self.next = words, chunks, 1
        self.text, self.actors, self.past = text, actors, past
        self.rows: list[dict[str, Any]] = []
        self.nouns: list[Chunk] = []
        self.said: list[tuple[str, _Phrase]] = []  # who was spoken of, and how
        self.stack = [_Clause("main", 1)]
        self.waiting: list[_Clause] = []  # with a modal that has no verb yet
        while (chunk := self.chunks[self.next]) is not EDGE:
            self.next += 1
            self._step(chunk)
        self._complete(None)
        for noun in self.nouns:
            if not noun.joined:
                self.said.append(("noun" if noun.governed else "object", self._phrase([noun])))
        past.append(self.said)

    def _step(self, chunk: Chunk) -> None:
        if chunk.label == "SUBJECT":
            self._noun(chunk)
        elif chunk.label in ("MOD", "GAP"):
            self._modal(chunk)
        elif chunk.label in ("TO", "FIN", "BARE"):
            self._verb(chunk)
        elif chunk.label in ("SUB", "PNQ", "DTQ", "CJT", "CJS", "AVQ"):
            self._open(chunk)
        elif chunk.label in (":", ".") and self.chunks[self.next].label not in ("CJC", "PUQ"):
            self.stack = [_Clause("main", self.next)]

    def _noun(self, noun: Chunk) -> None:
        """A noun phrase: a subject if before a verb, an object or the next subject if after it."""
        top, last = self.stack[-1], self.nouns[-1] if self.nouns else EDGE
        task = noun.low in SETS["nominative"] and self.chunks[top.at].label[:2] in ("AJ", "BA")
        free = [each for each in self.stack if not (each.verb or each.before or each.pronoun)]
        if top.verb and free and noun.comma and not noun.joined and not noun.governed:
            self._close(free[-1])  # when war comes, the union …
        elif last.at == noun.at - 1 and not top.verb and (top.before or task):
            clause = _Clause("relative", noun.at, top, antecedent=self._phrase([last], last.last))
            self.stack.append(clause)  # the members the firm sacked
        top = self.stack[-1]
        if not noun.governed or (noun.joined and top.verb):
            (top.after if top.verb else top.before).append(noun)
        self.nouns.append(noun)

    def _close(self, clause: _Clause) -> None:
        """Close the clauses above one on the stack."""
        if clause in self.stack:
            del self.stack[self.stack.index(clause) + 1 :]

    def _open(self, chunk: Chunk) -> None:
        """A relative pronoun or a conjunction opens a clause."""
        back, last = self.chunks[chunk.at - 1], self.nouns[-1] if self.nouns else EDGE
        near = last is not EDGE and back.at - last.at <= (back.label in (",", "CJC", "PRP"))
        asked = (
            chunk.label in ("PNQ", "DTQ") or self.chunks[self.next].label == "GAP"
        )  # as may be needed
        relative = near and asked and chunk.low[:4] != "what"
        kind = "relative" if relative else "that" if chunk.low == "that" else "when"
        antecedent = self._phrase([last], last.last) if near and asked else None
        while back.label == "CJC" and self.stack[-1].verb and self.stack[-1].kind in ("to", kind):
            antecedent = self.stack.pop().antecedent or antecedent  # who stay and who go
        subject = asked and chunk.low != "whom" and back.label != "PRP"
        parent = self.stack[-1] if self.stack else None
        self.stack.append(_Clause(kind, chunk.at, parent, chunk if subject else None, antecedent))

    def _verb(self, chunk: Chunk) -> None:
        """A verb group without a modal."""
        top, back = self.stack[-1], self.chunks[chunk.at - 1]
        follows = top.after[-1:] == [back] if top.verb else top.before[-1:] == [back]
        own = follows and chunk.label == "FIN"  # the duties they assume
        if chunk.bare and self.waiting and back.label != "CJC" and not own:
            self._complete(chunk)
        elif chunk.label == "TO":
            self.stack.append(_Clause("to", chunk.at, top))
            if top.verb and follows and not back.governed:  # teach the members to …
                self._begin(self.stack[-1], [back], chunk)
            self.stack[-1].verb = chunk.words[-1].lemma
        elif chunk.bare and self._coordinated(chunk):
            return
        elif (chunk.label == "FIN" or (follows and not top.verb)) and self._settle(chunk):
            self.stack[-1].verb = chunk.words[-1].lemma

    def _coordinated(self, chunk: Chunk) -> bool:
        """Whether a bare verb continues a clause before: “set an example *and share* hardships”."""
        back = self.chunks[chunk.at - 1].label
        fitting = [each for each in self.stack if each.verb and (each.row or each.kind == "to")]
        if back not in ("CJC", ",") or not fitting or (back == "," and not self.stack[0].verb):
            return False
        self._close(fitting[-1])
        if fitting[-1].row:
            fitting[-1].row["verbs"] += (chunk.words[-1].lemma,)
        return True

    def _settle(self, chunk: Chunk) -> _Clause | None:
        """The clause of a finite verb, on top of the stack, with its subject."""
        top, back = self.stack[-1], self.chunks[chunk.at - 1].label
        empty = [each for each in self.stack if not each.verb and (each.before or each.pronoun)]
        if back == "," and len(empty) > 1 and top.kind == "when" and not top.verb:
            empty.pop()  # no government, whatever its colour, can …
        apart = back in ("CJC", ",")
        fresh = self._fresh(top) if top.verb and not apart else []
        nominative = bool(fresh) and fresh[0].low in SETS["nominative"]
        whole = top.kind == "when" and top.pronoun and top.verb and not empty
        if whole and not nominative and not apart:
            self.stack.pop()  # whoever joins will …
            return None
        own = nominative or top.verb in SETS["saying"] or not empty
        if fresh and (own or (fresh[0].joined and top.kind == "that")):
            return self._beside(fresh, chunk)
        if empty and not (back == "CJC" and top.verb):
            return self._take(empty[-1], chunk)
        if back != "CJC" and top.kind == "relative" and top.parent.after:
            last = top.parent.after[-1]
            if (last.joined or last.comma) and last.at < top.at:  # and those who join will …
                self.stack.pop()
                return self._beside([last], chunk)
        return self._share(chunk) if back == "CJC" or chunk.label in ("MOD", "GAP") else None

    def _fresh(self, clause: _Clause) -> list[Chunk]:
        """Of the noun phrases after a verb, those that may be the next subject."""
        nouns = [each for each in clause.after if not each.governed or each.joined]
        if nouns and nouns[-1].low in SETS["nominative"]:
            return nouns[-1:]
        found = [each for each in nouns if each.comma] or [each for each in nouns if each.joined]
        return nouns[nouns.index((found or nouns)[-1]) :] if nouns else []

    def _take(self, clause: _Clause, chunk: Chunk) -> _Clause:
        """A clause that was waiting for its verb: its subject stands after the last comma."""
        nouns, first = clause.before, 0
        if self.chunks[chunk.at - 1].label == ",":
            nouns = nouns[:1] + [each for each in nouns[1:2] if each.joined and not each.comma]
        else:
            first = max((k for k, each in enumerate(nouns) if each.comma > each.joined), default=0)
            listed = any(each.joined for each in nouns[first:])  # one, two and three
            first = 0 if listed and nouns[first].low not in SETS["nominative"] else first
        return self._begin(clause, nouns[first:], chunk)

    def _beside(self, nouns: list[Chunk], chunk: Chunk) -> _Clause:
        """A new clause: beside the last after “and” or a comma, else under it."""
        kind, parent = "that", self.stack[-1]
        if nouns[0].joined or nouns[0].comma:
            while self.stack[-1].kind == "to":
                self.stack.pop()
            closed = self.stack.pop()
            kind, parent = closed.kind, closed.parent
        self.stack.append(_Clause(kind, nouns[0].at, parent))
        return self._begin(self.stack[-1], nouns, chunk)

    def _share(self, chunk: Chunk) -> _Clause | None:
        """A clause that shares the subject of one before, best of one with the same modal."""
        known = [each for each in self.stack if each.verb and each.kind != "to"]
        alike = [each for each in known if each.row.get("modal") == _MODALS.get(chunk.low)]
        if not known:
            return None
        chosen = (alike or known)[-1]
        self._close(chosen)
        new = {"at": chunk.at, "before": [], "after": [], "row": {}, "verb": ""}
        self.stack[-1] = replace(chosen, **new)
        return self.stack[-1]

    def _begin(self, clause: _Clause, nouns: list[Chunk], chunk: Chunk) -> _Clause:
        """Give a clause its subject, and find who that is."""
        self._close(clause)
        subject = clause.subject = clause.who = self._phrase(nouns or [clause.pronoun or EDGE])
        ahead = [each.label for each in self.chunks[chunk.at + 2 : chunk.at + 6]]
        points = chunk.words[-1].lemma in SETS["pointing"] and ("TO" in ahead or "CJT" in ahead)
        if clause.antecedent and not nouns:
            clause.who = clause.antecedent
        elif subject.pronoun == "they" or (subject.pronoun == "it" and not points):
            clause.who = self._antecedent(clause, chunk, subject.pronoun == "they")
        elif subject.plural:
            clause.who = self._named(subject)
        self.said.append(("main" if clause.kind == "main" else "sub", clause.who))
        return clause

    def _named(self, subject: _Phrase) -> _Phrase:
        """What “these organizations” and “those in the north” stand for."""
        before = [each for said in reversed(self.past) for each in reversed(said)]
        known = [each for kind, each in before if kind == "main" and each.doer != "other"]
        if re.fullmatch("(?:these|those|such) [a-z]+", subject.text.lower()):
            same = [each for _, each in before if each.head == subject.head and " " in each.text]
            return next((each for each in same if each.text != subject.text), subject)
        if subject.head == "those" and known:
            base = re.split(" (?:at|in|on) ", known[0].text)[0]
            return subject._replace(text=base + subject.text[5:], doer=known[0].doer)
        return subject

    def _antecedent(self, clause: _Clause, chunk: Chunk, plural: bool) -> _Phrase:
        """The nearest phrase that fits: clauses around and before, then the sentences before."""
        around, parent, other = [], clause.parent, ""
        if parent and parent.verb in SETS["ensuring"] and parent.subject.pronoun == "they":
            other = parent.who.doer  # they ensure that they: two different they
        while parent:
            around.append(parent.who)
            parent = parent.parent
        near = [each for each in self.nouns if each.at < clause.at and not plural * each.governed]
        nouns = [(each, words) for each in near for words in (None, each.last)[: 2 - plural]]
        here = [("noun", self._phrase([each], words)) for each, words in nouns]
        last = self.past[-1] if self.past and chunk.passive else []
        acted = [each for kind, each in last if kind == "main"]  # who was acted upon is so again
        objects = [each for kind, each in reversed(last) if kind == "object" and each not in acted]
        known = around + _ranked([self.said + here]) + objects + _ranked(self.past)
        fitting = [each for each in known if each.text and not each.pronoun]
        fitting = [each for each in fitting if each.plural == plural and each.doer != other]
        actors = [each for each in fitting if plural and each.doer != "other"]
        return (actors or fitting or [clause.subject])[0]

    def _phrase(self, nouns: list[Chunk], words: list[Word] | None = None) -> _Phrase:
        """What some noun phrases say, or some ``words`` of one."""
        if nouns[0].low == "there":
            return _NOBODY._replace(pronoun="there")
        first = words or nouns[0].first
        words = words or [word for noun in nouns for word in noun.words]
        head = next((each for each in reversed(first) if each.tag[:1] == "N"), first[-1])
        low = head.text.lower()
        single = len(words) == 1 and first[0].tag in ("PNP", "PNQ", "DTQ", "DT0", "CJT", "CJX")
        doer = {"we": self.actors.we, "i": self.actors.we, "you": self.actors.you}.get(low, "other")
        if not single:
            own = takewhile(lambda word: word.tag not in ("CJC", "PRP", "CJX"), words[len(first) :])
            forms = [{word.text.lower(), word.lemma} for word in [*first, *own]]
            doer = self.actors.doer(head.lemma, low, set().union(*forms))
        if doer == "other" and low in SETS["parts"] and first is not nouns[0].last:
            doer = self._phrase(nouns[:1], nouns[0].last).doer  # most of the workers
        plural = len(nouns) > 1 or head.tag == "NN2" or low in SETS["plural"]
        back = [word for word in self.words if word.end < words[0].start][-1:] or words
        text = self.text[(back if _has(back[:1], "even") else words)[0].start : words[-1].end]
        negative = _has((back[0], words[0]), "negative")
        name = head.text if head.text.isupper() and len(low) > 1 else low
        return _Phrase(text, name, doer, plural, low if single else "", negative)

    def _modal(self, chunk: Chunk) -> None:
        """A modal auxiliary: its clause and subject, and its verb if that is here."""
        word, noun = chunk.words[0], self._inverted(chunk)
        near = [each for each in self.words if each.start < word.start][-6:]  # nor should we …
        if noun and self.stack[-1].verb:
            self.stack.append(_Clause("main", chunk.at))
        clause = self._begin(self.stack[-1], [noun], chunk) if noun else self._settle(chunk)
        if not clause:  # a clause is the subject, or there is none
            clause = self.stack[-1] = replace(self.stack[-1], row={})
            begin = self.chunks[clause.at].words[:1] or chunk.words
            text = self.text[begin[0].start : word.start].strip()
            clause.subject = clause.who = _NOBODY._replace(text=text)
        denied = noun and _has(near, "negative") and not _has(near, "merely")
        row, subject, who = clause.row, clause.subject, clause.who
        row |= {"start": word.start, "end": word.end, "modal": _MODALS[word.text.lower()]}
        row |= {"subject": subject.text, "head": subject.head, "resolved": who.text}
        row |= {"doer": who.doer, "negated": bool(denied) or subject.negative or chunk.denied}
        row |= {"verb": "", "verbs": (), "passive": False, "agent": ""}
        if self.chunks[chunk.at - 1].label not in (",", "CJC"):
            self._complete(None)
        self.rows.append(clause.row)
        self.waiting.append(clause)
        clause.verb = "…"
        self.nouns += [noun] if noun else []
        self.next += bool(noun)
        if noun and self.chunks[self.next].bare:
            chunk = self.chunks[self.next]
            self.next += 1
        if chunk.label != "GAP":
            self._complete(chunk)

    def _inverted(self, chunk: Chunk) -> Chunk | None:
        """The subject if it stands after the modal: “Only then can we …”, “Will the union …?”."""
        noun, back = self.chunks[self.next], self.chunks[chunk.at - 1].label
        if chunk.label == "MOD" or noun.label != "SUBJECT":
            return None
        waiting = any(each.before for each in self.stack if not each.verb)
        before = [each for each in self.words if each.end < chunk.words[0].start][-1:]
        sure = noun.low in SETS["nominative"] or _has(before, "inverting")
        sure = sure or (noun.low in ("you", "it", "there") and not waiting)
        free = not waiting and (back not in ("CJC", ",") or self.words[-1].text == "?")
        return noun if sure or (free and self.chunks[self.next + 1].bare) else None

    def _complete(self, chunk: Chunk | None) -> None:
        """Give the modals that wait for a verb this one; without, the one that they repeat."""
        passive = chunk is not None and chunk.passive
        for clause in self.waiting:
            verbs = [each for each in self.words if re.match("V(?!M)", each.tag)]
            before = [each for each in verbs if each.end < clause.row["start"]]
            found = chunk.words if chunk else before or verbs[:1]
            clause.verb = found[-1].lemma if found else ""
            clause.row |= {"verb": clause.verb, "verbs": (clause.verb,), "passive": passive}
            clause.row["agent"] = self._agent(chunk) if passive else ""
            if chunk:
                none = clause.subject.pronoun == "there" and self.chunks[chunk.at + 1].low == "no"
                clause.row["negated"] |= none or chunk.denied
        self.waiting = []

    def _agent(self, chunk: Chunk) -> str:
        """Who it is done by: the noun phrase after “by”, where that is no way, means or time."""
        stops = ("", ",", "TO", "CJT", "BARE", "FIN")
        near = [*takewhile(lambda each: each.label not in stops, self.chunks[chunk.at + 1 :])]
        agents = [
            each.first for by, each in pairwise(near) if (by.label, each.label) == ("BY", "SUBJECT")
        ]
        return self.text[agents[0][0].start : agents[0][-1].end] if agents else ""


def _has(words: Iterable[Word], name: str) -> bool:
    return any(word.text.lower() in SETS[name] for word in words)


def _ranked(sentences: Iterable[list[tuple[str, _Phrase]]]) -> list[_Phrase]:
    """Who was spoken of: subjects of main clauses before others, the later before the earlier."""
    said = [each for sentence in reversed(sentences) for each in reversed(sentence)]
    order = ("main", "sub", "object noun")
    return [phrase for kinds in order for kind, phrase in said if kind in kinds]
