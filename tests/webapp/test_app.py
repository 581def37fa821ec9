from pathlib import Path

import pytest

from indexer.library import Library
from webapp import create_app
from webapp.app import fingerprint


def test_the_environment_names_the_index(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONDITIONS_INDEX", str(index))
    assert create_app().test_client().get("/readyz").status_code == 200


def test_it_can_stand_below_a_path(library: Library) -> None:
    client = create_app(library=library).test_client()
    html = client.get("/search?q=bone", base_url="http://localhost/library").text
    assert 'action="/library/search"' in html
    assert 'href="/library/articles/' in html
    assert 'href="/search' not in html


def test_the_fingerprint_names_the_program() -> None:
    assert fingerprint() == fingerprint()
    assert len(fingerprint()) == 12
