"""What many coders read differently, to talk about: the sentences they split on, and the
definitions that may be unclear.
"""

import html
from collections import Counter

import pandas as pd

from helpers.coding.codebook import Codebook, load_codebook
from helpers.coding.reliability import (
    Texts,
    group_agreement,
    mistaken_codes,
    sentence_agreement,
)
from helpers.corpus.documents import Corpus, listed
from helpers.corpus.errors import UnionError
from helpers.show.cards import Card, show_table
from helpers.show.wording import alpha_text, two_digits

_ASK = (
    "For each sentence: which words speak for each reading? Which rule decides, if one does? "
    "If two careful readers can both "
    "follow the codebook and still differ, the definition is unclear. If the sentence itself "
    "can be read both ways, that is a "
    "finding about the text. A reading that few share is not wrong by that."
)


_ALIKE = "How alike two of them are, from 0 (nothing in common) to 1"


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

    Coders are named with ``names`` only; a sentence that few coded is left out. With a
    ``reference``, what it says stands behind a fold. Raises :class:`UnionError` for a wrong number.

    >>> from helpers import load_codings, load_corpus
    >>> both = pd.concat([load_codings("coder-1"), load_codings("coder-2")])
    >>> repr(show_prompts(load_corpus(), both, 1))[:51]
    'gftuk-118, Kim Jong Un, letter of 2021. Coders: 2. '
    """
    codebook = codebook or load_codebook()
    if type(many) is not int or not 1 <= many <= 50:
        raise UnionError("Give a whole number of prompts, from 1 to 50.")
    places = {id: each for each in listed(corpus) for id in each.sentences.index}
    known = {} if reference is None else reference.set_index("sentence")["codes"].to_dict()
    plain, content = [], []
    for id, alike in _divisive(codings, codebook, list(places))[:many].items():
        own, document = codings[codings["sentence"] == id], places[id]
        head = f"{id}, {document.about['short_title']}"
        count = f"Coders: {len(own)}. {_ALIKE}: {two_digits(alike)}."
        said, sentence = _readings(own, codebook, names), document.sentences.loc[id]
        plain += [f"{head}. {count}", sentence["text"], *(line for _, line, _ in said)]
        behind = _label(known[id], codebook) if id in known else ""
        content.append(_prompt([head, count], sentence, document.paragraphs, said, behind))
    if not content:
        nothing = "There is no sentence to talk about: nobody differs, or too little is coded."
        return Card(f"<p>{nothing}</p>", nothing)
    return Card(
        f"<h3>Where readings differ</h3><p>{html.escape(_ASK)}</p>{''.join(content)}",
        "\n".join(plain),
    )


def _divisive(codings: pd.DataFrame, codebook: Codebook, ids: list[str]) -> pd.Series:
    """How alike coders read each sentence that half of them coded and not all read alike."""
    figures = sentence_agreement(codings, codebook)
    often, differ = 2 * figures["n"] >= figures["n"].max(), figures["value"] < 1
    return figures["value"][often & differ & figures.index.isin(ids)].sort_values(kind="stable")


def _label(codes: tuple[str, ...], codebook: Codebook) -> str:
    return ", ".join(codebook[code].label for code in codes)


def _readings(
    own: pd.DataFrame, codebook: Codebook, names: bool
) -> list[tuple[str, str, list[str]]]:
    """Each reading of a sentence, the most frequent first: its codes, a line with its number,
    and the memos of those who gave it.
    """
    order, found = Counter(frozenset(codes) for codes in own["codes"]), []
    for codes, many in sorted(order.items(), key=lambda pair: (-pair[1], sorted(pair[0]))):
        rows = [row for row in own.itertuples() if frozenset(row.codes) == codes]
        label, unsure = (
            _label(tuple(code for code in codebook if code in codes), codebook),
            sum(row.unsure == "yes" for row in rows),
        )
        line = f"{many} of {len(own)}: {label}" + (f" ({unsure} unsure)" if unsure else "")
        who = f"; {', '.join(row.coder for row in rows)}" if names else ""
        memos = [
            f"“{row.memo}”{f', {row.coder}' if names else ''}" for row in rows if row.memo.strip()
        ]
        found.append((label, line + who, sorted(memos)))
    return found


def _prompt(
    head: list[str],
    sentence: pd.Series,
    paragraphs: pd.DataFrame,
    said: list[tuple[str, str, list[str]]],
    reference: str,
) -> str:
    """One sentence with its readings, its memos and its paragraph, everything escaped."""
    memos = "".join(
        f"<li>{html.escape(f'{label}: {memo}')}</li>" for label, _, some in said for memo in some
    )
    around = html.escape(paragraphs.at[sentence["paragraph"], "text"])
    folds = {
        "The paragraph": f'<p class="u-text">{around}</p>',
        "Why they read it so": memos and f"<ul>{memos}</ul>",
        "What the reference says, which is no key": reference
        and f"<p>{html.escape(reference)}</p>",
    }
    lines = "".join(f"<li>{html.escape(line)}</li>" for _, line, _ in said)
    parts = "".join(
        f"<details><summary>{name}</summary>{inner}</details>"
        for name, inner in folds.items()
        if inner
    )
    name, count, text = map(html.escape, [*head, sentence["text"]])
    return (
        f'<section class="u-place"><h4>{name}</h4><p '
        f'class="u-text">{text}</p><p>{count}</p><ul>{lines}</ul>{parts}</section>'
    )


def show_unclear(
    codings: pd.DataFrame,
    corpus: Corpus | None = None,
    many: int = 5,
    *,
    codebook: Codebook | None = None,
) -> Card:
    """Show the codes on which coders agree least, and what each is taken for.

    >>> from helpers import load_codings
    >>> both = pd.concat([load_codings("coder-1"), load_codings("coder-2")])
    >>> print(repr(show_unclear(both, many=1)).splitlines()[-1][:41])
    Work and production   0.93 (0.85 to 0.98)
    """
    codebook, rows = codebook or load_codebook(), []
    figures = group_agreement(codings, corpus, codebook).drop(["code sets", "main code", "doer"])
    figures = figures[figures["coders"] > 0].dropna(subset="value")
    mistaken = mistaken_codes(codings, codebook)["crossed"]
    for code, row in figures.sort_values("value", kind="stable").head(many).iterrows():
        near = [(pair, times) for pair, times in mistaken.items() if code in pair]
        taken, entry = "no other code", codebook[code]
        if near:
            (one, two), times = near[0]
            other = codebook[one if two == code else two]
            taken = f"{other.label}: in {two_digits(times)} sentences"
        says = f"{entry.definition} Take in: {entry.include}. Leave out: {entry.exclude}."
        rows.append((entry.label, alpha_text(row), taken, says))
    columns = [
        "code",
        "alpha (95 % interval)",
        "taken for, by two coders drawn at random",
        "what the codebook says",
    ]
    return show_table(
        pd.DataFrame(rows, columns=columns).set_index("code"),
        "Codes on which coders agree least: is the definition unclear?",
    )
