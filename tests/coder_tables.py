"""Tables of codings of several coders, for tests."""

import random

from helpers import load_codebook, load_codings
from helpers.coding.codings import as_codings

BOOK, REFERENCE = load_codebook(), load_codings("reference")
GIVEN = dict(zip(REFERENCE["sentence"], REFERENCE["codes"], strict=True))


def table(*coders, names="Learner {}"):
    return as_codings(
        {
            "coder": names.format(number),
            "sentence": id,
            "unsure": "",
            **(given if isinstance(given, dict) else {"codes": given}),
        }
        for number, coder in enumerate(coders, 1)
        for id, given in coder.items()
    )


def learners(many, seed=1, rate=0.3, start="", names="Learner {}"):
    chance = random.Random(f"{many} {seed}")
    ids = [id for id in GIVEN if id.startswith(start)]
    return table(
        *(
            {id: [chance.choice(list(BOOK))] if chance.random() < rate else GIVEN[id] for id in ids}
            for _ in range(many)
        ),
        names=names,
    )
