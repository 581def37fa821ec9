"""What a node finds: the documents that match it and their scores, few of them as numbers, many as arrays over all documents.

Both forms answer the same questions. Looking for some documents among few means bisecting; among many it is one look for each, and
adding up many is one pass over memory without any looking.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.format.arrays import distinct_sorted

Ids: TypeAlias = NDArray[np.int64]
Scores: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

NO_IDS: Final[Ids] = np.zeros(0, dtype=np.int64)
_FAINT: Final = 1e-15  # twice multiplied, still more than 0 as a narrow number
FEW: Final = 8  # one in so many documents are worth a look at all


class Few:
    """Document numbers, ascending, and the score of each; immutable. Both may be narrow: i4, and f4, whose sums are f8."""

    def __init__(self, ids: NDArray[np.signedinteger], scores: NDArray[np.floating] | None = None) -> None:
        self.ids = ids
        self.scores = np.zeros(len(ids)) if scores is None else scores

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays."""
        return self.ids.nbytes + self.scores.nbytes

    @property
    def few(self) -> "Few":
        """The same as document numbers, none of it narrow."""
        return Few(self.ids.astype(np.int64, copy=False), self.scores.astype(np.float64, copy=False))

    @property
    def narrowed(self) -> "Few":
        """The same in half of the memory; scores rounded, those of documents alike to the same."""
        return Few(self.ids.astype(np.int32), self.scores.astype(np.float32))

    def among(self, ids: Ids) -> Mask:
        """Which of `ids`, ascending, match."""
        if not len(self.ids):
            return np.zeros(len(ids), dtype=bool)
        there: Mask = self.ids[_bisected(self.ids, ids)] == ids
        return there

    def at(self, ids: Ids) -> Scores:
        """The scores of `ids`, ascending; 0 for those that do not match."""
        if ids is self.ids:
            return self.scores.astype(np.float64, copy=False)
        scores = np.zeros(len(ids))
        if len(self.ids) < len(ids):
            places = _bisected(ids, self.ids)
            there = ids[places] == self.ids
            scores[places[there]] = self.scores[there]
        elif len(ids):
            places = _bisected(self.ids, ids)
            there = self.ids[places] == ids
            scores[there] = self.scores[places[there]]
        return scores

    def mark(self, mask: Mask) -> None:
        """Set what matches in a mask over all documents."""
        mask[self.ids] = True

    def add(self, sums: Scores) -> None:
        """Add the scores to sums over all documents."""
        sums[self.ids] += self.scores

    def weigh(self, sums: Scores, weight: float) -> None:
        """Add the weight to the sum of each document that matches."""
        sums[self.ids] += weight

    def raise_to(self, best: Scores) -> None:
        """Make each of the best scores the score of the document where that is greater."""
        best[self.ids] = np.maximum(best[self.ids], self.scores)

    def times(self, weight: float) -> "Few":
        """The same with every score multiplied."""
        return Few(self.ids, self.scores * weight)


class Many:
    """Which documents match, [size], and the score of each, [size], 0 where it does not; immutable.

    Without a mask it is what has a score. Scores may be narrow, f4; sums of them are f8.
    """

    def __init__(self, mask: Mask | None, scores: NDArray[np.floating]) -> None:
        self._mask = mask
        self.scores = scores

    @property
    def mask(self) -> Mask:
        """Which documents match, [size]."""
        return self.scores > 0 if self._mask is None else self._mask

    @cached_property
    def _count(self) -> int:
        return int(np.count_nonzero(self.mask))

    def __len__(self) -> int:
        return self._count

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays."""
        return self.scores.nbytes + (0 if self._mask is None else self._mask.nbytes)

    @property
    def narrowed(self) -> "Many":
        """The same in less than half of the memory; scores rounded, those of documents alike to the same."""
        scores = self.scores.astype(np.float32)
        whole = np.count_nonzero(scores > _FAINT) == len(self)
        return Many(None if whole else self.mask, scores)

    @property
    def few(self) -> Few:
        """The same as document numbers."""
        ids = np.flatnonzero(self.mask)
        return Few(ids, self.at(ids))

    def among(self, ids: Ids) -> Mask:
        """Which of `ids` match."""
        return self.scores[ids] > 0 if self._mask is None else self._mask[ids]

    def at(self, ids: Ids) -> Scores:
        """The scores of `ids`; 0 for those that do not match."""
        return self.scores[ids].astype(np.float64)

    def mark(self, mask: Mask) -> None:
        """Set what matches in a mask over all documents."""
        mask |= self.mask

    def add(self, sums: Scores) -> None:
        """Add the scores to sums over all documents."""
        sums += self.scores

    def weigh(self, sums: Scores, weight: float) -> None:
        """Add the weight to the sum of each document that matches."""
        sums += self.mask * weight

    def raise_to(self, best: Scores) -> None:
        """Make each of the best scores the score of the document where that is greater."""
        np.maximum(best, self.scores, out=best)

    def times(self, weight: float) -> "Many":
        """The same with every score multiplied."""
        return Many(self._mask if weight > _FAINT else self.mask, self.scores * weight)


Found: TypeAlias = Few | Many

NOTHING: Final = Few(NO_IDS)


def settled(found: Found, size: int) -> Found:
    """What was found, in the form that its number asks for."""
    if isinstance(found, Many):
        return found.few if len(found) * FEW <= size else found
    if len(found) * FEW <= size:
        return found
    mask, scores = np.zeros(size, dtype=bool), np.zeros(size)
    mask[found.ids] = True
    scores[found.ids] = found.scores
    return Many(mask, scores)


def any_of(found: Sequence[Found], size: int) -> Found:
    """What any of them has, with the sum of what they give it, in their order."""
    return _either(found, size, lambda each, sums: each.add(sums), sums_at)


def best_of(found: Sequence[Found], size: int) -> Found:
    """What any of them has, with the greatest score that one of them gives it."""
    return _either(found, size, lambda each, best: each.raise_to(best), best_at)


def _either(
    found: Sequence[Found],
    size: int,
    gather: Callable[[Found, Scores], None],
    gathered_at: Callable[[Sequence[Found], Ids], Scores],
) -> Found:
    if len(found) == 1:
        return found[0]
    if _are_many(found, size):
        mask, scores = np.zeros(size, dtype=bool), np.zeros(size)
        for each in found:
            each.mark(mask)
            gather(each, scores)
        return Many(mask, scores)
    ids = _union(found)
    return Few(ids, gathered_at(found, ids))


def all_of(found: Sequence[Found], size: int) -> Found:
    """What all of them have, at least one, with the sum of what they give it, in their order."""
    if len(found) == 1:
        return found[0]
    many = [each for each in found if isinstance(each, Many)]
    if len(many) == len(found):
        mask, sums = np.ones(size, dtype=bool), np.zeros(size)
        for own in many:
            mask &= own.mask
            sums += own.scores
        return settled(Many(mask, sums * mask), size)
    ids = min((each.ids for each in found if isinstance(each, Few)), key=len)
    for each in sorted(found, key=len):
        ids = ids[each.among(ids)]
    return Few(ids, sums_at(found, ids))


def enough_of(found: Sequence[Found], needed: float, weights: Sequence[float], size: int) -> Found:
    """What those of them have that together weigh as much as is needed, with the sum of what they give it, in their order."""
    if _are_many(found, size):
        weighed, sums = np.zeros(size), np.zeros(size)
        for each, weight in zip(found, weights, strict=True):
            each.weigh(weighed, weight)
            each.add(sums)
        enough = weighed >= needed
        return settled(Many(enough, sums * enough), size)
    ids = _union(found)
    weighed = np.zeros(len(ids))
    for each, weight in zip(found, weights, strict=True):
        weighed += weight * each.among(ids)
    ids = ids[weighed >= needed]
    return Few(ids, sums_at(found, ids))


def sums_at(found: Iterable[Found], ids: Ids) -> Scores:
    """The sum of what they give each of `ids`, ascending, in their order."""
    sums = np.zeros(len(ids))
    for each in found:
        sums += each.at(ids)
    return sums


def best_at(found: Iterable[Found], ids: Ids) -> Scores:
    """The greatest of the scores that they give each of `ids`, ascending."""
    best = np.zeros(len(ids))
    for each in found:
        np.maximum(best, each.at(ids), out=best)
    return best


def _are_many(found: Sequence[Found], size: int) -> bool:
    """Whether arrays over all documents cost less than looking for each."""
    return any(isinstance(each, Many) for each in found) or sum(map(len, found)) * FEW > size


def _union(found: Sequence[Found]) -> Ids:
    return distinct_sorted(np.sort(np.concatenate([NO_IDS, *(each.few.ids for each in found)])))


def _bisected(ids: NDArray[np.signedinteger], wanted: NDArray[np.signedinteger]) -> Ids:
    """Where each of the wanted would stand among the ids, at least one; the first place for those behind all."""
    places = np.searchsorted(ids, wanted)
    places[places == len(ids)] = 0
    return places
