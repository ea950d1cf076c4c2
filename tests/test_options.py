"""Every option changes something, and a value out of its range is refused by name."""

import json
from dataclasses import fields

import pytest
from conftest import cleaner, output_bytes, read_output, write_rows

from cleaner import Config, UsageError, run
from cleaner.config import RANGES

STORY = (
    "The harbour of Port Alder opened to ships again on Monday morning, nine days after a storm "
    "tore the north quay from its foundations and left the town without its ferry."
)
ROWS = [
    {"id": "a", "key": "k1", "text": f"{STORY}\n\n{STORY}\n\nAdvertisement\n\n“Ｗｉｄｅ”"},
    {"id": "b", "key": "k2", "text": STORY.replace("Monday", "Tuesday"), "body": "Other words."},
    {"id": "c", "key": "k3", "text": "Four words, no more.\n\nFour words, no more."},
    {"id": "d", "key": "k4", "html": f"<p>{STORY}</p>", "page": "<p>Not this page at all.</p>"},
    *({"id": f"r{n}", "key": f"r{n}", "text": f"{n}{n} ship " * 90_000} for n in range(3)),
    {"id": "large", "key": "large", "text": "word " * 250_000},
]
CHANGES = {
    "text_field": "body",
    "html_field": "page",
    "id_field": "key",
    "straight_quotes": False,
    "plain_widths": True,
    "disabled_rules": ("ad_marker",),
    "threshold": 0.95,
    "shingle_size": 12,
    "min_words": 2,
    "within_documents": False,
    "across_documents": False,
    "max_record_megabytes": 1,
    "shard_megabytes": 1,
}
FLAGS = {
    "text_field": ["--text-field", "body"],
    "html_field": ["--html-field", "page"],
    "id_field": ["--id-field", "key"],
    "straight_quotes": ["--keep-quotes"],
    "plain_widths": ["--plain-widths"],
    "disabled_rules": ["--disable", "ad_marker"],
    "threshold": ["--threshold", "0.95"],
    "shingle_size": ["--shingle-size", "12"],
    "min_words": ["--min-words", "2"],
    "within_documents": ["--keep-within-documents"],
    "across_documents": ["--keep-across-documents"],
    "max_record_megabytes": ["--max-record-megabytes", "1"],
    "shard_megabytes": ["--shard-megabytes", "1"],
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("options")
    write_rows(folder / "raw" / "rows.jsonl", ROWS)
    write_rows(folder / "small" / "rows.jsonl", [{"text": STORY, "body": STORY}])
    run(folder / "raw", folder / "default")
    return folder


@pytest.mark.parametrize("option", CHANGES)
def test_option_changes_the_output(corpus, option):
    run(corpus / "raw", corpus / option, Config(**{option: CHANGES[option]}))
    default, changed = output_bytes(corpus / "default"), output_bytes(corpus / option)
    summaries = [json.loads(files.pop("summary.json")) for files in (default, changed)]
    assert changed != default
    configurations = [summary["configuration"] for summary in summaries]
    assert {
        name for name in configurations[0] if configurations[0][name] != configurations[1][name]
    } == {option}


@pytest.mark.parametrize("option", FLAGS)
def test_flag_sets_just_its_option(corpus, tmp_path, option):
    done = cleaner("run", corpus / "small", tmp_path / "clean", *FLAGS[option])
    assert done.returncode == 0
    configuration = read_output(tmp_path / "clean").summary["configuration"]
    expected = Config(**{option: CHANGES[option]}).output_options()
    assert configuration == expected


def test_no_option_is_forgotten_here():
    # The number of workers must change nothing, which is a promise with tests of its own.
    assert {field.name for field in fields(Config)} == {*CHANGES, "workers"}
    assert set(FLAGS) == set(CHANGES)


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


def test_fields_need_names():
    with pytest.raises(UsageError, match="option id_field must be the name of a field"):
        Config(id_field="")


def test_rules_to_disable_may_be_any_names():
    assert Config(disabled_rules=["promo", "byline", "promo"]).disabled_rules == ("byline", "promo")
    with pytest.raises(UsageError, match="must be a list of names"):
        Config(disabled_rules="promo")
