"""Charts and screens: what a learner sees and touches."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "adding": ["add_my_document"],
        "answers": ["ask", "introduce", "my_answer"],
        "beside": ["explore_codings"],
        "cards": [
            "show_account",
            "show_paragraphs",
            "show_raw",
            "show_table",
            "show_text",
            "source_card",
        ],
        "case": ["CaseDesk", "show_quotations"],
        "charts": ["Chart", "account_chart", "context_timeline"],
        "explorer": ["explore"],
        "frames": [
            "agreement_chart",
            "co_occurrence_chart",
            "codeline",
            "coding_range",
            "frame_profile",
            "protection_production",
            "triangle",
        ],
        "groups": ["group_chart", "group_codeline", "pair_chart", "reference_chart"],
        "prompts": ["show_prompts", "show_unclear"],
        "fragile": ["fragility_chart", "fragility_panel"],
        "grammar": ["show_clauses", "show_words", "try_sentence"],
        "kwic": ["concordance"],
        "machines": [
            "across_chart",
            "code_scores_chart",
            "learning_chart",
            "scores_chart",
            "why_chart",
        ],
        "noise": ["removed_lines", "spot_noise"],
        "reader": ["my_evidence", "read"],
        "settling": ["settle", "show_agreement"],
        "tagger": ["practise", "tag", "tag_again"],
        "wordcharts": ["dispersion_chart", "doer_chart", "keyness_chart", "rates_chart"],
        "walk": ["walk_cleaning"],
    },
)
