"""Read a user's rule files: rules that come to the shipped ones, or stand in their stead."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cleaner.errors import UsageError
from cleaner.rule import NO_RULES, OwnRules, Rule, is_named
from cleaner.rules.patterns import check_together, checked_pattern
from cleaner.rules.ruleset import check_names, ruleset_for
from cleaner.rules.shipped import TERM, load_rules, load_terms
from cleaner.rules.tables import LIST, TEXT, check_keys, check_kind, rule_of

KEYS = {"rule": "[[rule]]", "terms": "[terms]", "disable": LIST}


def read_rules(*paths: str | Path) -> OwnRules:
    """Read rule files, to be passed to `Config(own_rules=...)`; later files win over earlier.

    Args:
        paths: TOML files, as `docs/own-rules.md` describes them.

    Raises:
        UsageError: a file is missing or not right; the message says where, and what would be.

    """
    own = NO_RULES
    for path in paths:
        own = _with_file(own, Path(path))
    check_together(own.rules)
    ruleset_for((), own)  # too large beside the shipped ones is an error here, not in a run
    return own


def _with_file(own: OwnRules, path: Path) -> OwnRules:
    """What earlier files say, and what this one changes in it."""
    table = _read(path)
    check_keys(table, KEYS, str(path))
    rules = _rules(table, path)
    disabled = _disabled(table, rules, own, path)
    earlier = {rule.id: rule for rule in own.rules if not is_named(rule.id, disabled)}
    return OwnRules(
        rules=tuple((earlier | rules).values()),
        disabled=tuple(sorted({*own.disabled, *disabled})),
    )


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise UsageError(
            f"the rule file {path} cannot be read: {error.strerror or error}; name a TOML file"
        ) from None
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} is not TOML: byte {error.start} is not UTF-8; save the file as UTF-8"
        ) from None
    except tomllib.TOMLDecodeError as error:
        hint = (
            "; a pattern belongs in single quotes, where a backslash is a backslash"
            if "escape" in str(error).lower() or "\\" in str(error)
            else ""
        )
        raise UsageError(f"{path} is not TOML: {error}{hint}") from None


def _rules(table: Mapping[str, Any], path: Path) -> dict[str, Rule]:
    terms = _terms(table.get("terms", {}), path)
    rows = table.get("rule", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError(f"{path}: rule must be a list of tables; write [[rule]] above each")
    rules: dict[str, Rule] = {}
    for number, row in enumerate(rows, start=1):
        rule = rule_of(row, terms, str(path), number)
        if rule.id in rules:
            raise UsageError(
                f"{path}: rule {rule.id} is there twice; put the patterns of both into one, "
                "or give one another name"
            )
        rules[rule.id] = rule
    return rules


def _terms(table: object, path: Path) -> Mapping[str, str]:
    """The shipped terms and the file's own, which may use those above them, or replace them."""
    if not isinstance(table, dict):
        raise UsageError(f"{path}: terms must be a table; write [terms] above the names")
    terms = dict(load_terms())
    for name, value in table.items():
        where = f"{path}: term {name}"
        if not TERM.fullmatch(f"{{{name}}}"):
            raise UsageError(
                f"{where}: a term's name may hold letters, digits and _ only, and begins with none "
                "of the digits"
            )
        if not isinstance(value, str):
            check_kind("it", value, f"{TEXT}, or {LIST}", where)
        pattern = value if isinstance(value, str) else "|".join(value)
        terms[name] = f"(?:{checked_pattern(pattern, terms, where)})"
    return terms


def _disabled(
    table: Mapping[str, Any], rules: Mapping[str, Rule], own: OwnRules, path: Path
) -> list[str]:
    """The names that a file disables: of the shipped rules, or of the files before it."""
    names: list[str] = table.get("disable", [])
    check_kind("disable", names, LIST, str(path))
    for name in names:
        if name in rules:
            raise UsageError(
                f"{path}: disable names the rule {name} of this same file; "
                "take it out of the list, or take the rule out"
            )
    try:
        check_names(names, (*load_rules(), *own.rules))
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None
    return names
