"""Records that an engine refuses to work on once more: what is said of them."""

from collections.abc import Iterator, Mapping, Sequence

from cleaner.config import Config
from cleaner.engines import Cause, Refusal
from cleaner.stages.read import ReadItem
from cleaner.stages.rejection import Rejection


def without_refused(
    items: Sequence[ReadItem], refused: Mapping[int, Refusal], config: Config
) -> Iterator[ReadItem]:
    """The records of a batch, with a rejection in the place of each that is refused."""
    for number, item in enumerate(items):
        if number in refused and not isinstance(item, Rejection):
            yield Rejection(item.source, item.number, _reason(refused[number], config))
        else:
            yield item


def _reason(refusal: Refusal, config: Config) -> str:
    if refusal.cause is Cause.TIME:
        seconds = config.max_record_seconds
        return (
            f"it took longer than {seconds} second{'s' if seconds > 1 else ''}; "
            "raise --max-record-seconds to wait longer"
        )
    if refusal.cause is Cause.MEMORY:
        return (
            f"it needed more than {config.max_record_memory} MB of memory; "
            "raise --max-record-memory to let it have more"
        )
    return f"the process that worked on it died twice ({refusal.how}); the record may be malicious"
