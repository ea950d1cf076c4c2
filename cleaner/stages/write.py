"""Write a batch's outcomes as rows: documents, and what was taken out of them or could not be."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from cleaner.config import Config
from cleaner.document import CleanDocument, Removal
from cleaner.json_lines import dump_for_others, dump_text
from cleaner.output_formats import is_metadata_text, row_suffix
from cleaner.packing import RowFile
from cleaner.stages.counts import Counts
from cleaner.stages.rejection import Rejection


def write_outcomes(
    outcomes: Iterable[CleanDocument | Rejection], folder: Path, config: Config
) -> Counts:
    """Write a batch's outcomes to files in a folder, one for each kind of row."""
    counts, suffix, as_text = Counts(), row_suffix(config), is_metadata_text(config)
    names = {"documents": suffix, "removed": suffix, "dropped": ".jsonl", "rejected": ".jsonl"}
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        files = {
            kind: stack.enter_context(RowFile(folder / f"{kind}{end}"))
            for kind, end in names.items()
        }
        for outcome in outcomes:
            for kind, row in _rows(outcome, as_text=as_text):
                files[kind].write(dump_for_others(row))
            counts.note(outcome)
    return counts


def _rows(
    outcome: CleanDocument | Rejection, *, as_text: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(outcome, Rejection):
        yield (
            "rejected",
            {
                "source": outcome.source,
                "record": outcome.record,
                "error": outcome.error,
                "rest": outcome.is_rest,
            },
        )
        return
    if outcome.kept:
        yield (
            "documents",
            {
                "id": outcome.id,
                "text": outcome.text,
                "source": outcome.source,
                "metadata": dump_text(outcome.metadata) if as_text else outcome.metadata,
            },
        )
    else:
        yield (
            "dropped",
            {
                "id": outcome.id,
                "source": outcome.source,
                "reason": why_nothing_is_left(outcome),
            },
        )
    for removal in outcome.removed:
        yield "removed", removed_row(outcome.id, removal)


def removed_row(document: str, removal: Removal) -> dict[str, Any]:
    """What is on record of one removal from the document of this id."""
    mark = removal.mark
    return {
        "id": document,
        "position": removal.position,
        "at": removal.at,
        "text": removal.text,
        "reason": mark.reason,
        "rule": mark.rule,
        "of": {"id": mark.of.id, "position": mark.of.position} if mark.of else None,
        "similarity": mark.similarity,
        "count": mark.count,
    }


def why_nothing_is_left(document: CleanDocument) -> str:
    """The reason that `dropped.jsonl` gives."""
    reasons = Counter(
        removal.mark.reason.value for removal in document.removed if removal.at is None
    )
    if not reasons:
        return "it held no text once its encoding was repaired"
    told = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    return f"every paragraph was removed: {told}"
