"""A search whose budget is spent answers with what it has and says so, or says that it cannot; never what is wrong."""

from dataclasses import replace

import pytest

from indexer import Library, Page
from indexer.budget import WorkLimit
from indexer.errors import RequestTooCostly
from indexer.query.request import SearchRequest
from indexer.search.search import CUT_NOTE

REQUEST = SearchRequest("inflammation of the bone marrow with fever", page=Page(limit=20), explain=True)


def test_nothing_is_cut_within_the_limit(corpus_library: Library) -> None:
    whole = corpus_library.answer(REQUEST)
    limited = corpus_library.answer(replace(REQUEST, limit=WorkLimit(postings=10**9, seconds=600)))
    assert limited.is_complete and whole.is_complete
    assert replace(limited, took_ms=0) == replace(whole, took_ms=0)
    assert CUT_NOTE not in limited.notes


@pytest.mark.parametrize("text", ["gout", "swollen knee", "inflamation of bnoe", '"bone marrow" fever', "kne*"])
def test_a_spent_budget_is_an_error_or_a_lower_bound(small: Library, text: str) -> None:
    request = SearchRequest(text, page=Page(limit=20), explain=True)
    whole = small.answer(request)
    outcomes = set()
    for postings in [*range(0, 400, 7), 10**6]:
        try:
            answer = small.answer(replace(request, limit=WorkLimit(postings=postings)))
        except RequestTooCostly:
            outcomes.add("refused")
            continue
        outcomes.add("complete" if answer.is_complete else "cut")
        assert answer.is_complete is (CUT_NOTE not in answer.notes)
        if answer.is_complete:
            assert replace(answer, took_ms=0) == replace(whole, took_ms=0)
        else:
            assert answer.total <= whole.total
            assert {hit.document.id for hit in answer.hits} <= {hit.document.id for hit in whole.hits}
    assert "complete" in outcomes and "cut" in outcomes


def test_no_time_at_all_is_no_answer_where_nothing_is_cached(small: Library) -> None:
    with pytest.raises(RequestTooCostly, match="fewer or rarer words"):
        small.answer(SearchRequest("pancreas insulin metformin weight", limit=WorkLimit(seconds=-1)))
