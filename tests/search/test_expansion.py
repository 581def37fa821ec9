from dataclasses import replace

import pytest

from indexer import Library, Page
from indexer.engine import Searcher
from indexer.query.nodes import Term
from indexer.query.parsed_query import ParsedQuery
from indexer.query.parser import parse_query
from indexer.query.query import Query
from indexer.query.ranking import Ranking
from indexer.query.request import SearchRequest
from indexer.search.expansion import (
    LEADING_DOCUMENTS,
    MAX_DOCUMENT_SHARE,
    MIN_LENGTH,
    expand_plan,
    expansion_terms,
    leading_documents,
)
from indexer.search.query_knowledge import Knowledge
from indexer.search.rewriting import rewrite
from indexer.search.rewritten_query import RequiredClause, RewrittenQuery
from indexer.search.scoring_plan import ScoreClause, ScoringPlan
from indexer.search.search import rank
from indexer.search.term_statistics import TermStatistics

RANKING = Ranking()
KNOWLEDGE = Knowledge()
FIRST = Page(limit=RANKING.feedback_documents)
PLAN = ScoringPlan(Term("urat"), (ScoreClause("“urate”", Term("urat")),))
QUERY = RewrittenQuery(ParsedQuery("", ()))


def test_expansion_terms_share_a_weight_of_one(searcher: Searcher) -> None:
    first = searcher.search(Query("", Term("insulin")), FIRST)
    terms = expansion_terms(first, TermStatistics(searcher), KNOWLEDGE)
    assert sum(each.weight for each in terms) == pytest.approx(1.0)
    assert 0 < len(terms) <= RANKING.feedback_terms
    assert [each.weight for each in terms] == sorted((each.weight for each in terms), reverse=True)
    for each in terms:
        assert len(each.term) >= MIN_LENGTH
        assert searcher.frequency(None, each.term) <= MAX_DOCUMENT_SHARE * searcher.document_count


def test_without_matches_nothing_is_expanded(searcher: Searcher) -> None:
    first = searcher.search(Query("", Term("zyzzyx")), FIRST)
    statistics = TermStatistics(searcher)
    assert expansion_terms(first, statistics, KNOWLEDGE) == ()
    assert expand_plan(PLAN, QUERY, first, statistics, KNOWLEDGE) is PLAN


def test_expansion_adds_clauses_and_where_few_match_a_match(searcher: Searcher) -> None:
    first, statistics = searcher.search(Query("", PLAN.root), FIRST), TermStatistics(searcher)
    expanded = expand_plan(PLAN, QUERY, first, statistics, KNOWLEDGE)
    assert (expanded.match, expanded.clauses[: len(PLAN.clauses)]) == (PLAN.match, PLAN.clauses)
    assert expanded.expansion_match is not None
    required = replace(QUERY, required=(RequiredClause(Term("urat"), range(0)),))
    assert expand_plan(PLAN, required, first, statistics, KNOWLEDGE).expansion_match is None
    never = replace(KNOWLEDGE, ranking=replace(RANKING, expand_below_hits=0))
    assert expand_plan(PLAN, QUERY, first, statistics, never).expansion_match is None


def test_the_first_article_stays_first(corpus_library: Library) -> None:
    without = Knowledge(replace(RANKING, feedback_weight=0.0, expand_below_hits=0))
    with corpus_library.searcher() as searcher:
        for text in ("urate crystals", "uric acid", "chest pain", "autoimmune bone inflammation", "itching skin"):
            request = SearchRequest(text, page=Page(limit=1))
            once, twice = (rank(request, searcher, knowledge)[0] for knowledge in (without, KNOWLEDGE))
            assert once.document.id == twice.document.id


def test_of_a_short_query_a_document_near_the_first_keeps_a_bonus(searcher: Searcher) -> None:
    first, statistics = searcher.search(Query("", PLAN.root), FIRST), TermStatistics(searcher)
    query = rewrite(parse_query("urate"), KNOWLEDGE, statistics)
    *_, top = expand_plan(PLAN, query, first, statistics, KNOWLEDGE).clauses
    scores = {match.document.id: match.score for match in searcher.search(Query("", top.node), FIRST).page}
    assert list(scores) == [match.document.id for match in first.page]


def test_more_documents_may_keep_their_lead_than_feedback_looks_at_where_a_query_may_be_a_name(
    searcher: Searcher,
) -> None:
    def looked_at(text: str, ranking: Ranking) -> int:
        return leading_documents(rewrite(parse_query(text), KNOWLEDGE, TermStatistics(searcher)), ranking)

    long = "urate crystals joint pain swelling treatment diet alcohol"
    assert (looked_at("urate", RANKING), looked_at(long, RANKING)) == (LEADING_DOCUMENTS, RANKING.feedback_documents)
    more = replace(RANKING, feedback_documents=LEADING_DOCUMENTS + 1)
    assert (looked_at("urate", more), looked_at(long, more)) == (LEADING_DOCUMENTS + 1, LEADING_DOCUMENTS + 1)
    none = replace(RANKING, feedback_documents=0)
    assert looked_at(long, none) == 1  # the first keeps its place


def test_few_articles_are_joined_by_those_like_them_and_it_is_said(small: Library) -> None:
    results = small.search("metformin")
    assert results.hits[0].document.id == "diabetes-2"
    if results.total > 1:
        assert results.notes == ("One article matches your words; similar articles follow.",)
        assert all(hit.missing == ("metformin",) for hit in results.hits[1:])
