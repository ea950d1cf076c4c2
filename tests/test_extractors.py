"""What other extractors of articles write is read: the article and what they say of it."""

import json
import subprocess
import sys

import pytest
from conftest import read_output
from test_formats import contents, errors

from cleaner import Config, run
from cleaner.document import Kind, Record
from cleaner.stages.decode import decode

PAGE = """<!doctype html><html lang="en"><head><title>Harbour reopens - The Alder Post</title>
<meta name="author" content="Mira Okafor"><meta property="og:site_name" content="The Alder Post">
<link rel="canonical" href="https://alder.example/harbour">
<meta property="article:published_time" content="2024-03-04"></head><body><article>
<h1>Harbour reopens</h1>
<p>The harbour of Port Alder opened to ships again on Monday, nine days after the <b>storm</b>.</p>
<h2>What comes next</h2>
<p>The council will meet on Friday to decide on the cost, which engineers put at two million.</p>
<ul><li>First the western wall is mended by divers</li><li>Then the lighthouse gets a lamp</li></ul>
<blockquote><p>I have not slept since the storm, said the harbour master.</p></blockquote>
</article></body></html>"""
PARAGRAPHS = [
    "Harbour reopens",
    "The harbour of Port Alder opened to ships again on Monday, nine days after the storm.",
    "What comes next",
    "The council will meet on Friday to decide on the cost, which engineers put at two million.",
    "First the western wall is mended by divers",
    "Then the lighthouse gets a lamp",
    "I have not slept since the storm, said the harbour master.",
]
SAID = {
    "title": "Harbour reopens",
    "author": "Mira Okafor",
    "date": "2024-03-04",
    "url": "https://alder.example/harbour",
}


@pytest.fixture(scope="module")
def trafilatura():
    """What its command line makes of the page, by format."""

    def written(kind):
        command = [sys.executable, "-m", "trafilatura.cli", "--with-metadata"]
        command += ["--output-format", kind]
        return subprocess.run(command, input=PAGE.encode(), capture_output=True, check=True).stdout

    return written


@pytest.mark.parametrize("kind", ["xml", "xmltei", "json"])
def test_trafilaturas_files(raw, trafilatura, kind):
    name = f"harbour.{kind.removesuffix('tei')}"
    (content,) = contents(raw, trafilatura(kind), name)
    assert content.id == name
    lines = [line.removeprefix("- ") for line in content.text.split("\n") if line]
    assert lines == PARAGRAPHS
    said = {**SAID, "source": SAID["url"]} if kind == "json" else SAID
    held = {name: content.metadata.get(name) for name in said}
    assert held == ({**said, "url": None} if kind == "json" else said)
    assert "raw_text" not in content.metadata


def test_trafilaturas_text(raw, clean, trafilatura):
    (raw / "harbour.txt").write_bytes(trafilatura("txt"))
    run(raw, clean)
    text = read_output(clean).documents[0]["text"]
    assert all(one in text for one in PARAGRAPHS[1:])


DOC = (
    '<doc title="T" author=""><main><head>One</head><p>Two <hi>and</hi> a<lb/>half</p>%s</main>'
    "%s</doc>"
)
TEI = (
    '<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><div type="entry"><p>One</p></div>'
    '<div type="comments"><p>No</p></div></body></text></TEI>'
)
XML = {
    "plain": (DOC % ("", ""), "One\n\nTwo and a\n\nhalf"),
    "comments": (DOC % ("", "<comments><p>No.</p></comments>"), "One\n\nTwo and a\n\nhalf"),
    "table": (
        DOC % ("<table><row><cell>a</cell><cell>b</cell></row></table>", ""),
        "One\n\nTwo and a\n\nhalf\n\na b",
    ),
    "remarks": (
        DOC % ("<!-- no --><?no no?><p>Three</p>", ""),
        "One\n\nTwo and a\n\nhalf\n\nThree",
    ),
    "loose": (
        DOC % ("between <p>Three</p> after", ""),
        "One\n\nTwo and a\n\nhalf\n\nbetween\n\nThree\n\nafter",
    ),
    "tei": (TEI, "One"),
}


@pytest.mark.parametrize("case", XML)
def test_the_blocks_of_xml_are_paragraphs(raw, case):
    text, expected = XML[case]
    assert contents(raw, text.encode(), "a.xml")[0].text == expected


def test_the_attributes_of_a_file_are_what_is_said_of_the_article(raw):
    (content,) = contents(raw, (DOC % ("", "")).encode("utf-8"), "a.xml")
    assert content.metadata["title"] == "T"
    assert "author" not in content.metadata


LAUGHS = '<!DOCTYPE doc [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("<doc><main><p>cut", "not XML"),
        ("<doc><p>Not by an extractor</p></doc>", "neither trafilatura's nor TEI"),
        ("<doc><main/></doc>", "empty"),
        ("<doc><main>" + "<p>" * 5000, "not XML"),
    ],
)
def test_other_xml_is_rejected(raw, clean, text, error):
    (raw / "a.xml").write_text(text)
    run(raw, clean)
    assert error in read_output(clean).rejected[0]["error"]


def test_entities_are_not_followed():
    data = (LAUGHS + DOC % ("<p>&b;&f;</p>", "")).encode()
    content = decode(Record("a.xml", None, Kind.XML, data), Config())
    assert "root" not in content.text
    assert "ha" not in content.text.split()


ROWS = {
    "news-please": (
        {"title": "T", "maintext": "Main.", "url": "u", "date_publish": "2024-03-04 00:00:00"},
        "Main.",
        {"title": "T", "url": "u", "date_publish": "2024-03-04 00:00:00"},
    ),
    "fundus": (
        {"title": "T", "plaintext": "Plain.", "lang": "en"},
        "Plain.",
        {"title": "T", "lang": "en"},
    ),
    "datatrove": (
        {"text": "Text.", "id": "d/0", "metadata": {"url": "u", "date": "2024"}},
        "Text.",
        {"url": "u", "date": "2024"},
    ),
}


@pytest.mark.parametrize("tool", ROWS)
def test_rows_of_other_tools(raw, tool):
    row, text, metadata = ROWS[tool]
    (content,) = contents(raw, json.dumps(row).encode(), "rows.json")
    assert (content.text, content.metadata) == (text, metadata)


def test_datatroves_own_writer(raw, tmp_path):
    writers = pytest.importorskip("datatrove.pipeline.writers", reason="datatrove is not installed")
    data = pytest.importorskip("datatrove.data")
    with writers.JsonlWriter(str(tmp_path / "out"), compression="gzip") as writer:
        writer.write(data.Document(text="Text.", id="d/0", metadata={"url": "u"}))
    (path,) = (tmp_path / "out").iterdir()
    (content,) = contents(raw, path.read_bytes(), path.name)
    assert (content.id, content.text, content.metadata["url"]) == ("d/0", "Text.", "u")
    assert errors(raw, path.read_bytes(), path.name) == []
