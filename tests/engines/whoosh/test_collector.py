"""What is kept from one search for the next."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.budget import Budget, WorkLimit
from indexer.documents import Document
from indexer.engine import Searcher
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.query.nodes import Boost, Node, Or, Should, Term
from indexer.query.query import Query
from indexer.query.request import Page

BONE: Node = Boost(Term("bone"), 0.0)
CLAUSES: tuple[Node, ...] = (Term("hand"), Term("pain"), Term("skin"))


@pytest.fixture
def searcher(tmp_path: Path) -> Iterator[Searcher]:
    engine = WhooshEngine(tmp_path)
    with engine.batch() as batch:
        for number in range(12):
            words = [word for step, word in enumerate(("hand", "pain", "skin"), 2) if number % step == 0]
            batch.put(Document(id=f"{number}", source="", title=" ".join(("bone", *words))))
    with engine.searcher() as opened:
        yield opened


def scores(searcher: Searcher, clauses: tuple[Node, ...], budget: Budget | None = None) -> dict[str, float]:
    query = Query("", Should(BONE, Or(clauses)), budget=budget or Budget())
    return {match.document.id: match.score for match in searcher.search(query, Page(limit=20), counts=False).page}


def test_what_a_spent_budget_left_out_is_added_by_the_next_search(searcher: Searcher) -> None:
    spent = Budget(WorkLimit(postings=12 + 6))  # all that have a bone, and those that have a hand
    cut = scores(searcher, CLAUSES, spent)
    assert spent.was_cut
    whole = scores(searcher, CLAUSES)
    assert whole["0"] > cut["0"]
    each = [scores(searcher, (clause,))["0"] for clause in CLAUSES]
    assert whole["0"] == pytest.approx(sum(each), abs=1e-6)


def test_a_search_that_adds_clauses_leaves_the_scores_before_as_they_were(searcher: Searcher) -> None:
    first = scores(searcher, CLAUSES[:1])
    added = scores(searcher, CLAUSES)
    assert scores(searcher, CLAUSES[:1]) == first
    assert scores(searcher, CLAUSES) == added
    assert added["4"] > first["4"]
