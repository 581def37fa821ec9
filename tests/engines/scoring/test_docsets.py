"""Doc sets combine to the same documents and scores, whether they are sparse or dense."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.scoring.docsets import (
    DenseDocs,
    DocSet,
    SparseDocs,
    at_least,
    fitting_form,
    intersection,
    sums_at,
    union_max,
    union_sum,
)

SIZE = 24  # documents, so that three of them are dense
FAR = 4_000  # documents, so that none of these sets is dense

scored = st.dictionaries(st.integers(0, SIZE - 1), st.integers(1, 8).map(float), max_size=SIZE)
several = st.lists(scored, min_size=1, max_size=5)


def sparse(scores: dict[int, float]) -> SparseDocs:
    ids = sorted(scores)
    return SparseDocs(np.array(ids, dtype=np.int64), np.array([scores[id] for id in ids]))


def dense(scores: dict[int, float]) -> DenseDocs:
    mask, everywhere = np.zeros(SIZE, dtype=bool), np.zeros(SIZE)
    for id, score in scores.items():
        mask[id], everywhere[id] = True, score
    return DenseDocs(mask, everywhere)


def scores_of(docs: DocSet) -> dict[int, float]:
    assert len(docs) == len(docs.sparse.ids)
    return dict(zip(docs.sparse.ids.tolist(), docs.sparse.scores.tolist(), strict=True))


def in_all_forms(several: list[dict[int, float]]) -> list[tuple[list[DocSet], int]]:
    """The same sets sparse in a large and in a small library, dense, narrow, and mixed."""
    sparse_sets: list[DocSet] = [sparse(each) for each in several]
    dense_sets = [dense(each) for each in several]
    narrow: list[DocSet] = [each.narrowed for each in dense_sets]
    mixed = [pair[number % 2] for number, pair in enumerate(zip(sparse_sets, dense_sets, strict=True))]
    return [(sparse_sets, FAR), (sparse_sets, SIZE), ([*dense_sets], SIZE), (narrow, SIZE), (mixed, SIZE)]


@given(
    several=several, weights=st.lists(st.integers(0, 3).map(float), min_size=5, max_size=5), needed=st.integers(1, 6)
)
def test_unions_intersections_and_at_least(several: list[dict[int, float]], weights: list[float], needed: int) -> None:
    weights = weights[: len(several)]
    everywhere = {id for each in several for id in each}
    sums = {id: sum(each.get(id, 0.0) for each in several) for id in everywhere}
    weighed = {id: sum(own for each, own in zip(several, weights, strict=True) if id in each) for id in everywhere}
    for docs, size in in_all_forms(several):
        assert scores_of(union_sum(docs, size)) == sums
        assert scores_of(union_max(docs, size)) == {id: max(each.get(id, 0.0) for each in several) for id in everywhere}
        assert scores_of(intersection(docs, size)) == {
            id: sums[id] for id in everywhere if all(id in each for each in several)
        }
        enough = {id: sums[id] for id in everywhere if weighed[id] >= needed}
        assert scores_of(at_least(docs, float(needed), weights, size)) == enough


@given(
    several=several, looked_up=st.sets(st.integers(0, SIZE - 1)).map(sorted), weight=st.sampled_from([0.0, 0.5, 2.0])
)
def test_look_ups_of_some_documents(several: list[dict[int, float]], looked_up: list[int], weight: float) -> None:
    ids = np.array(looked_up, dtype=np.int64)
    for docs, _ in in_all_forms(several):
        for each, scores in zip(docs, several, strict=True):
            assert each.scores_at(ids).tolist() == [scores.get(id, 0.0) for id in looked_up]
            assert each.contains(ids).tolist() == [id in scores for id in looked_up]
            assert scores_of(each.boosted(weight)) == {id: weight * score for id, score in scores.items()}
            assert scores_of(fitting_form(each, SIZE)) == scores
        assert sums_at(docs, ids).tolist() == [sum(scores.get(id, 0.0) for scores in several) for id in looked_up]


@pytest.mark.parametrize("score", [0.0, 1e-30, 1e-300])
def test_a_document_with_next_to_no_score_still_matches(score: float) -> None:
    for docs in (dense({3: score, 5: 1.0}).narrowed, dense({3: score, 5: 1.0}).narrowed.boosted(1e-30)):
        assert docs.sparse.ids.tolist() == [3, 5]
        assert docs.contains(np.array([3, 4, 5])).tolist() == [True, False, True]
