import pytest
from flask.testing import FlaskClient

PATHS = ("/", "/search?q=bone", "/articles/ulcer", "/about", "/none", "/api/v1/search", "/healthz", "/static/style.css")


@pytest.mark.parametrize("path", PATHS)
def test_every_response_has_the_security_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        headers = response.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers


def test_head_is_answered_without_a_body(client: FlaskClient) -> None:
    response = client.head("/search?q=bone")
    assert (response.status_code, response.data) == (200, b"")
