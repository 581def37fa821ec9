"""Bulk requests: by size, items again for which the server was too busy, and an error where one fails for good."""

import random
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

from indexer.engines.opensearch.cluster import Cluster, Refused, lines_of
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
    """Collects actions on one index and sends them, one request at a time, while more are collected."""

    def __init__(self, cluster: Cluster, index: str) -> None:
        self._cluster = cluster
        self._index = index
        self._actions: list[Action] = []
        self._bytes = 0
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="bulk")
        self._sent: Future[None] | None = None

    def add(self, action: JsonObject, source: str | None = None) -> None:
        """Send the action and its document soon. Raises EngineUnavailable where one before fails for good."""
        self._actions.append((action, source))
        self._bytes += len(source or "") + 100
        if self._bytes >= MAX_BULK_BYTES:
            self._send_collected()

    def flush(self) -> None:
        """Send what was collected, and wait for it. Raises EngineUnavailable where an action fails for good."""
        self._send_collected()
        self._await_sent()

    def close(self) -> None:
        """Wait for what is being sent, whatever comes of it."""
        self._sender.shutdown()

    def _send_collected(self) -> None:
        self._await_sent()
        actions, self._actions, self._bytes = self._actions, [], 0
        if actions:
            self._sent = self._sender.submit(self._send, actions)

    def _await_sent(self) -> None:
        sent, self._sent = self._sent, None
        if sent is not None:
            sent.result()

    def _send(self, actions: list[Action]) -> None:
        pause = FIRST_PAUSE_S
        for _ in range(MAX_TRIES):
            actions = self._try(actions)
            if not actions:
                return
            time.sleep(pause * (1 + random.random()))
            pause = min(2 * pause, LONGEST_PAUSE_S)
        raise EngineUnavailable(
            f"{self._cluster.address}: the cluster is overloaded and refuses documents; run the command again later"
        )

    def _try(self, actions: list[Action]) -> list[Action]:
        """Send the actions once: those for which the server was too busy."""
        with self._cluster.errors_named():
            try:
                answer = self._cluster.post(f"/{self._index}/_bulk", lines_of(actions))
            except Refused as refused:
                if refused.status in TOO_BUSY and refused.kind != BLOCKED:
                    return actions
                raise
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
