"""Articles that an extractor wrote as XML: trafilatura's own format, and TEI (tei-c.org, P5)."""

from collections.abc import Iterator, Mapping

import lxml.etree

from cleaner.document import Content, Record
from cleaner.errors import RecordError
from cleaner.stages.charset import decode_bytes, how_decoded

TEI = {"t": "http://www.tei-c.org/ns/1.0"}
BLOCKS = frozenset({"ab", "head", "item", "l", "lb", "list", "p", "quote", "row", "table"})
"""Elements that begin a paragraph, and end one."""
CELL = "cell"
COMMENTS = "comments"
HEADER = {
    "title": "//t:teiHeader//t:titleStmt/t:title/text()",
    "author": "//t:teiHeader//t:titleStmt/t:author/text()",
    "url": "//t:sourceDesc//t:ptr/@target",
    "date": "//t:sourceDesc//t:publicationStmt/t:date/text()",
    "sitename": "//t:sourceDesc//t:publisher/text()",
}


def content_of_xml(record: Record) -> Content:
    """The article in a file, and what is said of it.

    Raises:
        RecordError: the file is not XML, is nested too deeply, or is neither of the two kinds.

    """
    decoded = decode_bytes(record.data, is_html=True)
    root = _parsed(decoded.text)
    body = root.find("main") if root.tag == "doc" else root.find("t:text/t:body", TEI)
    if body is None:
        raise RecordError(
            "the XML file is neither trafilatura's nor TEI; give the pages themselves, or their "
            "text, instead"
        )
    text = "\n\n".join(_paragraphs(body))
    if not text:
        raise RecordError("the article in the XML file is empty")
    said = {"encoding": how_decoded(decoded)}
    return Content(
        record.source, record.source, is_html=False, text=text, metadata={**_said(root), **said}
    )


def _parsed(text: str) -> lxml.etree._Element:
    parser = lxml.etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        return lxml.etree.fromstring(text.encode("utf-8", "replace"), parser)
    except lxml.etree.XMLSyntaxError as error:
        raise RecordError(f"the file is not XML: {error.msg}; write it again") from None


def _paragraphs(body: lxml.etree._Element) -> Iterator[str]:
    """The text between the beginnings and ends of blocks."""
    pieces: list[str] = []
    walk = lxml.etree.iterwalk(body, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        # An entity that is not resolved has a beginning and an end, but no name.
        is_element = isinstance(element.tag, str)
        is_start = event == "start"
        if is_start and not is_element:
            continue
        name = lxml.etree.QName(element).localname if is_element else ""
        if is_start and element.get("type") == COMMENTS:
            walk.skip_subtree()
            continue
        if name in BLOCKS:
            yield from _line(pieces)
        elif name == CELL:
            pieces.append(" ")
        pieces.append((element.text if is_start else element.tail) or "")
    yield from _line(pieces)


def _line(pieces: list[str]) -> Iterator[str]:
    line = " ".join("".join(pieces).split())
    pieces.clear()
    if line:
        yield line


def _said(root: lxml.etree._Element) -> Mapping[str, str]:
    """What the file says of the article: the attributes of one kind, the header of the other."""
    if root.tag == "doc":
        return {str(name): str(value) for name, value in root.attrib.items() if value}
    found = {name: root.xpath(path, namespaces=TEI) for name, path in HEADER.items()}
    return {
        name: str(one[0]).strip() for name, one in found.items() if isinstance(one, list) and one
    }
