"""Charts of words: how often, where, which set two documents apart, who acts, and which claims hang on the way of counting.

Each function gives a :class:`~helpers.show.charts.Chart`, ``width`` inches wide. Documents are told apart by tone and marker.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import pandas as pd

from helpers.corpus.documents import Corpus, Document, listed
from helpers.corpus.errors import UnionError
from helpers.show.charts import Chart
from helpers.show.drawing import (
    MARKERS,
    Bars,
    Cell,
    Cells,
    Dots,
    Drawing,
    Key,
    Lanes,
    Mark,
    Stripe,
    Value,
)
from helpers.show.explorer import Explorer, explore
from helpers.show.wording import count_of
from helpers.words.clauses import modal_clauses
from helpers.words.comparison import MEASURES, compare_words
from helpers.words.counts import word_rates
from helpers.words.dispersion import dispersion, hit_positions
from helpers.words.fragility import SWITCHES, fragility

Texts = Document | Corpus | Sequence[Document]
DOERS = ("union", "members", "party", "state", "other")
MODALS = ("will", "would", "shall", "should", "can", "could", "may", "might", "must", "ought")
MOST = 60  # documents, with a row for each


def _name(document: Document) -> str:
    return document.about["short_title"]


def _once(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def rates_chart(
    documents: Texts, words: str | Sequence[str], *, lemma: bool = False, width: float = 8.0
) -> Chart:
    """Draw how often words stand in each document, for each 1,000 words, with the wider ends of two intervals.

    One is Wilson's, the other comes from drawing whole paragraphs: in our simulations either alone was too narrow at times.

    >>> from helpers.corpus.documents import load_corpus
    >>> rates_chart(load_corpus(), ["will", "should"]).marks[0].label
    'will, KCTU, Our Aims: 18 hits, 46.2 per 1,000 words'
    """
    texts = {document.id: document for document in listed(documents, MOST)}
    rates = word_rates(list(texts.values()), words, lemma=lemma)
    queries = list(dict.fromkeys(rates.index.get_level_values("word")))
    names = {id: _name(document) for id, document in texts.items()}
    rows = [[_rate(rates, word, id, names[id]) for id in texts] for word in queries]
    shown = rates.drop(columns="sentences").round(1).reset_index().set_index("word")
    each = [f"{names[id]} {rates.at[(queries[0], id), 'per_1000']:.1f}" for id in texts]
    said = f"Hits for each 1,000 words. “{queries[0]}”: {'; '.join(each)}. The lines are intervals (95 %)."
    axis, title = "hits per 1,000 words", "How often, for each 1,000 words"
    if len(texts) <= len(MARKERS):
        keys = [Key(name, nth, marker=True) for nth, name in enumerate(names.values())]
        tall = 0.2 * len(texts) + 0.15
        drawing = Dots({"": queries}, keys, axis, row=tall, values=rows)
    else:
        panels = {f"“{word}”": list(names.values()) for word in queries}
        drawing = Dots(panels, (), axis, row=0.2, values=[[value] for row in rows for value in row])
    return Chart(title, said, shown, drawing, width)


def _rate(rates: pd.DataFrame, word: str, id: str, name: str) -> Value:
    """A rate, with the wider ends of both intervals."""
    row = rates.loc[(word, id)]
    ends = row[["low", "high", "block_low", "block_high"]].dropna()
    low, high = (min(ends), max(ends)) if len(ends) else (math.nan, math.nan)
    rate = f"{count_of(row['hits'], 'hit')}, {row['per_1000']:.1f} per 1,000 words"
    mark = Mark(f"{word}, {name}: {rate}", _once(row["sentences"])) if row["hits"] else None
    return Value(row["per_1000"], low, high, mark=mark)


def dispersion_chart(
    documents: Texts, words: str, *, lemma: bool = False, width: float = 8.0
) -> Chart:
    """Draw where in each document the hits of a query stand, from its first word to its last.

    >>> from helpers.corpus.documents import load_corpus
    >>> dispersion_chart(load_corpus(), "rights").description[:63]
    'Where “rights” stands, from the first word (0 %) to the last (1'
    """
    texts, stripes, said, hits = listed(documents, MOST), [], [], []
    spread = dispersion(texts, words, lemma=lemma)
    for row, document in enumerate(texts):
        name = _name(document)
        for hit in hit_positions(document, words, lemma=lemma).itertuples():
            at = 100 * hit.position
            mark = Mark(f"{name}, at {at:.0f} %: {hit.sentence}", (hit.sentence,))
            stripes.append(Stripe(row, at - 0.12, at + 0.12, -0.3, 0.3, row, mark))
        figures = spread.loc[document.id]
        even = "" if math.isnan(figures["dp_norm"]) else f" (DP {figures['dp_norm']:.2f})"
        hits.append(count_of(figures["hits"], "hit"))
        said.append(f"{name}: {hits[-1]}{even}")
    names = [_name(document) for document in texts]
    description = f"Where “{words}” stands, from the first word (0 %) to the last (100 %). {'; '.join(said)}. DP is 0 where hits are spread evenly."
    shown = spread.round(2).set_axis(names).rename_axis("document")
    drawing = Lanes(
        {"": names},
        axis="percent of the document's words",
        beside=hits,
        row=0.55 if len(texts) <= len(MARKERS) else 0.3,
        stripes=stripes,
    )
    return Chart(f"Where “{words}” stands", description, shown, drawing, width)


def keyness_chart(
    first: Document,
    second: Document,
    *,
    measure: str = "log_ratio",
    top: int = 10,
    lemma: bool = True,
    stop: bool = False,
    minimum: int = 5,
    width: float = 8.0,
) -> Chart:
    """Draw the words that set two documents apart most, by a measure, and the interval where the measure has one.

    Raises :class:`UnionError` for fewer than one word a side.
    """
    if type(top) is not int or not 1 <= top <= 40:
        raise UnionError(
            f"The chart cannot show {top!r} words a side: give a whole number from 1 to 40."
        )
    table = compare_words(first, second, lemma=lemma, stop=stop, minimum=minimum, measure=measure)
    lean = table["log_ratio"]
    chosen = table[lean > 0].head(top).index.append(table[lean < 0].head(top).index)
    rows = table.loc[chosen].sort_values("log_ratio", ascending=False)
    drawn = measure if measure in MEASURES[2:] else "log_ratio"
    one, two = _name(first), _name(second)
    more = [int((lean[chosen] > 0).sum()), int((lean[chosen] < 0).sum())]
    said = (
        f"Words that set the two documents apart most by {measure.replace('_', ' ')}: {more[0]} relatively more "
        f"often in {one}, {more[1]} in {two}. The lines are intervals (95 %). Two texts, not two populations."
    )
    shown = rows.round(2).drop(columns=["dp_1", "dp_2"]).join(rows[["dp_1", "dp_2"]].round(2))
    title = "Words that set the documents apart"
    if rows.empty:
        return Chart(title, said, shown, Drawing(words="no word is frequent enough"), width)
    labels, values = [], []
    for item, row in rows.iterrows():
        found = word_rates([first, second], item, lemma=lemma)["sentences"]
        counts = f"{row['count_1']:.0f} in {one}, {row['count_2']:.0f} in {two}"
        mark = Mark(f"{item}: {counts}", _once(id for ids in found for id in ids))
        value = Value(*row[[drawn, f"{drawn}_low", f"{drawn}_high"]], mark=mark)
        values.append([value, None] if row["log_ratio"] > 0 else [None, value])
        labels.append(f"{item} ({row['count_1']:.0f} : {row['count_2']:.0f})")
    ends = rows[[drawn, f"{drawn}_low", f"{drawn}_high"]].to_numpy().ravel()
    ends = [0, *(end for end in ends if math.isfinite(end))]
    steps = "log odds" if drawn == "log_odds" else "log ratio (a step of 1 is twice as often)"
    drawing = Dots(
        {"": labels},
        [Key(f"→ more in {one}", 0, marker=True), Key(f"← more in {two}", 1, marker=True)],
        steps,
        (min(ends) - 0.6, max(ends) + 0.6),
        row=0.3,
        values=values,
        over=True,
        lines={0: ""},
    )
    return Chart(title, said, shown, drawing, width)


def doer_chart(
    documents: Texts,
    *,
    passives: bool = False,
    actors: Mapping[str, Any] | None = None,
    width: float = 8.0,
) -> Chart:
    """Draw who will, should, can or must do something: a cell for each doer and modal in each document.

    Passive clauses are left out unless ``passives``: their subject does not act. ``actors`` are as for :func:`modal_clauses`.
    """
    names, cells, said, found = [], [], [], {}
    for document in listed(documents, len(MARKERS)):
        clauses = modal_clauses(document, actors)
        found[_name(document)] = clauses if passives else clauses[~clauses["passive"].astype(bool)]
    used = {modal for clauses in found.values() for modal in clauses["modal"]}
    modals = [modal for modal in MODALS if modal in used]
    rows = []
    for name, clauses in found.items():
        names.append(name)
        ids = clauses.groupby(["doer", "modal"])["sentence"].agg(tuple)
        for doer in DOERS:
            own = [ids.get((doer, modal), ()) for modal in modals]
            cells += _doer_cells(len(rows), name, doer, modals, own, len(clauses))
            rows.append((name, doer, *map(len, own)))
        said.append(_most_often(name, clauses))
    if not passives:
        said.append("Passive clauses are left out, as their subject does not act.")
    shown = pd.DataFrame(rows, columns=["document", "doer", *modals]).set_index("document")
    drawing = Cells(dict.fromkeys(names, DOERS), row=0.36, columns=modals, cells=cells)
    return Chart("Who acts, by modal verb", " ".join(said), shown, drawing, width)


def _doer_cells(
    row: int, name: str, doer: str, modals: list[str], ids: list[tuple], total: int
) -> list[Cell]:
    """A row of cells, shaded by their share of the document's clauses."""
    cells = []
    for column, (modal, some) in enumerate(zip(modals, ids, strict=True)):
        mark = Mark(f"{name}, {doer}, {modal}: {len(some)}", _once(some)) if some else None
        shade = 0.1 + 0.45 * len(some) / total if some else 0
        cells.append(Cell(row, column, str(len(some) or ""), shade, mark))
    return cells


def _most_often(name: str, clauses: pd.DataFrame) -> str:
    if clauses.empty:
        return f"{name} has no such clause."
    counts = clauses.groupby(["doer", "modal"]).size()
    order = sorted(counts.items(), key=lambda pair: (-pair[1], DOERS.index(pair[0][0])))
    (doer, modal), many = order[0]
    return f"{name}: {len(clauses)} clauses with a modal verb; most often “{doer}” with “{modal}”, {many}."


# The switches of the fragility panel: what a learner reads, and what fragility() calls it.
PANEL: dict[str, tuple[str, dict[str, Any]]] = {
    "capitals": ("case", {"do not count": False, "count": True}),
    "endings": ("lemma", {"as written": False, "lemmas": True}),
    "small_words": ("stop", {"counted": False, "left out": True}),
    "title_pages": ("titles", {"left out": False, "counted": True}),
    "misprints": ("corrections", {"corrected": True, "left in": False}),
    "measure": (
        "measure",
        {"rate": "rate", "log ratio": "log_ratio", "log-likelihood": "log_likelihood"},
    ),
    "least_hits": ("minimum", {"1": 1, "5": 5}),
}


def fragility_panel(corpus: Corpus, claims: Sequence[str]) -> Explorer:
    """Show claims with a switch for each decision in counting: which of them flip?

    A claim is a query, such as ``"wage"``: it stands relatively more often in one of the two documents.

    >>> from helpers import load_corpus
    >>> fragility_panel(load_corpus(), ["worker*", "wage"]).shown["rows"][1][1]
    'more in Kim Jong Un, letter of 2021'
    """
    tables = {claim: fragility(corpus, claim) for claim in claims}

    def make(**chosen: str) -> Chart:
        settings = {PANEL[name][0]: PANEL[name][1][value] for name, value in chosen.items()}
        return fragility_chart(corpus, tables, settings)

    return explore(make, corpus, **{name: list(values) for name, (_, values) in PANEL.items()})


def fragility_chart(
    corpus: Corpus,
    tables: Mapping[str, pd.DataFrame],
    switches: Mapping[str, Any],
    *,
    width: float = 8.0,
) -> Chart:
    """Draw, for each claim, in how many ways of counting it favours each of two documents, and what one way says.

    ``tables`` are those of :func:`helpers.words.fragility.fragility` by claim, ``switches`` the way that is set: a diamond
    marks its verdict.
    """
    names = [_name(document) for document in corpus.documents]
    verdicts = {
        "first": f"more in {names[0]}",
        "cannot tell": "cannot tell",
        "second": f"more in {names[1]}",
    }
    usual = {name: settings[0] for name, settings in SWITCHES.items()} | dict(switches)
    cells, values, said = {}, [], []
    for claim, table in tables.items():
        row = table[(table[list(usual)] == list(usual.values())).all(axis=1)].iloc[0]
        now, others = verdicts[row["verdict"]], int((table["verdict"] != row["verdict"]).sum())
        found = word_rates(corpus, claim, lemma=usual["lemma"], case=usual["case"])["sentences"]
        hits = f"{row['count_1']} to {row['count_2']} hits; another verdict in {others} of {len(table)} ways"
        mark = Mark(f"{claim}: {now}, {hits}", _once(id for ids in found for id in ids))
        counts = [int((table["verdict"] == verdict).sum()) for verdict in verdicts]
        starts = accumulate([0, *counts])
        values.append(
            [
                Value(start + many, start=start, mark=mark, diamond=row["verdict"] == verdict)
                for start, many, verdict in zip(starts, counts, verdicts, strict=False)
            ]
        )
        rates = [round(row[f"per_1000_{nth}"], 2) for nth in (1, 2)]
        cells[claim] = (now, row["count_1"], row["count_2"], *rates, others)
        said.append(f"“{claim}” {now} ({others} of {len(table)} ways say otherwise)")
    columns = [f"{what}, {name}" for what in ("hits", "per 1,000") for name in names]
    columns = ["verdict", *columns, "ways with another verdict"]
    shown = pd.DataFrame.from_dict(cells, orient="index", columns=columns)
    drawing = Bars(
        {"": list(tables)},
        [Key(text, nth, bar=True) for nth, text in enumerate(verdicts.values())],
        "ways of counting; the diamond is the way that is set",
        row=0.5,
        values=values,
        over=True,
    )
    title = "Which claims hold, however one counts?"
    said = f"By the way of counting that is set: {'; '.join(said)}."
    return Chart(title, said, shown.rename_axis("claim about"), drawing, width)
