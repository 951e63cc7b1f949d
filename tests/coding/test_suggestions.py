"""How a classifier's suggestions bend whoever codes."""

import pytest

from helpers import load_codebook, load_codings, load_corpus
from helpers.coding.classifier import teach
from helpers.coding.codings import coding_annotations, suggestion_annotations
from helpers.coding.journal import Journal
from helpers.coding.suggestions import suggestion_effect

BOOK, CORPUS = load_codebook(), load_corpus()
KCTU = CORPUS["kctu"]
ONE, *_ = IDS = KCTU.sentences.index.tolist()
HELD = IDS[5:12]  # sentences that the classifier is not taught


@pytest.fixture(scope="module")
def machine():
    return teach(CORPUS, load_codings("reference"), without=HELD)


def test_how_suggestions_bend_a_coder(journal, machine):
    """A coder made up so that each figure can be counted by hand."""
    wanted = {id: list(codes) for id, codes in machine.suggest(HELD)["codes"].items()}
    known = dict(
        zip(
            load_codings("reference")["sentence"],
            map(list, load_codings("reference")["codes"]),
            strict=True,
        )
    )
    left = {
        id: [[code] for code in BOOK if code != "none" and code not in (*wanted[id], *known[id])]
        for id in HELD
    }
    other = {id: codes[0] for id, codes in left.items()}
    codings, shown = (
        coding_annotations(KCTU, BOOK, journal),
        suggestion_annotations(KCTU, BOOK, journal),
    )
    plain, moved, away, kept, seen, against = HELD[:6]
    codings.set(plain, codes=wanted[plain])
    for id, codes in ((moved, wanted[moved]), (away, left[away][1]), (kept, other[kept])):
        shown.set(id, suggested=wanted[id], before=other[id])
        codings.set(id, codes=codes)
    shown.set(seen, suggested=wanted[seen])
    codings.set(seen, codes=wanted[seen])
    shown.set(against, suggested=wanted[against])
    codings.set(against, codes=known[against])
    codings.set(ONE, codes=["form"])  # which the machine was taught
    table = suggestion_effect(CORPUS, machine, journal=journal)
    assert table["ids"].to_list() == [
        (plain,),
        (moved, away, kept),
        (moved, away, kept),
        (seen, against),
    ]
    assert table["sentences"].to_list() == [1, 3, 3, 2]
    assert table["as suggested"].to_list()[:3] == pytest.approx([100, 0, 100 / 3])
    assert (
        table["as reference"].to_list()[1] == 0
        and table.loc["suggestion seen first", "as reference"] >= 50
    )
    assert table.loc["the same, after it", ["changed", "towards"]].to_list() == [2, 1]
    assert table["changed"].isna().to_list() == [True, True, False, True]
    assert (table["low"] <= table["as suggested"]).all() and (
        table["as suggested"] <= table["high"]
    ).all()
    nothing = suggestion_effect(CORPUS, machine, journal=Journal(journal.folder / "none"))
    assert nothing["sentences"].to_list() == [0] * 4 and nothing["as suggested"].isna().all()
