"""Cleaning inside one's own program, without files."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cleaner.config import Config
from cleaner.document import (
    CleanDocument,
    Content,
    Kind,
    Mark,
    MarkedDocument,
    Place,
    Reason,
    Record,
)
from cleaner.duplicates import Representatives
from cleaner.json_lines import dump_line
from cleaner.pipeline import mark_content, mark_document, sketch_documents
from cleaner.stages.charset import decode_bytes
from cleaner.stages.finish import finish

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
    return Cleaner(config).clean_one(text)


def clean_html(html: str | bytes, config: Config | None = None) -> CleanDocument:
    """Find the article on one HTML page and clean it.

    Args:
        html: the page; bytes are decoded as a browser would, by mark, declaration or content.
        config: the options; the defaults if None.

    Raises:
        RecordError: there is no article on the page.

    """
    text = html if isinstance(html, str) else decode_bytes(html, is_html=True).text
    content = Content(id="page", source="", is_html=True, text=text, metadata={})
    config = config or Config()
    return Cleaner(config).finish_one(mark_content(content, config))


class Cleaner:
    """Cleans a stream of documents; each one is compared with all that came before it.

    It holds the signatures of the paragraphs it has kept, not their text. For a corpus larger
    than memory, use `run`.

    >>> cleaner = Cleaner()
    >>> story = "The ferry turned back in the storm, and nobody on board was hurt."
    >>> [document.text for document in cleaner.clean([story, {"id": "b", "text": story}])]
    ['The ferry turned back in the storm, and nobody on board was hurt.', '']
    """

    def __init__(self, config: Config | None = None) -> None:
        self._config = config or Config()
        self._representatives = Representatives(self._config)
        self._ids: list[str] = []

    def clean(self, documents: Iterable[Document]) -> Iterator[CleanDocument]:
        """Clean documents one by one, as they come.

        Args:
            documents: texts, or rows as a JSONL file would hold them: a mapping with a text or
                HTML field, perhaps an id, and fields that become metadata. A text is named by its
                number in the stream.

        Raises:
            RecordError: a document holds no text or article. Use `clean_one` to go on after it.

        """
        for document in documents:
            yield self.clean_one(document)

    def clean_one(self, document: Document) -> CleanDocument:
        """Clean the next document of the stream.

        Raises:
            RecordError: it holds no text or article.

        """
        number = len(self._ids)
        if isinstance(document, str):
            content = Content(id=str(number), source="", is_html=False, text=document, metadata={})
            return self.finish_one(mark_content(content, self._config))
        record = Record("stream", number, Kind.ROW, dump_line(dict(document)))
        return self.finish_one(mark_document(record, self._config))

    def finish_one(self, document: MarkedDocument) -> CleanDocument:
        """Take the marked and the copied paragraphs out of the next document of the stream."""
        number = len(self._ids)
        self._ids.append(document.id)
        sketches = sketch_documents([(number, document)], self._config)
        duplicates: dict[int, Mark] = {}
        for row, position in enumerate(sketches.positions.tolist()):
            copy = self._representatives.decide(
                (number, position), sketches.shingles_of(row), sketches.bands[row].tolist()
            )
            if copy:
                of = Place(self._ids[copy.of[0]], copy.of[1])
                duplicates[position] = Mark(Reason.DUPLICATE, of=of, similarity=copy.similarity)
        return finish(document, duplicates, self._config)
