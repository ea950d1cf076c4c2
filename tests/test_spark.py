"""The job on a Spark that is installed: needs Java, and `pip install '.[spark]'`."""

import json
import os
import sys

import pytest
from conftest import ROOT, SAMPLES, cleaner, output_bytes, write_rows

from cleaner import Config, run

sys.path.insert(0, str(ROOT / "benchmarks"))

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install '.[spark]'")
pytestmark = [pytest.mark.spark, pytest.mark.processes]

LINE = "The {} of the old town was shut on {} when the river rose over both quays and the square"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Copies, near-copies and a crowd, in several batches; and what comes of it on one machine."""
    folder = tmp_path_factory.mktemp("corpus")
    rows = []
    for number in range(1200):
        lines = [LINE.format(f"gate {number % 700}", "Monday"), f"The same line, {number % 9}."]
        lines += [LINE.format("bridge", f"day {number} of a long year with {number % 31} storms")]
        rows.append({"id": f"{number % 1100}", "text": "\n\n".join(lines)})
    write_rows(folder / "raw" / "rows.jsonl", rows)
    (folder / "raw" / "broken.jsonl").write_text('{"text": \n[1]\n', "utf-8")
    run(folder / "raw", folder / "local", Config(max_record_seconds=5))
    return folder


@pytest.fixture(scope="module")
def session():
    """One session for several runs, which they leave alone."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.driver.memory", "1g")
    one = builder.config("spark.ui.enabled", "false").getOrCreate()
    yield one
    one.stop()


def on_spark(raw, clean, config=None, **options):
    from cleaner.distributed.spark import OnSpark

    run(raw, clean, config, elsewhere=OnSpark(), **options)
    return output_bytes(clean)


def test_the_bytes_are_those_of_one_machine(session, corpus, tmp_path):
    config = Config(max_record_seconds=5)
    assert on_spark(corpus / "raw", tmp_path / "clean", config) == output_bytes(corpus / "local")
    assert session.range(3).count() == 3, "the session of somebody else goes on"


@pytest.mark.usefixtures("session")
def test_a_record_that_is_too_much_is_rejected(tmp_path):
    """By the worker within a task, as on one machine: the others of its batch stay."""
    words = " ".join(f"word{number}" for number in range(1_500_000))
    rows = [{"text": "One line of text that stays."}, {"text": words}, {"text": "And one more."}]
    write_rows(tmp_path / "raw" / "rows.jsonl", rows)
    config = Config(max_record_memory=64, max_line_length=100_000_000)
    written = on_spark(tmp_path / "raw", tmp_path / "clean", config)
    assert written["documents/part-00000.jsonl"].count(b"\n") == 2
    (rejected,) = map(json.loads, written["rejected.jsonl"].splitlines())
    assert rejected["record"] == 2
    assert "raise --max-record-memory" in rejected["error"]


@pytest.mark.usefixtures("session")
def test_a_file_that_is_gone_ends_the_run_with_one_line(tmp_path, monkeypatch):
    from cleaner import CleanerError
    from cleaner.distributed import flow

    write_rows(tmp_path / "raw" / "rows.jsonl", [{"text": "One line of text."}])
    parts_of = flow.parts_of

    def parts_and_then_gone(files, *arguments):
        found = parts_of(files, *arguments)
        (tmp_path / "raw" / "rows.jsonl").unlink()
        return found

    monkeypatch.setattr(flow, "parts_of", parts_and_then_gone)
    with pytest.raises(CleanerError, match=r"rows.jsonl is gone") as raised:
        on_spark(tmp_path / "raw", tmp_path / "clean")
    assert "\n" not in str(raised.value)


def test_the_command_line_on_a_cluster_of_its_own_of_which_a_worker_is_killed(corpus, tmp_path):
    import threading

    from spark_cluster import cluster

    with cluster(workers=2) as one:
        clean = tmp_path / "clean"

        def kill_when_marking():
            parts = clean / ".cleaner" / "work" / "parts"
            while not parts.exists():
                stopped.wait(0.1)
            one.kill_worker()

        stopped = threading.Event()
        killer = threading.Thread(target=kill_when_marking, daemon=True)
        killer.start()
        options = ("--engine", "spark", "--master", one.master, "--max-record-seconds", 5)
        done = cleaner("run", corpus / "raw", clean, *options)
        killer.join()
    assert done.returncode == 0, done.stderr
    assert output_bytes(clean) == output_bytes(corpus / "local")


def test_a_master_that_is_not_there_is_told_in_one_line(tmp_path):
    done = cleaner("run", SAMPLES, tmp_path / "clean", "--engine", "spark", "--master", "nowhere")
    assert done.returncode == 1
    assert "cleaner: Spark does not start: " in done.stderr.splitlines()[-1]
