import io
import re
import time
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webapp.editors.conftest import GOUT, TOKEN
from webapp.admission import Lane, Lanes, Places
from webapp.editors import access

PAGES = ("/library", "/library/lists/newest", "/library/articles/gout", "/library/edit/gout", "/library/new")
SECURE = "https://conditions.example"


@pytest.fixture
def guarded(make_site: Callable[..., Flask]) -> FlaskClient:
    """A client elsewhere, of a site with a token."""
    client = make_site(token=TOKEN).test_client()
    client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    return client


def sign_in(client: FlaskClient, token: str = TOKEN) -> int:
    headers = {"Origin": SECURE}
    return client.post("/library/sign-in", data={"token": token}, base_url=SECURE, headers=headers).status_code


def put(client: FlaskClient, **headers: str) -> int:
    return client.put("/api/v1/articles/gout", data=GOUT, headers={"Content-Type": "text/plain", **headers}).status_code


@pytest.mark.parametrize("path", PAGES)
def test_without_a_token_the_library_is_for_the_machine_itself(editor: FlaskClient, path: str) -> None:
    assert editor.get(path).status_code == 200
    for base in ("http://127.0.0.1:8000", "http://[::1]:8000", "http://localhost:8000"):
        assert editor.get(path, base_url=base).status_code == 200
    refused = [
        editor.get(path, environ_base={"REMOTE_ADDR": "192.0.2.7"}),
        editor.get(path, environ_base={"REMOTE_ADDR": ""}),
        editor.get(path, base_url="http://evil.example"),  # a name that was made to lead here
        *(
            editor.get(path, headers={name: "192.0.2.7"})
            for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Port", "CF-Connecting-IP")
        ),
        *(  # nginx with nothing but proxy_pass
            editor.get(path, environ_overrides={"SERVER_PROTOCOL": protocol}) for protocol in ("HTTP/1", "HTTP/1.0")
        ),
    ]
    for response in refused:
        assert response.status_code == 403
        assert "CONDITIONS_TOKEN" in response.text


def test_a_proxy_is_not_the_machine_itself_whatever_it_says(make_site: Callable[..., Flask]) -> None:
    client = make_site(proxies="127.0.0.1").test_client()
    for headers in ({}, {"X-Forwarded-For": "127.0.0.1"}):
        assert client.get("/library", headers=headers).status_code == 403
    assert make_site(proxies="10.0.0.0/8").test_client().get("/library").status_code == 200


def test_reading_the_site_needs_nothing(guarded: FlaskClient) -> None:
    for path in ("/", "/search?q=gout", "/articles/gout", "/api/v1/articles/gout", "/api/v1/generation"):
        assert guarded.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_with_a_token_a_browser_is_asked_for_it(guarded: FlaskClient, path: str) -> None:
    response = guarded.get(path)
    assert (response.status_code, response.location) == (303, "/library/sign-in")
    at_home = guarded.get(path, environ_base={"REMOTE_ADDR": "127.0.0.1"})
    assert at_home.status_code == 303  # the machine itself has no privilege then


def test_signing_in_and_out(guarded: FlaskClient) -> None:
    assert sign_in(guarded, "wrong") == 401
    assert sign_in(guarded, "") == 401
    assert guarded.get("/library", base_url=SECURE).status_code == 303
    assert sign_in(guarded) == 303
    assert guarded.get("/library", base_url=SECURE).status_code == 200
    assert guarded.get("/library").status_code == 303  # the cookie does not go over a line that can be read
    guarded.post("/library/sign-out", base_url=SECURE, headers={"Origin": SECURE})
    assert guarded.get("/library", base_url=SECURE).status_code == 303


def test_the_cookie_is_for_this_site_alone_and_says_no_token(guarded: FlaskClient) -> None:
    response = guarded.post("/library/sign-in", data={"token": TOKEN}, headers={"Origin": "http://localhost"})
    cookie = response.headers["Set-Cookie"]
    for part in ("__Host-editor=", "Secure", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"):
        assert part in cookie
    assert TOKEN not in cookie


def test_a_cookie_that_was_made_up_or_is_old_lets_nobody_in(
    guarded: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(guarded)
    good = guarded.get_cookie("__Host-editor", "conditions.example")
    assert good
    expires, _, signature = good.value.partition(".")
    for value in (
        "",
        ".",
        "x.y",
        f"{int(expires) + 1}.{signature}",
        f"{expires}.{'0' * 64}",
        f"{'9' * 30}.{signature}",
    ):
        guarded.set_cookie("__Host-editor", value, domain="conditions.example", secure=True)
        assert guarded.get("/library", base_url=SECURE).status_code == 303, value
    guarded.set_cookie("__Host-editor", good.value, domain="conditions.example", secure=True)
    assert guarded.get("/library", base_url=SECURE).status_code == 200
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + access.SESSION_S + 1)
    assert guarded.get("/library", base_url=SECURE).status_code == 303


def test_a_program_shows_the_token_each_time(guarded: FlaskClient) -> None:
    assert put(guarded) == 401
    refused = guarded.delete("/api/v1/articles/gout")
    assert refused.headers["WWW-Authenticate"].lower() == "bearer"
    assert refused.mimetype == "application/problem+json"
    assert put(guarded, Authorization="Bearer wrong") == 401
    assert put(guarded, Authorization=f"Basic {TOKEN}") == 401
    assert put(guarded, Authorization=f"Bearer {TOKEN}") == 200
    assert guarded.get("/api/v1/raw/gout").status_code == 401
    assert guarded.get("/library", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_attempts_are_limited_even_for_the_right_token(guarded: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)  # within one minute
    statuses = [sign_in(guarded, f"guess {number}") for number in range(access.MAX_ATTEMPTS + 2)]
    assert statuses == [401] * access.MAX_ATTEMPTS + [429] * 2
    assert sign_in(guarded) == 429
    response = guarded.put("/api/v1/articles/gout", headers={"Authorization": f"Bearer {TOKEN}"})
    assert (response.status_code, response.headers["Retry-After"]) == (429, "60")
    guarded.environ_base["REMOTE_ADDR"] = "192.0.2.8"
    assert sign_in(guarded) == 303  # nobody else is locked out


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://localhost.evil.example", "null", "", "http://[", "http://localhost:81"]
)
def test_no_other_site_can_make_a_browser_write(editor: FlaskClient, origin: str) -> None:
    assert put(editor, Origin=origin) == 403
    assert editor.delete("/api/v1/articles/gout", headers={"Origin": origin}).status_code == 403
    form = {"id": "gout", "kind": "text", "text": "Gone", "action": "save", "version": ""}
    assert editor.post("/library/edit", data=form, headers={"Origin": origin}).status_code == 403
    assert editor.post("/library/delete/gout", headers={"Origin": origin}).status_code == 403
    assert editor.get("/api/v1/articles/gout").status_code == 200
    assert put(editor, **{"Sec-Fetch-Site": "cross-site"}) == 403
    assert put(editor, Origin="http://localhost") == 200


def test_a_browser_that_is_signed_in_says_where_a_write_comes_from(guarded: FlaskClient) -> None:
    sign_in(guarded)
    form = {"id": "gout", "kind": "text", "text": "Gout is bad.", "action": "preview"}
    assert guarded.post("/library/edit", data=form, base_url=SECURE).status_code == 403
    assert guarded.post("/library/edit", data=form, base_url=SECURE, headers={"Origin": SECURE}).status_code == 200
    elsewhere = guarded.post("/library/sign-in", data={"token": TOKEN}, headers={"Origin": "https://evil.example"})
    assert elsewhere.status_code == 403


def test_the_token_is_nowhere_to_be_read(guarded: FlaskClient) -> None:
    for path in ("/library/sign-in", "/library", "/about", "/metrics"):
        assert TOKEN not in guarded.get(path).text
    assert TOKEN not in repr(guarded.application.extensions["desk"])
    assert not re.search(r"Set-Cookie", str(guarded.get("/").headers))


class SlowBody(io.BytesIO):
    """A body that is sent while all turns are taken by others."""

    def __init__(self, body: bytes, lanes: Lanes) -> None:
        super().__init__(body)
        self._lane = lanes.cheap

    def read(self, size: int | None = -1) -> bytes:
        self._lane.enter()
        try:
            return super().read(size)
        finally:
            self._lane.leave()


@pytest.mark.parametrize("shown", [TOKEN, ""])
def test_who_sends_slowly_keeps_no_turn_and_strangers_no_place_of_editors(guarded: FlaskClient, shown: str) -> None:
    lanes: Lanes = guarded.application.extensions["lanes"]
    lanes.cheap = Lane(1, 0, 0.01)

    def send() -> int:
        if not shown:
            body, path, method = f"token={TOKEN}".encode(), "/library/sign-in", "POST"
            headers = {"Origin": "http://localhost"}
        else:
            body, path, method = GOUT.encode(), "/api/v1/articles/gout", "PUT"
            headers = {"Authorization": f"Bearer {shown}"}
        kind = "text/plain" if shown else "application/x-www-form-urlencoded"
        sent = guarded.open(
            path,
            method=method,
            input_stream=SlowBody(body, lanes),
            headers=headers,
            content_type=kind,
            content_length=len(body),
        )
        return sent.status_code

    expected = {200, 202} if shown else {303}
    for _ in range(2):
        assert send() in expected
    lanes.bodies_of_strangers = Places(0)
    assert send() in (expected if shown else {503})
    lanes.bodies = Places(0)
    assert send() == 503
