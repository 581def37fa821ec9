"""What was asked to pages of HTML."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby, islice
from typing import Any, Final

from flask import Blueprint, Response, abort, render_template, request, stream_template, url_for

from indexer.documents import Document
from indexer.query.request import Page
from indexer.results import Facet, Results
from webapp import links, request_context
from webapp.search_params import SORTS, Asked
from webapp.security import unless_known, unless_made

pages = Blueprint("pages", __name__)

KIN_SHOWN: Final = 12  # other articles of the condition, on the page of one
CONDITION_SIZE: Final = 100
SITEMAP_SIZE: Final = 50_000  # addresses in one file, says sitemaps.org
SORT_LABELS: Final = {"relevance": "Best match", "title": "Title", "code": "Code"}
CODE_WORDS: Final = {
    "parent": "This is the code of a wider heading; the article has none of its own.",
    "inferred": "The article does not state it; it was worked out from a name in the text.",
}
# What can be asked, by example; only those that this library answers are shown.
EXAMPLES: Final = (
    ("autoimmune bone inflammation", "your own words"),
    ("swollen painful knee", "a complaint and a place"),
    ('"bone marrow" -cancer', "a phrase, and a word to leave out"),
    ("symptoms:fever", "a word in one section"),
    ("M86.3*", "every code that begins so"),
)


@pages.get("/")
@unless_known
def home() -> Response:
    """The search box and what is in the library."""
    held = _everything()
    first = [(text, why, request_context.library().search(text, page=Page(limit=1)).hits) for text, why in EXAMPLES]
    answered = [(text, why) for text, why, hits in first if any(not hit.missing for hit in hits)]
    return _page("home.html", held=held, examples=answered, **_facets(Asked(), held.facets))


@pages.get("/search")
@unless_known
@unless_made
def search() -> Response:
    """A page of results with facets, each a link."""
    asked = request_context.asked()
    results = request_context.answer(asked)
    path = url_for("pages.search")
    return _page(
        "search.html",
        asked=asked,
        results=results,
        hits=[(hit, links.kin(path, asked, hit)) for hit in results.hits],
        most=max((each.score for hit in results.hits for each in hit.explanation), default=0.0),
        pager=links.pager(path, asked, results.groups if asked.collapse else results.total),
        chips=links.chips(path, asked),
        cleared=links.search_url(path, links.cleared(asked)),
        orders=links.variants(path, asked, "sort", [(each, SORT_LABELS[each]) for each in SORTS]),
        collapsing=links.variants(path, asked, "collapse", [(True, "By condition"), (False, "Every article")]),
        as_typed=links.variant(path, asked, plain=not asked.plain),
        names=[(name.text, links.name_url(name)) for name in results.nearest],
        shelves=_facets(Asked(), _everything().facets) if not results.total else {},
        explained=links.variant(path, asked, explain=not asked.explain),
        suggested=links.variant(path, asked, q=results.suggestion) if results.suggestion else "",
        understood=[each for each in results.interpretation if each.how not in {"exact", "stem", "dropped"}],
        dropped=[each.text for each in results.interpretation if each.how == "dropped"],
        **_facets(asked, results.facets),
    )


@pages.get("/articles/<id:id>")
@unless_known
def article(id: str) -> Response:
    """One article: its sections, and where it stands in medicine."""
    document = request_context.library().get(id) or abort(404)
    family = (("condition", (document.condition_key,)),)
    found = request_context.answer(Asked(filters=family, sort="title", size=KIN_SHOWN + 1, collapse=False))
    others = [hit.document for hit in found.hits if hit.document.id != id][:KIN_SHOWN]
    return _page(
        "article.html",
        document=document,
        others=others,
        kin_count=found.total - 1,
        related=request_context.library().related(id),
        code_words=CODE_WORDS,
    )


@pages.get("/conditions/<condition>")
@unless_known
def condition(condition: str) -> Response:
    """Every article of one condition, by body site."""
    asked = Asked(page=request_context.asked().page, size=CONDITION_SIZE, collapse=False, sort="title")
    results = request_context.answer(replace(asked, filters=(("condition", (condition,)),)))
    documents = [hit.document for hit in results.hits] or abort(404)
    by_sites = groupby(sorted(documents, key=_by_site), key=lambda document: document.sites)
    pages_of_it = Asked(page=asked.page, size=CONDITION_SIZE)
    return _page(
        "condition.html",
        name=documents[0].condition,
        condition=condition,
        results=results,
        places=[(sites, list(some)) for sites, some in by_sites],
        pager=links.pager(url_for("pages.condition", condition=condition), pages_of_it, results.total),
    )


@pages.get("/browse")
@unless_known
def browse() -> Response:
    """Everything by body site and by chapter."""
    held = _everything()
    return _page("browse.html", held=held, **_facets(Asked(), held.facets))


@pages.get("/about")
def about() -> Response:
    """What this is, how to ask, and what it is not."""
    return _page("about.html")


@pages.get("/opensearch.xml")
def opensearch() -> Response:
    """How a browser can offer this search in its address bar."""
    return _page("opensearch.xml", mimetype="application/opensearchdescription+xml")


@pages.get("/sitemap.xml")
@unless_known
def sitemap() -> Response:
    """Every article's address, streamed; past SITEMAP_SIZE, an index of parts that are."""
    with request_context.library().searcher() as searcher:
        parts = -(-searcher.document_count // SITEMAP_SIZE)
    part = request_context.asked().page if "page" in request.args else None
    if part is None and parts > 1:
        return _page("sitemap_index.xml", mimetype="application/xml", parts=range(1, parts + 1))
    first = ((part or 1) - 1) * SITEMAP_SIZE
    documents: Iterator[Document] = islice(request_context.library().scan(), first, first + SITEMAP_SIZE)
    return Response(stream_template("sitemap.xml", documents=documents), mimetype="application/xml")


def _page(template: str, mimetype: str = "text/html", **shown: Any) -> Response:
    return Response(render_template(template, **shown), mimetype=mimetype)


def _everything() -> Results:
    """All counts of the library, and no article."""
    return request_context.library().search("", page=Page(limit=0))


def _facets(asked: Asked, facets: tuple[Facet, ...]) -> dict[str, Any]:
    """What templates show of the facets: `sites`, `sides`, `chapters`, and the sites once more by id as `regions`."""
    path = url_for("pages.search")
    shown = {f"{facet.field}s": links.choices(path, asked, facet) for facet in facets}
    return {**shown, "regions": {choice.value: choice for choice in links.flattened(shown["sites"])}}


def _by_site(document: Document) -> tuple[bool, tuple[str, ...], str]:
    return not document.sites, document.sites, document.title
