"""Coding: codebook, codings, reliability, frames, classifier, export."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "annotations": ["Annotations"],
        "reliability": ["Agreement", "Figure", "agreement", "alpha"],
        "case": ["Case"],
        "codebook": ["Code", "Codebook", "load_codebook"],
        "coders": [
            "group_agreement",
            "mistaken_codes",
            "pair_agreement",
            "reference_agreement",
            "sentence_agreement",
        ],
        "codings": [
            "as_codings",
            "join_codings",
            "load_codings",
            "load_decisions",
            "read_codings",
            "write_codings",
        ],
        "export": ["export_codings"],
        "journal": ["Journal", "my_journal"],
        "classifier": ["Machine", "teach"],
        "practice": ["Practice", "load_practice"],
        "suggestions": ["suggestion_effect"],
        "trials": ["Trial", "across_documents", "learning_curve", "shuffle_codes", "try_machine"],
    },
)
