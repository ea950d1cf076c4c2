"""What a program of a user's looks like, for the type checker: `tests/test_typing.py` runs it."""

from collections.abc import Iterator
from pathlib import Path

from cleaner import (
    CleanDocument,
    Cleaner,
    CleanerError,
    Config,
    Rejected,
    Summary,
    Verification,
    clean_html,
    clean_text,
    map_batch,
    read_rules,
    restore,
    run,
    signatures_of,
    verify,
)


def texts(page: bytes) -> tuple[str, str]:
    """One text and one page."""
    return clean_text("A text.").text, clean_html(page, Config(min_words=5)).text


def stream(rows: Iterator[dict[str, str]], config: Config | None = None) -> Iterator[CleanDocument]:
    """A stream, and what is told of what is rejected."""
    errors: list[str] = []

    def note(rejected: Rejected) -> None:
        errors.append(f"{rejected.number}: {rejected.error}")

    documents = Cleaner(config).clean(rows, on_rejected=note, scratch="work")
    for document in documents:
        for removal in document.removed:
            similarity: float | None = removal.mark.similarity
            rule: str | None = removal.mark.rule
            errors.append(f"{removal.position}: {removal.mark.reason.value} {rule} {similarity}")
        yield document
    documents.close()


def rejected_to_a_list(mixed: list[str | dict[str, object]]) -> list[Rejected]:
    """Texts and rows in one stream."""
    rejected: list[Rejected] = []
    kept: list[str] = [one.text for one in Cleaner().clean(mixed, on_rejected=rejected.append)]
    kept.append(Cleaner().clean_one({"text": "One more."}).text)
    return rejected


def whole_job(raw: Path, rules: str) -> tuple[Summary, Verification, int]:
    """A folder, with options of each kind."""
    config = Config(
        own_rules=read_rules(rules),
        workers=4,
        across_documents="mark",
        disabled_rules=("bio",),
        threshold=0.9,
    )
    try:
        summary = run(raw, "clean", config, overwrite=True)
    except CleanerError as error:
        raise SystemExit(str(error)) from None
    found = verify("clean")
    if found.faults.total or any(one.kind == "site" for one in summary.warnings):
        raise SystemExit(found.counts.kept)
    return summary, found, restore("clean", Path("before"))


def batches() -> dict[str, list[object]]:
    """A function of columns."""
    columns: dict[str, list[object]] = map_batch(Config(), drop_empty=True)({"text": ["A text."]})
    return columns


def signatures() -> int:
    """An array of numpy's."""
    return int(signatures_of(["one two three"]).shape[0])
