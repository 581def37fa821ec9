"""One generation of a library in a cluster, with what is cached of it: what searchers of that generation share."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from indexer.documents import KEYWORD_FIELD_NAMES, TEXT_FIELD_NAMES
from indexer.engines.opensearch.cluster import MISSING, Cluster, Refused
from indexer.engines.opensearch.generation_statistics import GenerationStatistics
from indexer.engines.opensearch.head import REBUILD, Head
from indexer.engines.opensearch.mapping import JsonObject, id_of, key_of, keyword_name, text_name
from indexer.engines.opensearch.tally_store import TallyStore
from indexer.errors import EngineUnavailable, IndexDamaged
from indexer.query.nodes import Prefix

SCAN_PAGE: Final = 1_000  # documents
COLUMN_PAGE: Final = 10_000  # ids with a digest or a source


class GenerationView:
    """The documents of one generation; safe in any thread."""

    def __init__(self, cluster: Cluster, head: Head, tallies: TallyStore) -> None:
        self.cluster: Final = cluster
        self.head: Final = head
        self._tallies = tallies

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

    def hits(
        self, query: JsonObject, sort: Sequence[JsonObject], source: Sequence[str], size: int
    ) -> Iterator[JsonObject]:
        """All hits of a query in its order, streamed by pages of `size`; the sort must end with the key."""
        body: JsonObject = {
            "size": size,
            "query": query,
            "sort": sort,
            "_source": list(source),
            "track_total_hits": False,
        }
        while True:
            page = self.search(body, filter_path="hits.hits")["hits"]["hits"] if body else []
            yield from page
            if len(page) < size:
                return
            body = {**body, "search_after": page[-1]["sort"]}

    def column(self, name: str) -> Mapping[str, str]:
        """Document id to what is stored of it in a field."""
        found = self.hits(self.query(), [{"key": "asc"}], ("key", name), COLUMN_PAGE)
        return {id_of(hit["_source"]["key"]): str(hit["_source"][name]) for hit in found}

    def held_terms(self, ids: Collection[str], terms: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Those of the terms that a text field of each document has, by its id, in one request."""
        # A name is the place of its term: any term may be one, and some are no names.
        named: list[JsonObject] = [
            {
                "bool": {
                    "should": [{"term": {text_name(field): term}} for field in TEXT_FIELD_NAMES],
                    "_name": str(place),
                }
            }
            for place, term in enumerate(terms)
        ]
        body: JsonObject = {
            "size": len(ids),
            "query": {
                "bool": {
                    "filter": [self.head.visible, {"terms": {"key": list(map(key_of, ids))}}],
                    "should": [{"constant_score": {"filter": each}} for each in named],
                }
            },
            "_source": ["key"],
        }
        if not ids:
            return {}
        all_terms = list(terms)
        hits = self.search(body, filter_path="hits.hits")
        return {
            id_of(hit["_source"]["key"]): frozenset(all_terms[int(place)] for place in hit.get("matched_queries", ()))
            for hit in hits.get("hits", {}).get("hits", ())
        }

    def find(self, id: str) -> str | None:
        """The stored form of the document of that id."""
        query = self.query({"term": {"key": key_of(id)}})
        answer = self.search({"size": 1, "query": query, "_source": ["doc"]}, filter_path="hits.hits._source")
        found = answer.get("hits", {}).get("hits", [])
        return str(found[0]["_source"]["doc"]) if found else None


def assert_complete(answer: Mapping[str, Any], cluster: Cluster) -> None:
    """Raise EngineUnavailable where a refresh or write did not reach every copy that was to have it."""
    shards = answer.get("_shards", {})
    if shards.get("failed"):
        raise EngineUnavailable(
            f"{cluster.address}: {shards['failed']} of {shards['total']} shards failed; wait until the cluster is "
            "green, then run the command again"
        )
