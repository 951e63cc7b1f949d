"""A learner's own codings, as marks in the journal and as a table; and the codings that came with the corpus."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.codings import as_codings, read_codings
from helpers.coding.journal import Journal, my_journal
from helpers.coding.marks import Marks, State
from helpers.corpus.documents import CORPUS_FOLDER, Corpus, Document, load_corpus
from helpers.corpus.errors import UnionError

if TYPE_CHECKING:
    import pandas as pd

BLANK: State = {"codes": [], "doer": "", "memo": "", "unsure": False, "skipped": False}
SHOWN: State = {
    "suggested": [],
    "before": [],
    "answer": "",
}  # a machine's suggestion, the codes given before it, what was pressed
ANSWERS = ("", "accepted", "dismissed")
LOOKS = {"me": "first", "me again": "second"}


def coding_marks(
    document: Document,
    codebook: Codebook | None = None,
    journal: Journal | None = None,
    look: str = "first",
) -> Marks:
    """The learner's codings of one document with one scheme, as :class:`Marks`; ``look`` is ``"first"`` or ``"second"``."""
    codebook = codebook or load_codebook()

    def fits(state: State) -> bool:
        return _known(state["codes"], codebook) and (
            not state["doer"] or state["doer"] in codebook.doers
        )

    stamp = {"version": codebook.version}
    return Marks(document, "coding", BLANK, journal, fits, stamp, scheme=codebook.scheme, look=look)


def _known(codes: list, codebook: Codebook) -> bool:
    return all(isinstance(code, str) and code in codebook.codes for code in codes) and len(
        set(codes)
    ) == len(codes)


def suggestion_marks(
    document: Document, codebook: Codebook | None = None, journal: Journal | None = None
) -> Marks:
    """The suggestions of a machine that the learner was shown, as :class:`Marks`: each with the codes that stood there before.

    They are records of their own, so that each says when it was shown, and a coding what the learner did.
    """
    codebook = codebook or load_codebook()

    def fits(state: State) -> bool:
        return (
            _known(state["suggested"], codebook)
            and _known(state["before"], codebook)
            and state["answer"] in ANSWERS
        )

    return Marks(
        document,
        "suggestion",
        SHOWN,
        journal,
        fits,
        {"version": codebook.version},
        scheme=codebook.scheme,
    )


def came_of(shown: State, codes: Collection[str]) -> str:
    """What came of a suggestion, in a word and its codes: ``accepted``, ``overridden``, or only ``suggested``, when the codes stood before.

    >>> shown = {"suggested": ["form"], "before": [], "answer": ""}
    >>> came_of(shown, ["form"]), came_of(shown, ["party"]), came_of({**shown, "before": ["party"]}, ["party"])
    ('accepted: form', 'overridden: form', 'suggested: form')
    """
    if not shown["suggested"] or not codes:
        return ""
    word = "accepted" if set(codes) == set(shown["suggested"]) else "overridden"
    return (
        f"{'suggested' if list(codes) == shown['before'] else word}: {' '.join(shown['suggested'])}"
    )


def with_code(state: State, code: str, codebook: Codebook) -> State:
    """What changes when a code is pressed: it is added or taken away, ``none`` stands alone, and the doer stays possible.

    Raises :class:`UnionError` for an unknown code and for one too many.

    >>> with_code({**BLANK, "codes": ["none"], "doer": "na"}, "voice", load_codebook())
    {'codes': ['voice'], 'doer': '', 'skipped': False}
    """
    codebook[code]  # is there such a code?
    had = state["codes"]
    codes = [each for each in had if each != code]
    if code not in had:
        codes = [code] if code == "none" else [each for each in codes if each != "none"] + [code]
        codebook.check_codes(codes)
    return with_codes(state, codes)


def with_codes(state: State, codes: Iterable[str]) -> State:
    """What changes when some codes are given all at once, as a machine suggests them.

    >>> with_codes({**BLANK, "doer": "na"}, ["form"])
    {'codes': ['form'], 'doer': '', 'skipped': False}
    """
    codes = list(codes)
    doer = "na" if codes == ["none"] else "" if state["doer"] == "na" else state["doer"]
    return {"codes": codes, "doer": doer, "skipped": False}


def with_doer(state: State, doer: str, codebook: Codebook) -> State:
    """What changes when a doer is pressed. Raises :class:`UnionError` for one that is unknown or does not fit the codes."""
    wanted = "" if state["doer"] == doer else doer
    if state["codes"]:
        codebook.check_codes(state["codes"], wanted)
    elif wanted and (wanted not in codebook.doers or wanted == "na"):
        raise UnionError("Choose a code first: the doer “na” goes with “none” alone.")
    return {"doer": wanted}


def second_sample(marks: Marks, many: int) -> list[str]:
    """Sentences for a blind second look: some of those coded, drawn at random once and then kept.

    Gives ids in the order of the text. Raises :class:`UnionError` where nothing is coded yet.
    """
    document, journal = marks.document, marks.journal
    if type(many) is not int or many < 1:
        raise UnionError(
            f"A second look cannot be at {str(many)[:40]!r} sentences: give a whole number from 1."
        )
    coded = [id for id, state in marks.states().items() if state["codes"]]
    kept = [
        record.get("sentences")
        for record in journal.records("sample")
        if record.get("document") == document.id
    ]
    drawn = next(
        (
            list(dict.fromkeys(id for id in ids if id in coded))
            for ids in reversed(kept)
            if isinstance(ids, list)
        ),
        [],
    )
    if len(drawn) < min(many, len(coded)):
        left = [id for id in coded if id not in drawn]
        drawn += random.SystemRandom().sample(left, min(many, len(coded)) - len(drawn))
        journal.append("sample", document=document.id, sentences=drawn)
    if not drawn:
        raise UnionError(
            f"Nothing is coded in {document.about['short_title']} yet: code some sentences first, then look again."
        )
    return [id for id in coded if id in drawn[:many]]


def load_codings(
    who: str | Path,
    corpus: Corpus | Iterable[Document] | None = None,
    codebook: Codebook | None = None,
    journal: Journal | None = None,
) -> pd.DataFrame:
    """Codings as a table, as :func:`helpers.coding.codings.as_codings` describes it.

    ``who`` is ``"me"`` for the learner's own, ``"me again"`` for those of the
    blind second look, ``"reference"``, ``"coder-1"`` or ``"coder-2"`` for those
    that came with the corpus, or the path of a CSV file or a REFI-QDA project
    (`.qdpx`). Raises :class:`UnionError` for anything else, and for codings
    that cannot be read.

    >>> load_codings("reference").loc[0, ["coder", "sentence", "codes", "doer"]].tolist()
    ['reference', 'kctu-001', ('voice', 'rights'), 'union']
    """
    codebook = codebook or load_codebook()
    if not isinstance(who, str | Path) or len(str(who)) > 1_000 or "\0" in str(who):
        raise UnionError(
            "There is nobody of that name: give “me”, “reference” or the name of a file with codings."
        )
    if Path(who).suffix.lower() == ".qdpx":
        from helpers.coding.projects import read_project

        return read_project(who, corpus, codebook)
    if who not in LOOKS:
        own = CORPUS_FOLDER / "coding" / f"{who}.csv"
        return read_codings(own if own.is_file() else who, None, codebook)
    corpus = load_corpus() if corpus is None else corpus
    journal = journal or my_journal()
    rows = []
    for document in corpus.documents if isinstance(corpus, Corpus) else corpus:
        shown = suggestion_marks(document, codebook, journal) if who == "me" else None
        rows += coding_rows(
            coding_marks(document, codebook, journal, LOOKS[who]), codebook, who, shown
        )
    return as_codings(rows, codebook)


def coding_rows(
    marks: Marks, codebook: Codebook, coder: str, suggestions: Marks | None = None
) -> list[dict[str, Any]]:
    """The codings among some marks, as the rows that :func:`helpers.coding.codings.as_codings` takes; they are not checked yet."""
    rows = []
    for sentence, state in marks.states().items():
        if state["codes"]:
            record = marks.record(sentence)
            scheme = f"{codebook.scheme} {record.get('version', codebook.version)}"
            coding = {name: state[name] for name in ("codes", "doer", "memo")} | {
                "unsure": "yes" if state["unsure"] else ""
            }
            coding["suggestion"] = (
                came_of(suggestions.state(sentence), state["codes"]) if suggestions else ""
            )
            rows.append(
                {
                    "coder": coder,
                    "sentence": sentence,
                    "time": record["time"],
                    "scheme": scheme,
                    **coding,
                }
            )
    return rows


def join_codings(*codings: pd.DataFrame) -> pd.DataFrame:
    """Codings of different documents, perhaps by different coders, as one table that a chart can draw.

    The coder of the whole is named after all of them, as nobody made it alone.
    Raises :class:`UnionError` where a sentence is coded in two of the tables.

    >>> join_codings(load_codings("reference"), load_codings("me", []))["coder"].unique().tolist()
    ['reference']
    """
    import pandas as pd

    whole = pd.concat(
        [table for table in codings if len(table)] or list(codings[:1]), ignore_index=True
    )
    if twice := sorted(whole["sentence"][whole["sentence"].duplicated()]):
        raise UnionError(
            f"The sentence {twice[0]} is coded in two of these tables: give the codings of each document once."
        )
    return whole.assign(coder=" and ".join(dict.fromkeys(map(str, whole["coder"]))))


def load_decisions() -> pd.DataFrame:
    """How the differences between the two coders of the reference were settled, by sentence.

    Columns: ``coder_1`` and ``coder_2`` (their codes), ``doer_1``, ``doer_2``,
    ``codes`` and ``doer`` (what was decided), ``reason``.

    >>> load_decisions().loc["gftuk-026", "codes"]
    'form'
    """
    import pandas as pd

    return pd.read_csv(
        CORPUS_FOLDER / "coding" / "decisions.csv", dtype=str, keep_default_na=False
    ).set_index("sentence")
