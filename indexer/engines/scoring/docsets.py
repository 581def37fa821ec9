"""The documents that match a node, with their scores: sparse as document numbers, dense as arrays over all documents.

Both forms have the same operations. Looking up some documents in a sparse set is a bisection, in a dense set one read
for each; the sum of dense sets is one pass over memory without any look-up. So what matches at most one in SPARSE_RATIO
documents is sparse.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.engines.scoring.keys import NO_IDS, Ids, Mask, Scores, distinct_sorted

_MIN_SCORE: Final = 1e-15  # twice multiplied, still more than 0 as a narrow number
SPARSE_RATIO: Final = 8
_OBJECT_BYTES: Final = 512  # of a set beside the numbers in its arrays


class SparseDocs:
    """Document numbers, ascending, and the score of each; immutable. Both may be narrow, i4 and f4; sums are f8."""

    def __init__(self, ids: NDArray[np.signedinteger], scores: NDArray[np.floating] | None = None) -> None:
        self.ids = ids
        self.scores = np.zeros(len(ids)) if scores is None else scores

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def nbytes(self) -> int:
        """The size in bytes."""
        return _OBJECT_BYTES + self.ids.nbytes + self.scores.nbytes

    @property
    def sparse(self) -> "SparseDocs":
        """The set as document numbers, i8 and f8."""
        return SparseDocs(self.ids.astype(np.int64, copy=False), self.scores.astype(np.float64, copy=False))

    @property
    def narrowed(self) -> "SparseDocs":
        """The set in half of the memory; equal scores are rounded to equal scores."""
        return SparseDocs(self.ids.astype(np.int32), self.scores.astype(np.float32))

    def contains(self, ids: Ids) -> Mask:
        """Which of `ids`, ascending, are in the set."""
        if not len(self.ids):
            return np.zeros(len(ids), dtype=bool)
        mask: Mask = self.ids[_bisect(self.ids, ids)] == ids
        return mask

    def scores_at(self, ids: Ids) -> Scores:
        """The scores of `ids`, ascending; 0 for those outside the set."""
        if ids is self.ids:
            return self.scores.astype(np.float64, copy=False)
        scores = np.zeros(len(ids))
        if len(self.ids) < len(ids):
            rows = _bisect(ids, self.ids)
            inside = ids[rows] == self.ids
            scores[rows[inside]] = self.scores[inside]
        elif len(ids):
            rows = _bisect(self.ids, ids)
            inside = self.ids[rows] == ids
            scores[inside] = self.scores[rows[inside]]
        return scores

    def mark(self, mask: Mask) -> None:
        """Set the documents in a mask over all documents."""
        mask[self.ids] = True

    def add_scores(self, sums: Scores) -> None:
        """Add the scores to sums over all documents."""
        sums[self.ids] += self.scores

    def add_weight(self, sums: Scores, weight: float) -> None:
        """Add the weight to the sum of each document of the set."""
        sums[self.ids] += weight

    def max_scores(self, best: Scores) -> None:
        """Raise the best scores over all documents to those of the set where these are greater."""
        best[self.ids] = np.maximum(best[self.ids], self.scores)

    def boosted(self, weight: float) -> "SparseDocs":
        """The set with every score multiplied."""
        return SparseDocs(self.ids, self.scores * weight)


class DenseDocs:
    """A mask over all documents, [size], and the score of each, [size], 0 outside the mask; immutable.

    Without a mask, the documents are those with a score. Scores may be narrow, f4; sums of them are f8.
    """

    def __init__(self, mask: Mask | None, scores: NDArray[np.floating]) -> None:
        self._mask = mask
        self.scores = scores

    @property
    def mask(self) -> Mask:
        """Which documents are in the set, [size]."""
        return self.scores > 0 if self._mask is None else self._mask

    @cached_property
    def _count(self) -> int:
        return int(np.count_nonzero(self.mask))

    def __len__(self) -> int:
        return self._count

    @property
    def nbytes(self) -> int:
        """The size in bytes."""
        return _OBJECT_BYTES + self.scores.nbytes + (0 if self._mask is None else self._mask.nbytes)

    @property
    def narrowed(self) -> "DenseDocs":
        """The set in less than half of the memory; equal scores are rounded to equal scores."""
        scores = self.scores.astype(np.float32)
        all_scored = np.count_nonzero(scores > _MIN_SCORE) == len(self)
        return DenseDocs(None if all_scored else self.mask, scores)

    @property
    def sparse(self) -> SparseDocs:
        """The set as document numbers."""
        ids = self.mask.nonzero()[0]
        return SparseDocs(ids, self.scores_at(ids))

    def contains(self, ids: Ids) -> Mask:
        """Which of `ids` are in the set."""
        return self.scores.take(ids) > 0 if self._mask is None else self._mask.take(ids)

    def scores_at(self, ids: Ids) -> Scores:
        """The scores of `ids`; 0 for those outside the set."""
        return self.scores.take(ids).astype(np.float64, copy=False)

    def mark(self, mask: Mask) -> None:
        """Set the documents in a mask over all documents."""
        mask |= self.mask

    def add_scores(self, sums: Scores) -> None:
        """Add the scores to sums over all documents."""
        sums += self.scores

    def add_weight(self, sums: Scores, weight: float) -> None:
        """Add the weight to the sum of each document of the set."""
        sums += self.mask * weight

    def max_scores(self, best: Scores) -> None:
        """Raise the best scores over all documents to those of the set where these are greater."""
        np.maximum(best, self.scores, out=best)

    def boosted(self, weight: float) -> "DenseDocs":
        """The set with every score multiplied."""
        return DenseDocs(self._mask if weight > _MIN_SCORE else self.mask, self.scores * weight)


DocSet: TypeAlias = SparseDocs | DenseDocs

EMPTY_DOCS: Final = SparseDocs(NO_IDS)


def fitting_form(docs: DocSet, size: int) -> DocSet:
    """The set in the form that its number of documents asks for."""
    if isinstance(docs, DenseDocs):
        return docs.sparse if len(docs) * SPARSE_RATIO <= size else docs
    if len(docs) * SPARSE_RATIO <= size:
        return docs
    mask, scores = np.zeros(size, dtype=bool), np.zeros(size)
    mask[docs.ids] = True
    scores[docs.ids] = docs.scores
    return DenseDocs(mask, scores)


def union_sum(sets: Sequence[DocSet], size: int) -> DocSet:
    """The documents of any set, with the sum of their scores, added in the order of the sets."""
    return _union(sets, size, lambda each, sums: each.add_scores(sums), sums_at)


def union_max(sets: Sequence[DocSet], size: int) -> DocSet:
    """The documents of any set, with the greatest of their scores."""
    return _union(sets, size, lambda each, best: each.max_scores(best), max_at)


def _union(
    sets: Sequence[DocSet],
    size: int,
    gather: Callable[[DocSet, Scores], None],
    gather_at: Callable[[Sequence[DocSet], Ids], Scores],
) -> DocSet:
    if len(sets) == 1:
        return sets[0]
    if _is_dense(sets, size):
        mask, scores = np.zeros(size, dtype=bool), np.zeros(size)
        for each in sets:
            each.mark(mask)
            gather(each, scores)
        return DenseDocs(mask, scores)
    ids = _union_ids(sets)
    return SparseDocs(ids, gather_at(sets, ids))


def intersection(sets: Sequence[DocSet], size: int) -> DocSet:
    """The documents of all sets, one set at least, with the sum of their scores, added in the order of the sets."""
    if len(sets) == 1:
        return sets[0]
    dense = [each for each in sets if isinstance(each, DenseDocs)]
    if len(dense) == len(sets):
        mask, sums = np.ones(size, dtype=bool), np.zeros(size)
        for own in dense:
            mask &= own.mask
            sums += own.scores
        return fitting_form(DenseDocs(mask, sums * mask), size)
    ids = min((each.ids for each in sets if isinstance(each, SparseDocs)), key=len)
    for each in sorted(sets, key=len):
        ids = ids[each.contains(ids)]
    return SparseDocs(ids, sums_at(sets, ids))


def at_least(sets: Sequence[DocSet], needed: float, weights: Sequence[float], size: int) -> DocSet:
    """The documents whose sets together have the weight needed, with the sum of their scores, added in their order."""
    if _is_dense(sets, size):
        weighed, sums = np.zeros(size), np.zeros(size)
        for each, weight in zip(sets, weights, strict=True):
            each.add_weight(weighed, weight)
            each.add_scores(sums)
        enough = weighed >= needed
        return fitting_form(DenseDocs(enough, sums * enough), size)
    ids = _union_ids(sets)
    weighed = np.zeros(len(ids))
    for each, weight in zip(sets, weights, strict=True):
        weighed += weight * each.contains(ids)
    ids = ids[weighed >= needed]
    return SparseDocs(ids, sums_at(sets, ids))


def sums_at(sets: Iterable[DocSet], ids: Ids) -> Scores:
    """The sum of the scores of each of `ids`, ascending, added in the order of the sets."""
    sums = np.zeros(len(ids))
    for each in sets:
        sums += each.scores_at(ids)
    return sums


def max_at(sets: Iterable[DocSet], ids: Ids) -> Scores:
    """The greatest of the scores of each of `ids`, ascending."""
    best = np.zeros(len(ids))
    for each in sets:
        np.maximum(best, each.scores_at(ids), out=best)
    return best


def _is_dense(sets: Sequence[DocSet], size: int) -> bool:
    """Whether arrays over all documents cost less than look-ups."""
    return any(isinstance(each, DenseDocs) for each in sets) or sum(map(len, sets)) * SPARSE_RATIO > size


def _union_ids(sets: Sequence[DocSet]) -> Ids:
    return distinct_sorted(np.sort(np.concatenate([NO_IDS, *(each.sparse.ids for each in sets)])))


def _bisect(ids: NDArray[np.signedinteger], candidates: NDArray[np.signedinteger]) -> Ids:
    """The row of `ids`, at least one, where each candidate would stand; the first row for those behind all."""
    rows = ids.searchsorted(candidates)
    rows[rows == len(ids)] = 0
    return rows
