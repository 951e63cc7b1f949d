"""Time for cleaning and sentences beside the peers, on the same 500 kB in one run: ``python
tests/benchmarks/speed.py``.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import peers
import prose

_SIZE, _SLOW_PART = 500_000, 50_000


def seconds(work: Callable[[str], object], text: str) -> float:
    """The quicker of two runs, the texts a little apart so that nothing is remembered."""
    best = float("inf")
    for note in ("One.", "Two."):
        start = time.process_time()
        work(f"{note}\n\n{text}")
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    text = prose.wrapped(_SIZE, paged=False)
    part = text[: text.index("\n\n", _SLOW_PART)]
    for work in (
        peers.ours,
        peers.chain,
        peers.clean_text,
    ):  # what loads at first use is not counted
        peers.our_sentences(work("A short text."))
        peers.punkt("A short text.")
        peers.pysbd("A short text.")
    own, plain = peers.ours(text), peers.chain(text)
    cleaning = {
        name: seconds(work, text)
        for name, work in [
            ("clean()", peers.ours),
            ("ftfy and regex chain", peers.chain),
            ("clean-text", peers.clean_text),
        ]
    }
    sentences = {
        "split_sentences()": seconds(peers.our_sentences, own),
        "Punkt untrained": seconds(peers.punkt, plain),
    }
    slow = peers.chain(part)
    scale = len(plain) / len(slow)
    sentences[f"pySBD (timed on {len(slow) // 1000} kB, times {scale:.1f})"] = (
        seconds(peers.pysbd, slow) * scale
    )
    for title, times in (("Cleaning", cleaning), ("Sentences", sentences)):
        own_time = next(iter(times.values()))
        print(
            f"\n| {title}, {len(text.encode()) / 1e3:.0f} kB | s | ours takes so many times "
            "as long |\n|---|---:|---:|"
        )
        for name, taken in times.items():
            print(f"| {name} | {taken:.2f} | {own_time / taken:.2f} |")
    print(
        "\nclean() keeps account of every character and removes page furniture; the peers do "
        "neither."
    )


if __name__ == "__main__":
    main()
