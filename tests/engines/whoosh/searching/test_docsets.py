"""What is found combines to the same, whether as numbers or as arrays over all documents."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engines.whoosh.searching.docsets import (
    Few,
    Found,
    Many,
    all_of,
    any_of,
    best_of,
    enough_of,
    settled,
    sums_at,
)

SIZE = 24  # documents, so that three are many
FAR = 4_000  # and so that none are

scored = st.dictionaries(st.integers(0, SIZE - 1), st.integers(1, 8).map(float), max_size=SIZE)
several = st.lists(scored, min_size=1, max_size=5)


def few(scores: dict[int, float]) -> Few:
    ids = sorted(scores)
    return Few(np.array(ids, dtype=np.int64), np.array([scores[id] for id in ids]))


def many(scores: dict[int, float]) -> Many:
    mask, everywhere = np.zeros(SIZE, dtype=bool), np.zeros(SIZE)
    for id, score in scores.items():
        mask[id], everywhere[id] = True, score
    return Many(mask, everywhere)


def told(found: Found) -> dict[int, float]:
    assert len(found) == len(found.few.ids)
    return dict(zip(found.few.ids.tolist(), found.few.scores.tolist(), strict=True))


def ways(several: list[dict[int, float]]) -> list[tuple[list[Found], int]]:
    """The same as numbers among many documents and among few, as arrays, as narrow ones, and mixed."""
    numbers: list[Found] = [few(each) for each in several]
    arrays = [many(each) for each in several]
    narrow: list[Found] = [each.narrowed for each in arrays]
    mixed = [pair[place % 2] for place, pair in enumerate(zip(numbers, arrays, strict=True))]
    return [(numbers, FAR), (numbers, SIZE), ([*arrays], SIZE), (narrow, SIZE), (mixed, SIZE)]


@settings(max_examples=200, deadline=None)
@given(
    several=several, weights=st.lists(st.integers(0, 3).map(float), min_size=5, max_size=5), needed=st.integers(1, 6)
)
def test_combinations(several: list[dict[int, float]], weights: list[float], needed: int) -> None:
    weights = weights[: len(several)]
    everywhere = {id for each in several for id in each}
    sums = {id: sum(each.get(id, 0.0) for each in several) for id in everywhere}
    weighed = {id: sum(own for each, own in zip(several, weights, strict=True) if id in each) for id in everywhere}
    for found, size in ways(several):
        assert told(any_of(found, size)) == sums
        assert told(best_of(found, size)) == {id: max(each.get(id, 0.0) for each in several) for id in everywhere}
        assert told(all_of(found, size)) == {id: sums[id] for id in everywhere if all(id in each for each in several)}
        enough = {id: sums[id] for id in everywhere if weighed[id] >= needed}
        assert told(enough_of(found, float(needed), weights, size)) == enough


@settings(max_examples=200, deadline=None)
@given(several=several, asked=st.sets(st.integers(0, SIZE - 1)).map(sorted), weight=st.sampled_from([0.0, 0.5, 2.0]))
def test_what_is_asked_of_some_documents(several: list[dict[int, float]], asked: list[int], weight: float) -> None:
    ids = np.array(asked, dtype=np.int64)
    for found, _ in ways(several):
        for each, scores in zip(found, several, strict=True):
            assert each.at(ids).tolist() == [scores.get(id, 0.0) for id in asked]
            assert each.among(ids).tolist() == [id in scores for id in asked]
            assert told(each.times(weight)) == {id: weight * score for id, score in scores.items()}
            assert told(settled(each, SIZE)) == scores
        assert sums_at(found, ids).tolist() == [sum(scores.get(id, 0.0) for scores in several) for id in asked]


@pytest.mark.parametrize("score", [0.0, 1e-30, 1e-300])
def test_what_scores_next_to_nothing_is_still_found(score: float) -> None:
    for found in (many({3: score, 5: 1.0}).narrowed, many({3: score, 5: 1.0}).narrowed.times(1e-30)):
        assert found.few.ids.tolist() == [3, 5]
        assert found.among(np.array([3, 4, 5])).tolist() == [True, False, True]
