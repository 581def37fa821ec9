"""Patterns of unordered word groups: "burn* + pee|urinate|wee" finds "when I pee it burns".

How a person tells a complaint has no fixed order, so a pattern names groups of words that must all be there:

    +       between groups, which may come in any order, within WINDOW words
    |       between alternatives of a group: one of them is enough
    *       at the end of a word: any ending ("burn*" is burn, burns, burning)
    space   between words of an alternative that follow one another ("short of breath")
    @       before the name of a list of alternatives

No word of a text fills two groups of a pattern.

Patterns and texts are folded alike, so that "can't", "cant", "cannot" and "can not" are one word. An index of patterns
may also allow for slips: a word of at least MIN_SLIP letters is recognized with one letter wrong, missing, too many, or
two swapped.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from typing import Final, NamedTuple, Self, TypeAlias

from rapidfuzz.distance import OSA

from indexer.text.analyzer import words

WINDOW: Final = 12  # words from the first to the last of a match
MIN_SLIP: Final = 6  # letters of a word that may have a slip; shorter ones have too many neighbours
ARTICLES: Final = frozenset(("a", "an", "any", "the"))
MAX_MEMOIZED: Final = 1 << 13  # alternatives of patterns, and words typed of each index

_GROUP: Final = re.compile(r"\s*\+\s*")
_WRITTEN_WORD: Final = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*\*?")
_PLAIN: Final = re.compile(r"(?!cannot\b)[a-z]+\*?")
_NEGATED: Final = {
    verb: f"{verb}nt" for verb in "could would should do does did is are was were has have had".split()
} | {"can": "cant", "will": "wont"}
_SAME_WORD: Final = {"cannot": "cant"}

Phrase: TypeAlias = tuple[str, ...]
"""Folded words that follow one another; one that ends in "*" stands for all words that begin so."""
_Span: TypeAlias = tuple[int, int]  # the first word of a phrase in a text, and the end


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
    def parse(cls, written: str, lists: Mapping[str, Sequence[Phrase]] = MappingProxyType({})) -> Self:
        """The pattern as an editor writes it, naming these lists. Raises ValueError, which says what is wrong."""
        return cls(tuple(_parse_group(group, lists) for group in _GROUP.split(written.strip())))


def parse_phrases(written: Iterable[str]) -> tuple[Phrase, ...]:
    """Alternatives as an editor writes them. Raises ValueError, which says what is wrong."""
    return tuple(map(_parse_phrase, written))


def _parse_group(written: str, lists: Mapping[str, Sequence[Phrase]]) -> tuple[Phrase, ...]:
    phrases: list[Phrase] = []
    for alternative in map(str.strip, written.split("|")):
        if not alternative.startswith("@"):
            phrases.append(_parse_phrase(alternative))
        elif alternative[1:] in lists:
            phrases += lists[alternative[1:]]
        else:
            raise ValueError(f"there is no list {alternative}")
    return tuple(phrases)


@lru_cache(MAX_MEMOIZED)
def _parse_phrase(alternative: str) -> Phrase:
    phrase: list[str] = []
    for word in alternative.replace("n't", "nt").split():
        if not _WRITTEN_WORD.fullmatch(word):
            raise ValueError(f"“{word}” is no word; use words, +, | and * at the end of a word")
        if word == "not" and phrase and phrase[-1] in _NEGATED:
            raise ValueError(f"“{phrase[-1]} not” is one word; write “{_NEGATED[phrase[-1]]}”")
        # Folding would leave most words as they are, at a cost that every start would pay.
        folded = [word] if _PLAIN.fullmatch(word) else [each.text for each in query_words(word)]
        if word.endswith("*") and not folded[-1].endswith("*"):
            folded[-1] += "*"
        phrase += folded
    if not phrase:
        raise ValueError("a group or an alternative is empty; write words beside each + and |")
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

    With `slips`, misspelt words are recognized too, but for those of `never_slips`, which mean themselves. What stands
    right after one of the `denials` ("no sweating") does not count.
    """

    def __init__(
        self,
        patterns: Sequence[WordGroups],
        *,
        slips: bool = False,
        never_slips: Collection[str] = (),
        denials: Collection[str] = (),
    ) -> None:
        self._patterns = [tuple(map(frozenset, pattern.groups)) for pattern in patterns]
        # A pattern is looked at only where the text has something of its smallest group, the most telling one.
        self._anchored: dict[Phrase, list[int]] = {}
        for number, groups in enumerate(self._patterns):
            for phrase in min(groups, key=len):
                self._anchored.setdefault(phrase, []).append(number)
        phrases = frozenset(chain.from_iterable(chain.from_iterable(self._patterns)))
        self._phrases: dict[str, list[Phrase]] = {}  # by their first words
        for phrase in phrases:
            self._phrases.setdefault(phrase[0], []).append(phrase)
        written = frozenset(chain.from_iterable(phrases))
        self._words = frozenset(word for word in written if not word.endswith("*"))
        self._beginnings = tuple(sorted(word[:-1] for word in written - self._words))
        self._long_words: dict[str, list[str]] = {}  # those that may have a slip, by their first letters
        for word in sorted(written):
            if len(word.removesuffix("*")) >= MIN_SLIP:
                self._long_words.setdefault(word[0], []).append(word)
        self._never_slips = frozenset(never_slips)
        self._slips = slips
        self._denials = frozenset(denials)
        self._written_as = lru_cache(MAX_MEMOIZED)(self._words_of_patterns)

    def matches(self, text_words: Sequence[str], window: int = WINDOW) -> tuple[GroupMatch, ...]:
        """The patterns of which every group is in the text within `window` words, each once, in order."""
        written_as = [self._written_as(word) for word in text_words]
        spans: dict[Phrase, list[_Span]] = {}
        for start, candidates in enumerate(written_as):
            if self._is_denied(text_words, start):
                continue
            for candidate in candidates:
                for phrase in self._phrases.get(candidate, ()):
                    if _continues(phrase, written_as, start):
                        spans.setdefault(phrase, []).append((start, start + len(phrase)))
        found = []
        for number in sorted({number for phrase in spans for number in self._anchored.get(phrase, ())}):
            by_group = [
                [span for phrase in spans.keys() & group for span in spans[phrase]] for group in self._patterns[number]
            ]
            if all(by_group) and (filled := _narrowest(by_group, window)):
                found.append(GroupMatch(number, filled))
        return tuple(found)

    def _is_denied(self, text_words: Sequence[str], start: int) -> bool:
        """Whether "no", or "not a", stands before a word."""
        before = start - 2 if start > 1 and text_words[start - 1] in ARTICLES else start - 1
        return before >= 0 and text_words[before] in self._denials

    def _words_of_patterns(self, word: str) -> frozenset[str]:
        """The words of patterns, as written there, that a word of a text stands for."""
        result = {f"{beginning}*" for beginning in self._beginnings if word.startswith(beginning)}
        if self._slips and len(word) > MIN_SLIP and word.endswith("s"):
            result.update(self._words & {word[:-1]})  # more of the same, even where patterns have the plural too
        if word in self._words:
            result.add(word)
        elif self._slips and word not in self._never_slips:
            result.update(self._misspelt(word))
        return frozenset(result)

    def _misspelt(self, word: str) -> Iterator[str]:
        if len(word) < MIN_SLIP - 1:
            return
        for written in self._long_words.get(word[0], ()):
            letters = written.removesuffix("*")
            typed = (word,) if letters == written else (word[: len(letters) + more] for more in (-1, 0, 1))
            if any(OSA.distance(letters, each, score_cutoff=1) <= 1 for each in typed):
                yield written


def _continues(phrase: Phrase, written_as: Sequence[frozenset[str]], start: int) -> bool:
    """Whether the words from `start` on are those of the phrase; its first word is known to be."""
    if len(phrase) == 1:
        return True
    following = written_as[start + 1 : start + len(phrase)]
    return len(following) == len(phrase) - 1 and all(
        word in candidates for word, candidates in zip(phrase[1:], following, strict=True)
    )


def _narrowest(by_group: Sequence[Sequence[_Span]], window: int) -> tuple[int, ...]:
    """The words of the narrowest stretch of text that fills every group; () where none is within the window."""
    best: tuple[int, ...] = ()
    for first in sorted({start for spans in by_group for start, _ in spans}):
        within = [
            [span for span in sorted(spans) if first <= span[0] and span[1] <= first + window] for spans in by_group
        ]
        filled = _fill(sorted(within, key=len), frozenset())
        if filled and (not best or filled[-1] - filled[0] < best[-1] - best[0]):
            best = filled
    return best


def _fill(by_group: Sequence[Sequence[_Span]], taken: frozenset[int]) -> tuple[int, ...]:
    """The words of one span for each group, none of them in two; () where there is no such choice."""
    if not by_group:
        return tuple(sorted(taken))
    for start, end in by_group[0]:
        words_of_span = frozenset(range(start, end))
        if not words_of_span & taken and (filled := _fill(by_group[1:], taken | words_of_span)):
            return filled
    return ()
