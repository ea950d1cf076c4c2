"""The commands about rules: list them, test a file of one's own, try a line."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner.errors import UsageError
from cleaner.named_path import path_for
from cleaner.nearest import perhaps
from cleaner.options import SectionedCommand, option_of
from cleaner.pipe import while_read
from cleaner.rule import OwnRules, Risk, Rule, RulePlace
from cleaner.settings import own_rules
from cleaner.shown import shown

if TYPE_CHECKING:
    from cleaner.rules import RuleSet
    from cleaner.rules.ruleset import Fit

FAILED = 1

RuleFiles = Annotated[list[Path] | None, option_of("own_rules")]

HOLDS = {
    RulePlace.ANYWHERE: "anywhere",
    RulePlace.HEAD: "at the head of an article, above its first prose",
    RulePlace.TAIL: "at the tail of an article, below its last prose",
    RulePlace.EDGES: "at the head or the tail of an article, not between its prose",
    RulePlace.BLOCK: "beside another short line of its block, below a caption",
    RulePlace.RUN: "among at least three such lines that follow one another",
    RulePlace.INLINE: "in part: what the pattern calls cut, if anything else is in it",
}

LIST_EPILOG = """\
Examples:

\b
  cleaner rules list
  cleaner rules list --category byline --language de
  cleaner rules list --rules mine.toml

\b
Exit codes: 0 done, 2 there is no such category or language, or a file is not right.
"""
TEST_EPILOG = """\
Examples:

\b
  cleaner rules test mine.toml

\b
Exit codes: 0 all as it should be, 1 some are not, 2 a file is not right.
"""
TRY_EPILOG = """\
Examples:

\b
  cleaner rules try "Leave a Reply"
  cleaner rules try --rules mine.toml < lines.txt

\b
Exit codes: 0 done, 2 a file is not right.
"""

ONLY_NEWS = ", in documents with signs of news (see --risky-rules)"

rules_app = typer.Typer(
    name="rules",
    help="List the boilerplate rules, test a file of your own, or try a line.",
    short_help="List, test and try the rules for boilerplate.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@rules_app.command(name="list", cls=SectionedCommand, epilog=LIST_EPILOG)
def _list(
    category: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only the rules of this category, such as byline."),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Only the rules for this language, such as en."),
    ] = None,
    rules: RuleFiles = None,
) -> None:
    """List all rules.

    Shown are a rule's id, where it holds, whether its risk is high, the most words of a line that
    it takes, the number of its patterns, and its languages. At the end come the rules that are
    code, each with what it takes.
    """
    ruleset = _ruleset(own_rules(rules))
    ids = [*(rule.id for rule in ruleset.rules), *ruleset.context]
    _check_known("category", category, {name.partition(".")[0] for name in ids})
    _check_known("language", language, {one for rule in ruleset.rules for one in rule.languages})
    width = max(map(len, ids), default=0)
    for rule in ruleset.rules:
        if category in (None, rule.category) and {language, "any"} & {None, *rule.languages}:
            typer.echo(f"{rule.id:{width}}  {_described(rule)}")
    for one in ruleset.context:
        if category in (None, one.partition(".")[0]):
            typer.echo(f"{one.value:{width}}  {one.description}")


@rules_app.command(name="test", cls=SectionedCommand, epilog=TEST_EPILOG, no_args_is_help=True)
def _test(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="TOML files with rules of your own.",
            show_default=False,
            parser=path_for("FILE"),
        ),
    ],
) -> None:
    """Try the examples of your own rules.

    They are tried against all rules, shipped and own. Every line that a rule `catches` must be
    taken by it, and none that it `spares`. What other rules do with these lines, and yours with the
    lines that shipped rules spare, is noted.
    """
    from cleaner.rules.examples import findings

    own = own_rules(files)
    found = list(findings(own, _ruleset(own)))
    failures = [finding for finding in found if finding.is_failure]
    with while_read():
        for finding in (*failures, *(finding for finding in found if not finding.is_failure)):
            label = "wrong" if finding.is_failure else "note"
            typer.echo(shown(f"{label}: {finding.told}: {finding.line}"))
        lines = sum(len(rule.catches) + len(rule.spares) for rule in own.rules)
        outcome = f"{len(failures)} not as they should be" if failures else "all as they should be"
        tried = f"{_counted(len(own.rules), 'rule')}, {_counted(lines, 'line')}"
        typer.echo(f"{tried}: {outcome}")
    if failures:
        raise typer.Exit(FAILED)


@rules_app.command(name="try", cls=SectionedCommand, epilog=TRY_EPILOG)
def _try(
    line: Annotated[
        str | None,
        typer.Argument(
            metavar="LINE", help="The line; without one, the lines of the standard input."
        ),
    ] = None,
    rules: RuleFiles = None,
) -> None:
    """Say which rule takes a line.

    By which pattern, and where, is said too; and where a pattern fits, what keeps its rule from the
    line all the same.
    """
    ruleset = _ruleset(own_rules(rules))
    stdin = typer.get_text_stream("stdin", encoding="utf-8", errors="replace")
    lines = stdin if line is None else [line]
    for one in map(str.strip, lines):
        if one:
            typer.echo(shown(one))
            for told in _explained(one, ruleset):
                typer.echo(shown(f"  {told}"))


def _explained(line: str, ruleset: "RuleSet") -> Iterator[str]:
    """What the rules make of a line, the one that takes it first."""
    from cleaner.rules.examples import deciding, pattern_of

    fits = _first_of_each(ruleset.fits(line))
    taking = [fit for fit in fits if fit.guard is None]
    first = deciding([fit.rule for fit in taking]) if taking else None
    for fit in sorted(taking, key=lambda fit: fit.rule != first):
        verb = "takes it" if fit.rule == first else "would take it too,"
        where = HOLDS[fit.rule.place] + (ONLY_NEWS if fit.rule.risk is Risk.HIGH else "")
        yield f"{fit.rule.id} {verb} {where}: {pattern_of(fit)}"
    for fit in fits:
        if fit.guard:
            yield f"{fit.rule.id} does not take it: {pattern_of(fit)} fits, but {fit.guard}"
    if not fits:
        yield (
            "no rule takes it by its words: no pattern fits the whole line; "
            "templates, copies and what stands beside other lines are not tried here"
        )


def _first_of_each(fits: Iterable["Fit"]) -> list["Fit"]:
    """One pattern for each rule: the first that fits."""
    first: dict[str, Fit] = {}
    for fit in fits:
        first.setdefault(fit.rule.id, fit)
    return list(first.values())


def _ruleset(own: OwnRules) -> "RuleSet":
    from cleaner.rules import ruleset_for

    return ruleset_for((), own)


def _described(rule: Rule) -> str:
    patterns = _counted(len(rule.patterns), "pattern")
    words = f"{rule.max_words} words"
    risk = "risky" if rule.risk is Risk.HIGH else ""
    return f"{rule.place:8}  {risk:5}  {words:>9}  {patterns:>11}  {' '.join(rule.languages)}"


def _counted(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def _check_known(kind: str, wanted: str | None, known: set[str]) -> None:
    if wanted is not None and wanted not in known:
        raise UsageError(
            f"there is no rule of the {kind} {wanted!r}; there is {', '.join(sorted(known))}"
            + perhaps(wanted, known)
        )
