"""Still views of grammar: words with their parts of speech, and clauses as they were read."""

import html
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.corpus.cleaning import STEPS, clean
from helpers.corpus.documents import FIELDS, Corpus, Document, listed
from helpers.corpus.errors import UnionError
from helpers.corpus.files import read_toml
from helpers.show.cards import Card
from helpers.words.clauses import modal_clauses
from helpers.words.tokens import document_tokens

_BEFORE, _LONGEST = (
    8,
    1_000,
)  # sentences in which a pronoun is looked up; characters of a sentence of one's own
_NONE = "No clause with a modal verb was found."


def show_words(document: Document, *sentences: str) -> Card:
    """Show the words of some sentences (ids), each with its tag and with what the tag says.

    Raises :class:`UnionError` for a sentence that is not there.

    >>> from helpers.corpus.documents import load_corpus
    >>> print(repr(show_words(load_corpus()["kctu"], "kctu-008"))[:56])
    kctu-008  The AT0 article, KCTU NP0 name, will VM0 modal
    """
    names = read_toml(Path(__file__).with_name("parts_of_speech.toml"))
    content, plain = "", []
    for id in sentences:
        document.sentence_in_raw(id)  # raises for an id that is not there
        rows = document_tokens(document).loc[
            document_tokens(document)["sentence"] == id, ["word", "tag"]
        ]
        words = [
            (word, tag, names.get(tag) or names.get(tag[:2], "unclear"))
            for word, tag in rows.itertuples(index=False)
        ]
        items = ("".join(f"<span>{html.escape(each)}</span> " for each in word) for word in words)
        content += (
            f"<h3>{html.escape(id)}</h3><ul class=u-words><li>{'</li><li>'.join(items)}</li></ul>"
        )
        plain.append(f"{id}  {', '.join(map(' '.join, words))}")
    return Card(content, "\n".join(plain))


def show_clauses(documents: Document | Corpus | Sequence[Document], clauses: pd.DataFrame) -> Card:
    """Show some rows of :func:`modal_clauses`, each marked in its sentence, and how it was read.

    With a pronoun come the sentences before it, back to the one from which it was read.

    >>> from helpers.corpus.documents import load_corpus
    >>> aims = load_corpus()["kctu"]
    >>> show_clauses(aims, modal_clauses(aims)[1:2])
    kctu-001  who: that = a truly democratic society; counted as: state; does: will guarantee
    """
    texts = {document.id: document for document in listed(documents)}
    content, plain = "", []
    for clause in clauses.to_dict("records"):
        id = clause["sentence"]
        document = texts[id.rpartition("-")[0]]
        read, name = _read(document, clause), html.escape(id)
        said = "".join(
            f"<div><dt>{label}</dt><dd>{html.escape(text)}</dd></div>"
            for label, text in read.items()
        )
        text = f"<span class=u-soft>[{name}]</span> {_marked(document, clause)}"
        content += f"<li><p class=u-text>{text}</p><dl>{said}</dl>"
        if before := _before(document, clause):
            told = "".join(f"<p class=u-text>{html.escape(each)}</p>" for each in before)
            content += f"<details><summary>What stands before {name}</summary>{told}</details>"
        content += "</li>"
        plain.append(f"{id}  {'; '.join(f'{label}: {text}' for label, text in read.items())}")
    key = "<u>who</u>, <mark>modal verb</mark>, <strong>verb</strong>"
    key = f"<p class=u-soft>In each sentence: {key}.</p>"
    return (
        Card(f"{key}<ol class=u-clauses>{content}</ol>", "\n".join(plain))
        if plain
        else Card(f"<p>{_NONE}</p>", _NONE)
    )


def _before(document: Document, clause: dict[str, Any]) -> list[str]:
    """The sentences before a pronoun from which it was read, if it was not read from its own."""
    sought = clause["resolved"].casefold()
    near = list(document.sentences.loc[: clause["sentence"], "text"].iloc[-1 - _BEFORE :].items())
    if clause["resolved"] == clause["subject"] or sought in near.pop()[1].casefold():
        return []
    first = max(
        (place for place, (_, text) in enumerate(near) if sought in text.casefold()), default=0
    )
    return [f"[{id}] {text}" for id, text in near[first:]]


def _verbs(document: Document, clause: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """Where in the text the verbs of a clause stand, by lemma; one left out is missing."""
    words, at, found = (
        document_tokens(document)[document_tokens(document)["sentence"] == clause["sentence"]],
        clause["end"],
        {},
    )
    for verb in clause["verbs"]:
        for word in (
            words[(words["start"] >= at) & (words["lemma"].str.lower() == verb)]
            .head(1)
            .itertuples()
        ):
            found[verb], at = (word.start, word.end), word.end
    return found


def _read(document: Document, clause: dict[str, Any]) -> dict[str, str]:
    """How a clause was read, in words."""
    subject, resolved, verbs = clause["subject"], clause["resolved"], _verbs(document, clause)
    who = f"{subject} = {resolved}" if subject != resolved else subject or "not said"
    words = [
        document.text[slice(*verbs[verb])] if verb in verbs else verb for verb in clause["verbs"]
    ]
    does = f"{clause['modal']} {'be ' * clause['passive']}{', '.join(words) or '…'}"
    how = (
        {"done to it": does, "by whom": clause["agent"] or "not said"}
        if clause["passive"]
        else {"does": does}
    )
    return {"who": who, "counted as": clause["doer"], **how} | (
        {"negated": "yes"} if clause["negated"] else {}
    )


def _marked(document: Document, clause: dict[str, Any]) -> str:
    """The sentence of a clause as HTML, with its subject, its modal verb and its verbs marked."""
    first, last = document.sentences.loc[clause["sentence"], ["start", "end"]]
    start, end, subject = clause["start"], clause["end"], clause["subject"]
    at = document.text.rfind(subject, first, start)
    at = document.text.find(subject, end, last) if at < 0 else at
    spans = [(start, end, "mark")] + [(at, at + len(subject), "u")] * (at >= 0 and subject != "")
    spans += [(*span, "strong") for span in _verbs(document, clause).values()]
    marked, done = "", first
    for start, stop, tag in sorted(spans):
        if start >= done:
            before, inside = document.text[done:start], document.text[start:stop]
            marked += f"{html.escape(before)}<{tag}>{html.escape(inside)}</{tag}>"
            done = stop
    return marked + html.escape(document.text[done:last])


def try_sentence(text: str) -> Card:
    """Show how a sentence of one's own is read, or a few: words, and clauses with a modal verb.

    Raises :class:`UnionError` for what is no text, and for a very long one.

    >>> try_sentence("Members will march.")
    mine-001  Members NN2 noun, will VM0 modal verb, march VVI verb, . PUN mark
    mine-001  who: Members; counted as: members; does: will march
    """
    if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST:
        raise UnionError(
            f"Give a sentence or a few between quotation marks, {_LONGEST:,} characters at most."
        )
    kept = clean(" ".join(text.split()), off=[step.name for step in STEPS])
    mine = Document("mine", dict.fromkeys(FIELDS, ""), kept)
    words, clauses = (
        show_words(mine, *mine.sentences.index),
        show_clauses(mine, modal_clauses(mine)),
    )
    return Card(words.content + clauses.content, f"{words!r}\n{clauses!r}")
