import re
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.errors import SourceError
from indexer.library import Library, open_library
from indexer.settings import Settings
from tests.webapp.conftest import of_a_folder
from webapp import create_app


def test_up_whatever_the_index(client: FlaskClient, tmp_path: Path) -> None:
    assert client.get("/healthz").get_json() == {"status": "up"}
    assert create_app(Settings(index=str(tmp_path / "none"))).test_client().get("/healthz").status_code == 200


@of_a_folder
def test_ready_with_an_index(client: FlaskClient, library: Library, tmp_path: Path) -> None:
    stats = library.stats()
    answer = client.get("/readyz").get_json()
    assert answer.pop("age_s") >= 0
    assert answer.pop("synced") == library.history().synced
    assert answer == {
        "status": "ready",
        "generation": stats.generation,
        "documents": stats.documents,
    }
    response = create_app(Settings(index=str(tmp_path / "none"))).test_client().get("/readyz")
    assert (response.status_code, response.get_json()) == (503, {"status": "not ready", "reason": "IndexMissing"})


def test_ready_with_the_last_good_generation_while_the_newest_is_damaged(corpus: Path, tmp_path: Path) -> None:
    with open_library(tmp_path / "index") as library:
        library.sync([corpus], jobs=1)
        client = create_app(library=library).test_client()
        generation = client.get("/readyz").get_json()["generation"]
        manifest = tmp_path / "index" / "manifest.json"
        manifest.write_bytes(manifest.read_bytes()[:-2])
        response = client.get("/readyz")
        assert response.status_code == 200
        assert response.get_json()["generation"] == generation
        assert response.get_json()["reason"] == "IndexDamaged"
        assert client.get("/search?q=bone").status_code == 200


def test_ready_with_an_older_index_while_syncs_fail(corpus: Path, tmp_path: Path) -> None:
    with open_library(tmp_path / "index") as library:
        library.sync([corpus], jobs=1)
        client = create_app(library=library).test_client()
        synced = library.history().synced
        assert f"condition_search_synced_timestamp_seconds {seconds(synced)}" in client.get("/metrics").text
        for _ in range(2):
            with pytest.raises(SourceError):
                library.sync([tmp_path / "none-such"])
        response = client.get("/readyz")
        assert response.status_code == 200
        answer = response.get_json()
        assert answer["status"] == "ready, but syncs fail"
        assert answer["synced"] == synced
        assert answer["tried"] == library.history().tried
        assert answer["problem"].startswith("2 syncs in a row failed, the last at ")
        assert "none-such" in answer["problem"]
        assert "/" not in answer["problem"]
        lines = client.get("/metrics").text.splitlines()
        assert "condition_search_failed_syncs 2" in lines
        assert 'condition_search_failed_sync_info{reason="SourceError"} 1' in lines
        assert f"condition_search_tried_timestamp_seconds {seconds(answer['tried'])}" in lines
        library.sync([corpus], jobs=1)
        assert client.get("/readyz").get_json()["status"] == "ready"
        assert "condition_search_failed_syncs 0" in client.get("/metrics").text


def seconds(time: str) -> int:
    return int(datetime.fromisoformat(time).timestamp())


def test_metrics(library: Library, tmp_path: Path) -> None:
    client = create_app(library=library).test_client()
    client.get("/search?q=bone")
    client.get("/search?page=0")
    client.get("/no/such/page")
    response = client.get("/metrics")
    assert response.content_type == "text/plain; version=0.0.4; charset=utf-8"
    lines = response.text.splitlines()
    for line in (
        'condition_search_requests_total{route="/search",status="200"} 1',
        'condition_search_requests_total{route="/search",status="400"} 1',
        'condition_search_requests_total{route="other",status="404"} 1',
        "condition_search_ready 1",
        f"condition_search_documents {library.stats().documents}",
        f'condition_search_generation_info{{generation="{library.stats().generation}"}} 1',
    ):
        assert line in lines
    assert all(re.fullmatch(r"# (?:HELP|TYPE) \w+ .+|\w+(?:\{[^{}]*\})? [\d.]+", line) for line in lines)
    missing = create_app(Settings(index=str(tmp_path / "none"))).test_client()
    assert "condition_search_ready 0" in missing.get("/metrics").text
