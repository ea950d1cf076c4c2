"""Content to a page: blocks of lines, and what the page says of itself."""

from cleaner.document import Content, Page
from cleaner.stages.linebreaks import settle_line_breaks


def extract(content: Content) -> Page:
    """Find the article.

    Raises:
        RecordError: an HTML page without an article.

    """
    if content.is_html:
        # Only here, as the libraries that read HTML take a fifth of a second to import.
        from cleaner.stages.html_page import extract_html

        return extract_html(content)
    return Page(
        id=content.id,
        source=content.source,
        blocks=text_blocks(content.text),
        said={},
        headings=(),
        links=frozenset(),
        metadata=content.metadata,
    )


def text_blocks(text: str) -> tuple[tuple[str, ...], ...]:
    """Lines in blocks, as blank lines part them."""
    blocks: list[tuple[str, ...]] = []
    lines: list[str] = []
    for line in (*settle_line_breaks(text).split("\n"), ""):
        if line.strip():
            lines.append(line)
        elif lines:
            blocks.append(tuple(lines))
            lines = []
    return tuple(blocks)
