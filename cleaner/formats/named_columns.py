"""Whether a table has a column that may hold the documents."""

from collections.abc import Collection

from cleaner.config import Config
from cleaner.nearest import perhaps
from cleaner.stages.fields import field_names
from cleaner.stages.row import LONGEST_FIELD, MOST_FIELDS, NAMES_TOLD
from cleaner.stages.unpack import NotReadError


def check_columns(names: Collection[str], config: Config) -> None:
    """Refuse a table of which no row could be a document.

    Raises:
        NotReadError: it has none of the columns; the message names those that it has.

    """
    wanted = (*field_names(config.text_field), *field_names(config.html_field))
    if not names or any({one, one.partition(".")[0]} & {*names} for one in wanted):
        return
    known = ", ".join(map(repr, [*names][:NAMES_TOLD]))
    among = [name for name in [*names][:MOST_FIELDS] if len(name) <= LONGEST_FIELD]
    near = next(filter(None, (perhaps(one, among) for one in wanted)), "")
    raise NotReadError(
        f"the table has no column {' or '.join(map(repr, wanted))} (its columns: {known}{near}); "
        "name the right one with --text-field or --html-field"
    )
