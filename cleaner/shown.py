"""Text that others wrote, as a terminal may show it."""


def shown(text: str) -> str:
    """Text with what is not printable as escapes."""
    return "".join(
        part if part.isprintable() else part.encode("unicode_escape").decode() for part in text
    )
