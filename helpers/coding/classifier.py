"""A machine that codes: a plain scikit-learn pipeline that adds up words, and tells which of them moved it.

What it looks at in a sentence stands in a table with four columns: its ``words``, the ``characters`` in them, its
``grammar`` (who will, should or must act), and its ``neighbours`` (words of the sentences before and after, and of
the paragraph). Each is weighed by TF-IDF, and a ridge regression gives each code a score, from about 0 to about 1. Before it
sees a tagged sentence, it reads the codebook, as a coder does: the definition, the example and each item of the list of
what a code takes in are short examples of that code.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from helpers.coding.codebook import Codebook, load_codebook, short_label
from helpers.coding.frames import Texts
from helpers.coding.reliability import _by_sentence
from helpers.corpus.documents import Document, listed
from helpers.corpus.errors import UnionError
from helpers.words.clauses import modal_clauses
from helpers.words.counting import words

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix
    from sklearn.pipeline import Pipeline

LOOKS = ("words", "characters", "grammar", "neighbours")
CUTS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
USUAL_CUT = 0.35
FEWEST, FEWEST_PARAGRAPHS = 10, 3  # tagged sentences, and the paragraphs that they must come from


@lru_cache(maxsize=64)
def looks(document: Document) -> pd.DataFrame:
    """What the machine looks at: a row a sentence, and a list of features in each of four columns, as this module says.

    >>> from helpers import load_corpus
    >>> looks(load_corpus()["kctu"]).loc["kctu-003", "grammar"]
    ['union', 'will', 'union will']
    """
    import pandas as pd

    texts, places = document.sentences["text"].to_list(), document.sentences["paragraph"].to_list()
    own, acts = (
        [[word.casefold() for word in words(text)] for text in texts],
        {id: [] for id in document.sentences.index},
    )
    for row in modal_clauses(document).itertuples():
        acts[row.sentence] += [row.doer, row.modal, f"{row.doer} {row.modal}"]
    rest: dict[int, list[int]] = {}
    for number, place in enumerate(places):
        rest.setdefault(place, []).append(number)
    near = [
        sorted({n for n in (k - 1, k + 1, *rest[place]) if 0 <= n < len(own)} - {k})
        for k, place in enumerate(places)
    ]
    return pd.DataFrame(
        {
            "words": own,
            "characters": [[part for word in each for part in parts(word)] for each in own],
            "grammar": [found or ["no modal verb"] for found in acts.values()],
            "neighbours": [
                [word for n in each for word in own[n]] or ["no neighbour"] for each in near
            ],
        },
        index=document.sentences.index,
    )


@cache
def _analyzer() -> Any:
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(analyzer="char_wb", ngram_range=(4, 5)).build_analyzer()


@lru_cache(maxsize=50_000)
def parts(word: str) -> tuple[str, ...]:
    """The runs of four and five characters in a word, its edges written as spaces.

    >>> parts("pay")
    (' pay', 'pay ', ' pay ')
    """
    return tuple(_analyzer()(word))


def looks_at(corpus: Texts, ids: Sequence[str]) -> pd.DataFrame:
    """What the machine looks at in some sentences of a corpus. Raises :class:`UnionError` for an id that is not there."""
    import pandas as pd

    documents = {document.id: document for document in listed(corpus)}
    for id in ids:
        if (
            text := documents.get(str(id).rpartition("-")[0])
        ) is None or id not in text.sentences.index:
            raise UnionError(
                f"There is no sentence {short_label(id)} in the corpus: check the id, such as gftuk-042."
            )
    wanted = dict.fromkeys(id.rpartition("-")[0] for id in ids)  # only these are read
    return pd.concat(
        [looks(documents[id]) for id in wanted] or [looks(next(iter(documents.values())))]
    ).loc[list(ids)]


def codebook_looks(codebook: Codebook) -> tuple[pd.DataFrame, np.ndarray]:
    """The codebook as short examples: what a machine looks at in each, and which code it is of (a row each, a column a code)."""
    import numpy as np
    import pandas as pd

    said = []
    for code in codebook.codes.values():
        said += [
            (text, code.code)
            for text in (
                code.label,
                code.definition,
                code.example,
                *re.split(r"[,;]\s*", code.include),
            )
        ]
        said += [(code.near_miss, code.near_miss_code)]
    own = [[word.casefold() for word in words(text)] for text, _ in said]
    nothing = [
        ["(codebook)"] for _ in said
    ]  # a line of a codebook has no grammar and no neighbours
    spelled = [[part for word in each for part in parts(word)] for each in own]
    table = pd.DataFrame(
        {"words": own, "characters": spelled, "grammar": nothing, "neighbours": nothing}
    )
    return table, np.array([[each == code for each in codebook] for _, code in said], dtype=float)


def new_pipeline() -> Pipeline:
    """The pipeline before it has learned anything: a TF-IDF table for each look, then a weight for each feature and code."""
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import Pipeline

    tables = [(name, TfidfVectorizer(analyzer=list, sublinear_tf=True), name) for name in LOOKS]
    return Pipeline(
        [
            ("features", ColumnTransformer(tables)),
            ("weights", Ridge(alpha=1.0, fit_intercept=False, solver="cholesky")),
        ]
    )


class Lot(NamedTuple):
    """Tagged sentences: what the machine looks at in each, which codes it has (1 or 0, a column a code), and its paragraph.

    ``book`` is what is read before these, as :func:`codebook_looks` gives it.
    """

    table: pd.DataFrame
    wanted: np.ndarray
    places: np.ndarray
    book: tuple[pd.DataFrame, np.ndarray]

    def only(self, which: np.ndarray) -> Lot:
        return Lot(self.table.iloc[which], self.wanted[which], self.places[which], self.book)

    def lessons(self) -> tuple[pd.DataFrame, np.ndarray]:
        """All that there is to learn from: the tagged sentences, and then the codebook."""
        import numpy as np
        import pandas as pd

        return pd.concat([self.table, self.book[0]]), np.vstack([self.wanted, self.book[1]])


def tagged(
    corpus: Texts,
    codings: pd.DataFrame,
    codebook: Codebook,
    without: Collection[str] = (),
    read: bool = True,
) -> Lot:
    """The sentences of a corpus that one coder has tagged, and the codebook if it is to be ``read``.

    Raises :class:`UnionError` for two coders, a sentence that is not in the corpus, and where too little is tagged to learn from.
    """
    import numpy as np

    rows = _by_sentence(codings, "given", codebook)
    places = {
        id: f"{each.id} {place}"
        for each in listed(corpus)
        for id, place in each.sentences["paragraph"].items()
    }
    if unknown := rows.keys() - places.keys():
        raise UnionError(
            f"There is no sentence {short_label(min(unknown))} in the corpus: check the id, or leave its coding out."
        )
    ids = [id for id in places if id in rows and id not in without]
    if len(ids) < FEWEST or len({places[id] for id in ids}) < FEWEST_PARAGRAPHS:
        least = f"{FEWEST} tagged sentences from {FEWEST_PARAGRAPHS} paragraphs"
        raise UnionError(
            f"A machine wants at least {least}, and here are {len(ids)} sentences: tag more, or use “reference”."
        )
    wanted = np.array([[code in rows[id].codes for code in codebook] for id in ids], dtype=float)
    book, known = codebook_looks(codebook)
    return Lot(
        looks_at(corpus, ids),
        wanted,
        np.array([places[id] for id in ids]),
        (book if read else book[:0], known if read else known[:0]),
    )


def folds(lot: Lot, many: int, seed: int = 1) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Parts of the sentences, whole paragraphs each: for each part the numbers of all other sentences, and its own."""
    from sklearn.model_selection import GroupKFold

    many = min(many, len(set(lot.places)))
    return GroupKFold(many, shuffle=True, random_state=seed).split(lot.table, groups=lot.places)


def scores_of(train: Lot, test: pd.DataFrame, codebook: Codebook) -> tuple[np.ndarray, float]:
    """The scores that the pipeline, taught with ``train`` alone, gives to other sentences, and the cut that suits it best.

    To be quick, the ridge regression is worked out from how alike sentences are (its dual form); the scores are the same.
    """
    from threadpoolctl import threadpool_limits

    table, wanted = train.lessons()
    features = new_pipeline()["features"]
    own = features.fit_transform(table)
    with threadpool_limits(
        1
    ):  # on a busy machine, threads that wait for one another are slower than one
        turned = _turned(own)
        scores = (features.transform(test) @ own.T).toarray() @ turned @ wanted
        return scores, best_cut(turned, wanted, train, codebook)


def _turned(own: csr_matrix) -> np.ndarray:
    """How alike sentences are, with 1 added along the diagonal, turned into its inverse (Saunders, Gammerman & Vovk 1998)."""
    import numpy as np

    return np.linalg.inv((own @ own.T).toarray() + np.eye(own.shape[0]))


def best_cut(turned: np.ndarray, wanted: np.ndarray, train: Lot, codebook: Codebook) -> float:
    """The cut with the highest F1 when each paragraph in turn is hidden; of several, the one nearest to the usual.

    What a ridge regression would say of sentences that it has not seen follows from the one that has seen them (Cook 1977).
    """
    import numpy as np

    weights, scores = turned @ wanted, np.zeros_like(train.wanted)
    for place in set(train.places):
        rows = np.flatnonzero(train.places == place)
        scores[rows] = train.wanted[rows] - np.linalg.solve(
            turned[np.ix_(rows, rows)], weights[rows]
        )
    found = {cut: f1(train.wanted, decided(scores, cut, codebook)) for cut in CUTS}
    return max(CUTS, key=lambda cut: (round(found[cut], 9), -abs(cut - USUAL_CUT)))


def f1(wanted: np.ndarray, given: np.ndarray) -> float:
    """Micro F1: twice the codes that both have, by the codes of the one and the codes of the other (van Rijsbergen 1979).

    >>> import numpy as np
    >>> f1(np.array([[1, 1, 0]]), np.array([[1, 0, 0]]))
    0.6666666666666666
    """
    both, all = float((wanted * given).sum()), float(wanted.sum() + given.sum())
    return 2 * both / all if all else 0.0


def decided(scores: np.ndarray, cut: float, codebook: Codebook) -> np.ndarray:
    """Which codes are given (1 or 0): the one with the highest score, and others from the cut up, as many as the codebook allows.

    ``none`` is given alone, and only where its score is the highest.
    """
    import numpy as np

    codes, given = list(codebook), np.zeros(scores.shape)
    none = codes.index("none") if "none" in codes else -1
    for row, order in enumerate(np.argsort(-scores, axis=1, kind="stable")):
        chosen = [code for code in order if code != none and scores[row, code] >= cut][
            : codebook.most_codes
        ]
        given[row, [none] if order[0] == none else chosen or [order[0]]] = 1
    return given


def _ranked(scores: np.ndarray, given: np.ndarray, codebook: Codebook) -> tuple[str, ...]:
    """The codes given to a sentence, the highest score first."""
    return tuple(
        list(codebook)[place] for place in (-scores).argsort(kind="stable") if given[place]
    )


def _gap(scores: np.ndarray, given: np.ndarray) -> float:
    """How far the lowest score of the codes given is above the highest of the others."""
    return float(scores[given > 0].min() - scores[given == 0].max()) if (given == 0).any() else 1.0


def _shared(
    look: str, features: list[str], own: list[str], known: dict[str, int], weights: np.ndarray
) -> list[tuple[tuple[str, str], float]]:
    """What each feature of a look adds, under a name that can be read; characters share theirs among the words that they stand in."""
    if look != "characters":
        return [
            ((look.removesuffix("s"), each), float(weights[known[each]]))
            for each in dict.fromkeys(features)
            if each in known
        ]
    places = [(part, word) for word in own for part in parts(word) if part in known]
    many = Counter(part for part, _ in places)
    return [(("word", word), float(weights[known[part]]) / many[part]) for part, word in places]


@dataclass(frozen=True, repr=False)
class Machine:
    """A machine as :func:`teach` gives it.

    ``pipeline`` is the scikit-learn pipeline that has learned, ``cut`` the score above which a code is given, ``taught``
    the ids of the sentences whose codes it has seen, ``corpus`` the documents that it knows.
    """

    codebook: Codebook
    pipeline: Pipeline
    cut: float
    taught: frozenset[str]
    corpus: Texts

    def scores(self, sentences: str | Sequence[str] | Document) -> pd.DataFrame:
        """The score of each code for some sentences, by id: a row a sentence, a column a code.

        ``sentences`` is an id, a list of ids, or a document, which need not be one of the corpus.
        """
        import pandas as pd

        ids = [sentences] if isinstance(sentences, str) else sentences
        rows = looks(sentences) if isinstance(sentences, Document) else looks_at(self.corpus, ids)
        found = self.pipeline.predict(rows) if len(rows) else []
        return pd.DataFrame(found, rows.index, list(self.codebook))

    def suggest(self, sentences: str | Sequence[str] | Document) -> pd.DataFrame:
        """The codes that the machine would give, a row a sentence, the most uncertain first.

        ``sentences`` is as in :meth:`scores`. Columns: ``codes`` (tuple, the highest score first), ``gap`` (how far the lowest score
        among these is above the highest of all others: the smaller, the less certain), ``taught`` (whether the machine has seen the
        codes of this very sentence) and a column of scores for each code.
        """
        scores = self.scores(sentences)
        given = decided(scores.to_numpy(), self.cut, self.codebook)
        table = scores.copy()
        table.insert(
            0,
            "codes",
            [_ranked(*row, self.codebook) for row in zip(scores.to_numpy(), given, strict=True)],
        )
        table.insert(1, "gap", [_gap(*row) for row in zip(scores.to_numpy(), given, strict=True)])
        table.insert(2, "taught", table.index.isin(self.taught))
        return table.sort_values("gap", kind="stable")

    def why(self, sentence: str, code: str = "") -> pd.DataFrame:
        """What moved a decision: what each thing the machine looked at added to the score of a code, or took away.

        ``code`` left out is the code with the highest score. Rows: ``look`` (``word``, ``grammar`` or ``neighbour``) and ``what``;
        column ``added``, which adds up to the score. What the characters of a word add is counted with the word.

        >>> from helpers import load_codings, load_corpus
        >>> teach(load_corpus(), load_codings("reference")).why("kctu-012", "bargain").index[0]
        ('word', 'wages')
        """
        import pandas as pd

        row = looks_at(self.corpus, [sentence])
        code = self.codebook[code].code if code else self.scores(sentence).iloc[0].idxmax()
        features, ridge = self.pipeline["features"], self.pipeline["weights"]
        weights = (
            features.transform(row)
            .multiply(ridge.coef_[list(self.codebook).index(code)])
            .toarray()[0]
        )
        added: dict[tuple[str, str], float] = {}
        for name, place in features.output_indices_.items():
            if name in LOOKS:
                known = features.named_transformers_[name].vocabulary_
                for what, value in _shared(
                    name, row[name].iloc[0], row["words"].iloc[0], known, weights[place]
                ):
                    added[what] = added.get(what, 0.0) + value
        table = pd.Series(
            added,
            index=pd.MultiIndex.from_tuples(added, names=["look", "what"]),
            name="added",
            dtype=float,
        )
        return table.loc[table.abs().sort_values(ascending=False, kind="stable").index].to_frame()

    def __repr__(self) -> str:
        return f"<Machine taught with {len(self.taught)} sentences: a code is given from a score of {self.cut:.2f}>"


def teach(
    corpus: Texts,
    codings: pd.DataFrame,
    codebook: Codebook | None = None,
    *,
    without: Collection[str] = (),
    read_codebook: bool = True,
) -> Machine:
    """Teach a machine with the codings of one coder, after it has read the codebook.

    ``without`` are ids of sentences that it must not see the codes of, so that its suggestions for them are its own.
    Raises :class:`UnionError` as :func:`tagged` does.

    >>> from helpers import load_codings, load_corpus
    >>> machine = teach(load_corpus(), load_codings("reference"), without=["kctu-012"])
    >>> machine.suggest("kctu-012")[["codes", "taught"]].to_dict("list")
    {'codes': [('bargain',)], 'taught': [False]}
    """
    codebook = codebook or load_codebook()
    lot, pipeline = tagged(corpus, codings, codebook, set(without), read_codebook), new_pipeline()
    table, wanted = lot.lessons()
    own = pipeline.fit(table, wanted)["features"].transform(table)
    cut = best_cut(_turned(own), wanted, lot, codebook)
    return Machine(codebook, pipeline, cut, frozenset(lot.table.index), corpus)
