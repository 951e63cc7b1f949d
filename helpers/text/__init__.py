"""The first wing: a document from its raw file to clean text, paragraphs and sentences."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "clauses": ["modal_clauses"],
        "cleaning": ["Cleaning", "Correction", "RawPlace", "clean"],
        "concordances": ["concordance_lines", "concordance_rates"],
        "corpus": ["Corpus", "Document", "load_corpus"],
        "counts": ["count_table", "word_rates"],
        "dispersion": ["collocations", "dispersion", "hit_positions"],
        "fragility": ["fragility"],
        "glossary": ["find_terms", "load_glossary"],
        "keyness": ["compare_words"],
        "counting": ["count_word", "overclean", "overcleaned_counts"],
        "errors": ["UnionError"],
        "files": ["Reading", "read_file"],
        "own": ["add_document", "change_document", "correct_document", "my_corpus", "my_document", "remove_document"],
        "quoting": ["Quotation", "check_quotation"],
        "sentences": ["split_sentences"],
    },
)
