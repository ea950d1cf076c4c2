"""A loss that should be looked at, in numbers and in words."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cleaner.document import Reason
from cleaner.losses.tally import DROPPED, REJECTED, UNREAD

CHARACTERS, RECORDS = "characters", "records"
RULE = "rule"

OTHER_CAUSES: Mapping[str, tuple[str, str]] = {
    Reason.DUPLICATE: (
        "as copies",
        (
            "look at them in removed/; --within-documents mark and --across-documents mark keep "
            "copies in the text"
        ),
    ),
    Reason.TEMPLATE: (
        "as templates",
        "look at them in removed/; --template-documents and --template-share say what is one",
    ),
    REJECTED: ("rejected", "rejected.jsonl says why"),
    DROPPED: ("dropped", "dropped.jsonl says why"),
}
"""Causes that are no rules: how a loss is called, and what to do about it."""


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
    Or `unread`, where a part of unknown size could not be read: then `lost` counts such parts."""
    told: str
    """All of this in words, and what to do."""

    def as_row(self) -> Mapping[str, Any]:
        """As it stands in `summary.json`."""
        return asdict(self)


def warning_of(kind: str, name: str, loss: Loss, typical: float | None) -> LossWarning:
    """The warning of a loss, with its words."""
    told = _told(kind, name, loss, typical)
    return LossWarning(
        kind, name, loss.unit, loss.lost, loss.of, loss.share, typical, loss.cause, told
    )


def _told(kind: str, name: str, loss: Loss, typical: float | None) -> str:
    if loss.cause is None:
        return "nothing was read: there is no file of a kind that `cleaner run --help` lists"
    if loss.cause == UNREAD:
        before = loss.of - loss.lost
        return (
            f"{kind} {name} could not be read to its end, and nobody knows how much is lost: "
            f"{before:,} {_unit(loss.unit, before)} came of it; rejected.jsonl says why"
        )
    called, to_do = OTHER_CAUSES.get(
        loss.cause,
        (
            f"by rule {loss.cause}",
            f"look at its lines in removed/; --disable {loss.cause} leaves the rule out",
        ),
    )
    if kind == RULE:
        return f"rule {name} takes {loss.share:.1%} of all text: {to_do}"
    share = f"{loss.share:.1%} of its {loss.of:,} {_unit(loss.unit, loss.of)}"
    rest = "" if typical is None else f", where {typical:.1%} is typical"
    return f"{kind} {name or 'as a whole'} loses {share}{rest}, most of it {called}: {to_do}"


def _unit(unit: str, number: int) -> str:
    return unit if number != 1 else unit.removesuffix("s")
