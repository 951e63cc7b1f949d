"""The lessons without computers: texts, codebook and sheets to write on, as one web page that prints on A4 and Letter."""

from __future__ import annotations

import sys
from pathlib import Path
from string import Template

from helpers.classroom.blocks import Table
from helpers.classroom.report_page import _drawn, _text
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.practice import load_practice
from helpers.corpus.documents import Corpus, Document, load_corpus
from helpers.corpus.files import atomic_write

_TEMPLATE = Path(__file__).with_name("packet.html")
_KNOWN = {
    "author": "Author",
    "date": "Date",
    "date_certainty": "How sure the date is",
    "publisher": "Publisher",
    "source": "Where it is from",
    "translation": "Translation",
    "rights": "Rights",
    "content_note": "Before you read",
}
_QUESTIONS = ("Who speaks?", "To whom?", "For what?", "What is the union's part?")
# The sheets before and after the documents, by place, name and whom they are for.
_BEFORE = (
    ("teacher", "For the teacher", "yourself"),
    ("key", "Key to the practice sentences", "yourself"),
    ("questions", "Four questions", "each learner"),
)
_AFTER = (
    ("codebook", "The codebook", "each pair"),
    ("rules", "The rules of the codebook", "each pair"),
    ("practice", "Practice sentences", "each learner"),
    ("tally", "Tally sheet", "each learner"),
    ("agreement", "Agreement by hand", "each learner"),
    ("pairs", "Agreement by hand: our sheet", "each learner"),
)
_BLANK = 20  # sentences on the sheet for a pair
# An invented pair on ten invented sentences, as places in the codebook: what they agree on is reckoned below.
_FIRST = ((0,), (2,), (3,), (3, 9), (5,), (8,), (9,), (10,), (11,), (1,))
_SECOND = ((0,), (2,), (3,), (9, 3), (5,), (9,), (9,), (10, 9), (11,), (2,))


def write_packet(corpus: Corpus, path: str | Path) -> Path:
    """Write a packet for a room without computers: teacher's pages, texts with numbered sentences, codebook, sheets to write on.

    It is one web page without scripts, whole or not written at all; every text is escaped. Raises :class:`UnionError` for a
    folder that cannot be written to.

    >>> import tempfile
    >>> write_packet(load_corpus(), Path(tempfile.mkdtemp(), "packet.html")).name
    'packet.html'
    """
    codebook, path = load_codebook(), Path(path)
    parts = {
        "style": _TEMPLATE.with_name("report.css").read_text(encoding="utf-8"),
        "sheets": _sheets(corpus),
        "documents": _documents(corpus),
        "key": _key(codebook),
        "questions": "\n".join(_questions(document) for document in corpus.documents),
        "texts": "\n".join(_sheet(document) for document in corpus.documents),
        "asked": _text(codebook.question),
        "codes": _codes(codebook),
        "rules": "\n".join(f"<li>{_text(rule)}</li>" for rule in codebook.rules),
        "doer_asked": _text(codebook.doer_question),
        "doers": _drawn(
            Table(
                "The doers",
                ["Doer", "Who is meant"],
                [(doer.label, doer.meaning) for doer in codebook.doers.values()],
            )
        ),
        "practice": _practice(codebook),
        "tally": "\n".join(_tally(document, codebook) for document in corpus.documents),
        "pairs": _pairs(),
        **_example(codebook),
    }
    atomic_write(path, Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(parts).encode())
    return path


def _title(document: Document) -> str:
    return document.about["short_title"]


def _sheets(corpus: Corpus) -> str:
    """All sheets in their order, each with whom it is for."""
    texts = [
        (f"text-{document.id}", _title(document), "each pair") for document in corpus.documents
    ]
    rows = [
        (f'<a href="#{place}">{_text(name)}</a>', whom)
        for place, name, whom in (*_BEFORE, *texts, *_AFTER)
    ]
    head = '<thead><tr><th scope="col">Sheet</th><th scope="col">Copies for</th></tr></thead>'
    body = "\n".join(f'<tr><th scope="row">{name}</th><td>{whom}</td></tr>' for name, whom in rows)
    return f"<table><caption>The sheets, in their order</caption>\n{head}\n<tbody>\n{body}\n</tbody></table>"


def _documents(corpus: Corpus) -> str:
    """How long each document is, what one sentence of it is worth in a hundred, and what care it wants."""
    rows = []
    for document in corpus.documents:
        sentences, words = len(document.sentences), len(document.text.split())
        worth = f"{100 / sentences:.1f}" if sentences else "–"
        rows.append((_title(document), document.id, f"{sentences:,}", f"{words:,}", worth))
    head = [
        "Document",
        "Its sentences begin with",
        "Sentences",
        "Words",
        "One sentence, in a hundred",
    ]
    care = [
        (_title(each), each.about["content_note"], each.about["rights"], each.about["used_because"])
        for each in corpus.documents
    ]
    return (
        _drawn(Table("How long they are", head, rows))
        + "\n"
        + _drawn(
            Table(
                "What to tell learners, and what to know before you copy",
                ["Document", "Before you read", "Rights", "Why it is used here"],
                care,
            )
        )
    )


def _key(codebook: Codebook) -> str:
    """What the codebook says of the practice sentences, for the teacher."""
    rows = []
    for number, key in enumerate(load_practice(codebook=codebook).key.values(), 1):
        rows.append(
            (
                str(number),
                _labels(codebook, key["codes"]),
                key["why"],
                codebook.doers[key["doer"]].label,
                key["doer_why"],
            )
        )
    return _drawn(
        Table(
            "The practice sentences, as the codebook has them",
            ["No.", "Codes", "Why", "Doer", "Why this doer"],
            rows,
        )
    )


def _labels(codebook: Codebook, codes: list[str]) -> str:
    return " + ".join(codebook[code].label for code in codes)


def _questions(document: Document) -> str:
    rows = [(question, "") for question in _QUESTIONS]
    return _drawn(
        Table(
            f"Four questions to: {_title(document)}",
            ["Question", "What these sentences say; or: they do not say"],
            rows,
        )
    )


def _sheet(document: Document) -> str:
    """A document on a sheet of its own: what is known about it, then a row for each sentence."""
    title, before, rows = _text(_title(document)), 0, []
    for id, sentence in document.sentences.iterrows():
        begins = sentence["paragraph"] != before
        before = sentence["paragraph"]
        rows.append((f"¶ {before}\n{id}" if begins else id, sentence["text"], ""))
    known = [(label, document.about[name]) for name, label in _KNOWN.items()]
    return (
        f'<section class="sheet" id="text-{document.id}"><h2>{title}</h2>\n<p>{_text(document.title)}</p>\n'
        + _drawn(
            Table(f"What is known about it: {_title(document)}", ["Field", "What is known"], known)
        )
        + f'\n<div class="text">{_drawn(Table(f"The sentences: {_title(document)}", ["Sentence", _title(document), "Codes, doer"], rows))}'
        + "</div>\n</section>"
    )


def _codes(codebook: Codebook) -> str:
    rows = [
        (f"{each.label} ({each.code})", each.definition, each.include, each.exclude, each.example)
        for each in codebook.codes.values()
    ]
    return _drawn(
        Table(
            "The codes",
            [
                "Code",
                "What it means",
                "Takes in",
                "Leaves out (code instead)",
                "An invented example",
            ],
            rows,
        )
    )


def _practice(codebook: Codebook) -> str:
    rows = []
    for number, key in enumerate(load_practice(codebook=codebook).key.values(), 1):
        before = f"(Follows on from number {number - 1}.) " if key.get("with_previous") else ""
        rows.append((str(number), before + key["text"], ""))
    return _drawn(Table("Invented sentences", ["No.", "Sentence", "Codes, doer"], rows))


def _tally(document: Document, codebook: Codebook) -> str:
    rows = [(each.label, "", "", "") for each in codebook.codes.values()]
    head = ["Code", "A stroke for each sentence that has it", "How many", "In a hundred"]
    return _drawn(
        Table(f"Tally: {_title(document)}", head, [*rows, ("Sentences I coded", "", "", "100")])
    )


def _example(codebook: Codebook) -> dict[str, str]:
    """Two invented coders on ten sentences, and what they agree on."""
    names = list(codebook)
    first, second = (
        [[names[place % len(names)] for place in places] for places in coder]
        for coder in (_FIRST, _SECOND)
    )
    same = [set(one) == set(other) for one, other in zip(first, second, strict=True)]
    rare = names[1 % len(names)]
    apart = sum((rare in one) != (rare in other) for one, other in zip(first, second, strict=True))
    rows = [
        (str(number), _labels(codebook, one), _labels(codebook, other), "yes" if alike else "no")
        for number, (one, other, alike) in enumerate(zip(first, second, same, strict=True), 1)
    ]
    return {
        "example": _drawn(
            Table(
                "Ann and Ben, both invented",
                ["No.", "Ann's codes", "Ben's codes", "The same?"],
                rows,
            )
        ),
        "same": str(sum(same)),
        "whole": str(len(same)),
        "percent": f"{100 * sum(same) / len(same):.0f}",
        "rare": _text(codebook[rare].label),
        "rare_same": str(len(same) - apart),
    }


def _pairs() -> str:
    rows = [(str(number), "", "", "", "") for number in range(1, _BLANK + 1)]
    return _drawn(
        Table(
            "Our sentences",
            ["No.", "Sentence", "My codes", "My partner's codes", "The same?"],
            rows,
        )
    )


if __name__ == "__main__":
    written = write_packet(load_corpus(), sys.argv[1])
    print(f"The packet is in {written}: open it in a browser and print it.")
