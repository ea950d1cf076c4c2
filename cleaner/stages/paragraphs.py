"""Split a repaired page into paragraphs."""

from cleaner.document import Paragraph, RepairedPage, SplitDocument


def split_paragraphs(page: RepairedPage) -> SplitDocument:
    """A paragraph for each line. Lines of one block keep its number: it tells neighbours."""
    return SplitDocument(
        id=page.id,
        source=page.source,
        paragraphs=tuple(
            Paragraph(line, number) for number, block in enumerate(page.blocks) for line in block
        ),
        page_titles=page.page_titles,
        links=page.links,
        metadata=page.metadata,
        repaired=page.repaired,
    )
