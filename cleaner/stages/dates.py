"""Dates as articles print them, to ISO 8601."""

import re
from datetime import date

from cleaner.rules import month_numbers

YEAR_FIRST = re.compile(r"(\d{4})\s?[-/年년.]\s?(\d{1,2})\s?[-/月월.]\s?(\d{1,2})")
DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.|er|º)?\s(?:de\s|of\s)?([^\W\d_]+)\.?,?\s(?:de\s|del\s)?(\d{4})"
)
MONTH_FIRST = re.compile(r"([^\W\d_]+)\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s(\d{4})")


def iso_date(text: str) -> str | None:
    """The date that a text holds, as YYYY-MM-DD.

    None where it holds none, or one like 3/4/2024 that means two things in two countries.
    """
    numbers = month_numbers()
    if match := YEAR_FIRST.search(text):
        return _iso(int(match[1]), int(match[2]), int(match[3]))
    if match := DAY_FIRST.search(text):
        return _iso(int(match[3]), numbers.get(match[2].lower(), 0), int(match[1]))
    if match := MONTH_FIRST.search(text):
        return _iso(int(match[3]), numbers.get(match[1].lower(), 0), int(match[2]))
    return None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
