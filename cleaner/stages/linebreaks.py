"""Line breaks, settled before anything else looks at a line."""

MARKS = "\r\x0b\x0c\x1c\x1d\x1e\u2028\u2029"
"""What `str.splitlines` breaks at, except U+0085: in scraped text that is half of a mangled
letter or an ellipsis of windows-1252 far more often than a line break, and ftfy needs to see it."""


def settle_line_breaks(text: str) -> str:
    """The text with every kind of line break as a line feed."""
    # To look for each by itself takes a fiftieth of the time, and few texts have one.
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    for mark in MARKS:
        if mark in text:
            text = text.replace(mark, "\n")
    return text
