"""Line breaks, settled before anything else looks at a line."""

import re

LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\u2028\u2029]")
"""What `str.splitlines` breaks at, except U+0085: in scraped text that is half of a mangled
letter or an ellipsis of windows-1252 far more often than a line break, and ftfy needs to see it."""


def settle_line_breaks(text: str) -> str:
    """The text with every kind of line break as a line feed."""
    return LINE_BREAK.sub("\n", text)
