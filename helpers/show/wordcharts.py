"""Charts of words: how often, where, which set two documents apart, and who acts, by modal verb.

Each function gives a :class:`~helpers.show.charts.Chart`, ``width`` inches wide. Documents are told apart by tone and marker.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from helpers.corpus.documents import Corpus, Document, listed
from helpers.corpus.errors import UnionError
from helpers.show.charts import Chart, Ink, Mark
from helpers.words.clauses import modal_clauses
from helpers.words.comparison import MEASURES, compare_words, dispersion, hit_positions
from helpers.words.counts import word_rates

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Texts = Document | Corpus | Sequence[Document]
DOERS = ("union", "members", "party", "state", "other")
_MARKERS = ("o", "s", "D", "^", "v", "P")
_MOST = 60  # documents, with a row for each


def _name(document: Document) -> str:
    return document.about["short_title"]


def rates_chart(
    documents: Texts, words: str | Sequence[str], *, lemma: bool = False, width: float = 8.0
) -> Chart:
    """Draw how often words stand in each document, for each 1,000 words, with the wider ends of two intervals.

    One is Wilson's, the other comes from drawing whole paragraphs: in our simulations either alone was too narrow at times.

    >>> from helpers.corpus.documents import load_corpus
    >>> rates_chart(load_corpus(), ["will", "should"]).marks[0].label
    'will, KCTU, Our Aims: 18 hits, 46.2 per 1,000 words'
    """
    texts = {document.id: document for document in listed(documents, _MOST)}
    rates = word_rates(list(texts.values()), words, lemma=lemma)
    queries = list(dict.fromkeys(rates.index.get_level_values("word")))
    marks, places = [], []
    for (word, id), row in rates.iterrows():
        if row["hits"]:
            hits = f"{row['hits']:,} {'hit' if row['hits'] == 1 else 'hits'}, {row['per_1000']:.1f} per 1,000 words"
            marks.append(
                Mark(f"{word}, {_name(texts[id])}: {hits}", tuple(dict.fromkeys(row["sentences"])))
            )
            places.append((word, id))
    shown = rates.drop(columns="sentences").round(1).reset_index().set_index("word")
    said = "; ".join(
        f"{_name(texts[id])} {rates.loc[(queries[0], id), 'per_1000']:.1f}" for id in texts
    )
    description = (
        f"Hits for each 1,000 words. “{queries[0]}”: {said}. The lines are intervals (95 %)."
    )

    def draw(axes: Axes, ink: Ink) -> None:
        _rate_rows(
            axes,
            ink,
            rates,
            {id: _name(document) for id, document in texts.items()},
            queries,
            places,
        )

    tall = 0.55 if len(texts) <= len(_MARKERS) else 0.2 * (len(texts) + 1)
    return Chart(
        draw,
        (width, 1.6 + tall * len(queries)),
        description,
        shown,
        "How often, for each 1,000 words",
        marks,
    )


def _rate_rows(
    axes: Axes,
    ink: Ink,
    rates: pd.DataFrame,
    names: dict[str, str],
    queries: list[str],
    places: list,
) -> None:
    """A dot with its interval for each word and document: a tone and a marker for each document, or, where there are many, its name."""
    few = len(names) <= len(_MARKERS)
    step = 0.7 / len(names) if few else 1 / (len(names) + 1)
    for number, (id, name) in enumerate(names.items()):
        rows = rates.xs(id, level="document").loc[queries]
        look = {
            "color": ink.tones[number % len(ink.tones) if few else 0],
            "linestyle": "none",
            "markersize": 9 if few else 6,
        }
        for place, (word, row) in enumerate(zip(queries, rows.itertuples(), strict=True)):
            y = place + (number - (len(names) - 1) / 2) * step
            ends = [
                end for end in (row.low, row.high, row.block_low, row.block_high) if end == end
            ]  # the wider ends of both intervals
            if ends:
                axes.plot([min(ends), max(ends)], [y, y], color=look["color"], linewidth=2)
            (dot,) = axes.plot([row.per_1000], [y], _MARKERS[number % 6 if few else 0], **look)
            if (word, id) in places:
                dot.set_gid(f"mark-{places.index((word, id))}")
            if not few:
                axes.text(
                    1.01, y, name, transform=axes.get_yaxis_transform(), va="center", fontsize=9.5
                )
        axes.plot([], [], _MARKERS[number % 6], **look, label=name)
    axes.set_yticks(range(len(queries)), queries)
    axes.set(ylim=(len(queries) - 0.4, -0.6), xlabel="hits per 1,000 words")
    axes.set_xlim(left=min(0, axes.get_xlim()[0]))
    if few:
        axes.legend(
            frameon=False,
            loc="upper center",
            bbox_to_anchor=(0.5, -0.16 - 0.3 / (1 + len(queries))),
            ncols=2,
        )


def dispersion_chart(
    documents: Texts, words: str, *, lemma: bool = False, width: float = 8.0
) -> Chart:
    """Draw where in each document the hits of a query stand, from its first word to its last.

    >>> from helpers.corpus.documents import load_corpus
    >>> dispersion_chart(load_corpus(), "rights").description[:63]
    'Where “rights” stands, from the first word (0 %) to the last (1'
    """
    texts = listed(documents, _MOST)
    spread = dispersion(texts, words, lemma=lemma)
    hits = {document.id: hit_positions(document, words, lemma=lemma) for document in texts}
    marks = [
        Mark(f"{_name(document)}, at {100 * hit.position:.0f} %: {hit.sentence}", (hit.sentence,))
        for document in texts
        for hit in hits[document.id].itertuples()
    ]
    said = []
    for document in texts:
        row = spread.loc[document.id]
        even = "" if math.isnan(row["dp"]) else f" (DP {row['dp']:.2f})"
        said.append(
            f"{_name(document)}: {row['hits']} {'hit' if row['hits'] == 1 else 'hits'}{even}"
        )
    description = f"Where “{words}” stands, from the first word (0 %) to the last (100 %). {'; '.join(said)}. DP is 0 where hits are spread evenly."

    def draw(axes: Axes, ink: Ink) -> None:
        number = 0
        for row, document in enumerate(texts):
            axes.plot([0, 100], [row, row], color=ink.line, linewidth=0.8, zorder=0)
            for position in hits[document.id]["position"]:
                (stripe,) = axes.plot(
                    [100 * position] * 2,
                    [row - 0.3, row + 0.3],
                    color=ink.tones[row % len(ink.tones)],
                    linewidth=1.6,
                )
                stripe.set_gid(f"mark-{number}")
                number += 1
            if not len(hits[document.id]):
                axes.text(50, row, "no hit", ha="center", va="bottom", color=ink.soft)
        axes.set_yticks(
            range(len(texts)), [_name(document).replace(", ", ",\n") for document in texts]
        )
        axes.set(
            ylim=(len(texts) - 0.4, -0.6), xlim=(-1, 101), xlabel="percent of the document's words"
        )

    table = (
        spread.round(2).set_axis([_name(document) for document in texts]).rename_axis("document")
    )
    tall = 0.75 if len(texts) <= len(_MARKERS) else 0.4
    return Chart(
        draw, (width, 1.1 + tall * len(texts)), description, table, f"Where “{words}” stands", marks
    )


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
    marks = []
    for item, row in rows.iterrows():
        found = word_rates([first, second], item, lemma=lemma)["sentences"]
        counts = f"{row['count_1']:.0f} in {_name(first)}, {row['count_2']:.0f} in {_name(second)}"
        marks.append(
            Mark(f"{item}: {counts}", tuple(dict.fromkeys(id for ids in found for id in ids)))
        )
    values = rows["log_ratio"] if measure not in MEASURES[2:] else rows[measure]
    spans = rows[[f"{values.name}_low", f"{values.name}_high"]]
    description = (
        f"Words that set the two documents apart most by {measure.replace('_', ' ')}: {int((lean[chosen] > 0).sum())} relatively more "
        f"often in {_name(first)}, {int((lean[chosen] < 0).sum())} in {_name(second)}. The lines are intervals (95 %). "
        "Two texts, not two populations."
    )

    def draw(axes: Axes, ink: Ink) -> None:
        _key_rows(axes, ink, rows, values, spans)
        axes.set_xlabel("log ratio (a step of 1 is twice as often)")
        axes.text(
            0,
            1.01,
            f"← more in\n{_name(second)}",
            transform=axes.transAxes,
            ha="left",
            va="bottom",
            fontsize=10,
        )
        axes.text(
            1,
            1.01,
            f"more in →\n{_name(first)}",
            transform=axes.transAxes,
            ha="right",
            va="bottom",
            fontsize=10,
        )

    shown = rows.round(2)
    return Chart(
        draw,
        (width, 1.4 + 0.32 * max(len(rows), 3)),
        description,
        shown,
        "Words that set the documents apart",
        marks,
    )


def _key_rows(
    axes: Axes, ink: Ink, rows: pd.DataFrame, values: pd.Series, spans: pd.DataFrame
) -> None:
    """A dot with its interval for each word; an interval without an end runs to the edge."""
    finite = [each for each in [*values, *spans.to_numpy().ravel()] if math.isfinite(each)] or [0]
    edges = (min(*finite, 0) - 0.6, max(*finite, 0) + 0.6)
    for row, (item, value) in enumerate(values.items()):
        side = int(rows.at[item, "log_ratio"] < 0)
        low, high = (min(max(each, edges[0]), edges[1]) for each in spans.loc[item])
        axes.plot([low, high], [row, row], color=ink.tones[side], linewidth=2)
        (dot,) = axes.plot(
            [value], [row], _MARKERS[side], color=ink.tones[side], markersize=8, linestyle="none"
        )
        dot.set_gid(f"mark-{row}")
    axes.axvline(0, color=ink.line, linewidth=1)
    axes.set_yticks(
        range(len(rows)),
        [f"{item} ({row['count_1']:.0f} : {row['count_2']:.0f})" for item, row in rows.iterrows()],
    )
    axes.set(ylim=(len(rows) - 0.4, -0.6), xlim=edges)
    if not len(rows):
        axes.text(0.5, 0.5, "no word is frequent enough", transform=axes.transAxes, ha="center")


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
    texts = listed(documents, len(_MARKERS))
    tables = {document.id: modal_clauses(document, actors) for document in texts}
    tables = {
        id: table if passives else table[~table["passive"].astype(bool)]
        for id, table in tables.items()
    }
    modals = [
        modal
        for modal in (
            "will",
            "would",
            "shall",
            "should",
            "can",
            "could",
            "may",
            "might",
            "must",
            "ought",
        )
        if any((table["modal"] == modal).any() for table in tables.values())
    ]
    cells = {
        (id, doer, modal): tuple(
            table["sentence"][(table["doer"] == doer) & (table["modal"] == modal)]
        )
        for id, table in tables.items()
        for doer in DOERS
        for modal in modals
    }
    filled = [key for key, ids in cells.items() if ids]
    names = {document.id: _name(document) for document in texts}
    marks = [
        Mark(
            f"{names[id]}, {doer}, {modal}: {len(cells[id, doer, modal])}",
            tuple(dict.fromkeys(cells[id, doer, modal])),
        )
        for id, doer, modal in filled
    ]
    description = _most(cells, names, tables) + (
        "" if passives else " Passive clauses are left out, as their subject does not act."
    )

    def draw(axes: Axes, ink: Ink) -> None:
        _heat(axes, ink, cells, names, modals, filled)

    return Chart(
        draw,
        (width, 1.4 + 2.5 * len(texts)),
        description,
        _cell_table(cells, names, modals),
        "Who acts, by modal verb",
        marks,
    )


def _most(
    cells: dict[tuple[str, str, str], tuple], names: dict[str, str], tables: dict[str, pd.DataFrame]
) -> str:
    said = []
    for id, name in names.items():
        if not len(tables[id]):
            said.append(f"{name} has no such clause.")
            continue
        (_, doer, modal), found = max(
            ((key, ids) for key, ids in cells.items() if key[0] == id),
            key=lambda pair: len(pair[1]),
        )
        said.append(
            f"{name}: {len(tables[id])} clauses with a modal verb; most often “{doer}” with “{modal}”, {len(found)}."
        )
    return " ".join(said)


def _cell_table(
    cells: dict[tuple[str, str, str], tuple], names: dict[str, str], modals: list[str]
) -> pd.DataFrame:
    import pandas as pd

    rows = [
        (name, doer, *(len(cells[id, doer, modal]) for modal in modals))
        for id, name in names.items()
        for doer in DOERS
    ]
    return pd.DataFrame(rows, columns=["document", "doer", *modals]).set_index("document")


def _heat(
    axes: Axes, ink: Ink, cells: dict, names: dict[str, str], modals: list[str], filled: list
) -> None:
    """A block of cells for each document, one above the other; each cell is shaded by its share of the document's clauses."""
    from matplotlib.patches import Rectangle

    ticks: list[tuple[float, str]] = []
    for block, (id, name) in enumerate(names.items()):
        top = block * (len(DOERS) + 1.4)
        total = sum(len(ids) for key, ids in cells.items() if key[0] == id) or 1
        axes.text(-0.5, top - 0.65, name, ha="left", va="center", weight="bold")
        for row, doer in enumerate(DOERS):
            ticks.append((top + row, doer))
            for column, modal in enumerate(modals):
                many = len(cells[id, doer, modal])
                cell = Rectangle(
                    (column - 0.48, top + row - 0.46),
                    0.96,
                    0.92,
                    facecolor=ink.paper,
                    edgecolor=ink.line,
                    linewidth=0.8,
                )
                axes.add_patch(cell)
                if not many:
                    continue
                shade = Rectangle(
                    (column - 0.48, top + row - 0.46),
                    0.96,
                    0.92,
                    facecolor=ink.tones[0],
                    alpha=0.12 + 0.5 * many / total,
                )
                shade.set_gid(f"mark-{filled.index((id, doer, modal))}")
                axes.add_patch(shade)
                axes.text(
                    column,
                    top + row,
                    f"{many}",
                    ha="center",
                    va="center",
                    weight="bold" if many / total > 0.1 else "normal",
                )
    axes.set_yticks([at for at, _ in ticks], [doer for _, doer in ticks])
    axes.set_xticks(range(len(modals)), modals)
    axes.xaxis.tick_top()
    axes.set(
        xlim=(-0.6, max(len(modals), 1) - 0.4), ylim=(len(names) * (len(DOERS) + 1.4) - 1.7, -1.1)
    )
    axes.tick_params(length=0)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
