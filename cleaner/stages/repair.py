"""Repair the encoding of a page's lines: mojibake, entities, control characters, widths."""

import re
from collections.abc import Iterator

from ftfy import TextFixerConfig, fix_and_explain

from cleaner.config import Config
from cleaner.document import Page, RepairedPage
from cleaner.stages.linebreaks import settle_line_breaks
from cleaner.stages.metadata import filled_in

UNCHANGED_BY_FTFY = re.compile(r"[ -%'-~]*")
"""Printable ASCII without an ampersand: there is nothing in it that ftfy would change."""

ASCII_SPACE = " \t\n\r\x0b\x0c"
"""Before the repair only this is stripped: U+0085 or U+00A0 may be half of a mangled letter."""

INVISIBLE = re.compile(
    r"[\s\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*"
)
"""A line that shows nothing: white space and format characters alone."""

MOST_PASSES = 8
"""ftfy itself repeats its steps until a line rests; a second pass of ours is needed only where
stripping or splitting has changed what it gave back."""


def repair(page: Page, config: Config) -> RepairedPage:
    """Repair every line by itself; a line that turns out to hold line breaks becomes several."""
    switches = TextFixerConfig(
        uncurl_quotes=config.straight_quotes,
        fix_character_width=config.plain_widths,
        explain=False,
    )
    blocks = (
        tuple(fixed for line in block for fixed in _repaired_lines(line, switches))
        for block in page.blocks
    )
    said = {name: " ".join(_repaired_lines(text, switches)) for name, text in page.said.items()}
    headings = (" ".join(_repaired_lines(text, switches)) for text in page.headings)
    return RepairedPage(
        id=page.id,
        source=page.source,
        blocks=tuple(block for block in blocks if block),
        page_titles=tuple(title for title in (said.get("title"), *headings) if title),
        links=page.links,
        metadata=filled_in(page.metadata, {name: text for name, text in said.items() if text}),
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
        repaired = [repair_line(old, switches) for old in lines]
        lines = [part.strip() for new in repaired for part in settle_line_breaks(new).split("\n")]
        # What ftfy gave back it would give back again; only what has changed since is asked anew.
        if lines == repaired:
            break
    yield from (line for line in lines if not INVISIBLE.fullmatch(line))
