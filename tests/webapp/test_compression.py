import re
import zlib
from collections.abc import Iterator

import brotli
import pytest
from flask import Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.library import Library
from webapp import assets, create_app
from webapp.compression import CODINGS, MIN_BYTES, Coding, compressed_chunks

PATHS = ("/", "/search?q=bone", "/articles/ulcer", "/about", "/api/v1/search?q=bone", "/sitemap.xml", "/none")


def decompressed(response: TestResponse) -> bytes:
    match response.headers.get("Content-Encoding"):
        case "br":
            return bytes(brotli.decompress(response.data))
        case "gzip":
            return zlib.decompress(response.data, wbits=31)
        case coding:
            assert coding is None
            return bytes(response.data)


def untimed(body: bytes) -> bytes:
    """Without the milliseconds that a search took."""
    return re.sub(rb'[0-9.]+ ms|"took_ms":[0-9.]+', b"", body)


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("path", PATHS)
def test_a_body_is_the_same_in_every_coding(client: FlaskClient, path: str, coding: Coding) -> None:
    plain = client.get(path)
    for _ in range(2):  # the second time from the response cache
        response = client.get(path, headers={"Accept-Encoding": coding})
        assert response.headers["Content-Encoding"] == coding
        assert untimed(decompressed(response)) == untimed(decompressed(plain))
        assert len(response.data) < 0.6 * len(plain.data)
        assert response.headers.get("ETag") == plain.headers.get("ETag")
        assert response.mimetype == plain.mimetype
        assert "Accept-Encoding" in response.vary and "Accept-Encoding" in plain.vary


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("identity, br;q=0.5", None),
        ("*", "br"),
        ("*;q=0", None),
        ("deflate", None),
        ("", None),
        (";;q=x,", None),
    ],
)
def test_the_client_chooses(client: FlaskClient, accepted: str, coding: str | None) -> None:
    for path in ("/search?q=bone", "/about", "/sitemap.xml", "/static/style.css"):
        assert client.get(path, headers={"Accept-Encoding": accepted}).headers.get("Content-Encoding") == coding


def test_small_bodies_and_pictures_stay_as_they_are(library: Library) -> None:
    app = create_app(library=library)
    app.add_url_rule("/picture", "picture", lambda: Response(bytes(9 * MIN_BYTES), mimetype="image/png"))
    for path, length in (("/picture", 9 * MIN_BYTES), ("/healthz", 16)):
        response = app.test_client().get(path, headers={"Accept-Encoding": "br"})
        assert "Content-Encoding" not in response.headers
        assert len(response.data) == length
        assert ("Accept-Encoding" in response.vary) is (path == "/healthz")


@pytest.mark.parametrize("path", ["/search?q=bone", "/static/style.css", "/healthz"])
@pytest.mark.parametrize("accepted", ["br", "identity"])
def test_head_has_the_headers_of_get(client: FlaskClient, path: str, accepted: str) -> None:
    headers = {"Accept-Encoding": accepted}
    got, asked = client.get(path, headers=headers), client.head(path, headers=headers)
    assert asked.data == b""
    for name in ("Content-Length", "Content-Encoding", "Content-Type", "ETag", "Vary"):
        assert asked.headers.get(name) == got.headers.get(name)
    assert int(got.headers["Content-Length"]) == len(got.data)


def test_nothing_modified_has_no_body_and_says_what_it_varies_by(client: FlaskClient) -> None:
    for path in ("/search?q=bone", "/static/style.css"):
        etag = client.get(path, headers={"Accept-Encoding": "gzip"}).headers["ETag"]
        response = client.get(path, headers={"Accept-Encoding": "br", "If-None-Match": etag})
        assert (response.status_code, response.data) == (304, b"")
        assert "Content-Encoding" not in response.headers
        assert "Accept-Encoding" in response.vary


@pytest.mark.parametrize("coding", CODINGS)
def test_a_stream_is_compressed_as_it_comes_and_ends_when_the_client_leaves(library: Library, coding: Coding) -> None:
    ended = []

    def numbers() -> Iterator[bytes]:
        try:
            for number in range(10_000_000):
                yield b"%d\n" % number
        finally:
            ended.append(True)

    app = create_app(library=library)
    app.add_url_rule("/numbers", "numbers", lambda: Response(numbers(), mimetype="text/plain"))
    response = app.test_client().get("/numbers", headers={"Accept-Encoding": coding}, buffered=False)
    assert len(next(response.iter_encoded())) < 1_000_000
    assert not ended
    response.close()
    assert ended


def test_assets_are_compressed_best_and_ranges_of_them_are_whole(client: FlaskClient) -> None:
    for name, body in assets.load().items():
        for coding in (*CODINGS, ""):
            response = client.get(f"/static/{name}", headers={"Accept-Encoding": coding, "Range": "bytes=0-9"})
            assert response.status_code == 200
            assert decompressed(response) == body
            if coding in CODINGS:
                quickly = sum(map(len, compressed_chunks(coding, (body,))))
                assert len(response.data) <= (quickly if len(body) >= MIN_BYTES else len(body))
