"""`cleaner.toml`, and the presets, which are such files too."""

import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from cleaner.errors import UsageError
from cleaner.nearest import perhaps
from cleaner.option_values import has_decimal_comma
from cleaner.rule import OwnRules
from cleaner.settings import KEY_OF, KEYS, KINDS, NEGATED, PRESET, Given, Layer

NAME = "cleaner.toml"
"""The file that is read where none is named, if it is in the current folder."""
OF_RULES = {"rule": "[[rule]]", "terms": "[terms]"}
"""Tables of a file of rules, as it writes them."""


def read_config_file(path: Path) -> Layer:
    """What a file asks for. Rule files in it are relative to its folder.

    Raises:
        UsageError: it cannot be read, is not TOML, or has a key that is no option.

    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(
            f"the configuration {path} cannot be read: {error.strerror or error}; name a TOML file"
        ) from None
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} is not TOML: byte {error.start} is not UTF-8; save the file as UTF-8"
        ) from None
    return {
        name: _in_folder(name, one, path.parent)
        for name, one in _layer(text, str(path), (PRESET,)).items()
    }


def preset_names() -> tuple[str, ...]:
    """The presets that there are."""
    files = resources.files("cleaner.presets").iterdir()
    return tuple(sorted(file.name[:-5] for file in files if file.name.endswith(".toml")))


def read_preset(wanted: Given) -> Layer:
    """What a preset asks for.

    Raises:
        UsageError: there is no such preset.

    """
    known = preset_names()
    if wanted.value not in known:
        raise UsageError(
            f"{wanted.subject} is {wanted.value!r}; it must be one of {', '.join(known)}"
            + perhaps(wanted.value, known)
        )
    text = resources.files("cleaner.presets").joinpath(f"{wanted.value}.toml").read_text("utf-8")
    origin = f"preset {wanted.value}"
    return {
        name: Given(one.value, origin, one.subject) for name, one in _layer(text, origin).items()
    }


def _layer(text: str, where: str, more: tuple[str, ...] = ()) -> Layer:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{where} is not TOML: {error}{_hint(text, error)}") from None
    names = {**KEYS, **{name: name for name in more}}
    layer: dict[str, Given] = {}
    for key, value in table.items():
        place = _place(text, where, key)
        if key not in names:
            raise UsageError(_unknown(key, value, place, names))
        layer[names[key]] = Given(value, place, f"{place}: {key}")
    return layer


def _hint(text: str, error: tomllib.TOMLDecodeError) -> str:
    """The end of a message: a number is written with a comma in the line of the error."""
    found = re.search(r"at line (\d+)", str(error))
    line = text.splitlines()[int(found[1]) - 1] if found else ""
    key, _, value = (part.strip() for part in line.partition("#")[0].partition("="))
    if not has_decimal_comma(value):
        return ""
    return f"; a number has a decimal point: {key} = {value.replace(',', '.')}"


def _place(text: str, where: str, key: str) -> str:
    """The file, and the line that has the key, which the library that reads TOML does not tell."""
    pattern = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
    for number, line in enumerate(text.splitlines(), 1):
        if pattern.match(line):
            return f"{where}:{number}"
    return where


def _unknown(key: str, value: object, place: str, names: Mapping[str, str]) -> str:
    if key in KINDS:
        right = next(known for known, name in names.items() if name == key)
        return f"{place}: there is no option {key}; it is called {right} here"
    if key in OF_RULES:
        return (
            f"{place}: {OF_RULES[key]} is for a file of rules of your own; move it there, and name "
            'that file here: rules = ["mine.toml"]'
        )
    if isinstance(value, dict):
        return f"{place}: there is no table {key}; options stand at the top, without tables"
    near = perhaps(key, _told_by_key(names))
    return f"{place}: there is no option {key}{near or '; `cleaner config` prints all of them'}"


def _told_by_key(names: Mapping[str, str]) -> Mapping[str, str]:
    """By every key that somebody might think of, what the file has in its place."""
    negated = {key: f"{KEY_OF[name]} = false" for key, name in NEGATED.items()}
    return {**negated, **{key: key for key in names}}


def _in_folder(name: str, given: Given, folder: Path) -> Given:
    if KINDS.get(name) is not OwnRules or not isinstance(given.value, list):
        return given
    files: list[Any] = [
        str((folder / file).absolute()) if isinstance(file, str) else file for file in given.value
    ]
    return Given(files, given.origin, given.subject)
