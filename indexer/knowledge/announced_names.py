"""An opening paragraph to the disease that it announces, for an article without a title that names one.

"Stories such as this are typical of Bell's palsy", "In type 2 diabetes the lock has become stiff", "they are prone to
bursitis": the name stands behind words that announce it. A disease that is merely mentioned ("people with diabetes are
at risk") is not what the article is about.
"""

import re
from collections.abc import Sequence
from typing import Final

from indexer.knowledge import body_sites
from indexer.knowledge.coded_names import Coding, coding_by_terms, coding_of_name
from indexer.knowledge.name_keys import name_terms

MAX_NAME_WORDS: Final = 9  # of a name in a sentence
MAX_OPENING: Final = 600  # code points in which a disease is announced

# What announces the disease that an article is about, before its name.
_ANNOUNCING: Final = (
    "typical (?:of|for)",
    "(?:prone|due) to",
    "how",
    "explains? why",
    "(?:known|referred to|classified) as",
    "called",
    "speaks? of",
    r"(?:name|word|term|diagnosis|culprit|answer|cause)(?: \w+){0,2}(?:,| is|:)",
    "result(?: is| can be)",
    "is about",
    "(?:concerns?|describes?|discusses|covers|deals with)",
    "(?:half|most|many|cases|case|form|forms|kind|type) of(?: all)?",
    "signs? of",
    "stands? for",
    "points? to",
    "suggests?",
    "but",
    "doctors call (?:it|this)",
    "this is",
)
_CUE: Final = re.compile(
    rf"""(?: \b (?: {"|".join(cue.replace(" ", r"[ ]") for cue in _ANNOUNCING)} )
           | (?: ^ | [.:!?]\s+ ) (?: in )? )
         \s* (?: (?: an? | the | this ) \s )?""",
    re.IGNORECASE | re.VERBOSE,
)
_AT: Final = re.compile(r" (?:affecting|involving) ")
_QUALIFIERS: Final = frozenset("acute chronic primary severe mild typical common".split())
_CLAUSE_END: Final = re.compile(r"[.,;:!?()–—]")
# Names of the table that are ordinary words, or symptoms, rather than what an article is about.
_ORDINARY: Final = frozenset(
    "cold pain fever cough swelling stress fall falls burn itch rash age pressure injury".split()
)
_NO_DISEASES: Final = "RVWXYZ"  # first letters of the codes of symptoms, causes of injuries, and reasons for a visit


def announced(opening: str) -> Coding | None:
    """The code of the first disease that an opening paragraph announces."""
    opening = opening[:MAX_OPENING]
    for cue in _CUE.finditer(opening):
        start = cue.end()
        end = _CLAUSE_END.search(opening, start)
        words = opening[start : end.start() if end else len(opening)].split()[:MAX_NAME_WORDS]
        if coding := _coding_at_start(words):
            return coding
    return None


def _coding_at_start(words: Sequence[str]) -> Coding | None:
    """The code of the longest name that begins the words, with or without a qualifier, at the location after it."""
    for first in range(2 if len(words) > 1 and words[0].lower() in _QUALIFIERS else 1):
        for count in range(len(words), first, -1):
            coding = _coding_of(" ".join(words[first:count])) if name_terms(words[count - 1]) else None
            if coding and coding.code[0] in _NO_DISEASES:
                return None
            if coding:
                located = coding_of_name(_AT.sub(" of ", " ".join(words[first:])))
                return Coding(located.code, "inferred") if located and located.match == "exact" else coding
    return None


def _coding_of(name: str) -> Coding | None:
    """The code of a name, but for ordinary words and abbreviations."""
    terms = [term for term in name_terms(name) if not body_sites.is_side(term)]
    if not terms or name.lower() in _ORDINARY or (len(terms) == 1 and name.isupper()):
        return None
    coding = coding_by_terms(terms, name)
    return Coding(coding.code, "parent" if coding.match == "parent" else "inferred") if coding else None
