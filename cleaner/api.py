"""Cleaning inside one's own program, without files."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cleaner.config import Action, Config
from cleaner.document import (
    CleanDocument,
    Content,
    Findings,
    KeptCopy,
    Kind,
    Mark,
    MarkedDocument,
    Place,
    Reason,
    Record,
)
from cleaner.duplicates.eligible import eligible_lines
from cleaner.duplicates.representatives import Original, Representatives, single_sketches
from cleaner.duplicates.sketch import sketch_lines
from cleaner.errors import RecordError
from cleaner.marking import mark_content
from cleaner.removals import relation_of
from cleaner.stages.decode import decode
from cleaner.stages.finish import finish
from cleaner.stages.row import content_of_row

Document = str | Mapping[str, Any]


def clean_text(text: str, config: Config | None = None) -> CleanDocument:
    r"""Clean one text.

    Args:
        text: plain text; each line is a paragraph.
        config: the options; the defaults if None.

    Returns:
        What is kept (`str()` of it, or `.text`) and what is not (`.removed`), with the reasons.

    >>> result = clean_text("The harbour is open again.\n\nArticle continues below advertisement")
    >>> result.text
    'The harbour is open again.'
    >>> [(removal.text, removal.mark.rule) for removal in result.removed]
    [('Article continues below advertisement', 'ad_marker.continues')]

    """
    if not isinstance(text, str):
        raise TypeError(f"clean_text() takes a string, not {type(text).__name__}")
    return Cleaner(config).clean_one(text)


PAGE_NAME = re.compile(r"\s*\S+\.html?\s*", re.IGNORECASE)


def clean_html(html: str | bytes, config: Config | None = None) -> CleanDocument:
    """Find the article on one HTML page and clean it.

    Args:
        html: the page; bytes are decoded as a browser would, by mark, declaration or content.
        config: the options; the defaults if None.

    Raises:
        RecordError: there is no article on the page.

    """
    config = config or Config()
    if isinstance(html, bytes):
        content = decode(Record("page", None, Kind.HTML, html), config)
    elif PAGE_NAME.fullmatch(html):
        raise RecordError("that is the name of a page; give the page itself, read from the file")
    else:
        content = Content(id="page", source="page", is_html=True, text=html, metadata={})
    return Cleaner(config).clean_content(content)


class Cleaner:
    """Cleans a stream of documents; each one is compared with all that came before it.

    It holds the shingles and band keys of the paragraphs it has kept, not their text: about four
    kilobytes for a paragraph of 40 words.

    >>> cleaner = Cleaner()
    >>> story = "The ferry turned back in the storm, and nobody on board was hurt."
    >>> [document.text for document in cleaner.clean([story, {"id": "b", "text": story}])]
    ['The ferry turned back in the storm, and nobody on board was hurt.', '']
    """

    def __init__(self, config: Config | None = None) -> None:
        self._config = config or Config()
        self._dropping = self._representatives("drop")
        self._marking = self._representatives("mark")
        self._ids: list[str] = []
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}

    def clean(self, documents: Iterable[Document]) -> Iterator[CleanDocument]:
        """Clean documents one by one, as they come.

        Args:
            documents: texts, or rows as a JSONL file would hold them: a mapping with a text or
                HTML field, perhaps an id, and fields that become metadata. A document without an
                id is named by its number in the stream; a repeated id gets `#2` added.

        Raises:
            RecordError: a document holds no text or article. Use `clean_one` to go on after it.
            TypeError: one string is given where many documents are meant.

        """
        if isinstance(documents, str):
            raise TypeError(
                "clean() takes many documents; for one, use clean_one() or clean_text()"
            )
        for document in documents:
            yield self.clean_one(document)

    def clean_one(self, document: Document) -> CleanDocument:
        """Clean the next document of the stream.

        Raises:
            RecordError: it holds no text or article.
            TypeError: it is neither a string nor a mapping.

        """
        name = str(len(self._ids))
        if isinstance(document, str):
            return self.clean_content(Content(name, "stream", False, document, {}))
        if not isinstance(document, Mapping):
            raise TypeError(f"a document is a string or a mapping, not {type(document).__name__}")
        return self.clean_content(content_of_row(document, "stream", name, self._config))

    def clean_content(self, content: Content) -> CleanDocument:
        """Clean the next document of the stream, given as decoded text or HTML.

        Raises:
            RecordError: an HTML page without an article.

        """
        marked = mark_content(content, self._config)
        document = replace(marked, id=self._distinct(marked.id))
        self._ids.append(document.id)
        return finish(document, self._findings(document), self._config)

    def _distinct(self, name: str) -> str:
        free, number = name, self._numbers.get(name, 1)
        while free in self._taken:
            number += 1
            free = f"{name}#{number}"
        self._numbers[name] = number
        self._taken.add(free)
        return free

    def _representatives(self, action: Action) -> Representatives | None:
        relation = relation_of(action, self._config)
        return Representatives(relation, self._config) if relation else None

    def _findings(self, document: MarkedDocument) -> Findings:
        """The document's copies; its other paragraphs are remembered."""
        lines = list(eligible_lines([document], self._config, first=len(self._ids) - 1))
        sketches = sketch_lines(lines, self._config)
        removed: dict[int, Mark] = {}
        copies: dict[int, KeptCopy] = {}
        for sketch in single_sketches(sketches):
            original = self._dropping and self._dropping.original_of(sketch)
            if original:
                of, similarity = self._place(original), original.similarity
                removed[sketch.position] = Mark(Reason.DUPLICATE, of=of, similarity=similarity)
                continue
            original = self._marking and self._marking.original_of(sketch)
            if original:
                copies[sketch.position] = KeptCopy(self._place(original), original.similarity)
        return Findings(removed, copies)

    def _place(self, original: Original) -> Place:
        return Place(self._ids[original.document], original.position)
