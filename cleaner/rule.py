"""The plain types of boilerplate rules; what matches them is in `rules/`, with the library for it.

`Config` holds such rules, and the command line builds one before anything heavy is imported.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

LONGEST_LINE = 600
"""Characters beyond which no line is tried: boilerplate of that length is not told by its words."""
TIERS = (0, 13, 31, 101)
"""Words. Patterns that need no text in a line are compiled together where their rules allow from
one of these up to the next: few rules allow as long a line as most are. None allows the last."""
MOST_WORDS = TIERS[-1] - 1
"""The most that `max_words` of a rule may be."""


class RulePlace(StrEnum):
    """Where in a document a rule takes a line."""

    ANYWHERE = "anywhere"
    HEAD = "head"
    TAIL = "tail"
    EDGES = "edges"
    BLOCK = "block"
    """Only beside another short line of its block, as a credit stands beside its caption."""
    RUN = "run"
    """Only where at least three such lines, or others that are taken, follow one another."""
    INLINE = "inline"
    """Inside a line: the pattern is looked for, and what its group `cut` holds is taken out."""


class Risk(StrEnum):
    """How likely a rule takes text from a document that is no article."""

    LOW = "low"
    HIGH = "high"
    """So it acts only where there are signs of news, unless the options say otherwise."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `catches` and `spares` are its examples, run by the tests."""

    id: str
    category: str
    languages: tuple[str, ...]
    patterns: tuple[str, ...]
    """As they are matched, with every term spelled out."""
    written: tuple[str, ...]
    """The same patterns as they stand in the file."""
    place: RulePlace
    max_words: int
    catches: tuple[str, ...]
    spares: tuple[str, ...]
    look_for: tuple[str, ...] = ()
    """For a rule inside lines: texts of which a line has one, whatever the case, if it fits."""
    risk: Risk = Risk.LOW


@dataclass(frozen=True, slots=True)
class OwnRules:
    """What a user's rule files change in the shipped rules. Made by `read_rules`, which checks it.

    A rule with the id of a shipped one stands in its place; the others come after them all.
    """

    rules: tuple[Rule, ...] = ()
    disabled: tuple[str, ...] = ()
    """Ids and categories of shipped rules that are left out. The rules above hold all the same."""

    def as_row(self) -> Mapping[str, Any]:
        """All of it as JSON has it, for the record of a run."""
        rules = [
            {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in asdict(rule).items()
            }
            for rule in self.rules
        ]
        return {"rules": rules, "disabled": list(self.disabled)}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "OwnRules":
        """What `as_row` gave.

        Raises:
            LookupError, TypeError, ValueError: it did not give this.

        """
        rules = [_rule_from_row(rule) for rule in row["rules"]]
        return cls(tuple(rules), tuple(row["disabled"]))


def _rule_from_row(row: Mapping[str, Any]) -> Rule:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in row.items()
    }
    return Rule(**values | {"place": RulePlace(row["place"]), "risk": Risk(row["risk"])})


NO_RULES = OwnRules()


def is_named(rule_id: str, names: Collection[str]) -> bool:
    """Whether a rule or its category is among the names."""
    return rule_id in names or rule_id.partition(".")[0] in names
