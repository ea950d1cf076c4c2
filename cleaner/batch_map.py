"""Clean the batches of columns that a data set is mapped by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cleaner.api import Cleaner
from cleaner.config import Config
from cleaner.errors import RecordError
from cleaner.json_lines import dump_line
from cleaner.stages.decode import STREAM
from cleaner.stages.fields import field_names
from cleaner.stages.row import content_of_row
from cleaner.stages.write import removed_row
from cleaner.versions import program_version

REMOVED, METADATA, REJECTED = "cleaner_removed", "cleaner_metadata", "cleaner_rejected"
COLUMNS = (REMOVED, METADATA, REJECTED)
Cleaned = tuple[str, str, str, str]
"""A document's text, and what goes into the three columns."""


@dataclass(frozen=True, slots=True)
class BatchMap:
    """What `map_batch` gives back: a function of columns that can be pickled, the same each time.

    All that decides the result is pickled with it, so that a cache of results can go by that.
    """

    config: Config
    drop_empty: bool
    version: str
    """Of this program."""

    def __call__(self, batch: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
        """The columns of a batch, cleaned."""
        given = {name: list(column) for name, column in batch.items() if name not in COLUMNS}
        rows = [dict(zip(given, row, strict=True)) for row in zip(*given.values(), strict=True)]
        cleaned = [self._cleaned(row) for row in rows]
        stay = [at for at, one in enumerate(cleaned) if one[0] or not self.drop_empty]
        columns = {name: [column[at] for at in stay] for name, column in given.items()}
        fields = field_names(self.config.text_field)
        text = next((name for name in fields if name in given), fields[0])
        names = (text, *COLUMNS)
        return columns | {name: [cleaned[at][i] for at in stay] for i, name in enumerate(names)}

    def _cleaned(self, row: Mapping[str, Any]) -> Cleaned:
        try:
            content = content_of_row(row, STREAM, "0", self.config)
            document = Cleaner(self.config).clean_content(content)
            removed = [removed_row(document.id, removal) for removal in document.removed]
            known = content.metadata
            told = {name: value for name, value in document.metadata.items() if name not in known}
            return document.text, _json(removed), _json(told), ""
        except RecordError as error:
            reason = str(error)
        # As in a run: whatever a hostile page does to a parser, it is this row that fails.
        except Exception as error:  # noqa: BLE001
            reason = f"the record could not be processed: {type(error).__name__}: {error}"
        return "", "[]", "{}", reason


def map_batch(config: Config | None = None, *, drop_empty: bool = False) -> BatchMap:
    r"""A function for `datasets.Dataset.map(..., batched=True)`: columns in, columns out.

    The text is cleaned, the other columns stay, and three are added: `cleaner_removed` and
    `cleaner_metadata` hold JSON, as `removed/` has it and of what the text or page said of itself;
    `cleaner_rejected` why no document could be made, or nothing.

    Each document is cleaned by itself. Copies are found within it and not across documents, and
    there are no templates, for that would depend on how the data set is cut into batches; what a
    whole data set is to decide is for `Cleaner.clean`.

    Args:
        config: the options; the defaults if None.
        drop_empty: leave documents out of which nothing is left, or could be made. Otherwise as
            many rows come back as were given, and these have no text.

    Raises:
        TypeError: it is no `Config`.

    >>> clean = map_batch()
    >>> batch = clean({"text": ["The harbour is open.\n\nAdvertisement", "Advertisement"]})
    >>> batch["text"], batch["cleaner_rejected"]
    (['The harbour is open.', ''], ['', ''])
    >>> map_batch(drop_empty=True)({"text": ["Advertisement"], "url": ["https://a.example"]})["url"]
    []

    """
    Cleaner(config)  # which says what is wrong with it
    return BatchMap(config or Config(), drop_empty, program_version())


def _json(value: object) -> str:
    return dump_line(value).decode().rstrip("\n")
