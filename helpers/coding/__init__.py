"""Coding: codebook, codings, reliability, frames, classifier, export."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "annotations": ["Annotations"],
        "case": ["Case"],
        "classifier": [
            "Classifier",
            "Evaluation",
            "across_documents",
            "cross_validate",
            "learning_curve",
            "shuffle_codes",
            "suggestion_effect",
            "train_classifier",
        ],
        "codebook": ["Code", "Codebook", "load_codebook"],
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
        "practice": ["Practice", "load_practice"],
        "reliability": [
            "Agreement",
            "agreement",
            "group_agreement",
            "mistaken_codes",
            "pair_agreement",
            "reference_agreement",
            "sentence_agreement",
        ],
    },
)
