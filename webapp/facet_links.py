"""Facets, filters and the groups of hits to links: following one selects a value, or takes it back."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, NamedTuple

from markupsafe import Markup

from indexer.knowledge import body_sites, icd10
from indexer.query.request import FILTER_FIELDS
from indexer.results import Bucket, Facet, Hit
from indexer.search.facets import SIDE_LABELS
from webapp.links import changed_url, filtered_urls, in_html, query_string, search_url
from webapp.markup import FIELD_LABELS, escaped, plural
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


class FacetLink(NamedTuple):  # a page has hundreds, and a tuple is made in a quarter of the time
    """A bucket as a link: following it selects the value, or deselects it where it is selected.

    `covered` says that a site is part of a selected one, so that its articles are in the results already; `open`, that
    something below is selected, so that the branch must be in sight.
    """

    value: str
    label: str
    count: int  # type: ignore[assignment]  # hides `tuple.count`
    selected: bool
    url: str
    children: "tuple[FacetLink, ...]" = ()
    covered: bool = False
    open: bool = False

    @property
    def html(self) -> Markup:
        """The link; one that is on says that it takes its value back."""
        state = ' class="on"' if self.selected else ' class="covered"' if self.covered else ""
        remove = '<span class="unseen">Remove </span>' if self.selected else ""
        articles = "article" if self.count == 1 else "articles"
        return Markup(
            f'<a href="{in_html(self.url)}" rel="nofollow" data-key="{escaped(self.value)}"{state}>'
            f'{remove}<span class="label">{escaped(self.label)}</span> '
            f'<span class="count">{self.count:,}<span class="unseen"> {articles}</span></span></a>\n'
        )


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

    @property
    def html(self) -> str:
        """All of it as a paragraph."""
        articles = plural(max(self.articles, self.count), "article")
        what = f"{self.count:,} of {articles} match" if self.articles > self.count else f"All {articles}"
        colon, semicolon = ":" if self.sites or self.sides else "", ";" if self.sites and self.sides else ""
        sites, sides = (", ".join(map(_place, links)) for links in (self.sites, self.sides))
        return (
            f'  <p class="kin">\n    <a href="{in_html(self.url)}" rel="nofollow">{what}</a>{colon}\n'
            f"    {sites}{semicolon}\n    {sides}\n  </p>\n"
        )


def facet_links(path: str, params: SearchParams, facet: Facet, fragment: str = "") -> tuple[FacetLink, ...]:
    """The buckets of a facet as links; `fragment` is the part of the page that they come back to."""
    name, selected = facet.field, params.values(facet.field)
    filtered = filtered_urls(path, params, name)

    def url(value: str) -> str:
        values = _toggled(selected, name, value) if selected else (value,)
        if not values:
            return changed_url(path, params, **{name: ()})
        return filtered(query_string([(name, each) for each in values]))

    def link(bucket: Bucket, *, covered: bool) -> FacetLink:
        below = covered or bucket.selected
        children = tuple([link(child, covered=below) for child in bucket.children]) if bucket.children else ()
        return FacetLink(
            bucket.value,
            bucket.label,
            bucket.count,
            bucket.selected,
            url(bucket.value) + fragment,
            children,
            covered,
            bool(children) and any(child.selected or child.open for child in children),
        )

    return tuple(link(bucket, covered=False) for bucket in facet.buckets)


def facet_tree(links: Iterable[FacetLink]) -> Markup:
    """The links as nested lists: Python makes them in a tenth of the time that a template takes."""
    items = "".join([f"  <li>{link.html}{_branch(link) if link.children else ''}  </li>\n" for link in links])
    return Markup(f"<ul>\n{items}</ul>\n")


def facet_list(links: Iterable[FacetLink]) -> Markup:
    """The links as one list, without what is below them."""
    items = "".join([f"  <li>{link.html}</li>\n" for link in links])
    return Markup(f'<ul class="flat">\n{items}</ul>\n')


def _branch(link: FacetLink) -> str:
    is_open = " open" if link.selected or link.open else ""
    return (
        f'    <details data-key="{escaped(link.value)}"{is_open}>\n'
        f'      <summary><span class="unseen">Parts of {escaped(link.label)}</span></summary>'
        f"{facet_tree(link.children)}</details>\n"
    )


def _place(link: FacetLink) -> str:
    asked, named = (' class="asked"', '<span class="unseen">, which you named</span>') if link.selected else ("", "")
    count = f" ({link.count})" if link.count > 1 else ""
    return f'<a href="{in_html(link.url)}" rel="nofollow"{asked}>{escaped(link.label)}{named}</a>{count}'


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
    return params.with_values(**{name: _toggled(params.values(name), name, value)})


def _toggled(selected: tuple[str, ...], name: str, value: str) -> tuple[str, ...]:
    if value in selected:
        return tuple(each for each in selected if each != value)
    if name == "site":
        above = body_sites.ancestors(value)
        selected = tuple([each for each in selected if each not in above and value not in body_sites.ancestors(each)])
    return (*selected, value)


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
    all_url, site_url, side_url = _group_urls(path, params)
    condition = query_string([("condition", hit.document.condition_key)])

    def links(name: str, buckets: tuple[Bucket, ...], url: Callable[..., str]) -> tuple[FacetLink, ...]:
        return tuple(
            FacetLink(
                each.value, each.label, each.count, each.selected, url(query_string([(name, each.value)]), condition)
            )
            for each in buckets
            if _narrows(params, name, each.value)
        )

    group = hit.group
    sites, sides = links("site", group.sites, site_url), links("side", group.sides, side_url)
    return GroupLinks(group.size, articles, all_url(condition), sites, sides)


@lru_cache(maxsize=16)
def _group_urls(path: str, params: SearchParams) -> tuple[Callable[..., str], Callable[..., str], Callable[..., str]]:
    """The URLs of the articles of conditions, and of those of one site or side: made for all hits of a page at once."""
    all_of_it = replace(params, collapse=False)
    all_url = filtered_urls(path, all_of_it, "condition")
    return all_url, *(filtered_urls(path, all_of_it, name, "condition") for name in ("site", "side"))  # type: ignore[return-value]


def _narrows(params: SearchParams, name: str, value: str) -> bool:
    """Whether its articles all have a selected value; one of two sites may have the other one selected."""
    selected = params.values(name)
    return (
        not selected
        or value in selected
        or (name == "site" and not set(selected).isdisjoint(body_sites.ancestors(value)))
    )
