"""A classifier that codes, which a learner can read whole; how well it does; and what it suggests.

A plain scikit-learn pipeline. It looks at the words of a sentence, at runs of four letters
in them, and at the words of the sentences before and after, all weighed by TF-IDF; a ridge
regression gives each of these a weight for each code. Before the tagged sentences it reads the
lines of the codebook, each as a short example of its code.

F1 says how alike two codings are: micro F1 counts each code given alike, macro F1 is the mean over
codes. Their intervals are those of :mod:`helpers.coding.reliability`, as columns ``_low``, ``_high``.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from nltk.metrics import masi_distance
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge
from sklearn.metrics import precision_recall_fscore_support
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeClassifier

from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.journal import Journal
from helpers.coding.reliability import (
    Texts,
    divided,
    draw_paragraphs,
    interval,
    one_coder,
    paragraph_of,
)
from helpers.coding.tagging import coding_marks, load_codings, suggestion_marks
from helpers.corpus.documents import Document, listed
from helpers.corpus.errors import UnionError
from helpers.words.counting import small_words, words
from helpers.words.counts import wilson

CLASSIFIER, DOCUMENT = "the machine", "the document alone"
CODERS = "coder-1 with coder-2"
CUT, CLOSE = 0.35, 0.1  # a score from which a code is given; and how near to it another is named
SIZES = (0, 10, 20, 40, 80, 160, 320, 640)


def sentence_rows(corpus: Texts) -> pd.DataFrame:
    """What can be looked at: ``words``, ``neighbours`` (words before and after), ``document``.

    >>> from helpers import load_corpus
    >>> sentence_rows(load_corpus()).loc["kctu-002", "words"][:44]
    'the kctu will fight for political freedom an'
    """
    parts = []
    for document in listed(corpus):
        said = [" ".join(words(text)).casefold() for text in document.sentences["text"]]
        near = [f"{a} {b}" for a, b in zip(["", *said[:-1]], [*said[1:], ""], strict=True)]
        columns = {"words": said, "neighbours": near, "document": document.id}
        parts.append(pd.DataFrame(columns, document.sentences.index))
    return pd.concat(parts)


def codebook_rows(codebook: Codebook) -> tuple[pd.DataFrame, list[str]]:
    """The lines of a codebook as short examples, as :func:`sentence_rows` has them, and their codes."""
    said = []
    for code in codebook.codes.values():
        lines = (code.label, code.definition, code.example, *re.split(r"[,;]\s*", code.include))
        said += [(line, code.code) for line in lines] + [(code.near_miss, code.near_miss_code)]
    texts = [" ".join(words(line)).casefold() for line, _ in said]
    rows = pd.DataFrame({"words": texts, "neighbours": "(codebook)", "document": ""})
    return rows, [code for _, code in said]


def code_matrix(codes: Iterable[str], codebook: Codebook) -> np.ndarray:
    """Which codes each text such as “voice rights” names: a row each, a column a code, 1 or 0."""
    found = [[code in each.split() for code in codebook] for each in codes]
    return np.array(found, dtype=float).reshape(-1, len(codebook))


def choose(scores: np.ndarray, codebook: Codebook) -> list[str]:
    """The codes given for scores: the highest, and others from the cut up; ``none`` alone."""
    order = [(list(codebook)[place], scores[place]) for place in np.argsort(-scores, kind="stable")]
    if order[0][0] == "none":
        return ["none"]
    high = [code for code, score in order if code != "none" and score >= CUT]
    return high[: codebook.most_codes] or [order[0][0]]


class CodeWeights(ClassifierMixin, BaseEstimator):
    """The last step: a weight for each feature and code. A score is the sum of the weights."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook

    def fit(self, features: Any, codes: Iterable[str]) -> "CodeWeights":
        ridge = Ridge(alpha=1.0, fit_intercept=False, solver="cholesky")
        self.coef_ = ridge.fit(features, code_matrix(codes, self.codebook)).coef_
        return self

    def decision_function(self, features: Any) -> np.ndarray:
        return features @ self.coef_.T

    def predict(self, features: Any) -> np.ndarray:
        scores = self.decision_function(features)
        return np.array([" ".join(choose(row, self.codebook)) for row in scores], dtype=object)


class CodebookFirst(ClassifierMixin, BaseEstimator):
    """A pipeline that reads the codebook, and then the tagged sentences."""

    def __init__(self, pipeline: Pipeline, codebook: Codebook) -> None:
        self.pipeline, self.codebook = pipeline, codebook

    def fit(self, rows: pd.DataFrame, codes: Iterable[str]) -> "CodebookFirst":
        lines, known = codebook_rows(self.codebook)
        self.pipeline_ = clone(self.pipeline).fit(pd.concat([rows, lines]), [*codes, *known])
        return self

    def predict(self, rows: pd.DataFrame) -> np.ndarray:
        return self.pipeline_.predict(rows)


class KeywordLists(ClassifierMixin, BaseEstimator):
    """The code from whose lines in the codebook most words stand in the sentence; then the usual one."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook

    def fit(self, rows: pd.DataFrame, codes: Iterable[str]) -> "KeywordLists":
        lines, known = codebook_rows(self.codebook)
        said = lines["words"].groupby(known).agg(" ".join)
        self.lists_ = {code: set(text.split()) - small_words() for code, text in said.items()}
        self.usual_ = Counter(code for each in codes for code in each.split())
        return self

    def predict(self, rows: pd.DataFrame) -> np.ndarray:
        own = [set(text.split()) for text in rows["words"]]
        return np.array([max(self.lists_, key=lambda code: self._fit(code, each)) for each in own])

    def _fit(self, code: str, own: set[str]) -> tuple[int, int]:
        return len(self.lists_[code] & own), self.usual_[code]


def methods(codebook: Codebook) -> dict[str, BaseEstimator]:
    """The classifier and simpler ways to code, each before it has learned anything."""
    by_word = {"token_pattern": r"\S+", "sublinear_tf": True}
    runs = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 4), sublinear_tf=True)
    own = ("words", TfidfVectorizer(**by_word), "words")
    near = ("neighbours", TfidfVectorizer(**by_word), "neighbours")
    features = ColumnTransformer([own, ("characters", runs, "words"), near])
    classifier = Pipeline([("features", features), ("weights", CodeWeights(codebook))])
    nearest = KNeighborsClassifier(1, metric="cosine")
    source = ColumnTransformer([("document", OneHotEncoder(handle_unknown="ignore"), ["document"])])
    return {
        CLASSIFIER: CodebookFirst(classifier, codebook),
        "nearest neighbour": CodebookFirst(
            make_pipeline(ColumnTransformer([own]), nearest), codebook
        ),
        "keyword lists": KeywordLists(codebook),
        "most frequent codes": DummyClassifier(),
        DOCUMENT: make_pipeline(source, DecisionTreeClassifier(random_state=1)),
    }


def tagged_rows(
    corpus: Texts, codings: pd.DataFrame, codebook: Codebook, without: Iterable[str] = ()
) -> pd.DataFrame:
    """The rows of sentences that one coder has tagged, with ``codes`` (text) and ``paragraph``.

    Raises :class:`UnionError` for two coders, a sentence that is not in the corpus, and where there
    are fewer than ten sentences from three paragraphs to learn from.
    """
    codes, places = one_coder(codings, codebook), paragraph_of(corpus)
    draw_paragraphs(codes, places)  # each of them must be in the corpus
    rows = sentence_rows(corpus)
    rows = rows[rows.index.isin(set(codes) - set(without))]
    said = [" ".join(code for code in codebook if code in codes[id]) for id in rows.index]
    rows = rows.assign(codes=said, paragraph=rows.index.map(places))
    if len(rows) < 10 or rows["paragraph"].nunique() < 3:
        raise UnionError(
            "A machine wants at least 10 tagged sentences from 3 paragraphs, and here are "
            f"{len(rows)} sentences: tag more, or use “reference”."
        )
    return rows


def folds(rows: pd.DataFrame, many: int, seed: int = 1) -> list[tuple[np.ndarray, np.ndarray]]:
    """Parts of the sentences, whole paragraphs each: the places of all others, and its own."""
    many = min(many, rows["paragraph"].nunique())
    parts = GroupKFold(many, shuffle=True, random_state=seed)
    return list(parts.split(rows, groups=rows["paragraph"]))


def coded_by(model: BaseEstimator, rows: pd.DataFrame, parts: list[tuple]) -> pd.Series:
    """The codes that a method gives to each part, taught with the others alone."""
    given = cross_val_predict(model, rows.drop(columns="codes"), rows["codes"], cv=parts)
    return pd.Series(given, rows.index)


def f1_scores(
    rows: pd.DataFrame, given: Iterable[str], codebook: Codebook
) -> tuple[np.ndarray, ...]:
    """Micro F1, macro F1 and that of each code: first of the sample, then of each resample."""
    wanted, own = code_matrix(rows["codes"], codebook), code_matrix(given, codebook)
    weights = draw_paragraphs(rows.index, rows["paragraph"])
    both, all = weights @ (2 * wanted * own), weights @ (wanted + own)
    each = divided(both, all)
    return divided(both.sum(axis=1), all.sum(axis=1)), np.nanmean(each, axis=1), each


def _row(
    rows: pd.DataFrame, given: pd.Series, codebook: Codebook, best: np.ndarray | None = None
) -> dict[str, Any]:
    """The figures of one way of coding; ``best`` has the micro F1 of the classifier."""
    micro, macro, _ = f1_scores(rows, given, codebook)
    row, figures = {}, {"micro": micro, "macro": macro}
    for name, values in (figures if best is None else figures | {"behind": best - micro}).items():
        row[name], (row[f"{name}_low"], row[f"{name}_high"]) = values[0], interval(values)
    same = [set(a.split()) == set(b.split()) for a, b in zip(rows["codes"], given, strict=True)]
    return row | {"sentences": len(rows), "wrong": tuple(rows.index[~np.array(same)])}


class Evaluation(NamedTuple):
    """What came of :func:`cross_validate`.

    ``scores`` has a row for each way of coding: ``micro`` and ``macro``; ``behind``, how far its
    micro F1 is behind the machine's (NaN for people); ``sentences``; ``wrong``, the ids of those to
    which it gives other codes. ``codes`` has a row for each code, of the machine: ``f1`` with
    ``low`` and ``high``, ``precision``, ``recall``, how often it was ``coded`` and ``given``, and
    ``wrong``. ``answers`` has the codes of each sentence: ``codes`` of the coder, and of each way.
    """

    coder: str
    scores: pd.DataFrame
    codes: pd.DataFrame
    answers: pd.DataFrame


def cross_validate(
    corpus: Texts, codings: pd.DataFrame, codebook: Codebook | None = None, *, seed: int = 1
) -> Evaluation:
    """Train and test the classifier ten times over with the codings of one coder, beside simpler ways.

    Raises :class:`UnionError` as :func:`tagged_rows` does.

    >>> from helpers import load_corpus
    >>> scores = cross_validate(load_corpus(), load_codings("reference")).scores
    >>> scores.loc[["the machine", "keyword lists"], "micro"].round(2).tolist()
    [0.66, 0.49]
    """
    codebook = codebook or load_codebook()
    rows = tagged_rows(corpus, codings, codebook)
    parts, answers = folds(rows, 10, seed), rows[["codes"]].copy()
    for name, model in methods(codebook).items():
        answers[name] = coded_by(model, rows, parts)
    best = f1_scores(rows, answers[CLASSIFIER], codebook)[0]
    table = {name: _row(rows, answers[name], codebook, best) for name in methods(codebook)}
    table |= _people(rows, codings, codebook)
    scores = pd.DataFrame.from_dict(table, orient="index").rename_axis("way")
    by_code = _by_code(rows, answers[CLASSIFIER], codebook)
    return Evaluation(str(codings["coder"].iloc[0]), scores, by_code, answers)


def _by_code(rows: pd.DataFrame, given: pd.Series, codebook: Codebook) -> pd.DataFrame:
    wanted, own = code_matrix(rows["codes"], codebook), code_matrix(given, codebook)
    figures = precision_recall_fscore_support(wanted, own, zero_division=math.nan)
    table = pd.DataFrame({"f1": figures[2]}, pd.Index(list(codebook), name="code"))
    table["low"], table["high"] = zip(
        *map(interval, f1_scores(rows, given, codebook)[2].T), strict=True
    )
    table["precision"], table["recall"] = figures[:2]
    table["coded"], table["given"] = wanted.sum(axis=0).astype(int), own.sum(axis=0).astype(int)
    table["wrong"] = [tuple(rows.index[column]) for column in (wanted != own).T]
    return table


def _people(rows: pd.DataFrame, codings: pd.DataFrame, codebook: Codebook) -> dict[str, dict]:
    """The two coders, one measured by the other; and whoever tagged, by the reference."""
    if codebook.edition != load_codebook().edition:
        return {}
    known = {who: load_codings(who) for who in ("coder-1", "coder-2", "reference")}
    pairs, own = {CODERS: (known["coder-1"], known["coder-2"])}, codings["coder"].iloc[0]
    if own not in known:
        pairs[f"{own} with the reference"] = (codings, known["reference"])
    found = {}
    for name, pair in pairs.items():
        one, other = (one_coder(each, codebook) for each in pair)
        shared = rows[rows.index.isin(one.keys() & other.keys())]
        wanted, given = ([" ".join(each[id]) for id in shared.index] for each in (one, other))
        if len(shared):
            found[name] = _row(shared.assign(codes=wanted), pd.Series(given), codebook)
    return found


def learning_curve(
    corpus: Texts, codings: pd.DataFrame, codebook: Codebook | None = None
) -> pd.DataFrame:
    """The classifier with 0, 10, 20, 40 … tagged sentences to learn from: a row a number.

    With 0 it knows the codebook alone. Columns: as ``scores`` of an :class:`Evaluation`. All
    sentences are tested each time, each by what was taught with sentences of other paragraphs.
    """
    codebook, found, orders = codebook or load_codebook(), {}, []
    rows, chance = tagged_rows(corpus, codings, codebook), np.random.default_rng(1)
    for taught, tested in folds(rows, 3):
        places = rows["paragraph"].iloc[taught]
        rank = {place: n for n, place in enumerate(chance.permutation(places.unique()))}
        orders.append((taught[np.argsort(places.map(rank), kind="stable")], tested))
    most = min(len(taught) for taught, _ in orders)
    for many in [*(size for size in SIZES if size < most), most]:
        parts = [(taught[:many], tested) for taught, tested in orders]
        given = coded_by(methods(codebook)[CLASSIFIER], rows, parts)
        found[many] = _row(rows, given, codebook)
    return pd.DataFrame.from_dict(found, orient="index").rename_axis("tagged")


def across_documents(
    corpus: Texts, codings: pd.DataFrame, codebook: Codebook | None = None
) -> pd.DataFrame:
    """Does a classifier know a code, or does it recognise a document? A row a document tested and way.

    Ways: taught with ``all documents`` (other paragraphs of them); ``own words hidden`` (the same, but
    words that only one document has are hidden); ``same document``; ``other documents``;
    ``others, codebook shut`` (it was not read before); ``codebook alone``; and one that knows only
    which document it is. Columns: as ``scores`` of an :class:`Evaluation`, and ``known``: the percent
    of the codes of the document that the tagged sentences had at all. Raises :class:`UnionError`
    where fewer than two documents have three tagged paragraphs.
    """
    codebook = codebook or load_codebook()
    rows, ways = tagged_rows(corpus, codings, codebook), methods(codebook)
    rows = rows[rows.groupby("document")["paragraph"].transform("nunique") > 2]
    places = {name: np.flatnonzero(rows["document"] == name) for name in rows["document"].unique()}
    if len(places) < 2:
        raise UnionError(
            "This compares documents, and fewer than two have three tagged paragraphs: "
            "tag another, or use “reference”."
        )
    everywhere, every = folds(rows, 3), np.arange(len(rows))
    others = [(np.setdiff1d(every, own), own) for own in places.values()]
    same = [
        (own[taught], own[tested])
        for own in places.values()
        for taught, tested in folds(rows.iloc[own], 3)
    ]
    plan = {
        "all documents": (ways[CLASSIFIER], rows, everywhere),
        "own words hidden": (ways[CLASSIFIER], _shared_words(rows), everywhere),
        "same document": (ways[CLASSIFIER], rows, same),
        "other documents": (ways[CLASSIFIER], rows, others),
        "others, codebook shut": (ways[CLASSIFIER].pipeline, rows, others),
        "codebook alone": (ways[CLASSIFIER], rows, [(every[:0], every)]),
        DOCUMENT: (ways[DOCUMENT], rows, everywhere),
    }
    found = {}
    for way, (model, shown, parts) in plan.items():
        given, had = coded_by(model, shown, parts), pd.Series("", rows.index)
        for taught, tested in parts:
            had.iloc[tested] = " ".join(rows["codes"].iloc[taught])
        for name, own in places.items():
            row, part = _row(rows.iloc[own], given.iloc[own], codebook), rows["codes"].iloc[own]
            pairs = zip(part, had.iloc[own], strict=True)
            known = [code in text.split() for codes, text in pairs for code in codes.split()]
            found[name, way] = row | {"known": 100 * np.mean(known)}
    return pd.DataFrame.from_dict(found, orient="index").rename_axis(["tested", "way"])


def _shared_words(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows without the words that only one document has."""
    texts = rows.groupby("document")["words"].agg(" ".join)
    many = Counter(word for text in texts for word in set(text.split()))
    keep = {word for word, count in many.items() if count > 1}
    shown = {
        name: [" ".join(word for word in text.split() if word in keep) for text in rows[name]]
        for name in ("words", "neighbours")
    }
    return rows.assign(**shown)


def shuffle_codes(codings: pd.DataFrame) -> pd.DataFrame:
    """The same codes, dealt out to the sentences at random: what is learned from these is chance."""
    mixed = codings[["codes", "doer"]].sample(frac=1, random_state=1).reset_index(drop=True)
    named = codings.reset_index(drop=True).assign(coder=codings["coder"].iloc[0] + ", shuffled")
    return named.assign(codes=mixed["codes"], doer=mixed["doer"])


@dataclass(frozen=True, repr=False)
class Classifier:
    """A classifier as :func:`train_classifier` gives it.

    ``pipeline`` is the scikit-learn pipeline that has learned, ``taught`` the ids of the sentences
    whose codes it has seen, ``rows`` what it can look at, as :func:`sentence_rows` gives it.
    """

    codebook: Codebook
    pipeline: Pipeline
    taught: frozenset[str]
    rows: pd.DataFrame

    def scores(self, sentences: Sequence[str]) -> pd.DataFrame:
        """The score of each code (column) for some sentences (ids). Raises UnionError for others."""
        if unknown := [id for id in sentences if id not in self.rows.index]:
            raise UnionError(
                f"There is no sentence {str(unknown[0])[:40]!r} in the corpus: "
                "check the id, such as gftuk-042."
            )
        found = self.pipeline.decision_function(self.rows.loc[list(sentences)])
        return pd.DataFrame(found, list(sentences), list(self.codebook))

    def suggest(self, sentences: Sequence[str]) -> pd.DataFrame:
        """The codes that it would give, a row a sentence, the most uncertain first.

        Columns: ``codes``, the highest score first; ``gap``, how far the lowest score among these is
        above the highest of all others; ``taught``, whether it has seen the codes of this sentence;
        and the score of each code.
        """
        table = self.scores(sentences)
        codes = [tuple(choose(row, self.codebook)) for row in table.to_numpy()]
        pairs = zip(codes, table.iterrows(), strict=True)
        gaps = [row[list(own)].min() - row.drop(list(own)).max() for own, (_, row) in pairs]
        table.insert(0, "codes", codes)
        table.insert(1, "gap", gaps)
        table.insert(2, "taught", table.index.isin(self.taught))
        return table.sort_values("gap", kind="stable")

    def why(self, sentence: str, code: str = "") -> pd.DataFrame:
        """What each word, and each word nearby, added to the score of a code, or took away.

        ``code`` left out is the one with the highest score. Rows: ``kind`` (``word`` or
        ``neighbour``) and ``what``. Columns: ``added``, which adds up to the score, where a run of
        letters counts with its words; ``ids``, the sentences taught, or this, that have it too.

        >>> from helpers import load_corpus
        >>> train_classifier(load_corpus(), load_codings("reference")).why("kctu-012").index[0]
        ('word', 'wages')
        """
        code = self.codebook[code].code if code else self.scores([sentence]).iloc[0].idxmax()
        self.scores([sentence])
        row, features = self.rows.loc[[sentence]], self.pipeline["features"]
        weights = self.pipeline["weights"].coef_[list(self.codebook).index(code)]
        found, names = features.transform(row).tocoo(), features.get_feature_names_out()
        own, added = row["words"].iloc[0].split(), Counter()
        for place, value in zip(found.col, found.data * weights[found.col], strict=True):
            kind, _, what = names[place].partition("__")
            runs = [("word", word) for word in own if what in f" {word} "]
            one = [("neighbour" if kind == "neighbours" else "word", what)]
            for each in runs if kind == "characters" else one:
                added[each] += value / len(runs if kind == "characters" else one)
        index = pd.MultiIndex.from_tuples(added, names=["kind", "what"])
        table = pd.DataFrame({"added": list(added.values())}, index)
        seen = self.rows[self.rows.index.isin(self.taught | {sentence})]
        sets = {
            kind: {id: set(text.split()) for id, text in seen[name].items()}
            for kind, name in (("word", "words"), ("neighbour", "neighbours"))
        }
        table["ids"] = [
            tuple(id for id, each in sets[kind].items() if what in each) for kind, what in added
        ]
        return table.sort_values("added", key=abs, ascending=False, kind="stable")

    def __repr__(self) -> str:
        return (
            f"<Classifier taught with {len(self.taught)} sentences: a code is given from {CUT:.2f}>"
        )


def train_classifier(
    corpus: Texts,
    codings: pd.DataFrame,
    codebook: Codebook | None = None,
    *,
    without: Iterable[str] = (),
) -> Classifier:
    """Train a classifier with the codings of one coder, after it has read the codebook.

    ``without`` are ids of sentences that it must not see the codes of, so that its suggestions for
    them are its own. Raises :class:`UnionError` as :func:`tagged_rows` does.

    >>> from helpers import load_corpus
    >>> classifier = train_classifier(load_corpus(), load_codings("reference"), without=["kctu-012"])
    >>> classifier.suggest(["kctu-012"])[["codes", "taught"]].to_dict("list")
    {'codes': [('bargain',)], 'taught': [False]}
    """
    codebook = codebook or load_codebook()
    rows = tagged_rows(corpus, codings, codebook, without)
    model = methods(codebook)[CLASSIFIER].fit(rows.drop(columns="codes"), rows["codes"])
    return Classifier(codebook, model.pipeline_, frozenset(rows.index), sentence_rows(corpus))


class Suggestions:
    """What a classifier suggests for sentences of a document that it was not taught, as they are coded.

    Each suggestion that is shown becomes a record of kind ``suggestion`` first: what was suggested,
    which codes stood there before, and later what was pressed.
    """

    def __init__(
        self,
        classifier: Classifier,
        document: Document,
        codebook: Codebook,
        journal: Journal | None = None,
    ) -> None:
        if classifier.codebook.edition != codebook.edition:
            raise UnionError("Suggestions want a machine that was taught with this codebook.")
        ids = [id for id in document.sentences.index if id not in classifier.taught]
        self.classifier, self.marks = classifier, suggestion_marks(document, codebook, journal)
        self._table = classifier.suggest(ids)

    @property
    def order(self) -> list[str]:
        """The sentences for which there is a suggestion, the most uncertain first."""
        return list(self._table.index)

    def show(self, sentence: str, codes: Sequence[str]) -> dict[str, Any]:
        """The suggestion for a sentence, once its record is on the disk; nothing if it was dismissed.

        ``codes`` are those that the learner has given so far.
        """
        self.marks.refresh()
        row, state = self._table.loc[sentence], self.marks.state(sentence)
        wanted = list(row["codes"])
        if state["answer"] == "dismissed" and state["suggested"] == wanted:
            return {}
        if state["suggested"] != wanted:
            self.marks.set(sentence, suggested=wanted, before=list(codes), answer="")
        others = row[list(self.classifier.codebook)].astype(float).drop(wanted)
        close = others.idxmax() if row["gap"] < CLOSE else ""
        why = self.classifier.why(sentence, wanted[0]).loc["word", "added"]
        telling = [word for word, value in why.items() if value > 0 and word not in small_words()]
        return {"sentence": sentence, "codes": wanted, "close": close, "words": telling[:3]}

    def answered(self, sentence: str, answer: str) -> dict[str, Any]:
        """The record of what was pressed, which is not written yet."""
        self.marks.refresh()
        return self.marks.draft(sentence, self.marks.state(sentence) | {"answer": answer})


def suggestion_effect(
    corpus: Texts, classifier: Classifier, journal: Journal | None = None
) -> pd.DataFrame:
    """How suggestions bend a coder: the learner's codings with and without them, in four rows.

    Sentences coded with no suggestion seen (and what would have been suggested), those coded before
    one was seen and again after, and those whose suggestion was seen first. Columns: ``sentences``;
    ``as suggested``, the percentage with just these codes, with ``low`` and ``high`` (Wilson 1927);
    ``as reference``, the same for the reference; ``changed``, and of these ``towards`` the suggestion
    (nearer to it by MASI distance); ``ids``.
    """
    codebook = classifier.codebook
    known = one_coder(load_codings("reference", codebook=codebook), codebook)
    found: dict[str, list[tuple]] = {
        name: []
        for name in (
            "no suggestion seen",
            "coded, before the suggestion",
            "the same, after it",
            "suggestion seen first",
        )
    }
    without, before, after, first = found.values()
    for document in listed(corpus):
        shown = suggestion_marks(document, codebook, journal).states()
        for id, state in coding_marks(document, codebook, journal).states().items():
            codes = state["codes"]
            if codes and id in shown:
                suggested, had = shown[id]["suggested"], shown[id]["before"]
                (after if had else first).append((id, codes, suggested, had))
                before.extend([(id, had, suggested, had)] if had else [])
            elif codes and id not in classifier.taught:
                would = list(classifier.suggest([id])["codes"].iloc[0])
                without.append((id, codes, would, codes))
    rows = {}
    for name, each in found.items():
        same = [set(codes) == set(suggested) for _, codes, suggested, _ in each]
        right = [set(codes) == set(known[id]) for id, codes, *_ in each if id in known]
        nearer = [
            masi_distance(set(codes), set(suggested)) < masi_distance(set(had), set(suggested))
            for _, codes, suggested, had in each
            if set(codes) != set(had) and name == "the same, after it"
        ]
        shares = [100 * sum(some) / len(some) if some else math.nan for some in (same, right)]
        low, high = (100 * end for end in wilson(sum(same), len(same)))
        moved = (len(nearer), sum(nearer)) if name == "the same, after it" else (math.nan,) * 2
        ids = tuple(id for id, *_ in each)
        rows[name] = (len(each), shares[0], low, high, shares[1], *moved, ids)
    columns = ["sentences", "as suggested", "low", "high", "as reference", "changed", "towards"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=[*columns, "ids"])
