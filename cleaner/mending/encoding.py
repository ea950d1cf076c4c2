"""Text that was read in the wrong encoding: ftfy's way of finding out, with every switch heeded.

ftfy itself forgets its switches in two places. Where it is not asked for an explanation it mends
encodings by its defaults, so that restore_byte_a0, replace_lossy_sequences,
decode_inconsistent_utf8 and fix_c1_controls are ignored; and where mojibake is only a part of the
text, that part is always mended by the defaults, so that the first two of these are ignored. And it
goes on as long as anything changes, which for one layer in another, a character each, takes the
square of their number. So its loop stands here, over its own tables and functions (ftfy 6.3).
"""

from collections.abc import Sequence
from typing import TypeAlias

from ftfy import ExplanationStep, TextFixerConfig, fixes
from ftfy.badness import is_bad
from ftfy.chardata import (
    ALTERED_UTF8_RE,
    C1_CONTROL_RE,
    CHARMAP_ENCODINGS,
    UTF8_DETECTOR_RE,
    possible_encoding,
)

Steps: TypeAlias = list[ExplanationStep]

OF_VARIANTS = frozenset((0xED, 0xC0))
"""Bytes that may begin half of a surrogate pair, or an overlong zero: UTF-8 as Java writes it."""

MOST_PASSES = 32
"""Text that still changes after so many is no text: real mojibake has a layer or two."""


def mend_encoding(text: str, fixer: TextFixerConfig) -> tuple[str, Steps]:
    """The text as it was meant, and the steps that led there; unchanged if that has no end."""
    mended, steps = text, Steps()
    for _ in range(MOST_PASSES):
        after, taken = _one_step(mended, fixer)
        if after == mended:
            return mended, steps
        mended = after
        steps += taken
    return text, []


def _one_step(text: str, fixer: TextFixerConfig) -> tuple[str, Steps]:
    if text.isascii() or not is_bad(text):
        return text, []
    codecs = [codec for codec in CHARMAP_ENCODINGS if possible_encoding(text, codec)]
    for codec in codecs:
        if decoded := _decoded_again(text, codec, fixer):
            return decoded
    if fixer.decode_inconsistent_utf8:
        mended = _parts_decoded_again(text, fixer)
        if mended != text:
            return mended, [ExplanationStep("apply", "decode_inconsistent_utf8")]
    return _without_c1_controls(text, codecs, fixer)


def _decoded_again(text: str, codec: str, fixer: TextFixerConfig) -> tuple[str, Steps] | None:
    """The text as UTF-8 that had been read in some one-byte encoding, if it can be that."""
    data = text.encode(codec)
    steps = [ExplanationStep("encode", codec)]
    # In MacRoman such a space would be what follows a dash.
    if fixer.restore_byte_a0 and codec != "macroman" and ALTERED_UTF8_RE.search(data):
        restored = fixes.restore_byte_a0(data)
        if restored != data:
            steps.append(ExplanationStep("transcode", "restore_byte_a0"))
        data = restored
    if fixer.replace_lossy_sequences and codec.startswith("sloppy"):
        replaced = fixes.replace_lossy_sequences(data)
        if replaced != data:
            steps.append(ExplanationStep("transcode", "replace_lossy_sequences"))
        data = replaced
    utf8 = "utf-8-variants" if OF_VARIANTS.intersection(data) else "utf-8"
    try:
        return data.decode(utf8), [*steps, ExplanationStep("decode", utf8)]
    except UnicodeDecodeError:
        return None


def _parts_decoded_again(text: str, fixer: TextFixerConfig) -> str:
    return UTF8_DETECTOR_RE.sub(
        lambda match: (
            # A part that is the whole would be asked of itself again, without end.
            mend_encoding(match[0], fixer)[0]
            if len(match[0]) < len(text) and is_bad(match[0])
            else match[0]
        ),
        text,
    )


def _without_c1_controls(
    text: str, codecs: Sequence[str], fixer: TextFixerConfig
) -> tuple[str, Steps]:
    """Windows-1252 that had been read as Latin-1, wholly or here and there."""
    if "latin-1" in codecs:
        data = text.encode("latin-1")
        try:
            decoded = data.decode("windows-1252")
        except UnicodeDecodeError:
            decoded = text
        if decoded != text:
            steps = [("encode", "latin-1"), ("decode", "windows-1252")]
            return decoded, [ExplanationStep(*step) for step in steps]
    if fixer.fix_c1_controls and C1_CONTROL_RE.search(text):
        return fixes.fix_c1_controls(text), [ExplanationStep("transcode", "fix_c1_controls")]
    return text, []
