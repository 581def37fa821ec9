"""A site whose corpus may be changed: two articles, the real sync, a client on the same machine."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.library import open_library
from indexer.settings import Settings
from webapp import create_app

GOUT = "Gout, left knee\n\nICD-10 code: M10.062\n\nGout is a painful arthritis.\n\nCauses\n\nUrate crystals.\n"
ASTHMA = "Asthma\n\nAsthma narrows the airways.\n\nTreatment\n\nInhalers calm it.\n"
TOKEN = "correct horse battery staple"

Make = Callable[..., Flask]


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder of raw articles."""
    folder = tmp_path / "articles"
    (folder / "lung").mkdir(parents=True)
    (folder / "gout.txt").write_text(GOUT)
    (folder / "lung" / "asthma.txt").write_text(ASTHMA)
    return folder


@pytest.fixture
def make_site(articles: Path, tmp_path: Path) -> Iterator[Make]:
    """Makes the application over the articles; keywords are those of Settings."""
    opened = []

    def make(**settings: object) -> Flask:
        library = open_library(tmp_path / "index")
        opened.append(library)
        library.sync([articles], jobs=1)
        return create_app(
            Settings(index=str(tmp_path / "index"), corpus=articles, **settings),  # type: ignore[arg-type]
            library,
        )

    yield make
    for library in opened:
        library.close()


@pytest.fixture
def editor(make_site: Make) -> FlaskClient:
    """A client on the machine that serves."""
    return make_site().test_client()
