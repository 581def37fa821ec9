"""Dates in words or numbers to ISO 8601, as precise as they are stated: a day, or a month."""

import re
from typing import Final

_MONTHS: Final = "january february march april may june july august september october november december".split()
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
DATE: Final = (  # a regular expression, for case-insensitive use
    r"\d{4}-\d{2}(?:-\d{2})?|\d{1,2}/\d{4}|"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTH}\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?\d{{4}}"
)
_DATE_WORDS: Final = re.compile(
    rf"(?:(\d{{1,2}})\D{{0,3}}\s)?({_MONTH})\s+(?:(\d{{1,2}})\D{{0,3}}\s)?(\d{{4}})", re.IGNORECASE
)


def iso_date(text: str) -> str | None:
    """A date in words or numbers as ISO 8601, a month where no day is given; None where it is no date."""
    text = text.strip()
    if re.match(r"\d{4}-\d{2}(?:-\d{2})?(?:\D|$)", text):
        return text[:10].rstrip("T")
    if slashed := re.fullmatch(r"(\d{1,2})/(\d{4})", text):
        return f"{slashed[2]}-{int(slashed[1]):02}"
    if not (words := _DATE_WORDS.search(text)):
        return None
    month = next(number for number, name in enumerate(_MONTHS, 1) if name.startswith(words[2].lower()[:3]))
    day = words[1] or words[3]
    return f"{words[4]}-{month:02}" + (f"-{int(day):02}" if day else "")
