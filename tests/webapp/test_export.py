"""Exports hold every result, in the order of the page, and nothing that a spreadsheet would run."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.library import open_library
from webapp import create_app
from webapp.export import ExportedJson, cell, export_url
from webapp.search_params import SearchParams

FORMULA = "@SUM(1+1)*cmd|' /C calc'!A0"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A library of more articles than a page or a chunk holds, one of them with a title that is a formula."""
    folder = tmp_path_factory.mktemp("many")
    lines = [
        {"id": f"gout/{number:03}", "title": f"Gout of kind {number}", "text": "Gout hurts."} for number in range(240)
    ]
    lines.append({"id": "formula", "title": FORMULA, "text": "Gout is – “müde”."})
    (folder / "articles.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with open_library(folder / "index") as library:
        library.sync([folder / "articles.jsonl"], jobs=1)
        yield create_app(library=library)


def rows(client: FlaskClient, path: str) -> list[dict[str, str]]:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (200, "text/csv")
    assert response.data.startswith(b"\xef\xbb\xbf")  # for Excel
    return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))


def objects(client: FlaskClient, path: str) -> list[dict[str, Any]]:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (200, "application/json")
    exported = response.get_json()
    assert isinstance(exported, list)
    return exported


@pytest.mark.parametrize("sort", ["relevance", "title", "code"])
def test_it_is_every_result_in_the_order_of_the_page(many: Flask, sort: str) -> None:
    client = many.test_client()
    shown: list[str] = []
    for page in (1, 2, 3):
        answer = client.get(f"/api/v1/search?q=gout+kind+hurts&collapse=0&size=100&sort={sort}&page={page}").get_json()
        shown += [hit["id"] for hit in answer["hits"]]
    assert len(shown) == answer["total"] > 200
    assert [row["id"] for row in rows(client, f"/search/export.csv?q=gout+kind+hurts&sort={sort}&page=2")] == shown
    assert [row["id"] for row in objects(client, f"/search/export.json?q=gout+kind+hurts&sort={sort}&size=5")] == shown


def test_filters_and_words_hold(client: FlaskClient) -> None:
    (left,) = objects(client, "/search/export.json?q=osteomyelitis&site=hand&side=left")
    assert left == {
        "id": "cmo/left-hand",
        "title": "Chronic multifocal osteomyelitis, left hand",
        "condition": "Chronic multifocal osteomyelitis",
        "code": "M86.342",
        "chapter": "13",
        "sites": ["hand"],
        "side": "left",
        "reviewed": "2024-03-01",
        "source": "https://example.org/cmo/left-hand",
        "page": "http://localhost/articles/cmo/left-hand",
    }
    (row,) = rows(client, "/search/export.csv?q=osteomyelitis&site=hand&side=left")
    assert tuple(row) == ExportedJson.__struct_fields__
    assert (row["chapter"], row["sites"], row["side"]) == (
        "Musculoskeletal system and connective tissue",
        "Hand",
        "Left",
    )


def test_what_looks_like_a_formula_is_text(many: Flask) -> None:
    client = many.test_client()
    row = next(row for row in rows(client, "/search/export.csv") if row["id"] == "formula")
    assert row["title"] == f"'{FORMULA}"
    assert objects(client, "/search/export.json?q=müde")[0]["title"] == FORMULA


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_a_cell_never_begins_like_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert cell(f"a{text}") == f"a{text}"


def test_addresses_that_are_no_web_addresses_are_left_out(client: FlaskClient) -> None:
    hostile = next(each for each in objects(client, "/search/export.json") if each["id"].startswith("odd/"))
    assert hostile["source"] is None
    assert client.get(hostile["page"]).status_code == 200


def test_nothing_found_is_an_empty_file(client: FlaskClient) -> None:
    assert objects(client, "/search/export.json?q=zzzzz") == []
    assert rows(client, "/search/export.csv?q=zzzzz") == []


def test_it_is_streamed(many: Flask) -> None:
    response = many.test_client().get("/search/export.csv", buffered=False)
    assert response.is_streamed
    assert "Content-Length" not in response.headers
    assert len(list(response.iter_encoded())) > 3


def test_the_file_is_named_by_the_words(client: FlaskClient) -> None:
    disposition = client.get('/search/export.csv?q=Gout"%0d%0aÜ+of+the+knee').headers["Content-Disposition"]
    assert disposition == 'attachment; filename="conditions-gout-of-the-knee.csv"'
    assert client.get("/search/export.json?site=hand").headers["Content-Disposition"].endswith('"conditions.json"')


@pytest.mark.parametrize("path", ["/search/export.csv?page=0", "/search/export.json?site=moon"])
def test_what_cannot_be_searched_is_an_error_page(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (400, "text/html")
    assert client.get("/search/export.xml").status_code == 404


def test_without_an_index_there_is_no_half_a_file(tmp_path: Path) -> None:
    with open_library(tmp_path / "none") as library:
        response = create_app(library=library).test_client().get("/search/export.csv")
        assert (response.status_code, response.mimetype) == (503, "text/html")
        assert "Content-Disposition" not in response.headers


def test_the_pages_of_a_search_link_one_file(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        params = SearchParams("gout", site=("knee",), sort="title", page=3, size=20, collapse=False, explain=True)
        assert export_url(params, "csv") == "/search/export.csv?q=gout&site=knee&sort=title"
    page = client.get("/search?q=gout&collapse=0").text
    assert "/search/export.csv?q=gout" in page
    assert "/search/export.json?q=gout" in page
