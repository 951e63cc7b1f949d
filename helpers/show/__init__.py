"""Charts and screens: what a learner sees and touches."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "adding": ["add_my_document"],
        "agreement_charts": "agreement_chart group_chart group_codeline pair_chart "
        "reference_chart".split(),
        "answers": ["ask", "introduce", "my_answer"],
        "cards": "context_timeline show_account show_paragraphs show_raw show_table show_text "
        "source_card".split(),
        "case": ["CaseDesk", "show_quotations"],
        "charts": ["Chart", "account_chart"],
        "classifier_charts": "across_chart code_scores_chart learning_chart scores_chart "
        "why_chart".split(),
        "explorer": ["explore", "explore_codings"],
        "frame_charts": "co_occurrence_chart codeline coding_range frame_profile "
        "protection_production triangle".split(),
        "grammar": ["show_clauses", "show_words", "try_sentence"],
        "kwic": ["concordance"],
        "noise": ["removed_lines", "spot_noise"],
        "prompts": ["show_prompts", "show_unclear"],
        "reader": ["my_evidence", "read"],
        "settling": ["settle", "show_agreement"],
        "tagger": ["practise", "tag", "tag_again"],
        "walk": ["walk_cleaning"],
        "word_charts": "dispersion_chart doer_chart fragility_panel keyness_chart "
        "rates_chart".split(),
    },
)
