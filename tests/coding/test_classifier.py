"""The machine coder: what it looks at, that it learns nothing from what it is tested on, and what moves it."""

from __future__ import annotations

import random
import time

import numpy as np
import pandas as pd
import pytest
from helpers.coding.trials import (
    CODERS,
    DOCUMENT,
    MACHINE,
    METHODS,
    across_documents,
    learning_curve,
    shuffle_codes,
    try_machine,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence import trouble
from sklearn.metrics import f1_score, precision_recall_fscore_support
from sklearn.pipeline import Pipeline

from helpers import load_codebook, load_codings, modal_clauses
from helpers.coding import classifier as machines
from helpers.coding import trials
from helpers.coding.classifier import (
    Lot,
    codebook_looks,
    decided,
    f1,
    folds,
    looks,
    new_pipeline,
    scores_of,
    tagged,
    teach,
)
from helpers.coding.codings import as_codings
from helpers.corpus.cleaning import clean
from helpers.corpus.documents import FIELDS, Corpus, Document

BOOK = load_codebook()
CODES = list(BOOK)


@pytest.fixture(scope="module")
def lot(corpus, reference):
    return tagged(corpus, reference, BOOK)


@pytest.fixture(scope="module")
def trial(corpus, reference):
    return try_machine(corpus, reference)


@pytest.fixture(scope="module")
def taught(corpus, reference):
    return teach(corpus, reference, without=corpus["gftuk"].sentences.index[60:72])


def document(id, *paragraphs):
    return Document(
        id, dict.fromkeys(FIELDS, "own") | {"short_title": id}, clean("\n\n".join(paragraphs))
    )


# What it looks at


def test_it_looks_at_words_characters_grammar_and_neighbours(corpus):
    for each in corpus.documents:
        table, clauses = looks(each), modal_clauses(each)
        assert list(table.columns) == [
            "words",
            "characters",
            "grammar",
            "neighbours",
        ] and table.index.equals(each.sentences.index)
        ids, texts = list(table.index), each.sentences["text"].str.casefold()
        for place, (id, row) in enumerate(table.iterrows()):
            assert row["words"] and all(word in texts[id] for word in row["words"])
            if place < 3:
                spelled = {
                    f" {word} "[a : a + n]
                    for word in row["words"]
                    for n in (4, 5)
                    for a in range(len(word))
                }
                assert set(row["characters"]) <= spelled
            own = clauses[clauses["sentence"] == id]
            wanted = [
                x
                for one in own.itertuples()
                for x in (one.doer, one.modal, f"{one.doer} {one.modal}")
            ] or ["no modal verb"]
            assert row["grammar"] == wanted
            near = {ids[n] for n in (place - 1, place + 1) if 0 <= n < len(ids)}
            near |= set(
                each.sentences.index[
                    each.sentences["paragraph"] == each.sentences.at[id, "paragraph"]
                ]
            ) - {id}
            assert sorted(row["neighbours"]) == sorted(
                word for other in near for word in table.at[other, "words"]
            )


def test_a_document_of_one_sentence_has_no_neighbour():
    row = looks(document("one", "The union will act for all of its members.")).iloc[0]
    assert row["neighbours"] == ["no neighbour"] and row["grammar"] == [
        "union",
        "will",
        "union will",
    ]


def test_the_codebook_is_read_as_short_examples():
    table, known = codebook_looks(BOOK)
    assert len(table) == len(known) and (known.sum(axis=1) == 1).all()
    said = {
        (" ".join(words), CODES[row.argmax()])
        for words, row in zip(table["words"], known, strict=True)
    }
    assert {
        ("maternity leave", "bargain"),
        ("the union will seek a seat on the company's board", "voice"),
    } <= said


def test_the_pipeline_can_be_opened(taught):
    assert isinstance(taught.pipeline, Pipeline) and list(taught.pipeline.named_steps) == [
        "features",
        "weights",
    ]
    features, ridge = taught.pipeline.named_steps.values()
    assert [name for name, *_ in features.transformers] == [
        "words",
        "characters",
        "grammar",
        "neighbours",
    ]
    assert (
        ridge.coef_.shape == (len(BOOK), len(features.get_feature_names_out()))
        and ridge.intercept_ == 0
    )
    assert new_pipeline()["weights"].alpha == 1.0, "the library's usual value: it is not tuned"


# What it decides

SCORES = st.lists(st.lists(st.floats(-1, 2), min_size=12, max_size=12), min_size=1, max_size=6).map(
    np.array
)


@given(SCORES, st.sampled_from(machines.CUTS))
def test_what_it_decides_keeps_to_the_codebook(scores, cut):
    given = decided(scores, cut, BOOK)
    for row, own in zip(scores, given, strict=True):
        codes = [code for code, there in zip(CODES, own, strict=True) if there]
        assert BOOK.check_codes(codes) == tuple(codes)
        assert own[row.argmax()] == 1 or (codes == ["none"]) == (
            row.argmax() == CODES.index("none")
        )
        assert (
            codes == ["none"]
            or len(codes) == 1
            or all(row[CODES.index(code)] >= cut for code in codes)
        )


@given(
    st.lists(
        st.tuples(
            st.lists(st.booleans(), min_size=3, max_size=3),
            st.lists(st.booleans(), min_size=3, max_size=3),
        ),
        min_size=1,
    )
)
def test_f1_is_that_of_scikit_learn(pairs):
    wanted, given = (np.array(side, dtype=int) for side in zip(*pairs, strict=True))
    assert f1(wanted, given) == pytest.approx(
        f1_score(wanted, given, average="micro", zero_division=0)
    )


def test_the_quick_way_gives_the_scores_of_the_pipeline(lot, taught):
    train, test = lot.only(np.arange(100)), lot.table.iloc[100:]
    pipeline = new_pipeline().fit(*train.lessons())
    scores, cut = scores_of(train, test, BOOK)
    assert scores == pytest.approx(pipeline.predict(test), abs=1e-8) and cut in machines.CUTS


def test_the_cut_comes_from_paragraphs_that_were_hidden(lot):
    """The short cut of algebra against teaching anew without each paragraph."""
    train = lot.only(np.arange(0, 30))
    table, wanted = train.lessons()
    own = new_pipeline()["features"].fit_transform(table)
    turned, hidden = machines._turned(own), np.zeros_like(train.wanted)
    for place in set(train.places):
        rows = np.flatnonzero(train.places == place)
        kept = np.setdiff1d(np.arange(len(wanted)), rows)
        hidden[rows] = new_pipeline()["weights"].fit(own[kept], wanted[kept]).predict(own[rows])
    found = {cut: f1(train.wanted, decided(hidden, cut, BOOK)) for cut in machines.CUTS}
    assert found[machines.best_cut(turned, wanted, train, BOOK)] == pytest.approx(
        max(found.values())
    )


def test_suggestions_put_the_most_uncertain_first(taught, corpus):
    table = taught.suggest(corpus["gftuk"])
    assert table["gap"].is_monotonic_increasing and set(table.index) == set(
        corpus["gftuk"].sentences.index
    )
    assert set(table.index[~table["taught"]]) == set(corpus["gftuk"].sentences.index[60:72])
    scores = taught.scores(corpus["gftuk"])
    for id, row in table.iterrows():
        given = scores.loc[id, list(row["codes"])]
        assert given.is_monotonic_decreasing and BOOK.check_codes(row["codes"]) == row["codes"]
        assert row["gap"] == pytest.approx(
            given.min() - scores.loc[id].drop(list(row["codes"])).max()
        )


def test_a_document_that_nobody_tagged_gets_suggestions(taught):
    text = document(
        "own",
        "Officials should visit members who are ill.",
        "The union will fight for higher wages and shorter hours.",
    )
    assert taught.suggest(text).at["own-002", "codes"] == ("bargain",)


def test_what_is_no_sentence_of_the_corpus(taught, corpus, reference):
    for wrong in ("kctu-018", "nobody-001", "", 5, None):
        with trouble():
            taught.why(wrong)
    with trouble():
        taught.suggest(["kctu-001", "kctu-018"])
    with trouble("pay"):
        taught.why("kctu-001", "pay")
    with trouble("gftuk-001"):
        teach(corpus["kctu"], reference)


# Why


def test_what_moved_a_decision_adds_up_to_the_score(taught):
    for sentence in ("gftuk-065", "kctu-012", "gftuk-001"):
        scores = taught.scores(sentence).iloc[0]
        for code in BOOK:
            why = taught.why(sentence, code)
            assert why["added"].sum() == pytest.approx(scores[code], abs=1e-9)
            assert why["added"].abs().is_monotonic_decreasing
            assert set(why.index.get_level_values("look")) <= {"word", "grammar", "neighbour"}
        assert taught.why(sentence).equals(taught.why(sentence, scores.idxmax()))
        words = why.loc["word"].index
        assert set(words) <= set(looks(document_of(taught, sentence)).at[sentence, "words"])


def document_of(machine, sentence):
    return machine.corpus[sentence.rpartition("-")[0]]


def test_a_word_taken_out_takes_its_share_with_it(taught):
    """What a word adds, with its characters, is what the score loses without it, but for what the length does to the rest."""
    row = looks(document_of(taught, "kctu-012")).loc[["kctu-012"]]
    column = CODES.index("bargain")
    before, word = taught.pipeline.predict(row)[0, column], "wages"
    without = [each for each in row["words"].iloc[0] if each != word]
    less = row.assign(
        words=[without], characters=[[part for each in without for part in machines.parts(each)]]
    )
    assert taught.pipeline.predict(less)[0, column] < before
    assert taught.why("kctu-012", "bargain").at[("word", word), "added"] > 0.1


# The trial


def test_no_paragraph_is_on_both_sides(lot):
    for seed in (1, 2):
        parts = list(folds(lot, 10, seed))
        assert sorted(np.concatenate([some for _, some in parts])) == list(range(len(lot.table)))
        for rest, some in parts:
            assert set(lot.places[rest]).isdisjoint(lot.places[some])


def test_nothing_is_learned_from_the_sentences_tested(corpus, reference, monkeypatch):
    """Every method gives the same answers whatever the codes of the sentences that it is tested on."""
    lot = tagged(corpus, reference, BOOK)
    rest, some = next(folds(lot, 10))
    turned = lot._replace(wanted=lot.wanted.copy())
    turned.wanted[some] = 1 - turned.wanted[some]
    for name, method in METHODS.items():
        one, other = (
            method(each.only(rest), each.table.iloc[some], BOOK) for each in (lot, turned)
        )
        assert (one == other).all(), name
    changed = lot.table.copy()
    changed.loc[changed.index[some[0]], "words"] += [
        "zzz"
    ]  # a word of a tested sentence is in no table of words
    one, other = (
        scores_of(Lot(table, *lot[1:]).only(rest), lot.table.iloc[some[1:]], BOOK)[0]
        for table in (lot.table, changed)
    )
    assert (one == other).all()


def test_scores_are_those_of_scikit_learn(trial):
    def matrix(answers):
        return np.array([[code in codes for code in BOOK] for codes in answers], dtype=int)

    wanted = matrix(trial.answers["coded"])
    for name in METHODS:
        given = matrix(trial.answers[name])
        row = trial.scores.loc[name]
        used = [
            place for place in range(len(CODES)) if wanted[:, place].any() or given[:, place].any()
        ]
        assert row["micro"] == pytest.approx(
            f1_score(wanted, given, average="micro", zero_division=0)
        )
        assert row["macro"] == pytest.approx(
            f1_score(wanted, given, average="macro", labels=used, zero_division=0)
        )
        assert (
            row["micro_low"] <= row["micro"] <= row["micro_high"]
            and row["macro_low"] < row["macro_high"]
        )
        assert row["behind"] == pytest.approx(trial.scores.at[MACHINE, "micro"] - row["micro"])
        assert row["wrong"] == tuple(trial.answers.index[(wanted != given).any(axis=1)])
    precision, recall, f, support = precision_recall_fscore_support(
        wanted, matrix(trial.answers[MACHINE]), zero_division=0
    )
    codes = trial.codes
    assert codes["f1"].to_list() == pytest.approx(f) and codes["coded"].to_list() == list(support)
    assert codes["precision"].fillna(0).to_list() == pytest.approx(precision) and codes[
        "recall"
    ].to_list() == pytest.approx(recall)


def test_coders_are_measured_as_machines_are(corpus, trial, reference):
    one, other = (
        dict(zip(t["sentence"], map(set, t["codes"]), strict=True))
        for t in map(load_codings, ("coder-1", "coder-2"))
    )
    both = sum(len(one[id] & other[id]) for id in one)
    row = trial.scores.loc[CODERS]
    assert row["micro"] == pytest.approx(
        2 * both / sum(len(one[id]) + len(other[id]) for id in one)
    ) and np.isnan(row["behind"])
    assert set(row["wrong"]) == {id for id in one if one[id] != other[id]}
    own = reference[reference["sentence"] < "gftuk-041"].assign(coder="me")
    scores = try_machine(corpus, own).scores
    assert scores.loc["me with the reference", ["micro", "sentences"]].to_list() == [1.0, len(own)]
    assert scores.at[CODERS, "sentences"] == len(own)


def test_the_machine_is_ahead_of_every_simpler_way(corpus, reference, trial):
    """The aim: intervals that do not overlap; with the codebook and, a harder test, without it."""
    for scores in (trial.scores, try_machine(corpus, reference, read_codebook=False).scores):
        simple = scores.drop(index=[MACHINE, CODERS])
        assert set(simple.index) == {
            "nearest neighbour",
            "keyword lists",
            "most frequent codes",
            DOCUMENT,
        }
        assert scores.at[MACHINE, "micro_low"] > simple["micro_high"].max()
        assert (simple["behind_low"] > 0).all()
        assert scores.at[CODERS, "micro_low"] > scores.at[MACHINE, "micro_high"], (
            "the coders are far ahead"
        )


def test_with_shuffled_codes_it_finds_chance(corpus, reference):
    mixed = shuffle_codes(reference)
    trial = try_machine(corpus, mixed)
    scores, answers = trial.scores["micro"], trial.answers
    assert scores[MACHINE] < scores["most frequent codes"], (
        "to say the same always is then the best one can do"
    )
    assert is_chance(answers["coded"], answers[MACHINE])


def is_chance(coded, given):
    """Whether answers fit the codes no better than they fit the same codes dealt out anew, 200 times over."""
    chance = random.Random(3)

    def fit(codes):
        return 2 * sum(len(set(one) & set(other)) for one, other in zip(codes, given, strict=True))

    anew = sorted(fit(chance.sample(list(coded), len(coded))) for _ in range(200))
    return anew[1] <= fit(coded) <= anew[-2]


def test_a_leak_in_the_test_is_seen_by_shuffling(corpus, reference, monkeypatch):
    """Planted: each tenth is tested by a machine that was taught with it, too."""
    every = np.arange(len(reference))
    monkeypatch.setattr(
        trials,
        "folds",
        lambda lot, many, seed=1: [(every, some) for _, some in folds(lot, many, seed)],
    )
    answers = try_machine(corpus, shuffle_codes(reference)).answers
    assert not is_chance(answers["coded"], answers[MACHINE])


def test_a_leak_in_the_text_is_seen_in_what_moves_the_machine(corpus, reference, trial):
    """Planted: each sentence ends with a word that gives its main code away."""
    codes = dict(zip(reference["sentence"], reference["codes"], strict=True))
    leaky = []
    for each in corpus.documents:
        rows = each.sentences
        texts = [
            " ".join(
                f"{text[:-1]} zq{codes[id][0]}."
                for id, text in rows["text"][rows["paragraph"] == place].items()
            )
            for place in rows["paragraph"].unique()
        ]
        leaky.append(document(each.id, *texts))
    assert [list(each.sentences.index) for each in leaky] == [
        list(each.sentences.index) for each in corpus.documents
    ]
    leaky = Corpus({each.id: each for each in leaky})
    assert (
        try_machine(leaky, reference).scores.at[MACHINE, "micro_low"]
        > trial.scores.at[MACHINE, "micro_high"]
    ), "too good to be true"
    some = ["gftuk-100", "gftuk-020", "gftuk-101"]
    machine = teach(leaky, reference, without=some)
    assert [machine.why(id, codes[id][0]).index[0] for id in some] == [
        ("word", f"zq{codes[id][0]}") for id in some
    ]


# Little, odd or wrong codings


@pytest.mark.parametrize("many", [0, 9])
def test_too_little_is_tagged(corpus, reference, many):
    for attempt in (teach, try_machine, learning_curve, across_documents):
        with trouble("10 tagged sentences"):
            attempt(corpus, reference.head(many))
    with trouble("3 paragraphs"):
        flat = document("flat", "The union will act for all. " * 12)
        teach(flat, as_codings([{"sentence": id, "codes": "voice"} for id in flat.sentences.index]))


@settings(max_examples=4)
@given(st.integers(0, 10**6))
def test_any_codings_can_be_tried(corpus, seed):
    chance = random.Random(seed)
    ids = [id for each in corpus.documents for id in each.sentences.index]
    some = chance.sample(ids, chance.choice([12, 30]))
    others = chance.sample([code for code in CODES if code != "none"], chance.choice([1, 2, 5]))
    own = as_codings(
        [
            {
                "sentence": id,
                "codes": chance.choice([["none"], [chance.choice(others)], others[:3]]),
            }
            for id in some
        ]
    )
    if (
        own["sentence"]
        .map(lambda id: corpus[id.rpartition("-")[0]].sentences.at[id, "paragraph"])
        .nunique()
        < 3
    ):
        return
    trial = try_machine(corpus, own, read_codebook=chance.random() < 0.5)
    assert (
        trial.scores.loc[list(METHODS), ["micro", "micro_low", "micro_high"]]
        .stack()
        .between(0, 1)
        .all()
    )
    assert (
        set(trial.answers.index) == set(some)
        and trial.codes["coded"].sum() == own["codes"].map(len).sum()
    )
    assert (
        teach(corpus, own).suggest(ids)["codes"].map(BOOK.check_codes).map(len).between(1, 3).all()
    )


def test_two_coders_in_one_table_are_refused(corpus, reference):
    with trouble("2 coders"):
        teach(corpus, pd.concat([reference.head(20), load_codings("coder-1").tail(20)]))


# How much, and where


def test_the_curve_begins_with_the_codebook_and_ends_with_all(corpus, reference):
    curve = learning_curve(corpus, reference)
    assert list(curve.index[:5]) == [0, 10, 20, 40, 80] and 100 < curve.index[-1] < 160
    assert (curve["sentences"] == 172).all() and curve["micro"].iloc[-1] > curve["micro_high"].iloc[
        0
    ]
    assert 0 not in learning_curve(corpus, reference.head(30), read_codebook=False).index


@pytest.fixture(scope="module")
def across(corpus, reference):
    return across_documents(corpus, reference)


def test_a_machine_taught_with_one_document_knows_little_of_the_other(across, corpus):
    """The trap of lesson 08: with the codebook shut, almost nothing passes from one document to the other."""
    for id in corpus:
        figures = across.loc[id]
        assert (
            figures.at["others, codebook shut", "micro_high"]
            < 0.05
            < figures.at["same document", "micro_low"]
        )
        assert (
            figures.at["other documents", "known"]
            == figures.at["others, codebook shut", "known"]
            < 30
        )
        assert figures.at["own words hidden", "micro"] < figures.at["all documents", "micro"]
    assert (
        across.at[("gftuk", "other documents"), "micro_high"]
        < across.at[("gftuk", "same document"), "micro_low"]
    )


def test_the_codebook_was_written_with_one_of_the_documents_in_view(across):
    """The other trap: without a single tagged sentence, its words nearly give away the codes of the shorter text."""
    alone = across.xs("codebook alone", level="way")
    assert (
        alone.at["kctu", "micro"] > 0.8 > 0.5 > alone.at["gftuk", "micro"]
        and (alone["known"] == 0).all()
    )


def test_the_way_that_knows_the_document_alone_is_counted_by_hand(across, corpus, reference):
    """It gives each sentence the codes that are most frequent in its document."""
    for id in corpus:
        row = across.loc[(id, DOCUMENT)]
        assert (
            row["sentences"] == len(corpus[id].sentences)
            and row["micro"] < across.at[(id, "all documents"), "micro"]
        )
    lot = tagged(corpus, reference, BOOK)
    given = trials.document_way(lot, lot.table, BOOK)
    for id in corpus:
        own = reference[reference["sentence"].str.startswith(id)]["codes"].explode().value_counts()
        rows = {
            tuple(code for code, there in zip(CODES, row, strict=True) if there)
            for row, sentence in zip(given, lot.table.index, strict=True)
            if sentence.startswith(id)
        }
        assert len(rows) == 1 and set(*rows) <= set(own[own >= own.sort_values().iloc[-3]].index)


def test_what_only_one_document_has_is_hidden(lot):
    hidden = trials.shared_looks(lot.table)
    sources = np.array([id[:4] for id in lot.table.index])
    for look in hidden.columns:
        has = [
            {each for row in hidden[look][sources == source] for each in row}
            for source in set(sources)
        ]
        had = [
            {each for row in lot.table[look][sources == source] for each in row}
            for source in set(sources)
        ]
        assert has[0] == has[1] == had[0] & had[1]
    assert lot.table["words"].map(len).sum() > hidden["words"].map(len).sum() > 0


def test_one_document_cannot_be_compared_with_itself(corpus, reference):
    with trouble("only one of them"):
        across_documents(corpus, reference[reference["sentence"].str.startswith("kctu")])


# Speed


def test_it_is_quick_enough(corpus, reference, taught):
    began = time.process_time()
    try_machine(corpus, reference)
    assert time.process_time() - began < 10, "teaching and testing on both documents"
    times = []
    for sentence in corpus["gftuk"].sentences.index[:20]:
        began = time.process_time()
        taught.suggest(sentence)
        times.append(time.process_time() - began)
    assert np.median(times) < 0.05, "a suggestion"
