"""Bytes to text: which encoding, and how that is told."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.stages.charset import decode_bytes, web_codec

GERMAN = (
    "Die Bürger müssen für größere Häuser höhere Gebühren zahlen, heißt es aus dem Rathaus. " * 3
)
RUSSIAN = "Порт снова открыт после девяти дней простоя, сообщила администрация города. " * 3
JAPANESE = "九日間にわたって閉鎖されていた港が月曜日の朝に再開した。" * 4
META = '<html><head><meta charset="{}"></head><body>{}</body></html>'
EQUIV = '<meta http-equiv="Content-Type" content="text/html; charset={}"><p>{}</p>'


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_byte_order_marks_decide(codec):
    mark = "\ufeff".encode(codec)
    found = decode_bytes(mark + JAPANESE.encode(codec), is_html=False)
    assert (found.text, found.charset, found.decided_by) == (JAPANESE, codec, "byte-order mark")


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("iso-8859-1", "cp1252", "„Größe“ kostet 3 €"),
        ("ascii", "cp1252", "naïve"),
        ("gb2312", "gb18030", "港口重新开放镕"),
        ("Shift_JIS", "cp932", "①港町"),
        ("windows-1251", "cp1251", RUSSIAN),
        ("euc-kr", "cp949", "항구가 다시 열렸다 똠"),
        ("iso-2022-jp", "iso2022_jp", JAPANESE),
    ],
)
@pytest.mark.parametrize("page", [META, EQUIV])
def test_declared_labels_mean_what_the_web_means(label, codec, text, page):
    html = page.format(label, text)
    found = decode_bytes(html.encode(codec), is_html=True)
    assert found.text == html
    assert found.decided_by == "declared"
    assert found.confidence is None


def test_valid_utf8_beats_a_one_byte_declaration():
    html = META.format("iso-8859-1", GERMAN)
    found = decode_bytes(html.encode(), is_html=True)
    assert (found.text, found.decided_by) == (html, "valid UTF-8")


def test_a_declaration_that_the_bytes_contradict_loses():
    html = META.format("utf-8", GERMAN)
    found = decode_bytes(html.encode("cp1252"), is_html=True)
    assert (found.text, found.decided_by) == (html, "detected")


def test_holes_of_windows_1252_do_not_lose_the_page():
    html = META.format("iso-8859-1", "Gr\x81öße").encode("latin-1")
    assert decode_bytes(html, is_html=True).text == META.format("iso-8859-1", "Gr\x81öße")


@pytest.mark.parametrize(
    ("codec", "text"), [("cp1252", GERMAN), ("cp1251", RUSSIAN), ("cp932", JAPANESE)]
)
def test_undeclared_encodings_are_guessed_and_the_guess_is_rated(codec, text):
    found = decode_bytes(text.encode(codec), is_html=False)
    assert (found.text, found.decided_by) == (text, "detected")
    assert 0 <= found.confidence <= 1


@pytest.mark.parametrize("label", ["no-such-label", "", "\x00"])
def test_unknown_labels_are_none(label):
    assert web_codec(label) is None


@pytest.mark.parametrize("label", ["base64", "zip", "rot13", "idna", "undefined", "unicode_escape"])
def test_labels_of_codecs_that_are_not_charsets_do_no_harm(label):
    html = META.format(label, "plain \\x41 text").encode()
    assert decode_bytes(html, is_html=True).text == html.decode()


def test_utf16_label_on_a_readable_page_means_utf8():
    assert web_codec("utf-16") == "utf-8"


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_become_text(data, is_html):
    found = decode_bytes(data, is_html=is_html)
    assert isinstance(found.text, str)
    codecs.lookup(found.charset)


@given(st.text(min_size=1))
def test_utf8_is_read_as_itself(text):
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return
    if not text.startswith("\ufeff"):
        assert decode_bytes(data, is_html=False).text == text
