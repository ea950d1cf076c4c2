"""Check a pattern of a user's rule, and say in the user's words what is wrong with it."""

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

import re2

from cleaner.errors import UsageError
from cleaner.rule import Rule
from cleaner.rules.matcher import CASELESS
from cleaner.rules.shipped import TERM, expand
from cleaner.shown import shown

MOST_INSTRUCTIONS = 100_000
"""Of one pattern, compiled: a line costs so many steps a character at worst. The largest shipped
pattern, with a name and a date in it, has 50 000."""
MOST_TOGETHER = 3_000_000
"""Of all patterns of a user's rules: some 20 megabytes and a second in each worker. The shipped
rules have 1 100 000."""
LONGEST_SHOWN = 120

TOO_LARGE = (
    "is too large once compiled; a count spells out what it repeats, so write * or + for a "
    r"count such as {1,200}, above all of classes such as \pL: max_words bounds the length"
)
COUNTS = (
    "counts go up to 1000, and where one stands within another their product does; "
    "write * or +, as max_words bounds the length"
)

LOOKS_AROUND = re.compile(r"\(\?<?[=!]")
REFERS_BACK = re.compile(r"\\[1-9]|\\[gk][<{]|\(\?P=")
POSSESSIVE = re.compile(r"\(\?>|[*+?}]\+")

TAKEN_GROUPS = frozenset({"encoding", "row_encoding", "near_copies"})
"""Metadata that the program gives itself, and that no line of an article can tell."""


def checked_pattern(
    written: str, terms: Mapping[str, str], where: str, *, is_inline: bool = False
) -> str:
    """A pattern with its terms spelled out.

    Raises:
        UsageError: it names a term that does not exist, or RE2 does not accept it.

    """
    for match in TERM.finditer(written):
        if match[1] not in terms:
            raise UsageError(
                f"{where}: pattern {quoted(written)} uses the term {{{match[1]}}}, which does not "
                f"exist{suggestion(match[1], terms)}; terms are {', '.join(sorted(terms))}, and "
                r"those of the table [terms] above it; a brace as such is written \{"
            )
    pattern = expand(written, terms)
    groups = _check_compiled(pattern, written, where)
    if is_inline and "cut" not in groups:
        raise UsageError(
            f"{where}: pattern {quoted(written)} has no group named cut; inside a line, what "
            "stands in (?P<cut>...) is taken out"
        )
    return pattern


def check_together(rules: Iterable[Rule]) -> None:
    """Refuse rules that would take more of every worker's memory and time than all others do.

    Raises:
        UsageError: they are too large together; the message names the largest.

    """
    sizes = {
        rule.id: sum(re2.compile(pattern, CASELESS).programsize for pattern in rule.patterns)
        for rule in rules
    }
    if sum(sizes.values()) > MOST_TOGETHER:
        largest = ", ".join(sorted(sizes, key=sizes.__getitem__, reverse=True)[:3])
        raise UsageError(
            f"the patterns of your rules are too large together ({sum(sizes.values()):,} "
            f"instructions once compiled, of {MOST_TOGETHER:,} at most); the largest are those of "
            f"{largest}: write smaller counts there, or fewer patterns"
        )


def _check_compiled(pattern: str, written: str, where: str) -> Collection[str]:
    """The names of its groups."""
    try:
        compiled = re2.compile(pattern, CASELESS)
    except re2.error as error:
        raise UsageError(f"{where}: pattern {quoted(written)} {_reason(error, written)}") from None
    if compiled.programsize > MOST_INSTRUCTIONS:
        raise UsageError(f"{where}: pattern {quoted(written)} {TOO_LARGE}")
    taken = sorted(TAKEN_GROUPS & set(compiled.groupindex))
    if taken:
        raise UsageError(
            f"{where}: pattern {quoted(written)} has a group named {taken[0]!r}, which is metadata "
            "that the program gives itself; name the group otherwise"
        )
    return frozenset(compiled.groupindex)


def _reason(error: re2.error, written: str) -> str:
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    if "too large" in text:
        return TOO_LARGE
    if "repetition size" in text:
        return f"is not one that RE2 accepts ({shown(text)}): {COUNTS}"
    for construct, name in (
        (LOOKS_AROUND, "look-ahead and look-behind do"),
        (REFERS_BACK, "references back to a group do"),
        (POSSESSIVE, "atomic groups and possessive counts do"),
    ):
        if construct.search(written):
            return (
                f"is not one that RE2 accepts ({shown(text)}): {name} not exist in it, as the time "
                "to match a line must grow with its length only; write out what may stand there"
            )
    return (
        f"is not one that RE2 accepts ({shown(text)}); github.com/google/re2/wiki/Syntax tells all"
    )


def quoted(pattern: str) -> str:
    """A pattern as a message shows it."""
    text = shown(pattern)
    return f"'{text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + '…'}'"


def suggestion(name: str, known: Mapping[str, object]) -> str:
    """What a wrong name was perhaps meant to be."""
    close = get_close_matches(name, known, 1)
    return f" (did you mean {close[0]}?)" if close else ""
