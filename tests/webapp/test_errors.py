"""What goes wrong is a status and words, in HTML and in JSON, and never a trace."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer import errors
from indexer.library import open_library
from indexer.settings import Settings
from webapp import create_app
from webapp import errors as web_errors

PAGES = ("/", "/search?q=bone", "/articles/x", "/conditions/x", "/browse", "/sitemap.xml")
ANSWERS = ("/api/v1/search?q=bone", "/api/v1/articles/x", "/api/v1/suggest?q=bo")


def client_over(index: Path) -> FlaskClient:
    return create_app(Settings(index=str(index))).test_client()


@pytest.fixture
def damaged(tmp_path: Path) -> Iterator[FlaskClient]:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "gout.txt").write_text("Gout\n\nGout hurts.\n")
    with open_library(tmp_path / "index") as library:
        library.sync([tmp_path / "corpus"], jobs=1)
    for file in (tmp_path / "index").rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    yield client_over(tmp_path / "index")


@pytest.mark.parametrize("path", [*PAGES, *ANSWERS])
def test_a_missing_index_is_a_503_with_what_fixes_it(tmp_path: Path, path: str) -> None:
    response = client_over(tmp_path / "none").get(path)
    assert response.status_code == 503
    assert "conditions index" in response.text
    assert response.headers["Retry-After"] == "30"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.mimetype == ("application/problem+json" if path.startswith("/api/") else "text/html")
    assert str(tmp_path) not in response.text


@pytest.mark.parametrize("path", [*PAGES, *ANSWERS])
def test_a_damaged_index_is_a_503_without_a_trace(damaged: FlaskClient, path: str) -> None:
    response = damaged.get(path)
    assert response.status_code == 503
    assert "--rebuild" in response.text
    assert "Traceback" not in response.text


def test_the_site_comes_up_as_soon_as_there_is_an_index(tmp_path: Path) -> None:
    client = client_over(tmp_path / "index")
    assert client.get("/readyz").status_code == 503
    (tmp_path / "gout.txt").write_text("Gout\n\nGout hurts.\n")
    with open_library(tmp_path / "index") as library:
        library.sync([tmp_path / "gout.txt"], jobs=1)
    assert client.get("/search?q=gout").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_every_error_of_the_library_has_a_status_and_words() -> None:
    kinds = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.ConditionSearchError)
    }
    for kind in kinds:
        status = next(web_errors.STATUSES[each] for each in kind.__mro__ if each in web_errors.STATUSES)
        assert status in web_errors.MESSAGES


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/none", 404),
        ("GET", "/articles/none", 404),
        ("GET", "/articles/", 404),
        ("GET", "/static/none.css", 404),
        ("GET", "/static/../app.py", 404),
        ("GET", "/browse//all", 404),
        ("GET", "/api/v1/none", 404),
        ("POST", "/search", 405),
        ("POST", "/api/v1/articles/ulcer", 405),
        ("GET", "/search?sort=age", 400),
        ("GET", "/api/v1/search?size=0", 400),
        ("GET", f"/search?q={'a' * 20_000}", 414),
        ("GET", f"/api/v1/search?q={'a' * 20_000}", 414),
    ],
)
def test_what_was_asked_wrongly_is_said_in_words(client: FlaskClient, method: str, path: str, status: int) -> None:
    response = client.open(path, method=method)
    assert response.status_code == status
    if path.startswith("/api/"):
        assert response.get_json()["status"] == status
        assert response.get_json()["detail"]
    else:
        assert response.mimetype == "text/html"
        assert web_errors.MESSAGES[status][0] in response.text
    assert len(response.data) < 10_000
    assert ("Allow" in response.headers) is (status == 405)


@pytest.mark.parametrize("path", ["/search", "/api/v1/search"])
def test_a_request_with_a_body_is_turned_away(client: FlaskClient, path: str) -> None:
    assert client.get(path, data=b"x" * 100).status_code == 413


def test_a_fault_of_our_own_is_logged_and_not_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(Settings(index=str(tmp_path / "none")))
    for path in ("/fault", "/api/fault"):
        app.add_url_rule(path, path, lambda: str(1 / 0))
    for path in ("/fault", "/api/fault"):
        response = app.test_client().get(path)
        assert response.status_code == 500
        assert "Something went wrong here" in response.text
        assert "ZeroDivisionError" not in response.text
    assert "ZeroDivisionError" in caplog.text
