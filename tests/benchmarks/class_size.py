"""How long a class takes: work files read, every figure computed, for 10 to 200 learners.

``python tests/benchmarks/class_size.py [learners …]``.
"""

import io
import json
import random
import resource
import sys
import time
import zipfile
from collections.abc import Callable

import pandas as pd

from helpers import load_codebook, load_codings, load_corpus
from helpers.classroom.classes import read_class
from helpers.coding.journal import FORMAT, new_record
from helpers.coding.reliability import (
    group_agreement,
    mistaken_codes,
    pair_agreement,
    reference_agreement,
    sentence_agreement,
)
from helpers.show.agreement_charts import group_codeline
from helpers.show.drawing import LIGHT

_SIZES, _LIMIT, _SLIPS = (10, 30, 100, 200), 10.0, 0.3


def work_files(many: int, seed: int = 1) -> list[tuple[str, bytes]]:
    """Work files of learners who coded every sentence, each otherwise than the reference by chance.

    Each sentence is coded in three steps: code, doer, memo.
    """
    codebook, chance = load_codebook(), random.Random(seed)
    reference = load_codings("reference").set_index("sentence")
    sentences = pd.concat([document.sentences for document in load_corpus().documents])
    blank = {"codes": [], "doer": "", "memo": "", "unsure": False, "skipped": False}
    about = {"scheme": codebook.scheme, "version": codebook.version, "look": "first"}
    files = []
    for number in range(many):
        steps = [new_record("learner", name=f"Invented learner {number}")]
        for id, row in sentences.iterrows():
            place = {"document": id.rpartition("-")[0], "sentence": id, "text": row["text"]}
            place |= {"start": int(row["start"]), "end": int(row["end"])}
            codes = list(reference.at[id, "codes"])
            codes = codes if chance.random() > _SLIPS else [chance.choice(list(codebook))]
            was, doer = blank, "na" if codes == ["none"] else "union"
            for change in ({"codes": codes}, {"doer": doer}, {"memo": "because of rule 5"}):
                state = was | change
                steps.append(new_record("coding", **about, **place, **state, was=was))
                was = state
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr("about.json", json.dumps({"format": FORMAT, "records": len(steps)}))
            lines = "".join(json.dumps(step, ensure_ascii=False) + "\n" for step in steps)
            archive.writestr("journal.jsonl", lines)
        files.append((f"{number}.zip", packed.getvalue()))
    return files


def timed(work: Callable[[], object]) -> tuple[object, float, float]:
    """What comes out, the seconds on the clock, and those of the processor."""
    clock, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - clock, time.process_time() - cpu


def main() -> int:
    """Print a Markdown table; 1 if 200 learners take longer than they may."""
    corpus, reference = load_corpus(), load_codings("reference")
    sizes = [int(each) for each in sys.argv[1:]] or _SIZES
    print(
        "| learners | codings | what | s on the clock | s of the processor |\n"
        "|---:|---:|---|---:|---:|"
    )
    slow = False
    for many in sizes:
        files = work_files(many)
        group, clock, cpu = timed(lambda files=files: read_class(files))
        codings = group.codings
        rows = [("reading", clock, cpu)]
        figures = {
            "pairs": lambda table=codings: pair_agreement(table, corpus),
            "with the reference": lambda table=codings: reference_agreement(
                table, reference, corpus
            ),
            "all together, by code": lambda table=codings: group_agreement(table, corpus),
            "by sentence": lambda table=codings: sentence_agreement(table),
            "mistaken codes": lambda table=codings: mistaken_codes(table, corpus),
        }
        rows += [(name, *timed(work)[1:]) for name, work in figures.items()]
        total = [sum(row[at] for row in rows) for at in (1, 2)]
        drawn = timed(lambda table=codings: group_codeline(corpus, table).image(LIGHT))[1:]
        for name, clock, cpu in [
            *rows,
            ("**read and computed**", *total),
            ("the codeline, drawn", *drawn),
        ]:
            print(f"| {many} | {len(codings):,} | {name} | {clock:.1f} | {cpu:.1f} |", flush=True)
        slow |= many == 200 and total[0] > _LIMIT
    print(f"\nMost memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB.")
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
