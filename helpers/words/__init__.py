"""Words: tokens, counts, concordance, comparison and modal clauses."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "clauses": ["modal_clauses"],
        "concordance": ["concordance_lines", "concordance_rates"],
        "counts": ["count_table", "word_rates"],
        "dispersion": ["collocations", "dispersion", "hit_positions"],
        "fragility": ["fragility"],
        "comparison": ["compare_words"],
        "counting": ["count_word", "overclean", "overcleaned_counts"],
    },
)
