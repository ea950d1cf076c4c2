"""Options from several places made one configuration, of which each value knows where it is from.

What is given in a later place wins: preset, file, environment, flags.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from cleaner.config import Config
from cleaner.errors import OptionError, UsageError
from cleaner.nearest import perhaps
from cleaner.rule import NO_RULES, OwnRules
from cleaner.schema import OPTIONS, flag_of

KINDS: Mapping[str, Any] = {field.name: field.type for field in fields(Config)}
"""The type of each option."""

KEYS: Mapping[str, str] = {
    flag_of(name).removeprefix("--").replace("-", "_"): name for name in KINDS
}
"""What each option is called in a file, and the field of `Config` that it is."""

KEY_OF: Mapping[str, str] = {name: key for key, name in KEYS.items()}

NEGATED: Mapping[str, str] = {
    option.off.removeprefix("--").replace("-", "_"): name
    for name, option in OPTIONS.items()
    if option.off
}
"""What the flags that say no would be called in a file, and the fields that they set to false."""

PRESET = "preset"
"""Stands in a layer beside the fields of `Config`."""


def told_in_python(name: str) -> str:
    """The end of a message about an argument that is no field of `Config`."""
    told = {
        **{key: f"{field}=False" for key, field in NEGATED.items()},
        **KEYS,
        **{field: field for field in KINDS},
    }
    return perhaps(name, told) or "; `cleaner config` prints all of them"


@dataclass(frozen=True, slots=True)
class Given:
    """What an option is asked to be, and where."""

    value: object
    origin: str
    """As a comment says it: `--threshold`, `CLEANER_THRESHOLD`, `cleaner.toml:3`."""
    subject: str
    """How an error about it begins."""


Layer = Mapping[str, Given]
"""What one place gives, by the names of the fields of `Config`, and `preset`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A configuration, and what was given for it. What was not has its default."""

    config: Config
    given: Layer


def settle(*layers: Layer) -> Settings:
    """Make layers one configuration; later ones win, and a preset counts less than all of them.

    Raises:
        UsageError: an option may not be what it is asked to be; the message says where it stands.

    """
    given = {name: one for layer in layers for name, one in layer.items()}
    if PRESET in given:
        from cleaner.config_file import read_preset

        given = {**read_preset(given.pop(PRESET)), **given}
    values = {name: _ready(name, one) for name, one in given.items()}
    try:
        return Settings(Config(**values), given)
    except OptionError as error:
        raise UsageError(f"{given[error.option].subject} {error.said}") from None


def own_rules(files: Iterable[str | Path] | None) -> OwnRules:
    """The rules of these files."""
    if not files:
        return NO_RULES
    from cleaner.rules import read_rules

    return read_rules(*files)


def _ready(name: str, given: Given) -> Any:  # noqa: ANN401 - Config checks what it is given
    if KINDS[name] is not OwnRules:
        return given.value
    files = given.value
    if not isinstance(files, list) or not all(isinstance(file, str) for file in files):
        raise UsageError(f"{given.subject} is {files!r}; it must be a list of files")
    return own_rules(files)
