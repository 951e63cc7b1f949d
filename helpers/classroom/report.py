"""A learner's case as a report to hand in: what is claimed, on what evidence, how it was made, and every sentence cited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from helpers.classroom.blocks import Block, Heading, Link, Paragraph, Table, figure, fit, paragraphs
from helpers.classroom.report_page import as_page
from helpers.classroom.report_word import as_word
from helpers.coding.case import CODERS, Case, Evidence, Number
from helpers.coding.codings import load_codings
from helpers.coding.journal import Journal
from helpers.coding.reliability import agreement
from helpers.corpus.documents import Corpus, Document, load_corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.files import atomic_write
from helpers.corpus.library import fields
from helpers.show.case import CaseDesk
from helpers.show.charts import Chart, account_chart
from helpers.show.frames import frame_profile
from helpers.show.opened import opened
from helpers.show.settling import agreement_in_words
from helpers.show.wordcharts import doer_chart, rates_chart

_TITLE = "What is a union for? A case"
_PARTS = {
    "reasoning": "Reasoning",
    "limit": "A limit",
    "opposite": "The fairest reading against it",
}
_QUOTING = (
    "Each quotation was checked word for word against the clean text of its document when this report was made. Quotation marks, "
    "line breaks, the case of the first letter and a full stop or comma at the end do not count. “…” stands where words are left "
    "out; words in square brackets are those of the author of this report."
)
_COUNTING = (
    "Numbers were computed, not typed. A rate is given for each 1,000 words, or in percent of the coded sentences or clauses. The "
    "interval (95 %) takes the wider ends of two: as if words, sentences or clauses were drawn one by one (Wilson 1927), and with "
    "whole paragraphs drawn again and again. It is the least doubt one should have. These are a few texts, not populations: the "
    "numbers say nothing of other texts."
)
_REFERENCE = (
    "The reference was made by two coders, both AI language models, who worked apart; the project's authors settled their "
    "differences. Outside historians have not validated it."
)


def make_case(corpus: Corpus | None = None, journal: Journal | None = None) -> CaseDesk:
    """Make a case about the documents of a corpus: claim, evidence, reasoning, a limit, and a report to hand in.

    What the learner does is in the journal at once, and found again by the next call.

    >>> import tempfile
    >>> make_case(load_corpus(), Journal(tempfile.mkdtemp())).shown["checklist"][0]
    ['A claim', False, True]
    """
    return CaseDesk(
        Case(corpus or load_corpus(), journal), {"my-case.html": page_of, "my-case.docx": word_of}
    )


def write_report(
    path: str | Path, corpus: Corpus | None = None, journal: Journal | None = None
) -> Path:
    """Write the learner's case to a web page (``.html``) or a Word document (``.docx``), whole or not at all; gives the path.

    What is missing is said in the report. Raises :class:`UnionError` for another ending, where nothing is written yet, and
    for a folder that cannot be written to.
    """
    path, kinds = Path(path), {".html": page_of, ".docx": word_of}
    if path.suffix not in kinds:
        raise UnionError(
            f"A report cannot be {path.suffix or 'a file without an ending'}: end its name in .html or .docx."
        )
    atomic_write(path, kinds[path.suffix](Case(corpus or load_corpus(), journal)))
    return path


def page_of(case: Case) -> bytes:
    """The report of a case as a web page."""
    return as_page(f"{_TITLE}, by {_author(case)}", report_of(case))


def word_of(case: Case) -> bytes:
    """The report of a case as a Word document."""
    return as_word(_TITLE, _author(case), report_of(case))


def _author(case: Case) -> str:
    return str((case.journal.latest("learner") or {}).get("name") or "a learner")


def _today() -> str:
    now = datetime.now(UTC)
    return f"{now.day} {now:%B %Y}"


def report_of(case: Case) -> list[Block]:
    """The report of a case. Raises :class:`UnionError` where there is nothing to report yet."""
    texts, pieces, missing = case.texts(), case.evidence(), case.missing()
    if not pieces and not any(text.strip() for text in texts.values()):
        raise UnionError(
            "There is nothing to report yet: write a claim, or add a piece of evidence."
        )
    blocks: list[Block] = [
        Heading(1, _TITLE),
        Paragraph([f"By {_author(case)}, {_today()}."], "soft"),
    ]
    blocks += (
        [Paragraph([f"Draft. Still missing: {', '.join(missing)}."], "draft")] if missing else []
    )
    blocks += [
        Heading(2, "Claim"),
        *(paragraphs(texts["claim"]) or _nothing()),
        Heading(2, "Evidence"),
    ]
    for place, piece in enumerate(pieces, 1):
        blocks += _evidence(case, place, piece)
    blocks += [] if pieces else _nothing()
    for field, title in _PARTS.items():
        if texts[field].strip() or field != "opposite":
            blocks += [Heading(2, title), *(paragraphs(texts[field]) or _nothing())]
    cited = [case.corpus[id] for id in case.cited()]
    return [*blocks, *_method(case, pieces, cited), *_sources(cited), *_appendix(cited, pieces)]


def _nothing() -> list[Block]:
    return [Paragraph(["Nothing is written here yet."], "soft")]


def _evidence(case: Case, place: int, piece: Evidence) -> list[Block]:
    """One piece of evidence, with links to its sentences."""
    anchor = f"e-{place}"
    if piece.trouble:
        what = f"“{fit(piece.given)}” " if piece.given else ""
        return [
            Heading(3, f"Evidence {place}", anchor),
            Paragraph([f"{what}This piece of evidence does not hold: {piece.trouble}"], "draft"),
        ]
    names = {id: case.corpus[id].about["short_title"] for id in piece.sentences}
    if not isinstance(piece.found, Number):
        (ids,) = piece.sentences.values()
        source = Paragraph(
            [f"{names[piece.document]}, ", *_links(ids), f". {piece.found.told}"], "soft"
        )
        return [
            Heading(3, f"Evidence {place}: a quotation", anchor),
            *paragraphs(f"“{piece.given}”", "quote"),
            source,
        ]
    blocks: list[Block] = [Heading(3, f"Evidence {place}: {piece.found.title}", anchor)]
    for id, ids in piece.sentences.items():
        blocks += [
            Paragraph([f"{piece.found.said[id]}."]),
            *([Paragraph(["Sentences: ", *_links(ids), "."], "soft")] if ids else []),
        ]
    return blocks + (figure(_chart(case, piece.wanted)) if piece.chart else [])


def _links(ids: tuple[str, ...]) -> list[str | Link]:
    """Ids with commas between them, each leading to its sentence in the appendix."""
    return [part for id in ids for part in (", ", Link(id, f"s-{id}"))][1:]


def _chart(case: Case, wanted: Mapping[str, str]) -> Chart:
    texts = [case.corpus[id] for id in wanted["documents"]]
    if wanted["of"] == "word":
        return rates_chart(texts, wanted["word"])
    if wanted["of"] == "doer":
        return doer_chart(texts)
    return frame_profile(
        texts,
        case.codings(texts, wanted["coder"]),
        codebook=case.codebook,
    )


def _method(case: Case, pieces: list[Evidence], cited: list[Document]) -> list[Block]:
    """How the case was made: the cleaning, the checks, the counts, the codes, and how far coders agree."""
    blocks: list[Block] = [Heading(2, "How this was made")]
    for document in cited:
        off = (
            f" Steps switched off: {', '.join(document.cleaning.off)}."
            if document.cleaning.off
            else ""
        )
        fixed = (
            f" Misprints corrected, each documented: {len(document.cleaning.corrections)}."
            if document.cleaning.corrections
            else ""
        )
        blocks.append(
            Paragraph(
                [
                    f"Cleaning of {document.about['short_title']}. {account_chart(document).description}{fixed}{off}"
                ]
            )
        )
    if any(piece.wanted is None for piece in pieces):
        blocks.append(Paragraph([_QUOTING]))
    if any(piece.wanted for piece in pieces):
        blocks.append(Paragraph([_COUNTING]))
    coders = {
        piece.wanted["coder"]
        for piece in pieces
        if not piece.trouble and piece.wanted and piece.wanted["of"] == "code"
    }
    if not coders:
        return [*blocks, Paragraph(["No codes are used in this case."])]
    about = f"Codes are those of the codebook {case.codebook.edition}; its unit is the sentence. Coded by: "
    blocks.append(
        Paragraph(
            [
                f"{about}{' and '.join(CODERS[coder] if coder != 'me' else _author(case) for coder in sorted(coders))}."
            ]
        )
    )
    return [*blocks, *(Paragraph([said]) for said in _agreements(case, coders))]


def _agreements(case: Case, coders: set[str]) -> list[str]:
    """How far the coders of a case agree with others, in words, as far as there is anything to compare."""
    codings = {
        who: load_codings(who, case.corpus, case.codebook, case.journal)
        for who in ("me", "me again", "reference")
    }
    names, said = (
        {"me again": "the same coder's blind second look", "reference": "the reference"},
        [],
    )
    for other in names if "me" in coders else ():
        result = agreement(codings["me"], codings[other], case.corpus, case.codebook)
        said += [f"Agreement with {names[other]}. {agreement_in_words(result)}"] if result.n else []
    if "me" in coders and not said:
        said.append(
            "No second coding was compared, so it is not known how far another reader would agree."
        )
    return [*said, *[_REFERENCE] * ("reference" in coders)]


def _sources(cited: list[Document]) -> list[Block]:
    """What is known about each document that is cited."""
    blocks: list[Block] = [Heading(2, "Sources")] if cited else []
    for document in cited:
        rows = [
            (field["card"], document.about.get(field["name"], "not known"))
            for field in fields()
            if "card" in field
        ]
        blocks += [
            Heading(3, document.title),
            Table(
                document.about["short_title"],
                ["about it", "what is known"],
                [*rows, _hash(document)],
            ),
        ]
    return blocks


def _hash(document: Document) -> tuple[str, str]:
    return "SHA-256 of the raw file", document.about.get("sha256", "not known")


def _appendix(cited: list[Document], pieces: list[Evidence]) -> list[Block]:
    """Every sentence that is cited, with its place in the raw file, and the way back to where it is cited."""
    blocks: list[Block] = [Heading(2, "Sentences cited")] if cited else []
    sound = [(place, piece) for place, piece in enumerate(pieces, 1) if not piece.trouble]
    for document in cited:
        blocks += [
            Heading(3, document.about["short_title"]),
            Paragraph([": ".join(_hash(document))], "soft"),
        ]
        where: dict[str, list[str | Link]] = {}
        for place, piece in sound:
            for id in piece.sentences.get(document.id, ()):
                where.setdefault(id, []).extend([", ", Link(f"evidence {place}", f"e-{place}")])
        for id in document.sentences.index:
            if id in where:
                place = opened(document, id)["place"]
                blocks.append(
                    Paragraph([f"{id}. {place} Cited in ", *where[id][1:], "."], "soft", f"s-{id}")
                )
                blocks.append(Paragraph([str(document.sentences.at[id, "text"])], "quote"))
    return blocks
