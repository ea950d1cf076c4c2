"""Elements of a page that answer one question of trafilatura's without the square of its size."""

from typing import Any, cast

import lxml.etree
from lxml.html import HtmlElement

PARAGRAPH_TEXTS = "//p//text()"
"""What trafilatura asks a page, to see how much text its paragraphs hold. lxml tells of each text
which element it belongs to, for which it walks back over all texts before it; and where trafilatura
has taken links and the like out of a paragraph, thousands stand side by side."""
PARAGRAPHS = lxml.etree.XPath("//p[not(ancestor::p)]")
TEXT = lxml.etree.XPath("string()", smart_strings=False)


class PageElement(HtmlElement):  # type: ignore[misc]  # the library has no types
    """An element as lxml has it, but for the answer to `PARAGRAPH_TEXTS`."""

    def xpath(self, path: Any, **options: Any) -> Any:  # noqa: ANN401 - as lxml has it
        """What an expression finds; of paragraphs whole texts, which are the same put together."""
        if path != PARAGRAPH_TEXTS:
            return super().xpath(path, **options)
        paragraphs = cast("list[HtmlElement]", PARAGRAPHS(self))
        return [text for paragraph in paragraphs if (text := TEXT(paragraph))]


LOOKUP = lxml.etree.ElementDefaultClassLookup(element=PageElement)
