"""Which folders a run may read, and which it may write to, given what it reads."""

from pathlib import Path

from cleaner.errors import UsageError
from cleaner.written import HIDDEN, STATE, has_work


def check_apart(raw: Path, clean: Path) -> None:
    """Refuse folders of which one lies in the other.

    Raises:
        UsageError: reading would meet what is written, or --overwrite would delete the input.

    """
    check_no_file(clean)
    inside, outside = clean.resolve(), raw.resolve()
    if inside == outside:
        raise UsageError(f"{clean} is read; name another folder for the output")
    if outside in inside.parents:
        raise UsageError(f"{clean} lies inside {raw}, which is read; name a folder outside it")
    check_input(raw)
    if inside in outside.parents:
        raise UsageError(f"{raw} lies inside {clean}, which is written; name a folder outside it")


def check_index_apart(index: Path, raw: Path) -> None:
    """Refuse an index that would be read as input, or hold it.

    Raises:
        UsageError: one of them lies in the other.

    """
    inside, outside = index.resolve(), raw.resolve()
    if inside == outside or outside in inside.parents or inside in outside.parents:
        raise UsageError(f"the index {index} and {raw}, which is read, must lie apart")


def check_no_file(clean: Path) -> None:
    """Refuse a file as the output folder.

    Raises:
        UsageError: it is one.

    """
    if clean.exists() and not clean.is_dir():
        raise UsageError(f"{clean} is a file; name a folder for the output")


def check_input(raw: Path) -> None:
    """Refuse to read what a run has written, removed text and all.

    Raises:
        UsageError: it is the output, or the work, of a run.

    """
    if (raw / HIDDEN / STATE).exists():
        raise UsageError(
            f"{raw} is the output of a run, removed text and all; to clean its documents again, "
            f"name {raw / 'documents'}"
        )
    if has_work(raw):
        raise UsageError(
            f"{raw} holds the work of a run that has not finished; name another folder"
        )
