"""Warnings of what was lost: whom they name, how much it takes, and the exit code of --strict."""

import json
import re
import subprocess
import sys

import pytest
from conftest import cleaner, output_bytes, read_output, write_rows
from hypothesis import given
from hypothesis import strategies as st

from cleaner import CleanerError, Config, LossWarning, read_rules, run
from cleaner.document import Reason
from cleaner.losses.judgement import find_warnings, is_far_more
from cleaner.losses.judgement import warnings_of as warnings_in
from cleaner.losses.ledger import Ledger
from cleaner.losses.tally import Losses, saved_rows
from cleaner.losses.warning import Loss, warning_of
from cleaner.output.verify import verify
from cleaner.stages.rejection import Rejection

WORDS = "harbour ferry quay storm baker library council orchestra winter market lantern bridge"
AD = "Advertisement"


def paragraph(*numbers):
    """A sentence that no other set of numbers has in common with it."""
    name = "x".join(map(str, numbers))
    return " ".join(f"{word}{name}" for word in WORDS.split()) + " were seen on the quay."


def site(name, documents=8, lost=0, paragraphs=10):
    """Documents of a site of which some paragraphs, the same in all, are lost as copies."""
    rows = []
    for number in range(documents):
        texts = [
            paragraph(name, "same", at) if at < lost else paragraph(name, number, at)
            for at in range(paragraphs)
        ]
        url = f"https://www.{name}.example/{number}"
        rows.append({"id": f"{name}{number}", "url": url, "text": "\n\n".join(texts)})
    return rows


def warnings_of(raw, clean, rows, **options):
    write_rows(raw / "rows.jsonl", rows)
    summary = run(raw, clean, Config(**options))
    assert verify(clean).faults.total == 0
    return summary.warnings


PLAIN = [row for name in ("north", "south", "east") for row in site(name)]


def test_a_corpus_without_faults_gives_no_warning(raw, clean):
    assert warnings_of(raw, clean, PLAIN) == ()
    assert read_output(clean).summary["warnings"] == []


def test_a_site_whose_paragraphs_repeat_is_named_with_what_it_lost(raw, clean):
    (warning,) = warnings_of(raw, clean, [*PLAIN, *site("west", lost=9)])
    assert (warning.kind, warning.name, warning.unit) == ("site", "west.example", "characters")
    removed = [row["text"] for row in read_output(clean).removed]
    assert warning.lost == sum(map(len, removed))
    assert warning.of == sum(
        len(text) for row in site("west", lost=9) for text in row["text"].split("\n\n")
    )
    assert warning.share == warning.lost / warning.of > 0.7
    assert (warning.typical, warning.cause) == (0, "duplicate")
    assert read_output(clean).summary["warnings"] == [warning.as_row()]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([*PLAIN, *site("west", documents=4, lost=9)], id="four documents"),
        pytest.param([*PLAIN, *site("west", lost=1)], id="a tenth"),
        pytest.param([*PLAIN, *site("west", lost=2, paragraphs=2, documents=5)], id="little text"),
    ],
)
def test_little_text_or_a_little_loss_gives_no_warning(raw, clean, rows):
    assert warnings_of(raw, clean, rows) == ()


def test_a_site_that_loses_what_all_lose_is_not_named(raw, clean):
    rows = [row for name in ("north", "south", "east", "west") for row in site(name, lost=4)]
    assert warnings_of(raw, clean, rows) == ()
    rows += site("isle", lost=9)
    write_rows(raw / "rows.jsonl", rows)
    told = run(raw, clean, overwrite=True).warnings
    assert [(one.kind, one.name) for one in told] == [("site", "isle.example")]
    assert 0.3 < told[0].typical < 0.4


def test_the_share_is_an_option(raw, clean):
    rows = [*PLAIN, *site("west", lost=3)]
    assert [one.name for one in warnings_of(raw, clean, rows)] == ["west.example"]
    assert run(raw, clean, Config(warn_share=0.5), overwrite=True).warnings == ()


OWN = """
[[rule]]
category = "mine"
name = "word"
max_words = 100
patterns = ['.*{word}.*']
catches = ["all {word} of it"]
"""


@pytest.fixture
def rule_for(tmp_path):
    """Makes rules of one's own that take every line with a word."""

    def rules(word):
        (tmp_path / "mine.toml").write_text(OWN.replace("{word}", word))
        return read_rules(tmp_path / "mine.toml")

    return rules


def test_a_rule_of_ones_own_that_takes_too_much_is_named(raw, clean, rule_for):
    seal = "A grey seal lay beside the lantern of the old harbour."
    rows = [
        {**row, "text": f"{row['text']}\n\n{number} {seal}"} for number, row in enumerate(PLAIN)
    ]
    (warning,) = warnings_of(raw, clean, rows, own_rules=rule_for("seal"))
    assert (warning.kind, warning.name, warning.cause) == ("rule", "mine.word", "mine.word")
    assert 0.02 < warning.share < 0.2
    assert "--disable mine.word" in warning.told
    config = Config(own_rules=rule_for("seal"), warn_rule_share=0.2)
    assert run(raw, clean, config, overwrite=True).warnings == ()


def test_a_rule_that_takes_all(raw, clean, rule_for):
    told = warnings_of(raw, clean, PLAIN, own_rules=rule_for("seen"))
    assert [(one.kind, one.unit, one.cause, one.share) for one in told] == [
        ("corpus", "records", "dropped", 1.0),
        ("rule", "characters", "mine.word", 1.0),
    ]


def test_in_a_small_corpus_no_rule_is_named(raw, clean, rule_for):
    assert warnings_of(raw, clean, PLAIN[:19], own_rules=rule_for("ferrynorthx1x")) == ()


def test_a_rule_that_takes_most_of_one_site_is_told_with_the_site(raw, clean, rule_for):
    rows = [*PLAIN, *site("west")]
    told = warnings_of(raw, clean, rows, own_rules=rule_for("ferrywest"), warn_rule_share=1.0)
    assert [(one.kind, one.name, one.cause) for one in told] == [
        ("site", "west.example", "mine.word")
    ]


def test_a_file_whose_rows_are_mostly_rejected_is_named(raw, clean):
    bad = [{"body": "no text"}] * 8
    for name in ("a", "b", "c"):
        write_rows(raw / f"{name}.jsonl", site(name, 12))
    write_rows(raw / "sub" / "d.jsonl", [*site("d", 4), *bad])
    (warning,) = run(raw, clean).warnings
    assert (warning.kind, warning.name, warning.unit) == ("file", "sub/d.jsonl", "records")
    assert (warning.lost, warning.of, warning.cause) == (8, 12, "rejected")
    assert "rejected.jsonl" in warning.told
    assert verify(clean).faults.total == 0


def test_a_folder_of_text_files_is_named_and_three_tiny_ones_are_not(raw, clean):
    for name in ("a", "b", "c", "d"):
        (raw / name).mkdir()
        for row in site(name, 10, lost=9 if name == "d" else 0):
            (raw / name / f"{row['id']}.txt").write_text(row["text"])
    (raw / "tiny").mkdir()
    for number in range(3):
        (raw / "tiny" / f"{number}.txt").write_text(f"{AD}\n\n{paragraph('tiny')}")
    (warning,) = run(raw, clean).warnings
    assert (warning.kind, warning.name, warning.cause) == ("folder", "d", "duplicate")
    assert verify(clean).faults.total == 0


def test_a_few_rejected_rows_are_told_as_such_only(raw, clean):
    for name in ("a", "b", "c"):
        write_rows(
            raw / f"{name}.jsonl", [*site(name, 8), *[{"body": "no text"}] * (4 * (name == "a"))]
        )
    assert run(raw, clean).warnings == ()


def test_dropped_documents_count_as_lost(raw, clean):
    rows = [*PLAIN, *({"url": f"https://void.example/{n}", "text": AD} for n in range(12))]
    (warning,) = warnings_of(raw, clean, rows)
    assert (warning.kind, warning.name, warning.unit) == ("site", "void.example", "records")
    assert (warning.lost, warning.of, warning.cause) == (12, 12, "dropped")


def test_warnings_are_in_the_order_of_what_the_corpus_lost(raw, clean):
    rows = [*site("isle", 5, lost=9), *PLAIN, *site("west", 12, lost=9)]
    told = warnings_of(raw, clean, rows)
    assert [one.name for one in told] == ["west.example", "isle.example"]


def test_the_corpus_as_a_whole(raw, clean):
    (warning,) = warnings_of(raw, clean, site("west", lost=9, documents=12))
    assert (warning.kind, warning.name, warning.typical) == ("corpus", "", None)
    assert warning.cause == "duplicate"


def test_warnings_do_not_depend_on_the_workers(raw, tmp_path):
    for name in ("a", "b", "c", "d"):
        write_rows(raw / f"{name}.jsonl", site(name, 60, lost=9 if name == "d" else 0))
    for workers in (1, 2):
        run(raw, tmp_path / str(workers), Config(workers=workers))
    assert output_bytes(tmp_path / "1") == output_bytes(tmp_path / "2")
    told = read_output(tmp_path / "1").summary["warnings"]
    assert [(one["kind"], one["name"]) for one in told] == [
        ("site", "d.example"),
        ("file", "d.jsonl"),
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda _: [], "it says 'nothing', and the files say 'site west.example loses"),
        (lambda rows: rows * 2, "and the files say 'nothing'"),
        (lambda rows: [rows[0] | {"lost": 7}], "it says 'site west.example loses"),
    ],
)
def test_verify_finds_wrong_warnings(faulty, clean, change, told):
    run(faulty, clean)
    summary = json.loads((clean / "summary.json").read_bytes())
    summary["warnings"] = change(summary["warnings"])
    (clean / "summary.json").write_text(json.dumps(summary))
    (line,) = verify(clean).faults.lines()
    assert line.startswith("wrong warning: summary.json: ")
    assert told in line


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"lost": "one"}, "of a warning lost must be a whole number from 0"),
        ({"more": 1}, "of a warning 'more' is a key that is not known"),
    ],
)
def test_warnings_of_another_shape_are_no_summary(faulty, clean, change, told):
    run(faulty, clean)
    summary = json.loads((clean / "summary.json").read_bytes())
    summary["warnings"] = [summary["warnings"][0] | change]
    (clean / "summary.json").write_text(json.dumps(summary))
    with pytest.raises(CleanerError, match=told):
        verify(clean)


@pytest.mark.parametrize("cause", sorted({*Reason, "rejected", "dropped"} - {"boilerplate"}))
def test_every_cause_says_what_to_do(cause):
    told = warning_of("file", "a.jsonl", Loss("records", 5, 10, cause), 0.0).told
    assert "--disable" not in told
    assert "removed/" in told or f"{cause}.jsonl" in told
    for option in re.findall(r"--[a-z-]+", told):
        assert option in cleaner("run", "--help").stdout


# The command line


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """A corpus of which one site loses far more than the rest."""
    raw = tmp_path_factory.mktemp("faulty") / "raw"
    write_rows(raw / "rows.jsonl", [*PLAIN, *site("west", lost=9)])
    return raw


def test_strict_ends_with_3_after_the_output_is_whole(faulty, clean, tmp_path):
    done = cleaner("run", faulty, clean, "--strict")
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert "--strict" in done.stderr
    assert "warning: site west.example loses" in done.stdout
    assert cleaner("run", faulty, tmp_path / "other").returncode == 0
    assert output_bytes(clean) == output_bytes(tmp_path / "other")


def test_strict_says_the_same_when_all_is_done(faulty, clean):
    first = cleaner("run", faulty, clean)
    again = cleaner("run", faulty, clean)
    strict = cleaner("run", faulty, clean, "--strict")
    assert (first.returncode, again.returncode, strict.returncode) == (0, 0, 3)
    for done in (first, again, strict):
        assert "warning: site west.example loses" in done.stdout
    assert "already holds" in strict.stdout


def test_strict_without_warnings_is_done(raw, clean):
    write_rows(raw / "rows.jsonl", PLAIN)
    for _ in range(2):
        done = cleaner("run", raw, clean, "--strict")
        assert (done.returncode, done.stderr) == (0, "")


def test_strict_where_nothing_was_read(raw, clean):
    done = cleaner("run", raw, clean, "--strict")
    assert done.returncode == 3
    assert "warning: nothing was read" in done.stdout
    assert cleaner("run", raw, clean).returncode == 0
    assert cleaner("verify", clean).returncode == 0


def test_strict_where_nothing_is_left(raw, clean):
    write_rows(raw / "rows.jsonl", [{"body": "x"}, {"text": AD}])
    done = cleaner("run", raw, clean, "--strict")
    assert done.returncode == 3
    assert "warning: corpus as a whole loses 100.0% of its 2 records" in done.stdout
    assert cleaner("verify", clean).returncode == 0


def test_the_terminal_shows_the_first_and_how_many_more(raw, clean):
    for name in "abcdefgh":
        bad = [{"body": "no text"}] * 8 if name != "a" else []
        write_rows(raw / f"{name}.jsonl", [*site(name, 4), *bad])
        if name == "a":
            for more in range(9):
                write_rows(raw / f"a{more}.jsonl", site(f"a{more}", 10))
    done = cleaner("run", raw, clean)
    assert done.stdout.count("warning: file") == 5
    assert "2 more warnings: see `warnings`" in done.stdout


def test_a_site_in_a_folder_of_its_own_is_shown_once(raw, clean):
    for name in ("a", "b", "c", "d"):
        write_rows(raw / f"{name}.jsonl", site(name, lost=9 if name == "d" else 0))
    done = cleaner("run", raw, clean)
    assert len(read_output(clean).summary["warnings"]) == 2
    assert done.stdout.count("warning: ") == 1


def test_a_reader_that_leaves_early_does_not_hide_the_exit_code(faulty, clean):
    command = f"{sys.executable} -m cleaner run {faulty} {clean} --strict; echo $? >&2"
    done = subprocess.run(
        ["sh", "-c", f"({command}) | true"], capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines()[-1] == "3"


# Parts


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_more_lost_and_less_asked_for_never_ends_a_warning(share, typical, least):
    if is_far_more(share, typical, least):
        assert share > typical
        assert is_far_more(1.0, typical, least)
        assert is_far_more(share, typical, least / 2)


@given(st.lists(st.tuples(st.sampled_from(["a/b.txt", "c.jsonl", "d.jsonl.gz", "\udc80/e"]))))
def test_losses_of_batches_add_up(tmp_path_factory, sources):
    folder = tmp_path_factory.mktemp("ledger")
    outcomes = [Rejection(source, None, "no") for (source,) in sources]
    whole = Losses()
    with Ledger(folder / "ledger") as pieces:
        for number, outcome in enumerate(outcomes):
            whole.note(outcome)
            part = Losses()
            assert list(part.watch([outcome])) == [outcome]
            part.save(folder / "losses" / f"{number}.jsonl")
            pieces.add(saved_rows(folder / "losses" / f"{number}.jsonl"))
        added = list(pieces.sources())
    with Ledger(folder / "ledger") as once:
        once.add(whole.rows())
        assert list(once.sources()) == added
        assert [one.kind for one in find_warnings(once, Config())][:1] == ["corpus"]


def test_a_database_that_cannot_be_written_is_told_in_a_line(tmp_path):
    with pytest.raises(CleanerError, match=r"cannot be written .* free some space there"):
        warnings_in([], Config(), tmp_path / "nowhere")


def test_a_warning_is_read_back_as_it_was_written(faulty, clean):
    first = run(faulty, clean)
    again = run(faulty, clean)
    assert again.was_done
    assert again.warnings == first.warnings
    rows = json.loads((clean / "summary.json").read_bytes())["warnings"]
    assert tuple(LossWarning(**row) for row in rows) == first.warnings
