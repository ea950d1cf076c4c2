"""Lines of text to mended lines: all at once where that is the same, else one by one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ftfy import ExplanationStep

from cleaner.mending.encoding import Steps
from cleaner.mending.invisible import without_invisible
from cleaner.mending.line import mend_as_ftfy, one_round, uncurled
from cleaner.mending.scan import INVISIBLE, OF_LINES, QUOTE, scan
from cleaner.mending.switches import Switches
from cleaner.stages.linebreaks import settle_line_breaks

ASCII_SPACE = " \t\n\r\x0b\x0c"
"""Before the repair only this is stripped: U+0085 or U+00A0 may be half of a mangled letter."""

MOST_PASSES = 8
"""A second pass is needed only where stripping, splitting or taking out what is invisible has
changed what ftfy's steps gave back."""

OF_ENCODING = ("decode_inconsistent_utf8", "fix_c1_controls")


@dataclass(frozen=True, slots=True)
class Mended:
    """What lines have become."""

    lines: Sequence[str]
    """For each line given, what it is now: stripped, perhaps empty, and with line feeds where it
    held line breaks and has become several."""
    counts: Counter[str]
    """How many lines had mojibake (`encoding`) and entities (`entities`), and how many characters
    of each kind of `invisible.toml` there were."""


def mend_lines(lines: Sequence[str], switches: Switches) -> Mended:
    """Mend each line by itself. Doing it again would change nothing."""
    if switches.strips:
        lines = [line.strip(ASCII_SPACE) for line in lines]
    counts: Counter[str] = Counter()
    together = _together(lines, switches, counts)
    if together is not None:
        return Mended(together, counts)
    alone = [bool("\n" in line or scan(line) & OF_LINES) for line in lines]
    others = [line for line, is_alone in zip(lines, alone, strict=True) if not is_alone]
    together = _together(others, switches, counts) if len(others) < len(lines) else None
    if together is None:
        alone, together = [True] * len(lines), []
    rest = iter(together)
    mended = [
        "\n".join(mend_line(line, switches, counts)[0]) if is_alone else next(rest)
        for line, is_alone in zip(lines, alone, strict=True)
    ]
    return Mended(mended, counts)


def _together(
    lines: Sequence[str], switches: Switches, counts: Counter[str]
) -> Sequence[str] | None:
    """All lines mended as one text, which takes a fraction of the time; one for each given.

    None, and nothing counted, where a line holds what only looking at each line can tell.
    """
    text = "\n".join(lines)
    most = switches.fixer.max_decode_length
    is_cut = len(text) > most and any(len(line) > most for line in lines)
    if is_cut or text.count("\n") >= max(len(lines), 1):
        return None
    found: Counter[str] = Counter()
    for _ in range(MOST_PASSES):
        trouble = scan(text)
        if trouble & OF_LINES:
            return None
        if trouble & switches.of_characters == trouble == QUOTE:
            text, trouble = uncurled(text), 0  # straight quotes are no trouble, and bring none
        mended, _ = one_round(text, trouble, switches, may_unescape=False)
        if mended == text:
            finished = _finished(text, trouble, switches, found)
            mended = "\n".join(finished)
            if mended == text:
                counts += found
                return finished[: len(lines)]
        text = mended
    return None


def _finished(text: str, trouble: int, switches: Switches, counts: Counter[str]) -> list[str]:
    """The lines, without what is invisible, and each stripped."""
    if trouble & INVISIBLE:
        text = without_invisible(text, switches.invisible, counts)
    lines = text.split("\n")
    return [line.strip() for line in lines] if switches.strips else lines


def mend_line(line: str, switches: Switches, counts: Counter[str]) -> tuple[list[str], Steps]:
    """The lines that one line becomes, and the steps of ftfy that led there.

    What was mended is added to `counts`.
    """
    lines = _settled(line, switches)
    if switches.strips:
        lines = [part.strip(ASCII_SPACE) for part in lines]
    all_steps = Steps()
    for _ in range(MOST_PASSES):
        before, lines = lines, []
        for part in before:
            mended, steps = _in_pieces(part, switches)
            all_steps += steps
            for rest in _settled(mended, switches):
                lines += _finished(rest, scan(rest), switches, counts)
        if lines == before:
            break
    counts.update(_counted(all_steps))
    return lines, all_steps


def _settled(text: str, switches: Switches) -> list[str]:
    return (settle_line_breaks(text) if switches.fixer.fix_line_breaks else text).split("\n")


def _in_pieces(line: str, switches: Switches) -> tuple[str, Steps]:
    """A line as ftfy mends it, in pieces if it is longer than it should look at at once."""
    most = switches.fixer.max_decode_length
    if len(line) <= most:
        return mend_as_ftfy(line, switches)
    pieces = [mend_as_ftfy(line[at : at + most], switches) for at in range(0, len(line), most)]
    return "".join(text for text, _ in pieces), [step for _, steps in pieces for step in steps]


def _counted(steps: Sequence[ExplanationStep]) -> Counter[str]:
    """What one line adds to the counts."""
    was_unescaped = ExplanationStep("apply", "unescape_html") in steps
    had_mojibake = any(
        step.action in ("decode", "transcode") or step.parameter in OF_ENCODING for step in steps
    )
    return Counter(encoding=int(had_mojibake), entities=int(was_unescaped))
