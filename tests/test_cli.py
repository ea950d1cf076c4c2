"""The real command line, in a process of its own, on real files."""

import contextlib
import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import (
    ROOT,
    SAMPLES,
    cleaner,
    output_bytes,
    read_output,
    without_progress,
    write_rows,
)
from moments import go_on, start_with_stops, wait_for_stop

import cleaner as package
from cleaner.workspace import opened

PROSE = (
    "The harbour of Port Alder opened to ships again on Monday morning, nine days after a storm."
)
APOLOGY = '"The town owes an apology to the fishermen'


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """The sample job's output, and what it said."""
    clean = tmp_path_factory.mktemp("samples") / "clean"
    return cleaner("run", SAMPLES, clean), clean


def test_sample_job(samples):
    done, clean = samples
    assert (done.returncode, done.stderr) == (0, "")
    output = read_output(clean)
    assert output.summary["counts"] | {"paragraphs": ...} == {
        "read": 17,
        "written": 17,
        "dropped": 0,
        "rejected": 0,
        "rejected_for": {},
        "repaired": {"encoding": 7},
        "damaged": 0,
        "paragraphs": ...,
    }
    text = "\n".join(row["text"] for row in output.documents)
    for junk in (
        "dvertisement",
        "Getty",
        "Twitter:",
        "Leave a Reply",
        "Anzeige",
        "広告",
        "Ã",
        "â€",
    ):
        assert junk not in text


def test_sample_job_names_what_a_copied_paragraph_copies(samples):
    output = read_output(samples[1])
    copies = [row for row in output.removed if row["text"].startswith(APOLOGY)]
    original = {"id": "english/harbour-reopens.txt", "position": 13}
    assert [(row["id"], row["of"], row["similarity"]) for row in copies] == [
        ("english/harbour-reopens.txt", original, 1.0),
        ("english/quay-inquiry.txt", original, 1.0),
    ]
    assert output.paragraphs(original["id"])[13] == copies[0]["text"]


def test_rows_have_just_the_documented_keys(samples):
    output = read_output(samples[1])
    for row in output.documents:
        assert list(row) == ["id", "text", "source", "metadata"]
    for row in output.removed:
        keys = ["id", "position", "at", "text", "reason", "rule", "of", "similarity", "count"]
        assert list(row) == keys
    keys = {"configuration", "versions", "counts", "skipped", "misnamed", "warnings", "files"}
    assert set(output.summary) == keys
    assert output.summary["warnings"] == []


def test_legacy_charset_and_mojibake_of_the_samples(samples):
    output = read_output(samples[1])
    german = output.document("german/hafen.html")
    assert german["metadata"]["encoding"] == {"charset": "windows-1252", "decided_by": "declared"}
    assert "Jürgen Großkopf" in german["text"]
    japanese = output.document("japanese/toshokan.txt")
    assert japanese["metadata"]["encoding"]["charset"] == "shift_jis"
    assert "explicó la capitana Lucía Peña" in output.document("spanish/puerto.txt")["text"]


def test_piped_output_is_plain_and_a_terminal_that_is_narrow_cuts_nothing(samples):
    done, clean = samples
    assert "\x1b" not in done.stdout
    assert "documents read" in done.stdout
    assert "removed, duplicate" in done.stdout
    assert str(clean / "removed") in done.stdout
    assert "…" not in done.stdout


def test_same_again_is_done_already(samples):
    _, clean = samples
    # All but the lock, which says who had it last.
    files = [path for path in clean.rglob("*") if path.name != "lock"]
    before = {path: path.stat().st_mtime_ns for path in files}
    again = cleaner("run", SAMPLES, clean, "--workers", "1")
    assert again.returncode == 0
    assert "nothing to do" in again.stdout
    assert {path: path.stat().st_mtime_ns for path in files} == before


def test_help_and_version_import_nothing_heavy():
    # One after the other in one program, which says after each what it has imported so far.
    code = (
        "import json, sys\nfrom cleaner.cli import main\n"
        "heavy = {'trafilatura', 'datasketch', 'scipy', 'numpy', 'ftfy', 'lxml', 're2'}\n"
        "for asked in json.loads(sys.argv[1]):\n"
        "    sys.argv = ['cleaner', *asked]\n"
        "    try:\n        main()\n    except SystemExit as left:\n        code = left.code\n"
        "    print('\\nleft:', code, sorted(heavy & set(sys.modules)))"
    )
    asked = (
        ["--help"],
        ["run", "--help"],
        ["config", "--help"],
        ["config"],
        ["run", "--treshold"],
        ["rules", "--help"],
        ["restore", "--help"],
        ["verify", "--help"],
        ["rules", "try", "-h"],
        ["--version"],
    )
    program = [sys.executable, "-c", code, json.dumps(asked)]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    told = [line for line in done.stdout.splitlines() if line.startswith("left: ")]
    assert len(told) == len(asked)
    assert set(told) <= {"left: 0 []", "left: None []", "left: 2 []"}


def test_help_has_examples_and_exit_codes():
    text = cleaner("run", "--help").stdout
    assert "cleaner run raw/ clean/ --overwrite --threshold 0.9" in text
    assert "0 done, 1 the run failed, 2 wrong usage" in text


@pytest.mark.parametrize(
    "command",
    ["", "run", "config", "fix", "restore", "verify", "rules list", "rules test", "rules try"],
)
def test_every_help_has_examples_and_exit_codes(command):
    text = cleaner(*command.split(), "--help").stdout
    assert f"\n    cleaner {command}".rstrip() in text.split("Examples:")[1]
    assert "\n  Exit codes: 0 " in text


def test_the_shell_completes_options():
    shell = {"_CLEANER_COMPLETE": "complete_bash", "COMP_CWORD": "2"}
    done = cleaner(environment={**shell, "COMP_WORDS": "cleaner run --thr"})
    assert done.stdout.split() == ["--threshold"]


def test_version():
    assert cleaner("--version").stdout == "cleaner 0.1.0\n"


def one_line(done, code):
    assert done.returncode == code
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("cleaner: ")
    return lines[0]


def test_raw_missing(tmp_path, clean):
    message = one_line(cleaner("run", tmp_path / "nothing", clean), 2)
    assert "there is no" in message
    assert not clean.exists()


def test_raw_of_another_kind(tmp_path, clean):
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    assert ".txt, .html, .htm, .jsonl" in one_line(cleaner("run", tmp_path / "a.pdf", clean), 2)


@pytest.mark.parametrize("where", ["raw", "raw/out", "raw/../raw/out"])
def test_clean_inside_raw(raw, tmp_path, where):
    (raw / "a.txt").write_text(PROSE)
    said = one_line(cleaner("run", raw, tmp_path / where), 2)
    assert ("is read; name another" if where == "raw" else "lies inside") in said


def test_raw_inside_clean(raw, tmp_path):
    (raw / "a.txt").write_text(PROSE)
    assert "lies inside" in one_line(cleaner("run", raw, tmp_path, "--overwrite"), 2)


def test_clean_is_a_file(raw, tmp_path):
    (tmp_path / "clean").write_text("mine")
    assert "is a file" in one_line(cleaner("run", raw, tmp_path / "clean"), 2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--threshold", "1.5"], "option --threshold is 1.5; it must be a number from 0.1 to 1.0"),
        (["--disable", "adverts"], "no rule or category 'adverts' to disable; categories are"),
        (
            ["--disable", "promo.wach"],
            "no rule or category 'promo.wach' to disable, perhaps 'promo.watch' is meant",
        ),
        (
            ["--disable", "bylines"],
            "to disable, perhaps 'byline' is meant; categories are ad_marker",
        ),
        (["--id-field", ""], "option --id-field must be the name of a field"),
    ],
)
def test_wrong_option_values(raw, clean, arguments, message):
    assert message in one_line(cleaner("run", raw, clean, *arguments), 2)
    assert not clean.exists()


def test_unknown_option_is_wrong_usage(raw, clean):
    assert cleaner("run", raw, clean, "--treshold", "0.9").returncode == 2


def test_one_file_as_raw(tmp_path, clean):
    (tmp_path / "a.txt").write_text(PROSE)
    assert cleaner("run", tmp_path / "a.txt", clean).returncode == 0
    assert read_output(clean).document("a.txt")["text"] == PROSE


def test_another_run_stops_and_overwrite_goes_on(raw, clean):
    (raw / "a.txt").write_text(PROSE)
    assert cleaner("run", raw, clean).returncode == 0
    (clean / "notes.txt").write_text("mine")
    (clean / "documents" / "mine.txt").write_text("mine")
    first = output_bytes(clean)

    message = one_line(cleaner("run", raw, clean, "--min-words", "4"), 1)
    assert "option --min-words was 10 and is 4" in message
    two = one_line(cleaner("run", raw, clean, "--min-words", "4", "--keep-quotes"), 1)
    assert "option was --straight-quotes and is --keep-quotes, option --min-words was 10" in two
    assert "--overwrite" in message
    (raw / "b.txt").write_text(PROSE)
    assert "the input has changed" in one_line(cleaner("run", raw, clean), 1)
    assert output_bytes(clean) == first

    assert cleaner("run", raw, clean, "--overwrite").returncode == 0
    assert len(read_output(clean).dropped) == 1
    assert (clean / "notes.txt").read_text() == "mine"
    assert (clean / "documents" / "mine.txt").read_text() == "mine"


def test_overwrite_leaves_no_shard_of_the_earlier_run(raw, clean):
    rows = [{"id": str(n), "text": f"{n} " + "word " * 90_000} for n in range(8)]
    write_rows(raw / "rows.jsonl", rows)
    assert cleaner("run", raw, clean, "--shard-megabytes", "1").returncode == 0
    assert len(list((clean / "documents").iterdir())) > 1
    write_rows(raw / "rows.jsonl", rows[:1])
    assert cleaner("run", raw, clean, "--overwrite").returncode == 0
    assert [path.name for path in (clean / "documents").iterdir()] == ["part-00000.jsonl"]


@pytest.mark.parametrize("harm", ["delete", "change", "forget"])
def test_damaged_output_is_not_taken_for_done(raw, clean, harm):
    (raw / "a.txt").write_text(PROSE)
    assert cleaner("run", raw, clean).returncode == 0
    if harm == "delete":
        (clean / "documents" / "part-00000.jsonl").unlink()
    elif harm == "change":
        (clean / "rejected.jsonl").write_text("{}")
    else:
        (clean / ".cleaner" / "state.json").unlink()
    assert "--overwrite" in one_line(cleaner("run", raw, clean), 1)
    assert cleaner("run", raw, clean, "--overwrite").returncode == 0
    assert len(read_output(clean).documents) == 1


def test_bad_input_is_rejected_with_its_place_and_the_run_goes_on(raw, clean):
    (raw / "good.txt").write_text(PROSE)
    (raw / "empty.txt").write_bytes(b" \n")
    (raw / "empty.jsonl").write_bytes(b"\n\n")
    (raw / "empty.html").write_bytes(b"")
    (raw / "frame.html").write_text("<html><body><div></div></body></html>")
    (raw / "broken.txt.gz").write_bytes(b"\x1f\x8b\x08 not gzip at all")
    (raw / "ads.txt").write_text("Advertisement\n\nLeave a Reply")
    (raw / "photo.jpg").write_bytes(b"\xff\xd8")
    (raw / "rows.jsonl").write_text('{"text": "Fine."}\n{"text": \n\n{"title": "no text"}\n')
    (raw / "folder.txt").mkdir()
    os.mkfifo(raw / "pipe.txt")
    (raw / "loop").symlink_to(raw)
    done = cleaner("run", raw, clean)
    assert done.returncode == 0
    output = read_output(clean)
    assert [row["id"] for row in output.documents] == ["good.txt", "rows.jsonl:1"]
    assert [(row["source"], row["record"]) for row in output.rejected] == [
        ("broken.txt.gz", None),
        ("empty.html", None),
        ("empty.jsonl", None),
        ("empty.txt", None),
        ("frame.html", None),
        ("rows.jsonl", 2),
        ("rows.jsonl", 4),
    ]
    assert [row["id"] for row in output.dropped] == ["ads.txt"]
    assert output.dropped[0]["reason"] == "every paragraph was removed: 2 boilerplate"
    kinds = {kind: skipped["names"] for kind, skipped in output.summary["skipped"].items()}
    assert kinds == {".jpg": ["photo.jpg"], "special file": ["pipe.txt"], "symbolic link": ["loop"]}
    assert "skipped 1 .jpg: photo.jpg" in done.stdout
    assert str(clean / "rejected.jsonl") in done.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_and_folders_without_permission(raw, clean):
    (raw / "closed.txt").write_text(PROSE)
    (raw / "closed.txt").chmod(0)
    (raw / "shut").mkdir(mode=0)
    (raw / "good.txt").write_text(PROSE)
    assert cleaner("run", raw, clean).returncode == 0
    output = read_output(clean)
    assert {row["source"] for row in output.rejected} == {"closed.txt", "shut"}
    assert len(output.documents) == 1


def test_unreadable_file_and_folder_as_anybody(raw, clean, monkeypatch):
    # The same as above for root, who is refused nothing: the calls themselves fail.
    (raw / "closed.txt").write_text(PROSE)
    (raw / "shut").mkdir()
    (raw / "good.txt").write_text(PROSE)
    scandir, system_open = os.scandir, os.open

    def refused_folder(path):
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    def refused_file(path, *arguments, **options):
        if str(path).endswith("closed.txt"):
            raise PermissionError(13, "Permission denied", str(path))
        return system_open(path, *arguments, **options)

    monkeypatch.setattr(os, "scandir", refused_folder)
    monkeypatch.setattr(os, "open", refused_file)
    package.run(raw, clean)
    rejected = {row["source"]: row["error"] for row in read_output(clean).rejected}
    assert rejected == {
        "closed.txt": "the file cannot be read: Permission denied",
        "shut": "the folder cannot be listed: Permission denied",
    }


def test_file_names_that_are_not_utf8(raw, clean):
    with open(os.fsencode(raw) + b"/caf\xe9.txt", "wb") as stream:  # noqa: PTH123 - a name in bytes
        stream.write(PROSE.encode())
    assert cleaner("run", raw, clean).returncode == 0
    assert [row["id"] for row in read_output(clean).documents] == ["caf\\xe9.txt"]


def limited(size):
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_no_room_on_the_disk_stops_with_one_line_and_changes_nothing(raw, clean):
    write_rows(raw / "rows.jsonl", [{"text": f"{n} {PROSE}"} for n in range(50)])
    assert cleaner("run", raw, clean).returncode == 0
    before = output_bytes(clean)
    rows = [{"text": f"{n} " + "word " * 900} for n in range(400)]
    write_rows(raw / "rows.jsonl", rows)
    done = cleaner("run", raw, clean, "--overwrite", preexec_fn=limited(200_000))
    message = one_line(done, 1)
    assert "is full" in message
    assert "free some space" in message
    assert output_bytes(clean) == before
    record = {"input.jsonl.gz", "lock", "state.json"}
    assert {path.name for path in (clean / ".cleaner").iterdir()} == record | {"work"}
    assert cleaner("run", raw, clean, "--overwrite").returncode == 0
    assert len(read_output(clean).documents) == 400


def test_the_summary_says_nothing_of_when_and_where(samples):
    summary = json.loads((samples[1] / "summary.json").read_bytes())
    assert summary["versions"]["cleaner"] == "0.1.0"
    assert str(ROOT) not in json.dumps(summary)


def test_a_folder_with_nothing_to_read_says_so(raw, clean):
    done = cleaner("run", raw, clean)
    assert done.returncode == 0
    assert "nothing was read" in done.stdout


def test_the_commonest_errors_are_told(raw, clean):
    write_rows(raw / "rows.jsonl", [{"body": "x"}, {"body": "y"}, {"b": 1}, {"text": 5}])
    done = cleaner("run", raw, clean)
    assert "rejected 3: the row has no field 'text', 'maintext'," in done.stdout
    assert "or 'html' (its fields: 'body')" in done.stdout
    assert "rejected 1: field 'text' holds a number" in done.stdout
    assert sum(read_output(clean).summary["counts"]["rejected_for"].values()) == 4


def test_names_that_a_terminal_cannot_show(raw, clean):
    (raw / "\x1b[31m漢.pdf").write_bytes(b"")
    (raw / "a.txt").write_text(PROSE)
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", "run", raw, clean],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert b"\x1b" not in done.stdout
    assert rb"\x1b[31m\u6f22.pdf" in done.stdout


def test_the_output_of_a_run_is_no_input(raw, clean, tmp_path):
    (raw / "a.txt").write_text(PROSE)
    assert cleaner("run", raw, clean).returncode == 0
    message = one_line(cleaner("run", clean, tmp_path / "again"), 2)
    assert f"name {clean / 'documents'}" in message


@pytest.mark.parametrize("harm", ["[]", '{"files": ["a"]}', "not json"])
def test_a_damaged_record_of_the_run_is_no_record(raw, clean, harm):
    (raw / "a.txt").write_text(PROSE)
    assert cleaner("run", raw, clean).returncode == 0
    (clean / ".cleaner" / "state.json").write_text(harm)
    assert "left no record" in one_line(cleaner("run", raw, clean), 1)


def test_help_shows_every_option_whole_in_a_narrow_terminal():
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", "run", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"COLUMNS": "50"},
    )
    assert "--negations-agree / --any-negations" in done.stdout


needs_proc = pytest.mark.skipif(not Path("/proc").exists(), reason="processes are listed in /proc")


def wait_for(condition, running=None):
    """Wait for a moment of a run, which must still be going when it comes."""
    while not condition():
        assert running is None or running.poll() is None, "the run ended before that moment"
        time.sleep(0.01)


def many_files(raw):
    for part in range(12):
        rows = [{"text": f"{part} {n} " + f"word{n} " * 300} for n in range(100)]
        write_rows(raw / f"rows{part}.jsonl", rows)


def members(group):
    """Processes of a group, by what the kernel lists."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(status.parent.name)
    return found


@needs_proc
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("name", ["work", "marked-000002.jsonl"], ids=["at once", "at work"])
def test_interrupted(raw, clean, stop, name):
    many_files(raw)
    running = start_with_stops(clean / ".cleaner", name, raw, clean, "--workers", "2")
    wait_for_stop(running)
    os.killpg(running.pid, stop) if stop == signal.SIGINT else running.send_signal(stop)
    go_on(running)
    out, error = running.communicate()
    assert (running.returncode, out) == (130, "")
    assert (
        without_progress(error)
        == "cleaner: interrupted; the same command goes on where it stopped\n"
    )
    # Nothing is left where nothing was begun.
    assert not clean.exists() or [path.name for path in clean.iterdir()] == [".cleaner"]
    wait_for(lambda: not members(running.pid))
    again = cleaner("run", raw, clean, "--workers", "2")
    assert (again.returncode, again.stderr) == (0, "")
    assert name == "work" or "went on" in again.stdout
    assert len(read_output(clean).documents) == 1200


@needs_proc
def test_workers_end_with_a_killed_parent_and_the_next_run_is_whole(raw, clean, tmp_path):
    many_files(raw)
    running = start_with_stops(clean / ".cleaner", "marked-*", raw, clean, "--workers", "2")
    wait_for_stop(running)
    running.kill()
    running.communicate()
    wait_for(lambda: not members(running.pid))
    assert cleaner("run", raw, clean, "--workers", "2").returncode == 0
    assert cleaner("run", raw, tmp_path / "undisturbed").returncode == 0
    assert output_bytes(clean) == output_bytes(tmp_path / "undisturbed")


def test_two_runs_into_one_folder(raw, clean):
    (raw / "a.txt").write_text(PROSE)
    with opened(clean):
        message = one_line(cleaner("run", raw, clean), 1)
        assert message.startswith(f"cleaner: another run is writing to {clean} (process ")
        assert (clean / ".cleaner" / "lock").exists()
    assert cleaner("run", raw, clean).returncode == 0


@pytest.mark.parametrize("after", range(8))
def test_publishing_that_is_cut_off_is_finished_by_the_next_run(raw, tmp_path, monkeypatch, after):
    write_rows(raw / "rows.jsonl", [{"text": f"{n} " + "word " * 90_000} for n in range(8)])
    package.run(raw, tmp_path / "clean", package.Config(shard_megabytes=1))
    write_rows(raw / "rows.jsonl", [{"text": PROSE}])
    replace, moves = Path.replace, []

    def cut_off(path, target):
        moves.append(path)
        if len(moves) == after + 1:
            raise KeyboardInterrupt
        return replace(path, target)

    with monkeypatch.context() as patched, contextlib.suppress(KeyboardInterrupt):
        patched.setattr(Path, "replace", cut_off)
        package.run(raw, tmp_path / "clean", overwrite=True)
    package.run(raw, tmp_path / "clean", overwrite=after == 0)
    package.run(raw, tmp_path / "undisturbed")
    assert output_bytes(tmp_path / "clean") == output_bytes(tmp_path / "undisturbed")


def test_a_folder_in_the_way_of_a_file_loses_nothing(raw, clean):
    (raw / "a.txt").write_text(PROSE)
    assert cleaner("run", raw, clean).returncode == 0
    rows = clean / "documents" / "part-00000.jsonl"
    rows.unlink()
    (rows / "mine").mkdir(parents=True)
    one_line(cleaner("run", raw, clean, "--overwrite"), 1)
    (rows / "mine").rmdir()
    rows.rmdir()
    assert cleaner("run", raw, clean, "--overwrite").returncode == 0
    assert len(read_output(clean).documents) == 1


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_progress_moves_within_one_large_file_and_ends_at_the_end(raw, clean, suffix):
    rows = [{"text": f"{n} {n * 7919} {PROSE}"} for n in range(2000)]
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    (raw / f"rows.jsonl{suffix}").write_bytes(gzip.compress(data) if suffix else data)
    told = []
    package.run(raw, clean, progress=lambda *event: told.append(event))
    reading = [(done, total) for phase, done, total in told if phase == "reading and marking"]
    assert reading == sorted(reading)
    assert 0 < reading[0][0] <= reading[0][1]
    assert reading[-1][0] == reading[-1][1]
    assert suffix or len({done for done, _ in reading}) > 3
    assert {phase for phase, _, _ in told} == {
        "reading and marking",
        "finding duplicates",
        "writing",
    }


def test_a_reader_that_leaves_early_does_not_fail_the_run(raw, clean):
    (raw / "a.txt").write_text(PROSE)
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "cleaner", "run", raw, clean]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(read_output(clean).documents) == 1
