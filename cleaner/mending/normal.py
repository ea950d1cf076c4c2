"""Unicode's normal forms, in a time that grows with the length of the text only.

A letter may bear any number of combining marks, which a normal form sorts. Python sorts them in a
way that takes the square of their number: half a minute for a hundred kilobytes.
"""

import unicodedata
from itertools import groupby
from typing import Literal

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]


def normalized(text: str, form: Form, *, is_crowded: bool) -> str:
    """The text in a normal form. Crowded is one that `scan` has found many marks in a row in."""
    return unicodedata.normalize(form, _in_order(text, form) if is_crowded else text)


def _in_order(text: str, form: Form) -> str:
    """The text decomposed, marks sorted as the standard has it (section 3.11, D109)."""
    decomposed: Form = "NFKD" if "K" in form else "NFD"
    single = "".join(unicodedata.normalize(decomposed, character) for character in text)
    return "".join(
        "".join(sorted(run, key=unicodedata.combining) if are_marks else run)
        for are_marks, run in groupby(single, key=lambda one: unicodedata.combining(one) > 0)
    )
