"""How far many coders agree: in pairs, with a reference, all together, on each code and each sentence; and which codes they mistake.

The figures and intervals are those of :mod:`helpers.coding.reliability`, worked out for all coders at once. An interval comes
from drawing whole paragraphs anew; that of a single sentence, which stands in one paragraph, from drawing coders anew. Coders
stand in the order of the table: no figure says who is right, and none is there to rank them. ``codings`` is a table of
any number of coders, as :mod:`helpers.coding.codings` describes it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import astuple, fields
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from helpers.coding.codebook import Codebook, load_codebook, short_label
from helpers.coding.reliability import (
    _DISTANCES,
    Figure,
    _divided,
    _Draws,
    _figure,
    _paragraphs,
    _why_not,
)
from helpers.corpus.errors import UnionError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from helpers.corpus.documents import Corpus

    Paragraphs = Corpus | Mapping[str, Hashable] | None

MOST_PAIRS = (
    2_000  # so many get intervals unless one asks: more would take long, and nobody reads them
)
_FEWEST = 5  # coders of a sentence for an interval
_NOT_ASKED = "The interval is undefined: it was not asked for."
_BARE = "no sentence was coded by two coders"


class Grid(NamedTuple):
    """Coders by sentences (by id): ``given`` holds the number of a label in ``labels``, or -1 where a coder left a sentence out."""

    coders: list[str]
    sentences: list[str]
    given: np.ndarray
    labels: list[Hashable]

    def counts(self) -> np.ndarray:
        """How often each sentence (row) has each label."""
        import numpy as np

        places, many = np.nonzero(self.given >= 0), len(self.labels)
        found = np.bincount(
            places[1] * many + self.given[places], minlength=len(self.sentences) * many
        )
        return found.reshape(len(self.sentences), many)

    def apart(self, first: str, second: str) -> tuple[str, ...]:
        """The sentences that two coders both coded, and not alike."""
        one, other = (self.given[self.coders.index(coder)] for coder in (first, second))
        return tuple(
            self.sentences[place]
            for place in ((one >= 0) & (other >= 0) & (one != other)).nonzero()[0]
        )

    def has(self, codes: Codebook) -> np.ndarray:
        """Whether a coder (first) gave a sentence (second) a code (third); the labels must be sets of codes."""
        import numpy as np

        table = np.array(
            [[code in label for code in codes] for label in [*self.labels, ()]], dtype=bool
        )
        return table[self.given]  # -1 is the last: nothing


def grid(
    codings: pd.DataFrame,
    codebook: Codebook,
    label: Callable[[tuple, str], Hashable] = lambda codes, doer: frozenset(codes),
) -> Grid:
    """Codings as coders by sentences; ``label`` makes one of the codes and the doer, or None.

    Raises :class:`UnionError` for a table that lacks a column, an unknown code, and a sentence that a coder has twice.
    """
    import numpy as np

    for name in ("coder", "sentence", "codes", "doer"):
        if name not in codings.columns:
            raise UnionError(
                f"The table has no column {name!r}: make it with read_codings(), or add the column."
            )
    if (twice := codings.duplicated(["coder", "sentence"])).any():
        raise UnionError(
            f"The sentence {short_label(codings['sentence'][twice].iloc[0])} is coded twice by one coder: delete one of the two."
        )
    for codes in codings["codes"].drop_duplicates():
        codebook.check_codes(codes)
    coders = {coder: place for place, coder in enumerate(codings["coder"].drop_duplicates())}
    sentences = {sentence: place for place, sentence in enumerate(sorted(set(codings["sentence"])))}
    given, numbers = np.full((len(coders), len(sentences)), -1), {}
    for coder, sentence, codes, doer in zip(
        *(codings[name] for name in ("coder", "sentence", "codes", "doer")), strict=True
    ):
        if (found := label(codes, doer)) is not None:
            given[coders[coder], sentences[sentence]] = numbers.setdefault(found, len(numbers))
    return Grid(list(coders), list(sentences), given, list(numbers))


def pair_agreement(
    codings: pd.DataFrame,
    paragraphs: Paragraphs = None,
    codebook: Codebook | None = None,
    *,
    resamples: int | None = None,
    seed: int = 1,
) -> pd.DataFrame:
    """How far each two coders agree on the code sets of the sentences that both coded: a row a pair.

    Columns: ``percent``, and alpha with MASI distance as ``value``, ``low``, ``high``, ``n``, ``note``: the same figures as
    :func:`helpers.coding.reliability.agreement` gives. Left out, ``resamples`` are 1,000 for up to 2,000 pairs, and
    none, so no interval, for more.

    >>> from helpers.coding.codings import load_codings
    >>> import pandas as pd
    >>> table = pair_agreement(pd.concat([load_codings("coder-1"), load_codings("coder-2")]))
    >>> table.round(2).reset_index()[["first", "second", "percent", "value", "low", "high", "n"]].values.tolist()
    [['coder-1', 'coder-2', 95.35, 0.96, 0.93, 0.98, 172]]
    """
    found = grid(codings, codebook or load_codebook())
    many = len(found.coders)
    draws = (
        (1_000 if many * (many - 1) <= 2 * MOST_PAIRS else 0) if resamples is None else resamples
    )
    return _pairs(
        found, {first: range(first + 1, many) for first in range(many)}, paragraphs, draws, seed
    )


def reference_agreement(
    codings: pd.DataFrame,
    reference: pd.DataFrame,
    paragraphs: Paragraphs = None,
    codebook: Codebook | None = None,
    *,
    resamples: int = 1000,
    seed: int = 1,
) -> pd.DataFrame:
    """How far each coder agrees with a reference, which is one more coding and no key: a row a coder.

    The columns are those of :func:`pair_agreement`. Raises :class:`UnionError` for a reference without codings.

    >>> from helpers.coding.codings import load_codings
    >>> reference_agreement(load_codings("coder-1"), load_codings("reference")).loc["coder-1", ["percent", "n"]].round(1).to_list()
    [97.7, 172.0]
    """
    import pandas as pd

    if reference.empty:
        raise UnionError("The reference has no codings: choose a table that has some.")
    found = grid(
        pd.concat([reference.assign(coder=_REFERENCE), codings]), codebook or load_codebook()
    )
    table = _pairs(found, {0: range(1, len(found.coders))}, paragraphs, resamples, seed)
    return table.droplevel("first").rename_axis("coder")


_REFERENCE = "\0reference"  # no coder can be called so


def _pairs(
    found: Grid,
    partners: Mapping[int, Sequence[int]],
    paragraphs: Paragraphs,
    resamples: int,
    seed: int,
) -> pd.DataFrame:
    """The figures of coders with each of their partners, on the sentences that both coded."""
    import numpy as np

    names = _paragraphs(paragraphs, found.sentences)
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    place, gaps, known, rows = (
        np.array([numbers[name] for name in names], dtype=int),
        _gaps(found.labels, "masi"),
        {},
        {},
    )
    for first, others in partners.items():
        for other, value, percent, n in zip(
            others, *_values(found.given, first, list(others), gaps), strict=True
        ):
            figure, pair = (value, math.nan, math.nan, n, _NOT_ASKED), found.given[[first, other]]
            if math.isnan(value):
                why = _why_not(
                    [found.labels[each] for each in np.unique(pair[:, (pair >= 0).all(axis=0)])],
                    _BARE,
                    "",
                )
                figure = (value, math.nan, math.nan, n, f"Alpha is undefined: {why}.")
            elif resamples:
                both = (pair >= 0).all(axis=0)
                where = np.unique(place[both], return_inverse=True)[1]
                many = int(where.max()) + 1
                if many not in known:  # the draws hang on the number of paragraphs alone
                    known[many] = _Draws(range(many), resamples, seed)
                    known[many].times = known[many].times.astype(
                        float
                    )  # as whole numbers are slow to multiply
                figure = astuple(
                    _figure(
                        value, _redrawn(*pair[:, both], where, gaps, known[many]), known[many], n
                    )
                )
            rows[found.coders[first], found.coders[other]] = (percent, *figure)
    return _by_pair(rows, ["percent", *(field.name for field in fields(Figure))])


def _by_pair(rows: dict[tuple[str, str], tuple], columns: list[str]) -> pd.DataFrame:
    import pandas as pd

    index = pd.MultiIndex.from_arrays(
        [[one for one, _ in rows], [other for _, other in rows]], names=["first", "second"]
    )
    return pd.DataFrame(list(rows.values()), index, columns)


def _values(
    given: np.ndarray, first: int, others: list[int], gaps: np.ndarray
) -> tuple[list[float], list[float], list[int]]:
    """Alpha of one coder with each of the others, the percentage of sentences with the same labels, and the number of sentences."""
    import numpy as np

    one, rest, many = given[first], given[others], len(gaps)
    both = (one >= 0) & (rest >= 0)
    n, same = both.sum(axis=1), ((one == rest) & both).sum(axis=1)
    own, places = both.astype(float) @ (one[:, None] == np.arange(many)), np.nonzero(both)
    theirs = np.bincount(places[0] * many + rest[places], minlength=len(others) * many).reshape(
        len(others), many
    )
    values = _alpha(2 * (gaps[one, rest] * both).sum(axis=1), own + theirs, gaps)
    return values.tolist(), (100 * _divided(same.astype(float), n)).tolist(), n.tolist()


def _redrawn(
    one: np.ndarray, other: np.ndarray, where: np.ndarray, gaps: np.ndarray, draws: _Draws
) -> np.ndarray:
    """Alpha of two coders in each resample, from the numbers of their labels and of the paragraphs."""
    import numpy as np

    used, number = np.unique(np.concatenate([one, other]), return_inverse=True)
    counts = (
        np.bincount(np.tile(where, 2) * len(used) + number, minlength=draws.count * len(used))
        .reshape(draws.count, -1)
        .astype(float)
    )
    apart = np.bincount(where, 2 * gaps[one, other], draws.count)
    return _alpha(draws.times @ apart, draws.times @ counts, gaps[np.ix_(used, used)])


def _alpha(apart: np.ndarray, used: np.ndarray, gaps: np.ndarray) -> np.ndarray:
    """Krippendorff's alpha, a row a resample: what coders differ, and how often each label was used (Krippendorff 2011)."""
    return 1 - _divided(apart, _divided(((used @ gaps) * used).sum(axis=1), used.sum(axis=1) - 1))


def _gaps(labels: list, distance: str) -> np.ndarray:
    import numpy as np

    found, measure = np.zeros((len(labels), len(labels))), _DISTANCES[distance]
    for one, other in combinations(range(len(labels)), 2):
        found[one, other] = found[other, one] = measure(labels[one], labels[other])
    return found


def group_agreement(
    codings: pd.DataFrame,
    paragraphs: Paragraphs = None,
    codebook: Codebook | None = None,
    *,
    resamples: int = 1000,
    seed: int = 1,
) -> pd.DataFrame:
    """How far all coders together agree: Krippendorff's alpha on code sets, main code, the doer, and each code, there or not there.

    Columns: ``value``, ``low``, ``high``, ``n`` (sentences that at least two coders coded), ``note``; ``coders`` (how many
    used a code) and ``ids`` (the sentences on which they differ).

    >>> from helpers.coding.codings import load_codings
    >>> import pandas as pd
    >>> both = pd.concat([load_codings("coder-1"), load_codings("coder-2")])
    >>> group_agreement(both).loc["nation", ["n", "coders", "ids"]].to_dict()
    {'n': 172, 'coders': 2, 'ids': ('gftuk-045',)}
    """
    import numpy as np
    import pandas as pd

    codebook, rows = codebook or load_codebook(), {}
    sets = grid(codings, codebook)
    looks = {
        "main code": lambda codes, doer: codes[0],
        "the doer": lambda codes, doer: doer or None,
    }
    each = {"code sets": (sets, "masi")} | {
        name: (grid(codings, codebook, look), "nominal") for name, look in looks.items()
    }
    has = sets.has(codebook)
    for place, code in enumerate(codebook):
        given = np.where(sets.given < 0, -1, has[:, :, place])
        each[code] = (Grid(sets.coders, sets.sentences, given, ["not there", code]), "nominal")
    draws: dict[tuple[str, ...], _Draws] = {}
    for name, (found, distance) in each.items():
        counts = found.counts()
        kept = counts.sum(axis=1) > 1
        names = tuple(np.array(found.sentences, dtype=object)[kept])
        if names not in draws:
            draws[names] = _Draws(_paragraphs(paragraphs, list(names)), resamples, seed)
        figure = _of_many(
            counts[kept],
            found.labels,
            distance,
            draws[names],
            name if name in codebook.codes else "",
        )
        split = tuple(
            np.array(found.sentences, dtype=object)[kept & ((counts > 0).sum(axis=1) > 1)]
        )
        used = has[:, :, list(codebook).index(name)] if name in codebook.codes else found.given >= 0
        rows[name] = (*astuple(figure), int(used.any(axis=1).sum()), split)
    columns = [*(field.name for field in fields(Figure)), "coders", "ids"]
    return pd.DataFrame(list(rows.values()), pd.Index(list(rows), name="of"), columns)


def _of_many(counts: np.ndarray, labels: list, distance: str, draws: _Draws, code: str) -> Figure:
    """Alpha from how often each sentence has each label."""
    import numpy as np

    used = np.flatnonzero(counts.any(axis=0))
    one_label = (
        f"the code “{code}” is in {'each' if used.tolist() == [1] else 'none'} of these sentences for all coders"
        if code
        else ""
    )
    if why := _why_not([labels[each] for each in used], _BARE, one_label):
        return Figure(math.nan, math.nan, math.nan, len(counts), f"Alpha is undefined: {why}.")
    counts, gaps = counts[:, used], _gaps([labels[each] for each in used], distance)
    apart = ((counts @ gaps) * counts).sum(axis=1) / (counts.sum(axis=1) - 1)
    value = _alpha(apart.sum(keepdims=True), counts.sum(axis=0, keepdims=True), gaps)[0]
    return _figure(value, _alpha(draws.sums(apart), draws.sums(counts), gaps), draws, len(counts))


def sentence_agreement(
    codings: pd.DataFrame, codebook: Codebook | None = None, *, resamples: int = 1000, seed: int = 1
) -> pd.DataFrame:
    """How far coders agree on each sentence: how alike two of them are on average, from 0 (nothing in common) to 1 (the same codes).

    A row a sentence, by id; columns ``value``, ``low``, ``high``, ``n`` (coders) and ``note``. It is the part that the
    sentence has in alpha, without a correction for chance. The interval comes from drawing coders anew, with the share of coders
    drawn twice taken out.

    >>> from helpers.coding.codings import load_codings
    >>> import pandas as pd
    >>> sentence_agreement(pd.concat([load_codings("coder-1"), load_codings("coder-2")])).loc["kctu-001", ["value", "n"]].tolist()
    [1.0, 2.0]
    """
    import numpy as np
    import pandas as pd

    found = grid(codings, codebook or load_codebook())
    gaps, chance, rows = _gaps(found.labels, "masi"), np.random.default_rng(seed), []
    for counts in found.counts():
        used = np.flatnonzero(counts)
        own, near, n = counts[used], gaps[np.ix_(used, used)], int(counts.sum())
        if n < 2:
            rows.append(
                (
                    math.nan,
                    math.nan,
                    math.nan,
                    n,
                    "Agreement is undefined: one coder coded this sentence.",
                )
            )
            continue
        value, low, high, note = 1 - float(own @ near @ own) / (n * (n - 1)), math.nan, math.nan, ""
        if n < _FEWEST or len(used) < 2 or not resamples:
            note = (
                f"There is no interval: fewer than {_FEWEST} coders."
                if n < _FEWEST
                else "There is no interval: all gave the same codes."
            )
        else:
            drawn = chance.multinomial(n, own / n, resamples)
            apart = ((drawn @ near) * drawn).sum(axis=1) / (n - 1) ** 2
            low, high = map(float, np.clip(1 - np.percentile(apart, [97.5, 2.5]), 0, 1))
        rows.append((value, low, high, n, note))
    return pd.DataFrame(
        rows, pd.Index(found.sentences, name="sentence"), [field.name for field in fields(Figure)]
    )


def mistaken_codes(
    codings: pd.DataFrame,
    paragraphs: Paragraphs = None,
    codebook: Codebook | None = None,
    *,
    resamples: int = 1000,
    seed: int = 1,
) -> pd.DataFrame:
    """Which two codes are taken for one another: one coder gave the first and not the second, another the second and not the first.

    A row a pair of codes, the most mistaken first. Columns: ``crossed``, in how many sentences two coders, drawn at random
    from those of the sentence, stand so; ``percent`` of the sentences in which each of the two gave one of these codes at least,
    with ``low`` and ``high``; ``ids``, the sentences, the most crossed first.

    >>> from helpers.coding.codings import load_codings
    >>> import pandas as pd
    >>> mistaken_codes(pd.concat([load_codings("coder-1"), load_codings("coder-2")]))["ids"].iloc[0]
    ('gftuk-118',)
    """
    import numpy as np

    codebook = codebook or load_codebook()
    found = grid(codings, codebook)
    has, n = found.has(codebook).astype(float), (found.given >= 0).sum(axis=0)
    kept = np.flatnonzero(n > 1)
    both, names = (
        np.einsum("csa,csb->sab", has[:, kept], has[:, kept]),
        [found.sentences[place] for place in kept],
    )
    pairs, draws = (
        (n[kept] * (n[kept] - 1) / 2),
        _Draws(_paragraphs(paragraphs, names), resamples, seed),
    )
    rows = {}
    for (x, one), (y, other) in combinations(enumerate(codebook), 2):
        either = both[:, x, x] + both[:, y, y] - both[:, x, y]
        crossed = (both[:, x, x] - both[:, x, y]) * (both[:, y, y] - both[:, x, y]) / pairs
        chances = either * (either - 1) / 2 / pairs
        if crossed.any():
            drawn = 100 * _divided(draws.sums(crossed), draws.sums(chances))
            figure = _figure(
                100 * crossed.sum() / chances.sum(), drawn, draws, len(names), math.inf
            )
            ids = tuple(
                names[place] for place in np.argsort(-crossed, kind="stable") if crossed[place]
            )
            rows[one, other] = (float(crossed.sum()), figure.value, figure.low, figure.high, ids)
    table = _by_pair(rows, ["crossed", "percent", "low", "high", "ids"])
    return table.sort_values("crossed", ascending=False, kind="stable")


def code_shares(codings: pd.DataFrame, codebook: Codebook | None = None) -> pd.DataFrame:
    """How many coders gave each code to each sentence: a row a sentence, a column a code, and ``n``, how many coded it.

    >>> from helpers.coding.codings import load_codings
    >>> code_shares(load_codings("coder-1")).loc["kctu-001", ["voice", "form", "n"]].tolist()
    [1, 0, 1]
    """
    import pandas as pd

    codebook = codebook or load_codebook()
    found = grid(codings, codebook)
    table = pd.DataFrame(
        found.has(codebook).sum(axis=0), pd.Index(found.sentences, name="sentence"), list(codebook)
    )
    return table.assign(n=(found.given >= 0).sum(axis=0))


def all_figures(
    codings: pd.DataFrame,
    reference: pd.DataFrame | None = None,
    paragraphs: Paragraphs = None,
    codebook: Codebook | None = None,
) -> pd.DataFrame:
    """All figures of this module in one long table, fit for a file: what is compared, percent, alpha with interval, n and note.

    >>> from helpers.coding.codings import load_codings
    >>> all_figures(load_codings("coder-1"), load_codings("reference")).groupby("what", sort=False).size().to_dict()
    {'all coders': 15, 'with the reference': 1, 'sentence': 172}
    """
    import pandas as pd

    parts = {"all coders": group_agreement(codings, paragraphs, codebook).rename_axis("first")}
    if reference is not None and len(reference):
        parts["with the reference"] = reference_agreement(
            codings, reference, paragraphs, codebook
        ).rename_axis("first")
    parts["pair"] = pair_agreement(codings, paragraphs, codebook)
    parts["sentence"] = sentence_agreement(codings, codebook).rename_axis("first")
    mistaken = mistaken_codes(codings, paragraphs, codebook).rename(columns={"percent": "value"})
    note = mistaken["crossed"].map("Two coders stand so in {:.2f} sentences.".format)
    parts["codes taken for one another, in percent"] = mistaken.assign(note=note)
    columns = ["what", "first", "second", "percent", "value", "low", "high", "n", "note"]
    whole = pd.concat(
        [part.reset_index().assign(what=what) for what, part in parts.items() if len(part)]
    )
    return whole.reindex(columns=columns).reset_index(drop=True)
