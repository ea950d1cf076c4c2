"""What became of records and paragraphs, in numbers."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from cleaner.document import CleanDocument
from cleaner.stages.metadata import DAMAGED, NEAR_COPIES
from cleaner.stages.rejection import Rejection

MOST_ERRORS = 20
"""Different errors told in the summary; `rejected.jsonl` has them all."""
MOST_KINDS = 1_000
"""Kinds of errors that are counted apart: the first that come, of more than there are records in a
batch, so that it does not matter whether records are counted in batches or one by one."""
LONGEST_KIND = 200
"""Characters."""
OF_ONE_RECORD = re.compile(r" \([^()]*\)| at character \d+")
"""What an error says of the one record, so that those of many records are counted together."""


@dataclass(slots=True)
class Counts:
    """What became of records and paragraphs. Counts of batches add up."""

    read: int = 0
    written: int = 0
    dropped: int = 0
    rejected: int = 0
    kept: int = 0
    marked: int = 0
    """Of the kept, those that are copies."""
    damaged: int = 0
    """Documents of whose kept text much is lost."""
    repaired: Counter[str] = field(default_factory=Counter)
    """Lines and characters that were mended, by kind."""
    rejected_for: Counter[str] = field(default_factory=Counter)
    """By kind of error, but for those of kinds beyond `MOST_KINDS`."""
    examples: dict[str, str] = field(default_factory=dict)
    """The first error of each kind."""
    removed_by_reason: Counter[str] = field(default_factory=Counter)
    removed_by_rule: Counter[str] = field(default_factory=Counter)
    cut_by_rule: Counter[str] = field(default_factory=Counter)
    """Parts of paragraphs that were taken out."""
    copies_of_earlier: int = 0
    """Paragraphs taken out as copies of an earlier run's. Not told by the files of the output."""

    def note(self, outcome: CleanDocument | Rejection) -> None:
        """Count one outcome."""
        self.read += 1
        if isinstance(outcome, Rejection):
            self.rejected += 1
            kind = OF_ONE_RECORD.sub("", outcome.error)[:LONGEST_KIND]
            self._count_kind(kind, 1, outcome.error)
            return
        self.written += bool(outcome.kept)
        self.dropped += not outcome.kept
        self.kept += len(outcome.kept)
        self.damaged += DAMAGED in outcome.metadata
        self.repaired.update(outcome.repaired)
        self.marked += len(outcome.metadata.get(NEAR_COPIES, ()))
        for removal in outcome.removed:
            if removal.at is not None:
                self.cut_by_rule[removal.mark.rule or ""] += 1
                continue
            self.removed_by_reason[removal.mark.reason.value] += 1
            self.copies_of_earlier += removal.mark.of is not None and removal.mark.of.is_earlier
            if removal.mark.rule:
                self.removed_by_rule[removal.mark.rule] += 1

    def add(self, other: "Counts") -> None:
        """Add another batch's counts to these."""
        self.read += other.read
        self.written += other.written
        self.dropped += other.dropped
        self.rejected += other.rejected
        self.kept += other.kept
        self.marked += other.marked
        self.damaged += other.damaged
        self.repaired += other.repaired
        for kind, number in other.rejected_for.items():
            self._count_kind(kind, number, other.examples[kind])
        self.removed_by_reason += other.removed_by_reason
        self.removed_by_rule += other.removed_by_rule
        self.cut_by_rule += other.cut_by_rule
        self.copies_of_earlier += other.copies_of_earlier

    def _count_kind(self, kind: str, number: int, example: str) -> None:
        """Count errors of a kind, where that is one of the first."""
        if kind in self.rejected_for or len(self.rejected_for) < MOST_KINDS:
            self.rejected_for[kind] += number
            self.examples.setdefault(kind, example)

    def as_saved(self) -> dict[str, Any]:
        """All of it, as plain values that do not change when these counts do."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: one if isinstance(one, int) else dict(one) for name, one in values.items()}

    @classmethod
    def from_saved(cls, saved: Mapping[str, Any]) -> Self:
        """What `as_saved` gave."""
        counts = cls()
        for name, value in saved.items():
            kind = type(getattr(counts, name))
            setattr(counts, name, kind(value))
        return counts

    def commonest_errors(self) -> list[tuple[str, int]]:
        """The first error of the commonest kinds, and how many of its kind there were."""
        ordered = sorted(self.rejected_for.items(), key=lambda item: (-item[1], item[0]))
        return [(self.examples[kind], number) for kind, number in ordered[:MOST_ERRORS]]

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
            "repaired": dict(sorted(self.repaired.items())),
            "damaged": self.damaged,
            "paragraphs": {
                "read": self.kept + self.removed,
                "kept": self.kept,
                "marked_as_copies": self.marked,
                "removed": self.removed,
                "removed_by_reason": dict(sorted(self.removed_by_reason.items())),
                "removed_by_rule": dict(sorted(self.removed_by_rule.items())),
                "cut_by_rule": dict(sorted(self.cut_by_rule.items())),
            },
        }
