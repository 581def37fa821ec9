import json
from typing import Any

import msgspec
import pytest

from indexer.articles.model import Dropped, Issue, Section
from indexer.documents import Document
from indexer.encoding import encode_completion, encode_document, encode_parsed, encode_results
from indexer.query.request import Page
from indexer.results import Answer, Completion, Group, Hit, Name, Reason, Related, Results, Snippet

DOCUMENT = Document(
    id="a",
    source="a.txt",
    title="Gout",
    condition="Gout",
    sections=(Section("causes", None, "Urate.", "cue 'caused by'"),),
    dropped=(Dropped("Share", "menu"),),
    issues=(Issue("incomplete", "It has one section."),),
)
HIT = Hit(DOCUMENT, 1.23456789, (), Group(1, (), ()), explanation=(Reason("“gout”", 1.23456789),))
NAME = Name("condition", "Gout", "gout", 3)


def results(**changes: Any) -> Results:
    values = dict.fromkeys(("hits", "facets", "interpretation", "notes"), ())
    return Results("q", "1-a", 1, 1, Page(), suggestion=None, took_ms=0.5, **{**values, **changes})


def as_json(value: object) -> Any:
    return json.loads(msgspec.json.encode(value))


def test_dropped_text_and_issues_are_words_and_reasons_only_explained() -> None:
    parsed = as_json(encode_parsed(DOCUMENT))
    assert (parsed["dropped"], parsed["issues"]) == (["Share"], ["It has one section."])
    assert parsed["sections"] == [{"kind": "causes", "heading": None, "text": "Urate.", "evidence": "cue 'caused by'"}]
    explained = as_json(encode_parsed(DOCUMENT, explain=True))
    assert explained == parsed | {"evidence": [], "reasons": [{"text": "Share", "reason": "menu"}]}


def test_a_stored_article_begins_as_a_parsed_one() -> None:
    parsed, stored = (
        as_json(encode_parsed(DOCUMENT)),
        as_json(encode_document(DOCUMENT, (Related(DOCUMENT, 1, ("x",)),))),
    )
    assert list(stored)[: len(parsed)] == list(parsed)
    assert stored["related"] == [{"condition": "Gout", "id": "a", "title": "Gout", "words": ["x"]}]


def test_scores_are_rounded_and_explained_only_where_asked() -> None:
    (hit,) = as_json(encode_results(results(hits=(HIT,))))["hits"]
    assert hit["score"] == 1.234568
    assert "explanation" not in hit
    (hit,) = as_json(encode_results(results(hits=(HIT,)), explain=True))["hits"]
    assert hit["explanation"] == [{"label": "“gout”", "score": 1.234568}]


def test_nearest_names_are_left_out_where_there_are_none() -> None:
    assert "nearest" not in as_json(encode_results(results()))
    assert as_json(encode_results(results(nearest=(NAME,))))["nearest"] == [
        {"kind": "condition", "text": "Gout", "value": "gout"}
    ]


def test_a_completion_has_the_spans_that_were_typed() -> None:
    assert as_json(encode_completion(Completion(NAME, ((0, 2),)))) == {
        "kind": "condition",
        "text": "Gout",
        "value": "gout",
        "documents": 3,
        "spans": [[0, 2]],
    }


def test_a_value_that_no_schema_allows_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        encode_completion(Completion(Name("condition", "Gout", "gout", -1), ()))


def test_an_answer_is_there_only_where_there_is_one() -> None:
    assert "answer" not in as_json(encode_results(results()))
    found = Answer(DOCUMENT, Snippet("causes", "Urate.", ((0, 5),)), 1, is_named=True, others=(DOCUMENT,))
    answer = as_json(encode_results(results(answer=found)))["answer"]
    assert (answer["id"], answer["field"], answer["section"], answer["heading"]) == ("a", "causes", 1, None)
    assert (answer["text"], answer["spans"], answer["named"], answer["urgent"]) == ("Urate.", [[0, 5]], True, [])
    assert answer["others"] == [{"id": "a", "title": "Gout", "condition": "Gout"}]
