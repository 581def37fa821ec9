from dataclasses import replace

import pytest

from indexer import Library, Page
from indexer.engine import Searcher
from indexer.query.nodes import Term
from indexer.query.query import Query
from indexer.query.ranking import Ranking
from indexer.search.expansion import MAX_SHARE, MIN_LENGTH, follow, telling_terms
from indexer.search.rewriting import Reading
from indexer.search.scoring_plan import Part, Plan
from indexer.search.search import rank

RANKING = Ranking()
FIRST = Page(limit=RANKING.feedback_documents)
PLAN = Plan(Term("urat"), (Part("“urate”", Term("urat")),))


def test_telling_terms_share_a_weight_of_one(searcher: Searcher) -> None:
    found = searcher.search(Query("", Term("insulin")), FIRST)
    telling = telling_terms(found, searcher, RANKING)
    assert sum(each.weight for each in telling) == pytest.approx(1.0)
    assert 0 < len(telling) <= RANKING.feedback_terms
    assert [each.weight for each in telling] == sorted((each.weight for each in telling), reverse=True)
    for each in telling:
        assert len(each.term) >= MIN_LENGTH
        assert searcher.frequency(None, each.term) <= MAX_SHARE * searcher.document_count


def test_nothing_found_tells_nothing(searcher: Searcher) -> None:
    found = searcher.search(Query("", Term("zyzzyx")), FIRST)
    assert telling_terms(found, searcher, RANKING) == ()
    assert follow(PLAN, Reading(Query("")), found, searcher, RANKING) is PLAN


def test_a_plan_keeps_what_it_had_and_few_are_joined_by_the_alike(searcher: Searcher) -> None:
    found = searcher.search(Query("", PLAN.root), FIRST)
    followed = follow(PLAN, Reading(Query("")), found, searcher, RANKING)
    assert (followed.match, followed.parts[: len(PLAN.parts)]) == (PLAN.match, PLAN.parts)
    assert followed.also is not None
    strict = Reading(Query(""), strict=(Term("urat"),))
    assert follow(PLAN, strict, found, searcher, RANKING).also is None
    assert follow(PLAN, Reading(Query("")), found, searcher, replace(RANKING, expand_below_hits=0)).also is None


def test_the_first_article_stays_first(corpus_library: Library) -> None:
    with corpus_library.searcher() as searcher:
        for text in ("urate crystals", "swollen knee", "chest pain", "autoimmune bone inflammation", "itching skin"):
            once = rank(searcher, text, 1, ranking=replace(RANKING, feedback_weight=0.0, expand_below_hits=0))
            assert rank(searcher, text, 1)[0].document.id == once[0].document.id


def test_few_articles_are_joined_by_those_like_them_and_it_is_said(small: Library) -> None:
    results = small.search("metformin")
    assert results.hits[0].document.id == "diabetes-2"
    if results.total > 1:
        assert results.notes == ("One article has these words; articles much like the first follow.",)
        assert all(hit.missing == ("metformin",) for hit in results.hits[1:])
