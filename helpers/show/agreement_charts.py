"""Charts of coders: how far two or many agree on each code, in pairs and with a reference, and what all gave to each sentence.

Each function gives a :class:`~helpers.show.charts.Chart`, ``width`` inches wide. Codings are tables as
:mod:`helpers.coding.codings` describes them. Agreement is not correctness, and coders stand in an order that is no ranking.
"""

import math
from collections.abc import Mapping
from itertools import combinations, pairwise

import numpy as np
import pandas as pd

from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.coders import (
    code_shares,
    grid,
    group_agreement,
    pair_agreement,
    reference_agreement,
)
from helpers.coding.frames import NOT_CODED, Texts
from helpers.coding.reliability import Agreement
from helpers.corpus.documents import Corpus, listed
from helpers.corpus.errors import UnionError
from helpers.show.charts import Chart
from helpers.show.drawing import (
    Cell,
    Cells,
    Dots,
    Drawing,
    Key,
    Lanes,
    Mark,
    Stripe,
    Value,
    inches,
)
from helpers.show.frame_charts import ALONG, NOTHING, Series, coded_series
from helpers.show.wording import (
    alpha_text,
    and_list,
    code_labels,
    cut,
    dashes,
    distinct,
    in_these,
    two_digits,
)

ALL = {"code sets": "All codes together"}
CONVENTIONS = {0.667: "convention: .667 ", 0.8: " .800"}
NAMES_AN_INCH, MOST_NUMBERS = 5, 14  # coders whose pairs can be named and chosen, and have numbers
FIGURES = {
    "value": "alpha",
    "low": "low",
    "high": "high",
    "n": "sentences",
    "percent": "percent the same",
    "note": "note",
}


def _alphas(
    title: str,
    said: str,
    table: pd.DataFrame,
    shown: pd.DataFrame,
    ids: Mapping[str, tuple[str, tuple[str, ...]]],
    lines: Mapping[float, str],
    width: float,
) -> Chart:
    """A dot with its interval for each alpha; ``ids`` has a label and the sentences behind the rows that can be chosen."""
    values = []
    for of, row in table.iterrows():
        known = row["value"] == row["value"]
        text = two_digits(row["value"]) if known else "undefined"
        mark = Mark(*ids[of]) if of in ids and ids[of][1] else None
        values.append([Value(row["value"], row["low"], row["high"], text, mark)])
    limits = (min(0, table["low"].min(), table["value"].min()) - 0.03, 1.03)
    axis = "alpha (0: as by chance; 1: never apart)"
    panels = {"": list(shown.index)}
    drawing = Dots(panels, (), axis, limits, values=values, lines=lines)
    return Chart(title, said, shown, drawing, width)


def _unknown(title: str, said: str, shown: pd.DataFrame, width: float) -> Chart:
    return Chart(title, said, shown, Drawing(words=said), width)


def agreement_chart(
    result: Agreement,
    first: pd.DataFrame | None = None,
    second: pd.DataFrame | None = None,
    *,
    codebook: Codebook | None = None,
    width: float = 8.0,
) -> Chart:
    """Krippendorff's alpha of each code, with intervals; with both tables of codings, marks lead to where the coders differ."""
    labels = ALL | code_labels(codebook or load_codebook())
    table = pd.concat([result.overall, result.codes]).xs("alpha", level="measure")
    table = table.loc[[of for of in labels if of in table.index]]
    shown = dashes(table.round(3).rename(index=labels).rename_axis("code"))
    title = f"Agreement of {and_list(map(cut, result.coders))} on each code: Krippendorff's alpha"
    known = table["value"].dropna().sort_values()
    if known.empty:
        said = f"Alpha is undefined for every code; sentences that both coded: {result.n}."
        return _unknown(title, said, shown, width)
    lowest, highest, same = known.iloc[0], known.iloc[-1], (known == 1).sum()
    unknown = and_list(labels[of] for of in table.index if of not in known) or "no code"
    said = f"On {result.n} sentences that both coded, alpha runs from {lowest:.2f} (“{labels[known.index[0]]}”) to {highest:.2f}"
    said += f"; it is undefined for {unknown}."
    if same:
        said += f" On {same} of these {len(table)} the coders never differ: there the interval says too little."
    differing = {} if first is None or second is None else _differing(first, second)
    ids = {}
    for of in table.index:
        own = tuple(id for id, codes in differing.items() if of == "code sets" or of in codes)
        ids[of] = (f"{labels[of]}: the coders differ in {len(own)} of {result.n} sentences", own)
    return _alphas(title, said, table, shown, ids, CONVENTIONS, width)


def _differing(first: pd.DataFrame, second: pd.DataFrame) -> dict[str, set[str]]:
    """The sentences to which two coders gave other codes, with the codes that one alone gave."""
    other = dict(zip(second["sentence"], map(set, second["codes"]), strict=True))
    one = dict(zip(first["sentence"], map(set, first["codes"]), strict=True))
    return {id: one[id] ^ other[id] for id in one if id in other and one[id] != other[id]}


def group_chart(
    codings: pd.DataFrame,
    corpus: Corpus | None = None,
    *,
    codebook: Codebook | None = None,
    width: float = 8.0,
) -> Chart:
    """Krippendorff's alpha of all coders together on each code, with intervals; marks lead to the sentences they differ on.

    >>> from helpers import load_codings
    >>> import pandas as pd
    >>> group_chart(pd.concat([load_codings("coder-1"), load_codings("coder-2")])).marks[0].label
    'All codes together: not all coders alike in 8 of 172 sentences'
    """
    labels = ALL | code_labels(codebook or load_codebook())
    table, many = group_agreement(codings, corpus, codebook), codings["coder"].nunique()
    table = table.loc[list(labels)]
    shown = table[["value", "low", "high", "n", "coders", "note"]].round(3).rename(index=labels)
    heads = {"value": "alpha", "n": "sentences", "coders": "coders who used it"}
    shown = dashes(shown.rename_axis("code")).rename(columns=heads)
    title = f"Agreement of {many} coders on each code: Krippendorff's alpha"
    known = table["value"].drop("code sets").dropna().sort_values()
    if known.empty:
        said = "Alpha is undefined for every code: too few sentences were coded by two coders."
        return _unknown(title, said, shown, width)
    lowest, highest = (
        f"{two_digits(known.iloc[at])} (“{labels[known.index[at]]}”)" for at in (0, -1)
    )
    unknown = [labels[of] for of in labels if of not in known and of not in ALL]
    said = f"On {table['n'].max()} sentences that at least two of {many} coders coded, alpha runs from {lowest} to {highest}"
    said += f"; it is undefined for {and_list(unknown) or 'no code'}."
    ids = {
        of: (
            f"{labels[of]}: not all coders alike in {len(row['ids'])} of {row['n']} sentences",
            row["ids"],
        )
        for of, row in table.iterrows()
    }
    return _alphas(title, said, table, shown, ids, CONVENTIONS, width)


def reference_chart(
    codings: pd.DataFrame,
    reference: pd.DataFrame,
    corpus: Corpus | None = None,
    *,
    codebook: Codebook | None = None,
    width: float = 8.0,
) -> Chart:
    """Krippendorff's alpha of each coder with a reference, which is one more coding and no key; marks lead to where they differ.

    >>> from helpers import load_codings
    >>> reference_chart(load_codings("coder-1"), load_codings("reference")).marks[0].label
    'coder-1: otherwise than the reference in 4 of 172 sentences'
    """
    codebook, name = codebook or load_codebook(), "\0reference"
    table = reference_agreement(codings, reference, corpus, codebook)
    both = grid(pd.concat([reference.assign(coder=name), codings]), codebook)
    labels, ids = distinct({coder: coder for coder in table.index}), {}
    for coder in table.index:
        own, n = both.apart(name, coder), table.at[coder, "n"]
        said = f"{labels[coder]}: otherwise than the reference in {len(own)} of {n} sentences"
        ids[coder] = (said, own)
    shown = dashes(table[list(FIGURES)].round(3).rename(columns=FIGURES).rename(index=labels))
    title = "Each coder with the reference, which is one more coding and no key: Krippendorff's alpha over code sets"
    known = table["value"].dropna()
    if known.empty:
        return _unknown(title, "Alpha with the reference is undefined for everybody.", shown, width)
    said = f"Alpha with the reference, for {len(known)} of {len(table)} coders: {_half(known)}. The order is that of the names."
    said += " Who differs from the reference is not wrong by that."
    return _alphas(title, said, table, shown, ids, {}, width)


def _half(known: pd.Series) -> str:
    low, high = (two_digits(known.quantile(at)) for at in (0.25, 0.75))
    return f"half of them lie between {low} and {high}"


def pair_chart(
    codings: pd.DataFrame,
    corpus: Corpus | None = None,
    *,
    codebook: Codebook | None = None,
    width: float = 8.0,
) -> Chart:
    """Krippendorff's alpha of each two coders as a matrix, in which those who coded alike stand near each other.

    Up to 40 coders (for a width of 8) a cell can be chosen, and leads to the sentences on which the two differ; for more, the
    table counts pairs.

    >>> from helpers import load_codings
    >>> import pandas as pd
    >>> pair_chart(pd.concat([load_codings("coder-1"), load_codings("coder-2")])).marks[0].label
    'coder-1 and coder-2: alpha 0.96 (0.93 to 0.98) on 172 sentences'
    """
    codebook = codebook or load_codebook()
    table, found = pair_agreement(codings, corpus, codebook), grid(codings, codebook)
    coders = found.coders
    title = f"How far each two of {len(coders)} coders agree: Krippendorff's alpha over code sets"
    known, few = table["value"].dropna(), len(coders) <= NAMES_AN_INCH * width
    shown = _pairs_shown(table) if few else _bands(table["value"])
    if known.empty:
        return _unknown(title, "There are no two coders with an alpha.", shown, width)
    matrix = square(table["value"], coders)
    order, cells = neighbours(matrix), []
    deep = 0.38 if len(order) <= MOST_NUMBERS else 0.84  # so that a number can be read
    for column, row in combinations(range(len(order)), 2):
        one, other = (coders[at] for at in sorted((order[column], order[row])))
        figure, mark = table.loc[(one, other)], None
        if few and (ids := found.apart(one, other)):
            names = f"{cut(one)} and {cut(other)}"
            label = f"{names}: alpha {alpha_text(figure)} on {figure['n']} sentences"
            mark = Mark(label, ids)
        value = figure["value"]
        number = len(order) <= MOST_NUMBERS and value == value
        text = two_digits(value) if number else ""
        cells.append(Cell(row, column, text, _shade(value, deep), mark))
    said = f"Alpha of {len(known)} pairs: {_half(known)}. Whoever coded alike stands side by side, so that a dark block is a group"
    said += " with one reading; the order is no ranking."
    labels = distinct({coder: coder for coder in coders})
    names = [labels[coders[at]] if few else "" for at in order]
    keys = {math.nan: "undefined", 0: "0 or less: as by chance", 0.5: "0.5", 1: "1: never apart"}
    drawing = Cells(
        {"": names},
        [Key(text, shade=_shade(value, deep)) for value, text in keys.items()],
        row=min(0.5, (width - 0.4 - inches(names)) / len(names)),
        columns=names,
        cells=cells,
        turned=True,
    )
    return Chart(title, said, shown, drawing, width)


def _pairs_shown(table: pd.DataFrame) -> pd.DataFrame:
    shown = dashes(table[list(FIGURES)].round(3).rename(columns=FIGURES))
    return shown.reset_index("second").rename_axis("first")


def _bands(values: pd.Series) -> pd.DataFrame:
    """How many pairs have an alpha in each band."""
    known = values.dropna()
    counts, edges = np.histogram(known, [-1, *np.arange(0, 1.05, 0.1)])
    bands = [f"{low:.1f} to {high:.1f}" if low >= 0 else "below 0" for low, high in pairwise(edges)]
    pairs = [*counts, len(values) - len(known)]
    return pd.DataFrame({"alpha": [*bands, "undefined"], "pairs": pairs}).set_index("alpha")


def _shade(value: float, deep: float) -> float:
    """The shade of an alpha: the higher, the further from the paper."""
    return 0.0 if math.isnan(value) else 0.06 + deep * min(max(value, 0), 1)


def square(values: pd.Series, coders: list[str]) -> np.ndarray:
    """Pairs as a matrix, the same on both sides of its diagonal, which is NaN."""
    cells = np.full((len(coders), len(coders)), math.nan)
    places = {coder: place for place, coder in enumerate(coders)}
    for (one, other), value in values.items():
        cells[places[one], places[other]] = cells[places[other], places[one]] = value
    return cells


def neighbours(cells: np.ndarray) -> list[int]:
    """An order in which the alike stand near each other: that of the first principal axis of the matrix."""
    filled = np.where(np.isnan(cells), np.nanmean(cells), cells)
    np.fill_diagonal(filled, 1)
    centred = filled - filled.mean(axis=0) - filled.mean(axis=1)[:, None] + filled.mean()
    return np.argsort(np.linalg.eigh(centred)[1][:, -1], kind="stable").tolist()


def group_codeline(
    corpus: Texts, codings: pd.DataFrame, *, codebook: Codebook | None = None, width: float = 8.0
) -> Chart:
    """Each document from beginning to end: a lane for each code, and in it bars as high as the share who gave the sentence that code.

    >>> from helpers import load_codings, load_corpus
    >>> import pandas as pd
    >>> both = pd.concat([load_codings("coder-1"), load_codings("coder-2")])
    >>> group_codeline(load_corpus(), both).marks[0].label
    'Pay and conditions: kctu-007, 2 of 2 coders'
    """
    codebook, series = codebook or load_codebook(), coded_series(corpus, codings)
    shares, many = code_shares(codings, codebook), codings["coder"].nunique()
    known = {id for document in listed(corpus) for id in document.sentences.index}
    if unknown := set(shares.index) - known:
        raise UnionError(
            f"There is no sentence {min(unknown)!r} in the corpus: check the id, or leave its codings out."
        )
    labels, counts, shown = code_labels(codebook), {}, []
    for each in series:
        own = shares.reindex(each.document.sentences.index, fill_value=0)
        counts[each.name] = own.assign(**{NOT_CODED: many - own["n"]})
        for id, row in own.iterrows():
            given = row.drop("n").astype(int).sort_values(ascending=False, kind="stable")
            said = ", ".join(f"{labels[code]} {count}" for code, count in given.items() if count)
            shown.append((id, each.name, int(row["n"]), said or "–"))
    columns = ["sentence", "document", "coders", "codes, and how many gave them"]
    shown = pd.DataFrame(shown, columns=columns).set_index("sentence")
    title = f"Which codes {many} coders gave to each sentence. Full height: all who coded it"
    if not many:
        return Chart(title, NOTHING, shown, Drawing(words=NOTHING), width)
    if any(table[NOT_CODED].any() for table in counts.values()):
        labels[NOT_CODED] = NOT_CODED
    stripes = []
    for nth, each in enumerate(series):
        first = nth * len(labels)
        stripes += _shares_of(each, counts[each.name], labels, codebook, many, first)
    most = shares.drop(columns="n").max(axis=1)
    whole, half = int((most == shares["n"]).sum()), int((2 * most < shares["n"]).sum())
    said = f"{in_these(len(series))}, {many} coders gave codes to {len(shares)} sentences. In {whole} of them there is a code that all gave"
    said += f" who coded the sentence; in {half} no code was given by half of them."
    panels = {each.name: list(labels.values()) for each in series}
    drawing = Lanes(panels, axis=ALONG, row=0.27, stripes=stripes)
    return Chart(title, said, shown, drawing, width)


def _shares_of(
    each: Series,
    counts: pd.DataFrame,
    labels: dict[str, str],
    codebook: Codebook,
    many: int,
    first: int,
) -> list[Stripe]:
    """The bars of one document, whose lanes begin with row ``first``."""
    ends, stripes = each.document.sentences[["start", "end"]], []
    places = 100 * ends / max(len(each.document.text), 1)
    for lane, (code, label) in enumerate(labels.items()):
        colour = "" if code == NOT_CODED else codebook[code].colour
        for id, count in counts[code][counts[code] > 0].items():
            of = many if code == NOT_CODED else counts.at[id, "n"]
            mark = Mark(f"{label}: {id}, {count} of {of} coders", (id,))
            top = 0.88 * count / of - 0.44
            stripes.append(Stripe(first + lane, *places.loc[id], -0.44, top, colour, mark))
    return stripes
