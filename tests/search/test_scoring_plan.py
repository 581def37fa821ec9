import math

import pytest

from indexer import Library
from indexer.engine import Searcher
from indexer.knowledge.thesaurus import default_thesaurus
from indexer.query.nodes import All, And, AtLeast, Boost, Coverage, Or, Phrase, Should, Term
from indexer.query.parser import parse_query
from indexer.query.ranking import Ranking
from indexer.search.rewriting import interpret
from indexer.search.scoring_plan import Plan, build_plan, rarity
from indexer.search.search import no_corrections

RANKING = Ranking()


def planned(searcher: Searcher, text: str, *, plain: bool = False, fields: tuple[str, ...] = ()) -> Plan:
    reading = interpret(
        parse_query(text), searcher, default_thesaurus(), no_corrections, facet=RANKING.aspect_weight, plain=plain
    )
    return build_plan(reading, searcher, RANKING, fields=fields)


def labels(plan: Plan) -> list[str]:
    return [part.label for part in plan.parts]


def first(library: Library, text: str) -> str:
    return library.search(text).hits[0].document.id


def test_rarity_falls_with_the_documents() -> None:
    assert rarity(10, 0) == 0.0
    assert rarity(10, 1) == pytest.approx(math.log(1 + 9.5 / 1.5))
    assert rarity(10, 1) > rarity(10, 5) > rarity(10, 10) > 0


def test_every_plan_is_a_match_that_scores_nothing_and_parts_that_do(searcher: Searcher) -> None:
    plan = planned(searcher, "urate crystals knee")
    assert plan.root == Should(Boost(plan.match, 0.0), Or(tuple(part.node for part in plan.parts)))


def test_all_of_two_words_and_enough_of_more(searcher: Searcher) -> None:
    assert isinstance(planned(searcher, "urate crystals").match, And)
    match planned(searcher, "urate crystals knee").match:
        case Or((AtLeast(needed, nodes, weights), Coverage(_, "title", share))):
            assert len(nodes) == len(weights) == 3
            assert needed == pytest.approx(
                min(RANKING.min_should_match * sum(weights), rarity(searcher.document_count, 1))
            )
            assert share == RANKING.min_title_coverage
        case other:
            pytest.fail(str(other))


def test_with_fields_titles_match_nothing(searcher: Searcher) -> None:
    assert isinstance(planned(searcher, "urate crystals knee", fields=("causes",)).match, AtLeast)


def test_no_words_match_everything_and_unknown_ones_nothing(searcher: Searcher) -> None:
    assert planned(searcher, "").match == And((All(),))
    for text in ("zyzzyx", "zyzzyx treatment", "zyzzyx -gout"):
        nothing = planned(searcher, text)
        assert isinstance(nothing.match, And)
        assert nothing.match.nodes[0] == Or(())
        assert nothing.parts == ()


def test_what_is_unknown_beside_a_phrase_is_let_go(searcher: Searcher) -> None:
    assert planned(searcher, '"bone marrow" zyzzyx').match == And((Phrase(("bone", "marrow")),))


def test_parts_are_named_in_words(searcher: Searcher) -> None:
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


def test_another_name_finds_what_was_meant(small: Library) -> None:
    assert "infarction" in {hit.document.id for hit in small.search("heart attack").hits}
    assert first(small, "heart attack artery") == "infarction"
    assert first(small, "type ii diabetes") == "diabetes-2"
    assert first(small, "CMO") == "cmo"


def test_the_words_of_a_name_count_less_apart(searcher: Searcher) -> None:
    (heart, *_) = planned(searcher, "heart attack").parts
    assert Boost(Term("heart"), RANKING.name_term_weight) in heart.node.nodes  # type: ignore[union-attr]
    assert Boost(Phrase(("heart", "attack")), 0.5) in heart.node.nodes  # type: ignore[union-attr]


def test_a_phrase_adds_no_more_than_what_was_typed(searcher: Searcher) -> None:
    typed = {part.label: part for part in planned(searcher, "heart attack", plain=True).parts}
    meant = {part.label: part for part in planned(searcher, "heart attack").parts}
    assert typed.keys() != meant.keys()
    assert len(typed) == len(meant)
