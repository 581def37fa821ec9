import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.scoring.keys import POSITION_BITS, Ids
from indexer.engines.scoring.positions import count_positions, near_positions, phrase_positions
from tests.engines.reference_scoring import count_near, count_phrase

# For each of up to four terms: the positions it has in each of three documents.
positions = st.sets(st.integers(0, 30), max_size=8).map(sorted)
terms_in_documents = st.lists(st.lists(positions, min_size=3, max_size=3), min_size=1, max_size=4)


def keys(term: list[list[int]]) -> Ids:
    in_order = [doc << POSITION_BITS | position for doc, own in enumerate(term) for position in own]
    return np.array(in_order, dtype=np.int64)


def counted(starts: Ids) -> dict[int, int]:
    docs, counts = count_positions(starts)
    return dict(zip(docs.tolist(), counts.tolist(), strict=True))


def expected(counts: list[int]) -> dict[int, int]:
    return {doc: count for doc, count in enumerate(counts) if count}


@given(terms=terms_in_documents)
def test_phrases(terms: list[list[list[int]]]) -> None:
    by_hand = [count_phrase([term[doc] for term in terms]) for doc in range(3)]
    assert counted(phrase_positions([keys(term) for term in terms])) == expected(by_hand)


@given(terms=terms_in_documents, window=st.integers(-1, 40), ordered=st.booleans())
def test_near(terms: list[list[list[int]]], window: int, ordered: bool) -> None:
    by_hand = [count_near([term[doc] for term in terms], window, ordered=ordered) for doc in range(3)]
    assert counted(near_positions([keys(term) for term in terms], window, ordered=ordered)) == expected(by_hand)


def test_a_window_never_reaches_into_the_next_document() -> None:
    first, second = keys([[5], []]), keys([[], [6]])
    assert len(near_positions([first, second], 1 << 40, ordered=False)) == 0
    assert len(near_positions([first, second], 1 << 40, ordered=True)) == 0
