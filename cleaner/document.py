"""The types of a document on its way from bytes to clean text, one type per state.

    Record ─ decode ─► Content ─ extract ─► Page ─ repair ─► RepairedPage
           ─ split ─► SplitDocument ─ mark ─► MarkedDocument ─ finish ─► CleanDocument

Each state is frozen, and each stage takes one and returns the next, so that a step left
out or done in the wrong order is a type error.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

Metadata = Mapping[str, Any]
Repairs = Mapping[str, int]
"""How many lines or characters the repair has mended, by kind; only those that there were."""


class Kind(StrEnum):
    """What a record's bytes are."""

    TEXT = "text"
    HTML = "html"
    ROW = "row"
    XML = "xml"


class Reason(StrEnum):
    """Why a paragraph was taken out."""

    BOILERPLATE = "boilerplate"
    TEMPLATE = "template"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What came with a record's bytes: the headers of a web archive, a table's other columns."""

    id: str | None = None
    charset: str | None = None
    """A label, as a server declares it."""
    codings: tuple[str, ...] = ()
    """How the bytes are packed, in the order in which that was done (RFC 9110, section 8.4)."""
    metadata: Metadata = field(default_factory=dict)


NO_ENVELOPE = Envelope()


class Record(NamedTuple):
    """One record as read: a whole text or HTML file, or a row or a page of a file of many.

    A tuple with names, as it goes from process to process, which takes the others twice as long.
    """

    source: str
    number: int | None
    """The line or the number of the record in its file, from 1; None where the file is it."""
    kind: Kind
    data: bytes
    envelope: Envelope = NO_ENVELOPE


@dataclass(frozen=True, slots=True)
class Content:
    """A record's text, decoded: plain text, or HTML still to be read."""

    id: str
    source: str
    is_html: bool
    text: str
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class Page:
    """Blocks of lines, as the page or the blank lines of a text set them apart."""

    id: str
    source: str
    blocks: tuple[tuple[str, ...], ...]
    said: Mapping[str, str]
    """What an HTML page says of itself, such as its title; nothing for plain text."""
    headings: tuple[str, ...]
    """The headlines that an HTML page shows above the article."""
    links: frozenset[str]
    """The letters and digits of lines that an HTML page shows as nothing but a link."""
    metadata: Metadata
    """What the record says of it."""


@dataclass(frozen=True, slots=True)
class RepairedPage:
    """A page with its encoding repaired. A line may have become several."""

    id: str
    source: str
    blocks: tuple[tuple[str, ...], ...]
    page_titles: tuple[str, ...]
    """The titles that an HTML page gives itself, and its headlines; none for plain text."""
    links: frozenset[str]
    metadata: Metadata
    repaired: Repairs


class Paragraph(NamedTuple):
    """One line of text, never empty, without line breaks or outer white space.

    A named tuple, as there are so many: a frozen dataclass takes four times as long to make.
    """

    text: str
    block: int
    """Number of the block that it stands in; lines of one block share it."""


@dataclass(frozen=True, slots=True)
class SplitDocument:
    """A document as its paragraphs; the order is final and positions count from 0."""

    id: str
    source: str
    paragraphs: tuple[Paragraph, ...]
    page_titles: tuple[str, ...]
    links: frozenset[str]
    metadata: Metadata
    repaired: Repairs


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paragraph stands: the document's id, and its position there from 0."""

    id: str
    position: int
    is_earlier: bool = field(default=False, repr=False)
    """Whether the document is of an earlier run."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Why a paragraph is to go."""

    reason: Reason
    rule: str | None = None
    of: Place | None = None
    """For a duplicate: the paragraph that stays."""
    similarity: float | None = None
    """For a duplicate: the true Jaccard similarity to `of`, from 0 to 1."""
    count: int | None = None
    """For a template: how many documents of its site hold it."""


@dataclass(frozen=True, slots=True)
class KeptCopy:
    """A copy that stays in the text and is only told of."""

    of: Place
    similarity: float


@dataclass(frozen=True, slots=True)
class Findings:
    """What the comparison with all other documents found in one, by position."""

    removed: Mapping[int, Mark]
    """Templates, and copies that go."""
    copies: Mapping[int, KeptCopy]


@dataclass(frozen=True, slots=True)
class Cut:
    """Boilerplate taken out of a paragraph that is otherwise text."""

    at: int
    """Where it was, in characters, in what earlier cuts had left of the paragraph."""
    text: str
    rule: str


class MarkedParagraph(NamedTuple):
    """A paragraph with what its own words and its block say of it."""

    text: str
    mark: Mark | None = None
    placed_rule: str | None = None
    """A rule that takes this line only at the head or the tail of a document.

    Such a line never takes part in the duplicate search: no other document can then lean on a
    copy of it, and it can still be taken out when the prose around it has gone.
    """
    cuts: tuple[Cut, ...] = ()
    """What was taken out of it, in that order; `text` is without it."""


@dataclass(frozen=True, slots=True)
class MarkedDocument:
    """A document whose boilerplate is marked; nothing is removed yet."""

    id: str
    source: str
    paragraphs: tuple[MarkedParagraph, ...]
    metadata: Metadata
    risky: bool
    """Whether rules of high risk act on it."""
    repaired: Repairs


@dataclass(frozen=True, slots=True)
class Removal:
    """One removed paragraph or part of one, its position in the document, and why it went."""

    position: int
    """The paragraph's, from 0."""
    text: str
    mark: Mark
    at: int | None = None
    """For a part: where it was, in characters, in what earlier cuts had left of the paragraph."""


@dataclass(frozen=True, slots=True)
class CleanDocument:
    """The end of the way: what is kept, and a record of all that is not."""

    id: str
    source: str
    kept: tuple[str, ...]
    removed: tuple[Removal, ...]
    metadata: Metadata
    repaired: Repairs = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The kept paragraphs, parted by blank lines."""
        return "\n\n".join(self.kept)

    def paragraphs(self) -> tuple[str, ...]:
        """Every paragraph in its first order, the removed ones and parts back in their places."""
        gone = {removal.position: removal.text for removal in self.removed if removal.at is None}
        kept = iter(self.kept)
        whole = [
            gone[position] if position in gone else next(kept)
            for position in range(len(self.kept) + len(gone))
        ]
        for removal in reversed(self.removed):
            if removal.at is not None:
                text = whole[removal.position]
                whole[removal.position] = text[: removal.at] + removal.text + text[removal.at :]
        return tuple(whole)

    def __str__(self) -> str:
        return self.text
