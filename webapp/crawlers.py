"""What browsers and search engines read of the site: its addresses, what to leave alone, and how to search it."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final
from xml.sax.saxutils import escape

import msgspec
from flask import Blueprint, Response, abort, render_template, request, stream_with_context, url_for

from indexer.knowledge.code_table import code_table
from webapp import admission, request_context
from webapp.api import suggestions
from webapp.http_cache import conditional
from webapp.links import absolute_url, has_name
from webapp.markup import plural

crawlers = Blueprint("crawlers", __name__)

SITEMAP_SIZE: Final = 50_000  # addresses in one file, says sitemaps.org
MAX_ADDRESS: Final = 2_047  # characters of an address in it
CHUNK_SIZE: Final = 500  # entries that are sent at once
NOT_CRAWLED: Final = ("/search", "/api/", "/library", "/compare")  # no end of views of what has pages of its own
GENERAL_PAGES: Final = ("home.page", "browse.page", "codes.index", "home.about", "api_page.page")

_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_WHOLE_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")  # the schema of sitemaps has no months


@crawlers.get("/robots.txt")
def robots() -> Response:
    """What crawlers should leave alone, and where the sitemap is."""
    rules = [f"Disallow: {request.script_root}{path}" for path in NOT_CRAWLED]
    lines = ("User-agent: *", *rules, "", *([f"Sitemap: {absolute_url('crawlers.sitemap')}", ""] if has_name() else ()))
    return Response("\n".join(lines), mimetype="text/plain")


@crawlers.get("/opensearch.xml")
def opensearch() -> Response:
    """How a browser can offer this search in its address bar."""
    _require_name()
    return Response(render_template("opensearch.xml"), mimetype="application/opensearchdescription+xml")


@crawlers.get("/opensearch-suggestions")
@conditional
def opensearch_suggestions() -> Response:
    """The suggestions of the search box in the format of OpenSearch: the words, texts, descriptions, addresses."""
    typed = request_context.search_params().q
    found = suggestions(typed)
    texts = [each.text for each in found]
    descriptions = [each.title or plural(each.documents, "article") for each in found]
    urls = [absolute_url("home.page") + each.url.removeprefix(url_for("home.page")) for each in found]
    body = msgspec.json.encode((typed, texts, descriptions, urls))
    return Response(body, mimetype="application/x-suggestions+json")


@crawlers.get("/sitemap.xml")
@conditional
def sitemap() -> Response:
    """The address of every page that is one of its own, streamed; past SITEMAP_SIZE, an index of parts that are."""
    _require_name()
    admission.admit(admission.COSTLY)
    parts = -(-_address_count() // SITEMAP_SIZE)
    part = request_context.search_params().page if "page" in request.args else None
    if part is None and parts > 1:
        addresses = (absolute_url("crawlers.sitemap", page=number) for number in range(1, parts + 1))
        return _xml("sitemapindex", (_entry("sitemap", address) for address in addresses))
    if part is not None and part > parts:
        abort(404)
    first = ((part or 1) - 1) * SITEMAP_SIZE
    return _xml("urlset", islice(_entries(), first, first + SITEMAP_SIZE))


def _require_name() -> None:
    """Abort what consists of addresses where a stranger may have chosen the host in them."""
    if not has_name():
        abort(404, "It needs the name of the site. Whoever runs this site can tell it with CONDITIONS_HOSTS.")


def _address_count() -> int:
    with request_context.library().searcher() as searcher:
        return len(GENERAL_PAGES) + sum(1 for _ in _codes()) + sum(1 for _ in _conditions()) + searcher.document_count


def _entries() -> Iterator[str]:
    """An entry for each page; of an article with the day of its last review, where that is stated."""
    pages = (absolute_url(endpoint) for endpoint in GENERAL_PAGES)
    codes = (absolute_url("codes.page", code=code) for code in _codes())
    conditions = (absolute_url("condition.page", condition=condition) for condition in _conditions())
    yield from (_entry("url", address) for address in chain(pages, codes, conditions))
    for document in request_context.library().scan():
        yield _entry("url", absolute_url("article.page", id=document.id), document.reviewed)


def _codes() -> Iterator[str]:
    """The codes of the table that have articles."""
    return (code for code in _values("code") if code in code_table())


def _conditions() -> Iterator[str]:
    return _values("condition")


def _values(kind: str) -> Iterator[str]:
    """The values of all names of a kind, each once: names are sorted by them."""
    last = None
    with request_context.library().searcher() as searcher:
        for name in searcher.names():
            if name.kind == kind and name.value != last:
                last = name.value
                yield name.value


def _entry(tag: str, address: str, reviewed: str | None = None) -> str:
    if len(address) > MAX_ADDRESS:
        return ""
    modified = f"<lastmod>{reviewed}</lastmod>" if reviewed and _WHOLE_DATE.fullmatch(reviewed) else ""
    return f"<{tag}><loc>{escape(address)}</loc>{modified}</{tag}>\n"


def _xml(tag: str, entries: Iterable[str]) -> Response:
    """The entries below one element, streamed."""

    def chunks() -> Iterator[bytes]:
        yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{tag} xmlns="{_NAMESPACE}">\n'.encode()
        remaining = iter(entries)
        while batch := list(islice(remaining, CHUNK_SIZE)):
            yield "".join(batch).encode()
        yield f"</{tag}>\n".encode()

    return Response(stream_with_context(admission.in_turns(chunks())), mimetype="application/xml")
