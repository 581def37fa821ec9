from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.editing.unanswered import UNANSWERED, UnansweredQueries
from indexer.library import Library
from indexer.settings import Settings
from webapp import create_app


@pytest.fixture
def client(library: Library, tmp_path: Path) -> FlaskClient:
    return create_app(Settings(index=str(tmp_path), count_queries=True), library).test_client()


def test_nothing_is_counted_unless_it_is_switched_on(library: Library, tmp_path: Path) -> None:
    client = create_app(Settings(index=str(tmp_path)), library).test_client()
    assert client.get("/search?q=zebrafish").status_code == 200
    assert [*tmp_path.iterdir()] == []


def test_queries_without_results_are_counted_each_time(client: FlaskClient, tmp_path: Path) -> None:
    for path in (
        "/search?q=Zebrafish",
        "/search?q=Zebrafish",
        "/api/v1/search?q=zebrafish",
        "/search?q=zebrafish&page=2",
    ):
        client.get(path)
    client.get("/search?q=osteomyelitis")
    assert client.get("/api/v1/search?q=asthma&site=hand").get_json()["total"] == 0  # for its filter
    counted = UnansweredQueries(tmp_path / UNANSWERED).most_asked()
    assert [(each.words, each.count) for each in counted] == [("zebrafish", 3)]
