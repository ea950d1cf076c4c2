"""From the options of a run to what each step of the repair needs to know."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from ftfy import TextFixerConfig

from cleaner.config import Config
from cleaner.mending.invisible import Invisible, shipped_kinds
from cleaner.mending.scan import CONTROL, LIGATURE, QUOTE, WIDE
from cleaner.mending.steps import OF_FTFY

CONFIGURATIONS_HELD = 4
"""All documents of a run have the same."""
UNESCAPE: dict[str, str | bool] = {"auto": "auto", "always": True, "never": False}


@dataclass(frozen=True, slots=True)
class Switches:
    """What the repair does and leaves."""

    fixer: TextFixerConfig
    """ftfy's own switches."""
    invisible: tuple[Invisible, ...]
    """What is taken out or made plain besides."""
    of_characters: int
    """Of the troubles that `scan` tells, those that a step on single characters is to mend."""
    strips: bool = True
    """Whether white space goes from both ends of a line."""


@lru_cache(maxsize=CONFIGURATIONS_HELD)
def switches_for(config: Config) -> Switches:
    """The switches that a configuration means."""
    off = frozenset(config.repair_off)
    form = None if config.normalization == "none" else config.normalization
    on = {name: name not in off for name in OF_FTFY}
    fixer = TextFixerConfig(
        **cast("dict[str, Any]", on),
        unescape_html=UNESCAPE[config.unescape_html],
        normalization=form,
        max_decode_length=config.max_decode_length,
        uncurl_quotes=config.straight_quotes,
        fix_character_width=config.plain_widths,
    )
    of_characters = CONTROL
    of_characters |= LIGATURE if fixer.fix_latin_ligatures else 0
    of_characters |= QUOTE if fixer.uncurl_quotes else 0
    of_characters |= WIDE if fixer.fix_character_width else 0
    invisible = tuple(kind for kind in shipped_kinds() if kind.name not in off)
    return Switches(fixer, invisible, of_characters)
