from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from indexer.documents import Document
from indexer.knowledge import body_sites
from indexer.library import Library
from indexer.results import Bucket, Facet, Group, Hit
from webapp import links
from webapp.search_params import Asked


def read(url: str) -> Asked:
    return Asked.read(MultiDict(parse_qsl(urlsplit(url).query)))


def test_following_a_choice_twice_leads_back() -> None:
    asked = Asked("pain", filters=(("side", ("left",)),), page=4)
    once = links.toggled(asked, "chapter", "13")
    assert (once.values("chapter"), once.values("side"), once.page) == (("13",), ("left",), 1)
    assert links.toggled(once, "chapter", "13") == replace(asked, page=1)


def test_several_values_of_one_facet_stay_together() -> None:
    asked = links.toggled(links.toggled(Asked(), "site", "hand"), "site", "knee")
    assert asked.values("site") == ("hand", "knee")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(sorted(body_sites.tree())), max_size=8))
def test_no_chosen_site_is_part_of_another(clicks: list[str]) -> None:
    asked = Asked()
    for site in clicks:
        asked = links.toggled(asked, "site", site)
    chosen = asked.values("site")
    assert not any(above in chosen for site in chosen for above in body_sites.ancestors(site))
    if clicks and clicks.count(clicks[-1]) == 1:
        assert clicks[-1] in chosen


def test_choices_are_the_buckets_with_links() -> None:
    tree = Bucket("upper-limb", "Upper limb", 3, True, (Bucket("hand", "Hand", 2), Bucket("elbow", "Elbow", 1)))
    asked = Asked("x", filters=(("site", ("upper-limb",)),))
    (upper,) = links.choices("/search", asked, Facet("site", (tree,)))
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
    assert [choice.value for choice in links.flattened((upper,))] == ["upper-limb", "hand", "elbow"]


def test_chips_take_one_filter_off_each() -> None:
    asked = Asked("x", filters=(("site", ("hand", "knee")), ("code", ("m86.3",))), fields=("causes",), page=2)
    found = links.chips("/search", asked)
    assert [(chip.name, chip.label) for chip in found] == [
        ("site", "Hand"),
        ("site", "Knee"),
        ("code", "M86.3"),
        ("field", "In causes"),
    ]
    assert read(found[0].url).values("site") == ("knee",)
    assert read(found[3].url).fields == ()
    assert all(read(chip.url).page == 1 for chip in found)
    assert links.cleared(asked) == Asked("x")


def numbers(pager: links.Pager) -> list[int | None]:
    return [step.number for step in pager.steps]


def test_the_pager_shows_first_last_and_near() -> None:
    assert numbers(links.pager("/s", Asked(), 10)) == []
    assert numbers(links.pager("/s", Asked(), 11)) == [1, 2]
    assert numbers(links.pager("/s", Asked(page=6), 200)) == [1, None, 4, 5, 6, 7, 8, None, 20]
    assert numbers(links.pager("/s", Asked(page=4), 70)) == [1, 2, 3, 4, 5, 6, 7]


def test_the_pager_ends() -> None:
    first, last = links.pager("/s", Asked(), 30), links.pager("/s", Asked(page=3), 30)
    assert (first.previous, read(first.next).page) == ("", 2)
    assert (read(last.previous).page, last.next) == (2, "")
    assert read(links.pager("/s", Asked(page=9), 30).previous).page == 3
    assert links.pager("/s", Asked(), 10**6).last == Asked().last_page


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 500), st.integers(1, 60))
def test_the_pager_has_no_gap_that_hides_one_page(count: int, page: int) -> None:
    shown = numbers(links.pager("/s", Asked(page=page), count))
    for before, gap, after in zip(shown, shown[1:], shown[2:], strict=False):
        if gap is None:
            assert before is not None
            assert after is not None
            assert after - before > 2


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
def test_a_link_to_kin_leads_to_exactly_what_it_counts(
    corpus_library: Library, filters: tuple[tuple[str, tuple[str, ...]], ...]
) -> None:
    followed = 0
    for q in ("osteomyelitis", "gout", "fracture", "pain in the joint", "infection"):
        asked = Asked(q, filters=filters)
        results = corpus_library.search(q, filters=dict(filters), page=asked.window())
        for hit in results.hits:
            found = links.kin("/search", asked, hit)
            assert found.count == hit.group.size
            for url, count in (
                (found.url, found.count),
                *((each.url, each.count) for each in (*found.sites, *found.sides)),
            ):
                there = read(url)
                assert (there.q, there.collapse) == (q, False)
                answer = corpus_library.search(q, filters=dict(there.filters))
                assert answer.total == count, url
                followed += 1
    assert followed > 10


def test_a_site_beside_the_one_asked_for_is_no_link() -> None:
    both = Bucket("hand", "Hand", 1), Bucket("knee", "Knee", 1), Bucket("thumb", "Thumb", 1)
    document = Document(id="x", source="x", title="Gout", condition="Gout", sites=("hand", "knee"))
    hit = Hit(document, 1.0, (), Group(2, both, ()))
    found = links.kin("/search", Asked("gout", filters=(("site", ("upper-limb",)),)), hit)
    assert [choice.value for choice in found.sites] == ["hand", "thumb"]
