"""Sentences in chunks: subjects, verb groups and single words.

Words come with parts of speech (:func:`helpers.words.tokens.tagged`). Rules mend some of these, and
NLTK's ``RegexpParser`` puts words together to chunks: both stand in ``clauses.toml``.
"""

import re
from collections import namedtuple
from functools import lru_cache
from pathlib import Path
from typing import Any

from nltk import RegexpParser, Tree

from helpers.corpus.documents import Document
from helpers.corpus.files import read_toml
from helpers.words.tokens import tagged, tools

GRAMMAR = read_toml(Path(__file__).with_name("clauses.toml"))
_MOST_WORDS = 200  # a longer sentence is read in parts
_PARSER = RegexpParser(GRAMMAR["grammar"])
_LABEL = re.compile(GRAMMAR["label"], re.IGNORECASE)
_MARKS = {mark: kind for kind, marks in GRAMMAR["marks"].items() for mark in marks}
_PARTICIPLES = ("VVN", "VVD", "VDN", "VHN")
_ADVERBS = r"(?: \S+/(?:AV0|AVP|XX0))*"
SETS = {name: set(words.split()) for name, words in GRAMMAR["words"].items()}

Word = namedtuple("Word", "start end text lemma tag")
# ``first`` and ``last`` are the words of a subject's first and last noun phrase. It is governed by
# a preposition or a gerund before it, stands after a comma, is joined by "and" or "or".
Chunk = namedtuple(
    "Chunk", "at label words first last low bare governed comma joined denied passive"
)
_NOTHING = [Word(0, 0, "", "", "")]
EDGE = Chunk(-9, "", _NOTHING, _NOTHING, _NOTHING, "", *[False] * 6)


@lru_cache(maxsize=32)
def parsed(document: Document) -> list[tuple[str, list[Word], list[Chunk]]]:
    """Sentence ids, words with mended tags and chunks: labels left out, long sentences in parts."""
    found = []
    for id, start, text in document.sentences[["start", "text"]].itertuples(name=None):
        label = _LABEL.match(text)
        words = []
        for begin, end, word, lemma, tag in tagged(text):
            if not label or begin >= label.end():
                form, kind = word.replace("’", "'"), _MARKS.get(word, tag)
                words.append(Word(start + begin, start + end, form, lemma.lower(), kind))
        for first in range(0, len(words), _MOST_WORDS):
            part = _mended(words[first : first + _MOST_WORDS])
            found.append((id, part, _chunks(part)))
    return found


def _compiled(rule: list[str]) -> list[Any]:
    """A rule of ``clauses.toml``: what stands before, the word, what stands after, the new tag."""
    for name, words in SETS.items():
        rule = [part.replace(name.upper(), f"(?:{'|'.join(words)})") for part in rule]
    before, word, after, tag = (part.replace("ADV", _ADVERBS) for part in rule)
    return [re.compile(f"(?:{before})$"), re.compile(word), re.compile(after), tag]


_MEND = [_compiled(rule) for rule in GRAMMAR["mend"]]


def _mended(words: list[Word]) -> list[Word]:
    """Words with their tags mended by the rules of ``clauses.toml``."""
    for i, word in enumerate(words):
        rules = [rule for rule in _MEND if rule[1].fullmatch(f"{word.text}/{word.tag}")]
        near = (words[max(0, i - 30) : i], words[i + 1 : i + 31]) if rules else ((), ())
        before, after = ("".join(f" {each.text}/{each.tag}" for each in part) for part in near)
        tags = [rule[3] for rule in rules if rule[0].search(before) and rule[2].match(after)]
        if tags[:1] == ["VVN"] and word.tag == "AJ0":
            word = word._replace(lemma=tools()[1].analyze(word.text, pos="VVN")[0].lower())
        words[i] = word._replace(tag=[*tags, word.tag][0])
    return words


def _chunks(words: list[Word]) -> list[Chunk]:
    """Subjects, verb groups and other words, without adverbs."""
    found, last = [EDGE], EDGE
    for part in _PARSER.parse([(word, word.tag) for word in words]) if words else ():
        tree = part if isinstance(part, Tree) else Tree(part[1], [part])
        label, inside = tree.label(), [word for word, _ in tree.leaves()]
        phrases = [
            [word for word, _ in each.leaves()] for each in tree.subtrees() if each.label() == "NP"
        ]
        first, end = (phrases[0], phrases[-1]) if phrases else (inside, inside)
        low, back = inside[0].text.lower(), found[-1]
        bare = label == "BARE" or inside[0].tag[2:] == "B"
        joined = back.label == "CJC"
        comma = "," in (back.label, found[-2].label if joined and len(found) > 1 else "")
        governed = back.label in ("PRP", "PRF", "BY", "CJX", "ING")
        governed = governed or (joined and last.governed and last.at == back.at - 1)
        denied = any(word.tag == "XX0" for word in inside)
        be = any(word.lemma == "be" for word in inside[:-1])
        how = (governed, comma, joined, denied, be and inside[-1].tag in _PARTICIPLES)
        if label != "AD":
            found.append(Chunk(len(found), label, inside, first, end, low, bare, *how))
            last = found[-1] if label == "SUBJECT" else last
    return [*found, EDGE, EDGE]
