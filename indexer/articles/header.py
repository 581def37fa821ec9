"""Lines around an article to facts: its code, its date, its other names; and titles without their tails.

Publishers put these in lines of their own ("ICD-10 code: M61.16", "Chapter: ...", "Last reviewed: March 2026"), in
meta tags and in front matter. A line that states a fact is used and leaves the text.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from indexer.articles.headings import named_fields

MAX_LINE: Final = 200  # code points
_CODE_PATTERN: Final = r"[A-TV-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?"
_LABEL: Final = r"(?:ICD\W{0,2}10(?:\W{0,2}CM)?|ICD)"
_CODE_LINE: Final = re.compile(
    rf"(?:(?:{_LABEL}|(?:diagnos\w+|medical|billing|disease|classification)\s)?\W{{0,3}}(?:codes?|classification)?"
    rf"(?:\s*\({_LABEL}\))?\s*[:=#-]?\s*)({_CODE_PATTERN})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_DOTTED_CODE: Final = re.compile(r"([A-TV-Z][0-9][0-9A-Z]\.[0-9A-Z]{1,4})(?:$|[ ,;:(])(?!.{60})")
_BAR: Final = re.compile(r"[·•|]")
_SEGMENT: Final = re.compile(r"\s+[·•|]\s*|\s*[·•|]\s+")
_CODE_LABEL: Final = re.compile(rf"{_LABEL}|(?:\w+ )?code\b|classification", re.IGNORECASE)
_CODE_INSIDE: Final = re.compile(rf"\b{_LABEL}\W{{0,3}}(?:codes?)?\W{{0,3}}({_CODE_PATTERN})\b")
_CHAPTER: Final = re.compile(
    r"(?:ICD\W{0,2}10\S{0,3} )?chapter\b\s*(?:\d{1,2}|[IVX]{1,6})?\s*[:.]\s*\S.*", re.IGNORECASE
)
_NAMES: Final = re.compile(
    r"\b(?:also (?:called|known as)|other names?(?: for .{1,60})?|alternative names?|synonyms?|aliases|aka|a\.k\.a\.|abbreviations?|official (?:name|title)|"
    r"(?:lay|common|medical|clinical|latin) (?:name|term)s?)\s*:\s*(.+)",
    re.IGNORECASE,
)
_NAMES_HEADING: Final = re.compile(
    r"(?:also (?:called|known as)|(?:other|alternative) names?(?: (?:for|of) .{1,60})?|synonyms?|aliases)",
    re.IGNORECASE,
)
_MONTHS: Final = "january february march april may june july august september october november december".split()
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_REVIEWED: Final = re.compile(
    r"(?:this (?:page|article) was )?(?:page |medically |clinically |content )?(?:last |date )?(?:re-?viewed|updated|checked|revised|modified|review(?: date)?|update)\b"
    r"[^0-9]{0,40}?(?P<date>\d{4}-\d{2}(?:-\d{2})?|\d{1,2}/\d{4}|"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTH}\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?\d{{4}})",
    re.IGNORECASE,
)
_REVIEWING: Final = ("view", "updat", "check", "revis", "modif")  # parts of words that _REVIEWED begins with
_DATE_WORDS: Final = re.compile(
    rf"(?:(\d{{1,2}})\D{{0,3}}\s)?({_MONTH})\s+(?:(\d{{1,2}})\D{{0,3}}\s)?(\d{{4}})", re.IGNORECASE
)
_META_CODE: Final = re.compile(r"icd|(?:^|[.:_-])code$", re.IGNORECASE)
_META_REVIEWED: Final = re.compile(r"review|modified|updated", re.IGNORECASE)
_BARE_CODE: Final = re.compile(rf"\s*({_CODE_PATTERN})\s*", re.IGNORECASE)

_CODE_AT_END: Final = re.compile(
    rf"\s*[(\[,–-]\s*(?:{_LABEL}\W{{0,3}}(?:codes?)?\W{{0,3}})?[A-TV-Z][0-9][0-9A-Z]\.[0-9A-Z]{{1,4}}[)\]]?$"
)
_SITE_SUFFIX: Final = re.compile(r"\s+[|–—»·•]\s+|\s+-\s+|\s+::\s+")
_TAIL: Final = re.compile(r"\s*(?::|\s[-–—|])\s+(?=\S)")
_ASKS: Final = re.compile(r"(?:why|how|what|when|who)\b", re.IGNORECASE)
_TAIL_WORDS: Final = re.compile(
    r"\b(?:guide|overview|facts|explained|explanation|what (?:you|to|is|it|happens)|know|everything|basics|introduction|in brief|at a glance|q&a|faqs?|questions|leaflet|fact ?sheet|going on)\b",
    re.IGNORECASE,
)


class Fact(NamedTuple):
    """What a line states: `kind` is code, chapter, reviewed or names; "" for a value that is of no further use."""

    kind: str
    value: str


def facts_of(line: str) -> tuple[Fact, ...]:
    """The facts that a line of its own states; none for a line of text."""
    if len(line) > MAX_LINE:
        return ()
    first = line[:1].lower()
    if first in "icdmbk" and _CODE_LABEL.match(line) and (code := _CODE_LINE.match(line)):
        return Fact("code", dotted(code[1])), *_stated_in(line[code.end() :])
    if dotted_code := _DOTTED_CODE.match(line):
        return Fact("code", dotted_code[1]), *_stated_in(line[dotted_code.end() :])
    if first in "ci" and _CHAPTER.fullmatch(line):
        code_too = code_inside(line)
        return (Fact("code", code_too),) if code_too else (Fact("chapter", ""),)
    if first in "tpmcldru" and _REVIEWED.match(line) and (date := reviewed_in(line)):
        return (Fact("reviewed", date),)
    if first in "aoslcm" and (names := _NAMES.fullmatch(line)):
        return (Fact("names", names[1]),)
    return ()


def announces_names(heading: str) -> bool:
    """Whether a heading stands over a list of other names."""
    return _NAMES_HEADING.fullmatch(heading) is not None


def segments_of(line: str) -> list[str]:
    """The parts of a line that puts several things side by side ("Reviewed May 2026 · 4 min read"); [] for any other."""
    return _SEGMENT.split(line) if len(line) <= MAX_LINE and _BAR.search(line) and _SEGMENT.search(line) else []


def reviewed_in(text: str) -> str | None:
    """The date of the last review that a text states."""
    lowered = text.lower()
    found = _REVIEWED.search(text) if any(word in lowered for word in _REVIEWING) else None
    return iso_date(found["date"]) if found else None


def _stated_in(rest: str) -> tuple[Fact, ...]:
    names = _NAMES.search(rest)
    return (Fact("names", names[1].rstrip(".")),) if names else ()


def code_in_title(title: str) -> str | None:
    """The code at the end of a title ("Gout, left knee (M10.062)")."""
    found = _CODE_AT_END.search(title)
    return found[0].strip(" ()[],–-").split()[-1] if found else None


def code_inside(text: str) -> str | None:
    """A code that a sentence states ("... (ICD-10-CM code M10.071) ...")."""
    found = _CODE_INSIDE.search(text) if "ICD" in text else None
    return dotted(found[1]) if found else None


def meta_code(facts: Mapping[str, str]) -> str | None:
    """The code in the meta tags or front matter of a page."""
    for name, value in facts.items():
        if _META_CODE.search(name) and (code := _BARE_CODE.fullmatch(value)):
            return dotted(code[1])
    return None


def meta_reviewed(facts: Mapping[str, str]) -> str | None:
    """The date of the last review in the meta tags or front matter of a page."""
    return next((iso_date(value) for name, value in facts.items() if _META_REVIEWED.search(name)), None)


def dotted(code: str) -> str:
    """A code in capitals with its dot: "m6116" -> "M61.16"."""
    bare = code.upper().replace(".", "")
    return bare if len(bare) <= 3 else f"{bare[:3]}.{bare[3:]}"


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


def page_title(title: str) -> str:
    """The title element of a page without the name of the site: "Asthma - Health Desk" -> "Asthma"."""
    return _SITE_SUFFIX.split(title, maxsplit=1)[0].strip()


def clean_title(title: str) -> str:
    """A title line without what it announces: "Gout: Causes, Symptoms, and Treatment" -> "Gout"."""
    title = _CODE_AT_END.sub("", title.strip().rstrip(":").strip("*_#= "))
    if tail := _TAIL.search(title):
        after = title[tail.end() :]
        if named_fields(after) or _TAIL_WORDS.search(after) or after.endswith("?") or _ASKS.match(after):
            title = title[: tail.start()]
    return title.strip()


def unshouted(title: str, body: str) -> str:
    """A title in capitals as the text itself writes its words: "PARKINSON'S DISEASE" -> "Parkinson's disease"."""
    if not title.isupper() or len(title) < 6:
        return title
    written = {word.upper(): word for word in re.findall(r"[\w'’]+", body) if word.isupper() or word[:1].isupper()}
    written |= {word.upper(): word for word in re.findall(r"[\w'’]+", body) if word.islower()}
    words = re.sub(
        r"[\w'’]+", lambda word: written.get(word[0], word[0].lower() if len(word[0]) > 4 else word[0]), title
    )
    words = re.sub(
        r"(?<!\()\b(?:OF|THE|AND|WITH|IN|TO|ON|DUE|BY|FOR|OR|A|LEFT|SITE)\b", lambda word: word[0].lower(), words
    )
    return words[:1].upper() + words[1:]
