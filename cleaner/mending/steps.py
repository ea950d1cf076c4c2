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
    "unescape_html": "unescape_html is an option of its own: 'never'",
    "uncurl_quotes": "straight_quotes is the option for that",
    "fix_character_width": "plain_widths is the option for that, and off unless asked for",
    "normalization": "normalization is an option of its own: 'none'",
    "max_decode_length": "max_decode_length is an option of its own, a number",
    "fix_line_breaks": "each line is a paragraph, so its breaks are always settled",
    "explain": "what was mended is always counted, and told by `cleaner fix --explain`",
}
"""Switches of ftfy that are no steps to leave out, and what there is instead."""
