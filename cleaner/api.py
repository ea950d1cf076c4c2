"""Cleaning inside one's own program, without files."""

import re
from collections.abc import Generator, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

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
from cleaner.rules import ruleset_for
from cleaner.spool import Document, no_document
from cleaner.stages.decode import STREAM, decode
from cleaner.stages.finish import finish
from cleaner.stages.row import content_of_row

if TYPE_CHECKING:
    from cleaner.stream import OnRejected


def clean_text(text: str, config: Config | None = None) -> CleanDocument:
    r"""Clean one text.

    Args:
        text: plain text; each line is a paragraph.
        config: the options; the defaults if None.

    Returns:
        What is kept (`str()` of it, or `.text`) and what is not (`.removed`), with the reasons.

    Raises:
        TypeError: it is no string; bytes must be decoded first.

    >>> result = clean_text("The harbour is open again.\n\nArticle continues below advertisement")
    >>> result.text
    'The harbour is open again.'
    >>> [(removal.text, removal.mark.rule) for removal in result.removed]
    [('Article continues below advertisement', 'ad_marker.continues')]

    """
    if isinstance(text, bytes | bytearray):
        raise TypeError(
            "clean_text() takes a string, not bytes: decode them, as by data.decode('utf-8'); "
            "run() finds out the encodings of files, and clean_html() that of a page"
        )
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
    """Cleans many documents, by options that hold for them all.

    `clean` reads a whole stream and then gives what a run over a file of the same rows would;
    `clean_one` answers at once, and knows what came before but not what is to come.

    >>> story = "The ferry turned back in the storm, and nobody on board was hurt."
    >>> stream = Cleaner().clean([story, {"id": "b", "text": story}])
    >>> [(document.id, document.text) for document in stream]
    [('0', 'The ferry turned back in the storm, and nobody on board was hurt.'), ('b', '')]

    Args:
        config: the options; the defaults if None.

    Raises:
        TypeError: it is no `Config`.

    """

    def __init__(self, config: Config | None = None) -> None:
        if config is not None and not isinstance(config, Config):
            raise TypeError(
                f"Cleaner() takes a Config, not {type(config).__name__}: give it documents by "
                "Cleaner().clean(documents); files and folders are for run('raw', 'clean')"
            )
        self._config = config or Config()
        self._dropping = self._representatives("drop")
        self._marking = self._representatives("mark")
        self._ids: list[str] = []
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}

    def clean(
        self,
        documents: Iterable[Document],
        *,
        on_rejected: "OnRejected | None" = None,
        scratch: str | Path | None = None,
    ) -> Generator[CleanDocument, None, None]:
        """Clean a stream of documents as a run cleans a file of the same rows.

        All decide about each (a line that many hold is a template), so all are read before the
        first comes back, in the order in which they were given, with one of which nothing is left
        among them. They wait on the disk: memory is bounded by `memory_megabytes`, whatever their
        number. Each call is a corpus by itself. Where the stream is left early, its files and
        processes end when the generator is closed.

        With `workers=1` the program does all work itself, without the limits on a record's time and
        memory; with more, that many processes do.

        Args:
            documents: texts, or rows as a JSONL file would hold them: a mapping with a text or
                HTML field, perhaps an id, and fields that become metadata, as JSON holds them. A
                document without an id is named by its number, from 0; a repeated id gets `#2`
                added.
            on_rejected: called with each document of which nothing could be made, as a `Rejected`.
                Without it they are left out, and a `RejectedWarning` at the end tells how many.
            scratch: a folder on a disk with room for four to five times the text; if None, that
                for temporary files (`TMPDIR`), which on some systems is in memory.

        Raises:
            TypeError: one document is given where many are meant.
            CleanerError: the scratch folder cannot be used; or worker processes cannot be.

        """
        if isinstance(documents, str | bytes | Mapping):
            raise TypeError(
                "clean() takes many documents; for one, use clean_one() or clean_text()"
            )
        from cleaner.stream import cleaned

        # A rule that does not exist is an error before any work.
        ruleset_for(self._config.disabled_rules, self._config.own_rules)
        folder = None if scratch is None else Path(scratch)
        return cleaned(documents, self._config, on_rejected, folder)

    def clean_one(self, document: Document) -> CleanDocument:
        """Clean one more document, compared with all that `clean_one` has had before.

        No line is a template here, as later documents are not known. The shingles and band keys
        of the paragraphs that stay are held in memory: about four kilobytes for one of 40 words.

        Raises:
            RecordError: it holds no text or article.
            TypeError: it is neither a string nor a mapping.

        """
        name = str(len(self._ids))
        if isinstance(document, str):
            return self.clean_content(Content(name, STREAM, False, document, {}))
        if not isinstance(document, Mapping):
            raise TypeError(no_document(document))
        return self.clean_content(content_of_row(document, STREAM, name, self._config))

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
