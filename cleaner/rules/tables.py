"""One table of a user's rule file to a rule: keys, types, ranges."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from cleaner.errors import UsageError
from cleaner.rule import MOST_WORDS, Risk, Rule, RulePlace
from cleaner.rules.context import ContextRule
from cleaner.rules.patterns import checked_pattern, suggestion

MAX_WORDS = 30
"""Unless the rule says otherwise. Boilerplate is seldom longer, and prose often is."""

TEXT, NUMBER, LIST = "a text in quotes", "a whole number", "a list of texts in quotes"
KEYS = {
    "category": TEXT,
    "name": TEXT,
    "patterns": LIST,
    "catches": LIST,
    "spares": LIST,
    "languages": LIST,
    "place": TEXT,
    "max_words": NUMBER,
    "look_for": LIST,
    "risk": TEXT,
}
NEEDED = {
    "category": 'one of the shipped such as "promo", or one of your own',
    "name": 'a short one such as "sea_news"',
    "patterns": "what a whole line must match",
    "catches": "at least one line that the rule must take, which `cleaner rules test` then tries",
}
NAME = re.compile(r"[\w-]+")
LANGUAGE = re.compile(r"any|[a-z]{2,3}(?:-\w+)?")


def rule_of(row: Mapping[str, Any], terms: Mapping[str, str], path: str, number: int) -> Rule:
    """The rule that a table describes.

    Raises:
        UsageError: the table is not right; the message says where, and what would be.

    """
    where = _where(row, path, number)
    check_keys(row, KEYS, where)
    _check_values(row, where)
    rule_id = f"{row['category']}.{row['name']}"
    if rule_id in set(ContextRule):
        raise UsageError(
            f"{where}: this rule is code, which can be disabled and not replaced; "
            "name your rule otherwise"
        )
    return Rule(
        id=rule_id,
        category=row["category"],
        languages=tuple(row.get("languages", ["any"])),
        patterns=tuple(
            checked_pattern(pattern, terms, where, is_inline=row.get("place") == RulePlace.INLINE)
            for pattern in row["patterns"]
        ),
        written=tuple(row["patterns"]),
        place=RulePlace(row.get("place", RulePlace.ANYWHERE)),
        max_words=row.get("max_words", MAX_WORDS),
        catches=tuple(row["catches"]),
        spares=tuple(row.get("spares", ())),
        look_for=tuple(row.get("look_for", ())),
        risk=Risk(row.get("risk", Risk.LOW)),
    )


def check_keys(table: Mapping[str, Any], known: Mapping[str, object], where: str) -> None:
    """Refuse a key that nothing would read."""
    for key in table:
        if key not in known:
            raise UsageError(
                f"{where}: there is no key {key!r}{suggestion(key, known)}; "
                f"keys are {', '.join(known)}"
            )


def check_kind(key: str, value: object, kind: str, where: str) -> None:
    """Refuse a value of another type than its key has."""
    if kind == NUMBER:
        is_right = isinstance(value, int) and not isinstance(value, bool)
    elif kind == TEXT:
        is_right = isinstance(value, str)
    else:
        is_right = isinstance(value, list) and all(isinstance(one, str) for one in value)
    if not is_right:
        raise UsageError(f"{where}: {key} is {value!r}; it must be {kind}")


def _where(row: Mapping[str, Any], path: str, number: int) -> str:
    """Where a mistake is: the rule by its id, if it has one, else by its number."""
    category, name = row.get("category"), row.get("name")
    if isinstance(category, str) and isinstance(name, str):
        return f"{path}: rule {category}.{name}"
    return f"{path}: rule number {number}"


def _check_values(row: Mapping[str, Any], where: str) -> None:
    for key, value in row.items():
        check_kind(key, value, KEYS[key], where)
    for key, meaning in NEEDED.items():
        if key not in row:
            raise UsageError(f"{where}: {key} is missing: {meaning}")
        if not row[key]:
            raise UsageError(f"{where}: {key} is empty: {meaning}")
    for key in ("category", "name"):
        if not NAME.fullmatch(row[key]):
            raise UsageError(f"{where}: {key} may hold letters, digits, _ and - only")
    for key in ("patterns", "catches", "spares", "look_for"):
        if not all(map(str.strip, row.get(key, ()))):
            raise UsageError(f"{where}: {key} holds an empty text, and no line is empty")
    _check_guards(row, where)


def _check_guards(row: Mapping[str, Any], where: str) -> None:
    place, words = row.get("place", RulePlace.ANYWHERE), row.get("max_words", MAX_WORDS)
    choices: Sequence[tuple[str, Sequence[str]]] = (("place", [*RulePlace]), ("risk", [*Risk]))
    for key, allowed in choices:
        if row.get(key, allowed[0]) not in allowed:
            raise UsageError(
                f"{where}: {key} is {row[key]!r}; it must be one of {', '.join(allowed)}"
            )
    if (place == RulePlace.INLINE) != bool(row.get("look_for")):
        raise UsageError(
            f'{where}: look_for goes with place = "inline", and neither without the other: texts '
            "of which a line has one, whatever the case, if a pattern fits some part of it"
        )
    if place == RulePlace.INLINE and {"max_words", "risk"} & row.keys():
        raise UsageError(
            f'{where}: max_words and risk do not go with place = "inline": such a rule takes a '
            "part of a line of any length, in any document"
        )
    if not 1 <= words <= MOST_WORDS:
        raise UsageError(
            f"{where}: max_words is {words}; it must be from 1 to {MOST_WORDS}, "
            "as a longer line is not told by its words"
        )
    for language in row.get("languages", ()):
        if not LANGUAGE.fullmatch(language):
            raise UsageError(
                f"{where}: languages holds {language!r}; each is a code such as 'en', or 'any'"
            )
