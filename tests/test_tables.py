"""Tables and JSON files: separators, quotes, encodings, types of columns, what a file holds."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from input_formats import FORMATS, parquet_of
from test_formats import PAGE, PROSE, contents, errors, found

from cleaner.document import Record

GERMAN = "Größe und Gewässer der Häuser an der Förde, öfter als früher gehört."


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_in_the_names_of_the_columns(raw, separator):
    data = f'id{separator}"a, b; c"{separator}text\n1{separator}x{separator}"{PROSE}"\n'.encode()
    (content,) = contents(raw, data, "a.csv")
    assert (content.id, content.text, content.metadata) == ("1", PROSE, {"a, b; c": "x"})


def test_a_tsv_may_have_commas_in_its_names(raw):
    data = f"id\ta,b,c,d\ttext\n1\tx\t{PROSE}\n".encode()
    assert contents(raw, data, "a.tsv")[0].metadata == {"a,b,c,d": "x"}


CODECS = ["utf-8", "utf-8-sig", "utf-16", "windows-1252", "utf-16-be"]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("name", ["a.csv", "a.json"])
def test_encodings_of_whole_files(raw, codec, name):
    rows = [{"id": str(at), "text": f"{at} {GERMAN}"} for at in range(3)]
    text = json.dumps(rows, ensure_ascii=False)
    if name == "a.csv":
        text = "id,text\r\n" + "".join(f'{row["id"]},"{row["text"]}"\r\n' for row in rows)
    mark = "\ufeff" if codec == "utf-16-be" else ""
    read = contents(raw, (mark + text).encode(codec), name)
    assert [one.text for one in read] == [row["text"] for row in rows]
    assert ("encoding" in read[0].metadata) == (codec != "utf-8")


def test_bytes_of_shift_jis_that_look_like_signs_are_none(raw):
    text = "表示と能力、ソースは十分に予測されました。図書館は月曜日に再開します。"
    data = f"id,text\n1,{text}\n2,{text * 3}\n".encode("shift_jis")
    assert [one.text for one in contents(raw, data, "a.csv")] == [text, text * 3]


def test_a_cell_of_another_encoding_is_read_by_itself(raw):
    rows = [f'{at},"{at} {GERMAN}"\n' for at in range(9)]
    data = b"id,text\n" + "".join(rows).encode() + f'9,"{GERMAN}"\n'.encode("latin-1")
    texts = [one.text for one in contents(raw, data, "a.csv")]
    assert texts == [*(f"{at} {GERMAN}" for at in range(9)), GERMAN]


def test_rows_are_numbered_by_their_lines(raw):
    data = b'text\n"one\ntwo"\n\n,,\nthree\n"fo""ur"\n'
    items = found(raw, data, "a.csv")
    assert [(one.number) for one in items if isinstance(one, Record)] == [2, 6, 7]
    (content,) = contents(raw, b'text\n"fo""ur"\n', "a.csv")
    assert (content.id, content.text) == ("a.csv:2", 'fo"ur')


@pytest.mark.parametrize(
    ("data", "record", "error"),
    [
        (b'id,text\n1,ok\n2,"never closed\n3,x\n', 3, "the row in line 3"),
        (b'id,text\n1,ok\n2,"closed" early\n3,x\n', 3, "the row in line 3"),
        (b"id,text\n1,ok\n2,a,b\n", 3, "the row has 3 cells and the table 2 columns"),
        (b"id,body\n1,ok\n", None, "no column 'text'"),
        (b"", None, "the file holds no rows"),
        (b"id,text\n", None, "the file holds no rows"),
    ],
)
def test_tables_that_cannot_be_read_say_where(raw, data, record, error):
    ((number, told),) = errors(raw, data, "a.csv")
    assert number == record
    assert error in told


def test_a_quote_without_end_does_not_fill_the_memory(raw):
    data = b'text\n"' + b"x,y\n" * (1 << 20)
    ((_, error),) = errors(raw, data, "a.csv", max_record_megabytes=1)
    assert "a quote before it is not closed" in error


JSON_FILES = {
    "one": ('{"text": "A"}', [("a.json", "A")]),
    "one over lines": ('{\n "text": "A",\n "id": 7\n}\n', [("7", "A")]),
    "array": ('[{"text": "A"}, {"text": "B"}]', [("a.json:1", "A"), ("a.json:2", "B")]),
    "array of one": ('[{"text": "A"}]', [("a.json:1", "A")]),
    "rows": ('{"text": "A"}\n{"text": "B"}\n', [("a.json:1", "A"), ("a.json:2", "B")]),
    "one after the other": ('{"text":\n"A"} {"text": "B"}', [("a.json:1", "A"), ("a.json:2", "B")]),
    "numbers beyond 64 bits": ('{"text": "A", "n": %s}' % ("9" * 30), [("a.json", "A")]),
    "empty array": ("[]", []),
}


@pytest.mark.parametrize("case", JSON_FILES)
def test_what_a_json_file_holds_is_told_by_its_content(raw, case):
    text, expected = JSON_FILES[case]
    read = contents(raw, text.encode(), "a.json")
    assert [(one.id, one.text) for one in read] == expected


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('[{"text": "A"}, {"text": "B"', "not JSON after value 1"),
        ('[{"text": "A"} {"text": "B"}]', "no comma between values"),
        ('[{"text": "A"}', "no end"),
        ('[{"text": "A"}] x', "something follows"),
        ('{"text": "A"', "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "no values"),
        ("", "no values"),
    ],
)
def test_damaged_json_files_give_what_is_whole_and_say_where(raw, text, error):
    assert error in errors(raw, text.encode(), "a.json")[-1][1]


def test_a_long_array_is_read_in_pieces(raw):
    rows = [{"id": str(at), "text": f"{at} " + "word " * (at * 7919 % 40_000)} for at in range(40)]
    data = json.dumps(rows).encode()
    read = contents(raw, data, "a.json", max_record_megabytes=1)
    assert [(one.id, one.text) for one in read] == [(row["id"], row["text"]) for row in rows]


def test_fields_have_several_names_and_lead_into_objects(raw):
    row = {
        "raw_text": "Again",
        "maintext": PROSE,
        "meta": {"key": "k", "lang": "en"},
        "html": "<p>",
    }
    (content,) = contents(raw, json.dumps(row).encode(), "a.json", id_field="meta.key")
    assert (content.id, content.text) == ("k", PROSE)
    assert content.metadata == {"meta": {"lang": "en"}, "html": "<p>"}
    row = {"text": PROSE, "body": {"text": "Inner"}}
    (content,) = contents(raw, json.dumps(row).encode(), "a.json", text_field="body.text, text")
    assert (content.text, content.metadata) == ("Inner", {})


def test_the_body_of_an_article_as_fundus_writes_it(raw):
    body = {
        "summary": ["In short."],
        "sections": [
            {"headline": [], "paragraphs": ["One.", "Two."]},
            {"headline": ["Next"], "paragraphs": ["Three."]},
        ],
    }
    row = {"title": "T", "body": body}
    (content,) = contents(raw, json.dumps(row).encode(), "a.json", text_field="body")
    assert content.text == "In short.\n\nOne.\n\nTwo.\n\nNext\n\nThree."
    assert content.metadata == {"title": "T"}


def test_columns_of_every_type_become_metadata(raw):
    data = parquet_of(
        {
            "id": [7],
            "text": [PROSE],
            "at": [dt.datetime(2024, 3, 4, 5, 6, 7, tzinfo=dt.UTC)],
            "day": [dt.date(2024, 3, 4)],
            "price": [Decimal("1.50")],
            "data": [b"\xff\x00"],
            "tags": [["a", "b"]],
            "deep": [{"one": [{"two": 2}]}],
            "nothing": [None],
            "share": [float("nan")],
            "metadata": [{"url": "u"}],
        }
    )
    (content,) = contents(raw, data, "a.parquet")
    assert (content.id, content.text) == ("7", PROSE)
    assert content.metadata == {
        "at": "2024-03-04T05:06:07+00:00",
        "day": "2024-03-04",
        "price": "1.50",
        "data": "/wA=",
        "tags": ["a", "b"],
        "deep": {"one": [{"two": 2}]},
        "nothing": None,
        "share": None,
        "url": "u",
    }


def test_a_column_of_bytes_is_decoded_as_pages_are(raw):
    page = f'<html><meta charset="windows-1252"><p>{GERMAN}</p></html>'.encode("windows-1252")
    data = parquet_of({"html": [page, PAGE], "id": ["a", None], "url": ["u", "v"]})
    first, second = contents(raw, data, "a.parquet")
    assert (first.id, first.is_html, GERMAN in first.text) == ("a", True, True)
    assert first.metadata["url"] == "u"
    assert first.metadata["encoding"]["charset"] == "windows-1252"
    assert second.id == "a.parquet:2"
    (text,) = contents(raw, parquet_of({"text": [GERMAN.encode("latin-1")]}), "a.parquet")
    assert (text.is_html, text.text) == (False, GERMAN)


@pytest.mark.parametrize("compression", ["snappy", "zstd", "gzip", "none"])
def test_row_groups_follow_one_another(raw, compression):
    columns = {"text": [f"{at} {PROSE}" for at in range(2500)]}
    data = parquet_of(columns, row_group_size=900, compression=compression)
    read = contents(raw, data, "a.parquet")
    assert [one.text for one in read] == columns["text"]
    assert read[-1].id == "a.parquet:2500"


def test_damaged_parquet_files_are_rejected(raw):
    data = FORMATS["rows.parquet"]((("a", PROSE),))
    for damaged in (
        data[:-9],
        data[: len(data) // 2],
        b"PAR1" + b"x" * 99,
        data[:9] + b"\xff" * 40 + data[49:],
    ):
        ((_, error),) = errors(raw, damaged, "a.parquet")
        assert "Parquet file is damaged or cut off" in error
        assert "fetch it again" in error


def test_a_parquet_file_that_unpacks_to_too_much_is_not_read(raw):
    data = parquet_of({"text": ["x" * (20 << 20)]}, compression="zstd", use_dictionary=False)
    ((_, error),) = errors(raw, data, "a.parquet", max_expansion=10)
    assert "raise --max-expansion" in error
