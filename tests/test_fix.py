"""`cleaner fix`, in a process of its own, on real bytes."""

import subprocess
import sys

import pytest
from conftest import ROOT

BROKEN = "The CafÃ© on the quay\n  it’s har\u00adbour\nplain\n\nsalt &amp;amp; pepper\n"
WHOLE = "The Café on the quay\n  it's harbour\nplain\n\nsalt & pepper\n"


def fix(*arguments, data=b""):
    command = [sys.executable, "-m", "cleaner", "fix", *map(str, arguments)]
    return subprocess.run(command, input=data, capture_output=True, check=False)


def fixed(text, *arguments):
    done = fix(*arguments, data=text.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


def test_standard_input_to_standard_output():
    assert fixed(BROKEN) == fixed(BROKEN, "-") == WHOLE
    assert fixed(WHOLE) == WHOLE
    assert fixed("") == ""
    assert fixed("no line feed at the end, cafÃ©") == "no line feed at the end, café"


def test_files_in_their_order_whatever_their_encoding(tmp_path):
    texts = {"a.txt": BROKEN.encode(), "b.txt": "Hafen öffnet\n".encode("utf-16")}
    texts["c.html"] = '<meta charset="windows-1251">\n<p>гавань\n'.encode("cp1251")
    for name, data in texts.items():
        (tmp_path / name).write_bytes(data)
    done = fix(*(tmp_path / name for name in texts))
    expected = f'{WHOLE}Hafen öffnet\n<meta charset="windows-1251">\n<p>гавань\n'
    assert (done.returncode, done.stdout.decode()) == (0, expected)


def test_every_line_stays_where_the_last_of_many_is_broken():
    text = "".join(f"  line {number} “of” many \n" for number in range(200)) + "cafÃ©\n"
    assert fixed(text) == text.replace("“", '"').replace("”", '"').replace("Ã©", "é")


def test_line_breaks():
    text = "a\r\nb\u2028c\rd\n"
    assert fixed(text) == "a\nb\nc\nd\n"
    assert fixed(text, "--keep-line-breaks") == text


@pytest.mark.parametrize(
    ("text", "expected", "flags"),
    [
        ("“it”", "“it”", ["--keep-quotes"]),
        ("Ｗｉｄｅ", "Wide", ["--plain-widths"]),
        ("a < b &amp;", "a < b &", ["--unescape-html", "always"]),
        ("10³", "103", ["--normalization", "NFKC"]),
        (
            "9\u00a0cafÃ©",
            "9\u00a0cafÃ©",
            ["--repair-off", "spaces", "--repair-off", "fix_encoding"],
        ),
        ("aa CafÃ©", "aa CafÃ©", ["--max-decode-length", "7"]),
    ],
)
def test_options_change_the_text(text, expected, flags):
    assert fixed(text, *flags) == expected
    assert fixed(text) != expected


def test_explain_says_what_was_wrong_in_which_line(tmp_path):
    path = tmp_path / "broken.txt"
    path.write_text(BROKEN + "one\u2028two \x1b[31mred\n", encoding="utf-8")
    done = fix("--explain", path)
    assert done.returncode == 0
    assert done.stdout.decode().splitlines() == [
        f"{path}: read as utf-8 (valid UTF-8)",
        f"{path}:1",
        "  - The CafÃ© on the quay",
        "  + The Café on the quay",
        "    fix_encoding latin-1: it was utf-8 that had been read as latin-1",
        f"{path}:2",
        "  -   it’s har\\xadbour",
        "  +   it's harbour",
        "    uncurl_quotes: quotes were curly",
        "    soft_hyphens: there were soft hyphens (1)",
        f"{path}:5",
        "  - salt &amp;amp; pepper",
        "  + salt & pepper",
        "    unescape_html: entities stood for characters",
        f"{path}:6",
        "  - one\\u2028two \\x1b[31mred",
        "  + one",
        "  + two red",
        "    fix_line_breaks: line breaks were of another kind",
        "    remove_terminal_escapes: there were codes for a terminal",
        f"{path}: 4 lines were changed",
    ]
    assert fixed(WHOLE, "--explain").endswith("standard input: 0 lines were changed\n")


def test_what_cannot_be_read_is_told_and_the_others_go_on(tmp_path):
    (tmp_path / "good.txt").write_text("cafÃ©\n", encoding="utf-8")
    done = fix(tmp_path / "none.txt", tmp_path, tmp_path / "good.txt")
    assert (done.returncode, done.stdout.decode()) == (1, "café\n")
    missing, folder = done.stderr.decode().splitlines()
    assert missing == (
        f"cleaner: {tmp_path / 'none.txt'} cannot be read: No such file or directory; "
        "check its name"
    )
    assert f"cleaner run {tmp_path} OUTPUT" in folder


def test_what_is_no_text_to_repair_is_told(tmp_path):
    (tmp_path / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (tmp_path / "rows.jsonl").write_text('{"text": "“so”"}\n', encoding="utf-8")
    done = fix(tmp_path / "photo.txt", tmp_path / "rows.jsonl")
    assert (done.returncode, done.stdout) == (1, b"")
    photo, rows = done.stderr.decode().splitlines()
    assert "not text but a PNG picture" in photo
    assert "holds JSON, whose quotes would break; clean it: cleaner run" in rows


def test_a_wrong_option_is_told_by_its_name():
    done = fix("--repair-off", "uncurl_quotes", data=b"x")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"option --repair-off is 'uncurl_quotes', which is no step" in done.stderr
    assert b"--keep-quotes" in done.stderr
    assert b"option --normalization is 'NFX'" in fix("--normalization", "NFX").stderr


def test_a_reader_that_leaves_early_is_no_failure():
    command = f"{sys.executable} -m cleaner fix | head -c 5"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        input=b"harbour\n" * 100_000,
        capture_output=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == (b"harbo", b"")


def test_help_needs_no_heavy_library():
    watched = (
        "import sys\nfrom cleaner.cli import app\n"
        "try:\n    app(['fix', '--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'ftfy', 're2', 'trafilatura', 'lxml', 'numpy', 'chardet'} & set(sys.modules)\n"
        "print('loaded:', sorted(heavy))"
    )
    done = subprocess.run(
        [sys.executable, "-c", watched], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "--explain" in done.stdout
    assert done.stdout.endswith("loaded: []\n")
