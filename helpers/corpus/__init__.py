"""Documents: from the raw file to clean text, paragraphs and sentences."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "cleaning": ["Cleaning", "Correction", "RawPlace", "clean"],
        "documents": ["Corpus", "Document", "load_corpus"],
        "glossary": ["find_terms", "load_glossary"],
        "errors": ["UnionError"],
        "importing": ["Reading", "read_file"],
        "library": [
            "add_document",
            "change_document",
            "correct_document",
            "my_corpus",
            "my_document",
            "remove_document",
        ],
        "quotations": ["Quotation", "check_quotation"],
        "sentences": ["split_sentences"],
    },
)
