"""Charts of the machine that codes: how well beside others, on each code, with how much tagged, across documents, and why.

Each function gives a :class:`~helpers.show.charts.Chart`, ``width`` inches wide. Its marks lead to the sentences that were
coded otherwise, or that a word stands in.
"""

import pandas as pd

from helpers.coding.classifier import Machine, looks_at
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.frames import Texts
from helpers.coding.trials import MACHINE, Trial
from helpers.corpus.documents import listed
from helpers.show.charts import Chart
from helpers.show.drawing import MARKERS, Bars, Dots, Key, Mark, Value
from helpers.show.frame_charts import INTERVAL
from helpers.show.wording import and_list, code_labels, cut, dashes, distinct, two_digits

F1 = "F1 (0: no code in common; 1: all codes the same)"
MOST_WORDS = 12  # that one chart of reasons has room for


def _figure(row: pd.Series, name: str, what: str = "") -> Value:
    """A figure of a table of scores, such as ``micro``; with ``what``, it leads to what was coded otherwise."""
    value, low, high = (float(row[each]) for each in (name, f"{name}_low", f"{name}_high"))
    many = f"coded otherwise {len(row['wrong'])} of {row['sentences']} sentences"
    mark = Mark(f"{what}, {name} F1 {value:.2f}: {many}", row["wrong"])
    text = f"{value:.2f} ({low:.2f}–{high:.2f})"
    return Value(value, low, high, text, mark if what and row["wrong"] else None)


def _dots(rows: dict[str, list[Value]], series: list[str], **how: bool) -> Dots:
    """A row for each name, and in it a dot with its interval for each series."""
    keys = [Key(name, nth, marker=True) for nth, name in enumerate(series)]
    values, tall = list(rows.values()), 0.2 * len(series) + 0.12
    panels, keys = {"": list(rows)}, [*keys, INTERVAL]
    return Dots(panels, keys, F1, (-0.03, 1.03), row=max(tall, 0.36), values=values, **how)


def scores_chart(trial: Trial, *, width: float = 8.0) -> Chart:
    """How well the machine codes, beside simpler ways and beside coders, in micro and macro F1.

    >>> from helpers import load_codings, load_corpus, try_machine
    >>> chart = scores_chart(try_machine(load_corpus(), load_codings("reference")))
    >>> len(chart.marks) == len(chart.table)
    True
    """
    table = trial.scores
    rows = {
        name: [_figure(row, "micro", name), _figure(row, "macro")] for name, row in table.iterrows()
    }
    simple = table[table["behind"].notna()].drop(index=MACHINE)
    best, own = simple["micro"].idxmax(), table.loc[MACHINE]
    apart = "do not overlap" if own["micro_low"] > simple["micro_high"].max() else "overlap"
    people = table[table["behind"].isna()]["micro"]
    said = (
        f"On {own['sentences']} sentences whose codes it had not seen, the machine has a micro F1 of {own['micro']:.2f} and the best "
        f"of the simpler ways ({best}) {simple.at[best, 'micro']:.2f}; their intervals {apart}."
    )
    if len(people):
        scores = and_list(f"{name} {micro:.2f}" for name, micro in people.items())
        said += f" Beside that, people or programs that read the codebook: {scores}."
    names = [
        f"{name}{end}" for name in ("micro", "macro", "behind") for end in ("", "_low", "_high")
    ]
    shown = dashes(table[[*names, "sentences"]].round(3))
    shown.columns = [
        name.replace("_", " ").replace("behind", "behind the machine") for name in shown
    ]
    series = ["micro F1 (each code given counts)", "macro F1 (each kind of code counts)"]
    title = f"How well the codes of “{cut(trial.coder)}” are found"
    return Chart(title, said, shown, _dots(rows, series), width)


def code_scores_chart(
    trial: Trial, *, codebook: Codebook | None = None, width: float = 8.0
) -> Chart:
    """How well the machine finds each code: F1 with its interval, precision and recall, and how often the code was tagged."""
    labels = code_labels(codebook or load_codebook())
    table, rows = trial.codes[trial.codes["coded"] + trial.codes["given"] > 0], {}
    for code, row in table.iterrows():
        mark = Mark(f"{labels[code]}: wrong in {len(row['wrong'])} sentences", row["wrong"])
        text = f"{row['f1']:.2f}, coded {row['coded']}"
        f1 = Value(row["f1"], row["low"], row["high"], text, mark if row["wrong"] else None)
        others = [Value(row[name]) for name in ("precision", "recall") if row[name] == row[name]]
        rows[labels[code]] = [f1, *others]
    order, few = table["f1"].sort_values(), table.index[table["coded"] < 10]
    lowest, highest = (f"{order.iloc[at]:.2f} (“{labels[order.index[at]]}”)" for at in (0, -1))
    said = (
        f"F1 runs from {lowest} to {highest}. "
        f"Codes tagged fewer than ten times, so that little can be said of them: {and_list(labels[code] for code in few) or 'none'}."
    )
    shown = dashes(table.drop(columns="wrong").round(2).rename(index=labels))
    series = [
        "F1",
        "precision: of what it gave, how much was coded so",
        "recall: of what was coded, how much it found",
    ]
    title = f"How well the machine finds each code of “{cut(trial.coder)}”"
    return Chart(title, said, shown, _dots(rows, series), width)


def across_chart(table: pd.DataFrame, corpus: Texts, *, width: float = 8.0) -> Chart:
    """What a machine knows in another document: a row for each way of teaching, a point for each document tested.

    ``table`` is that of :func:`helpers.coding.trials.across_documents`.
    """
    tested = set(table.index.get_level_values("tested"))
    titles = {each.id: each.about["short_title"] for each in listed(corpus, len(MARKERS))}
    names = {id: name for id, name in distinct(titles).items() if id in tested}
    ways, said = table.index.get_level_values("way").unique(), []
    rows = {
        way: [
            _figure(table.loc[(id, way)], "micro", f"{way}, tested on {name}")
            for id, name in names.items()
        ]
        for way in ways
    }
    told = {
        "all documents": "with all documents",
        "own words hidden": "with own words hidden",
        "other documents": "where only other documents were taught",
    }
    for id, name in names.items():
        own = [f"{table.at[(id, way), 'micro']:.2f} {told[way]}" for way in told if way in ways]
        said.append(f"on {name} {and_list(own)}")
    shown = table.drop(columns=["wrong", "macro", "macro_low", "macro_high"]).round(2)
    shown = shown.reset_index("tested")
    shown["tested"] = shown["tested"].map(names)
    shown = dashes(shown.rename(columns={"known": "percent of its codes that were taught"}))
    title = "Does it know the code, or the document? Taught with …"
    drawing = _dots(rows, [f"tested on {name}" for name in names.values()])
    return Chart(title, f"Micro F1: {'; '.join(said)}.", shown, drawing, width)


def learning_chart(curve: pd.DataFrame, *, width: float = 8.0) -> Chart:
    """How the machine does with more and more tagged sentences; ``curve`` is that of :func:`helpers.coding.trials.learning_curve`."""
    rows = {}
    for size, row in curve.iterrows():
        micro, macro = _figure(row, "micro", f"{size} tagged"), _figure(row, "macro")
        rows["the codebook alone" if size == 0 else f"{size} tagged"] = [micro, macro]
    first, last = curve.iloc[0], curve.iloc[-1]
    begins = "the codebook alone" if curve.index[0] == 0 else f"{curve.index[0]} tagged sentences"
    said = f"Micro F1 goes from {first['micro']:.2f} with {begins} to {last['micro']:.2f} with {curve.index[-1]}, macro F1 from "
    said += f"{first['macro']:.2f} to {last['macro']:.2f}. The same {last['sentences']} sentences are tested each time, never those taught."
    shown = curve.drop(columns="wrong").round(3).rename(columns=lambda name: name.replace("_", " "))
    drawing = _dots(rows, ["micro F1", "macro F1"], joined=True)
    return Chart("How much tagging is enough?", said, shown, drawing, width)


def why_chart(
    machine: Machine,
    sentence: str,
    code: str = "",
    *,
    codebook: Codebook | None = None,
    width: float = 8.0,
) -> Chart:
    """Which words, grammar and neighbours moved the machine's decision about a sentence, for a code or against it.

    ``code`` left out is the one with the highest score. A mark leads to the sentences that have the word: this
    one, and those that were taught.
    """
    scores = machine.scores(sentence).iloc[0]
    code = code or str(scores.idxmax())
    why, label = (
        machine.why(sentence, code)["added"],
        code_labels(codebook or machine.codebook)[code],
    )
    behind = looks_at(machine.corpus, sorted(machine.taught | {sentence}))
    values, names = [], []
    for (kind, what), added in why.head(MOST_WORDS).items():
        name = {"word": f"“{what}”", "grammar": f"grammar: {what}"}.get(kind, f"nearby: “{what}”")
        column = {"word": "words", "neighbour": "neighbours"}.get(kind, kind)
        ids = tuple(id for id, each in behind[column].items() if what in each)
        mark = Mark(f"{name}: {two_digits(added, '+')}", ids)
        names.append(name)
        values.append(Value(added, text=two_digits(added, "+"), mark=mark))
    rest = float(why.iloc[MOST_WORDS:].sum())
    strong = and_list(mark.label.replace(": ", " ") for mark in [v.mark for v in values[:3]])
    values.append(Value(rest, text=two_digits(rest, "+")))
    names.append("everything else")
    given = "is" if code in machine.suggest(sentence)["codes"].iloc[0] else "is not"
    said = f"The machine's score of “{label}” for {sentence} is {scores[code]:.2f}, and the code {given} given. "
    said += f"What moved it most: {strong}."
    if sentence in machine.taught:
        said += " It was taught this very sentence."
    added = [round(value.value, 3) for value in values]
    shown = pd.DataFrame({"added": added}, index=names).rename_axis("what")
    keys = [Key("adds to the score", 0, bar=True), Key("takes away from it", 1, bar=True)]
    sides = [[value, None] if value.value >= 0 else [None, value] for value in values]
    axis, panels = f"added to the score of {label}", {"": list(map(cut, names))}
    drawing = Bars(panels, keys, axis, values=sides, over=True, lines={0: ""})
    title = f"Why “{label}” for {sentence}? Score {scores[code]:.2f}"
    return Chart(title, said, shown, drawing, width)
