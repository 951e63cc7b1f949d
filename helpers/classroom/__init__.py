"""The fourth wing: a learner's saved work and the checks that help; a teacher's class."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["check"],
    submod_attrs={
        "class_panel": ["my_class"],
        "classes": ["SchoolClass", "read_class"],
        "invented": ["invented_class"],
        "panel": ["my_work"],
        "report": ["make_case", "write_report"],
        "setup": ["check_setup"],
        "work": ["SavedWork", "resume_work", "save_work"],
    },
)
