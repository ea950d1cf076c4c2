"""Options from environment variables: `CLEANER_THRESHOLD=0.9`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from cleaner.errors import UsageError
from cleaner.nearest import perhaps
from cleaner.option_values import NAMES
from cleaner.rule import OwnRules
from cleaner.settings import KEY_OF, KEYS, KINDS, NEGATED, PRESET, Given, Layer

PREFIX = "CLEANER_"
CONFIG = f"{PREFIX}CONFIG"
"""Names the file that is read in place of `cleaner.toml`."""
TRUE_OR_FALSE = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
VARIABLES = {PREFIX + key.upper(): name for key, name in KEYS.items()} | {f"{PREFIX}PRESET": PRESET}
"""What each variable sets."""
TOLD = {
    **{key.upper(): f"{PREFIX}{KEY_OF[name].upper()}=false" for key, name in NEGATED.items()},
    **{variable.removeprefix(PREFIX): variable for variable in (*VARIABLES, CONFIG)},
}
"""By what may stand behind the prefix, the variable that it is."""
ALIKE = 0.8
"""The least share of a name that is the same from which it is one of ours, mistyped. Other programs
may be called so too, so that more must be the same than where a name can be nothing else."""


def read_environment(environment: Mapping[str, str]) -> Layer:
    """What the variables ask for; lists are parted by commas.

    Raises:
        UsageError: a variable is called almost as one of ours.

    """
    layer: dict[str, Given] = {}
    for variable, text in environment.items():
        if variable in VARIABLES:
            name = VARIABLES[variable]
            layer[name] = Given(from_text(name, text), variable, f"variable {variable}")
        elif near := _meant(variable):
            raise UsageError(f"{_not_ours(variable)}{near}; unset or rename it")
    return layer


def others_in(environment: Mapping[str, str]) -> Iterator[str]:
    """What is said of variables that begin as ours do, and are called like none of them."""
    for variable in environment:
        is_ours = variable in VARIABLES or variable == CONFIG
        if variable.startswith(PREFIX) and not is_ours and not _meant(variable):
            yield (
                f"{_not_ours(variable)} and changes nothing; `cleaner config` prints all options"
            )


def _meant(variable: str) -> str:
    """The end of a message: the variable that was meant; nothing if none was."""
    if not variable.startswith(PREFIX) or variable == CONFIG:
        return ""
    return perhaps(variable.removeprefix(PREFIX), TOLD, alike=ALIKE)


def _not_ours(variable: str) -> str:
    return f"the environment has {variable}, which is no variable of this program"


def from_text(name: str, text: str) -> object:
    """A value that is given as text, of the type of its option.

    What cannot be of that type stays text, for `Config` to refuse.
    """
    kind = KINDS.get(name)
    if kind == NAMES or kind is OwnRules:
        parts = [part.strip() for part in text.split(",") if part.strip()]
        return [str(Path(part).absolute()) for part in parts] if kind is OwnRules else parts
    if kind is bool:
        return TRUE_OR_FALSE.get(text.strip().lower(), text)
    if kind in (int, float):
        try:
            return int(text) if kind is int else float(text)
        except ValueError:
            return text
    return text
