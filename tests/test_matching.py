"""Rules found by what they need, against each pattern tried by itself."""

import json
import sys
import tracemalloc
from functools import cache
from unittest.mock import patch

import pytest
import re2
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner import OwnRules
from cleaner.rule import LONGEST_LINE, MOST_WORDS, RulePlace
from cleaner.rules import candidates, keys, load_rules, ruleset_for
from cleaner.rules.candidates import Candidates
from cleaner.rules.forms import DECORATION, FANCY, forms, plain
from cleaner.rules.keys import Where, keys_of_one
from cleaner.rules.lookup import Lookup
from cleaner.rules.matcher import CASELESS
from cleaner.rules.needs import ANYTHING, LONGEST_EXACT, holds_of
from cleaner.rules.reading import needs_of
from cleaner.rules.whole import OTHER_LANGUAGES, OTHER_SCRIPT
from cleaner.words import count_words

ALL = ruleset_for(())
LINES = [line for rule in load_rules() for line in (*rule.catches, *rule.spares)]


@cache
def compiled(rule):
    return [re2.compile(pattern, CASELESS) for pattern in rule.patterns]


def one_by_one(line):
    """The rules that take a line, by each of their patterns, without looking for anything first."""
    words = count_words(line)
    if len(line) > LONGEST_LINE or words > MOST_WORDS:
        return ()
    tried = list(forms(line))
    in_other_script = [form for form in tried if OTHER_SCRIPT.search(form)]

    def fits(rule):
        of_others = OTHER_LANGUAGES.issuperset(rule.languages)
        some = in_other_script if of_others else tried
        return any(pattern.fullmatch(form) for pattern in compiled(rule) for form in some)

    whole = (rule for rule in load_rules() if rule.place is not RulePlace.INLINE)
    return tuple(rule for rule in whole if words <= rule.max_words and fits(rule))


def parts_one_by_one(line):
    """The same for parts of a line: all patterns, if there is any text that rules look for."""
    inline = [rule for rule in load_rules() if rule.place is RulePlace.INLINE]
    literals = "|".join(re2.escape(text) for rule in inline for text in rule.look_for)
    if not re2.search(literals, line, CASELESS):
        return []
    found = [(rule, one.search(plain(line))) for rule in inline for one in compiled(rule)]
    return [(rule, *match.span(match.re.groupindex["cut"])) for rule, match in found if match]


marks = st.sampled_from(
    [*FANCY, *DECORATION, "  ", "\t", "\u3000", "\u2028", "\n", "", "é", "Ж", "新"]
)
letters = {"s": "ſ", "k": "\u212a", "ss": "ß", "i": "İ", "σ": "ς", "å": "\u212b"}


@st.composite
def lines(draw):
    """An example of a rule, whole or in part, in other letters and spaces, perhaps with another."""
    line = draw(st.sampled_from(LINES))
    if draw(st.booleans()):
        at = draw(st.integers(0, len(line)))
        line = line[:at] + draw(marks) + line[at:]
    if draw(st.booleans()):
        line = draw(marks) + line + draw(marks)
    if draw(st.booleans()):
        line = draw(st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))(line)
    if draw(st.booleans()):
        line = line.replace(*draw(st.sampled_from(list(letters.items()))))
    if draw(st.booleans()):
        line += draw(st.sampled_from(["", " ", ". "])) + draw(st.sampled_from(LINES))
    return line


@given(st.lists(lines() | st.text(), max_size=6))
@example([line.replace("s", "ſ").replace("k", "\u212a") for line in LINES[::7]])
@settings(max_examples=300)
def test_rules_are_those_that_each_pattern_by_itself_finds(document):
    readings = ALL.read(document)
    for line, reading in zip(document, readings, strict=True):
        assert reading.rules == one_by_one(line), line
        assert ALL.match(line) == reading.rules
        parts = [part for part in parts_one_by_one(line) if part[1] < part[2]]
        assert list(ALL.inline_parts(line)) == parts
        assert reading.may_be_cut or not parts


def test_the_file_of_keys_is_what_the_patterns_say():
    """It has those of all patterns; one of eight is worked out again, and by `.ci/run` each."""
    patterns = [pattern for rule in load_rules() for pattern in rule.patterns]
    written = json.loads(keys.files("cleaner.rules").joinpath(keys.FILE).read_bytes())
    named = {keys._name(pattern): pattern for pattern in patterns}  # noqa: SLF001 - the file's own
    assert list(written) == sorted(named), "write it anew: python -m cleaner.rules"
    some = list(written)[::8]
    again = json.loads(keys.as_file(named[name] for name in some))
    assert again == {name: written[name] for name in some}, "write it anew: python -m cleaner.rules"


@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        ("sign up .*", (Where.START, {"sign up "})),
        (".*newsletter", (Where.END, {"newsletter"})),
        (".*newsletter.*", (Where.ANYWHERE, {"newsletter"})),
        ("(?:tide|ebb) tables?", (Where.START, {"tide tables", "ebb tables"})),
        (r"\[ad[sz]?\]", (Where.START, {"[ad"})),
        ("(?i)Gro(?:ß|ss)e.*", (Where.START, {"grosse"})),
        ("(?-i:Tide){2,}.*", (Where.START, {"tidetide"})),
        (r"\x{54}ide \(.*", (Where.START, {"tide ("})),
        ("a{٣} tide.*", (Where.START, {"a{٣} tide"})),
        (r"tide(?i)?", None),
        ("[[:alpha:]]tide.*", None),
        (r"\Qtide\E.*", None),
        (r"(?:tide)?.*", None),
        (r"(?:tide|.*)x?", None),
        (r"(?:tide)*", None),
        (r"[^t]ide|\pL+", None),
    ],
)
def test_keys(pattern, key):
    found = keys_of_one(pattern)
    if key is None:
        assert found == ()
        return
    where, texts = key
    (one,) = [one for one in found if one.where is where]
    has = {Where.START: str.startswith, Where.END: str.endswith}.get(where, str.__contains__)
    assert all(any(has(text, short) for short in one.texts) for text in texts)
    assert all(any(short in text for text in texts) for short in one.texts)


def joined(pairs):
    return "".join(a for a, _ in pairs), "".join(b for _, b in pairs)


def grown(pairs):
    """Patterns made of others, each with a text that fits it."""
    return (
        st.lists(pairs, min_size=1, max_size=4).map(joined)
        | st.tuples(pairs, pairs).map(lambda two: (f"(?:{two[0][0]}|{two[1][0]})", two[1][1]))
        | pairs.map(lambda one: (f"({one[0]})?", ""))
        | st.tuples(pairs, st.integers(1, 4)).map(
            lambda one: (f"({one[0][0]}){{{one[1]},}}", one[0][1] * one[1])
        )
        | pairs.map(lambda one: (f"(?:{one[0]})+?", one[1] * 2))
        | pairs.map(lambda one: (f"(?-i:{one[0]})", one[1]))
    )


simple = st.sampled_from(
    [
        *((text, text) for text in ("a", "b ", "tide", "Sign Up", "ß", "σ", "新", "-", "]", "{x}")),
        *((".", "x"), (".*", "yz"), (r"\d", "7"), (r"\.", "."), (r"\b", ""), (r"\S", "ü")),
        *(("[a-e]", "d"), ("[^a]", "b"), (r"[\]k]", "]"), ("[:：]", ":"), ("[+-]", "-")),
        *(("(?i)", ""), ("tide(?s)?", ""), ("a(?m){2}", "aa")),
        *((r"\pL", "ж"), (r"\x41", "A"), ("[İk]", "k"), (r"[\d x]", "4"), ("é?", "é")),
    ]
)


@given(st.recursive(simple, grown, max_leaves=8))
@settings(max_examples=400)
def test_what_fits_a_pattern_has_its_keys(made):
    pattern, text = made
    compiled_here = re2.compile(pattern, CASELESS)
    for one in (text, text.upper(), text.lower(), text.replace("s", "ſ").replace("k", "\u212a")):
        if compiled_here.fullmatch(one):
            folded = one.casefold()
            for key in keys_of_one(pattern):
                has = {Where.START: folded.startswith, Where.END: folded.endswith}.get(
                    key.where, folded.__contains__
                )
                assert any(map(has, key.texts)), (key, one)


def test_a_class_of_very_many_characters_is_not_spelled_out():
    tracemalloc.start()
    needs = needs_of("[ -\U0010ffff]")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert needs == ANYTHING
    assert peak < 100_000


def test_texts_that_grow_and_grow_are_cut():
    needs = needs_of("(?:a|b)" * 8 + "(c)" * 500)
    assert needs.exact is None
    assert holds_of(needs)
    assert all(len(text) <= LONGEST_EXACT for texts in holds_of(needs) for text in texts)


def test_letters_that_the_library_takes_for_one_another_fold_alike():
    cased = [
        char
        for char in map(chr, range(sys.maxunicode + 1))
        if len({char, char.lower(), char.upper(), char.casefold(), char.title()}) > 1
    ]
    text = "".join(cased)
    assert len(cased) > 2000
    for char in cased:
        same = re2.findall(re2.escape(char), text, CASELESS)
        assert {one.casefold() for one in same} == {char.casefold()}, char


def test_folding_a_text_is_folding_its_characters():
    for char in map(chr, range(sys.maxunicode + 1)):
        assert ("Σ" + char + "a").casefold() == "σ" + char.casefold() + "a"


def test_own_patterns_without_any_text_are_tried_on_every_line():
    rule = load_rules()[0]
    free = [(r"\pL{3}[^a]", 3), (r".{2,}\?{0,1}", 40), (r"[^0-9]+", MOST_WORDS)]
    own = OwnRules(
        tuple(
            type(rule)(
                f"house.{number}", "house", ("any",), (pattern,), (pattern,), RulePlace.ANYWHERE,
                words, ("x",), ()
            )
            for number, (pattern, words) in enumerate(free)
        )
    )  # fmt: skip
    rules = ruleset_for((), own)
    patterns, words = zip(*free, strict=True)
    assert Candidates(patterns, words, ()).free == [0, 1, 2]
    for line, expected in (
        ("Sea7", ["0", "1"]),
        ("THE SEA IS CALM", ["1", "2"]),
        ("SEA " * 41, ["2"]),
        ("SEA " * 101, []),
    ):
        taken = [one.id.removeprefix("house.") for one in rules.match(line) if one in own.rules]
        assert taken == expected, line


def test_a_pattern_with_a_line_break_fits_no_line():
    for pattern in (r".*\x0a.*", "\n", ".*tide\n", "\ntide.*"):
        looked_for = Candidates([pattern], [100], ())
        for lines in ([""], ["", ""], ["tide", "tide", ""]):
            assert [found for *_, found in looked_for.of_lines(lines)] == [()] * len(lines)


def test_a_document_is_read_as_its_lines_are():
    together = ALL.read(LINES)
    assert together == [ALL.read([line])[0] for line in LINES]
    assert ALL.read([]) == []


def test_few_lines_are_looked_through_at_once():
    seen = []
    look = Lookup.of_lines

    def noting(self, folded):
        seen.append(len(folded))
        return look(self, folded)

    with (
        patch.object(Lookup, "of_lines", noting),
        patch.object(candidates, "CHARACTERS_AT_ONCE", 39),
    ):
        found = ALL.read(["Advertisement"] * 7)
    assert [size for size in seen if size] == [3, 3, 1]
    assert len(found) == 7
    assert all(one.rules for one in found)
