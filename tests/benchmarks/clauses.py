"""Speed of modal clauses, and its growth to a hundred letters: ``python
tests/benchmarks/clauses.py``.
"""

from __future__ import annotations

import importlib.util
import itertools
import sys
import time
from collections.abc import Callable

import nltk

from helpers.corpus.cleaning import clean
from helpers.corpus.documents import Document, load_corpus
from helpers.words.clauses import modal_clauses
from helpers.words.tokens import document_tokens

_COPIES, _MOST_GROWTH = (1, 10, 100), 1.5


def copies(times: int) -> Document:
    """A document of so many letters, not yet cut into sentences."""
    letter = load_corpus()["gftuk"]
    return Document("gftuk", letter.about, clean("\n\n".join([letter.text] * times)))


def ours(document: Document) -> list[float]:
    """Seconds for sentences, tokens and modal clauses."""
    marks = [time.process_time()]
    for work in (
        lambda: document.sentences,
        lambda: document_tokens(document),
        lambda: modal_clauses(document),
    ):
        work()
        marks.append(time.process_time())
    return [end - start for start, end in itertools.pairwise(marks)]


def nltk_peer() -> Callable[[str], int] | str:
    """NLTK's Punkt and perceptron tagger, which stop short of clauses; or why not."""
    try:
        nltk.data.find("tokenizers/punkt_tab/english")
        nltk.data.find("taggers/averaged_perceptron_tagger_eng")
    except LookupError:
        return "no data offline"
    return lambda text: len(
        [nltk.pos_tag(nltk.word_tokenize(sentence)) for sentence in nltk.sent_tokenize(text)]
    )


def spacy_peer() -> Callable[[str], int] | str:
    """SpaCy's rule-based sentences, with no tagging at all; or why not."""
    if importlib.util.find_spec("spacy") is None:
        return "not installed"
    import spacy

    language = spacy.blank("en")
    language.add_pipe("sentencizer")
    language.max_length = 100_000_000
    return lambda text: len(list(language(text).sents))


def main() -> int:
    """Print Markdown tables; 1 if time is not linear."""
    ours(copies(1))  # what loads at first use is not counted
    print(
        "| letters | sentences | sentences s | tokens s | modal clauses s | sentences a "
        "second |\n|---:|---:|---:|---:|---:|---:|"
    )
    each = {}
    for times in _COPIES:
        document = copies(times)
        taken = ours(document)
        each[times] = taken[-1] / len(document.sentences)
        rate = len(document.sentences) / sum(taken)
        print(
            (
                f"| {times} | {len(document.sentences):,} | "
                f"{' | '.join(f'{one:.2f}' for one in taken)} | {rate:,.0f} |"
            ),
            flush=True,
        )
    text = copies(1).text
    for name, peer in {
        "NLTK Punkt and perceptron tagger": nltk_peer(),
        "spaCy blank sentencizer": spacy_peer(),
    }.items():
        if isinstance(peer, str):
            print(f"\n{name}: {peer}.")
            continue
        start = time.process_time()
        print(f"\n{name}: {peer(text) / (time.process_time() - start):,.0f} sentences a second.")
    growth = each[_COPIES[-1]] / min(each.values())
    good = growth <= _MOST_GROWTH
    print(
        f"\nModal clauses take {growth:.2f} times as long a sentence in {_COPIES[-1]} "
        f"letters as at best: {'good' if good else 'NOT MET'}."
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
