"""A query to the matches of one page.

Where the order is that of scores, the server finds all matches, counts them, their conditions and facets, and orders
them by cheap scores (see cheap_bodies.py); the first of these, the candidates, come with the positions of the query's
terms, and the client scores them exactly (see candidates.py). So the page is exact unless more match and a document
that belongs on it is not among the candidates; how often that is so is measured by tests/benchmarks/agreement.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from indexer.documents import Document
from indexer.engines.opensearch.candidates import Requested, key_of_hit
from indexer.engines.opensearch.cheap_bodies import CheapBodies
from indexer.engines.opensearch.generation_view import SCAN_PAGE, GenerationView
from indexer.engines.opensearch.mapping import MAX_RESULT_WINDOW, JsonObject
from indexer.engines.opensearch.match_bodies import NONE, MatchBodies, any_of, filter_bodies, filter_body
from indexer.engines.opensearch.ranked_hits import RankedHits, condition_of
from indexer.engines.opensearch.snapshot_requests import (
    BY_KEY,
    CONDITION,
    SORTS,
    PageCounts,
    count_aggregations,
    group_aggregations,
    read_counts,
)
from indexer.engines.opensearch.work import affordable
from indexer.engines.scoring.keys import Ids
from indexer.query.query import Query
from indexer.query.request import Page
from indexer.results import GROUP_FIELDS, Match, Matches

CANDIDATES: Final = 100  # documents of which the exact scores are computed, and for each place to the end of the page
CANDIDATES_PER_PLACE: Final = 10  # so many more
CONDITIONS_PER_PLACE: Final = 3  # whose documents are candidates where the first documents are of too few conditions


class PageCollector:
    """Collects pages of one query. Raises RequestTooCostly where its budget is spent."""

    def __init__(self, view: GenerationView, query: Query) -> None:
        self._view = view
        self._query = affordable(query, view.statistics)
        self._filters = filter_bodies(query.filters)
        self._requested = Requested.of(self._query, view.statistics)
        self._requested_terms = frozenset[str]().union(*self._requested.terms.values())
        bodies = MatchBodies(view.statistics)
        self._matching = bodies.matching(self._query.root)
        self._cheap = CheapBodies(view.statistics, bodies).scoring(self._query.root)

    def collect(self, page: Page, *, counts: bool) -> Matches:
        """The page, the total, and the other counts unless they are not needed."""
        answer = self._search(self._hits_of(page), counts=counts)
        counted = PageCounts(answer["aggregations"]) if counts else None
        total = int(answer["hits"]["total"]["value"])
        groups = counted.conditions if counted else 0
        ranked = self._ranked(answer["hits"]["hits"])
        is_approximate = self._query.sort == "relevance" and 0 < len(ranked.hits) < total and self._cheap != NONE
        if self._query.sort == "relevance":
            if page.collapse and ranked.condition_count < min(page.offset + page.limit, groups if counted else total):
                ranked = self._of_best_conditions(page)
            rows = ranked.first(page)
        else:
            rows = np.arange(len(ranked.hits))
        leading = rows
        if page.collapse and self._query.lead and self._query.sort == "relevance" and len(rows):
            if total > len(ranked.hits) and ranked.need_leads(rows):
                ranked, rows = self._with_leads(ranked, rows)
            leading = ranked.leads(rows)
        return Matches(
            total=total,
            groups=groups,
            page=self._matches(ranked, rows, leading, collapse=page.collapse),
            facets=counted.facets if counted else (),
            sites_by_side=counted.sites_by_side if counted else (),
            is_approximate=is_approximate,
        )

    def _ranked(self, hits: Sequence[JsonObject]) -> RankedHits:
        return RankedHits(hits, self._requested, self._query, self._view.statistics)

    def _hits_of(self, page: Page) -> JsonObject:
        """What asks for the hits that the page is of: its own, or where these are to be found by scores, candidates."""
        if self._query.sort != "relevance":
            own: JsonObject = {"from": page.offset, "size": page.limit, "query": self._matches_of()}
            own["sort"] = SORTS[self._query.sort]
            return own | ({"collapse": {"field": CONDITION}} if page.collapse else {})
        needed = CANDIDATES + CANDIDATES_PER_PLACE * (page.offset + page.limit)
        return self._ordered_by_cheap_scores(min(needed, MAX_RESULT_WINDOW) if page.limit else 0)

    def _search(self, body: JsonObject, *, counts: bool) -> JsonObject:
        """The answer with the total, and with all counts if needed; filtered after these."""
        body = body | self._requested.body | {"track_total_hits": True}
        if self._filters:
            body["post_filter"] = {"bool": {"filter": self._filters}}
        if counts:
            body["aggs"] = count_aggregations(self._query.filters, self._view.statistics.condition_numbers)
        return self._view.search(body)

    def _matches_of(self, *bodies: JsonObject) -> JsonObject:
        """What matches the query, and all of the bodies."""
        return self._view.query(self._matching, *bodies)

    def _ordered_by_cheap_scores(self, size: int, *bodies: JsonObject) -> JsonObject:
        scored: JsonObject = {"filter": [self._view.head.visible, self._matching, *bodies]}
        if self._cheap != NONE:
            scored["should"] = [self._cheap]
        return {"size": size, "query": {"bool": scored}, "sort": SORTS["relevance"]}

    def _of_best_conditions(self, page: Page) -> RankedHits:
        """The documents of the first conditions, where the first documents are of too small a number."""
        needed = min(CONDITIONS_PER_PLACE * (page.offset + page.limit), MAX_RESULT_WINDOW)
        body = self._ordered_by_cheap_scores(needed, *self._filters)
        body |= {"collapse": {"field": CONDITION}, "track_total_hits": False, **self._requested.body}
        hits = self._view.search(body, filter_path="hits.hits")["hits"]["hits"]
        return self._ranked(self._of_conditions([condition_of(hit) for hit in hits]))

    def _of_conditions(self, conditions: Sequence[str], *bodies: JsonObject) -> Sequence[JsonObject]:
        """The documents of some conditions that match the bodies too; of very many, the first by cheap scores."""
        theirs: JsonObject = {"terms": {CONDITION: list(conditions)}}
        body = self._ordered_by_cheap_scores(MAX_RESULT_WINDOW, *self._filters, theirs, *bodies)
        found = self._view.search(body | self._requested.body | {"track_total_hits": False}, filter_path="hits.hits")
        hits: Sequence[JsonObject] = found.get("hits", {}).get("hits", [])
        return hits

    def _with_leads(self, ranked: RankedHits, rows: Ids) -> tuple[RankedHits, Ids]:
        """The rows of a page with the articles of their conditions that may lead these, wherever they stand."""
        lead = any_of([body for each in self._query.lead if (body := filter_body(each)) != NONE])
        hits = ranked.at(rows)
        if lead != NONE:
            known = set(map(key_of_hit, hits))
            leads = self._of_conditions([condition_of(hit) for hit in hits], lead)
            hits = [*hits, *(hit for hit in leads if key_of_hit(hit) not in known)]
        return self._ranked(hits), np.arange(len(rows))

    def _matches(self, ranked: RankedHits, rows: Ids, leading: Ids, *, collapse: bool) -> tuple[Match, ...]:
        """The matches of the leading rows, that stand where those of `rows` would."""
        hits = ranked.at(leading)
        if not hits:
            return ()
        documents, buckets = self._fetch(hits, collapse=collapse)
        self._view.hold_terms(self._requested_terms, ranked.held_terms(leading))
        matches = []
        scores, group_scores = ranked.scores[leading].tolist(), ranked.scores[rows].tolist()
        for hit, score, group_score in zip(hits, scores, group_scores, strict=True):
            document = documents[key_of_hit(hit)]
            if collapse:
                bucket = buckets[condition_of(hit)]
                counts = tuple(read_counts(field, bucket[field]) for field in GROUP_FIELDS)
                matches.append(Match(document, score, int(bucket["doc_count"]), counts, group_score))
            else:
                matches.append(Match(document, score, group_score=group_score))
        return tuple(matches)

    def _fetch(self, hits: Sequence[JsonObject], *, collapse: bool) -> tuple[Mapping[str, Document], Mapping[str, Any]]:
        """The documents of hits by their keys; with `collapse` the counts of all matches of their conditions."""
        keys = list(map(key_of_hit, hits))
        if not collapse:
            return self._view.documents(keys), {}
        conditions: JsonObject = {"terms": {CONDITION: [condition_of(hit) for hit in hits]}}
        counted = {"query": self._matches_of(*self._filters, conditions), "aggs": group_aggregations()}
        documents, answer = self._view.documents_beside(keys, counted)
        return documents, {bucket["key"]: bucket for bucket in answer["conditions"]["buckets"]}

    def all_documents(self) -> Iterator[Document]:
        """All matches, in the order of the query, streamed."""
        query, sort = self._matches_of(*self._filters), SORTS[self._query.sort]
        if self._query.sort != "relevance":
            pages = self._view.pages({"query": query, "sort": sort, "stored_fields": "_none_"}, SCAN_PAGE)
            yield from self._view.stream(key_of_hit(hit) for hits in pages for hit in hits)
            return
        scored: list[tuple[float, str]] = []
        for hits in self._view.pages({"query": query, "sort": [BY_KEY], **self._requested.body}, SCAN_PAGE):
            ranked = self._ranked(hits)
            scored += zip((-ranked.scores).tolist(), ranked.keys, strict=True)
        yield from self._view.stream(key for _, key in sorted(scored))
