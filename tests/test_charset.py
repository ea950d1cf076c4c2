"""Bytes to text: which encoding, and how that is told."""

import base64
import codecs
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from conftest import shared_rows
from hypothesis import given
from hypothesis import strategies as st

from cleaner.charsets.binary import is_mostly_controls, kind_of_binary
from cleaner.charsets.declared import declared_encoding, page_language
from cleaner.charsets.encodings import codec_of, decode_as, name_of_label
from cleaner.charsets.languages import languages
from cleaner.charsets.one_byte import candidates
from cleaner.config import Config
from cleaner.document import Kind, Record
from cleaner.errors import RecordError
from cleaner.stages.charset import SURE, decode_bytes
from cleaner.stages.decode import decode

CASES = tomllib.loads(Path(__file__).with_name("encodings.toml").read_text("utf-8"))
TEXTS, FEW = CASES["text"], CASES["few"]
GERMAN, RUSSIAN, JAPANESE = TEXTS[0]["text"], TEXTS[10]["text"], TEXTS[16]["text"]
META = '<html><head><meta charset="{}"></head><body>{}</body></html>'
EQUIV = '<meta http-equiv="Content-Type" content="text/html; charset={}"><p>{}</p>'


def read(data, **stated):
    return decode_bytes(data, is_html=stated.pop("is_html", False), **stated)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_byte_order_marks_decide(codec):
    mark = "\ufeff".encode(codec)
    found = read(mark + JAPANESE.encode(codec))
    assert (found.text, found.decided_by) == (JAPANESE, "byte-order mark")
    assert codecs.lookup(found.charset).name == codec


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xff\xfeplain text", "plain text"),
        (b"\xef\xbb\xbf" + GERMAN.encode("cp1252"), GERMAN),
        (b"\xfe\xff" + RUSSIAN.encode(), RUSSIAN),
    ],
)
def test_a_mark_that_the_bytes_contradict_goes_unheeded(data, text):
    found = read(data)
    assert found.text == text
    assert found.decided_by != "byte-order mark"


def test_a_marked_text_may_be_cut_off():
    found = read(codecs.BOM_UTF8 + "Größe 3 €".encode()[:-1])
    assert (found.text, found.decided_by) == ("Größe 3 \ufffd", "byte-order mark")


@pytest.mark.parametrize(
    ("label", "codec", "name", "text"),
    [
        ("iso-8859-1", "cp1252", "windows-1252", "„Größe“ kostet 3 €"),
        ("ascii", "cp1252", "windows-1252", "naïve"),
        (" Latin1 ", "cp1252", "windows-1252", "naïve"),
        ("gb2312", "gb18030", "gbk", "港口重新开放镕"),
        ("Shift_JIS", "cp932", "shift_jis", "①港町"),
        ("windows-1251", "cp1251", "windows-1251", RUSSIAN),
        ("euc-kr", "cp949", "euc-kr", "항구가 다시 열렸다 똠"),
        ("x-user-defined", "cp1252", "windows-1252", "naïve"),
        ("hz-gb-2312", "hz", "hz-gb-2312", "港口重新开放"),
    ],
)
@pytest.mark.parametrize("page", [META, EQUIV])
def test_declared_labels_mean_what_the_web_means(label, codec, name, text, page):
    html = page.format(label, text)
    found = read(html.encode(codec), is_html=True)
    assert (found.text, found.charset, found.decided_by) == (html, name, "declared")
    assert found.confidence is None


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("utf8", "utf-8"),
        ("l1", "windows-1252"),
        ("ISO_8859-9:1989", "windows-1254"),
        ("tis-620", "windows-874"),
        ("\tKOI8-RU\n", "koi8-u"),
        ("x-sjis", "shift_jis"),
        ("logical", "iso-8859-8-i"),
        ("no-such-label", None),
        ("", None),
        ("\x00", None),
        ("base64", None),
        ("unicode_escape", None),
    ],
)
def test_labels(label, name):
    assert name_of_label(label) == name
    if name:
        codecs.lookup(codec_of(name))


@pytest.mark.parametrize(
    ("data", "name", "text"),
    [
        (b"\xa2\xb6\xff", "x-mac-cyrillic", "Ґґ€"),
        (b"\xae\xbe", "koi8-u", "ўЎ"),
        (b"\xad\xa1\xb9\xc1", "euc-jp", "①港"),
        (b"\xa1\xc1\xff", "euc-jp", "〜\ufffd"),
        (b"\x81\xdb", "windows-874", "\x81\ufffd"),
        (b"\x80\x81", "windows-1252", "€\x81"),
    ],
)
def test_where_the_web_differs_from_python(data, name, text):
    assert decode_as(data, name) == text


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"<?xml version='1.0' encoding='ISO-8859-2'?><html>", "iso-8859-2"),
        (b'<META content="text/html;charset=koi8-r" HTTP-EQUIV=Content-Type>', "koi8-r"),
        (b"<meta charset = 'BIG5' >", "big5"),
        (b"<meta name=x>" * 900 + b"<meta charset=big5>", "big5"),
        (b"<!-- <meta charset=big5> --><meta charset=koi8-r>", "koi8-r"),
        (b"<script>s = '<meta charset=big5>'</script>", None),
        (b"<title><meta charset=big5></title>", None),
        (b"<meta charset=utf-16>", "utf-8"),
        (b"<meta charset=no-such-label>", None),
        (b"<p>charset=big5</p>", None),
    ],
)
def test_declarations_of_pages(head, encoding):
    assert declared_encoding(head, is_html=True) == encoding


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b'msgstr ""\n"Content-Type: text/plain; charset=KOI8-R\\n"\n', "koi8-r"),
        (b"Content-Type: text/plain; charset=iso-8859-2\n\n", "iso-8859-2"),
        (b"# -*- mode: text; coding: big5 -*-\n", "big5"),
        (b"<?xml version='1.0' encoding='koi8-u'?>", "koi8-u"),
        (b'"Content-Type: text/plain; charset=CHARSET\\n"', None),
        (b"<meta charset=big5>", None),
        (b"set charset=big5 in the menu", None),
    ],
)
def test_declarations_of_texts(head, encoding):
    assert declared_encoding(head, is_html=False) == encoding


def test_a_header_goes_before_the_page():
    html = META.format("koi8-r", "Größe über alles, „sagte“ er")
    data = html.encode("cp1252")
    assert read(data, is_html=True, declared="Windows-1252").decided_by == "declared"
    assert read(data, is_html=True, declared="Windows-1252").text == html


@pytest.mark.parametrize("label", ["iso-8859-1", "koi8-r", "big5"])
def test_valid_utf8_beats_another_declaration(label):
    html = META.format(label, GERMAN)
    found = read(html.encode(), is_html=True)
    assert (found.text, found.decided_by) == (html, "valid UTF-8")


@pytest.mark.parametrize(
    ("label", "text", "codec"),
    [
        ("utf-8", GERMAN, "cp1252"),
        ("utf-16", GERMAN, "cp1252"),
        ("iso-8859-1", RUSSIAN, "cp1251"),
        ("windows-1251", RUSSIAN, "koi8-r"),
        ("euc-jp", JAPANESE, "cp932"),
    ],
)
def test_a_declaration_that_the_bytes_contradict_loses(label, text, codec):
    html = META.format(label, text)
    found = read(html.encode(codec), is_html=True)
    assert (found.text, found.decided_by) == (html, "detected")


def test_a_declaration_wins_where_the_bytes_tell_little():
    html = META.format("windows-1250", "Škoda")
    found = read(html.encode("cp1250"), is_html=True)
    assert (found.text, found.decided_by) == (html, "declared")


@pytest.mark.parametrize(("language", "letter"), [("is", "þ"), ("tr-TR", "ş"), ("EL", "ώ")])
def test_the_language_of_a_page_tips_the_balance(language, letter):
    page = b"<html lang=%b><title>\xfe</title><p>\xfe" % language.encode()
    assert read(page, is_html=True).text.endswith(letter)


@pytest.mark.parametrize(
    ("page", "language"),
    [
        (b"<!doctype html><html class=x lang='pt-BR'>", "pt-BR"),
        (b"<HTML LANG=is>", "is"),
        (b"<html><p lang=is>", None),
    ],
)
def test_the_language_that_a_page_states(page, language):
    assert page_language(page) == language


def test_holes_of_windows_1252_do_not_lose_the_page():
    html = META.format("iso-8859-1", "Gr\x81öße").encode("latin-1")
    assert read(html, is_html=True).text == META.format("iso-8859-1", "Gr\x81öße")


@pytest.mark.parametrize(
    ("text", "name"), [(row["text"], name) for row in TEXTS for name in row["encodings"]]
)
def test_undeclared_encodings_are_recognised(text, name):
    found = read(text.encode(codec_of(name)))
    assert found.text == text
    assert found.decided_by in {"detected", "zero bytes", "escape sequences"}


@pytest.mark.parametrize(
    ("text", "name"), [(row["text"], name) for row in FEW for name in row["encodings"]]
)
def test_what_stands_around_a_letter_tells(text, name):
    assert read(text.encode(codec_of(name))).text == text


@pytest.mark.parametrize(
    ("text", "name"),
    [(row["text"], name) for row in TEXTS for name in row["encodings"] if name[:2] != "ut"],
)
def test_few_letters_among_much_ascii_suffice(text, name):
    program = "# keep this line as it is\nset(value, 12)\n" * 40
    found = read((program + text + "\n" + program).encode(codec_of(name)))
    assert found.text == program + text + "\n" + program


@pytest.mark.parametrize("text", [row["text"] for row in TEXTS])
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_need_no_mark(text, codec):
    found = read(f"{text}\n{text}".encode(codec))
    assert (found.text, found.decided_by) == (f"{text}\n{text}", "zero bytes")


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("plain \0 text with \0 bytes", "ascii"),
        ("plün \0 text", "utf-8"),
        ("plün \0 tëxt " * 3, "cp1252"),
        ("éééééééé\0ééééééé", "cp1252"),
    ],
)
def test_a_stray_zero_byte_makes_no_utf16(text, codec):
    assert read(text.encode(codec)).text == text


@pytest.mark.parametrize("data", [b"\xe9", b"\x81", b"\xff", b"caf\xc3", "Škoda".encode("cp1250")])
def test_too_little_evidence_is_said(data):
    found = read(data)
    assert found.decided_by == "guessed"
    assert 0 <= found.confidence < SURE


@pytest.mark.parametrize(("text", "codec"), [(RUSSIAN, "cp855"), (TEXTS[-1]["text"], "johab")])
def test_an_encoding_that_is_not_among_the_candidates_is_not_claimed(text, codec):
    assert read(text.encode(codec)).decided_by == "guessed"


def test_nothing_is_an_empty_text():
    assert read(b"").text == ""


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("naïve – Ende €".encode()[:-1], "naïve – Ende "),
        ("naïve – Ende €".encode()[:-2], "naïve – Ende "),
        ("naïve – Ende ".encode() + b"caf\xe9s", "naïve – Ende cafés"),
        ("“Grüße” – so ".encode() + b"\x93caf\xe9\x94", "“Grüße” – so “café”"),
        ((RUSSIAN + "\n").encode() * 2 + RUSSIAN.encode("koi8-r"), f"{RUSSIAN}\n" * 2 + RUSSIAN),
        ((JAPANESE + "\n").encode() + JAPANESE.encode("euc_jp"), f"{JAPANESE}\n{JAPANESE}"),
    ],
)
def test_mixed_files_come_out_readable(data, text):
    found = read(data)
    assert (found.text, found.charset, found.decided_by) == (text, "utf-8", "mostly UTF-8")


@pytest.mark.parametrize("text", ["中旅", "一些", "咒腑", "ñÃ±"])
def test_a_few_bytes_that_might_be_utf8_do_not_make_a_mixed_file(text):
    codec = "gb18030" if text > "\u4e00" else "cp1252"
    assert read(text.encode(codec)).decided_by != "mostly UTF-8"


@pytest.mark.parametrize("name", ["euc-jp", "shift_jis"])
def test_a_record_may_end_in_the_midst_of_a_character(name):
    text = JAPANESE.rstrip("。") * 2
    found = read(text.encode(codec_of(name))[:-1])
    assert found.charset == name
    assert found.text[: len(text) - 1] == text[:-1]


PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PICTURE, "a PNG picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG picture"),
        (b"PK\x03\x04\x14\x00", "a ZIP archive, or a document made as one"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "a WebP picture"),
        (b"RIFF is a word", None),
        (b"PNG pictures", None),
        (b"", None),
    ],
)
def test_other_files_are_known_by_their_beginning(data, kind):
    assert kind_of_binary(data) == kind


@pytest.mark.parametrize(
    ("data", "said"), [(PICTURE, "a PNG picture"), (bytes(range(256)) * 9, "control characters")]
)
@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.HTML])
def test_a_file_that_is_no_text_is_rejected(data, said, kind):
    with pytest.raises(RecordError, match=said):
        decode(Record("a.txt", None, kind, data), Config())


def test_text_with_some_control_characters_is_text():
    assert not is_mostly_controls("plain text, page 1\x0c and \x1b[1mbold\x1b[0m and \x00 one NUL")
    assert is_mostly_controls("ab\x01\x02" * 9)


@given(st.binary(max_size=200), st.booleans(), st.none() | st.text(max_size=9))
def test_any_bytes_become_text(data, is_html, declared):
    found = decode_bytes(data, is_html=is_html, declared=declared)
    assert isinstance(found.text, str)
    assert (found.confidence is not None) == (found.decided_by in {"detected", "guessed"})


@given(st.text(min_size=1).filter(lambda text: "\0" not in text and "\x1b" not in text))
def test_utf8_is_read_as_itself(text):
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return
    if not text.startswith("\ufeff"):
        assert read(data).text == text


def test_files_of_old_translations_come_out_right():
    rows = shared_rows("data/encodings.jsonl.gz")
    wrong = [
        row["id"]
        for row in rows
        if row["non_ascii"] != beyond_ascii(read(base64.b64decode(row["bytes"])).text)
    ]
    assert len(wrong) <= 0.02 * len(rows), wrong


def beyond_ascii(text):
    return "".join(each for each in text if not each.isascii())


def test_tables_fit_each_other():
    for row in candidates()["one_byte"]:
        assert set(row["languages"]) <= languages().keys()
        assert name_of_label(row["name"]) == row["name"]
    for language in languages().values():
        assert len(language.bits) == len(language.letters) + 2


def test_plain_utf8_loads_no_tables():
    program = (
        "import sys; from cleaner.stages.charset import decode_bytes;"
        "decode_bytes('naïve'.encode(), is_html=True);"
        "assert not {'numpy', 'cleaner.charsets.detect'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
