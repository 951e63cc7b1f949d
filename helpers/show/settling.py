"""Two codings side by side: how far they agree, where they differ, and what came of each
difference.
"""

import contextlib
import html
import math
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import traitlets

from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.codings import (
    OUTCOMES,
    coding_annotations,
    differences,
    load_codings,
    read_codings,
    settled,
    write_codings,
)
from helpers.coding.journal import Journal, learner_name, my_journal, new_record
from helpers.coding.reliability import Agreement, agreement
from helpers.corpus.documents import Corpus, load_corpus
from helpers.corpus.errors import UnionError
from helpers.show.cards import Card, show_table
from helpers.show.widget import Widget, view

_LARGEST, _LONGEST_REASON = 5_000_000, 2_000
_OTHERS = {
    "reference": "the reference",
    "coder-1": "coder 1 of the reference",
    "coder-2": "coder 2 of the reference",
    "me again": "my own second look",
    "partner": "my partner",
}


class Settling(Widget):
    """The learner's codings beside another coder's. Made by :func:`settle`."""

    _esm = view("settle", "pane")
    book = traitlets.Dict().tag(sync=True)

    def __init__(self, other: str, corpus: Corpus, codebook: Codebook, journal: Journal) -> None:
        self._corpus, self._codebook, self._journal = corpus, codebook, journal
        self._texts = {
            id: text
            for document in corpus.documents
            for id, text in document.sentences["text"].items()
        }
        self.book = {
            "codes": [asdict(code) for code in codebook.codes.values()],
            "outcomes": OUTCOMES,
            "largest": _LARGEST,
            "doers": {doer.doer: doer.label for doer in codebook.doers.values()},
            "others": _OTHERS,
        }
        super().__init__(other=other, trouble="", told="", **self._beside(other))

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        value, sentence = message.get("value", ""), str(message.get("sentence", ""))
        if do == "partner" and files:
            return self._received(files[0])
        if do == "export":
            return self._sent()
        if not isinstance(value, str):
            raise UnionError("The screen sent something that is no text: run the cell again.")
        if do == "with" and value in _OTHERS:
            beside = self._beside(value)
            return {"other": value, "told": beside["said"], **beside}
        if do in ("outcome", "reason") and sentence in {item["id"] for item in self.shown["items"]}:
            return self._settle(do, sentence, value)
        raise UnionError("Nothing was done: choose whom to compare with, or run the cell again.")

    def _mine(self) -> pd.DataFrame:
        return load_codings("me", self._corpus, self._codebook, self._journal)

    def _theirs(self, other: str) -> pd.DataFrame:
        partner = self._journal.folder / "partner.csv"
        if other == "partner" and not partner.is_file():
            raise UnionError(
                "There is no file of a partner yet: choose the .csv file that your partner saved."
            )
        return load_codings(
            partner if other == "partner" else other, self._corpus, self._codebook, self._journal
        )

    def _beside(self, other: str) -> dict[str, Any]:
        """Both codings side by side; where there is nothing to compare, a sentence that says
        why.
        """
        try:
            mine, theirs = self._mine(), self._theirs(other)
            if mine.empty:
                raise UnionError(
                    "You have coded nothing yet: tag some sentences first, then run this "
                    "cell again."
                )
        except UnionError as problem:
            return {"items": [], "figures": [], "said": str(problem)}
        result = agreement(mine, theirs, self._corpus, self._codebook)
        differ, outcomes = differences(mine, theirs), settled(self._journal, other)
        items = [
            self._item(id, differ.loc[id] if id in differ.index else None, outcomes.get(id, {}))
            for id in self._texts
            if id in differ.index or id in outcomes
        ]
        return {
            "items": [item for item in items if item],
            "figures": _figures(result, self._codebook),
            "said": agreement_in_words(result),
        }

    def _item(self, id: str, row: pd.Series | None, earlier: dict[str, Any]) -> dict[str, Any]:
        """A difference as it is, or as it was when it was settled; empty where it cannot be
        shown.
        """
        own, their = earlier.get("mine", {}), earlier.get("theirs", {})
        if row is not None:
            names = ("codes", "doer", "memo")
            own, their = ({name: _plain(row[f"{name}_{n}"]) for name in names} for n in (1, 2))
        if not (self._believed(own) and self._believed(their)):
            return {}
        item = {"id": id, "text": self._texts[id], "mine": own, "theirs": their}
        outcome, reason = earlier.get("outcome", ""), str(earlier.get("reason", ""))
        return {**item, "still": row is not None, "outcome": outcome, "reason": reason}

    def _believed(self, coding: Any) -> bool:
        """Whether a coding from a record can be shown."""
        if not isinstance(coding, dict) or not all(
            isinstance(coding.get(name), str) for name in ("doer", "memo")
        ):
            return False
        if not isinstance(coding.get("codes"), list) or not all(
            isinstance(code, str) for code in coding["codes"]
        ):
            return False
        with contextlib.suppress(UnionError):
            return bool(self._codebook.check_codes(coding["codes"], coding["doer"]))
        return False

    def _settle(self, do: str, sentence: str, value: str) -> dict[str, Any]:
        item = next(
            (each for each in self._beside(self.shown["other"])["items"] if each["id"] == sentence),
            None,
        )
        if item is None:
            raise UnionError(
                "This difference is gone, as one of the codings was changed: run the cell again."
            )
        if len(value) > _LONGEST_REASON or (do == "outcome" and value not in OUTCOMES):
            raise UnionError(
                "This was not saved: choose one of the three outcomes, and keep reasons "
                f"under {_LONGEST_REASON:,} characters."
            )
        change = {**item, do: "" if do == "outcome" and item["outcome"] == value else value}
        kept = {name: change[name] for name in ("outcome", "reason", "mine", "theirs")}
        records = [new_record("settled", sentence=sentence, other=self.shown["other"], **kept)]
        if do == "outcome" and "mine" in (
            item["outcome"],
            change["outcome"],
        ):  # change mine, or change it back
            coding = item["theirs" if change["outcome"] == "mine" else "mine"]
            codings = coding_annotations(
                self._corpus[sentence.rpartition("-")[0]], self._codebook, self._journal
            )
            state = codings.state(sentence) | {
                "codes": list(coding["codes"]),
                "doer": coding["doer"],
            }
            records.append(codings.draft(sentence, state))
        self._journal.write(records)  # both or neither
        said = OUTCOMES.get(change["outcome"], "no outcome yet") + (
            ", with your reason" if do == "reason" and value else ""
        )
        return {**self._beside(self.shown["other"]), "told": f"Saved. {sentence}: {said}."}

    def _received(self, data: bytes) -> dict[str, Any]:
        """A partner's file, looked through and then kept in the work folder."""
        if len(data) > _LARGEST:
            raise UnionError(
                "This file is too large for a table of codings: choose the .csv file that "
                "your partner saved."
            )
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "partner.csv")
            path.write_bytes(data)
            table = read_codings(path, None, self._codebook, self._corpus)
        if table["coder"].nunique() != 1:
            raise UnionError(
                "This file has the codings of nobody or of several people: choose the .csv "
                "file that your partner saved."
            )
        write_codings(table.assign(coder="partner"), self._journal.folder / "partner.csv")
        return {
            "other": "partner",
            "told": f"Your partner's codings are here: {len(table)} sentences.",
            **self._beside("partner"),
        }

    def _sent(self) -> dict[str, Any]:
        mine = self._mine()
        if mine.empty:
            raise UnionError("You have coded nothing yet: code some sentences first.")
        path = write_codings(
            mine.assign(coder=learner_name(self._journal)), self._journal.folder / "my-codings.csv"
        )
        self.send({"do": "download", "name": path.name}, buffers=[path.read_bytes()])
        return {
            "told": (
                f"Saved {len(mine)} codings in {path.parent.name}/{path.name}. Your "
                "browser keeps a copy among its downloads."
            )
        }


def _plain(cell: Any) -> Any:
    return list(cell) if isinstance(cell, tuple) else cell


_MEASURES = ("percent", "kappa", "alpha")


def _figures(result: Agreement, codebook: Codebook) -> list[list[str]]:
    """The figures as rows of texts: what is compared, the three measures with their intervals,
    and a note.
    """
    rows = []
    for table in (result.overall, result.codes):
        for of in table.index.get_level_values("of").unique():
            there = table.loc[of]
            cells = [
                _figure(there.loc[measure], 0 if measure == "percent" else 2)
                if measure in there.index
                else "–"
                for measure in _MEASURES
            ]
            rows.append(
                [
                    codebook[of].label if of in codebook.codes else of,
                    *cells,
                    str(there.loc["alpha", "note"]),
                ]
            )
    return rows


def _figure(row: pd.Series, digits: int) -> str:
    if math.isnan(row["value"]):
        return "undefined"
    span = (
        "" if math.isnan(row["low"]) else f" ({row['low']:.{digits}f} to {row['high']:.{digits}f})"
    )
    return f"{row['value']:.{digits}f}{span}"


def agreement_in_words(result: Agreement) -> str:
    """Agreement in two sentences: percent over code sets, and alpha with its interval, or why
    there is none.
    """
    share, alpha = (result.overall.loc[("code sets", measure)] for measure in ("percent", "alpha"))
    if math.isnan(share["value"]):
        return str(share["note"])
    words = (
        f"Sentences that both coded: {result.n}. The same codes in {share['value']:.0f} % of them."
    )
    if math.isnan(alpha["value"]):
        return f"{words} {alpha['note']}"
    span = (
        "" if math.isnan(alpha["low"]) else f" (interval {alpha['low']:.2f} to {alpha['high']:.2f})"
    )
    return (
        f"{words} Krippendorff's alpha over code sets: {alpha['value']:.2f}{span}. {alpha['note']}"
    ).rstrip()


def show_agreement(result: Agreement, codebook: Codebook | None = None) -> Card:
    """Show how far two coders agree: in words, and every figure with its interval, or why it is
    undefined.

    >>> both = load_codings("coder-1"), load_codings("coder-2")
    >>> print(repr(show_agreement(agreement(*both)))[:63])
    Sentences that both coded: 172. The same codes in 95 % of them.
    """
    columns = ["what is compared", "percent (95 % interval)", "kappa", "alpha", "note on alpha"]
    table = pd.DataFrame(_figures(result, codebook or load_codebook()), columns=columns).set_index(
        columns[0]
    )
    words = agreement_in_words(result)
    card = show_table(
        table, f"Agreement of {' and '.join(result.coders)}; sentences that both coded: {result.n}"
    )
    return Card(f"<p>{html.escape(words)}</p>{card.content}", f"{words}\n{card!r}")


def settle(
    other: str = "reference",
    *,
    corpus: Corpus | None = None,
    codebook: Codebook | None = None,
    journal: Journal | None = None,
) -> Settling:
    """Put your codings beside another coder's, and settle each difference.

    ``other`` is ``"reference"``, ``"coder-1"``, ``"coder-2"``, ``"me again"``
    (the blind second look) or ``"partner"``; it can be changed on the screen.
    Raises :class:`UnionError` for another name.
    """
    if not isinstance(other, str) or other not in _OTHERS:
        raise UnionError(
            f"There is nobody {str(other)[:40]!r} to compare with: choose from "
            f"{', '.join(_OTHERS)}."
        )
    return Settling(
        other, corpus or load_corpus(), codebook or load_codebook(), journal or my_journal()
    )
