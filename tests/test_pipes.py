"""`cleaner run` between other programs: rows come by a pipe, documents leave by one."""

import bz2
import gzip
import io
import json
import lzma
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from backports import zstd
from conftest import SAMPLES, cleaner, output_bytes, without_progress, write_rows
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import SENTENCES, a_run_each, bad_row, row

from cleaner import Config, UsageError, output_formats, run, verify
from cleaner.piped import made_in_scratch, run_from_stream
from cleaner.pipeline import silent

ROWS = [
    {"id": "a", "text": "The ferry turned back in the storm, and nobody on board was hurt."},
    {"text": "Advertisement"},
    {"id": "c", "text": "The ferry turned back in the storm, and nobody on board was hurt!"},
    {"text": 3},
    {"text": "Nobody asked about the coffee.\n\nAdvertisement"},
]
LINES = "".join(json.dumps(one) + "\n" for one in ROWS)


def run_of(lines, folder, config=None):
    """The output of a run over a file of these lines."""
    (folder / "stdin.jsonl").write_bytes(lines)
    run(folder / "stdin.jsonl", folder / "expected", config)
    return output_bytes(folder / "expected")


def from_stream(lines, clean, config=None, *, overwrite=False):
    stream, config = io.BytesIO(lines), config or Config()
    return run_from_stream(stream, clean, config, overwrite=overwrite, progress=silent)


def rows_of(output, kind):
    return b"".join(output[name] for name in sorted(output) if name.startswith(kind))


@a_run_each
@given(st.lists(st.one_of(row.map(json.dumps), bad_row, st.just("")), max_size=8))
def test_what_comes_by_a_pipe_becomes_what_a_file_of_it_would(rows):
    lines = "\n".join(["{}", *rows]).encode()  # else they might be anything
    config = Config(min_words=5, template_documents=2)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        expected = run_of(lines, folder, config)
        from_stream(lines, folder / "clean", config)
        assert output_bytes(folder / "clean") == expected
        with made_in_scratch(io.BytesIO(lines), config, folder, silent) as made:
            for kind in ("documents", "removed"):
                assert b"".join(made.rows(kind)) == rows_of(expected, kind)
        assert sorted(path.name for path in folder.iterdir()) == [
            "clean",
            "expected",
            "stdin.jsonl",
        ]


def many_lines(number):
    rows = ({"text": f"{SENTENCES[at % 8]}\n\nBoat {at * 7919} came in."} for at in range(number))
    return "".join(json.dumps(one) + "\n" for one in rows).encode()


@pytest.mark.parametrize("workers", [1, 2])
def test_many_batches_and_shards(tmp_path, workers):
    config = Config(workers=workers)
    lines = many_lines(900)
    expected = run_of(lines, tmp_path, config)
    with made_in_scratch(io.BytesIO(lines), config, tmp_path, silent) as made:
        assert b"".join(made.rows("documents")) == rows_of(expected, "documents")
    from_stream(lines, tmp_path / "clean", config)
    assert output_bytes(tmp_path / "clean") == expected
    assert verify(tmp_path / "clean").faults.total == 0


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress, bz2.compress, lzma.compress])
def test_a_packed_stream_is_unpacked(tmp_path, pack):
    from_stream(pack(LINES.encode()), tmp_path / "clean")
    assert output_bytes(tmp_path / "clean") == run_of(LINES.encode(), tmp_path)


def test_from_a_pipe_to_a_folder(tmp_path):
    done = cleaner("run", "-", tmp_path / "clean", input=LINES)
    assert (done.returncode, done.stderr) == (0, "")
    assert "documents read" in done.stdout
    assert output_bytes(tmp_path / "clean") == run_of(LINES.encode(), tmp_path)
    again = cleaner("run", "-", tmp_path / "clean", input=LINES)
    assert "nothing to do" in again.stdout
    other = cleaner("run", "-", tmp_path / "clean", input=LINES + "{}\n")
    assert other.returncode == 1
    assert "the input has changed: stdin.jsonl was changed" in other.stderr
    assert list((tmp_path / "clean" / ".cleaner").glob("stdin-*")) == []


def test_from_a_pipe_to_a_pipe(tmp_path):
    expected = run_of(LINES.encode(), tmp_path)
    removed, scratch = tmp_path / "removed.jsonl", tmp_path / "scratch"
    scratch.mkdir()
    arguments = ("run", "-", "-", "--scratch", scratch, "--removed", removed)
    done = cleaner(*arguments, input=LINES)
    assert done.returncode == 0
    assert done.stdout.encode() == rows_of(expected, "documents")
    assert removed.read_bytes() == rows_of(expected, "removed")
    assert f"what was removed and why: {removed}" in done.stderr
    assert "rejected 1: field 'text' holds a number" in done.stderr
    assert list(scratch.iterdir()) == []
    refused = cleaner(*arguments, input=LINES)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "is there already" in refused.stderr
    assert cleaner(*arguments, "--overwrite", input=LINES).stdout == done.stdout


def test_from_a_folder_to_a_pipe(tmp_path):
    run(SAMPLES, tmp_path / "clean")
    done = cleaner("run", SAMPLES, "-")
    assert done.returncode == 0
    assert done.stdout.encode() == rows_of(output_bytes(tmp_path / "clean"), "documents")
    assert "on no record: --removed FILE writes it" in done.stderr


def test_work_files_are_where_scratch_says(tmp_path):
    done = cleaner("run", "-", "-", "--scratch", tmp_path / "nowhere", input=LINES)
    assert (done.returncode, done.stdout) == (1, "")
    assert "nowhere cannot be used: No such file" in done.stderr
    environment = {"TMPDIR": str(tmp_path)}
    assert cleaner("run", "-", "-", input=LINES, environment=environment).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-", "clean", "--removed", "gone.jsonl"], "--removed is for an output to -"),
        (["-", "clean", "--scratch", "work"], "--scratch is for an output to -"),
        (["-", "-", "--removed", "no/such/gone.jsonl"], "no/such/gone.jsonl cannot be a file"),
        (["-", "-", "--disable", "no_such"], "no_such"),
        (["-", "clean", "--disable", "no_such"], "no_such"),
        (["-", "file"], "file is a file; name a folder"),
        (["nowhere", "-"], "there is no nowhere"),
        (["done", "-"], "done is the output of a run"),
    ],
)
def test_wrong_usage(tmp_path, arguments, told):
    (tmp_path / "file").touch()
    write_rows(tmp_path / "rows.jsonl", ROWS)
    if "done" in arguments:
        run(tmp_path / "rows.jsonl", tmp_path / "done")
    done = cleaner("run", *arguments, input=LINES, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert not (tmp_path / "clean").exists()


def test_a_closed_standard_input_is_told(tmp_path):
    command = f"{sys.executable} -m cleaner run - {tmp_path / 'clean'} <&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "there is no standard input" in done.stderr


def test_warnings_end_a_strict_run_between_pipes():
    lines = (json.dumps(ROWS[0]) + "\n") * 300
    done = cleaner("run", "-", "-", "--strict", input=lines)
    assert (done.returncode, done.stdout.count("\n")) == (3, 1)
    assert "warning: " in done.stderr
    assert "which --strict reports\n" in done.stderr
    assert cleaner("run", "-", "-", input=lines).returncode == 0


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_leaves_early_is_no_error(tmp_path, unbuffered):
    (tmp_path / "rows.jsonl").write_bytes(many_lines(3000))
    environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": unbuffered}
    with subprocess.Popen(
        [sys.executable, "-m", "cleaner", "run", tmp_path / "rows.jsonl", "-"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as program:
        assert json.loads(program.stdout.readline())["id"] == "rows.jsonl:1"
        program.stdout.close()
        told = without_progress(program.stderr.read().decode())
        assert (program.wait(), told) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == ["rows.jsonl"]


def interrupted(arguments, lines, until, **options):
    """What a run says that is interrupted once it has done something, and its exit code."""
    with subprocess.Popen(
        [sys.executable, "-m", "cleaner", "run", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    ) as program:
        program.stdin.write(lines)
        program.stdin.flush()
        while not until():
            assert program.poll() is None
            time.sleep(0.01)
        program.send_signal(signal.SIGINT)
        stdout, stderr = program.communicate()
    return stdout, stderr.decode(), program.returncode


def test_an_interrupted_run_between_pipes_keeps_nothing(tmp_path):
    arguments = ("-", "-", "--scratch", tmp_path)
    is_begun = lambda: any(tmp_path.iterdir())  # noqa: E731
    stdout, stderr, code = interrupted(arguments, LINES.encode(), is_begun)
    assert (stdout, code) == (b"", 130)
    assert stderr == "cleaner: interrupted; the output is not whole, and no work is kept\n"
    assert list(tmp_path.iterdir()) == []


def test_interrupted_while_it_reads_a_run_leaves_no_folder(tmp_path):
    clean = tmp_path / "clean"
    is_begun = lambda: list(clean.glob(".cleaner/stdin-*/*"))  # noqa: E731
    _, stderr, code = interrupted(("-", clean), LINES.encode(), is_begun)
    assert code == 130
    assert "the same command goes on where it stopped" in stderr
    assert not clean.exists()


def test_cut_off_at_its_work_a_run_goes_on_when_the_rows_come_again(tmp_path, monkeypatch):
    lines, clean = many_lines(900), tmp_path / "clean"
    expected = run_of(lines, tmp_path)
    monkeypatch.setattr("cleaner.pipeline.plan_removals", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        from_stream(lines, clean)
    monkeypatch.undo()
    assert (clean / ".cleaner" / "work").exists()
    assert list(clean.glob(".cleaner/stdin-*")) == []
    with pytest.raises(Exception, match=r"not finished \(the input has changed"):
        from_stream(many_lines(901), clean)
    assert from_stream(lines, clean).before.read == 1
    assert output_bytes(clean) == expected


def test_what_a_killed_run_had_copied_goes(tmp_path):
    left = tmp_path / "clean" / ".cleaner" / "stdin-killed"
    left.mkdir(parents=True)
    (left / "stdin.jsonl").write_bytes(b"{}\n")
    from_stream(LINES.encode(), tmp_path / "clean")
    assert not left.exists()


@settings(max_examples=5)
@given(st.sampled_from([b"\n\n", b"\xff\xfe\x00"]))
def test_a_stream_without_rows_is_told_of(lines):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        assert from_stream(lines, folder / "clean").counts["rejected"] >= 1
        assert output_bytes(folder / "clean") == run_of(lines, folder)


@pytest.mark.parametrize(
    "pack",
    [bytes, gzip.compress, bz2.compress, lzma.compress, zstd.compress],
    ids=["plain", "gzip", "bzip2", "xz", "zstd"],
)
def test_an_empty_stream_is_told_as_an_empty_folder_is(tmp_path, pack):
    (tmp_path / "raw").mkdir()
    expected = run(tmp_path / "raw", tmp_path / "expected")
    summary = from_stream(pack(b""), tmp_path / "clean")
    assert (summary.counts, summary.warnings) == (expected.counts, expected.warnings)
    assert summary.counts["read"] == summary.counts["rejected"] == 0
    assert [one.told.partition(":")[0] for one in summary.warnings] == ["nothing was read"]
    assert output_bytes(tmp_path / "clean") == output_bytes(tmp_path / "expected")
    assert verify(tmp_path / "clean").faults.total == 0
    again = from_stream(pack(b""), tmp_path / "clean")
    assert again.was_done


def test_an_empty_pipe_is_told_as_such():
    done = cleaner("run", "-", "-")
    assert (done.returncode, done.stdout) == (0, "")
    assert "documents read      0" in done.stderr
    assert "warning: nothing was read: the input is empty" in done.stderr


def test_a_stream_that_is_cut_off_before_its_first_row_is_rejected(tmp_path):
    summary = from_stream(gzip.compress(b"")[:-4], tmp_path / "clean")
    assert summary.counts["rejected"] == 1


def test_a_full_disk_is_named(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cleaner.piped.make", full)
    with (
        pytest.raises(Exception, match=f"{tmp_path} cannot be used: No space left"),
        made_in_scratch(io.BytesIO(b"{}"), Config(), tmp_path, silent),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_output_folder(tmp_path):
    (tmp_path / "clean").touch()
    with pytest.raises(UsageError, match="clean is a file"):
        from_stream(b"", tmp_path / "clean")


def test_parquet_does_not_go_through_a_pipe(tmp_path):
    (tmp_path / "rows.jsonl").write_text(LINES)
    done = cleaner("run", tmp_path / "rows.jsonl", "-", "--output-format", "parquet")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Parquet files cannot go through a pipe; name a folder" in done.stderr
    done = cleaner("run", tmp_path / "rows.jsonl", "-", "--signatures")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--signatures writes files beside the documents" in done.stderr


def test_what_was_removed_replaces_no_device_no_link_and_no_input(tmp_path):
    (tmp_path / "rows.jsonl").write_text(LINES)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", "rows.jsonl"):
        asked = ("--removed", tmp_path / name, "--overwrite")
        done = cleaner("run", tmp_path / "rows.jsonl", "-", *asked)
        assert (done.returncode, done.stdout) == (2, "")
        assert str(tmp_path / name) in done.stderr
    assert (tmp_path / "rows.jsonl").read_text() == LINES


@pytest.mark.parametrize("flag", ["--against", "--save-index"])
def test_an_index_asks_for_a_folder(tmp_path, flag):
    done = cleaner("run", "-", "-", flag, tmp_path / "index", input=LINES)
    assert done.returncode == 2
    assert f"{flag} is for an output to a folder" in done.stderr


def test_a_format_without_its_library_is_refused_before_any_work(tmp_path, monkeypatch):
    monkeypatch.setattr(output_formats, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match="needs pyarrow"):
        from_stream(LINES.encode(), tmp_path / "clean", Config(output_format="parquet"))
