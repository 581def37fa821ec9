"""A search to a page of results with facets, each a link."""

from typing import Final

from flask import Blueprint, render_template, url_for

from webapp import request_context
from webapp.body_map import build_body_map
from webapp.export import export_url
from webapp.facet_links import filter_chips, group_links, without_filters
from webapp.http_cache import cached_response, conditional
from webapp.links import changed_url, name_url, search_url, view_links
from webapp.overview import facet_context, overview
from webapp.pager import build_pager
from webapp.search_heading import heading, title
from webapp.search_params import SORTS
from webapp.understood import understood_chips

search = Blueprint("search", __name__)

SIZES: Final = (10, 20, 50)
SORT_LABELS: Final = {"relevance": "Best match", "title": "Title", "code": "Code"}


@search.get("/search")
@conditional
@cached_response
def page() -> str:
    """A page of results with facets, each a link."""
    params = request_context.search_params()
    results = request_context.search(params)
    path = url_for("search.page")
    with request_context.library().searcher() as searcher:  # of a condition with one match nothing more is shown
        hits = [
            (hit, group_links(path, params, hit, searcher.frequency("condition", hit.document.condition_key)))
            if hit.group.size > 1
            else (hit, None)
            for hit in results.hits
        ]
    return render_template(
        "search.html",
        params=params,
        title=title(params),
        heading=heading(params),
        results=results,
        hits=hits,
        max_reason=max((each.score for hit in results.hits for each in hit.explanation), default=0.0),
        pager=build_pager(path, params, results.groups if params.collapse else results.total),
        filter_chips=filter_chips(path, params),
        unfiltered_url=search_url(path, without_filters(params)),
        sort_links=view_links(path, params, "sort", [(each, SORT_LABELS[each]) for each in SORTS]),
        collapse_links=view_links(path, params, "collapse", [(True, "By condition"), (False, "Every article")]),
        size_links=view_links(path, params, "size", [(each, str(each)) for each in SIZES]),
        export_urls={kind: export_url(params, kind) for kind in ("csv", "json")},
        plain_url=changed_url(path, params, plain=not params.plain),
        nearest=[(name.text, name_url(name)) for name in results.nearest],
        library_facets=overview().facets if not results.total else {},
        explain_url=changed_url(path, params, explain=not params.explain),
        suggestion_url=changed_url(path, params, q=results.suggestion) if results.suggestion else "",
        understood=understood_chips(path, params, results.interpretation),
        dropped=[each.text for each in results.interpretation if each.how == "dropped"],
        body_map=build_body_map(params, results, "#filters"),
        **facet_context(params, results.facets, "#filters"),
    )
