"""A learner's case as a report to hand in: a web page that browsers print and Word opens."""

import base64
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from helpers.classroom.pages import render
from helpers.coding.case import CODERS, Case
from helpers.coding.codings import load_codings
from helpers.coding.journal import Journal, learner_name
from helpers.coding.reliability import agreement
from helpers.corpus.documents import Corpus, load_corpus
from helpers.corpus.errors import UnionError
from helpers.corpus.library import fields
from helpers.show.case import CaseDesk
from helpers.show.charts import Chart, account_chart
from helpers.show.drawing import LIGHT
from helpers.show.frame_charts import frame_profile
from helpers.show.paragraph import in_paragraph
from helpers.show.settling import agreement_in_words
from helpers.show.word_charts import doer_chart, rates_chart


def make_case(corpus: Corpus | None = None, journal: Journal | None = None) -> CaseDesk:
    """Make a case about the documents of a corpus: claim, evidence, reasoning, limit, and a report.

    What the learner does is in the journal at once, and found again by the next call.

    >>> import tempfile
    >>> make_case(load_corpus(), Journal(tempfile.mkdtemp())).shown["checklist"][0]
    ['A claim', False, True]
    """
    return CaseDesk(Case(corpus or load_corpus(), journal), {"my-case.html": report_page})


def report_page(case: Case) -> bytes:
    """The report of a case. Raises :class:`UnionError` where there is nothing to report yet."""
    texts, pieces, author = case.texts(), case.evidence(), learner_name(case.journal)
    if not pieces and not any(text.strip() for text in texts.values()):
        raise UnionError("There is nothing to report yet: write a claim, or add evidence.")
    numbers = [piece for piece in pieces if piece.wanted and not piece.trouble]
    coders = {each.wanted["coder"] for each in numbers if each.wanted["of"] == "code"}
    cited_in = defaultdict(list)
    for number, piece in enumerate(pieces, 1):
        for id in [] if piece.trouble else chain(*piece.sentences.values()):
            cited_in[id].append(number)
    return render(
        "report.html",
        title=f"What is a union for? A case, by {author}",
        author=author,
        date=f"{datetime.now(UTC):%d %B %Y}".removeprefix("0"),
        texts=texts,
        missing=case.missing(),
        pieces=list(enumerate(pieces, 1)),
        charts={each.id: _chart(case, each.wanted) for each in numbers if each.chart},
        png=lambda chart: base64.b64encode(chart.image(LIGHT, dpi=150)[0]).decode(),
        corpus=case.corpus,
        cited_in=cited_in,
        sources=[case.corpus[id] for id in case.cited()],
        account=lambda document: account_chart(document).description,
        card=[(each["card"], each["name"]) for each in fields() if "card" in each],
        place=lambda document, id: in_paragraph(document, id)["place"],
        edition=case.codebook.edition,
        coders=[author if each == "me" else CODERS[each] for each in sorted(coders)],
        agreements=_agreements(case) if "me" in coders else [],
        reference="reference" in coders,
    )


def _chart(case: Case, wanted: Mapping[str, Any]) -> Chart:
    texts = [case.corpus[id] for id in wanted["documents"]]
    if wanted["of"] == "word":
        return rates_chart(texts, wanted["word"])
    if wanted["of"] == "doer":
        return doer_chart(texts)
    return frame_profile(texts, case.codings(texts, wanted["coder"]), codebook=case.codebook)


def _agreements(case: Case) -> list[str]:
    """How far the learner agrees with others, in words, where there is anything to compare."""
    mine, again, reference = (
        load_codings(who, case.corpus, case.codebook, case.journal)
        for who in ("me", "me again", "reference")
    )
    others = {"the same coder's blind second look": again, "the reference": reference}
    said = []
    for name, codings in others.items():
        result = agreement(mine, codings, case.corpus, case.codebook)
        said += [f"Agreement with {name}. {agreement_in_words(result)}"] if result.n else []
    unknown = "No second coding was compared: how far another reader would agree is not known."
    return said or [unknown]
