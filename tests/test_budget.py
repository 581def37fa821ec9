"""A budget says when nothing is left, and what is done within it is left out then, and nothing else."""

import pytest

from indexer.budget import Budget, WorkLimit
from indexer.errors import IndexDamaged, RequestTooCostly


def test_postings_are_counted_until_none_are_left() -> None:
    budget = Budget(WorkLimit(postings=100))
    budget.spend(60)
    budget.spend(40)
    assert not budget.cuts() and not budget.was_cut
    with pytest.raises(RequestTooCostly, match="use fewer"):
        budget.spend(1)
    assert budget.cuts() and budget.was_cut


def test_time_is_spent_by_itself() -> None:
    assert Budget(WorkLimit(seconds=-1)).cuts()
    assert not Budget(WorkLimit(seconds=60)).cuts()


def test_what_can_be_left_out_is_left_out_where_nothing_is_left_and_other_errors_go_on() -> None:
    budget, done = Budget(WorkLimit(postings=10)), []
    with budget:
        for step in range(5):
            budget.spend(4)
            done.append(step)
    assert done == [0, 1] and budget.was_cut
    other = Budget()
    with pytest.raises(IndexDamaged), other:
        raise IndexDamaged("a file is missing")
    assert not other.was_cut
