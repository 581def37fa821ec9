"""Patterns of unordered word groups: "burn* + pee|urinate|wee" finds "when I pee it burns".

How a person tells a complaint has no fixed order, so a pattern names groups of words that must all be there:

    +       between groups, which may come in any order, within WINDOW words
    |       between alternatives of a group: one of them is enough
    *       at the end of a word: any ending ("burn*" is burn, burns, burning)
    space   between words of an alternative that follow one another ("short of breath")

No word of a text fills two groups of a pattern.

Patterns and texts are folded alike, so that "can't", "cant", "cannot" and "can not" are one word. An index of patterns
may also allow for slips: a word of at least MIN_SLIP letters is recognized with one letter wrong, missing, too many, or
two swapped.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple, Self, TypeAlias

from rapidfuzz.distance import OSA

from indexer.text.analyzer import words

WINDOW: Final = 12  # words from the first to the last of a match
MIN_SLIP: Final = 6  # letters of a word that may have a slip; shorter ones have too many neighbours
MAX_MEMOIZED: Final = 1 << 13  # words typed, of each index

_GROUP: Final = re.compile(r"\s*\+\s*")
_WRITTEN_WORD: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*\*?")
_NEGATED: Final = {
    verb: f"{verb}nt" for verb in "could would should do does did is are was were has have had".split()
} | {"can": "cant", "will": "wont"}
_SAME_WORD: Final = {"cannot": "cant"}

Phrase: TypeAlias = tuple[str, ...]
"""Folded words that follow one another; one that ends in "*" stands for all words that begin so."""
_Span: TypeAlias = tuple[int, int, int]  # the first word of a phrase in a text, the end, and its group


class QueryWord(NamedTuple):
    """A folded word in its place: half-open, in code points of the text."""

    text: str
    start: int
    end: int


class GroupMatch(NamedTuple):
    """A pattern that a text has, by its number in the index, and the numbers of the words that fill its groups."""

    pattern: int
    words: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WordGroups:
    """One pattern: its groups, each with its alternatives."""

    groups: tuple[tuple[Phrase, ...], ...]

    @classmethod
    def parse(cls, written: str) -> Self:
        """The pattern as an editor writes it. Raises ValueError, which says what is wrong with it."""
        return cls(
            tuple(
                tuple(_parse_phrase(alternative, written) for alternative in group.split("|"))
                for group in _GROUP.split(written.strip())
            )
        )


def _parse_phrase(alternative: str, written: str) -> Phrase:
    phrase: list[str] = []
    for word in alternative.split():
        if not _WRITTEN_WORD.fullmatch(word):
            raise ValueError(f"“{word}” in “{written}” is no word; use words, +, | and * at the end of a word")
        if word == "not" and phrase and phrase[-1] in _NEGATED:
            raise ValueError(f"“{phrase[-1]} not” in “{written}” is one word; write “{_NEGATED[phrase[-1]]}”")
        phrase += [each.text for each in query_words(word)]
        if word.endswith("*"):
            phrase[-1] += "*"
    if not phrase:
        raise ValueError(f"“{written}” has an empty group or alternative; write words beside each + and |")
    return tuple(phrase)


def query_words(text: str) -> tuple[QueryWord, ...]:
    """The folded words of a text, function words too; a verb with "not" is one word, as in "can't"."""
    result: list[QueryWord] = []
    for word, start, end in words(text):
        if word == "not" and result and result[-1].text in _NEGATED:
            verb = result.pop()
            result.append(QueryWord(_NEGATED[verb.text], verb.start, end))
        else:
            result.append(QueryWord(_SAME_WORD.get(word, word), start, end))
    return tuple(result)


class WordGroupIndex:
    """Many patterns, looked for at once: the time depends on the words of the text, not on the number of patterns.

    With `slips`, misspelt words are recognized too, but for those of `never_slips`, which mean themselves.
    """

    def __init__(
        self, patterns: Sequence[WordGroups], *, slips: bool = False, never_slips: Collection[str] = ()
    ) -> None:
        self._group_counts = [len(pattern.groups) for pattern in patterns]
        # Each alternative under its first word, with the numbers of its pattern and group.
        self._phrases: dict[str, list[tuple[Phrase, int, int]]] = {}
        for number, pattern in enumerate(patterns):
            for group, phrases in enumerate(pattern.groups):
                for phrase in phrases:
                    self._phrases.setdefault(phrase[0], []).append((phrase, number, group))
        written = {word for pattern in patterns for group in pattern.groups for phrase in group for word in phrase}
        self._words = frozenset(word for word in written if not word.endswith("*"))
        self._beginnings = tuple(sorted(word[:-1] for word in written - self._words))
        self._never_slips = frozenset(never_slips)
        self._slips = slips
        self._written_as = lru_cache(MAX_MEMOIZED)(self._words_of_patterns)

    def matches(self, text_words: Sequence[str], window: int = WINDOW) -> tuple[GroupMatch, ...]:
        """The patterns of which every group is in the text within `window` words, each once, in order."""
        written_as = [self._written_as(word) for word in text_words]
        spans: dict[int, list[_Span]] = {}  # of a pattern
        for start, candidates in enumerate(written_as):
            for candidate in candidates:
                for phrase, pattern, group in self._phrases.get(candidate, ()):
                    if _continues(phrase, written_as, start):
                        spans.setdefault(pattern, []).append((start, start + len(phrase), group))
        found = []
        for pattern in sorted(spans):
            if filled := _narrowest(spans[pattern], self._group_counts[pattern], window):
                found.append(GroupMatch(pattern, filled))
        return tuple(found)

    def _words_of_patterns(self, word: str) -> frozenset[str]:
        """The words of patterns, as written there, that a word of a text stands for."""
        result = {f"{beginning}*" for beginning in self._beginnings if word.startswith(beginning)}
        if word in self._words:
            result.add(word)
        if not result and self._slips and word not in self._never_slips:
            result = set(self._misspelt(word))
        return frozenset(result)

    def _misspelt(self, word: str) -> Iterator[str]:
        for meant in self._words:
            if len(meant) >= MIN_SLIP and meant[0] == word[0] and OSA.distance(meant, word, score_cutoff=1) <= 1:
                yield meant
        for meant in self._beginnings:
            size = len(meant)
            if size >= MIN_SLIP and meant[0] == word[0]:
                typed = (word[:end] for end in (size - 1, size, size + 1))
                if any(OSA.distance(meant, beginning, score_cutoff=1) <= 1 for beginning in typed):
                    yield f"{meant}*"


def _continues(phrase: Phrase, written_as: Sequence[frozenset[str]], start: int) -> bool:
    """Whether the words from `start` on are those of the phrase; its first word is known to be."""
    if len(phrase) == 1:
        return True
    following = written_as[start + 1 : start + len(phrase)]
    return len(following) == len(phrase) - 1 and all(
        word in candidates for word, candidates in zip(phrase[1:], following, strict=True)
    )


def _narrowest(spans: Sequence[_Span], groups: int, window: int) -> tuple[int, ...]:
    """The words of the narrowest stretch of text that fills every group; () where none is within the window."""
    if len({group for _, _, group in spans}) < groups:
        return ()
    best: tuple[int, ...] = ()
    for first in sorted({start for start, _, _ in spans}):
        by_group: list[list[_Span]] = [[] for _ in range(groups)]
        for span in spans:
            if first <= span[0] and span[1] <= first + window:
                by_group[span[2]].append(span)
        filled = _fill(sorted(by_group, key=len), frozenset())
        if filled and (not best or filled[-1] - filled[0] < best[-1] - best[0]):
            best = filled
    return best


def _fill(by_group: Sequence[Sequence[_Span]], taken: frozenset[int]) -> tuple[int, ...]:
    """The words of one span for each group, none of them in two; () where there is no such choice."""
    if not by_group:
        return tuple(sorted(taken))
    for start, end, _ in by_group[0]:
        words_of_span = frozenset(range(start, end))
        if not words_of_span & taken and (filled := _fill(by_group[1:], taken | words_of_span)):
            return filled
    return ()
