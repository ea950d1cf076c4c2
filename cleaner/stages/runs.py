"""Lines that are boilerplate in company: "WhatsApp", "Email", "Print", one below the other."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from cleaner.document import MarkedParagraph
from cleaner.rule import Rule, RulePlace
from cleaner.words import is_prose

SHORTEST = 3
"""Lines of a run, counting those that other rules have taken."""


def lines_in_runs(
    paragraphs: Sequence[MarkedParagraph], matches: Sequence[Sequence[Rule]]
) -> Iterator[tuple[int, str]]:
    """The lines that a rule for runs fits, where enough such or marked lines stand together.

    Args:
        paragraphs: of one document, as their own words mark them.
        matches: the rules that fit each.

    """
    fitting = [
        next((rule for rule in found if rule.place is RulePlace.RUN), None) for found in matches
    ]

    def is_member(at: int) -> bool:
        return fitting[at] is not None or paragraphs[at].mark is not None

    prose = [at for at, one in enumerate(paragraphs) if one.mark is None and is_prose(one.text)]
    first, last = (prose[0], prose[-1]) if prose else (len(paragraphs), -1)
    for together, group in groupby(range(len(paragraphs)), key=is_member):
        run = list(group)
        # Between prose they may be a list that is told of.
        is_at_edge = run[-1] < first or run[0] > last
        if together and is_at_edge and len(run) >= SHORTEST:
            for at in run:
                rule = fitting[at]
                if rule and paragraphs[at].mark is None:
                    yield at, rule.id
