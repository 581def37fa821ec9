"""A condition to its page: every article on it, by body site."""

from itertools import groupby
from typing import Final

from flask import Blueprint, abort, render_template, url_for

from indexer.documents import Document
from webapp import request_context
from webapp.http_cache import conditional
from webapp.pager import build_pager
from webapp.search_params import SearchParams

condition_pages = Blueprint("condition", __name__)

CONDITION_SIZE: Final = 100


@condition_pages.get("/conditions/<condition>")
@conditional
def page(condition: str) -> str:
    """Every article of one condition, by body site."""
    page = request_context.search_params().page
    results = request_context.search(
        SearchParams(condition=(condition,), page=page, size=CONDITION_SIZE, collapse=False, sort="title")
    )
    documents = [hit.document for hit in results.hits] or abort(404)
    by_sites = groupby(sorted(documents, key=_by_sites), key=lambda document: document.sites)
    path = url_for("condition.page", condition=condition)
    return render_template(
        "condition.html",
        name=documents[0].condition,
        condition=condition,
        results=results,
        documents_by_sites=[(sites, list(documents)) for sites, documents in by_sites],
        pager=build_pager(path, SearchParams(page=page, size=CONDITION_SIZE), results.total),
    )


def _by_sites(document: Document) -> tuple[bool, tuple[str, ...], str]:
    return not document.sites, document.sites, document.title
