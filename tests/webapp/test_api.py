import json
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from indexer.documents import FACET_FIELDS
from indexer.encoding import encode_document, encode_results
from indexer.library import Library
from indexer.query.request import Page


def get(client: FlaskClient, path: str, status: int = 200) -> Any:
    response = client.get(path)
    assert response.status_code == status, response.text
    assert response.mimetype == ("application/json" if status == 200 else "application/problem+json")
    return json.loads(response.data)


def as_json(value: object) -> Any:
    return json.loads(msgspec.json.encode(value))


def test_search_is_what_the_library_answers(client: FlaskClient, library: Library) -> None:
    answer = get(client, "/api/v1/search?q=bone+pain&site=hand&site=hip&side=left&size=3&page=1&sort=title&collapse=0")
    expected = encode_results(
        library.search("bone pain", filters={"site": ["hand", "hip"], "side": ["left"]}, page=Page(0, 3), sort="title")
    )
    assert {**answer, "took_ms": 0} == {**as_json(expected), "took_ms": 0}


def test_the_agreed_shape(client: FlaskClient) -> None:
    answer = get(client, "/api/v1/search?q=autoimmune+bone+inflammation")
    assert list(answer) == [
        "query", "generation", "total", "groups", "took_ms", "notes", "interpretation", "suggestion", "hits", "facets",
        "notice",
    ]  # fmt: skip
    hit = answer["hits"][0]
    assert list(hit) == [
        "id", "title", "condition", "code", "code_match", "chapter", "sites", "side", "score", "flags", "missing",
        "group", "snippets",
    ]  # fmt: skip
    assert hit["group"]["size"] == 4  # results are collapsed unless asked otherwise
    assert [facet["field"] for facet in answer["facets"]] == list(FACET_FIELDS)
    for snippet in hit["snippets"]:
        assert all(0 <= start < end <= len(snippet["text"]) for start, end in snippet["spans"])


def test_the_agreed_shape_of_an_article(client: FlaskClient) -> None:
    assert list(get(client, "/api/v1/articles/cmo/right-hand")) == [
        "id", "title", "condition", "names", "code", "codes", "code_match", "chapter", "sites", "side", "sections",
        "dropped", "issues", "code_title", "ancestors", "inclusion_terms", "flags", "url", "reviewed", "language",
        "related",
    ]  # fmt: skip
    assert list(get(client, "/api/v1/suggest?q=gout")["suggestions"][0]) == [
        "kind", "text", "value", "documents", "spans", "url",
    ]  # fmt: skip


def test_explain_says_what_each_score_is_the_sum_of(client: FlaskClient) -> None:
    for hit in get(client, "/api/v1/search?q=painful+inflammation+of+bone&explain=1")["hits"]:
        assert all(part["score"] > 0 and part["label"] for part in hit["explanation"])
        assert sum(part["score"] for part in hit["explanation"]) == pytest.approx(hit["score"], abs=1e-5)


def test_plain_takes_the_words_as_typed(client: FlaskClient) -> None:
    def matches(query: str) -> tuple[int, set[str]]:
        answer = get(client, f"/api/v1/search?{query}")
        return answer["total"], {each["how"] for each in answer["interpretation"]}

    assert matches("q=CMO")[0] == 4
    assert matches("q=podagra&plain=1")[0] == 0 < matches("q=podagra")[0]
    assert matches("q=ostemyelitis&plain=1") == (0, {"dropped"})
    assert matches("q=ostemyelitis") == (4, {"spelling"})


def test_nearest_names_where_nothing_matches(client: FlaskClient) -> None:
    answer = get(client, "/api/v1/search?q=zyzzyxsyndrom&site=hand")
    assert answer["nearest"] == [{"kind": "condition", "text": "Zyzzyx syndrome", "value": "zyzzyx-syndrome"}]
    assert answer["suggestion"] is None  # that article is not about the hand
    assert get(client, "/api/v1/search?q=zyzzyxsyndrom")["suggestion"] == "Zyzzyx syndrome"


def test_condition_code_and_field_filter(client: FlaskClient) -> None:
    def total(query: str) -> int:
        count = get(client, f"/api/v1/search?{query}")["total"]
        assert isinstance(count, int)
        return count

    assert total("condition=chronic-multifocal-osteomyelitis") == 4
    assert total("code=M86") == total("code=m86.3") == 4
    assert total("code=M86.341&code=K25.9") == 2
    assert total("q=bone&field=treatment") == 1
    assert total("q=bone&field=treatment&field=causes") > 1
    assert total("condition=none") == 0


@pytest.mark.parametrize(
    "query", ["site=hnd", "page=0", "size=1000", "sort=age", "collapse=2", "field=body", "chapter=x"]
)
def test_a_bad_value_is_explained(client: FlaskClient, query: str) -> None:
    problem = get(client, f"/api/v1/search?{query}", 400)
    assert set(problem) == {"type", "status", "title", "detail"}
    assert query.split("=", maxsplit=1)[0] in problem["detail"].lower()


def test_an_article(client: FlaskClient, library: Library) -> None:
    document = library.get("cmo/right-hand")
    assert document
    expected = encode_document(document, library.related("cmo/right-hand"))
    assert get(client, "/api/v1/articles/cmo/right-hand") == as_json(expected)
    assert get(client, "/api/v1/articles/none", 404)["status"] == 404


def test_suggestions_lead_somewhere(client: FlaskClient) -> None:
    answer = get(client, "/api/v1/suggest?q=chronic+mul")
    assert answer["query"] == "chronic mul"
    kinds = {each["kind"] for each in answer["suggestions"]}
    assert "condition" in kinds
    for each in answer["suggestions"]:
        assert client.get(each["url"]).status_code == 200
        assert all(each["text"][start:end].lower() in {"chronic", "mul"} for start, end in each["spans"])
    assert get(client, "/api/v1/suggest?q=M86.34")["suggestions"][0]["kind"] == "code"
    assert get(client, "/api/v1/suggest?q=han")["suggestions"]
    assert get(client, "/api/v1/suggest")["suggestions"] == []
