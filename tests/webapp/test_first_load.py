"""What a first visit costs: bytes on the wire, and requests."""

import re

import pytest
from flask.testing import FlaskClient

MAX_BYTES = 25_000  # of a page with all that it loads, compressed; and of style and script alone
PAGES = ("/", "/search?collapse=0", "/articles/cmo/right-hand")


def wire_bytes(client: FlaskClient, path: str) -> int:
    """The bytes of a body as a browser asks for it."""
    response = client.get(path, headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
    assert response.status_code == 200
    return len(response.data)


def loaded(client: FlaskClient, path: str) -> list[str]:
    """The addresses that a page loads."""
    html = re.sub(r"<!--.*?-->", "", client.get(path).text, flags=re.DOTALL)
    links = re.findall(r'<link rel="(?:stylesheet|icon|preload|modulepreload)"[^>]* href="([^"]+)"', html)
    return links + re.findall(r'<(?:script|img|source|iframe|image)[^>]* (?:src|srcset|href)="([^"]+)"', html)


@pytest.mark.parametrize("path", PAGES)
def test_a_first_load_is_small_and_four_requests(client: FlaskClient, path: str) -> None:
    files = loaded(client, path)
    assert len(files) == 3
    assert sum(wire_bytes(client, each) for each in (path, *files)) <= MAX_BYTES


def test_style_and_script_are_small(client: FlaskClient) -> None:
    assert wire_bytes(client, "/static/style.css") + wire_bytes(client, "/static/site.js") <= MAX_BYTES
