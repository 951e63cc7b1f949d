"""Charts of the machine that codes: how well beside others, on each code, where, and why.

Marks lead to the sentences that were coded otherwise, or that a word stands in.
"""

import pandas as pd

from helpers.coding.classifier import CLASSIFIER, Classifier, Evaluation
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.reliability import Texts
from helpers.corpus.documents import listed
from helpers.show.charts import Chart, make_chart
from helpers.show.drawing import MOST, Bar, Dot, Drawing, Key, Mark
from helpers.show.frame_charts import INTERVAL
from helpers.show.wording import TEXTS, and_list, code_labels, cut, dashes, titles, two_digits

MOST_WORDS = 12  # that one chart of reasons has room for


def _figure(at: tuple[int, int], row: pd.Series, name: str, what: str = "") -> Dot:
    """A figure of a table of scores; with ``what``, it leads to what was coded otherwise."""
    value, low, high = (float(row[each]) for each in (name, f"{name}_low", f"{name}_high"))
    words = {"value": value, "many": len(row["wrong"]), "all": row["sentences"]}
    label = TEXTS["scores"]["mark"].format(what=what, name=name, **words)
    mark = Mark(label, row["wrong"]) if what and row["wrong"] else None
    return Dot(*at, value, low, high, f"{value:.2f} ({low:.2f}–{high:.2f})", mark)


def _dots(rows: list[str], values: list[Dot], series: list[str]) -> Drawing:
    """A row for each name, and in it a dot with its interval for each series."""
    keys = [Key(name, nth, marker=True) for nth, name in enumerate(series)]
    many, axis = len(series), TEXTS["scores"]["axis"]
    how = {"limits": (-0.03, 1.03), "row": max(0.2 * many + 0.12, 0.36)}
    return Drawing({"": rows}, values, [*keys, INTERVAL], axis, series=many, **how)


def scores_chart(result: Evaluation) -> Chart:
    """How well the machine codes, beside simpler ways and beside coders, in micro and macro F1.

    >>> from helpers import cross_validate, load_codings, load_corpus
    >>> chart = scores_chart(cross_validate(load_corpus(), load_codings("reference")))
    >>> len(chart.marks) == len(chart.table)
    True
    """
    say, table, values = TEXTS["scores"], result.scores, []
    for at, (name, row) in enumerate(table.iterrows()):
        values += [_figure((at, 0), row, "micro", name), _figure((at, 1), row, "macro")]
    simple, people = table[table["behind"].notna()], table["micro"][table["behind"].isna()]
    simple, own = simple.drop(index=CLASSIFIER), table.loc[CLASSIFIER]
    apart = own["micro_low"] > simple["micro_high"].max()
    words = {"sentences": own["sentences"], "own": own["micro"], "coder": cut(result.coder)}
    words |= {"best": simple["micro"].idxmax(), "micro": simple["micro"].max()}
    words["overlap"] = "do not overlap" if apart else "overlap"
    each = and_list(f"{name} {micro:.2f}" for name, micro in people.items())
    words["people"] = say["beside"].format(each=each) if each else ""
    kinds = [
        f"{name}{end}" for name in ("micro", "macro", "behind") for end in ("", "_low", "_high")
    ]
    heads = {each: each.replace("_", " ").replace("behind", "behind the machine") for each in kinds}
    shown = dashes(table[[*kinds, "sentences"]]).rename(columns=heads)
    return make_chart("scores", shown, _dots(list(table.index), values, say["series"]), **words)


def code_scores_chart(result: Evaluation, codebook: Codebook | None = None) -> Chart:
    """How well the machine finds each code: F1, precision, recall, and how often it was tagged."""
    labels, values = code_labels(codebook or load_codebook()), []
    table = result.codes[result.codes["coded"] + result.codes["given"] > 0]
    for at, (code, row) in enumerate(table.iterrows()):
        label = f"{labels[code]}: wrong in {len(row['wrong'])} sentences"
        mark = Mark(label, row["wrong"]) if row["wrong"] else None
        text = f"{row['f1']:.2f}, coded {row['coded']}"
        values.append(Dot(at, 0, row["f1"], row["low"], row["high"], text, mark))
        others = enumerate(row[["precision", "recall"]], 1)
        values += [Dot(at, nth, value) for nth, value in others if value == value]
    order = table["f1"].sort_values().iloc[[0, -1]]
    lowest, highest = (f"{value:.2f} (“{labels[code]}”)" for code, value in order.items())
    few = and_list(labels[code] for code in table.index[table["coded"] < 10]) or "none"
    words = {"lowest": lowest, "highest": highest, "few": few, "coder": cut(result.coder)}
    shown = dashes(table.drop(columns="wrong").rename(index=labels), 2)
    drawing = _dots(list(shown.index), values, TEXTS["code_scores"]["series"])
    return make_chart("code_scores", shown, drawing, **words)


def across_chart(table: pd.DataFrame, corpus: Texts) -> Chart:
    """What a machine knows in another document: a row for each way of teaching it.

    ``table`` is that of :func:`helpers.coding.classifier.across_documents`.
    """
    said, tested = TEXTS["across"]["ways"], set(table.index.get_level_values("tested"))
    names = titles(each for each in listed(corpus, MOST) if each.id in tested)
    ways, values, each = list(table.index.get_level_values("way").unique()), [], []
    for nth, (id, name) in enumerate(names.items()):
        for at, way in enumerate(ways):
            what = f"{way}, tested on {name}"
            values.append(_figure((at, nth), table.loc[(id, way)], "micro", what))
        micro = table.loc[id, "micro"]
        own = and_list(f"{micro[way]:.2f} {words}" for way, words in said.items() if way in ways)
        each.append(f"on {name} {own}")
    values.sort(key=lambda value: value.row)
    shown = table.drop(columns=["wrong", "macro", "macro_low", "macro_high"]).reset_index("tested")
    heads = {"known": "percent of its codes that were taught"}
    shown = dashes(shown.assign(tested=shown["tested"].map(names)).rename(columns=heads), 2)
    drawing = _dots(ways, values, [f"tested on {name}" for name in names.values()])
    return make_chart("across", shown, drawing, each="; ".join(each))


def learning_chart(curve: pd.DataFrame) -> Chart:
    """How the machine does with more and more tagged sentences.

    ``curve`` is that of :func:`helpers.coding.classifier.learning_curve`.
    """
    say, rows, values = TEXTS["learning"], [], []
    for at, (size, row) in enumerate(curve.iterrows()):
        rows.append(f"{size} tagged" if size else say["none"])
        values.append(_figure((at, 0), row, "micro", f"{size} tagged"))
        values.append(_figure((at, 1), row, "macro"))
    words = {f"{name}_1": curve[name].iloc[0] for name in ("micro", "macro")}
    words |= {f"{name}_2": curve[name].iloc[-1] for name in ("micro", "macro")}
    first, last = curve.index[[0, -1]]
    words |= {"begins": f"{first} tagged sentences" if first else say["none"], "ends": last}
    heads = {name: name.replace("_", " ") for name in curve}
    shown = curve.drop(columns="wrong").round(3).rename(columns=heads)
    drawing = _dots(rows, values, say["series"])
    return make_chart("learning", shown, drawing, sentences=curve["sentences"].iloc[-1], **words)


def why_chart(
    classifier: Classifier, sentence: str, code: str = "", codebook: Codebook | None = None
) -> Chart:
    """Which words, in the sentence and nearby, moved the machine's decision about a sentence.

    ``code`` left out is the one with the highest score. A mark leads to the sentences that have
    the word: this one, and those that were taught.
    """
    say, scores, values = TEXTS["why"], classifier.scores([sentence]).iloc[0], []
    code = code or str(scores.idxmax())
    why, labels = classifier.why(sentence, code), code_labels(codebook or classifier.codebook)
    names = [say["names"][kind].format(what=what) for kind, what in why.index[:MOST_WORDS]]
    rows = list(zip(names, why["added"], why["ids"], strict=False))
    rows.append((say["rest"], why["added"][MOST_WORDS:].sum(), ()))
    for at, (name, added, ids) in enumerate(rows):
        text = two_digits(added, "+")
        mark = Mark(f"{name}: {text}", ids) if ids else None
        values.append(Bar(at, int(added < 0), added, text=text, mark=mark))
    given = code in classifier.suggest([sentence])["codes"].iloc[0]
    strong = and_list(f"{row[0]} {two_digits(row[1], '+')}" for row in rows[:3])
    words = {"label": labels[code], "sentence": sentence, "score": scores[code], "strong": strong}
    words |= {"is": "is" if given else "is not"}
    words["taught"] = say["this"] if sentence in classifier.taught else ""
    keys = [Key(text, nth, bar=True) for nth, text in enumerate(say["series"])]
    names, axis = [name for name, _, _ in rows], say["axis"].format(**words)
    drawing = Drawing({"": list(map(cut, names))}, values, keys, axis)
    shown = pd.DataFrame({"added": [added for _, added, _ in rows]}, index=names).round(3)
    return make_chart("why", shown.rename_axis("what"), drawing, **words)
