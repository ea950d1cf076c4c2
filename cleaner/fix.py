"""Repair a text that is not to become a document: every line stays, with its white space."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cleaner.config import Config
from cleaner.mending.encoding import Steps
from cleaner.mending.lines import mend_line, mend_lines
from cleaner.mending.switches import Switches, switches_for
from cleaner.stages.linebreaks import settle_line_breaks

LINE_END = re.compile("\r\n?")
"""How editors end lines, besides a line feed: no defect to be told of."""

LINES_AT_ONCE = 50
"""Few, as one broken line has those beside it looked at one by one."""

TOLD = {
    "unescape_html": "entities stood for characters",
    "decode_inconsistent_utf8": "parts were UTF-8 that had been read as something else",
    "fix_c1_controls": "control characters were windows-1252",
    "restore_byte_a0": "half of a character had become a space",
    "replace_lossy_sequences": "half of a character was lost",
    "fix_latin_ligatures": "ligatures were one character",
    "fix_character_width": "characters were of another width",
    "uncurl_quotes": "quotes were curly",
    "fix_line_breaks": "line breaks were of another kind",
    "fix_surrogates": "characters were in halves (UTF-16)",
    "remove_terminal_escapes": "there were codes for a terminal",
    "remove_control_chars": "there were control characters",
    "soft_hyphens": "there were soft hyphens",
    "zero_width": "there were characters without width",
    "bidi_controls": "there were marks of writing direction",
    "spaces": "spaces were not plain ones",
}
"""What was wrong where a step has changed something."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A line that was changed, and why."""

    number: int
    """From 1."""
    was: str
    now: tuple[str, ...]
    """More than one line where it held line breaks."""
    reasons: tuple[tuple[str, str], ...]
    """The name of each step that changed it, and what was wrong."""


def fix_switches(config: Config, *, keep_line_breaks: bool) -> Switches:
    """The switches of a configuration, for text whose lines are to stay as they are set."""
    switches = switches_for(config)
    fixer = switches.fixer._replace(fix_line_breaks=not keep_line_breaks)
    return replace(switches, fixer=fixer, strips=False)


def fix_lines(text: str, switches: Switches) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each line of a text, and those that it becomes: several if it held rarer breaks."""
    lines = (LINE_END.sub("\n", text) if switches.fixer.fix_line_breaks else text).split("\n")
    for at in range(0, len(lines), LINES_AT_ONCE):
        some = lines[at : at + LINES_AT_ONCE]
        mended = [tuple(line.split("\n")) for line in mend_lines(some, switches).lines]
        yield from zip(some, mended, strict=True)


def explain_text(text: str, switches: Switches) -> Iterator[Explanation]:
    """The lines that the repair changes, each with what was wrong."""
    for number, (line, mended) in enumerate(fix_lines(text, switches), 1):
        if mended != (line,):
            yield Explanation(number, line, mended, tuple(_reasons(line, switches)))


def _reasons(line: str, switches: Switches) -> Iterator[tuple[str, str]]:
    counts: Counter[str] = Counter()
    _, steps = mend_line(line, switches, counts)
    if switches.fixer.fix_line_breaks and settle_line_breaks(line) != line:
        yield "fix_line_breaks", TOLD["fix_line_breaks"]
    yield from dict(_of_steps(steps)).items()
    for kind in switches.invisible:
        if counts[kind.name]:
            yield kind.name, f"{TOLD[kind.name]} ({counts[kind.name]})"


def _of_steps(steps: Steps) -> Iterator[tuple[str, str]]:
    """What ftfy's steps say of a line. Encoding and decoding belong together."""
    encoded = ""
    for action, name in steps:
        if action == "encode":
            encoded = name.removeprefix("sloppy-")
        elif action == "decode":
            yield f"fix_encoding {encoded}", f"it was {name} that had been read as {encoded}"
        elif action == "normalize":
            yield f"normalization {name}", f"it was not in Unicode's form {name}"
        else:
            yield name, TOLD[name]
