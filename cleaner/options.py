"""The options as the command line has them: made from the schema, and read into a Config."""

import inspect
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from typer.core import TyperCommand

from cleaner.config import Config
from cleaner.environment import CONFIG, from_text, others_in, read_environment
from cleaner.memory import usable_cores
from cleaner.named_path import path_for
from cleaner.option_values import NAMES
from cleaner.rule import OwnRules
from cleaner.schema import OPTIONS, SCHEMA, flag_of
from cleaner.settings import PRESET, Given, Settings, settle
from cleaner.shown import shown

ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        parser=path_for("--config"),
        help="Read options from this file.  [default: cleaner.toml, if there is one]",
        show_default=False,
        rich_help_panel="The run",
    ),
]
Preset = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Options that go together.  [conservative, news or web]",
        rich_help_panel="The run",
    ),
]

FIELDS = {field.name: field for field in fields(Config)}
HEADINGS = {name: heading for heading, group in SCHEMA.items() for name in group}


class SectionedCommand(TyperCommand):
    """A command that lists its options by heading. What frames them cuts long names off."""

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - typer keeps their types private
        """Write the arguments and the options, in the order of the schema's headings."""
        sections: dict[str, list[tuple[str, str]]] = {
            heading: [] for heading in ("Arguments", *SCHEMA, "Options")
        }
        for parameter in self.get_params(ctx):
            kind = "Arguments" if parameter.param_type_name == "argument" else "Options"
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


def settings_of(
    given: Mapping[str, object],
    config: Path | None = None,
    preset: str | None = None,
    *,
    quiet: bool = False,
) -> Settings:
    """The configuration of a command: what its file, the environment and its flags ask for.

    Args:
        given: the options as `with_options` hands them to a command.
        config: the file; if None, that which the environment names, or `cleaner.toml`.
        preset: the name of a preset.
        quiet: say nothing of variables that are not ours.

    Raises:
        UsageError: an option may not be what it is asked to be; the message says where it stands.

    """
    from cleaner.config_file import NAME, read_config_file

    file = config or _usual_file(NAME)
    layers = [
        {"workers": Given(usable_cores(), "default: all usable cores", "option --workers")},
        read_config_file(file) if file else {},
        read_environment(os.environ),
        {name: _flag(name, value) for name, value in given.items() if value is not None},
    ]
    if preset is not None:
        layers.append({PRESET: Given(preset, "--preset", "option --preset")})
    settings = settle(*layers)
    for told in () if quiet else others_in(os.environ):
        typer.echo(shown(f"cleaner: {told}"), err=True)
    return settings


def _usual_file(name: str) -> Path | None:
    if os.environ.get(CONFIG):
        return Path(os.environ[CONFIG])
    return Path(name) if Path(name).is_file() else None


def _flag(name: str, value: Any) -> Given:  # noqa: ANN401 - Config checks what it is given
    flag = OPTIONS[name].off if value is False else flag_of(name)
    if isinstance(value, str):
        value = from_text(name, value)
    elif isinstance(value, list):
        value = [
            str(Path(one).absolute()) if FIELDS[name].type is OwnRules else one
            for one in value
            if one
        ]
    return Given(value, flag, f"option {flag}")
