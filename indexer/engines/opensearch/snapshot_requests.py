"""One page of a query to the bodies of the two requests that it takes, and their answers to matches."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from indexer.documents import FACET_FIELDS, KEYWORD_FIELD_NAMES
from indexer.engines.opensearch.mapping import JsonObject, keyword_name
from indexer.engines.opensearch.match_bodies import filter_bodies
from indexer.query.request import Filter, Sort
from indexer.results import GROUP_FIELDS, SIDES, FieldCounts

MAX_VALUES: Final = 10_000  # of a facet, which has some hundred
MAX_CONDITIONS: Final = 65_000  # that are counted; the server makes no more than 65,535 buckets by default
BY_KEY: Final[JsonObject] = {"key": "asc"}
SORTS: Final[Mapping[Sort, list[JsonObject]]] = {
    "relevance": [{"_score": "desc"}, BY_KEY],
    "title": [{"s_title": "asc"}, BY_KEY],
    "code": [{"s_code": {"order": "asc", "missing": "_last"}}, BY_KEY],
}
CONDITION: Final = keyword_name("condition")


def counted_values(field: str) -> JsonObject:
    """The aggregation that counts the values of a keyword field."""
    return {"terms": {"field": keyword_name(field), "size": MAX_VALUES, "order": {"_key": "asc"}}}


def within(filters: Sequence[JsonObject], aggregations: JsonObject) -> JsonObject:
    """The aggregations over what passes the filters."""
    query: JsonObject = {"bool": {"filter": list(filters)}} if filters else {"match_all": {}}
    return {"filter": query, "aggs": aggregations}


def facet_aggregations(filters: Sequence[Filter]) -> JsonObject:
    """What counts each facet under every filter but its own, and the sites by side."""
    counted: JsonObject = {
        field: within(filter_bodies(filters, (field,)), {"each": counted_values(field)}) for field in FACET_FIELDS
    }
    by_side: JsonObject = {"terms": {"field": keyword_name("side"), "missing": "", "size": 2 * len(SIDES)}}
    by_side["aggs"] = {"sites": counted_values("site")}
    counted["sites_by_side"] = within(filter_bodies(filters, ("site", "side")), {"each": by_side})
    return counted


def group_count(filters: Sequence[Filter]) -> JsonObject:
    """What counts the conditions of the matches exactly; the buckets themselves stay on the server."""
    each: JsonObject = {"terms": {"field": CONDITION, "size": MAX_CONDITIONS}}
    number: JsonObject = {"stats_bucket": {"buckets_path": "each>_count"}}
    return within(filter_bodies(filters), {"each": each, "number": number})


def group_aggregations() -> JsonObject:
    """What counts the values of each condition."""
    counted: JsonObject = {field: counted_values(field) for field in GROUP_FIELDS}
    return {"conditions": {"terms": {"field": CONDITION, "size": MAX_VALUES}, "aggs": counted}}


def read_counts(field: str, aggregation: Mapping[str, Any]) -> FieldCounts:
    """The counts of an aggregation of `counted_values`."""
    counted = ((str(bucket["key"]), int(bucket["doc_count"])) for bucket in aggregation["buckets"])
    return FieldCounts(field, tuple(sorted(counted)))


def read_facets(answer: Mapping[str, Any]) -> tuple[FieldCounts, ...]:
    """The counts of each facet."""
    return tuple(read_counts(field, answer[field]["each"]) for field in FACET_FIELDS)


def read_sites_by_side(answer: Mapping[str, Any]) -> tuple[FieldCounts, ...]:
    """The counts of sites for each of SIDES."""
    buckets = {bucket["key"]: bucket["sites"] for bucket in answer["sites_by_side"]["each"]["buckets"]}
    return tuple(read_counts("site", buckets.get(side or "", {"buckets": ()})) for side in SIDES)


assert set(FACET_FIELDS) | set(GROUP_FIELDS) <= set(KEYWORD_FIELD_NAMES)
