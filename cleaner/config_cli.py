"""The command that prints a configuration, and where each value of it comes from."""

import json
from collections.abc import Iterator
from typing import Annotated

import typer

from cleaner.options import ConfigFile, Preset, SectionedCommand, settings_of, with_options
from cleaner.rule import OwnRules
from cleaner.schema import OPTIONS, SCHEMA
from cleaner.settings import KEY_OF, KINDS, Settings
from cleaner.shown import shown

EPILOG = """\
Examples:

\b
  cleaner config --preset web > cleaner.toml
  CLEANER_THRESHOLD=0.9 cleaner config
  cleaner config --config other.toml --min-words 12

\b
Exit codes: 0 done, 2 an option is not right.
"""


def add_config(app: typer.Typer) -> None:
    """Give the program its command `config`."""
    app.command(
        name="config", short_help="Print the options of a run.", cls=SectionedCommand, epilog=EPILOG
    )(_config)


@with_options(OPTIONS)
def _config(
    *,
    config: ConfigFile = None,
    preset: Preset = None,
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet",
            help="Print the options, and say nothing but errors.",
            rich_help_panel="The run",
        ),
    ] = False,
    **given: object,
) -> None:
    """Print the options that a run would have, and where each comes from.

    Flags win over variables of the environment (CLEANER_THRESHOLD=0.9), these over the file, the
    file over a preset, and that over the defaults. What is printed can be used as a cleaner.toml.
    """
    for line in config_lines(settings_of(given, config, preset, quiet=quiet)):
        typer.echo(line)


def config_lines(settings: Settings) -> Iterator[str]:
    """The configuration as TOML, with each value's origin as a comment."""
    for heading, group in SCHEMA.items():
        yield f"# {heading}"
        for name in group:
            given = settings.given.get(name)
            origin = shown(given.origin) if given else "default"
            line = f"{KEY_OF[name]} = {toml_of(_value(name, settings))}  # {origin}"
            # Pinned in a file, it would not be all cores of another machine.
            yield f"# {line}" if origin.startswith("default:") else line


def _value(name: str, settings: Settings) -> object:
    if KINDS[name] is OwnRules:
        return settings.given[name].value if name in settings.given else []
    return getattr(settings.config, name)


def toml_of(value: object) -> str:
    """A value as TOML, whose texts and lists are those of JSON, but for one character."""
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(toml_of, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
