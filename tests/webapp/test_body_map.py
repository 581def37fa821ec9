import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from indexer.documents import Document
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.knowledge import body_sites
from indexer.knowledge.body_sites import Side
from indexer.library import Library, open_library
from webapp import create_app, request_context
from webapp.body_drawing import draw, is_about_child
from webapp.body_map import Area, BodyMap, build_body_map, build_place_map, list_places
from webapp.search_params import SearchParams

QUERIES = ("", "pain", "bone -gout", "osteomyelitis", "zebrafish")
FILTERS: tuple[dict[str, tuple[str, ...]], ...] = (
    {},
    {"site": ("hand",), "side": ("left",)},
    {"site": ("upper-limb", "eye")},
    {"side": ("right",), "chapter": ("13",)},
)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A library that has an article on every site, and on hand, knee, ear and toe some that say a side."""
    sided: Sequence[tuple[str, Side]] = (
        ("hand", "right"),
        ("hand", "right"),
        ("hand", "bilateral"),
        ("knee", "left"),
        ("ear", "bilateral"),
        ("toe", "left"),
    )
    every: list[tuple[str, Side | None]] = [(site, None) for site in body_sites.tree()]
    location = tmp_path_factory.mktemp("places") / "index"
    engine = WhooshEngine(location)
    with engine.batch() as batch:
        for number, (site, side) in enumerate([*every, *sided]):
            title = f"Ache {number}"
            batch.put(Document(id=str(number), source="", title=title, condition=title, sites=(site,), side=side))
    engine.close()
    with open_library(location) as library:
        yield create_app(library=library)


def mapped(app: Flask, q: str = "", **filters: tuple[str, ...]) -> BodyMap:
    with app.test_request_context():
        params = SearchParams(q=q).with_values(**filters)
        return build_body_map(params, request_context.search(params))


def areas(body_map: BodyMap) -> dict[str, Area]:
    """The areas by what they are called, each once."""
    return {area.link.label: area for view in body_map.views for area in view.areas if not area.repeated}


def arguments(url: str) -> SearchParams:
    pairs = [pair.split("=") for pair in url.partition("?")[2].split("&") if pair]
    return SearchParams.from_args(MultiDict((name, value.replace("+", " ")) for name, value in pairs))


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("filters", FILTERS)
def test_an_area_counts_what_following_it_gives(
    app: Flask, library: Library, query: str, filters: dict[str, tuple[str, ...]]
) -> None:
    shown = mapped(app, query, **filters)
    links = [area.link for area in areas(shown).values()]
    with app.test_request_context():
        params = SearchParams(q=query).with_values(**filters)
        links += [link for region in list_places(params, request_context.search(params)) for link in region]
    for link in links:
        assert bool(link.url) == bool(link.count) == bool(link.shade)
        if link.url and not link.selected:
            assert library.answer(arguments(link.url).request()).total == link.count, link


def test_every_site_can_be_reached(places: Flask) -> None:
    page = places.test_client().get("/").text
    assert {site for site in body_sites.tree() if f"?site={site}" not in page} == set()


def test_there_are_enough_areas_and_none_twice_in_a_view(places: Flask) -> None:
    shown = mapped(places)
    assert len({(area.shape.site, area.mirrored, area.shape.midline) for area in areas(shown).values()}) >= 45
    for view in shown.views:
        drawn = [(area.shape.id, area.mirrored) for area in view.areas]
        assert len(set(drawn)) == len(drawn)


def test_right_and_left_are_the_persons_own(places: Flask) -> None:
    front, back = mapped(places).views
    hands = {(view.name, area.link.label): area.mirrored for view in (front, back) for area in view.areas}
    assert hands["front", "Right hand"]  # at the reader's left
    assert not hands["front", "Left hand"]
    assert not hands["back", "Right hand"]
    assert hands["back", "Left hand"]


def test_an_article_on_both_sides_counts_on_each(places: Flask) -> None:
    shown = areas(mapped(places))
    assert (shown["Right hand"].link.count, shown["Left hand"].link.count) == (3, 1)
    assert shown["Left hand"].link.url == "/search?site=hand&side=left&side=bilateral"
    assert (shown["Right ear"].link.count, shown["Left ear"].link.count) == (1, 1)


def test_where_no_article_says_a_side_both_areas_lead_to_all(places: Flask) -> None:
    shown = mapped(places)
    shoulders = [area.link for area in shown.views[0].areas if area.shape.site == "shoulder"]
    assert [(link.label, link.url) for link in shoulders] == 2 * [("Shoulder, any side", "/search?site=shoulder")]


def test_an_area_without_articles_is_no_link(places: Flask) -> None:
    knee = areas(mapped(places))["Right knee"].link
    assert (knee.count, knee.shade, knee.url) == (0, 0, "")
    assert not any(area.link.url for area in areas(mapped(places, "zebrafish")).values())
    assert mapped(places, "zebrafish").legend == ()


def test_the_parts_of_a_selected_site_are_selected(places: Flask) -> None:
    selected = {name for name, area in areas(mapped(places, site=("upper-limb",))).items() if area.link.selected}
    assert {"Right hand", "Left hand", "Shoulder, any side"} <= selected
    assert "Left knee" not in selected
    left = {name for name, area in areas(mapped(places, site=("hand",), side=("left",))).items() if area.link.selected}
    assert left & {"Right hand", "Left hand"} == {"Left hand"}
    assert areas(mapped(places, site=("skull",)))["Back of the head"].link.url == "/search"


def test_shades_and_legend_agree(app: Flask) -> None:
    shown = mapped(app)
    by_shade: dict[int, list[int]] = {}
    for area in areas(shown).values():
        by_shade.setdefault(area.link.shade, []).append(area.link.count or 0)
    assert set(by_shade.pop(0)) == {0}
    for shade, counts in shown.legend:
        low, *high = (int(number) for number in re.findall(r"\d+", counts))
        for count in by_shade.pop(shade, []):
            assert low <= count
            assert not high or count <= high[0]
    assert not by_shade


def test_words_of_a_child_draw_a_child(app: Flask) -> None:
    assert is_about_child("my son's collarbone")
    assert is_about_child("Asthma in infants")
    assert not is_about_child("a person's collarbone")
    assert mapped(app, "my child limps").child


def test_a_child_has_a_larger_head_in_the_same_height() -> None:
    def lowest(path: str) -> float:
        return max(float(y) for _, y in re.findall(r"(-?[\d.]+) ?(-?[\d.]+)", path))

    adult, child = draw(False), draw(True)
    assert lowest(child.outline) == pytest.approx(lowest(adult.outline), abs=1)
    chins = [next(lowest(shape.path) for shape in each.shapes if shape.site == "jaw") for each in (adult, child)]
    assert chins[1] > 1.3 * chins[0]


@pytest.mark.parametrize(
    ("sites", "side", "expected"),
    [
        (("hand",), "right", {"Right hand"}),
        (("hand",), None, {"Hand, any side"}),
        (("femur",), "left", {"Left thigh"}),
        (("lens",), "bilateral", {"Right eye", "Left eye"}),
        (("stomach",), None, {"Abdomen"}),
        (("ankle-and-foot",), "left", {"Left ankle and foot"}),
        (("upper-limb",), None, {"Upper limb, any side"}),
    ],
)
def test_the_map_of_an_article(app: Flask, sites: tuple[str, ...], side: Side | None, expected: set[str]) -> None:
    with app.test_request_context():
        shown = build_place_map(Document(id="1", source="", title="Ache", sites=sites, side=side))
    assert shown
    assert {area.link.label for view in shown.views for area in view.areas if area.link.url} == expected


@pytest.mark.parametrize(
    ("whole", "part", "other"),
    [("ankle-and-foot", "heel", "knee"), ("upper-limb", "thumb", "toe"), ("spine", "sacrum", "back")],
)
def test_a_site_as_a_whole_marks_the_areas_that_it_is_made_of(
    app: Flask, tmp_path: Path, whole: str, part: str, other: str
) -> None:
    document = Document(id="1", source="", title="Ache", condition="Ache", sites=(whole,), side="left")
    beside = Document(id="2", source="", title="Itch", condition="Itch", sites=(other,))
    engine = WhooshEngine(tmp_path / "index")
    with engine.batch() as batch:
        batch.put(document)
        batch.put(beside)
    engine.close()
    with app.test_request_context():
        place_map = build_place_map(document)
    assert place_map
    with open_library(tmp_path / "index") as library:
        shown = mapped(create_app(library=library))
        found = library.answer(arguments(f"?site={whole}").request()).total
    assert found == 1
    for each in (place_map, shown):
        links = {area.shape.site: area.link for view in each.views for area in view.areas if area.link.url}
        assert links[part].label.lower().endswith(body_sites.label(whole).lower())
        assert f"site={whole}" in links[part].url
    assert links[part].count == 1
    assert f"site={whole}" not in links[other].url


def test_the_map_of_an_article_names_what_it_marks_and_shows_each_area_once(client: FlaskClient) -> None:
    page = client.get("/articles/cmo/right-hand").text
    assert '<p class="legend">Right hand</p>' in page
    assert page.count('role="group" aria-label="Body map') == 1


def test_an_article_on_the_blood_has_no_map(app: Flask) -> None:
    with app.test_request_context():
        assert build_place_map(Document(id="1", source="", title="Anemia", sites=("blood",))) is None


def test_every_site_that_is_drawn_is_in_the_tree() -> None:
    assert {shape.site for shape in draw(False).shapes} <= body_sites.tree().keys()
