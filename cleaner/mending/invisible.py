"""Characters that no reader sees, or sees as a plain space, and that ftfy leaves where they are."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Invisible:
    """One kind of such characters, from `invisible.toml`."""

    name: str
    scan: str
    """The inside of a character class of RE2's: without one of these there is none of the kind."""
    pattern: re.Pattern[str]
    becomes: str
    mends: tuple[tuple[str, str], ...]
    """Broken and whole texts, to test it."""
    spares: tuple[str, ...]


@cache
def shipped_kinds() -> tuple[Invisible, ...]:
    """All kinds, in the order in which they are tried."""
    data = files("cleaner.mending").joinpath("invisible.toml").read_text("utf-8")
    return tuple(
        Invisible(
            name=row["name"],
            scan=row["scan"],
            pattern=re.compile(row["pattern"]),
            becomes=row["becomes"],
            mends=tuple((broken, whole) for broken, whole in row["mends"]),
            spares=tuple(row["spares"]),
        )
        for row in tomllib.loads(data)["kind"]
    )


def without_invisible(text: str, kinds: Iterable[Invisible], counts: Counter[str]) -> str:
    """The text without these kinds; how many characters of each there were is added to `counts`."""
    for kind in kinds:
        text, number = kind.pattern.subn(kind.becomes, text)
        if number:
            counts[kind.name] += number
    return text
