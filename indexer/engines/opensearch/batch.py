"""A batch of changes to a new generation, or to nothing.

Versions of documents are written as they come, born in the generation to be and so unseen; the versions that they
replace get the number of that generation as the one in which they died, which readers of the one before do not look at.
When all is written and searchable, the head document is replaced: that is the commit. Whatever goes wrong before it
leaves the old head, and versions that the next batch removes before it begins.
"""

import logging
import secrets
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Final

from indexer.documents import Document
from indexer.engines.opensearch.bulk import BulkWriter
from indexer.engines.opensearch.cleanup import (
    delete_index,
    expired,
    remove_expired,
    superseded_now,
    undo,
    unlisted_indices,
)
from indexer.engines.opensearch.cluster import CONFLICT, MISSING, Cluster, Refused
from indexer.engines.opensearch.generation_view import assert_complete
from indexer.engines.opensearch.head import HEAD, REBUILD, Head, head_source, visible_at
from indexer.engines.opensearch.index_entries import EntrySegment, build_entries, decode_stored, version_id
from indexer.engines.opensearch.mapping import JsonObject, id_of, index_body, key_of
from indexer.engines.opensearch.tally import Tally, count_documents
from indexer.engines.opensearch.tally_store import MAX_DIFFERENCE, MAX_TALLIES, TallyStore
from indexer.engines.opensearch.write_lease import WriteLease
from indexer.errors import ConditionSearchError, EngineUnavailable, IndexDamaged

MAX_PENDING_CHANGES: Final = 256  # documents put and ids deleted one by one, then looked up and written together
MAX_LOOKUP: Final = 500  # ids in one request
TRIES: Final = 5  # of a refresh that not every copy answers
PAUSE_S: Final = 1.0

_log = logging.getLogger(__name__)


class OpenSearchBatch:
    """The Batch of the engine protocol."""

    def __init__(
        self, cluster: Cluster, tallies: TallyStore, lease: WriteLease, base: Head, *, index: str, fresh: bool
    ) -> None:
        self._cluster = cluster
        self._tallies = tallies
        self._lease = lease
        self._base = base
        self._fresh = fresh
        self._number = base.number + 1
        self._index = index
        self._bulk = BulkWriter(cluster, index)
        self._difference = Tally()
        self._properties: dict[str, str] = {} if fresh else dict(base.properties)
        self._pending: dict[str, Document | None] = {}
        self._added: set[str] = set()
        self._superseded: set[str] = set()
        self._is_new = fresh or not base.index  # the index, which nobody knows but this batch
        self._changed = fresh
        self._wrote = False
        self.committed: Head | None = None

    def put(self, document: Document) -> None:
        """See `indexer.engine.Batch`."""
        self._pending[document.id] = document
        self._flush_if_large()

    def delete(self, id: str) -> None:
        """See `indexer.engine.Batch`."""
        self._pending[id] = None
        self._flush_if_large()

    def add_segment(self, segment: object) -> None:
        """See `indexer.engine.Batch`."""
        if not isinstance(segment, EntrySegment):
            raise TypeError(f"{type(segment).__name__} is not what OpenSearchEngine.segment_builder makes")
        self._flush_pending()
        self._write(segment, ())

    def describe(self, name: str, value: str) -> None:
        """See `indexer.engine.Batch`."""
        if self._properties.get(name) != value:
            self._properties[name] = value
            self._changed = True

    def _flush_if_large(self) -> None:
        if len(self._pending) >= MAX_PENDING_CHANGES:
            self._flush_pending()

    def _flush_pending(self) -> None:
        pending, self._pending = self._pending, {}
        if pending:
            documents = [each for each in pending.values() if each is not None]
            self._write(build_entries(documents), [id for id, each in pending.items() if each is None])

    def _write(self, segment: EntrySegment, deleted: Collection[str]) -> None:
        self._lease.check()
        ids = [*(entry.id for entry in segment.entries), *deleted]
        replaced = self._find_replaced([id for id in ids if id not in self._superseded])
        rewritten = self._find_rewritten([id for id in ids if id in self._added])
        before = [self._unpacked(stored) for stored in (*replaced.values(), *rewritten.values())]
        self._difference.merge(count_documents(before), -1)
        self._difference.merge(segment.tally)
        for id, _ in replaced:
            died = f'{{"doc":{{"died":{self._number}}}}}'
            self._bulk.add({"update": {"_id": id, "retry_on_conflict": 3}}, died)
        for entry in segment.entries:
            source = entry.at(self._number, self._difference.assign_number(entry.condition, self._before))
            self._bulk.add({"index": {"_id": version_id(entry.id, self._number)}}, source)
        for id in deleted:
            if id in self._added:
                self._bulk.add({"delete": {"_id": version_id(id, self._number)}})
        self._superseded.update(id for _, id in replaced)
        self._added.update(entry.id for entry in segment.entries)
        self._added.difference_update(deleted)
        if replaced or segment.entries:
            self._changed = self._wrote = True

    @cached_property
    def _before(self) -> Tally:
        """What is counted in the index before the batch, which nobody may change."""
        return Tally() if self._is_new else self._tallies.load(self._base)

    def _find_replaced(self, ids: list[str]) -> Mapping[tuple[str, str], str]:
        """The stored forms of the documents that the base generation has, by the server's id and their own."""
        if self._is_new or not self._base.documents:
            return {}
        found = {}
        for start in range(0, len(ids), MAX_LOOKUP):
            keys = [key_of(id) for id in ids[start : start + MAX_LOOKUP]]
            body: JsonObject = {
                "size": MAX_LOOKUP,
                "query": {"bool": {"filter": [self._base.visible, {"terms": {"key": keys}}]}},
                "_source": ["key", "doc"],
                "track_total_hits": False,
            }
            with self._cluster.errors_named():
                hits = self._cluster.search(self._index, body, filter_path="hits.hits")["hits"]["hits"]
            found.update({(hit["_id"], id_of(hit["_source"]["key"])): hit["_source"]["doc"] for hit in hits})
        return found

    def _find_rewritten(self, ids: list[str]) -> Mapping[str, str]:
        """The stored forms of the versions that this batch wrote already."""
        if not ids:
            return {}
        self._bulk.flush()
        expected = {version_id(id, self._number): id for id in ids}
        with self._cluster.errors_named():
            answer = self._cluster.post(f"/{self._index}/_mget", {"ids": list(expected)}, _source_includes="doc")
        return {expected[each["_id"]]: each["_source"]["doc"] for each in answer["docs"] if each.get("found")}

    def _unpacked(self, stored: str) -> Document:
        try:
            return decode_stored(stored)
        except ValueError as error:
            raise IndexDamaged(f"{self._cluster.address} is damaged ({error}); run: {REBUILD}") from error

    def commit(self, sequence: int, term: int) -> None:
        """Make the changes the current generation; nothing is written where there are none.

        `sequence` and `term` are those of the head that is replaced, -1 where there is none.
        """
        self._flush_pending()
        if not self._changed:
            return
        self._bulk.flush()
        if self._is_new:
            self._copy()
        self._refresh()
        documents = (0 if self._fresh else self._base.documents) + self._difference.documents
        self._count(documents)
        chain, tally = self._store_tally()
        now = time.time()
        is_moved = self._fresh and bool(self._base.index)
        head = Head(
            self._number,
            f"{self._number}-{secrets.token_hex(4)}",
            self._index,
            documents,
            chain,
            self._properties,
            superseded=() if self._fresh else superseded_now(self._base),
            retired=(*self._base.retired, (self._base.index, now)) if is_moved else self._base.retired,
        )
        head, last, indices = expired(head, now)
        self._lease.check()
        self._replace_head(head, sequence, term)
        self.committed = head
        if tally is not None:
            self._tallies.hold(head, tally)
        remove_expired(self._cluster, head, last, indices)

    def _copy(self) -> None:
        """Have each shard of the new index copied, so that the loss of one node would lose nothing.

        Files are copied in a fraction of the time in which another node would index every document anew; what is not
        flushed is in no file yet.
        """
        with self._cluster.errors_named():
            self._cluster.post(f"/{self._index}/_flush")
            replicas = {"index": {"number_of_replicas": self._cluster.address.replicas}}
            self._cluster.ask("PUT", f"/{self._index}/_settings", replicas)
            self._cluster.await_copies(self._index)

    def _refresh(self) -> None:
        """Make what was written searchable in every copy."""
        for number in range(TRIES):
            with self._cluster.errors_named():
                answer = self._cluster.post(f"/{self._index}/_refresh")
            if not answer["_shards"]["failed"] or number == TRIES - 1:
                assert_complete(answer, self._cluster)
                return
            time.sleep(PAUSE_S)

    def _count(self, expected: int) -> None:
        """Make sure that all documents of the generation are there before it is the current one."""
        with self._cluster.errors_named():
            found = self._cluster.count(self._index, visible_at(self._number))
        if found != expected:
            raise EngineUnavailable(
                f"{self._cluster.address}: the cluster has {found} documents instead of {expected}, and the index "
                "stays as it was; check that the cluster is green, then run the command again"
            )

    def _store_tally(self) -> tuple[tuple[tuple[int, int], ...], Tally | None]:
        """Store what is counted: what the head is to say of it, and the whole where it is at hand."""
        before = () if self._is_new else self._base.tallies
        if before and not self._difference:
            return before, None
        whole = self._before.copy()
        whole.merge(self._difference)
        is_large = self._difference.size > MAX_DIFFERENCE * whole.size
        if not before or is_large or len(before) >= MAX_TALLIES:
            return (self._tallies.write(self._index, self._number, whole),), whole
        return (*before, self._tallies.write(self._index, self._number, self._difference)), whole

    def _replace_head(self, head: Head, sequence: int, term: int) -> None:
        path = f"/{self._cluster.address.name}/_doc/{HEAD}"
        expected: JsonObject = (
            {"op_type": "create"} if sequence < 0 else {"if_seq_no": sequence, "if_primary_term": term}
        )
        with self._cluster.errors_named():
            try:
                self._cluster.ask("PUT", path, head_source(head), **expected)
            except Refused as error:
                if error.status != CONFLICT or not self._is_there(head):
                    raise
            except EngineUnavailable:
                if not self._is_there(head):
                    raise

    def _is_there(self, head: Head) -> bool:
        """Whether a head was written by a request whose answer was lost."""
        with suppress(Refused):
            found = self._cluster.get(f"/{self._cluster.address.name}/_doc/{HEAD}")
            return bool(found.get("found")) and found["_source"] == head_source(head)
        return False

    def abandon(self) -> None:
        """Remove what was written, as far as that can be done now; the next batch removes the rest."""
        self._bulk.close()
        if self.committed is not None:
            return
        try:
            if self._is_new:
                delete_index(self._cluster, self._index)
            elif self._wrote:
                undo(self._cluster, self._index, self._base.number)
        except (Refused, ConditionSearchError) as error:
            _log.warning("%s: what was written is removed by the next run (%s)", self._cluster.address, error)


def prepare_batch(
    cluster: Cluster, tallies: TallyStore, lease: WriteLease, base: Head, *, fresh: bool
) -> OpenSearchBatch:
    """A batch on an index that has nothing but the base generation; what killed batches left is removed."""
    with cluster.errors_named():
        for index in unlisted_indices(cluster, base):
            delete_index(cluster, index)
        if fresh or not base.index:
            index = f"{cluster.address.name}.{base.number + 1}.{secrets.token_hex(4)}"
            cluster.ask("PUT", f"/{index}", index_body(cluster.address.shards))
        else:
            index = base.index
            try:
                undo(cluster, index, base.number)
            except Refused as error:
                if error.status != MISSING:
                    raise
                raise IndexDamaged(f"the index {index} of {cluster.address} is gone; run: {REBUILD}") from error
    return OpenSearchBatch(cluster, tallies, lease, base, index=index, fresh=fresh)
