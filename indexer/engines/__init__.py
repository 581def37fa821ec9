"""A location to the engine that stores documents there; only that engine is imported.

stored   a document as bytes, and back, for every engine
whoosh   the engine of a folder
"""

import os
from os import PathLike
from pathlib import Path

from indexer.engine import Engine
from indexer.errors import EngineUnavailable


def open_engine(location: str | PathLike[str]) -> Engine:
    """Open the engine at a folder. Raises EngineUnavailable for the URL of an engine that is not there."""
    address = os.fspath(location)
    scheme, separator, _ = address.partition("://")
    if not separator:
        try:
            from indexer.engines.whoosh.engine import WhooshEngine
        except ModuleNotFoundError as error:
            if error.name != "fcntl":
                raise
            raise EngineUnavailable(
                f"{address}: an index in a folder needs the file locks of a POSIX system, which this one lacks; "
                "use Linux or macOS, or on Windows the Windows Subsystem for Linux"
            ) from error
        return WhooshEngine(Path(address))
    if scheme == "opensearch":
        raise EngineUnavailable(
            f"{address}: there is no engine for OpenSearch yet; give a folder, which holds a Whoosh index"
        )
    raise EngineUnavailable(f"{address}: there is no engine “{scheme}”; give a folder, which holds a Whoosh index")
