from indexer.query.request import Filter
from indexer.results import Bucket, FieldCounts
from indexer.search.facets import build_facet


def shape(buckets: tuple[Bucket, ...]) -> list[object]:
    return [(bucket.value, bucket.count, shape(bucket.children)) for bucket in buckets]


def test_sites_are_a_tree_with_the_most_first() -> None:
    counted = FieldCounts(
        "site", (("hand", 2), ("lower-limb", 7), ("knee", 3), ("ankle-and-foot", 4), ("upper-limb", 2))
    )
    assert shape(build_facet(counted, ()).buckets) == [
        ("lower-limb", 7, [("ankle-and-foot", 4, []), ("knee", 3, [])]),
        ("upper-limb", 2, [("hand", 2, [])]),
    ]


def test_a_site_without_its_whole_stands_at_the_top() -> None:
    assert shape(build_facet(FieldCounts("site", (("hand", 2),)), ()).buckets) == [("hand", 2, [])]


def test_a_selected_value_stays_in_sight() -> None:
    facet = build_facet(FieldCounts("side", (("left", 3),)), (Filter("side", ("right",)), Filter("site", ("hand",))))
    assert [(bucket.value, bucket.count, bucket.selected) for bucket in facet.buckets] == [
        ("left", 3, False),
        ("right", 0, True),
    ]


def test_chapters_stand_in_their_own_order_with_their_titles() -> None:
    facet = build_facet(FieldCounts("chapter", (("13", 9), ("2", 1), ("x", 1))), ())
    assert [bucket.value for bucket in facet.buckets] == ["2", "13", "x"]
    assert "usculoskeletal" in facet.buckets[1].label


def test_sides_have_words() -> None:
    facet = build_facet(FieldCounts("side", (("bilateral", 1), ("right", 1))), ())
    assert [bucket.label for bucket in facet.buckets] == ["Both sides", "Right"]
