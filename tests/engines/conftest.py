"""Engines to test: each name opens a new one at an empty place."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import pytest

from indexer.engine import Engine
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.results import Matches
from tests.engines.opensearch.libraries import open_emptied, open_new
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
COMPARED = ("whoosh", "opensearch")


def opener(request: pytest.FixtureRequest, *, new: bool) -> OpenEngine:
    """What opens engines of the kind that is asked for; a cluster starts with the first test that needs it."""
    if request.param in ENGINES:
        return ENGINES[request.param]
    return partial(open_new if new else open_emptied, request.getfixturevalue("opensearch_servers"))


@pytest.fixture(params=("reference", *COMPARED), scope="module")
def open_empty(request: pytest.FixtureRequest) -> OpenEngine:
    """Opens an engine without documents of each kind; for as long as its `with` block."""
    return opener(request, new=False)


@pytest.fixture(params=COMPARED, scope="module")
def open_compared(request: pytest.FixtureRequest) -> OpenEngine:
    """The same for each kind that is compared with the reference, which is not compared with itself."""
    return opener(request, new=False)


@pytest.fixture(params=("reference", *COMPARED))
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A new engine of each kind, where nothing is yet."""
    with opener(request, new=True)() as engine:
        yield engine


@pytest.fixture(params=COMPARED)
def compared(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The same of each kind that is compared with the reference."""
    with opener(request, new=True)() as engine:
        yield engine


def assert_same(actual: Matches, expected: Matches) -> None:
    """Both have the same counts and, unless the page says that it is approximate, the same page."""
    assert (actual.total, actual.groups, actual.facets) == (expected.total, expected.groups, expected.facets)
    assert actual.sites_by_side == expected.sites_by_side
    if actual.is_approximate:
        assert len(actual.page) == len(expected.page)
        return
    assert [match.document for match in actual.page] == [match.document for match in expected.page]
    assert [match.score for match in actual.page] == pytest.approx([match.score for match in expected.page], abs=1e-5)
    for match, same in zip(actual.page, expected.page, strict=True):
        assert (match.group_size, match.group_counts) == (same.group_size, same.group_counts)
        assert match.group_score == pytest.approx(same.group_score, abs=1e-5)
