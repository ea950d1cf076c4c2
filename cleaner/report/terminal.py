"""How the terminal shows a document with its reasons, and what is different between two outputs."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.text import Text

from cleaner.compare import Change, Difference
from cleaner.console import PlainConsole
from cleaner.document import Mark
from cleaner.explain import ExplainedParagraph
from cleaner.output.walk import FinishedDocument
from cleaner.shown import shown

EXAMPLES = 3
LONGEST_EXAMPLE = 160


def print_explained(found: FinishedDocument, paragraphs: Sequence[ExplainedParagraph]) -> None:
    """Print one document: its paragraphs, those removed struck out with the reason below."""
    console = PlainConsole()
    became = f"dropped: {found.reason}" if found.reason else "written"
    head = f"{found.document.id} ({found.document.source}), {became}"
    kept = sum(one.mark is None for one in paragraphs)
    console.print(Text(shown(head), style="bold"))
    console.print(f"{kept:,} of {sum(not one.is_part for one in paragraphs):,} paragraphs kept\n")
    for one in paragraphs:
        for line in _lines_of(one):
            console.print(line)


def _lines_of(one: ExplainedParagraph) -> list[Text]:
    sign = " " if one.mark is None else "-"
    number = " cut" if one.is_part else f"{one.position:4}"
    style = "" if one.mark is None else "strike dim"
    lines = [Text.assemble(f"{sign} {number}  ", (shown(one.text), style))]
    if one.mark is not None:
        lines.append(Text(f"        {_reason(one.mark)}", style="italic"))
    if one.original is not None and one.original != one.text:
        lines.append(Text(f"        which reads: {shown(one.original)}", style="dim"))
    return lines


def _reason(mark: Mark) -> str:
    if mark.of is not None:
        alike = "" if mark.similarity is None else f", {mark.similarity:.2f} alike"
        return shown(f"copy of paragraph {mark.of.position} of {mark.of.id}{alike}")
    if mark.count is not None:
        return f"template: {mark.count:,} documents of its site hold it"
    return f"{mark.reason.value}: {mark.rule}"


def print_compared(
    settings: Iterable[str], found: Iterable[Difference], documents: tuple[int, int]
) -> None:
    """Print what differs: options and versions, and for each kind of change its first examples.

    Args:
        settings: the options and versions that differ, in words.
        found: all differences.
        documents: how many each of the outputs has.

    """
    console = PlainConsole()
    for told in settings:
        console.print(shown(told))
    numbers: Counter[tuple[Change, str]] = Counter()
    examples: dict[tuple[Change, str], list[Difference]] = {}
    for one in found:
        kind = (one.change, " to ".join(filter(None, one.causes)))
        numbers[kind] += 1
        if numbers[kind] <= EXAMPLES:
            examples.setdefault(kind, []).append(one)
    alone = numbers[Change.ONLY_FIRST, ""], numbers[Change.ONLY_SECOND, ""]
    if any(documents) and alone == documents:
        console.print("these are outputs of different input: no document is in both")
    for (change, cause), number in sorted(numbers.items()):
        told = f"{change}, {cause}" if cause else change.value
        console.print(Text(shown(f"{told}: {number:,}"), style="bold"))
        for one in examples[change, cause]:
            console.print(shown(f"    {_example(one)}"))
        if number > EXAMPLES:
            console.print(f"    … and {number - EXAMPLES:,} more")
    if not numbers:
        console.print("no differences in what is kept and removed")


def _example(one: Difference) -> str:
    if not one.text:
        return one.id
    dots = "…" if len(one.text) > LONGEST_EXAMPLE else ""
    return f"{one.id}: {one.text[:LONGEST_EXAMPLE]}{dots}"
