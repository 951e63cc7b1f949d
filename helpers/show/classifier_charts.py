"""Charts of the machine that codes: how well beside others, on each code, with how much tagged, across documents, and why.

Each function gives a :class:`~helpers.show.charts.Chart`. Its marks lead to the sentences that were
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
from helpers.show.wording import TEXTS, and_list, code_labels, cut, dashes, titles, two_digits

MOST_WORDS = 12  # that one chart of reasons has room for


def _figure(row: pd.Series, name: str, what: str = "") -> Value:
    """A figure of a table of scores, such as ``micro``; with ``what``, it leads to what was coded otherwise."""
    value, low, high = (float(row[each]) for each in (name, f"{name}_low", f"{name}_high"))
    counts = {"value": value, "many": len(row["wrong"]), "all": row["sentences"]}
    label = TEXTS["scores"]["mark"].format(what=what, name=name, **counts)
    mark = Mark(label, row["wrong"]) if what and row["wrong"] else None
    return Value(value, low, high, f"{value:.2f} ({low:.2f}–{high:.2f})", mark)


def _dots(rows: dict[str, list[Value]], series: list[str], joined: bool = False) -> Dots:
    """A row for each name, and in it a dot with its interval for each series."""
    keys = [Key(name, nth, marker=True) for nth, name in enumerate(series)]
    values, tall = list(rows.values()), max(0.2 * len(series) + 0.12, 0.36)
    how = {"limits": (-0.03, 1.03), "row": tall, "values": values, "joined": joined}
    return Dots({"": list(rows)}, [*keys, INTERVAL], TEXTS["scores"]["axis"], **how)


def scores_chart(trial: Trial) -> Chart:
    """How well the machine codes, beside simpler ways and beside coders, in micro and macro F1.

    >>> from helpers import load_codings, load_corpus, try_machine
    >>> chart = scores_chart(try_machine(load_corpus(), load_codings("reference")))
    >>> len(chart.marks) == len(chart.table)
    True
    """
    say, table, rows = TEXTS["scores"], trial.scores, {}
    for name, row in table.iterrows():
        rows[name] = [_figure(row, "micro", name), _figure(row, "macro")]
    simple, people = table[table["behind"].notna()], table["micro"][table["behind"].isna()]
    simple, own = simple.drop(index=MACHINE), table.loc[MACHINE]
    best, apart = simple["micro"].idxmax(), own["micro_low"] > simple["micro_high"].max()
    counts = {"sentences": own["sentences"], "own": own["micro"], "best": best}
    overlap = "do not overlap" if apart else "overlap"
    said = say["said"].format(micro=simple["micro"].max(), overlap=overlap, **counts)
    if len(people):
        each = and_list(f"{name} {micro:.2f}" for name, micro in people.items())
        said += say["people"].format(each=each)
    names = [
        f"{name}{end}" for name in ("micro", "macro", "behind") for end in ("", "_low", "_high")
    ]
    heads = {each: each.replace("_", " ").replace("behind", "behind the machine") for each in names}
    shown = dashes(table[[*names, "sentences"]]).rename(columns=heads)
    return Chart(
        say["title"].format(coder=cut(trial.coder)), said, shown, _dots(rows, say["series"])
    )


def code_scores_chart(trial: Trial, codebook: Codebook | None = None) -> Chart:
    """How well the machine finds each code: F1 with its interval, precision and recall, and how often the code was tagged."""
    say, labels, rows = TEXTS["code_scores"], code_labels(codebook or load_codebook()), {}
    table = trial.codes[trial.codes["coded"] + trial.codes["given"] > 0]
    for code, row in table.iterrows():
        label = f"{labels[code]}: wrong in {len(row['wrong'])} sentences"
        mark, text = Mark(label, row["wrong"]), f"{row['f1']:.2f}, coded {row['coded']}"
        f1 = Value(row["f1"], row["low"], row["high"], text, mark if row["wrong"] else None)
        others = [Value(row[name]) for name in ("precision", "recall")]
        rows[labels[code]] = [f1, *(each if each.value == each.value else None for each in others)]
    order = table["f1"].sort_values().iloc[[0, -1]]
    lowest, highest = (f"{value:.2f} (“{labels[code]}”)" for code, value in order.items())
    few = and_list(labels[code] for code in table.index[table["coded"] < 10]) or "none"
    said = say["said"].format(lowest=lowest, highest=highest, few=few)
    shown = dashes(table.drop(columns="wrong").rename(index=labels), 2)
    return Chart(
        say["title"].format(coder=cut(trial.coder)), said, shown, _dots(rows, say["series"])
    )


def across_chart(table: pd.DataFrame, corpus: Texts) -> Chart:
    """What a machine knows in another document: a row for each way of teaching, a point for each document tested.

    ``table`` is that of :func:`helpers.coding.trials.across_documents`.
    """
    say, tested = TEXTS["across"], set(table.index.get_level_values("tested"))
    names = titles(each for each in listed(corpus, len(MARKERS)) if each.id in tested)
    ways, rows, said = table.index.get_level_values("way").unique(), {}, []
    for way in ways:
        each = {id: f"{way}, tested on {name}" for id, name in names.items()}
        rows[way] = [_figure(table.loc[(id, way)], "micro", what) for id, what in each.items()]
    for id, name in names.items():
        own = [
            f"{table.at[(id, way), 'micro']:.2f} {say['ways'][way]}"
            for way in say["ways"]
            if way in ways
        ]
        said.append(f"on {name} {and_list(own)}")
    shown = table.drop(columns=["wrong", "macro", "macro_low", "macro_high"]).reset_index("tested")
    heads = {"known": "percent of its codes that were taught"}
    shown = dashes(shown.assign(tested=shown["tested"].map(names)).rename(columns=heads), 2)
    series = [f"tested on {name}" for name in names.values()]
    return Chart(say["title"], say["said"].format(each="; ".join(said)), shown, _dots(rows, series))


def learning_chart(curve: pd.DataFrame) -> Chart:
    """How the machine does with more and more tagged sentences; ``curve`` is that of :func:`helpers.coding.trials.learning_curve`."""
    say, rows, figures = TEXTS["learning"], {}, {}
    for size, row in curve.iterrows():
        micro, macro = _figure(row, "micro", f"{size} tagged"), _figure(row, "macro")
        rows[f"{size} tagged" if size else say["none"]] = [micro, macro]
    for at, nth in ((0, 1), (-1, 2)):
        figures |= {f"{name}_{nth}": curve[name].iloc[at] for name in ("micro", "macro")}
    begins = f"{curve.index[0]} tagged sentences" if curve.index[0] else say["none"]
    figures |= {"begins": begins, "ends": curve.index[-1], "sentences": curve["sentences"].iloc[-1]}
    heads = {name: name.replace("_", " ") for name in curve}
    shown = curve.drop(columns="wrong").round(3).rename(columns=heads)
    drawing = _dots(rows, say["series"], joined=True)
    return Chart(say["title"], say["said"].format(**figures), shown, drawing)


def why_chart(
    machine: Machine, sentence: str, code: str = "", codebook: Codebook | None = None
) -> Chart:
    """Which words, grammar and neighbours moved the machine's decision about a sentence, for a code or against it.

    ``code`` left out is the one with the highest score. A mark leads to the sentences that have the word: this
    one, and those that were taught.
    """
    say, scores = TEXTS["why"], machine.scores(sentence).iloc[0]
    code = code or str(scores.idxmax())
    why, behind = _why(machine, sentence, code), {}
    names, added = list(why["name"]), [*why["added"][:MOST_WORDS], why["added"][MOST_WORDS:].sum()]
    names = [*names[:MOST_WORDS], say["rest"]]
    texts = [two_digits(value, "+") for value in added]
    for name, text, ids in zip(names[:-1], texts, why["ids"], strict=False):
        behind[name] = Mark(f"{name}: {text}", ids)
    values = [
        Value(value, text=text, mark=behind.get(name))
        for name, value, text in zip(names, added, texts, strict=True)
    ]
    given = code in machine.suggest(sentence)["codes"].iloc[0]
    strong = and_list(f"{name} {text}" for name, text in zip(names[:3], texts, strict=False))
    what = {"label": code_labels(codebook or machine.codebook)[code], "sentence": sentence}
    what |= {"score": scores[code], "is": "is" if given else "is not", "strong": strong}
    said = say["said"].format(**what) + (say["taught"] if sentence in machine.taught else "")
    keys = [Key(text, nth, bar=True) for nth, text in enumerate(say["series"])]
    sides = [[value, None] if value.value >= 0 else [None, value] for value in values]
    panels, axis = {"": list(map(cut, names))}, say["axis"].format(**what)
    drawing = Bars(panels, keys, axis, values=sides, over=True, lines={0: ""})
    shown = pd.DataFrame({"added": added}, index=names).round(3).rename_axis("what")
    return Chart(say["title"].format(**what), said, shown, drawing)


def _why(machine: Machine, sentence: str, code: str) -> pd.DataFrame:
    """What moved a decision, the strongest first: its ``name``, what it ``added``, and the ``ids`` of sentences that have it."""
    why = machine.why(sentence, code)["added"]
    behind = looks_at(machine.corpus, sorted(machine.taught | {sentence}))
    columns, rows = {"word": "words", "neighbour": "neighbours", "grammar": "grammar"}, []
    for (kind, what), added in why.items():
        has = behind[columns[kind]]
        name = TEXTS["why"]["names"][kind].format(what=what)
        rows.append((name, added, tuple(id for id, each in has.items() if what in each)))
    return pd.DataFrame(rows, columns=["name", "added", "ids"])
