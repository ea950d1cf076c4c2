"""Load the rules that ship with the package, and the terms that patterns are written with."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from cleaner.rule import MOST_WORDS, Risk, Rule, RulePlace

TERM = re.compile(r"(?<!\\)(?<!\\[pPx])\{([A-Za-z_]\w*)\}")
r"""A named piece of pattern, defined in terms/. Counts such as {2,4} and classes such as \p{Lu} are
no names."""


@cache
def load_rules() -> tuple[Rule, ...]:
    """All rules of the data files, in the order of the files' names."""
    folder = files("cleaner.rules")
    terms = load_terms()
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".toml"))
    return tuple(
        _rule(name.removesuffix(".toml"), row, terms)
        for name in names
        for row in tomllib.loads((folder / name).read_text("utf-8"))["rule"]
    )


@cache
def load_terms() -> Mapping[str, str]:
    """Terms as patterns: a list is its alternatives. A term may use those above it."""
    # Longest first, as RE2 prefers the alternative that stands first when it captures.
    months = sorted(month_numbers(), key=len, reverse=True)
    terms = {"month": f"(?:{'|'.join(months)})"}
    text = (files("cleaner.rules") / "terms" / "terms.toml").read_text("utf-8")
    for name, value in tomllib.loads(text).items():
        pattern = value if isinstance(value, str) else "|".join(value)
        terms[name] = f"(?:{expand(pattern, terms)})"
    return terms


@cache
def month_numbers() -> Mapping[str, int]:
    """The number of each month's names, in lower case."""
    text = (files("cleaner.rules") / "terms" / "months.toml").read_text("utf-8")
    return {name: int(number) for number, names in tomllib.loads(text).items() for name in names}


def expand(pattern: str, terms: Mapping[str, str]) -> str:
    """A pattern with its terms spelled out."""
    return TERM.sub(lambda match: terms[match[1]], pattern)


def _rule(category: str, row: Mapping[str, Any], terms: Mapping[str, str]) -> Rule:
    return Rule(
        id=f"{category}.{row['name']}",
        category=category,
        languages=tuple(row["languages"]),
        patterns=tuple(expand(pattern, terms) for pattern in row["patterns"]),
        written=tuple(row["patterns"]),
        place=RulePlace(row.get("place", "anywhere")),
        max_words=row.get("max_words", MOST_WORDS),
        catches=tuple(row["catches"]),
        spares=tuple(row["spares"]),
        look_for=tuple(row.get("look_for", ())),
        risk=Risk(row.get("risk", Risk.LOW)),
    )
