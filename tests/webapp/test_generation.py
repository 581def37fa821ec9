from flask.testing import FlaskClient

from indexer.library import Library


def test_a_page_can_ask_cheaply_whether_the_library_has_changed(client: FlaskClient, library: Library) -> None:
    response = client.get("/api/v1/generation")
    with library.searcher() as searcher:
        assert response.get_json() == {"generation": searcher.generation}
    assert response.headers["Cache-Control"] == "no-cache"
    assert client.get("/api/v1/generation", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


def test_pages_say_which_generation_they_show(client: FlaskClient, library: Library) -> None:
    with library.searcher() as searcher:
        shown = f'role="status" data-generation="{searcher.generation}" data-url="/api/v1/generation"'
    for path in ("/search?q=bone", "/articles/ulcer", "/library"):
        assert shown in client.get(path).text
