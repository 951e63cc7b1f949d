"""The tagger: a document coded sentence by sentence, each action on the disk before the screen
confirms it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict
from typing import Any, ClassVar

import traitlets

from helpers.coding.annotations import Annotations, State
from helpers.coding.classifier import Classifier, Suggestions
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.codings import (
    coding_annotations,
    second_sample,
    with_code,
    with_codes,
    with_doer,
)
from helpers.coding.journal import Journal
from helpers.coding.practice import Practice, load_practice
from helpers.corpus.documents import Document
from helpers.corpus.errors import UnionError
from helpers.show.widget import Widget, view

_LONGEST_MEMO = 5_000
_NOTES = {
    "first": "",
    "second": (
        "A blind second look: your first codes are hidden. Code these sentences as if "
        "you had never seen them."
    ),
    "practice": "Code a sentence, name its doer, then press Check. Nobody codings you.",
}


def _book(codebook: Codebook) -> dict[str, Any]:
    """What the screen shows of a codebook."""
    return {
        "codes": [asdict(code) for code in codebook.codes.values()],
        "doers": [asdict(doer) for doer in codebook.doers.values()],
        "rules": list(codebook.rules),
        "question": codebook.question,
        "doer_question": codebook.doer_question,
    }


class Tagger(Widget):
    """A document's sentences with the codes of a codebook. Made by :func:`tag`,
    :func:`tag_again` and :func:`practise`.

    ``texts`` is what stays as it is (the sentences, the codebook); ``coded``
    the coding of each sentence; ``shown`` carries only what the last action
    changed, so that a long document is as quick as a short one.
    """

    _esm = view("tagger", "pane")
    _passing: ClassVar[dict[str, Any]] = {"feedback": "", "go": ""}
    texts = traitlets.Dict().tag(sync=True)
    coded = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        codings: Annotations,
        codebook: Codebook,
        look: str,
        only: Collection[str] | None = None,
        judge: Callable[[str, State], str] | None = None,
        suggestions: Suggestions | None = None,
    ) -> None:
        self._codings, self._codebook = codings, codebook
        self._judge, self._suggestions = judge, suggestions
        document, table = codings.document, codings.document.sentences
        wanted = (
            set(table["paragraph"]) if only is None else set(table.loc[list(only), "paragraph"])
        )
        seen = table[
            table["paragraph"].isin(wanted | {number - 1 for number in wanted})
        ]  # with the paragraph before, for context
        self._open = set(seen.index if only is None else only)
        self.texts = {
            "title": document.about["short_title"] + ", again" * (look == "second"),
            "look": look,
            "note": _NOTES[look],
            "longest": _LONGEST_MEMO,
            "sentences": [
                {"id": id, "paragraph": int(number), "text": text, "open": id in self._open}
                for id, number, text in seen[["paragraph", "text"]].itertuples()
            ],
            "checks": judge is not None,
            "suggests": suggestions is not None,
            **_book(codebook),
        }
        self.coded = {id: state for id, state in codings.states().items() if id in self._open}
        said = dict.fromkeys(("told", "trouble", "feedback", "go"), "")
        said |= {"changed": {}, "suggestion": {}, "order": []}
        super().__init__(**said, moved=codings.moved(), strange=codings.strange)

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        self._codings.refresh()
        sentence, told = str(message.get("sentence", "")), ""
        if do in ("undo", "redo"):
            sentence = (
                self._codings.undo(self._open) if do == "undo" else self._codings.redo(self._open)
            )
            told = (
                f"{'Undone' if do == 'undo' else 'Done again'}: {self._said(sentence)}"
                if sentence
                else f"There is nothing to {do}."
            )
        elif sentence not in self._open:
            raise UnionError("There is no such sentence here: run the cell again.")
        elif do in ("suggest", "look", "take", "dismiss") and self._suggestions:
            return {
                **self._suggest(do, sentence, self._suggestions),
                **self._change(),
                "go": "",
                "feedback": "",
            }
        elif do == "check" and self._judge:
            return {
                **self._change(),
                "feedback": self._judge(sentence, self._codings.state(sentence)),
                "told": "Checked.",
                "go": "",
            }
        else:
            self._codings.set(sentence, **self._wanted(do, message, self._codings.state(sentence)))
            told = f"Saved. {self._said(sentence)}"
        return {
            **self._change(),
            "told": told,
            "go": sentence if do in ("undo", "redo") else "",
            "feedback": "",
        }

    def _suggest(self, do: str, sentence: str, suggestions: Suggestions) -> dict[str, Any]:
        """What becomes of the machine's suggestions, off until they are asked for. That one is
        shown is on the disk before it is.
        """
        order, state = self.shown["order"], self._codings.state(sentence)
        if do == "suggest" and order:
            return {"suggestion": {}, "order": [], "told": "Suggestions are off."}
        if do == "suggest" and not (order := [id for id in suggestions.order if id in self._open]):
            raise UnionError(
                "The machine was taught the codes of all these sentences: make one with "
                "train_classifier() that does without them."
            )
        if do in ("take", "dismiss") and sentence != self.shown["suggestion"].get("sentence"):
            raise UnionError("There is no suggestion here: choose a sentence that has one.")
        told, journal = "", self._codings.journal
        if do == "take":
            wanted = state | with_codes(state, self.shown["suggestion"]["codes"])
            journal.write(
                [
                    self._codings.draft(sentence, wanted, by="suggestion"),
                    suggestions.answered(sentence, "accepted"),
                ]
            )
            self._codings.refresh()
            told = f"Saved as suggested. {self._said(sentence)}"
        elif do == "dismiss":
            journal.write([suggestions.answered(sentence, "dismissed")])
            told = f"The suggestion for {sentence} is dismissed."
        shown = (
            suggestions.show(sentence, self._codings.state(sentence)["codes"])
            if sentence in order
            else {}
        )
        told = (
            told
            or self._suggested(shown)
            or ("Suggestions are on: there is none for this sentence." if do == "suggest" else "")
        )
        return {"order": order, "suggestion": shown, "told": told}

    def _suggested(self, shown: dict[str, Any]) -> str:
        """A suggestion in words."""
        labels = [self._codebook[code].label for code in shown.get("codes", ())]
        close = (
            f" Close behind: {self._codebook[shown['close']].label}." if shown.get("close") else ""
        )
        return (
            f"For {shown['sentence']} the machine suggests {' and '.join(labels)}.{close}"
            if shown
            else ""
        )

    def _wanted(self, do: str, message: dict[str, Any], state: State) -> State:
        """What an action changes in the state of its sentence."""
        value = message.get("value", "")
        if not isinstance(value, str) and do in ("code", "main", "doer", "memo"):
            raise UnionError("The screen sent something that is no text: run the cell again.")
        if do == "code":
            return with_code(state, value, self._codebook)
        if do == "main" and value in state["codes"]:
            return {"codes": [value, *(code for code in state["codes"] if code != value)]}
        if do == "doer":
            return with_doer(state, value, self._codebook)
        if do == "memo" and len(value) <= _LONGEST_MEMO:
            return {"memo": value}
        if do == "memo":
            raise UnionError(
                f"This memo has {len(value):,} characters: shorten it to {_LONGEST_MEMO:,}."
            )
        if do in ("unsure", "skipped"):
            return {do: not state[do]}
        raise UnionError(
            "The screen asked for something that this tagger does not know: run the cell again."
        )

    def _change(self) -> dict[str, Any]:
        """The codings that changed, here or in another kernel; also what a page that is opened
        later will find.
        """
        changed = {
            id: self._codings.state(id) for id in self._codings.changed() if id in self._open
        }
        self.coded.update(changed)  # in place: the whole is not sent again
        return {
            "changed": changed,
            "moved": self._codings.moved(),
            "strange": self._codings.strange,
        }

    def _said(self, sentence: str) -> str:
        """A sentence's codings in words."""
        state = self._codings.state(sentence)
        parts = [self._codebook[code].label for code in state["codes"]] or ["no code"]
        parts += [f"doer: {self._codebook.doers[state['doer']].label}"] if state["doer"] else []
        parts += [word for word in ("unsure", "skipped") if state[word]] + (
            ["with a memo"] if state["memo"] else []
        )
        return f"{sentence}: {', '.join(parts)}."


def _checked(document: Any) -> Document:
    if not isinstance(document, Document):
        raise UnionError("Give a document to tag, such as corpus['kctu'].")
    return document


def tag(
    document: Document,
    first: str = "",
    last: str = "",
    *,
    classifier: Classifier | None = None,
    codebook: Codebook | None = None,
    journal: Journal | None = None,
) -> Tagger:
    """Tag a document sentence by sentence, with the project's codebook or another one.

    With ``first`` and ``last``, ids such as ``"gftuk-140"``, only the sentences
    between them, both in. What the learner does is in the journal at once, and
    found again by the next call; :func:`helpers.load_codings` gives it as a
    table. A ``classifier`` suggests codes for sentences that it was not taught,
    once it is asked to. Raises :class:`UnionError` for an id that is not there.

    >>> import tempfile
    >>> from helpers import Journal, load_corpus
    >>> len(tag(load_corpus()["kctu"], journal=Journal(tempfile.mkdtemp())).texts["sentences"])
    17
    """
    codebook, ids = codebook or load_codebook(), list(_checked(document).sentences.index)
    ends = [first or ids[0], last or ids[-1]] if ids else ["", ""]
    at, to = (ids.index(id) if id in ids else -1 for id in ends)
    if not 0 <= at <= to:
        least = f"give a first and a last id, up to {ids[-1] if ids else 'none'}"
        raise UnionError(f"There is no such stretch in {document.id}: {least}.")
    suggestions = Suggestions(classifier, document, codebook, journal) if classifier else None
    return Tagger(
        coding_annotations(document, codebook, journal),
        codebook,
        "first",
        ids[at : to + 1],
        suggestions=suggestions,
    )


def tag_again(
    document: Document,
    many: int = 10,
    *,
    codebook: Codebook | None = None,
    journal: Journal | None = None,
) -> Tagger:
    """Tag some sentences a second time, blind: those are drawn at random from the ones coded,
    and the first codes are hidden.

    Raises :class:`UnionError` where nothing is coded yet.
    """
    codebook = codebook or load_codebook()
    sample = second_sample(coding_annotations(_checked(document), codebook, journal), many)
    return Tagger(
        coding_annotations(document, codebook, journal, "second"), codebook, "second", sample
    )


def practise(practice: Practice | None = None, *, journal: Journal | None = None) -> Tagger:
    """Tag ten written sentences, with reasons for each: a round of practice before the
    documents.
    """
    practice = practice or load_practice()
    return Tagger(
        coding_annotations(practice.document, practice.codebook, journal),
        practice.codebook,
        "practice",
        judge=practice.judge,
    )
