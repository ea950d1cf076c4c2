"""Clean scraped articles for text corpora, with a record of every line that was taken out.

From a program: `clean_text`, `clean_html`, `Cleaner` for a stream, `run` from folder to folder.
At the terminal: `cleaner run raw/ clean/`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.api import Cleaner, clean_html, clean_text
    from cleaner.config import Config
    from cleaner.document import CleanDocument, Mark, Place, Reason, Removal
    from cleaner.errors import CleanerError, RecordError, UsageError
    from cleaner.job import Summary, run
    from cleaner.losses.warning import LossWarning
    from cleaner.rule import OwnRules
    from cleaner.rules import read_rules
    from cleaner.stages.signed import signatures_of

__all__ = [
    "CleanDocument",
    "Cleaner",
    "CleanerError",
    "Config",
    "LossWarning",
    "Mark",
    "OwnRules",
    "Place",
    "Reason",
    "RecordError",
    "Removal",
    "Summary",
    "UsageError",
    "clean_html",
    "clean_text",
    "read_rules",
    "run",
    "signatures_of",
]

_HOMES = {
    "cleaner.api": ("Cleaner", "clean_html", "clean_text"),
    "cleaner.config": ("Config",),
    "cleaner.document": ("CleanDocument", "Mark", "Place", "Reason", "Removal"),
    "cleaner.errors": ("CleanerError", "RecordError", "UsageError"),
    "cleaner.job": ("Summary", "run"),
    "cleaner.losses.warning": ("LossWarning",),
    "cleaner.rule": ("OwnRules",),
    "cleaner.rules": ("read_rules",),
    "cleaner.stages.signed": ("signatures_of",),
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for, so that `cleaner --help` starts at once."""
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
