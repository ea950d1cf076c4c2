"""The options as the command line has them: made from the schema, and read into a Config."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from typer.core import TyperCommand

from cleaner.config import Config
from cleaner.errors import OptionError, UsageError
from cleaner.option_values import NAMES
from cleaner.rule import NO_RULES, OwnRules
from cleaner.schema import OPTIONS, SCHEMA, flag_of

FIELDS = {field.name: field for field in fields(Config)}
HEADINGS = {name: heading for heading, group in SCHEMA.items() for name in group}


class SectionedCommand(TyperCommand):
    """A command that lists its options by heading. What frames them cuts long names off."""

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - typer keeps their types private
        """Write the arguments and the options, in the order of the schema's headings."""
        sections: dict[str, list[tuple[str, str]]] = {
            heading: [] for heading in ("Arguments", *SCHEMA, "Help")
        }
        for parameter in self.get_params(ctx):
            kind = "Arguments" if parameter.param_type_name == "argument" else "Help"
            record = parameter.get_help_record(ctx)
            if record:
                heading = getattr(parameter, "rich_help_panel", None) or kind
                sections.setdefault(heading, []).append(record)
        for heading, records in sections.items():
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)


def with_options(names: Iterable[str]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command these options of `Config`, which it takes as `**given`.

    Each is None where the command line does not have it.
    """

    def give(command: Callable[..., None]) -> Callable[..., None]:
        own = list(inspect.signature(command).parameters.values())
        arguments = [one for one in own if one.kind is one.POSITIONAL_OR_KEYWORD]
        flags = [one for one in own if one.kind is one.KEYWORD_ONLY]
        signature = inspect.Signature([*arguments, *map(_parameter, names), *flags])
        vars(command)["__signature__"] = signature
        return command

    return give


def option_of(name: str) -> Any:  # noqa: ANN401 - as typer.Option
    """The option of the command line for this field of `Config`."""
    option = OPTIONS[name]
    return typer.Option(
        "/".join(filter(None, (flag_of(name), option.off))),
        help=f"{option.help}  [{'; '.join(_limits(name))}]",
        metavar=option.metavar or ("N" if FIELDS[name].type is int else "X"),
        show_default=False,
        rich_help_panel=HEADINGS[name],
    )


def _parameter(name: str) -> inspect.Parameter:
    kind = FIELDS[name].type
    given: Any = str
    if kind is bool:
        given = bool
    elif kind in (NAMES, OwnRules):
        given = list[str]
    annotation = Annotated[given | None, option_of(name)]
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation
    )


def _limits(name: str) -> Iterator[str]:
    """What an option may be, and its default."""
    option, kind, default = OPTIONS[name], FIELDS[name].type, FIELDS[name].default
    if kind in (NAMES, OwnRules):
        yield "may be repeated"
        return
    if option.between:
        yield f"{option.between[0]} to {option.between[1]}"
    if get_origin(kind) is Literal:
        *others, last = get_args(kind)
        yield f"{', '.join(others)} or {last}"
    if isinstance(default, bool):
        default = (flag_of(name) if default else option.off).removeprefix("--")
    yield f"default: {option.default or default}"


def own_rules(files: Iterable[Path | str] | None) -> OwnRules:
    """The rules of the files that the command line names."""
    if not files:
        return NO_RULES
    from cleaner.rules import read_rules

    return read_rules(*map(Path, files))


def config_of(given: Mapping[str, object], **values: object) -> Config:
    """The configuration that the command line asks for; an error names the flag.

    Args:
        given: the options as `with_options` hands them to a command.
        values: other fields of `Config`.

    """
    read = {name: _read(name, value) for name, value in given.items() if value is not None}
    try:
        return Config(**{**values, **read})
    except OptionError as error:
        raise UsageError(f"option {flag_of(error.option)} {error.said}") from None


def _read(name: str, given: Any) -> Any:  # noqa: ANN401 - Config checks what it is given
    """What is given, of the type that the field has; what is no number is left to be refused."""
    kind = FIELDS[name].type
    if kind is OwnRules:
        return own_rules(given)
    if kind in (int, float):
        try:
            return kind(given)
        except ValueError:
            return given
    return given
