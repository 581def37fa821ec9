"""Lines and sentences to boilerplate: recognised by patterns, or by repetition across a library.

Patterns (boilerplate.toml) tell captions, buttons, breadcrumbs, notices and walls. A disclaimer in a publisher's own
words fits no pattern, but it repeats: `repeated_sentences` finds such sentences when an index is built. The set is an
explicit input of the reader, so that an article read alone, a whole build and a later sync agree.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from ahocorasick_rs import AhoCorasick

from indexer.articles.blocks import ExtractedText
from indexer.articles.phrase_matcher import LETTERS, words_of
from indexer.text.sentences import sentences

REPEATED_SHARE: Final = 0.1  # of the articles: a sentence that stands in so many is the publisher's
MIN_ARTICLES: Final = 20  # in fewer, a sentence in a tenth of them is chance
MIN_WORDS: Final = 5  # shorter ones are headings and list items, which repeat by nature
MAX_LINE: Final = 320  # code points; boilerplate is short

MAX_HEADING: Final = 120  # code points
MAX_REFERENCE: Final = 600  # code points
MIN_REFERENCE_STOPS: Final = 3  # full stops of an entry that begins with authors

# What only entries of lists of references have: "2012;19(2):33", "Accessed June 2, 2022", "In: ... 3rd ed.".
_REFERENCE_MARK: Final = re.compile(
    r"""
    \b(?:19|20)\d\d(?:\s\w{3,9}\.?(?:\s\d{1,2})?)?\s?;\s?(?:\d|doi)
    | \bdoi:\s?10\.|\bdoi\.org/|\bPM(?:ID|CID|C):?\s?\d
    | \b(?:Accessed|Retrieved|Cited)(?:\s(?:on|from))?:?\s
      (?:\d{1,2}\s)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|https?:|\d{4})
    | \bAvailable\s(?:at|from|online):?\s*https?: | \bISBN\b
    | ^\^\s | \b[A-Z]\w+:\s[\w\s]{2,40};\s(?:19|20)\d\d\b
    | \bIn:\s.{0,240}\b(?:\d(?:st|nd|rd|th)\sed\b|eds?\.|editors?\b|Press\b|Elsevier|Springer|Wiley|chap\b)
    """,
    re.VERBOSE,
)
_YEAR: Final = re.compile(r"(?:19|20)(?<!\w..)\d\d\b")  # beginning with digits, the search skips all others
_AUTHORS: Final = re.compile(
    r"(?:\W?\d{1,3}\W{1,3})?[A-Z][\w'’-]+,?\s(?:[A-Z]\.?\s?){1,3}(?:,|\bet al|\.\s|\()(?!\s?(?:is|are|was|has)\b)"
)
_WORD: Final = re.compile(r"\w+")
_SIGNS: Final = frozenset(">»›©")  # that are words of patterns
_ELLIPSES: Final = ("...", "…", "[...]", "[…]")


class Boilerplate(NamedTuple):
    """Why a text is no part of an article; `flag` names the issue that it makes, None for none."""

    reason: str
    flag: str | None = None


REFERENCE: Final = Boilerplate("reference")
REPEATED: Final = Boilerplate("stands in at least a tenth of the articles")


class _Pattern(NamedTuple):
    """The patterns of one kind of boilerplate, and the words without which none of them can match."""

    boilerplate: Boilerplate
    line_words: frozenset[str]
    sentence_parts: tuple[str, ...]
    line: re.Pattern[str]
    sentence: re.Pattern[str]


class _LinePatterns:
    """Patterns of whole lines; only those are tried that need one of the line's words."""

    def __init__(self, patterns: Sequence[_Pattern]) -> None:
        self._patterns = patterns
        self._by_word: dict[str, list[int]] = {}
        for place, pattern in enumerate(patterns):
            for word in pattern.line_words:
                self._by_word.setdefault(word, []).append(place)
        self._words = frozenset(self._by_word)

    def first_match(self, line: str) -> Boilerplate | None:
        """The kind of the first pattern that matches a line."""
        words = self._words.intersection(words_of(line, LETTERS))
        if ">" in line or not line.isascii():
            words |= self._words.intersection(_SIGNS.intersection(line))
        if not words:
            return None
        for place in sorted({place for word in words for place in self._by_word[word]}):
            if self._patterns[place].line.fullmatch(line):
                return self._patterns[place].boilerplate
        return None


def line_boilerplate(line: str) -> Boilerplate | None:
    """The kind of boilerplate that a whole line is; None where it may be part of the article."""
    if is_reference(line):
        return REFERENCE
    if len(line) > MAX_LINE:
        return None
    return _lines().first_match(line)


def heading_boilerplate(heading: str) -> Boilerplate | None:
    """The kind of boilerplate that a heading stands over; None for the heading of a part of the article."""
    if len(heading) > MAX_HEADING:
        return None
    return _headings().first_match(heading)


def is_reference(line: str) -> bool:
    """Whether a line is an entry of a list of references: a year, and what only such entries have."""
    if len(line) > MAX_REFERENCE or not _YEAR.search(line):
        return False
    return _REFERENCE_MARK.search(line) is not None or (
        _AUTHORS.match(line) is not None and line.count(".") >= MIN_REFERENCE_STOPS
    )


def may_hold_boilerplate(text: str, repeated: frozenset[str]) -> bool:
    """Whether a sentence of a text can be boilerplate; where not, `sentence_boilerplate` need not be called."""
    return _has_part(text.lower()) or (bool(repeated) and _has_repeated(text, repeated))


def sentence_boilerplate(text: str, repeated: frozenset[str]) -> tuple[tuple[int, int, Boilerplate | None], ...]:
    """The sentences of a paragraph: start, end, and the kind of boilerplate, None for text; () where all are text."""
    if not may_hold_boilerplate(text, repeated):
        return ()
    spans = tuple((start, end, _boilerplate(text, start, end, repeated)) for start, end in sentences(text))
    return spans if any(boilerplate for _, _, boilerplate in spans) else ()


def _boilerplate(text: str, start: int, end: int, repeated: frozenset[str]) -> Boilerplate | None:
    if end - start <= MAX_LINE:
        lowered = text[start:end].lower()
        for pattern in _patterns() if _has_part(lowered) else ():
            if any(part in lowered for part in pattern.sentence_parts) and pattern.sentence.fullmatch(text, start, end):
                return pattern.boilerplate
    return REPEATED if repeated and sentence_key(text[start:end]) in repeated else None


def _has_repeated(text: str, repeated: frozenset[str]) -> bool:
    key = sentence_key(text)
    return any(sentence in key for sentence in repeated)


def is_cut_off(text: str) -> bool:
    """Whether a text breaks off ("it's important to understan...")."""
    return text.rstrip().endswith(_ELLIPSES)


def repeated_sentences(texts: Iterable[ExtractedText]) -> frozenset[str]:
    """The keys (see `sentence_key`) of the sentences that stand in at least a tenth of the articles."""
    count = 0
    articles_with: Counter[str] = Counter()
    for text in texts:
        count += 1
        articles_with.update({key for block in text.blocks for key in _long_keys(block.text)})
    if count < MIN_ARTICLES:
        return frozenset()
    return frozenset(key for key, articles in articles_with.items() if articles >= REPEATED_SHARE * count)


def sentence_key(sentence: str) -> str:
    """A sentence without case, punctuation and spacing: what two copies of one sentence share."""
    return " ".join(_WORD.findall(sentence.casefold()))


def _long_keys(text: str) -> Iterator[str]:
    for start, end in sentences(text):
        key = sentence_key(text[start:end])
        if key.count(" ") >= MIN_WORDS - 1:
            yield key


@cache
def _patterns() -> tuple[_Pattern, ...]:
    return tuple(
        _Pattern(
            Boilerplate(entry["reason"], entry.get("flag")),
            frozenset(entry["line_words"].split()),
            tuple(entry.get("sentence_parts", ())),
            _compiled(entry["line"], entry.get("sentence", [])),
            _compiled(entry.get("sentence", [])),
        )
        for entry in _table()["boilerplate"]
    )


@cache
def _headings() -> _LinePatterns:
    return _LinePatterns(
        tuple(
            _Pattern(
                Boilerplate(entry["reason"]),
                frozenset(entry["line_words"].split()),
                (),
                _compiled(entry["line"]),
                _compiled([]),
            )
            for entry in _table()["heading"]
        )
    )


@cache
def _lines() -> _LinePatterns:
    return _LinePatterns(_patterns())


@cache
def _table() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((files("indexer.articles") / "boilerplate.toml").read_text("utf-8"))


def _compiled(*patterns: list[str]) -> re.Pattern[str]:
    alternatives = ["".join(map(str.lstrip, pattern.splitlines())) for some in patterns for pattern in some]
    return re.compile("|".join(alternatives) or "(?!)", re.IGNORECASE)


def _has_part(lowered: str) -> bool:
    """Whether a text in lower case has a part without which no sentence is boilerplate."""
    return bool(_sentence_parts().find_matches_as_strings(lowered))


@cache
def _sentence_parts() -> AhoCorasick:
    return AhoCorasick(dict.fromkeys(part for pattern in _patterns() for part in pattern.sentence_parts))
