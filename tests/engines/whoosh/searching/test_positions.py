import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engines.whoosh.searching.docsets import Ids
from indexer.engines.whoosh.searching.positions import POSITION_BITS, count_places, near_places, phrase_places
from tests.engines.reference import count_near, count_phrase

# For each of up to four terms: the positions it has in each of three documents.
positions = st.sets(st.integers(0, 30), max_size=8).map(sorted)
occurrences = st.lists(st.lists(positions, min_size=3, max_size=3), min_size=1, max_size=4)


def keys(term: list[list[int]]) -> Ids:
    found = [doc << POSITION_BITS | position for doc, places in enumerate(term) for position in places]
    return np.array(found, dtype=np.int64)


def counted(places: Ids) -> dict[int, int]:
    docs, counts = count_places(places)
    return dict(zip(docs.tolist(), counts.tolist(), strict=True))


def expected(counts: list[int]) -> dict[int, int]:
    return {doc: count for doc, count in enumerate(counts) if count}


@settings(max_examples=100, deadline=None)
@given(terms=occurrences)
def test_phrases(terms: list[list[list[int]]]) -> None:
    by_hand = [count_phrase([term[doc] for term in terms]) for doc in range(3)]
    assert counted(phrase_places([keys(term) for term in terms])) == expected(by_hand)


@settings(max_examples=100, deadline=None)
@given(terms=occurrences, window=st.integers(-1, 40), ordered=st.booleans())
def test_near(terms: list[list[list[int]]], window: int, ordered: bool) -> None:
    by_hand = [count_near([term[doc] for term in terms], window, ordered=ordered) for doc in range(3)]
    assert counted(near_places([keys(term) for term in terms], window, ordered=ordered)) == expected(by_hand)


def test_a_window_never_reaches_into_the_next_document() -> None:
    first, second = keys([[5], []]), keys([[], [6]])
    assert len(near_places([first, second], 1 << 40, ordered=False)) == 0
    assert len(near_places([first, second], 1 << 40, ordered=True)) == 0
