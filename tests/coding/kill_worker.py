"""Kernels that tag while they are killed, or two at a time: a script of its own, since it forks.

``kill_worker.py kill FOLDER`` and ``… together FOLDER`` print what came out, a line of JSON.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from helpers.coding.annotations import Annotations
from helpers.coding.journal import Journal
from helpers.corpus.documents import load_corpus

BLANK = {"codes": [], "doer": "", "memo": "", "star": False}
KILLS, TOGETHER, A_JOURNAL = (
    60,
    150,
    20,
)  # the work is put away every so many kills, or opening it would take all the time
IDS: list[str] = []
_write = os.write


class Told(Journal):
    """A journal that knows which record it wrote last."""

    def write(self, records):
        records = list(records)
        super().write(records)
        self.last = records[-1]


def opened(folder: Path, document) -> Annotations:
    return Annotations(document, "test", {**BLANK, "codes": []}, Told(folder))


def forked(child: Callable[[int], None]) -> tuple[int, int]:
    """Start a child that tells what it does through a pipe; gives its process id and the pipe."""
    read, write = os.pipe()
    process = os.fork()
    if process:
        os.close(write)
        return process, read
    try:
        os.close(read)
        child(write)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def tell(pipe: int, **what: object) -> None:
    _write(pipe, json.dumps(what).encode() + b"\n")  # under 4,096 bytes a pipe takes all or nothing


def lines(content: bytes) -> list[dict]:
    return [json.loads(line) for line in content.split(b"\n")[:-1]]


def in_file(path: Path) -> tuple[list[dict], int]:
    """The records of a journal and the count of its torn lines, read without any help from it."""
    records, torn = [], 0
    *whole, last = path.read_bytes().split(b"\n") if path.exists() else [b""]
    for line in filter(None, whole):
        try:
            records.append(json.loads(line))
        except ValueError:
            torn += 1
    return records, torn + bool(last)


# --- one kernel after another, each killed --------------------------------------------------------


class Plain:
    """What the annotations should be: a dictionary and two stacks."""

    def __init__(self) -> None:
        self.all: dict[str, dict] = {}
        self.done: list[tuple] = []
        self.undone: list[tuple] = []

    def act(self, do: str, sentence: str, changes: dict) -> dict:
        if do == "set":
            before = self.all.get(sentence, BLANK)
            self.done.append((sentence, before, before | changes))
            self.undone.clear()
            self.all[sentence] = before | changes
        else:
            stack, other, which = (
                (self.done, self.undone, 1) if do == "undo" else (self.undone, self.done, 2)
            )
            assert stack[-1][0] == sentence, f"{do} went to {sentence}, and {stack[-1][0]} was next"
            other.append(stack.pop())
            self.all[sentence] = other[-1][which]
        return self.all[sentence]

    def states(self) -> dict[str, dict]:
        return {id: self.all[id] for id in IDS if self.all.get(id, BLANK) != BLANK}


def in_pieces(rng: random.Random) -> Callable[[int, bytes], int]:
    """A slow disk that takes a few bytes at a time, so that a kill can tear a line."""

    def write(handle: int, content: bytes) -> int:
        most = rng.randint(1, 300)
        if len(content) - most < 2:
            return _write(handle, content)
        _write(handle, content[:most])
        time.sleep(0.0005)
        return most

    return write


def tag_fast(folder: Path, document, seed: int, pipe: int) -> None:
    rng = random.Random(seed)
    if seed % 2:
        os.write = in_pieces(rng)
    annotations = opened(folder, document)
    tell(pipe, ready=True)
    for number in range(1_000_000):
        do, sentence, changes = (
            rng.choice(["set", "set", "set", "undo", "undo", "redo"]),
            rng.choice(IDS),
            {},
        )
        if do == "set":
            code, codes = (
                rng.choice(["voice", "rights", "form", "노조"]),
                annotations.state(sentence)["codes"],
            )
            toggled = [each for each in codes if each != code] + [code] * (code not in codes)
            changes = rng.choice(
                [
                    {"codes": toggled},
                    {"memo": f"{seed}-{number} " + "노조 “yes” " * rng.randint(0, 30)},
                ]
            )
            annotations.set(sentence, **changes)
        else:
            sentence = annotations.undo() if do == "undo" else annotations.redo()
        if sentence:
            tell(
                pipe,
                id=annotations.journal.last["id"],
                do=do,
                sentence=sentence,
                changes=changes,
                state=annotations.state(sentence),
            )


def told_until(pipe: int, process: int, seconds: float, ready: bool) -> list[dict]:
    """What a child confirms until it is killed, so many seconds on, or after it was ready."""
    content, end = b"", time.monotonic() + (30 if ready else seconds)
    while (left := end - time.monotonic()) > 0:
        if select.select([pipe], [], [], left)[0]:
            if not (more := os.read(pipe, 65_536)):
                break
            if ready:
                ready, end = False, time.monotonic() + seconds
            content += more
    os.kill(process, signal.SIGKILL)
    while more := os.read(pipe, 65_536):
        content += more
    os.close(pipe)
    status = os.waitpid(process, 0)[1]
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, (
        f"the child ended by itself: {status}"
    )
    return [each for each in lines(content) if "id" in each]


def an_act(folder: Path, document) -> float:
    """How many seconds an action takes on this disk."""
    annotations, began = opened(folder, document), time.perf_counter()
    for number in range(20):
        annotations.set(IDS[0], memo=str(number))
    return (time.perf_counter() - began) / 20


def kill(folder: Path, document) -> dict[str, object]:
    counts, rng, began = (
        Counter(dict.fromkeys(("lost", "doubled", "wrong", "torn", "unconfirmed", "unready"), 0)),
        random.Random(),
        time.time(),
    )
    longest = max(0.04, 10 * an_act(folder / "trial", document))
    work, everything = folder / "work", []
    for number in range(KILLS):
        if number % A_JOURNAL == 0:
            model, known, torn = Plain(), [], 0
            if (work / "journal.jsonl").exists():
                (work / "journal.jsonl").rename(
                    work / f"journal-{number:03d}.jsonl"
                )  # as put_away() does
        process, pipe = forked(lambda pipe, seed=number: tag_fast(work, document, seed, pipe))
        confirmed = told_until(pipe, process, rng.uniform(0, longest), ready=number % 5 > 0)
        counts["unready"] += not confirmed
        for each in confirmed:
            counts["wrong"] += (
                model.act(each["do"], each["sentence"], each["changes"]) != each["state"]
            )
        known += [each["id"] for each in confirmed]
        everything += [each["id"] for each in confirmed]
        known, torn = check(work, document, model, known, torn, counts)
    found = Counter(each["id"] for path in work.glob("journal*.jsonl") for each in in_file(path)[0])
    counts["lost"] += sum(not found[id] for id in everything)
    counts["doubled"] += sum(many > 1 for many in found.values())
    return {
        "kills": KILLS,
        "confirmed": len(everything),
        **counts,
        "longest": round(longest, 3),
        "seconds": round(time.time() - began, 1),
    }


def check(
    work: Path, document, model: Plain, known: list[str], torn: int, counts: Counter
) -> tuple[list[str], int]:
    """Look with a fresh journal; gives the ids and how many torn lines there are now."""
    records, torn_now = in_file(work / "journal.jsonl")
    ids = [each["id"] for each in records]
    counts["lost"] += sum(id not in ids for id in known)
    counts["doubled"] += len(ids) - len({*ids})
    fresh = records[len(known) :]
    assert ids[: len(known)] == known, "the confirmed ones are not the first ones"
    assert len(fresh) + torn_now - torn <= 1, (
        f"{len(fresh)} records more than were confirmed, and {torn_now - torn} torn lines"
    )
    for each in fresh:
        do = "undo" if "undoes" in each else "redo" if "redoes" in each else "set"
        model.act(do, each["sentence"], {name: each[name] for name in BLANK})
    counts["unconfirmed"] += len(fresh)
    counts["torn"] += torn_now - torn
    journal = Journal(work)
    annotations = Annotations(document, "test", {**BLANK, "codes": []}, journal)
    counts["wrong"] += (
        annotations.states() != model.states()
        or annotations.strange > 0
        or annotations.moved() != []
    )
    counts["wrong"] += journal.records() != records
    return ids, torn_now


# --- two kernels at once --------------------------------------------------------------------------


def tag_together(folder: Path, document, name: str, go: int, pipe: int) -> None:
    rng, annotations = random.Random(name), opened(folder, document)
    os.read(go, 1)
    done = 0
    while done < TOGETHER:
        do = rng.choice(["set", "set", "set", "set", "undo", "redo"])
        sentence = rng.choice(IDS[4:8] if name == "a" else IDS[6:10])
        if do == "set":
            annotations.set(sentence, memo=f"{name}{done}")
        else:
            sentence = annotations.undo() if do == "undo" else annotations.redo()
        if sentence:
            done += 1
            tell(pipe, id=annotations.journal.last["id"])


def together(folder: Path, document) -> dict[str, object]:
    began = time.time()
    gate, go = os.pipe()
    children = {
        name: forked(lambda pipe, name=name: tag_together(folder, document, name, gate, pipe))
        for name in "ab"
    }
    time.sleep(0.3)
    _write(go, b"ab")
    content = {pipe: b"" for _, pipe in children.values()}
    open_ones = set(content)
    while open_ones:
        for pipe in select.select([*open_ones], [], [], 60)[0]:
            more = os.read(pipe, 65_536)
            content[pipe] += more
            open_ones -= set() if more else {pipe}
    for process, _ in children.values():
        assert os.waitpid(process, 0)[1] == 0
    confirmed = [each["id"] for pipe in content for each in lines(content[pipe])]
    records, torn = in_file(folder / "journal.jsonl")
    ids = Counter(each["id"] for each in records)
    last = {each["sentence"]: {name: each[name] for name in BLANK} for each in records}
    states = opened(folder, document).states()
    who = [each["session"] for each in records]
    return {
        "confirmed": len(confirmed),
        "records": len(records),
        "lost": sum(not ids[id] for id in confirmed),
        "doubled": len(records) - len(ids),
        "torn": torn,
        "turns": sum(one != two for one, two in pairwise(who)),
        "wrong": sum(states.get(id, BLANK) != state for id, state in last.items()),
        "seconds": round(time.time() - began, 1),
    }


if __name__ == "__main__":
    kctu = load_corpus()["kctu"]
    IDS = [*kctu.sentences.index]
    print(json.dumps({"kill": kill, "together": together}[sys.argv[1]](Path(sys.argv[2]), kctu)))
