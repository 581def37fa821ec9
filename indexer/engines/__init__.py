"""A location to the engine that keeps documents there; only the engine that is named is imported."""

import os
from os import PathLike
from pathlib import Path

from indexer.engine import Engine
from indexer.errors import EngineUnavailable


def open_engine(location: str | PathLike[str]) -> Engine:
    """The engine at a folder. Raises EngineUnavailable for the URL of an engine that is not there."""
    place = os.fspath(location)
    scheme, separator, _ = place.partition("://")
    if not separator:
        from indexer.engines.whoosh.engine import WhooshEngine

        return WhooshEngine(Path(place))
    if scheme == "opensearch":
        raise EngineUnavailable(
            f"{place}: there is no engine for OpenSearch yet; give a folder, which holds a Whoosh index"
        )
    raise EngineUnavailable(f"{place}: there is no engine “{scheme}”; give a folder, which holds a Whoosh index")
