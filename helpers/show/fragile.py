"""The fragility panel: claims about two documents, counted in every reasonable way, and which of them flip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpers.corpus.documents import Corpus
from helpers.show.charts import HATCHES, Chart, Ink, Mark
from helpers.show.explorer import Explorer, explore
from helpers.words.comparison import SWITCHES, fragility
from helpers.words.counts import word_rates

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_SWITCHES: dict[str, tuple[str, dict[str, Any]]] = {
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


def fragility_chart(
    corpus: Corpus, claims: Sequence[str], *, width: float = 8.0, **switches: Any
) -> Chart:
    """Draw, for each claim, in how many ways of counting it favours each of two documents, and what one way says.

    ``claims`` are queries; ``switches`` are those of :func:`helpers.words.comparison.fragility`. A diamond marks the
    verdict of the way that is set.
    """
    return _chart(corpus, {claim: fragility(corpus, claim) for claim in claims}, switches, width)


def _chart(
    corpus: Corpus, tables: dict[str, pd.DataFrame], switches: dict[str, Any], width: float
) -> Chart:
    """The chart from the tables of all ways, one for each claim."""
    names = [document.about["short_title"] for document in corpus.documents]
    verdicts = {
        "first": f"more in {names[0]}",
        "cannot tell": "cannot tell",
        "second": f"more in {names[1]}",
    }
    usual = {name: settings[0] for name, settings in SWITCHES.items()} | switches
    now = {
        claim: table[(table[list(usual)] == list(usual.values())).all(axis=1)].iloc[0]
        for claim, table in tables.items()
    }
    flips = {
        claim: int((table["verdict"] != now[claim]["verdict"]).sum())
        for claim, table in tables.items()
    }
    many = len(next(iter(tables.values()), ()))
    marks = []
    for claim, row in now.items():
        found = word_rates(corpus, claim, lemma=usual["lemma"], case=usual["case"])["sentences"]
        hits = f"{row['count_1']} to {row['count_2']} hits; another verdict in {flips[claim]} of {many} ways"
        marks.append(
            Mark(
                f"{claim}: {verdicts[row['verdict']]}, {hits}",
                tuple(dict.fromkeys(id for ids in found for id in ids)),
            )
        )
    said = "; ".join(
        f"“{claim}” {verdicts[row['verdict']]} ({flips[claim]} of {many} ways say otherwise)"
        for claim, row in now.items()
    )
    order = {
        claim: [int((table["verdict"] == verdict).sum()) for verdict in verdicts]
        for claim, table in tables.items()
    }
    chosen = {claim: list(verdicts).index(row["verdict"]) for claim, row in now.items()}

    def draw(axes: Axes, ink: Ink) -> None:
        _ways(axes, ink, order, chosen, list(verdicts.values()))

    shown = _rows(now, flips, names, verdicts)
    size = (width, 1.5 + 0.55 * len(tables))
    return Chart(
        draw,
        size,
        f"By the way of counting that is set: {said}.",
        shown,
        "Which claims hold, however one counts?",
        marks,
    )


def _rows(
    now: dict[str, pd.Series], flips: dict[str, int], names: list[str], verdicts: dict[str, str]
) -> pd.DataFrame:
    """What the way that is set says of each claim, as a table."""
    import pandas as pd

    cells = {
        claim: (
            verdicts[row["verdict"]],
            row["count_1"],
            row["count_2"],
            round(row["per_1000_1"], 2),
            round(row["per_1000_2"], 2),
            flips[claim],
        )
        for claim, row in now.items()
    }
    columns = [
        "verdict",
        *(f"hits, {name}" for name in names),
        *(f"per 1,000, {name}" for name in names),
        "ways with another verdict",
    ]
    return pd.DataFrame.from_dict(cells, orient="index", columns=columns).rename_axis("claim about")


def _ways(
    axes: Axes, ink: Ink, order: dict[str, list[int]], chosen: dict[str, int], labels: list[str]
) -> None:
    """A bar for each claim, parted by verdict, with a diamond in the part of the way that is set."""
    tones = (ink.tones[0], ink.line, ink.tones[1])
    for number, label in enumerate(labels):
        left = [sum(counts[:number]) for counts in order.values()]
        widths = [counts[number] for counts in order.values()]
        axes.barh(
            list(order),
            widths,
            left=left,
            color=tones[number],
            hatch=HATCHES[number],
            label=label,
            height=0.55,
        )
    for row, (claim, counts) in enumerate(order.items()):
        middle = sum(counts[: chosen[claim]]) + counts[chosen[claim]] / 2
        axes.plot(
            [middle],
            [row],
            "D",
            color=ink.paper,
            markeredgecolor=ink.ink,
            markeredgewidth=1.6,
            markersize=9,
        )
        (whole,) = axes.barh([row], [sum(counts)], height=0.55, facecolor="none")
        whole.set_gid(f"mark-{row}")
    axes.set(
        ylim=(len(order) - 0.5, -0.5), xlabel="ways of counting; the diamond is the way that is set"
    )
    axes.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, fontsize=10)


def fragility_panel(corpus: Corpus, claims: Sequence[str]) -> Explorer:
    """Show claims with a switch for each decision in counting: which of them flip?

    A claim is a query, such as ``"wage"``: it stands relatively more often in one of the two documents.

    >>> from helpers import load_corpus
    >>> fragility_panel(load_corpus(), ["worker*", "wage"]).shown["rows"][1][1]
    'more in Kim Jong Un, letter of 2021'
    """

    tables = {claim: fragility(corpus, claim) for claim in claims}

    def make(**chosen: str) -> Chart:
        settings = {_SWITCHES[name][0]: _SWITCHES[name][1][value] for name, value in chosen.items()}
        return _chart(corpus, tables, settings, 8.0)

    return explore(make, corpus, **{name: list(values) for name, (_, values) in _SWITCHES.items()})
