"""A word that no document has to its corrections: similar words that documents have, likeliest first.

Candidates are the words within two edits (rapidfuzz's optimal string alignment: insert, delete, replace, swap). One
edit comes before two; among equals, common errors of typing and hearing before others, and frequent words before rare
ones. Two edits that are no common errors are believed in a long word alone.

Homophones are candidates, too, up to four edits away, and each edit costs less: "newmonia", "soriasis", "hemmoroids".
Their phonetic key is Metaphone's (Philips, Hanging on the Metaphone, Computer Language 1990), with the silent p and the
hard ch of Greek words.
"""

import math
from collections.abc import Iterable
from typing import Final

import jellyfish
from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

MAX_CORRECTIONS: Final = 3
MIN_LENGTH: Final = 4  # letters; shorter unknown words are abbreviations as often as errors
MIN_LENGTH_FOR_TWO: Final = 5
MIN_LENGTH_FOR_UNCOMMON: Final = 7  # letters of a word in which two edits are believed that are no common errors
MIN_LENGTH_FOR_FIRST: Final = 9  # the same where one of them is in the first letter
MIN_LENGTH_FOR_PHONETIC: Final = 5
MAX_PHONETIC_EDITS: Final = 4
MAX_CANDIDATES: Final = 40
# Costs, in edits.
_COMMON_ERROR: Final = 0.3  # that a common error costs less
_FREQUENT: Final = 0.1  # that a word costs less which ten times as many documents have
_PHONETIC: Final = 0.5  # of each edit to a word of the same sound
_TIE: Final = 0.35  # that a correction may cost more than the best and still be offered beside it

_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBORING_KEYS: Final = frozenset(
    frozenset((a, b))
    for upper, lower in zip(_ROWS, (*_ROWS[1:], ""), strict=True)
    for i, a in enumerate(upper)
    for b in (*upper[i + 1 : i + 2], *lower[max(i - 1, 0) : i + 1])
)
# Letters that are heard alike: sindrome, cronick, abcess, asma.
_SIMILAR_SOUNDS: Final = frozenset(map(frozenset, "ei ea eu iy oa ou ck cs sz kq fp td mn gj xs".split()))
_CONFUSED: Final = _NEIGHBORING_KEYS | _SIMILAR_SOUNDS


class Speller:
    """Corrections over the words of one snapshot."""

    def __init__(self, words: Iterable[tuple[str, str, int]]) -> None:
        """`words` are those of `Searcher.words`: the word, its term, the documents that have it."""
        self._documents: dict[str, int] = {}
        for word, _, documents in words:
            if word.isalpha():
                self._documents[word] = self._documents.get(word, 0) + documents
        self._by_length: dict[int, list[str]] = {}
        self._by_phonetic_key: dict[str, list[str]] = {}
        for word in self._documents:
            self._by_length.setdefault(len(word), []).append(word)
            if len(word) >= MIN_LENGTH_FOR_PHONETIC:
                self._by_phonetic_key.setdefault(_phonetic_key(word), []).append(word)

    def correct(self, word: str) -> tuple[str, ...]:
        """Other words that may have been intended, at most MAX_CORRECTIONS; none for a word that is too short."""
        if len(word) < MIN_LENGTH:
            return ()
        homophones = self._homophones(word)
        candidates = self._within(1, word)
        if not candidates and len(word) >= MIN_LENGTH_FOR_TWO:
            candidates = [each for each in self._within(2, word) if _is_likely(word, each)]
        candidates = list(dict.fromkeys((*candidates, *sorted(homophones))))
        costs = {each: self._cost(word, each, each in homophones) for each in candidates}
        ordered = sorted(costs, key=lambda candidate: (costs[candidate], candidate))
        return tuple(each for each in ordered if costs[each] <= costs[ordered[0]] + _TIE)[:MAX_CORRECTIONS]

    def _within(self, edits: int, word: str) -> list[str]:
        """The words that are so many edits away or fewer."""
        return [
            candidate
            for length in range(len(word) - edits, len(word) + edits + 1)
            for candidate, _, _ in process.extract(
                word, self._by_length.get(length, ()), scorer=OSA.distance, score_cutoff=edits, limit=MAX_CANDIDATES
            )
            if candidate != word
        ]

    def _homophones(self, word: str) -> frozenset[str]:
        """The words of the same sound that are not too far away."""
        if len(word) < MIN_LENGTH_FOR_PHONETIC:
            return frozenset()
        homophones = self._by_phonetic_key.get(_phonetic_key(word), ())
        most = min(max(2, len(word) // 2 - 1), MAX_PHONETIC_EDITS)
        return frozenset(each for each in homophones if 0 < OSA.distance(word, each) <= most)

    def _cost(self, word: str, candidate: str, is_homophone: bool) -> float:
        edits = OSA.distance(word, candidate)
        cost = _PHONETIC * edits if is_homophone else edits - _COMMON_ERROR * _common_errors(word, candidate)
        return cost + _COMMON_ERROR * (word[0] != candidate[0]) - _FREQUENT * math.log10(self._documents[candidate])


def _is_likely(typed: str, intended: str) -> bool:
    """Whether two edits may be a slip: in a long word, or where both are common errors; hardly in the first letter."""
    if typed[0] != intended[0] and frozenset((typed[0], intended[0])) not in _SIMILAR_SOUNDS:
        return len(typed) >= MIN_LENGTH_FOR_FIRST
    return len(typed) >= MIN_LENGTH_FOR_UNCOMMON or _common_errors(typed, intended) > 1


def _phonetic_key(word: str) -> str:
    """The Metaphone key of a folded word."""
    if word[0] in "px":
        word = {"ps": "s", "pt": "t"}.get(word[:2], word[:2]) + word[2:] if word[0] == "p" else "z" + word[1:]
    return str(jellyfish.metaphone(word.replace("sch", "sk").replace("ch", "k").replace("rh", "r")))


def _common_errors(typed: str, intended: str) -> int:
    """How many of the edits are common: a neighboring key, a similar sound, a letter doubled or not."""
    errors = 0
    if OSA.distance(typed, intended) < Levenshtein.distance(typed, intended):
        errors += 2  # a swap
    for edit in Levenshtein.editops(typed, intended):
        at, to = edit.src_pos, edit.dest_pos
        if edit.tag == "replace":
            errors += frozenset((typed[at], intended[to])) in _CONFUSED
        elif edit.tag == "insert":
            errors += intended[to] in intended[max(to - 1, 0) : to] + intended[to + 1 : to + 2]
        else:
            errors += typed[at] in typed[max(at - 1, 0) : at] + typed[at + 1 : at + 2]
    return errors
