"""Text to sentences: half-open spans, by rules where they can decide and by NLTK's Punkt where they cannot."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from indexer.text.nltk_imports import without_scipy

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

# Code points between two certain ends of sentences. More are no prose, and Punkt gives up after 5 s of wall time: what
# a sentence is must not depend on the speed of the machine.
MAX_PUNKT_CHARS: Final = 20_000

MAX_MEMOIZED: Final = 2_000  # code points of a line
MAX_MEMOIZED_LINES: Final = 1 << 10

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
_MARKS: Final = frozenset(".!?")
_CLOSING: Final = frozenset("\"'\u201d\u2019)]}")  # what may follow them
_LEADING: Final = "([{\"'\u201c\u2018"
_NUMBER: Final = re.compile(r"-?[.,]?[0-9][0-9,.\-]*")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Half-open spans of the sentences, without the space between them; a line break ends a sentence.

    `_ends` decides where NLTK's Punkt, with the same abbreviations, could decide in one way only; Punkt decides the
    rest.
    """
    if "\n" not in text:
        return iter(_memoized(text) if len(text) <= MAX_MEMOIZED else _spans(text))
    lines = text.split("\n")
    return iter(_spans_in_lines(lines) if all(map(_is_closed, lines[:-1])) else _spans(text))


def _spans_in_lines(lines: Sequence[str]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = 0
    for line in lines:
        own = _memoized(line) if len(line) <= MAX_MEMOIZED else _spans(line)
        spans += [(first + start, last + start) for first, last in own] if start else own
        start += len(line) + 1
    return spans


def _is_closed(line: str) -> bool:
    """Whether a sentence certainly ends with the line, whatever follows; one may go on after "e.g." or "(2.)"."""
    line = line.rstrip()
    last, before = line[-1:], line[-2:-1]
    if last in {"!", "?"}:
        return before not in _MARKS
    if last != ".":
        return last not in _CLOSING
    token = line[line.rfind(" ") + 1 : -1]
    return len(token) > 1 and token.isalpha() and token.lower() not in _ABBREVIATIONS


# The lines of an article are asked for when it is divided into sections, when sites are found in them, and when they
# are indexed.
@lru_cache(MAX_MEMOIZED_LINES)
def _memoized(line: str) -> tuple[tuple[int, int], ...]:
    return tuple(_spans(line))


def _spans(text: str) -> Iterable[tuple[int, int]]:
    return _plain_spans(text) or _marked_spans(text)


def _plain_spans(text: str) -> list[tuple[int, int]]:
    """The spans of a text in which every mark is a full stop that the word before it decides about; else none.

    Most lines are such. Dividing them at their full stops takes half the time of looking at each mark.
    """
    if "!" in text or "?" in text or "\n" in text or text[:1].isspace() or text[-1:].isspace():
        return []
    spans = []
    start = end = 0
    parts = text.split(".")
    for part, after in pairwise(parts):
        end += len(part) + 1
        if after[:1] == " ":
            at = part.rfind(" ") + 1
            word = part[at:]
            # Without a space before it, the word may go on from the full stop before.
            if len(word) < 2 or not word.isalpha() or not (at or end == len(word) + 1) or not after[1:2].strip():
                return []
            if word.lower() not in _ABBREVIATIONS:
                spans.append((start, end))
                start = end + 1
        elif after and not (after[0].isalnum() or after[0] in ",;:"):
            return []
    return [*spans, (start, len(text))] if text else []


def _marked_spans(text: str) -> Iterator[tuple[int, int]]:
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
