"""A query to the matches of one page.

Where the order is that of scores, this has two phases. The first finds all matches, counts them, their conditions and
facets, and orders them by cheap scores (see cheap_bodies.py). The second computes the exact scores of the first of
these, the candidates, and of them alone: all matches, where there are no more of them than CANDIDATES. So the page is
exact unless more match and a document that belongs on it is not among the candidates; how often that is so is measured
by tests/benchmarks/agreement.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.documents import Document
from indexer.engines.opensearch.cheap_bodies import CheapBodies
from indexer.engines.opensearch.generation_view import GenerationView
from indexer.engines.opensearch.head import REBUILD
from indexer.engines.opensearch.index_entries import decode_stored
from indexer.engines.opensearch.leaf_bodies import NONE, TITLE_BAG
from indexer.engines.opensearch.mapping import JsonObject
from indexer.engines.opensearch.query_bodies import QueryBodies, filter_bodies
from indexer.engines.opensearch.snapshot_requests import (
    BY_KEY,
    CONDITION,
    SORTS,
    facet_aggregations,
    group_aggregations,
    group_count,
    lead_aggregations,
    leading_hit,
    read_counts,
    read_facets,
    read_sites_by_side,
    titles_of_leads,
)
from indexer.engines.opensearch.work import affordable
from indexer.errors import IndexDamaged
from indexer.query.nodes import All
from indexer.query.query import Query
from indexer.query.request import Page
from indexer.results import GROUP_FIELDS, Match, Matches

CANDIDATES: Final = 400  # documents, at least, of which the exact scores are computed
CANDIDATES_PER_PLACE: Final = 3  # for each place of the page and of those before
MAX_CANDIDATES: Final = 5_000  # a page further down is ordered by exact scores alone
SHOWN: Final = [CONDITION, TITLE_BAG]  # fields of a candidate

Titles = NDArray[np.int64]


class PageCollector:
    """Collects pages of one query. Raises RequestTooCostly where its budget is spent."""

    def __init__(self, view: GenerationView, query: Query) -> None:
        self._view = view
        self._query = affordable(query, view.statistics)
        self._filters = filter_bodies(query.filters)
        self._bodies = QueryBodies(view.statistics, query.ranking)

    def collect(self, page: Page, *, facets: bool) -> Matches:
        """The page, the totals, and the facets unless they are not needed."""
        end = page.offset + page.limit
        candidates = max(CANDIDATES, CANDIDATES_PER_PLACE * end)
        if page.limit and (self._query.sort != "relevance" or candidates > MAX_CANDIDATES):
            answer = self._search(self._page_of(page) | {"query": self._scored()}, facets=facets)
            hits = answer["hits"]["hits"]
        else:
            chosen = {"size": candidates if page.limit else 0, "_source": False, "docvalue_fields": SHOWN}
            answer = self._search(chosen | {"query": self._cheap()}, facets=facets)
            hits = self._best(page, answer) if answer["hits"]["hits"] else []
        counted = answer["aggregations"]
        matches = [self._match(hit) for hit in hits]
        if page.collapse and matches:
            matches = self._add_groups(matches, hits)
        return Matches(
            total=int(answer["hits"]["total"]["value"]),
            groups=_group_count(answer),
            page=tuple(matches),
            facets=read_facets(counted) if facets else (),
            sites_by_side=read_sites_by_side(counted) if facets else (),
        )

    def _search(self, body: JsonObject, *, facets: bool) -> JsonObject:
        """The answer with all counts."""
        aggregations: JsonObject = {"groups": group_count(self._query.filters)}
        body = body | {"track_total_hits": True, "aggs": aggregations}
        if self._filters:
            body["post_filter"] = {"bool": {"filter": self._filters}}
        if facets:
            aggregations |= facet_aggregations(self._query.filters)
        return self._view.search(body, filter_path="-aggregations.groups.each.buckets")

    def _page_of(self, page: Page) -> JsonObject:
        body: JsonObject = {
            "from": page.offset,
            "size": page.limit,
            "sort": SORTS[self._query.sort],
            "track_scores": True,
            "_source": ["doc"],
            "docvalue_fields": SHOWN,
        }
        return body | ({"collapse": {"field": CONDITION}} if page.collapse else {})

    def _best(self, page: Page, answer: JsonObject) -> Sequence[JsonObject]:
        """The hits of the page, by the exact scores of the candidates."""
        hits = answer["hits"]["hits"]
        titles: Titles | None = _titles(hits)
        chosen: JsonObject = {"ids": {"values": [hit["_id"] for hit in hits]}}
        if page.collapse:
            conditions = len({condition_of(hit) for hit in hits})
            if conditions < min(page.offset + page.limit, _group_count(answer)):
                titles, chosen = None, self._best_conditions(page)
        body = {"query": self._scored(*self._filters, chosen, titles=titles), "track_total_hits": False}
        found = self._view.search(self._page_of(page) | body, filter_path="hits.hits")
        return list(found.get("hits", {}).get("hits", []))

    def _best_conditions(self, page: Page) -> JsonObject:
        """What matches the documents of the first conditions, where the first documents are of too small a number."""
        body: JsonObject = {
            "query": self._cheap(),
            "size": CANDIDATES_PER_PLACE * (page.offset + page.limit),
            "collapse": {"field": CONDITION},
            "_source": False,
            "docvalue_fields": SHOWN,
            "track_total_hits": False,
        }
        if self._filters:
            body["post_filter"] = {"bool": {"filter": self._filters}}
        hits = self._view.search(body, filter_path="hits.hits")["hits"]["hits"]
        return {"terms": {CONDITION: [condition_of(hit) for hit in hits]}}

    def _cheap(self) -> JsonObject:
        """All matches with their cheap scores."""
        root = self._query.root
        scored = CheapBodies(self._view.statistics, self._bodies).scoring(root)
        matching: JsonObject = {"filter": [self._view.head.visible, self._bodies.matching(root)]}
        return {"bool": matching | ({"should": [scored]} if scored != NONE else {})}

    def _scored(self, *filters: JsonObject, titles: Titles | None = None) -> JsonObject:
        """The scored matches that pass the filters; `titles`, where they are known, are those that these have."""
        bodies = self._bodies
        if titles is not None:
            bodies = QueryBodies(self._view.statistics, self._query.ranking, titles)
        scoring = bodies.scoring(self._query.root)
        return {"bool": {"must": [scoring], "filter": [self._view.head.visible, *filters]}}

    def _add_groups(self, matches: Sequence[Match], hits: Sequence[JsonObject]) -> list[Match]:
        """Add to each match the size and value counts of its group, and put in its place the article that leads it."""
        query = self._query
        conditions = [condition_of(hit) for hit in hits]
        filters = [*self._filters, {"terms": {CONDITION: conditions}}]
        counted = self._view.query(self._bodies.matching(query.root), *filters)
        body = {"size": 0, "track_total_hits": False, "query": counted, "aggs": group_aggregations(query)}
        answer = self._view.search(body, filter_path="aggregations")["aggregations"]["conditions"]["buckets"]
        buckets: dict[str, Any] = {bucket["key"]: bucket for bucket in answer}
        leads = self._leads(answer, filters)
        groups = []
        for match, condition in zip(matches, conditions, strict=True):
            bucket = buckets[condition]
            counts = tuple(read_counts(field, bucket[field]) for field in GROUP_FIELDS)
            leading = self._match(leads[condition]) if condition in leads else match
            groups.append(
                replace(
                    leading, group_size=int(bucket["doc_count"]), group_counts=counts, group_score=match.group_score
                )
            )
        return groups

    def _leads(self, buckets: Sequence[JsonObject], filters: Sequence[JsonObject]) -> Mapping[str, JsonObject]:
        """The hits that lead conditions by the filters of `Query.lead`, where any article passes one."""
        titles = titles_of_leads(buckets)
        if not titles:
            return {}
        query = self._scored(*filters, titles=np.array(titles, dtype=np.int64))
        body = {"size": 0, "track_total_hits": False, "query": query, "aggs": lead_aggregations(self._query)}
        answer = self._view.search(body, filter_path="aggregations")["aggregations"]["conditions"]["buckets"]
        found = ((str(bucket["key"]), leading_hit(bucket)) for bucket in answer)
        return {condition: hit for condition, hit in found if hit is not None}

    def _match(self, hit: JsonObject) -> Match:
        score = float(hit["_score"])
        return Match(decoded(self._view, str(hit["_source"]["doc"])), score, group_score=score)

    def all_stored(self, size: int) -> Iterator[str]:
        """The stored forms of all matches, in the order of the query, streamed."""
        root = self._query.root
        is_scored = self._query.sort == "relevance" and not isinstance(root, All)
        query = self._scored(*self._filters) if is_scored else self._unscored()
        sort = SORTS[self._query.sort] if is_scored or self._query.sort != "relevance" else [BY_KEY]
        for hit in self._view.hits(query, sort, ("doc",), size):
            yield str(hit["_source"]["doc"])

    def _unscored(self) -> JsonObject:
        return self._view.query(self._bodies.matching(self._query.root), *self._filters)


def _group_count(answer: JsonObject) -> int:
    return int(answer["aggregations"]["groups"]["number"]["count"])


def condition_of(hit: JsonObject) -> str:
    """The condition of a hit."""
    return str(hit["fields"][CONDITION][0])


def _titles(hits: Sequence[JsonObject]) -> Titles:
    return np.array([hit["fields"][TITLE_BAG][0] for hit in hits], dtype=np.int64)


def decoded(view: GenerationView, stored: str) -> Document:
    """The document of a stored form. Raises IndexDamaged."""
    try:
        return decode_stored(stored)
    except ValueError as error:
        raise IndexDamaged(f"{view.cluster.address} is damaged ({error}); run: {REBUILD}") from error
