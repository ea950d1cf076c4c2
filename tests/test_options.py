"""Every option changes something, and a value out of its range is refused by name."""

import gzip
import json
import random
import re
from dataclasses import fields

import pytest
from conftest import ROOT, cleaner, output_bytes, read_output, write_rows

from cleaner import Config, UsageError, read_rules, run
from cleaner.schema import OF_THE_RUN, OPTIONS, SCHEMA, flag_of

RANGES = {name: option.between for name, option in OPTIONS.items() if option.between}
MINE = ROOT / "tests" / "mine.toml"
STORY = (
    "The harbour of Port Alder opened to ships again on Monday morning, nine days after a storm "
    "tore the north quay from its foundations and left the town without its ferry."
)
LONG_STORY = (
    "On the quay of Port Alder the harbour master Ada Lindqvist said that in all her years in "
    "office she had seen a storm like this one, that the town would need help from the coast guard "
    "and from its neighbours, and that the ferry would be out of service for at least nine weeks "
    "from today."
)

CLOSE = "Engineers will measure the depth between the buoys again, with new instruments this time."
OTHER = LONG_STORY.replace("Port Alder", "a grey northern bay").replace("harbour master", "pilot")


def site(name, documents, holders):
    """Documents of a site, some of which hold one short line."""
    box = "Read all of this below"
    return [
        {
            "id": f"{name}{number}",
            "key": f"{name}{number}",
            "url": f"https://{name}.example/{number}",
            "text": f"{box if number < holders else f'Line of {name} {number}'}\n\n"
            f"Boat {number} of {name} came into the harbour with a torn sail and a tired crew.",
        }
        for number in range(documents)
    ]


ROWS = [
    {"id": "a", "key": "k1", "text": f"{STORY}\n\n{STORY}\n\nAdvertisement\n\n“Ｗｉｄｅ”"},
    {"id": "b", "key": "k2", "text": STORY.replace("storm", "gale"), "body": "Other words."},
    {"id": "c", "key": "k3", "text": "Four words, no more.\n\nFour words, no more."},
    {"id": "j", "key": "k10", "text": "This story is part of our Seafront supplement."},
    {"id": "e", "key": "k5", "text": LONG_STORY},
    {"id": "f", "key": "k6", "text": LONG_STORY.replace("nine", "eleven")},
    {"id": "g", "key": "k7", "text": LONG_STORY.replace("Lindqvist", "Brandt")},
    {"id": "h", "key": "k8", "text": LONG_STORY.replace("had seen", "had not seen")},
    {"id": "i", "key": "k9", "text": f"{OTHER}\n\n{OTHER.replace('grey', 'dark')}"},
    {"id": "k", "key": "k11", "text": f"August 3, 1912\n\n{CLOSE}"},
    {"id": "l", "key": "k12", "text": "CafÃ© 10³ &amp; a <b &amp; har\u00adbour, lo\ufffdt."},
    {"id": "m", "key": "k13", "text": "Salt and pepper and a quay of stone: CafÃ©"},
    {"id": "d", "key": "k4", "html": f"<p>{STORY}</p>", "page": "<p>Not this page at all.</p>"},
    *site("small", 9, 4),
    *site("wide", 25, 6),
    *site("lossy", 45, 0),
    *(
        {"key": f"ad{n}", "url": "https://lossy.example/", "text": "Advertisement"}
        for n in range(5)
    ),
    *({"id": f"r{n}", "key": f"r{n}", "text": f"{n}{n} ship " * 90_000} for n in range(3)),
    {"id": "large", "key": "large", "text": "word " * 250_000},
    {"id": "deep", "key": "deep", "html": "<div>" * 12 + f"<p>{LONG_STORY}</p>"},
    {"id": "tags", "key": "tags", "html": f"<p>{LONG_STORY}</p>" + "<i>a</i>" * 60},
    {"id": "lines", "key": "lines", "text": "a\n" * 120},
]
CHANGES = {
    "text_field": "body",
    "html_field": "page",
    "id_field": "key",
    "straight_quotes": False,
    "plain_widths": True,
    "unescape_html": "always",
    "normalization": "NFKC",
    "repair_off": ("soft_hyphens",),
    "max_decode_length": 41,
    "damaged_share": 0.5,
    "disabled_rules": ("ad_marker",),
    "own_rules": read_rules(MINE),
    "risky_rules": "always",
    "threshold": 0.95,
    "shingle_size": 12,
    "min_words": 2,
    "numbers_agree": False,
    "names_agree": False,
    "negations_agree": False,
    "added_shingles": 0,
    "within_documents": "keep",
    "across_documents": "mark",
    "template_documents": 3,
    "template_share": 0.0,
    "warn_share": 0.05,
    "warn_rule_share": 0.0,
    "signatures": True,
    "max_record_megabytes": 1,
    "max_expansion": 1,
    "max_rows": 20,
    "max_depth": 10,
    "max_tags": 100,
    "max_lines": 100,
    "max_line_length": 1_000,
    "output_format": "jsonl.zst",
    "metadata_as_text": True,
    "shard_megabytes": 1,
}
FLAGS = {
    "text_field": ["--text-field", "body"],
    "html_field": ["--html-field", "page"],
    "id_field": ["--id-field", "key"],
    "straight_quotes": ["--keep-quotes"],
    "plain_widths": ["--plain-widths"],
    "unescape_html": ["--unescape-html", "always"],
    "normalization": ["--normalization", "NFKC"],
    "repair_off": ["--repair-off", "soft_hyphens"],
    "max_decode_length": ["--max-decode-length", "41"],
    "damaged_share": ["--damaged-share", "0.5"],
    "disabled_rules": ["--disable", "ad_marker"],
    "own_rules": ["--rules", MINE],
    "risky_rules": ["--risky-rules", "always"],
    "threshold": ["--threshold", "0.95"],
    "shingle_size": ["--shingle-size", "12"],
    "min_words": ["--min-words", "2"],
    "numbers_agree": ["--any-numbers"],
    "names_agree": ["--any-names"],
    "negations_agree": ["--any-negations"],
    "added_shingles": ["--added-shingles", "0"],
    "within_documents": ["--within-documents", "keep"],
    "across_documents": ["--across-documents", "mark"],
    "template_documents": ["--template-documents", "3"],
    "template_share": ["--template-share", "0"],
    "warn_share": ["--warn-share", "0.05"],
    "warn_rule_share": ["--warn-rule-share", "0"],
    "signatures": ["--signatures"],
    "max_record_megabytes": ["--max-record-megabytes", "1"],
    "max_expansion": ["--max-expansion", "1"],
    "max_rows": ["--max-rows", "20"],
    "max_depth": ["--max-depth", "10"],
    "max_tags": ["--max-tags", "100"],
    "max_lines": ["--max-lines", "100"],
    "max_line_length": ["--max-line-length", "1000"],
    "output_format": ["--output-format", "jsonl.zst"],
    "metadata_as_text": ["--metadata-as-text"],
    "shard_megabytes": ["--shard-megabytes", "1"],
}

LIMITS = {
    "max_record_seconds": ["--max-record-seconds", "77"],
    "max_record_memory": ["--max-record-memory", "77"],
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("options")
    write_rows(folder / "raw" / "rows.jsonl", ROWS)
    noise = random.Random(1).randbytes(100_000).hex()  # noqa: S311 - so that it packs badly
    blank = noise + "\n" + " " * (9 << 20)
    (folder / "raw" / "packed.txt.gz").write_bytes(gzip.compress(blank.encode()))
    write_rows(folder / "small" / "rows.jsonl", [{"text": STORY, "body": STORY}])
    run(folder / "raw", folder / "default")
    return folder


@pytest.mark.parametrize("option", CHANGES)
def test_option_changes_the_output(corpus, option):
    run(corpus / "raw", corpus / option, Config(**{option: CHANGES[option]}))
    default, changed = output_bytes(corpus / "default"), output_bytes(corpus / option)
    summaries = [json.loads(files.pop("summary.json")) for files in (default, changed)]
    if option.startswith("warn_"):
        assert changed == default
        assert summaries[0]["warnings"] != summaries[1]["warnings"]
    else:
        assert changed != default
    configurations = [summary["configuration"] for summary in summaries]
    assert {
        name for name in configurations[0] if configurations[0][name] != configurations[1][name]
    } == {option}


@pytest.mark.parametrize("option", [*FLAGS, *LIMITS])
def test_flag_sets_just_its_option(corpus, tmp_path, option):
    done = cleaner("run", corpus / "small", tmp_path / "clean", *(FLAGS | LIMITS)[option])
    assert done.returncode == 0
    configuration = read_output(tmp_path / "clean").summary["configuration"]
    expected = Config(**{option: CHANGES.get(option, 77)}).output_options()
    assert configuration == expected


def test_no_option_is_forgotten_here():
    # Those of the run must change nothing, which is a promise with tests of its own. What others of
    # these change is in test_refused.py, as it takes other records.
    assert {field.name for field in fields(Config)} == {*CHANGES, *OF_THE_RUN, *LIMITS}
    assert set(FLAGS) == set(CHANGES)


def test_the_schema_has_every_field_and_no_other():
    assert set(OPTIONS) == {field.name for field in fields(Config)}


def test_help_lists_every_option_under_its_heading():
    text = cleaner("run", "--help").stdout
    sections = dict(re.findall(r"^(\S[^\n]*):\n((?:  .*\n)+)", text, re.MULTILINE))
    assert list(sections) == ["Arguments", *SCHEMA, "Options"]
    for heading, group in SCHEMA.items():
        for name in group:
            assert f"  {flag_of(name)} " in sections[heading]


@pytest.mark.parametrize("option", [field.name for field in fields(Config) if field.type is bool])
def test_what_is_yes_or_no_is_nothing_else(option):
    with pytest.raises(UsageError, match=f"option {option} is 'no'; it must be true or false"):
        Config(**{option: "no"})


@pytest.mark.parametrize("option", RANGES)
def test_values_out_of_range_name_the_option_and_the_range(option):
    least, most = RANGES[option]
    step = 0.01 if isinstance(least, float) else 1
    for value in (least - step, most + step):
        with pytest.raises(UsageError, match=f"option {option} is .*from {least} to {most}"):
            Config(**{option: value})
    for value in (str(least), True, None):
        with pytest.raises(UsageError, match=f"option {option} is {value!r}"):
            Config(**{option: value})
    Config(**{option: least})
    Config(**{option: most})


@pytest.mark.parametrize("option", ["within_documents", "across_documents"])
def test_actions_are_named(option):
    with pytest.raises(UsageError, match=f"option {option} is 'delete'.*drop, mark, keep"):
        Config(**{option: "delete"})


@pytest.mark.parametrize("option", ["unescape_html", "normalization"])
def test_choices_of_the_repair_are_named(option):
    with pytest.raises(UsageError, match=f"option {option} is 'both'; it must be one of "):
        Config(**{option: "both"})


def test_fields_need_names():
    with pytest.raises(UsageError, match="option id_field must be the name of a field"):
        Config(id_field="")


def test_rules_to_disable_may_be_any_names():
    assert Config(disabled_rules=["promo", "byline", "promo"]).disabled_rules == ("byline", "promo")
    with pytest.raises(UsageError, match="must be a list of names"):
        Config(disabled_rules="promo")
