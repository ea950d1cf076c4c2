"""The job over tables of rows gives the bytes of one machine, however rows are shared."""

import ast
import json
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from conftest import ROOT, SAMPLES, Inline, output_bytes, write_rows
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_tables import PlainTables
from strategies import corpus

from cleaner import Config, pipeline, run
from cleaner.distributed import buckets, finishing, flow, marking, ranges, rounds
from cleaner.distributed import crowds as distributed_crowds
from cleaner.duplicates import buckets as local_buckets
from cleaner.duplicates import crowds
from cleaner.duplicates import rounds as local_rounds
from cleaner.ids import distinct_ids, free_number, hash_of
from cleaner.stages.read import read_batches

WORDS = [
    "gate",
    "lamp",
    "ferry",
    "stone",
    "quiet",
    "river",
    "north",
    "twelve",
    "Lindau",
    "never",
    "barrel",
    "14",
    "storm",
]
LINE = (
    "the old {} at the end of the long pier was shut by the {} keeper after the winter and no "
    "boat has called there {} since"
)
variant = st.tuples(*[st.sampled_from(WORDS)] * 3).map(lambda words: LINE.format(*words) + ".")
short = st.sampled_from(["Find us at 4 Quay Street", "Call the desk: 555 0100", "Read on @ quay"])
article = st.fixed_dictionaries(
    {
        "text": st.lists(st.one_of(variant, variant, short), min_size=1, max_size=6).map(
            "\n\n".join
        ),
        "id": st.sampled_from(["a", "b", "b#2", "b#3", "c", "c#2", "é\n"]),
        "url": st.sampled_from(["https://one.example/x", "https://two.example/x"]),
    }
)
shares = st.integers(1, 5)


@pytest.fixture(autouse=True)
def in_small_pieces(monkeypatch):
    """Batches of two records, crowds of three, one leader a bucket, and work done right here."""
    monkeypatch.setattr(pipeline, "read_batches", partial(read_batches, batch_records=2))
    monkeypatch.setattr(ranges, "BATCH_RECORDS", 2)
    monkeypatch.setattr(local_buckets, "CROWD", 3)
    monkeypatch.setattr(buckets, "MOST_MEMBERS", 3)
    for module in (local_rounds, rounds):
        monkeypatch.setattr(module, "FIRST_LEADERS", 1)
    for module in (marking, finishing):
        monkeypatch.setattr(module, "one_worker", lambda _: Inline())


def over(tables):
    return lambda inventory, config, journal, progress: flow.run_over_tables(
        inventory, config, tables, journal, progress
    )


def check_same(raw, folder, config, *tables):
    run(raw, folder / "local", config)
    expected = output_bytes(folder / "local")
    for number, one in enumerate(tables):
        run(raw, folder / f"over-{number}", config, elsewhere=over(one))
        assert output_bytes(folder / f"over-{number}") == expected


def tables(count, tasks=50):
    return PlainTables(count, tasks)


@given(corpus, shares)
@settings(max_examples=15)
def test_any_input_gives_the_same_bytes(made, count):
    with TemporaryDirectory() as name:
        raw = Path(name) / "raw"
        raw.mkdir()
        for number, text in enumerate(made["texts"]):
            (raw / f"{number}.txt").write_text(text, "utf-8", newline="")
        lines = [row if isinstance(row, str) else json.dumps(row) for row in made["rows"]]
        (raw / "rows.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")
        check_same(raw, Path(name), Config(), tables(count), tables(1, 1))


@given(
    st.lists(article, max_size=30),
    shares,
    st.sampled_from(["drop", "mark", "keep"]),
    st.sampled_from(["drop", "mark", "keep"]),
    st.booleans(),
    st.sampled_from([0, 50]),
    st.sampled_from([0.6, 0.8]),
)
@settings(max_examples=15)
def test_copies_crowds_templates_and_repeated_ids_are_those_of_one_machine(  # noqa: PLR0913, PLR0917
    articles, count, within, across, agree, most_pairs, threshold
):
    config = Config(
        within_documents=within,
        across_documents=across,
        numbers_agree=agree,
        names_agree=agree,
        threshold=threshold,
        template_documents=3,
    )
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(crowds, "MOST_PAIRS", most_pairs)
        write_rows(Path(name) / "raw" / "rows.jsonl", articles)
        check_same(Path(name) / "raw", Path(name), config, tables(count), tables(1, 1))


def noting(monkeypatch, module, name, noted):
    """Have calls of a function noted: its name and how the last one was called."""
    function = getattr(module, name)

    def note(*arguments):
        noted[name] = arguments
        return function(*arguments)

    monkeypatch.setattr(module, name, note)


def test_every_way_of_a_search_is_gone(tmp_path, monkeypatch):
    """Crowds with rare shingles and without, several rounds, parts that wait for each other."""
    monkeypatch.setattr(crowds, "MOST_PAIRS", 0)
    noted = {}
    noting(monkeypatch, distributed_crowds, "_join", noted)
    noting(monkeypatch, rounds, "_compare_all", noted)
    noting(monkeypatch, rounds, "_hear_all", noted)
    chosen = list(zip(WORDS * 13, WORDS[3:] * 17, strict=False))
    lines = [LINE.format(one, other, WORDS[at % 7]) for at, (one, other) in enumerate(chosen)]
    rows = [{"text": "\n\n".join(lines[at : at + 3])} for at in range(0, len(lines), 3)]
    write_rows(tmp_path / "raw" / "rows.jsonl", rows)
    config = Config(numbers_agree=False, names_agree=False, negations_agree=False, threshold=0.6)
    check_same(tmp_path / "raw", tmp_path, config, tables(3), tables(1, 1))
    assert noted["_join"][2] == distributed_crowds.LONG
    assert noted["_compare_all"][2] > 1, "rounds"
    assert noted["_hear_all"][2] > 0, "steps"


@pytest.mark.parametrize("output_format", ["jsonl.zst", "parquet"])
def test_formats_and_signatures(tmp_path, output_format):
    config = Config(output_format=output_format, signatures=True, shard_megabytes=1)
    check_same(SAMPLES, tmp_path, config, tables(4))


def test_no_input_at_all(tmp_path):
    (tmp_path / "raw").mkdir()
    check_same(tmp_path / "raw", tmp_path, Config(), tables(2))


class CutOffError(Exception):
    pass


def test_a_run_that_was_cut_off_goes_on_even_with_other_shares(tmp_path):
    """At every step of its own: whatever is called the last time is called once too often."""
    run(SAMPLES, tmp_path / "local")
    expected = output_bytes(tmp_path / "local")
    steps = 0
    while True:
        steps += 9
        left, done = [steps], []

        class Cut(PlainTables):
            def table(self, rows, columns, left=left):
                left[0] -= 1
                if not left[0]:
                    raise CutOffError
                return super().table(rows, columns)

        clean = tmp_path / f"cut-{steps}"
        try:
            run(SAMPLES, clean, elsewhere=over(Cut(3, 50)))
            done.append(steps)
        except CutOffError:
            run(SAMPLES, clean, elsewhere=over(tables(2, 1)))
        assert output_bytes(clean) == expected
        if done:
            break


def test_what_went_to_the_output_but_not_on_record_is_written_again(tmp_path, monkeypatch):
    run(SAMPLES, tmp_path / "local")
    append, left = flow.Finished.append, [3]

    def cut_off(self, *arguments):
        append(self, *arguments)
        left[0] -= 1
        if not left[0]:
            raise CutOffError

    monkeypatch.setattr(flow.Finished, "append", cut_off)
    with pytest.raises(CutOffError):
        run(SAMPLES, tmp_path / "over", elsewhere=over(tables(3)))
    run(SAMPLES, tmp_path / "over", elsewhere=over(tables(3)))
    assert output_bytes(tmp_path / "over") == output_bytes(tmp_path / "local")


def test_a_worker_that_does_not_see_the_folders_ends_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr(ranges, "RUN", "elsewhere.json")
    with pytest.raises(Exception, match=r"a worker does not see .*name folders that all machines"):
        run(SAMPLES, tmp_path / "over", elsewhere=over(tables(3)))


@given(st.lists(st.sampled_from(["a", "a#2", "a#3", "a#5", "b"]), max_size=12))
def test_a_repeated_id_gets_the_number_that_it_gets_in_a_stream(ids):
    taken = sorted({int(name[2:]) for name in ids if "#" in name})
    repeats = [ids[:at].count(name) for at, name in enumerate(ids)]
    own = {hash_of(name) for name in ids}
    made = list(distinct_ids(ids, repeats, lambda name: hash_of(name) in own))
    for name, repeat, given_name in zip(ids, repeats, made, strict=True):
        if repeat and name == "a":
            assert given_name == f"a#{free_number(repeat, taken)}"


def imported(path):
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


OF_TEXT = ("stages", "duplicates", "mending", "rules", "charsets", "formats", "output")
ENGINES_MAY = ("cleaner.engines", "cleaner.errors", "cleaner.internal_error")
ENGINES_MAY += ("cleaner.interruption",)


def test_no_stage_knows_an_engine_no_engine_knows_text_and_one_module_knows_spark():
    package = ROOT / "cleaner"
    for folder in OF_TEXT:
        for path in (package / folder).rglob("*.py"):
            known = [name for name in imported(path) if name.startswith("cleaner.engines")]
            assert not known, path
    for path in (package / "engines").rglob("*.py"):
        ours = [name for name in imported(path) if name.startswith("cleaner")]
        assert all(name.startswith(ENGINES_MAY) for name in ours), (path, ours)
    of_spark = {
        path.name
        for path in package.rglob("*.py")
        if any(name.startswith(("pyspark", "py4j")) for name in imported(path))
    }
    assert of_spark == {"spark.py"}


def test_nothing_of_spark_is_imported_unless_it_is_asked_for(tmp_path):
    import subprocess

    code = (
        "import sys; from cleaner.cli import main\n"
        f"sys.argv = ['cleaner', 'run', {str(SAMPLES)!r}, {str(tmp_path / 'clean')!r}]\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([name for name in sys.modules if 'spark' in name or 'distributed' in name])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
