"""The first rows of a page among all matches, asked for again while the scores of some rows rise.

Many scores are neither sorted nor partitioned as a whole, which takes a millisecond of 75,000. Once some score is known
that enough rows reach, the rows below it are left out. The highest scores of groups of rows tell such a score at first;
and it stays true, for scores only rise.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engines.scoring.keys import Ids, Scores
from indexer.engines.whoosh.searching.snapshot import Snapshot, SortKey
from indexer.query.request import Sort

_COLLAPSED: Final = 4  # rows of the best that are looked at for each condition of a page, then so many times more
_GROUP_SIZE: Final = 16  # rows
_SORT_KEYS: Final[dict[Sort, SortKey]] = {"title": "title_key", "code": "code_key"}


class TopRows:
    """The first rows of `ids` in the order of a sort; no score may be less than when any method was called before."""

    def __init__(self, snapshot: Snapshot, ids: Ids, sort: Sort) -> None:
        self._snapshot = snapshot
        self._ids = ids
        key = _SORT_KEYS.get(sort)
        self._ranks: Ids | None = None if key is None else snapshot.sort_order(key)[ids]
        self._reached: dict[int, float] = {}  # a number of rows, and a score that more than so many have reached

    def first(self, scores: Scores, limit: int, conditions: Ids | None = None) -> Ids:
        """At most `limit` rows in their order; with the condition of each row, only the first row of each condition."""
        considered = limit if conditions is None else _COLLAPSED * limit
        while True:
            rows = self._highest(scores, considered) if self._ranks is None else _lowest(self._ranks, considered)
            keys = -scores[rows] if self._ranks is None else self._ranks[rows]
            rows = rows[np.lexsort((self._snapshot.id_order(self._ids[rows]), keys))]
            if conditions is None:
                break
            are_all = len(rows) == len(self._ids)
            rows = rows[np.sort(np.unique(conditions[rows], return_index=True)[1])]
            if are_all or len(rows) >= limit:
                break
            considered *= _COLLAPSED
        return rows[:limit]

    def highest(self, scores: Scores, count: int) -> Ids:
        """The rows of the highest scores, at most `count`, in no order."""
        rows = self._highest(scores, count)
        return rows[highest(scores[rows], count)]

    def _highest(self, scores: Scores, count: int) -> Ids:
        """The rows with a score that fewer than `count` exceed; all where there are no more."""
        if count >= len(scores):
            return np.arange(len(scores))
        reached = [score for known, score in self._reached.items() if known >= count]
        candidates = np.flatnonzero(scores >= (max(reached) if reached else _reached_by_more(scores, count)))
        rows = candidates[_lowest(-scores[candidates], count)]
        self._reached[count] = float(scores[rows].min())
        return rows


def highest(scores: Scores, count: int) -> Ids:
    """The rows of the highest scores, at most `count`, in no order."""
    return np.argpartition(-scores, count)[:count] if count < len(scores) else np.arange(len(scores))


def _reached_by_more(scores: Scores, count: int) -> float:
    """A score that more than `count` rows reach: the highest of one group more, where there are as many groups."""
    groups = len(scores) // _GROUP_SIZE
    if groups <= count:
        return -np.inf
    best = scores[: groups * _GROUP_SIZE].reshape(_GROUP_SIZE, groups).max(axis=0)
    return float(np.partition(best, groups - 1 - count)[groups - 1 - count])


def _lowest(keys: NDArray[np.number], count: int) -> Ids:
    """The rows with a key that is no greater than that of the row behind the first `count`; all where there is none."""
    # No full sort: only rows that are no worse than the last one considered.
    return np.flatnonzero(keys <= np.partition(keys, count)[count]) if count < len(keys) else np.arange(len(keys))
