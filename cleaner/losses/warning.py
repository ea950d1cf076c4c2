"""A loss that should be looked at, in numbers and in words."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from cleaner.document import Reason
from cleaner.losses.tally import DROPPED, REJECTED, UNREAD

CHARACTERS, RECORDS = "characters", "records"
RULE = "rule"
UNNAMED = "unnamed"
"""A cause: nearly no document has its id from the field that was to hold it."""

CALLED: Mapping[str, str] = {
    Reason.DUPLICATE: "as copies",
    Reason.TEMPLATE: "as templates",
    REJECTED: "rejected",
    DROPPED: "dropped",
}
"""How a loss is called whose cause is no rule."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look for what was lost."""

    removed: str
    rejected: str
    dropped: str


IN_FOLDER = Places("look at {} in removed/", "rejected.jsonl says why", "dropped.jsonl says why")
NOWHERE = Places(
    "--removed FILE writes {}",
    "the reasons are counted, and a folder for the output has each on record",
    "a folder for the output has each on record, and why",
)
"""Of an output that goes to a pipe."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What a source lost, in one unit."""

    unit: str
    """`characters` of paragraphs, or `records` that gave no document."""
    lost: int
    of: int
    cause: str | None
    """What took the most: a rule, `template`, `duplicate`, `rejected`, `dropped`; None: nothing."""

    @property
    def share(self) -> float:
        """What was lost of all; 0 of nothing."""
        return self.lost / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class LossWarning:
    """A loss that should be looked at."""

    kind: str
    """`corpus`, `rule`, `site`, `file` or `folder`."""
    name: str
    """Of the rule, site, file or folder; empty for the corpus."""
    unit: str
    """What is counted: `characters` of paragraphs, or `records` that gave no document."""
    lost: int
    of: int
    share: float
    """`lost` by `of`."""
    typical: float | None
    """The lower median of the shares of that kind's sources, or where no other has enough to be
    compared with, the share that the rest of the corpus lost; None for the corpus and for rules."""
    cause: str | None
    """What took the most: a rule, `template`, `duplicate`, `rejected`, `dropped`; None: nothing.
    Or `unread`, where a part of unknown size could not be read: then `lost` counts such parts; or
    `unnamed`, where nearly no record has the field for ids: then `lost` counts those without."""
    told: str
    """All of this in words, and what to do."""

    def as_row(self) -> Mapping[str, Any]:
        """As it stands in `summary.json`."""
        return asdict(self)


def warning_of(
    kind: str, name: str, loss: Loss, typical: float | None, detail: str = ""
) -> LossWarning:
    """The warning of a loss, with its words.

    Args:
        kind: of the source, as in `LossWarning`.
        name: of the source.
        loss: what it lost.
        typical: the share that others lost.
        detail: of what was unread, the reason of one part; of what is unnamed, the field.

    """
    told = _told(kind, name, loss, typical, detail)
    return LossWarning(
        kind, name, loss.unit, loss.lost, loss.of, loss.share, typical, loss.cause, told
    )


def without_folder(warning: LossWarning) -> LossWarning:
    """The warning in words for a run that leaves no folder to look into."""
    if warning.cause in (None, UNREAD, UNNAMED):
        return warning
    loss = Loss(warning.unit, warning.lost, warning.of, warning.cause)
    told = _told_loss(warning.kind, warning.name, loss, warning.typical, NOWHERE)
    return replace(warning, told=told)


def _told(kind: str, name: str, loss: Loss, typical: float | None, detail: str) -> str:
    if loss.cause is None:
        return (
            "nothing was read: the input is empty, or has no file of a kind that "
            "`cleaner run --help` lists"
        )
    if loss.cause == UNREAD:
        return _told_unread(kind, name, loss, detail)
    if loss.cause == UNNAMED:
        return (
            f"{loss.lost:,} of {loss.of:,} {_unit(loss.unit, loss.of)} have no field {detail!r}, "
            "so that they are named by file and number; name the right field with --id-field"
        )
    return _told_loss(kind, name, loss, typical, IN_FOLDER)


def _told_unread(kind: str, name: str, loss: Loss, reason: str) -> str:
    """A part that was not read is one of the records itself."""
    before = loss.of - loss.lost
    first = "" if loss.lost == 1 else f" (the first of {loss.lost:,} reasons)"
    if not before:
        return f"{kind} {name} could not be read, nobody knows how much it holds: {reason}{first}"
    return (
        f"{kind} {name} could not be read to its end, and nobody knows how much is lost: "
        f"{before:,} {_unit(loss.unit, before)} came of it; {reason}{first}"
    )


def _told_loss(kind: str, name: str, loss: Loss, typical: float | None, places: Places) -> str:
    to_do = _to_do(str(loss.cause), places)
    if kind == RULE:
        return f"rule {name} takes {loss.share:.1%} of all text: {to_do}"
    share = f"{loss.share:.1%} of its {loss.of:,} {_unit(loss.unit, loss.of)}"
    rest = "" if typical is None else f", where {typical:.1%} is typical"
    called = CALLED.get(str(loss.cause), f"by rule {loss.cause}")
    return f"{kind} {name or 'as a whole'} loses {share}{rest}, most of it {called}: {to_do}"


def _to_do(cause: str, places: Places) -> str:
    if cause == REJECTED:
        return places.rejected
    if cause == DROPPED:
        return places.dropped
    if cause == Reason.DUPLICATE:
        flags = "--within-documents mark and --across-documents mark keep copies in the text"
    elif cause == Reason.TEMPLATE:
        flags = "--template-documents and --template-share say what is one"
    else:
        return f"{places.removed.format('its lines')}; --disable {cause} leaves the rule out"
    return f"{places.removed.format('them')}; {flags}"


def _unit(unit: str, number: int) -> str:
    return unit if number != 1 else unit.removesuffix("s")
