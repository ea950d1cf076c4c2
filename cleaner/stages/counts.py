"""What became of records and paragraphs, in numbers."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from cleaner.document import CleanDocument
from cleaner.stages.rejection import Rejection

MOST_ERRORS = 20
"""Different errors told in the summary; `rejected.jsonl` has them all."""


@dataclass(slots=True)
class Counts:
    """What became of records and paragraphs. Counts of batches add up."""

    read: int = 0
    written: int = 0
    dropped: int = 0
    rejected: int = 0
    kept: int = 0
    rejected_for: Counter[str] = field(default_factory=Counter)
    removed_by_reason: Counter[str] = field(default_factory=Counter)
    removed_by_rule: Counter[str] = field(default_factory=Counter)

    def note(self, outcome: CleanDocument | Rejection) -> None:
        """Count one outcome."""
        self.read += 1
        if isinstance(outcome, Rejection):
            self.rejected += 1
            self.rejected_for[outcome.error] += 1
            return
        self.written += bool(outcome.kept)
        self.dropped += not outcome.kept
        self.kept += len(outcome.kept)
        for removal in outcome.removed:
            self.removed_by_reason[removal.mark.reason.value] += 1
            if removal.mark.rule:
                self.removed_by_rule[removal.mark.rule] += 1

    def add(self, other: "Counts") -> None:
        """Add another batch's counts to these."""
        self.read += other.read
        self.written += other.written
        self.dropped += other.dropped
        self.rejected += other.rejected
        self.kept += other.kept
        self.rejected_for += other.rejected_for
        self.removed_by_reason += other.removed_by_reason
        self.removed_by_rule += other.removed_by_rule

    def commonest_errors(self) -> list[tuple[str, int]]:
        """The errors for which most records were rejected, and of how many each."""
        return sorted(self.rejected_for.items(), key=lambda item: (-item[1], item[0]))[:MOST_ERRORS]

    @property
    def removed(self) -> int:
        """Paragraphs taken out, whatever the reason."""
        return self.removed_by_reason.total()

    def as_row(self) -> dict[str, Any]:
        """For the summary; keys in an order that does not depend on the order of the work."""
        return {
            "read": self.read,
            "written": self.written,
            "dropped": self.dropped,
            "rejected": self.rejected,
            "rejected_for": dict(self.commonest_errors()),
            "paragraphs": {
                "read": self.kept + self.removed,
                "kept": self.kept,
                "removed": self.removed,
                "removed_by_reason": dict(sorted(self.removed_by_reason.items())),
                "removed_by_rule": dict(sorted(self.removed_by_rule.items())),
            },
        }
