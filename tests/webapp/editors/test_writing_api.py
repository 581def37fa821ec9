import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.disk import Disk
from indexer.editing.raw_files import MAX_WRITTEN
from indexer.engines.whoosh.format.manifest import LOCK
from indexer.engines.whoosh.format.write_lock import write_lock
from tests.webapp.editors.conftest import GOUT
from tests.webapp.test_openapi import misfits
from webapp import create_app
from webapp.editors import writing_api

ZORBITIS = "Zorbitis, right hand\n\nZorbitis is a swelling of the right hand.\n\nCauses\n\nToo many words.\n"
TEXT = {"Content-Type": "text/plain; charset=utf-8"}


def total(client: FlaskClient, query: str) -> int:
    found: int = json.loads(client.get(f"/api/v1/search?q={query}").text)["total"]
    return found


def test_an_article_is_put_found_changed_and_deleted(editor: FlaskClient, articles: Path) -> None:
    created = editor.put("/api/v1/articles/made/zorbitis", data=ZORBITIS, headers=TEXT)
    assert (created.status_code, created.location) == (201, "/api/v1/articles/made/zorbitis")
    change = created.get_json()
    assert change["live"] is True
    assert change["since"]
    assert (articles / "made" / "zorbitis.txt").read_text() == ZORBITIS
    assert total(editor, "zorbitis") == 1
    assert editor.get("/api/v1/articles/made/zorbitis").get_json()["side"] == "right"

    changed = editor.put("/api/v1/articles/made/zorbitis", data=ZORBITIS.replace("right", "left"), headers=TEXT)
    assert changed.status_code == 200
    assert changed.get_json()["generation"] != change["generation"]
    assert editor.get("/api/v1/articles/made/zorbitis").get_json()["side"] == "left"

    deleted = editor.delete("/api/v1/articles/made/zorbitis")
    assert (deleted.status_code, deleted.get_json()["live"]) == (200, True)
    assert total(editor, "zorbitis") == 0
    assert editor.delete("/api/v1/articles/made/zorbitis").status_code == 404
    assert total(editor, "gout") == 1


@pytest.mark.parametrize(
    ("media", "text", "suffix"),
    [
        ("text/html", "<h1>Zorbitis</h1><p>Zorbitis is a swelling of words.</p>", ".html"),
        ("text/markdown", "# Zorbitis\n\nZorbitis is a *swelling* of words.", ".md"),
    ],
)
def test_the_media_type_says_how_an_article_is_written(
    editor: FlaskClient, articles: Path, media: str, text: str, suffix: str
) -> None:
    assert editor.put("/api/v1/articles/z", data=text, content_type=media).status_code == 201
    assert (articles / f"z{suffix}").read_text() == text
    assert total(editor, "swelling") == 1
    raw = editor.get("/api/v1/raw/z")
    assert (raw.text, raw.mimetype) == (text, "text/plain")
    conflict = editor.put("/api/v1/articles/z", data=ZORBITIS, headers=TEXT)
    assert (conflict.status_code, conflict.mimetype) == (409, "application/problem+json")
    assert f"z{suffix}" in conflict.get_json()["detail"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json"},
        {},
        {"Content-Type": "text/plain; charset=latin-1"},
        {"Content-Type": "text/plain", "Content-Encoding": "gzip"},
    ],
)
def test_other_media_types_are_refused(editor: FlaskClient, articles: Path, headers: dict[str, str]) -> None:
    response = editor.put("/api/v1/articles/gout", data=ZORBITIS, headers=headers)
    assert (response.status_code, response.mimetype) == (415, "application/problem+json")
    assert (articles / "gout.txt").read_text() == GOUT


def test_answers_fit_the_description(editor: FlaskClient) -> None:
    described = editor.get("/api/v1/openapi.json").get_json()["paths"]["/api/v1/articles/{id}"]
    for method, status in (("put", 201), ("put", 200), ("delete", 200), ("delete", 404), ("put", 415)):
        headers = TEXT if status < 400 else {"Content-Type": "text/csv"}
        sent = {"data": ZORBITIS, "headers": headers} if method == "put" else {}
        response = editor.open("/api/v1/articles/z", method=method.upper(), **sent)  # type: ignore[arg-type]
        assert response.status_code == status
        (media, content), *_ = described[method]["responses"][str(status)]["content"].items()
        assert response.mimetype == media
        assert misfits(response.get_json(), content["schema"]) == []


def test_conditions_are_kept(editor: FlaskClient, articles: Path) -> None:
    seen = editor.get("/api/v1/raw/gout").headers["ETag"]
    assert editor.get("/api/v1/raw/gout", headers={"If-None-Match": seen}).status_code == 304
    url = "/api/v1/articles/gout"
    for headers in ({"If-Match": '"other"'}, {"If-None-Match": "*"}):
        assert editor.put(url, data=ZORBITIS, headers={**TEXT, **headers}).status_code == 412
    assert editor.delete(url, headers={"If-Match": '"other"'}).status_code == 412
    assert editor.put("/api/v1/articles/new", data=ZORBITIS, headers={**TEXT, "If-Match": "*"}).status_code == 412
    assert (articles / "gout.txt").read_text() == GOUT
    written = editor.put(url, data=GOUT + "More.\n", headers={**TEXT, "If-Match": seen})
    assert written.status_code == 200
    assert editor.put(url, data=GOUT, headers={**TEXT, "If-Match": seen}).status_code == 412
    assert editor.delete(url, headers={"If-Match": written.headers["ETag"]}).status_code == 200
    assert editor.put(url, data=GOUT, headers={**TEXT, "If-None-Match": "*"}).status_code == 201


@pytest.mark.parametrize("id", ["a/%2e%2e/b", "%2e%2e/x", ".hidden", "a%00b", "a%1bb", "/x", "a//b", "a%5cb", "README"])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_an_id_that_leads_elsewhere_is_refused(editor: FlaskClient, articles: Path, id: str, method: str) -> None:
    before = sorted(articles.parent.rglob("*"))
    url = f"/api/v1/articles/{id}"
    response = editor.put(url, data=ZORBITIS, headers=TEXT) if method == "PUT" else editor.delete(url)
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert sorted(articles.parent.rglob("*")) == before


def test_links_are_not_followed(editor: FlaskClient, articles: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (articles / "linked").symlink_to(outside)
    (articles / "secret.txt").symlink_to("/etc/passwd")
    for id in ("linked/x", "secret"):
        assert editor.put(f"/api/v1/articles/{id}", data=ZORBITIS, headers=TEXT).status_code == 409
    assert editor.get("/api/v1/raw/secret").status_code == 409
    assert [*outside.iterdir()] == []


def test_bodies_are_limited_and_taken_nowhere_else(editor: FlaskClient) -> None:
    assert editor.put("/api/v1/articles/z", data=b"a" * (MAX_WRITTEN + 1), headers=TEXT).status_code == 413
    chunked = {**TEXT, "Transfer-Encoding": "chunked"}
    assert editor.put("/api/v1/articles/z", headers=chunked).status_code == 413
    for method, path in (("GET", "/api/v1/articles/gout"), ("DELETE", "/api/v1/articles/gout"), ("GET", "/search")):
        assert editor.open(path, method=method, data=b"x").status_code == 413
    for method, path in (("PUT", "/search"), ("TRACE", "/api/v1/articles/gout")):
        assert editor.open(path, method=method, data=b"x").status_code == 405
    assert editor.put("/api/v1/articles/a%0Ab", data=ZORBITIS, headers=TEXT).status_code == 400
    for body in (b"", b"\xff\xfe\x00", b"Gout \xe9", bytes(range(1, 9)) * 50):
        response = editor.put("/api/v1/articles/z", data=body, headers=TEXT)
        assert (response.status_code, response.mimetype) == (400, "application/problem+json"), body
    words = b"Gout hurts. " * (MAX_WRITTEN // 12)
    assert editor.put("/api/v1/articles/z", data=words, headers=TEXT).status_code in {201, 202}


def test_articles_of_a_file_that_holds_several_are_changed_there(editor: FlaskClient, articles: Path) -> None:
    (articles / "all.jsonl").write_text(json.dumps({"id": "held", "text": "Scurvy is a want of vitamin C."}) + "\n")
    editor.put("/api/v1/articles/z", data=ZORBITIS, headers=TEXT)
    assert total(editor, "scurvy") == 1
    for response in (
        editor.put("/api/v1/articles/held", data=ZORBITIS, headers=TEXT),
        editor.delete("/api/v1/articles/held"),
    ):
        assert response.status_code == 409
        assert "all.jsonl" in response.get_json()["detail"]
    raw = editor.get("/api/v1/raw/held")
    assert "Scurvy" in raw.text
    assert "ETag" not in raw.headers


def test_a_change_waits_for_another_writer_and_says_so(
    editor: FlaskClient, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_api, "WAIT_S", 0.3)
    with write_lock(Disk(), tmp_path / "index" / LOCK):
        response = editor.put("/api/v1/articles/z", data=ZORBITIS, headers=TEXT)
        assert (response.status_code, response.get_json()["live"]) == (202, False)
        assert (articles / "z.txt").exists()
    monkeypatch.setattr(writing_api, "WAIT_S", 20)
    assert editor.put("/api/v1/articles/z", data=ZORBITIS, headers=TEXT).get_json()["live"] is True


def test_where_the_corpus_is_watched_nobody_else_indexes(
    make_site: Callable[..., Flask], articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_api, "WAIT_S", 0.3)
    app = make_site(watched=True)
    response = app.test_client().put("/api/v1/articles/z", data=ZORBITIS, headers=TEXT)
    assert response.status_code == 202
    app.extensions["library"].sync([articles], jobs=1)  # as the watcher does
    assert app.test_client().put("/api/v1/articles/z", data=ZORBITIS, headers=TEXT).status_code == 200


def test_without_a_corpus_folder_the_answer_says_what_is_missing(editor: FlaskClient, articles: Path) -> None:
    articles.rename(articles.with_name("moved"))
    response = editor.put("/api/v1/articles/z", data=ZORBITIS, headers=TEXT)
    assert response.status_code == 409
    assert "CONDITIONS_CORPUS" in response.get_json()["detail"]


def test_a_library_that_came_without_settings_is_only_read(editor: FlaskClient, articles: Path) -> None:
    client = create_app(library=editor.application.extensions["library"]).test_client()
    before = sorted(articles.parent.rglob("*.txt"))
    for id in ("gout", "z"):
        assert client.put(f"/api/v1/articles/{id}", data=ZORBITIS, headers=TEXT).status_code == 409
    assert client.delete("/api/v1/articles/gout").status_code == 409
    assert sorted(articles.parent.rglob("*.txt")) == before
    assert not Path("corpus/z.txt").exists()
