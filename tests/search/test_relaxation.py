from collections.abc import Iterator

import pytest

from indexer import Library
from indexer.engine import Searcher
from indexer.knowledge.thesaurus import default_thesaurus
from indexer.query.nodes import Node, Or
from indexer.query.parser import parse_query
from indexer.query.query import Query
from indexer.query.request import Page
from indexer.results import Results
from indexer.search.query_knowledge import Knowledge
from indexer.search.relaxation import relaxations
from indexer.search.rewriting import rewrite
from indexer.search.rewritten_query import RewrittenQuery
from indexer.search.term_statistics import TermStatistics


def relaxed(searcher: Searcher, text: str) -> Iterator[RewrittenQuery]:
    def count(node: Node) -> int:
        return searcher.search(Query("", node), Page(limit=0)).total

    statistics = TermStatistics(searcher)
    return relaxations(
        rewrite(parse_query(text), Knowledge(thesaurus=default_thesaurus()), statistics), statistics, count
    )


def words(query: RewrittenQuery) -> list[str]:
    return [term.word.typed for term in query.searched.values()]


def dropped(results: Results) -> set[str]:
    return {each.text for each in results.interpretation if each.how == "dropped"}


def test_the_most_frequent_word_is_left_out_first(searcher: Searcher) -> None:
    assert searcher.frequency(None, "knee") > searcher.frequency(None, "metformin") == 1
    steps = list(relaxed(searcher, "metformin knee insulin"))
    assert [words(step) for step in steps] == [["metformin", "insulin"], ["metformin"]]
    assert steps[0].notes == ("No article has all of that, so “knee” was left out.",)
    assert [each.text for each in steps[0].interpretation if each.how == "dropped"] == ["knee"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("gout speech", "gout"),
        ("insulin gout", "gout"),
        ("metformin diabetes", "diabetes"),
        ("diabetes clot", "diabetes"),
    ],
)
def test_the_name_of_a_disease_is_left_out_last(searcher: Searcher, text: str, kept: str) -> None:
    assert [words(step) for step in relaxed(searcher, text)] == [[kept]]


def test_all_words_of_the_name_of_a_disease_stay(searcher: Searcher) -> None:
    steps = [words(step) for step in relaxed(searcher, "beer aplastic anemia meat")]
    assert steps[:2] == [["aplastic", "anemia", "meat"], ["aplastic", "anemia"]]


def test_a_name_that_lost_a_word_has_no_synonyms_and_the_word_is_dropped_once(searcher: Searcher) -> None:
    (step,) = relaxed(searcher, "heart attack")
    assert step.spans == ()
    assert [each.how for each in step.interpretation].count("dropped") == 1
    assert not {"synonym", "abbreviation"} & {each.how for each in step.interpretation}


def test_many_words_are_left_out_together(searcher: Searcher) -> None:
    text = "urate crystals meat beer insulin metformin weight fear chest tight throbbing nausea"
    assert [len(step.searched) for step in relaxed(searcher, text)] == [9, 7, 6, 5, 4, 3, 2, 1]


def test_one_word_is_never_left_out(searcher: Searcher) -> None:
    assert list(relaxed(searcher, "gout")) == []
    assert list(relaxed(searcher, "-gout")) == []


def test_a_code_becomes_the_next_wider_one_that_is_there(small: Library) -> None:
    results = small.search("M10.999")
    assert {hit.document.id for hit in results.hits} == {"gout-hand", "gout-knee"}
    assert results.notes[0] == "No article has the code M10.999; these have M10 (Gout)."
    assert small.search("Q99.9").total == 0


@pytest.mark.parametrize(
    ("text", "id", "note"),
    [
        ('"marrow bone"', "marrow", "side by side"),
        ("causes:crystals knee", "gout-knee", "“causes”"),
        ('"metformin" "zyzzyx"', "diabetes-2", "“zyzzyx”"),
        ('"bone marrow" metformin', "marrow", "“metformin”"),
    ],
)
def test_a_clause_that_nothing_satisfies_is_given_up_and_said(small: Library, text: str, id: str, note: str) -> None:
    results = small.search(text)
    assert results.hits[0].document.id == id
    assert any(note in each for each in results.notes), results.notes


def test_what_was_excluded_stays_excluded(small: Library) -> None:
    results = small.search('"crystals urate" insulin -knee')
    assert results.total
    assert "gout-knee" not in {hit.document.id for hit in results.hits}


def test_what_is_left_out_is_marked_and_missing(small: Library) -> None:
    results = small.search("metformin hemophilia")
    assert len(dropped(results)) == 1
    assert all(f"“{word}”" in results.notes[0] for word in dropped(results))


def test_nothing_is_left_out_where_something_matches(small: Library) -> None:
    results = small.search("urate crystals")
    assert dropped(results) == set()
    assert not any("left out" in note for note in results.notes)


def test_quoted_words_become_terms_and_a_group_stays_required(searcher: Searcher) -> None:
    steps = list(relaxed(searcher, '"insulin meat" "urate" (gout OR migraine)'))
    assert words(steps[0]) == ["insulin", "meat", "urate"]
    assert all([type(clause.node) for clause in step.required] == [Or] for step in steps)


def test_a_code_of_no_article_is_named_and_its_block_is_shown(small: Library) -> None:
    results = small.search("M11.20")
    assert {hit.document.id for hit in results.hits} >= {"gout-hand", "gout-knee"}
    assert "M11.20 (Other chondrocalcinosis, unspecified site)" in results.notes[0]
    assert "block, M05-M14" in results.notes[0]
    assert small.search("code:M11.20").notes == results.notes


def test_where_no_article_has_the_block_its_code_is_named_all_the_same(small: Library) -> None:
    results = small.search("W55.41")
    assert (results.total, len(results.notes)) == (0, 1)
    assert "Bitten by pig" in results.notes[0]


@pytest.mark.parametrize("typed", ["tennis elbow", "the bends", "what are the bends?"])
def test_a_known_name_that_no_article_has_finds_nothing_else(small: Library, typed: str) -> None:
    results = small.search(typed)
    assert results.total == 0
    assert results.notes


def test_no_note_says_that_others_follow_where_none_does(small: Library) -> None:
    for typed in ("metformin", "gout", "urate", "meat and beer", "slurred speech", "teplizumab migraine"):
        results = small.search(typed)
        assert len(set(results.notes)) == len(results.notes)
        for note in results.notes:
            if "follow" in note:
                count = 1 if note.startswith("One") else int(note.split()[0])
                assert results.total > count
