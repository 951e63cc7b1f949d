"""Charts of the machine that codes: how well beside others, on each code, with how much tagged, across documents, and why.

Each function gives a :class:`~helpers.show.charts.Chart`, ``width`` inches wide. Its marks lead to the sentences that were
coded otherwise, or that a word stands in.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from helpers.coding.classifier import CLASSIFIER, Classifier, Evaluation
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.reliability import Texts
from helpers.show.charts import HATCHES, Chart, Ink, Mark
from helpers.show.frames import (
    _MARKERS,
    _chart,
    _cut,
    _dashes,
    _labels,
    _lanes,
    _listed,
    _names,
    _plain,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_F1 = "F1 (0: no code in common; 1: all codes the same)"
_MOST_WORDS = 12  # that one chart of reasons has room for


class _Dot(NamedTuple):
    """A figure with its interval, the words beside it, and the sentences behind it."""

    value: float
    low: float = math.nan
    high: float = math.nan
    text: str = ""
    mark: Mark | None = None


def _figure(row: pd.Series, name: str, what: str, wrong: bool = True) -> _Dot:
    """A figure of a table of scores, such as ``micro``."""
    value, low, high = (float(row[each]) for each in (name, f"{name}_low", f"{name}_high"))
    many = f"coded otherwise {len(row['wrong'])} of {row['sentences']} sentences"
    mark = (
        Mark(f"{what}, {name} F1 {value:.2f}: {many}", row["wrong"])
        if wrong and row["wrong"]
        else None
    )
    return _Dot(value, low, high, f"{value:.2f} ({low:.2f}–{high:.2f})", mark)


def scores_chart(trial: Evaluation, *, width: float = 8.0) -> Chart:
    """How well the machine codes, beside simpler ways and beside coders, in micro and macro F1.

    >>> from helpers import cross_validate, load_codings, load_corpus
    >>> chart = scores_chart(cross_validate(load_corpus(), load_codings("reference")))
    >>> len(chart.marks) == len(chart.table)
    True
    """
    table = trial.scores
    rows = {
        name: {
            "micro F1 (each code given counts)": _figure(row, "micro", name),
            "macro F1 (each kind of code counts)": _figure(row, "macro", name, False),
        }
        for name, row in table.iterrows()
    }
    simple = table[table["behind"].notna()].drop(index=CLASSIFIER)
    best, own = simple["micro"].idxmax(), table.loc[CLASSIFIER]
    apart = "do not overlap" if own["micro_low"] > simple["micro_high"].max() else "overlap"
    people = [
        f"{name} {row['micro']:.2f}" for name, row in table[table["behind"].isna()].iterrows()
    ]
    said = (
        f"On {own['sentences']} sentences whose codes it had not seen, the machine has a micro F1 of {own['micro']:.2f} and the best "
        f"of the simpler ways ({best}) {simple.at[best, 'micro']:.2f}; their intervals {apart}."
    )
    said += (
        f" Beside that, people or programs that read the codebook: {_listed(people)}."
        if people
        else ""
    )
    names = [
        "micro",
        "micro_low",
        "micro_high",
        "macro",
        "macro_low",
        "macro_high",
        "behind",
        "behind_low",
        "behind_high",
        "sentences",
    ]
    shown = _dashes(table[names].round(3)).rename(
        columns=lambda name: name.replace("_", " ").replace("behind", "behind the machine")
    )
    return _dots(rows, f"How well the codes of “{_cut(trial.coder)}” are found", said, shown, width)


def code_scores_chart(
    trial: Evaluation, *, codebook: Codebook | None = None, width: float = 8.0
) -> Chart:
    """How well the machine finds each code: F1 with its interval, precision and recall, and how often the code was tagged."""
    labels = _labels(codebook or load_codebook())
    table, rows = trial.codes[trial.codes["coded"] + trial.codes["given"] > 0], {}
    for code, row in table.iterrows():
        mark = (
            Mark(f"{labels[code]}: wrong in {len(row['wrong'])} sentences", row["wrong"])
            if row["wrong"]
            else None
        )
        text = f"{row['f1']:.2f}, coded {row['coded']}"
        rows[labels[code]] = {
            "F1": _Dot(row["f1"], row["low"], row["high"], text, mark),
            "precision: of what it gave, how much was coded so": _Dot(row["precision"]),
            "recall: of what was coded, how much it found": _Dot(row["recall"]),
        }
    order, few = table["f1"].sort_values(), table[table["coded"] < 10]
    said = (
        f"F1 runs from {order.iloc[0]:.2f} (“{labels[order.index[0]]}”) to {order.iloc[-1]:.2f} (“{labels[order.index[-1]]}”). "
        f"Codes tagged fewer than ten times, so that little can be said of them: {_listed(labels[code] for code in few.index) or 'none'}."
    )
    shown = _dashes(table.drop(columns="wrong").round(2).rename(index=labels))
    return _dots(
        rows, f"How well the machine finds each code of “{_cut(trial.coder)}”", said, shown, width
    )


def across_chart(table: pd.DataFrame, corpus: Texts, *, width: float = 8.0) -> Chart:
    """What a machine knows in another document: a row for each way of teaching, a point for each document tested.

    ``table`` is that of :func:`helpers.coding.classifier.across_documents`.
    """
    names = {
        id: name
        for id, name in _names(corpus).items()
        if id in table.index.get_level_values("tested")
    }
    ways = table.index.get_level_values("way").unique()
    rows = {
        way: {
            f"tested on {name}": _figure(table.loc[(id, way)], "micro", f"{way}, tested on {name}")
            for id, name in names.items()
        }
        for way in ways
    }
    said = []
    for id, name in names.items():
        own = [
            f"{table.at[(id, way), 'micro']:.2f} with {way}"
            for way in ways
            if way in ("all documents", "own words hidden")
        ]
        own += [
            f"{table.at[(id, way), 'micro']:.2f} where only other documents were taught"
            for way in ways
            if way == "other documents"
        ]
        said.append(f"on {name} {_listed(own)}")
    shown = (
        table.drop(columns=["wrong", "macro", "macro_low", "macro_high"])
        .round(2)
        .reset_index("tested")
    )
    shown = shown.assign(tested=shown["tested"].map(names)).rename(
        columns={"known": "percent of its codes that were taught"}
    )
    return _dots(
        rows,
        "Does it know the code, or the document? Taught with …",
        f"Micro F1: {'; '.join(said)}.",
        _dashes(shown),
        width,
    )


def _dots(
    rows: Mapping[str, Mapping[str, _Dot]], title: str, said: str, shown: pd.DataFrame, width: float
) -> Chart:
    """A row for each name, and in it a point with its interval for each series; series are told apart by tone and marker."""
    series = list(next(iter(rows.values())))
    marks = [dot.mark for row in rows.values() for dot in row.values() if dot.mark]
    beside = sum(any(row[name].text for row in rows.values()) for name in series)

    def legend(ink: Ink) -> list[tuple[Any, str]]:
        from matplotlib.lines import Line2D

        line = Line2D([], [], color=ink.ink, linewidth=2)
        points = [(Line2D([], [], **_point(nth, ink)), name) for nth, name in enumerate(series)]
        return [*points, (line, "95 % interval, whole paragraphs drawn anew")]

    def paint(axes: Axes, ink: Ink) -> None:
        right = axes.get_yaxis_transform()
        for place, row in enumerate(rows.values()):
            for nth, dot in enumerate(row.values()):
                y = place + 0.8 * ((nth + 0.5) / len(series) - 0.5)
                axes.plot([dot.low, dot.high], [y, y], color=ink.tones[nth % 4], linewidth=2)
                if dot.value == dot.value:
                    gid = f"mark-{marks.index(dot.mark)}" if dot.mark else None
                    axes.plot([dot.value], [y], **_point(nth, ink), gid=gid)
                if dot.text:
                    axes.text(1.02, y, dot.text, transform=right, va="center", fontsize=9.5)
        _lanes(axes, ink, range(len(rows)), rows)
        axes.set_xlim(-0.03, 1.03)
        axes.set_xlabel(_F1, fontsize=10)

    size = (
        width,
        1.8 + 0.2 * len(series) + len(rows) * (0.12 + 0.2 * max(beside, len(series) - 1, 1)),
    )
    return _chart(paint, size, said, shown, title, marks, legend)


def _point(nth: int, ink: Ink) -> dict[str, Any]:
    """The look of the points of a series."""
    return {
        "marker": _MARKERS[nth % 6],
        "color": ink.tones[nth % 4],
        "markersize": 8,
        "linestyle": "",
    }


def learning_chart(curve: pd.DataFrame, *, width: float = 8.0) -> Chart:
    """How the machine does with more and more tagged sentences; ``curve`` is that of :func:`helpers.coding.classifier.learning_curve`."""
    sizes = list(curve.index)
    marks = [
        Mark(f"{size} tagged: coded otherwise {len(wrong)} of {many} sentences", wrong)
        for size, wrong, many in zip(sizes, curve["wrong"], curve["sentences"], strict=True)
        if wrong
    ]
    first, last = curve.iloc[0], curve.iloc[-1]
    begins = "the codebook alone" if sizes[0] == 0 else f"{sizes[0]} tagged sentences"
    said = f"Micro F1 goes from {first['micro']:.2f} with {begins} to {last['micro']:.2f} with {sizes[-1]}, macro F1 from "
    said += f"{first['macro']:.2f} to {last['macro']:.2f}. The same {last['sentences']} sentences are tested each time, never those taught."

    def legend(ink: Ink) -> list[tuple[Any, str]]:
        from matplotlib.lines import Line2D

        lines = [
            (Line2D([], [], **_point(nth, ink) | {"linestyle": style}), f"{name} F1")
            for nth, (name, style) in enumerate(series)
        ]
        return [
            *lines,
            (
                Line2D([], [], color=ink.ink, linewidth=2),
                "95 % interval, whole paragraphs drawn anew",
            ),
        ]

    series = [("micro", "-"), ("macro", ":")]

    def paint(axes: Axes, ink: Ink) -> None:
        for nth, (name, style) in enumerate(series):
            places = [place + 0.12 * nth for place in range(len(sizes))]
            axes.plot(places, curve[name], color=ink.tones[nth], linestyle=style, linewidth=1.5)
            for place, size, (_, row) in zip(places, sizes, curve.iterrows(), strict=True):
                axes.plot(
                    [place, place],
                    [row[f"{name}_low"], row[f"{name}_high"]],
                    color=ink.tones[nth],
                    linewidth=2,
                )
                number = next(
                    (
                        n
                        for n, mark in enumerate(marks)
                        if mark.label.startswith(f"{size} tagged") and not nth
                    ),
                    None,
                )
                axes.plot(
                    [place],
                    [row[name]],
                    **_point(nth, ink),
                    gid=None if number is None else f"mark-{number}",
                )
        axes.set_xticks(
            range(len(sizes)), ["0: codebook" if size == 0 else str(size) for size in sizes]
        )
        axes.set(
            ylim=(0, 1.02),
            xlim=(-0.4, len(sizes) - 0.5),
            xlabel="tagged sentences to learn from (the steps are not even)",
        )
        axes.set_ylabel("F1")

    shown = curve.drop(columns="wrong").round(3).rename(columns=lambda name: name.replace("_", " "))
    return _chart(paint, (width, 4.6), said, shown, "How much tagging is enough?", marks, legend)


def why_chart(
    classifier: Classifier,
    sentence: str,
    code: str = "",
    *,
    codebook: Codebook | None = None,
    width: float = 8.0,
) -> Chart:
    """Which words, in the sentence and nearby, moved the machine's decision about a sentence, for a code or against it.

    ``code`` left out is the one with the highest score. A mark leads to the sentences that have the word: this
    one, and those that were taught.
    """
    import pandas as pd

    scores = classifier.scores([sentence]).iloc[0]
    code = code or str(scores.idxmax())
    label = _labels(codebook or classifier.codebook)[code]
    why = classifier.why(sentence, code)
    shown, rest = why["added"].head(_MOST_WORDS), float(why["added"].iloc[_MOST_WORDS:].sum())
    names = [f"“{what}”" if kind == "word" else f"nearby: “{what}”" for kind, what in shown.index]
    marks = [
        Mark(f"{name}: {_signed(value)}", ids)
        for name, value, ids in zip(names, shown, why["ids"].head(_MOST_WORDS), strict=True)
    ]
    given = "is" if code in classifier.suggest([sentence])["codes"].iloc[0] else "is not"
    said = f"The machine's score of “{label}” for {sentence} is {scores[code]:.2f}, and the code {given} given. "
    strong = [f"{name} {_signed(value)}" for name, value in zip(names[:3], shown, strict=False)]
    said += f"What moved it most: {_listed(strong)}." + (
        " It was taught this very sentence." if sentence in classifier.taught else ""
    )
    values = [*shown, rest]

    def legend(ink: Ink) -> list[tuple[Any, str]]:
        from matplotlib.patches import Patch

        return [
            (Patch(facecolor=ink.tones[n], hatch=HATCHES[n]), text)
            for n, text in enumerate(("adds to the score", "takes away from it"))
        ]

    def paint(axes: Axes, ink: Ink) -> None:
        for place, value in enumerate(values):
            side = int(value < 0)
            (bar,) = axes.barh(place, value, 0.72, color=ink.tones[side], hatch=HATCHES[side])
            if place < len(marks):
                bar.set_gid(f"mark-{place}")
            axes.text(
                1.02,
                place,
                _signed(value),
                transform=axes.get_yaxis_transform(),
                va="center",
                fontsize=9.5,
            )
        axes.axvline(0, color=ink.ink, linewidth=1)
        _lanes(axes, ink, range(len(values)), [*map(_cut, names), "everything else"])
        axes.set_xlabel(f"added to the score of {_plain(label)}", fontsize=10)

    table = pd.DataFrame(
        {"added": [round(value, 3) for value in values]}, index=[*names, "everything else"]
    ).rename_axis("what")
    return _chart(
        paint,
        (width, 1.9 + 0.3 * len(values)),
        said,
        table,
        f"Why “{label}” for {sentence}? Score {scores[code]:.2f}",
        marks,
        legend,
    )


def _signed(value: float) -> str:
    """A number with its sign, and no -0.00."""
    return f"{round(value, 2) + 0:+.2f}"
