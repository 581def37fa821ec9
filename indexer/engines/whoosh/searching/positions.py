"""Places of terms to places of phrases and of terms near each other: joins of sorted integer keys.

A slot is a text field of a document,  document << FIELD_BITS | field,  and a key is  slot << POSITION_BITS | position,  so that one array
holds every place of a term, ascending. Positions one further are keys one greater, and the distance of two keys in
different slots is greater than any window.
"""

from typing import Final

import numpy as np

from indexer.engines.whoosh.format.arrays import begin_anew, distinct_sorted
from indexer.engines.whoosh.searching.docsets import NO_IDS, Ids, Mask

POSITION_BITS: Final = 29


def phrase_places(terms: list[Ids]) -> Ids:
    """Keys where the first term begins a run of all the terms at consecutive positions; `terms` has the keys of each."""
    if not terms or not all(len(keys) for keys in terms):
        return NO_IDS
    order = sorted(range(len(terms)), key=lambda i: len(terms[i]))
    places = terms[order[0]] - order[0]
    for i in order[1:]:
        places = places[_contains(terms[i], places + i)]
    return places


def near_places(terms: list[Ids], window: int, *, ordered: bool) -> Ids:
    """Keys that begin a place where all terms stand within the window; see `Near` for what counts."""
    if not terms or window < 0 or not all(len(keys) for keys in terms):
        return NO_IDS
    window = min(window, 1 << (POSITION_BITS - 2))
    if not ordered:
        begun = []
        for own in terms:
            starts = own
            for keys in terms:
                if keys is not own:
                    found = np.searchsorted(keys, starts)
                    starts, found = starts[found < len(keys)], found[found < len(keys)]
                    starts = starts[keys[found] - starts <= window]
            begun.append(starts)
        return distinct_sorted(np.sort(np.concatenate(begun)))
    starts = ends = terms[0]
    for keys in terms[1:]:
        found = np.searchsorted(keys, ends, side="right")
        inside = found < len(keys)
        starts, ends = starts[inside], keys[found[inside]]
    return starts[ends - starts <= window]


def count_places(places: Ids) -> tuple[Ids, Ids]:
    """The slots of ascending keys, and how many keys each has."""
    slots = places >> POSITION_BITS
    first = np.flatnonzero(begin_anew(slots))
    ends = np.empty_like(first)
    ends[:-1], ends[-1:] = first[1:], len(slots)
    return slots[first], ends - first


def _contains(keys: Ids, wanted: Ids) -> Mask:
    found = np.searchsorted(keys, wanted)
    found[found == len(keys)] = 0
    same: Mask = keys[found] == wanted
    return same
