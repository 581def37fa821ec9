"""What killed batches, superseded versions and rebuilds leave in a cluster, and its removal.

Nothing of it is ever seen by a reader. A batch begins by removing what a killed one before it left, for it takes the
same number; and ends by removing what no reader can need any more.
"""

import logging
import re
import time
from dataclasses import replace
from typing import Final

from indexer.engines.opensearch.cluster import MISSING, Cluster, Refused
from indexer.engines.opensearch.generation_view import assert_complete
from indexer.engines.opensearch.head import Head
from indexer.engines.opensearch.mapping import NEVER, JsonObject
from indexer.errors import EngineUnavailable

RETENTION_S: Final = 600.0  # that a generation stays searchable after it was superseded
MAX_SUPERSEDED: Final = 200  # generations of which the time is noted
REVIVE: Final = "ctx._source.died = params.never"

_log = logging.getLogger(__name__)


def undo(cluster: Cluster, index: str, number: int) -> None:
    """Make an index as it was in the generation of that number: what came after is removed, what died is alive.

    Raises Refused, EngineUnavailable.
    """
    assert_complete(cluster.post(f"/{index}/_refresh"), cluster)
    born: JsonObject = {"range": {"born": {"gt": number}}}
    died: JsonObject = {"range": {"died": {"gt": number, "lt": NEVER}}}
    if cluster.count(index, born):
        _by_query(cluster, f"/{index}/_delete_by_query", {"query": born})
    if cluster.count(index, died):
        script = {"source": REVIVE, "params": {"never": NEVER}}
        _by_query(cluster, f"/{index}/_update_by_query", {"query": died, "script": script})


def _by_query(cluster: Cluster, path: str, body: JsonObject) -> None:
    answer = cluster.post(path, body, refresh="true", conflicts="proceed", wait_for_completion="true")
    if answer.get("failures"):
        raise EngineUnavailable(
            f"{cluster.address}: what a killed run left cannot be removed ({answer['failures'][0].get('cause')}); "
            "check that the cluster is green, then run the command again"
        )


def unlisted_indices(cluster: Cluster, head: Head) -> list[str]:
    """The indices of documents of this library that neither its head nor its retired ones name."""
    name = cluster.address.name
    try:
        found = cluster.get(f"/{name}.*/_settings", filter_path="*.settings.index.uuid", ignore_unavailable="true")
    except Refused as error:
        if error.status != MISSING:
            raise
        return []
    pattern = re.compile(rf"{re.escape(name)}\.\d+\.[0-9a-f]{{8}}")
    listed = {head.index, *(index for index, _ in head.retired)}
    return sorted(each for each in found if pattern.fullmatch(each) and each not in listed)


def delete_index(cluster: Cluster, index: str) -> None:
    """Delete an index, if it is there."""
    try:
        cluster.ask("DELETE", f"/{index}")
    except Refused as error:
        if error.status != MISSING:
            raise


def expired(head: Head, now: float) -> tuple[Head, int, list[str]]:
    """The head without what no reader needs, the last generation that none needs, and the indices that none needs."""
    past = [number for number, since in head.superseded if since < now - RETENTION_S]
    recent = tuple(each for each in head.superseded if each[0] not in past)[-MAX_SUPERSEDED:]
    indices = [index for index, since in head.retired if since < now - RETENTION_S]
    retired = tuple(each for each in head.retired if each[0] not in indices)
    return replace(head, superseded=recent, retired=retired), max(past, default=0), indices


def remove_expired(cluster: Cluster, head: Head, last: int, indices: list[str]) -> None:
    """Remove versions that died up to the generation after `last`, indices, and tallies that the head does not name."""
    try:
        for index in indices:
            delete_index(cluster, index)
        if last:
            _by_query(
                cluster,
                f"/{head.index}/_delete_by_query",
                {"query": {"range": {"died": {"lte": last + 1}}}},
            )
        if indices or (last and head.tallies and last >= head.tallies[0][0] - 1):
            _remove_tallies(cluster, head)
    except (Refused, EngineUnavailable) as error:
        _log.warning("%s: the commit stands, but old versions stay until the next one (%s)", cluster.address, error)


def _remove_tallies(cluster: Cluster, head: Head) -> None:
    """Remove the tallies that no generation since the first of the head's tallies needs."""
    old: JsonObject = {"range": {"number": {"lt": head.tallies[0][0] if head.tallies else 0}}}
    foreign: JsonObject = {"bool": {"must_not": [{"terms": {"index": [head.index, *(i for i, _ in head.retired)]}}]}}
    tallies: JsonObject = {"exists": {"field": "number"}}
    gone = {"bool": {"filter": [tallies], "should": [old, foreign], "minimum_should_match": 1}}
    cluster.post(f"/{cluster.address.name}/_refresh")
    _by_query(cluster, f"/{cluster.address.name}/_delete_by_query", {"query": gone})


def superseded_now(head: Head) -> tuple[tuple[int, float], ...]:
    """The superseded generations of a head that comes after this one."""
    return (*head.superseded, (head.number, time.time())) if head.number else ()
