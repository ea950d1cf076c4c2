"""Undo: every document with all its paragraphs, as they were before anything was removed."""

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

from cleaner.errors import CleanerError, UsageError
from cleaner.json_lines import dump_line
from cleaner.nearest import Nearest
from cleaner.output.faults import Fault, Faults
from cleaner.output.index import Index
from cleaner.output.machine import told_in_a_line
from cleaner.output.rows import Output
from cleaner.output.summary import WrittenSummary, changed_files, read_summary
from cleaner.output.walk import FinishedDocument, walk
from cleaner.output.whole import documents_of, no_document
from cleaner.stages.metadata import DAMAGED, NEAR_COPIES

OF_THE_KEPT_TEXT = (DAMAGED, NEAR_COPIES)
"""Metadata that counts what was kept, and is not true of the restored text."""


NOT_READ = ("signatures/", "rejected.jsonl")
"""Files of the output of which nothing is restored."""


def restored_rows(clean: Path, ids: Collection[str] = ()) -> Iterator[bytes]:
    """The restored documents as lines of JSON: `id`, `text`, `source`, `metadata`.

    Args:
        clean: the output folder of a finished run.
        ids: only these documents; all if there are none.

    Raises:
        UsageError: no run has finished there, or there is no document with one of the ids.
        CleanerError: the output was changed or is not complete.

    """
    summary = read_summary(clean)
    output = Output(clean, summary.config)
    wanted = set(ids)
    with told_in_a_line(), Index() as index:
        index.read_ids(output, _stop)
        _check_files(output, summary, index)
        for finished in walk(output, index, _stop):
            name = finished.document.id
            if not ids or name in wanted:
                wanted.discard(name)
                yield dump_line(_row(finished))
            if ids and not wanted:
                return
    if wanted:
        # Looked for once it is known to be missing: to compare names takes long.
        nearest = Nearest(min(wanted))
        for one in documents_of(clean):
            nearest.look_at(one.document.id)
        raise no_document(clean, nearest, min(wanted))


def restore(clean: str | Path, out: str | Path) -> int:
    """Put what a run removed back: every document as it was before, in a new folder.

    Its files `part-00000.jsonl` … are as large as those of the run: a row for each document that
    was written or dropped, with `id`, `text`, `source` and `metadata`.

    Args:
        clean: the output folder of a finished run.
        out: the folder for the documents, which must be new or empty.

    Returns:
        How many documents there are.

    Raises:
        UsageError: no run has finished in `clean`, or `out` holds something.
        CleanerError: the output was changed or is not complete. Nothing is written then.

    >>> from tempfile import TemporaryDirectory
    >>> from cleaner import run
    >>> with TemporaryDirectory() as name:
    ...     folder = Path(name)
    ...     (folder / "raw").mkdir()
    ...     written = (folder / "raw" / "ferry.txt").write_text("Advertisement")
    ...     summary = run(folder / "raw", folder / "clean")
    ...     (summary.counts["dropped"], restore(folder / "clean", folder / "before"))
    (1, 1)

    """
    clean, out = Path(clean), Path(out)
    shard_bytes = read_summary(clean).config.shard_megabytes << 20
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} is there already; name a new folder, or an empty one")
    parent = out.absolute().parent
    with told_in_a_line(parent):
        parent.mkdir(parents=True, exist_ok=True)
        return _put_together(clean, out, parent, shard_bytes)


def _put_together(clean: Path, out: Path, parent: Path, shard_bytes: int) -> int:
    """Write aside, and rename what is whole."""
    with TemporaryDirectory(prefix=".cleaner-", dir=parent) as aside:
        made = Path(aside) / "made"
        made.mkdir()
        number = _write(restored_rows(clean), made, shard_bytes)
        if out.exists():
            out.rmdir()
        made.rename(out)
    return number


def _write(rows: Iterable[bytes], folder: Path, shard_bytes: int) -> int:
    """Write rows to numbered files, each on the disk before the next begins."""
    lines = iter(rows)
    number = shard = 0
    line = next(lines, None)
    while line is not None or shard == 0:
        with (folder / f"part-{shard:05d}.jsonl").open("wb") as stream:
            while line is not None and stream.tell() < shard_bytes:
                stream.write(line)
                number += 1
                line = next(lines, None)
            stream.flush()
            os.fsync(stream.fileno())
        shard += 1
    return number


def _row(finished: FinishedDocument) -> dict[str, Any]:
    document = finished.document
    kept = {
        name: value for name, value in document.metadata.items() if name not in OF_THE_KEPT_TEXT
    }
    return {
        "id": document.id,
        "text": "\n\n".join(document.paragraphs()),
        "source": document.source,
        "metadata": kept,
    }


def _check_files(output: Output, summary: WrittenSummary, index: Index) -> None:
    """Refuse an output that was changed; name the row, if the rows tell which one it is."""
    for fault in changed_files(output.folder, summary):
        if fault.where.startswith(NOT_READ):
            continue
        faults = Faults()
        for _ in walk(output, index, faults.note):
            if faults.total:
                break
        rows = "".join(f" ({row.where}: {row.told})" for row in faults.firsts.values())
        _stop(replace(fault, told=fault.told + rows))


def _stop(fault: Fault) -> NoReturn:
    raise CleanerError(
        f"{fault.where}: {fault.told}; nothing can be restored from an output that was changed or "
        "is not complete: take it from a copy, or make it again with cleaner run and --overwrite"
    )
