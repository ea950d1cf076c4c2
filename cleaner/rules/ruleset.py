"""Load the rules and match a line against all of them at once."""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise
from typing import Any

import re2

from cleaner.errors import UsageError
from cleaner.rules.context import ContextRule
from cleaner.rules.matcher import CASELESS, Finder, Matcher
from cleaner.words import count_words

LONGEST_LINE = 600
"""Characters beyond which no line is tried: boilerplate of that length is not told by its words."""
TIERS = (0, 13, 31, 101)
"""Words. Lines from one of these to the next are tried against the rules that allow so many: most
lines are sentences, and few rules allow so long a line. None allows as many as the last."""

TERM = re.compile(r"\{([a-z_]+)\}")
"""A named piece of pattern, defined in terms/. Counts such as {2,4} are not names."""

FOLD_PUNCTUATION = str.maketrans("‘’‚‛′“”„‟″‐‑‒–—―−\u00a0\u202f", "'''''\"\"\"\"\"-------  ")
DECORATION = " \t•*·▪■◆●-–—>»▶►→|#"


class RulePlace(StrEnum):
    """Where in a document a rule takes a line."""

    ANYWHERE = "anywhere"
    HEAD = "head"
    TAIL = "tail"
    EDGES = "edges"
    BLOCK = "block"
    """Only beside another short line of its block, as a credit stands beside its caption."""
    INLINE = "inline"
    """Inside a line: the pattern is looked for, and what its group `cut` holds is taken out."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `catches` and `spares` are its examples, run by the tests."""

    id: str
    category: str
    languages: tuple[str, ...]
    patterns: tuple[str, ...]
    place: RulePlace
    max_words: int
    catches: tuple[str, ...]
    spares: tuple[str, ...]


class RuleSet:
    """Rules compiled for matching. Make one with `ruleset_for`."""

    def __init__(self, rules: Iterable[Rule], disabled: Collection[str] = ()) -> None:
        self._disabled = frozenset(disabled)
        self.rules = tuple(rule for rule in rules if self.enables(rule.id))
        self._by_id = {rule.id: rule for rule in self.rules}
        inline = [rule for rule in self.rules if rule.place is RulePlace.INLINE]
        self._inline = tuple((rule, pattern) for rule in inline for pattern in rule.patterns)
        self._tiers = tuple(_Tier(self.rules, least, most) for least, most in pairwise(TIERS))

    def __getitem__(self, rule_id: str) -> Rule:
        return self._by_id[rule_id]

    def __contains__(self, rule_id: str) -> bool:
        return rule_id in self._by_id

    def enables(self, rule_id: str) -> bool:
        """Whether neither a rule nor its category is disabled."""
        return not self._disabled & {rule_id, rule_id.partition(".")[0]}

    def match(self, line: str) -> tuple[Rule, ...]:
        """The rules whose pattern and length guard fit a line, in the order of the files."""
        if len(line) > LONGEST_LINE:
            return ()
        words = count_words(line)
        tier = next((tier for tier in self._tiers if words < tier.end), None)
        if tier is None:
            return ()
        found = {number for form in _forms(line) for number in tier.match(form)}
        return tuple(
            self.rules[number] for number in sorted(found) if words <= self.rules[number].max_words
        )

    def inline_parts(self, line: str) -> Iterator[tuple[Rule, int, int]]:
        """The parts of a line that rules for such take: the rule, and where the part is."""
        # Each character becomes one, so places hold for the line as it is.
        plain = line if line.isascii() else line.translate(FOLD_PUNCTUATION)
        for number, start, end in self._finder.parts(plain):
            yield self._inline[number][0], start, end

    @cached_property
    def _finder(self) -> Finder:
        return Finder([pattern for _, pattern in self._inline])

    def captured(self, rule_id: str, line: str) -> Mapping[str, str]:
        """What the named groups of a rule's patterns hold in a line."""
        for pattern in self._by_id[rule_id].patterns:
            if "(?P<" not in pattern:
                continue
            compiled = re2.compile(pattern, CASELESS)
            for form in _forms(line):
                if match := compiled.fullmatch(form):
                    return {name: value for name, value in match.groupdict().items() if value}
        return {}


class _Tier:
    """The rules that lines of so many words may fit, compiled when the first such line comes."""

    def __init__(self, rules: Sequence[Rule], least: int, end: int) -> None:
        self.end = end
        self._rules = rules
        self._least = least

    @cached_property
    def _patterns(self) -> tuple[tuple[int, str], ...]:
        """Each pattern, and the number of its rule."""
        return tuple(
            (number, pattern)
            for number, rule in enumerate(self._rules)
            for pattern in rule.patterns
            if rule.max_words >= self._least and rule.place is not RulePlace.INLINE
        )

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher([pattern for _, pattern in self._patterns])

    def match(self, line: str) -> Iterator[int]:
        """The numbers of the rules of which a pattern fits."""
        for index in self._matcher.match(line):
            yield self._patterns[index][0]


def _forms(line: str) -> Iterator[str]:
    """The line as patterns see it: plain punctuation, single spaces; with and without bullets."""
    folded = line if line.isascii() else line.translate(FOLD_PUNCTUATION)
    plain = " ".join(folded.split())
    yield plain
    bare = plain.strip(DECORATION)
    if bare and bare != plain:
        yield bare


@cache
def ruleset_for(disabled: tuple[str, ...]) -> RuleSet:
    """The rules that ship with the package, less the ids and categories named.

    Raises:
        UsageError: a name is neither.

    """
    rules = load_rules()
    ids = {rule.id for rule in rules} | {rule.value for rule in ContextRule}
    for name in disabled:
        if not any(name in (known, known.partition(".")[0]) for known in ids):
            categories = ", ".join(sorted({rule.category for rule in rules}))
            raise UsageError(
                f"there is no rule or category {name!r} to disable; categories are {categories}"
            )
    return RuleSet(rules, disabled)


@cache
def load_rules() -> tuple[Rule, ...]:
    """All rules of the data files, in the order of the files' names."""
    folder = files("cleaner.rules")
    terms = _load_terms()
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".toml"))
    return tuple(
        _rule(name.removesuffix(".toml"), row, terms)
        for name in names
        for row in tomllib.loads((folder / name).read_text("utf-8"))["rule"]
    )


def _load_terms() -> Mapping[str, str]:
    """Terms as patterns: a list is its alternatives. A term may use those above it."""
    # Longest first, as RE2 prefers the alternative that stands first when it captures.
    months = sorted(month_numbers(), key=len, reverse=True)
    terms = {"month": f"(?:{'|'.join(months)})"}
    text = (files("cleaner.rules") / "terms" / "terms.toml").read_text("utf-8")
    for name, value in tomllib.loads(text).items():
        pattern = value if isinstance(value, str) else "|".join(value)
        terms[name] = f"(?:{_expand(pattern, terms)})"
    return terms


@cache
def month_numbers() -> Mapping[str, int]:
    """The number of each month's names, in lower case."""
    text = (files("cleaner.rules") / "terms" / "months.toml").read_text("utf-8")
    return {name: int(number) for number, names in tomllib.loads(text).items() for name in names}


def _expand(pattern: str, terms: Mapping[str, str]) -> str:
    return TERM.sub(lambda match: terms[match[1]], pattern)


def _rule(category: str, row: Mapping[str, Any], terms: Mapping[str, str]) -> Rule:
    return Rule(
        id=f"{category}.{row['name']}",
        category=category,
        languages=tuple(row["languages"]),
        patterns=tuple(_expand(pattern, terms) for pattern in row["patterns"]),
        place=RulePlace(row.get("place", "anywhere")),
        max_words=row["max_words"],
        catches=tuple(row["catches"]),
        spares=tuple(row["spares"]),
    )
