"""Charts of words: how often, where, which set two documents apart, who acts, and what flips."""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import pandas as pd

from helpers.corpus.documents import Corpus, Document, listed
from helpers.show.charts import Chart, make_chart
from helpers.show.drawing import GREY, MOST, Bar, Cell, Dot, Drawing, Key, Mark, Stripe
from helpers.show.explorer import Explorer, explore
from helpers.show.wording import TEXTS
from helpers.words.clauses import modal_clauses
from helpers.words.comparison import SWITCHES, compare_words, dispersion, fragility, hit_positions
from helpers.words.counts import word_rates

Texts = Document | Corpus | Sequence[Document]
DOERS = ("union", "members", "party", "state", "other")
MODALS = ("will", "would", "shall", "should", "can", "could", "may", "might", "must", "ought")
ROWS, WORDS = 60, 10  # documents with a row for each; words a side


def _names(documents: Iterable[Document]) -> dict[str, str]:
    return {document.id: document.about["short_title"] for document in documents}


def _mark(label: str, ids: Iterable[str]) -> Mark | None:
    """A mark that leads to each sentence once, if to any."""
    ids = tuple(dict.fromkeys(ids))
    return Mark(label, ids) if ids else None


def _hits(many: int) -> str:
    return f"{many:,} {'hit' if many == 1 else 'hits'}"


def rates_chart(documents: Texts, words: str | Sequence[str], *, lemma: bool = False) -> Chart:
    """Draw how often words stand in each document, for each 1,000 words, with intervals.

    These are the wider ends of Wilson's and of one that draws whole paragraphs: in our
    simulations either alone was too narrow at times.

    >>> from helpers.corpus.documents import load_corpus
    >>> rates_chart(load_corpus(), ["will", "should"]).marks[0].label
    'will, KCTU, Our Aims: 18 hits, 46.2 per 1,000 words'
    """
    names, axis = _names(listed(documents, ROWS)), TEXTS["rates"]["axis"]
    table, values = word_rates(listed(documents), words, lemma=lemma), []
    queries, many = list(dict.fromkeys(table.index.get_level_values("word"))), len(names)
    for row, word in enumerate(queries):
        for nth, (id, name) in enumerate(names.items()):
            at = (row, nth) if many <= MOST else (row * many + nth, 0)
            values.append(_rate(at, table.loc[(word, id)], word, name))
    if many <= MOST:
        keys = [Key(name, nth, marker=True) for nth, name in enumerate(names.values())]
        drawing = Drawing({"": queries}, values, keys, axis, row=0.2 * many + 0.15, series=many)
    else:
        panels = {f"“{word}”": list(names.values()) for word in queries}
        drawing = Drawing(panels, values, axis=axis, row=0.2)
    first = [f"{names[id]} {table.at[(queries[0], id), 'per_1000']:.1f}" for id in names]
    shown = table.drop(columns="sentences").round(1).reset_index().set_index("word")
    return make_chart("rates", shown, drawing, word=queries[0], rates="; ".join(first))


def _rate(at: tuple[int, int], row: pd.Series, word: str, name: str) -> Dot:
    """A rate, with the wider ends of both intervals."""
    ends = row[["low", "high", "block_low", "block_high"]].dropna()
    low, high = (min(ends), max(ends)) if len(ends) else (math.nan, math.nan)
    label = f"{word}, {name}: {_hits(row['hits'])}, {row['per_1000']:.1f} per 1,000 words"
    return Dot(*at, row["per_1000"], low, high, mark=_mark(label, row["sentences"]))


def dispersion_chart(documents: Texts, words: str, *, lemma: bool = False) -> Chart:
    """Draw where in each document the hits of a query stand, from its first word to its last.

    >>> from helpers.corpus.documents import load_corpus
    >>> dispersion_chart(load_corpus(), "rights").description[:63]
    'Where “rights” stands, from the first word (0 %) to the last (1'
    """
    texts, stripes, said = listed(documents, ROWS), [], []
    spread, names = dispersion(texts, words, lemma=lemma), _names(texts)
    for row, document in enumerate(texts):
        name, figures = names[document.id], spread.loc[document.id]
        for hit in hit_positions(document, words, lemma=lemma).itertuples():
            at = 100 * hit.position
            mark = Mark(f"{name}, at {at:.0f} %: {hit.sentence}", (hit.sentence,))
            stripes.append(Stripe(row, at - 0.12, at + 0.12, -0.3, 0.3, row % MOST, mark))
        even = "" if math.isnan(figures["dp"]) else f" (DP {figures['dp']:.2f})"
        said.append(f"{name}: {_hits(figures['hits'])}{even}")
    shown = spread.round(2).set_axis(list(names.values())).rename_axis("document")
    row, axis = 0.5 if len(texts) <= MOST else 0.3, TEXTS["dispersion"]["axis"]
    drawing = Drawing({"": list(names.values())}, stripes, axis=axis, row=row, limits=(0, 100))
    return make_chart("dispersion", shown, drawing, words=words, each="; ".join(said))


def keyness_chart(
    first: Document,
    second: Document,
    *,
    measure: str = "log_ratio",
    lemma: bool = True,
    stop: bool = False,
) -> Chart:
    """Draw the words that set two documents apart most, by a measure, ten a side, with intervals.

    ``measure``, ``lemma`` and ``stop`` are as for :func:`compare_words`.
    """
    names = list(_names([first, second]).values())
    table = compare_words(first, second, lemma=lemma, stop=stop, measure=measure)
    more, less = (table[table["log_ratio"] * side > 0].head(WORDS) for side in (1, -1))
    rows = pd.concat([more, less]).sort_values("log_ratio", ascending=False)
    figures, labels, values = rows[["log_ratio", "log_ratio_low", "log_ratio_high"]], [], []
    for at, (item, row) in enumerate(rows.iterrows()):
        one, two = (f"{row[name]:.0f}" for name in ("count_1", "count_2"))
        found = word_rates([first, second], item, lemma=lemma)["sentences"].explode().dropna()
        mark = _mark(f"{item}: {one} in {names[0]}, {two} in {names[1]}", found)
        values.append(Dot(at, int(row["log_ratio"] < 0), *figures.loc[item], mark=mark))
        labels.append(f"{item} ({one} : {two})")
    ends = [0, *(end for end in figures.to_numpy().ravel() if math.isfinite(end))]
    limits = (min(ends) - 0.6, max(ends) + 0.6)
    sides = enumerate(("→ more in", "← more in"))
    keys = [Key(f"{side} {names[nth]}", nth, marker=True) for nth, side in sides]
    axis = TEXTS["keyness"]["axis"]
    drawing = Drawing({"": labels}, values, keys, axis, limits=limits)
    words = {"one": names[0], "two": names[1], "more": len(more), "less": len(less)}
    words["measure"] = measure.replace("_", " ")
    return make_chart("keyness", rows.round(2), drawing if labels else None, **words)


def doer_chart(
    documents: Texts, *, passives: bool = False, actors: Mapping[str, Any] | None = None
) -> Chart:
    """Draw who will, should or must do something: a cell for each doer and modal verb.

    Passive clauses are left out unless ``passives``: their subject does not act. ``actors`` are
    as for :func:`modal_clauses`.
    """
    texts, found, say = listed(documents, MOST), {}, TEXTS["doers"]
    for document in texts:
        clauses = modal_clauses(document, actors)
        found[document.id] = clauses if passives else clauses[~clauses["passive"].astype(bool)]
    used = {modal for clauses in found.values() for modal in clauses["modal"]}
    modals, rows, cells, said = [modal for modal in MODALS if modal in used], [], [], []
    for id, name in _names(texts).items():
        clauses, ids, counts = found[id], {}, {}
        for row in clauses.itertuples():
            ids.setdefault((row.doer, row.modal), []).append(row.sentence)
        for doer in DOERS:
            counts = {modal: len(ids.get((doer, modal), ())) for modal in modals}
            for column, (modal, many) in enumerate(counts.items()):
                mark = _mark(f"{name}, {doer}, {modal}: {many}", ids.get((doer, modal), ()))
                shade = 0.1 + 0.38 * many / len(clauses) if many else 0
                cells.append(Cell(len(rows), column, str(many or ""), shade, mark))
            rows.append((name, doer, *counts.values()))
        order = [(doer, modal) for doer in DOERS for modal in modals if (doer, modal) in ids]
        doer, modal = most = max(order, key=lambda pair: len(ids[pair]), default=("", ""))
        words = {"doer": doer, "modal": modal, "most": len(ids.get(most, ()))}
        each = say["each" if order else "none"]
        said.append(each.format(name=name, many=len(clauses), **words))
    said += [] if passives else [say["passives"]]
    shown = pd.DataFrame(rows, columns=["document", "doer", *modals]).set_index("document")
    panels = dict.fromkeys(_names(texts).values(), DOERS)
    drawing = Drawing(panels, cells, row=0.36, columns=modals)
    return make_chart("doers", shown, drawing, each=" ".join(said))


def fragility_panel(corpus: Corpus, claims: Sequence[str]) -> Explorer:
    """Show claims with a switch for each decision in counting: which of them flip?

    A claim is a query, such as ``"wage"``: it stands relatively more often in one of two documents.

    >>> from helpers import load_corpus
    >>> fragility_panel(load_corpus(), ["worker*", "wage"]).shown["rows"][1][1]
    'more in Kim Jong Un, letter of 2021'
    """
    tables = {claim: fragility(corpus, claim) for claim in claims}
    switches = TEXTS["fragility"]["switches"]

    def make(**chosen: str) -> Chart:
        way = {}
        for name, said in chosen.items():
            switch, *choices = switches[name]
            way[switch] = SWITCHES[switch][choices.index(said)]
        return fragility_chart(corpus, tables, way)

    return explore(make, corpus, **{name: choices for name, (_, *choices) in switches.items()})


def fragility_chart(
    corpus: Corpus, tables: Mapping[str, pd.DataFrame], way: Mapping[str, Any]
) -> Chart:
    """Draw in how many ways of counting each claim favours each document, and what one way says.

    ``tables`` are those of :func:`helpers.words.comparison.fragility` by claim; a diamond marks the
    verdict of the ``way`` that is set.
    """
    say, names = TEXTS["fragility"], list(_names(corpus.documents).values())
    verdicts = {"first": f"more in {names[0]}", "cannot tell": "cannot tell"}
    verdicts["second"] = f"more in {names[1]}"
    looks, cells, values, said = (0, GREY, 1), {}, [], []
    for row, (claim, table) in enumerate(tables.items()):
        now = table[(table[list(way)] == list(way.values())).all(axis=1)].iloc[0]
        found = word_rates(corpus, claim, lemma=way["lemma"], case=way["case"])["sentences"]
        words = {"claim": claim, "now": verdicts[now["verdict"]], "ways": len(table)}
        words |= {"others": int((table["verdict"] != now["verdict"]).sum())}
        words |= {name: now[name] for name in ("count_1", "count_2")}
        mark = _mark(say["mark"].format(**words), found.explode().dropna())
        said.append(say["each"].format(**words))
        counts = [int((table["verdict"] == verdict).sum()) for verdict in verdicts]
        for nth, end in enumerate(accumulate(counts)):
            chosen = list(verdicts)[nth] == now["verdict"]
            bar = {"start": end - counts[nth], "mark": mark, "diamond": chosen}
            values.append(Bar(row, looks[nth], end, **bar))
        rates = [round(now[name], 2) for name in ("per_1000_1", "per_1000_2")]
        cells[claim] = (words["now"], now["count_1"], now["count_2"], *rates, words["others"])
    heads = [f"{what}, {name}" for what in ("hits", "per 1,000") for name in names]
    heads = ["verdict", *heads, "ways with another verdict"]
    shown = pd.DataFrame.from_dict(cells, orient="index", columns=heads).rename_axis("claim about")
    keys = [Key(text, nth, bar=True) for text, nth in zip(verdicts.values(), looks, strict=True)]
    drawing = Drawing({"": list(tables)}, values, keys, say["axis"], row=0.5)
    return make_chart("fragility", shown, drawing, each="; ".join(said))
