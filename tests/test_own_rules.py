"""A user's own rules: files, errors, and what a run, a program and the commands do with them."""

import json
import pickle
import re
import time
from dataclasses import replace

import pytest
from conftest import ROOT, cleaner, output_bytes, read_output, write_rows

from cleaner import Cleaner, Config, OwnRules, UsageError, clean_text, read_rules, run
from cleaner.rule import LONGEST_LINE, MOST_WORDS
from cleaner.rules import ContextRule, load_rules, ruleset_for
from cleaner.rules.matcher import Together
from cleaner.rules.patterns import MOST_INSTRUCTIONS, MOST_TOGETHER

MINE = ROOT / "tests" / "mine.toml"
PROSE = (
    "The harbour of Port Alder opened to ships again on Monday morning, nine days after a storm."
)
RULE = """
[[rule]]
category = "house"
name = "box"
patterns = ['tide tables .{2,20}']
catches = ["Tide tables for May"]
"""


def rule(**changes):
    """The rule above with keys set, as TOML values, or left out where None."""
    values = {
        "category": '"house"',
        "name": '"box"',
        "patterns": "['tide tables .{2,20}']",
        "catches": '["Tide tables for May"]',
    } | changes
    lines = [f"{key} = {value}" for key, value in values.items() if value is not None]
    return "\n".join(["[[rule]]", *lines, ""])


@pytest.fixture
def file(tmp_path):
    def write(text, name="mine.toml"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


def taken_by(own, line, disabled=()):
    return [found.id for found in ruleset_for(tuple(disabled), own).match(line)]


def test_defaults(file):
    (read,) = read_rules(file(RULE)).rules
    assert (read.id, read.category, read.languages) == ("house.box", "house", ("any",))
    assert (read.place, read.max_words, read.spares) == ("anywhere", 30, ())


def test_an_added_rule_comes_after_the_shipped_ones_and_an_override_in_its_place(file):
    text = RULE + rule(category='"byline"', name='"by"', patterns="['penned by .{2,40}']")
    own = read_rules(file(text))
    ids = [rule.id for rule in ruleset_for((), own).rules]
    assert ids == [*(rule.id for rule in load_rules()), "house.box"]
    assert taken_by(own, "Penned by Mira Okafor") == ["byline.by"]
    assert "byline.by" not in taken_by(own, "By Mira Okafor")


def test_shipped_and_own_terms(file):
    terms = """
    [terms]
    tide = ["ebb", "flood"]
    tides = '{tide}(?: and {tide})*'
    agency = ["{agency}", "northlight"]
    """
    patterns = "['{tides} in {month}', 'picture: {agency}']"
    own = read_rules(file(terms + rule(patterns=patterns)))
    for line in ("Ebb and flood in May", "Picture: Northlight", "Picture: Reuters"):
        assert "house.box" in taken_by(own, line), line
    assert "house.box" not in taken_by(own, "Ebb in the harbour")
    assert own.rules[0].written == ("{tides} in {month}", "picture: {agency}")


def test_a_term_of_ones_own_changes_no_shipped_rule(file):
    own = read_rules(file("[terms]\nmonth = 'nonesuch'\n" + RULE))
    assert ruleset_for((), own).rules[:-1] == load_rules()


def test_braces_that_are_no_terms(file):
    own = read_rules(file(rule(patterns=r"['\{month\} \p{Lu}{2,4} \x{41}B']")))
    assert taken_by(own, "{month} XYZ AB") == ["house.box"]


def test_a_file_disables_shipped_rules_and_not_its_own(file):
    text = 'disable = ["promo", "caption.beside_ad"]\n' + rule(category='"promo"', name='"sea"')
    own = read_rules(file(text))
    rules = ruleset_for((), own)
    assert [rule.id for rule in rules.rules if rule.category == "promo"] == ["promo.sea"]
    assert not rules.enables(ContextRule.CAPTION_BESIDE_AD)
    assert rules.enables(ContextRule.PAGE_TITLE)


@pytest.mark.parametrize("name", ["house", "house.box"])
def test_the_option_disables_own_rules_too(file, name):
    own = read_rules(file(RULE))
    assert taken_by(own, "Tide tables for May") == ["house.box"]
    assert taken_by(own, "Tide tables for May", [name]) == []


def test_later_files_win(file):
    first = file(RULE + rule(name='"second"'), "first.toml")
    again = file(rule(max_words="7"), "again.toml")
    off = file('disable = ["house"]', "off.toml")
    own = read_rules(first, again)
    assert [(rule.id, rule.max_words) for rule in own.rules] == [
        ("house.box", 7),
        ("house.second", 30),
    ]
    assert read_rules(first, off).rules == ()
    assert [rule.id for rule in read_rules(first, off, again).rules] == ["house.box"]
    back = file(rule(category='"byline"', name='"by"'), "back.toml")
    by = [rule.id for rule in ruleset_for((), read_rules(back)).rules if "byline" in rule.id]
    assert "byline.by" in by
    gone = read_rules(back, file('disable = ["byline.by"]', "gone.toml"))
    assert "byline.by" not in ruleset_for((), gone)


def test_named_groups_become_metadata():
    text = f"Penned by Mira Okafor\n\n{PROSE}"
    config = Config(own_rules=read_rules(MINE))
    assert "author" not in clean_text(text).metadata
    assert clean_text(text, config).metadata["author"] == "Mira Okafor"
    short = replace(
        config.own_rules.rules[1], patterns=(r"penned by (?<author>.+)",), id="byline.short"
    )
    config = Config(own_rules=OwnRules((short,)))
    assert clean_text(text, config).metadata["author"] == "Mira Okafor"


def test_programs_respect_own_rules(tmp_path):
    line = "This story is part of our Seafront supplement."
    config = Config(own_rules=read_rules(MINE))
    document = {"id": "a", "text": f"{PROSE}\n\n{line}"}
    assert clean_text(document["text"]).text.endswith(line)
    assert clean_text(document["text"], config).text == PROSE
    assert Cleaner(config).clean_one(document).removed[0].mark.rule == "house.supplement"
    write_rows(tmp_path / "raw" / "rows.jsonl", [document])
    run(tmp_path / "raw", tmp_path / "clean", config)
    assert read_output(tmp_path / "clean").documents[0]["text"] == PROSE
    assert hash(config) == hash(pickle.loads(pickle.dumps(config)))  # noqa: S301 - as workers do


def test_only_read_rules_are_rules_for_a_config():
    for wrong in ("mine.toml", ("a",), None):
        with pytest.raises(UsageError, match=r"option own_rules is .*read_rules\(\)"):
            Config(own_rules=wrong)


def test_a_category_that_ships_keeps_its_meaning_for_neighbours(file):
    text = f"Boats off the pier\nLens: Lena Marsh\n\n{PROSE}"
    credit = rule(category='"photo_credit"', name='"lens"', patterns="['lens: {person}']")
    removed = clean_text(text, Config(own_rules=read_rules(file(credit)))).removed
    assert [one.mark.rule for one in removed] == ["photo_credit.lens"]
    below = f"The Pier Reopens\n\n{text}"
    removed = clean_text(below, Config(own_rules=read_rules(file(credit)))).removed
    assert [one.mark.rule for one in removed] == ["caption.beside_credit", "photo_credit.lens"]


def test_guards_hold(file):
    own = read_rules(file(rule(patterns="['(?:sea )+']", max_words=str(MOST_WORDS))))
    own_short = read_rules(file(rule(patterns="['(?:sea )*sea']", max_words="3")))
    long = read_rules(file(rule(patterns="['(?:sea )*sea']", max_words=str(MOST_WORDS))))
    assert taken_by(own, "sea sea") == []
    assert taken_by(own_short, "sea sea sea") == ["house.box"]
    assert taken_by(own_short, "sea sea sea sea") == []
    for words, takes in ((12, True), (13, True), (31, True), (100, True), (101, False)):
        assert bool(taken_by(long, " ".join(["sea"] * words))) is takes
    wide = read_rules(file(rule(patterns="['x+']")))
    assert taken_by(wide, "x" * LONGEST_LINE) == ["house.box"]
    assert taken_by(wide, "x" * (LONGEST_LINE + 1)) == []


def test_a_hostile_pattern_stays_linear(file):
    patterns = ["(a+)+$", "(a|aa)+", "(?:a*)*b", "(.*a){12}"]
    own = read_rules(file(rule(patterns=json.dumps(patterns))))
    assert taken_by(own, "a" * (LONGEST_LINE - 1) + "!") == []
    # A backtracking engine would not come to an end, and the square be sixteen times as much.
    assert seconds(patterns, 200_000) < 9 * seconds(patterns, 50_000)


def seconds(patterns, letters):
    together, times = Together(patterns), []
    for _ in range(3):
        started = time.process_time()
        assert list(together.match("a" * letters + "!")) == []
        times.append(time.process_time() - started)
    return min(times)


TWICE = RULE + RULE
HUGE = "".join(
    rule(name=f'"r{number}"', patterns=rf"['w{number} \pL{{1,40}}']") for number in range(80)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = = 1", r"mine\.toml is not TOML: .*line 1"),
        (rule(patterns='["\\d+"]'), r"is not TOML: .*line 4.*single quotes"),
        ("rules = []", r"mine\.toml: there is no key 'rules' \(did you mean rule\?\)"),
        ("[rule]\nname = 'a'", r"write \[\[rule\]\] above each"),
        ("rule = 'box'", r"write \[\[rule\]\] above each"),
        (rule(max_word="3"), r"rule house\.box: there is no key 'max_word' \(did you mean max_w"),
        (rule(name=None), r"rule number 1: name is missing: .*sea_news"),
        (rule(category=None), r"rule number 1: category is missing"),
        (rule(patterns=None), r"rule house\.box: patterns is missing: what a whole line must"),
        (rule(catches=None), r"rule house\.box: catches is missing: at least one line"),
        (rule(catches="[]"), r"rule house\.box: catches is empty"),
        (rule(patterns="[]"), r"rule house\.box: patterns is empty"),
        (rule(patterns="['']"), r"rule house\.box: patterns holds an empty text"),
        (rule(name='"a.b"'), r"name may hold letters, digits, _ and - only"),
        (rule(category="5"), r"rule number 1: category is 5; it must be a text in quotes"),
        (rule(patterns="'a'"), r"house\.box: patterns is 'a'; it must be a list of texts"),
        (rule(catches="[1]"), r"house\.box: catches is \[1\]; it must be a list of texts"),
        (rule(max_words='"9"'), r"house\.box: max_words is '9'; it must be a whole number"),
        (rule(max_words="true"), r"house\.box: max_words is True; it must be a whole number"),
        (rule(max_words="0"), r"house\.box: max_words is 0; it must be from 1 to 100"),
        (rule(max_words="101"), r"house\.box: max_words is 101; it must be from 1 to 100"),
        (rule(place='"top"'), r"place is 'top'; it must be one of anywhere, head, tail, edges, bl"),
        (rule(languages='["English"]'), r"languages holds 'English'; each is a code such as 'en'"),
        (rule(patterns="['{mont} 4']"), r"the term \{mont\}, .*\(did you mean month\?\); terms ar"),
        (rule(patterns="['{Month} 4']"), r"the term \{Month\}, which does not exist \(did you me"),
        (rule(patterns="['(?=a)b']"), r"'\(\?=a\)b' is not .*look-ahead and look-behind do not e"),
        (rule(patterns="['(?<!a)b']"), r"look-behind do not exist in it, as the time to match"),
        (rule(patterns=r"['(a)\1']"), r"references back to a group do not exist in it, as the ti"),
        (rule(patterns="['a++']"), r"possessive counts do not exist"),
        (rule(patterns="['(a']"), r"RE2 accepts \(missing \): \(a\)"),
        (rule(patterns=r"['(a{50}){50}']"), r"invalid repetition size.*counts go up to 1000"),
        (rule(patterns=r"['\pL{1000}']"), r"house\.box: pattern .* is too large once compiled"),
        (rule(patterns=r"['(?:\pL{1,90} ){1,2}']"), "is too large once compiled"),
        (rule(patterns="['(?P<encoding>a+)']"), r"has a group named 'encoding'"),
        (HUGE, r"too large together \(.* the largest are those of house\.r"),
        (rule(category='"caption"', name='"beside_ad"'), "this rule is code, which can be disabl"),
        (TWICE, r"rule house\.box is there twice"),
        ("terms = 'a'", r"terms must be a table; write \[terms\]"),
        ("[terms]\na-b = 'c'", r"term a-b: a term's name may hold"),
        ("[terms]\na = 5", r"term a: it is 5; it must be a text in quotes, or a list of texts"),
        ("[terms]\na = '('", r"term a: pattern '\(' is not one that RE2 accepts"),
        ("[terms]\na = '{b}'\nb = 'c'", r"term a: pattern '\{b\}' uses the term \{b\}, which"),
        ("disable = 'bio'", r"mine\.toml: disable is 'bio'; it must be a list of texts"),
        ("disable = ['adverts']", r"mine\.toml: there is no rule or category 'adverts'.* ad_mark"),
        ("disable = ['house']\n" + RULE, r"no rule or category 'house' to disable"),
        ("disable = ['house.box']\n" + RULE, r"disable names the rule house\.box of this same"),
    ],
)
def test_mistakes_are_told_with_their_place_and_what_would_be_right(file, text, message):
    with pytest.raises(UsageError, match=message) as caught:
        read_rules(file(text))
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(UsageError, match=r"rule file .*none\.toml cannot be read: No such file"):
        read_rules(tmp_path / "none.toml")
    with pytest.raises(UsageError, match="cannot be read: Is a directory"):
        read_rules(tmp_path)
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9")
    with pytest.raises(UsageError, match="byte 5 is not UTF-8"):
        read_rules(tmp_path / "latin.toml")


def test_limits_leave_room_for_the_shipped_terms(file):
    own = read_rules(file(rule(patterns="['{person}(?:, {person})* {moment} {credited}']")))
    assert own.rules[0].patterns[0].count("|") > 100
    assert MOST_INSTRUCTIONS < MOST_TOGETHER


def test_run_takes_rule_files_and_its_summary_says_them_whole(raw, clean, file):
    (raw / "a.txt").write_text(f"Tide tables for May\n\n{PROSE}\n\nWatch the video here.")
    assert cleaner("run", raw, clean).returncode == 0
    before = output_bytes(clean)
    extra = file('disable = ["promo.watch"]', "extra.toml")
    flags = ("--rules", file(RULE), "--rules", extra)
    changed = cleaner("run", raw, clean, *flags)
    assert changed.returncode == 1
    assert "option --rules was" in changed.stderr
    assert len(changed.stderr.splitlines()) == 1
    assert output_bytes(clean) == before
    assert cleaner("run", raw, clean, *flags, "--overwrite").returncode == 0
    output = read_output(clean)
    assert output.documents[0]["text"] == f"{PROSE}\n\nWatch the video here."
    recorded = output.summary["configuration"]["own_rules"]
    assert recorded == read_rules(flags[1], extra).as_row()
    assert recorded["rules"][0]["patterns"] == ["tide tables .{2,20}"]
    assert "nothing to do" in cleaner("run", raw, clean, *flags, "--workers", "2").stdout


def test_workers_have_the_rules(raw, clean):
    line = "This story is part of our Seafront supplement."
    for part in range(3):
        write_rows(
            raw / f"{part}.jsonl",
            [{"text": f"{part}{n} {PROSE}\n\n{line}"} for n in range(300)],
        )
    done = cleaner("run", raw, clean, "--rules", MINE, "--workers", "2", "--min-words", "99")
    assert done.returncode == 0
    removed = read_output(clean).summary["counts"]["paragraphs"]["removed_by_rule"]
    assert removed["house.supplement"] == 900


@pytest.mark.parametrize("command", [("run", "raw", "clean"), ("rules", "list"), ("rules", "try")])
def test_a_wrong_file_is_wrong_usage_in_every_command(tmp_path, file, command):
    done = cleaner(*command, "--rules", file("rules = 1"), cwd=tmp_path, input="")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"cleaner: .*mine\.toml: there is no key 'rules'.*\n", done.stderr)


def test_list():
    done = cleaner("rules", "list")
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    ids = [line.split()[0] for line in lines]
    assert ids == [*(rule.id for rule in load_rules()), *ContextRule]
    for code in ContextRule:
        assert any(line.endswith(code.description) for line in lines)
    house = cleaner("rules", "list", "--category", "house", "--rules", MINE).stdout
    assert " ".join(house.split()) == "house.supplement anywhere 12 words 2 patterns en"
    german = [
        line.split()[0] for line in cleaner("rules", "list", "--language", "de").stdout.splitlines()
    ]
    assert "promo.german" in german
    assert "legal.copyright" in german
    assert "promo.watch" not in german
    assert "promo.watch" not in cleaner("rules", "list", "--rules", MINE).stdout


@pytest.mark.parametrize(
    ("flag", "value", "told"),
    [
        ("--category", "adverts", "there is ad_marker, bio"),
        ("--language", "tlh", "there is any, ar"),
    ],
)
def test_list_of_what_does_not_exist(flag, value, told):
    done = cleaner("rules", "list", flag, value)
    assert done.returncode == 2
    assert f"no rule of the {flag[2:]} '{value}'; {told}" in done.stderr


def test_examples_that_are_right():
    done = cleaner("rules", "test", MINE)
    assert (done.returncode, done.stdout) == (0, "2 rules, 4 lines: all as they should be\n")


def test_examples_that_are_wrong(file):
    spared = "Tide tables were never as high as today"
    text = rule(
        patterns="['tide tables', 'tide .{2,90}']",
        max_words="7",
        catches=f'["The tide tables", "Nothing", "{spared}", "Tide {"x" * 600}"]',
        spares='["Tide tables"]',
    )
    done = cleaner("rules", "test", file(text))
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[-1] == "1 rule, 5 lines: 5 not as they should be"
    told = "\n".join(lines)
    assert "pattern 1 of 2 'tide tables' fits a part of it, and must fit the whole line" in told
    assert "does not catch it: no pattern of the rule fits: Nothing" in told
    assert "fits, but the line has 8 words, and max_words of the rule is 7" in told
    assert "house.box takes it, and should spare it: pattern 1 of 2 'tide tables' fits" in told


def test_what_other_rules_do_is_noted_and_no_failure(file):
    text = rule(
        place='"head"',
        patterns="['follow us on .{2,20}']",
        catches='["Follow us on Twitter"]',
        spares='["Advertisement"]',
    ) + rule(name='"wide"', patterns="['.{2,40}']", catches='["Anything"]')
    done = cleaner("rules", "test", file(text))
    assert done.returncode == 0
    assert "note: promo.app_and_follow takes it before house.box does: Follow us" in done.stdout
    assert "note: house.box spares it, and ad_marker.label takes it" in done.stdout
    wide = re.search(r"note: house\.wide takes (\d+) of the (\d+) lines that shipped", done.stdout)
    assert 0 < int(wide[1]) < int(wide[2])


def test_try_a_line(file):
    def tried(*arguments, **options):
        done = cleaner("rules", "try", *arguments, **options)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    line = "Penned by Mira Okafor"
    assert "no rule takes it by its words" in tried(line)
    assert tried(line, "--rules", MINE) == (
        f"{line}\n  byline.by takes it at the head of an article, above its first prose: "
        "pattern 1 of 1 'penned by (?P<author>{people})'\n"
    )
    both = tried("Follow us on Twitter").splitlines()
    assert both[1].startswith("  promo.app_and_follow takes it anywhere: pattern 2 of ")
    assert both[2].startswith("  bio.contact would take it too, at the tail")
    words = "Penned by " + "Mira " * 29 + "Okafor"
    assert "but the line has 32 words, and max_words of the rule is 30" in tried(
        words, "--rules", MINE
    )
    letters = tried("Penned by Mira M" + "o" * 600, "--rules", MINE)
    assert "but the line has 616 characters, and no rule takes more than 600" in letters
    twice = file(rule(patterns="['tide .{2,20}', 'tide tables .{2,20}']"))
    assert tried("Tide tables for May", "--rules", twice).count("house.box") == 1
    several = tried(input="Advertisement\n\n  The sea is calm  \n")
    assert "ad_marker.label takes it anywhere" in several
    assert "The sea is calm\n  no rule takes it" in several
