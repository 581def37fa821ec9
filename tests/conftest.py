"""The corpus that comes with the project, indexed once for all tests that only read it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import Library, open_library


@pytest.fixture(scope="session")
def corpus_library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with open_library(tmp_path_factory.mktemp("corpus") / "index") as library:
        assert not library.sync([Path(__file__).parent.parent / "corpus"]).failed
        yield library
