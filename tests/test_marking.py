"""The first phase: what is done early, together or by a shorter way gives what it always gave."""

import gc
import os
import re
import subprocess
import sys

import pytest
import re2
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner import Config, head_start, marking
from cleaner.document import Kind, MarkedDocument, Record
from cleaner.engines import starting
from cleaner.json_lines import load_line
from cleaner.rules import load_rules
from cleaner.rules.byte_form import byte_form
from cleaner.rules.matcher import CASELESS, Finder, Together
from cleaner.stages.linebreaks import MARKS, settle_line_breaks
from cleaner.words import count_words, is_prose, letters_and_digits

PROSE = "The ferry to Westholm left an hour late on Monday because of the fog in the sound."
ROWS = [f'{{"text": "{PROSE} Number {number}."}}'.encode() for number in range(3)]
RECORDS = [Record("rows.jsonl", number, Kind.ROW, row) for number, row in enumerate(ROWS, 1)]

ODD_PATTERNS = [
    (r"\pL+ \pN+", "Anna 12", "12 Anna"),
    (r"(?-i:\p{Lu})\p{Ll}+[\pL\pM'.-]*", "Ohara's", "ohara"),
    (r"[^\pL]+", "12 - 3", "12 a 3"),
    (r"[\pM]?x", "x", "y"),
    (r"[[:punct:]\pL]+", "a,b", "a b"),
    (r"[\pL-.]+", "a-b.c", "a b"),
    (r"[\pM-.]+", "-.", "a"),
    (r"[\p{Greek}-.]+", "-.", "a"),
    (r"[]\pL]+", "a]b", "a[b"),
    (r"\[\pL\]", "[a]", "[1]"),
    (r"\Q[\pL\E.*", "[\\pL and more", "[a and more"),
    (r"\\pL", "\\pL", "\\a"),
    (r"\p{Greek}*k", "K", "a"),
    (r"[\p{Greek}x]+", "xx", "y"),
    (r"[^é-ü]+x", "ax", "a"),
    (r"[a-é]+", "xyz", "1"),
    (r"x[à-ɏ]", "xs", "xb"),
    ("xſ", "XS", "xk"),
    (r"é?x\x{e9}*", "x", "\u00ff"),
    (r"\351?x", "x", "351x"),
    (r"(?P<größe>x)", "x", "y"),
    (r"\W+", "-!", "a"),
]
some_line = st.text(st.sampled_from("asSkKxyz19 .-!]éſKÿſΩ新\u0301"), max_size=8)


@pytest.mark.parametrize(("pattern", "fitting", "other"), ODD_PATTERNS)
def test_a_pattern_fits_the_same_lines_as_without_its_shorter_form(pattern, fitting, other):
    for line, fits in ((fitting, True), (other, False)):
        assert bool(re2.fullmatch(pattern, line, CASELESS)) is fits
        assert bool(Together([pattern]).match(line)) is fits
        assert bool(Finder(pattern).compiled_for(line).fullmatch(line)) is fits


@given(st.sampled_from(ODD_PATTERNS), some_line)
def test_a_pattern_fits_the_same_lines_whatever_letters_these_have(case, line):
    assert bool(Together([case[0]]).match(line)) is bool(re2.fullmatch(case[0], line, CASELESS))


def test_each_shipped_pattern_fits_the_same_examples_in_its_shorter_form():
    without = 0
    for rule in load_rules():
        for pattern in rule.patterns:
            without += byte_form(pattern) is None
            whole, short = Together([pattern]), Finder(pattern)
            exact = re2.compile(pattern, CASELESS)
            for line in (*rule.catches, *rule.spares):
                fits = bool(exact.fullmatch(line))
                assert bool(whole.match(line)) is fits, (rule.id, line)
                found, wanted = short.compiled_for(line).search(line), exact.search(line)
                assert (found and found.span()) == (wanted and wanted.span()), (rule.id, line)
    assert without < 10


def test_a_pattern_is_not_compiled_whole_for_a_line_that_its_shorter_form_does_not_fit():
    together = Together([r"\pL+"])
    assert not together.match("Åse 1")
    assert "_of_any" not in vars(together)
    assert together.match("Åse")
    assert "_of_any" in vars(together)


some_text = st.text(st.sampled_from("aBé_1. \t\n\x1c\u00a0\u2028ßſ新้\u3000-'")) | st.text()


@given(some_text)
@example(" a ")
@example("  ")
@example(" ")
@example("a\x1fb")
def test_words_and_letters_are_those_of_the_plain_definition(text):
    assert letters_and_digits(text) == re.sub(r"[\W_]+", "", text.casefold())
    if text.isascii():
        assert count_words(text) == len(text.split())
    assert settle_line_breaks(text) == re.sub(f"\r\n|[{MARKS}]", "\n", text)


@pytest.mark.parametrize(
    "text", ["a " * 11 + "b.", "新" * 22 + "。", "a " * 11 + ".", "新" * 11 + " b" * 6 + "."]
)
def test_the_shortest_prose_has_a_dozen_words(text):
    assert is_prose(text) == (count_words(text) >= 12)


def test_every_kind_of_line_break_becomes_a_line_feed():
    assert settle_line_breaks("a\r\nb\rc\x0bd\x0ce\x1cf\x1dg\x1eh\u2028i\u2029j") == "\n".join(
        "abcdefghij"
    )
    assert settle_line_breaks("a\r\n\nb\x85c") == "a\n\nb\x85c"


@pytest.mark.parametrize("digits", ["9223372036854775808", "12345678901234567890123"])
def test_long_integers_keep_their_digits(digits):
    assert load_line(f'{{"id": {digits}}}'.encode()) == {"id": int(digits)}


def test_records_marked_together_are_marked_as_by_themselves():
    together = [outcome for outcome, _ in marking.mark_records(RECORDS, Config())]
    alone = [next(marking.mark_records([record], Config()))[0] for record in RECORDS]
    assert together == alone
    assert all(isinstance(outcome, MarkedDocument) for outcome in together)


def test_a_document_on_which_the_rules_fail_fails_alone(monkeypatch):
    read_lines = marking.read_lines

    def failing(documents, config):
        if any("Number 1" in one.text for document in documents for one in document.paragraphs):
            raise ValueError("a line that cannot be read")
        return read_lines(documents, config)

    monkeypatch.setattr("cleaner.marking.read_lines", failing)
    monkeypatch.setattr("cleaner.stages.boilerplate.read_lines", failing)
    outcomes = [outcome for outcome, _ in marking.mark_records(RECORDS, Config())]
    assert [isinstance(outcome, MarkedDocument) for outcome in outcomes] == [True, False, True]
    assert "a line that cannot be read" in outcomes[1].error


def test_what_is_preloaded_has_the_rules_of_a_run_ready():
    program = """
from importlib import import_module
from cleaner import Config
from cleaner.head_start import PRELOADED
from cleaner.rules import ruleset_for
list(map(import_module, PRELOADED))
rules = ruleset_for(Config().disabled_rules, Config().own_rules)
assert ruleset_for.cache_info().misses == 1, ruleset_for.cache_info()
assert "_lookup" in vars(rules._whole._candidates)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(("sizes", "expected"), [([head_start.LARGE], 1), ([10], 0), ([], 0)])
def test_libraries_load_early_where_there_is_much_to_do(monkeypatch, tmp_path, sizes, expected):
    begun = []
    monkeypatch.setattr(starting, "begin_loading", begun.append)
    for number, size in enumerate(sizes):
        with (tmp_path / f"{number}.txt").open("wb") as stream:
            stream.truncate(size)
    head_start.begin_early(tmp_path)
    head_start.begin_early(tmp_path / "missing")
    assert begun == [head_start.PRELOADED] * expected
    if sizes:
        head_start.begin_early(tmp_path / "0.txt")
    assert len(begun) == 2 * expected


@pytest.mark.skipif(sys.platform != "linux", reason="the program is forked on Linux")
def test_the_command_line_has_one_thread_when_it_forks():
    program = """
import os, sys
from cleaner import head_start
from cleaner.engines import starting
head_start.begin_early(head_start.Path("missing"))
import cleaner.job, cleaner.progress, cleaner.stages.html_page
with cleaner.progress.shown_progress() as report:
    report("reading and marking", 1, 2)
    may_fork = starting.may_fork()
print(may_fork)
"""
    environment = {name: os.environ[name] for name in os.environ if "NUM_THREADS" not in name}
    environment["FORCE_COLOR"] = "1"  # for the bar, which is drawn at terminals only
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout == "True\n"


def test_no_garbage_is_looked_for_while_libraries_load_nor_in_them_later():
    before = gc.get_freeze_count()
    with head_start.uncollected():
        assert not gc.isenabled()
    try:
        assert gc.isenabled()
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
