"""Count what is in the input and is not read, by kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from cleaner.stages.rejection import Skipped

LISTED = 20
"""Names given for each kind."""
MOST_KINDS = 200
OTHERS = "of other kinds"


@dataclass(slots=True)
class Skips:
    """How many there are of each kind, and the first of their names, each once."""

    numbers: dict[str, int] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def from_row(cls, row: Mapping[str, Mapping[str, Any]], unit: str) -> Self:
        """Go on from what `as_row` gave."""
        numbers = {kind: one[unit] for kind, one in row.items()}
        return cls(numbers, {kind: list(one["names"]) for kind, one in row.items()})

    def note(self, skipped: Skipped) -> None:
        """Count one. Kinds come from names, of which an archive can have any number."""
        kind = skipped.kind
        if kind not in self.numbers and len(self.numbers) >= MOST_KINDS:
            kind = OTHERS
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        names = self.names.setdefault(kind, [])
        if len(names) < LISTED and skipped.name not in names[-1:]:
            names.append(skipped.name)

    def add(self, later: "Skips") -> None:
        """Count what was counted of input that comes later."""
        for kind, number in later.numbers.items():
            names = later.names[kind]
            for name in names:
                self.note(Skipped(kind, name))
            known = kind if kind in self.numbers else OTHERS
            self.numbers[known] += number - len(names)

    def as_row(self, unit: str) -> Mapping[str, Mapping[str, Any]]:
        """By kind, in the order of their names; `unit` is what is counted."""
        return {
            kind: {unit: self.numbers[kind], "names": list(self.names[kind])}
            for kind in sorted(self.numbers)
        }


def listed(found: Iterable[tuple[str, str]]) -> Mapping[str, Mapping[str, Any]]:
    """Files by kind, from (kind, name)."""
    skips = Skips()
    for kind, name in found:
        skips.note(Skipped(kind, name))
    return skips.as_row("files")
