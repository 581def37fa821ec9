"""A location in a cluster, and the engine there."""

from collections.abc import Iterator

import pytest

from indexer.engines.opensearch.address import ClusterAddress
from indexer.engines.opensearch.engine import OpenSearchEngine
from tests.engines.opensearch.libraries import new_location
from tests.engines.opensearch.servers import Servers


@pytest.fixture
def location(opensearch_servers: Servers) -> Iterator[str]:
    with new_location(opensearch_servers) as location:
        yield location


@pytest.fixture
def engine(location: str) -> Iterator[OpenSearchEngine]:
    engine = OpenSearchEngine(ClusterAddress.parse(location))
    yield engine
    engine.close()
