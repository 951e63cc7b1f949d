"""Each chart of words and codings, of the two documents or of such with strange names."""

from dataclasses import replace

import pandas as pd

import helpers as h
from helpers.corpus.documents import Corpus, Document
from helpers.show.word_charts import fragility_chart
from helpers.words.comparison import SWITCHES, fragility

STRANGE = '_$\\frac$ <script>\nof the "hundred and eleventh" annual congress'
ABOUT = {"codes alone": ("agreement", "group", "reference", "pairs", "together")}


def strange_corpus(corpus):
    """The documents under names that could be taken for a formula, a label to hide or a tag."""
    found = {}
    for each in corpus.documents:
        about = each.about | {"short_title": f"{STRANGE} {each.id}"}
        found[each.id] = Document(each.id, about, each.cleaning)
    return Corpus(found)


def strange_codebook():
    book = h.load_codebook()
    label = "{} $\\frac$ a role for which nobody found a short name in any language"
    codes = {key: replace(code, label=label.format(key)) for key, code in book.codes.items()}
    return replace(book, codes=codes)


def charts(corpus, strange=False):
    """The charts by name, from the reference and its two coders."""
    reference, one, two = (h.load_codings(who) for who in ("reference", "coder-1", "coder-2"))
    book = strange_codebook() if strange else h.load_codebook()
    corpus = strange_corpus(corpus) if strange else corpus
    both, sides = pd.concat([one, two]), {"reference": reference, "_me $1$": one}
    claims = {claim: fragility(corpus, claim) for claim in ("wage", "worker*")}
    usual = {name: settings[0] for name, settings in SWITCHES.items()}
    return {
        "rates": h.rates_chart(corpus, ["will", "should", "Party", "rights"]),
        "dispersion": h.dispersion_chart(corpus, "should"),
        "keyness": h.keyness_chart(*corpus.documents, stop=True),
        "doers": h.doer_chart(corpus),
        "fragility": fragility_chart(corpus, claims, usual),
        "profile": h.frame_profile(corpus, reference, codebook=book),
        "profile beside": h.frame_profile(corpus, sides, codebook=book),
        "dualism": h.protection_production(corpus, reference, codebook=book),
        "codeline": h.codeline(corpus, reference, codebook=book),
        "codeline beside": h.codeline(corpus, sides, codebook=book),
        "together": h.co_occurrence_chart(reference, codebook=book),
        "triangle": h.triangle(corpus, reference, codebook=book),
        "triangle beside": h.triangle(corpus, sides, codebook=book),
        "range": h.coding_range(corpus, codebook=book),
        "agreement": h.agreement_chart(h.agreement(one, two), one, two, codebook=book),
        "group": h.group_chart(both, corpus, codebook=book),
        "group codeline": h.group_codeline(corpus, both, codebook=book),
        "reference": h.reference_chart(both, reference, corpus, codebook=book),
        "pairs": h.pair_chart(both, corpus, codebook=book),
    }
