"""The second wing: what people and machines say about the texts."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={"journal": ["Journal", "my_journal"]},
)
