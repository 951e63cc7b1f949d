"""Charts of words: how often, where, which set two documents apart, who acts, and which claims hang on the way of counting.

Each function gives a :class:`~helpers.show.charts.Chart`. Documents are told apart by tone and marker.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import pandas as pd

from helpers.corpus.documents import Corpus, Document, listed
from helpers.corpus.errors import UnionError
from helpers.show import drawing
from helpers.show.charts import Chart
from helpers.show.drawing import MARKERS, Cell, Key, Mark, Stripe, Value
from helpers.show.explorer import Explorer, explore
from helpers.show.wording import TEXTS
from helpers.words.clauses import modal_clauses
from helpers.words.comparison import compare_words
from helpers.words.counts import word_rates
from helpers.words.dispersion import dispersion, hit_positions
from helpers.words.fragility import SWITCHES, fragility

Texts = Document | Corpus | Sequence[Document]
DOERS = ("union", "members", "party", "state", "other")
MODALS = ("will", "would", "shall", "should", "can", "could", "may", "might", "must", "ought")
MOST = 60  # documents, with a row for each


def _names(documents: Iterable[Document]) -> dict[str, str]:
    return {document.id: document.about["short_title"] for document in documents}


def _once(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def _hits(many: int) -> str:
    return f"{many:,} {'hit' if many == 1 else 'hits'}"


def rates_chart(documents: Texts, words: str | Sequence[str], *, lemma: bool = False) -> Chart:
    """Draw how often words stand in each document, for each 1,000 words, with the wider ends of two intervals.

    One is Wilson's, the other comes from drawing whole paragraphs: in our simulations either alone was too narrow at times.

    >>> from helpers.corpus.documents import load_corpus
    >>> rates_chart(load_corpus(), ["will", "should"]).marks[0].label
    'will, KCTU, Our Aims: 18 hits, 46.2 per 1,000 words'
    """
    say, names = TEXTS["rates"], _names(listed(documents, MOST))
    table = word_rates(listed(documents), words, lemma=lemma)
    queries, rows = list(dict.fromkeys(table.index.get_level_values("word"))), []
    for word in queries:
        rows.append([_rate(table.loc[(word, id)], word, names[id]) for id in names])
    first = "; ".join(f"{names[id]} {table.at[(queries[0], id), 'per_1000']:.1f}" for id in names)
    said = say["said"].format(word=queries[0], rates=first)
    how = {"panels": {"": queries}, "row": 0.2 * len(names) + 0.15, "values": rows}
    how["legend"] = [Key(name, nth, marker=True) for nth, name in enumerate(names.values())]
    if len(names) > len(MARKERS):
        panels = {f"“{word}”": list(names.values()) for word in queries}
        how = {"panels": panels, "row": 0.2, "values": [[rate] for row in rows for rate in row]}
    shown = table.drop(columns="sentences").round(1).reset_index().set_index("word")
    return Chart(say["title"], said, shown, drawing.Dots(axis=say["axis"], **how))


def _rate(row: pd.Series, word: str, name: str) -> Value:
    """A rate, with the wider ends of both intervals."""
    ends = row[["low", "high", "block_low", "block_high"]].dropna()
    low, high = (min(ends), max(ends)) if len(ends) else (math.nan, math.nan)
    hits, rate = _hits(row["hits"]), row["per_1000"]
    label = TEXTS["rates"]["mark"].format(word=word, name=name, hits=hits, rate=rate)
    return Value(
        rate, low, high, mark=Mark(label, _once(row["sentences"])) if row["hits"] else None
    )


def dispersion_chart(documents: Texts, words: str, *, lemma: bool = False) -> Chart:
    """Draw where in each document the hits of a query stand, from its first word to its last.

    >>> from helpers.corpus.documents import load_corpus
    >>> dispersion_chart(load_corpus(), "rights").description[:63]
    'Where “rights” stands, from the first word (0 %) to the last (1'
    """
    say, texts, stripes, said, lanes = TEXTS["dispersion"], listed(documents, MOST), [], [], []
    spread, names = dispersion(texts, words, lemma=lemma), _names(texts)
    for row, document in enumerate(texts):
        name, figures = names[document.id], spread.loc[document.id]
        for hit in hit_positions(document, words, lemma=lemma).itertuples():
            at = 100 * hit.position
            mark = Mark(f"{name}, at {at:.0f} %: {hit.sentence}", (hit.sentence,))
            stripes.append(Stripe(row, at - 0.12, at + 0.12, -0.3, 0.3, row % 6, mark))
        even = "" if math.isnan(figures["dp_norm"]) else f" (DP {figures['dp_norm']:.2f})"
        lanes.append(f"{name}: {_hits(figures['hits'])}")
        said.append(lanes[-1] + even)
    said = say["said"].format(words=words, each="; ".join(said))
    shown = spread.round(2).set_axis(list(names.values())).rename_axis("document")
    row = 0.5 if len(texts) <= len(MARKERS) else 0.3
    lines = drawing.Lanes({"": lanes}, axis=say["axis"], row=row, stripes=stripes)
    return Chart(say["title"].format(words=words), said, shown, lines)


def keyness_chart(
    first: Document,
    second: Document,
    *,
    measure: str = "log_ratio",
    top: int = 10,
    lemma: bool = True,
    stop: bool = False,
    minimum: int = 5,
) -> Chart:
    """Draw the words that set two documents apart most, by a measure, and the interval where the measure has one.

    Raises :class:`UnionError` for fewer than one word a side.
    """
    if type(top) is not int or not 1 <= top <= 40:
        raise UnionError(
            f"The chart cannot show {top!r} words a side: give a whole number from 1 to 40."
        )
    say, (one, two) = TEXTS["keyness"], _names([first, second]).values()
    table = compare_words(first, second, lemma=lemma, stop=stop, minimum=minimum, measure=measure)
    more, less = (table[table["log_ratio"] * side > 0].head(top) for side in (1, -1))
    rows = pd.concat([more, less]).sort_values("log_ratio", ascending=False)
    counts = {"more": len(more), "less": len(less), "one": one, "two": two}
    said = say["said"].format(measure=measure.replace("_", " "), **counts)
    shown = rows.drop(columns=["dp_1", "dp_2"]).join(rows[["dp_1", "dp_2"]]).round(2)
    if rows.empty:
        return Chart(say["title"], said, shown, drawing.Drawing(words=say["nothing"]))
    drawn = "log_odds" if measure == "log_odds" else "log_ratio"
    figures, labels, values = rows[[drawn, f"{drawn}_low", f"{drawn}_high"]], [], []
    for item, row in rows.iterrows():
        found = word_rates([first, second], item, lemma=lemma)["sentences"]
        label = f"{item}: {row['count_1']:.0f} in {one}, {row['count_2']:.0f} in {two}"
        value = Value(
            *figures.loc[item], mark=Mark(label, _once(id for ids in found for id in ids))
        )
        values.append([value, None] if row["log_ratio"] > 0 else [None, value])
        labels.append(f"{item} ({row['count_1']:.0f} : {row['count_2']:.0f})")
    ends = [0, *(end for end in figures.to_numpy().ravel() if math.isfinite(end))]
    limits = (min(ends) - 0.6, max(ends) + 0.6)
    sides = (("→ more in", one), ("← more in", two))
    keys = [Key(f"{way} {text}", nth, marker=True) for nth, (way, text) in enumerate(sides)]
    how = {"limits": limits, "values": values, "over": True, "lines": {0: ""}}
    return Chart(say["title"], said, shown, drawing.Dots({"": labels}, keys, say[drawn], **how))


def doer_chart(
    documents: Texts, *, passives: bool = False, actors: Mapping[str, Any] | None = None
) -> Chart:
    """Draw who will, should, can or must do something: a cell for each doer and modal in each document.

    Passive clauses are left out unless ``passives``: their subject does not act. ``actors`` are as for :func:`modal_clauses`.
    """
    say, texts, found = TEXTS["doers"], listed(documents, len(MARKERS)), {}
    for document in texts:
        clauses = modal_clauses(document, actors)
        found[document.id] = clauses if passives else clauses[~clauses["passive"].astype(bool)]
    used = {modal for clauses in found.values() for modal in clauses["modal"]}
    modals = [modal for modal in MODALS if modal in used]
    rows, cells, said, names = [], [], [], _names(texts)
    for id, clauses in found.items():
        ids = clauses.groupby(["doer", "modal"])["sentence"].agg(tuple)
        each = [(doer, modal) for doer in DOERS for modal in modals]
        for doer, modal in each:
            own = ids.get((doer, modal), ())
            mark = Mark(f"{names[id]}, {doer}, {modal}: {len(own)}", _once(own)) if own else None
            shade = 0.1 + 0.45 * len(own) / len(clauses) if own else 0
            at = (len(rows) + DOERS.index(doer), modals.index(modal))
            cells.append(Cell(*at, str(len(own) or ""), shade, mark))
        for doer in DOERS:
            rows.append((names[id], doer, *(len(ids.get((doer, each), ())) for each in modals)))
        doer, modal = max(each, key=lambda pair: len(ids.get(pair, ())), default=("", ""))
        most = {"doer": doer, "modal": modal, "most": len(ids.get((doer, modal), ()))}
        told = say["said"] if len(clauses) else say["nothing"]
        said.append(told.format(name=names[id], many=len(clauses), **most))
    said = " ".join(said if passives else [*said, say["passives"]])
    shown = pd.DataFrame(rows, columns=["document", "doer", *modals]).set_index("document")
    panels = dict.fromkeys(names.values(), DOERS)
    grid = drawing.Cells(panels, row=0.36, columns=modals, cells=cells)
    return Chart(say["title"], said, shown, grid)


def fragility_panel(corpus: Corpus, claims: Sequence[str]) -> Explorer:
    """Show claims with a switch for each decision in counting: which of them flip?

    A claim is a query, such as ``"wage"``: it stands relatively more often in one of the two documents.

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
    """Draw, for each claim, in how many ways of counting it favours each of two documents, and what one way says.

    ``tables`` are those of :func:`helpers.words.fragility.fragility` by claim; a diamond marks the verdict of the ``way`` that is set.
    """
    say, names = TEXTS["fragility"], list(_names(corpus.documents).values())
    verdicts = {"first": f"more in {names[0]}", "cannot tell": "cannot tell"}
    verdicts["second"] = f"more in {names[1]}"
    cells, values, said = {}, [], []
    for claim, table in tables.items():
        row = table[(table[list(way)] == list(way.values())).all(axis=1)].iloc[0]
        others = int((table["verdict"] != row["verdict"]).sum())
        counts = {name: row[name] for name in ("count_1", "count_2")}
        each = {"claim": claim, "now": verdicts[row["verdict"]], "others": others}
        each |= {"ways": len(table), **counts}
        found = word_rates(corpus, claim, lemma=way["lemma"], case=way["case"])["sentences"]
        mark = Mark(say["mark"].format(**each), _once(id for ids in found for id in ids))
        said.append(say["each"].format(**each))
        many = [int((table["verdict"] == verdict).sum()) for verdict in verdicts]
        ends, chosen = list(accumulate(many)), list(verdicts).index(row["verdict"])
        values.append(
            [
                Value(end, start=end - count, mark=mark, diamond=nth == chosen)
                for nth, (end, count) in enumerate(zip(ends, many, strict=True))
            ]
        )
        rates = [round(row[name], 2) for name in ("per_1000_1", "per_1000_2")]
        cells[claim] = (each["now"], *counts.values(), *rates, others)
    heads = [f"{what}, {name}" for what in ("hits", "per 1,000") for name in names]
    heads = ["verdict", *heads, "ways with another verdict"]
    shown = pd.DataFrame.from_dict(cells, orient="index", columns=heads).rename_axis("claim about")
    looks = (0, drawing.GREY, 1)
    keys = [Key(text, look, bar=True) for text, look in zip(verdicts.values(), looks, strict=True)]
    how = {"row": 0.5, "values": values, "over": True, "looks": looks}
    bars = drawing.Bars({"": list(tables)}, keys, say["axis"], **how)
    return Chart(say["title"], say["said"].format(each="; ".join(said)), shown, bars)
