"""A location to the engine that stores documents there; only that engine is imported.

stored           a document as bytes, and back, for every engine
tokenized_texts  the texts of documents to their tokens, as arrays, for every engine
scoring          a query node to scores over the postings that an engine gives
whoosh           the engine of a folder
opensearch       the engine of a cluster
"""

import os
import re
from os import PathLike
from pathlib import Path

from indexer.engine import Engine
from indexer.errors import EngineUnavailable, ExtraMissing


def without_password(location: str) -> str:
    """A location as it may be printed and logged."""
    return re.sub(r"(?<=://)([^/@:]*):[^/@]*@", r"\1@", location)


def open_engine(location: str | PathLike[str]) -> Engine:
    """Open the engine at a folder or URL; a cluster is not asked yet.

    Raises EngineUnavailable for the URL of an engine that is not there, ExtraMissing where it needs a package that is
    not installed.
    """
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
        try:
            from indexer.engines.opensearch.engine import OpenSearchEngine
        except ModuleNotFoundError as error:
            if error.name != "opensearchpy":
                raise
            raise ExtraMissing(
                "an index in OpenSearch needs a package that is not installed; run: "
                "pip install 'condition-search[opensearch]'"
            ) from error
        from indexer.engines.opensearch.address import ClusterAddress

        return OpenSearchEngine(ClusterAddress.parse(address))
    from indexer.engines.opensearch.address import FORM

    raise EngineUnavailable(f"there is no engine “{scheme}”; give a folder, which holds a Whoosh index, or {FORM}")
