"""Text to sentences: half-open spans, by rules where they can decide and by NLTK's Punkt where they cannot."""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from indexer.text.nltk_imports import without_scipy

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

# Code points between two certain ends of sentences. More are no prose, and Punkt gives up after 5 s of wall time: what
# a sentence is must not depend on the speed of the machine.
MAX_PUNKT_CHARS: Final = 20_000

SENTENCE_GAP: Final = 16  # wider than any window of `Near`, so that no phrase crosses a full stop

_ABBREVIATIONS: Final = frozenset(
    "dr mr mrs ms prof st vs cf e.g i.e etc approx ca no fig al u.s u.k ph.d m.d inc jr sr spp sp var vol resp incl "
    "esp".split()
)
# Beginning with a set of characters makes the search skip all others; a run of marks is looked at once, from its first.
_MARK: Final = re.compile(
    r"""[.!?\n]
        (?: (?<=\n) \s*
          | (?<! [.!?][.!?] ) ( [.!?]* ) ["'\u201d\u2019)\]}]* \s+ (?= (\S) )  # further marks; quotes; what follows
        )""",
    re.VERBOSE,
)
_LEADING: Final = "([{\"'\u201c\u2018"
_NUMBER: Final = re.compile(r"-?[.,]?[0-9][0-9,.\-]*")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Half-open spans of the sentences, without the space between them; a line break ends a sentence.

    `_ends` decides where NLTK's Punkt, with the same abbreviations, could decide in one way only; Punkt decides the
    rest.
    """
    start = len(text) - len(text.lstrip())
    is_uncertain = False
    for match in _MARK.finditer(text, start):
        ends = _ends(text, start, match) if match[2] else True
        if ends is None:
            is_uncertain = True
        elif ends:
            end = match.end()
            if is_uncertain:
                yield from _punkt_spans(text, start, end)
            else:
                yield start, start + len(text[start:end].rstrip())
            start, is_uncertain = end, False
    if start < len(text):
        yield from _punkt_spans(text, start, len(text)) if is_uncertain else ((start, len(text.rstrip())),)


def _ends(text: str, start: int, match: re.Match[str]) -> bool | None:
    """Whether a sentence ends at this mark; None where only Punkt can tell."""
    more_marks, following = match.groups()
    if more_marks or text[match.start()] != ".":
        return None if more_marks else True
    token = text[max(text.rfind(" ", start, match.start()) + 1, start) : match.start()]
    if len(token) > 1 and token.isalpha():
        return token.lower() not in _ABBREVIATIONS
    word = token.lstrip(_LEADING).lower()
    if word in _ABBREVIATIONS or word.rpartition("-")[2] in _ABBREVIATIONS:
        return False
    if len(word) > 1 and "." not in word and not _NUMBER.fullmatch(word):
        return True
    # No sentence ends in "C. acnes" or "2. loss of interest", but one does in "in 2020. The".
    if word.isalnum() and following.isalpha():
        return word.isdecimal() and following.isupper()
    return None


def _punkt_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if end - start > MAX_PUNKT_CHARS:
        yield start, start + len(text[start:end].rstrip())
        return
    for first, last in _punkt().span_tokenize(text[start:end].rstrip()):
        yield start + first, start + last


@cache
def _punkt() -> "PunktSentenceTokenizer":
    with without_scipy():
        from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    parameters = PunktParameters()
    parameters.abbrev_types = set(_ABBREVIATIONS)
    return PunktSentenceTokenizer(parameters)
