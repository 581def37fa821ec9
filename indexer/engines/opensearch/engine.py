"""The Engine of the engine protocol: a library in an OpenSearch cluster, whose head document names what is searched."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final

from indexer.engine import Problem, SegmentBuilder
from indexer.engines.opensearch.address import ClusterAddress
from indexer.engines.opensearch.batch import OpenSearchBatch, prepare_batch
from indexer.engines.opensearch.cleanup import expired, remove_expired
from indexer.engines.opensearch.cluster import CONFLICT, MISSING, Cluster, Refused
from indexer.engines.opensearch.generation_view import GenerationView
from indexer.engines.opensearch.head import HEAD, Head, HeadOfAnyVersion, StoredHead, head_source, read_head
from indexer.engines.opensearch.mapping import JsonObject, id_of
from indexer.engines.opensearch.searcher import OpenSearchSearcher
from indexer.engines.opensearch.tally_store import TallyStore
from indexer.engines.opensearch.write_lease import WriteLease, write_lease
from indexer.errors import IndexDamaged, IndexLocked, IndexMissing, IndexStale

HEAD_AGE_S: Final = 0.25  # for which a head that was read is taken for the newest: a request asks for it many times
EXISTS: Final = "resource_already_exists_exception"


class OpenSearchEngine:
    """Documents in a cluster; safe in any thread."""

    def __init__(self, address: ClusterAddress) -> None:
        self._cluster = Cluster(address)
        self._tallies = TallyStore(self._cluster)
        self._lock = threading.Lock()
        self._current: tuple[StoredHead, GenerationView, float] | None = None

    def searcher(self) -> OpenSearchSearcher:
        """See `indexer.engine.Engine`; what others commit is seen after HEAD_AGE_S at the latest."""
        try:
            view = self._view()
        except IndexDamaged:
            if self._current is None:
                raise
            view = self._current[1]
        return OpenSearchSearcher(view)

    def check(self) -> None:
        """See `indexer.engine.Engine`."""
        self._view(now=True)

    def digests(self) -> Mapping[str, str]:
        """See `indexer.engine.Engine`."""
        return self._column("digest")

    def sources(self) -> Mapping[str, str]:
        """See `indexer.engine.Engine`."""
        return {id: id_of(source) for id, source in self._column("source").items()}

    def properties(self) -> Mapping[str, str]:
        """See `indexer.engine.Engine`."""
        try:
            return dict(self._view(now=True).head.properties)
        except IndexMissing:
            return {}

    @contextmanager
    def batch(self, *, fresh: bool = False) -> Iterator[OpenSearchBatch]:
        """See `indexer.engine.Engine`."""
        with self._writing() as lease:
            base, sequence, term = self._generation_to_change(fresh=fresh)
            batch = prepare_batch(self._cluster, self._tallies, lease, base, fresh=fresh)
            try:
                yield batch
                batch.commit(sequence, term)
            finally:
                batch.abandon()
                self._forget()

    def collect_garbage(self) -> None:
        """See `indexer.engine.Engine`."""
        with suppress(IndexMissing, IndexLocked):
            if self._has_expired():
                with self._writing():
                    self._remove_expired()

    @property
    def segment_builder(self) -> SegmentBuilder:
        """See `indexer.engine.Engine`."""
        from indexer.engines.opensearch.index_entries import build_entries

        return build_entries

    def verify(self) -> tuple[Problem, ...]:
        """See `indexer.engine.Engine`."""
        from indexer.engines.opensearch.cluster_check import find_problems

        return tuple(find_problems(self._cluster))

    def close(self) -> None:
        """See `indexer.engine.Engine`."""
        self._forget()
        self._cluster.close()

    def _column(self, name: str) -> Mapping[str, str]:
        try:
            return self._view(now=True).column(name)
        except IndexMissing:
            return {}

    def _view(self, *, now: bool = False) -> GenerationView:
        """The newest generation; `now` reads its head even where that was done just before."""
        current = self._current
        if current is not None and not now and time.monotonic() < current[2] + HEAD_AGE_S:
            return current[1]
        with self._lock:
            asked = time.monotonic()
            stored = read_head(self._cluster)
            current = self._current
            is_same = current is not None and current[0].head.name == stored.head.name
            view = current[1] if is_same and current else GenerationView(self._cluster, stored.head, self._tallies)
            self._current = (stored, view, asked)
            return view

    def _forget(self) -> None:
        """Read the head again when it is next needed."""
        with self._lock:
            if self._current is not None:
                self._current = (*self._current[:2], float("-inf"))

    @contextmanager
    def _writing(self) -> Iterator[WriteLease]:
        address = self._cluster.address
        with self._cluster.errors_named():
            try:
                self._cluster.get(f"/{address.name}/_settings", filter_path="*.settings.index.uuid")
            except Refused as error:
                if error.status != MISSING:
                    raise
                self._create()
        with write_lease(self._cluster) as lease:
            yield lease

    def _create(self) -> None:
        """Create the index of the head, the lock and the tallies."""
        body: JsonObject = {
            "settings": {"number_of_shards": 1, "number_of_replicas": self._cluster.address.replicas},
            "mappings": {
                "dynamic": False,
                "properties": {"index": {"type": "keyword"}, "number": {"type": "long"}},
            },
        }
        try:
            self._cluster.ask("PUT", f"/{self._cluster.address.name}", body)
        except Refused as error:
            if error.kind != EXISTS:
                raise

    def _generation_to_change(self, *, fresh: bool) -> tuple[Head, int, int]:
        """The generation that a batch begins with, and what the server needs to replace its head."""
        try:
            stored = read_head(self._cluster)
        except IndexMissing:
            return Head(), -1, -1
        except (IndexStale, IndexDamaged):
            if not fresh:
                raise
            with self._cluster.errors_named():
                any_version = HeadOfAnyVersion.read(self._cluster)
            return (
                Head(number=any_version.number, index=any_version.index),
                any_version.sequence,
                any_version.term,
            )
        return stored.head, stored.sequence, stored.term

    def _has_expired(self) -> bool:
        head = read_head(self._cluster).head
        return expired(head, time.time())[0] != head

    def _remove_expired(self) -> None:
        stored = read_head(self._cluster)
        head, last, indices = expired(stored.head, time.time())
        expected = {"if_seq_no": stored.sequence, "if_primary_term": stored.term}
        with self._cluster.errors_named():
            try:
                self._cluster.ask("PUT", f"/{self._cluster.address.name}/_doc/{HEAD}", head_source(head), **expected)
            except Refused as error:
                if error.status != CONFLICT:
                    raise
                return
        remove_expired(self._cluster, head, last, indices)
