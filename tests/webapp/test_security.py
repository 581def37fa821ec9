import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.library import open_library
from webapp import create_app

PATHS = ("/", "/search?q=bone", "/articles/ulcer", "/about", "/none", "/api/v1/search", "/healthz", "/static/style.css")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_guarded(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        headers = response.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", ["/", "/search?q=bone", "/api/v1/search?q=bone", "/articles/ulcer", "/sitemap.xml"])
def test_what_is_known_is_not_sent_again(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert client.get(path, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_another_generation_is_sent(tmp_path: Path) -> None:
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


def test_files_are_kept_for_good_under_the_address_of_their_edition(client: FlaskClient) -> None:
    def kept(address: str) -> bool:
        with client.get(address) as response:
            assert response.status_code == 200
            return "immutable" in response.headers["Cache-Control"]

    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/").text)
    assert len(addresses) == 3
    for address in addresses:
        assert kept(address)
        assert not kept(address.split("?")[0])
        assert not kept(address.split("?")[0] + "?v=old")


def test_head_is_answered_without_a_body(client: FlaskClient) -> None:
    response = client.head("/search?q=bone")
    assert (response.status_code, response.data) == (200, b"")


def test_an_answer_is_made_once_for_each_address_and_generation(tmp_path: Path) -> None:
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
