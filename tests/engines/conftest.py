"""Engines to test: each name opens a new one at an empty place."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import pytest

from indexer.engine import Engine
from indexer.engines.whoosh.engine import WhooshEngine
from tests.engines.reference import ReferenceEngine

OpenEngine: TypeAlias = Callable[[], AbstractContextManager[Engine]]


@contextmanager
def open_reference() -> Iterator[Engine]:
    yield ReferenceEngine()


@contextmanager
def open_whoosh() -> Iterator[Engine]:
    with TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder) / "index")
        yield engine
        engine.close()


ENGINES: dict[str, OpenEngine] = {"reference": open_reference, "whoosh": open_whoosh}


@pytest.fixture(params=ENGINES, scope="module")
def opened(request: pytest.FixtureRequest) -> OpenEngine:
    """Opens a new, empty engine of each kind; for as long as its `with` block."""
    return ENGINES[request.param]


@pytest.fixture
def engine(opened: OpenEngine) -> Iterator[Engine]:
    """A new, empty engine of each kind."""
    with opened() as engine:
        yield engine
