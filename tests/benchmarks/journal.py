"""How long a journal of 200,000 actions takes to open, and one action more; processor and clock."""

import json
import sys
import tempfile
import time

from helpers import load_corpus, tag
from helpers.coding.codings import BLANK, coding_annotations
from helpers.coding.journal import Journal

MANY = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000


def took(what, act):
    clock, processor = time.perf_counter(), time.process_time()
    found = act()
    spent = time.process_time() - processor, time.perf_counter() - clock
    said = {"what": what, "processor_ms": spent[0] * 1000, "clock_ms": spent[1] * 1000}
    print(json.dumps(said | {name: round(said[name], 1) for name in ("processor_ms", "clock_ms")}))
    return found


with tempfile.TemporaryDirectory() as folder:
    letter = load_corpus()["gftuk"]
    ids = list(letter.sentences.index)
    drafts = coding_annotations(letter, journal=Journal(folder))
    records = []
    for number in range(MANY):
        codes = [["voice", "rights", "form", "party"][number % 4]]
        state = BLANK | {"codes": codes, "doer": "union", "memo": "rule 10 " * (number % 7)}
        records.append(drafts.draft(ids[number % len(ids)], state))
    Journal(folder).write(records)
    del records
    size = Journal(folder).path.stat().st_size / 1_000_000
    print(f"{MANY:,} actions, {size:.0f} MB")
    tag(letter, journal=Journal(f"{folder}/empty"))  # what is loaded once is not counted
    journal = Journal(folder)
    took("the journal is read", journal.records)
    tagger = took("a tagger opens on it", lambda: tag(letter, journal=journal))
    press = {"do": "code", "sentence": ids[6], "value": "care"}
    for _ in range(3):
        took("a key, saved", lambda: tagger._hear(None, press, []))
    took("an undo, saved", lambda: tagger._hear(None, {"do": "undo"}, []))
    took("an answer is looked up", lambda: journal.latest("answer", question="none"))
