"""Put back paragraphs that the library left out though they stand where the article's do.

A page may part its article, by an advertisement or a picture, into pieces, of which the library
takes one. A paragraph belongs to the article if the page puts it under the same elements, of the
same classes, as at least three that were taken.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import lxml.etree

APART = frozenset({"nav", "aside", "footer", "form", "figure", "figcaption", "select", "noscript"})
SILENT = frozenset({"script", "style", "noscript", "template", "button", "svg", "iframe"})
"""Elements whose text is not shown, or is a control's."""
ABOVE = 3
"""The paragraph's own element and so many less one around it must be called the same."""
LEAST_TAKEN = 3
SHORTEST = 30
"""Letters and digits of a paragraph that is put back."""
GRAM = 12
"""Characters by which a paragraph is found again in the text."""
KNOWN, UNKNOWN = 0.8, 0.2
"""Shares of a paragraph's grams from which it counts as taken, and below which as left out."""
MOST_PARAGRAPHS, LONGEST_TEXT = 5_000, 1_000_000
"""Pages with more are books or traps; they are left as the library read them."""
NO_LETTER = re.compile(r"[^a-z]+")
LONGEST_CLASS = 200

Path = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as the page has it."""

    lines: tuple[str, ...]
    path: Path
    """Its element and those around it, with their classes but for numbers."""
    heading: str
    """The subhead right above it, or nothing."""


def page_paragraphs(tree: lxml.etree._Element) -> tuple[Paragraph, ...]:
    """The paragraphs of a page that may be an article's, in its order."""
    return tuple(_paragraphs(tree))[: MOST_PARAGRAPHS + 1]


def completed(
    blocks: Sequence[tuple[str, ...]], paragraphs: Sequence[Paragraph]
) -> list[tuple[str, ...]]:
    """The blocks, and between them the paragraphs that belong there."""
    size = sum(len(line) for block in blocks for line in block)
    if len(paragraphs) > MOST_PARAGRAPHS or size > LONGEST_TEXT:
        return list(blocks)
    places = _places(blocks)
    looked_up = [_looked_up(paragraph, places) for paragraph in paragraphs]
    taken = Counter(
        paragraph.path
        for paragraph, (known, _) in zip(paragraphs, looked_up, strict=True)
        if known >= KNOWN
    )
    put_back: dict[int, list[tuple[str, ...]]] = {}
    anchor = min((place for known, place in looked_up if known >= KNOWN), default=0) - 1
    for paragraph, (known, place) in zip(paragraphs, looked_up, strict=True):
        if known >= KNOWN:
            anchor = max(anchor, place)
        elif known <= UNKNOWN and taken[paragraph.path] >= LEAST_TAKEN:
            above = [(paragraph.heading,)] if _is_missing(paragraph.heading, places) else []
            put_back.setdefault(anchor, []).extend([*above, paragraph.lines])
    return [
        *put_back.get(-1, ()),
        *(one for at, block in enumerate(blocks) for one in (block, *put_back.get(at, ()))),
    ]


def _paragraphs(tree: lxml.etree._Element) -> Iterator[Paragraph]:
    seen = 0
    for element in tree.iter("p"):
        seen += 1
        if seen > MOST_PARAGRAPHS * 2:
            return
        around = list(element.iterancestors())
        if any(above.tag in APART for above in around):
            continue
        lines = _lines(element)
        size = len(_key(" ".join(lines)))
        linked = sum(len(_key(" ".join(_lines(link)))) for link in element.iter("a"))
        if size < SHORTEST or linked * 2 > size:
            continue
        path = tuple(map(_named, [element, *around][:ABOVE]))
        yield Paragraph(lines, path, _heading(element))


def _named(element: lxml.etree._Element) -> tuple[str, str]:
    classes = element.get("class", "")[:LONGEST_CLASS].lower()
    words = " ".join(sorted(NO_LETTER.sub(" ", classes).split()))
    return str(element.tag), words


def _heading(element: lxml.etree._Element) -> str:
    before = element.getprevious()
    if before is None or before.tag not in ("h2", "h3", "h4"):
        return ""
    return " ".join(_lines(before))


def _lines(element: lxml.etree._Element) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in "".join(_pieces(element)).split("\n"))
    return tuple(line for line in lines if line)


def _pieces(element: lxml.etree._Element) -> Iterator[str]:
    """The text that is shown below an element; a line feed where the page breaks the line."""
    if not isinstance(element.tag, str) or element.tag in SILENT:
        return
    if element.tag == "br":
        yield "\n"
    yield (element.text or "").replace("\n", " ")
    for child in element:
        yield from _pieces(child)
        yield (child.tail or "").replace("\n", " ")


def _key(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _places(blocks: Sequence[tuple[str, ...]]) -> dict[str, int]:
    """For each gram of the text the first block that holds it."""
    places: dict[str, int] = {}
    for at, block in enumerate(blocks):
        key = _key("".join(block))
        for start in range(max(len(key) - GRAM + 1, 1)):
            places.setdefault(key[start : start + GRAM], at)
    return places


def _looked_up(paragraph: Paragraph, places: dict[str, int]) -> tuple[float, int]:
    """The share of a paragraph's grams that the text holds, and the block that holds most."""
    key = _key("".join(paragraph.lines))
    grams = [key[start : start + GRAM] for start in range(0, len(key) - GRAM + 1, GRAM)]
    found = [places[gram] for gram in grams if gram in places]
    return len(found) / len(grams), Counter(found).most_common(1)[0][0] if found else -1


def _is_missing(heading: str, places: dict[str, int]) -> bool:
    return bool(heading) and _key(heading)[:GRAM] not in places
