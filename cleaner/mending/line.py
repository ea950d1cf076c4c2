"""ftfy's steps on one text, each only where the scan says that it may change something."""

from collections.abc import Callable

from ftfy import ExplanationStep, TextFixerConfig, fixes

from cleaner.mending.encoding import MOST_PASSES, Steps, mend_encoding
from cleaner.mending.normal import normalized
from cleaner.mending.scan import ENTITY, MARKS, MOJIBAKE, QUOTE, scan
from cleaner.mending.switches import Switches

CHARACTER_STEPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("fix_c1_controls", fixes.fix_c1_controls),
    ("fix_latin_ligatures", fixes.fix_latin_ligatures),
    ("fix_character_width", fixes.fix_character_width),
    ("uncurl_quotes", fixes.uncurl_quotes),
    ("fix_line_breaks", fixes.fix_line_breaks),
    ("fix_surrogates", fixes.fix_surrogates),
    ("remove_terminal_escapes", fixes.remove_terminal_escapes),
    ("remove_control_chars", fixes.remove_control_chars),
)
"""ftfy's steps after the encoding, in its order."""

SINGLE_QUOTES, DOUBLE_QUOTES = "\u02bc\u2018\u2019\u201a\u201b", "\u201c\u201d\u201e\u201f"


def mend_as_ftfy(text: str, switches: Switches) -> tuple[str, Steps]:
    """What `ftfy.fix_and_explain` makes of a line: the text, and the steps that led there.

    A line that is still not at rest after many rounds, which entities in entities can bring about,
    keeps its entities: ftfy would take the square of its length.
    """
    unescape = switches.fixer.unescape_html
    may_unescape = bool(unescape) and (unescape != "auto" or "<" not in text)
    return (
        _at_rest(text, switches, may_unescape=may_unescape)
        or _at_rest(text, switches, may_unescape=False)
        or (text, Steps())
    )


def _at_rest(text: str, switches: Switches, *, may_unescape: bool) -> tuple[str, Steps] | None:
    """The text once another round would not change it; None if that takes too many."""
    steps = Steps()
    for _ in range(MOST_PASSES):
        mended, taken = one_round(text, scan(text), switches, may_unescape=may_unescape)
        if mended == text:
            return mended, steps
        text = mended
        steps += taken
    return None


def one_round(
    text: str, trouble: int, switches: Switches, *, may_unescape: bool
) -> tuple[str, Steps]:
    """Each of ftfy's steps once, on a text that holds no other trouble than is said."""
    fixer, mended, steps = switches.fixer, text, Steps()
    if trouble & ENTITY and may_unescape:
        mended = _applied("unescape_html", fixes.unescape_html, mended, steps)
        trouble = scan(mended) if steps else trouble
    if trouble & MOJIBAKE and fixer.fix_encoding:
        mended, taken = mend_encoding(mended, fixer)
        steps += taken
        trouble = scan(mended) if taken else trouble
    if of_characters := trouble & switches.of_characters:
        mended = _characters_mended(mended, of_characters, fixer, steps)
        # Of all that follows only marks are asked for, and quotes are none.
        trouble = trouble if of_characters == QUOTE else scan(mended)
    if fixer.normalization is not None:
        normal = normalized(mended, fixer.normalization, is_crowded=bool(trouble & MARKS))
        if normal != mended:
            steps.append(ExplanationStep("normalize", fixer.normalization))
        mended = normal
    return mended, steps


def _characters_mended(text: str, trouble: int, fixer: TextFixerConfig, steps: Steps) -> str:
    if trouble == QUOTE:
        return _applied("uncurl_quotes", uncurled, text, steps)
    # A step may leave what a later one mends, so all of them, as ftfy does.
    for name, step in CHARACTER_STEPS:
        if getattr(fixer, name):
            text = _applied(name, step, text, steps)
    return text


def uncurled(text: str) -> str:
    """With straight quotes, as ftfy has it. To replace them costs a fraction of its expressions."""
    for quotes, straight in ((SINGLE_QUOTES, "'"), (DOUBLE_QUOTES, '"')):
        for quote in quotes:
            text = text.replace(quote, straight)
    return text


def _applied(name: str, step: Callable[[str], str], text: str, steps: Steps) -> str:
    mended = step(text)
    if mended != text:
        steps.append(ExplanationStep("apply", name))
    return mended
