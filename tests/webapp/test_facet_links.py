from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from indexer.documents import Document
from indexer.knowledge import body_sites
from indexer.library import Library
from indexer.results import Bucket, Facet, Group, Hit
from webapp.facet_links import facet_links, filter_chips, flatten, group_links, toggle, without_filters
from webapp.search_params import SearchParams


def read(url: str) -> SearchParams:
    return SearchParams.from_args(MultiDict(parse_qsl(urlsplit(url).query)))


def test_following_a_link_twice_leads_back() -> None:
    params = SearchParams("pain", side=("left",), page=4)
    once = toggle(params, "chapter", "13")
    assert (once.values("chapter"), once.values("side"), once.page) == (("13",), ("left",), 1)
    assert toggle(once, "chapter", "13") == replace(params, page=1)


def test_several_values_of_one_facet_stay_together() -> None:
    params = toggle(toggle(SearchParams(), "site", "hand"), "site", "knee")
    assert params.values("site") == ("hand", "knee")


@given(st.lists(st.sampled_from(sorted(body_sites.tree())), max_size=8))
def test_no_selected_site_is_part_of_another(clicks: list[str]) -> None:
    params = SearchParams()
    for site in clicks:
        params = toggle(params, "site", site)
    selected = params.values("site")
    assert not any(above in selected for site in selected for above in body_sites.ancestors(site))
    if clicks and clicks.count(clicks[-1]) == 1:
        assert clicks[-1] in selected


def test_facet_links_are_the_buckets_with_urls() -> None:
    tree = Bucket("upper-limb", "Upper limb", 3, True, (Bucket("hand", "Hand", 2), Bucket("elbow", "Elbow", 1)))
    params = SearchParams("x", site=("upper-limb",))
    (upper,) = facet_links("/search", params, Facet("site", (tree,)))
    assert (upper.label, upper.count, upper.selected, upper.covered, upper.open) == (
        "Upper limb",
        3,
        True,
        False,
        False,
    )
    assert read(upper.url).values("site") == ()
    hand = upper.children[0]
    assert (hand.covered, read(hand.url).values("site")) == (True, ("hand",))
    assert [link.value for link in flatten((upper,))] == ["upper-limb", "hand", "elbow"]


def test_chips_take_one_filter_off_each() -> None:
    params = SearchParams("x", site=("hand", "knee"), code=("m86.3",), field=("causes",), page=2)
    chips = filter_chips("/search", params)
    assert [(chip.name, chip.label) for chip in chips] == [
        ("site", "Hand"),
        ("site", "Knee"),
        ("code", "M86.3"),
        ("field", "In causes"),
    ]
    assert read(chips[0].url).values("site") == ("knee",)
    assert read(chips[3].url).field == ()
    assert all(read(chip.url).page == 1 for chip in chips)
    assert without_filters(params) == SearchParams("x")


@pytest.mark.parametrize(
    "filters",
    [
        (),
        (("site", ("hand",)),),
        (("site", ("upper-limb", "femur")),),
        (("side", ("left", "right")),),
        (("site", ("lower-limb",)), ("side", ("left",))),
    ],
)
def test_a_link_to_a_group_leads_to_exactly_what_it_counts(
    corpus_library: Library, filters: tuple[tuple[str, tuple[str, ...]], ...]
) -> None:
    followed = 0
    for q in ("osteomyelitis", "gout", "fracture", "pain in the joint", "infection"):
        params = SearchParams(q).with_values(**dict(filters))
        results = corpus_library.answer(params.request())
        for hit in results.hits:
            links = group_links("/search", params, hit, 99)
            assert links.count == hit.group.size
            for url, count in (
                (links.url, links.count),
                *((each.url, each.count) for each in (*links.sites, *links.sides)),
            ):
                there = read(url)
                assert (there.q, there.collapse) == (q, False)
                answer = corpus_library.answer(there.request())
                assert answer.total == count, url
                followed += 1
    assert followed > 10


def test_a_site_beside_the_one_params_for_is_no_link() -> None:
    both = Bucket("hand", "Hand", 1), Bucket("knee", "Knee", 1), Bucket("thumb", "Thumb", 1)
    document = Document(id="x", source="x", title="Gout", condition="Gout", sites=("hand", "knee"))
    hit = Hit(document, 1.0, (), Group(2, both, ()))
    links = group_links("/search", SearchParams("gout", site=("upper-limb",)), hit, 2)
    assert [link.value for link in links.sites] == ["hand", "thumb"]
