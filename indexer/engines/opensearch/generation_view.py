"""One generation of a library in a cluster, with what is cached of it: what searchers of that generation share."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, Final

from indexer.caching import BoundedCache
from indexer.documents import KEYWORD_FIELD_NAMES, Document
from indexer.engines.opensearch.cluster import MISSING, Cluster, Refused
from indexer.engines.opensearch.generation_statistics import GenerationStatistics
from indexer.engines.opensearch.head import REBUILD, Head
from indexer.engines.opensearch.index_entries import decode_stored
from indexer.engines.opensearch.mapping import JsonObject, id_of, key_of, keyword_name, text_name
from indexer.engines.opensearch.tally_store import TallyStore
from indexer.errors import EngineUnavailable, IndexDamaged
from indexer.query.nodes import Prefix

SCAN_PAGE: Final = 1_000  # documents
STORED: Final = ["key", "doc"]  # what is stored of a document to be read
MAX_HELD: Final = 1_000  # documents of which it is noted what terms they have
COLUMN_PAGE: Final = 10_000  # ids with a digest or a source
DOCUMENT_CACHE_BYTES: Final = 8 << 20  # of stored documents that are cached as objects, two to three times as large


class GenerationView:
    """The documents of one generation; safe in any thread."""

    def __init__(self, cluster: Cluster, head: Head, tallies: TallyStore) -> None:
        self.cluster: Final = cluster
        self.head: Final = head
        self._tallies = tallies
        self._documents = BoundedCache[str, tuple[Document, int]](DOCUMENT_CACHE_BYTES, lambda _, cached: cached[1])
        self._held_terms = BoundedCache[str, tuple[frozenset[str], frozenset[str]]](MAX_HELD, lambda _, cached: 1)

    @cached_property
    def statistics(self) -> GenerationStatistics:
        """The numbers of the generation; the first time, they are fetched."""
        return GenerationStatistics(self._tallies.load(self.head), self._count_prefix)

    def search(self, body: JsonObject, **params: Any) -> JsonObject:
        """The answer to a search of the index. Raises IndexDamaged where the index is gone, EngineUnavailable."""
        with self.cluster.errors_named():
            try:
                return self.cluster.search(self.head.index, body, **params)
            except Refused as error:
                if error.status == MISSING:
                    raise IndexDamaged(
                        f"the index {self.head.index} of {self.cluster.address} is gone; run: {REBUILD}"
                    ) from error
                raise

    def query(self, *bodies: JsonObject) -> JsonObject:
        """What matches all of the bodies in this generation, without a score."""
        return {"bool": {"filter": [self.head.visible, *bodies]}}

    def _count_prefix(self, leaf: Prefix) -> int:
        if leaf.field in KEYWORD_FIELD_NAMES:
            body: JsonObject = {"prefix": {keyword_name(leaf.field): leaf.prefix}}
        else:
            body = {"terms": {text_name(leaf.field): list(self.statistics.terms_of_words(leaf.prefix))}}
        answer = self.search({"size": 0, "track_total_hits": True, "query": self.query(body)}, filter_path="hits.total")
        return int(answer["hits"]["total"]["value"])

    def pages(self, body: JsonObject, size: int) -> Iterator[list[JsonObject]]:
        """All hits of a search in its order, streamed by pages of `size`; its sort must end with the key."""
        body = {**body, "size": size, "track_total_hits": False}
        while True:
            hits = self.search(body, filter_path="hits.hits").get("hits", {}).get("hits", [])
            yield hits
            if len(hits) < size:
                return
            body = {**body, "search_after": hits[-1]["sort"]}

    def documents(self, keys: Sequence[str]) -> Mapping[str, Document]:
        """The documents by their keys."""
        known, missing = self._known(keys)
        return {**known, **self._received(self._stored(missing))} if missing else known

    def documents_beside(self, keys: Sequence[str], counted: JsonObject) -> tuple[Mapping[str, Document], JsonObject]:
        """The documents by their keys, which the query of a search matches, and what that counts."""
        known, missing = self._known(keys)
        body = counted | {"size": len(missing), "_source": STORED, "track_total_hits": False}
        body["post_filter"] = {"terms": {"key": missing}}
        answer = self.search(body, filter_path="hits.hits._source,aggregations")
        return {**known, **self._received(answer)}, answer["aggregations"]

    def stream(self, keys: Iterable[str]) -> Iterator[Document]:
        """The documents of keys, in their order."""
        remaining = iter(keys)
        while several := list(islice(remaining, SCAN_PAGE)):
            found = {hit["_source"]["key"]: hit for hit in self._stored(several)["hits"]["hits"]}
            yield from (self._decoded(found[key]) for key in several)

    def _known(self, keys: Sequence[str]) -> tuple[dict[str, Document], list[str]]:
        known = {key: cached[0] for key in keys if (cached := self._documents.get(key)) is not None}
        return known, [key for key in keys if key not in known]

    def _stored(self, keys: Sequence[str]) -> JsonObject:
        query = self.query({"terms": {"key": list(keys)}})
        return self.search({"query": query, "size": len(keys), "_source": STORED}, filter_path="hits.hits._source")

    def _received(self, answer: JsonObject) -> Mapping[str, Document]:
        documents = {}
        for hit in answer.get("hits", {}).get("hits", []):
            key = str(hit["_source"]["key"])
            documents[key] = self._decoded(hit)
            self._documents.put(key, (documents[key], len(hit["_source"]["doc"])))
        return documents

    def _decoded(self, hit: JsonObject) -> Document:
        try:
            return decode_stored(str(hit["_source"]["doc"]))
        except ValueError as error:
            raise IndexDamaged(f"{self.cluster.address} is damaged ({error}); run: {REBUILD}") from error

    def column(self, name: str) -> Mapping[str, str]:
        """Document id to what is stored of it in a field."""
        body = {"query": self.query(), "sort": [{"key": "asc"}], "_source": ["key", name]}
        found = (hit["_source"] for hits in self.pages(body, COLUMN_PAGE) for hit in hits)
        return {id_of(source["key"]): str(source[name]) for source in found}

    def hold_terms(self, asked: frozenset[str], held: Mapping[str, frozenset[str]]) -> None:
        """Note which of the terms that were asked for the documents of some keys have."""
        for key, terms in held.items():
            self._held_terms.put(key, (asked, terms))

    def held_terms(self, ids: Collection[str], terms: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Those of the terms that a text field of each document has, by its id, in one request at most."""
        needed = {term for term in terms if self.statistics.frequency(None, term)}
        found: dict[str, frozenset[str]] = {}
        unknown = []
        for id in ids:
            noted = self._held_terms.get(key_of(id))
            if noted is not None and needed <= noted[0]:
                found[id] = noted[1] & needed
            else:
                unknown.append(id)
        return found | self._ask_held_terms(unknown, list(needed))

    def _ask_held_terms(self, ids: Collection[str], terms: Sequence[str]) -> dict[str, frozenset[str]]:
        if not ids:
            return {}
        # A name is the place of its term: any term may be one, and some are no names.
        named: list[JsonObject] = [
            {"term": {text_name(None): {"value": term, "_name": str(place)}}} for place, term in enumerate(terms)
        ]
        found = self.query({"terms": {"key": list(map(key_of, ids))}})["bool"]
        body = {"size": len(ids), "query": {"bool": found | {"should": named}}, "_source": ["key"]}
        hits = self.search(body, filter_path="hits.hits")
        return {
            id_of(hit["_source"]["key"]): frozenset(terms[int(place)] for place in hit.get("matched_queries", ()))
            for hit in hits.get("hits", {}).get("hits", ())
        }

    def find(self, id: str) -> Document | None:
        """The document of that id."""
        return next(iter(self.documents([key_of(id)]).values()), None)


def assert_complete(answer: Mapping[str, Any], cluster: Cluster) -> None:
    """Raise EngineUnavailable where a refresh or write did not reach every copy that was to have it."""
    shards = answer.get("_shards", {})
    if shards.get("failed"):
        raise EngineUnavailable(
            f"{cluster.address}: {shards['failed']} of {shards['total']} shards failed; wait until the cluster is "
            "green, then run the command again"
        )
