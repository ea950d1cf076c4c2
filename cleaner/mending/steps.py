"""The names of the steps of the repair that can be left out. Nothing is imported here."""

from collections.abc import Mapping

OF_FTFY = (
    "remove_terminal_escapes",
    "fix_encoding",
    "restore_byte_a0",
    "replace_lossy_sequences",
    "decode_inconsistent_utf8",
    "fix_c1_controls",
    "fix_latin_ligatures",
    "fix_surrogates",
    "remove_control_chars",
)
"""Steps under the names that ftfy gives them (`ftfy.TextFixerConfig`)."""

OF_INVISIBLE = ("soft_hyphens", "zero_width", "bidi_controls", "spaces")
"""What ftfy leaves, in the order of `invisible.toml`."""

STEPS = (*OF_FTFY, *OF_INVISIBLE)

ELSEWHERE: Mapping[str, str] = {
    "unescape_html": "set unescape_html to never (--unescape-html never)",
    "uncurl_quotes": "set straight_quotes to False (--keep-quotes)",
    "fix_character_width": "plain_widths is off unless asked for (--keep-widths)",
    "normalization": "set normalization to none (--normalization none)",
    "max_decode_length": "it is an option of its own (--max-decode-length)",
    "fix_line_breaks": "each line is a paragraph, so its breaks are always settled; "
    "`cleaner fix --keep-line-breaks` leaves them",
    "explain": "`cleaner fix --explain` tells what was wrong; a run always counts it",
}
"""Switches of ftfy that are no steps to leave out, and what there is instead."""
