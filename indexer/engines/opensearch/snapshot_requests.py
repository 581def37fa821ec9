"""One page of a query to the bodies of the two requests that it takes, and their answers to matches."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from indexer.documents import FACET_FIELDS, KEYWORD_FIELD_NAMES
from indexer.engines.opensearch.mapping import JsonObject, keyword_name
from indexer.engines.opensearch.match_bodies import EVERY, filter_bodies
from indexer.engines.opensearch.scripts import COUNT_CONDITIONS
from indexer.query.request import Filter, Sort
from indexer.results import GROUP_FIELDS, SIDES, FieldCounts

MAX_VALUES: Final = 10_000  # of a facet, which has some hundred
BY_SIDE: Final = ("site", "side")
WORD_BITS: Final = 64  # of a number in which COUNT_CONDITIONS sets bits
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


def count_aggregations(filters: Sequence[Filter], conditions: int) -> JsonObject:
    """What counts the conditions (of that many), each facet under every filter but its own, and the sites by side.

    What is counted under the same filters is so in one aggregation, which looks at each match once. Where no filter is
    on a site or side, these two facets are sums of the sites by side.
    """
    aggregations: JsonObject = {}

    def count(name: str, aggregation: JsonObject, own: tuple[str, ...] = ()) -> None:
        places = [str(place) for place, each in enumerate(filters) if each.field not in own]
        bodies = filter_bodies(filters, own)
        passing = {"filter": {"bool": {"filter": bodies}} if bodies else EVERY, "aggs": {}}
        aggregations.setdefault("-".join(["under", *places]), passing)["aggs"][name] = aggregation

    words = conditions // WORD_BITS + 1  # numbers are from 1
    count("conditions", {"scripted_metric": {**COUNT_CONDITIONS, "params": {"w": words}}})
    for field in FACET_FIELDS:
        if field not in BY_SIDE or any(each.field in BY_SIDE for each in filters):
            count(field, counted_values(field), (field,))
    by_side: JsonObject = {"terms": {"field": keyword_name("side"), "missing": "", "size": 2 * len(SIDES)}}
    count("sites_by_side", by_side | {"aggs": {"sites": counted_values("site")}}, BY_SIDE)
    return aggregations


def group_aggregations() -> JsonObject:
    """What counts the values of each condition."""
    counted: JsonObject = {field: counted_values(field) for field in GROUP_FIELDS}
    return {"conditions": {"terms": {"field": CONDITION, "size": MAX_VALUES}, "aggs": counted}}


def read_counts(field: str, aggregation: Mapping[str, Any]) -> FieldCounts:
    """The counts of an aggregation of `counted_values`."""
    counted = ((str(bucket["key"]), int(bucket["doc_count"])) for bucket in aggregation["buckets"])
    return FieldCounts(field, tuple(sorted(counted)))


class PageCounts:
    """The answer to `count_aggregations`."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self._counted = {name: counted for under in answer.values() for name, counted in under.items()}

    @property
    def conditions(self) -> int:
        """The number of conditions."""
        return int(self._counted["conditions"]["value"])

    @property
    def facets(self) -> tuple[FieldCounts, ...]:
        """The counts of each facet."""
        return tuple(
            read_counts(field, self._counted[field]) if field in self._counted else self._sum_of(field)
            for field in FACET_FIELDS
        )

    @property
    def sites_by_side(self) -> tuple[FieldCounts, ...]:
        """The counts of sites for each of SIDES."""
        buckets = {bucket["key"]: bucket["sites"] for bucket in self._sides}
        return tuple(read_counts("site", buckets.get(side or "", {"buckets": ()})) for side in SIDES)

    @property
    def _sides(self) -> Sequence[Mapping[str, Any]]:
        sides: Sequence[Mapping[str, Any]] = self._counted["sites_by_side"]["buckets"]
        return sides

    def _sum_of(self, field: str) -> FieldCounts:
        """The counts of sites, or of sides, where no filter keeps them from being those of the sites by side."""
        counts = Counter[str]()
        for bucket in self._sides:
            each = bucket["sites"]["buckets"] if field == "site" else [bucket] if bucket["key"] else []
            counts.update({str(value["key"]): int(value["doc_count"]) for value in each})
        return FieldCounts(field, tuple(sorted(counts.items())))


assert set(FACET_FIELDS) | set(GROUP_FIELDS) <= set(KEYWORD_FIELD_NAMES)
