"""Repair the encoding of a page's lines: mojibake, entities, control characters, widths."""

import re
from collections.abc import Iterator

from ftfy import TextFixerConfig, fix_and_explain

from cleaner.config import Config
from cleaner.document import Page, RepairedPage
from cleaner.stages.linebreaks import settle_line_breaks

UNCHANGED_BY_FTFY = re.compile(r"[ -%'-~]*")
"""Printable ASCII without an ampersand: there is nothing in it that ftfy would change."""

ASCII_SPACE = " \t\n\r\x0b\x0c"
"""Before the repair only this is stripped: U+0085 or U+00A0 may be half of a mangled letter."""

MOST_PASSES = 8
"""ftfy runs each line until it rests, and so do we with the lines it makes. An entity escaped
time and again, the longest chain there is, loses a layer in each pass within ftfy itself."""


def repair(page: Page, config: Config) -> RepairedPage:
    """Repair every line by itself; a line that turns out to hold line breaks becomes several."""
    switches = TextFixerConfig(uncurl_quotes=config.straight_quotes, explain=False)
    blocks = (
        tuple(fixed for line in block for fixed in _repaired_lines(line, switches))
        for block in page.blocks
    )
    return RepairedPage(
        id=page.id,
        source=page.source,
        blocks=tuple(block for block in blocks if block),
        page_title=page.page_title and repair_line(page.page_title, switches),
        metadata=page.metadata,
    )


def repair_line(line: str, switches: TextFixerConfig) -> str:
    """What ftfy makes of a line; the line itself where ftfy could not change it."""
    if UNCHANGED_BY_FTFY.fullmatch(line):
        return line
    return fix_and_explain(line, switches).text


def _repaired_lines(line: str, switches: TextFixerConfig) -> Iterator[str]:
    """The lines that a line becomes, stripped, none empty, and none that ftfy would change."""
    lines = [line.strip(ASCII_SPACE)]
    for _ in range(MOST_PASSES):
        fixed = [
            part.strip()
            for old in lines
            for part in settle_line_breaks(repair_line(old, switches)).split("\n")
        ]
        if fixed == lines:
            break
        lines = fixed
    yield from filter(None, lines)
