"""Small parts: dates, ids, words, the engine, the public interface."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner import CleanDocument, Cleaner, Config, Mark, Reason, RecordError, Removal
from cleaner.catalogue import Catalogue, CatalogueWriter, Entry, write_distinct_ids
from cleaner.ids import distinct_ids
from cleaner.json_lines import dump_line, load_line
from cleaner.stages.dates import iso_date
from cleaner.stages.site import site_of
from cleaner.words import count_words, ends_like_a_sentence, is_prose

PROSE = (
    "The harbour of Port Alder opened to ships again on Monday morning, nine days after a storm."
)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("June 2, 2024 at 7:05 PM EST", "2024-06-02"),
        ("Sept. 9, 2023", "2023-09-09"),
        ("9th of March 2024", "2024-03-09"),
        ("3. März 2024, 10:15 Uhr", "2024-03-03"),
        ("4 de marzo de 2024", "2024-03-04"),
        ("1er août 2023", "2023-08-01"),
        ("9 сентября 2023", "2023-09-09"),
        ("2024年3月4日", "2024-03-04"),
        ("2024-3-4", "2024-03-04"),
        ("3/4/2024", None),
        ("31 February 2024", None),
        ("9 Sometember 2024", None),
        ("yesterday", None),
    ],
)
def test_dates(printed, expected):
    assert iso_date(printed) == expected


@given(st.lists(st.sampled_from(["a", "b", "a#2", "a#3", "a#2#2"]), max_size=12))
def test_ids_become_distinct_and_first_ones_stay(names):
    repeats = [names[:at].count(name) for at, name in enumerate(names)]
    final = list(distinct_ids(names, repeats, set(names).__contains__))
    assert len(set(final)) == len(final)
    for name, repeat, new in zip(names, repeats, final, strict=True):
        assert (name == new) == (repeat == 0)
        assert repeat == 0 or new not in names


@given(
    st.lists(st.sampled_from(["a", "b", "a#2", "a#3", "", "é\ud800"]), max_size=12),
    st.sampled_from([1, 64 * 3, 1 << 20]),
)
def test_a_catalogue_gives_every_document_an_id(names, memory):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with CatalogueWriter(folder / "catalogue") as writer:
            for some in (names[:5], names[5:]):
                writer.append([Entry(one, "site", 1) for one in some])
        catalogue = Catalogue(folder / "catalogue")
        written = write_distinct_ids(catalogue, memory, folder / "work")
        repeats = [names[:at].count(one) for at, one in enumerate(names)]
        expected = list(distinct_ids(names, repeats, set(names).__contains__))
        assert list(written) == [written[at] for at in range(len(names))] == expected


@pytest.mark.parametrize(
    ("source", "metadata", "site"),
    [
        ("a/b.html", {"url": "https://www.Alder.example/x"}, "alder.example"),
        ("a/b.html", {"url": "http://alder.example:80/y"}, "alder.example"),
        ("a/b.html", {"url": "not an address"}, "folder a"),
        ("a/b.html", {"url": "http://[broken"}, "folder a"),
        ("a/b.html", {"url": 7}, "folder a"),
        ("b.txt.gz", {}, "folder ."),
        ("a/rows.jsonl", {}, "file a/rows.jsonl"),
        ("a/rows.jsonl.zst", {}, "file a/rows.jsonl.zst"),
    ],
)
def test_site_of_a_document(source, metadata, site):
    assert site_of(source, metadata) == site


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("one two", 2), ("é à", 2), ("港町の図書館", 3), ("猫", 1), ("a 港町 b", 3)],
)
def test_words(text, words):
    assert count_words(text) == words


@pytest.mark.parametrize("text", ["End.", "End?”", "終わり。」", "So:", "(End.)", "नमस्ते।"])
def test_sentences_end(text):
    assert ends_like_a_sentence(text)


@pytest.mark.parametrize("text", ["No end", "No end,", "", "“Quoted”"])
def test_other_lines_do_not(text):
    assert not ends_like_a_sentence(text)


def test_prose_is_a_sentence_or_long():
    assert is_prose(PROSE)
    assert not is_prose(PROSE[:-1])
    assert is_prose("word " * 40)
    assert not is_prose("Short sentence.")


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_values)
def test_rows_are_read_as_they_were_written(value):
    line = dump_line(value)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert load_line(line) == value


def test_stream_compares_with_all_that_came_before():
    stream = Cleaner()
    rows = [{"id": "x", "text": PROSE, "url": "u"}, PROSE.replace("nine", "ten"), {"html": PROSE}]
    first, second, third = map(stream.clean_one, rows)
    assert (first.id, first.text, first.metadata) == ("x", PROSE, {"url": "u"})
    assert second.kept != ()
    assert third.text == ""
    assert third.removed[0].mark.of == cleaner.Place("x", 0)
    assert third.removed[0].mark.similarity == 1.0
    with pytest.raises(RecordError):
        stream.clean_one({"title": "no text"})
    assert stream.clean_one(PROSE).removed[0].mark.of == cleaner.Place("x", 0)


def test_stream_gives_every_document_an_id_of_its_own():
    rows = [
        {"id": "1", "text": "One."},
        {"id": "1", "text": "Two."},
        "Three.",
        {"id": 1, "text": "4."},
    ]
    assert [one.id for one in Cleaner().clean(rows)] == ["1", "1#2", "2", "1#3"]


def test_stream_takes_metadata_of_any_kind():
    document = Cleaner().clean_one({"text": "One.", "when": {1, 2}})
    assert document.metadata == {"when": {1, 2}}


@pytest.mark.parametrize("wrong", [None, b"bytes", 5])
def test_what_is_no_document_says_so(wrong):
    with pytest.raises(TypeError, match=type(wrong).__name__):
        Cleaner().clean_one(wrong)
    with pytest.raises(TypeError, match="takes a string"):
        cleaner.clean_text(wrong)
    with pytest.raises(TypeError, match="many documents"):
        list(Cleaner().clean("one string"))


def test_bytes_of_a_page_tell_their_charset():
    page = f"<html><head><meta charset='latin1'></head><body><p>{PROSE} Größe</p></body></html>"
    found = cleaner.clean_html(page.encode("cp1252"))
    assert found.metadata["encoding"] == {"charset": "windows-1252", "decided_by": "declared"}


def test_stream_takes_text_that_json_cannot_hold():
    assert Cleaner().clean_one({"text": "lone \ud800 surrogate"}).text == "lone \ufffd surrogate"


def test_paragraphs_come_back_in_order():
    mark = Mark(Reason.BOILERPLATE, "r")
    removed = (Removal(0, "a", mark), Removal(2, "c", mark), Removal(3, "d", mark))
    document = CleanDocument("id", "", ("b", "e"), removed, {})
    assert document.paragraphs() == ("a", "b", "c", "d", "e")
    assert str(document) == document.text == "b\n\ne"


def test_public_names_are_there_and_no_others():
    assert dir(cleaner) == sorted(cleaner.__all__)
    for name in cleaner.__all__:
        public = getattr(cleaner, name)
        assert public.__doc__
        assert not public.__doc__.startswith(f"{name}("), (
            "a dataclass's own signature is no docstring"
        )
    with pytest.raises(AttributeError, match="no attribute 'clean_pdf'"):
        cleaner.clean_pdf  # noqa: B018


def test_documents_are_frozen():
    document = Cleaner(Config()).clean_one(PROSE)
    with pytest.raises(AttributeError):
        document.id = "other"
    assert "__dict__" not in dir(document)


@pytest.mark.parametrize(
    ("module", "unknown"),
    [
        ("cleaner.engines", "cleaner.stages"),
        ("cleaner.engines", "cleaner.duplicates"),
        ("cleaner.stages.finish", "cleaner.engines"),
        ("cleaner.stages.extract", "cleaner.engines"),
        ("cleaner.stages.write", "cleaner.engines"),
        ("cleaner.duplicates", "cleaner.engines"),
        ("cleaner.duplicates", "cleaner.stages"),
    ],
)
def test_stages_know_no_engine_and_the_engine_no_text(module, unknown):
    code = f"import sys, {module}; print([n for n in sys.modules if n.startswith('{unknown}')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.split() == [b"[]"]
