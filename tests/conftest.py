"""What all tests share: how many examples a property is tried with, and the corpus, indexed once a run.

A property is tried with 25 random examples, on the build server (CI=true) with 100 that are the same in every run, so
that a failure is repeated by the same command; elsewhere it prints the `@reproduce_failure` that repeats it, and is
tried first in the next run.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from indexer import Library, Page, open_library
from indexer.results import Results
from tests.engines.opensearch.servers import Servers, Unavailable
from tests.relevance.test_relevance import CORPUS, QUERIES

settings.register_profile("local", max_examples=25, deadline=None, print_blob=True)
settings.register_profile("ci", max_examples=100, deadline=None, print_blob=True, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session")
def corpus_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the index of the corpus lies; tests only read it."""
    location = tmp_path_factory.mktemp("corpus") / "index"
    with open_library(location) as library:
        assert not library.sync([CORPUS]).failed
    return location


@pytest.fixture(scope="session")
def corpus_library(corpus_index: Path) -> Iterator[Library]:
    with open_library(corpus_index) as library:
        yield library


@pytest.fixture(scope="session")
def judged_results(corpus_library: Library) -> dict[str, Results]:
    """The first ten hits for each judged query, by its text."""
    return {text: corpus_library.search(text, page=Page(limit=10)) for text in QUERIES.values()}


@pytest.fixture(scope="session")
def opensearch_servers() -> Iterator[Servers]:
    """A cluster of two nodes, where CONDITIONS_TEST_CLUSTER is set, for tests with one take minutes.

    Where the machine has no Java or no Maven they are skipped, on the build server they fail.
    """
    if not os.environ.get("CONDITIONS_TEST_CLUSTER"):
        pytest.skip("tests with a cluster run where CONDITIONS_TEST_CLUSTER is set, for they take minutes")
    with ExitStack() as stack:
        try:
            servers = stack.enter_context(Servers(2))
        except Unavailable as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(str(error))
        yield servers
