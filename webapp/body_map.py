"""Counts of sites by side to a map of the body, from the front and from the back: areas that lead to their articles.

What is drawn is data (see body_drawing.py). An area stands for a site, or for one side of it: right and left are the
person's own. An article on both sides counts on each. An area counts what following it gives: the articles under every
filter but those on site and side, which it replaces. Where no article says a side, both areas lead to the whole site.
Where articles are on an ankle and foot, or a limb, as a whole, the areas that it is made of lead to the whole.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from flask import url_for
from markupsafe import Markup

from indexer.documents import Document
from indexer.knowledge import body_sites
from indexer.results import SIDES, FieldCounts, Results
from indexer.search.facets import SIDE_LABELS
from webapp.body_drawing import Drawing, Shape, draw, drawn_parts, drawn_sites, is_about_child
from webapp.links import in_html, search_url
from webapp.markup import escaped, plural
from webapp.search_params import SearchParams

AreaSide: TypeAlias = Literal["right", "left"] | None
SHADES: Final = 4
VIEWS: Final = ("front", "back")


@dataclass(frozen=True, slots=True)
class PlaceLink:
    """A site, or one side of it, as a link; `url` is empty where it has no articles.

    `shade` is from 1 to SHADES, 0 for none. `count` is None where only the place matters.
    """

    label: str
    count: int | None
    shade: int
    selected: bool
    url: str


@dataclass(frozen=True, slots=True)
class Area:
    """A shape and where it leads; `mirrored`: it is drawn at the reader's left; `repeated`: another view has it too."""

    shape: Shape
    link: PlaceLink
    mirrored: bool
    repeated: bool

    def html(self, is_whole: bool) -> str:
        """What is drawn, a link if it leads anywhere; its button is in one view. A map of places is not `is_whole`."""
        link = self.link
        drawn = self.shape.svg(mirrored=self.mirrored, labelled=bool(is_whole or link.url) and not self.repeated)
        if not link.url:
            return f'<g class="h0">{drawn}</g>\n'
        on, remove = (" on", "Remove: " if is_whole else "") if link.selected else ("", "")
        hidden = ' tabindex="-1" aria-hidden="true"' if self.repeated else ""
        articles = "" if link.count is None else plural(link.count, "article")
        count = articles and f'<tspan x="0" dy="15"><tspan>, </tspan>{articles}</tspan>'
        return (
            f'<a href="{in_html(link.url)}" rel="nofollow" class="h{link.shade}{on}"{hidden}>{drawn}'
            f'<text y="458">{remove}{escaped(link.label)}{count}</text></a>\n'
        )


@dataclass(frozen=True, slots=True)
class View:
    """A body as it is seen from one side; `sides` are the person's at the reader's left and at the reader's right."""

    name: str
    bones: str
    sides: tuple[AreaSide, AreaSide]
    areas: tuple[Area, ...]

    def html(self, is_whole: bool) -> Markup:
        """Its areas: a page has a hundred, and Python makes them in a tenth of the time that a template takes."""
        return Markup("".join([area.html(is_whole) for area in self.areas]))


@dataclass(frozen=True, slots=True)
class BodyMap:
    """The map: `legend` has the counts of each shade."""

    drawing: Drawing
    child: bool
    views: tuple[View, ...]
    legend: tuple[tuple[int, str], ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        """What the selected areas are called, each once."""
        links = (area.link for view in self.views for area in view.areas)
        return tuple(dict.fromkeys(link.label for link in links if link.selected))

    @property
    def from_behind(self) -> bool:
        """Whether only the back has a selected area, so that it must be in sight."""
        selected = [any(area.link.selected for area in view.areas) for view in self.views]
        return selected == [False, True]


_LinkOf: TypeAlias = Callable[[str, AreaSide, str], PlaceLink]


@dataclass(frozen=True, slots=True)
class _Place:
    """What an area leads to: its count, and the values of the filters on site and side."""

    count: int
    site: str
    sides: tuple[str, ...]


def build_body_map(params: SearchParams, results: Results, fragment: str = "", *, child: bool | None = None) -> BodyMap:
    """The map of a search; `child` is whether the figure is a child, by default where the query is about one.

    Its links end with the fragment.
    """
    drawing = draw(child := is_about_child(params.q) if child is None else child)
    link, bounds = _links(params, results, fragment)
    wholes = _wholes(results.sites_by_side)

    @cache  # the views have most areas in common
    def area_link(site: str, side: AreaSide, label: str) -> PlaceLink:
        whole = wholes.get(site)
        return link(whole, side, body_sites.label(whole)) if whole else link(site, side, label)

    highs = bounds[:-1]
    texts = [f"{low + 1:,}" if high == low + 1 else f"{low + 1:,} to {high:,}" for low, high in pairwise((0, *highs))]
    last = (0, *highs)[-1] + 1
    texts += [f"{last:,}" if last == bounds[-1] else f"{last:,} or more"] if bounds else []
    return BodyMap(drawing, child, _views(drawing, area_link), tuple(enumerate(texts, SHADES - len(bounds) + 1)))


def list_places(params: SearchParams, results: Results) -> tuple[tuple[PlaceLink, ...], ...]:
    """Every site that has articles, whatever their side, in the shades of the map: a tuple for each region."""
    link, _ = _links(params, results)
    links = {site: link(site, None, body_sites.label(site)) for site in body_sites.tree()}
    regions = (
        tuple(each for site, each in links.items() if each.url and top in (site, *body_sites.ancestors(site)))
        for top in body_sites.children(None)
    )
    return tuple(filter(None, regions))


def build_place_map(document: Document) -> BodyMap | None:
    """Where an article is: a map on which only its own areas are links; None where it has no place on the skin."""
    drawing = draw(child := is_about_child(document.title))
    drawn = drawn_sites()
    leads_to: dict[str, str] = {}  # from the site of an area
    for site in document.sites:
        here = next((each for each in (site, *body_sites.ancestors(site)) if each in drawn), None)
        leads_to |= {here: here} if here else dict.fromkeys(drawn_parts(site), site)
    if not leads_to:
        return None
    path = url_for("search.page")

    def link(site: str, side: AreaSide, label: str) -> PlaceLink:
        on = site in leads_to and (side is None or document.side in (None, "bilateral", side))
        if leads_to.get(site, site) != site:
            site = leads_to[site]
            label = body_sites.label(site)
        sides = tuple(dict.fromkeys((side, document.side))) if side and document.side in (side, "bilateral") else ()
        place = _Place(1, site, sides)
        url = search_url(path, SearchParams(site=(site,), side=sides)) if on else ""
        return PlaceLink(_label(label, side, place), None, 0, on, url)

    views = _views(drawing, link)
    own = tuple(view for view in views if any(area.link.selected and not area.repeated for area in view.areas))
    return BodyMap(drawing, child, own)


def _sides_of(shape: Shape) -> tuple[AreaSide, ...]:
    return (None,) if shape.midline else ("right", "left")


def _views(drawing: Drawing, link: _LinkOf) -> tuple[View, ...]:
    views: list[View] = []
    seen: frozenset[str] = frozenset()  # sites of the views before
    for name in VIEWS:
        sides: tuple[AreaSide, AreaSide] = ("right", "left") if name == "front" else ("left", "right")
        areas = tuple(
            Area(
                shape,
                link(shape.site, side, shape.label),
                mirrored=side == sides[0],
                repeated=shape.site in seen,
            )
            for shape in drawing.shapes
            if shape.view in (name, "both")
            for side in _sides_of(shape)
        )
        seen |= {area.shape.site for area in areas}
        views.append(View(name, drawing.bones[name], sides, areas))
    return tuple(views)


def _label(label: str, side: AreaSide, place: _Place) -> str:
    if not side:
        return label
    if not place.sides and place.count:
        return f"{label}, any side"
    return f"{SIDE_LABELS[side]} {label[0].lower()}{label[1:]}"


def _links(params: SearchParams, results: Results, fragment: str = "") -> tuple[_LinkOf, tuple[int, ...]]:
    """Makes the links of places, each for a site, a side and a label; and the largest count of each shade in use."""
    path = url_for("search.page")
    place_of = _places(results.sites_by_side)
    shapes = draw(child=False).shapes
    wholes = _wholes(results.sites_by_side)
    places = (place_of(wholes.get(shape.site, shape.site), side) for shape in shapes for side in _sides_of(shape))
    bounds = _bounds(max(place.count for place in places))
    # A URL is made from that of another place, for a page has a hundred; no other parameter can have this text.
    before, _, after = search_url(path, params.with_values(site=("_",), side=())).partition("site=_")
    after += fragment
    nowhere = search_url(path, params.with_values(site=(), side=())) + fragment

    def link(site: str, side: AreaSide, label: str) -> PlaceLink:
        place = place_of(site, side)
        shade, url = 0, ""
        if place.count:
            shade = SHADES - len(bounds) + 1 + bisect_left(bounds, place.count, hi=len(bounds) - 1)
            is_all = params.site == (site,) and set(params.side) == set(place.sides)
            sides = "".join([f"&side={each}" for each in place.sides])
            url = nowhere if is_all else f"{before}site={site}{sides}{after}"
        on = bool(params.site) and _is_selected(params, site, side)
        return PlaceLink(_label(label, side, place), place.count, shade, on, url)

    return link, bounds


def _is_selected(params: SearchParams, site: str, side: AreaSide) -> bool:
    """Whether the articles of the area are selected: its site or a wider one is, and its side if any."""
    if {site, *body_sites.ancestors(site)}.isdisjoint(params.site):
        return False
    return side is None or not params.side or side in params.side or params.side == ("bilateral",)


def _places(sites_by_side: tuple[FieldCounts, ...]) -> Callable[[str, AreaSide], _Place]:
    counts = {side: dict(each.counts) for side, each in zip(SIDES, sites_by_side, strict=False)}

    def place(site: str, side: AreaSide) -> _Place:
        if side:
            both = counts.get("bilateral", {}).get(site, 0)
            count = counts.get(side, {}).get(site, 0) + both
            other = counts.get("left" if side == "right" else "right", {}).get(site, 0)
            if count or other:
                return _Place(count, site, (side, "bilateral") if both else (side,))
        return _Place(sum(each.get(site, 0) for each in counts.values()), site, ())

    return cache(place)  # of an area in both views, and for the bounds of the shades


def _wholes(sites_by_side: tuple[FieldCounts, ...]) -> Mapping[str, str]:
    """The sites of areas that belong to a site with articles, none of which is on a part of it, with that site."""
    here = {site for each in sites_by_side for site, _ in each.counts}
    undrawn = here - drawn_sites()
    wholes = [site for site in undrawn if here.isdisjoint(body_sites.children(site))]
    return {part: whole for whole in wholes for part in drawn_parts(whole)}


def _bounds(largest: int) -> tuple[int, ...]:
    """The largest count of each shade; each is as many times the one before, for a few places have most articles."""
    return tuple(sorted({round(largest ** (number / SHADES)) for number in range(1, SHADES + 1)} - {0}))
