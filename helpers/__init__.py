"""What Is a Union For? — the helpers behind the lessons.

Everything a lesson needs is one name away: ``from helpers import load_corpus``.
Heavy libraries load when a name is first used, never on ``import helpers``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["text", "coding", "show", "classroom"],
    submod_attrs={
        "text": [
            "Corpus",
            "Document",
            "UnionError",
            "clean",
            "collocations",
            "compare_words",
            "concordance_lines",
            "concordance_rates",
            "count_table",
            "count_word",
            "dispersion",
            "fragility",
            "hit_positions",
            "load_corpus",
            "overcleaned_counts",
            "split_sentences",
            "word_rates",
        ],
        "coding": ["Journal", "agreement", "load_codebook", "load_codings", "load_decisions", "read_codings", "write_codings"],
        "show": [
            "account_chart",
            "ask",
            "concordance",
            "context_timeline",
            "dispersion_chart",
            "doer_chart",
            "explore",
            "fragility_panel",
            "introduce",
            "keyness_chart",
            "my_answer",
            "my_evidence",
            "practise",
            "rates_chart",
            "read",
            "settle",
            "show_account",
            "show_agreement",
            "show_paragraphs",
            "show_raw",
            "show_table",
            "source_card",
            "spot_noise",
            "tag",
            "tag_again",
            "walk_cleaning",
        ],
        "classroom": ["check", "check_setup", "my_work", "resume_work", "save_work"],
    },
)
