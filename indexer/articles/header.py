"""Lines around an article to header fields: its code, the date of its last review, its other names.

Publishers put these in lines of their own ("ICD-10 code: M61.16", "Chapter: ...", "Last reviewed: March 2026"), in
meta tags and in front matter. A line that states one is used and leaves the text.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from indexer.articles.dates import DATE, iso_date
from indexer.articles.phrase_matcher import any_of
from indexer.articles.stated_codes import CODE, System, dotted, stated_codes

MAX_LINE: Final = 200  # code points
_KINDS: Final[Mapping[System, str]] = {"icd10": "code", "icd10-who": "who-code", "other": "other-code"}
_DOTTED_CODE: Final = r"[A-TV-Z][0-9][0-9A-Z]\.[0-9A-Z]{1,4}"
_LABEL: Final = r"ICD(?:\W{0,2}(?:9|10|11)(?![0-9]))?(?:\W{0,2}(?:CM|WHO)\b)?"
_CODE_LINE: Final = re.compile(
    rf"""
    (?:
        (?: {_LABEL} | (?: diagnos\w+ | medical | billing | disease | classification )\s )?
        \W{{0,3}} (?: codes? | classification )?
        (?: \s*\({_LABEL}\) )?
        (?: [/,:\s]* {_LABEL} )?
        \s*[:=\#-]?\s*
    )
    ({CODE} | (?<![0-9]) [0-9]{{3}}\.[0-9]{{1,2}}) (?![0-9A-Za-z])
    """,
    re.IGNORECASE | re.VERBOSE,
)
# A code of ICD-9 or ICD-11 alone needs its label.
_LABELLED_CODE_LINE: Final = re.compile(
    r"ICD\W{0,2}(?:(?:9(?:\W{0,2}CM)?)(?:\scodes?)?\W{1,3}[0-9VE][0-9]{2}|11(?:\W{0,2}MMS)?(?:\scodes?)?\W{1,3}[0-9A-H][A-Z][0-9])",
    re.IGNORECASE,
)
_DOTTED_CODE_LINE: Final = re.compile(rf"({_DOTTED_CODE})(?:$|[ ,;:(])(?!.{{60}})")
# "A37.90 in ICD-10-CM, whooping cough"
_CODE_IN_SYSTEM: Final = rf"({CODE})\s*(?:,\s*)?[(\[]?(?:(?:in|of|under|by)\s+(?:the\s+)?)?{_LABEL}"
_CODE_IN_SYSTEM_LINE: Final = re.compile(rf"{_CODE_IN_SYSTEM}(?![0-9A-Za-z])", re.IGNORECASE)
# "Malignant neoplasm of cervix uteri, unspecified: ICD-10-CM C53.9", "Unspecified injury of head (ICD-10-CM: S09.90XA)"
_NAMED_CODE_LINE: Final = re.compile(
    rf"""
    (?P<name> [^\W_] [^.!?;:]{{2,140}}? )
    (?: [*_\s]* [:,(\[|=–—-] [*_\s]* [(\[]? | \s )
    (?: (?P<label>{_LABEL}) \W{{0,3}} (?:codes?)? \W{{0,3}} {CODE}
      | (?P<code>{CODE}) \s? (?:in\s|[,(\[])\s? (?P<label_after>{_LABEL}) )
    (?![0-9A-Za-z]) [)\]*_]{{0,3}} (?: \s*[,;(\[–—-] [^.!?]{{0,80}} )? \.?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_STATES: Final = re.compile(r"\b(?:is|are|was|were|has|have|can|may|means|called)\b", re.IGNORECASE)
_BAR: Final = re.compile(r"[·•|]")
_SEGMENT: Final = re.compile(r"\s+[·•|]\s*|\s*[·•|]\s+")
_CODE_LABEL: Final = re.compile(rf"{_LABEL}|(?:\w+ )?codes?\b|classification", re.IGNORECASE)
_CODE_INSIDE: Final = re.compile(rf"\b{_LABEL}\W{{0,3}}(?:codes?)?\W{{0,3}}({CODE})\b|\b{_CODE_IN_SYSTEM}\b")
_CHAPTER: Final = re.compile(
    r"(?:ICD\W{0,2}10\S{0,3} )?chapter\b\s*(?:\d{1,2}|[IVX]{1,6})?\s*[:.]\s*\S.*", re.IGNORECASE
)
_NAMES: Final = re.compile(
    r"\b(?:"
    r"also (?:called|known as)|other names?(?: for .{1,60})?|alternative names?|synonyms?|aliases|aka|a\.k\.a\.|"
    r"abbreviations?|official (?:name|title)|(?:lay|common|medical|clinical|latin) (?:name|term)s?"
    r")\s*:\s*(.+)",
    re.IGNORECASE,
)
_NAMES_HEADING: Final = re.compile(
    r"(?:also (?:called|known as)|(?:other|alternative) names?(?: (?:for|of) .{1,60})?|synonyms?|aliases)",
    re.IGNORECASE,
)
_REVIEWED: Final = re.compile(
    r"(?:(?:this|the|our) )?(?:(?:page|article|leaflet|text|entry|information|content) )?(?:(?:was|has been|is) )?"
    r"(?:date (?:of )?(?:the )?|review )?"
    r"(?:(?:last|latest|most recent(?:ly)?|medical(?:ly)?|clinical(?:ly)?|editorial(?:ly)?|content|page|date) ){0,3}"
    + any_of("re-?viewed, updated, checked, revised, modified, review(?: date)?, update, check, revision, completed")
    + rf"\b[^0-9]{{0,40}}?(?P<date>{DATE})",
    re.IGNORECASE,
)
_REVIEW_WORDS: Final = ("view", "updat", "check", "revis", "modif")  # parts of words, one of which _REVIEWED needs
_META_CODE: Final = re.compile(r"icd|(?:^|[.:_-])code$", re.IGNORECASE)
_META_REVIEWED: Final = re.compile(r"review|modified|updated", re.IGNORECASE)
_BARE_CODE: Final = re.compile(rf"\s*({CODE})\s*", re.IGNORECASE)
CODE_AT_END: Final = re.compile(
    rf"\s*(?:[(\[,–-]|:(?=\s*ICD))\s*(?:{_LABEL}\W{{0,3}}(?:codes?)?\W{{0,3}})?{_DOTTED_CODE}[)\]]?$"
)


class HeaderField(NamedTuple):
    """What a line states: `kind` is code, chapter, reviewed or names; `value` is "" for chapters and invalid dates.

    A "who-code" is one of an ICD-10 that is not the American, an "other-code" one of ICD-9 or ICD-11.
    """

    kind: str
    value: str


def header_fields(line: str) -> tuple[HeaderField, ...]:
    """The header fields that a line of its own states; none for a line of text."""
    if len(line) > MAX_LINE:
        return ()
    first = line[:1].lower()
    if first in "icdmbk" and (fields := _code_fields(line)):
        return fields
    if code := _DOTTED_CODE_LINE.match(line) or (_CODE_IN_SYSTEM_LINE.match(line) if _in_one_sentence(line) else None):
        return *_stated(line), *_names_in(line[code.end() :])
    if first in "ci" and _CHAPTER.fullmatch(line):
        stated = code_inside(line)
        return (HeaderField("code", stated),) if stated else (HeaderField("chapter", ""),)
    if first in "tpmcldruaeio" and _REVIEWED.match(line):
        return (HeaderField("reviewed", reviewed_in(line) or ""),)
    if first in "aoslcm" and (names := _NAMES.fullmatch(line)):
        return (HeaderField("names", names[1]),)
    return ()


def _code_fields(line: str) -> tuple[HeaderField, ...]:
    """The codes that a line with a label states, and the other names after them."""
    code = _CODE_LINE.match(line) if _CODE_LABEL.match(line) else None
    if code:
        is_labelled = "icd" in line[: code.start(1)].lower()
        return *_stated(line if is_labelled else line[code.start(1) :]), *_names_in(line[code.end() :])
    return _stated(line) if _LABELLED_CODE_LINE.match(line) else ()


def _stated(text: str) -> tuple[HeaderField, ...]:
    return tuple(HeaderField(_KINDS[stated.system], stated.code) for stated in stated_codes(text))


def _in_one_sentence(line: str) -> bool:
    """Whether a line states nothing beside a code and what it means."""
    return ". " not in line and _STATES.search(line) is None


def fields_behind_name(line: str) -> tuple[HeaderField, ...]:
    """The codes that a line states behind a name ("Unspecified injury of head (ICD-10-CM: S09.90XA)").

    It is a line of its own only below a title; above, it is one.
    """
    if len(line) > MAX_LINE or "icd" not in line.lower():
        return ()
    match = _NAMED_CODE_LINE.fullmatch(line)
    if match is None or _STATES.search(match["name"]):
        return ()
    label = match["label_after"]
    return _stated(f"{label} {match['code']}" if label else line[match.start("label") :])


def announces_names(heading: str) -> bool:
    """Whether a heading stands over a list of other names."""
    return _NAMES_HEADING.fullmatch(heading) is not None


def segments_of(line: str) -> list[str]:
    """The parts of a line with several side by side ("Reviewed May 2026 · 4 min read"); [] for any other."""
    return _SEGMENT.split(line) if len(line) <= MAX_LINE and _BAR.search(line) and _SEGMENT.search(line) else []


def reviewed_in(text: str) -> str | None:
    """The date of the last review that a text states."""
    lowered = text.lower()
    match = _REVIEWED.search(text) if any(word in lowered for word in _REVIEW_WORDS) else None
    return iso_date(match["date"]) if match else None


def _names_in(rest: str) -> tuple[HeaderField, ...]:
    names = _NAMES.search(rest)
    return (HeaderField("names", names[1].rstrip(".")),) if names else ()


def code_in_title(title: str) -> str | None:
    """The code at the end of a title ("Gout, left knee (M10.062)")."""
    match = CODE_AT_END.search(title)
    return match[0].strip(" ()[],–-").split()[-1] if match else None


def code_inside(text: str) -> str | None:
    """A code that a sentence states ("... (ICD-10-CM code M10.071) ...")."""
    match = _CODE_INSIDE.search(text) if "ICD" in text else None
    return dotted(match[1] or match[2]) if match else None


def meta_code(metadata: Mapping[str, str]) -> str | None:
    """The code in the meta tags or front matter of a page."""
    for name, value in metadata.items():
        if _META_CODE.search(name) and (code := _BARE_CODE.fullmatch(value)):
            return dotted(code[1])
    return None


def meta_reviewed(metadata: Mapping[str, str]) -> str | None:
    """The date of the last review in the meta tags or front matter of a page."""
    values = (value for name, value in metadata.items() if _META_REVIEWED.search(name))
    return next(filter(None, map(iso_date, values)), None)
