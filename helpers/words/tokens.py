"""Words: as they are counted, and with parts of speech and lemmas by NLTK's tokenizer and HanTa.

HanTa's English model comes inside its package. Its tags are those of CLAWS C5: ``NN`` nouns,
``VM0`` modals, ``VV`` and ``VB`` verbs, ``AJ`` adjectives, ``PUN`` punctuation, and so on.
"""

import re
from functools import cache, lru_cache

import pandas as pd
from HanTa.HanoverTagger import HanoverTagger
from nltk.tokenize import NLTKWordTokenizer

from helpers.corpus.documents import Document

WORD = re.compile(r"\w+(?:['’-]\w+)*")
_LONGEST_WORD = 60  # what is longer is no word that the model knows
_MOST_WORDS = 2_000  # a longer sentence is tagged in parts
_FORMS, _SENTENCES = 100_000, 20_000  # whose analyses are kept


def words(text: str) -> list[str]:
    """The words of a text, as all rates count them: letters and digits, with ' and - inside.

    >>> words("The workers' co-determination – in 2021")
    ['The', 'workers', 'co-determination', 'in', '2021']
    """
    return WORD.findall(text)


@cache
def tools() -> tuple[NLTKWordTokenizer, HanoverTagger]:
    """NLTK's tokenizer and HanTa's tagger, loaded once; it keeps what it finds of a form."""
    tagger = HanoverTagger("morphmodel_en.pgz")
    tagger._analyze = lru_cache(_FORMS)(tagger._analyze)
    tagger._tag_word = lru_cache(_FORMS)(tagger._tag_word)
    return NLTKWordTokenizer(), tagger


def tag_words(sentences: pd.DataFrame) -> pd.DataFrame:
    """The words of sentences, one row a word or mark of punctuation, in order.

    ``sentences`` is a table as :attr:`Document.sentences` gives it. Columns: ``sentence`` (id),
    ``start`` and ``end`` in the clean text, ``word`` as it stands, ``lemma`` and ``tag``.

    >>> from helpers.corpus.documents import load_corpus
    >>> table = tag_words(load_corpus()["kctu"].sentences)
    >>> table.loc[table["tag"] == "VM0", ["sentence", "word", "lemma"]].iloc[0].to_list()
    ['kctu-001', 'will', 'will']
    """
    rows = []
    for id, start, text in sentences[["start", "text"]].itertuples(name=None):
        rows += [(id, start + begin, start + end, *rest) for begin, end, *rest in tagged(text)]
    return pd.DataFrame(rows, columns=["sentence", "start", "end", "word", "lemma", "tag"])


@lru_cache(maxsize=64)
def document_tokens(document: Document) -> pd.DataFrame:
    """The words of a document, as :func:`tag_words` gives them; kept, as tagging takes seconds."""
    return tag_words(document.sentences)


@lru_cache(_SENTENCES)
def tagged(sentence: str) -> list[tuple[int, int, str, str, str]]:
    """Start, end, word, lemma and tag of each token of a sentence; kept for the next time."""
    tokenizer, tagger = tools()
    straight = sentence.replace("’", "'")
    try:
        spans = [
            each for each in tokenizer.span_tokenize(straight) if straight[slice(*each)].strip()
        ]
    except ValueError:  # quotation marks that the tokenizer cannot find again
        spans = [match.span() for match in re.finditer(r"\w+(?:['’-]\w+)*|[^\w\s]", sentence)]
    found = []
    for first in range(0, len(spans), _MOST_WORDS):
        part = spans[first : first + _MOST_WORDS]
        forms = [straight[begin : min(end, begin + _LONGEST_WORD)] for begin, end in part]
        tags = tagger.tag_sent(forms, taglevel=1)
        for (begin, end), (_, lemma, tag) in zip(part, tags, strict=True):
            found.append((begin, end, sentence[begin:end], lemma, tag))
    return found
