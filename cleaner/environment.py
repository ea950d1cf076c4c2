"""Options from environment variables: `CLEANER_THRESHOLD=0.9`."""

from collections.abc import Mapping
from pathlib import Path

from cleaner.errors import UsageError
from cleaner.nearest import perhaps
from cleaner.option_values import NAMES
from cleaner.rule import OwnRules
from cleaner.settings import KEYS, KINDS, PRESET, Given, Layer

PREFIX = "CLEANER_"
CONFIG = f"{PREFIX}CONFIG"
"""Names the file that is read in place of `cleaner.toml`."""
TRUE_OR_FALSE = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
VARIABLES = {PREFIX + key.upper(): name for key, name in KEYS.items()} | {f"{PREFIX}PRESET": PRESET}
"""What each variable sets."""


def read_environment(environment: Mapping[str, str]) -> Layer:
    """What the variables ask for; lists are parted by commas.

    Raises:
        UsageError: a variable that begins as ours do is none.

    """
    layer: dict[str, Given] = {}
    for variable, text in environment.items():
        if not variable.startswith(PREFIX) or variable == CONFIG:
            continue
        if variable not in VARIABLES:
            raise UsageError(
                f"the environment has {variable}, which is no variable of this program"
                + (
                    perhaps(variable, (*VARIABLES, CONFIG))
                    or "; `cleaner config` prints all options"
                )
            )
        name = VARIABLES[variable]
        layer[name] = Given(from_text(name, text), variable, f"variable {variable}")
    return layer


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
