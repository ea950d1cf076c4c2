"""Repair the lines of a page: mojibake, entities, control characters, what is invisible."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from cleaner.config import Config
from cleaner.document import Page, RepairedPage
from cleaner.mending.lines import mend_lines
from cleaner.mending.switches import Switches, switches_for
from cleaner.stages.metadata import filled_in

INVISIBLE = re.compile(
    r"[\s\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*"
)
"""A line that shows nothing: white space and format characters alone."""


def repair(page: Page, config: Config) -> RepairedPage:
    """Repair every line by itself; a line that turns out to hold line breaks becomes several."""
    switches = switches_for(config)
    counts: Counter[str] = Counter()
    lines = _repaired([line for block in page.blocks for line in block], switches, counts)
    shown = tuple if _are_shown(lines) else _shown
    rest = iter(lines)
    blocks = [shown(islice(rest, len(block))) for block in page.blocks]
    others = _repaired([*page.said.values(), *page.headings], switches, counts)
    texts = iter([" ".join(_shown([text])) for text in others])
    said = {name: next(texts) for name in page.said}
    return RepairedPage(
        id=page.id,
        source=page.source,
        blocks=tuple(block for block in blocks if block),
        page_titles=tuple(title for title in (said.get("title"), *texts) if title),
        links=page.links,
        metadata=filled_in(page.metadata, {name: text for name, text in said.items() if text}),
        repaired=dict(counts),
    )


def _repaired(lines: Sequence[str], switches: Switches, counts: Counter[str]) -> Sequence[str]:
    """For each line those that it becomes, parted by line feeds."""
    if not lines:
        return []
    mended = mend_lines(lines, switches)
    counts += mended.counts
    return mended.lines


def _are_shown(lines: Sequence[str]) -> bool:
    """Whether all lines show something and none has become several, as mostly."""
    odd = [line for line in lines if "\n" in line or not line[:1].isalnum()]
    return not any("\n" in line or INVISIBLE.fullmatch(line) for line in odd)


def _shown(lines: Iterable[str]) -> tuple[str, ...]:
    """The lines that show something."""
    return tuple(
        line for some in lines for line in some.split("\n") if not INVISIBLE.fullmatch(line)
    )
