import pytest

from indexer import Library
from indexer.errors import RequestTooCostly
from indexer.query.request import SearchRequest
from indexer.search import answering_conditions


def test_a_sentence_is_answered_by_the_conditions_that_a_search_finds(named: Library) -> None:
    for typed in ("collarbone pain", "I fell and my collarbone is broken"):
        (first, *_) = named.complete(typed)
        assert (first.name.kind, first.name.text) == ("condition", "Fracture of clavicle")
        assert first.spans == ()


def test_what_scores_far_less_than_the_best_is_left_out(corpus_library: Library) -> None:
    found = [each.name.text for each in corpus_library.complete("chronic multifocal osteomyelitis left fem")]
    assert found == ["Chronic multifocal osteomyelitis"]


def test_names_come_before_and_a_single_word_asks_nothing(named: Library) -> None:
    assert [each.name.text for each in named.complete("viral gas")] == ["Viral gastroenteritis"]
    assert named.complete("zzzzzzzzzz") == ()
    assert len(named.complete("pain in the stomach or knee", limit=2)) <= 2


def test_a_long_text_is_searched_in_part_and_what_takes_too_long_is_left_out(
    named: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[SearchRequest] = []

    def rank(request: SearchRequest, *_: object) -> None:
        asked.append(request)
        raise RequestTooCostly

    monkeypatch.setattr(answering_conditions, "rank", rank)
    assert named.complete("fell and broke it " * 50) == ()
    (request,) = asked
    assert len(request.text) == answering_conditions.MAX_LENGTH
    assert request.limit.seconds < 1
