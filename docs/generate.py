"""Writes the pages that are made from the program itself: `python docs/generate.py`.

`options.md` is made from the schema, `Config` and the command line, `rules.md` from the rule files.
A test tells when they are not up to date.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer

from cleaner.cli import app
from cleaner.config import Config
from cleaner.option_values import NAMES
from cleaner.rule import OwnRules, Risk, Rule, RulePlace
from cleaner.rules import ContextRule, load_rules
from cleaner.schema import OPTIONS, SCHEMA, Option, flag_of
from cleaner.settings import KEYS

HERE = Path(__file__).parent
FIELDS = {field.name: field for field in fields(Config)}
MADE = "<!-- Made by docs/generate.py: do not edit. -->"
OPTIONS_HEAD = f"""\
# All options

{MADE}

Each option with its flag, its name in `cleaner.toml`, in the environment and in Python, what it may
be, its default, and why that is the default. [Configuration](configuration.md) says which of these
places wins.
"""
RULES_HEAD = f"""\
# All rules

{MADE}

Every shipped rule with a line that it takes and one that it spares; [What is removed, and
why](removed.md) says how they work together. A rule is for any language unless it names some. A
rule that is marked *risky* acts only [on documents with signs of
news](options.md#risky-rules). `cleaner rules list` prints the same list, and
`cleaner rules try "a line"` says which rule takes a line.
"""
PLACES = {
    RulePlace.ANYWHERE: "anywhere",
    RulePlace.HEAD: "above the first prose",
    RulePlace.TAIL: "below the last prose",
    RulePlace.EDGES: "above the first prose or below the last",
    RulePlace.BLOCK: "below a caption",
    RulePlace.RUN: "among three or more such lines",
    RulePlace.INLINE: "a part of a line",
}


def options_page() -> str:
    """The reference of all options and commands."""
    parts = [OPTIONS_HEAD, _contents()]
    for heading, group in SCHEMA.items():
        parts.append(f"## {heading}\n")
        parts.extend(_option(name, option) for name, option in group.items())
    parts.append("## Only on the command line\n")
    parts.append("Flags of `cleaner run` that no file and no variable sets.\n")
    parts.append(_table(_command("run"), skip=set(OPTIONS)))
    parts.append("## Other commands\n")
    parts.extend(_commands())
    return "\n".join(parts)


def _contents() -> str:
    rows = [
        f"| [`{flag_of(name)}`](#{_anchor(name)}){_off(option)} "
        f"| {_default(name)} | {_plain(option.help)} |"
        for group in SCHEMA.values()
        for name, option in group.items()
    ]
    return "\n".join(["| option | default | |", "| --- | --- | --- |", *rows, ""])


def _plain(text: str) -> str:
    """A text of the command line, which is no Markdown."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _off(option: Option) -> str:
    return f", `{option.off}`" if option.off else ""


def _anchor(name: str) -> str:
    return flag_of(name).removeprefix("--")


def _option(name: str, option: Option) -> str:
    key = next(key for key, field in KEYS.items() if field == name)
    flags = f"{flag_of(name)} {_metavar(name)}".strip()
    if option.off:
        flags += f"`, `{option.off}"
    where = [
        f"`{flags}`",
        f"file: `{key}`",
        f"environment: `CLEANER_{key.upper()}`",
        f"Python: `Config({name}=…)`",
    ]
    told = [f"{one}\n" for one in (_allowed(name), REASONS[name]) if one]
    return "\n".join(
        [f"### {_anchor(name)}\n", f"{_plain(option.help)}\n", f"{' · '.join(where)}\n", *told]
    )


def _metavar(name: str) -> str:
    kind = FIELDS[name].type
    if kind is bool:
        return ""
    return OPTIONS[name].metavar or ("N" if kind is int else "X")


def _allowed(name: str) -> str:
    option, kind = OPTIONS[name], FIELDS[name].type
    if kind in (NAMES, OwnRules):
        return "May be given several times. Default: none."
    told = []
    if option.between:
        least, most = option.between
        told.append(f"From {least:,} to {most:,}.")
    if get_origin(kind) is Literal:
        told.append(f"One of {', '.join(f'`{one}`' for one in get_args(kind))}.")
    return " ".join([*told, f"Default: {_default(name)}."])


def _default(name: str) -> str:
    option, default = OPTIONS[name], FIELDS[name].default
    if option.default:
        return option.default
    if isinstance(default, bool):
        return f"`{flag_of(name) if default else option.off}`"
    return f"`{default}`" if isinstance(default, int | float | str) else "none"


def _reasons() -> dict[str, str]:
    """What `Config` says below each field."""
    body = ast.parse(inspect.getsource(Config)).body[0]
    assert isinstance(body, ast.ClassDef)  # noqa: S101 - for the type checker
    found = {}
    for field, told in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(told, ast.Expr):
            text = inspect.cleandoc(ast.literal_eval(told.value))
            found[ast.unparse(field.target)] = text
    return found


REASONS = _reasons()


def _command(*names: str) -> Any:  # noqa: ANN401 - typer keeps the types of commands private
    command: Any = typer.main.get_command(app)
    for name in names:
        command = command.commands[name]
    return command


def _commands() -> Iterator[str]:
    for names in (
        *((name,) for name in _command().commands if name not in ("run", "rules")),
        *(("rules", name) for name in _command("rules").commands),
    ):
        command = _command(*names)
        told = inspect.cleandoc(command.help).split("\n\n")[0].replace("\n", " ")
        yield f"### cleaner {' '.join(names)}\n\n{told}\n"
        shared = [one.name for one in command.params if one.name in OPTIONS]
        yield _table(command, skip=set(OPTIONS))
        if len(shared) == len(OPTIONS):
            yield "All options of a run besides.\n"
        elif shared:
            links = (f"[`{flag_of(name)}`](#{_anchor(name)})" for name in shared)
            yield f"Of the options of a run: {', '.join(links)}.\n"


def _table(command: Any, skip: set[str]) -> str:  # noqa: ANN401 - as above
    rows = []
    for one in command.params:
        if one.name in skip or one.name == "help":
            continue
        value = "" if getattr(one, "is_flag", False) else f" {one.metavar or ''}"
        name = (
            one.opts[0] + value
            if one.param_type_name == "option"
            else one.metavar or one.name.upper()
        )
        told = _plain(re.sub(r"\s+", " ", getattr(one, "help", "") or ""))
        rows.append(f"| `{name.strip()}` | {told} |")
    return "\n".join(["| | |", "| --- | --- |", *rows, ""])


def rules_page() -> str:
    """The list of all rules, by category."""
    parts = [RULES_HEAD]
    rules = load_rules()
    for category in sorted({rule.category for rule in rules}):
        parts.append(f"## {category}\n")
        parts.append(f"{_purpose(category)}\n")
        parts.extend(_rule(rule) for rule in rules if rule.category == category)
        parts.extend(_context(one) for one in ContextRule if one.partition(".")[0] == category)
        parts.append("")
    return "\n".join(parts)


def _purpose(category: str) -> str:
    """The comment at the head of the category's file."""
    text = (files("cleaner.rules") / f"{category}.toml").read_text("utf-8")
    lines = text.split("\n\n")[0].splitlines()
    return " ".join(line.removeprefix("#").strip() for line in lines)


def _rule(rule: Rule) -> str:
    languages = "" if "any" in rule.languages else f" ({', '.join(rule.languages)})"
    risk = ", *risky*" if rule.risk is Risk.HIGH else ""
    lines = [f"- `{rule.id}`{languages}, {PLACES[rule.place]}{risk}"]
    lines.append(f"    - takes {_line(rule.catches[0])}")
    lines += [f"    - spares {_line(one)}" for one in rule.spares[:1]]
    return "\n".join(lines)


def _context(rule: ContextRule) -> str:
    risk = ", *risky*" if rule.risk is Risk.HIGH else ""
    return f"- `{rule.value}`, by what stands around{risk}\n    - takes {rule.description}"


def _line(text: str) -> str:
    """A line as code, with the spaces that it needs where it holds the sign for code itself."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


PAGES = {"options.md": options_page, "rules.md": rules_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
