"""Hosts, proxies and prefixes; and no reply that leaves without the headers."""

import json
import logging
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse, create_environ, run_wsgi_app

from indexer.errors import SourceError
from indexer.library import Library
from indexer.settings import Settings
from webapp import create_app
from webapp.door import SiteAddress, host_name
from webapp.security import HEADERS

GOOD_HOSTS = (
    "localhost",
    "LOCALHOST:8000",
    "127.0.0.1:80",
    "[::1]:8000",
    "example.org",
    "a_b.example.",
    "xn--bcher-kva.example",
    "10.1.2.3",
)
BAD_HOSTS = (
    *(".. . a..b -a.example a-.example <script> evil/../x evil?x#y evil\\x user@evil 127.0.0.1:8000@evil".split()),
    *("evil:0 evil:99999 evil:-1 evil:abc evil:80:80 [::1 ::1 [v1.x] [1.2.3.4 [:::] a,b %0d%0a *".split()),
    *(f"{'a' * 64}.example", ".".join(["a" * 60] * 5), "a b", "ex\tample", 'evil"x'),
    *("evil\x00", "evil\x1b[31m", "\xff\xfe", "bücher.example", ""),
)
PATHS = (
    "/",
    "/none",
    "/search?q=bone",
    "/static/style.css",
    "/static/none",
    "/api/v1/search?q=bone",
    "/api/v1/none",
    "/healthz",
    "/metrics",
    "/library",
    "/sitemap.xml",
    "/favicon.ico",
    "/browse//",
)


def site(library: Library, **settings: str) -> Flask:
    return create_app(Settings(corpus=Path("/dev/null"), **settings), library)  # type: ignore[arg-type]


def ask(
    client: FlaskClient, path: str, host: str = "localhost", peer: str = "192.0.2.1", **headers: str
) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, headers=named, environ_overrides={"HTTP_HOST": host, "REMOTE_ADDR": peer})


@pytest.mark.parametrize("host", GOOD_HOSTS)
def test_a_well_formed_host_is_answered(client: FlaskClient, host: str) -> None:
    assert [ask(client, path, host).status_code for path in ("/", "/static/style.css", "/none")] == [200, 200, 404]


@pytest.mark.parametrize("host", BAD_HOSTS)
def test_any_other_is_a_clean_400_on_every_path(app: Flask, host: str) -> None:
    for path in PATHS if host == ".." else ("/static/style.css", "/api/v1/none"):
        environ = {**create_environ(path), "HTTP_HOST": host}  # a client would itself read the host
        body, status, headers = run_wsgi_app(app.wsgi_app, environ)
        text = b"".join(body).decode()
        assert status.startswith("400 "), path
        assert HEADERS.items() <= dict(headers).items()
        assert "CONDITIONS_HOSTS" in text
        assert headers["Content-Type"].startswith("application/problem" if path.startswith("/api/") else "text/html")
        assert "evil" not in text


def test_the_hosts_that_are_set_are_the_only_ones(library: Library) -> None:
    client = site(library, hosts="Example.org, .example.net,[2001:db8::1]").test_client()
    for host in (
        "example.org",
        "EXAMPLE.ORG:8000",
        "a.example.net",
        "b.a.example.net",
        "[2001:db8:0::1]:80",
        "localhost:8000",
        "127.0.0.1",
    ):
        assert ask(client, "/sitemap.xml", host).status_code == 200, host
    for host in (
        "evil.example",
        "example.org.evil.example",
        "wexample.org",
        "example.net",
        "sub.example.org",
        "10.0.0.1",
    ):
        assert ask(client, "/", host).status_code == ask(client, "/static/style.css", host).status_code == 400, host


def test_a_host_that_anybody_may_have_made_up_is_repeated_nowhere(client: FlaskClient) -> None:
    host = "evil.example"
    pages = (
        "/",
        "/search?q=bone",
        "/articles/ulcer",
        "/conditions/idiopathic-gout",
        "/codes",
        "/codes/M10",
        "/browse",
        "/api",
        "/robots.txt",
    )
    for path in (
        *pages,
        "/api/v1/openapi.json",
        "/opensearch-suggestions?q=gout",
        "/api/v1/suggest?q=gout",
        "/codes/",
        "/browse/",
        "/none",
        "/search?sort=x",
    ):
        response = ask(client, path, host)
        assert host not in response.text, path
        assert host not in str(response.headers), path
    assert json.loads(ask(client, "/api/v1/openapi.json", host).text)["servers"] == [{"url": "/"}]
    for path in ("/sitemap.xml", "/opensearch.xml"):
        response = ask(client, path, host)
        assert (response.status_code, "CONDITIONS_HOSTS" in response.text) == (404, True)


def test_a_name_of_the_site_stands_in_its_addresses(library: Library) -> None:
    client = site(library, hosts="example.org").test_client()
    assert "<loc>http://example.org:8000/articles/ulcer</loc>" in ask(client, "/sitemap.xml", "example.org:8000").text
    assert "Sitemap: http://example.org/sitemap.xml" in ask(client, "/robots.txt", "example.org").text


FORWARDED = {"X_Forwarded_Proto": "https", "X_Forwarded_Host": "example.org", "X_Forwarded_Prefix": "/health"}


def test_what_a_trusted_proxy_says_is_believed(library: Library) -> None:
    client = site(library, proxies="192.0.2.1, 10.0.0.0/8", hosts="example.org").test_client()
    for peer in ("192.0.2.1", "10.9.9.9", "::ffff:10.1.1.1"):
        response = ask(client, "/sitemap.xml", "backend:8000", peer, **FORWARDED)
        assert "<loc>https://example.org/health/articles/ulcer</loc>" in response.text
    assert ask(client, "/", "backend:8000", "192.0.2.1", X_Forwarded_Host="evil.example").status_code == 400


@pytest.mark.parametrize("peer", ["192.0.2.2", "127.0.0.1", "", "junk", "::1"])
def test_what_anybody_else_says_is_not(library: Library, peer: str) -> None:
    client = site(library, proxies="192.0.2.1").test_client()
    response = ask(client, "/sitemap.xml", "localhost", peer, **FORWARDED)
    assert "<loc>http://localhost/articles/ulcer</loc>" in response.text


@pytest.mark.parametrize("scheme", ["javascript", "x\x01", "HTTPS://", ""])
def test_a_scheme_is_http_or_https(library: Library, scheme: str) -> None:
    client = site(library, proxies="192.0.2.1").test_client()
    assert "<loc>http://localhost/articles" in ask(client, "/sitemap.xml", X_Forwarded_Proto=scheme).text


@pytest.mark.parametrize(
    "prefix",
    ["//evil.example", "../", "/a/../b", "/a b", "/<x>", "https://evil.example", "/a//b", "/\\evil", "/a/", "/"],
)
def test_a_prefix_that_is_no_path_is_not_taken(library: Library, prefix: str) -> None:
    client = site(library, proxies="192.0.2.1").test_client()
    links = re.findall(r'href="([^"]*)/about"', ask(client, "/", X_Forwarded_Prefix=prefix).text)
    assert set(links) == {"/a" if prefix == "/a/" else ""}


@pytest.mark.parametrize(
    ("forwarded", "client_address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 10.0.0.2, 10.0.0.3", "203.0.113.9"),
        ("127.0.0.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("junk", "junk"),
        ("", "10.0.0.1"),
    ],
)
def test_the_client_is_the_first_that_no_proxy_is(library: Library, forwarded: str, client_address: str) -> None:
    app = site(library, proxies="10.0.0.0/8")
    app.add_url_rule("/who", "who", lambda: request.remote_addr or "")
    assert ask(app.test_client(), "/who", peer="10.0.0.1", X_Forwarded_For=forwarded).text == client_address


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hosts", "exa mple.org"),
        ("hosts", "https://example.org"),
        ("hosts", "example.org:80"),
        ("proxies", "10.0.0"),
        ("proxies", "x"),
        ("prefix", "health"),
        ("prefix", "//x"),
        ("prefix", "/a/../b"),
    ],
)
def test_a_setting_that_cannot_be_is_named(name: str, value: str) -> None:
    with pytest.raises(SourceError, match=f"^CONDITIONS_{name.upper()}: "):
        SiteAddress.of(Settings(**{name: value}))  # type: ignore[arg-type]


def links(text: str, base: str) -> Iterator[str]:
    """What a browser or a crawler would ask for from a page."""
    for found in re.findall(
        r'(?:href|src|action|data-[a-z-]+|content|template)="(/?[^"]*/[^"]*)"'
        r'|<loc>([^<]+)|"(?:url|@id|item)": ?"([^"]+)"',
        text,
    ):
        link = unescape(next(filter(None, found))).replace("{searchTerms}", "bone")
        if urlsplit(url := urljoin(base, link)).netloc == urlsplit(base).netloc and " " not in url:
            yield url.partition("#")[0]


@pytest.mark.parametrize("how", ["CONDITIONS_PREFIX", "X-Forwarded-Prefix"])
def test_every_page_below_a_prefix_leads_to_pages_below_it(library: Library, how: str) -> None:
    prefix, root = "/conditions", "http://localhost"  # which begins as a page of the site does
    is_own = how == "CONDITIONS_PREFIX"
    client = site(library, proxies="192.0.2.1", prefix=prefix if is_own else "").test_client()
    ask(client, "/")  # whatever is cached of this one must not show in the others
    begin = (
        "/",
        "/library",
        "/sitemap.xml",
        "/robots.txt",
        "/opensearch.xml",
        "/api/v1/openapi.json",
        "/none",
        "/api",
        "/compare?id=cmo/left-hand&id=cmo/left-femur",
    )
    waiting = [f"{root}{prefix}{path}" for path in begin]
    seen: dict[str, int] = {}
    kinds: Counter[str] = Counter()
    while waiting:
        url = waiting.pop()
        path = urlsplit(url).path
        kind = "/".join(path.split("/")[:3])
        if url in seen or kinds[kind] == 6:
            continue
        kinds[kind] += 1
        assert path == prefix or path.startswith(f"{prefix}/"), url
        sent = url.removeprefix(root)
        headers = {} if is_own else {"X_Forwarded_Prefix": prefix}
        response = ask(client, sent if is_own else sent.removeprefix(prefix) or "/", **headers)
        seen[url] = response.status_code
        if location := response.headers.get("Location"):
            waiting.append(urljoin(url, location))
        if response.mimetype in {
            "text/html",
            "application/xml",
            "application/json",
            "application/opensearchdescription+xml",
            "text/plain",
        }:
            waiting += links(response.text, url)
    assert len(seen) > 40
    wrong = {url.removeprefix(root + prefix): status for url, status in seen.items() if status >= 400}
    assert wrong == {"/none": 404, "/library": 403}


def test_outside_the_prefix_is_nothing(library: Library) -> None:
    client = site(library, prefix="/conditions/").test_client()
    assert [
        ask(client, path).status_code for path in ("/", "/search", "/conditionsx/", "/static/style.css", "/healthz")
    ] == [404] * 5
    assert [ask(client, f"/conditions{path}").status_code for path in ("", "/", "/search", "/healthz")] == [200] * 4
    assert ask(client, "/conditions/conditions/idiopathic-gout").status_code == 200


@pytest.mark.parametrize("prefix", ["", "/health"])
def test_an_editor_is_known_below_the_path_of_the_site_alone(library: Library, prefix: str) -> None:
    client = create_app(Settings(corpus=Path("/dev/null"), token="secret", prefix=prefix), library).test_client()
    base, headers = "https://localhost", {"Origin": "https://localhost"}
    response = client.post(f"{prefix}/library/sign-in", data={"token": "secret"}, base_url=base, headers=headers)
    name, path = ("__Secure-editor", "/health/") if prefix else ("__Host-editor", "/")
    assert response.headers["Set-Cookie"].startswith(f"{name}=")
    assert f"Path={path}" in response.headers["Set-Cookie"].split("; ")
    assert client.get(response.location, base_url=base).status_code == 200
    assert client.post(f"{prefix}/library/sign-out", base_url=base, headers=headers).status_code == 303
    assert client.get(f"{prefix}/library", base_url=base).status_code == 303


def test_whatever_fails_has_the_headers_and_one_line(library: Library, caplog: pytest.LogCaptureFixture) -> None:
    app = site(library)

    def endless() -> Iterator[str]:
        yield "a"
        raise OSError("disk\nFORGED line \x1b[31m")

    app.add_url_rule("/fault/<id:rest>", "fault", lambda rest: str(1 // 0))
    app.add_url_rule("/stream", "stream", endless)
    client = app.test_client()
    response = client.get(
        "/fault/a%0aFORGED%20line%1b%5b31m%e2%80%ae?q=secret", headers={"X-Forwarded-For": "203.0.113.9"}
    )
    assert (response.status_code, HEADERS.items() <= dict(response.headers).items()) == (500, True)
    with pytest.raises(OSError, match="disk"):
        client.get("/stream").get_data()
    assert len(caplog.records) == 2
    for record in caplog.records:
        line = logging.Formatter().format(record)
        assert line.isprintable() and "FORGED" in line and len(line) < 2000
        assert not re.search("secret|203.0.113.9|127.0.0.1", line)
    assert "ZeroDivisionError" in caplog.text and "test_door.py" in caplog.text


def test_what_flask_cannot_even_begin_has_the_headers_too(library: Library, caplog: pytest.LogCaptureFixture) -> None:
    app = site(library)

    def broken(*_: object) -> None:
        raise RuntimeError("no context")

    app.request_context = broken  # type: ignore[assignment]
    response = app.test_client().get("/")
    assert (response.status_code, HEADERS.items() <= dict(response.headers).items()) == (500, True)
    assert "no context" in caplog.text and "Traceback" not in caplog.text


def test_the_name_of_a_host_has_one_form() -> None:
    assert host_name("EXAMPLE.org.:80") == "example.org"
    assert host_name("[2001:0DB8::0:1]:80") == "[2001:db8::1]"
