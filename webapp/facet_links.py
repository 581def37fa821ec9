"""Facets, filters and the groups of hits to links: following one selects a value, or takes it back."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from indexer.knowledge import body_sites, icd10
from indexer.query.request import FILTER_FIELDS
from indexer.results import Bucket, Facet, Hit
from indexer.search.facets import SIDE_LABELS
from webapp.links import search_url
from webapp.markup import FIELD_LABELS
from webapp.search_params import SearchParams

_NARROWING: Final = (*FILTER_FIELDS, "field")  # the parameters that narrow a search, in the order of the URL
_VALUE_LABELS: Final[Mapping[str, Callable[[str], str]]] = {
    "site": body_sites.label,
    "side": lambda value: SIDE_LABELS.get(value, value),
    "chapter": icd10.chapter_label,
    "condition": lambda value: value.replace("-", " ").capitalize(),
    "code": lambda value: value.upper(),
    "field": lambda value: f"In {FIELD_LABELS[value].lower()}",
}


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A bucket as a link: following it selects the value, or deselects it where it is selected.

    `covered` says that a site is part of a selected one, so that its articles are in the results already.
    """

    value: str
    label: str
    count: int
    selected: bool
    url: str
    children: "tuple[FacetLink, ...]" = ()
    covered: bool = False

    @property
    def open(self) -> bool:
        """Whether something below is selected, so that the branch must be in sight."""
        return any(child.selected or child.open for child in self.children)


@dataclass(frozen=True, slots=True)
class FilterChip:
    """A filter that is on, and the link that takes it off."""

    name: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class GroupLinks:
    """The matching articles of a hit's condition: their count, and links to all and to those of one site or side.

    `articles` counts those that do not match, too.
    """

    count: int
    articles: int
    url: str
    sites: tuple[FacetLink, ...]
    sides: tuple[FacetLink, ...]


def facet_links(path: str, params: SearchParams, facet: Facet, fragment: str = "") -> tuple[FacetLink, ...]:
    """The buckets of a facet as links; `fragment` is the part of the page that they come back to."""
    return tuple(_facet_link(path, params, facet.field, bucket, fragment) for bucket in facet.buckets)


def flatten(links: Iterable[FacetLink]) -> Iterator[FacetLink]:
    """Every link of a tree, parents before children."""
    for link in links:
        yield link
        yield from flatten(link.children)


def toggle(params: SearchParams, name: str, value: str) -> SearchParams:
    """The search with the value added to a filter, or taken out of it.

    The values of a filter are any-of, so that a site beside a site which contains it would change nothing: selecting a
    part deselects the whole, and selecting the whole its parts.
    """
    selected = params.values(name)
    if value in selected:
        return params.with_values(**{name: tuple(each for each in selected if each != value)})
    if name == "site":
        above = body_sites.ancestors(value)
        selected = tuple(each for each in selected if each not in above and value not in body_sites.ancestors(each))
    return params.with_values(**{name: (*selected, value)})


def filter_chips(path: str, params: SearchParams) -> tuple[FilterChip, ...]:
    """Every filter that is on, in the order of the URL."""
    return tuple(
        FilterChip(name, _VALUE_LABELS[name](value), search_url(path, toggle(params, name, value)))
        for name in _NARROWING
        for value in params.values(name)
    )


def without_filters(params: SearchParams) -> SearchParams:
    """The same words without any filter."""
    return params.with_values(**dict.fromkeys(_NARROWING, ()))


def group_links(path: str, params: SearchParams, hit: Hit, articles: int) -> GroupLinks:
    """Where the articles of the hit's condition are; each link leads to exactly those that it counts.

    A link is selected where the query names its site or side. `articles` are on the condition, matching or not.
    """
    all_of_it = replace(params, collapse=False).with_values(condition=(hit.document.condition_key,))

    def links(name: str, buckets: tuple[Bucket, ...]) -> tuple[FacetLink, ...]:
        return tuple(
            FacetLink(
                each.value,
                each.label,
                each.count,
                each.selected,
                search_url(path, all_of_it.with_values(**{name: (each.value,)})),
            )
            for each in buckets
            if _narrows(params, name, each.value)
        )

    group = hit.group
    sites, sides = links("site", group.sites), links("side", group.sides)
    return GroupLinks(group.size, articles, search_url(path, all_of_it), sites, sides)


def _facet_link(
    path: str, params: SearchParams, name: str, bucket: Bucket, fragment: str, *, covered: bool = False
) -> FacetLink:
    below = covered or bucket.selected
    return FacetLink(
        bucket.value,
        bucket.label,
        bucket.count,
        bucket.selected,
        search_url(path, toggle(params, name, bucket.value)) + fragment,
        tuple(_facet_link(path, params, name, child, fragment, covered=below) for child in bucket.children),
        covered,
    )


def _narrows(params: SearchParams, name: str, value: str) -> bool:
    """Whether its articles all have a selected value; one of two sites may have the other one selected."""
    selected = params.values(name)
    return (
        not selected
        or value in selected
        or (name == "site" and not set(selected).isdisjoint(body_sites.ancestors(value)))
    )
