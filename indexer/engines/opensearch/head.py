"""The head document of a library: which index and which generation are searched. Writing it is the commit.

Each version of a document says in which generation it was born and in which it died. A reader sees what was born up to
its generation and had not died by then, so what a batch writes is unseen until the head names its number. The head
stands, with the lock of writers and the tallies, in an index of its own, that is named as the library.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from hashlib import sha256
from typing import Any, Final, Self

from indexer.engines.opensearch.cluster import MISSING, Cluster, Refused
from indexer.engines.opensearch.mapping import JsonObject, index_body
from indexer.engines.stored import SHAPE
from indexer.errors import IndexDamaged, IndexMissing, IndexStale
from indexer.text import analyzer

FORMAT: Final = 1  # raised whenever an index of before could be misread
SCHEMA: Final = sha256(
    json.dumps([FORMAT, SHAPE, index_body(1), analyzer.VERSION], sort_keys=True).encode()
).hexdigest()
HEAD: Final = "head"  # id of the document
REBUILD: Final = "conditions index --rebuild"


@dataclass(frozen=True, slots=True)
class Head:
    """One generation: its number and name, the index that it is in, and the tallies whose sum is its own.

    `tallies` are (number, parts) of a tally and of the differences since; `superseded` the numbers of generations
    before with the time (of the writer, Unix seconds) at which they were superseded, `retired` the same of indices.
    """

    number: int = 0
    name: str = ""
    index: str = ""
    documents: int = 0
    tallies: tuple[tuple[int, int], ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    superseded: tuple[tuple[int, float], ...] = ()
    retired: tuple[tuple[str, float], ...] = ()

    @property
    def visible(self) -> JsonObject:
        """What matches the documents of this generation."""
        return visible_at(self.number)


def visible_at(number: int) -> JsonObject:
    """What matches the documents of the generation of that number."""
    return {"bool": {"filter": [{"range": {"born": {"lte": number}}}, {"range": {"died": {"gt": number}}}]}}


@dataclass(frozen=True, slots=True)
class StoredHead:
    """A head as it was read, with what the server needs to replace just that one."""

    head: Head
    sequence: int
    term: int


def read_head(cluster: Cluster) -> StoredHead:
    """The current generation. Raises IndexMissing, IndexStale, IndexDamaged, EngineUnavailable."""
    address = cluster.address
    with cluster.errors_named():
        try:
            answer = cluster.get(f"/{address.name}/_doc/{HEAD}")
        except Refused as error:
            if error.status == MISSING:
                raise IndexMissing(f"there is no index at {address} yet; run: conditions index PATH") from None
            raise
    if not answer.get("found"):
        raise IndexMissing(f"there is no index at {address} yet; run: conditions index PATH")
    try:
        outer = answer["_source"]
        stale = outer["schema"] != SCHEMA
        head = None if stale else _decode(outer["head"])
        sequence, term = int(answer["_seq_no"]), int(answer["_primary_term"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise IndexDamaged(f"the head of {address} cannot be read ({error}); run: {REBUILD}") from error
    if head is None:
        raise IndexStale(f"{address} was written by another version of this program; run: {REBUILD}")
    return StoredHead(head, sequence, term)


def head_source(head: Head) -> JsonObject:
    """The head as the server stores it; JSON within JSON, for properties may hold what no JSON of the server may."""
    return {"schema": SCHEMA, "head": json.dumps(asdict(head))}


def _decode(stored: str) -> Head:
    values: dict[str, Any] = json.loads(stored)
    pairs = {name: tuple(map(tuple, values[name])) for name in ("tallies", "superseded", "retired")}
    return Head(**{each.name: values[each.name] for each in fields(Head)} | pairs)


class HeadOfAnyVersion:
    """What a rebuild needs of a head, whatever wrote it: how to replace it, its number and its index."""

    def __init__(self, cluster: Cluster) -> None:
        self.sequence = self.term = -1
        self.number = 0
        self.index = ""
        try:
            answer = cluster.get(f"/{cluster.address.name}/_doc/{HEAD}")
        except Refused as error:
            if error.status != MISSING:
                raise
            return
        if answer.get("found"):
            self.sequence, self.term = int(answer["_seq_no"]), int(answer["_primary_term"])
            stored = answer.get("_source", {}).get("head")
            try:
                values = json.loads(stored) if isinstance(stored, str) else {}
                self.number, self.index = int(values["number"]), str(values["index"])
            except (ValueError, KeyError, TypeError):
                return

    @classmethod
    def read(cls, cluster: Cluster) -> Self:
        """The head that there is, if any."""
        return cls(cluster)
