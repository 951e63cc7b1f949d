"""What Is a Union For? — the helpers behind the lessons.

Everything a lesson needs is one name away: ``from helpers import load_corpus``.
Heavy libraries load when a name is first used, never on ``import helpers``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["text", "coding", "show", "classroom"],
    submod_attrs={
        "text": ["Corpus", "Document", "UnionError", "clean", "load_corpus", "split_sentences"],
    },
)
