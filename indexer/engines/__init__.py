"""A location to the engine that keeps documents there; only the engine that is named is imported."""

import os
from os import PathLike
from pathlib import Path

from indexer.engine import Engine
from indexer.errors import EngineUnavailable


def open_engine(location: str | PathLike[str]) -> Engine:
    """The engine at a folder, or at a URL such as opensearch://host:9200/name. Raises EngineUnavailable."""
    place = os.fspath(location)
    scheme, separator, _ = place.partition("://")
    if not separator:
        from indexer.engines.whoosh.engine import WhooshEngine

        return WhooshEngine(Path(place))
    if scheme == "opensearch":
        raise EngineUnavailable(
            f"{place}: the OpenSearch engine is not installed; run: pip install 'condition-search[opensearch]'"
        )
    raise EngineUnavailable(f"{place}: there is no engine “{scheme}”; use a folder, or opensearch://HOST:9200/NAME")
