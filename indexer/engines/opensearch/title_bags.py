"""The titles of a generation as sets of terms, and how much of the idf of each some terms make up.

Coverage compares a query with whole titles. The client has them all in its tally, some five terms each, so it finds by
itself those that are covered, and asks the server for the documents that have them: by the hash of the set.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Final

import numpy as np
import xxhash
from numpy.typing import NDArray

from indexer.engines.opensearch.tally import SEPARATOR

HASH_BITS_OF_BAG: Final = 63  # a long of the server that is not negative


def bag_hash(bag: str) -> int:
    """What the index has of a set of terms."""
    return xxhash.xxh64_intdigest(bag.encode("utf-8", "surrogatepass")) >> (64 - HASH_BITS_OF_BAG)


class TitleBags:
    """The different titles of a generation; `idf` is that of each term in titles."""

    def __init__(self, bags: Mapping[str, int], idf: Mapping[str, float]) -> None:
        self._bags = [bag for bag in bags if bag]
        self._idf = idf

    @cached_property
    def _hashes(self) -> NDArray[np.int64]:
        return np.array([bag_hash(bag) for bag in self._bags], dtype=np.int64)

    @cached_property
    def _rows(self) -> Mapping[str, NDArray[np.int64]]:
        rows: dict[str, list[int]] = {}
        for row, bag in enumerate(self._bags):
            for term in bag.split(SEPARATOR):
                rows.setdefault(term, []).append(row)
        return {term: np.array(each, dtype=np.int64) for term, each in rows.items()}

    @cached_property
    def _sums(self) -> NDArray[np.float64]:
        sums = np.zeros(len(self._bags))
        for term in sorted(self._rows):
            sums[self._rows[term]] += self._idf[term]
        return sums

    def shares(self, terms: tuple[str, ...]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The hashes of the titles that have any of the terms, and the share of each that they make up."""
        covered = np.zeros(len(self._bags))
        for term in sorted(set(terms)):
            if term in self._rows:
                covered[self._rows[term]] += self._idf[term]
        rows = np.flatnonzero(covered)
        return self._hashes[rows], covered[rows] / self._sums[rows]

    @cached_property
    def _sums_by_hash(self) -> Mapping[int, float]:
        return dict(zip(self._hashes.tolist(), self._sums.tolist(), strict=True))

    def sums(self, hashes: NDArray[np.int64]) -> NDArray[np.float64]:
        """The sum of the idf of the terms of each title, by its hash; 1 for a title of no terms."""
        return np.array([self._sums_by_hash.get(hash, 1.0) for hash in hashes.tolist()])
