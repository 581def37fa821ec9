from indexer.engines.opensearch.snapshot_requests import PageCounts, count_aggregations
from indexer.query.request import Filter
from indexer.results import FieldCounts


def counted_together(*filters: Filter) -> dict[str, list[str]]:
    return {name: list(under["aggs"]) for name, under in count_aggregations(filters, 100).items()}


def test_what_is_counted_under_the_same_filters_is_so_in_one_aggregation() -> None:
    assert counted_together() == {"under": ["conditions", "chapter", "sites_by_side"]}
    chapter = Filter("chapter", ("13",))
    assert counted_together(chapter) == {"under-0": ["conditions", "sites_by_side"], "under": ["chapter"]}
    assert counted_together(chapter, Filter("site", ("hand",))) == {
        "under-0-1": ["conditions", "side"],  # no filter is on a side
        "under-0": ["site", "sites_by_side"],
        "under-1": ["chapter"],
    }


def test_without_a_filter_on_them_sites_and_sides_are_sums_of_the_sites_by_side() -> None:
    def of_side(side: str, articles: int, **sites: int) -> dict[str, object]:
        buckets = [{"key": site, "doc_count": count} for site, count in sites.items()]
        return {"key": side, "doc_count": articles, "sites": {"buckets": buckets}}

    sides = [of_side("", 4, hand=3), of_side("left", 2, hand=1, knee=1), of_side("right", 1, knee=1)]
    counts = PageCounts(
        {
            "under": {
                "doc_count": 7,
                "conditions": {"value": 5},
                "chapter": {"buckets": [{"key": "13", "doc_count": 7}]},
                "sites_by_side": {"buckets": sides},
            }
        }
    )
    assert counts.conditions == 5
    assert counts.facets == (
        FieldCounts("site", (("hand", 4), ("knee", 2))),
        FieldCounts("side", (("left", 2), ("right", 1))),
        FieldCounts("chapter", (("13", 7),)),
    )
    assert [counted.counts for counted in counts.sites_by_side] == [
        (("hand", 3),),
        (("knee", 1),),
        (("hand", 1), ("knee", 1)),
        (),
    ]
