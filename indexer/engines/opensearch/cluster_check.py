"""A library in a cluster to its problems: copies that are missing, documents that cannot be read, wrong tallies."""

from collections.abc import Iterator
from typing import Final

from indexer.engine import Problem
from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.generation_view import SCAN_PAGE, GenerationView
from indexer.engines.opensearch.head import REBUILD, read_head
from indexer.engines.opensearch.index_entries import decode_stored
from indexer.engines.opensearch.mapping import CONDITION_NUMBER, key_of, keyword
from indexer.engines.opensearch.snapshot_requests import BY_KEY
from indexer.engines.opensearch.tally import NUMBERS, Tally, count_documents
from indexer.engines.opensearch.tally_store import TallyStore
from indexer.errors import ConditionSearchError, EngineUnavailable, IndexMissing

WAIT: Final = "start the nodes that are missing, or reduce the number of replicas"


def find_problems(cluster: Cluster) -> Iterator[Problem]:
    """Find every problem of the current generation, each with what fixes it. Raises EngineUnavailable."""
    try:
        head = read_head(cluster).head
    except IndexMissing:
        yield Problem(f"there is no index at {cluster.address}", "conditions index PATH")
        return
    except EngineUnavailable:
        raise
    except ConditionSearchError as error:
        yield Problem(str(error).rpartition("; ")[0], REBUILD)
        return
    with cluster.errors_named():
        health = cluster.await_copies(cluster.address.name, head.index)
    for name, each in sorted(health.get("indices", {}).items()):
        if each["status"] == "red":
            yield Problem(f"some documents of the index {name} are on no node that runs", WAIT)
        elif each["status"] == "yellow" and each["unassigned_shards"]:
            yield Problem(f"{each['unassigned_shards']} replicas of the index {name} are on no node", WAIT)
    view = GenerationView(cluster, head, TallyStore(cluster))
    try:
        yield from _document_problems(view)
    except EngineUnavailable:
        raise
    except ConditionSearchError as error:
        yield Problem(str(error).rpartition("; ")[0], REBUILD)


def _document_problems(view: GenerationView) -> Iterator[Problem]:
    counted = Tally()
    tally = view.statistics.tally
    body = {"query": view.query(), "sort": [BY_KEY], "_source": ["key", "doc", CONDITION_NUMBER]}
    for hits in view.pages(body, SCAN_PAGE):
        documents = []
        for hit in hits:
            try:
                document = decode_stored(str(hit["_source"]["doc"]))
            except ValueError as error:
                yield Problem(f"a stored document cannot be read: {error}", REBUILD)
                continue
            if key_of(document.id) != hit["_source"]["key"]:
                yield Problem(f"the document “{document.id}” is not found under its id", REBUILD)
            documents.append(document)
            if hit["_source"].get(CONDITION_NUMBER) != tally.get(NUMBERS, keyword(document.condition_key)):
                yield Problem(f"the number of the condition of the document “{document.id}” is wrong", REBUILD)
        counted.merge(count_documents(documents))
    if counted.documents != view.head.documents:
        yield Problem(
            f"{view.cluster.address} holds {counted.documents} documents instead of {view.head.documents}", REBUILD
        )
    elif counted != tally.without(NUMBERS):
        yield Problem(f"what is counted of the documents of {view.cluster.address} is not what they have", REBUILD)
