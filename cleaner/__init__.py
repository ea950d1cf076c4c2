"""Clean scraped articles for text corpora, with a record of every line that was taken out.

From a program: `clean_text`, `clean_html`, `Cleaner` for a stream, `map_batch` for a data set,
`run` from folder to folder, `verify` and `restore` for what it wrote.
At the terminal: `cleaner run raw/ clean/`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.api import Cleaner, clean_html, clean_text
    from cleaner.batch_map import BatchMap, map_batch
    from cleaner.config import Config
    from cleaner.document import CleanDocument, Mark, Place, Reason, Removal
    from cleaner.errors import CleanerError, RecordError, UsageError
    from cleaner.job import run
    from cleaner.losses.warning import LossWarning
    from cleaner.outcome import Summary
    from cleaner.output.faults import Fault, FaultKind, Faults
    from cleaner.output.restore import restore
    from cleaner.output.verify import Verification, verify
    from cleaner.rule import OwnRules
    from cleaner.rules import read_rules
    from cleaner.stages.counts import Counts
    from cleaner.stages.signed import signatures_of
    from cleaner.stream import Rejected, RejectedWarning

__all__ = [
    "BatchMap",
    "CleanDocument",
    "Cleaner",
    "CleanerError",
    "Config",
    "Counts",
    "Fault",
    "FaultKind",
    "Faults",
    "LossWarning",
    "Mark",
    "OwnRules",
    "Place",
    "Reason",
    "RecordError",
    "Rejected",
    "RejectedWarning",
    "Removal",
    "Summary",
    "UsageError",
    "Verification",
    "clean_html",
    "clean_text",
    "map_batch",
    "read_rules",
    "restore",
    "run",
    "signatures_of",
    "verify",
]

_HOMES = {
    "cleaner.api": ("Cleaner", "clean_html", "clean_text"),
    "cleaner.batch_map": ("BatchMap", "map_batch"),
    "cleaner.config": ("Config",),
    "cleaner.document": ("CleanDocument", "Mark", "Place", "Reason", "Removal"),
    "cleaner.errors": ("CleanerError", "RecordError", "UsageError"),
    "cleaner.job": ("run",),
    "cleaner.outcome": ("Summary",),
    "cleaner.losses.warning": ("LossWarning",),
    "cleaner.output.faults": ("Fault", "FaultKind", "Faults"),
    "cleaner.output.restore": ("restore",),
    "cleaner.output.verify": ("Verification", "verify"),
    "cleaner.rule": ("OwnRules",),
    "cleaner.rules": ("read_rules",),
    "cleaner.stages.counts": ("Counts",),
    "cleaner.stages.signed": ("signatures_of",),
    "cleaner.stream": ("Rejected", "RejectedWarning"),
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
