"""Dates in words or numbers to ISO 8601, as precise as they are stated: a day, or a month.

The forms are few and the standard library knows which days exist. General parsers guess: a day that is missing becomes
today's, and 3/4/2024 becomes April or March. What is ambiguous is no date here.
"""

import re
from datetime import date
from typing import Final

_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH: Final = rf"(?:{'|'.join(_MONTHS)})[a-z]*\.?"
DATE: Final = (  # a regular expression, for case-insensitive use
    r"\d{4}-\d{2}(?:-\d{2})?|\d{1,2}/\d{4}|"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTH}\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?\d{{4}}"
)
_ISO: Final = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?(?:\D|$)")
_SLASHED: Final = re.compile(r"(\d{1,2})/(\d{4})")
_IN_WORDS: Final = re.compile(
    rf"(?:(\d{{1,2}})\D{{0,3}}\s)?({_MONTH})\s+(?:(\d{{1,2}})\D{{0,3}}\s)?(\d{{4}})", re.IGNORECASE
)


def iso_date(text: str) -> str | None:
    """A date in words or numbers as ISO 8601, a month where no day is given; None where there is no such date."""
    text = text.strip()
    day: str | None = None
    if match := _ISO.match(text):
        year, month, day = match.groups()
    elif match := _SLASHED.fullmatch(text):
        month, year = match.groups()
    elif match := _IN_WORDS.search(text):
        before, name, after, year = match.groups()
        day, month = before or after, str(_MONTHS.index(name[:3].lower()) + 1)
    else:
        return None
    try:
        stated = date(int(year), int(month), int(day or 1)).isoformat()
    except ValueError:
        return None
    return stated if day else stated[: len("2024-03")]
