"""Words: tokens, counts, concordance, comparison and modal clauses."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "clauses": ["modal_clauses"],
        "comparison": ["compare_words", "dispersion", "fragility", "hit_positions"],
        "concordance": ["concordance_lines", "concordance_rates"],
        "tokens": ["document_tokens"],
        "counts": ["count_word", "overclean", "overcleaned_counts", "word_rates"],
    },
)
