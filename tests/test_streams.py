"""A program's stream: what a run over a file of the same rows gives, in order, and nothing left."""

import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
import tracemalloc
import warnings
from pathlib import Path

import psutil
import pytest
from conftest import read_output, write_rows
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import SENTENCES, a_run_each, line, row
from strategies import text as made_text

from cleaner import (
    CleanDocument,
    Cleaner,
    CleanerError,
    Config,
    Rejected,
    RejectedWarning,
    UsageError,
    run,
    stream,
)
from cleaner.json_lines import dump_for_others
from cleaner.spool import spool_documents

CONFIG = Config(min_words=5, template_documents=2)
STORY = "The ferry turned back in the storm, and nobody on board was hurt."
SLOGAN = "The Alder Post, your paper since 1881"


def run_of(rows, config):
    """What a run writes of rows in a file: for each document what was kept and removed, and all
    rejections by number."""
    with tempfile.TemporaryDirectory() as name:
        raw, clean = Path(name) / "raw", Path(name) / "clean"
        write_rows(raw / "rows.jsonl", rows)
        run(raw, clean, config)
        return read_output(clean)


def as_rows(documents, rejected):
    """A stream's documents as the rows that a run writes of them."""
    removed = [
        {
            "id": one.id,
            "position": removal.position,
            "at": removal.at,
            "text": removal.text,
            "reason": removal.mark.reason,
            "rule": removal.mark.rule,
            "of": of and {"id": of.id, "position": of.position},
            "similarity": removal.mark.similarity,
            "count": removal.mark.count,
        }
        for one in documents
        for removal in one.removed
        for of in (removal.mark.of,)
    ]
    written = [
        {
            "id": one.id,
            "text": one.text,
            "source": one.source,
            "metadata": json.loads(dump_for_others(one.metadata)),
        }
        for one in documents
        if one.kept
    ]
    return json.loads(
        json.dumps(
            {
                "documents": written,
                "removed": removed,
                "dropped": [one.id for one in documents if not one.kept],
                "rejected": [(one.number + 1, one.error) for one in rejected],
            }
        )
    )


def expected_of(output):
    def own(document):
        # The one thing that differs is the name of a source that the row does not name itself.
        source = document["source"]
        return document | {"source": "stream" if source == "rows.jsonl" else source}

    return {
        "documents": [own(document) for document in output.documents],
        "removed": output.removed,
        "dropped": [document["id"] for document in output.dropped],
        "rejected": [[one["record"], one["error"]] for one in output.rejected],
    }


named = st.builds(lambda made, name: made | {"id": name}, row, st.sampled_from("abc"))
own_rows = st.builds(
    lambda body, name: {"id": name, "text": body, "source": "far/away.txt", "metadata": {}},
    made_text,
    st.sampled_from("ab"),
)
bad = st.sampled_from([{"id": "x"}, {"id": "y", "text": 3}, {"id": "z", "text": " "}])


@a_run_each
@given(st.lists(st.one_of(named, named, own_rows, bad), min_size=1, max_size=8))
def test_a_stream_is_the_run_over_a_file_of_its_rows(rows):
    rejected = []
    documents = list(Cleaner(CONFIG).clean(iter(rows), on_rejected=rejected.append))
    assert as_rows(documents, rejected) == expected_of(run_of(rows, CONFIG))
    assert len(documents) + len(rejected) == len(rows)


@settings(max_examples=20)
@given(st.lists(line, min_size=1, max_size=5), st.integers(2, 9))
def test_templates_go_from_all_of_a_stream_as_from_a_run(lines, number):
    rows = [
        {"id": str(at), "text": "\n\n".join([SLOGAN, *lines, SENTENCES[at % len(SENTENCES)]])}
        for at in range(number)
    ]
    documents = list(Cleaner(CONFIG).clean(rows))
    assert as_rows(documents, []) == expected_of(run_of(rows, CONFIG))
    assert [one.removed[0].mark.count for one in documents] == [number] * number


def many_rows(number):
    return [
        {"id": str(at), "text": f"{SLOGAN}\n\n{SENTENCES[at % 8]}\n\nBoat {at * 7919} came in."}
        for at in range(number)
    ]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stream_of_many_batches(workers):
    rows = many_rows(700)
    rows[300]["text"] = None
    rejected = []
    config = Config(workers=workers)
    documents = list(Cleaner(config).clean(rows, on_rejected=rejected.append))
    assert [one.number for one in rejected] == [300]
    assert as_rows(documents, rejected) == expected_of(run_of(rows, Config()))


def test_documents_without_ids_have_their_numbers():
    given_ids = [STORY, {"text": "One."}, {"id": "1", "text": "Two."}, {"id": 7, "text": "4."}]
    documents = list(Cleaner().clean(given_ids))
    assert [one.id for one in documents] == ["0", "1", "1#2", "7"]
    assert [one.source for one in documents] == ["stream"] * 4


def test_each_call_is_a_corpus_by_itself():
    cleaner = Cleaner()
    for _ in range(2):
        assert [one.text for one in cleaner.clean([STORY, STORY])] == [STORY, ""]
    assert cleaner.clean_one(STORY).text == STORY


REJECTED = {
    "no string and no row": (None, None, "not NoneType"),
    "bytes": (b"text", b"text", "decode it"),
    "a row without text": ({"a": [1]}, {"a": [1]}, "no field 'text', "),
    "an empty text": ("", {"text": ""}, "text is empty"),
    "what JSON cannot hold": ({"text": STORY, "b": {1}}, {"text": STORY, "b": {1}}, "set is not"),
}


@pytest.mark.parametrize("case", REJECTED)
def test_one_bad_document_does_not_end_a_stream(case):
    document, told, error = REJECTED[case]
    heard = []
    documents = [STORY, document, {"id": "last", "text": "The quay is long."}]
    assert [one.id for one in Cleaner().clean(documents, on_rejected=heard.append)] == ["0", "last"]
    assert [(one.number, one.document) for one in heard] == [(1, told)]
    assert error in heard[0].error
    assert isinstance(heard[0], Rejected)


def test_rejections_that_nobody_asked_for_are_warned_of():
    with pytest.warns(RejectedWarning) as told:
        assert len(list(Cleaner().clean([None, STORY, {"text": 3}]))) == 1
    (message,) = [str(one.message) for one in told]
    assert message.startswith("2 documents were rejected and left out (document 0: a document is a")
    assert "on_rejected" in message
    assert told[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(Cleaner().clean([])) == []


def test_what_on_rejected_raises_ends_the_stream(tmp_path):
    def refuse(rejected):
        raise ValueError(rejected.number)

    with pytest.raises(ValueError, match="1"):
        list(Cleaner().clean([STORY, {"a": 1}], on_rejected=refuse, scratch=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_what_the_documents_raise_comes_through(tmp_path):
    def broken():
        yield STORY
        raise OSError("the source is gone")

    with pytest.raises(OSError, match="the source is gone"):
        list(Cleaner().clean(broken(), scratch=tmp_path))
    assert list(tmp_path.iterdir()) == []


def children():
    return {one.pid for one in psutil.Process().children(recursive=True)}


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("ending", ["close", "del", "all", "error"])
def test_nothing_stays_behind(tmp_path, workers, ending):
    config = Config(workers=workers)
    list(Cleaner(config).clean([STORY]))  # starts what multiprocessing keeps to the end
    before = children()
    documents = Cleaner(config).clean(many_rows(600), scratch=tmp_path)
    assert list(tmp_path.iterdir()) == []  # nothing is begun before the first is asked for
    assert next(documents).id == "0"
    assert list(tmp_path.iterdir()) != []
    if ending == "close":
        documents.close()
    elif ending == "all":
        assert sum(1 for _ in documents) == 599
    elif ending == "error":
        with pytest.raises(KeyError):
            documents.throw(KeyError())
    else:
        del documents
        gc.collect()
    assert list(tmp_path.iterdir()) == []
    assert children() == before


def test_in_a_thread_with_workers():
    found = []

    def work():
        found.extend(Cleaner(Config(workers=2)).clean(many_rows(300)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert [one.id for one in found] == [str(at) for at in range(300)]


PROGRAM = """
from cleaner import Cleaner, Config
story = "The ferry turned back in the storm, and nobody on board was hurt."
for document in Cleaner(Config(workers={workers})).clean([story, story]):
    print(document.id, len(document.kept))
import psutil
print(len(psutil.Process().children(recursive=True)))
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_at_the_top_level_of_a_program_and_typed_in(workers):
    program = PROGRAM.format(workers=workers)
    for arguments in (["-c", program], ["-"]):
        # With the threads that numpy starts, multiprocessing's helpers would stay to the end.
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run(
            [sys.executable, *arguments],
            input=program,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.stdout, done.stderr) == ("0 1\n1 0\n0\n", "")


def test_a_folder_that_cannot_be_used_is_named(tmp_path):
    with pytest.raises(CleanerError, match=r"nowhere.*cannot be used: No such file"):
        list(Cleaner().clean([STORY], scratch=tmp_path / "nowhere"))


def test_a_full_disk_is_named(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stream, "outcomes_of", full)
    with pytest.raises(CleanerError, match=f"{tmp_path} cannot be used: No space.*scratch folder"):
        list(Cleaner().clean([STORY], scratch=tmp_path))


def test_a_disk_that_is_full_of_the_stream_is_named(tmp_path):
    """As /dev/full is: what was written is refused only when the buffer is handed over."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "stream.jsonl").symlink_to("/dev/full")
    with pytest.raises(CleanerError, match=f"{tmp_path} cannot be used: No space"):
        spool_documents([STORY], folder, Config(), print)


@pytest.mark.parametrize("wrong", ["a text", b"bytes", {"text": STORY}])
def test_one_document_where_many_are_meant(wrong):
    with pytest.raises(TypeError, match=r"clean\(\) takes many documents; for one, use clean_one"):
        Cleaner().clean(wrong)


def test_a_rule_that_does_not_exist_is_told_before_anything_is_read():
    with pytest.raises(UsageError, match="no_such"):
        Cleaner(Config(disabled_rules=["no_such"])).clean(iter([]))


def test_documents_wait_on_the_disk(tmp_path):
    """The memory of Python's objects does not grow with the stream."""

    def rows(number):
        for at in range(number):
            yield {"id": str(at), "text": f"{SENTENCES[at % 8]}\n\nBoat {at}.", "pad": "x" * 40000}

    def peak(number):
        tracemalloc.start()
        for _ in Cleaner().clean(rows(number), scratch=tmp_path):
            pass
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return held

    peak(30)
    small, large = peak(300), peak(2000)
    assert large < 1.5 * small


def test_what_comes_back_is_a_clean_document():
    (document,) = Cleaner().clean([{"text": STORY, "when": (1, 2)}])
    assert isinstance(document, CleanDocument)
    assert document.metadata == {"when": [1, 2]}
    assert os.fspath(Path(document.source)) == "stream"
