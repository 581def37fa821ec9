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
from typing import Final, Literal, NamedTuple, TypeAlias

from flask import url_for
from markupsafe import Markup

from indexer.documents import Document
from indexer.knowledge import body_sites
from indexer.results import SIDES, FieldCounts, Results
from indexer.search.facets import SIDE_LABELS
from webapp.body_drawing import Drawing, Shape, draw, drawn_parts, drawn_sites, is_about_child
from webapp.links import changed_url, in_html, search_url
from webapp.markup import escaped, plural
from webapp.search_params import SearchParams

AreaSide: TypeAlias = Literal["right", "left"] | None
SHADES: Final = 4
VIEWS: Final = ("front", "back")


class PlaceLink(NamedTuple):  # a page has a hundred, and a tuple is made in a quarter of the time
    """A site, or one side of it, as a link; `url` is empty where it has no articles.

    `shade` is from 1 to SHADES, 0 for none. `count` is None where only the place matters.
    """

    label: str
    count: int | None  # type: ignore[assignment]  # hides `tuple.count`
    shade: int
    selected: bool
    url: str

    def html(self, is_whole: bool) -> tuple[str, str]:
        """The link up to the end of its attributes, and what it says. A map of places is not `is_whole`."""
        on, remove = (" on", "Remove: " if is_whole else "") if self.selected else ("", "")
        articles = "" if self.count is None else plural(self.count, "article")
        count = articles and f'<tspan x="0" dy="15"><tspan>, </tspan>{articles}</tspan>'
        return (
            f'<a href="{in_html(self.url)}" rel="nofollow" class="h{self.shade}{on}"',
            f'<text y="458">{remove}{escaped(self.label)}{count}</text></a>',
        )


@dataclass(frozen=True, slots=True)
class Area:
    """A shape and where it leads; `mirrored`: it is drawn at the reader's left; `repeated`: another view has it too."""

    shape: Shape
    link: PlaceLink
    mirrored: bool
    repeated: bool


@dataclass(frozen=True, slots=True)
class View:
    """A body as it is seen from one side; `sides` are the person's at the reader's left and at the reader's right."""

    name: str
    bones: str
    sides: tuple[AreaSide, AreaSide]
    spots: "tuple[_Spot, ...]"
    links: tuple[PlaceLink, ...]

    @property
    def areas(self) -> tuple[Area, ...]:
        """The spots with the links that they are."""
        both = zip(self.spots, self.links, strict=True)
        return tuple(Area(spot.shape, link, spot.mirrored, spot.repeated) for spot, link in both)

    def html(self, is_whole: bool) -> Markup:
        """What is drawn, links where it leads anywhere: Python makes the areas in a tenth of the time of a template."""
        html = cache(PlaceLink.html)  # most are of several areas
        lines = []
        for spot, link in zip(self.spots, self.links, strict=True):
            if link.url:
                opened, said = html(link, is_whole)
                hidden = ' tabindex="-1" aria-hidden="true"' if spot.repeated else ""
                lines.append(f"{opened}{hidden}>{spot.labelled}{said}\n")
            else:
                lines.append(f'<g class="h0">{spot.labelled if is_whole else spot.plain}</g>\n')
        return Markup("".join(lines))


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
        return tuple(dict.fromkeys(link.label for view in self.views for link in view.links if link.selected))

    @property
    def from_behind(self) -> bool:
        """Whether only the back has a selected area, so that it must be in sight."""
        selected = [any([link.selected for link in view.links]) for view in self.views]  # noqa: C419 -- twice as fast
        return selected == [False, True]


_LinkOf: TypeAlias = Callable[[str, AreaSide, str], PlaceLink]


class _Place(NamedTuple):
    """What an area leads to: how many articles, and the values of the filters on site and side."""

    articles: int
    site: str
    sides: tuple[str, ...]


def build_body_map(params: SearchParams, results: Results, fragment: str = "", *, child: bool | None = None) -> BodyMap:
    """The map of a search; `child` is whether the figure is a child, by default where the query is about one.

    Its links end with the fragment.
    """
    drawing = draw(child := is_about_child(params.q) if child is None else child)
    wholes = _wholes(results.sites_by_side)
    link, bounds = _links(params, results, wholes, fragment)

    @cache  # the views have most areas in common
    def area_link(site: str, side: AreaSide, label: str) -> PlaceLink:
        whole = wholes.get(site)
        return link(whole, side, body_sites.label(whole)) if whole else link(site, side, label)

    highs = bounds[:-1]
    texts = [f"{low + 1:,}" if high == low + 1 else f"{low + 1:,} to {high:,}" for low, high in pairwise((0, *highs))]
    last = (0, *highs)[-1] + 1
    texts += [f"{last:,}" if last == bounds[-1] else f"{last:,} or more"] if bounds else []
    return BodyMap(drawing, child, _views(child, area_link), tuple(enumerate(texts, SHADES - len(bounds) + 1)))


def list_places(params: SearchParams, results: Results) -> tuple[tuple[PlaceLink, ...], ...]:
    """Every site that has articles, whatever their side, in the shades of the map: a tuple for each region."""
    link, _ = _links(params, results, _wholes(results.sites_by_side))
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

    views = _views(child, link)
    own = tuple(view for view in views if any(area.link.selected and not area.repeated for area in view.areas))
    return BodyMap(drawing, child, own)


def _sides_of(shape: Shape) -> tuple[AreaSide, ...]:
    return (None,) if shape.midline else ("right", "left")


class _Spot(NamedTuple):
    """An area before it leads anywhere, as it is drawn without its button and, in its first view, with it."""

    shape: Shape
    side: AreaSide
    mirrored: bool
    repeated: bool
    plain: str
    labelled: str


@cache
def _spots(child: bool) -> tuple[tuple[str, tuple[AreaSide, AreaSide], tuple[_Spot, ...]], ...]:
    """Each view with its sides and what is drawn in it: the same for every search."""
    views = []
    seen: frozenset[str] = frozenset()  # sites of the views before
    for name in VIEWS:
        sides: tuple[AreaSide, AreaSide] = ("right", "left") if name == "front" else ("left", "right")
        spots = tuple(
            _Spot(shape, side, mirrored, repeated, shape.svg(mirrored, False), shape.svg(mirrored, not repeated))
            for shape in draw(child).shapes
            if shape.view in (name, "both")
            for side in _sides_of(shape)
            for mirrored, repeated in [(side == sides[0], shape.site in seen)]
        )
        seen |= {spot.shape.site for spot in spots}
        views.append((name, sides, spots))
    return tuple(views)


def _views(child: bool, link: _LinkOf) -> tuple[View, ...]:
    bones = draw(child).bones
    return tuple(
        View(name, bones[name], sides, spots, tuple([link(at.shape.site, at.side, at.shape.label) for at in spots]))
        for name, sides, spots in _spots(child)
    )


def _label(label: str, side: AreaSide, place: _Place) -> str:
    if not side:
        return label
    if not place.sides and place.articles:
        return f"{label}, any side"
    return f"{SIDE_LABELS[side]} {label[0].lower()}{label[1:]}"


def _links(
    params: SearchParams, results: Results, wholes: Mapping[str, str], fragment: str = ""
) -> tuple[_LinkOf, tuple[int, ...]]:
    """Makes the links of places, each for a site, a side and a label; and the largest count of each shade in use."""
    path = url_for("search.page")
    place_of = _places(results.sites_by_side)
    bounds = _bounds(max([place_of(wholes.get(site, site), side).articles for site, side in _drawn_places()]))
    # A URL is made from that of another place, for a page has a hundred; no other parameter can have this text.
    before, _, after = changed_url(path, params, site=("_",), side=()).partition("site=_")
    after += fragment
    nowhere = changed_url(path, params, site=(), side=()) + fragment

    def link(site: str, side: AreaSide, label: str) -> PlaceLink:
        place = place_of(site, side)
        shade, url = 0, ""
        if place.articles:
            shade = SHADES - len(bounds) + 1 + bisect_left(bounds, place.articles, hi=len(bounds) - 1)
            is_all = params.site == (site,) and set(params.side) == set(place.sides)
            sides = "".join([f"&side={each}" for each in place.sides])
            url = nowhere if is_all else f"{before}site={site}{sides}{after}"
        on = bool(params.site) and _is_selected(params, site, side)
        return PlaceLink(_label(label, side, place), place.articles, shade, on, url)

    return link, bounds


def _is_selected(params: SearchParams, site: str, side: AreaSide) -> bool:
    """Whether the articles of the area are selected: its site or a wider one is, and its side if any."""
    if {site, *body_sites.ancestors(site)}.isdisjoint(params.site):
        return False
    return side is None or not params.side or side in params.side or params.side == ("bilateral",)


@cache
def _drawn_places() -> tuple[tuple[str, AreaSide], ...]:
    """The site and side of every area, each once."""
    return tuple({(shape.site, side): None for shape in draw(child=False).shapes for side in _sides_of(shape)})


def _places(sites_by_side: tuple[FieldCounts, ...]) -> Callable[[str, AreaSide], _Place]:
    counts = {side: dict(each.counts) for side, each in zip(SIDES, sites_by_side, strict=False)}
    unsided, right, left, bilateral = (counts.get(side, {}) for side in SIDES)

    def place(site: str, side: AreaSide) -> _Place:
        on_right, on_left, both = right.get(site, 0), left.get(site, 0), bilateral.get(site, 0)
        if side and (on_right or on_left or both):
            count = (on_right if side == "right" else on_left) + both
            return _Place(count, site, (side, "bilateral") if both else (side,))
        return _Place(unsided.get(site, 0) + on_right + on_left + both, site, ())

    return cache(place)  # of an area in both views, and for the bounds of the shades


def _wholes(sites_by_side: tuple[FieldCounts, ...]) -> Mapping[str, str]:
    """The sites of areas that belong to a site with articles, none of which is on a part of it, with that site."""
    here = set().union(*[dict(each.counts) for each in sites_by_side])
    undrawn = here - drawn_sites()
    wholes = [site for site in undrawn if here.isdisjoint(body_sites.children(site))]
    return {part: whole for whole in wholes for part in drawn_parts(whole)}


def _bounds(largest: int) -> tuple[int, ...]:
    """The largest count of each shade; each is as many times the one before, for a few places have most articles."""
    return tuple(sorted({round(largest ** (number / SHADES)) for number in range(1, SHADES + 1)} - {0}))
