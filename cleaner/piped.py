"""A run of which the input or the output is a stream: what is spooled where, and what remains."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from cleaner.apart import check_input, check_no_file
from cleaner.config import Config
from cleaner.earlier.feed import Indexes, opened_indexes
from cleaner.errors import UsageError
from cleaner.finished import MADE
from cleaner.formats.extras import check_extras
from cleaner.job import Asked, Listeners, make, run_once
from cleaner.journal import Journal
from cleaner.log import log_outcome
from cleaner.losses.warning import without_folder
from cleaner.outcome import Before, Summary
from cleaner.output_formats import PARQUET, check_libraries
from cleaner.pipeline import Progress
from cleaner.rules import ruleset_for
from cleaner.spool import AT_ONCE, cannot_write, scratch_folder, spool_bytes
from cleaner.stages.discover import take_inventory
from cleaner.trouble import explained
from cleaner.workspace import opened
from cleaner.written import HIDDEN

SPOOL = "stdin-"


@dataclass(frozen=True, slots=True)
class Made:
    """What a run has made in a scratch folder."""

    summary: Summary
    folder: Path
    files: tuple[Path, ...]
    """Its files, named from the folder, in their order."""

    def rows(self, kind: str) -> Iterator[bytes]:
        """The rows of all files of a kind, such as `documents`, in pieces of any size."""
        for file in self.files:
            if file.parts[0] == kind:
                with (self.folder / file).open("rb") as stream:
                    while piece := stream.read(AT_ONCE):
                        yield piece


def run_from_stream(  # noqa: PLR0913 - as `run`
    stream: BinaryIO,
    clean: Path,
    config: Config,
    *,
    overwrite: bool,
    progress: Progress | None = None,
    resumed: Callable[[Before], None] | None = None,
    against: Path | None = None,
    save_index: Path | None = None,
) -> Summary:
    """Clean rows of JSON, plain or packed, and write to CLEAN what a run over a file of them would.

    The stream is copied to CLEAN first. Of a run that was cut off the work stays, and the copy does
    not: a run that is given the same rows again knows them by their content, and goes on.

    Raises:
        CleanerError: the run cannot start or go on; the message says what to do.

    """
    ruleset_for(config.disabled_rules, config.own_rules)
    check_libraries(config)
    check_no_file(clean)
    try:
        with opened(clean), opened_indexes(Indexes(against, save_index), config) as feed:
            hidden = clean.resolve() / HIDDEN
            for earlier in hidden.glob(f"{SPOOL}*"):  # of a run that was killed while it read
                shutil.rmtree(earlier, ignore_errors=True)
            with TemporaryDirectory(prefix=SPOOL, dir=hidden) as folder:
                inventory = spool_bytes(stream, Path(folder))
                heard = Listeners.of(progress, resumed)
                summary = run_once(Asked(inventory, config, heard, feed, overwrite), clean)
    except OSError as error:
        raise explained(error, clean) from error
    log_outcome(summary.counts, summary.warnings)
    return summary


@contextmanager
def made_in_scratch(
    raw: Path | BinaryIO, config: Config, scratch: Path | None, progress: Progress | None
) -> Iterator[Made]:
    """Clean every file below RAW, or the rows of a stream, in a scratch folder, which is deleted.

    Raises:
        UsageError: the format is one of which files cannot be joined, or lacks its library.
        CleanerError: the run cannot start or go on; the message says what to do.

    """
    ruleset_for(config.disabled_rules, config.own_rules)
    if config.output_format == PARQUET:
        raise UsageError("Parquet files cannot go through a pipe; name a folder for the output")
    if config.signatures:
        raise UsageError("--signatures writes files beside the documents; name a folder for them")
    if isinstance(raw, Path):
        check_input(raw)
        taken = take_inventory(raw)
        check_extras(taken.files)
    with scratch_folder(scratch) as folder:
        work = folder / "work"
        try:
            work.mkdir()
            inventory = taken if isinstance(raw, Path) else spool_bytes(raw, folder)
            with Journal(work, keeps_records=False) as journal:
                summary, files = make(Asked(inventory, config, Listeners.of(progress)), journal)
        except OSError as error:
            raise cannot_write(error, scratch) from error
        summary = replace(summary, warnings=tuple(map(without_folder, summary.warnings)))
        log_outcome(summary.counts, summary.warnings)
        yield Made(summary, work / MADE, files)


def check_new(path: Path, raw: Path | BinaryIO, *, overwrite: bool) -> None:
    """Refuse to write to a file that is there.

    Raises:
        UsageError: it is there, or it is no name of a file.

    """
    is_other = path.is_symlink() or (path.exists() and not path.is_file())
    if is_other or not path.parent.is_dir():
        raise UsageError(f"{path} cannot be a file; name one in a folder that is there")
    if isinstance(raw, Path) and raw.resolve() in {path.resolve(), *path.resolve().parents}:
        raise UsageError(f"{path} lies in {raw}, which is read; name a file outside it")
    if path.exists() and not overwrite:
        raise UsageError(f"{path} is there already; name another file, or add --overwrite")
