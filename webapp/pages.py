"""Requests to pages of HTML."""

from collections.abc import Iterator
from itertools import groupby, islice
from typing import Any, Final

from flask import Blueprint, Response, abort, render_template, request, stream_template, url_for

from indexer.documents import Document
from indexer.query.interpretation import HOW_SAID
from webapp import request_context
from webapp.facet_links import filter_chips, group_links, without_filters
from webapp.http_cache import cached_response, conditional
from webapp.links import changed_url, name_url, search_url, view_links
from webapp.overview import facet_context, overview
from webapp.pager import build_pager
from webapp.search_params import SORTS, SearchParams

pages = Blueprint("pages", __name__)

SAME_CONDITION_SIZE: Final = 12  # other articles of the condition, on the page of one
CONDITION_SIZE: Final = 100
SITEMAP_SIZE: Final = 50_000  # addresses in one file, says sitemaps.org
SORT_LABELS: Final = {"relevance": "Best match", "title": "Title", "code": "Code"}
CODE_MATCH_NOTES: Final = {
    "parent": "This is the code of a wider heading; the article has none of its own.",
    "inferred": "The article does not state it; it was worked out from a name in the text.",
}


@pages.get("/")
@conditional
def home() -> Response:
    """The search box and what is in the library."""
    return _page("home.html", overview=overview(), **overview().facets)


@pages.get("/search")
@conditional
@cached_response
def search() -> Response:
    """A page of results with facets, each a link."""
    params = request_context.search_params()
    results = request_context.search(params)
    path = url_for("pages.search")
    return _page(
        "search.html",
        params=params,
        results=results,
        hits=[(hit, group_links(path, params, hit)) for hit in results.hits],
        max_reason=max((each.score for hit in results.hits for each in hit.explanation), default=0.0),
        pager=build_pager(path, params, results.groups if params.collapse else results.total),
        filter_chips=filter_chips(path, params),
        unfiltered_url=search_url(path, without_filters(params)),
        sort_links=view_links(path, params, "sort", [(each, SORT_LABELS[each]) for each in SORTS]),
        collapse_links=view_links(path, params, "collapse", [(True, "By condition"), (False, "Every article")]),
        plain_url=changed_url(path, params, plain=not params.plain),
        nearest=[(name.text, name_url(name)) for name in results.nearest],
        library_facets=overview().facets if not results.total else {},
        explain_url=changed_url(path, params, explain=not params.explain),
        suggestion_url=changed_url(path, params, q=results.suggestion) if results.suggestion else "",
        expanded=[each for each in results.interpretation if each.how in HOW_SAID],
        how_said=HOW_SAID,
        dropped=[each.text for each in results.interpretation if each.how == "dropped"],
        **facet_context(params, results.facets),
    )


@pages.get("/articles/<id:id>")
@conditional
def article(id: str) -> Response:
    """One article: its sections, and where it stands in medicine."""
    document = request_context.library().get(id) or abort(404)
    same_condition = request_context.search(
        SearchParams(condition=(document.condition_key,), sort="title", size=SAME_CONDITION_SIZE + 1, collapse=False)
    )
    others = [hit.document for hit in same_condition.hits if hit.document.id != id]
    return _page(
        "article.html",
        urgent=list(dict.fromkeys(text for section in document.sections for text in section.urgent)),
        other_codes=[code for code in document.codes if code != document.code],
        document=document,
        others=others[:SAME_CONDITION_SIZE],
        same_condition_count=same_condition.total,
        related=request_context.library().related(id),
        code_match_notes=CODE_MATCH_NOTES,
    )


@pages.get("/conditions/<condition>")
@conditional
def condition(condition: str) -> Response:
    """Every article of one condition, by body site."""
    page = request_context.search_params().page
    results = request_context.search(
        SearchParams(condition=(condition,), page=page, size=CONDITION_SIZE, collapse=False, sort="title")
    )
    documents = [hit.document for hit in results.hits] or abort(404)
    by_sites = groupby(sorted(documents, key=_by_sites), key=lambda document: document.sites)
    path = url_for("pages.condition", condition=condition)
    return _page(
        "condition.html",
        name=documents[0].condition,
        condition=condition,
        results=results,
        documents_by_sites=[(sites, list(documents)) for sites, documents in by_sites],
        pager=build_pager(path, SearchParams(page=page, size=CONDITION_SIZE), results.total),
    )


@pages.get("/browse")
@conditional
def browse() -> Response:
    """Everything by body site and by chapter."""
    return _page("browse.html", overview=overview(), **overview().facets)


@pages.get("/about")
def about() -> Response:
    """What this is, how to ask, and what it is not."""
    return _page("about.html")


@pages.get("/opensearch.xml")
def opensearch() -> Response:
    """How a browser can offer this search in its address bar."""
    return _page("opensearch.xml", mimetype="application/opensearchdescription+xml")


@pages.get("/sitemap.xml")
@conditional
def sitemap() -> Response:
    """Every article's address, streamed; past SITEMAP_SIZE, an index of parts that are."""
    with request_context.library().searcher() as searcher:
        parts = -(-searcher.document_count // SITEMAP_SIZE)
    part = request_context.search_params().page if "page" in request.args else None
    if part is None and parts > 1:
        return _page("sitemap_index.xml", mimetype="application/xml", parts=range(1, parts + 1))
    first = ((part or 1) - 1) * SITEMAP_SIZE
    documents: Iterator[Document] = islice(request_context.library().scan(), first, first + SITEMAP_SIZE)
    return Response(stream_template("sitemap.xml", documents=documents), mimetype="application/xml")


def _page(template: str, mimetype: str = "text/html", **context: Any) -> Response:
    return Response(render_template(template, **context), mimetype=mimetype)


def _by_sites(document: Document) -> tuple[bool, tuple[str, ...], str]:
    return not document.sites, document.sites, document.title
