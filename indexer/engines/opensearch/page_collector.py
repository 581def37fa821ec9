"""A query to the matches of one page: the request that finds them, and that which counts their groups."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from indexer.documents import Document
from indexer.engines.opensearch.generation_view import GenerationView
from indexer.engines.opensearch.head import REBUILD
from indexer.engines.opensearch.index_entries import decode_stored
from indexer.engines.opensearch.mapping import JsonObject
from indexer.engines.opensearch.query_bodies import QueryBodies, filter_bodies
from indexer.engines.opensearch.snapshot_requests import (
    BY_KEY,
    CONDITION,
    SORTS,
    facet_aggregations,
    group_aggregations,
    group_count,
    leading_hit,
    read_counts,
    read_facets,
    read_sites_by_side,
)
from indexer.engines.opensearch.work import affordable
from indexer.errors import IndexDamaged
from indexer.query.nodes import All
from indexer.query.query import Query
from indexer.query.request import Page
from indexer.results import GROUP_FIELDS, Match, Matches


class PageCollector:
    """Collects pages of one query. Raises RequestTooCostly where its budget is spent."""

    def __init__(self, view: GenerationView, query: Query) -> None:
        self._view = view
        self._query = affordable(query, view.statistics)
        self._bodies = QueryBodies(view.statistics, query.ranking)

    def collect(self, page: Page, *, facets: bool) -> Matches:
        """The page, the totals, and the facets unless they are not needed."""
        query = self._query
        is_shown = page.limit > 0
        body: JsonObject = {
            "query": self._scored() if is_shown else self._view.query(self._bodies.matching(query.root)),
            "from": page.offset if is_shown else 0,
            "size": page.limit,
            "track_total_hits": True,
            "_source": ["doc"],
            "aggs": {"groups": group_count(query.filters)},
        }
        if query.filters:
            body["post_filter"] = {"bool": {"filter": filter_bodies(query.filters)}}
        if facets:
            body["aggs"] |= facet_aggregations(query.filters)
        if is_shown:
            body |= {"sort": SORTS[query.sort], "track_scores": True}
            if page.collapse:
                body["collapse"] = {"field": CONDITION}
        answer = self._view.search(body, filter_path="-aggregations.groups.each.buckets")
        counted = answer["aggregations"]
        hits = answer["hits"]["hits"]
        matches = [self._match(hit) for hit in hits]
        if page.collapse and matches:
            matches = self._add_groups(matches, [str(hit["fields"][CONDITION][0]) for hit in hits])
        return Matches(
            total=int(answer["hits"]["total"]["value"]),
            groups=int(counted["groups"]["number"]["count"]),
            page=tuple(matches),
            facets=read_facets(counted) if facets else (),
            sites_by_side=read_sites_by_side(counted) if facets else (),
        )

    def _scored(self, *filters: JsonObject) -> JsonObject:
        """The scored matches that pass the filters."""
        scoring = self._bodies.scoring(self._query.root)
        return {"bool": {"must": [scoring], "filter": [self._view.head.visible, *filters]}}

    def _add_groups(self, matches: Sequence[Match], conditions: Sequence[str]) -> list[Match]:
        """Add to each match the size and value counts of its group, and put in its place the article that leads it."""
        query = self._query
        filters = [*filter_bodies(query.filters), {"terms": {CONDITION: list(conditions)}}]
        aggregations = group_aggregations(query)
        is_led = len(aggregations["conditions"]["aggs"]) > len(GROUP_FIELDS)
        counted = self._scored(*filters) if is_led else self._view.query(self._bodies.matching(query.root), *filters)
        body = {"size": 0, "track_total_hits": False, "query": counted, "aggs": aggregations}
        answer = self._view.search(body, filter_path="aggregations")["aggregations"]["conditions"]["buckets"]
        buckets: dict[str, Any] = {bucket["key"]: bucket for bucket in answer}
        groups = []
        for match, condition in zip(matches, conditions, strict=True):
            bucket = buckets[condition]
            counts = tuple(read_counts(field, bucket[field]) for field in GROUP_FIELDS)
            lead = leading_hit(bucket)
            leading = match if lead is None else self._match(lead)
            groups.append(
                replace(
                    leading, group_size=int(bucket["doc_count"]), group_counts=counts, group_score=match.group_score
                )
            )
        return groups

    def _match(self, hit: JsonObject) -> Match:
        score = float(hit["_score"])
        return Match(decoded(self._view, str(hit["_source"]["doc"])), score, group_score=score)

    def all_stored(self, size: int) -> Iterator[str]:
        """The stored forms of all matches, in the order of the query, streamed."""
        filters = filter_bodies(self._query.filters)
        root = self._query.root
        is_scored = self._query.sort == "relevance" and not isinstance(root, All)
        query = self._scored(*filters) if is_scored else self._view.query(self._bodies.matching(root), *filters)
        sort = SORTS[self._query.sort] if is_scored or self._query.sort != "relevance" else [BY_KEY]
        for hit in self._view.hits(query, sort, ("doc",), size):
            yield str(hit["_source"]["doc"])


def decoded(view: GenerationView, stored: str) -> Document:
    """The document of a stored form. Raises IndexDamaged."""
    try:
        return decode_stored(stored)
    except ValueError as error:
        raise IndexDamaged(f"{view.cluster.address} is damaged ({error}); run: {REBUILD}") from error
