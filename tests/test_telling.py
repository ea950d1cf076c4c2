"""What a run says while it works: to people, to programs, to a log, or to nobody."""

import io
import json
import logging
import re
import subprocess
import sys
import threading
import time

import pytest
from conftest import SAMPLES, cleaner, read_output, without_progress, write_rows
from rich.console import Console

from cleaner import Config, run
from cleaner.outcome import Before, Summary
from cleaner.progress import amount, progress_bar, progress_lines
from cleaner.terminal import print_summary
from cleaner.written import RUN

PROSE = "The harbour of Port Alder opened to ships again on Monday morning, nine days after."
BOXES = [
    {"url": f"https://box.example/{n}", "text": "Advertisement\n\n" * 40 + f"{n} {PROSE}"}
    for n in range(30)
]


@pytest.fixture
def boxes(tmp_path):
    write_rows(tmp_path / "raw" / "rows.jsonl", BOXES)
    return tmp_path / "raw"


def test_quiet_says_nothing_but_errors(boxes, clean):
    done = cleaner("run", boxes, clean, "--quiet", "--warn-rule-share", "0")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert read_output(clean).summary["warnings"]
    done = cleaner("run", boxes, clean, "--quiet", "--any-names")
    assert (done.returncode, done.stdout) == (1, "")
    assert "option was --names-agree and is --any-names" in done.stderr
    done = cleaner("run", boxes, clean, "--quiet", "--strict", "--warn-rule-share", "0")
    assert (done.returncode, done.stdout) == (3, "")
    assert "with warnings" in done.stderr


def test_json_says_all_in_rows(boxes, clean):
    done = cleaner("run", boxes, clean, "--json", "--warn-rule-share", "0")
    assert (done.returncode, done.stderr) == (0, "")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    events = [row.pop("event") for row in rows]
    summary = read_output(clean).summary
    number = len(summary["warnings"])
    assert number > 0
    assert events == [*["progress"] * (len(rows) - number - 1), *["warning"] * number, "summary"]
    for row, event in zip(rows, events, strict=True):
        if event == "progress":
            assert list(row) == ["phase", "done", "total"]
            assert 0 <= row["done"] <= row["total"]
    assert rows[-1 - number : -1] == summary["warnings"]
    assert rows[-1].pop("seconds") > 0
    assert rows[-1] == {
        "clean": str(clean),
        "was_done": False,
        "counts": summary["counts"],
        "skipped": {},
    }
    again = cleaner("run", boxes, clean, "--json", "--warn-rule-share", "0")
    assert json.loads(again.stdout.splitlines()[-1])["was_done"] is True


def cut_off(raw, clean):
    """The work of a run that was cut off when it began to write."""

    def stop(phase, *_):
        if phase == "writing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(raw, clean, progress=stop)
    assert (clean / ".cleaner" / "work" / RUN).exists()


def test_that_a_run_goes_on_is_said_first(boxes, clean, tmp_path):
    cut_off(boxes, clean)
    done = cleaner("run", boxes, clean)
    lines = done.stdout.splitlines()
    share = "100% of the input was read before, 100% of the output written"
    assert lines[0] == f"going on where a run had stopped: {share}"
    assert lines[1] == f"went on where a run had stopped: {share}"
    cut_off(boxes, tmp_path / "other")
    done = cleaner("run", boxes, tmp_path / "other", "--json")
    first = json.loads(done.stdout.splitlines()[0])
    assert first == {"event": "resumed", "read": 1.0, "written": 1.0}


def test_who_calls_is_told_before_all_else(boxes, clean):
    cut_off(boxes, clean)
    told = []
    run(boxes, clean, progress=lambda *event: told.append(event), resumed=told.append)
    assert isinstance(told[0], Before)
    fresh = []
    run(boxes, clean.with_name("fresh"), resumed=fresh.append)
    assert fresh == []


def test_the_log_has_phases_and_warnings(boxes, clean, caplog):
    with caplog.at_level(logging.INFO, logger="cleaner"):
        summary = run(boxes, clean, Config(warn_rule_share=0))
    told = [record.getMessage() for record in caplog.records]
    for phase in ("reading and marking", "finding duplicates", "writing"):
        assert told.count(phase) == 1
        assert sum(one.startswith(f"{phase}: done after ") for one in told) == 1
    warned = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert warned == [warning.told for warning in summary.warnings] != []
    assert told[-1] == "done: 30 read, 29 written, 1 dropped, 0 rejected"


def test_the_log_says_that_a_run_goes_on(boxes, clean, caplog):
    cut_off(boxes, clean)
    with caplog.at_level(logging.INFO, logger="cleaner"):
        run(boxes, clean)
    assert caplog.messages[0] == "going on: 100% read before, 100% written"


def test_a_program_without_a_log_is_told_nothing(boxes, clean):
    code = (
        "import sys\nfrom cleaner import Config, run\n"
        "run(sys.argv[1], sys.argv[2], Config(warn_rule_share=0))"
    )
    command = [sys.executable, "-c", code, boxes, clean]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_log_gets_a_line_now_and_then(capsys):
    with progress_lines(seconds=0) as report:
        report("reading and marking", 1_500_000, 3_000_000_000)
        report("writing", 1_200, 4_800)
    with progress_lines(seconds=1000) as report:
        report("writing", 2, 5)
    lines = capsys.readouterr().err
    assert lines == (
        "cleaner: reading and marking: 0%, 1.5 of 3,000.0 MB\n"
        "cleaner: writing: 25%, 1,200 of 4,800 batches\n"
    )
    assert without_progress(lines) == ""


def test_a_phase_that_says_nothing_is_told_too(capsys):
    told = ""
    with progress_lines(seconds=0) as report:
        report("finding duplicates", 0, 1)
        for _ in range(1_000):
            told += capsys.readouterr().err
            if told.count("\n") == 3:
                break
            time.sleep(0.01)
        report("finding duplicates", 1, 1)
    assert told == 3 * "cleaner: finding duplicates\n"


@pytest.mark.parametrize("kind", [progress_lines, lambda: progress_bar(Console(stderr=True))])
def test_no_thread_is_there_while_workers_may_be_forked(kind):
    before = threading.active_count()
    with kind() as report:
        report("reading and marking", 0, 5)
        assert threading.active_count() == before
        report("finding duplicates", 0, 1)
        assert threading.active_count() == before + 1
        report("finding duplicates", 1, 1)
        assert threading.active_count() == before
        report("writing", 0, 5)
        assert threading.active_count() == before


@pytest.mark.parametrize("colours", [True, False])
def test_the_bar_shows_percent_and_counts(monkeypatch, colours):
    if not colours:
        monkeypatch.setenv("NO_COLOR", "1")
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=100)
    with progress_bar(console) as report:
        report("writing", 1_200, 4_800)
    assert "25%, 1,200 of 4,800 batches" in stream.getvalue()
    assert bool(re.search(r"\x1b\[[39]\d", stream.getvalue())) == colours


def test_what_cannot_be_counted_is_not():
    assert amount("finding duplicates", 0, 1) == ""
    assert amount("reading and marking", 0, 0) == "0%, 0.0 of 0.0 kB"


@pytest.mark.parametrize(
    ("done", "total", "told"),
    [
        (1_234, 45_678, "3%, 1.2 of 45.7 kB"),
        (999_999, 999_999, "100%, 1,000.0 of 1,000.0 kB"),
        (1_234, 1_000_000, "0%, 0.0 of 1.0 MB"),
    ],
)
def test_small_inputs_are_told_in_a_small_unit(done, total, told):
    assert amount("reading and marking", done, total) == told


def test_the_table_parts_thousands_and_hides_no_reason(capsys, clean):
    errors = {f"reason {number}": 2_000 for number in range(20)}
    counts = {
        "read": 50_000,
        "written": 5_000,
        "dropped": 0,
        "rejected": 45_000,
        "rejected_for": errors,
        "repaired": {},
        "damaged": 0,
        "paragraphs": {
            "read": 9_000,
            "kept": 8_000,
            "marked_as_copies": 0,
            "removed_by_reason": {"boilerplate": 1_000},
            "removed_by_rule": {f"rule{number}": 1_100 for number in range(20)},
            "cut_by_rule": {},
        },
    }
    skipped = {".jpg": {"files": 1_234, "names": ["a.jpg"]}}
    print_summary(Summary(counts, skipped), clean, 4_000)
    printed = capsys.readouterr().out
    assert "4,000.0 s" in printed
    assert "skipped 1,234 .jpg: a.jpg" in printed
    for error in errors:
        assert f"rejected 2,000: {error}\n" in printed
    assert "rejected 5,000 for rarer reasons\n" in printed
    assert "8 other rules (see summary.json)" in printed
    assert "8,800\n" in printed


def test_the_samples_take_colours_off(clean):
    done = cleaner("run", SAMPLES, clean, environment={"NO_COLOR": "1", "FORCE_COLOR": "1"})
    assert "\x1b[3" not in done.stdout
