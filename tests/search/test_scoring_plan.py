from pathlib import Path

import pytest

from indexer import Library, open_library
from indexer.engine import Searcher
from indexer.knowledge.thesaurus import default_thesaurus
from indexer.query.nodes import All, And, AtLeast, Boost, Coverage, Near, Or, Phrase, Should, Term
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
    assert isinstance(planned(searcher, "urate crystals", match_titles=False).match, And)
    match planned(searcher, "urate crystals knee").match:
        case Or((AtLeast(needed, nodes, weights), Coverage(_, "title", share))):
            assert len(nodes) == len(weights) == 3
            assert needed == pytest.approx(
                min(RANKING.min_should_match * sum(weights), inverse_document_frequency(searcher.document_count, 1))
            )
            assert share == RANKING.min_title_coverage
        case other:
            pytest.fail(str(other))


def test_a_title_that_is_most_of_two_words_is_enough(small: Library) -> None:
    results = small.search("migraine insulin")
    assert results.hits[0].document.id == "migraine"
    assert not any("left out" in note for note in results.notes)
    assert any("left out" in note for note in small.search("nausea insulin").notes)


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
    assert "all of it in one passage" in labels(planned(searcher, "urate crystals inflame"))
    assert {"about the site that you named", "about the side that you named"} <= set(
        labels(planned(searcher, "urate crystals inflame right hand"))
    )
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


def passages(searcher: Searcher, text: str) -> list[set[str]]:
    """The terms of each passage that is scored."""
    plan = planned(searcher, text)
    nodes = (clause.node.node for clause in plan.clauses if isinstance(clause.node, Boost))
    return [{term.term for term in node.nodes} for node in nodes if isinstance(node, Near)]


def test_a_passage_tells_three_to_six_words_and_not_where(searcher: Searcher) -> None:
    assert passages(searcher, "urate crystals inflame joints") == [{"urat", "crystal", "inflamm", "joint"}]
    assert passages(searcher, "urate crystals inflame right hand") == [{"urat", "crystal", "inflamm"}]
    assert passages(searcher, "urate crystals") == passages(searcher, "urate crystals hand") == []
    assert passages(searcher, "sudden swelling pain urate crystals meat beer") == []


OTHERS = {f"other-{number}": f"Sprain {number}\n\n{'A torn ligament of the ankle. ' * 6}" for number in range(20)}


def first_of(folder: Path, articles: dict[str, str], text: str, **numbers: float) -> str:
    """The first article for the text, in a library with some others; `numbers` are those of the ranking."""
    for id, article in (articles | OTHERS).items():
        (folder / f"{id}.txt").write_text(f"{article}\n", encoding="utf-8")
    with open_library(folder / "index", ranking=Ranking(**numbers)) as library:  # type: ignore[arg-type]
        library.sync([folder])
        return library.search(text).hits[0].document.id


def test_words_told_in_one_passage_come_before_words_told_apart(tmp_path: Path) -> None:
    apart = (
        "Too few platelets: the immune cells of the immune system take them. A fever is rare, a high fever rarer."
        "\n\nTreatment\n\nRest the joints after a bleed. Bleeds into joints hurt."
    )
    together = (
        "An inflammation of the joints for which the immune system is to blame, with fever every few weeks. "
        "It is rare and known from a few reports, in which people of every age are described at length."
    )
    articles = {"together": f"Relapsing polychondritis\n\n{together}", "apart": f"Werlhof disease\n\n{apart}"}
    assert first_of(tmp_path, articles, "immune fever joints", passage_weight=0.0) == "apart"
    assert first_of(tmp_path, articles, "immune fever joints") == "together"


def test_a_site_with_its_side_steers_to_the_article_about_it(tmp_path: Path) -> None:
    articles = {
        "left": "Calcium disease, left knee\n\nCrystals of calcium in the cartilage swell. The right knee is spared.",
        "right": "Calcium disease of the right kneecap\n\nCrystals of calcium in the cartilage swell."
        "\n\nSymptoms\n\nA hot joint and fever.",
    }
    text = "crystals calcium cartilage right knee"
    assert first_of(tmp_path, articles, text, location_weight=0.0) == "left"
    assert first_of(tmp_path, articles, text) == "right"


def test_a_title_typed_whole_comes_before_a_part_of_one(tmp_path: Path) -> None:
    articles = {
        "whole": "Scarlet fever\n\nA disease of children. It is caused by streptococci.",
        "part": "Scarlet fever and strawberry tongue\n\nScarlet fever: a scarlet rash, fever, a scarlet tongue.",
    }
    assert first_of(tmp_path, articles, "scarlet fever rash", whole_title_weight=0.0) == "part"
    assert first_of(tmp_path, articles, "scarlet fever rash") == "whole"


def test_a_title_counts_as_typed_by_another_name_of_the_condition(small: Library) -> None:
    reasons = {
        hit.document.id: {reason.label for reason in hit.explanation}
        for hit in small.search("heart attack", explain=True).hits
    }
    assert "how much of its title was typed" in reasons["infarction"]


def test_words_for_unspecified_are_not_needed(small: Library) -> None:
    for text in ("Migraine, NOS", "migraine unspecified", "Stroke, not elsewhere, NEC"):
        assert small.search(text).hits[0].document.id in {"migraine", "stroke"}


def test_words_as_typed_match_no_articles_by_their_site(corpus_library: Library) -> None:
    typed = corpus_library.search("sternum", expand=False)
    for hit in typed.hits:
        assert "sternum" in " ".join(section.text for section in hit.document.sections).lower()
