"""Positions of terms to positions of phrases and of terms near each other: joins of sorted position keys."""

import numpy as np

from indexer.engines.scoring.keys import NO_IDS, POSITION_BITS, Ids, Mask, distinct_sorted, first_of_runs


def phrase_positions(terms: list[Ids]) -> Ids:
    """Position keys where the first term begins a run of all the terms; `terms` holds the position keys of each."""
    if not terms or not all(len(keys) for keys in terms):
        return NO_IDS
    order = sorted(range(len(terms)), key=lambda i: len(terms[i]))
    starts = terms[order[0]] - order[0]
    for i in order[1:]:
        starts = starts[_contains(terms[i], starts + i)]
    return starts


def near_positions(terms: list[Ids], window: int, *, ordered: bool) -> Ids:
    """Position keys that begin a span where all terms occur within the window; see `Near` for what counts."""
    if not terms or window < 0 or not all(len(keys) for keys in terms):
        return NO_IDS
    window = min(window, 1 << (POSITION_BITS - 2))
    if not ordered:
        starts = distinct_sorted(np.sort(np.concatenate(terms)))
        for keys in sorted(terms, key=len):
            # Behind the last key there is none: the distance to the last is negative, as a natural number too great.
            distances = keys.take(keys.searchsorted(starts), mode="clip") - starts
            starts = starts[distances.view(np.uint64) <= window]
        return starts
    starts = ends = terms[0]
    for keys in terms[1:]:
        following = keys.searchsorted(ends, side="right")
        inside = following < len(keys)
        starts, ends = starts[inside], keys[following[inside]]
    return starts[ends - starts <= window]


def count_positions(keys: Ids) -> tuple[Ids, Ids]:
    """The doc fields of ascending position keys, and the number of keys in each."""
    doc_fields = keys >> POSITION_BITS
    first = first_of_runs(doc_fields).nonzero()[0]
    ends = np.empty_like(first)
    ends[:-1], ends[-1:] = first[1:], len(doc_fields)
    return doc_fields[first], ends - first


def _contains(keys: Ids, candidates: Ids) -> Mask:
    rows = keys.searchsorted(candidates)
    rows[rows == len(keys)] = 0
    same: Mask = keys[rows] == candidates
    return same
