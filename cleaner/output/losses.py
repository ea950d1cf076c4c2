"""Whether the summary warns of what the files say was lost, and of nothing else."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from cleaner.config import Config
from cleaner.document import CleanDocument
from cleaner.losses.judgement import find_warnings, is_far_more
from cleaner.losses.ledger import Ledger
from cleaner.losses.tally import SITE, Losses
from cleaner.losses.warning import Loss, LossWarning, warning_of
from cleaner.output.faults import Fault, FaultKind
from cleaner.output.summary import SUMMARY
from cleaner.stages.rejection import Rejection

AT_ONCE = 1 << 12
"""Records whose losses are held in memory."""


class LossCheck:
    """Adds up what records lost, and compares the warnings. Use it in a `with` statement."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._folder = TemporaryDirectory(prefix="cleaner-")
        self._ledger = Ledger(Path(self._folder.name) / "ledger")
        self._losses, self._noted = Losses(), 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ledger.__exit__(kind, error, trace)
        self._folder.cleanup()

    def note(self, outcome: CleanDocument | Rejection) -> None:
        """Note one record."""
        self._losses.note(outcome)
        self._noted += 1
        if self._noted == AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        self._ledger.add(self._losses.rows())
        self._losses, self._noted = Losses(), 0

    def faults(self, written: Sequence[LossWarning], dropped: int) -> Iterator[Fault]:
        """What is wrong with the warnings on record.

        The site of a dropped document is not on record: where there are such, the warnings of sites
        are only asked whether they fit themselves and the options.
        """
        self._flush()
        found: Sequence[LossWarning] = find_warnings(self._ledger, self._config)
        if dropped:
            for warning in written:
                if warning.kind == SITE and not self._fits(warning):
                    yield _fault(f"its numbers do not say: {warning.told}")
            written, found = _without_sites(written), _without_sites(found)
        for one, other in zip_longest(written, found):
            if one != other:
                told, due = (warning.told if warning else "nothing" for warning in (one, other))
                yield _fault(f"it says {told!r}, and the files say {due!r}")

    def _fits(self, warning: LossWarning) -> bool:
        loss = Loss(warning.unit, warning.lost, warning.of, warning.cause)
        is_due = is_far_more(loss.share, warning.typical or 0.0, self._config.warn_share)
        return is_due and warning == warning_of(SITE, warning.name, loss, warning.typical)


def _without_sites(warnings: Sequence[LossWarning]) -> Sequence[LossWarning]:
    return [warning for warning in warnings if warning.kind != SITE]


def _fault(told: str) -> Fault:
    return Fault(FaultKind.WARNING, SUMMARY, told)
