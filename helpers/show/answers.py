"""Questions whose answers are kept at once, and found again after a restart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from helpers.coding.journal import Journal, my_journal
from helpers.corpus.errors import UnionError
from helpers.show.widget import Widget, view

_LONGEST = 20_000
Feedback = Mapping[str, str] | Callable[[str], str] | None


class Answer(Widget):
    """A question with room for an answer, or with choices. Made by :func:`ask`."""

    _esm = view("answer")

    def __init__(
        self,
        id: str,
        question: str,
        choices: Sequence[str],
        rows: int,
        feedback: Feedback,
        journal: Journal,
    ) -> None:
        self.id, self._journal, self._feedback = id, journal, feedback
        earlier = journal.latest("answer", question=id) or {}
        answer = str(earlier.get("answer", ""))
        super().__init__(
            question=question,
            choices=list(choices),
            rows=rows,
            answer=answer,
            saved=earlier.get("time", ""),
            feedback=self._told(answer),
            trouble="",
        )

    @property
    def answer(self) -> str:
        """The answer as it was last saved, or an empty text."""
        return self.shown["answer"]

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        answer = str(message.get("answer", ""))
        if do != "answer" or (self.shown["choices"] and answer not in self.shown["choices"]):
            raise UnionError("This answer is none of the choices: choose one of them.")
        if len(answer) > _LONGEST:
            raise UnionError(
                f"This answer has {len(answer):,} characters: shorten it to {_LONGEST:,}."
            )
        record = self._journal.append(
            "answer", question=self.id, asked=self.shown["question"], answer=answer
        )
        return {"answer": answer, "saved": record["time"], "feedback": self._told(answer)}

    def _told(self, answer: str) -> str:
        if not answer.strip() or self._feedback is None:
            return ""
        return (
            self._feedback(answer) if callable(self._feedback) else self._feedback.get(answer, "")
        )


def ask(
    id: str,
    question: str,
    choices: Sequence[str] = (),
    *,
    rows: int = 4,
    feedback: Feedback = None,
    journal: Journal | None = None,
) -> Answer:
    """Ask a question and keep the answer in the learner's journal.

    ``id`` names the question (lesson and word, such as ``"01-speaker"``). With
    ``choices`` the learner picks one; without, there are ``rows`` lines to write
    in. ``feedback`` is what to say after an answer: a text for each choice, or a
    function of the answer. Gives a widget whose ``answer`` is the saved text.

    >>> import tempfile
    >>> ask("01-speaker", "Who speaks?", journal=Journal(tempfile.mkdtemp())).answer
    ''
    """
    return Answer(id, question, choices, rows, feedback, journal or my_journal())


def introduce(journal: Journal | None = None) -> Answer:
    """Ask for a name or a pseudonym, which goes on the learner's work file."""
    return Introduction(journal or my_journal())


class Introduction(Answer):
    """The learner's name or pseudonym. Made by :func:`introduce`."""

    _esm = view("answer")

    def __init__(self, journal: Journal) -> None:
        question = "Your name, or any name you like to be called here"
        super().__init__(
            "00-name",
            question,
            (),
            1,
            lambda name: f"Good to have you here, {name.strip()}.",
            journal,
        )

    def act(self, do: str, message: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
        name = str(message.get("answer", "")).strip()
        if not name or len(name) > 60:
            raise UnionError("A name has 1 to 60 letters: write one, real or invented.")
        change = super().act(do, message, files)
        self._journal.append("learner", name=name)
        return change


def my_answer(id: str, journal: Journal | None = None) -> str:
    """What the learner last answered to a question, or an empty text."""
    return str(((journal or my_journal()).latest("answer", question=id) or {}).get("answer", ""))
