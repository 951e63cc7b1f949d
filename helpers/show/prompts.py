"""What many coders read differently, to talk about: sentences, and definitions maybe unclear."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pandas as pd

from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.reliability import Texts, group_agreement, mistaken_codes, sentence_agreement
from helpers.corpus.documents import Corpus, Document, listed
from helpers.corpus.errors import UnionError
from helpers.show.cards import Card, show_table
from helpers.show.widget import TEMPLATES
from helpers.show.wording import alpha_text, two_digits

ALIKE = "Coders: {}. How alike two of them are, from 0 (nothing in common) to 1: {}."
NOTHING = "There is no sentence to talk about: nobody differs, or too little is coded."
UNCLEAR = "Codes on which coders agree least: is the definition unclear?"
COLUMNS = [
    "code",
    "alpha (95 % interval)",
    "taken for, by two coders drawn at random",
    "what the codebook says",
]


def show_prompts(
    corpus: Texts,
    codings: pd.DataFrame,
    many: int = 6,
    *,
    reference: pd.DataFrame | None = None,
    names: bool = False,
    codebook: Codebook | None = None,
) -> Card:
    """Show the sentences that coders read most differently: each reading, and the memos.

    Coders are named with ``names`` only. A sentence that few of the coders coded is left out. With
    a ``reference``, what it says stands behind a fold.

    >>> from helpers import load_codings, load_corpus
    >>> both = pd.concat([load_codings("coder-1"), load_codings("coder-2")])
    >>> print(repr(show_prompts(load_corpus(), both, 1)).splitlines()[0][:49])
    gftuk-118, Kim Jong Un, letter of 2021. Coders: 2
    """
    codebook, prompts = codebook or load_codebook(), []
    if type(many) is not int or not 1 <= many <= 50:
        raise UnionError("Give a whole number of prompts, from 1 to 50.")
    figures, known = sentence_agreement(codings, codebook), {}
    places = {id: each for each in listed(corpus) for id in each.sentences.index}
    enough = (2 * figures["n"] >= figures["n"].max()) & figures.index.isin(list(places))
    figures = figures[enough & (figures["value"] < 1)].sort_values("value", kind="stable")
    if reference is not None:
        known = dict(zip(reference["sentence"], reference["codes"], strict=True))
    for id, alike in figures["value"].head(many).items():
        own = codings[codings["sentence"] == id]
        count = ALIKE.format(len(own), two_digits(alike))
        said = {"readings": _readings(own, codebook, names), "count": count}
        said["reference"] = _label(known.get(id, ()), codebook)
        prompts.append(_place(places[id], id) | said)
    if not prompts:
        return Card(f"<p>{NOTHING}</p>", NOTHING)
    plain = "\n".join(map(_plain, prompts))
    return Card(TEMPLATES.get_template("prompts.html").render(prompts=prompts), plain)


def _plain(prompt: dict[str, Any]) -> str:
    lines = [reading["line"] for reading in prompt["readings"]]
    return "\n".join([f"{prompt['name']}. {prompt['count']}", prompt["text"], *lines])


def _place(document: Document, id: str) -> dict[str, str]:
    """What a sentence is called, and its words and those of its paragraph."""
    sentence, name = document.sentences.loc[id], f"{id}, {document.about['short_title']}"
    paragraph = document.paragraphs.at[sentence["paragraph"], "text"]
    return {"name": name, "text": sentence["text"], "paragraph": paragraph}


def _label(codes: Iterable[str], codebook: Codebook) -> str:
    return ", ".join(codebook[code].label for code in codebook if code in codes)


def _readings(own: pd.DataFrame, codebook: Codebook, names: bool) -> list[dict[str, Any]]:
    """The readings of a sentence, the most frequent first: codes, a line with a number, memos."""
    order, found = Counter(frozenset(codes) for codes in own["codes"]), []
    for codes, many in sorted(order.items(), key=lambda pair: (-pair[1], sorted(pair[0]))):
        rows = [row for row in own.itertuples() if frozenset(row.codes) == codes]
        label, unsure = _label(codes, codebook), sum(row.unsure == "yes" for row in rows)
        line = f"{many} of {len(own)}: {label}" + (f" ({unsure} unsure)" if unsure else "")
        line += f"; {', '.join(row.coder for row in rows)}" if names else ""
        memos = [(row.memo, f", {row.coder}" if names else "") for row in rows if row.memo.strip()]
        memos = sorted(f"“{memo}”{who}" for memo, who in memos)
        found.append({"label": label, "line": line, "memos": memos})
    return found


def show_unclear(
    codings: pd.DataFrame,
    corpus: Corpus | None = None,
    many: int = 5,
    *,
    codebook: Codebook | None = None,
) -> Card:
    """Show the codes on which coders agree least, what each is taken for, and their definitions.

    >>> from helpers import load_codings
    >>> both = pd.concat([load_codings("coder-1"), load_codings("coder-2")])
    >>> print(repr(show_unclear(both, many=1)).splitlines()[-1][:41])
    Work and production   0.93 (0.85 to 0.98)
    """
    codebook, rows = codebook or load_codebook(), []
    figures, mistaken = (
        group_agreement(codings, corpus, codebook),
        mistaken_codes(codings, codebook),
    )
    figures = figures[(figures["coders"] > 0) & figures.index.isin(list(codebook))]
    figures = figures.dropna(subset="value").sort_values("value", kind="stable")
    for code, row in figures.head(many).iterrows():
        near = [(pair, each["crossed"]) for pair, each in mistaken.iterrows() if code in pair]
        taken, entry = "no other code", codebook[code]
        for (one, two), crossed in near[:1]:
            other = codebook[one if two == code else two].label
            taken = f"{other}: in {two_digits(crossed)} sentences"
        says = f"{entry.definition} Take in: {entry.include}. Leave out: {entry.exclude}."
        rows.append((entry.label, alpha_text(row), taken, says))
    return show_table(pd.DataFrame(rows, columns=COLUMNS).set_index("code"), UNCLEAR)
