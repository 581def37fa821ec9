"""Bulk requests: by size, items again for which the server was too busy, and an error where one fails for good."""

import random
import time
from typing import Any, Final

from indexer.engines.opensearch.cluster import Cluster, lines_of
from indexer.engines.opensearch.mapping import JsonObject
from indexer.errors import EngineUnavailable

MAX_BULK_BYTES: Final = 5_000_000
MAX_TRIES: Final = 10
FIRST_PAUSE_S: Final = 0.2  # before a second try; each further pause is twice as long, and up to as long again
LONGEST_PAUSE_S: Final = 10.0
TOO_BUSY: Final = (429, 503)
BLOCKED: Final = "cluster_block_exception"  # as for a full disk, which goes on
FINE: Final = (200, 201, 404)  # 404: what was to be deleted is gone already

Action = tuple[JsonObject, str | None]


class BulkWriter:
    """Collects actions on one index and sends them."""

    def __init__(self, cluster: Cluster, index: str) -> None:
        self._cluster = cluster
        self._index = index
        self._actions: list[Action] = []
        self._bytes = 0

    def add(self, action: JsonObject, source: str | None = None) -> None:
        """Send the action and its document with the next request."""
        self._actions.append((action, source))
        self._bytes += len(source or "") + 100
        if self._bytes >= MAX_BULK_BYTES:
            self.flush()

    def flush(self) -> None:
        """Send what was collected. Raises EngineUnavailable where an action fails for good."""
        actions, self._actions, self._bytes = self._actions, [], 0
        pause = FIRST_PAUSE_S
        for _ in range(MAX_TRIES):
            actions = self._send(actions)
            if not actions:
                return
            time.sleep(pause * (1 + random.random()))
            pause = min(2 * pause, LONGEST_PAUSE_S)
        raise EngineUnavailable(
            f"{self._cluster.address}: the cluster is overloaded and refuses documents; run the command again later"
        )

    def _send(self, actions: list[Action]) -> list[Action]:
        """Send the actions once: those for which the server was too busy."""
        if not actions:
            return []
        with self._cluster.errors_named():
            answer = self._cluster.post(f"/{self._index}/_bulk", lines_of(actions))
        if not answer["errors"]:
            return []
        again = []
        for action, item in zip(actions, answer["items"], strict=True):
            outcome: dict[str, Any] = next(iter(item.values()))
            error = outcome.get("error") or {}
            if outcome["status"] in TOO_BUSY and error.get("type") != BLOCKED:
                again.append(action)
            elif outcome["status"] not in FINE:
                raise EngineUnavailable(
                    f"{self._cluster.address}: the cluster refuses a document "
                    f"({error.get('type', outcome['status'])}: {error.get('reason', '')}); "
                    "free disk space on its nodes or remove the block, then run the command again"
                )
        return again
