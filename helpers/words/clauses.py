"""Modal clauses: who will, should or must do what.

Words come with their parts of speech (:func:`document_tokens`). NLTK's ``RegexpParser`` puts them together to noun phrases and
verb groups, by the grammar of ``clauses.toml``. Then each sentence is read once from left to right, with a stack of the clauses
that are still open, as a reader keeps them in mind. It is all rules, and so it errs.
"""

import re
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
from nltk import RegexpParser

from helpers.corpus.documents import Document
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml
from helpers.words.tokens import document_tokens, tools

DOERS = ("union", "members", "party", "state", "other")
ENGLISH = read_toml(Path(__file__).with_name("clauses.toml"))
ACTORS = read_toml(Path(__file__).with_name("actors.toml"))

_COLUMNS = {
    **dict.fromkeys(
        ["sentence", "modal", "subject", "head", "resolved", "doer", "agent", "verb"], "str"
    ),
    **dict.fromkeys(["paragraph", "start", "end", "nth"], "int64"),
    **dict.fromkeys(["negated", "passive"], "bool"),
}
_ORDER = "sentence paragraph start end nth modal negated passive subject head resolved doer agent verb verbs".split()
_MOST_WORDS, _SENTENCES_BACK = (
    200,
    8,
)  # a longer sentence is read in parts; a pronoun looks so far back
_PARSER = RegexpParser(ENGLISH["grammar"])
_LABEL = re.compile(ENGLISH["label"], re.IGNORECASE)
_CONTRACTED = re.compile(r"([a-z]+)(n't|nt|'ll|'d)")
_MODALS = {each: each for each in ENGLISH["modals"]} | ENGLISH["contracted"]
_NEGATIVE, _MERELY = set(ENGLISH["negative"]), set(ENGLISH["merely"])
_MARKS = (
    dict.fromkeys(",—–-()[]", ",")
    | {"--": ","}
    | dict.fromkeys(";:", ":")
    | dict.fromkeys(".?!", ".")
)
_FINITE = set("VM0 VBB VBZ VBD VHB VHZ VHD VDB VDZ VDD VVB VVZ VVD".split())
_ADVERBS = {"AV0", "AVP", "XX0"}
_BARE = set("VVI VVB VBI VBB VHI VHB VDI VDB".split())
_GERUND = {"VVG", "VBG", "VHG", "VDG"}
_PARTICIPLE = {"VVN", "VVD", "VDN", "VHN"}


@dataclass(eq=False, slots=True)
class _Word:
    start: int = 0
    end: int = 0
    text: str = ""
    low: str = ""
    lemma: str = ""
    tag: str = ""


@dataclass(eq=False, slots=True)
class _Chunk:
    """A noun phrase, verb group or single word; of a noun phrase also what stands before it."""

    label: str
    words: list[_Word]
    at: int = 0
    governed: str = ""  # by a preposition or a gerund: then it is no subject
    comma: bool = False
    joined: bool = False  # by "and" or "or"

    @property
    def low(self) -> str:
        return self.words[0].low

    @property
    def tag(self) -> str:
        return self.words[0].tag


@dataclass(frozen=True, slots=True)
class _Phrase:
    text: str = ""
    head: str = ""
    doer: str = "other"
    plural: bool = False
    pronoun: str = ""
    base: str = ""  # without its prepositional phrases, but for those with "of"
    negative: bool = False


@dataclass(eq=False, slots=True)
class _Clause:
    """A clause, with the noun phrases on each side of its verb."""

    kind: str  # main, that, when, relative, to
    at: int = 0
    parent: "_Clause | None" = None
    pronoun: _Chunk | None = None
    antecedent: _Chunk | None = None
    before: list[_Chunk] = field(default_factory=list)
    after: list[_Chunk] = field(default_factory=list)
    subject: _Phrase = _Phrase()
    resolved: _Phrase = _Phrase()
    shared: "_Clause | None" = None
    verb: str | None = None
    form: str = ""
    row: dict[str, Any] | None = None


class _Actors:
    """Who acts: doers by the head and the other words of a phrase, and who “we” and “you” are in a document."""

    def __init__(self, about: Mapping[str, str], more: Mapping[str, Any]) -> None:
        good = isinstance(more, Mapping) and all(
            value in DOERS if key in ("we", "you") else key in DOERS and _is_list(value)
            for key, value in more.items()
        )
        if not good:
            raise UnionError(
                f"Give actors as lists of words by doer ({', '.join(DOERS)}), “we” and “you” with one of these: "
                '{"union": ["league"], "we": "union"}.'
            )
        self.phrases: dict[str, dict[frozenset[str], str]] = {}
        for doer, listed in [*ACTORS["classes"].items(), *more.items()]:
            for *others, head in (each.casefold().split() for each in listed if doer in DOERS):
                self.phrases.setdefault(head, {})[frozenset(others)] = doer
        self.we = more.get("we") or _voice(about.get("speaker", ""), about.get("author", ""))
        self.you = more.get("you") or _voice(about.get("audience", ""))

    def doer_of(self, heads: Collection[str], words: Collection[str]) -> str:
        """The doer that a phrase names, by the forms of its head and its other words: the longest entry that fits."""
        fitting = [
            (len(others), doer)
            for head in heads
            for others, doer in self.phrases.get(head, {}).items()
            if others.issubset(words)
        ]
        return max(fitting, key=lambda each: each[0], default=(0, "other"))[1]


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(
        isinstance(each, str) and each.strip() for each in value
    )


def _voice(*texts: str) -> str:
    """The doer that is speaking, or spoken to, by what is known of the document."""
    for text in texts:
        for voice in ACTORS["voices"]:
            if re.search(rf"\b(?:{'|'.join(voice['words'])})\b", text, re.IGNORECASE):
                return voice["doer"]
    return "other"


def modal_clauses(document: Document, actors: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Who will, should or must do what: one row a modal auxiliary, in order.

    Columns: ``sentence`` (id), ``paragraph``, ``start`` and ``end`` of the modal in the clean text, ``nth`` modal of its
    sentence, ``modal`` (will, would, shall, should, can, could, may, might, must or ought), ``negated``, ``passive``,
    ``subject`` as it stands (empty for “there can be”), its ``head``, ``resolved`` (what a pronoun stands for, else the
    subject), ``doer`` (one of ``DOERS``: the class of ``resolved``, in a passive too), ``agent`` (who it is done by in a
    passive), ``verb`` and ``verbs`` (lemmas; all that are coordinated under the modal).

    ``actors`` adds to ``actors.toml``: lists of words or phrases by doer, and who “we” and “you” are; raises
    :class:`UnionError` for anything else. “Need”, “dare”, “had better” and “have to” do not count.

    >>> from helpers.corpus.documents import load_corpus
    >>> table = modal_clauses(load_corpus()["kctu"])
    >>> table.loc[1, ["subject", "modal", "verb", "resolved", "doer"]].to_list()
    ['that', 'will', 'guarantee', 'a truly democratic society', 'state']
    """
    known = _Actors(document.about, {} if actors is None else actors)
    past: deque[list[tuple[str, _Phrase]]] = deque(maxlen=_SENTENCES_BACK)
    rows: list[dict[str, Any]] = []
    for id, words in _sentences(document_tokens(document), document):
        found: list[dict[str, Any]] = []
        for first in range(0, len(words), _MOST_WORDS):
            found += _Reader(words[first : first + _MOST_WORDS], document.text, known, past).rows
        paragraph = document.sentences.at[id, "paragraph"]
        rows += [
            {"sentence": id, "paragraph": paragraph, "nth": nth, **row}
            for nth, row in enumerate(found, 1)
        ]
    return pd.DataFrame(rows, columns=_ORDER).astype(_COLUMNS)


def _sentences(tokens: pd.DataFrame, document: Document) -> Iterator[tuple[str, list[_Word]]]:
    """Sentence ids with their words, their labels left out, contractions in two, and tags mended."""
    columns = [
        tokens[name].tolist() for name in ("sentence", "start", "end", "word", "lemma", "tag")
    ]
    for id, rows in groupby(zip(*columns, strict=True), key=lambda row: row[0]):
        begin = document.sentences.at[id, "start"]
        label = _LABEL.match(document.sentences.at[id, "text"])
        words: list[_Word] = []
        for _, start, end, text, lemma, tag in rows:
            low = text.lower().replace("’", "'")
            cut = _CONTRACTED.fullmatch(low)
            if label and start < begin + label.end():
                continue
            if cut and (cut[2][0] == "'" or cut[1] in _MODALS):
                middle = start + cut.end(1)
                tags = ("VM0", "XX0") if cut[2][0] == "n" else ("PNP", "VM0")
                words.append(_Word(start, middle, text[: cut.end(1)], cut[1], cut[1], tags[0]))
                words.append(_Word(middle, end, text[cut.end(1) :], cut[2], cut[2], tags[1]))
            else:
                words.append(_Word(start, end, text, low, lemma.lower(), _MARKS.get(low, tag)))
        for i in range(len(words)):
            _mend(words, i)
        yield id, words


def _mend(words: list[_Word], i: int) -> None:
    """Correct the tag of a word by its neighbours; ``verb`` and ``on`` are the nearest that are no adverbs."""
    word, back, following = (
        words[i],
        words[i - 1] if i else _Word(),
        [*words[i + 1 : i + 6], _Word()],
    )
    verb = next((each for each in reversed(words[:i]) if each.tag not in _ADVERBS), _Word())
    on = next(each for each in following if each.tag not in _ADVERBS)
    low, tag = word.low, word.tag
    if low in _MODALS:
        word.tag = _modal_tag(word, back, on)
    elif tag == "VM0" or (low == "better" and back.low == "'d"):
        word.tag, back.tag = ("VVB", back.tag) if tag == "VM0" else ("AV0", "VHD")  # need, dare
    elif low in _NEGATIVE and (
        tag in _ADVERBS or verb.tag == "VM0" or following[0].low == "longer"
    ):
        word.tag = "AV0" if following[0].low in _MERELY else "XX0"
    elif low in _MERELY and verb.tag == "VM0":
        word.tag = "AV0"  # must not only
    elif low in ENGLISH["floating"] and verb.tag in ("VM0", "PNP") and on.tag[:1] in "VA,":
        word.tag = "AV0"  # they all must
    elif low == "to" and verb.low == "ought":
        word.tag = "AV0"
    elif low in ENGLISH["either"] and tag == "AV0":
        word.tag = "PRP"
    elif low == "that" and tag in ("CJT", "DT0"):
        relative = back.tag[:2] in ("NN", "NP") and on.tag in _FINITE
        word.tag = "PNQ" if relative else "CJT" if on.tag in ("AT0", "DPS", "PNP") else tag
    elif low == "trade" and on.low.startswith("union"):
        word.tag, back.tag = "NN1", "PRP" if back.tag == "TO0" else back.tag
    elif low == "'" and back.low.endswith("s") and back.end == word.start:
        word.tag = "POS"
    elif tag == "PNP" and low.endswith(("self", "selves")):
        word.tag = "PNX"
    elif tag == "AJ0" and word.text[0].isupper() and back.text[:1].isupper() and back.tag[0] == "N":
        word.tag = "NP0"  # the Party Central Committee
    elif verb.lemma == "be" and low.endswith("ed") and tag in ("AJ0", "VVN", "VVD"):
        to = on.low != "by" and (tag == "AJ0" or on.tag in ("TO0", "CJT"))
        state = (
            "-" in low or (low in ENGLISH["states"] and to) or (tag == "AJ0" and on.tag[:2] == "NN")
        )
        word.tag = "AJ0" if state else "VVN"
        word.lemma = word.lemma if state else tools()[1].analyze(low, pos="VVN")[0].lower()
    elif tag in ("NN1", "AJ0", "VVB", "VVD", "VVN") and _is_verb(word, words[:i], verb, on):
        word.tag = "VVI"


def _modal_tag(word: _Word, back: _Word, on: _Word) -> str:
    if back.tag in ("AT0", "DPS", "POS", "TO0") or (word.text.istitle() and on.tag == "NP0"):
        return "NN1" if word.tag == "VM0" else word.tag
    after = back.tag in ("NN2", "NP0", "PNP", "PNI", "PNQ") and on.tag in ("NN1", "AJ0", "XX0")
    bare = on.tag in _BARE and back.tag[:2] != "AJ" and word.low[0] != "'"
    sure = word.low in ENGLISH["only_modals"] or bare or (after and word.text != "May")
    return "VM0" if sure else word.tag


def _is_verb(word: _Word, words: list[_Word], verb: _Word, on: _Word) -> bool:
    """Whether what is tagged otherwise is the verb of a modal, or coordinated with that."""
    modals = [k for k, each in enumerate(words) if each.tag == "VM0"]
    if not modals:
        return False
    since = words[modals[-1] + 1 :]
    if verb.tag == "VM0":
        subject = words[modals[-1] - 1].tag[:2] if modals[-1] else ""
        return on.tag[:2] != "NN" or subject in ("NN", "NP", "PN")
    if verb.tag == "," and not any(
        each.tag[0] == "V" and each.tag not in _GERUND for each in since
    ):
        return since[0] is not verb and on.tag not in (",", "CJC")  # must, above all, set
    follows = on.tag in ("AT0", "DPS", "DT0") or on.low in ("them", "us", "him", "me")
    return word.tag == "NN1" and follows and verb.tag in ("CJC", ",", "TO0")


def _chunks(words: list[_Word]) -> list[_Chunk]:
    found: list[_Chunk] = []
    i = 0
    for part in _PARSER.parse([(word.text, word.tag) for word in words]) if words else ():
        size = len(part.leaves()) if hasattr(part, "label") else 1
        label = part.label() if hasattr(part, "label") else words[i].tag
        found.append(_Chunk(label, words[i : i + size], len(found)))
        i += size
    return found


class _Reader:
    """One sentence, read from left to right; ``rows`` are its modal clauses. Places are numbers of chunks."""

    def __init__(
        self,
        words: list[_Word],
        text: str,
        actors: _Actors,
        past: deque[list[tuple[str, _Phrase]]],
    ) -> None:
        self.words, self.text, self.actors, self.past = words, text, actors, past
        self.chunks = _chunks(words)
        self.nothing = _Chunk("", [_Word()], len(self.chunks))
        self.stack = [_Clause("main")]
        self.rows: list[dict[str, Any]] = []
        self.clauses: list[_Clause] = []
        self.nouns: list[_Chunk] = []
        self.open_rows: list[tuple[_Clause, dict[str, Any]]] = []  # their verb is still to come,
        self.gap = ""  # after a chunk with this tag
        for chunk in self.chunks:
            if chunk.low in ENGLISH["either"] and chunk.tag in ("CJS", "PRP"):
                chunk.label = chunk.words[0].tag = "CJS" if self._compares(chunk) else "PRP"
        self.k = 0
        while self.k < len(self.chunks):
            self._step(self.chunks[self.k])
            self.k += 1
        self._finish()

    def _at(self, k: int) -> _Chunk:
        return self.chunks[k] if 0 <= k < len(self.chunks) else self.nothing

    def _back(self, k: int) -> _Chunk:
        """The last chunk before ``k`` that is no adverb."""
        return self._at(k - 2 if self._at(k - 1).label == "AD" else k - 1)

    def _on(self, k: int) -> _Chunk:
        """The first chunk from ``k`` on that is no adverb."""
        return self._at(k + 1 if self._at(k).label == "AD" else k)

    def _step(self, chunk: _Chunk) -> None:
        top = self.stack[-1]
        if chunk.label == "NP":
            self._noun(chunk)
        elif chunk.tag == "VM0":
            self._modal(chunk)
        elif chunk.label == "VG":
            self._verb(chunk)
        elif chunk.tag in ("PNQ", "DTQ", "CJT", "CJS", "AVQ"):
            self._open(chunk)
        elif chunk.tag in (":", ".") and not self._on(chunk.at + 1).low.islower():
            self.stack = [_Clause("main", chunk.at + 1)]
        elif chunk.tag == ":":
            self.stack = [_Clause("main", chunk.at + 1)]

    def _compares(self, chunk: _Chunk) -> bool:
        """Whether “as”, “than” and their like begin a clause here."""
        k = chunk.at + 1
        while self._at(k).label == "NP" or (
            self._at(k).tag in ("PRF", "PRP", "CJC") and k > chunk.at + 1
        ):
            k += 1
        return self._on(k).tag in _FINITE and (k > chunk.at + 1 or chunk.low == "as")

    def _noun(self, noun: _Chunk) -> None:
        """A noun phrase: a subject if it stands before a verb, an object or the next subject if after it."""
        top, back, last = self.stack[-1], self._back(noun.at), self.nouns[-1:] or [self.nothing]
        last = last[0]
        touching = last is self._at(noun.at - 1)
        nominative = noun.low in ENGLISH["subject_forms"]
        noun.joined = back.label == "CJC"
        noun.comma = "," in (back.tag, self._at(back.at - 1).tag if noun.joined else "")
        if back.tag in ("PRP", "PRF", *_GERUND) or (back.tag == "VVN" and top.verb is None):
            noun.governed = back.tag
        elif (
            noun.joined
            and last.at == back.at - 1
            or touching
            and last.governed[:1] == "V"
            and not nominative
        ):
            noun.governed = last.governed
        elif top.verb is None and not top.before and noun.words[-1].lemma in ENGLISH["times"]:
            follows = self._on(noun.at + 1).tag in _FINITE | {"PRF"}
            noun.governed = "" if follows else "time"  # this year the union …
        outer = [each for each in self.stack[:-1] if each.verb is None and each.pronoun is None]
        if noun.comma and not noun.joined and not noun.governed and top.verb is not None:
            if outer and not outer[-1].before:  # when war comes, the union …
                del self.stack[self.stack.index(outer[-1]) + 1 :]
                top = self.stack[-1]
        apart = nominative and self._on(top.at).tag[:2] in (
            "AJ",
            "VV",
        )  # mindful of the task they face
        if touching and top.verb is None and (top.before or apart) and not noun.governed:
            if last.low not in ("we", "you"):  # the members the firm sacked
                top = _Clause("relative", noun.at, top, antecedent=last)
                self.stack.append(top)
        if not noun.governed or (noun.joined and top.verb is not None):
            (top.before if top.verb is None else top.after).append(noun)
        self.nouns.append(noun)

    def _open(self, chunk: _Chunk) -> None:
        """A relative pronoun or a conjunction opens a clause."""
        back, low = self._back(chunk.at), chunk.low
        last = self.nouns[-1] if self.nouns else self.nothing
        near = bool(self.nouns) and (
            back is last or back.tag in (",", "CJC", "PRP") and last.at == back.at - 1
        )
        wh = low in ("who", "whom", "which", "whose") or chunk.tag == "PNQ"
        kind = "relative" if near and wh else "that" if low == "that" else "when"
        while back.label == "CJC" and len(self.stack) > 1 and self.stack[-1].verb is not None:
            if self.stack[-1].kind not in ("to", kind, "relative"):
                break
            closed = self.stack.pop()
            if closed.kind == kind:
                last = closed.antecedent or last
                break
        subject = chunk.tag in ("PNQ", "DTQ") and low != "whom" and back.tag != "PRP"
        asked = low == "as" and self._at(chunk.at + 1).tag == "VM0"  # such funds as may be needed
        self.stack.append(
            _Clause(kind, chunk.at, self.stack[-1], chunk if subject or asked else None)
        )
        if near and (wh or asked or low == "that"):
            self.stack[-1].antecedent = last

    def _verb(self, chunk: _Chunk) -> None:
        """A verb group without a modal: of an open modal, coordinated, an infinitive, a clause of its own, or a participle."""
        top, tag, lemma = self.stack[-1], chunk.tag, chunk.words[-1].lemma
        back = self._back(chunk.at)
        objects = top.after if top.after and top.after[-1] is back else []
        near = tag[-1] == "I" or back.tag == "," or self.gap == "PRP"
        if self.open_rows and back.tag != "CJC" and tag in _BARE and near:
            self._complete(chunk)
        elif tag == "TO0" or (tag in _BARE and objects and top.verb in ENGLISH["causing"]):
            clause = _Clause("to", chunk.at, top, verb=lemma, form="bare")
            self.stack.append(clause)
            if objects and not objects[-1].governed:  # teach the members to …
                clause.subject = self._phrase(objects[-1], chunk.at)
                self.clauses.append(clause)
        elif not self._coordinated(chunk):
            waits = top.verb is None and bool(top.before)
            zero = waits and top.antecedent is not None and top.before[-1] is back
            if tag in _FINITE or zero or (waits and tag in _BARE):
                if clause := self._settle(chunk):
                    clause.verb, clause.form = lemma, "bare" if tag in _BARE else ""
                    self.clauses.append(clause)

    def _settle(self, chunk: _Chunk) -> _Clause | None:
        """The clause of a finite verb, on top of the stack, with its subject; none where the tagger must be wrong."""
        top, back, modal = self.stack[-1], self._back(chunk.at), chunk.tag == "VM0"
        waiting = [
            each for each in self.stack if each.verb is None and (each.before or each.pronoun)
        ]
        joined, comma = back.label == "CJC", back.tag == ","
        if len(waiting) > 1 and comma and top.kind == "when" and top.verb is None:
            waiting.pop()  # no government, whatever its colour, can …
            return self._take(waiting[-1], chunk)
        fresh = None if joined or comma or top.verb is None else self._fresh(top)
        nominative = fresh is not None and fresh.low in ENGLISH["subject_forms"]
        if not joined and not comma and not nominative and self._is_subject(top, chunk):
            return self.stack[-1]
        if fresh and (
            top.verb in ENGLISH["saying"]
            or nominative
            or (fresh.joined and top.kind == "that")
            or not waiting
        ):
            return self._beside(fresh, chunk)
        if top.verb is None and top.kind == "that" and top.antecedent and not top.before:
            top.pronoun = self._at(top.at)  # a victory that will …
            return self._take(top, chunk)
        if waiting and not (joined and top.verb is not None and not waiting[-1] is top):
            return self._take(waiting[-1], chunk)
        if top.kind == "relative" and top.antecedent in top.parent.after and not joined:
            noun = top.antecedent
            if noun.joined or noun.comma:  # and those who join will …
                self.stack.pop()
                return self._beside(noun, chunk)
        return self._share(chunk, comma) if modal or joined else None

    def _is_subject(self, top: _Clause, chunk: _Chunk) -> bool:
        """Whether a clause is the subject: “*Whoever joins* will …”, “*Doing this* will …”."""
        asked = top.kind == "when" and top.pronoun is not None and top.verb is not None
        clause = top.parent if asked else top
        first = self._on(top.at)
        if (
            clause is None
            or clause.verb is not None
            or clause.before
            or not (asked or first.tag in _GERUND)
        ):
            return False
        del self.stack[self.stack.index(clause) + 1 :]
        text = self.text[first.words[0].start : self._back(chunk.at).words[-1].end]
        clause.subject = _Phrase(text, first.low)
        return True

    def _fresh(self, clause: _Clause) -> _Chunk | None:
        """Of the noun phrases after a verb, the one that may be the next subject."""
        nouns = [each for each in clause.after if not each.governed or each.joined]
        if not nouns or nouns[-1].low in ENGLISH["subject_forms"]:
            return nouns[-1] if nouns else None
        commas = [each for each in nouns if each.comma]
        joined = [each for each in nouns if each.joined]
        return (commas or joined or nouns)[-1]

    def _take(self, clause: _Clause, chunk: _Chunk) -> _Clause:
        """A clause that was waiting for its verb."""
        del self.stack[self.stack.index(clause) + 1 :]
        if not clause.before:
            clause.subject = self._phrase(clause.pronoun, chunk.at)
            return clause
        nouns, first, listed = clause.before, 0, False
        if self._back(chunk.at).tag != ",":
            first = max(
                (k for k, noun in enumerate(nouns) if noun.comma and not noun.joined), default=0
            )
            listed = first > 0 and any(noun.joined for noun in nouns[first:])
            listed = listed and nouns[first].low not in ENGLISH["subject_forms"]
        clause.subject = self._phrase(nouns[0 if listed else first], chunk.at, listed)
        return clause

    def _beside(self, noun: _Chunk, chunk: _Chunk) -> _Clause:
        """A new clause whose subject stands after the verb of the last: beside that after “and” or a comma, else under it."""
        kind, parent = "that", self.stack[-1]
        if noun.joined or noun.comma:
            while len(self.stack) > 1 and self.stack[-1].kind == "to":
                self.stack.pop()
            closed = self.stack.pop()
            kind, parent = closed.kind, closed.parent
        self.stack.append(_Clause(kind, noun.at, parent, subject=self._phrase(noun, chunk.at)))
        return self.stack[-1]

    def _share(self, chunk: _Chunk, comma: bool) -> _Clause:
        """A clause that shares the subject of one before, best of one with the same modal."""
        modal = _MODALS.get(chunk.low)
        known = [each for each in reversed(self.stack) if each.verb and each.kind != "to"]
        known = known or self.clauses[-1:]
        if not known:
            return self._beside(self.nouns[-1], chunk) if self.nouns else self.stack[-1]
        rows = [each for each in known if each.row]
        alike = [each for each in rows if each.row["modal"] == modal]
        chosen = (alike or (rows if comma and known[0].kind == "relative" else []) or known)[0]
        if chosen in self.stack:
            del self.stack[self.stack.index(chosen) :]
        shared = replace(
            chosen, at=chunk.at, shared=chosen, before=[], after=[], row=None, verb=None
        )
        self.stack.append(shared)
        return shared

    def _stop(self, k: int, limit: int, listed: bool) -> int:
        """Where a noun phrase with its prepositional phrases ends: before a relative clause, a participle or a comma."""
        stop = j = k + 1
        while j < limit:
            chunk, back = self._at(j), self._back(j)
            linked = back.label in ("PRP", "PRF", "CJC", "VG") or (listed and back.tag == ",")
            gerund = chunk.tag in _GERUND and linked
            infinitive = chunk.tag == "TO0" and chunk.words[-1].lemma != "be"
            if (chunk.label == "NP" and linked) or gerund or (infinitive and chunk.label == "VG"):
                stop = j + 1
            elif chunk.label not in ("PRP", "PRF", "CJC", "AD") and not (
                listed and chunk.tag == ","
            ):
                break
            j += 1
        return stop

    def _phrase(self, noun: _Chunk, limit: int, listed: bool = False) -> _Phrase:
        """A noun phrase with what belongs to it, up to place ``limit``."""
        if noun.tag == "EX0":
            return _Phrase(pronoun="there")
        stop = self._stop(noun.at, limit, listed)
        of = next(
            (k for k in range(noun.at + 1, stop) if self._at(k).tag in ("CJC", "PRP", ",")), stop
        )
        base = next((k for k in range(noun.at + 1, stop) if self._at(k).tag == "PRP"), stop)
        head = next((word for word in reversed(noun.words) if word.tag[0] == "N"), noun.words[-1])
        single = len(noun.words) == 1 and noun.tag in ("PNP", "PNQ", "DTQ", "DT0", "CJT", "CJS")
        pronoun = noun.low if single else ""
        near = [word for chunk in self.chunks[noun.at : of] for word in chunk.words]
        doer = {"i": self.actors.we, "we": self.actors.we, "you": self.actors.you}.get(
            pronoun, "other"
        )
        if not pronoun:
            forms = {form for word in near for form in (word.low, word.lemma)}
            doer = self.actors.doer_of((head.lemma, head.low), forms)
        part_of = head.low in ENGLISH["parts"] and self._at(noun.at + 1).tag == "PRF"
        if doer == "other" and part_of and self._at(noun.at + 2).label == "NP":
            doer = self._phrase(self._at(noun.at + 2), stop).doer
        several = self._at(of).label == "CJC" and of < stop and self._at(of + 1).label == "NP"
        back = self._at(noun.at - 1).words[-1]
        begin = (back if back.low in ("whose", "even") else noun.words[0]).start
        shout = head.text.isupper() and len(head.text) > 1
        return _Phrase(
            text=self.text[begin : self._at(stop - 1).words[-1].end],
            head=head.text if shout else head.low,
            doer=doer,
            plural=several or head.tag == "NN2" or head.low in ENGLISH["plural"],
            pronoun=pronoun,
            base=self.text[begin : self._at(base - 1).words[-1].end],
            negative=noun.low in _NEGATIVE or back.low in ("neither", "not"),
        )

    def _modal(self, chunk: _Chunk) -> None:
        """A modal auxiliary: its clause, subject and verb."""
        inverted = self._inverted(chunk)
        if inverted:
            if self.stack[-1].verb is not None:
                self.stack.append(_Clause("main", chunk.at))
            clause = self.stack[-1]
            clause.subject = self._phrase(inverted, len(self.chunks))
        else:
            clause = self._settle(chunk) or self.stack[-1]
        word = chunk.words[0]
        row: dict[str, Any] = {"start": word.start, "end": word.end, "modal": _MODALS[word.low]}
        row |= {
            "negated": clause.subject.negative,
            "passive": False,
            "verb": "",
            "agent": "",
            "verbs": [],
        }
        clause.row, clause.form, clause.verb = row, "bare", ""
        if inverted:
            before = self.words[max(0, self.words.index(word) - 6) : self.words.index(word)]
            lows = {each.low for each in before}
            row["negated"] |= bool(_NEGATIVE & lows) and not _MERELY & lows
        self.clauses.append(clause)
        self.rows.append(row)
        if self._back(chunk.at).tag not in (",", "CJC"):
            self._supply()
        self.open_rows.append((clause, row))
        if chunk.label == "VG":
            self._complete(chunk)
            return
        k = chunk.at + 1
        self.gap = self._on(k).tag
        while self._at(k).label == "AD":
            row["negated"] |= any(each.tag == "XX0" for each in self._at(k).words)
            k += 1
        if inverted:
            self.nouns.append(inverted)
            k = self._stop(inverted.at, len(self.chunks), False)
            if self._on(k).label == "VG" and self._on(k).tag in _BARE:
                self._complete(self._on(k))
                k = self._on(k).at + 1
            self.k = k - 1

    def _complete(self, chunk: _Chunk) -> None:
        """Give the open modals the verb of this group."""
        tags, main = [each.tag for each in chunk.words], chunk.words[-1]
        be = any(each.lemma == "be" for each in chunk.words[:-1])
        passive = be and main.tag in _PARTICIPLE
        there_is_no = self._at(chunk.at + 1).low == "no"
        for clause, row in self.open_rows:
            none = clause.subject.pronoun == "there" and there_is_no
            row["negated"] |= "XX0" in tags or none
            row |= {"passive": passive, "verb": main.lemma, "verbs": [main.lemma]}
            row["agent"] = self._agent(chunk.at + 1) if passive else ""
            clause.verb, clause.form = main.lemma, main.tag if be else "bare"
        self.open_rows = []

    def _supply(self) -> None:
        """Give the open modals the verb that they repeat: the nearest before."""
        for clause, row in self.open_rows:
            verbs = [each for each in self.words if each.tag[:1] == "V" and each.tag != "VM0"]
            before = [each for each in verbs if each.start < row["start"]]
            verb = (before[-1:] or verbs[:1] or [_Word()])[0].lemma
            row |= {"verb": verb, "verbs": [verb]}
        self.open_rows = []

    def _inverted(self, chunk: _Chunk) -> _Chunk | None:
        """The subject if it stands after the modal: “Only then can we …”, “Will the union …?”."""
        noun = self._on(chunk.at + 1)
        if chunk.label == "VG" or noun.label != "NP":
            return None
        after = self._on(self._stop(noun.at, len(self.chunks), False))
        waiting = any(each.verb is None and each.before for each in self.stack)
        pronoun = noun.low in ENGLISH["subject_forms"] or (
            noun.low in ("you", "it", "there") and not waiting
        )
        back = self._at(chunk.at - 1)
        if after.tag not in _BARE:
            return noun if pronoun or back.low in ("so", "nor", "neither") else None
        asked = self.words[-1].low == "?"
        free = not waiting and (asked or back.tag not in ("CJC", ","))
        return noun if free or pronoun or back.low in ("nor", "neither") or not back.tag else None

    def _agent(self, k: int) -> str:
        """Who it is done by: what stands after “by”, if that is no way, means or time."""
        while self._at(k).label in ("NP", "AD", "PRP", "PRF", "CJC"):
            noun = self._at(k + 1)
            if self._at(k).low == "by" and noun.label == "NP":
                phrase, last = self._phrase(noun, len(self.chunks)), noun.words[-1]
                bare = noun.tag in ("NN1", "AJ0") and last.tag == "NN1" and last.text.islower()
                if last.lemma not in ENGLISH["means"] + ENGLISH["times"] and last.tag not in (
                    "CRD",
                    "PNX",
                ):
                    if not bare or phrase.doer != "other":
                        return phrase.base
            k += 1
        return ""

    def _coordinated(self, chunk: _Chunk) -> bool:
        """Whether a verb is coordinated with one before, whose clause then is the open one again."""
        back, tag = self._back(chunk.at), chunk.tag
        alone = back.tag == ","
        if back.tag not in ("CJC", ",") or (alone and self.stack[0].verb is None):
            return False
        form = "bare" if tag in _BARE else "VVN" if tag == "VVD" else tag
        fitting = [each for each in reversed(self.stack) if each.verb and each.form == form]
        if form != "bare":
            fitting = [each for each in fitting[:1] if each.row and not alone]
        if not fitting:
            return False
        chosen = fitting[0]
        if chosen.kind == "relative" and not chosen.row and alone:
            chosen = next((each for each in fitting[1:] if each.row), chosen)
        del self.stack[self.stack.index(chosen) + 1 :]
        if chosen.row:
            chosen.row["verbs"].append(chunk.words[-1].lemma)
        return True

    def _finish(self) -> None:
        """Fill in what the subjects stand for, and remember who was spoken of."""
        self._supply()
        for clause in self.clauses:
            clause.resolved = clause.shared.resolved if clause.shared else self._resolved(clause)
            if clause.row:
                clause.row |= {
                    "subject": clause.subject.text,
                    "head": clause.subject.head,
                    "resolved": clause.resolved.text,
                    "doer": clause.resolved.doer,
                    "verbs": tuple(clause.row["verbs"]),
                }
        said = [("main" if each.kind == "main" else "sub", each.resolved) for each in self.clauses]
        said += [
            ("main", each.resolved) for each in self.clauses[:1] if each.subject.pronoun == "they"
        ]
        for noun in self.nouns:
            if not noun.joined:
                kind = "noun" if noun.governed[:1] == "P" else "object"
                said.append((kind, self._phrase(noun, len(self.chunks))))
        self.past.append(said)

    def _resolved(self, clause: _Clause) -> _Phrase:
        """What the subject of a clause stands for."""
        subject = clause.subject
        if clause.pronoun is not None and not clause.before and clause.antecedent is not None:
            return self._phrase(clause.antecedent, clause.pronoun.at)
        if subject.pronoun == "they":
            return self._antecedent(clause, True) or subject
        if subject.pronoun in ("he", "she"):
            return self._antecedent(clause, False, ("members", "party", "union")) or subject
        if subject.pronoun == "it" and not self._points_ahead(clause):
            return self._antecedent(clause, False) or subject
        before = [(kind, each) for said in reversed(self.past) for kind, each in said]
        if subject.plural and re.fullmatch("(?:these|those|such) [a-z]+", subject.text.lower()):
            named = (each for _, each in before if each.head == subject.head and " " in each.text)
            return next((each for each in named if each.text != subject.text), subject)
        known = [each for kind, each in before if kind == "main" and each.doer != "other"]
        if (
            subject.head == "those" and subject.text.lower() != "those" and known
        ):  # those in the north
            return replace(subject, text=known[0].base + subject.text[5:], doer=known[0].doer)
        return subject

    def _points_ahead(self, clause: _Clause) -> bool:
        """Whether “it” only points ahead: “It should be a rule to …”."""
        later = self.chunks[clause.at :]
        ahead = any(
            one.words[-1].tag[:2] in ("NN", "AJ") and two.tag in ("TO0", "CJT")
            for one, two in zip(later, later[1:], strict=False)
        )
        return bool(clause.row) and clause.verb in ENGLISH["pointing"] and ahead

    def _antecedent(
        self, clause: _Clause, plural: bool, doers: Collection[str] = DOERS
    ) -> _Phrase | None:
        """The nearest phrase that fits a pronoun: subjects of clauses around and before, then of the sentences before."""
        parent, other = clause.parent, None
        if plural and parent and clause.kind == "that" and parent.verb in ENGLISH["ensuring"]:
            other = parent.resolved if parent.subject.pronoun == "they" else None
        around = []
        while parent is not None:
            around.append(parent)
            parent = parent.parent
        before = self.clauses[: self.clauses.index(clause)]
        known: list[_Phrase] = []
        for each in around + [each for each in reversed(before) if each not in around]:
            objects = [
                noun for noun in reversed(each.after) if noun.at < clause.at and not noun.governed
            ]
            known += [each.resolved, *(self._phrase(noun, clause.at) for noun in objects)]
        said = [
            (kind, each) for each_said in reversed(self.past) for kind, each in reversed(each_said)
        ]
        if not plural:
            known += [
                self._phrase(each, clause.at)
                for each in reversed(self.nouns)
                if each.at < clause.at
            ]
        elif clause.row and clause.row["passive"] and self.past:  # to whom something was done
            main = [each for kind, each in self.past[-1] if kind == "main"]
            known += [
                each
                for kind, each in reversed(self.past[-1])
                if kind == "object" and each not in main
            ]
        for wanted in ("main", "sub", "object noun"):
            known += [each for kind, each in said if kind in wanted]
        fitting = [
            each
            for each in known
            if each.text and not each.pronoun and each.plural == plural and each.doer in doers
        ]
        fitting = [each for each in fitting if not other or each.doer != other.doer]
        actors = [each for each in fitting if each.doer != "other"] if plural else fitting
        return (actors or fitting or [other])[0]
