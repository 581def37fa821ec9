"""Text to sentences: half-open spans, by rules where they can decide and by NLTK's Punkt where they cannot."""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from indexer.text.stemming import without_scipy

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

SENTENCE_GAP: Final = 16  # wider than any window of `Near`, so that no phrase crosses a full stop

_ABBREVIATIONS: Final = frozenset(
    "dr mr mrs ms prof st vs cf e.g i.e etc approx ca no fig al u.s u.k ph.d m.d inc jr sr spp sp var vol resp incl esp".split()
)
# One set of characters to begin with is what makes the search skip all others; a run of marks is looked at once, from its first.
_STOP: Final = re.compile(r"[.!?\n](?:(?<=\n)\s*|(?<![.!?][.!?])([.!?]*)[\"'\u201d\u2019)\]}]*\s+(?=(\S)))")
_LEADING: Final = "([{\"'\u201c\u2018"
_NUMBER: Final = re.compile(r"-?[.,]?[0-9][0-9,.\-]*")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Half-open spans of the sentences, without the space between them; a line break ends a sentence.

    Where NLTK's Punkt, with our abbreviations, can decide in one way only, `_ends` says so at once; the rest is Punkt's.
    """
    start = len(text) - len(text.lstrip())
    doubtful = False
    for match in _STOP.finditer(text, start):
        verdict = _ends(text, start, match) if match[2] else True
        if verdict is None:
            doubtful = True
        elif verdict:
            end = match.end()
            if doubtful:
                yield from _as_punkt_says(text, start, end)
            else:
                yield start, start + len(text[start:end].rstrip())
            start, doubtful = end, False
    if start < len(text):
        yield from _as_punkt_says(text, start, len(text)) if doubtful else ((start, len(text.rstrip())),)


def _ends(text: str, start: int, match: re.Match[str]) -> bool | None:
    """Whether a sentence ends at this mark; None where only Punkt can tell."""
    more, following = match.groups()
    if more or text[match.start()] != ".":
        return None if more else True
    typed = text[max(text.rfind(" ", start, match.start()) + 1, start) : match.start()]
    if len(typed) > 1 and typed.isalpha():
        return typed.lower() not in _ABBREVIATIONS
    word = typed.lstrip(_LEADING).lower()
    if word in _ABBREVIATIONS or word.rpartition("-")[2] in _ABBREVIATIONS:
        return False
    if len(word) > 1 and "." not in word and not _NUMBER.fullmatch(word):
        return True
    # C. acnes, 2. loss of interest; but: in 2020. The
    if word.isalnum() and following.isalpha():
        return word.isdecimal() and following.isupper()
    return None


def _as_punkt_says(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for first, last in _punkt().span_tokenize(text[start:end].rstrip()):
        yield start + first, start + last


@cache
def _punkt() -> "PunktSentenceTokenizer":
    with without_scipy():
        from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    parameters = PunktParameters()
    parameters.abbrev_types = set(_ABBREVIATIONS)
    return PunktSentenceTokenizer(parameters)
