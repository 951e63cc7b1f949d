"""A classifier that codes, which a learner can read whole; how well it does; what it suggests.

A plain scikit-learn pipeline. It looks at the words of a sentence, at runs of four letters in them,
and at the words of the sentences before and after, all weighed by TF-IDF; a ridge regression gives
each of these a weight for each code. Before the tagged sentences it reads the codebook, each of
whose lines is a short example of its code.

F1 says how alike two codings are: micro F1 counts each code given alike, macro F1 is the mean over
codes. Their intervals, ``_low`` to ``_high``, are those of :mod:`helpers.coding.reliability`.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from nltk.metrics import masi_distance
from numpy import ndarray
from pandas import DataFrame, MultiIndex, Series, concat
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge
from sklearn.metrics import precision_recall_fscore_support
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from helpers.coding import reliability
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.codings import coding_annotations, load_codings, suggestion_annotations
from helpers.coding.journal import Journal
from helpers.coding.reliability import Book, Texts, divided, interval, one_coder
from helpers.corpus.documents import Document, listed
from helpers.corpus.errors import UnionError
from helpers.words.counts import SMALL_WORDS, wilson
from helpers.words.tokens import words

CLASSIFIER, USUAL, CODERS = "the machine", "most frequent codes", "coder-1 with coder-2"
CUT, CLOSE = 0.35, 0.1  # the score from which a code is given; how near to it another is named
SIZES = (0, 10, 20, 40, 80, 160, 320, 640)
BEFORE, AFTER = "coded, before the suggestion", "the same, after it"
SEEN = ("no suggestion seen", BEFORE, AFTER, "suggestion seen first")


def sentence_rows(corpus: Texts) -> DataFrame:
    """What there is to look at: the ``words`` of each sentence, and its ``neighbours``' words.

    >>> from helpers import load_corpus
    >>> sentence_rows(load_corpus()).loc["kctu-002", "words"][:44]
    'the kctu will work towards political empower'
    """
    parts = []
    for document in listed(corpus):
        said = [" ".join(words(text)).casefold() for text in document.sentences["text"]]
        near = [f"{a} {b}" for a, b in zip(["", *said[:-1]], [*said[1:], ""], strict=True)]
        parts.append(DataFrame({"words": said, "neighbours": near}, document.sentences.index))
    return concat(parts)


def codebook_rows(codebook: Codebook) -> DataFrame:
    """The lines of a codebook as short examples: as :func:`sentence_rows`, and their ``codes``."""
    said = []
    for code in codebook.codes.values():
        lines = (code.label, code.definition, code.example, *re.split(r"[,;]\s*", code.include))
        said += [(line, code.code) for line in lines] + [(code.near_miss, code.near_miss_code)]
    texts = [" ".join(words(line)).casefold() for line, _ in said]
    codes = [code for _, code in said]
    return DataFrame({"words": texts, "neighbours": "(codebook)", "codes": codes})


def code_matrix(codes: Iterable[str], codebook: Codebook) -> ndarray:
    """Which codes texts such as “voice rights” name: a row each, a column a code, 1 or 0."""
    found = [[code in each.split() for code in codebook] for each in codes]
    return np.array(found, dtype=float).reshape(-1, len(codebook))


def choose(scores: ndarray, codebook: Codebook) -> list[str]:
    """The codes given for scores: the highest, and others from the cut up; ``none`` alone."""
    order = [(list(codebook)[place], scores[place]) for place in np.argsort(-scores, kind="stable")]
    high = [code for code, score in order if code != "none" and score >= CUT]
    return high[: codebook.most_codes] if high and order[0][0] != "none" else [order[0][0]]


class CodeWeights(ClassifierMixin, BaseEstimator):
    """The last step: a weight for each feature and code. A score is the sum of the weights."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook

    def fit(self, features: Any, codes: Iterable[str]) -> "CodeWeights":
        ridge = Ridge(alpha=1.0, fit_intercept=False, solver="cholesky")
        self.coef_ = ridge.fit(features, code_matrix(codes, self.codebook)).coef_
        return self

    def decision_function(self, features: Any) -> ndarray:
        return features @ self.coef_.T

    def predict(self, features: Any) -> ndarray:
        scores = self.decision_function(features)
        return np.array([" ".join(choose(row, self.codebook)) for row in scores], dtype=object)


class CodebookFirst(ClassifierMixin, BaseEstimator):
    """A pipeline that reads the codebook, and then the tagged sentences."""

    def __init__(self, pipeline: Pipeline, codebook: Codebook) -> None:
        self.pipeline, self.codebook = pipeline, codebook

    def fit(self, rows: DataFrame, codes: Iterable[str]) -> "CodebookFirst":
        lines = codebook_rows(self.codebook)
        every = concat([rows, lines.drop(columns="codes")])
        self.pipeline_ = clone(self.pipeline).fit(every, [*codes, *lines["codes"]])
        return self

    def predict(self, rows: DataFrame) -> ndarray:
        return self.pipeline_.predict(rows)


class KeywordLists(ClassifierMixin, BaseEstimator):
    """The code with most of its codebook's words in the sentence; of several, the usual one."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook

    def fit(self, rows: DataFrame, codes: Iterable[str]) -> "KeywordLists":
        usual, said = Counter(" ".join(codes).split()), codebook_rows(self.codebook)
        lists = said.groupby("codes")["words"].agg(lambda lines: set(" ".join(lines).split()))
        order = sorted(lists.index, key=lambda code: -usual[code])
        self.lists_ = {code: lists[code] - SMALL_WORDS for code in order}
        return self

    def predict(self, rows: DataFrame) -> ndarray:
        own = [set(text.split()) for text in rows["words"]]
        best = [max(self.lists_, key=lambda code: len(self.lists_[code] & each)) for each in own]
        return np.array(best, dtype=object)


def methods(codebook: Codebook) -> dict[str, BaseEstimator]:
    """The classifier and simpler ways to code, each before it has learned anything."""
    own = ("words", TfidfVectorizer(token_pattern=r"\S+", sublinear_tf=True), "words")
    runs = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 4), sublinear_tf=True)
    near = ("neighbours", clone(own[1]), "neighbours")
    features = ColumnTransformer([own, ("characters", runs, "words"), near])
    nearest = KNeighborsClassifier(1, metric="cosine")
    classifier = Pipeline([("features", features), ("weights", CodeWeights(codebook))])
    neighbour = Pipeline([("features", ColumnTransformer([own])), ("nearest", nearest)])
    return {
        CLASSIFIER: CodebookFirst(classifier, codebook),
        "nearest neighbour": CodebookFirst(neighbour, codebook),
        "keyword lists": KeywordLists(codebook),
        USUAL: DummyClassifier(),
    }


def tagged_rows(
    corpus: Texts, codings: DataFrame, codebook: Codebook, without: Iterable[str] = ()
) -> DataFrame:
    """The rows of sentences that one coder has tagged, with ``codes``, ``document``, ``paragraph``.

    Raises :class:`UnionError` for two coders, a sentence that is not in the corpus, and where there
    are fewer than ten sentences from three paragraphs to learn from.
    """
    codes, places = one_coder(codings, codebook), reliability.paragraph_of(corpus)
    reliability.draw_paragraphs(codes, places)  # is each of them in the corpus?
    rows = sentence_rows(corpus)
    rows = rows[rows.index.isin(set(codes) - set(without))]
    said = [" ".join(code for code in codebook if code in codes[id]) for id in rows.index]
    source = [id.rpartition("-")[0] for id in rows.index]
    rows = rows.assign(codes=said, document=source, paragraph=rows.index.map(places))
    if len(rows) < 10 or rows["paragraph"].nunique() < 3:
        raise UnionError(
            "A machine wants at least 10 tagged sentences from 3 paragraphs, and here are "
            f"{len(rows)} sentences: tag more, or use “reference”."
        )
    return rows


def folds(rows: DataFrame, many: int, seed: int = 1) -> list[tuple[ndarray, ndarray]]:
    """Parts of the sentences, whole paragraphs each: the places of all others, and its own."""
    many = min(many, rows["paragraph"].nunique())
    parts = GroupKFold(many, shuffle=True, random_state=seed)
    return list(parts.split(rows, groups=rows["paragraph"]))


def coded_by(model: BaseEstimator, rows: DataFrame, parts: list[tuple]) -> Series:
    """The codes that a method gives to each part, taught with the others alone."""
    shown = rows[["words", "neighbours"]]
    with threadpool_limits(1):  # so little is quicker than threads that wait for one another
        return Series(cross_val_predict(model, shown, rows["codes"], cv=parts), rows.index)


def f1_scores(rows: DataFrame, given: Iterable[str], codebook: Codebook) -> tuple[ndarray, ...]:
    """Micro F1, macro F1 and that of each code: first of the sample, then of each resample."""
    wanted, own = code_matrix(rows["codes"], codebook), code_matrix(given, codebook)
    weights = reliability.draw_paragraphs(rows.index, rows["paragraph"])
    both, all = weights @ (2 * wanted * own), weights @ (wanted + own)
    each = divided(both, all)
    return divided(both.sum(axis=1), all.sum(axis=1)), np.nanmean(each, axis=1), each


def _row(
    rows: DataFrame, given: Series, codebook: Codebook, best: ndarray | None = None
) -> dict[str, Any]:
    """The figures of one way of coding; ``best`` has the micro F1 of the classifier."""
    micro, macro, _ = f1_scores(rows, given, codebook)
    row, figures = {}, {"micro": micro, "macro": macro}
    for name, values in (figures if best is None else figures | {"behind": best - micro}).items():
        row[name], (row[f"{name}_low"], row[f"{name}_high"]) = values[0], interval(values)
    wrong = code_matrix(rows["codes"], codebook) != code_matrix(given, codebook)
    return row | {"sentences": len(rows), "wrong": tuple(rows.index[wrong.any(axis=1)])}


def _table(rows: dict, *names: str) -> DataFrame:
    return DataFrame.from_dict(rows, orient="index").rename_axis(list(names))


class Evaluation(NamedTuple):
    """What came of :func:`cross_validate`.

    ``scores`` has a row for each way of coding: ``micro`` and ``macro``; ``behind``, how far its
    micro F1 is behind the machine's (NaN for people); ``sentences``; ``wrong``, the ids of those to
    which it gives other codes. ``codes`` has a row for each code, of the machine: ``f1`` with
    ``low`` and ``high``, ``precision``, ``recall``, how often it was ``coded`` and ``given``, and
    ``wrong``. ``answers`` has the codes of each sentence: ``codes`` of the coder, and of each way.
    """

    coder: str
    scores: DataFrame
    codes: DataFrame
    answers: DataFrame


def cross_validate(
    corpus: Texts, codings: DataFrame, codebook: Book = None, *, seed: int = 1
) -> Evaluation:
    """Train and test the classifier ten times over with one coder's codings, beside simpler ways.

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
    best, _, each = f1_scores(rows, answers[CLASSIFIER], codebook)
    table = {name: _row(rows, answers[name], codebook, best) for name in methods(codebook)}
    table |= _people(rows, codings, codebook)
    wanted, own = (code_matrix(answers[name], codebook) for name in ("codes", CLASSIFIER))
    figures = precision_recall_fscore_support(wanted, own, zero_division=math.nan)
    codes = DataFrame({"f1": figures[2]}, list(codebook))
    codes[["low", "high"]] = [interval(column) for column in each.T]
    codes["precision"], codes["recall"] = figures[:2]
    codes["coded"], codes["given"] = wanted.sum(axis=0).astype(int), own.sum(axis=0).astype(int)
    codes["wrong"] = [tuple(rows.index[column]) for column in (wanted != own).T]
    coder = str(codings["coder"].iloc[0])
    return Evaluation(coder, _table(table, "way"), codes.rename_axis("code"), answers)


def _people(rows: DataFrame, codings: DataFrame, codebook: Codebook) -> dict[str, dict]:
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
            found[name] = _row(shared.assign(codes=wanted), given, codebook)
    return found


def learning_curve(corpus: Texts, codings: DataFrame, codebook: Book = None) -> DataFrame:
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
    return _table(found, "tagged")


def across_documents(corpus: Texts, codings: DataFrame, codebook: Book = None) -> DataFrame:
    """Does a classifier know a code, or a document? A row a document tested and way of teaching.

    Ways: ``all documents`` (other paragraphs of them); ``own words hidden`` (the same, but words
    that only one document has are hidden); ``same document``; ``other documents``; ``others,
    codebook shut`` (it was not read before); ``codebook alone``; ``the document alone`` (its most
    frequent codes). Columns: as ``scores`` of an :class:`Evaluation`, and ``known``: the percent of
    the codes of the document that the tagged sentences had at all. Raises :class:`UnionError`
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
    every, anywhere, same = np.arange(len(rows)), folds(rows, 3), []
    for own in places.values():
        same += [(own[taught], own[tested]) for taught, tested in folds(rows.iloc[own], 3)]
    others = [(np.setdiff1d(every, own), own) for own in places.values()]
    model = ways[CLASSIFIER]
    plan = {
        "all documents": (model, rows, anywhere),
        "own words hidden": (model, _shared_words(rows), anywhere),
        "same document": (model, rows, same),
        "other documents": (model, rows, others),
        "others, codebook shut": (model.pipeline, rows, others),
        "codebook alone": (model, rows, [(every[:0], every)]),
        "the document alone": (ways[USUAL], rows, same),
    }
    found = {}
    for way, (model, shown, parts) in plan.items():
        given, known = coded_by(model, shown, parts), _known(rows, parts, codebook)
        for name, own in places.items():
            row = _row(rows.iloc[own], given.iloc[own], codebook)
            found[name, way] = row | {"known": 100 * known[own].mean()}
    return _table(found, "tested", "way")


def _known(rows: DataFrame, parts: list[tuple], codebook: Codebook) -> ndarray:
    """Which codes of each sentence tested were taught: 1 or 0, masked where it has not the code."""
    wanted = code_matrix(rows["codes"], codebook)
    taught = np.zeros_like(wanted)
    for rest, some in parts:
        taught[some] = wanted[rest].any(axis=0)
    return np.ma.masked_array(taught, mask=wanted == 0)


def _shared_words(rows: DataFrame) -> DataFrame:
    """The rows without the words that only one document has."""
    texts = rows.groupby("document")["words"].agg(" ".join)
    many = Counter(word for text in texts for word in set(text.split()))
    shown = rows.copy()
    for name in ("words", "neighbours"):
        kept = [[word for word in text.split() if many[word] > 1] for text in rows[name]]
        shown[name] = [" ".join(each) for each in kept]
    return shown


def shuffle_codes(codings: DataFrame) -> DataFrame:
    """The same codes, dealt out to the sentences at random: what is learned from these is chance.

    >>> codings = load_codings("reference")
    >>> sorted(shuffle_codes(codings)["codes"]) == sorted(codings["codes"])
    True
    """
    mixed = codings[["codes", "doer"]].sample(frac=1, random_state=1).set_axis(codings.index)
    return codings.assign(coder=codings["coder"] + ", shuffled", **mixed)


@dataclass(frozen=True, repr=False)
class Classifier:
    """A classifier as :func:`train_classifier` gives it.

    ``pipeline`` is the scikit-learn pipeline that has learned, ``taught`` the ids of the sentences
    whose codes it has seen, ``rows`` what it can look at, as :func:`sentence_rows` gives it.
    """

    codebook: Codebook
    pipeline: Pipeline
    taught: frozenset[str]
    rows: DataFrame

    def scores(self, sentences: Sequence[str]) -> DataFrame:
        """The score of each code (column) for some sentences (ids of its corpus)."""
        if unknown := [str(id)[:40] for id in sentences if id not in self.rows.index]:
            raise UnionError(f"There is no sentence {unknown[0]!r} here: check the id.")
        rows = self.rows.loc[list(sentences)]
        found = self.pipeline.decision_function(rows) if len(rows) else None
        return DataFrame(found, rows.index, list(self.codebook))

    def suggest(self, sentences: Sequence[str]) -> DataFrame:
        """The codes that it would give, a row a sentence, the most uncertain first.

        Columns: all scores; ``codes``, the highest score first; ``gap``, how far the lowest score
        among these is above all others; ``taught``, whether it has seen the codes of the sentence.
        """
        table = self.scores(sentences)
        codes = [tuple(choose(row, self.codebook)) for row in table.to_numpy()]
        pairs = zip(codes, table.iterrows(), strict=True)
        gaps = [row[list(own)].min() - row.drop(list(own)).max() for own, (_, row) in pairs]
        table = table.assign(codes=codes, gap=gaps, taught=table.index.isin(self.taught))
        return table.sort_values("gap", kind="stable")

    def why(self, sentence: str, code: str = "") -> DataFrame:
        """What each word, and each word nearby, added to the score of a code, or took away.

        ``code`` left out is the one with the highest score. Rows: ``kind`` (``word`` or
        ``neighbour``) and ``what``. Columns: ``added``, which adds up to the score, where a run of
        letters counts with its words; ``ids``, the sentences taught, or this, that have it too.

        >>> from helpers import load_corpus
        >>> train_classifier(load_corpus(), load_codings("reference")).why("kctu-012").index[0]
        ('word', 'wages')
        """
        scores, features = self.scores([sentence]).iloc[0], self.pipeline["features"]
        code = self.codebook[code or scores.idxmax()].code
        weights = self.pipeline["weights"].coef_[list(self.codebook).index(code)]
        found = features.transform(self.rows.loc[[sentence]]).tocoo()
        names, added = features.get_feature_names_out(), Counter()
        own = self.rows.at[sentence, "words"].split()
        for place, value in zip(found.col, found.data * weights[found.col], strict=True):
            kind, _, what = names[place].partition("__")
            within = [word for word in own if what in f" {word} "] if kind == "characters" else []
            for word in within or [what]:
                kind = "neighbours" if kind == "neighbours" else "words"
                added[kind, word] += value / max(len(within), 1)
        seen = self.rows[self.rows.index.isin(self.taught | {sentence})]
        has = {name: seen[name].str.split().map(set) for name in ("words", "neighbours")}
        ids = [tuple(id for id, each in has[kind].items() if what in each) for kind, what in added]
        index = [(kind.removesuffix("s"), what) for kind, what in added]
        index = MultiIndex.from_tuples(index, names=["kind", "what"])
        table = DataFrame({"added": list(added.values()), "ids": ids}, index)
        return table.sort_values("added", key=abs, ascending=False, kind="stable")

    def __repr__(self) -> str:
        many = len(self.taught)
        return f"<Classifier taught with {many} sentences: a code is given from a score of {CUT}>"


def train_classifier(
    corpus: Texts, codings: DataFrame, codebook: Book = None, *, without: Iterable[str] = ()
) -> Classifier:
    """Train a classifier with the codings of one coder, after it has read the codebook.

    ``without`` are ids of sentences that it must not see the codes of, so that its suggestions for
    them are its own. Raises :class:`UnionError` as :func:`tagged_rows` does.

    >>> from helpers import load_corpus
    >>> reference = load_codings("reference")
    >>> classifier = train_classifier(load_corpus(), reference, without=["kctu-012"])
    >>> classifier.suggest(["kctu-012"])[["codes", "taught"]].to_dict("list")
    {'codes': [('bargain',)], 'taught': [False]}
    """
    codebook = codebook or load_codebook()
    rows = tagged_rows(corpus, codings, codebook, without)
    model = methods(codebook)[CLASSIFIER].fit(rows[["words", "neighbours"]], rows["codes"])
    return Classifier(codebook, model.pipeline_, frozenset(rows.index), sentence_rows(corpus))


class Suggestions:
    """What a classifier suggests for sentences of a document that it was not taught.

    Each suggestion that is shown becomes a record of kind ``suggestion`` first: what was suggested,
    which codes stood there before, and later what was pressed. ``order`` are the sentences for
    which there is one, the most uncertain first.
    """

    def __init__(
        self, classifier: Classifier, document: Document, codebook: Codebook, journal: Journal
    ) -> None:
        known = isinstance(classifier, Classifier) and classifier.codebook.edition
        if known != codebook.edition:
            raise UnionError(
                "This machine learned another codebook: make one with train_classifier()."
            )
        ids = [id for id in document.sentences.index if id not in classifier.taught]
        self.classifier = classifier
        self.annotations = suggestion_annotations(document, codebook, journal)
        self._table = classifier.suggest(ids)
        self.order = list(self._table.index)

    def show(self, sentence: str, codes: Sequence[str]) -> dict[str, Any]:
        """The suggestion for a sentence, once it is on the disk; nothing where it was dismissed.

        ``codes`` are those that the learner has given so far.
        """
        self.annotations.refresh()
        row, state = self._table.loc[sentence], self.annotations.state(sentence)
        wanted = list(row["codes"])
        if state["answer"] == "dismissed" and state["suggested"] == wanted:
            return {}
        if state["suggested"] != wanted:
            self.annotations.set(sentence, suggested=wanted, before=list(codes), answer="")
        others = row[list(self.classifier.codebook)].astype(float).drop(wanted)
        close = others.idxmax() if row["gap"] < CLOSE else ""
        why = self.classifier.why(sentence, wanted[0]).loc["word", "added"]
        telling = [word for word, value in why.items() if value > 0 and word not in SMALL_WORDS]
        return {"sentence": sentence, "codes": wanted, "close": close, "words": telling[:3]}

    def answered(self, sentence: str, answer: str) -> dict[str, Any]:
        """The record of what was pressed, which is not written yet."""
        self.annotations.refresh()
        return self.annotations.draft(
            sentence, self.annotations.state(sentence) | {"answer": answer}
        )


def suggestion_effect(
    corpus: Texts, classifier: Classifier, journal: Journal | None = None
) -> DataFrame:
    """How suggestions bend a coder: the learner's codings with and without them, in four rows.

    Columns: ``sentences``; ``as suggested``, the percentage with just these codes (or those that
    would have been suggested), with ``low`` and ``high`` (Wilson 1927); ``as reference``, the same
    for the reference; ``changed`` after it was seen, and of these ``towards`` it (nearer by MASI
    distance); ``ids``.
    """
    codebook, groups = classifier.codebook, {name: [] for name in SEEN}
    without, before, after, first = groups.values()
    for document in listed(corpus):
        shown = suggestion_annotations(document, codebook, journal).states()
        for id, state in coding_annotations(document, codebook, journal).states().items():
            codes = set(state["codes"])
            if codes and id in shown:
                wanted, had = set(shown[id]["suggested"]), set(shown[id]["before"])
                (after if had else first).append((id, codes, wanted, had))
                before.extend([(id, had, wanted, had)] if had else [])
            elif codes and id not in classifier.taught:
                without.append((id, codes, set(classifier.suggest([id])["codes"].iloc[0]), codes))
    return _table({name: _bent(each, codebook) for name, each in groups.items()}, "codings")


def _bent(codings: list[tuple[str, set, set, set]], codebook: Codebook) -> dict[str, Any]:
    """A row of :func:`suggestion_effect`, from ids, codes, those suggested, and those before."""
    known = one_coder(load_codings("reference", codebook=codebook), codebook)
    same = [codes == wanted for _, codes, wanted, _ in codings]
    right = [codes == set(known[id]) for id, codes, *_ in codings if id in known]
    moved = [each[1:] for each in codings if each[3] and each[1] != each[3]]
    near = [masi_distance(new, goal) < masi_distance(old, goal) for new, goal, old in moved]
    low, high = wilson(sum(same), len(same))
    return {
        "sentences": len(codings),
        "as suggested": 100 * sum(same) / len(same) if same else math.nan,
        "low": 100 * low,
        "high": 100 * high,
        "as reference": 100 * sum(right) / len(right) if right else math.nan,
        "changed": len(moved),
        "towards": sum(near),
        "ids": tuple(each[0] for each in codings),
    }
