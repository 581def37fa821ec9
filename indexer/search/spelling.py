"""A word that no article has to the words of the corpus that were meant, likeliest first.

Candidates are the words within two edits (rapidfuzz's optimal string alignment: insert, delete, replace, swap); one edit
before two, and among equals the slip of a finger or an ear before any other, and the frequent word before the rare.
"""

import math
from collections.abc import Iterable
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

MAX_CORRECTIONS: Final = 3
MIN_LENGTH: Final = 4  # letters; shorter words are abbreviations as often as slips
MIN_LENGTH_FOR_TWO: Final = 5
MAX_CANDIDATES: Final = 40
_SLIP: Final = 0.3  # of an edit
_FREQUENT: Final = 0.1  # of an edit, for ten times as many documents
_TIE: Final = 0.35  # what a correction may cost more than the best and still be offered beside it

_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE: Final = frozenset(
    frozenset((a, b))
    for upper, lower in zip(_ROWS, (*_ROWS[1:], ""), strict=True)
    for i, a in enumerate(upper)
    for b in (*upper[i + 1 : i + 2], *lower[max(i - 1, 0) : i + 1])
)
# Letters that are heard alike: sindrome, cronick, abcess, asma.
_ALIKE: Final = frozenset(map(frozenset, "ei ea eu iy oa ou ck cs sz kq fp td mn gj xs".split()))
_CONFUSED: Final = _BESIDE | _ALIKE


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
        """Other words that may have been meant, at most MAX_CORRECTIONS; none for a word that is too short."""
        if len(word) < MIN_LENGTH:
            return ()
        for edits in (1, 2) if len(word) >= MIN_LENGTH_FOR_TWO else (1,):
            lengths = range(len(word) - edits, len(word) + edits + 1)
            found = [
                candidate
                for length in lengths
                for candidate, _, _ in process.extract(
                    word, self._by_length.get(length, ()), scorer=OSA.distance, score_cutoff=edits, limit=MAX_CANDIDATES
                )
                if candidate != word
            ]
            if found:
                return self._best(word, found)
        return ()

    def _best(self, word: str, found: list[str]) -> tuple[str, ...]:
        costs = {candidate: self._cost(word, candidate) for candidate in found}
        ordered = sorted(costs, key=lambda candidate: (costs[candidate], candidate))
        return tuple(each for each in ordered if costs[each] <= costs[ordered[0]] + _TIE)[:MAX_CORRECTIONS]

    def _cost(self, word: str, candidate: str) -> float:
        cost = OSA.distance(word, candidate) - _SLIP * _slips(word, candidate)
        return cost + _SLIP * (word[0] != candidate[0]) - _FREQUENT * math.log10(self._documents[candidate])


def _slips(typed: str, meant: str) -> int:
    """How many of the edits are slips: a key beside the right one, a letter that sounds alike, a letter doubled or not."""
    slips = 0
    for edit in Levenshtein.editops(typed, meant):
        at, to = edit.src_pos, edit.dest_pos
        if edit.tag == "replace":
            slips += frozenset((typed[at], meant[to])) in _CONFUSED
        elif edit.tag == "insert":
            slips += meant[to] in meant[max(to - 1, 0) : to] + meant[to + 1 : to + 2]
        else:
            slips += typed[at] in typed[max(at - 1, 0) : at] + typed[at + 1 : at + 2]
    return slips
