"""A word that no document has to its corrections: similar words that documents have, likeliest first.

Candidates are the words within two edits (rapidfuzz's optimal string alignment: insert, delete, replace, swap). One
edit comes before two; among equals, common errors of typing and hearing before others, and frequent words before rare
ones.
"""

import math
from collections.abc import Iterable
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

MAX_CORRECTIONS: Final = 3
MIN_LENGTH: Final = 4  # letters; shorter unknown words are abbreviations as often as errors
MIN_LENGTH_FOR_TWO: Final = 5
MAX_CANDIDATES: Final = 40
# Costs, in edits.
_COMMON_ERROR: Final = 0.3  # that a common error costs less
_FREQUENT: Final = 0.1  # that a word costs less which ten times as many documents have
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
        for word in self._documents:
            self._by_length.setdefault(len(word), []).append(word)

    def correct(self, word: str) -> tuple[str, ...]:
        """Other words that may have been intended, at most MAX_CORRECTIONS; none for a word that is too short."""
        if len(word) < MIN_LENGTH:
            return ()
        for edits in (1, 2) if len(word) >= MIN_LENGTH_FOR_TWO else (1,):
            lengths = range(len(word) - edits, len(word) + edits + 1)
            candidates = [
                candidate
                for length in lengths
                for candidate, _, _ in process.extract(
                    word, self._by_length.get(length, ()), scorer=OSA.distance, score_cutoff=edits, limit=MAX_CANDIDATES
                )
                if candidate != word
            ]
            if candidates:
                return self._best(word, candidates)
        return ()

    def _best(self, word: str, candidates: list[str]) -> tuple[str, ...]:
        costs = {candidate: self._cost(word, candidate) for candidate in candidates}
        ordered = sorted(costs, key=lambda candidate: (costs[candidate], candidate))
        return tuple(each for each in ordered if costs[each] <= costs[ordered[0]] + _TIE)[:MAX_CORRECTIONS]

    def _cost(self, word: str, candidate: str) -> float:
        cost = OSA.distance(word, candidate) - _COMMON_ERROR * _common_errors(word, candidate)
        return cost + _COMMON_ERROR * (word[0] != candidate[0]) - _FREQUENT * math.log10(self._documents[candidate])


def _common_errors(typed: str, intended: str) -> int:
    """How many of the edits are common: a neighboring key, a similar sound, a letter doubled or not."""
    errors = 0
    for edit in Levenshtein.editops(typed, intended):
        at, to = edit.src_pos, edit.dest_pos
        if edit.tag == "replace":
            errors += frozenset((typed[at], intended[to])) in _CONFUSED
        elif edit.tag == "insert":
            errors += intended[to] in intended[max(to - 1, 0) : to] + intended[to + 1 : to + 2]
        else:
            errors += typed[at] in typed[max(at - 1, 0) : at] + typed[at + 1 : at + 2]
    return errors
