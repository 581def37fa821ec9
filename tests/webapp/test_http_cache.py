import gc
import re
import tracemalloc
import urllib.parse
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.library import open_library
from webapp import create_app


@pytest.mark.parametrize("path", ["/", "/search?q=bone", "/api/v1/search?q=bone", "/articles/ulcer", "/sitemap.xml"])
def test_a_matching_etag_is_not_modified(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert client.get(path, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_another_generation_has_another_etag(tmp_path: Path) -> None:
    (tmp_path / "gout.txt").write_text("Gout\n\nGout hurts.\n")
    with open_library(tmp_path / "index") as library:
        library.sync([tmp_path / "gout.txt"], jobs=1)
        client = create_app(library=library).test_client()
        tag = client.get("/search?q=hurts").headers["ETag"]
        (tmp_path / "gout.txt").write_text("Gout\n\nGout hurts and swells.\n")
        library.sync([tmp_path / "gout.txt"], jobs=1)
        response = client.get("/search?q=hurts", headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert "swells" in response.text


def test_files_are_cached_for_good_under_the_url_of_their_version(client: FlaskClient) -> None:
    def immutable(address: str) -> bool:
        with client.get(address) as response:
            assert response.status_code == 200
            return "immutable" in response.headers["Cache-Control"]

    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/").text)
    assert len(addresses) == 3
    for address in addresses:
        assert immutable(address)
        assert not immutable(address.split("?")[0])
        assert not immutable(address.split("?")[0] + "?v=old")


def test_a_response_is_computed_once_for_each_url_and_generation(tmp_path: Path) -> None:
    article = tmp_path / "corpus" / "gout.txt"
    article.parent.mkdir()
    article.write_text("Gout\n\nGout is a painful inflammation of a joint. It is caused by urate crystals.\n")
    with open_library(tmp_path / "index") as library:
        library.sync([article.parent])
        client = create_app(library=library).test_client()
        first = client.get("/api/v1/search?q=gout")
        again = client.get("/api/v1/search?q=gout")
        assert again.data == first.data  # took_ms too
        assert again.mimetype == first.mimetype == "application/json"
        assert client.get("/api/v1/search?q=gout&size=0").json != first.json
        assert client.get("/search?q=gout").mimetype == "text/html"
        (article.parent / "other.txt").write_text(
            "Pseudogout\n\nPseudogout looks like gout, but other crystals cause it.\n"
        )
        library.sync([article.parent])
        assert client.get("/api/v1/search?q=gout").json["total"] == first.json["total"] + 1  # type: ignore[index]


def test_responses_under_long_addresses_take_no_more_memory_than_is_counted(tmp_path: Path) -> None:
    (tmp_path / "gout.txt").write_text("Gout\n\nGout hurts.\n")
    with open_library(tmp_path / "index") as library:
        library.sync([tmp_path / "gout.txt"], jobs=1)
        app = create_app(library=library)
        client = app.test_client()

        def ask(number: int) -> None:
            assert client.get(f"/api/v1/search?q=!&j=%F0%9F%92%A9{number}{'a' * 16_000}").status_code == 200

        ask(0)
        before = app.extensions["responses"].size
        tracemalloc.start()
        for number in range(1, 101):
            ask(number)
        urllib.parse.clear_cache()  # type: ignore[attr-defined]  # of the client
        gc.collect()
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
    assert held < 100 * 16_000
    assert app.extensions["responses"].size - before <= held
