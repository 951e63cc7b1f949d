"""Words with their parts of speech and lemmas: NLTK's tokenizer, and HanTa's English model, which comes inside its package.

The tags are those of CLAWS C5: ``NN`` nouns, ``VM0`` modal auxiliaries,
``VV`` and ``VB`` verbs, ``AJ`` adjectives, ``PUN`` punctuation, and so on.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from helpers.corpus.documents import Document

if TYPE_CHECKING:
    import pandas as pd

_LONGEST_WORD, _MOST_WORDS = (
    60,
    2_000,
)  # what is longer is no word that the model knows; what is more is tagged in parts


@cache
def tools() -> tuple[Any, Any]:
    """NLTK's word tokenizer and HanTa's tagger, loaded once."""
    from HanTa.HanoverTagger import HanoverTagger
    from nltk.tokenize import NLTKWordTokenizer

    return NLTKWordTokenizer(), HanoverTagger("morphmodel_en.pgz")


def tag_words(sentences: pd.DataFrame) -> pd.DataFrame:
    """The words of sentences, one row a word or mark of punctuation, in order.

    ``sentences`` is a table as :attr:`Document.sentences` gives it. Columns:
    ``sentence`` (id), ``start`` and ``end`` in the clean text, ``word`` as it
    stands, ``lemma`` and ``tag`` (CLAWS C5).

    >>> from helpers.corpus.documents import load_corpus
    >>> table = tag_words(load_corpus()["kctu"].sentences)
    >>> table.loc[table["tag"] == "VM0", ["sentence", "word", "lemma"]].iloc[0].to_list()
    ['kctu-001', 'will', 'will']
    """
    import pandas as pd

    rows: list[tuple[str, int, int, str, str, str]] = []
    for id, start, text in zip(sentences.index, sentences["start"], sentences["text"], strict=True):
        spans = _spans(text)
        for first in range(0, len(spans), _MOST_WORDS):
            part = spans[first : first + _MOST_WORDS]
            words = [text[begin:end] for begin, end in part]
            tagged = tools()[1].tag_sent([word[:_LONGEST_WORD] for word in words], taglevel=1)
            for (begin, end), word, (_, lemma, tag) in zip(part, words, tagged, strict=True):
                rows.append((id, int(start) + begin, int(start) + end, word, lemma, tag))
    return pd.DataFrame(rows, columns=["sentence", "start", "end", "word", "lemma", "tag"])


@lru_cache(maxsize=64)
def document_tokens(document: Document) -> pd.DataFrame:
    """The words of a document, as :func:`tag_words` gives them; kept, as tagging takes seconds."""
    return tag_words(document.sentences)


def _spans(text: str) -> list[tuple[int, int]]:
    """Where the words and marks of a sentence stand; ``cannot`` is two words, ``can`` and ``not``."""
    try:
        spans = list(tools()[0].span_tokenize(text))
    except ValueError:  # quotation marks that the tokenizer cannot find again
        return [match.span() for match in re.finditer(r"\w+(?:['’-]\w+)*|[^\w\s]", text)]
    return [span for span in spans if text[span[0] : span[1]].strip()]
