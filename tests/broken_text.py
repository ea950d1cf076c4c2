"""Generated text that is broken in the ways that hurt a repair most."""

from hypothesis import strategies as st

# Letters, halves of mangled letters, entities, controls, quotes, ligatures, widths, surrogates,
# marks that combine, jamo, terminal escapes, what is invisible, and forms that NFC changes.
HURTFUL = (
    "ab <>&;#x20amplt éÃÂâ€™œžŒÐÑÎà©®\xa0\x85\x92\x80 ‚“”‘’ʼﬁŉĲ…ｆＡ：＆\u3000ﾊﾟ\u0301\u0316"
    "\u00ad\ufeff\u200b\u200c\u200d\u2060\u200f\u202e\u2066\u202f\u2009\t\x0b\x1b[31m\x00\x1a\x7f\ufffd"
    "\ue000\ud83d\ude00\ud800ї–ĞвЂГЏ¤°²³×√≈╬▓ß\u1100\u1161\u11a8\u212b\u2126कम\u093cم\u064bกที่₪עı"
)
BREAKS = "\r\u2028\u2029\x85\x0c\x1d"
WORDS = (
    *(
        "étude",
        "à la carte",
        "Ærø",
        "naïve",
        "quai",
        "“Hafen”",
        "it’s",
        "50 €",
        "…",
        "–",
        "™",
        "\xa0",
    ),
    *(
        "гавань",
        "Їжак",
        "λιμάνι",
        "Łódź",
        "příliš",
        "İstanbul",
        "šķūnis",
        "نادي",
        "港町",
        "항구",
        "🚢",
    ),
    *("ﬁn", "À", "Í", "ã", "½", "°C", "«", "»", "š", "\u0301", "\ufeff", "नमस्ते"),
)
CODECS = (
    *("latin-1", "sloppy-windows-1252", "sloppy-windows-1251", "sloppy-windows-1250"),
    *("sloppy-windows-1253", "sloppy-windows-1254", "sloppy-windows-1257", "iso-8859-2"),
    *("macroman", "cp437", "sloppy-windows-1256", "koi8-r", "sloppy-windows-1255"),
)
PIECES = (
    *(
        "&amp;",
        "&amp;amp;",
        "&lt;",
        "&#xe9;",
        "&#233;",
        "&EACUTE;",
        "&nbsp;",
        "&#0;",
        "&no",
        "&#x2028;",
    ),
    *("<p>", "\x1b[36;44m", "\x1b[", "a quay ", "Port Alder", "Ã ", "Â ", " Ã", "â€", "â€�", "Ã?"),
    *(
        "е\u0301",
        "\u1112\u1161\u11ab",
        "A\u030a",
        "\u0344",
        "\ud83d",
        "\ude00",
        "и\u0306",
        "ГўВЂВ™",
        "œ",
    ),
)


def _mangled(word: str, codecs: list[str], change: tuple[str, str]) -> str:
    for codec in codecs:
        word = word.encode("utf-8", "surrogatepass").decode(codec, "replace")
    return word.replace(*change)


mojibake = st.builds(
    _mangled,
    st.sampled_from(WORDS),
    st.lists(st.sampled_from(CODECS), max_size=3),
    st.sampled_from([("", ""), ("\xa0", " "), ("\x9d", "\ufffd"), ("\xad", ""), ("\x81", "?")]),
)
piece = st.one_of(
    mojibake, st.sampled_from(PIECES), st.sampled_from(WORDS), st.text(HURTFUL, max_size=3)
)
line = st.one_of(
    st.lists(piece, max_size=6).map("".join),
    st.lists(piece, max_size=4).map(" ".join),
    st.text(HURTFUL, max_size=24),
)
"""One line, without breaks (but U+0085, which is half of many mangled letters)."""
broken = st.lists(st.one_of(piece, st.text(HURTFUL + BREAKS, max_size=3)), max_size=6).map("".join)
"""The same with breaks of every kind."""
