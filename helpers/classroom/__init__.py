"""Classroom: saved work, checks, grading, a class, reports."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["check"],
    submod_attrs={
        "classes": ["SchoolClass", "invented_class", "my_class", "read_class"],
        "report": ["make_case"],
        "self_check": ["check_setup"],
        "work": ["SavedWork", "my_work", "resume_work", "save_work"],
    },
)
