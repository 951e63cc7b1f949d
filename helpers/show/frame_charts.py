"""Charts of codings: which roles each document gives to a union, where, which together, by whom.

``codings`` is a table of one coder, as :mod:`helpers.coding.codings` describes it, or several of
them by name: then each document stands once for each. Up to six can stand side by side.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, NamedTuple

import pandas as pd

from helpers.coding import frames
from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.frames import NO_CORNER, NOT_CODED
from helpers.coding.reliability import Texts
from helpers.corpus.documents import Document, listed
from helpers.corpus.errors import UnionError
from helpers.show.charts import Chart, make_chart
from helpers.show.drawing import GREY, MOST, Bar, Cell, Drawing, Key, Mark, Point, Stripe, Triangle
from helpers.show.wording import TEXTS, and_list, code_labels, cut, dashes, distinct, in_these

SAY = TEXTS["frames"]
DUALISM, TRIANGLE = (TEXTS[name]["map"] for name in ("dualism", "triangle"))
FEWEST, HALF = 5, 0.42  # coded sentences for an interval; half the height of a main code
INTERVAL = Key(TEXTS["interval"], line="-")
Codings = pd.DataFrame | Mapping[str, pd.DataFrame]


class Series(NamedTuple):
    """What stands beside others: a document as one coder coded it, and what a chart calls it."""

    name: str
    document: Document
    codings: pd.DataFrame


def coded_series(corpus: Texts, codings: Codings) -> list[Series]:
    """A series for each document, or with several codings for each coding and document.

    Raises :class:`UnionError` for more than six.
    """
    several = not isinstance(codings, pd.DataFrame)
    coders = dict(codings) if several else {"": codings}
    found = [(coder, each) for coder in coders for each in listed(corpus, MOST)]
    if len(found) > MOST:
        raise UnionError(SAY["room"].format(most=MOST, many=len(found)))
    names = {}
    for coder, each in found:
        title = each.about["short_title"]
        short = f"{title.partition(',')[0]} ({coder})"
        names[f"{each.id} {coder}".strip()] = short if several else title
    rows = zip(distinct(names).values(), found, strict=True)
    return [Series(name, each, coders[coder]) for name, (coder, each) in rows]


@dataclass
class Rates:
    """A row for each of ``labels`` (by key); ``table`` has the names of the series and the keys."""

    series: list[Series]
    labels: dict[str, str]
    table: pd.DataFrame

    @property
    def start(self) -> str:
        """How the description begins."""
        once = len({each.document.id for each in self.series}) == len(self.series)
        return in_these(len(self.series)) if once else "Side by side"

    @property
    def names(self) -> list[str]:
        return [each.name for each in self.series]

    def coded(self, name: str) -> int:
        return int(self.table.loc[name, "coded"].iloc[0])

    def value(self, at: tuple[int, int], name: str, key: str) -> Bar:
        """A bar with its interval, dotted where drawing paragraphs shows nothing."""
        row, ranges = self.table.loc[(name, key)], "lowest" in self.table
        said, who = rate_text(row), " by any coder" if ranges else ""
        many = f"{len(row['ids'])} of {row['coded']} sentences{who}"
        mark = Mark(f"{self.labels[key]} in {name}: {many}, {said}", row["ids"])
        mark = mark if row["ids"] else None
        if ranges:
            return Bar(*at, row["lowest"], row["lowest"], row["highest"], said, mark)
        dotted, said = math.isnan(row["block_low"]), f"{said} ({row['sentences']})"
        ends = [row[f"{'' if dotted else 'block_'}{end}"] for end in ("low", "high")]
        ends = ends if row["coded"] >= FEWEST else [math.nan, math.nan]
        return Bar(*at, row["rate"], *ends, said, mark, dotted=dotted)

    def shown(self, what: str) -> pd.DataFrame:
        """The numbers as a table for readers."""
        order = [(name, key) for key in self.labels for name in self.names]
        heads = SAY["columns"]
        wanted = [each for each in self.table if each in heads or each.startswith("rate ")]
        table = self.table.loc[order, wanted].rename(columns=heads)
        table.insert(0, "document", [name for name, _ in order])
        table.index = [self.labels[key] for _, key in order]
        return dashes(table.rename_axis(what), 1)

    def most_frequent(self) -> str:
        """The most frequent rows of each series, in words."""
        said = []
        for name in self.names:
            rows = self.table.loc[name].loc[list(self.labels)]
            most = rows[rows["sentences"] == rows["sentences"].max()]
            top = and_list(f"“{self.labels[key]}”" for key in most.index)
            some = f"in {name} {top} with {share_text(most.iloc[0])}"
            said.append(some if rows["sentences"].any() else f"none in {name}")
        return "; ".join(said)

    def legend(self, points: bool) -> list[Key]:
        """A look for each series, with how much of it is coded, and what the lines are."""
        keys, ranges = [], "lowest" in self.table
        for nth, (name, document, _) in enumerate(self.series):
            coded = self.coded(name)
            text = SAY["few" if 0 < coded < FEWEST and not ranges else "coded"]
            words = {"name": name, "coded": coded, "all": len(document.sentences)}
            keys.append(Key(text.format(fewest=FEWEST, **words), nth, bar=True, marker=points))
        if ranges:
            keys.append(Key(SAY["ranges"], line="-"))
        elif max(map(self.coded, self.names)) >= FEWEST:
            keys += [INTERVAL, Key(SAY["dotted"], line=":")]
        return [*keys, Key(SAY["cloud"], marker=True)] if points else keys

    def bars(self, points: bool = False) -> dict[str, Any]:
        """What a drawing of bars wants to know."""
        coded = [(nth, name) for nth, name in enumerate(self.names) if self.coded(name)]
        rows = list(enumerate(self.labels))
        items = [self.value((row, nth), name, key) for row, key in rows for nth, name in coded]
        row = 0.2 * len(self.names) + 0.1
        how = {"items": items, "legend": self.legend(points), "axis": SAY["axis"], "row": row}
        return {"panels": {"": list(self.labels.values())}, "series": len(self.names), **how}

    def chart(self, name: str, what: str, drawing: Any = None, **words: Any) -> Chart:
        """A chart of the rates, or one that says that there are none."""
        shown, words = self.shown(what), {"start": self.start, **words}
        if not any(map(self.coded, self.names)):
            return make_chart(name, shown, None, "nothing", **words)
        return make_chart(name, shown, drawing or Drawing(**self.bars()), **words)


def _rates(series: list[Series], labels: dict[str, str], tables: Iterable[pd.DataFrame]) -> Rates:
    """Rates from the table of each series, whose first index is the document."""
    own = [table.loc[each.document.id] for each, table in zip(series, tables, strict=True)]
    return Rates(series, labels, pd.concat(own, keys=[each.name for each in series]))


def rate_text(row: pd.Series) -> str:
    """The number of a row: its rate, or from which to which it goes."""
    low, high = (f"{row.get(name, row.get('rate')):.1f}" for name in ("lowest", "highest"))
    return f"{low} %" if low == high else f"{low} to {high} %"


def share_text(row: pd.Series) -> str:
    """A rate and the counts it comes from."""
    return f"{row['rate']:.1f} % ({row['sentences']} of {row['coded']})"


def _profile(corpus: Texts, codings: Codings, codebook: Codebook) -> Rates:
    series = coded_series(corpus, codings)
    tables = [frames.frame_table(corpus, each.codings, codebook) for each in series]
    return _rates(series, code_labels(codebook), tables)


def frame_profile(corpus: Texts, codings: Codings, codebook: Codebook | None = None) -> Chart:
    """How often each document has each code, with intervals.

    >>> from helpers import load_codings, load_corpus
    >>> frame_profile(load_corpus(), load_codings("reference")).marks[0].label
    'Pay and conditions in KCTU, Our Aims: 2 of 17 sentences, 11.8 %'
    """
    rates = _profile(corpus, codings, codebook or load_codebook())
    has = rates.table["sentences"].unstack(0) > 0
    shared = [rates.labels[code] for code in rates.labels if code != "none" and all(has.loc[code])]
    codes = TEXTS["profile"]["codes"].format(codes=and_list(shared) or "none")
    shared = codes if len(rates.series) > 1 else ""
    return rates.chart("profile", "code", top=rates.most_frequent(), shared=shared)


def protection_production(
    corpus: Texts, codings: Codings, codebook: Codebook | None = None
) -> Chart:
    """To protect workers, or to raise production: each sentence counts once, by its main code."""
    codebook, series = codebook or load_codebook(), coded_series(corpus, codings)
    found, each = frames.corners(DUALISM, codebook), []
    heads = {corner: TEXTS["dualism"]["corners"].get(corner, corner) for corner in found}
    labels = {corner: f"{heads[corner]} ({_codes(codebook, found[corner])})" for corner in found}
    labels["none"] = heads["none"]
    tables = [frames.corner_table(corpus, one.codings, DUALISM, codebook) for one in series]
    rates = _rates(series, labels, tables)
    for name in rates.names:
        rows = rates.table.loc[name]
        shares = and_list(f"{heads[key]} {share_text(rows.loc[key])}" for key in labels)
        uncoded = SAY["uncoded"].format(name=name)
        each.append(f"in {name} {shares}" if rates.coded(name) else uncoded)
    return rates.chart("dualism", SAY["main"], each="; ".join(each))


def _codes(codebook: Codebook, codes: Iterable[str]) -> str:
    return ", ".join(code_labels(codebook)[code] for code in codes) or "no code"


def coding_range(corpus: Texts, *codings: pd.DataFrame, codebook: Codebook | None = None) -> Chart:
    """How far the rate of each code hangs on who coded: by default, the reference's three."""
    codebook, series = codebook or load_codebook(), coded_series(corpus, pd.DataFrame())
    table = frames.what_if(corpus, *codings, codebook=codebook)
    coders = and_list(cut(name[5:]) for name in table if name.startswith("rate "))
    table = table.assign(by_any=table["ids"].map(len), not_by_all=table["differ"].map(len))
    rates = _rates(series, code_labels(codebook), [table] * len(series))
    gaps = (rates.table["highest"] - rates.table["lowest"]).fillna(0).round(9)
    (name, code), widest = gaps.idxmax(), ""
    if gaps.any():
        rate = rate_text(rates.table.loc[(name, code)])
        words = {"code": rates.labels[code], "name": name, "rate": rate}
        widest = TEXTS["range"]["most"].format(**words)
    words = {"coders": coders, "same": int((gaps == 0).sum()), "cases": len(table)}
    return rates.chart("range", "code", widest=widest, **words)


def codeline(corpus: Texts, codings: Codings, codebook: Codebook | None = None) -> Chart:
    """Each document from beginning to end: a stripe for each sentence, in the lane of its codes."""
    codebook = codebook or load_codebook()
    rates, labels = _profile(corpus, codings, codebook), lane_labels(codebook)
    found = [row for each in rates.series for row in _stripes(each, rates, codebook)]
    rows = [
        (id, name, labels[code], *ends, "main" if top == HALF else "further")
        for id, name, code, *ends, _, top, _ in found
    ]
    columns = ["sentence", "document", "code", "begins", "ends", "rank"]
    shown = pd.DataFrame(rows, columns=columns).round(1).set_index("sentence")
    said = "said" if any(map(rates.coded, rates.names)) else "nothing"
    drawing = lanes(rates.names, found, codebook, 0.21) if said == "said" else None
    words = {"start": rates.start, "top": rates.most_frequent()}
    return make_chart("codeline", shown, drawing, said, **words)


def _stripes(each: Series, rates: Rates, codebook: Codebook) -> Iterator[tuple]:
    """What :func:`lanes` wants to know of the sentences of a series."""
    main = {row.sentence: row.codes[0] for row in each.codings.itertuples()}
    has = {code: rates.table.at[(each.name, code), "ids"] for code in codebook}
    has[NOT_CODED] = [id for id in each.document.sentences.index if id not in main]
    places = percent_places(each.document)
    for code, ids in has.items():
        for id in ids:
            half = HALF if code == main.get(id, NOT_CODED) else HALF / 2
            said = "{:.1f} to {:.1f} % of {}".format(*places[id], each.name)
            yield id, each.name, code, *places[id], -half, half, said


def percent_places(document: Document) -> dict[str, tuple[float, float]]:
    """Where each sentence begins and ends, in percent of the document."""
    places = 100 * document.sentences[["start", "end"]] / max(len(document.text), 1)
    return dict(zip(places.index, places.itertuples(index=False, name=None), strict=True))


def lane_labels(codebook: Codebook) -> dict[str, str]:
    """The labels of codes, and of what is not coded."""
    return code_labels(codebook) | {NOT_CODED: NOT_CODED}


def lanes(names: list[str], found: list[tuple], codebook: Codebook, row: float) -> Drawing:
    """A lane for each code under each name.

    ``found`` has for each stripe: sentence, name, code, its four sides, and what is said of it.
    """
    labels, stripes = lane_labels(codebook), []
    if NOT_CODED not in {code for _, _, code, *_ in found}:
        del labels[NOT_CODED]
    lane = {place: at for at, place in enumerate(product(names, labels))}
    for id, name, code, *sides, said in found:
        colour = GREY if code == NOT_CODED else codebook[code].colour
        mark = Mark(f"{labels[code]}: {id}, {said}", (id,))
        stripes.append(Stripe(lane[name, code], *sides, colour, mark))
    panels = {name: list(labels.values()) for name in names}
    return Drawing(panels, stripes, axis=SAY["along"], row=row, limits=(0, 100))


def co_occurrence_chart(codings: pd.DataFrame, codebook: Codebook | None = None) -> Chart:
    """How many sentences have two codes together; along the edge, how many have each code."""
    codebook = codebook or load_codebook()
    labels = {code: label for code, label in code_labels(codebook).items() if code != "none"}
    table, codes, names = frames.code_pairs(codings, codebook), list(labels), list(labels.values())
    shown = table["count"].unstack().loc[codes, codes].set_axis(names).set_axis(names, axis=1)
    pairs = [(one, other) for y, one in enumerate(codes) for other in codes[: y + 1]]
    apart = table.loc[[pair for pair in pairs if pair[0] != pair[1]]]
    several, cells, most = sum(len(each) > 1 for each in codings["codes"]), [], apart["count"].max()
    for one, other in pairs:
        row, same = table.loc[(one, other)], one == other
        name = labels[one] if same else f"{labels[other]} with {labels[one]}"
        chance = "" if same else f" ({row['expected']:.1f} by chance)"
        label = f"{name}: {row['count']} of {len(codings)} sentences{chance}"
        shade = 0 if same or not row["count"] else 0.08 + 0.34 * row["count"] / most
        mark = Mark(label, row["ids"]) if row["ids"] else None
        at = codes.index(one), codes.index(other)
        cells.append(Cell(*at, str(row["count"]), shade, mark, framed=same))
    (one, other), top = apart["count"].idxmax(), apart.loc[apart["count"].idxmax()]
    words = {"one": labels[other], "other": labels[one], "count": top["count"]}
    top = TEXTS["pairs_of_codes"]["most"].format(expected=top["expected"], **words)
    words = {"top": top if several else "", "have": "has" if several == 1 else "have"}
    words["start"] = in_these(len({id.rpartition("-")[0] for id in codings["sentence"]}))
    drawing = Drawing({"": names}, cells, columns=names) if len(codings) else None
    said = "said" if drawing else "nothing"
    words |= {"several": several, "all": len(codings)}
    return make_chart("pairs_of_codes", shown.rename_axis("code"), drawing, said, **words)


def triangle(corpus: Texts, codings: Codings, codebook: Codebook | None = None) -> Chart:
    """Hyman's triangle, by main code: a point for each document, and below what has no corner."""
    say, series = TEXTS["triangle"], coded_series(corpus, codings)
    codebook = codebook or load_codebook()
    found = frames.corners(TRIANGLE, codebook)
    inside = [corner for corner in found if corner not in (NO_CORNER, "none")]
    if len(inside) != 3:
        raise UnionError(say["three"].format(map=TRIANGLE, many=len(inside)))
    tables = [frames.corner_table(corpus, each.codings, TRIANGLE, codebook) for each in series]
    rates, points, said, shares = _corner_rates(corpus, series, tables, codebook), [], [], []
    for nth, (name, document, _) in enumerate(series):
        rows = rates.table.loc[name]
        if not rates.coded(name):
            said.append(SAY["uncoded"].format(name=name))
            continue
        point, words = _point(nth, series[nth], tables[nth].loc[[document.id]], inside)
        points += [point] if point.mark.sentences else []
        shares.append(f"{rate_text(rows.loc[NO_CORNER])} of {name}")
        words |= {"no": share_text(rows.loc[NO_CORNER]), "none": share_text(rows.loc["none"])}
        said.append(say["each"].format(**words))
    codes = {corner: _codes(codebook, found[corner]) for corner in inside}
    drawing = Triangle(**rates.bars(bool(points)), corners=codes)
    drawing.items += points
    words = {"each": "; ".join(said), "shares": f": {and_list(shares)}" if shares else ""}
    return rates.chart("triangle", SAY["main"], drawing, **words)


def _corner_rates(
    corpus: Texts, series: list[Series], tables: list[pd.DataFrame], codebook: Codebook
) -> Rates:
    """The rates of the corners, and of each code that has none."""
    found, codes = frames.corners(TRIANGLE, codebook), code_labels(codebook)
    out = {f"– {codes[code]}": (code,) for code in found.pop(NO_CORNER)}
    names = [corner for corner in found if corner != "none"] + [NO_CORNER, *out, "none"]
    labels = {corner: TEXTS["triangle"]["corners"].get(corner, corner) for corner in names}
    apart, both = replace(codebook, maps={TRIANGLE: out}), []
    for each, table in zip(series, tables, strict=True):
        split = frames.corner_table(corpus, each.codings, TRIANGLE, apart)
        both.append(pd.concat([table, split[split.index.isin(list(out), level="corner")]]))
    return _rates(series, labels, both)


def _point(
    nth: int, each: Series, table: pd.DataFrame, inside: list[str]
) -> tuple[Point, dict[str, Any]]:
    """The point of a series, and what is said of it."""
    rows, document = table.loc[each.document.id].loc[inside], each.document
    ids = {id for some in rows["ids"] for id in some}
    ids = tuple(id for id in document.sentences.index if id in ids)
    where = and_list(f"{corner} {share:.1f} %" for corner, share in rows["within"].items())
    where = where if ids else TEXTS["triangle"]["no"]
    words = {"name": each.name, "many": len(ids), "where": where}
    draws = frames.corner_draws([document], table, inside)[document.id]
    draws = draws if rows["coded"].iloc[0] >= FEWEST else draws[:0]
    mark = Mark(TEXTS["triangle"]["mark"].format(**words), ids)
    return Point(nth, rows["within"].to_numpy(float) / 100, draws, mark), words
