"""Put back paragraphs that the library left out though they stand where the article's do.

A page may part its article, by an advertisement or a picture, into pieces, of which the library
takes one. A paragraph belongs to the article if the page puts it under the same elements, of the
same classes and ids, as at least three that were taken. Where these have neither it must stand
between two that were. So must a quotation, which may stand under elements of its own.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

import lxml.etree

from cleaner.words import letters_and_digits

APART = frozenset({"nav", "aside", "footer", "form", "figure", "figcaption", "select", "noscript"})
APART_ROLES = frozenset({"complementary", "contentinfo", "navigation", "dialog", "search", "menu"})
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
SILENT = frozenset({"script", "style", "noscript", "template", "button", "svg", "iframe"})
"""Elements whose text is not shown, or is a control's."""
ABOVE = 3
"""The paragraph's own element and so many less one around it must be called the same."""
LEAST_TAKEN = 3
SHORTEST = 30
"""Letters and digits of a paragraph that is put back."""
GRAM, SAMPLES = 16, 8
"""Letters and digits of a sample of a paragraph, and about how many of them are looked for."""
KNOWN, UNKNOWN = 0.8, 0.2
"""Shares of samples found from which a paragraph counts as taken, and up to which as left out."""
MOST_PARAGRAPHS, LONGEST_TEXT = 2_000, 300_000
"""Pages with more are books or traps; they are left as the library read them."""
NO_LETTER = re.compile(r"[^a-z]+")
LONGEST_CLASS = 200

Path = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as the page has it."""

    lines: tuple[str, ...]
    path: Path
    """Its element and those around it: classes, and ids of those around, but for numbers."""
    heading: str
    """The subhead right above it, or nothing."""
    key: str
    """Its letters and digits."""


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
    text = _Text(blocks)
    looked_up = [text.find(paragraph) for paragraph in paragraphs]
    taken = Counter(
        paragraph.path
        for paragraph, (known, _) in zip(paragraphs, looked_up, strict=True)
        if known >= KNOWN
    )
    put_back: dict[int, list[tuple[str, ...]]] = {}
    known_at = [at for at, (known, _) in enumerate(looked_up) if known >= KNOWN]
    anchor = min((looked_up[at][1] for at in known_at), default=0) - 1
    for at, (paragraph, (known, place)) in enumerate(zip(paragraphs, looked_up, strict=True)):
        if known >= KNOWN:
            anchor = max(anchor, place)
        elif known <= UNKNOWN and known_at:
            is_between = known_at[0] < at < known_at[-1]
            if not _belongs(paragraph, taken, is_between=is_between):
                continue
            above = [(paragraph.heading,)] if text.lacks(paragraph.heading) else []
            put_back.setdefault(anchor, []).extend([*above, paragraph.lines])
    return [
        *put_back.get(-1, ()),
        *(one for at, block in enumerate(blocks) for one in (block, *put_back.get(at, ()))),
    ]


def _paragraphs(tree: lxml.etree._Element) -> Iterator[Paragraph]:
    seen = 0
    apart: dict[lxml.etree._Element, bool] = {}
    for element in tree.iter("p"):
        seen += 1
        if seen > MOST_PARAGRAPHS * 2:
            return
        if _stands_apart(element, apart):
            continue
        lines = shown_lines(element)
        key = letters_and_digits("".join(lines))
        if len(key) < SHORTEST or _linked(element) * 2 > len(key):
            continue
        # An id of its own tells a paragraph from the others, not of what it is a part.
        around = islice(element.iterancestors(), ABOVE - 1)
        path = (_named(element, with_id=False), *(_named(one, with_id=True) for one in around))
        yield Paragraph(lines, path, _heading(element), key)


def _linked(element: lxml.etree._Element) -> int:
    """Letters and digits that are links."""
    links = (shown_lines(link) for link in element.iter("a"))
    return sum(len(letters_and_digits("".join(lines))) for lines in links)


def _stands_apart(
    element: lxml.etree._Element | None, known: dict[lxml.etree._Element, bool]
) -> bool:
    """Whether an element or one around it is apart. `known`: what was found before."""
    climbed: list[lxml.etree._Element] = []
    while element is not None and element not in known and not _is_apart(element):
        climbed.append(element)
        element = element.getparent()
    is_apart = element is not None and known.setdefault(element, True)
    known.update((one, is_apart) for one in climbed)
    return is_apart


def _belongs(paragraph: Paragraph, taken: Mapping[Path, int], *, is_between: bool) -> bool:
    if taken[paragraph.path] >= LEAST_TAKEN:
        return is_between or any(words for _, words in paragraph.path)
    return is_between and _is_quoted(paragraph)


def _is_quoted(paragraph: Paragraph) -> bool:
    return any(tag == "blockquote" for tag, _ in paragraph.path)


def _is_apart(element: lxml.etree._Element) -> bool:
    """Whether it is none of the article, or is not shown, by its tag or attributes."""
    return (
        element.tag in APART
        or "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or element.get("role") in APART_ROLES
        or HIDDEN.search(element.get("style", "")) is not None
    )


def _named(element: lxml.etree._Element, *, with_id: bool) -> tuple[str, str]:
    names = element.get("class", "")[:LONGEST_CLASS]
    if with_id:
        names += " " + element.get("id", "")[:LONGEST_CLASS]
    words = " ".join(sorted(NO_LETTER.sub(" ", names.lower()).split()))
    return str(element.tag), words


def _heading(element: lxml.etree._Element) -> str:
    before = element.getprevious()
    if before is None or before.tag not in ("h2", "h3", "h4"):
        return ""
    return " ".join(shown_lines(before))


def shown_lines(element: lxml.etree._Element) -> tuple[str, ...]:
    """The text that is shown below an element, by lines; white space is layout."""
    if not isinstance(element.tag, str) or element.tag in SILENT:
        return ()
    pieces = [(element.text or "").replace("\n", " ")]
    _add_pieces(element, pieces)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return tuple(line for line in lines if line)


def _add_pieces(element: lxml.etree._Element, pieces: list[str]) -> None:
    """Add the text that is shown below an element; a line feed where the page breaks the line."""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in SILENT:
            if child.tag == "br":
                pieces.append("\n")
            pieces.append((child.text or "").replace("\n", " "))
            _add_pieces(child, pieces)
        pieces.append((child.tail or "").replace("\n", " "))


class _Text:
    """The letters and digits of some blocks, to be searched."""

    def __init__(self, blocks: Sequence[tuple[str, ...]]) -> None:
        keys = [letters_and_digits("".join(block)) for block in blocks]
        self._all = "".join(keys)
        self._ends = list(accumulate(map(len, keys)))

    def find(self, paragraph: Paragraph) -> tuple[float, int]:
        """The share of a paragraph's samples that are here, and the block of the first of them."""
        key = paragraph.key
        first = self._all.find(key[:GRAM])
        if first >= 0 and self._all.startswith(key, first):
            return 1.0, bisect_right(self._ends, first)
        step = max((len(key) - GRAM) // (SAMPLES - 1), 1)
        samples = [key[at : at + GRAM] for at in range(0, len(key) - GRAM + 1, step)]
        places = [place for sample in samples if (place := self._all.find(sample)) >= 0]
        block = bisect_right(self._ends, places[0]) if places else -1
        return len(places) / len(samples), block

    def lacks(self, heading: str) -> bool:
        """Whether there is a heading, and not here."""
        return bool(heading) and letters_and_digits(heading) not in self._all
