import pytest

from indexer import Library
from indexer.engine import Searcher
from indexer.knowledge.thesaurus import default_thesaurus
from indexer.query.nodes import All, And, AtLeast, Boost, Coverage, Or, Phrase, Should, Term
from indexer.query.parser import parse_query
from indexer.query.ranking import Ranking
from indexer.search.query_knowledge import Knowledge
from indexer.search.rewriting import rewrite
from indexer.search.scoring_plan import ScoringPlan, build_plan
from indexer.search.term_statistics import TermStatistics, inverse_document_frequency

RANKING = Ranking()


def planned(searcher: Searcher, text: str, *, expand: bool = True, match_titles: bool = True) -> ScoringPlan:
    statistics = TermStatistics(searcher)
    query = rewrite(parse_query(text), Knowledge(thesaurus=default_thesaurus()), statistics, expand=expand)
    return build_plan(query, statistics, RANKING, match_titles=match_titles)


def labels(plan: ScoringPlan) -> list[str]:
    return [clause.label for clause in plan.clauses]


def first(library: Library, text: str) -> str:
    return library.search(text).hits[0].document.id


def test_every_plan_is_a_match_that_scores_nothing_and_clauses_that_do(searcher: Searcher) -> None:
    plan = planned(searcher, "urate crystals knee")
    assert plan.root == Should(Boost(plan.match, 0.0), Or(tuple(clause.node for clause in plan.clauses)))


def test_all_of_two_words_and_enough_of_more(searcher: Searcher) -> None:
    assert isinstance(planned(searcher, "urate crystals").match, And)
    match planned(searcher, "urate crystals knee").match:
        case Or((AtLeast(needed, nodes, weights), Coverage(_, "title", share))):
            assert len(nodes) == len(weights) == 3
            assert needed == pytest.approx(
                min(RANKING.min_should_match * sum(weights), inverse_document_frequency(searcher.document_count, 1))
            )
            assert share == RANKING.min_title_coverage
        case other:
            pytest.fail(str(other))


def test_without_titles_only_the_terms_match(searcher: Searcher) -> None:
    assert isinstance(planned(searcher, "urate crystals knee", match_titles=False).match, AtLeast)


def test_no_words_match_everything_and_unknown_ones_nothing(searcher: Searcher) -> None:
    assert planned(searcher, "").match == And((All(),))
    for text in ("zyzzyx", "zyzzyx treatment", "zyzzyx -gout"):
        nothing = planned(searcher, text)
        assert isinstance(nothing.match, And)
        assert nothing.match.nodes[0] == Or(())
        assert nothing.clauses == ()


def test_an_unknown_word_beside_a_phrase_is_not_needed(searcher: Searcher) -> None:
    assert planned(searcher, '"bone marrow" zyzzyx').match == And((Phrase(("bone", "marrow")),))


def test_clauses_are_labelled_in_words(searcher: Searcher) -> None:
    assert labels(planned(searcher, "heart attack")) == [
        "“heart” or another name for it",
        "“attack” or another name for it",
        "“heart” and “attack” close together",
        "how much of its title was typed",
    ]
    assert "how much of its title is in the question" in labels(planned(searcher, "what is gout"))
    assert "as you wrote it" in labels(planned(searcher, '"bone marrow"'))


def test_words_together_come_before_words_apart(small: Library) -> None:
    assert first(small, "bone marrow") == "marrow"
    assert first(small, "urate knee") == "gout-knee"


def test_the_condition_of_that_name_comes_first(small: Library) -> None:
    for id, text in (("stroke", "stroke"), ("marrow", "aplastic anemia"), ("infarction", "Myocardial Infarction")):
        assert first(small, text) == id


def test_a_synonym_finds_the_condition(small: Library) -> None:
    assert "infarction" in {hit.document.id for hit in small.search("heart attack").hits}
    assert first(small, "heart attack artery") == "infarction"
    assert first(small, "type ii diabetes") == "diabetes-2"
    assert first(small, "CMO") == "cmo"


def test_the_words_of_a_name_count_less_apart(searcher: Searcher) -> None:
    (heart, *_) = planned(searcher, "heart attack").clauses
    assert Boost(Term("heart"), RANKING.name_term_weight) in heart.node.nodes  # type: ignore[union-attr]
    assert Boost(Phrase(("heart", "attack")), 0.5) in heart.node.nodes  # type: ignore[union-attr]


def test_synonyms_add_no_clauses_of_their_own(searcher: Searcher) -> None:
    typed, expanded = (labels(planned(searcher, "heart attack", expand=expand)) for expand in (False, True))
    assert typed != expanded
    assert len(typed) == len(expanded)
