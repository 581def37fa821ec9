"""The whole library to what the home and browse pages show of it: counts, facets and examples, once a generation."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from flask import Flask, current_app, url_for

from indexer.caching import BoundedCache
from indexer.query.request import Page
from indexer.results import Facet
from webapp import request_context
from webapp.body_map import BodyMap, PlaceLink, build_body_map, list_places
from webapp.facet_links import FacetLink, facet_links, facet_list, facet_tree
from webapp.search_params import SearchParams

MAX_OVERVIEWS: Final = 4  # the newest generation and the one before, below one path or two

# What can be asked, by example; only those that this library answers are shown.
EXAMPLES: Final = (
    ("autoimmune bone inflammation", "your own words"),
    ("swollen painful knee", "a complaint and a place"),
    ('"bone marrow" -cancer', "a phrase, and a word to leave out"),
    ("symptoms:fever", "a word in one section"),
    ("M86.3*", "every code that begins so"),
)


@dataclass(frozen=True, slots=True)
class Overview:
    """How many articles and conditions the library has; its facets, body map and places; what it answers."""

    articles: int
    conditions: int
    facets: "FacetContext"
    examples: tuple[tuple[str, str], ...]
    body_map: BodyMap
    places: tuple[tuple[PlaceLink, ...], ...]


OverviewCache: TypeAlias = BoundedCache[tuple[str, str], Overview]
FacetContext: TypeAlias = dict[str, tuple[FacetLink, ...]]  # the names that templates have for facets


def add_to(app: Flask) -> None:
    """Give the application its cache of overviews, and its templates what draws facets."""
    app.jinja_env.globals |= {"facet_tree": facet_tree, "facet_list": facet_list}
    app.extensions["overviews"] = OverviewCache(MAX_OVERVIEWS, lambda _, __: 1)


def overview() -> Overview:
    """The overview of the newest generation."""
    cache: OverviewCache = current_app.extensions["overviews"]
    # The path is that of this request: the site may stand below several.
    return cache.get_or_compute((request_context.generation(), url_for("search.page")), _overview)


def facet_context(params: SearchParams, facets: tuple[Facet, ...], fragment: str = "") -> FacetContext:
    """The facets as templates know them: `sites`, `sides` and `chapters`."""
    path = url_for("search.page")
    return {f"{facet.field}s": facet_links(path, params, facet, fragment) for facet in facets}


def _overview() -> Overview:
    library = request_context.library()
    everything = library.search("", page=Page(limit=0))
    best = ((text, why, library.search(text, page=Page(limit=1)).hits) for text, why in EXAMPLES)
    answered = tuple((text, why) for text, why, hits in best if any(not hit.missing for hit in hits))
    facets = facet_context(SearchParams(), everything.facets)
    body_map, places = build_body_map(SearchParams(), everything), list_places(SearchParams(), everything)
    return Overview(everything.total, everything.groups, facets, answered, body_map, places)
