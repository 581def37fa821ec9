from pathlib import Path

import pytest
from flask import Flask

from indexer.library import Library, open_library
from indexer.query.request import SearchRequest
from indexer.results import Results
from webapp import create_app
from webapp.overview import overview


def test_it_is_the_library_with_links_and_examples(app: Flask, library: Library) -> None:
    with app.test_request_context():
        shown = overview()
    stats = library.stats()
    assert (shown.articles, shown.conditions) == (stats.documents, stats.conditions)
    assert shown.facets.keys() == {"sites", "sides", "chapters"}
    assert shown.facets["sites"][0].url == f"/search?site={shown.facets['sites'][0].value}"
    assert ("autoimmune bone inflammation", "your own words") in shown.examples


def test_each_path_of_the_site_has_its_own_links(app: Flask) -> None:
    for _ in range(2):
        with app.test_request_context(base_url="http://localhost/library"):
            assert overview().facets["sites"][0].url.startswith("/library/search?site=")
        with app.test_request_context():
            assert overview().facets["sites"][0].url.startswith("/search?site=")


def test_it_is_computed_once_for_each_generation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    article = tmp_path / "corpus" / "gout.txt"
    article.parent.mkdir()
    article.write_text("Gout\n\nGout hurts.\n")
    searches: list[str] = []
    answer = Library.answer

    def counted(self: Library, request: SearchRequest) -> Results:
        searches.append(request.text)
        return answer(self, request)

    monkeypatch.setattr(Library, "answer", counted)
    with open_library(tmp_path / "index") as library:
        library.sync([article.parent], jobs=1)
        client = create_app(library=library).test_client()
        assert "<strong>1</strong> article on" in client.get("/").text
        first = len(searches)
        assert first > 1
        for path in ("/", "/browse", "/"):
            assert client.get(path).status_code == 200
        assert len(searches) == first
        (article.parent / "lupus.txt").write_text("Lupus\n\nLupus is a disease of the skin.\n")
        library.sync([article.parent], jobs=1)
        assert "<strong>2</strong> articles on" in client.get("/").text
    assert len(searches) == 2 * first
