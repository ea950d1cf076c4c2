"""Content to a page: blocks of lines, and what the page says of itself."""

import re
from collections.abc import Sequence

from cleaner.config import Config
from cleaner.document import Content, Page
from cleaner.errors import RecordError
from cleaner.stages.linebreaks import settle_line_breaks

BREAK_ENTITY = re.compile(r"&(?:#0*1[0-3](?![0-9])|#[xX]0*[a-dA-D](?![0-9a-fA-F])|NewLine);?")
"""A line break, written out."""
USUAL_BREAKS = ("&#10;", "&#13;", "&NewLine;")
"""How nearly all are written. To look for these takes a sixth of the time."""


def extract(content: Content, config: Config) -> Page:
    """Find the article.

    Raises:
        RecordError: an HTML page without an article, or what is beyond a limit.

    """
    if content.is_html:
        # Only here, as the libraries that read HTML take a fifth of a second to import.
        from cleaner.stages.html_page import extract_html

        return extract_html(content, config)
    return Page(
        id=content.id,
        source=content.source,
        blocks=text_blocks(content.text, config),
        said={},
        headings=(),
        links=frozenset(),
        metadata=content.metadata,
    )


def text_blocks(text: str, config: Config) -> tuple[tuple[str, ...], ...]:
    """Lines in blocks, as blank lines part them.

    Raises:
        RecordError: there are too many.

    """
    settled = settle_line_breaks(text)
    if settled.count("\n") > config.max_lines:
        raise RecordError(_too_many_lines(config))
    blocks: list[tuple[str, ...]] = []
    lines: list[str] = []
    for line in (*settled.split("\n"), ""):
        if line.strip():
            lines.append(line)
        elif lines:
            blocks.append(tuple(lines))
            lines = []
    return tuple(blocks)


def check_lines(blocks: Sequence[Sequence[str]], config: Config) -> None:
    """Refuse documents that would take more time and memory than any article.

    Raises:
        RecordError: there are too many lines, or one is too long.

    """
    lines = [line for block in blocks for line in block]
    if max(map(len, lines), default=0) > config.max_line_length:
        raise RecordError(
            f"a line has more than {config.max_line_length} characters; "
            "raise --max-line-length to read it"
        )
    # The repair makes a line break of an entity for one; each line that comes of it takes time.
    if len(lines) + _written_breaks(lines, config.max_lines) > config.max_lines:
        raise RecordError(_too_many_lines(config))


def _written_breaks(lines: Sequence[str], most: int) -> int:
    """How many entities stand for line breaks, if there may be many."""
    if "".join(lines).count("&") <= most:
        return 0
    usual = sum(line.count(entity) for line in lines for entity in USUAL_BREAKS)
    return usual if usual > most else sum(BREAK_ENTITY.subn("", line)[1] for line in lines)


def _too_many_lines(config: Config) -> str:
    return f"the document has more than {config.max_lines} lines; raise --max-lines to read it"
