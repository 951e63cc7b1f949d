"""How well a machine codes sentences whose codes it has not seen: beside simpler ways, beside the coders, and where it only seems to.

Tagged sentences are divided into parts, whole paragraphs each. Each part is coded by a machine that was taught with the others
alone. Micro F1 counts every code alike, macro F1 is the mean over codes, so that rare ones weigh as much. Intervals (95 %)
come from drawing whole paragraphs anew, 1,000 times; they do not know how it would have gone with other documents.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.coding.classifier import Lot, decided, f1, folds, scores_of, tagged
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.codings import load_codings
from helpers.coding.reliability import _by_sentence, _coder, _divided, _Draws
from helpers.corpus.errors import UnionError
from helpers.words.counting import small_words

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from helpers.coding.frames import Texts

MACHINE, CODERS, DOCUMENT = "the machine", "coder-1 with coder-2", "the document alone"
PARTS, FEWER, SIZES = 10, 3, (0, 10, 20, 40, 80, 160, 320, 640)
_TYPICAL = 5  # words of the tagged sentences that join the codebook's in a list
Method = Callable[[Lot, "pd.DataFrame", Codebook], "np.ndarray"]


@dataclass(frozen=True)
class Trial:
    """What came of :func:`try_machine`.

    ``scores`` has a row for each way of coding: ``micro`` and ``macro`` with their ends ``low`` and ``high``, ``behind`` (how far
    its micro F1 is behind the machine's, with its ends), ``sentences`` (how many it coded) and ``wrong`` (the ids of
    those to which it gives other codes). ``codes`` has a row for each code, all of the machine: ``f1``, ``low``, ``high``, ``precision``,
    ``recall``, the counts ``coded``, ``given`` and ``both``, and ``wrong``. ``answers`` has a row a sentence, by id: ``coded``, and
    a column of codes for each way. An undefined figure is NaN.
    """

    coder: str
    scores: pd.DataFrame
    codes: pd.DataFrame
    answers: pd.DataFrame

    def __repr__(self) -> str:
        row = self.scores.loc[MACHINE]
        return f"<Trial on {row['sentences']} sentences: micro F1 {row['micro']:.2f} ({row['micro_low']:.2f} to {row['micro_high']:.2f})>"


def try_machine(
    corpus: Texts,
    codings: pd.DataFrame,
    codebook: Codebook | None = None,
    *,
    read_codebook: bool = True,
    seed: int = 1,
) -> Trial:
    """Teach and test a machine ten times over with the codings of one coder, beside simpler ways and beside the coders.

    Raises :class:`UnionError` where too little is tagged.

    >>> from helpers import load_corpus
    >>> scores = try_machine(load_corpus(), load_codings("reference")).scores
    >>> bool(scores.loc["the machine", "micro"] > scores.loc["nearest neighbour", "micro"])
    True
    """
    import numpy as np

    codebook = codebook or load_codebook()
    lot = tagged(corpus, codings, codebook, read=read_codebook)
    given = {name: np.zeros_like(lot.wanted) for name in METHODS}
    for rest, some in folds(lot, PARTS, seed):
        for name, method in METHODS.items():
            given[name][some] = method(lot.only(rest), lot.table.iloc[some], codebook)
    draws = _Draws(list(lot.places), 1_000, seed)
    machine = _figures(lot.wanted, given[MACHINE], draws)
    rows = {name: _row(lot, each, draws, machine) for name, each in given.items()} | _people(
        lot, codings, codebook, seed
    )
    answers = {"coded": _named(lot.wanted, codebook)} | {
        name: _named(each, codebook) for name, each in given.items()
    }
    return Trial(
        _coder(codings),
        _table(rows),
        _by_code(lot, given[MACHINE], draws, codebook),
        _frame(answers, lot),
    )


def machine_way(train: Lot, test: pd.DataFrame, codebook: Codebook) -> np.ndarray:
    """The codes that the machine gives."""
    scores, cut = scores_of(train, test, codebook)
    return decided(scores, cut, codebook)


def nearest_way(train: Lot, test: pd.DataFrame, codebook: Codebook) -> np.ndarray:
    """The codes of the tagged sentence, or of the line of the codebook, that has the most words in common (cosine of TF-IDF)."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline

    table, wanted = train.lessons()
    nearest = make_pipeline(
        TfidfVectorizer(analyzer=list, sublinear_tf=True), KNeighborsClassifier(1, metric="cosine")
    )
    return nearest.fit(table["words"], wanted).predict(test["words"])


def keyword_way(train: Lot, test: pd.DataFrame, codebook: Codebook) -> np.ndarray:
    """The code from whose list most words stand in the sentence; of several, the one more often tagged.

    A list holds the codebook's words for the code, and five that are most typical of its tagged sentences.
    """
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(analyzer=list, binary=True)
    every, many = counter.fit_transform(train.lessons()[0]["words"]).toarray(), len(train.table)
    has, book = every[:many], every[many:]
    usual, both = train.wanted.sum(axis=0), has.T @ train.wanted
    chance = np.outer(has.sum(axis=0), usual) / len(has)
    typical = np.where(both >= 2, (both - chance) / np.sqrt(np.maximum(chance, 1e-9)), 0)
    lists = (book.T @ train.book[1] > 0) | (
        (typical > 0) & (typical >= np.sort(typical, axis=0)[-_TYPICAL])
    )
    lists &= ~np.array([word in small_words() for word in counter.get_feature_names_out()])[:, None]
    hits = counter.transform(test["words"]).toarray() @ lists + usual / (usual.sum() + 1)
    return (hits == hits.max(axis=1, keepdims=True)).astype(float)


def frequent_way(train: Lot, test: pd.DataFrame, codebook: Codebook) -> np.ndarray:
    """The one, two or three most frequent codes, whichever suits best, for every sentence."""
    import numpy as np

    order = (-train.wanted.sum(axis=0)).argsort(kind="stable")
    tops = [
        np.isin(np.arange(len(order)), order[:many]).astype(float)
        for many in range(1, codebook.most_codes + 1)
    ]
    return np.tile(
        max(tops, key=lambda top: f1(train.wanted, np.tile(top, (len(train.wanted), 1)))),
        (len(test), 1),
    )


def document_way(train: Lot, test: pd.DataFrame, codebook: Codebook) -> np.ndarray:
    """The most frequent codes of the document that a sentence is from: it knows nothing else."""
    import numpy as np

    source, own = (
        np.array([id.rpartition("-")[0] for id in table.index]) for table in (train.table, test)
    )
    given = np.zeros((len(test), train.wanted.shape[1]))
    for document in set(own):
        known = train.only(source == document) if (source == document).any() else train
        given[own == document] = frequent_way(known, test[own == document], codebook)
    return given


METHODS: dict[str, Method] = {
    MACHINE: machine_way,
    "nearest neighbour": nearest_way,
    "keyword lists": keyword_way,
    "most frequent codes": frequent_way,
    DOCUMENT: document_way,
}


def learning_curve(
    corpus: Texts,
    codings: pd.DataFrame,
    codebook: Codebook | None = None,
    *,
    read_codebook: bool = True,
    seed: int = 1,
) -> pd.DataFrame:
    """How the machine does with 0, 10, 20, 40 … tagged sentences to learn from: a row a number, tested on all that it was not taught.

    With 0 it knows the codebook alone. Columns: ``micro`` and ``macro`` with their ends, ``sentences`` (tested) and ``wrong`` (ids).
    """
    import numpy as np

    codebook = codebook or load_codebook()
    lot = tagged(corpus, codings, codebook, read=read_codebook)
    draws, parts = _Draws(list(lot.places), 1_000, seed), list(folds(lot, FEWER, seed))
    most, chance, rows = min(len(rest) for rest, _ in parts), np.random.default_rng(seed), {}
    orders = [_paragraphs_mixed(lot, rest, chance) for rest, _ in parts]
    for many in [*(size for size in SIZES if size < most and (size or read_codebook)), most]:
        given = lot.wanted * 0
        for order, (_, some) in zip(orders, parts, strict=True):
            given[some] = machine_way(lot.only(order[:many]), lot.table.iloc[some], codebook)
        rows[many] = _row(lot, given, draws)
    return _table(rows, "tagged").drop(columns=["behind", "behind_low", "behind_high"])


def _paragraphs_mixed(lot: Lot, rows: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Rows in a random order of their paragraphs."""
    import numpy as np

    order = {
        place: rank for rank, place in enumerate(chance.permutation(np.unique(lot.places[rows])))
    }
    return rows[np.argsort([order[place] for place in lot.places[rows]], kind="stable")]


def across_documents(
    corpus: Texts, codings: pd.DataFrame, codebook: Codebook | None = None, *, seed: int = 1
) -> pd.DataFrame:
    """Does a machine know a code, or does it recognise a document? A row for each document tested and each way of teaching.

    Ways: ``all documents`` (with other paragraphs of all of them), ``own words hidden`` (the same, but whatever only one document has
    is hidden: words, characters, grammar), ``same document``, ``other documents``, ``others, codebook shut`` (it was not read
    before), ``codebook alone``, and :func:`document_way`. Columns as in :func:`learning_curve`, and ``known``: how many
    percent of the codes of the document the tagged sentences had at all. Raises :class:`UnionError` where fewer than
    two documents are tagged.
    """
    import numpy as np
    import pandas as pd

    codebook = codebook or load_codebook()
    lot = tagged(corpus, codings, codebook)
    source = np.array([id.rpartition("-")[0] for id in lot.table.index])
    if len(set(source)) < 2:
        raise UnionError(
            "This compares documents, and only one of them is tagged: tag another, or use “reference”."
        )
    hidden, shut = (
        lot._replace(table=shared_looks(lot.table)),
        lot._replace(book=tuple(side[:0] for side in lot.book)),
    )
    whole, nothing, names = source == source, source == "", list(dict.fromkeys(source))
    each, others = (
        [(taught(source, name), source == name) for name in names]
        for taught in (np.equal, np.not_equal)
    )
    ways = {
        "all documents": (lot, [(whole, whole)], machine_way),
        "own words hidden": (hidden, [(whole, whole)], machine_way),
        "same document": (lot, each, machine_way),
        "other documents": (lot, others, machine_way),
        "others, codebook shut": (shut, others, machine_way),
        "codebook alone": (lot, [(nothing, whole)], machine_way),
        DOCUMENT: (lot, [(whole, whole)], document_way),
    }
    rows = {}
    for way, (seen, plan, method) in ways.items():
        given, known = _taught_by(plan, seen, method, codebook, seed)
        for name in names:
            part = lot.only(source == name)
            share = 100 * float((part.wanted * known[source == name]).sum() / part.wanted.sum())
            row = _row(part, given[source == name], _Draws(list(part.places), 1_000, seed))
            rows[name, way] = {**row, "known": share}
    table = pd.DataFrame(
        list(rows.values()), pd.MultiIndex.from_tuples(rows, names=["tested", "way"])
    )
    return table.drop(columns=["behind", "behind_low", "behind_high"])


def _taught_by(
    plan: list[tuple[np.ndarray, np.ndarray]],
    lot: Lot,
    method: Method,
    codebook: Codebook,
    seed: int,
) -> tuple[np.ndarray, np.ndarray]:
    """The codes given where some sentences are taught and others tested, and which codes the taught ones had.

    Where the two are the same sentences, each third of them is coded by what was taught with the rest.
    """
    import numpy as np

    given, known = lot.wanted * 0, lot.wanted * 0
    for taught, tested in plan:
        if (taught == tested).all():
            rows = np.flatnonzero(tested)
            pairs = [(rows[rest], rows[some]) for rest, some in folds(lot.only(rows), FEWER, seed)]
        else:
            pairs = [(np.flatnonzero(taught), np.flatnonzero(tested))]
        for rest, some in pairs:
            given[some], known[some] = (
                method(lot.only(rest), lot.table.iloc[some], codebook),
                lot.wanted[rest].any(axis=0),
            )
    return given, known


def shared_looks(table: pd.DataFrame) -> pd.DataFrame:
    """What a machine looks at, without what only one document has."""
    documents = [id.rpartition("-")[0] for id in table.index]
    shown = table.copy()
    for look in table.columns:
        where: dict[str, set[str]] = {}
        for document, features in zip(documents, table[look], strict=True):
            for feature in features:
                where.setdefault(feature, set()).add(document)
        shown[look] = [
            [feature for feature in features if len(where[feature]) > 1] for features in table[look]
        ]
    return shown


def shuffle_codes(codings: pd.DataFrame, *, seed: int = 1) -> pd.DataFrame:
    """The same codes, dealt out to the sentences at random: what is learned from these is chance, or a mistake in the test.

    >>> codings = load_codings("reference")
    >>> sorted(shuffle_codes(codings)["codes"]) == sorted(codings["codes"])
    True
    """
    mixed = codings[["codes", "doer"]].sample(frac=1, random_state=seed)
    return codings.assign(
        coder=f"{_coder(codings)}, shuffled", codes=list(mixed["codes"]), doer=list(mixed["doer"])
    )


def _figures(
    wanted: np.ndarray, given: np.ndarray, draws: _Draws
) -> dict[str, tuple[float, np.ndarray]]:
    """Micro and macro F1, each with its values in the resamples. A code that neither side has does not count."""
    import numpy as np

    both, all = 2 * wanted * given, wanted + given
    drawn = draws.sums(both), draws.sums(all)
    each = _divided(both.sum(axis=0), all.sum(axis=0))
    redrawn = np.divide(*drawn, out=np.full(drawn[0].shape, math.nan), where=drawn[1] > 0)
    micro = f1(wanted, given), _divided(drawn[0].sum(axis=1), drawn[1].sum(axis=1))
    return {"micro": micro, "macro": (float(np.nanmean(each)), np.nanmean(redrawn, axis=1))}


def _ends(values: np.ndarray) -> tuple[float, float]:
    import numpy as np

    kept = values[~np.isnan(values)]
    return (
        tuple(map(float, np.percentile(kept, [2.5, 97.5]))) if kept.size else (math.nan, math.nan)
    )


def _row(
    lot: Lot,
    given: np.ndarray,
    draws: _Draws,
    machine: dict[str, tuple[float, np.ndarray]] | None = None,
) -> dict[str, object]:
    """The figures of one way of coding, as a row."""
    row: dict[str, object] = {}
    own = _figures(lot.wanted, given, draws)
    for name, (value, drawn) in own.items():
        row |= dict(zip((name, f"{name}_low", f"{name}_high"), (value, *_ends(drawn)), strict=True))
    behind = (math.nan,) * 3
    if machine:
        behind = (
            machine["micro"][0] - own["micro"][0],
            *_ends(machine["micro"][1] - own["micro"][1]),
        )
    row |= dict(zip(("behind", "behind_low", "behind_high"), behind, strict=True))
    wrong = tuple(lot.table.index[(lot.wanted != given).any(axis=1)])
    return row | {"sentences": len(lot.table), "wrong": wrong}


def _people(
    lot: Lot, codings: pd.DataFrame, codebook: Codebook, seed: int
) -> dict[str, dict[str, object]]:
    """The two coders, one measured by the other; and whoever tagged, by the reference."""
    import numpy as np

    coder, found = _coder(codings), {}
    pairs = {CODERS: ("coder-1", "coder-2")}
    pairs |= (
        {}
        if coder in ("reference", "coder-1", "coder-2")
        else {f"{coder} with the reference": (codings, "reference")}
    )
    for name, pair in pairs.items():
        with contextlib.suppress(
            UnionError
        ):  # another codebook, or documents that they did not code
            sides = [
                load_codings(side, codebook=codebook) if isinstance(side, str) else side
                for side in pair
            ]
            one, other = (_by_sentence(side, "given", codebook) for side in sides)
            both = lot.only(np.array([id in one and id in other for id in lot.table.index]))
            wanted, given = (
                np.array(
                    [[code in side[id].codes for code in codebook] for id in both.table.index],
                    float,
                )
                for side in (one, other)
            )
            if len(wanted):
                found[name] = _row(
                    both._replace(wanted=wanted), given, _Draws(list(both.places), 1_000, seed)
                )
    return found


def _by_code(lot: Lot, given: np.ndarray, draws: _Draws, codebook: Codebook) -> pd.DataFrame:
    """The machine's figures for each code."""
    import pandas as pd

    rows = []
    for place in range(len(codebook)):
        wanted, own = lot.wanted[:, place], given[:, place]
        coded, said, both = (int(each.sum()) for each in (wanted, own, wanted * own))
        low, high = _ends(_divided(2 * draws.sums(wanted * own), draws.sums(wanted + own)))
        f = 2 * both / (coded + said) if coded + said else math.nan
        rows.append(
            (
                f,
                low,
                high,
                both / said if said else math.nan,
                both / coded if coded else math.nan,
                coded,
                said,
                both,
                tuple(lot.table.index[wanted != own]),
            )
        )
    columns = ["f1", "low", "high", "precision", "recall", "coded", "given", "both", "wrong"]
    return pd.DataFrame(rows, pd.Index(list(codebook), name="code"), columns)


def _named(given: np.ndarray, codebook: Codebook) -> list[tuple[str, ...]]:
    return [
        tuple(code for code, there in zip(codebook, row, strict=True) if there) for row in given
    ]


def _frame(answers: dict[str, list[tuple[str, ...]]], lot: Lot) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {name: pd.Series(each, lot.table.index, dtype=object) for name, each in answers.items()}
    )


def _table(rows: dict, what: str = "way") -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(list(rows.values()), pd.Index(list(rows), name=what))
