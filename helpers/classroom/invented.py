"""A class that never was, for trying things out: all of it is invented, and says so."""

from __future__ import annotations

import random
import tempfile
from datetime import UTC, datetime, timedelta
from typing import Any

from helpers.classroom.classes import _Held
from helpers.classroom.work import save_work
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.codings import BLANK, coding_annotations, load_codings
from helpers.coding.journal import Journal, new_record
from helpers.corpus.documents import Corpus, load_corpus


def invented_class(learners: int = 30, seed: int = 1) -> list[tuple[str, bytes]]:
    """Work files of a class that never was, for :func:`helpers.classroom.classes.read_class`: every learner and memo is invented.

    Each has coded the sentences of lesson 06, near the reference, with slips; some take *Building the union* for
    *Shaping members*; the last stopped half-way, and one file is there twice.

    >>> [name for name, data in invented_class(2)]
    ['invented-01.zip', 'invented-02.zip', 'invented-01 (copy).zip']
    """
    corpus, codebook, chance = (
        load_corpus(),
        load_codebook(),
        random.Random(f"an invented class {seed}"),
    )
    reference = load_codings("reference", corpus, codebook).set_index("sentence")
    task = [
        id for id in reference.index if id.startswith("kctu") or "gftuk-140" <= id <= "gftuk-149"
    ]
    files = []
    for number in range(1, learners + 1):
        slips, camp, given = chance.uniform(0.1, 0.5), number % 5 < 2, {}
        for id in task if number < learners else task[: len(task) // 3]:
            codes = list(reference.at[id, "codes"])[: chance.choice([1, 3])]
            if camp and codes[0] == "organise" and chance.random() < 0.7:
                codes = ["form"]
            elif chance.random() < slips:
                codes = [
                    codebook[codes[0]].near_miss_code
                    if chance.random() < 0.6
                    else chance.choice(list(codebook))
                ]
            memo = (
                f"An invented memo: rule {chance.randint(1, len(codebook.rules))} decided."
                if chance.random() < 0.2
                else ""
            )
            doer = "na" if codes == ["none"] else reference.at[id, "doer"].replace("na", "")
            given[id] = {
                "codes": codes,
                "doer": doer,
                "memo": memo,
                "unsure": chance.random() < 0.1,
            }
        files.append(
            (
                f"invented-{number:02}.zip",
                _file_of(f"Invented learner {number:02}", given, corpus, codebook, chance),
            )
        )
    return [*files, *((name.replace(".zip", " (copy).zip"), data) for name, data in files[:1])]


def _file_of(
    name: str,
    given: dict[str, dict[str, Any]],
    corpus: Corpus,
    codebook: Codebook,
    chance: random.Random,
) -> bytes:
    """The work file of an invented learner."""
    drafts = [new_record("learner", name=name, invented=True)]
    marks = {
        document.id: coding_annotations(document, codebook, _Held([]))
        for document in corpus.documents
    }
    drafts += [marks[id.rpartition("-")[0]].draft(id, BLANK | state) for id, state in given.items()]
    begun = datetime(2026, 1, 5, 8, tzinfo=UTC)
    for place, draft in enumerate(drafts):
        time = (begun + timedelta(seconds=40 * place)).isoformat(timespec="milliseconds")
        draft |= {"id": f"{chance.getrandbits(128):032x}", "time": time}
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(folder)
        journal.write(drafts)
        return save_work(journal).path.read_bytes()
