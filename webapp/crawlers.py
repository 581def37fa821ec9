"""What browsers and search engines read of the site: its addresses, and how to search it."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from flask import Blueprint, Response, render_template, request, stream_template

from indexer.documents import Document
from webapp import request_context
from webapp.http_cache import conditional

crawlers = Blueprint("crawlers", __name__)

SITEMAP_SIZE: Final = 50_000  # addresses in one file, says sitemaps.org


@crawlers.get("/opensearch.xml")
def opensearch() -> Response:
    """How a browser can offer this search in its address bar."""
    return _xml("opensearch.xml", "application/opensearchdescription+xml")


@crawlers.get("/sitemap.xml")
@conditional
def sitemap() -> Response:
    """Every article's address, streamed; past SITEMAP_SIZE, an index of parts that are."""
    with request_context.library().searcher() as searcher:
        parts = -(-searcher.document_count // SITEMAP_SIZE)
    part = request_context.search_params().page if "page" in request.args else None
    if part is None and parts > 1:
        return _xml("sitemap_index.xml", parts=range(1, parts + 1))
    first = ((part or 1) - 1) * SITEMAP_SIZE
    documents: Iterator[Document] = islice(request_context.library().scan(), first, first + SITEMAP_SIZE)
    return Response(stream_template("sitemap.xml", documents=documents), mimetype="application/xml")


def _xml(template: str, mimetype: str = "application/xml", **context: Any) -> Response:
    return Response(render_template(template, **context), mimetype=mimetype)
